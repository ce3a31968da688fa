"""Operations on what is on record: frameworks, commitments, money, organisations, sources …"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from cauce.api import shapes, spelling
from cauce.api.reading import (
    Paged,
    Text,
    Times,
    cached,
    day_of,
    json_answer,
    listed,
    read,
    stamp,
)
from cauce.errors import CauceError
from cauce.figures import Catalogue, belonging, registers
from cauce.figures.registers import Reading
from cauce.figures.trees import Branch, tree

__all__ = ["router"]

T = TypeVar("T")

router = Router()


def _get(path: str, shape: Any, tag: str, summary: str) -> Callable[..., Any]:
    """A reading operation, with the errors any may answer."""
    return router.get(
        f"v1/{path}",
        response=shapes.answers(shape),
        tags=[tag],
        summary=summary,
    )


def _stated(
    found: Reading, rows: Sequence[T], spell: Callable[[T], dict[str, object]], error: CauceError
) -> HttpResponse:
    """What is stated of one thing, a row for each reporter. Raises ``error`` where nothing is."""
    if not rows:
        raise error
    return json_answer({**stamp(found), "items": [spell(row) for row in rows]})


def _defined(room: Mapping[str, T], code: str, error: str) -> T:
    if code not in room:
        raise CauceError(error, id=code)
    return room[code]


def _sorted(room: Mapping[str, T], keep: Callable[[T], bool] = lambda _: True) -> list[T]:
    return [one for _, one in sorted(room.items()) if keep(one)]


def _has(record: Any, **wanted: str | None) -> bool:
    """Whether each column has the value asked for; a list holds it."""
    for column, value in wanted.items():
        have = getattr(record, column)
        if value is not None and value != have and not (isinstance(have, tuple) and value in have):
            return False
    return True


# -- frameworks ----------------------------------------------------------------------------------


@_get("frameworks", shapes.Frameworks, "frameworks", "All frameworks")
@cached
def list_frameworks(request: HttpRequest, page: Query[Paged]) -> HttpResponse:
    found = read(page)
    return listed(
        request,
        page,
        found,
        _sorted(found.names.frameworks),
        partial(spelling.framework, names=found.names),
    )


@_get("frameworks/{pack}/{name}", shapes.FrameworkOne, "frameworks", "A framework with its tree")
@cached
def get_framework(request: HttpRequest, pack: str, name: str, times: Query[Times]) -> HttpResponse:
    """Objectives, programmes and activities, with the indicators that measure them."""
    found = read(times)
    names, code = found.names, f"{pack}/{name}"
    one = _defined(names.frameworks, code, "unknown_framework")
    branches, loose = tree(names, code)
    return json_answer(
        {
            **stamp(found),
            **spelling.framework(one, names),
            "tree": [_branch(names, branch) for branch in branches],
            "indicators": [spelling.indicator(i, names) for i in loose],
        }
    )


def _branch(names: Catalogue, branch: Branch) -> dict[str, object]:
    return spelling.branch(
        branch,
        [spelling.indicator(i, names) for i in branch.indicators],
        [_branch(names, child) for child in branch.children],
    )


class InFramework(Paged):
    framework: Text | None = Field(
        None, description="Of this framework.", examples=["asylum/ASYLUM"]
    )


@_get("indicators", shapes.Indicators, "frameworks", "All indicators")
@cached
def list_indicators(request: HttpRequest, page: Query[InFramework]) -> HttpResponse:
    found = read(page)
    rows = _sorted(found.names.indicators, lambda i: _has(i, framework=page.framework))
    return listed(request, page, found, rows, partial(spelling.indicator, names=found.names))


@_get("indicators/{pack}/{name}", shapes.IndicatorOne, "frameworks", "An indicator")
@cached
def get_indicator(request: HttpRequest, pack: str, name: str, times: Query[Times]) -> HttpResponse:
    """What is counted and what not, and how its values combine."""
    found = read(times)
    one = found.names.indicator(f"{pack}/{name}")
    return json_answer({**stamp(found), **spelling.indicator(one, found.names)})


# -- commitments ---------------------------------------------------------------------------------


class CommitmentFilters(Paged):
    framework: Text | None = Field(None, description="Of this framework.")
    instrument: Text | None = Field(None, description="Made in this one.")
    party: Text | None = Field(None, description="Among the responsible parties.")
    state: Text | None = Field(None, description="In this state.", examples=["no_update"])
    silent: Text | None = Field(None, description="Commitments on which this party said nothing.")
    on: Text | None = Field(None, description="The state on this day. Default: the last known.")


@_get("commitments", shapes.Commitments, "commitments", "Commitments with their state on a day")
@cached
def list_commitments(request: HttpRequest, page: Query[CommitmentFilters]) -> HttpResponse:
    """A commitment about which nobody said anything is in the state `no_update` and stays in the
    list. `silent` names who has not answered, where several are responsible."""
    found = read(page)
    rows = [
        row
        for row in registers.commitments(found, on=day_of(page.on))
        if _has(
            row.record, framework=page.framework, instrument=page.instrument, parties=page.party
        )
        and page.state in (None, row.state)
        and (page.silent is None or page.silent in row.silent)
    ]
    return listed(request, page, found, rows, spelling.commitment)


class OnDay(Times):
    on: Text | None = Field(None, description="The state on this day. Default: the last known.")


@_get("commitments/{pack}/{name}", shapes.CommitmentOne, "commitments", "A commitment")
@cached
def get_commitment(request: HttpRequest, pack: str, name: str, times: Query[OnDay]) -> HttpResponse:
    """As each of its reporters states it: usually one."""
    found, code = read(times), f"{pack}/{name}"
    rows = [r for r in registers.commitments(found, on=day_of(times.on)) if r.code == code]
    return _stated(found, rows, spelling.commitment, CauceError("unknown_commitment", id=code))


# -- money ---------------------------------------------------------------------------------------


class TransactionFilters(Paged):
    stage: Text | None = Field(None, description="At this stage.", examples=["committed"])
    provider: Text | None = Field(None, description="Whose money.")
    receiver: Text | None = Field(None, description="Who receives it.")
    programme: Text | None = Field(None, description="For this programme.")
    framework: Text | None = Field(None, description="Of this framework.")
    currency: Text | None = Field(None, description="ISO 4217.")
    place: Text | None = Field(None, description="For this place.")


@_get("transactions", shapes.Transactions, "funding", "Money, line by line")
@cached
def list_transactions(request: HttpRequest, page: Query[TransactionFilters]) -> HttpResponse:
    """Not to be added up: ask a figure (`ask=money`), which counts linked money once and keeps
    announced, pledged, committed and spent apart."""
    columns = ("stage", "provider", "receiver", "programme", "currency", "place")
    wanted = {name: getattr(page, name) for name in columns}
    found = read(page)
    rows = [
        row
        for row in registers.transactions(found)
        if _has(row.record, **wanted) and page.framework in (None, row.framework)
    ]
    return listed(request, page, found, rows, spelling.transaction)


@_get("transactions/{pack}/{name}", shapes.TransactionOne, "funding", "A transaction")
@cached
def get_transaction(
    request: HttpRequest, pack: str, name: str, times: Query[Times]
) -> HttpResponse:
    """As each of its reporters states it: usually one."""
    found, code = read(times), f"{pack}/{name}"
    rows = [r for r in registers.transactions(found) if r.code == code]
    return _stated(found, rows, spelling.transaction, CauceError("unknown_transaction", id=code))


# -- organisations, bodies, places ---------------------------------------------------------------


class OrganisationFilters(Paged):
    kind: Text | None = Field(None, description="Of this kind.", examples=["state"])
    country: Text | None = Field(None, description="Of this state.")
    unit_of: Text | None = Field(None, description="Units of this organisation.")


@_get("organisations", shapes.Organisations, "organisations", "States and organisations")
@cached
def list_organisations(request: HttpRequest, page: Query[OrganisationFilters]) -> HttpResponse:
    found = read(page)
    wanted = {name: getattr(page, name) for name in ("kind", "country", "unit_of")}
    rows = _sorted(found.names.organisations, lambda o: _has(o, **wanted))
    return listed(request, page, found, rows, spelling.organisation)


@_get("organisations/{pack}/{name}", shapes.OrganisationOne, "organisations", "An organisation")
@cached
def get_organisation(
    request: HttpRequest, pack: str, name: str, times: Query[Times]
) -> HttpResponse:
    """With its memberships, the offices it held, and who came before and after it."""
    found, code = read(times), f"{pack}/{name}"
    one = _defined(found.names.organisations, code, "unknown_organisation")
    members = [r for r in belonging.memberships(found) if r.record.party == code]
    held = [r for r in belonging.offices(found) if r.record.party == code]
    around = [s for s in found.names.successions if code in (s.predecessor, s.successor)]
    return json_answer(
        {
            **stamp(found),
            **spelling.organisation(one),
            "memberships": [spelling.membership(row) for row in members],
            "offices": [spelling.office(row) for row in held],
            "successions": [spelling.succession(s) for s in around],
        }
    )


class SpellFilters(Paged):
    body: Text | None = Field(None, description="Of this body.", examples=["rcm/RCM"])
    party: Text | None = Field(None, description="Of this organisation.")


class MembershipFilters(SpellFilters):
    role: Text | None = Field(None, description="In this role.")
    on: Text | None = Field(None, description="Whether it holds on this day. Default: today.")


@_get("memberships", shapes.Memberships, "organisations", "Who belongs to what")
@cached
def list_memberships(request: HttpRequest, page: Query[MembershipFilters]) -> HttpResponse:
    """Every statement, also of the past. Two sources that disagree each have a line."""
    found = read(page)
    rows = [
        row
        for row in belonging.memberships(found, on=day_of(page.on))
        if _has(row.record, body=page.body, party=page.party, role=page.role)
    ]
    return listed(request, page, found, rows, spelling.membership)


@_get("offices", shapes.Offices, "organisations", "Who held which office")
@cached
def list_offices(request: HttpRequest, page: Query[SpellFilters]) -> HttpResponse:
    found = read(page)
    rows = [
        row
        for row in belonging.offices(found)
        if _has(row.record, body=page.body, party=page.party)
    ]
    return listed(request, page, found, rows, spelling.office)


@_get("bodies", shapes.Bodies, "organisations", "Bodies that have members")
@cached
def list_bodies(request: HttpRequest, page: Query[Paged]) -> HttpResponse:
    found = read(page)
    return listed(request, page, found, _sorted(found.names.bodies), spelling.body)


class PlaceFilters(Paged):
    kind: Text | None = Field(None, description="Of this kind.", examples=["country"])
    within: Text | None = Field(None, description="Directly within this place.")


@_get("places", shapes.Places, "organisations", "Places")
@cached
def list_places(request: HttpRequest, page: Query[PlaceFilters]) -> HttpResponse:
    found = read(page)
    rows = _sorted(found.names.places, lambda p: _has(p, kind=page.kind, within=page.within))
    return listed(request, page, found, rows, spelling.place)


# -- instruments and sources ---------------------------------------------------------------------


class InstrumentFilters(Paged):
    kind: Text | None = Field(None, description="Of this kind.")
    party: Text | None = Field(None, description="Of this organisation.")


@_get("instruments", shapes.Instruments, "documents", "Agreements and decisions")
@cached
def list_instruments(request: HttpRequest, page: Query[InstrumentFilters]) -> HttpResponse:
    found = read(page)
    rows = [
        row
        for row in registers.instruments(found)
        if _has(row.record, kind=page.kind, parties=page.party)
    ]
    return listed(request, page, found, rows, spelling.instrument)


@_get("instruments/{pack}/{name}", shapes.InstrumentOne, "documents", "An agreement or decision")
@cached
def get_instrument(request: HttpRequest, pack: str, name: str, times: Query[Times]) -> HttpResponse:
    found = read(times)
    rows = {str(row.record.code): row for row in registers.instruments(found)}
    row = _defined(rows, f"{pack}/{name}", "unknown_instrument")
    return json_answer({**stamp(found), **spelling.instrument(row)})


class SourceFilters(Paged):
    publisher: Text | None = Field(None, description="By this publisher.")
    language: Text | None = Field(None, description="In this language (ISO 639-1).")


@_get("sources", shapes.Sources, "documents", "Sources, with what rests on them")
@cached
def list_sources(request: HttpRequest, page: Query[SourceFilters]) -> HttpResponse:
    found = read(page)
    rows = [
        row
        for row in registers.sources(found)
        if _has(row.record, publisher=page.publisher, language=page.language)
    ]
    return listed(request, page, found, rows, spelling.source)


@_get("sources/{pack}/{name}", shapes.SourceOne, "documents", "A source")
@cached
def get_source(request: HttpRequest, pack: str, name: str, times: Query[Times]) -> HttpResponse:
    found = read(times)
    rows = {str(row.record.code): row for row in registers.sources(found)}
    row = _defined(rows, f"{pack}/{name}", "unknown_source")
    return json_answer({**stamp(found), **spelling.source(row)})
