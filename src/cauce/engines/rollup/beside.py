"""What stands beside an answer: other reporters, parts of the period, other calendars, and parts
that do not add up to their whole.

None of it enters the answer. Disagreement is shown, never resolved.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from cauce.engines.rollup.cells import Ask, Cell, Outcome, Unit, World
from cauce.engines.rollup.cover import ASKED, Cover, covers_of, grain_of
from cauce.engines.rollup.declarations import Declarations
from cauce.engines.rollup.units import Covered, Top, contains, is_of
from cauce.values.answer import Code, Known
from cauce.values.figure import Competing

__all__ = ["competing", "finer_covers", "is_part", "parts_beside", "parts_differ", "parts_within"]

RollUp = Callable[[Ask, Sequence[Cell], Declarations, World], Outcome]


def competing(
    ask: Ask,
    cells: Sequence[Cell],
    declared: Declarations,
    world: World,
    top: Sequence[Covered],
    roll_up: RollUp,
) -> Iterator[Competing]:
    """Each other reporter's own answer, over the units where it reports beside the chosen one."""
    for reporter in sorted({r for c in top for r in c.series.others}):
        units = {c.unit for c in top if reporter in c.series.others}
        own = [c for c in cells if c.reporter == reporter and c.unit in units]
        quiet = replace(world, dues=(), preferred=dict.fromkeys(units, reporter))
        outcome = roll_up(ask, own, declared, quiet)
        yield Competing(reporter, outcome.answer, ask.period.text)


def is_part(cell: Cell, ask: Ask, declared: Declarations) -> bool:
    """Whether a cell is of a part of the period that tiles nothing: it never answers for it."""
    return (
        declared.since is None
        and ask.period.contains(cell.period)
        and grain_of(cell.period, ask.period) is None
    )


def parts_beside(ask: Ask, cells: Sequence[Cell], declared: Declarations) -> Iterator[Competing]:
    """Published parts of the period and values of other calendars."""
    for cell in cells:
        if cell.value is None or not cell.received or not is_of(cell, ask):
            continue
        if cell.period.calendar != ask.period.calendar and cell.period.overlaps(ask.period):
            yield Competing(cell.reporter, cell.value, cell.period.text, "calendar")
        elif is_part(cell, ask, declared):
            yield Competing(cell.reporter, cell.value, cell.period.text, "part")


# -- parts that do not add up ----------------------------------------------------------------------


def finer_covers(
    ask: Ask, covered: Covered, declared: Declarations, world: World
) -> Iterator[Cover]:
    """The other grains of a series beside a cell reported at the asked grain."""
    cover = covered.cover
    if cover is None or cover.grain != ASKED or cover.dimensions:
        return
    finer = [c for c in covered.series.cells if c not in cover.cells]
    yield from (c for c in covers_of(finer, ask, declared, world.codes) if c.received)


def parts_within(unit: Unit, top: Top, world: World) -> list[Covered]:
    """The units inside an answering whole that have a value and count there; of nested ones the
    outermost."""
    found = [
        replace(c, cover=c.cover.counting())
        for c, whole in top.within
        if whole == unit and c.cover is not None and c.cover.counting().received
    ]
    return [c for c in found if not any(contains(w.unit, c.unit, world.above) for w in found)]


def parts_differ(whole: Known | None, parts: Known | None) -> Iterator[Code]:
    """The caution that a reported value lies outside the range of its parts."""
    if whole is not None and parts is not None and (_below(whole, parts) or _below(parts, whole)):
        yield Code.of("parts_differ", reported=whole.value, low=parts.low, high=parts.high)


def _below(one: Known, other: Known) -> bool:
    """Whether everything ``one`` may be is below everything ``other`` may be."""
    if one.high is None or other.low is None:
        return False
    touch = one.high == other.low and (one.high_open or other.low_open)
    return touch or one.high < other.low  # type: ignore[operator]  # numbers, not days
