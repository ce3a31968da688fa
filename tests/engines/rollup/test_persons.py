"""How many different persons (C14): worked examples. Worlds of persons are in
``test_persons_world``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from cauce.engines.rollup import CodeSpan, declare
from cauce.values.answer import Code
from tests.engines.rollup.tables import SEX, above, ask, cells, codes, dues, shown, solve

PEOPLE = declare(preset="unique_people")
MONTHLY = declare(
    preset="unique_people", partition_within="month", dimensions={"place": "partition"}
)
LISTS = codes("sex=f,m; age=a,b")


@pytest.mark.parametrize(
    ("table", "expected", "why"),
    [
        ("A . X 2023-01 3\nA . Y 2023-01 4", "7", "places of one agency in one month"),
        ("A . X 2023-01 3\nB . Y 2023-01 4", "4..7", "two agencies may see the same person"),
        ("A p X 2023-01 3\nA q Y 2023-01 4", "4..7", "and so may two programmes"),
        ("A . X 2023-01 3\nA . Y 2023-01 4\nA . X 2023-02 5\nA . Y 2023-02 1", "7..13", "months"),
    ],
)
def test_cells_are_added_only_inside_one_agency_and_one_short_period(
    table: str, expected: str, why: str
) -> None:
    given = cells(f"party programme place period value\n{table}")
    question = ask("2023-01") if "2023-02" not in table else ask("2023-01/2023-02")
    assert shown(solve(question, given, MONTHLY).answer) == expected, why


def test_cells_of_different_grains_are_never_added() -> None:
    given = cells("party place period value\nA X 2023-01 3\nA X 2023-02 3\nA Y 2023-01/2023-02 4")
    assert shown(solve("2023-01/2023-02", given, MONTHLY).answer) == "4..10"  # not 3 + 4 first


@pytest.mark.parametrize(
    ("within", "period", "expected"),
    [
        ("", "2023-01-05", "4..7"),  # a flow of a day is no instant
        ("instant", "2023-01-05", "4..7"),
        ("day", "2023-01-05", "7"),
        ("day", "2023-01", "4..7"),
        ("month", "2023-01", "7"),
        ("month", "2023-01-05/2023-01-20", "7"),
        ("month", "2023-01-20/2023-02-05", "4..7"),  # shorter than a month, across its end
        ("quarter", "2023-01", "7"),
        ("quarter", "2023-01/2023-02", "7"),
        ("quarter", "2023-02/2023-04", "4..7"),
        ("year", "2023-Q1", "7"),
        ("year", "2018/2023", "4..7"),
        ("month", "sexenio:2023-01-05/2023-01-20", "4..7"),  # its months are not known
    ],
)
def test_how_long_places_stay_a_partition(within: str, period: str, expected: str) -> None:
    declared = declare(
        preset="unique_people", partition_within=within, dimensions={"place": "partition"}
    )
    given = cells(f"party place period value\nA X {period} 3\nA Y {period} 4")
    assert shown(solve(period, given, declared).answer) == expected


def test_a_level_of_a_day_is_an_instant() -> None:
    at_end = declare(preset="people_at_end")
    given = cells("party place period value\nA X 2023-12-31 3\nA Y 2023-12-31 4")
    assert shown(solve("2023", given, at_end).answer) == "7"
    months = cells("party place period value\nA X 2023-12 3\nA Y 2023-12 4")
    assert shown(solve("2023", months, at_end).answer) == "4..7"


def test_a_place_that_does_not_combine() -> None:
    alone = declare(preset="unique_people", dimensions={"place": "none"})
    given = cells("party place period value\nA X 2023 3\nA Y 2023 4")
    assert shown(solve("2023", given, alone).answer) == "refused not_combinable"
    assert shown(solve("2023", given[:1], alone).answer) == "3"


# -- lasting partitions ------------------------------------------------------------------------


def test_codes_tighten_the_low_of_reported_totals_and_are_never_added_to_them() -> None:
    given = cells(
        """
        party  period  breakdown  value
        A      2023    .          10
        A      2023    sex=f      8
        A      2023    sex=m      2
        B      2023    .          9
        B      2023    sex=f      1
        B      2023    sex=m      8
        """
    )
    found = solve("2023", given, PEOPLE, codes=SEX)
    assert shown(found.answer) == "16..19"  # 8 women + 8 men; 10 + 9
    assert found.method == "intersection"
    assert len(found.used) == 6  # the answer rests on totals and codes
    assert found.unused == ()


def test_codes_that_add_nothing_are_not_used() -> None:
    given = cells("party period breakdown value\nA 2023 . 10\nA 2023 sex=f 8\nA 2023 sex=m 2")
    found = solve("2023", given, PEOPLE, codes=SEX)
    assert shown(found.answer) == "10"
    assert [c.breakdown.text for c in found.used] == [""]
    assert {u.reason.code for u in found.unused} == {"other_grain"}


def test_reports_that_contradict_each_other_leave_the_totals() -> None:
    given = cells("party period breakdown value\nA 2023 . 10\nA 2023 sex=f 8\nA 2023 sex=m 7")
    found = solve("2023", given, PEOPLE, codes=SEX)
    assert shown(found.answer) == "10"
    assert Code.of("parts_differ", reported=10, low=15, high=15) in found.caveats


def test_sex_tightens_also_within_an_age() -> None:
    given = cells(
        """
        party  period  breakdown    value
        A      2023    age=a;sex=f  6
        A      2023    age=a;sex=m  1
        B      2023    age=a;sex=f  1
        B      2023    age=a;sex=m  5
        """
    )
    found = solve(ask("2023", "age=a"), given, PEOPLE, codes=LISTS)
    assert shown(found.answer) == "11..13"  # 6 + 5; 7 + 6
    assert shown(solve(ask("2023", "sex=f"), given, PEOPLE, codes=LISTS).answer) == ">=6"


def test_a_code_left_out_by_who_reports_it_elsewhere_opens_the_range() -> None:
    given = cells(
        """
        party  period   breakdown  value
        A      2023-01  sex=f      3
        A      2023-01  sex=m      2
        A      2023-02  sex=f      4
        """
    )
    assert shown(solve("2023-01/2023-02", given, PEOPLE, codes=SEX).answer) == ">=6"  # 4 + 2
    review = given[:1] + cells("party period breakdown status\nA 2023-01 sex=m pending")
    assert shown(solve("2023-01", review, PEOPLE, codes=SEX).answer) == ">=3"


def test_a_code_that_a_unit_never_reports_is_taken_to_be_nobody() -> None:
    given = cells("party period breakdown value\nA 2023-01 sex=f 3\nA 2023-02 sex=f 4")
    found = solve("2023-01/2023-02", given, PEOPLE, codes=SEX)
    assert shown(found.answer) == "4..7"
    assert Code.of("partial_breakdown", dimension="sex", codes="f") in found.caveats


def test_ages_overlap_and_must_all_be_given() -> None:
    given = cells("party period breakdown value\nA 2023 age=a 3\nA 2023 age=b 4")
    assert shown(solve("2023", given, PEOPLE, codes=LISTS).answer) == "4..7"
    assert shown(solve("2023", given[:1], PEOPLE, codes=LISTS).answer) == ">=3"
    assert shown(solve("2023", given, PEOPLE).answer) == ">=4"  # no list says these are all
    young = declare(
        preset="unique_people", partition_within="month", dimensions={"age": "partition"}
    )
    monthly = [replace(c, period=ask("2023-01").period) for c in given]
    assert shown(solve("2023-01", monthly, young, codes=LISTS).answer) == "7"


def test_a_year_by_age_is_coarser_than_twelve_months() -> None:
    """Time is an overlap too: three cells spread less than twelve."""
    months = "\n".join(f"2023-{m:02} . 2" for m in range(1, 13))
    given = cells(f"period breakdown value\n2023 age=a 3\n2023 age=b 4\n{months}", party="A")
    assert shown(solve("2023", given, PEOPLE, codes=LISTS).answer) == "4..7"


def test_codes_of_two_lists_are_not_added() -> None:
    change = date(2023, 1, 1)
    lists = {
        "origin": (
            CodeSpan("hn", end=change),
            CodeSpan("other", end=change),
            CodeSpan("hn", start=change),
            CodeSpan("gt", start=change),
            CodeSpan("rest", start=change),
        )
    }
    lasting = declare(preset="unique_people", dimensions={"origin": "lasting"})
    given = cells(
        """
        party  period  breakdown     value
        A      2022    origin=hn     1
        A      2022    origin=other  5
        A      2023    origin=hn     1
        A      2023    origin=gt     4
        A      2023    origin=rest   1
        """
    )
    # The Guatemalans of 2023 may be the «other» of 2022: 6 to 12, not 1 + 5 + 4 + 1 = 11 to 12.
    assert shown(solve("2022/2023", given, lasting, codes=lists).answer) == "6..12"


def test_codes_given_only_by_what_does_not_combine_say_nothing() -> None:
    declared = declare(preset="unique_people", dimensions={"file": "none"})
    given = cells("period breakdown value\n2023 . 10\n2023 file=x;sex=f 8", party="A")
    assert shown(solve("2023", given, declared, codes=SEX).answer) == "10"


def test_a_lasting_place_keeps_persons_apart_unless_one_lies_in_the_other() -> None:
    born = declare(preset="unique_people", dimensions={"place": "lasting"})
    tree = above("X<MEX; Y<MEX")
    given = cells("party place period value\nA X 2023 3\nB Y 2023 4\nB X 2023 2")
    assert shown(solve("2023", given, born, above=tree).answer) == "7..9"  # (3 to 5) + 4
    nested = cells("party place period value\nA MEX 2023 3\nB X 2023 2\nB Y 2023 2")
    assert shown(solve("2023", nested, born, above=tree).answer) == "4..7"  # B: 2 + 2; A: 3
    unknown = cells("party place period value\nA . 2023 3\nB X 2023 2")
    assert shown(solve("2023", unknown, born, above=tree).answer) == "3..5"


# -- the most and the fewest at a time -----------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "table", "expected"),
    [
        ("max", "A . 2023-01 3\nA . 2023-02 5", "5"),
        ("min", "A . 2023-01 3\nA . 2023-02 5", "3"),
        ("max", "A . 2023-01 3\nA . 2023-02 5\nB . 2023-01 4\nB . 2023-02 1", "5..7"),
        ("min", "A . 2023-01 3\nA . 2023-02 5\nB . 2023-01 4\nB . 2023-02 1", ">=4"),
        ("max", "A . 2023-01 3\nA . 2023-02 5\nB . 2023-01/2023-02 4", "5..9"),
        ("min", "A . 2023-01 3\nA . 2023-02 5\nB . 2023-01/2023-02 4", ">=3"),
        ("max", "A . 2023-01 >=3\nA . 2023-02 5", ">=5"),
        ("min", "A . 2023-01 >=3\nA . 2023-02 5", "3..5"),
        ("min", "A . 2023-01 >=3\nA . 2023-02 >=5", ">=3"),
        ("max", "A X 2023-01 3\nA Y 2023-01 5\nA X 2023-02 1\nA Y 2023-02 1", "5..8"),
    ],
)
def test_the_most_and_the_fewest_at_a_time(time: str, table: str, expected: str) -> None:
    declared = declare(
        preset="unique_people",
        time=time,
        partition_within="month",
        dimensions={"place": "partition"},
    )
    given = cells(f"party place period value\n{table}")
    assert shown(solve("2023-01/2023-02", given, declared).answer) == expected


def test_at_one_moment_places_are_apart_also_for_the_most() -> None:
    declared = declare(
        preset="unique_people",
        time="min",
        partition_within="day",
        dimensions={"place": "partition"},
    )
    rows = ["A X 2023-01-01 3", "A Y 2023-01-01 4", "A X 2023-01-02 2", "A Y 2023-01-02 3"]
    given = cells("\n".join(["party place period value", *rows]))
    assert shown(solve("2023-01-01/2023-01-03", given, declared).answer) == "5"  # 7 and 5


@pytest.mark.parametrize(("time", "expected"), [("max", "4..7"), ("min", ">=4"), ("union", "7")])
def test_women_and_men_need_not_have_been_most_on_the_same_day(time: str, expected: str) -> None:
    given = cells("party period breakdown value\nA 2023 sex=f 3\nA 2023 sex=m 4")
    declared = declare(preset="unique_people", time=time)
    assert shown(solve("2023", given, declared, codes=SEX).answer) == expected
    day = [replace(c, period=ask("2023-01-05").period) for c in given]
    assert shown(solve("2023-01-05", day, declared, codes=SEX).answer) == "7"
    born = declare(preset="unique_people", time=time, dimensions={"place": "lasting"})
    places = cells("party place period value\nA X 2023 3\nB Y 2023 4")
    assert shown(solve("2023", places, born).answer) == expected


def test_an_unreceived_report_opens_the_range_of_persons() -> None:
    given = cells("party period value\nA 2023 3")
    found = solve("2023", given, PEOPLE, dues=dues("party period\nA 2023\nB 2023"))
    assert shown(found.answer) == ">=3"


def test_a_share_of_persons_is_scaled_once() -> None:
    given = cells("period breakdown value\n2023 sex=f 6\n2023 sex=m 4", programme="J", share="1/2")
    found = solve("2023", given, PEOPLE, codes=SEX)
    assert shown(found.answer) == "5"
    assert [s.code.code for s in found.steps].count("joint_share") == 2
