"""What one question about an indicator looks at: its records as cells, and the definitions that
decide how they combine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from cauce.engines.rollup import Cell, Declarations, Due, Unit, World
from cauce.figures.due import due_day, is_exempt, is_owed
from cauce.figures.session import Resolved, Session, known_of
from cauce.frameworks.queries import Exemption, Indicator, Obligation, PreferredReporter
from cauce.journal.queries import View
from cauce.ledger.queries import Observation
from cauce.values.period import Period
from cauce.values.question import IndicatorQ

__all__ = ["PSEUDO", "Scope", "scope_of"]

#: Attributes of a value that ``by`` and ``where`` treat like dimensions.
PSEUDO = ("method", "count_unit")


@dataclass(frozen=True, slots=True)
class Scope:
    """Records and cells of a question, with the world the roll-up needs. ``not_yet`` are records
    that became public after the question's date; ``sharing`` the parties of joint programmes."""

    question: IndicatorQ
    declared: Declarations
    records: tuple[Observation, ...]
    cells: tuple[Cell, ...]
    world: World
    sharing: tuple[str, ...]
    not_yet: tuple[Observation, ...]


def scope_of(session: Session, resolved: Resolved, question: IndicatorQ) -> Scope:
    """Everything in scope, for the question as it stands (its ``by`` is ignored)."""
    names = resolved.names
    indicator = names.indicator(question.indicator)
    declared = names.declarations(indicator)
    select = _Selection(resolved, question, declared)
    found = session.observations(resolved.view, question.indicator)
    records = tuple(r for r in found if select.takes(r))
    make = partial(_cell, indicator)
    cells = tuple(select.shared(session.cell(r, make), r) for r in records)
    dues = tuple(_dues(session, resolved, question, select))
    units = {c.unit for c in cells} | {d.unit for d in dues}
    world = World(
        above=names.above,
        codes=names.code_spans(question.indicator),
        preferred={u: p for u in units if (p := _preferred(resolved, question, u))},
        dues=dues,
        population=_population(resolved, indicator, question, units),
    )
    return Scope(
        question=question,
        declared=declared,
        records=records,
        cells=cells,
        world=world,
        sharing=tuple(sorted({p for r in records for p in select.shares.get(r.programme, ())})),
        not_yet=tuple(_not_yet(session, resolved, question, select)),
    )


class _Selection:
    """Which observations a question looks at, and which part of a joint programme's value."""

    def __init__(self, resolved: Resolved, question: IndicatorQ, declared: Declarations) -> None:
        self.names, self.question, self.declared = resolved.names, question, declared
        self.shares: dict[str, dict[str, Fraction]] = {}
        for joint in resolved.names.shares:
            self.shares.setdefault(joint.programme, {})[joint.party] = Fraction(joint.share)

    def takes(self, record: Observation) -> bool:
        q = self.question
        return (
            record.kind == q.kind
            and (not q.reporters or record.reporter in q.reporters)
            and (not q.verified_only or bool(record.verified))
            and self._in_period(record.period)
            and self._in_breakdown(record)
            and self.in_unit(record.party, record.programme, record.place)
        )

    def _in_period(self, period: Period) -> bool:
        asked = self.question.period
        if period.calendar != asked.calendar:
            return period.overlaps(asked)  # offered beside, never added
        if self.declared.since is not None:
            return period.start == self.declared.since and period.end <= asked.end
        if self.declared.carry:
            return period.end <= asked.end
        return asked.contains(period)

    def _in_breakdown(self, record: Observation) -> bool:
        for dimension, code in self.question.where.items:
            have = (
                getattr(record, dimension)
                if dimension in PSEUDO
                else record.breakdown.get(dimension)
            )
            if have != code:
                return False
        return True

    def in_unit(self, party: str, programme: str, place: str) -> bool:
        q, names = self.question, self.names
        return (
            names.within(place, q.place)
            and names.within(programme, q.programme)
            and (names.within(party, q.party) or self._share_of(programme, party) is not None)
        )

    def _share_of(self, programme: str, party: str) -> Fraction | None:
        """The asked party's share of a joint value, which is stated of no single party."""
        shares = self.shares.get(programme, {})
        if self.question.party is None or party:
            return None
        own = [s for p, s in shares.items() if self.names.within(p, self.question.party)]
        return sum(own, Fraction(0)) if own else None

    def shared(self, cell: Cell, record: Observation) -> Cell:
        """The cell with the asked party's share of it."""
        share = self._share_of(record.programme, record.party)
        return cell if share is None else replace(cell, share=share)


def _cell(indicator: Indicator, record: Observation) -> Cell:
    has_value = record.status not in ("pending", "withdrawn")
    return Cell(
        id=record.record_id,
        digest=record.digest,
        reporter=record.reporter or record.source,
        unit=Unit(record.party, record.programme, record.place),
        period=record.period,
        breakdown=record.breakdown,
        value=known_of(record, indicator.unit) if has_value else None,
        num=None if record.numerator is None else Fraction(record.numerator),
        den=None if record.denominator is None else Fraction(record.denominator),
        entities=frozenset(record.entities),
        count_unit="" if record.count_unit == indicator.unit else record.count_unit,
        method=record.method,
        status=record.status,
        counts_in_parent=bool(record.counts_in_parent),
    )


# -- what is due -------------------------------------------------------------------------------


def _dues(
    session: Session, resolved: Resolved, question: IndicatorQ, select: _Selection
) -> Iterator[Due]:
    if question.kind != "actual":
        return
    exemptions = session.exemptions(resolved.view, question.indicator)
    for obligation in resolved.names.obligations:
        if obligation.indicator != question.indicator:
            continue
        if not select.in_unit(obligation.party, obligation.programme, obligation.place):
            continue
        unit = Unit(obligation.party, obligation.programme, obligation.place)
        for period in question.period.split(obligation.frequency):
            if is_owed(obligation, period):
                yield Due(unit, period, _state(resolved, obligation, period, exemptions))


def _state(
    resolved: Resolved, obligation: Obligation, period: Period, exemptions: Sequence[Exemption]
) -> str:
    if is_exempt(obligation, period, exemptions):
        return "exempt"
    return "due" if due_day(obligation, period) <= resolved.day else "not_yet_due"


# -- who answers, and what caps ------------------------------------------------------------------


def _preferred(resolved: Resolved, question: IndicatorQ, unit: Unit) -> str | None:
    """The most specific choice that fits the unit."""
    names = resolved.names
    fitting = [
        p
        for p in names.preferred
        if p.indicator == question.indicator
        and (not p.place or names.within(unit.place, p.place))
        and (not p.party or names.within(unit.party, p.party))
        and (not p.programme or names.within(unit.programme, p.programme))
    ]
    return max(fitting, key=lambda p: _specific(resolved, p)).reporter if fitting else None


def _specific(resolved: Resolved, chosen: PreferredReporter) -> tuple[int, int, str]:
    depth = len(resolved.names.above.get(chosen.place, ())) if chosen.place else -1
    return bool(chosen.party) + bool(chosen.programme), depth, chosen.reporter


def _population(
    resolved: Resolved, indicator: Indicator, question: IndicatorQ, units: set[Unit]
) -> Fraction | None:
    """The smallest population declared to contain everyone countable in the whole period."""
    names = resolved.names
    places = {question.place} if question.place else {u.place for u in units}
    sizes = [
        Fraction(p.size)
        for p in names.populations
        if p.contains_all
        and p.kind == indicator.population
        and (p.period is None or p.period.contains(question.period))
        and all(place and names.within(place, p.place) for place in places)
    ]
    return min(sizes, default=None) if places else None


def _not_yet(
    session: Session, resolved: Resolved, question: IndicatorQ, select: _Selection
) -> Iterator[Observation]:
    """Records that may have been known: the question's day lies inside their month or year."""
    if resolved.view.known_at is None:
        return
    later = View(resolved.head, None, question.audience, resolved.view.now)
    for record in session.versions(later, question.indicator):
        if (
            record.known_from > resolved.view.known_at
            and record.public_at is not None
            and record.public_at.earliest is not None
            and record.public_at.earliest <= resolved.day
            and select.takes(record)
        ):
            yield record
