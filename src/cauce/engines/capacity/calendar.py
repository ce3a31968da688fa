"""Which days does an office work, and when does a deadline of so many working days end?

The days are given, never looked up: no clock, no built-in list of holidays. This module must not
say how much is done in a working day; that is staff and service time.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from cauce.engines.capacity.refusing import Floats, Integers, positive, whole
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

__all__ = ["BusinessCalendar"]

_WEEK = 7
_YEAR = 366
# A case filed today whose limit has not ended in forty years is an error of the calendar.
_SEARCHED = 40 * _YEAR
_LAST = date.max.toordinal()


@dataclass(frozen=True, slots=True)
class BusinessCalendar:
    """The days an office works: days of the week, less holidays and suspensions, plus extra days.

    ``working_days`` are days of the week, Monday 0 to Sunday 6. In a suspension, from its first
    day to the day before its last, the office is closed and deadlines do not run. An extra day is
    worked although it is a weekend or a holiday, but not within a suspension. Suspensions may
    overlap. ``hours_per_day`` (above 0, up to 24) is the length of a working day, for units.

    Raises ``capacity_unknown_name`` (no such day of the week), ``capacity_twice``,
    ``capacity_not_ascending`` (a suspension that ends before it begins), ``capacity_too_many``
    (hours), ``capacity_no_working_day`` (no day of the week and no extra day).

    >>> office = BusinessCalendar(holidays=frozenset({date(2026, 9, 16)}))
    >>> office.works(date(2026, 9, 15)), office.works(date(2026, 9, 16))
    (True, False)
    """

    working_days: tuple[int, ...] = (0, 1, 2, 3, 4)
    holidays: frozenset[date] = frozenset()
    suspensions: tuple[tuple[date, date], ...] = ()
    extra_days: frozenset[date] = frozenset()
    hours_per_day: float = 8.0

    def __post_init__(self) -> None:
        _check_week(self.working_days)
        for position, (start, end) in enumerate(self.suspensions):
            if end.toordinal() < start.toordinal():
                raise CauceError(
                    "capacity_not_ascending",
                    field=f"suspensions[{position}]",
                    value=end.isoformat(),
                )
        if positive("hours_per_day", self.hours_per_day) > 24:
            raise CauceError(
                "capacity_too_many", field="hours_per_day", value=self.hours_per_day, limit=24
            )
        if not self.working_days and not self.extra_days:
            raise CauceError("capacity_no_working_day", field="working_days")

    @property
    def days_per_week(self) -> int:
        """The working days of a week without holidays."""
        return len(self.working_days)

    def works(self, day: date) -> bool:
        """Whether the office works on that day."""
        return bool(self._worked(day.toordinal(), 1)[0])

    def working_days_between(self, start: date, end: date) -> int:
        """How many working days from ``start`` to the day before ``end``.

        Raises ``capacity_not_ascending`` when ``end`` is before ``start``.

        >>> BusinessCalendar().working_days_between(date(2026, 1, 1), date(2026, 1, 12))
        7
        """
        count = end.toordinal() - start.toordinal()
        if count < 0:
            raise CauceError("capacity_not_ascending", field="end", value=end.isoformat())
        return int(self._worked(start.toordinal(), count).sum())

    def deadline(self, filed: date, working_days: int) -> date:
        """The last day of the time limit of a case filed on a day.

        The limit begins to run the day after filing and only working days count (Mexico, Ley
        Federal de Procedimiento Administrativo, arts. 28 and 38), so that it is the same for
        all cases filed from a Friday to the Sunday after it. Errors as in :meth:`deadlines`.

        >>> BusinessCalendar().deadline(date(2026, 1, 2), 45)
        datetime.date(2026, 3, 6)
        """
        day = filed.toordinal()
        return date.fromordinal(int(self._ends(day, day, working_days)[0]))

    def deadlines(self, origin: date, first: int, last: int, working_days: int) -> Floats:
        """When the limit ends of cases filed on each day from ``first`` to ``last``, both included.

        Days are offsets from ``origin`` and may be negative. Shape ``(last - first + 1,)``, days
        from the start of ``origin``, at 24:00 of the last day of the limit. Raises
        ``capacity_not_positive`` or ``capacity_not_whole`` (working days),
        ``capacity_not_ascending`` (``last`` before ``first``), and for a limit that does not end
        within 40 years (or by the year 9999) ``capacity_no_working_day`` when not one day works
        in that time, else ``capacity_too_many`` with the number of working days there are.

        >>> BusinessCalendar().deadlines(date(2026, 1, 5), -1, 1, 5).tolist()
        [5.0, 8.0, 9.0]
        """
        if last < first:
            raise CauceError("capacity_not_ascending", field="last", value=last)
        start = origin.toordinal()
        ends = self._ends(start + first, start + last, working_days)
        return (ends + 1 - start).astype(np.float64)

    def opening(self, origin: date, days: int) -> Steps:
        """1 while the office works and 0 while it does not, for ``days`` days from ``origin``.

        After these days it stays for ever as on the last of them, also if that is a Sunday: give
        the days until the last case is out, not until the last arrival. Raises
        ``capacity_no_working_day`` when not one day works within ``days`` or a year, whichever
        is longer, and ``capacity_too_many`` for days after the year 9999.

        >>> BusinessCalendar().opening(date(2026, 1, 2), 7)
        Steps(times=(0.0, 1.0, 3.0), values=(1.0, 0.0, 1.0))
        """
        days = int(positive("days", whole("days", days)))
        longest = _LAST + 1 - origin.toordinal()
        if days > longest:
            raise CauceError("capacity_too_many", field="days", value=days, limit=longest)
        worked = self._worked(origin.toordinal(), max(days, _YEAR))
        if not worked.any():
            raise CauceError("capacity_no_working_day", field="days")
        worked = worked[:days]
        changes = np.concatenate([[0], np.flatnonzero(worked[1:] != worked[:-1]) + 1])
        return Steps(tuple(changes.tolist()), tuple(worked[changes].astype(float).tolist()))

    def _worked(self, start: int, count: int) -> NDArray[np.bool_]:
        """For each of ``count`` days from an ordinal on, whether it is worked.

        Ordinals, so that a ``datetime`` among the dates counts as its day: as a member of a set
        it would never equal one.
        """
        week = np.zeros(_WEEK, dtype=np.bool_)
        week[[int(day) for day in self.working_days]] = True
        # Ordinal 1 is a Monday.
        worked = np.resize(np.roll(week, -((start - 1) % _WEEK)), count)
        worked[_within(self.holidays, start, count)] = False
        worked[_within(self.extra_days, start, count)] = True
        for closed, opened in self.suspensions:
            worked[max(closed.toordinal() - start, 0) : max(opened.toordinal() - start, 0)] = False
        return worked

    def _ends(self, first: int, last: int, limit: int) -> Integers:
        """The ordinal of the last day of the limit for each day of filing, both included."""
        limit = int(positive("working_days", whole("working_days", limit)))
        if last >= _LAST:
            raise CauceError("capacity_no_working_day", field="working_days")
        filed, remaining = np.arange(first, last + 1), 0
        # Most limits end soon; the long search is only for those that do not.
        for beyond in (min(_YEAR + 2 * limit, _SEARCHED), _SEARCHED):
            count = max(min(last + beyond, _LAST) - first, 0)
            worked = np.flatnonzero(self._worked(first + 1, count)) + first + 1
            before = np.searchsorted(worked, filed, side="right")
            remaining = len(worked) - int(before[-1])
            if remaining >= limit:
                return np.asarray(worked[before + (limit - 1)], dtype=np.int64)
        if not remaining:
            raise CauceError("capacity_no_working_day", field="working_days")
        raise CauceError("capacity_too_many", field="working_days", value=limit, limit=remaining)


def _within(days: Iterable[date], start: int, count: int) -> list[int]:
    """The positions of the days that fall in the stretch."""
    positions = (day.toordinal() - start for day in days)
    return [position for position in positions if 0 <= position < count]


def _check_week(days: tuple[int, ...]) -> None:
    for position, day in enumerate(days):
        if day not in range(_WEEK):
            raise CauceError(
                "capacity_unknown_name",
                field=f"working_days[{position}]",
                value=day,
                choices=", ".join(map(str, range(_WEEK))),
            )
        if day in days[:position]:
            raise CauceError("capacity_twice", field=f"working_days[{position}]", value=day)
