"""Sources: the documents that values, commitments and money were read in."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.sources import contents, one, views
from cauce.web.taking import table_urls

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("fuentes/", views.sources_list),
        *table_urls("fuentes/", contents.sources_table),
        path("fuentes/<code:code>/", views.source),
        *table_urls("fuentes/<code:code>/", one.source_table),
    ]
