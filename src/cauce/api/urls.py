"""The addresses below ``/api/``."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from cauce.api.description import describe, reference
from cauce.api.interface import api
from cauce.errors import CauceError

__all__ = ["urlpatterns"]


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    raise CauceError("not_found", path=request.path[:200])


urlpatterns = [
    path("openapi.json", require_safe(describe), name="openapi"),
    path("docs", require_safe(reference), name="api-docs"),
    path("", api.urls),
    re_path("", nothing_here),
]
