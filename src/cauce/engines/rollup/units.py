"""Who answers for each reporting unit, and which units answer for the question.

The preferred reporter answers for a whole unit or not at all; a unit that is a whole (a country, a
headquarters) answers instead of the units below it, unless they cover more of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cauce.engines.rollup.cells import Ask, Cell, Unit, World
from cauce.engines.rollup.cover import Cover, carried_cover, choose_cover
from cauce.engines.rollup.declarations import Declarations
from cauce.values.answer import Code

__all__ = [
    "Above",
    "Covered",
    "Series",
    "Top",
    "contains",
    "cover_series",
    "crosses",
    "is_own",
    "names_of",
    "series_of_units",
    "top_units",
]

Above = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Series:
    """The cells of one unit by the reporter that answers for it, of the breakdown asked.

    ``reporter`` is empty when several report and none is preferred; ``others`` are the reporters
    that stand beside.
    """

    unit: Unit
    reporter: str
    cells: tuple[Cell, ...]
    others: tuple[str, ...] = ()
    caveats: tuple[Code, ...] = ()


def series_of_units(
    cells: Iterable[Cell], ask: Ask, declared: Declarations, world: World
) -> list[Series]:
    """Choose a reporter for each unit, by the rules of ``semantics`` B8."""
    units: dict[Unit, list[Cell]] = {}
    for cell in cells:
        units.setdefault(cell.unit, []).append(cell)
    return [
        _answering(unit, found, ask, declared, world.preferred.get(unit))
        for unit, found in sorted(units.items())
    ]


def _answering(
    unit: Unit,
    cells: Sequence[Cell],
    ask: Ask,
    declared: Declarations,
    preferred: str | None,
) -> Series:
    """The preferred reporter if it has any current record within the period, of whatever
    breakdown; else the sole one; else nobody."""
    within = [c for c in cells if ask.period.contains(c.period)]
    if declared.carry and not within:
        within = list(cells)  # earlier levels, which carry
    reporters = sorted({c.reporter for c in within})
    matching = tuple(c for c in cells if is_of(c, ask))
    if preferred not in reporters and len(reporters) > 1:
        return Series(unit, "", matching, tuple(reporters))
    chosen = preferred if preferred in reporters else reporters[0]
    caveats: list[Code] = []
    if preferred is not None and chosen != preferred:
        caveats.append(Code.of("not_preferred", reporter=chosen, preferred=preferred))
    own = tuple(c for c in matching if c.reporter == chosen)
    others = tuple(sorted({c.reporter for c in matching} - {chosen}))
    return Series(unit, str(chosen), own, others, tuple(caveats))


def is_of(cell: Cell, ask: Ask) -> bool:
    """Whether a cell is of the breakdown asked, or of a finer one."""
    return set(ask.where.items) <= set(cell.breakdown.items)


# -- wholes and parts ----------------------------------------------------------------------------


def contains(whole: Unit, part: Unit, above: Above) -> bool:
    """Whether ``part`` lies strictly below ``whole`` in at least one dimension and outside of it
    in none; a dimension that is not told apart contains all."""
    return whole != part and all(
        _around(a, b, above) for a, b in zip(names_of(whole), names_of(part), strict=True)
    )


def _around(whole: str, part: str, above: Above) -> bool:
    return whole in (part, "") or whole in above.get(part, frozenset())


def crosses(one: Unit, other: Unit, above: Above) -> bool:
    """Whether two units may share something although neither contains the other: one programme
    everywhere, and one place in all programmes."""
    pairs = list(zip(names_of(one), names_of(other), strict=True))
    meet = all(_around(a, b, above) or _around(b, a, above) for a, b in pairs)
    return (
        meet and one != other and not (contains(one, other, above) or contains(other, one, above))
    )


def names_of(unit: Unit) -> tuple[str, str, str]:
    return unit.party, unit.programme, unit.place


_ALL = (date.max.toordinal(), 0)


@dataclass(frozen=True, slots=True)
class Covered:
    """A series with its cover (``None``: nothing of use); ``carried`` from an earlier level."""

    series: Series
    cover: Cover | None
    carried: bool = False

    @property
    def unit(self) -> Unit:
        return self.series.unit

    @property
    def has_value(self) -> bool:
        return self.cover is not None and bool(self.cover.received)

    @property
    def is_torn(self) -> bool:
        """Several reporters state a value and nobody chose one of them."""
        return not self.series.reporter and any(c.received for c in self.series.cells)

    @property
    def days(self) -> tuple[int, int]:
        """How much of the period it covers; a torn unit is not passed over for its parts."""
        return _ALL if self.is_torn or self.cover is None else self.cover.days


def cover_series(series: Series, ask: Ask, declared: Declarations, world: World) -> Covered:
    """One grain for the series, or an earlier level where levels carry."""
    if not series.reporter:
        return Covered(series, None)
    cover = choose_cover(series.cells, ask, declared, world.codes)
    if declared.carry and (cover is None or not cover.received):
        carried = carried_cover(series.cells, ask, declared, world.codes)
        if carried is not None:
            return Covered(series, carried, carried=True)
    return Covered(series, cover)


@dataclass(frozen=True, slots=True)
class Top:
    """Which units answer; ``within`` are those inside an answering whole, with that whole;
    ``aside`` are wholes whose parts answer instead."""

    units: tuple[Covered, ...]
    within: tuple[tuple[Covered, Unit], ...]
    aside: tuple[Covered, ...]


def top_units(covered: Sequence[Covered], world: World) -> Top:
    """A whole answers for its parts if it has a value, unless each of them covers more of the
    question than it does; a whole without a value does not silence its parts."""
    speaking = {c.unit: c for c in covered if c.has_value or c.is_torn}
    wholes = {c.unit: [w for w in speaking if contains(w, c.unit, world.above)] for c in covered}
    answering = set(speaking)
    for unit in sorted(speaking, key=lambda u: (-len(wholes[u]), u)):
        parts = [p for p in answering if unit in wholes[p]]
        if parts and all(speaking[p].days > speaking[unit].days for p in parts):
            answering.discard(unit)
        else:
            answering.difference_update(parts)
    top, within, aside = [], [], []
    for item in covered:
        whole = next((w for w in wholes[item.unit] if w in answering), None)
        if item.unit in answering:
            top.append(item)
        elif whole is not None:
            within.append((item, whole))
        elif any(contains(item.unit, p, world.above) for p in answering):
            aside.append(item)
        else:
            top.append(item)
    return Top(tuple(top), tuple(within), tuple(aside))


def is_own(unit: Unit, ask: Ask, in_scope: Iterable[Unit]) -> bool:
    """Whether the question is about this very unit and not about a whole above it.

    A cell that does not count in its parent answers only a question about its own unit.
    """
    if unit == ask.unit:
        return True
    asked = [(a, b) for a, b in zip(names_of(ask.unit), names_of(unit), strict=True) if a]
    return bool(asked) and all(a == b for a, b in asked) and set(in_scope) <= {unit}
