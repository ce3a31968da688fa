"""Where what is recorded about members and office-holders does not fit together.

Two sources that exclude each other, two holders of one office at once, an office that nobody is
recorded to hold: these are findings for people to look at. Nothing is refused and nobody wins
silently. Imprecise dates only count as far as they are certain: what may fit is no conflict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations, pairwise

from cauce.parties.models import Membership, OfficeHeld
from cauce.values.answer import Code
from cauce.values.dates import ImpreciseDate

__all__ = ["CONFLICTS", "Stay", "membership_conflicts", "office_conflicts", "stay_of"]

#: code → names of its parameters.
CONFLICTS: dict[str, tuple[str, ...]] = {
    "membership_disagrees": ("body", "party", "sources"),
    "office_overlaps": ("body", "day", "office", "parties", "until"),
    "office_vacant": ("body", "day", "office", "until"),
    "office_vacant_since": ("body", "day", "office"),
}

#: Offices that one party holds at a time; a secretariat may be shared.
SINGLE = ("presidency", "chair")


@dataclass(frozen=True, slots=True)
class Stay:
    """A stay in a body or office: the earliest and latest day it begins, and the earliest and
    latest first day on which it no longer is."""

    start: tuple[date, date]
    end: tuple[date, date]

    @property
    def certain(self) -> tuple[date, date]:
        """The days it holds for sure, half-open; empty where the second is not later."""
        return self.start[1], self.end[0]

    def excludes(self, other: Stay) -> bool:
        """Whether some day that is certain here is impossible there."""
        first, last = self.certain
        return first < last and not (other.start[0] <= first and last <= other.end[1])


def stay_of(record: Membership | OfficeHeld) -> Stay:
    """The stay that a record states; without a start it may have begun at any time."""
    return Stay(
        _span(record.valid_from, date.min, date.max),
        _span(record.valid_to, date.max, date.max),
    )


def _span(day: ImpreciseDate | None, first: date, last: date) -> tuple[date, date]:
    if day is None:
        return first, last
    return day.earliest or date.min, day.latest or date.max


def membership_conflicts(records: Iterable[Membership]) -> Iterator[Code]:
    """Parties whose sources exclude each other, each once."""
    groups: dict[tuple[str, str, str, str], list[Membership]] = {}
    for one in records:
        groups.setdefault((one.body, one.party, one.role, one.spell), []).append(one)
    for (body, party, _, _), found in sorted(groups.items()):
        torn = {
            name
            for one, other in combinations(found, 2)
            if stay_of(one).excludes(stay_of(other)) or stay_of(other).excludes(stay_of(one))
            for name in (one.reporter or one.source, other.reporter or other.source)
        }
        if torn:
            names = ", ".join(sorted(torn))
            yield Code.of("membership_disagrees", body=body, party=party, sources=names)


def office_conflicts(records: Iterable[OfficeHeld], *, day: date) -> Iterator[Code]:
    """Overlaps and gaps of the offices that one party holds at a time, up to ``day``."""
    offices: dict[tuple[str, str], list[OfficeHeld]] = {}
    for one in records:
        if one.office in SINGLE:
            offices.setdefault((one.body, one.office), []).append(one)
    for (body, office), held in sorted(offices.items()):
        yield from _overlaps(body, office, held)
        yield from _gaps(body, office, held, day)


def _overlaps(body: str, office: str, held: Sequence[OfficeHeld]) -> Iterator[Code]:
    for one, other in combinations(held, 2):
        if one.party == other.party:
            continue
        (a, b), (c, d) = stay_of(one).certain, stay_of(other).certain
        first, last = max(a, c), min(b, d)
        if first < last:
            yield Code.of(
                "office_overlaps",
                body=body,
                office=office,
                parties=", ".join(sorted((one.party, other.party))),
                day=first.isoformat(),
                until=None if last == date.max else last.isoformat(),
            )


def _gaps(body: str, office: str, held: Sequence[OfficeHeld], day: date) -> Iterator[Code]:
    """Between one holder's latest end and the next one's earliest start nobody is recorded."""
    stays = sorted((stay_of(one) for one in held), key=lambda stay: stay.start[0])
    reached = [date.min]
    for stay in stays:
        reached.append(max(reached[-1], stay.end[1]))
    for until, (_, stay) in zip(reached[1:], pairwise(stays), strict=False):
        if until < stay.start[0]:
            yield Code.of(
                "office_vacant",
                body=body,
                office=office,
                day=until.isoformat(),
                until=stay.start[0].isoformat(),
            )
    if stays and reached[-1] <= day:
        yield Code.of("office_vacant_since", body=body, office=office, day=reached[-1].isoformat())
