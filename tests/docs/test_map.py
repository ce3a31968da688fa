"""Does a newcomer find every room on the map, and does everything on the map exist?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs._ext.reference import filled
from tests.docs.pages import DOCS, PAGES, ROOT, name_of

SOURCE = ROOT / "src/cauce"
DEVELOPERS = (ROOT / "DEVELOPERS.md").read_text(encoding="utf-8")

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")


def test_every_package_is_on_the_map() -> None:
    packages = {path.name for path in SOURCE.iterdir() if path.is_dir() and path.name[0] != "_"}
    on_the_map = set(re.findall(r"^\| `cauce\.(\w+)` \|", DEVELOPERS, re.MULTILINE))
    assert on_the_map == packages


def test_the_map_is_in_the_order_of_the_floors() -> None:
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    layers = re.search(r"^layers = \[(.*?)^\]", pyproject, re.MULTILINE | re.DOTALL)
    assert layers
    floors = re.findall(r"\w+", layers[1])
    on_the_map = re.findall(r"^\| `cauce\.(\w+)` \|", DEVELOPERS, re.MULTILINE)
    assert [name for name in on_the_map if name in floors] == floors


def test_every_file_that_is_named_exists() -> None:
    named = set(re.findall(r"[\w/]+/[\w.-]+\.(?:py|md|css|html)\b", DEVELOPERS))
    assert named
    assert [name for name in sorted(named) if not any(_exists(name))] == []


def test_every_function_on_the_way_of_a_figure_exists() -> None:
    source = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("*.py"))
    defined = set(re.findall(r"^ *(?:def |class |)(\w+)(?: =|[(:])", source, re.MULTILINE))
    told = (DOCS / "explanation/way-of-a-figure.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:[a-z_]+\.)*(\w+)`", told))
    modules = {path.stem for path in SOURCE.rglob("*.py")} | {p.name for p in SOURCE.iterdir()}
    assert sorted(named - defined - modules) == []


def _exists(name: str) -> list[bool]:
    return [(ROOT / name).exists(), (SOURCE / name).exists()]


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_every_link_within_the_project_leads_somewhere(path: Path) -> None:
    lost = []
    for link in _LINK.findall(path.read_text(encoding="utf-8")):
        if "://" in link:
            lost.append(f"{link}: the documentation needs no network")
            continue
        file, _, anchor = link.partition("#")
        target = (path.parent / file).resolve() if file else path
        if not target.exists():
            lost.append(link)
        elif anchor and anchor not in anchors(target):
            lost.append(f"{link}: no such heading")
    assert lost == []


def anchors(path: Path) -> set[str]:
    """The headings of a page as addresses, and its own marks."""
    text = path.read_text(encoding="utf-8")
    text = filled(text) if DOCS in path.parents else text
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r"^\(([\w-]+)\)=$", text, re.MULTILINE))
