"""How do plans differ? Results side by side, month by month, in numbers only.

Plans that were simulated with one seed meet the same chance, so their difference is taken
replication by replication: what chance did to both falls out. No plan is called better here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from cauce.engines.capacity.refusing import Floats, positive
from cauce.engines.capacity.result import Result
from cauce.engines.capacity.units import DAYS_PER_MONTH
from cauce.errors import CauceError

__all__ = ["SHARES", "Compared", "Measure", "Side", "compare"]

#: The quantiles given of everything.
SHARES: Final = (0.1, 0.5, 0.9)

# What must be the same in two results, or the n-th replications are not a pair.
_SAME = ("seed", "engine", "deadlines")


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """One quantity of one plan, M moments; quantiles as in SHARES.

    fan [3, M]: quantiles over the replications. difference [3, M]: quantiles of what it is more
    than in the first plan, in the same replication. mean_difference [M].
    """

    fan: Floats
    difference: Floats
    mean_difference: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One plan: files pending, done since the start, and overdue, for each deadline."""

    name: str
    backlog: Measure
    done: Measure
    overdue: tuple[Measure, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """Plans side by side. times [M]: the last times looked at in each month, and the end, in days.

    replications: pairs that were compared; where one result was stopped, those that both have.
    """

    times: Floats
    deadlines: tuple[str, ...]
    replications: int
    sides: tuple[Side, ...]


def compare(named: Mapping[str, Result], *, every: float = DAYS_PER_MONTH) -> Compared:
    """Lay results side by side; differences are from the first. ``every``: days, from the start.

    Raises ``capacity_too_few`` without a result, ``capacity_lengths_differ`` where other times were
    looked at, and ``capacity_conflict`` where seed, engine or deadlines are not the same, because
    then there are no pairs.
    """
    if not named:
        raise CauceError("capacity_too_few", field="named", value=0, limit=1)
    positive("every", every)
    names, results = tuple(named), tuple(named.values())
    for name, result in named.items():
        _check_pair(names[0], results[0], name, result)
    pairs = min(result.replications for result in results)
    at = _moments(results[0].times, every)
    first, *_ = seen = [_seen(result, at, pairs) for result in results]
    sides = [_side(name, one, first) for name, one in zip(names, seen, strict=True)]
    return Compared(results[0].times[at], results[0].deadlines, pairs, tuple(sides))


def _check_pair(first_name: str, first: Result, name: str, result: Result) -> None:
    if not np.array_equal(first.times, result.times):
        raise CauceError(
            "capacity_lengths_differ", field=f"{name}.times", other=f"{first_name}.times"
        )
    for each in _SAME:
        if getattr(first, each) != getattr(result, each):
            raise CauceError(
                "capacity_conflict", field=f"{name}.{each}", other=f"{first_name}.{each}"
            )


def _moments(times: Floats, every: float) -> list[int]:
    """Where in the times each month is seen last, the start and the end among them."""
    # A time within rounding of a month's end belongs to that month.
    month = np.ceil((times - 1e-9) / every)
    return [*np.flatnonzero(np.diff(month)).tolist(), len(times) - 1]


def _seen(result: Result, at: list[int], pairs: int) -> tuple[Floats, ...]:
    """Backlog, done and each deadline's overdue, [M, R]."""
    all_of_them = (result.backlog_by_time, result.done, *result.overdue)
    return tuple(values[at, :pairs] for values in all_of_them)


def _side(name: str, seen: tuple[Floats, ...], first: tuple[Floats, ...]) -> Side:
    backlog, done, *overdue = (_measure(*pair) for pair in zip(seen, first, strict=True))
    return Side(name, backlog, done, tuple(overdue))


def _measure(values: Floats, first: Floats) -> Measure:
    more = values - first
    return Measure(
        np.quantile(values, SHARES, axis=-1), np.quantile(more, SHARES, axis=-1), more.mean(axis=-1)
    )
