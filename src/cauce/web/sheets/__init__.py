"""Fact sheets: the list, each sheet as issued, and its files."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.sheets import views

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("fichas/", views.sheets_list),
        path("fichas/<slug:name>/", views.sheet),
        path("fichas/<slug:name>/<int:number>/", views.sheet),
        path("fichas/<slug:name>/ficha.<sheet_format:format>", views.sheet_file),
        path("fichas/<slug:name>/<int:number>/ficha.<sheet_format:format>", views.sheet_file),
        path("fichas/<slug:name>/<slug:file>.html", views.sheet_sibling),
        path("fichas/<slug:name>/<int:number>/<slug:file>.html", views.sheet_sibling),
        path("fichas/<slug:name>/<slug:file>.<sheet_format:format>", views.sheet_sibling),
        path(
            "fichas/<slug:name>/<int:number>/<slug:file>.<sheet_format:format>",
            views.sheet_sibling,
        ),
    ]
