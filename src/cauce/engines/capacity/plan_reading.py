"""What stands at this place of a plan's file, and is it what should stand there?

A :class:`Reader` walks over what YAML or JSON gave and keeps every problem with the path of its
field, so that a person mends all of them at once. Where a value is wrong it goes on with a
harmless one, which never leaves: with problems, :meth:`Reader.finish` raises. No unit is guessed
and a doubtful number is never made an exact one here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction
from typing import TypeVar

from cauce.engines.capacity.refusing import share, whole
from cauce.engines.capacity.units import Rate, Span
from cauce.errors import CauceError, Place, Problem, raise_if
from cauce.values.answer import Absence, Absent, Answer, Known

__all__ = [
    "COUNT",
    "DOUBT_KEYS",
    "NUMBER",
    "RATE",
    "SHARE",
    "SPAN",
    "Chosen",
    "Kind",
    "Part",
    "Reader",
    "shown",
]

T = TypeVar("T")

#: Numbers chosen for doubtful fields, in the unit in which the field was written.
Chosen = Mapping[str, float | Fraction]
#: How a doubtful number is written.
DOUBT_KEYS = ("about", "at_least", "at_most", "between", "missing", "unit")

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
_YES, _NO = ("true", "yes"), ("false", "no")
# What is known only so far is a fact about the office; what is asked for is decided.
_MAY_BE_DOUBTFUL = re.compile(r"(start|stages|pools|arrivals|routes|series)\b")
_MOST_ENTRIES = 10_000
# More would not be mended in one go, and a broken table has one in each cell.
_MOST_TOLD = 200
_LONGEST_TEXT = 2_000


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of number: how it is read from what was written, and a harmless one.

    ``read`` gives the amount and its unit ("" where it has none); ``check`` refuses an amount.
    """

    read: Callable[[str, object], tuple[float, str]]
    check: Callable[[str, float], float]
    harmless: float
    unit: str = ""


def _plain(path: str, value: object) -> tuple[float, str]:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return float(value), ""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise CauceError("capacity_not_finite", field=path, value=shown(value))
    return float(value), ""


def _span(path: str, value: object) -> tuple[float, str]:
    span = Span.parse(path, written(path, value))
    return span.amount, span.unit


def _rate(path: str, value: object) -> tuple[float, str]:
    rate = Rate.parse(path, written(path, value))
    return rate.amount, f"per {rate.unit}"


def written(path: str, value: object) -> str:
    """A text or a number as a text; anything else is no number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise CauceError("capacity_not_finite", field=path, value=shown(value))
    return str(value)


def _as_it_is(path: str, value: float) -> float:
    return value


COUNT = Kind(_plain, whole, 1)
SHARE = Kind(_plain, share, 0.5)
NUMBER = Kind(_plain, _as_it_is, 1)
SPAN = Kind(_span, _as_it_is, 1, "hour")
RATE = Kind(_rate, _as_it_is, 1, "per week")


def shown(value: object) -> str:
    """What was written, short enough for a message."""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"


@dataclass(slots=True, eq=False)
class Reader:
    """Problems and doubtful numbers found so far, by the path of their field."""

    chosen: Chosen = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    doubts: dict[str, Answer] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)

    def refuse(self, path: str, code: str, **params: object) -> None:
        """Keep a problem of a field."""
        problem = Problem(code, params, Place(column=path))
        # Some parts are read twice: as the frame of all others, and for themselves.
        if problem not in self.problems and len(self.problems) < _MOST_TOLD:
            self.problems.append(problem)

    def attempt(self, path: str, build: Callable[[], T], harmless: T, *, named: bool = True) -> T:
        """What is built, or the harmless one and a problem. ``named``: the problem is of the
        field at ``path``; else of the one that the value itself names."""
        try:
            return build()
        except CauceError as error:
            field_ = {"field": path} if named and "field" in error.params else {}
            self.refuse(path, error.code, **(error.params | field_))
            return harmless

    def finish(self) -> None:
        """Raise one :class:`Refusal` with all problems, if there are any."""
        for name in self.chosen:
            if name not in self.units:
                choices = ", ".join(self.units)
                self.refuse(name, "capacity_unknown_name", field=name, value=name, choices=choices)
        raise_if(self.problems)

    # ----------------------------------------------------------------------- single values

    def mapping(self, path: str, value: object) -> dict[str, object]:
        """A mapping with its keys as texts (a date in ISO form)."""
        if not isinstance(value, Mapping):
            self.refuse(path, "bad_structure", text=shown(value), expected="name: value")
            return {}
        found: dict[str, object] = {}
        for key, each in value.items():
            name = shown(key)
            if name in found:
                self.refuse(path, "capacity_twice", field=path or "plan", value=name)
            found[name] = each
        return found

    def entries(self, path: str, value: object) -> Sequence[object]:
        """A list, of at most ten thousand entries."""
        if not isinstance(value, list | tuple):
            self.refuse(path, "bad_structure", text=shown(value), expected="[a, b, c]")
            return ()
        if len(value) > _MOST_ENTRIES:
            params = {"value": len(value), "limit": _MOST_ENTRIES}
            self.refuse(path, "capacity_too_many", field=path, **params)
            return ()
        return value

    def text(self, path: str, value: object) -> str:
        """A text that is not empty; a number is taken as it was written."""
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            self.refuse(path, "bad_structure", text=shown(value), expected="text")
            return "?"
        if not value.strip():
            self.refuse(path, "field_required", field=path)
        if len(value) > _LONGEST_TEXT:
            self.refuse(path, "text_too_long", length=len(value), limit=_LONGEST_TEXT)
        return value.strip()

    def choice(self, path: str, value: object, choices: Sequence[str]) -> str:
        """One of the names known."""
        name = self.text(path, value)
        if name in choices:
            return name
        self._unknown(path, name, choices)
        return choices[0] if choices else name

    def _unknown(self, path: str, name: str, choices: Sequence[str]) -> None:
        known = ", ".join(choices)
        self.refuse(path, "capacity_unknown_name", field=path, value=name, choices=known)

    def flag(self, path: str, value: object) -> bool:
        """Yes or no."""
        if isinstance(value, bool):
            return value
        if str(value).lower() not in _YES + _NO:
            self.refuse(path, "bad_boolean", text=shown(value))
        return str(value).lower() in _YES

    def day(self, path: str, value: object) -> date:
        """A day in ISO form, 2025-01-06."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            if isinstance(value, str) and _DAY.fullmatch(value.strip()):
                return date.fromisoformat(value.strip())
        except ValueError:
            pass
        self.refuse(path, "bad_date", text=shown(value))
        return date(2000, 1, 1)

    # ----------------------------------------------------------------------- numbers

    def number(self, path: str, value: object, kind: Kind) -> tuple[float, str]:
        """A number and its unit, exact or doubtful; a doubtful one that was not chosen gives a
        harmless one and stays among the doubts."""
        if isinstance(value, Mapping) and _MAY_BE_DOUBTFUL.match(path):
            return self.attempt(path, lambda: self._doubtful(path, value, kind), _harmless(kind))
        return self.attempt(path, lambda: _read(path, value, kind), _harmless(kind))

    def _doubtful(self, path: str, value: object, kind: Kind) -> tuple[float, str]:
        given = self.mapping(path, value)
        self.known(path, given, DOUBT_KEYS)
        answer, unit = self._answer(path, given, kind)
        self.units[path] = unit
        if path in self.chosen:
            return kind.check(path, float(self.chosen[path])), unit
        self.doubts[path] = answer
        return kind.harmless, unit

    def _answer(self, path: str, given: Mapping[str, object], kind: Kind) -> tuple[Answer, str]:
        if "missing" in given and self.flag(f"{path}.missing", given["missing"]):
            if other := next((key for key in given if key not in ("missing", "unit")), ""):
                raise CauceError("capacity_conflict", field=f"{path}.missing", other=other)
            text = f"1 {given['unit']}" if "unit" in given else 1
            return Absent(Absence.MISSING), kind.read(path, text)[1]
        ends = self._ends(path, given, kind)
        units = {unit for _, unit in ends.values()}
        if len(units) > 1:
            params = {"value": ", ".join(sorted(units)), "choices": ", ".join(sorted(units))}
            raise CauceError("capacity_units_mixed", field=path, **params)
        low, high, about = (ends[end][0] if end in ends else None for end in _ENDS)
        if low is not None and high is not None and low > high:
            raise CauceError("capacity_not_ascending", field=path, value=str(high))
        return Known(low, high, about), units.pop()

    def _ends(
        self, path: str, given: Mapping[str, object], kind: Kind
    ) -> dict[str, tuple[Fraction, str]]:
        """The low, the high and the estimate that are there, each with its unit."""
        found = {end: given[key] for key, end in _END_OF.items() if key in given}
        if "between" in given:
            both = self.entries(f"{path}.between", given["between"])
            if len(both) != 2:
                raise CauceError("bad_structure", text=shown(both), expected="[100, 140]")
            found |= {"low": both[0], "high": both[1]}
        if not found:
            raise CauceError("field_required", field=f"{path}.at_least")
        read = {end: _read(path, value, kind) for end, value in found.items()}
        return {end: (Fraction(str(number)), unit) for end, (number, unit) in read.items()}

    def known(self, path: str, given: Mapping[str, object], names: Sequence[str]) -> None:
        """Keep a problem for each key that has no meaning here."""
        for name in given:
            if name not in names:
                choices = ", ".join(names)
                place = f"{path}.{name}" if path else name
                params = {"field": path or "plan", "value": name, "choices": choices}
                self.refuse(place, "capacity_unknown_name", **params)


_ENDS = ("low", "high", "about")
_END_OF = {"at_least": "low", "at_most": "high", "about": "about"}


def _harmless(kind: Kind) -> tuple[float, str]:
    return kind.harmless, kind.unit


def _read(path: str, value: object, kind: Kind) -> tuple[float, str]:
    number, unit = kind.read(path, value)
    return kind.check(path, number), unit


class Part:
    """One mapping of the file: its values by key, each with its path."""

    def __init__(
        self, reader: Reader, path: str, value: object, keys: Sequence[str], *, needed: str = ""
    ) -> None:
        """``keys``: all that may stand here; ``needed``: those that must, with spaces between."""
        self.reader, self.path = reader, path
        given = reader.mapping(path, value)
        self.given = {key: each for key, each in given.items() if each is not None}
        reader.known(path, given, keys)
        # A key with nothing behind it was begun and not ended: not the same as left out.
        empty = [name for name in given if name in keys and name not in self.given]
        for name in dict.fromkeys([*needed.split(), *empty]):
            if name not in self.given:
                reader.refuse(self.at(name), "field_required", field=self.at(name))

    def at(self, key: str) -> str:
        """The path of a key."""
        return f"{self.path}.{key}" if self.path else key

    def __contains__(self, key: str) -> bool:
        return key in self.given

    def __getitem__(self, key: str) -> object:
        return self.given[key]

    def only_one(self, *keys: str) -> str:
        """Which one of the keys is there; two or none of them is a problem."""
        there = [key for key in keys if key in self.given]
        if len(there) == 1:
            return there[0]
        first, other = there[:2] if there else (keys[0], " / ".join(keys[1:]))
        self.reader.refuse(self.at(first), "capacity_conflict", field=self.at(first), other=other)
        return ""

    def text(self, key: str, default: str = "") -> str:
        return self._of(key, self.reader.text, default)

    def flag(self, key: str, default: bool = False) -> bool:
        return self._of(key, self.reader.flag, default)

    def day(self, key: str, default: date) -> date:
        return self._of(key, self.reader.day, default)

    def _of(self, key: str, read: Callable[[str, object], T], default: T) -> T:
        return read(self.at(key), self.given[key]) if key in self.given else default

    def choice(self, key: str, choices: Sequence[str], default: str) -> str:
        if key not in self.given:
            return default
        return self.reader.choice(self.at(key), self.given[key], choices)

    def number(self, key: str, kind: Kind, default: float) -> float:
        """A count, share or plain number."""
        if key not in self.given:
            return default
        return self.reader.number(self.at(key), self.given[key], kind)[0]

    def count(self, key: str, default: int) -> int:
        return int(self.number(key, COUNT, default))

    def span(self, key: str) -> Span:
        """An amount of time, of a key that is there; an hour where it is wrong."""
        return self.reader.attempt(
            self.at(key),
            lambda: Span(*self._with_unit(key, SPAN), self.at(key)),
            Span(1, "hour"),
        )

    def days(self, key: str, default: float) -> float:
        """An amount of time as days of 24 hours."""
        if key not in self.given:
            return default
        return self.reader.attempt(self.at(key), lambda: self.span(key).calendar_days(), default)

    def _with_unit(self, key: str, kind: Kind) -> tuple[float, str]:
        return self.reader.number(self.at(key), self.given[key], kind)

    def rate(self, key: str) -> Rate:
        """So many in a time, of a key that is there; one a week where it is wrong."""
        amount, unit = self._with_unit(key, RATE)
        return Rate(amount, unit.removeprefix("per "), self.at(key))

    def part(self, key: str, keys: Sequence[str], *, needed: str = "") -> Part:
        """The mapping at a key; an empty one where it is not there."""
        needed = needed if key in self.given else ""
        return Part(self.reader, self.at(key), self.given.get(key, {}), keys, needed=needed)

    def parts(self, key: str, keys: Sequence[str], *, needed: str = "") -> Iterator[Part]:
        """Each mapping of a list: ``stages.interview`` where it has a name, else ``routes[0]``."""
        for path, each in self.items(key):
            name = each.get("name") if isinstance(each, Mapping) else None
            named = f"{self.at(key)}.{name.strip()}" if isinstance(name, str) else path
            yield Part(self.reader, named, each, keys, needed=needed)

    def named(self, key: str) -> tuple[str, ...]:
        """The names that the mappings of a list have, before these are read."""
        given = self.given.get(key)
        each = given if isinstance(given, list | tuple) else ()
        names = (one.get("name") for one in each if isinstance(one, Mapping))
        return tuple(name.strip() for name in names if isinstance(name, str))

    def items(self, key: str) -> Iterator[tuple[str, object]]:
        """Path and value of each entry of a list."""
        if key in self.given:
            entries = self.reader.entries(self.at(key), self.given[key])
            yield from ((f"{self.at(key)}[{index}]", each) for index, each in enumerate(entries))

    def names(self, key: str, choices: Sequence[str] | None = None) -> tuple[str, ...]:
        """The names of a list."""
        if choices is None:
            return tuple(self.reader.text(path, each) for path, each in self.items(key))
        return tuple(self.reader.choice(path, each, choices) for path, each in self.items(key))
