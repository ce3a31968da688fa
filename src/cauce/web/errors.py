"""What does a page say when something is refused or fails: what happened, where, what to do next?

One place words every error of the site. Nothing of the inside is shown: a defect says that it is
one, and no more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.utils.translation.trans_real import parse_accept_lang_header

from cauce.errors import CauceError, Problem
from cauce.web.listing import PAGE
from cauce.web.page import chrome
from cauce.words import LANGUAGES, fix, language_of, text, what

__all__ = ["RefusalPages", "bad_request", "page_not_found", "server_error"]

#: Codes whose parameters tell of the machine: a page says only that it cannot serve now.
_INSIDE = frozenset({"workspace_missing", "defect", "database_unreachable", "guards_missing"})

#: What somebody looks up; elsewhere these errors speak to those who write the record.
_LOOKED_UP = frozenset({
    "unknown_body", "unknown_commitment", "unknown_entry", "unknown_framework",
    "unknown_indicator", "unknown_instrument", "unknown_organisation", "unknown_place",
    "unknown_programme", "unknown_source", "unknown_transaction",
})  # fmt: skip

#: What a reader is told otherwise than whoever writes a file or a question in JSON.
_SAID = frozenset({"bad_json", "unknown_column"})
_FIXED = _SAID | {"bad_choice", "bad_date", "bad_number"}

#: As much of an address or of what was typed as a page repeats.
_MOST = 200


class RefusalPages:
    """Answers a refusal with its page, in the language of the address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or response.content:
            return response
        said = _plain(request, "method", 405)
        said["Allow"] = response["Allow"]
        return said

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, CauceError):
            return None
        if error.http_status >= 500 or error.code in _INSIDE:
            return _plain(
                request, "unavailable", 503 if error.http_status < 500 else error.http_status
            )
        return _page(request, error.problems, error.http_status)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    problem = Problem("not_found", {"path": request.get_full_path()[:_MOST]})
    return _page(request, (problem,), 404)


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
    tamed = [_tame(one) for one in problems[:20]]
    said = [
        {"what": _what(one, language, request.path), "fix": _fix(one, language)} for one in tamed
    ]
    return _render(request, language, said, status, again=_again(request, problems))


def _tame(problem: Problem) -> Problem:
    """The problem, with nothing in what was typed that turns the page's text around or hides."""
    params = {
        name: "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)
        if isinstance(value, str)
        else value
        for name, value in problem.params.items()
    }
    return replace(problem, params=params)


def _what(problem: Problem, language: str, path: str) -> str:
    if problem.code == "unknown_framework" and f"/cifras/{problem.params['id']}/" in path:
        # Frameworks and indicators stand at addresses of the same kind.
        return text("page.error.figure", language, **problem.params)
    if problem.code in _SAID:
        return text(f"page.error.{problem.code}", language, **problem.params)
    return what(problem, language)


def _fix(problem: Problem, language: str) -> str:
    """What a reader can do: whoever looks something up cannot add it."""
    if problem.code in _LOOKED_UP:
        return text("page.error.unknown.fix", language)
    if problem.code in _FIXED:
        return text(f"page.error.{problem.code}.fix", language, **problem.params)
    return fix(problem, language)


def _again(request: HttpRequest, problems: tuple[Problem, ...]) -> str:
    """The same page without the words of the address that were refused; without any, where it is
    not known which. Not where the page itself is not there, and not for the address of a file or
    of a question alone, which is nothing without its words."""
    refused = {str(value) for one in problems for value in one.params.values()}
    missing = any(one.code == "not_found" for one in problems)
    given = [(name, str(value)) for name, value in request.GET.items()]
    kept = [
        (name, value)
        for name, value in given
        if value.strip()[:60] not in refused and not (missing and name == PAGE)
    ]
    known = len(kept) < len(given)
    if not given or not request.path.endswith("/") or (missing and not known):
        return ""
    if any(value and value in request.path for value in refused):
        return ""
    return f"{request.path}?{urlencode(kept)}" if kept and known else request.path


def _nearest(path: str, language: str) -> str:
    """A page whose address ends like one that names none: without a language or a framework that
    are not there."""
    words = path.strip("/").split("/")
    for start in range(min(3, len(words))):
        address = f"/{language}/{'/'.join(words[start:])}/"
        try:
            found = resolve(address)
        except Resolver404:
            continue
        if "scope" not in found.kwargs and address != path:
            return address
    return ""


def _plain(request: HttpRequest, key: str, status: int) -> HttpResponse:
    language = _language(request)
    said = {
        "what": text(f"page.error.{key}", language),
        "fix": text(f"page.error.{key}.fix", language),
    }
    return _render(request, language, [said], status)


def _render(
    request: HttpRequest,
    language: str,
    said: list[dict[str, str]],
    status: int,
    *,
    again: str = "",
) -> HttpResponse:
    missing = status == 404
    key = "page.error.title.missing" if missing else "page.error.title"
    address = request.get_full_path()
    context = chrome(request, language) | {
        "page_title": text(key, language),
        "problems": said,
        "where": "" if address[:_MOST] in said[0]["what"] else address[:_MOST],
        "again": again,
        "nearest": "" if again or not missing else _nearest(request.path, language),
        "report": urlencode({"pagina": address}) if status >= 500 else "",
    }
    return render(request, "web/error.html", context, status=status)
