"""What does the interface say when something is refused or fails? One shape for all of it.

``{"error": {"code": …, "problems": [{"code", "params", "message", "fix"}]}}``: the codes are those
of :data:`cauce.errors.CODES`, the words are in the language of ``Accept-Language``. Nothing of the
inside is shown: what fails on our side is ``unavailable`` or ``defect``, and no more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation.trans_real import parse_accept_lang_header
from ninja.errors import HttpError, ValidationError

from cauce.errors import CauceError, Problem
from cauce.words import fix, language_of, text, what

__all__ = ["PREFIX", "ErrorAnswers", "answer", "invalid", "language", "refused"]

#: Everything below this address answers in JSON.
PREFIX = "/api/"

#: So many problems are told.
_MOST = 50
#: So much of a value is repeated.
_LONGEST = 200

_DEFECT = Problem("defect", {"detail": ""})
_UNAVAILABLE = Problem("unavailable")


class ErrorAnswers:
    """Gives every error below :data:`PREFIX` its shape, also those that Django or Ninja word
    themselves; and lets HEAD be asked where GET may be."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(PREFIX):
            return self.get_response(request)
        if request.method == "HEAD":
            request.method = "GET"  # the server leaves the body out
            response = self._answered(request)
            request.method = "HEAD"
            return response
        return self._answered(request)

    def _answered(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_json = response.headers.get("Content-Type", "").startswith("application/json")
        if response.status_code < 400 or is_json:
            return response
        made = answer(request, response.status_code, (_of_status(request, response),))
        if "Allow" in response.headers:
            made.headers["Allow"] = _allowed(response)
        return made

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What a page of this prefix raises."""
        if request.path.startswith(PREFIX) and isinstance(error, CauceError):
            return refused(request, error)
        return None


def _of_status(request: HttpRequest, response: HttpResponse) -> Problem:
    status = response.status_code
    if status == 404:
        return Problem("not_found", {"path": request.path})
    if status == 405:
        choices = _allowed(response)
        return Problem("method_not_allowed", {"method": request.method, "choices": choices})
    if status >= 500:
        return _DEFECT if status == 500 else _UNAVAILABLE
    return Problem("bad_request")


def _allowed(response: HttpResponse) -> str:
    named = (m.strip() for m in response.headers.get("Allow", "").split(","))
    methods = {method for method in named if method}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set())))


def refused(request: HttpRequest, error: CauceError) -> HttpResponse:
    """The answer to a refusal. What is wrong with the workspace is not told to a visitor."""
    if error.http_status >= 500 and error.code != "extra_missing":
        problem = _DEFECT if error.code == "defect" else _UNAVAILABLE
        return answer(request, error.http_status, (problem,))
    return answer(request, error.http_status, error.problems, code=error.code)


def invalid(request: HttpRequest, error: ValidationError | HttpError) -> HttpResponse:
    """Parameters that are not of the kind described; a body that cannot be read."""
    if isinstance(error, HttpError):
        return answer(request, error.status_code, (Problem("bad_request"),))
    return answer(request, 422, tuple(map(_parameter, error.errors)))


def _parameter(found: Mapping[str, Any]) -> Problem:
    """A problem Pydantic found, in words of our own: its name and what is expected."""
    name = ".".join(str(part) for part in found["loc"][1:] if part != "query")
    context = found.get("ctx", {})
    limits = {"ge": "≥", "le": "≤", "gt": ">", "lt": "<"}
    said = [f"{sign} {context[key]}" for key, sign in limits.items() if key in context]
    said += [str(context[key]) for key in ("pattern", "expected") if key in context]
    if "max_length" in context:
        said.append(f"≤ {context['max_length']}")
    # «int_parsing», «bool_parsing»: the kind that was expected.
    kind = str(found["type"]).partition("_")[0]
    return Problem("bad_parameter", {"name": name, "expected": ", ".join(said) or kind})


def answer(
    request: HttpRequest, status: int, problems: Sequence[Problem], *, code: str = ""
) -> HttpResponse:
    """An error in its one shape; never kept by a cache."""
    tongue = language(request)
    body = {
        "error": {
            "code": code or problems[0].code,
            "problems": [_told(problem, tongue) for problem in problems[:_MOST]],
        }
    }
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type="application/json"
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Language"] = tongue
    patch_vary_headers(response, ["Accept-Language"])
    return response


def _told(problem: Problem, tongue: str) -> dict[str, object]:
    is_defect = problem.code == "defect"
    params = {} if is_defect else dict(_shown(problem.params))
    shown = Problem(problem.code, params, problem.place)
    return {
        "code": problem.code,
        "params": {name: str(value) for name, value in params.items()},
        "message": text("page.error.defect", tongue) if is_defect else what(shown, tongue),
        "fix": text("page.error.defect.fix", tongue) if is_defect else fix(shown, tongue),
    }


def _shown(params: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in params.items():
        is_long = isinstance(value, str) and len(value) > _LONGEST
        # A half of a surrogate pair cannot be written in UTF-8.
        whole = value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        yield name, f"{str(whole)[:_LONGEST]}…" if is_long else whole


def language(request: HttpRequest) -> str:
    """The language of the words: as the request prefers, else Spanish."""
    accepted = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return language_of(*(tag for tag, _ in accepted))
