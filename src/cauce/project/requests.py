"""What is kept of a request? One line of JSON, that tells how it went and not what was asked.

Never in the log: the address with its values, the query, a body, a visitor's address or browser.
Of a failure there are its type and where in the program it happened; its message is left out,
because messages repeat values.
"""

from __future__ import annotations

import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse

from cauce.errors import CauceError

__all__ = ["FailureLog", "RequestLog"]

_log = logging.getLogger("cauce.request")

#: What a proxy or program may call its request; anything else gets a name of ours.
_SANE = re.compile(r"[A-Za-z0-9._-]{8,64}\Z")


class RequestLog:
    """Names each request, gives the name back in ``X-Request-ID``, and logs one line."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        name = given if _SANE.match(given) else secrets.token_hex(8)
        request.META["cauce.request_id"] = name
        begun = time.perf_counter()
        response = self.get_response(request)
        response.headers["X-Request-ID"] = name
        matched = request.resolver_match
        line: dict[str, object] = {
            "id": name,
            "method": request.method if request.method in _METHODS else "other",
            "route": matched.route if matched else "",
            "status": response.status_code,
            "ms": round((time.perf_counter() - begun) * 1000, 1),
        }
        failed = request.META.get("cauce.failed")
        if failed:
            line |= failed
        _log.log(logging.ERROR if response.status_code >= 500 else logging.INFO, "", extra=line)
        return response


class FailureLog:
    """Remembers what failed. It stands last: Django asks from the inside out what becomes of an
    error, and whoever words it ends the asking."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Remember what failed, for the line of its request. Refusals are no failures."""
        if isinstance(error, CauceError) and error.http_status < 500:
            return
        if isinstance(error, SuspiciousOperation):
            return
        request.META["cauce.failed"] = _failure(error)


_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")


def _failure(error: BaseException) -> dict[str, object]:
    kinds = []
    at: BaseException | None = error
    while at is not None:
        kinds.append(at.code if isinstance(at, CauceError) else type(at).__qualname__)
        at = at.__cause__ or at.__context__
    frames = traceback.extract_tb(error.__traceback__)
    where = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return {"error": kinds, "traceback": where}
