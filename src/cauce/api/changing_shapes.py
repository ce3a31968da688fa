"""Which shape have fact sheets, changes and the state of the record, written down?"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from cauce.api.shapes import AnswerJson, Names, Shape, Window

__all__ = ["Changes", "Record", "Statement", "Statements"]


class IssuedFile(Shape):
    language: str
    format: str
    bytes: int
    sha256: str


class Issue(Shape):
    number: int
    issued_at: str
    known_at: str
    head: int
    files: list[IssuedFile]


class Statement(Shape):
    name: str
    titles: Names
    languages: list[str]
    issues: list[Issue] = Field(description="The newest first.")


class Statements(Window):
    items: list[Statement]


class FieldChange(Shape):
    field: str
    old: Any
    new: Any


class Change(Shape):
    place: str = Field(description="Where it stands in the record: seq.n.")
    seq: int
    at: str = Field(description="Since when the public sees it here.")
    recorded_at: str
    kind: Literal["first", "revised", "older", "withdrawn", "closed"] = Field(
        description="older: came in late; what was published after it still answers."
    )
    type: str
    id: list[str] = Field(description="What names the record across its versions.")
    why: str
    unit: str
    old: AnswerJson | None
    new: AnswerJson | None
    fields: list[FieldChange]
    reporter: str
    source: str
    public_at: str
    note: str


class Annulled(Shape):
    seq: int
    whole: bool


class Changes(Shape):
    since: int
    head: int
    next: str | None
    annulled: list[Annulled]
    items: list[Change]


class Record(Shape):
    head: int
    hash: str
    recorded_at: str | None
    time_zone: str
    version: str
    languages: list[str]
