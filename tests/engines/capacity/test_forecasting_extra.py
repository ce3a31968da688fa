"""Theta, ETS and AutoARIMA of the extra ``forecast``: when they are taken, and when not."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from cauce.engines.capacity.forecasting import Series, forecast

# Importing the extra and compiling it takes seconds.
pytestmark = pytest.mark.slow


def grown(steps: NDArray[np.int64], growth: float) -> NDArray[np.float64]:
    """The level of a clean season of a year that grows."""
    return np.asarray((200 + growth * steps) * (1 + 0.3 * np.sin(2 * np.pi * steps / 12)))


def test_ets_beats_last_year_where_a_season_grows() -> None:
    counts = np.random.default_rng(4).poisson(grown(np.arange(72), 6))
    series = Series(0, tuple(counts.tolist()))
    found = forecast(series, 6, seed=1, methods=("seasonal_naive", "ets"))
    seasonal, ets = found.scores
    assert found.method == "ets"
    assert found.advice.code == "method_chosen"
    assert ets.crps < 0.8 * seasonal.crps
    assert found.mean == pytest.approx(grown(np.arange(72, 78), 6), rel=0.15)


def test_theta_beats_last_year_where_a_season_grows_slowly() -> None:
    # In a short or steep series its own test overlooks the season, and its score tells.
    counts = np.random.default_rng(4).poisson(grown(np.arange(120), 0.5))
    series = Series(0, tuple(counts.tolist()))
    found = forecast(series, 6, seed=1, methods=("seasonal_naive", "theta"))
    seasonal, theta = found.scores
    assert found.method == "theta"
    assert theta.crps < 0.95 * seasonal.crps
    again = forecast(series, 6, seed=1, methods=("theta",))
    assert again.paths.tobytes() == found.paths.tobytes()


def test_by_default_the_methods_of_the_extra_are_there() -> None:
    found = forecast(Series(0, (30, 50, 70, 60) * 4, season=4), 2, seed=1)
    names = [score.method for score in found.scores]
    assert names == ["seasonal_naive", "naive", "theta", "ets"]
    assert found.notes == ()


def test_on_a_random_walk_naive_is_used() -> None:
    walk = 3000 + np.cumsum(np.random.default_rng(6).normal(0, 40, 60))
    series = Series(0, tuple(np.rint(walk).tolist()), season=1)
    found = forecast(series, 4, seed=1, methods=("naive", "theta", "ets"))
    assert len(found.scores) == 3
    assert found.advice.code == "use_naive"
    assert found.method == "naive"


@pytest.mark.parametrize("count", [0, 7])
def test_a_series_that_never_changes_is_forecast_without_a_warning(count: int) -> None:
    found = forecast(Series(0, (count,) * 34), 3, seed=1)
    assert found.notes == ()
    assert found.advice.code == "use_naive"
    assert found.mean.tolist() == [count] * 3


def test_autoarima_is_there_on_request() -> None:
    counts = np.random.default_rng(9).poisson(60, size=18)
    found = forecast(Series(0, tuple(counts.tolist()), season=1), 3, seed=1, methods=("autoarima",))
    assert [score.method for score in found.scores] == ["naive", "autoarima"]
    assert found.advice.code == "method_chosen"
