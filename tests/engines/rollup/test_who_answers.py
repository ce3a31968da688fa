"""Who answers: reporters of a unit, wholes and their parts, cells that add nothing above."""

from __future__ import annotations

import pytest

from cauce.engines.rollup import Unit, declare
from cauce.values.answer import Code
from tests.engines.rollup.tables import SEX, above, ask, cells, dues, shown, solve

FLOW = declare(preset="flow")
TREE = above("X<MEX; Y<MEX; X1<X<MEX")


# -- reporters (B8) ------------------------------------------------------------------------------

TWO = """
    reporter  place  period  value
    R         X      2023    10
    S         X      2023    12
"""


def test_several_reporters_and_no_choice_is_refused_with_all_beside() -> None:
    found = solve("2023", cells(TWO), FLOW)
    assert shown(found.answer) == "refused no_preferred_reporter"
    assert [(c.reporter, shown(c.answer)) for c in found.competing] == [("R", "10"), ("S", "12")]


def test_the_preferred_reporter_answers_and_the_other_is_beside() -> None:
    found = solve("2023", cells(TWO), FLOW, preferred={Unit(place="X"): "S"})
    assert shown(found.answer) == "12"
    assert [(c.reporter, shown(c.answer)) for c in found.competing] == [("R", "10")]


def test_the_sole_reporter_answers_where_the_preferred_is_silent() -> None:
    found = solve("2023", cells(TWO)[:1], FLOW, preferred={Unit(place="X"): "S"})
    assert shown(found.answer) == "10"
    assert Code.of("not_preferred", reporter="R", preferred="S") in found.caveats


def test_without_the_preferred_several_others_are_refused() -> None:
    found = solve("2023", cells(TWO), FLOW, preferred={Unit(place="X"): "T"})
    assert shown(found.answer) == "refused no_preferred_reporter"


def test_the_preferred_reporter_answers_for_a_whole_unit_or_not_at_all() -> None:
    """It gave one month of two: the month that only the other has is missing, not borrowed."""
    given = cells(
        """
        reporter  place  period   value
        R         X      2023-01  1
        S         X      2023-01  5
        S         X      2023-02  5
        """
    )
    found = solve("2023-01/2023-02", given, FLOW, preferred={Unit(place="X"): "R"})
    assert shown(found.answer) == ">=1"
    assert [shown(c.answer) for c in found.competing] == ["10"]


def test_a_record_of_another_breakdown_still_makes_its_reporter_the_one_that_answers() -> None:
    given = cells("reporter period breakdown value\nR 2023 . 10\nS 2023 sex=f 6")
    found = solve(ask("2023", "sex=f"), given, FLOW, preferred={Unit(): "R"}, codes=SEX)
    assert shown(found.answer) == "missing"
    assert [(c.reporter, shown(c.answer)) for c in found.competing] == [("S", "6")]


def test_a_pending_value_of_the_preferred_reporter_is_pending() -> None:
    given = cells("reporter period value status\nR 2023 . pending\nS 2023 6 final")
    found = solve("2023", given, FLOW, preferred={Unit(): "R"})
    assert shown(found.answer) == "pending"


def test_each_unit_chooses_its_own_reporter() -> None:
    given = cells(
        """
        reporter  place  period  value
        R         X      2023    10
        S         X      2023    12
        S         Y      2023    3
        """
    )
    found = solve("2023", given, FLOW, preferred={Unit(place="X"): "R"})
    assert shown(found.answer) == "13"  # 10 + 3


# -- wholes and parts ------------------------------------------------------------------------------


def test_a_whole_answers_instead_of_its_parts() -> None:
    given = cells("place period value\nMEX 2023 10\nX 2023 4\nY 2023 5")
    found = solve("2023", given, FLOW, above=TREE)
    assert shown(found.answer) == "10"
    assert {u.reason for u in found.unused} == {Code.of("unit_within", unit="MEX")}


def test_a_whole_below_the_sum_of_its_parts_raises_a_caution() -> None:
    given = cells("place period value\nMEX 2023 10\nX 2023 8\nX1 2023 8\nY 2023 5")
    found = solve("2023", given, FLOW, above=TREE)
    assert shown(found.answer) == "10"
    assert Code.of("parts_differ", reported=10, low=13) in found.caveats  # 8 + 5; X1 lies in X
    alone = declare(preset="flow", dimensions={"place": "none"})
    apart = solve("2023", given, alone, above=TREE)
    assert (shown(apart.answer), apart.caveats) == ("10", (Code("coverage_unknown"),))
    fewer = solve("2023", given[:2], FLOW, above=TREE)
    assert "parts_differ" not in {c.code for c in fewer.caveats}  # the others may make up for it


def test_parts_that_add_nothing_above_are_not_held_against_their_whole() -> None:
    given = cells("place period value parent\nMEX 2023 10 yes\nX 2023 80 no")
    found = solve("2023", given, FLOW, above=TREE)
    assert "parts_differ" not in {c.code for c in found.caveats}


def test_a_pending_whole_does_not_silence_its_parts_and_leaves_the_total_open() -> None:
    given = cells("place period value status\nMEX 2023 . pending\nX 2023 4 final\nY 2023 5 final")
    found = solve("2023", given, FLOW, above=TREE)
    assert shown(found.answer) == ">=9"
    assert [u.reason.code for u in found.unused] == ["pending"]
    owed = dues("place period\nMEX 2023\nX 2023\nY 2023")
    closed = solve("2023", given, FLOW, above=TREE, dues=owed)
    assert shown(closed.answer) == "9"  # all that owe below the whole have reported


def test_parts_answer_where_each_covers_more_than_its_whole() -> None:
    given = cells(
        """
        place  period   value
        MEX    2023-01  9
        X      2023-01  4
        X      2023-02  4
        Y      2023-01  5
        Y      2023-02  6
        """
    )
    owed = dues(
        "place period\nMEX 2023-01\nMEX 2023-02\nX 2023-01\nX 2023-02\nY 2023-01\nY 2023-02"
    )
    found = solve("2023-01/2023-02", given, FLOW, above=TREE, dues=owed)
    assert shown(found.answer) == "19"  # 4 + 4 + 5 + 6
    assert [u.reason.code for u in found.unused] == ["other_grain"]


def test_a_whole_with_two_reporters_is_not_passed_over_for_its_parts() -> None:
    given = cells("reporter place period value\nR MEX 2023 9\nS MEX 2023 8\nR X 2023 4")
    found = solve("2023", given, FLOW, above=TREE)
    assert shown(found.answer) == "refused no_preferred_reporter"


def test_units_that_cross_are_not_added_twice() -> None:
    """A programme everywhere, and a place in all programmes, may share something."""
    given = cells("programme place period value\np . 2023 10\n. X 2023 4\nq Y 2023 1")
    assert shown(solve("2023", given, FLOW).answer) == "11..15"  # (10 to 10 + 4) + 1
    overlap = declare(preset="flow", dimensions={"place": "overlap"})
    assert shown(solve("2023", given, overlap).answer) == "10..15"
    none = declare(preset="flow", dimensions={"place": "none"})
    assert shown(solve("2023", given, none).answer) == "refused not_combinable"
    signed = declare(preset="flow", may_be_negative=True)
    assert shown(solve("2023", given, signed).answer) == "refused not_combinable"


def test_units_nested_in_two_dimensions_need_not_cross() -> None:
    given = cells("party programme place period value\nA p X 2023 10\nB . X1 2023 4\nC q . 2023 1")
    assert shown(solve("2023", given, FLOW, above=TREE).answer) == "15"  # three parties


# -- counts_in_parent ------------------------------------------------------------------------------


def test_only_the_cells_that_say_so_are_left_out_of_the_parent() -> None:
    given = cells(
        """
        party  period   value  parent
        A      2023-01  1      yes
        A      2023-02  2      no
        B      2023-01  4      yes
        B      2023-02  8      yes
        """
    )
    owed = dues("party period\nA 2023-01\nA 2023-02\nB 2023-01\nB 2023-02")
    found = solve("2023-01/2023-02", given, FLOW, dues=owed)
    assert shown(found.answer) == "13"  # 1 + 4 + 8, and February of A is received
    assert found.coverage is not None
    assert (found.coverage.received, found.coverage.due) == (4, 4)
    assert [u.reason.code for u in found.unused] == ["not_in_parent"]
    own = solve(ask("2023-01/2023-02", party="A"), given[:2], FLOW, dues=owed[:2])
    assert shown(own.answer) == "3"


def test_all_that_was_received_may_count_elsewhere() -> None:
    given = cells("party period value parent\nA 2023 3 no\nB 2023 4 no")
    assert shown(solve("2023", given, FLOW).answer) == "0"
    ratio = cells("party period num den parent\nA 2023 3 4 no\nB 2023 4 8 no")
    assert shown(solve("2023", ratio, declare(preset="ratio")).answer) == "not_applicable"


def test_a_unit_that_is_not_told_apart_is_its_own_whole() -> None:
    given = cells("period value parent\n2023 3 no")
    assert shown(solve("2023", given, FLOW).answer) == "3"


def test_a_joint_value_is_part_of_each_party() -> None:
    given = cells("programme period value share\nJ 2023 1000 2/5")
    found = solve("2023", given, FLOW)
    assert shown(found.answer) == "400"
    assert [(s.code, shown(s.result)) for s in found.steps] == [
        (Code.of("joint_share", share="2/5"), "400")
    ]


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("place period value method\nX 2023 1 a\nY 2023 2 b", "mixed_methods"),
        ("place period value unit\nX 2023 1 file\nY 2023 2 person", "mixed_units"),
        # One unit with two methods: two series, whatever their grains.
        ("period value method\n2023 12 a\n2023-01 1 b", "mixed_methods"),
    ],
)
def test_series_that_are_not_alike_have_no_total(table: str, code: str) -> None:
    assert shown(solve("2023", cells(table), FLOW).answer) == f"refused {code}"


def test_another_method_earlier_in_the_period_does_not_matter_for_a_level() -> None:
    given = cells("period value method\n2023-01 5 a\n2023-12 7 b")
    assert shown(solve("2023", given, declare(preset="stock")).answer) == "7"
