"""`cauce demo`: everything from one command, and nothing more from a second."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from cauce.cli import demo
from cauce.cli.main import main
from cauce.journal import queries as journal
from cauce.statements import queries as sheets
from tests.conftest import Workspace
from tests.published import NAME

pytestmark = pytest.mark.slow


def issued(folder: Path) -> dict[str, bytes]:
    return {str(p): p.read_bytes() for p in (folder / "issued").rglob("*") if p.is_file()}


def test_it_makes_loads_issues_and_prints_and_a_second_run_changes_nothing(
    empty_database: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["demo", "--no-serve", "--lang", "es"]
    assert main(arguments) == 0
    first = capsys.readouterr().out
    assert "78,975 personas" in first
    assert "más de 40,000 personas" in first
    assert "sin dato" in first
    # Of what is invented it prints nothing, least of all what is not public.
    assert "invent" not in first
    assert not {"71,717", "83,838"} & set(first.split())
    head, kept = journal.head(), issued(empty_database.dir)
    assert [issue.name for issue in sheets.issued()] == [NAME]
    assert main(arguments) == 0
    assert (journal.head(), issued(empty_database.dir)) == (head, kept)
    # What was done once is not told again; the figures are.
    assert capsys.readouterr().out in first


def test_what_it_prints_is_what_the_sheet_first_shows(published: Workspace) -> None:
    shown = list(demo.headlines("en"))
    assert ["78,975 people" in row[2] for row in shown].count(True) == 1
    assert len(shown) == len(sheets.latest(NAME).document()["headlines"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_it_serves_what_it_made(tmp_path: Path) -> None:
    port = free_port()
    command = ["-m", "cauce.cli.main", "demo", "--dir", str(tmp_path / "demo"), "--port", str(port)]
    environment = {**os.environ, "DATABASE_URL": "", "PYTHONUTF8": "1"}
    server = subprocess.Popen(
        [sys.executable, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    try:
        page = waited_for(f"http://127.0.0.1:{port}/es/fichas/{NAME}/", server)
    finally:
        server.terminate()
        out, _ = server.communicate(timeout=60)
    assert b"Ficha informativa" in page
    assert f"http://127.0.0.1:{port}/es/fichas/{NAME}/" in out.decode("utf-8")


def waited_for(address: str, server: subprocess.Popen[bytes]) -> bytes:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as response:  # noqa: S310 - our own
                return bytes(response.read())
        except OSError:
            assert server.poll() is None, server.communicate()[1].decode("utf-8")
            time.sleep(0.2)
    raise AssertionError("the server did not answer")
