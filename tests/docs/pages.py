"""Which pages does the documentation have?"""

from __future__ import annotations

from pathlib import Path

from docs._ext.reference import filled

__all__ = ["DOCS", "PAGES", "ROOT", "ROOT_PAGES", "name_of", "page"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"

#: The pages that stand beside the code.
ROOT_PAGES = [
    ROOT / name
    for name in (
        "README.md", "DEVELOPERS.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md",
        "SECURITY.md",
    )
]  # fmt: skip
PAGES = [*ROOT_PAGES, *sorted(p for p in DOCS.rglob("*.md") if "_build" not in p.parts)]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def page(name: str) -> str:
    """A page of ``docs``, with the tables from the code in it."""
    return filled((DOCS / name).read_text(encoding="utf-8"))
