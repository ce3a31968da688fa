"""Answers to questions about money: one stage, one currency, linked money once.

Money that is announced, pledged, committed and spent is never added to one another; a total over
several programmes needs a declared portfolio; what one passes on is not new money.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from cauce.engines.rollup import Step
from cauce.errors import CauceError
from cauce.figures.answered import Answered, NotUsed, stated, trace_of
from cauce.figures.invented import left_out
from cauce.figures.linked_money import inside, told_together
from cauce.figures.session import Resolved, Session, known_of
from cauce.ledger.queries import Transaction
from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, scaled, total
from cauce.values.figure import Competing, Figure
from cauce.values.numbers import decimal_text
from cauce.values.period import Period
from cauce.values.question import MoneyQ

__all__ = ["answer_money"]

GROUPS = ("currency", "place", "programme", "provider", "receiver", "sector", "stage", "year")
RECEIVED = ("provisional", "revised", "final")
PROGRAMME_KINDS = ("programme", "activity")


def answer_money(session: Session, question: MoneyQ) -> list[Answered]:
    """One answer, or one for each group of ``by`` (stage, currency, provider, receiver, place,
    programme, year, sector).

    Raises ``unknown_organisation``, ``unknown_programme``, ``unknown_place``, ``bad_question``.
    """
    resolved = session.resolve(question)
    names = resolved.names
    names.check_organisation(question.provider)
    names.check_organisation(question.receiver)
    names.check_programme(question.programme)
    names.check_place(question.place)
    for group in question.by:
        if group not in GROUPS:
            raise CauceError("bad_question", detail=f"by {group}: {', '.join(GROUPS)}")
    return [
        _Money(session, resolved, q, sector).answered()
        for q, sector in _groups(session, resolved, question)
    ]


def _groups(
    session: Session, resolved: Resolved, question: MoneyQ
) -> Iterator[tuple[MoneyQ, str | None]]:
    questions: list[tuple[MoneyQ, str | None]] = [(replace(question, by=()), None)]
    for group in question.by:
        questions = [
            (narrowed, sector or new)
            for q, sector in questions
            for narrowed, new in _narrowed(session, resolved, q, group)
        ]
    yield from questions


def _narrowed(
    session: Session, resolved: Resolved, question: MoneyQ, group: str
) -> Iterator[tuple[MoneyQ, str | None]]:
    found = _selected(session, resolved, question)
    if group == "sector":
        for sector in sorted({s for t in found for s in t.sectors}):
            yield question, sector
        return
    if group == "year":
        years = sorted({p for t in found if (p := _year(t))})
        yield from ((replace(question, period=year), None) for year in years)
        return
    members = sorted({getattr(t, group) for t in found} - {""})
    yield from ((replace(question, **{group: member}), None) for member in members)


def _year(record: Transaction) -> Period | None:
    day = record.value_date.earliest if record.value_date else None
    if day is None and record.period is not None:
        day = record.period.start
    return None if day is None else Period.parse(f"{day.year:04}")


def _selected(session: Session, resolved: Resolved, question: MoneyQ) -> list[Transaction]:
    names = resolved.names
    asked = (question.provider, question.receiver, question.programme, question.place)
    return [
        t
        for t in session.transactions(resolved.view)
        if not left_out(t.source, asked, names)
        and (question.stage is None or t.stage == question.stage)
        and names.within(t.provider, question.provider)
        and names.within(t.receiver, question.receiver)
        and names.within(t.programme, question.programme)
        and names.within(t.place, question.place)
        and (question.currency is None or question.rate or t.currency == question.currency)
        and (not question.verified_only or bool(t.verified))
        and _in_period(t, question.period)
    ]


def _amount_told(record: Transaction) -> tuple[object, ...]:
    return record.amount, record.upper, record.bound, record.currency


def _in_period(record: Transaction, period: Period | None) -> bool:
    if period is None:
        return True
    if record.period is not None:
        return period.contains(record.period)
    if record.value_date is None:
        return False
    first, last = record.value_date.earliest, record.value_date.latest
    return first is not None and last is not None and period.start <= first and last < period.end


@dataclass(slots=True)
class _Money:
    """One question on its way to a figure."""

    session: Session
    resolved: Resolved
    question: MoneyQ
    sector: str | None = None
    caveats: list[Code] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    competing: list[Competing] = field(default_factory=list)
    not_used: list[NotUsed] = field(default_factory=list)
    #: Who tell a transaction differently, with nobody among them to prefer, by its code.
    torn: dict[str, set[str]] = field(default_factory=dict)

    def answered(self) -> Answered:
        selected = _selected(self.session, self.resolved, self.question)
        counted = self._counted(selected)
        answer = self._answer(counted)
        question = self.question
        currencies = sorted({t.currency for t in counted})
        unit = question.currency or (currencies[0] if len(currencies) == 1 else "")
        figure = Figure(
            question=question,
            answer=answer,
            unit=unit,
            method=self.steps[-1].code.code if self.steps else "reported",
            known_at=self.resolved.known_at,
            head=self.resolved.head,
            caveats=tuple(dict.fromkeys(self.caveats)),
            competing=tuple(self.competing),
            trace=trace_of(t.digest for t in counted),
        )
        used = tuple(stated(self.session, t) for t in counted)
        digests = tuple(t.digest for t in counted)
        return Answered(
            figure,
            digests,
            used,
            tuple(self.steps),
            tuple(self.not_used),
            sources=frozenset(t.source for t in counted or selected),
        )

    # -- which money counts --------------------------------------------------------------------

    def _counted(self, selected: Sequence[Transaction]) -> list[Transaction]:
        """Linked money once: the same money told twice, money passed on, parts of a whole."""
        names = self.resolved.names
        chosen = self._one_of_each(selected)
        kept = self._told_once(chosen)
        left = inside(chosen, names.links, names.above, kept)
        counted = {code: record for code, record in chosen.items() if kept.get(code, code) == code}
        for code, how in left.items():
            record = counted.pop(code)
            self._leave(record, Code.of(how))
            if how == "passed_on" and record.amount is not None:
                amount = decimal_text(record.amount)
                self.caveats.append(Code.of(how, amount=amount, currency=record.currency))
        if parts := sum(how == "part_of_whole" for how in left.values()):
            self.caveats.append(Code.of("part_not_added", count=parts))
        return list(counted.values())

    def _one_of_each(self, selected: Sequence[Transaction]) -> dict[str, Transaction]:
        """What several reporters state of one transaction counts once: as its provider tells it.
        Where none of them is, all must say the same, else nobody's amount is chosen over another's
        (as with reported values). What is under review or withdrawn does not count."""
        told: defaultdict[str, list[Transaction]] = defaultdict(list)
        for record in sorted(selected, key=lambda t: (t.code, t.reporter)):
            if record.status in RECEIVED:
                told[record.code].append(record)
            else:
                self._leave(record, Code.of(record.status))
        chosen: dict[str, Transaction] = {}
        for code, tellings in told.items():
            own = (t for t in tellings if t.reporter and t.reporter == t.provider)
            keep = next(own, None) or tellings[0]
            if keep.reporter != keep.provider and len({_amount_told(t) for t in tellings}) > 1:
                self.torn[code] = {t.reporter for t in tellings}
            chosen[code] = keep
            for other in tellings:
                if other is not keep:
                    self._beside(other)
        return chosen

    def _told_once(self, chosen: dict[str, Transaction]) -> dict[str, str]:
        """Of money told under several ids the provider's own telling counts, else the first; the
        others stand beside it. Gives the id that counts, by each of them."""
        known = {t.code: t for t in self.session.transactions(self.resolved.view)}
        kept: dict[str, str] = {}
        for group in told_together(self.resolved.names.links):
            counted = [chosen[code] for code in group if code in chosen]
            if not counted:
                continue
            own = (t for t in counted if t.reporter and t.reporter == t.provider)
            keep = next(own, counted[0])
            kept |= dict.fromkeys(group, str(keep.code))
            if len(counted) > 1:
                self.caveats.append(Code.of("linked_once", count=len(counted)))
            for code in group:
                other = chosen.get(code) or known.get(code)
                if other and code != keep.code:
                    self._beside(other)
        return kept

    def _beside(self, left: Transaction) -> None:
        """Another telling of money that is counted already."""
        self._leave(left, Code.of("same_money"))
        answer = known_of(left) or Absent(Absence.MISSING)
        when = left.period.text if left.period else str(left.value_date or "")
        self.competing.append(
            Competing(left.reporter or left.receiver, answer, when, "linked", left.currency)
        )

    def _leave(self, record: Transaction, reason: Code) -> None:
        self.not_used.append(NotUsed(stated(self.session, record), reason))

    # -- how it adds up ------------------------------------------------------------------------

    def _answer(self, counted: Sequence[Transaction]) -> Answer:
        if not counted:
            return Absent(self._absence())
        torn = sorted({name for t in counted for name in self.torn.get(t.code, ())})
        if torn:
            return Refused.of("no_preferred_reporter", reporters=", ".join(torn))
        refused = self._mixed(counted)
        if refused is not None:
            return refused
        amounts: list[tuple[str, Known]] = []
        for record in counted:
            known = self._amount(record)
            if isinstance(known, Refused):
                return known
            amounts.append((record.code, known))
        if all(known == _UNKNOWN for _, known in amounts):
            return Absent(Absence.MISSING)
        if len(amounts) == 1:
            return amounts[0][1]
        non_negative = all(k.low is None or k.low >= 0 for _, k in amounts)  # type: ignore[operator]  # numbers, not days
        result = total([k for _, k in amounts], non_negative=non_negative)
        self.steps.append(Step(Code.of("sum", dimension="transaction"), tuple(amounts), result))
        return result

    def _absence(self) -> Absence:
        statuses = {n.reason.code for n in self.not_used}
        for absence in (Absence.PENDING, Absence.WITHDRAWN):
            if absence.value in statuses:
                return absence
        return Absence.MISSING

    def _mixed(self, counted: Sequence[Transaction]) -> Refused | None:
        stages = sorted({t.stage for t in counted})
        if len(stages) > 1:
            return Refused.of("mixed_stages", stages=", ".join(stages))
        currencies = sorted({t.currency for t in counted if t.currency})
        if len(currencies) > 1 and not self.question.rate:
            return Refused.of("mixed_currencies", currencies=", ".join(currencies))
        programmes = self._programmes(counted)
        if len(programmes) > 1:
            return Refused.of("mixed_programmes", programmes=", ".join(sorted(programmes)))
        return None

    def _programmes(self, counted: Iterable[Transaction]) -> set[str]:
        """The programmes that may not be added: each up to the portfolio it is declared in."""
        return {self._portfolio(t.programme) for t in counted}

    def _portfolio(self, programme: str) -> str:
        names = self.resolved.names
        best, at = programme, programme
        while at in names.nodes:
            parent = names.nodes[at].parent or names.nodes[at].framework
            inside = at in names.nodes and names.nodes[at].kind in PROGRAMME_KINDS
            node = names.nodes.get(parent)
            framework = names.frameworks.get(parent)
            is_programme = inside and node is not None and node.kind in PROGRAMME_KINDS
            if is_programme or (node and node.portfolio) or (framework and framework.portfolio):
                best = parent
            at = parent
        return best

    def _amount(self, record: Transaction) -> Known | Refused:
        known = known_of(record) or _UNKNOWN
        if self.sector is not None:
            known = self._sector(record, known)
        if not self.question.rate or record.currency == self.question.currency:
            return known
        rate = self._rate(record)
        if rate is None:
            return Refused.of(
                "no_rate", currency=record.currency, into=self.question.currency or ""
            )
        converted = scaled(known, rate)
        self.steps.append(Step(Code.of("rate", rate=rate), ((record.code, known),), converted))
        return converted

    def _sector(self, record: Transaction, known: Known) -> Known:
        shares = {name: Fraction(share) for name, share in record.sectors.items()}
        allocated = sum(shares.values(), Fraction(0))
        if allocated < 100 and isinstance(known.value, Fraction):
            self.caveats.append(
                Code.of(
                    "unaccounted",
                    dimension="sector",
                    given=known.value * allocated / 100,
                    remainder=known.value * (100 - allocated) / 100,
                )
            )
        return scaled(known, shares.get(self.sector or "", Fraction(0)) / 100)

    def _rate(self, record: Transaction) -> Fraction | None:
        day = record.value_date.latest if record.value_date else None
        if day is None and record.period is not None:
            day = record.period.last_day
        for rate in self.resolved.names.rates:
            if (
                rate.code == self.question.rate
                and rate.currency == record.currency
                and rate.into == self.question.currency
                and day is not None
                and rate.period.start <= day < rate.period.end
            ):
                return Fraction(rate.rate)
        return None


#: An amount that nobody printed: it may be anything, so a sum with it is «at least».
_UNKNOWN = Known(Fraction(0), None)
