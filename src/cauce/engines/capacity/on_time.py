"""Of a hundred new files, how many are decided within the limit? A share with what is unknown.

Nothing is filled in: files that are still open and whose limit has not ended are neither on time
nor late, and the share is given as a range from all of them late to all of them on time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from cauce.engines.capacity.model import Network
from cauce.engines.capacity.refusing import Floats, not_negative
from cauce.engines.capacity.result import Progress, Run
from cauce.engines.capacity.scenario import Arrivals, Deadline, Start
from cauce.engines.capacity.simulation import simulate
from cauce.errors import CauceError
from cauce.values.answer import Code

__all__ = ["OnTimeShare", "share_on_time"]

_SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True, slots=True, eq=False)
class OnTimeShare:
    """The share on time, and how it differs between replications.

    filed, on_time, unknown [R]: files filed in the time looked at, decided within the limit, still
    open with the limit not ended. low, high: the shares of which 10, 50 and 90 of a hundred
    replications are below, with all unknown ones late, and with all of them on time. Replications
    in which nothing was filed are left out; NaN where that is all of them.
    """

    deadline: str
    filed: Floats
    on_time: Floats
    unknown: Floats
    low: tuple[float, float, float]
    high: tuple[float, float, float]
    notes: tuple[Code, ...] = ()


def share_on_time(
    network: Network,
    start: Start,
    arrivals: tuple[Arrivals, ...],
    deadline: Deadline,
    *,
    since: float = 0.0,
    run: Run,
    seed: int,
    progress: Progress | None = None,
) -> OnTimeShare:
    """The share of the files filed from day ``since`` until the run's end that are decided within
    the limit. Days are whole: parts of one are taken as the next. Raises
    ``capacity_not_ascending`` where nothing is looked at.

    >>> from datetime import date
    >>> from cauce.engines.capacity.distributions import Always
    >>> from cauce.engines.capacity.model import Stage
    >>> from cauce.engines.capacity.scenario import Events
    >>> from cauce.engines.capacity.steps import Steps
    >>> office = Network((Stage("interview", Always(2), Steps.always(1)),))
    >>> come = (Arrivals(Events((0.5, 1.5, 2.5, 3.5))),)
    >>> limit = Deadline("three days", days=3)
    >>> once = Run(8.0, replications=1)
    >>> shared = share_on_time(office, Start(date(2026, 1, 1)), come, limit, run=once, seed=1)
    >>> shared.low[1]  # they end at 2.5, 4.5, 6.5 and 8.5
    0.5
    """
    not_negative("since", since)
    if np.ceil(since) >= run.until:
        raise CauceError("capacity_not_ascending", field="until", value=run.until)
    looking = replace(run, every=1.0, deadlines=(deadline,), age_edges=(), quantiles=())
    result = simulate(network, start, arrivals, looking, seed=seed, progress=progress)
    first = int(np.searchsorted(result.times, np.ceil(since)))
    filed = result.filed[first:].sum(axis=0)
    on_time = result.on_time[0, first:].sum(axis=0)
    unknown = result.unknown[0, first:].sum(axis=0)
    return OnTimeShare(
        deadline=deadline.name,
        filed=filed,
        on_time=on_time,
        unknown=unknown,
        low=_spread(on_time, filed),
        high=_spread(on_time + unknown, filed),
        notes=result.notes,
    )


def _spread(part: Floats, filed: Floats) -> tuple[float, float, float]:
    is_known = filed > 0
    if not is_known.any():
        return (np.nan, np.nan, np.nan)
    tenth, half, most = np.quantile(part[is_known] / filed[is_known], _SHARES)
    return (float(tenth), float(half), float(most))
