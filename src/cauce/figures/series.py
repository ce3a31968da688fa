"""Which periods does a series have: what a chart and a table of it ask for?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from cauce.values.period import GREGORIAN, Period

__all__ = ["periods_to_ask"]

_DAY = timedelta(days=1)
_YEAR = timedelta(days=366)


def periods_to_ask(reported: Iterable[Period]) -> list[Period]:
    """The periods in order: every calendar year from the first to the last, because a year that
    nobody reported is a gap to show; where values are of days, of longer stretches, across two
    years or of another calendar, the periods as they were reported."""
    own = sorted(set(reported))
    lengths = [period.end - period.start for period in own]
    if not own or any(p.calendar != GREGORIAN for p in own):
        return own
    across = any(period.start.year != (period.end - _DAY).year for period in own)
    if min(lengths) <= _DAY or max(lengths) > _YEAR or across:
        return own
    last = max(period.end for period in own)
    years = (Period.parse(str(year)) for year in range(own[0].start.year, last.year + 1))
    return [year for year in years if year.start < last]
