"""Who owes a value knows until which day, and which one falls due next."""

from __future__ import annotations

from datetime import date

import pytest

from cauce.figures.due import due_day, is_owed, last_due, next_due
from cauce.frameworks.queries import Exemption, Obligation
from cauce.values.period import Period
from tests.figures.record import Record


def owed(frequency: str = "year", **cells: str) -> Obligation:
    made = Record.due("A", "MEX", frequency=frequency, **cells)
    assert isinstance(made, Obligation)
    return made


def let_off(period: str, party: str = "t/A") -> Exemption:
    return Exemption.from_cells(
        indicator="t/I", party=party, place="MEX", period=period, reporter="t/S"
    )


@pytest.mark.parametrize(
    ("frequency", "days", "on", "last", "following"),
    [
        ("year", "31", date(2026, 11, 24), ("2025", "2026-01-31"), ("2026", "2027-01-31")),
        ("year", "31", date(2026, 1, 31), ("2024", "2025-01-31"), ("2025", "2026-01-31")),
        ("year", "31", date(2026, 2, 1), ("2025", "2026-01-31"), ("2026", "2027-01-31")),
        ("month", "", date(2024, 3, 1), ("2024-02", "2024-02-29"), ("2024-03", "2024-03-31")),
        ("quarter", "15", date(2024, 4, 10), ("2023-Q4", "2024-01-15"), ("2024-Q1", "2024-04-15")),
        ("day", "2", date(2024, 3, 1), ("2024-02-27", "2024-02-29"), ("2024-02-28", "2024-03-01")),
    ],
)
def test_what_fell_due_last_and_what_falls_due_next_follow_the_rule(
    frequency: str, days: str, on: date, last: tuple[str, str], following: tuple[str, str]
) -> None:
    rule = owed(frequency, due_days=days)
    found = last_due(rule, on), next_due(rule, on)
    assert [one and (one.period.text, one.day.isoformat()) for one in found] == [last, following]


def test_nothing_is_due_before_the_first_day_nor_after_the_last() -> None:
    rule = owed(due_days="31", valid_from="2024-06-01", valid_to="2027-01-01")
    first = next_due(rule, date(2023, 1, 1))
    assert first is not None
    assert first.period.text == "2025"  # of 2024 only a part is owed
    assert last_due(rule, date(2025, 6, 1)) is None
    assert next_due(rule, date(2027, 2, 1)) is None
    closed = last_due(rule, date(2030, 1, 1))
    assert closed is not None
    assert (closed.period.text, closed.day) == ("2026", date(2027, 1, 31))


def test_a_period_that_somebody_need_not_report_falls_due_for_the_others_only() -> None:
    rule, today = owed(), date(2024, 5, 1)
    free = next_due(rule, today, [let_off("2024/2025")])
    assert free is not None
    assert free.period.text == "2026"
    other = next_due(rule, today, [let_off("2024/2025", party="t/B")])
    assert other is not None
    assert other.period.text == "2024"
    assert last_due(rule, today, [let_off("2023")]) is None


def test_the_last_day_counts_from_the_end_of_the_period() -> None:
    assert due_day(owed(due_days="31"), Period.parse("2025")) == date(2026, 1, 31)
    assert is_owed(owed(valid_from="2025-01-01"), Period.parse("2025"))
    assert not is_owed(owed(valid_from="2025-01-02"), Period.parse("2025"))
