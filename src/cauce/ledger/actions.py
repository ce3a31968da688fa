"""How does anything come to be recorded in the rooms? Through :func:`record_all`, and only there.

Packs, hand-made corrections and retractions all pass the same checks, so that what one door
refuses no other lets in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from cauce.errors import CauceError, Place, Problem, Refusal, raise_if
from cauce.journal import clock, queries, sealing
from cauce.journal.queries import Recorded, View
from cauce.journal.sealing import Receipt
from cauce.ledger.checks import Batch, is_definition, located
from cauce.ledger.models import Lock
from cauce.ledger.rules import locked
from cauce.ledger.universe import recorded_universe
from cauce.values.audience import SECRETARIAT

__all__ = ["MOST_PROBLEMS", "record_all", "retract"]

#: So many problems are told; a broken file of a million lines has a million.
MOST_PROBLEMS = 5_000

_VALUES = ("value", "upper", "numerator", "denominator", "amount")


def record_all(
    *,
    records: Iterable[Recorded],
    by: str,
    why: str,
    progress: Callable[[int], None] | None = None,
) -> Receipt:
    """Check every record against what is recorded and what comes with it, then seal all as one
    entry.

    A sequence may come in any order. An iterator is read once, in constant memory for its facts,
    and must give its definitions before its facts. Raises a :class:`Refusal` with every problem,
    each at its sheet and its number among the records; what :func:`cauce.journal.sealing.record`
    raises; ``database_locked`` if a period was locked by somebody else meanwhile.
    """
    head = queries.head()
    universe = recorded_universe(View(head, None, SECRETARIAT, clock.now()))
    definitions, facts = _parted(records)
    for record in definitions:
        record.normalise()
    numbered = [(r, Place(sheet=r.sheet, line=str(n))) for n, r in enumerate(definitions, 1)]
    batch = Batch(universe, numbered)
    raise_if(located(problem, place) for place, problem in batch.check_definitions())

    def still() -> None:
        # Somebody may have locked a period after it was looked at: look again.
        if Lock.objects.filter(entry_id__gt=head).exists():
            raise CauceError("database_locked")

    stream = chain(definitions, _checked(facts, batch, len(definitions)))
    return sealing.record(stream, by=by, why=why, progress=progress, still=still)


def _parted(records: Iterable[Recorded]) -> tuple[list[Recorded], Iterable[Recorded]]:
    if isinstance(records, Sequence):
        facts = [record for record in records if not is_definition(record)]
        return [record for record in records if is_definition(record)], facts
    stream = iter(records)
    definitions: list[Recorded] = []
    for record in stream:
        if not is_definition(record):
            return definitions, chain([record], stream)
        definitions.append(record)
    return definitions, ()


def _checked(facts: Iterable[Recorded], batch: Batch[Place], before: int) -> Iterator[Recorded]:
    problems: list[Problem] = []
    for number, record in enumerate(facts, before + 1):
        if is_definition(record):
            raise TypeError("definitions come before facts")  # a defect of the caller's
        record.normalise()
        place = Place(sheet=record.sheet, line=str(number))
        problems += [located(p, where) for where, p in batch.check_fact(record, place)]
        if lock := batch.lock_on(record):
            problems.append(located(locked(record, lock.code), place))
        if len(problems) >= MOST_PROBLEMS:
            raise Refusal(problems)
        yield record
    problems += [located(problem, where) for where, problem in batch.finish()]
    raise_if(problems)


def retract(*, record_id: str, by: str, reason: str, public_at: str = "") -> Receipt:
    """Take back a value on behalf of who stated it: a record of the same key without a value.

    From ``public_at`` on (default: from now) the answer is «withdrawn»; asked as known earlier,
    it is what it was. For what was recorded in error, annul it instead. Raises ``unknown_record``
    and ``reason_required``.
    """
    if not reason.strip():
        raise CauceError("reason_required")
    found = queries.get(record_id)
    names = [f.name for f in found.content_fields()]
    if "status" not in names:
        raise CauceError("unknown_record", id=record_id)
    kept = {name: getattr(found, name) for name in names if name not in (*_VALUES, "bound")}
    cells = {**kept, "status": "withdrawn", "public_at": public_at, "note": reason}
    fields = found.content_fields()
    values = {f.name: f.to_python(cells[f.name]) for f in fields if f.name in cells}
    taken_back = type(found)(**values)
    return record_all(records=[taken_back], by=by, why=reason)
