"""What may leave: the last gate between figures and every door.

Audience and embargo already filtered the records before the roll-up. Here small counts of persons
are suppressed: in the answer, in competing values, in the figures that another is made of, and in
what would give them away (trace, parameters of caveats, the width of a range). A protected
indicator is released only along its declared margins, in one version per period.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction

from cauce.engines.rollup import Step
from cauce.errors import CauceError
from cauce.figures.answered import Answered, NotUsed, UsedValue
from cauce.figures.asking import Table, answers, this_moment
from cauce.figures.catalogue import Catalogue
from cauce.figures.changes import components
from cauce.figures.derived import is_derived, operands
from cauce.figures.scope import scope_of
from cauce.figures.session import Session
from cauce.figures.small import Limit, limit_of
from cauce.journal import queries as journal
from cauce.journal.queries import View
from cauce.values.answer import Answer, Code, Known, Refused, Suppressed
from cauce.values.audience import Audience
from cauce.values.breakdown import Breakdown
from cauce.values.figure import Competing, Figure
from cauce.values.question import ChangeQ, IndicatorQ, ProgressQ, Question

__all__ = ["SMALL_CELL", "Explanation", "explain", "explain_all", "release"]

#: The rule that suppressed a value, as it stands in the figure's ``reason``.
SMALL_CELL = "small_cell"
HIDDEN = Suppressed(SMALL_CELL)

#: Caveats whose parameters hold numbers of the same cells.
TELLING = ("parts_differ", "unaccounted", "above_reference_population", "capped", "cumulative_fell")


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
    another audience: a door that asks for one and shows to another is a defect.

    Cost: figures made of others ask for those again; so do figures of an indicator that holds a
    small count, to see whether they rest on it.
    """
    gate = _Gate(Session(now or this_moment()), audience)
    return Table(tuple(gate.released(figure) for figure in table))


def explain(question: Question, *, now: datetime | None = None) -> Explanation:
    """A figure with everything it was made from, released for the question's own audience.

    The question must ask for one figure (no ``by``); of several the first is explained. A figure
    that is not released, or of a protected indicator, is not explained.
    """
    return explain_all([question], now=now)[0]


def explain_all(
    questions: Iterable[Question], *, now: datetime | None = None
) -> tuple[Explanation, ...]:
    """Each figure explained as by :func:`explain`, all in one sitting: a page of many reads the
    record once."""
    session = Session(now or this_moment(), explaining=True)
    gates: dict[Audience, _Gate] = {}
    return tuple(
        gates.setdefault(q.audience, _Gate(session, q.audience)).explained(answers(session, q)[0])
        for q in questions
    )


class _Gate:
    """One release for one audience; what was looked up for one figure serves the others."""

    def __init__(self, session: Session, audience: Audience) -> None:
        self.session, self.audience = session, audience
        self._small: dict[tuple[View, str, Limit], frozenset[str]] = {}
        self._small_groups: dict[tuple[IndicatorQ, Limit], bool] = {}

    def released(self, figure: Figure) -> Figure:
        question = figure.question
        if question.audience != self.audience:
            raise CauceError(
                "bad_audience", text=f"{question.audience.text} ≠ {self.audience.text}"
            )
        if self.audience.level == "secretariat":
            return figure
        if isinstance(question, IndicatorQ):
            refused = self._protected(question)
            if refused is not None:
                return _hidden(figure, refused)
        question = replace(question, head=figure.head)  # what was asked, not what came since
        parts = self._parts(question)
        if parts:
            return self._made_of(figure, parts)
        return self._single(figure, question) if isinstance(question, IndicatorQ) else figure

    # -- figures made of others ------------------------------------------------------------------

    def _parts(self, question: Question) -> tuple[Question, ...]:
        """The questions whose figures this one's is made of; none where it rests on records."""
        if isinstance(question, ChangeQ | ProgressQ):
            return components(self.session, question)
        if isinstance(question, IndicatorQ):
            resolved = self.session.resolve(question)
            if is_derived(self.session, resolved, question):
                return operands(resolved, question)
        return ()

    def _made_of(self, figure: Figure, parts: Sequence[Question]) -> Figure:
        """A figure made of others shows nothing that one of them may not show."""
        before = [a.figure for q in parts for a in answers(self.session, q)]
        after = [self.released(part) for part in before]
        if any(b.answer != a.answer for b, a in zip(before, after, strict=True)):
            return _hidden(figure, HIDDEN)
        kept = {c for part in after for c in part.caveats}
        lost = {c for part in before for c in part.caveats} - kept
        return replace(
            figure,
            caveats=tuple(c for c in figure.caveats if c not in lost),
            trace=None if any(part.trace is None for part in after) else figure.trace,
        )

    # -- figures that rest on records --------------------------------------------------------------

    def _single(self, figure: Figure, question: IndicatorQ) -> Figure:
        limit = self._limit(question, {figure.unit})
        if limit.is_small(figure.answer) or self._is_small_inside(figure, question, limit):
            return _hidden(figure, HIDDEN)
        if self._rests_on_small(question, limit):
            # The digest of a small count and a known remainder can be guessed.
            figure = replace(figure, answer=_blunted(figure.answer, limit), trace=None)
        if figure.competing:
            beside = self._limit(question, {figure.unit, *self._units(question)})
            figure = replace(figure, competing=self._beside(figure.competing, question, beside))
        caveats = (c for c in figure.caveats if not self._tells(c, question, limit))
        return replace(figure, caveats=tuple(caveats))

    def _limit(self, question: IndicatorQ, units: set[str]) -> Limit:
        names = self._definitions(question)
        return max((limit_of(n, question.indicator, units) for n in names), key=lambda m: m.size)

    def _definitions(self, question: IndicatorQ) -> tuple[Catalogue, ...]:
        """The definitions by which a figure is judged: those of today, and those it was asked by.
        What is protected since then does not leave by asking for an older head."""
        then, today = self.session.resolve(question).names, self.session.today()
        return (today, then) if question.indicator in today.indicators else (then,)

    def _is_small_inside(self, figure: Figure, question: IndicatorQ, limit: Limit) -> bool:
        """Whether the numerator of a ratio is small where both its sides are ranges, so that the
        ratio does not say it."""
        ratio = figure.answer
        if not limit.is_ratio or figure.method != "ratio" or not isinstance(ratio, Known):
            return False
        if ratio.num is not None or ratio.den is not None:
            return False
        explained = answers(Session(self.session.now, explaining=True), question)[0]
        sides = dict(explained.steps[-1].inputs)
        judged = sides if limit.is_share else {"numerator": sides["numerator"]}
        return any(limit.of_counts.is_small(a) for a in judged.values())

    def _rests_on_small(self, question: IndicatorQ, limit: Limit) -> bool:
        small = self._small_records(question, limit)
        if not small:
            return False
        return not small.isdisjoint(answers(self.session, question)[0].digests)

    def _small_records(self, question: IndicatorQ, limit: Limit) -> frozenset[str]:
        """The digests of all small values of the indicator."""
        if not limit.size:
            return frozenset()
        resolved = self.session.resolve(question)
        key = (resolved.view, question.indicator, limit)
        if key not in self._small:
            unit = resolved.names.indicator(question.indicator).unit
            self._small[key] = frozenset(
                record.digest
                for record in self.session.observations(resolved.view, question.indicator)
                if limit.is_small_record(record, unit)
            )
        return self._small[key]

    def _units(self, question: IndicatorQ) -> set[str]:
        """The units in which values of the indicator are counted beside its own."""
        view = self.session.resolve(question).view
        return {o.count_unit for o in self.session.observations(view, question.indicator)}

    def _beside(
        self, competing: Iterable[Competing], question: IndicatorQ, limit: Limit
    ) -> tuple[Competing, ...]:
        near = self._is_near_small(question, limit)
        return tuple(
            replace(c, answer=HIDDEN)
            if limit.is_small(c.answer) or (near and _is_vague(c.answer, limit))
            else c
            for c in competing
        )

    def _is_near_small(self, question: IndicatorQ, limit: Limit) -> bool:
        """Whether a small value lies in the question's scope, of whatever breakdown."""
        small = self._small_records(question, limit)
        if not small:
            return False
        wide = replace(question, where=Breakdown())
        scope = scope_of(self.session, self.session.resolve(question), wide)
        return any(record.digest in small for record in scope.records)

    def _tells(self, caveat: Code, question: IndicatorQ, limit: Limit) -> bool:
        """Whether a caveat's numbers are small (a remainder of 3 persons) or hold a small one (the
        sum of the groups, of which all others are published)."""
        if caveat.code not in TELLING or not limit.size:
            return False
        numbers = (_number(text) for _, text in caveat.params)
        if any(limit.is_small_number(n) for n in numbers):
            return True
        if caveat.code == "unaccounted":
            return self._has_small_group(question, caveat.get("dimension"), limit)
        return self._is_near_small(question, limit)

    def _has_small_group(self, question: IndicatorQ, dimension: str, limit: Limit) -> bool:
        table = replace(question, where=question.where.without((dimension,)), by=(dimension,))
        key = (table, limit)
        if key not in self._small_groups:
            groups = answers(self.session, table)
            self._small_groups[key] = any(limit.is_small(g.figure.answer) for g in groups)
        return self._small_groups[key]

    # -- protected indicators ----------------------------------------------------------------------

    def _protected(self, question: IndicatorQ) -> Refused | None:
        names = next((n for n in self._definitions(question) if _protects(n, question)), None)
        if names is None:
            return None
        if question.known_at is not None or question.head not in (None, journal.head()):
            return Refused.of("one_version_per_period")
        asked = set(question.where.dimensions)
        if question.place and names.places[question.place].kind not in ("country", "region"):
            asked.add("place")
        asked |= {d for d in ("party", "programme") if getattr(question, d)}
        if question.verified_only:
            asked.add("verified")
        if question.reporters and self._is_part_of_units(question):
            asked.add("party")
        declared = names.indicator(question.indicator).margins
        margins = [set(filter(None, m.split("+"))) for m in declared]
        if not asked or any(asked <= margin for margin in margins):
            return None
        return Refused.of("not_a_declared_margin", dimension=", ".join(sorted(asked)))

    def _is_part_of_units(self, question: IndicatorQ) -> bool:
        """Whether the reporters asked for tell of some units only: then they are a margin."""
        resolved = self.session.resolve(question)
        every = scope_of(self.session, resolved, replace(question, reporters=()))
        some = scope_of(self.session, resolved, question)
        return {c.unit for c in some.cells} != {c.unit for c in every.cells}

    def _is_protected(self, question: Question) -> bool:
        """Whether the indicator asked about, or one that it is made of, is protected."""
        if isinstance(question, IndicatorQ) and any(
            _protects(names, question) for names in self._definitions(question)
        ):
            return True
        return any(self._is_protected(part) for part in self._parts(question))

    # -- the explanation ---------------------------------------------------------------------------

    def explained(self, answered: Answered) -> Explanation:
        """Everything a reader may see of the making. Where one number of a step is protected, all
        of that step's are: the others would give it away by subtraction."""
        figure, question = self.released(answered.figure), answered.figure.question
        is_withheld = figure.answer != answered.figure.answer
        if is_withheld and not isinstance(figure.answer, Known):
            return Explanation(figure)
        limit = Limit()
        if self.audience.level != "secretariat":
            if self._is_protected(question):
                return Explanation(figure)
            limit = self._inside(question, _units_of(answered))
        unused = [n.value for n in answered.not_used if n.value]
        shown = iter(_values(unused, limit))
        return Explanation(
            figure,
            used=_values(answered.used, limit),
            steps=self._steps(answered, figure, limit),
            not_used=tuple(
                replace(n, value=next(shown)) if n.value else n for n in answered.not_used
            ),
            earlier=_values(answered.earlier, limit),
        )

    def _inside(self, question: Question, units: set[str]) -> Limit:
        """The limit for the values a figure is made of, at any depth."""
        parts = self._parts(question)
        if parts:
            limits = [self._inside(part, units) for part in parts]
            return Limit(
                max(one.size for one in limits),
                is_ratio=any(one.is_ratio for one in limits),
                is_share=any(one.is_share for one in limits),
            )
        if not isinstance(question, IndicatorQ):
            return Limit()
        return self._limit(question, units)

    def _steps(self, answered: Answered, figure: Figure, limit: Limit) -> tuple[Step, ...]:
        steps, counts = answered.steps, limit.of_counts
        # The last step of a figure made of others has the others' answers, which may be shown.
        last = steps[-1] if steps and self._parts(figure.question) else None
        vague: set[Answer] = set()
        if figure.answer != answered.figure.answer:
            vague.add(answered.figure.answer)
        shown = []
        for step in steps:
            numbers = {a for _, a in step.inputs}
            if step.code.code != "ratio":
                numbers.add(step.result)
            is_told = any(counts.is_small(n) for n in numbers) or not vague.isdisjoint(numbers)
            if step is last or not is_told:
                shown.append(step)
                continue
            if _is_vague(step.result, counts):
                vague.add(step.result)
            shown.append(Step(step.code, tuple((n, HIDDEN) for n, _ in step.inputs), HIDDEN))
        return tuple(shown)


def _protects(names: Catalogue, question: IndicatorQ) -> bool:
    return bool(names.indicator(question.indicator).protected)


def _hidden(figure: Figure, answer: Suppressed | Refused) -> Figure:
    """The figure without a number anywhere: no competing value, no trace, no telling caveat."""
    return replace(
        figure,
        answer=answer,
        caveats=tuple(c for c in figure.caveats if c.code not in TELLING),
        competing=(),
        trace=None,
    )


def _blunted(answer: Answer, limit: Limit) -> Answer:
    """A range whose width is the small count it rests on, as «at least»."""
    if not isinstance(answer, Known) or not limit.is_narrow(answer):
        return answer
    return Known(answer.low, None, low_open=answer.low_open)


def _is_vague(answer: Answer, limit: Limit) -> bool:
    """Whether a small count may be read from the ends of a range; of a ratio nobody can tell."""
    if limit.is_ratio:
        return isinstance(answer, Known) and answer.low != answer.high
    return limit.is_narrow(answer)


def _number(text: str) -> Fraction | None:
    try:
        return Fraction(text)
    except ValueError:
        return None


def _units_of(answered: Answered) -> set[str]:
    values = [*answered.used, *answered.earlier, *(n.value for n in answered.not_used if n.value)]
    return {answered.figure.unit, *(v.unit for v in values)}


def _values(values: Sequence[UsedValue], limit: Limit) -> tuple[UsedValue, ...]:
    """The values, all protected if one is small: without their digests, which can be guessed, and
    notes, which may repeat the number."""
    if not any(limit.is_small(v.answer) for v in values):
        return tuple(values)
    return tuple(
        replace(v, answer=HIDDEN, digest="", note="") if isinstance(v.answer, Known) else v
        for v in values
    )
