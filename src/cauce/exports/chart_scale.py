"""Where on the axis is a number, and which few round numbers stand along it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

__all__ = ["Scale"]

#: Between the first and the last number on the axis lie at most so many steps.
MOST_STEPS = 4

_ROUND = (Fraction(1), Fraction(2), Fraction(5))


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight axis that always holds zero: a bar's length is proportional to its number.
    ``is_whole``: all its numbers are."""

    low: Fraction
    high: Fraction
    is_whole: bool = False

    @classmethod
    def of(cls, numbers: Iterable[Fraction]) -> Scale:
        """The axis that reaches every number. Zero alone gets an axis to one."""
        found = (Fraction(0), *numbers)
        low, high = min(found), max(found)
        is_whole = all(number.denominator == 1 for number in found)
        return cls(low, high if low < high else Fraction(1), is_whole)

    def share(self, number: Fraction) -> float:
        """How far along the axis, from 0 to 1."""
        return float((number - self.low) / (self.high - self.low))

    @property
    def step(self) -> Fraction:
        """The smallest of 1, 2, 5, 10, 20 … (or 0.1, 0.2 …) that needs few steps;
        whole numbers get no tick between two of them.

        >>> Scale.of([Fraction(118756)]).step
        Fraction(50000, 1)
        """
        rough = (self.high - self.low) / MOST_STEPS
        power = Fraction(1)
        while power * 10 <= rough:
            power *= 10
        while power > rough:
            power /= 10
        step = next(power * r for r in (*_ROUND, Fraction(10)) if power * r >= rough)
        return max(step, Fraction(1)) if self.is_whole else step

    @property
    def ticks(self) -> tuple[Fraction, ...]:
        """The round numbers within the axis; zero is one of them.

        >>> [str(tick) for tick in Scale.of([Fraction(118756)]).ticks]
        ['0', '50000', '100000']
        """
        first, last = ceil(self.low / self.step), floor(self.high / self.step)
        return tuple(self.step * number for number in range(first, last + 1))
