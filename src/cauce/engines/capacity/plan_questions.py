"""What is asked of a plan? How many staff or lanes are enough, what comes, what if.

Values only: nothing here is computed. Money has no currency of its own; it is in that of the
person who asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from typing import TypeVar

import numpy as np

from cauce.engines.capacity.forecast_models import METHODS
from cauce.engines.capacity.forecasting import UNITS, Series, Shock
from cauce.engines.capacity.model import Network
from cauce.engines.capacity.plan_reading import COUNT, NUMBER, SHARE, Part, shown
from cauce.engines.capacity.plan_times import Frame, counted, daily, plain, steps_of
from cauce.engines.capacity.refusing import not_negative, positive, share
from cauce.engines.capacity.scenario import Arrivals, Deadline, Paths, Rates, Scenario
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

__all__ = [
    "CHANGE",
    "FORECAST",
    "HOURS",
    "RAMP",
    "SERIES",
    "SHOCK",
    "STAFF_METHODS",
    "WANT_LANES",
    "WANT_STAFF",
    "WORKS",
    "Change",
    "ForecastQuestion",
    "LanesQuestion",
    "Ramp",
    "StaffQuestion",
    "Works",
    "changes_of",
    "forecast_of",
    "lanes_of",
    "staff_of",
    "with_works",
]

STAFF_METHODS = ("search", "optimise")
WANT_STAFF = (
    "share", "deadline", "working_days", "from", "by", "probability", "budget",
    "cost_per_person", "at_most", "ramp", "method",
)  # fmt: skip
RAMP = ("at_first", "full_after")
WANT_LANES = ("wait", "share", "at_most", "every")
HOURS = ("opens", "closes")
WORKS = ("lanes", "stage", "from", "reopens")
FORECAST = ("series", "horizon", "methods", "paths", "scenarios")
SERIES = ("from", "per", "season", "values")
SHOCK = ("name", "from", "steps", "times")
CHANGE = ("name", "staff", "productivity", "arrivals")

_SEASON = {"week": 52, "month": 12, "quarter": 4, "year": 1}

Number = TypeVar("Number", int, float)


# ----------------------------------------------------------------------------- staff


@dataclass(frozen=True, slots=True)
class Ramp:
    """Who is new does the share ``at_first`` of the work, all of it after ``full_after`` days."""

    at_first: float
    full_after: float

    def __post_init__(self) -> None:
        share("want.ramp.at_first", self.at_first)
        not_negative("want.ramp.full_after", self.full_after)


@dataclass(frozen=True, slots=True)
class StaffQuestion:
    """How many more people, so that a share of the cases is decided within a limit?

    share: of the files that come from ``since`` (days from the start) on and before ``by`` (None:
    as long as is looked at). probability: how often that must hold. costs: (stage, cost of one
    person for a day of 24 h); at_most: (stage, staff). ``budget`` is for the whole plan.
    """

    share: float
    deadline: Deadline
    since: float = 0.0
    by: float | None = None
    probability: float = 0.8
    budget: float | None = None
    costs: tuple[tuple[str, float], ...] = ()
    at_most: tuple[tuple[str, int], ...] = ()
    ramp: Ramp | None = None
    method: str = "search"

    def __post_init__(self) -> None:
        share("want.share", self.share)
        share("want.probability", self.probability)
        not_negative("want.from", self.since)
        if self.by is not None and self.by <= self.since:
            raise CauceError("capacity_not_ascending", field="want.by", value=self.by)
        if self.budget is not None:
            not_negative("want.budget", self.budget)


def staff_of(
    plan: Part, frame: Frame, names: Sequence[str], deadlines: Sequence[Deadline]
) -> StaffQuestion:
    """The question under ``want``; its limit is one of the plan's or working days of its own."""
    part = plan.part("want", WANT_STAFF, needed="share")
    limit = _limit(part, frame, deadlines)
    since = frame.day(part.day("from", frame.first))
    by = frame.day(part.day("by", frame.first)) if "by" in part else None
    ramp = None
    if "ramp" in part:
        given = part.part("ramp", RAMP, needed="at_first full_after")
        learning = given.number("at_first", SHARE, 0.5), given.days("full_after", 1.0)
        ramp = Ramp(*learning)
    numbers = part.number("share", SHARE, 0.5), part.number("probability", SHARE, 0.8)
    budget = part.number("budget", NUMBER, 0.0) if "budget" in part else None
    costs = _by_stage(part, "cost_per_person", names, _cost)
    most = _by_stage(part, "at_most", names, _most)
    method = part.choice("method", STAFF_METHODS, "search")
    return part.reader.attempt(
        part.path,
        lambda: StaffQuestion(
            numbers[0], limit, since, by, numbers[1], budget, costs, most, ramp, method
        ),
        StaffQuestion(0.5, limit),
        named=False,
    )


def _limit(part: Part, frame: Frame, deadlines: Sequence[Deadline]) -> Deadline:
    kind = part.only_one("deadline", "working_days")
    if kind == "deadline":
        known = {each.name: each for each in deadlines}
        name = part.choice("deadline", tuple(known), "")
        return known.get(name, Deadline("?", days=1.0))
    working = part.count("working_days", 1)
    path = part.at("working_days")
    return part.reader.attempt(
        path,
        lambda: Deadline("want", working, frame.calendar),
        Deadline("want", days=1.0),
    )


def _by_stage(
    part: Part, key: str, names: Sequence[str], read: Callable[[Part, str], Number]
) -> tuple[tuple[str, Number], ...]:
    """A value for each stage named, or the same for all."""
    if key not in part:
        return ()
    if not isinstance(part[key], dict):
        value = read(part, key)
        return tuple((name, value) for name in names)
    each = part.part(key, names)
    return tuple((name, read(each, name)) for name in names if name in each)


def _cost(part: Part, key: str) -> float:
    rate = part.rate(key)
    return part.reader.attempt(part.at(key), rate.calendar_per_day, 1.0)


def _most(part: Part, key: str) -> int:
    return part.count(key, 1)


# ----------------------------------------------------------------------------- lanes


@dataclass(frozen=True, slots=True)
class Works:
    """Lanes of a stage that are closed from one day to the day they reopen, from the start."""

    stage: str
    lanes: int
    start: float
    end: float

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise CauceError("capacity_not_ascending", field="works", value=self.end)

    def closed(self) -> Steps:
        """How many lanes they take, by time."""
        inside = [(max(self.start, 0.0), float(self.lanes)), (self.end, 0.0)]
        if self.end <= 0:
            return Steps.always(0)
        return Steps.from_pairs([*inside, (0.0, 0.0)] if self.start > 0 else inside)


@dataclass(frozen=True, slots=True)
class LanesQuestion:
    """How many lanes, so that the wait of ``share`` of the vehicles is within ``wait`` (days)?

    most: lanes there can be. every: days for which one number of lanes is kept. opens, closes:
    hours of the day. works: already taken out of the scenario's staff.
    """

    wait: float
    most: int
    share: float = 0.9
    every: float = 1 / 24
    opens: int = 0
    closes: int = 24
    works: tuple[Works, ...] = ()

    def __post_init__(self) -> None:
        positive("want.wait", self.wait)
        positive("want.at_most", self.most)
        share("want.share", self.share)
        positive("want.every", self.every)
        if not 0 <= self.opens < self.closes <= 24:
            raise CauceError("capacity_not_ascending", field="hours.closes", value=self.closes)

    def opening(self, until: float) -> Steps:
        """1 in the hours of the day that are open, for so many days; else 0."""
        if self.closes - self.opens == 24:
            return Steps.always(1)
        return daily([(self.opens, 1.0), (self.closes % 24, 0.0)], until)


def lanes_of(plan: Part, frame: Frame, names: Sequence[str]) -> LanesQuestion:
    """The question under ``want``, the hours and the works."""
    part = plan.part("want", WANT_LANES, needed="wait at_most")
    hours = plan.part("hours", HOURS)
    opens, closes = hours.count("opens", 0), hours.count("closes", 24)
    works = tuple(_works(each, frame, names) for each in plan.parts("works", WORKS, needed="lanes"))
    wait, every = part.days("wait", 1.0), part.days("every", 1 / 24)
    numbers = part.count("at_most", 1), part.number("share", SHARE, 0.9)
    return part.reader.attempt(
        part.path,
        lambda: LanesQuestion(wait, *numbers, every, opens, closes, works),
        LanesQuestion(1.0, 1),
        named=False,
    )


def _works(part: Part, frame: Frame, names: Sequence[str]) -> Works:
    start = frame.day(part.day("from", frame.first))
    end = frame.day(part.day("reopens", date.max))
    stage, lanes = part.choice("stage", names, names[0]), part.count("lanes", 1)
    path = part.at("reopens")
    harmless = Works(stage, lanes, 0.0, 1.0)
    return part.reader.attempt(path, lambda: Works(stage, lanes, start, end), harmless)


def with_works(network: Network, question: LanesQuestion, until: float) -> Network:
    """The network without the lanes closed for works, open in the hours of the day.

    Raises ``capacity_negative`` where works close more lanes than there are.
    """
    opening = question.opening(until)
    for stage in network.stages:
        staff = stage.staff
        for works in question.works:
            if works.stage == stage.name:
                staff = _less(staff, works.closed(), f"stages.{stage.name}.staff")
        open_ = stage.opening.product(opening)
        network = network.with_stage(replace(stage, staff=staff, opening=open_))
    return network


def _less(staff: Steps, closed: Steps, field: str) -> Steps:
    moments = np.union1d(staff.times, closed.times)
    left = staff.on(moments) - closed.on(moments)
    not_negative(field, float(left.min()))
    return Steps(tuple(moments), tuple(left)).simplified()


# ----------------------------------------------------------------------------- forecast


@dataclass(frozen=True, slots=True)
class ForecastQuestion:
    """How many come in the next steps? ``methods`` None: the usual ones."""

    series: Series
    horizon: int
    methods: tuple[str, ...] | None = None
    paths: int = 1000
    scenarios: tuple[Shock, ...] = ()


def forecast_of(plan: Part) -> ForecastQuestion:
    """The series and what is asked of it."""
    series = _series(plan)
    horizon = plan.count("horizon", 1)
    methods = plan.names("methods", METHODS) if "methods" in plan else None
    paths = plan.count("paths", 1000)
    shocks = tuple(
        _shock(part, series, horizon)
        for part in plan.parts("scenarios", SHOCK, needed="name from steps times")
    )
    for key, number in (("horizon", horizon), ("paths", paths)):
        field = plan.at(key)
        plan.reader.attempt(field, lambda f=field, n=number: positive(f, n), 1.0)  # type: ignore[misc]  # bound now
    return ForecastQuestion(series, horizon, methods, paths, shocks)


def _series(plan: Part) -> Series:
    part = plan.part("series", SERIES, needed="from per values")
    per = part.choice("per", tuple(UNITS), "month")
    start = _month_or_day(part, "from")
    values = tuple(_value(part, path, each) for path, each in part.items("values"))
    season = part.count("season", _SEASON[per])
    harmless = Series(date(2000, 1, 1), (0.0,), 1, "year")
    if any(value is None for value in values):
        return harmless
    return part.reader.attempt(part.path, lambda: Series(start, values, season, per), harmless)


def _value(part: Part, path: str, value: object) -> float | None:
    if value is None:
        part.reader.refuse(path, "capacity_gap", field=path, value="null")
        return None
    return part.reader.number(path, value, COUNT)[0]


def _month_or_day(part: Part, key: str) -> date:
    """2024-03 is the first of the month."""
    given = part.given.get(key, date(2000, 1, 1))
    text = f"{given}-01" if isinstance(given, str) and len(given) == len("2024-03") else given
    return part.reader.day(part.at(key), text)


def _shock(part: Part, series: Series, horizon: int) -> Shock:
    """From the step in which the date lies; only what is forecast can be changed."""
    day, first = _month_or_day(part, "from"), len(series.values)
    starts = [series.at(first + index) for index in range(min(horizon, 1000) + 1)]
    within = [
        index
        for index, (start, end) in enumerate(pairwise(starts))
        if isinstance(start, date) and isinstance(end, date) and start <= day < end
    ]
    steps, factor = part.count("steps", 1), part.number("times", NUMBER, 1.0)
    if not within:
        choices = f"{shown(starts[0])} … {shown(starts[-1])}"
        params = {"field": part.at("from"), "value": day.isoformat(), "choices": choices}
        part.reader.refuse(part.at("from"), "capacity_unknown_name", **params)
    start = within[0] if within else 0
    return part.reader.attempt(
        part.path,
        lambda: Shock(start, start + steps, factor, part.text("name")),
        Shock(0, 1, 1.0),
        named=False,
    )


# ----------------------------------------------------------------------------- what if


@dataclass(frozen=True, slots=True)
class Change:
    """One "what if": staff from dates on by stage, and factors of productivity and arrivals."""

    name: str
    staff: tuple[tuple[str, Steps], ...] = ()
    productivity: tuple[tuple[str, Steps], ...] = ()
    arrivals: Steps | None = None

    def of(self, scenario: Scenario) -> Scenario:
        """The scenario with the change; what it does not name stays."""
        network, arrivals = scenario.network, scenario.arrivals
        for name, staff in self.staff:
            network = network.with_stage(replace(network.stage(name), staff=staff))
        for name, factor in self.productivity:
            stage = network.stage(name)
            faster = stage.productivity.product(factor)
            network = network.with_stage(replace(stage, productivity=faster))
        if self.arrivals is not None:
            arrivals = tuple(_more(each, self.arrivals) for each in arrivals)
        return Scenario(network, scenario.start, arrivals)


def _more(arrivals: Arrivals, factor: Steps) -> Arrivals:
    """Arrivals times a factor by time; counts by that of the middle of their period, rounded."""
    source = arrivals.source
    if isinstance(source, Rates):
        return replace(arrivals, source=Rates(source.per_day.product(factor)))
    if not isinstance(source, Paths):
        raise CauceError("capacity_conflict", field="compare.arrivals", other="arrivals.events")
    middles = (source.edges[1:] + source.edges[:-1]) / 2
    counts = np.rint(source.counts * factor.on(middles))
    return replace(arrivals, source=Paths(source.edges, counts))


def changes_of(plan: Part, frame: Frame, names: Sequence[str]) -> tuple[Change, ...]:
    """The "what if" of a plan, each with its name."""
    found: list[Change] = []
    for part in plan.parts("compare", CHANGE, needed="name"):
        staff = _steps_by_stage(part, "staff", frame, names)
        speed = _steps_by_stage(part, "productivity", frame, names)
        come = steps_of(part, "arrivals", frame, plain(part), 1.0) if "arrivals" in part else None
        name = part.text("name")
        if name in {each.name for each in found}:
            part.reader.refuse(part.at("name"), "capacity_twice", field="compare", value=name)
        found.append(Change(name, staff, speed, come))
    return tuple(found)


def _steps_by_stage(
    part: Part, key: str, frame: Frame, names: Sequence[str]
) -> tuple[tuple[str, Steps], ...]:
    each = part.part(key, names)
    read = counted(each) if key == "staff" else plain(each)
    return tuple((name, steps_of(each, name, frame, read, 0)) for name in names if name in each)
