"""What happens to a backlog, month by month, and what if?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from cauce.engines.capacity.comparing import compare
from cauce.engines.capacity.doubt import Fan
from cauce.engines.capacity.plan_answers import Course, month_starts
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Result
from cauce.exports.fan_chart import FanChart, FanLine
from cauce.exports.grid import Cell, Column, Grid
from cauce.exports.plans.shown import (
    Asked,
    Shown,
    counted,
    day_cell,
    day_of,
    machine,
    num,
    shown_of,
    ticks_of,
)
from cauce.values.answer import Code
from cauce.words import dates, text
from cauce.words.plans import about, between, doubt, how, note, tick, times_of, unit

__all__ = [
    "SHARE",
    "Line",
    "backlog_lines",
    "course_json",
    "drawn",
    "is_files",
    "month_ticks",
    "notes_of",
    "show_backlog",
]

#: Of the runs, so many lie between the two ends that are shown.
SHARE = 0.8
#: More months than that are shown by year on a screen; files have all of them.
_MOST_MONTHS = 40
#: Points of a line in a chart.
_MOST_POINTS = 260


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """One result, and the times of it that are shown. ``doubt``: the fan of what was in doubt;
    with it, or where chance was drawn, there are two ends (``is_band``)."""

    name: str
    result: Result
    start: date
    shown: tuple[int, ...]
    doubt: Fan | None = None

    @property
    def kind(self) -> str:
        """What its two ends are of: ``doubt``, ``band``, or ``mean`` where there are none."""
        if self.doubt is not None:
            return "doubt"
        return "band" if self.result.replications > 1 else "mean"

    @property
    def is_band(self) -> bool:
        return self.kind != "mean"

    def day(self, at: int) -> date:
        return day_of(self.start, float(self.result.times[at]))

    def fan(self, values: Floats) -> Floats:
        """[low, middle, high; time] of [time, run]."""
        return self.result.fan(values, ((1 - SHARE) / 2, 0.5, (1 + SHARE) / 2))

    @property
    def pending(self) -> Floats:
        if self.doubt is not None:
            return np.array([self.doubt.low, self.doubt.mid, self.doubt.high])
        return self.fan(self.result.backlog_by_time)

    def said(self, at: int, language: str) -> str:
        """«entre 4,017 y 4,240», or «alrededor de 4,157»."""
        low, middle, high = self.pending[:, at]
        if not self.is_band:
            return about(middle, language)
        return between(low, high, language)


def show_backlog(asked: Asked, courses: Sequence[Course]) -> Shown:
    """The backlog by month, beside what would be with each change compared; the first course is
    as things are."""
    main, language = courses[0], asked.language
    shown = month_starts(asked.start, main.result.times)
    lines = [_line(asked, course, shown) for course in courses]
    engine, runs = main.result.engine, main.result.replications
    return shown_of(
        asked,
        [*_sentences(asked, lines), *_widest(main, language)],
        _tables(asked, lines),
        _told(courses, language),
        _chart(asked, lines),
        _data(courses, lines),
        how=how(engine, runs, language),
    )


def _line(asked: Asked, course: Course, shown: tuple[int, ...]) -> Line:
    is_wide = any(doubt.is_wide for doubt in course.doubts)
    name = course.name or text("plan.as_it_is", asked.language)
    fan = course.spread.fan() if is_wide else None
    return Line(name, course.result, asked.start, shown, fan)


def _told(courses: Sequence[Course], language: str) -> list[tuple[Code, str]]:
    """What to know of the results and of the doubts, each once."""
    codes = dict.fromkeys(code for course in courses for code in notes_of(course.result))
    told = [(code, note(code, language)) for code in codes]
    doubts = dict.fromkeys(code for course in courses for code in course.spread.codes)
    known = {code.code for course in courses for code in course.result.notes}
    # Also that it was stopped is said once.
    return told + [(code, doubt(code, language)) for code in doubts if code.code not in known]


def notes_of(result: Result) -> list[Code]:
    """The notes on what is shown here: not on waiting times, nor on limits where there are none."""
    unsaid = {"waits_from_curves"} | (set() if result.deadlines else {"in_order_of_filing"})
    return [code for code in result.notes if code.code not in unsaid]


def _widest(course: Course, language: str) -> list[str]:
    """What moves the outcome most, of what is in doubt."""
    if course.spread.widest is None:
        return []
    name, files = course.spread.moved[0]
    if not round(files):
        return []
    return [text("plan.doubt.widest", language, field=name, count=abs(round(files)))]


def is_files(asked: Asked) -> bool:
    """Whether files and persons are told apart."""
    scenario = asked.plan.scenario
    return scenario is not None and any(each.persons_per_file for each in scenario.arrivals)


# ----------------------------------------------------------------------------- sentences


def _sentences(asked: Asked, courses: Sequence[Line]) -> list[str]:
    main, language = courses[0], asked.language
    last = main.shown[-1]
    params = {
        "day": dates.day(main.day(last), language),
        "pending": main.said(last, language),
        "unit": unit(is_files(asked), language),
        "start": dates.day(main.start, language),
        "now": main.said(0, language) if main.doubt else main.result.backlog,
    }
    said = [text(f"plan.backlog.{main.kind}", language, often=times_of(SHARE, language), **params)]
    return said + [_other(main, line, language) for line in courses[1:]]


def _other(main: Line, line: Line, language: str) -> str:
    """What would be with a change, and by how much that is more or less in the same chance."""
    last = line.shown[-1]
    pending = line.said(last, language)
    sides = compare({"": main.result, "*": line.result}, every=float(main.result.times[-1])).sides
    low, _, high = sorted(sides[1].backlog.difference[:, -1].tolist())
    key = "fewer" if high < 0 else "more" if low > 0 else "other"
    ends = sorted((abs(low), abs(high)))
    apart = between(ends[0], ends[1], language) if main.is_band else about(ends[0], language)
    return text(f"plan.backlog.{key}", language, name=line.name, pending=pending, apart=apart)


# ----------------------------------------------------------------------------- tables


def _tables(asked: Asked, courses: Sequence[Line]) -> list[Grid]:
    """The whole table; and for a screen the course as it is, and what is compared beside it."""
    language, main = asked.language, courses[0]
    columns, rows = _main(asked, main)
    more = [_beside(course, number, language) for number, course in enumerate(courses[1:], 1)]
    whole_columns = [*columns, *(column for given, _ in more for column in given)]
    whole_rows = [
        (*row, *(cell for _, cells in more for cell in cells[at])) for at, row in enumerate(rows)
    ]
    title = asked.plan.title or text("plan.title.backlog", language)
    name, seen = "plan-backlog", _seen(main)
    tables = [
        Grid(name, title, tuple(whole_columns), tuple(whole_rows), language=language),
        Grid(name, title, tuple(columns), tuple(tuple(rows[at]) for at in seen),
             language=language),
    ]  # fmt: skip
    if not more:
        return tables
    compared = _compared(courses, language)
    return [*tables, replace(compared, rows=tuple(compared.rows[at] for at in seen))]


def _seen(course: Line) -> list[int]:
    """Which of the months a screen shows: all of some years, of more the first of each year."""
    months = range(len(course.shown))
    if len(months) <= _MOST_MONTHS:
        return list(months)
    ends = (0, len(months) - 1)
    return [at for at in months if at in ends or course.day(course.shown[at]).month == 1]


def _main(asked: Asked, course: Line) -> tuple[list[Column], list[list[Cell]]]:
    language, result = asked.language, course.result
    say = _heading(language)
    columns = [Column("date", say("date"), "date")]
    rows = [[day_cell(course.day(at), language)] for at in course.shown]

    def add(key: str, heading: str, values: Floats, side: str = "") -> None:
        columns.append(num(key, heading))
        for row, at in zip(rows, course.shown, strict=True):
            row.append(counted(values[at], language, side=side))

    low, middle, high = course.pending
    add("pending", say("pending"), middle)
    if course.is_band:
        add("pending_low", say("low"), low, "low")
        add("pending_high", say("high"), high, "high")
    add("arrived", say("arrived"), course.fan(result.arrived)[1])
    add("decided", say("decided"), course.fan(result.done)[1])
    for key, values in (("left", result.lost), ("turned_away", result.turned_away)):
        if values.any():
            add(key, say(key), course.fan(values.sum(axis=1))[1])
    for number, name in enumerate(result.deadlines, 1):
        heading = text("plan.column.overdue", language, name=name)
        add(f"overdue_{number}", heading, course.fan(result.overdue[number - 1])[1])
    if is_files(asked):
        add("pending_persons", say("persons"), course.fan(result.pending_persons)[1])
    return columns, rows


def _heading(language: str) -> Any:
    return lambda name: text(f"plan.column.{name}", language)


def _beside(
    course: Line, number: int, language: str
) -> tuple[list[Column], list[tuple[Cell, ...]]]:
    """Its pending cases as columns: the middle and, where there are any, both ends."""
    kinds = (("", 1, "other"), ("_low", 0, "other_low"), ("_high", 2, "other_high"))
    shown = kinds if course.is_band else kinds[:1]
    columns = [
        num(f"other_{number}{end}", text(f"plan.column.{key}", language, name=course.name))
        for end, _, key in shown
    ]
    pending = course.pending
    cells = [
        tuple(counted(pending[which, at], language, side=end[1:]) for end, which, _ in shown)
        for at in course.shown
    ]
    return columns, cells


def _compared(courses: Sequence[Line], language: str) -> Grid:
    """Pending cases of each course beside one another, the ends in brackets."""
    columns = [Column("date", text("plan.column.date", language), "date")]
    columns += [num(f"course_{at}", course.name) for at, course in enumerate(courses)]
    main = courses[0]
    rows = [
        (
            day_cell(main.day(at), language),
            *(_in_brackets(course, at, language) for course in courses),
        )
        for at in main.shown
    ]
    title = text(f"plan.compared.{main.kind}", language)
    return Grid("plan-compare", title, tuple(columns), tuple(rows), language=language)


def _in_brackets(course: Line, at: int, language: str) -> Cell:
    low, middle, high = course.pending[:, at]
    cell = counted(middle, language)
    if low == high:
        return cell
    ends = [counted(low, language, side="low").text, counted(high, language, side="high").text]
    said = text("plan.in_brackets", language, value=cell.text, low=ends[0], high=ends[1])
    return Cell(said, cell.number)


# ----------------------------------------------------------------------------- chart and JSON


def _chart(asked: Asked, courses: Sequence[Line]) -> FanChart:
    main, language = courses[0], asked.language
    caption = text("plan.chart.backlog", language, unit=unit(is_files(asked), language))
    if main.doubt is not None:
        caption = text("plan.chart.doubt", language, caption=caption)
    elif main.is_band:
        caption = text("plan.chart.band", language, caption=caption)
    return FanChart(
        asked.plan.title,
        "",
        caption,
        tuple(main.result.times[drawn(main)].tolist()),
        month_ticks(main, language),
        backlog_lines(courses, language),
        language,
    )


def drawn(course: Line) -> list[int]:
    """Which of the times a chart draws: no more than the eye sees, from the first to the last."""
    last = len(course.result.times) - 1
    places = np.linspace(0, last, min(last + 1, _MOST_POINTS))
    return sorted({round(place) for place in places.tolist()})


def month_ticks(course: Line, language: str) -> tuple[tuple[float, str], ...]:
    """The months along the time."""
    times = course.result.times
    return ticks_of((float(times[at]), tick(course.day(at), language)) for at in course.shown[:-1])


def backlog_lines(courses: Sequence[Line], language: str) -> tuple[FanLine, ...]:
    """A line for each course; the first one, where there are several, alone with its band."""
    found = []
    for number, course in enumerate(courses):
        low, middle, high = (tuple(each.tolist()) for each in course.pending[:, drawn(course)])
        label = text(
            "plan.chart.end", language, name=course.name,
            pending=_in_brackets(course, course.shown[-1], language).text,
        )  # fmt: skip
        if course.is_band and number == 0:
            found.append(FanLine(label, middle, low, high))
        else:
            found.append(FanLine(label, middle))
    return tuple(found)


def _data(given: Sequence[Course], courses: Sequence[Line]) -> dict[str, object]:
    main, doubts = courses[0], {each.field: each for each in given[0].doubts}
    moved = dict(given[0].spread.moved)
    return {
        "doubtful": [
            {
                "field": name,
                **dict(zip(("low", "central", "high"), map(machine, doubt.levels), strict=True)),
                "moved": machine(moved[name]) if name in moved else None,
            }
            for name, doubt in doubts.items()
        ],
        "start": main.start.isoformat(),
        "backlog": main.result.backlog,
        "rows": course_json(main),
        "compare": [{"name": one.name, "rows": course_json(one)} for one in courses[1:]],
    }


def course_json(course: Line) -> list[dict[str, object]]:
    """A row for each time shown; every number with its middle and ends."""
    result = course.result
    fans = {
        "pending": course.pending,
        "pending_persons": course.fan(result.pending_persons),
        "arrived": course.fan(result.arrived),
        "decided": course.fan(result.done),
        "left": course.fan(result.lost.sum(axis=1)),
        "turned_away": course.fan(result.turned_away.sum(axis=1)),
    }
    stages = {name: course.fan(result.pending[:, at]) for at, name in enumerate(result.stages)}
    late = {name: course.fan(result.overdue[at]) for at, name in enumerate(result.deadlines)}
    return [
        {
            "date": course.day(at).isoformat(),
            **{name: _ends(values, at) for name, values in fans.items()},
            "pending_by_stage": {name: _ends(values, at) for name, values in stages.items()},
            "overdue": {name: _ends(values, at) for name, values in late.items()},
        }
        for at in course.shown
    ]


def _ends(fan: Floats, at: int) -> dict[str, object]:
    low, middle, high = (machine(value) for value in fan[:, at])
    return {"low": low, "median": middle, "high": high}
