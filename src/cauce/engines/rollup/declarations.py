"""What an indicator declares about its values, and the presets of these declarations.

Five declarations decide every roll-up: what a value is, what it counts, how a period's value
accumulates, how time combines, and how each other dimension combines.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from cauce.errors import CauceError
from cauce.values.dates import ImpreciseDate, Precision
from cauce.values.period import GRAINS, Period

__all__ = [
    "PRESETS",
    "Declarations",
    "DimensionRule",
    "Identity",
    "Rule",
    "TimeRule",
    "Value",
    "declare",
]


class Value(StrEnum):
    """What one value is."""

    COUNT = "count"
    AMOUNT = "amount"
    RATIO = "ratio"
    MEAN = "mean"
    DISTRIBUTION = "distribution"
    ORDINAL = "ordinal"
    OPAQUE = "opaque"


class Identity(StrEnum):
    """What is counted: happenings, different persons, different entities, or nothing countable."""

    EVENTS = "events"
    PERSONS = "persons"
    ENTITIES = "entities"
    NONE = "none"


class TimeRule(StrEnum):
    """How the values of sub-periods give the value of a period."""

    SUM = "sum"
    UNION = "union"
    AT_END = "at_end"
    MEAN = "mean"
    MAX = "max"
    MIN = "min"
    NONE = "none"


class Rule(StrEnum):
    """How the values of a dimension's members combine.

    ``partition``: nobody is in two members at one moment. ``lasting``: nobody ever changes
    member (sex as registered). ``overlap``: one may be in several. ``same``: of a denominator,
    every member carries the same one. ``none``: they do not combine.
    """

    PARTITION = "partition"
    LASTING = "lasting"
    OVERLAP = "overlap"
    SAME = "same"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class DimensionRule:
    """The rule of a dimension; a ratio has one for its numerator and one for its denominator."""

    numerator: Rule
    denominator: Rule

    @classmethod
    def parse(cls, text: str) -> DimensionRule:
        num, slash, den = (part.strip() for part in text.partition("/"))
        den = den if slash else num
        try:
            rule = cls(Rule(num), Rule(den))
        except ValueError:
            raise CauceError("declaration_conflict", detail=text) from None
        if rule.numerator is Rule.SAME:
            raise CauceError("declaration_conflict", detail=text)
        return rule


_UNITS = ("party", "programme", "place")


@dataclass(frozen=True, slots=True)
class Declarations:
    """The declarations of one indicator; see ``docs/reference/declarations``.

    ``since``: values accumulate from that day. ``within``: the longest period (a grain, or empty
    for an instant) inside which cells of persons still are a partition. ``dimensions`` holds the
    rules of place, party, programme and breakdowns; those not named follow ``default``.
    """

    value: Value = Value.COUNT
    identity: Identity = Identity.EVENTS
    since: date | None = None
    time: TimeRule = TimeRule.SUM
    dimensions: tuple[tuple[str, DimensionRule], ...] = ()
    default: DimensionRule = field(
        default_factory=lambda: DimensionRule(Rule.PARTITION, Rule.PARTITION)
    )
    within: str = ""
    carry: bool = False
    may_be_negative: bool = False
    descending: bool = False
    not_success: bool = False

    def __post_init__(self) -> None:
        is_persons = self.identity is Identity.PERSONS
        countable = is_persons or self.identity is Identity.ENTITIES
        rules = [*(r for _, r in self.dimensions), self.default]
        for broken, detail in (
            (
                self.since is not None and self.time not in (TimeRule.SUM, TimeRule.UNION),
                "accumulation=since needs time=sum or union",
            ),
            (
                is_persons and self.value is not Value.COUNT,
                "identity=persons needs value=count",
            ),
            (
                is_persons and self.may_be_negative,
                "identity=persons excludes may_be_negative",
            ),
            (
                self.time is TimeRule.UNION and not countable,
                "time=union needs identity=persons or entities",
            ),
            (
                is_persons and self.time in (TimeRule.SUM, TimeRule.MEAN),
                "identity=persons needs time=union, at_end, max, min or none",
            ),
            (
                self.carry and not self.is_level,
                "carry needs time=at_end or accumulation=since",
            ),
            (
                not self.is_ratio and any(r.numerator is not r.denominator for r in rules),
                "two rules for one dimension need value=ratio or mean",
            ),
            (self.within not in ("", *GRAINS), f"partition_within={self.within}"),
        ):
            if broken:
                raise CauceError("declaration_conflict", detail=detail)

    def rule(self, dimension: str) -> DimensionRule:
        """The rule of a dimension (``party`` and ``agency`` are one)."""
        return dict(self.dimensions).get(dimension, self.default)

    @property
    def is_ratio(self) -> bool:
        return self.value in (Value.RATIO, Value.MEAN)

    @property
    def is_level(self) -> bool:
        """Whether a value stands for the end of its period: a level, or accumulated since a day."""
        return self.time is TimeRule.AT_END or self.since is not None

    def partitions_in(self, period: Period, dimension: str) -> bool:
        """Whether cells of this dimension may be added inside one agency and this period.

        Of persons only while the period lies inside one ``within``: people move.
        """
        rule = self.rule(dimension).numerator
        if rule is Rule.LASTING:
            return True
        if rule is not Rule.PARTITION:
            return False
        if self.identity is not Identity.PERSONS:
            return True
        if not self.within:
            # A level at an instant is recorded with its day; a flow of a day is not an instant,
            # but a stock's day is: nobody is counted in two places at the end of one day.
            return self.time is TimeRule.AT_END and period.is_day
        # Within one unit, not only as short as one: from mid-month to mid-month people move.
        return len(period.around(self.within)) == 1


_OVERLAP = DimensionRule(Rule.OVERLAP, Rule.OVERLAP)
_NONE = DimensionRule(Rule.NONE, Rule.NONE)
_LASTING_SEX = (("sex", DimensionRule(Rule.LASTING, Rule.LASTING)),)

#: The familiar measures as sets of declarations.
PRESETS: dict[str, Declarations] = {
    "flow": Declarations(),
    "cumulative": Declarations(),
    "stock": Declarations(time=TimeRule.AT_END),
    "population": Declarations(time=TimeRule.AT_END, carry=True),
    "unique_people": Declarations(
        identity=Identity.PERSONS,
        time=TimeRule.UNION,
        default=_OVERLAP,
        dimensions=_LASTING_SEX,
    ),
    "people_at_end": Declarations(
        identity=Identity.PERSONS, time=TimeRule.AT_END, dimensions=_LASTING_SEX
    ),
    "entities": Declarations(identity=Identity.ENTITIES, time=TimeRule.UNION, default=_OVERLAP),
    "money": Declarations(value=Value.AMOUNT, identity=Identity.NONE),
    "ratio": Declarations(value=Value.RATIO),
    "mean_duration": Declarations(value=Value.MEAN, identity=Identity.NONE),
    "rate": Declarations(value=Value.RATIO),
    "distribution": Declarations(value=Value.DISTRIBUTION, identity=Identity.NONE, default=_NONE),
    "survey_estimate": Declarations(
        value=Value.OPAQUE, identity=Identity.NONE, time=TimeRule.NONE, default=_NONE
    ),
    "milestone": Declarations(
        value=Value.OPAQUE,
        identity=Identity.NONE,
        time=TimeRule.AT_END,
        carry=True,
        default=_NONE,
    ),
    "ordinal": Declarations(
        value=Value.ORDINAL,
        identity=Identity.ENTITIES,
        time=TimeRule.AT_END,
        carry=True,
    ),
    "maximum": Declarations(time=TimeRule.MAX),
}


def declare(
    *,
    preset: str = "",
    value: str = "",
    identity: str = "",
    accumulation: str = "",
    time: str = "",
    dimensions: Mapping[str, str] | None = None,
    partition_within: str = "",
    carry: bool = False,
    may_be_negative: bool = False,
    descending: bool = False,
    not_success: bool = False,
) -> Declarations:
    """The declarations of an indicator: its preset, with what is declared itself on top.

    Raises ``declaration_conflict`` naming the declaration that is unknown or contradicts another.

    >>> declare(preset="flow", accumulation="since:2021-01-01").since
    datetime.date(2021, 1, 1)
    """
    if preset and preset not in PRESETS:
        raise CauceError("declaration_conflict", detail=f"preset={preset}")
    base = PRESETS.get(preset, Declarations())
    rules = dict(base.dimensions)
    for name, text in (dimensions or {}).items():
        rules["party" if name == "agency" else name] = DimensionRule.parse(text)
    since = _since(accumulation) or base.since
    if preset == "cumulative" and since is None:
        raise CauceError("declaration_conflict", detail="preset=cumulative needs accumulation")
    try:
        counted = Identity(identity) if identity else base.identity
        return replace(
            base,
            value=Value(value) if value else base.value,
            identity=counted,
            since=since,
            time=TimeRule(time) if time else _time(base, counted),
            dimensions=tuple(sorted(rules.items())),
            within=_within(partition_within) or base.within,
            carry=carry or base.carry,
            may_be_negative=may_be_negative or base.may_be_negative,
            descending=descending,
            not_success=not_success,
        )
    except ValueError as error:
        raise CauceError("declaration_conflict", detail=str(error)) from None


def _time(base: Declarations, identity: Identity) -> TimeRule:
    """Who is counted once is counted once in a year too, unless something else is declared."""
    once = identity in (Identity.PERSONS, Identity.ENTITIES)
    return TimeRule.UNION if once and base.time is TimeRule.SUM else base.time


def _within(text: str) -> str:
    return "" if text == "instant" else text


def _since(text: str) -> date | None:
    if text in ("", "per_period"):
        return None
    word, colon, day = text.partition(":")
    try:
        when = ImpreciseDate(day.strip())
    except CauceError:
        raise CauceError("declaration_conflict", detail=f"accumulation={text}") from None
    if word.strip() != "since" or not colon or when.precision is not Precision.DAY:
        raise CauceError("declaration_conflict", detail=f"accumulation={text}")
    return when.earliest
