"""Which operations are there? The read-only interface below ``/api/``, all of it for the public.

Each operation parses its parameters, asks one query and writes the answer down. Definitions are
read at the head, facts also as known when; nothing that a visitor may not see is among them.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.operation import Operation

from cauce import __version__
from cauce.api import changing, figuring, listing
from cauce.api.errors import invalid, refused
from cauce.errors import CauceError

__all__ = ["api"]


class _Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name of its function, without the modules it stands in."""
        return operation.view_func.__name__


api = _Api(
    title="Cauce",
    version=__version__,
    description=__doc__,
    docs_url=None,  # Ninja's own page loads scripts from other hosts
    openapi_url=None,
    urls_namespace="api",
)
for _router in (figuring.router, listing.router, changing.router):
    api.add_router("", _router)


@api.exception_handler(CauceError)
def _refused(request: HttpRequest, error: CauceError) -> HttpResponse:
    if error.http_status >= 500:
        raise error  # worded by `ErrorAnswers`, once the log has it
    return refused(request, error)


@api.exception_handler(ValidationError)
@api.exception_handler(HttpError)
def _invalid(request: HttpRequest, error: ValidationError | HttpError) -> HttpResponse:
    return invalid(request, error)
