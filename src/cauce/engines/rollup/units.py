"""Who answers for each reporting unit, and which units answer for the question.

The preferred reporter answers for a whole unit or not at all; a unit that is a whole (a country, a
headquarters) answers instead of the units below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cauce.engines.rollup.cells import Ask, Cell, Due, Unit, Unused, World
from cauce.values.answer import Code

__all__ = ["Series", "answering", "contains", "is_own", "series_of_units", "top_units"]


@dataclass(frozen=True, slots=True)
class Series:
    """The cells of one unit by one reporter, chosen to answer for the unit.

    ``reporter`` is empty when several report and none is preferred.
    """

    unit: Unit
    reporter: str
    cells: tuple[Cell, ...]
    others: tuple[str, ...] = ()
    caveats: tuple[Code, ...] = ()


def series_of_units(cells: Iterable[Cell], world: World) -> dict[Unit, Series]:
    """Choose a reporter for each unit, by the rules of ``semantics`` B8."""
    units: dict[Unit, list[Cell]] = {}
    for cell in cells:
        units.setdefault(cell.unit, []).append(cell)
    return {
        unit: answering(unit, found, world.preferred.get(unit)) for unit, found in units.items()
    }


def answering(unit: Unit, cells: Sequence[Cell], preferred: str | None) -> Series:
    """The preferred reporter if it has any current record; else the sole one; else nobody."""
    reporters = sorted({c.reporter for c in cells})
    if preferred in reporters:
        chosen, caveats = preferred, ()
    elif len(reporters) == 1:
        chosen = reporters[0]
        caveats = (
            (Code.of("not_preferred", reporter=chosen, preferred=preferred),) if preferred else ()
        )
    else:
        return Series(unit, "", tuple(cells), tuple(reporters))
    own = tuple(c for c in cells if c.reporter == chosen)
    others = tuple(r for r in reporters if r != chosen)
    return Series(unit, chosen or "", own, others, caveats)


def contains(whole: Unit, part: Unit, above: Mapping[str, frozenset[str]]) -> bool:
    """Whether ``part`` lies strictly below ``whole`` in at least one dimension and outside of it
    in none; a dimension that is not told apart contains all."""
    if whole == part:
        return False
    pairs = (
        (whole.party, part.party),
        (whole.programme, part.programme),
        (whole.place, part.place),
    )
    return all(a in (b, "") or a in above.get(b, frozenset()) for a, b in pairs)


def top_units(
    series: Mapping[Unit, Series], world: World
) -> tuple[dict[Unit, Series], list[Unused]]:
    """The units that answer: those not contained in another unit that has a value.

    A whole that holds only pending or withdrawn cells does not silence its parts.
    """
    with_value = [u for u, s in series.items() if any(c.received for c in s.cells)]
    top: dict[Unit, Series] = {}
    unused: list[Unused] = []
    for unit, found in sorted(series.items()):
        wholes = [w for w in with_value if contains(w, unit, world.above)]
        if wholes:
            reason = Code.of("unit_within", unit="; ".join(filter(None, _names(wholes[0]))))
            unused.extend(Unused(c, reason) for c in found.cells)
        else:
            top[unit] = found
    # A whole without a value steps aside when its parts answer.
    for unit in list(top):
        if unit not in with_value and any(contains(unit, u, world.above) for u in with_value):
            unused.extend(Unused(c, Code.of("no_value")) for c in top.pop(unit).cells)
    return top, unused


def _names(unit: Unit) -> tuple[str, str, str]:
    return unit.party, unit.programme, unit.place


def is_own(unit: Unit, ask: Ask, units: Iterable[Unit], dues: Iterable[Due]) -> bool:
    """Whether the question is about this very unit and not about a whole above it.

    A cell that does not count in its parent answers only a question about its own unit.
    """
    asked = zip(_names(ask.unit), _names(unit), strict=True)
    if any(a and a != b for a, b in asked):
        return False
    in_scope = {*units, *(d.unit for d in dues)}
    return any(_names(ask.unit)) and in_scope <= {unit}
