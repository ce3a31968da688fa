"""Answers to questions about indicators: from the roll-up of their records to a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from itertools import pairwise

from cauce.engines.rollup import Ask, Outcome, Unit, roll_up
from cauce.errors import CauceError
from cauce.figures.answered import Answered, NotUsed, UsedValue, observed, trace_of
from cauce.figures.derived import derived_answer, is_derived
from cauce.figures.scope import PSEUDO, Scope, scope_of
from cauce.figures.session import Resolved, Session
from cauce.journal.queries import workspace
from cauce.ledger.queries import Observation
from cauce.values.answer import Bound, Code, Known
from cauce.values.breakdown import Breakdown
from cauce.values.figure import Figure, Sense
from cauce.values.period import GRAINS, Period
from cauce.values.question import IndicatorQ

__all__ = ["answer_indicator", "expand"]

UNIT_DIMENSIONS = ("party", "place", "programme")


def answer_indicator(session: Session, question: IndicatorQ) -> list[Answered]:
    """One answer, or one for each group of ``by``.

    Raises ``unknown_indicator``, ``unknown_place``, ``unknown_organisation``,
    ``unknown_programme``, ``unknown_dimension``, ``unknown_code`` or ``bad_question``.
    """
    resolved = session.resolve(question)
    names = resolved.names
    names.indicator(question.indicator)
    names.check_place(question.place)
    names.check_organisation(question.party)
    names.check_programme(question.programme)
    for reporter in question.reporters:
        names.check_organisation(reporter)
    _check_where(question, resolved)
    if not question.by:
        return [_answer(session, resolved, question)]
    groups = [_answer(session, resolved, q) for q in expand(session, resolved, question)]
    return _with_remainder(session, resolved, question, groups)


def _check_where(question: IndicatorQ, resolved: Resolved) -> None:
    spans = resolved.names.code_spans(question.indicator)
    for dimension, code in question.where.items:
        if dimension in PSEUDO:
            continue
        if dimension not in spans:
            raise CauceError("unknown_dimension", dimension=dimension, choices=_list(spans))
        codes = [s.code for s in spans[dimension]]
        if code not in codes:
            raise CauceError("unknown_code", dimension=dimension, code=code, choices=_list(codes))


def _list(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "—"


# -- groups ------------------------------------------------------------------------------------


def expand(session: Session, resolved: Resolved, question: IndicatorQ) -> list[IndicatorQ]:
    """The questions of the groups that ``by`` asks for, in a stable order."""
    questions = [replace(question, by=())]
    for dimension in sorted(question.by, key=_order):
        questions = [n for q in questions for n in _narrowed(session, resolved, q, dimension)]
    return questions


def _order(dimension: str) -> tuple[int, str]:
    return (0 if dimension in GRAINS else 1 if dimension in UNIT_DIMENSIONS else 2, dimension)


def _narrowed(
    session: Session, resolved: Resolved, question: IndicatorQ, dimension: str
) -> Iterator[IndicatorQ]:
    if dimension in GRAINS:
        parts = question.period.split(dimension)
        if not parts:
            raise CauceError("bad_question", detail=f"by {dimension}: {question.period.text}")
        yield from (replace(question, period=part) for part in parts)
        return
    scope = scope_of(session, resolved, question)
    if dimension in UNIT_DIMENSIONS:
        for member in _members(scope, question, dimension):
            yield replace(question, **{dimension: member})  # type: ignore[arg-type]  # a unit dimension is text
    elif dimension == "reporter":
        for reporter in sorted({o.reporter for o in scope.records}):
            yield replace(question, reporters=(reporter,))
    else:
        for code in _codes(resolved, scope, question, dimension):
            where = Breakdown.of((*question.where.items, (dimension, code)))
            yield replace(question, where=where)


def _members(scope: Scope, question: IndicatorQ, dimension: str) -> list[str]:
    found = {getattr(c.unit, dimension) for c in scope.cells}
    found |= {getattr(d.unit, dimension) for d in scope.world.dues}
    if dimension == "party":
        found |= set(scope.sharing)
    return sorted(m for m in found if m) or [
        m for m in (getattr(question, dimension),) if m is not None
    ]


def _codes(resolved: Resolved, scope: Scope, question: IndicatorQ, dimension: str) -> list[str]:
    if dimension in PSEUDO:
        return sorted({getattr(c, dimension) for c in scope.cells} - {""})
    spans = resolved.names.code_spans(question.indicator)
    if dimension not in spans:
        raise CauceError("unknown_dimension", dimension=dimension, choices=_list(spans))
    # Once, though two lists of the dimension hold it.
    return list(dict.fromkeys(s.code for s in spans[dimension] if s.valid_in(question.period)))


def _with_remainder(
    session: Session, resolved: Resolved, question: IndicatorQ, groups: list[Answered]
) -> list[Answered]:
    """A breakdown that does not reach the total leaves a remainder, said with each of its codes:
    it invents no code and no cell."""
    dimension = question.by[0]
    inside = dimension not in (*GRAINS, *UNIT_DIMENSIONS, *PSEUDO, "reporter")
    if len(question.by) != 1 or not inside:
        return groups
    whole = _exact(_answer(session, resolved, replace(question, by=())).figure)
    given = [v for g in groups if (v := _exact(g.figure)) is not None]
    if whole is None or not given or sum(given) >= whole or len(given) < _known(groups):
        return groups
    caveat = Code.of(
        "unaccounted", dimension=dimension, given=sum(given), remainder=whole - sum(given)
    )
    return [
        replace(g, figure=replace(g.figure, caveats=(*g.figure.caveats, caveat))) for g in groups
    ]


def _known(groups: Sequence[Answered]) -> int:
    return sum(isinstance(g.figure.answer, Known) for g in groups)


def _exact(figure: Figure) -> Fraction | None:
    answer = figure.answer
    if (
        isinstance(answer, Known)
        and answer.bound is Bound.EXACT
        and isinstance(answer.low, Fraction)
    ):
        return answer.low
    return None


# -- one answer --------------------------------------------------------------------------------


def _answer(session: Session, resolved: Resolved, question: IndicatorQ) -> Answered:
    indicator = resolved.names.indicator(question.indicator)
    if is_derived(session, resolved, question):
        return derived_answer(session, resolved, question, answer_indicator)
    in_use = _in_use(resolved, question)
    scope = scope_of(session, resolved, replace(question, period=in_use))
    where = question.where.without(PSEUDO)
    ask = Ask(
        in_use,
        where,
        Unit(question.party or "", question.programme or "", question.place or ""),
    )
    outcome = roll_up(ask, scope.cells, scope.declared, scope.world)
    used = _records(scope, (c.id for c in outcome.used))
    caveats = (*outcome.caveats, *_time_caveats(session, resolved, question, scope, used))
    figure = Figure(
        question=question,
        answer=outcome.answer,
        unit=_unit(indicator.unit, used),
        sense=Sense.LEVEL,
        method=outcome.method,
        known_at=resolved.known_at,
        head=resolved.head,
        coverage=outcome.coverage,
        caveats=caveats + _code_caveats(resolved, question),
        competing=tuple(replace(c, unit=indicator.unit) for c in outcome.competing),
        trace=trace_of(c.digest for c in outcome.used),
    )
    digests = tuple(c.digest for c in outcome.used)
    sources = frozenset(r.source for r in used or scope.records)
    if not session.explaining:
        return Answered(figure, digests, sources=sources)
    return Answered(
        figure,
        digests,
        used=tuple(observed(session, r, indicator.unit) for r in used),
        steps=outcome.steps,
        not_used=_not_used(session, scope, outcome, indicator.unit),
        earlier=_earlier(session, resolved, question, scope, used, indicator.unit),
        sources=sources,
    )


def _unit(unit: str, used: Sequence[Observation]) -> str:
    units = {r.count_unit for r in used}
    return units.pop() if len(units) == 1 and units != {""} else unit


def _records(scope: Scope, ids: Iterable[str]) -> list[Observation]:
    by_id = {r.record_id: r for r in scope.records}
    # A difference uses a record at both of its ends; a reader sees it once.
    return [by_id[i] for i in dict.fromkeys(ids)]


def _not_used(session: Session, scope: Scope, outcome: Outcome, unit: str) -> tuple[NotUsed, ...]:
    by_id = {r.record_id: r for r in scope.records}
    found = [
        NotUsed(observed(session, by_id[u.cell.id], unit), u.reason)
        for u in outcome.unused
        if u.cell.id in by_id
    ]
    chosen = {c.id for c in outcome.used} | {u.cell.id for u in outcome.unused}
    competing = {c.reporter for c in outcome.competing}
    for record in scope.records:
        if record.record_id in chosen:
            continue
        if record.period.calendar != scope.question.period.calendar:
            reason = Code.of("other_calendar", period=record.period.text)
        elif record.reporter in competing:
            reason = Code.of("other_reporter", reporter=record.reporter)
        else:
            continue
        found.append(NotUsed(observed(session, record, unit), reason))
    return tuple(found)


def _time_caveats(
    session: Session,
    resolved: Resolved,
    question: IndicatorQ,
    scope: Scope,
    used: Sequence[Observation],
) -> Iterator[Code]:
    view = resolved.view
    if view.known_at is None or question.known_at is None:
        return
    for record in used:
        recorded = session.recorded_at(record.entry_id)
        if record.known_from < recorded and recorded > view.known_at:
            # The day as the workspace counts days, like every other day that is shown.
            day = recorded.astimezone(workspace().zone).date()
            yield Code.of("learned_later", recorded=day.isoformat())
            break
    for record in scope.not_yet:
        if record.public_at is not None and record.public_at.precision != "day":
            yield Code.of("publication_date_imprecise", published=record.public_at.text)
            break
    yield from _declaration_caveat(session, resolved, question.indicator, view.known_at)


def _declaration_caveat(
    session: Session, resolved: Resolved, indicator: str, known_at: datetime
) -> Iterator[Code]:
    """Definitions are read at the head: where the way of combining values changed after the date
    asked about, the figure is not what would have been computed then."""
    names = resolved.names
    versions = session.indicator_versions(resolved.head, indicator)
    for before, after in pairwise(versions):
        recorded = session.recorded_at(after.entry_id)
        changed = names.declarations(before) != names.declarations(after)
        if changed and recorded > known_at:
            day = recorded.astimezone(workspace().zone).date()
            yield Code.of("declaration_changed", recorded=day.isoformat())
            return


def _in_use(resolved: Resolved, question: IndicatorQ) -> Period:
    """The part of the period in which the codes asked are in use."""
    spans = resolved.names.code_spans(question.indicator)
    start, end = question.period.start, question.period.end
    for dimension, code in question.where.items:
        for span in spans.get(dimension, ()):
            if span.code == code and span.valid_in(question.period):
                start, end = max(start, span.start), min(end, span.end)
    return Period(start, end, question.period.calendar) if start < end else question.period


def _code_caveats(resolved: Resolved, question: IndicatorQ) -> tuple[Code, ...]:
    """A code that is not in use during the whole period answers for its own time only."""
    spans = resolved.names.code_spans(question.indicator)
    changed = [
        Code.of("definition_changed", dimension=d, codes=code)
        for d, code in question.where.items
        for s in spans.get(d, ())
        if s.code == code and (s.start > question.period.start or s.end < question.period.end)
    ]
    return tuple(changed)


def _earlier(
    session: Session,
    resolved: Resolved,
    question: IndicatorQ,
    scope: Scope,
    used: Sequence[Observation],
    unit: str,
) -> tuple[UsedValue, ...]:
    """What was said before about the same keys, oldest first; the current values are not in it."""
    keys = {r.key_digest for r in used}
    current = {r.record_id for r in scope.records}
    versions = session.versions(resolved.view, question.indicator)
    return tuple(
        observed(session, v, unit)
        for v in versions
        if v.key_digest in keys and v.record_id not in current
    )
