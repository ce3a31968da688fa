"""What do all operations share: the times they read by, pages of a list, the answer they give?

Every answer says up to which entry and as known when it was read. It carries an ``ETag`` made of
what it can depend on: this program, the newest entry, the day (what is due), the embargoes that
ended, and the address. Whoever asks again with ``If-None-Match`` gets 304 without any work.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import lru_cache, wraps
from hashlib import sha256
from inspect import signature
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from ninja import Schema
from pydantic import Field

from cauce import __version__
from cauce.errors import CauceError
from cauce.figures import registers
from cauce.figures.registers import Reading
from cauce.journal import queries as journal
from cauce.journal.clock import now
from cauce.values.audience import PUBLIC
from cauce.values.dates import ImpreciseDate, KnownAt

__all__ = [
    "MOST", "Filters", "Paged", "Text", "Times", "Window", "cached", "day_of", "json_answer",
    "listed", "of_values", "only", "read", "sliced", "stamp",
]  # fmt: skip

T = TypeVar("T")

#: No entry and no place of a list is numbered higher; a database holds it.
MOST = 1_000_000_000_000_000

#: A word in an address: an id, a code, a date.
Text = Annotated[str, Field(max_length=200)]


class Filters(Schema):
    """The parameters of an operation; any other is refused."""


class Times(Filters):
    known_at: Text | None = Field(
        None,
        description="As known on: a year, month or day (its end), or an instant with its offset. "
        "Default: now.",
        examples=["2023-06"],
    )
    head: int | None = Field(
        None,
        ge=0,
        le=MOST,
        description="Up to which entry: what this site said then. Default: the newest.",
    )


class Window(Filters):
    limit: int = Field(50, ge=1, le=200, description="How many at most.")
    offset: int = Field(0, ge=0, le=MOST, description="How many to leave out first.")


class Paged(Times, Window):
    """A page of a list that is read by a view."""


def read(times: Times) -> Reading:
    """For the public, as known when and up to which entry. Raises ``bad_date``,
    ``unknown_head``."""
    return registers.reading(audience=PUBLIC, now=now(), **of_values(times))


def of_values(times: Times) -> dict[str, Any]:
    """The times as values, by name."""
    return {
        "known_at": KnownAt(times.known_at) if times.known_at else None,
        "head": times.head,
    }


def day_of(text: str | None) -> ImpreciseDate | None:
    """A day as precisely as it is given. Raises ``bad_date``."""
    return ImpreciseDate(text) if text else None


# -- operations ---------------------------------------------------------------------------------


def only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse a parameter that the operation does not have: one that is ignored would seem to
    have been obeyed. ``audience`` is such a one: this interface serves the public alone."""

    @wraps(view)
    def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        filters = [f for f in kwargs.values() if isinstance(f, Filters)]
        known = [name for f in filters for name in type(f).model_fields]
        for name in request.GET:
            if name not in known:
                choices = ", ".join(known) or "–"
                raise CauceError("unknown_parameter", name=name, choices=choices)
        return view(request, *args, **kwargs)

    # Ninja would look up the names of annotations in this module.
    checked.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]  # read by inspect
    return checked


def cached(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """:func:`only`, and answer 304 where nothing can have changed since the ``ETag`` asked for."""

    @wraps(view)
    def conditional(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        tag = _tag(request)
        # «*» asks whether there is anything at all, which only the operation knows.
        is_any = request.headers.get("If-None-Match", "").strip() == "*"
        unchanged = None if is_any else get_conditional_response(request, etag=tag)
        if unchanged is not None and unchanged.status_code == 304:
            unchanged.headers["ETag"] = tag
            unchanged.headers["Cache-Control"] = _CACHE
            return unchanged
        response = view(request, *args, **kwargs)
        if response.status_code == 200:
            response.headers["ETag"] = tag
            response.headers["Cache-Control"] = _CACHE
        return response

    conditional.__signature__ = signature(view, eval_str=True)  # type: ignore[attr-defined]  # read by inspect
    return only(conditional)


#: May be kept by anybody, and is asked for again each time: a value may be withdrawn any minute.
_CACHE = "public, no-cache"


def _tag(request: HttpRequest) -> str:
    head, moment = journal.head(), now()
    workspace = journal.workspace()
    state = journal.entry(head).hash if head else ""
    parts = (
        __version__,
        str(workspace.origin),
        state,
        PUBLIC.text,
        moment.astimezone(workspace.zone).date().isoformat(),
        str(bisect_right(_embargo_ends(str(workspace.origin), state, head), moment)),
        request.get_full_path(),
    )
    digest = sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()
    return f'"{digest[:32]}"'


@lru_cache(maxsize=4)
def _embargo_ends(origin: str, state: str, head: int) -> tuple[Any, ...]:
    return journal.embargo_ends(head)


# -- answers ------------------------------------------------------------------------------------


def json_answer(data: object) -> HttpResponse:
    """The data as they are. What an operation declares is held against it by the tests, so that
    a long answer need not be checked again on every request."""
    body = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return HttpResponse(body, content_type="application/json")


def listed(
    request: HttpRequest,
    page: Paged,
    found: Reading,
    rows: Sequence[T],
    spell: Callable[[T], dict[str, object]],
) -> HttpResponse:
    """A page of a list that was read by a view."""
    return json_answer({**stamp(found), **sliced(request, page, rows, spell)})


def sliced(
    request: HttpRequest, page: Window, rows: Sequence[T], spell: Callable[[T], dict[str, object]]
) -> dict[str, object]:
    """The rows that fit, how many there are, and the address of the next page."""
    end = page.offset + page.limit
    following = {**request.GET.dict(), "limit": page.limit, "offset": end}
    return {
        "total": len(rows),
        "limit": page.limit,
        "offset": page.offset,
        "next": f"{request.path}?{urlencode(following)}" if end < len(rows) else None,
        "items": [spell(row) for row in rows[page.offset : end]],
    }


def stamp(found: Reading) -> dict[str, object]:
    """Up to which entry and as known when an answer was read."""
    return {"head": found.head, "known_at": found.resolved.known_at}
