"""When, how long and how often? Days, durations and what changes over time, as a file says them.

All are read within a :class:`Frame`: the plan's first day and last day, and the working week, in
which a day of work has its length.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from cauce.engines.capacity.calendar import BusinessCalendar
from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Empirical,
    Exponential,
    Mixture,
    Uniform,
    with_variation,
)
from cauce.engines.capacity.plan_reading import COUNT, NUMBER, RATE, SHARE, SPAN, Part
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.units import Rate, Span

__all__ = [
    "CALENDAR",
    "DURATION",
    "LOOK",
    "ONE_DAY",
    "START",
    "Frame",
    "calendar_of",
    "counted",
    "daily",
    "duration_of",
    "frame_of",
    "per_day",
    "plain",
    "service_of",
    "steps_of",
]

CALENDAR = ("working_days", "holidays", "closed", "extra_days", "hours_per_day")
START = ("date", "waiting")
LOOK = ("until", "every", "replications", "engine", "ages", "quantiles", "keep_visits")
DURATION = ("mean", "variation", "always", "from", "to", "observed", "parts")

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LONGEST_LOOK = 40 * 366
_YEAR = 366
#: Goes in where a duration is wrong; never leaves.
ONE_DAY: Distribution = Exponential(1.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all parts are read within: the first day, the last one, and the working week."""

    first: date
    until: float
    calendar: BusinessCalendar

    @property
    def hours(self) -> float:
        return self.calendar.hours_per_day

    @property
    def week(self) -> float:
        return self.calendar.days_per_week or 7

    @property
    def always_open(self) -> bool:
        """No day of the year is closed."""
        closed = self.calendar.holidays or self.calendar.suspensions
        return self.calendar.days_per_week == 7 and not closed

    def day(self, on: date) -> float:
        """Days from the start; negative before it."""
        return float((on - self.first).days)

    def work(self, span: Span) -> float:
        """Days of work of one server."""
        return span.work_days(self.hours, self.week)

    def opening(self) -> Steps:
        """Open and closed, a year beyond the last day looked at."""
        if self.always_open:
            return Steps.always(1)
        return self.calendar.opening(self.first, math.ceil(self.until) + _YEAR)


def frame_of(plan: Part, *, always_open: bool) -> Frame:
    """The first and last day and the calendar; without one, Monday to Friday of 8 hours, or, for
    lanes, every hour of every day."""
    start = plan.part("start", START, needed="date")
    look = plan.part("look", LOOK)
    first = start.day("date", date(2000, 1, 3))
    last = look.day("until", first + timedelta(days=1))
    length = (last - first).days
    if length <= 0:
        path = look.at("until")
        plan.reader.refuse(path, "capacity_not_ascending", field=path, value=last.isoformat())
    if length > _LONGEST_LOOK:
        params = {"field": look.at("until"), "value": length, "limit": _LONGEST_LOOK}
        plan.reader.refuse(look.at("until"), "capacity_too_many", **params)
    until = float(min(max(length, 1), _LONGEST_LOOK))
    return Frame(first, until, calendar_of(plan, always_open=always_open))


def calendar_of(plan: Part, *, always_open: bool) -> BusinessCalendar:
    """The days the office works. A closure goes from its first day to the day it reopens."""
    part = plan.part("calendar", CALENDAR)
    read = plan.reader
    usual = _WEEK if always_open else _WEEK[:5]
    days = part.names("working_days", _WEEK) if "working_days" in part else usual
    closed = tuple(
        (each.day("from", date.min), each.day("reopens", date.max))
        for each in part.parts("closed", ("from", "reopens"), needed="from reopens")
    )
    holidays = frozenset(read.day(*each) for each in part.items("holidays"))
    extra = frozenset(read.day(*each) for each in part.items("extra_days"))
    hours = part.number("hours_per_day", NUMBER, 24.0 if always_open else 8.0)
    week = tuple(_WEEK.index(day) for day in days)
    harmless = BusinessCalendar()
    return read.attempt(
        part.path,
        lambda: BusinessCalendar(week, holidays, closed, extra, hours),
        harmless,
        named=False,
    )


# ----------------------------------------------------------------------------- by time


def steps_of(
    part: Part, key: str, frame: Frame, read: Callable[[str, object], float], default: float
) -> Steps:
    """A number for all times, or one from each date on. Of those before the plan's first day the
    last one holds on it; without one there is a gap."""
    if key not in part:
        return Steps.always(default)
    path, given = part.at(key), part[key]
    if not isinstance(given, dict) or not all(_is_day(name) for name in given):
        return Steps.always(read(path, given))
    pairs = [
        (frame.day(part.reader.day(f"{path}.{name}", name)), read(f"{path}.{name}", value))
        for name, value in part.reader.mapping(path, given).items()
    ]
    begun = [pair for pair in pairs if pair[0] <= 0]
    later = [pair for pair in pairs if pair[0] > 0]
    at_start = [(0.0, max(begun)[1])] if begun else []
    if not begun:
        earliest = frame.first + timedelta(days=min(later)[0]) if later else frame.first
        part.reader.refuse(path, "capacity_gap", field=path, value=earliest.isoformat())
        return Steps.always(default)
    return part.reader.attempt(path, lambda: Steps.from_pairs(at_start + later), Steps.always(1))


def _is_day(key: object) -> bool:
    """A date, or what is meant as one: it begins with a digit, as no key of a number does."""
    return isinstance(key, date) or str(key)[:1].isdigit()


def daily(pairs: Sequence[tuple[int, float]], days: float) -> Steps:
    """Values by the hour of the day, the same every day; before the first hour that of the last.

    >>> daily([(6, 2.0), (18, 1.0)], 1).values
    (1.0, 2.0, 1.0)
    """
    ordered = sorted(pairs)
    hours = np.array([hour for hour, _ in ordered]) / 24
    times = (np.arange(math.ceil(days))[:, None] + hours).ravel()
    values = np.tile([value for _, value in ordered], math.ceil(days))
    if times[0] > 0:
        times, values = np.append(0.0, times), np.append(ordered[-1][1], values)
    return Steps(tuple(times.tolist()), tuple(values.tolist())).simplified()


def counted(part: Part) -> Callable[[str, object], float]:
    """Reads a whole number."""
    return lambda path, value: part.reader.number(path, value, COUNT)[0]


def plain(part: Part) -> Callable[[str, object], float]:
    """Reads a number."""
    return lambda path, value: part.reader.number(path, value, NUMBER)[0]


def per_day(part: Part, frame: Frame) -> Callable[[str, object], float]:
    """Reads how many come, per day of 24 hours on the mean of a week."""

    def read(path: str, value: object) -> float:
        amount, unit = part.reader.number(path, value, RATE)
        rate = Rate(amount, unit.removeprefix("per "), path)
        return part.reader.attempt(path, lambda: rate.per_day(frame.hours, frame.week), 1.0)

    return read


# ----------------------------------------------------------------------------- durations


def duration_of(
    part: Part, key: str, days: Callable[[Span], float], variation: float
) -> Distribution:
    """A time ("2.5 hours"), or how it is spread: a mean and a variation, always, from–to, as
    observed, or parts of several kinds."""
    written = part[key]
    if not isinstance(written, dict) or not set(written) & set(DURATION):
        mean = part.reader.attempt(part.at(key), lambda: days(part.span(key)), 1.0)
        return part.reader.attempt(part.at(key), lambda: with_variation(mean, variation), ONE_DAY)
    spread = part.part(key, DURATION)
    return _spread(spread, days, variation)


def _spread(part: Part, days: Callable[[Span], float], variation: float) -> Distribution:
    def length(key: str) -> float:
        return part.reader.attempt(part.at(key), lambda: days(part.span(key)), 1.0)

    kind = part.only_one("mean", "always", "from", "observed", "parts")
    if not kind:
        return ONE_DAY
    if kind == "from" and "to" not in part:
        part.reader.refuse(part.at("to"), "field_required", field=part.at("to"))
        return ONE_DAY
    if "to" in part and kind != "from":
        part.reader.refuse(part.at("to"), "capacity_conflict", field=part.at("to"), other=kind)
    if "variation" in part and kind != "mean":
        field = part.at("variation")
        part.reader.refuse(field, "capacity_conflict", field=field, other=kind)
    variation = part.number("variation", NUMBER, variation)
    build: dict[str, Callable[[], Distribution]] = {
        "mean": lambda: with_variation(length("mean"), variation),
        "always": lambda: Always(length("always")),
        "from": lambda: Uniform(length("from"), length("to")),
        "observed": lambda: Empirical(_observed(part, days)),
        "parts": lambda: _mixture(part, days, variation),
    }
    return part.reader.attempt(part.path, build[kind], ONE_DAY)


def _observed(part: Part, days: Callable[[Span], float]) -> tuple[float, ...]:
    read = part.reader
    spans = [Span(*read.number(path, each, SPAN), path) for path, each in part.items("observed")]
    return tuple(days(span) for span in spans)


def _mixture(part: Part, days: Callable[[Span], float], variation: float) -> Distribution:
    keys = ("share", *DURATION[:-1])
    each = tuple(part.parts("parts", keys, needed="share"))
    shares = tuple(one.number("share", SHARE, 1.0) for one in each)
    return Mixture(shares, tuple(_spread(one, days, variation) for one in each))


def service_of(part: Part, frame: Frame) -> Distribution:
    """The work a case takes: a time, or the cases that one person does in a time."""
    variation = part.number("variation", NUMBER, 1.0)
    if part.only_one("cases_per_person", "service") == "service":
        return duration_of(part, "service", frame.work, variation)
    if "cases_per_person" not in part:
        return ONE_DAY
    rate = part.rate("cases_per_person")
    path = part.at("cases_per_person")
    speed = part.reader.attempt(path, lambda: rate.per_work_day(frame.hours, frame.week), 1.0)
    if speed <= 0:
        part.reader.refuse(path, "capacity_not_positive", field=path, value=rate.amount)
        return ONE_DAY
    return part.reader.attempt(path, lambda: with_variation(1 / speed, variation), ONE_DAY)
