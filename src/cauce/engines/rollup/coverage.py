"""What was due and what was received: cells of obligation × reporting unit × sub-period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cauce.engines.rollup.cells import Ask, Cell, Due, Unit, World
from cauce.engines.rollup.declarations import Declarations, TimeRule
from cauce.engines.rollup.units import contains
from cauce.values.answer import Absence, Code
from cauce.values.figure import Coverage, Lack
from cauce.values.period import Period

__all__ = ["Received", "cover_dues"]


@dataclass(frozen=True, slots=True)
class Received:
    """The coverage of a question: ``complete`` if no cell of the question is open."""

    coverage: Coverage | None
    complete: bool
    caveats: tuple[Code, ...]
    only_exempt: bool = False
    #: Units that owe something here: their own missing sub-periods are judged by what they owe.
    owing: frozenset[Unit] = frozenset()


def cover_dues(
    ask: Ask, declared: Declarations, world: World, used: Mapping[Unit, Sequence[Cell]],
    held: Mapping[Unit, Sequence[Cell]],
) -> Received:  # fmt: skip
    """Judge every cell due against the received cells of the units that answer.

    ``used`` holds the received cells by unit, ``held`` those without a value (pending, withdrawn).
    """
    dues = [d for d in world.dues if _matters(d, ask, declared)]
    if not dues:
        return Received(None, True, (Code.of("coverage_unknown"),))
    exempt = [d for d in dues if d.state == "exempt"]
    open_dues = [d for d in dues if d.state != "exempt"]
    got = [_is_received(d, declared, world, used) for d in open_dues]
    got = [r or _by_parts(d, open_dues, got, world) for d, r in zip(open_dues, got, strict=True)]
    lacking = [d for d, r in zip(open_dues, got, strict=True) if not r]
    late = [d for d in lacking if d.state == "due"]
    coverage = Coverage(
        received=sum(got),
        due=sum(got) + len(late),
        not_yet_due=len(lacking) - len(late),
        exempt=len(exempt),
        lacks=tuple(sorted((_lack(d, held) for d in late), key=_lack_order)),
    )
    caveats = (Code.of("exempt", units=_names(exempt)),) if exempt else ()
    return Received(
        coverage,
        not lacking,
        caveats,
        only_exempt=not open_dues,
        owing=frozenset(d.unit for d in dues),
    )


def _matters(due: Due, ask: Ask, declared: Declarations) -> bool:
    """Sub-periods within the question; of a level only the last one."""
    if due.period == ask.period:
        return True
    if declared.time is TimeRule.AT_END or declared.since is not None:
        return due.period.calendar == ask.period.calendar and due.period.end == ask.period.end
    return ask.period.contains(due.period)


def _is_received(
    due: Due, declared: Declarations, world: World, used: Mapping[Unit, Sequence[Cell]]
) -> bool:
    spans: list[tuple[date, date]] = []
    for unit, cells in used.items():
        if unit == due.unit or contains(unit, due.unit, world.above) or _specifies(due.unit, unit):
            spans.extend((c.period.start, c.period.end) for c in cells)
    if declared.time is TimeRule.AT_END or declared.since is not None:
        # A level is received when it is given for the end of the sub-period.
        return any(end == due.period.end for _, end in spans)
    return _spans_cover(spans, due.period)


def _specifies(owed: Unit, unit: Unit) -> bool:
    """An obligation silent about the party or programme is met by whoever reports there."""
    pairs = (
        (owed.party, unit.party),
        (owed.programme, unit.programme),
        (owed.place, unit.place),
    )
    return any((owed.party, owed.programme, owed.place)) and all(a in ("", b) for a, b in pairs)


def _spans_cover(spans: Iterable[tuple[date, date]], period: Period) -> bool:
    at = period.start
    for start, end in sorted(spans):
        if start > at:
            break
        at = max(at, end)
    return at >= period.end


def _by_parts(due: Due, dues: Sequence[Due], got: Sequence[bool], world: World) -> bool:
    """A whole that owes a value is answered when all units below it that owe it have reported."""
    below = [
        r
        for d, r in zip(dues, got, strict=True)
        if d.period == due.period and contains(due.unit, d.unit, world.above)
    ]
    return bool(below) and all(below)


def _lack(due: Due, held: Mapping[Unit, Sequence[Cell]]) -> Lack:
    here = [c for c in held.get(due.unit, ()) if c.period.overlaps(due.period)]
    why = next(
        (
            absence.value
            for absence in (Absence.PENDING, Absence.WITHDRAWN)
            if any(c.status == absence.value for c in here)
        ),
        Absence.MISSING.value,
    )
    unit = due.unit
    return Lack(
        unit.party or None, unit.programme or None, unit.place or None, due.period.text, why
    )


def _lack_order(lack: Lack) -> tuple[str, str, str, str]:
    return lack.party or "", lack.programme or "", lack.place or "", lack.period


def _names(dues: Iterable[Due]) -> str:
    names = {"; ".join(filter(None, (d.unit.party, d.unit.programme, d.unit.place))) for d in dues}
    return ", ".join(sorted(names))
