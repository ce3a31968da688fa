"""What does chance bring in one replication? Drawn before the event engine's loop begins.

Common random numbers: arrivals come from a stream of their own, and in each stage and class the
n-th attempt to start takes the n-th duration and the n-th way onward, the n-th case that comes the
n-th patience. So two plans that differ in staff alone meet the same chance, and a plan with more
staff lets nobody go later (in order of leaving). A stream is named by seed, replication, purpose
and queue, so that neither the number of replications nor their order changes any of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cauce.engines.capacity.distributions import GroupSize
from cauce.engines.capacity.kernel import AGAIN, OUT
from cauce.engines.capacity.model import ByClass, Network, Stage
from cauce.engines.capacity.refusing import Floats, Integers
from cauce.engines.capacity.scenario import Arrivals, Events, Paths, Rates, Scenario
from cauce.engines.capacity.steps import Steps

__all__ = ["Attempts", "Cases", "Ways", "draw_attempts", "draw_cases", "ways_of"]

# What a stream of chance is for.
_ARRIVALS, _PERSONS, _LATE, _WORK, _ROUTE, _PATIENCE = range(6)

#: Draws made at once beyond those expected, in standard deviations of a Poisson number.
_MARGIN = 4.0
# Less than what a network takes for a way out.
_ROUNDING = 5e-10


def stream(seed: int, replication: int, purpose: int, number: int) -> np.random.Generator:
    """A stream of its own for each purpose and queue of each replication."""
    key = np.random.SeedSequence([seed, replication, purpose, number])
    return np.random.Generator(np.random.SFC64(key))


@dataclass(frozen=True, slots=True, eq=False)
class Cases:
    """All cases of one replication, in the order in which they come; the backlog first, at 0.

    All arrays [case]; ``filed``: days from the start, negative in the backlog.
    """

    time: Floats
    stage: Integers
    class_: Integers
    filed: Floats
    persons: Integers | None  # None: every file is one person's
    late: int

    @property
    def count(self) -> int:
        return len(self.time)


@dataclass(frozen=True, eq=False)
class Ways:
    """How one queue goes on: stages with their shares, summed up; the rest is out."""

    onward: Integers
    up_to: Floats
    no_show: float

    @cached_property
    def is_certain(self) -> bool:
        """Every attempt succeeds and leads to one place."""
        return not self.no_show and len(self.onward) <= 1 and not (self.up_to < 1).any()

    def certain(self, count: int) -> Integers:
        """The one place to which so many attempts lead."""
        return np.full(count, self.onward[0] if len(self.onward) else OUT)

    def draw(self, chance: np.random.Generator, count: int) -> Integers:
        """Where so many attempts lead: the number of a stage, OUT, or AGAIN after a no-show."""
        drawn = chance.random(count)
        # One number for both: what lies below no_show is a no-show, the rest is stretched.
        way = np.searchsorted(self.up_to, (drawn - self.no_show) / (1 - self.no_show), side="right")
        found: Integers = np.append(self.onward, OUT)[way]
        found[drawn < self.no_show] = AGAIN
        return found


def ways_of(network: Network) -> tuple[Ways, ...]:
    """The ways of every queue (stage × classes + class)."""
    names = network.names
    found = []
    for stage in network.stages:
        for class_ in network.classes:
            onward = network.onward(class_, stage.name)
            up_to = np.cumsum([share for _, share in onward])
            # Shares such as ten times 0.1 add up to all but a rounding of 1.
            up_to = np.where(np.isclose(up_to, 1, rtol=0, atol=_ROUNDING), 1.0, up_to)
            numbers = np.array([names.index(to) for to, _ in onward], dtype=np.int64)
            found.append(Ways(numbers, up_to, stage.no_show))
    return tuple(found)


@dataclass(frozen=True, slots=True, eq=False)
class Attempts:
    """What each queue's attempts will bring, one queue after another.

    at, patience_at [queue]: where its rows begin. work [attempt]: days. route [attempt]: the stage
    after it, OUT or AGAIN. patience [join], or ``None``. joins: how many visits there can be.
    """

    at: Integers
    work: Floats
    route: Integers
    patience_at: Integers
    patience: Floats | None
    joins: int


def draw_attempts(
    network: Network, ways: Sequence[Ways], cases: Cases, seed: int, replication: int
) -> Attempts:
    """Chance for every attempt that these cases can make, however they are served.

    How many attempts each queue sees in the end does not depend on the order of the events, because
    the n-th attempt leads where it leads whoever makes it: so they can be counted before.
    """
    classes = len(network.classes)
    first = np.bincount(cases.stage * classes + cases.class_, minlength=len(ways))
    routes, joins = _routes(ways, classes, first, seed, replication)
    work, patience = [], []
    for queue, route in enumerate(routes):
        stage = network.stages[queue // classes]
        of_class = stage.of(network.classes[queue % classes])
        work.append(_work(stage, of_class, route, stream(seed, replication, _WORK, queue)))
        if stage.patience:
            chance = stream(seed, replication, _PATIENCE, queue)
            patience.append(stage.patience.draws(chance, int(joins[queue])))
        else:
            patience.append(np.full(int(joins[queue]), np.inf))
    leaves = any(stage.patience for stage in network.stages)
    return Attempts(
        at=_starts([len(route) for route in routes]),
        work=np.concatenate(work),
        route=np.concatenate(routes),
        patience_at=_starts(joins),
        patience=np.concatenate(patience) if leaves else None,
        joins=int(joins.sum()),
    )


def _routes(
    ways: Sequence[Ways], classes: int, first: Integers, seed: int, replication: int
) -> tuple[list[Integers], Integers]:
    """Where each queue's attempts lead, and how often each queue is joined."""
    streams = {
        queue: stream(seed, replication, _ROUTE, queue)
        for queue, way in enumerate(ways)
        if not way.is_certain
    }
    parts: list[list[Integers]] = [[np.empty(0, dtype=np.int64)] for _ in ways]
    joins, waiting = first.copy(), first.copy()
    while waiting.any():
        queue = int(np.argmax(waiting > 0))
        count, waiting[queue] = int(waiting[queue]), 0
        way = ways[queue]
        route = way.draw(streams[queue], count) if queue in streams else way.certain(count)
        parts[queue].append(route)
        waiting[queue] += np.count_nonzero(route == AGAIN)
        for stage in way.onward.tolist():
            target = stage * classes + queue % classes
            arrived = count if way.is_certain else np.count_nonzero(route == stage)
            joins[target] += arrived
            waiting[target] += arrived
    return [part[1] if len(part) == 2 else np.concatenate(part) for part in parts], joins


def _work(stage: Stage, of_class: ByClass, route: Integers, chance: np.random.Generator) -> Floats:
    service = of_class.service or stage.service
    work = service.draws(chance, len(route))
    if stage.no_show:
        work = np.where(route == AGAIN, work * stage.no_show_cost, work)
    return work


def _starts(counts: Sequence[int] | Integers) -> Integers:
    return np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int64)


# --------------------------------------------------------------------------- who comes


def draw_cases(scenario: Scenario, until: float, seed: int, replication: int) -> Cases:
    """The backlog and all who come until the end."""
    parts = [_backlog(scenario, seed, replication)]
    late, told = 0, any(arrivals.persons_per_file for arrivals in scenario.arrivals)
    for number, arrivals in enumerate(scenario.arrivals):
        chance = stream(seed, replication, _ARRIVALS, number)
        time = _moments(arrivals, until, replication, chance)
        if arrivals.late_share:
            late_chance = stream(seed, replication, _LATE, number)
            late += int(late_chance.binomial(len(time), arrivals.late_share))
        size, persons = arrivals.persons_per_file, np.ones(len(time), dtype=np.int64)
        if size:
            persons = size.draws(stream(seed, replication, _PERSONS, number), len(time))
        parts.append(_coming(scenario, arrivals, time, persons))
    parts = [part for part in parts if len(part[0])] or parts[:1]
    columns = zip(*parts, strict=True)
    time, stage, class_, filed, persons = (
        column[0] if len(parts) == 1 else np.concatenate(column) for column in columns
    )
    if len(parts) > 1:
        order = np.argsort(time, kind="stable")
        time, stage, class_ = time[order], stage[order], class_[order]
        filed, persons = filed[order], persons[order]
    return Cases(time, stage, class_, filed, persons if told else None, late)


Part = tuple[Floats, Integers, Integers, Floats, Integers]


def _backlog(scenario: Scenario, seed: int, replication: int) -> Part:
    """Who waits at the start; the oldest first."""
    names, classes = scenario.network.names, scenario.network.classes
    stages, kinds, filed = [], [], []
    for row in scenario.start.waiting:
        span = (row.age if row.age_to is None else row.age_to) - row.age
        ages = row.age + span * (np.arange(row.count) + 0.5) / max(row.count, 1)
        filed.append(-ages)
        stages.append(np.full(row.count, names.index(row.stage)))
        kinds.append(np.full(row.count, classes.index(row.class_)))
    if not filed:
        nothing = np.empty(0, dtype=np.int64)
        return np.empty(0), nothing, nothing, np.empty(0), nothing
    when = np.concatenate(filed)
    order = np.argsort(when, kind="stable")
    class_ = np.concatenate(kinds)[order]
    persons = np.ones(len(when), dtype=np.int64)
    for number, name in enumerate(classes):
        size = _size_of(scenario, name)
        if size:
            own = class_ == number
            # Numbered after the arrivals, whose streams are their own.
            chance = stream(seed, replication, _PERSONS, len(scenario.arrivals) + number)
            persons[own] = size.draws(chance, int(own.sum()))
    return np.zeros(len(when)), np.concatenate(stages)[order], class_, when[order], persons


def _size_of(scenario: Scenario, class_: str) -> GroupSize | None:
    """Persons per file of the first arrivals of a class; the backlog is taken to be alike."""
    found = (a.persons_per_file for a in scenario.arrivals if a.class_ == class_)
    return next(found, None)


def _coming(scenario: Scenario, arrivals: Arrivals, time: Floats, persons: Integers) -> Part:
    class_ = scenario.network.classes.index(arrivals.class_)
    count, stage = len(time), scenario.entry(arrivals)
    return time, np.full(count, stage), np.full(count, class_), time, persons


def _moments(
    arrivals: Arrivals, until: float, replication: int, chance: np.random.Generator
) -> Floats:
    """When the cases of one source come, ascending, up to the end."""
    source = arrivals.source
    if isinstance(source, Events):
        return source.times[source.times <= until]
    if isinstance(source, Rates):
        return _poisson(source.per_day, until, chance)
    return _spread(source, until, replication, chance)


def _poisson(rate: Steps, until: float, chance: np.random.Generator) -> Floats:
    """Moments of a Poisson process of a rate by steps: unit gaps on the clock of expected cases."""
    total = float(rate.until([until])[0])
    count = int(total + _MARGIN * np.sqrt(total)) + 16
    clock = np.cumsum(chance.standard_exponential(count))
    while clock[-1] <= total:
        more = np.cumsum(chance.standard_exponential(count)) + clock[-1]
        clock = np.concatenate([clock, more])
    clock = clock[: np.searchsorted(clock, total, side="right")]
    if rate.is_constant:
        return clock / rate.values[0] if len(clock) else clock
    edges = np.append([t for t in rate.times if t < until], until)
    found: Floats = np.interp(clock, rate.until(edges), edges)
    return found


def _spread(source: Paths, until: float, replication: int, chance: np.random.Generator) -> Floats:
    counts = source.counts[replication % len(source.counts)].astype(np.int64)
    parts = [
        start + (end - start) * np.sort(chance.random(count))
        for start, end, count in zip(source.edges[:-1], source.edges[1:], counts, strict=True)
    ]
    time = np.concatenate(parts)
    return time[time <= until]
