"""Flows out of accumulated values: a value since a day stands for the end of its period, and what
happened in a later period is the difference of its two ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from cauce.engines.rollup.cells import Ask, Cell, Outcome, Step, World
from cauce.engines.rollup.declarations import Declarations
from cauce.values.answer import (
    Absence,
    Absent,
    Answer,
    Code,
    Known,
    Refused,
    difference,
)
from cauce.values.figure import Competing
from cauce.values.period import Period

__all__ = ["accumulated"]

RollUp = Callable[[Ask, Sequence[Cell], Declarations, World], Outcome]


def accumulated(
    ask: Ask,
    cells: Sequence[Cell],
    declared: Declarations,
    world: World,
    since: date,
    roll_up: RollUp,
) -> Outcome:
    """The level at the end, or, of a question that starts after ``since``, the flow.

    A fall of a value that can only grow raises ``cumulative_fell``; it is shown, not hidden.
    """
    if ask.period.end <= since:
        return Outcome(Absent(Absence.NOT_APPLICABLE))  # nothing had begun to accumulate
    end = roll_up(_level(ask, since, ask.period.end), cells, declared, world)
    if ask.period.start <= since:
        return end
    start = roll_up(_level(ask, since, ask.period.start), cells, declared, world)
    answer, caveats, steps = _flow(ask, end, start, declared)
    used = (*end.used, *(c for c in start.used if c not in end.used))
    unused = dict.fromkeys((*end.unused, *start.unused))
    return replace(
        end,
        answer=answer,
        caveats=tuple(dict.fromkeys((*end.caveats, *start.caveats, *caveats))),
        used=used,
        unused=tuple(u for u in unused if u.cell not in used),
        steps=(*start.steps, *end.steps, *steps),
        competing=tuple(_competing(ask, end, start)),
        method="difference",
    )


def _flow(
    ask: Ask, end: Outcome, start: Outcome, declared: Declarations
) -> tuple[Answer, tuple[Code, ...], tuple[Step, ...]]:
    after, before = end.answer, start.answer
    if not isinstance(after, Known):
        return after, (), ()
    if not isinstance(before, Known):
        return before, (), ()
    if declared.is_ratio:
        # The change of a ratio is not the ratio of what happened in between.
        return Refused.of("not_combinable", dimension="time"), (), ()
    grown = difference(after, before)
    fell = isinstance(grown.high, Fraction) and grown.high < 0
    caveats = (Code.of("cumulative_fell", end=after.high, start=before.low),) if fell else ()
    inputs = (
        (ask.period.end.isoformat(), after),
        (ask.period.start.isoformat(), before),
    )
    return grown, caveats, (Step(Code.of("difference"), inputs, grown),)


def _competing(ask: Ask, end: Outcome, start: Outcome) -> Iterator[Competing]:
    """Each other reporter's flow, and what stands beside either level."""
    before = {c.reporter: c.answer for c in start.competing if c.why == "reporter"}
    for other in end.competing:
        if other.why != "reporter":
            yield other
            continue
        answer: Answer = before.get(other.reporter, Absent(Absence.MISSING))
        if isinstance(other.answer, Known) and isinstance(answer, Known):
            answer = difference(other.answer, answer)
        elif not isinstance(other.answer, Known):
            answer = other.answer
        yield replace(other, answer=answer, period=ask.period.text)


def _level(ask: Ask, since: date, until: date) -> Ask:
    return replace(ask, period=Period(since, until, ask.period.calendar))
