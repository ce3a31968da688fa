"""Does a plan's file become the question that was meant, and is what is held otherwise told?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pytest
import yaml

from cauce.engines.capacity import plan_answers as answers
from cauce.engines.capacity.plan_file import PlanFile, read
from cauce.engines.capacity.plans import Infeasible, OnTime, Plan
from cauce.engines.capacity.result import Run
from cauce.errors import CauceError
from cauce.values.answer import Code

OFFICE = """
plan: {kind}
start: {{date: 2026-01-05, waiting: [{{stage: decision, files: 20}}]}}
calendar: {{working_days: [mon, tue, wed, thu, fri, sat, sun]}}
stages:
  - {{name: decision, staff: 2, service: {{always: 8 hours}}}}
arrivals: [{{rate: 14 per week}}]
look: {{until: 2026-03-06, every: 30 days, engine: fluid, replications: 3}}
{more}
"""
WANT = (
    "want: {share: 0.5, working_days: 5, from: 2026-01-20, by: 2026-02-10, at_most: {decision: 9}"
)


def office(kind: str = "backlog", more: str = "") -> PlanFile:
    text = OFFICE.format(kind=kind, more=more)
    return read(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  # makes texts only


def codes(found: tuple[Code, ...]) -> list[str]:
    return [code.code for code in found]


# ------------------------------------------------------------------------------- the look


def test_the_look_is_that_of_the_file_but_for_what_is_asked_for() -> None:
    plan = office()
    assert answers.asked(plan) == plan.run
    run = answers.asked(plan, engine="event", replications=7)
    assert (run.engine, run.replications, run.until) == ("event", 7, 60.0)


def test_what_is_in_doubt_or_is_no_office_cannot_be_looked_at() -> None:
    for plan, code in ((doubtful(), "capacity_gap"), (series(), "capacity_conflict")):
        with pytest.raises(CauceError) as caught:
            answers.asked(plan)
        assert caught.value.code == code


def test_the_days_are_looked_at_where_they_are_few() -> None:
    assert answers.seen_by_day(Run(60.0), 2).every == 1.0
    assert answers.seen_by_day(Run(60.0, every=0.5), 2).every == 0.5
    assert answers.seen_by_day(Run(10_000.0, replications=1000), 2).every == 7.0


def test_months_are_shown_from_the_first_day_to_the_last() -> None:
    times = np.arange(0.0, 61.0)
    # 5 January, 1 February (27 days on), 1 March (28 more), 6 March.
    assert answers.month_starts(date(2026, 1, 5), times) == (0, 27, 55, 60)
    assert answers.month_starts(date(2026, 12, 31), np.array([0.0, 2.0])) == (0, 1)


def test_progress_is_told_in_hundredths_and_never_twice() -> None:
    told: list[int] = []
    stopped: list[bool] = []
    progress = answers.told_by(told.append, lambda: bool(stopped))
    assert progress(1, 3) is True
    assert progress(0, 0) is True
    stopped.append(True)
    assert progress(3, 3) is False
    assert told == [33, 0, 67]


# ------------------------------------------------------------------------------- doubt, backlog


def doubtful() -> PlanFile:
    more = "compare: [{name: one more, staff: {decision: 3}}]"
    text = OFFICE.format(kind="backlog", more=more)
    text = text.replace("files: 20", "files: {between: [10, 31]}")
    return read(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  # makes texts only


def test_files_in_doubt_are_whole_and_taken_in_the_middle() -> None:
    plan, told = answers.settled(doubtful())
    assert plan.scenario is not None
    assert plan.scenario.start.backlog == 20  # of 10 to 31, 20.5
    assert told == (Code.of("middle", field="start.waiting[0].files", value=20.0),)
    assert answers.settled(office()) == (office(), ())


def test_a_share_of_a_stage_that_is_called_files_is_no_whole_number() -> None:
    text = OFFICE.format(kind="backlog", more="").replace("decision", "files")
    text = text.replace("staff: 2,", "staff: 2, productivity: {between: [0.8, 0.9]},")
    (found,) = answers.doubts_of(read(yaml.load(text, Loader=yaml.BaseLoader)))  # noqa: S506  # makes texts only
    assert not found.whole
    assert found.levels == pytest.approx((0.8, 0.85, 0.9))


def test_each_course_spreads_what_is_in_doubt() -> None:
    plan = doubtful()
    run = answers.asked(answers.settled(plan)[0])
    as_it_is, more = (
        answers.answer_course(plan, named, run, seed=1) for named in answers.courses_of(plan)
    )
    # 2 a day come; two people decide 2, three of them 3, for 60 days.
    for course, name, ends in ((as_it_is, "", (10, 20, 31)), (more, "one more", (0, 0, 0))):
        fan = course.spread.fan([60.0])
        assert course.name == name
        found = (fan.low[0], fan.mid[0], fan.high[0])
        assert found == pytest.approx(ends, abs=2.1)
        assert course.result is course.spread.scenarios[0][1]
        assert not course.is_stopped


def test_a_course_that_was_stopped_says_so() -> None:
    plan = office()
    run = answers.asked(plan, engine="event")
    (named,) = answers.courses_of(plan)
    course = answers.answer_course(plan, named, run, seed=1, progress=lambda done, of: False)
    assert course.is_stopped
    assert course.result.replications == 1


# ------------------------------------------------------------------------------- staff


def test_the_goal_is_looked_at_when_the_last_limit_ends() -> None:
    plan = office("staff", WANT + ", ramp: {at_first: 0.5, full_after: 8 days}}")
    goal, options, notes = answers.goal_of(plan, answers.asked(plan))
    # Before 10 February, and five days of limit.
    assert 36 <= goal.by <= 42
    assert isinstance(goal.target, OnTime)
    assert (goal.target.since, goal.target.until) == (15.0, 36.0)
    assert options.most == (("decision", 7),)  # nine desks, two of them taken
    assert options.from_day == 4.0  # half of eight days is lost
    assert options.method == "bisection"
    assert codes(notes) == ["looked_on", "learning"]
    assert notes[1].get("days") == "4"


def test_who_learns_is_paid_while_learning() -> None:
    ramp = "ramp: {at_first: 0.5, full_after: 8 days}"
    plan = office("staff", f"{WANT}, cost_per_person: 7 per week, {ramp}}}")
    goal, options, _ = answers.goal_of(plan, answers.asked(plan))
    # One a day, from the first day on and not from the fifth one.
    assert options.cost_of("decision") * (goal.by - options.from_day) == pytest.approx(goal.by)


def test_without_a_last_day_the_goal_is_looked_at_in_the_end() -> None:
    plan = office("staff", "want: {share: 0.5, working_days: 5}")
    goal, options, notes = answers.goal_of(plan, answers.asked(plan))
    assert (goal.by, options.most, notes) == (60.0, (("decision", 100),), ())


def test_a_staff_answer_has_the_backlog_without_and_with_those_who_are_missing() -> None:
    plan = office("staff", WANT + "}")
    found = answers.answer_staff(plan, answers.asked(plan), seed=1)
    assert isinstance(found.found, Plan)
    assert found.now[0][1].at(0) == 2
    assert found.after is not None
    assert found.after.backlog_by_time[-1].mean() < found.before.backlog_by_time[-1].mean()


@pytest.mark.parametrize(
    ("want", "kind"),
    [
        ("{share: 0.5, working_days: 40}", Plan),
        ("{share: 1.0, working_days: 1, from: 2026-01-06, at_most: {decision: 2}}", Infeasible),
    ],
)
def test_where_nobody_is_added_there_is_no_backlog_with_them(want: str, kind: type) -> None:
    plan = office("staff", f"want: {want}")
    found = answers.answer_staff(plan, answers.asked(plan), seed=1)
    assert isinstance(found.found, kind)
    assert found.after is None


# ------------------------------------------------------------------------------- lanes

PORT = """
plan: lanes
start: {date: 2025-03-03}
stages: [{name: inspection, staff: 3, service: {mean: 2 minutes, variation: 0}}]
arrivals: [{by_hour: {6: 60 per hour, 20: 2 per hour}}, {rate: 1 per hour}]
hours: {opens: 6, closes: 22}
want: {wait: 10 minutes, at_most: 3}
look: {until: 2025-03-06, replications: 2}
"""


def port(*changes: tuple[str, str]) -> PlanFile:
    text = PORT
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return read(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  # makes texts only


WORKS = ("want:", "works: [{lanes: 2, from: 2025-03-04, reopens: 2025-03-05}]\nwant:")


def test_the_day_begins_when_the_port_closes_and_no_lane_is_open_at_night() -> None:
    day, works = answers.lane_days(port())
    assert (day.first, works) == (22, None)
    assert [day.hour(at) for at in (0, 1, 2, 8)] == [22, 23, 0, 6]
    assert [sum(day.is_open), day.is_open[7], day.is_open[8]] == [16, False, True]
    assert day.closed.at(7.5 / 24) == 3.0
    assert day.closed.at(8.5 / 24) == 0.0
    # 60 and 1 an hour, of both kinds, in a day's measure.
    assert day.coming.per_day.at(8.5 / 24) == pytest.approx(61 * 24)


def test_a_port_that_never_closes_begins_with_its_quietest_hour() -> None:
    day, _ = answers.lane_days(port(("hours: {opens: 6, closes: 22}\n", "")))
    assert day.first == 0  # the first of the quiet ones
    assert all(day.is_open)


def test_works_close_their_lanes_on_the_busiest_day_too() -> None:
    day, works = answers.lane_days(port(WORKS))
    assert works is not None
    assert (day.closed.at(8.5 / 24), works.closed.at(8.5 / 24)) == (0.0, 2.0)
    assert works.closed.at(0) == 3.0


def test_lanes_are_planned_without_works_and_with_them() -> None:
    plan = port(WORKS, ("at_most: 3", "at_most: 3, every: 2 hours"))
    found = answers.answer_lanes(plan, answers.asked(plan), seed=1)
    # 61 vehicles of 2 minutes are the work of two lanes and a bit; one alone is not enough.
    assert min(found.plan.open[9:20]) >= 2
    assert found.works is not None
    assert max(found.works.open) == 1
    assert (found.closed, codes(found.notes)) == (2, ["hourly"])


def test_where_it_was_stopped_works_are_not_begun() -> None:
    plan = port(WORKS)
    found = answers.answer_lanes(plan, answers.asked(plan), seed=1, progress=lambda *_: False)
    assert found.works is None
    assert codes(found.plan.notes) == ["interrupted"]


def test_stages_and_vehicles_that_lanes_leave_out_are_told() -> None:
    more = "variation: 0}}, {name: second, staff: 1, service: 1 minute}]"
    waiting = "2025-03-03, waiting: [{files: 40}]}"
    plan = port(("variation: 0}}]", more), ("2025-03-03}", waiting))
    found = answers.answer_lanes(plan, answers.asked(plan), seed=1)
    left = (Code.of("first_stage", stage="inspection"), Code.of("waiting_left_out", count=40))
    assert found.notes == left


def test_lanes_need_arrivals_by_rate() -> None:
    counts = "arrivals: [{counts: {per: day, values: [10, 20, 30]}}]"
    text = "arrivals: [{by_hour: {6: 60 per hour, 20: 2 per hour}}, {rate: 1 per hour}]"
    with pytest.raises(CauceError) as caught:
        answers.lane_days(port((text, counts)))
    assert caught.value.params["field"] == "arrivals[0].counts"


# ------------------------------------------------------------------------------- forecast


def series(values: str = "[3, 5, 3, 5, 3, 5, 3, 5, 3]") -> PlanFile:
    given = f"{{from: 2024-01, per: month, season: 2, values: {values}}}"
    text = f"{{plan: forecast, horizon: 1, methods: [naive], series: {given}}}"
    return read(yaml.load(text, Loader=yaml.BaseLoader))  # noqa: S506  # makes texts only


def test_a_forecast_is_asked_as_the_file_says() -> None:
    found = answers.answer_forecast(series(), seed=1)
    assert (found.method, found.horizon) == ("seasonal_naive", 1)
    assert found.quantiles(0.5).tolist() == [5.0]


def test_a_forecast_of_what_is_in_doubt_is_refused() -> None:
    with pytest.raises(CauceError) as caught:
        answers.answer_forecast(series("[3, {about: 5}]"), seed=1)
    assert caught.value.params["field"] == "series.values[1]"


@pytest.mark.parametrize(
    "ask",
    [
        lambda plan: answers.goal_of(plan, Run(1.0)),
        answers.lane_days,
        lambda plan: answers.answer_forecast(plan, seed=1),
    ],
)
def test_a_question_that_is_not_of_this_kind_is_refused(ask: Callable[[PlanFile], Any]) -> None:
    with pytest.raises(CauceError) as caught:
        ask(office())
    assert caught.value.code == "capacity_conflict"
