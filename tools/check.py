"""Is the checkout fit to be committed? `make check` runs this.

Runs every check, two at a time, and prints what failed in full; a check that passes prints one
line. It never stops at the first failure: one run shows everything there is to mend.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

__all__ = ["STEPS", "Outcome", "Step", "main", "run"]

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class Step:
    """One check: what it looks at, and the command in the checkout's environment."""

    name: str
    command: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a step ended, and what it printed."""

    step: Step
    passed: bool
    seconds: float
    output: str


#: What needs neither a browser, nor a database, nor patience.
QUICK = (
    "pytest",
    "-q",
    "-m",
    "not slow and not simulation and not browser and not postgresql and not database",
)
PURE = ("tests/values", "tests/errors", "tests/engines", "tests/formats")

# The long ones come first, so that the short ones run beside them; the unit tests are two steps,
# so that they run beside each other.
STEPS = (
    Step("unit tests of the pure floors", (*QUICK, *PURE)),
    Step("types", ("mypy",)),
    Step("unit tests of rooms and doors", (*QUICK, *(f"--ignore={folder}" for folder in PURE))),
    Step("format", ("ruff", "format", "--check", ".")),
    Step("lint", ("ruff", "check", "--output-format=concise", ".")),
    Step("import contracts", ("lint-imports",)),
    Step("migrations", ("django-admin", "makemigrations", "--check", "--dry-run")),
    Step("messages", ("python", "tools/check_messages.py")),
)


def main() -> int:
    """Run all steps; 0 if all passed, else 1."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        outcomes = []
        for outcome in pool.map(run, STEPS):
            report(outcome)
            outcomes.append(outcome)
    return 0 if all(outcome.passed for outcome in outcomes) else 1


def run(step: Step) -> Outcome:
    """Run one step to its end."""
    started = time.monotonic()
    result = subprocess.run(
        [str(Path(sys.executable).with_name(step.command[0])), *step.command[1:]],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return Outcome(step, result.returncode == 0, time.monotonic() - started, result.stdout)


def environment() -> dict[str, str]:
    """The checks get a workspace of their own: they must neither need nor touch a real one."""
    workspace = ROOT / "build" / "check-workspace"
    workspace.mkdir(parents=True, exist_ok=True)
    return {
        **os.environ,
        "CAUCE_DIR": str(workspace),
        "DJANGO_SETTINGS_MODULE": "cauce.project.settings",
        "PYTHONUTF8": "1",
    }


def report(outcome: Outcome) -> None:
    """One line for what passed; everything it said for what did not."""
    word = "ok    " if outcome.passed else "FAILED"
    print(f"{word} {outcome.step.name:<17} {outcome.seconds:5.1f} s", flush=True)
    if not outcome.passed:
        print(f"\n$ {' '.join(outcome.step.command)}\n{outcome.output}", flush=True)
    elif outcome.step.command[0] == "pytest":
        print(f"       {outcome.output.strip().splitlines()[-1]}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
