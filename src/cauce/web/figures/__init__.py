"""Figures: frameworks and indicators, comparing, and how a figure is made."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from cauce.web.figures import files, views
from cauce.web.taking import table_urls

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("cifras/", views.figures_list),
        re_path(r"^cifras/como-se-obtuvo/?$", views.figure),
        path("cifras/como-se-obtuvo/cifra.<figure_format:format>", files.figure_file),
        path("cifras/<code:code>/", views.by_code),
        path("cifras/<code:code>/grafica.png", views.chart_file),
        *table_urls("cifras/<code:code>/", views.indicator_table),
    ]
