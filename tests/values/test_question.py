from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from cauce.errors import CauceError
from cauce.values.audience import PUBLIC, SECRETARIAT
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.period import Period
from cauce.values.question import (
    ChangeQ,
    CountQ,
    FactQ,
    IndicatorQ,
    MoneyQ,
    ProgressQ,
    Question,
    question_from_json,
    question_to_json,
)
from tests.values.strategies import questions

YEAR = Period.parse("2022")
INDICATOR = {"ask": "indicator", "indicator": "asylum/AS-1", "period": "2022"}


@given(questions)
def test_every_question_is_read_back_from_its_json(question: Question) -> None:
    assert question_from_json(question_to_json(question)) == question
    assert hash(question_from_json(question_to_json(question))) == hash(question)


@pytest.mark.parametrize(
    ("data", "question"),
    [
        (INDICATOR, IndicatorQ(indicator="asylum/AS-1", period=YEAR)),
        (
            {**INDICATOR, "where": "sex=f", "by": ["place", "month"], "head": 3},
            replace(
                IndicatorQ(indicator="asylum/AS-1", period=YEAR, by=("month", "place"), head=3),
                where=question_from_json({**INDICATOR, "where": {"sex": "f"}}).where,  # type: ignore[union-attr]  # an indicator question
            ),
        ),
        # Null is as if left out.
        (
            {**INDICATOR, "by": None, "where": None, "kind": None, "head": None},
            IndicatorQ(indicator="asylum/AS-1", period=YEAR),
        ),
        ({"ask": "money"}, MoneyQ()),
        (
            {"ask": "count", "of": "members", "on": "2019"},
            CountQ(of="members", on=ImpreciseDate("2019")),
        ),
        (
            {"ask": "fact", "record": "rcm/I", "field": "adopted"},
            FactQ(record="rcm/I", field="adopted"),
        ),
        (
            {"ask": "change", "of": INDICATOR, "base_known_at": "2023-05", "as": "percent"},
            ChangeQ(
                of=IndicatorQ(indicator="asylum/AS-1", period=YEAR),
                base_known_at=KnownAt("2023-05"),
                as_="percent",
            ),
        ),
        (
            {"ask": "progress", "of": INDICATOR, "verified_only": True},
            ProgressQ(of=IndicatorQ(indicator="asylum/AS-1", period=YEAR), verified_only=True),
        ),
    ],
)
def test_the_published_spelling_is_read(data: dict[str, Any], question: Question) -> None:
    assert question_from_json(data) == question


def test_fields_at_their_default_are_left_out() -> None:
    assert question_to_json(IndicatorQ(indicator="asylum/AS-1", period=YEAR)) == INDICATOR


@pytest.mark.parametrize(
    ("data", "code", "detail"),
    [
        ([], "bad_question", "ask"),
        ({}, "bad_question", "ask"),
        ({"ask": "everything"}, "bad_question", "ask"),
        ({"ask": ["indicator"]}, "bad_question", "ask"),
        ({**INDICATOR, "plaze": "MEX"}, "bad_question", "plaze"),
        ({"ask": "indicator"}, "bad_question", "indicator, period"),
        ({**INDICATOR, "indicator": None}, "bad_question", "indicator"),
        ({**INDICATOR, "indicator": 5}, "bad_question", "indicator"),
        ({**INDICATOR, "period": 2022}, "bad_question", "period"),
        ({**INDICATOR, "period": "soon"}, "bad_period", ""),
        ({**INDICATOR, "by": "sex"}, "bad_question", "by"),
        ({**INDICATOR, "by": ["sex", 1]}, "bad_question", "by"),
        ({**INDICATOR, "by": ["sex", "sex"]}, "bad_question", "unique"),
        ({**INDICATOR, "reporters": {}}, "bad_question", "reporters"),
        ({**INDICATOR, "where": ["sex"]}, "bad_question", "where"),
        ({**INDICATOR, "where": {"sex": 1}}, "bad_question", "where"),
        ({**INDICATOR, "where": "sex"}, "bad_breakdown", ""),
        ({**INDICATOR, "kind": "wish"}, "bad_choice", ""),
        ({**INDICATOR, "head": "3"}, "bad_question", "head"),
        ({**INDICATOR, "head": True}, "bad_question", "head"),
        ({**INDICATOR, "head": -1}, "bad_question", "head"),
        ({**INDICATOR, "verified_only": "yes"}, "bad_question", "verified_only"),
        ({**INDICATOR, "audience": "all"}, "bad_audience", ""),
        ({**INDICATOR, "known_at": "9999"}, "bad_date", ""),
        ({"ask": "money", "stage": "wished"}, "bad_choice", ""),
        ({"ask": "count", "of": "wishes"}, "bad_choice", ""),
        ({"ask": "count", "of": INDICATOR}, "bad_choice", ""),
        ({"ask": "count", "of": "members", "on": "2019", "period": "2019"}, "bad_question", "on"),
        ({"ask": "change", "of": INDICATOR}, "bad_question", "base_period"),
        (
            {"ask": "change", "of": INDICATOR, "base_period": "2021", "base_known_at": "2021"},
            "bad_question",
            "base_period",
        ),
        ({"ask": "change", "of": "members", "base_period": "2021"}, "bad_question", "of"),
        (
            {"ask": "change", "of": {"ask": "count", "of": "members"}, "base_period": "2021"},
            "bad_question",
            "of",
        ),
        ({"ask": "change", "of": INDICATOR, "base_period": "2021", "as": "x"}, "bad_choice", ""),
        ({"ask": "progress", "of": {"ask": "money"}}, "bad_question", "of"),
        ({"ask": "progress", "of": INDICATOR, "as": "percent"}, "bad_choice", ""),
    ],
)
def test_what_is_no_question_is_refused_naming_the_field(data: Any, code: str, detail: str) -> None:
    with pytest.raises(CauceError) as caught:
        question_from_json(data)
    assert caught.value.code == code
    assert detail in str(caught.value.params.get("detail", ""))


def test_lists_in_code_must_be_sorted() -> None:
    with pytest.raises(CauceError, match="bad_question"):
        IndicatorQ(indicator="a/A", period=YEAR, by=("sex", "age"))


def test_the_door_decides_for_whom_it_asks_also_inside() -> None:
    """Else the author of a file could read what is for the secretariat."""
    inner = {**INDICATOR, "audience": "secretariat"}
    data = {"ask": "change", "of": inner, "base_period": "2021", "audience": "secretariat"}
    found = question_from_json(data, audience=PUBLIC)
    assert isinstance(found, ChangeQ)
    assert (found.audience, found.of.audience) == (PUBLIC, PUBLIC)
    kept = question_from_json(data)
    assert isinstance(kept, ChangeQ)
    assert (kept.audience, kept.of.audience) == (SECRETARIAT, SECRETARIAT)
