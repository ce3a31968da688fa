"""What is too large to be asked? Refused before anybody reads it, in the shape of its door."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from cauce.api import errors as api_errors
from cauce.errors import CauceError
from cauce.web.errors import RefusalPages

__all__ = ["RequestLimits"]

#: Longer than any question that fits in an address.
LONGEST_ADDRESS = 16_384


class RequestLimits:
    """Refuses what is larger than anything one asks here, before anybody reads it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _length(request) > limit:
            return _refused(request, CauceError("request_too_large", limit=limit))
        if len(request.get_full_path()) > LONGEST_ADDRESS:
            return _refused(request, CauceError("request_too_large", limit=LONGEST_ADDRESS))
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """What came without saying its length."""
        if isinstance(error, RequestDataTooBig):
            limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
            return _refused(request, CauceError("request_too_large", limit=limit))
        return None


def _length(request: HttpRequest) -> int:
    text = request.META.get("CONTENT_LENGTH") or "0"
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


def _refused(request: HttpRequest, error: CauceError) -> HttpResponse | None:
    if request.path.startswith(api_errors.PREFIX):
        return api_errors.refused(request, error)
    return RefusalPages(lambda _: HttpResponse()).process_exception(request, error)
