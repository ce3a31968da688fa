"""Ratios that are computed from two other indicators, such as a recognition rate.

``derived_from: {num: "asylum/AS-2[outcome=recognized]", den: "asylum/AS-2"}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from cauce.engines.rollup import Step
from cauce.errors import CauceError
from cauce.figures.answered import Answered, trace_of
from cauce.figures.scope import scope_of
from cauce.figures.session import Resolved, Session
from cauce.values.answer import Absence, Absent, Answer, Code, Known, quotient
from cauce.values.breakdown import Breakdown
from cauce.values.question import IndicatorQ

__all__ = ["derived_answer", "is_derived", "operands", "read_operand"]

_OPERAND = re.compile(r"(?P<indicator>[^\[\]]+)(\[(?P<where>[^\[\]]*)\])?\Z")


def read_operand(text: str) -> tuple[str, Breakdown]:
    """``pack/CODE[dimension=code]`` → indicator and breakdown. Raises ``bad_structure``."""
    found = _OPERAND.match(text.strip())
    if found is None:
        raise CauceError("bad_structure", text=text, expected="pack/CODE[dimension=code]")
    return found["indicator"].strip(), Breakdown.parse(found["where"] or "")


def is_derived(session: Session, resolved: Resolved, question: IndicatorQ) -> bool:
    """A ratio with values of its own answers by them, and is computed only where it has none."""
    if not resolved.names.indicator(question.indicator).derived_from:
        return False
    return not scope_of(session, resolved, question).records


def operands(resolved: Resolved, question: IndicatorQ) -> tuple[IndicatorQ, IndicatorQ]:
    """The questions for the numerator and the denominator of a ratio that is computed."""
    derived_from = resolved.names.indicator(question.indicator).derived_from
    num, den = (_operand(question, derived_from.get(side, "")) for side in ("num", "den"))
    return num, den


def _operand(question: IndicatorQ, text: str) -> IndicatorQ:
    code, where = read_operand(text)
    combined = Breakdown.of({**dict(question.where.items), **dict(where.items)}.items())
    return replace(question, indicator=code, where=combined)


def derived_answer(
    session: Session,
    resolved: Resolved,
    question: IndicatorQ,
    answer: Callable[[Session, IndicatorQ], list[Answered]],
) -> Answered:
    """The ratio of two figures of the same place, period and times."""
    indicator = resolved.names.indicator(question.indicator)
    num, den = (answer(session, operand)[0] for operand in operands(resolved, question))
    result = _ratio(num.figure.answer, den.figure.answer)
    caveats = dict.fromkeys((*num.figure.caveats, *den.figure.caveats))
    digests = (*num.digests, *den.digests)
    figure = replace(
        den.figure,
        question=question,
        answer=result,
        unit=indicator.unit,
        method="ratio",
        caveats=tuple(caveats),
        competing=(),
        trace=trace_of(digests),
    )
    inputs = (("numerator", num.figure.answer), ("denominator", den.figure.answer))
    return Answered(
        figure,
        digests,
        used=(*num.used, *den.used),
        steps=(*num.steps, *den.steps, Step(Code.of("ratio"), inputs, result)),
        not_used=(*num.not_used, *den.not_used),
        earlier=(*num.earlier, *den.earlier),
        sources=num.sources | den.sources,
    )


def _ratio(num: Answer, den: Answer) -> Answer:
    if not isinstance(num, Known):
        return num
    if not isinstance(den, Known):
        return den
    return quotient(num, den) or Absent(Absence.NOT_APPLICABLE)
