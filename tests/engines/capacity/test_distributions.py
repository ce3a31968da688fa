"""How long things take: means, chances, draws and what is left, worked by hand or by mpmath."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Empirical,
    Erlang,
    Exponential,
    GroupSize,
    LogNormal,
    Mixture,
    Uniform,
    with_variation,
)
from cauce.errors import CauceError

ALL: list[Distribution] = [
    Always(3),
    Exponential(3),
    Uniform(1, 5),
    Uniform(0, 5),
    Erlang(3, 1),
    Erlang(3, 4),
    Erlang(3, 40),
    LogNormal(3, 0.4),
    LogNormal(3, 2),
    Mixture((0.7, 0.3), (Exponential(1), LogNormal(8, 0.5))),
    Empirical((1.0, 2.5, 2.5, 4.0, 9.0)),
]
CONTINUOUS = [each for each in ALL if not isinstance(each, Always | Empirical)]
COUNT = 100_000


def named(distribution: Distribution) -> str:
    return repr(distribution)[:40]


def chance(seed: int = 20_240) -> np.random.Generator:
    return np.random.default_rng(seed)


def standing(sample: np.ndarray, expected: float) -> float:
    """How many standard errors the mean of the sample is away."""
    return abs(float(sample.mean()) - expected) / (float(sample.std()) / math.sqrt(sample.size))


# ----------------------------------------------------------------------------- moments


@pytest.mark.parametrize(
    ("distribution", "mean", "variation"),
    [
        (Always(3), 3, 0),
        (Exponential(3), 3, 1),
        (Uniform(2, 8), 5, 6 / math.sqrt(12) / 5),
        (Erlang(3, 4), 3, 0.5),
        (LogNormal(3, 0.4), 3, 0.4),
        # Mean .5·1 + .5·3 = 2; square .5·1 + .5·9 = 5; so the variance is 1.
        (Mixture((0.5, 0.5), (Always(1), Always(3))), 2, 0.5),
        # .5·2 + .5·2·36 = 37 is the second moment, 3.5 the mean.
        (
            Mixture((0.5, 0.5), (Exponential(1), Exponential(6))),
            3.5,
            math.sqrt(37 - 3.5**2) / 3.5,
        ),
        (Mixture((1.0, 0.0), (Always(0.1), Always(7))), 0.1, 0),
        (Empirical((4, 2)), 3, 1 / 3),
    ],
    ids=repr,
)
def test_mean_and_variation_are_as_worked_by_hand(
    distribution: Distribution, mean: float, variation: float
) -> None:
    assert distribution.mean == pytest.approx(mean, rel=1e-14)
    assert distribution.variation == pytest.approx(variation, rel=1e-13, abs=1e-15)
    assert isinstance(distribution, Distribution)


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_draws_have_the_mean_and_the_variation_stated(distribution: Distribution) -> None:
    drawn = distribution.draws(chance(), COUNT)
    assert drawn.shape == (COUNT,)
    assert (drawn > 0).all()
    if distribution.variation:
        assert standing(drawn, distribution.mean) < 4
        square = distribution.mean**2 * (1 + distribution.variation**2)
        assert standing(drawn**2, square) < 4


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_draws_fall_beyond_each_time_as_often_as_survival_says(distribution: Distribution) -> None:
    drawn = distribution.draws(chance(7), COUNT)
    for time in (0.3, 1.7, 2.5, 3.2, 7.0):
        expected = float(distribution.survival(time))
        error = math.sqrt(max(expected * (1 - expected), 1e-9) / COUNT)
        assert abs(float((drawn > time).mean()) - expected) < 4 * error


# ----------------------------------------------------------------------------- survival


def exact_survival(distribution: Distribution, time: float) -> mpmath.mpf:
    t = mpmath.mpf(time)
    if isinstance(distribution, Erlang):
        k = distribution.phases
        return mpmath.gammainc(k, t * k / mpmath.mpf(distribution.mean), regularized=True)
    if isinstance(distribution, LogNormal):
        square = mpmath.mpf(distribution.variation) ** 2
        median = distribution.mean / mpmath.sqrt(1 + square)
        z = mpmath.log(t / median) / mpmath.sqrt(mpmath.log(1 + square))
        return mpmath.erfc(z / mpmath.sqrt(2)) / 2
    assert isinstance(distribution, Exponential)
    return mpmath.exp(-t / mpmath.mpf(distribution.mean))


@pytest.mark.parametrize(
    "distribution",
    [
        Exponential(3),
        *(Erlang(3, k) for k in (1, 2, 3, 15, 16, 40, 1000)),
        LogNormal(3, 0.03),
        LogNormal(3, 0.4),
        LogNormal(3, 5),
    ],
    ids=named,
)
def test_survival_matches_fifty_digits(distribution: Distribution) -> None:
    times = [0.001, 0.4, 1.5, 2.7, 2.99, 3.0, 3.01, 3.4, 4.5, 9.0, 30.0]
    survived = distribution.survival(times)
    with mpmath.workdps(50):
        for mine, time in zip(survived, times, strict=True):
            exact = exact_survival(distribution, time)
            # Far out, one bit of the time moves the chance by many.
            steep = 1 + abs(float(mpmath.log(exact))) * (time / 3 + 1)
            assert exact < 1e-290 or abs(mine / exact - 1) < 1e-12 * steep


@pytest.mark.parametrize(
    "distribution",
    [Exponential(3), Erlang(3, 2), Erlang(3, 40), LogNormal(3, 0.4), LogNormal(3, 5)],
    ids=named,
)
def test_the_mean_until_a_time_is_the_integral_of_survival(distribution: Distribution) -> None:
    with mpmath.workdps(20):
        for time in (0.4, 2.7, 9.0):
            area = mpmath.quad(
                lambda t: exact_survival(distribution, t) if t else 1, np.linspace(0, time, 5)
            )
            assert float(distribution.mean_until(time)) == pytest.approx(float(area), rel=1e-12)


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_before_zero_all_survive_and_no_time_has_passed(distribution: Distribution) -> None:
    assert distribution.survival([-1.0, 0.0]).tolist() == [1.0, 1.0]
    assert distribution.mean_until([-1.0, 0.0]).tolist() == [0.0, 0.0]


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_the_mean_until_the_end_of_time_is_the_mean(distribution: Distribution) -> None:
    assert float(distribution.mean_until(1e6)) == pytest.approx(distribution.mean, rel=1e-12)
    assert float(distribution.survival(1e6)) < 1e-12


def test_survival_of_simple_shapes_is_as_worked_by_hand() -> None:
    assert Always(2).survival([1.9, 2.0]).tolist() == [1, 0]
    assert Uniform(2, 6).survival([1, 3, 6, 7]).tolist() == [1, 0.75, 0, 0]
    # Until 4: 2 + (1 + ½)/2 · 2.
    assert Uniform(2, 6).mean_until([1, 4, 9]).tolist() == [1, 3.5, 4]
    # Of 1, 2, 6: (1 + 2 + 4)/3 until 4.
    assert Empirical((6, 1, 2)).mean_until([4]).tolist() == [7 / 3]
    assert Mixture((0.25, 0.75), (Always(1), Always(3))).survival([2]).tolist() == [0.75]


# ----------------------------------------------------------------------------- what is left


@pytest.mark.parametrize("distribution", ALL, ids=named)
@pytest.mark.parametrize("age", [0.0, 0.6, 2.2, 2.9])
def test_what_is_left_is_distributed_as_what_has_lasted_so_long(
    distribution: Distribution, age: float
) -> None:
    left = distribution.residual(chance(11), np.full(COUNT, age))
    alive = float(distribution.survival(age))
    if distribution.variation:
        mean = (distribution.mean - float(distribution.mean_until(age))) / alive
        assert standing(left, mean) < 4
    for more in (0.05, 0.5, 1.3, 4.0):
        expected = float(distribution.survival(age + more)) / alive
        error = math.sqrt(max(expected * (1 - expected), 1e-9) / COUNT)
        assert abs(float((left > more).mean()) - expected) < 4 * error


@pytest.mark.parametrize("distribution", CONTINUOUS, ids=named)
def test_what_is_left_of_a_draw_seen_at_random_ages_is_above_zero(
    distribution: Distribution,
) -> None:
    drawn = distribution.draws(chance(3), 1000)
    ages = drawn * chance(4).random(1000)
    left = distribution.residual(chance(5), ages)
    assert left.shape == (1000,)
    assert (left > 0).all()


@pytest.mark.parametrize("variation", [0.1, 0.4])
def test_a_log_normal_far_beyond_all_that_is_usual_still_ends(variation: float) -> None:
    # 30 and 50 standard deviations: by the tail of the normal, what is left is about
    # exponential with mean age · spread / normal · (1 − 1/normal²).
    shape = LogNormal(1, variation)
    for normal in (30.0, 35.9, 36.1, 50.0):
        age = shape.median * math.exp(shape.spread * normal)
        left = shape.residual(chance(), np.full(COUNT, age))
        with mpmath.workdps(40):
            alive = mpmath.ncdf(-mpmath.mpf(normal))
            beyond = mpmath.ncdf(shape.spread - mpmath.mpf(normal)) * shape.mean
            exact = float(beyond / alive - age)
        assert standing(left, exact) < 4


@pytest.mark.parametrize("distribution", [Always(3), Uniform(1, 3), Empirical((1, 3))], ids=named)
def test_an_age_that_no_duration_reaches_leaves_nothing(distribution: Distribution) -> None:
    assert distribution.residual(chance(), np.array([3.0, 8.0])).tolist() == [0, 0]


def test_the_longest_part_of_a_mixture_is_left_where_no_part_could_be() -> None:
    mixed = Mixture((0.5, 0.5), (Always(3), Exponential(4)))
    left = mixed.residual(chance(), np.full(COUNT, 1e5))
    assert standing(left, 4.0) < 4


def test_the_older_a_case_of_two_kinds_the_more_likely_it_is_of_the_slow_one() -> None:
    mixed = Mixture((0.5, 0.5), (Exponential(1), Exponential(10)))
    slow = math.exp(-0.5) / (math.exp(-0.5) + math.exp(-5))
    left = mixed.residual(chance(), np.full(COUNT, 5.0))
    assert standing(left, slow * 10 + (1 - slow) * 1) < 4


# ----------------------------------------------------------------------------- units, chance


@pytest.mark.parametrize("distribution", ALL, ids=named)
@pytest.mark.parametrize("factor", [8.0, 2.0**-5])
def test_another_unit_of_time_gives_the_same_draws_to_the_last_bit(
    distribution: Distribution, factor: float
) -> None:
    other, ages = distribution.scaled(factor), np.linspace(0, 2.9, 500)
    assert other.mean == distribution.mean * factor
    assert np.array_equal(other.draws(chance(), 500), distribution.draws(chance(), 500) * factor)
    assert np.array_equal(
        other.residual(chance(), ages * factor), distribution.residual(chance(), ages) * factor
    )
    assert np.array_equal(other.survival(ages * factor), distribution.survival(ages))


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_the_same_seed_gives_the_same_draws_also_after_pickling(distribution: Distribution) -> None:
    again = pickle.loads(pickle.dumps(distribution))  # noqa: S301 — what was just written
    assert again == distribution
    assert hash(again) == hash(distribution)
    assert np.array_equal(again.draws(chance(), 50), distribution.draws(chance(), 50))


@pytest.mark.parametrize("distribution", ALL, ids=named)
def test_of_none_there_are_none(distribution: Distribution) -> None:
    assert distribution.draws(chance(), 0).shape == (0,)
    assert distribution.residual(chance(), np.empty(0)).shape == (0,)
    assert distribution.survival([]).shape == (0,)
    assert distribution.mean_until([]).shape == (0,)


# ----------------------------------------------------------------------------- with_variation


@pytest.mark.parametrize(
    ("variation", "expected"),
    [
        (0, Always(6)),
        (1, Exponential(6)),
        (0.5, Erlang(6, 4)),
        (1 / math.sqrt(3), Erlang(6, 3)),
        (1 / math.sqrt(1000), Erlang(6, 1000)),
        (1 / math.sqrt(1001), LogNormal(6, 1 / math.sqrt(1001))),
        (1e-200, LogNormal(6, 1e-200)),
        (0.6, LogNormal(6, 0.6)),
        (1.4, LogNormal(6, 1.4)),
        (3, LogNormal(6, 3)),
    ],
)
def test_the_usual_shape_depends_on_the_variation(variation: float, expected: Distribution) -> None:
    assert with_variation(6, variation) == expected


# ----------------------------------------------------------------------------- groups


def test_a_file_has_as_many_persons_as_its_share_says() -> None:
    sizes = GroupSize((0.6, 0.0, 0.3, 0.1, 0.0))
    assert sizes.mean == pytest.approx(0.6 + 3 * 0.3 + 4 * 0.1, rel=1e-15)
    drawn = sizes.draws(chance(), COUNT)
    assert set(drawn.tolist()) == {1, 3, 4}
    assert drawn.dtype == np.int64
    for size, expected in ((1, 0.6), (3, 0.3), (4, 0.1)):
        assert standing((drawn == size).astype(float), expected) < 4


def test_shares_rounded_in_the_tenth_digit_are_made_whole() -> None:
    assert math.fsum(GroupSize((0.3333333333, 0.3333333333, 0.3333333333)).shares) == 1


# ----------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("make", "code", "field"),
    [
        (lambda: Always(0), "capacity_not_positive", "value"),
        (lambda: Always(math.nan), "capacity_not_finite", "value"),
        (lambda: Exponential(-1), "capacity_not_positive", "mean"),
        (lambda: Exponential(1).scaled(0), "capacity_not_positive", "mean"),
        (lambda: Uniform(-1, 2), "capacity_negative", "low"),
        (lambda: Uniform(2, 2), "capacity_not_ascending", "high"),
        (lambda: Uniform(0, math.inf), "capacity_not_finite", "high"),
        (lambda: Erlang(0, 2), "capacity_not_positive", "mean"),
        (lambda: Erlang(1, 0), "capacity_not_positive", "phases"),
        (lambda: Erlang(1, 2.5), "capacity_not_whole", "phases"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: Erlang(1, 1001), "capacity_too_many", "phases"),
        (lambda: LogNormal(0, 1), "capacity_not_positive", "mean"),
        (lambda: LogNormal(1, 0), "capacity_not_positive", "variation"),
        (lambda: Mixture((0.5, 0.6), (Always(1), Always(2))), "capacity_not_share", "shares"),
        (lambda: Mixture((1.5, -0.5), (Always(1), Always(2))), "capacity_not_share", "shares[0]"),
        (lambda: Mixture((1.0,), (Always(1), Always(2))), "capacity_lengths_differ", "parts"),
        (lambda: Mixture((), ()), "capacity_not_share", "shares"),
        (lambda: Empirical(()), "capacity_too_few", "values"),
        (lambda: Empirical((1, 0, -1)), "capacity_not_positive", "values[1]"),
        (lambda: Empirical((1, math.nan)), "capacity_not_finite", "values[1]"),
        (lambda: GroupSize((0.5, 0.4)), "capacity_not_share", "shares"),
        (lambda: GroupSize(()), "capacity_not_share", "shares"),
        (lambda: with_variation(0, 0), "capacity_not_positive", "mean"),
        (lambda: with_variation(0, 1), "capacity_not_positive", "mean"),
        (lambda: with_variation(1, -1), "capacity_negative", "variation"),
    ],
)
def test_what_is_no_duration_is_refused_with_its_field(
    make: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as caught:
        make()
    assert (caught.value.code, caught.value.params["field"]) == (code, field)
