"""What is in a workbook file, before anything reads its cells: is it safe, small and without
formulas?

The parts of the file are streamed, so that a bomb is refused before it opens. Nothing here gives
the value of a cell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

from cauce.errors import Place, Problem, Refusal
from cauce.formats.workbook.text import column_letters

__all__ = ["LIMITS", "Limits", "Scanned", "scan"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a workbook may hold; what is larger belongs into CSV files."""

    file: int = 50_000_000
    unpacked: int = 400_000_000
    parts: int = 1_000
    rows: int = 100_000
    blank_rows: int = 10_000
    columns: int = 200
    cells: int = 3_000_000
    problems: int = 100


LIMITS = Limits()

#: Parts through which a workbook runs or fetches something.
_ACTIVE = re.compile(
    r"vbaProject|externalLinks/|connections\.xml|queryTables/|embeddings/|activeX/|macrosheets/"
    r"|dialogsheets/",
    re.IGNORECASE,
)

_CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})\Z")

#: Built-in number formats that show a month and no day (ECMA-376, part 1, 18.8.30).
_MONTH_FORMATS = {"17"}
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


@dataclass(slots=True)
class Scanned:
    """What reading needs to know: the worksheets in order, and in each the date cells that show
    no day, as (row, column) from 1 with the precision they show."""

    sheets: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def scan(stream: BinaryIO, *, name: str, limits: Limits = LIMITS) -> Scanned:
    """Raises a :class:`Refusal` with everything found: ``bad_workbook``, ``file_too_large``,
    ``too_many_rows``, ``formula_cell``, each with sheet and cell."""
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_archive(archive, name, limits)
            return _scan_parts(archive, name, limits)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error) as error:
        # NotImplementedError: a way of packing that no spreadsheet uses.
        raise _refusal(name, "zip") from error
    except (expat.ExpatError, ValueError, KeyError) as error:
        # A number or an attribute that the format requires is not there.
        raise _refusal(name, "xml") from error


def _refusal(name: str, detail: str) -> Refusal:
    return Refusal([Problem("bad_workbook", {"detail": detail}, Place(name))])


def _check_archive(archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
    parts = archive.infolist()
    if len(parts) > limits.parts or sum(p.file_size for p in parts) > limits.unpacked:
        limit = f"{limits.unpacked // 1_000_000} MB"
        raise Refusal([Problem("file_too_large", {"path": name, "limit": limit}, Place(name))])
    if any(part.flag_bits & 1 for part in parts):
        raise _refusal(name, "encrypted")
    if active := sorted(p.filename for p in parts if _ACTIVE.search(p.filename)):
        raise _refusal(name, ", ".join(active))
    if "xl/workbook.xml" not in archive.namelist():
        raise _refusal(name, "xl/workbook.xml")
    # Reads every part once: a size or checksum that lies is found before calamine unpacks it.
    if broken := archive.testzip():
        raise _refusal(name, broken)


def _scan_parts(archive: zipfile.ZipFile, name: str, limits: Limits) -> Scanned:
    months = _Styles.of(archive)
    scanned = Scanned()
    problems: list[Problem] = []
    for sheet, part in _worksheets(archive):
        reader = _Worksheet(Place(name, sheet=sheet), months, limits)
        _parse(archive, part, reader)
        problems.extend(reader.problems)
        scanned.sheets[sheet] = reader.imprecise
    if problems:
        raise Refusal(problems)
    return scanned


def _worksheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(name, part) of each worksheet; chart sheets hold no cells and are left out."""
    book, links = _Attributes("sheet"), _Attributes("Relationship")
    _parse(archive, "xl/workbook.xml", book)
    _parse(archive, "xl/_rels/workbook.xml.rels", links)
    targets = {a["Id"]: a for a in links.found}
    for attributes in book.found:
        link = targets.get(attributes.get("id", ""), {})
        if link.get("Type", "").endswith("/worksheet"):
            target = link["Target"]
            yield attributes["name"], target.lstrip("/") if target[0] == "/" else f"xl/{target}"


# ------------------------------------------------------------------------------ reading XML


class _Enough(Exception):
    """Ends the reading of a part: there is nothing more to look for."""


class _Handler:
    """What is done with a part: its elements come by their local names."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError  # pragma: no cover - abstract

    def end(self, tag: str) -> None:
        """By default the end of an element says nothing new."""


class _Attributes(_Handler):
    """Collects the attributes of every element of one name."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.found: list[dict[str, str]] = []

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == self.tag:
            self.found.append(attributes)


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


def _parse(archive: zipfile.ZipFile, part: str, handler: _Handler) -> None:
    parser = expat.ParserCreate(namespace_separator=" ")

    def start(name: str, attributes: dict[str, str]) -> None:
        handler.start(_local(name), {_local(k): v for k, v in attributes.items()})

    def doctype(*_: object) -> None:
        # No spreadsheet writes a document type, and its entities can explode.
        raise expat.ExpatError

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda name: handler.end(_local(name))
    parser.StartDoctypeDeclHandler = doctype
    try:
        stream = archive.open(part)
    except KeyError:
        raise zipfile.BadZipFile(part) from None
    with stream, suppress(_Enough):
        parser.ParseFile(stream)


class _Styles(_Handler):
    """Which cell styles show a date without its day, and how precisely."""

    def __init__(self) -> None:
        self.codes: dict[str, str] = {}
        self.formats: list[str] = []
        self.inside = False

    @classmethod
    def of(cls, archive: zipfile.ZipFile) -> dict[str, str]:
        """Style index → ``month`` or ``year``."""
        styles = cls()
        if "xl/styles.xml" in archive.namelist():
            _parse(archive, "xl/styles.xml", styles)
        shown = ((str(i), styles.precision(number)) for i, number in enumerate(styles.formats))
        return {index: precision for index, precision in shown if precision}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "numFmt":
            self.codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            self.inside = True
        elif tag == "xf" and self.inside:
            self.formats.append(attributes.get("numFmtId", "0"))

    def end(self, tag: str) -> None:
        if tag == "cellXfs":
            self.inside = False

    def precision(self, number: str) -> str:
        if number in _MONTH_FORMATS:
            return "month"
        shown = _QUOTED.sub("", self.codes.get(number, "")).lower()
        if "y" not in shown or "d" in shown or "h" in shown:
            return ""
        return "month" if "m" in shown else "year"


class _Worksheet(_Handler):
    """Walks the cells of a sheet and collects what must not be there."""

    def __init__(self, place: Place, months: dict[str, str], limits: Limits) -> None:
        self.place, self.months, self.limits = place, months, limits
        self.problems: list[Problem] = []
        self.imprecise: dict[tuple[int, int], str] = {}
        self.row = self.column = self.blank = 0
        self.full_row = 0
        self.widest = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            self._check_rows()
        elif tag == "c":
            self._start_cell(attributes)
        elif tag in ("v", "is"):
            self._full()
        elif tag == "f":
            self._problem("formula_cell", cell=self._cell())

    def _start_cell(self, attributes: dict[str, str]) -> None:
        match = _CELL.match(attributes.get("r", ""))
        self.column = _column_number(match[1]) if match else self.column + 1
        if precision := self.months.get(attributes.get("s", "")):
            self.imprecise[self.row, self.column] = precision
        if attributes.get("t") == "e":
            # #REF!, #N/A: what a formula left behind.
            self._problem("formula_cell", cell=self._cell())

    def _full(self) -> None:
        """A cell with a value: the rows between it and the last one were blank."""
        if self.row != self.full_row:
            self.blank += max(self.row - self.full_row - 1, 0)
            self.full_row = self.row
        self.widest = max(self.widest, self.column)
        if self.column > self.limits.columns:
            self._stop("bad_workbook", detail=self._cell())
        elif self.row * self.widest > self.limits.cells:
            self._stop("too_many_rows", limit=self.limits.cells // self.widest)

    def _check_rows(self) -> None:
        blank = self.blank + max(self.row - self.full_row - 1, 0)
        if blank > self.limits.blank_rows:
            self._stop("too_many_rows", limit=self.limits.blank_rows)
        elif self.row > self.limits.rows:
            self._stop("too_many_rows", limit=self.limits.rows)

    def _cell(self) -> str:
        return f"{column_letters(max(self.column, 1))}{self.row}"

    def _problem(self, code: str, **params: object) -> None:
        place = Place(self.place.file, self._cell(), sheet=self.place.sheet)
        if self.problems and self.problems[-1].place == place:
            return  # a formula that gives an error is one problem
        self.problems.append(Problem(code, params, place))
        if len(self.problems) >= self.limits.problems:
            raise _Enough

    def _stop(self, code: str, **params: object) -> None:
        self._problem(code, **params)
        raise _Enough


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
