"""Does a plan's file become the plan that was meant, and is everything wrong in it told at once?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any

import jsonschema
import numpy as np
import pytest
import yaml

from cauce.engines.capacity import plan_parts, plan_questions, plan_times
from cauce.engines.capacity.distributions import (
    Always,
    Empirical,
    Erlang,
    Exponential,
    GroupSize,
    Mixture,
    Uniform,
)
from cauce.engines.capacity.plan_file import KEYS, KINDS, PlanFile, read
from cauce.engines.capacity.scenario import Arrivals, Events, Paths, Rates, Scenario, Waiting
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError, Refusal
from cauce.values.answer import Absence, Absent, Known
from cauce.words import error

FOLDER = resources.files("cauce.engines.capacity")
SCHEMA = json.loads(FOLDER.joinpath("plan.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
EXAMPLES = ("backlog", "staff", "lanes", "forecast", "comar")
MONDAY = date(2025, 1, 6)


def text_of(name: str) -> str:
    return FOLDER.joinpath(f"examples/{name}.yaml").read_text("utf-8")


def example(name: str) -> Any:
    return yaml.safe_load(text_of(name))


def as_json(data: Any) -> Any:
    """As a JSON file would say it: dates and keys are texts."""
    if isinstance(data, dict):
        return {str(key): as_json(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_json(value) for value in data]
    return data.isoformat() if isinstance(data, date) else data


def follows_schema(data: Any) -> bool:
    return bool(VALIDATOR.is_valid(as_json(data)))


def office(**more: Any) -> dict[str, Any]:
    """A small office that is right: one stage, four people, a year of 20 files a week."""
    return {
        "plan": "backlog",
        "start": {"date": MONDAY},
        "stages": [{"name": "interview", "staff": 4, "cases_per_person": "5 per week"}],
        "arrivals": [{"rate": "21 per week"}],
        "look": {"until": date(2026, 1, 5)},
    } | more


def stage(**more: Any) -> list[dict[str, Any]]:
    return [{"name": "interview", "staff": 4} | more]


def scenario(**more: Any) -> Scenario:
    found = read(office(**more)).scenario
    assert found is not None
    return found


def problems(data: Any, chosen: Any = None) -> list[tuple[str, str]]:
    """Path of the field and code of each problem, and words for each in three languages."""
    with pytest.raises(Refusal) as caught:
        read(data, chosen)
    for problem in caught.value.problems:
        for language in ("es", "en", "fr"):
            assert error(problem, language)
    return [(problem.place.column, problem.code) for problem in caught.value.problems]


# ----------------------------------------------------------------------------- the examples


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_follows_the_schema_and_is_read(name: str) -> None:
    data = example(name)
    VALIDATOR.validate(as_json(data))
    assert read(data).kind == data["plan"]


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_the_same_as_yaml_and_as_json(name: str) -> None:
    assert seen(read(json.loads(json.dumps(as_json(example(name)))))) == seen(read(example(name)))


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_says_the_same_where_all_that_is_written_is_kept_as_text(name: str) -> None:
    data = yaml.load(text_of(name), Loader=yaml.BaseLoader)  # noqa: S506  # makes texts only
    assert follows_schema(data)
    assert seen(read(data)) == seen(read(example(name)))


def seen(plan: PlanFile) -> str:
    return repr(plan)


@pytest.mark.parametrize("name", ["backlog", "staff", "lanes", "forecast"])
def test_an_invented_example_says_that_it_is_invented(name: str) -> None:
    plan = read(example(name))
    assert plan.made_up
    assert "DATOS INVENTADOS" in plan.about


def test_the_invented_office_loses_nine_of_24_interviewers_at_the_end_of_march() -> None:
    plan = read(example("backlog"))
    assert plan.scenario is not None
    interview = plan.scenario.network.stage("interview")
    # From 6 January to 31 March: 25 + 28 + 31 days.
    assert interview.staff == Steps((0, 84), (24, 15))
    assert plan.scenario.start.backlog == 4900
    names = [name for name, _ in plan.alternatives()]
    assert names == ["contracts renewed", "a fifth more arrive", "better interviews"]
    renewed = dict(plan.alternatives())["contracts renewed"]
    assert renewed.network.stage("interview").staff == Steps.always(24)


def test_the_public_figures_of_seven_years_are_609347_applications() -> None:
    plan = read(example("comar"))
    chosen = {name: 0.498 for name, _ in plan.doubtful} | {"start.waiting[0].files": 0}
    found = plan.scenario_of(chosen)
    # 29,572 + 70,310 + 40,912 + 129,585 + 119,273 + 140,720 + 78,975
    assert found.expected(2557) == pytest.approx(609_347)
    # What is decided in 2022: 2.897 thousand a month of 365.25 / 12 days, 260 working days of
    # 5 in 7 days.
    speed = found.network.stage("decision").speed
    per_day = 1 / found.network.stage("decision").service.mean
    decided = (speed.until([1826])[0] - speed.until([1461])[0]) * per_day
    assert decided == pytest.approx(2897 * 260 / (365.25 / 12 * 5 / 7))


# ----------------------------------------------------------------------------- what is read


def test_units_become_days_of_work_and_days_of_24_hours() -> None:
    network = scenario(
        stages=stage(service="4 hours", leave_if_waiting={"always": "2 weeks"}),
        calendar={"hours_per_day": 8},
    ).network
    assert network.stages[0].service == Exponential(0.5)
    assert network.stages[0].patience == Always(14)


def test_five_cases_a_week_are_one_a_working_day_each() -> None:
    found = scenario()
    assert found.network.stages[0].service == Exponential(1.0)
    assert found.arrivals == (Arrivals(Rates(Steps.always(3.0))),)


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ({"mean": "8 hours", "variation": 0.5}, Erlang(1, 4)),
        ({"from": "4 hours", "to": "12 hours"}, Uniform(0.5, 1.5)),
        ({"observed": ["4 hours", "8 hours"]}, Empirical((0.5, 1))),
        (
            {"parts": [{"share": 0.75, "always": "4 hours"}, {"share": 0.25, "mean": "8 hours"}]},
            Mixture((0.75, 0.25), (Always(0.5), Exponential(1))),
        ),
    ],
)
def test_a_time_may_be_spread_over_the_cases(service: Any, expected: object) -> None:
    data = office(stages=stage(service=service))
    assert follows_schema(data)
    assert scenario(stages=stage(service=service)).network.stages[0].service == expected


def test_the_variation_of_a_stage_is_that_of_its_work() -> None:
    stages = stage(cases_per_person="5 per week", variation=0.5)
    assert scenario(stages=stages).network.stages[0].service == Erlang(1, 4)


def test_of_the_staff_before_the_first_day_the_last_one_holds_on_it() -> None:
    staff = {"2024-01-01": 9, "2025-01-01": 12, "2025-01-16": 8}
    stages = [{"name": "interview", "staff": staff, "service": "1 hour"}]
    assert scenario(stages=stages).network.stages[0].staff == Steps((0, 10), (12, 8))


def test_an_office_is_closed_on_weekends_holidays_and_until_it_reopens() -> None:
    calendar = {
        "working_days": ["mon", "tue", "wed", "thu", "fri"],
        "holidays": ["2025-01-07"],
        "closed": [{"from": "2025-01-09", "reopens": "2025-01-14"}],
        "extra_days": ["2025-01-18"],
    }
    opening = scenario(calendar=calendar).network.stages[0].opening
    # 6 open, 7 closed, 8 open, 9 to 13 closed, 14 to 18 open, 19 closed.
    assert [opening.at(day) for day in range(14)] == [1, 0, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0]


def test_waiting_files_have_ages_and_a_class() -> None:
    start = {
        "date": "2025-01-06",
        "waiting": [
            {"files": 100, "age": {"from": "10 days", "to": "300 days"}, "class": "family"},
            {"stage": "interview", "files": 7, "age": "1 week"},
        ],
    }
    found = scenario(start=start, classes=["single", "family"]).start
    assert found.waiting == (
        Waiting("interview", 100, 10, 300, "family"),
        Waiting("interview", 7, 7, None, "single"),
    )


def test_a_need_of_the_stage_is_that_of_each_class_that_has_none_of_its_own() -> None:
    stages = stage(
        service="1 hour",
        needs=["rooms"],
        priority=2,
        by_class=[{"class": "b", "needs": ["rooms", "interpreters"], "priority": 1}, {"class": "c",
                  "cases_per_person": "5 per week"}],
        places=50, when_cut="finish",
    )  # fmt: skip
    pools = [{"name": "rooms", "servers": 2}, {"name": "interpreters", "servers": 1}]
    found = scenario(stages=stages, pools=pools, classes=["a", "b", "c"]).network.stages[0]
    assert (found.of("a").needs, found.of("a").priority) == (("rooms",), 2)
    assert (found.of("b").needs, found.of("b").priority) == (("rooms", "interpreters"), 1)
    assert (found.of("c").service, found.of("c").needs) == (Exponential(1), ("rooms",))
    assert (found.places, found.when_cut) == (50, "finish")


def test_a_route_without_an_end_is_that_of_cases_that_are_done() -> None:
    stages = [{"name": name, "staff": 1, "service": "1 hour"} for name in ("a", "b")]
    routes = [{"from": "a", "to": "b", "share": 0.25}, {"from": "b"}]
    network = scenario(stages=stages, routes=routes).network
    assert network.onward("all", "a") == (("b", 0.25),)
    assert network.onward("all", "b") == ()


def test_counts_of_months_begin_on_the_first_day_of_the_plan() -> None:
    found = scenario(
        start={"date": "2025-01-31"},
        look={"until": "2025-06-01"},
        arrivals=[{"counts": {"per": "month", "values": [10, 20]}, "persons_per_file": [0.5, 0.5]}],
    )
    source = found.arrivals[0].source
    assert isinstance(source, Paths)
    # 31 January, 28 February, 31 March.
    assert source.edges.tolist() == [0, 28, 59]
    assert source.counts.tolist() == [[10, 20]]
    assert found.arrivals[0].persons_per_file == GroupSize((0.5, 0.5))


@pytest.mark.parametrize(("per", "edge"), [("day", 1), ("week", 7), ("quarter", 90), ("year", 365)])
def test_counts_may_be_of_other_periods_and_of_several_courses(per: str, edge: int) -> None:
    counts = {"per": per, "values": [[10, 20], [30, 40]]}
    source = scenario(arrivals=[{"counts": counts}]).arrivals[0].source
    assert isinstance(source, Paths)
    assert source.edges[1] == edge
    assert source.counts.shape == (2, 2)


def test_what_comes_by_the_hour_is_the_same_every_day() -> None:
    by_hour = {6: "48 per hour", 18: "24 per hour"}
    source = scenario(arrivals=[{"by_hour": by_hour}]).arrivals[0].source
    assert isinstance(source, Rates)
    rates = [source.per_day.at(time) for time in (0, 0.25, 0.74, 0.75, 1.1, 1.25)]
    assert rates == [576, 1152, 1152, 576, 576, 1152]


def test_a_day_that_begins_at_the_first_hour_said_needs_no_hour_before() -> None:
    assert plan_times.daily([(0, 1.0), (12, 2.0)], 1) == Steps((0, 0.5), (1, 2))


def test_the_look_says_until_when_how_often_and_at_what() -> None:
    look = {
        "until": "2025-01-16", "every": "1 day", "replications": 7, "engine": "tau",
        "ages": ["0 days", "2 weeks"], "quantiles": [0.5], "keep_visits": "yes",
    }  # fmt: skip
    run = read(office(look=look, deadlines=[{"name": "a", "days": 90}])).run
    assert run is not None
    assert (run.until, run.every, run.replications, run.engine) == (10, 1, 7, "tau")
    assert (run.age_edges, run.quantiles, run.keep_visits) == ((0, 14), (0.5,), True)
    assert run.deadlines[0].days == 90


def test_numbers_may_be_written_as_texts_and_title_as_a_number() -> None:
    plan = read(office(stages=stage(staff="12", service="1 hour"), title=2025, seed="7"))
    assert plan.scenario is not None
    assert plan.scenario.network.stages[0].staff == Steps.always(12)
    assert (plan.title, plan.seed) == ("2025", 7)


# ----------------------------------------------------------------------------- what is asked


def test_staff_are_asked_for_a_share_within_working_days() -> None:
    want = {
        "share": 0.8, "working_days": 45, "cost_per_person": "12 per day", "at_most": 30,
    }  # fmt: skip
    question = read(office(plan="staff", want=want)).staff
    assert question is not None
    assert (question.share, question.deadline.working_days, question.since) == (0.8, 45, 0)
    assert (question.by, question.budget, question.ramp) == (None, None, None)
    assert question.costs == (("interview", 12.0),)
    assert question.at_most == (("interview", 30),)


def test_the_staff_example_asks_for_80_of_100_of_the_files_of_july_to_september() -> None:
    question = read(example("staff")).staff
    assert question is not None
    # From 5 January: 26 + 28 + 31 + 30 + 31 + 30 + 1 days to 1 July, and 92 more.
    assert (question.since, question.by) == (177, 269)
    assert question.deadline.name == "decision"
    assert question.ramp == plan_questions.Ramp(0.5, 56)
    assert dict(question.costs)["interview"] == pytest.approx(30_000 / (365.25 / 12))


def test_two_of_ten_lanes_are_closed_for_three_days() -> None:
    plan = read(example("lanes"))
    assert plan.scenario is not None
    assert plan.lanes is not None
    lanes = plan.scenario.network.stages[0]
    assert lanes.staff == Steps((0, 2, 5), (10, 8, 10))
    assert [lanes.opening.at(hour / 24) for hour in (4.9, 5, 22.9, 23.1, 28.9, 29.1)] == [
        0, 1, 1, 0, 0, 1,
    ]  # fmt: skip
    assert plan.lanes.wait == pytest.approx(20 / 1440)
    assert lanes.service.mean == pytest.approx(1.6 / 1440)


def port(**more: Any) -> dict[str, Any]:
    return office(
        plan="lanes",
        stages=[{"name": "lanes", "staff": 4, "service": "1 minute"}],
        want={"wait": "20 minutes", "at_most": 4},
    ) | dict(more)


@pytest.mark.parametrize(
    ("works", "staff"),
    [
        ({"lanes": 1}, Steps.always(3)),
        ({"lanes": 1, "from": "2024-12-30", "reopens": "2025-01-08"}, Steps((0, 2), (3, 4))),
        ({"lanes": 1, "from": "2024-12-02", "reopens": "2025-01-02"}, Steps.always(4)),
    ],
)
def test_works_may_have_begun_before_or_have_no_end(works: Any, staff: Steps) -> None:
    found = read(port(works=[works])).scenario
    assert found is not None
    assert found.network.stages[0].staff.at(0) == staff.at(0)
    assert found.network.stages[0].staff.at(300) == staff.at(300)


def test_works_at_one_stage_leave_the_lanes_of_another() -> None:
    stages = [{"name": name, "staff": 4, "service": "1 minute"} for name in ("cars", "lorries")]
    found = read(port(stages=stages, works=[{"lanes": 1, "stage": "lorries"}])).scenario
    assert found is not None
    assert [one.staff.at(0) for one in found.network.stages] == [4, 3]


def test_a_port_is_always_open_unless_it_says_otherwise() -> None:
    found = read(port()).scenario
    assert found is not None
    assert found.network.stages[0].opening == Steps.always(1)
    closed = read(port(calendar={"holidays": ["2025-01-07"]})).scenario
    assert closed is not None
    assert closed.network.stages[0].opening.at(1) == 0


def test_a_forecast_has_its_series_and_what_those_who_plan_want_to_try() -> None:
    question = read(example("forecast")).forecast
    assert question is not None
    assert (len(question.series.values), question.horizon) == (48, 6)
    shelter, border = question.scenarios
    # The first month forecast is January 2025.
    assert (shelter.start_step, shelter.end_step, shelter.factor) == (2, 5, 1.3)
    assert (border.start_step, border.end_step) == (1, 2)


def test_a_forecast_without_methods_takes_the_usual_ones() -> None:
    series = {"from": "2024-01-06", "per": "week", "values": [1, 2]}
    question = read({"plan": "forecast", "series": series, "horizon": 1}).forecast
    assert question is not None
    assert (question.methods, question.series.season, question.paths) == (None, 52, 1000)


def test_what_if_changes_counts_by_the_factor_of_the_middle_of_their_period() -> None:
    arrivals = [{"counts": {"per": "week", "values": [10, 10, 15]}}]
    compare = [{"name": "more", "arrivals": {"2025-01-06": 1, "2025-01-13": 1.5}}]
    plan = read(office(arrivals=arrivals, compare=compare))
    ((_, found),) = plan.alternatives()
    source = found.arrivals[0].source
    assert isinstance(source, Paths)
    # 15 × 1.5 = 22.5, rounded to the even.
    assert source.counts.tolist() == [[10, 15, 22]]


def test_what_if_multiplies_rates_and_productivity() -> None:
    compare = [{"name": "both", "arrivals": 2, "productivity": {"interview": 0.5}}]
    ((_, found),) = read(office(compare=compare)).alternatives()
    assert found.arrivals[0].source == Rates(Steps.always(6))
    assert found.network.stages[0].productivity == Steps.always(0.5)
    assert found.network.stages[0].staff == Steps.always(4)


def test_arrivals_at_given_moments_cannot_be_multiplied() -> None:
    change = plan_questions.Change("more", arrivals=Steps.always(2))
    given = scenario()
    events = Scenario(given.network, given.start, (Arrivals(Events(np.array([1.0]))),))
    with pytest.raises(CauceError) as caught:
        change.of(events)
    assert caught.value.code == "capacity_conflict"


# ----------------------------------------------------------------------------- what is in doubt


def doubtful() -> dict[str, Any]:
    return office(
        start={"date": MONDAY, "waiting": [{"files": {"at_least": 100}, "age": "10 days"}]},
        stages=stage(
            staff={"2025-01-06": {"between": [8, 12]}},
            cases_per_person={"about": "6 per week", "at_least": "5 / week"},
            no_show={"missing": True},
            leave_if_waiting={"mean": {"missing": True, "unit": "weeks"}},
        ),
        arrivals=[{"rate": {"at_most": "70 per week"}}],
    )


DOUBTS = {
    "stages.interview.cases_per_person": (Known(Fraction(5), None, Fraction(6)), "per week"),
    "stages.interview.leave_if_waiting.mean": (Absent(Absence.MISSING), "week"),
    "stages.interview.staff.2025-01-06": (Known(Fraction(8), Fraction(12)), ""),
    "stages.interview.no_show": (Absent(Absence.MISSING), ""),
    "start.waiting[0].files": (Known(Fraction(100), None), ""),
    "arrivals[0].rate": (Known(None, Fraction(70)), "per week"),
}
CHOSEN: dict[str, float | Fraction] = {
    "stages.interview.cases_per_person": 5,
    "stages.interview.leave_if_waiting.mean": 8,
    "stages.interview.staff.2025-01-06": 9,
    "stages.interview.no_show": Fraction(1, 4),
    "start.waiting[0].files": 150,
    "arrivals[0].rate": 35,
}


def test_a_number_in_doubt_keeps_its_doubt_and_its_unit() -> None:
    assert follows_schema(doubtful())
    plan = read(doubtful())
    assert {name: (answer, plan.unit(name)) for name, answer in plan.doubtful} == DOUBTS
    assert (plan.scenario, plan.run, plan.alternatives()) == (None, None, ())


def test_with_a_number_chosen_for_each_doubt_there_is_a_scenario() -> None:
    found = read(doubtful()).scenario_of(CHOSEN)
    interview = found.network.stages[0]
    assert (interview.staff, interview.no_show) == (Steps.always(9), 0.25)
    assert (interview.service, interview.patience) == (Exponential(1), Exponential(56))
    assert found.start.backlog == 150
    assert found.expected(7) == 150 + 35


def test_numbers_may_be_chosen_one_after_the_other() -> None:
    plan = read(doubtful())
    for count, (name, number) in enumerate(CHOSEN.items(), start=1):
        plan = plan.with_numbers({name: number})
        assert len(plan.doubtful) == len(CHOSEN) - count
    assert plan.scenario is not None
    assert plan.run is not None


def test_a_doubt_without_a_number_has_no_scenario() -> None:
    with pytest.raises(CauceError) as caught:
        read(doubtful()).scenario_of(dict(list(CHOSEN.items())[1:]))
    assert caught.value.code == "capacity_gap"
    assert caught.value.params["field"] == "stages.interview.cases_per_person"


def test_a_forecast_has_no_scenario_and_may_be_in_doubt() -> None:
    series = {"from": "2024-01", "per": "month", "values": [30, {"about": 40}]}
    plan = read({"plan": "forecast", "series": series, "horizon": 1})
    assert plan.forecast is None
    sure = plan.with_numbers({"series.values[1]": 41}).forecast
    assert sure is not None
    assert list(sure.series.values) == [30, 41]
    with pytest.raises(CauceError) as caught:
        plan.scenario_of({"series.values[1]": 41})
    assert caught.value.code == "capacity_conflict"


def test_half_an_officer_cannot_be_chosen_nor_a_number_that_is_not_in_doubt() -> None:
    name = "stages.interview.staff.2025-01-06"
    assert problems(doubtful(), {name: 8.5}) == [(name, "capacity_not_whole")]
    assert problems(doubtful(), {"look.until": 3}) == [("look.until", "capacity_unknown_name")]


# ----------------------------------------------------------------------------- what is refused


def without(key: str) -> Callable[[dict[str, Any]], None]:
    return lambda data: data.pop(key)


def put(path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    """Puts a value at a path such as ``stages.0.staff``; dates are keys."""
    *way, last = path.split(".")

    def change(data: Any) -> None:
        for step in way:
            data = data[int(step)] if isinstance(data, list) else data[step]
        data[int(last) if isinstance(data, list) else last] = value

    return change


STAGE = "stages.interview"
# What is wrong, where it is told, and the code; each is refused by the schema too.
BROKEN = [
    (without("start"), "start", "field_required"),
    (without("look"), "look", "field_required"),
    (put("plan", "miracle"), "plan", "capacity_unknown_name"),
    (put("plan", 3), "plan", "capacity_unknown_name"),
    (without("plan"), "plan", "field_required"),
    (put("colour", "red"), "colour", "capacity_unknown_name"),
    (put("title", None), "title", "field_required"),
    (put("title", ["a"]), "title", "bad_structure"),
    (put("title", "x" * 2001), "title", "text_too_long"),
    (put("made_up", "perhaps"), "made_up", "bad_boolean"),
    (put("seed", 1.5), "seed", "capacity_not_whole"),
    (put("start", []), "start", "bad_structure"),
    (put("start.date", "6 January"), "start.date", "bad_date"),
    (put("start.waiting", [{"age": "1 day"}]), "start.waiting[0].files", "field_required"),
    (put("start.waiting", [{"files": 2.5}]), "start.waiting[0].files", "capacity_not_whole"),
    (put("start.waiting", [{"files": 1, "age": 10}]), "start.waiting[0].age", "capacity_unit"),
    (put("stages.0.stff", 3), f"{STAGE}.stff", "capacity_unknown_name"),
    (put("stages.0.name", ""), "stages..name", "field_required"),
    (put("stages.0.staff", -1), f"{STAGE}.staff", "capacity_negative"),
    (put("stages.0.staff", 2.5), f"{STAGE}.staff", "capacity_not_whole"),
    (put("stages.0.staff", True), f"{STAGE}.staff", "capacity_not_finite"),
    (put("stages.0.staff", "a dozen"), f"{STAGE}.staff", "capacity_not_finite"),
    (put("stages.0.staff", {"2025-01": 3}), f"{STAGE}.staff.2025-01", "bad_date"),
    (put("stages.0.staff", {}), f"{STAGE}.staff", "capacity_gap"),
    (put("stages.0.staff", {"about": 3, "2025": 4}), f"{STAGE}.staff.2025",
     "capacity_unknown_name"),
    (put("stages.0.cases_per_person", 5), f"{STAGE}.cases_per_person", "capacity_unit"),
    (put("stages.0.cases_per_person", "5 per year"), f"{STAGE}.cases_per_person",
     "capacity_unit"),
    (put("stages.0.cases_per_person", ["5"]), f"{STAGE}.cases_per_person", "capacity_not_finite"),
    (put("stages.0.service", "1 hour"), f"{STAGE}.cases_per_person", "capacity_conflict"),
    (put("stages.0.no_show", 8), f"{STAGE}.no_show", "capacity_not_share"),
    (put("stages.0.no_show", {"missing": True, "about": 0.1}), f"{STAGE}.no_show",
     "capacity_conflict"),
    (put("stages.0.no_show", {"unit": "week"}), f"{STAGE}.no_show", "field_required"),
    (put("stages.0.no_show", {"between": [0.1]}), f"{STAGE}.no_show", "bad_structure"),
    (put("stages.0.when_cut", "leave"), f"{STAGE}.when_cut", "capacity_unknown_name"),
    (put("stages.0.leave_if_waiting", {"always": "1 day", "mean": "2 days"}),
     f"{STAGE}.leave_if_waiting.mean", "capacity_conflict"),
    (put("stages.0.leave_if_waiting", {"observed": []}), f"{STAGE}.leave_if_waiting",
     "capacity_too_few"),
    (put("stages.0.leave_if_waiting", {"parts": []}), f"{STAGE}.leave_if_waiting",
     "capacity_not_share"),
    (put("stages.0.leave_if_waiting", {"from": "1 day"}), f"{STAGE}.leave_if_waiting.to",
     "field_required"),
    (put("stages.0.leave_if_waiting", {"to": "1 day"}), f"{STAGE}.leave_if_waiting.mean",
     "capacity_conflict"),
    (put("stages.0.leave_if_waiting", {"parts": [{"mean": "1 day"}]}),
     f"{STAGE}.leave_if_waiting.parts[0].share", "field_required"),
    (put("stages", [{"name": "interview", "staff": 3}]), f"{STAGE}.cases_per_person",
     "capacity_conflict"),
    (put("arrivals", "many"), "arrivals", "bad_structure"),
    (put("arrivals", [{}]), "arrivals[0].rate", "capacity_conflict"),
    (put("arrivals.0.rate", "21"), "arrivals[0].rate", "capacity_unit"),
    (put("arrivals.0", {"by_hour": {24: "1 per hour"}}), "arrivals[0].by_hour.24",
     "capacity_unknown_name"),
    (put("arrivals.0", {"by_hour": {}}), "arrivals[0].by_hour", "capacity_too_few"),
    (put("arrivals.0", {"counts": {"per": "fortnight", "values": [1]}}),
     "arrivals[0].counts.per", "capacity_unknown_name"),
    (put("arrivals.0", {"counts": {"per": "day", "values": [[1], 2]}}),
     "arrivals[0].counts.values", "capacity_lengths_differ"),
    (put("arrivals.0", {"counts": {"per": "day", "values": []}}),
     "arrivals[0].counts.values", "capacity_lengths_differ"),
    (put("deadlines", [{"name": "a", "days": 1, "working_days": 2}]),
     "deadlines.a.working_days", "capacity_conflict"),
    (put("calendar", {"working_days": ["lun"]}), "calendar.working_days[0]",
     "capacity_unknown_name"),
    (put("calendar", {"hours_per_day": 25}), "calendar", "capacity_too_many"),
    (put("look.every", "often"), "look.every", "capacity_not_finite"),
    (put("look.engine", "magic"), "look.engine", "capacity_unknown_name"),
    (put("look.replications", {"about": 100}), "look.replications", "capacity_not_finite"),
    (put("compare", [{"staff": {"interview": 3}}]), "compare[0].name", "field_required"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "code"), BROKEN)
def test_what_is_wrong_is_told_at_its_field_and_the_schema_refuses_it_too(
    change: Callable[[Any], None], path: str, code: str
) -> None:
    data = copy.deepcopy(office())
    assert follows_schema(data)
    change(data)
    assert (path, code) in problems(data)
    assert not follows_schema(data)


# What fits its form and not the rest: only the reader sees it.
UNFIT = [
    (put("start.date", "2025-02-30"), "start.date", "bad_date"),
    (put("look.until", "2025-01-06"), "look.until", "capacity_not_ascending"),
    (put("look.until", "2125-01-06"), "look.until", "capacity_too_many"),
    (put("look.every", "1 minute"), "look", "capacity_too_many"),
    (put("start.waiting", [{"stage": "visa", "files": 1}]), "start.waiting[0].stage",
     "capacity_unknown_name"),
    (put("start.waiting", [{"files": 1, "age": {"from": "9 days", "to": "1 day"}}]),
     "start.waiting[0].age", "capacity_not_ascending"),
    (put("start.waiting", [{"files": 1, "age": "3 working days"}]), "start.waiting[0].age",
     "capacity_units_mixed"),
    (put("stages.0.staff", {"2025-02-01": 3}), f"{STAGE}.staff", "capacity_gap"),
    (put("stages.0.staff", {"at_least": 5, "at_most": 4}), f"{STAGE}.staff",
     "capacity_not_ascending"),
    (put("stages.0.cases_per_person", {"between": ["1 per week", "9 per month"]}),
     f"{STAGE}.cases_per_person", "capacity_units_mixed"),
    (put("stages.0.cases_per_person", "5 per day"), f"{STAGE}.cases_per_person",
     "capacity_units_mixed"),
    (put("stages.0.cases_per_person", "0 per week"), f"{STAGE}.cases_per_person",
     "capacity_not_positive"),
    (put("stages.0.leave_if_waiting", {"always": "1 day", "variation": 1}),
     f"{STAGE}.leave_if_waiting.variation", "capacity_conflict"),
    (put("stages.0.leave_if_waiting", {"mean": "1 day", "to": "2 days"}),
     f"{STAGE}.leave_if_waiting.to", "capacity_conflict"),
    (put("stages.0.no_show", 1), STAGE, "capacity_routing"),
    (put("stages.0.needs", ["rooms"]), f"{STAGE}.needs[0]", "capacity_unknown_name"),
    (put("stages.0.by_class", [{"class": "all"}, {"class": "all"}]),
     f"{STAGE}.by_class[1].class", "capacity_twice"),
    (put("stages", []), "stages", "capacity_too_few"),
    (put("routes", [{"from": "interview", "to": "interview"}]), "stages", "capacity_routing"),
    (put("arrivals.0.persons_per_file", [0.5, 0.4]), "arrivals[0].persons_per_file",
     "capacity_not_share"),
    (put("deadlines", [{"name": "a", "working_days": 0}]), "deadlines.a.working_days",
     "capacity_not_positive"),
    (put("compare", [{"name": "a"}, {"name": "a"}]), "compare.a.name", "capacity_twice"),
    (put("compare", [{"name": "a", "staff": {"visa": 1}}]), "compare.a.staff.visa",
     "capacity_unknown_name"),
    (put("calendar", {"working_days": []}), "calendar", "capacity_no_working_day"),
    (put("calendar", {"closed": [{"from": "2025-01-01", "reopens": "2035-01-01"}]}),
     "calendar", "capacity_no_working_day"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "path", "code"), UNFIT)
def test_what_does_not_fit_the_rest_is_told_at_its_field(
    change: Callable[[Any], None], path: str, code: str
) -> None:
    data = copy.deepcopy(office())
    change(data)
    assert (path, code) in problems(data)


def test_all_problems_are_told_at_once_each_one_time() -> None:
    data = office(
        start={"date": MONDAY, "on": 3},
        stages=stage(staff=-1, service="1 hour"),
        look={"until": "soon"},
    )
    assert problems(data) == [
        ("start.on", "capacity_unknown_name"),
        ("look.until", "bad_date"),
        ("look.until", "capacity_not_ascending"),
        ("stages.interview.staff", "capacity_negative"),
    ]


def test_of_very_many_problems_the_first_two_hundred_are_told() -> None:
    assert len(problems(office(classes=[[]] * 500))) == 200


def test_a_list_longer_than_ten_thousand_is_refused() -> None:
    assert ("classes", "capacity_too_many") in problems(office(classes=["a"] * 10_001))


def test_a_date_given_twice_in_two_ways_is_refused() -> None:
    staff = {MONDAY: 3, "2025-01-06": 4}
    assert problems(office(stages=stage(staff=staff, service="1 hour")))[0] == (
        "stages.interview.staff",
        "capacity_twice",
    )


@pytest.mark.parametrize("data", [None, [], "plan: backlog", 3])
def test_what_is_no_mapping_is_no_plan(data: Any) -> None:
    assert problems(data)[0] == ("", "bad_structure")


WANT = {"share": 0.8, "working_days": 45}
LANES = {"wait": "20 minutes", "at_most": 4}
FORECAST = {"plan": "forecast", "horizon": 2, "series": {"from": "2024-01", "per": "month",
            "values": [1, 2, 3]}}  # fmt: skip
ASKED = [
    (office(plan="staff"), "want", "field_required"),
    (office(plan="staff", want=WANT | {"deadline": "b"}), "want.deadline", "capacity_conflict"),
    (office(plan="staff", want={"share": 0.8, "deadline": "b"}), "want.deadline",
     "capacity_unknown_name"),
    (office(plan="staff", want=WANT | {"working_days": 0}), "want.working_days",
     "capacity_not_positive"),
    (office(plan="staff", want=WANT | {"from": "2025-03-01", "by": "2025-02-01"}), "want",
     "capacity_not_ascending"),
    (office(plan="staff", want=WANT | {"budget": -1}), "want", "capacity_negative"),
    (office(plan="staff", want=WANT | {"from": "2024-03-01"}), "want", "capacity_negative"),
    (office(plan="staff", want=WANT | {"cost_per_person": 3}), "want.cost_per_person",
     "capacity_unit"),
    (office(plan="staff", want=WANT | {"cost_per_person": "3 per working day"}),
     "want.cost_per_person", "capacity_units_mixed"),
    (office(plan="staff", want=WANT | {"ramp": {"at_first": 1.5}}), "want.ramp.full_after",
     "field_required"),
    (office(plan="staff", want=WANT | {"method": "guess"}), "want.method",
     "capacity_unknown_name"),
    (port(want=LANES | {"wait": "0 minutes"}), "want", "capacity_not_positive"),
    (port(hours={"opens": 9, "closes": 9}), "want", "capacity_not_ascending"),
    (port(works=[{"lanes": 5}]), "stages", "capacity_negative"),
    (port(works=[{"lanes": 1, "from": "2025-02-01", "reopens": "2025-02-01"}]),
     "works[0].reopens", "capacity_not_ascending"),
    (FORECAST | {"stages": []}, "stages", "capacity_unknown_name"),
    (FORECAST | {"horizon": 0}, "horizon", "capacity_not_positive"),
    (FORECAST | {"methods": ["oracle"]}, "methods[0]", "capacity_unknown_name"),
    (FORECAST | {"series": FORECAST["series"] | {"values": [1, None]}},  # type: ignore[operator]
     "series.values[1]", "capacity_gap"),
    (FORECAST | {"series": FORECAST["series"] | {"season": 0}}, "series",  # type: ignore[operator]
     "capacity_not_positive"),
    (FORECAST | {"scenarios": [{"name": "a", "from": "2024-06", "steps": 1, "times": 2}]},
     "scenarios.a.from", "capacity_unknown_name"),
    (FORECAST | {"scenarios": [{"name": "a", "from": "2024-04", "steps": 0, "times": 2}]},
     "scenarios.a", "capacity_not_ascending"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "path", "code"), ASKED)
def test_a_question_that_cannot_be_asked_is_told_at_its_field(
    data: Any, path: str, code: str
) -> None:
    assert (path, code) in problems(data)


# ----------------------------------------------------------------------------- the schema


def test_the_schema_is_one_of_its_draft_and_names_every_key_that_is_read() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    read_by = {
        "calendar": plan_times.CALENDAR, "start": plan_times.START, "look": plan_times.LOOK,
        "spread": plan_times.DURATION, "waiting": plan_parts.WAITING, "stage": plan_parts.STAGE,
        "by_class": plan_parts.BY_CLASS, "route": plan_parts.ROUTE,
        "arrivals": plan_parts.ARRIVALS, "deadline": plan_parts.DEADLINE,
        "want_staff": plan_questions.WANT_STAFF, "want_lanes": plan_questions.WANT_LANES,
        "hours": plan_questions.HOURS, "works": plan_questions.WORKS,
        "series": plan_questions.SERIES, "shock": plan_questions.SHOCK,
        "change": plan_questions.CHANGE, **{kind: KEYS[kind] for kind in KINDS},
    }  # fmt: skip
    keys = {name: sorted(SCHEMA["$defs"][name]["properties"]) for name in read_by}
    assert keys == {name: sorted(known) for name, known in read_by.items()}
