"""How long may a step be? The plan of the engine ``tau`` in pieces, and the steps of each.

It draws no chance and moves no case. Two rules, and the longer of the two steps is taken.

Short: min(1.5, 2.7/√servers) of the mean service time where some replication may come near its
servers (4.5/√servers while a fifth of them are free); a tenth of it where cases come back from a
later stage. By the exact chances of M/M/s such steps are off by less than 2 % of the cases there,
or one case, from 1 to 200 servers, at 80 to 97 % of use.

Long: while tens of thousands wait in one stage, nobody needs the ten who wait in another to the
case. With a step of length h a stage without a long line is off by less than those who come in h
(by an eighth of them at most, of M/M/s up to 100 servers and 95 % of use). So h may be as long as
the sum of those is 0.5 % of all who wait by the mean path (``fluid.py``: the same for every block,
and near capacity less than the true mean), at most a day and 1.25 service times. The numbers of
such a stage by itself are then up to 4 % too high with 12 servers, 9 % with 30, 14 % with 100.

Neither applies to a stage whose line no replication can serve within the piece. Patience, a tenth
of it, and places, a tenth of places/servers of the service time, are limits to every step. The
plan is cut into at least 64 pieces, and where the stock of the mean path passes 50, 100, 200, …:
steps are short again when it is gone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cauce.engines.capacity import fluid
from cauce.engines.capacity.curves import Flows
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Run
from cauce.engines.capacity.scenario import Paths, Scenario

__all__ = ["Lengths", "Piece", "pieces"]

# The longest short step, in mean service times, and the use from which steps are shorter.
_LONGEST = 1.5
_SPARE = 0.8
# The same where cases come back, who do so at the end of a step.
_WITH_RETURNS = 0.1
# Of the stock of the mean path: what a step may be off by; and the stock that is a small one.
_PERMITTED = 0.005
_SMALL = 50.0
# So many pieces at least: the shorter a piece, the more lines are longer than what it can serve.
_FEWEST_PIECES = 64
# The longest long step, in days and in mean service times.
_LONG_DAYS = 1.0
_LONG_SERVICES = 1.25


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stretch of the plan in which staff, speed and pools stay; servers, speed [stage].

    stock: the fewest who wait or are served by the mean path, outside of stages with places; coming
    [stage]: cases a day by it.
    """

    start: float
    end: float
    staff: list[int]
    speed: list[float]
    pools: list[float]
    is_looked_at: bool
    stock: float
    coming: list[float]


def pieces(scenario: Scenario, run: Run) -> list[Piece]:
    """The plan, cut where the grid, staff, speed, pools or arrivals a period change, where the
    stock of the mean path doubles or halves, and evenly."""
    network, stages = scenario.network, scenario.network.stages
    moments, pending, joined = fluid.mean_path(scenario, run)
    is_open = np.repeat([stage.places is None for stage in stages], len(network.classes))
    stock = pending[:, is_open].sum(axis=1)
    level = np.floor(np.log2(np.maximum(stock / _SMALL, 1.0)))
    cuts = [
        run.times,
        np.linspace(0, run.until, _FEWEST_PIECES + 1),
        moments[1:][np.diff(level) != 0],
    ]
    cuts += [np.asarray(stage.staff.times) for stage in stages]
    cuts += [np.asarray(stage.speed.times) for stage in stages]
    cuts += [np.asarray(pool.servers.times) for pool in network.pools]
    sources = [each.source for each in scenario.arrivals]
    cuts += [source.edges for source in sources if isinstance(source, Paths)]
    edges = np.unique(np.concatenate(cuts))
    edges = edges[edges <= run.until]
    came = np.array([np.interp(edges, moments, each) for each in joined.T])
    held = (
        np.isin(edges[1:], run.times).tolist(),
        _least(moments, stock, edges),
        (np.diff(came) / np.diff(edges)).T.tolist(),
    )
    staff = np.array([stage.staff.on(edges) for stage in stages]).T.astype(int).tolist()
    speed = np.array([stage.speed.on(edges) for stage in stages]).T.tolist()
    pools = np.array([pool.servers.on(edges) for pool in network.pools]).T.tolist()
    pools = pools or [[]] * len(edges)
    rows = zip(pairwise(edges.tolist()), staff, speed, pools, *held, strict=False)
    return [Piece(*span, *row) for span, *row in rows]


def _least(moments: Floats, stock: Floats, edges: Floats) -> list[float]:
    """The least of a line through points between each two edges."""
    at = np.interp(edges, moments, stock)
    first, last = np.searchsorted(moments, edges[:-1], "right"), np.searchsorted(moments, edges[1:])
    return [
        float(min(at[number], at[number + 1], *stock[start:end]))
        for number, (start, end) in enumerate(zip(first, last, strict=True))
    ]


# ------------------------------------------------------------------------- steps


class Lengths:
    """Into how many steps a piece is cut, given who is there; ``coarse``: the stages for which the
    shortest step there may be is too long."""

    def __init__(self, flows: Flows, shortest: float) -> None:
        self._flows, self._shortest = flows, shortest
        routes = (route for own in flows.routes for route in own)
        self._come_back = {to for to, _, is_later in routes if not is_later}
        self.coarse: set[int] = set()

    def count(self, piece: Piece, there: Floats) -> tuple[int, list[int]]:
        """Equal steps of a piece, and the stages for which they are long; there [queue, R]."""
        whole = length = piece.end - piece.start
        busy = [
            stage
            for stage, servers in enumerate(piece.staff)
            if servers and piece.speed[stage] and not self._is_long(piece, stage, there)
        ]
        coming = sum(piece.coming[stage] for stage in busy)
        off = _PERMITTED * piece.stock if piece.stock > _SMALL else 0.0
        permitted = min(off / coming, _LONG_DAYS) if coming > 0 else 0.0
        short = {stage: self._short(piece, stage, there) for stage in busy}
        for stage in busy:
            wanted = max(short[stage], self._long(piece, stage, permitted))
            if wanted < self._shortest:
                self.coarse.add(stage)
            length = min(length, max(wanted, self._shortest))
        length = min(length, float(self._flows.patience.min()) / 10)
        count = max(math.ceil(whole / length - 1e-9), 1)
        return count, [stage for stage in busy if whole / count > short[stage] * (1 + 1e-9)]

    def _service(self, piece: Piece, stage: int) -> float:
        """Days that a case takes a server, of the class that takes least."""
        queues = self._flows.queues(stage)
        mean = float(self._flows.mean[queues.start : queues.stop].min())
        return mean / piece.speed[stage]

    def _long(self, piece: Piece, stage: int, permitted: float) -> float:
        if self._flows.stages[stage].places is not None:
            return 0.0
        return min(permitted, _LONG_SERVICES * self._service(piece, stage))

    def _short(self, piece: Piece, stage: int, there: Floats) -> float:
        queues, servers = self._flows.queues(stage), piece.staff[stage]
        factor = 4.5 if self._is_easy(piece, stage, there) else 2.7
        part = min(_LONGEST, factor / math.sqrt(servers))
        if self._come_back & set(queues):
            part = min(part, _WITH_RETURNS)
        places = self._flows.stages[stage].places
        if places is not None:
            part = min(part, places / servers / 10)
        return part * self._service(piece, stage)

    def _is_easy(self, piece: Piece, stage: int, there: Floats) -> bool:
        """Servers to spare: on average a fifth, and some in every replication."""
        queues = self._flows.queues(stage)
        found = there[queues.start : queues.stop].sum(axis=0)
        servers = piece.staff[stage]
        return bool(found.mean() <= servers * _SPARE and found.max() <= servers)

    def _is_long(self, piece: Piece, stage: int, there: Floats) -> bool:
        """In every replication there wait more than can be served in the whole piece."""
        if self._flows.stages[stage].places is not None:
            return False
        length, servers = piece.end - piece.start, piece.staff[stage]
        for queue in self._flows.queues(stage):
            rate = piece.speed[stage] / self._flows.mean[queue]
            ticks = rate * servers * length
            deviation = math.sqrt(ticks * max(1.0, self._flows.spread[queue]))
            patience = math.exp(-length / self._flows.patience[stage])
            if (float(there[queue].min()) - servers) * patience < 2 * ticks + 8 * deviation:
                return False
        return True
