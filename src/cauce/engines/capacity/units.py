"""What unit is this number in? Times and rates are written with their unit and read once, here.

Inside, the engine knows only days of 24 hours, or days of work of one server when there is a
calendar. This module must not guess a unit, nor take a day for a working day.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as part
from types import MappingProxyType
from typing import Final

from cauce.engines.capacity.refusing import finite, not_negative, positive
from cauce.errors import CauceError

__all__ = ["DAYS_PER_MONTH", "UNITS", "Rate", "Span", "days", "hours", "minutes", "weeks"]

DAYS_PER_MONTH: Final = 365.25 / 12
_WORKING: Final = "working day"
_ALWAYS_OPEN: Final = (24.0, 7.0)

_CALENDAR_DAYS: Final[Mapping[str, float]] = MappingProxyType(
    {"minute": 1 / 1440, "hour": 1 / 24, "day": 1.0, "week": 7.0, "month": DAYS_PER_MONTH}
)
UNITS: Final = ("minute", "hour", "day", _WORKING, "week", "month")
_NOT_WORKING: Final = tuple(unit for unit in UNITS if unit != _WORKING)
_NOT_A_DAY: Final = tuple(unit for unit in UNITS if unit != "day")

# No part of a number may follow the number: "1.2.3" and "2,5" are none.
_WRITTEN = re.compile(r"\s*([-+]?(?:\d+(?:\.\d*)?|\.\d+))(?![\d.,])(.*)", re.ASCII | re.DOTALL)
_PER = re.compile(r"(?:per\s+|/\s*)(.*)", re.DOTALL)


def minutes(number: float, field: str = "minutes") -> float:
    """Days of 24 hours in so many minutes; raises ``capacity_negative`` with the field's name.

    >>> minutes(36)
    0.025
    """
    return not_negative(field, number) / 1440


def hours(number: float, field: str = "hours") -> float:
    """Days of 24 hours in so many hours."""
    return not_negative(field, number) / 24


def days(number: float, field: str = "days") -> float:
    """Days of 24 hours, as they are."""
    return not_negative(field, number)


def weeks(number: float, field: str = "weeks") -> float:
    """Days of 24 hours in so many weeks."""
    return not_negative(field, number) * 7


@dataclass(frozen=True, slots=True)
class Span:
    """An amount of time with its unit: minute, hour, day, working day, week or month.

    Raises ``capacity_negative``, ``capacity_not_finite`` or ``capacity_unit`` with ``field``, what
    it was given for.

    >>> Span.parse("interview", "45 minutes").work_days(7.5, 5)
    0.1
    """

    amount: float
    unit: str
    field: str = part(default="span", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", _known(self.field, self.unit, self.unit))
        object.__setattr__(self, "amount", not_negative(self.field, self.amount))

    @classmethod
    def parse(cls, field: str, text: str | float) -> Span:
        """From "45 minutes", "2.5 hours" or "3 working days".

        A number alone raises ``capacity_unit``; a number that is none, or is written with a
        comma, ``capacity_not_finite``: "2,5" is two and a half to some and 25 to others.
        """
        number, rest = _split(field, text)
        return cls(number, _known(field, rest, text), field)

    def calendar_days(self) -> float:
        """Days of 24 hours; a month is 365.25 / 12. Working days raise ``capacity_units_mixed``."""
        if self.unit == _WORKING:
            raise _mixed(self.field, f"{self.amount:g} {self.unit}", _NOT_WORKING)
        return self.amount * _CALENDAR_DAYS[self.unit]

    def work_days(self, hours_per_day: float, days_per_week: float) -> float:
        """Days of work of one server, in an office of so many hours a day and days a week.

        A week is ``days_per_week`` working days and a month the same share of its days. Where
        it is always open (24 and 7) these are days of 24 hours. Elsewhere a "day" is refused
        with ``capacity_units_mixed``: it may be a working day or 24 hours.

        >>> Span(2, "week").work_days(8, 5)
        10.0
        """
        written = f"{self.amount:g} {self.unit}"
        return self.amount * _work(self.field, written, self.unit, hours_per_day, days_per_week)


@dataclass(frozen=True, slots=True)
class Rate:
    """How many per minute, hour, day, working day, week or month. Errors as in :class:`Span`.

    >>> Rate.parse("arrivals", "21 per week").calendar_per_day()
    3.0
    """

    amount: float
    unit: str
    field: str = part(default="rate", compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "unit", _known(self.field, self.unit, self.unit))
        object.__setattr__(self, "amount", not_negative(self.field, self.amount))

    @classmethod
    def parse(cls, field: str, text: str | float) -> Rate:
        """From "12 per week", "5 / working day" or "1.5 per hour"."""
        number, rest = _split(field, text)
        per = _PER.fullmatch(rest)
        return cls(number, _known(field, per[1] if per else "", text), field)

    def calendar_per_day(self) -> float:
        """Per day of 24 hours, seven days a week; "per working day" is refused."""
        if self.unit == _WORKING:
            raise _mixed(self.field, f"{self.amount:g} / {self.unit}", _NOT_WORKING)
        return self.amount / _CALENDAR_DAYS[self.unit]

    def per_day(self, hours_per_day: float, days_per_week: float) -> float:
        """Per day of 24 hours on the mean of a week, of what comes only while the office works.

        >>> Rate.parse("arrivals", "7 per working day").per_day(8, 5)
        5.0
        """
        per_work_day = self.per_work_day(hours_per_day, days_per_week)
        return per_work_day * days_per_week / 7

    def per_work_day(self, hours_per_day: float, days_per_week: float) -> float:
        """Per day of work, as :meth:`Span.work_days` takes it: the speed of one server.

        >>> Rate.parse("interviews", "1.5 per hour").per_work_day(8, 5)
        12.0
        """
        written = f"{self.amount:g} / {self.unit}"
        return self.amount / _work(self.field, written, self.unit, hours_per_day, days_per_week)


def _split(field: str, text: str | float) -> tuple[float, str]:
    """The number a text begins with, and what follows it in small letters."""
    written = _WRITTEN.match(str(text))
    if written is None:
        raise CauceError("capacity_not_finite", field=field, value=text)
    return finite(field, float(written[1])), written[2].strip().lower()


def _known(field: str, unit: str, text: str | float) -> str:
    """The unit in the singular, one space between its words."""
    singular = re.sub(r"[\s-]+", " ", unit).removesuffix("s")
    if singular not in UNITS:
        raise CauceError("capacity_unit", field=field, value=text, choices=", ".join(UNITS))
    return singular


def _mixed(field: str, value: str, choices: tuple[str, ...]) -> CauceError:
    return CauceError("capacity_units_mixed", field=field, value=value, choices=", ".join(choices))


def _work(field: str, written: str, unit: str, hours_per_day: float, days_per_week: float) -> float:
    """The days of work in one of the unit."""
    _up_to("hours_per_day", hours_per_day, 24)
    _up_to("days_per_week", days_per_week, 7)
    if unit == "day" and (hours_per_day, days_per_week) != _ALWAYS_OPEN:
        raise _mixed(field, written, _NOT_A_DAY)
    return {
        "minute": 1 / (60 * hours_per_day),
        "hour": 1 / hours_per_day,
        "day": 1.0,
        _WORKING: 1.0,
        "week": days_per_week,
        "month": DAYS_PER_MONTH * days_per_week / 7,
    }[unit]


def _up_to(field: str, value: float, limit: int) -> None:
    if positive(field, value) > limit:
        raise CauceError("capacity_too_many", field=field, value=value, limit=limit)
