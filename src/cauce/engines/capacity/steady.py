"""How does a queue stand once nothing changes: how busy, how many wait, how long?

Closed forms of queues in equilibrium. They answer at once, and the simulations of this engine are
checked by them. Rates are per day, times in days, customers come at random (Poisson). Nothing
here knows of opening hours, deadlines or changes of staff, and nothing is simulated.

A queue that is given more than it can serve has no equilibrium: unless customers leave or are
turned away, that raises ``capacity_overloaded`` with the utilisation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cauce.engines.capacity.distributions import Distribution, Exponential
from cauce.engines.capacity.refusing import (
    Floats,
    not_negative,
    positive,
    share,
    whole,
)
from cauce.errors import CauceError

__all__ = [
    "Abandoned",
    "Limited",
    "Means",
    "OpenNetwork",
    "Steady",
    "cobham",
    "erlang_a",
    "erlang_b",
    "erlang_c",
    "jackson",
    "mmc",
    "mmck",
    "pollaczek_khinchine",
]

MOST_SERVERS = 1_000_000

# States of a queue that are summed; a longer sum is no longer a matter of a moment.
MOST_STATES = 4_000_000

# A term so much smaller than the greatest changes no digit of the sum.
NEGLIGIBLE = 1e-20


@dataclass(frozen=True, slots=True)
class Means:
    """A queue, or one class of its customers, in equilibrium.

    ``utilisation`` is the share of the servers' time taken; ``mean_waiting`` the days before
    service, those who do not wait included; ``mean_in_queue`` how many wait;
    ``mean_in_system`` how many wait or are served; ``mean_time`` the days from arrival to end.
    """

    utilisation: float
    probability_of_waiting: float
    mean_waiting: float
    mean_in_queue: float
    mean_in_system: float
    mean_time: float


@dataclass(frozen=True, slots=True)
class Steady(Means):
    """An M/M/c queue in equilibrium; ``spare_rate`` is what it could serve more, per day."""

    spare_rate: float

    def waiting_quantile(self, share_of_all: float) -> float:
        """The days within which this share of customers starts to be served, first come first.

        Who waits, waits an exponential time of rate ``spare_rate``. A share of 1 has no such
        time: ``capacity_not_share``.
        """
        within = share("share", share_of_all)
        if within == 1:
            raise CauceError("capacity_not_share", field="share", value=share_of_all)
        if within <= 1 - self.probability_of_waiting:
            return 0.0
        return math.log(self.probability_of_waiting / (1 - within)) / self.spare_rate


@dataclass(frozen=True, slots=True)
class Limited:
    """An M/M/c/K queue in equilibrium; times and waiting are of those who are let in.

    ``probabilities[n]`` is that of n in the system, n from 0 to the places there are; the last
    one is ``blocking``, the share turned away. ``throughput`` is served per day.
    """

    utilisation: float
    blocking: float
    throughput: float
    probability_of_waiting: float
    mean_waiting: float
    mean_in_queue: float
    mean_in_system: float
    mean_time: float
    probabilities: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Abandoned:
    """An M/M/c+M queue in equilibrium.

    ``abandonment`` is the share of customers who leave unserved; ``mean_waiting`` the days in
    the queue of all customers, whether they are served in the end or leave.
    """

    utilisation: float
    abandonment: float
    probability_of_waiting: float
    mean_waiting: float
    mean_in_queue: float
    mean_in_system: float


@dataclass(frozen=True, slots=True)
class OpenNetwork:
    """An open Jackson network in equilibrium.

    ``arrival_rates`` are those at each node, from outside and from other nodes; ``mean_time`` is
    the days from entry to exit of a customer, over all nodes and returns.
    """

    arrival_rates: tuple[float, ...]
    nodes: tuple[Steady, ...]
    mean_in_system: float
    mean_time: float


# ----------------------------------------------------------------------------- Erlang's formulas


def erlang_b(servers: int, traffic: float) -> float:
    """The share turned away by ``servers`` without a queue; traffic is arrivals × service time.

    By the recursion over servers, which forgets its rounding (Jagerman 1974); 10,000 servers
    take a millisecond. Raises ``capacity_too_many`` beyond a million.

    >>> erlang_b(2, 1.0)
    0.2
    """
    count, load = _count(servers, whole("servers", servers)), not_negative("traffic", traffic)
    lost = 1.0
    for number in range(1, count + 1):
        lost = load * lost / (number + load * lost)
    return lost


def erlang_c(servers: int, traffic: float) -> float:
    """The share who wait before ``servers`` with a queue without end.

    Raises ``capacity_overloaded`` (field ``traffic``) from a traffic of ``servers`` on.

    >>> round(erlang_c(2, 1.0), 15) == round(1 / 3, 15)
    True
    """
    count = _servers(servers)
    load = not_negative("traffic", traffic)
    if load >= count:
        raise CauceError("capacity_overloaded", field="traffic", value=load / count)
    return _waiting(count, load, (count - load) / count)


def _waiting(servers: int, traffic: float, spare: float) -> float:
    """Erlang C through Erlang B; ``spare`` is 1 − utilisation, without the loss of digits."""
    lost = erlang_b(servers, traffic)
    return lost / (spare + traffic / servers * lost)


def _servers(servers: int) -> int:
    return _count(servers, whole("servers", positive("servers", servers)))


def _count(given: float, servers: int) -> int:
    if servers > MOST_SERVERS:
        raise CauceError("capacity_too_many", field="servers", value=given, limit=MOST_SERVERS)
    return servers


def _spare(arrival_rate: float, capacity: Sequence[float], field: str) -> float:
    """The product of ``capacity`` less the arrivals: exact, as it decides all when near zero."""
    whole_rate = Fraction(1)
    for factor in capacity:
        whole_rate *= Fraction(factor)
    spare = whole_rate - Fraction(arrival_rate)
    if spare <= 0:
        utilisation = float(Fraction(arrival_rate) / whole_rate)
        raise CauceError("capacity_overloaded", field=field, value=utilisation)
    return float(spare)


# ----------------------------------------------------------------------------- one queue


def mmc(
    arrival_rate: float, service_rate: float, servers: int, *, field: str = "servers"
) -> Steady:
    """M/M/c: exponential service, one queue, ``servers`` alike (Gross and Harris, §2.3).

    ``service_rate`` is that of one server. Raises ``capacity_overloaded`` naming ``field``.

    >>> two = mmc(1, 1, 2)
    >>> round(two.mean_in_system, 12) == round(4 / 3, 12)
    True
    """
    arrivals, rate = (
        not_negative("arrival_rate", arrival_rate),
        positive("service_rate", service_rate),
    )
    count = _servers(servers)
    spare = _spare(arrivals, (rate, count), field)
    traffic = arrivals / rate
    waits = _waiting(count, traffic, spare / (count * rate))
    waiting = waits / spare
    return Steady(
        utilisation=traffic / count,
        probability_of_waiting=waits,
        mean_waiting=waiting,
        mean_in_queue=arrivals * waiting,
        mean_in_system=arrivals * waiting + traffic,
        mean_time=waiting + 1 / rate,
        spare_rate=spare,
    )


def mmck(arrival_rate: float, service_rate: float, servers: int, places: int) -> Limited:
    """M/M/c/K: as M/M/c, but who finds ``places`` in the system, servers included, is turned away.

    Fewer places than servers raise ``capacity_too_few``. Cost: one pass over the places.

    >>> mmck(1, 1, 1, 3).blocking
    0.25
    """
    arrivals, rate = (
        not_negative("arrival_rate", arrival_rate),
        positive("service_rate", service_rate),
    )
    count = _servers(servers)
    room = whole("places", places)
    if room < count:
        raise CauceError("capacity_too_few", field="places", value=room, limit=count)
    if room > MOST_STATES:
        raise CauceError("capacity_too_many", field="places", value=room, limit=MOST_STATES)
    states = np.arange(room + 1)
    busy = np.minimum(states, count)
    chances = _from_ratios(arrivals / (busy[1:] * rate))
    served = rate * float(busy @ chances)
    in_queue = float((states - busy) @ chances)
    in_system = float(states @ chances)
    let_in = 1 - float(chances[-1]) if chances[-1] < 0.5 else float(chances[:-1].sum())
    return Limited(
        utilisation=float(busy @ chances) / count,
        blocking=float(chances[-1]),
        throughput=served,
        probability_of_waiting=float(chances[count:-1].sum()) / let_in,
        mean_waiting=in_queue / served if served else 0.0,
        mean_in_queue=in_queue,
        mean_in_system=in_system,
        mean_time=in_system / served if served else 1 / rate,
        probabilities=tuple(chances.tolist()),
    )


def _from_ratios(ratios: Floats) -> Floats:
    """Probabilities whose neighbours have these falling ratios: outwards from the greatest."""
    mode = int(np.searchsorted(-ratios, -1.0, side="left"))
    down = np.cumprod(1 / ratios[:mode][::-1])[::-1]
    weights = np.concatenate([down, [1.0], np.cumprod(ratios[mode:])])
    return np.asarray(weights / weights.sum())


def erlang_a(
    arrival_rate: float, service_rate: float, servers: int, patience_rate: float
) -> Abandoned:
    """M/M/c+M: who waits, leaves after an exponential time of mean 1/``patience_rate``.

    There is always an equilibrium. The queue is summed outwards from its most likely length; the
    states below are one Erlang B (Palm 1957; Garnett, Mandelbaum and Reiman 2002). Cost: about
    20·√(arrival_rate/patience_rate) terms; more than 4 million raise ``capacity_too_many``.

    >>> round(erlang_a(3, 1, 2, 1).mean_in_system, 12)  # leave or be served: all the same
    3.0
    """
    arrivals, rate = positive("arrival_rate", arrival_rate), positive("service_rate", service_rate)
    count, leaving = _servers(servers), positive("patience_rate", patience_rate)
    traffic = arrivals / rate
    lost = erlang_b(count, traffic)
    first, weights = _queue_weights(arrivals, count * rate, leaving)
    empty = float(weights[0]) if first == 0 else 0.0
    total = float(weights.sum()) * lost + empty * (1 - lost)
    waits = float(weights.sum()) * lost / total
    in_queue = float((first + np.arange(len(weights))) @ weights) * lost / total
    none_waits = empty * (1 - lost) / total
    # Busy below `servers`: traffic × the chance of fewer than servers − 1, written without it.
    busy = count * waits + traffic * none_waits - count * empty * lost / total
    return Abandoned(
        utilisation=busy / count,
        abandonment=leaving * in_queue / arrivals,
        probability_of_waiting=waits,
        mean_waiting=in_queue / arrivals,
        mean_in_queue=in_queue,
        mean_in_system=in_queue + busy,
    )


def _queue_weights(arrivals: float, capacity: float, leaving: float) -> tuple[int, Floats]:
    """Weights of the lengths of the queue, the greatest 1: the first length kept, and from there.

    Weights below 1e-20 are left out at both ends.
    """
    mode = max(math.floor((arrivals - capacity) / leaving), 0)
    reach = math.ceil(10 * math.sqrt(arrivals / leaving)) + 200
    if reach > MOST_STATES / 2:
        raise CauceError("capacity_too_many", field="states", value=2 * reach, limit=MOST_STATES)
    below = np.arange(mode, max(mode - reach, 0), -1)
    down = np.cumprod((capacity + below * leaving) / arrivals)
    above = mode + np.arange(1, reach + 1)
    up = np.cumprod(arrivals / (capacity + above * leaving))
    down, up = down[down > NEGLIGIBLE], up[up > NEGLIGIBLE]
    return mode - len(down), np.concatenate([down[::-1], [1.0], up])


def pollaczek_khinchine(
    arrival_rate: float, service_mean: float, service_variation: float
) -> Means:
    """M/G/1: one server, any service time of this mean and coefficient of variation (1930, 1932).

    >>> pollaczek_khinchine(0.5, 1, 0).mean_waiting  # half of what it is for M/M/1
    0.5
    """
    arrivals, mean = (
        not_negative("arrival_rate", arrival_rate),
        positive("service_mean", service_mean),
    )
    variation = not_negative("service_variation", service_variation)
    idle = _idle([arrivals], [mean], "arrival_rate")[0]
    left = arrivals * mean * mean * (1 + variation * variation) / 2
    return _means(arrivals, mean, left / idle, arrivals * mean)


def _means(arrivals: float, mean: float, waiting: float, waits: float, servers: int = 1) -> Means:
    traffic = arrivals * mean
    return Means(
        utilisation=traffic / servers,
        probability_of_waiting=waits,
        mean_waiting=waiting,
        mean_in_queue=arrivals * waiting,
        mean_in_system=arrivals * waiting + traffic,
        mean_time=waiting + mean,
    )


def _idle(
    arrivals: Sequence[float], means: Sequence[float], field: str, servers: int = 1
) -> list[float]:
    """The share of time left after each class and those before it; none left is refused."""
    taken, left = Fraction(0), []
    for rate, mean in zip(arrivals, means, strict=True):
        taken += Fraction(rate) * Fraction(mean) / servers
        left.append(float(1 - taken))
    if taken >= 1:
        raise CauceError("capacity_overloaded", field=field, value=float(taken))
    return left


# ----------------------------------------------------------------------------- classes, networks


def cobham(
    arrival_rates: Sequence[float], services: Sequence[Distribution], servers: int = 1
) -> tuple[Means, ...]:
    """Classes by priority, the first one before all others; service once begun is not broken off.

    M/G/1 by class; with several servers M/M/c, where all classes must have the same exponential
    service (else ``capacity_conflict``). ``utilisation`` is the part taken by the class. All
    classes together may not overload the servers (Cobham 1954).

    >>> first, second = cobham((0.25, 0.25), (Exponential(1), Exponential(1)))
    >>> round(second.mean_waiting / first.mean_waiting, 12)
    2.0
    """
    count = _servers(servers)
    if len(arrival_rates) != len(services) or not services:
        raise CauceError("capacity_lengths_differ", field="services", other="arrival_rates")
    rates = [not_negative(f"arrival_rates[{i}]", rate) for i, rate in enumerate(arrival_rates)]
    idle = _idle(rates, [service.mean for service in services], "arrival_rates", count)
    left, waits = _met(rates, services, count, idle[-1])
    return tuple(
        _means(rate, service.mean, left / (before * after), waits, count)
        for rate, service, before, after in zip(rates, services, [1.0, *idle], idle, strict=False)
    )


def _met(
    rates: Sequence[float], services: Sequence[Distribution], servers: int, idle: float
) -> tuple[float, float]:
    """The mean time until a server is free as an arrival meets it, and the chance to wait."""
    if servers == 1:
        squares = (
            rate * service.mean**2 * (1 + service.variation**2)
            for rate, service in zip(rates, services, strict=True)
        )
        return math.fsum(squares) / 2, math.fsum(
            r * s.mean for r, s in zip(rates, services, strict=True)
        )
    mean = services[0].mean
    if any(service != Exponential(mean) for service in services):
        raise CauceError("capacity_conflict", field="services", other="servers")
    waits = _waiting(servers, math.fsum(rates) * mean, idle)
    return waits * mean / servers, waits


def jackson(
    arrivals: Sequence[float],
    routing: Sequence[Sequence[float]],
    service_rates: Sequence[float],
    servers: Sequence[int],
) -> OpenNetwork:
    """An open network of M/M/c queues: ``routing[i][j]`` of those served at i go on to j.

    The rest of row i leaves. Each node then stands as an M/M/c queue by itself (Jackson 1957).
    ``capacity_routing`` names a node (from 0) from which no way leads out;
    ``capacity_overloaded`` the node as ``servers[i]``. A tandem is a routing of ones beside the
    diagonal. Cost: that of one linear system.

    >>> tandem = jackson((1, 0), ((0, 1), (0, 0)), (2, 2), (1, 1))
    >>> tandem.mean_time
    2.0
    """
    outside = np.array([not_negative(f"arrivals[{i}]", rate) for i, rate in enumerate(arrivals)])
    if not outside.sum() > 0:
        raise CauceError("capacity_not_positive", field="arrivals", value=0.0)
    for name, given in (
        ("routing", routing),
        ("service_rates", service_rates),
        ("servers", servers),
    ):
        if len(given) != len(outside):
            raise CauceError("capacity_lengths_differ", field=name, other="arrivals")
    through = _through(outside, _routes(routing))
    nodes = tuple(
        mmc(rate, service_rates[i], servers[i], field=f"servers[{i}]")
        for i, rate in enumerate(through)
    )
    in_system = math.fsum(node.mean_in_system for node in nodes)
    return OpenNetwork(tuple(through), nodes, in_system, in_system / math.fsum(outside))


def _routes(routing: Sequence[Sequence[float]]) -> Floats:
    for i, row in enumerate(routing):
        if len(row) != len(routing):
            raise CauceError("capacity_lengths_differ", field=f"routing[{i}]", other="routing")
        total = math.fsum(share(f"routing[{i}][{j}]", part) for j, part in enumerate(row))
        if total > 1 + 1e-9:
            raise CauceError("capacity_not_share", field=f"routing[{i}]", value=total)
    routes = np.array(routing, dtype=np.float64)
    _check_ways_out(routes)
    return routes


def _check_ways_out(routes: Floats) -> None:
    leaves = routes.sum(axis=1) < 1 - 1e-12
    for _ in range(len(routes)):
        leaves = leaves | (routes[:, leaves].sum(axis=1) > 0)
    if not leaves.all():
        raise CauceError("capacity_routing", stage=int(np.argmin(leaves)), group="")


def _through(outside: Floats, routes: Floats) -> list[float]:
    """Solves the traffic equations: each node's rate is what enters and what is sent there."""
    found = np.linalg.solve(np.eye(len(outside)) - routes.T, outside)
    # A node that nobody visits may come out a hair below zero.
    return [max(float(rate), 0.0) for rate in found]
