"""A fresh, migrated workspace for every test, on SQLite or PostgreSQL, with real commits.

The record cannot be cleared (its guards refuse), so each test gets a copy of an empty one: of a
file on SQLite; of a template database on PostgreSQL, where ``CAUCE_TEST_DATABASE_URL`` names a
server on which databases may be created.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest

SERVER_URL = os.environ.get("CAUCE_TEST_DATABASE_URL", "")
_FOLDER = Path(tempfile.mkdtemp(prefix="cauce-tests-"))

# Before Django reads its settings: no test may see, or touch, a real workspace.
os.environ["DJANGO_SETTINGS_MODULE"] = "cauce.project.settings"
os.environ["CAUCE_DIR"] = str(_FOLDER / "nowhere")
os.environ["DATABASE_URL"] = SERVER_URL
os.environ.pop("CAUCE_SECRET_KEY", None)

import django  # noqa: E402

django.setup()

# A process that a test starts is told of a database by the test's workspace, or of none.
os.environ["DATABASE_URL"] = ""

from django.conf import settings  # noqa: E402
from django.db import DatabaseError, connection, connections, transaction  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402
from django.test import override_settings  # noqa: E402

from cauce.journal import actions  # noqa: E402
from cauce.journal.tables import guarded_tables  # noqa: E402
from tests.plugins.database import (  # noqa: E402
    pytest_collection_modifyitems,
    pytest_configure,
    pytest_runtest_protocol,
)
from tests.plugins.no_skips import (  # noqa: E402
    pytest_make_collect_report,
    pytest_runtest_makereport,
)

__all__ = [
    "Workspace",
    "pytest_collection_modifyitems",
    "pytest_configure",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_runtest_protocol",
]

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the test's workspace is: what a process started by the test needs to find it."""

    dir: Path
    database_url: str

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "CAUCE_DIR": str(self.dir),
            "DATABASE_URL": self.database_url,
            "PYTHONUTF8": "1",
        }


@pytest.fixture(scope="session", autouse=True)
def _tidy() -> Iterator[None]:
    yield
    connections.close_all()
    shutil.rmtree(_FOLDER, ignore_errors=True)


@pytest.fixture(scope="session")
def template_workspace() -> Iterator[Workspace]:
    """An empty workspace that is only ever copied."""
    with _template("template", "America/Mexico_City") as made:
        yield made


@pytest.fixture(scope="session")
def other_template_workspace() -> Iterator[Workspace]:
    """A second one, made by itself: with another origin, and at home elsewhere."""
    with _template("other_template", "Europe/Madrid") as made:
        yield made


@contextmanager
def _template(name: str, time_zone: str) -> Iterator[Workspace]:
    """A new workspace; on PostgreSQL its ``database_url`` is the bare name of its database."""
    before = connection.settings_dict["NAME"]
    folder = _FOLDER / name
    database = f"cauce_{name}_{os.getpid()}" if SERVER_URL else ""
    if database:
        server(f'CREATE DATABASE "{database}"')
    point_to(database or sqlite_file(folder))
    actions.create_workspace(dir=folder, time_zone=time_zone)
    if database:
        fresh[database] = shape()
    else:
        with connection.cursor() as cursor:
            # Everything into the one file that is copied.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    point_to(before)
    yield Workspace(folder, database)
    for copy in copies.pop(database, []):
        drop(copy)
    if database:
        drop(database)


@pytest.fixture
def empty_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A place for a workspace where there is none yet: no folder, no tables."""
    yield from _pointed(tmp_path, monkeypatch, template=None)


@pytest.fixture
def workspace(
    template_workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """A fresh, migrated, empty workspace, to which the connection and the environment point."""
    yield from _pointed(tmp_path, monkeypatch, template=template_workspace)


@pytest.fixture
def two_workspaces(
    workspace: Workspace, other_template_workspace: Workspace, tmp_path: Path
) -> Iterator[tuple[Workspace, Workspace]]:
    """The workspace and a second, independent one, with another origin.

    ``enter(second)`` points the connection to it.
    """
    folder = tmp_path / "second"
    shutil.copytree(other_template_workspace.dir, folder)
    name = take_database(other_template_workspace) if SERVER_URL else ""
    second = Workspace(folder, with_database(name) if name else "")
    try:
        yield workspace, second
    finally:
        if name:
            enter(second)
            give_back(name, other_template_workspace)
        enter(workspace)


def enter(workspace: Workspace) -> None:
    """Point the connection to another workspace."""
    url = workspace.database_url
    point_to(urlsplit(url).path.lstrip("/") if url else sqlite_file(workspace.dir))


def _pointed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, template: Workspace | None
) -> Iterator[Workspace]:
    folder = tmp_path / "workspace"
    url = ""
    if template:
        shutil.copytree(template.dir, folder)
    name = ""
    if SERVER_URL:
        name = take_database(template)
        url = with_database(name)
    before = connection.settings_dict["NAME"]
    found = Workspace(folder, url)
    enter(found)
    monkeypatch.setenv("CAUCE_DIR", str(folder))
    monkeypatch.setenv("DATABASE_URL", url)
    with override_settings(CAUCE_DIR=folder):
        yield found
    if name:
        give_back(name, template)
    point_to(before)


# ----------------------------------------------------------------------- PostgreSQL's copies

#: By template: databases as good as fresh copies of it, and what it looks like. To copy it takes
#: a third of a second, to clear a copy a tenth of that.
copies: defaultdict[str, list[str]] = defaultdict(list)
fresh: dict[str, object] = {}

SHAPE = """
SELECT md5(string_agg(line, chr(10) ORDER BY line)) FROM (
    SELECT concat_ws(' ', attrelid::regclass, attname, atttypid, attnotnull) FROM pg_attribute
        JOIN pg_class c ON c.oid = attrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT attisdropped
    UNION ALL SELECT concat_ws(' ', conrelid::regclass, pg_get_constraintdef(oid))
        FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger
        WHERE NOT tgisinternal
    UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT concat_ws(' ', app, name) FROM django_migrations
    UNION ALL SELECT workspace::text FROM journal_workspace AS workspace
    UNION ALL SELECT setconfig::text FROM pg_db_role_setting
        JOIN pg_database d ON d.oid = setdatabase WHERE datname = current_database()
) AS shape (line)
"""


def shape() -> object:
    """Everything of the database but what was recorded, as one value."""
    with connection.cursor() as cursor:
        cursor.execute(SHAPE)
        return cursor.fetchone()[0]


def take_database(template: Workspace | None) -> str:
    """A database like the template: one that was given back, or a new one."""
    waiting = copies[template.database_url] if template else []
    return waiting.pop() if waiting else create_database(template)


def give_back(name: str, template: Workspace | None) -> None:
    """The database pointed to is kept if it can be made as good as fresh, else dropped."""
    clean = template is not None and cleared(template)
    connection.close()
    if template and clean:
        copies[template.database_url].append(name)
    else:
        drop(name)


def create_database(template: Workspace | None) -> str:
    name = f"cauce_test_{os.getpid()}_{next(_numbers)}"
    source = f' TEMPLATE "{template.database_url}"' if template else ""
    server(f'CREATE DATABASE "{name}"{source}')
    return name


def cleared(template: Workspace) -> bool:
    """Empty the database of a test; whether it now is as good as a fresh one."""
    try:
        connection.close()  # with whatever the test set for its session
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            for table in filled_tables(cursor):
                cursor.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
                cursor.execute(f'DELETE FROM "{table}"')
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                for event in ("change", "truncate"):
                    cursor.execute(
                        f'ALTER TABLE "{table}" ENABLE ALWAYS TRIGGER "cauce_guard_{table}_{event}"'
                    )
                if table != "journal_entry":
                    cursor.execute(f'ALTER TABLE "{table}" ALTER COLUMN id RESTART')
        return shape() == fresh[template.database_url]
    except DatabaseError:
        return False


def filled_tables(cursor: CursorWrapper) -> list[str]:
    """The tables with something recorded in them; entries, to which all refer, last."""
    names = sorted(set(guarded_tables()) - {"journal_workspace"})
    some = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in names)
    cursor.execute(" UNION ALL ".join(some))
    return sorted((name for (name,) in cursor.fetchall()), key=lambda name: name == "journal_entry")


# ----------------------------------------------------------------------- pointing and creating


def point_to(name: Path | str) -> None:
    """Point the one connection to another file or database."""
    connection.close()
    connection.settings_dict["NAME"] = str(name)
    settings.DATABASES["default"]["NAME"] = str(name)


def sqlite_file(folder: Path) -> Path:
    return folder / "cauce.sqlite3"


def with_database(name: str) -> str:
    return urlunsplit(urlsplit(SERVER_URL)._replace(path=f"/{name}"))


def server(statement: str) -> None:
    """Run a statement on the server itself: only there databases are created."""
    import psycopg

    with psycopg.connect(SERVER_URL, autocommit=True) as administration:
        administration.execute(statement)


def drop(name: str) -> None:
    server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
