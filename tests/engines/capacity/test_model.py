"""What a network, a backlog and a run may say, and what is refused, with the field."""

from __future__ import annotations

import builtins
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from cauce.engines import capacity as c
from cauce.engines.capacity.result import Progress
from cauce.errors import CauceError
from tests.engines.capacity.plans import MONDAY, interviews, one_stage

ONE = c.Steps.always(1)


def stage(**given: Any) -> c.Stage:
    return c.Stage(**{"name": "interview", "service": c.Exponential(1.0), "staff": ONE, **given})


def network(*routes: c.Route, **given: Any) -> c.Network:
    stages = (stage(), stage(name="decision"))
    return c.Network(**{"stages": stages, "routes": routes or None, **given})


REFUSED: dict[str, tuple[Callable[[], object], str, dict[str, object]]] = {
    "half an officer": (
        lambda: stage(staff=c.Steps((0, 5), (3, 2.5))),
        "capacity_not_whole",
        {"field": "stages.interview.staff[1]", "value": 2.5},
    ),
    "staff below zero": (
        lambda: c.Steps((0, 5), (3, -1)),
        "capacity_negative",
        {"field": "values[1]", "value": -1.0},
    ),
    "half an interpreter": (
        lambda: c.Pool("creole", c.Steps.always(0.5)),
        "capacity_not_whole",
        {"field": "pools.creole.servers[0]", "value": 0.5},
    ),
    "more than all miss their appointment": (
        lambda: stage(no_show=1.2),
        "capacity_not_share",
        {"field": "stages.interview.no_show", "value": 1.2},
    ),
    "all miss their appointment for ever": (
        lambda: stage(no_show=1.0),
        "capacity_routing",
        {"stage": "interview", "group": "all"},
    ),
    "no place at all": (
        lambda: stage(places=0),
        "capacity_not_positive",
        {"field": "stages.interview.places", "value": 0},
    ),
    "an unknown rule for cases in progress": (
        lambda: stage(when_cut="swap"),
        "capacity_unknown_name",
        {"field": "stages.interview.when_cut", "value": "swap", "choices": "resume, finish"},
    ),
    "a class told twice": (
        lambda: stage(by_class=(c.ByClass("a"), c.ByClass("a"))),
        "capacity_twice",
        {"field": "stages.interview.by_class", "value": "a"},
    ),
    "no stage": (
        lambda: c.Network(()),
        "capacity_too_few",
        {"field": "stages", "value": 0, "limit": 1},
    ),
    "two stages of one name": (
        lambda: c.Network((stage(), stage())),
        "capacity_twice",
        {"field": "stages", "value": "interview"},
    ),
    "two pools of one name": (
        lambda: network(pools=(c.Pool("rooms", ONE), c.Pool("rooms", ONE))),
        "capacity_twice",
        {"field": "pools", "value": "rooms"},
    ),
    "a class that the network does not have": (
        lambda: c.Network((stage(by_class=(c.ByClass("creole"),)),)),
        "capacity_unknown_name",
        {"field": "stages.interview.by_class", "value": "creole", "choices": "all"},
    ),
    "a pool that the network does not have": (
        lambda: c.Network((stage(by_class=(c.ByClass("all", needs=("rooms",)),)),)),
        "capacity_unknown_name",
        {"field": "stages.interview.by_class.all.needs", "value": "rooms", "choices": ""},
    ),
    "a pool needed twice": (
        lambda: c.Network(
            (stage(by_class=(c.ByClass("all", needs=("rooms", "rooms")),)),),
            pools=(c.Pool("rooms", ONE),),
        ),
        "capacity_twice",
        {"field": "stages.interview.by_class.all.needs", "value": "rooms"},
    ),
    "a route from nowhere": (
        lambda: network(c.Route("appeal", "decision")),
        "capacity_unknown_name",
        {"field": "routes.from", "value": "appeal", "choices": "interview, decision"},
    ),
    "a route to nowhere": (
        lambda: network(c.Route("interview", "appeal")),
        "capacity_unknown_name",
        {"field": "routes.to", "value": "appeal", "choices": "interview, decision, "},
    ),
    "a route of a class unknown": (
        lambda: network(c.Route("interview", "decision", 1, "creole")),
        "capacity_unknown_name",
        {"field": "routes.class", "value": "creole", "choices": "all, all"},
    ),
    "shares above the whole": (
        lambda: network(
            c.Route("interview", "decision", 0.7), c.Route("interview", "interview", 0.5)
        ),
        "capacity_not_share",
        {"field": "routes.interview", "value": 1.2},
    ),
    "the same way twice": (
        lambda: network(
            c.Route("interview", "decision", 0.2), c.Route("interview", "decision", 0.3)
        ),
        "capacity_twice",
        {"field": "routes.interview", "value": "decision"},
    ),
    "a routing that goes round for ever": (
        lambda: network(c.Route("interview", "decision"), c.Route("decision", "interview")),
        "capacity_routing",
        {"stage": "interview", "group": "all"},
    ),
    "a backlog at no stage": (
        lambda: c.Scenario(network(), c.Start(MONDAY, (c.Waiting("appeal", 3),))),
        "capacity_unknown_name",
        {"field": "start.stage", "value": "appeal", "choices": "interview, decision"},
    ),
    "a backlog of no class": (
        lambda: c.Scenario(network(), c.Start(MONDAY, (c.Waiting("decision", 3, class_="x"),))),
        "capacity_unknown_name",
        {"field": "start.class", "value": "x", "choices": "all"},
    ),
    "arrivals at no stage": (
        lambda: c.Scenario(network(), c.Start(MONDAY), (c.Arrivals(c.Rates(ONE), stage="x"),)),
        "capacity_unknown_name",
        {"field": "arrivals.stage", "value": "x", "choices": "interview, decision"},
    ),
    "arrivals of no class": (
        lambda: c.Scenario(network(), c.Start(MONDAY), (c.Arrivals(c.Rates(ONE), "x"),)),
        "capacity_unknown_name",
        {"field": "arrivals.class", "value": "x", "choices": "all"},
    ),
    "a negative backlog": (
        lambda: c.Waiting("interview", -1),
        "capacity_negative",
        {"field": "start.interview.count", "value": -1},
    ),
    "a backlog whose oldest case is younger than its youngest": (
        lambda: c.Waiting("interview", 1, 30, 10),
        "capacity_not_ascending",
        {"field": "start.interview.age_to", "value": 10},
    ),
    "a share of late cases above one": (
        lambda: c.Arrivals(c.Rates(ONE), late_share=2),
        "capacity_not_share",
        {"field": "arrivals.all.late_share", "value": 2},
    ),
    "a moment that is no number": (
        lambda: c.Events(np.array([1.0, np.nan])),
        "capacity_not_finite",
        {"field": "arrivals.events[1]", "value": pytest.approx(np.nan, nan_ok=True)},
    ),
    "a moment before the start": (
        lambda: c.Events(np.array([-1.0, 2.0])),
        "capacity_negative",
        {"field": "arrivals.events[0]", "value": -1.0},
    ),
    "moments out of order": (
        lambda: c.Events(np.array([2.0, 1.0])),
        "capacity_not_ascending",
        {"field": "arrivals.events[1]", "value": 1.0},
    ),
    "counts that do not fit their periods": (
        lambda: c.Paths(np.array([0.0, 7.0]), np.array([[1, 2]])),
        "capacity_lengths_differ",
        {"field": "arrivals.paths", "other": "arrivals.edges"},
    ),
    "periods that leave a gap at the start": (
        lambda: c.Paths(np.array([7.0, 14.0]), np.array([[1]])),
        "capacity_gap",
        {"field": "arrivals.edges", "value": 7.0},
    ),
    "half a case": (
        lambda: c.Paths(np.array([0.0, 7.0, 14.0]), np.array([[1, 1.5]])),
        "capacity_not_whole",
        {"field": "arrivals.paths[1]", "value": 1.5},
    ),
    "a negative count": (
        lambda: c.Paths(np.array([0.0, 7.0, 14.0]), np.array([[1, -2]])),
        "capacity_negative",
        {"field": "arrivals.paths[1]", "value": -2.0},
    ),
    "a limit in two units": (
        lambda: c.Deadline("decision", 45, days=60),
        "capacity_conflict",
        {"field": "working_days", "other": "days"},
    ),
    "a limit in none": (
        lambda: c.Deadline("decision"),
        "capacity_conflict",
        {"field": "working_days", "other": "days"},
    ),
    "a limit of no day": (
        lambda: c.Deadline("decision", 0),
        "capacity_not_positive",
        {"field": "deadlines.working_days", "value": 0},
    ),
    "a limit of no time": (
        lambda: c.Deadline("decision", days=0),
        "capacity_not_positive",
        {"field": "deadlines.days", "value": 0},
    ),
    "no horizon": (
        lambda: c.Run(float("inf")),
        "capacity_not_finite",
        {"field": "until", "value": float("inf")},
    ),
    "a horizon of no time": (
        lambda: c.Run(0),
        "capacity_not_positive",
        {"field": "until", "value": 0},
    ),
    "an engine that does not exist": (
        lambda: c.Run(10, engine="magic"),
        "capacity_unknown_name",
        {"field": "engine", "value": "magic", "choices": "event, tau, fluid"},
    ),
    "no replication": (
        lambda: c.Run(10, replications=0),
        "capacity_not_positive",
        {"field": "replications", "value": 0},
    ),
    "two limits of one name": (
        lambda: c.Run(10, deadlines=(c.Deadline("a", 1), c.Deadline("a", 2))),
        "capacity_twice",
        {"field": "deadlines", "value": "a, a"},
    ),
    "more times than can be looked at": (
        lambda: c.Run(1e6, every=0.001),
        "capacity_too_many",
        {"field": "every", "value": 1_000_000_000, "limit": 100_000},
    ),
    "an age below zero": (
        lambda: c.Run(10, age_edges=(-1,)),
        "capacity_negative",
        {"field": "age_edges", "value": -1},
    ),
    "half a seed": (
        lambda: c.simulate_scenario(one_stage(1, interviews(1)), c.Run(1), seed=0.5),  # type: ignore[arg-type]  # refused
        "capacity_not_whole",
        {"field": "seed", "value": 0.5},
    ),
}


@pytest.mark.parametrize("name", list(REFUSED))
def test_bad_input_is_refused_with_its_field(name: str) -> None:
    make, code, params = REFUSED[name]
    with pytest.raises(CauceError) as refused:
        make()
    assert (refused.value.code, refused.value.params) == (code, params)


def test_a_class_takes_the_stage_s_service_where_it_has_none_of_its_own() -> None:
    made = stage(by_class=(c.ByClass("a", priority=2), c.ByClass("b", c.Always(3.0))))
    assert made.of("a") == c.ByClass("a", c.Exponential(1.0), 2)
    assert made.of("b").service == c.Always(3.0)
    assert made.of("c") == c.ByClass("c", c.Exponential(1.0))


def test_speed_is_opening_times_productivity() -> None:
    made = stage(opening=c.Steps((0, 5), (1, 0)), productivity=c.Steps((0, 3), (1, 0.8)))
    assert made.speed == c.Steps((0, 3, 5), (1, 0.8, 0))


def test_without_routes_the_stages_follow_one_another() -> None:
    made = network()
    assert made.onward("all", "interview") == (("decision", 1.0),)
    assert made.onward("all", "decision") == ()


def test_a_class_s_own_routes_stand_instead_of_those_for_all() -> None:
    made = network(
        c.Route("interview", "decision"),
        c.Route("interview", "", 1, "children"),
        classes=("adults", "children"),
    )
    assert made.onward("adults", "interview") == (("decision", 1.0),)
    assert made.onward("children", "interview") == ()


def test_a_stage_and_a_pool_can_be_replaced_by_name() -> None:
    made = network(pools=(c.Pool("rooms", ONE),))
    more = made.with_stage(stage(staff=c.Steps.always(4)))
    assert more.stage("interview").staff.at(0) == 4
    assert more.stage("decision") == made.stage("decision")
    assert made.with_pool(c.Pool("rooms", c.Steps.always(2))).pools[0].servers.at(0) == 2
    with pytest.raises(CauceError):
        made.with_stage(stage(name="appeal"))
    with pytest.raises(CauceError):
        made.with_pool(c.Pool("desks", ONE))


def test_how_many_cases_are_expected_is_known_before() -> None:
    paths = c.Paths(np.array([0.0, 10.0]), np.array([[4], [6]]))
    scenario = c.Scenario(
        network(),
        c.Start(MONDAY, (c.Waiting("interview", 7),)),
        (
            c.Arrivals(c.Rates(c.Steps((0, 5), (2, 0)))),
            c.Arrivals(paths, persons_per_file=c.GroupSize((0.5, 0.5))),
            c.Arrivals(c.Events(np.array([1.0, 2.0, 30.0])), stage="decision"),
        ),
    )
    # 7 wait; 2 a day for 5 days; half of 4 and 6 in the mean of 5; two of three by then.
    assert scenario.expected(10) == 7 + 10 + 5 + 2
    assert scenario.expected(5) == 7 + 10 + 2.5 + 2
    assert [scenario.entry(each) for each in scenario.arrivals] == [0, 0, 1]
    assert scenario.persons_per_file() == pytest.approx((1 + 1.5 + 1) / 3)
    assert c.Scenario(network(), c.Start(MONDAY)).persons_per_file() == 1


def test_a_number_stands_for_always() -> None:
    plain: Any = 2
    made = stage(staff=plain, productivity=0.5)
    assert made.staff == c.Steps.always(2)
    assert made.speed == c.Steps.always(0.5)
    assert c.Pool("rooms", plain).servers == c.Steps.always(2)
    assert c.Rates(plain).per_day == c.Steps.always(2)
    with pytest.raises(CauceError):
        stage(staff=2.5)


def test_the_paths_of_a_forecast_are_arrivals_from_its_first_step_on() -> None:
    years = c.Series(date(2015, 1, 1), tuple(range(100, 110)), season=1, unit="year")
    forecast = c.forecast(years, 2, seed=1, methods=("naive",), paths=5)
    coming = years.arrivals(forecast, date(2025, 1, 1))
    assert coming.edges.tolist() == [0, 365, 730][: forecast.horizon + 1]
    assert coming.counts.tolist() == forecast.paths.tolist()
    with pytest.raises(CauceError) as refused:
        years.arrivals(forecast, date(2025, 2, 1))
    assert refused.value.params == {"field": "series.start", "value": "2025-01-01"}
    numbered = replace(years, start=0)
    with pytest.raises(CauceError) as refused:
        numbered.arrivals(forecast, date(2025, 1, 1))
    assert refused.value.params == {"field": "series.start", "value": "10"}


def test_a_run_looks_at_whole_steps_and_at_its_end() -> None:
    assert c.Run(10, every=4).times.tolist() == [0, 4, 8, 10]
    assert c.Run(8, every=4).times.tolist() == [0, 4, 8]
    # Ten times a tenth is not 1 to the last bit; the end is looked at once.
    assert len(c.Run(1, every=0.1).times) == 11


def test_a_limit_without_a_calendar_counts_monday_to_friday() -> None:
    ends = c.Deadline("decision", 5).ends(MONDAY, np.array([0.5, 4.2, -3.0]))
    # Monday to the next; Friday to Friday; filed on a Friday before, to the Friday of the week.
    assert ends.tolist() == [8.0, 12.0, 5.0]
    assert c.Deadline("decision", days=3).ends(MONDAY, np.array([0.5])).tolist() == [3.5]
    assert c.Deadline("decision", 5).ends(MONDAY, np.array([])).tolist() == []


# --------------------------------------------------------------------------- the result


@pytest.fixture(scope="module")
def result() -> c.Result:
    return c.simulate_scenario(
        one_stage(2.0, interviews(2), backlog=3),
        c.Run(4, every=2, replications=3, engine="tau"),
        seed=1,
    )


def test_the_columns_are_the_arrays_row_by_row(result: c.Result) -> None:
    columns = result.columns()
    assert {len(column) for column in columns.values()} == {3 * 3 * 1}
    for row in range(9):
        at = list(result.times).index(columns["time"][row]), columns["replication"][row]
        assert columns["pending"][row] == result.pending[at[0], 0, at[1]]
        assert columns["done"][row] == result.done[at[0], at[1]]
        assert columns["arrived"][row] == result.arrived[at[0], at[1]]
        assert columns["stage"][row] == "interview"
    assert result.replications == 3
    assert (result.backlog_by_time == result.pending[:, 0]).all()


def test_the_columns_go_to_arrow(result: c.Result) -> None:
    table = result.to_arrow()
    assert table.num_rows == 9
    assert table.column("pending").to_pylist() == result.columns()["pending"].tolist()


def test_without_arrow_the_extra_is_named(
    result: c.Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "pyarrow":
            raise ImportError(name)
        return really(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CauceError) as refused:
        result.to_arrow()
    assert (refused.value.code, refused.value.params) == ("extra_missing", {"extra": "arrow"})


def test_the_fan_is_of_the_replications() -> None:
    values = np.array([[1.0, 2.0, 3.0], [5.0, 5.0, 5.0]])
    made = replace(
        c.simulate_scenario(one_stage(0, interviews(1)), c.Run(1, engine="fluid"), seed=1)
    )
    assert made.fan(values, (0.0, 0.5, 1.0)).tolist() == [[1, 5], [2, 5], [3, 5]]


def test_every_engine_is_reached_by_its_name_and_says_which_it_is() -> None:
    scenario = one_stage(2.0, interviews(3), backlog=4)
    seen: list[tuple[int, int]] = []
    note: Progress = lambda done, asked: seen.append((done, asked))  # noqa: E731
    for engine in ("event", "tau", "fluid"):
        run = c.Run(5, replications=2, engine=engine)
        made = c.simulate(
            scenario.network, scenario.start, scenario.arrivals, run, seed=3, progress=note
        )
        assert (made.engine, made.seed) == (engine, 3)
        total = made.pending.sum(axis=1) + made.lost.sum(axis=1) + made.turned_away.sum(axis=1)
        assert np.allclose(total + made.done, made.backlog + made.arrived)
    assert seen
