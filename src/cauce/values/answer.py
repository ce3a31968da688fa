"""What can honestly be answered: a known value or range, one of several nothings, or a refusal.

A range is knowledge; suppression is a decision about release; a refusal says why no number can
be given. They are never mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction

from cauce.errors import CauceError

__all__ = [
    "Absence",
    "Absent",
    "Answer",
    "Bound",
    "Code",
    "Known",
    "Number",
    "Refused",
    "Suppressed",
    "difference",
    "exact",
    "intersect",
    "largest_to_sum",
    "quotient",
    "scaled",
    "total",
]

Number = Fraction | date


class Bound(StrEnum):
    """How a value is bounded; ``about`` wins when there is an estimate."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    RANGE = "range"
    ABOUT = "about"


class Absence(StrEnum):
    """Why there is no value, in the order in which one of several reasons is given."""

    PENDING = "pending"
    WITHDRAWN = "withdrawn"
    MISSING = "missing"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Code:
    """A reason or caveat as a code with parameters, sorted by name; words are put to it later."""

    code: str
    params: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, code: str, **params: object) -> Code:
        return cls(code, tuple(sorted((k, str(v)) for k, v in params.items() if v is not None)))

    def get(self, name: str) -> str:
        return dict(self.params)[name]

    def to_json(self) -> dict[str, object]:
        return {"code": self.code, "params": dict(self.params)}


@dataclass(frozen=True, slots=True)
class Known:
    """A number (or a day) between ``low`` and ``high``; ``None`` where there is no bound.

    Exact: both equal. At least: no high. About: an estimate is set. ``low_open`` means more than
    ``low``, ``high_open`` less than ``high``. A ratio also carries ``num`` and ``den`` where they
    are exact. Numbers are fractions, so nothing is rounded before it is shown.

    >>> Known(Fraction(40000), None, low_open=True).bound
    <Bound.AT_LEAST: 'at_least'>
    """

    low: Number | None
    high: Number | None
    estimate: Number | None = None
    low_open: bool = False
    high_open: bool = False
    num: Fraction | None = None
    den: Fraction | None = None

    def __post_init__(self) -> None:
        for name in ("low", "high", "estimate", "num", "den"):
            if isinstance(number := getattr(self, name), int):
                object.__setattr__(self, name, Fraction(number))
        if self.low is None and self.high is None and self.estimate is None:
            raise CauceError("bad_bounds", text="no bound and no estimate")
        if self.low is not None and self.high is not None and self.low > self.high:  # type: ignore[operator]  # both are of one kind
            raise CauceError("bad_bounds", text=f"{self.low} > {self.high}")
        if (self.low_open and self.low is None) or (self.high_open and self.high is None):
            raise CauceError("bad_bounds", text="an open bound without a value")
        if self.low == self.high and self.low is not None and (self.low_open or self.high_open):
            raise CauceError("bad_bounds", text="an exact value with an open bound")

    @property
    def bound(self) -> Bound:
        if self.estimate is not None:
            return Bound.ABOUT
        if self.low is None:
            return Bound.AT_MOST
        if self.high is None:
            return Bound.AT_LEAST
        return Bound.EXACT if self.low == self.high else Bound.RANGE

    @property
    def value(self) -> Number | None:
        """The exact value or the estimate, else ``None``."""
        if self.estimate is not None:
            return self.estimate
        return self.low if self.bound is Bound.EXACT else None


@dataclass(frozen=True, slots=True)
class Absent:
    """No value, and why: missing, pending (under review), withdrawn, not applicable."""

    absence: Absence


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A value exists and is not released, by a rule."""

    rule: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No honest number can be computed; ``reason`` says what is missing to get one."""

    reason: Code = field()

    @classmethod
    def of(cls, code: str, **params: object) -> Refused:
        return cls(Code.of(code, **params))


Answer = Known | Absent | Suppressed | Refused


def exact(value: int | Fraction | date) -> Known:
    """A single known value."""
    number = value if isinstance(value, date) else Fraction(value)
    return Known(number, number)


def _number(value: Number | None) -> Fraction | None:
    if isinstance(value, date):
        raise CauceError("bad_bounds", text="a day cannot be added")
    return value


def _sum(values: Iterable[Fraction | None]) -> Fraction | None:
    result = Fraction(0)
    for value in values:
        if value is None:
            return None
        result += value
    return result


def _estimate(parts: Sequence[Known]) -> Fraction | None:
    """Σ of estimates: only where every part has an exact value or an estimate, one a real one."""
    if all(p.estimate is None for p in parts):
        return None
    return _sum(_number(p.value) for p in parts)


def total(parts: Sequence[Known], *, non_negative: bool = True, complete: bool = True) -> Known:
    """The sum of ranges.

    Non-negative quantities have a missing low of 0, and an incomplete sum of them is open
    upwards; an incomplete sum of quantities that may be negative has no bound at all, so it must
    not be asked for (``bad_bounds``). The low is open if any part's is. An estimate survives only
    if every part has one or is exact.
    """
    zero = Fraction(0) if non_negative else None
    low = _sum(_number(p.low) if p.low is not None else zero for p in parts)
    high = _sum(_number(p.high) for p in parts)
    if not complete:
        low, high = (low if non_negative else None), None
    return Known(
        low,
        high,
        _estimate(parts) if complete else None,
        low_open=low is not None and any(p.low_open for p in parts),
        high_open=high is not None and any(p.high_open for p in parts) and low != high,
    )


def largest_to_sum(parts: Sequence[Known], *, complete: bool = True) -> Known:
    """Quantities that may overlap: from the largest single one to their sum.

    The low is open only if every part that attains the largest low is open there. An estimate
    does not survive, because nobody estimated how much they overlap.
    """
    if len(parts) == 1 and complete:
        return parts[0]
    summed = total(parts, complete=complete)
    low = max(_number(p.low) or Fraction(0) for p in parts)
    attaining = [p for p in parts if (_number(p.low) or Fraction(0)) == low]
    return Known(
        low, summed.high, low_open=all(p.low_open for p in attaining), high_open=summed.high_open
    )


def intersect(first: Known, second: Known) -> Known:
    """What two true ranges of one quantity say together. Raises ``bad_bounds`` if they exclude
    each other, because then one of them is not true. An estimate survives where only one has it."""
    low, low_open = _tighter(first, second, "low")
    high, high_open = _tighter(first, second, "high")
    estimates = {k.estimate for k in (first, second)} - {None}
    estimate = estimates.pop() if len(estimates) == 1 else None
    return Known(low, high, estimate, low_open=low_open, high_open=high_open)


def _tighter(first: Known, second: Known, side: str) -> tuple[Fraction | None, bool]:
    ends = [
        (value, bool(getattr(k, f"{side}_open")))
        for k in (first, second)
        if (value := _number(getattr(k, side))) is not None
    ]
    if not ends:
        return None, False
    best = max(v for v, _ in ends) if side == "low" else min(v for v, _ in ends)
    return best, any(is_open for value, is_open in ends if value == best)


def difference(end: Known, start: Known, *, floor: Fraction | None = None) -> Known:
    """``end − start`` by the corners; with ``floor`` the low is not below it."""
    low = _minus(_number(end.low), _number(start.high))
    high = _minus(_number(end.high), _number(start.low))
    estimate = None
    if end.estimate is not None or start.estimate is not None:
        estimate = _minus(_number(end.value), _number(start.value))
    low_open = low is not None and (end.low_open or start.high_open)
    if floor is not None and (low is None or low < floor) and (high is None or high >= floor):
        low, low_open = floor, False
    return Known(
        low,
        high,
        estimate,
        low_open=low_open,
        high_open=high is not None and low != high and (end.high_open or start.low_open),
    )


def _minus(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or b is None else a - b


def quotient(num: Known, den: Known) -> Known | None:
    """``num / den`` by the corners, for non-negative numbers; ``None`` where the denominator can
    be zero and no bound is left."""
    den_low, den_high = _number(den.low), _number(den.high)
    low = _over(_number(num.low), den_high)
    high = _over(_number(num.high), den_low)
    estimate = None
    if num.estimate is not None or den.estimate is not None:
        estimate = _over(_number(num.value), _number(den.value))
    if low is None and high is None and estimate is None:
        return None
    return Known(
        low,
        high,
        estimate,
        # Nothing divided by less than so many is still nothing.
        low_open=low is not None and (num.low_open or (den.high_open and low != 0)),
        high_open=high is not None and low != high and (num.high_open or den.low_open),
        num=_number(num.value) if num.bound is Bound.EXACT else None,
        den=_number(den.value) if den.bound is Bound.EXACT else None,
    )


def _over(a: Fraction | None, b: Fraction | None) -> Fraction | None:
    return None if a is None or not b else a / b


def scaled(known: Known, factor: Fraction) -> Known:
    """The range times a non-negative factor (a share, a rate)."""
    if factor == 0:
        return exact(0)

    def times(value: Number | None) -> Fraction | None:
        number = _number(value)
        return None if number is None else number * factor

    return replace(
        known,
        low=times(known.low),
        high=times(known.high),
        estimate=times(known.estimate),
        num=None,
        den=None,
    )
