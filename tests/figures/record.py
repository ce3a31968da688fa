"""A small record for a test: tables written in the test, sealed for real.

``Record`` writes definitions and observations as one entry each time it is called, and asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from cauce import figures
from cauce.frameworks import queries as frameworks
from cauce.journal.models import Recorded
from cauce.ledger import actions
from cauce.ledger import queries as ledger
from cauce.parties import queries as parties
from cauce.values.answer import Answer, Known
from cauce.values.figure import Figure, number_text
from cauce.values.question import Question, question_from_json

__all__ = ["NOW", "Record", "short"]

NOW = datetime.now(UTC)

PLACES = {"WORLD": "", "REG": "WORLD", "MEX": "REG", "X": "MEX", "Y": "MEX", "GTM": "REG"}
ORGANISATIONS = ("A", "B", "C", "D", "E", "COMAR", "UNHCR", "F", "S")


def rows(model: type[Any], table: Iterable[Mapping[str, object]]) -> list[Recorded]:
    """Unsealed records of one type from rows of cells."""
    return [model.from_cells(**row) for row in table]


@dataclass
class Record:
    """The record of a test: places X and Y in MEX in REG, organisations t/A …, one framework t/T
    with programmes t/P1, t/P2 below t/P."""

    extra: list[Recorded] = field(default_factory=list)

    def start(self, **indicator: object) -> Record:
        """Record the common definitions and the indicator ``t/I``."""
        self.seal(
            *rows(
                parties.Place,
                (
                    {"code": c, "kind": "country", "name": {"en": c}, "within": w}
                    for c, w in PLACES.items()
                ),
            ),
            *rows(
                parties.Organisation,
                ({"code": f"t/{o}", "kind": "agency", "name": {"en": o}} for o in ORGANISATIONS),
            ),
            frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="1"),
            *rows(
                frameworks.Node,
                (
                    {
                        "code": f"t/{n}",
                        "framework": "t/T",
                        "parent": p,
                        "kind": "programme",
                        "name": {"en": n},
                    }
                    for n, p in (("P", ""), ("P1", "t/P"), ("P2", "t/P"))
                ),
            ),
            self.indicator(**indicator),
        )
        return self

    @staticmethod
    def indicator(**cells: object) -> Recorded:
        common = {"code": "t/I", "framework": "t/T", "name": {"en": "I"}, "unit": "unit"}
        return frameworks.Indicator.from_cells(**{**common, **cells})

    def seal(self, *records: Recorded, why: str = "test") -> int:
        """Record as one entry; gives its number."""
        return actions.record_all(records=records, by="Ana (COMAR)", why=why).seq

    def codes(self, dimension: str, *codes: str, **more: str) -> list[Recorded]:
        """A codelist of a dimension."""
        return [
            frameworks.Codelist.from_cells(
                code=f"t/{dimension}", dimension=dimension, name={"en": dimension}
            ),
            *rows(
                frameworks.CodelistCode,
                (
                    {"codelist": f"t/{dimension}", "code": c, "name": {"en": c}, **more}
                    for c in codes
                ),
            ),
        ]

    @staticmethod
    def due(
        party: str = "", place: str = "", programme: str = "", frequency: str = "year", **more: str
    ) -> Recorded:
        return frameworks.Obligation.from_cells(
            indicator="t/I",
            party=party and f"t/{party}",
            place=place,
            programme=programme and f"t/{programme}",
            frequency=frequency,
            **more,
        )

    @staticmethod
    def value(text: str, value: object = "", **cells: object) -> Recorded:
        """An observation from a terse spec: ``"A MEX 2023 sex=f"`` (party, place, period,
        breakdown; ``-`` for none). The reporter is the party unless given."""
        party, place, period, *breakdown = text.split()
        parties_ = {"A", "B", "C", "D", "E", "COMAR", "UNHCR", "F", "S"}
        reporter = str(cells.pop("reporter", party if party in parties_ else "COMAR"))
        programme = cells.pop("programme", "")
        return ledger.Observation.from_cells(
            indicator="t/I",
            party=f"t/{party}" if party != "-" else "",
            place=place if place != "-" else "",
            period=period,
            breakdown=";".join(breakdown),
            value=value,
            reporter=f"t/{reporter}",
            programme=f"t/{programme}" if programme else "",
            **cells,
        )

    # -- asking ----------------------------------------------------------------------------------

    def ask(self, **question: object) -> Figure:
        """One released figure; without ``ask`` it is about the indicator."""
        return self.table(**question)[0]

    def table(self, **question: object) -> list[Figure]:
        asked: Question = question_from_json({"ask": "indicator", "indicator": "t/I", **question}
                                             if "ask" not in question else question)  # fmt: skip
        table = figures.ask([asked], now=datetime.now(UTC))
        return list(figures.release(table, asked.audience))


def short(answer: Answer) -> str:
    """An answer in one word for a table: ``100``, ``100..200``, ``>=10``, ``>40000``, ``~12``,
    ``missing``, ``refused:mixed_stages``."""
    if isinstance(answer, Known):
        low, high = number_text(answer.low), number_text(answer.high)
        match answer.bound:
            case "exact":
                return str(low)
            case "about":
                return f"~{number_text(answer.estimate)}"
            case "at_least":
                return (">" if answer.low_open else ">=") + str(low)
            case "at_most":
                return ("<" if answer.high_open else "<=") + str(high)
            case _:
                return f"{low}..{high}"
    reason: Any = getattr(answer, "absence", None) or getattr(answer, "rule", None)
    return str(reason) if reason else f"refused:{answer.reason.code}"  # type: ignore[union-attr]  # the last kind
