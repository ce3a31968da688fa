"""How many lanes, hour by hour, so that vehicles do not wait long? And how long do they wait?

Hours are those in which vehicles come, whenever they are served. Every wait is of the simulation of
each vehicle (``event.py``); all lane plans of one question meet the same vehicles. Nothing here
puts one vehicle before another.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise

import numpy as np

from cauce.engines.capacity.distributions import Distribution
from cauce.engines.capacity.model import Network, Stage
from cauce.engines.capacity.refusing import Floats, not_negative, positive, share, whole
from cauce.engines.capacity.result import Progress, Run, Visits
from cauce.engines.capacity.scenario import Arrivals, Rates, Start
from cauce.engines.capacity.simulation import simulate
from cauce.engines.capacity.steady import erlang_c
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.trials import Stopped
from cauce.errors import CauceError
from cauce.values.answer import Code

__all__ = ["HourWait", "LaneOptions", "LanePlan", "Waits", "lanes", "waits_by_hour"]

Roster = tuple[int, ...]

HOURS = 24.0
_MINUTES = 24.0 * 60.0
#: Longest time looked at: a month of hours.
_MOST_HOURS = 744
_ON = date(2000, 1, 1)  # Any day: nothing here depends on the date.


@dataclass(frozen=True, slots=True)
class LaneOptions:
    """What may be opened, and how to look. hours: from the start, whole. fewest, most: lanes that
    can be open at once. closed: lanes closed for works, by time in days; an hour in which works
    begin or end has all of them closed."""

    hours: int = 24
    most: int = 10
    fewest: int = 1
    closed: Steps = field(default_factory=lambda: Steps.always(0))
    replications: int = 20
    threads: int = 1

    def __post_init__(self) -> None:
        positive("options.hours", whole("options.hours", self.hours))
        if self.hours > _MOST_HOURS:
            raise CauceError(
                "capacity_too_many", field="options.hours", value=self.hours, limit=_MOST_HOURS
            )
        positive("options.most", whole("options.most", self.most))
        if whole("options.fewest", self.fewest) > self.most:
            raise CauceError(
                "capacity_too_many", field="options.fewest", value=self.fewest, limit=self.most
            )
        positive("options.replications", whole("options.replications", self.replications))

    @property
    def can_open(self) -> tuple[int, ...]:
        """The most lanes that can be open in each hour."""
        edges = np.arange(self.hours + 1) / HOURS
        return tuple(
            max(self.most - math.ceil(_most_between(self.closed, start, end)), 0)
            for start, end in pairwise(edges.tolist())
        )


@dataclass(frozen=True, slots=True)
class HourWait:
    """Vehicles that come in an hour (counted from 0), in the mean of the replications; how long
    they wait, in minutes, on average and at the share asked for. Infinite where some never reach a
    lane; 0 where none comes."""

    hour: int
    vehicles: float
    mean: float
    quantile: float


@dataclass(frozen=True, slots=True)
class LanePlan:
    """Lanes open in each hour, the waits with them, and the hours in which no number of lanes that
    can be opened is enough; there the wait is the shortest possible."""

    open: tuple[int, ...]
    waits: tuple[HourWait, ...]
    infeasible: tuple[int, ...] = ()
    notes: tuple[Code, ...] = ()

    @property
    def lane_hours(self) -> int:
        """Hours that lanes are open, all together."""
        return sum(self.open)


@dataclass(frozen=True, slots=True)
class Waits:
    """Waits with the lanes as planned, and with those that are closed taken from them."""

    all_open: tuple[HourWait, ...]
    some_closed: tuple[HourWait, ...]


def lanes(
    arrivals: Rates,
    service: Distribution,
    limit_minutes: float,
    options: LaneOptions | None = None,
    *,
    share_within: float = 0.9,
    seed: int,
    progress: Progress | None = None,
) -> LanePlan:
    """The fewest lanes by hour with which the wait of ``share_within`` of the vehicles that come in
    each hour is within the limit; no single lane less in any hour would do.

    Rates are by day, times in days. From a first guess (each hour as if it lasted, by Erlang C)
    lanes are opened where the first of the hours in a row waits too long, or before it where no
    more can be opened; then taken away one by one, from the last hour to the first. Cost: about
    two simulations of the time looked at for each hour. ``progress`` hears (simulations, foreseen);
    where it returns False, the best plan so far comes with the code ``interrupted``.
    """
    search = _Search(
        _Traffic(arrivals, service, options or LaneOptions(), seed),
        not_negative("limit_minutes", limit_minutes),
        share("share", share_within),
        progress,
    )
    try:
        search.find()
    except Stopped:
        note = Code.of("interrupted", tried=search.tried)
        return search.plan((note,))
    return search.plan()


def waits_by_hour(
    arrivals: Rates,
    service: Distribution,
    open_: Steps,
    options: LaneOptions | None = None,
    *,
    share_within: float = 0.9,
    seed: int,
) -> Waits:
    """How long vehicles wait that come in each hour, with given lanes (by time in days), and with
    ``options.closed`` of them closed for works; the same vehicles in both.

    After the last hour nobody comes, and the lanes stay as they were until all are served or a day
    has passed.
    """
    traffic = _Traffic(arrivals, service, options or LaneOptions(), seed)
    closed = traffic.options.closed
    moments = np.union1d(open_.times, closed.times)
    left = np.maximum(open_.on(moments) - closed.on(moments), 0.0)
    both = (open_, Steps(tuple(moments), tuple(left)).simplified())
    share("share", share_within)
    found = [_by_hour(traffic.waits(each), share_within, traffic.options) for each in both]
    return Waits(found[0], found[1])


# ----------------------------------------------------------------------------- simulation


@dataclass(frozen=True, slots=True, eq=False)
class _Traffic:
    """Vehicles that come, and how long each takes a lane."""

    arrivals: Rates
    service: Distribution
    options: LaneOptions
    seed: int

    def coming(self) -> Steps:
        """Arrivals a day; nobody comes after the last hour."""
        end = self.options.hours / HOURS
        steps = self.arrivals.per_day
        kept = [(time, rate) for time, rate in zip(steps.times, steps.values, strict=True)]
        return Steps.from_pairs([*((t, r) for t, r in kept if t < end), (end, 0.0)])

    def waits(self, open_: Steps) -> list[Floats]:
        """Minutes that each vehicle waits, all replications together, by the hour in which it
        comes; infinite where it never reaches a lane."""
        options = self.options
        # Who is in a lane that closes, is served to the end.
        stage = Stage("lanes", self.service, open_, when_cut="finish")
        until = options.hours / HOURS + 1.0
        run = Run(
            until, until, options.replications, age_edges=(), quantiles=(),
            keep_visits=True, threads=options.threads,
        )  # fmt: skip
        come = (Arrivals(Rates(self.coming())),)
        result = simulate(Network((stage,)), Start(_ON), come, run, seed=self.seed)
        hours = np.concatenate([_hours(each, options.hours) for each in result.visits])
        waited = np.concatenate([each.started - each.joined for each in result.visits])
        order = np.argsort(hours, kind="stable")
        cuts = np.searchsorted(hours[order], np.arange(1, options.hours))
        return [np.sort(part) * _MINUTES for part in np.split(waited[order], cuts)]


def _hours(visits: Visits, hours: int) -> Floats:
    return np.minimum(np.floor(visits.joined * HOURS), hours - 1)


def _by_hour(waits: Sequence[Floats], share_: float, options: LaneOptions) -> tuple[HourWait, ...]:
    """The waits [hour] of sorted minutes."""
    found = []
    for hour, minutes in enumerate(waits):
        if not len(minutes):
            found.append(HourWait(hour, 0.0, 0.0, 0.0))
            continue
        vehicles = len(minutes) / options.replications
        mean, quantile = float(minutes.mean()), _quantile(minutes, share_)
        found.append(HourWait(hour, vehicles, mean, quantile))
    return tuple(found)


def _quantile(minutes: Floats, share_: float) -> float:
    """The least wait that the share of vehicles do not exceed; 0 where there are none."""
    place = max(math.ceil(share_ * len(minutes) - 1e-9) - 1, 0)
    return float(minutes[place]) if len(minutes) else 0.0


def _steps(open_: Roster) -> Steps:
    return Steps(tuple(np.arange(len(open_)) / HOURS), tuple(open_)).simplified()


def _most_between(steps: Steps, start: float, end: float) -> float:
    inside = (
        value for time, value in zip(steps.times, steps.values, strict=True) if start < time < end
    )
    return max(steps.at(start), *inside, 0.0)


# ----------------------------------------------------------------------------- search


@dataclass(slots=True)
class _Search:
    """limits: the wait by hour that is not exceeded, in minutes; the one asked for, or the shortest
    possible. open: the fewest lanes known to do."""

    traffic: _Traffic
    limit: float
    share: float
    progress: Progress | None
    tried: int = 0
    open: Roster = ()
    limits: list[float] = field(default_factory=list)
    known: dict[Roster, list[Floats]] = field(default_factory=dict)

    def find(self) -> None:
        self.open = self.traffic.options.can_open
        shortest = self._quantiles(self.open)
        # Who comes while nothing can open waits for the morning whatever is done: such an hour is
        # named and asks for nothing.
        self.limits = [
            max(self.limit, each) if can else math.inf
            for each, can in zip(shortest, self.open, strict=True)
        ]
        self.open = self._raised(self._guess())
        before: Roster = ()
        while before != self.open:
            before = self.open
            self._take_away()

    def plan(self, notes: tuple[Code, ...] = ()) -> LanePlan:
        """What is known."""
        waits = _by_hour(self.known.get(self.open, []), self.share, self.traffic.options)
        above = [hour for hour, limit in enumerate(self.limits) if limit > self.limit]
        return LanePlan(self.open, waits, tuple(above), notes)

    def _quantiles(self, open_: Roster) -> list[float]:
        if open_ not in self.known:
            self.tried += 1
            self.known[open_] = self.traffic.waits(_steps(open_))
            foreseen = max(2 * len(open_) + 10, self.tried)
            if self.progress and self.progress(self.tried, foreseen) is False:
                raise Stopped
        return [_quantile(each, self.share) for each in self.known[open_]]

    def _failing(self, open_: Roster) -> list[int]:
        pairs = zip(self._quantiles(open_), self.limits, strict=True)
        return [hour for hour, (wait, limit) in enumerate(pairs) if wait > limit]

    def _guess(self) -> Roster:
        """Each hour as if it lasted for ever, with exponential times."""
        coming, options = self.traffic.coming(), self.traffic.options
        found = []
        for hour, most in enumerate(options.can_open):
            load = coming.mean(hour / HOURS, (hour + 1) / HOURS) * self.traffic.service.mean
            count = min(options.fewest, most)
            while count < most and not self._is_enough(count, load):
                count += 1
            found.append(count)
        return tuple(found)

    def _is_enough(self, count: int, load: float) -> bool:
        if load >= count:
            return not load
        rate = (count - load) / self.traffic.service.mean
        longer = erlang_c(count, load) * math.exp(-rate * self.limit / _MINUTES)
        return longer <= 1 - self.share

    def _raised(self, open_: Roster) -> Roster:
        """Open lanes until no hour waits too long; all that can be opened are known to do."""
        while failing := self._failing(open_):
            first = [hour for hour in failing if hour - 1 not in failing]
            for hour in first:
                open_ = self._one_more(open_, hour)
        return open_

    def _one_more(self, open_: Roster, hour: int) -> Roster:
        """In the hour, else in the nearest before it, else after it, where there is one to open."""
        top = self.traffic.options.can_open
        order = [*range(hour, -1, -1), *range(hour + 1, len(open_))]
        place = next((each for each in order if open_[each] < top[each]), hour)
        return _with(open_, place, min(open_[place] + 1, top[place]))

    def _take_away(self) -> None:
        """One lane less in an hour, from the last to the first, as long as that does."""
        fewest = self.traffic.options.fewest
        for hour in reversed(range(len(self.open))):
            while self.open[hour] > fewest:
                less = _with(self.open, hour, self.open[hour] - 1)
                if self._failing(less):
                    break
                self.open = less


def _with(open_: Roster, hour: int, count: int) -> Roster:
    return (*open_[:hour], count, *open_[hour + 1 :])
