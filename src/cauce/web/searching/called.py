"""By which words do people name a sort of things, a state, a stage of money, a page of this site?

These words stand in the catalogues, not in the record: whoever types «compromisos sin respuesta»,
«dinero prometido» or «matriz» means them, in any of the three languages.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from cauce.values.question import STAGES
from cauce.web.commitments.choosing import STATES
from cauce.web.page import FOOT, SECTIONS
from cauce.words import LANGUAGES, text
from cauce.words.matching import Entry, entry

__all__ = ["ALSO", "PAGES", "SORTS", "pages", "said", "sorts", "stages", "states", "synonyms"]

#: The groups of results that have words of their own, by the word of the address.
SORTS = ("cifras", "compromisos", "financiamiento", "fichas", "paises", "acuerdos", "fuentes")

#: The pages that can be found, by their path: the key of the name of each.
PAGES: Mapping[str, str] = {path: f"page.{name}" for name, path in (*SECTIONS, *FOOT) if path} | {
    "compromisos/": "commitments.title",
    "compromisos/sin-respuesta/": "silence.title",
    "acuerdos/": "agreements.title",
    "reuniones/": "meetings.title",
}

#: What is asked of a body, and what an agreement may be: these name their groups too.
_MORE = {"paises": ("search.called.body",), "acuerdos": ("search.called.declarations",)}

#: Which pages people also look for by other words; the first line says what the page is for.
ALSO: Mapping[str, str] = {
    "compromisos/": "search.called.matrix",
    "compromisos/sin-respuesta/": "search.called.silence",
    "reuniones/": "search.called.meetings",
    "acerca-de/": "search.called.about",
    "datos/": "search.called.data",
}

Names = frozenset[tuple[str, ...]]


@cache
def said(*keys: str) -> tuple[str, ...]:
    """The words for some keys in every language, each line by itself."""
    return tuple(line for key in keys for one in LANGUAGES for line in text(key, one).splitlines())


def _names(*keys: str) -> Names:
    return entry("", "", said(*keys)).exact


@cache
def sorts() -> Mapping[str, Names]:
    """By each group of results, the words that name it."""
    return {sort: _names(f"search.called.{sort}", *_MORE.get(sort, ())) for sort in SORTS}


@cache
def stages() -> Mapping[str, Names]:
    """By each stage of money, the words for it."""
    return {stage: _names(f"stage.{stage}") for stage in STAGES}


@cache
def states() -> Mapping[str, Names]:
    """By each state of a commitment, the words for it."""
    return {state: _names(f"state.{state}") for state in STATES}


def synonyms() -> Iterator[tuple[str, ...]]:
    """The words for each stage and state: in any language they mean the same."""
    yield from (said(f"stage.{stage}") for stage in STAGES)
    yield from (said(f"state.{state}") for state in STATES)


@cache
def pages() -> tuple[Entry, ...]:
    """The pages of this site, to be found like anything else."""
    return tuple(
        entry("page", path, said(key, *filter(None, [ALSO.get(path)])))
        for path, key in PAGES.items()
    )
