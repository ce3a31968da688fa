"""The roll-up in plain Python: the truth that every faster engine must equal.

From the cells of an indicator to an answer: choose who answers for each unit, choose one grain for
each series, judge what was due, combine in the declared order, and finish once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from cauce.engines.rollup import beside
from cauce.engines.rollup.cells import Ask, Cell, Outcome, Step, Unused, World
from cauce.engines.rollup.combine import (
    BOTTOM,
    TOP,
    Fold,
    RefusedError,
    combine_units,
    series_value,
    union_of,
)
from cauce.engines.rollup.cover import covers_of
from cauce.engines.rollup.coverage import Received, cover_dues
from cauce.engines.rollup.declarations import Declarations, Identity, TimeRule, Value
from cauce.engines.rollup.levels import accumulated
from cauce.engines.rollup.parts import finish, pack
from cauce.engines.rollup.persons import PersonCells, different_persons
from cauce.engines.rollup.units import (
    Covered,
    Top,
    cover_series,
    is_own,
    names_of,
    series_of_units,
    top_units,
)
from cauce.values.answer import (
    Absence,
    Absent,
    Answer,
    Code,
    Known,
    Refused,
    exact,
    quotient,
)
from cauce.values.period import Period

__all__ = ["roll_up"]

#: Kinds of value of which several never make one, and what it would take.
_NEVER = {
    Value.OPAQUE: Refused.of("not_combinable", dimension="time, place, party"),
    Value.DISTRIBUTION: Refused.of("needs_distribution"),
}


def roll_up(
    ask: Ask,
    cells: Sequence[Cell],
    declared: Declarations,
    world: World = World(),  # noqa: B008 - frozen
) -> Outcome:
    """Answer one question from the current cells of one indicator and kind.

    ``cells`` are all current records in scope: within the asked place, party and programme, of
    whatever breakdown and period; those outside of the question are left out here. Order does not
    matter. Cost: one pass over the cells, a sort of each series, one look at each due for each
    unit.
    """
    cells = sorted(cells, key=lambda c: (c.unit, c.reporter, c.period, c.breakdown, c.id))
    if declared.since is not None:
        return accumulated(ask, cells, declared, world, declared.since, _roll)
    return _roll(ask, cells, declared, world)


def _roll(ask: Ask, cells: Sequence[Cell], declared: Declarations, world: World) -> Outcome:
    return _Roll(ask, cells, declared, world).outcome()


class _Roll:
    def __init__(
        self, ask: Ask, cells: Sequence[Cell], declared: Declarations, world: World
    ) -> None:
        self.ask, self.cells, self.declared, self.world = ask, cells, declared, world
        self.fold = Fold(declared, world)
        self.caveats: list[Code] = []
        self.unused: list[Unused] = []
        self.used: dict[str, Cell] = {}

    def outcome(self) -> Outcome:
        series = series_of_units(self._inside(), self.ask, self.declared, self.world)
        covered = [cover_series(s, self.ask, self.declared, self.world) for s in series]
        top = top_units(covered, self.world)
        received = self._received(top)
        answer = self._answer(top, received)
        self._note(top)
        others = beside.competing(self.ask, self.cells, self.declared, self.world, top.units, _roll)
        parts = tuple(beside.parts_beside(self.ask, self.cells, self.declared))
        years = [Code.of("other_calendar", period=p.period) for p in parts if p.why == "calendar"]
        steps = tuple(self.fold.steps)
        return Outcome(
            answer=answer,
            coverage=received.coverage,
            caveats=tuple(dict.fromkeys((*self.caveats, *years, *received.caveats))),
            competing=(*others, *parts),
            used=tuple(self.used.values()),
            steps=steps,
            unused=tuple(u for u in self.unused if u.cell.id not in self.used),
            method=steps[-1].code.code if steps else "reported",
        )

    def _inside(self) -> list[Cell]:
        """The cells within the period; where levels carry, also those before its end."""
        asked, since = self.ask.period, self.declared.since
        return [
            c
            for c in self.cells
            if (since is None or c.period.start == since)
            and (
                asked.contains(c.period)
                or (
                    self.declared.carry
                    and c.period.calendar == asked.calendar
                    and c.period.end <= asked.end
                )
            )
        ]

    # -- what was due --------------------------------------------------------------------------

    def _received(self, top: Top) -> Received:
        used = {c.unit: c.cover.cells for c in top.units if c.cover and c.has_value}
        held = {c.unit: [x for x in c.series.cells if not x.received] for c in top.units}
        carried = frozenset(c.unit for c in top.units if c.carried)
        received = cover_dues(self.ask, self.declared, self.world, used, held, carried)
        return self._by_themselves(top, received)

    def _by_themselves(self, top: Top, received: Received) -> Received:
        """Without an obligation, a series still shows by itself which sub-periods it lacks, and a
        unit whose cells hold nothing for the question is open too."""
        lacking: set[str] = set()
        empty = False
        for item in (*top.units, *top.aside):
            if item.unit in received.owing:
                continue
            if item not in top.aside and item.has_value and item.cover is not None:
                lacking.update(p.text for p in item.cover.missing)
            else:
                lacking.add(self.ask.period.text)
                empty = True
        if lacking and any(c.has_value for c in top.units):
            self.caveats.append(Code.of("periods_missing", periods=", ".join(sorted(lacking))))
        return replace(
            received,
            complete=received.complete and not lacking,
            every_unit=received.every_unit and not empty,
        )

    # -- the answer ----------------------------------------------------------------------------

    def _answer(self, top: Top, received: Received) -> Answer:
        torn = sorted({r for c in top.units if c.is_torn for r in c.series.others})
        if torn:
            return Refused.of("no_preferred_reporter", reporters=", ".join(torn))
        valued = [c for c in top.units if c.has_value]
        if not valued:
            return Absent(self._absence(top, received))
        for item in valued:
            self.caveats.extend(item.series.caveats)
            if item.carried and item.cover is not None:
                day = item.cover.slots[-1].period.last_day.isoformat()
                self.caveats.append(Code.of("carried", day=day))
        try:
            self._check_alike(top.units)
            return self._folded(top, valued, received)
        except RefusedError as refusal:
            return refusal.refused

    def _absence(self, top: Top, received: Received) -> Absence:
        statuses = {x.status for c in top.units for x in c.series.cells if self._is_asked(x)}
        for absence in (Absence.PENDING, Absence.WITHDRAWN):
            if absence.value in statuses:
                return absence
        return Absence.NOT_APPLICABLE if received.only_exempt else Absence.MISSING

    def _is_asked(self, cell: Cell) -> bool:
        """Whether a cell would answer for the question, or a part of the answer, if it could."""
        if self.declared.is_level:
            return cell.period.end == self.ask.period.end
        return not beside.is_part(cell, self.ask, self.declared)

    def _check_alike(self, units: Iterable[Covered]) -> None:
        """Several methods or units of counting are several series: no total is made of them."""
        cells = [c for item in units for c in self._usable(item)]
        methods = sorted({c.method for c in cells})
        if len(methods) > 1:
            raise RefusedError("mixed_methods", methods=", ".join(m or "—" for m in methods))
        kinds = sorted({c.count_unit for c in cells})
        if len(kinds) > 1:
            raise RefusedError("mixed_units", units=", ".join(k or "—" for k in kinds))

    def _usable(self, item: Covered) -> Iterable[Cell]:
        """The received cells of every grain of a series, not only of the one that answers."""
        if item.carried and item.cover is not None:
            return item.cover.cells
        covers = covers_of(item.series.cells, self.ask, self.declared, self.world.codes)
        return [c for cover in covers for c in cover.cells]

    def _folded(self, top: Top, valued: Sequence[Covered], received: Received) -> Answer:
        counting = self._counting(valued, received)
        cells = [x for c in counting if c.cover for x in c.cover.cells]
        self.used.update((c.id, c) for c in cells)
        if (single := self._as_it_is(cells, valued, received)) is not None:
            return single
        if not counting and self.declared.is_ratio:
            return Absent(Absence.NOT_APPLICABLE)
        # Everything received may count elsewhere, and nothing here.
        number = self._number(counting, cells) if counting else exact(0)
        bottom = self._side(counting, BOTTOM) if self.declared.is_ratio else None
        if bottom is not None and (ratio := quotient(number, bottom)) is not None:
            inputs: tuple[tuple[str, Answer], ...] = (
                ("numerator", number),
                ("denominator", bottom),
            )
            self.fold.steps.append(Step(Code.of("ratio"), inputs, ratio))
        answer = self._finished(number, bottom, received)
        for item in counting:
            self.caveats.extend(self._disagreements(top, item))
            self._note_partial(item)
        return answer

    def _counting(self, valued: Sequence[Covered], received: Received) -> list[Covered]:
        """The covers as far as they count in what is asked: a cell may add nothing above."""
        in_scope = {c.unit for c in valued} | received.units
        counting = []
        for item in valued:
            cover = item.cover
            if cover is not None and not is_own(item.unit, self.ask, in_scope):
                reason = Code.of("not_in_parent")
                left_out = (c for c in cover.cells if not c.counts_in_parent)
                self.unused.extend(Unused(c, reason) for c in left_out)
                cover = cover.counting()
            if cover is not None and cover.received:
                counting.append(replace(item, cover=cover))
        return counting

    def _as_it_is(
        self, cells: Sequence[Cell], valued: Sequence[Covered], received: Received
    ) -> Answer | None:
        """A single reported value of a kind that never combines, or a ratio given as a bare
        number: shown as reported."""
        value = self.declared.value
        if value in _NEVER:
            alone = received.owing <= {c.unit for c in valued} and received.complete
            return cells[0].value if len(cells) == 1 and alone else _NEVER[value]
        if not self.declared.is_ratio or len(cells) != 1 or cells[0].value is None:
            return None
        if cells[0].den is not None and (value is Value.MEAN or cells[0].num is not None):
            return None
        if value is Value.RATIO:
            self.caveats.append(Code.of("as_reported"))
        if not received.complete:
            self.caveats.append(Code.of("incomplete"))
        return cells[0].value

    def _finished(self, number: Known, bottom: Known | None, received: Received) -> Answer:
        parts = pack(
            number,
            bottom,
            cells=len(self.used),
            complete=received.complete,
            every_unit=received.every_unit,
            digests=(c.digest for c in self.used.values()),
        )
        population = self.world.population if self.declared.value is Value.COUNT else None
        answer, caveats = finish(parts, self.declared, population=population)
        self.caveats.extend(caveats)
        return answer

    # -- folding ---------------------------------------------------------------------------------

    def _number(self, counting: Sequence[Covered], cells: Sequence[Cell]) -> Known:
        """The value, or the numerator of a ratio, of all that counts."""
        if self.declared.identity is Identity.PERSONS:
            known, used = different_persons(self.fold, _person_cells(counting), self.ask)
            self.used.update((c.id, c) for c in used)
            return known
        united = self.declared.time in (TimeRule.UNION, TimeRule.SUM, TimeRule.AT_END)
        if self.declared.identity is Identity.ENTITIES and united and _have_ids(cells):
            labelled = [(c.unit.place or c.id, exact(len(c.entities))) for c in cells]
            return self.fold.step(Code.of("union", dimension="entities"), labelled, union_of(cells))
        return self._side(counting, TOP)

    def _side(self, counting: Sequence[Covered], side: str) -> Known:
        values = [(c.unit, series_value(self.fold, c.cover, side)) for c in counting if c.cover]
        return combine_units(self.fold, values, side)

    def _value_of(self, items: Sequence[Covered], *, complete: bool) -> Known | None:
        """What other covers would say, quietly; open upwards where they are not complete."""
        quiet = _Roll(self.ask, self.cells, self.declared, replace(self.world, population=None))
        cells = [x for c in items if c.cover for x in c.cover.cells]
        try:
            number = quiet._number(items, cells)
        except RefusedError:
            return None
        answer = quiet._finished(number, None, Received(None, complete=complete))
        return answer if isinstance(answer, Known) else None

    def _disagreements(self, top: Top, item: Covered) -> Iterator[Code]:
        """A reported cell outside of the range of its reported parts is worth a caution: finer
        cells of the same series, and the units inside the unit."""
        if self.declared.is_ratio or item.cover is None or not item.cover.is_complete:
            return
        parts = []
        for cover in beside.finer_covers(self.ask, item, self.declared, self.world):
            complete = not cover.missing
            if complete or self.declared.time is not TimeRule.MEAN:
                parts.append(self._value_of([replace(item, cover=cover)], complete=complete))
        within = beside.parts_within(item.unit, top, self.world)
        if within and self.declared.time not in (TimeRule.MEAN, TimeRule.MIN):
            parts.append(self._value_of(within, complete=False))
        if parts:
            whole = self._value_of([item], complete=True)
            for part in parts:
                yield from beside.parts_differ(whole, part)

    # -- what a reader is told -------------------------------------------------------------------

    def _note_partial(self, item: Covered) -> None:
        """A breakdown of which not all codes were given says which ones there are."""
        cover = item.cover
        if cover is None or all(s.complete for s in cover.received):
            return
        for dimension in cover.dimensions:
            codes = sorted({c.breakdown.get(dimension) or "" for c in cover.cells})
            self.caveats.append(
                Code.of("partial_breakdown", dimension=dimension, codes=", ".join(codes))
            )

    def _note(self, top: Top) -> None:
        """Why each cell of the units in scope was not used."""
        for item, whole in top.within:
            reason = Code.of("unit_within", unit="; ".join(filter(None, names_of(whole))))
            self.unused.extend(Unused(c, reason) for c in item.series.cells)
        noted = {u.cell.id for u in self.unused} | set(self.used)
        for item in (*top.units, *top.aside):
            left = [c for c in item.series.cells if c.id not in noted]
            self.unused.extend(Unused(c, self._why_not(c)) for c in left)

    def _why_not(self, cell: Cell) -> Code:
        if not cell.received:
            return Code.of(cell.status)
        if beside.is_part(cell, self.ask, self.declared):
            reason = Code.of("part_of_period", period=cell.period.text, reporter=cell.reporter)
            self.caveats.append(reason)
            return reason
        return Code.of("other_grain")


def _person_cells(counting: Sequence[Covered]) -> list[PersonCells]:
    """All received cells of each unit at the chosen time grain, of whatever breakdown: what sex
    was reported tightens the range even where a total answers."""
    found = []
    for item in counting:
        at: dict[Period, list[Cell]] = {}
        for cell in item.series.cells:
            at.setdefault(cell.period, []).append(cell)
        cover = item.cover
        for slot in cover.received if cover else ():
            here = at.get(slot.period, [])
            given = {c.id: c for c in here if c.received and c.counts_in_parent}
            given |= {c.id: c for c in slot.cells}
            held = tuple(c for c in here if not c.received)
            dimensions = cover.dimensions if cover else ()
            found.append(
                PersonCells(item.unit, slot.period, dimensions, tuple(given.values()), held)
            )
    return found


def _have_ids(cells: Iterable[Cell]) -> bool:
    """Whether each cell names what it counts; of none there is nothing to name."""
    return all(c.entities or c.value == exact(0) for c in cells)
