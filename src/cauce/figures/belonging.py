"""Who belongs to what, and who holds which office, as every source states it and on a day?

A count of members says how many; this says who, by the same rule: a party certainly belongs only
if every source agrees, and where sources exclude each other both stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from cauce.errors import CauceError
from cauce.figures.counts import standing, stays
from cauce.figures.registers import Reading
from cauce.parties import queries as parties
from cauce.parties.queries import Membership, OfficeHeld
from cauce.values.dates import ImpreciseDate

__all__ = [
    "Holder",
    "Member",
    "MembershipRow",
    "OfficeRow",
    "holders",
    "members",
    "memberships",
    "offices",
]


@dataclass(frozen=True, slots=True)
class MembershipRow:
    """A statement that a party belongs to a body. On the day asked it certainly, and possibly,
    does; two sources may disagree, each in its row."""

    record: Membership
    recorded_at: datetime
    is_certain: bool
    is_possible: bool


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """A statement that a party holds an office of a body. On the day asked it certainly, and
    possibly, does."""

    record: OfficeHeld
    recorded_at: datetime
    is_certain: bool
    is_possible: bool


def memberships(read: Reading, *, on: ImpreciseDate | None = None) -> tuple[MembershipRow, ...]:
    """Every statement about a membership, also of the past, by body, party, role and spell.

    Raises ``bad_question`` for an ``on`` without both ends.
    """
    first, last = _days(read, on)
    rows = []
    for record in parties.memberships(view=read.view):
        certain, possible = stays(record, first, last, read.session, throughout=False)
        rows.append(MembershipRow(record, read.recorded_at(record), certain, possible))
    return tuple(sorted(rows, key=lambda r: (*r.record.natural_id(), r.record.stated_by)))


def offices(read: Reading, *, on: ImpreciseDate | None = None) -> tuple[OfficeRow, ...]:
    """Every statement about an office held, by body and office, the latest holder first.

    Offices pass on: one without a recorded end is certain only until the end of the year in which
    its document was published. Raises ``bad_question`` for an ``on`` without both ends.
    """
    first, last = _days(read, on)
    rows = []
    for record in parties.offices(view=read.view):
        certain, possible = stays(record, first, last, read.session, throughout=False)
        certain = certain and (record.valid_to is not None or last.year <= _told(read, record))
        rows.append(OfficeRow(record, read.recorded_at(record), certain, possible))
    rows.sort(key=lambda r: str(r.record.valid_from or ""), reverse=True)
    return tuple(sorted(rows, key=lambda r: (r.record.body, r.record.office)))


def _told(read: Reading, record: OfficeHeld) -> int:
    """The year in which it was said; 0 where the document has no date."""
    source = read.names.sources.get(record.source)
    day = record.public_at or (source.published if source else None)
    if day is None:
        return 0 if source else read.recorded_at(record).year
    return day.latest.year if day.latest else 0


def _days(read: Reading, on: ImpreciseDate | None) -> tuple[date, date]:
    """The first and last day that is asked about: by default the last day known."""
    if on is None:
        return read.day, read.day
    if on.earliest is None or on.latest is None:
        raise CauceError("bad_question", detail=f"on: {on.text}")
    return on.earliest, on.latest


# -- all statements together -------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Member:
    """A party in one role of a body. On the day asked it certainly, and possibly, belongs; in
    ``disagree`` one source says that it does and another that it cannot. ``rows`` are all the
    statements about it, also those of other spells."""

    body: str
    party: str
    role: str
    is_certain: bool
    is_possible: bool
    disagree: bool
    rows: tuple[MembershipRow, ...]


@dataclass(frozen=True, slots=True)
class Holder:
    """A party that holds, or may hold, an office of a body on the day asked."""

    body: str
    party: str
    office: str
    is_certain: bool
    rows: tuple[OfficeRow, ...]


def members(
    read: Reading, rows: Iterable[MembershipRow], *, on: ImpreciseDate | None = None
) -> tuple[Member, ...]:
    """One line for each party and role of each body, by body, role and party; ``rows`` are all
    of :func:`memberships` on the same day. Raises ``bad_question`` as that one does."""
    first, last = _days(read, on)
    groups: defaultdict[tuple[str, str, str], list[MembershipRow]] = defaultdict(list)
    for row in rows:
        groups[row.record.body, row.record.role, row.record.party].append(row)
    found = []
    for (body, role, party), stated in sorted(groups.items()):
        told = standing([r.record for r in stated], first, last, read.session)
        how = (told.is_certain, told.is_possible, told.disagree)
        found.append(Member(body, party, role, *how, tuple(stated)))
    return tuple(found)


def holders(rows: Iterable[OfficeRow]) -> tuple[Holder, ...]:
    """Who holds, or may hold, each office on the day for which the rows were asked, by body and
    office."""
    groups: defaultdict[tuple[str, str, str], list[OfficeRow]] = defaultdict(list)
    for row in rows:
        if row.is_possible:
            groups[row.record.body, row.record.office, row.record.party].append(row)
    return tuple(
        Holder(body, party, office, any(r.is_certain for r in stated), tuple(stated))
        for (body, office, party), stated in sorted(groups.items())
    )
