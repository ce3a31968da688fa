from __future__ import annotations

import math

import pytest

from cauce.engines.capacity.distributions import Always, Exponential
from cauce.engines.capacity.lanes import LaneOptions, LanePlan, lanes, waits_by_hour
from cauce.engines.capacity.scenario import Rates
from cauce.engines.capacity.steady import erlang_c
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError
from cauce.values.answer import Code

pytestmark = pytest.mark.simulation

MINUTE = 1 / 1440
THREE = Exponential(3 * MINUTE)


def by_hour(*vehicles: float) -> Rates:
    return Rates(
        Steps(tuple(h / 24 for h in range(len(vehicles))), tuple(24.0 * v for v in vehicles))
    )


def enough(plan: LanePlan, limit: float) -> bool:
    return all(wait.quantile <= limit for wait in plan.waits)


MORNING = by_hour(20, 60, 120, 150, 90, 40)
SIX = LaneOptions(hours=6, replications=5)


def with_lanes(open_: tuple[int, ...], options: LaneOptions = SIX) -> list[float]:
    steps = Steps(tuple(h / 24 for h in range(len(open_))), open_)
    found = waits_by_hour(MORNING, THREE, steps.simplified(), options, seed=4)
    return [wait.quantile for wait in found.all_open]


@pytest.mark.slow
def test_waits_in_a_long_steady_stretch_are_those_of_erlang_c() -> None:
    # 90 vehicles an hour, 3 minutes each: traffic 4.5. With 6 lanes the share C waits, and longer
    # than t minutes C·exp(−(6 − 4.5)/3·t): in the mean 2·C, and one in ten longer than 2·ln(10·C).
    # Over 60 replications of 400 hours the mean differed by 6.2 % from one to the next and the
    # quantile by 5.7 %: 160 of them have a standard error of 0.5 %, so that 2 % are four of it.
    options = LaneOptions(hours=400, replications=160)
    found = waits_by_hour(by_hour(90), THREE, Steps.always(6), options, seed=1).all_open[20:]
    vehicles = sum(each.vehicles for each in found)
    assert vehicles / 380 == pytest.approx(90, rel=0.002)  # 5.5 million: 4 errors are 0.17 %.
    waits = erlang_c(6, 4.5)
    mean = sum(each.mean * each.vehicles for each in found) / vehicles
    assert mean == pytest.approx(2 * waits, rel=0.02)
    quantile = sum(each.quantile for each in found) / len(found)
    assert quantile == pytest.approx(2 * math.log(10 * waits), rel=0.02)


def test_a_steady_day_needs_the_lanes_that_erlang_c_gives() -> None:
    # Fewest c with C(c, 4.5)·exp(−(c − 4.5)/3·limit) ≤ 0.1.
    plan = lanes(by_hour(*[90] * 12), THREE, 4, LaneOptions(hours=12, replications=20), seed=1)
    fewest = next(c for c in range(5, 11) if erlang_c(c, 4.5) * math.exp(-(c - 4.5) / 3 * 4) <= 0.1)
    # In single hours one more lane lets the next hours do with less.
    assert sum(plan.open[2:]) / 10 == pytest.approx(fewest, abs=0.5)


def test_every_hour_waits_within_the_limit_and_no_lane_is_to_spare() -> None:
    plan = lanes(MORNING, THREE, 10, SIX, seed=4)
    assert enough(plan, 10)
    assert plan.infeasible == ()
    assert plan.lane_hours == sum(plan.open)
    for hour, count in enumerate(plan.open):
        if count > 1:
            less = tuple(c - (h == hour) for h, c in enumerate(plan.open))
            assert max(with_lanes(less)) > 10


def test_the_fewest_lane_hours_of_all_are_found_in_a_small_case() -> None:
    arrivals, options = by_hour(15, 50, 30), LaneOptions(hours=3, most=4, replications=5)
    plan = lanes(arrivals, THREE, 8, options, seed=1)
    good = []
    for code in range(4**3):
        open_ = (1 + code // 16, 1 + code // 4 % 4, 1 + code % 4)
        steps = Steps((0, 1 / 24, 2 / 24), open_).simplified()
        waits = waits_by_hour(arrivals, THREE, steps, options, seed=1).all_open
        if all(each.quantile <= 8 for each in waits):
            good.append(sum(open_))
    assert plan.lane_hours == min(good)


def test_a_shorter_wait_needs_no_fewer_lanes() -> None:
    counts = [lanes(MORNING, THREE, limit, SIX, seed=4).lane_hours for limit in (30, 10, 3, 0.5)]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_works_that_close_lanes_name_the_hours_that_cannot_be_kept() -> None:
    closed = Steps((0, 2 / 24, 4 / 24), (0, 6, 0))
    options = LaneOptions(hours=6, replications=10, closed=closed)
    assert options.can_open == (10, 10, 4, 4, 10, 10)
    plan = lanes(MORNING, THREE, 5, options, seed=4)
    assert plan.open[2:4] == (4, 4)
    assert set(plan.infeasible) >= {2, 3}
    for wait in plan.waits:
        assert (wait.quantile > 5) == (wait.hour in plan.infeasible)


def test_who_comes_while_the_port_is_shut_asks_for_no_lane_in_the_morning() -> None:
    shut = LaneOptions(hours=3, replications=20, closed=Steps((0, 1 / 24), (10, 0)))
    plan = lanes(by_hour(6, 6, 6), THREE, 20, shut, seed=2)
    assert plan.open[0] == 0
    assert 0 in plan.infeasible
    # Six vehicles at once and six in the hour are 36 minutes of work for one lane.
    assert plan.open[1] <= 3


def test_an_hour_that_is_full_is_helped_by_the_hour_before_it() -> None:
    # Works leave 5 lanes in the second hour; the first one must not leave it a queue.
    closed = Steps((0, 1 / 24, 2 / 24), (0, 5, 0))
    arrivals = by_hour(110, 80, 10)
    tight = LaneOptions(hours=3, replications=20, closed=closed)
    plan = lanes(arrivals, THREE, 11, tight, seed=2)
    free = lanes(arrivals, THREE, 11, LaneOptions(hours=3, replications=20), seed=2)
    assert plan.infeasible == ()
    assert plan.open[0] >= free.open[0]


def test_an_hour_in_which_works_begin_or_end_has_all_of_them() -> None:
    half_past = Steps((0, 1.5 / 24, 2.5 / 24), (0, 3, 0))
    assert LaneOptions(hours=4, closed=half_past).can_open == (10, 7, 7, 10)
    assert LaneOptions(hours=1, most=2, closed=Steps.always(3)).can_open == (0,)


def test_with_two_of_ten_lanes_closed_nobody_waits_less() -> None:
    options = LaneOptions(hours=6, replications=5, closed=Steps.always(2))
    found = waits_by_hour(by_hour(*[170] * 6), THREE, Steps.always(10), options, seed=1)
    for with_all, without in zip(found.all_open, found.some_closed, strict=True):
        assert without.mean > with_all.mean
        assert without.quantile >= with_all.quantile
        assert without.vehicles == with_all.vehicles


def test_waits_without_a_lane_never_end_and_an_empty_hour_waits_nothing() -> None:
    options = LaneOptions(hours=2, replications=2)
    found = waits_by_hour(by_hour(0, 30), THREE, Steps.always(0), options, seed=1).all_open
    assert found[0].vehicles == found[0].mean == found[0].quantile == 0
    assert math.isinf(found[1].quantile)


def test_where_nobody_comes_the_fewest_lanes_are_open() -> None:
    plan = lanes(
        by_hour(0, 30), Always(MINUTE), 5, LaneOptions(hours=2, fewest=0, replications=2), seed=1
    )
    assert plan.open == (0, 1)


def test_the_same_seed_gives_the_same_plan_and_progress_changes_nothing() -> None:
    heard: list[tuple[int, int]] = []

    def hear(done: int, of: int) -> None:
        heard.append((done, of))

    plan = lanes(MORNING, THREE, 10, SIX, seed=4, progress=hear)
    assert plan == lanes(MORNING, THREE, 10, SIX, seed=4)
    assert [done for done, _ in heard] == list(range(1, len(heard) + 1))
    assert all(done <= of for done, of in heard)


@pytest.mark.parametrize("stop", [1, 3, 8])
def test_stopped_on_the_way_the_best_so_far_keeps_the_limit(stop: int) -> None:
    plan = lanes(MORNING, THREE, 10, SIX, seed=4, progress=lambda done, _: done < stop)
    assert plan.notes == (Code.of("interrupted", tried=stop),)
    assert enough(plan, 10)


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(CauceError, match="capacity_too_many"):
        LaneOptions(hours=745)
    with pytest.raises(CauceError, match="capacity_too_many"):
        LaneOptions(most=2, fewest=3)
    with pytest.raises(CauceError, match="capacity_negative"):
        lanes(MORNING, THREE, -1, seed=1)
