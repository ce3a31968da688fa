"""What does a cell of a pack become: one exact value with one spelling, or a refusal?"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.errors import CauceError
from cauce.journal import fields
from cauce.journal.fields import RecordField, clean_text
from cauce.values.breakdown import Breakdown

KINDS: dict[str, RecordField[Any]] = {
    "text": fields.TextField(),
    "id": fields.IdField(),
    "choice": fields.ChoiceField(options=("exact", "about")),
    "required": fields.ChoiceField(options=("exact", "about"), required=True),
    "yes": fields.BoolField(first=True),
    "no": fields.BoolField(),
    "int": fields.IntField(),
    "exact": fields.ExactField(),
    "fraction": fields.FractionField(),
    "date": fields.DateField(),
    "period": fields.PeriodField(),
    "breakdown": fields.BreakdownField(),
    "embargo": fields.EmbargoField(),
    "list": fields.ListField(),
    "map": fields.MapField(),
    "names": fields.NamesField(),
}


@pytest.mark.parametrize(
    ("kind", "cell", "stored", "canonical"),
    [
        ("text", "  Informe\r\nanual ", "Informe\nanual", "Informe\nanual"),
        ("text", 12.0, "12", "12"),
        ("text", "", "", None),
        ("id", "asylum/AS-1", "asylum/AS-1", "asylum/AS-1"),
        ("choice", "", "exact", None),
        ("choice", "exact", "exact", None),
        ("choice", "about", "about", "about"),
        ("required", "exact", "exact", "exact"),
        ("required", "", "", None),
        ("yes", "", "yes", None),
        ("yes", "No", "no", False),
        ("yes", False, "no", False),
        ("no", "true", "yes", True),
        ("no", "no", "no", None),
        ("int", "007", "7", 7),
        ("int", 10.0, "10", 10),
        ("int", "0", "0", 0),
        ("exact", "1.50", "1.5", "1.5"),
        ("exact", "-0.0", "0", "0"),
        ("exact", "9007199254740993.25", "9007199254740993.25", "9007199254740993.25"),
        ("exact", 0.1, "0.1", "0.1"),
        ("exact", 1e21, "1000000000000000000000", "1000000000000000000000"),
        ("exact", Decimal("1E+3"), "1000", "1000"),
        ("exact", 0, "0", "0"),
        ("fraction", "0.4", "2/5", "2/5"),
        ("fraction", "4/2", "2", "2"),
        ("date", "2021?", "2021?", "2021?"),
        ("date", date(2023, 5, 10), "2023-05-10", "2023-05-10"),
        ("date", datetime(2023, 5, 10), "2023-05-10", "2023-05-10"),  # noqa: DTZ001 - a workbook's
        ("date", 2023, "2023", "2023"),
        ("period", "2023-01/2023-12", "2023", "2023"),
        ("period", "2023-01-01/2024-01-01", "2023", "2023"),
        ("breakdown", "sex=f; age=0-17", "age=0-17;sex=f", {"age": "0-17", "sex": "f"}),
        ("breakdown", {"sex": "f", "age": "0-17"}, "age=0-17;sex=f", {"age": "0-17", "sex": "f"}),
        ("breakdown", "", "", None),
        ("embargo", "never", "never", "never"),
        ("list", "a; b ;;c", "a;b;c", ["a", "b", "c"]),
        ("list", ["a", "b"], "a;b", ["a", "b"]),
        ("list", "b; a", "b;a", ["b", "a"]),
        ("map", "b=2; a=1", '{"a":"1","b":"2"}', {"a": "1", "b": "2"}),
        ("map", {"b": 2, "a": "x=1; y"}, '{"a":"x=1; y","b":"2"}', {"a": "x=1; y", "b": "2"}),
        ("map", '{"a": "1"}', '{"a":"1"}', {"a": "1"}),
        ("names", {"es": "Uno; dos", "en": ""}, '{"es":"Uno; dos"}', {"es": "Uno; dos"}),
    ],
)
def test_a_cell_has_one_spelling(kind: str, cell: object, stored: str, canonical: object) -> None:
    field = KINDS[kind]
    value = field.read(cell)
    assert field.sealed(value) == (stored, canonical)
    assert field.get_prep_value(value) == stored
    assert field.from_db_value(stored) == value
    assert field.sealed(field.from_db_value(stored)) == (stored, canonical)


@pytest.mark.parametrize(
    ("kind", "cell", "code"),
    [
        ("text", "a\x00b", "control_character"),
        ("text", "a\x1bb", "control_character"),
        ("text", "a\ud800b", "control_character"),
        ("text", "x" * 20_001, "text_too_long"),
        ("id", "a b", "bad_id"),
        ("id", "Pack/code/more", "bad_id"),
        ("id", "x" * 101, "bad_id"),
        ("choice", "almost", "bad_choice"),
        ("yes", "perhaps", "bad_boolean"),
        ("int", "1.5", "bad_number"),
        ("exact", "1,5", "bad_number"),
        ("exact", "1e5", "bad_number"),
        ("exact", float("nan"), "bad_number"),
        ("exact", float("inf"), "bad_number"),
        ("fraction", "1/0", "bad_fraction"),
        ("date", "10/05/2023", "bad_date"),
        ("date", datetime(2023, 5, 10, 12), "bad_date"),  # noqa: DTZ001 - a workbook's
        ("period", "2023-13", "bad_period"),
        ("breakdown", "sex", "bad_breakdown"),
        ("breakdown", {"sex": "f;age=0-17"}, "bad_breakdown"),
        ("embargo", "soon", "bad_date"),
        ("embargo", "2024-07-01T09:00:00", "bad_date"),  # no zone
        ("list", ["a", "b;c"], "bad_structure"),
        ("map", "a", "bad_structure"),
        ("map", "a=1; a=2", "bad_structure"),
        ("map", '{"a": 1}', "bad_structure"),
        ("map", '{"a"', "bad_structure"),
        ("map", '{"a": "\\u0000"}', "control_character"),
        ("map", '{"a":' * 5_000, "text_too_long"),
        ("map", '{"a":' * 3_900, "bad_structure"),
        ("names", {"de": "Eins"}, "bad_language"),
    ],
)
def test_a_cell_that_makes_no_sense_is_refused(kind: str, cell: object, code: str) -> None:
    with pytest.raises(CauceError) as refused:
        KINDS[kind].read(cell)
    assert refused.value.code == code


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    try:
        once = clean_text(text)
    except CauceError:  # a control character
        return
    assert clean_text(once) == once
    once.encode()


@given(st.decimals(min_value=-(10**30), max_value=10**30, places=9))
def test_any_decimal_is_read_back_exactly(number: Decimal) -> None:
    field = KINDS["exact"]
    stored, _ = field.sealed(number)
    assert field.from_db_value(stored) == number


@given(st.fractions(max_denominator=10**9))
def test_any_fraction_is_read_back_exactly(number: Fraction) -> None:
    field = KINDS["fraction"]
    assert field.from_db_value(field.sealed(number)[0]) == number


NAMES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
CODES = st.from_regex(r"[a-z0-9][a-z0-9+-]{0,8}", fullmatch=True)


@given(st.dictionaries(NAMES, CODES))
def test_any_breakdown_is_read_back(pairs: dict[str, str]) -> None:
    field = KINDS["breakdown"]
    breakdown = Breakdown.of(pairs.items())
    assert field.from_db_value(field.sealed(breakdown)[0]) == breakdown


def test_a_condition_is_asked_in_the_stored_spelling() -> None:
    assert KINDS["exact"].get_prep_value("1.50") == "1.5"
    assert KINDS["no"].get_prep_value(True) == "yes"
    assert KINDS["choice"].get_prep_value("") == "exact"
