"""Who comes, and who has the servers, in many replications at once? Parts of the engine ``tau``.

Each draws or shares for a block of replications side by side; nothing here moves a case.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from cauce.engines.capacity.curves import Flows, expected_until, queue_of
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.scenario import Arrivals, Events, Paths, Rates, Scenario

__all__ = ["BLOCK", "Coming", "binomial", "poisson", "share_out"]

#: Replications drawn together.
BLOCK = 512

# From these variances on, numbers are drawn as rounded normal ones: mean and variance are the same,
# at three standard deviations nothing is cut off, and a block costs a fifth.
_POISSON_NORMAL_FROM = 12.0
_BINOMIAL_NORMAL_FROM = 3.0
# What rounding adds to a variance (Sheppard).
_ROUNDING = 1 / 12


# ------------------------------------------------------------------------- chance


def poisson(chance: np.random.Generator, mean: Floats | float) -> Floats:
    """Poisson numbers of a block, [R], or [row, R] of means [row, 1]; of large means, rounded
    normal ones of the same variance."""
    is_one = isinstance(mean, float)
    shape = (BLOCK,) if is_one else np.broadcast_shapes(np.shape(mean), (BLOCK,))
    if np.min(mean) < _POISSON_NORMAL_FROM:
        return chance.poisson(mean, shape).astype(np.float64)
    drawn = chance.standard_normal(shape)
    drawn *= np.sqrt(mean - _ROUNDING)
    drawn += mean
    np.rint(drawn, out=drawn)
    return np.maximum(drawn, 0.0, out=drawn)


def binomial(chance: np.random.Generator, count: Floats, share: Floats | float) -> Floats:
    """How many of each count; where the variance is large and all and none are three standard
    deviations away, a rounded normal number of the same variance."""
    mean = count * share
    variance = mean * (1 - share)
    nearest = np.minimum(mean, count - mean)
    nearest *= nearest
    few = (variance < _BINOMIAL_NORMAL_FROM) | (nearest < 9 * variance)
    few &= count > 0
    drawn = np.zeros(BLOCK) if few.all() else _rounded(chance, mean, variance, count)
    if few.any():
        shares = share if isinstance(share, float) else share[few]
        drawn[few] = chance.binomial(count[few].astype(np.int64), shares)
    return drawn


def _rounded(chance: np.random.Generator, mean: Floats, variance: Floats, count: Floats) -> Floats:
    """Normal numbers, whole, from 0 to the count; the variance is used up."""
    variance -= _ROUNDING
    np.sqrt(np.maximum(variance, 0.0, out=variance), out=variance)
    drawn = chance.standard_normal(BLOCK)
    drawn *= variance
    drawn += mean
    np.rint(drawn, out=drawn)
    np.maximum(drawn, 0.0, out=drawn)
    return np.minimum(drawn, count, out=drawn)


# ------------------------------------------------------------------------- who comes


class Coming:
    """The arrivals of one source in all replications of a block: so many in each part of a step."""

    def __init__(self, scenario: Scenario, arrivals: Arrivals, first: int) -> None:
        self.source = arrivals.source
        self.queue = queue_of(scenario, arrivals)
        self.late_share = arrivals.late_share
        self.total = np.zeros(BLOCK)
        if isinstance(self.source, Paths):
            path = np.arange(first, first + BLOCK) % len(self.source.counts)
            self._periods = np.ascontiguousarray(self.source.counts[path].T)
            self._period = -1
            self._left = np.zeros(BLOCK)

    def at_once(self) -> Floats:
        """Who comes at the very start."""
        count = float(expected_until(self.source, np.zeros(1))[0])
        self.total += count
        return np.full(BLOCK, count)

    def expect(self, edges: Floats) -> Floats:
        """Cases expected between each two moments; of given paths, their mean."""
        return np.diff(expected_until(self.source, edges))

    def draw(self, chance: np.random.Generator, moments: Floats) -> Floats:
        """Who comes after each moment until the next, [moment, R]."""
        means = self.expect(moments)[:, None]
        if isinstance(self.source, Events):
            found = np.repeat(np.rint(means), BLOCK, axis=1)
        elif isinstance(self.source, Rates):
            found = poisson(chance, means)
        else:
            parts = pairwise(moments.tolist())
            found = np.stack([self._of_path(chance, start, end) for start, end in parts])
        self.total += found.sum(axis=0)
        return found

    def _of_path(self, chance: np.random.Generator, start: float, end: float) -> Floats:
        """Those of the period who are left come at any moment left alike."""
        assert isinstance(self.source, Paths)  # noqa: S101  # told apart above
        edges = self.source.edges
        period = int(np.searchsorted(edges, start, "right")) - 1
        if period >= len(self._periods):
            return np.zeros(BLOCK)
        if period != self._period:
            self._period, self._left = period, self._periods[period].copy()
        share = min((end - start) / (edges[period + 1] - start), 1.0)
        # The last part of a period takes all who are left, rounding or not.
        found = binomial(chance, self._left, 1.0 if share > 1 - 1e-9 else float(share))
        self._left -= found
        return found


# ------------------------------------------------------------------------- who has the servers


def share_out(
    flows: Flows, asked: Floats, weight: Floats, staff: Sequence[float], pools: Sequence[float]
) -> Floats:
    """Servers for each queue, as :func:`cauce.engines.capacity.fluid.share_out`, for all
    replications at once. asked, weight [queue, R]; returns the same shape."""
    runs = asked.shape[1]
    given = np.zeros_like(asked)
    left = [np.full(runs, float(servers)) for servers in pools]
    for stage in reversed(range(len(staff))):
        room = np.full(runs, float(staff[stage]))
        for level in flows.levels[stage]:
            _fill(flows, level, (asked, weight), given, (room, left))
        free = [queue for queue in flows.queues(stage) if not flows.needs[queue]]
        if free:
            weights = weight[free]
            total = weights.sum(axis=0)
            share = np.where(total > 0, weights / np.where(total > 0, total, 1), 1 / len(free))
            given[free] += room * share
    return given


def _fill(
    flows: Flows,
    level: Sequence[int],
    wishes: tuple[Floats, Floats],
    given: Floats,
    limits: tuple[Floats, list[Floats]],
) -> None:
    """Raise the queues of a level together until each meets a limit; ``given``, the room of the
    stage and the pools are changed."""
    queues, (room, pools) = list(level), limits
    asked, weight = wishes[0][queues], wishes[1][queues]
    users = [np.array([number in flows.needs[q] for q in queues]) for number in range(len(pools))]
    tied = [(room, np.ones(len(queues), dtype=bool))]
    tied += [(free, who) for free, who in zip(pools, users, strict=True) if who.any()]
    rising = (asked > 0) & (weight > 0)
    found = np.zeros_like(asked)
    while rising.any():
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.where(rising, (asked - found) / weight, np.inf)
            sums = [(weight * (rising & who[:, None])).sum(axis=0) for _, who in tied]
            stops = [
                np.where(total > 0, free / total, np.inf)
                for (free, _), total in zip(tied, sums, strict=True)
            ]
        rise = np.minimum(own.min(axis=0), np.min(stops, axis=0))
        rise = np.where(np.isfinite(rise), np.maximum(rise, 0.0), 0.0)
        found += np.where(rising, rise * weight, 0.0)
        stopped = own <= rise
        for (free, who), total, stop in zip(tied, sums, stops, strict=True):
            free -= rise * total
            np.maximum(free, 0.0, out=free)
            stopped |= who[:, None] & (stop <= rise)
        rising &= ~stopped
    given[queues] += found
