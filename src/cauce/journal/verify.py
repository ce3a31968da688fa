"""Is the journal what was recorded: no byte altered, nothing taken out, nothing slipped in?

Reads everything once, in order, in constant memory, and computes every digest and hash again. It
trusts nothing that is stored: neither the numbers nor the derived columns, nor a column's spelling.
It cannot see a journal that was truncated, or rewritten from some entry on with all its hashes; for
that it must be told the hash of an entry that somebody kept elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Sum

from cauce.errors import CauceError
from cauce.journal import bulk, guards, queries
from cauce.journal.canonical import DIGESTS, FIRST_PREVIOUS, entry_hash
from cauce.journal.database import any_bytes, is_postgresql, snapshot, translated
from cauce.journal.identity import fits
from cauce.journal.models import Annulment, Entry
from cauce.journal.stored import (
    FETCH,
    StoredEntry,
    StoredRecord,
    stored_entries,
    stored_records,
)

__all__ = ["FINDINGS", "MOST", "Finding", "Report", "size", "verify"]

#: What can be found, with the parameters of each. ``record`` is ``seq.n``; ``id`` the natural id.
FINDINGS: dict[str, tuple[str, ...]] = {
    "guard_missing": ("table", "name"),
    "guard_altered": ("table", "name"),
    "file_damaged": ("detail",),
    "time_zone_altered": ("zone",),
    "origin_differs": ("seq",),
    "entry_missing": ("seq",),
    "entry_altered": ("seq",),
    "chain_broken": ("seq",),
    "time_runs_back": ("seq",),
    "unknown_digest_version": ("seq", "version"),
    "count_differs": ("seq", "count", "found"),
    "digest_differs": ("seq",),
    "record_missing": ("seq", "record"),
    "record_misplaced": ("seq", "record", "type", "id"),
    "record_altered": ("seq", "record", "type", "id"),
    "field_altered": ("seq", "record", "type", "id", "field"),
    "orphan_record": ("seq", "record", "type", "id"),
    "annulment_without_target": ("seq", "record"),
    "head_not_found": ("hash", "newest"),
}

#: How many findings are kept; the rest are counted.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it was recorded: a code of :data:`FINDINGS` and its parameters."""

    code: str
    params: dict[str, object]


@dataclass(frozen=True, slots=True)
class Report:
    """What was read and what was found; ``found`` also counts what is not listed. ``newest`` is the
    hash of the last entry: the one to note down elsewhere."""

    findings: tuple[Finding, ...]
    found: int
    entries: int
    records: int
    newest: str

    @property
    def is_sound(self) -> bool:
        return self.found == 0

    @property
    def unlisted(self) -> int:
        """How many findings are only counted."""
        return self.found - len(self.findings)


@dataclass(slots=True)
class _Findings:
    kept: list[Finding] = field(default_factory=list)
    count: int = 0

    def add(self, code: str, **params: object) -> None:
        self.count += 1
        if len(self.kept) < MOST:
            self.kept.append(Finding(code, params))


def size() -> int:
    """How many records ``verify`` will read, for a progress bar."""
    with translated():
        return Entry.objects.aggregate(total=Sum("count"))["total"] or 0


def verify(head_hash: str | None = None, progress: Callable[[int], None] | None = None) -> Report:
    """Read and check the whole journal.

    ``head_hash`` is the hash of an entry noted earlier: it must still be in the chain. ``progress``
    is called with how many records were read each time. Findings come in the order in which they
    are met; nothing is repaired.
    """
    found = _Findings()
    with snapshot(), any_bytes(), translated():
        for fault in guards.faults():
            found.add(f"guard_{fault.state}", table=fault.table, name=fault.name)
        _check_file(found)
        place = queries.workspace()
        if not fits(place.origin, place.zone.key):
            found.add("time_zone_altered", zone=place.zone.key)
        chain = _Chain(found, str(place.origin), place.zone, head_hash)
        with stored_records() as rows:
            _walk(chain, _counted(rows, progress))
        _check_annulments(found)
    if head_hash and not chain.has_head:
        found.add("head_not_found", hash=head_hash, newest=chain.previous)
    return Report(tuple(found.kept), found.count, chain.entries, chain.records, chain.previous)


def _check_file(found: _Findings) -> None:
    """SQLite: a row may be hidden by an index that does not know it."""
    if is_postgresql():
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check(20)")
        for (detail,) in cursor.fetchall():
            if detail != "ok":
                found.add("file_damaged", detail=detail)


def _check_annulments(found: _Findings) -> None:
    hashes = Entry.objects.values("hash")
    for row in Annulment.objects.exclude(target_entry__in=hashes).order_by("entry_id", "n"):
        found.add("annulment_without_target", seq=row.entry_id, record=row.record_id)


def _walk(chain: _Chain, rows: Iterable[StoredRecord]) -> None:
    """Go through entries and records side by side."""
    groups = groupby(rows, key=attrgetter("seq"))
    group = next(groups, None)
    for entry in stored_entries():
        while group and group[0] < entry.seq:
            chain.orphans(group[1])
            group = next(groups, None)
        if group and group[0] == entry.seq:
            chain.check(entry, group[1])
            group = next(groups, None)
        else:
            chain.check(entry, ())
    while group:
        chain.orphans(group[1])
        group = next(groups, None)


def _counted(
    rows: Iterable[StoredRecord], progress: Callable[[int], None] | None
) -> Iterator[StoredRecord]:
    number = 0
    for number, row in enumerate(rows, 1):
        yield row
        if progress and number % FETCH == 0:
            progress(FETCH)
    if progress and number % FETCH:
        progress(number % FETCH)


def _named(row: StoredRecord) -> dict[str, object]:
    """Which record this is, in a finding."""
    return {
        "seq": row.seq,
        "record": f"{row.seq}.{row.n}",
        "type": row.model.record_type,
        "id": row.natural_id,
    }


# ------------------------------------------------------------------------------- entries


@dataclass(slots=True)
class _Chain:
    """The entries so far, and what the next one must follow."""

    found: _Findings
    origin: str
    zone: ZoneInfo
    head_hash: str | None
    previous: str = FIRST_PREVIOUS
    seq: int = 0
    time: datetime | None = None
    entries: int = 0
    records: int = 0
    has_head: bool = False

    def check(self, entry: StoredEntry, rows: Iterable[StoredRecord]) -> None:
        """One entry, its link to the one before, and its records."""
        self._check_links(entry)
        count, digest = self._check_records(entry, rows)
        if count != entry.count:
            self.found.add("count_differs", seq=entry.seq, count=entry.count, found=count)
        if digest != entry.digest:
            self.found.add("digest_differs", seq=entry.seq)
        self.has_head |= entry.hash == self.head_hash
        self.previous, self.seq, self.time = entry.hash, entry.seq, entry.recorded_at
        self.entries += 1

    def orphans(self, rows: Iterable[StoredRecord]) -> None:
        """Records whose entry does not exist."""
        for row in rows:
            self.found.add("orphan_record", **_named(row))

    def _check_links(self, entry: StoredEntry) -> None:
        add = self.found.add
        for missing in range(self.seq + 1, min(entry.seq, self.seq + MOST)):
            add("entry_missing", seq=missing)
        if entry.digest_version not in DIGESTS:
            add("unknown_digest_version", seq=entry.seq, version=entry.digest_version)
        if entry.hash != _hash_of(entry):
            add("entry_altered", seq=entry.seq)
        elif str(entry.origin) != self.origin:
            add("origin_differs", seq=entry.seq)
        # Where an entry is missing before it, this would say the same again.
        if entry.previous != self.previous and entry.seq == self.seq + 1:
            add("chain_broken", seq=entry.seq)
        if self.time is not None and entry.recorded_at <= self.time:
            add("time_runs_back", seq=entry.seq)

    def _check_records(self, entry: StoredEntry, rows: Iterable[StoredRecord]) -> tuple[int, str]:
        sha = hashlib.sha256()
        count, expected, last = 0, 1, ("", "")
        for row in rows:
            for n in range(expected, min(row.n, expected + MOST)):
                self.found.add("record_missing", seq=entry.seq, record=f"{entry.seq}.{n}")
            place = (row.model.record_type, row.digest)
            if row.n < expected or place <= last:
                self.found.add("record_misplaced", **_named(row))
            _check_record(row, entry, self.zone, self.found)
            sha.update(f"{place[0]} {place[1]}\n".encode("utf-8", "surrogateescape"))
            count, expected, last = count + 1, row.n + 1, place
        self.records += count
        return count, sha.hexdigest()


def _hash_of(entry: StoredEntry) -> str:
    names = ("seq", "recorded_at", "who", "why", "count", "digest", "digest_version", "previous")
    parts: dict[str, Any] = {name: getattr(entry, name) for name in names}
    try:
        return entry_hash(origin=str(entry.origin), **parts) if entry.is_readable else ""
    except UnicodeEncodeError:  # a byte of its text is not UTF-8 any more
        return ""


# ------------------------------------------------------------------------------- records


def _check_record(row: StoredRecord, entry: StoredEntry, zone: ZoneInfo, found: _Findings) -> None:
    """Whether every cell is in the recorded spelling, the derived columns follow from the content,
    and the content gives the digest."""
    values: dict[str, Any] = {}
    content: dict[str, object] = {}
    altered = []
    for f, text in zip(row.model.content_fields(), row.cells, strict=False):
        if text == f.blank_text:  # most cells
            values[f.name] = f.empty()
            continue
        try:
            values[f.name] = f.from_db_value(text)
            stored, canonical = f.sealed(values[f.name])
        except (CauceError, ValueError, ArithmeticError):
            altered.append(f.name)
            continue
        if stored != text:
            altered.append(f.name)
        elif canonical is not None:
            content[f.name] = canonical
    if not altered:
        altered = _derived_altered(row, values, entry, zone)
    for name in altered:
        found.add("field_altered", **_named(row), field=name)
    digest = DIGESTS.get(entry.digest_version)
    if not altered and digest and digest(content) != row.digest:
        found.add("record_altered", **_named(row))


def _derived_altered(
    row: StoredRecord, values: dict[str, Any], entry: StoredEntry, zone: ZoneInfo
) -> list[str]:
    fields = row.model.derived_fields()
    if not fields:
        return []
    derived = row.model.of_values(values).derive(recorded_at=entry.recorded_at, zone=zone)
    stored = row.cells[len(row.cells) - len(fields) :]
    return [
        f.name
        for f, cell in zip(fields, stored, strict=True)
        if bulk.prepared(f, derived[f.name]) != cell
    ]
