"""Does the database itself refuse to change what was recorded?

Triggers on every table of the journal. A migration that rebuilds a table on SQLite drops its
triggers without a word, so they are made anew after every migration, and compared word for word
before the site is served and by ``verify``.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection, transaction

from cauce.errors import CauceError
from cauce.journal.database import is_postgresql
from cauce.journal.tables import guarded_tables

__all__ = ["GuardFault", "faults", "install", "remove", "require"]

_REFUSAL = "cauce: the journal only grows"
_PREFIX = "cauce_guard_"
_EVENTS = {"sqlite": ("insert", "update", "delete"), "postgresql": ("change", "truncate")}

_FUNCTION = "cauce_guard"
_FUNCTION_BODY = f"BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'restrict_violation'; END"


@dataclass(frozen=True, slots=True)
class GuardFault:
    """A guard that is ``missing`` or ``altered`` (its text or state is not ours)."""

    table: str
    name: str
    state: str


def install() -> None:
    """Make every guard anew, whatever is there."""
    with transaction.atomic(), connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(_function_sql())
        for table in guarded_tables():
            for name, statements in _guards(table).items():
                cursor.execute(_drop_sql(table, name))
                for statement in statements:
                    cursor.execute(statement)


def remove(table: str) -> None:
    """Take the guards off one table, inside a transaction that puts them back."""
    with connection.cursor() as cursor:
        for name in _guards(table):
            cursor.execute(_drop_sql(table, name))


def faults() -> tuple[GuardFault, ...]:
    """Every guard that is missing or altered; empty when all is well."""
    present = _present_postgresql() if is_postgresql() else _present_sqlite()
    found = []
    for table in guarded_tables():
        for name, expected in _expected(table).items():
            if name not in present:
                found.append(GuardFault(table, name, "missing"))
            elif present[name] != expected:
                found.append(GuardFault(table, name, "altered"))
    return tuple(found)


def require() -> None:
    """Raise ``guards_missing`` unless every guard is in place."""
    if found := faults():
        raise CauceError("guards_missing", tables=", ".join(sorted({f.table for f in found})))


def _guards(table: str) -> dict[str, tuple[str, ...]]:
    """The statements that make each guard of a table, by the guard's name."""
    make = _postgresql_sql if is_postgresql() else _sqlite_sql
    events = _EVENTS[connection.vendor]
    return {f"{_PREFIX}{table}_{event}": make(table, event) for event in events}


def _drop_sql(table: str, name: str) -> str:
    on_table = f' ON "{table}"' if is_postgresql() else ""
    return f'DROP TRIGGER IF EXISTS "{name}"{on_table}'


def _expected(table: str) -> dict[str, object]:
    if not is_postgresql():
        return {name: statements[0] for name, statements in _guards(table).items()}
    return {
        f"{_PREFIX}{table}_{event}": (table, "A", _POSTGRESQL_TYPES[event], _FUNCTION_BODY)
        for event in _EVENTS["postgresql"]
    }


# ------------------------------------------------------------------------------- SQLite


def _sqlite_sql(table: str, event: str) -> tuple[str, ...]:
    when = f" WHEN EXISTS ({_taken(table)})" if event == "insert" else ""
    return (
        (
            f'CREATE TRIGGER "{_PREFIX}{table}_{event}" BEFORE {event.upper()} ON "{table}"{when} '
            f"BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
        ),
    )


def _taken(table: str) -> str:
    """Whether the new row would take the place of another: `INSERT OR REPLACE` deletes that one
    without firing its delete guard, unless the connection set `recursive_triggers`. Ours do; this
    guard also holds on a connection that does not."""
    columns = {"journal_entry": "seq"}.get(table, "id")
    unique = {"journal_entry": ("recorded_at", "previous", "hash"), "journal_workspace": ()}
    tests = [f"{columns} = NEW.{columns}", *(f"{c} = NEW.{c}" for c in unique.get(table, ()))]
    if table not in unique:
        tests.append("(seq = NEW.seq AND n = NEW.n)")
    return f'SELECT 1 FROM "{table}" WHERE {" OR ".join(tests)}'  # noqa: S608 - our own names


def _present_sqlite() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        return dict(cursor.fetchall())


# --------------------------------------------------------------------------- PostgreSQL

# pg_trigger.tgtype, a set of bits: 2 before, 8 delete, 16 update, 32 truncate; not 1 means once
# for the statement.
_POSTGRESQL_TYPES = {"change": 2 | 8 | 16, "truncate": 2 | 32}
_POSTGRESQL_EVENTS = {"change": "UPDATE OR DELETE", "truncate": "TRUNCATE"}


def _function_sql() -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {_FUNCTION}() RETURNS trigger LANGUAGE plpgsql "
        f"AS $guard${_FUNCTION_BODY}$guard$"
    )


def _postgresql_sql(table: str, event: str) -> tuple[str, ...]:
    name = f"{_PREFIX}{table}_{event}"
    return (
        (
            f'CREATE TRIGGER "{name}" BEFORE {_POSTGRESQL_EVENTS[event]} ON "{table}" '
            f"FOR EACH STATEMENT EXECUTE FUNCTION {_FUNCTION}()"
        ),
        # Also in a session that plays a replica, where ordinary triggers sleep.
        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "{name}"',
    )


def _present_postgresql() -> dict[str, object]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT t.tgname, c.relname, t.tgenabled::text, t.tgtype::int, p.prosrc "
            "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "JOIN pg_proc p ON p.oid = t.tgfoid "
            "WHERE NOT t.tgisinternal AND t.tgqual IS NULL AND t.tgattr::text = '' "
            "AND c.relnamespace = current_schema()::regnamespace"
        )
        return {name: rest for name, *parts in cursor.fetchall() if (rest := tuple(parts))}
