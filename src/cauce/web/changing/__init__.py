"""What changed: the newest first, and a feed."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.changing import views

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("cambios/", views.changes_list),
        path("cambios/atom.xml", views.changes_feed),
    ]
