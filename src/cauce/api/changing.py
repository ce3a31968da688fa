"""Operations on what moves: issued fact sheets, changes since an entry, the record itself."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from cauce import __version__
from cauce.api import changing_shapes, shapes, spelling
from cauce.api.reading import (
    MOST,
    Text,
    Times,
    Window,
    cached,
    json_answer,
    of_values,
    only,
    sliced,
)
from cauce.errors import CauceError
from cauce.figures.since import changes
from cauce.journal import queries as journal
from cauce.journal.clock import now
from cauce.statements import queries as sheets
from cauce.words import LANGUAGES

__all__ = ["router"]

router = Router()


@router.get(
    "v1/statements",
    response=shapes.answers(changing_shapes.Statements),
    tags=["documents"],
    summary="Issued fact sheets",
)
@only
def list_statements(request: HttpRequest, page: Query[Window]) -> HttpResponse:
    """Each with all its issues, and the formats of each. An issue never changes."""
    rows = [sheets.issues(issue.name) for issue in sheets.issued()]
    return json_answer(sliced(request, page, rows, spelling.statement))


@router.get(
    "v1/statements/{name}",
    response=shapes.answers(changing_shapes.Statement),
    tags=["documents"],
    summary="A fact sheet with its issues",
)
@only
def get_statement(request: HttpRequest, name: str) -> HttpResponse:
    found = sheets.issues(name)
    if not found:
        choices = ", ".join(issue.name for issue in sheets.issued())
        raise CauceError("unknown_statement", name=name, choices=choices)
    return json_answer(spelling.statement(found))


class ChangeFilters(Times):
    since: int = Field(0, ge=0, le=MOST, description="After this entry: the head you had.")
    after: Text = Field("", description="After this place: `next` of the page before.")
    limit: int = Field(50, ge=1, le=200, description="How many at most.")


@router.get(
    "v1/changes",
    response=shapes.answers(changing_shapes.Changes),
    tags=["changes"],
    summary="What changed since an entry",
)
@cached
def list_changes(request: HttpRequest, page: Query[ChangeFilters]) -> HttpResponse:
    """Old and new, in the order recorded. To follow the record, keep `head` and ask with it as
    `since` next time: nothing is missed, and what came out of an embargo meanwhile is told."""
    found = changes(
        since=page.since, after=page.after, limit=page.limit, now=now(), **of_values(page)
    )
    following = {**request.GET.dict(), "after": found.next, "head": found.head}
    return json_answer(
        {
            "since": found.since,
            "head": found.head,
            "next": f"{request.path}?{urlencode(following)}" if found.next else None,
            "annulled": [{"seq": a.seq, "whole": a.whole} for a in found.annulled],
            "items": [spelling.change(one) for one in found.changes],
        }
    )


@router.get(
    "v1/record",
    response=shapes.answers(changing_shapes.Record),
    tags=["changes"],
    summary="How far the record goes",
)
@cached
def get_record(request: HttpRequest) -> HttpResponse:
    """The newest entry with its hash, by which `cauce verify --head` proves a copy."""
    head, workspace = journal.head(), journal.workspace()
    newest = journal.entry(head) if head else None
    return json_answer(
        {
            "head": head,
            "hash": newest.hash if newest else "",
            "recorded_at": spelling.moment(newest.recorded_at) if newest else None,
            "time_zone": workspace.zone.key,
            "version": __version__,
            "languages": list(LANGUAGES),
        }
    )
