"""How many, when? From the visits of the event engine to counts by time.

Everything is counted, nothing estimated; each count costs one pass over the cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cauce.engines.capacity.draws import Cases
from cauce.engines.capacity.played import DONE, LEFT, TURNED_AWAY, Played
from cauce.engines.capacity.refusing import Floats, Integers
from cauce.engines.capacity.result import Result, Run, Visits
from cauce.engines.capacity.scenario import Scenario
from cauce.values.answer import Code

__all__ = ["Tally", "gather", "tally"]


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """The counts of one replication; the shapes are those of :class:`Result` without R."""

    arrived: Floats
    pending: Floats
    done: Floats
    lost: Floats
    turned_away: Floats
    pending_persons: Floats
    aged: Floats
    overdue: Floats
    filed: Floats
    on_time: Floats
    unknown: Floats
    waits: Floats
    busy: Floats
    flagged: Floats
    visits: Visits | None


def tally(scenario: Scenario, run: Run, cases: Cases, played: Played) -> Tally:
    """Count one replication."""
    times, of_stage, leaves = run.times, played.of_stage, played.leaves
    all_stay = not any(s.patience or s.places is not None for s in scenario.network.stages)
    decided = leaves if all_stay else np.where(played.outcome == DONE, leaves, np.inf)
    pending = _beside([_came(v.joined, times) - _until(v.ended, times) for v in of_stage])
    ages = _Stock(times, cases, leaves)
    limits = [deadline.ends(scenario.start.on, cases.filed) for deadline in run.deadlines]
    on_time, unknown = _by_cohort(times, run, cases.filed, (decided, leaves), limits)
    arrived = _came(cases.time, times) - scenario.start.backlog
    return Tally(
        arrived=arrived,
        pending=pending,
        done=_until(decided, times),
        lost=_beside([_ended_so(v, LEFT, times, all_stay) for v in of_stage]),
        turned_away=_beside([_ended_so(v, TURNED_AWAY, times, all_stay) for v in of_stage]),
        pending_persons=pending.sum(axis=1)
        if cases.persons is None
        else _came(cases.time, times, cases.persons) - _until(leaves, times, cases.persons),
        aged=_beside([ages.beyond(cases.filed + age) for age in run.age_edges], len(times)),
        overdue=_stack([ages.beyond(limit) for limit in limits], len(times)),
        filed=np.diff(arrived),
        on_time=on_time,
        unknown=unknown,
        waits=np.array([_waits(visits, run.quantiles) for visits in of_stage]),
        busy=played.busy_days / run.until,
        flagged=np.array(float(cases.late)),
        visits=played.visits if run.keep_visits else None,
    )


def gather(
    scenario: Scenario, run: Run, seed: int, counted: Sequence[Tally], notes: tuple[Code, ...]
) -> Result:
    """The replications side by side."""
    names = [name for name in Tally.__dataclass_fields__ if name != "visits"]
    return Result(
        **{name: np.stack([getattr(one, name) for one in counted], axis=-1) for name in names},
        stages=scenario.network.names,
        times=run.times,
        backlog=scenario.start.backlog,
        age_edges=run.age_edges,
        deadlines=tuple(deadline.name for deadline in run.deadlines),
        quantiles=run.quantiles,
        engine="event",
        seed=seed,
        notes=notes,
        visits=tuple(one.visits for one in counted if one.visits),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Stock:
    """The pending cases at each time, and those of them that have passed a moment of their own."""

    times: Floats
    cases: Cases
    leaves: Floats

    def beyond(self, moment: Floats) -> Floats:
        """How many are pending whose moment has come, by time."""
        come = np.maximum(moment, self.cases.time)
        return _until(come, self.times) - _until(np.maximum(come, self.leaves), self.times)


def _by_cohort(
    times: Floats,
    run: Run,
    filed: Floats,
    ended: tuple[Floats, Floats],
    limits: Sequence[Floats],
) -> tuple[Floats, Floats]:
    """For those filed between two times: how many were decided within each limit, and of how many
    it is not known yet; [deadline, T − 1]. ended: when each was decided, and when it left, decided
    or not: of who has left undecided it is known."""
    decided, leaves = ended
    on_time, unknown = [], []
    for limit in limits:
        on_time.append(_between(filed[decided <= limit], times))
        unknown.append(_between(filed[(leaves > run.until) & (limit > run.until)], times))
    return _stack(on_time, len(times) - 1), _stack(unknown, len(times) - 1)


def _between(moments: Floats, times: Floats) -> Floats:
    return np.diff(_until(moments, times), prepend=0)[1:]


def _came(moments: Floats, times: Floats, weights: Integers | None = None) -> Floats:
    """As ``_until``, of moments that ascend."""
    found = np.searchsorted(moments, times, side="right")
    if weights is not None:
        found = np.append(0, np.cumsum(weights))[found]
    return found.astype(np.float64)


def _ended_so(visits: Visits, outcome: int, times: Floats, all_stay: bool) -> Floats:
    if all_stay:
        return np.zeros(len(times))
    return _until(visits.ended[visits.outcome == outcome], times)


def _until(moments: Floats, times: Floats, weights: Integers | None = None) -> Floats:
    """How many of the moments have come by each time, at it included."""
    index = np.searchsorted(times, moments, side="left")
    counts = np.bincount(index, weights, minlength=len(times) + 1)
    return np.cumsum(counts[: len(times)]).astype(np.float64)


def _waits(visits: Visits, shares: tuple[float, ...]) -> Floats:
    """Quantiles of the waits of those who have started; NaN where nobody has."""
    if not shares:
        return np.empty(0)
    waits = visits.started - visits.joined
    known = waits[np.isfinite(waits)]
    if not len(known):
        return np.full(len(shares), np.nan)
    found: Floats = np.quantile(known, shares)
    return found


def _beside(columns: Sequence[Floats], height: int = 0) -> Floats:
    return np.stack(columns, axis=1) if columns else np.zeros((height, 0))


def _stack(rows: Sequence[Floats], width: int = 0) -> Floats:
    return np.stack(rows) if rows else np.zeros((0, width))
