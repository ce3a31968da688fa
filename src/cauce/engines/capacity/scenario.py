"""How many cases are there, how many come, and by when must they be decided?

What goes into a network: the backlog it starts with, arrivals, and deadlines, which are looked at
and change nothing: a late case is counted, never refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from cauce.engines.capacity.calendar import BusinessCalendar
from cauce.engines.capacity.distributions import GroupSize
from cauce.engines.capacity.model import EVERY, Network
from cauce.engines.capacity.refusing import (
    Floats,
    ascending,
    finite,
    floats,
    not_negative,
    one_of,
    positive,
    share,
    whole,
)
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

__all__ = [
    "Arrivals",
    "Deadline",
    "Events",
    "Paths",
    "Rates",
    "Scenario",
    "Source",
    "Start",
    "Waiting",
]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Cases that wait at a stage when the plan starts, filed between two ages ago.

    Ages are days since filing, spread evenly from ``age`` to ``age_to`` (default: all of one age).
    """

    stage: str
    count: int
    age: float = 0.0
    age_to: float | None = None
    class_: str = EVERY

    def __post_init__(self) -> None:
        where = f"start.{self.stage}"
        object.__setattr__(self, "count", whole(f"{where}.count", self.count))
        not_negative(f"{where}.age", self.age)
        if self.age_to is not None and finite(f"{where}.age_to", self.age_to) < self.age:
            raise CauceError("capacity_not_ascending", field=f"{where}.age_to", value=self.age_to)

    @property
    def oldest(self) -> float:
        """The age of the oldest of them, in days."""
        return self.age if self.age_to is None else self.age_to


@dataclass(frozen=True, slots=True)
class Start:
    """The first day of the plan, at 0 h, and the backlog on it; the oldest case stands first."""

    on: date
    waiting: tuple[Waiting, ...] = ()

    def __post_init__(self) -> None:
        _kind("start.on", self.on, (date,))
        # No case was filed before the year 1; and each day since the oldest is looked at.
        days = self.on.toordinal()
        for each in self.waiting:
            if each.oldest >= days:
                name = "age" if each.age_to is None else "age_to"
                raise CauceError(
                    "capacity_too_many",
                    field=f"start.{each.stage}.{name}",
                    value=each.oldest,
                    limit=days - 1,
                )

    def day(self, day: date) -> float:
        """Days from the start to 0 h of a day, as all times of a plan are given.

        >>> Start(date(2025, 1, 6)).day(date(2025, 2, 1))
        26.0
        """
        # By their ordinals: a moment of a day counts as its day.
        return float(day.toordinal() - self.on.toordinal())

    @property
    def backlog(self) -> int:
        """Cases that wait, at all stages."""
        return sum(each.count for each in self.waiting)


@dataclass(frozen=True, slots=True)
class Rates:
    """Arrivals at random (Poisson), so many a day by time; a number stands for always."""

    per_day: Steps

    def __post_init__(self) -> None:
        object.__setattr__(self, "per_day", Steps.of(self.per_day))

    def expected(self, until: float) -> float:
        """Cases expected from the start until a day."""
        return float(self.per_day.until([until])[0])


@dataclass(frozen=True, slots=True, eq=False)
class Paths:
    """Counts a period, in several sample paths, as a forecast gives them.

    ``edges``: days, one more than there are periods, from 0; ``counts``: whole numbers
    [path, period]. Replication r takes path r modulo their number. Within its period each case
    comes at any moment alike. After the last edge nothing comes.
    """

    edges: Floats
    counts: Floats

    def __post_init__(self) -> None:
        edges, counts = floats("arrivals.edges", self.edges), floats("arrivals.paths", self.counts)
        if (
            edges.ndim != 1
            or counts.ndim != 2
            or not counts.size
            or counts.shape[1] != len(edges) - 1
        ):
            raise CauceError(
                "capacity_lengths_differ", field="arrivals.paths", other="arrivals.edges"
            )
        ascending("arrivals.edges", edges)
        if edges[0] != 0:
            raise CauceError("capacity_gap", field="arrivals.edges", value=float(edges[0]))
        wrong = (counts < 0) | (counts != np.floor(counts))
        if wrong.any():
            first = int(np.argmax(wrong.ravel()))
            whole(f"arrivals.paths[{first}]", float(counts.ravel()[first]))
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "counts", counts)

    def mean(self) -> Steps:
        """The mean of the paths as cases a day."""
        per_day = self.counts.mean(axis=0) / np.diff(self.edges)
        return Steps(tuple(self.edges), (*per_day, 0.0))

    def expected(self, until: float) -> float:
        """Cases from the start until a day, in the mean of the paths."""
        return float(self.mean().until([until])[0])


@dataclass(frozen=True, slots=True, eq=False)
class Events:
    """Arrivals at given moments, in days, the same in every replication; none before the start."""

    times: Floats

    def __post_init__(self) -> None:
        times = floats("arrivals.events", self.times)
        if times.ndim != 1:
            raise CauceError(
                "capacity_lengths_differ", field="arrivals.events", other="arrivals.events"
            )
        ascending("arrivals.events", times, strictly=False)
        if len(times):
            not_negative("arrivals.events[0]", float(times[0]))
        object.__setattr__(self, "times", times)

    def expected(self, until: float) -> float:
        """Cases from the start until a day."""
        return float(np.searchsorted(self.times, until, side="right"))


Source = Rates | Paths | Events


@dataclass(frozen=True, slots=True)
class Arrivals:
    """Cases of one class that come to a stage (default: the first).

    ``source`` counts files; ``persons_per_file`` says how many persons a file stands for, so that
    both are counted and never mixed. ``late_share``: the share filed after a filing limit; it is
    a flag that is counted and refuses nobody.
    """

    source: Source
    class_: str = EVERY
    stage: str = ""
    persons_per_file: GroupSize | None = None
    late_share: float = 0.0

    def __post_init__(self) -> None:
        where = f"arrivals.{self.class_}"
        share(f"{where}.late_share", self.late_share)
        _kind(f"{where}.source", self.source, (Rates, Paths, Events))
        if self.persons_per_file is not None:
            _kind(f"{where}.persons_per_file", self.persons_per_file, (GroupSize,))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time limit from filing to the end of the procedure, in working days of a calendar.

    ``days`` counts days of 24 h instead, where the limit is not one of working days.
    """

    name: str
    working_days: int | None = None
    calendar: BusinessCalendar | None = None
    days: float | None = None

    def __post_init__(self) -> None:
        if (self.working_days is None) == (self.days is None):
            raise CauceError("capacity_conflict", field="working_days", other="days")
        if self.working_days is not None:
            days = whole("deadlines.working_days", self.working_days)
            positive("deadlines.working_days", days)
            object.__setattr__(self, "working_days", days)
        else:
            positive("deadlines.days", self.days or 0.0)
        if self.calendar is not None:
            _kind("deadlines.calendar", self.calendar, (BusinessCalendar,))

    def ends(self, on: date, filed: Floats) -> Floats:
        """When the limit ends of cases filed at these days from the start (may be negative)."""
        if self.days is not None or not len(filed):
            return filed + (self.days or 0.0)
        calendar = self.calendar or BusinessCalendar()
        days = np.floor(filed).astype(np.int64)
        first, last = int(days.min()), int(days.max())
        ends = calendar.deadlines(on, first, last, self.working_days or 0)
        return ends[days - first]


@dataclass(frozen=True, slots=True)
class Scenario:
    """All that a simulation is of: a network, what it starts with and what comes.

    Raises ``capacity_unknown_name`` where the backlog or the arrivals name a stage or class that
    the network does not have.
    """

    network: Network
    start: Start
    arrivals: tuple[Arrivals, ...] = ()

    def __post_init__(self) -> None:
        names, classes = self.network.names, self.network.classes
        for waiting in self.start.waiting:
            one_of("start.stage", waiting.stage, names)
            one_of("start.class", waiting.class_, classes)
        for arrivals in self.arrivals:
            one_of("arrivals.stage", arrivals.stage or names[0], names)
            one_of("arrivals.class", arrivals.class_, classes)

    def entry(self, arrivals: Arrivals) -> int:
        """The number of the stage where these arrivals come in."""
        return self.network.names.index(arrivals.stage) if arrivals.stage else 0

    def expected(self, until: float) -> float:
        """Cases in the backlog and expected until a day."""
        coming = sum(each.source.expected(until) for each in self.arrivals)
        return self.start.backlog + coming

    def at_most(self, until: float, limit: int) -> float:
        """The cases that one replication may bring until a day, in the fullest of given paths;
        raises ``capacity_too_many`` (cases) for more than the limit."""
        with np.errstate(over="ignore"):
            coming = sum(_most(each.source, until) for each in self.arrivals)
        cases = self.start.backlog + coming
        if not cases <= limit:
            raise CauceError("capacity_too_many", field="cases", value=cases, limit=limit)
        return cases

    def persons_per_file(self) -> float:
        """The mean number of persons a file stands for, over all arrivals alike; 1 if not said."""
        sizes = [each.persons_per_file for each in self.arrivals]
        means = [size.mean if size else 1.0 for size in sizes] or [1.0]
        return sum(means) / len(means)


def _kind(field: str, given: object, kinds: tuple[type, ...]) -> None:
    """Of one of these kinds; raises ``capacity_unknown_name`` with their names."""
    if not isinstance(given, kinds):
        choices = ", ".join(kind.__name__ for kind in kinds)
        raise CauceError("capacity_unknown_name", field=field, value=str(given), choices=choices)


def _most(source: Source, until: float) -> float:
    """Cases of the fullest path, which are drawn to its end; of other sources those expected."""
    if isinstance(source, Paths):
        return float(source.counts.sum(axis=1).max())
    return source.expected(until)
