"""Does ``cauce pack`` say what it found and did, in the reader's language, with its exit code?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cauce.cli.main import main
from cauce.journal import queries
from tests.conftest import Workspace
from tests.packs.files import changed, pack_at

Capture = pytest.CaptureFixture[str]


def run(*arguments: str) -> int:
    return main(["pack", *arguments, "--lang", "en"])


def lines(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_a_sound_pack_is_summed_up(workspace: Workspace, tmp_path: Path, capsys: Capture) -> None:
    assert run("check", pack_at(tmp_path / "x")) == 0
    shown = capsys.readouterr()
    assert lines(shown.out)[2] == ["x", "1", "14", "3"]
    assert shown.err == "No problem was found.\n"
    assert queries.head() == 0


def test_every_problem_is_told_with_place_and_fix(
    workspace: Workspace, tmp_path: Path, capsys: Capture
) -> None:
    path = pack_at(tmp_path / "x", changed("observations.csv", "2022,,100", "20222,,1e3"))
    assert run("check", path) == 3
    shown = capsys.readouterr()
    assert shown.out == ""
    first, second, *_ = shown.err.splitlines()
    assert first.startswith(f"{path}/observations.csv:2 period: “20222”")
    assert second.startswith(f"{path}/observations.csv:2 value: “1e3” is not a number. Write")


def test_problems_as_data(workspace: Workspace, tmp_path: Path, capsys: Capture) -> None:
    path = pack_at(tmp_path / "x", changed("organisations.csv", "x/B", "x/A"))
    for command in ("check", "load"):
        assert run(command, path, "--format", "json") == 3
        (problem,) = told_as_json(capsys)["problems"]
        assert (problem["code"], problem["params"]["id"]) == ("duplicate_id", "x/A")
        assert problem["place"] == {
            "file": f"{path}/organisations.csv",
            "sheet": "",
            "line": "3",
            "column": "code",
        }
        assert problem["what"]
        assert problem["fix"]


def test_a_pack_is_checked_where_there_is_no_workspace(
    empty_database: Workspace, tmp_path: Path, capsys: Capture
) -> None:
    assert run("check", pack_at(tmp_path / "x"), "--format", "json") == 0
    assert told_as_json(capsys) == {
        "packs": [{"name": "x", "version": "1", "definitions": 14, "facts": 3}]
    }
    assert not empty_database.dir.exists()


def test_a_load_says_what_became_an_entry(
    workspace: Workspace, tmp_path: Path, capsys: Capture
) -> None:
    path = pack_at(tmp_path / "x")
    assert run("load", path, "--by", "ana") == 0
    assert lines(capsys.readouterr().out)[2] == ["x", "1", "1", "17", "0", "0", "0"]
    assert queries.entry(1).who == "ana"

    assert run("load", path) == 0
    shown = capsys.readouterr()
    assert lines(shown.out)[2] == ["x", "1", "–", "0", "17", "0", "0"]
    assert shown.err == "There was nothing new: nothing was recorded.\n"


def test_a_load_as_data(workspace: Workspace, tmp_path: Path, capsys: Capture) -> None:
    path = pack_at(tmp_path / "x")
    assert run("load", path, "--format", "json") == 0
    (loaded,) = told_as_json(capsys)["packs"]
    entry = queries.entry(1)
    assert loaded == {
        "name": "x",
        "version": "1",
        "entry": 1,
        "hash": entry.hash,
        "digest": entry.digest,
        "recorded": 17,
        "unchanged": 0,
        "closed": [],
        "left": 0,
    }
    assert run("load", path, "--format", "json") == 0
    (again,) = told_as_json(capsys)["packs"]
    assert (again["entry"], again["hash"]) == (None, None)


def test_shipped_packs_are_loaded_by_name_or_all(workspace: Workspace, capsys: Capture) -> None:
    assert run("load", "rcm") == 0
    assert run("load", "rcm", "--shipped", "--format", "json") == 0
    _, _, text = capsys.readouterr().out.partition("{")
    loaded = json.loads("{" + text)["packs"]
    assert {"rcm", "asylum", "border", "sembrando-oportunidades"} <= {x["name"] for x in loaded}


def test_a_load_of_nothing_is_a_mistake_of_usage(workspace: Workspace, capsys: Capture) -> None:
    assert run("load") == 2
    assert "--shipped" in capsys.readouterr().err


def test_an_export_says_what_it_wrote(
    workspace: Workspace, tmp_path: Path, capsys: Capture
) -> None:
    run("load", pack_at(tmp_path / "x"))
    capsys.readouterr()
    out = tmp_path / "out.xlsx"
    assert run("export", str(out), "--pack", "x") == 0
    shown = capsys.readouterr().out
    assert ["observations", "3"] in lines(shown)
    assert shown.endswith(f"Pack x written to {out}, as it is at entry 1.\n")
    assert run("export", str(out), "--pack", "x") == 3
    assert str(out) in capsys.readouterr().err


def test_an_export_as_data(workspace: Workspace, tmp_path: Path, capsys: Capture) -> None:
    run("load", pack_at(tmp_path / "x"))
    capsys.readouterr()
    assert run("export", str(tmp_path / "new/x"), "--head", "1", "--format", "json") == 0
    written = told_as_json(capsys)
    assert (written["name"], written["head"], written["counts"]["observations"]) == ("x", 1, 3)


def told_as_json(capsys: Capture) -> Any:
    return json.loads(capsys.readouterr().out)
