"""Which issued fact sheets print a figure that a change is about?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from cauce.figures import Catalogue
from cauce.journal.queries import Recorded
from cauce.ledger.queries import Commitment, CommitmentUpdate, Observation, Transaction
from cauce.parties.queries import Membership, OfficeHeld
from cauce.statements import queries as sheets
from cauce.values.audience import PUBLIC
from cauce.values.period import Period
from cauce.values.question import (
    ChangeQ,
    CountQ,
    FactQ,
    IndicatorQ,
    MoneyQ,
    ProgressQ,
    Question,
    question_from_json,
)
from cauce.web.page import Page
from cauce.web.sheets.contents import sheet_row
from cauce.words.questions import innermost

__all__ = ["Printed", "Sheet", "about", "issued_sheets", "printing"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The newest issue of a fact sheet: up to which entry it was written, and what it asks, each
    with the place in it where the answer is explained."""

    name: str
    href: str
    head: int
    asked: tuple[tuple[str, Question], ...]

    def anchor(self, figure: str) -> str:
        """Where the sheet tells how one of its figures was made."""
        return f"{self.href}#c-{figure.replace('_', '-')}"


@dataclass(frozen=True, slots=True)
class Printed:
    """A place in a fact sheet; ``before``: it was issued before the change, so it prints what was
    said then."""

    name: str
    href: str
    before: bool


def issued_sheets(page: Page) -> tuple[Sheet, ...]:
    """The newest issue of every fact sheet, read once for a page."""
    found = []
    for issue in sheets.issued():
        row = sheet_row(page, issue)
        asked = tuple(
            (name, question_from_json(stored["question"], audience=PUBLIC))
            for name, stored in issue.document()["figures"].items()
        )
        found.append(Sheet(row.name, row.href, issue.head, asked))
    return tuple(found)


def printing(names: Catalogue, given: tuple[Sheet, ...], record: Recorded) -> tuple[Printed, ...]:
    """Where fact sheets print what a record is about: each sheet once."""
    found = []
    for sheet in given:
        if near := about(names, sheet, [record]):
            name, _ = near[0]
            found.append(Printed(sheet.name, sheet.anchor(name), sheet.head < record.entry_id))
    return tuple(found)


def about(
    names: Catalogue, sheet: Sheet, records: Sequence[Recorded]
) -> list[tuple[str, Question]]:
    """The questions of a fact sheet that any of the records is about, by the name of the figure."""
    return [
        (name, question)
        for name, question in sheet.asked
        if any(_is_about(names, part, one) for part in _parts(question) for one in records)
    ]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a question rests on: of a comparison, each of the two periods or places."""

    of: IndicatorQ | MoneyQ | CountQ | FactQ
    period: Period | None
    any_kind: bool = False


def _parts(question: Question) -> Iterator[_Part]:
    inner = innermost(question)
    own = None if isinstance(inner, FactQ) else inner.period
    # Progress rests on what was reached, on the target and on the baseline.
    yield _Part(inner, own, any_kind=isinstance(question, ProgressQ))
    if isinstance(question, ChangeQ) and question.base_period is not None:
        yield _Part(inner, question.base_period)
    if isinstance(question, ChangeQ) and question.base_place is not None:
        yield _Part(replace(question.of, place=question.base_place), own)


def _is_about(names: Catalogue, part: _Part, record: Recorded) -> bool:
    match part.of, record:
        case IndicatorQ() as asked, Observation():
            return (
                record.indicator == asked.indicator
                and (part.any_kind or record.kind == asked.kind)
                and _within(names, record.place, asked.place)
                and _within(names, record.party, asked.party)
                and _within(names, record.programme, asked.programme)
                and _meet(record.period, part.period)
            )
        case MoneyQ() as asked, Transaction():
            return (
                asked.stage in (None, record.stage)
                and _within(names, record.provider, asked.provider)
                and _within(names, record.receiver, asked.receiver)
                and _within(names, record.place, asked.place)
                and _within(names, record.programme, asked.programme)
                and _in_time(record, part.period)
            )
        case CountQ() as asked, Commitment() | CommitmentUpdate() | Membership():
            return _counts(asked, record)
        case FactQ() as asked, _:
            # A role or a spell may stand behind what names it.
            return f"{asked.record}:".startswith(f"{_fact_id(record)}:")
        case _:
            return False


def _within(names: Catalogue, code: str, whole: str | None) -> bool:
    return whole is None or (bool(code) and names.within(code, whole))


def _meet(one: Period, other: Period | None) -> bool:
    return other is None or (one.start < other.end and other.start < one.end)


def _in_time(record: Transaction, period: Period | None) -> bool:
    if period is None or record.period is not None:
        return period is None or _meet(record.period, period)
    day: date | None = record.value_date.latest if record.value_date else None
    return day is not None and period.start <= day < period.end


def _counts(asked: CountQ, record: Commitment | CommitmentUpdate | Membership) -> bool:
    if isinstance(record, Membership):
        return asked.of == "members" and record.body == asked.body
    own = record.framework if isinstance(record, Commitment) else record.commitment
    pack = (asked.framework or asked.body or "").partition("/")[0]
    return asked.of == "commitments" and pack in ("", own.partition("/")[0])


def _fact_id(record: Recorded) -> str:
    """A record as a question about a fact names it."""
    match record:
        case Membership():
            return f"membership:{record.body}:{record.party}"
        case OfficeHeld():
            return f"office_held:{record.body}:{record.office}:{record.party}"
        case _:
            return str(getattr(record, "code", ""))
