"""How many will arrive? Without the extra: naive methods, scores, fans and scenarios."""

from __future__ import annotations

import sys
from datetime import date
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from cauce.engines.capacity.forecast_fans import error_blocks, sample_paths, score_of
from cauce.engines.capacity.forecast_models import naive, rolling_points, seasonal_naive
from cauce.engines.capacity.forecast_scores import crps, mean_absolute_scaled_error, within
from cauce.engines.capacity.forecasting import Forecast, Series, Shock, forecast
from cauce.errors import CauceError
from cauce.values.answer import Code

pytestmark = pytest.mark.simulation

CORE = ("seasonal_naive", "naive")


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsforecast", None)
    monkeypatch.setitem(sys.modules, "statsforecast.models", None)


def with_models(monkeypatch: pytest.MonkeyPatch, answer: object) -> None:
    """A stand-in for the extra, whose every model is 100 a step, or what is given."""

    class Model:
        def __init__(self, season_length: int) -> None:
            self.season = season_length

        def forecast(self, y: NDArray[np.float64], h: int) -> dict[str, object]:
            if isinstance(answer, Exception):
                raise answer
            return {"mean": np.full(h, answer)}

    module = ModuleType("statsforecast.models")
    for name in ("Theta", "AutoETS", "AutoARIMA"):
        setattr(module, name, Model)
    monkeypatch.setitem(sys.modules, "statsforecast", ModuleType("statsforecast"))
    monkeypatch.setitem(sys.modules, "statsforecast.models", module)


def monthly(years: int, *, seed: int = 0, level: float = 200.0) -> Series:
    """A season of a year, nothing else, with the noise of counts."""
    steps = np.arange(12 * years)
    rng = np.random.default_rng(seed)
    counts = rng.poisson(level * (1 + 0.4 * np.sin(2 * np.pi * steps / 12)))
    return Series(date(2015, 1, 1), tuple(counts.tolist()))


def made(*rows: tuple[float, ...], scenarios: tuple[Shock, ...] = ()) -> Forecast:
    return Forecast("naive", np.array(rows, dtype=float), (), Code.of("use_naive"), (), scenarios)


# ----------------------------------------------------------------------------- series


def test_a_gap_inside_is_refused_with_its_month() -> None:
    for gap in (None, float("nan")):
        with pytest.raises(CauceError) as refused:
            Series(date(2024, 11, 20), (3, 4, 5, gap, 6))
        assert refused.value.code == "capacity_gap"
        assert refused.value.params == {"field": "values[3]", "value": date(2025, 2, 1)}


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ((1, -2), "capacity_negative", "values[1]"),
        ((1, 2, float("inf")), "capacity_not_finite", "values[2]"),
    ],
)
def test_a_count_that_cannot_be_is_refused(
    values: tuple[float, ...], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as refused:
        Series(0, values)
    assert (refused.value.code, refused.value.params["field"]) == (code, field)


def test_a_season_is_a_whole_number_of_steps_and_a_unit_is_known() -> None:
    for season, code in ((0, "capacity_not_positive"), (1.5, "capacity_not_whole")):
        with pytest.raises(CauceError) as refused:
            Series(0, (1,), season=season)  # type: ignore[arg-type]  # what a form may send
        assert refused.value.code == code
    with pytest.raises(CauceError) as refused:
        Series(0, (1,), unit="day")
    assert refused.value.params["choices"] == "week, month, quarter, year"


@pytest.mark.parametrize(
    ("start", "unit", "third"),
    [
        (date(2024, 12, 31), "week", date(2025, 1, 14)),
        (date(2024, 11, 1), "month", date(2025, 1, 1)),
        (date(2024, 7, 1), "quarter", date(2025, 1, 1)),
        (date(2023, 1, 1), "year", date(2025, 1, 1)),
        (40, "week", 42),
    ],
)
def test_a_step_is_known_by_its_first_day_or_its_number(
    start: date | int, unit: str, third: date | int
) -> None:
    assert Series(start, (1, 2), unit=unit).at(2) == third


# ----------------------------------------------------------------------------- scores


def test_crps_of_three_paths_is_as_worked_by_hand() -> None:
    # mean |X − 2| = (1 + 0 + 4) / 3; mean |X − X'| over the nine pairs = 2 (1 + 4 + 5) / 9.
    found = crps(np.array([[6.0], [1.0], [2.0]]), np.array([2.0]))
    assert found[0] == pytest.approx(5 / 3 - 20 / 18)


def test_crps_is_the_definition_over_all_pairs() -> None:
    rng = np.random.default_rng(3)
    samples = rng.poisson(5, size=(70, 9)).astype(float)
    actual = rng.poisson(5, size=9).astype(float)
    for step in range(9):
        x = samples[:, step]
        pairs = np.mean([abs(a - b) for a in x for b in x])
        slow = np.mean(np.abs(x - actual[step])) - pairs / 2
        assert crps(samples, actual)[step] == pytest.approx(slow)


def test_crps_of_a_single_path_is_its_absolute_error() -> None:
    assert crps(np.array([[3.0, 8.0]]), np.array([5.0, 8.0])).tolist() == [2.0, 0.0]


def test_mase_divides_by_what_the_seasonal_naive_method_misses_in_the_past() -> None:
    values = np.array([10.0, 20, 12, 24, 15, 21])
    points = np.array([[12.0, 24.0], [24.0, 12.0]])
    # Origin 4: errors 3 and 3, scale (2 + 4) / 2. Origin 3: errors 0 and 3, scale 2.
    found = mean_absolute_scaled_error(values, np.array([4, 3]), points, 2)
    assert found == pytest.approx((3 / 3 + (0 + 3) / 2 / 2) / 2)


def test_mase_has_no_scale_where_the_past_never_changes() -> None:
    values = np.array([5.0, 5, 5, 5, 9])
    points = np.array([[5.0]])
    assert mean_absolute_scaled_error(values, np.array([4]), points, 1) is None


def test_coverage_counts_the_ends_of_the_interval_as_within() -> None:
    samples = np.repeat(np.arange(11.0)[:, np.newaxis], 4, axis=1)
    # The middle 80 % of 0…10 is 1…9.
    assert within(samples, np.array([0.0, 1.0, 9.0, 10.0]), 0.8) == 2 / 4


# ----------------------------------------------------------------------------- fans


def test_a_path_is_one_whole_block_of_errors() -> None:
    # Two origins missed all steps by the same root: no path mixes the blocks.
    blocks = np.array([[1.0, 1.0, 1.0], [3.0, 3.0, 3.0]])
    paths = sample_paths(np.full(3, 400.0), blocks, 200, np.random.default_rng(1))
    assert (paths == paths[:, :1]).all()
    assert len(set(paths[:, 0].tolist())) > 50


def test_the_middle_of_the_paths_is_the_forecast_though_the_errors_had_one_sign() -> None:
    blocks = np.full((40, 2), 2.0)
    paths = sample_paths(np.full(2, 400.0), blocks, 4000, np.random.default_rng(1))
    assert np.mean(paths[:, 0] > 400) == pytest.approx(0.5, abs=4 * 0.5 / 4000**0.5)


def test_no_path_is_wider_than_three_times_an_error_nor_below_zero() -> None:
    blocks = np.full((3, 12), 2.0)
    paths = sample_paths(np.full(12, 9.0), blocks, 2000, np.random.default_rng(1))
    assert paths.min() == 0.0
    assert paths.max() == (3 + 3 * 2) ** 2


def test_errors_are_between_roots() -> None:
    values = np.array([4.0, 9.0, 16.0, 25.0])
    blocks = error_blocks(values, np.array([1, 2]), np.array([[4.0, 4.0], [9.0, 9.0]]))
    assert blocks.tolist() == [[3 - 2, 4 - 2], [4 - 3, 5 - 3]]


def test_an_origins_own_outcome_has_no_part_in_its_fan() -> None:
    # One surge: it cannot be within the fan of an origin that has only seen calm.
    values = np.array([100.0] * 20 + [900.0] + [100.0] * 20)
    origins = np.array([5, 20, 35])
    points = np.full((3, 1), 100.0)
    score = score_of("naive", values, origins, points, 1, seed=1)
    assert score.coverage_95 == pytest.approx(2 / 3)


# ----------------------------------------------------------------------------- forecast


def test_a_pure_season_is_forecast_as_one_season_ago() -> None:
    found = forecast(Series(0, (10, 40, 90, 20) * 6, season=4), 5, seed=1, methods=CORE)
    assert found.method == "seasonal_naive"
    assert found.advice == Code.of("use_naive", method="seasonal_naive")
    assert found.mean.tolist() == [10, 40, 90, 20, 10]
    seasonal, last = found.scores
    assert (seasonal.crps, seasonal.mase, seasonal.coverage_80) == (0.0, None, 1.0)
    assert last.crps > 0
    assert found.notes == ()


def test_a_random_walk_is_better_forecast_as_it_was_last_than_as_a_year_ago() -> None:
    walk = np.maximum(2000 + np.cumsum(np.random.default_rng(5).normal(0, 40, 150)), 0)
    found = forecast(Series(0, tuple(walk.tolist())), 3, seed=1, methods=CORE)
    assert found.method == "naive"
    assert found.advice.code == "method_chosen"
    seasonal, last = found.scores
    assert float(found.advice.get("crps_ratio")) == pytest.approx(
        last.crps / seasonal.crps, abs=5e-4
    )


def test_without_a_season_the_naive_method_is_the_one_to_beat() -> None:
    walk = 500 + np.cumsum(np.random.default_rng(2).integers(-9, 10, 60))
    found = forecast(Series(0, tuple(walk.tolist()), season=1), 4, seed=1, methods=CORE)
    assert [score.method for score in found.scores] == ["naive", "seasonal_naive"]
    assert found.advice == Code.of("use_naive", method="naive")


def test_the_paths_are_whole_counts_by_path_and_step_that_nobody_can_change() -> None:
    found = forecast(monthly(6, level=3.0), 7, seed=1, methods=CORE, paths=250)
    assert found.paths.shape == (250, 7)
    assert found.horizon == 7
    assert (found.paths >= 0).all()
    assert (found.paths == np.rint(found.paths)).all()
    with pytest.raises(ValueError, match="read-only"):
        found.paths[0, 0] = 1


def test_same_seed_same_numbers_and_another_method_changes_none() -> None:
    series = monthly(6)
    first = forecast(series, 6, seed=7, methods=("seasonal_naive",))
    again = forecast(series, 6, seed=7, methods=CORE)
    other = forecast(series, 6, seed=8, methods=("seasonal_naive",))
    assert first.method == again.method == "seasonal_naive"
    assert first.paths.tobytes() == again.paths.tobytes()
    assert first.scores[0] == again.scores[0]
    assert first.paths.tobytes() != other.paths.tobytes()


def test_the_intervals_cover_what_comes_about_as_often_as_they_say() -> None:
    in_80, in_95 = [], []
    for seed in range(80):
        whole = monthly(7, seed=seed)
        known = Series(whole.start, whole.values[:72])
        found = forecast(known, 6, seed=seed, methods=("seasonal_naive",), paths=500)
        actual = whole.counts[72:78]
        in_80.append(within(found.paths, actual, 0.80))
        in_95.append(within(found.paths, actual, 0.95))
    assert 0.75 < np.mean(in_80) < 0.88
    assert 0.92 < np.mean(in_95) < 0.99


def test_the_sum_over_the_horizon_is_covered_too() -> None:
    # Arrivals that wander: errors of neighbouring steps go together, and so must the paths.
    inside, apart = [], []
    for seed in range(300):
        rng = np.random.default_rng(seed)
        walk = 3000 + np.cumsum(rng.normal(0, 30, 90))
        origins = np.arange(20, 79)
        points = rolling_points(naive, walk, np.append(origins, 84), 6, 1)
        assert points is not None
        blocks = error_blocks(walk, origins, points[:-1])
        paths = sample_paths(points[-1], blocks, 500, rng)
        actual = walk[84:].sum(keepdims=True)
        inside.append(within(paths.sum(axis=1, keepdims=True), actual, 0.80))
        shuffled = rng.permuted(paths, axis=0)
        apart.append(within(shuffled.sum(axis=1, keepdims=True), actual, 0.80))
    assert 0.74 < np.mean(inside) < 0.88
    assert np.mean(apart) < 0.65


@pytest.mark.parametrize(
    ("years", "origins"),
    [
        (3, 36 - 24 - 6 + 1),  # from two seasons on
        (5, 60 - 30 - 6 + 1),  # from half of the counts on
        (4.5, 24),  # from less than half, so that there are 24
        (12, 60),  # the latest
    ],
)
def test_the_scores_are_of_the_latest_origins(years: float, origins: int) -> None:
    series = Series(0, monthly(12).values[: int(12 * years)])
    assert forecast(series, 6, seed=1, methods=CORE).scores[0].origins == origins


# ----------------------------------------------------------------------------- too short


def test_nothing_is_said_past_the_horizon_that_was_scored() -> None:
    # 48 months, two years before the first origin: three origins leave 48 − 24 − 2 steps.
    found = forecast(monthly(4), 36, seed=1, methods=CORE)
    assert found.notes == (Code.of("beyond_scored_horizon", scored=22, asked=36),)
    assert found.paths.shape == (1000, 22)
    assert {(score.origins, score.horizon) for score in found.scores} == {(3, 22)}


def test_six_weekly_numbers_are_forecast_without_a_season() -> None:
    found = forecast(Series(1, (50, 61, 48, 55, 70, 58), 52, "week"), 4, seed=1, methods=CORE)
    assert found.notes == (
        Code.of("season_too_short", season=52, points=6),
        Code.of("beyond_scored_horizon", scored=2, asked=4),
    )
    assert (found.method, found.horizon) == ("naive", 2)
    # As last week, and as far from it as weeks have been from one another.
    assert found.mean.tolist() == pytest.approx([58, 58], abs=4)
    assert (found.quantiles(0.1) > 30).all()
    assert (found.quantiles(0.9) < 90).all()


def test_a_season_is_dropped_only_where_the_horizon_could_not_be_scored_with_it() -> None:
    points = monthly(3).values
    with_season = forecast(Series(0, points[:28]), 2, seed=1, methods=CORE)
    assert (with_season.notes, with_season.horizon) == ((), 2)
    without = forecast(Series(0, points[:28]), 3, seed=1, methods=CORE)
    assert without.notes == (Code.of("season_too_short", season=12, points=28),)
    assert without.horizon == 3


def test_four_counts_are_too_few() -> None:
    with pytest.raises(CauceError) as refused:
        forecast(Series(0, (1, 2, 3, 4)), 1, seed=1, methods=CORE)
    assert refused.value.code == "capacity_too_few"
    assert refused.value.params == {"field": "values", "value": 4, "limit": 5}
    assert forecast(Series(0, (1, 2, 3, 4, 5)), 1, seed=1, methods=CORE).horizon == 1


# ----------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        ({"horizon": 0}, "capacity_not_positive", "horizon"),
        ({"horizon": 1.5}, "capacity_not_whole", "horizon"),
        ({"paths": 0}, "capacity_not_positive", "paths"),
        ({"paths": 100_001}, "capacity_too_many", "paths"),
        ({"seed": -1}, "capacity_negative", "seed"),
        ({"methods": ("prophet",)}, "capacity_unknown_name", "methods"),
        ({"methods": ("naive", "naive")}, "capacity_twice", "methods"),
        ({"scenarios": (Shock(0, 1, 2, "a"), Shock(1, 2, 2, "a"))}, "capacity_twice", "scenarios"),
    ],
)
def test_what_cannot_be_asked_is_refused(asked: dict[str, object], code: str, field: str) -> None:
    asking: dict[str, object] = {"horizon": 2, "seed": 1, "methods": CORE, **asked}
    with pytest.raises(CauceError) as refused:
        forecast(monthly(4), **asking)  # type: ignore[arg-type]  # what a form may send
    assert (refused.value.code, refused.value.params["field"]) == (code, field)


@pytest.mark.usefixtures("without_the_extra")
def test_without_the_extra_the_naive_methods_are_left_and_it_is_said() -> None:
    found = forecast(monthly(4), 3, seed=1)
    assert [score.method for score in found.scores] == ["seasonal_naive", "naive"]
    assert found.notes == (Code.of("extra_absent", extra="forecast"),)


@pytest.mark.usefixtures("without_the_extra")
def test_a_method_of_the_extra_asked_for_by_name_is_missed() -> None:
    with pytest.raises(CauceError) as refused:
        forecast(monthly(4), 3, seed=1, methods=("seasonal_naive", "ets"))
    assert refused.value.code == "extra_missing"
    assert refused.value.params == {"extra": "forecast"}


def test_with_the_extra_its_methods_are_among_the_usual_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_models(monkeypatch, 100.0)
    found = forecast(Series(0, (90, 110, 110, 90, 90, 110) * 8), 3, seed=1)
    names = [score.method for score in found.scores]
    assert names == ["seasonal_naive", "naive", "theta", "ets"]


@pytest.mark.parametrize("answer", [float("nan"), ValueError(), NotImplementedError()])
def test_a_method_that_fails_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, answer: object
) -> None:
    with_models(monkeypatch, answer)
    found = forecast(monthly(4), 3, seed=1, methods=("theta",))
    assert [score.method for score in found.scores] == ["seasonal_naive"]
    assert found.notes == (Code.of("method_failed", method="theta"),)


def test_a_method_with_more_parameters_than_counts_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with_models(monkeypatch, 5.0)
    twelve = Series(0, (4, 6, 5, 5, 4, 6, 5, 4, 6, 5, 4, 6), season=1)
    found = forecast(twelve, 3, seed=1, methods=("ets",))
    assert [score.method for score in found.scores] == ["naive"]
    assert found.notes == (Code.of("method_too_short", method="ets", points=12, limit=13),)
    fourteen = Series(0, (*twelve.values, 5, 5), season=1)
    found = forecast(fourteen, 2, seed=1, methods=("ets",))
    assert [(score.method, score.origins) for score in found.scores] == [("naive", 3), ("ets", 3)]


def test_a_forecast_below_zero_is_zero() -> None:
    points = rolling_points(
        lambda past, steps, season: np.full(steps, -3.0), np.ones(6), np.array([3, 4]), 2, 1
    )
    assert points is not None
    assert points.tolist() == [[0, 0], [0, 0]]


def test_rolling_forecasts_know_the_past_alone() -> None:
    values = np.array([1.0, 2, 3, 4, 5, 6])
    points = rolling_points(seasonal_naive, values, np.array([2, 4]), 2, 2)
    assert points is not None
    assert points.tolist() == [[1, 2], [3, 4]]


# ----------------------------------------------------------------------------- scenarios


def test_a_shock_multiplies_a_stretch_and_leaves_the_forecast_as_it_was() -> None:
    found = made((10, 20, 30, 40), (2, 4, 6, 8))
    under = found.under(Shock(1, 3, 1.5))
    assert under.paths.tolist() == [[10, 30, 45, 40], [2, 6, 9, 8]]
    assert under.shocks == (Shock(1, 3, 1.5),)
    assert found.paths.tolist() == [[10, 20, 30, 40], [2, 4, 6, 8]]
    assert found.shocks == ()


def test_shocks_follow_one_another_and_may_last_past_the_horizon() -> None:
    under = made((10, 20, 30)).under(Shock(0, 1, 0)).under(Shock(1, 99, 2))
    assert under.paths.tolist() == [[0, 40, 60]]
    assert [shock.factor for shock in under.shocks] == [0, 2]


def test_a_scenario_is_kept_by_its_name() -> None:
    shock = Shock(0, 2, 2.0, "closed elsewhere")
    found = forecast(monthly(4), 4, seed=1, methods=CORE, scenarios=(shock,))
    under = found.scenario("closed elsewhere")
    assert (under.paths[:, :2] == 2 * found.paths[:, :2]).all()
    assert (under.paths[:, 2:] == found.paths[:, 2:]).all()
    with pytest.raises(CauceError) as refused:
        found.scenario("open")
    assert refused.value.code == "capacity_unknown_name"


def test_a_shock_that_starts_past_the_horizon_is_refused() -> None:
    with pytest.raises(CauceError) as refused:
        made((1, 2)).under(Shock(2, 3, 2))
    assert refused.value.code == "capacity_too_many"
    assert refused.value.params == {"field": "start_step", "value": 2, "limit": 1}


@pytest.mark.parametrize(
    ("shock", "code", "field"),
    [
        ((-1, 2, 1.0), "capacity_negative", "start_step"),
        ((2, 2, 1.0), "capacity_not_ascending", "end_step"),
        ((0, 2, -0.5), "capacity_negative", "factor"),
    ],
)
def test_a_shock_that_cannot_be_is_refused(
    shock: tuple[int, int, float], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as refused:
        Shock(*shock)
    assert (refused.value.code, refused.value.params["field"]) == (code, field)


def test_quantiles_are_of_the_paths_at_each_step() -> None:
    found = made(*((10.0 * path, 5.0) for path in range(11)))
    assert found.quantiles(0.9).tolist() == [90, 5]
    assert found.mean.tolist() == [50, 5]
    with pytest.raises(CauceError) as refused:
        found.quantiles(1.1)
    assert refused.value.code == "capacity_not_share"


def test_half_of_the_paths_lie_above_the_method_s_own_forecast_and_half_below() -> None:
    years = Series(
        date(2013, 1, 1),
        (13, 21, 34, 88, 146, 296, 703, 409, 1298, 1193, 1410),
        season=1,
        unit="year",
    )
    made = forecast(years, 1, seed=1, methods=("naive",))
    # As last year: few and far apart are the errors known, and the middle is 1,410 all the same.
    above, below = (made.paths > 1410).sum(), (made.paths < 1410).sum()
    assert abs(int(above) - int(below)) <= 2
