"""Levels: values carried forward, and flows as differences of accumulated values."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from cauce.engines.rollup.cells import Ask, Cell, CodeSpan, Outcome, Step, World
from cauce.engines.rollup.cover import Cover, choose_cover
from cauce.engines.rollup.declarations import Declarations
from cauce.values.answer import Absence, Absent, Code, Known, difference
from cauce.values.period import Period

__all__ = ["carried_cover", "level_difference"]

RollUp = Callable[[Ask, Sequence[Cell], Declarations, World], Outcome]


def carried_cover(
    cells: Sequence[Cell],
    ask: Ask,
    declared: Declarations,
    codes: Mapping[str, tuple[CodeSpan, ...]],
) -> Cover | None:
    """The latest level at or before the end asked, where the indicator lets levels carry."""
    ends = sorted({c.period for c in cells if c.received and c.period.end <= ask.period.end},
                  key=lambda p: (p.end, p.start))  # fmt: skip
    if not ends:
        return None
    at = replace(ask, period=ends[-1])
    return choose_cover([c for c in cells if c.period == ends[-1]], at, declared, codes)


def level_difference(
    ask: Ask, cells: Sequence[Cell], declared: Declarations, world: World, roll_up: RollUp
) -> Outcome:
    """The flow of a period from values accumulated since a day: the difference of the two ends.

    A fall of a value that can only grow raises ``cumulative_fell``; it is shown, not hidden.
    """
    assert declared.since is not None  # the caller asks only for accumulated values
    end = roll_up(_level(ask, declared.since, ask.period.end), cells, declared, world)
    start = roll_up(_level(ask, declared.since, ask.period.start), cells, declared, world)
    answer = end.answer
    caveats = [*end.caveats, *start.caveats]
    steps = list(end.steps)
    if isinstance(end.answer, Known) and isinstance(start.answer, Known):
        grown = difference(end.answer, start.answer)
        if isinstance(grown.high, Fraction) and grown.high < 0:
            caveats.append(Code.of("cumulative_fell", end=end.answer.high, start=start.answer.low))
        answer = grown
        inputs = (
            (ask.period.end.isoformat(), end.answer),
            (ask.period.start.isoformat(), start.answer),
        )
        steps.append(Step(Code.of("difference"), inputs, grown))
    elif isinstance(end.answer, Known):
        answer = start.answer if isinstance(start.answer, Absent) else start.answer
    elif isinstance(end.answer, Absent):
        answer = Absent(end.answer.absence or Absence.MISSING)
    return replace(
        end,
        answer=answer,
        caveats=tuple(dict.fromkeys(caveats)),
        used=(*end.used, *start.used),
        steps=tuple(steps),
        method="difference",
    )


def _level(ask: Ask, since: date, until: date) -> Ask:
    return replace(ask, period=Period(since, until, ask.period.calendar))
