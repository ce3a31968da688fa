"""Which counts of persons are too small to be released?

A count from 1 to below the limit of its framework, at its low end; zero is published. Of a ratio
it is the numerator that is judged; of a share both, because both count the same persons.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from cauce.engines.rollup import Identity, Value
from cauce.figures.catalogue import Catalogue
from cauce.figures.derived import read_operand
from cauce.figures.session import PERCENT_UNITS, known_of
from cauce.frameworks.queries import Indicator
from cauce.ledger.queries import Observation
from cauce.values.answer import Answer, Bound, Known, Number

__all__ = ["PERSON", "Limit", "limit_of"]

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Limit:
    """Counts of persons below ``size`` are small; with a size of 0 nothing is."""

    size: int = 0
    is_ratio: bool = False
    is_share: bool = False

    @property
    def of_counts(self) -> Limit:
        """The same limit for the counts that a ratio is made of."""
        return replace(self, is_ratio=False)

    def is_small(self, answer: Answer | None) -> bool:
        """Whether the answer is, or is made of, a small count of persons. A ratio given as a bare
        number is not: nobody can tell its numerator."""
        if not isinstance(answer, Known) or not self.size:
            return False
        is_ratio = self.is_ratio or answer.num is not None or answer.den is not None
        ends = self._sides(answer) if is_ratio else _lowest(answer)
        return any(self.is_small_number(n) for n in ends)

    def is_small_number(self, number: Number | None) -> bool:
        return isinstance(number, Fraction) and 0 < number < self.size

    def is_narrow(self, answer: Answer) -> bool:
        """Whether the ends of a range of counts differ by a small count: what may overlap reaches
        from the largest to the sum, so two cells of 50 and 4 persons give 50 to 54."""
        if not isinstance(answer, Known) or self.is_ratio:
            return False
        low, high = answer.low, answer.high
        if not isinstance(low, Fraction) or not isinstance(high, Fraction):
            return False
        return self.is_small_number(high - low)

    def is_small_record(self, record: Observation, unit: str) -> bool:
        """Whether a recorded value is small by itself."""
        if not self.is_ratio:
            return self.is_small(known_of(record, unit))
        sides = (record.numerator, record.denominator if self.is_share else None)
        return any(n is not None and self.is_small_number(Fraction(n)) for n in sides)

    def _sides(self, ratio: Known) -> Iterator[Number | None]:
        """The numerator at its low end, and of a share the denominator: where only one of them is
        exact, it gives the other back."""
        num, den = ratio.num, ratio.den
        if num is not None:
            yield num
        elif den is not None:
            yield from (n * den for n in _lowest(ratio) if isinstance(n, Fraction))
        if not self.is_share:
            return
        if den is not None:
            yield den
        elif num and isinstance(ratio.high, Fraction) and ratio.high:
            yield num / ratio.high


def _lowest(answer: Known) -> tuple[Number | None, ...]:
    if isinstance(answer.low, Fraction) and answer.low > 0:
        return (answer.low,)
    # From zero, or from nothing known: small if it cannot be more than a small cell.
    high = answer.high
    if answer.bound is Bound.AT_MOST and answer.high_open and isinstance(high, Fraction):
        high -= 1  # fewer than 5 are at most 4
    return (high, answer.estimate)


def limit_of(names: Catalogue, indicator: str, units: Collection[str] = ()) -> Limit:
    """The limit for an indicator's values in its own unit or in ``units``.

    Values without persons have none. A mean is not judged by its numerator: a sum of days counts
    nobody.
    """
    found = names.indicator(indicator)
    size = names.suppress_below(found.framework)
    if names.declarations(found).value is not Value.RATIO:
        return Limit(size) if _of_persons(names, found, units) else Limit()
    if not _numerator_of_persons(names, found):
        return Limit()
    return Limit(size, is_ratio=True, is_share=found.unit in PERCENT_UNITS)


def _of_persons(names: Catalogue, indicator: Indicator, units: Collection[str]) -> bool:
    identity = names.declarations(indicator).identity
    return PERSON in (indicator.unit, *units) or identity is Identity.PERSONS


def _numerator_of_persons(names: Catalogue, ratio: Indicator) -> bool:
    """As declared, or as that counts of which the numerator is made."""
    if ratio.numerator_unit == PERSON or not ratio.derived_from:
        return bool(ratio.numerator_unit == PERSON)
    code, _ = read_operand(ratio.derived_from.get("num", ""))
    return _of_persons(names, names.indicator(code), ())
