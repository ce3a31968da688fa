"""How tables become a workbook: every cell exact, the same bytes for the same tables."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from cauce.formats.workbook.text import MOST_DIGITS, escaped, is_plain_number

__all__ = ["LONGEST", "write"]

#: The file's own dates are not data: fixed, so that equal tables give equal bytes.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)

#: What a cell holds; a longer text is refused by spreadsheets.
LONGEST = 32_767


def write(stream: BinaryIO, sheets: Iterable[tuple[str, Iterable[Iterable[str]]]]) -> None:
    """Write named tables of text; the first row of each is its heading.

    Plain numbers that a spreadsheet keeps exactly become numbers, everything else text in cells
    formatted as text, so that ``2023-03`` stays what it is when a person edits it. Memory is
    constant. Raises ``ValueError`` for a text that no cell can hold.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": _CREATED})
        as_text = book.add_format({"num_format": "@"})
        heading = book.add_format({"num_format": "@", "bold": True})
        for name, rows in sheets:
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, text in enumerate(row):
                    _write_cell(sheet, number, column, text, as_text if number else heading)


def _write_cell(
    sheet: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    text: str,
    style: xlsxwriter.format.Format,
) -> None:
    if not text:
        return
    if _exact_as_number(text):
        sheet.write_number(row, column, float(text))
        return
    content = escaped(text)
    if len(content) > LONGEST:
        raise ValueError(f"{len(content)} characters do not fit a cell")
    sheet.write_string(row, column, content, style)


def _exact_as_number(text: str) -> bool:
    """Whether a spreadsheet gives back exactly this text for the number."""
    if not is_plain_number(text) or len(text.strip("-").replace(".", "")) > MOST_DIGITS:
        return False
    number = float(text)
    back = str(int(number)) if number.is_integer() else repr(number)
    return back == text
