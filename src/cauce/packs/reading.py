"""What files is a pack made of, and what rows does each of its sheets have?

A folder or a workbook, the same sheets. Only structure is looked at here; what the cells mean is
for :mod:`cauce.packs.sheets`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from cauce.errors import CauceError, Place, Problem, Refusal
from cauce.formats import workbook
from cauce.packs import csv_rows, yaml_rows
from cauce.packs.rows import Report, Row
from cauce.packs.sheets import META, columns, sheets

__all__ = ["Source", "opened"]

_READ = (".csv", ".yaml", ".yml")


class Source(Protocol):
    """A pack's files. ``label`` is what places call it."""

    label: str

    def sheets(self, report: Report) -> Sequence[str]:
        """The sheets that are there, in the order of :func:`cauce.packs.sheets.sheets`. Reports
        what is not a sheet. Called before any rows are read."""

    def rows(self, sheet: str, report: Report) -> Iterator[Row]:
        """The rows of a sheet; may be asked again. Reports what cannot be read."""


def opened(path: Path, label: str = "") -> Source:
    """The pack at a path. Raises ``file_missing``, or ``unknown_pack`` for what is neither a
    folder nor a workbook."""
    label = label or str(path)
    if not path.exists():
        raise CauceError("file_missing", path=label)
    if path.is_dir():
        return _Folder(path, label)
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        return _Book(path, label)
    raise CauceError("unknown_pack", path=label)


def _choices() -> str:
    return ", ".join(sheets())


class _Folder:
    """One file for each sheet: CSV or YAML."""

    def __init__(self, path: Path, label: str) -> None:
        self.path, self.label = path, label
        self.files: dict[str, Path] = {}

    def sheets(self, report: Report) -> Sequence[str]:
        self.files = {}
        for path in sorted(self.path.iterdir()):
            if path.suffix.lower() in _READ and not path.name.startswith("."):
                self._add(path, report)
        if META not in self.files:
            file = f"{self.label}/{META}.yaml"
            report(Problem("file_missing", {"path": file}, Place(file)))
        return [sheet for sheet in sheets() if sheet in self.files]

    def _add(self, path: Path, report: Report) -> None:
        place = Place(self._file(path))
        if path.is_symlink():
            # Whoever opens a pack of somebody else must not read another file of this machine.
            report(Problem("symbolic_link", {"path": place.file}, place))
        elif path.stem not in sheets():
            report(Problem("unknown_sheet", {"sheet": path.stem, "choices": _choices()}, place))
        elif path.stem in self.files:
            first = self._file(self.files[path.stem])
            report(Problem("duplicate_id", {"id": place.file, "first": first}, place))
        elif self._fits(path, place, report):
            self.files[path.stem] = path

    def _fits(self, path: Path, place: Place, report: Report) -> bool:
        is_csv = path.suffix.lower() == ".csv"
        limit = csv_rows.MOST_BYTES if is_csv else yaml_rows.MOST_BYTES
        if path.stat().st_size > limit:
            megabytes = f"{limit // 1_000_000} MB"
            report(Problem("file_too_large", {"path": place.file, "limit": megabytes}, place))
            return False
        return True

    def _file(self, path: Path) -> str:
        return f"{self.label}/{path.name}"

    def rows(self, sheet: str, report: Report) -> Iterator[Row]:
        path = self.files.get(sheet)
        if path is None:
            return
        file = self._file(path)
        if path.suffix.lower() == ".csv":
            known = [column.name for column in columns(sheets()[sheet])]
            yield from csv_rows.rows(path, file, known, report)
            return
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            report(Problem("bad_encoding", {"path": file}, Place(file)))
            return
        if sheet == META:
            row = yaml_rows.one_mapping(text, file, report)
            yield from [row] if row else []
        else:
            yield from yaml_rows.rows(text, file, report)


class _Book:
    """One worksheet for each sheet."""

    def __init__(self, path: Path, label: str) -> None:
        self.path, self.label = path, label
        self.found: dict[str, list[tuple[str, ...]]] = {}
        self.refused: tuple[Problem, ...] | None = None

    def _read(self) -> tuple[Problem, ...]:
        try:
            with self.path.open("rb") as stream:
                self.found = workbook.read(stream, name=self.label)
        except Refusal as refusal:
            return refusal.problems
        return ()

    def sheets(self, report: Report) -> Sequence[str]:
        if self.refused is None:
            self.refused = self._read()
        for problem in self.refused:
            report(problem)
        if self.refused:
            return []
        for sheet in self.found:
            if sheet not in sheets():
                place = Place(self.label, sheet=sheet)
                report(Problem("unknown_sheet", {"sheet": sheet, "choices": _choices()}, place))
        if META not in self.found:
            report(Problem("unknown_sheet", {"sheet": "", "choices": META}, Place(self.label)))
        return [sheet for sheet in sheets() if sheet in self.found]

    def rows(self, sheet: str, report: Report) -> Iterator[Row]:
        table = self.found.get(sheet, [])
        names = [name.strip() for name in table[0]] if table else []
        known = [column.name for column in columns(sheets()[sheet])]
        letters = [workbook.column_letters(n) for n in range(1, len(names) + 1)]
        places = [Place(self.label, f"{letter}1", sheet=sheet) for letter in letters]
        for problem in csv_rows.header_problems(names, known, places):
            report(problem)
        for number, texts in enumerate(table[1:], 2):
            if len(texts) > len(names):
                cell = f"{workbook.column_letters(len(texts))}{number}"
                place = Place(self.label, cell, sheet=sheet)
                choices = ", ".join(known)
                report(Problem("unknown_column", {"column": "", "choices": choices}, place))
            pairs = list(zip(names, texts, letters, strict=False))
            cells = {name: text for name, text, _ in pairs if text.strip() and name in known}
            at = {name: f"{letter}{number}" for name, _, letter in pairs}
            if cells:
                yield Row(self.label, f"A{number}", cells, at, sheet)
