"""How long does it take? The least of several runs, in this process or in another's."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

__all__ = ["Goal", "elsewhere", "least", "table"]


@dataclass(frozen=True, slots=True)
class Goal:
    """A measured ratio or time, what was aimed at, and whether more or less is better."""

    what: str
    measured: float | None
    aim: float
    unit: str = "×"
    at_least: bool = True

    @property
    def is_met(self) -> bool:
        if self.measured is None:
            return False
        return self.measured >= self.aim if self.at_least else self.measured <= self.aim


def least(work: Callable[[], object], times: int = 5) -> float:
    """Seconds of the quickest of several runs; the first, which compiles, is not among them."""
    work()
    found = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        found.append(time.perf_counter() - began)
    return min(found)


def elsewhere(python: str, program: str, *arguments: object) -> dict[str, float] | None:
    """What a program prints as JSON in a process of its own; ``None`` where a package is absent."""
    made = subprocess.run(  # noqa: S603  # our own programs
        [python, "-c", program, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode == 0:
        found: dict[str, float] = json.loads(made.stdout)
        return found
    if "ModuleNotFoundError" not in made.stderr:
        sys.stderr.write(made.stderr)
    return None


def table(goals: list[Goal]) -> str:
    """The goals as a table, missed ones said."""
    rows = ["| what | measured | aim | |", "|---|---|---|---|"]
    for goal in goals:
        sign = "≥" if goal.at_least else "≤"
        aim = f"{sign} {goal.aim:g} {goal.unit}"
        if goal.measured is None:
            rows.append(f"| {goal.what} | not installed here | {aim} | |")
        else:
            measured = f"{goal.measured:,.3g} {goal.unit}"
            rows.append(f"| {goal.what} | {measured} | {aim} | {'' if goal.is_met else 'missed'} |")
    return "\n".join(rows)
