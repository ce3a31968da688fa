"""Which headers keep other sites out, beside those that Django and the policy of contents set?"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

__all__ = ["PolicyHeaders"]

#: What no page here ever needs.
_UNUSED = (
    "accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer",
    "microphone", "midi", "payment", "publickey-credentials-get", "usb",
)  # fmt: skip


class PolicyHeaders:
    """Cross-Origin-Resource-Policy and Permissions-Policy on every answer.

    The interface for programs is for pages of other sites too: it is public, knows no visitor and
    takes nothing in, so any page may read it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_open = request.path.startswith("/api/v1/")
        response.headers.setdefault(
            "Cross-Origin-Resource-Policy", "cross-origin" if is_open else "same-origin"
        )
        if is_open:
            response.headers.setdefault("Access-Control-Allow-Origin", "*")
            response.headers.setdefault("Access-Control-Expose-Headers", "ETag, X-Request-ID")
        response.headers.setdefault(
            "Permissions-Policy", ", ".join(f"{name}=()" for name in _UNUSED)
        )
        return response
