"""What do guards, digests and the chain cost, against a bare `executemany` of the same rows?

    python -m benchmarks.journal [RECORDS]

Seals an entry, verifies it, keeps it and brings it back, in a workspace of its own. Prints ratios
and the peak of memory: seconds say more about the machine than about Cauce. On PostgreSQL where
``DATABASE_URL`` names an empty database.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

FOLDER = Path(tempfile.mkdtemp(prefix="cauce-benchmark-"))
os.environ["CAUCE_DIR"] = str(FOLDER)
os.environ["DJANGO_SETTINGS_MODULE"] = "cauce.project.settings"

import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402

from cauce.journal import actions, backup, bulk, staging, verify  # noqa: E402
from cauce.journal.queries import workspace  # noqa: E402
from cauce.journal.sealing import record  # noqa: E402
from cauce.ledger.models import Observation  # noqa: E402


def records(count: int) -> Iterator[Observation]:
    """Values of 50 indicators for 32 places, each with a key of its own."""
    for number in range(count):
        yield Observation.from_cells(
            indicator=f"demo/I{number % 50}",
            party=f"demo/P{number % 20}",
            place=f"MX-{number % 32:03}",
            period=f"{2000 + number % 24}-{1 + number % 12:02}",
            breakdown=f"cell={number};sex=f",
            value=str(number),
            reporter="demo/ANA",
            source="demo/REPORT",
            locator=f"sheet!B{number}",
            public_at="2023-05",
        )


def bare(count: int) -> None:
    """The same rows, made beforehand in batches, into an unindexed temporary table."""
    zone = workspace().zone
    table = staging.Staged(Observation)
    columns = (*table.columns, "vintage")
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TEMPORARY TABLE bare ({names})"
            if connection.vendor == "sqlite"
            else f"CREATE TEMPORARY TABLE bare ({names.replace(',', ' text,')} text)"
        )
    batch: list[tuple[object, ...]] = []
    spent = 0.0
    for one in records(count):
        batch.append(staging.row(one, zone))
        if len(batch) == 2_000:
            began = time.perf_counter()
            bulk.insert("bare", columns, batch)
            spent += time.perf_counter() - began
            batch.clear()
    TIMES["bare executemany"] = spent


TIMES: dict[str, float] = {}
PEAKS: dict[str, int] = {}


def timed(name: str, act: Callable[[], object]) -> None:
    began = time.perf_counter()
    act()
    TIMES.setdefault(name, time.perf_counter() - began)
    PEAKS[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{name:<28}{TIMES[name]:>9.1f} s   peak {PEAKS[name]:>5} MB", flush=True)


def main(count: int) -> None:
    actions.create_workspace(dir=FOLDER)
    timed("nothing", lambda: None)
    timed("making the records", lambda: sum(1 for _ in records(count)))
    timed("bare executemany", lambda: bare(count))
    held: list[float] = []

    def sealed() -> None:
        began: list[float] = []
        record(
            records(count),
            by="benchmark",
            why="many",
            still=lambda: began.append(time.perf_counter()),
        )
        held.append(time.perf_counter() - began[0])

    timed("record: one entry", sealed)
    TIMES["of it, the lock is held"] = held[0]
    timed("verify", lambda: verify.verify())
    timed("backup", lambda: backup.backup(FOLDER / "kept.zip", folder=FOLDER))
    base = TIMES["bare executemany"]
    print(f"\n| {count:,} observations, {connection.vendor} | × bare executemany | peak MB |")
    print("|---|---|---|")
    for name, seconds in TIMES.items():
        print(f"| {name} | {seconds / base:.1f} | {PEAKS.get(name, '')} |")
    print(f"\nbackup: {(FOLDER / 'kept.zip').stat().st_size / count:.0f} bytes a record")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
