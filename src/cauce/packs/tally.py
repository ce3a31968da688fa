"""Which of a pack's facts are there twice, which are new, and which have left?

Facts may be millions, so their digests lie in a temporary file, compared by SQL; memory stays
constant. What is compared are digests alone: of what a record is a version of (its vintage), and
of its content.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256

__all__ = ["Recorded", "Seen", "Tally", "vintage_digest"]

_BATCH = 5_000

_TABLES = """
CREATE TABLE seen (sheet TEXT, number INTEGER, vintage BLOB, digest BLOB, lock TEXT);
CREATE TABLE recorded (sheet TEXT, vintage BLOB, digest BLOB, seq INTEGER, own INTEGER);
"""

#: The pack's own last word, and the last word of all: what equals either is nothing new. The
#: first keeps a correction that somebody else made since from being undone by an old pack.
_CHANGED = """
CREATE INDEX seen_by_vintage ON seen (sheet, vintage);
CREATE TABLE changed AS
SELECT s.sheet, s.number, s.lock FROM seen s
LEFT JOIN own_last o ON o.sheet = s.sheet AND o.vintage = s.vintage
LEFT JOIN last l ON l.sheet = s.sheet AND l.vintage = s.vintage
WHERE (o.digest IS NULL OR o.digest <> s.digest) AND (l.digest IS NULL OR l.digest <> s.digest);
CREATE INDEX changed_by_row ON changed (sheet, number);
"""

# SQLite gives the other columns of the row that holds the maximum.
_LAST = """
CREATE TABLE last AS
SELECT sheet, vintage, digest, MAX(seq) AS seq FROM recorded GROUP BY sheet, vintage;
CREATE INDEX last_by_vintage ON last (sheet, vintage);
CREATE TABLE own_last AS
SELECT sheet, vintage, digest, MAX(seq) AS seq FROM recorded WHERE own GROUP BY sheet, vintage;
CREATE INDEX own_last_by_vintage ON own_last (sheet, vintage);
"""


def vintage_digest(vintage: tuple[str, ...]) -> bytes:
    """Sixteen bytes for what a record is a version of."""
    return sha256("\x00".join(vintage).encode()).digest()[:16]


@dataclass(frozen=True, slots=True)
class Seen:
    """A fact of the pack: the number of its row in its sheet, its digests, and the lock that
    closes its period."""

    sheet: str
    number: int
    vintage: bytes
    digest: str
    lock: str = ""


@dataclass(frozen=True, slots=True)
class Recorded:
    """A fact of the record; ``own`` if an entry of this pack brought it."""

    sheet: str
    vintage: bytes
    digest: str
    seq: int
    own: bool


class Tally:
    """Digests in a temporary file that disappears with it."""

    def __init__(self) -> None:
        # An empty name is a private file on disk, which SQLite keeps in memory while it is small.
        self.base = sqlite3.connect("", isolation_level=None)
        self.base.executescript(_TABLES)
        self.waiting: list[tuple[object, ...]] = []

    def close(self) -> None:
        self.base.close()

    def see(self, fact: Seen) -> None:
        digest = bytes.fromhex(fact.digest)
        self.waiting.append((fact.sheet, fact.number, fact.vintage, digest, fact.lock))
        if len(self.waiting) >= _BATCH:
            self._flush()

    def _flush(self) -> None:
        self._insert("INSERT INTO seen VALUES (?, ?, ?, ?, ?)", self.waiting)
        self.waiting = []

    def _insert(self, statement: str, rows: Iterable[tuple[object, ...]]) -> None:
        self.base.execute("BEGIN")
        self.base.executemany(statement, rows)
        self.base.execute("COMMIT")

    def repeated(self, most: int) -> list[tuple[str, int, int]]:
        """(sheet, number, number of the first) of facts of which another is the same version; at
        most so many."""
        self._flush()
        return self.base.execute(
            "SELECT s.sheet, s.number, f.first FROM seen s JOIN ("
            "SELECT sheet, vintage, MIN(number) AS first FROM seen "
            "GROUP BY sheet, vintage HAVING COUNT(*) > 1) f "
            "ON f.sheet = s.sheet AND f.vintage = s.vintage AND f.first < s.number "
            "ORDER BY s.sheet, s.number LIMIT ?",
            [most],
        ).fetchall()

    def compare(self, recorded: Iterable[Recorded]) -> None:
        """Tell apart what is new; ask :meth:`changed` and the others only after this."""
        self._flush()
        rows = ((r.sheet, r.vintage, bytes.fromhex(r.digest), r.seq, r.own) for r in recorded)
        self._insert("INSERT INTO recorded VALUES (?, ?, ?, ?, ?)", rows)
        self.base.executescript(_LAST)
        self.base.executescript(_CHANGED)

    def total(self) -> int:
        """How many facts the pack holds."""
        self._flush()
        (seen,) = self.base.execute("SELECT COUNT(*) FROM seen").fetchone()
        return int(seen)

    def counts(self) -> tuple[int, int, int]:
        """How many facts are new, are recorded already, and are recorded but left the pack."""
        (new,) = self.base.execute("SELECT COUNT(*) FROM changed").fetchone()
        (left,) = self.base.execute(
            "SELECT COUNT(*) FROM own_last o WHERE NOT EXISTS (SELECT 1 FROM seen s "
            "WHERE s.sheet = o.sheet AND s.vintage = o.vintage)"
        ).fetchone()
        return new, self.total() - new, left

    def changed(self, sheet: str) -> Iterator[int]:
        """The row numbers of a sheet whose facts are new, in order."""
        cursor = self.base.execute(
            "SELECT number FROM changed WHERE sheet = ? ORDER BY number", [sheet]
        )
        return (number for (number,) in cursor)

    def locked(self) -> list[tuple[str, int, str]]:
        """(sheet, number, lock) of the new facts whose period is closed."""
        return self.base.execute(
            "SELECT sheet, number, lock FROM changed WHERE lock <> '' ORDER BY sheet, number"
        ).fetchall()
