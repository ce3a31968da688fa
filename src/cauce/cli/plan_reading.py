"""What does a plan's file say, and on which line stands each of its fields?

YAML is read from the parser's events, never loaded: what was written is the value (``NO`` stays a
text, ``2025-01`` a month), anchors cannot explode, nothing nests without end. JSON is JSON. What
the engine finds wrong with a field is told with the file and the line of that field.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from cauce.engines.capacity.plan_file import KINDS, PlanFile, read
from cauce.errors import CauceError, Place, Problem, Refusal
from cauce.formats.yaml_events import UNREADABLE, At, Events, line_of, problem_of, value_of

__all__ = ["MOST_BYTES", "File", "plan_of", "read_file"]

MOST_BYTES = 2_000_000
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class File:
    """What a file says, and the line of each path: ``stages.interview.staff``, ``routes[0].to``."""

    name: str
    data: object
    lines: dict[str, str] = field(default_factory=dict)

    def place(self, path: str) -> Place:
        """Where a field stands; where it is missing, the line of what it should stand in."""
        known = path
        while known and known not in self.lines:
            known = known[: max(known.rfind("."), known.rfind("["), 0)]
        return Place(self.name, self.lines.get(known, ""), path)

    def placed(self, error: CauceError) -> Refusal:
        """The same problems, each with file and line."""
        return Refusal(
            Problem(one.code, one.params, self.place(one.place.column)) for one in error.problems
        )

    def refused(self, error: CauceError) -> CauceError:
        """What was found wrong when it was computed. Codes that name a field get its line; others,
        such as an extra that is missing, are of no file."""
        if "field" not in error.params or isinstance(error, Refusal):
            return self.placed(error) if isinstance(error, Refusal) else error
        place = self.place(str(error.params["field"]))
        return Refusal([Problem(error.code, dict(error.params), place)])


def plan_of(path: Path, kind: str) -> tuple[PlanFile, File]:
    """The plan of a file, which must be of the kind asked for. Raises :class:`Refusal` with every
    problem and its line, ``file_missing`` and ``file_too_large``."""
    file = read_file(path)
    said = file.data.get("plan") if isinstance(file.data, dict) else None
    if said in KINDS and said != kind:
        # First: what else is wrong would be judged by the rules of another kind.
        params: dict[str, object] = {"kind": said, "asked": kind}
        raise Refusal([Problem("capacity_other_plan", params, file.place("plan"))])
    if file.data is None or file.data == "":
        raise Refusal([Problem("capacity_empty_file", {"kind": kind}, Place(file.name))])
    try:
        return read(file.data), file
    except Refusal as refusal:
        raise file.placed(refusal) from None


def read_file(path: Path) -> File:
    """What stands in the file, all of YAML as text."""
    name = str(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CauceError("file_too_large", path=name, limit=MOST_BYTES)
        text = path.read_text(encoding="utf-8-sig")
    except (FileNotFoundError, IsADirectoryError):
        raise CauceError("file_missing", path=name) from None
    except UnicodeDecodeError:
        raise Refusal([Problem("bad_encoding", {"path": name}, Place(name))]) from None
    if path.suffix.lower() == ".json":
        return File(name, _json(text, name))
    return _yaml(text, name)


def _json(text: str, name: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        place = Place(name, str(error.lineno))
        raise Refusal([Problem("bad_json", {"detail": error.msg}, place)]) from None
    except RecursionError:
        raise Refusal([Problem("bad_json", {"detail": "[[[["}, Place(name))]) from None
    except Refusal as twice:
        raise Refusal(problem.at(Place(name)) for problem in twice.problems) from None


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise Refusal([Problem("capacity_twice", {"field": "{…}", "value": key})])
        found[key] = value
    return found


# ----------------------------------------------------------------------------- YAML


def _yaml(text: str, name: str) -> File:
    try:
        return _Reader(text, name).file()
    except UNREADABLE as error:
        raise Refusal([problem_of(error, text, name)]) from None


class _Reader:
    """Walks the events of one file. ``lines``: of each path, also by the name of an entry."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.lines: dict[str, str] = {}
        self.next = Events(text).next

    def file(self) -> File:
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return File(self.name, None)
        data = self._value(self.next(), ("",), 0)
        self.next()
        if not isinstance(event := self.next(), yaml.StreamEndEvent):
            raise At(event, "bad_yaml", detail="---")
        return File(self.name, data, self.lines)

    def _value(self, event: Any, paths: tuple[str, ...], depth: int) -> object:
        if depth > _DEEPEST:
            raise At(event, "bad_yaml", detail="[[[[")
        if isinstance(event, yaml.ScalarEvent):
            return value_of(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self._items(paths, depth))
        return self._mapping(paths, depth)

    def _items(self, paths: tuple[str, ...], depth: int) -> Iterator[object]:
        index = 0
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            inside: dict[str, str] = {}
            before, self.lines = self.lines, inside
            value = self._value(event, ("",), depth + 1)
            self.lines = before
            line = line_of(event)
            name = value.get("name") if isinstance(value, dict) else None
            for path in paths:
                own = [f"{path}[{index}]", *([f"{path}.{name}"] if name else [])]
                for each in own:
                    self.lines.setdefault(each, line)
                    for rest, at in inside.items():
                        joint = "" if rest.startswith("[") else "."
                        self.lines.setdefault(f"{each}{joint}{rest}", at)
            yield value
            index += 1

    def _mapping(self, paths: tuple[str, ...], depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise At(event, "bad_structure", text="", expected="name: value")
            key = str(event.value).strip()
            if key in found:
                raise At(event, "capacity_twice", field=paths[0] or "plan", value=key)
            own = tuple(f"{path}.{key}" if path else key for path in paths)
            self.lines |= dict.fromkeys(own, line_of(event))
            found[key] = self._value(self.next(), own, depth + 1)
        return found
