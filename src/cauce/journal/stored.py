"""What exactly do the tables hold, whatever anybody did to them?

Rows in the order of the journal, in constant memory, every cell as it is stored. Nothing here
trusts a cell to be readable; ``verify`` judges, ``backup`` copies.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import merge
from operator import attrgetter
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection

from cauce.journal.database import columns_as_stored
from cauce.journal.models import EARLIEST, Entry, Recorded
from cauce.journal.tables import record_models

__all__ = ["FETCH", "StoredEntry", "StoredRecord", "stored_entries", "stored_records"]

#: How many rows are read at a time.
FETCH = 2_000

_NIL = UUID(int=0)


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry; ``is_readable`` unless its time or origin is not spelled as it was recorded."""

    seq: int
    recorded_at: datetime
    origin: UUID
    who: str
    why: str
    count: int
    digest: str
    digest_version: int
    previous: str
    hash: str
    is_readable: bool = True


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record: the texts of its content in the order of the model's columns, then its derived
    columns as the database gives them."""

    seq: int
    n: int
    digest: str
    model: type[Recorded]
    cells: tuple[Any, ...]

    @property
    def natural_id(self) -> str:
        """What it is about, for people."""
        names = [f.name for f in self.model.content_fields()]
        return " ".join(filter(None, (self.cells[names.index(n)] for n in self.model.natural)))


def stored_entries() -> Iterator[StoredEntry]:
    """Every entry, by number."""
    numbers = ("seq", "count", "digest_version")
    texts = ("recorded_at", "origin", "who", "why", "digest", "previous", "hash")
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f"SELECT {', '.join(numbers)}, {columns_as_stored(texts)} "  # noqa: S608
            "FROM journal_entry ORDER BY seq"
        )
        while batch := cursor.fetchmany(FETCH):
            for cells in batch:
                yield _entry(dict(zip((*numbers, *texts), cells, strict=True)))


def _entry(cells: dict[str, Any]) -> StoredEntry:
    time, origin = Entry._meta.get_field("recorded_at"), Entry._meta.get_field("origin")
    stored = cells["recorded_at"], cells["origin"]
    try:
        moment = time.to_python(stored[0])
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        place = origin.to_python(stored[1])
        again = tuple(
            f.get_db_prep_save(value, connection) for f, value in ((time, moment), (origin, place))
        )
    except (ValidationError, TypeError, AttributeError):
        return StoredEntry(**{**cells, "recorded_at": EARLIEST, "origin": _NIL}, is_readable=False)
    return StoredEntry(
        **{**cells, "recorded_at": moment, "origin": place}, is_readable=again == stored
    )


@contextmanager
def stored_records() -> Iterator[Iterator[StoredRecord]]:
    """Every record of every type, by entry and place in it."""
    with ExitStack() as stack:
        tables = [stack.enter_context(closing(_table(m))) for m in record_models().values()]
        yield merge(*tables, key=attrgetter("seq", "n"))


def _table(model: type[Recorded]) -> Generator[StoredRecord]:
    fields = (*model.content_fields(), *model.derived_fields())
    columns = columns_as_stored(["digest", *(str(f.column) for f in fields)])
    with connection.chunked_cursor() as cursor:
        cursor.execute(
            f'SELECT seq, n, {columns} FROM "{model._meta.db_table}" ORDER BY seq, n'  # noqa: S608
        )
        while batch := cursor.fetchmany(FETCH):
            for seq, n, digest, *cells in batch:
                yield StoredRecord(seq, n, digest, model, tuple(cells))
