"""Which number does each method say comes next? Point forecasts, and those of rolling origins.

Naive methods are here; Theta, ETS and AutoARIMA are those of the extra ``forecast``. No method says
how wrong it may be: that is learnt from its own errors, in ``forecast_fans``.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

import numpy as np

from cauce.engines.capacity.refusing import Floats, Integers
from cauce.errors import CauceError

__all__ = [
    "EXTRA_METHODS",
    "METHODS",
    "Method",
    "baseline_of",
    "is_there",
    "method_named",
    "naive",
    "rolling_points",
    "seasonal_naive",
]

# (past counts, number of steps, season) → a forecast of each step.
Method = Callable[[Floats, int, int], Floats]

# Names of the methods of the extra, and of their classes there.
EXTRA_METHODS: Mapping[str, str] = MappingProxyType(
    {"theta": "Theta", "ets": "AutoETS", "autoarima": "AutoARIMA"}
)


def seasonal_naive(past: Floats, steps: int, season: int) -> Floats:
    """As one season ago.

    >>> seasonal_naive(np.array([9.0, 1.0, 2.0, 3.0]), 5, 3).tolist()
    [1.0, 2.0, 3.0, 1.0, 2.0]
    """
    return np.resize(past[-season:], steps)


def naive(past: Floats, steps: int, season: int) -> Floats:
    """As the last one; the season is not looked at."""
    return np.full(steps, past[-1])


_CORE: Mapping[str, Method] = MappingProxyType({"seasonal_naive": seasonal_naive, "naive": naive})
METHODS = (*_CORE, *EXTRA_METHODS)


def baseline_of(season: int) -> str:
    """The method that another has to beat."""
    return "seasonal_naive" if season > 1 else "naive"


def is_there() -> bool:
    """Whether the extra ``forecast`` is installed. It is imported: seconds, the first time."""
    try:
        _class_named("Theta")
    except CauceError:
        return False
    return True


def method_named(name: str) -> Method:
    """The method; one of the extra, where it is absent, raises ``extra_missing``."""
    return _CORE[name] if name in _CORE else _extra(_class_named(EXTRA_METHODS[name]))


def _class_named(name: str) -> Callable[..., object]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            found: Callable[..., object] = getattr(import_module("statsforecast.models"), name)
        except ImportError as missing:
            raise CauceError("extra_missing", extra="forecast") from missing
    return found


def _extra(model: Callable[..., object]) -> Method:
    def point(past: Floats, steps: int, season: int) -> Floats:
        # Its warnings are about models it tried and left (a constant series, no convergence);
        # a forecast that came to nothing shows in its numbers, and in its score.
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            # A copy that may be written to: for a read-only one, compiled code does not fit.
            fitted = model(season_length=season).forecast(y=past.copy(), h=steps)  # type: ignore[attr-defined]  # the extra has no types
        return np.asarray(fitted["mean"], dtype=np.float64)

    return point


def rolling_points(
    method: Method, values: Floats, origins: Integers, steps: int, season: int
) -> Floats | None:
    """Forecasts [origin, step], each from ``values[:origin]`` alone; ``None`` if one failed.

    Counts are not negative, so a forecast below zero is zero. A method that says no finite number
    at one origin is not to be trusted at the next, and is left out as a whole.
    """
    try:
        points = np.array([method(values[:origin], steps, season) for origin in origins.tolist()])
    except (ValueError, ArithmeticError, IndexError, RuntimeError):
        return None
    return np.maximum(points, 0.0) if np.isfinite(points).all() else None
