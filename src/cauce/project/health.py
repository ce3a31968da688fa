"""Is the process up, and can it serve? For whoever watches over it; nothing of the record is told.

``/healthz`` answers as soon as the process does. ``/readyz`` also looks whether the database is
there, of this version and guarded; else it answers 503 with the code of what is wrong.
"""

from __future__ import annotations

from django.db import connection
from django.db.utils import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from cauce.errors import CauceError
from cauce.journal import readiness

__all__ = ["healthz", "readyz"]


def _answer(status: int, said: dict[str, str]) -> HttpResponse:
    response = JsonResponse(said, status=status)
    response.headers["Cache-Control"] = "no-store"
    return response


def _unavailable(code: str) -> HttpResponse:
    return _answer(503, {"status": "unavailable", "code": code})


@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return _answer(200, {"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    try:
        readiness.require_ready(guarded=True)
    except CauceError as error:
        return _unavailable(error.code)
    except DatabaseError:
        # Whatever the rooms have no word for.
        connection.close()
        return _unavailable("database_unreachable")
    return _answer(200, {"status": "ok"})
