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

from cauce.errors import CauceError, Place, Problem, Refusal

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

    @property
    def formats(self) -> tuple[str, ...]:
        """The forms in which every language was issued: older issues have no PDF and no Word."""
        language, files = self.languages[0], self.manifest["files"]
        found = [file.removeprefix(f"{language}.") for file in files]
        return tuple(
            form
            for form in ("html", "pdf", "docx")
            if form in found and all(f"{one}.{form}" in files for one in self.languages)
        )

    def html(self, language: str) -> bytes:
        """The page as issued. Raises ``unknown_statement`` where there is no such language."""
        return self.file(language, "html")

    def file(self, language: str, format: str) -> bytes:
        """The bytes as issued, in one of :attr:`formats`.

        Raises ``unknown_statement`` with the files there are where it was not issued so, and
        ``statement_bytes_altered`` where the file is gone.
        """
        name = f"{language}.{format}"
        if language not in self.languages or format not in self.formats:
            choices = ", ".join(f"{one}.{form}" for one in self.languages for form in self.formats)
            raise CauceError("unknown_statement", name=f"{self.name} {name}", choices=choices)
        try:
            return (self.folder / name).read_bytes()
        except FileNotFoundError:
            place = Place(str(self.folder / name))
            altered = Problem("statement_bytes_altered", {"name": f"{self.name} {self.number}"})
            raise Refusal([altered.at(place)]) from None

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
    found = issues(name)
    for issue in reversed(found):
        if number is None or issue.number == number:
            return issue
    if found:
        choices = ", ".join(f"{name} {issue.number}" for issue in found)
        raise CauceError("unknown_statement", name=f"{name} {number}", choices=choices)
    choices = ", ".join(issue.name for issue in issued())
    raise CauceError("unknown_statement", name=name, choices=choices)
