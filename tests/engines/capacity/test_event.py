"""The exact engine, against closed forms, against itself, and against what must hold always."""

from __future__ import annotations

import builtins
import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cauce.engines.capacity import draws, event
from cauce.engines.capacity.compiled import PLAIN, compiled
from cauce.engines.capacity.distributions import (
    Always,
    Distribution,
    Erlang,
    Exponential,
    GroupSize,
    LogNormal,
    Uniform,
)
from cauce.engines.capacity.draws import draw_attempts, draw_cases
from cauce.engines.capacity.kernel import drop, push
from cauce.engines.capacity.model import ByClass, Network, Pool, Route, Stage
from cauce.engines.capacity.playing import Prepared
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Result, Run, Visits
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
from cauce.engines.capacity.steady import (
    cobham,
    erlang_a,
    erlang_b,
    mmc,
    mmck,
    pollaczek_khinchine,
)
from cauce.engines.capacity.steps import Steps
from cauce.engines.capacity.transient import busy_without_limit, kolmogorov
from cauce.errors import CauceError
from tests.engines.capacity.plans import MONDAY, interviews, one_stage, score

pytestmark = [
    pytest.mark.simulation,
    pytest.mark.filterwarnings("ignore::cauce.engines.capacity.event.NotCompiledWarning"),
]


def waits(visits: Visits, after: float) -> Floats:
    """Days between coming and starting, of those who came after a moment and started."""
    own = (visits.joined >= after) & np.isfinite(visits.started)
    return (visits.started - visits.joined)[own]


def mean_waits(scenario: Scenario, *, until: float, warm: float, replications: int) -> Floats:
    """The mean wait of each replication, once the start is forgotten."""
    return np.array(
        [waits(event.replicate(scenario, until, 1, r), warm).mean() for r in range(replications)]
    )


@pytest.fixture
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop as it stands: many small plans are done before one is compiled, and what the tests
    reach of it can be measured."""
    monkeypatch.setattr(event, "loops", lambda: PLAIN)


# --------------------------------------------------------------------------- worked by hand


@pytest.mark.usefixtures("plain")
def test_two_officers_work_off_three_cases_that_take_a_day_each() -> None:
    stage = Stage("interview", Always(1.0), Steps.always(2))
    visits = event.replicate(one_stage(0, stage, backlog=3), 10, 1, 0)
    assert visits.started.tolist() == [0, 0, 1]
    assert visits.ended.tolist() == [1, 1, 2]


@pytest.mark.usefixtures("plain")
def test_nobody_starts_or_advances_while_the_office_is_closed() -> None:
    open_but_on_day_one = Steps((0, 1, 2), (1, 0, 1))
    stage = Stage("interview", Always(1.5), Steps.always(1), opening=open_but_on_day_one)
    visits = event.replicate(one_stage(0, stage, backlog=2), 10, 1, 0)
    # 1 day, closed for one, half a day; the next from then.
    assert visits.ended.tolist() == [2.5, 4.0]


@pytest.mark.usefixtures("plain")
def test_half_the_productivity_takes_twice_the_time() -> None:
    stage = Stage("interview", Always(1.0), Steps.always(1), productivity=Steps((0, 1.5), (1, 0.5)))
    visits = event.replicate(one_stage(0, stage, backlog=2), 10, 1, 0)
    # The second has done half its work at 1.5, and needs another day for the rest.
    assert visits.ended.tolist() == [1.0, 2.5]


@pytest.mark.usefixtures("plain")
def test_a_case_handed_over_goes_on_where_it_stopped() -> None:
    stage = Stage("interview", Always(2.0), Steps((0, 1), (2, 1)))
    visits = event.replicate(one_stage(0, stage, backlog=2), 10, 1, 0)
    # The second stops at 1 with one day left, and goes on when the first is done.
    assert visits.started.tolist() == [0, 0]
    assert visits.ended.tolist() == [2, 3]


@pytest.mark.usefixtures("plain")
def test_a_case_is_finished_by_the_officer_who_leaves_where_that_is_the_rule() -> None:
    stage = Stage("interview", Always(2.0), Steps((0, 1), (2, 1)), when_cut="finish")
    visits = event.replicate(one_stage(0, stage, backlog=3), 10, 1, 0)
    assert visits.ended.tolist() == [2, 2, 4]


@pytest.mark.usefixtures("plain")
def test_staff_that_come_back_resume_the_case_that_was_started_first() -> None:
    stage = Stage("interview", Always(3.0), Steps((0, 1, 2), (3, 0, 1)))
    visits = event.replicate(one_stage(0, stage, backlog=3), 20, 1, 0)
    assert visits.ended.tolist() == [4, 6, 8]


@pytest.mark.usefixtures("plain")
def test_who_waits_longer_than_his_patience_leaves() -> None:
    stage = Stage("interview", Always(5.0), Steps.always(1), patience=Always(3.0))
    visits = event.replicate(one_stage(0, stage, backlog=2), 10, 1, 0)
    assert visits.outcome.tolist() == [1, 2]
    assert visits.ended.tolist() == [5, 3]
    assert visits.started.tolist() == [0, math.inf]


@pytest.mark.usefixtures("plain")
def test_who_comes_when_all_places_are_taken_is_turned_away() -> None:
    stage = Stage("interview", Always(5.0), Steps.always(1), places=2)
    visits = event.replicate(one_stage(0, stage, backlog=3), 20, 1, 0)
    assert visits.outcome.tolist() == [1, 1, 3]
    assert visits.ended.tolist() == [5, 10, 0]


@pytest.mark.usefixtures("plain")
def test_a_missed_appointment_costs_its_share_and_goes_to_the_end() -> None:
    stage = Stage("interview", Always(1.0), Steps.always(1), no_show=0.5, no_show_cost=0.25)
    visits = event.replicate(one_stage(0, stage, backlog=400), 2000, 3, 0)
    assert (visits.outcome == 1).all()
    # One server never idle: 400 days of service and a quarter of a day for each appointment missed.
    missed = (visits.ended.max() - 400) / 0.25
    assert missed == int(missed)
    assert abs(missed - 400) < 4 * math.sqrt(400 * 0.5) / 0.5
    # Who missed one waits until all others were called.
    assert (visits.started[:100].max()) > 400 * 0.5


@pytest.mark.usefixtures("plain")
def test_a_case_called_in_vain_leaves_when_its_patience_is_over() -> None:
    stage = Stage("interview", Always(4.0), Steps.always(1), patience=Always(6.0), no_show=0.999)
    visits = event.replicate(one_stage(0, stage, backlog=2), 50, 3, 0)
    # Called in turn, at 0, 4, 8 …: the second waits from 0 to 4 and from 8; 6 days are over at 10.
    assert visits.outcome.tolist() == [0, 2]
    assert visits.ended.tolist() == [math.inf, 10.0]


@pytest.mark.usefixtures("plain")
def test_a_case_handed_over_has_the_patience_that_is_left() -> None:
    stage = Stage(
        "interview", Always(9.0), Steps((0, 2, 20), (1, 0, 1)), patience=Uniform(4.999, 5.001)
    )
    visits = event.replicate(one_stage(0, stage, backlog=2), 50, 3, 0)
    # The first waits from 2 on and leaves after 5 days; the second has waited from 0 on.
    assert visits.outcome.tolist() == [2, 2]
    assert visits.ended == pytest.approx([7.0, 5.0], abs=0.01)
    assert visits.started.tolist() == [0, math.inf]


@pytest.mark.slow
def test_patience_and_staff_that_change_agree_with_kolmogorov() -> None:
    servers, rates = Steps((0, 6, 11), (6, 1, 4)), Steps((0, 9), (5.0, 3.0))
    stage = replace(interviews(servers), patience=Exponential(3.0))
    result = event.run(one_stage(rates, stage, backlog=9), Run(20, every=4, replications=2000), 5)
    expected = kolmogorov(
        rates, 1.0, servers, result.times[1:], start=9, patience_rate=1 / 3
    ).mean_in_system
    for index, there in enumerate(expected, start=1):
        assert abs(score(result.pending[index, 0], float(there))) <= 4


@pytest.mark.usefixtures("plain")
def test_classes_with_a_lower_number_go_first_and_interrupt_nobody() -> None:
    stage = Stage(
        "interview",
        Always(2.0),
        Steps.always(1),
        by_class=(ByClass("children", priority=-1), ByClass("others")),
    )
    network = Network((stage,), classes=("others", "children"))
    start = Start(MONDAY, (Waiting("interview", 2, class_="others"),))
    coming = Arrivals(Events(np.array([1.0])), class_="children")
    visits = event.replicate(Scenario(network, start, (coming,)), 20, 1, 0)
    assert visits.class_.tolist() == [0, 0, 1]
    assert visits.started.tolist() == [0, 4, 2]


@pytest.mark.usefixtures("plain")
def test_one_interpreter_for_two_stages_is_in_one_place_at_a_time() -> None:
    needs = (ByClass("creole", needs=("interpreters",)),)
    network = Network(
        (
            Stage("interview", Always(1.0), Steps.always(5), by_class=needs),
            Stage("decision", Always(1.0), Steps.always(5), by_class=needs),
        ),
        pools=(Pool("interpreters", Steps((0, 4), (1, 2))),),
        classes=("creole",),
    )
    start = Start(MONDAY, (Waiting("interview", 3, class_="creole"),))
    visits = event.replicate(Scenario(network, start), 20, 1, 0)
    # What is begun is brought to its end: interview and decision of the first, then of the second;
    # from day 4 on there are two interpreters, but one case left.
    first = visits.case == 0
    assert visits.ended[first].tolist() == [1, 2]
    assert np.sort(visits.ended).tolist() == [1, 2, 3, 4, 5, 6]


@pytest.mark.usefixtures("plain")
def test_classes_without_an_interpreter_do_not_wait_behind_those_who_need_one() -> None:
    stage = Stage(
        "interview", Always(1.0), Steps.always(2), by_class=(ByClass("creole", needs=("one",)),)
    )
    network = Network(
        (stage,), pools=(Pool("one", Steps.always(1)),), classes=("creole", "spanish")
    )
    start = Start(
        MONDAY,
        (
            Waiting("interview", 2, age=9, class_="creole"),
            Waiting("interview", 2, age=1, class_="spanish"),
        ),
    )
    visits = event.replicate(Scenario(network, start), 20, 1, 0)
    assert visits.class_.tolist() == [0, 0, 1, 1]
    assert visits.started.tolist() == [0, 1, 0, 1]


@pytest.mark.usefixtures("plain")
def test_a_pool_that_is_cut_finishes_what_is_begun() -> None:
    needs = (ByClass("all", needs=("rooms",)),)
    stage = Stage("interview", Always(2.0), Steps.always(3), by_class=needs)
    network = Network((stage,), pools=(Pool("rooms", Steps((0, 1), (2, 1))),))
    start = Start(MONDAY, (Waiting("interview", 4),))
    visits = event.replicate(Scenario(network, start), 20, 1, 0)
    assert visits.ended.tolist() == [2, 2, 4, 6]


@pytest.mark.usefixtures("plain")
def test_the_backlog_is_taken_by_age_the_oldest_first() -> None:
    network = Network((Stage("interview", Always(1.0), Steps.always(1)),))
    start = Start(MONDAY, (Waiting("interview", 1, 5), Waiting("interview", 2, 10, 30)))
    visits = event.replicate(Scenario(network, start), 20, 1, 0)
    assert visits.filed.tolist() == [-25, -15, -5]
    assert visits.ended.tolist() == [1, 2, 3]


# --------------------------------------------------------------------------- closed forms


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rate", "servers", "mean"), [(0.8, 1, 1.0), (2.7, 3, 1.0), (9.0, 10, 1.0), (40, 45, 1.0)]
)
def test_waits_of_many_servers_agree_with_erlang(rate: float, servers: int, mean: float) -> None:
    scenario = one_stage(rate, interviews(servers, mean))
    found = mean_waits(scenario, until=6000 / rate, warm=1000 / rate, replications=300)
    # What is warm after 1,000 arrivals at a tenth of idleness; the bias left is far below an error.
    expected = mmc(rate, 1 / mean, servers).mean_waiting
    assert abs(score(found, expected)) <= 4


def test_blocking_without_a_queue_agrees_with_erlang_b() -> None:
    stage = replace(interviews(5), places=5)
    found = []
    for replication in range(200):
        visits = event.replicate(one_stage(4.0, stage), 600, 2, replication)
        late = visits.joined > 50
        found.append((visits.outcome[late] == 3).mean())
    assert abs(score(np.array(found), float(erlang_b(5, 4.0)))) <= 4


def test_blocking_with_some_places_agrees_with_mmck() -> None:
    stage = replace(interviews(2), places=5)
    found = []
    for replication in range(200):
        visits = event.replicate(one_stage(2.2, stage), 600, 2, replication)
        late = visits.joined > 50
        found.append((visits.outcome[late] == 3).mean())
    assert abs(score(np.array(found), mmck(2.2, 1.0, 2, 5).blocking)) <= 4


def test_leaving_agrees_with_erlang_a() -> None:
    stage = replace(interviews(4), patience=Exponential(2.0))
    found = []
    for replication in range(200):
        visits = event.replicate(one_stage(5.0, stage), 500, 2, replication)
        settled = (visits.joined > 50) & (visits.joined < 450)
        found.append((visits.outcome[settled] == 2).mean())
    assert abs(score(np.array(found), erlang_a(5.0, 1.0, 4, 0.5).abandonment)) <= 4


@pytest.mark.parametrize(
    "service", [Always(1.0), Erlang(1.0, 3), LogNormal(1.0, 1.5), Uniform(0.5, 1.5)]
)
def test_one_server_agrees_with_pollaczek_and_khinchine(service: Distribution) -> None:
    scenario = one_stage(0.7, Stage("interview", service, Steps.always(1)))
    found = mean_waits(scenario, until=6000, warm=600, replications=150)
    expected = pollaczek_khinchine(0.7, service.mean, service.variation).mean_waiting
    assert abs(score(found, expected)) <= 4


def test_priorities_agree_with_cobham() -> None:
    rates, services = (0.3, 0.4), (Exponential(1.0), Erlang(0.8, 2))
    stage = Stage(
        "interview",
        Exponential(1.0),
        Steps.always(1),
        by_class=(ByClass("first", services[0], 0), ByClass("second", services[1], 1)),
    )
    network = Network((stage,), classes=("first", "second"))
    arrivals = tuple(
        Arrivals(Rates(Steps.always(rate)), class_=name)
        for rate, name in zip(rates, network.classes, strict=True)
    )
    scenario = Scenario(network, Start(MONDAY), arrivals)
    found: list[list[float]] = [[], []]
    for replication in range(150):
        visits = event.replicate(scenario, 6000, 5, replication)
        for class_ in (0, 1):
            own = (visits.class_ == class_) & (visits.joined > 600) & np.isfinite(visits.started)
            found[class_].append(float((visits.started - visits.joined)[own].mean()))
    expected = cobham(rates, services)
    for sample, each in zip(found, expected, strict=True):
        assert abs(score(np.array(sample), each.mean_waiting)) <= 4


def test_each_stage_of_a_tandem_waits_as_if_it_stood_alone() -> None:
    stages = tuple(
        Stage(name, Exponential(1.0), Steps.always(n)) for name, n in (("a", 1), ("b", 2))
    )
    scenario = Scenario(Network(stages), Start(MONDAY), (Arrivals(Rates(Steps.always(0.8))),))
    found: list[list[float]] = [[], []]
    for replication in range(200):
        visits = event.replicate(scenario, 6000, 7, replication)
        for stage in (0, 1):
            own = (visits.stage == stage) & (visits.joined > 800) & np.isfinite(visits.started)
            found[stage].append(float((visits.started - visits.joined)[own].mean()))
    for sample, servers in zip(found, (1, 2), strict=True):
        assert abs(score(np.array(sample), mmc(0.8, 1.0, servers).mean_waiting)) <= 4


def test_a_network_with_returns_agrees_with_jackson() -> None:
    network = Network(
        (interviews(2), Stage("review", Exponential(0.5), Steps.always(1))),
        (Route("interview", "review", 0.6), Route("review", "interview", 0.5)),
    )
    scenario = Scenario(network, Start(MONDAY), (Arrivals(Rates(Steps.always(0.9))),))
    # Traffic: a = .9 + .5 b, b = .6 a.
    rate = 0.9 / (1 - 0.3)
    found = []
    for replication in range(200):
        visits = event.replicate(scenario, 4000, 7, replication)
        own = (visits.stage == 0) & (visits.joined > 600) & np.isfinite(visits.started)
        found.append((visits.started - visits.joined)[own].mean())
    assert abs(score(np.array(found), mmc(rate, 1.0, 2).mean_waiting)) <= 4


def test_without_a_limit_the_number_in_service_follows_the_rates() -> None:
    rate, service = Steps((0, 10, 20), (5.0, 20.0, 2.0)), Erlang(4.0, 2)
    scenario = one_stage(rate, Stage("registration", service, Steps.always(500)))
    result = event.run(scenario, Run(30, every=5, replications=400), 3)
    expected = busy_without_limit(rate, service, result.times[1:])
    for index, mean in enumerate(expected, start=1):
        assert abs(score(result.pending[index, 0], float(mean))) <= 4


@pytest.mark.slow
@pytest.mark.parametrize("number", range(12))
def test_staff_and_rates_that_change_agree_with_kolmogorov(number: int) -> None:
    chance = np.random.default_rng(number)
    edges = np.concatenate([[0.0], np.sort(chance.uniform(0, 20, 4))])
    servers = Steps(tuple(edges), tuple(chance.integers(1, 8, 5)))
    rates = Steps((0, 5.0, 11.0), tuple(chance.uniform(1, 7, 3)))
    mean, start = float(chance.uniform(0.5, 1.5)), int(chance.integers(0, 12))
    scenario = one_stage(rates, interviews(servers, mean), backlog=start)
    result = event.run(scenario, Run(20, every=4, replications=2000), number)
    expected = kolmogorov(rates, 1 / mean, servers, result.times[1:], start=start)
    for index, there in enumerate(expected.mean_in_system, start=1):
        assert abs(score(result.pending[index, 0], float(there))) <= 4


# --------------------------------------------------------------------------- what always holds


@st.composite
def plans(draw: Callable[..., Any]) -> Scenario:
    """Networks with everything a network can declare."""
    classes = draw(st.sampled_from([("all",), ("creole", "spanish")]))
    pools = draw(st.sampled_from([(), (Pool("rooms", Steps((0, 5), (3, 2))),)]))

    def steps(low: int) -> Steps:
        return Steps((0, 4.5, 9), tuple(draw(st.integers(low, 4)) for _ in range(3)))

    def stage(name: str) -> Stage:
        by_class = tuple(
            ByClass(
                class_,
                draw(st.sampled_from([None, Always(0.5)])),
                draw(st.integers(0, 1)),
                tuple(pool.name for pool in pools if draw(st.booleans())),
            )
            for class_ in classes
        )
        return Stage(
            name,
            draw(st.sampled_from([Exponential(0.7), Always(1.0), LogNormal(0.8, 1.2)])),
            steps(0),
            opening=draw(st.sampled_from([Steps.always(1), Steps((0, 2, 3), (1, 0, 1))])),
            patience=draw(st.sampled_from([None, Exponential(4.0)])),
            no_show=draw(st.sampled_from([0.0, 0.3])),
            no_show_cost=draw(st.sampled_from([0.2, 1.0])),
            when_cut=draw(st.sampled_from(["resume", "finish"])),
            places=draw(st.sampled_from([None, 15])),
            by_class=by_class,
        )

    routes = draw(
        st.sampled_from(
            [None, (Route("a", "b", 0.7), Route("b", "a", 0.3)), (Route("b", "a", 0.5),)]
        )
    )
    network = Network((stage("a"), stage("b")), routes, pools, classes)
    waiting = tuple(Waiting("a", draw(st.integers(0, 9)), 1, 40, class_=c) for c in classes)
    arrivals = tuple(
        Arrivals(Rates(Steps((0, 6), (2.0, 1.0))), c, persons_per_file=GroupSize((0.5, 0.5)))
        for c in classes
    )
    return Scenario(network, Start(MONDAY, waiting), arrivals)


@st.composite
def chains(draw: Callable[..., Any]) -> Scenario:
    """Stages each of which is fed by one other; whole days of work, so that events coincide."""

    def stage(name: str) -> Stage:
        return Stage(
            name,
            draw(st.sampled_from([Exponential(0.7), Always(1.0), Always(0.5)])),
            Steps((0, 4, 9), tuple(draw(st.integers(0, 4)) for _ in range(3))),
            opening=draw(st.sampled_from([Steps.always(1), Steps((0, 2, 3), (1, 0, 1))])),
            patience=draw(st.sampled_from([None, Exponential(4.0), Always(2.0)])),
            when_cut=draw(st.sampled_from(["resume", "finish"])),
        )

    count = draw(st.integers(1, 3))
    names = "abc"[:count]
    routes = draw(st.sampled_from([None, (Route("a", "b", 0.6), Route("a", "c", 0.4))]))
    network = Network(tuple(map(stage, names)), routes if count == 3 else None)
    source = draw(
        st.sampled_from([Rates(Steps((0, 6), (2.0, 1.0))), Events(np.arange(14.0).repeat(2))])
    )
    waiting = (Waiting("a", draw(st.integers(0, 9)), 1, 40),)
    return Scenario(network, Start(MONDAY, waiting), (Arrivals(source),))


LOOK = Run(
    14.0,
    every=1.0,
    replications=3,
    keep_visits=True,
    deadlines=(Deadline("decision", 5), Deadline("short", days=2.0)),
)


@pytest.mark.usefixtures("plain")
@given(plans(), st.integers(0, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_no_case_is_lost_or_made(scenario: Scenario, seed: int) -> None:
    result = event.run(scenario, LOOK, seed)
    there = result.pending.sum(axis=1) + result.lost.sum(axis=1) + result.turned_away.sum(axis=1)
    assert (there + result.done == result.backlog + result.arrived).all()
    assert (np.diff(result.done, axis=0) >= 0).all()
    assert (result.pending >= 0).all()
    # Everybody who is pending is at least of age 0; nobody is older than all.
    assert (result.aged[:, 0] == result.pending.sum(axis=1)).all()
    assert (result.overdue <= result.pending.sum(axis=1)).all()
    assert (result.on_time + result.unknown <= result.filed).all()
    assert (result.pending_persons >= result.pending.sum(axis=1)).all()


@pytest.mark.usefixtures("plain")
@given(plans(), st.integers(0, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_little_s_law_holds_on_every_window(scenario: Scenario, seed: int) -> None:
    visits = event.run(scenario, replace(LOOK, replications=1), seed).visits[0]
    for start, end in ((0.0, 14.0), (3.3, 7.7)):
        days = np.clip(np.minimum(visits.ended, end) - np.maximum(visits.joined, start), 0, None)
        assert area(visits, start, end) == pytest.approx(days.sum(), abs=1e-9)


def area(visits: Visits, start: float, end: float) -> float:
    """The days of cases in the system, from the number there is between one event and the next."""
    moments = np.unique(np.clip(np.concatenate([visits.joined, visits.ended]), start, end))
    total = 0.0
    for before, after in pairwise(moments):
        there = ((visits.joined <= before) & (visits.ended > before)).sum()
        total += float(there) * (after - before)
    return total


@pytest.mark.usefixtures("plain")
@given(plans(), st.integers(0, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
def test_servers_at_work_never_exceed_those_there_are(scenario: Scenario, seed: int) -> None:
    result = event.run(scenario, LOOK, seed)
    for index, stage in enumerate(scenario.network.stages):
        most = max(stage.staff.values)
        assert (result.busy[index] <= most + 1e-9).all()
        assert (result.busy[index] >= -1e-12).all()


@given(plans(), st.integers(0, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_the_compiled_loop_gives_the_numbers_of_the_plain_one(
    scenario: Scenario, seed: int
) -> None:
    fast = compiled()
    if fast is None:
        pytest.skip("the extra 'fast' is not installed")
    cases = draw_cases(scenario, 14.0, seed, 0)
    quick = Prepared(scenario, 14.0, fast).play(cases, seed, 0)
    slow = Prepared(scenario, 14.0, PLAIN).play(cases, seed, 0)
    assert same_visits(quick.visits, slow.visits)
    assert quick.busy_days.tolist() == slow.busy_days.tolist()


def same_visits(one: Visits, other: Visits) -> bool:
    return all(
        getattr(one, name).tolist() == getattr(other, name).tolist()
        for name in Visits.__dataclass_fields__
    )


@given(chains(), st.integers(0, 10**6))
@settings(max_examples=80)
def test_the_loop_for_one_stage_gives_the_numbers_of_the_one_for_all(
    scenario: Scenario, seed: int
) -> None:
    prepared = Prepared(scenario, 14.0, PLAIN)
    assert prepared.chain is not None
    cases = draw_cases(scenario, 14.0, seed, 0)
    attempts = draw_attempts(scenario.network, prepared.ways, cases, seed, 0)
    one_by_one = prepared.one_by_one.play(cases, attempts)
    together = prepared.together(cases, attempts)
    assert same_visits(one_by_one.visits, together.visits)
    assert one_by_one.busy_days == pytest.approx(together.busy_days, abs=1e-9)
    assert one_by_one.leaves.tolist() == together.leaves.tolist()
    assert one_by_one.outcome.tolist() == together.outcome.tolist()


@pytest.mark.usefixtures("plain")
@given(st.integers(1, 5), st.integers(0, 3), st.integers(0, 10**6), st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_more_staff_never_let_anybody_go_later(
    servers: int, more: int, seed: int, returns: bool
) -> None:
    def departures(added: int) -> Floats:
        stages = (
            Stage("a", LogNormal(1.0, 1.3), Steps((0, 6), (servers + added, servers))),
            Stage("b", Exponential(0.8), Steps((0, 9), (servers, servers + added)), no_show=0.2),
        )
        routes = (Route("a", "b", 0.8), Route("b", "a", 0.2)) if returns else None
        start = Start(MONDAY, (Waiting("a", 20),))
        scenario = Scenario(Network(stages, routes), start, (Arrivals(Rates(Steps.always(2))),))
        visits = event.replicate(scenario, 60.0, seed, 0)
        return np.sort(visits.ended[visits.outcome == 1])

    few, many = departures(0), departures(more)
    assert len(many) >= len(few)
    assert (many[: len(few)] <= few).all()


def same(one: Result, other: Result) -> bool:
    return all(
        np.array_equal(getattr(one, name), getattr(other, name), equal_nan=True)
        for name in ("pending", "done", "lost", "aged", "overdue", "waits", "busy", "on_time")
    )


@pytest.mark.usefixtures("plain")
@given(plans(), st.integers(0, 10**6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
def test_threads_and_the_number_of_replications_change_no_number(
    scenario: Scenario, seed: int
) -> None:
    six = event.run(scenario, replace(LOOK, replications=6), seed)
    assert same(six, event.run(scenario, replace(LOOK, replications=6, threads=3), seed))
    two = event.run(scenario, replace(LOOK, replications=2), seed)
    assert (six.pending[:, :, :2] == two.pending).all()


def test_another_unit_of_time_gives_the_same_cases() -> None:
    def visits(unit: float) -> Visits:
        stage = Stage(
            "a", LogNormal(unit, 1.5), Steps((0, 8 * unit), (3, 1)), patience=Exponential(9 * unit)
        )
        rate = Steps((0, 4 * unit), (2 / unit, 3 / unit))
        return event.replicate(one_stage(rate, stage, 5), 20 * unit, 11, 0)

    days, quarters = visits(1.0), visits(4.0)
    assert (days.started * 4 == quarters.started).all()
    assert (days.ended * 4 == quarters.ended).all()
    hours = visits(24.0)
    assert np.allclose(days.ended * 24, hours.ended, rtol=1e-12)


# --------------------------------------------------------------------------- what comes


def test_arrivals_at_random_follow_their_rate() -> None:
    rate = Steps((0, 10, 20), (3.0, 0.0, 6.0))
    result = event.run(one_stage(rate, interviews(1)), Run(30, every=10, replications=400), 1)
    for index, expected in ((1, 30), (2, 30), (3, 90)):
        assert abs(score(result.arrived[index], expected)) <= 4
    assert (result.arrived[1] == result.arrived[2]).all()


def test_sample_paths_give_each_replication_its_own_counts() -> None:
    paths = Paths(np.array([0.0, 10.0, 20.0]), np.array([[5, 1], [0, 7]]))
    scenario = replace(one_stage(0, interviews(1)), arrivals=(Arrivals(paths),))
    result = event.run(scenario, Run(20, every=10, replications=3), 1)
    assert result.arrived[:, 0].tolist() == [0, 5, 6]
    assert result.arrived[:, 1].tolist() == [0, 0, 7]
    assert result.arrived[:, 2].tolist() == [0, 5, 6]


def test_files_and_persons_are_counted_apart() -> None:
    arrivals = Arrivals(
        Events(np.arange(1000) / 100.0), persons_per_file=GroupSize((0.5, 0.3, 0.2))
    )
    scenario = Scenario(
        Network((interviews(0),)), Start(MONDAY, (Waiting("interview", 1000),)), (arrivals,)
    )
    result = event.run(scenario, Run(20, every=10, replications=50), 1)
    assert (result.pending[-1] == 2000).all()
    assert abs(score(result.pending_persons[-1], 2000 * 1.7)) <= 4


def test_what_is_filed_after_a_limit_is_counted_and_let_in() -> None:
    arrivals = Arrivals(Events(np.arange(1000) / 100.0), late_share=0.3)
    scenario = replace(one_stage(0, interviews(0)), arrivals=(arrivals,))
    result = event.run(scenario, Run(20, every=10, replications=100), 1)
    assert (result.pending[-1] == 1000).all()
    assert abs(score(result.flagged, 300)) <= 4


def test_shares_of_a_route_are_kept() -> None:
    network = Network(
        (interviews(400), Stage("b", Always(1), Steps.always(400))),
        (Route("interview", "b", 0.25),),
    )
    scenario = Scenario(network, Start(MONDAY, (Waiting("interview", 400),)))
    result = event.run(scenario, Run(100, every=100, replications=100, keep_visits=True), 1)
    went_on = np.array([(visits.stage == 1).sum() for visits in result.visits])
    assert abs(score(went_on.astype(float), 100)) <= 4


# --------------------------------------------------------------------------- deadlines and ages


def test_a_deadline_counts_working_days_and_changes_nothing() -> None:
    stage = Stage("interview", Always(8.0), Steps.always(1))
    scenario = replace(one_stage(0, stage), arrivals=(Arrivals(Events(np.array([0.5, 1.5]))),))
    # Filed on Monday and Tuesday; 5 working days end on Monday 13 and Tuesday 14, days 7 and 8.
    run = Run(20, every=1, replications=1, deadlines=(Deadline("five", 5),))
    result = event.run(scenario, run, 1)
    late = result.overdue[0, :, 0]
    # The first is decided at 8.5, half a day after its limit ended at 8.0; the other at 16.5.
    assert late.tolist() == [0.0] * 8 + [1] + [1] * 8 + [0] * 4
    assert result.on_time.sum() == 0
    assert result.filed[:2, 0].tolist() == [1, 1]


def test_a_file_decided_within_its_limit_is_on_time_and_one_still_open_is_unknown() -> None:
    stage = Stage("interview", Always(2.0), Steps.always(1))
    times = np.array([0.5, 1.0, 9.5])
    scenario = replace(one_stage(0, stage), arrivals=(Arrivals(Events(times)),))
    run = Run(10, every=5, replications=1, deadlines=(Deadline("three days", days=3.0),))
    result = event.run(scenario, run, 1)
    # Decided at 2.5 and 4.5 (limits 3.5 and 4.0), and the third has time until 12.5.
    assert result.filed[:, 0].tolist() == [2, 1]
    assert result.on_time[0, :, 0].tolist() == [1, 0]
    assert result.unknown[0, :, 0].tolist() == [0, 1]


def test_the_stock_is_counted_by_age() -> None:
    stage = Stage("interview", Always(1.0), Steps.always(1))
    scenario = Scenario(
        Network((stage,)), Start(MONDAY, (Waiting("interview", 1, 10), Waiting("interview", 2, 3)))
    )
    result = event.run(scenario, Run(2, every=1, replications=1, age_edges=(0, 4, 10)), 1)
    # At least 0, 4 and 10 days old. On day 1 the oldest is decided and the others are 4 days old.
    assert result.aged[:, :, 0].tolist() == [[3, 1, 1], [2, 2, 0], [1, 1, 0]]


# --------------------------------------------------------------------------- how it is asked


def test_without_the_extra_plain_python_does_the_work_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = one_stage(2.0, interviews(2), backlog=5)
    with_extra = event.run(scenario, Run(20, replications=3), 5)
    without = hide(monkeypatch, "numba")
    with pytest.warns(event.NotCompiledWarning):
        plain = event.run(scenario, Run(20, replications=3), 5)
    without.undo()
    compiled.cache_clear()
    assert same(with_extra, plain)
    assert [note.code for note in plain.notes] == ["not_compiled"]


def hide(monkeypatch: pytest.MonkeyPatch, package: str) -> pytest.MonkeyPatch:
    """As if a package were not installed."""
    really = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.split(".")[0] == package:
            raise ImportError(name)
        return really(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    compiled.cache_clear()
    return monkeypatch


@pytest.mark.parametrize("threads", [1, 2])
def test_a_run_that_is_stopped_says_what_is_known_so_far(threads: int) -> None:
    seen = []

    def progress(done: int, asked: int) -> bool:
        seen.append((done, asked))
        return done < 4

    scenario = one_stage(2.0, interviews(2))
    result = event.run(scenario, Run(20, replications=50, threads=threads), 5, progress)
    assert seen == [(1, 50), (2, 50), (3, 50), (4, 50)]
    assert result.replications == 4
    note = next(note for note in result.notes if note.code == "interrupted")
    assert (note.get("done"), note.get("asked")) == ("4", "50")
    whole = event.run(scenario, Run(20, replications=4), 5)
    assert same(result, whole)


def test_more_cases_than_memory_holds_are_refused_with_the_limit() -> None:
    with pytest.raises(CauceError) as refused:
        event.run(one_stage(1e9, interviews(10)), Run(30), 1)
    assert refused.value.code == "capacity_too_many"
    assert refused.value.params == {
        "field": "cases",
        "value": 30_000_000_000,
        "limit": event.MOST_CASES,
    }


def test_more_replications_than_patience_holds_are_refused_with_how_many_can_be() -> None:
    with pytest.raises(CauceError) as refused:
        event.run(one_stage(1e5, interviews(10)), Run(100, replications=10_000), 1)
    assert refused.value.params == {"field": "replications", "value": 10_000, "limit": 1_000}


def test_waits_that_are_not_asked_for_are_not_reckoned() -> None:
    result = event.run(one_stage(2.0, interviews(2)), Run(20, replications=2, quantiles=()), 1)
    assert result.waits.shape == (1, 0, 2)


def test_an_empty_plan_has_an_empty_result() -> None:
    nobody = (Arrivals(Events(np.array([]))),)
    result = event.run(Scenario(Network((interviews(1),)), Start(MONDAY), nobody), Run(20), 1)
    assert result.pending.sum() == 0
    assert np.isnan(result.waits).all()


# --------------------------------------------------------------------------- the parts


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 99)), max_size=30), st.data())
def test_the_heap_gives_the_least_key_whatever_is_taken_out(
    steps: list[tuple[int, int]], data: st.DataObject
) -> None:
    base, size = 3, 0
    keys, items = [0.0] * 40, [0] * 40
    held: list[tuple[float, int]] = []
    for number, (key, _) in enumerate(steps):
        push(keys, items, base, size, float(key), number)
        held.append((float(key), number))
        size += 1
        if size > 1 and data.draw(st.booleans()):
            place = data.draw(st.integers(0, size - 1))
            held.remove((keys[base + place], items[base + place]))
            drop(keys, items, base, size, place)
            size -= 1
        assert keys[base] == min(key for key, _ in held)
    while size:
        assert keys[base] == min(key for key, _ in held)
        held.remove((keys[base], items[base]))
        drop(keys, items, base, size, 0)
        size -= 1


def test_an_item_taken_out_of_the_middle_may_send_another_up() -> None:
    # Below 1: 10 with 11 and 12, and 2 with 3. In place of 11 stands then 3, which is less than 10.
    keys, items = [1.0, 10, 2, 11, 12, 3, 4], list(range(7))
    drop(keys, items, 0, 6, 3)
    assert keys[:5] == [1.0, 3, 2, 10, 12]


def test_two_stages_may_each_have_arrivals_of_their_own() -> None:
    network = Network((interviews(1), Stage("appeal", Always(1.0), Steps.always(1))), ())
    arrivals = (
        Arrivals(Events(np.array([0.0, 1.0]))),
        Arrivals(Events(np.array([0.5, 5.0])), stage="appeal"),
    )
    visits = event.replicate(Scenario(network, Start(MONDAY), arrivals), 50, 1, 0)
    appeal = visits.stage == 1
    assert visits.joined[appeal].tolist() == [0.5, 5.0]
    assert visits.ended[appeal].tolist() == [1.5, 6.0]
    assert visits.joined[~appeal].tolist() == [0.0, 1.0]


def test_more_arrivals_than_were_guessed_are_drawn_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    scenario = one_stage(5.0, interviews(1))
    whole = draw_cases(scenario, 200.0, 1, 0).time
    monkeypatch.setattr(draws, "_MARGIN", -20.0)
    # The same stream, drawn in shorter parts; sums of parts differ in the last bits.
    assert np.allclose(draw_cases(scenario, 200.0, 1, 0).time, whole, rtol=1e-12)


def test_without_a_folder_to_keep_it_in_the_loop_is_compiled_each_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numba = pytest.importorskip("numba")
    really = numba.njit

    def no_folder(function: Any, **options: Any) -> Any:
        if options.get("cache"):
            raise RuntimeError("no locator available")
        return really(function, **options)

    monkeypatch.setattr(numba, "njit", no_folder)
    compiled.cache_clear()
    made = compiled()
    compiled.cache_clear()
    assert made is not None
    assert made.fast


@pytest.mark.usefixtures("plain")
def test_changes_after_the_end_change_nothing() -> None:
    stage = Stage("interview", Always(1.0), Steps((0, 50), (1, 9)), places=3)
    network = Network((stage,), pools=(Pool("rooms", Steps((0, 60), (1, 2))),))
    visits = event.replicate(Scenario(network, Start(MONDAY, (Waiting("interview", 2),))), 20, 1, 0)
    assert visits.ended.tolist() == [1, 2]
    alone = replace(stage, places=None)
    visits = event.replicate(one_stage(0, alone, backlog=2), 20, 1, 0)
    assert visits.ended.tolist() == [1, 2]
