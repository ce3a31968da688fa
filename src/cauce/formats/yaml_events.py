"""What stands in a YAML file that people send, event by event?

Never loaded: the text that was written is the value (``NO`` stays ``NO``, ``2023-03`` stays a
month), aliases, anchors and tags are refused, so nothing can explode or be made, and each event
knows its line. What the events mean is for the reader of each kind of file.
"""

from __future__ import annotations

from typing import Any

import yaml

from cauce.errors import CauceError, Place, Problem

__all__ = ["UNREADABLE", "At", "Events", "line_of", "problem_of", "value_of"]

_NOTHING = ("", "~", "null", "Null", "NULL")

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def line_of(event: Any) -> str:
    """The line on which an event begins, from 1."""
    return str(event.start_mark.line + 1)


def value_of(event: yaml.ScalarEvent) -> str | None:
    """What was written; ``None`` for a plain nothing."""
    is_plain = event.style in (None, "")
    return None if is_plain and event.value in _NOTHING else str(event.value)


class At(CauceError):
    """A problem with its line, on its way to whoever reports."""

    def __init__(self, event: Any, code: str, **params: object) -> None:
        super().__init__(code, **params)
        self.line = line_of(event)


#: What reading may raise: all of it is told as a problem of the file.
UNREADABLE = (At, yaml.MarkedYAMLError, yaml.reader.ReaderError)


class Events:
    """The events of one text; ``next`` raises one of :data:`UNREADABLE`."""

    def __init__(self, text: str) -> None:
        self._events = iter(yaml.parse(text, Loader=_Loader))

    def next(self) -> Any:
        event = next(self._events)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise At(event, "yaml_alias")
        if tag := (getattr(event, "tag", None) or "").strip("!"):
            raise At(event, "bad_yaml", detail=tag)
        return event


def problem_of(error: Exception, text: str, file: str) -> Problem:
    """What was raised while the text was read, with its file and line."""
    if isinstance(error, At):
        return Problem(error.code, error.params, Place(file, error.line))
    if isinstance(error, yaml.reader.ReaderError):
        line = str(text.count("\n", 0, error.position) + 1)
        return Problem("control_character", {"text": ascii(error.character)}, Place(file, line))
    assert isinstance(error, yaml.MarkedYAMLError)  # noqa: S101  # the third of UNREADABLE
    mark = error.problem_mark or error.context_mark
    line = str(mark.line + 1) if mark else ""
    return Problem("bad_yaml", {"detail": error.problem or ""}, Place(file, line))
