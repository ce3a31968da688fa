"""How the command line shows things: aligned tables, safe CSV, JSON.

Nothing is computed here; words come from ``cauce.words``.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import TextIO

from cauce.words import plain

__all__ = ["print_csv", "print_json", "print_table", "safe_cell"]

#: Characters that make a spreadsheet read a cell as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def print_json(data: object, file: TextIO | None = None) -> None:
    """JSON with two spaces and real letters."""
    out = file or sys.stdout
    json.dump(data, out, ensure_ascii=False, indent=2)
    out.write("\n")


def print_csv(
    header: Sequence[str], rows: Iterable[Sequence[object]], file: TextIO | None = None
) -> None:
    """CSV for machines: comma, UTF-8, LF; text that a spreadsheet would run is disarmed."""
    writer = csv.writer(file or sys.stdout, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)


def safe_cell(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; plain numbers stay numbers."""
    if cell is None:
        return ""
    text = str(cell)
    if text.startswith(_FORMULA) and not _is_number(text):
        return "'" + text
    return text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()


def print_table(
    header: Sequence[str], rows: Sequence[Sequence[str]], file: TextIO | None = None
) -> None:
    """Columns padded to their widest cell, as a terminal shows them; no lines, no colours, no marks
    of names in another language."""
    out = file or sys.stdout
    # One sign for each letter with its accent, so that the length is what a terminal shows.
    table = [[unicodedata.normalize("NFC", plain(cell)) for cell in row] for row in (header, *rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in (table[0], ["-" * width for width in widths], *table[1:]):
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        out.write("  ".join(cells).rstrip() + "\n")
