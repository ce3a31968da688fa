"""What every plan's answer has in common: its sentences, tables, chart, notes and JSON.

Numbers of cases are whole where people read them and as they were computed for machines.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction

from cauce.engines.capacity.plan_file import PlanFile
from cauce.errors import CauceError
from cauce.exports.fan_chart import FanChart
from cauce.exports.grid import Cell, Column, Grid
from cauce.values.answer import Code
from cauce.words import dates, text
from cauce.words.numbers import multiple
from cauce.words.plans import lost, whole

__all__ = [
    "Asked",
    "Shown",
    "amount",
    "counted",
    "day_cell",
    "day_of",
    "machine",
    "num",
    "shown_of",
    "ticks_of",
]

#: So many words along the time of a chart, at most.
_MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Asked:
    """A plan, and how it was looked at: the engine, the seed and the runs that were done. ``told``:
    codes of what was taken otherwise than the file says it (``plan_answers.LOST``)."""

    plan: PlanFile
    language: str
    seed: int
    engine: str = ""
    runs: int = 0
    told: tuple[Code, ...] = ()

    @property
    def start(self) -> date:
        """The first day of a plan that has one, with a number chosen for all that is in doubt."""
        scenario = self.plan.scenario
        if scenario is None:
            raise CauceError("capacity_conflict", field="plan", other=self.plan.kind)
        return scenario.start.on


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer. ``warning``: «DATOS INVENTADOS …» or nothing. ``grid``: the whole table, its
    notes with it; ``tables``: what a screen shows of it, first the main one. ``remarks``: what to
    know of the calculation. ``data``: for machines. ``interrupted``: it was stopped on request."""

    title: str
    warning: str
    sentences: tuple[str, ...]
    grid: Grid
    tables: tuple[Grid, ...]
    remarks: tuple[str, ...]
    chart: FanChart
    data: dict[str, object] = field(repr=False)
    interrupted: bool = False


def shown_of(
    asked: Asked,
    sentences: Sequence[str],
    tables: Sequence[Grid],
    told: Sequence[tuple[Code, str]],
    chart: FanChart,
    data: dict[str, object],
    *,
    how: str = "",
) -> Shown:
    """Put together what is known of a plan. ``told``: codes with their sentences; ``tables``: the
    first is the whole one, the others are for the screen (none: the whole one is)."""
    plan, language = asked.plan, asked.language
    warning = text("plan.made_up", language) if plan.made_up else ""
    title = plan.title or text(f"plan.title.{plan.kind}", language)
    told = [*told, *((code, lost(code, language)) for code in asked.told)]
    said = [words for _, words in told]
    notes = _notes(asked, warning, [*sentences], [*filter(None, [how]), *said])
    grid = replace(tables[0], title=title, notes=notes)
    description = " ".join([*filter(None, [warning]), *sentences])
    return Shown(
        title,
        warning,
        tuple(sentences),
        grid,
        tuple(tables[1:]) or (grid,),
        tuple(said),
        replace(chart, title=title, description=description, language=language, warning=warning),
        {**_head(asked, sentences, [code for code, _ in told]), **data},
        any(code.code == "interrupted" for code, _ in told),
    )


def _notes(
    asked: Asked, warning: str, answers: Sequence[str], remarks: Sequence[str]
) -> tuple[tuple[str, str], ...]:
    language = asked.language
    told = [
        ("table.note.invented", warning),
        ("plan.label.about", asked.plan.about),
        *(("plan.label.answer", words) for words in answers),
        *(("plan.label.note", words) for words in remarks),
    ]
    return tuple((text(label, language), words) for label, words in told if words)


def _head(asked: Asked, sentences: Sequence[str], codes: Sequence[Code]) -> dict[str, object]:
    plan = asked.plan
    found: dict[str, object] = {
        "plan": plan.kind,
        "title": plan.title,
        "about": plan.about,
        "made_up": plan.made_up,
        "language": asked.language,
        "seed": asked.seed,
    }
    if asked.engine:
        found |= {"engine": asked.engine, "replications": asked.runs}
    found |= {
        "sentences": list(sentences),
        "notes": [code.to_json() for code in codes],
        "interrupted": any(code.code == "interrupted" for code in codes),
    }
    return found


# ----------------------------------------------------------------------------- values


def day_of(start: date, time: float) -> date:
    """The date of a day from the start."""
    return start + timedelta(days=math.floor(time + 1e-9))


def machine(value: float) -> float | int | None:
    """A number for machines: whole where it is, null where there is none."""
    if not math.isfinite(value):
        return None
    rounded = round(float(value), 6)
    return int(rounded) if rounded == int(rounded) else rounded


def counted(value: float, language: str, *, side: str = "") -> Cell:
    """So many cases: in the middle rounded, a lower end cut down, an upper one up."""
    cut = {"low": math.floor, "high": math.ceil}.get(side, round)
    exact = int(cut(round(float(value), 6)))
    return Cell(whole(exact, language), Fraction(exact))


def amount(value: float, language: str) -> Cell:
    """A measure, with one digit after the point, also where that is zero."""
    exact = Fraction(str(round(float(value), 1)))
    return Cell(multiple(exact, language), exact)


def day_cell(day: date, language: str) -> Cell:
    return Cell(dates.day(day, language), day=day)


def num(key: str, heading: str) -> Column:
    return Column(key, heading, "number")


def ticks_of(times: Iterable[tuple[float, str]]) -> tuple[tuple[float, str], ...]:
    """Not more than a few of them, evenly."""
    given = list(times)
    every = max(1, math.ceil(len(given) / _MOST_TICKS))
    return tuple(given[::every])
