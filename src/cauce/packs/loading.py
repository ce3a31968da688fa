"""How does a pack become an entry? Checked whole, compared with the record, then only what is new.

All-or-nothing: with one problem in any of the packs nothing is recorded. The same pack again
records nothing; a definition that left its pack is closed; a fact that left stays, because
somebody stated it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from cauce.errors import CauceError, Problem, raise_if
from cauce.frameworks.queries import Pack
from cauce.journal import clock, queries
from cauce.journal.queries import Definition, Recorded, View
from cauce.journal.sealing import Receipt
from cauce.ledger.actions import record_all
from cauce.ledger.rules import locked
from cauce.ledger.universe import Universe, recorded_universe
from cauce.packs.catalogue import Wanted, wanted
from cauce.packs.checking import Checked, Progress, changed_rows, check_source, in_order_of_place
from cauce.packs.recorded import entry_reason
from cauce.packs.sheets import META
from cauce.values.audience import SECRETARIAT

__all__ = ["RECORDING", "Loaded", "Summary", "check", "load"]

#: What progress calls the sealing; everything else it calls by the sheet that is read.
RECORDING = ""


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
    what was; ``closed`` are those definitions of it that left the pack, ``left`` the facts that
    left it and stay in the record."""

    name: str
    version: str
    receipt: Receipt | None
    recorded: int
    unchanged: int
    closed: tuple[str, ...]
    left: int


@dataclass(frozen=True, slots=True)
class _Plan:
    """What of a sound pack goes into its entry."""

    checked: Checked
    meta: Pack
    asked: bool
    definitions: tuple[Recorded, ...]
    facts: int
    unchanged: int
    left: int

    @property
    def count(self) -> int:
        return len(self.definitions) + len(self.checked.closed) + self.facts

    def records(self) -> Iterator[Recorded]:
        yield from self.definitions
        yield from self.checked.closed
        for sheet in self.checked.fact_sheets:
            yield from changed_rows(self.checked, sheet)


def check(paths: Sequence[str], *, progress: Progress | None = None) -> tuple[Summary, ...]:
    """Check packs, each a path or the name of a shipped pack, with the shipped packs they require
    and, where there is a workspace, with what is recorded.

    Raises a :class:`cauce.errors.Refusal` with everything that is wrong, in order of place.
    """
    with ExitStack() as stack:
        plans = _plans(paths, _recorded_if_any(), stack, progress)
        return tuple(
            Summary(
                plan.meta.name,
                plan.meta.version,
                len(plan.checked.definitions),
                plan.checked.tally.total(),
            )
            for plan in plans
            if plan.asked
        )


def load(paths: Sequence[str], *, by: str, progress: Progress | None = None) -> tuple[Loaded, ...]:
    """Load packs, each a path or the name of a shipped pack, after the shipped packs they require:
    one entry for each that has something new.

    Every pack is checked before the first is recorded. Raises what :func:`check` raises, and what
    :func:`cauce.ledger.actions.record_all` raises.
    """
    with ExitStack() as stack:
        return tuple(
            _load(plan, by, progress) for plan in _plans(paths, _recorded(), stack, progress)
        )


def _recorded_if_any() -> tuple[Universe, int]:
    """What is recorded; nothing, where there is no workspace to check against."""
    nothing = Universe(), 0
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return nothing  # asking an absent file would make it
    try:
        return _recorded()
    except CauceError as error:
        if error.code != "not_migrated":
            raise
        return nothing


def _recorded() -> tuple[Universe, int]:
    head = queries.head()
    return recorded_universe(View(head, None, SECRETARIAT, clock.now())), head


def _plans(
    paths: Sequence[str],
    recorded: tuple[Universe, int],
    stack: ExitStack,
    progress: Progress | None,
) -> list[_Plan]:
    universe, head = recorded
    names = [pack.name for pack in universe.of(META)]
    plans: list[_Plan] = []
    problems: list[Problem] = []
    for one in wanted(paths, recorded=names):
        checked = check_source(one.source, universe, head=head, progress=progress)
        stack.callback(checked.tally.close)
        if not checked.problems and checked.meta is not None:
            plans.append(plan := _plan(one, checked, checked.meta))
            problems += _locked(plan)
        problems += checked.problems
        universe = checked.universe
    raise_if(in_order_of_place(problems))
    return plans


def _plan(one: Wanted, checked: Checked, meta: Pack) -> _Plan:
    """Compare with what is recorded: what the pack itself said last, or what holds now, is
    nothing new. So an old pack does not undo a correction that somebody made since."""
    checked.tally.compare(checked.held.fact_digests(checked.anchors))
    new, old, left = checked.tally.counts()
    definitions = tuple(_new_definitions(checked))
    unchanged = old + len(checked.definitions) - len(definitions)
    return _Plan(checked, meta, one.asked, definitions, new, unchanged, left)


def _new_definitions(checked: Checked) -> Iterator[Definition]:
    known: dict[type[Definition], list[dict[tuple[str, ...], Definition]]] = {}
    for record, _ in checked.definitions:
        model = type(record)
        if model not in known:
            known[model] = [checked.held.own_last(model), checked.held.current(model)]
        name = record.natural_id()
        digests = {found[name].digest for found in known[model] if name in found}
        if record.content_digest() not in digests:
            yield record


def _locked(plan: _Plan) -> Iterator[Problem]:
    """A new value of a closed period, told at its cell."""
    by_sheet: dict[str, dict[int, str]] = {}
    for sheet, number, lock in plan.checked.tally.locked():
        by_sheet.setdefault(sheet, {})[number] = lock
    for sheet, locks in by_sheet.items():
        for number, (record, row) in plan.checked.facts_at(sheet, locks).items():
            problem = locked(record, locks[number])
            yield Problem(problem.code, problem.params, row.where("period"))


def _load(plan: _Plan, by: str, progress: Progress | None) -> Loaded:
    receipt = None
    if plan.count:
        receipt = record_all(
            records=plan.records(),
            by=by,
            why=entry_reason(plan.meta.name, plan.meta.version),
            progress=(lambda count: progress(RECORDING, count)) if progress else None,
        )
    closed = tuple(" ".join(filter(None, one.natural_id())) for one in plan.checked.closed)
    return Loaded(
        plan.meta.name,
        plan.meta.version,
        receipt,
        plan.count,
        plan.unchanged,
        closed,
        plan.left,
    )
