"""Is everything that can be relied on in the reference, and nothing else?"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest

from cauce.engines import rollup
from cauce.errors import CODES
from cauce.figures import money
from cauce.journal.doctor import CHECKS
from cauce.journal.verify import FINDINGS
from cauce.packs import catalogue
from cauce.packs.sheets import columns, sheets
from cauce.parties.conflicts import CONFLICTS
from cauce.statements.template import FORMATS
from cauce.values import question
from cauce.values.answer import Known, exact
from cauce.values.figure import Figure
from cauce.values.period import CALENDARS, GRAINS
from cauce.words import text
from docs._ext.commands import every_command
from docs._ext.reference import MARK, TABLES
from tests.docs.blocks import blocks
from tests.docs.pages import PAGES, ROOT, page

SOURCE = ROOT / "src/cauce"


def lacking(text: str, names: Iterable[str]) -> list[str]:
    """The names that do not stand in a page as code."""
    return [name for name in names if f"`{name}`" not in text]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("reference/errors.md", CODES),
        (
            "reference/cautions.md",
            [*rollup.CAVEATS, *rollup.REASONS, *rollup.STEPS, *rollup.UNUSED, *CONFLICTS],
        ),
        ("reference/cli.md", [*FINDINGS, *CHECKS]),
        ("reference/declarations.md", rollup.PRESETS),
        (
            "reference/declarations.md",
            [*rollup.Value, *rollup.Identity, *rollup.TimeRule, *rollup.Rule, *GRAINS],
        ),
        ("reference/pack-format.md", [*CALENDARS, *catalogue.shipped()]),
        ("reference/json.md", [*money.GROUPS, *GRAINS]),
        ("how-to/write-a-fact-sheet.md", FORMATS),
    ],
)
def test_every_name_is_in_its_page(name: str, expected: Iterable[str]) -> None:
    assert lacking(page(name), expected) == []


def test_every_table_from_the_code_is_asked_for_once() -> None:
    texts = (path.read_text(encoding="utf-8") for path in PAGES)
    asked = [mark[1] for text in texts for mark in MARK.finditer(text)]
    assert sorted(asked) == sorted(TABLES)


# ------------------------------------------------------------------------------- command line


def test_every_command_and_option_is_in_the_reference() -> None:
    text = page("reference/cli.md")
    assert lacking(text, ["-h", "--help"]) == []
    for name, _, parser in every_command():
        section = text.partition(f"## {name}\n")[2].partition("\n## ")[0]
        assert section, name
        for action in parser._actions:
            options = set(action.option_strings) - {"-h", "--help"}
            for option in options if action.option_strings else [action.metavar or action.dest]:
                assert str(option) in section, f"{name} {option}"


def test_every_command_and_argument_says_what_it_is() -> None:
    silent = [
        f"{name} {action.dest}"
        for name, about, parser in every_command()
        for action in parser._actions
        if not action.help or not about
    ]
    assert silent == []


def test_every_exit_code_is_in_the_reference() -> None:
    rows = re.findall(r"^\| (\d+) \|", page("reference/cli.md"), re.MULTILINE)
    assert {spec.exit_code for spec in CODES.values()} | {0, 130, 141} == set(map(int, rows))


# ------------------------------------------------------------------------------- settings

#: Read for what they are by the system, or by a tool of the tests.
_OTHERS = {"CAUCE_TEST_DATABASE_URL", "CAUCE_ALLOW_SKIPS"}


def test_every_environment_variable_is_in_the_reference_and_no_other() -> None:
    read = {
        name
        for path in SOURCE.rglob("*.py")
        for name in re.findall(r'environ(?:\.\w+\(|\[)"([A-Z_]+)"', path.read_text("utf-8"))
    }
    languages = re.search(r"environment = \(([^)]*)\)", (SOURCE / "cli/main.py").read_text("utf-8"))
    assert languages
    read |= set(re.findall(r'"([A-Z_]+)"', languages[1]))
    documented = set(re.findall(r"`([A-Z_]{4,})`", page("reference/settings.md")))
    assert documented == read | _OTHERS


# ------------------------------------------------------------------------------- packs


def test_every_sheet_and_column_is_in_the_reference() -> None:
    text = page("reference/pack-format.md")
    for name, model in sheets().items():
        section = text.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        own = [c.name for c in columns(model)]
        assert section, name
        assert lacking(section + shared(text), own) == [], name


def shared(text: str) -> str:
    return text.partition("## Columns that many sheets share")[2].partition("## Sheets")[0]


# ------------------------------------------------------------------------------- JSON

A_QUESTION = question.question_from_json({"ask": "indicator", "indicator": "t/I", "period": "2022"})
RATIO = Known(Fraction(1, 2), Fraction(1, 2), num=Fraction(1), den=Fraction(2))


def examples(key: str) -> list[dict[str, object]]:
    """Everything under a key of the examples of the page about JSON."""
    found = [json.loads(b.text) for b in blocks(page("reference/json.md")) if b.kind == "json"]
    return [one for example in found for one in example.get(key, [])]


def test_the_example_questions_are_questions_of_every_kind() -> None:
    asked = [question.question_from_json(one) for one in examples("questions")]
    assert {one.ask for one in asked} == {kind.ask for kind in question.Question.__args__}


def test_every_field_of_a_question_is_in_the_reference() -> None:
    text = page("reference/json.md")
    explained = text.partition("\n### ")[0]
    for kind in question.Question.__args__:
        section = text.partition(f"\n### {kind.ask}\n")[2].partition("\n#")[0]
        names = [f.name.rstrip("_") for f in fields(kind)]
        assert lacking(section, names) == [], kind.ask
        assert lacking(explained, names) == [], kind.ask


def test_every_field_of_a_figure_is_in_the_reference() -> None:
    written = {*Figure(A_QUESTION, RATIO, "%").to_json(), "reason"} - {"question"}
    section = page("reference/json.md").partition("## Figures")[2]
    assert lacking(section, written) == []


def test_the_example_figure_has_the_fields_of_a_figure() -> None:
    (example,) = examples("figures")
    assert list(example) == list(Figure(A_QUESTION, exact(1), "person").to_json())


def test_the_examples_follow_the_published_schemas() -> None:
    for key, name in (("questions", "question"), ("figures", "figure")):
        path = SOURCE / f"values/{name}.schema.json"
        schema = json.loads(path.read_text(encoding="utf-8"))
        for example in examples(key):
            jsonschema.validate(example, schema)


# ------------------------------------------------------------------------------- glossary


@pytest.mark.parametrize("language", ["es", "fr"])
def test_the_glossary_says_what_the_screen_says(language: str) -> None:
    glossary = page("glossary.md").lower()
    keys = [f"absence.{name}" for name in ("missing", "pending", "withdrawn", "suppressed")]
    keys += [f"basis.{name}" for name in ("found", "memory", "proposed")]
    keys += [f"stage.{name}" for name in question.STAGES]
    keys += ["explain.title", "explain.published", "explain.recorded", "sheet.kicker"]
    said = [text(key, language).lower() for key in keys]
    assert [words for words in said if words not in glossary] == []


# ------------------------------------------------------------------------------- conformance


def test_every_conformance_case_is_in_the_reference_and_is_a_test() -> None:
    text = (ROOT / "tests/figures/test_traps.py").read_text(encoding="utf-8")
    names = re.findall(r"^def test_((?:t\d+_)+)", text, re.MULTILINE)
    tested = {int(number) for name in names for number in re.findall(r"t(\d+)_", name)}
    rows = re.findall(r"^\| T(\d+) \|", page("reference/conformance.md"), re.MULTILINE)
    assert list(map(int, rows)) == sorted(tested)


def test_decisions_are_numbered_without_a_gap() -> None:
    found = sorted(path.name for path in Path(ROOT / "docs/adr").glob("0*.md"))
    assert [name[:4] for name in found] == [f"{n:04}" for n in range(1, len(found) + 1)]
    for name in found:
        text = (ROOT / "docs/adr" / name).read_text(encoding="utf-8")
        assert text.startswith(f"# {name[:4]} ")
        for part in ("**Context.**", "**Decision.**", "**Consequences.**"):
            assert part in text, f"{name}: {part}"
