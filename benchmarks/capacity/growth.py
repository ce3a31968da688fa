"""The two engines for many cases, and how cost grows with cases, stages and replications."""

from __future__ import annotations

from benchmarks.capacity.plans import DAYS, backlog, tandem
from benchmarks.capacity.timing import Goal, least
from cauce.engines import capacity as c

__all__ = ["goals", "tables"]


def goals(replications: int) -> list[Goal]:
    tau = c.Run(DAYS, every=30.0, replications=replications, engine="tau")
    fluid = c.Run(DAYS, every=30.0, engine="fluid")
    scenario = backlog()
    tau_seconds = least(lambda: c.simulate_scenario(scenario, tau, seed=1), 3)
    fluid_seconds = least(lambda: c.simulate_scenario(scenario, fluid, seed=1))
    return [
        Goal(
            f"tau, {replications:,} replications, 100,000 pending, 24 months, 3 stages",
            tau_seconds, 2, "s", at_least=False,
        ),
        Goal("fluid, the same plan", fluid_seconds * 1e3, 20, "ms", at_least=False),
    ]  # fmt: skip


def tables(*, quick: bool) -> str:
    """How the event engine's time grows, as ratios to the first row."""
    sizes = (1, 10, 100) if not quick else (1, 10)
    counts = (1, 10, 100) if not quick else (1, 10)
    return "\n\n".join(
        (
            _table("cases", [(f"{s} × 7,300", tandem(s), 1) for s in sizes]),
            _table("stages", [(f"{n}", tandem(10, n), 1) for n in (1, 3, 10)]),
            _table("replications", [(f"{n}", tandem(), n) for n in counts]),
        )
    )


def _table(what: str, rows: list[tuple[str, c.Scenario, int]]) -> str:
    made = [f"| {what} | event | tau | fluid |", "|---|---|---|---|"]
    first: dict[str, float] = {}
    for label, scenario, replications in rows:
        cells = []
        for engine in ("event", "tau", "fluid"):
            run = c.Run(DAYS, every=30.0, replications=replications, engine=engine)
            seconds = _seconds(scenario, run)
            first.setdefault(engine, seconds)
            cells.append(f"{seconds / first[engine]:.1f}")
        made.append(f"| {label} | {' | '.join(cells)} |")
    return "\n".join(made)


def _seconds(scenario: c.Scenario, run: c.Run) -> float:
    return least(lambda: c.simulate_scenario(scenario, run, seed=1), 3)
