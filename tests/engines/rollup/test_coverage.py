"""What was due, what was received, and what an unreceived cell does to an answer (B10–B12)."""

from __future__ import annotations

import pytest

from cauce.engines.rollup import Declarations, Due, declare
from cauce.values.answer import Code
from cauce.values.figure import Coverage, Lack
from tests.engines.rollup.tables import SEX, above, ask, cells, dues, shown, solve

FLOW = declare(preset="flow")
STOCK = declare(preset="stock")
TREE = above("X<MEX; Y<MEX; X1<X<MEX; p<P")


def counted(coverage: Coverage | None) -> tuple[int, int, int, int]:
    assert coverage is not None
    return coverage.received, coverage.due, coverage.not_yet_due, coverage.exempt


def test_every_sub_period_of_every_unit_is_a_cell() -> None:
    given = cells("party period value\nA 2023-01 1\nA 2023-02 1\nB 2023-Q1 5")
    owed = dues("party period\nA 2023-Q1*month\nB 2023-Q1*month")
    found = solve("2023-Q1", given, FLOW, dues=owed)
    assert shown(found.answer) == ">=7"
    assert counted(found.coverage) == (5, 6, 0, 0)
    assert found.coverage is not None
    assert found.coverage.lacks == (Lack("A", None, None, "2023-03"),)


def test_exempt_units_leave_the_universe_and_are_named() -> None:
    given = cells("party period value\nA 2023 1")
    owed = dues("party place period state\nA . 2023 due\nB X 2023 exempt")
    found = solve("2023", given, FLOW, dues=owed)
    assert shown(found.answer) == "1"
    assert counted(found.coverage) == (1, 1, 0, 1)
    assert Code.of("exempt", units="B; X") in found.caveats


def test_where_all_are_exempt_nothing_applies() -> None:
    found = solve("2023", [], FLOW, dues=dues("party period state\nA 2023 exempt"))
    assert shown(found.answer) == "not_applicable"


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ((), "missing"),
        (("withdrawn",), "withdrawn"),
        (("withdrawn", "pending"), "pending"),
    ],
)
def test_why_nothing_is_there_in_order(statuses: tuple[str, ...], expected: str) -> None:
    rows = "".join(f"\n{i} 2023 . {status}" for i, status in enumerate(statuses))
    given = cells(f"party period value status{rows}")
    assert shown(solve("2023", given, FLOW).answer) == expected


def test_a_part_under_review_is_not_why_the_whole_is_missing() -> None:
    given = cells("period value status\n2023-01/2023-10 . pending")
    assert shown(solve("2023", given, FLOW).answer) == "missing"


def test_a_level_is_pending_only_for_its_own_end() -> None:
    given = cells("period value status\n2023-01 . pending")
    assert shown(solve("2023", given, STOCK).answer) == "missing"
    assert shown(solve("2023-01", given, STOCK).answer) == "pending"


def test_a_unit_without_obligation_that_holds_nothing_still_opens_the_total() -> None:
    given = cells("party period value status\nA 2023 4 final\nB 2023 . withdrawn")
    found = solve("2023", given, FLOW)
    assert shown(found.answer) == ">=4"
    assert Code.of("periods_missing", periods="2023") in found.caveats


def test_a_unit_that_gives_no_such_breakdown_opens_the_code() -> None:
    given = cells("party period breakdown value\nA 2023 sex=f 4\nB 2023 . 9")
    assert shown(solve(ask("2023", "sex=f"), given, FLOW, codes=SEX).answer) == ">=4"


# -- wholes and parts ------------------------------------------------------------------------------


def test_a_report_of_the_whole_is_a_report_of_its_parts() -> None:
    given = cells("place period value\nMEX 2023 10")
    found = solve("2023", given, FLOW, dues=dues("place period\nX 2023\nY 2023"), above=TREE)
    assert (shown(found.answer), counted(found.coverage)) == ("10", (2, 2, 0, 0))


def test_a_whole_is_received_when_all_that_owe_below_it_have_reported() -> None:
    """Through two levels, and by months where the whole owes the quarter."""
    given = cells("place period value\nX1 2023-Q1 1\nY 2023-01 1\nY 2023-02 1\nY 2023-03 1")
    owed = dues("place period\nMEX 2023-Q1\nX 2023-Q1\nX1 2023-Q1\nY 2023-Q1*month")
    found = solve("2023-Q1", given, FLOW, dues=owed, above=TREE)
    assert (shown(found.answer), counted(found.coverage)) == ("4", (6, 6, 0, 0))
    found = solve("2023-Q1", given[:-1], FLOW, dues=owed, above=TREE)
    assert (shown(found.answer), counted(found.coverage)) == (">=3", (4, 6, 0, 0))


def test_a_whole_is_not_received_by_parts_that_owe_only_some_of_its_time() -> None:
    given = cells("place period value\nX 2023-01 1")
    owed = dues("place period\nMEX 2023-Q1\nX 2023-01")
    assert shown(solve("2023-Q1", given, FLOW, dues=owed, above=TREE).answer) == ">=1"


# -- what is owed for more than is asked ---------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "owed", "why"),
    [
        (ask("2023-03"), "B . 2023", "a longer period"),
        (ask("2023-03"), "B . us-fiscal:2023", "a year of another kind"),
        (ask("2023-03", place="X"), "B MEX 2023-03", "a wider place"),
        (ask("2023-03", place="X"), "B . 2023-03", "a place that is not told apart"),
    ],
)
def test_what_is_not_told_apart_leaves_the_answer_open(
    question: object, owed: str, why: str
) -> None:
    given = cells("party place period value\nA X 2023-03 4")
    due = dues(f"party place period\nA X 2023-03\n{owed}")
    found = solve(question, given, FLOW, dues=due, above=TREE)  # type: ignore[arg-type]  # parametrized
    assert shown(found.answer) == ">=4", why
    assert counted(found.coverage) == (1, 1, 0, 0)  # nothing of the question itself is lacking
    assert "not_told_apart" in {c.code for c in found.caveats}


def test_who_tells_it_apart_although_it_owes_the_whole_has_answered() -> None:
    given = cells("party place period value\nB X 2023-03 4")
    owed = dues("party place period\nB MEX 2023")
    found = solve(ask("2023-03", place="X"), given, FLOW, dues=owed, above=TREE)
    assert shown(found.answer) == "4"
    assert found.coverage is None


def test_what_is_owed_elsewhere_or_at_another_time_does_not_matter() -> None:
    given = cells("party place programme period value\nA X p 2023-03 4")
    owed = dues("party place programme period\nA Y p 2023-03\nB X p 2023-04\nB X q 2023-03")
    found = solve(ask("2023-03", place="X", programme="P"), given, FLOW, dues=owed, above=TREE)
    assert (shown(found.answer), found.coverage) == ("4", None)


def test_exempt_from_the_whole_is_exempt_from_the_part() -> None:
    given = cells("party place period value\nA X 2023-03 4")
    owed = dues("party place period state\nB MEX 2023 exempt")
    assert shown(solve(ask("2023-03", place="X"), given, FLOW, dues=owed, above=TREE).answer) == "4"


# -- an unreceived cell, by the rule of time (C12) ------------------------------------------------


@pytest.mark.parametrize(
    ("time", "table", "expected"),
    [
        ("sum", "A 2023-01 5\nA 2023-02 7", ">=12"),
        ("max", "A 2023-01 5\nA 2023-02 7", ">=7"),
        ("min", "A 2023-01 5\nA 2023-02 7", "<=5"),
        ("mean", "A 2023-01 5\nA 2023-02 7", "6"),
        ("at_end", "A 2023-01 5\nA 2023-02 7", "missing"),
        # With a second unit that is complete, and one that is silent.
        ("min", "A 2023-01 5\nB 2023-01 1\nB 2023-02 1\nB 2023-03 1", "<=6"),
        ("min", "B 2023-01 1\nB 2023-02 1\nB 2023-03 1", ">=0"),
        ("max", "B 2023-01 1\nB 2023-02 3\nB 2023-03 1", ">=3"),
        ("at_end", "A 2023-01 5\nB 2023-03 2", ">=2"),
        ("mean", "B 2023-01 1\nB 2023-02 3\nB 2023-03 2", "2"),
    ],
)
def test_a_missing_sub_period_opens_what_it_can_change(
    time: str, table: str, expected: str
) -> None:
    given = cells(f"party period value\n{table}")
    parties = sorted({c.unit.party for c in given} | {"A"})
    owed = dues("party period\n" + "\n".join(f"{p} 2023-Q1*month" for p in parties))
    found = solve("2023-Q1", given, declare(preset="flow", time=time), dues=owed)
    assert shown(found.answer) == expected
    assert (Code("incomplete") in found.caveats) == (expected != "missing")


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        (declare(preset="flow", may_be_negative=True), "refused not_bounded"),
        (declare(preset="flow", may_be_negative=True, time="max"), ">=-3"),
        (declare(preset="flow", may_be_negative=True, time="min"), "<=-3"),
        (declare(preset="ratio"), "1/2"),
        (declare(preset="mean_duration"), "-3"),
    ],
)
def test_a_missing_value_of_any_sign_or_of_a_ratio(declared: Declarations, expected: str) -> None:
    row = {"ratio": "num den\n2023-01 1 2", "mean": "value den\n2023-01 -3 2"}
    given = cells(f"period {row.get(declared.value, 'value' + chr(10) + '2023-01 -3')}")
    found = solve("2023-Q1", given, declared, dues=dues("period\n2023-Q1*month"))
    assert shown(found.answer) == expected
    assert Code("incomplete") in found.caveats


def test_a_unit_without_any_value_leaves_a_smallest_value_of_any_sign_unknown() -> None:
    signed = declare(preset="flow", may_be_negative=True, time="min")
    found = solve(
        "2023",
        cells("party period value\nA 2023 -3"),
        signed,
        dues=dues("party period\nA 2023\nB 2023"),
    )
    assert shown(found.answer) == "refused not_bounded"


def test_codes_that_were_not_given_say_nothing_of_a_sum_of_any_sign() -> None:
    signed = declare(preset="flow", may_be_negative=True)
    given = cells("period breakdown value\n2023 sex=f -3")
    assert shown(solve("2023", given, signed, codes=SEX).answer) == "missing"
    assert shown(solve(ask("2023", "sex=f"), given, signed, codes=SEX).answer) == "-3"


def test_sub_periods_that_nobody_owes_are_not_missing() -> None:
    given = cells("party period value\nA 2023-01 5\nA 2023-02 7")
    owed = dues("party period\nA 2023-01\nA 2023-02")  # the obligation ends in February
    for time, expected in (("sum", "12"), ("max", "7"), ("min", "5")):
        found = solve("2023-Q1", given, declare(preset="flow", time=time), dues=owed)
        assert shown(found.answer) == expected


def test_a_level_is_due_only_at_the_end() -> None:
    owed = dues("party period\nA 2023*month\nB 2023")
    given = cells("party period value\nA 2023-12 5\nB 2023-12-31 2")
    found = solve("2023", given, STOCK, dues=owed)
    assert (shown(found.answer), counted(found.coverage)) == ("7", (2, 2, 0, 0))
    june = solve("2023-06", cells("party period value\nA 2023-06 5"), STOCK, dues=owed)
    assert (shown(june.answer), counted(june.coverage)) == (">=5", (1, 1, 0, 0))  # B: not told


def test_who_lacks_is_sorted_and_says_why() -> None:
    given = cells(
        """
        party  place  period   value  status
        B      .      2023-01  .      withdrawn
        A      X      2023-02  .      pending
        """
    )
    owed = (*dues("party period\nB 2023-01\nB 2023-02"), *dues("party place period\nA X 2023-02"))
    found = solve("2023-Q1", given, FLOW, dues=owed)
    assert shown(found.answer) == "pending"
    assert found.coverage is not None
    assert [(k.party, k.place, k.period, k.why) for k in found.coverage.lacks] == [
        ("A", "X", "2023-02", "pending"),
        ("B", None, "2023-01", "withdrawn"),
        ("B", None, "2023-02", "missing"),
    ]


def test_a_unit_that_is_not_told_apart_has_a_name_too() -> None:
    given = cells("party period value\nA 2023-03 4")
    (due,) = dues("period\n2023")
    found = solve("2023-03", given, FLOW, dues=(due, Due(given[0].unit, given[0].period)))
    assert Code.of("not_told_apart", units="—") in found.caveats
