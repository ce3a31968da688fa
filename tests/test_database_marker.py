"""Is everything that uses a database run again on PostgreSQL?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

CACHE = "-p no:cacheprovider"

TESTS = """
import pytest
from django.conf import settings

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "planted.sqlite3"}}
)

from django.db import connection

@pytest.fixture(scope="session")
def template_workspace():
    connection.ensure_connection()

@pytest.fixture
def made_of_one(template_workspace):
    connection.ensure_connection()

def test_that_uses_a_workspace(made_of_one):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    connection.close()

def test_that_uses_none():
    assert True
"""

A_TEST_THAT_HELPS_ITSELF = """
def test_that_helps_itself():
    try:
        connection.ensure_connection()
    except Exception:
        pass
"""


def run_pytest(folder: Path, text: str, *options: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_planted.py").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-v", "-p", "tests.plugins.database"]
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "--rootdir", str(folder), *options, "test_planted.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_is_made_of_a_workspace_is_chosen_by_its_mark(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, TESTS, "-m", "database")
    assert result.returncode == 0, result.stdout
    assert "test_that_uses_a_workspace PASSED" in result.stdout
    assert "1 passed, 1 deselected" in result.stdout


@pytest.mark.slow
def test_a_test_that_uses_a_database_unmarked_fails(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, TESTS + A_TEST_THAT_HELPS_ITSELF)
    assert result.returncode == 1
    assert "let it ask for `workspace` or `published`" in result.stdout
    assert "1 failed, 2 passed" in result.stdout


def test_a_process_of_a_test_without_a_workspace_is_told_of_no_database() -> None:
    assert os.environ["DATABASE_URL"] == ""


def test_the_check_of_everything_chooses_by_that_mark() -> None:
    text = (ROOT / ".ci/run").read_text(encoding="utf-8")
    runs = [line.strip() for line in text.splitlines() if "ARGS='-m" in line]
    here = f'-m "not postgresql and not simulation" {CACHE}'
    there = f'-m "((database or postgresql) and not one_database) or simulation" {CACHE}'
    assert runs == [
        f"ARGS='{there}'",
        f"make test PYTHON=\"$PYTHON\" ARGS='{here}' || here=$?",
    ]


@pytest.mark.parametrize("postgresql", [True, False])
@pytest.mark.parametrize("simulation", [True, False])
@pytest.mark.parametrize("database", [True, False])
@pytest.mark.parametrize("one_database", [True, False])
def test_nothing_is_left_out_by_both_halves(
    database: bool, postgresql: bool, simulation: bool, one_database: bool
) -> None:
    # A test that needs PostgreSQL is never one that says nothing of the kind of database.
    if postgresql and one_database:
        return
    there = ((database or postgresql) and not one_database) or simulation
    here = not postgresql and not simulation
    assert there or here
