"""Which periods does a chart of a series ask for?"""

from __future__ import annotations

import pytest

from cauce.figures import periods_to_ask
from cauce.values.period import Period


@pytest.mark.parametrize(
    ("reported", "asked"),
    [
        ("", ""),
        ("2019 2021", "2019 2020 2021"),  # nobody reported 2020: a gap to show
        ("2021-01/2021-10 2022", "2021 2022"),  # a part never stands for its year
        ("2023-Q1 2023-Q2", "2023"),
        ("2021-12-31 2022-06-30", "2021-12-31 2022-06-30"),  # levels on days
        ("2018/2020 2021/2023", "2018/2020 2021/2023"),
        ("2021-07/2022-06 2022-07/2023-06", "2021-H2/2022-H1 2022-H2/2023-H1"),
        ("us-fiscal:2022 us-fiscal:2023", "us-fiscal:2022 us-fiscal:2023"),
    ],
)
def test_a_series_asks_for_years_or_for_what_was_reported(reported: str, asked: str) -> None:
    found = periods_to_ask(map(Period.parse, reported.split()))
    assert [period.text for period in found] == asked.split()
