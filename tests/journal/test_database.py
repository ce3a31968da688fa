"""What is wrong when the database fails, and is anything half recorded then?"""

from __future__ import annotations

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import DatabaseError, connection

from cauce.errors import CauceError
from cauce.journal import actions, database, doctor, queries, readiness, verify
from cauce.journal.database import is_postgresql, translated
from cauce.parties.models import Place
from tests.conftest import Workspace, enter, sqlite_file
from tests.journal.samples import place, seal


def run(statement: str, *params: str | int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def refused() -> str:
    """The code with which an entry is refused; nothing of it must be there."""
    head, places = queries.head(), Place.objects.count()
    with pytest.raises(CauceError) as error:
        seal(*(place(f"P{n}") for n in range(5_000)))
    assert (queries.head(), Place.objects.count()) == (head, places)
    return error.value.code


@contextmanager
def another_writer(workspace: Workspace) -> Iterator[None]:
    """Somebody else who holds the journal's lock."""
    if is_postgresql():
        import psycopg

        with psycopg.connect(workspace.database_url) as session:
            session.execute("SELECT pg_advisory_xact_lock(%s)", [database.LOCK])
            yield
        return
    other = sqlite3.connect(sqlite_file(workspace.dir), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.close()


def test_a_writer_waits_only_so_long_for_another(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "LOCK_SECONDS", 1)
    with another_writer(workspace):
        assert refused() == "database_locked"
    assert seal(place("MEX")).seq == 1


def test_readers_do_not_wait_for_a_writer(workspace: Workspace) -> None:
    seal(place("MEX"))
    with another_writer(workspace):
        assert queries.head() == 1
        assert verify.verify().is_sound


def test_a_full_disk_leaves_nothing_half_recorded(workspace: Workspace) -> None:
    if is_postgresql():
        with pytest.raises(CauceError) as error, translated():
            run("DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$")
        assert error.value.code == "disk_full"
        return
    seal(place("MEX"))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages + 20}")

    assert refused() == "disk_full"
    assert verify.verify().is_sound

    run("PRAGMA max_page_count = 1000000")
    assert seal(place("GTM")).seq == 2  # the disk has room again
    assert verify.verify().is_sound


def test_a_read_only_database_is_told(workspace: Workspace) -> None:
    seal(place("MEX"))
    if is_postgresql():
        run("SET default_transaction_read_only = on")
    else:
        run("PRAGMA query_only = ON")
    assert refused() == "database_read_only"


def test_a_role_that_may_only_read_is_told(workspace: Workspace) -> None:
    if not is_postgresql():
        return  # SQLite knows no roles
    name = connection.settings_dict["NAME"]
    run(f'CREATE ROLE "reader_{name}"')
    try:
        run(f'GRANT SELECT ON ALL TABLES IN SCHEMA public TO "reader_{name}"')
        run(f'SET ROLE "reader_{name}"')
        assert refused() == "database_read_only"
    finally:
        run("RESET ROLE")
        run(f'DROP OWNED BY "reader_{name}"')
        run(f'DROP ROLE "reader_{name}"')


def test_a_database_that_cannot_be_reached_is_told(workspace: Workspace) -> None:
    connection.close()
    before = dict(connection.settings_dict)
    away = {"PORT": "1"} if is_postgresql() else {"NAME": str(workspace.dir / "no/such/folder")}
    connection.settings_dict.update(away)
    try:
        with pytest.raises(CauceError) as error:
            queries.head()
    finally:
        connection.settings_dict.update(before)
    assert error.value.code == "database_unreachable"
    assert error.value.params["detail"]


def test_a_damaged_file_is_told(workspace: Workspace) -> None:
    if is_postgresql():
        with pytest.raises(CauceError) as error, translated():
            run("DO $$ BEGIN RAISE EXCEPTION 'broken page' USING ERRCODE = 'XX001'; END $$")
    else:
        connection.close()
        sqlite_file(workspace.dir).write_bytes(b"this is no database" * 1000)
        with pytest.raises(CauceError) as error:
            queries.head()
    assert error.value.code == "database_damaged"


def test_what_is_not_known_passes_through(workspace: Workspace) -> None:
    with pytest.raises(DatabaseError), translated():
        run("SELEC 1")


def test_a_failed_entry_does_not_spoil_the_connection(workspace: Workspace) -> None:
    run("SELECT 1")
    with pytest.raises(CauceError):
        seal(place("MEX"), place("MEX"))
    assert seal(place("MEX")).seq == 1


# ------------------------------------------------------------------------------- readiness


def test_a_folder_without_a_workspace_is_told(empty_database: Workspace) -> None:
    with pytest.raises(CauceError) as error:
        readiness.require_ready()
    assert error.value.code == ("not_migrated" if is_postgresql() else "workspace_missing")
    # Looking did not make one.
    assert not sqlite_file(empty_database.dir).exists()


def test_tables_that_are_not_there_yet_are_told(empty_database: Workspace) -> None:
    empty_database.dir.mkdir(exist_ok=True)
    sqlite_file(empty_database.dir).touch()
    with pytest.raises(CauceError) as error:
        readiness.require_ready()
    assert error.value.code == "not_migrated"
    assert "journal.0001_initial" in str(error.value.params["detail"])


def test_a_workspace_of_a_later_version_is_neither_used_nor_migrated(workspace: Workspace) -> None:
    run(
        "INSERT INTO django_migrations (app, name, applied) "
        "VALUES ('ledger', '0099_later', '2030-01-01 00:00:00')"
    )
    for act in (readiness.require_ready, actions.migrate):
        with pytest.raises(CauceError) as error:
            act()
        assert (error.value.code, error.value.params) == (
            "workspace_newer",
            {"detail": "ledger.0099_later"},
        )


def test_a_migrated_workspace_is_ready(workspace: Workspace) -> None:
    readiness.require_ready(guarded=True)


# ------------------------------------------------------------------------------- making one


def test_making_a_workspace_gives_it_a_folder_a_key_and_an_identity(
    empty_database: Workspace,
) -> None:
    made = actions.create_workspace(dir=empty_database.dir, time_zone="America/Guatemala")
    key = empty_database.dir / actions.SECRET_KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(empty_database.dir.stat().st_mode) == 0o700
    assert len(key.read_text()) > 50
    assert made.zone.key == "America/Guatemala"
    readiness.require_ready(guarded=True)


def test_making_it_again_keeps_what_it_is(workspace: Workspace) -> None:
    before = queries.workspace()
    key = (workspace.dir / actions.SECRET_KEY_FILE).read_text()
    again = actions.create_workspace(dir=workspace.dir, time_zone="America/Guatemala")
    assert again == before
    assert (workspace.dir / actions.SECRET_KEY_FILE).read_text() == key


def test_a_time_zone_nobody_knows_is_refused(empty_database: Workspace) -> None:
    for zone in ("Mexico", "../etc/passwd", ""):
        with pytest.raises(CauceError) as error:
            actions.create_workspace(dir=empty_database.dir, time_zone=zone)
        assert error.value.code == "bad_time_zone"
    assert not empty_database.dir.exists()


def test_two_workspaces_have_two_identities(two_workspaces: tuple[Workspace, Workspace]) -> None:
    origins = set()
    for one in two_workspaces:
        enter(one)
        origins.add(queries.workspace().origin)
    assert len(origins) == 2


# ------------------------------------------------------------------------------- doctor


def states(workspace: Workspace) -> dict[str, str]:
    return {check.code: check.state for check in doctor.examine(workspace.dir).checks}


def test_a_healthy_workspace_has_nothing_to_mend(workspace: Workspace) -> None:
    seal(place("MEX"))
    found = doctor.examine(workspace.dir)
    assert {check.code for check in found.checks if check.state == "wrong"} == set()
    assert found.is_well
    assert list(states(workspace)) == list(doctor.CHECKS)
    assert verify.verify().is_sound  # looking changed nothing


def test_a_key_that_others_can_read_is_wrong(workspace: Workspace) -> None:
    (workspace.dir / actions.SECRET_KEY_FILE).chmod(0o644)
    assert states(workspace)["secret_key"] == "wrong"
    (workspace.dir / actions.SECRET_KEY_FILE).unlink()
    assert states(workspace)["secret_key"] == "wrong"


def test_a_folder_in_which_others_can_write_is_wrong(workspace: Workspace) -> None:
    workspace.dir.chmod(0o777)
    assert states(workspace)["folder"] == "wrong"


def test_missing_guards_are_wrong(workspace: Workspace) -> None:
    from cauce.journal import guards

    guards.remove("parties_place")
    assert states(workspace)["guards"] == "wrong"


def test_a_clock_behind_the_record_is_a_warning(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(place("MEX"))
    from cauce.journal import clock

    earlier = queries.entry(1).recorded_at.replace(year=2020)
    monkeypatch.setattr(clock, "now", lambda: earlier)
    assert states(workspace)["clock"] == "warning"
    assert doctor.examine(workspace.dir).is_well


def test_where_nothing_is_everything_that_needs_it_is_wrong(empty_database: Workspace) -> None:
    found = doctor.examine(empty_database.dir)
    wrong = {check.code for check in found.checks if check.state == "wrong"}
    assert {"folder", "secret_key", "migrated", "guards", "time_zone"} <= wrong
    assert not found.is_well
    assert not empty_database.dir.exists()


def test_a_read_only_database_is_wrong_for_the_doctor(workspace: Workspace) -> None:
    run("SET default_transaction_read_only = on" if is_postgresql() else "PRAGMA query_only = ON")
    assert states(workspace)["writable"] == "wrong"
