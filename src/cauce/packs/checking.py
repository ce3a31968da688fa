"""Is a pack sound, by itself and with what is recorded? Everything that is wrong, at its place.

A pack is read once: definitions are held, facts pass by and leave their digests in a tally, by
which loading knows later what is new. Nothing is written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from cauce.errors import Place, Problem, Refusal
from cauce.frameworks.queries import Pack
from cauce.journal.queries import Definition, Recorded
from cauce.ledger.actions import MOST_PROBLEMS
from cauce.ledger.checks import Batch
from cauce.ledger.queries import Lock
from cauce.ledger.universe import Universe
from cauce.packs.reading import Source
from cauce.packs.recorded import (
    MOST_ANCHORS,
    Holdings,
    anchor,
    definition_sheets,
    holdings,
)
from cauce.packs.rows import Row
from cauce.packs.sheets import META, facts, parse, parse_what_can_be, sheets
from cauce.packs.tally import Seen, Tally, vintage_digest
from cauce.parties.rules import is_bare_place

__all__ = ["Checked", "Progress", "changed_rows", "check_source", "in_order_of_place"]

#: Gets the sheet that is being read and how many rows more were read.
Progress = Callable[[str, int], None]

_EVERY = 1_000


@dataclass
class Checked:
    """A pack that was read: its definitions with their rows, its facts as digests, what is held
    of it already, those of its definitions that have left, and everything wrong with it.
    ``universe`` is what a pack that comes after it can refer to."""

    source: Source
    meta: Pack | None = None
    held: Holdings = field(default_factory=lambda: Holdings("", 0))
    definitions: list[tuple[Definition, Row]] = field(default_factory=list)
    broken: list[tuple[Recorded, Row]] = field(default_factory=list)
    closed: tuple[Definition, ...] = ()
    fact_sheets: tuple[str, ...] = ()
    tally: Tally = field(default_factory=Tally)
    anchors: dict[str, set[str]] = field(default_factory=dict)
    universe: Universe = field(default_factory=Universe)
    problems: list[Problem] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.meta.name if self.meta else ""

    def report(self, problem: Problem) -> None:
        self.problems.append(problem)
        if len(self.problems) >= MOST_PROBLEMS:
            raise Refusal(in_order_of_place(self.problems))

    def rows_at(self, sheet: str, numbers: Iterable[int]) -> dict[int, Row]:
        """Rows by their number in the sheet, read again."""
        wanted = set(numbers)
        rows = enumerate(self.source.rows(sheet, _nobody), 1)
        return {number: row for number, row in rows if number in wanted}

    def facts_at(self, sheet: str, numbers: Iterable[int]) -> dict[int, tuple[Recorded, Row]]:
        """Sound facts by their number in the sheet, read again."""
        rows = self.rows_at(sheet, numbers).items()
        found = ((number, parse(sheets()[sheet], row, _nobody), row) for number, row in rows)
        return {number: (record, row) for number, record, row in found if record is not None}


def _nobody(problem: Problem) -> None:
    """Whom problems are reported to that were reported before."""


def in_order_of_place(problems: Iterable[Problem]) -> list[Problem]:
    """By file, sheet, line and column, as somebody works through them."""
    return sorted(problems, key=lambda p: (p.place.file, p.place.sheet, *_line(p.place)))


def _line(place: Place) -> tuple[int, str, str]:
    digits = re.search(r"\d+", place.line)
    return int(digits.group()) if digits else 0, place.line, place.column


def check_source(
    source: Source, universe: Universe, *, head: int, progress: Progress | None = None
) -> Checked:
    """Read a pack and check it against a universe and what is recorded of it at a head. Does not
    raise for what is wrong in it (up to :data:`MOST_PROBLEMS`): ask ``problems``."""
    checked = Checked(source, universe=universe)
    found = source.sheets(checked.report)
    checked.fact_sheets = tuple(sheet for sheet in found if sheet in facts())
    for sheet in found:
        if sheet not in facts():
            _read_definitions(checked, sheet)
    if checked.name:
        checked.held = holdings(checked.name, head=head)
        checked.closed = tuple(_closed(checked))
    _check_meta(checked)
    known = replace(universe.joined(checked.closed), broken=_codes(checked.broken))
    batch: Batch[Row] = Batch(known, checked.definitions)
    for record, row in checked.broken:
        for problem in batch.check_references(record, row):
            checked.report(_at(row, problem))
    for row, problem in batch.check_definitions():
        checked.report(_at(row, problem))
    _check_requires(checked)
    for sheet in checked.fact_sheets:
        _read_facts(checked, batch, sheet, progress)
    for row, problem in batch.finish():
        checked.report(_at(row, problem))
    _check_repeated(checked)
    locks = tuple(record for record, _ in checked.definitions if isinstance(record, Lock))
    checked.universe = replace(
        batch.universe.with_facts(batch.facts), locks=(*universe.locks, *locks), broken={}
    )
    return checked


def _codes(records: Iterable[tuple[Recorded, Row]]) -> dict[str, frozenset[str]]:
    """By type the codes of definitions of which a cell does not parse."""
    found: dict[str, set[str]] = {}
    for record, _ in records:
        found.setdefault(record.record_type, set()).add(record.natural_id()[0])
    return {record_type: frozenset(codes) for record_type, codes in found.items()}


def _at(row: Row, problem: Problem) -> Problem:
    return Problem(problem.code, problem.params, row.where(problem.place.column))


# ------------------------------------------------------------------------------- definitions


def _read_definitions(checked: Checked, sheet: str) -> None:
    model = sheets()[sheet]
    first: dict[tuple[str, ...], Row] = {}
    for row in checked.source.rows(sheet, checked.report):
        record, sound = parse_what_can_be(model, row, checked.report)
        if not sound or not isinstance(record, Definition):
            checked.broken.append((record, row))
            continue
        if isinstance(record, Pack):
            checked.meta = checked.meta or record
        name = record.natural_id()
        if name in first:
            params = {"id": " ".join(filter(None, name)), "first": str(first[name].where())}
            checked.report(Problem("duplicate_id", dict(params), row.where(model.natural[-1])))
            continue
        first[name] = row
        if problem := _foreign(record, checked.name):
            checked.report(problem.at(row.where("code")))
        checked.definitions.append((record, row))


def _closed(checked: Checked) -> Iterator[Definition]:
    """The recorded definitions of the pack that are no longer in it, as closed ones."""
    kept: dict[type[Recorded], list[tuple[str, ...]]] = {}
    for record, _ in checked.definitions:
        kept.setdefault(type(record), []).append(record.natural_id())
    for model in definition_sheets().values():
        for row in checked.held.left(model, kept.get(model, ())):
            values = {f.name: getattr(row, f.name) for f in row.content_fields()}
            yield model(**{**values, "closed": True})


def _foreign(record: Recorded, pack: str) -> Problem | None:
    """An id must begin with the name of the pack that gives it."""
    if record.natural[0] != "code" or not pack:
        return None
    code = record.natural_id()[0]
    if not code or code.startswith(f"{pack}/"):
        return None
    if record.record_type == "place" and is_bare_place(code):
        return None
    return Problem("foreign_id", {"id": code, "pack": pack})


def _check_meta(checked: Checked) -> None:
    """One row says which pack it is. (That its sheet is missing was told already.)"""
    rows = [row for record, row in checked.definitions if isinstance(record, Pack)]
    if not rows and not checked.problems:
        place = Place(checked.source.label, column="name", sheet=META)
        checked.report(Problem("field_required", {"field": "name"}, place))
    for row in rows[1:]:
        params = {"id": str(row.cells.get("name", "")), "first": str(rows[0].where())}
        checked.report(Problem("duplicate_id", dict(params), row.where("name")))


def _check_requires(checked: Checked) -> None:
    """What a pack requires is recorded, or comes before it in the same load."""
    for record, row in checked.definitions:
        if isinstance(record, Pack):
            for name in record.requires:
                if not checked.universe.has(META, name):
                    problem = Problem("unknown_pack", {"path": name})
                    checked.report(problem.at(row.where("requires")))


# ------------------------------------------------------------------------------- facts


def _read_facts(checked: Checked, batch: Batch[Row], sheet: str, progress: Progress | None) -> None:
    model = facts()[sheet]
    narrow = anchor(model)
    anchors = checked.anchors.setdefault(sheet, set())
    compared = checked.held.has_facts(model)
    number = 0
    for number, row in enumerate(checked.source.rows(sheet, checked.report), 1):
        if progress and number % _EVERY == 0:
            progress(sheet, _EVERY)
        record, sound = parse_what_can_be(model, row, checked.report)
        if not sound:
            for problem in batch.check_references(record, row):
                checked.report(_at(row, problem))
            continue
        if foreign := _foreign(record, checked.name):
            checked.report(foreign.at(row.where("code")))
        before = len(checked.problems)
        for _, problem in batch.check_fact(record, row):
            checked.report(_at(row, problem))
        if len(checked.problems) == before:
            if len(anchors) <= MOST_ANCHORS:
                anchors.add(str(getattr(record, narrow)))
            lock = batch.lock_on(record)
            # A digest is dear, and of no use where there is nothing to compare it with.
            digest = record.content_digest() if compared else ""
            vintage = vintage_digest(record.vintage())
            checked.tally.see(Seen(sheet, number, vintage, digest, lock.code if lock else ""))
    if progress:
        progress(sheet, number % _EVERY)


def _check_repeated(checked: Checked) -> None:
    """The same key, by the same reporter, public on the same date: nothing says which is right."""
    by_sheet: dict[str, list[tuple[int, int]]] = {}
    for sheet, number, first in checked.tally.repeated(MOST_PROBLEMS):
        by_sheet.setdefault(sheet, []).append((number, first))
    for sheet, pairs in by_sheet.items():
        found = checked.facts_at(sheet, {n for pair in pairs for n in pair})
        for number, first in pairs:
            record, row = found[number]
            name = " ".join(filter(None, record.natural_id()))
            code = "duplicate_id" if record.natural == ("code",) else "same_key_twice"
            key = "id" if code == "duplicate_id" else "key"
            place = str(found[first][1].where())
            checked.report(Problem(code, {key: name, "first": place}, row.where()))


def changed_rows(checked: Checked, sheet: str) -> Iterator[Recorded]:
    """The facts of a sheet that are new, read again; ask after the tally has compared."""
    numbers = checked.tally.changed(sheet)
    wanted = next(numbers, None)
    model = facts()[sheet]
    for number, row in enumerate(checked.source.rows(sheet, checked.report), 1):
        if wanted is None:
            return
        if number == wanted:
            record = parse(model, row, checked.report)
            if record is None:
                # Somebody changed the file while it was loaded.
                raise Refusal(checked.problems)
            yield record
            wanted = next(numbers, None)
