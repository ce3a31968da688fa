"""Is what was found out about the frameworks of two governments in the shipped packs, whole, named
in three languages, and without a number that nobody can trace?"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cauce import figures, packs
from cauce.journal import queries as journal
from cauce.packs import catalogue, loading
from cauce.values.audience import PUBLIC
from cauce.values.question import question_from_json
from tests.figures.record import short
from tests.packs.test_shipped_regional import LANGUAGES, rows

OURS = ("asylum", "bicentennial", "border", "root-causes", "sembrando-oportunidades")
#: What rests on memory or is proposed here, and must never be shown as found.
NOT_FOUND = {
    "bicentennial/TIP-1": "memory",
    "bicentennial/SOM-1": "memory",
    "border/BX-3": "memory",
    "asylum/ASYLUM": "proposed",
    "asylum/AS-6": "proposed",
    "sembrando-oportunidades/EG.6-14": "memory",
    "sembrando-oportunidades/EG.6-12": "memory",
    "sembrando-oportunidades/SO.1-a": "proposed",
    "sembrando-oportunidades/SO.3-c": "proposed",
    "sembrando-oportunidades/SO.3-d": "proposed",
    "sembrando-oportunidades/SO.4-c": "proposed",
}
#: Ratios whose numerator counts persons, and those whose does not.
OF_PERSONS = {
    "asylum/AS-3", "asylum/AS-5", "asylum/AS-6", "bicentennial/SDG-16.2.2",
    "sembrando-oportunidades/EG.6-12", "sembrando-oportunidades/EG.6-14",
}  # fmt: skip
PAIRED = ("DOUGLAS", "SAN-LUIS", "CALEXICO-WEST", "BOTA", "BROWNSVILLE-GATEWAY")
#: A digit of an amount in a title: «200 millones», «USD 115m».
AMOUNT = re.compile(r"USD|\$|millon|million|\d{3}")


def test_a_basis_is_never_raised() -> None:
    found = {
        row["code"]: row["basis"]
        for pack in OURS
        for row in rows(pack, "frameworks", "indicators")
        if row["code"] in NOT_FOUND
    }
    assert found == NOT_FOUND


@pytest.mark.parametrize("pack", [*catalogue.shipped(), catalogue.demonstration()])
def test_everything_is_named_and_indicators_are_defined_in_three_languages(pack: str) -> None:
    sheets = ("frameworks", "tree", "indicators", "bodies", "organisations", "codelists", "codes",
              "places", "instruments")  # fmt: skip
    lacking = [
        f"{row.get('code')} {field}_{language}"
        for row in rows(pack, *sheets)
        for field in ("name", "definition", "numerator", "denominator")
        for language in LANGUAGES
        if not row.get(f"{field}_{language}") and (field == "name" or row.get(f"{field}_es"))
    ]
    assert lacking == []


@pytest.mark.parametrize("pack", OURS)
def test_no_title_holds_an_amount(pack: str) -> None:
    titles = [row[f"name_{lang}"] for row in rows(pack, "tree") for lang in LANGUAGES]
    assert [title for title in titles if AMOUNT.search(title)] == []


def test_small_numerators_of_persons_are_protected_and_lanes_are_not() -> None:
    ratios = {
        row["code"]: row.get("numerator_unit", "")
        for pack in OURS
        for row in rows(pack, "indicators")
        if row.get("preset") in ("ratio", "rate")
    }
    assert {code for code, unit in ratios.items() if unit == "person"} == OF_PERSONS
    assert ratios["border/BX-3"] == ""


def test_no_real_source_is_marked_as_invented() -> None:
    marked = [
        row["code"]
        for pack in catalogue.shipped()
        for row in rows(pack, "sources")
        if row.get("invented") not in (None, "", "no")
    ]
    assert marked == []


def test_the_demonstration_is_beside_the_shipped_packs_not_among_them() -> None:
    assert "demo" not in catalogue.shipped()
    assert Path(catalogue.demonstration()).parent == Path(packs.__file__).parent


# ------------------------------------------------------------------------------- answered


def answer(**question: Any) -> str:
    (figure,) = figures.release(figures.ask([question_from_json(question)]), PUBLIC)
    return short(figure.answer)


@pytest.mark.usefixtures("workspace")
def test_money_and_crossings_of_the_border() -> None:
    loading.load(["border"], by="ana")
    asked = {"ask": "money", "stage": "announced"}
    # 200 + 115 + 100 + (600 to 700) + 130 million
    south = answer(**asked, programme="border/BORDER.P", place="border/US-SOUTHERN-BORDER")
    assert south == "1145000000..1245000000"
    # An estimate belongs to the facility on its own side, and so to the crossing.
    bridge = {**asked, "programme": "border/BORDER.P.BOTA"}
    for place in ("border/BOTA-US", "border/BOTA", "border/US-MX-BORDER"):
        assert answer(**bridge, place=place) == "600000000..700000000"
    assert answer(**asked, place="border/CORDOVA") == "missing"
    names = figures.catalogue(journal.head())
    for code in PAIRED:
        one, other = names.places[f"border/{code}"].parts
        assert names.within(one, "border/US-SOUTHERN-BORDER")
        assert names.within(other, "border/MX-NORTHERN-BORDER")
        assert names.within(one, f"border/{code}")
        assert names.within(other, f"border/{code}")


@pytest.mark.usefixtures("workspace")
def test_results_of_fiscal_years_never_answer_for_calendar_years() -> None:
    loading.load(["root-causes"], by="ana")
    firms = {"ask": "indicator", "indicator": "root-causes/RCS.1-a"}
    assert answer(**firms, period="us-fiscal:2023") == ">12000"
    assert answer(**firms, period="2023") == "missing"
    sales = {"ask": "indicator", "indicator": "root-causes/RCS.1-b"}
    assert answer(**sales, period="us-fiscal:2021/2023") == "~1260000000"
    assert answer(**sales, period="us-fiscal:2023") == "missing"
