"""Which answer belongs to which ``cauce plan …``, and with which look? One function for each kind.

Reads the file, asks the capacity engine and words the answer; nothing is computed here.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager

from cauce.cli.plan_reading import File, plan_of
from cauce.cli.terminal import language, say
from cauce.engines.capacity import plan_answers as answers
from cauce.engines.capacity.plan_file import PlanFile
from cauce.engines.capacity.result import Progress, Run
from cauce.errors import CauceError
from cauce.exports import plans
from cauce.exports.plans import Asked, Shown

__all__ = ["ASK", "Ask", "Watch"]

#: Draws a bar for a piece of work, and gives what feeds it.
Watch = Callable[[str], AbstractContextManager[Progress]]
Ask = Callable[[argparse.Namespace, Watch], Shown]


def _backlog(args: argparse.Namespace, watch: Watch) -> Shown:
    plan, file = plan_of(args.file, args.kind)
    with _placed(file):
        middle, _ = answers.settled(plan)
        run, seed = _look(args, middle), _seed(args, plan)
        found = []
        for named in answers.courses_of(plan):
            with watch(named[0] or say("cli.plan.doing")) as progress:
                found.append(answers.answer_course(plan, named, run, seed=seed, progress=progress))
            if found[-1].is_stopped:
                break
    asked = Asked(middle, language(), seed, run.engine, found[0].result.replications)
    return plans.show_backlog(asked, found)


def _staff(args: argparse.Namespace, watch: Watch) -> Shown:
    plan, file = plan_of(args.file, args.kind)
    with _placed(file), watch(say("cli.plan.doing")) as progress:
        middle, codes = answers.settled(plan)
        run, seed = _look(args, middle), _seed(args, plan)
        found = answers.answer_staff(middle, run, seed=seed, progress=progress)
    asked = Asked(middle, language(), seed, run.engine, run.replications, codes)
    return plans.show_staff(asked, found)


def _lanes(args: argparse.Namespace, watch: Watch) -> Shown:
    plan, file = plan_of(args.file, args.kind)
    with _placed(file), watch(say("cli.plan.doing")) as progress:
        middle, codes = answers.settled(plan)
        run, seed = _look(args, middle), _seed(args, plan)
        found = answers.answer_lanes(middle, run, seed=seed, progress=progress)
    asked = Asked(middle, language(), seed, "event", run.replications, codes)
    return plans.show_lanes(asked, found)


def _forecast(args: argparse.Namespace, watch: Watch) -> Shown:
    plan, file = plan_of(args.file, args.kind)
    with _placed(file):
        middle, codes = answers.settled(plan)
        seed = _seed(args, plan)
        found = answers.answer_forecast(middle, seed=seed)
    return plans.show_forecast(Asked(middle, language(), seed, told=codes), found)


#: What answers each kind of plan.
ASK: Mapping[str, Ask] = {
    "backlog": _backlog,
    "staff": _staff,
    "lanes": _lanes,
    "forecast": _forecast,
}


def _look(args: argparse.Namespace, plan: PlanFile) -> Run:
    return answers.asked(plan, engine=args.engine or "", replications=args.replications)


def _seed(args: argparse.Namespace, plan: PlanFile) -> int:
    return plan.seed if args.seed is None else args.seed


@contextmanager
def _placed(file: File) -> Iterator[None]:
    """What the engine refuses is of this file; where it names a field, with its line."""
    try:
        yield
    except CauceError as error:
        raise file.refused(error) from None
