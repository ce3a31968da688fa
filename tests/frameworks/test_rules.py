"""What may be said of indicators, codes, shares, rates and populations?"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from cauce.errors import CauceError, Problem
from cauce.frameworks import rules
from cauce.frameworks.models import (
    Codelist,
    CodelistCode,
    Framework,
    Indicator,
    JointShare,
    Node,
    Obligation,
    Pack,
    Rate,
    ReferencePopulation,
)
from cauce.frameworks.rules import Codebook, Populations
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

SEX = Codelist.from_cells(code="x/SEX", dimension="sex")
AGE = Codelist.from_cells(code="x/AGE", dimension="age", indicators="x/I")
BOOK = Codebook.of(
    [SEX, AGE],
    [
        CodelistCode.from_cells(codelist="x/SEX", code="f"),
        CodelistCode.from_cells(codelist="x/SEX", code="m"),
        CodelistCode.from_cells(codelist="x/AGE", code="15-17", valid_to="2023"),
        CodelistCode.from_cells(codelist="x/AGE", code="15-24", valid_from="2023"),
        CodelistCode.from_cells(codelist="x/AGE", code="30+", closed="yes"),
    ],
)


def told(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    return [(p.code, p.place.column) for p in problems]


# ------------------------------------------------------------------------------- indicators


def indicator(**cells: object) -> Indicator:
    return Indicator.from_cells(code="x/I", framework="x/F", name_en="i", unit="person", **cells)


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({}, []),
        ({"preset": "flow", "scale": "6"}, []),
        ({"scale": "7"}, [("bad_choice", "scale")]),
        ({"scale": "-1"}, [("bad_choice", "scale")]),
        ({"preset": "flows"}, [("declaration_conflict", "preset")]),
        ({"value": "counts"}, [("declaration_conflict", "value")]),
        ({"preset": "flow", "time": "union"}, [("declaration_conflict", "preset")]),
        ({"dimensions": "sex=perhaps"}, [("declaration_conflict", "value")]),
        ({"margins": "place; place+sex; age"}, []),
        ({"margins": "nationality"}, [("bad_margin", "margins")]),
        ({"margins": "nationality", "dimensions": "nationality=partition"}, []),
        ({"preset": "ratio", "derived_from": "num=x/A; den=x/B"}, []),
        ({"preset": "ratio", "derived_from": "num=x/A"}, [("bad_structure", "derived_from")]),
    ],
)
def test_an_indicator_makes_sense(cells: dict[str, str], problems: list[tuple[str, str]]) -> None:
    assert told(rules.check_indicator(indicator(**cells), BOOK)) == problems


def test_declarations_fill_in_the_preset() -> None:
    found = rules.declared(indicator(preset="flow", accumulation="since:2021-01-01"))
    assert (str(found.value), str(found.since)) == ("count", "2021-01-01")


def test_declarations_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(CauceError, match="declaration_conflict"):
        rules.declared(indicator(preset="nothing-like-it"))


@pytest.mark.parametrize(
    ("unit", "percent", "change"),
    [
        ("%", True, False),
        ("Percent", True, False),
        ("por ciento", True, False),
        ("percent change", False, True),
        ("%  change", False, True),
        ("variación porcentual", False, True),
        ("percentage points", False, False),
        ("person", False, False),
        ("", False, False),
    ],
)
def test_a_unit_of_change_is_told_from_a_percentage(unit: str, percent: bool, change: bool) -> None:
    assert (rules.is_percent(unit), rules.is_percent_change(unit)) == (percent, change)


# ------------------------------------------------------------------------------- codes


@pytest.mark.parametrize(
    ("breakdown", "asked", "period", "problems"),
    [
        ("", "x/I", "2022", []),
        ("sex=f", "x/J", "2022", []),
        ("sex=f; age=15-17", "x/I", "2022", []),
        ("age=15-24", "x/I", "2023", []),
        ("age=15-24", "x/I", "2022/2023", []),  # part of the period
        ("age=30+", "x/I", "2022", []),  # closed, but of its own time
        ("age=15-24", "x/I", "2022", [("unknown_code", "15-17, 30+")]),
        ("sex=u", "x/I", "2022", [("unknown_code", "f, m")]),
        ("age=15-17", "x/J", "2022", [("unknown_dimension", "sex")]),  # for x/I only
        ("size=small", "x/I", "2022", [("unknown_dimension", "age, sex")]),
    ],
)
def test_a_breakdown_uses_codes_that_are_in_use(
    breakdown: str, asked: str, period: str, problems: list[tuple[str, str]]
) -> None:
    found = BOOK.check(Breakdown.parse(breakdown), asked, Period.parse(period))
    assert [(p.code, p.params["choices"]) for p in found] == problems


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"code": "0-17", "valid_from": "2020", "valid_to": "2023"}, []),
        (
            {"code": "f", "valid_from": "2023", "valid_to": "2020"},
            [("ends_before_start", "valid_to")],
        ),
        ({"code": "a=b"}, [("bad_structure", "code")]),
        ({"code": "a;b"}, [("bad_structure", "code")]),
    ],
)
def test_a_code_can_be_asked_for(cells: dict[str, str], problems: list[tuple[str, str]]) -> None:
    assert told(rules.check_code(CodelistCode.from_cells(codelist="x/L", **cells))) == problems


# ------------------------------------------------------------------------------- populations


def population(place: str, size: str, period: str = "", **more: str) -> ReferencePopulation:
    return ReferencePopulation.from_cells(
        kind="residents", place=place, size=size, period=period, **more
    )


POPULATIONS = Populations.of(
    [
        population("WORLD", "8000"),
        population("MEX", "130", "2023"),
        population("MEX", "120", "2020"),
        population("MX-CHP", "9", closed="yes"),
    ]
)


@pytest.mark.parametrize(
    ("places", "period", "limit"),
    [
        (("MX-CHP", "MEX", "WORLD"), "2023", 130),
        (("MX-CHP", "MEX", "WORLD"), "2020/2023", 130),  # the larger of both
        (("MX-CHP", "MEX", "WORLD"), "1990", 8000),  # Mexico's are of other years
        (("WORLD",), "2023", 8000),
        (("GTM",), "2023", None),
    ],
)
def test_the_nearest_population_of_that_time_is_the_limit(
    places: tuple[str, ...], period: str, limit: int | None
) -> None:
    found = POPULATIONS.limit("residents", places, Period.parse(period))
    assert (found.size if found else None) == limit


def test_another_kind_of_population_is_no_limit() -> None:
    assert POPULATIONS.limit("enrolled", ("MEX",), Period.parse("2023")) is None


def test_a_population_is_not_negative() -> None:
    assert told(rules.check_population(population("MEX", "-1"))) == [("negative_value", "size")]
    assert told(rules.check_population(population("MEX", "0"))) == []


# ------------------------------------------------------------------------------- the others


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"name": "rcm", "requires": "sembrando-oportunidades"}, []),
        ({"name": "RCM"}, [("bad_id", "name")]),
        ({"name": "rcm", "requires": "a/b"}, [("bad_id", "requires")]),
    ],
)
def test_a_pack_has_a_name_with_which_ids_can_begin(
    cells: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    assert told(rules.check_pack(Pack.from_cells(**cells))) == problems


def test_a_framework_ends_after_it_starts_and_protects_no_negative_counts() -> None:
    framework = Framework.from_cells(starts="2021", ends="2020", suppress_below="-1")
    assert told(rules.check_framework(framework)) == [
        ("ends_before_start", "ends"),
        ("negative_value", "suppress_below"),
    ]
    assert told(rules.check_framework(Framework.from_cells(suppress_below="10"))) == []


def test_a_node_stands_in_the_framework_of_the_node_above_it() -> None:
    node = Node.from_cells(code="x/1.1", framework="x/F", parent="x/1")
    same = Node.from_cells(code="x/1", framework="x/F")
    other = Node.from_cells(code="x/1", framework="x/G")
    assert told(rules.check_node(node, same)) == []
    assert told(rules.check_node(node, None)) == []
    assert told(rules.check_node(node, other)) == [("bad_structure", "parent")]


def test_an_obligation_ends_after_it_starts_and_is_not_due_before_its_period_ends() -> None:
    obligation = Obligation.from_cells(valid_from="2021", valid_to="2020", due_days="-5")
    assert told(rules.check_obligation(obligation)) == [
        ("ends_before_start", "valid_to"),
        ("negative_value", "due_days"),
    ]
    assert told(rules.check_obligation(Obligation.from_cells(due_days="0"))) == []


@pytest.mark.parametrize(
    ("currency", "into", "rate", "problems"),
    [
        ("MXN", "USD", "1/17", []),
        ("pesos", "usd", "1/17", [("bad_currency", "currency"), ("bad_currency", "into")]),
        ("MXN", "USD", "0", [("negative_value", "rate")]),
        ("", "", "", []),  # told as empty cells
    ],
)
def test_a_rate_is_positive_and_between_currencies(
    currency: str, into: str, rate: str, problems: list[tuple[str, str]]
) -> None:
    record = Rate.from_cells(currency=currency, into=into, rate=rate)
    assert told(rules.check_rate(record)) == problems


def share(programme: str, party: str, part: str, closed: str = "") -> JointShare:
    return JointShare.from_cells(programme=programme, party=party, share=part, closed=closed)


def test_the_shares_of_a_joint_programme_are_no_more_than_the_whole() -> None:
    shares = [
        *(share("x/P", party, "1/3") for party in ("x/A", "x/B", "x/C")),
        share("x/Q", "x/A", "2/5"),
        share("x/Q", "x/B", "4/5"),
        share("x/R", "x/A", "-1/5"),
        share("x/S", "x/A", "1"),
        share("x/S", "x/B", "1", closed="yes"),
        share("x/T", "x/A", ""),
    ]
    found = [
        (one.programme, one.party, problem.code)
        for one, problem in rules.check_joint_shares(shares)
    ]
    assert found == [
        ("x/Q", "x/A", "shares_exceed_whole"),
        ("x/Q", "x/B", "shares_exceed_whole"),
        ("x/R", "x/A", "negative_value"),
    ]
