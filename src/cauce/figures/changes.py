"""Answers about change, progress and achievement: from two or three other answers.

A change says against what; «+400 %» does not exist without base value and date. Progress needs a
baseline, achievement a target of the same unit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import product
from typing import TypeVar

from cauce.engines.rollup import Step
from cauce.errors import CauceError
from cauce.figures.answered import Answered, trace_of
from cauce.figures.indicators import answer_indicator
from cauce.figures.money import answer_money
from cauce.figures.session import Resolved, Session
from cauce.values.answer import (
    Answer,
    Bound,
    Code,
    Known,
    Refused,
    difference,
    quotient,
)
from cauce.values.figure import Sense
from cauce.values.period import Period
from cauce.values.question import ChangeQ, IndicatorQ, MoneyQ, ProgressQ

__all__ = ["answer_change", "answer_progress", "components"]

SENSES = {
    "difference": Sense.CHANGE,
    "percent": Sense.PERCENT_CHANGE,
    "multiple": Sense.MULTIPLE,
}
PERCENT = "%"


def _ask(session: Session, question: IndicatorQ | MoneyQ) -> Answered:
    if isinstance(question, IndicatorQ):
        return answer_indicator(session, question)[0]
    return answer_money(session, question)[0]


AskedT = TypeVar("AskedT", IndicatorQ, MoneyQ, IndicatorQ | MoneyQ)


def _same_asking(question: ChangeQ | ProgressQ, inner: AskedT) -> AskedT:
    """The inner question as asked by the outer one: its times and audience hold."""
    return replace(
        inner,
        known_at=inner.known_at or question.known_at,
        head=question.head if inner.head is None else inner.head,
        audience=question.audience,
        verified_only=inner.verified_only or question.verified_only,
    )


def components(session: Session, question: ChangeQ | ProgressQ) -> tuple[IndicatorQ | MoneyQ, ...]:
    """The questions that a change or progress rests on, the figure's own first: a release judges
    each of them."""
    if isinstance(question, ChangeQ):
        of = replace(_same_asking(question, question.of), by=())
        return of, _base(question, of)
    actual = replace(_same_asking(question, question.of), kind="actual", by=())
    resolved = session.resolve(question)
    kinds = ("target", "baseline") if question.as_ == "progress" else ("target",)
    return actual, *(_planned(session, resolved, actual, kind) for kind in kinds)


def _base(question: ChangeQ, of: IndicatorQ | MoneyQ) -> IndicatorQ | MoneyQ:
    if question.base_period is not None:
        return replace(of, period=question.base_period)
    if question.base_place is not None:
        return replace(of, place=question.base_place)
    return replace(of, known_at=question.base_known_at)


# -- change ------------------------------------------------------------------------------------


def answer_change(session: Session, question: ChangeQ) -> list[Answered]:
    """The change as difference, percent (a fraction of one) or multiple."""
    end, start = (_ask(session, q) for q in components(session, question))
    answer = (
        _alike(question, end, start)
        or _same_voice(session, question, end, start)
        or _change(question.as_, end, start)
    )
    unit = {"percent": PERCENT, "multiple": "×"}.get(question.as_, end.figure.unit)
    figure = replace(
        end.figure,
        question=question,
        answer=answer,
        unit=unit,
        sense=SENSES[question.as_],
        method=question.as_,
        coverage=None,
        caveats=tuple(dict.fromkeys((*end.figure.caveats, *start.figure.caveats))),
        competing=(),
        trace=trace_of((*end.digests, *start.digests)),
    )
    inputs = (("end", end.figure.answer), ("base", start.figure.answer))
    steps = (*start.steps, *end.steps, Step(Code.of(_STEP[question.as_]), inputs, answer))
    return [
        Answered(
            figure,
            (*start.digests, *end.digests),
            used=(*start.used, *end.used),
            steps=steps,
            not_used=(*start.not_used, *end.not_used),
            earlier=(*start.earlier, *end.earlier),
            sources=start.sources | end.sources,
        )
    ]


_STEP = {"difference": "difference", "percent": "ratio", "multiple": "ratio"}


def _alike(question: ChangeQ, end: Answered, start: Answered) -> Refused | None:
    """Like for like: the same kind of year, periods of one length, one unit; no part of a year
    against a whole one."""
    base, period = question.base_period, question.of.period
    if base is not None and period is not None:
        if base.calendar != period.calendar:
            return Refused.of("different_calendars")
        if _length(base) != _length(period):
            return Refused.of("not_like_for_like", period=base.text)
    for side in (start, end):
        if isinstance(side.figure.answer, Known):
            continue
        part = next((c for c in side.figure.caveats if c.code == "part_of_period"), None)
        if part is not None:
            return Refused.of("not_like_for_like", period=part.get("period"))
    if isinstance(end.figure.answer, Known) and isinstance(start.figure.answer, Known):
        units = sorted({end.figure.unit, start.figure.unit})
        if len(units) > 1:
            return Refused.of("units_differ", units=", ".join(units))
    return None


def _same_voice(
    session: Session, question: ChangeQ, end: Answered, start: Answered
) -> Refused | None:
    """Like for like: said by the same publishers, by the same codes. Another publisher may count
    otherwise; of another place it is another one that reports."""
    sides = (end, start)
    if not all(isinstance(side.figure.answer, Known) for side in sides):
        return None
    codes = [_changed_codes(side) for side in sides]
    if codes[0] != codes[1]:
        dimensions = sorted({code.get("dimension") for code in codes[0] ^ codes[1]})
        return Refused.of("definitions_differ", dimension=", ".join(dimensions))
    if question.base_place is not None:
        return None
    named = [_reporters(session, side) for side in sides]
    if all(named) and named[0].isdisjoint(named[1]):
        return Refused.of("reporters_differ", reporters=", ".join(sorted(named[0] | named[1])))
    return None


def _changed_codes(side: Answered) -> frozenset[Code]:
    return frozenset(code for code in side.figure.caveats if code.code == "definition_changed")


def _reporters(session: Session, side: Answered) -> frozenset[str]:
    """Who reported the values behind a figure of an indicator; nobody where that is not told."""
    question = side.figure.question
    if not isinstance(question, IndicatorQ):
        return frozenset()
    view, digests = session.resolve(question).view, set(side.digests)
    values = session.observations(view, question.indicator)
    return frozenset(o.reporter for o in values if o.digest in digests and o.reporter)


def _length(period: Period) -> object:
    """Whole units compare by their number (a leap year is a year), other spans by days."""
    for grain in ("year", "half", "quarter", "month"):
        if parts := period.split(grain):
            return grain, len(parts)
    return "day", period.days


def _change(as_: str, end: Answered, start: Answered) -> Answer:
    after, before = end.figure.answer, start.figure.answer
    if isinstance(before, Refused):
        return before
    if not isinstance(before, Known):
        return Refused.of("base_missing")
    if not isinstance(after, Known):
        return after
    if as_ == "difference":
        return difference(after, before) if _is_bounded(after, before) else _NOT_BOUNDED
    if before.value == 0 or (before.high is not None and before.high == 0):
        return Refused.of("base_zero")
    multiple = quotient(after, before)
    if multiple is None:
        return _no_quotient(before)
    if as_ == "multiple":
        return multiple
    return replace(
        multiple,
        low=_less_one(multiple.low),
        high=_less_one(multiple.high),
        estimate=_less_one(multiple.estimate),
        num=None,
        den=None,
    )


_NOT_BOUNDED = Refused.of("not_bounded")


def _is_bounded(end: Known, start: Known) -> bool:
    """Whether anything is left of the difference: of «at least» minus «at least» nothing is."""
    ends = ((end.low, start.high), (end.high, start.low), (end.value, start.value))
    return any(None not in pair for pair in ends)


def _no_quotient(bottom: Known) -> Refused:
    """Why two known numbers give no quotient: one divides by zero, or no bound of it is left."""
    return Refused.of("base_zero" if bottom.value == 0 else "not_bounded")


def _less_one(value: object) -> Fraction | None:
    return value - 1 if isinstance(value, Fraction) else None


# -- progress ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Three:
    """The sides of a progress; an achievement rests on no baseline."""

    actual: Answered
    target: Answered
    baseline: Answered | None = None

    @property
    def planned(self) -> tuple[Answered, ...]:
        return (self.target,) if self.baseline is None else (self.target, self.baseline)


def answer_progress(session: Session, question: ProgressQ) -> list[Answered]:
    """How far from baseline to target (``progress``), or which part of the target it is."""
    found = _Three(*(_ask(session, q) for q in components(session, question)))
    answer = _progress(session.resolve(question), question, found)
    sides = (found.actual, *found.planned)
    digests = tuple(d for s in sides for d in s.digests)
    figure = replace(
        found.actual.figure,
        question=question,
        answer=answer,
        unit=PERCENT,
        method=question.as_,
        caveats=_progress_caveats(found),
        competing=(),
        trace=trace_of(digests),
    )
    inputs = tuple(
        (name, side.figure.answer)
        for name, side in zip(("actual", "target", "baseline"), sides, strict=False)
    )
    used = tuple(u for s in sides for u in s.used)
    steps = (*found.actual.steps, Step(Code.of("ratio"), inputs, answer))
    actual = found.actual
    sources = frozenset[str]().union(*(s.sources for s in sides))
    return [Answered(figure, digests, used, steps, actual.not_used, actual.earlier, sources)]


def _progress_caveats(found: _Three) -> tuple[Code, ...]:
    kept = list(found.actual.figure.caveats)
    for side in found.planned:
        kept += [c for c in side.figure.caveats if c.code != "coverage_unknown"]
    return tuple(dict.fromkeys(kept))


def _planned(session: Session, resolved: Resolved, of: IndicatorQ, kind: str) -> IndicatorQ:
    """The target or baseline that belongs to the actual value: of the same period, else a target
    whose period contains it, else the last baseline before its end."""
    asked = replace(of, kind=kind)
    periods = sorted(
        {
            o.period
            for o in session.observations(resolved.view, of.indicator)
            if o.kind == kind
            and o.period.calendar == of.period.calendar
            and resolved.names.within(o.place, of.place)
        }
    )
    if of.period in periods:
        return asked
    if kind == "baseline":
        before = [p for p in periods if p.end <= of.period.end]
        return replace(asked, period=max(before, key=lambda p: p.end)) if before else asked
    around = [p for p in periods if p.contains(of.period)]
    return replace(asked, period=min(around, key=lambda p: p.days)) if around else asked


def _progress(resolved: Resolved, question: ProgressQ, found: _Three) -> Answer:
    indicator = resolved.names.indicator(question.of.indicator)
    if indicator.not_success:
        return Refused.of("not_a_success_measure")
    actual, target = found.actual.figure.answer, found.target.figure.answer
    if not isinstance(actual, Known):
        return actual
    if not isinstance(target, Known):
        return target if isinstance(target, Refused) else Refused.of("no_target")
    units = {found.actual.figure.unit, found.target.figure.unit}
    if found.baseline is None:
        if len(units) > 1:
            return Refused.of("units_differ", units=", ".join(sorted(units)))
        top, bottom = (target, actual) if indicator.descending else (actual, target)
        return quotient(top, bottom) or _no_quotient(bottom)
    baseline = found.baseline.figure.answer
    if not isinstance(baseline, Known):
        return baseline if isinstance(baseline, Refused) else Refused.of("no_baseline")
    units.add(found.baseline.figure.unit)
    if len(units) > 1:
        return Refused.of("units_differ", units=", ".join(sorted(units)))
    return _way(actual, target, baseline)


def _way(actual: Known, target: Known, baseline: Known) -> Answer:
    """(actual − baseline) / (target − baseline), by the corners of the ranges."""
    if target.bound is Bound.EXACT and baseline.bound is Bound.EXACT:
        if target.low == baseline.low:
            return Refused.of("target_equals_baseline")
        return _linear(actual, _fraction(target.low), _fraction(baseline.low))
    ends = [_ends(k) for k in (actual, target, baseline)]
    if not all(ends):
        return Refused.of("not_bounded")
    corners = [(a - b) / (t - b) for a, t, b in product(*ends) if t != b]
    if not corners or any(t == b for _, t, b in product(*ends)):
        return Refused.of("target_equals_baseline")
    return Known(min(corners), max(corners))


def _linear(actual: Known, target: Fraction, baseline: Fraction) -> Known:
    span = target - baseline

    def at(value: object) -> Fraction | None:
        return (value - baseline) / span if isinstance(value, Fraction) else None

    low, high = at(actual.low), at(actual.high)
    low_open, high_open = actual.low_open, actual.high_open
    if span < 0:
        low, high, low_open, high_open = high, low, high_open, low_open
    return Known(low, high, at(actual.estimate), low_open, high_open)


def _ends(known: Known) -> list[Fraction]:
    ends = [v for v in (known.low, known.high) if isinstance(v, Fraction)]
    return ends if len(ends) == 2 else []


def _fraction(value: object) -> Fraction:
    """The number of an exact level. Raises ``bad_bounds`` for a day, which has no progress."""
    if not isinstance(value, Fraction):
        raise CauceError("bad_bounds", text=str(value))
    return value
