"""What does a search find, in which order, and what may be tried where it finds nothing?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cauce.errors import CauceError
from cauce.web.cards import Card
from cauce.web.listing import Pages, paged
from cauce.web.naming import comes_invented
from cauce.web.page import Page
from cauce.web.searching.called import sorts
from cauce.web.searching.hits import Hit, Teller
from cauce.web.searching.index import defined
from cauce.web.searching.offers import offered, understood, whole
from cauce.web.searching.seen import seen
from cauce.words.foreign import plain
from cauce.words.matching import Entry, Found, Wanted, find, folded, near, unknown

__all__ = ["GROUPS", "PATH", "Group", "Results", "Search", "Suggestion", "typed"]

PATH = "buscar/"

#: The groups by the word of the address, in the order in which they are shown; one that the
#: reader names («compromisos México») stands first.
GROUPS = (
    "cifras", "compromisos", "financiamiento", "fichas", "paises", "acuerdos", "fuentes", "paginas",
)  # fmt: skip

#: So many of a group stand on the page of all groups.
FIRST = 6

_WORD = re.compile(r"[^\W_]+")

#: Longer than anything one looks for.
LONGEST = 200


@dataclass(frozen=True, slots=True)
class Group:
    """What was found of one sort: some of it, how many there are, and where all of them are."""

    key: str
    total: int
    hits: tuple[Hit, ...]
    all: str = ""
    pages: Pages | None = None

    @property
    def name_key(self) -> str:
        """The key of the words for the sort of things."""
        return f"search.group.{self.key}"

    @property
    def all_key(self) -> str:
        """The key of the words of the link to all of them: it is understood when read alone."""
        return f"search.all.{self.key}"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Another search that finds something, and how much."""

    words: str
    href: str
    total: int


@dataclass(frozen=True, slots=True)
class Results:
    """The figures asked for, what is called exactly so, what was found by group, and what to try
    where nothing was. ``unknown``: the words of which then nothing speaks."""

    total: int
    cards: tuple[Card, ...] = ()
    exact: tuple[Hit, ...] = ()
    groups: tuple[Group, ...] = ()
    unknown: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def typed(page: Page) -> str:
    """What was typed, without what cannot be seen. Raises ``text_too_long``."""
    given = plain(str(page.request.GET.get("q", "")))
    text = " ".join("".join(c if c.isprintable() else " " for c in given).split())
    if len(text) > LONGEST:
        raise CauceError("text_too_long", length=len(text), limit=LONGEST)
    return text


class Search:
    """What answers some words, of what the reader of a page may see."""

    def __init__(self, page: Page, text: str) -> None:
        self.page, self.text = page, text
        self.known = defined(page.names)
        self.wanted = Wanted.of(text, self.known.synonyms)
        self.asked = understood(self.wanted, self.known)
        record = seen(page)
        self.entries = record.entries(self.known)
        self.teller = Teller(page, record)
        self.found = {key: self._found(key) for key in GROUPS}

    def results(self) -> Results:
        """The figures asked for and the first of every group."""
        groups = tuple(self._first(key) for key in self._order() if self.found[key])
        return Results(
            total=sum(group.total for group in groups),
            cards=whole(self.page, self.wanted)
            or offered(self.page, self.asked, self.entries["cifras"]),
            exact=self._exact(),
            groups=groups,
            unknown=() if groups else tuple(self._unknown()),
            suggestions=() if groups else tuple(self._suggested()),
        )

    def only(self, key: str) -> Results:
        """All of one group, fifty at a time. Raises ``bad_choice`` and, for a page after the
        last, ``Http404``."""
        if key not in GROUPS:
            raise CauceError("bad_choice", text=key[:60], choices=", ".join(GROUPS))
        found = self.found[key]
        pages = paged(self.page, len(found), PATH, q=self.text, grupo=key)
        shown = [one for n, one in enumerate(found, 1) if pages.first <= n <= pages.last]
        group = Group(key, len(found), self._hits(shown), pages=pages)
        return Results(total=len(found), groups=(group,) if found else ())

    def _found(self, key: str) -> list[Found]:
        """What answers all words; what was made up for a demonstration last.

        Of figures also what the words name without the place and the year: their values are told
        by those."""
        found = find(self.wanted, self.entries[key])
        if key == "cifras" and self.asked.is_question and self.asked.rest.terms:
            have = {one.entry.code for one in found}
            rest = find(self.asked.rest, self.entries[key])
            found += [
                one for one in rest if one.entry.kind == "indicator" and one.entry.code not in have
            ]
        return sorted(found, key=self._is_last)

    def _is_last(self, one: Found) -> bool:
        return one.rank > 1 and comes_invented(self.page.names, one.entry.code)

    def _order(self) -> list[str]:
        """The groups that were named, then the others."""
        typed = {name for term in self.wanted.terms for name in term.names}
        named = {key for key, names in sorts().items() if typed & names}
        return sorted(GROUPS, key=lambda key: key not in named)

    def _unknown(self) -> Iterator[str]:
        """The words of which nothing speaks, as they were typed."""
        gone = set(unknown(self.wanted, self._everything()))
        return (word for word in dict.fromkeys(_WORD.findall(self.text)) if folded(word) in gone)

    def _everything(self) -> list[Entry]:
        return [one for entries in self.entries.values() for one in entries]

    def _first(self, key: str) -> Group:
        found = self.found[key]
        more = self.page.link(PATH, q=self.text, grupo=key) if len(found) > FIRST else ""
        return Group(key, len(found), self._hits(found[:FIRST]), more)

    def _exact(self) -> tuple[Hit, ...]:
        """What is called exactly so, of whatever sort; nothing where all of it is."""
        exact = [one for key in GROUPS for one in self.found[key] if one.rank == 1]
        every = sum(map(len, self.found.values()))
        return self._hits(exact[:FIRST]) if len(exact) < every else ()

    def _hits(self, found: Sequence[Found]) -> tuple[Hit, ...]:
        place = self.asked.place if self.asked.is_question else ""
        return tuple(self.teller.hit(one.entry, place=place) for one in found)

    def _suggested(self) -> Iterator[Suggestion]:
        """Near spellings; else each word alone. Only what finds something."""
        every = self._everything()
        spelt = near(self.wanted, every, self._spellings())
        tried = [" ".join(spelt.get(word, word) for word in self.wanted.typed)] if spelt else []
        if len(self.wanted.terms) > 1:
            tried += [" ".join(spelt.get(w, w) for w in term.typed) for term in self.wanted.terms]
        for words in dict.fromkeys(tried):
            if total := self._count(words, every):
                yield Suggestion(words, self.page.link(PATH, q=words), total)

    def _count(self, words: str, every: Sequence[Entry]) -> int:
        return len(find(Wanted.of(words, self.known.synonyms), every))

    def _spellings(self) -> Iterator[str]:
        """The names of what is defined, in the language of the page and in the others."""
        names, language = self.page.names, self.page.language
        for room in (
            names.indicators, names.frameworks, names.nodes, names.places, names.organisations,
            names.bodies, names.instruments,
        ):  # fmt: skip
            for code in room:
                yield names.name(code, language)[0]
                yield names.name(code, language, short=True)[0]
