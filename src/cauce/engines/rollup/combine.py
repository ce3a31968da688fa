"""How cells of events, amounts, entities and ratios combine: time, then partitions, then overlaps.

Persons have their own page (``persons.py``), because people move and are seen by several agencies.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cauce.engines.rollup.cells import Cell, Step, Unit
from cauce.engines.rollup.cover import Cover, Slot
from cauce.engines.rollup.declarations import Declarations, Rule, TimeRule, Value
from cauce.values.answer import Code, Known, Refused, exact, largest_to_sum, scaled, total

__all__ = ["Fold", "RefusedError", "Side", "combine_units", "series_value", "side_of", "union_of"]

UNIT_DIMENSIONS = ("party", "programme", "place")


class RefusedError(Exception):
    """Leaves the arithmetic with a refusal; never leaves the engine."""

    def __init__(self, code: str, **params: object) -> None:
        self.refused = Refused.of(code, **params)
        super().__init__(code)


@dataclass(slots=True)
class Fold:
    """What one roll-up is about while it runs: declarations and the steps taken so far."""

    declared: Declarations
    steps: list[Step] = field(default_factory=list)

    def step(self, code: Code, inputs: Sequence[tuple[str, Known]], result: Known) -> Known:
        """Note a step where something was really combined; return its result."""
        if len(inputs) > 1:
            self.steps.append(Step(code, tuple(inputs), result))
        return result


#: Which number of a cell is folded, and by which side of each dimension's rule.
Side = str
TOP, BOTTOM = "top", "bottom"


def side_of(cell: Cell, side: Side, declared: Declarations) -> Known:
    """The number of a cell that a side folds, with the cell's joint share applied."""
    if declared.value is Value.MEAN:
        if cell.den is None or cell.value is None:
            raise RefusedError("no_weight")
        known = exact(cell.den) if side == BOTTOM else scaled(cell.value, cell.den)
    elif declared.value is Value.RATIO:
        number = cell.den if side == BOTTOM else cell.num
        if number is None:
            raise RefusedError("no_denominator")
        known = exact(number)
    else:
        assert cell.value is not None  # a received cell has a value: rules.check_observation
        known = cell.value
    return known if cell.share == 1 else scaled(known, cell.share)


def rule_of(dimension: str, side: Side, declared: Declarations) -> Rule:
    rule = declared.rule(dimension)
    return rule.denominator if side == BOTTOM else rule.numerator


def series_value(fold: Fold, cover: Cover, side: Side) -> Known | None:
    """The value of one series: its breakdown cells within each sub-period, then time.

    ``None`` when the time rule needs a sub-period that was not received.
    """
    values = [(slot, _slot_value(fold, cover, slot, side)) for slot in cover.received]
    labelled = [(slot.period.text, value) for slot, value in values]
    declared = fold.declared
    match declared.time:
        case TimeRule.AT_END:
            last = values[-1] if values else None
            if last is None or last[0].period.end != cover.slots[-1].period.end:
                return None
            return last[1]
        case TimeRule.SUM:
            return fold.step(Code.of("sum", dimension="time"), labelled, _summed(fold, labelled))
        case TimeRule.UNION:
            spread = largest_to_sum([v for _, v in labelled])
            return fold.step(Code.of("largest_to_sum", dimension="time"), labelled, spread)
        case TimeRule.MAX | TimeRule.MIN:
            return _extreme(fold, labelled, missing=bool(cover.missing))
        case TimeRule.MEAN:
            mean = scaled(_summed(fold, labelled), Fraction(1, len(labelled)))
            return fold.step(Code.of("mean", dimension="time"), labelled, mean)
        case TimeRule.NONE:
            if len(labelled) > 1:
                raise RefusedError("not_combinable", dimension="time")
            return labelled[0][1]


def _summed(fold: Fold, labelled: Sequence[tuple[str, Known]]) -> Known:
    return total([v for _, v in labelled], non_negative=not fold.declared.may_be_negative)


def _extreme(fold: Fold, labelled: Sequence[tuple[str, Known]], *, missing: bool) -> Known:
    """The largest (smallest) value over time; with a missing sub-period only a bound of it."""
    is_max = fold.declared.time is TimeRule.MAX
    pick: Callable[[list[Fraction]], Fraction] = max if is_max else min
    lows = [v.low for _, v in labelled if isinstance(v.low, Fraction)]
    highs = [v.high for _, v in labelled if isinstance(v.high, Fraction)]
    # The maximum is at least every value's low; it is at most the largest high, if all are known.
    all_low, all_high = len(lows) == len(labelled), len(highs) == len(labelled)
    low = pick(lows) if (lows and is_max) or (lows and all_low) else None
    high = pick(highs) if (highs and not is_max) or (highs and all_high) else None
    if missing:
        low, high = (low, None) if is_max else (None, high)
    if low is None and high is None:
        low = Fraction(0)
    code = Code.of("maximum" if is_max else "minimum", dimension="time")
    return fold.step(code, labelled, Known(low, high))


def _slot_value(fold: Fold, cover: Cover, slot: Slot, side: Side) -> Known:
    """One sub-period: its breakdown cells, partitions first, then overlaps."""
    labelled = [
        (c.breakdown.text or slot.period.text, side_of(c, side, fold.declared)) for c in slot.cells
    ]
    if len(labelled) == 1 and slot.complete:
        return labelled[0][1]
    rules = {d: rule_of(d, side, fold.declared) for d in cover.dimensions}
    keys = [tuple((d, c.breakdown.get(d) or "") for d in cover.dimensions) for c in slot.cells]
    combined = _grouped(fold, rules, list(zip(keys, labelled, strict=True)))
    if slot.complete or fold.declared.may_be_negative:
        return combined
    # Codes of a list that nobody gave: the total is at least what was given.
    low = combined.low if combined.low is not None else Fraction(0)
    return Known(low, None, low_open=combined.low_open)


Key = tuple[tuple[str, str], ...]


def _grouped(
    fold: Fold, rules: dict[str, Rule], items: Sequence[tuple[Key, tuple[str, Known]]]
) -> Known:
    """Sum over partitions inside each combination of overlapping members, then largest to sum."""
    for dimension, rule in rules.items():
        members = {dict(key)[dimension] for key, _ in items}
        if rule is Rule.NONE and len(members) > 1:
            raise RefusedError("not_combinable", dimension=dimension)
    groups: dict[Key, list[tuple[Key, tuple[str, Known]]]] = {}
    for key, labelled in items:
        overlap = tuple(p for p in key if rules[p[0]] is Rule.OVERLAP)
        groups.setdefault(overlap, []).append((key, labelled))
    sums = [(_label(key), _partition(fold, rules, group)) for key, group in groups.items()]
    if len(sums) == 1:
        return sums[0][1]
    names = ", ".join(d for d, r in rules.items() if r is Rule.OVERLAP)
    spread = largest_to_sum([v for _, v in sums])
    return fold.step(Code.of("largest_to_sum", dimension=names), sums, spread)


def _label(key: Key) -> str:
    return "; ".join(value for _, value in key if value)


def _partition(
    fold: Fold, rules: dict[str, Rule], items: Sequence[tuple[Key, tuple[str, Known]]]
) -> Known:
    """Σ over the partition dimensions; a dimension whose members all carry the same number
    (``same``) gives that number once, and is refused where they differ."""
    same = [d for d, r in rules.items() if r is Rule.SAME]
    groups: dict[Key, list[tuple[str, Known]]] = {}
    for key, labelled in items:
        groups.setdefault(tuple(p for p in key if p[0] not in same), []).append(labelled)
    once: list[tuple[str, Known]] = []
    for labels in groups.values():
        if len(labels) > 1 and same and any(v != labels[0][1] for _, v in labels):
            raise RefusedError("denominators_differ", dimension=", ".join(same))
        once.extend(labels[:1] if same else labels)
    names = ", ".join(d for d, r in rules.items() if r in (Rule.PARTITION, Rule.LASTING))
    return fold.step(Code.of("sum", dimension=names), once, _summed(fold, once))


def combine_units(fold: Fold, values: Sequence[tuple[Unit, Known]], side: Side) -> Known:
    """The values of reporting units as one: only dimensions in which they differ matter."""
    differing = [d for d in UNIT_DIMENSIONS if len({getattr(u, d) for u, _ in values}) > 1]
    rules = {d: rule_of(d, side, fold.declared) for d in differing}
    items = [
        (tuple((d, str(getattr(unit, d))) for d in differing), (unit_label(unit, differing), value))
        for unit, value in values
    ]
    return _grouped(fold, rules, items)


def unit_label(unit: Unit, dimensions: Sequence[str]) -> str:
    """A unit by what tells it apart from the others: ids, worded later."""
    return "; ".join(v for d in dimensions if (v := str(getattr(unit, d))))


def union_of(cells: Sequence[Cell]) -> Known:
    """Entities with ids: how many different ones, exactly."""
    ids: set[str] = set()
    for cell in cells:
        ids |= cell.entities
    return exact(len(ids))
