"""What does the capacity engine cost, against what others use for the same queues?

    python -m benchmarks.capacity [--quick]

One run measures, side by side on this machine: our event engine, a bare loop written by hand for
each queue and compiled by numba, Ciw and SimPy on the same queues; our plain Python loop; ``tau``
and ``fluid``; and how cost grows. Prints the tables of docs/reference/capacity-benchmarks.md.

Ciw and SimPy are no dependencies: ``CAUCE_BENCHMARK_PYTHON`` names an interpreter that has them;
where they are absent that is said. Ciw runs with constant staff, because at a change of its roster
it exchanges all its servers, which is another model. Compiling (seconds, once) is not counted.
"""

from __future__ import annotations

import os
import sys

from benchmarks.capacity import growth, tandem, textbook
from benchmarks.capacity.timing import Goal, table

OTHER = os.environ.get("CAUCE_BENCHMARK_PYTHON", sys.executable)


def main(*, quick: bool) -> None:
    goals: list[Goal] = [
        *tandem.goals(OTHER, replications=5 if quick else 50),
        *textbook.goals(OTHER, customers=100_000 if quick else 1_000_000),
        *growth.goals(replications=100 if quick else 1000),
    ]
    print(table(goals))
    print(growth.tables(quick=quick))


if __name__ == "__main__":
    main(quick="--quick" in sys.argv)
