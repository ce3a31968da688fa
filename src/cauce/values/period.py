"""Which stretch of time a value is about.

A period is half-open ``[start, end)`` in a named calendar. Equal intervals in one calendar are one
period, however they are written: ``2023``, ``2023-01/2023-12`` and ``2023-01-01/2024-01-01``.
A fiscal year is a period of another calendar and never equals a calendar year.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from functools import lru_cache

from cauce.errors import CauceError
from cauce.values.dates import unit_span

__all__ = ["CALENDARS", "GRAINS", "GREGORIAN", "Period"]

GREGORIAN = "gregorian"

#: Calendars whose years can be named by number: the month a year starts in, and by how many
#: years the year's name runs ahead of the calendar year it starts in. The United States fiscal
#: year 2023 starts in October 2022 (31 U.S.C. 1102); the Canadian year 2023 (2023-24) in April
#: 2023 (Financial Administration Act, s. 2). Other calendars take full dates only.
CALENDARS: dict[str, tuple[int, int]] = {
    GREGORIAN: (1, 0),
    "us-fiscal": (10, 1),
    "ca-fiscal": (4, 0),
}

#: Whole units from coarse to fine, with their length in months (a day has none).
GRAINS: dict[str, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1, "day": 0}


#: A calendar's name must not be taken for a part of the period.
_CALENDAR = re.compile(r"[A-Za-z][A-Za-z0-9._/-]*\Z")

#: Years that can be named: any unit of them, in any calendar, lies within what `date` can hold.
_YEARS = range(2, 9998)


def _add_months(day: date, months: int) -> date:
    """The first day of the month that many months later, within what `date` can hold."""
    total = day.year * 12 + day.month - 1 + months
    if not MINYEAR <= total // 12 <= MAXYEAR:
        return date.max if months > 0 else date.min
    return date(total // 12, total % 12 + 1, 1)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """``[start, end)`` in a calendar.

    Raises ``period_backwards`` when it is empty or runs backwards, ``unknown_calendar`` when the
    calendar has no proper name.

    >>> Period.parse("2018/2023").text
    '2018/2023'
    >>> Period.parse("2023-01/2023-12") == Period.parse("2023")
    True
    """

    start: date
    end: date
    calendar: str = GREGORIAN

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise CauceError("period_backwards", text=f"{self.start}/{self.end}")
        if self.calendar not in CALENDARS and not _CALENDAR.match(self.calendar):
            raise CauceError("unknown_calendar", text=self.calendar)

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read ``2023``, ``2023-H1``, ``2023-Q1``, ``2023-03``, ``2023-03-05`` (that day),
        ``2018/2023`` (whole units, both included), ``2023-01-01/2023-02-01`` (full dates,
        half-open), each after an optional calendar (``us-fiscal:2023``). Halves, quarters and
        months of a fiscal year are numbered from its start: ``us-fiscal:2023-Q1`` begins in
        October 2022.

        Raises ``bad_period``, ``mixed_period`` (a full date beside a whole unit) or
        ``unknown_calendar`` (a year of a calendar whose years are not defined).
        """
        calendar, _, rest = text.strip().rpartition(":")
        calendar = calendar or GREGORIAN
        first, slash, last = rest.partition("/")
        a, b = unit_span(first), unit_span(last if slash else first)
        if a is None or b is None or a[0].year not in _YEARS or b[1].year not in _YEARS:
            raise CauceError("bad_period", text=text)
        days = (a[2] == "day") + (b[2] == "day")
        if slash and days == 1:
            raise CauceError("mixed_period", text=text)
        if slash and days == 2:
            return cls._checked(a[0], b[1], calendar, text)
        after = b[1] + timedelta(days=1)
        if days == 2:
            return cls(a[0], after, calendar)
        return cls._checked(
            _shift(a[0], calendar, text), _shift(after, calendar, text), calendar, text
        )

    @classmethod
    def _checked(cls, start: date, end: date, calendar: str, text: str) -> Period:
        if end <= start:
            raise CauceError("period_backwards", text=text)
        return cls(start, end, calendar)

    @property
    def is_day(self) -> bool:
        return self.end - self.start == timedelta(days=1)

    @property
    def last_day(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        return (self.end - self.start).days

    @property
    def grain(self) -> str | None:
        """The whole unit this period is exactly one of, or ``None`` (a part, or several units)."""
        return _grain(self)

    def _is_unit(self, grain: str) -> bool:
        months = GRAINS[grain]
        first = CALENDARS.get(self.calendar, (0, 0))[0]
        return (
            first > 0
            and self.start.day == 1
            and (self.start.month - first) % months == 0
            and self.end == _add_months(self.start, months)
        )

    def split(self, grain: str) -> tuple[Period, ...]:
        """The whole units of a grain that tile this period; empty if they do not tile it.

        >>> [p.text for p in Period.parse("2023").split("quarter")]
        ['2023-Q1', '2023-Q2', '2023-Q3', '2023-Q4']
        """
        return _split(self, grain)

    def _units(self, grain: str) -> Iterator[Period]:
        at = self.start
        while at < self.end:
            if grain == "day":
                unit = Period(at, at + timedelta(days=1), self.calendar)
            else:
                if at.day != 1:
                    return
                unit = Period(at, _add_months(at, GRAINS[grain]), self.calendar)
                if not unit._is_unit(grain):
                    return
            if unit.end > self.end:
                return
            yield unit
            at = unit.end

    def around(self, grain: str) -> tuple[Period, ...]:
        """The whole units of a grain that share a day with this period, in its own calendar; none
        in a calendar whose years are not defined.

        >>> [p.text for p in Period.parse("2023-03").around("year")]
        ['2023']
        """
        if grain == "day":
            return self.split("day")
        first = CALENDARS.get(self.calendar, (0, 0))[0]
        if not first:
            return ()
        back = (self.start.month - first) % GRAINS[grain]
        at = _add_months(self.start, -back)
        units = []
        while at < self.end:
            units.append(Period(at, _add_months(at, GRAINS[grain]), self.calendar))
            at = units[-1].end
        return tuple(units)

    @property
    def previous(self) -> Period | None:
        """The whole unit of the same grain that ends where this one begins; none of a part.

        >>> Period.parse("2023-01").previous.text
        '2022-12'
        """
        eve = Period(self.start - timedelta(days=1), self.start, self.calendar)
        return eve.around(self.grain)[0] if self.grain else None

    def contains(self, other: Period) -> bool:
        """Whether the other lies within this one, in the same calendar."""
        return (
            self.calendar == other.calendar and self.start <= other.start and other.end <= self.end
        )

    def overlaps(self, other: Period) -> bool:
        """Whether the two share a day, whatever their calendars."""
        return self.start < other.end and other.start < self.end

    @property
    def text(self) -> str:
        """The shortest spelling that parses back to this period."""
        body = self._named() or f"{self.start.isoformat()}/{self.end.isoformat()}"
        return body if self.calendar == GREGORIAN else f"{self.calendar}:{body}"

    def _named(self) -> str | None:
        if self.is_day:
            return self.start.isoformat()
        if self.grain:
            return self._unit_name(self.grain)
        for grain in ("year", "half", "quarter", "month"):
            if parts := self.split(grain):
                return f"{parts[0]._unit_name(grain)}/{parts[-1]._unit_name(grain)}"
        return None

    def _unit_name(self, grain: str) -> str:
        first, ahead = CALENDARS[self.calendar]
        at = _add_months(self.start, 1 - first)
        year = at.year + ahead
        number = (at.month - 1) // max(GRAINS[grain], 1) + 1
        match grain:
            case "year":
                return f"{year:04}"
            case "half":
                return f"{year:04}-H{number}"
            case "quarter":
                return f"{year:04}-Q{number}"
            case _:
                return f"{year:04}-{at.month:02}"

    def __str__(self) -> str:
        return self.text


# A roll-up asks the same of the same periods many thousand times.


@lru_cache(maxsize=4096)
def _split(period: Period, grain: str) -> tuple[Period, ...]:
    parts = tuple(period._units(grain))
    return parts if parts and parts[-1].end == period.end else ()


@lru_cache(maxsize=4096)
def _grain(period: Period) -> str | None:
    if period.is_day:
        return "day"
    return next((g for g in GRAINS if g != "day" and period._is_unit(g)), None)


def _shift(day: date, calendar: str, text: str) -> date:
    """A day of the calendar's own year (named like a calendar year) as the real day."""
    if calendar not in CALENDARS:
        raise CauceError("unknown_calendar", text=text)
    first, ahead = CALENDARS[calendar]
    return _add_months(day, first - 1 - 12 * ahead)
