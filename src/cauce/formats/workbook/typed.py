"""How does a table for people become a workbook: numbers as numbers, dates as dates?

:func:`cauce.formats.workbook.write` keeps exact text for a file that is read again; here a person
calculates with the cells. What a spreadsheet could not hold exactly is written as text, so no
digit is lost without a sign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Context
from fractions import Fraction
from functools import lru_cache
from typing import BinaryIO, Literal

import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from cauce.formats.workbook.text import MOST_DIGITS, escaped
from cauce.formats.workbook.writing import LONGEST
from cauce.values.numbers import decimal_text, rounded

__all__ = ["Properties", "Sheet", "Typed", "write_typed"]

Style = Literal["text", "heading", "title", "link", "number", "percent", "date"]

#: Digits after the point that a cell shows; it holds all of them.
_SHOWN = {"number": 6, "percent": 2}
_MOST_SHOWN = 12

_NARROWEST, _WIDEST = 8, 60

#: What a spreadsheet keeps of a number that does not end.
_HELD = Context(prec=MOST_DIGITS)

#: A spreadsheet counts days from here on.
_FIRST_DAY = date(1900, 3, 1)

#: A sheet may hold so many links, and a link so many characters.
_MOST_LINKS, _LONGEST_LINK = 65_000, 2_000

#: What a name of a sheet must not hold, and how long it may be.
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_LONGEST_NAME = 31


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell: its words, and where it is one, its number (of a percentage, the share of one) or
    day, which then stand in the cell in place of the words. ``link`` is an absolute address."""

    text: str = ""
    number: Fraction | None = None
    day: date | None = None
    is_percent: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A named sheet. Of a ``table`` the first row is the heading: it stays in sight and can be
    filtered by. Without it the first column is a column of labels."""

    name: str
    rows: Sequence[Sequence[Typed]]
    table: bool = True


@dataclass(frozen=True, slots=True)
class Properties:
    """What the file says about itself. ``created`` is passed in: equal tables, equal bytes."""

    title: str
    language: str
    created: datetime
    author: str = ""
    comments: str = ""


def write_typed(stream: BinaryIO, sheets: Sequence[Sheet], properties: Properties) -> None:
    """Write the sheets. Raises ``ValueError`` for a text that no cell can hold."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties(
            {
                "title": properties.title,
                "author": properties.author,
                "comments": properties.comments,
                "created": properties.created.astimezone(UTC).replace(tzinfo=None),
            }
        )
        book.set_custom_property("Language", properties.language)
        styles = _Styles(book)
        for sheet in sheets:
            _write_sheet(book.add_worksheet(_sheet_name(sheet.name)), sheet, styles)


def _sheet_name(name: str) -> str:
    return " ".join(name.translate(_FORBIDDEN).split())[:_LONGEST_NAME].strip()


class _Styles:
    """One format of the workbook for each way a cell looks."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[str, str], xlsxwriter.format.Format] = {}

    def get(self, style: Style, number_format: str = "@") -> xlsxwriter.format.Format:
        key = (style, number_format)
        if key not in self._made:
            look = {"num_format": number_format, "valign": "top", **_LOOKS.get(style, {})}
            self._made[key] = self._book.add_format(look)
        return self._made[key]


_LOOKS: Mapping[str, Mapping[str, object]] = {
    "text": {"text_wrap": True},
    "heading": {"bold": True, "text_wrap": True, "bottom": 1},
    "link": {"font_color": "#0B4F8A", "underline": 1},
}


def _write_sheet(to: xlsxwriter.worksheet.Worksheet, sheet: Sheet, styles: _Styles) -> None:
    widths = _widths(sheet.rows)
    for column, width in enumerate(widths):
        to.set_column(column, column, width)
    if sheet.table and sheet.rows:
        to.freeze_panes(1, 0)
        to.autofilter(0, 0, max(len(sheet.rows) - 1, 1), len(widths) - 1)
        to.repeat_rows(0)
    # A year or a code that is text on purpose is no mistake.
    to.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    to.set_landscape()
    to.set_paper(9)
    to.fit_to_pages(1, 0)
    links = 0
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            is_heading = row == 0 if sheet.table else column == 0
            if _is_link(cell) and links < _MOST_LINKS:
                links += 1
                to.write_url(row, column, cell.link, styles.get("link"), _content(cell.text))
            else:
                _write_cell(to, row, column, cell, styles, "heading" if is_heading else "text")


def _write_cell(
    to: xlsxwriter.worksheet.Worksheet,
    row: int,
    column: int,
    cell: Typed,
    styles: _Styles,
    style: Style,
) -> None:
    if cell.number is not None and _fits(cell.number):
        number_format = _number_format(cell.number, "percent" if cell.is_percent else "number")
        to.write_number(row, column, _held(cell.number), styles.get("number", number_format))
    elif cell.number is not None:
        to.write_string(row, column, decimal_text(cell.number), styles.get("text"))
    elif cell.day is not None and cell.day >= _FIRST_DAY:
        to.write_datetime(row, column, cell.day, styles.get("date", "yyyy-mm-dd"))
    elif cell.day is not None:
        to.write_string(row, column, cell.day.isoformat(), styles.get("text"))
    elif cell.text:
        to.write_string(row, column, _content(cell.text), styles.get(style))


def _content(text: str) -> str:
    content = escaped(text)
    if len(content) > LONGEST:
        raise ValueError(f"{len(content)} characters do not fit a cell")
    return content


def _is_link(cell: Typed) -> bool:
    """Only addresses of the web: a link to a file or a script is never written."""
    has_value = cell.number is not None or cell.day is not None
    return (
        bool(cell.text)
        and not has_value
        and cell.link.startswith(("https://", "http://"))
        and len(cell.link) <= _LONGEST_LINK
    )


@lru_cache(maxsize=4096)
def _fits(number: Fraction) -> bool:
    """Whether the cell gives back what is told elsewhere: all digits of a number that ends, the
    nearest of one that does not."""
    digits = decimal_text(number).lstrip("-0.").replace(".", "")
    is_ending = Fraction(decimal_text(number)) == number
    return not is_ending or len(digits.rstrip("0")) <= MOST_DIGITS


@lru_cache(maxsize=4096)
def _held(number: Fraction) -> float:
    """The number as it is told elsewhere; of more digits than a cell holds, the nearest."""
    return float(_HELD.create_decimal(rounded(number)))


@lru_cache(maxsize=4096)
def _number_format(number: Fraction, kind: str) -> str:
    """Grouped, with as many digits after the point as the number has, up to a limit."""
    value, digits = number * 100 if kind == "percent" else number, _SHOWN[kind]
    # Something is never shown as zero.
    while value and not rounded(value, digits) and digits < _MOST_SHOWN:
        digits += 1
    _, point, decimals = decimal_text(rounded(value, digits)).partition(".")
    sign = "%" if kind == "percent" else ""
    return f"#,##0{point}{'0' * len(decimals)}{sign}"


def _widths(rows: Sequence[Sequence[Typed]]) -> list[int]:
    """As wide as the longest word of each column, within limits; longer ones are wrapped."""
    widths: list[int] = []
    for row in rows:
        for column, cell in enumerate(row):
            if column == len(widths):
                widths.append(_NARROWEST)
            if len(cell.text) + 2 > widths[column]:
                widths[column] = min(len(cell.text) + 2, _WIDEST)
    return widths
