"""How does anything get into the journal? Through :func:`record`, and only there.

Records are staged without holding anybody up; then one short transaction takes the journal's lock,
gives the entry its number and time, copies the records in and writes the entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, connection

from cauce.errors import CauceError
from cauce.journal import clock, staging
from cauce.journal.canonical import DIGEST_VERSION, FIRST_PREVIOUS, entry_hash
from cauce.journal.database import exclusive, translated
from cauce.journal.fields import clean_text
from cauce.journal.models import Entry, Recorded
from cauce.journal.queries import workspace
from cauce.journal.staging import Stage, Staged

__all__ = ["Receipt", "record"]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a writer gets back: the number, hash and digest of the sealed entry."""

    seq: int
    hash: str
    digest: str
    count: int
    recorded_at: datetime


def record(
    records: Iterable[Recorded],
    *,
    by: str,
    why: str,
    progress: Callable[[int], None] | None = None,
    still: Callable[[], None] | None = None,
) -> Receipt:
    """Seal the records as one entry.

    Takes any number in constant memory. ``progress`` is called with how many records were added
    each time. ``still`` is called under the lock, before anything is written, and may raise: for
    what must not have changed since the caller looked. It must be short, everybody waits.

    Raises ``empty_entry``; ``reason_required`` or ``field_required`` (nobody named); a Refusal
    with every ``duplicate_record`` (two of one type with the same content) and ``same_key_twice``
    (two of which neither comes after the other); and what
    :func:`cauce.journal.database.translated` raises. Nothing is recorded then.
    """
    who, reason = clean_text(by), clean_text(why)
    if not who:
        raise CauceError("field_required", field="by")
    if not reason:
        raise CauceError("reason_required")
    with translated(), staging.opened(workspace().zone) as stage:
        stage.fill(records, progress)
        if not stage.count:
            raise CauceError("empty_entry")
        digest = stage.arrange()
        with exclusive():
            if still:
                still()
            entry = _next_entry(who, reason, stage.count, digest)
            _copy(stage, entry)
    return Receipt(entry.seq, entry.hash, entry.digest, entry.count, entry.recorded_at)


def _next_entry(who: str, why: str, count: int, digest: str) -> Entry:
    last = Entry.objects.order_by("-seq").first()
    seq = last.seq + 1 if last else 1
    previous = last.hash if last else FIRST_PREVIOUS
    recorded_at = clock.next_instant(last.recorded_at if last else None)
    origin = workspace().origin
    return Entry.objects.create(
        seq=seq,
        recorded_at=recorded_at,
        origin=origin,
        who=who,
        why=why,
        count=count,
        digest=digest,
        digest_version=DIGEST_VERSION,
        previous=previous,
        hash=entry_hash(
            seq=seq,
            recorded_at=recorded_at,
            origin=str(origin),
            who=who,
            why=why,
            count=count,
            digest=digest,
            digest_version=DIGEST_VERSION,
            previous=previous,
        ),
    )


def _copy(stage: Stage, entry: Entry) -> None:
    before = 0
    for table in stage.in_order:
        try:
            _copy_table(table, entry, before)
        except IntegrityError as error:
            # The rooms' rules say it better and earlier; this is the last line.
            detail = str(error).partition("\n")[0]
            raise CauceError("value_without_meaning", detail=detail) from error
        before += table.count


def _copy_table(table: Staged, entry: Entry, before: int) -> None:
    moment = connection.ops.adapt_datetimefield_value(entry.recorded_at)
    capped = table.model.capped
    columns = ", ".join(f'"{c}"' for c in table.columns)
    values = ", ".join(
        f'CASE WHEN "{c}" > %s THEN %s ELSE "{c}" END' if c in capped else f'"{c}"'
        for c in table.columns
    )
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{table.target}" ({columns}, seq, n) '  # noqa: S608 - our own names
            f'SELECT {values}, %s, %s + n FROM "{table.sorted}" ORDER BY n',
            [*(moment for _ in capped for _ in range(2)), entry.seq, before],
        )
