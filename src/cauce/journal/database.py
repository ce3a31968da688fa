"""Which database holds the journal, and what is wrong when it fails?

The one place where failures of a database become errors with a code. What is not recognised is
a defect and passes through.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection, transaction

from cauce.errors import CauceError

__all__ = [
    "LOCK",
    "LOCK_SECONDS",
    "any_bytes",
    "columns_as_stored",
    "enter",
    "exclusive",
    "is_postgresql",
    "let_go",
    "snapshot",
    "translated",
]

#: How long a writer waits for another one's seal before it gives up.
LOCK_SECONDS = 120

SQLITE_FILE = "cauce.sqlite3"

#: Any number will do, as long as it is always the same one.
LOCK = 0x_CA_0C_E0

_SQLITE = {
    "SQLITE_BUSY": "database_locked",
    "SQLITE_LOCKED": "database_locked",
    "SQLITE_READONLY": "database_read_only",
    "SQLITE_FULL": "disk_full",
    "SQLITE_CANTOPEN": "database_unreachable",
    "SQLITE_NOTADB": "database_damaged",
    "SQLITE_CORRUPT": "database_damaged",
    "SQLITE_IOERR": "database_damaged",
}

# SQLSTATE codes and classes (PostgreSQL manual, appendix A).
_POSTGRESQL = {
    "55P03": "database_locked",  # lock_not_available
    "40P01": "database_locked",  # deadlock_detected
    "40001": "database_locked",  # serialization_failure
    "25006": "database_read_only",  # read_only_sql_transaction
    "42501": "database_read_only",  # insufficient_privilege: this role may only read
    "53100": "disk_full",
    "XX001": "database_damaged",  # data_corrupted
    "XX002": "database_damaged",  # index_corrupted
    "42P01": "not_migrated",  # undefined_table
    "42703": "not_migrated",  # undefined_column
    "3D000": "database_unreachable",  # invalid_catalog_name
    "08": "database_unreachable",  # connection_exception
    "28": "database_unreachable",  # invalid_authorization_specification
    "57P": "database_unreachable",  # shut down, or not up yet
    "53300": "database_unreachable",  # too_many_connections
}
_WITH_DETAIL = {"not_migrated", "database_unreachable", "database_damaged"}


def is_postgresql() -> bool:
    """Whether the journal is in PostgreSQL; else it is in an SQLite file."""
    return connection.vendor == "postgresql"


def enter(folder: Path) -> None:
    """Make ``folder`` the workspace of this process, where the settings named another one."""
    if folder == settings.CAUCE_DIR:
        return
    settings.CAUCE_DIR = folder
    if not is_postgresql():
        connection.close()
        connection.settings_dict["NAME"] = str(folder / SQLITE_FILE)


def let_go() -> None:
    """Close the connection of this process: one that is made from it must open its own, or both
    would read each other's answers."""
    connection.close()


@contextmanager
def translated() -> Iterator[None]:
    """Failures of the database inside come out as ``database_locked``, ``database_read_only``,
    ``disk_full``, ``database_unreachable``, ``database_damaged`` or ``not_migrated``."""
    try:
        yield
    except (DatabaseError, InterfaceError) as error:
        code = _code(error)
        if code is None:
            raise
        detail = {"detail": _first_line(error)} if code in _WITH_DETAIL else {}
        raise CauceError(code, **detail) from error


def _code(error: Exception) -> str | None:
    cause = error.__cause__ or error
    if name := getattr(cause, "sqlite_errorname", None):
        return _sqlite_code(name, str(cause))
    state = getattr(cause, "sqlstate", None)
    if state:
        codes = (_POSTGRESQL.get(state[:length]) for length in (5, 3, 2))
        return next((code for code in codes if code), None)
    # A server that cannot be reached gives no state at all.
    unreachable = type(cause).__module__.startswith("psycopg") and "connection" in str(cause)
    return "database_unreachable" if unreachable else None


def _sqlite_code(name: str, message: str) -> str | None:
    # Extended names are the plain one and a suffix: SQLITE_BUSY_SNAPSHOT, SQLITE_IOERR_WRITE.
    plain = "_".join(name.split("_")[:2])
    if plain == "SQLITE_ERROR" and message.startswith(("no such table", "no such column")):
        return "not_migrated"
    return _SQLITE.get(plain)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


@contextmanager
def exclusive() -> Iterator[None]:
    """One short transaction that holds the journal's lock: no other writer is inside.

    Never inside another transaction, so that what is sealed is on the disk when this ends.
    Raises ``database_locked`` when the lock is not free within :data:`LOCK_SECONDS`.
    """
    with translated(), _patient(), transaction.atomic(durable=True):
        if is_postgresql():
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{LOCK_SECONDS}s"])
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        yield


@contextmanager
def _patient() -> Iterator[None]:
    """SQLite begins with the lock (BEGIN IMMEDIATE); a large entry may keep it for a while."""
    if is_postgresql():
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        (before,) = cursor.fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {LOCK_SECONDS * 1000}")
    try:
        yield
    finally:
        if connection.connection is not None:
            connection.connection.execute(f"PRAGMA busy_timeout = {before}")


@contextmanager
def snapshot() -> Iterator[None]:
    """Reads inside see one state of the journal, while others go on writing.

    Inside a transaction they see that transaction's.
    """
    if connection.in_atomic_block:
        yield
    elif is_postgresql():
        with translated(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    else:
        # Not `atomic`: that begins with the write lock.
        with translated(), connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


@contextmanager
def any_bytes() -> Iterator[None]:
    """Text that is not UTF-8 any more is read, not refused: somebody altered the file's bytes."""
    connection.ensure_connection()
    if is_postgresql():  # the server keeps no such text
        yield
        return
    plain = connection.connection
    plain.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        plain.text_factory = str


def columns_as_stored(columns: Iterable[str]) -> str:
    """A list of columns for SELECT. SQLite gives the bytes as they are, past every converter; on
    PostgreSQL a column cannot hold anything but a value of its type."""
    if is_postgresql():
        return ", ".join(f'"{c}"' for c in columns)
    return ", ".join(f'CAST("{c}" AS TEXT)' for c in columns)
