"""How does something stand from day to day: staff, lanes, a rate, the speed of work?

A :class:`Steps` is a function of time that changes at given moments and stays in between. Time is
in days (24 hours) from the start of the plan; before its first moment it has its first value.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from cauce.engines.capacity.refusing import Floats, ascending, floats
from cauce.errors import CauceError

__all__ = ["Steps"]


@dataclass(frozen=True, slots=True)
class Steps:
    """``values[i]`` from ``times[i]`` until the next moment; the last one for ever.

    ``times`` are days from the start, ascending; the first one is 0, so that no stretch is left
    to guess (a gap before it raises ``capacity_gap``). Values may not be negative.

    >>> staff = Steps((0, 90), (12, 9))
    >>> staff.at(89.9), staff.at(90)
    (12.0, 9.0)
    """

    times: tuple[float, ...]
    values: tuple[float, ...]

    def __post_init__(self) -> None:
        times, values = floats("times", self.times), floats("values", self.values)
        if times.ndim != 1 or times.shape != values.shape or not len(times):
            raise CauceError("capacity_lengths_differ", field="values", other="times")
        ascending("times", times)
        if times[0] != 0:
            raise CauceError("capacity_gap", field="times", value=float(times[0]))
        if (values < 0).any():
            first = int(np.argmax(values < 0))
            raise CauceError(
                "capacity_negative", field=f"values[{first}]", value=float(values[first])
            )
        object.__setattr__(self, "times", tuple(times.tolist()))
        object.__setattr__(self, "values", tuple(values.tolist()))

    @classmethod
    def always(cls, value: float) -> Steps:
        """The same at all times."""
        return cls((0.0,), (value,))

    @classmethod
    def of(cls, given: Steps | float) -> Steps:
        """Steps as they are; a number as the same at all times."""
        return given if isinstance(given, Steps) else cls.always(given)

    @property
    def is_constant(self) -> bool:
        return len(set(self.values)) == 1

    @property
    def is_whole(self) -> bool:
        """All values are whole numbers, as staff and lanes are."""
        return all(value == int(value) for value in self.values)

    def at(self, time: float) -> float:
        """The value at a moment; at a change, the new one."""
        return float(self.on(np.array([time]))[0])

    def on(self, times: ArrayLike) -> Floats:
        """The values at many moments, in their order and shape."""
        index = np.searchsorted(self.times, times, side="right") - 1
        found: Floats = np.asarray(self.values)[np.maximum(index, 0)]
        return found

    def until(self, times: ArrayLike) -> Floats:
        """The integral from 0 to each moment: days of work, or cases expected.

        >>> Steps((0, 10), (2, 1)).until([10, 14]).tolist()
        [20.0, 24.0]
        """
        moments, values = np.asarray(self.times), np.asarray(self.values)
        sums = np.concatenate([[0.0], np.cumsum(values[:-1] * np.diff(moments))])
        index = np.maximum(np.searchsorted(moments, times, side="right") - 1, 0)
        return np.asarray(sums[index] + values[index] * (np.asarray(times) - moments[index]))

    def mean(self, start: float, end: float) -> float:
        """The mean between two moments; at one moment, the value there."""
        if start == end:
            return self.at(start)
        first, last = self.until([start, end])
        return float((last - first) / (end - start))

    def product(self, other: Steps) -> Steps:
        """The product: open hours × productivity."""
        return self._with(other, np.multiply)

    def plus(self, other: Steps) -> Steps:
        """The sum: the staff there is and the staff that is added."""
        return self._with(other, np.add)

    def scaled(self, factor: float) -> Steps:
        """Each value times the factor."""
        return Steps(self.times, tuple(value * factor for value in self.values))

    def _with(self, other: Steps, join: np.ufunc) -> Steps:
        moments = np.union1d(self.times, other.times)
        return Steps(tuple(moments), tuple(join(self.on(moments), other.on(moments)))).simplified()

    def simplified(self) -> Steps:
        """Without moments at which nothing changes."""
        kept = [0, *(i for i in range(1, len(self.values)) if self.values[i] != self.values[i - 1])]
        return Steps(tuple(self.times[i] for i in kept), tuple(self.values[i] for i in kept))

    @classmethod
    def from_pairs(cls, pairs: Iterable[tuple[float, float]]) -> Steps:
        """From (time, value) pairs in any order; a moment given twice raises ``capacity_twice``."""
        ordered = sorted(pairs)
        for (before, _), (after, _) in pairwise(ordered):
            if before == after:
                raise CauceError("capacity_twice", field="times", value=after)
        return cls(tuple(time for time, _ in ordered), tuple(value for _, value in ordered))
