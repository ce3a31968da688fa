"""The addresses of the pages. One set of path words serves all languages, so that the language
switch keeps page and question."""

from __future__ import annotations

from django.urls import path, re_path, register_converter
from django.urls.converters import StringConverter

from cauce.web import views


class Language(StringConverter):
    regex = "es|en|fr"


class Code(StringConverter):
    """An id with its slash: ``asylum/ASYLUM``."""

    regex = r"[a-z][a-z0-9-]*/[A-Za-z0-9._-]+"


register_converter(Language, "language")
register_converter(Code, "code")

urlpatterns = [
    path("", views.root),
    path("<language:language>/", views.home),
    path("<language:language>/fichas/", views.sheets_list),
    path("<language:language>/fichas/<slug:name>/", views.sheet),
    path("<language:language>/fichas/<slug:name>/<int:number>/", views.sheet),
    path("<language:language>/fichas/<slug:name>/<slug:file>.html", views.sheet_sibling),
    path(
        "<language:language>/fichas/<slug:name>/<int:number>/<slug:file>.html",
        views.sheet_sibling,
    ),
    path("<language:language>/cifras/", views.figures_list),
    re_path(r"^(?P<language>es|en|fr)/cifras/como-se-obtuvo/?$", views.figure),
    path("<language:language>/cifras/<code:code>/", views.framework),
]
