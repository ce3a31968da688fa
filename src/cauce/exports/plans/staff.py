"""Who is missing, where and from when; or why it cannot be done and what comes nearest?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from cauce.engines.capacity.plan_answers import StaffAnswer, month_starts
from cauce.engines.capacity.plans import Infeasible, Plan
from cauce.engines.capacity.steps import Steps
from cauce.exports.fan_chart import FanChart
from cauce.exports.grid import Cell, Column, Grid
from cauce.exports.plans.backlog import (
    Line,
    backlog_lines,
    course_json,
    drawn,
    is_files,
    month_ticks,
    notes_of,
)
from cauce.exports.plans.shown import (
    Asked,
    Shown,
    counted,
    day_cell,
    day_of,
    machine,
    num,
    shown_of,
)
from cauce.words import text
from cauce.words.plans import how, lost, note, staffing, unit

__all__ = ["show_staff"]


def show_staff(asked: Asked, answer: StaffAnswer) -> Shown:
    """The answer as sentences, the staff by stage and month, the backlog without and with it."""
    language, found = asked.language, answer.found
    stopped = [code for code in found.sentence if code.code == "interrupted"]
    said = staffing([code for code in found.sentence if code not in stopped], language)
    told = [(code, words) for code, words in zip(stopped, staffing(stopped, language), strict=True)]
    told += [(code, lost(code, language)) for code in answer.notes]
    told += [(code, note(code, language)) for code in notes_of(answer.before)]
    courses = _courses(asked, answer)
    return shown_of(
        asked,
        said or [text("plan.staff.unknown", language)],
        [_table(asked, answer, _months(answer)), _table(asked, answer, _changes(answer))],
        told,
        _chart(asked, courses),
        _data(answer, courses),
        how=how(answer.before.engine, answer.before.replications, language),
    )


def _courses(asked: Asked, answer: StaffAnswer) -> list[Line]:
    """The backlog with the staff found, where there is one, and as it is."""
    language = asked.language
    shown = month_starts(answer.start, answer.before.times)
    found = [Line(text("plan.as_it_is", language), answer.before, answer.start, shown)]
    if answer.after is not None:
        name = text("plan.with_them", language)
        found.insert(0, Line(name, answer.after, answer.start, shown))
    return found


def _added(found: Plan | Infeasible) -> dict[str, Steps]:
    return dict(found.added if isinstance(found, Plan) else found.nearest.added)


def _changes(answer: StaffAnswer) -> list[tuple[date, float]]:
    """The first day, and the days before that of the goal on which any number changes."""
    given = [*_added(answer.found).values(), *(staff for _, staff in answer.now)]
    days = {0.0, *(time for steps in given for time in steps.times if time < answer.by)}
    return [(day_of(answer.start, each), each) for each in sorted(days)]


def _months(answer: StaffAnswer) -> list[tuple[date, float]]:
    """The same, and the first of each month."""
    days = {time for _, time in _changes(answer)}
    starts = month_starts(answer.start, answer.before.times)[:-1]
    days |= {float(answer.before.times[at]) for at in starts}
    return [(day_of(answer.start, each), each) for each in sorted(days)]


def _table(asked: Asked, answer: StaffAnswer, moments: Sequence[tuple[date, float]]) -> Grid:
    """One row for each stage and month: the staff there is, who is missing, all of them."""
    language = asked.language
    headings = {name: text(f"plan.column.{name}", language) for name in _COLUMNS}
    # Where it cannot be done nobody knows how many are missing.
    more = "missing" if isinstance(answer.found, Plan) else "allowed"
    columns = (
        Column("stage", headings["stage"]),
        Column("from", headings["from_day"], "date"),
        num("staff", headings["staff"]),
        num("missing", headings[more]),
        num("total", headings["total"]),
    )
    added = _added(answer.found)
    rows = []
    for name, staff in answer.now:
        for day, time in moments:
            there, new = staff.at(time), added.get(name, Steps.always(0)).at(time)
            counts = [counted(each, language) for each in (there, new, there + new)]
            rows.append((Cell(name), day_cell(day, language), *counts))
    title = asked.plan.title or text("plan.title.staff", language)
    return Grid("plan-staff", title, columns, tuple(rows), language=language)


_COLUMNS = ("stage", "from_day", "staff", "missing", "allowed", "total")


def _chart(asked: Asked, courses: Sequence[Line]) -> FanChart:
    main, language = courses[0], asked.language
    caption = text("plan.chart.backlog", language, unit=unit(is_files(asked), language))
    if main.is_band:
        caption = text("plan.chart.band", language, caption=caption)
    times = tuple(main.result.times[drawn(main)].tolist())
    lines = backlog_lines(courses, language)
    return FanChart("", "", caption, times, month_ticks(main, language), lines, language)


def _data(answer: StaffAnswer, courses: Sequence[Line]) -> dict[str, object]:
    found = answer.found
    data: dict[str, object] = {
        "start": answer.start.isoformat(),
        "by": (answer.start + timedelta(days=int(answer.by))).isoformat(),
        "possible": isinstance(found, Plan),
        "answer": [code.to_json() for code in found.sentence],
        "staff": _staff_json(answer),
        "backlog": [{"name": one.name, "rows": course_json(one)} for one in courses],
    }
    if isinstance(found, Plan):
        return data | {
            "cost": machine(found.cost),
            "met": found.met,
            "of": found.replications,
            "interval_80": [machine(each) for each in found.interval_80],
            "interval_95": [machine(each) for each in found.interval],
            "bottleneck": found.bottleneck,
            "pool": found.pool,
        }
    near = found.nearest
    nearest = None if near.by is None else answer.start + timedelta(days=int(near.by))
    return data | {
        "met": near.met,
        "of": near.replications,
        "nearest": nearest.isoformat() if nearest else None,
        "binding": found.binding,
        "bottleneck": found.stage,
    }


def _staff_json(answer: StaffAnswer) -> list[dict[str, object]]:
    added = _added(answer.found)
    rows = []
    for name, staff in answer.now:
        more = added.get(name, Steps.always(0))
        for day, time in _months(answer):
            there, new = int(staff.at(time)), int(more.at(time))
            row = {"stage": name, "from": day.isoformat(), "staff": there, "added": new}
            rows.append(row | {"total": there + new})
    return rows
