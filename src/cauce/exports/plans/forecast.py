"""How many may come, how sure is that, and how did each method do on the past?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from cauce.engines.capacity.forecasting import Forecast, Series
from cauce.engines.capacity.plan_questions import ForecastQuestion
from cauce.engines.capacity.refusing import Floats
from cauce.errors import CauceError
from cauce.exports.fan_chart import FanChart, FanLine
from cauce.exports.grid import Cell, Column, Grid
from cauce.exports.plans.shown import (
    Asked,
    Shown,
    amount,
    counted,
    machine,
    num,
    shown_of,
    ticks_of,
)
from cauce.words import text
from cauce.words.plans import advice, between, forecast_note, method, step, step_short, times_of

__all__ = ["show_forecast"]

#: The ends of the middle 80 and 95 of 100 paths.
_ENDS = {"80": (0.1, 0.9), "95": (0.025, 0.975)}
#: Seasons of the past that the chart shows before what is forecast.
_SEASONS = 2


def show_forecast(asked: Asked, found: Forecast) -> Shown:
    """The steps that could be scored, with the scores of every method."""
    language, question = asked.language, asked.plan.forecast
    if question is None:
        raise CauceError("capacity_conflict", field="plan", other=asked.plan.kind)
    series = question.series
    steps = _steps(series, found.horizon)
    names = [step(each, series.unit, language) for each in steps]
    total = np.quantile(found.paths.sum(axis=1), _ENDS["80"])
    params = {
        "first": names[0],
        "last": names[-1],
        "total": between(total[0], total[1], language),
        "often": times_of(0.8, language),
    }
    key = "plan.forecast.total" if found.horizon > 1 else "plan.forecast.one"
    said = [text(key, language, **params), advice(found.advice, language)]
    told = [(code, forecast_note(code, language)) for code in found.notes]
    tables = _tables(asked, found, names, steps)
    chart = _chart(question, found, steps, language)
    return shown_of(asked, said, tables, told, chart, _data(series, found, steps))


def _steps(series: Series, count: int) -> list[date | int]:
    first = len(series.values)
    return [series.at(first + index) for index in range(count)]


# ----------------------------------------------------------------------------- tables


def _tables(
    asked: Asked, found: Forecast, names: Sequence[str], steps: Sequence[date | int]
) -> list[Grid]:
    """The whole table; for the screen it, and how the methods did."""
    language = asked.language
    heading = text("plan.column.step", language)
    columns = [Column("step", heading), num("median", text("plan.column.middle", language))]
    columns += [
        num(f"{end}_{share}", text(f"plan.column.{end}_of", language, share=share))
        for share in _ENDS
        for end in ("low", "high")
    ]
    changed = [found.under(scenario) for scenario in found.scenarios]
    columns += [
        num(f"scenario_{at}", scenario.name) for at, scenario in enumerate(found.scenarios, 1)
    ]
    ends = [(found.quantiles(low), found.quantiles(high)) for low, high in _ENDS.values()]
    rows = []
    for at, name in enumerate(names):
        cells = [Cell(name, code=str(steps[at])), counted(found.quantiles(0.5)[at], language)]
        for low, high in ends:
            cells.append(counted(low[at], language, side="low"))
            cells.append(counted(high[at], language, side="high"))
        cells += [counted(one.quantiles(0.5)[at], language) for one in changed]
        rows.append(tuple(cells))
    title = asked.plan.title or text("plan.title.forecast", language)
    whole = Grid("plan-forecast", title, tuple(columns), tuple(rows), language=language)
    return [whole, whole, _scores(found, language)]


def _scores(found: Forecast, language: str) -> Grid:
    keys = ("method", "error", "inside_80", "inside_95", "origins")
    heads = {key: text(f"plan.column.{key}", language) for key in keys}
    columns = (Column("method", heads["method"]), *(num(key, heads[key]) for key in keys[1:]))
    rows = tuple(
        (
            Cell(method(score.method, language), code=score.method),
            amount(score.crps, language),
            counted(100 * score.coverage_80, language),
            counted(100 * score.coverage_95, language),
            counted(score.origins, language),
        )
        for score in found.scores
    )
    title = text("plan.forecast.scores", language)
    return Grid("plan-scores", title, columns, rows, language=language)


# ----------------------------------------------------------------------------- chart and JSON


def _chart(
    question: ForecastQuestion, found: Forecast, steps: Sequence[date | int], language: str
) -> FanChart:
    """The last seasons, and then the band of what may come."""
    series = question.series
    kept = min(len(series.values), _SEASONS * max(series.season, 6))
    past = list(series.counts[-kept:].tolist())
    times = tuple(map(float, range(kept + found.horizon)))

    def line(values: Floats) -> tuple[float | None, ...]:
        # It begins at the last count, from which the band opens.
        return (*([None] * (kept - 1)), past[-1], *values.tolist())

    low, high = (found.quantiles(each) for each in _ENDS["80"])
    last = found.quantiles(0.5)[-1], low[-1], high[-1]
    cells = [counted(each, language, side=side).text
             for each, side in zip(last, ("", "low", "high"), strict=True)]  # fmt: skip
    said = text("plan.in_brackets", language, value=cells[0], low=cells[1], high=cells[2])
    name = text("plan.chart.forecast", language)
    ends = text("plan.chart.end", language, name=name, pending=said)
    lines = [
        FanLine(ends, line(found.quantiles(0.5)), line(low), line(high)),
        FanLine(
            text("plan.chart.past", language), (*past, *([None] * found.horizon)), is_seen=True
        ),
    ]
    lines += [
        FanLine(scenario.name, line(found.under(scenario).quantiles(0.5)))
        for scenario in found.scenarios
    ]
    first = len(series.values) - kept
    ticks = ticks_of(
        (float(at), step_short(series.at(first + at), series.unit, language))
        for at in range(len(times))
    )
    per = text(f"plan.per.{series.unit}", language)
    caption = text("plan.chart.arrivals", language, per=per)
    caption = text("plan.chart.band", language, caption=caption)
    return FanChart("", "", caption, times, ticks, tuple(lines), language)


def _data(series: Series, found: Forecast, steps: Sequence[date | int]) -> dict[str, object]:
    return {
        "per": series.unit,
        "method": found.method,
        "advice": found.advice.to_json(),
        "paths": len(found.paths),
        "rows": _rows_json(found, steps),
        "scenarios": [
            {"name": scenario.name, "rows": _rows_json(found.under(scenario), steps)}
            for scenario in found.scenarios
        ],
        "scores": [
            {
                "method": score.method,
                "crps": machine(score.crps),
                "mase": None if score.mase is None else machine(score.mase),
                "coverage_80": machine(score.coverage_80),
                "coverage_95": machine(score.coverage_95),
                "origins": score.origins,
                "horizon": score.horizon,
            }
            for score in found.scores
        ],
    }


def _rows_json(found: Forecast, steps: Sequence[date | int]) -> list[dict[str, object]]:
    quantiles = {
        "mean": found.mean,
        "median": found.quantiles(0.5),
        **{f"low_{name}": found.quantiles(low) for name, (low, _) in _ENDS.items()},
        **{f"high_{name}": found.quantiles(high) for name, (_, high) in _ENDS.items()},
    }
    return [
        {
            "from": each.isoformat() if isinstance(each, date) else each,
            **{name: machine(values[at]) for name, values in quantiles.items()},
        }
        for at, each in enumerate(steps)
    ]
