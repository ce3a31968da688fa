"""What must hold of parties, places and bodies, alone and together?

Pure: records in, problems out, each with the column it is about. Whether a reference leads
anywhere is not asked here but where everything is known, in the ledger's checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

from cauce.errors import Place as Where
from cauce.errors import Problem
from cauce.parties.models import Body, Instrument, Membership, OfficeHeld, Succession
from cauce.values.dates import ImpreciseDate

__all__ = [
    "above",
    "check_body",
    "check_instrument",
    "check_membership",
    "check_office",
    "check_span",
    "check_successions",
    "ends_before",
    "is_bare_place",
    "on_cycle",
]

#: ISO 3166-1 alpha-3 and 3166-2, and all of the world.
_BARE_PLACE = re.compile(r"[A-Z]{3}\Z|[A-Z]{2}-[A-Z0-9]{1,3}\Z|WORLD\Z")


def _problem(code: str, column: str, **params: object) -> Problem:
    return Problem(code, params, Where(column=column))


def is_bare_place(code: str) -> bool:
    """Whether a place may have this code without a pack's name.

    >>> is_bare_place("MX-CHP"), is_bare_place("Tapachula")
    (True, False)
    """
    return bool(_BARE_PLACE.match(code))


# ------------------------------------------------------------------------------- time


def ends_before(start: ImpreciseDate | None, end: ImpreciseDate | None) -> bool:
    """Whether the end certainly lies before the start; what may be right is let pass.

    >>> ends_before(ImpreciseDate("2021"), ImpreciseDate("2021-03"))
    False
    """
    if start is None or end is None or start.earliest is None or end.latest is None:
        return False
    return end.latest < start.earliest


def check_span(
    start: ImpreciseDate | None, end: ImpreciseDate | None, column: str
) -> Iterator[Problem]:
    """``ends_before_start`` at the column of the end."""
    if ends_before(start, end):
        yield _problem("ends_before_start", column, start=str(start), end=str(end))


def check_body(body: Body) -> Iterator[Problem]:
    yield from check_span(body.founded, body.ended, "ended")


def check_membership(membership: Membership) -> Iterator[Problem]:
    yield from check_span(membership.valid_from, membership.valid_to, "valid_to")


def check_office(office: OfficeHeld) -> Iterator[Problem]:
    yield from check_span(office.valid_from, office.valid_to, "valid_to")


def check_instrument(instrument: Instrument) -> Iterator[Problem]:
    starts = (instrument.adopted, instrument.signed, instrument.in_force)
    too_late = next((s for s in starts if ends_before(s, instrument.ended)), None)
    yield from check_span(too_late, instrument.ended, "ended")


# ------------------------------------------------------------------------------- trees


def on_cycle(parents: Mapping[str, Iterable[str]]) -> set[str]:
    """The ids from which going up comes back to where it began.

    >>> sorted(on_cycle({"a": ["b"], "b": ["a"], "c": ["a"], "d": []}))
    ['a', 'b']
    """
    return {start for start in parents if start in above(start, parents)}


def above(start: str, parents: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """Everything above an id; the id itself only if it lies on a cycle.

    >>> sorted(above("c", {"c": ["b"], "b": ["a"]}))
    ['a', 'b']
    """
    found: set[str] = set()
    waiting = list(parents.get(start, ()))
    while waiting:
        at = waiting.pop()
        if at not in found:
            found.add(at)
            waiting.extend(parents.get(at, ()))
    return frozenset(found)


def check_successions(successions: Iterable[Succession]) -> Iterator[tuple[Succession, Problem]]:
    """``shares_exceed_whole``: the parts in which an organisation was taken over are no more than
    the whole. Yields each succession of such an organisation with its problem."""
    parts: dict[str, list[Succession]] = {}
    for one in successions:
        if one.share is not None and not one.closed:
            parts.setdefault(one.predecessor, []).append(one)
    for predecessor, ones in parts.items():
        total = sum((one.share for one in ones), Fraction(0))
        if total > 1:
            for one in ones:
                problem = _problem("shares_exceed_whole", "share", id=predecessor, total=str(total))
                yield one, problem
