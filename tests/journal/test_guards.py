"""Does the database itself refuse to change what was recorded?"""

from __future__ import annotations

import sqlite3
import subprocess
import sys

import pytest
from django.db import DatabaseError, connection, models

from cauce.errors import CauceError
from cauce.journal import actions, guards, readiness, verify
from cauce.journal.database import is_postgresql
from cauce.journal.tables import guarded_tables, record_models
from cauce.ledger.models import Observation
from tests.conftest import Workspace, sqlite_file
from tests.journal.samples import observation, place, seal

TABLES = sorted(
    {"journal_workspace", "journal_entry"}
    | {model._meta.db_table for model in record_models().values()}
)


@pytest.fixture
def recorded(workspace: Workspace) -> None:
    seal(place("MEX"), observation())


def run(statement: str, *params: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def test_every_recorded_table_the_entries_and_the_workspace_are_guarded(
    workspace: Workspace,
) -> None:
    assert list(guarded_tables()) == TABLES
    assert len(TABLES) >= 26
    assert guards.faults() == ()


def test_no_name_of_a_guard_is_longer_than_postgresql_keeps() -> None:
    longest = max(len(f"cauce_guard_{table}_truncate") for table in TABLES)
    assert longest <= 63


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_observation SET value = '1'",
        "UPDATE ledger_observation SET id = id",
        "DELETE FROM ledger_observation",
        "UPDATE parties_place SET kind = 'area'",
        "DELETE FROM parties_place",
        "UPDATE journal_entry SET why = 'x'",
        "DELETE FROM journal_entry",
        "UPDATE journal_workspace SET time_zone = 'UTC'",
        "DELETE FROM journal_workspace",
    ],
)
def test_update_and_delete_are_refused(recorded: None, statement: str) -> None:
    with pytest.raises(DatabaseError, match="the journal only grows"):
        run(statement)
    assert verify.verify().is_sound


@pytest.mark.parametrize("table", TABLES)
def test_emptying_a_table_is_refused(recorded: None, table: str) -> None:
    if is_postgresql():
        for statement in (f'TRUNCATE "{table}" CASCADE', f'TRUNCATE "{table}"'):
            with pytest.raises(DatabaseError, match=r"only grows|referenced in a foreign"):
                run(statement)
    elif table in ("parties_place", "ledger_observation", "journal_entry", "journal_workspace"):
        # SQLite has no TRUNCATE: it empties a table that has no triggers in one step, and a guard
        # makes it look at every row.
        with pytest.raises(DatabaseError, match="the journal only grows"):
            run(f'DELETE FROM "{table}"')
    assert verify.verify().is_sound


def replacements() -> list[tuple[str, str]]:
    same_place = "WHERE id = (SELECT MIN(id) FROM parties_place)"
    return [
        ("parties_place", f"SELECT * FROM parties_place {same_place}"),
        ("journal_entry", "SELECT * FROM journal_entry WHERE seq = 1"),
        ("journal_workspace", "SELECT * FROM journal_workspace"),
    ]


@pytest.mark.parametrize("table", ["parties_place", "journal_entry", "journal_workspace"])
def test_replacing_a_row_is_refused(recorded: None, table: str) -> None:
    select = dict(replacements())[table]
    if is_postgresql():
        key = "seq" if table == "journal_entry" else "id"
        change = f"ON CONFLICT ({key}) DO UPDATE SET {key} = EXCLUDED.{key}"
        statements = [f"INSERT INTO {table} {select} {change}"]
    else:
        statements = [f"INSERT OR REPLACE INTO {table} {select}", f"REPLACE INTO {table} {select}"]
    for statement in statements:
        with pytest.raises(DatabaseError, match="the journal only grows"):
            run(statement)


def test_replacing_is_refused_on_a_connection_that_is_not_ours(
    recorded: None, workspace: Workspace
) -> None:
    if is_postgresql():
        return  # there, guards hold for every connection alike
    connection.close()
    other = sqlite3.connect(sqlite_file(workspace.dir))
    assert other.execute("PRAGMA recursive_triggers").fetchone() == (0,)
    # By its id, by its place in the entry, by what is unique in an entry.
    columns = "n, digest, closed, code, kind, name, within, parts, definition, seq"
    for statement in (
        "REPLACE INTO parties_place SELECT * FROM parties_place",
        f"REPLACE INTO parties_place ({columns}) SELECT {columns} FROM parties_place",
        (
            "REPLACE INTO journal_entry SELECT 9, recorded_at, origin, who, why, count, digest, "
            "digest_version, previous, hash FROM journal_entry"
        ),
    ):
        with pytest.raises(sqlite3.IntegrityError, match="the journal only grows"):
            other.execute(statement)
    other.close()


def test_a_session_that_plays_a_replica_is_refused_too(recorded: None) -> None:
    if not is_postgresql():
        return  # SQLite knows no such session
    run("SET session_replication_role = replica")
    with pytest.raises(DatabaseError, match="the journal only grows"):
        run("DELETE FROM parties_place")


# ------------------------------------------------------------------------------- migrations


def add_constraint() -> None:
    """What a later migration does: on SQLite it builds the table anew."""
    constraint = models.CheckConstraint(
        condition=models.Q(indicator__gt=""), name="ledger_observation_indicator"
    )
    with connection.schema_editor() as editor:
        editor.add_constraint(Observation, constraint)


def test_a_migration_that_adds_a_constraint_leaves_the_guards_in_place(recorded: None) -> None:
    add_constraint()
    expected = () if is_postgresql() else ("ledger_observation",) * 3
    assert tuple(fault.table for fault in guards.faults()) == expected

    actions.migrate()

    assert guards.faults() == ()
    for statement in (
        "UPDATE ledger_observation SET value = '1'",
        "DELETE FROM ledger_observation",
    ):
        with pytest.raises(DatabaseError, match="the journal only grows"):
            run(statement)
    assert verify.verify().is_sound


def test_nothing_is_served_without_guards(recorded: None) -> None:
    guards.remove("ledger_observation")
    with pytest.raises(CauceError) as refused:
        readiness.require_ready(guarded=True)
    assert refused.value.code == "guards_missing"
    assert refused.value.params == {"tables": "ledger_observation"}


def test_no_server_starts_the_site_without_guards(workspace: Workspace) -> None:
    guards.remove("parties_place")
    connection.close()
    started = subprocess.run(
        [sys.executable, "-c", "import cauce.project.wsgi"],
        env=workspace.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode != 0
    assert "guards_missing" in started.stderr


def test_missing_and_altered_guards_are_found(workspace: Workspace) -> None:
    table = "parties_place"
    guards.remove(table)
    if is_postgresql():
        run(
            "CREATE FUNCTION harmless() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        )
        run(
            f"CREATE TRIGGER cauce_guard_{table}_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION harmless()"
        )
        expected = [("change", "altered"), ("truncate", "missing")]
    else:
        run(
            f"CREATE TRIGGER cauce_guard_{table}_update BEFORE UPDATE ON {table} "
            "BEGIN SELECT 1; END"
        )
        expected = [("insert", "missing"), ("update", "altered"), ("delete", "missing")]
    found = [(f"guard_{state}", f"cauce_guard_{table}_{event}") for event, state in expected]
    findings = verify.verify().findings
    assert [(f.code, f.params["name"]) for f in findings] == found


def test_a_guard_that_was_put_to_sleep_is_found(workspace: Workspace) -> None:
    if not is_postgresql():
        return  # SQLite's triggers cannot be switched off one by one
    run("ALTER TABLE parties_place DISABLE TRIGGER cauce_guard_parties_place_change")
    assert [fault.state for fault in guards.faults()] == ["altered"]
    actions.migrate()
    assert guards.faults() == ()


def test_a_function_that_refuses_nothing_any_more_is_found(workspace: Workspace) -> None:
    if not is_postgresql():
        return  # SQLite's guards carry their own text
    run(
        "CREATE OR REPLACE FUNCTION cauce_guard() RETURNS trigger LANGUAGE plpgsql "
        "AS 'BEGIN RETURN NEW; END'"
    )
    assert {fault.state for fault in guards.faults()} == {"altered"}
