"""What ranges say, and that arithmetic on true ranges gives true ranges."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cauce.errors import CauceError
from cauce.values.answer import (
    Absence,
    Absent,
    Bound,
    Code,
    Known,
    Refused,
    difference,
    exact,
    intersect,
    largest_to_sum,
    quotient,
    scaled,
    total,
)
from tests.values.strategies import around, fractions, span

F = Fraction
Truths = list[tuple[Fraction, Known]]


def holds(known: Known, truth: Fraction) -> bool:
    low, high = known.low, known.high
    above = low is None or low < truth or (low == truth and not known.low_open)  # type: ignore[operator]  # numbers, not days
    below = high is None or truth < high or (truth == high and not known.high_open)  # type: ignore[operator]  # numbers, not days
    return above and below


@st.composite
def true_range(draw: st.DrawFn) -> tuple[Fraction, Known]:
    truth = draw(fractions)
    return truth, draw(around(truth))


true_ranges = st.lists(true_range(), min_size=1, max_size=4)


# -- what a range is -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("known", "bound", "value"),
    [
        (exact(5), Bound.EXACT, 5),
        (span(5, 9), Bound.RANGE, None),
        (span(5, None), Bound.AT_LEAST, None),
        (span(40000, None, low_open=True), Bound.AT_LEAST, None),
        (span(None, 9), Bound.AT_MOST, None),
        (span(None, None, 7), Bound.ABOUT, 7),
        (span(5, 9, 7), Bound.ABOUT, 7),
        (span(None, 2000, 2000, high_open=True), Bound.ABOUT, 2000),  # almost 2,000
        (exact(date(2023, 5, 4)), Bound.EXACT, date(2023, 5, 4)),
    ],
)
def test_a_bound_and_a_value(known: Known, bound: Bound, value: object) -> None:
    assert (known.bound, known.value) == (bound, value)


def test_whole_numbers_become_fractions() -> None:
    known = Known(1, 2, 1, num=1, den=2)  # type: ignore[arg-type]  # a caller without types
    values = (known.low, known.high, known.estimate, known.num, known.den)
    assert all(isinstance(v, Fraction) for v in values)


@pytest.mark.parametrize(
    "ends",
    [
        {"low": None, "high": None},
        {"low": 9, "high": 5},
        {"low": None, "high": 5, "low_open": True},
        {"low": 5, "high": None, "high_open": True},
        {"low": 5, "high": 5, "low_open": True},
        {"low": 5, "high": 5, "high_open": True},
    ],
)
def test_a_range_that_holds_nothing_cannot_be_made(ends: dict[str, int | None]) -> None:
    with pytest.raises(CauceError, match="bad_bounds"):
        span(**ends)  # type: ignore[arg-type]  # parametrized


def test_a_code_carries_its_parameters_as_sorted_text() -> None:
    code = Code.of("capped", population=150, gone=None, low=F(1, 2))
    assert code.params == (("low", "1/2"), ("population", "150"))
    assert code.get("population") == "150"
    assert code.to_json() == {"code": "capped", "params": {"low": "1/2", "population": "150"}}
    assert Refused.of("no_rate", into="USD").reason.get("into") == "USD"
    assert Absent(Absence.MISSING).absence == "missing"


# -- true ranges give true ranges ------------------------------------------------------------------


@given(true_ranges)
def test_a_sum_holds_the_true_sum(parts: Truths) -> None:
    truth = sum((t for t, _ in parts), F(0))
    known = [k for _, k in parts]
    assert holds(total(known), truth)
    # What is not complete may be any more, and never less.
    assert holds(total(known, complete=False), truth + 7)


@given(true_ranges)
def test_a_sum_is_about_only_if_every_part_has_a_value(parts: Truths) -> None:
    known = [k for _, k in parts]
    has_value = all(k.value is not None for k in known)
    expected = has_value and any(k.estimate is not None for k in known)
    assert (total(known).estimate is not None) == expected


@given(
    st.lists(st.tuples(st.fractions(-99, 99), st.fractions(0, 9), st.fractions(0, 9)), min_size=1)
)
def test_a_sum_of_any_signs_holds_the_true_sum(
    parts: list[tuple[Fraction, Fraction, Fraction]],
) -> None:
    known = [span(t - a, t + b) for t, a, b in parts]
    assert holds(total(known, non_negative=False), sum((t for t, _, _ in parts), F(0)))


def test_an_incomplete_sum_of_any_signs_is_no_range() -> None:
    with pytest.raises(CauceError, match="bad_bounds"):
        total([exact(5)], non_negative=False, complete=False)
    assert total([span(None, 5)], non_negative=False) == span(None, 5)
    assert total([span(None, 5)]) == span(0, 5)
    assert total([]) == exact(0)


@given(true_ranges, st.data())
def test_overlapping_quantities_lie_between_the_largest_and_the_sum(
    parts: Truths, data: st.DataObject
) -> None:
    truths = [t for t, _ in parts]
    share = data.draw(st.fractions(0, 1))
    truth = max(truths) + (sum(truths, F(0)) - max(truths)) * share
    known = [k for _, k in parts]
    assert holds(largest_to_sum(known), truth)
    assert holds(largest_to_sum(known, complete=False), truth + 7)


def test_a_single_quantity_is_left_as_it_is() -> None:
    almost = span(None, 2000, 2000, high_open=True)
    assert largest_to_sum([almost]) is almost
    assert largest_to_sum([almost], complete=False) == span(0, None)


def test_the_low_of_a_maximum_is_open_only_if_every_attaining_part_is() -> None:
    more = span(10, None, low_open=True)
    assert largest_to_sum([more, more]) == span(10, None, low_open=True)
    assert largest_to_sum([more, exact(10)]) == span(10, None)
    assert largest_to_sum([more, exact(9)]) == span(10, None, low_open=True)


@given(st.data(), fractions)
def test_what_two_true_ranges_say_together_is_true(data: st.DataObject, truth: Fraction) -> None:
    one, other = data.draw(around(truth)), data.draw(around(truth))
    both = intersect(one, other)
    assert holds(both, truth)
    for known in (one, other):  # and it is not wider than either
        assert known.low is None or (both.low is not None and both.low >= known.low)  # type: ignore[operator]  # numbers, not days
        assert known.high is None or (both.high is not None and both.high <= known.high)  # type: ignore[operator]  # numbers, not days


@pytest.mark.parametrize(
    ("one", "other"),
    [(span(5, None), span(None, 4)), (span(5, None, low_open=True), span(None, 5))],
)
def test_ranges_that_exclude_each_other_are_not_both_true(one: Known, other: Known) -> None:
    with pytest.raises(CauceError, match="bad_bounds"):
        intersect(one, other)


def test_an_intersection_keeps_the_one_estimate() -> None:
    assert intersect(span(5, 9, 7), span(6, None)) == span(6, 9, 7)
    assert intersect(span(5, 9, 7), span(6, None, 8)) == span(6, 9)
    assert intersect(span(None, None, 7), span(6, None)) == span(6, None, 7)
    only_highs = intersect(span(None, 9), span(None, 8, high_open=True))
    assert only_highs == span(None, 8, high_open=True)


@given(true_range(), true_range(), st.booleans())
def test_a_difference_holds_the_true_difference(
    end: tuple[Fraction, Known], start: tuple[Fraction, Known], grows: bool
) -> None:
    truth = end[0] - start[0]
    known = [end[1], start[1]]
    assume(any(v is not None for v in _ends(difference_or_none(*known))))
    if grows and truth >= 0:
        assert holds(difference(*known, floor=F(0)), truth)
    assert holds(difference(*known), truth)


def difference_or_none(end: Known, start: Known) -> Known | None:
    try:
        return difference(end, start)
    except CauceError:
        return None  # neither end is known: there is nothing to say


def _ends(known: Known | None) -> tuple[object, ...]:
    return (known.low, known.high, known.estimate) if known else ()


def test_a_difference_goes_by_the_corners() -> None:
    assert difference(span(10, 20), span(3, 5)) == span(5, 17)
    assert difference(exact(10), span(3, None, low_open=True)) == span(None, 7, high_open=True)
    assert difference(span(10, None, low_open=True), exact(3)) == span(7, None, low_open=True)
    assert difference(span(None, None, 10), exact(3)) == span(None, None, 7)
    assert difference(span(2, 20), span(3, 5), floor=F(0)) == span(0, 17)
    assert difference(exact(2), exact(3), floor=F(0)) == exact(-1)  # a fall is shown
    open_low = difference(span(2, 20, low_open=True), exact(3), floor=F(0))
    assert open_low == span(0, 17)  # not «more than nothing»
    with pytest.raises(CauceError, match="bad_bounds"):
        difference(span(None, 5), span(None, 3))


@given(true_range(), true_range())
def test_a_quotient_holds_the_true_quotient(
    num: tuple[Fraction, Known], den: tuple[Fraction, Known]
) -> None:
    assume(den[0] > 0)
    assume(all(k.low is None or k.low >= 0 for k in (num[1], den[1])))  # type: ignore[operator]  # numbers, not days
    known = quotient(num[1], den[1])
    if known is not None:
        assert holds(known, num[0] / den[0])


def test_a_quotient_goes_by_the_corners() -> None:
    ratio = quotient(exact(8), exact(10))
    assert ratio == span(F(4, 5), F(4, 5), num=8, den=10)
    assert quotient(span(30, 50), exact(100)) == span(F(3, 10), F(1, 2), den=100)
    assert quotient(span(1, 2), span(4, None)) == span(None, F(1, 2))
    assert quotient(span(1, None), span(0, 4)) == span(F(1, 4), None)
    assert quotient(exact(0), exact(0)) is None
    assert quotient(exact(1), span(0, None)) is None
    assert quotient(span(None, None, 3), exact(4)) == span(None, None, F(3, 4), den=4)
    assert quotient(exact(3), span(4, 6, high_open=True)) == span(
        F(1, 2), F(3, 4), low_open=True, num=3
    )
    # Nothing out of less than six is still nothing.
    none = quotient(span(0, 3), span(4, 6, high_open=True))
    assert none == span(0, F(3, 4))
    assert quotient(span(0, 3, low_open=True), exact(4)) == span(0, F(3, 4), low_open=True, den=4)


@given(true_range(), st.fractions(0, 10))
def test_a_share_of_a_true_range_is_true(part: tuple[Fraction, Known], factor: Fraction) -> None:
    truth, known = part
    assert holds(scaled(known, factor), truth * factor)


def test_a_share_keeps_bounds_and_forgets_the_ratio() -> None:
    ratio = span(F(1, 2), F(1, 2), num=1, den=2)
    assert scaled(ratio, F(2)) == exact(1)
    assert scaled(span(10, None, 12, low_open=True), F(1, 2)) == span(5, None, 6, low_open=True)
    assert scaled(span(None, 5), F(0)) == exact(0)


@pytest.mark.parametrize(
    "add",
    [
        lambda day: total([day]),
        lambda day: difference(day, exact(1)),
        lambda day: quotient(exact(1), day),
        lambda day: scaled(day, F(2)),
        lambda day: intersect(day, exact(1)),
        lambda day: largest_to_sum([day, day]),
    ],
)
def test_days_are_not_added(add: object) -> None:
    with pytest.raises(CauceError, match="bad_bounds"):
        add(exact(date(2023, 1, 1)))  # type: ignore[operator]  # parametrized
