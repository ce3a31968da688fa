"""Answers to «how many»: members of a body, commitments in a state, reports received.

Dates of joining and leaving may be imprecise, so a count may be a range.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from cauce.errors import CauceError
from cauce.figures.answered import Answered, plain, trace_of
from cauce.figures.catalogue import Catalogue
from cauce.figures.indicators import answer_indicator
from cauce.figures.invented import left_out
from cauce.figures.session import Resolved, Session
from cauce.ledger.queries import Commitment, CommitmentUpdate
from cauce.parties import queries as parties
from cauce.parties.queries import Membership, OfficeHeld
from cauce.values.answer import Absence, Absent, Answer, Code, Known, exact
from cauce.values.figure import Coverage, Figure
from cauce.values.question import CountQ, IndicatorQ

__all__ = [
    "NO_UPDATE",
    "Standing",
    "answer_count",
    "belongs",
    "made_by",
    "standing",
    "stays",
    "tells",
]

#: The state of a commitment about which nobody said anything; it stays in the denominator.
NO_UPDATE = "no_update"


@dataclass(frozen=True, slots=True)
class _Days:
    """The days asked: one, or all of a period, or one of several where the date is imprecise."""

    first: date
    last: date
    throughout: bool


def answer_count(session: Session, question: CountQ) -> list[Answered]:
    """Raises ``unknown_body``, ``unknown_framework`` or ``bad_question``."""
    resolved = session.resolve(question)
    _check(question, resolved)
    days = _days(question, resolved)
    if question.of == "members":
        return [_members(session, resolved, question, days)]
    if question.of == "commitments":
        return [_commitments(session, resolved, question, days)]
    return [_reports(session, resolved, question)]


def _check(question: CountQ, resolved: Resolved) -> None:
    names = resolved.names
    if question.body is not None and question.body not in {**names.bodies, **names.frameworks}:
        raise CauceError("unknown_body", id=question.body)
    if question.framework is not None and question.framework not in names.frameworks:
        raise CauceError("unknown_framework", id=question.framework)
    if question.of == "members" and question.body is None and question.framework is None:
        raise CauceError("bad_question", detail="members: body, framework")


def _days(question: CountQ, resolved: Resolved) -> _Days:
    if question.period is not None:
        return _Days(question.period.start, question.period.last_day, throughout=True)
    if question.on is None:
        return _Days(resolved.day, resolved.day, throughout=False)
    first, last = question.on.earliest, question.on.latest
    if first is None or last is None:
        raise CauceError("bad_question", detail=f"on: {question.on.text}")
    return _Days(first, last, throughout=False)


# -- members -----------------------------------------------------------------------------------


def _members(session: Session, resolved: Resolved, question: CountQ, days: _Days) -> Answered:
    role = question.role or "member"
    bodies = {question.body, question.framework} - {None}
    records = [
        m for m in parties.memberships(view=resolved.view) if m.body in bodies and m.role == role
    ]
    low = high = 0
    disagreeing = []
    for party in sorted({m.party for m in records}):
        stated = [m for m in records if m.party == party]
        one = standing(stated, days.first, days.last, session, throughout=days.throughout)
        low, high = low + one.is_certain, high + one.is_possible
        if one.disagree:
            disagreeing.append(party)
    caveats = (Code.of("sources_disagree", parties=", ".join(disagreeing)),) if disagreeing else ()
    answer = Known(Fraction(low), Fraction(high)) if records else Absent(Absence.MISSING)
    return _counted(session, resolved, question, answer, "organisation", records, caveats)


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether a party certainly, and whether it possibly, belongs on the days asked, and whether
    some source says that it does while another says that it cannot."""

    is_certain: bool
    is_possible: bool
    disagree: bool


def standing(
    records: Sequence[Membership | OfficeHeld],
    first: date,
    last: date,
    session: Session,
    *,
    throughout: bool = False,
) -> Standing:
    """How a party stands to a body, by all statements about it: it certainly belongs only if every
    source that says when agrees."""
    found = _by_source(records, first, last, session, throughout=throughout)
    return Standing(
        is_certain=all(c for c, _ in found),
        is_possible=any(p for _, p in found),
        disagree=any(c for c, _ in found) and any(not p for _, p in found),
    )


def _by_source(
    records: Sequence[Membership | OfficeHeld],
    first: date,
    last: date,
    session: Session,
    *,
    throughout: bool,
) -> list[tuple[bool, bool]]:
    """For each source: one of its spells suffices."""
    sources: dict[str, list[tuple[bool, bool]]] = {}
    for record in records:
        sources.setdefault(record.reporter or record.source, []).append(
            stays(record, first, last, session, throughout=throughout)
        )
    return [(any(c for c, _ in f), any(p for _, p in f)) for f in sources.values()]


def stays(
    record: Membership | OfficeHeld, first: date, last: date, session: Session, *, throughout: bool
) -> tuple[bool, bool]:
    """Whether a membership or office certainly, and possibly, holds on one day between ``first``
    and ``last`` (or, ``throughout``, on some day of them all).

    A statement without an end that was public on a day says that it held on that day.
    """
    start_first, start_last = _start(record, session)
    end_first, end_last = _end(record)
    if throughout:
        certain = start_last <= last and end_first > max(first, start_last)
    else:
        certain = start_last <= first and end_first > last
    possible = start_first <= last and end_last > first
    return certain, possible


def _start(record: Membership | OfficeHeld, session: Session) -> tuple[date, date]:
    stated = record.public_at.latest if record.public_at else None
    seen = stated or session.recorded_at(record.entry_id).date()
    since = record.valid_from
    first = (since.earliest if since else None) or date.min
    last = (since.latest if since else None) or max(seen, first)
    return first, last


def _end(record: Membership | OfficeHeld) -> tuple[date, date]:
    """The first day it no longer holds, at the earliest and at the latest."""
    until = record.valid_to
    if until is None:
        return date.max, date.max
    first, last = until.earliest or date.min, until.latest or date.max
    return first, last


# -- commitments -------------------------------------------------------------------------------


def _commitments(session: Session, resolved: Resolved, question: CountQ, days: _Days) -> Answered:
    records = [
        c
        for c in session.commitments(resolved.view)
        if c.status != "withdrawn"
        and belongs(c, question.framework or question.body, resolved.names)
        and not left_out(c.source, (question.framework, question.body), resolved.names)
    ]
    updates = session.updates(resolved.view)
    states = _states(updates, days.last)
    low = high = 0
    used: list[Commitment] = []
    # Several may state one commitment: it is counted once, for certain where all agree it is.
    stated: defaultdict[str, list[Commitment]] = defaultdict(list)
    for record in records:
        stated[record.code].append(record)
    for code, statements in stated.items():
        if question.state is not None and states.get(code, NO_UPDATE) != question.state:
            continue
        told = [(c, *made_by(c, days.last)) for c in statements]
        low += all(certain for _, certain, _ in told)
        high += any(possible for _, _, possible in told)
        used += [c for c, _, possible in told if possible]
    answer: Answer = Known(Fraction(low), Fraction(high)) if records else Absent(Absence.MISSING)
    counted = _counted(session, resolved, question, answer, "commitment", used, ())
    codes = {c.code for c in used}
    said = frozenset(u.source for u in updates if u.commitment in codes)
    return replace(counted, sources=counted.sources | said)


def belongs(record: Commitment, wanted: str | None, names: Catalogue) -> bool:
    """Whether a commitment is counted for a framework or body; every one for none. One that names
    no framework belongs to those that rest on the instrument it was made in."""
    if wanted is None:
        return True
    instrument = names.instruments.get(record.instrument)
    if instrument is not None and wanted == instrument.applies:
        return True
    if record.framework:
        own = [names.frameworks[record.framework]] if record.framework in names.frameworks else []
    else:
        resting = names.frameworks.values() if record.instrument else ()
        own = [one for one in resting if one.instrument == record.instrument]
    codes = {record.framework, *(one.code for one in own), *(one.body for one in own)}
    return wanted in codes


def made_by(record: Commitment, on: date) -> tuple[bool, bool]:
    """Whether it certainly, and possibly, had been made by a day; without a date it stands."""
    if record.made is None:
        return True, True
    first, last = record.made.earliest or date.min, record.made.latest
    return last is not None and last <= on, first <= on


def _states(updates: Iterable[CommitmentUpdate], on: date) -> dict[str, str]:
    """The latest state of each commitment on a day; an imprecise day counts from its last."""
    found: dict[str, tuple[date, str]] = {}
    for update in updates:
        day = update.as_of.latest
        if not tells(update, on):
            continue
        if update.commitment not in found or found[update.commitment][0] <= day:
            found[update.commitment] = (day, update.state)
    return {code: state for code, (_, state) in found.items()}


def tells(update: CommitmentUpdate, on: date) -> bool:
    """Whether it tells of a state on or before a day."""
    day = update.as_of.latest
    return update.status not in ("withdrawn", "pending") and day is not None and day <= on


# -- reports -----------------------------------------------------------------------------------


def _reports(session: Session, resolved: Resolved, question: CountQ) -> Answered:
    """Cells of what is due over a period, over all indicators of a framework."""
    if question.period is None or question.framework is None:
        raise CauceError("bad_question", detail="reports: framework, period")
    if question.state not in (None, "received", "due", "lacking"):
        raise CauceError("bad_choice", text=question.state, choices="received, due, lacking")
    owed = {
        o.indicator
        for o in resolved.names.obligations
        if (found := resolved.names.indicators.get(o.indicator)) is not None
        and found.framework == question.framework
    }
    coverages: list[Coverage] = []
    sources: frozenset[str] = frozenset()
    for indicator in sorted(owed):
        asked = IndicatorQ(
            indicator=indicator,
            period=question.period,
            known_at=question.known_at,
            head=question.head,
            audience=question.audience,
        )
        answered = answer_indicator(session, asked)[0]
        sources |= answered.sources
        if answered.figure.coverage is not None:
            coverages.append(answered.figure.coverage)
    received, due = sum(c.received for c in coverages), sum(c.due for c in coverages)
    number = {"due": due, "lacking": due - received}.get(question.state or "", received)
    answer: Answer = exact(number) if coverages else Absent(Absence.NOT_APPLICABLE)
    counted = _counted(session, resolved, question, answer, "report", [], ())
    return replace(counted, sources=sources)


def _counted(
    session: Session,
    resolved: Resolved,
    question: CountQ,
    answer: Answer,
    unit: str,
    records: Sequence[Membership | Commitment],
    caveats: tuple[Code, ...],
) -> Answered:
    figure = Figure(
        question=question,
        answer=answer,
        unit=unit,
        method="count",
        known_at=resolved.known_at,
        head=resolved.head,
        caveats=caveats,
        trace=trace_of(r.digest for r in records),
    )
    one = exact(1)
    used = tuple(
        replace(plain(session, r, one, unit), period=_when(r), text=_text(r)) for r in records
    )
    sources = frozenset(r.source for r in records)
    return Answered(figure, tuple(r.digest for r in records), used, sources=sources)


def _text(record: Membership | Commitment) -> Mapping[str, str]:
    return record.text if isinstance(record, Commitment) else {}


def _when(record: Membership | Commitment) -> str:
    if isinstance(record, Membership):
        ends = f"{record.valid_from or ''}/{record.valid_to or ''}"
        return ends if ends != "/" else ""
    return str(record.made or "")
