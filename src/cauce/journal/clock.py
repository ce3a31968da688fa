"""What time is it? The one clock of the journal.

Engines and values never ask; whoever asks a question passes the answer on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

__all__ = ["next_instant", "now"]

_TICK = timedelta(microseconds=1)


def now() -> datetime:
    """This moment in UTC, to the microsecond: what both databases keep exactly."""
    return datetime.now(UTC)


def next_instant(after: datetime | None) -> datetime:
    """This moment, or just after ``after`` where the machine's clock went back or stood still:
    recorded times strictly increase."""
    moment = now()
    return moment if after is None else max(moment, after + _TICK)
