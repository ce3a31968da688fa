"""Is this number one that a plan can be made of?"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from cauce.engines.capacity import refusing
from cauce.errors import CauceError

HUGE = 10**400


@pytest.mark.parametrize(
    ("check", "value", "code"),
    [
        (refusing.finite, float("nan"), "capacity_not_finite"),
        (refusing.finite, float("inf"), "capacity_not_finite"),
        (refusing.finite, True, "capacity_not_finite"),
        (refusing.finite, np.bool_(True), "capacity_not_finite"),
        (refusing.finite, HUGE, "capacity_not_finite"),
        (refusing.positive, 0, "capacity_not_positive"),
        (refusing.positive, -1, "capacity_not_positive"),
        (refusing.positive, float("nan"), "capacity_not_finite"),
        (refusing.not_negative, -0.001, "capacity_negative"),
        (refusing.share, -0.1, "capacity_not_share"),
        (refusing.share, 1.1, "capacity_not_share"),
        (refusing.whole, 2.5, "capacity_not_whole"),
        (refusing.whole, -2, "capacity_negative"),
    ],
)
def test_a_number_that_no_plan_can_be_made_of_is_refused_with_its_field(
    check: Callable[[str, float], float], value: float, code: str
) -> None:
    with pytest.raises(CauceError) as refused:
        check("staff", value)
    assert refused.value.code == code
    assert refused.value.params["field"] == "staff"
    assert refused.value.params["value"] is value


@pytest.mark.parametrize(
    ("check", "value"),
    [
        (refusing.finite, -3),
        (refusing.positive, 0.001),
        (refusing.not_negative, 0),
        (refusing.share, 0),
        (refusing.share, 1),
        (refusing.whole, 12.0),
    ],
)
def test_a_number_that_a_plan_can_be_made_of_stays_as_it_is(
    check: Callable[[str, float], float], value: float
) -> None:
    assert check("staff", value) == value


def test_a_whole_number_of_officers_becomes_an_integer() -> None:
    assert isinstance(refusing.whole("staff", 12.0), int)


def test_a_name_known_stays_and_one_unknown_is_refused_with_the_choices() -> None:
    assert refusing.one_of("order", "oldest", ("oldest", "newest")) == "oldest"
    with pytest.raises(CauceError) as refused:
        refusing.one_of("order", "luckiest", ("oldest", "newest"))
    assert refused.value.code == "capacity_unknown_name"
    assert refused.value.params == {
        "field": "order",
        "value": "luckiest",
        "choices": "oldest, newest",
    }


def test_the_first_number_of_a_series_that_is_none_is_named_with_its_position() -> None:
    with pytest.raises(CauceError) as refused:
        refusing.floats("arrivals", [1, 2, float("inf"), float("nan")])
    assert refused.value.params == {"field": "arrivals[2]", "value": float("inf")}


def test_a_series_with_a_number_too_long_to_hold_is_refused() -> None:
    with pytest.raises(CauceError) as refused:
        refusing.floats("arrivals", [1, HUGE])
    assert (refused.value.code, refused.value.params["field"]) == (
        "capacity_not_finite",
        "arrivals",
    )


def test_a_series_is_copied_and_cannot_be_written_to() -> None:
    given = np.array([1.0, 2.0])
    kept = refusing.floats("arrivals", given)
    given[0] = 9
    assert kept.tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 9


@pytest.mark.parametrize(
    ("values", "strictly", "position"),
    [([0, 1, 1], True, 2), ([0, 2, 1, 0], True, 2), ([0, 1, 0.5], False, 2)],
)
def test_a_series_that_goes_back_is_refused_where_it_does(
    values: list[float], strictly: bool, position: int
) -> None:
    with pytest.raises(CauceError) as refused:
        refusing.ascending("times", np.array(values), strictly=strictly)
    assert refused.value.code == "capacity_not_ascending"
    assert refused.value.params == {"field": f"times[{position}]", "value": values[position]}


def test_equal_neighbours_pass_where_they_may() -> None:
    values = np.array([0.0, 1.0, 1.0])
    assert refusing.ascending("levels", values, strictly=False) is values
    assert refusing.ascending("levels", np.array([]), strictly=True).tolist() == []
