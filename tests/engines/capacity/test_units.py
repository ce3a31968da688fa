"""What unit is this number in?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cauce.engines.capacity.units import UNITS, Rate, Span, days, hours, minutes, weeks
from cauce.errors import CauceError

OFFICE = (8.0, 5.0)
ALWAYS_OPEN = (24.0, 7.0)
MONTH = 30.4375  # 365.25 / 12
POSITIVE = st.floats(0.01, 1e6)


def refused(call: Any, *given_: object) -> tuple[str, dict[str, object]]:
    with pytest.raises(CauceError) as error:
        call(*given_)
    return error.value.code, error.value.params


def test_minutes_hours_days_and_weeks_are_days_of_24_hours() -> None:
    assert (minutes(720), hours(36), days(1.5), weeks(2)) == (0.5, 1.5, 1.5, 14)


@pytest.mark.parametrize("unit", [minutes, hours, days, weeks])
def test_a_negative_time_is_refused_with_its_field(unit: Any) -> None:
    code, params = refused(unit, -1, "service")
    assert (code, params["field"]) == ("capacity_negative", "service")


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("45 minutes", Span(45, "minute")),
        ("1 minute", Span(1, "minute")),
        ("2.5 hours", Span(2.5, "hour")),
        (".5 hour", Span(0.5, "hour")),
        ("2. hours", Span(2, "hour")),
        ("+3 working days", Span(3, "working day")),
        (" 3  Working-Day ", Span(3, "working day")),
        ("10days", Span(10, "day")),
        ("2\tweeks\n", Span(2, "week")),
        ("0 months", Span(0, "month")),
    ],
)
def test_a_time_is_read_with_its_unit(text: str, span: Span) -> None:
    assert Span.parse("service", text) == span


@pytest.mark.parametrize(
    ("text", "rate"),
    [
        ("12 per week", Rate(12, "week")),
        ("5 per working day", Rate(5, "working day")),
        ("5/working day", Rate(5, "working day")),
        ("100 PER Month", Rate(100, "month")),
        ("1.5 / hour", Rate(1.5, "hour")),
        ("7 per days", Rate(7, "day")),
        ("0 per minute", Rate(0, "minute")),
    ],
)
def test_a_rate_is_read_with_its_unit(text: str, rate: Rate) -> None:
    assert Rate.parse("arrivals", text) == rate


@pytest.mark.parametrize("kind", [Span, Rate])
def test_a_unit_may_be_written_in_the_plural(kind: type[Span] | type[Rate]) -> None:
    assert kind(2, "weeks").unit == "week"


@pytest.mark.parametrize(
    "text", ["45", 45, 2.5, "45 fortnights", "45 per week", "1e3 hours", "1 0 h"]
)
def test_a_time_without_a_unit_is_refused_with_the_units_there_are(text: str | float) -> None:
    assert refused(Span.parse, "service", text) == (
        "capacity_unit",
        {"field": "service", "value": text, "choices": ", ".join(UNITS)},
    )


@pytest.mark.parametrize(
    "text", ["12", 12, "12 weeks", "12 per", "12 perweek", "12 per week / day"]
)
def test_a_rate_without_per_a_unit_is_refused(text: str | float) -> None:
    code, params = refused(Rate.parse, "arrivals", text)
    assert (code, params["field"], params["value"]) == ("capacity_unit", "arrivals", text)


@pytest.mark.parametrize(
    "text",
    [
        "2,5 hours",
        "1,000 hours",
        "1.2.3 hours",
        "",
        "hours",
        "nan hours",
        "inf hours",
        ". hours",
        "- 5 hours",
        "٣ hours",
        float("nan"),
        True,
    ],
)
@pytest.mark.parametrize("kind", [Span, Rate])
def test_a_number_that_is_none_or_has_a_comma_is_refused(
    kind: type[Span] | type[Rate], text: str | float
) -> None:
    code, params = refused(kind.parse, "service", text)
    assert (code, params["field"]) == ("capacity_not_finite", "service")
    assert params["value"] is text


def test_a_number_too_long_to_hold_is_refused_and_quickly() -> None:
    assert refused(Span.parse, "service", "9" * 400 + " hours")[0] == "capacity_not_finite"
    assert refused(Span.parse, "service", "9" * 100_000 + ",")[0] == "capacity_not_finite"


@pytest.mark.parametrize(
    ("kind", "text"), [(Span, "-5 hours"), (Rate, "-5 per hour"), (Span, "-0.1 weeks")]
)
def test_a_negative_amount_is_refused(kind: type[Span] | type[Rate], text: str) -> None:
    code, params = refused(kind.parse, "service", text)
    assert (code, params["field"]) == ("capacity_negative", "service")


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (Span(36, "minute"), 0.025),
        (Span(12, "hour"), 0.5),
        (Span(3, "day"), 3),
        (Span(2, "week"), 14),
        (Span(2, "month"), 2 * MONTH),
    ],
)
def test_a_time_in_days_of_24_hours(span: Span, expected: float) -> None:
    assert span.calendar_days() == pytest.approx(expected, rel=1e-15)


def test_working_days_are_not_days_of_24_hours() -> None:
    assert refused(Span.parse("limit", "45 working days").calendar_days) == (
        "capacity_units_mixed",
        {
            "field": "limit",
            "value": "45 working day",
            "choices": "minute, hour, day, week, month",
        },
    )
    assert refused(Rate.parse("arrivals", "5 per working day").calendar_per_day) == (
        "capacity_units_mixed",
        {
            "field": "arrivals",
            "value": "5 / working day",
            "choices": "minute, hour, day, week, month",
        },
    )


@pytest.mark.parametrize(
    ("span", "office", "always_open"),
    [
        (Span(48, "minute"), 0.1, 48 / 1440),
        (Span(12, "hour"), 12 / 8, 12 / 24),
        (Span(3, "working day"), 3, 3),
        (Span(2, "week"), 2 * 5, 2 * 7),
        (Span(7, "month"), MONTH * 5, 7 * MONTH),
    ],
)
def test_a_time_of_work_counts_the_hours_and_days_that_an_office_works(
    span: Span, office: float, always_open: float
) -> None:
    assert span.work_days(*OFFICE) == pytest.approx(office, rel=1e-15)
    assert span.work_days(*ALWAYS_OPEN) == pytest.approx(always_open, rel=1e-15)


@pytest.mark.parametrize("office", [OFFICE, (24, 5), (8, 7)])
def test_a_day_of_work_in_an_office_that_closes_is_a_working_day_or_24_hours_so_ask(
    office: tuple[float, float],
) -> None:
    choices = "minute, hour, working day, week, month"
    assert refused(Span.parse("interview", "1 day").work_days, *office) == (
        "capacity_units_mixed",
        {"field": "interview", "value": "1 day", "choices": choices},
    )
    rate = Rate.parse("interviews", "3 per day")
    expected = ("capacity_units_mixed", {"field": "interviews", "value": "3 / day"})
    for call in (rate.per_work_day, rate.per_day):
        code, params = refused(call, *office)
        assert (code, params) == (expected[0], {**expected[1], "choices": choices})


def test_a_day_of_work_at_a_port_that_never_closes_is_a_day() -> None:
    assert Span(1, "day").work_days(*ALWAYS_OPEN) == 1
    assert Rate(3, "day").per_work_day(*ALWAYS_OPEN) == Rate(3, "day").per_day(*ALWAYS_OPEN) == 3


@pytest.mark.parametrize(
    ("hours_per_day", "days_per_week", "code", "field"),
    [
        (0, 5, "capacity_not_positive", "hours_per_day"),
        (25, 5, "capacity_too_many", "hours_per_day"),
        (8, 0, "capacity_not_positive", "days_per_week"),
        (8, 8, "capacity_too_many", "days_per_week"),
    ],
)
def test_an_office_of_no_hours_or_eight_days_a_week_is_refused(
    hours_per_day: float, days_per_week: float, code: str, field: str
) -> None:
    found, params = refused(Span(1, "hour").work_days, hours_per_day, days_per_week)
    assert (found, params["field"]) == (code, field)


@pytest.mark.parametrize(
    ("text", "calendar", "work_day", "per_day"),
    [
        ("0.1 per minute", 144, 0.1 * 60 * 8, 0.1 * 60 * 40 / 7),
        ("1.5 per hour", 36, 12, 60 / 7),
        ("14 per week", 2, 14 / 5, 2),
        ("100 per month", 100 / MONTH, 700 / (5 * MONTH), 100 / MONTH),
    ],
)
def test_a_rate_per_day_of_24_hours_and_per_day_of_work(
    text: str, calendar: float, work_day: float, per_day: float
) -> None:
    rate = Rate.parse("arrivals", text)
    assert rate.calendar_per_day() == pytest.approx(calendar, rel=1e-14)
    assert rate.per_work_day(*OFFICE) == pytest.approx(work_day, rel=1e-14)
    assert rate.per_day(*OFFICE) == pytest.approx(per_day, rel=1e-14)


def test_five_a_working_day_are_twenty_five_a_week() -> None:
    rate = Rate.parse("arrivals", "5 per working day")
    assert rate.per_work_day(*OFFICE) == 5
    assert rate.per_day(*OFFICE) * 7 == pytest.approx(25, rel=1e-15)


@given(POSITIVE, st.sampled_from(UNITS))
def test_where_it_is_always_open_work_is_calendar_time(amount: float, unit: str) -> None:
    span, rate = Span(amount, unit), Rate(amount, unit)
    expected = amount if unit == "working day" else span.calendar_days()
    assert span.work_days(*ALWAYS_OPEN) == pytest.approx(expected, rel=1e-14)
    assert rate.per_day(*ALWAYS_OPEN) == pytest.approx(amount**2 / expected, rel=1e-13)


@given(POSITIVE, st.sampled_from([unit for unit in UNITS if unit != "day"]))
def test_one_server_does_as_many_as_fit_into_its_day(amount: float, unit: str) -> None:
    one = Span(1 / amount, unit).work_days(*OFFICE)
    assert Rate(amount, unit).per_work_day(*OFFICE) * one == pytest.approx(1, rel=1e-13)


@given(st.integers(0, 10**6), st.sampled_from(UNITS), st.sampled_from(["", "s"]))
def test_what_is_written_is_what_is_read(amount: int, unit: str, plural: str) -> None:
    assert Span.parse("service", f"{amount} {unit}{plural}") == Span(amount, unit)
    assert Rate.parse("service", f"{amount} per {unit}") == Rate(amount, unit)
