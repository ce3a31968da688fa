"""The roll-up in plain Python: the truth that every faster engine must equal.

From the cells of an indicator to an answer: choose who answers for each unit, choose one grain for
each series, judge what was due, combine in the declared order, and finish once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cauce.engines.rollup.cells import Ask, Cell, Outcome, Step, Unit, Unused, World
from cauce.engines.rollup.combine import (
    BOTTOM,
    TOP,
    Fold,
    RefusedError,
    combine_units,
    series_value,
    union_of,
)
from cauce.engines.rollup.cover import Cover, choose_cover, grain_of
from cauce.engines.rollup.coverage import Received, cover_dues
from cauce.engines.rollup.declarations import Declarations, Identity, TimeRule, Value
from cauce.engines.rollup.levels import carried_cover, level_difference
from cauce.engines.rollup.parts import finish, pack
from cauce.engines.rollup.persons import PersonCells, different_persons
from cauce.engines.rollup.units import Series, is_own, series_of_units, top_units
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
from cauce.values.figure import Competing

__all__ = ["roll_up"]


@dataclass(frozen=True, slots=True)
class _Covered:
    """A unit that answers, with its cover (``None``: nothing of use) and all its cells."""

    series: Series
    cover: Cover | None


def roll_up(
    ask: Ask,
    cells: Sequence[Cell],
    declared: Declarations,
    world: World = World(),  # noqa: B008 - frozen
) -> Outcome:
    """Answer one question from the current cells of one indicator and kind.

    ``cells`` are all current records in scope: within the asked period (for a level that carries,
    also before it), place, party and programme, and whose breakdown contains the one asked.
    Order does not matter. Cost: one pass over the cells, and a sort of each series.
    """
    cells = sorted(cells, key=lambda c: (c.unit, c.reporter, c.period, c.breakdown, c.id))
    if declared.since is not None and ask.period.start > declared.since:
        return level_difference(ask, cells, declared, world, roll_up)
    if declared.since is not None:
        cells = [c for c in cells if c.period.start == declared.since]
        ask = replace(ask, period=replace(ask.period, start=declared.since))
    return _Roll(ask, cells, declared, world).outcome()


class _Roll:
    def __init__(
        self, ask: Ask, cells: Sequence[Cell], declared: Declarations, world: World
    ) -> None:
        self.ask, self.cells, self.declared, self.world = ask, cells, declared, world
        self.fold = Fold(declared)
        self.caveats: list[Code] = []
        self.unused: list[Unused] = []
        self.level_missing = False

    def outcome(self) -> Outcome:
        inside = [c for c in self.cells if c.period.calendar == self.ask.period.calendar]
        series = series_of_units(inside, self.world)
        top, unused = top_units(series, self.world)
        self.unused.extend(unused)
        covered = [self._cover(s) for s in top.values()]
        used = self._used(covered)
        received = self._received(covered, used)
        answer = self._answer(covered, used, received)
        return Outcome(
            answer=answer,
            coverage=received.coverage,
            caveats=tuple(dict.fromkeys((*self.caveats, *received.caveats))),
            competing=self._competing(series, top),
            used=tuple(c for cells in used.values() for c in cells),
            steps=tuple(self.fold.steps),
            unused=tuple(self.unused),
            method=self.fold.steps[-1].code.code if self.fold.steps else "reported",
        )

    # -- which cells -------------------------------------------------------------------------

    def _cover(self, series: Series) -> _Covered:
        """One grain for the series; what falls outside of it is noted as not used."""
        if not series.reporter:
            return _Covered(series, None)
        cover = choose_cover(series.cells, self.ask, self.declared, self.world.codes)
        if self.declared.carry and (cover is None or not cover.slots[-1].cells):
            cover = carried_cover(series.cells, self.ask, self.declared, self.world.codes) or cover
            if cover is not None and cover.slots[-1].period.end < self.ask.period.end:
                day = cover.slots[-1].period.last_day.isoformat()
                self.caveats.append(Code.of("carried", day=day))
        self.caveats.extend(series.caveats)
        chosen = set(cover.cells) if cover else set()
        for cell in series.cells:
            if cell not in chosen:
                self._not_used(cell)
        return _Covered(series, cover)

    def _not_used(self, cell: Cell) -> None:
        if not cell.received:
            reason = Code.of(cell.status)
        elif grain_of(cell.period, self.ask.period) is None:
            reason = Code.of("part_of_period", period=cell.period.text, reporter=cell.reporter)
            if self.ask.period.contains(cell.period) and self.declared.since is None:
                self.caveats.append(reason)
        else:
            reason = Code.of("other_grain")
        self.unused.append(Unused(cell, reason))

    def _used(self, covered: Sequence[_Covered]) -> dict[Unit, tuple[Cell, ...]]:
        """The received cells of the cover, of units that count in what is asked."""
        return {c.series.unit: c.cover.cells for c in covered if c.cover and c.cover.cells}

    def _adding(self, used: Mapping[Unit, Sequence[Cell]]) -> set[Unit]:
        """Units whose cells count in what is asked: a cell may say that it adds nothing above."""
        adding = set()
        for unit, cells in used.items():
            if all(c.counts_in_parent for c in cells) or is_own(
                unit, self.ask, used, self.world.dues
            ):
                adding.add(unit)
            else:
                reason = Code.of("not_in_parent")
                self.unused.extend(Unused(c, reason) for c in cells)
        return adding

    # -- what was due --------------------------------------------------------------------------

    def _received(
        self, covered: Sequence[_Covered], used: Mapping[Unit, Sequence[Cell]]
    ) -> Received:
        held = {c.series.unit: [x for x in c.series.cells if not x.received] for c in covered}
        received = cover_dues(self.ask, self.declared, self.world, used, held)
        if self.declared.time is TimeRule.AT_END or self.declared.since is not None:
            return received
        # Without an obligation, a series still shows by itself which sub-periods it lacks; a unit
        # whose only cell is pending or withdrawn is open too.
        lacking = sorted(
            {
                p.text
                for c in covered
                if c.series.unit not in received.owing and c.cover
                for p in c.cover.missing
            }
        )
        if lacking and used:
            self.caveats.append(Code.of("periods_missing", periods=", ".join(lacking)))
        return replace(received, complete=received.complete and not lacking)

    # -- the answer ----------------------------------------------------------------------------

    def _answer(
        self,
        covered: Sequence[_Covered],
        used: Mapping[Unit, Sequence[Cell]],
        received: Received,
    ) -> Answer:
        torn = sorted({r for c in covered if not c.series.reporter for r in c.series.others})
        if torn:
            return Refused.of("no_preferred_reporter", reporters=", ".join(torn))
        if not used:
            return Absent(self._absence(covered, received))
        adding = self._adding(used)
        answering = [c for c in covered if c.series.unit in adding and c.cover and c.cover.cells]
        try:
            return self._folded(answering, used, received)
        except RefusedError as refusal:
            return refusal.refused

    def _absence(self, covered: Sequence[_Covered], received: Received) -> Absence:
        statuses = {x.status for c in covered for x in c.series.cells if not x.received}
        for absence in (Absence.PENDING, Absence.WITHDRAWN):
            if absence.value in statuses:
                return absence
        return Absence.NOT_APPLICABLE if received.only_exempt else Absence.MISSING

    def _folded(
        self,
        answering: Sequence[_Covered],
        used: Mapping[Unit, Sequence[Cell]],
        received: Received,
    ) -> Answer:
        covers = [(c.series.unit, c.cover) for c in answering if c.cover is not None]
        cells = [x for _, cover in covers for x in cover.cells]
        self._check_alike(cells)
        if (single := self._as_it_is(cells, received)) is not None:
            return single
        top = self._top(answering, covers, cells)
        if top is None:
            return Absent(Absence.MISSING)
        bottom = self._side(covers, BOTTOM) if self.declared.is_ratio else None
        if bottom is not None:
            self._note_ratio(top, bottom)
        parts = pack(
            top,
            bottom,
            cells=len(cells),
            complete=received.complete and not self.level_missing,
            every_unit=received.owing <= set(used),
            digests=(c.digest for cs in used.values() for c in cs),
        )
        answer, caveats = finish(parts, self.declared, population=self._population())
        self.caveats.extend(caveats)
        self._check_parts(answering)
        return answer

    def _population(self) -> Fraction | None:
        is_persons = self.declared.identity is Identity.PERSONS
        counts = self.declared.value is Value.COUNT
        return self.world.population if is_persons or counts else None

    def _check_alike(self, cells: Sequence[Cell]) -> None:
        methods = sorted({c.method for c in cells})
        if len(methods) > 1:
            raise RefusedError("mixed_methods", methods=", ".join(m or "—" for m in methods))
        units = sorted({c.count_unit for c in cells})
        if len(units) > 1:
            raise RefusedError("mixed_units", units=", ".join(u or "—" for u in units))

    def _as_it_is(self, cells: Sequence[Cell], received: Received) -> Answer | None:
        """A single reported value of a kind that never combines, or a ratio given as a bare
        number: shown as reported."""
        value = self.declared.value
        bare = value in (Value.RATIO, Value.MEAN) and all(c.value is not None for c in cells)
        never = value in (Value.OPAQUE, Value.DISTRIBUTION)
        if not never and not (bare and any(c.den is None for c in cells)):
            return None
        if len(cells) == 1 and received.complete and cells[0].value is not None:
            if bare and value is Value.RATIO:
                self.caveats.append(Code.of("as_reported"))
            return cells[0].value
        codes = {
            Value.RATIO: "no_denominator",
            Value.MEAN: "no_weight",
            Value.DISTRIBUTION: "needs_distribution",
        }
        if value in codes:
            raise RefusedError(codes[value])
        if len(cells) == 1:
            return cells[0].value
        raise RefusedError("not_combinable", dimension="time, place, party")

    def _top(
        self,
        answering: Sequence[_Covered],
        covers: Sequence[tuple[Unit, Cover]],
        cells: Sequence[Cell],
    ) -> Known | None:
        if not covers:
            return exact(0)  # everything received counts elsewhere, not here
        if self.declared.identity is Identity.PERSONS:
            return different_persons(
                self.fold, self._person_cells(answering), self.ask, self.world.codes
            )
        if self.declared.identity is Identity.ENTITIES and all(c.entities for c in cells):
            union = union_of(cells)
            labelled = [(c.unit.place or c.id, exact(len(c.entities))) for c in cells]
            return self.fold.step(Code.of("union", dimension="entities"), labelled, union)
        return self._side(covers, TOP)

    def _side(self, covers: Sequence[tuple[Unit, Cover]], side: str) -> Known | None:
        values = [(unit, series_value(self.fold, cover, side)) for unit, cover in covers]
        known = [(unit, value) for unit, value in values if value is not None]
        if len(known) < len(values):
            # A level whose end was not received: nothing is known of that unit.
            self.level_missing = True
        return combine_units(self.fold, known, side) if known else None

    def _person_cells(self, answering: Sequence[_Covered]) -> list[PersonCells]:
        """All received cells of each unit at the chosen time grain, of whatever breakdown: what
        sex was reported tightens the range even where a total answers."""
        found = []
        for covered in answering:
            assert covered.cover is not None  # `answering` holds covered units only
            slots = covered.cover.slots
            if self.declared.time is TimeRule.AT_END:
                slots = slots[-1:]
            for slot in slots:
                here = tuple(
                    c for c in covered.series.cells if c.received and c.period == slot.period
                )
                if here:
                    found.append(PersonCells(covered.series.unit, slot.period, here))
        return found

    def _note_ratio(self, top: Known, bottom: Known) -> None:
        ratio = quotient(top, bottom)
        if ratio is not None:
            inputs: tuple[tuple[str, Answer], ...] = (("numerator", top), ("denominator", bottom))
            self.fold.steps.append(Step(Code.of("ratio"), inputs, ratio))

    def _check_parts(self, answering: Sequence[_Covered]) -> None:
        """A reported cell outside the range of its reported parts is worth a caution."""
        if self.declared.is_ratio or self.declared.time not in (TimeRule.SUM, TimeRule.UNION):
            return
        for covered in answering:
            cover = covered.cover
            if cover is None or cover.grain != "asked" or cover.dimensions or not cover.cells:
                continue
            finer = [c for c in covered.series.cells if c not in cover.cells and c.received]
            found = choose_cover(finer, self.ask, self.declared, self.world.codes)
            if found is None or not found.cells or not self._tiles(found):
                continue
            parts = self._range_of_parts(covered, found)
            self._compare(cover.cells[0], parts)

    @staticmethod
    def _tiles(cover: Cover) -> bool:
        return all(s.complete for s in cover.slots)

    def _range_of_parts(self, covered: _Covered, found: Cover) -> Known | None:
        quiet = Fold(self.declared)
        if self.declared.identity is Identity.PERSONS:
            cells = [PersonCells(covered.series.unit, s.period, s.cells) for s in found.slots]
            return different_persons(quiet, cells, self.ask, self.world.codes)
        return series_value(quiet, found, TOP)

    def _compare(self, cell: Cell, parts: Known | None) -> None:
        reported = cell.value
        if parts is None or reported is None:
            return
        too_low = reported.high is not None and parts.low is not None and reported.high < parts.low  # type: ignore[operator]  # numbers, not days
        too_high = reported.low is not None and parts.high is not None and reported.low > parts.high  # type: ignore[operator]  # numbers, not days
        if too_low or too_high:
            self.caveats.append(
                Code.of("parts_differ", reported=reported.value, low=parts.low, high=parts.high)
            )

    # -- who disagrees -------------------------------------------------------------------------

    def _competing(
        self, series: Mapping[Unit, Series], top: Mapping[Unit, Series]
    ) -> tuple[Competing, ...]:
        """Each other reporter's own answer, over the units where it reports beside the chosen."""
        reporters = sorted({r for s in top.values() for r in s.others})
        found = []
        for reporter in reporters:
            units = {u for u, s in top.items() if reporter in s.others}
            own = [c for c in self.cells if c.reporter == reporter and c.unit in units]
            quiet = replace(self.world, dues=(), preferred=dict.fromkeys(units, reporter))
            outcome = _Roll(self.ask, own, self.declared, quiet).outcome()
            found.append(Competing(reporter, outcome.answer, self.ask.period.text))
        found.extend(self._parts_beside(top))
        return tuple(found)

    def _parts_beside(self, top: Mapping[Unit, Series]) -> list[Competing]:
        """Published parts of the period and values of other calendars, offered beside."""
        beside = []
        for cell in self.cells:
            if cell.value is None or not cell.received:
                continue
            if cell.period.calendar != self.ask.period.calendar:
                why = "calendar"
            elif (
                self.declared.since is None
                and self.ask.period.contains(cell.period)
                and grain_of(cell.period, self.ask.period) is None
            ):
                why = "part"
            else:
                continue
            beside.append(Competing(cell.reporter, cell.value, cell.period.text, why))
        return beside
