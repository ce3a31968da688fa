"""The roll-up: from cells to one honest answer.

    from cauce.engines import rollup
    rollup.roll_up(rollup.Ask(period), cells, rollup.declare(preset="flow"))

``reference.py`` is the truth, in plain Python; other engines fold to the same ``Parts`` and share
``finish``.
"""

from __future__ import annotations

from cauce.engines.rollup.cells import (
    Ask,
    Cell,
    CodeSpan,
    Due,
    Outcome,
    Step,
    Unit,
    Unused,
    World,
)
from cauce.engines.rollup.codes import CAVEATS, REASONS, STEPS, UNUSED
from cauce.engines.rollup.declarations import (
    PRESETS,
    Declarations,
    Identity,
    Rule,
    TimeRule,
    Value,
    declare,
)
from cauce.engines.rollup.parts import Parts, digest_limbs, finish, trace_digest
from cauce.engines.rollup.reference import roll_up
from cauce.engines.rollup.shares import largest_remainder

__all__ = [
    "CAVEATS",
    "PRESETS",
    "REASONS",
    "STEPS",
    "UNUSED",
    "Ask",
    "Cell",
    "CodeSpan",
    "Declarations",
    "Due",
    "Identity",
    "Outcome",
    "Parts",
    "Rule",
    "Step",
    "TimeRule",
    "Unit",
    "Unused",
    "Value",
    "World",
    "declare",
    "digest_limbs",
    "finish",
    "largest_remainder",
    "roll_up",
    "trace_digest",
]
