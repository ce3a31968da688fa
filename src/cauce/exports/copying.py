"""What is put on the clipboard, so that a spreadsheet takes it apart into the same cells?

Pasted text is read by the reader's own settings. With a decimal comma, 118,756 would become
118.756; so numbers have no separator of thousands, and the decimal mark is the one asked for.
"""

from __future__ import annotations

from typing import Literal

from cauce.exports.grid import Cell, Grid, Kind
from cauce.formats.workbook import escaped
from cauce.values.figure import number_text
from cauce.words import plain

__all__ = ["Decimal", "copyable"]

Decimal = Literal[",", "."]


def copyable(grid: Grid, *, decimal: Decimal) -> str:
    """The table as lines of cells between tabs, headings first.

    A percentage is written as one («19,7%»), a date as ISO, which every spreadsheet reads. Tabs
    and new lines within a text become blanks; what would run as a formula gets an apostrophe.
    """
    lines = [[_text(column.heading) for column in grid.columns]]
    lines += [
        [_copied(cell, grid.kind(place, cell), decimal) for place, cell in enumerate(row)]
        for row in grid.rows
    ]
    return "".join("\t".join(line) + "\n" for line in lines)


def _copied(cell: Cell, kind: Kind, decimal: str) -> str:
    if cell.day is not None:
        return cell.day.isoformat()
    if cell.number is None:
        return _text(cell.text)
    is_percent = kind == "percent"
    digits = number_text(cell.number * 100 if is_percent else cell.number) or ""
    return digits.replace(".", decimal) + ("%" if is_percent else "")


def _text(text: str) -> str:
    words = escaped(" ".join(plain(text).split()))
    # A cell that begins with a quotation mark would swallow the cells up to the next one.
    return '"{}"'.format(words.replace('"', '""')) if words.startswith('"') else words
