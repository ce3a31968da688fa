"""What is the chance that a Poisson or a normal number is beyond a limit, also far beyond?

What distributions need and numpy does not have, and the shares they are mixed by. Chances are
precise to about 1e-13 of the smaller one. Nothing here knows of durations.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from statistics import NormalDist

import numpy as np

from cauce.engines.capacity.refusing import Floats, Integers, share
from cauce.errors import CauceError

__all__ = [
    "normal_above",
    "normal_beyond",
    "parts_of_one",
    "poisson_below",
    "poisson_chances",
    "upper_limits",
]

# Farther out, the inverse would be asked for chances below 10^-300, where floats end.
FARTHEST_NORMAL = 36.0


def parts_of_one(shares: tuple[float, ...]) -> tuple[float, ...]:
    """Shares that sum to 1 (within 1e-9), divided by what they do sum to."""
    checked = [share(f"shares[{index}]", value) for index, value in enumerate(shares)]
    total = math.fsum(checked)
    if abs(total - 1) > 1e-9:
        raise CauceError("capacity_not_share", field="shares", value=total)
    return tuple(checked) if total == 1 else tuple(value / total for value in checked)


def upper_limits(shares: tuple[float, ...]) -> Floats:
    """Of each share, the chance below which a draw is not beyond it; the last is 1."""
    sums = np.cumsum(shares)
    return np.asarray(sums / sums[-1])


def poisson_chances(count: int, means: Floats) -> tuple[Floats, Floats]:
    """The chances that a Poisson number is below ``count`` (≥ 1), and that it is not.

    The smaller of the two is a sum of falling terms without differences, outwards from the term
    at ``count``, which is written around the mode so that no large logarithms cancel.
    """
    apart = (means - count) / count
    with np.errstate(divide="ignore"):
        at_count = np.exp(count * (np.log1p(apart) - apart)) * _highest_term(count)
    few = means < count
    safe = np.where(few, count, means)
    below = at_count * (count / safe) * _falling(lambda i: (count - i) / safe, few.shape)
    safe = np.where(few, means, 0.0)
    above = at_count * _falling(lambda i: safe / (count + i), few.shape)
    return np.where(few, 1 - above, below), np.where(few, above, 1 - below)


def _falling(ratio: Callable[[int], Floats], shape: tuple[int, ...]) -> Floats:
    """1 + r₁ + r₁r₂ + …, until the next term no longer counts."""
    term, total, index = np.ones(shape), np.ones(shape), 0
    while (term > 1e-18 * total).any():
        index += 1
        term = term * ratio(index)
        total = total + term
    return total


def _highest_term(count: int) -> float:
    """count^count · e^−count / count!, by Stirling's series from 16 on."""
    if count < 16:
        return float(count**count) * math.exp(-count) / math.factorial(count)
    series = (1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188)
    rest = math.fsum(c / count ** (2 * power + 1) for power, c in enumerate(series))
    return math.exp(-rest) / math.sqrt(2 * math.pi * count)


def poisson_below(uniform: np.random.Generator, means: Floats, limit: int) -> Integers:
    """A Poisson number of each mean, given that it is below ``limit``: by inverse."""
    logs = np.log(np.maximum(means, np.finfo(np.float64).tiny))
    factorials = np.array([math.lgamma(k + 1) for k in range(limit)])
    mode = np.minimum(np.floor(means), limit - 1).astype(np.int64)
    # Each term as a part of the highest, so that none is beyond what a float holds.
    highest = mode * logs - factorials[mode]

    def term(k: int) -> Floats:
        return np.asarray(np.exp(k * logs - factorials[k] - highest))

    total = sum(term(k) for k in range(limit))
    reached, found = uniform.random(np.shape(means)) * total, np.zeros(np.shape(means), np.int64)
    summed = np.zeros(np.shape(means))
    for k in range(limit - 1):
        summed += term(k)
        found += reached >= summed
    return found


def normal_above(values: Floats) -> Floats:
    """The chance that a normal number is above each value."""
    scaled = np.asarray(values) * math.sqrt(0.5)
    return np.asarray(np.frompyfunc(math.erfc, 1, 1)(scaled), dtype=np.float64) / 2


def normal_beyond(values: Floats, exponentials: Floats) -> Floats:
    """Normal numbers, given that each is above its value: inverse of the conditional chance."""
    chances = np.clip(normal_above(values) * np.exp(-exponentials), 1e-300, 1 - 2.0**-53)
    inverse = -np.asarray(np.frompyfunc(NormalDist().inv_cdf, 1, 1)(chances), dtype=np.float64)
    # So far out the chance beyond z is as exp(−z²/2)/z; one step solves for the next z.
    far = np.maximum(values, FARTHEST_NORMAL)
    first = far * far + 2 * exponentials
    farther = np.sqrt(first - np.log(first / (far * far)))
    return np.where(values < FARTHEST_NORMAL, inverse, farther)
