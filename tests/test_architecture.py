"""Does the code keep the rules that an import linter cannot see, and would a breach be found?

The first half runs each check over the checkout; the second hands each check a planted breach,
because a check that cannot fail protects nothing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.apps import apps

from tools import architecture
from tools.architecture import Finding, Reference

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src/cauce"

# Folders that hold what was built or installed, not what was written.
BUILT = {"build", "dist", "node_modules", "htmlcov", "_build", "cauce-data", "__pycache__"}
EVERYTHING = "**/*"


# ----------------------------------------------------------------------------- the checkout


@pytest.mark.parametrize("check", architecture.PYTHON_CHECKS, ids=lambda check: check.__name__)
def test_the_code_keeps_the_rule(check: Callable[[str, str], list[Finding]]) -> None:
    assert_nothing_found(
        finding for path, text in read("src/**/*.py") for finding in check(path, text)
    )


def test_no_template_computes() -> None:
    assert_nothing_found(
        finding
        for path, text in read("src/**/templates/**/*")
        for finding in architecture.template_arithmetic(path, text)
    )


def test_no_file_names_a_registry_or_a_machine() -> None:
    assert_nothing_found(
        finding
        for path, text in read(EVERYTHING)
        for finding in architecture.forbidden_words(path, text)
    )


def test_no_table_refers_up_the_floors() -> None:
    # A fact names the document it was read in, on whatever floor the fact lies: the name is
    # checked when it is recorded, no table is joined.
    found = architecture.upward_references(references(), floors(), allowed={"source"})
    assert_nothing_found(found)


def test_every_room_with_tables_has_a_contract_that_protects_them() -> None:
    protected = {
        module
        for contract in import_linter()["contracts"]
        if contract["type"] == "protected"
        for module in contract["protected_modules"]
    }
    with_tables = {f"cauce.{path.parent.name}.models" for path in SOURCE.glob("*/models.py")}
    assert with_tables <= protected


# ----------------------------------------------------------------------------- planted breaches


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        ("actions_with_positional_arguments", "ledger/actions.py", "def record(row, *, by): ..."),
        ("actions_with_positional_arguments", "ledger/actions/a.py", "def record(*rows, by): ..."),
        ("long_functions", "ledger/rules.py", "def f():\n" + "    x = 1\n" * 50),
        ("long_modules", "ledger/rules.py", "x = 1\n" * 500),
        ("modules_that_do_not_present_themselves", "ledger/rules.py", "__all__ = []"),
        ("modules_that_do_not_present_themselves", "ledger/rules.py", '"""Doc."""\nx = 1'),
        ("modules_that_do_not_present_themselves", "ledger/__init__.py", ""),
        ("blind_excepts", "ledger/rules.py", "try: ...\nexcept Exception: ..."),
        ("blind_excepts", "ledger/rules.py", "try: ...\nexcept (KeyError, BaseException): ..."),
        ("blind_excepts", "ledger/rules.py", "try: ...\nexcept: ..."),
        ("clocks_in_pure_floors", "engines/rollup/fold.py", "datetime.now(UTC)"),
        ("clocks_in_pure_floors", "values/dates.py", "date.today()"),
        ("clocks_in_pure_floors", "engines/rollup/fold.py", "random.shuffle(rows)"),
        ("tables_in_doors", "web/views.py", "from django.db import transaction"),
        ("tables_in_doors", "web/views.py", "from django import db"),
        ("tables_in_doors", "cli/main.py", "import django.db.models"),
        ("tables_in_doors", "web/views.py", "Place.objects.get(pk=1)"),
        ("arithmetic_in_doors", "web/views.py", "share = part * 100"),
        ("arithmetic_in_doors", "cli/main.py", "rest = whole - part"),
    ],
)
def test_a_planted_breach_is_found(check: str, path: str, text: str) -> None:
    found = getattr(architecture, check)(f"src/cauce/{path}", text)
    assert len(found) == 1
    assert str(found[0]).startswith(f"src/cauce/{path}:")


@pytest.mark.parametrize(
    ("check", "path", "text"),
    [
        ("actions_with_positional_arguments", "ledger/actions.py", "def record(*, row, by): ..."),
        ("actions_with_positional_arguments", "ledger/actions.py", "def _rows(text): ..."),
        ("actions_with_positional_arguments", "ledger/queries.py", "def rows(text): ..."),
        ("long_functions", "ledger/rules.py", "def f():\n" + "    x = 1\n" * 49),
        ("long_modules", "ledger/rules.py", "x = 1\n" * 499),
        ("modules_that_do_not_present_themselves", "ledger/__init__.py", '"""Doc."""'),
        ("modules_that_do_not_present_themselves", "ledger/a.py", '"""Doc."""\n__all__ = ["x"]'),
        ("blind_excepts", "ledger/rules.py", "try: ...\nexcept (KeyError, ValueError): ..."),
        ("clocks_in_pure_floors", "journal/clock.py", "datetime.now(UTC)"),
        ("clocks_in_pure_floors", "engines/rollup/fold.py", "random.Random(seed)"),
        ("tables_in_doors", "ledger/queries.py", "from django.db import models"),
        ("tables_in_doors", "web/views.py", "from django.http import HttpResponse"),
        ("arithmetic_in_doors", "cli/tables.py", 'line = "-" * width'),
        ("arithmetic_in_doors", "engines/rollup/fold.py", "share = part * 100"),
    ],
)
def test_what_keeps_the_rule_is_not_reported(check: str, path: str, text: str) -> None:
    assert getattr(architecture, check)(f"src/cauce/{path}", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ high|add:low }}",
        "{% widthratio part whole 100 %}",
        "{% if n|divisibleby:2 %}",
        "{{ rate|floatformat:1 }}",
    ],
)
def test_a_template_that_computes_is_found(text: str) -> None:
    found = architecture.template_arithmetic("sheet.html", f"<p>\n{text}</p>")
    assert [finding.line for finding in found] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "see pyp" + "i.org for it",
        "from files.pythonhoste" + "d.org",
        "cp -r /wor" + "k/data .",
        "fixed in Issue" + " #12",
    ],
)
def test_a_forbidden_word_is_found(text: str) -> None:
    assert len(architecture.forbidden_words("README.md", text)) == 1


def test_a_table_that_refers_up_is_found() -> None:
    up = Reference(app="parties", field="Place.indicator", target_app="ledger", target="claim")
    down = Reference(app="ledger", field="Claim.place", target_app="parties", target="place")
    heights = {"parties": 1, "ledger": 2}
    assert architecture.upward_references([down], heights) == []
    assert architecture.upward_references([up], heights, allowed={"claim"}) == []
    assert len(architecture.upward_references([up, down], heights)) == 1


def test_only_the_loops_that_are_named_may_be_long() -> None:
    long = "def f():\n" + "    x = 1\n" * 50
    for path, names in architecture.LONG_ON_PURPOSE.items():
        assert len(architecture.long_functions(path, long)) == 1
        text = (ROOT / path).read_text(encoding="utf-8")
        # What has been divided since need not be named any more.
        assert architecture.long_functions(path, text) == []
        assert len(architecture.long_functions("src/cauce/ledger/rules.py", text)) == len(names)


# ----------------------------------------------------------------------------- reading


def assert_nothing_found(findings: Iterator[Finding] | list[Finding]) -> None:
    assert "\n".join(str(finding) for finding in findings) == ""


def read(pattern: str) -> Iterator[tuple[str, str]]:
    """Every text file of the checkout that matches: its path in the checkout, and its text."""
    # .venv and its like are left out before they are walked through: they hold 20,000 files.
    tops = [path for path in ROOT.iterdir() if is_written(path.name) or path.is_file()]
    matching = (
        set(ROOT.glob(pattern))
        if pattern != EVERYTHING
        else {path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))}
    )
    for path in sorted(matching):
        if not all(map(is_written, path.relative_to(ROOT).parts[:-1])) or not path.is_file():
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, a workbook, a compiled catalogue
        yield path.relative_to(ROOT).as_posix(), text


def is_written(name: str) -> bool:
    """Whether a folder holds what people write (and not what tools make)."""
    return name == ".ci" or not (name in BUILT or name.startswith("."))


def import_linter() -> dict[str, list[dict[str, str]]]:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        settings: dict[str, list[dict[str, str]]] = tomllib.load(stream)["tool"]["importlinter"]
    return settings


def floors() -> dict[str, int]:
    """The height of each room, read from the contract: one list of floors for everything."""
    (contract,) = (c for c in import_linter()["contracts"] if c["id"] == "floors")
    return {
        name.strip(" ()"): height
        for height, layer in enumerate(reversed(contract["layers"]))
        for name in layer.split("|")
    }


def references() -> list[Reference]:
    """Every foreign key of our tables, and every field that names another record by its id."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("cauce.")]
    types = {getattr(model, "record_type", ""): model._meta.app_label for model in ours}
    found = []
    for model in ours:
        for field in model._meta.concrete_fields:
            name = f"{model.__name__}.{field.name}"
            app = model._meta.app_label
            if field.related_model:
                target = field.related_model._meta
                found.append(Reference(app, name, target.app_label, target.object_name or ""))
            elif to := getattr(field, "to", ""):
                found.append(Reference(app, name, types[to], to))
    return found
