"""What may leave: the last gate between figures and every door.

Audience and embargo already filtered the records before the roll-up. Here small counts of persons
are suppressed: in the answer, in competing values, in the components of changes, and in what would
give them away (trace, parameters of caveats). A protected indicator is released only along its
declared margins, in one version per period.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from cauce.engines.rollup import Step
from cauce.errors import CauceError
from cauce.figures.answered import Answered, NotUsed, UsedValue
from cauce.figures.asking import Table, answers, this_moment
from cauce.figures.catalogue import Catalogue, catalogue
from cauce.figures.changes import components
from cauce.figures.session import Session
from cauce.frameworks.queries import Indicator
from cauce.journal import queries as journal
from cauce.values.answer import Answer, Code, Known, Refused, Suppressed
from cauce.values.audience import Audience
from cauce.values.figure import Figure
from cauce.values.question import ChangeQ, IndicatorQ, ProgressQ, Question

__all__ = ["SMALL_CELL", "Explanation", "explain", "release"]

#: The rule that suppressed a value, as it stands in the figure's ``reason``.
SMALL_CELL = "small_cell"

#: Caveats whose parameters hold numbers of the same cells.
TELLING = ("parts_differ", "unaccounted", "above_reference_population", "capped", "cumulative_fell")


@dataclass(frozen=True, slots=True)
class _Limit:
    """Counts below ``size`` are small; of a ratio it is the numerator that is judged."""

    size: int = 0
    is_ratio: bool = False

    def is_small(self, answer: Answer) -> bool:
        """A count of persons above zero and below the limit at its low end; 0 is published."""
        if not isinstance(answer, Known) or not self.size:
            return False
        ends = (answer.num,) if self.is_ratio or answer.num is not None else _lowest(answer)
        return any(isinstance(n, Fraction) and 0 < n < self.size for n in ends)


def _lowest(answer: Known) -> tuple[object, ...]:
    if isinstance(answer.low, Fraction) and answer.low > 0:
        return (answer.low,)
    # From zero, or from nothing known: small if it cannot be more than a small cell.
    return (answer.high, answer.estimate)


@dataclass(frozen=True, slots=True)
class Explanation:
    """How a released figure was made: values used, steps, what was not used, what was before."""

    figure: Figure
    used: tuple[UsedValue, ...] = ()
    steps: tuple[Step, ...] = ()
    not_used: tuple[NotUsed, ...] = ()
    earlier: tuple[UsedValue, ...] = ()


def release(table: Table, audience: Audience, *, now: datetime | None = None) -> Table:
    """The table as ``audience`` may see it. Raises ``bad_audience`` when a figure was asked for
    another audience: a door that asks for one and shows to another is a defect."""
    session = Session(now or this_moment())
    return Table(tuple(_released(session, figure, audience) for figure in table))


def explain(question: Question, *, now: datetime | None = None) -> Explanation:
    """A figure with everything it was made from, released for the question's own audience.

    The question must ask for one figure (no ``by``); of several the first is explained.
    """
    session = Session(now or this_moment(), explaining=True)
    answered = answers(session, question)[0]
    figure = _released(session, answered.figure, question.audience)
    if isinstance(figure.answer, Suppressed) or _margin_refused(figure):
        return Explanation(figure)
    limit = _limit(answered.figure, question.audience)
    return _safe(answered, figure, limit)


def _margin_refused(figure: Figure) -> bool:
    return isinstance(figure.answer, Refused) and figure.answer.reason.code in (
        "not_a_declared_margin",
        "one_version_per_period",
    )


# -- one figure --------------------------------------------------------------------------------


def _released(session: Session, figure: Figure, audience: Audience) -> Figure:
    question = figure.question
    if question.audience != audience:
        raise CauceError("bad_audience", text=f"{question.audience.text} ≠ {audience.text}")
    if audience.level == "secretariat":
        return figure
    if isinstance(question, ChangeQ | ProgressQ):
        parts = [a.figure for q in components(question) for a in answers(session, _one(q))]
        judged = [_released(session, part, audience) for part in parts]
        if any(isinstance(p.answer, Suppressed) or _margin_refused(p) for p in judged):
            return _hidden(figure, Suppressed(SMALL_CELL))
        return figure
    if not isinstance(question, IndicatorQ):
        return figure
    indicator = catalogue(figure.head).indicator(question.indicator)
    refused = _protected(catalogue(figure.head), indicator, question)
    if refused is not None:
        return _hidden(figure, refused)
    limit = _limit(figure, audience)
    if limit.is_small(figure.answer):
        return _hidden(figure, Suppressed(SMALL_CELL))
    return _without_small(figure, limit)


def _one(question: Question) -> Question:
    return replace(question, by=()) if isinstance(question, IndicatorQ) else question


def _limit(figure: Figure, audience: Audience) -> _Limit:
    """Which counts of a figure are too small to be released; none for the secretariat."""
    question = figure.question
    if audience.level == "secretariat":
        return _Limit()
    if isinstance(question, ChangeQ | ProgressQ):
        question = question.of
    if not isinstance(question, IndicatorQ):
        return _Limit()
    names = catalogue(figure.head)
    indicator = names.indicator(question.indicator)
    counts_persons = "person" in (indicator.unit, figure.unit) or (
        names.declarations(indicator).identity == "persons"
    )
    is_ratio = names.declarations(indicator).is_ratio
    if not counts_persons and not is_ratio:
        return _Limit()
    return _Limit(names.suppress_below(indicator), is_ratio)


def _protected(names: Catalogue, indicator: Indicator, question: IndicatorQ) -> Refused | None:
    if not indicator.protected:
        return None
    if question.known_at is not None or question.head not in (None, journal.head()):
        return Refused.of("one_version_per_period")
    asked = set(question.where.dimensions)
    if question.place and names.places[question.place].kind not in ("country", "region"):
        asked.add("place")
    asked |= {d for d in ("party", "programme") if getattr(question, d)}
    margins = [set(filter(None, m.split("+"))) for m in indicator.margins]
    if not asked or any(asked <= margin for margin in margins):
        return None
    return Refused.of("not_a_declared_margin", dimension=", ".join(sorted(asked)))


def _hidden(figure: Figure, answer: Suppressed | Refused) -> Figure:
    """The figure without a number anywhere: no competing value, no trace, no telling caveat."""
    return replace(
        figure,
        answer=answer,
        caveats=tuple(c for c in figure.caveats if c.code not in TELLING),
        competing=(),
        trace=None,
    )


def _without_small(figure: Figure, limit: _Limit) -> Figure:
    if not limit.size:
        return figure
    competing = tuple(
        replace(c, answer=Suppressed(SMALL_CELL)) if limit.is_small(c.answer) else c
        for c in figure.competing
    )
    caveats = tuple(c for c in figure.caveats if not _tells(c, limit))
    return replace(figure, competing=competing, caveats=caveats)


def _tells(caveat: Code, limit: _Limit) -> bool:
    """Whether a caveat's number is itself a small cell (a remainder of 3 persons)."""
    if caveat.code not in TELLING:
        return False
    for _, text in caveat.params:
        try:
            number = Fraction(text)
        except ValueError:
            continue
        if 0 < number < limit.size:
            return True
    return False


# -- the explanation -----------------------------------------------------------------------------


def _safe(answered: Answered, figure: Figure, limit: _Limit) -> Explanation:
    """Everything a reader may see of the making. Where one number of a step is protected, all
    of that step's are: the others would give it away by subtraction."""
    return Explanation(
        figure,
        used=_values(answered.used, limit),
        steps=tuple(_safe_step(s, limit) for s in answered.steps),
        not_used=tuple(
            replace(n, value=_values((n.value,), limit)[0]) if n.value else n
            for n in answered.not_used
        ),
        earlier=_values(answered.earlier, limit),
    )


def _values(values: Sequence[UsedValue], limit: _Limit) -> tuple[UsedValue, ...]:
    small = any(limit.is_small(v.answer) for v in values)
    hidden = Suppressed(SMALL_CELL)
    return tuple(
        replace(v, answer=hidden if small and isinstance(v.answer, Known) else v.answer)
        for v in values
    )


def _safe_step(step: Step, limit: _Limit) -> Step:
    numbers = [a for _, a in step.inputs]
    if not any(limit.is_small(a) for a in (*numbers, step.result)):
        return step
    hidden = Suppressed(SMALL_CELL)
    return Step(step.code, tuple((name, hidden) for name, _ in step.inputs), hidden)
