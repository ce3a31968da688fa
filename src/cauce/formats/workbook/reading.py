"""What a workbook says, cell by cell, as exact text."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from cauce.errors import CauceError, Place, Problem, Refusal
from cauce.formats.workbook.scanning import LIMITS, Limits, scan
from cauce.formats.workbook.text import MOST_DIGITS, column_letters, unescaped

__all__ = ["read"]

Cell = str | float | int | bool | date | datetime | time | timedelta


def read(
    stream: BinaryIO, *, name: str, limits: Limits = LIMITS
) -> dict[str, list[tuple[str, ...]]]:
    """The worksheets in order, each as its rows of text; row 1 is the first of the list.

    Numbers come in plain digits, dates as ``2023-03-05`` or, where the cell shows no day,
    ``2023-03``. A number of more than fifteen digits is refused: the spreadsheet has lost some.
    Raises a :class:`Refusal` with everything found, each with sheet and cell. ``name`` is the
    file's name for the places.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    if size > limits.file:
        limit = f"{limits.file // 1_000_000} MB"
        raise Refusal([Problem("file_too_large", {"path": name, "limit": limit}, Place(name))])
    scanned = scan(stream, name=name, limits=limits)
    stream.seek(0)
    try:
        book = CalamineWorkbook.from_filelike(stream)
        found = {sheet: book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
                 for sheet in scanned.sheets}  # fmt: skip
    except (CalamineError, PasswordError) as error:
        raise Refusal([Problem("bad_workbook", {"detail": "cells"}, Place(name))]) from error
    problems: list[Problem] = []
    read_sheets = {
        sheet: list(_rows(rows, scanned.sheets[sheet], Place(name, sheet=sheet), problems))
        for sheet, rows in found.items()
    }
    if problems:
        raise Refusal(problems)
    return read_sheets


def _rows(
    rows: list[list[Cell]],
    imprecise: dict[tuple[int, int], str],
    place: Place,
    problems: list[Problem],
) -> Iterator[tuple[str, ...]]:
    for number, row in enumerate(rows, 1):
        texts = []
        for column, cell in enumerate(row, 1):
            try:
                texts.append(_text(cell, imprecise.get((number, column), "")))
            except CauceError as error:
                where = Place(place.file, f"{column_letters(column)}{number}", sheet=place.sheet)
                problems.append(Problem(error.code, error.params, where))
        while texts and not texts[-1]:
            texts.pop()
        yield tuple(texts)


def _text(cell: Cell, shown: str) -> str:
    match cell:
        case str():
            return unescaped(cell)
        case bool():
            return "yes" if cell else "no"
        case int() | float():
            return _number_text(float(cell))
        case date() if not isinstance(cell, datetime):  # calamine gives midnight as a date
            return _date_text(cell, shown)
        case _:
            # A time or a duration, which no cell of ours means: the text will not parse as one.
            return str(cell)


def _date_text(day: date, shown: str) -> str:
    return day.isoformat()[: {"month": 7, "year": 4}.get(shown, 10)]


def _number_text(number: float) -> str:
    text = format(number, ".0f") if number.is_integer() else repr(number)
    if "e" in text:
        text = format(number, ".17f").rstrip("0")
    digits = text.strip("-").replace(".", "").strip("0")
    if len(digits) > MOST_DIGITS or abs(number) >= 10**MOST_DIGITS:
        raise CauceError("bad_number", text=text)
    return text
