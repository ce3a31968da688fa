"""Figures with what they were made from, as a test needs them: small, without a workspace."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from cauce.figures import Explanation, UsedValue
from cauce.values.answer import Absence, Absent, Answer, Known, Refused, Suppressed, exact
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Competing, Coverage, Figure, Lack
from cauce.values.period import Period
from cauce.values.question import IndicatorQ
from cauce.words import LANGUAGES, NoNames, Voice
from cauce.words.explanations import Paper

__all__ = [
    "ADDRESS",
    "CREATED",
    "NOTHINGS",
    "PAPERS",
    "REFUSED",
    "TODAY",
    "VOICES",
    "Document",
    "Names",
    "told",
    "used",
]

TODAY = date(2026, 11, 24)
CREATED = datetime(2026, 11, 24, 12, tzinfo=UTC)
ADDRESS = "https://cauce.example/es/cifras/asilo"


class Names(NoNames):
    """Names that a reader knows; the title of the document is Spanish in every language."""

    def name(self, code: str, language: str, *, short: bool = False) -> tuple[str, str]:
        known = {
            "asylum/AS-1": {"es": "Solicitudes", "en": "Applications", "fr": "Demandes"},
            "MEX": {"es": "México", "en": "Mexico", "fr": "Mexique"},
            "asylum/COMAR": dict.fromkeys(LANGUAGES, "COMAR"),
        }
        if code == "asylum/S-1":
            return "Boletín de asilo", "es"
        return (known[code][language], language) if code in known else (code, "")


VOICES = {one: Voice(one, Names(), ZoneInfo("America/Mexico_City")) for one in LANGUAGES}


@dataclass(slots=True)
class Document:
    title: str = "Boletín de asilo"
    publisher: str = "Gobierno de México"
    language: str = "es"
    address: str = "https://documentos.example/boletin.pdf"
    published: ImpreciseDate | None = None


PAPERS: dict[str, Paper] = {"asylum/S-1": Document(published=ImpreciseDate("2023-03"))}

#: Zero and the four that are not: five answers without a count.
NOTHINGS: dict[str, Answer] = {
    "zero": exact(0),
    "missing": Absent(Absence.MISSING),
    "pending": Absent(Absence.PENDING),
    "withdrawn": Absent(Absence.WITHDRAWN),
    "suppressed": Suppressed("small_cell"),
}


def used(answer: Answer, public_at: str = "2023-03") -> UsedValue:
    """A value that COMAR reported in its bulletin."""
    return UsedValue(
        record_id="r1", record_type="observation", digest="", answer=answer, unit="application",
        reporter="asylum/COMAR", party="", programme="", place="MEX", period="2022", breakdown="",
        source="asylum/S-1", locator="p. 3", public_at=public_at, recorded_at=CREATED,
        status="provisional", note="",
    )  # fmt: skip


def told(
    answer: Answer,
    *,
    year: int = 2022,
    others: int = 0,
    lacks: bool = False,
    public_at: str = "2023-03",
    **figure: object,
) -> Explanation:
    """Applications in Mexico in a year, read in one document of COMAR where there is a number."""
    question = IndicatorQ(indicator="asylum/AS-1", place="MEX", period=Period.parse(str(year)))
    competing = tuple(Competing("asylum/X", exact(1), "2022") for _ in range(others))
    lack = (Lack("asylum/COMAR", None, "MEX", "2022-12"),)
    fields: dict[str, object] = {
        "question": question,
        "unit": "application",
        "known_at": "2026-11-24",
    }
    fields |= {"coverage": Coverage(3, 4, lacks=lack) if lacks else None, "competing": competing}
    found = Figure(**{**fields, "answer": answer, **figure})  # type: ignore[arg-type]  # by name
    values = (used(answer, public_at),) if isinstance(answer, Known) else ()
    return Explanation(found, values)


REFUSED = Refused.of("not_like_for_like", period="2021-01/2021-10")
