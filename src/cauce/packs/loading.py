"""How does a pack become an entry? Checked whole, compared with the record, then only what is new.

All-or-nothing: with one problem in any of the packs nothing is recorded. The same pack again
records nothing; a definition that left its pack is closed; a fact that left stays, because
somebody stated it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from cauce.errors import CauceError, Problem, Refusal, raise_if
from cauce.journal import clock, queries
from cauce.journal.queries import Definition, Recorded, View
from cauce.journal.sealing import Receipt
from cauce.ledger.actions import locked_problem, record_all
from cauce.ledger.universe import Universe, recorded_universe
from cauce.packs.catalogue import Wanted, wanted
from cauce.packs.checking import (
    Checked,
    Progress,
    changed_rows,
    check_source,
    in_order_of_place,
)
from cauce.packs.recorded import Holdings, definition_sheets, entry_reason, holdings
from cauce.values.audience import SECRETARIAT

__all__ = ["Loaded", "Summary", "check", "load"]


@dataclass(frozen=True, slots=True)
class Summary:
    """A pack that is sound: its name and version, and how many definitions and facts it holds."""

    name: str
    version: str
    definitions: int
    facts: int


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a pack. ``receipt`` is ``None`` when nothing was new; ``recorded`` counts
    what was, ``closed`` of it the definitions that left; ``left`` are the facts that left the
    pack and stay in the record."""

    name: str
    version: str
    receipt: Receipt | None
    recorded: int
    unchanged: int
    closed: tuple[str, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a checked pack goes into its entry."""

    checked: Checked
    definitions: tuple[Recorded, ...]
    closed: tuple[Definition, ...]
    unchanged: int
    facts: int
    left: int

    @property
    def count(self) -> int:
        return len(self.definitions) + len(self.closed) + self.facts


def check(paths: Sequence[str], *, progress: Progress | None = None) -> tuple[Summary, ...]:
    """Check packs, each a path or the name of a shipped pack, together with the shipped packs they
    require. Where there is a workspace they are checked against what is recorded too. Raises a
    :class:`Refusal` with everything that is wrong, by place."""
    universe, head = _recorded_if_any()
    packs = wanted(paths, recorded=_pack_names(universe))
    summaries = []
    for plan in _plans(packs, universe, head, progress):
        meta = plan.checked.meta
        if meta and plan.checked.source.label in {pack.source.label for pack in packs if pack.asked}:
            definitions = len(plan.checked.definitions)
            seen, _, _ = plan.checked.tally.counts()
            facts = seen + plan.unchanged - (definitions - len(plan.definitions))
            summaries.append(Summary(meta.name, meta.version, definitions, facts))
    return tuple(summaries)
