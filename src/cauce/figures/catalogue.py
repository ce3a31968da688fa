"""What things are called and how they hang together, as defined at a head.

One immutable snapshot of all definitions; figures, words and pages read names, trees and
declarations from here. It holds no fact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from cauce.engines.rollup import CodeSpan, Declarations, declare
from cauce.errors import CauceError
from cauce.frameworks import queries as frameworks
from cauce.frameworks.queries import (
    Codelist,
    CodelistCode,
    Framework,
    Indicator,
    JointShare,
    Node,
    Obligation,
    PreferredReporter,
    Rate,
    ReferencePopulation,
)
from cauce.journal import queries as journal
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Link, Source
from cauce.parties import queries as parties
from cauce.parties.queries import Body, Instrument, Organisation, Place, Succession

__all__ = ["WORLD", "Catalogue", "catalogue"]

#: The place that contains every place.
WORLD = "WORLD"

LANGUAGES = ("es", "en", "fr")

#: A definition that names the document it was read in.
FromSource = (
    Body | Instrument | Succession | Framework | Node | Indicator | ReferencePopulation | Rate
)


@dataclass(frozen=True)
class Catalogue:
    """All definitions at one head. Names fall back from the language asked to es, en, fr."""

    head: int
    places: Mapping[str, Place]
    organisations: Mapping[str, Organisation]
    bodies: Mapping[str, Body]
    instruments: Mapping[str, Instrument]
    successions: tuple[Succession, ...]
    frameworks: Mapping[str, Framework]
    nodes: Mapping[str, Node]
    indicators: Mapping[str, Indicator]
    codelists: Mapping[str, Codelist]
    codes: tuple[CodelistCode, ...]
    obligations: tuple[Obligation, ...]
    preferred: tuple[PreferredReporter, ...]
    populations: tuple[ReferencePopulation, ...]
    rates: tuple[Rate, ...]
    shares: tuple[JointShare, ...]
    sources: Mapping[str, Source]
    links: tuple[Link, ...]

    def indicator(self, code: str) -> Indicator:
        """Raises ``unknown_indicator``."""
        if code not in self.indicators:
            raise CauceError("unknown_indicator", id=code)
        return self.indicators[code]

    def check_place(self, code: str | None) -> None:
        self._check(code, self.places, "unknown_place")

    def check_organisation(self, code: str | None) -> None:
        self._check(code, self.organisations, "unknown_organisation")

    def check_programme(self, code: str | None) -> None:
        """A programme is any node of a tree, or the framework at its root."""
        self._check(code, {**self.nodes, **self.frameworks}, "unknown_programme")

    @staticmethod
    def _check(code: str | None, known: Mapping[str, object], error: str) -> None:
        if code is not None and code not in known:
            raise CauceError(error, id=code)

    def declarations(self, indicator: Indicator) -> Declarations:
        """How the indicator's values combine. Raises ``declaration_conflict``."""
        return declare(
            preset=indicator.preset,
            value=indicator.value,
            identity=indicator.identity,
            accumulation=indicator.accumulation,
            time=indicator.time,
            dimensions=indicator.dimensions,
            partition_within=indicator.partition_within,
            carry=indicator.carry,
            may_be_negative=indicator.may_be_negative,
            descending=indicator.descending,
            not_success=indicator.not_success,
        )

    def suppress_below(self, framework: str) -> int:
        """The smallest count of persons that a framework lets out (default 5)."""
        found = self.frameworks.get(framework)
        below = found.suppress_below if found else None
        return 5 if below is None else int(below)

    @cached_property
    def invented(self) -> frozenset[str]:
        """The sources that were made up for a demonstration."""
        return frozenset(s.code for s in self.sources.values() if s.invented)

    @property
    def sourced(self) -> tuple[FromSource, ...]:
        """Everything defined that names the document it was read in."""
        return (
            *self.bodies.values(),
            *self.instruments.values(),
            *self.successions,
            *self.frameworks.values(),
            *self.nodes.values(),
            *self.indicators.values(),
            *self.populations,
            *self.rates,
        )

    # -- trees ---------------------------------------------------------------------------------

    @cached_property
    def above(self) -> Mapping[str, frozenset[str]]:
        """The strict ancestors of every place, organisation and node."""
        up: dict[str, set[str]] = {}
        for place in self.places.values():
            _add(up, place.code, place.within or (WORLD if place.code != WORLD else ""))
            for part in place.parts:
                _add(up, part, place.code)
        for organisation in self.organisations.values():
            _add(up, organisation.code, organisation.unit_of)
        for node in self.nodes.values():
            _add(up, node.code, node.parent or node.framework)
        return {code: frozenset(_closure(code, up)) for code in up}

    def within(self, code: str, whole: str | None) -> bool:
        """Whether ``code`` is ``whole`` or lies below it; everything lies within ``None``."""
        return whole is None or code == whole or whole in self.above.get(code, frozenset())

    # -- dimensions ------------------------------------------------------------------------------

    def code_spans(self, indicator: str) -> dict[str, tuple[CodeSpan, ...]]:
        """The codes of each dimension that the indicator can be broken down by."""
        spans: dict[str, list[CodeSpan]] = {}
        for code in self.codes:
            listed = self.codelists.get(code.codelist)
            if listed is None or code.closed:
                continue
            if not listed.indicators or indicator in listed.indicators:
                spans.setdefault(listed.dimension, []).append(_span(code))
        return {dimension: tuple(found) for dimension, found in spans.items()}

    # -- names -----------------------------------------------------------------------------------

    def name(self, code: str, language: str, *, short: bool = False) -> tuple[str, str]:
        """The name of anything with an id, and the language it is in; the id itself with an
        empty language where nothing is recorded under it."""
        for room in (
            self.places, self.organisations, self.bodies, self.instruments, self.frameworks,
            self.nodes, self.indicators, self.codelists,
        ):  # fmt: skip
            if code in room:
                found: Any = room[code]
                names = (getattr(found, "short", None) if short else None) or found.name
                return _pick(names, language) or (code, "")
        if code in self.sources:
            return self.sources[code].title, self.sources[code].language
        return code, ""

    def code_name(self, dimension: str, code: str, language: str) -> tuple[str, str]:
        """The name of a code of a dimension."""
        for one in self.codes:
            listed = self.codelists.get(one.codelist)
            if one.code == code and listed is not None and listed.dimension == dimension:
                return _pick(one.name, language) or (code, "")
        return code, ""

    def text(self, texts: Mapping[str, str], language: str) -> tuple[str, str]:
        """A recorded text in the language asked, or in the one it exists in."""
        return _pick(texts, language) or ("", "")


def _pick(names: Mapping[str, str], language: str) -> tuple[str, str] | None:
    for candidate in (language, *LANGUAGES):
        if names.get(candidate):
            return names[candidate], candidate
    return None


def _add(up: dict[str, set[str]], code: str, parent: str) -> None:
    found = up.setdefault(code, set())
    if parent:
        found.add(parent)


def _closure(code: str, up: Mapping[str, Iterable[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(up.get(code, ()))
    while waiting:
        parent = waiting.pop()
        if parent not in seen:
            seen.add(parent)
            waiting.extend(up.get(parent, ()))
    return seen


def _span(code: CodelistCode) -> CodeSpan:
    start = code.valid_from.earliest if code.valid_from else None
    end = code.valid_to.earliest if code.valid_to else None
    return CodeSpan(code.code, start or date.min, end or date.max)


def catalogue(head: int) -> Catalogue:
    """The definitions at a head, read once per head and workspace."""
    # The hash of the entry at the head stands for everything recorded up to it.
    return _catalogue(journal.entry(head).hash if head else str(journal.workspace().origin), head)


@lru_cache(maxsize=8)
def _catalogue(state: str, head: int) -> Catalogue:
    return Catalogue(
        head=head,
        places=parties.places(head=head),
        organisations=parties.organisations(head=head),
        bodies=parties.bodies(head=head),
        instruments=parties.instruments(head=head),
        successions=parties.successions(head=head),
        frameworks=frameworks.frameworks(head=head),
        nodes=frameworks.nodes(head=head),
        indicators=frameworks.indicators(head=head),
        codelists=frameworks.codelists(head=head),
        codes=frameworks.codes(head=head),
        obligations=frameworks.obligations(head=head),
        preferred=frameworks.preferred_reporters(head=head),
        populations=frameworks.populations(head=head),
        rates=frameworks.rates(head=head),
        shares=frameworks.joint_shares(head=head),
        sources=ledger.sources(head=head),
        links=ledger.links(head=head),
    )
