"""`cauce plan`: what it answers in each form, what it refuses and where, and how it is stopped."""

from __future__ import annotations

import io
import json
import re
import signal
from importlib import resources
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from python_calamine import CalamineWorkbook

from cauce.cli import plan as door
from cauce.cli import plan_running
from cauce.cli.main import main
from cauce.cli.plan_reading import read_file
from cauce.engines.capacity.plan_file import KINDS
from cauce.engines.capacity.result import ENGINES

SHIPPED = resources.files("cauce.engines.capacity").joinpath("examples")

#: A clinic without chance: 100 wait, 10 come in a day of work and 5 people decide 2 each.
OFFICE = """\
plan: backlog
title: Una oficina
seed: 5
start:
  date: 2026-01-05
  waiting: [{stage: decision, files: 100}]
calendar: {working_days: [mon, tue, wed, thu, fri, sat, sun]}
stages:
  - {name: decision, staff: 5, cases_per_person: 2 per working day}
arrivals:
  - {rate: 84 per week}
look: {until: 2026-03-01, every: 7 days, replications: 3, engine: fluid}
"""

#: What people must never read: names of engines, and words of the trade.
TRADE = re.compile(
    r"\b(fluid|tau|event|engine|motor|replic\w+|répli\w+|wilson|utili[sz]\w+|MASE|CRPS|null|None|nan)\b",
    re.IGNORECASE,
)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["plan", *arguments])
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def office(tmp_path: Path) -> Path:
    path = tmp_path / "office.yaml"
    path.write_text(OFFICE, encoding="utf-8")
    return path


def example(tmp_path: Path, name: str) -> str:
    path = tmp_path / f"{name}.yaml"
    path.write_text(SHIPPED.joinpath(path.name).read_text("utf-8"), encoding="utf-8")
    return str(path)


def quick(name: str) -> list[str]:
    """What makes an example quick enough to be run many times."""
    if name == "lanes":
        return ["--replications", "1"]
    return ["--engine", "fluid"] if name in ("backlog", "staff", "comar") else []


def kind(name: str) -> str:
    return "backlog" if name == "comar" else name


# ------------------------------------------------------------------------------- what it says


def test_the_backlog_is_a_sentence_and_a_table_by_month(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "backlog", str(office), "--lang", "es")
    lines = out.splitlines()
    assert (code, lines[0]) == (0, "Una oficina")
    # 55 days: 100 + 55 × 12 − 55 × 10
    assert lines[1] == (
        "El 1 de marzo de 2026 quedarían pendientes alrededor de 210 casos; "
        "al empezar, el 5 de enero de 2026, son 100."
    )
    assert re.sub(" +", " ", lines[-2]) == "1 de febrero de 2026 154 324 270"
    assert err == "· Cálculo rápido: da promedios y no dice cuánto pueden variar.\n"


def test_json_has_numbers_days_and_the_names_of_the_trade(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "backlog", str(office), "--format", "json", "--seed", "9")
    data = json.loads(out)
    assert (code, data["seed"], data["engine"], data["replications"]) == (0, 9, "fluid", 1)
    assert [row["date"] for row in data["rows"]] == [
        "2026-01-05", "2026-02-01", "2026-03-01",
    ]  # fmt: skip
    assert data["rows"][-1]["pending"] == {"low": 210, "median": 210, "high": 210}
    assert data["rows"][-1]["pending_by_stage"]["decision"]["median"] == 210
    assert data["notes"][0] == {"code": "no_chance", "params": {}}


def test_chance_gives_a_band_and_the_same_seed_the_same_numbers(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("backlog", str(office), "--engine", "event", "--replications", "4", "--lang", "en")
    code, out, _ = run(capsys, *asked)
    assert (code, "(8 times out of 10)" in out, "Pending, from" not in out) == (0, True, True)
    assert run(capsys, *asked)[1] == out


def test_what_is_compared_stands_beside_it_with_the_difference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "compare.yaml"
    more = "\ncompare:\n  - {name: one more, staff: {decision: 6}}\n"
    more += "  - {name: one less, staff: {decision: 4}}\n  - {name: nothing, arrivals: 1}\n"
    path.write_text(OFFICE + more)
    code, out, _ = run(capsys, "backlog", str(path), "--lang", "en")
    # 2 a day more or less for 55 days.
    assert "If “one more”: about 100; about 110 fewer." in out
    assert "If “one less”: about 320; about 110 more." in out
    assert "If “nothing”: about 210; it is not sure that this is a difference." in out
    assert (code, "Pending, if…" in out) == (0, True)
    _, out, _ = run(capsys, "backlog", str(path), "--format", "json")
    assert [one["name"] for one in json.loads(out)["compare"]] == [
        "one more",
        "one less",
        "nothing",
    ]


def test_what_is_in_doubt_widens_the_answer_and_what_moves_it_most_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "doubt.yaml"
    doubtful = OFFICE.replace("files: 100", "files: {between: [80, 120]}")
    path.write_text(doubtful.replace("rate: 84 per week", "rate: {at_least: 84 per week}"))
    code, out, err = run(capsys, "backlog", str(path), "--lang", "en")
    assert "between 190 and 230 cases would be pending, because some of the data" in out
    assert "there are between 80 and 120." in out
    assert "What moves the outcome most: “start.waiting[0].files” (by up to 40)." in out
    assert "Nothing says how much “arrivals[0].rate” may be at most" in err
    assert code == 0
    _, out, _ = run(capsys, "backlog", str(path), "--format", "json")
    (first, *_) = json.loads(out)["doubtful"]
    assert first == {"field": "start.waiting[0].files", "low": 80, "central": 100, "high": 120,
                     "moved": 40}  # fmt: skip


@pytest.mark.simulation
def test_staff_says_who_is_missing_or_what_comes_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = example(tmp_path, "staff")
    code, out, err = run(capsys, "staff", path, *quick("staff"), "--lang", "es")
    assert re.search(r"Faltan \d+ personas en «interview», del 2 de febrero de 2026 al ", out)
    assert "Lo que limita: «" in out
    assert "debe estar 28 días antes" in err
    poor = tmp_path / "poor.yaml"
    poor.write_text(Path(path).read_text("utf-8").replace("budget: 9000000", "budget: 9000"))
    code, out, _ = run(capsys, "staff", str(poor), *quick("staff"), "--lang", "es")
    assert "No se puede para el 5 de diciembre de 2026." in out
    assert "Lo que limita: el presupuesto (9,000)" in out
    assert (code, "Más, con lo" in out) == (0, True)
    _, out, _ = run(capsys, "staff", str(poor), *quick("staff"), "--format", "json")
    data = json.loads(out)
    assert (data["possible"], data["binding"], data["by"]) == (False, "budget", "2026-12-05")


def test_lanes_are_told_by_the_hour_with_and_without_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = example(tmp_path, "lanes")
    code, out, err = run(capsys, "lanes", path, "--replications", "2", "--lang", "es")
    assert "carriles abiertos, según la hora, para que 9 de cada 10 vehículos esperen 20 min" in out
    assert (code, out.count("hasta que abra")) == (0, 24)  # six hours, two plans, two waits
    assert "llegaron con el puerto cerrado" in err
    _, out, _ = run(capsys, "lanes", path, "--replications", "2", "--format", "json")
    data = json.loads(out)
    assert [row["hour"] for row in data["rows"]] == list(range(24))
    assert max(row["lanes"] for row in data["works"]) <= 8
    assert data["rows"][0]["open"] is False


def test_a_forecast_says_how_sure_it_is_and_how_each_method_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = example(tmp_path, "forecast")
    code, out, _ = run(capsys, "forecast", path, "--lang", "es")
    assert "De enero de 2025 a junio de 2025 llegarían en total entre " in out
    assert "lo mismo que hace un año; por eso se usó eso." in out
    assert (code, "Cómo le fue a cada método con el pasado" in out) == (0, True)
    _, out, _ = run(capsys, "forecast", path, "--format", "json")
    data = json.loads(out)
    assert data["rows"][0]["from"] == "2025-01-01"
    assert len(data["rows"]) == data["scores"][0]["horizon"] == 6
    assert [one["name"] for one in data["scenarios"]] == [
        "a shelter closes elsewhere", "the border is closed",
    ]  # fmt: skip


# ------------------------------------------------------------------------------- every form


@pytest.mark.simulation
@pytest.mark.parametrize("language", ["es", "en", "fr"])
@pytest.mark.parametrize("name", door.EXAMPLES)
def test_every_example_is_told_in_plain_words_in_every_language(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, language: str
) -> None:
    asked = (kind(name), example(tmp_path, name), *quick(name), "--lang", language)
    code, out, err = run(capsys, *asked)
    assert code == 0
    # The names of fields in the file are the reader's own.
    said = re.sub("[«“][^»”]*[»”]", "", out + err)
    assert TRADE.findall(said) == []
    assert "plan." not in said
    is_made_up = any(words in out.splitlines()[0] for words in ("DATOS", "MADE-UP", "DONNÉES"))
    assert is_made_up == (name != "comar")


@pytest.mark.simulation
@pytest.mark.parametrize("name", door.EXAMPLES)
def test_every_example_is_a_workbook_and_a_picture_that_say_what_is_made_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    book, picture = tmp_path / "plan.xlsx", tmp_path / "plan.svg"
    asked = (kind(name), example(tmp_path, name), *quick(name), "--lang", "es")
    assert run(capsys, *asked, "--format", "xlsx", "-o", str(book))[:2] == (0, "")
    assert run(capsys, *asked, "--format", "svg", "-o", str(picture))[:2] == (0, "")
    sheets = CalamineWorkbook.from_path(str(book))
    table, notes = (sheets.get_sheet_by_name(each).to_python() for each in ("Tabla", "Notas"))
    assert {type(row[-1]) for row in table[1:]} <= {float, str}
    assert any(isinstance(cell, float) for cell in table[-2])
    text = picture.read_text("utf-8")
    root = ElementTree.fromstring(text)  # noqa: S314  # made here
    assert (root.get("role"), root.get("lang")) == ("img", "es")
    assert "script" not in text
    invented = "DATOS INVENTADOS: no son datos reales; no los cite."
    assert ((["Aviso", invented] in notes), (invented in text)) == (name != "comar",) * 2


def test_a_title_or_name_is_no_formula_in_the_workbook(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, book = tmp_path / "plan.yaml", tmp_path / "plan.xlsx"
    evil = OFFICE.replace("title: Una oficina", "title: =HYPERLINK(1)")
    path.write_text(evil + "compare: [{name: '=1+1', arrivals: 1}]\n")
    assert run(capsys, "backlog", str(path), "--format", "xlsx", "-o", str(book))[0] == 0
    import zipfile

    with zipfile.ZipFile(book) as packed:
        cells = "".join(packed.read(n).decode() for n in packed.namelist() if "sheet" in n)
    assert "<f>" not in cells


def test_the_same_stands_in_a_file_and_on_the_screen(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, out, _ = run(capsys, "backlog", str(office))
    assert run(capsys, "backlog", str(office), "-o", str(tmp_path / "out.txt"))[:2] == (0, "")
    assert (tmp_path / "out.txt").read_text("utf-8") == out


def test_a_workbook_is_not_thrown_at_a_terminal_and_goes_through_a_pipe(
    office: Path, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert main(["plan", "backlog", str(office), "--format", "xlsx"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"PK")
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True)
    monkeypatch.setattr("sys.stdout", screen)
    assert main(["plan", "backlog", str(office), "--format", "xlsx"]) == 2
    assert screen.getvalue() == ""


def test_a_file_that_cannot_be_written_is_an_error(
    office: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = str(tmp_path / "no/where.svg")
    code, _, err = run(capsys, "backlog", str(office), "--format", "svg", "-o", nowhere)
    assert (code, "where.svg" in err) == (3, True)


# ------------------------------------------------------------------------------- what it refuses


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("staff: 5", "staff: 5.5", "9 stages.decision.staff:"),
        ("staff: 5, ", "", "9 stages.decision.staff:"),
        ("date: 2026-01-05", "date: 5/1/26", "5 start.date:"),
        ("files: 100", "files: {at_least: -1}", "6 start.waiting[0].files:"),
        ("rate: 84 per week", "rate: 84", "11 arrivals[0].rate:"),
        ("engine: fluid", "motor: fluid", "12 look.motor:"),
        ("plan: backlog", "plan: staff", "1 plan:"),
        ("plan: backlog", "plan: [backlog", "2:"),
        ("title: Una oficina", "title: &x Una oficina", "2:"),
        ("title: Una oficina", "title: !!python/name:os.system x", "2:"),
        ("title: Una oficina", "title: \x07", "2:"),
        ("title: Una oficina", "seed: 1", "3:"),
        ("title: Una oficina", "? [a]\n: b", "2:"),
        ("title: Una oficina", f"title: {'[' * 40}{']' * 40}", "2:"),
        ("plan: backlog", "---\nplan: backlog\n---\n", "3:"),
    ],
)
def test_everything_wrong_is_told_with_its_line(
    office: Path, capsys: pytest.CaptureFixture[str], old: str, new: str, place: str
) -> None:
    assert old in OFFICE
    office.write_text(OFFICE.replace(old, new), encoding="utf-8")
    code, out, err = run(capsys, "backlog", str(office), "--lang", "es")
    assert (code, out) == (3, "")
    assert f"office.yaml:{place} " in err


def test_a_plan_of_another_kind_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "lanes", example(tmp_path, "staff"), "--lang", "en")
    assert code == 3
    assert "staff.yaml:3 plan: This file is a plan of the kind “staff”" in err
    assert "Use “cauce plan staff”" in err


def test_an_empty_file_is_told_where_to_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in ("", "# nothing yet\n"):
        path = tmp_path / "empty.yaml"
        path.write_text(content, encoding="utf-8")
        code, _, err = run(capsys, "lanes", str(path), "--lang", "en")
        assert code == 3
        assert "The file is empty. Start from an example: cauce plan example lanes." in err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("p.json", b'{"plan": "backlog",}', "p.json:1"),
        ("p.json", b'{"plan": "backlog", "plan": "staff"}', "p.json"),
        ("p.json", b"[" * 100_000, "p.json"),
        ("p.yaml", b"\xff", "p.yaml"),
        ("p.yaml", b"", "p.yaml"),
        ("p.yaml", b"a" * 2_000_001, "p.yaml"),
    ],
)
def test_what_is_no_plan_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    code, out, err = run(capsys, "backlog", str(tmp_path / name))
    assert (code, out, said in err) == (3, "", True)


def test_a_file_that_is_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "backlog", str(tmp_path / "no.yaml"))[0] == 3


def test_what_the_engine_refuses_is_of_the_file(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "backlog", str(office), "--replications", "0", "--lang", "en")
    assert (code, "office.yaml" in err, "replications" in err) == (3, True, True)


def test_yaml_and_json_say_the_same(office: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = office.with_suffix(".json")
    path.write_text(json.dumps(read_file(office).data))
    asked = ("--format", "json", "--lang", "es")
    assert run(capsys, "backlog", str(path), *asked) == run(capsys, "backlog", str(office), *asked)


# ------------------------------------------------------------------------------- stopping


def test_ctrl_c_prints_what_is_known_so_far_and_ends_with_130(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    def stop_in_the_third(more: Any, is_stopped: Any) -> Any:
        def progress(done: int, of: int) -> bool:
            told.append(done)
            if done == 3:
                signal.raise_signal(signal.SIGINT)
            return not is_stopped()

        return progress

    monkeypatch.setattr(plan_running, "told_by", stop_in_the_third)
    before = signal.getsignal(signal.SIGINT)
    asked = ("backlog", str(office), "--engine", "event", "--replications", "9", "--lang", "en")
    code, out, err = run(capsys, *asked)
    assert (code, told) == (130, [1, 2, 3])
    assert "would be pending" in out
    assert "Stopped before it was done: 3 of 9 runs." in err
    assert signal.getsignal(signal.SIGINT) is before


def test_a_second_ctrl_c_ends_at_once(
    office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def twice(more: Any, is_stopped: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(plan_running, "told_by", twice)
    code, out, _ = run(capsys, "backlog", str(office))
    assert (code, out) == (130, "")


# ------------------------------------------------------------------------------- what is shipped


def test_the_door_knows_the_kinds_engines_and_examples_of_the_engine() -> None:
    assert (door.KINDS, door.ENGINES) == (KINDS, ENGINES)
    assert {f"{name}.yaml" for name in door.EXAMPLES} == {path.name for path in SHIPPED.iterdir()}


def test_examples_and_the_schema_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    for name in door.EXAMPLES:
        code, out, _ = run(capsys, "example", name)
        assert (code, out.strip()) == (0, SHIPPED.joinpath(f"{name}.yaml").read_text().strip())
    code, out, _ = run(capsys, "schema")
    jsonschema.Draft202012Validator.check_schema(json.loads(out))
    assert code == 0


# ------------------------------------------------------------------------------- the reference


def keys(data: object) -> set[str]:
    """The keys at every depth; not those that are names in the file, nor of
    parameters of codes, which have a reference of their own."""
    if isinstance(data, list):
        return set().union(*(keys(each) for each in data))
    if not isinstance(data, dict):
        return set()
    below = (
        keys(list(each.values()) if name in ("pending_by_stage", "overdue") else each)
        for name, each in data.items()
        if name != "params"
    )
    return {*data, *set().union(*below)}


@pytest.mark.simulation
@pytest.mark.parametrize("name", door.EXAMPLES)
def test_every_key_of_the_json_is_in_the_reference(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    asked = (kind(name), example(tmp_path, name), *quick(name), "--format", "json")
    _, out, _ = run(capsys, *asked)
    page = Path(__file__).parents[2].joinpath("docs/reference/json.md").read_text("utf-8")
    section = page.partition("\n## Plans\n")[2]
    assert [key for key in sorted(keys(json.loads(out))) if f"`{key}`" not in section] == []


def test_the_example_in_the_reference_is_what_is_printed(
    office: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path(__file__).parents[2].joinpath("docs/reference/json.md").read_text("utf-8")
    section = page.partition("\n## Plans\n")[2]
    told = json.loads(section.partition("```json\n")[2].partition("```")[0])
    office.write_text(OFFICE.replace("title: Una oficina\n", ""))
    _, out, _ = run(capsys, "backlog", str(office), "--format", "json", "--lang", "en")
    made = json.loads(out)
    assert told == {**made, "rows": made["rows"][-1:]}


@pytest.mark.parametrize("name", ["backlog", "staff", "lanes", "comar"])
@pytest.mark.parametrize("form", ["table", "svg"])
def test_what_was_stopped_at_once_is_still_told(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    form: str,
) -> None:
    monkeypatch.setattr(plan_running, "told_by", lambda *_: lambda done, of: False)
    more = ["--replications", "2", *([] if name == "lanes" else ["--engine", "event"])]
    path = tmp_path / f"{name}.yaml"
    example(tmp_path, name)
    if name == "comar":
        # Of 600,000 cases it would be told too, and later.
        path.write_text(OFFICE.replace("files: 100", "files: {between: [80, 120]}"))
    code, out, err = run(capsys, kind(name), str(path), *more, "--format", form, "--lang", "en")
    assert (code, bool(out)) == (130, True)
    assert err.count("Stopped before it was done") == 1
