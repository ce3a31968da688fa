"""Which office, cases and look does a plan's file describe? Its parts as values of the engine.

Each function reads one part from a :class:`Part` of the file. It keeps problems in the reader and
raises nothing, so that all parts are read before a person is told.
"""

from __future__ import annotations

import calendar as months
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial

import numpy as np

from cauce.engines.capacity.distributions import GroupSize
from cauce.engines.capacity.model import EVERY, LEAVES, ByClass, Network, Pool, Route, Stage
from cauce.engines.capacity.plan_reading import COUNT, NUMBER, RATE, SHARE, SPAN, Part
from cauce.engines.capacity.plan_times import (
    LOOK,
    ONE_DAY,
    START,
    Frame,
    counted,
    daily,
    duration_of,
    per_day,
    plain,
    service_of,
    steps_of,
)
from cauce.engines.capacity.result import ENGINES, Run
from cauce.engines.capacity.scenario import Arrivals, Deadline, Paths, Rates, Source, Start, Waiting
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.units import Rate, Span

__all__ = [
    "ARRIVALS",
    "BY_CLASS",
    "DEADLINE",
    "PERIODS",
    "ROUTE",
    "STAGE",
    "WAITING",
    "after",
    "arrivals_of",
    "class_names",
    "deadlines_of",
    "network_of",
    "run_of",
    "start_of",
]

WAITING = ("stage", "files", "age", "class")
STAGE = (
    "name", "staff", "cases_per_person", "service", "variation", "productivity",
    "leave_if_waiting", "no_show", "no_show_cost", "when_cut", "places", "needs", "priority",
    "by_class",
)  # fmt: skip
BY_CLASS = ("class", "cases_per_person", "service", "variation", "priority", "needs")
ROUTE = ("from", "to", "share", "class")
ARRIVALS = ("class", "stage", "rate", "by_hour", "counts", "persons_per_file", "late_share")
DEADLINE = ("name", "working_days", "days")
#: What counts may be of, and how many months that is; 0: days.
PERIODS = {"day": 0, "week": 0, "month": 1, "quarter": 3, "year": 12}

_HOURS = tuple(str(hour) for hour in range(24))


# ----------------------------------------------------------------------------- the network


def class_names(plan: Part) -> tuple[str, ...]:
    """The classes told apart; one for all where there are none."""
    return plan.names("classes") or (EVERY,)


def network_of(plan: Part, frame: Frame, names: Sequence[str]) -> Callable[[], Network]:
    """Reads stages, pools, classes and routes; the network itself is built when all else is
    right, because it looks at how they fit."""
    classes = class_names(plan)
    pools = tuple(
        Pool(part.text("name"), steps_of(part, "servers", frame, counted(part), 0))
        for part in plan.parts("pools", ("name", "servers"), needed="name servers")
    )
    pool_names = tuple(pool.name for pool in pools)
    parts = plan.parts("stages", STAGE, needed="name staff")
    stages = tuple(_stage(part, frame, classes, pool_names) for part in parts)
    routes = _routes(plan, names, classes) if "routes" in plan else None
    return lambda: Network(stages, routes, pools, classes)


def _stage(part: Part, frame: Frame, classes: Sequence[str], pools: Sequence[str]) -> Stage:
    service = service_of(part, frame)
    leaves = "leave_if_waiting"
    patience = duration_of(part, leaves, Span.calendar_days, 1.0) if leaves in part else None
    name = part.text("name") or "?"
    harmless = Stage(name, ONE_DAY, Steps.always(1))
    staff = steps_of(part, "staff", frame, counted(part), 1)
    productivity = steps_of(part, "productivity", frame, plain(part), 1)
    chances = part.number("no_show", SHARE, 0.0), part.number("no_show_cost", SHARE, 1.0)
    when_cut = part.choice("when_cut", ("resume", "finish"), "resume")
    places = part.count("places", 0) if "places" in part else None
    by_class = _by_class(part, frame, classes, pools)
    opening = part.reader.attempt("calendar", frame.opening, Steps.always(1))
    return part.reader.attempt(
        part.path,
        lambda: Stage(
            name, service, staff, opening, productivity, patience, *chances, when_cut, places,
            by_class,
        ),
        harmless,
        named=False,
    )  # fmt: skip


def _by_class(
    part: Part, frame: Frame, classes: Sequence[str], pools: Sequence[str]
) -> tuple[ByClass, ...]:
    """What the stage says of each class; ``needs`` and ``priority`` of the stage are for all."""
    own: dict[str, ByClass] = {}
    needs, priority = part.names("needs", pools), _priority(part, 0)
    for each in part.parts("by_class", BY_CLASS, needed="class"):
        name = each.choice("class", classes, classes[0])
        if name in own:
            field = each.at("class")
            part.reader.refuse(field, "capacity_twice", field=field, value=name)
        timed = "service" in each or "cases_per_person" in each
        service = service_of(each, frame) if timed else None
        required = each.names("needs", pools) if "needs" in each else needs
        own[name] = ByClass(name, service, _priority(each, priority), required)
    if needs or priority:
        own |= {name: ByClass(name, None, priority, needs) for name in classes if name not in own}
    return tuple(own.values())


def _priority(part: Part, default: int) -> int:
    return part.count("priority", default)


def _routes(plan: Part, names: Sequence[str], classes: Sequence[str]) -> tuple[Route, ...]:
    """Where no ``to`` stands, the case is done."""
    return tuple(
        Route(
            part.choice("from", names, names[0]),
            part.choice("to", names, LEAVES),
            part.number("share", SHARE, 1.0),
            part.choice("class", (*classes, EVERY), EVERY),
        )
        for part in plan.parts("routes", ROUTE, needed="from")
    )


# ----------------------------------------------------------------------------- what comes


def start_of(plan: Part, frame: Frame, names: Sequence[str]) -> Start:
    """The first day and the files that wait on it."""
    part, classes = plan.part("start", START), class_names(plan)
    waiting = []
    for each in part.parts("waiting", WAITING, needed="files"):
        ages = _ages(each)
        class_ = each.choice("class", classes, classes[0])
        found = Waiting(
            each.choice("stage", names, names[0]), each.count("files", 0), 0.0, None, class_
        )
        build = _with_ages(found, ages)
        waiting.append(part.reader.attempt(each.at("age"), build, found))
    return Start(frame.first, tuple(waiting))


def _ages(part: Part) -> tuple[float, float | None]:
    given = part.given.get("age")
    if not isinstance(given, dict) or not set(given) & {"from", "to"}:
        return part.days("age", 0.0), None
    ages = part.part("age", ("from", "to"), needed="from to")
    return ages.days("from", 0.0), ages.days("to", 0.0)


def _with_ages(found: Waiting, ages: tuple[float, float | None]) -> Callable[[], Waiting]:
    return lambda: Waiting(found.stage, found.count, *ages, found.class_)


def arrivals_of(plan: Part, frame: Frame, names: Sequence[str]) -> tuple[Arrivals, ...]:
    """What comes: at random at a rate, by the hour of the day, or in counts."""
    classes, found = class_names(plan), []
    for part in plan.parts("arrivals", ARRIVALS):
        stage = part.choice("stage", names, "")
        class_ = part.choice("class", classes, classes[0])
        sizes = None
        if "persons_per_file" in part:
            read = part.reader
            shares = [read.number(*each, SHARE)[0] for each in part.items("persons_per_file")]
            path = part.at("persons_per_file")
            sizes = read.attempt(path, partial(GroupSize, tuple(shares)), GroupSize((1.0,)))
        late = part.number("late_share", SHARE, 0.0)
        found.append(Arrivals(_source(part, frame), class_, stage, sizes, late))
    return tuple(found)


def _source(part: Part, frame: Frame) -> Source:
    kind = part.only_one("rate", "by_hour", "counts")
    if kind == "counts":
        return _counts(part, frame)
    if kind == "by_hour":
        return Rates(_by_hour(part, frame))
    return Rates(steps_of(part, "rate", frame, per_day(part, frame), 0.0))


def _by_hour(part: Part, frame: Frame) -> Steps:
    path, pairs = part.at("by_hour"), []
    for name, value in part.reader.mapping(path, part["by_hour"]).items():
        hour = part.reader.choice(f"{path}.{name}", name, _HOURS)
        amount, unit = part.reader.number(f"{path}.{name}", value, RATE)
        rate = Rate(amount, unit.removeprefix("per "), f"{path}.{name}")
        per_day = part.reader.attempt(f"{path}.{name}", rate.calendar_per_day, 1.0)
        pairs.append((int(hour), per_day))
    if not pairs:
        part.reader.refuse(path, "capacity_too_few", field=path, value=0, limit=1)
    return daily(pairs or [(0, 0.0)], frame.until)


def _counts(part: Part, frame: Frame) -> Source:
    """Files of each period from the plan's first day on; several lists are several courses."""
    counts = part.part("counts", ("per", "values"), needed="per values")
    none: Source = Rates(Steps.always(0))
    per = counts.choice("per", tuple(PERIODS), "month")
    items = list(counts.items("values"))
    rows = [_row(counts, path, each) for path, each in items if isinstance(each, list | tuple)]
    if (rows and len(rows) < len(items)) or len({len(row) for row in rows}) > 1:
        field = counts.at("values")
        part.reader.refuse(field, "capacity_lengths_differ", field=field, other=f"{field}[0]")
        return none
    if not rows:
        rows = [[part.reader.number(path, each, COUNT)[0] for path, each in items]]
    edges = [frame.day(after(frame.first, per, index)) for index in range(len(rows[0]) + 1)]
    path = counts.at("values")
    return part.reader.attempt(path, lambda: Paths(np.array(edges), np.array(rows)), none)


def _row(part: Part, path: str, values: object) -> list[float]:
    numbers = part.reader.entries(path, values)
    return [
        part.reader.number(f"{path}[{index}]", each, COUNT)[0] for index, each in enumerate(numbers)
    ]


def after(day: date, per: str, count: int) -> date:
    """The day after so many periods; the 31st becomes the last day of a shorter month."""
    if not PERIODS[per]:
        return day + timedelta(days=count * (7 if per == "week" else 1))
    number = day.year * 12 + day.month - 1 + count * PERIODS[per]
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, months.monthrange(year, month)[1]))


# ----------------------------------------------------------------------------- the look


def deadlines_of(plan: Part, frame: Frame) -> tuple[Deadline, ...]:
    """Time limits in working days of the calendar, or in days of 24 hours."""
    found = []
    for part in plan.parts("deadlines", DEADLINE, needed="name"):
        kind = part.only_one("working_days", "days")
        name = part.text("name")
        working = part.count("working_days", 1) if kind == "working_days" else None
        days = part.number("days", NUMBER, 1.0) if kind != "working_days" else None
        found.append(
            part.reader.attempt(
                part.at(kind) if kind else part.path,
                partial(Deadline, name, working, frame.calendar, days),
                Deadline(name, days=1.0),
            )
        )
    return tuple(found)


def run_of(plan: Part, frame: Frame, deadlines: tuple[Deadline, ...]) -> Run:
    """Until when, how often and by which engine to look."""
    part = plan.part("look", LOOK, needed="until")
    read = part.reader
    usual = Run(1.0)
    every, count = part.days("every", usual.every), part.count("replications", usual.replications)
    engine, keep = part.choice("engine", ENGINES, usual.engine), part.flag("keep_visits")
    ages = tuple(_age(part, *each) for each in part.items("ages"))
    shares = tuple(read.number(*each, SHARE)[0] for each in part.items("quantiles"))
    return read.attempt(
        part.path,
        lambda: Run(
            frame.until,
            every,
            count,
            engine,
            deadlines,
            ages or usual.age_edges,
            shares or usual.quantiles,
            keep,
        ),
        usual,
        named=False,
    )


def _age(part: Part, path: str, value: object) -> float:
    span = Span(*part.reader.number(path, value, SPAN), path)
    return part.reader.attempt(path, span.calendar_days, 0.0)
