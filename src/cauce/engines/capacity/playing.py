"""How is one replication played? From values to what the loops take, and back.

The loops (``kernel.py``, ``kernel_stage.py``) know flat rows of numbers; here they get them, and
what they have written becomes visits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cauce.engines.capacity.compiled import Loops
from cauce.engines.capacity.draws import Attempts, Cases, Ways, draw_attempts, ways_of
from cauce.engines.capacity.kernel import OUT
from cauce.engines.capacity.model import Network
from cauce.engines.capacity.played import OUTCOMES, Played
from cauce.engines.capacity.playing_chain import OneByOne, in_turn
from cauce.engines.capacity.refusing import Floats, Integers
from cauce.engines.capacity.result import Visits
from cauce.engines.capacity.scenario import Scenario

__all__ = ["Prepared"]


@dataclass(frozen=True)
class Prepared:
    """A scenario as the loop takes it: what does not differ between replications."""

    scenario: Scenario
    until: float
    loops: Loops

    @cached_property
    def ways(self) -> tuple[Ways, ...]:
        return ways_of(self.scenario.network)

    @cached_property
    def changes(self) -> tuple[Floats, Integers, Floats]:
        """Times, codes and values of what changes after the start, as the loop reads them."""
        rows = in_turn(_changes(self.scenario.network, self.until))
        return rows[:, 0].copy(), rows[:, 1].astype(np.int64), rows[:, 2].copy()

    @cached_property
    def needs(self) -> tuple[Integers, Integers]:
        """Which pools each queue needs: where its rows begin, and the rows."""
        network = self.scenario.network
        pools = [pool.name for pool in network.pools]
        rows = [
            [pools.index(name) for name in stage.of(class_).needs]
            for stage in network.stages
            for class_ in network.classes
        ]
        at = np.cumsum([0, *map(len, rows)])
        return at, np.array([number for row in rows for number in row], dtype=np.int64)

    def play(self, cases: Cases, seed: int, replication: int) -> Played:
        """Run the loop once: stage after stage where each is fed by one other, else all at once."""
        attempts = draw_attempts(self.scenario.network, self.ways, cases, seed, replication)
        if self.chain is not None:
            return self.one_by_one.play(cases, attempts)
        return self.together(cases, attempts)

    def together(self, cases: Cases, attempts: Attempts) -> Played:
        """All stages in one loop."""
        written, scratch = self.written(attempts), self.scratch(attempts.joins)
        given = {**self.given(cases), **self.chances(attempts), **scratch, **written}
        count = self.loops.network(**given)
        stages, classes = len(self.scenario.network.stages), len(self.scenario.network.classes)
        visits = _visits(written, count, cases, classes)
        return Played.of(visits, stages, cases, np.array(scratch["busy_days"]))

    @cached_property
    def chain(self) -> tuple[tuple[int, int], ...] | None:
        """(stage, the one that feeds it or OUT) from the first on, where the loop for one stage
        will do: one class, no pools, no limited places, no missed appointments, and every stage fed
        by arrivals or by one other stage. ``None`` where it will not."""
        network = self.scenario.network
        if network.pools or len(network.classes) > 1:
            return None
        if any(stage.no_show or stage.places is not None for stage in network.stages):
            return None
        entries = {self.scenario.entry(arrivals) for arrivals in self.scenario.arrivals}
        entries |= {network.names.index(waiting.stage) for waiting in self.scenario.start.waiting}
        reached = [(stage, OUT) for stage in sorted(entries)]
        for stage, _ in reached:
            reached += [(to, stage) for to in self.ways[stage].onward.tolist()]
            if len({stage for stage, _ in reached}) < len(reached):
                return None
        return tuple(reached)

    @cached_property
    def one_by_one(self) -> OneByOne:
        """Each stage in a loop of its own; only where there is a chain."""
        return OneByOne(self.scenario, self.until, self.loops, self.ways, self.chain or ())

    def given(self, cases: Cases) -> dict[str, Any]:
        """What the loop is told of cases, changes and stages."""
        network, flat = self.scenario.network, self.flat
        stages, classes, none = network.stages, network.classes, np.iinfo(np.int64).max
        places = [none if stage.places is None else stage.places for stage in stages]
        change_time, change_code, change_value = self.changes
        need_at, need = self.needs
        return {
            "until": float(self.until),
            "classes": len(classes),
            "case_time": flat(cases.time),
            "case_stage": flat(cases.stage),
            "case_class": flat(cases.class_),
            "change_time": flat(change_time),
            "change_code": flat(change_code),
            "change_value": flat(change_value),
            "staff": flat(_integers(stage.staff.values[0] for stage in stages)),
            "speed": flat(np.array([stage.speed.values[0] for stage in stages])),
            "finish": flat(_integers(stage.when_cut == "finish" for stage in stages)),
            "places": flat(_integers(places)) if self.is_rich else None,
            "priority": flat(_integers(s.of(c).priority for s in stages for c in classes)),
            "free": flat(_integers(p.servers.values[0] for p in network.pools))
            if network.pools
            else None,
            "need_at": flat(need_at),
            "need": flat(need),
        }

    def chances(self, attempts: Attempts) -> dict[str, Any]:
        """The draws; where each queue's begin is copied, because the loop moves it on."""
        flat, patience = self.flat, attempts.patience
        return {
            "attempts": flat(attempts.at.copy()),
            "work": flat(attempts.work),
            "route": flat(attempts.route),
            "patiences": flat(attempts.patience_at.copy()),
            "patience": None if patience is None else flat(patience),
        }

    def scratch(self, visits: int) -> dict[str, Any]:
        """Space for what is known of each stage and queue while the loop runs; no more servers are
        ever at work in a stage than there are visits."""
        stages, room = self.scenario.network.stages, self.room
        most = [min(int(max(stage.staff.values)), visits) for stage in stages]
        queues = len(stages) * len(self.scenario.network.classes)
        times = ("work_done", "reckoned", "busy_since", "busy_days")
        return {
            "heap_at": self.flat(np.cumsum([0, *most[:-1]])),
            "heap_key": room(sum(most), 0.0),
            "heap_item": room(sum(most), 0),
            "busy": room(len(stages), 0),
            "waiting": room(len(stages), 0),
            "done_at": room(len(stages), np.inf),
            **{name: room(len(stages), 0.0) for name in times},
            **{name: room(queues, 0) for name in ("length", "head", "tail")},
        }

    def written(self, attempts: Attempts) -> dict[str, Any]:
        """Space for every visit there can be; ``None`` for what no case of this plan does."""
        count, empty = attempts.joins, self.empty
        leaves = attempts.patience is not None
        return {
            **{name: empty(count, "i4") for name in ("visit_case", "visit_queue")},
            **{name: empty(count, "i4") for name in ("attempt", "after")},
            "state": empty(count, "i1"),
            "joined": empty(count),
            "started": empty(count),
            "ended": empty(count),
            "queued": empty(count) if self.is_rich else None,
            "leave_by": empty(count) if leaves else None,
            "awaited": empty(count, "i1") if leaves else None,
            "leave_key": empty(count) if leaves else None,
            "leave_item": empty(count, "i8") if leaves else None,
            "left": empty(count) if self.is_rich else None,
        }

    @cached_property
    def is_rich(self) -> bool:
        """Several classes, limited places, or staff that fall and hand cases over. The loop is
        compiled once for plans with and once for plans without these, not for each of them."""
        network = self.scenario.network
        return len(network.classes) > 1 or any(
            stage.places is not None or (np.diff(stage.staff.values) < 0).any()
            for stage in network.stages
        )

    def flat(self, array: Any) -> Any:
        """As the loop takes it: an array, or a list where it is plain Python."""
        return np.ascontiguousarray(array) if self.loops.fast else array.tolist()

    def empty(self, count: int, kind: str = "f8") -> Any:
        """Space that is written before it is read."""
        return np.empty(count, kind) if self.loops.fast else [0] * count

    def room(self, count: int, value: float) -> Any:
        """So many times the value."""
        if not self.loops.fast:
            return [value] * count
        return np.full(count, value, dtype=np.int64 if isinstance(value, int) else np.float64)


def _changes(network: Network, until: float) -> Iterator[tuple[float, bool, int, float]]:
    """(time, whether it rises, code, value) of what changes after the start and before the end."""
    count = len(network.stages)
    for number, stage in enumerate(network.stages):
        for code, steps in ((2 * number, stage.staff), (2 * number + 1, stage.speed)):
            for time, before, value in zip(
                steps.times[1:], steps.values, steps.values[1:], strict=False
            ):
                if time <= until:
                    yield time, value > before, code, value
    for number, pool in enumerate(network.pools):
        values = pool.servers.values
        for time, more in zip(pool.servers.times[1:], np.diff(values), strict=True):
            if time <= until:
                yield time, more > 0, 2 * count + number, float(more)


def _integers(values: Iterable[float]) -> Integers:
    return np.array([int(value) for value in values], dtype=np.int64)


def _visits(written: dict[str, Any], count: int, cases: Cases, classes: int) -> Visits:
    def column(name: str, kind: type = np.float64) -> Any:
        return np.asarray(written[name][:count], dtype=kind)

    case, queue = column("visit_case", np.int64), column("visit_queue", np.int64)
    state = column("state", np.int64)
    return Visits(
        case=case,
        class_=queue % classes if classes > 1 else np.zeros(count, dtype=np.int64),
        stage=queue // classes if classes > 1 else queue,
        filed=cases.filed[case],
        joined=column("joined"),
        started=column("started"),
        ended=column("ended"),
        outcome=OUTCOMES[state],
    )
