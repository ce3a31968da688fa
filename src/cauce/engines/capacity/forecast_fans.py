"""How far from a forecast may the counts come to lie? Sample paths out of a method's own errors.

The same device for every method, so that their fans can be compared: the errors that the method
made at rolling origins, when it knew the past alone, in blocks as long as the horizon. A block is
drawn whole, because errors of neighbouring steps go together, and a queue feels their sum. No
formula of a model's own spread is used: those hold if the model is true.
"""

from __future__ import annotations

import numpy as np

from cauce.engines.capacity.forecast_scores import (
    Score,
    crps,
    mean_absolute_scaled_error,
    within,
)
from cauce.engines.capacity.refusing import Floats, Integers

__all__ = ["error_blocks", "sample_paths", "score_of"]

# Paths drawn at each origin to score: enough for the 95 % interval, few enough for 60 origins.
SCORING_PATHS = 500
# No path is pushed further out than so many times an error that was really made.
WIDEST = 3.0


def error_blocks(values: Floats, origins: Integers, points: Floats) -> Floats:
    """Errors [origin, step] between the square roots of counts and of forecasts.

    The spread of counts grows with their level, about as its root does; roots have nearly one
    spread (Bartlett 1936; Anscombe 1948, Biometrika 35). Tried on monthly arrivals: errors of
    plain counts leave the fan too narrow after growth, those of logarithms burst where a series
    starts near zero.
    """
    steps = np.arange(points.shape[1])
    actual = values[origins[:, np.newaxis] + steps]
    return np.asarray(np.sqrt(actual) - np.sqrt(points))


def sample_paths(point: Floats, blocks: Floats, paths: int, rng: np.random.Generator) -> Floats:
    """Whole, non-negative counts [path, step] around a point forecast [step].

    A block of errors is drawn, with both signs: what a method missed in one direction it may miss
    in the other. Paths come in such pairs, so that the median is the method's forecast. Few blocks
    know little of the spread, the less the more they overlap: each pair is widened by the factor
    that makes Student's t out of a normal, with ``2 + origins / steps`` degrees of freedom, at
    least 3, and at most ``WIDEST`` times.
    """
    origins, steps = blocks.shape
    pairs = (paths + 1) // 2
    drawn = blocks[rng.integers(origins, size=pairs)]
    freedom = max(3.0, 2.0 + origins / steps)
    wider = np.minimum(np.sqrt(freedom / rng.chisquare(freedom, size=(pairs, 1))), WIDEST)
    errors = wider * drawn
    # The two of a pair stand side by side, so that the first paths are balanced too.
    both = np.stack([errors, -errors], axis=1).reshape(2 * pairs, steps)[:paths]
    roots = np.maximum(np.sqrt(point) + both, 0.0)
    return np.asarray(np.rint(roots**2))


def score_of(
    method: str, values: Floats, origins: Integers, points: Floats, season: int, *, seed: int
) -> Score:
    """The score of a method from its forecasts points[origin, step] at the rolling origins.

    The paths of an origin are drawn from the errors of other origins whose steps do not overlap
    with its own: its own outcome has no part in its fan. All methods get the same draws.
    """
    blocks = error_blocks(values, origins, points)
    steps = points.shape[1]
    rows = []
    for index, origin in enumerate(origins.tolist()):
        rng = np.random.default_rng((seed, origin))
        others = blocks[_apart(origins, index, steps)]
        samples = sample_paths(points[index], others, SCORING_PATHS, rng)
        actual = values[origin : origin + steps]
        rows.append(
            (
                float(np.mean(crps(samples, actual))),
                within(samples, actual, 0.80),
                within(samples, actual, 0.95),
            )
        )
    mean_crps, in_80, in_95 = np.mean(rows, axis=0).tolist()
    mase = mean_absolute_scaled_error(values, origins, points, season)
    return Score(method, mase, mean_crps, in_80, in_95, len(origins), steps)


def _apart(origins: Integers, index: int, steps: int) -> Integers:
    """Places of the origins a horizon away or more; the two farthest where there are not two."""
    distance = np.abs(origins - origins[index])
    apart = np.flatnonzero(distance >= steps)
    return apart if len(apart) >= 2 else np.argsort(-distance, kind="stable")[:2]
