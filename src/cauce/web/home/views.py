"""The first page, and the way to it in the reader's language."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from cauce.web.commitments.contents import state_bar
from cauce.web.figures.contents import framework_rows
from cauce.web.home import contents
from cauce.web.page import Page, page_view
from cauce.web.parties.tiles import region
from cauce.web.sheets.contents import sheet_rows
from cauce.words import language_of

__all__ = ["home", "root"]


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the reader's language."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    response = HttpResponseRedirect(f"/{language_of(*(tag for tag, _ in accepted))}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@page_view
def home(page: Page) -> HttpResponse:
    return page.render(
        "home.html",
        page.voice.say("page.home.title"),
        description=page.voice.say("page.home.lead"),
        cards=contents.key_figures(page),
        changes=contents.changes(page),
        bar=state_bar(page),
        region=region(page),
        sheets=sheet_rows(page),
        frameworks=(frameworks := framework_rows(page)),
        own=frameworks[0] if page.scope and frameworks else None,
    )
