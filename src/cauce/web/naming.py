"""How is something recorded called on a page, where does its page stand, and is it invented?

A country and the state that acts for it are one to a reader: both stand under its three letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cauce.exports.grid import Cell
from cauce.figures import Catalogue
from cauce.journal.queries import Fact
from cauce.values.dates import ImpreciseDate
from cauce.web.page import Page
from cauce.words.foreign import foreign, plain
from cauce.words.matching import folded

__all__ = [
    "PARTIES",
    "Labelled",
    "Line",
    "by_name",
    "capital",
    "comes_invented",
    "home_of",
    "in_order",
    "is_country",
    "is_invented",
    "kind",
    "marked",
    "named",
    "party_cell",
    "party_href",
    "party_line",
    "published",
    "source_href",
    "source_line",
    "states",
    "stem",
    "text_of",
]

#: Where countries and organisations stand.
PARTIES = "paises-y-organizaciones/"

#: Longer than this, what stands under a label is a list.
MOST_IN_A_LINE = 4

_OTHER = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Line:
    """Something a page names: its words, where they lead, what the link is called when read
    alone, and what is said behind it."""

    text: str
    href: str = ""
    label: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Labelled:
    """What is recorded under one label, and what is remarked beside it."""

    label: str
    lines: tuple[Line, ...]
    remark: str = ""

    @property
    def is_long(self) -> bool:
        """Whether there are more than somebody reads one after the other in a sentence."""
        return len(self.lines) > MOST_IN_A_LINE


# -- texts ---------------------------------------------------------------------------------------


def text_of(page: Page, texts: Mapping[str, str]) -> str:
    """A recorded text in the page's language, or marked with the one it exists in."""
    words, language = page.names.text(texts, page.language)
    return foreign(words, language, page.language)


def capital(words: str) -> str:
    """The words as they begin a line."""
    return f"{words[:1].upper()}{words[1:]}"


def by_name(words: str) -> str:
    """What a list in alphabetical order is sorted by."""
    return folded(plain(words))


def stem(code: str) -> str:
    """The code as part of the name of a file."""
    return _OTHER.sub("-", code.lower()).strip("-")


# -- what is invented ----------------------------------------------------------------------------


def is_invented(page: Page, source: str) -> bool:
    """Whether what was read in a document was made up for a demonstration."""
    return source in page.names.invented


def comes_invented(names: Catalogue, code: str) -> bool:
    """Whether what is defined under a code was made up: it comes with an invented source."""
    return code.partition("/")[0] in {source.partition("/")[0] for source in names.invented}


def marked(page: Page, words: str) -> str:
    """«DATO INVENTADO: …»: the mark of what is invented, in front of its name."""
    mark = page.voice.say("explain.labelled", label=page.voice.say("take.invented"))
    return f"{mark} {words}"


# -- documents -----------------------------------------------------------------------------------


def source_href(page: Page, code: str) -> str:
    """Where the page of a document is; empty for none."""
    return page.link(f"fuentes/{code}/") if code else ""


def source_line(page: Page, code: str, *, after: str = "") -> Line:
    """A document by its title, as a link to its page."""
    return Line(page.voice.name(code), source_href(page, code), after=after)


def published(page: Page, record: Fact) -> ImpreciseDate | None:
    """Since when anybody could know a fact: as stated, else as its document is dated."""
    paper = page.names.sources.get(record.source)
    stated: ImpreciseDate | None = record.public_at
    return stated or (paper.published if paper else None)


# -- countries and organisations -----------------------------------------------------------------


def states(names: Catalogue, place: str) -> tuple[str, ...]:
    """The organisations that are the state of a country."""
    return tuple(
        code
        for code, one in names.organisations.items()
        if one.kind == "state" and one.country == place and not one.unit_of
    )


def is_country(names: Catalogue, code: str) -> bool:
    """Whether it is the code of a country."""
    return code in names.places and bool(names.places[code].kind == "country")


def home_of(names: Catalogue, code: str) -> str:
    """The code under which the page of a party stands."""
    one = names.organisations.get(code)
    if one is None or one.kind != "state" or one.unit_of or one.country not in names.places:
        return code
    return str(one.country)


def party_href(page: Page, code: str, **query: str) -> str:
    """Where the page of a country, organisation or body is."""
    return page.link(f"{PARTIES}{home_of(page.names, code)}/", **query)


def party_line(page: Page, code: str, *, after: str = "", **query: str) -> Line:
    """A party by its short name, as a link to its page."""
    words = page.voice.short(code)
    return Line(words, party_href(page, code, **query), plain(named(page, code)), after)


def party_cell(page: Page, code: str, *, words: str = "") -> Cell:
    """A party in a table, as a link to its page."""
    if not code:
        return Cell("")
    shown = words or page.voice.name(code)
    if comes_invented(page.names, code):
        shown = marked(page, shown)
    return Cell(shown, code=home_of(page.names, code), href=party_href(page, code))


def named(page: Page, code: str) -> str:
    """The full name, with the acronym in brackets where it says more."""
    name, short = page.voice.name(code), page.voice.short(code)
    if plain(short) in plain(name):
        return name
    return page.voice.say("party.named", name=name, short=short)


def kind(page: Page, code: str) -> str:
    """What kind of party it is, in words."""
    one = page.names.organisations.get(code)
    if one is not None:
        return page.voice.say(f"organisation_kind.{one.kind}")
    place = page.names.places.get(code)
    return page.voice.say(f"place_kind.{place.kind}") if place else ""


def in_order(page: Page, codes: Iterable[str]) -> list[str]:
    """Codes in the alphabetical order of their names."""
    return sorted(codes, key=lambda code: by_name(page.voice.name(code)))
