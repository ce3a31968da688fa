"""Which roster is the cheapest that meets the goal? Constant additions of whole servers.

Small plans (``EXACT`` rosters; ``EXACT_UNEVEN`` where more staff are not certain to help) are
searched to the last roster, so that the answer is the true minimum of (cost, persons, more of them
in earlier stages). Up to ``EXACT`` rosters where more staff may hinder, which is rare, are searched
as if they never did. Larger plans end where no single server less in any stage would do.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.trials import Judge, Question, Roster, Trial

__all__ = ["EXACT", "EXACT_UNEVEN", "cheapest", "work_waiting"]

#: Rosters among which the best is found for certain.
EXACT = 12_000
#: The same where each cheaper roster must be looked at by itself.
EXACT_UNEVEN = 400


def cheapest(judge: Judge) -> Roster | None:
    """The best affordable roster that meets the goal, or ``None``. Raises ``Stopped``.

    Cost: one stage, log2(most) simulations. Several: some 10 to 30 for one that cannot be bettered
    by a server less, and, in small plans, one for each roster that is cheaper and not known to fail
    because one with more staff has failed.
    """
    question = judge.question
    size = math.prod(count + 1 for count in question.top)
    judge.planned = _foreseen(question)
    # In ``tau`` two rosters differ by chance too, so that a look at each would be no truer.
    is_exact = question.options.engine != "tau"
    is_uneven = not question.is_monotone and is_exact
    if is_uneven and size <= EXACT_UNEVEN:
        return _one_by_one(judge)
    if not judge.meets(question.top):
        return None
    found = _trimmed(judge, _raised(judge, _floor(judge)))
    if size <= EXACT and is_exact:
        found = _bettered(judge, found)
    # Of a larger plan another that was looked at on the way may be within the budget.
    return found if question.is_affordable(found) else _paid(judge)


def _paid(judge: Judge) -> Roster | None:
    question = judge.question
    good = [each for each in judge.known if question.is_affordable(each) and judge.meets(each)]
    return min(good, key=question.rank, default=None)


def _foreseen(question: Question) -> int:
    each = [math.ceil(math.log2(count + 1)) + 1 for count in question.top]
    return 2 * sum(each) + 4


def _one_by_one(judge: Judge) -> Roster | None:
    """From the cheapest on. Only where all that is allowed never meets it once, nothing less is
    looked at: that more staff hinder is rare, and little."""
    question = judge.question
    if question.needed and not judge.look(question.top).met:
        return None
    rosters = sorted(_rosters(question.top), key=question.rank)
    affordable = [roster for roster in rosters if question.is_affordable(roster)]
    return next((roster for roster in affordable if judge.meets(roster)), None)


def _rosters(top: Roster) -> Iterator[Roster]:
    return product(*(range(count + 1) for count in top))


def _bettered(judge: Judge, found: Roster) -> Roster:
    """The best of all. Downwards from one that will do: the first ones that fail have most staff,
    and all that have less staff than they fail, too."""
    rank = judge.question.rank
    limit = rank(found)
    better = sorted(((rank(each), each) for each in _rosters(judge.question.top)), reverse=True)
    failed: list[Roster] = [each for each in judge.known if not judge.meets(each)]
    for place, roster in better:
        if place >= limit or any(_is_within(roster, each) for each in failed):
            continue
        if judge.meets(roster):
            found = roster
        else:
            failed.append(roster)
    return found


def _is_within(roster: Roster, other: Roster) -> bool:
    return all(count <= limit for count, limit in zip(roster, other, strict=True))


# ----------------------------------------------------------------------------- larger plans


def _floor(judge: Judge) -> Roster:
    """For each stage what it needs where all others have all they may, by the mean path: that costs
    milliseconds and is only where the search begins."""
    question = judge.question
    options = replace(question.options, engine="fluid")
    fast = Judge(replace(question, options=options), judge.seed)
    return tuple(
        _fewest(fast.meets, question.top, number, question.top[number])
        for number in range(len(question.top))
    )


def _fewest(meets: Callable[[Roster], bool], roster: Roster, number: int, good: int) -> int:
    """The fewest servers of one stage that will do, by halving; ``good`` of them are known to."""
    bad = -1
    while good - bad > 1:
        middle = (good + bad) // 2
        if meets(_with(roster, number, middle)):
            good = middle
        else:
            bad = middle
    return good


def _with(roster: Roster, number: int, count: int) -> Roster:
    return (*roster[:number], count, *roster[number + 1 :])


def _raised(judge: Judge, roster: Roster) -> Roster:
    """More for the stage where most work waits, until the goal is met; twice as many each time
    that it is the same stage. The roster of all that is allowed is known to meet it."""
    top, before, step = judge.question.top, -1, 1
    while not judge.meets(roster):
        work = work_waiting(judge.question, roster, judge.look(roster))
        open_ = [number for number, count in enumerate(roster) if count < top[number]]
        number = max(open_, key=lambda each: (work[each], -each))
        step = 2 * step if number == before else 1
        before = number
        roster = _with(roster, number, min(roster[number] + step, top[number]))
    return roster


def work_waiting(question: Question, roster: Roster, trial: Trial) -> Floats:
    """Days in which the staff of each stage of the roster would finish what is pending there."""
    names, days = question.network.names, []
    added = dict(question.added(roster))
    for name in question.stages:
        stage, by = question.network.stage(name), question.goal.by
        servers = stage.staff.at(by) + (added[name].at(by) if name in added else 0.0)
        pending = float(trial.pending[names.index(name)])
        days.append(pending * stage.service.mean / max(servers, 0.5))
    return np.array(days)


def _trimmed(judge: Judge, roster: Roster) -> Roster:
    """As few as will do in each stage, the dearest first, the last ones of equal cost; again until
    nothing changes: then one server less in any stage is known to fail."""
    question = judge.question
    costs = [question.options.cost_of(name) for name in question.stages]
    order = sorted(range(len(roster)), key=lambda each: (-costs[each], -each))
    before: Roster = ()
    while before != roster:
        before = roster
        for number in order:
            fewest = _fewest(judge.meets, roster, number, roster[number])
            roster = _with(roster, number, fewest)
    return roster
