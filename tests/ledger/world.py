"""A small made-up framework, for tests that need something to refer to."""

from __future__ import annotations

from cauce.frameworks.models import Codelist, CodelistCode, Framework, Indicator, Node
from cauce.journal.models import Recorded
from cauce.ledger.models import Observation, Source
from cauce.parties.models import Body, Organisation, Place

__all__ = ["definitions", "value"]


def definitions() -> list[Recorded]:
    """Two countries, a state in one, two organisations, a body, a framework with a programme, an
    indicator by sex, and a source."""
    return [
        Place.from_cells(code="WORLD", kind="region", name_en="World"),
        Place.from_cells(code="MEX", kind="country", name_en="Mexico", within="WORLD"),
        Place.from_cells(code="GTM", kind="country", name_en="Guatemala", within="WORLD"),
        Place.from_cells(code="MX-CHP", kind="subdivision", name_en="Chiapas", within="MEX"),
        Organisation.from_cells(code="x/A", kind="agency", name_en="Agency A"),
        Organisation.from_cells(code="x/B", kind="agency", name_en="Agency B"),
        Body.from_cells(code="x/BODY", name_en="Body"),
        Framework.from_cells(code="x/F", name_en="Framework"),
        Node.from_cells(code="x/P", framework="x/F", kind="programme", name_en="Programme"),
        Indicator.from_cells(
            code="x/I", framework="x/F", name_en="Persons", unit="person", preset="flow"
        ),
        Codelist.from_cells(code="x/SEX", dimension="sex", name_en="Sex"),
        CodelistCode.from_cells(codelist="x/SEX", code="f", name_en="women"),
        CodelistCode.from_cells(codelist="x/SEX", code="m", name_en="men"),
        Source.from_cells(code="x/S", title="A report"),
    ]


def value(number: str = "100", **cells: str) -> Observation:
    """What agency A reports for 2022 in Mexico."""
    given = {
        "indicator": "x/I",
        "party": "x/A",
        "place": "MEX",
        "period": "2022",
        "value": number,
        "reporter": "x/A",
        "source": "x/S",
        "public_at": "2023-01",
        **cells,
    }
    return Observation.from_cells(**given)
