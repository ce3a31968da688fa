"""Queues in equilibrium: textbook cases by hand, large ones by mpmath with fifty digits."""

from __future__ import annotations

import math
from collections.abc import Callable

import mpmath
import numpy as np
import pytest

from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Erlang,
    Exponential,
    with_variation,
)
from cauce.engines.capacity.steady import (
    cobham,
    erlang_a,
    erlang_b,
    erlang_c,
    jackson,
    mmc,
    mmck,
    pollaczek_khinchine,
)
from cauce.errors import CauceError

CLOSE = 1e-12


def near(found: float, exact: mpmath.mpf) -> bool:
    return bool(abs(mpmath.mpf(found) - exact) <= CLOSE * abs(exact))


# ----------------------------------------------------------------------------- oracles


def exact_b(servers: int, traffic: mpmath.mpf) -> mpmath.mpf:
    """From the definition: the last term over the sum of terms."""
    term = total = mpmath.mpf(1)
    for number in range(1, servers + 1):
        term = term * traffic / number
        total += term
    return term / total


def exact_c(servers: int, traffic: mpmath.mpf) -> mpmath.mpf:
    term = total = mpmath.mpf(1)
    for number in range(1, servers):
        term = term * traffic / number
        total += term
    last = term * traffic / servers / (1 - traffic / servers)
    return last / (total + last)


def exact_chances(
    rates: Callable[[int], tuple[mpmath.mpf, mpmath.mpf]], states: int
) -> list[mpmath.mpf]:
    """A chain of births and deaths: rates(n) are those up from n − 1 and down from n."""
    terms = [mpmath.mpf(1)]
    for number in range(1, states):
        up, down = rates(number)
        terms.append(terms[-1] * up / down)
    total = mpmath.fsum(terms)
    return [term / total for term in terms]


# ----------------------------------------------------------------------------- Erlang


@pytest.mark.parametrize(
    ("servers", "traffic", "lost"),
    [(0, 3.0, 1.0), (1, 1.0, 0.5), (2, 1.0, 0.2), (3, 1.0, 1 / 16), (4, 0.0, 0.0)],
)
def test_erlang_b_of_few_servers_is_as_worked_by_hand(
    servers: int, traffic: float, lost: float
) -> None:
    assert erlang_b(servers, traffic) == pytest.approx(lost, rel=1e-15)


@pytest.mark.parametrize(("servers", "traffic", "waits"), [(1, 0.5, 0.5), (2, 1.0, 1 / 3)])
def test_erlang_c_of_few_servers_is_as_worked_by_hand(
    servers: int, traffic: float, waits: float
) -> None:
    assert erlang_c(servers, traffic) == pytest.approx(waits, rel=1e-15)


@pytest.mark.parametrize("servers", [1, 7, 100, 1000, 10_000])
@pytest.mark.parametrize("utilisation", [0.9, 0.999])
def test_erlang_b_and_c_match_fifty_digits(servers: int, utilisation: float) -> None:
    traffic = servers * utilisation
    with mpmath.workdps(50):
        assert near(erlang_b(servers, traffic), exact_b(servers, mpmath.mpf(traffic)))
        assert near(erlang_c(servers, traffic), exact_c(servers, mpmath.mpf(traffic)))


def test_erlang_b_of_an_overload_of_ten_thousand_servers_matches_fifty_digits() -> None:
    with mpmath.workdps(50):
        assert near(erlang_b(10_000, 25_000.0), exact_b(10_000, mpmath.mpf(25_000)))


# ----------------------------------------------------------------------------- M/M/c


def test_one_server_at_four_fifths_has_four_in_the_system() -> None:
    # λ = 4, μ = 5: ρ = .8, L = ρ/(1 − ρ) = 4, Lq = 3.2, W = 1/(μ − λ) = 1, Wq = .8.
    one = mmc(4, 5, 1)
    assert one.utilisation == pytest.approx(0.8)
    assert one.probability_of_waiting == pytest.approx(0.8)
    assert one.mean_in_system == pytest.approx(4)
    assert one.mean_in_queue == pytest.approx(3.2)
    assert one.mean_time == pytest.approx(1)
    assert one.mean_waiting == pytest.approx(0.8)


def test_a_clinic_with_three_doctors_is_as_in_the_textbook() -> None:
    # Gross and Harris, example 2.6: λ = 6, μ = 3, c = 3: p0 = 1/9, Lq = 8/9, Wq = 4/27 h.
    clinic = mmc(6, 3, 3)
    assert clinic.mean_in_queue == pytest.approx(8 / 9, rel=1e-14)
    assert clinic.mean_waiting == pytest.approx(4 / 27, rel=1e-14)
    assert clinic.probability_of_waiting == pytest.approx(4 / 9, rel=1e-14)
    assert clinic.mean_time == pytest.approx(4 / 27 + 1 / 3, rel=1e-14)


def test_ten_thousand_servers_at_999_thousandths_match_fifty_digits() -> None:
    rate = 0.3
    arrivals = 10_000 * rate * 0.999
    found = mmc(arrivals, rate, 10_000)
    with mpmath.workdps(50):
        lam, mu = mpmath.mpf(arrivals), mpmath.mpf(rate)
        waits = exact_c(10_000, lam / mu)
        waiting = waits / (10_000 * mu - lam)
        assert near(found.probability_of_waiting, waits)
        assert near(found.mean_waiting, waiting)
        assert near(found.mean_in_queue, waiting * lam)
        assert near(found.mean_in_system, waiting * lam + lam / mu)
        assert near(found.mean_time, waiting + 1 / mu)
        assert near(
            found.waiting_quantile(0.99),
            mpmath.log(waits / (1 - mpmath.mpf(0.99))) * waiting / waits,
        )


def test_a_share_of_customers_starts_within_the_quantile_of_waiting() -> None:
    # ρ = .8, so P(W > t) = .8·e^−t; half: t = ln(.8/.5).
    one = mmc(4, 5, 1)
    assert one.waiting_quantile(0.5) == pytest.approx(math.log(1.6))
    assert one.waiting_quantile(0.2) == pytest.approx(0)
    assert one.waiting_quantile(0) == 0
    assert mmc(0, 5, 1).waiting_quantile(0.999) == 0


def test_where_nobody_comes_nobody_waits() -> None:
    none = mmc(0, 2, 3)
    assert (none.utilisation, none.mean_in_system, none.mean_time) == (0, 0, 0.5)


# ----------------------------------------------------------------------------- M/M/c/K


def test_a_shop_with_three_places_turns_a_quarter_away_at_full_load() -> None:
    # ρ = 1 and K = 3: all of 0, 1, 2, 3 as likely.
    shop = mmck(1, 1, 1, 3)
    assert shop.probabilities == pytest.approx((0.25,) * 4)
    assert shop.blocking == 0.25
    assert shop.throughput == 0.75
    assert shop.mean_in_system == pytest.approx(1.5)
    assert shop.mean_in_queue == pytest.approx(0.25 + 0.5)
    assert shop.mean_waiting == pytest.approx(0.75 / 0.75)
    assert shop.mean_time == pytest.approx(1.5 / 0.75)
    # Let in: found 0, 1 or 2; two of the three wait.
    assert shop.probability_of_waiting == pytest.approx(2 / 3)
    assert shop.utilisation == pytest.approx(0.75)


def test_without_places_to_wait_it_is_erlang_b() -> None:
    found = mmck(7, 2, 5, 5)
    assert found.blocking == pytest.approx(erlang_b(5, 3.5), rel=1e-14)
    assert found.probability_of_waiting == 0


def test_with_many_places_it_is_the_queue_without_limit() -> None:
    assert mmck(9, 5, 2, 1000).mean_waiting == pytest.approx(mmc(9, 5, 2).mean_waiting, rel=1e-13)


def test_a_limited_queue_where_nobody_comes_is_empty() -> None:
    empty = mmck(0, 2, 1, 2)
    assert list(empty.probabilities) == [1, 0, 0]
    assert (empty.mean_waiting, empty.mean_time, empty.blocking) == (0, 0.5, 0)


@pytest.mark.parametrize("arrivals", [4000.0, 9990.0, 10_000.0, 30_000.0])
def test_ten_thousand_servers_with_limited_places_match_fifty_digits(arrivals: float) -> None:
    servers, places = 10_000, 10_300
    found = mmck(arrivals, 1.0, servers, places)
    with mpmath.workdps(50):
        chances = exact_chances(
            lambda n: (mpmath.mpf(arrivals), mpmath.mpf(min(n, servers))), places + 1
        )
        served = mpmath.fsum(min(n, servers) * p for n, p in enumerate(chances))
        queue = mpmath.fsum(max(n - servers, 0) * p for n, p in enumerate(chances))
        waits = mpmath.fsum(chances[servers:-1]) / mpmath.fsum(chances[:-1])
        assert near(found.throughput, served)
        assert near(found.utilisation, served / servers)
        for mine, exact in (
            (found.blocking, chances[-1]),
            (found.mean_in_queue, queue),
            (found.mean_waiting, queue / served),
            (found.probability_of_waiting, waits),
        ):
            assert near(mine, exact) or exact < 1e-300


# ----------------------------------------------------------------------------- M/M/c+M


def test_who_leaves_as_fast_as_served_makes_a_queue_of_poisson_length() -> None:
    # θ = μ: the number in the system is Poisson of mean 3, whatever the servers.
    found = erlang_a(3, 1, 2, 1)
    none_or_one = math.exp(-3) * (1 + 3)
    busy = 2 - math.exp(-3) * (2 * 1 + 1 * 3)
    assert found.mean_in_system == pytest.approx(3, rel=1e-14)
    assert found.probability_of_waiting == pytest.approx(1 - none_or_one, rel=1e-14)
    assert found.utilisation == pytest.approx(busy / 2, rel=1e-14)
    assert found.abandonment == pytest.approx((3 - busy) / 3, rel=1e-14)
    assert found.mean_waiting == pytest.approx((3 - busy) / 3, rel=1e-14)


@pytest.mark.parametrize(
    ("arrivals", "rate", "servers", "patience"),
    [
        (0.2, 1.0, 3, 5.0),
        (3.0, 0.5, 1, 0.1),
        (99.0, 1.0, 100, 0.5),
        (40.0, 1.0, 100, 2.0),
        (9990.0, 1.0, 10_000, 0.05),
        (10_000.0, 1.0, 10_000, 1.0),
        (11_000.0, 1.0, 10_000, 3.0),
        (9000.0, 1.0, 10_000, 0.01),
        (50.0, 1.0, 10, 0.02),
    ],
)
def test_queues_that_customers_leave_match_fifty_digits(
    arrivals: float, rate: float, servers: int, patience: float
) -> None:
    found = erlang_a(arrivals, rate, servers, patience)
    with mpmath.workdps(50):
        lam, mu, theta = mpmath.mpf(arrivals), mpmath.mpf(rate), mpmath.mpf(patience)
        chances = exact_chances(
            lambda n: (lam, min(n, servers) * mu + max(n - servers, 0) * theta), servers + 6000
        )
        waits = mpmath.fsum(chances[servers:])
        queue = mpmath.fsum(k * p for k, p in enumerate(chances[servers:]))
        busy = mpmath.fsum(min(n, servers) * p for n, p in enumerate(chances))
        assert near(found.probability_of_waiting, waits)
        assert near(found.mean_in_queue, queue)
        assert near(found.mean_waiting, queue / lam)
        assert near(found.abandonment, theta * queue / lam)
        assert near(found.utilisation, busy / servers)
        assert near(found.mean_in_system, queue + busy)


def test_a_long_overload_ends_where_leaving_takes_up_the_rest() -> None:
    # 20,000 a day for 10,000 served: 10,000 leave a day, each at 1/10,000 a day.
    found = erlang_a(20_000, 1, 10_000, 1e-4)
    assert found.mean_in_queue == pytest.approx(1e8, rel=1e-12)
    assert found.utilisation == pytest.approx(1, rel=1e-12)
    assert found.abandonment == pytest.approx(0.5, rel=1e-12)


def test_nearly_endless_patience_is_the_queue_nobody_leaves() -> None:
    assert erlang_a(9, 5, 2, 1e-7).mean_waiting == pytest.approx(
        mmc(9, 5, 2).mean_waiting, rel=1e-5
    )


# ----------------------------------------------------------------------------- M/G/1, classes


def test_a_constant_service_halves_the_waiting_of_a_random_one() -> None:
    assert pollaczek_khinchine(0.8, 1, 0).mean_waiting == pytest.approx(2)
    random = pollaczek_khinchine(0.8, 1, 1)
    assert random.mean_waiting == pytest.approx(mmc(0.8, 1, 1).mean_waiting, rel=1e-14)
    assert random.mean_in_system == pytest.approx(4, rel=1e-14)
    assert random.probability_of_waiting == pytest.approx(0.8)
    assert random.utilisation == pytest.approx(0.8)


def test_pollaczek_and_khinchine_match_fifty_digits_near_saturation() -> None:
    found = pollaczek_khinchine(0.999 / 3.7, 3.7, 1.3)
    with mpmath.workdps(50):
        lam, mean, cv = mpmath.mpf(0.999 / 3.7), mpmath.mpf(3.7), mpmath.mpf(1.3)
        waiting = lam * mean**2 * (1 + cv**2) / 2 / (1 - lam * mean)
        assert near(found.mean_waiting, waiting)
        assert near(found.mean_time, waiting + mean)


def test_three_classes_wait_as_worked_by_hand() -> None:
    # λ = .2, .1, .2; all of mean 1 and 1.5 and 1: ρ = .2, .15, .2; second moments 1, 4.5, 1.25.
    # W0 = (.2·1 + .1·4.5 + .2·1.25)/2 = .45; waits .45/.8, .45/(.8·.65), .45/(.65·.45).
    services = (Always(1), Exponential(1.5), Erlang(1, 4))
    found = cobham((0.2, 0.1, 0.2), services)
    assert [each.mean_waiting for each in found] == pytest.approx(
        [0.45 / 0.8, 0.45 / (0.8 * 0.65), 0.45 / (0.65 * 0.45)], rel=1e-14
    )
    assert [each.utilisation for each in found] == pytest.approx([0.2, 0.15, 0.2])
    assert found[1].mean_in_queue == pytest.approx(0.1 * 0.45 / (0.8 * 0.65), rel=1e-14)
    assert found[1].mean_time == pytest.approx(1.5 + 0.45 / (0.8 * 0.65), rel=1e-14)
    assert [each.probability_of_waiting for each in found] == pytest.approx([0.55] * 3)


def test_one_class_alone_is_pollaczek_and_khinchine() -> None:
    (alone,) = cobham((0.7,), (with_variation(1.2, 0.6),))
    assert alone.mean_waiting == pytest.approx(
        pollaczek_khinchine(0.7, 1.2, 0.6).mean_waiting, rel=1e-13
    )


def test_priorities_move_waiting_from_class_to_class_but_make_none() -> None:
    # Kleinrock's conservation law: Σ ρᵢ·Wᵢ is that of one queue first come first served.
    rates, services = (2.0, 3.0, 1.0), (Exponential(1.5),) * 3
    found = cobham(rates, services, servers=10)
    together = mmc(6, 1 / 1.5, 10)
    assert found[0].mean_waiting < found[1].mean_waiting < found[2].mean_waiting
    assert sum(each.mean_in_queue for each in found) == pytest.approx(
        together.mean_in_queue, rel=1e-13
    )
    assert found[0].probability_of_waiting == pytest.approx(
        together.probability_of_waiting, rel=1e-13
    )
    assert sum(each.utilisation for each in found) == pytest.approx(0.9, rel=1e-14)


# ----------------------------------------------------------------------------- networks


def test_stages_in_a_row_stand_each_as_a_queue_of_their_own() -> None:
    found = jackson((6, 0, 0), ((0, 1, 0), (0, 0, 1), (0, 0, 0)), (3, 7, 2), (3, 1, 5))
    assert found.arrival_rates == pytest.approx((6, 6, 6))
    alone = [mmc(6, 3, 3), mmc(6, 7, 1), mmc(6, 2, 5)]
    assert found.nodes == tuple(alone)
    assert found.mean_time == pytest.approx(sum(each.mean_time for each in alone), rel=1e-14)


def test_files_sent_back_come_again() -> None:
    # A fifth of what the second stage decides goes back to the first: 4/(1 − .2) = 5 at both.
    found = jackson((4, 0), ((0, 1), (0.2, 0)), (6, 3), (1, 2))
    assert found.arrival_rates == pytest.approx((5, 5), rel=1e-14)
    assert found.mean_in_system == pytest.approx(
        mmc(5, 6, 1).mean_in_system + mmc(5, 3, 2).mean_in_system, rel=1e-13
    )
    assert found.mean_time == pytest.approx(found.mean_in_system / 4, rel=1e-14)


def test_a_stage_that_nobody_reaches_is_empty() -> None:
    found = jackson((1, 0), ((0, 0), (1, 0)), (2, 2), (1, 1))
    assert found.nodes[1].mean_in_system == 0


def test_a_network_of_forty_stages_matches_thirty_digits() -> None:
    draws = np.random.default_rng(5).random((40, 41))
    routes = (draws / draws.sum(axis=1, keepdims=True))[:, :40] * 0.99
    found = jackson([1.0] * 40, routes.tolist(), [20.0] * 40, [20] * 40)
    with mpmath.workdps(30):
        matrix = mpmath.eye(40) - mpmath.matrix(routes.T.tolist())
        exact = mpmath.lu_solve(matrix, mpmath.matrix([1] * 40))
        assert all(near(mine, exact[i]) for i, mine in enumerate(found.arrival_rates))


# ----------------------------------------------------------------------------- bad input

TWO: tuple[Distribution, ...] = (Exponential(1), Exponential(1))


@pytest.mark.parametrize(
    ("ask", "code", "field"),
    [
        (lambda: erlang_b(-1, 1), "capacity_negative", "servers"),
        (lambda: erlang_b(1.5, 1), "capacity_not_whole", "servers"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: erlang_b(10**9, 1), "capacity_too_many", "servers"),
        (lambda: erlang_b(1, -1), "capacity_negative", "traffic"),
        (lambda: erlang_c(0, 1), "capacity_not_positive", "servers"),
        (lambda: erlang_c(2, 2), "capacity_overloaded", "traffic"),
        (lambda: mmc(-1, 1, 1), "capacity_negative", "arrival_rate"),
        (lambda: mmc(1, 0, 1), "capacity_not_positive", "service_rate"),
        (lambda: mmc(1, math.nan, 1), "capacity_not_finite", "service_rate"),
        (lambda: mmc(1, 2, 0), "capacity_not_positive", "servers"),
        (lambda: mmc(2, 1, 2), "capacity_overloaded", "servers"),
        (lambda: mmc(1, 2, 1).waiting_quantile(1), "capacity_not_share", "share"),
        (lambda: mmc(1, 2, 1).waiting_quantile(1.5), "capacity_not_share", "share"),
        (lambda: mmck(1, 1, 3, 2), "capacity_too_few", "places"),
        (lambda: mmck(1, 1, 3, 10**8), "capacity_too_many", "places"),
        (lambda: erlang_a(0, 1, 1, 1), "capacity_not_positive", "arrival_rate"),
        (lambda: erlang_a(1, 1, 1, 0), "capacity_not_positive", "patience_rate"),
        (lambda: erlang_a(1e6, 1, 1, 1e-9), "capacity_too_many", "states"),
        (lambda: pollaczek_khinchine(1, 1, 1), "capacity_overloaded", "arrival_rate"),
        (lambda: pollaczek_khinchine(1, 0.5, -1), "capacity_negative", "service_variation"),
        (lambda: cobham((0.5, 0.5), TWO), "capacity_overloaded", "arrival_rates"),
        (lambda: cobham((0.5, -0.5), TWO), "capacity_negative", "arrival_rates[1]"),
        (lambda: cobham((0.5,), TWO), "capacity_lengths_differ", "services"),
        (lambda: cobham((), ()), "capacity_lengths_differ", "services"),
        (lambda: cobham((0.1, 0.1), (TWO[0], Exponential(2)), 2), "capacity_conflict", "services"),
        (lambda: cobham((0.1, 0.1), (Always(1), Always(1)), 2), "capacity_conflict", "services"),
        (
            lambda: jackson((0, 0), ((0, 0), (0, 0)), (1, 1), (1, 1)),
            "capacity_not_positive",
            "arrivals",
        ),
        (lambda: jackson((1, 1), ((0, 0),), (1, 1), (1, 1)), "capacity_lengths_differ", "routing"),
        (lambda: jackson((1,), ((0, 0),), (1,), (1,)), "capacity_lengths_differ", "routing[0]"),
        (lambda: jackson((1,), ((0,),), (1, 1), (1,)), "capacity_lengths_differ", "service_rates"),
        (lambda: jackson((1,), ((0,),), (1,), (1, 1)), "capacity_lengths_differ", "servers"),
        (
            lambda: jackson((1, 1), ((0.6, 0.6), (0, 0)), (9, 9), (1, 1)),
            "capacity_not_share",
            "routing[0]",
        ),
        (
            lambda: jackson((1, 0), ((0, 1), (0, 0)), (2, 1), (1, 1)),
            "capacity_overloaded",
            "servers[1]",
        ),
    ],
)
def test_what_has_no_equilibrium_is_refused_with_its_field(
    ask: Callable[[], object], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as caught:
        ask()
    assert (caught.value.code, caught.value.params["field"]) == (code, field)


def test_an_overload_says_how_high_the_utilisation_would_be() -> None:
    with pytest.raises(CauceError) as caught:
        mmc(3, 1, 2)
    assert caught.value.params["value"] == 1.5


def test_a_circle_of_stages_without_a_way_out_is_refused() -> None:
    with pytest.raises(CauceError) as caught:
        jackson((1, 0, 0), ((0, 0.5, 0), (0, 0, 1), (0, 1, 0)), (9, 9, 9), (1, 1, 1))
    assert (caught.value.code, caught.value.params["stage"]) == ("capacity_routing", 1)
