"""Which values, amounts and claims can be recorded, and which periods are closed?"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import pytest

from cauce.errors import Problem
from cauce.frameworks.models import Indicator
from cauce.frameworks.rules import Limit, declared
from cauce.ledger import rules
from cauce.ledger.models import Claim, Commitment, Lock, Observation, Transaction


def told(problems: Iterable[Problem]) -> list[tuple[str, str]]:
    return [(p.code, p.place.column) for p in problems]


def indicator(
    preset: str = "flow", scale: str = "0", unit: str = "person", **more: str
) -> Indicator:
    return Indicator.from_cells(code="x/I", preset=preset, scale=scale, unit=unit, **more)


def observation(**cells: str) -> Observation:
    return Observation.from_cells(**{"indicator": "x/I", "period": "2023", **cells})


def checked(of: Indicator, **cells: str) -> list[tuple[str, str]]:
    return told(rules.check_observation(observation(**cells), of, declared(of)))


# ------------------------------------------------------------------------------- observations


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"value": "118756"}, []),
        ({"value": "0"}, []),
        ({}, [("value_missing", "value")]),
        ({"status": "pending"}, []),
        ({"status": "withdrawn"}, []),
        ({"status": "pending", "value": "5"}, [("value_without_meaning", "value")]),
        ({"status": "withdrawn", "numerator": "5"}, [("value_without_meaning", "value")]),
        ({"value": "1.5"}, [("too_many_digits", "value")]),
        ({"value": "1.0"}, []),
        ({"value": "-5"}, [("negative_value", "value")]),
        ({"value": "5", "numerator": "1"}, [("value_without_meaning", "numerator")]),
        ({"value": "5", "denominator": "2"}, [("value_without_meaning", "denominator")]),
        ({"value": "10", "upper": "20", "bound": "range"}, []),
        ({"value": "10", "upper": "10", "bound": "range"}, []),
        ({"value": "20", "upper": "10", "bound": "range"}, [("bad_bounds", "upper")]),
        ({"value": "20", "bound": "range"}, [("field_required", "upper")]),
        ({"upper": "20", "bound": "range"}, [("field_required", "value")]),
        ({"value": "10", "upper": "20"}, [("bad_bounds", "upper")]),
        ({"value": "40000", "bound": "more_than"}, []),
        ({"value": "2000", "bound": "almost"}, []),
    ],
)
def test_a_count(cells: dict[str, str], problems: list[tuple[str, str]]) -> None:
    assert checked(indicator(), **cells) == problems


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"numerator": "8", "denominator": "10"}, []),
        ({"value": "80"}, []),  # as reported
        ({}, [("value_missing", "value")]),
        ({"numerator": "8"}, [("field_required", "denominator")]),
        ({"denominator": "10"}, [("field_required", "numerator")]),
        ({"numerator": "8", "denominator": "0"}, [("denominator_zero", "denominator")]),
        ({"numerator": "8", "denominator": "-1"}, [("negative_value", "denominator")]),
        (
            {"value": "80", "numerator": "8", "denominator": "10"},
            [("value_without_meaning", "value")],
        ),
        ({"numerator": "8.5", "denominator": "10"}, [("too_many_digits", "numerator")]),
        ({"numerator": "8", "denominator": "10.5"}, [("too_many_digits", "denominator")]),
        ({"numerator": "-8", "denominator": "10"}, [("negative_value", "numerator")]),
    ],
)
def test_a_ratio(cells: dict[str, str], problems: list[tuple[str, str]]) -> None:
    assert checked(indicator("ratio", unit="%"), **cells) == problems


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"value": "10", "denominator": "1"}, []),
        ({"value": "10", "denominator": "0.25"}, []),  # a weight has its own digits
        ({"value": "10"}, []),
        ({"value": "10", "denominator": "0"}, [("denominator_zero", "denominator")]),
        ({"numerator": "10", "denominator": "1"}, [
            ("value_missing", "value"), ("value_without_meaning", "numerator"),
        ]),
    ],
)  # fmt: skip
def test_a_mean_with_its_weight(cells: dict[str, str], problems: list[tuple[str, str]]) -> None:
    assert checked(indicator("mean_duration", unit="day"), **cells) == problems


def test_a_balance_may_be_negative() -> None:
    assert checked(indicator(may_be_negative="yes"), value="-5") == []


def test_digits_are_those_of_the_indicator() -> None:
    assert checked(indicator(scale="2"), value="1.25") == []
    assert checked(indicator(scale="2"), value="1.255") == [("too_many_digits", "value")]


@pytest.mark.parametrize(
    ("unit", "count_unit", "bare"),
    [
        ("person", "", False),
        ("person", "file", False),
        ("person", "%", True),
        ("person", "percent change", True),
        ("percent change", "", True),
        ("%", "%", False),
        ("percentage points", "", False),
    ],
)
def test_a_bare_percent_change_is_no_observation(unit: str, count_unit: str, bare: bool) -> None:
    found = checked(indicator(unit=unit), value="400", count_unit=count_unit)
    assert found == ([("bare_percent_change", "value")] if bare else [])
    empty = checked(indicator(unit=unit), count_unit=count_unit)
    assert (("bare_percent_change", "value") in empty) is bare


# ------------------------------------------------------------------------------- populations

WORLD = Limit("residents", Decimal(8_000_000_000))


@pytest.mark.parametrize(
    ("cells", "limit", "suggestion"),
    [
        ({"value": "15000000000"}, WORLD, "15000000"),
        ({"value": "9000000000000"}, Limit("residents", Decimal(1000)), ""),
        ({"value": "8000000000"}, WORLD, None),
        ({"value": "15000000000", "bound": "at_most"}, WORLD, None),
        ({"value": "15000000000", "bound": "about"}, WORLD, "15000000"),
        ({"value": "15000000000"}, None, None),
        ({"status": "pending"}, WORLD, None),
    ],
)
def test_no_more_are_counted_than_there_are(
    cells: dict[str, str], limit: Limit | None, suggestion: str | None
) -> None:
    of = indicator("population")
    found = list(rules.check_population(observation(**cells), declared(of), limit))
    assert [p.params["suggestion"] for p in found] == ([] if suggestion is None else [suggestion])
    assert told(found) == [("above_reference_population", "value")] * len(found)


def test_an_amount_is_not_compared_with_a_population() -> None:
    of = indicator("money", unit="USD")
    assert not list(rules.check_population(observation(value="9" * 12), declared(of), WORLD))


# ------------------------------------------------------------------------------- money


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"amount": "1500000000", "currency": "USD"}, []),
        ({}, []),  # an amount that is not known
        ({"amount": "9007199254740993.25", "currency": "USD"}, []),
        ({"amount": "5"}, [("field_required", "currency")]),
        ({"amount": "5", "currency": "usd"}, [("bad_currency", "currency")]),
        ({"amount": "5.005", "currency": "USD"}, [("amount_currency", "amount")]),
        ({"amount": "5.5", "currency": "CLP"}, [("amount_currency", "amount")]),
        ({"amount": "-5", "currency": "USD"}, [("negative_value", "amount")]),
        ({"amount": "5", "upper": "9", "bound": "range", "currency": "USD"}, []),
        (
            {"amount": "9", "upper": "5.001", "bound": "range", "currency": "USD"},
            [("bad_bounds", "upper"), ("amount_currency", "upper")],
        ),
        ({"upper": "9", "bound": "range", "currency": "USD"}, [("field_required", "amount")]),
        ({"status": "pending"}, []),
        (
            {"status": "withdrawn", "amount": "5", "currency": "USD"},
            [("value_without_meaning", "amount")],
        ),
        ({"sectors": "health=60; education=30"}, []),
        ({"sectors": "health=70; education=30.0"}, []),
        ({"sectors": "health=70; education=50"}, [("shares_exceed_whole", "sectors")]),
        ({"sectors": "health=-10"}, [("negative_value", "sectors")]),
        ({"sectors": "health=most; education=30"}, [("bad_number", "sectors")]),
    ],
)
def test_a_transaction(cells: dict[str, str], problems: list[tuple[str, str]]) -> None:
    record = Transaction.from_cells(code="x/T", stage="pledged", **cells)
    assert told(rules.check_transaction(record)) == problems


def test_money_is_not_linked_with_itself() -> None:
    assert told(rules.check_link("x/T1", "x/T1")) == [("cycle", "other")]
    assert told(rules.check_link("x/T1", "x/T2")) == []
    assert told(rules.check_link("", "")) == []


# ------------------------------------------------------------------------------- words


def test_a_commitment_is_due_after_it_is_made() -> None:
    assert told(rules.check_commitment(Commitment.from_cells(made="2023", due="2022"))) == [
        ("ends_before_start", "due")
    ]


@pytest.mark.parametrize(
    ("question", "problems"),
    [
        ("", []),
        ('{"ask": "indicator", "indicator": "x/I", "period": "2023"}', []),
        ('{"ask": "indicator", "indicator": ', [("bad_json", "question")]),
        ('{"ask": "weather"}', [("bad_question", "question")]),
        (
            '{"ask": "indicator", "indicator": "x/I", "period": "soon"}',
            [("bad_period", "question")],
        ),
    ],
)
def test_a_claim_answers_a_question_that_can_be_asked(
    question: str, problems: list[tuple[str, str]]
) -> None:
    assert told(rules.check_claim(Claim.from_cells(code="x/C", question=question))) == problems


# ------------------------------------------------------------------------------- locks


@pytest.mark.parametrize(
    ("lock", "value", "locked"),
    [
        ({}, {}, True),
        ({"indicator": "x/I"}, {}, True),
        ({"indicator": "x/J"}, {}, False),
        ({"framework": "x/F"}, {}, True),
        ({"framework": "x/G"}, {}, False),
        ({"place": "MEX"}, {}, True),
        ({"place": "GTM"}, {}, False),
        ({"closed": "yes"}, {}, False),
        ({}, {"period": "2022-03"}, True),
        ({}, {"period": "2022/2023"}, False),
        ({}, {"period": "2021-12"}, False),
        ({}, {"period": "us-fiscal:2022-Q2"}, True),  # January to March 2022
        ({}, {"period": "us-fiscal:2022"}, False),
    ],
)
def test_a_lock_closes_what_lies_within_it(
    lock: dict[str, str], value: dict[str, str], locked: bool
) -> None:
    record = observation(**{"period": "2022", "value": "5", "place": "MX-CHP", **value})
    found = rules.is_locked(
        record,
        Lock.from_cells(**{"code": "x/L", "period": "2022", **lock}),
        framework="x/F",
        places={"MX-CHP", "MEX"},
    )
    assert found is locked
