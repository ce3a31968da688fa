"""Chance drawn in steps: against exact chances, the event engine, and what it must keep."""

from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest

from cauce.engines.capacity import event, fluid, tau
from cauce.engines.capacity.curves import Flows
from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Exponential,
    GroupSize,
    LogNormal,
)
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
from cauce.engines.capacity.tau_parts import binomial, poisson, share_out
from cauce.engines.capacity.tau_steps import Lengths, pieces
from cauce.engines.capacity.transient import kolmogorov

pytestmark = pytest.mark.simulation

DAY = date(2026, 1, 5)


def rates(per_day: float, **more: object) -> Arrivals:
    return Arrivals(Rates(Steps.always(per_day)), **more)  # type: ignore[arg-type]


def office(servers: Steps | float, service: Distribution | float, **more: object) -> Stage:
    work = Exponential(service) if isinstance(service, int | float) else service
    return Stage("office", work, Steps.of(servers), **more)  # type: ignore[arg-type]


def scenario(
    network: Network | Stage, *arrivals: Arrivals, waiting: tuple[Waiting, ...] = ()
) -> Scenario:
    network = network if isinstance(network, Network) else Network((network,))
    return Scenario(network, Start(DAY, waiting), arrivals)


def play(plan: Scenario, until: float = 20.0, every: float = 5.0, runs: int = 400) -> Result:
    found = tau.run(plan, Run(until, every, runs, engine="tau"), seed=7)
    assert_conserved(found)
    return found


def assert_conserved(found: Result) -> None:
    gone = found.done + found.lost.sum(axis=1) + found.turned_away.sum(axis=1)
    assert (found.backlog + found.arrived == found.pending.sum(axis=1) + gone).all()
    for counts in (found.pending, found.done, found.lost, found.turned_away, found.aged):
        assert (counts >= 0).all()
        assert (counts == np.floor(counts)).all()
    for counts in (found.done, found.lost, found.turned_away, found.arrived):
        assert (np.diff(counts, axis=0) >= 0).all()


def within(found: np.ndarray, expected: np.ndarray | float, case: float = 1.0) -> None:
    """The bias promised: 2 % or one case, whichever is more, and four standard errors of chance."""
    error = found.std(axis=-1) / math.sqrt(found.shape[-1])
    allowed = np.maximum(0.02 * np.abs(expected), case) + 4 * error
    assert (np.abs(found.mean(axis=-1) - expected) <= allowed).all(), (
        found.mean(axis=-1),
        expected,
    )


@pytest.mark.parametrize(
    ("servers", "coming", "start"),
    [(1, 0.8, 0), (1, 1.1, 5), (3, 2.4, 0), (5, 4.5, 40), (20, 18, 0)],
)
def test_the_mean_is_that_of_the_exact_chances(servers: int, coming: float, start: int) -> None:
    waiting = (Waiting("office", start),) if start else ()
    found = play(scenario(office(servers, 1.0), rates(coming), waiting=waiting), 60.0, 10.0, 1000)
    exact = kolmogorov(coming, 1.0, servers, found.times, start=start)
    within(found.pending[:, 0], exact.mean_in_system, case=0.5)
    busy = 60 * servers - 60 * found.busy[0].mean()
    assert busy >= 0


def test_the_variance_is_that_of_the_exact_chances() -> None:
    found = play(scenario(office(3, 1.0), rates(2.4)), 60.0, 20.0, 2000)
    exact = kolmogorov(2.4, 1.0, 3, found.times)
    assert found.pending[1:, 0].var(axis=1) == pytest.approx(exact.variance[1:], rel=0.15)


def test_staff_that_change_and_those_who_leave_are_as_by_the_exact_chances() -> None:
    servers = Steps((0, 25, 40), (6, 3, 8))
    found = play(
        scenario(office(servers, 1.0, patience=Exponential(10)), rates(6)), 60.0, 10.0, 1000
    )
    exact = kolmogorov(6, 1.0, servers, found.times, patience_rate=0.1)
    within(found.pending[:, 0], exact.mean_in_system, case=0.5)


@pytest.mark.parametrize("service", [Always(1.0), LogNormal(1.0, 0.5), LogNormal(1.0, 2.0)])
def test_one_server_follows_pollaczek_and_khinchine(service: Distribution) -> None:
    found = play(scenario(office(1, service), rates(0.8)), 400.0, 100.0, 1500)
    in_line = 0.8**2 * (1 + service.variation**2) / (2 * (1 - 0.8))
    within(found.pending[-1:, 0], 0.8 + in_line)


def test_the_spread_of_what_is_done_is_that_of_the_service_time() -> None:
    # A renewal process: the variance of the count is variation² times its mean.
    for variation in (0.5, 2.0):
        stage = office(4, LogNormal(0.5, variation))
        found = play(scenario(stage, waiting=(Waiting("office", 5000),)), 100.0, 50.0, 2000)
        assert found.done[-1].mean() == pytest.approx(800, rel=0.01)
        assert found.done[-1].var() == pytest.approx(variation**2 * 800, rel=0.15)


def test_the_spread_of_many_ticks_a_step_is_that_of_the_service_time() -> None:
    stage = office(40, LogNormal(0.5, 0.5))
    found = play(scenario(stage, waiting=(Waiting("office", 20_000),)), 100.0, 50.0, 2000)
    assert found.done[-1].mean() == pytest.approx(8000, rel=0.002)
    assert found.done[-1].var() == pytest.approx(0.25 * 8000, rel=0.15)


def test_with_servers_to_spare_the_number_is_poisson_at_any_step() -> None:
    found = play(scenario(office(400, 2.0), rates(50)), 20.0, 10.0, 2000)
    assert found.pending[-1, 0].mean() == pytest.approx(100, abs=1)
    assert found.pending[-1, 0].var() == pytest.approx(100, rel=0.15)
    assert found.busy[0].mean() == pytest.approx(100 - 10 * (1 - math.exp(-10)), rel=0.02)


def two_stages() -> Scenario:
    """Two classes, one urgent; an appeal by a third; few interpreters; people who leave."""
    rows = (ByClass("a", priority=0, needs=("interpreters",)), ByClass("b", LogNormal(0.4, 1.0)))
    stages = (
        office(6, LogNormal(0.5, 0.7), by_class=rows, patience=Exponential(60), no_show=0.1),
        Stage("appeal", Exponential(1), Steps.always(4), by_class=rows[:1]),
    )
    network = Network(
        stages,
        (Route("office", "appeal", 0.3), Route("appeal", "office", 0.2, "b")),
        (Pool("interpreters", Steps.always(3)),),
        ("a", "b"),
    )
    waiting = (Waiting("office", 150, 0, 100, "a"), Waiting("office", 100, 10, class_="b"))
    coming = (
        rates(3, class_="a", persons_per_file=GroupSize((0.5, 0.5)), late_share=0.2),
        rates(4, class_="b"),
    )
    return scenario(network, *coming, waiting=waiting)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::cauce.engines.capacity.event.NotCompiledWarning")
@pytest.mark.parametrize(
    "plan",
    [
        scenario(office(2, LogNormal(0.5, 0.6)), rates(3.4)),
        scenario(office(4, 0.5), rates(6), waiting=(Waiting("office", 300, 0, 60),)),
        scenario(office(4, LogNormal(0.5, 0.5), no_show=0.2, no_show_cost=0.5), rates(8)),
        two_stages(),
    ],
)
def test_the_mean_is_that_of_the_event_engine(plan: Scenario) -> None:
    limits = (Deadline("month", days=30.0),)
    exact = event.run(plan, Run(80.0, 20.0, 150, deadlines=limits), seed=3)
    found = tau.run(plan, Run(80.0, 20.0, 512, engine="tau", deadlines=limits), seed=3)
    assert_conserved(found)
    for name in ("pending", "done", "lost", "pending_persons"):
        ours, theirs = getattr(found, name), getattr(exact, name)
        error = np.hypot(ours.std(axis=-1) / 512**0.5, theirs.std(axis=-1) / 150**0.5)
        expected = theirs.mean(axis=-1)
        allowed = np.maximum(0.02 * expected, 1.0) + 4 * error
        assert (np.abs(ours.mean(axis=-1) - expected) <= allowed).all(), name


def test_both_ways_to_share_out_servers_agree() -> None:
    flows = Flows.of(two_stages())
    chance = np.random.default_rng(5)
    asked = chance.exponential(3, (4, 50)) * (chance.random((4, 50)) < 0.8)
    weight = chance.exponential(3, (4, 50)) * (asked > 0)
    for staff, pools in (([6, 4], [3]), ([2, 1], [0]), ([0, 9], [20])):
        together = share_out(flows, asked, weight, staff, pools)
        for r in range(50):
            alone = fluid.share_out(
                flows, asked[:, r].tolist(), weight[:, r].tolist(), staff, pools
            )
            assert together[:, r] == pytest.approx(alone, abs=1e-9)


def test_a_pool_that_all_need_leaves_no_servers_to_give_away() -> None:
    row = (ByClass("all", needs=("rooms",)),)
    network = Network((office(5, 0.5, by_class=row),), pools=(Pool("rooms", Steps.always(2)),))
    found = play(scenario(network, waiting=(Waiting("office", 1000),)))
    within(found.done[-1:], 80)
    assert found.busy[0] == pytest.approx(2)


def test_cases_that_come_back_are_worked_on_again() -> None:
    network = Network((office(4, 0.5),), (Route("office", "office", 0.5),))
    found = play(scenario(network, rates(3)), 40.0, 10.0)
    within(found.pending[1:, 0], kolmogorov(3, 1.0, 4, found.times[1:]).mean_in_system)


def test_who_does_not_fit_is_turned_away() -> None:
    # Erlang's loss: 4 servers, 4 places, 3 busy if all were served.
    found = play(scenario(office(4, 1.0, places=4), rates(3)), 100.0, 50.0)
    blocked = (3**4 / 24) / sum(3**k / math.factorial(k) for k in range(5))
    assert found.turned_away[-1, 0].mean() / 300 == pytest.approx(blocked, abs=0.02)
    full = play(scenario(office(2, 0.5, places=10), rates(9), waiting=(Waiting("office", 15),)))
    assert full.turned_away[0, 0, 0] == 5
    assert (full.pending <= 10).all()
    within(full.done[-1:], 80)


def test_places_are_for_all_classes_and_for_those_who_come_back() -> None:
    rows = tuple(ByClass(name) for name in ("a", "b"))
    stages = (
        office(2, 0.5, by_class=rows, places=6),
        Stage("next", Exponential(0.5), Steps.always(2), by_class=rows),
    )
    routes = (Route("office", "next"), Route("next", "office", 0.5))
    network = Network(stages, routes, classes=("a", "b"))
    waiting = (Waiting("office", 9, class_="a"), Waiting("next", 9, class_="b"))
    found = play(scenario(network, rates(3, class_="a"), rates(6, class_="b"), waiting=waiting))
    assert (found.pending[:, 0] <= 6).all()
    assert found.turned_away[-1, 0].mean() > 50


def test_nothing_is_done_in_a_closed_office_and_those_who_wait_leave() -> None:
    stage = office(2, 0.5, opening=Steps((0, 5, 15), (1, 0, 1)), patience=Exponential(20))
    found = play(scenario(stage, rates(1), waiting=(Waiting("office", 100),)))
    assert (found.done[3] == found.done[1]).all()
    assert (found.lost[3] > found.lost[1]).all()
    mean = fluid.run(
        scenario(stage, rates(1), waiting=(Waiting("office", 100),)), Run(20.0, 5.0), 1
    )
    within(found.pending[:, 0], mean.pending[:, 0, 0])


def test_two_classes_in_a_closed_office_wait() -> None:
    rows = tuple(ByClass(name) for name in ("a", "b"))
    stage = office(2, 0.5, by_class=rows, opening=Steps((0, 5), (1, 0)), patience=Exponential(20))
    network = Network((stage,), classes=("a", "b"))
    found = play(scenario(network, waiting=(Waiting("office", 50, class_="a"),)))
    assert (found.done[1:] == found.done[1]).all()
    assert (found.lost[-1] > found.lost[1]).all()


def test_given_counts_all_come_in_their_period_path_by_path() -> None:
    paths = Paths(np.array([0.0, 7.0, 14.0]), np.array([[10.0, 0], [400, 30], [5, 900]]))
    found = play(scenario(office(1, 0.5), Arrivals(paths)), 21.0, 7.0, 7)
    assert found.arrived[1].tolist() == [10, 400, 5, 10, 400, 5, 10]
    assert found.arrived[2].tolist() == found.arrived[3].tolist()
    assert found.arrived[2, :3].tolist() == [10, 430, 905]
    half = play(scenario(office(1, 0.5), Arrivals(paths)), 3.5, 3.5, 400)
    within(half.arrived[1:, 1::3], 200)


def test_given_moments_are_the_same_in_every_replication() -> None:
    times = np.array([0.0, 0.3, 4.9, 5.0, 5.1, 20.0])
    found = play(scenario(office(1, 0.5), Arrivals(Events(times))))
    assert found.arrived.mean(axis=1).tolist() == [1, 4, 5, 5, 6]
    assert not found.arrived.std(axis=1).any()


def test_a_replication_is_the_same_however_many_are_asked_for() -> None:
    plan = two_stages()
    few, many = play(plan, 5.0, runs=3), play(plan, 5.0, runs=600)
    assert (few.pending == many.pending[..., :3]).all()
    assert np.array_equal(few.waits, many.waits[..., :3], equal_nan=True)
    assert (few.flagged == many.flagged[:3]).all()
    # The next block has chance of its own.
    assert not (many.pending[..., 512:] == many.pending[..., :88]).all()


def test_it_says_that_waits_are_of_curves_not_of_cases() -> None:
    found = play(two_stages(), 5.0, runs=2)
    assert [note.code for note in found.notes[:2]] == ["in_order_of_filing", "waits_from_curves"]


def test_late_files_are_flagged_by_chance() -> None:
    found = play(two_stages())
    within(found.flagged[None, :], 3 * 20 * 0.2)
    assert not play(scenario(office(1, 1.0))).flagged.any()


# ------------------------------------------------------------------------- the length of steps


def beside(backlog: int, files: Stage | None = None, **more: object) -> Scenario:
    """An office of 12 servers near capacity, and files that are nobody's but 50 servers'."""
    stages = (
        office(12, 0.5, **more),
        files or Stage("files", Exponential(0.5), Steps.always(50)),
    )
    coming = (rates(21), rates(60, stage="files"))
    return scenario(Network(stages, ()), *coming, waiting=(Waiting("files", backlog),))


def steps_of(plan: Scenario, run: Run) -> list[tuple[float, float, int]]:
    """(start, days of a step, stages for which it is long) of each piece, by the mean path."""
    lengths = Lengths(Flows.of(plan), run.until / 40_000)
    moments, pending, _ = fluid.mean_path(plan, run)
    found = []
    for piece in pieces(plan, run):
        there = [[np.interp(piece.start, moments, each)] for each in pending.T]
        count, is_long = lengths.count(piece, np.floor(there))
        found.append((piece.start, (piece.end - piece.start) / count, len(is_long)))
    return found


SHORT = 2.7 / math.sqrt(12) * 0.5


def test_steps_are_long_while_a_large_stock_shrinks_and_short_when_it_is_gone() -> None:
    # 100 a day done of 4,000 and 60 a day: gone in 100 days. The grid has but one interval.
    found = steps_of(beside(4000), Run(150.0, 150.0, engine="tau"))
    # 0.5 % of 3,000 over 21 a day is 0.71 days, and 1.25 services are less than that.
    first = [(length, is_long) for start, length, is_long in found if 2 < start < 20]
    assert len(first) > 5
    assert all(SHORT * 1.2 < length <= 1.25 * 0.5 and is_long == 1 for length, is_long in first)
    # 0.5 % of 1,600 are less than the short step.
    last = [(length, is_long) for start, length, is_long in found if start > 60]
    assert all(length <= SHORT and not is_long for length, is_long in last)


def test_a_step_is_off_by_no_more_than_half_a_per_cent_of_the_stock() -> None:
    plan, asked = beside(4000), Run(150.0, 150.0, engine="tau")
    for piece, (_, length, is_long) in zip(pieces(plan, asked), steps_of(plan, asked), strict=True):
        if is_long:
            assert piece.coming[0] == pytest.approx(21)
            assert 21 * length <= 0.005 * piece.stock
    assert not any(is_long for *_, is_long in steps_of(beside(400), asked))


def test_places_and_patience_keep_steps_short_however_large_the_stock() -> None:
    asked = Run(30.0, 30.0, engine="tau")
    full = steps_of(beside(100_000, places=24), asked)
    assert all(length <= 0.1 * 2 * 0.5 and not is_long for _, length, is_long in full)
    leaving = steps_of(beside(100_000, patience=Exponential(2.0)), asked)
    assert all(length <= 0.2 for _, length, _ in leaving)
    # Who does not fit is no stock, whatever the mean path says.
    files = Stage("files", Exponential(0.5), Steps.always(50), places=100_000)
    assert max(piece.stock for piece in pieces(beside(9000, files), asked)) < 21


def test_the_bias_is_as_promised_while_a_large_stock_shrinks_to_nothing() -> None:
    found = play(beside(4000), 150.0, 10.0, 1000)
    near = kolmogorov(21, 2.0, 12, found.times)
    files = kolmogorov(60, 2.0, 50, found.times, start=4000)
    exact = near.mean_in_system + files.mean_in_system
    within(found.pending.sum(axis=1), exact)
    within(found.pending[:, 1], files.mean_in_system)
    # When the stock is gone each stage is as exact again as if it never had been.
    within(found.pending[12:, 0], near.mean_in_system[12:], case=0.5)
    # Servers at work, by what is done: 21 a day of half a day each, from none at the start.
    assert found.busy[0].mean() == pytest.approx(10.5 * (1 - 0.5 / 150), rel=0.01)


def test_a_replication_is_the_same_however_many_are_asked_for_with_long_steps() -> None:
    few, many = play(beside(4000), 40.0, runs=3), play(beside(4000), 40.0, runs=600)
    assert (few.pending == many.pending[..., :3]).all()
    assert (few.busy == many.busy[..., :3]).all()


def test_servers_shared_by_classes_keep_long_steps_and_lose_nobody() -> None:
    rows = tuple(ByClass(name, priority=level) for level, name in enumerate("ab"))
    stages = (
        office(12, 0.5, by_class=rows),
        Stage("end", Exponential(0.5), Steps.always(80), by_class=rows),
    )
    waiting = (Waiting("end", 20_000, class_="b"),)
    plan = scenario(
        Network(stages, classes=("a", "b")),
        rates(11, class_="a"),
        rates(11, class_="b"),
        waiting=waiting,
    )
    assert steps_of(plan, Run(40.0, 20.0, engine="tau"))[-1][2] == 2
    found = play(plan, 40.0, 20.0, 512)
    # All 80 always have work: 160 a day.
    within(found.done[-1:], 40 * 160)
    assert found.busy[1].mean() == pytest.approx(80, rel=0.02)
    assert found.busy[1].max() <= 80


def test_who_stops_it_gets_the_blocks_that_are_done() -> None:
    seen: list[tuple[int, int]] = []

    def stop(done: int, asked: int) -> bool:
        seen.append((done, asked))
        return False

    found = tau.run(scenario(office(1, 1.0)), Run(5.0, 5.0, 1200, engine="tau"), 1, stop)
    assert seen == [(tau.BLOCK, 1200)]
    assert found.replications == tau.BLOCK
    assert found.notes[-1].get("done") == str(tau.BLOCK)
    found = tau.run(scenario(office(1, 1.0)), Run(5.0, 5.0, 5, engine="tau"), 1, lambda *_: None)
    assert found.replications == 5


def test_a_plan_too_long_beside_its_service_times_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tau, "_MOST_STEPS", 40)
    found = play(scenario(office(1, 0.01), rates(10)), 20.0, 20.0, 1)
    assert [note.get("field") for note in found.notes if note.code == "not_held"] == [
        "stages.office.service"
    ]


def test_limits_and_ages_are_those_of_the_mean_path_in_a_long_line() -> None:
    plan = scenario(office(10, 0.5), rates(25), waiting=(Waiting("office", 2000, 0, 100),))
    limits = (Deadline("quarter", days=90.0), Deadline("never", days=1000.0))
    asked = Run(200.0, 20.0, 300, deadlines=limits)
    found, mean = tau.run(plan, asked, 1), fluid.run(plan, asked, 1)
    for name in ("aged", "overdue", "on_time", "unknown"):
        within(getattr(found, name), getattr(mean, name)[..., 0], case=40)
    assert found.waits.mean(axis=-1) == pytest.approx(mean.waits[..., 0], rel=0.03)


def test_a_number_drawn_as_normal_keeps_mean_variance_and_limits() -> None:
    chance = np.random.default_rng(3)
    drawn = np.concatenate([poisson(chance, 30.0) for _ in range(200)])
    assert drawn.mean() == pytest.approx(30, abs=0.1)
    assert drawn.var() == pytest.approx(30, rel=0.03)
    some = np.full(512, 40)
    drawn = np.concatenate([binomial(chance, some, 0.5) for _ in range(200)])
    assert drawn.mean() == pytest.approx(20, abs=0.1)
    assert drawn.var() == pytest.approx(10, rel=0.03)
    assert drawn.min() >= 0
    assert drawn.max() <= 40
