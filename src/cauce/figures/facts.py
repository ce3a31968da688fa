"""Answers to «what does this record say»: one number or date of one record.

A record is named by its id (``pack/CODE``) or, where it has none, by its type and the fields that
name it: ``membership:rcm/RCM:rcm/MEX:member``.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from cauce.errors import CauceError
from cauce.figures.answered import Answered, plain, trace_of
from cauce.figures.session import Resolved, Session, known_of
from cauce.journal.queries import Recorded
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Observation, Transaction
from cauce.parties import queries as parties
from cauce.values.answer import Absence, Absent, Answer, Known
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Figure
from cauce.values.question import FactQ

__all__ = ["answer_fact", "find_record"]


def answer_fact(session: Session, question: FactQ) -> list[Answered]:
    """Raises ``unknown_record`` or ``unknown_field`` (naming the fields that can be asked).

    A record that exists and was not known on the date asked has no value there: the question is
    not wrong, the answer is missing.
    """
    resolved = session.resolve(question)
    record = next(iter(_records(session, resolved, question.record)), None)
    if record is None:
        find_record(session, _today(resolved), question.record)
        return [Answered(_figure(resolved, question, Absent(Absence.MISSING), ""))]
    fields = askable(record)
    if question.field not in fields:
        raise CauceError(
            "unknown_field",
            record=question.record,
            field=question.field,
            choices=", ".join(fields),
        )
    answer, unit = _value(record, question.field)
    figure = replace(_figure(resolved, question, answer, unit), trace=trace_of([record.digest]))
    # A source is asked about itself; every other record was read in one.
    source = str(getattr(record, "source", "") or question.record)
    shown = (plain(session, record, answer, unit),)
    return [Answered(figure, (record.digest,), shown, sources=frozenset({source}))]


def _figure(resolved: Resolved, question: FactQ, answer: Answer, unit: str) -> Figure:
    return Figure(
        question=question,
        answer=answer,
        unit=unit,
        method="reported",
        known_at=resolved.known_at,
        head=resolved.head,
    )


def _today(resolved: Resolved) -> Resolved:
    """The same audience and head, as known now."""
    return replace(resolved, view=replace(resolved.view, known_at=None))


def askable(record: Recorded) -> list[str]:
    """The fields that hold a number or a date."""
    kinds = ("ExactField", "DateField", "IntField", "FractionField")
    return [f.name for f in record.content_fields() if type(f).__name__ in kinds]


def find_record(session: Session, resolved: Resolved, name: str) -> Recorded:
    """The current record of a name. Raises ``unknown_record``."""
    for record in _records(session, resolved, name):
        return record
    raise CauceError("unknown_record", id=name)


def _records(session: Session, resolved: Resolved, name: str) -> list[Recorded]:
    kind, colon, rest = name.partition(":")
    names, view = resolved.names, resolved.view
    if not colon:
        rooms = (
            names.instruments, names.organisations, names.bodies, names.frameworks, names.nodes,
            names.indicators, names.sources, names.places,
        )  # fmt: skip
        found: list[Recorded] = [room[name] for room in rooms if name in room]
        found += [t for t in session.transactions(view) if t.code == name]
        found += [c for c in ledger.commitments(view=view) if c.code == name]
        return found + [c for c in ledger.claims(view=view) if c.code == name]
    wanted = rest.split(":")
    pools: dict[str, tuple[Recorded, ...]] = {
        "membership": parties.memberships(view=view),
        "office_held": parties.offices(view=view),
        "population": names.populations,
        "rate": names.rates,
        "succession": names.successions,
        "commitment_update": ledger.updates(view=view),
    }
    return [r for r in pools.get(kind, ()) if list(r.natural_id())[: len(wanted)] == wanted]


def _value(record: Recorded, field: str) -> tuple[Answer, str]:
    value = getattr(record, field)
    if isinstance(record, Transaction | Observation) and field in ("amount", "value"):
        unit = record.currency if isinstance(record, Transaction) else record.count_unit
        return known_of(record) or Absent(Absence.MISSING), unit
    if value is None:
        return Absent(Absence.MISSING), ""
    if isinstance(value, ImpreciseDate):
        return Known(value.earliest, value.latest), "date"
    if isinstance(value, Decimal | Fraction | int):
        number = Fraction(value)
        return Known(number, number), ""
    return Absent(Absence.MISSING), ""
