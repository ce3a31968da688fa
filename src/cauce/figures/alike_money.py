"""Which contributions look like the same money told twice, though nobody has linked them?

They are named, never merged: until somebody links them each counts on its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from cauce.figures.catalogue import Catalogue
from cauce.figures.registers import TransactionRow
from cauce.values.answer import Known

__all__ = ["alike"]

#: The smaller of two amounts is at least this part of the larger: fees and exchange rates of one
#: transfer lie within, two instalments of one grant seldom do.
NEAR = Fraction(9, 10)

#: The two were dated within so many days of each other: a fiscal year and some delay.
DAYS = 400


def alike(
    row: TransactionRow, rows: Iterable[TransactionRow], names: Catalogue
) -> tuple[TransactionRow, ...]:
    """The contributions that may be the same money as ``row``: stated by somebody else, of nearly
    the same amount, with a giver or receiver in common and nothing that tells them apart."""
    linked = {one.code for one in row.links} | {row.code, row.part_of}
    found = {
        other.code: other
        for other in rows
        if other.code not in linked
        and other.record.stated_by != row.record.stated_by
        and _is_near(row, other)
        and _is_of_one_time(row, other)
        and _agrees(row, other, names)
    }
    return tuple(found.values())


def _is_near(one: TransactionRow, other: TransactionRow) -> bool:
    if not one.record.currency or one.record.currency != other.record.currency:
        return False
    first, second = _size(one), _size(other)
    if first is None or second is None:
        return False
    return min(first, second) >= NEAR * max(first, second) > 0


def _size(row: TransactionRow) -> Fraction | None:
    """The amount as printed: of a bound its one end, of a range its lower."""
    answer = row.answer
    if not isinstance(answer, Known):
        return None
    ends = (answer.estimate, answer.low, answer.high)
    return next((end for end in ends if isinstance(end, Fraction)), None)


def _is_of_one_time(one: TransactionRow, other: TransactionRow) -> bool:
    first, second = _day(one), _day(other)
    return first is None or second is None or abs((first - second).days) <= DAYS


def _day(row: TransactionRow) -> date | None:
    record = row.record
    day = record.value_date.earliest if record.value_date else None
    return day or (record.period.start if record.period else None)


def _agrees(one: TransactionRow, other: TransactionRow, names: Catalogue) -> bool:
    """Whether nothing recorded of the two excludes the other, and at least one party is told by
    both."""
    sides = [_pair(one, other, name) for name in ("provider", "receiver", "programme", "place")]
    told = [(a, b) for a, b in sides if a and b]
    parties = [(a, b) for a, b in sides[:2] if a and b]
    return bool(parties) and all(names.within(a, b) or names.within(b, a) for a, b in told)


def _pair(one: TransactionRow, other: TransactionRow, name: str) -> tuple[str, str]:
    return str(getattr(one.record, name)), str(getattr(other.record, name))
