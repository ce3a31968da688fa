"""Stock against flow: worked by hand, and the published figures of COMAR."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.engines.capacity.reconciliation import (
    FINDINGS,
    Flow,
    Reconciled,
    reconcile,
    remainder,
)
from cauce.errors import CauceError
from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, Suppressed, exact
from cauce.values.period import Period

MISSING = Absent(Absence.MISSING)


def between(low: int, high: int) -> Known:
    return Known(Fraction(low), Fraction(high))


def at_least(low: int) -> Known:
    return Known(Fraction(low), None)


def at_most(high: int) -> Known:
    return Known(None, Fraction(high))


def about(number: int) -> Known:
    return Known(None, None, Fraction(number))


def year(
    opening: Answer = MISSING,
    came: Answer = MISSING,
    decided: Answer = MISSING,
    withdrawn: Answer = MISSING,
    closing: Answer = MISSING,
    *,
    in_: str = "2023",
) -> Flow:
    return Flow(Period.parse(in_), opening, came, decided, withdrawn, closing)


def found(*parts: Answer) -> Reconciled:
    (one,) = reconcile([year(*parts)])
    assert all(set(FINDINGS[code.code]) == {name for name, _ in code.params} for code in one.codes)
    return one


# The gap


def test_exact_numbers_that_add_up_fit() -> None:
    one = found(exact(100), exact(50), exact(30), exact(5), exact(115))
    assert one.gap == exact(100 + 50 - 30 - 5 - 115) == exact(0)
    assert one.codes == (Code.of("fits"),)
    assert not one.gap_is_certain


def test_cases_that_nobody_accounts_for_are_a_gap_above_zero_and_stay_visible() -> None:
    one = found(exact(100), exact(50), exact(30), exact(5), exact(100))
    assert one.gap == exact(15)
    assert one.codes == (Code.of("gap"),)
    assert one.gap_is_certain
    assert one.flow.closing == exact(100)  # not corrected


def test_more_than_can_be_is_a_gap_below_zero() -> None:
    one = found(exact(100), exact(50), exact(30), exact(5), exact(120))
    assert (one.gap, one.gap_is_certain) == (exact(-5), True)


def test_ranges_give_a_gap_by_their_corners() -> None:
    one = found(between(90, 110), exact(50), exact(30), between(0, 10), exact(115))
    assert one.gap == between(90 + 50 - 30 - 10 - 115, 110 + 50 - 30 - 0 - 115)
    assert one.codes == (Code.of("gap_possible"),)


def test_ranges_that_exclude_zero_are_a_certain_gap() -> None:
    one = found(between(90, 110), exact(50), exact(30), between(0, 10), exact(90))
    assert one.gap == between(10, 40)
    assert one.gap_is_certain


def test_fractions_are_not_rounded() -> None:
    third = Fraction(1, 3)
    one = found(exact(third), exact(third), exact(third), exact(0), exact(third))
    assert one.codes == (Code.of("fits"),)


@pytest.mark.parametrize(
    ("came", "expected", "code"),
    [
        (at_least(50), at_least(100 + 50 - 30 - 5 - 120), "gap_possible"),
        (at_least(56), at_least(1), "gap"),
        # More than 55: above zero, although zero is where the range begins.
        (Known(Fraction(55), None, low_open=True), Known(Fraction(0), None, low_open=True), "gap"),
        (at_least(55), at_least(0), "gap_possible"),
        (at_most(60), between(100 + 0 - 30 - 5 - 120, 5), "gap_possible"),
        # Less than 55: below zero.
        (
            Known(None, Fraction(55), high_open=True),
            Known(Fraction(-55), Fraction(0), high_open=True),
            "gap",
        ),
    ],
)
def test_at_least_and_at_most_open_or_bound_the_gap(
    came: Known, expected: Known, code: str
) -> None:
    one = found(exact(100), came, exact(30), exact(5), exact(120))
    assert one.gap == expected
    assert one.codes == (Code.of(code),)
    assert one.gap_is_certain == (code == "gap")


def test_an_estimate_gives_an_estimated_gap_that_is_never_certain_without_bounds() -> None:
    one = found(exact(100), about(50), exact(30), exact(5), exact(100))
    assert one.gap == Known(Fraction(100 - 135), None, Fraction(15))
    assert one.codes == (Code.of("gap_possible"),)


def test_an_estimate_on_each_side_still_gives_an_estimate() -> None:
    one = found(exact(100), about(50), about(30), exact(5), exact(100))
    assert one.gap == about(15)
    assert (one.codes, one.gap_is_certain) == ((Code.of("gap_possible"),), False)


def test_a_missing_part_leaves_the_gap_open_and_is_named() -> None:
    one = found(exact(100), exact(50), exact(30), MISSING, exact(115))
    assert one.gap == at_most(100 + 50 - 30 - 115)
    assert one.codes == (Code.of("cannot_tell", missing="withdrawn"),)


def test_a_missing_part_does_not_hide_a_gap_that_it_could_not_close() -> None:
    one = found(exact(100), exact(50), exact(30), MISSING, exact(121))
    assert one.gap == at_most(-1)
    assert one.codes == (Code.of("gap"),)


@pytest.mark.parametrize(
    "nothing",
    [
        *(Absent(absence) for absence in Absence),
        Suppressed("small_counts"),
        Refused.of("no_denominator"),
    ],
)
def test_any_kind_of_nothing_counts_as_not_known(nothing: Answer) -> None:
    one = found(nothing, exact(50), exact(30), exact(0), exact(115))
    assert one.gap == at_least(0 + 50 - 30 - 115)
    assert one.codes == (Code.of("cannot_tell", missing="opening"),)


def test_parts_missing_on_both_sides_leave_no_bound_and_no_number() -> None:
    one = found(MISSING, exact(50), MISSING, exact(0), exact(115))
    assert one.gap == Refused.of("cannot_tell", missing="opening, decided")
    assert one.codes == (Code.of("cannot_tell", missing="opening, decided"),)
    assert not one.gap_is_certain


def test_two_open_ends_leave_no_bound_although_every_part_has_a_value() -> None:
    one = found(exact(100), at_least(50), at_least(30), exact(0), exact(115))
    assert one.gap == Refused.of("cannot_tell", missing="came, decided")


COUNTS = st.integers(0, 1000)


@given(st.lists(st.tuples(COUNTS, COUNTS, COUNTS), min_size=4, max_size=4))
def test_true_numbers_within_their_ranges_are_never_a_certain_gap(
    drawn: list[tuple[int, int, int]],
) -> None:
    opening, came, decided, withdrawn = (sorted(each) for each in drawn)
    # The middle ones are the truth; so is the stock that follows from them.
    closing = opening[1] + came[1] - decided[1] - withdrawn[1]
    if closing < 0:
        opening = [each - closing for each in opening]
        closing = 0
    parts = [between(each[0], each[2]) for each in (opening, came, decided, withdrawn)]
    one = found(*parts, exact(closing))
    assert not one.gap_is_certain
    assert one.codes[0].code in ("fits", "gap_possible")


# What is refused


@pytest.mark.parametrize("wrong", [exact(-1), at_most(-1), about(-1)])
def test_less_than_no_cases_is_refused_by_its_name(wrong: Known) -> None:
    with pytest.raises(CauceError) as error:
        year(closing=wrong)
    assert error.value.code == "capacity_negative"
    assert error.value.params["field"] == "closing"


def test_a_day_is_not_a_number_of_cases() -> None:
    with pytest.raises(CauceError, match="bad_bounds"):
        year(came=exact(date(2023, 1, 1)))


def test_periods_that_overlap_are_refused() -> None:
    with pytest.raises(CauceError) as error:
        reconcile([year(in_="2022/2023"), year(in_="2023")])
    assert error.value.code == "capacity_not_ascending"
    assert error.value.params == {"field": "periods[1]", "value": "2023"}


def test_of_no_period_nothing_is_found() -> None:
    assert reconcile([]) == ()


# The remainder


def test_what_comes_and_is_not_decided_is_the_remainder() -> None:
    assert remainder(exact(50), exact(30)) == exact(20)
    assert remainder(exact(30), exact(50)) == exact(-20)
    assert remainder(between(40, 60), exact(30)) == between(10, 30)
    assert remainder(at_least(40), exact(30)) == at_least(10)
    assert remainder(exact(40), MISSING) == at_most(40)
    assert remainder(MISSING, MISSING) == Refused.of("cannot_tell", missing="came, decided")


def test_remainders_are_summed_from_year_to_year() -> None:
    years = [
        year(came=exact(50), decided=exact(30), in_="2021"),
        year(came=between(60, 70), decided=exact(30), in_="2022"),
        year(came=MISSING, decided=exact(10), in_="2023"),
        year(came=exact(5), decided=MISSING, in_="2024"),
    ]
    assert [one.remainder for one in reconcile(years)] == [
        exact(20),
        between(30, 40),
        at_least(-10),
        at_most(5),
    ]
    assert [one.remainder_so_far for one in reconcile(years)] == [
        exact(20),
        between(20 + 30, 20 + 40),
        at_least(20 + 30 - 10),
        Refused.of("cannot_tell", missing="came, decided"),
    ]


def test_a_year_that_is_not_there_is_not_taken_for_nothing() -> None:
    years = [
        year(came=exact(50), decided=exact(30), in_="2021"),
        year(came=exact(50), decided=exact(30), in_="2023"),
    ]
    first, second = reconcile(years)
    assert (first.remainder_so_far, second.remainder) == (exact(20), exact(20))
    assert second.remainder_so_far == Refused.of("cannot_tell", missing="came, decided")


# COMAR. Applications 2022: 118,756 (UNHCR Results Report 2022, May 2023) and 119,273 (COMAR, EFE,
# January 2024, the last before January 2025). Applications 2023: 140,720 (COMAR, EFE, January
# 2025). Decided: 34,762 in 2022 (COMAR, La Razón, January 2023), 27,900 in 2023 (COMAR, EFE,
# January 2024).
CAME = {"2022": 119_273, "2023": 140_720}
DECIDED = {"2022": 34_762, "2023": 27_900}


def test_the_remainder_of_comar_grows_in_both_years() -> None:
    years = [year(came=exact(CAME[name]), decided=exact(DECIDED[name]), in_=name) for name in CAME]
    first, second = reconcile(years)
    assert first.remainder == exact(119_273 - 34_762) == exact(84_511)
    assert second.remainder == exact(140_720 - 27_900) == exact(112_820)
    assert second.remainder_so_far == exact(84_511 + 112_820)
    # Nobody published the stock, so nothing can be said of the gap.
    missing = "opening, withdrawn, closing"
    assert first.codes == second.codes == (Code.of("cannot_tell", missing=missing),)


def test_two_published_values_of_one_year_stay_a_range_to_the_sum() -> None:
    years = [
        year(came=between(118_756, 119_273), decided=exact(DECIDED["2022"]), in_="2022"),
        year(came=exact(CAME["2023"]), decided=exact(DECIDED["2023"]), in_="2023"),
    ]
    first, second = reconcile(years)
    assert first.remainder == between(83_994, 84_511)
    assert second.remainder_so_far == between(83_994 + 112_820, 84_511 + 112_820)


def test_decisions_of_comar_fell_by_20_in_100_while_registrations_rose_by_18() -> None:
    assert round(100 * (DECIDED["2023"] / DECIDED["2022"] - 1), 1) == -19.7
    assert round(100 * (CAME["2023"] / CAME["2022"] - 1), 1) == 18.0
