"""Does every page do what it says?"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Workspace
from tests.docs.blocks import Player, blocks
from tests.docs.pages import PAGES, ROOT, name_of
from tests.figures.record import Record

TEXTS = {path: path.read_text(encoding="utf-8") for path in PAGES}
STARTS_COMMANDS = [path for path in PAGES if any(b.kind == "console" for b in blocks(TEXTS[path]))]
OTHERS = [path for path in PAGES if path not in STARTS_COMMANDS]


def play(path: Path, folder: Path) -> Player:
    player = Player(folder)
    for block in blocks(TEXTS[path]):
        player.play(block)
    return player


@pytest.mark.parametrize("path", OTHERS, ids=name_of)
def test_the_blocks_of_a_page_hold(path: Path, tmp_path: Path) -> None:
    play(path, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("path", STARTS_COMMANDS, ids=name_of)
def test_the_commands_of_a_page_print_what_it_shows(path: Path, tmp_path: Path) -> None:
    if shutil.which("bash") is None:
        pytest.skip("no bash here")
    play(path, tmp_path)


def test_the_worked_trap_of_contributing_passes(workspace: Workspace, tmp_path: Path) -> None:
    names = play(ROOT / "CONTRIBUTING.md", tmp_path).names
    traps = [made for name, made in names.items() if name.startswith("test_")]
    assert traps
    for trap in traps:
        trap(Record())  # type: ignore[operator]  # a function of the page


def test_the_pages_name_only_targets_that_make_has() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    told = {
        t
        for text in TEXTS.values()
        for t in re.findall(r"(?:^(?: {4})?|`)make ([a-z]+)\b", text, re.M)
    }
    assert {"demo", "test", "check"} <= told <= targets


def test_the_readme_fits_on_a_screen() -> None:
    assert len(TEXTS[ROOT / "README.md"].splitlines()) <= 80
