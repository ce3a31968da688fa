from __future__ import annotations

import pickle

import pytest

from cauce.errors import CODES, CauceError, Place, Problem, Refusal, raise_if


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (Place(), ""),
        (Place("a.csv"), "a.csv"),
        (Place("a.csv", "7"), "a.csv:7"),
        (Place("a.csv", "7", "value"), "a.csv:7 value"),
        (Place("a.csv", column="value"), "a.csv value"),
        (Place("pack.xlsx", "B7", "value", "observations"), "pack.xlsx observations!B7 value"),
        (Place("pack.xlsx", sheet="observations"), "pack.xlsx observations"),
        (Place(column="value"), "value"),
    ],
)
def test_a_place_is_where_somebody_would_look(place: Place, text: str) -> None:
    assert str(place) == text


@pytest.mark.parametrize(
    ("code", "http_status", "exit_code"),
    [
        ("bad_period", 422, 3),
        ("unknown_indicator", 404, 3),
        ("usage", 400, 2),
        ("defect", 500, 1),
        ("database_locked", 503, 3),
    ],
)
def test_a_code_says_how_doors_answer(code: str, http_status: int, exit_code: int) -> None:
    error = CauceError(code)
    assert (error.http_status, error.exit_code) == (http_status, exit_code)


def test_an_error_without_words_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        CauceError("nonsense")
    with pytest.raises(KeyError):
        Problem("nonsense")


def test_an_error_is_one_problem_without_a_place() -> None:
    error = CauceError("bad_period", text="soon")
    assert error.problems == (Problem("bad_period", {"text": "soon"}),)
    assert "soon" in str(error)


def test_a_refusal_has_all_problems_with_their_places() -> None:
    found = [
        Problem("bad_period", {"text": "soon"}, Place("a.csv", "7", "period")),
        Problem("field_required", {"field": "value"}),
    ]
    refusal = Refusal(iter(found))
    assert refusal.problems == tuple(found)
    assert (refusal.code, refusal.params, refusal.exit_code) == ("input_refused", {"count": 2}, 3)


def test_a_problem_keeps_the_place_it_has() -> None:
    here, there = Place("a.csv", "7"), Place("b.csv")
    assert Problem("bad_period").at(here).place == here
    assert Problem("bad_period", {}, here).at(there).place == here


def test_problems_are_raised_only_if_there_are_any() -> None:
    raise_if(())
    with pytest.raises(Refusal) as caught:
        raise_if(iter([Problem("empty_entry")]))
    assert caught.value.problems == (Problem("empty_entry"),)


@pytest.mark.parametrize(
    "error",
    [
        CauceError("bad_period", text="soon"),
        Refusal([Problem("bad_period", {"text": "soon"}, Place("a.csv", "7"))]),
    ],
)
def test_an_error_survives_the_way_to_another_process(error: CauceError) -> None:
    found = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(found) is type(error)
    assert (found.code, found.params, found.problems) == (error.code, error.params, error.problems)
    assert found.exit_code == error.exit_code


def test_every_code_is_a_name_and_answers_as_an_error() -> None:
    for code, spec in CODES.items():
        assert code.isidentifier()
        assert code == code.lower()
        assert spec.http_status >= 400
        assert spec.exit_code in (1, 2, 3)
        assert len(set(spec.params)) == len(spec.params)
