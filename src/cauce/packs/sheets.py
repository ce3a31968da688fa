"""Which sheets can a pack have, and what stands in their columns?

The sheets are the record classes: a field of a record is a column of its sheet. Cells become
values here and values cells again; files are not read here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, TypeVar

from django.apps import apps

from cauce.errors import CauceError, Problem
from cauce.journal.fields import (
    LANGUAGES,
    BoolField,
    BreakdownField,
    ChoiceField,
    ListField,
    MapField,
    NamesField,
    RecordField,
)
from cauce.journal.queries import Definition, Fact, Recorded
from cauce.packs.rows import Report, Row

__all__ = [
    "META",
    "Column",
    "columns",
    "facts",
    "parse",
    "parse_what_can_be",
    "sheets",
    "spelled",
]

R = TypeVar("R", bound=Recorded)

#: The sheet that says which pack this is.
META = "pack"

#: A change in per cent without what it is a change from: «+400 %», «-12,5 %».
_BARE_PERCENT = re.compile(r"[+\-−±]\s*\d+([.,]\d+)?\s*%\Z")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: the field it belongs to, and of a text in several languages which."""

    name: str
    field: RecordField[Any]
    language: str = ""


@cache
def sheets() -> dict[str, type[Recorded]]:
    """Every sheet with its record class: the pack's own first, then definitions, then facts, so
    that what is referred to comes before what refers to it."""
    found = [m for m in apps.get_models() if issubclass(m, Recorded) and m.sheet]
    found.sort(key=lambda m: (m.sheet != META, issubclass(m, Fact)))
    return {model.sheet: model for model in found}


@cache
def facts() -> dict[str, type[Fact]]:
    """The sheets that hold what somebody stated."""
    return {name: model for name, model in sheets().items() if issubclass(model, Fact)}


@cache
def columns(model: type[Recorded]) -> tuple[Column, ...]:
    """The columns of a sheet in the order in which they are written: those that all facts or all
    definitions share come last."""
    shared = Fact if issubclass(model, Fact) else Definition
    names = {f.name for f in shared._meta.get_fields()}
    fields = sorted(model.content_fields(), key=lambda f: f.name in names)
    return tuple(column for field in fields for column in _columns(field))


def _columns(field: RecordField[Any]) -> Iterator[Column]:
    if isinstance(field, NamesField):
        yield from (Column(f"{field.name}_{code}", field, code) for code in LANGUAGES)
    else:
        yield Column(field.name, field)


@cache
def _accepted(model: type[Recorded]) -> dict[str, Column]:
    """What a row may name: the columns, and a text's languages as one mapping."""
    whole = (Column(field.name, field) for field in model.content_fields())
    return {column.name: column for column in (*columns(model), *whole)}


@cache
def _readers(model: type[Recorded]) -> dict[str, Callable[[str], Any]]:
    """How the text of a column is read, where that gives a value that nobody can change: the same
    few texts stand in a million rows, so each is read once."""
    return {
        field.name: lru_cache(maxsize=4_096)(field.read)
        for field in model.content_fields()
        if not isinstance(field, MapField)
    }


@cache
def _in_position(model: type[Recorded]) -> tuple[tuple[str, Any], ...]:
    blank = model()
    return tuple((f.attname, getattr(blank, f.attname)) for f in model._meta.concrete_fields)


# ------------------------------------------------------------------------------- cells → values


def parse(model: type[R], row: Row, report: Report) -> R | None:
    """The record of a row, or ``None`` if a cell does not parse, which is reported at its place."""
    record, sound = parse_what_can_be(model, row, report)
    return record if sound else None


def parse_what_can_be(model: type[R], row: Row, report: Report) -> tuple[R, bool]:
    """The record of the cells that do parse, and whether all do. Every other cell is reported."""
    known, readers = _accepted(model), _readers(model)
    values: dict[str, Any] = {}
    sound = True
    for name, cell in row.cells.items():
        try:
            if name in readers and isinstance(cell, str):
                values[name] = readers[name](cell)
                continue
            column = known[name]
            if column.field.name in values:
                _put_language(values, column, cell)
            else:
                values[column.field.name] = _value(column, cell)
        except KeyError:
            choices = ", ".join(column.name for column in columns(model))
            report(Problem("unknown_column", {"column": name, "choices": choices}, row.where(name)))
            sound = False
        except CauceError as error:
            problem = _bare_percent(model, name, cell) or Problem(error.code, error.params)
            report(problem.at(row.where(name)))
            sound = False
    return _made(model, values), sound


def _made(model: type[R], values: Mapping[str, Any]) -> R:
    # By position, as Django itself makes what it reads: four times as quick as by name.
    return model(*(values.get(name, empty) for name, empty in _in_position(model)))


def _value(column: Column, cell: object) -> Any:
    field = column.field
    if column.language:
        return field.read({column.language: cell})
    if isinstance(cell, dict) and not isinstance(field, MapField | BreakdownField):
        raise CauceError("bad_structure", text=json.dumps(cell)[:60], expected="text")
    if isinstance(cell, list) and not isinstance(field, ListField):
        raise CauceError("bad_structure", text=json.dumps(cell)[:60], expected="text")
    if isinstance(field, NamesField) and not isinstance(cell, dict):
        raise CauceError("bad_structure", text=str(cell)[:60], expected="es, en, fr")
    return field.read(cell)


def _put_language(values: dict[str, Any], column: Column, cell: object) -> None:
    """One more language of a text; the same language twice (nested and flat) is a mistake."""
    field, languages = column.field, values[column.field.name]
    if not column.language or column.language in languages:
        raise CauceError("duplicate_id", id=column.name, first=field.name)
    values[field.name] = {**languages, **field.read({column.language: cell})}


def _bare_percent(model: type[Recorded], name: str, cell: object) -> Problem | None:
    """Who types «+400 %» as a value means a change; say so instead of «not a number»."""
    if model.sheet == "observations" and name == "value" and _BARE_PERCENT.match(str(cell)):
        return Problem("bare_percent_change", {"value": str(cell)})
    return None


# ------------------------------------------------------------------------------- values → cells


def spelled(record: Recorded, column: Column) -> str:
    """The text of a cell, which :func:`parse` reads as the same value; defaults are empty."""
    field = column.field
    value = getattr(record, field.name)
    if value is None or value == field.empty():
        return ""
    if column.language:
        return str(value.get(column.language, ""))
    if isinstance(field, MapField):
        return _map_text(field, value)
    if isinstance(field, ListField):
        return "; ".join(value)
    if isinstance(field, ChoiceField) and not isinstance(field, BoolField):
        return str(value)
    return str(field.spell(value))


def _map_text(field: MapField, value: dict[str, str]) -> str:
    """``name=value; …`` where that reads back, JSON where a value holds a separator."""
    plain = "; ".join(f"{name}={text}" for name, text in sorted(value.items()))
    try:
        return plain if field.read(plain) == value else field.spell(value)
    except CauceError:
        return field.spell(value)
