"""How is a country or organisation called on a page, and where does its page stand?

A country and the state that acts for it are one to a reader: both stand under its three letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from cauce.exports.grid import Cell
from cauce.figures import Catalogue
from cauce.web.page import Page
from cauce.words.foreign import plain

__all__ = [
    "PATH",
    "Line",
    "cell",
    "home_of",
    "href",
    "in_order",
    "invented",
    "is_country",
    "is_invented",
    "kind",
    "line",
    "marked",
    "named",
    "sorting",
    "states",
    "stem",
]

PATH = "paises-y-organizaciones/"

_OTHER = re.compile(r"[^a-z0-9]+")

#: Letters that a reader of a list looks for under the plain one.
_PLAIN = str.maketrans("áàâäãçéèêëíìîïñóòôöõúùûü", "aaaaaceeeeiiiinooooouuuu")


@dataclass(frozen=True, slots=True)
class Line:
    """Something a page names: its words, where they lead, what the link is called when read
    alone, and what is said behind it."""

    text: str
    href: str = ""
    label: str = ""
    after: str = ""


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


def href(page: Page, code: str, **query: str) -> str:
    """Where the page of a country, organisation or body is."""
    return page.link(f"{PATH}{home_of(page.names, code)}/", **query)


def named(page: Page, code: str) -> str:
    """The full name, with the acronym in brackets where it says more."""
    name, short = page.voice.name(code), page.voice.short(code)
    if plain(short) in plain(name):
        return name
    return page.voice.say("party.named", name=name, short=short)


def is_invented(names: Catalogue, code: str) -> bool:
    """Whether it was made up for a demonstration: it comes with an invented source."""
    return code.partition("/")[0] in {source.partition("/")[0] for source in names.invented}


def marked(page: Page, code: str, words: str) -> str:
    """The name, after the mark of what is invented."""
    return invented(page, words) if is_invented(page.names, code) else words


def invented(page: Page, words: str) -> str:
    """«DATO INVENTADO: …»."""
    mark = page.voice.say("explain.labelled", label=page.voice.say("take.invented"))
    return f"{mark} {words}"


def line(page: Page, code: str, *, after: str = "", **query: str) -> Line:
    """A party by its short name, as a link to its page."""
    words = page.voice.short(code)
    return Line(words, href(page, code, **query), plain(named(page, code)), after)


def cell(page: Page, code: str, *, words: str = "") -> Cell:
    """A party in a table, as a link to its page."""
    if not code:
        return Cell("")
    shown = marked(page, code, words or page.voice.name(code))
    return Cell(shown, code=home_of(page.names, code), href=href(page, code))


def kind(page: Page, code: str) -> str:
    """What kind of party it is, in words."""
    one = page.names.organisations.get(code)
    if one is not None:
        return page.voice.say(f"organisation_kind.{one.kind}")
    place = page.names.places.get(code)
    return page.voice.say(f"place_kind.{place.kind}") if place else ""


def sorting(words: str) -> str:
    """What a list in alphabetical order is sorted by."""
    return plain(words).casefold().translate(_PLAIN)


def stem(code: str) -> str:
    """The code as part of the name of a file."""
    return _OTHER.sub("-", code.lower()).strip("-")


def in_order(page: Page, codes: Iterable[str]) -> list[str]:
    """Codes in the alphabetical order of their names."""
    return sorted(codes, key=lambda code: sorting(page.voice.name(code)))
