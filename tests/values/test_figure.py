"""The published JSON of figures and questions, and its two schemas."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from cauce.values.answer import Absence, Absent, Answer, Code, Refused, Suppressed, exact
from cauce.values.figure import Competing, Coverage, Figure, Lack, Sense, Trace, number_text
from cauce.values.period import Period
from cauce.values.question import IndicatorQ, Question, question_to_json
from tests.values.strategies import figures, questions, span

QUESTION = IndicatorQ(indicator="a/A", period=Period.parse("2022"))


def schema_of(name: str) -> dict[str, Any]:
    """The schema as it lies in the installed package."""
    text = resources.files("cauce.values").joinpath(f"{name}.schema.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def validator(name: str) -> Draft202012Validator:
    schema = schema_of(name)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


FIGURE, ASKED = validator("figure"), validator("question")


def of(answer: Answer) -> dict[str, Any]:
    keys = (
        "state",
        "value",
        "low",
        "high",
        "low_open",
        "high_open",
        "bound",
        "num",
        "den",
        "reason",
    )
    written = Figure(QUESTION, answer, "person").to_json()
    return {k: written[k] for k in keys if k in written}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (exact(100), {"value": "100", "low": "100", "high": "100", "bound": "exact"}),
        (exact(0), {"value": "0", "low": "0", "high": "0", "bound": "exact"}),
        (span(100, 180), {"low": "100", "high": "180", "bound": "range"}),
        (
            span(40000, None, low_open=True),
            {"low": "40000", "low_open": True, "bound": "at_least"},
        ),
        (
            span(None, 2000, 2000, high_open=True),
            {"value": "2000", "high": "2000", "high_open": True, "bound": "about"},
        ),
        (span(None, 5), {"high": "5", "bound": "at_most"}),
        (
            span(Fraction(108, 1010), Fraction(108, 1010), num=108, den=1010),
            {
                "value": "0.106930693069",
                "low": "0.106930693069",
                "high": "0.106930693069",
                "bound": "exact",
                "num": "108",
                "den": "1010",
            },
        ),
        (
            exact(date(2022, 6, 10)),
            {"value": "2022-06-10", "low": "2022-06-10", "high": "2022-06-10", "bound": "exact"},
        ),
        (Absent(Absence.PENDING), {"state": "absent", "reason": {"code": "pending", "params": {}}}),
        (
            Suppressed("small_cell"),
            {"state": "suppressed", "reason": {"code": "small_cell", "params": {}}},
        ),
        (
            Refused.of("no_rate", currency="MXN", into="USD"),
            {
                "state": "refused",
                "reason": {"code": "no_rate", "params": {"currency": "MXN", "into": "USD"}},
            },
        ),
    ],
)
def test_an_answer_is_flat(answer: Answer, expected: dict[str, Any]) -> None:
    nothing: dict[str, Any] = {"state": "known", "value": None, "low": None, "high": None}
    nothing |= {"low_open": False, "high_open": False, "bound": None}
    assert of(answer) == {**nothing, **expected}


def test_only_one_side_of_a_ratio_is_not_published() -> None:
    assert "den" not in of(span(Fraction(3, 10), Fraction(1, 2), den=100))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Fraction(1, 2**20), "0.000000953674"),
        (Fraction(1, 8192), "0.000122070312"),  # …0703125: half even
        (Fraction(3, 8192), "0.000366210938"),  # …2109375
        (Fraction(1, 3), "0.333333333333"),
        (Fraction(10**30), "1" + "0" * 30),
        (None, None),
        (date(2023, 1, 1), "2023-01-01"),
    ],
)
def test_numbers_have_at_most_twelve_digits_after_the_point(value: Any, text: str | None) -> None:
    assert number_text(value) == text


def test_a_whole_figure() -> None:
    figure = Figure(
        QUESTION,
        exact(3),
        "person",
        Sense.CHANGE,
        "sum",
        "2023-05",
        7,
        Coverage(1, 2, 3, 4, (Lack("p/A", None, None, "2022-01"),)),
        (Code.of("capped", population=5),),
        (Competing("p/B", exact(4), "2022", "part", "person"),),
        Trace(2, "ab" * 16),
    )
    written = figure.to_json()
    assert written["question"] == {"ask": "indicator", "indicator": "a/A", "period": "2022"}
    assert written["coverage"] == {
        "received": 1,
        "due": 2,
        "not_yet_due": 3,
        "exempt": 4,
        "lacks": [
            {
                "party": "p/A",
                "programme": None,
                "place": None,
                "period": "2022-01",
                "why": "missing",
            }
        ],
    }
    beside = figure.competing[0].to_json()
    assert written["competing"] == [beside]
    assert (beside["reporter"], beside["why"], beside["value"]) == ("p/B", "part", "4")
    assert written["caveats"] == [{"code": "capped", "params": {"population": "5"}}]
    assert written["trace"] == {"count": 2, "digest": "ab" * 16}
    assert (written["sense"], written["head"], written["known_at"]) == ("change", 7, "2023-05")
    FIGURE.validate({"figures": [written]})


# -- the schemas -----------------------------------------------------------------------------------


@given(figures)
def test_every_figure_follows_the_schema(figure: Figure) -> None:
    written = json.loads(json.dumps(figure.to_json()))
    FIGURE.validate({"figures": [written, written]})
    FIGURE.validate(written)


@given(questions)
def test_every_question_follows_the_schema(question: Question) -> None:
    written = json.loads(json.dumps(question_to_json(question)))
    ASKED.validate({"questions": [written]})
    ASKED.validate(written)


FINE: dict[str, Any] = Figure(QUESTION, exact(3), "person").to_json()


@pytest.mark.parametrize(
    "change",
    [
        {"value": 3},
        {"value": "3.0000000000001"},
        {"value": None},
        {"low_open": True},
        {"bound": "at_least"},
        {"state": "absent"},
        {"state": "unknown"},
        {"reason": {"code": "missing", "params": {}}},
        {"num": "3"},
        {"surplus": 1},
        {"trace": {"count": 1, "digest": "short"}},
        {"competing": [{"reporter": "x"}]},
        {"caveats": ["capped"]},
        {"question": {"ask": "everything"}},
    ],
)
def test_what_is_no_figure_does_not_follow_the_schema(change: dict[str, Any]) -> None:
    assert FIGURE.is_valid({"figures": [FINE]})
    assert not FIGURE.is_valid({"figures": [{**FINE, **change}]})


@pytest.mark.parametrize("name", sorted(FINE))
def test_no_field_of_a_figure_may_be_left_out(name: str) -> None:
    assert not FIGURE.is_valid({"figures": [{k: v for k, v in FINE.items() if k != name}]})


@pytest.mark.parametrize(
    "data",
    [
        {"questions": {}},
        {"questions": [], "surplus": 1},
        {"ask": "indicator", "indicator": "a/A"},
        {"ask": "indicator", "indicator": "a/A", "period": "soon"},
        {"ask": "indicator", "indicator": "a/A", "period": "2022", "by": ["sex", "sex"]},
        {"ask": "money", "stage": "wished"},
        {"ask": "change", "of": {"ask": "money"}},
        {"ask": "change", "of": {"ask": "money"}, "base_period": "2021", "base_known_at": "2021"},
        {"ask": "progress", "of": {"ask": "money"}},
        {"ask": "fact", "record": "a/A"},
    ],
)
def test_what_is_no_question_does_not_follow_the_schema(data: dict[str, Any]) -> None:
    assert not ASKED.is_valid(data)


def test_null_is_as_if_left_out() -> None:
    ASKED.validate(
        {
            "ask": "change",
            "of": {"ask": "money", "by": None},
            "base_period": "2021",
            "base_known_at": None,
        }
    )


def test_both_schemas_say_the_same_of_questions() -> None:
    figure, question = schema_of("figure")["$defs"], schema_of("question")["$defs"]
    shared = {name: schema for name, schema in question.items() if name != "questions"}
    assert {name: figure[name] for name in shared} == shared
