"""The roll-up traps that cells alone can show: data as a table, the answer worked by hand.

The numbers are those of ``docs/explanation`` and of the conformance list; each of them is a wrong
number that some system gives. The same traps run through the ledger in ``tests/figures``.
"""

from __future__ import annotations

from fractions import Fraction

from cauce.engines.rollup import declare, largest_remainder
from cauce.values.answer import Code
from tests.engines.rollup.tables import (
    SEX,
    above,
    as_ratio,
    ask,
    cells,
    codes,
    dues,
    known,
    shown,
    solve,
)

FLOW = declare(preset="flow")
PEOPLE = declare(preset="unique_people")
RATIO = declare(preset="ratio")
MEAN = declare(preset="mean_duration")


def test_t1_a_zero_is_reported_and_silence_is_not_a_zero() -> None:
    given = cells(
        """
        party  period  value
        A      2023    0
        """
    )
    owed = dues("party period\nA 2023\nB 2023")
    assert shown(solve(ask("2023", party="A"), given, FLOW, dues=owed[:1]).answer) == "0"
    total = solve("2023", given, FLOW, dues=owed)
    assert shown(total.answer) == ">=0"
    assert total.coverage is not None
    assert (total.coverage.received, total.coverage.due) == (1, 2)
    assert [lack.party for lack in total.coverage.lacks] == ["B"]


def test_t2_a_cumulative_value_is_a_level_and_its_flow_is_a_difference() -> None:
    since = declare(preset="cumulative", accumulation="since:2023-01-01")
    given = cells(
        """
        party  reporter  period           value
        A      A         2023-01/2023-06  100
        A      A         2023-01/2023-07  120
        """
    )
    assert shown(solve("2023-01/2023-07", given, since).answer) == "120"  # not 100 + 120
    assert shown(solve("2023-07", given, since).answer) == "20"  # 120 - 100


def test_t3_what_does_not_count_in_the_parent_adds_nothing_through_any_door() -> None:
    given = cells(
        """
        programme  period  value  parent
        B          2023    30     no
        A          2023    10     yes
        """
    )
    tree = above("A<P; B<P")
    assert shown(solve("2023", given, FLOW, above=tree).answer) == "10"
    assert shown(solve(ask("2023", programme="P"), given, FLOW, above=tree).answer) == "10"
    assert shown(solve(ask("2023", programme="B"), given[:1], FLOW, above=tree).answer) == "30"


def test_t4_half_a_unit_stays_half_a_unit() -> None:
    given = cells("programme period value\nP/child/grandchild 2023 0.5")
    assert shown(solve("2023", given, declare(preset="money")).answer) == "1/2"


def test_t5_percentages_without_denominators_have_no_total() -> None:
    given = cells("place period value\nX 2023 80\nY 2023 20")
    assert shown(solve("2023", given, RATIO).answer) == "refused no_denominator"
    one = solve(ask("2023", place="X"), given[:1], RATIO)
    assert shown(one.answer) == "80"
    assert Code("as_reported") in one.caveats


def test_t6_the_ratio_of_a_whole_is_not_the_mean_of_ratios() -> None:
    given = cells("place period num den\nX 2023 8 10\nY 2023 100 1000")
    answer = solve("2023", given, RATIO).answer
    assert as_ratio(answer) == "108/1010"  # 8 + 100 of 10 + 1000, not the mean of 80 and 10 %
    assert shown(answer) == "54/505"


def test_t7_a_denominator_starts_at_nothing() -> None:
    given = cells("place period num den\nX 2023 1 2\nY 2023 1 2")
    assert as_ratio(solve("2023", given, RATIO).answer) == "2/4"


def test_t8_two_projects_may_have_reached_the_same_persons() -> None:
    given = cells("party programme period value\nO p1 2023 100\nO p2 2023 100")
    assert shown(solve("2023", given, PEOPLE).answer) == "100..200"
    capped = solve("2023", given, PEOPLE, population=Fraction(150))
    assert shown(capped.answer) == "100..150"
    assert Code.of("capped", population=150) in capped.caveats


def test_t10_a_value_under_review_is_pending_and_opens_the_total() -> None:
    given = cells(
        """
        party  period  value  status
        A      2023    10     final
        B      2023    .      pending
        """
    )
    owed = dues("party period\nA 2023\nB 2023")
    own = solve(ask("2023", party="B"), given[1:], FLOW, dues=owed[1:])
    assert shown(own.answer) == "pending"
    total = solve("2023", given, FLOW, dues=owed)
    assert shown(total.answer) == ">=10"
    assert total.coverage is not None
    assert (total.coverage.received, total.coverage.due) == (1, 2)
    assert [(lack.party, lack.why) for lack in total.coverage.lacks] == [("B", "pending")]


def test_t12_a_partial_breakdown_invents_no_cell() -> None:
    given = cells(
        """
        period  breakdown  value
        2023    .          10
        2023    age=a      2
        2023    age=b      4
        2023    sex=f      6
        2023    sex=m      4
        """
    )
    lists = codes("age=a,b,c; sex=f,m")
    assert shown(solve("2023", given, FLOW, codes=lists).answer) == "10"
    assert shown(solve(ask("2023", "age=b"), given, FLOW, codes=lists).answer) == "4"
    assert shown(solve(ask("2023", "age=c"), given, FLOW, codes=lists).answer) == "missing"
    assert shown(solve(ask("2023", "age=a;sex=f"), given, FLOW, codes=lists).answer) == "missing"


def test_t14_shares_of_a_joint_programme_add_up_to_the_whole() -> None:
    def of(share: str) -> str:
        given = cells("programme period value\nJ 2023 1000", share=share)
        return shown(solve("2023", given, PEOPLE).answer)

    assert (of("2/5"), of("3/5"), of("1")) == ("400", "600", "1000")
    third = Fraction(1000, 3)
    assert of("1/3") == "1000/3"  # a share asked alone keeps its fraction
    assert list(largest_remainder({"a": third, "b": third, "c": third}).values()) == [334, 333, 333]


def test_t15_the_largest_of_two_months_is_not_their_sum() -> None:
    given = cells("period value\n2023-01 10\n2023-02 20")
    highest = declare(preset="flow", time="max")
    assert shown(solve("2023-01/2023-02", given, highest).answer) == "20"


def test_t16_a_mean_of_means_needs_the_weights() -> None:
    given = cells("place period value den\nX 2023 10 1\nY 2023 90 9")
    assert shown(solve("2023", given, MEAN).answer) == "82"  # (10 × 1 + 90 × 9) / 10
    bare = cells("place period value\nX 2023 10\nY 2023 90")
    assert shown(solve("2023", bare, MEAN).answer) == "refused no_weight"


def test_t19_groups_that_overlap_are_not_credited_to_one_of_them() -> None:
    overlap = declare(preset="flow", dimensions={"group": "overlap"})
    lists = codes("group=a,b")
    given = cells("period breakdown value\n2023 group=a 1\n2023 group=b 1\n2023 . 1")
    assert shown(solve("2023", given, overlap, codes=lists).answer) == "1"
    assert shown(solve("2023", given[:2], overlap, codes=lists).answer) == "1..2"


def test_t24_more_than_and_almost_have_no_exact_sum() -> None:
    given = cells("party period value\nA 2023 >40000\nB 2023 ~<2000")
    disjoint = declare(preset="flow")
    assert shown(solve("2023", given, disjoint).answer) == ">40000"  # not 42,000


def test_t26_a_whole_a_bounded_part_and_an_unknown_part() -> None:
    tree = above("north<both; south<both")
    given = cells("place period value\nboth 2022 3400000000\nsouth 2022 <=1400000000")
    money = declare(preset="money")
    assert shown(solve(ask("2022", place="both"), given, money, above=tree).answer) == "3400000000"
    south = solve(ask("2022", place="south"), given[1:], money, above=tree)
    assert shown(south.answer) == "<=1400000000"
    assert shown(solve(ask("2022", place="north"), [], money, above=tree).answer) == "missing"


def test_t27_the_preferred_reporter_answers_and_the_other_stands_beside() -> None:
    given = cells(
        """
        reporter  place  period  value
        COMAR     MEX    2022    118772
        UNHCR     MEX    2022    118756
        """
    )
    found = solve("2022", given, FLOW, preferred={given[0].unit: "COMAR"})
    assert shown(found.answer) == "118772"
    assert [(c.reporter, shown(c.answer)) for c in found.competing] == [("UNHCR", "118756")]


def test_t29_bands_that_changed_are_never_added_up() -> None:
    from datetime import date

    from cauce.engines.rollup import CodeSpan

    change = date(2023, 1, 1)
    old = tuple(CodeSpan(c, end=change) for c in ("15-17", "18-29"))
    new = tuple(CodeSpan(c, start=change) for c in ("15-24", "25-29"))
    given = cells(
        """
        period  breakdown  value
        2021    .          9
        2021    age=15-17  4
        2021    age=18-29  5
        2022    .          11
        2022    age=15-17  5
        2022    age=18-29  6
        2023    .          7
        2023    age=15-24  3
        2023    age=25-29  4
        """
    )
    lists = {"age": old + new}
    assert shown(solve("2021/2023", given, FLOW, codes=lists).answer) == "27"  # 9 + 11 + 7
    band = solve(ask("2021/2023", "age=15-17"), given, FLOW, codes=lists)
    assert shown(band.answer) == ">=9"  # 4 + 5, and the third year has no such band
    assert shown(solve(ask("2023", "age=15-24"), given, FLOW, codes=lists).answer) == "3"


def test_t31_the_reported_year_answers_and_its_months_are_a_caution() -> None:
    months = "\n".join(f"2023-{m:02} 9" for m in range(1, 13))
    found = solve("2023", cells(f"period value\n2023 120\n{months}"), FLOW)
    assert shown(found.answer) == "120"
    assert Code.of("parts_differ", reported=120, low=108, high=108) in found.caveats


def test_t32_a_fiscal_year_never_answers_for_a_calendar_year() -> None:
    given = cells("period value\nus-fiscal:2023 50")
    found = solve("2023", given, FLOW)
    assert shown(found.answer) == "missing"
    assert [(c.why, c.period, shown(c.answer)) for c in found.competing] == [
        ("calendar", "us-fiscal:2023", "50")
    ]
    assert Code.of("other_calendar", period="us-fiscal:2023") in found.caveats


def test_t33_three_of_five_is_at_least() -> None:
    given = cells("party period value\nA 2023 10\nB 2023 10\nC 2023 10")
    found = solve(
        "2023", given, FLOW, dues=dues("party period\nA 2023\nB 2023\nC 2023\nD 2023\nE 2023")
    )
    assert shown(found.answer) == ">=30"
    assert found.coverage is not None
    assert (found.coverage.received, found.coverage.due) == (3, 5)
    assert [lack.party for lack in found.coverage.lacks] == ["D", "E"]


def test_t34_persons_who_move_are_not_added_over_months() -> None:
    moving = declare(
        preset="unique_people", partition_within="month", dimensions={"place": "partition"}
    )
    given = cells(
        """
        party  place  period   value
        A      X      2023-01  100
        A      Y      2023-01  0
        A      X      2023-02  0
        A      Y      2023-02  100
        """
    )
    assert shown(solve("2023-01/2023-02", given, moving).answer) == "100..200"
    assert shown(solve("2023-01", given, moving).answer) == "100"


def test_t35_women_and_men_are_different_persons_whoever_counts_them() -> None:
    given = cells(
        """
        party  period  breakdown  value
        A      2023    sex=f      60
        A      2023    sex=m      50
        B      2023    sex=f      40
        B      2023    sex=m      70
        """
    )
    assert shown(solve(ask("2023", "sex=f"), given, PEOPLE, codes=SEX).answer) == "60..100"
    assert shown(solve(ask("2023", "sex=m"), given, PEOPLE, codes=SEX).answer) == "70..120"
    assert shown(solve("2023", given, PEOPLE, codes=SEX).answer) == "130..220"  # 60 + 70, 110 + 110
    totals = given + cells("party period value\nA 2023 110\nB 2023 110")
    assert shown(solve("2023", totals, PEOPLE, codes=SEX).answer) == "130..220"


def test_t36_two_methods_are_two_series() -> None:
    given = cells("place period value den method\nX 2023 40 1 manual\nX 2023 55 1 automatic")
    assert shown(solve("2023", given, MEAN).answer) == "refused mixed_methods"
    assert shown(solve("2023", given[:1], MEAN).answer) == "40"


def test_t39_a_denominator_that_all_share_is_taken_once() -> None:
    given = cells("party period num den\nA 2023 30 100\nB 2023 20 100")
    added = declare(preset="ratio", dimensions={"agency": "partition/same"})
    assert as_ratio(solve("2023", given, added).answer) == "50/100"
    overlap = declare(preset="ratio", dimensions={"agency": "overlap/same"})
    assert shown(solve("2023", given, overlap).answer) == "3/10..1/2"
    unequal = cells("party period num den\nA 2023 30 100\nB 2023 20 90")
    assert shown(solve("2023", unequal, overlap).answer) == "refused denominators_differ"


def test_t40_medians_do_not_combine() -> None:
    medians = declare(preset="distribution")
    given = cells("place period value\nX 2023 10\nY 2023 20")
    assert shown(solve("2023", given, medians).answer) == "refused needs_distribution"
    assert shown(solve(ask("2023", place="X"), given[:1], medians).answer) == "10"


def test_t42_what_the_audience_may_not_see_is_not_received_for_it() -> None:
    public = cells("party period value\nA 2023 10")
    owed = dues("party period\nA 2023\nB 2023")  # B's value is for members only
    assert shown(solve("2023", public, FLOW, dues=owed).answer) == ">=10"


def test_t43_yearly_counts_of_places_overlap_because_people_move() -> None:
    places = declare(preset="unique_people", dimensions={"place": "partition"})
    given = cells("party place period value\nA X 2023 4\nA Y 2023 4")
    assert shown(solve("2023", given, places).answer) == "4..8"


def test_t45_women_only_is_added_to_no_total() -> None:
    given = cells("party period breakdown value\nA 2023 . 2\nB 2023 sex=f 2")
    owed = dues("party period\nA 2023\nB 2023")
    assert shown(solve("2023", given, PEOPLE, codes=SEX, dues=owed).answer) == "2..4"


def test_t46_a_month_not_yet_due_opens_the_range() -> None:
    given = cells("party period value\nA 2023-01 1\nA 2023-02 1")
    owed = dues("party period state\nA 2023-01 due\nA 2023-02 due\nA 2023-03 not_yet_due")
    found = solve("2023-01/2023-03", given, PEOPLE, dues=owed)
    assert shown(found.answer) == ">=1"
    assert found.coverage is not None
    assert (found.coverage.received, found.coverage.due, found.coverage.not_yet_due) == (2, 2, 1)


def test_t47_without_an_obligation_the_answer_is_of_what_is_recorded() -> None:
    given = cells("party period value\nA 2023 10\nB 2023 5")
    found = solve("2023", given, FLOW)
    assert shown(found.answer) == "15"
    assert found.coverage is None
    assert Code("coverage_unknown") in found.caveats


def test_the_spellings_of_the_tables_are_read_and_shown_alike() -> None:
    for text in ("10", "1/2", "10..20", ">=10", ">10", "<=10", "<10"):
        assert shown(known(text)) == text
    assert (shown(known("~100")), shown(known("~<2000"))) == ("~100", "~2000 <2000")
