"""What does the record hold of a pack: its definitions, its facts, and who last said what?

A pack's records are those of its own entries (their reason is «pack NAME VERSION») and the
definitions whose ids begin with its name. Read at a head, annulled records left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TypeVar

from django.db.models import Q, QuerySet

from cauce.journal import queries
from cauce.journal.database import translated
from cauce.journal.queries import Annulled, Definition, Fact, Recorded
from cauce.packs import tally
from cauce.packs.sheets import facts, sheets
from cauce.packs.tally import vintage_digest
from cauce.parties.rules import is_bare_place

__all__ = ["MOST_ANCHORS", "Holdings", "anchor", "definition_sheets", "entry_reason", "holdings"]

R = TypeVar("R", bound=Recorded)

#: Up to so many different values are asked for by name; else the table is read whole.
MOST_ANCHORS = 400


def entry_reason(name: str, version: str) -> str:
    """The reason of an entry that loads a pack; by it the pack's entries are found again."""
    return f"pack {name} {version}"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is recorded of a pack at a head."""

    name: str
    head: int
    entries: frozenset[int] = frozenset()
    annulled: Annulled = field(default_factory=Annulled)

    def _rows(self, model: type[R]) -> QuerySet[R]:
        rows = model._default_manager.filter(entry_id__lte=self.head)
        gone = self.annulled.condition(model)
        return rows.exclude(gone) if gone else rows

    # --------------------------------------------------------------------------- definitions

    def own_last(self, model: type[Definition]) -> dict[tuple[str, ...], Definition]:
        """By natural id what the pack itself said last."""
        if not self.entries:
            return {}
        rows = self._rows(model).filter(entry_id__in=self.entries).order_by("entry_id", "n")
        with translated():
            return {row.natural_id(): row for row in rows}

    def current(self, model: type[Definition]) -> dict[tuple[str, ...], Definition]:
        """By natural id what holds now, of everybody."""
        if not self.head:
            return {}
        found = queries.current_definitions(model, head=self.head)
        return {row.natural_id(): row for row in found}

    def definitions(self, model: type[Definition]) -> list[Definition]:
        """What holds now of the pack, by natural id."""
        own = self.own_last(model)
        prefix = f"{self.name}/"
        return [
            row
            for name, row in sorted(self.current(model).items())
            if name in own or (model.natural == ("code",) and name[0].startswith(prefix))
        ]

    def left(
        self, model: type[Definition], kept: Iterable[tuple[str, ...]]
    ) -> Iterator[Definition]:
        """The pack's definitions that hold but are no longer in it. A bare place is nobody's own
        and stays."""
        names = set(kept)
        for row in self.definitions(model):
            bare = model.record_type == "place" and is_bare_place(row.natural_id()[0])
            if not row.closed and not bare and row.natural_id() not in names:
                yield row

    # --------------------------------------------------------------------------- facts

    def has_facts(self, model: type[Fact]) -> bool:
        """Whether any fact of a type is recorded at all, of whatever pack."""
        if not self.head:
            return False
        with translated():
            return self._rows(model).exists()

    def fact_digests(self, anchors: dict[str, set[str]]) -> Iterator[tally.Recorded]:
        """The recorded facts that a pack's facts may be versions of. ``anchors`` gives by sheet
        the values of the first thing that names its facts."""
        for sheet, model in facts().items():
            if not self.head:
                return
            rows = self._rows(model).only(*_NAMING, *model.natural)
            values = anchors.get(sheet, set())
            own = Q(entry_id__in=self.entries)
            if len(values) <= MOST_ANCHORS:
                rows = rows.filter(own | Q(**{f"{anchor(model)}__in": values}))
            with translated():
                for row in rows.iterator():
                    yield tally.Recorded(
                        sheet,
                        vintage_digest(row.vintage()),
                        row.digest,
                        row.entry_id,
                        row.entry_id in self.entries,
                    )

    def facts(self, model: type[Fact]) -> Iterator[Fact]:
        """Of every version that the pack brought, the last word of anybody, in order."""
        rows = self._rows(model).order_by(*model.natural, "reporter", "source", "entry_id", "n")
        with translated():
            # The versions of a key stand together, but not those of a vintage: «2023» and
            # «2023-12-31» are one.
            for _, group in groupby(rows.iterator(), key=lambda r: (r.natural_id(), r.stated_by)):
                versions: dict[tuple[str, ...], list[Fact]] = {}
                for row in group:
                    versions.setdefault(row.vintage(), []).append(row)
                for _, found in sorted(versions.items()):
                    if any(row.entry_id in self.entries for row in found):
                        yield found[-1]

    def has_any(self, model: type[Recorded], column: str) -> bool:
        """Whether any record of the pack's entries has something in a column."""
        rows = self._rows(model).filter(entry_id__in=self.entries)
        with translated():
            return rows.exclude(**{column: ""}).exists()


_NAMING = ("entry", "digest", "reporter", "source", "public_at")


def anchor(model: type[Fact]) -> str:
    """The column that narrows a search for a fact's other versions best."""
    return "indicator" if "indicator" in model.natural else model.natural[0]


def holdings(name: str, *, head: int) -> Holdings:
    """What is recorded of a pack. Finds its entries by their reason."""
    reason = entry_reason(name, "")
    if not head:
        return Holdings(name, head)  # nothing recorded, perhaps not even a workspace
    found: list[int] = []
    after = 0
    while after < head and (page := queries.entries(after=after)):
        found += [entry.seq for entry in page if entry.seq <= head and entry.why.startswith(reason)]
        after = page[-1].seq
    return Holdings(name, head, frozenset(found), queries.annulled(head))


def definition_sheets() -> dict[str, type[Definition]]:
    """The sheets that hold what things are."""
    return {name: model for name, model in sheets().items() if issubclass(model, Definition)}
