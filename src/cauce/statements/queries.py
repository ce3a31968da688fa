"""Which fact sheets are there: templates that can be issued, and sheets that were?

An issued sheet is read from the bytes that were written on the day of issue, never made again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from cauce.errors import CauceError

__all__ = [
    "MANIFEST",
    "Issue",
    "folder_of",
    "issued",
    "issues",
    "latest",
    "template_folder",
    "templates",
]

MANIFEST = "manifest.json"
DOCUMENT = "document.json"

SHIPPED = Path(__file__).parent / "templates_shipped"

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,80}\Z")
_NUMBER = re.compile(r"\d{4,}\Z")


@dataclass(frozen=True, slots=True)
class Issue:
    """One issued sheet: its folder and its manifest."""

    name: str
    number: int
    folder: Path
    manifest: Mapping[str, Any]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.manifest["languages"])

    @property
    def known_at(self) -> str:
        return str(self.manifest["known_at"])

    @property
    def head(self) -> int:
        return int(self.manifest["head"])

    @property
    def style_hash(self) -> str:
        """What a page that serves it must allow in its security policy, and nothing else."""
        return str(self.manifest["style"])

    def title(self, language: str) -> str:
        """The sheet's title in a language it was issued in."""
        return str(self.manifest["titles"][language])

    def html(self, language: str) -> bytes:
        """The bytes as issued. Raises ``unknown_statement`` where there is no such language."""
        if language not in self.languages:
            raise CauceError("unknown_statement", name=self.name, choices=", ".join(self.languages))
        return (self.folder / f"{language}.html").read_bytes()

    def document(self) -> dict[str, Any]:
        """The stored document: figures with their questions, as answered on the day."""
        data: dict[str, Any] = json.loads((self.folder / DOCUMENT).read_text(encoding="utf-8"))
        return data


def templates() -> dict[str, Path]:
    """Templates by name: the workspace's own (folder ``statements``) before the shipped ones."""
    found: dict[str, Path] = {}
    for root in (SHIPPED, Path(settings.CAUCE_DIR) / "statements"):
        if root.is_dir():
            found |= {p.name: p for p in sorted(root.iterdir()) if _is_template(p)}
    return found


def _is_template(path: Path) -> bool:
    return path.is_dir() and _NAME.match(path.name) is not None


def template_folder(name: str) -> Path:
    """Raises ``unknown_statement`` with the names there are."""
    found = templates()
    if name not in found:
        raise CauceError("unknown_statement", name=name, choices=", ".join(found))
    return found[name]


def folder_of(name: str) -> Path:
    """Where the issues of a sheet lie."""
    return Path(settings.CAUCE_DIR) / "issued" / name


def issued() -> tuple[Issue, ...]:
    """The latest issue of every sheet that was issued, by name."""
    root = folder_of(".")
    names = [p.name for p in sorted(root.iterdir()) if _is_template(p)] if root.is_dir() else []
    return tuple(found[-1] for name in names if (found := issues(name)))


def issues(name: str) -> tuple[Issue, ...]:
    """All issues of a sheet, oldest first; none where the name was never issued."""
    folder = folder_of(name)
    if not _NAME.match(name) or not folder.is_dir():
        return ()
    numbered = sorted(p for p in folder.iterdir() if _NUMBER.match(p.name))
    return tuple(_read(name, path) for path in numbered if (path / MANIFEST).is_file())


def _read(name: str, folder: Path) -> Issue:
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return Issue(name, int(folder.name), folder, manifest)


def latest(name: str, number: int | None = None) -> Issue:
    """The latest issue of a sheet, or the one of a number. Raises ``unknown_statement``."""
    for issue in reversed(issues(name)):
        if number is None or issue.number == number:
            return issue
    choices = ", ".join(issue.name for issue in issued())
    raise CauceError("unknown_statement", name=name, choices=choices)
