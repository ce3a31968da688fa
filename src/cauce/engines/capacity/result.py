"""What happens: how many wait, are done, leave or are late, by time, stage and replication.

The three engines fill the same :class:`Result`. Counts are of files; persons stand apart. Where an
engine cannot know something exactly, ``notes`` say so by a code; it never gives another number in
its place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from cauce.engines.capacity.refusing import (
    Floats,
    Integers,
    finite,
    not_negative,
    one_of,
    positive,
    share,
    whole,
)
from cauce.engines.capacity.scenario import Deadline
from cauce.errors import CauceError
from cauce.values.answer import Code

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["ENGINES", "NOTES", "Progress", "Result", "Run", "Visits"]

ENGINES = ("event", "tau", "fluid")

#: Called after each piece of work with (done, all); returns False to stop with what is known.
Progress = Callable[[int, int], bool | None]

#: What a reader of a result must know, with the names of the parameters.
NOTES: dict[str, tuple[str, ...]] = {
    # Plain Python did the work of the extra; the numbers are the same.
    "not_compiled": ("extra",),
    # Stopped on request; the result is of the replications done.
    "interrupted": ("done", "asked"),
    # Ages and deadlines as if cases were decided in the order in which they were filed.
    "in_order_of_filing": (),
    # Waits are the delay between the curves of who came and who started, not those of single cases.
    "waits_from_curves": (),
    # Means only: chance is not drawn.
    "no_chance": (),
    # This engine does not hold something the network declares; named by its field.
    "not_held": ("field", "engine"),
}

_LONGEST_GRID = 100_000
# Times × replications: each stage keeps some numbers of each.
_MOST_CELLS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Run:
    """How to look: until when, how often, how many times, by which engine.

    until: days. every: days between the times looked at, from 0; the last one is ``until``.
    age_edges: days; the stock is counted by "at least so old". quantiles: of the waiting times.
    keep_visits: keep when each case joined, started and left each stage (event engine only).
    threads: replications run side by side; the numbers are the same for any.
    """

    until: float
    every: float = 7.0
    replications: int = 100
    engine: str = "event"
    deadlines: tuple[Deadline, ...] = ()
    age_edges: tuple[float, ...] = (0.0, 90.0, 180.0, 365.0, 730.0)
    quantiles: tuple[float, ...] = (0.5, 0.8, 0.9, 0.95)
    keep_visits: bool = False
    threads: int = 1

    def __post_init__(self) -> None:
        positive("until", finite("until", self.until))
        positive("every", self.every)
        for name in ("replications", "threads"):
            number = whole(name, getattr(self, name))
            positive(name, number)
            object.__setattr__(self, name, number)
        one_of("engine", self.engine, ENGINES)
        for edge in self.age_edges:
            not_negative("age_edges", edge)
        for quantile in self.quantiles:
            share("quantiles", quantile)
        names = [deadline.name for deadline in self.deadlines]
        if len(set(names)) < len(names):
            raise CauceError("capacity_twice", field="deadlines", value=", ".join(names))
        steps = self.until / self.every
        if steps > _LONGEST_GRID:
            raise CauceError(
                "capacity_too_many", field="every", value=float(steps), limit=_LONGEST_GRID
            )
        # ``fluid`` has one replication, whatever is asked for.
        most = int(_MOST_CELLS / max(steps, 1.0))
        if self.engine != "fluid" and self.replications > most:
            raise CauceError(
                "capacity_too_many", field="replications", value=self.replications, limit=most
            )

    @property
    def times(self) -> Floats:
        """The times looked at, in days: 0, every, 2 × every … and until."""
        count = max(int(np.ceil(self.until / self.every - 1e-9)), 1)
        return np.append(np.arange(count) * self.every, self.until)


@dataclass(frozen=True, slots=True, eq=False)
class Visits:
    """One row for each time a case came to a stage, in the order in which they came.

    All arrays [visit]; times in days, infinite where it did not happen before the end. ``outcome``:
    0 still there, 1 finished here, 2 left while waiting, 3 turned away. ``filed`` is negative for
    the backlog. ``started``: when the attempt that counts was begun, before any interruption.
    """

    case: Integers
    class_: Integers
    stage: Integers
    filed: Floats
    joined: Floats
    started: Floats
    ended: Floats
    outcome: Integers


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """Counts by time, stage and replication; T times, S stages, R replications, D deadlines.

    arrived [T, R]: files since the start, without the backlog. pending [T, S, R]: waiting and in
    service. done [T, R], lost [T, S, R] (left while waiting) and turned_away [T, S, R]: since the
    start. At every time backlog + arrived = pending + done + lost + turned away, exactly.
    pending_persons [T, R]. aged [T, A, R]: pending files at least so many days old as age_edges.
    overdue [D, T, R]: pending files whose limit has ended.
    filed [T − 1, R]: files that came between two times (one that comes at 0 exactly is there from
    the start, and in none); on_time [D, T − 1, R]: those of them decided within the limit; unknown
    [D, T − 1, R]: those still open whose limit ends after the run.
    waits [S, Q, R]: quantiles of the days between coming to a stage and starting there, of those
    who started; NaN where nobody did. busy [S, R]: the mean number of servers who hold a
    case, also while the office is closed.
    flagged [R]: files that came after a filing limit.
    """

    stages: tuple[str, ...]
    times: Floats
    backlog: int
    arrived: Floats
    pending: Floats
    done: Floats
    lost: Floats
    turned_away: Floats
    pending_persons: Floats
    age_edges: tuple[float, ...]
    aged: Floats
    deadlines: tuple[str, ...]
    overdue: Floats
    filed: Floats
    on_time: Floats
    unknown: Floats
    quantiles: tuple[float, ...]
    waits: Floats
    busy: Floats
    flagged: Floats
    engine: str
    seed: int
    notes: tuple[Code, ...] = ()
    visits: tuple[Visits, ...] = field(default=(), repr=False)

    @property
    def replications(self) -> int:
        return int(self.pending.shape[2])

    @property
    def backlog_by_time(self) -> Floats:
        """Pending files at all stages, [T, R]."""
        total: Floats = self.pending.sum(axis=1)
        return total

    def fan(self, values: Floats, shares: tuple[float, ...] = (0.1, 0.5, 0.9)) -> Floats:
        """Quantiles over the replications (the last axis), first axis the share."""
        found: Floats = np.quantile(values, shares, axis=-1)
        return found

    def columns(self) -> dict[str, Any]:
        """One row for each replication, time and stage, as arrays of one length.

        Columns: replication, time, stage, pending, lost, turned_away, and, the same at every stage
        of a time, arrived and done.
        """
        times, stages, runs = self.pending.shape
        shape = (runs, times, stages)

        def spread(values: Floats) -> Floats:
            return np.broadcast_to(values.T[:, :, None], shape).ravel()

        return {
            "replication": np.repeat(np.arange(runs), times * stages),
            "time": np.broadcast_to(self.times[None, :, None], shape).ravel(),
            "stage": np.tile(np.array(self.stages), runs * times),
            **{
                name: getattr(self, name).transpose(2, 0, 1).ravel()
                for name in ("pending", "lost", "turned_away")
            },
            "arrived": spread(self.arrived),
            "done": spread(self.done),
        }

    def to_arrow(self) -> pa.Table:
        """The columns as an Arrow table; raises ``extra_missing`` without the extra ``arrow``."""
        try:
            import pyarrow as pa
        except ImportError as missing:
            raise CauceError("extra_missing", extra="arrow") from missing
        return pa.table(self.columns())
