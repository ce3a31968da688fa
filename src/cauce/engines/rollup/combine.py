"""How cells of events, amounts, entities and ratios combine: time, then partitions, then overlaps.

Persons have their own page (``persons.py``), because people move and are seen by several agencies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from cauce.engines.rollup.cells import Cell, Step, Unit, World
from cauce.engines.rollup.cover import Cover, Slot
from cauce.engines.rollup.declarations import Declarations, Rule, TimeRule, Value
from cauce.engines.rollup.units import crosses
from cauce.values.answer import (
    Code,
    Known,
    Number,
    Refused,
    exact,
    largest_to_sum,
    scaled,
    total,
)

__all__ = [
    "Fold",
    "RefusedError",
    "Side",
    "combine_units",
    "series_value",
    "side_of",
    "union_of",
]

UNIT_DIMENSIONS = ("party", "programme", "place")


class RefusedError(Exception):
    """Leaves the arithmetic with a refusal; never leaves the engine."""

    def __init__(self, code: str, **params: object) -> None:
        self.refused = Refused.of(code, **params)
        super().__init__(code)


@dataclass(slots=True)
class Fold:
    """What one roll-up is about while it runs: declarations, the world, the steps so far."""

    declared: Declarations
    world: World
    steps: list[Step] = field(default_factory=list)

    def step(self, code: Code, inputs: Sequence[tuple[str, Known]], result: Known) -> Known:
        """Note a step where something was really combined; return its result."""
        if len(inputs) > 1:
            self.steps.append(Step(code, tuple(inputs), result))
        return result


#: Which number of a cell is folded, and by which side of each dimension's rule.
Side = str
TOP, BOTTOM = "top", "bottom"


def side_of(fold: Fold, cell: Cell, side: Side) -> Known:
    """The number of a cell that a side folds, with the cell's joint share applied."""
    known = _number(cell, side, fold.declared.value)
    if cell.share == 1:
        return known
    part = scaled(known, cell.share)
    fold.steps.append(Step(Code.of("joint_share", share=cell.share), ((cell.id, known),), part))
    return part


def _number(cell: Cell, side: Side, value: Value) -> Known:
    if value is Value.MEAN:
        if cell.den is None or cell.value is None:
            raise RefusedError("no_weight")
        return exact(cell.den) if side == BOTTOM else scaled(cell.value, cell.den)
    if value is Value.RATIO:
        number = cell.den if side == BOTTOM else cell.num
        if number is None:
            raise RefusedError("no_denominator")
        return exact(number)
    if cell.value is None:  # recorded under another declaration, as a ratio
        raise RefusedError("not_bounded")
    return cell.value


def rule_of(dimension: str, side: Side, declared: Declarations) -> Rule:
    rule = declared.rule(dimension)
    return rule.denominator if side == BOTTOM else rule.numerator


def series_value(fold: Fold, cover: Cover, side: Side) -> Known:
    """The value of one series with at least one received sub-period: its breakdown cells within
    each, then time. What was not received is for ``finish`` to say."""
    values = [(s.period.text, _slot_value(fold, cover, s, side)) for s in cover.received]
    declared = fold.declared
    if len(values) == 1:
        return values[0][1]
    if declared.time is TimeRule.NONE or (declared.is_ratio and declared.time is not TimeRule.SUM):
        # The largest of the ratios is not the ratio of the largest numbers.
        raise RefusedError("not_combinable", dimension="time")
    match declared.time:
        case TimeRule.SUM:
            return fold.step(Code.of("sum", dimension="time"), values, _summed(fold, values))
        case TimeRule.MAX | TimeRule.MIN:
            return _extreme(fold, values)
        case TimeRule.MEAN:
            mean = scaled(_summed(fold, values), Fraction(1, len(values)))
            return fold.step(Code.of("mean", dimension="time"), values, mean)
        case _:  # a union; of a level there is one sub-period, the last
            spread = largest_to_sum([v for _, v in values])
            return fold.step(Code.of("largest_to_sum", dimension="time"), values, spread)


def _summed(fold: Fold, labelled: Sequence[tuple[str, Known]]) -> Known:
    return total([v for _, v in labelled], non_negative=not fold.declared.may_be_negative)


def _extreme(fold: Fold, labelled: Sequence[tuple[str, Known]]) -> Known:
    """The largest (smallest) value over time. A bound is open only if every value that attains it
    is open there."""
    is_max = fold.declared.time is TimeRule.MAX
    values = [v for _, v in labelled]
    least = None if fold.declared.may_be_negative else Fraction(0)
    lows = [(v.low, v.low_open) if v.low is not None else (least, False) for v in values]
    highs = [(v.high, v.high_open) for v in values]
    # The largest value is at least every low that is known; at most the largest high, if all are.
    low, low_open = _picked(lows, largest=is_max, needs_all=not is_max)
    high, high_open = _picked(highs, largest=is_max, needs_all=is_max)
    numbers = [v.value for v in values if isinstance(v.value, Fraction)]
    estimate = None
    if any(v.estimate is not None for v in values) and len(numbers) == len(values):
        estimate = max(numbers) if is_max else min(numbers)
    if low is None and high is None and estimate is None:
        raise RefusedError("not_bounded")
    result = Known(low, high, estimate, low_open, high_open and low != high)
    return fold.step(
        Code.of("maximum" if is_max else "minimum", dimension="time"), labelled, result
    )


def _picked(
    ends: Sequence[tuple[Number | None, bool]], *, largest: bool, needs_all: bool
) -> tuple[Fraction | None, bool]:
    """The largest (smallest) end and whether it is open; ``None`` where too few are known."""
    known = [(end, is_open) for end, is_open in ends if isinstance(end, Fraction)]
    if not known or (needs_all and len(known) < len(ends)):
        return None, False
    pick: Callable[[Iterable[Fraction]], Fraction] = max if largest else min
    best = pick(end for end, _ in known)
    return best, all(is_open for end, is_open in known if end == best)


def _slot_value(fold: Fold, cover: Cover, slot: Slot, side: Side) -> Known:
    """One sub-period: its breakdown cells, partitions first, then overlaps."""
    labelled = [(c.breakdown.text or slot.period.text, side_of(fold, c, side)) for c in slot.cells]
    rules = {d: rule_of(d, side, fold.declared) for d in cover.dimensions}
    keys = [tuple((d, c.breakdown.get(d) or "") for d in cover.dimensions) for c in slot.cells]
    combined = _grouped(fold, rules, list(zip(keys, labelled, strict=True)))
    if slot.complete or fold.declared.is_ratio:
        return combined  # a ratio is that of the codes reported
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
    if fold.declared.may_be_negative:
        raise RefusedError("not_combinable", dimension=names)
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
        if same and len(labels) > 1:
            fold.step(Code.of("same", dimension=", ".join(same)), labels, labels[0][1])
        once.extend(labels[:1] if same else labels)
    if len(once) == 1:
        return once[0][1]  # as reported: of one value no low is filled in
    names = ", ".join(d for d, r in rules.items() if r in (Rule.PARTITION, Rule.LASTING))
    return fold.step(Code.of("sum", dimension=names), once, _summed(fold, once))


def combine_units(fold: Fold, values: Sequence[tuple[Unit, Known]], side: Side) -> Known:
    """The values of reporting units as one: only dimensions in which they differ matter."""
    differing = [d for d in UNIT_DIMENSIONS if len({getattr(u, d) for u, _ in values}) > 1]
    rules = {d: rule_of(d, side, fold.declared) for d in differing}
    labelled = [(unit, (unit_label(unit, differing), value)) for unit, value in values]
    if _cross(fold, [u for u, _ in values], differing):
        return _crossing(fold, rules, labelled)
    items = [(tuple((d, str(getattr(u, d))) for d in differing), label) for u, label in labelled]
    return _grouped(fold, rules, items)


def _cross(fold: Fold, units: Sequence[Unit], differing: Sequence[str]) -> bool:
    """Whether two of the units cross: it takes two dimensions with a whole beside its part."""
    above = fold.world.above
    nested = 0
    for dimension in differing:
        values = {str(getattr(u, dimension)) for u in units}
        nested += "" in values or any(above.get(v, frozenset()) & values for v in values)
    return nested > 1 and any(
        crosses(one, other, above) for i, one in enumerate(units) for other in units[:i]
    )


def _crossing(
    fold: Fold,
    rules: dict[str, Rule],
    labelled: Sequence[tuple[Unit, tuple[str, Known]]],
) -> Known:
    """Units that may share something (a programme everywhere, a place in all programmes) overlap,
    whatever the dimensions' rules; those that share nothing with them are added."""
    names = ", ".join(rules)
    added = {Rule.PARTITION, Rule.LASTING}
    if fold.declared.may_be_negative or not set(rules.values()) <= {
        *added,
        Rule.OVERLAP,
    }:
        raise RefusedError("not_combinable", dimension=names)
    clusters: list[list[tuple[Unit, tuple[str, Known]]]] = []
    for item in labelled:
        near = [c for c in clusters if any(crosses(item[0], u, fold.world.above) for u, _ in c)]
        clusters = [c for c in clusters if c not in near]
        clusters.append([x for c in near for x in c] + [item])
    if not set(rules.values()) <= added:
        clusters = [list(labelled)]
    sums = []
    for cluster in clusters:
        inputs = [label for _, label in cluster]
        spread = largest_to_sum([v for _, v in inputs])
        fold.step(Code.of("largest_to_sum", dimension=names), inputs, spread)
        sums.append(("; ".join(text for text, _ in inputs), spread))
    return fold.step(Code.of("sum", dimension=names), sums, _summed(fold, sums))


def unit_label(unit: Unit, dimensions: Sequence[str]) -> str:
    """A unit by what tells it apart from the others: ids, worded later."""
    return "; ".join(v for d in dimensions if (v := str(getattr(unit, d))))


def union_of(cells: Sequence[Cell]) -> Known:
    """Entities with ids: how many different ones, exactly."""
    ids: set[str] = set()
    for cell in cells:
        ids |= cell.entities
    return exact(len(ids))
