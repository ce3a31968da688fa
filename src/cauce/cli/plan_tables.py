"""How does a table of a plan stand on a screen: narrow headings, numbers at the right?"""

from __future__ import annotations

import sys
import textwrap
import unicodedata
from itertools import zip_longest

from cauce.exports.grid import Grid
from cauce.words import plain

__all__ = ["print_grid"]

#: A heading is broken rather than that it makes its column wider.
_HEADING = 12


def print_grid(grid: Grid) -> None:
    """The rows under their headings, which take several lines where they are long."""
    heads = [_lines(column.heading) for column in grid.columns]
    rows = [[_text(cell.text) for cell in row] for row in grid.rows]
    # From below: a heading stands on the line under it.
    above = [list(line) for line in zip_longest(*(lines[::-1] for lines in heads), fillvalue="")]
    widths = [max(map(len, column)) for column in zip(*above, *rows, strict=True)]
    table = [*above[::-1], ["-" * width for width in widths], *rows]
    right = [column.kind in ("number", "percent") for column in grid.columns]
    for row in table:
        cells = (
            cell.rjust(width) if is_right else cell.ljust(width)
            for cell, width, is_right in zip(row, widths, right, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def _lines(heading: str) -> list[str]:
    return textwrap.wrap(_text(heading), _HEADING, break_long_words=False) or [""]


def _text(words: str) -> str:
    """One sign for each letter with its accent, so that the length is what a terminal shows."""
    return unicodedata.normalize("NFC", plain(words))
