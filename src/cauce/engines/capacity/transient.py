"""How does a queue stand at each moment while arrivals and staff change?

Two answers without chance: the mean number busy where nobody ever waits, for any service time
(:func:`busy_without_limit`), and the whole distribution of the number in the system where
service is exponential (:func:`kolmogorov`). Rates are per day, times in days. They are what
simulations and fluid approximations are checked by; neither knows of deadlines or of age.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from cauce.engines.capacity.distributions import Distribution
from cauce.engines.capacity.refusing import Floats, ascending, floats, not_negative, positive, whole
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

__all__ = ["MOST_STATES", "Transient", "busy_without_limit", "kolmogorov"]

MOST_STATES = 20_000

# Jumps within one stretch; with some hundred states a million of them is seconds.
MOST_JUMPS = 100_000_000

# The mass that may be lost above the states kept, over all of the time asked for.
LOST_MASS = 1e-13

# A Poisson weight so much smaller than the greatest changes no digit of a probability.
NEGLIGIBLE = 1e-20

# Jumps a day beyond what the fastest state needs. With none to spare, a state that is left at
# every jump would be a difference of equal numbers, and might come out below zero.
HEADROOM = 1.05


# ----------------------------------------------------------------------------- nobody waits


def busy_without_limit(
    arrivals: Steps | float, service: Distribution, times: ArrayLike, *, start: float = 0.0
) -> Floats:
    """The mean number in service at each time, in M(t)/G/∞: enough servers for all.

    The number is Poisson of this mean (Eick, Massey and Whitt 1993, theorem 1). ``start`` are
    those whose service begins at 0. Exact: each stretch of arrivals is an integral of the
    survival function. ``times`` not before 0 (else ``capacity_negative``), in any order; the
    answer has their shape. Cost: times × stretches.

    >>> from cauce.engines.capacity.distributions import Always
    >>> busy_without_limit(3, Always(2), [1, 2, 9]).tolist()
    [3.0, 6.0, 6.0]
    """
    moments, rates = _moments(times), Steps.of(arrivals)
    begun = not_negative("start", start)
    busy: Floats = begun * service.survival(moments)
    ends = (*rates.times[1:], math.inf)
    for begin, end, rate in zip(rates.times, ends, rates.values, strict=True):
        youngest = np.maximum(moments - end, 0.0)
        oldest = np.maximum(moments - begin, 0.0)
        busy = busy + rate * (service.mean_until(oldest) - service.mean_until(youngest))
    return busy


def _moments(times: ArrayLike) -> Floats:
    moments = floats("times", times)
    if (moments < 0).any():
        first = int(np.argmax(moments.ravel() < 0))
        not_negative(f"times[{first}]", float(moments.ravel()[first]))
    return moments


# ----------------------------------------------------------------------------- some wait


@dataclass(frozen=True, slots=True, eq=False)
class Transient:
    """The number in the system at each time.

    ``probabilities[t, n]`` is that of n at ``times[t]``; the other fields have one number for
    each time. ``lost`` is the mass that came above the states kept: below 1e-13, and 0 where the
    states are limited by the places there are.
    """

    times: Floats
    probabilities: Floats
    mean_in_system: Floats
    mean_in_queue: Floats
    variance: Floats
    lost: float


def kolmogorov(
    arrivals: Steps | float,
    service_rate: float,
    servers: Steps | float,
    times: ArrayLike,
    *,
    start: int = 0,
    patience_rate: float = 0.0,
    limit: int | None = None,
) -> Transient:
    """M(t)/M/s(t)(+M) from ``start`` customers at time 0: Kolmogorov's forward equations.

    With n in the system, customers leave at rate service_rate · min(n, s(t)) and, if they do not
    wait for ever, at patience_rate · (n − s(t)) beside. Where servers go, whoever they served is
    back in the queue. ``times`` ascend from 0 or later; at a change, the new number of servers
    says who is in the queue. ``limit`` are the places there are: arrivals beyond are turned away.
    Without it, states are added as they come to matter, until the mass above is below 1e-13 in
    all; more than 20,000 states, or 100 million jumps in a stretch, raise ``capacity_too_many``.

    By uniformization, stretch by stretch (Jensen 1953; Grassmann 1977). Cost: 1.05 · (arrivals +
    fastest departures, a day) · days products of as many terms as there are states, and for each
    stretch or time asked for about 10·√ of its own number more: a year of 100 arrivals a day at
    300 states is a second.

    >>> quiet = kolmogorov(0, 1, 1, [0, 2], start=1)
    >>> round(float(quiet.mean_in_system[1]), 12) == round(math.exp(-2), 12)
    True
    """
    moments = ascending("times", np.atleast_1d(_moments(times)), strictly=False)
    if not len(moments):
        raise CauceError("capacity_too_few", field="times", value=0, limit=1)
    rates = _Rates(
        Steps.of(arrivals),
        positive("service_rate", service_rate),
        Steps.of(servers),
        not_negative("patience_rate", patience_rate),
    )
    state, lost, now, states = _begun(start, limit), 0.0, 0.0, []
    for moment in moments.tolist():
        for stretch in rates.stretches(now, moment):
            if limit is None:
                state, above = _opened(state, stretch, LOST_MASS * stretch.days / moments[-1])
                lost += above
            else:
                state = _uniformized(state, stretch, closed=True)
        states.append(state)
        now = moment
    return _described(moments, states, rates.servers, lost)


@dataclass(frozen=True, slots=True)
class _Rates:
    arrivals: Steps
    service_rate: float
    servers: Steps
    patience_rate: float

    def __post_init__(self) -> None:
        for index, value in enumerate(self.servers.values):
            whole(f"servers[{index}]", value)

    def stretches(self, start: float, end: float) -> Iterator[_Stretch]:
        """The times between two moments in which no rate changes."""
        changes = {t for t in (*self.arrivals.times, *self.servers.times) if start < t < end}
        moments = sorted({start, end, *changes})
        for before, after in pairwise(moments):
            yield _Stretch(
                after - before,
                self.arrivals.at(before),
                self.service_rate,
                int(self.servers.at(before)),
                self.patience_rate,
            )


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A time in which no rate changes."""

    days: float
    arrival_rate: float
    service_rate: float
    servers: int
    patience_rate: float

    def departures(self, states: int) -> Floats:
        """The rate of leaving each state, from 0 on."""
        number = np.arange(states)
        busy = np.minimum(number, min(self.servers, states))
        return np.asarray(self.service_rate * busy + self.patience_rate * (number - busy))

    def reach(self, occupied: int) -> int:
        """A first guess of how many states will matter; it may be too few, and is tried."""
        come = self.arrival_rate * self.days
        if come == 0:
            return occupied
        capacity = self.service_rate * self.servers
        growth = max(self.arrival_rate - capacity, 0.0) * self.days
        busiest = max(occupied + growth, min(self.arrival_rate / self.service_rate, self.servers))
        spread = 9 * math.sqrt(come + min(capacity, self.service_rate * busiest) * self.days)
        if self.arrival_rate < capacity:
            # In equilibrium the queue falls off geometrically, as utilisation^length.
            settled = 32 * capacity / (capacity - self.arrival_rate)
            spread = min(spread, settled + 9 * math.sqrt(busiest))
        return math.ceil(min(occupied + come + 9 * math.sqrt(come), busiest + spread)) + 30


def _begun(start: int, limit: int | None) -> Floats:
    """All mass at ``start``; with room up to ``limit``, if there is one."""
    first = whole("start", start)
    highest = first if limit is None else whole("limit", limit)
    if highest < first:
        raise CauceError("capacity_too_many", field="start", value=first, limit=highest)
    if highest >= MOST_STATES:
        raise _too_many(highest + 1)
    state = np.zeros(highest + 1)
    state[first] = 1.0
    return state


def _too_many(states: int) -> CauceError:
    return CauceError("capacity_too_many", field="states", value=states, limit=MOST_STATES)


# ----------------------------------------------------------------------------- one stretch


def _opened(state: Floats, stretch: _Stretch, bearable: float) -> tuple[Floats, float]:
    """The state at the end of a stretch and the mass lost, with as many states as that takes."""
    state, above = _trimmed(state, bearable / 10)
    states = min(max(stretch.reach(len(state)), len(state)), MOST_STATES)
    while True:
        # One state more takes up what comes above and never gives it back: so it is measured.
        padded = np.concatenate([state, np.zeros(states + 1 - len(state))])
        found = _uniformized(padded, stretch, closed=False)
        if found[-1] <= bearable * 0.9:
            return found[:-1], above + float(found[-1])
        if states == MOST_STATES:
            raise _too_many(states + 1)
        states = min(states + states // 2, MOST_STATES)


def _trimmed(state: Floats, bearable: float) -> tuple[Floats, float]:
    """Without the highest states whose mass together is bearable, and that mass."""
    above = np.cumsum(state[::-1])
    dropped = int(np.searchsorted(above, bearable, side="right"))
    return state[: len(state) - dropped], float(above[dropped - 1]) if dropped else 0.0


def _uniformized(state: Floats, stretch: _Stretch, *, closed: bool) -> Floats:
    """The state after a stretch; closed, no arrival leaves the last; open, nothing does.

    Each jump moves the net flow between neighbours, so that mass is conserved to the last bit
    but for rounding that has no direction.
    """
    down = stretch.departures(len(state))[1:]
    if not closed:
        down[-1:] = 0.0
    jumps = HEADROOM * (stretch.arrival_rate + float(down.max(initial=0.0)))
    if jumps == 0:
        return state
    if not jumps * stretch.days <= MOST_JUMPS:
        raise CauceError(
            "capacity_too_many", field="jumps", value=jumps * stretch.days, limit=MOST_JUMPS
        )
    up, down = stretch.arrival_rate / jumps, down / jumps
    first, weights = _poisson_weights(jumps * stretch.days)
    now, flow, back = state.copy(), np.empty(len(down)), np.empty(len(down))
    found = np.zeros(len(state))
    for _ in range(first):
        _jump(now, up, down, flow, back)
    for weight in weights.tolist():
        found += weight * now
        _jump(now, up, down, flow, back)
    return np.asarray(found * (state.sum() / found.sum()))


def _jump(now: Floats, up: float, down: Floats, flow: Floats, back: Floats) -> None:
    """One jump, in place; ``flow`` and ``back`` are room to compute in."""
    np.multiply(now[:-1], up, out=flow)
    np.multiply(now[1:], down, out=back)
    flow -= back
    now[:-1] -= flow
    now[1:] += flow


def _poisson_weights(mean: float) -> tuple[int, Floats]:
    """The chances of a Poisson number that matter: the first number, and from there.

    From the mode outwards, so that no e^−mean is needed; they sum to 1.
    """
    mode = math.floor(mean)
    reach = math.ceil(10 * math.sqrt(mean)) + 60
    down = np.cumprod(np.arange(mode, max(mode - reach, 0), -1) / mean)
    up = np.cumprod(mean / (mode + np.arange(1, reach + 1)))
    down, up = down[down > NEGLIGIBLE], up[up > NEGLIGIBLE]
    weights = np.concatenate([down[::-1], [1.0], up])
    return mode - len(down), weights / weights.sum()


def _described(moments: Floats, states: list[Floats], servers: Steps, lost: float) -> Transient:
    probabilities = np.zeros((len(moments), max(len(state) for state in states)))
    for row, state in zip(probabilities, states, strict=True):
        row[: len(state)] = state
    number = np.arange(probabilities.shape[1])
    mean = probabilities @ number
    waiting = np.maximum(number - servers.on(moments)[:, None], 0.0)
    return Transient(
        times=moments,
        probabilities=probabilities,
        mean_in_system=mean,
        mean_in_queue=(probabilities * waiting).sum(axis=1),
        variance=(probabilities * (number - mean[:, None]) ** 2).sum(axis=1),
        lost=lost,
    )
