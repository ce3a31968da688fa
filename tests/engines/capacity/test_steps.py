"""How does something stand from day to day?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

STAFF = Steps((0, 90, 120), (12, 9, 10))


@st.composite
def some_steps(draw: st.DrawFn) -> Steps:
    """Quarters of a day and whole values, so that sums are exact."""
    moments = draw(st.sets(st.integers(1, 60), max_size=6))
    times = (0.0, *(moment / 4 for moment in sorted(moments)))
    values = draw(st.lists(st.integers(0, 9), min_size=len(times), max_size=len(times)))
    return Steps(times, tuple(values))


MOMENTS = np.arange(80) / 4


@pytest.mark.parametrize(
    ("times", "values", "code", "field"),
    [
        ((0, 1), (1,), "capacity_lengths_differ", "values"),
        ((), (), "capacity_lengths_differ", "values"),
        ((0, 2, 1), (1, 2, 3), "capacity_not_ascending", "times[2]"),
        ((0, 1, 1), (1, 2, 3), "capacity_not_ascending", "times[2]"),
        ((1, 2), (1, 2), "capacity_gap", "times"),
        ((-1, 2), (1, 2), "capacity_gap", "times"),
        ((0, 1), (1, -2), "capacity_negative", "values[1]"),
        ((0, float("nan")), (1, 2), "capacity_not_finite", "times[1]"),
        ((0, 1), (1, float("inf")), "capacity_not_finite", "values[1]"),
    ],
)
def test_steps_with_a_gap_or_a_number_that_is_none_are_refused(
    times: tuple[float, ...], values: tuple[float, ...], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as refused:
        Steps(times, values)
    assert (refused.value.code, refused.value.params["field"]) == (code, field)


def test_staff_changes_at_the_moment_itself_and_stays_for_ever_after_the_last() -> None:
    assert [STAFF.at(t) for t in (-5, 0, 89.99, 90, 119, 120, 1e9)] == [12, 12, 12, 9, 9, 10, 10]


def test_the_values_at_many_moments_keep_their_order_and_shape() -> None:
    assert STAFF.on([[100, 0], [130, 95]]).tolist() == [[9, 12], [10, 9]]


def test_days_of_work_add_up_stretch_by_stretch() -> None:
    # 12 for 90 days, 9 for 30 days, 10 for 10 days
    assert STAFF.until([0, 90, 120, 130]).tolist() == [
        0,
        12 * 90,
        12 * 90 + 9 * 30,
        12 * 90 + 9 * 30 + 10 * 10,
    ]
    assert STAFF.until(10).item() == 120


def test_the_mean_is_of_time_and_not_of_changes() -> None:
    assert STAFF.mean(80, 100) == (10 * 12 + 10 * 9) / 20


def test_the_mean_at_one_moment_is_the_value_there() -> None:
    assert STAFF.mean(90, 90) == 9


def test_the_same_at_all_times_is_constant() -> None:
    assert Steps.always(3) == Steps.of(3) == Steps((0,), (3,))
    assert Steps.of(STAFF) is STAFF
    assert Steps.always(3).is_constant
    assert Steps((0, 5), (3, 3)).is_constant
    assert not STAFF.is_constant


def test_staff_is_whole_and_half_an_officer_is_not() -> None:
    assert STAFF.is_whole
    assert not Steps((0, 5), (3, 2.5)).is_whole


def test_open_hours_times_productivity() -> None:
    opening, productivity = Steps((0, 5, 7), (1, 0, 1)), Steps((0, 6), (0.5, 0.8))
    # The change at 6 falls in a closed weekend and is not seen.
    assert opening.product(productivity) == Steps((0, 5, 7), (0.5, 0, 0.8))


def test_the_staff_there_is_and_the_staff_that_is_added() -> None:
    assert STAFF.plus(Steps((0, 100), (0, 3))) == Steps((0, 90, 100, 120), (12, 9, 12, 13))


def test_scaling_changes_the_values_only() -> None:
    assert STAFF.scaled(0.5) == Steps((0, 90, 120), (6, 4.5, 5))


def test_scaling_below_zero_is_refused() -> None:
    with pytest.raises(CauceError) as refused:
        STAFF.scaled(-1)
    assert refused.value.code == "capacity_negative"


def test_moments_at_which_nothing_changes_are_left_out() -> None:
    assert Steps((0, 1, 2, 3), (5, 5, 6, 6)).simplified() == Steps((0, 2), (5, 6))


def test_pairs_in_any_order_are_put_in_order() -> None:
    assert Steps.from_pairs([(90, 9), (0, 12), (120, 10)]) == STAFF


def test_a_moment_given_twice_is_refused() -> None:
    with pytest.raises(CauceError) as refused:
        Steps.from_pairs([(0, 12), (90, 9), (90, 10)])
    assert refused.value.code == "capacity_twice"
    assert refused.value.params == {"field": "times", "value": 90}


@given(some_steps(), some_steps())
def test_sums_and_products_hold_at_every_moment(one: Steps, other: Steps) -> None:
    a, b = one.on(MOMENTS), other.on(MOMENTS)
    assert one.plus(other).on(MOMENTS).tolist() == (a + b).tolist()
    assert one.product(other).on(MOMENTS).tolist() == (a * b).tolist()
    assert one.simplified().on(MOMENTS).tolist() == a.tolist()


@given(some_steps())
def test_the_integral_is_the_sum_of_its_quarter_days(steps: Steps) -> None:
    quarters = np.concatenate([[0.0], np.cumsum(steps.on(MOMENTS) / 4)[:-1]])
    assert steps.until(MOMENTS).tolist() == quarters.tolist()
