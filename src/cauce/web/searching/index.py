"""What can be found, and by which words?

Definitions change only with an entry of the record, so their index is made once for each. What was
stated is read anew at each search, through the same registers as its pages: a record whose embargo
ends is found from that instant, one that is not public never. Remarks are in no index: a hidden
reason or an inner note is not found by its words either.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import TypeVar

from cauce.figures import Catalogue, catalogue
from cauce.figures.catalogue import WORLD
from cauce.figures.registers import CommitmentRow, TransactionRow
from cauce.frameworks.queries import Indicator, Node
from cauce.journal import queries as journal
from cauce.journal.queries import Definition
from cauce.ledger.queries import Source
from cauce.parties.queries import Instrument
from cauce.statements.queries import Issue
from cauce.web.searching import called as naming
from cauce.words.matching import Entry, Synonyms, declared, entry

__all__ = ["COUNTRY", "Defined", "commitments", "defined", "sheets", "transactions"]

D = TypeVar("D", bound=Definition)

#: The kind of a country, whose page stands for its state as well.
COUNTRY = "country"

_TAGS = re.compile(r"<(style|title)\b.*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Defined:
    """What is defined at an entry, ready to be searched; names that mean the same; and by each
    place the names it is called by."""

    figures: tuple[Entry, ...]
    parties: tuple[Entry, ...]
    instruments: tuple[Entry, ...]
    sources: tuple[Entry, ...]
    places: Mapping[str, frozenset[tuple[str, ...]]]
    synonyms: Synonyms


def defined(names: Catalogue) -> Defined:
    """The index of all definitions, made once for each entry. Cost: one query."""
    state = journal.entry(names.head).hash if names.head else ""
    return _defined(state, names.head)


@lru_cache(maxsize=4)
def _defined(state: str, head: int) -> Defined:
    # The hash of the entry stands for everything recorded up to it.
    names = catalogue(head)
    every = _Maker(names)
    return Defined(
        figures=tuple(every.figures()),
        parties=tuple(every.parties()),
        instruments=tuple(every.instrument(one) for one in _open(names.instruments)),
        sources=tuple(every.source(one) for one in _open(names.sources)),
        places={
            place.code: entry("place", "", [place.code, *every.place_names(place.code)]).exact
            for place in _open(names.places)
        },
        synonyms=Synonyms.of([*declared(), *naming.synonyms(), *every.groups()]),
    )


class _Maker:
    """Makes entries of definitions."""

    def __init__(self, names: Catalogue) -> None:
        self.names = names
        self.states = {
            one.country: one.code
            for one in _open(names.organisations)
            if one.kind == "state" and one.country in names.places
        }
        self.reporters: defaultdict[str, list[str]] = defaultdict(list)
        for one in names.preferred:
            self.reporters[one.indicator].append(one.reporter)

    def called(self, *codes: str) -> list[str]:
        """Everything that these are called, in every language."""
        return [text for code in codes for text in self._called(code)]

    def _called(self, code: str) -> Iterator[str]:
        names = self.names
        for room in (
            names.places, names.organisations, names.bodies, names.instruments, names.frameworks,
            names.nodes, names.indicators,
        ):  # fmt: skip
            if code in room:
                yield from room[code].name.values()
                yield from _texts(room[code], "short")

    def around(self, *codes: str) -> list[str]:
        """The names of places, and of the places they lie in. Named areas are left out: what is
        true of a country is not what somebody means who types the name of a region."""
        found = []
        for code in codes:
            place = self.names.places.get(code)
            while place is not None and place.code != WORLD:
                found.append(place.code)
                place = self.names.places.get(place.within)
        return self.called(*dict.fromkeys(found))

    def place_names(self, code: str) -> list[str]:
        """The names of a place, and of its state where it is a country."""
        return self.called(code, self.states.get(code, ""))

    def groups(self) -> Iterator[list[str]]:
        """The names of each place, and of each thing that has an acronym."""
        names = self.names
        for place in _open(names.places):
            yield [place.code, *self.place_names(place.code)]
        yield from (
            self.called(code)
            for room in (names.organisations, names.bodies, names.frameworks)
            for code, one in room.items()
            if not one.closed and any(_texts(one, "short"))
        )

    def figures(self) -> Iterator[Entry]:
        names = self.names
        for framework in _open(names.frameworks):
            called = self.called(framework.code, framework.body)
            about = [*framework.description.values(), *self.called(framework.instrument)]
            about += naming.said("search.kind.framework")
            yield entry("framework", framework.code, called, about)
        for indicator in _open(names.indicators):
            yield entry(
                "indicator", indicator.code, self.called(indicator.code), self._said(indicator)
            )
        for node in _open(names.nodes):
            about = [*node.description.values(), *self._above(node.framework, node.parent)]
            called = [*self.called(node.code), node.number]
            yield entry("node", node.code, called, [*about, *self.called(*node.parties)])

    def _said(self, indicator: Indicator) -> Iterator[str]:
        yield from naming.said("search.called.cifras")
        for texts in (indicator.definition, indicator.numerator, indicator.denominator):
            yield from texts.values()
        yield indicator.catalogue
        yield from self._above(indicator.framework, indicator.node)
        yield from self.called(*self.reporters[indicator.code])

    def _above(self, framework: str, node: str) -> Iterator[str]:
        """The names of the branches something hangs on, and of the framework."""
        yield from self.called(framework)
        found: Node | None = self.names.nodes.get(node)
        while found is not None:
            yield from self.called(found.code)
            found = self.names.nodes.get(found.parent)

    def parties(self) -> Iterator[Entry]:
        names = self.names
        for place in _open(names.places):
            if place.kind == COUNTRY:
                what = naming.said("place_kind.country")
                yield entry(COUNTRY, place.code, self.place_names(place.code), what)
        states = set(self.states.values())
        for one in _open(names.organisations):
            if one.code not in states:
                where = self.around(one.country, one.seat, *one.serves)
                about = [*self.called(one.unit_of), *where]
                about += naming.said(f"organisation_kind.{one.kind}")
                yield entry("organisation", one.code, self.called(one.code), about)

        for body in _open(names.bodies):
            about = self.called(body.part_of) if body.part_of else []
            # What its page tells: who belongs to it, and who presides over it.
            about += naming.said("search.called.body")
            yield entry("body", body.code, self.called(body.code), about)

    def instrument(self, one: Instrument) -> Entry:
        about = [*one.summary.values(), *self.called(*one.parties)]
        dates = [date.text for date in (one.adopted, one.signed) if date]
        about += naming.said("search.called.acuerdos", f"instrument_kind.{one.kind}")
        return entry("instrument", one.code, self.called(one.code), [*about, *dates])

    def source(self, one: Source) -> Entry:
        published = one.published.text if one.published else ""
        about = [one.publisher, published, *naming.said("search.called.fuentes")]
        return entry("source", one.code, [one.title], about)

    def commitment(self, rows: list[CommitmentRow]) -> Entry:
        first = rows[0].record
        texts = [text for row in rows for text in row.record.text.values()]
        parties = [party for row in rows for party in row.record.parties]
        about = self.called(*parties, first.framework, first.node, first.instrument)
        about += naming.said("search.called.compromisos", f"state.{rows[0].state}")
        return entry("commitment", rows[0].code, texts, about)

    def transaction(self, rows: list[TransactionRow]) -> Entry:
        first = rows[0].record
        texts = [text for row in rows for text in row.record.description.values()]
        codes = (first.provider, first.receiver, first.programme, rows[0].framework)
        about = [*self.called(*codes), *self.around(first.place)]
        about += naming.said("search.called.financiamiento", f"stage.{first.stage}")
        return entry("transaction", rows[0].code, texts, about)


def _open(room: Mapping[str, D]) -> list[D]:
    return [one for one in room.values() if not one.closed]


def _texts(record: object, name: str) -> Iterable[str]:
    return (getattr(record, name, None) or {}).values()


def commitments(names: Catalogue, rows: Iterable[CommitmentRow]) -> list[Entry]:
    """Commitments by their texts, who is responsible, and where they were made."""
    maker, found = _Maker(names), defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    return [maker.commitment(same) for same in found.values()]


def transactions(names: Catalogue, rows: Iterable[TransactionRow]) -> list[Entry]:
    """Money by what it is for, from whom, to whom, in which programme and place."""
    maker, found = _Maker(names), defaultdict(list)
    for row in rows:
        found[row.code].append(row)
    return [maker.transaction(same) for same in found.values()]


def sheets(issues: Iterable[Issue]) -> list[Entry]:
    """Issued fact sheets by their titles and every word of their texts."""
    return [
        _sheet(
            issue.name,
            tuple(issue.title(language) for language in issue.languages),
            tuple(issue.html(language) for language in issue.languages),
        )
        for issue in issues
    ]


@lru_cache(maxsize=64)
def _sheet(name: str, titles: tuple[str, ...], pages: tuple[bytes, ...]) -> Entry:
    about = [*(_text(page) for page in pages), *naming.said("search.called.fichas")]
    return entry("sheet", name, titles, about)


def _text(page: bytes) -> str:
    return unescape(_TAGS.sub(" ", page.decode("utf-8")))
