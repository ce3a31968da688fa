"""The one error hierarchy, and the problem with a place in somebody's file.

Exceptions here are ordinary classes: frozen dataclasses break as exceptions under context
managers and pickling.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from cauce.errors.codes import CODES

__all__ = ["CauceError", "Place", "Problem", "Refusal", "raise_if"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where in somebody's input: a file, and in it a line or a cell, and the column by name.

    ``str(Place("observations.csv", "7", "value"))`` is ``observations.csv:7 value``;
    for a workbook ``cell`` is ``B7`` and the text ``pack.xlsx observations!B7 value``.
    """

    file: str = ""
    line: str = ""
    column: str = ""
    sheet: str = ""

    def __str__(self) -> str:
        if self.sheet:
            where = (
                f"{self.file} {self.sheet}!{self.line}"
                if self.line
                else f"{self.file} {self.sheet}"
            )
        else:
            where = f"{self.file}:{self.line}" if self.line else self.file
        return f"{where} {self.column}".strip()


class CauceError(Exception):
    """A refusal or failure with a code from :data:`cauce.errors.CODES`.

    Raises ``KeyError`` when the code is not registered: an unknown code has no words.

    >>> CauceError("unknown_indicator", id="x/Y").exit_code
    3
    """

    def __init__(self, code: str, /, **params: object) -> None:
        self.spec = CODES[code]
        self.code = code
        self.params = params
        super().__init__(code, params)

    @property
    def http_status(self) -> int:
        return self.spec.http_status

    @property
    def exit_code(self) -> int:
        return self.spec.exit_code

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The single problem, without a place; a :class:`Refusal` has many, with places."""
        return (Problem(self.code, self.params),)

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.code, self.params))


def _rebuild(cls: type[CauceError], code: str, params: dict[str, object]) -> CauceError:
    error = cls.__new__(cls)
    CauceError.__init__(error, code, **params)
    return error


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input: code, parameters and place."""

    code: str
    params: dict[str, object] = field(default_factory=dict)
    place: Place = field(default_factory=Place)

    def __post_init__(self) -> None:
        CODES[self.code]

    def at(self, place: Place) -> Problem:
        """The same problem, at a place; a place it already has is kept."""
        return self if self.place != Place() else Problem(self.code, self.params, place)


class Refusal(CauceError):
    """An input was refused as a whole; ``problems`` lists everything found, in order of place."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self._problems = tuple(problems)
        super().__init__("input_refused", count=len(self._problems))

    @property
    def problems(self) -> tuple[Problem, ...]:
        return self._problems

    def __reduce__(self) -> tuple[object, ...]:
        return (Refusal, (self._problems,))


def raise_if(problems: Iterable[Problem]) -> None:
    """Raise one :class:`Refusal` with all problems, if there are any."""
    found = tuple(problems)
    if found:
        raise Refusal(found)
