"""The list of fact sheets, and each sheet as the bytes that were issued."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseRedirect

from cauce.statements import queries as sheets
from cauce.web.page import Page, page_view
from cauce.web.sheets.contents import sheet_rows
from cauce.web.taking import attachment
from cauce.words import LANGUAGES

__all__ = ["sheet", "sheet_file", "sheet_sibling", "sheets_list"]

#: What an issued fact sheet may load: its own inline stylesheet, known by its digest.
SHEET_POLICY = (
    "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@page_view
def sheets_list(page: Page) -> HttpResponse:
    return page.render(
        "sheets/list.html", page.voice.say("page.sheets.title"), sheets=sheet_rows(page)
    )


@page_view
def sheet(page: Page, *, name: str, number: int | None = None) -> HttpResponse:
    """The bytes as issued, under a policy that allows exactly their stylesheet."""
    issue = sheets.latest(name, number)
    if page.language not in issue.languages:
        return HttpResponseRedirect(f"/{issue.languages[0]}/fichas/{name}/")
    response = HttpResponse(issue.html(page.language), content_type="text/html; charset=utf-8")
    response["Content-Language"] = page.language
    response["Content-Security-Policy"] = SHEET_POLICY.format(style=issue.style_hash)
    return response


@page_view
def sheet_file(page: Page, *, name: str, format: str, number: int | None = None) -> HttpResponse:
    """The PDF or Word document as issued."""
    issue = sheets.latest(name, number)
    language = page.language if page.language in issue.languages else issue.languages[0]
    content = issue.file(language, format)
    return attachment(content, format, f"{name}-{issue.number}-{language}")


@page_view
def sheet_sibling(
    page: Page, *, name: str, file: str, number: int | None = None, format: str = ""
) -> HttpResponse:
    """A sheet's links to its other languages and forms name the files beside it, so that they
    also work in a folder on somebody's disk."""
    if file == "index" and not format:
        return HttpResponseRedirect(f"/{page.language}/fichas/")
    if file not in LANGUAGES:
        raise Http404
    version = "" if number is None else f"{number}/"
    form = f"ficha.{format}" if format else ""
    return HttpResponseRedirect(f"/{file}/fichas/{name}/{version}{form}")
