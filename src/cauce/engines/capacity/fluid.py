"""How do backlogs run on average, at once? The mean path by ordinary differential equations.

Numbers of cases flow like water: a stage with n cases and s servers completes at the rate
speed/mean × min(n, s), those who wait leave at the rate waiting/patience. Nothing here draws
chance, and nothing here may be read as a range.

What a mean path cannot see. Chance makes queues where there is just enough staff: with n near s,
min(n, s) of the means is more than the mean of min(n, s), so small or nearly full systems look
better than they are. The stage that is far over or far under its capacity is right (Newell,
"Applications of Queueing Theory", 1982, chapter 2). A full house turns nobody away until the means
exceed it.

How it is computed. The plan is cut where staff, pools, productivity or the grid change, and into at
least 720 steps. Within one step arrivals are spread evenly and what a stage passes on reaches the
next evenly, too; each queue is then a line or an exponential, with one change between the two, and
that is solved exactly. So no step is too long to be stable, and cases are conserved to rounding.
Closures shorter than the grid (``every``) are averaged into the speed of each step, longer ones
are kept. Where cases go back to an earlier stage, the step is solved again until it agrees with
itself. Priorities give what is left over to the next; classes of one priority share servers in
proportion to the work that waits, as if the line were well mixed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from cauce.engines.capacity.curves import (
    MOST_CASES,
    Counted,
    Flows,
    expected_until,
    queue_of,
    result_of,
    to_know,
)
from cauce.engines.capacity.model import Stage
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Progress, Result, Run
from cauce.engines.capacity.scenario import Scenario
from cauce.values.answer import Code

__all__ = ["flow", "mean_path", "run", "share_out"]

_FEWEST_STEPS = 720
_NOTHING = 1e-12
_ROUNDS = 40


def run(scenario: Scenario, run: Run, seed: int, progress: Progress | None = None) -> Result:
    """The mean path, as one replication; the seed is only kept. Arrivals are those expected; of
    sample paths, their mean.

    >>> from datetime import date
    >>> from cauce.engines.capacity.distributions import Exponential
    >>> from cauce.engines.capacity.model import Network
    >>> from cauce.engines.capacity.scenario import Start, Waiting
    >>> from cauce.engines.capacity.steps import Steps
    >>> office = Network((Stage("interview", Exponential(0.5), Steps.always(5)),))
    >>> start = Start(date(2026, 1, 1), (Waiting("interview", 1000),))
    >>> found = globals()["run"](Scenario(office, start), Run(14.0), 1)
    >>> found.pending[:, 0, 0].round(6).tolist()
    [1000.0, 930.0, 860.0]
    """
    scenario.at_most(run.until, MOST_CASES)
    plan = _Plan.of(scenario, run)
    state = _State.of(scenario, plan)
    seen = [state.seen(plan, 0)]
    for step, is_looked_at in enumerate(plan.looks):
        state.advance(plan, step)
        if is_looked_at:
            seen.append(state.seen(plan, step))
    notes = (Code.of("no_chance"), *to_know(scenario, run, "fluid"))
    if progress and progress(1, 1) is False:
        notes = (*notes, Code.of("interrupted", done=1, asked=1))
    return result_of(scenario, run, seed, _counted(scenario, run, state, seen), "fluid", notes)


def mean_path(scenario: Scenario, run: Run) -> tuple[Floats, Floats, Floats]:
    """The ends of all steps, days [T]; pending [T, queue]; came to each stage so far [T, S]."""
    plan = _Plan.of(scenario, run)
    state = _State.of(scenario, plan)
    pending, joined = [state.there[:]], [state.joined[:]]
    for step in range(len(plan.lengths)):
        state.advance(plan, step)
        pending.append(state.there[:])
        joined.append(state.joined[:])
    return _edges(scenario, run), np.array(pending), np.array(joined)


# ------------------------------------------------------------------------- the plan in steps


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What holds in each step: its length, whether the grid looks at its end, servers and speed by
    stage, pools, and the arrivals a day by queue; and of each queue or stage at all times: days of
    work, the rate at which those who wait leave, and places."""

    lengths: list[float]
    looks: list[bool]
    staff: list[list[float]]
    speed: list[list[float]]
    pools: list[list[float]]
    arrivals: list[list[float]]
    mean: list[float]
    leave: list[float]
    places: list[float]

    @classmethod
    def of(cls, scenario: Scenario, run: Run) -> _Plan:
        edges = _edges(scenario, run)
        flows, lengths, stages = Flows.of(scenario), np.diff(edges), scenario.network.stages
        nothing = np.zeros((len(lengths), 0))

        def over(values: Sequence[Floats]) -> list[list[float]]:
            table = np.array(values).T if len(values) else nothing
            return list(table.tolist())

        return cls(
            lengths=lengths.tolist(),
            looks=np.isin(edges[1:], run.times).tolist(),
            staff=over([stage.staff.on(edges[:-1]) for stage in stages]),
            speed=over([np.diff(stage.speed.until(edges)) / lengths for stage in stages]),
            pools=over([pool.servers.on(edges[:-1]) for pool in scenario.network.pools]),
            arrivals=over(list(_arriving(scenario, edges) / lengths)),
            mean=flows.mean.tolist(),
            leave=(1 / flows.patience).tolist(),
            places=[math.inf if stage.places is None else stage.places for stage in stages],
        )


def _edges(scenario: Scenario, run: Run) -> Floats:
    """Where the steps begin and end."""
    times = run.times
    most = run.until / _FEWEST_STEPS
    parts = [
        np.linspace(start, end, math.ceil((end - start) / most - 1e-9), endpoint=False)
        for start, end in pairwise(times)
    ]
    network = scenario.network
    changes = [stage.staff.times for stage in network.stages]
    changes += [stage.productivity.times for stage in network.stages]
    changes += [pool.servers.times for pool in network.pools]
    changes += [_long_closures(stage, run.every) for stage in network.stages]
    moments = np.concatenate([*parts, times[-1:], *(np.asarray(each) for each in changes)])
    return np.unique(moments[moments <= run.until])


def _long_closures(stage: Stage, every: float) -> tuple[float, ...]:
    times, values = stage.opening.times, stage.opening.values
    return tuple(
        moment
        for start, end, value in zip(times, (*times[1:], np.inf), values, strict=True)
        if value == 0 and end - start >= every
        for moment in (start, end)
        if moment < np.inf
    )


def _arriving(scenario: Scenario, edges: Floats) -> Floats:
    """Cases expected in each step, [queue, step]."""
    network = scenario.network
    found = np.zeros((len(network.names) * len(network.classes), len(edges) - 1))
    for each in scenario.arrivals:
        found[queue_of(scenario, each)] += np.diff(expected_until(each.source, edges))
    return found


# ------------------------------------------------------------------------- one queue


def flow(
    there: float, coming: float, servers: float, rate: float, leave: float, length: float
) -> tuple[float, float, float]:
    """Exactly, with everything constant: (cases at the end, cases who left, server-days).

    n' = coming − rate·min(n, servers) − leave·(n − servers)⁺, which changes between its two forms
    once at most. Days, and rates a day.

    >>> flow(10, 0, 2, 0.5, 0, 4)
    (6.0, 0.0, 8.0)
    """
    if not rate:
        # Closed: nobody starts, and those who were being served are held.
        servers = min(there, servers)
    lost = busy = 0.0
    is_full = there > servers or (there == servers and coming >= rate * servers)
    while length > _NOTHING:
        if is_full:
            there, gone, spent = _full(there - servers, coming - rate * servers, leave, length)
            there, lost, busy = servers + there, lost + gone, busy + servers * spent
        else:
            there, spent, days = _idle(there, coming, servers, rate, length)
            busy += days
        length, is_full = length - spent, not is_full
    return there, lost, busy


def _full(waiting: float, drift: float, leave: float, length: float) -> tuple[float, float, float]:
    """All servers busy: (waiting at the end, who left, days until there is a server free)."""
    spent = length
    if not leave:
        if drift < 0:
            spent = min(length, waiting / -drift)
        return max(waiting + drift * spent, 0.0), 0.0, spent
    if drift < 0:
        spent = min(length, math.log1p(leave * waiting / -drift) / leave)
    decay = math.expm1(-leave * spent)
    after = max(waiting + (waiting - drift / leave) * decay, 0.0)
    return after, max(waiting + drift * spent - after, 0.0), spent


def _idle(
    there: float, coming: float, servers: float, rate: float, length: float
) -> tuple[float, float, float]:
    """Servers free: (cases at the end, days until there are none, server-days)."""
    balance, spent = coming / rate, length
    if balance > servers:
        spent = min(length, math.log((balance - there) / (balance - servers)) / rate)
    after = there + (there - balance) * math.expm1(-rate * spent)
    return after, spent, (there + coming * spent - after) / rate


# ------------------------------------------------------------------------- who has the servers


def share_out(
    flows: Flows,
    asked: Sequence[float],
    weight: Sequence[float],
    staff: Sequence[float],
    pools: Sequence[float],
) -> list[float]:
    """Servers for each queue: by priority, in one priority by weight, and never more than it asks
    for as long as others ask, nor more than a stage or a pool has. Later stages take first of a
    pool. What nobody asks for is given in the same proportions to those who need no pool.

    asked, weight [queue]; staff [stage]; pools [pool].
    """
    given = [0.0] * len(asked)
    left = list(pools)
    for stage in reversed(range(len(staff))):
        room = staff[stage]
        for level in flows.levels[stage]:
            room = _fill(flows, level, (asked, weight), given, (room, left))
        free = [queue for queue in flows.queues(stage) if not flows.needs[queue]]
        total = sum(weight[queue] for queue in free)
        for queue in free:
            given[queue] += room * (weight[queue] / total if total else 1 / len(free))
    return given


def _fill(
    flows: Flows,
    level: Sequence[int],
    wishes: tuple[Sequence[float], Sequence[float]],
    given: list[float],
    limits: tuple[float, list[float]],
) -> float:
    """Raise all queues of a level together until each has what it asks for or meets a limit; what
    is left of the stage. ``given`` and the pools are changed."""
    (asked, weight), (room, pools) = wishes, limits
    needs = flows.needs
    rising = [queue for queue in level if asked[queue] > 0 and weight[queue] > 0]
    while rising and room > _NOTHING:
        # How far: the first limit that is met, and everything that meets it stops.
        stops: list[tuple[float, tuple[int, ...]]] = [
            ((asked[queue] - given[queue]) / weight[queue], (queue,)) for queue in rising
        ]
        stops.append((room / sum(weight[queue] for queue in rising), tuple(rising)))
        for number, free in enumerate(pools):
            users = tuple(queue for queue in rising if number in needs[queue])
            if users:
                stops.append((free / sum(weight[queue] for queue in users), users))
        rise = max(min(stops)[0], 0.0)
        for queue in rising:
            more = rise * weight[queue]
            given[queue] += more
            room -= more
            for number in needs[queue]:
                pools[number] = max(pools[number] - more, 0.0)
        stopped = {queue for limit, queues in stops if limit <= rise for queue in queues}
        stopped |= set(min(stops)[1])
        rising = [queue for queue in rising if queue not in stopped]
    return max(room, 0.0)


# ------------------------------------------------------------------------- the state


@dataclass(slots=True)
class _State:
    """How things stand; all lists by queue or by stage. ``passed``: cases a day that came from
    other stages in the step before, to foresee those of the next; ``back``: those of them who came
    from a stage served later, or the same."""

    scenario: Scenario
    flows: Flows
    there: list[float]
    given: list[float]
    passed: list[float]
    back: list[float]
    joined: list[float]
    lost: list[float]
    turned_away: list[float]
    busy: list[float]
    arrived: float = field(default=0.0, init=False)

    @classmethod
    def of(cls, scenario: Scenario, plan: _Plan) -> _State:
        flows = Flows.of(scenario)
        queues, stages = len(flows.mean), len(flows.stages)
        there = flows.start.tolist()
        empty = [[0.0] * size for size in (queues, queues, queues, stages, stages, stages, stages)]
        state = cls(scenario, flows, there, *empty)
        for queue, count in enumerate(there):
            state.joined[queue // flows.classes] += count
        at_once = [0.0] * queues
        for each in scenario.arrivals:
            at_once[queue_of(scenario, each)] += float(expected_until(each.source, np.zeros(1))[0])
        for queue, count in enumerate(at_once):
            state._join(queue, count)
            state.arrived += count
        state._turn_away(there)
        if not flows.is_plain:
            state._share_out(plan, 0)
        return state

    def advance(self, plan: _Plan, step: int) -> None:
        """One step. Where cases come back it is solved again until what comes back, spread over
        the step, is what is sent back."""
        length = plan.lengths[step]
        if not self.flows.is_plain:
            self._share_out(plan, step)
        before = [self.there[:], self.joined[:], self.lost[:], self.busy[:]]
        for _ in range(_ROUNDS):
            coming, back = self._pass(plan, step)
            apart = [now - old for now, old in zip(back, self.back, strict=True)]
            # Where nothing is ever sent back, that is so at once.
            if not any(apart) or max(map(abs, apart)) <= _NOTHING * (1 + max(back)):
                break
            self.back = back
            self.there, self.joined, self.lost, self.busy = (each[:] for each in before)
        else:
            # What little is left joins at the end.
            coming, back = self._pass(plan, step)
            for queue, (now, old) in enumerate(zip(back, self.back, strict=True)):
                self._join(queue, max((now - old) * length, -self.there[queue]))
        self.arrived += sum(plan.arrivals[step]) * length
        arrivals = plan.arrivals[step]
        self.passed = [rate - new for rate, new in zip(coming, arrivals, strict=True)]
        self._turn_away([rate * length for rate in coming])

    def _pass(self, plan: _Plan, step: int) -> tuple[list[float], list[float]]:
        """All stages once, those from which cases come first; cases a day who come, and who are
        sent back, by queue."""
        flows, length = self.flows, plan.lengths[step]
        coming = [new + old for new, old in zip(plan.arrivals[step], self.back, strict=True)]
        back = [0.0] * len(coming)
        for stage in flows.order:
            for queue in flows.queues(stage):
                done = self._serve(plan, step, queue, coming[queue])
                for to, share, is_later in flows.routes[queue]:
                    (coming if is_later else back)[to] += share * done / length
        return coming, back

    def _serve(self, plan: _Plan, step: int, queue: int, coming: float) -> float:
        """Move one queue on; how many it completes."""
        stage, length, before = queue // self.flows.classes, plan.lengths[step], self.there[queue]
        servers = plan.staff[step][stage] if self.flows.is_plain else self.given[queue]
        most, rate = plan.places[stage], plan.speed[step][stage] / plan.mean[queue]
        servers = min(servers, most)
        after, lost, busy = flow(before, coming, servers, rate, plan.leave[stage], length)
        self.there[queue] = after
        self.joined[stage] += coming * length
        self.lost[stage] += lost
        self.busy[stage] += busy
        return max(before + coming * length - after - lost, 0.0)

    def _join(self, queue: int, count: float) -> None:
        self.there[queue] += count
        self.joined[queue // self.flows.classes] += count

    def _turn_away(self, came: Sequence[float]) -> None:
        """Who does not fit, of those who came, in proportion."""
        for number, stage in enumerate(self.flows.stages):
            if stage.places is None:
                continue
            queues = self.flows.queues(number)
            excess = sum(self.there[queue] for queue in queues) - stage.places
            total = sum(came[queue] for queue in queues)
            if excess <= 0 or total <= 0:
                continue
            for queue in queues:
                self.there[queue] -= excess * came[queue] / total
            self.joined[number] -= excess
            self.turned_away[number] += excess

    def _share_out(self, plan: _Plan, step: int) -> None:
        """What each queue would use of servers without end, and its part of those there are."""
        length, classes = plan.lengths[step], self.flows.classes
        asked, weight = [], []
        for queue, there in enumerate(self.there):
            coming = plan.arrivals[step][queue] + self.passed[queue]
            rate = plan.speed[step][queue // classes] / plan.mean[queue]
            asked.append(flow(there, coming, math.inf, rate, 0.0, length)[2] / length)
            weight.append((there + coming * length) * plan.mean[queue])
        self.given = share_out(self.flows, asked, weight, plan.staff[step], plan.pools[step])

    def seen(self, plan: _Plan, step: int) -> _Seen:
        """What is counted at the end of a step."""
        flows, staff = self.flows, plan.staff[step]
        serving = [
            min(self.there[stage], staff[stage])
            if flows.is_plain
            else sum(min(self.there[queue], self.given[queue]) for queue in flows.queues(stage))
            for stage in range(len(staff))
        ]
        gone = math.fsum([*self.there, *self.lost, *self.turned_away])
        # What is left over, so that no rounding of thousands of steps stays behind.
        done = self.scenario.start.backlog + self.arrived - gone
        return {
            "arrived": self.arrived,
            "done": done,
            "pending": self.there[:],
            "joined": self.joined[:],
            "in_service": serving,
            "lost": self.lost[:],
            "turned_away": self.turned_away[:],
        }


_Seen = dict[str, float | list[float]]


def _counted(scenario: Scenario, run: Run, state: _State, seen: Sequence[_Seen]) -> Counted:
    columns = {name: np.array([each[name] for each in seen])[..., None] for name in seen[0]}
    late = sum(
        each.late_share * float(expected_until(each.source, np.array([run.until]))[0])
        for each in scenario.arrivals
    )
    busy = np.array(state.busy)[:, None] / run.until
    return Counted(**columns, busy=busy, flagged=np.array([late]))
