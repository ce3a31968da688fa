"""What is asked of a staffing plan, and what is answered? Goals, options, plans, sentences.

Values only: nothing here is computed by simulation. Words are never put here; a plan carries codes
with parameters (``SENTENCES``), and days in them are dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from statistics import NormalDist

from cauce.engines.capacity.refusing import (
    finite,
    not_negative,
    one_of,
    positive,
    share,
    whole,
)
from cauce.engines.capacity.result import ENGINES
from cauce.engines.capacity.scenario import Deadline, Start
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError
from cauce.values.answer import Code

__all__ = [
    "MONTH",
    "SENTENCES",
    "Backlog",
    "Goal",
    "Infeasible",
    "Nearest",
    "OnTime",
    "Options",
    "Overdue",
    "Plan",
    "Point",
    "Target",
    "day_of",
    "wilson",
]

#: Days after which so many servers more may be added.
MONTH = 30.0

METHODS = ("bisection", "milp")

#: What a sentence may say, with the names of its parameters. Days are dates (ISO 8601).
SENTENCES: dict[str, tuple[str, ...]] = {
    # The staff there is are enough.
    "nobody_missing": (),
    # So many servers are missing in a stage from a day until another.
    "staff_missing": ("stage", "number", "day", "until"),
    # With them the target is met so many times of ten, never rounded up.
    "met": ("times", "of"),
    # In fresh chance it was met less often than was asked for.
    "met_less_often": ("times", "of"),
    # What limits.
    "binds": ("stage",),
    "binds_pool": ("pool", "stage"),
    "binds_budget": ("budget", "stage"),
    "binds_ramp": ("ramp", "stage"),
    "binds_most": ("number", "stage"),
    "binds_date": ("day", "stage"),
    "binds_arrivals": ("stage",),
    # It cannot be done by that day.
    "not_possible": ("day",),
    # The first day by which it can, with everything that is allowed.
    "nearest_day": ("day",),
    # How often it is met by the day asked for, with everything that is allowed.
    "nearest_met": ("times", "of"),
    # Stopped on request: the best known so far, after so many plans tried.
    "interrupted": ("tried",),
}


# ----------------------------------------------------------------------------- what is asked


@dataclass(frozen=True, slots=True)
class Backlog:
    """At most so many files pending, at all stages together."""

    at_most: int

    def __post_init__(self) -> None:
        whole("goal.at_most", self.at_most)


@dataclass(frozen=True, slots=True)
class Overdue:
    """At most so many files pending whose limit has ended."""

    deadline: Deadline
    at_most: int

    def __post_init__(self) -> None:
        whole("goal.at_most", self.at_most)


@dataclass(frozen=True, slots=True)
class OnTime:
    """At least this share of the files filed from day ``since`` on is decided within the limit.

    Counted are the files whose limit has ended when the target is looked at, so that none of them
    is unknown; ``until`` leaves out those filed from that day on. Days from the start; parts of
    days are taken as whole ones. Where nothing was filed the target is met.
    """

    deadline: Deadline
    share: float
    since: float = 0.0
    until: float | None = None

    def __post_init__(self) -> None:
        share("goal.share", self.share)
        not_negative("goal.since", self.since)
        if self.until is not None and finite("goal.until", self.until) <= self.since:
            raise CauceError("capacity_not_ascending", field="goal.until", value=self.until)


Target = Backlog | Overdue | OnTime


@dataclass(frozen=True, slots=True)
class Goal:
    """The target is met on day ``by`` in at least the share ``probability`` of replications."""

    by: float
    target: Target
    probability: float = 0.8

    def __post_init__(self) -> None:
        positive("goal.by", self.by)
        share("goal.probability", self.probability)


@dataclass(frozen=True, slots=True)
class Options:
    """Who may be added, and how to look for it.

    stages: those that may be given more staff (``None``: all). most: servers that may be added to
    each, or (stage, most); stages left out of such a list get none. cost: (stage, cost of a server
    for a day of 24 h); 1 where not said, so that costs are person-days. budget: in the same units,
    from the start until the day of the goal. from_day: nobody can be there earlier (recruitment
    and training). ramp: most servers added to a stage in each 30 days from then on.
    """

    stages: tuple[str, ...] | None = None
    most: int | tuple[tuple[str, int], ...] = 20
    cost: tuple[tuple[str, float], ...] = ()
    budget: float | None = None
    ramp: int | None = None
    from_day: float = 0.0
    replications: int = 100
    method: str = "bisection"
    engine: str = "event"
    threads: int = 1

    def __post_init__(self) -> None:
        each = (("", self.most),) if isinstance(self.most, int) else self.most
        for name, most in each:
            whole(f"options.most.{name}" if name else "options.most", most)
        for name, cost in self.cost:
            not_negative(f"options.cost.{name}", cost)
        if self.budget is not None:
            not_negative("options.budget", self.budget)
        if self.ramp is not None:
            positive("options.ramp", whole("options.ramp", self.ramp))
        not_negative("options.from_day", self.from_day)
        positive("options.replications", whole("options.replications", self.replications))
        one_of("options.method", self.method, METHODS)
        one_of("options.engine", self.engine, ENGINES)

    def most_of(self, stage: str) -> int:
        """How many may be added to a stage."""
        if self.stages is not None and stage not in self.stages:
            return 0
        if isinstance(self.most, int):
            return self.most
        return dict(self.most).get(stage, 0)

    def cost_of(self, stage: str) -> float:
        """What one server costs for a day of 24 h."""
        return dict(self.cost).get(stage, 1.0)


# ----------------------------------------------------------------------------- what is answered


@dataclass(frozen=True, slots=True)
class Plan:
    """Staff with which the goal is met.

    added, staff: (stage, servers by time), the staff there is being part of ``staff`` only. cost:
    of those added, from the start until the day of the goal. met: replications of
    ``replications``, with chance that was not used to find the plan. interval, interval_80: of the
    probability (Wilson), 95 % and 80 %. bottleneck: the stage that limits; pool: the pool that
    does so more than any stage, or nothing.
    """

    added: tuple[tuple[str, Steps], ...]
    staff: tuple[tuple[str, Steps], ...]
    cost: float
    met: int
    replications: int
    interval: tuple[float, float]
    interval_80: tuple[float, float]
    bottleneck: str
    pool: str = ""
    sentence: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Nearest:
    """The best that can be reached with everything allowed: how often the goal is met by its day,
    and the first day (from the start) by which it is met as often as asked, if there is one."""

    met: int
    replications: int
    by: float | None = None
    added: tuple[tuple[str, Steps], ...] = ()


@dataclass(frozen=True, slots=True)
class Infeasible:
    """No allowed plan meets the goal.

    binding: "budget", "ramp", "most", "date", "arrivals", "stage:<name>" (that stage may not be
    given staff, or not enough of them), "pool:<name>", or "interrupted" where it was stopped
    before anything was known. stage: the one whose queue remains.
    """

    binding: str
    stage: str
    nearest: Nearest
    sentence: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One of the plans than which no other is cheaper, earlier and surer at once."""

    by: float
    probability: float
    cost: float
    plan: Plan


def wilson(met: int, of: int, confidence: float = 0.95) -> tuple[float, float]:
    """The interval of a probability that was seen ``met`` times ``of`` (E. B. Wilson, J. Am. Stat.
    Assoc. 22, 1927). Raises ``capacity_too_many`` for more met than seen.

    >>> [round(limit, 4) for limit in wilson(8, 10)]
    [0.4902, 0.9433]
    """
    count = positive("of", whole("of", of))
    if whole("met", met) > count:
        raise CauceError("capacity_too_many", field="met", value=met, limit=of)
    if share("confidence", confidence) in (0, 1):
        raise CauceError("capacity_not_share", field="confidence", value=confidence)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle = (met + z * z / 2) / (count + z * z)
    reach = z * sqrt(met * (count - met) / count + z * z / 4) / (count + z * z)
    # At the ends the formula gives 0 and 1 but for a rounding.
    low = 0.0 if met == 0 else middle - reach
    return low, 1.0 if met == count else middle + reach


def day_of(start: Start, day: float) -> str:
    """The date of a day from the start."""
    return (start.on + timedelta(days=int(day))).isoformat()
