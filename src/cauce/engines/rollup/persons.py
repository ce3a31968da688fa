"""How many different persons, when only counts are known: a range that holds the truth.

People move, come back, and are seen by several agencies. So cells are added only inside one agency and
one short enough period; from there on the answer runs from the largest single count to the sum.
What never changes in a person (a lasting partition, such as sex as registered) is taken outermost: the
different women plus the different men are at least so many. Totals are never added to codes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cauce.engines.rollup.cells import Ask, Cell, CodeSpan, Unit
from cauce.engines.rollup.combine import Fold, RefusedError, side_of
from cauce.engines.rollup.cover import expected_codes
from cauce.engines.rollup.declarations import Rule, TimeRule
from cauce.errors import CauceError
from cauce.values.answer import Code, Known, intersect, largest_to_sum, total
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

__all__ = ["PersonCells", "different_persons"]


@dataclass(frozen=True, slots=True)
class PersonCells:
    """The received cells of one unit and one sub-period, of whatever breakdown."""

    unit: Unit
    period: Period
    cells: tuple[Cell, ...]


def different_persons(
    fold: Fold, given: Sequence[PersonCells], ask: Ask, codes: Mapping[str, tuple[CodeSpan, ...]]
) -> Known:
    """The range of the number of different persons in all given cells together.

    Sound for any movement of people, if each cell counts each person once and lasting codes never
    change; tested against simulated worlds of persons.
    """
    return _Persons(fold, ask, codes, _habits(given)).range(given)


def _habits(given: Sequence[PersonCells]) -> dict[tuple[Unit, str], set[str]]:
    """Which codes of a dimension each unit has used anywhere in the question."""
    used: dict[tuple[Unit, str], set[str]] = {}
    for item in given:
        for cell in item.cells:
            for dimension, code in cell.breakdown.items:
                used.setdefault((item.unit, dimension), set()).add(code)
    return used


@dataclass(slots=True)
class _Persons:
    fold: Fold
    ask: Ask
    codes: Mapping[str, tuple[CodeSpan, ...]]
    habits: Mapping[tuple[Unit, str], set[str]]

    def _rule(self, dimension: str) -> Rule:
        return self.fold.declared.rule(dimension).numerator

    def range(self, given: Sequence[PersonCells]) -> Known:
        """Lasting unit dimensions outermost, then lasting breakdowns by intersection."""
        lasting = [d for d in ("party", "programme", "place") if self._rule(d) is Rule.LASTING]
        groups: dict[tuple[str, ...], list[PersonCells]] = {}
        for item in given:
            groups.setdefault(tuple(str(getattr(item.unit, d)) for d in lasting), []).append(item)
        if len(groups) == 1:
            return self._all_codes(given)
        parts = [("; ".join(key), self._all_codes(group)) for key, group in groups.items()]
        summed = total([v for _, v in parts])
        return self.fold.step(Code.of("sum", dimension=", ".join(lasting)), parts, summed)

    def _all_codes(self, given: Sequence[PersonCells]) -> Known:
        """The range from totals, tightened by the lows of each lasting dimension's codes."""
        result = self._between(given, self.ask.where, note=True)
        if result is None:  # only cells that cannot be combined
            raise RefusedError("not_combinable", dimension=self._blocking(given))
        for dimension in self._lasting_dimensions(given):
            by_code = []
            for code in sorted(self._given_codes(given, dimension)):
                where = Breakdown.of((*self.ask.where.items, (dimension, code)))
                known = self._between(given, where, note=False)
                if known is not None:
                    by_code.append((f"{dimension}={code}", known))
            result = self._tightened(result, dimension, by_code)
        return result

    def _tightened(self, totals: Known, dimension: str, by_code: list[tuple[str, Known]]) -> Known:
        lows = total([Known(v.low or Fraction(0), None, low_open=v.low_open) for _, v in by_code])
        if not by_code or totals.low is None or lows.low is None or lows.low <= totals.low:  # type: ignore[operator]  # numbers, not days
            return totals
        try:
            narrowed = intersect(totals, lows)
        except CauceError:
            # Reported totals below reported codes: the reports contradict each other.
            return totals
        code = Code.of("intersection", dimension=dimension)
        return self.fold.step(code, [("", totals), *by_code], narrowed)

    def _between(
        self, given: Sequence[PersonCells], where: Breakdown, *, note: bool
    ) -> Known | None:
        """From the largest to the sum over (period × agency), for one code or the total."""
        cells: dict[tuple[Period, str, str], list[tuple[Unit, Known]]] = {}
        for item in given:
            known = self._unit(item, where)
            if known is not None:
                key = (item.period, item.unit.party, item.unit.programme)
                cells.setdefault(key, []).append((item.unit, known))
        if not cells:
            return None
        parts = [
            (f"{key[0].text} {key[1]} {key[2]}".strip(), self._agency(key[0], units, note=note))
            for key, units in sorted(cells.items())
        ]
        if self.fold.declared.time in (TimeRule.MAX, TimeRule.MIN):
            return self._over_time(cells, parts)
        spread = largest_to_sum([v for _, v in parts])
        if note:
            self.fold.step(Code.of("largest_to_sum", dimension="time, party"), parts, spread)
        return spread

    def _over_time(
        self,
        cells: Mapping[tuple[Period, str, str], object],
        parts: Sequence[tuple[str, Known]],
    ) -> Known:
        """The largest (smallest) of the numbers of different persons of each period."""
        periods: dict[Period, list[Known]] = {}
        for key, (_, value) in zip(sorted(cells), parts, strict=True):
            periods.setdefault(key[0], []).append(value)
        ranges = [largest_to_sum(values) for values in periods.values()]
        pick = max if self.fold.declared.time is TimeRule.MAX else min
        low = pick(r.low if isinstance(r.low, Fraction) else Fraction(0) for r in ranges)
        highs = [r.high for r in ranges if isinstance(r.high, Fraction)]
        return Known(low, pick(highs) if len(highs) == len(ranges) else None)

    def _agency(self, period: Period, units: list[tuple[Unit, Known]], *, note: bool) -> Known:
        """One agency in one period: its places are added only while they are a partition."""
        labelled = [(unit.place, known) for unit, known in units]
        if len(labelled) == 1:
            return labelled[0][1]
        if self._rule("place") is Rule.NONE:
            raise RefusedError("not_combinable", dimension="place")
        added = self.fold.declared.partitions_in(period, "place")
        values = [v for _, v in labelled]
        result = total(values) if added else largest_to_sum(values)
        if note:
            code = Code.of("sum" if added else "largest_to_sum", dimension="place")
            self.fold.step(code, labelled, result)
        return result

    def _unit(self, item: PersonCells, where: Breakdown) -> Known | None:
        """One unit in one period, for one code or the total; ``None`` if it says nothing of it."""
        wanted = dict(where.items)
        groups: dict[tuple[str, ...], dict[tuple[str, ...], Known]] = {}
        for cell in item.cells:
            have = dict(cell.breakdown.items)
            if any(have.get(d) != c for d, c in wanted.items()):
                continue
            extra = tuple(d for d in cell.breakdown.dimensions if d not in wanted)
            key = tuple(have[d] for d in extra)
            groups.setdefault(extra, {})[key] = side_of(cell, "top", self.fold.declared)
        usable = {e: g for e, g in groups.items() if all(self._rule(d) is not Rule.NONE for d in e)}
        if not usable:
            return None
        best = min(usable, key=lambda extra: self._order(extra, usable[extra], item.period))
        return self._cells(item, best, usable[best])

    def _order(
        self, extra: tuple[str, ...], given: Mapping[tuple[str, ...], Known], period: Period
    ) -> tuple[bool, bool, int, tuple[str, ...]]:
        """The total, else a complete partition, else the coarsest."""
        incomplete = not set(given) >= expected_codes(period, extra, self.codes)
        overlaps = not all(self.fold.declared.partitions_in(period, d) for d in extra)
        return incomplete, overlaps, len(given), extra

    def _cells(
        self, item: PersonCells, extra: tuple[str, ...], given: Mapping[tuple[str, ...], Known]
    ) -> Known:
        added = [d for d in extra if self.fold.declared.partitions_in(item.period, d)]
        groups: dict[tuple[str, ...], list[Known]] = {}
        for key, known in given.items():
            overlap = tuple(c for d, c in zip(extra, key, strict=True) if d not in added)
            groups.setdefault(overlap, []).append(known)
        result = largest_to_sum([total(values) for values in groups.values()])
        if not extra or not self._lacks(item, extra, given):
            return result
        return Known(result.low or Fraction(0), None, low_open=result.low_open)

    def _lacks(
        self, item: PersonCells, extra: tuple[str, ...], given: Mapping[tuple[str, ...], Known]
    ) -> bool:
        """Whether codes were not reported that may hold somebody.

        A unit that never reports a lasting code in the whole question («women only») is taken to
        count nobody of that code; one that reports it elsewhere left it out here.
        """
        lacking = expected_codes(item.period, extra, self.codes) - set(given)
        if not lacking:
            return False
        if not all(self._rule(d) is Rule.LASTING for d in extra):
            return True
        return any(
            all(c in self.habits.get((item.unit, d), ()) for d, c in zip(extra, key, strict=True))
            for key in lacking
        )

    def _lasting_dimensions(self, given: Iterable[PersonCells]) -> list[str]:
        asked = set(self.ask.where.dimensions)
        names = {d for item in given for c in item.cells for d in c.breakdown.dimensions}
        return sorted(d for d in names - asked if self._rule(d) is Rule.LASTING)

    def _given_codes(self, given: Iterable[PersonCells], dimension: str) -> set[str]:
        return {
            code
            for item in given
            for c in item.cells
            if (code := c.breakdown.get(dimension)) is not None
        }

    def _blocking(self, given: Iterable[PersonCells]) -> str:
        names = {d for item in given for c in item.cells for d in c.breakdown.dimensions}
        return ", ".join(sorted(d for d in names if self._rule(d) is Rule.NONE))
