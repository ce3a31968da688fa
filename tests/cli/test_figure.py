"""`cauce figure` and `cauce export csv`: what they print, refuse and never let out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from cauce.cli.main import main
from tests.conftest import Workspace
from tests.figures.record import Record

value = Record.value


@pytest.fixture
def record(workspace: Workspace) -> Record:
    made = Record().start(preset="flow")
    made.seal(
        Record.due("A", "MEX"),
        Record.due("B", "MEX"),
        value("A MEX 2022", 10),
        value("A MEX 2023", 1000),
        value("B MEX 2022", 73219, audience="members"),
        value("C MEX 2022", 5, method="=HYPERLINK(1)"),
    )
    return made


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main([*arguments, "--lang", "en"])
    said = capsys.readouterr()
    return code, said.out, said.err


ASK = ("figure", "t/I", "--place", "MEX", "--period", "2022", "--party", "t/A")


def test_a_figure_is_a_table_json_or_csv(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    code, table, _ = run(capsys, *ASK)
    assert (code, "10" in table.splitlines()[2]) == (0, True)
    code, text, _ = run(capsys, *ASK, "--format", "json")
    (figure,) = json.loads(text)["figures"]
    assert (code, figure["value"], figure["bound"], figure["state"]) == (0, "10", "exact", "known")
    code, text, _ = run(capsys, *ASK, "--format", "csv")
    (row,) = csv.DictReader(io.StringIO(text))
    assert (code, row["value"], row["state"]) == (0, "10", "known")


def test_what_is_not_public_stands_under_a_line_that_says_so(
    record: Record, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("figure", "t/I", "--place", "MEX", "--period", "2022", "--party", "t/B")
    _, public, _ = run(capsys, *asked)
    assert "73,219" not in public
    assert "Not public" not in public
    for audience, who in (
        ("members", "each member organisation"),
        ("owner:t/B", "whoever reported it (B)"),
        ("secretariat", "the secretariat"),
    ):
        _, shown, _ = run(capsys, *asked, "--audience", audience)
        assert shown.splitlines()[0] == f"Not public: it may be seen by {who}."
        assert "73,219" in shown
    code, data, beside = run(capsys, *asked, "--audience", "members", "--format", "json")
    assert json.loads(data)["figures"][0]["value"] == "73219"
    assert (code, "Not public" in beside) == (0, True)


def test_one_figure_for_each_year(record: Record, capsys: pytest.CaptureFixture[str]) -> None:
    years = ("figure", "t/I", "--period", "2022/2023", "--party", "t/A", "--by", "year")
    _, text, _ = run(capsys, *years, "--format", "json")
    assert [f["value"] for f in json.loads(text)["figures"]] == ["10", "1000"]


def test_a_file_asks_many_questions_of_any_kind(
    record: Record, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "questions.json"
    asked = [
        {"ask": "indicator", "indicator": "t/I", "period": "2022", "party": "t/A"},
        {"ask": "count", "of": "commitments"},
        {"ask": "indicator", "indicator": "t/I", "period": "2022", "audience": "members"},
    ]
    file.write_text(json.dumps({"questions": asked}))
    code, text, _ = run(capsys, "figure", "--file", str(file), "--format", "json")
    states = [f["state"] for f in json.loads(text)["figures"]]
    assert (code, states) == (0, ["known", "absent", "refused"])


@pytest.mark.parametrize(
    ("content", "place"),
    [
        ("{", "questions.json:1"),
        ('["a"]', "questions.json"),
        ('{"questions": [{"ask": "indicator"}]}', "questions[1]"),
        ('{"questions": [{"ask": "count", "of": "members", "on": "12/07/2022"}]}', "questions[1]"),
        ("\xff", "questions.json"),
    ],
)
def test_a_file_that_does_not_say_a_question_is_refused_with_its_place(
    record: Record,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    content: str,
    place: str,
) -> None:
    file = tmp_path / "questions.json"
    file.write_bytes(content.encode("latin-1"))
    code, out, err = run(capsys, "figure", "--file", str(file))
    assert (code, out) == (3, "")
    assert place in err


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("figure", "t/NO", "--period", "2022"), 3, "t/NO"),
        (("figure", "t/I", "--period", "2022", "--place", "ATLANTIS"), 3, "ATLANTIS"),
        (("figure", "t/I", "--period", "2022-13"), 3, "2022-13"),
        (("figure", "t/I", "--period", "2022", "--known-at", "yesterday"), 3, "yesterday"),
        (("figure", "t/I", "--period", "2022", "--where", "sex:f"), 3, "sex:f"),
        (("figure", "t/I", "--period", "2022", "--audience", "everybody"), 3, "everybody"),
        (("figure", "t/I", "--period", "2022", "--head", "99"), 3, "99"),
        (("figure", "t/I"), 2, "--period"),
        (("figure",), 2, "INDICATOR"),
        (("figure", "t/I", "--file", "x.json"), 2, "INDICATOR"),
        (("figure", "--file", "not-there.json"), 3, "not-there.json"),
    ],
)
def test_what_cannot_be_asked_is_said_with_its_place_and_code(
    record: Record,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    code: int,
    said: str,
) -> None:
    found, out, err = run(capsys, *arguments)
    assert (found, out) == (code, "")
    assert said in err


def test_an_export_holds_what_the_public_may_see_and_no_formula(
    record: Record, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "values.csv"
    code, out, _ = run(capsys, "export", "csv", "-o", str(file))
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    assert (code, out) == (0, "")
    assert sorted(row["value"] for row in rows) == ["10", "1000", "5"]
    assert "73219" not in file.read_text()
    # The method is a part of ``where``, which begins with its name: nothing begins a formula.
    assert all(not cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    _, members, _ = run(capsys, "export", "csv", "--audience", "members")
    assert "73219" in members
