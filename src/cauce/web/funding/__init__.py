"""Funding: the list of contributions, each one, by stage and never added."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.funding import views
from cauce.web.funding.asking import PATH
from cauce.web.taking import table_urls

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path(PATH, views.funding),
        *table_urls(PATH, views.table),
        # Before a contribution's: «etapas/tabla» could be an id.
        *table_urls(views.STAGES_PATH, views.stages_table, own=False),
        path(f"{PATH}<code:code>/", views.one),
    ]
