"""How long does it take, how long does a case wait before it leaves, how many come as one?

Each :class:`Distribution` has a mean, a coefficient of variation, draws, and the chances that
closed forms need. Draws are of unit scale and are scaled afterwards, so that another unit of
time, as long as it is a power of two of the first, gives the same draws in that unit to the last
bit. Nothing here keeps a generator of chance: it is passed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import ArrayLike

from cauce.engines.capacity.chances import (
    normal_above,
    normal_beyond,
    parts_of_one,
    poisson_below,
    poisson_chances,
    upper_limits,
)
from cauce.engines.capacity.refusing import (
    Floats,
    Integers,
    floats,
    not_negative,
    positive,
    whole,
)
from cauce.errors import CauceError

__all__ = [
    "Always",
    "Distribution",
    "Empirical",
    "Erlang",
    "Exponential",
    "GroupSize",
    "LogNormal",
    "Mixture",
    "Uniform",
    "with_variation",
]

# Beyond, a phase-type is a log-normal for all that can be seen (a variation of 3 %), and what is
# left of it would take a pass over each phase.
MOST_PHASES = 1000


@runtime_checkable
class Distribution(Protocol):
    """A duration in days, above zero with certainty or nearly so (a uniform may touch zero)."""

    @property
    def mean(self) -> float:
        """Days."""
        ...

    @property
    def variation(self) -> float:
        """The coefficient of variation: standard deviation over mean."""
        ...

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        """``count`` durations, each independent of the others."""
        ...

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        """What is left of durations that have already lasted so long; one for each age.

        An age that no duration reaches leaves 0: what is that old ends now.
        """
        ...

    def survival(self, times: ArrayLike) -> Floats:
        """The chance that it lasts longer than each time: 1 before zero."""
        ...

    def mean_until(self, times: ArrayLike) -> Floats:
        """The mean of the duration or the time, whichever is less: the integral of survival."""
        ...

    def scaled(self, factor: float) -> Self:
        """The same shape, each duration times the factor."""
        ...


def _from_zero(times: ArrayLike) -> Floats:
    return np.maximum(np.asarray(times, dtype=np.float64), 0.0)


# ----------------------------------------------------------------------------- one parameter


@dataclass(frozen=True, slots=True)
class Always:
    """The same for all.

    >>> Always(2).mean_until([1, 5]).tolist()
    [1.0, 2.0]
    """

    value: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "value", positive("value", self.value))

    @property
    def mean(self) -> float:
        return self.value

    @property
    def variation(self) -> float:
        return 0.0

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        return np.full(count, self.value)

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        return np.maximum(self.value - np.asarray(ages), 0.0)

    def survival(self, times: ArrayLike) -> Floats:
        return (np.asarray(times) < self.value).astype(np.float64)

    def mean_until(self, times: ArrayLike) -> Floats:
        return np.minimum(_from_zero(times), self.value)

    def scaled(self, factor: float) -> Self:
        return type(self)(self.value * factor)


@dataclass(frozen=True, slots=True)
class Exponential:
    """Without memory: what has lasted long is no nearer to its end.

    >>> Exponential(4).survival([0]).tolist()
    [1.0]
    """

    mean: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", positive("mean", self.mean))

    @property
    def variation(self) -> float:
        return 1.0

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        return uniform.standard_exponential(count) * self.mean

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        return uniform.standard_exponential(np.shape(ages)) * self.mean

    def survival(self, times: ArrayLike) -> Floats:
        return np.exp(-_from_zero(times) / self.mean)

    def mean_until(self, times: ArrayLike) -> Floats:
        return -np.expm1(-_from_zero(times) / self.mean) * self.mean

    def scaled(self, factor: float) -> Self:
        return type(self)(self.mean * factor)


# ----------------------------------------------------------------------------- two parameters


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two durations, all alike; the low one may be 0.

    >>> Uniform(2, 6).mean
    4.0
    """

    low: float
    high: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "low", not_negative("low", self.low))
        object.__setattr__(self, "high", positive("high", self.high))
        if self.high <= self.low:
            raise CauceError("capacity_not_ascending", field="high", value=self.high)

    @property
    def width(self) -> float:
        return self.high - self.low

    @property
    def mean(self) -> float:
        return self.low + self.width / 2

    @property
    def variation(self) -> float:
        return self.width / math.sqrt(12) / self.mean

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        return self.low + uniform.random(count) * self.width

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        lowest = np.minimum(np.maximum(ages, self.low), self.high)
        left = lowest - ages + uniform.random(np.shape(ages)) * (self.high - lowest)
        return np.maximum(left, 0.0)

    def survival(self, times: ArrayLike) -> Floats:
        return np.clip((self.high - np.asarray(times)) / self.width, 0.0, 1.0)

    def mean_until(self, times: ArrayLike) -> Floats:
        reached = np.minimum(_from_zero(times), self.high)
        inside = np.maximum(reached - self.low, 0.0)
        return reached - inside * inside / (2 * self.width)

    def scaled(self, factor: float) -> Self:
        return type(self)(self.low * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Erlang:
    """Phases one after the other, each exponential: less uneven the more there are (at most 1000).

    ``mean`` is that of the whole, so the variation is 1/√phases. ``residual`` draws how many
    phases are over by that age, given that not all are; what is left of the others is without
    memory. That is exact, and costs one pass over the ages for each phase.

    >>> Erlang(10, 4).variation
    0.5
    """

    mean: float
    phases: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", positive("mean", self.mean))
        object.__setattr__(self, "phases", whole("phases", positive("phases", self.phases)))
        if self.phases > MOST_PHASES:
            raise CauceError(
                "capacity_too_many", field="phases", value=self.phases, limit=MOST_PHASES
            )

    @property
    def variation(self) -> float:
        return 1 / math.sqrt(self.phases)

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        return uniform.standard_gamma(self.phases, count) * (self.mean / self.phases)

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        over = poisson_below(uniform, self._in_phases(ages), self.phases)
        return uniform.standard_gamma(self.phases - over) * (self.mean / self.phases)

    def survival(self, times: ArrayLike) -> Floats:
        return poisson_chances(self.phases, self._in_phases(times))[0]

    def mean_until(self, times: ArrayLike) -> Floats:
        expected = self._in_phases(times)
        longer, _ = poisson_chances(self.phases, expected)
        _, ended = poisson_chances(self.phases + 1, expected)
        return self.mean * ended + _from_zero(times) * longer

    def scaled(self, factor: float) -> Self:
        return type(self)(self.mean * factor, self.phases)

    def _in_phases(self, times: ArrayLike) -> Floats:
        return _from_zero(times) / (self.mean / self.phases)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """The shape most durations of office work have: many short, a few very long.

    ``variation`` is the coefficient of variation, not the standard deviation of the logarithm
    (:attr:`spread`); the median is mean/√(1 + variation²).

    >>> LogNormal(10, 0.75).median
    8.0
    """

    mean: float
    variation: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "mean", positive("mean", self.mean))
        object.__setattr__(self, "variation", positive("variation", self.variation))

    @property
    def spread(self) -> float:
        """The standard deviation of the logarithm."""
        return math.sqrt(math.log1p(self.variation**2))

    @property
    def median(self) -> float:
        return self.mean / math.sqrt(1 + self.variation**2)

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        return np.exp(uniform.standard_normal(count) * self.spread) * self.median

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        given = _from_zero(ages)
        normal = self._normal(given)
        beyond = normal_beyond(normal, uniform.standard_exponential(given.shape))
        # A difference of two long durations would lose its digits; the ratio does not.
        with np.errstate(invalid="ignore", over="ignore"):
            longer = given * np.expm1((beyond - normal) * self.spread)
        fresh = np.exp(beyond * self.spread) * self.median
        return np.where(given > 0, np.maximum(longer, 0.0), fresh)

    def survival(self, times: ArrayLike) -> Floats:
        return normal_above(self._normal(_from_zero(times)))

    def mean_until(self, times: ArrayLike) -> Floats:
        given = _from_zero(times)
        normal = self._normal(given)
        return self.mean * normal_above(self.spread - normal) + given * normal_above(normal)

    def scaled(self, factor: float) -> Self:
        return type(self)(self.mean * factor, self.variation)

    def _normal(self, times: Floats) -> Floats:
        with np.errstate(divide="ignore"):
            return np.asarray(np.log(times / self.median) / self.spread)


def with_variation(mean: float, variation: float) -> Distribution:
    """The usual shape for a mean and a coefficient of variation.

    0: always the same. 1: exponential. 1/√k: Erlang of k phases, to nine digits, up to 1000.
    Any other: log-normal.

    >>> with_variation(10, 0.5)
    Erlang(mean=10.0, phases=4)
    """
    if not_negative("variation", variation) == 0:
        return Always(positive("mean", mean))
    phases = min(1 / variation / variation, 2.0 * MOST_PHASES)
    nearest = round(phases)
    if not 1 <= nearest <= MOST_PHASES or abs(phases - nearest) > 1e-9 * nearest:
        return LogNormal(mean, variation)
    return Exponential(positive("mean", mean)) if nearest == 1 else Erlang(mean, nearest)


# ----------------------------------------------------------------------------- of others, of data


@dataclass(frozen=True, slots=True)
class Mixture:
    """Now one kind, now another: ``shares`` of the cases have each of ``parts``; they sum to 1.

    >>> Mixture((0.75, 0.25), (Always(2), Always(6))).mean
    3.0
    """

    shares: tuple[float, ...]
    parts: tuple[Distribution, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", parts_of_one(self.shares))
        object.__setattr__(self, "parts", tuple(self.parts))
        if len(self.shares) != len(self.parts):
            raise CauceError("capacity_lengths_differ", field="parts", other="shares")

    @property
    def mean(self) -> float:
        return math.fsum(s * part.mean for s, part in zip(self.shares, self.parts, strict=True))

    @property
    def variation(self) -> float:
        # Around the common mean, so that parts that are alike give no negative square.
        squares = (
            s * ((part.mean * part.variation) ** 2 + (part.mean - self.mean) ** 2)
            for s, part in zip(self.shares, self.parts, strict=True)
        )
        return math.sqrt(math.fsum(squares)) / self.mean

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        which = np.searchsorted(upper_limits(self.shares), uniform.random(count), side="right")
        drawn = np.empty(count)
        for place, part in enumerate(self.parts):
            chosen = which == place
            drawn[chosen] = part.draws(uniform, int(chosen.sum()))
        return drawn

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        given = _from_zero(ages)
        which = self._which(uniform.random(given.shape), given)
        left = np.empty(given.shape)
        for place, part in enumerate(self.parts):
            chosen = which == place
            left[chosen] = part.residual(uniform, given[chosen])
        return left

    def survival(self, times: ArrayLike) -> Floats:
        return self._joined(lambda part: part.survival(times))

    def mean_until(self, times: ArrayLike) -> Floats:
        return self._joined(lambda part: part.mean_until(times))

    def scaled(self, factor: float) -> Self:
        return type(self)(self.shares, tuple(part.scaled(factor) for part in self.parts))

    def _joined(self, of: Callable[[Distribution], Floats]) -> Floats:
        return np.asarray(
            sum(s * of(part) for s, part in zip(self.shares, self.parts, strict=True))
        )

    def _which(self, chances: Floats, ages: Floats) -> Integers:
        """The part of each, given that it has lasted so long (Bayes)."""
        weights = np.cumsum(
            [s * part.survival(ages) for s, part in zip(self.shares, self.parts, strict=True)],
            axis=0,
        )
        which = (chances * weights[-1] >= weights).sum(axis=0)
        longest = int(np.argmax([part.mean for part in self.parts]))
        return np.asarray(np.where(weights[-1] > 0, which, longest))


@dataclass(frozen=True, slots=True)
class Empirical:
    """As observed: each of the durations is as likely as the others. Kept in ascending order.

    >>> Empirical((3, 1, 2)).survival([1, 2.5]).round(4).tolist()
    [0.6667, 0.3333]
    """

    values: tuple[float, ...]
    _ordered: Floats = field(init=False, repr=False, compare=False)
    _sums: Floats = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        given = floats("values", self.values)
        if not len(given):
            raise CauceError("capacity_too_few", field="values", value=0, limit=1)
        for index in np.flatnonzero(given <= 0)[:1]:
            positive(f"values[{index}]", float(given[index]))
        ordered = np.sort(given)
        object.__setattr__(self, "values", tuple(ordered.tolist()))
        object.__setattr__(self, "_ordered", ordered)
        object.__setattr__(self, "_sums", np.concatenate([[0.0], np.cumsum(ordered)]))

    @property
    def mean(self) -> float:
        return float(self._sums[-1]) / len(self.values)

    @property
    def variation(self) -> float:
        return float(np.std(self._ordered)) / self.mean

    def draws(self, uniform: np.random.Generator, count: int) -> Floats:
        drawn: Floats = self._ordered[uniform.integers(len(self.values), size=count)]
        return drawn

    def residual(self, uniform: np.random.Generator, ages: Floats) -> Floats:
        shorter = self._shorter(ages)
        chosen = shorter + uniform.random(np.shape(ages)) * (len(self.values) - shorter)
        longest = len(self.values) - 1
        drawn = self._ordered[np.minimum(chosen.astype(np.int64), longest)]
        return np.maximum(drawn - ages, 0.0)

    def survival(self, times: ArrayLike) -> Floats:
        return np.asarray((len(self.values) - self._shorter(times)) / len(self.values))

    def mean_until(self, times: ArrayLike) -> Floats:
        shorter = self._shorter(times)
        longer = len(self.values) - shorter
        return np.asarray((self._sums[shorter] + _from_zero(times) * longer) / len(self.values))

    def scaled(self, factor: float) -> Self:
        return type(self)(tuple(value * factor for value in self.values))

    def _shorter(self, times: ArrayLike) -> Integers:
        """How many of the durations are not longer than each time."""
        return np.asarray(np.searchsorted(self._ordered, times, side="right"))


@dataclass(frozen=True, slots=True)
class GroupSize:
    """How many persons one file has: ``shares`` of the files have 1, 2, 3, … They sum to 1.

    >>> GroupSize((0.5, 0.25, 0.25)).mean
    1.75
    """

    shares: tuple[float, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "shares", parts_of_one(self.shares))

    @property
    def mean(self) -> float:
        return math.fsum(size * s for size, s in enumerate(self.shares, start=1))

    def draws(self, uniform: np.random.Generator, count: int) -> Integers:
        """``count`` sizes, at least 1."""
        which = np.searchsorted(upper_limits(self.shares), uniform.random(count), side="right")
        return np.asarray(which + 1, dtype=np.int64)
