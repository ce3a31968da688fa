"""What does a plan's file answer? Its questions put to the engine, each with one function.

From a :class:`PlanFile` to the values that a door shows. Nothing is simulated here that the other
modules do not simulate; what a file says and no calculation holds is told by a code.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from cauce.engines.capacity.doubt import Doubt, Spread, spread
from cauce.engines.capacity.forecasting import Forecast, forecast
from cauce.engines.capacity.lanes import LaneOptions, LanePlan, lanes
from cauce.engines.capacity.plan_file import PlanFile
from cauce.engines.capacity.plan_questions import LanesQuestion, StaffQuestion
from cauce.engines.capacity.plans import Goal, Infeasible, OnTime, Options, Plan, day_of
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Progress, Result, Run
from cauce.engines.capacity.scenario import Rates, Scenario
from cauce.engines.capacity.simulation import simulate_scenario
from cauce.engines.capacity.staffing import staff_to_clear
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError
from cauce.values.answer import Absent, Code, Known

__all__ = [
    "LOST",
    "Course",
    "LaneDay",
    "LanesAnswer",
    "StaffAnswer",
    "answer_forecast",
    "answer_lanes",
    "answer_staff",
    "answer_course",
    "asked",
    "courses_of",
    "doubts_of",
    "settled",
    "goal_of",
    "lane_days",
    "month_starts",
    "seen_by_day",
    "told_by",
]

_METHODS = {"search": "bisection", "optimise": "milp"}
#: Servers that may be added to a stage whose plan does not say how many there can be.
_MOST_ADDED = 100
#: Fields that hold whole numbers; a plan's file has no fraction of a person or a file. Last in the
#: path, but for a date or a place: a stage may have such a name, too.
_WHOLE = re.compile(r"\.(files|staff|servers|places|values)(\[\d+\])*(\.\d{4}-\d\d-\d\d)?$")
_HOURS = 24
_MINUTES = 24.0 * 60.0
#: A look at each day costs memory: so many numbers (times × stages × replications) at most.
_MOST_SEEN = 5_000_000

#: What a file may say and an answer does not hold, with the names of the parameters.
LOST: dict[str, tuple[str, ...]] = {
    # Who is new learns: must be there so many days before the days of the plan.
    "learning": ("days",),
    # A number in doubt was taken in its middle.
    "middle": ("field", "value"),
    # Who waits when the port opens.
    "at_opening": ("count",),
    # The day of the goal, and the day before which come the last files that count.
    "looked_on": ("until", "day"),
    # Lanes are planned for one number each hour.
    "hourly": (),
    # One day is looked at, the busiest one.
    "busiest_day": (),
    # Lanes are planned for the first stage only.
    "first_stage": ("stage",),
    # Vehicles that wait on the first day are not in the busiest one.
    "waiting_left_out": ("count",),
}


# ----------------------------------------------------------------------------- the look


def told_by(more: Callable[[int], None], is_stopped: Callable[[], bool]) -> Progress:
    """A progress that tells ``more`` how many parts of a hundred are done besides those told
    before, and stops the work when it is asked to.

    >>> told = []
    >>> progress = told_by(told.append, lambda: False)
    >>> [progress(1, 4), progress(4, 4)], told
    ([True, True], [25, 75])
    """
    before = [0]

    def progress(done: int, of: int) -> bool:
        parts = min(100 * done // max(of, 1), 100)
        more(max(parts - before[0], 0))
        before[0] = max(parts, before[0])
        return not is_stopped()

    return progress


def asked(plan: PlanFile, *, engine: str = "", replications: int | None = None) -> Run:
    """How to look at it: as the file says, but for what is asked for otherwise.

    Raises ``capacity_gap`` while a number is in doubt.
    """
    if plan.run is None:
        for name, _ in plan.doubtful:
            raise CauceError("capacity_gap", field=name, value=plan.unit(name))
        raise CauceError("capacity_conflict", field="plan", other=plan.kind)
    return replace(
        plan.run,
        engine=engine or plan.run.engine,
        replications=plan.run.replications if replications is None else replications,
    )


def seen_by_day(run: Run, stages: int) -> Run:
    """The same, looked at every day where that is not too much to keep, so that the first day of
    each month is among the times."""
    is_little = (run.until + 1) * stages * run.replications <= _MOST_SEEN
    return replace(run, every=1.0) if run.every > 1 and is_little else run


def month_starts(start: date, times: Floats) -> tuple[int, ...]:
    """Which of the times to show: the first one, that nearest to the first of each month, the last.

    >>> month_starts(date(2025, 1, 20), np.arange(0.0, 50.0))
    (0, 12, 40, 49)
    """
    last = start + timedelta(days=float(times[-1]))
    found, day = [0], date(start.year + start.month // 12, start.month % 12 + 1, 1)
    while day < last:
        found.append(int(np.argmin(np.abs(times - (day - start).days))))
        day = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return tuple(sorted({*found, len(times) - 1}))


# ----------------------------------------------------------------------------- doubt


def doubts_of(plan: PlanFile) -> tuple[Doubt, ...]:
    """What is in doubt, as something to be spread. Raises ``capacity_gap`` for a number that is
    missing: the file says no limits for it."""
    return tuple(
        Doubt(name, answer, whole=bool(_WHOLE.search(name)))
        for name, answer in plan.doubtful
        if isinstance(answer, Known | Absent)
    )


def settled(plan: PlanFile) -> tuple[PlanFile, tuple[Code, ...]]:
    """The plan with the middle of each number in doubt, and a code for each that was taken."""
    centre = {doubt.field: doubt.levels[1] for doubt in doubts_of(plan)}
    if not centre:
        return plan, ()
    codes = tuple(Code.of("middle", field=name, value=value) for name, value in centre.items())
    return plan.with_numbers(centre), codes


# ----------------------------------------------------------------------------- backlog

Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What the backlog does as things are (``name`` is empty) or with one change; and what was in
    doubt."""

    name: str
    spread: Spread
    doubts: tuple[Doubt, ...] = ()

    @property
    def result(self) -> Result:
        """With the middle of what is in doubt."""
        return self.spread.scenarios[0][1]

    @property
    def is_stopped(self) -> bool:
        """It was stopped on request: this is what was known then."""
        codes = (*self.spread.codes, *self.result.notes)
        return any(code.code == "interrupted" for code in codes)


def courses_of(plan: PlanFile) -> tuple[tuple[str, Callable[[Values], Scenario]], ...]:
    """As it is, and each change that the file compares: its name, and what makes its scenario of
    numbers for what is in doubt."""
    changed, _ = settled(plan)

    def with_change(index: int) -> Callable[[Values], Scenario]:
        return lambda values: plan.with_numbers(values).alternatives()[index][1]

    others = [(name, with_change(at)) for at, (name, _) in enumerate(changed.alternatives())]
    return (("", plan.scenario_of), *others)


def answer_course(
    plan: PlanFile,
    named: tuple[str, Callable[[Values], Scenario]],
    run: Run,
    *,
    seed: int,
    progress: Progress | None = None,
) -> Course:
    """One of the courses, looked at by day; the same chance in all of them."""
    doubts, (name, build) = doubts_of(plan), named
    centre = {doubt.field: doubt.levels[1] for doubt in doubts}
    look = seen_by_day(run, len(build(centre).network.stages))
    found = spread(doubts, build, look, seed=seed, progress=progress)
    return Course(name, found, doubts)


# ----------------------------------------------------------------------------- staff


@dataclass(frozen=True, slots=True, eq=False)
class StaffAnswer:
    """The plan, or why there is none; ``before`` and ``after``: the backlog without and with the
    staff found (``after`` None where nobody is added)."""

    start: date
    by: float
    found: Plan | Infeasible
    now: tuple[tuple[str, Steps], ...]
    before: Result
    after: Result | None = None
    notes: tuple[Code, ...] = ()


def goal_of(plan: PlanFile, run: Run) -> tuple[Goal, Options, tuple[Code, ...]]:
    """The goal and the options of a staff plan, and what of them is held otherwise than said.

    The day of the goal is that on which the limit of the last file counted ends, or the last day
    looked at. Who is new and learns counts from the day on which the work lost by learning is made
    up for; the file's desks are those of all staff, so those taken are not there to add.
    """
    question, scenario = plan.staff, plan.scenario
    if question is None or scenario is None:
        raise CauceError("capacity_conflict", field="plan", other=plan.kind)
    by, notes = run.until, []
    if question.by is not None:
        ends = question.deadline.ends(scenario.start.on, np.array([question.by]))
        by = min(by, float(ends[0]))
        days = {"until": day_of(scenario.start, by), "day": day_of(scenario.start, question.by)}
        notes.append(Code.of("looked_on", **days))
    target = OnTime(question.deadline, question.share, question.since, question.by)
    learning = _learning(question)
    options = Options(
        most=_most(question, scenario),
        cost=_paid(question, scenario, learning, by),
        budget=question.budget,
        from_day=learning,
        replications=run.replications,
        method=_METHODS[question.method],
        engine=run.engine,
        threads=run.threads,
    )
    if learning:
        notes.append(Code.of("learning", days=math.ceil(learning)))
    return Goal(by, target, question.probability), options, tuple(notes)


def _learning(question: StaffQuestion) -> float:
    """Days of work that somebody new loses until all of it is done."""
    ramp = question.ramp
    return (1 - ramp.at_first) * ramp.full_after if ramp else 0.0


def _paid(
    question: StaffQuestion, scenario: Scenario, learning: float, by: float
) -> tuple[tuple[str, float], ...]:
    """What one person costs for a day that counts: who learns is paid from the first day on."""
    if not 0 < learning < by:
        return question.costs
    given = dict(question.costs)
    names = scenario.network.names
    return tuple((name, given.get(name, 1.0) * by / (by - learning)) for name in names)


def _most(question: StaffQuestion, scenario: Scenario) -> tuple[tuple[str, int], ...]:
    desks = dict(question.at_most)
    found = []
    for stage in scenario.network.stages:
        taken = int(max(stage.staff.values))
        found.append((stage.name, max(desks.get(stage.name, taken + _MOST_ADDED) - taken, 0)))
    return tuple(found)


def answer_staff(
    plan: PlanFile, run: Run, *, seed: int, progress: Progress | None = None
) -> StaffAnswer:
    """How many people are missing, and the backlog without and with them."""
    goal, options, notes = goal_of(plan, run)
    scenario = plan.scenario
    assert scenario is not None  # noqa: S101  # the goal was read from it
    network, start, arrivals = scenario.network, scenario.start, scenario.arrivals
    found = staff_to_clear(network, start, arrivals, goal, options, seed=seed, progress=progress)
    look = seen_by_day(replace(run, until=goal.by), len(network.stages))
    now = tuple((stage.name, stage.staff) for stage in network.stages)
    before = simulate_scenario(scenario, look, seed=seed)
    after = None
    if isinstance(found, Plan) and any(max(steps.values) for _, steps in found.added):
        for name, staff in found.staff:
            network = network.with_stage(replace(network.stage(name), staff=staff))
        after = simulate_scenario(Scenario(network, start, arrivals), look, seed=seed)
    return StaffAnswer(start.on, goal.by, found, now, before, after, notes)


# ----------------------------------------------------------------------------- lanes


@dataclass(frozen=True, slots=True, eq=False)
class LaneDay:
    """24 hours from the hour ``first`` on, nobody waiting at first: what comes, lanes that can be
    open at most, and those closed, for works or for the night."""

    first: int
    coming: Rates
    most: int
    closed: Steps
    is_open: tuple[bool, ...]

    def hour(self, index: int) -> int:
        """The hour of the clock of an hour of the day."""
        return (self.first + index) % _HOURS


@dataclass(frozen=True, slots=True, eq=False)
class LanesAnswer:
    """The lanes of the busiest day, and with those closed for works (None without works).
    ``closed``: how many works close at once, at most."""

    question: LanesQuestion
    day: LaneDay
    plan: LanePlan
    works: LanePlan | None = None
    closed: int = 0
    notes: tuple[Code, ...] = ()


def lane_days(plan: PlanFile) -> tuple[LaneDay, LaneDay | None]:
    """The busiest day of those looked at, and the same one with the most lanes closed for works.

    It begins when the port closes, or, where it never does, with its quietest hour: then nobody
    waits from the day before. Arrivals of all classes are taken together. Raises
    ``capacity_conflict`` for arrivals that are no rate.
    """
    question, run, scenario = plan.lanes, plan.run, plan.scenario
    if question is None or scenario is None or run is None:
        raise CauceError("capacity_conflict", field="plan", other=plan.kind)
    come = Steps.always(0)
    for index, arrivals in enumerate(scenario.arrivals):
        if not isinstance(arrivals.source, Rates):
            path = f"arrivals[{index}]"
            raise CauceError("capacity_conflict", field=f"{path}.counts", other=f"{path}.rate")
        come = come.plus(arrivals.source.per_day)
    hours = _busiest(come, run.until)
    night = question.closes % _HOURS
    first = night if question.closes - question.opens < _HOURS else int(np.argmin(hours))
    turned = np.roll(hours, -first)
    is_open = tuple(
        question.opens <= (first + index) % _HOURS < question.closes for index in range(_HOURS)
    )
    shut = [0.0 if open_ else float(question.most) for open_ in is_open]
    day = LaneDay(first, Rates(_hourly(turned)), question.most, _hourly(np.array(shut)), is_open)
    if not question.works:
        return day, None
    closed = _closed_at_once(question)
    most = [float(question.most) if not open_ else float(closed) for open_ in is_open]
    return day, replace(day, closed=_hourly(np.array(most)))


def _busiest(come: Steps, until: float) -> Floats:
    """Arrivals a day in each hour of the clock on the day with most of them."""
    days = max(math.floor(until), 1)
    edges = np.arange(days * _HOURS + 1) / _HOURS
    rates = np.diff(come.until(edges)) * _HOURS
    by_day = rates.reshape(days, _HOURS)
    found: Floats = by_day[int(np.argmax(by_day.sum(axis=1)))]
    return found


def _hourly(values: Floats) -> Steps:
    return Steps(tuple(np.arange(_HOURS) / _HOURS), tuple(values.tolist())).simplified()


def _closed_at_once(question: LanesQuestion) -> int:
    total = Steps.always(0)
    for works in question.works:
        total = total.plus(works.closed())
    return int(min(max(total.values), question.most))


def answer_lanes(
    plan: PlanFile, run: Run, *, seed: int, progress: Progress | None = None
) -> LanesAnswer:
    """The fewest lanes by hour of the busiest day, without works and with them."""
    day, with_works = lane_days(plan)
    question, scenario = plan.lanes, plan.scenario
    assert question is not None  # noqa: S101  # else there is no day
    assert scenario is not None  # noqa: S101
    service = scenario.network.stages[0].service

    def planned(day: LaneDay) -> LanePlan:
        options = LaneOptions(_HOURS, day.most, 1, day.closed, run.replications, run.threads)
        limit = question.wait * _MINUTES
        return lanes(
            day.coming, service, limit, options,
            share_within=question.share, seed=seed, progress=progress,
        )  # fmt: skip

    notes = [] if abs(question.every * _HOURS - 1) < 1e-9 else [Code.of("hourly")]
    notes += _left_out(scenario)
    plain = planned(day)
    # Where it was stopped, nothing more is begun.
    works = planned(with_works) if with_works and not plain.notes else None
    closed = _closed_at_once(question) if question.works else 0
    return LanesAnswer(question, day, plain, works, closed, tuple(notes))


def _left_out(scenario: Scenario) -> list[Code]:
    """What lanes of one stage, with nobody waiting at first, do not hold."""
    first, *others = scenario.network.names
    waiting = sum(row.count for row in scenario.start.waiting)
    notes = [Code.of("first_stage", stage=first)] if others else []
    return notes + ([Code.of("waiting_left_out", count=waiting)] if waiting else [])


# ----------------------------------------------------------------------------- forecast


def answer_forecast(plan: PlanFile, *, seed: int) -> Forecast:
    """What may come, with the scenarios that the file names."""
    question = plan.forecast
    if question is None:
        for name, _ in plan.doubtful:
            raise CauceError("capacity_gap", field=name, value=plan.unit(name))
        raise CauceError("capacity_conflict", field="plan", other=plan.kind)
    return forecast(
        question.series, question.horizon, seed=seed, methods=question.methods,
        paths=question.paths, scenarios=question.scenarios,
    )  # fmt: skip
