"""Does every import contract break when it is violated?

A contract that cannot fail protects nothing. Each is broken here by a file planted in a copy of
the tree; the checkout is never touched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# contract id, planted file (under src/cauce), what it says
PLANTS = [
    ("floors", "values/planted.py", "import cauce.journal"),
    ("floors", "errors/planted.py", "from cauce.values import period"),
    ("floors", "journal/planted.py", "from cauce.parties import queries"),
    ("floors", "ledger/planted.py", "from cauce.figures import planted_too"),
    ("floors", "words/planted.py", "import cauce.statements"),
    ("floors", "packs/planted.py", "import cauce.cli"),
    ("floors", "web/planted.py", "import cauce.cli"),
    ("floors", "cli/planted.py", "import cauce.project"),
    ("floors", "formats/planted.py", "import cauce.engines"),
    ("floors", "planted_room/__init__.py", ""),
    ("pure", "errors/planted.py", "from django.http import HttpResponse"),
    ("pure", "values/planted.py", "import django"),
    ("pure", "engines/planted.py", "from django.db import connection"),
    ("pure", "formats/planted.py", "import django.conf"),
    ("engines-pure", "engines/planted.py", "import time"),
    ("engines-pure", "engines/rollup/planted.py", "from urllib.request import urlopen"),
    ("engines-independent", "engines/planted.py", "from cauce.engines import rollup"),
    ("formats-independent", "formats/planted.py", "from cauce.formats import workbook"),
    ("acyclic", "journal/planted.py", "from cauce.journal import planted_too"),
    ("doors", "web/planted.py", "from cauce.parties.models import Organisation"),
    ("doors", "cli/planted.py", "import cauce.journal.models"),
    ("tables-journal", "packs/planted.py", "from cauce.journal.models import Entry"),
    ("tables-parties", "ledger/planted.py", "from cauce.parties.models import Organisation"),
    ("tables-frameworks", "figures/planted.py", "from cauce.frameworks import models"),
    ("tables-ledger", "packs/planted.py", "from cauce.ledger.models import Observation"),
    ("workbooks", "packs/planted.py", "import python_calamine"),
    ("workbooks", "web/planted.py", "from xlsxwriter import Workbook"),
    ("words", "web/planted.py", "from babel.numbers import format_decimal"),
]

# Some violations need a second file.
ACCOMPLICES = {
    ("floors", "ledger/planted.py"): ("figures/planted_too.py", ""),
    ("acyclic", "journal/planted.py"): (
        "journal/planted_too.py",
        "from cauce.journal import planted",
    ),
}


def contracts() -> dict[str, str]:
    """Each contract's id and name."""
    with (ROOT / "pyproject.toml").open("rb") as stream:
        listed = tomllib.load(stream)["tool"]["importlinter"]["contracts"]
    return {contract["id"]: contract["name"] for contract in listed}


def lint(tree: Path, contract: str) -> subprocess.CompletedProcess[str]:
    """Run the linter in ``tree``, whose own copy of the package comes first on the path."""
    program = Path(sys.executable).with_name("lint-imports")
    return subprocess.run(
        [program, "--no-cache", "--contract", contract],
        cwd=tree,
        env={**os.environ, "PYTHONPATH": str(tree / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the checkout's code and configuration."""
    shutil.copytree(
        ROOT / "src",
        tmp_path / "src",
        ignore=lambda folder, names: [n for n in names if n in {"__pycache__", "shipped"}],
    )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def plant(tree: Path, path: str, text: str) -> None:
    file = tree / "src/cauce" / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f'"""Planted."""\n\n{text}\n', encoding="utf-8")


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract for contract, _, _ in PLANTS} == set(contracts())


@pytest.mark.slow
@pytest.mark.parametrize("contract", list(contracts()))
def test_the_tree_as_it_is_keeps_the_contract(tree: Path, contract: str) -> None:
    result = lint(tree, contract)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "1 kept, 0 broken" in result.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("contract", "path", "text"), PLANTS, ids=[f"{c}: {p}" for c, p, _ in PLANTS]
)
def test_a_planted_violation_breaks_the_contract(
    tree: Path, contract: str, path: str, text: str
) -> None:
    plant(tree, path, text)
    if accomplice := ACCOMPLICES.get((contract, path)):
        plant(tree, *accomplice)
    result = lint(tree, contract)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "0 kept, 1 broken" in result.stdout
    assert "planted" in result.stdout
