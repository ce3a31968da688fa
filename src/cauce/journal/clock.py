"""What time is it, and where? The one clock of the journal.

Engines and values never ask; whoever asks a question passes the answer on.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cauce.errors import CauceError

__all__ = ["next_instant", "now", "zone_named"]

_TICK = timedelta(microseconds=1)


def now() -> datetime:
    """Now, in UTC, to the microsecond: what both databases keep exactly."""
    return datetime.now(UTC)


def next_instant(after: datetime | None) -> datetime:
    """Now, or just after ``after`` where the machine's clock went back or stood still:
    recorded times strictly increase."""
    moment = now()
    return moment if after is None else max(moment, after + _TICK)


def zone_named(name: str) -> ZoneInfo:
    """A time zone of the tz database. Raises ``bad_time_zone``."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # «Mexico» is a folder there
        raise CauceError("bad_time_zone", text=name) from None
