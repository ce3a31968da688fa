"""What goes into a roll-up and what comes out: cells, what was due, the outcome with its steps.

Everything is a value. The engine sees no database, no clock and no names of things.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from cauce.values.answer import Answer, Code, Known
from cauce.values.breakdown import Breakdown
from cauce.values.figure import Competing, Coverage
from cauce.values.period import Period

__all__ = ["Ask", "Cell", "CodeSpan", "Due", "Outcome", "Step", "Unit", "Unused", "World"]

RECEIVED = ("provisional", "revised", "final")


@dataclass(frozen=True, slots=True, order=True)
class Unit:
    """A reporting unit: whose work, in which programme, where. Empty text: not told apart."""

    party: str = ""
    programme: str = ""
    place: str = ""


@dataclass(frozen=True, slots=True)
class Cell:
    """One current record of the indicator.

    ``value`` is the count, amount or mean; a ratio has ``num`` and ``den``; of a mean ``den`` is
    the weight. ``share`` is the part of a joint programme that counts for the party asked.
    """

    id: str
    digest: str
    reporter: str
    unit: Unit
    period: Period
    breakdown: Breakdown = Breakdown()
    value: Known | None = None
    num: Fraction | None = None
    den: Fraction | None = None
    entities: frozenset[str] = frozenset()
    count_unit: str = ""
    method: str = ""
    status: str = "provisional"
    counts_in_parent: bool = True
    share: Fraction = Fraction(1)

    @property
    def received(self) -> bool:
        """Whether it holds a value: pending and withdrawn cells do not."""
        return self.status in RECEIVED


@dataclass(frozen=True, slots=True)
class Due:
    """One cell of what is due: a unit and a sub-period, and whether its day has come."""

    unit: Unit
    period: Period
    state: str = "due"  # due | not_yet_due | exempt


@dataclass(frozen=True, slots=True)
class CodeSpan:
    """A code of a dimension's list and the time in which it is used."""

    code: str
    start: date = date.min
    end: date = date.max

    def valid_in(self, period: Period) -> bool:
        return self.start < period.end and period.start < self.end


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked: period and breakdown, and at which unit (empty: all)."""

    period: Period
    where: Breakdown = Breakdown()
    unit: Unit = Unit()


@dataclass(frozen=True, slots=True)
class World:
    """What the roll-up has to know about definitions.

    ``above`` gives the strict ancestors of a party, programme or place; ``preferred`` the chosen
    reporter of a unit; ``codes`` the list of each dimension. ``dues`` are all that share a day
    and something of their unit with the question, also those of a longer period or a wider unit:
    what is owed but not told apart keeps an answer open. ``population`` caps a count that it is
    declared to contain.
    """

    above: Mapping[str, frozenset[str]] = field(default_factory=dict)
    codes: Mapping[str, tuple[CodeSpan, ...]] = field(default_factory=dict)
    preferred: Mapping[Unit, str] = field(default_factory=dict)
    dues: tuple[Due, ...] = ()
    population: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the arithmetic, with the real numbers."""

    code: Code
    inputs: tuple[tuple[str, Answer], ...]
    result: Answer


@dataclass(frozen=True, slots=True)
class Unused:
    """A cell that was not used, and why."""

    cell: Cell
    reason: Code


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer with everything that belongs to it. ``used`` are the cells it rests on."""

    answer: Answer
    coverage: Coverage | None = None
    caveats: tuple[Code, ...] = ()
    competing: tuple[Competing, ...] = ()
    used: tuple[Cell, ...] = ()
    steps: tuple[Step, ...] = ()
    unused: tuple[Unused, ...] = ()
    method: str = ""
