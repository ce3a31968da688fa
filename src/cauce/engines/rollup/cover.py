"""Which cells of one series answer: a single cover, never a mixture of grains.

The cell at the asked grain answers if there is one; else the coarsest complete declared partition
below it; else the single grain that covers most of the period, the rest missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product
from math import prod

from cauce.engines.rollup.cells import Ask, Cell, CodeSpan
from cauce.engines.rollup.declarations import Declarations, Identity, Rule, TimeRule
from cauce.values.period import GRAINS, Period

__all__ = [
    "ASKED",
    "Cover",
    "Slot",
    "carried_cover",
    "choose_cover",
    "covers_of",
    "expected_codes",
    "grain_of",
]

ASKED = "asked"

Codes = Mapping[str, tuple[CodeSpan, ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A sub-period of the cover with its received cells; ``complete`` when every code of every
    extra dimension was received."""

    period: Period
    cells: tuple[Cell, ...]
    complete: bool


@dataclass(frozen=True, slots=True)
class Cover:
    """One grain: sub-periods × the codes of ``dimensions``, in order of time. Of a level that is
    given at the end of a period, only the last sub-period."""

    grain: str
    dimensions: tuple[str, ...]
    slots: tuple[Slot, ...]

    @property
    def received(self) -> tuple[Slot, ...]:
        return tuple(s for s in self.slots if s.cells)

    @property
    def missing(self) -> tuple[Period, ...]:
        return tuple(s.period for s in self.slots if not s.cells)

    @property
    def cells(self) -> tuple[Cell, ...]:
        return tuple(c for s in self.slots for c in s.cells)

    @property
    def is_complete(self) -> bool:
        return all(s.complete for s in self.slots)

    @property
    def days(self) -> tuple[int, int]:
        """How much of the period is covered: completely, and at all."""
        complete = sum(s.period.days for s in self.slots if s.complete)
        return complete, sum(s.period.days for s in self.received)

    def counting(self) -> Cover:
        """Without the cells that add nothing to a total above them."""
        slots = []
        for slot in self.slots:
            cells = tuple(c for c in slot.cells if c.counts_in_parent)
            # A sub-period whose cells all count elsewhere was received: it is not missing here.
            if cells or not slot.cells:
                slots.append(replace(slot, cells=cells))
        return replace(self, slots=tuple(slots))


def extra_dimensions(cell: Cell, ask: Ask) -> tuple[str, ...]:
    """The dimensions a cell is broken down by beyond what is asked."""
    asked = set(ask.where.dimensions)
    return tuple(d for d in cell.breakdown.dimensions if d not in asked)


@lru_cache(maxsize=1024)
def _tiles(whole: Period, grain: str) -> frozenset[Period]:
    return frozenset(whole.split(grain))


def grain_of(period: Period, whole: Period) -> str | None:
    """The grain of a cell's period within the asked one; ``None`` for a part that tiles nothing."""
    if period == whole:
        return ASKED
    grain = period.grain
    return grain if grain and period in _tiles(whole, grain) else None


def choose_cover(
    cells: Iterable[Cell], ask: Ask, declared: Declarations, codes: Codes
) -> Cover | None:
    """The cover of one series, or ``None`` when no cell is of any use.

    ``cells`` are those of one reporter and unit whose breakdown contains the one asked.
    """
    covers = covers_of(cells, ask, declared, codes)
    whole = [c for c in covers if c.is_complete]
    if whole:
        return min(whole, key=lambda c: _coarseness(c, declared, codes))
    return min(
        covers,
        key=lambda c: (*(-days for days in c.days), *_coarseness(c, declared, codes)),
        default=None,
    )


def covers_of(cells: Iterable[Cell], ask: Ask, declared: Declarations, codes: Codes) -> list[Cover]:
    """One cover for each grain of time and each set of dimensions that cells were given by."""
    groups: dict[tuple[str, tuple[str, ...]], list[Cell]] = {}
    # A value since a day is a level of that very span, and what does not combine over time is
    # given for the asked period or not at all.
    only_asked = declared.since is not None or declared.time is TimeRule.NONE
    for cell in cells:
        grain = grain_of(cell.period, ask.period)
        dimensions = extra_dimensions(cell, ask)
        if grain is None or (only_asked and grain != ASKED):
            continue
        if all(declared.rule(d).numerator is not Rule.NONE for d in dimensions):
            groups.setdefault((grain, dimensions), []).append(cell)
    return [_cover(key, group, ask.period, declared, codes) for key, group in groups.items()]


def _cover(
    key: tuple[str, tuple[str, ...]],
    cells: Iterable[Cell],
    whole: Period,
    declared: Declarations,
    codes: Codes,
) -> Cover:
    grain, dimensions = key
    at: dict[Period, list[Cell]] = {}
    for cell in cells:
        at.setdefault(cell.period, []).append(cell)
    periods = (whole,) if grain == ASKED else whole.split(grain)
    if declared.time is TimeRule.AT_END:
        periods = periods[-1:]
    slots = (_slot(p, at.get(p, []), dimensions, declared, codes) for p in periods)
    return Cover(grain, dimensions, tuple(slots))


def _slot(
    period: Period,
    cells: Sequence[Cell],
    dimensions: tuple[str, ...],
    declared: Declarations,
    codes: Codes,
) -> Slot:
    received = tuple(c for c in cells if c.received)
    given = {tuple(c.breakdown.get(d) or "" for d in dimensions) for c in received}
    expected = expected_codes(period, dimensions, codes)
    complete = bool(received) and expected is not None and given >= expected
    if declared.may_be_negative and not complete:
        return Slot(period, (), complete=False)  # some of the codes say nothing of their sum
    return Slot(period, received, complete)


def expected_codes(
    period: Period, dimensions: tuple[str, ...], codes: Codes
) -> set[tuple[str, ...]] | None:
    """Every combination of the codes in use in a period; ``None`` if a dimension has no list for
    it, so that nobody can say whether all were given."""
    lists = [[s.code for s in codes.get(d, ()) if s.valid_in(period)] for d in dimensions]
    return set(product(*lists)) if all(lists) else None


def _coarseness(cover: Cover, declared: Declarations, codes: Codes) -> tuple[int, int, int, str]:
    """Coarser first: partitions before overlaps, then fewer expected cells, then longer units."""
    is_persons = declared.identity is Identity.PERSONS
    overlapping = sum(
        not all(declared.partitions_in(s.period, d) for s in cover.slots)
        if is_persons
        else declared.rule(d).numerator is Rule.OVERLAP
        for d in cover.dimensions
    )
    # Of persons, time is an overlap too: they come back.
    overlapping += is_persons and len(cover.slots) > 1
    width = prod(max(len(codes.get(d, ())), 1) for d in cover.dimensions)
    order = -1 if cover.grain == ASKED else list(GRAINS).index(cover.grain)
    return overlapping, width * len(cover.slots), order, ";".join(cover.dimensions)


def carried_cover(
    cells: Sequence[Cell], ask: Ask, declared: Declarations, codes: Codes
) -> Cover | None:
    """The latest level before the end asked, where the indicator lets levels carry.

    A level that its reporter withdrew is not replaced by an older one.
    """
    if any(c.status == "withdrawn" and c.period.end == ask.period.end for c in cells):
        return None
    earlier = {c.period for c in cells if c.received and c.period.end < ask.period.end}
    for end in sorted({p.end for p in earlier}, reverse=True):
        periods = sorted((p for p in earlier if p.end == end), key=lambda p: p.start)
        covers = [
            c
            for p in periods
            if (c := choose_cover(_at(cells, p), replace(ask, period=p), declared, codes))
            and c.received
        ]
        if covers:
            return next((c for c in covers if c.is_complete), covers[0])
    return None


def _at(cells: Iterable[Cell], period: Period) -> list[Cell]:
    return [c for c in cells if c.period == period]
