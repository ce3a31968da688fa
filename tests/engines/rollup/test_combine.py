"""How cells combine: bounds, ratios and means, entities, what never combines, and the steps."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from cauce.engines.rollup import declare
from cauce.values.answer import Code
from tests.engines.rollup.tables import SEX, as_ratio, ask, cells, codes, dues, shown, solve

FLOW = declare(preset="flow")
RATIO = declare(preset="ratio")
MEAN = declare(preset="mean_duration")
ENTITIES = declare(preset="entities")


# -- bounds (C17) ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "added", "overlapping"),
    [
        ("10", "20", "30", "20..30"),
        (">=10", "20", ">=30", ">=20"),
        (">10", "20", ">30", ">=20"),  # 20 attains the largest low, and is closed
        (">20", "20", ">40", ">=20"),
        (">20", ">20", ">40", ">20"),
        ("<=10", "20", "20..30", "20..30"),
        ("<10", "20", "20..<30", "20..<30"),
        ("<10", "<5", "0..<15", "0..<15"),
        ("10..15", "20..25", "30..40", "20..40"),
        ("~100", "20", "~120 >=20", ">=20"),
        ("~100", ">=20", ">=20", ">=20"),  # about only if every addend has a value
        ("~<2000", "~100", "~2100 >=0", ">=0"),
        ("~<2000", "5", "~2005 5..<2005", "5..<2005"),
        ("0", "0", "0", "0"),
    ],
)
def test_sums_and_overlaps_of_bounds(one: str, other: str, added: str, overlapping: str) -> None:
    given = cells(f"place period value\nX 2023 {one}\nY 2023 {other}")
    assert shown(solve("2023", given, FLOW).answer) == added
    overlap = declare(preset="flow", dimensions={"place": "overlap"})
    assert shown(solve("2023", given, overlap).answer) == overlapping


def test_a_single_bounded_value_is_shown_as_it_was_reported() -> None:
    for text in ("<=10", "<10", ">10", "~100", "~<2000", "10..15"):
        shown_text = "~2000 <2000" if text == "~<2000" else text
        assert shown(solve("2023", cells(f"period value\n2023 {text}"), FLOW).answer) == shown_text


def test_a_missing_low_of_a_number_of_any_sign_stays_missing() -> None:
    signed = declare(preset="flow", may_be_negative=True)
    given = cells("place period value\nX 2023 <=10\nY 2023 -20")
    assert shown(solve("2023", given, signed).answer) == "<=-10"


def test_numbers_of_any_sign_do_not_overlap() -> None:
    signed = declare(preset="flow", may_be_negative=True, dimensions={"place": "overlap"})
    given = cells("place period value\nX 2023 10\nY 2023 -20")
    assert shown(solve("2023", given, signed).answer) == "refused not_combinable"


@pytest.mark.parametrize(
    ("reported", "expected", "caveat"),
    [
        ("120..200", "120..150", Code.of("capped", population=150)),
        ("120..150", "120..150", None),
        (">120", ">120..150", Code.of("capped", population=150)),
        ("160..200", "160..200", Code.of("above_reference_population", low=160, population=150)),
        (">150", ">150", Code.of("above_reference_population", low=150, population=150)),
        (">=150", "150", Code.of("capped", population=150)),
        ("~140", "~140 0..150", Code.of("capped", population=150)),
        ("~160", "0..150", Code.of("capped", population=150)),
    ],
)
def test_a_population_that_contains_everyone_caps(
    reported: str, expected: str, caveat: Code | None
) -> None:
    given = cells(f"period value\n2023 {reported}")
    people = declare(preset="unique_people")
    found = solve("2023", given, people, population=Fraction(150))
    assert shown(found.answer) == expected
    limits = [c for c in found.caveats if c.code in ("capped", "above_reference_population")]
    assert limits == ([caveat] if caveat else [])


def test_a_population_caps_also_what_was_not_received() -> None:
    people = declare(preset="unique_people")
    given = cells("party period value\nA 2023 100")
    found = solve(
        "2023", given, people, population=Fraction(150), dues=dues("party period\nA 2023\nB 2023")
    )
    assert shown(found.answer) == "100..150"


def test_a_population_says_nothing_of_an_amount() -> None:
    given = cells("period value\n2023 200")
    money = declare(preset="money")
    assert shown(solve("2023", given, money, population=Fraction(150)).answer) == "200"


# -- ratios and means (C16) --------------------------------------------------------------------


def test_ratios_add_over_time_places_and_codes_alike() -> None:
    given = cells(
        """
        place  period   breakdown  num  den
        X      2023-01  sex=f      1    4
        X      2023-01  sex=m      2    4
        X      2023-02  sex=f      3    4
        X      2023-02  sex=m      0    4
        """
    )
    found = solve("2023-01/2023-02", given, RATIO, codes=SEX)
    assert as_ratio(found.answer) == "6/16"
    incomplete = solve("2023-01/2023-02", given[:3], RATIO, codes=SEX)
    assert shown(incomplete.answer) == "1/2"  # 6 of 12 of those reported
    assert Code.of("partial_breakdown", dimension="sex", codes="f, m") in incomplete.caveats


def test_an_overlapping_denominator_widens_the_ratio() -> None:
    overlap = declare(preset="ratio", dimensions={"party": "partition/overlap"})
    given = cells("party period num den\nA 2023 10 100\nB 2023 20 50")
    assert shown(solve("2023", given, overlap).answer) == "1/5..3/10"  # 30/150 to 30/100


def test_a_share_of_the_same_denominator_shows_its_step() -> None:
    same = declare(preset="ratio", dimensions={"party": "partition/same"})
    given = cells("party period num den\nA 2023 30 100\nB 2023 20 100")
    found = solve("2023", given, same)
    assert [(s.code.code, shown(s.result)) for s in found.steps] == [
        ("sum", "50"),
        ("same", "100"),
        ("ratio", "1/2"),
    ]
    assert found.method == "ratio"


def test_the_same_denominator_within_a_place_is_added_over_places() -> None:
    same = declare(preset="ratio", dimensions={"party": "partition/same"})
    given = cells(
        """
        party  place  period  num  den
        A      X      2023    1    10
        B      X      2023    2    10
        A      Y      2023    3    20
        B      Y      2023    4    20
        """
    )
    assert shown(solve("2023", given, same).answer) == "1/3"  # 10 of 10 + 20


def test_a_dimension_whose_denominators_do_not_combine() -> None:
    none = declare(preset="ratio", dimensions={"place": "partition/none"})
    given = cells("place period num den\nX 2023 30 100\nY 2023 20 100")
    assert shown(solve("2023", given, none).answer) == "refused not_combinable"
    assert shown(solve("2023", given[:1], none).answer) == "3/10"


def test_nothing_of_nothing_is_not_applicable() -> None:
    given = cells("period num den\n2023 0 0")
    found = solve("2023", given, RATIO)
    assert shown(found.answer) == "not_applicable"
    assert found.steps == ()


def test_a_bare_percentage_among_ratios_refuses_the_total() -> None:
    given = cells("place period num den value\nX 2023 8 10 .\nY 2023 . . 50")
    assert shown(solve("2023", given, RATIO).answer) == "refused no_denominator"
    assert shown(solve("2023", given[:1], RATIO).answer) == "4/5"
    half = cells("period den\n2023 5")
    assert shown(solve("2023", half, RATIO).answer) == "refused no_denominator"


def test_a_bare_percentage_of_the_one_who_reported_is_incomplete() -> None:
    given = cells("party period value\nA 2023 80")
    found = solve("2023", given, RATIO, dues=dues("party period\nA 2023\nB 2023"))
    assert shown(found.answer) == "80"
    assert {"as_reported", "incomplete"} <= {c.code for c in found.caveats}


def test_a_mean_without_weight_is_shown_alone() -> None:
    found = solve("2023", cells("period value\n2023 12.5"), MEAN)
    assert shown(found.answer) == "25/2"
    assert "as_reported" not in {c.code for c in found.caveats}
    no_value = cells("place period value den\nX 2023 . 4\nY 2023 9 1")
    assert shown(solve("2023", no_value, MEAN).answer) == "refused no_weight"


def test_a_bounded_mean_keeps_its_bounds() -> None:
    given = cells("place period value den\nX 2023 >10 1\nY 2023 20 3")
    assert shown(solve("2023", given, MEAN).answer) == ">35/2"  # (10 + 60) / 4


# -- entities ----------------------------------------------------------------------------------


def test_entities_with_ids_are_counted_once_exactly() -> None:
    given = cells(
        """
        place  period   value  ids
        X      2023-01  2      e1,e2
        X      2023-02  2      e2,e3
        Y      2023-01  1      e1
        Y      2023-02  0      .
        """
    )
    found = solve("2023-01/2023-02", given, ENTITIES)
    assert shown(found.answer) == "3"
    assert found.method == "union"


def test_entities_without_ids_overlap() -> None:
    given = cells(
        "place period value ids\nX 2023-01 2 e1,e2\nX 2023-02 2 .\nY 2023-01 1 .\nY 2023-02 1 ."
    )
    assert shown(solve("2023-01/2023-02", given, ENTITIES).answer) == "2..6"


def test_entities_at_the_end_are_those_of_the_end() -> None:
    at_end = declare(identity="entities", time="at_end")
    given = cells("place period value ids\nX 2023-11 2 e1,e2\nX 2023-12 1 e3\nY 2023-12 2 e3,e4")
    assert shown(solve("2023", given, at_end).answer) == "2"


def test_the_most_entities_of_a_month_are_a_count() -> None:
    most = declare(identity="entities", time="max")
    given = cells("period value ids\n2023-01 2 e1,e2\n2023-02 1 e3")
    assert shown(solve("2023-01/2023-02", given, most).answer) == "2"


# -- what never combines -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("preset", "code"),
    [("survey_estimate", "not_combinable"), ("distribution", "needs_distribution")],
)
def test_a_value_that_never_combines_answers_alone_or_not_at_all(preset: str, code: str) -> None:
    declared = declare(preset=preset)
    given = cells("party period value\nA 2023 40\nB 2023 50")
    assert shown(solve("2023", given, declared).answer) == f"refused {code}"
    assert shown(solve(ask("2023", party="A"), given[:1], declared).answer) == "40"
    owed = dues("party period\nA 2023\nB 2023")
    one_of_two = solve("2023", given[:1], declared, dues=owed)
    assert shown(one_of_two.answer) == f"refused {code}"  # it is not the whole's
    assert shown(solve("2023", given[:1], declared, dues=owed[:1]).answer) == "40"


def test_a_value_recorded_as_a_ratio_is_no_count() -> None:
    given = cells("period num den\n2023 1 2")
    assert shown(solve("2023", given, FLOW).answer) == "refused not_bounded"


def test_counts_of_states_are_added_by_place() -> None:
    ordinal = declare(preset="ordinal")
    lists = codes("state=done,open")
    given = cells(
        "place breakdown value\nX state=done 3\nX state=open 1\nY state=done 2", period="2023"
    )
    assert shown(solve(ask("2023", "state=done"), given, ordinal, codes=lists).answer) == "5"


# -- what a reader is told -----------------------------------------------------------------------


def test_the_steps_carry_the_real_numbers() -> None:
    given = cells("place period value\nX 2023-01 1\nX 2023-02 2\nY 2023-01 3\nY 2023-02 4")
    found = solve("2023-01/2023-02", given, FLOW)
    assert [
        (s.code, tuple((name, shown(value)) for name, value in s.inputs), shown(s.result))
        for s in found.steps
    ] == [
        (Code.of("sum", dimension="time"), (("2023-01", "1"), ("2023-02", "2")), "3"),
        (Code.of("sum", dimension="time"), (("2023-01", "3"), ("2023-02", "4")), "7"),
        (Code.of("sum", dimension="place"), (("X", "3"), ("Y", "7")), "10"),
    ]
    assert found.method == "sum"
    assert {c.id for c in found.used} == {c.id for c in given}


def test_a_single_value_is_reported_not_computed() -> None:
    found = solve("2023", cells("period value\n2023 4"), FLOW)
    assert (found.method, found.steps) == ("reported", ())


def test_a_code_that_is_used_in_the_period_is_valid_in_it() -> None:
    from cauce.engines.rollup import CodeSpan

    span = CodeSpan("a", date(2023, 1, 1), date(2024, 1, 1))
    assert span.valid_in(ask("2023-12").period)
    assert not span.valid_in(ask("2024-01").period)
    assert not span.valid_in(ask("2022").period)
