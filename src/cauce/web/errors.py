"""What does a page say when something is refused or fails: what happened, what to do next?

One place words every error of the site. Nothing of the inside is shown: a defect says that it is
one, and no more.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation.trans_real import parse_accept_lang_header

from cauce.errors import CauceError, Problem
from cauce.web.page import chrome
from cauce.words import LANGUAGES, fix, language_of, text, what

__all__ = ["RefusalPages", "bad_request", "page_not_found", "server_error"]

#: Codes whose parameters tell of the machine: a page says only that it cannot serve now.
_INSIDE = frozenset({"workspace_missing", "defect", "database_unreachable", "guards_missing"})

#: What somebody looks up; elsewhere these errors speak to those who write the record.
_LOOKED_UP = frozenset({
    "unknown_commitment", "unknown_entry", "unknown_instrument", "unknown_organisation",
    "unknown_source",
})  # fmt: skip


class RefusalPages:
    """Answers a refusal with its page, in the language of the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, CauceError):
            return None
        if error.http_status >= 500 or error.code in _INSIDE:
            return _plain(
                request, "unavailable", 503 if error.http_status < 500 else error.http_status
            )
        return _page(request, error.problems, error.http_status)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, (Problem("not_found", {"path": request.path[:200]}),), 404)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _plain(request, "bad_request", 400)


def server_error(request: HttpRequest) -> HttpResponse:
    return _plain(request, "defect", 500)


def _language(request: HttpRequest) -> str:
    first = request.path.split("/", 2)[1] if "/" in request.path else ""
    if first in LANGUAGES:
        return first
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return language_of(*(tag for tag, _ in accepted))


def _page(request: HttpRequest, problems: tuple[Problem, ...], status: int) -> HttpResponse:
    language = _language(request)
    said = [{"what": what(one, language), "fix": _fix(one, language)} for one in problems[:20]]
    return _render(request, language, said, status)


def _fix(problem: Problem, language: str) -> str:
    """What a reader can do: whoever looks something up cannot add it."""
    if problem.code in _LOOKED_UP:
        return text("page.error.unknown.fix", language)
    return fix(problem, language)


def _plain(request: HttpRequest, key: str, status: int) -> HttpResponse:
    language = _language(request)
    said = {
        "what": text(f"page.error.{key}", language),
        "fix": text(f"page.error.{key}.fix", language),
    }
    return _render(request, language, [said], status)


def _render(
    request: HttpRequest, language: str, said: list[dict[str, str]], status: int
) -> HttpResponse:
    key = "page.error.title.missing" if status == 404 else "page.error.title"
    context = chrome(request, language) | {"page_title": text(key, language), "problems": said}
    return render(request, "web/error.html", context, status=status)
