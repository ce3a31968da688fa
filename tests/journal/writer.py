"""A process that seals entries, one after the other: ``writer.py NAME ENTRIES RECORDS``.

Says so when it begins. Started, and killed, by ``test_writers.py``.
"""

from __future__ import annotations

import sys

import django

django.setup()

from cauce.journal.sealing import record  # noqa: E402
from cauce.parties.models import Place  # noqa: E402


def main(name: str, entries: int, records: int) -> None:
    sys.stdout.write("begin\n")
    sys.stdout.flush()
    for number in range(entries):
        made = (
            Place.from_cells(code=f"W{name}-{number}-{n}", kind="area", name_es="lugar")
            for n in range(records)
        )
        record(made, by=f"writer {name}", why=f"entry {number}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
