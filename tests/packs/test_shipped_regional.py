"""Is what was found out about the regional frameworks in the shipped packs, whole and named?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel import Locale
from babel.core import get_global

from cauce import figures, packs
from cauce.errors import Problem
from cauce.packs import catalogue, loading
from cauce.packs.reading import opened
from cauce.values.answer import Known
from cauce.values.audience import PUBLIC
from cauce.values.question import question_from_json

FOLDER = Path(packs.__file__).parent / "shipped"
LANGUAGES = ("es", "en", "fr")

#: Country names that are not those of CLDR, each with its reason. None at present.
OWN_NAMES: dict[tuple[str, str], str] = {}

FRAMEWORKS = {
    "rcm": "RCM RCM.1 RCM.1.1 RCM.1.2 RCM.1.3 RCM.1.4 RCM.1.5 RCM.1.6 RCM.1.7 RCM.1.8 RCM.1.9 "
    "RCM.2 RCM.3",
    "mirps": "MIRPS MIRPS.1 MIRPS.2 MIRPS.3 MIRPS.4 MIRPS.NAP.BLZ MIRPS.NAP.CRI MIRPS.NAP.SLV "
    "MIRPS.NAP.GTM MIRPS.NAP.HND MIRPS.NAP.MEX MIRPS.NAP.PAN",
    "sembrando-oportunidades": "SO SO.1 SO.1.1 SO.1.2 SO.1.3 SO.2 SO.2.1 SO.2.2 SO.3 SO.3.1 SO.4",
    "high-level-economic-dialogue": "HLED HLED.1 HLED.2 HLED.3 HLED.4",
    "asylum": "ASYLUM ASYLUM.1 ASYLUM.2 ASYLUM.3",
    "pledges": "PLEDGE",
    "root-causes": "RCS RCS.1 RCS.2 RCS.3 RCS.4 RCS.5",
    "bicentennial": "BIC BIC.1 BIC.2 BIC.3 BIC.1.1",
    "border": "BORDER BORDER.1 BORDER.2 BORDER.3 BORDER.P.DOUGLAS BORDER.P.SANLUIS "
    "BORDER.P.CALEXICO BORDER.P.BOTA BORDER.P.BROWNSVILLE",
}
INDICATORS = {
    "rcm": "SDG-10.7.2 SDG-10.7.3 RCM-a RCM-b",
    "mirps": "OA1-1.1 OA1-1.3 OA2-2.1 OA2-2.2 OA2-2.3 OA3-3.1 OA8-8.1 OA4-4.1 OA5-5.3 OA6-6.1 "
    "OA11-11.2 OA13-13.2 OA13-13.3 MIRPS.4-c MIRPS-a MIRPS-b GCR-1.1.1 GCR-1.1.2 GCR-2.1.1 "
    "GCR-3.1.1",
    "sembrando-oportunidades": "SO.1-a EG.6-14 EG.6-12 SO.1-d EG.3.2-24 EG.3.2-25 EG.3.2-26 "
    "EG.3.2-27 EG.3-2 EG.5-3 EG.5-12 SO.3-c SO.3-d SO.4-a SO.4-b SO.4-c",
    "asylum": "AS-1 AS-2 AS-3 AS-4 AS-5 AS-6 AS-7",
    "pledges": "PL-1 PL-2 PL-3",
    "root-causes": "RCS.1-a RCS.1-b RCS.1-c RCS.1-d",
    "bicentennial": "PS.5.3-15 TIP-1 SOM-1 SDG-16.2.2",
    "border": "BX-1 BX-2 BX-3 BX-4 BX-5",
}
#: What rests on no source, and must never be shown as if it did.
NOT_FOUND = {
    "mirps/GCR-1.1.1": "memory",
    "mirps/GCR-1.1.2": "memory",
    "mirps/GCR-2.1.1": "memory",
    "mirps/GCR-3.1.1": "memory",
    "rcm/RCM-a": "proposed",
    "rcm/RCM-b": "proposed",
    "rcm/RCM.2": "memory",
    "rcm/RCM.3": "memory",
}


def rows(pack: str, *sheets: str) -> Iterator[dict[str, Any]]:
    """The rows of a shipped pack as written, each text under ``name_es``, ``name_en`` …"""
    problems: list[Problem] = []
    source = opened(FOLDER / pack, pack)
    there = source.sheets(problems.append)
    for sheet in sheets:
        for row in source.rows(sheet, problems.append) if sheet in there else ():
            yield dict(flat(dict(row.cells)))
    assert problems == []


def flat(cells: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, cell in cells.items():
        if isinstance(cell, dict) and set(cell) <= set(LANGUAGES):
            yield from ((f"{name}_{language}", text) for language, text in cell.items())
        else:
            yield name, cell


def codes(pack: str, *sheets: str) -> set[str]:
    return {row["code"] for row in rows(pack, *sheets)}


@pytest.mark.parametrize("pack", FRAMEWORKS)
def test_every_framework_objective_and_programme_is_recorded(pack: str) -> None:
    expected = {f"{pack}/{code}" for code in FRAMEWORKS[pack].split()}
    assert expected - codes(pack, "frameworks", "tree") == set()


@pytest.mark.parametrize("pack", INDICATORS)
def test_every_indicator_is_recorded(pack: str) -> None:
    expected = {f"{pack}/{code}" for code in INDICATORS[pack].split()}
    assert expected - codes(pack, "indicators") == set()


def test_each_of_the_forty_six_claims_is_recorded_once() -> None:
    found = [
        row["code"].partition("/")[2]
        for pack in catalogue.shipped()
        for row in rows(pack, "claims")
    ]
    numbered = sorted(code for code in found if code[0] == "C" and code[1:].isdigit())
    assert numbered == [f"C{number:02}" for number in range(1, 47)]


def test_a_basis_is_never_raised() -> None:
    found = {
        row["code"]: row["basis"]
        for pack in ("rcm", "mirps")
        for row in rows(pack, "tree", "indicators")
        if row["code"] in NOT_FOUND
    }
    assert found == NOT_FOUND


def test_countries_are_called_as_in_cldr() -> None:
    alpha2 = get_global("territory_aliases")
    different = {
        (row["code"], language): row[f"name_{language}"]
        for pack in catalogue.shipped()
        for row in rows(pack, "places")
        if row["kind"] == "country"
        for language in LANGUAGES
        if row[f"name_{language}"] != Locale.parse(language).territories[alpha2[row["code"]][0]]
    }
    assert set(different) == set(OWN_NAMES)


# ------------------------------------------------------------------------------- counted


@pytest.mark.usefixtures("workspace")
def test_members_are_as_many_as_is_known_on_the_day() -> None:
    loading.load(["mirps"], by="ana")
    found: dict[tuple[str, str], tuple[object, object]] = {
        (body, day): members(body, day)
        for body, day in (
            ("rcm/RCM", "2000-01-01"),
            ("rcm/RCM", "2024-01-01"),
            ("rcm/MIRPS", "2018-12-31"),
            ("rcm/MIRPS", "2019-07-01"),
            ("rcm/MIRPS", "2020-01-01"),
            ("rcm/MIRPS-SP", "2020-06-01"),
            ("rcm/MIRPS-SP", "2021-06-01"),
            ("rcm/MIRPS-SP", "2022-10-21"),
        )
    }
    assert found == {
        ("rcm/RCM", "2000-01-01"): (1, 11),  # ten have no date of entry
        ("rcm/RCM", "2024-01-01"): (11, 11),
        ("rcm/MIRPS", "2018-12-31"): (6, 6),
        ("rcm/MIRPS", "2019-07-01"): (6, 7),  # El Salvador joined in 2019
        ("rcm/MIRPS", "2020-01-01"): (7, 7),
        ("rcm/MIRPS-SP", "2020-06-01"): (12, 12),
        ("rcm/MIRPS-SP", "2021-06-01"): (10, 12),  # Italy and Sweden left between two lists
        ("rcm/MIRPS-SP", "2022-10-21"): (10, 10),
    }


def members(body: str, day: str) -> tuple[object, object]:
    asked = question_from_json({"ask": "count", "of": "members", "body": body, "on": day})
    (figure,) = figures.release(figures.ask([asked]), PUBLIC)
    assert isinstance(figure.answer, Known)
    return figure.answer.low, figure.answer.high
