"""How is one replication played stage by stage, where each is fed by one other?

With ``kernel_stage.py``: what a stage has done, in the order in which it was done, is what comes to
the next. The numbers are those of the loop for all stages at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from cauce.engines.capacity.compiled import Loops
from cauce.engines.capacity.draws import Attempts, Cases, Ways
from cauce.engines.capacity.kernel import OUT
from cauce.engines.capacity.model import Stage
from cauce.engines.capacity.played import OUTCOMES, Played
from cauce.engines.capacity.refusing import Floats, Integers
from cauce.engines.capacity.result import Visits
from cauce.engines.capacity.scenario import Scenario

__all__ = ["OneByOne", "in_turn"]


@dataclass(frozen=True, slots=True, eq=False)
class _Passed:
    """What one stage has done: its visits, those done in their order, and each one's attempt."""

    visits: Visits
    done: Integers
    attempt: Integers
    busy_days: float


@dataclass(frozen=True)
class OneByOne:
    """``chain``: (stage, the one that feeds it or OUT), a stage after the one that feeds it."""

    scenario: Scenario
    until: float
    loops: Loops
    ways: Sequence[Ways]
    chain: Sequence[tuple[int, int]]

    def play(self, cases: Cases, attempts: Attempts) -> Played:
        """All stages of one replication."""
        stages = self.scenario.network.stages
        passed = [_nobody(number) for number in range(len(stages))]
        for number, feeder in self.chain:
            if feeder == OUT:
                own, time = self.entering(number, cases)
            else:
                own, time = self.onward(number, passed[feeder], attempts.route, self.ways[feeder])
            passed[number] = self.through(number, cases, own, time, attempts)
        visits = [each.visits for each in passed]
        order = [number for number, _ in self.chain]
        return Played.one_by_one(visits, order, cases, np.array([e.busy_days for e in passed]))

    def entering(self, stage: int, cases: Cases) -> tuple[Integers, Floats]:
        """The cases that come to a stage from outside, and when."""
        if sum(feeder == OUT for _, feeder in self.chain) == 1:
            return np.arange(cases.count), cases.time
        own = np.flatnonzero(cases.stage == stage)
        return own, cases.time[own]

    def onward(
        self, stage: int, feeder: _Passed, route: Integers, ways: Ways
    ) -> tuple[Integers, Floats]:
        """The cases that come to a stage from the one that feeds it, and when."""
        done = feeder.done
        if not ways.is_certain:
            done = done[route[feeder.attempt[done]] == stage]
        return feeder.visits.case[done], feeder.visits.ended[done]

    def through(
        self, number: int, cases: Cases, own: Integers, time: Floats, attempts: Attempts
    ) -> _Passed:
        """One stage's loop over those who come at these times."""
        count, first = len(time), int(attempts.at[number])
        patience = attempts.patience
        stands = self.stands[number]
        outside = not stands["given"]["inner"]
        if patience is not None and stands["leaves"]:
            begins = int(attempts.patience_at[number])
            patience = patience[begins : begins + count]
        else:
            patience = None
        given = {
            **stands["given"],
            **self.space(count, stands),
            "case_time": self.flat(time),
            "work": self.flat(attempts.work[first : first + count]),
            "patience": None if patience is None else self.flat(patience),
        }
        done = self.loops.stage(**given)
        visits = Visits(
            case=own,
            class_=_same(0, count),
            stage=_same(number, count),
            # All cases from outside stand in their own order; from another stage they do not.
            filed=cases.filed if outside and count == cases.count else cases.filed[own],
            joined=time,
            started=np.asarray(given["started"], dtype=np.float64),
            ended=np.asarray(given["ended"], dtype=np.float64),
            outcome=OUTCOMES[np.asarray(given["state"], dtype=np.int8)],
        )
        order = np.asarray(given["order"][:done], dtype=np.int64)
        attempt = np.asarray(given["attempt"], dtype=np.int64) + first
        return _Passed(visits, order, attempt, float(given["busy_days"][0]))

    @cached_property
    def stands(self) -> list[dict[str, Any]]:
        """What the loop is told of each stage, the same in every replication."""
        feeders = dict(self.chain)
        return [
            self._stands(stage, feeders.get(number, OUT) != OUT)
            for number, stage in enumerate(self.scenario.network.stages)
        ]

    def _stands(self, stage: Stage, inner: bool) -> dict[str, Any]:
        speed, flat = stage.speed, self.flat
        rows = [
            (time, value > before, code, value)
            for code, steps in ((0, stage.staff), (1, speed))
            for time, before, value in zip(
                steps.times[1:], steps.values, steps.values[1:], strict=False
            )
            if time <= self.until
        ]
        changes = in_turn(rows)
        given = {
            "until": float(self.until),
            "inner": inner,
            "change_time": flat(changes[:, 0]),
            "change_code": flat(changes[:, 1].astype(np.int64)),
            "change_value": flat(changes[:, 2]),
            "staff": int(stage.staff.values[0]),
            "speed": float(speed.values[0]),
            "finish": stage.when_cut == "finish",
        }
        falls = bool((np.diff(stage.staff.values) < 0).any())
        most = int(max(stage.staff.values))
        return {"given": given, "falls": falls, "most": most, "leaves": bool(stage.patience)}

    def space(self, count: int, stands: dict[str, Any]) -> dict[str, Any]:
        """Space that the loop writes in."""
        # No more are ever in service than come.
        most, falls, leaves = min(stands["most"], count), stands["falls"], stands["leaves"]
        if not self.loops.fast:
            return {
                **{name: [0] * count for name in ("state", "attempt", "order")},
                **{name: [np.inf] * count for name in ("started", "ended")},
                **{name: [0] * most for name in ("heap_key", "heap_item")},
                "held": [0] * most if falls else None,
                "left": [0.0] * count if falls else None,
                "leave_key": [0.0] * count if leaves else None,
                "leave_item": [0] * count if leaves else None,
                "leave_by": [0.0] * count if leaves else None,
                "awaited": [0] * count if leaves else None,
                "busy_days": [0.0],
            }
        return {
            "state": np.zeros(count, "i1"),
            "attempt": np.empty(count, "i4"),
            "order": np.empty(count, "i4"),
            "started": np.full(count, np.inf),
            "ended": np.full(count, np.inf),
            "heap_key": np.zeros(most),
            "heap_item": np.zeros(most, "i8"),
            "held": np.zeros(most, "i8") if falls else None,
            "left": np.empty(count) if falls else None,
            "leave_key": np.empty(count) if leaves else None,
            "leave_item": np.empty(count, "i8") if leaves else None,
            "leave_by": np.empty(count) if leaves else None,
            "awaited": np.zeros(count, "i1") if leaves else None,
            "busy_days": np.zeros(1),
        }

    def flat(self, array: Any) -> Any:
        """As the loop takes it: an array, or a list where it is plain Python."""
        return np.ascontiguousarray(array) if self.loops.fast else array.tolist()


def in_turn(changes: Iterable[tuple[float, bool, int, float]]) -> Floats:
    """Rows of time, code and value from (time, whether it rises, code, value).

    At one moment what falls comes first: so nobody starts where staff come as the office closes,
    or with a server of a pool that goes at that moment.
    """
    rows = [(time, code, value) for time, _, code, value in sorted(changes)]
    return np.array(rows, dtype=np.float64).reshape(-1, 3)


def _same(value: int, count: int) -> Integers:
    """One number so many times, without the room for them."""
    return np.broadcast_to(np.int64(value), count)


def _nobody(stage: int) -> _Passed:
    whole, none = np.empty(0, dtype=np.int64), np.empty(0)
    visits = Visits(whole, whole, whole + stage, none, none, none, none, whole)
    return _Passed(visits, whole, whole, 0.0)
