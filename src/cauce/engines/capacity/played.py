"""What has one replication of the event engine left behind, whichever loop played it?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np

from cauce.engines.capacity.draws import Cases
from cauce.engines.capacity.refusing import Floats, Integers
from cauce.engines.capacity.result import Visits

__all__ = ["DONE", "LEFT", "OUTCOMES", "TURNED_AWAY", "Played"]

# How a visit ended, as Visits says it; 0 where it has not.
DONE, LEFT, TURNED_AWAY = 1, 2, 3
#: From the states of the loops: waiting, in service, interrupted, finished, left, turned away.
OUTCOMES = np.array([0, 0, 0, DONE, LEFT, TURNED_AWAY], dtype=np.int8)

_COLUMNS = tuple(field.name for field in fields(Visits))


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """of_stage [stage]: its visits in their order. leaves [case]: when it left, infinite where it
    has not. outcome [case]: of its last visit. busy_days [stage]: days of servers at work."""

    of_stage: tuple[Visits, ...]
    leaves: Floats
    outcome: Integers
    busy_days: Floats

    @classmethod
    def of(cls, visits: Visits, stages: int, cases: Cases, busy_days: Floats) -> Played:
        """From the visits of all stages, in the order in which cases came to them."""
        of_stage = [visits]
        if stages > 1:
            own = [visits.stage == stage for stage in range(stages)]
            of_stage = [Visits(*(getattr(visits, name)[it] for name in _COLUMNS)) for it in own]
        # The last visit of a case stands after its others.
        return cls(tuple(of_stage), *_last([visits], cases), busy_days)

    @classmethod
    def one_by_one(
        cls, of_stage: Sequence[Visits], order: Sequence[int], cases: Cases, busy_days: Floats
    ) -> Played:
        """From the visits of each stage; ``order``: a stage stands after the one that feeds it."""
        return cls(tuple(of_stage), *_last([of_stage[stage] for stage in order], cases), busy_days)

    @property
    def visits(self) -> Visits:
        """All visits in the order in which cases came; at one moment, to the last stage first."""
        if len(self.of_stage) == 1:
            return self.of_stage[0]
        last_first = self.of_stage[::-1]
        columns = [np.concatenate([getattr(v, name) for v in last_first]) for name in _COLUMNS]
        order = np.argsort(columns[_COLUMNS.index("joined")], kind="stable")
        return Visits(*(column[order] for column in columns))


def _last(visits: Sequence[Visits], cases: Cases) -> tuple[Floats, Integers]:
    """When each case left its last stage, and how."""
    if len(visits) == 1 and len(visits[0].case) == cases.count:
        # One visit each, in the order of the cases.
        return visits[0].ended, visits[0].outcome
    leaves, outcome = np.full(cases.count, np.inf), np.zeros(cases.count, dtype=np.int8)
    for part in visits:
        leaves[part.case] = part.ended
        outcome[part.case] = part.outcome
    return leaves, outcome
