"""What is there for a new record to refer to: everything recorded, and what comes with it.

Made once for a write from the newest head; a batch's own definitions lie on top of the recorded
ones. It answers questions about trees, codes, populations and locks; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from cauce.engines.rollup.declarations import Declarations
from cauce.errors import CauceError
from cauce.frameworks import queries as frameworks
from cauce.frameworks.queries import Indicator
from cauce.frameworks.rules import Codebook, Populations, declared
from cauce.journal.queries import Recorded, View
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Lock
from cauce.parties import queries as parties
from cauce.parties.rules import above
from cauce.values.audience import SECRETARIAT

__all__ = ["WORLD", "Universe", "recorded_universe"]

WORLD = "WORLD"

Key = tuple[str, ...]


@dataclass(frozen=True)
class Universe:
    """Definitions by type and natural id; of facts that others refer to, their codes with the
    code each is a part of (empty: of none). ``locks`` are the recorded ones alone: a lock that
    comes in the same entry as its values closes them from then on. ``broken`` are the codes, by
    type, of definitions that do not parse: that is told of them, not of all that refer to them."""

    definitions: Mapping[str, Mapping[Key, Recorded]] = field(default_factory=dict)
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    locks: tuple[Lock, ...] = ()
    broken: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def joined(self, records: Iterable[Recorded]) -> Universe:
        """With the definitions of a batch, which replace recorded ones of the same name."""
        found = {record_type: dict(ones) for record_type, ones in self.definitions.items()}
        for record in records:
            found.setdefault(record.record_type, {})[record.natural_id()] = record
        return replace(self, definitions=found)

    def with_facts(self, facts: Mapping[str, Mapping[str, str]]) -> Universe:
        """With the facts of a batch that others may refer to."""
        types = {*self.facts, *facts}
        merged = {name: {**self.facts.get(name, {}), **facts.get(name, {})} for name in types}
        return replace(self, facts=merged)

    def of(self, record_type: str) -> list[Any]:
        """Every definition of a type."""
        return list(self.definitions.get(record_type, {}).values())

    def get(self, record_type: str, code: str) -> Any:
        """The definition with a code, or ``None``."""
        return self.definitions.get(record_type, {}).get((code,))

    def has(self, record_type: str, code: str) -> bool:
        if code in self.broken.get(record_type, ()):
            return True
        if record_type in self.facts:
            return code in self.facts[record_type]
        return (code,) in self.definitions.get(record_type, {})

    # --------------------------------------------------------------------------- places

    @cached_property
    def place_parents(self) -> dict[str, tuple[str, ...]]:
        """Of each place what it is within, and the named areas it is a part of."""
        areas: dict[str, list[str]] = {}
        for place in self.of("place"):
            for part in place.parts:
                areas.setdefault(part, []).append(place.code)
        return {
            place.code: (*([place.within] if place.within else []), *areas.get(place.code, ()))
            for place in self.of("place")
        }

    def places_around(self, place: str) -> frozenset[str]:
        """The place and everything it lies in."""
        return above(place, self.place_parents) | {place}

    def places_up(self, place: str) -> tuple[str, ...]:
        """The place, what it is within, and so on up to all of the world: nearest first."""
        chain: list[str] = []
        while place and place not in chain:
            chain.append(place)
            found = self.get("place", place)
            place = found.within if found else ""
        return tuple(chain) if WORLD in chain else (*chain, WORLD)

    # --------------------------------------------------------------------------- indicators

    @cached_property
    def codebook(self) -> Codebook:
        return Codebook.of(self.of("codelist"), self.of("code"))

    @cached_property
    def populations(self) -> Populations:
        return Populations.of(self.of("population"))

    @cached_property
    def declarations(self) -> dict[str, Declarations]:
        """The declarations of each indicator whose declarations make sense."""
        found = {}
        for indicator in self.of("indicator"):
            try:
                found[indicator.code] = declared(indicator)
            except CauceError:
                continue  # reported where the indicator itself is checked
        return found

    def indicator(self, code: str) -> Indicator | None:
        found: Indicator | None = self.get("indicator", code)
        return found


def recorded_universe(view: View) -> Universe:
    """Everything recorded at the view's head, whoever may see it. One query for each type."""
    head = view.head
    ones: list[Recorded] = [
        *parties.places(head=head).values(),
        *parties.organisations(head=head).values(),
        *parties.bodies(head=head).values(),
        *parties.instruments(head=head).values(),
        *parties.successions(head=head),
        *frameworks.packs(head=head).values(),
        *frameworks.frameworks(head=head).values(),
        *frameworks.nodes(head=head).values(),
        *frameworks.indicators(head=head).values(),
        *frameworks.codelists(head=head).values(),
        *frameworks.codes(head=head),
        *frameworks.populations(head=head),
        *frameworks.joint_shares(head=head),
        *ledger.sources(head=head).values(),
        *(locks := ledger.locks(head=head)).values(),
    ]
    everything = View(head, None, SECRETARIAT, view.now)
    facts = {
        "transaction": {one.code: one.part_of for one in ledger.transactions(view=everything)},
        "commitment": {one.code: "" for one in ledger.commitments(view=everything)},
    }
    return Universe(facts=facts, locks=tuple(locks.values())).joined(ones)
