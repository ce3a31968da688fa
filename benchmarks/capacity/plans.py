"""The queues that are measured."""

from __future__ import annotations

from datetime import date

import numpy as np

from cauce.engines import capacity as c

__all__ = ["DAYS", "EDGES", "MEANS", "RATES", "SERVERS", "START", "backlog", "tandem", "textbook"]

START = c.Start(date(2025, 1, 6))
DAYS = 730.0

#: Arrivals a day, month by month, over two years: a tide of 10 ± 4.
EDGES = tuple(float(edge) for edge in np.linspace(0, DAYS, 25)[:-1])
RATES = tuple(float(10 + 4 * np.sin(month / 2)) for month in range(24))
#: Three stages: days of work a case, and servers.
MEANS = (0.2, 0.5, 0.3)
SERVERS = (3, 7, 5)


def tandem(scale: int = 1, stages: int = 3) -> c.Scenario:
    """Three stages in a row with arrivals that change by the month, ``scale`` times as busy."""
    made = tuple(
        c.Stage(f"stage {i}", c.Exponential(MEANS[i % 3]), c.Steps.always(SERVERS[i % 3] * scale))
        for i in range(stages)
    )
    rate = c.Steps(EDGES, tuple(value * scale for value in RATES))
    return c.Scenario(c.Network(made), START, (c.Arrivals(c.Rates(rate)),))


def textbook() -> c.Scenario:
    """M/M/3 with a utilisation of 0.9."""
    stage = c.Stage("queue", c.Exponential(1.0), c.Steps.always(3))
    return c.Scenario(c.Network((stage,)), START, (c.Arrivals(c.Rates(c.Steps.always(2.7))),))


def backlog() -> c.Scenario:
    """100,000 pending, three stages, staff that change twice a year, two years."""
    when = (0.0, 180.0, 365.0, 545.0)
    made = tuple(
        c.Stage(name, c.with_variation(mean, 1.0), c.Steps(when, staff))
        for name, mean, staff in (
            ("registration", 0.2, (60, 60, 50, 70)),
            ("interview", 0.6, (120, 100, 140, 140)),
            ("decision", 0.4, (90, 90, 80, 100)),
        )
    )
    start = c.Start(START.on, (c.Waiting("interview", 100_000, 10, 700),))
    return c.Scenario(c.Network(made), start, (c.Arrivals(c.Rates(c.Steps.always(220))),))
