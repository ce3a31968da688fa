"""How do many rows get into one table, quickly and in constant memory?"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from typing import Any

from django.db import connection, models

from cauce.journal.database import is_postgresql

__all__ = ["insert", "prepared"]


def insert(table: str, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Put rows of values, already in the database's form, into a table.

    On SQLite outside a transaction one is begun without taking a lock, so that rows that go into
    a temporary table hold nobody up.
    """
    names = ", ".join(f'"{column}"' for column in columns)
    if is_postgresql():
        with connection.cursor() as cursor:
            statement = f'COPY "{table}" ({names}) FROM STDIN'
            # The driver's own call, so the driver's own errors.
            with connection.wrap_database_errors, cursor.cursor.copy(statement) as stream:
                for row in rows:
                    stream.write_row(row)
        return
    connection.ensure_connection()
    marks = ", ".join("?" for _ in columns)
    # The driver's own cursor, because Django's takes the marks of every row apart.
    with connection.wrap_database_errors, closing(connection.connection.cursor()) as plain:
        begun = not connection.connection.in_transaction
        if begun:
            plain.execute("BEGIN DEFERRED")
        try:
            plain.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608
        finally:
            if begun and connection.connection.in_transaction:
                plain.execute("COMMIT")


def prepared(column: models.Field[Any, Any], value: object) -> object:
    """A value of a column in the database's form."""
    return value if isinstance(value, str) else _database_form(column, value, connection.vendor)


@lru_cache(maxsize=16_384)
def _database_form(column: models.Field[Any, Any], value: object, _vendor: str) -> object:
    # The same few days and instants stand in millions of records.
    return column.get_db_prep_save(value, connection)
