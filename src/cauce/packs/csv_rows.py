"""What does a CSV file say, row by row, and on which line?

Streamed: a file of a million rows needs the memory of one.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator
from pathlib import Path

from cauce.errors import Place, Problem
from cauce.formats.workbook import unescaped
from cauce.packs.rows import MOST_BLANK_ROWS, Report, Row

__all__ = ["MOST_BYTES", "header_problems", "rows"]

MOST_BYTES = 4_000_000_000


def rows(path: Path, file: str, known: Collection[str], report: Report) -> Iterator[Row]:
    """The rows that are not blank. ``known`` are the columns the sheet can have; cells of others
    are left out once they have been reported."""
    reader = _Lines(path, file)
    try:
        header = next(reader, ())
        yield from _rows(reader, header, known, report)
    except UnicodeDecodeError:
        report(Problem("bad_encoding", {"path": file}, Place(file, str(reader.line))))
    except csv.Error as error:
        report(Problem("bad_csv", {"detail": str(error)}, Place(file, str(reader.line))))


class _Lines(Iterator[list[str]]):
    """The rows of the file; ``line`` is the one on which the last row begins."""

    def __init__(self, path: Path, file: str) -> None:
        self.file, self.line = file, 1
        self.generator = self._read(path)

    def _read(self, path: Path) -> Iterator[list[str]]:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            for row in reader:
                yield row
                self.line = reader.line_num + 1

    def __next__(self) -> list[str]:
        return next(self.generator)


def _rows(
    reader: _Lines, header: list[str] | tuple[str, ...], known: Collection[str], report: Report
) -> Iterator[Row]:
    names = [name.strip() for name in header]
    while names and not names[-1]:
        names.pop()  # spreadsheets write commas for columns that were once there
    if len(names) == 1 and any(separator in names[0] for separator in ";\t"):
        detail = f"{'tab' if chr(9) in names[0] else ';'} → ,"
        report(Problem("bad_csv", {"detail": detail}, Place(reader.file, "1")))
        return
    for problem in header_problems(names, known, [Place(reader.file, "1")] * len(names)):
        report(problem)
    usable = {name for name in names if name in known}
    blank = 0
    for cells in reader:
        found = {n: unescaped(c) for n, c in zip(names, cells, strict=False) if c and n in usable}
        if any(map(str.strip, cells[len(names) :])):
            detail = f"{len(cells)} > {len(names)}"
            report(Problem("bad_csv", {"detail": detail}, Place(reader.file, str(reader.line))))
        elif found and not all(map(str.isspace, found.values())):
            yield Row(reader.file, str(reader.line), found)
        elif not any(map(str.strip, cells)):
            blank += 1
            if blank > MOST_BLANK_ROWS:
                place = Place(reader.file, str(reader.line))
                report(Problem("too_many_rows", {"limit": MOST_BLANK_ROWS}, place))
                return


def header_problems(
    names: list[str], known: Collection[str], places: list[Place]
) -> Iterator[Problem]:
    """Columns that the sheet does not have, and columns that are there twice."""
    first: dict[str, Place] = {}
    for name, place in zip(names, places, strict=True):
        if name in first:
            yield Problem("duplicate_id", {"id": name, "first": str(first[name])}, place)
        elif name not in known:
            choices = ", ".join(known)
            yield Problem("unknown_column", {"column": name, "choices": choices}, place)
        first.setdefault(name, place)
