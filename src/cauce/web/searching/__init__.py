"""Search: figures, commitments, fact sheets, countries and organisations, documents."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.searching import views

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [path("buscar/", views.search)]
