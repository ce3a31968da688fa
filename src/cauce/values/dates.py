"""When, as far as anybody knows: dates with their precision, and «as known on».

A source says «March 2023», «2021?» or «1996 or later». Squeezing that into a day invents
knowledge, so the text is kept and its earliest and latest day are derived from it.
This module must not read a clock: «today» is always passed in.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cauce.errors import CauceError

__all__ = ["OPEN", "ImpreciseDate", "KnownAt", "Precision", "unit_span"]

#: «Still open»: after every date that can be asked about. Never NULL, because engines disagree
#: about comparisons with NULL.
OPEN = date(9999, 12, 31)

# ASCII digits only: a date in other digits would be a second spelling of the same bytes.
_YEAR = re.compile(r"([0-9]{4})\Z")
_HALF = re.compile(r"([0-9]{4})-H([12])\Z")
_QUARTER = re.compile(r"([0-9]{4})-Q([1-4])\Z")
_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})\Z")
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    DOUBTFUL = "doubtful"
    INTERVAL = "interval"


def unit_span(text: str) -> tuple[date, date, str] | None:
    """First and last day of the whole unit a text names, with the unit; ``None`` if it names none.

    >>> unit_span("2023-Q1")
    (datetime.date(2023, 1, 1), datetime.date(2023, 3, 31), 'quarter')
    """
    try:
        if m := _YEAR.match(text):
            return date(int(m[1]), 1, 1), date(int(m[1]), 12, 31), "year"
        if m := _HALF.match(text):
            return _months(int(m[1]), 6 * int(m[2]) - 5, 6, "half")
        if m := _QUARTER.match(text):
            return _months(int(m[1]), 3 * int(m[2]) - 2, 3, "quarter")
        if m := _MONTH.match(text):
            return _months(int(m[1]), int(m[2]), 1, "month")
        if m := _DAY.match(text):
            day = date(int(m[1]), int(m[2]), int(m[3]))
            return day, day, "day"
    except ValueError:
        return None
    return None


def _months(year: int, month: int, count: int, unit: str) -> tuple[date, date, str]:
    last = month + count - 1
    return date(year, month, 1), date(year, last, calendar.monthrange(year, last)[1]), unit


@dataclass(frozen=True, slots=True)
class ImpreciseDate:
    """A date as its source prints it: ``2023-03-05``, ``2023-03``, ``2023``, ``2021?``,
    ``1996..2023`` (at some time between), ``1996..`` (1996 or later), ``..2022`` (by 2022).

    ``earliest`` and ``latest`` are the first and last day it can be; ``None`` where unknown.
    Written after EDTF (ISO 8601-2:2019): ``?`` for doubt, ``..`` for a set between two dates.

    >>> ImpreciseDate("2023-03").latest
    datetime.date(2023, 3, 31)
    >>> ImpreciseDate("1996..").latest is None
    True
    """

    text: str

    def __post_init__(self) -> None:
        self._span()

    def _span(self) -> tuple[date | None, date | None, Precision]:
        text = self.text
        if ".." in text:
            first, _, last = text.partition("..")
            low = _required_span(first, text)[0] if first else None
            high = _required_span(last, text)[1] if last else None
            if (low is None and high is None) or (low and high and high < low):
                raise CauceError("bad_date", text=text)
            return low, high, Precision.INTERVAL
        doubtful = text.endswith("?")
        low, high, unit = _required_span(text.removesuffix("?"), text)
        if doubtful:
            return low, high, Precision.DOUBTFUL
        if unit in ("quarter", "half"):
            return low, high, Precision.INTERVAL
        return low, high, Precision(unit)

    @property
    def earliest(self) -> date | None:
        return self._span()[0]

    @property
    def latest(self) -> date | None:
        return self._span()[1]

    @property
    def precision(self) -> Precision:
        return self._span()[2]

    def __str__(self) -> str:
        return self.text


def _required_span(part: str, whole: str) -> tuple[date, date, str]:
    span = unit_span(part)
    if span is None:
        raise CauceError("bad_date", text=whole)
    return span


@dataclass(frozen=True, slots=True)
class KnownAt:
    """«As known on»: a year, month or day means its end; an instant (ISO 8601 with offset) itself.

    >>> KnownAt("2023-06").instant(ZoneInfo("UTC")).isoformat()
    '2023-06-30T23:59:59.999999+00:00'
    """

    text: str

    def __post_init__(self) -> None:
        if "T" in self.text:
            try:
                moment = datetime.fromisoformat(self.text)
            except ValueError:
                raise CauceError("bad_date", text=self.text) from None
            # In some zone, a moment at either end of the calendar falls outside of it.
            if moment.tzinfo is None or not 1 < moment.year < OPEN.year:
                raise CauceError("bad_date", text=self.text)
        elif (span := unit_span(self.text)) is None or span[1] == OPEN:
            raise CauceError("bad_date", text=self.text)

    def day(self, zone: ZoneInfo) -> date:
        """The last day that is still known."""
        if "T" in self.text:
            return datetime.fromisoformat(self.text).astimezone(zone).date()
        return _required_span(self.text, self.text)[1]

    def instant(self, zone: ZoneInfo) -> datetime:
        """The last moment, in UTC, that counts: of a day its last microsecond, so that what became
        known when the next day began does not count."""
        if "T" in self.text:
            return datetime.fromisoformat(self.text).astimezone(UTC)
        after = self.day(zone) + timedelta(days=1)
        start_of_next = datetime.combine(after, time(0), zone).astimezone(UTC)
        return start_of_next - timedelta(microseconds=1)

    def __str__(self) -> str:
        return self.text
