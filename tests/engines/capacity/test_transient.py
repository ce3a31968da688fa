"""Queues while they change: against matrix exponentials, closed forms and integrals by mpmath."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import mpmath
import numpy as np
import pytest

from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Erlang,
    Exponential,
    LogNormal,
    Mixture,
    Uniform,
)
from cauce.engines.capacity.steady import erlang_a, mmc, mmck
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.transient import MOST_STATES, busy_without_limit, kolmogorov
from cauce.errors import CauceError

# ----------------------------------------------------------------------------- M(t)/G/∞

CHANGING = Steps((0, 2, 3, 10), (5, 0, 12.5, 1))
TIMES = [0.0, 0.5, 2.0, 2.5, 3.0, 4.25, 10.0, 30.0]


def test_as_many_are_busy_as_came_within_a_constant_service_time() -> None:
    # A stay of 4: at 5, those who came from 1 to 5: 1 of 5 a day, 1 of none, 2 of 12.5.
    assert busy_without_limit(CHANGING, Always(4), [5.0]).tolist() == [5 + 0 + 25]


def test_an_exponential_stay_follows_its_differential_equation() -> None:
    # m' = λ − m/τ: each stretch goes to λτ by e^−t/τ.
    mean, expected = 1.7, 3.0
    for until, rate in ((2.0, 5.0), (1.0, 0.0), (7.0, 12.5), (4.0, 1.0)):
        expected = rate * mean + (expected - rate * mean) * math.exp(-until / mean)
    found = busy_without_limit(CHANGING, Exponential(mean), [14.0], start=3)
    assert found.tolist() == pytest.approx([expected], rel=1e-13)


@pytest.mark.parametrize(
    "service",
    [
        Exponential(2),
        Uniform(1, 5),
        Erlang(3, 4),
        LogNormal(3, 1.5),
        Mixture((0.5, 0.5), (Erlang(1, 2), LogNormal(9, 0.5))),
    ],
    ids=repr,
)
def test_the_mean_number_busy_is_the_integral_over_who_came_before(service: Distribution) -> None:
    found = busy_without_limit(CHANGING, service, TIMES)
    bounds = [*CHANGING.times, 1e9]
    for mine, time in zip(found, TIMES, strict=True):
        expected = 0.0
        for rate, start, end in zip(CHANGING.values, bounds, bounds[1:], strict=False):
            ages = (max(time - end, 0.0), max(time - start, 0.0))
            # Where a uniform service bends, the integral is cut.
            cuts = sorted({*ages, *(x for x in (1.0, 5.0) if ages[0] < x < ages[1])})
            points = [p for a, b in pairwise(cuts) for p in np.linspace(a, b, 5)]
            if points:
                area = mpmath.quad(lambda age: float(service.survival(float(age))), points)
                expected += rate * float(area)
        assert mine == pytest.approx(expected, rel=1e-10, abs=1e-12)


def test_the_times_of_who_is_busy_may_have_any_order_and_shape() -> None:
    grid = busy_without_limit(3.0, Exponential(2), [[4.0, 1.0], [0.0, 2.0]])
    assert grid.shape == (2, 2)
    assert grid[0, 1] == busy_without_limit(3.0, Exponential(2), [1.0])[0]
    assert float(busy_without_limit(3.0, Exponential(2), 4.0)) == grid[0, 0]


# ----------------------------------------------------------------------------- matrix exponentials


def generator(states: int, up: float, down: Callable[[int], float]) -> mpmath.matrix:
    rates = mpmath.zeros(states)
    for n in range(states):
        if n + 1 < states:
            rates[n, n + 1] = mpmath.mpf(up)
        if n:
            rates[n, n - 1] = down(n)
        rates[n, n] = -mpmath.fsum(rates[n, m] for m in range(states) if m != n)
    return rates


def exact(
    states: int, start: int, stretches: Sequence[tuple[float, float, int]], mu: float, theta: float
) -> list[float]:
    """Each stretch is days, arrivals and servers; the states closed at the top."""
    with mpmath.workdps(25):
        row = mpmath.zeros(1, states)
        row[start] = 1
        for days, rate, servers in stretches:
            rates = generator(
                states,
                rate,
                lambda n, s=servers: min(n, s) * mpmath.mpf(mu) + max(n - s, 0) * mpmath.mpf(theta),  # type: ignore[misc]  # mypy cannot infer a default
            )
            row = row * mpmath.expm(rates * mpmath.mpf(days), method="taylor")
        return [float(value) for value in row]


@pytest.mark.parametrize("theta", [0.0, 0.75])
def test_a_queue_with_few_places_matches_the_matrix_exponential(theta: float) -> None:
    found = kolmogorov(
        Steps((0, 2), (6.0, 2.5)),
        1.25,
        Steps((0, 1, 2.5), (4, 2, 0)),
        [1.0, 3.0],
        start=3,
        patience_rate=theta,
        limit=14,
    )
    stretches = [(1.0, 6.0, 4), (1.0, 6.0, 2), (0.5, 2.5, 2), (0.5, 2.5, 0)]
    for row, until in ((0, 1), (1, 4)):
        expected = exact(15, 3, stretches[:until], 1.25, theta)
        assert np.abs(found.probabilities[row] - expected).max() < 1e-14
        assert found.probabilities[row] == pytest.approx(expected, rel=1e-11, abs=0)
    assert found.lost == 0


def test_a_queue_without_limit_matches_the_matrix_exponential_of_many_states() -> None:
    found = kolmogorov(3.0, 1.0, 2, [1.0], start=1)
    expected = exact(26, 1, [(1.0, 3.0, 2)], 1.0, 0.0)
    assert np.abs(found.probabilities[0][:26] - expected).max() < 1e-13
    assert found.lost < 1e-13


# ----------------------------------------------------------------------------- closed forms


def test_with_servers_for_all_the_number_is_poisson_of_the_mean_busy() -> None:
    times = [0.5, 2.0, 4.0, 12.0]
    found = kolmogorov(CHANGING, 0.6, 400, times)
    mean = busy_without_limit(CHANGING, Exponential(1 / 0.6), times)
    assert found.mean_in_system == pytest.approx(mean, rel=1e-12)
    assert found.variance == pytest.approx(mean, rel=1e-11)
    assert found.mean_in_queue.tolist() == [0] * 4
    for row, expected in zip(found.probabilities, mean, strict=True):
        n = np.arange(60)
        logs = n * math.log(expected) - expected - np.array([math.lgamma(k + 1) for k in n])
        assert np.abs(row[:60] - np.exp(logs)).max() < 1e-13


def test_without_service_and_patience_the_number_is_a_count_of_arrivals() -> None:
    found = kolmogorov(4.0, 1.0, 0, [2.5], start=7)
    assert found.mean_in_system[0] == pytest.approx(7 + 10, rel=1e-12)
    assert found.variance[0] == pytest.approx(10, rel=1e-11)
    assert found.mean_in_queue[0] == found.mean_in_system[0]


def test_without_arrivals_a_backlog_leaves_one_by_one() -> None:
    # Two servers, 1 a day each, from 3: the chance that all are still there after t is e^−2t.
    found = kolmogorov(0.0, 1.0, 2, [0.0, 0.75], start=3)
    assert found.probabilities[1][3] == pytest.approx(math.exp(-1.5), rel=1e-14)
    assert found.probabilities[1][2] == pytest.approx(1.5 * math.exp(-1.5), rel=1e-13)
    assert found.probabilities[0].tolist() == [0, 0, 0, 1]


def test_where_nothing_comes_and_nothing_is_there_nothing_happens() -> None:
    found = kolmogorov(0.0, 1.0, 2, [3.0])
    assert (found.mean_in_system[0], found.variance[0], found.lost) == (0, 0, 0)


@pytest.mark.parametrize(("servers", "arrivals"), [(1, 0.7), (20, 16.0), (3, 0.6)])
def test_after_long_a_queue_stands_as_in_equilibrium(servers: int, arrivals: float) -> None:
    found = kolmogorov(arrivals, 1.0, servers, [1500.0], start=3)
    steady = mmc(arrivals, 1.0, servers)
    assert found.mean_in_system[0] == pytest.approx(steady.mean_in_system, rel=1e-11)
    assert found.mean_in_queue[0] == pytest.approx(steady.mean_in_queue, rel=1e-11)
    waits = found.probabilities[0][servers:].sum()
    assert waits == pytest.approx(steady.probability_of_waiting, rel=1e-12)


def test_after_long_a_queue_that_customers_leave_stands_as_in_equilibrium() -> None:
    found = kolmogorov(60.0, 1.0, 40, [70.0], patience_rate=0.5)
    steady = erlang_a(60.0, 1.0, 40, 0.5)
    assert found.mean_in_queue[0] == pytest.approx(steady.mean_in_queue, rel=1e-11)
    assert found.mean_in_system[0] == pytest.approx(steady.mean_in_system, rel=1e-11)


def test_after_long_a_queue_with_limited_places_stands_as_in_equilibrium() -> None:
    found = kolmogorov(9.0, 1.0, 5, [100.0], limit=12)
    assert found.probabilities[0] == pytest.approx(mmck(9, 1, 5, 12).probabilities, rel=1e-12)


# ----------------------------------------------------------------------------- conservation


def test_mean_changes_by_arrivals_less_departures() -> None:
    # Overloaded all along, every server is busy: the mean grows by (λ − sμ) a day.
    found = kolmogorov(
        Steps((0, 5), (30, 50)), 1.0, Steps((0, 7), (20, 35)), [5.0, 10.0], start=400
    )
    first = 400 + 5 * (30 - 20)
    assert found.mean_in_system[0] == pytest.approx(first, rel=1e-12)
    second = first + 2 * (50 - 20) + 3 * (50 - 35)
    assert found.mean_in_system[1] == pytest.approx(second, rel=1e-12)
    assert found.mean_in_queue[1] == pytest.approx(second - 35, rel=1e-12)
    assert found.variance[0] == pytest.approx(5 * (30 + 20), rel=1e-10)


def test_asking_at_more_times_changes_nothing_at_a_time() -> None:
    arrivals, servers = Steps((0, 1, 4), (20, 35, 5)), Steps((0, 2), (30, 22))
    often = kolmogorov(arrivals, 1.0, servers, np.linspace(0, 8, 33))
    once = kolmogorov(arrivals, 1.0, servers, [8.0])
    states = min(often.probabilities.shape[1], once.probabilities.shape[1])
    apart = often.probabilities[-1][:states] - once.probabilities[0][:states]
    assert np.abs(apart).max() < 1e-13
    assert np.abs(often.probabilities.sum(axis=1) - 1).max() < 2e-13
    assert (often.probabilities >= 0).all()
    assert often.lost < 1e-13


def test_states_are_added_when_the_first_guess_was_too_few(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from cauce.engines.capacity import transient

    guessed = kolmogorov(20.0, 1.0, 15, [6.0])
    monkeypatch.setattr(transient._Stretch, "reach", lambda self, occupied: 2)
    grown = kolmogorov(20.0, 1.0, 15, [6.0])
    assert grown.mean_in_system[0] == pytest.approx(guessed.mean_in_system[0], rel=1e-12)
    assert grown.lost < 1e-13


def test_a_backlog_that_is_gone_takes_no_more_states() -> None:
    found = kolmogorov(1.0, 1.0, Steps((0, 30), (50, 2)), [0.0, 30.0, 31.0], start=500)
    assert 501 <= found.probabilities.shape[1] < 700
    assert not found.probabilities[2][300:].any()


# ----------------------------------------------------------------------------- bad input


@pytest.mark.parametrize(
    ("ask", "code", "field"),
    [
        (lambda: busy_without_limit(1, Always(1), [0, -1.0]), "capacity_negative", "times[1]"),
        (lambda: busy_without_limit(1, Always(1), [math.inf]), "capacity_not_finite", "times[0]"),
        (lambda: busy_without_limit(-1, Always(1), [1.0]), "capacity_negative", "values[0]"),
        (lambda: busy_without_limit(1, Always(1), [1.0], start=-1), "capacity_negative", "start"),
        (lambda: kolmogorov(1, 0, 1, [1.0]), "capacity_not_positive", "service_rate"),
        (lambda: kolmogorov(1, 1, 1.5, [1.0]), "capacity_not_whole", "servers[0]"),
        (lambda: kolmogorov(1, 1, 1, []), "capacity_too_few", "times"),
        (lambda: kolmogorov(1, 1, 1, [2.0, 1.0]), "capacity_not_ascending", "times[1]"),
        (lambda: kolmogorov(1, 1, 1, [1.0], start=-1), "capacity_negative", "start"),
        (
            lambda: kolmogorov(1, 1, 1, [1.0], patience_rate=-1),
            "capacity_negative",
            "patience_rate",
        ),
        (lambda: kolmogorov(1, 1, 1, [1.0], start=3, limit=2), "capacity_too_many", "start"),
        (lambda: kolmogorov(1, 1, 1, [1.0], limit=MOST_STATES), "capacity_too_many", "states"),
        (lambda: kolmogorov(1, 1, 1, [1.0], start=MOST_STATES), "capacity_too_many", "states"),
        (
            lambda: kolmogorov(60.0, 1, 0, [1.0], start=MOST_STATES - 20),
            "capacity_too_many",
            "states",
        ),
    ],
)
def test_what_cannot_be_computed_is_refused_with_its_field(
    ask: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as caught:
        ask()
    assert (caught.value.code, caught.value.params["field"]) == (code, field)
