"""Which days does an office work, and when does a deadline of so many working days end?"""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.engines.capacity.calendar import BusinessCalendar
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

DAY = timedelta(days=1)
WEEKDAYS = BusinessCalendar()
ORIGIN = date(2026, 1, 1)
NEAR = st.integers(-40, 120).map(lambda days: ORIGIN + days * DAY)
# September 2026: the 16th is a Wednesday.
SEPTEMBER = BusinessCalendar(
    holidays=frozenset({date(2026, 9, 16)}),
    suspensions=(
        (date(2026, 9, 21), date(2026, 9, 24)),
        (date(2026, 9, 23), date(2026, 9, 26)),
    ),
    extra_days=frozenset({date(2026, 9, 12), date(2026, 9, 22)}),
)


@st.composite
def calendars(draw: st.DrawFn) -> BusinessCalendar:
    """At least one day of the week is worked, so that every limit ends."""
    spans = st.tuples(NEAR, st.integers(0, 30)).map(lambda s: (s[0], s[0] + s[1] * DAY))
    return BusinessCalendar(
        working_days=tuple(draw(st.sets(st.integers(0, 6), min_size=1))),
        holidays=draw(st.frozensets(NEAR, max_size=12)),
        suspensions=tuple(draw(st.lists(spans, max_size=3))),
        extra_days=draw(st.frozensets(NEAR, max_size=6)),
    )


def worked(calendar: BusinessCalendar, day: date) -> bool:
    """The rule in words, one day at a time."""
    if any(start <= day < end for start, end in calendar.suspensions):
        return False
    if day in calendar.extra_days:
        return True
    return day.weekday() in calendar.working_days and day not in calendar.holidays


def counted_deadline(calendar: BusinessCalendar, filed: date, limit: int) -> date:
    day = filed
    while limit:
        day += DAY
        limit -= worked(calendar, day)
    return day


def code_of(error: pytest.ExceptionInfo[CauceError]) -> tuple[str, object]:
    return error.value.code, error.value.params["field"]


def test_an_office_works_from_monday_to_friday() -> None:
    monday = date(2026, 1, 5)
    works = [WEEKDAYS.works(monday + day * DAY) for day in range(7)]
    assert works == [True] * 5 + [False] * 2
    assert WEEKDAYS.days_per_week == 5


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (12, True),  # an extra Saturday
        (13, False),  # Sunday
        (16, False),  # holiday
        (18, True),
        (21, False),  # the first day of a suspension
        (22, False),  # an extra day does not open a suspension
        (25, False),  # the last day of the second suspension
        (28, True),
    ],
)
def test_holidays_and_suspensions_are_not_worked_and_extra_days_are(day: int, works: bool) -> None:
    assert SEPTEMBER.works(date(2026, 9, day)) is works


def test_a_holiday_that_is_worked_all_the_same_is_a_working_day() -> None:
    holiday = frozenset({date(2026, 9, 16)})
    assert BusinessCalendar(holidays=holiday, extra_days=holiday).works(date(2026, 9, 16))


def test_a_suspension_ends_the_day_before_its_last_and_may_be_empty() -> None:
    def closed(start: date, end: date) -> BusinessCalendar:
        return BusinessCalendar(suspensions=((start, end),))

    monday, tuesday = date(2026, 1, 5), date(2026, 1, 6)
    assert not closed(monday, tuesday).works(monday)
    assert closed(monday, tuesday).works(tuesday)
    assert closed(monday, monday).works(monday)


def test_a_moment_among_the_dates_counts_as_its_day() -> None:
    noon = datetime(2026, 9, 16, 12)  # noqa: DTZ001 - what a spreadsheet gives
    assert not BusinessCalendar(holidays=frozenset({noon})).works(date(2026, 9, 16))


def test_working_days_are_counted_up_to_the_day_before_the_end() -> None:
    # 7-11, 12, 14, 15, 17, 18, 28, 29
    assert SEPTEMBER.working_days_between(date(2026, 9, 7), date(2026, 9, 30)) == 5 + 1 + 4 + 2
    assert SEPTEMBER.working_days_between(date(2026, 9, 7), date(2026, 9, 7)) == 0


@pytest.mark.parametrize(
    ("filed", "limit", "ends"),
    [
        (date(2026, 1, 5), 1, date(2026, 1, 6)),  # Monday: Tuesday
        (date(2026, 1, 2), 1, date(2026, 1, 5)),  # Friday: Monday
        (date(2026, 1, 3), 1, date(2026, 1, 5)),  # Saturday: Monday
        (date(2026, 1, 5), 45, date(2026, 3, 9)),  # nine weeks later
        (date(2024, 2, 26), 5, date(2024, 3, 4)),  # over 29 February
    ],
)
def test_a_limit_begins_to_run_the_day_after_filing(filed: date, limit: int, ends: date) -> None:
    assert WEEKDAYS.deadline(filed, limit) == ends


def test_a_limit_does_not_run_on_holidays_or_in_a_suspension() -> None:
    # Filed on Tuesday 15: 17, 18 | 28, 29
    assert SEPTEMBER.deadline(date(2026, 9, 15), 4) == date(2026, 9, 29)


def test_a_limit_filed_within_a_suspension_begins_after_it() -> None:
    assert SEPTEMBER.deadline(date(2026, 9, 22), 1) == date(2026, 9, 28)


def test_the_deadlines_of_many_days_of_filing_end_at_24_hours() -> None:
    # From Friday 2 to Monday 5 January, seen from the Monday.
    ends = WEEKDAYS.deadlines(date(2026, 1, 5), -3, 0, 5)
    assert ends.tolist() == [5, 5, 5, 8]


def test_a_suspension_of_fourteen_months_only_puts_the_deadline_off() -> None:
    closed = BusinessCalendar(suspensions=((date(2020, 3, 23), date(2021, 5, 24)),))
    assert closed.deadline(date(2020, 3, 20), 2) == date(2021, 5, 25)


def test_a_limit_of_a_very_short_week_is_found_far_away() -> None:
    fridays = BusinessCalendar(working_days=(4,))
    assert fridays.deadline(date(2026, 1, 2), 1000) == date(2026, 1, 2) + 7000 * DAY


def test_the_opening_follows_the_weekend_and_the_holiday() -> None:
    # From Saturday 12: worked; Sunday; 14-15; holiday; 17-18; closed until Sunday 27; 28
    assert SEPTEMBER.opening(date(2026, 9, 12), 20) == Steps(
        (0, 1, 2, 4, 5, 7, 16), (1, 0, 1, 0, 1, 0, 1)
    )


def test_the_opening_stays_as_on_its_last_day() -> None:
    friday_to_sunday = WEEKDAYS.opening(date(2026, 1, 2), 3)
    assert friday_to_sunday == Steps((0, 1), (1, 0))
    assert friday_to_sunday.at(1000) == 0


def test_an_opening_of_a_weekend_alone_is_closed_and_not_refused() -> None:
    assert WEEKDAYS.opening(date(2026, 1, 3), 2) == Steps.always(0)


def test_an_office_that_never_closes_is_open_at_all_times() -> None:
    assert BusinessCalendar(working_days=tuple(range(7))).opening(ORIGIN, 3650) == Steps.always(1)


@pytest.mark.parametrize(
    ("working_days", "code", "field"),
    [
        ((0, 7), "capacity_unknown_name", "working_days[1]"),
        ((-1,), "capacity_unknown_name", "working_days[0]"),
        ((0, 1, 0), "capacity_twice", "working_days[2]"),
        ((), "capacity_no_working_day", "working_days"),
    ],
)
def test_a_week_that_is_none_is_refused(
    working_days: tuple[int, ...], code: str, field: str
) -> None:
    with pytest.raises(CauceError) as refused:
        BusinessCalendar(working_days=working_days)
    assert code_of(refused) == (code, field)


def test_a_suspension_that_ends_before_it_begins_is_refused() -> None:
    good, bad = (date(2026, 1, 1), date(2026, 1, 2)), (date(2026, 1, 2), date(2026, 1, 1))
    with pytest.raises(CauceError) as refused:
        BusinessCalendar(suspensions=(good, bad))
    assert refused.value.code == "capacity_not_ascending"
    assert refused.value.params == {"field": "suspensions[1]", "value": "2026-01-01"}


@pytest.mark.parametrize(
    ("hours", "code"),
    [(0, "capacity_not_positive"), (24.5, "capacity_too_many"), (-8, "capacity_not_positive")],
)
def test_a_working_day_of_no_hours_or_of_more_than_24_is_refused(hours: float, code: str) -> None:
    with pytest.raises(CauceError) as refused:
        BusinessCalendar(hours_per_day=hours)
    assert code_of(refused) == (code, "hours_per_day")


def test_an_end_before_the_start_is_refused() -> None:
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.working_days_between(ORIGIN, ORIGIN - DAY)
    assert code_of(refused) == ("capacity_not_ascending", "end")
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.deadlines(ORIGIN, 1, 0, 45)
    assert code_of(refused) == ("capacity_not_ascending", "last")


@pytest.mark.parametrize(("limit", "code"), [(0, "positive"), (2.5, "whole")])
def test_a_limit_of_no_days_or_of_half_a_day_is_refused(limit: int, code: str) -> None:
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.deadline(ORIGIN, limit)
    assert code_of(refused) == (f"capacity_not_{code}", "working_days")
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.opening(ORIGIN, limit)
    assert code_of(refused) == (f"capacity_not_{code}", "days")


def test_an_office_that_does_not_work_for_a_year_cannot_be_planned() -> None:
    once = BusinessCalendar(working_days=(), extra_days=frozenset({ORIGIN}))
    assert once.opening(ORIGIN, 30) == Steps((0, 1), (1, 0))
    with pytest.raises(CauceError) as refused:
        once.opening(ORIGIN + DAY, 30)
    assert code_of(refused) == ("capacity_no_working_day", "days")


def test_a_limit_that_never_ends_is_refused() -> None:
    once = BusinessCalendar(working_days=(), extra_days=frozenset({ORIGIN}))
    with pytest.raises(CauceError) as refused:
        once.deadline(ORIGIN, 1)
    assert code_of(refused) == ("capacity_no_working_day", "working_days")


def test_a_limit_longer_than_forty_years_is_refused_with_the_days_there_are() -> None:
    twice = BusinessCalendar(working_days=(), extra_days=frozenset({ORIGIN, ORIGIN + DAY}))
    with pytest.raises(CauceError) as refused:
        twice.deadline(ORIGIN - DAY, 3)
    assert refused.value.code == "capacity_too_many"
    assert refused.value.params == {"field": "working_days", "value": 3, "limit": 2}
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.deadline(ORIGIN, 10**12)
    assert code_of(refused) == ("capacity_too_many", "working_days")


def test_at_the_end_of_the_calendar_there_is_no_later_day() -> None:
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.deadline(date.max, 1)
    assert refused.value.code == "capacity_no_working_day"
    with pytest.raises(CauceError) as refused:
        WEEKDAYS.deadlines(date.max, 5, 6, 1)
    assert refused.value.code == "capacity_no_working_day"
    assert WEEKDAYS.deadline(date(9999, 12, 30), 1) == date.max  # a Friday


def test_cases_filed_before_the_first_year_have_a_deadline_too() -> None:
    # Day 1 of year 1 is a Monday; the day before it a Sunday.
    assert WEEKDAYS.deadlines(date.min, -1, 0, 1).tolist() == [1, 2]


@given(calendars(), NEAR, st.integers(0, 200))
def test_the_working_days_are_those_counted_day_by_day(
    calendar: BusinessCalendar, start: date, count: int
) -> None:
    days = [start + day * DAY for day in range(count)]
    by_hand = [worked(calendar, day) for day in days]
    assert calendar.working_days_between(start, start + count * DAY) == sum(by_hand)
    if days:
        opening = calendar.opening(start, count)
        assert opening.on([day + 0.5 for day in range(count)]).tolist() == by_hand
        assert opening == opening.simplified()
        assert calendar.works(days[-1]) is by_hand[-1]


@given(calendars(), NEAR, st.integers(-30, 30), st.integers(0, 20), st.integers(1, 60))
def test_the_deadlines_are_those_counted_day_by_day(
    calendar: BusinessCalendar, origin: date, first: int, more: int, limit: int
) -> None:
    filed = [origin + (first + day) * DAY for day in range(more + 1)]
    by_hand = [counted_deadline(calendar, day, limit) for day in filed]
    ends = calendar.deadlines(origin, first, first + more, limit)
    assert ends.tolist() == [(end + DAY - origin).days for end in by_hand]
    assert calendar.deadline(filed[0], limit) == by_hand[0]


@given(calendars(), NEAR, st.integers(1, 60))
def test_a_limit_holds_as_many_working_days_as_it_says(
    calendar: BusinessCalendar, filed: date, limit: int
) -> None:
    last = calendar.deadline(filed, limit)
    assert calendar.works(last)
    assert calendar.working_days_between(filed + DAY, last + DAY) == limit
