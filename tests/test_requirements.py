"""Is what gets installed pinned, hashed, explained, and free of addresses?"""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parent.parent
LOCKS = ("runtime.txt", "dev.txt")
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)(?:\[[a-z0-9,-]+\])?==(\S+)", re.MULTILINE)
DECLARED = re.compile(r"^([A-Za-z0-9][\w.-]*)")


def lock(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def pinned(name: str) -> dict[str, set[str]]:
    """Each package of a lock, with its version (several where they differ by Python)."""
    versions: dict[str, set[str]] = {}
    for package, version in PINNED.findall(lock(name)):
        versions.setdefault(package, set()).add(version)
    return versions


def project() -> dict[str, list[str]]:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        table = tomllib.load(stream)["project"]
    return {"runtime": table["dependencies"], **table["optional-dependencies"]}


def declared(lines: list[str]) -> set[str]:
    """Names as the locks spell them: lower case, hyphens."""
    names = (DECLARED.match(line.strip()) for line in lines)
    return {re.sub(r"[-_.]+", "-", name[1]).lower() for name in names if name}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_names_no_address_and_no_folder(name: str) -> None:
    assert (
        re.findall(r"https?:|file:|--(?:extra-)?index-url|--find-links| @ |^[./]", lock(name)) == []
    )


@pytest.mark.parametrize("name", LOCKS)
def test_everything_in_a_lock_has_a_hash(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", lock(name))
    pins = [block for block in blocks if "==" in block.split("\n")[0]]
    assert pins
    assert [block.split()[0] for block in pins if "--hash=sha256:" not in block] == []


def test_what_the_project_needs_is_locked() -> None:
    build = (ROOT / "requirements/build.in").read_text(encoding="utf-8").splitlines()
    needed = declared(project()["runtime"]) | declared(build)
    assert needed - set(pinned("runtime.txt")) == set()


def test_what_tests_need_is_locked_at_the_versions_that_run() -> None:
    dev = (ROOT / "requirements/dev.in").read_text(encoding="utf-8").splitlines()
    needed = declared(dev) | declared(project()["postgresql"])
    locked = pinned("dev.txt")
    assert needed - set(locked) == set()
    assert {p: v for p, v in pinned("runtime.txt").items() if locked.get(p) != v} == {}


@pytest.mark.parametrize("name", ["pyproject.toml", "requirements/build.in", "requirements/dev.in"])
def test_a_comment_says_what_each_dependency_is_for(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    if name == "pyproject.toml":
        text = text[text.index("\ndependencies = [") : text.index("\n[project.scripts]")]
    unexplained = []
    above = ""
    for line in map(str.strip, text.splitlines()):
        is_dependency = re.match(r"\"?[A-Za-z0-9][\w.\-\[\]]*(>=|<|,|\"|$)", line) is not None
        # Packages that serve one purpose stand together under one comment.
        if is_dependency and not above:
            unexplained.append(line)
        if not is_dependency:
            above = line if line.startswith("#") and not line.startswith("# ---") else ""
    assert unexplained == []


def test_an_extra_that_another_package_asks_for_is_pinned_with_it() -> None:
    """Pip would look for the newest release of the package with the extra, and find no hash."""
    text = lock("dev.txt")
    asked = {
        (needed.name.lower(), extra)
        for package in pinned("dev.txt")
        for needed in map(Requirement, _requires(package))
        for extra in needed.extras
        if needed.marker is None or needed.marker.evaluate({"extra": ""})
    }
    assert ("coverage", "toml") in asked
    assert [
        f"{name}[{extra}]"
        for name, extra in sorted(asked)
        if not re.search(rf"^{re.escape(name)}\[[^\]]*\b{re.escape(extra)}\b", text, re.MULTILINE)
    ] == []


def _requires(package: str) -> list[str]:
    try:
        return distribution(package).requires or []
    except PackageNotFoundError:  # pinned for another system
        return []
