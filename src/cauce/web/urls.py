"""The addresses of the pages.

One set of path words serves all languages, so that the language switch keeps page and question.
Every page also stands below a framework (``/es/mirps/compromisos/``): there a reader stays in it.
"""

from __future__ import annotations

from django.urls import include, path

from cauce.web import converters
from cauce.web.home import views as home

converters.register()

# After the converters are known.
from cauce.web import (  # noqa: E402
    about,
    changing,
    commitments,
    figures,
    funding,
    parties,
    searching,
    sheets,
    sources,
)

sections = [
    path("", home.home),
    *sheets.urls(),
    *figures.urls(),
    *commitments.urls(),
    *funding.urls(),
    *parties.urls(),
    *sources.urls(),
    *changing.urls(),
    *searching.urls(),
    *about.urls(),
]

urlpatterns = [
    path("", home.root),
    path("<language:language>/", include(sections)),
    path("<language:language>/<scope:scope>/", include(sections)),
]
