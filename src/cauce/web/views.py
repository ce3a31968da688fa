"""Every page: parse the address, ask, render. No page writes anything."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_safe

from cauce import figures
from cauce.errors import CauceError
from cauce.journal.clock import now
from cauce.statements import queries as sheets
from cauce.statements.page import explained_html
from cauce.web import contents
from cauce.web.asking import HEAD, KNOWN, question_of
from cauce.web.page import Page
from cauce.words import LANGUAGES, language_of
from cauce.words.explanations import Line, explained
from cauce.words.notes import quote

__all__ = [
    "figure",
    "figures_list",
    "framework",
    "home",
    "root",
    "sheet",
    "sheet_sibling",
    "sheets_list",
]

#: What an issued fact sheet may load: its own inline stylesheet, known by its digest.
SHEET_POLICY = (
    "default-src 'none'; style-src '{style}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """To the reader's language."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    response = HttpResponseRedirect(f"/{language_of(*(tag for tag, _ in accepted))}/")
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
def home(request: HttpRequest, language: str) -> HttpResponse:
    page = Page.of(request, language)
    return page.render(
        "home.html",
        page.voice.say("page.home.title"),
        cards=contents.cards(page),
        sheets=contents.sheet_rows(page),
        frameworks=contents.framework_rows(page),
    )


@require_safe
def sheets_list(request: HttpRequest, language: str) -> HttpResponse:
    page = Page.of(request, language)
    title = page.voice.say("page.sheets.title")
    return page.render("sheets.html", title, sheets=contents.sheet_rows(page))


@require_safe
def sheet(
    request: HttpRequest, language: str, name: str, number: int | None = None
) -> HttpResponse:
    """The bytes as issued, under a policy that allows exactly their stylesheet."""
    issue = sheets.latest(name, number)
    if language not in issue.languages:
        return HttpResponseRedirect(f"/{issue.languages[0]}/fichas/{name}/")
    response = HttpResponse(issue.html(language), content_type="text/html; charset=utf-8")
    response["Content-Language"] = language
    response["Content-Security-Policy"] = SHEET_POLICY.format(style=issue.style_hash)
    return response


@require_safe
def sheet_sibling(
    request: HttpRequest, language: str, name: str, file: str, number: int | None = None
) -> HttpResponse:
    """A sheet's links to its other languages name the files beside it, so that they also work
    in a folder on somebody's disk."""
    if file == "index":
        return HttpResponseRedirect(f"/{language}/fichas/")
    if file not in LANGUAGES:
        raise Http404
    version = "" if number is None else f"{number}/"
    return HttpResponseRedirect(f"/{file}/fichas/{name}/{version}")


@require_safe
def figures_list(request: HttpRequest, language: str) -> HttpResponse:
    page = Page.of(request, language)
    title = page.voice.say("page.figures.title")
    return page.render("figures.html", title, frameworks=contents.framework_rows(page))


@require_safe
def framework(request: HttpRequest, language: str, code: str) -> HttpResponse:
    page = Page.of(request, language)
    if code not in page.names.frameworks:
        raise CauceError("unknown_framework", id=code)
    branches, loose = contents.tree(page, code)
    row = next(r for r in contents.framework_rows(page) if f"/{code}/" in r.href)
    found = page.names.frameworks[code]
    return page.render(
        "framework.html",
        row.name,
        row=row,
        description=contents.text_of(page, found.description),
        branches=branches,
        loose=loose,
        conflicts=contents.conflicts(page, code),
    )


@require_safe
def figure(request: HttpRequest, language: str) -> HttpResponse:
    """How a figure is made: the six headings."""
    page = Page.of(request, language)
    question = question_of(request.GET.dict())
    explanation = figures.explain(question, now=now())
    where = (
        *contents.used_in(page, question),
        Line(
            "",
            document=page.voice.say("explain.permanent"),
            address=contents.permanent(page, explanation.figure),
        ),
    )
    told = explained(explanation, page.voice, page.names.sources, where_used=where)
    return page.render(
        "figure.html",
        page.voice.say("explain.title"),
        sentence=told.sentence,
        quote=quote(explanation, page.voice),
        body=explained_html(told, page.voice, tag="h2"),
        asked=[(k, v) for k, v in request.GET.items() if k not in (KNOWN, HEAD)],
        known_field=question.known_at.text if question.known_at else "",
    )
