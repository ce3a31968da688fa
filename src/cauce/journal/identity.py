"""Which workspace is this, and may it say that its days end elsewhere?

A workspace's origin is a UUID (version 8, RFC 9562) of which half is chance and half a digest of
that chance and the time zone. Every entry's hash covers the origin, so the zone, in which the dates
of all records are counted, cannot be changed unnoticed either.
"""

from __future__ import annotations

import hashlib
import secrets
from uuid import UUID

__all__ = ["fits", "new_origin"]

_LOW_BITS = 62
_VARIANT = 0b10 << _LOW_BITS
_VERSION = 8


def new_origin(time_zone: str) -> UUID:
    """A new identity for a workspace whose days end in this zone."""
    chance = secrets.token_bytes(8)
    high = int.from_bytes(chance) & ~(0xF << 12) | _VERSION << 12
    return UUID(int=high << 64 | _VARIANT | _digest(high, time_zone))


def fits(origin: UUID, time_zone: str) -> bool:
    """Whether the origin was made for this zone; one that was given from outside fits any."""
    if origin.version != _VERSION:
        return True
    low = origin.int & ((1 << _LOW_BITS) - 1)
    return low == _digest(origin.int >> 64, time_zone)


def _digest(high: int, time_zone: str) -> int:
    digest = hashlib.sha256(f"{high:016x} {time_zone}".encode()).digest()
    return int.from_bytes(digest[:8]) >> 2
