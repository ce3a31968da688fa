"""Levels and flows: at the end, carried forward, accumulated since a day, and over time."""

from __future__ import annotations

import pytest

from cauce.engines.rollup import Unit, declare
from cauce.values.answer import Code
from tests.engines.rollup.tables import SEX, ask, cells, dues, shown, solve

STOCK = declare(preset="stock")
POPULATION = declare(preset="population")
SINCE = declare(preset="cumulative", accumulation="since:2021-01-01")


# -- at the end -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("2023-12-31 9", "9"),
        ("2023-11-30 7\n2023-12-31 9", "9"),
        ("2023-11 7\n2023-12 9", "9"),
        ("2023 8\n2023-12 9", "8"),  # the cell at the asked grain
        ("2023-11-30 7", "missing"),
    ],
)
def test_a_level_is_the_value_at_the_end(table: str, expected: str) -> None:
    assert shown(solve("2023", cells(f"period value\n{table}"), STOCK).answer) == expected


def test_only_the_value_at_the_end_is_used() -> None:
    found = solve("2023", cells("period value\n2023-11 7\n2023-12 9"), STOCK)
    assert [c.period.text for c in found.used] == ["2023-12"]
    assert [(u.cell.period.text, u.reason.code) for u in found.unused] == [
        ("2023-11", "other_grain")
    ]


def test_a_level_without_its_end_opens_the_total_of_the_others() -> None:
    given = cells("party period value\nA 2023-12 9\nB 2023-11 4")
    found = solve("2023", given, STOCK)
    assert shown(found.answer) == ">=9"
    assert Code.of("periods_missing", periods="2023") in found.caveats


# -- carried ---------------------------------------------------------------------------------------


def test_an_earlier_level_answers_only_where_it_is_declared_to_carry() -> None:
    given = cells("period value\n2022-12-31 9\n2023-06-30 10")
    found = solve("2024", given, POPULATION)
    assert shown(found.answer) == "10"
    assert Code.of("carried", day="2023-06-30") in found.caveats
    assert shown(solve("2024", given, STOCK).answer) == "missing"


def test_a_carried_level_lacks_its_cell_and_opens_nothing() -> None:
    given = cells("party period value\nA 2023 9\nB 2024 1")
    found = solve("2024", given, POPULATION, dues=dues("party period\nA 2024\nB 2024"))
    assert shown(found.answer) == "10"  # 9 + 1
    assert found.coverage is not None
    assert (found.coverage.received, found.coverage.due) == (1, 2)


def test_the_end_itself_before_what_carries() -> None:
    given = cells("period value\n2023 9\n2024 11")
    found = solve("2024", given, POPULATION)
    assert shown(found.answer) == "11"
    assert "carried" not in {c.code for c in found.caveats}


def test_a_level_that_was_withdrawn_is_not_replaced_by_an_older_one() -> None:
    given = cells("period value status\n2023 9 final\n2024 . withdrawn")
    assert shown(solve("2024", given, POPULATION).answer) == "withdrawn"
    review = cells("period value status\n2023 9 final\n2024 . pending")
    assert shown(solve("2024", review, POPULATION).answer) == "9"


def test_the_coarsest_complete_level_of_a_day_carries() -> None:
    given = cells(
        """
        period      breakdown  value
        2023-12     sex=f      3
        2023-12-31  .          9
        2023-11     .          8
        """
    )
    assert shown(solve("2024", given, POPULATION, codes=SEX).answer) == "9"
    assert shown(solve("2024", given[:1], POPULATION, codes=SEX).answer) == ">=3"


def test_what_cannot_combine_does_not_carry() -> None:
    alone = declare(preset="population", dimensions={"sex": "none"})
    given = cells("period breakdown value\n2023 sex=f 3")
    assert shown(solve("2024", given, alone, codes=SEX).answer) == "missing"


def test_who_reported_within_the_period_answers_before_whoever_carries() -> None:
    given = cells("reporter period value\nR 2022 9\nS 2024 11")
    found = solve("2024", given, POPULATION, preferred={Unit(): "R"})
    assert shown(found.answer) == "11"
    assert Code.of("not_preferred", reporter="S", preferred="R") in found.caveats
    earlier = solve("2023", given, POPULATION, preferred={Unit(): "R"})
    assert shown(earlier.answer) == "9"


def test_an_older_level_by_another_method_does_not_matter() -> None:
    given = cells("period value method\n2022 9 a\n2023 11 b")
    assert shown(solve("2024", given, POPULATION).answer) == "11"


# -- since a day -----------------------------------------------------------------------------------

LEVELS = """
    period           value
    2021             100
    2021-01/2022-12  250
    2021-01/2023-06  240
"""


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2021", "100"),
        ("2021/2022", "250"),
        ("2022", "150"),  # 250 - 100
        ("2020/2021", "100"),  # nothing accumulated before
        ("2020", "not_applicable"),
        ("2023-01/2023-06", "-10"),
        ("2023", "missing"),
        ("2023-07/2023-12", "missing"),
        ("2022-07/2022-12", "missing"),  # its start is not known
    ],
)
def test_a_value_since_a_day_gives_levels_and_flows(question: str, expected: str) -> None:
    assert shown(solve(question, cells(LEVELS), SINCE).answer) == expected


def test_the_first_month_since_a_day_is_no_part_of_a_later_level() -> None:
    given = cells("period value\n2021-01 7")
    assert shown(solve("2021-01/2021-03", given, SINCE).answer) == "missing"


def test_a_fall_raises_a_check() -> None:
    found = solve("2023-01/2023-06", cells(LEVELS), SINCE)
    assert Code.of("cumulative_fell", end=240, start=250) in found.caveats


def test_a_flow_shows_both_ends_once_each() -> None:
    found = solve("2022", cells(LEVELS), SINCE)
    assert found.method == "difference"
    assert sorted(c.period.text for c in found.used) == ["2021", "2021/2022"]
    assert found.unused == ()
    assert [(s.code.code, shown(s.result)) for s in found.steps] == [("difference", "150")]


def test_a_flow_of_several_units_is_a_range_where_one_end_is_open() -> None:
    given = cells("party period value\nA 2021 80\nA 2021/2022 100\nB 2021/2022 50")
    owed = dues("party period\nA 2021\nB 2021\nA 2022\nB 2022")
    found = solve("2022", given, SINCE, dues=owed)
    assert shown(found.answer) == "<=70"  # 150 less at least 80
    assert found.coverage is not None
    assert (found.coverage.received, found.coverage.due) == (2, 2)


def test_the_other_reporter_has_a_flow_of_its_own() -> None:
    given = cells(
        """
        reporter  place  period     value
        R         X      2021       100
        R         X      2021/2022  250
        S         X      2021       90
        S         X      2021/2022  260
        T         X      2021/2022  270
        U         X      2021       80
        U         X      2021-01/2022-10  81
        """
    )
    found = solve("2022", given, SINCE, preferred={Unit(place="X"): "R"})
    assert shown(found.answer) == "150"
    beside = {c.reporter: (shown(c.answer), c.period) for c in found.competing}
    assert beside == {
        "S": ("170", "2022"),  # 260 - 90
        "T": ("missing", "2022"),
        "U": ("missing", "2022"),
    }


def test_beside_a_flow_stand_also_values_of_other_calendars() -> None:
    given = cells("period value\n2021 100\n2021/2022 250")
    fiscal = cells("period value\nus-fiscal:2022 5")
    found = solve("2022", given + fiscal, SINCE)
    assert {(c.why, c.period) for c in found.competing} == {("calendar", "us-fiscal:2022")}


def test_an_accumulated_level_carries_where_declared() -> None:
    carrying = declare(preset="cumulative", accumulation="since:2021-01-01", carry=True)
    found = solve("2021/2023", cells(LEVELS), carrying)
    assert shown(found.answer) == "240"
    assert Code.of("carried", day="2023-06-30") in found.caveats


def test_the_change_of_a_ratio_is_not_the_ratio_of_what_happened() -> None:
    ratio = declare(preset="ratio", accumulation="since:2021-01-01")
    given = cells("period num den\n2021 8 10\n2021/2022 10 20")
    assert shown(solve("2021/2022", given, ratio).answer) == "1/2"
    assert shown(solve("2022", given, ratio).answer) == "refused not_combinable"


# -- over time -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "table", "expected"),
    [
        ("max", "10 20", "20"),
        ("min", "10 20", "10"),
        ("mean", "10 20", "15"),
        ("max", "10..30 >=20", ">=20"),
        ("max", "10..30 20..25", "20..30"),
        ("max", ">10 10", ">=10"),  # only one of those that attain it is open
        ("max", ">10 >10", ">10"),
        ("max", "<30 20", "20..<30"),
        ("min", "<30 20", "0..20"),
        ("min", "<=30 >=20", "0..30"),
        ("min", ">10 >=20", ">10"),
        ("min", "<=30 >=0", "0..30"),
        ("max", "~100 20", "~100 >=20"),
        ("min", "~100 20", "~20 0..20"),
        ("max", "~100 >=20", ">=20"),
        ("mean", ">10 20", ">15"),
    ],
)
def test_values_of_sub_periods_combine(time: str, table: str, expected: str) -> None:
    first, second = table.split()
    given = cells(f"period value\n2023-01 {first}\n2023-02 {second}")
    declared = declare(preset="flow", time=time)
    assert shown(solve("2023-01/2023-02", given, declared).answer) == expected


def test_the_largest_of_two_unbounded_numbers_of_any_sign_is_unknown() -> None:
    signed = declare(preset="flow", time="max", may_be_negative=True)
    given = cells("period value\n2023-01 <=10\n2023-02 >=20")
    assert shown(solve("2023-01/2023-02", given, signed).answer) == ">=20"
    low = declare(preset="flow", time="min", may_be_negative=True)
    assert shown(solve("2023-01/2023-02", given, low).answer) == "<=10"
    given = cells("period value\n2023-01 <=10\n2023-02 ~20")
    assert shown(solve("2023-01/2023-02", given, signed).answer) == "refused not_bounded"


def test_what_does_not_combine_over_time_is_given_for_the_period_or_not_at_all() -> None:
    survey = declare(preset="survey_estimate")
    given = cells("period value\n2023 40\n2023-01 30")
    assert shown(solve("2023", given, survey).answer) == "40"
    assert shown(solve("2023", given[1:], survey).answer) == "missing"


def test_the_largest_ratio_is_not_the_ratio_of_the_largest_numbers() -> None:
    for time in ("max", "min", "mean"):
        ratio = declare(preset="ratio", time=time)
        given = cells("period num den\n2023-01 1 2\n2023-02 3 10")
        assert shown(solve("2023-01/2023-02", given, ratio).answer) == "refused not_combinable"
        assert shown(solve("2023-01", given, ratio).answer) == "1/2"


def test_a_ratio_at_the_end_is_that_of_the_end() -> None:
    ratio = declare(preset="ratio", time="at_end")
    given = cells("period num den\n2023-11 1 2\n2023-12 3 10")
    assert shown(solve("2023", given, ratio).answer) == "3/10"


def test_a_milestone_is_what_was_last_said() -> None:
    milestone = declare(preset="milestone")
    given = cells("period value\n2022 1\n2023 2")
    assert shown(solve("2024", given, milestone).answer) == "2"


def test_a_question_by_where_of_a_level() -> None:
    given = cells("period breakdown value\n2023-12-31 sex=f 4\n2023-12-31 sex=m 5")
    assert shown(solve("2023", given, STOCK, codes=SEX).answer) == "9"
    assert shown(solve(ask("2023", "sex=f"), given, STOCK, codes=SEX).answer) == "4"
