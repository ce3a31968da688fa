"""How often is the goal met with so many more staff? One roster, one trial.

A roster is so many more servers for each stage that may be given some, in the order of the stages.
All trials of one question meet the same chance, so two rosters differ by staff alone. Nothing here
searches.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from cauce.engines.capacity.model import Network
from cauce.engines.capacity.plans import MONTH, Backlog, Goal, OnTime, Options
from cauce.engines.capacity.refusing import Floats, one_of
from cauce.engines.capacity.result import Progress, Result, Run
from cauce.engines.capacity.scenario import Arrivals, Scenario, Start
from cauce.engines.capacity.simulation import simulate
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

__all__ = ["Added", "Judge", "Question", "Roster", "Stopped", "Trial", "fresh", "verdicts"]

Roster = tuple[int, ...]
Added = tuple[tuple[str, Steps], ...]
Rank = tuple[float, int, tuple[int, ...]]

_WEEK = 7.0
_WHOLE = 1e-9


class Stopped(Exception):  # not an error: the one who asked has stopped it
    """``progress`` said no."""


@dataclass(frozen=True, slots=True)
class Question:
    """Everything that does not change from trial to trial. Raises ``capacity_unknown_name`` for a
    stage that the network has not, ``capacity_too_few`` for a goal so early that no limit has ended
    by then."""

    network: Network
    start: Start
    arrivals: tuple[Arrivals, ...]
    goal: Goal
    options: Options

    def __post_init__(self) -> None:
        options, names = self.options, self.network.names
        Scenario(self.network, self.start, self.arrivals)
        given = () if isinstance(options.most, int) else options.most
        for field_, each in (
            ("options.stages", options.stages or ()),
            ("options.most", [name for name, _ in given]),
            ("options.cost", [name for name, _ in options.cost]),
        ):
            for name in each:
                one_of(field_, name, names)
        target = self.goal.target
        if isinstance(target, OnTime):
            ends = _ends(self.start, target, self.run(self.goal.by).times)
            first = math.ceil(target.since)
            if len(ends) <= first or ends[first] > self.goal.by:
                limit = float(target.deadline.ends(self.start.on, np.array([target.since]))[0])
                raise CauceError(
                    "capacity_too_few", field="goal.by", value=self.goal.by, limit=limit
                )

    @property
    def stages(self) -> tuple[str, ...]:
        """The stages that may be given more staff."""
        return tuple(name for name in self.network.names if self.options.most_of(name))

    @property
    def allowed(self) -> Roster:
        """The most that may be added in the end."""
        return tuple(self.options.most_of(name) for name in self.stages)

    @property
    def top(self) -> Roster:
        """The most that can be there before the day of the goal."""
        options, time = self.options, self.goal.by - self.options.from_day
        if time <= 0:
            return (0,) * len(self.stages)
        if options.ramp is None:
            return self.allowed
        reached = options.ramp * math.ceil(time / MONTH - _WHOLE)
        return tuple(min(most, reached) for most in self.allowed)

    @property
    def needed(self) -> int:
        """Replications in which the target must be met, of those asked for."""
        return self.needed_of(self.options.replications)

    def needed_of(self, replications: int) -> int:
        return math.ceil(self.goal.probability * replications - _WHOLE)

    def added(self, roster: Roster) -> Added:
        """The servers added by time, stage by stage; those to whom none are added are left out."""
        pairs = zip(self.stages, roster, strict=True)
        return tuple((name, self._from_day(count)) for name, count in pairs if count)

    def _from_day(self, count: int) -> Steps:
        first, ramp = self.options.from_day, self.options.ramp or count
        rises = range(1, math.ceil(count / ramp) + 1)
        pairs = [(first + MONTH * (rise - 1), float(min(rise * ramp, count))) for rise in rises]
        return Steps.from_pairs(pairs if first == 0 else [(0.0, 0.0), *pairs])

    def with_added(self, added: Added) -> Network:
        """The network with more staff."""
        network = self.network
        for name, steps in added:
            stage = network.stage(name)
            network = network.with_stage(replace(stage, staff=stage.staff.plus(steps)))
        return network

    def cost(self, added: Added) -> float:
        """What those added cost from the start until the day of the goal."""
        each = (
            self.options.cost_of(name) * float(steps.until([self.goal.by])[0])
            for name, steps in added
        )
        # Rounded, so that equal costs summed in another order are equal.
        return round(math.fsum(each), 6)

    def rank(self, roster: Roster) -> Rank:
        """The lower, the better: cost, then persons, then more of them in earlier stages."""
        return self.cost(self.added(roster)), sum(roster), tuple(-count for count in roster)

    def is_affordable(self, roster: Roster) -> bool:
        return self.is_paid(self.added(roster))

    def is_paid(self, added: Added) -> bool:
        """The budget is enough for those added."""
        budget = self.options.budget
        return budget is None or self.cost(added) <= budget + _WHOLE

    @property
    def is_monotone(self) -> bool:
        """With more staff the target is certainly met in every replication in which it was met.

        By the n-th attempt of a queue taking the n-th duration and way (``draws.py``) this holds
        for numbers of files in one class. It does not where files differ, leave, are turned away
        or wait for a pool that other stages use, nor for limits of single files that overtake one
        another. In ``tau`` chance depends on the numbers of cases.
        """
        network = self.network
        if self.options.engine == "tau" or len(network.classes) > 1:
            return False
        for stage in network.stages:
            if stage.patience or stage.places is not None or stage.of(network.classes[0]).needs:
                return False
        if isinstance(self.goal.target, Backlog):
            return True
        stage = network.stages[0]
        is_one_visit = not stage.no_show and not network.onward(network.classes[0], stage.name)
        return len(network.stages) == 1 and is_one_visit

    def run(self, until: float) -> Run:
        """How to look until a day: limits are told apart by the day of filing."""
        target, options = self.goal.target, self.options
        every = until if options.engine == "event" and until == self.goal.by else _WEEK
        return Run(
            until=until,
            every=1.0 if isinstance(target, OnTime) else every,
            replications=options.replications,
            engine=options.engine,
            deadlines=() if isinstance(target, Backlog) else (target.deadline,),
            age_edges=(),
            quantiles=(),
            threads=options.threads,
        )


# ----------------------------------------------------------------------------- is it met


def verdicts(question: Question, result: Result) -> NDArray[np.bool_]:
    """Whether the target is met when looked at each time, in each replication: [T, R]."""
    target = question.goal.target
    if isinstance(target, OnTime):
        on_time, due = _shares(question, target, result)
        return (due >= 0) & (on_time >= target.share * due - _WHOLE)
    counts = result.backlog_by_time if isinstance(target, Backlog) else result.overdue[0]
    return np.asarray(counts <= target.at_most + _WHOLE)


def miss(question: Question, result: Result) -> Floats:
    """By how many files the target is missed at the end, below 0 where there is room: [R]."""
    target = question.goal.target
    if isinstance(target, OnTime):
        on_time, due = _shares(question, target, result)
        return np.asarray(target.share * due[-1] - on_time[-1])
    counts = result.backlog_by_time if isinstance(target, Backlog) else result.overdue[0]
    return np.asarray(counts[-1] - target.at_most)


def _shares(question: Question, target: OnTime, result: Result) -> tuple[Floats, Floats]:
    """Files on time and files whose limit has ended, at each time; −1 before the first: [T, R]."""
    times, runs = result.times, result.replications
    ends = _ends(question.start, target, times)
    first = math.ceil(target.since)
    until = len(ends) if target.until is None else min(math.ceil(target.until), len(ends))
    last = np.minimum(np.searchsorted(ends, times, side="right"), until)
    nothing = np.zeros((1, runs))
    on_time = np.concatenate([nothing, np.cumsum(result.on_time[0], axis=0)])
    # Who came on the last moment of a day has a limit a day later than the others.
    known = np.concatenate([nothing, np.cumsum(result.filed - result.unknown[0], axis=0)])
    is_known = (last > first)[:, None]
    at, since = np.maximum(last, first), min(first, len(ends))
    at = np.minimum(at, len(ends))
    return (
        np.where(is_known, on_time[at] - on_time[since], 0.0),
        np.where(is_known, known[at] - known[since], -1.0),
    )


def _ends(start: Start, target: OnTime, times: Floats) -> Floats:
    """When the limit ends of the last file filed between each two times."""
    filed = np.nextafter(times[1:], 0.0)
    return target.deadline.ends(start.on, filed)


# ----------------------------------------------------------------------------- trials


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What came of one network: in how many replications the target was met, by how many files it
    was missed [R], mean pending files and mean busy servers [stage]."""

    met: int
    replications: int
    missed: Floats
    pending: Floats
    busy: Floats


def fresh(seed: int) -> int:
    """A seed for chance that was not used to search."""
    return int(np.random.SeedSequence([seed, 1]).generate_state(1)[0])


@dataclass(slots=True)
class Judge:
    """Looks at rosters, each once; ``planned``: simulations foreseen, for those who wait.

    Raises ``Stopped`` when ``progress`` returns False.
    """

    question: Question
    seed: int
    progress: Progress | None = None
    planned: int = 1
    tried: int = 0
    known: dict[Roster, Trial] = field(default_factory=dict)
    schedules: dict[Added, Trial] = field(default_factory=dict)
    _stopped: bool = False

    def look(self, roster: Roster) -> Trial:
        """The trial of a roster."""
        if roster not in self.known:
            self.known[roster] = self.look_at(self.question.added(roster))
        return self.known[roster]

    def look_at(self, added: Added) -> Trial:
        """The trial of any additions."""
        if added not in self.schedules:
            self.schedules[added] = self.trial(self.question.with_added(added))
        return self.schedules[added]

    def meets(self, roster: Roster) -> bool:
        """Whether the goal is met with a roster, whatever it costs."""
        return self.passes(self.look(roster))

    def passes(self, trial: Trial) -> bool:
        return trial.met >= self.question.needed_of(trial.replications)

    def best(self) -> Added | None:
        """The cheapest affordable additions known so far that meet the goal."""
        question = self.question
        good = [
            added
            for added, trial in self.schedules.items()
            if self.passes(trial) and question.is_paid(added)
        ]
        return min(good, key=question.cost, default=None)

    def trial(self, network: Network, arrivals: tuple[Arrivals, ...] | None = None) -> Trial:
        """The trial of any network, and of other arrivals."""
        result = self.result(network, self.question.goal.by, arrivals)
        return Trial(
            met=int(verdicts(self.question, result)[-1].sum()),
            replications=result.replications,
            missed=miss(self.question, result),
            pending=result.pending[-1].mean(axis=1),
            busy=result.busy.mean(axis=1),
        )

    def result(
        self, network: Network, until: float, arrivals: tuple[Arrivals, ...] | None = None
    ) -> Result:
        """Simulate, and tell ``progress``."""
        question = self.question
        given = question.arrivals if arrivals is None else arrivals
        self.tried += 1
        self.planned = max(self.planned, self.tried)
        found = simulate(
            network, question.start, given, question.run(until),
            seed=self.seed, progress=self._tell if self.progress else None,
        )  # fmt: skip
        if self._stopped:
            raise Stopped
        return found

    def _tell(self, done: int, of: int) -> bool:
        assert self.progress is not None  # noqa: S101  # is only given where there is one
        before, all_ = (self.tried - 1) * of, self.planned * of
        self._stopped = self.progress(before + done, all_) is False
        return not self._stopped
