"""What plans does nobody write on purpose, and what is told of them?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from cauce.engines.capacity import event, fluid, tau
from cauce.engines.capacity.calendar import BusinessCalendar
from cauce.engines.capacity.distributions import Always, Exponential
from cauce.engines.capacity.model import Network, Pool, Route, Stage
from cauce.engines.capacity.result import Run
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
from cauce.engines.capacity.transient import kolmogorov
from cauce.errors import CauceError
from tests.engines.capacity.plans import MONDAY, interviews, one_stage

ENGINES: dict[str, Callable[..., Any]] = {"event": event.run, "tau": tau.run, "fluid": fluid.run}


def of_events(stage: Stage, *times: float, pools: tuple[Pool, ...] = ()) -> Scenario:
    """Arrivals at given moments at one stage."""
    arrivals = (Arrivals(Events(np.array(times))),)
    return Scenario(Network((stage,), pools=pools), Start(MONDAY), arrivals)


# --------------------------------------------------------------------------- right numbers


@pytest.mark.parametrize("engine", ENGINES)
def test_of_who_left_undecided_nothing_is_unknown(engine: str) -> None:
    gone_at_once = Stage("interview", Always(1.0), Steps.always(0), patience=Exponential(0.05))
    run = Run(20, replications=2, engine=engine, deadlines=(Deadline("limit", days=60),))
    result = ENGINES[engine](one_stage(10.0, gone_at_once), run, 1)
    assert (result.unknown[0].sum(axis=0) <= result.backlog_by_time[-1] + 1e-9).all()


@pytest.mark.parametrize("places", [None, 100])
def test_nobody_starts_when_staff_come_as_the_office_closes(places: int | None) -> None:
    # With places, the loop for any network is taken.
    stage = Stage(
        "interview",
        Always(1.0),
        Steps((0, 2), (0, 1)),
        opening=Steps((0, 2, 4), (1, 0, 1)),
        patience=Always(3),
        places=places,
    )
    visits = event.replicate(of_events(stage, 0.5), 10, 1, 0)
    assert visits.ended.tolist() == [3.5]
    assert visits.outcome.tolist() == [2]


def test_of_shares_near_one_what_is_missing_still_leaves() -> None:
    network = Network((interviews(2, 0.001),), (Route("interview", "interview", 1 - 2e-4),))
    scenario = Scenario(network, Start(MONDAY), (Arrivals(Events(np.array([0.0]))),))
    assert event.run(scenario, Run(200, replications=1), 1).done[-1, 0] == 1


@pytest.mark.parametrize("engine", ENGINES)
def test_the_start_is_looked_at_however_near_the_end_is(engine: str) -> None:
    result = ENGINES[engine](one_stage(1.0, interviews(1)), Run(1e-9, 7, 1, engine), 1)
    assert result.times.tolist() == [0, 1e-9]


def test_more_servers_than_cases_take_no_more_room() -> None:
    few, all_ = (
        event.run(one_stage(2.0, interviews(servers)), Run(20, replications=2), 1)
        for servers in (1000, 10**9)
    )
    assert (few.pending == all_.pending).all()


def test_whole_numbers_may_be_written_with_a_point() -> None:
    run = Run(20, replications=2.0, threads=1.0)  # type: ignore[arg-type]
    start = Start(MONDAY, (Waiting("interview", 3.0),))  # type: ignore[arg-type]
    scenario = Scenario(Network((interviews(1),)), start)
    assert event.run(scenario, run, 1).backlog == 3


def test_a_moment_of_a_day_is_its_day() -> None:
    assert Start(datetime(2025, 1, 6, 9, tzinfo=UTC)).day(date(2025, 1, 8)) == 2
    assert Start(MONDAY).day(datetime(2025, 1, 8, 9, tzinfo=UTC)) == 2


# --------------------------------------------------------------------------- refused


def looping(share: float) -> Scenario:
    network = Network((interviews(1),), (Route("interview", "interview", share),))
    return Scenario(network, Start(MONDAY), (Arrivals(Rates(Steps.always(1.0))),))


@pytest.mark.parametrize(
    "scenario",
    [
        looping(1 - 1e-6),
        one_stage(1.0, Stage("interview", Always(1.0), Steps.always(1), no_show=1 - 1e-6)),
    ],
)
def test_who_goes_round_all_but_for_ever_is_refused(scenario: Scenario) -> None:
    refused = refusal(lambda: event.run(scenario, Run(5), 1))
    assert (refused.code, refused.params["field"]) == ("capacity_too_many", "routes")


def refusal(asked: Callable[[], object]) -> CauceError:
    with pytest.raises(CauceError) as refused:
        asked()
    return refused.value


def test_more_starts_than_memory_holds_are_refused_with_the_cases_there_can_be() -> None:
    refused = refusal(lambda: event.run(looping(0.999), Run(1_000_000, 10_000), 1))
    assert refused.params["limit"] == pytest.approx(200_000)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rate", [1e30, 1e308])
def test_more_cases_than_can_be_counted_are_refused(engine: str, rate: float) -> None:
    scenario = one_stage(rate, interviews(1))
    refused = refusal(lambda: ENGINES[engine](scenario, Run(50, engine=engine), 1))
    assert (refused.code, refused.params["field"]) == ("capacity_too_many", "cases")


def test_the_fullest_path_counts_not_their_mean() -> None:
    paths = Paths(np.array([0.0, 1.0]), np.array([[10**9], *[[0]] * 99]))
    scenario = Scenario(Network((interviews(1),)), Start(MONDAY), (Arrivals(paths),))
    assert refusal(lambda: event.run(scenario, Run(5), 1)).params["value"] == 1e9


ANY: Any = 1.0


@pytest.mark.parametrize(
    ("asked", "code", "field"),
    [
        (lambda: Stage("a", ANY, ANY), "capacity_unknown_name", "stages.a.service"),
        (
            lambda: Stage("a", Always(1), ANY, patience=ANY),
            "capacity_unknown_name",
            "stages.a.patience",
        ),
        (lambda: interviews(1e30), "capacity_too_many", "stages.interview.staff[0]"),
        (
            lambda: Stage("a", Always(1), ANY, places=10**15),
            "capacity_too_many",
            "stages.a.places",
        ),
        (lambda: Network((interviews(1),), classes=()), "capacity_too_few", "classes"),
        (lambda: Arrivals(ANY), "capacity_unknown_name", "arrivals.all.source"),
        (
            lambda: Arrivals(Rates(Steps.always(1.0)), persons_per_file=ANY),
            "capacity_unknown_name",
            "arrivals.all.persons_per_file",
        ),
        (lambda: Start(ANY), "capacity_unknown_name", "start.on"),
        (lambda: Waiting("a", 3, 0, float("nan")), "capacity_not_finite", "start.a.age_to"),
        (
            lambda: Start(MONDAY, (Waiting("a", 3, 1e9),)),
            "capacity_too_many",
            "start.a.age",
        ),
        (
            lambda: Start(MONDAY, (Waiting("a", 3, 0, 1e9),)),
            "capacity_too_many",
            "start.a.age_to",
        ),
        (
            lambda: Deadline("limit", 45, ANY),
            "capacity_unknown_name",
            "deadlines.calendar",
        ),
        (lambda: Events(np.array([[1.0, 2.0]])), "capacity_lengths_differ", "arrivals.events"),
        (
            lambda: Paths(np.array(1.0), np.array([[1.0]])),
            "capacity_lengths_differ",
            "arrivals.paths",
        ),
        (lambda: Run(5, replications=10**12), "capacity_too_many", "replications"),
        (lambda: Run(1e300, 1e-300), "capacity_too_many", "every"),
        (
            lambda: event.replicate(one_stage(1.0, interviews(1)), float("nan"), 1, 0),
            "capacity_not_finite",
            "until",
        ),
        (
            lambda: event.replicate(one_stage(1.0, interviews(1)), 5, 1, -1),
            "capacity_negative",
            "replication",
        ),
        (lambda: BusinessCalendar().opening(MONDAY, 10**12), "capacity_too_many", "days"),
        (
            lambda: BusinessCalendar().deadlines(MONDAY, 0, 10**11, 5),
            "capacity_no_working_day",
            "working_days",
        ),
        (lambda: kolmogorov(1e9, 1, 1, [1]), "capacity_too_many", "jumps"),
    ],
)
def test_it_is_refused_with_its_field(asked: Callable[[], object], code: str, field: str) -> None:
    refused = refusal(asked)
    assert (refused.code, refused.params["field"]) == (code, field)


def test_more_servers_than_states_are_as_good_as_one_for_each() -> None:
    enough, too_many = (kolmogorov(1, 1, servers, [2]) for servers in (1000, 10**30))
    assert (enough.probabilities == too_many.probabilities).all()
