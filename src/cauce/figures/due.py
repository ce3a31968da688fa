"""Which value does somebody owe, until which day, and which one falls due next?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from cauce.frameworks.queries import Exemption, Obligation
from cauce.values.period import Period

__all__ = ["Falling", "due_day", "is_exempt", "is_owed", "last_due", "next_due"]


@dataclass(frozen=True, slots=True)
class Falling:
    """The period of which a value is owed, and the last day to report it."""

    period: Period
    day: date


def is_owed(obligation: Obligation, period: Period) -> bool:
    """Whether a value of the whole period is owed; a period cut by the first or last day is not."""
    first = obligation.valid_from.earliest if obligation.valid_from else None
    last = obligation.valid_to.earliest if obligation.valid_to else None
    return (first is None or first <= period.start) and (last is None or period.end <= last)


def due_day(obligation: Obligation, period: Period) -> date:
    """The last day to report a value of the period."""
    return period.last_day + timedelta(days=obligation.due_days or 0)


def is_exempt(obligation: Obligation, period: Period, exemptions: Iterable[Exemption]) -> bool:
    """Whether the one who owes need not report for the period."""
    unit = _unit(obligation)
    return any(_unit(one) == unit and one.period.contains(period) for one in exemptions)


def next_due(
    obligation: Obligation, day: date, exemptions: Iterable[Exemption] = ()
) -> Falling | None:
    """The first value that falls due on a day or after it; none where nothing more is owed."""
    let_off = tuple(exemptions)
    first = obligation.valid_from.earliest if obligation.valid_from else None
    last = obligation.valid_to.earliest if obligation.valid_to else None
    period = _around(obligation, max(_reached(obligation, day), first or date.min))
    while last is None or period.end <= last:
        if is_owed(obligation, period) and not is_exempt(obligation, period, let_off):
            return Falling(period, due_day(obligation, period))
        period = _around(obligation, period.end)
    return None


def last_due(
    obligation: Obligation, day: date, exemptions: Iterable[Exemption] = ()
) -> Falling | None:
    """The last value that fell due before a day; none where nothing was owed then, or it was let
    off."""
    last = obligation.valid_to.earliest if obligation.valid_to else None
    reached = min(_reached(obligation, day), last or date.max)
    period = _around(obligation, reached).previous
    if period is None or not is_owed(obligation, period):
        return None
    if is_exempt(obligation, period, exemptions):
        return None
    return Falling(period, due_day(obligation, period))


def _reached(obligation: Obligation, day: date) -> date:
    """A day of the period whose value is the first to fall due on the given day or after it."""
    return day - timedelta(days=obligation.due_days or 0)


def _around(obligation: Obligation, day: date) -> Period:
    """The period of the obligation's frequency in which a day lies."""
    (found,) = Period(day, day + timedelta(days=1)).around(obligation.frequency)
    return found


def _unit(record: Obligation | Exemption) -> tuple[str, str, str]:
    return record.party, record.programme, record.place
