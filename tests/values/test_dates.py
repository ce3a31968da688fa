from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given

from cauce.errors import CauceError
from cauce.values.dates import OPEN, ImpreciseDate, KnownAt, Precision, unit_span
from tests.values.strategies import any_unit_texts, dates_imprecise, known_ats

MEXICO = ZoneInfo("America/Mexico_City")


@pytest.mark.parametrize(
    ("text", "first", "last", "unit"),
    [
        ("2023", date(2023, 1, 1), date(2023, 12, 31), "year"),
        ("2023-H2", date(2023, 7, 1), date(2023, 12, 31), "half"),
        ("2023-Q1", date(2023, 1, 1), date(2023, 3, 31), "quarter"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month"),
        ("2023-03-05", date(2023, 3, 5), date(2023, 3, 5), "day"),
    ],
)
def test_a_text_names_a_whole_unit(text: str, first: date, last: date, unit: str) -> None:
    assert unit_span(text) == (first, last, unit)


@pytest.mark.parametrize(
    "text",
    [
        *("", "23", "2023-13", "2023-00", "2023-02-30", "0000", "2023-Q5", "2023-H3", "2023-3"),
        *("٢٠٢٣", "2023-01-01\n", " 2023", "2023 ", "+2023", "2023-Q1-01"),
    ],
)
def test_a_text_that_names_no_unit(text: str) -> None:
    assert unit_span(text) is None


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "precision"),
    [
        ("2023-03-05", date(2023, 3, 5), date(2023, 3, 5), Precision.DAY),
        ("2023-03", date(2023, 3, 1), date(2023, 3, 31), Precision.MONTH),
        ("2023", date(2023, 1, 1), date(2023, 12, 31), Precision.YEAR),
        ("2021?", date(2021, 1, 1), date(2021, 12, 31), Precision.DOUBTFUL),
        ("2021-05?", date(2021, 5, 1), date(2021, 5, 31), Precision.DOUBTFUL),
        ("2023-Q2", date(2023, 4, 1), date(2023, 6, 30), Precision.INTERVAL),
        ("2023-H1", date(2023, 1, 1), date(2023, 6, 30), Precision.INTERVAL),
        ("1996..2023", date(1996, 1, 1), date(2023, 12, 31), Precision.INTERVAL),
        ("1996-05..1996-05", date(1996, 5, 1), date(1996, 5, 31), Precision.INTERVAL),
        ("1996..", date(1996, 1, 1), None, Precision.INTERVAL),
        ("..2022", None, date(2022, 12, 31), Precision.INTERVAL),
    ],
)
def test_a_date_keeps_its_precision(
    text: str, earliest: date | None, latest: date | None, precision: Precision
) -> None:
    found = ImpreciseDate(text)
    assert (found.earliest, found.latest, found.precision) == (earliest, latest, precision)
    assert str(found) == text


@pytest.mark.parametrize(
    "text", ["", "?", "..", "2023..2021", "2023...2024", "soon", "2023??", "1996?..", "2023-02-30"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(CauceError, match="bad_date"):
        ImpreciseDate(text)


@given(dates_imprecise)
def test_the_latest_day_is_not_before_the_earliest(found: ImpreciseDate) -> None:
    if found.earliest and found.latest:
        assert found.earliest <= found.latest
    assert ImpreciseDate(str(found)) == found


@pytest.mark.parametrize(
    ("text", "instant", "day"),
    [
        # The end of a day in Mexico City (UTC−6 all year since 2022).
        ("2023", "2024-01-01T05:59:59.999999+00:00", date(2023, 12, 31)),
        ("2023-06", "2023-07-01T05:59:59.999999+00:00", date(2023, 6, 30)),
        ("2023-Q1", "2023-04-01T05:59:59.999999+00:00", date(2023, 3, 31)),
        ("2023-05-04", "2023-05-05T05:59:59.999999+00:00", date(2023, 5, 4)),
        ("2023-05-04T03:00:00Z", "2023-05-04T03:00:00+00:00", date(2023, 5, 3)),
        ("2023-05-04T03:00:00-06:00", "2023-05-04T09:00:00+00:00", date(2023, 5, 4)),
    ],
)
def test_known_at_means_the_end_of_what_it_names(text: str, instant: str, day: date) -> None:
    known = KnownAt(text)
    assert known.instant(MEXICO).isoformat() == instant
    assert known.day(MEXICO) == day
    assert str(known) == text


@pytest.mark.parametrize(
    "text",
    [
        *("", "9999", "9999-12-31", "2023?", "1996..", "2023-05-04T03:00:00", "2023-05-04Tnoon"),
        *("T", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z"),
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(CauceError, match="bad_date"):
        KnownAt(text)


@given(known_ats)
def test_every_moment_has_its_instant_in_every_zone(known: KnownAt) -> None:
    for zone in (MEXICO, ZoneInfo("Pacific/Kiritimati"), ZoneInfo("UTC")):
        instant = known.instant(zone)
        assert instant.tzinfo is UTC
        assert instant.astimezone(zone).date() == known.day(zone)


@given(any_unit_texts)
def test_what_became_known_when_the_next_day_began_does_not_count(text: str) -> None:
    known = KnownAt(text)
    next_day = known.day(MEXICO) + timedelta(days=1)
    begins = datetime(next_day.year, next_day.month, next_day.day, tzinfo=MEXICO)
    assert known.instant(MEXICO) < begins


def test_open_is_after_everything() -> None:
    assert OPEN.isoformat() == "9999-12-31"
