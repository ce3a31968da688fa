"""What does a YAML file say, row by row, and on which line?

Read from the parser's events, never loaded: the text that was written is the value (``NO`` stays
``NO``, ``2023-03`` stays a month), anchors cannot explode, and each value knows its line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from cauce.errors import Place, Problem
from cauce.formats.yaml_events import (
    UNREADABLE,
    At,
    Events,
    line_of,
    problem_of,
    value_of,
)
from cauce.packs.rows import MOST_BLANK_ROWS, Report, Row

__all__ = ["MOST_BYTES", "one_mapping", "rows"]

#: A larger file belongs into CSV: YAML is for texts that people write.
MOST_BYTES = 20_000_000


def rows(text: str, file: str, report: Report) -> Iterator[Row]:
    """The rows of a list of mappings. What is wrong is reported; after a mistake in the YAML
    itself nothing more can be read."""
    blank = 0
    for row in _guarded(text, file, report, whole=False):
        if row.cells:
            yield row
            continue
        blank += 1
        if blank > MOST_BLANK_ROWS:
            report(Problem("too_many_rows", {"limit": MOST_BLANK_ROWS}, row.where()))
            return


def one_mapping(text: str, file: str, report: Report) -> Row | None:
    """The one mapping that the file is."""
    found = list(_guarded(text, file, report, whole=True))
    return found[0] if found else None


def _guarded(text: str, file: str, report: Report, *, whole: bool) -> Iterator[Row]:
    reader = _Reader(text, file, report)
    try:
        yield from reader.mapping_file() if whole else reader.list_file()
    except UNREADABLE as error:
        report(problem_of(error, text, file))


class _Reader:
    """Walks the events of one file."""

    def __init__(self, text: str, file: str, report: Report) -> None:
        self.file, self.report = file, report
        self.next = Events(text).next

    # --------------------------------------------------------------------------- the file

    def list_file(self) -> Iterator[Row]:
        event = self._document()
        if event is None:
            return
        if not isinstance(event, yaml.SequenceStartEvent):
            raise At(event, "bad_structure", text="", expected="- column: value")
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self._row(event)
        self._end()

    def mapping_file(self) -> Iterator[Row]:
        event = self._document()
        if event is not None:
            yield self._row(event)
            self._end()

    def _document(self) -> Any:
        """The first event of the content; ``None`` where there is none."""
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return None
        event = self.next()
        nothing = isinstance(event, yaml.ScalarEvent) and not self._scalar(event)
        return None if nothing else event

    def _end(self) -> None:
        self.next()
        event = self.next()
        if not isinstance(event, yaml.StreamEndEvent):
            raise At(event, "bad_yaml", detail="---")

    # --------------------------------------------------------------------------- a row

    def _row(self, event: Any) -> Row:
        line = str(event.start_mark.line + 1)
        if not isinstance(event, yaml.MappingStartEvent):
            self._skip(event)
            self._problem(event, "bad_structure", text="", expected="column: value")
            return Row(self.file, line, {})
        cells: dict[str, object] = {}
        places: dict[str, str] = {}
        for key, value in self._pairs(places):
            if value not in ("", [], {}):
                cells[key] = value
        return Row(self.file, line, cells, places)

    def _pairs(self, places: dict[str, str]) -> Iterator[tuple[str, object]]:
        """Keys and values of a mapping; ``places`` gets the line of each key."""
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key, line = self._key(event), str(event.start_mark.line + 1)
            value = self._value(self.next(), deep=False)
            if key in places:
                self._problem(event, "duplicate_id", id=key, first=places[key])
            else:
                places[key] = line
                yield key, value

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            raise At(event, "bad_structure", text="", expected="column: value")
        return str(event.value).strip()

    def _value(self, event: Any, *, deep: bool) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if deep:
            self._skip(event)
            self._problem(event, "bad_structure", text="", expected="text")
            return ""
        if isinstance(event, yaml.SequenceStartEvent):
            return list(filter(None, self._items()))
        return self._mapping()

    def _items(self) -> Iterator[object]:
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            yield self._value(event, deep=True)

    def _mapping(self) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self._key(event)
            value = self._value(self.next(), deep=True)
            if key in found:
                self._problem(event, "duplicate_id", id=key, first=key)
            found[key] = value
        return {key: value for key, value in found.items() if value}

    def _scalar(self, event: Any) -> str:
        return value_of(event) or ""

    def _skip(self, event: Any) -> None:
        """To the end of a list or mapping that is not understood."""
        depth = 0
        while True:
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth <= 0:
                return
            event = self.next()

    def _problem(self, event: Any, code: str, **params: object) -> None:
        self.report(Problem(code, params, Place(self.file, line_of(event))))
