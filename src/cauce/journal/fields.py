"""The kinds of field a record can have: one exact value, three spellings.

Each field knows its value in Python, its canonical form for the digest and its text in a cell of
a pack (CSV, YAML or workbook). Numbers and dates are stored as text because SQLite would turn
decimals into floats and no database keeps «March 2023».
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cached_property, lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.db import models

from cauce.errors import CauceError
from cauce.journal.canonical import nfc
from cauce.values.breakdown import Breakdown
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.numbers import decimal_text, parse_decimal, parse_fraction
from cauce.values.period import Period

__all__ = [
    "BoolField",
    "BreakdownField",
    "ChoiceField",
    "DateField",
    "EmbargoField",
    "ExactField",
    "FractionField",
    "IdField",
    "IntField",
    "ListField",
    "MapField",
    "NamesField",
    "PeriodField",
    "RecordField",
    "TextField",
    "clean_text",
]

LANGUAGES = ("es", "en", "fr")
MAX_TEXT = 20_000

V = TypeVar("V")

if TYPE_CHECKING:
    _TextColumn = models.TextField[Any, Any]
else:  # Django's own class cannot be subscripted when the program runs
    _TextColumn = models.TextField

_ID = re.compile(r"([a-z][a-z0-9-]*/)?[A-Za-z0-9][A-Za-z0-9._-]*\Z")
# Lone surrogates have no UTF-8, so no digest; a carriage return is gone before this is asked.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def clean_text(cell: str) -> str:
    """Text in the one spelling that is recorded: NFC, line ends as one newline, trimmed.

    Else the same pack would have another digest on Windows, or typed on another keyboard.
    Raises ``text_too_long`` or ``control_character``.
    """
    if cell.isascii() and cell.isprintable():
        text = cell.strip()  # nearly every cell: neither to be composed nor to be refused
    else:
        text = nfc(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if len(text) > MAX_TEXT:
        raise CauceError("text_too_long", length=len(text), limit=MAX_TEXT)
    if bad := _CONTROL.search(text):
        raise CauceError("control_character", text=ascii(bad.group()))
    return text


def _remembered(parse: Callable[[str], V]) -> Callable[[str], V]:
    """The same few dates and periods stand in millions of cells: read each spelling once."""
    return lru_cache(maxsize=16_384)(parse)


_date = _remembered(ImpreciseDate)
_period = _remembered(Period.parse)
_breakdown = _remembered(Breakdown.parse)
_decimal = _remembered(parse_decimal)
_decimal_text: Callable[[Decimal], str] = lru_cache(maxsize=16_384)(decimal_text)
_period_text: Callable[[Period], str] = lru_cache(maxsize=16_384)(str)


class RecordField(_TextColumn, Generic[V]):
    """A value stored as canonical text; empty text is null.

    Subclasses give ``parse`` (text of a cell → value, raises CauceError) and ``spell`` (value →
    text). The stored text *is* the spelling, so that both databases hold the same bytes.
    """

    #: Column suffixes in a sheet; one column of the field's own name by default.
    columns: ClassVar[tuple[str, ...]] = ("",)

    def __init__(self, *args: Any, required: bool = False, **kwargs: Any) -> None:
        self.required = required
        kwargs.setdefault("default", "")
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        # The database column is plain text whatever the field means: a migration need not know.
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        kwargs.pop("default", None)
        return name, "django.db.models.TextField", args, {**kwargs, "default": ""}

    def get_default(self) -> Any:
        return self.empty()

    def parse(self, text: str) -> V | None:
        raise NotImplementedError  # pragma: no cover - abstract

    def spell(self, value: V) -> str:
        return str(value)

    def empty(self) -> Any:
        """The value of an empty cell."""
        return None

    def canonical(self, value: Any) -> object:
        """The JSON value for the digest; ``None`` leaves the field out."""
        return None if value == self.empty() else self.spell(value)

    def from_db_value(self, value: str, *_: object) -> Any:
        # What is stored was cleaned when it was recorded.
        return self.parse(value) if value else self.empty()

    def read(self, cell: object) -> Any:
        """The value of a cell: text, or what YAML or a workbook already made of it."""
        if cell is None or cell == "":
            return self.empty()
        text = clean_text(cell if isinstance(cell, str) else _cell_text(cell))
        return self.parse(text) if text else self.empty()

    def read_cells(self, cells: Mapping[str, object]) -> Any:
        """The value out of a row, whose columns are named by :attr:`columns`."""
        return self.read(cells.get(self.name))

    def to_python(self, value: Any) -> Any:
        """The value as :meth:`read` gives it, also where a caller set plain text."""
        return self.read(value) if isinstance(value, str) else value

    @cached_property
    def blank_text(self) -> str:
        """The stored text of an empty cell."""
        return self.get_prep_value(self.empty())

    def sealed(self, value: Any) -> tuple[str, object]:
        """The text of the column and the JSON value for the digest.

        Raises the CauceError of a value that does not parse.
        """
        if value is None or value == "":
            return self.blank_text, None
        if isinstance(value, str):
            value = self.read(value)
        if value == self.empty():
            return self.blank_text, None
        return self.spell(value), self.canonical(value)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):
            value = self.read(value)
        return "" if value == self.empty() or value is None else self.spell(value)


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        if not isfinite(cell):
            raise CauceError("bad_number", text=str(cell))
        # A workbook holds every number as a float; whole ones are meant whole.
        return str(int(cell)) if cell.is_integer() else decimal_text(Decimal(repr(cell)))
    if isinstance(cell, int | Decimal):
        return decimal_text(cell)
    if isinstance(cell, list):
        return "; ".join(map(_cell_text, cell))
    if isinstance(cell, Mapping):
        return "; ".join(f"{k}={_cell_text(v)}" for k, v in cell.items())
    if isinstance(cell, datetime) and cell.time() == time(0):
        return cell.date().isoformat()  # how a workbook gives a day
    return str(cell)


class TextField(RecordField[str]):
    """Free text in one language."""

    def parse(self, text: str) -> str:
        return text

    def empty(self) -> str:
        return ""


class IdField(TextField):
    """A natural id: ``pack/CODE``, or a bare ISO 3166 code for a place. ``to`` names the record
    type it must refer to; the reference is checked when the record is recorded."""

    def __init__(self, *args: Any, to: str = "", **kwargs: Any) -> None:
        self.to = to
        super().__init__(*args, **kwargs)

    def parse(self, text: str) -> str:
        if not _ID.match(text) or len(text) > 100:
            raise CauceError("bad_id", text=text)
        return text


class ChoiceField(TextField):
    """One of a closed list; the first choice is the default unless the field is required."""

    def __init__(self, *args: Any, options: tuple[str, ...] = (), **kwargs: Any) -> None:
        self.options = options
        super().__init__(*args, **kwargs)

    def parse(self, text: str) -> str:
        if text not in self.options:
            raise CauceError("bad_choice", text=text, choices=", ".join(self.options))
        return text

    def empty(self) -> str:
        return "" if self.required or not self.options else self.options[0]

    def get_prep_value(self, value: Any) -> str:
        # Stored in full, so that a query can filter on the default.
        return str(value) if value else self.empty()


class BoolField(ChoiceField):
    """yes or no; ``first`` is the default."""

    def __init__(self, *args: Any, first: bool = False, **kwargs: Any) -> None:
        self.first = first
        super().__init__(*args, options=("yes", "no") if first else ("no", "yes"), **kwargs)

    def parse(self, text: str) -> Any:
        lowered = text.lower()
        if lowered not in ("yes", "no", "true", "false"):
            raise CauceError("bad_boolean", text=text)
        return lowered in ("yes", "true")

    def spell(self, value: Any) -> str:
        return "yes" if value else "no"

    def empty(self) -> Any:
        return self.first

    def canonical(self, value: Any) -> object:
        return None if value == self.first else bool(value)

    def get_prep_value(self, value: Any) -> str:
        if isinstance(value, str):
            value = self.read(value)
        return self.spell(value)


class IntField(RecordField[int]):
    """A whole number."""

    def parse(self, text: str) -> int:
        number = parse_decimal(text)
        if number != int(number):
            raise CauceError("bad_number", text=text)
        return int(number)

    def canonical(self, value: Any) -> object:
        return value


class ExactField(RecordField[Decimal]):
    """An exact decimal of any size."""

    def parse(self, text: str) -> Decimal:
        return _decimal(text)

    def spell(self, value: Decimal) -> str:
        return _decimal_text(value)


class FractionField(RecordField[Fraction]):
    """A fraction, ``2/5`` or ``0.4``; kept in lowest terms."""

    def parse(self, text: str) -> Fraction:
        return parse_fraction(text)


class DateField(RecordField[ImpreciseDate]):
    """A date with its precision."""

    def parse(self, text: str) -> ImpreciseDate:
        return _date(text)


class PeriodField(RecordField[Period]):
    """A half-open period in a named calendar."""

    def parse(self, text: str) -> Period:
        return _period(text)

    def spell(self, value: Period) -> str:
        return _period_text(value)


class BreakdownField(RecordField[Breakdown]):
    """``sex=f;age=0-17``; empty is the total."""

    def parse(self, text: str) -> Breakdown:
        return _breakdown(text)

    def read(self, cell: object) -> Any:
        if isinstance(cell, Mapping):
            # Through the text, so that a code with a separator in it is refused, not split.
            pairs = [f"{name}={_cell_text(code)}" for name, code in cell.items()]
            if any(";" in pair for pair in pairs):
                raise CauceError("bad_breakdown", text=" ".join(pairs))
            cell = ";".join(pairs)
        return super().read(cell)

    def empty(self) -> Breakdown:
        return Breakdown()

    def canonical(self, value: Any) -> object:
        return dict(value.items) or None


class EmbargoField(TextField):
    """Since when a record is public: an instant or day, or ``never``."""

    def parse(self, text: str) -> str:
        if text != "never":
            KnownAt(text)
        return text


class ListField(RecordField[tuple[str, ...]]):
    """Several ids or codes, separated by ``;``, in the order given."""

    def __init__(self, *args: Any, to: str = "", **kwargs: Any) -> None:
        self.to = to
        super().__init__(*args, **kwargs)

    def parse(self, text: str) -> tuple[str, ...]:
        return tuple(part for p in text.split(";") if (part := p.strip()))

    def read(self, cell: object) -> Any:
        if isinstance(cell, list | tuple):
            parts = [_cell_text(part) for part in cell]
            if any(";" in part for part in parts):
                raise CauceError("bad_structure", text="; ".join(parts)[:60], expected="a; b; c")
            cell = ";".join(parts)
        return super().read(cell)

    def spell(self, value: tuple[str, ...]) -> str:
        return ";".join(value)

    def empty(self) -> tuple[str, ...]:
        return ()

    def canonical(self, value: Any) -> object:
        return list(value) or None


class MapField(RecordField[dict[str, str]]):
    """``name=value`` pairs, separated by ``;``; stored as canonical JSON."""

    def parse(self, text: str) -> dict[str, str]:
        if text.startswith("{"):
            return _json_map(text)
        result: dict[str, str] = {}
        for part in filter(None, (p.strip() for p in text.split(";"))):
            name, equals, value = (s.strip() for s in part.partition("="))
            if not equals or not name or not value or name in result:
                raise CauceError("bad_structure", text=text, expected="name=value; name=value")
            result[name] = value
        return result

    def read(self, cell: object) -> Any:
        if isinstance(cell, Mapping):
            # Not through text: a title may hold «;» and «=».
            pairs = ((clean_text(str(k)), clean_text(_cell_text(v))) for k, v in cell.items())
            return {name: value for name, value in pairs if value}
        return super().read(cell)

    def spell(self, value: Mapping[str, str]) -> str:
        return json.dumps(dict(sorted(value.items())), ensure_ascii=False, separators=(",", ":"))

    def empty(self) -> dict[str, str]:
        return {}

    def canonical(self, value: Any) -> object:
        return dict(value) or None


class NamesField(MapField):
    """A text in several languages; columns ``…_es``, ``…_en``, ``…_fr`` in a sheet."""

    columns = tuple(f"_{language}" for language in LANGUAGES)

    def read_cells(self, cells: Mapping[str, object]) -> Any:
        if cells.get(self.name):
            return self.read(cells[self.name])
        return self.read({code: cells.get(f"{self.name}_{code}") for code in LANGUAGES})

    def read(self, cell: object) -> Any:
        value = super().read(cell)
        for language in value:
            if language not in LANGUAGES:
                raise CauceError("bad_language", text=language, choices=", ".join(LANGUAGES))
        return value


def _json_map(text: str) -> dict[str, str]:
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise CauceError("bad_structure", text=text[:60], expected="{...}") from None
    if not all(isinstance(v, str) for v in data.values()):
        raise CauceError("bad_structure", text=text[:60], expected='{"name": "value"}')
    # Cleaned again: an escape («\\u0000») only now is the character it stands for.
    pairs = ((clean_text(name), clean_text(value)) for name, value in data.items())
    return {name: value for name, value in pairs if value}
