"""Which cells of a series answer: one cover, never a mixture of grains (B9), and what stands
beside."""

from __future__ import annotations

from datetime import date

import pytest

from cauce.engines.rollup import CodeSpan, declare
from cauce.values.answer import Code
from tests.engines.rollup.tables import SEX, ask, cells, codes, shown, solve

FLOW = declare(preset="flow")
MONTHS = "\n".join(f"2023-{m:02} . {m}" for m in range(1, 13))  # 1 + … + 12 = 78


def codes_of(outcome_caveats: tuple[Code, ...]) -> set[str]:
    return {c.code for c in outcome_caveats}


@pytest.mark.parametrize(
    ("table", "expected", "why"),
    [
        ("2023 . 80", "80", "the cell at the asked grain"),
        (f"2023 . 80\n{MONTHS}", "80", "the asked grain before its months"),
        (MONTHS, "78", "a complete partition of time"),
        (f"2023-H1 . 30\n2023-H2 . 40\n{MONTHS}", "70", "the coarsest complete one"),
        (f"2023-H1 . 30\n{MONTHS}", "78", "the complete one before the coarser"),
        ("2023 sex=f 30\n2023 sex=m 20", "50", "a complete partition of the breakdown"),
        (f"2023 sex=f 30\n2023 sex=m 20\n{MONTHS}", "50", "two cells before twelve"),
        ("2023 sex=f 30", ">=30", "codes that nobody gave may hold anything"),
        ("2023-H1 . 30", ">=30", "the half that is missing may hold anything"),
        ("2023-Q1 . 30\n2023-01 . 9\n2023-02 . 9\n2023-03 . 9", ">=30", "the coarser on ties"),
        ("2023-Q1 . 30\n2023-03 . 9\n2023-04 . 9\n2023-05 . 9\n2023-06 . 9", ">=36", "the longer"),
        ("2023-01 sex=f 5\n2023-02 . 4", ">=4", "a month given whole before one given in part"),
        ("2023-01/2023-10 . 50", "missing", "a part never answers for the whole"),
    ],
)
def test_one_grain_answers(table: str, expected: str, why: str) -> None:
    found = solve("2023", cells(f"period breakdown value\n{table}"), FLOW, codes=SEX)
    assert shown(found.answer) == expected, why


def test_sub_periods_that_are_missing_are_named_where_nothing_is_owed() -> None:
    found = solve("2018/2020", cells("period value\n2018 1\n2019 2"), FLOW)
    assert shown(found.answer) == ">=3"
    assert Code.of("periods_missing", periods="2020") in found.caveats


def test_a_breakdown_without_a_list_of_codes_is_never_complete() -> None:
    given = cells("period breakdown value\n2023 sex=f 30\n2023 sex=m 20")
    found = solve("2023", given, FLOW)
    assert shown(found.answer) == ">=50"
    assert Code.of("partial_breakdown", dimension="sex", codes="f, m") in found.caveats


def test_a_code_is_expected_only_while_it_is_in_use() -> None:
    later = CodeSpan("x", start=date(2024, 1, 1))
    lists = {"sex": (*SEX["sex"], later)}
    given = cells("breakdown value period\nsex=f 3 2023\nsex=m 2 2023\nsex=f 3 2024\nsex=m 2 2024")
    assert shown(solve("2023", given, FLOW, codes=lists).answer) == "5"
    assert shown(solve("2024", given, FLOW, codes=lists).answer) == ">=5"


def test_two_dimensions_are_complete_when_every_pair_is_given() -> None:
    lists = codes("sex=f,m; age=a,b")
    rows = ["2023 age=a;sex=f 1", "2023 age=a;sex=m 2", "2023 age=b;sex=f 3", "2023 age=b;sex=m 4"]
    given = cells("\n".join(["period breakdown value", *rows]))
    assert shown(solve("2023", given, FLOW, codes=lists).answer) == "10"
    assert shown(solve("2023", given[:3], FLOW, codes=lists).answer) == ">=6"
    assert shown(solve(ask("2023", "sex=f"), given, FLOW, codes=lists).answer) == "4"  # 1 + 3


def test_a_dimension_that_does_not_combine_gives_no_total() -> None:
    alone = declare(preset="flow", dimensions={"sex": "none"})
    given = cells("period breakdown value\n2023 sex=f 3\n2023 sex=m 2")
    assert shown(solve("2023", given, alone, codes=SEX).answer) == "missing"
    assert shown(solve(ask("2023", "sex=f"), given, alone, codes=SEX).answer) == "3"


def test_partitions_come_before_overlaps() -> None:
    mixed = declare(preset="flow", dimensions={"group": "overlap"})
    lists = codes("sex=f,m; group=g,h")
    table = "period breakdown value\n2023 group=g 3\n2023 group=h 4\n2023 sex=f 3\n2023 sex=m 2"
    assert shown(solve("2023", cells(table), mixed, codes=lists).answer) == "5"
    assert shown(solve("2023", cells(table)[:2], mixed, codes=lists).answer) == "4..7"


def test_sums_over_partitions_come_before_overlaps_within_one_cover() -> None:
    mixed = declare(preset="flow", dimensions={"group": "overlap"})
    lists = codes("group=g,h; sex=f,m")
    rows = ["group=g;sex=f 1", "group=g;sex=m 2", "group=h;sex=f 3", "group=h;sex=m 4"]
    given = cells("\n".join(["breakdown value", *rows]), period="2023")
    assert shown(solve("2023", given, mixed, codes=lists).answer) == "7..10"  # 1 + 2, 3 + 4


def test_a_value_of_another_question_is_left_out_quietly() -> None:
    given = cells("period value\n2022 5\n2023 8\n2023-06 1")
    found = solve("2023", given, FLOW)
    assert shown(found.answer) == "8"
    assert [(u.cell.period.text, u.reason.code) for u in found.unused] == [
        ("2023-06", "other_grain")
    ]


# -- parts of a period, other calendars ------------------------------------------------------------


def test_a_part_of_a_period_is_offered_beside_with_its_dates() -> None:
    found = solve("2021", cells("period value reporter\n2021-01/2021-10 31787 COMAR"), FLOW)
    assert shown(found.answer) == "missing"
    assert [(c.reporter, c.why, c.period, shown(c.answer)) for c in found.competing] == [
        ("COMAR", "part", "2021-01/2021-10", "31787")
    ]
    caveat = Code.of("part_of_period", period="2021-01/2021-10", reporter="COMAR")
    assert caveat in found.caveats
    assert [u.reason for u in found.unused] == [caveat]


def test_who_reported_only_a_part_leaves_the_total_open() -> None:
    given = cells("party period value\nA 2021 100\nB 2021-01/2021-10 50")
    assert shown(solve("2021", given, FLOW).answer) == ">=100"


def test_a_fiscal_question_is_answered_by_fiscal_cells_alone() -> None:
    given = cells("period value\nus-fiscal:2023-Q1 1\nus-fiscal:2023-Q2 2\n2023 9")
    assert shown(solve("us-fiscal:2023-H1", given, FLOW).answer) == "3"
    beside = [(c.why, c.period) for c in solve("us-fiscal:2023-H1", given, FLOW).competing]
    assert beside == [("calendar", "2023")]


def test_a_fiscal_year_that_shares_no_day_is_not_offered() -> None:
    given = cells("period value\nus-fiscal:2021 1")
    assert solve("2023", given, FLOW).competing == ()


# -- parts that differ -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "table", "differs"),
    [
        (FLOW, f"2023 . 80\n{MONTHS}", "78..78"),
        (FLOW, f"2023 . 78\n{MONTHS}", None),
        (FLOW, "2023 . 80\n2023 sex=f 30\n2023 sex=m 20", "50..50"),
        (FLOW, "2023 . 80\n2023 sex=f 90", "90..None"),  # already more than the whole
        (FLOW, "2023 . 80\n2023 sex=f 30", None),  # the men may make up for it
        (FLOW, "2023 . 80\n2023-01 . 30", None),
        (FLOW, "2023 . 80\n2023-01 . 81", "81..None"),
        (FLOW, "2023 . >=80\n2023 sex=f 90\n2023 sex=m 20", None),
        (FLOW, "2023 . >110\n2023 sex=f 90\n2023 sex=m 20", "110..110"),
        (FLOW, "2023 . <110\n2023 sex=f 90\n2023 sex=m 20", "110..110"),
        (declare(preset="maximum"), f"2023 . 11\n{MONTHS}", "12..12"),
        (declare(preset="maximum"), "2023 . 11\n2023-01 . 3", None),
        (declare(preset="flow", time="mean"), "2023 . 11\n2023-01 . 3", None),
        (declare(preset="flow", time="mean"), f"2023 . 6\n{MONTHS}", "13/2..13/2"),
        (declare(preset="stock"), "2023 . 5\n2023-12 . 6", "6..6"),
        (declare(preset="unique_people"), "2023 . 9\n2023-H1 . 10\n2023-H2 . 4", "10..14"),
        (declare(preset="unique_people"), "2023 . 11\n2023-H1 . 10\n2023-H2 . 4", None),
        (declare(preset="flow", dimensions={"age": "none"}), "2023 . 9\n2023 age=a 10", None),
    ],
)
def test_a_reported_cell_outside_the_range_of_its_parts(
    declared: object, table: str, differs: str | None
) -> None:
    given = cells(f"period breakdown value\n{table}")
    found = solve("2023", given, declared, codes={**SEX, **codes("age=a")})  # type: ignore[arg-type]  # parametrized
    ranges = [dict(c.params) for c in found.caveats if c.code == "parts_differ"]
    assert [f"{r['low']}..{r.get('high')}" for r in ranges] == ([differs] if differs else [])


def test_a_ratio_is_not_compared_with_its_parts() -> None:
    given = cells("period num den\n2023 8 10\n2023-H1 1 2\n2023-H2 1 2")
    found = solve("2023", given, declare(preset="ratio"))
    assert "parts_differ" not in codes_of(found.caveats)
