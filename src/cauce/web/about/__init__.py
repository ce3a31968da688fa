"""The foot of the site: who answers for it, citing, glossary, data, help, access, privacy."""

from __future__ import annotations

from django.urls import URLPattern, path

from cauce.web.about import views

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return [
        path("acerca-de/", views.about),
        path("citar/", views.cite),
        path("glosario/", views.glossary),
        path("datos/", views.data),
        path(
            "ayuda/",
            views.text_page(
                "help", "how", "limits", "nothing", "state", "others", "part", "money", "past",
                "search", "excel", "more",
            ),
        ),
        path("accesibilidad/", views.text_page("access", "works", "tested", "limits", "report")),
        path("privacidad/", views.text_page("privacy", "you", "log", "people")),
        path("reportar-un-error/", views.report),
    ]  # fmt: skip
