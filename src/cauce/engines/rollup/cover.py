"""Which cells of one series answer: a single cover, never a mixture of grains.

The cell at the asked grain answers if there is one; else the coarsest complete declared partition
below it; else the single grain that covers most of the period, the rest missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from cauce.engines.rollup.cells import Ask, Cell, CodeSpan
from cauce.engines.rollup.declarations import Declarations, Rule, TimeRule
from cauce.values.period import GRAINS, Period

__all__ = ["ASKED", "Cover", "Slot", "choose_cover", "extra_dimensions", "grain_of"]

ASKED = "asked"

Codes = Mapping[str, tuple[CodeSpan, ...]]


@dataclass(frozen=True, slots=True)
class Slot:
    """A sub-period of the cover with its received cells; ``complete`` when every code of every
    extra dimension was received; ``held`` are cells there that hold no value (pending …)."""

    period: Period
    cells: tuple[Cell, ...]
    complete: bool
    held: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True)
class Cover:
    """One grain: sub-periods × the codes of ``dimensions``, in order of time."""

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


def extra_dimensions(cell: Cell, ask: Ask) -> tuple[str, ...]:
    """The dimensions a cell is broken down by beyond what is asked."""
    asked = set(ask.where.dimensions)
    return tuple(d for d in cell.breakdown.dimensions if d not in asked)


def grain_of(period: Period, whole: Period) -> str | None:
    """The grain of a cell's period within the asked one; ``None`` for a part that tiles nothing."""
    if period == whole:
        return ASKED
    grain = period.grain
    return grain if grain and period in whole.split(grain) else None


def choose_cover(
    cells: Sequence[Cell], ask: Ask, declared: Declarations, codes: Codes
) -> Cover | None:
    """The cover of one series, or ``None`` when no cell is of any use.

    ``cells`` are those of one reporter and unit, within the period and the breakdown asked.
    """
    groups: dict[tuple[str, tuple[str, ...]], list[Cell]] = {}
    for cell in cells:
        grain = grain_of(cell.period, ask.period)
        dimensions = extra_dimensions(cell, ask)
        if grain and all(declared.rule(d).numerator is not Rule.NONE for d in dimensions):
            groups.setdefault((grain, dimensions), []).append(cell)
    covers = [_cover(key, group, ask.period, codes) for key, group in groups.items()]
    if not covers:
        return None
    whole = [c for c in covers if _is_complete(c, declared)]
    if whole:
        return min(whole, key=lambda c: _coarseness(c, declared, codes))
    return min(
        covers, key=lambda c: (-_covered_days(c, declared), *_coarseness(c, declared, codes))
    )


def _cover(
    key: tuple[str, tuple[str, ...]], cells: Iterable[Cell], whole: Period, codes: Codes
) -> Cover:
    grain, dimensions = key
    at: dict[Period, list[Cell]] = {}
    for cell in cells:
        at.setdefault(cell.period, []).append(cell)
    periods = (whole,) if grain == ASKED else whole.split(grain)
    return Cover(
        grain, dimensions, tuple(_slot(p, at.get(p, []), dimensions, codes) for p in periods)
    )


def _slot(period: Period, cells: list[Cell], dimensions: tuple[str, ...], codes: Codes) -> Slot:
    received = tuple(c for c in cells if c.received)
    held = tuple(c for c in cells if not c.received)
    given = {tuple(c.breakdown.get(d) or "" for d in dimensions) for c in received}
    complete = bool(received) and given >= expected_codes(period, dimensions, codes)
    return Slot(period, received, complete, held)


def expected_codes(
    period: Period, dimensions: tuple[str, ...], codes: Codes
) -> set[tuple[str, ...]]:
    """Every combination of the codes in use in a period; a dimension without a list expects
    nothing."""
    lists = [[s.code for s in codes.get(d, ()) if s.valid_in(period)] for d in dimensions]
    return set(product(*lists)) if all(lists) else set()


def _is_complete(cover: Cover, declared: Declarations) -> bool:
    if declared.time is TimeRule.AT_END:
        return cover.slots[-1].complete
    return all(s.complete for s in cover.slots)


def _covered_days(cover: Cover, declared: Declarations) -> int:
    if declared.time is TimeRule.AT_END:
        return cover.slots[-1].period.days if cover.slots[-1].cells else 0
    return sum(s.period.days for s in cover.received)


def _coarseness(cover: Cover, declared: Declarations, codes: Codes) -> tuple[int, int, int, str]:
    """Coarser first: partitions before overlaps, then fewer expected cells, then longer units."""
    overlapping = sum(declared.rule(d).numerator is Rule.OVERLAP for d in cover.dimensions)
    width = prod(max(len(codes.get(d, ())), 1) for d in cover.dimensions)
    order = -1 if cover.grain == ASKED else list(GRAINS).index(cover.grain)
    return overlapping, width * len(cover.slots), order, ";".join(cover.dimensions)
