"""What happens to a backlog? One question, three engines, one kind of answer."""

from __future__ import annotations

from cauce.engines.capacity import event, fluid, tau
from cauce.engines.capacity.model import Network
from cauce.engines.capacity.refusing import whole
from cauce.engines.capacity.result import Progress, Result, Run
from cauce.engines.capacity.scenario import Arrivals, Scenario, Start

__all__ = ["simulate", "simulate_scenario"]

_ENGINES = {"event": event.run, "tau": tau.run, "fluid": fluid.run}


def simulate(
    network: Network,
    start: Start,
    arrivals: tuple[Arrivals, ...],
    run: Run,
    *,
    seed: int,
    progress: Progress | None = None,
) -> Result:
    """Run a plan by the engine that ``run`` names; same input and seed, same numbers.

    ``event`` follows every case and is exact; ``tau`` draws whole numbers of cases a step at a time
    and costs the same for any number of them; ``fluid`` gives the mean path in milliseconds.
    Raises ``capacity_unknown_name`` for a stage or class the network does not have and
    ``capacity_too_many`` for what the event engine cannot hold.
    """
    return simulate_scenario(
        Scenario(network, start, tuple(arrivals)), run, seed=seed, progress=progress
    )


def simulate_scenario(
    scenario: Scenario, run: Run, *, seed: int, progress: Progress | None = None
) -> Result:
    """The same, of a network with its start and arrivals as one value."""
    return _ENGINES[run.engine](scenario, run, whole("seed", seed), progress)
