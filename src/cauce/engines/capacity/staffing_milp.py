"""How many more servers month by month? Integer programming over mean flows, tried by simulation.

Each period of 30 days and each stage has a whole number of servers more; files flow as means. The
stock of a queue is what was there, came and was passed on to it, less what it completes; a stage
completes no more than its staff can. At the end at most the target less a margin may be pending.
The margin is raised until the plan stands the test of simulation, then lowered as far as it still
does. What a mean flow cannot see (a file that takes days in each stage, who loses patience) is left
to that test. Needs the extra ``optimise`` (HiGHS: Huangfu and Hall, Math. Prog. Comp. 10, 2018).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cauce.engines.capacity.model import Network, Stage
from cauce.engines.capacity.plans import MONTH, Backlog, OnTime, Overdue
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.scenario import Arrivals, Scenario
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.trials import Added, Judge, Question, Trial
from cauce.errors import CauceError

__all__ = ["scheduled"]

#: Times that the margin is raised, and then halved back.
_RAISED, _HALVED = 12, 4
#: Branches after which HiGHS gives the best plan it has: a limit of time would not be repeatable.
_MOST_NODES = 20_000


def scheduled(judge: Judge) -> Added | None:
    """The cheapest additions by month that stand the test, or ``None``. Raises ``Stopped`` and
    ``extra_missing``.

    Cost: up to 16 integer programs of stages × months numbers, and as many simulations.
    """
    program = _Program(judge.question, _highs())
    judge.planned = _RAISED + _HALVED
    good: tuple[float, Added] | None = None
    bad, margin = 0.0, 0.0
    for _ in range(_RAISED):
        added = program.solve(margin)
        if added is None:
            break
        trial = judge.look_at(added)
        if judge.passes(trial):
            good = margin, added
            break
        bad, margin = margin, margin + _missing(judge, trial)
    if good is None:
        return None
    return _lowered(judge, program, good, bad)


def _missing(judge: Judge, trial: Trial) -> float:
    """By how many files the target is missed where it is met as often as asked."""
    needed = max(judge.question.needed_of(trial.replications), 1)
    return max(float(np.sort(trial.missed)[needed - 1]), 1.0)


def _lowered(judge: Judge, program: _Program, good: tuple[float, Added], bad: float) -> Added:
    """With a margin between one that is too small and one that will do."""
    margin, best = good
    for _ in range(_HALVED):
        middle = (margin + bad) / 2
        if margin - bad < 1:
            break
        added = program.solve(middle)
        if added is not None and judge.passes(judge.look_at(added)):
            margin = middle
            best = min(best, added, key=judge.question.cost)
        else:
            bad = middle
    return best


def _highs() -> Any:
    try:
        import highspy
    except ImportError as missing:
        raise CauceError("extra_missing", extra="optimise") from missing
    return highspy


# ----------------------------------------------------------------------------- the program


@dataclass(slots=True)
class _Rows:
    """Rows of a linear program, as they are added: lower ≤ Σ coefficient × column ≤ upper."""

    starts: list[int] = field(default_factory=lambda: [0])
    columns: list[int] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)

    def add(self, parts: Iterable[tuple[int, float]], lower: float, upper: float) -> None:
        together: dict[int, float] = {}
        for column, value in parts:
            together[column] = together.get(column, 0.0) + value
        self.columns += together
        self.values += together.values()
        self.starts.append(len(self.columns))
        self.lower.append(lower)
        self.upper.append(upper)


class _Program:
    """The program of one question; only the margin changes.

    Columns: added [stage of the roster, period], completed [queue, period], pending [queue,
    period]; a queue is a stage and a class.
    """

    def __init__(self, question: Question, highs: Any) -> None:
        self.question, self.highs = question, highs
        self.network = question.network
        self.edges = _edges(question)
        self.periods = len(self.edges) - 1
        self.lengths = np.diff(self.edges)
        self.roster, self.queues = len(question.stages), _queues(self.network)
        self.work = np.array([_work(stage, class_) for stage, class_ in self.queues])
        self.arrivals, self.backlog = _coming(question, self.edges), _waiting(question)

    def added(self, place: int, period: int) -> int:
        return place * self.periods + period

    def completed(self, queue: int, period: int) -> int:
        return (self.roster + queue) * self.periods + period

    def pending(self, queue: int, period: int) -> int:
        return (self.roster + len(self.queues) + queue) * self.periods + period

    def solve(self, margin: float) -> Added | None:
        """The cheapest additions so that the target is met by so many files more."""
        infinite, count = self.highs.kHighsInf, self.pending(len(self.queues), 0)
        lp, rows = self.highs.HighsLp(), self._rows(margin)
        lp.num_col_, lp.num_row_ = count, len(rows.lower)
        lp.col_cost_ = self._costs(count)
        lp.col_lower_ = np.zeros(count)
        upper = np.full(count, infinite)
        upper[: self.roster * self.periods] = self._most()
        lp.col_upper_ = upper
        lp.row_lower_ = np.array(rows.lower)
        lp.row_upper_ = np.array(rows.upper)
        lp.a_matrix_.format_ = self.highs.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.array(rows.starts, dtype=np.int32)
        lp.a_matrix_.index_ = np.array(rows.columns, dtype=np.int32)
        lp.a_matrix_.value_ = np.array(rows.values)
        kinds = self.highs.HighsVarType
        whole = self.roster * self.periods
        lp.integrality_ = [kinds.kInteger] * whole + [kinds.kContinuous] * (count - whole)
        found = self._optimum(lp)
        return None if found is None else self._read(found)

    def _optimum(self, lp: Any) -> Floats | None:
        # The public one writes its name to the standard output when it is made.
        solver = getattr(self.highs, "_core", self.highs)._Highs()
        for name, value in (
            ("output_flag", False), ("threads", 1), ("random_seed", 1),
            ("mip_rel_gap", 1e-6), ("mip_max_nodes", _MOST_NODES),
        ):  # fmt: skip
            solver.setOptionValue(name, value)
        solver.passModel(lp)
        solver.run()
        solution = solver.getSolution()
        is_found = solver.getInfo().primal_solution_status == 2
        return np.array(solution.col_value) if is_found else None

    def _read(self, found: Floats) -> Added:
        numbers = np.abs(np.rint(found[: self.roster * self.periods]))
        numbers = numbers.reshape(self.roster, self.periods)
        times = tuple(self.edges[:-1])
        return tuple(
            (name, Steps(times, tuple(row)).simplified())
            for name, row in zip(self.question.stages, numbers, strict=True)
            if row.any()
        )

    def _costs(self, count: int) -> Floats:
        costs = np.zeros(count)
        for place, name in enumerate(self.question.stages):
            first = self.added(place, 0)
            costs[first : first + self.periods] = self.question.options.cost_of(name) * self.lengths
        return costs

    def _most(self) -> Floats:
        """Nobody more before the first day on which that can be."""
        is_open = self.edges[:-1] >= self.question.options.from_day
        return np.concatenate([[], *(most * is_open for most in self.question.allowed)])

    # ------------------------------------------------------------------------- the rows

    def _rows(self, margin: float) -> _Rows:
        rows, limits = _Rows(), self._limits()
        files = float(self.arrivals.sum() + self.backlog.sum())
        # Where an empty office would not be margin enough, it is given more than there is.
        least = min(limit for _, limit in limits)
        load = 1 + max(margin - max(least, 0.0), 0.0) / max(files, 1.0)
        self._balance(rows, load)
        self._capacity(rows)
        self._pools(rows)
        self._ramp(rows)
        infinite = float(self.highs.kHighsInf)
        for period, limit in limits:
            parts = [(self.pending(queue, period), 1.0) for queue in range(len(self.queues))]
            rows.add(parts, -infinite, max(limit - margin, 0.0))
        if self.question.options.budget is not None:
            costs = self._costs(self.roster * self.periods)
            rows.add(enumerate(costs.tolist()), -infinite, self.question.options.budget)
        return rows

    def _balance(self, rows: _Rows, load: float) -> None:
        onward = _onward(self.network, self.queues)
        for queue in range(len(self.queues)):
            for period in range(self.periods):
                parts = [(self.pending(queue, period), 1.0), (self.completed(queue, period), 1.0)]
                parts += [
                    (self.completed(origin, period), -share) for origin, share in onward[queue]
                ]
                coming = float(self.arrivals[queue, period]) * load
                if period:
                    parts.append((self.pending(queue, period - 1), -1.0))
                else:
                    coming += float(self.backlog[queue]) * load
                rows.add(parts, coming, coming)

    def _capacity(self, rows: _Rows) -> None:
        """Work done in a stage is at most its servers × the speed of their work."""
        infinite = float(self.highs.kHighsInf)
        for stage in self.network.stages:
            own = [number for number, (each, _) in enumerate(self.queues) if each is stage]
            days = np.diff(stage.staff.product(stage.speed).until(self.edges))
            speed = np.diff(stage.speed.until(self.edges))
            for period in range(self.periods):
                parts = [(self.completed(queue, period), float(self.work[queue])) for queue in own]
                if stage.name in self.question.stages:
                    place = self.question.stages.index(stage.name)
                    parts.append((self.added(place, period), -float(speed[period])))
                rows.add(parts, -infinite, float(days[period]))

    def _pools(self, rows: _Rows) -> None:
        infinite = float(self.highs.kHighsInf)
        for pool in self.network.pools:
            for period in range(self.periods):
                parts = []
                for queue, (stage, class_) in enumerate(self.queues):
                    start, end = self.edges[period], self.edges[period + 1]
                    speed = stage.speed.mean(start, end)
                    if pool.name in stage.of(class_).needs and speed:
                        parts.append((self.completed(queue, period), self.work[queue] / speed))
                free = pool.servers.until(self.edges[period : period + 2])
                if parts:
                    rows.add(parts, -infinite, float(free[1] - free[0]))

    def _ramp(self, rows: _Rows) -> None:
        """So many more than in the period before; fewer is always possible."""
        ramp, infinite = self.question.options.ramp, float(self.highs.kHighsInf)
        if ramp is None:
            return
        for place in range(self.roster):
            for period in range(self.periods):
                parts = [(self.added(place, period), 1.0)]
                if period:
                    parts.append((self.added(place, period - 1), -1.0))
                rows.add(parts, -infinite, float(ramp))

    def _limits(self) -> list[tuple[int, float]]:
        """(period, most files pending at its end). Limits of single files are kept in the order of
        filing if no more are pending than were filed within the limit."""
        target, last = self.question.goal.target, self.periods - 1
        if isinstance(target, Backlog):
            return [(last, float(target.at_most))]
        ends = [_filed_until(self.question, target, by) for by in self.edges[1:]]
        if isinstance(target, Overdue):
            return [(last, target.at_most + self._filed_after(ends[last], last))]
        counted = self._filed(target.since, ends[last])
        room = (1 - target.share) * counted
        return [
            (period, self._filed_after(end, period) + room)
            for period, end in enumerate(ends)
            if end > target.since
        ]

    def _filed(self, since: float, until: float) -> float:
        return sum(_expected(each, [since, max(until, since)]) for each in self.question.arrivals)

    def _filed_after(self, day: float, period: int) -> float:
        """Files filed after a day, those of the backlog included, until the end of a period."""
        coming = self._filed(max(day, 0.0), float(self.edges[period + 1]))
        young = 0.0
        for row in self.question.start.waiting if day < 0 else ():
            oldest = row.age if row.age_to is None else row.age_to
            part = (-day - row.age) / max(oldest - row.age, 1e-9)
            young += row.count * min(max(part, 0.0), 1.0)
        return coming + young


def _edges(question: Question) -> Floats:
    """Periods of 30 days, counted from the first day on which anybody can be added."""
    by, first = question.goal.by, min(question.options.from_day, question.goal.by)
    edges = np.unique([*np.arange(0.0, first, MONTH), *np.arange(first, by, MONTH), by])
    return np.append(edges[:-1][np.diff(edges) > 1e-6], by)


def _queues(network: Network) -> list[tuple[Stage, str]]:
    return [(stage, class_) for stage in network.stages for class_ in network.classes]


def _work(stage: Stage, class_: str) -> float:
    """Days of work that one file takes to pass a stage, missed appointments included."""
    mean = (stage.of(class_).service or stage.service).mean
    return mean * (1 + stage.no_show / (1 - stage.no_show) * stage.no_show_cost)


def _onward(network: Network, queues: Sequence[tuple[Stage, str]]) -> list[list[tuple[int, float]]]:
    """For each queue, from which others which share comes."""
    found: list[list[tuple[int, float]]] = [[] for _ in queues]
    numbers = {(stage.name, class_): number for number, (stage, class_) in enumerate(queues)}
    for number, (stage, class_) in enumerate(queues):
        for to, share in network.onward(class_, stage.name):
            found[numbers[to, class_]].append((number, share))
    return found


def _coming(question: Question, edges: Floats) -> Floats:
    scenario = Scenario(question.network, question.start, question.arrivals)
    classes = question.network.classes
    found = np.zeros((len(question.network.stages) * len(classes), len(edges) - 1))
    for each in question.arrivals:
        queue = scenario.entry(each) * len(classes) + classes.index(each.class_)
        counts = [each.source.expected(float(edge)) for edge in edges]
        found[queue] += np.diff(counts)
    return found


def _waiting(question: Question) -> Floats:
    names, classes = question.network.names, question.network.classes
    found = np.zeros(len(names) * len(classes))
    for row in question.start.waiting:
        found[names.index(row.stage) * len(classes) + classes.index(row.class_)] += row.count
    return found


def _expected(arrivals: Arrivals, between: Sequence[float]) -> float:
    since, until = (arrivals.source.expected(day) for day in between)
    return until - since


def _filed_until(question: Question, target: OnTime | Overdue, by: float) -> float:
    """The last day of filing whose limit has ended by a day, to the day; before the start, too."""
    days = np.arange(np.floor(by), -2 * 366.0 - 1, -1.0)
    ends = target.deadline.ends(question.start.on, days)
    return float(days[np.argmax(ends <= by)]) if (ends <= by).any() else float(days[-1])
