"""Small plans that several tests look at."""

from __future__ import annotations

from datetime import date

from cauce.engines.capacity.distributions import Exponential
from cauce.engines.capacity.model import Network, Stage
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.scenario import Arrivals, Rates, Scenario, Start, Waiting
from cauce.engines.capacity.steps import Steps

MONDAY = date(2025, 1, 6)


def one_stage(rate: Steps | float, stage: Stage, backlog: int = 0) -> Scenario:
    """Arrivals at random at one stage."""
    waiting = (Waiting(stage.name, backlog),) if backlog else ()
    arrivals = (Arrivals(Rates(Steps.of(rate))),)
    return Scenario(Network((stage,)), Start(MONDAY, waiting), arrivals)


def interviews(servers: Steps | float, mean: float = 1.0) -> Stage:
    """A stage with exponential service times."""
    return Stage("interview", Exponential(mean), Steps.of(servers))


def score(sample: Floats, expected: float) -> float:
    """How many standard errors the mean of independent values lies from what is expected."""
    return float((sample.mean() - expected) / (sample.std(ddof=1) / len(sample) ** 0.5))
