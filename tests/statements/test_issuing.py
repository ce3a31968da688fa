"""What is issued stays, byte for byte, and says so when it does not."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import override_settings

from cauce.cli.main import main
from cauce.errors import CauceError
from cauce.figures import explain
from cauce.ledger.actions import record_all
from cauce.ledger.queries import Observation
from cauce.packs import catalogue, loading
from cauce.statements import actions, queries
from cauce.statements.verify import verify
from cauce.values.question import question_from_json
from tests.conftest import Workspace
from tests.exports.pdf_reading import text_of
from tests.statements.templates import write

NAME = "applications"
FIGURES = """
headlines: [apps]
figures:
  apps: {ask: indicator, indicator: asylum/AS-1, place: MEX, period: 2022}
"""


@pytest.fixture
def sheet(workspace: Workspace) -> Workspace:
    """A workspace with the asylum figures and a small sheet of its own."""
    loading.load(["asylum"], by="tests")
    texts = dict.fromkeys(("es", "en", "fr"), "# {{ apps }}\n")
    write(workspace.dir / "statements" / NAME, texts, FIGURES)
    return workspace


def bytes_of(issue: queries.Issue) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in issue.folder.iterdir()}


def report(value: int, published: str) -> None:
    """Later news about 2022 from the chosen source."""
    observation = Observation.from_cells(
        indicator="asylum/AS-1",
        party="asylum/COMAR",
        place="MEX",
        period="2022",
        value=value,
        status="revised",
        reporter="asylum/COMAR",
        source="asylum/S-EFE-2025-01",
        public_at=published,
    )
    record_all(records=[observation], by="tests", why="later news")


def test_an_issue_has_a_number_its_languages_and_the_digest_of_every_file(sheet: Workspace) -> None:
    issue = actions.issue(name=NAME, by="tests")
    assert (issue.number, issue.languages, issue.head) == (1, ("es", "en", "fr"), 2)
    files = bytes_of(issue)
    manifest = json.loads(files.pop("manifest.json"))
    made = {f"{one}.{form}" for one in issue.languages for form in ("html", "pdf", "docx")}
    assert set(files) == {"document.json", "index.html", *made}
    assert {name: one["sha256"] for name, one in manifest["files"].items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in files.items()
    }
    assert issue.title("es") == "119,273 personas"
    assert b"119,273 personas" in issue.html("es")


def test_a_new_issue_has_a_new_number_and_the_old_one_stays(sheet: Workspace) -> None:
    first = actions.issue(name=NAME, by="tests")
    before = bytes_of(first)
    report(119_900, "2025-06")
    second = actions.issue(name=NAME, by="tests")
    assert [issue.number for issue in queries.issues(NAME)] == [1, 2]
    assert b"119,900" in second.html("es")
    assert bytes_of(first) == before
    assert queries.latest(NAME).number == 2
    assert queries.latest(NAME, 1).html("en") == before["en.html"]
    assert verify(first) == verify(second) == ()


def test_late_news_about_the_past_changes_no_issue_but_the_next_one(sheet: Workspace) -> None:
    """A value public in 2023 and learned only now: the old head says what it said, the new one
    says the late value with its caution."""
    first = actions.issue(name=NAME, by="tests")
    asked = question_from_json(first.document()["figures"]["apps"]["question"])
    report(118_800, "2023-04-30")
    assert verify(first) == ()
    assert explain(asked).figure.answer == explain(asked).figure.answer
    then = {"ask": "indicator", "indicator": "asylum/AS-1", "place": "MEX", "period": "2022"}
    known = question_from_json({**then, "known_at": "2023-05"})
    old = question_from_json({**then, "known_at": "2023-05", "head": first.head})
    assert "118800" in str(explain(known).figure.to_json())
    assert "118800" not in str(explain(old).figure.to_json())
    assert "learned_later" in [code.code for code in explain(known).figure.caveats]


def test_an_altered_byte_is_named(sheet: Workspace) -> None:
    issue = actions.issue(name=NAME, by="tests")
    page = issue.folder / "fr.html"
    page.write_bytes(page.read_bytes().replace(b"119", b"911", 1))
    (problem,) = verify(issue)
    assert problem.code == "statement_bytes_altered"
    assert problem.place.file == str(page)


def test_a_file_that_was_taken_away_is_named(sheet: Workspace) -> None:
    issue = actions.issue(name=NAME, by="tests")
    (issue.folder / "es.html").unlink()
    assert [problem.code for problem in verify(issue)] == ["statement_bytes_altered"]


def test_a_manifest_written_anew_is_found_by_the_next_one(sheet: Workspace) -> None:
    first = actions.issue(name=NAME, by="tests")
    actions.issue(name=NAME, by="tests")
    path = first.folder / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace("tests", "other"), encoding="utf-8")
    (problem,) = verify(queries.latest(NAME, 1))
    assert problem.code == "statement_bytes_altered"
    assert problem.place.file.endswith("manifest.json")


def test_an_answer_that_is_no_longer_given_is_named(sheet: Workspace) -> None:
    """Somebody wrote another value into the document and signed it with a new manifest."""
    issue = actions.issue(name=NAME, by="tests")
    path = issue.folder / "document.json"
    changed = path.read_bytes().replace(b'"119273"', b'"119274"')
    path.write_bytes(changed)
    manifest = json.loads((issue.folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["files"]["document.json"]["sha256"] = hashlib.sha256(changed).hexdigest()
    (issue.folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (problem,) = verify(queries.latest(NAME))
    assert (problem.code, problem.params) == ("statement_changed", {"figure": "apps"})


def test_what_a_crash_left_behind_is_no_issue(sheet: Workspace) -> None:
    (queries.folder_of(NAME) / ".part-left").mkdir(parents=True)
    (queries.folder_of(NAME) / "0001").mkdir()  # renamed, but empty: not one of ours
    assert queries.issues(NAME) == ()
    assert queries.issued() == ()


def test_nothing_is_kept_when_a_question_is_refused(sheet: Workspace) -> None:
    write(sheet.dir / "statements" / NAME, figures=FIGURES.replace("AS-1", "AS-99"))
    with pytest.raises(CauceError):
        actions.issue(name=NAME, by="tests")
    assert not queries.folder_of(NAME).exists()


@pytest.mark.parametrize("name", ["nothing", "../issued", "a/b", ""])
def test_a_name_that_is_none_is_refused(sheet: Workspace, name: str) -> None:
    for attempt in (queries.latest, queries.template_folder):
        with pytest.raises(CauceError) as refused:
            attempt(name)
        assert refused.value.code == "unknown_statement"


def test_the_shipped_frameworks_have_the_shipped_sheet(workspace: Workspace) -> None:
    loading.load(catalogue.shipped(), by="tests")
    issue = actions.issue(
        name="cooperation-at-a-glance", by="tests", now=datetime(2030, 1, 1, tzinfo=UTC)
    )
    assert verify(issue) == ()


# ------------------------------------------------------------------------------- the command


def test_the_command_checks_builds_issues_and_verifies(
    sheet: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    built = tmp_path / "built.html"
    template = sheet.dir / "statements" / NAME
    assert main(["statement", "check", str(template / "es.md"), "--lang", "es"]) == 0
    assert main(["statement", "build", NAME, "--lang", "en", "-o", str(built)]) == 0
    assert b"119,273 people" in built.read_bytes()
    assert main(["statement", "issue", NAME, "--lang", "fr", "-o", str(built)]) == 0
    assert built.read_bytes() == queries.latest(NAME).html("fr")
    assert main(["statement", "verify", NAME, "--lang", "es"]) == 0
    assert "todo sigue como se emitió" in capsys.readouterr().err


def test_the_command_refuses_with_place_and_fix(
    sheet: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    path = sheet.dir / "statements" / NAME / "es.md"
    path.write_text("# {{ apps }} de 2022\n", encoding="utf-8")
    assert main(["statement", "check", str(path), "--lang", "es"]) == 3
    said = capsys.readouterr().err
    assert f"{path}:1:17: Hay cifras escritas a mano: «2022». Ponga una cifra con nombre" in said
    assert main(["statement", "build", "nothing"]) == 3
    assert main(["statement", "build"]) == 2


def test_the_command_says_when_something_is_no_longer_as_issued(
    sheet: Workspace, capsys: pytest.CaptureFixture[str]
) -> None:
    issue = actions.issue(name=NAME, by="tests")
    (issue.folder / "es.html").write_bytes(b"")
    assert main(["statement", "verify", NAME, "--lang", "es"]) == 3
    assert "El archivo emitido «applications 1» no es el que se emitió." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("suffix", "start"), [("html", b"<!doc"), ("htm", b"<!doc"), ("pdf", b"%PDF-"), ("DOCX", b"PK")]
)
def test_the_suffix_of_the_file_chooses_the_form(
    sheet: Workspace, tmp_path: Path, suffix: str, start: bytes
) -> None:
    path = tmp_path / f"sheet.{suffix}"
    assert main(["statement", "build", NAME, "-o", str(path)]) == 0
    assert path.read_bytes().startswith(start)


def test_the_issued_bytes_are_written_in_the_form_that_was_asked(
    sheet: Workspace, tmp_path: Path
) -> None:
    path = tmp_path / "sheet.pdf"
    assert main(["statement", "issue", NAME, "--lang", "fr", "-o", str(path)]) == 0
    assert path.read_bytes() == queries.latest(NAME).file("fr", "pdf")


@pytest.mark.parametrize("command", ["build", "issue"])
@pytest.mark.parametrize("file", ["sheet.odt", "sheet"])
def test_another_suffix_is_refused_before_anything_is_issued(
    sheet: Workspace, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str, file: str
) -> None:
    assert main(["statement", command, NAME, "-o", str(tmp_path / file), "--lang", "es"]) == 3
    assert ".html, .pdf, .docx" in capsys.readouterr().err
    assert not (tmp_path / file).exists()
    assert queries.issues(NAME) == ()


# ------------------------------------------------------------------------------- the forms


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_an_altered_pdf_or_word_file_is_named(sheet: Workspace, form: str) -> None:
    issue = actions.issue(name=NAME, by="tests")
    path = issue.folder / f"en.{form}"
    path.write_bytes(path.read_bytes() + b" ")
    assert [problem.place.file for problem in verify(issue)] == [str(path)]


def test_an_issue_gives_each_of_its_files(sheet: Workspace) -> None:
    issue = actions.issue(name=NAME, by="tests")
    assert issue.formats == ("html", "pdf", "docx")
    files = bytes_of(issue)
    for language in issue.languages:
        for form in issue.formats:
            assert issue.file(language, form) == files[f"{language}.{form}"]


@pytest.mark.parametrize(("language", "form"), [("pt", "pdf"), ("es", "odt"), ("es", "../es.pdf")])
def test_a_form_or_language_that_was_not_issued_is_refused(
    sheet: Workspace, language: str, form: str
) -> None:
    issue = actions.issue(name=NAME, by="tests")
    with pytest.raises(CauceError) as refused:
        issue.file(language, form)
    assert refused.value.code == "unknown_statement"
    assert "es.html, es.pdf, es.docx" in str(refused.value.params["choices"])


def test_an_older_issue_without_pdf_and_word_is_read_and_verified(sheet: Workspace) -> None:
    issue = actions.issue(name=NAME, by="tests")
    path = issue.folder / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    for name in [one for one in manifest["files"] if one.endswith((".pdf", ".docx"))]:
        del manifest["files"][name]
        (issue.folder / name).unlink()
    path.write_text(json.dumps(manifest), encoding="utf-8")
    old = queries.latest(NAME)
    assert old.formats == ("html",)
    assert b"119,273" in old.file("es", "html")
    assert verify(old) == ()
    with pytest.raises(CauceError) as refused:
        old.file("es", "pdf")
    assert refused.value.code == "unknown_statement"


def test_an_issued_file_that_is_gone_is_no_defect(sheet: Workspace) -> None:
    issue = actions.issue(name=NAME, by="tests")
    (issue.folder / "es.pdf").unlink()
    with pytest.raises(CauceError) as refused:
        issue.file("es", "pdf")
    (problem,) = refused.value.problems
    assert problem.code == "statement_bytes_altered"


def test_the_issued_paper_names_the_address_of_the_site(sheet: Workspace) -> None:
    with override_settings(CAUCE_ADDRESS="https://registro.example"):
        issue = actions.issue(name=NAME, by="tests")
    address = f"https://registro.example/es/fichas/{NAME}/1/"
    assert address in text_of(issue.file("es", "pdf"))
