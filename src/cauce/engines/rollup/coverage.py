"""What was due and what was received: cells of obligation × reporting unit × sub-period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cauce.engines.rollup.cells import Ask, Cell, Due, Unit, World
from cauce.engines.rollup.declarations import Declarations
from cauce.engines.rollup.units import Above, contains, names_of
from cauce.values.answer import Absence, Code
from cauce.values.figure import Coverage, Lack
from cauce.values.period import Period

__all__ = ["Received", "cover_dues"]


@dataclass(frozen=True, slots=True)
class Received:
    """What was received of what was due.

    ``complete`` if no cell of the question is open; ``every_unit`` if of every unit that owes at
    least something was received; ``owing`` are the units that are judged by what they owe;
    ``units`` those that owe a cell of the question itself.
    """

    coverage: Coverage | None
    complete: bool = True
    every_unit: bool = True
    caveats: tuple[Code, ...] = ()
    only_exempt: bool = False
    owing: frozenset[Unit] = frozenset()
    units: frozenset[Unit] = frozenset()


@dataclass(frozen=True, slots=True)
class _Fit:
    """A due cell as far as the question reaches: its unit and period cut to what is asked.

    ``inside`` if nothing had to be cut. What is owed for a wider unit or a longer period is no
    cell of the question, but while it is not told apart, the question is not fully answered.
    """

    due: Due
    unit: Unit
    start: date
    end: date
    inside: bool


def cover_dues(
    ask: Ask,
    declared: Declarations,
    world: World,
    used: Mapping[Unit, Sequence[Cell]],
    held: Mapping[Unit, Sequence[Cell]],
    carried: frozenset[Unit] = frozenset(),
) -> Received:
    """Judge every cell due against the received cells of the units that answer.

    ``used`` holds the received cells by unit, ``held`` those without a value (pending, withdrawn);
    a unit of ``carried`` answers by an earlier level, so that it lacks its cell and opens nothing.
    """
    fits = [f for d in world.dues if (f := _fit(d, ask, declared, world.above)) is not None]
    inside = [f for f in fits if f.inside]
    judge = _Judge(declared, world.above, used, [f for f in inside if f.due.state != "exempt"])
    lacking = judge.lacking()
    wider = [f for f in fits if not f.inside and f.due.state != "exempt"]
    untold = [f for f in wider if not judge.is_received(f)]
    open_units = {f.unit for f in (*lacking, *untold)}
    return Received(
        coverage=_coverage(inside, judge.fits, lacking, held) if inside else None,
        complete=all(any(answers(c, u, world.above) for c in carried) for u in open_units),
        every_unit=all(judge.has_any(unit) for unit in open_units),
        caveats=_caveats(inside, untold),
        only_exempt=bool(inside) and not judge.fits,
        owing=frozenset(f.unit for f in fits),
        units=frozenset(f.unit for f in inside),
    )


# -- which dues matter ---------------------------------------------------------------------------


def _fit(due: Due, ask: Ask, declared: Declarations, above: Above) -> _Fit | None:
    unit = _cut_unit(due.unit, ask.unit, above)
    span = _cut_period(due.period, ask.period, declared)
    if unit is None or span is None:
        return None
    start, end, within = span
    return _Fit(due, unit, start, end, within and unit == due.unit)


def _cut_unit(owed: Unit, asked: Unit, above: Above) -> Unit | None:
    """What the two have in common; ``None`` if nothing."""
    narrower = []
    for a, b in zip(names_of(owed), names_of(asked), strict=True):
        if not b or b == a or b in above.get(a, frozenset()):
            narrower.append(a)
        elif not a or a in above.get(b, frozenset()):
            narrower.append(b)
        else:
            return None
    return Unit(*narrower)


def _cut_period(
    owed: Period, asked: Period, declared: Declarations
) -> tuple[date, date, bool] | None:
    """The days in common, and whether the owed period is a sub-period of the question.

    Of a level only the sub-period at the end asked counts.
    """
    alike = owed.calendar == asked.calendar
    if declared.is_level:
        if not owed.start < asked.end <= owed.end:
            return None
        return asked.start, asked.end, alike and owed.end == asked.end
    if not owed.overlaps(asked):
        return None
    return max(owed.start, asked.start), min(owed.end, asked.end), asked.contains(owed)


# -- received or not -------------------------------------------------------------------------------


class _Judge:
    """Judges dues; what was received and what lies below is looked up once for each unit."""

    def __init__(
        self,
        declared: Declarations,
        above: Above,
        used: Mapping[Unit, Sequence[Cell]],
        fits: Sequence[_Fit],
    ) -> None:
        self.is_level, self.above, self.used, self.fits = (
            declared.is_level,
            above,
            used,
            fits,
        )
        self.spans: dict[Unit, list[tuple[date, date]]] = {}
        self.by_unit: dict[Unit, list[_Fit]] = {}
        for fit in fits:
            self.by_unit.setdefault(fit.unit, []).append(fit)

    def lacking(self) -> list[_Fit]:
        """The dues not received, where a whole is answered by all the units below it."""
        lacking = [f for f in self.fits if not self.is_received(f)]
        while True:
            # A whole may be answered by wholes that are answered by their parts.
            left = [f for f in lacking if not self._by_parts(f, frozenset(lacking))]
            if len(left) == len(lacking):
                return left
            lacking = left

    def is_received(self, fit: _Fit) -> bool:
        spans = self._spans(fit.unit)
        if self.is_level:
            # A level is received when it is given for the end of the sub-period.
            return any(end == fit.end for _, end in spans)
        return _spans_cover(spans, fit.start, fit.end)

    def _spans(self, owed: Unit) -> list[tuple[date, date]]:
        """The days received of a unit: its own cells, or those of a whole it lies in."""
        if owed not in self.spans:
            self.spans[owed] = sorted(
                (c.period.start, c.period.end)
                for unit, cells in self.used.items()
                if answers(unit, owed, self.above)
                for c in cells
            )
        return self.spans[owed]

    def has_any(self, owed: Unit) -> bool:
        """Whether anything at all was received of a unit."""
        return bool(self._spans(owed))

    def _by_parts(self, whole: _Fit, lacking: frozenset[_Fit]) -> bool:
        """Whether all units below that owe within the same time have reported all of it."""
        below = [u for u in self.by_unit if contains(whole.unit, u, self.above)]
        parts = [[p for p in self.by_unit[u] if _within(p, whole)] for u in below]
        return any(parts) and all(
            not lacking.intersection(fits)
            and _spans_cover(sorted((p.start, p.end) for p in fits), whole.start, whole.end)
            for fits in parts
            if fits
        )


def answers(unit: Unit, owed: Unit, above: Above) -> bool:
    """Whether a report of a unit says what another owes: its own, or that of a whole."""
    return unit == owed or contains(unit, owed, above)


def _within(part: _Fit, whole: _Fit) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def _spans_cover(spans: Iterable[tuple[date, date]], start: date, end: date) -> bool:
    """Whether spans in order of time leave no day out."""
    at = start
    for first, after in spans:
        if first > at:
            break
        at = max(at, after)
    return at >= end


# -- in words later --------------------------------------------------------------------------------


def _coverage(
    inside: Sequence[_Fit],
    judged: Sequence[_Fit],
    lacking: Sequence[_Fit],
    held: Mapping[Unit, Sequence[Cell]],
) -> Coverage:
    late = [f.due for f in lacking if f.due.state == "due"]
    received = len(judged) - len(lacking)
    return Coverage(
        received=received,
        due=received + len(late),
        not_yet_due=len(lacking) - len(late),
        exempt=len(inside) - len(judged),
        lacks=tuple(sorted((_lack(d, held) for d in late), key=_lack_order)),
    )


def _caveats(inside: Sequence[_Fit], untold: Sequence[_Fit]) -> tuple[Code, ...]:
    caveats = [] if inside else [Code.of("coverage_unknown")]
    if exempt := [f.due.unit for f in inside if f.due.state == "exempt"]:
        caveats.append(Code.of("exempt", units=_labels(exempt)))
    if untold:
        caveats.append(Code.of("not_told_apart", units=_labels(f.due.unit for f in untold)))
    return tuple(caveats)


def _lack(due: Due, held: Mapping[Unit, Sequence[Cell]]) -> Lack:
    statuses = {c.status for c in held.get(due.unit, ()) if c.period.overlaps(due.period)}
    order = (Absence.PENDING, Absence.WITHDRAWN)
    why = next((a for a in order if a.value in statuses), Absence.MISSING)
    party, programme, place = (name or None for name in names_of(due.unit))
    return Lack(party, programme, place, due.period.text, why.value)


def _lack_order(lack: Lack) -> tuple[str, str, str, str]:
    return lack.party or "", lack.programme or "", lack.place or "", lack.period


def _labels(units: Iterable[Unit]) -> str:
    names = {"; ".join(filter(None, names_of(u))) for u in units}
    return ", ".join(sorted(n or "—" for n in names))
