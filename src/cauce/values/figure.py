"""The one thing Cauce gives: a question with its answer, doubts, disagreement and trace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from cauce.values.answer import Absent, Answer, Code, Known, Suppressed
from cauce.values.numbers import decimal_text, rounded
from cauce.values.question import Question, question_to_json

__all__ = [
    "Competing",
    "Coverage",
    "Figure",
    "Lack",
    "Sense",
    "Trace",
    "answer_json",
    "number_text",
]


class Sense(StrEnum):
    """What kind of number it is; «+400 %» does not exist without base value and date."""

    LEVEL = "level"
    CHANGE = "change"
    PERCENT_CHANGE = "percent_change"
    MULTIPLE = "multiple"


@dataclass(frozen=True, slots=True, order=True)
class Lack:
    """A cell that was due and not received: which reporting unit, which sub-period, why."""

    party: str | None
    programme: str | None
    place: str | None
    period: str
    why: str = "missing"

    def to_json(self) -> dict[str, object]:
        return {
            "party": self.party,
            "programme": self.programme,
            "place": self.place,
            "period": self.period,
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """Cells of obligation × reporting unit × sub-period: ``due`` counts those whose day has come
    or that were received; ``received`` of them were."""

    received: int
    due: int
    not_yet_due: int = 0
    exempt: int = 0
    lacks: tuple[Lack, ...] = ()

    def to_json(self) -> dict[str, object]:
        return {
            "received": self.received,
            "due": self.due,
            "not_yet_due": self.not_yet_due,
            "exempt": self.exempt,
            "lacks": [lack.to_json() for lack in self.lacks],
        }


@dataclass(frozen=True, slots=True)
class Competing:
    """A published value that does not answer, and why it stands beside: another ``reporter`` of
    the same key, a ``part`` of the period, another ``calendar``, a ``linked`` record."""

    reporter: str
    answer: Answer
    period: str
    why: str = "reporter"
    unit: str = ""

    def to_json(self) -> dict[str, object]:
        return {
            "reporter": self.reporter,
            "period": self.period,
            "why": self.why,
            "unit": self.unit,
            **answer_json(self.answer),
        }


@dataclass(frozen=True, slots=True)
class Trace:
    """How many records the answer rests on, and an order-free digest of them (hex, 128 bits)."""

    count: int
    digest: str

    def to_json(self) -> dict[str, object]:
        return {"count": self.count, "digest": self.digest}


@dataclass(frozen=True, slots=True)
class Figure:
    """A question and its answer. ``known_at`` and ``head`` are the resolved ones."""

    question: Question
    answer: Answer
    unit: str
    sense: Sense = Sense.LEVEL
    method: str = ""
    known_at: str = ""
    head: int = 0
    coverage: Coverage | None = None
    caveats: tuple[Code, ...] = ()
    competing: tuple[Competing, ...] = ()
    trace: Trace | None = None

    def to_json(self) -> dict[str, object]:
        """The published, flat JSON (``figure.schema.json``)."""
        return {
            "question": question_to_json(self.question),
            **answer_json(self.answer),
            "unit": self.unit,
            "sense": self.sense.value,
            "method": self.method,
            "known_at": self.known_at,
            "head": self.head,
            "coverage": self.coverage.to_json() if self.coverage else None,
            "caveats": [c.to_json() for c in self.caveats],
            "competing": [c.to_json() for c in self.competing],
            "trace": self.trace.to_json() if self.trace else None,
        }


def number_text(value: Fraction | date | None) -> str | None:
    """A number as decimal text (12 digits after the point, half even), a day as ISO text."""
    if value is None or isinstance(value, date):
        return value.isoformat() if value else None
    return decimal_text(rounded(value))


def answer_json(answer: Answer) -> dict[str, object]:
    """The flat JSON of an answer alone, as it stands in a figure."""
    out: dict[str, object] = {
        "state": "known",
        "value": None,
        "low": None,
        "high": None,
        "low_open": False,
        "high_open": False,
        "bound": None,
    }
    if isinstance(answer, Known):
        return out | _known_json(answer)
    if isinstance(answer, Absent):
        return out | {"state": "absent", "reason": Code(answer.absence.value).to_json()}
    if isinstance(answer, Suppressed):
        return out | {"state": "suppressed", "reason": Code(answer.rule).to_json()}
    return out | {"state": "refused", "reason": answer.reason.to_json()}


def _known_json(known: Known) -> dict[str, object]:
    out: dict[str, object] = {
        "value": number_text(known.value),
        "low": number_text(known.low),
        "high": number_text(known.high),
        "low_open": known.low_open,
        "high_open": known.high_open,
        "bound": known.bound.value,
    }
    if known.num is not None and known.den is not None:
        out |= {"num": number_text(known.num), "den": number_text(known.den)}
    return out
