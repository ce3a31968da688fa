"""How many lanes must be open in each hour, how long is the wait, and what do works change?"""

from __future__ import annotations

import math
from fractions import Fraction

from cauce.engines.capacity.lanes import LanePlan
from cauce.engines.capacity.plan_answers import LanesAnswer
from cauce.exports.fan_chart import FanChart, FanLine
from cauce.exports.grid import Cell, Column, Grid
from cauce.exports.plans.shown import Asked, Shown, amount, counted, machine, num, shown_of
from cauce.values.answer import Code
from cauce.words import text
from cauce.words.numbers import number
from cauce.words.plans import between, hour, hours, how, lost, out_of, staffing

__all__ = ["show_lanes"]

_HOURS = range(24)
_MINUTES = 24 * 60


def show_lanes(asked: Asked, answer: LanesAnswer) -> Shown:
    """The answer as sentences, the hours of the day as a table, and the waits as a chart."""
    language = asked.language
    stopped = [code for plan in _plans(answer) for code in plan.notes]
    told = list(zip(stopped, staffing(stopped, language), strict=True))
    told += [(code, lost(code, language)) for code in _notes(answer)]
    return shown_of(
        asked,
        _sentences(answer, language),
        [_table(asked, answer)],
        told,
        _chart(answer, language),
        _data(answer),
        how=how("event", asked.runs, language),
    )


def _plans(answer: LanesAnswer) -> list[LanePlan]:
    return [plan for plan in (answer.plan, answer.works) if plan is not None]


def _notes(answer: LanesAnswer) -> list[Code]:
    """What the answer holds otherwise than the file, and who waits when the port opens."""
    waiting = sum(wait.vehicles for wait in answer.plan.waits if not answer.day.is_open[wait.hour])
    at_opening = [Code.of("at_opening", count=round(waiting))] if round(waiting) else []
    return [*answer.notes, Code.of("busiest_day"), *at_opening]


# ----------------------------------------------------------------------------- sentences


def _sentences(answer: LanesAnswer, language: str) -> list[str]:
    question, day = answer.question, answer.day
    times, of = out_of(question.share)
    need = [count for count, open_ in zip(answer.plan.open, day.is_open, strict=True) if open_]
    params = {
        "times": times,
        "of": of,
        "wait": _limit(answer, language),
        "need": between(min(need), max(need), language),
        "count": max(need),
    }
    said = [text("plan.lanes.answer", language, **params)] if max(need) else []
    said += _not_enough(answer, answer.plan, 0, language)
    if answer.works is not None:
        late = _not_enough(answer, answer.works, answer.closed, language)
        said += late or [text("plan.lanes.works_enough", language, count=answer.closed)]
    return said


def _limit(answer: LanesAnswer, language: str) -> str:
    """The minutes asked for, as they would be said."""
    return number(Fraction(str(round(answer.question.wait * _MINUTES, 2))), language)


def _not_enough(answer: LanesAnswer, plan: LanePlan, closed: int, language: str) -> list[str]:
    """The hours, but those in which the port is closed, in which no number of lanes is enough."""
    late = [answer.day.hour(at) for at in plan.infeasible if answer.day.is_open[at]]
    if not late:
        return []
    key = "plan.lanes.works_late" if closed else "plan.lanes.late"
    left = answer.question.most - closed
    return [text(key, language, hours=hours(late, language), count=closed, most=left)]


# ----------------------------------------------------------------------------- the table


def _by_clock(answer: LanesAnswer) -> list[int]:
    """The places of the hours, from midnight on."""
    return sorted(_HOURS, key=answer.day.hour)


def _table(asked: Asked, answer: LanesAnswer) -> Grid:
    language = asked.language
    times, of = out_of(answer.question.share)
    columns = [Column("hour", text("plan.column.hour", language)),
               num("vehicles", text("plan.column.vehicles", language))]  # fmt: skip
    suffixes = ("", "_works")[: len(_plans(answer))]
    for suffix in suffixes:
        for key in ("lanes", "mean", "quantile"):
            params = {"times": times, "of": of, "closed": answer.closed}
            heading = text(f"plan.column.{key}{suffix}", language, **params)
            columns.append(num(f"{key}{suffix}", heading))
    rows = []
    for place in _by_clock(answer):
        clock = answer.day.hour(place)
        cells = [Cell(hour(clock, language), code=f"{clock:02}:00")]
        cells.append(_vehicles(answer, place, language))
        for plan in _plans(answer):
            cells.extend(_waits(answer, plan, place, language))
        rows.append(tuple(cells))
    title = asked.plan.title or text("plan.title.lanes", language)
    return Grid("plan-lanes", title, tuple(columns), tuple(rows), language=language)


def _vehicles(answer: LanesAnswer, place: int, language: str) -> Cell:
    waits = answer.plan.waits
    return counted(waits[place].vehicles, language) if waits else Cell("")


def _waits(
    answer: LanesAnswer, plan: LanePlan, place: int, language: str
) -> tuple[Cell, Cell, Cell]:
    """Lanes, the mean wait and that of the share asked for; words where the port is closed."""
    if not answer.day.is_open[place]:
        closed = text("plan.lanes.closed", language)
        until = text("plan.lanes.until_open", language)
        return Cell(closed), Cell(until), Cell(until)
    lanes = counted(plan.open[place], language)
    if not plan.waits:
        return lanes, Cell(""), Cell("")
    wait = plan.waits[place]
    return lanes, _minutes(wait.mean, language), _minutes(wait.quantile, language)


def _minutes(value: float, language: str) -> Cell:
    if not math.isfinite(value):
        return Cell(text("plan.lanes.never", language))
    return amount(value, language)


# ----------------------------------------------------------------------------- chart and JSON


def _chart(answer: LanesAnswer, language: str) -> FanChart:
    """What the share asked for waits at most, by the hour; the lanes as words would not fit."""
    times, of = out_of(answer.question.share)
    names = ["plan.chart.all_open", "plan.chart.some_closed"]
    lines = [
        FanLine(text(name, language, closed=answer.closed), _quantiles(answer, plan))
        for name, plan in zip(names, _plans(answer), strict=False)
    ]
    ticks = tuple((float(clock), hour(clock, language)) for clock in range(0, 24, 4))
    limit = answer.question.wait * _MINUTES
    said = text("plan.chart.limit", language, wait=_limit(answer, language))
    caption = text("plan.chart.lanes", language, times=times, of=of)
    moments = tuple(map(float, _HOURS))
    return FanChart("", "", caption, moments, ticks, tuple(lines), language, level=(limit, said))


def _quantiles(answer: LanesAnswer, plan: LanePlan) -> tuple[float | None, ...]:
    """By the clock; a gap where the port is closed."""
    return tuple(
        plan.waits[place].quantile
        if plan.waits and answer.day.is_open[place] and math.isfinite(plan.waits[place].quantile)
        else None
        for place in _by_clock(answer)
    )


def _data(answer: LanesAnswer) -> dict[str, object]:
    question = answer.question
    data: dict[str, object] = {
        "wait_minutes": machine(question.wait * _MINUTES),
        "share": question.share,
        "at_most": question.most,
        "closed": answer.closed,
        "rows": _rows_json(answer, answer.plan),
    }
    data["works"] = None if answer.works is None else _rows_json(answer, answer.works)
    return data


def _rows_json(answer: LanesAnswer, plan: LanePlan) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for place in _by_clock(answer):
        wait = plan.waits[place] if plan.waits else None
        rows.append(
            {
                "hour": answer.day.hour(place),
                "open": answer.day.is_open[place],
                "lanes": plan.open[place],
                "enough": place not in plan.infeasible,
                "vehicles": machine(wait.vehicles) if wait else None,
                "mean_minutes": machine(wait.mean) if wait else None,
                "quantile_minutes": machine(wait.quantile) if wait else None,
            }
        )
    return rows
