"""How many different persons, when only counts are known: a range that holds the truth.

People move, come back, and are seen by several agencies. So cells are added only inside one agency
and one short enough period; from there on the answer runs from the largest single count to the
sum. What never changes in a person (a lasting partition, such as sex as registered) is taken
outermost: the different women plus the different men are at least so many. Totals are never added
to codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cauce.engines.rollup.cells import Ask, Cell, Unit
from cauce.engines.rollup.combine import (
    TOP,
    UNIT_DIMENSIONS,
    Fold,
    RefusedError,
    side_of,
)
from cauce.engines.rollup.cover import expected_codes
from cauce.engines.rollup.declarations import Rule, TimeRule
from cauce.errors import CauceError
from cauce.values.answer import Code, Known, intersect, largest_to_sum, total
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

__all__ = ["PersonCells", "different_persons"]


@dataclass(frozen=True, slots=True)
class PersonCells:
    """The received cells of one unit and one sub-period, of whatever breakdown.

    ``dimensions`` are those of the unit's cover: its cells give the unit's total. ``held`` are
    cells there that have no value.
    """

    unit: Unit
    period: Period
    dimensions: tuple[str, ...]
    cells: tuple[Cell, ...]
    held: tuple[Cell, ...] = ()


def different_persons(
    fold: Fold, given: Sequence[PersonCells], ask: Ask
) -> tuple[Known, tuple[Cell, ...]]:
    """The range of the number of different persons in all given cells together, and the cells it
    rests on.

    Sound for any movement of people, if each cell counts each person once and lasting codes never
    change; tested against simulated worlds of persons.
    """
    persons = _Persons(fold, ask, _habits(given))
    known = persons.range(given)
    return known, tuple(persons.used.values())


def _habits(given: Sequence[PersonCells]) -> dict[tuple[Unit, str], set[str]]:
    """Which codes of a dimension each unit has used anywhere in the question."""
    used: dict[tuple[Unit, str], set[str]] = {}
    for item in given:
        for cell in (*item.cells, *item.held):
            for dimension, code in cell.breakdown.items:
                used.setdefault((item.unit, dimension), set()).add(code)
    return used


#: One agency in one period: its places may be added, if that period is short enough.
_Agency = tuple[Period, str, str]


@dataclass(slots=True)
class _Persons:
    fold: Fold
    ask: Ask
    habits: Mapping[tuple[Unit, str], set[str]]
    used: dict[str, Cell] = field(default_factory=dict)

    def _rule(self, dimension: str) -> Rule:
        return self.fold.declared.rule(dimension).numerator

    @property
    def _is_extreme(self) -> bool:
        return self.fold.declared.time in (TimeRule.MAX, TimeRule.MIN)

    def _adds(self, period: Period, dimension: str) -> bool:
        """Whether cells of a dimension may be added. The most (the fewest) of a longer time need
        not have been on the same day in all of them."""
        adds = self.fold.declared.partitions_in(period, dimension)
        return adds and (period.is_day or not self._is_extreme)

    # -- lasting partitions, outermost ---------------------------------------------------------

    def range(self, given: Sequence[PersonCells]) -> Known:
        """Lasting unit dimensions outermost, then lasting breakdowns by intersection."""
        lasting = [d for d in UNIT_DIMENSIONS if self._rule(d) is Rule.LASTING]
        if self._is_extreme:
            lasting = []  # two may each have had their most, but not on the same day
        groups = self._apart(given, lasting)
        if len(groups) == 1:
            return self._all_codes(given)
        parts = [(name, self._all_codes(group)) for name, group in groups.items()]
        summed = total([v for _, v in parts])
        return self.fold.step(Code.of("sum", dimension=", ".join(lasting)), parts, summed)

    def _apart(
        self, given: Sequence[PersonCells], lasting: Sequence[str]
    ) -> dict[str, list[PersonCells]]:
        """Groups that share no person: whoever lies within another is in the other's group."""
        above = self.fold.world.above
        members: dict[tuple[str, ...], list[PersonCells]] = {}
        for item in given:
            members.setdefault(tuple(str(getattr(item.unit, d)) for d in lasting), []).append(item)
        groups: list[set[tuple[str, ...]]] = []
        for key in members:
            near = [g for g in groups if any(_meet(key, other, above) for other in g)]
            groups = [g for g in groups if g not in near] + [{key}.union(*near)]
        return {
            ", ".join("; ".join(k) for k in sorted(keys)): [
                x for k in sorted(keys) for x in members[k]
            ]
            for keys in groups
        }

    def _all_codes(self, given: Sequence[PersonCells]) -> Known:
        """The range from totals, tightened by the lows of each lasting dimension's codes."""
        result = self._between(given, self.ask.where, self.used)
        for dimension in self._lasting_dimensions(given):
            for alike in self._by_definition(given, dimension):
                result = self._tightened(result, dimension, alike)
        return result

    def _lasting_dimensions(self, given: Iterable[PersonCells]) -> list[str]:
        asked = set(self.ask.where.dimensions)
        names = {d for item in given for c in item.cells for d in c.breakdown.dimensions}
        lasting = (d for d in names - asked if self._rule(d) is Rule.LASTING)
        return [] if self._is_extreme else sorted(lasting)

    def _by_definition(
        self, given: Iterable[PersonCells], dimension: str
    ) -> list[list[PersonCells]]:
        """Cells under one list of codes: a code of another list may hold the same persons."""
        lists: dict[frozenset[str], list[PersonCells]] = {}
        for item in given:
            spans = self.fold.world.codes.get(dimension, ())
            codes = frozenset(s.code for s in spans if s.valid_in(item.period))
            lists.setdefault(codes, []).append(item)
        return list(lists.values())

    def _tightened(self, totals: Known, dimension: str, given: Sequence[PersonCells]) -> Known:
        codes = {c.breakdown.get(dimension) for item in given for c in item.cells} - {None}
        used: dict[str, Cell] = {}
        before = len(self.fold.steps)
        by_code = []
        for code in sorted(str(c) for c in codes):
            where = Breakdown.of((*self.ask.where.items, (dimension, code)))
            by_code.append((f"{dimension}={code}", self._between(given, where, used)))
        del self.fold.steps[before:]  # how each code's low came about is one step, not many
        lows = total([Known(_fraction(v.low), None, low_open=v.low_open) for _, v in by_code])
        if not _above(lows.low, totals.low):
            return totals
        try:
            narrowed = intersect(totals, lows)
        except CauceError:
            # Reported totals below reported codes: the reports contradict each other.
            return totals
        self.used.update(used)
        code_of = Code.of("intersection", dimension=dimension)
        return self.fold.step(code_of, [("", totals), *by_code], narrowed)

    # -- from the largest to the sum -------------------------------------------------------------

    def _between(
        self, given: Sequence[PersonCells], where: Breakdown, used: dict[str, Cell]
    ) -> Known:
        """From the largest to the sum over (period × agency), for one code or the total."""
        cells: dict[_Agency, list[tuple[Unit, Known]]] = {}
        for item in given:
            known = self._unit(item, where, used)
            if known is not None:
                key = (item.period, item.unit.party, item.unit.programme)
                cells.setdefault(key, []).append((item.unit, known))
        if not cells:  # given only by dimensions that do not combine
            return Known(Fraction(0), None)
        parts = {k: self._agency(k[0], units) for k, units in sorted(cells.items())}
        if self._is_extreme:
            return self._over_time(cells, parts)
        return self._spread(parts, "time, party")

    def _spread(self, parts: Mapping[_Agency, Known], dimension: str) -> Known:
        labelled = [(f"{k[0].text} {k[1]} {k[2]}".strip(), v) for k, v in parts.items()]
        spread = largest_to_sum([v for _, v in labelled])
        return self.fold.step(Code.of("largest_to_sum", dimension=dimension), labelled, spread)

    def _over_time(
        self,
        cells: Mapping[_Agency, list[tuple[Unit, Known]]],
        parts: Mapping[_Agency, Known],
    ) -> Known:
        """The largest (smallest) of the numbers of different persons of each period."""
        units = {unit for found in cells.values() for unit, _ in found}
        ranges: list[tuple[str, Known]] = []
        aligned = True
        for period in sorted({k[0] for k in parts}):
            here = {k: v for k, v in parts.items() if k[0] == period}
            aligned = aligned and {unit for k in here for unit, _ in cells[k]} == units
            ranges.append((period.text, self._spread(here, "party")))
        lows = [_fraction(r.low) for _, r in ranges]
        highs = [r.high for _, r in ranges if isinstance(r.high, Fraction)]
        if is_max := self.fold.declared.time is TimeRule.MAX:
            low = max(lows)
            known = aligned and len(highs) == len(ranges)
            # Where periods of several lengths, or not all units, stand side by side: at no time
            # were there more than the agencies' own largest numbers together.
            high = max(highs) if known else self._sum_of_largest(parts)
        else:
            low = min(lows)
            # While one had few, another may have had many: only days can be compared.
            alike = aligned and (len(units) == 1 or all(k[0].is_day for k in parts))
            high = min(highs) if highs and alike else None
        code = Code.of("maximum" if is_max else "minimum", dimension="time")
        return self.fold.step(code, ranges, Known(low, high))

    def _sum_of_largest(self, parts: Mapping[_Agency, Known]) -> Fraction | None:
        largest: dict[tuple[str, str], Fraction] = {}
        for (_, party, programme), known in parts.items():
            if not isinstance(known.high, Fraction):
                return None
            before = largest.get((party, programme), Fraction(0))
            largest[party, programme] = max(before, known.high)
        return sum(largest.values(), Fraction(0))

    def _agency(self, period: Period, units: list[tuple[Unit, Known]]) -> Known:
        """One agency in one period: its places are added only while they are a partition."""
        labelled = [(unit.place, known) for unit, known in units]
        if len(labelled) == 1:
            return labelled[0][1]
        if self._rule("place") is Rule.NONE:
            raise RefusedError("not_combinable", dimension="place")
        added = self._adds(period, "place")
        values = [v for _, v in labelled]
        result = total(values) if added else largest_to_sum(values)
        code = Code.of("sum" if added else "largest_to_sum", dimension="place")
        return self.fold.step(code, labelled, result)

    # -- one unit, one period ------------------------------------------------------------------

    def _unit(self, item: PersonCells, where: Breakdown, used: dict[str, Cell]) -> Known | None:
        """One unit in one period, for one code or the total; ``None`` if it says nothing of it."""
        wanted = set(where.items)
        groups: dict[tuple[str, ...], dict[tuple[str, ...], Cell]] = {}
        for cell in item.cells:
            if not wanted <= set(cell.breakdown.items):
                continue
            extra = tuple(d for d in cell.breakdown.dimensions if where.get(d) is None)
            if all(self._rule(d) is not Rule.NONE for d in extra):
                key = tuple(cell.breakdown.get(d) or "" for d in extra)
                groups.setdefault(extra, {})[key] = cell
        if where == self.ask.where:
            best = item.dimensions
        elif groups:
            best = min(groups, key=lambda extra: self._order(extra, groups[extra], item.period))
        else:
            return None
        used |= {c.id: c for c in groups[best].values()}
        return self._cells(item, best, groups[best])

    def _order(
        self,
        extra: tuple[str, ...],
        given: Mapping[tuple[str, ...], Cell],
        period: Period,
    ) -> tuple[bool, bool, int, tuple[str, ...]]:
        """The total, else a complete partition, else the coarsest."""
        expected = expected_codes(period, extra, self.fold.world.codes)
        incomplete = expected is None or not set(given) >= expected
        overlaps = not all(self._adds(period, d) for d in extra)
        return incomplete, overlaps, len(given), extra

    def _cells(
        self,
        item: PersonCells,
        extra: tuple[str, ...],
        given: Mapping[tuple[str, ...], Cell],
    ) -> Known:
        added = [d for d in extra if self._adds(item.period, d)]
        groups: dict[tuple[str, ...], list[Known]] = {}
        for key, cell in given.items():
            overlap = tuple(c for d, c in zip(extra, key, strict=True) if d not in added)
            groups.setdefault(overlap, []).append(side_of(self.fold, cell, TOP))
        if not extra:
            (values,) = groups.values()
            return values[0]
        result = largest_to_sum([total(values) for values in groups.values()])
        # While one code had its fewest, another may have had many.
        apart = self.fold.declared.time is TimeRule.MIN and len(groups) > 1
        if not apart and not self._lacks(item, extra, given):
            return result
        return Known(result.low or Fraction(0), None, low_open=result.low_open)

    def _lacks(
        self,
        item: PersonCells,
        extra: tuple[str, ...],
        given: Mapping[tuple[str, ...], Cell],
    ) -> bool:
        """Whether codes were not reported that may hold somebody.

        A unit that never reports a lasting code in the whole question («women only») is taken to
        count nobody of that code; one that reports it elsewhere left it out here.
        """
        expected = expected_codes(item.period, extra, self.fold.world.codes)
        if expected is None:
            return True
        lacking = expected - set(given)
        if not all(self._rule(d) is Rule.LASTING for d in extra):
            return bool(lacking)
        return any(
            all(c in self.habits.get((item.unit, d), ()) for d, c in zip(extra, key, strict=True))
            for key in lacking
        )


def _meet(one: Sequence[str], other: Sequence[str], above: Mapping[str, frozenset[str]]) -> bool:
    """Whether in every dimension the one is, or lies within, the other, or the other way round."""
    return all(
        a == b or not a or not b or a in above.get(b, ()) or b in above.get(a, ())
        for a, b in zip(one, other, strict=True)
    )


def _fraction(value: object) -> Fraction:
    return value if isinstance(value, Fraction) else Fraction(0)


def _above(value: object, other: object) -> bool:
    return _fraction(value) > _fraction(other)
