"""What would it take? The fewest more staff so that a backlog or a time limit is met.

``staff_to_clear`` answers with a plan, or says what binds and what comes nearest; ``frontier`` lays
cost, date and probability side by side. Every plan is looked at again with chance that was not used
to find it. Nothing here decides who is hired, or which case goes first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from cauce.engines.capacity.model import Network
from cauce.engines.capacity.on_time import OnTimeShare, share_on_time
from cauce.engines.capacity.plans import (
    SENTENCES,
    Backlog,
    Goal,
    Infeasible,
    Nearest,
    OnTime,
    Options,
    Overdue,
    Plan,
    Point,
    Target,
    day_of,
    wilson,
)
from cauce.engines.capacity.refusing import whole
from cauce.engines.capacity.result import Progress
from cauce.engines.capacity.scenario import Arrivals, Start
from cauce.engines.capacity.staffing_limits import diagnose, fullest, limits, tenths
from cauce.engines.capacity.staffing_milp import scheduled
from cauce.engines.capacity.staffing_search import cheapest
from cauce.engines.capacity.trials import Added, Judge, Question, Stopped, Trial, fresh
from cauce.values.answer import Code

__all__ = [
    "SENTENCES",
    "Backlog",
    "Goal",
    "Infeasible",
    "Nearest",
    "OnTime",
    "OnTimeShare",
    "Options",
    "Overdue",
    "Plan",
    "Point",
    "Target",
    "frontier",
    "share_on_time",
    "staff_to_clear",
    "wilson",
]


def staff_to_clear(
    network: Network,
    start: Start,
    arrivals: tuple[Arrivals, ...],
    goal: Goal,
    options: Options,
    *,
    seed: int,
    progress: Progress | None = None,
) -> Plan | Infeasible:
    """The cheapest more staff with which the goal is met, or why there are none.

    "bisection": the same number more from a day on; the true minimum in small plans, else one that
    no server less would do (``staffing_search.py``). "milp": numbers that may change every 30 days,
    found by integer programming over mean flows and then tried by simulation; raises
    ``extra_missing`` without the extra ``optimise``. The same input and seed give the same plan.
    ``progress`` hears (replications done, foreseen); where it returns False the best plan known is
    returned with the code ``interrupted``.

    >>> from datetime import date
    >>> from cauce.engines.capacity.distributions import Always
    >>> from cauce.engines.capacity.model import Stage
    >>> from cauce.engines.capacity.scenario import Waiting
    >>> from cauce.engines.capacity.steps import Steps
    >>> office = Network((Stage("interview", Always(1), Steps.always(1)),))
    >>> start = Start(date(2026, 1, 1), (Waiting("interview", 30),))
    >>> quick = Options(replications=2, engine="fluid")
    >>> staff_to_clear(office, start, (), Goal(10, Backlog(3)), quick, seed=1).added
    (('interview', Steps(times=(0.0,), values=(2.0,))),)
    """
    whole("seed", seed)
    question = Question(network, start, tuple(arrivals), goal, options)
    judge = Judge(question, seed, progress)
    try:
        return _plan_of(judge) or diagnose(judge)
    except Stopped:
        return _best_known(judge)


def _plan_of(judge: Judge) -> Plan | None:
    question = judge.question
    added = scheduled(judge) if question.options.method == "milp" else None
    if added is None:
        # Also where flows see no way: a number that does not change may still stand the test.
        roster = cheapest(judge)
        if roster is None:
            return None
        added = question.added(roster)
    return _checked(judge, added)


def _checked(judge: Judge, added: Added) -> Plan:
    """The plan with what it is in fresh chance. Where means are asked for, ``tau`` draws some."""
    question = judge.question
    engine = question.options.engine
    options = replace(question.options, engine="tau" if engine == "fluid" else engine)
    again = Judge(replace(question, options=options), fresh(judge.seed), judge.progress)
    again.tried, again.planned = judge.tried, judge.tried + len(question.network.pools) + 2
    trial = again.trial(question.with_added(added))
    stage, pool = limits(again, added, trial)
    return _plan(question, added, trial, (stage, pool))


def _plan(question: Question, added: Added, trial: Trial, limit: tuple[str, str]) -> Plan:
    with_added = question.with_added(added)
    stage, pool = limit
    binds = Code.of("binds_pool", pool=pool, stage=stage) if pool else Code.of("binds", stage=stage)
    return Plan(
        added=added,
        staff=tuple((each.name, each.staff) for each in with_added.stages),
        cost=question.cost(added),
        met=trial.met,
        replications=trial.replications,
        interval=wilson(trial.met, trial.replications),
        interval_80=wilson(trial.met, trial.replications, 0.8),
        bottleneck=stage,
        pool=pool,
        sentence=(*_missing(question, added), *_met(question, trial), binds),
    )


def _missing(question: Question, added: Added) -> list[Code]:
    """Who is missing, from when until when."""
    start, by = question.start, question.goal.by
    codes = []
    for name, steps in added:
        for (day, number), (until, _) in pairwise(
            [*zip(steps.times, steps.values, strict=True), (by, 0.0)]
        ):
            if number and day < by:
                days = {"day": day_of(start, day), "until": day_of(start, min(until, by))}
                codes.append(Code.of("staff_missing", stage=name, number=int(number), **days))
    return codes or [Code.of("nobody_missing")]


def _met(question: Question, trial: Trial) -> list[Code]:
    times = {"times": tenths(trial.met, trial.replications), "of": 10}
    codes = [Code.of("met", **times)]
    if trial.met < question.needed_of(trial.replications):
        codes.append(Code.of("met_less_often", **times))
    return codes


def _best_known(judge: Judge) -> Plan | Infeasible:
    """What was known when it was stopped: not looked at again."""
    question, note = judge.question, Code.of("interrupted", tried=judge.tried - 1)
    added = judge.best()
    if added is None:
        return Infeasible("interrupted", "", Nearest(0, 0), (note,))
    trial = judge.schedules[added]
    stage = fullest(question, trial, question.with_added(added))
    plan = _plan(question, added, trial, (stage, ""))
    return replace(plan, sentence=(*plan.sentence, note))


# ----------------------------------------------------------------------------- the frontier


def frontier(
    network: Network,
    start: Start,
    arrivals: tuple[Arrivals, ...],
    target: Target,
    options: Options,
    *,
    dates: Sequence[float],
    probabilities: Sequence[float] = (0.5, 0.8, 0.95),
    seed: int,
    progress: Progress | None = None,
) -> tuple[Point, ...]:
    """Plans for each date and probability, without those that another equals or betters in cost,
    date and probability at once; by date, then by probability. What cannot be done is left out.

    Cost: that of ``staff_to_clear`` for each pair; what was tried for a date serves all its
    probabilities. Where ``progress`` returns False the points so far are returned.
    """
    whole("seed", seed)
    points: list[Point] = []
    for by in sorted(set(dates)):
        tried: dict[Added, Trial] = {}
        for probability in sorted(set(probabilities)):
            goal = Goal(by, target, probability)
            question = Question(network, start, tuple(arrivals), goal, options)
            try:
                plan = _plan_of(Judge(question, seed, progress, schedules=tried))
            except Stopped:
                return _best_of(points)
            if plan is not None:
                points.append(Point(by, probability, plan.cost, plan))
    return _best_of(points)


def _best_of(points: Sequence[Point]) -> tuple[Point, ...]:
    return tuple(point for point in points if not any(_is_better(other, point) for other in points))


def _is_better(one: Point, other: Point) -> bool:
    mine, its = ((each.cost, each.by, -each.probability) for each in (one, other))
    return mine != its and all(value <= limit for value, limit in zip(mine, its, strict=True))
