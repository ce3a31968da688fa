"""A figure together with what it was made from, before it is cut down for release."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction

from cauce.engines.rollup import Step, digest_limbs, trace_digest
from cauce.figures.session import Session, known_of
from cauce.journal.queries import Fact, Recorded
from cauce.ledger.queries import Observation, Transaction
from cauce.values.answer import Absence, Absent, Answer, Code, exact, quotient
from cauce.values.figure import Figure, Trace

__all__ = [
    "Answered",
    "NotUsed",
    "UsedValue",
    "amount_of",
    "observed",
    "plain",
    "stated",
    "stated_answer",
    "trace_of",
]


@dataclass(frozen=True, slots=True)
class UsedValue:
    """One recorded value as a reader sees it: what it says, who says so, where and since when.
    ``text`` is what was counted, in each language it is told in, where that has words of its own.
    """

    record_id: str
    record_type: str
    digest: str
    answer: Answer
    unit: str
    reporter: str
    party: str
    programme: str
    place: str
    period: str
    breakdown: str
    source: str
    locator: str
    public_at: str
    recorded_at: datetime
    status: str
    note: str
    text: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class NotUsed:
    """A value that does not answer, and why; without a value, what did not arrive at all."""

    value: UsedValue | None
    reason: Code


@dataclass(frozen=True, slots=True)
class Answered:
    """The figure, the values it rests on, the steps between, and what was left out.

    ``digests`` are those of the records behind it, ``sources`` the documents these were read in (of
    an answer without a number: of what was considered). The values themselves are filled in only
    for an explanation: five hundred answers need no five hundred lists.
    """

    figure: Figure
    digests: tuple[str, ...] = ()
    used: tuple[UsedValue, ...] = ()
    steps: tuple[Step, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
    earlier: tuple[UsedValue, ...] = ()
    sources: frozenset[str] = frozenset()


def trace_of(digests: Iterable[str]) -> Trace:
    """Count and order-free digest of the records an answer rests on."""
    found: Sequence[str] = tuple(digests)
    return Trace(len(found), trace_digest(digest_limbs(found)))


def observed(session: Session, record: Observation, unit: str) -> UsedValue:
    """An observation as a reader sees it."""
    return _used(
        session,
        record,
        answer=stated_answer(record, unit),
        unit=record.count_unit or unit,
        party=record.party,
        programme=record.programme,
        place=record.place,
        period=record.period.text,
        breakdown=record.breakdown.text,
        status=record.status,
    )


def stated_answer(record: Observation, unit: str) -> Answer:
    """What an observation says, in the unit of its indicator."""
    if record.status in (Absence.PENDING, Absence.WITHDRAWN):
        return Absent(Absence(record.status))
    if record.numerator is not None and record.denominator:
        ratio = quotient(exact(Fraction(record.numerator)), exact(Fraction(record.denominator)))
        if ratio is not None:
            return ratio
    return known_of(record, unit) or Absent(Absence.MISSING)


def amount_of(record: Transaction) -> Answer:
    """The amount as stated, or why there is none."""
    if record.status in (Absence.PENDING, Absence.WITHDRAWN):
        return Absent(Absence(record.status))
    return known_of(record) or Absent(Absence.MISSING)


def stated(session: Session, record: Transaction) -> UsedValue:
    """A transaction as a reader sees it."""
    return _used(
        session,
        record,
        answer=amount_of(record),
        unit=record.currency,
        party=record.provider,
        programme=record.programme,
        place=record.place,
        period=record.period.text if record.period else str(record.value_date or ""),
        breakdown="",
        status=record.status,
    )


def _used(session: Session, record: Fact, **fields: object) -> UsedValue:
    return UsedValue(
        record_id=record.record_id,
        record_type=record.record_type,
        digest=record.digest,
        reporter=record.reporter,
        source=record.source,
        locator=record.locator,
        public_at=str(record.public_at or ""),
        recorded_at=session.recorded_at(record.entry_id),
        note=record.note,
        **fields,  # type: ignore[arg-type]  # the callers above name the remaining fields
    )


def plain(session: Session, record: Recorded, answer: Answer, unit: str) -> UsedValue:
    """Any other record, with the one value that was asked of it."""

    def get(name: str) -> str:
        return str(getattr(record, name, "") or "")

    return UsedValue(
        record_id=record.record_id,
        record_type=record.record_type,
        digest=record.digest,
        answer=answer,
        unit=unit,
        reporter=get("reporter"),
        party=get("party"),
        programme=get("programme"),
        place=get("place"),
        period="",
        breakdown="",
        source=get("source"),
        locator=get("locator"),
        public_at=get("public_at"),
        recorded_at=session.recorded_at(record.entry_id),
        status=get("status"),
        note=get("note"),
    )
