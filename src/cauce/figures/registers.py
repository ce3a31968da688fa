"""What is on record, line by line: commitments with their state, money, instruments, sources?

The registers behind lists and matrices, where a figure gives the count. Every reader takes for
whom, as known when and up to which entry it reads, and gives only what that audience may see:
a record it may not see is not named by one it may see either. A row holds the record itself (a
value; it is never saved) with what follows from other records. Words are put to it at the door.

What changed between two entries is told by :mod:`cauce.figures.since`, who belongs to what by
:mod:`cauce.figures.belonging`; names and trees of what is defined by
:func:`cauce.figures.catalogue`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from cauce.errors import CauceError
from cauce.figures.answered import amount_of
from cauce.figures.catalogue import Catalogue
from cauce.figures.counts import NO_UPDATE, belongs, made_by, tells
from cauce.figures.reading import Reading, reading
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Commitment, CommitmentUpdate, Source, Transaction
from cauce.parties import queries as parties
from cauce.parties.queries import Instrument
from cauce.values.answer import Answer
from cauce.values.dates import ImpreciseDate

__all__ = [
    "NO_UPDATE",
    "WITHDRAWN",
    "CommitmentRow",
    "InstrumentRow",
    "LinkedMoney",
    "PartyAnswer",
    "Reading",
    "SilentParty",
    "SourceRow",
    "TransactionRow",
    "UpdateRow",
    "commitment",
    "commitments",
    "instruments",
    "reading",
    "silent_parties",
    "sources",
    "successors",
    "transactions",
]

#: States after which nothing more is due.
ENDED = ("fulfilled", "abandoned")

WITHDRAWN = "withdrawn"


# -- commitments -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UpdateRow:
    """What somebody said became of a commitment."""

    record: CommitmentUpdate
    recorded_at: datetime

    @property
    def state(self) -> str:
        return str(self.record.state)


@dataclass(frozen=True, slots=True)
class PartyAnswer:
    """What a responsible party (or a unit of it) last said itself: its state, or ``no_update``.
    ``ended``: since when the organisation no longer exists; then nobody is responsible until a
    successor takes over. ``said``: where it said so."""

    party: str
    state: str
    as_of: ImpreciseDate | None
    ended: ImpreciseDate | None
    said: CommitmentUpdate | None = None

    @property
    def has_answered(self) -> bool:
        return self.state != NO_UPDATE


@dataclass(frozen=True, slots=True)
class CommitmentRow:
    """A commitment with its state on a day.

    ``state`` is that of the latest update by anybody, as a count of commitments takes it;
    ``no_update`` where there is none. ``answers`` has one line for each responsible party, in the
    order recorded. ``updates`` are all up to the day, newest first. ``is_certain`` is false where
    the commitment may have been made only after the day (an imprecise date). ``is_overdue``: its
    day has passed and it was neither fulfilled nor abandoned.
    """

    record: Commitment
    recorded_at: datetime
    state: str
    as_of: ImpreciseDate | None
    answers: tuple[PartyAnswer, ...]
    updates: tuple[UpdateRow, ...]
    is_certain: bool
    is_overdue: bool

    @property
    def code(self) -> str:
        return str(self.record.code)

    @property
    def silent(self) -> tuple[str, ...]:
        """The responsible parties that said nothing."""
        return tuple(a.party for a in self.answers if not a.has_answered)


def commitments(
    read: Reading, *, on: ImpreciseDate | None = None, framework: str | None = None
) -> tuple[CommitmentRow, ...]:
    """Every commitment that had, or may have, been made by the day ``on`` (default: the last day
    known), with its state on that day, by code; of one framework (or body), if it is named.

    A withdrawn one is left out, as in a count. Several reporters of one commitment give a row
    each. ``on`` with a month or year means its last day. Raises ``bad_question`` for an ``on``
    without an end. Cost: eight SQL queries, whatever is recorded.
    """
    day = _last_day(on) if on else read.day
    view = read.view
    told = _told(read.session.updates(view), day)
    rows = [
        _commitment(read, record, told.get(record.code, []), day)
        for record in read.session.commitments(view)
        if record.status != WITHDRAWN
        and made_by(record, day)[1]
        and belongs(record, framework, read.names)
    ]
    return tuple(sorted(rows, key=lambda r: (r.code, r.record.stated_by)))


def commitment(
    read: Reading, code: str, *, on: ImpreciseDate | None = None
) -> tuple[CommitmentRow, ...]:
    """What each reporter states about one commitment, also who withdrew it, and also where it was
    made only after the day.

    Raises ``unknown_commitment``, also for one that this audience may not see.
    """
    day = _last_day(on) if on else read.day
    view = read.view
    stated = [record for record in read.session.commitments(view) if record.code == code]
    if not stated:
        raise CauceError("unknown_commitment", id=code)
    told = _told(read.session.updates(view), day)
    rows = (_commitment(read, record, told.get(code, []), day) for record in stated)
    return tuple(sorted(rows, key=lambda r: r.record.stated_by))


@dataclass(frozen=True, slots=True)
class SilentParty:
    """A responsible party with the commitments about which it said nothing itself. ``ended``:
    since when it no longer exists; then ``successors`` took over, or nobody is responsible."""

    party: str
    commitments: tuple[CommitmentRow, ...]
    ended: ImpreciseDate | None
    successors: tuple[str, ...]

    @property
    def count(self) -> int:
        """How many commitments; what several report is one."""
        return len(self.commitments)


def silent_parties(read: Reading, rows: Iterable[CommitmentRow]) -> tuple[SilentParty, ...]:
    """Who of the responsible has not answered, with the most commitments first."""
    found: defaultdict[str, dict[str, CommitmentRow]] = defaultdict(dict)
    ended: dict[str, ImpreciseDate | None] = {}
    for row in rows:
        for answer in row.answers:
            if not answer.has_answered:
                found[answer.party].setdefault(row.code, row)
                ended[answer.party] = answer.ended
    parties = (
        SilentParty(party, tuple(rows.values()), ended[party], successors(read.names, party))
        for party, rows in found.items()
    )
    return tuple(sorted(parties, key=lambda p: (-p.count, p.party)))


def successors(names: Catalogue, party: str) -> tuple[str, ...]:
    """Who took over from an organisation, wholly or in part."""
    return tuple(sorted({s.successor for s in names.successions if s.predecessor == party}))


def _last_day(on: ImpreciseDate) -> date:
    if on.latest is None:
        raise CauceError("bad_question", detail=f"on: {on.text}")
    return on.latest


def _told(updates: Iterable[CommitmentUpdate], day: date) -> dict[str, list[CommitmentUpdate]]:
    """The updates that tell a state by the day, oldest first, by commitment."""
    found: defaultdict[str, list[CommitmentUpdate]] = defaultdict(list)
    for update in updates:
        if tells(update, day):
            found[update.commitment].append(update)
    for told in found.values():
        # Stable, so that of two on one day the later read is the later, as in a count.
        told.sort(key=lambda u: u.as_of.latest)
    return dict(found)


def _commitment(
    read: Reading, record: Commitment, told: list[CommitmentUpdate], day: date
) -> CommitmentRow:
    last = told[-1] if told else None
    state = last.state if last else NO_UPDATE
    due = record.due.latest if record.due else None
    return CommitmentRow(
        record=record,
        recorded_at=read.recorded_at(record),
        state=state,
        as_of=last.as_of if last else None,
        answers=tuple(_answer(read, record, party, told) for party in record.parties),
        updates=tuple(UpdateRow(u, read.recorded_at(u)) for u in reversed(told)),
        is_certain=made_by(record, day)[0],
        is_overdue=due is not None and due < day and state not in ENDED,
    )


def _answer(
    read: Reading, record: Commitment, party: str, told: list[CommitmentUpdate]
) -> PartyAnswer:
    organisation = read.names.organisations.get(party)
    ended = organisation.ended if organisation else None
    own = [u for u in told if _speaks(read, record, party, u)]
    if not own:
        return PartyAnswer(party, NO_UPDATE, None, ended)
    return PartyAnswer(party, own[-1].state, own[-1].as_of, ended, own[-1])


def _speaks(read: Reading, record: Commitment, party: str, update: CommitmentUpdate) -> bool:
    """Whether an update is about this party: it names it or a unit of it. One that names nobody
    is about the only responsible party, and of several about the one that states it."""
    about = update.party or (party if len(record.parties) == 1 else update.reporter)
    return bool(about) and read.names.within(about, party)


# -- money -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LinkedMoney:
    """Another transaction, and what this one is to it: ``same`` (tells the same money),
    ``passes_on`` (the other is this money, passed on), ``passed_on`` (this is the other's money,
    passed on), ``part_of`` (this is a part of the other), ``part`` (the other is a part of this).
    """

    kind: str
    code: str


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """Money at one stage as its reporter states it. ``answer`` is the amount with its bound, or
    why there is none; its unit is ``record.currency``. ``framework`` is that of its programme."""

    record: Transaction
    recorded_at: datetime
    answer: Answer
    framework: str
    part_of: str
    links: tuple[LinkedMoney, ...]

    @property
    def code(self) -> str:
        return str(self.record.code)


def transactions(read: Reading) -> tuple[TransactionRow, ...]:
    """Every transaction, by code; several reporters of one give a row each.

    A withdrawn one stays, with the answer «withdrawn». The amounts are not to be added: that is
    a question about money, which counts linked money once and keeps stages apart.
    Cost: seven SQL queries.
    """
    records = read.session.transactions(read.view)
    seen = {r.code for r in records}
    links = _links(read, seen)
    return tuple(
        _transaction(read, record, links.get(record.code, []), seen)
        for record in sorted(records, key=lambda r: (r.code, r.stated_by))
    )


#: What a link is to its first and to its second transaction: of «passes_on» the second is the
#: money passed on, of «part_of» the first is the part.
_ENDS = {
    "same": ("same", "same"),
    "passes_on": ("passes_on", "passed_on"),
    "part_of": ("part_of", "part"),
}


def _links(read: Reading, seen: set[str]) -> dict[str, list[LinkedMoney]]:
    """Links between transactions that are both seen: the code of one that is not, is not told."""
    found: defaultdict[str, list[LinkedMoney]] = defaultdict(list)
    for link in read.names.links:
        if link.one in seen and link.other in seen:
            first, second = _ENDS[link.kind]
            found[link.one].append(LinkedMoney(first, link.other))
            found[link.other].append(LinkedMoney(second, link.one))
    for record in read.session.transactions(read.view):
        if record.part_of in seen:
            found[record.part_of].append(LinkedMoney("part", record.code))
    return found


def _transaction(
    read: Reading, record: Transaction, links: list[LinkedMoney], seen: set[str]
) -> TransactionRow:
    return TransactionRow(
        record=record,
        recorded_at=read.recorded_at(record),
        answer=amount_of(record),
        framework=_framework(read.names, record.programme),
        part_of=record.part_of if record.part_of in seen else "",
        links=tuple(links),
    )


def _framework(names: Catalogue, programme: str) -> str:
    node = names.nodes.get(programme)
    return str(node.framework) if node else programme if programme in names.frameworks else ""


# -- instruments and sources -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class InstrumentRow:
    """A declaration, memorandum, decision or law, with the commitments made in it and the
    instruments that apply it, by code. ``may_exist``: it may have been made by the last day known;
    definitions obey no date, so a reader who looks back would else find what came later."""

    record: Instrument
    commitments: tuple[str, ...]
    applied_by: tuple[str, ...]
    may_exist: bool = True


def instruments(read: Reading) -> tuple[InstrumentRow, ...]:
    """Every instrument, by code; closed ones say so themselves."""
    made: defaultdict[str, set[str]] = defaultdict(set)
    for commitment in read.session.commitments(read.view):
        if commitment.status != WITHDRAWN and made_by(commitment, read.day)[1]:
            made[commitment.instrument].add(commitment.code)
    applying: defaultdict[str, list[str]] = defaultdict(list)
    for code, one in sorted(read.names.instruments.items()):
        if _by(read, one):
            applying[one.applies].append(code)
    return tuple(
        InstrumentRow(one, tuple(sorted(made[code])), tuple(applying[code]), _by(read, one))
        for code, one in sorted(read.names.instruments.items())
    )


def _by(read: Reading, one: Instrument) -> bool:
    """Whether it may have been made by the last day known; without a day, whether its document
    may have been out by then."""
    paper = read.names.sources.get(one.source)
    day = one.adopted or one.signed or one.in_force or (paper.published if paper else None)
    return day is None or day.earliest is None or day.earliest <= read.day


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A document with what was read in it: how many visible records of each type (every version
    that was not annulled counts), and of which indicators it gives values."""

    record: Source
    counts: Mapping[str, int]
    indicators: tuple[str, ...]


def sources(read: Reading) -> tuple[SourceRow, ...]:
    """Every source with what rests on it, by code. Cost: one grouping query a type of fact."""
    view = read.view
    counts: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    measured: defaultdict[str, set[str]] = defaultdict(set)
    for source, indicator, number in ledger.observations_by_source(view=view):
        counts[source]["observation"] += number
        measured[source].add(indicator)
    for resting in (
        ledger.facts_by_source(view=view),
        parties.facts_by_source(view=view),
        ((one.record_type, one.source, 1) for one in read.names.sourced),
    ):
        for kind, source, number in resting:
            counts[source][kind] += number
    return tuple(
        SourceRow(one, dict(sorted(counts[code].items())), tuple(sorted(measured[code])))
        for code, one in sorted(read.names.sources.items())
    )
