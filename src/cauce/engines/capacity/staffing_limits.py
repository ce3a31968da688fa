"""Why can it not be done, what limits, and what comes nearest?

One limit at a time is lifted and looked at again. What binds is what keeps the goal from being met
when nothing else is in its way.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from cauce.engines.capacity.model import Network, Pool
from cauce.engines.capacity.plans import Infeasible, Nearest, Options, day_of
from cauce.engines.capacity.scenario import Scenario
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.trials import Added, Judge, Question, Roster, Trial, verdicts
from cauce.values.answer import Code

__all__ = ["diagnose", "fullest", "limits", "nearest", "tenths"]

#: How much later than the day asked for another is looked for: so many times, and so many days.
_LATER, _MOST_DAYS = 4.0, 3650.0


class _Limit(NamedTuple):
    """What binds and whose queue remains."""

    binding: str
    stage: str


def diagnose(judge: Judge) -> Infeasible:
    """What binds where nothing allowed meets the goal. Raises ``Stopped``.

    Cost: a simulation for each stage and pool, and some ten more.
    """
    question = judge.question
    judge.planned = judge.tried + len(question.network.stages) + len(question.network.pools) + 8
    top = judge.look(question.top)
    if question.options.budget is not None and judge.passes(top):
        roster = _affordable(judge)
        trial = judge.look(roster)
        limit = _Limit("budget", fullest(question, trial, _staff(question, roster)))
        # No later day: whoever stays longer costs more.
        near = Nearest(trial.met, trial.replications, None, question.added(roster))
    else:
        limit = _binds(judge, top)
        added = question.added(question.allowed)
        near = Nearest(top.met, top.replications, nearest(judge, added), added)
    return Infeasible(limit.binding, limit.stage, near, _sentence(question, limit, near))


def _binds(judge: Judge, top: Trial) -> _Limit:
    question = judge.question
    free = judge.trial(_freed(question, ""))
    if not judge.passes(free):
        # Nothing that staff could do: files that have come and must take their time.
        binding = "arrivals" if judge.passes(_without_arrivals(judge)) else "date"
        return _Limit(binding, fullest(question, free, None))
    alone = [(name, judge.trial(_freed(question, name))) for name in _limited(question)]
    failed = [(name, trial) for name, trial in alone if not judge.passes(trial)]
    if not failed:
        # Only together: the one that fails by most.
        failed = alone
    name, trial = min(failed, key=lambda each: (each[1].met, -float(each[1].missed.mean())))
    if name in question.network.names:
        return _Limit(_limit_of(judge, name, top), name)
    users = _users(question.network, name)
    waiting = [trial.pending[question.network.names.index(user)] for user in users]
    return _Limit(f"pool:{name}", users[int(np.argmax(waiting))])


def _limited(question: Question) -> list[str]:
    """Stages and the pools that some stage needs."""
    pools = [pool.name for pool in question.network.pools if _users(question.network, pool.name)]
    return [*question.network.names, *pools]


def _users(network: Network, pool: str) -> list[str]:
    return [
        stage.name for stage in network.stages if any(pool in each.needs for each in stage.by_class)
    ]


def _limit_of(judge: Judge, name: str, top: Trial) -> str:
    """Which limit of a stage it is, all others having what they need."""
    options = judge.question.options
    if not options.most_of(name):
        return f"stage:{name}"
    enough = _enough(judge.question)
    most = tuple(
        (each, enough if each == name else options.most_of(each)) for each in judge.question.stages
    )
    tries = (
        ("ramp", options.ramp is not None, replace(options, ramp=None)),
        ("date", options.from_day > 0, replace(options, from_day=0.0)),
        ("most", True, replace(options, most=most)),
    )
    for binding, is_set, wider in tries:
        if is_set and judge.passes(judge.trial(_freed(_with(judge.question, wider), name))):
            return binding
    return f"stage:{name}"


def _with(question: Question, options: Options) -> Question:
    return replace(question, options=options)


def _enough(question: Question) -> int:
    """Servers for everybody at once."""
    scenario = Scenario(question.network, question.start, question.arrivals)
    return int(2 * scenario.expected(question.goal.by)) + 100


def _freed(question: Question, but: str) -> Network:
    """The network where everybody is served at once, but in one stage or pool; that stage has all
    the staff it may be given."""
    network = question.with_added(question.added(question.top))
    enough = Steps.always(_enough(question))
    for stage in network.stages:
        if stage.name != but:
            network = network.with_stage(replace(stage, staff=stage.staff.plus(enough)))
    for pool in network.pools:
        if pool.name != but:
            network = network.with_pool(Pool(pool.name, pool.servers.plus(enough)))
    return network


def _without_arrivals(judge: Judge) -> Trial:
    """Everybody is served at once, and nobody new comes. Who is not filed cannot be late."""
    return judge.trial(_freed(judge.question, ""), ())


# ----------------------------------------------------------------------------- what limits a plan


def limits(judge: Judge, added: Added, trial: Trial) -> tuple[str, str]:
    """(stage, pool) that limit a plan that will do: the stage whose staff are busiest, and the pool
    without which fewer files would miss the target than without any limit of that stage's staff;
    else nothing."""
    question = judge.question
    network = question.with_added(added)
    stage = fullest(question, trial, network)
    enough = Steps.always(_enough(question))
    best, found = float(trial.missed.mean()), ""
    pools = [pool for pool in network.pools if _users(network, pool.name)]
    if pools:
        old = network.stage(stage)
        more = network.with_stage(replace(old, staff=old.staff.plus(enough)))
        best = min(best, float(judge.trial(more).missed.mean()))
    for pool in pools:
        wider = network.with_pool(Pool(pool.name, pool.servers.plus(enough)))
        missed = float(judge.trial(wider).missed.mean())
        if missed < best:
            best, found = missed, pool.name
    return stage, found


def _staff(question: Question, roster: Roster) -> Network:
    return question.with_added(question.added(roster))


def fullest(question: Question, trial: Trial, network: Network | None) -> str:
    """The stage whose servers are busiest while it is open; of equally busy ones, or where there
    are servers without end, the one with most files."""
    names, by = question.network.names, question.goal.by
    busy = np.zeros(len(names))
    if network is not None:
        for number, stage in enumerate(network.stages):
            there = stage.staff.product(stage.opening).mean(0.0, by)
            busy[number] = round(float(trial.busy[number]) / max(there, 1e-9), 3)
    return names[max(range(len(names)), key=lambda each: (busy[each], trial.pending[each], -each))]


# ----------------------------------------------------------------------------- what comes nearest


def _affordable(judge: Judge) -> Roster:
    """The affordable roster that meets the goal most often, of those looked at and of those on the
    way to everything that is allowed."""
    question = judge.question
    top = question.top
    steps = max(top, default=0)
    on_the_way = [tuple(count * step // steps for count in top) for step in range(steps + 1)]
    paid = [roster for roster in on_the_way if question.is_affordable(roster)]
    judge.look(_filled(question, paid[-1]))
    known = [roster for roster in judge.known if question.is_affordable(roster)]
    return max(
        known,
        key=lambda each: (judge.known[each].met, -float(judge.known[each].missed.mean()), each),
    )


def _filled(question: Question, roster: Roster) -> Roster:
    """The rest of the budget, in the order of the stages."""
    for number, most in enumerate(question.top):
        for count in range(roster[number] + 1, most + 1):
            more = (*roster[:number], count, *roster[number + 1 :])
            if question.is_affordable(more):
                roster = more
    return roster


def nearest(judge: Judge, added: Added) -> float | None:
    """The first day after that of the goal by which it is met as often as asked: one simulation,
    by weeks, to four times as far or ten years more."""
    question = judge.question
    by = question.goal.by
    until = min(_LATER * by, by + _MOST_DAYS)
    result = judge.result(question.with_added(added), until)
    met = verdicts(question, result).sum(axis=1)
    good = (met >= question.needed_of(result.replications)) & (result.times > by)
    return float(result.times[int(np.argmax(good))]) if good.any() else None


# ----------------------------------------------------------------------------- in codes


def tenths(met: int, replications: int) -> int:
    """How many times of ten, never rounded up."""
    return met * 10 // replications


def _sentence(question: Question, limit: _Limit, near: Nearest) -> tuple[Code, ...]:
    start = question.start
    codes = [
        Code.of("not_possible", day=day_of(start, question.goal.by)),
        _binding(question, limit),
    ]
    if near.by is not None:
        codes.append(Code.of("nearest_day", day=day_of(start, near.by)))
    codes.append(Code.of("nearest_met", times=tenths(near.met, near.replications), of=10))
    return tuple(codes)


def _binding(question: Question, limit: _Limit) -> Code:
    options, stage = question.options, limit.stage
    kind, _, name = limit.binding.partition(":")
    match kind:
        case "pool":
            return Code.of("binds_pool", pool=name, stage=stage)
        case "stage":
            return Code.of("binds", stage=stage)
        case "budget":
            return Code.of("binds_budget", budget=options.budget, stage=stage)
        case "ramp":
            return Code.of("binds_ramp", ramp=options.ramp, stage=stage)
        case "most":
            return Code.of("binds_most", number=options.most_of(stage), stage=stage)
        case "date":
            day = day_of(question.start, question.goal.by)
            return Code.of("binds_date", day=day, stage=stage)
        case _:
            return Code.of("binds_arrivals", stage=stage)
