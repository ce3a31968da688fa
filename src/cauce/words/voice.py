"""Who is spoken to: in which language, in which time zone, and how are things called there?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from cauce.words.catalogue import has, text
from cauce.words.foreign import foreign, plain
from cauce.words.languages import DEFAULT_LANGUAGE

__all__ = ["Naming", "NoNames", "Voice"]

_ID = re.compile(r"\b[a-z][a-z0-9-]*/[A-Z][A-Za-z0-9._-]*[A-Za-z0-9]")
_BRACKETED = re.compile(rf" \(({_ID.pattern})\)")


class Naming(Protocol):
    """How things are called: the name of an id, and the language that name is in («» where there
    is no name and the id stands for itself). ``cauce.figures.Catalogue`` is one."""

    @property
    def codelists(self) -> Mapping[str, Any]:
        """The lists of codes, each with its ``dimension`` and its ``name`` in several languages."""
        ...

    def name(self, code: str, language: str, *, short: bool = False) -> tuple[str, str]:
        """The full name, or with ``short`` the acronym where there is one."""
        ...

    def code_name(self, dimension: str, code: str, language: str) -> tuple[str, str]:
        """The name of a code of a dimension: ``sex``, ``f`` is «mujeres»."""
        ...

    def text(self, texts: Mapping[str, str], language: str) -> tuple[str, str]:
        """A recorded text in the language asked, or in the one it exists in."""
        ...


class NoNames:
    """Ids stand for themselves: for words about things nobody named."""

    @property
    def codelists(self) -> Mapping[str, Any]:
        return {}

    def text(self, texts: Mapping[str, str], language: str) -> tuple[str, str]:
        return next(iter(texts.values()), ""), ""

    def name(self, code: str, language: str, *, short: bool = False) -> tuple[str, str]:
        return code, ""

    def code_name(self, dimension: str, code: str, language: str) -> tuple[str, str]:
        return code, ""


@dataclass(frozen=True, slots=True)
class Voice:
    """The language of the reader, the names of things, and the zone in which days end."""

    language: str
    naming: Naming
    zone: ZoneInfo

    def say(self, key: str, **params: object) -> str:
        return text(key, self.language, **params)

    def say_or(self, key: str, other: str, **params: object) -> str:
        """The words for a key that may have none of its own, such as a unit named in a pack."""
        return text(key, self.language, **params) if has(key, self.language) else other

    def name(self, code: str) -> str:
        return foreign(*self.naming.name(code, self.language), self.language)

    def short(self, code: str) -> str:
        return foreign(*self.naming.name(code, self.language, short=True), self.language)

    def code_name(self, dimension: str, code: str) -> str:
        return foreign(*self.naming.code_name(dimension, code, self.language), self.language)

    def dimension(self, name: str) -> str:
        """A dimension by the title of its list of codes; by its own name where it has none."""
        for one in self.naming.codelists.values():
            if one.dimension == name:
                return foreign(*self.naming.text(one.name, self.language), self.language)
        return name

    def remark(self, text: str) -> str:
        """A recorded remark for a reader: ids by their names, or left out where they only refer
        in brackets to what has none.

        A remark does not say its language; it is taken for the first language of the house.
        """
        said = _BRACKETED.sub(lambda m: "" if self._unnamed(m[1]) else m[0], text)
        said = _ID.sub(lambda m: plain(self.name(m[0].rstrip("."))), said)
        return foreign(said, DEFAULT_LANGUAGE, self.language)

    def _unnamed(self, code: str) -> bool:
        return self.naming.name(code, self.language)[0] == code

    def names(self, ids: str) -> str:
        """Several ids in one text, separated by commas, as a list of short names."""
        return self.list([self.short(part.strip()) for part in ids.split(",") if part.strip()])

    def list(self, items: Sequence[str]) -> str:
        """«a, b y c»."""
        if len(items) < 2:
            return "".join(items)
        return self.say("list.last", start=", ".join(items[:-1]), end=items[-1])

    def few(self, items: Sequence[str], most: int) -> Sequence[str]:
        """The first of them, and how many more there are."""
        rest = len(items) - most
        return [*items[:most], self.say("note.more_sources", count=rest)] if rest > 0 else items

    def apart(self, items: Iterable[str]) -> str:
        """«a; b; c»: of parts that may hold commas; with the space a language puts before it."""
        return self.say("document.between").join(items)
