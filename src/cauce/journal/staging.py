"""Where do the records of an entry wait until it is sealed?

In temporary tables of the connection, so that an entry of any size needs constant memory, other
writers are not held up, and nothing is left when the process dies. Here records are read, digested
and put in order; only the last step, in :mod:`cauce.journal.sealing`, touches the journal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import connection

from cauce.errors import Problem, raise_if
from cauce.journal import bulk
from cauce.journal.canonical import digest_of, entry_digest
from cauce.journal.database import is_postgresql
from cauce.journal.models import NEVER, Recorded

__all__ = ["Stage", "Staged", "opened", "row"]

_BATCH = 2_000
#: How many repeated keys are named; a broken file may have a million.
_NAMED = 20


@dataclass
class Staged:
    """The records of one type: their temporary table, its columns and how many there are."""

    model: type[Recorded]
    count: int = 0

    def __post_init__(self) -> None:
        fields = (*self.model.content_fields(), *self.model.derived_fields())
        self.columns = (*(str(f.column) for f in fields), "digest")

    @property
    def target(self) -> str:
        return self.model._meta.db_table

    @property
    def heap(self) -> str:
        """Records as they came."""
        return f"heap_{self.target}"

    @property
    def sorted(self) -> str:
        """Records by digest, numbered from 1."""
        return f"sorted_{self.target}"


@dataclass
class Stage:
    """The records of one entry to be, by type."""

    zone: ZoneInfo
    staged: dict[type[Recorded], Staged] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(s.count for s in self.staged.values())

    @property
    def in_order(self) -> list[Staged]:
        return sorted(self.staged.values(), key=lambda s: s.model.record_type)

    def fill(self, records: Iterable[Recorded], progress: Callable[[int], None] | None) -> None:
        """Read, digest and store every record; ``progress`` gets how many were added each time."""
        source = iter(records)
        while batch := list(islice(source, _BATCH)):
            rows: dict[type[Recorded], list[tuple[object, ...]]] = {}
            for record in batch:
                rows.setdefault(type(record), []).append(row(record, self.zone))
            for model, values in rows.items():
                self._store(self._table(model), values)
            if progress:
                progress(len(batch))

    def _table(self, model: type[Recorded]) -> Staged:
        if model not in self.staged:
            table = Staged(model)
            columns = ", ".join(f'"{c}"' for c in table.columns)
            with connection.cursor() as cursor:
                cursor.execute(
                    f'CREATE TEMPORARY TABLE "{table.heap}" AS '  # noqa: S608 - our own names
                    f'SELECT {columns}, digest AS vintage FROM "{table.target}" WHERE 1 = 0'
                )
            self.staged[model] = table
        return self.staged[model]

    def _store(self, table: Staged, rows: list[tuple[object, ...]]) -> None:
        table.count += len(rows)
        bulk.insert(table.heap, (*table.columns, "vintage"), rows)

    def arrange(self) -> str:
        """Number the records by digest and give the entry's digest.

        Raises a Refusal with ``duplicate_record`` or ``same_key_twice`` for what is in it twice.
        """
        bytewise = 'COLLATE "C"' if is_postgresql() else "COLLATE BINARY"
        with connection.cursor() as cursor:
            for table in self.in_order:
                columns = ", ".join(f'"{c}"' for c in (*table.columns, "vintage"))
                cursor.execute(
                    f'CREATE TEMPORARY TABLE "{table.sorted}" AS SELECT '  # noqa: S608
                    f"row_number() OVER (ORDER BY digest {bytewise}) AS n, {columns} "
                    f'FROM "{table.heap}" ORDER BY digest {bytewise}'
                )
                cursor.execute(f'DROP TABLE "{table.heap}"')
        raise_if(problem for table in self.in_order for problem in _repeated(table))
        return entry_digest(self._digests())

    def _digests(self) -> Iterator[tuple[str, str]]:
        for table in self.in_order:
            with connection.chunked_cursor() as cursor:
                cursor.execute(f'SELECT digest FROM "{table.sorted}" ORDER BY n')  # noqa: S608
                for (digest,) in cursor:
                    yield table.model.record_type, digest

    def clear(self) -> None:
        with connection.cursor() as cursor:
            for table in self.staged.values():
                for name in (table.heap, table.sorted):
                    cursor.execute(f'DROP TABLE IF EXISTS "{name}"')


@contextmanager
def opened(zone: ZoneInfo) -> Iterator[Stage]:
    """An empty stage, cleared away at the end."""
    stage = Stage(zone)
    try:
        yield stage
    finally:
        # A broken connection takes its temporary tables with it.
        if connection.is_usable():
            stage.clear()


def row(record: Recorded, zone: ZoneInfo) -> tuple[object, ...]:
    record.normalise()
    texts, content = record.sealed_cells()
    derived = record.derive(recorded_at=NEVER, zone=zone)
    natural = (texts[place] for place in _natural_places(type(record)))
    vintage = "\x00".join((*natural, *record.stated()))
    return (
        *texts,
        *(bulk.prepared(f, derived[f.name]) for f in record.derived_fields()),
        digest_of(content),
        hashlib.sha256(vintage.encode()).hexdigest(),
    )


@cache
def _natural_places(model: type[Recorded]) -> tuple[int, ...]:
    names = [f.name for f in model.content_fields()]
    return tuple(names.index(name) for name in model.natural)


def _repeated(table: Staged) -> Iterator[Problem]:
    """A record that is there twice, or two records of which neither comes after the other."""
    natural = ", ".join(f't."{name}"' for name in table.model.natural)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT MIN(t.digest), MAX(t.digest), {natural} "  # noqa: S608
            f'FROM "{table.sorted}" t JOIN (SELECT vintage FROM "{table.sorted}" GROUP BY vintage '
            f"HAVING COUNT(*) > 1 LIMIT {_NAMED}) v ON v.vintage = t.vintage "
            f"GROUP BY t.vintage, {natural}"
        )
        for first, last, *key in cursor.fetchall():
            name = " ".join([table.model.record_type, *filter(None, key)])
            if first == last:
                yield Problem("duplicate_record", {"id": name})
            else:
                yield Problem("same_key_twice", {"key": name, "first": first[:12]})
