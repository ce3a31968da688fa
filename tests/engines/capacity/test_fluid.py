"""The mean path: against solutions by hand, and against what it must keep."""

from __future__ import annotations

import math
from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from cauce.engines.capacity import fluid
from cauce.engines.capacity.calendar import BusinessCalendar
from cauce.engines.capacity.curves import Flows
from cauce.engines.capacity.distributions import Always, Exponential, GroupSize
from cauce.engines.capacity.fluid import flow, share_out
from cauce.engines.capacity.model import ByClass, Network, Pool, Route, Stage
from cauce.engines.capacity.result import Result, Run
from cauce.engines.capacity.scenario import (
    Arrivals,
    Deadline,
    Events,
    Paths,
    Rates,
    Scenario,
    Start,
    Waiting,
)
from cauce.engines.capacity.steps import Steps

pytestmark = pytest.mark.simulation

DAY = date(2026, 1, 5)  # a Monday


def rates(per_day: float, **more: object) -> Arrivals:
    return Arrivals(Rates(Steps.always(per_day)), **more)  # type: ignore[arg-type]


def office(servers: Steps | float = 2, mean: float = 0.5, **more: object) -> Stage:
    return Stage("office", Exponential(mean), Steps.of(servers), **more)  # type: ignore[arg-type]


def play(
    network: Network | Stage,
    *arrivals: Arrivals,
    waiting: tuple[Waiting, ...] = (),
    run: Run | None = None,
) -> Result:
    if isinstance(network, Stage):
        network = Network((network,))
    asked = run or Run(20.0, 5.0, engine="fluid")
    found = fluid.run(Scenario(network, Start(DAY, waiting), arrivals), asked, seed=1)
    assert_conserved(found)
    return found


def assert_conserved(found: Result) -> None:
    gone = found.done + found.lost.sum(axis=1) + found.turned_away.sum(axis=1)
    there = found.pending.sum(axis=1)
    assert np.abs(found.backlog + found.arrived - there - gone).max() < 1e-9


def test_a_backlog_in_full_use_falls_by_what_is_done_less_what_comes() -> None:
    found = play(office(), rates(1), waiting=(Waiting("office", 100),))
    assert found.pending[:, 0, 0] == pytest.approx([100, 85, 70, 55, 40])  # 4 − 1 = 3 a day
    assert found.done[:, 0] == pytest.approx([0, 20, 40, 60, 80])
    assert found.busy[0, 0] == pytest.approx(2)
    assert found.notes[0].code == "no_chance"


def test_with_servers_to_spare_the_number_there_nears_what_comes_in_a_service_time() -> None:
    found = play(office(servers=10, mean=4), rates(2))
    assert found.pending[:, 0, 0] == pytest.approx(8 * (1 - np.exp(-found.times / 4)))


def test_when_the_line_is_served_the_line_becomes_an_exponential() -> None:
    # 10 waiting of 12 at 2 servers who do 1 a day: served in 10 days, then 2·e^(−t/2).
    found = play(office(mean=2), waiting=(Waiting("office", 12),))
    later = 2 * np.exp(-(found.times[3:] - 10) / 2)
    assert found.pending[:, 0, 0] == pytest.approx([12, 7, 2, *later])


def test_those_who_wait_leave_at_the_rate_of_their_patience() -> None:
    # w' = 6 − 4 − w/10 from 0: 20·(1 − e^(−t/10)), with 2 in service.
    stage = office(patience=Exponential(10))
    found = play(stage, rates(6), waiting=(Waiting("office", 2),))
    waiting = 20 * (1 - np.exp(-found.times / 10))
    assert found.pending[:, 0, 0] == pytest.approx(2 + waiting)
    assert found.lost[:, 0, 0] == pytest.approx(2 * found.times - waiting)


def test_a_line_that_leaves_and_is_served_ends_and_starts_again() -> None:
    there, lost, busy = flow(there=4, coming=0, servers=2, rate=0.5, leave=0.25, length=100)
    # w' = −1 − w/4 from 2 ends after 4·ln 1.5 days.
    days = 4 * math.log(1.5)
    assert (there, lost, busy) == pytest.approx((0, 2 - days, 2 * days + 2 / 0.5), abs=1e-9)


def test_missed_appointments_cost_their_share_of_the_service() -> None:
    # One kept in two, a missed one costs half: 0.5·(1 + 1·0.5) = 0.75 days a case.
    stage = office(servers=3, no_show=0.5, no_show_cost=0.5)
    found = play(stage, waiting=(Waiting("office", 1000),))
    assert found.done[-1, 0] == pytest.approx(20 * 3 / 0.75)


def test_what_one_stage_does_comes_to_the_next_in_its_share() -> None:
    stages = (office(servers=2), Stage("appeal", Exponential(0.5), Steps.always(100)))
    network = Network(stages, (Route("office", "appeal", 0.25),))
    found = play(network, waiting=(Waiting("office", 1000),), run=Run(200.0, 50.0, engine="fluid"))
    assert found.done[-1, 0] == pytest.approx(4 * 200 - 0.5, abs=1e-6)  # 1 a day × 0.5 days there
    assert found.pending[-1, 1, 0] == pytest.approx(0.5, abs=1e-6)


def test_what_goes_back_is_worked_on_again() -> None:
    network = Network((office(servers=2),), (Route("office", "office", 0.5),))
    found = play(network, waiting=(Waiting("office", 1000),))
    assert found.done[-1, 0] == pytest.approx(20 * 4 * 0.5)


def test_stages_that_lead_to_one_another_keep_their_order() -> None:
    stages = (office(servers=4), Stage("review", Exponential(0.5), Steps.always(4)))
    network = Network(stages, (Route("office", "review"), Route("review", "office", 0.5)))
    found = play(network, rates(2), run=Run(400.0, 100.0, engine="fluid"))
    # 2 new a day and half of those reviewed: 4 a day, of half a day each.
    assert found.pending[-1, :, 0] == pytest.approx([2, 2], abs=0.01)


def test_what_goes_back_again_and_again_in_one_step_is_still_conserved() -> None:
    network = Network((office(servers=100, mean=0.05),), (Route("office", "office", 0.98),))
    found = play(network, rates(2), run=Run(700.0, 350.0, engine="fluid"))
    # 50 times 0.05 days each.
    assert found.pending[-1, 0, 0] == pytest.approx(2 * 50 * 0.05, abs=0.5)


def test_who_comes_when_the_places_are_taken_is_turned_away() -> None:
    found = play(office(places=10), rates(6), waiting=(Waiting("office", 12),))
    assert found.pending[:, 0, 0] == pytest.approx([10] * 5)
    assert found.turned_away[:, 0, 0] == pytest.approx([2, 12, 22, 32, 42])


def test_fewer_places_than_servers_let_no_more_be_served_than_fit() -> None:
    found = play(office(servers=10, places=2), rates(100))
    assert found.busy[0, 0] == pytest.approx(2, abs=0.01)


def test_a_lower_priority_number_is_served_first() -> None:
    stage = office(by_class=(ByClass("urgent", priority=-1), ByClass("other")))
    network = Network((stage,), classes=("urgent", "other"))
    waiting = (Waiting("office", 40, class_="urgent"), Waiting("office", 400, class_="other"))
    families = rates(0.0, class_="urgent", persons_per_file=GroupSize((0, 0, 1.0)))
    found = play(network, families, waiting=waiting)
    # 4 a day: after 10 days the 40 are done but for those of the last step's rounding.
    assert found.pending_persons[:, 0] == pytest.approx(
        [40 * 3 + 400, 20 * 3 + 400, 400, 380, 360], abs=3
    )


def test_classes_alike_are_served_in_proportion_to_the_work_that_waits() -> None:
    flows = Flows.of(Scenario(classes_of(0, 0), Start(DAY)))
    assert share_out(flows, [30, 10], [30, 10], [4], []) == pytest.approx([3, 1])
    # 1 asks for less than its part, and the rest is for the other.
    assert share_out(flows, [30, 0.5], [30, 10], [4], []) == pytest.approx([3.5, 0.5])
    # What nobody asks for is given by weight; alike where nobody is there.
    assert share_out(flows, [1, 1], [1, 3], [4], []) == pytest.approx([1.5, 2.5])
    assert share_out(flows, [0, 0], [0, 0], [4], []) == pytest.approx([2, 2])


def classes_of(first: int, second: int, pools: tuple[Pool, ...] = ()) -> Network:
    needs = tuple(pool.name for pool in pools)
    rows = (ByClass("a", priority=first, needs=needs), ByClass("b", priority=second))
    return Network((office(servers=4, by_class=rows),), pools=pools, classes=("a", "b"))


def test_a_pool_limits_those_who_need_it_and_the_others_get_the_servers() -> None:
    network = classes_of(0, 0, (Pool("interpreters", Steps.always(1)),))
    flows = Flows.of(Scenario(network, Start(DAY)))
    assert share_out(flows, [30, 30], [30, 30], [4], [1]) == pytest.approx([1, 3])
    waiting = (Waiting("office", 100, class_="a"), Waiting("office", 300, class_="b"))
    found = play(network, waiting=waiting)
    assert found.done[-1, 0] == pytest.approx(20 * 4 / 0.5)
    assert found.busy[0, 0] == pytest.approx(4)


def test_a_later_stage_takes_first_of_a_pool() -> None:
    needs = (ByClass("all", needs=("rooms",)),)
    stages = (office(by_class=needs), Stage("end", Exponential(1), Steps.always(2), by_class=needs))
    network = Network(stages, pools=(Pool("rooms", Steps((0, 10), (3, 2))),))
    found = play(network, waiting=(Waiting("office", 50), Waiting("end", 50)))
    assert found.pending[:, :, 0] == pytest.approx(
        # 2 rooms for the end, 1 for the office (2 a day) until day 10; none for it then.
        np.array([[50, 50], [40, 50], [30, 50], [30, 40], [30, 30]]),
        abs=1e-6,
    )
    assert [note.get("field") for note in found.notes if note.code == "not_held"] == [
        "pools.rooms.servers"
    ]


def test_a_short_closure_is_averaged_and_a_long_one_is_kept() -> None:
    week = Steps((0, 5, 7, 12, 14, 19), (1, 0, 1, 0, 1, 0))
    waiting = (Waiting("office", 200),)
    weekly = play(office(opening=week), waiting=waiting, run=Run(14.0, 7.0, engine="fluid"))
    assert weekly.done[:, 0] == pytest.approx([0, 20, 40])
    closed = office(opening=Steps((0, 5, 15), (1, 0, 1)), patience=Exponential(1e9))
    found = play(closed, waiting=waiting)
    assert found.done[:, 0] == pytest.approx([0, 20, 20, 20, 40], abs=1e-4)


def test_who_comes_to_a_closed_office_waits() -> None:
    there, lost, busy = flow(there=1, coming=1, servers=2, rate=0, leave=0, length=3)
    assert (there, lost, busy) == pytest.approx((4, 0, 3))


def test_an_empty_plan_stays_empty_and_nobody_knows_a_wait() -> None:
    found = play(office())
    assert not found.pending.any()
    assert np.isnan(found.waits).all()


def test_waits_are_the_delay_between_who_came_and_who_started() -> None:
    # 100 waiting, 98 behind the first two: who starts on day t has waited t, for 20 days.
    found = play(office(), waiting=(Waiting("office", 100),), run=Run(20.0, 1.0, engine="fluid"))
    assert found.waits[0, :2, 0] == pytest.approx([10, 16], abs=0.5)


def test_waits_of_those_who_stay_are_longer_than_the_line_by_itself_says() -> None:
    # In balance w = (8 − 4)·10 = 40 wait, and e^(−T/10) = 4/8 of them stay: T = 10·ln 2.
    stage = office(patience=Exponential(10))
    waiting = (Waiting("office", 42),)
    found = play(stage, rates(8), waiting=waiting, run=Run(400.0, 2.0, engine="fluid"))
    assert found.waits[0, 0, 0] == pytest.approx(10 * math.log(2), rel=1e-3)


def test_ages_are_of_those_filed_last() -> None:
    waiting = (Waiting("office", 60, 0, 30), Waiting("office", 40, 100))
    run = Run(20.0, 5.0, engine="fluid", age_edges=(0, 15, 100))
    found = play(office(), waiting=waiting, run=run)
    # 4 a day: after 5 days 20 of the 40 are left; of the 60, those 10 to 30 days old at the start.
    assert found.aged[1, :, 0] == pytest.approx([80, 60, 20])
    assert found.aged[3, :, 0] == pytest.approx([40, 40, 0])
    assert "in_order_of_filing" in [note.code for note in found.notes]
    assert play(office(), run=Run(5.0, 5.0, age_edges=())).aged.shape == (2, 0, 1)


def test_a_limit_in_days_is_kept_while_the_line_is_short() -> None:
    # 4 done a day, 6 come: the line grows by 2 a day, so who files on day t waits t/2 days.
    deadlines = (Deadline("ten", days=10.0), Deadline("five", days=5.0))
    run = Run(40.0, 10.0, engine="fluid", deadlines=deadlines)
    found = play(office(), rates(6), waiting=(Waiting("office", 2),), run=run)
    assert found.filed[:, 0] == pytest.approx([60, 60, 60, 60])
    # Done by day 40: 160 + 2 out of those filed up to day 26.6.
    assert found.on_time[0, :, 0] == pytest.approx([60, 60, 0, 0], abs=8)
    assert found.on_time[1, :, 0] == pytest.approx([60, 0, 0, 0], abs=8)
    assert found.unknown[0, :, 0] == pytest.approx([0, 0, 0, 60])
    assert found.overdue[0, :, 0] == pytest.approx([0, 0, 0, 0, 20], abs=3)


def test_limits_of_those_who_stay_count_only_who_is_decided() -> None:
    run = Run(40.0, 10.0, engine="fluid", deadlines=(Deadline("ever", days=1000.0),))
    found = play(office(patience=Exponential(10)), rates(6), run=run)
    assert found.on_time[0].sum() == pytest.approx(found.done[-1, 0], rel=1e-6)
    assert found.unknown[0].sum() == pytest.approx(found.pending[-1, 0, 0], rel=1e-6)


def test_a_limit_in_working_days_passes_over_the_weekend() -> None:
    limit = Deadline("five", working_days=5, calendar=BusinessCalendar())
    waiting = (Waiting("office", 100, 0, 20),)
    run = Run(14.0, 7.0, engine="fluid", deadlines=(limit,))
    found = play(office(servers=0), waiting=waiting, run=run)
    # Five working days are seven days: 13 to 20 days old on day 0, all but none a fortnight on.
    assert found.overdue[0, :, 0] == pytest.approx([65, 100, 100], abs=6)


@pytest.mark.parametrize(
    "source",
    [
        Rates(Steps((0, 10), (3, 1))),
        Paths(np.array([0.0, 10, 20]), np.array([[20.0, 10], [40, 10]])),
        Events(np.concatenate([np.linspace(0.01, 10, 30), np.linspace(10.01, 20, 10)])),
    ],
)
def test_arrivals_of_every_kind_come_as_expected(source: Rates | Paths | Events) -> None:
    found = play(office(), Arrivals(source, late_share=0.25))
    assert found.arrived[[2, 4], 0] == pytest.approx([30, 40])
    assert found.flagged == pytest.approx([10])


def test_an_event_at_the_start_is_there_at_the_start() -> None:
    found = play(office(), Arrivals(Events(np.array([0.0, 0.0]))))
    assert found.pending[0, 0, 0] == found.arrived[0, 0] == 2


def test_what_is_not_held_is_said() -> None:
    stage = office(Steps((0, 5), (2, 1)), patience=Always(10), when_cut="finish")
    found = play(stage, run=Run(20.0, keep_visits=True))
    assert [note.get("field") for note in found.notes if note.code == "not_held"] == [
        "stages.office.patience.variation",
        "stages.office.when_cut",
        "keep_visits",
    ]


def test_who_asks_to_stop_is_told_that_the_path_is_whole() -> None:
    scenario = Scenario(Network((office(),)), Start(DAY))
    found = fluid.run(scenario, Run(5.0), 1, lambda done, asked: False)
    assert found.notes[-1].code == "interrupted"
    assert not [n for n in fluid.run(scenario, Run(5.0), 1, lambda *_: True).notes if n.params]


def test_it_says_that_waits_are_of_curves_not_of_cases() -> None:
    codes = [note.code for note in play(office()).notes]
    assert codes == ["no_chance", "in_order_of_filing", "waits_from_curves"]


def test_the_mean_path_at_the_end_of_each_step_is_that_of_the_result() -> None:
    scenario = Scenario(Network((office(),)), Start(DAY, (Waiting("office", 100),)), (rates(1),))
    run = Run(20.0, 5.0, engine="fluid")
    moments, pending, joined = fluid.mean_path(scenario, run)
    at = np.searchsorted(moments, run.times)
    assert len(moments) == len(pending) == len(joined) >= 721
    assert pending[at, 0] == pytest.approx([100, 85, 70, 55, 40])
    assert joined[at, 0] == pytest.approx([100, 105, 110, 115, 120])


def test_more_staff_never_makes_a_longer_line() -> None:
    lines = [
        play(office(servers), rates(6), waiting=(Waiting("office", 50),)).pending[:, 0, 0]
        for servers in range(6)
    ]
    assert all((more <= less + 1e-9).all() for less, more in pairwise(lines))
