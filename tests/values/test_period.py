from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cauce.errors import CauceError
from cauce.values.period import GRAINS, Period
from tests.values.strategies import days, periods, unit_texts


@pytest.mark.parametrize(
    ("text", "start", "end", "shortest"),
    [
        ("2023", date(2023, 1, 1), date(2024, 1, 1), "2023"),
        ("2023-H2", date(2023, 7, 1), date(2024, 1, 1), "2023-H2"),
        ("2023-Q1", date(2023, 1, 1), date(2023, 4, 1), "2023-Q1"),
        ("2023-03", date(2023, 3, 1), date(2023, 4, 1), "2023-03"),
        ("2023-03-05", date(2023, 3, 5), date(2023, 3, 6), "2023-03-05"),
        ("2018/2023", date(2018, 1, 1), date(2024, 1, 1), "2018/2023"),
        ("2023-01/2023-12", date(2023, 1, 1), date(2024, 1, 1), "2023"),
        ("2023-01-01/2024-01-01", date(2023, 1, 1), date(2024, 1, 1), "2023"),
        ("2023-01/2023-Q2", date(2023, 1, 1), date(2023, 7, 1), "2023-H1"),
        ("2023-Q2/2023-Q3", date(2023, 4, 1), date(2023, 10, 1), "2023-Q2/2023-Q3"),
        ("2023-02/2023-05", date(2023, 2, 1), date(2023, 6, 1), "2023-02/2023-05"),
        ("2023-01-05/2023-02-20", date(2023, 1, 5), date(2023, 2, 20), "2023-01-05/2023-02-20"),
        ("2023-01-05/2023-01-06", date(2023, 1, 5), date(2023, 1, 6), "2023-01-05"),
        ("gregorian:2023", date(2023, 1, 1), date(2024, 1, 1), "2023"),
        (" 2023 ", date(2023, 1, 1), date(2024, 1, 1), "2023"),
        # The United States fiscal year begins in October before, the Canadian in April.
        ("us-fiscal:2023", date(2022, 10, 1), date(2023, 10, 1), "us-fiscal:2023"),
        ("us-fiscal:2023-Q1", date(2022, 10, 1), date(2023, 1, 1), "us-fiscal:2023-Q1"),
        ("us-fiscal:2023-H2", date(2023, 4, 1), date(2023, 10, 1), "us-fiscal:2023-H2"),
        ("us-fiscal:2022/2023", date(2021, 10, 1), date(2023, 10, 1), "us-fiscal:2022/2023"),
        ("ca-fiscal:2023", date(2023, 4, 1), date(2024, 4, 1), "ca-fiscal:2023"),
        ("ca-fiscal:2023-Q4", date(2024, 1, 1), date(2024, 4, 1), "ca-fiscal:2023-Q4"),
        ("ca-fiscal:2023-12", date(2024, 3, 1), date(2024, 4, 1), "ca-fiscal:2023-12"),
        # Full dates are real days in every calendar.
        ("us-fiscal:2022-10-01", date(2022, 10, 1), date(2022, 10, 2), "us-fiscal:2022-10-01"),
        (
            "us-fiscal:2022-10-01/2023-10-01",
            date(2022, 10, 1),
            date(2023, 10, 1),
            "us-fiscal:2023",
        ),
        (
            "mirps/presidency:2022-07-01/2023-06-15",
            date(2022, 7, 1),
            date(2023, 6, 15),
            "mirps/presidency:2022-07-01/2023-06-15",
        ),
    ],
)
def test_a_period_is_read_and_has_one_shortest_spelling(
    text: str, start: date, end: date, shortest: str
) -> None:
    period = Period.parse(text)
    assert (period.start, period.end) == (start, end)
    assert period.text == str(period) == shortest
    assert Period.parse(shortest) == period


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "bad_period"),
        ("soon", "bad_period"),
        ("2023/", "bad_period"),
        ("/2023", "bad_period"),
        ("2023-13", "bad_period"),
        ("2023/2024/2025", "bad_period"),
        ("2021?", "bad_period"),
        ("9999", "bad_period"),
        ("9998", "bad_period"),
        ("0001", "bad_period"),
        ("us-fiscal:0001", "bad_period"),
        ("2023/2022", "period_backwards"),
        ("2023-01-05/2023-01-05", "period_backwards"),
        ("2023-01-05/2023-01-01", "period_backwards"),
        ("2023-01-05/2023", "mixed_period"),
        ("2022/2023-01-05", "mixed_period"),
        ("sexenio:2023", "unknown_calendar"),
        ("sexenio:2023/2024", "unknown_calendar"),
        ("a b:2023-01-01", "unknown_calendar"),
        ("2023:2023-01-01", "unknown_calendar"),
    ],
)
def test_what_is_no_period_is_refused(text: str, code: str) -> None:
    with pytest.raises(CauceError, match=code):
        Period.parse(text)


def test_an_empty_period_cannot_be_made() -> None:
    with pytest.raises(CauceError, match="period_backwards"):
        Period(date(2023, 1, 1), date(2023, 1, 1))


def test_a_fiscal_year_never_equals_a_calendar_year() -> None:
    fiscal, days_of_it = Period.parse("us-fiscal:2023"), Period.parse("2022-10-01/2023-10-01")
    assert (fiscal.start, fiscal.end) == (days_of_it.start, days_of_it.end)
    assert fiscal != days_of_it
    assert not days_of_it.contains(fiscal)
    assert days_of_it.overlaps(fiscal)


@given(periods())
def test_every_period_is_read_back_from_its_text(period: Period) -> None:
    assert Period.parse(period.text) == period


@given(unit_texts)
def test_a_unit_is_of_its_grain(text: str) -> None:
    grain = {4: "year", 7: "month"}.get(len(text))
    grain = {"H": "half", "Q": "quarter"}.get(text[5:6], grain)
    assert Period.parse(text).grain == grain


@pytest.mark.parametrize(
    ("text", "grain"),
    [
        ("2023-02/2023-04", None),  # as long as a quarter, and none
        ("2018/2019", None),
        ("2023-01-02/2023-02-02", None),
        ("2023-03-05", "day"),
        ("us-fiscal:2023-Q1", "quarter"),
        ("sexenio:2023-01-01/2024-01-01", None),
        ("sexenio:2023-01-01", "day"),
    ],
)
def test_the_grain_of_what_may_be_no_unit(text: str, grain: str | None) -> None:
    assert Period.parse(text).grain == grain


@pytest.mark.parametrize(
    ("text", "grain", "first", "number"),
    [
        ("2023", "month", "2023-01", 12),
        ("2018/2023", "year", "2018", 6),
        ("2018/2023", "half", "2018-H1", 12),
        ("2023-Q1", "day", "2023-01-01", 90),
        ("2023-02/2023-04", "quarter", "", 0),
        ("2023-01/2023-04", "quarter", "", 0),
        ("2023-01-01/2023-02-02", "month", "", 0),
        ("2023-01-02/2023-02-02", "month", "", 0),
        ("us-fiscal:2023", "quarter", "us-fiscal:2023-Q1", 4),
        ("sexenio:2023-01-01/2024-01-01", "month", "", 0),
        ("2023", "year", "2023", 1),
    ],
)
def test_a_period_splits_into_whole_units_or_not_at_all(
    text: str, grain: str, first: str, number: int
) -> None:
    parts = Period.parse(text).split(grain)
    assert len(parts) == number
    if parts:
        assert parts[0].text == first
        assert parts[-1].end == Period.parse(text).end


@given(periods(), st.sampled_from([g for g in GRAINS if g != "day"]))
def test_units_of_a_split_tile_the_period(period: Period, grain: str) -> None:
    parts = period.split(grain)
    for one, after in pairwise(parts):
        assert one.end == after.start
    assert all(p.grain == grain for p in parts)
    assert all(period.contains(p) for p in parts)
    assert not parts or (parts[0].start, parts[-1].end) == (period.start, period.end)


@pytest.mark.parametrize(
    ("text", "grain", "expected"),
    [
        ("2023-03", "year", ["2023"]),
        ("2023-03", "month", ["2023-03"]),
        ("2022-11/2023-02", "year", ["2022", "2023"]),
        ("2023-03-30/2023-04-02", "quarter", ["2023-Q1", "2023-Q2"]),
        ("2023-03-30/2023-04-01", "month", ["2023-03"]),
        ("2023-03-30/2023-04-01", "day", ["2023-03-30", "2023-03-31"]),
        ("us-fiscal:2023-Q1", "year", ["us-fiscal:2023"]),
        ("ca-fiscal:2024-01-05", "half", ["ca-fiscal:2023-H2"]),
        ("sexenio:2023-03-30/2023-04-01", "month", []),
    ],
)
def test_the_units_around_a_period(text: str, grain: str, expected: list[str]) -> None:
    assert [p.text for p in Period.parse(text).around(grain)] == expected


@given(periods(), st.sampled_from([g for g in GRAINS if g != "day"]))
def test_the_units_around_a_period_hold_it(period: Period, grain: str) -> None:
    units = period.around(grain)[:500]
    if units and len(units) < 500:
        assert units[0].start <= period.start
        assert period.end <= units[-1].end
        assert all(u.overlaps(period) for u in units)


@given(days)
@settings(max_examples=5)
def test_the_first_and_the_last_days_there_are(day: date) -> None:
    """Nothing overflows at the ends of the calendar."""
    for one in (Period(date.min, day), Period(day, date.max), Period(date.min, date(1, 1, 2))):
        for grain in ("year", "month"):
            assert one.split(grain) == () or one.split(grain)[-1].end == one.end
    last = Period(date(9999, 3, 5), date.max)
    assert last.around("year")[-1].end == date.max
    assert last.split("year") == ()
    assert Period(date(1, 2, 1), date(1, 3, 1), "us-fiscal").around("year")[0].start == date.min


def test_what_a_period_knows_of_itself() -> None:
    period = Period.parse("2023-02")
    assert (period.days, period.last_day, period.is_day) == (28, date(2023, 2, 28), False)
    assert Period.parse("2023-02-05").is_day
    assert Period.parse("2023").contains(period)
    assert not period.contains(Period.parse("2023"))
    assert not period.overlaps(Period.parse("2023-03"))
