"""A process that seals very many values as one entry and tells how much memory that took:
``many.py RECORDS``. Started by ``test_many_records.py``."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import django

django.setup()

from cauce.journal.sealing import record  # noqa: E402
from cauce.ledger.models import Observation  # noqa: E402
from cauce.values.breakdown import Breakdown  # noqa: E402

ELSEWHERE = """
import django; django.setup()
from cauce.journal import database, sealing
from cauce.parties.models import Place
database.LOCK_SECONDS = 2
made = Place.from_cells(code=f"OTHER-{%d}", kind="area", name_es="otro")
print(sealing.record([made], by="Beto", why="meanwhile").seq)
"""


def main(count: int) -> None:
    others: list[int] = []
    before = peak()
    receipt = record(values(count, others), by="Ana", why="a large file")
    told = {
        "seq": receipt.seq,
        "count": receipt.count,
        "others": others,
        "before_mb": before,
        "peak_mb": peak(),
    }
    json.dump(told, sys.stdout)


def values(count: int, others: list[int]) -> Iterator[Observation]:
    """Values that differ in their breakdown alone; at three points somebody else writes."""
    first = Observation.from_cells(
        indicator="demo/CASES", place="MEX", period="2023", reporter="demo/ANA", value=1
    )
    cells: dict[str, Any] = {f.name: getattr(first, f.name) for f in Observation.content_fields()}
    pauses = {1, count // 2, count - 1}
    for number in range(count):
        if number in pauses:
            others.append(write_elsewhere(number))
        breakdown = Breakdown((("cell", str(number)),))
        yield Observation.of_values({**cells, "breakdown": breakdown})


def write_elsewhere(number: int) -> int:
    done = subprocess.run(
        [sys.executable, "-c", ELSEWHERE % number], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(done.stdout)


def peak() -> int:
    """The most memory this process has had, in megabytes."""
    unit = 1024 if sys.platform == "linux" else 1024 * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


if __name__ == "__main__":
    main(int(sys.argv[1]))
