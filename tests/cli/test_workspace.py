"""The commands that look after the workspace: what they print, and their exit codes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.db import connection

from cauce.cli.main import main
from cauce.journal import guards, queries
from cauce.journal.database import is_postgresql
from cauce.parties.models import Place
from tests.conftest import Workspace, enter, sqlite_file
from tests.journal.samples import behind_its_back, observation, place, seal

Said = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    return main([*arguments, "--lang", "en"])


def cauce(*arguments: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The command as a process of its own, as a person starts it."""
    return subprocess.run(
        [sys.executable, "-m", "cauce.cli.main", *arguments],
        env={**env, "LANGUAGE": "en"},
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


# ------------------------------------------------------------------------------- migrate


def test_migrate_makes_a_workspace_where_there_is_none(
    empty_database: Workspace, capsys: Said
) -> None:
    assert run("migrate", "--time-zone", "America/Guatemala") == 0
    assert "America/Guatemala" in capsys.readouterr().out
    assert run("verify") == 0
    assert run("doctor") == 0


def test_migrate_refuses_a_time_zone_nobody_knows(empty_database: Workspace, capsys: Said) -> None:
    assert run("migrate", "--time-zone", "Mexico") == 3
    assert "“Mexico” is not a time zone" in capsys.readouterr().err


def test_migrate_puts_back_guards_that_were_dropped(workspace: Workspace, capsys: Said) -> None:
    guards.remove("parties_place")
    assert run("verify") == 3
    assert "the guard cauce_guard_parties_place" in capsys.readouterr().out
    assert run("migrate") == 0
    assert run("verify") == 0


def test_a_folder_that_cannot_be_made_is_told(
    empty_database: Workspace, tmp_path: Path, capsys: Said
) -> None:
    (tmp_path / "file").touch()
    assert run("migrate", "--dir", str(tmp_path / "file/workspace")) == 3
    assert "could not be written" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["verify", "serve", "annul 1 --reason x", "backup kept.zip"])
def test_a_command_without_a_workspace_says_so(
    empty_database: Workspace, capsys: Said, command: str
) -> None:
    assert run(*command.split()) == 3
    assert "cauce migrate" in capsys.readouterr().err


def test_a_workspace_of_a_later_version_is_refused(workspace: Workspace, capsys: Said) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('ledger', '0099_later', '2030-01-01 00:00:00')"
        )
    for command in ("verify", "migrate", "doctor"):
        assert run(command) == 3
    assert "ledger.0099_later" in capsys.readouterr().err


# ------------------------------------------------------------------------------- verify


def test_verify_says_how_much_it_read_and_the_hash_to_note_down(
    workspace: Workspace, capsys: Said
) -> None:
    receipt = seal(place("MEX"), place("GTM"))
    assert run("verify") == 0
    printed = capsys.readouterr().out
    assert "Entries: 1; records: 2" in printed
    assert receipt.hash in printed
    assert run("verify", "--head", receipt.hash) == 0


def test_verify_names_the_entry_and_the_record_that_was_altered(
    workspace: Workspace, capsys: Said
) -> None:
    seal(place("MEX"), observation("100"))
    behind_its_back("ledger_observation", "UPDATE ledger_observation SET value = '101'")
    assert run("verify") == 3
    printed = capsys.readouterr()
    assert printed.out == (
        "Entry 1, record 1.1 (observation actual demo/APPLICATIONS MEX 2023): it was altered.\n"
    )
    assert "altered: 1 finding" in printed.err


def test_verify_finds_a_truncated_journal_by_its_head(workspace: Workspace, capsys: Said) -> None:
    seal(place("MEX"))
    noted = seal(place("GTM")).hash
    behind_its_back("parties_place", "DELETE FROM parties_place WHERE seq = 2")
    behind_its_back("journal_entry", "DELETE FROM journal_entry WHERE seq = 2")
    assert run("verify") == 0
    assert run("verify", "--head", noted) == 3
    assert f"No entry has the hash {noted}" in capsys.readouterr().out


# ------------------------------------------------------------------------------- annul


def test_annul_takes_a_record_out_and_is_itself_an_entry(
    workspace: Workspace, capsys: Said
) -> None:
    seal(place("MEX"), place("GTM"))
    assert run("annul", "1.1", "--reason", "typed twice", "--by", "Ana") == 0
    assert "1.1 is annulled by entry 2" in capsys.readouterr().out
    entry = queries.entry(2)
    assert (entry.who, entry.why, entry.count) == ("Ana", "typed twice", 1)
    assert len(queries.current_definitions(Place, head=2)) == 1


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["9", "--reason", "x"], 3, "no entry “9”"),
        (["1.7", "--reason", "x"], 3, "no record “1.7”"),
        (["1", "--reason", " "], 3, "reason"),
        (["1"], 2, "--reason"),
    ],
)
def test_what_cannot_be_annulled_is_refused(
    workspace: Workspace, capsys: Said, arguments: list[str], code: int, words: str
) -> None:
    seal(place("MEX"))
    assert run("annul", *arguments) == code
    assert words in capsys.readouterr().err


# ------------------------------------------------------------------------------- backup


def test_a_backup_is_restored_into_a_new_folder(
    two_workspaces: tuple[Workspace, Workspace], tmp_path: Path, capsys: Said
) -> None:
    _, second = two_workspaces
    receipt = seal(place("MEX"))
    assert run("backup", str(tmp_path / "kept.zip")) == 0
    assert receipt.hash in capsys.readouterr().out
    enter(second)
    assert run("restore", str(tmp_path / "kept.zip"), "--dir", str(second.dir)) == 0
    assert receipt.hash in capsys.readouterr().out
    assert run("verify", "--head", receipt.hash) == 0


def test_a_restore_that_is_refused_makes_no_workspace(
    empty_database: Workspace, tmp_path: Path, capsys: Said
) -> None:
    (tmp_path / "kept.zip").write_bytes(b"nonsense")
    assert run("restore", str(tmp_path / "kept.zip")) == 3
    assert run("restore", str(tmp_path / "nothing.zip")) == 3
    assert not empty_database.dir.exists()
    assert "not a backup" in capsys.readouterr().err


# ------------------------------------------------------------------------------- doctor


def test_doctor_says_what_is_wrong_and_what_to_do(workspace: Workspace, capsys: Said) -> None:
    assert run("doctor") == 0
    (workspace.dir / "secret-key").chmod(0o644)
    assert run("doctor") == 3
    printed = capsys.readouterr().out
    assert "WRONG      secret key" in printed
    assert "chmod 600" in printed


def test_doctor_works_where_nothing_is(empty_database: Workspace, capsys: Said) -> None:
    assert run("doctor") == 3
    assert "WRONG" in capsys.readouterr().out


# ------------------------------------------------------------------------------- the program


def test_the_version_is_told(capsys: Said) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("cauce ")


@pytest.mark.parametrize("arguments", [[], ["frobnicate"], ["verify", "--no-such-option"]])
def test_a_line_that_cannot_be_read_is_usage(capsys: Said, arguments: list[str]) -> None:
    assert main([*arguments, "--lang", "es"]) == 2
    assert "uso:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("language", "word"), [("es", "número"), ("en", "number"), ("fr", "numéro")]
)
def test_errors_are_in_the_language_of_the_person(
    workspace: Workspace, capsys: Said, language: str, word: str
) -> None:
    assert main(["--lang", language, "annul", "9", "--reason", "x"]) == 3
    assert word in capsys.readouterr().err


def test_the_folder_can_be_named_before_or_after_the_command(
    workspace: Workspace, tmp_path: Path
) -> None:
    environment = workspace.environment
    environment.pop("CAUCE_DIR")
    for arguments in (
        ["--dir", str(workspace.dir), "verify"],
        ["verify", "--dir", str(workspace.dir)],
    ):
        done = cauce(*arguments, env=environment)
        assert (done.returncode, done.stderr) == (0, "")


def test_a_reader_who_has_enough_is_no_error(workspace: Workspace) -> None:
    # `cauce doctor | head -0`: the pipe is closed before anything is written.
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        [sys.executable, "-m", "cauce.cli.main", "doctor"],
        env=workspace.environment,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)
    assert (done.returncode, done.stderr) == (141, "")


# ------------------------------------------------------------------------------- serve


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_serving_is_refused_without_guards(workspace: Workspace, capsys: Said) -> None:
    guards.remove("ledger_observation")
    assert run("serve", "--port", str(free_port())) == 3
    assert "ledger_observation" in capsys.readouterr().err


def test_a_port_in_use_is_told(workspace: Workspace, capsys: Said) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert run("serve", "--port", str(taken.getsockname()[1])) == 3
    assert "in use" in capsys.readouterr().err
    assert run("serve", "--port", "99999999") == 2


@pytest.mark.slow
@pytest.mark.parametrize("options", [[], ["--reload"]])
def test_the_site_is_served_until_it_is_interrupted(
    workspace: Workspace, options: list[str]
) -> None:
    port = free_port()
    connection.close()
    server = subprocess.Popen(
        [sys.executable, "-m", "cauce.cli.main", "serve", "--port", str(port), *options],
        env=workspace.environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        # A shell that runs the tests in the background has them ignore it, and so their children.
        preexec_fn=heed_interrupts,
    )
    try:
        assert answer(f"http://127.0.0.1:{port}/") in (200, 302)
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 0
    finally:
        if server.poll() is None:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def heed_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def answer(address: str) -> int:
    for _ in range(120):
        time.sleep(0.25)
        try:
            with urllib.request.urlopen(address) as response:  # noqa: S310 - our own server
                return int(response.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            continue
    raise AssertionError("the server never answered")


def test_a_new_database_file_is_not_made_by_looking(empty_database: Workspace) -> None:
    if is_postgresql():
        return  # there is no file
    assert run("verify") == 3
    assert not sqlite_file(empty_database.dir).exists()
