"""Which words stand for what a plan answers, and for what its reader must know?

Engines give codes and numbers; here they become sentences. No engine is named: a calculation is
quick or detailed. Numbers of cases are whole, and a range is cut outwards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, time
from decimal import Decimal

from babel.dates import format_skeleton, format_time

from cauce.values.answer import Code
from cauce.words import dates
from cauce.words.catalogue import has, text
from cauce.words.languages import LOCALES
from cauce.words.numbers import number, percent

__all__ = [
    "about",
    "advice",
    "between",
    "doubt",
    "forecast_note",
    "hour",
    "hours",
    "how",
    "joined",
    "lost",
    "method",
    "note",
    "out_of",
    "staffing",
    "step",
    "step_short",
    "tick",
    "times_of",
    "unit",
    "whole",
]

_HOUR = {"es": "H:mm", "en": "HH:mm", "fr": "H 'h'"}
_MIDNIGHT = 24
#: Units of steps that are not named by their first day.
_NAMED = {"month": "%Y-%m", "year": "%Y"}


def note(code: Code, language: str) -> str:
    """The sentence for one of the notes of a result (``cauce.engines.capacity.result.NOTES``).

    >>> note(Code.of("no_chance"), "en")
    'Quick calculation: it gives means and does not say how far they may vary.'
    """
    params: dict[str, object] = dict(code.params)
    if engine := params.get("engine"):
        params["engine"] = text(f"plan.engine.{engine}", language)
    return text(f"plan.note.{code.code}", language, **params)


def doubt(code: Code, language: str) -> str:
    """What to know where a number was in doubt (``cauce.engines.capacity.doubt``): its own codes,
    or notes of the results."""
    key = f"plan.doubt.{code.code}"
    return text(key, language, **dict(code.params)) if has(key, language) else note(code, language)


def staffing(codes: Sequence[Code], language: str) -> tuple[str, ...]:
    """The sentences of a staff plan (``cauce.engines.capacity.plans.SENTENCES``), in order.

    >>> staffing([Code.of("met", times=8, of=10)], "en")
    ('The goal is met 8 times out of 10.',)
    """
    return tuple(_with_values(f"plan.staff.{code.code}", code, language) for code in codes)


def advice(code: Code, language: str) -> str:
    """What a forecast advises: ``use_naive`` or ``method_chosen``."""
    name = code.get("method")
    if code.code == "use_naive":
        return text(f"plan.forecast.use_naive.{name}", language)
    less = percent(1 - Decimal(code.get("crps_ratio")), language, digits=0)
    return text("plan.forecast.method_chosen", language, method=method(name, language), less=less)


def forecast_note(code: Code, language: str) -> str:
    """What to know of a forecast."""
    params: dict[str, object] = dict(code.params)
    if "method" in params:
        params["method"] = method(str(params["method"]), language)
    return text(f"plan.forecast.{code.code}", language, **params)


def lost(code: Code, language: str) -> str:
    """What a file says and the answer holds otherwise (``plan_answers.LOST``)."""
    return _with_values(f"plan.lost.{code.code}", code, language)


def _with_values(key: str, code: Code, language: str) -> str:
    """Days and numbers, which codes carry as text, as the language writes them."""
    params: dict[str, object] = {}
    for name, value in code.params:
        if name in ("day", "until"):
            params[name] = dates.day(date.fromisoformat(value), language)
        elif name in ("number", "days", "tried", "count", "ramp"):
            params["count" if name == "number" else name] = int(float(value))
        elif name == "budget":
            params[name] = number(Decimal(value), language)
        else:
            params[name] = value
    return text(key, language, **params)


def method(name: str, language: str) -> str:
    """A method of forecasting, as people would call it."""
    return text(f"plan.method.{name}", language)


def how(engine: str, runs: int, language: str) -> str:
    """«Cálculo detallado, 200 corridas.»"""
    said = text(f"plan.how.{engine}", language)
    return said if engine == "fluid" else text("plan.how.runs", language, how=said, count=runs)


# ----------------------------------------------------------------------------- numbers


def whole(value: float, language: str) -> str:
    """A number of cases."""
    return number(round(value), language)


def between(low: float, high: float, language: str) -> str:
    """«entre 4,017 y 4,240», cut outwards; one number where they are the same.

    >>> between(4017.9, 4239.1, "en")
    'between 4,017 and 4,240'
    """
    # What lies beyond a whole number by no more than computing is whole.
    first, last = math.floor(round(low, 6)), math.ceil(round(high, 6))
    if first == last:
        return number(first, language)
    limits = {"low": number(first, language), "high": number(last, language)}
    return text("plan.between", language, **limits)


def about(value: float, language: str) -> str:
    """«alrededor de 4,157»: a mean, of which nobody says how far it may vary."""
    return text("plan.about", language, value=whole(value, language))


def out_of(share: float) -> tuple[int, int]:
    """A share as so many of ten, or of a hundred, or of a thousand.

    >>> out_of(0.9), out_of(0.85)
    ((9, 10), (85, 100))
    """
    for base in (10, 100):
        if abs(share * base - round(share * base)) < 1e-9:
            return round(share * base), base
    return round(share * 1000), 1000


def times_of(share: float, language: str) -> str:
    """«8 de cada 10 veces»."""
    times, of = out_of(share)
    return text("plan.times_of", language, times=times, of=of)


def unit(is_files: bool, language: str) -> str:
    """«expedientes» where a file stands for several persons, else «casos»."""
    return text("plan.unit.files" if is_files else "plan.unit.cases", language)


def joined(items: Sequence[str], language: str) -> str:
    """«a, b y c»."""
    if len(items) < 2:
        return "".join(items)
    return text("list.last", language, start=", ".join(items[:-1]), end=items[-1])


# ----------------------------------------------------------------------------- time


def hour(clock: int, language: str) -> str:
    """«5:00», “05:00”; the end of the day is 24:00."""
    if clock == _MIDNIGHT:
        return f"{clock}:00"
    return str(format_time(time(clock), _HOUR[language], locale=LOCALES[language]))


def hours(clock: Sequence[int], language: str) -> str:
    """Hours, those in a row as from–to.

    >>> hours([5, 6, 7, 16], "en")
    '05:00–08:00 and 16:00–17:00'
    """
    runs: list[list[int]] = []
    for each in sorted(clock):
        if runs and each == runs[-1][1]:
            runs[-1][1] = each + 1
        else:
            runs.append([each, each + 1])
    spans = [f"{hour(first, language)}–{hour(last, language)}" for first, last in runs]
    return joined(spans, language)


def tick(day: date, language: str) -> str:
    """A month along an axis: «ene 2025»."""
    return str(format_skeleton("yMMM", day, locale=LOCALES[language]))


def step(first: date | int, per: str, language: str) -> str:
    """A step of a series: a month or year by its name, a week by its first day."""
    if isinstance(first, int):
        return number(first, language)
    if per in _NAMED:
        return dates.unit(first.strftime(_NAMED[per]), language)
    if per == "quarter":
        return dates.unit(f"{first.year}-Q{(first.month + 2) // 3}", language)
    return text("plan.week", language, day=dates.day(first, language))


def step_short(first: date | int, per: str, language: str) -> str:
    """The same along an axis."""
    if isinstance(first, int) or per == "year":
        return step(first, per, language)
    return tick(first, language)
