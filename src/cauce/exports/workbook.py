"""How does a table become a workbook that people calculate with?

The headings are in the reader's language; numbers are numbers, dates are dates; what nobody knows
is said in words. Where it comes from, the cautions and the licence stand on a second sheet.
"""

from __future__ import annotations

import io
from datetime import datetime

from cauce.exports.grid import Cell, Grid
from cauce.formats.workbook import Properties, Sheet, Typed, write_typed
from cauce.words import plain, text

__all__ = ["xlsx_bytes"]


def xlsx_bytes(grid: Grid, *, created: datetime, site: str = "") -> bytes:
    """The same bytes for the same table and ``created`` (aware). ``site`` is put before links
    that begin with a slash, so that they lead somewhere from the file; without it they are left
    out."""
    heads = [Typed(plain(column.heading)) for column in grid.columns]
    rows = [
        [_typed(cell, grid.kind(place, cell), site) for place, cell in enumerate(row)]
        for row in grid.rows
    ]
    title = plain(grid.title)
    told = [
        (text("table.note.title", grid.language), title),
        *((plain(label), plain(said)) for label, said in grid.notes),
    ]
    notes = [[Typed(label), Typed(said, link=_link(said, site))] for label, said in told]
    table = text("table.sheet", grid.language)
    stream = io.BytesIO()
    write_typed(
        stream,
        [
            Sheet(table, [heads, *rows]),
            Sheet(text("table.notes", grid.language), notes, table=False),
        ],
        Properties(title, grid.language, created),
    )
    return stream.getvalue()


def _typed(cell: Cell, kind: str, site: str) -> Typed:
    return Typed(
        plain(cell.text),
        None if cell.day else cell.number,
        cell.day,
        is_percent=kind == "percent",
        link=_link(cell.href, site),
    )


def _link(address: str, site: str) -> str:
    is_local = address.startswith("/") and not address.startswith("//")
    return f"{site.rstrip('/')}{address}" if is_local and site else address
