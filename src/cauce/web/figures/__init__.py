"""Figures: frameworks and indicators, comparing, and how a figure is made."""

from __future__ import annotations

from django.urls import URLPattern, path, re_path

from cauce.web.figures import files, folder, indicators, views
from cauce.web.taking import table_urls

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("cifras/", views.figures_list),
        re_path(r"^cifras/como-se-obtuvo/?$", views.figure),
        path("cifras/como-se-obtuvo/cifra.<figure_format:format>", files.figure_file),
        path("cifras/carpeta/", folder.folder_page),
        path("cifras/carpeta.pdf", folder.folder_file),
        path("cifras/<code:code>/", views.by_code),
        path("cifras/<code:code>/grafica.png", indicators.chart_file),
        path("cifras/<code:code>/comparar/", indicators.comparison),
        path("cifras/<code:code>/valores-publicados/", indicators.published_values),
        *table_urls("cifras/<code:code>/comparar/", indicators.comparison_table),
        *table_urls("cifras/<code:code>/valores-publicados/", indicators.published_table),
        *table_urls("cifras/<code:code>/", indicators.indicator_table),
    ]
