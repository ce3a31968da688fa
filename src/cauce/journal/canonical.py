"""The journal's bytes: canonical JSON and the three hashes (digest version 1).

These rules cannot change for a recorded entry. A new rule is a new digest version; old entries keep
verifying under theirs (``tests/journal/fixtures`` holds a workspace that must).

* Record digest: SHA-256 of the record's content as UTF-8 NFC JSON, keys sorted, no spaces, nulls
  left out, decimals as text without exponent or trailing zeros, references by natural id.
  A field at its default is null, so that a field added later changes no old digest.
* Entry digest: SHA-256 over one line ``type SP digest LF`` for each record, sorted bytewise.
* Entry hash: SHA-256 of the canonical JSON of seq, recorded_at, origin, who, why, count, entry
  digest, digest version and the hash of the entry before (64 zeros first).
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime

__all__ = [
    "DIGESTS",
    "DIGEST_VERSION",
    "FIRST_PREVIOUS",
    "canonical_json",
    "digest_of",
    "entry_digest",
    "entry_hash",
    "instant_text",
    "limbs",
    "nfc",
]

DIGEST_VERSION = 1
FIRST_PREVIOUS = "0" * 64

_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def nfc(text: str) -> str:
    """Unicode normal form C, so that one spelling has one digest."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def canonical_json(content: Mapping[str, object]) -> bytes:
    """UTF-8 NFC JSON with sorted keys and no spaces; nulls are left out, at every depth."""
    return _ENCODER.encode(_plain(content)).encode()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return nfc(value)
    if isinstance(value, Mapping):
        return {nfc(str(k)): _plain(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise TypeError(f"not canonical: {type(value).__name__}")  # a defect: fields give plain values


def digest_of(content: Mapping[str, object]) -> str:
    """The SHA-256 of the canonical JSON, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


#: How a record's content is digested, by the entry's digest version. An old one is never changed.
DIGESTS: Mapping[int, Callable[[Mapping[str, object]], str]] = {1: digest_of}


def entry_digest(records: Iterable[tuple[str, str]]) -> str:
    """The digest of (type, record digest) pairs, which must come sorted bytewise."""
    sha = hashlib.sha256()
    for record_type, digest in records:
        sha.update(f"{record_type} {digest}\n".encode())
    return sha.hexdigest()


def instant_text(moment: datetime) -> str:
    """An instant in UTC with microseconds: ``2026-03-01T12:00:00.000000Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def entry_hash(
    *,
    seq: int,
    recorded_at: datetime,
    origin: str,
    who: str,
    why: str,
    count: int,
    digest: str,
    digest_version: int,
    previous: str,
) -> str:
    """The hash that chains an entry to the one before."""
    return digest_of(
        {
            "count": count,
            "digest": digest,
            "digest_version": digest_version,
            "origin": origin,
            "previous": previous,
            "recorded_at": instant_text(recorded_at),
            "seq": seq,
            "who": who,
            "why": why,
        }
    )


def limbs(digest: str) -> tuple[int, int, int, int]:
    """The first 128 bits of a record digest as four unsigned 32-bit limbs, for traces."""
    return tuple(int(digest[i : i + 8], 16) for i in range(0, 32, 8))  # type: ignore[return-value]  # four slices
