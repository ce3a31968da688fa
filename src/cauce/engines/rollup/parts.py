"""Parts: what every engine folds its rows to, in integers; and the one ``finish`` for all of them.

Equality between engines is equality of these integers. Fractions appear only here, after the
folding: a database that divides rounds.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from cauce.engines.rollup.declarations import Declarations, TimeRule
from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, quotient

__all__ = ["Parts", "Side", "digest_limbs", "finish", "pack", "trace_digest"]

_MODULUS = 2**32


@dataclass(frozen=True, slots=True)
class Side:
    """A range in integers: scaled by the parts' ``denominator``; ``None`` where open-ended."""

    low: int | None
    high: int | None
    estimate: int | None = None
    low_open: bool = False
    high_open: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """The folded rows: numerator (or value) and denominator, how many cells, whether every cell
    of the question was received (``complete``) and at least one of every unit that owes
    (``every_unit``), and the order-free digest of the records."""

    denominator: int
    top: Side | None
    bottom: Side | None
    cells: int
    complete: bool
    every_unit: bool
    limbs: tuple[int, int, int, int]


def digest_limbs(digests: Iterable[str]) -> tuple[int, int, int, int]:
    """The sum, modulo 2³² in each limb, of the first 128 bits of the record digests: it does not
    depend on the order of rows."""
    sums = [0, 0, 0, 0]
    for digest in digests:
        for i in range(4):
            sums[i] = (sums[i] + int(digest[8 * i : 8 * i + 8] or "0", 16)) % _MODULUS
    return sums[0], sums[1], sums[2], sums[3]


def trace_digest(limbs: tuple[int, int, int, int]) -> str:
    """The limbs as 32 hexadecimal digits."""
    return "".join(f"{limb:08x}" for limb in limbs)


def pack(
    top: Known | None,
    bottom: Known | None,
    *,
    cells: int,
    complete: bool,
    digests: Iterable[str],
    every_unit: bool = True,
) -> Parts:
    """Ranges of fractions as integers over their common denominator."""
    numbers = [n for known in (top, bottom) if known for n in _fractions(known)]
    denominator = lcm(*(n.denominator for n in numbers)) if numbers else 1
    return Parts(
        denominator,
        _side(top, denominator),
        _side(bottom, denominator),
        cells,
        complete,
        every_unit,
        digest_limbs(digests),
    )


def _fractions(known: Known) -> list[Fraction]:
    return [n for n in (known.low, known.high, known.estimate) if isinstance(n, Fraction)]


def _side(known: Known | None, denominator: int) -> Side | None:
    if known is None:
        return None
    low, high, estimate = (
        None if not isinstance(n, Fraction) else int(n * denominator)
        for n in (known.low, known.high, known.estimate)
    )
    return Side(low, high, estimate, known.low_open, known.high_open)


def _known(side: Side, denominator: int) -> Known:
    low, high, estimate = (
        None if n is None else Fraction(n, denominator)
        for n in (side.low, side.high, side.estimate)
    )
    return Known(low, high, estimate, side.low_open, side.high_open)


def finish(
    parts: Parts, declared: Declarations, *, population: Fraction | None = None
) -> tuple[Answer, tuple[Code, ...]]:
    """The answer that the folded rows give, with the caveats that arise in giving it.

    A sum of non-negatives with a cell that was not received is open upwards; a ratio or mean is
    that of those reporting. ``population`` caps a count that it is declared to contain.
    """
    if parts.top is None:
        return Absent(Absence.MISSING), ()
    top = _known(parts.top, parts.denominator)
    caveats = () if parts.complete else (Code.of("incomplete"),)
    if parts.bottom is not None:
        ratio = quotient(top, _known(parts.bottom, parts.denominator))
        return (ratio if ratio is not None else Absent(Absence.NOT_APPLICABLE)), caveats
    if not parts.complete:
        left = _unreceived(top, declared, every_unit=parts.every_unit)
        if left is None:
            return Refused.of("not_bounded"), caveats
        top = left
    if population is not None:
        top, capped = _capped(top, population)
        caveats = (*caveats, *capped)
    return top, caveats


def _unreceived(known: Known, declared: Declarations, *, every_unit: bool) -> Known | None:
    """What is left to say when a cell of the question was not received (``semantics`` C12);
    ``None`` where the missing value may be of any size and sign."""
    least = None if declared.may_be_negative else Fraction(0)
    if declared.time is TimeRule.MEAN:
        return known  # of those reporting
    if declared.time is TimeRule.MIN:
        # A lower value may be missing; of a unit without any value even the highest is unknown.
        if every_unit and known.high is not None:
            return Known(None, known.high, high_open=known.high_open)
        return None if least is None else Known(least, None)
    if declared.may_be_negative and not (declared.time is TimeRule.MAX and every_unit):
        return None
    low = known.low if known.low is not None else least
    return None if low is None else Known(low, None, low_open=known.low_open)


def _capped(known: Known, population: Fraction) -> tuple[Known, tuple[Code, ...]]:
    low = known.low if isinstance(known.low, Fraction) else Fraction(0)
    if low > population or (low == population and known.low_open):
        return known, (Code.of("above_reference_population", low=low, population=population),)
    if isinstance(known.high, Fraction) and known.high <= population:
        return known, ()
    near = known.estimate
    if not isinstance(near, Fraction) or near > population:
        near = None
    capped = Known(low, population, near, low_open=known.low_open)
    return capped, (Code.of("capped", population=population),)
