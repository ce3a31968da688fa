"""How good was a forecast against what happened? CRPS, MASE and coverage of sample paths.

Scores of forecasts that were made from the past alone, at one origin after another. It makes no
forecast and chooses none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from cauce.engines.capacity.refusing import Floats, Integers

__all__ = ["Score", "crps", "mean_absolute_scaled_error", "within"]


@dataclass(frozen=True, slots=True)
class Score:
    """How one method did over the rolling origins, at all steps up to ``horizon``.

    ``crps`` is in the series' counts, less is better. ``mase`` is without unit: below 1 the
    method errs less at these steps than the (seasonal) naive method does one season ahead inside
    the past it was made from; ``None`` where that past never changes. ``coverage_80`` and
    ``coverage_95`` are the shares of counts that fell within the middle 80 % and 95 % of the
    paths.
    """

    method: str
    mase: float | None
    crps: float
    coverage_80: float
    coverage_95: float
    origins: int
    horizon: int


def crps(samples: Floats, actual: Floats) -> Floats:
    """The continuous ranked probability score of each step, from samples[path, step].

    ``mean|X − y| − mean|X − X'| / 2`` over all pairs of samples, computed from the sorted samples
    in n log n: Laio and Tamea (2007), Hydrology and Earth System Sciences 11, and Jordan, Krüger
    and Lerch (2019), Journal of Statistical Software 90(12), section 3.2. With a single path it
    is the absolute error.

    >>> crps(np.array([[1.0], [3.0]]), np.array([2.0])).tolist()
    [0.5]
    """
    ordered = np.sort(samples, axis=0)
    count = len(ordered)
    middle = (np.arange(count) + 0.5)[:, np.newaxis]
    weighted = (ordered - actual) * (count * (actual < ordered) - middle)
    return np.asarray(2.0 / count**2 * weighted.sum(axis=0))


def within(samples: Floats, actual: Floats, share: float) -> float:
    """The share of steps at which the count lies in the middle ``share`` of samples[path, step].

    The ends count as within: they are counts themselves, and often zero.

    >>> within(np.arange(11.0)[:, np.newaxis], np.array([1.0]), 0.8)
    1.0
    """
    low, high = np.quantile(samples, [(1 - share) / 2, (1 + share) / 2], axis=0)
    return float(np.mean((low <= actual) & (actual <= high)))


def mean_absolute_scaled_error(
    values: Floats, origins: Integers, points: Floats, season: int
) -> float | None:
    """MASE over rolling origins; ``None`` where nothing ever changed before any of them.

    points[i, h] is the forecast of ``values[origins[i] + h]``. Each error is divided by the mean
    absolute difference of one season inside the past of its own origin: Hyndman and Koehler
    (2006), International Journal of Forecasting 22(4), section 3, with the seasonal scale. An
    origin whose past never changes has no scale and is left out.

    >>> counts, origins = np.array([1.0, 3.0, 5.0, 6.0]), np.array([3])
    >>> mean_absolute_scaled_error(counts, origins, np.array([[5.0]]), 1)
    0.5
    """
    ratios = []
    for origin, point in zip(origins.tolist(), points, strict=True):
        past = values[:origin]
        scale = float(np.mean(np.abs(past[season:] - past[:-season])))
        if scale > 0:
            errors = np.abs(values[origin : origin + len(point)] - point)
            ratios.append(float(np.mean(errors)) / scale)
    return float(np.mean(ratios)) if ratios else None
