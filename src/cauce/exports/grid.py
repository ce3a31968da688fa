"""What is a table, before it is a page, a workbook, CSV, JSON or plain text?

A door makes one :class:`Grid` of what was released and worded already; the page shows it, and what
is taken away is made of the same values. A text may hold marks of foreign names
(``cauce.words.foreign``): a page turns them into ``lang``, every file drops them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Literal, TypeVar, get_args, overload

from cauce.values.figure import number_text
from cauce.words import LANGUAGES, plain
from cauce.words import text as say

__all__ = ["Cell", "Column", "Grid", "Kind", "Row", "Rows", "json_bytes", "text_bytes", "text_of"]

T = TypeVar("T")

Kind = Literal["text", "number", "percent", "date"]

_KEY = re.compile(r"[a-z][a-z0-9_]*\Z")
#: The stem of a file on every system, and a piece of an address.
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\Z")

#: A wider table of plain text is told row by row: nobody reads lines that break.
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Cell:
    """What a reader sees (``text``), and what a machine gets: ``number`` (a share of one where it
    is a percentage), ``day``, or ``code``, the id or spelling that the text stands for.

    Which nothing it is stands in the text, with no number: «sin dato». ``kind`` is given only
    where a cell is not of its column's kind, such as a percentage among counts. ``label`` is what
    the link ``href`` is called when it is read alone, where the text does not say it.
    """

    text: str
    number: Fraction | None = None
    day: date | None = None
    href: str = ""
    code: str = ""
    label: str = ""
    kind: Kind | None = None

    def __post_init__(self) -> None:
        if self.number is not None:
            object.__setattr__(self, "number", Fraction(self.number))
        if self.number is not None and self.day is not None:
            raise ValueError("a cell holds a number or a day, not both")
        if (self.number is not None or self.day is not None) and not self.text:
            raise ValueError("a value without words cannot be shown")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in files for machines, its heading for people, and what it holds.

    ``worded``: whether files for machines also get the words, as ``<key>_text``. ``None``: where
    they would lose something, because a column of numbers or dates holds words such as «sin dato».
    ``echoes``: the column whose words it says again more often than not, as both ends of an exact
    value do; text that is read row by row says them once.
    """

    key: str
    heading: str
    kind: Kind = "text"
    worded: bool | None = None
    echoes: str = ""

    def __post_init__(self) -> None:
        if not _KEY.match(self.key):
            raise ValueError(f"not a name of a column: {self.key!r}")
        if self.kind not in get_args(Kind):
            raise ValueError(f"not a kind of column: {self.kind!r}")
        if not self.heading:
            raise ValueError(f"column {self.key} has no heading")


Row = tuple[Cell, ...]


class Rows(Sequence[Row]):
    """Rows that are made when they are read first: a page that shows fifty of many makes fifty."""

    def __init__(self, items: Sequence[T], make: Callable[[T], Row]) -> None:
        # Bound here, because a list of items and the way to make a row of one belong together.
        self._at: Callable[[int], Row] = lambda place: make(items[place])
        self._places = range(len(items))
        self._made: dict[int, Row] = {}

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Rows: ...
    def __getitem__(self, at: int | slice) -> Row | Rows:
        if isinstance(at, slice):
            return Rows(self._places[at], self.__getitem__)
        place = self._places[at]
        if place not in self._made:
            self._made[place] = self._at(place)
        return self._made[place]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: ``name`` is the stem of its files, ``notes`` are labelled sentences on where it
    comes from (``cauce.exports.notes``), ``language`` is that of its words.

    Raises ``ValueError`` for two columns of one name and for a row of another width; of
    :class:`Rows` only when the row is read.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] | Rows
    notes: tuple[tuple[str, str], ...] = ()
    language: str = "es"

    def __post_init__(self) -> None:
        if not _NAME.match(self.name):
            raise ValueError(f"not a name of a file: {self.name!r}")
        if self.language not in LANGUAGES:
            raise ValueError(f"not a language of Cauce: {self.language!r}")
        if not self.columns or not self.title:
            raise ValueError("a table has a title and columns")
        keys = [column.key for column in self.columns]
        if len(set(keys)) < len(keys):
            raise ValueError(f"two columns of one name: {', '.join(keys)}")
        if isinstance(self.rows, Rows):
            object.__setattr__(self, "rows", Rows(self.rows, self._whole))
        else:
            for number, row in enumerate(self.rows, 1):
                self._whole(row, f"row {number}")

    def _whole(self, row: Row, which: str = "a row") -> Row:
        if len(row) != len(self.columns):
            raise ValueError(f"{which} has {len(row)} cells, not {len(self.columns)}")
        return row

    def only(self, *keys: str) -> Grid:
        """The same table with fewer columns, in the order asked: what a narrow page shows."""
        at = {column.key: place for place, column in enumerate(self.columns)}
        places = [at[key] for key in keys]
        fewer = Rows(self.rows, lambda row: tuple(row[place] for place in places))
        columns = tuple(self.columns[place] for place in places)
        return replace(self, columns=columns, rows=fewer)

    def part(self, first: int, last: int) -> Grid:
        """The rows from ``first`` to ``last``, counted from 1: one page of a long table."""
        return replace(self, rows=self.rows[max(0, first - 1) : last])

    @property
    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """The rows with the heading of each cell beside it: what a screen shows that is too narrow
        for columns."""
        heads = [_labelled(column.heading, self.language) for column in self.columns]
        return [list(zip(heads, row, strict=True)) for row in self.rows]

    def kind(self, column: int, cell: Cell) -> Kind:
        """What a cell holds: its own kind, that of its day, or that of its column."""
        if cell.kind:
            return cell.kind
        return "date" if cell.day else self.columns[column].kind

    def machine_fields(self) -> tuple[str, ...]:
        """The names of what :meth:`machine_rows` gives."""
        return tuple(name for name, _, _ in self._fields())

    def machine_rows(self) -> Iterator[tuple[str | None, ...]]:
        """Each row for a machine: numbers in plain digits (of a percentage, the share of one),
        ISO dates, codes; ``None`` for no number and no date."""
        fields = self._fields()
        for row in self.rows:
            yield tuple(
                _words(row[place]) if worded else self._machine(place, row[place])
                for _, place, worded in fields
            )

    def _fields(self) -> list[tuple[str, int, bool]]:
        found = []
        for place, column in enumerate(self.columns):
            found.append((column.key, place, False))
            if self._is_worded(place):
                found.append((f"{column.key}_text", place, True))
        return found

    def _is_worded(self, place: int) -> bool:
        column = self.columns[place]
        if column.worded is not None:
            return column.worded
        return column.kind != "text" and any(
            row[place].text and self._machine(place, row[place]) is None for row in self.rows
        )

    def _machine(self, place: int, cell: Cell) -> str | None:
        if cell.number is not None or cell.day is not None:
            return number_text(cell.day or cell.number)
        if cell.code or (self.columns[place].kind == "text" and self.columns[place].worded):
            return cell.code
        # Words are no number: where a machine expects one, there is none.
        return _words(cell) if self.kind(place, cell) == "text" else None


def _words(cell: Cell) -> str:
    return plain(cell.text)


def json_bytes(grid: Grid) -> bytes:
    """The table for a machine, with its notes. A number is text in plain digits, as in the
    figures' own JSON: nothing is rounded on the way; ``null`` is no number."""
    fields = grid.machine_fields()
    told = {
        "name": grid.name,
        "title": plain(grid.title),
        "language": grid.language,
        "columns": [
            {"key": column.key, "heading": plain(column.heading), "kind": column.kind}
            for column in grid.columns
        ],
        "rows": [dict(zip(fields, row, strict=True)) for row in grid.machine_rows()],
        "notes": [{"label": plain(label), "text": plain(text)} for label, text in grid.notes],
    }
    return text_bytes(json.dumps(told, ensure_ascii=False, indent=1))


def text_bytes(text: str) -> bytes:
    """A file of text: without marks, UTF-8, with a newline at its end."""
    return f"{plain(text).rstrip()}\n".encode()


def text_of(grid: Grid) -> str:
    """The table as plain text: in columns where a line stays readable, else row by row; then its
    notes."""
    heads = [_line(column.heading) for column in grid.columns]
    rows = [[_line(cell.text) for cell in row] for row in grid.rows]
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    if sum(widths) + 2 * (len(widths) - 1) <= _WIDEST:
        right = [column.kind in ("number", "percent") for column in grid.columns]
        body = _in_columns([heads, ["-" * width for width in widths], *rows], widths, right)
    else:
        labels = [_labelled(head, grid.language) for head in heads]
        body = _row_by_row(labels, [_said_once(grid.columns, row) for row in rows])
    notes = [f"{_labelled(label, grid.language)} {_line(text)}" for label, text in grid.notes]
    parts = [_line(grid.title), body, "\n".join(notes)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _line(text: str) -> str:
    return " ".join(plain(text).split())


def _labelled(label: str, language: str) -> str:
    return say("explain.labelled", language, label=_line(label))


def _in_columns(lines: list[list[str]], widths: list[int], right: list[bool]) -> str:
    aligned = (
        "  ".join(
            text.rjust(width) if is_right else text.ljust(width)
            for text, width, is_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )
    return "\n".join(aligned)


def _said_once(columns: Sequence[Column], row: list[str]) -> list[str]:
    said = dict(zip((column.key for column in columns), row, strict=True))
    return [
        "" if said.get(column.echoes) == text else text
        for column, text in zip(columns, row, strict=True)
    ]


def _row_by_row(heads: list[str], rows: list[list[str]]) -> str:
    blocks = (
        "\n".join(f"{head} {text}" for head, text in zip(heads, row, strict=True) if text)
        for row in rows
    )
    return "\n\n".join(blocks)
