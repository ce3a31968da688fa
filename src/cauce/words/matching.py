"""Which recorded things answer the words that somebody typed into a search box?

Accents, capitals and plurals make no difference, a word may be typed in part, and a name stands
for its other names: ACNUR is UNHCR is HCR. Every word must be found. What is found comes in four
ranks, so that nobody has to guess why something stands first:

1. the code or a name is exactly what was typed;
2. a name begins with it;
3. every word stands in the names;
4. every word stands in the names and in what is said of the thing.

Within a rank the order of the index stays. Nothing here reads the record: an index is made of the
things a reader may see.

A typed code (AS-1) is one word: what holds its parts here and there is not what was meant.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

from cauce.words.foreign import plain

__all__ = [
    "Entry",
    "Found",
    "Synonyms",
    "Wanted",
    "declared",
    "entry",
    "find",
    "folded",
    "near",
    "unknown",
    "words",
]

#: Words that say nothing about what is looked for, in the three languages. In capitals they are
#: acronyms (UN).
_SMALL_WORDS = """
a al c con d de del el en l la las lo los n o para por qu que s su sus un una y
an and at by for from in of on or the to
au aux avec dans des du et le les leur ou par pour une
cual cuales cuando cuanta cuantas cuanto cuantos donde es fue han hay hubo quien quienes son
are did do does has have how is many much there was were what when where which who
combien est ont quand quel quelle quelles quels qui quoi sont
"""
_SMALL = frozenset(_SMALL_WORDS.split())

#: What a plural, or its singular, ends in: both lose it, so that both leave the same stem.
_ENDINGS = (
    ("eaux", "eau"), ("aux", "al"), ("ies", ""), ("ces", ""), ("es", ""), ("s", ""), ("y", ""),
    ("z", ""),
)  # fmt: skip

_WORD = re.compile(r"[^\W_]+")

#: Letters with full stops are one word: U.S., E.U.A.
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")

#: Short letters and numbers joined: AS-1, EG.3-2.
_CODE = re.compile(r"(?<![^\W_])[^\W_]{1,3}(?:[-./‐‑–][^\W_]{1,3})+(?![^\W_])")

#: Marks the stem of a short word in capitals: as a name it is no other word (EU, fr «eu»).
_CAPITALS = "^"

#: A word this long may be typed in part; a shorter one, or a number, is meant whole.
_PART = 3

#: How many words nobody used are looked at for a near spelling, and how many are offered.
_ASKED, _OFFERED = 3, 2


@lru_cache(maxsize=65536)
def _split(text: str) -> tuple[tuple[str, str], ...]:
    """The words of a text, folded, each with its stem; small words are left out."""
    composed = _composed(text)
    # Where everything is in capitals, a small word in capitals is no acronym.
    is_shouted = composed.isupper() and len(_WORD.findall(composed)) > 1
    found = []
    for match in _WORD.finditer(composed):
        word = folded(match[0])
        is_acronym = match[0].isupper() and 1 < len(word) <= _PART
        if word in _SMALL and (is_shouted or not is_acronym):
            continue
        found.append((word, word + _CAPITALS if is_acronym else _stem(word)))
    return tuple(found)


def _composed(text: str) -> str:
    composed = unicodedata.normalize("NFKC", plain(text)).replace("œ", "oe").replace("Œ", "OE")
    return _DOTTED.sub(lambda dotted: dotted[0].replace(".", ""), composed)


def folded(word: str) -> str:
    """Small letters without accents: how words are compared and put in order."""
    letters = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def _stem(word: str) -> str:
    if len(word) < 4 or word.isdigit():
        return word
    for ending, kept in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) + len(kept) >= _PART:
            return word.removesuffix(ending) + kept
    return word


def words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: folded, without small words.

    >>> words("Solicitudes de la condición de refugiado, EE. UU.")
    ('solicitudes', 'condicion', 'refugiado', 'ee', 'uu')
    """
    return tuple(word for word, _ in _split(text))


def _all_words(text: str) -> tuple[str, ...]:
    """The words of a code: in it no word is small."""
    return tuple(folded(match[0]) for match in _WORD.finditer(text))


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem for _, stem in _split(text))


def _bare(stems: Iterable[str]) -> tuple[str, ...]:
    return tuple(stem.removesuffix(_CAPITALS) for stem in stems)


# -- what can be found ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Text:
    """A text to be searched: its words and its stems, each between blanks."""

    words: str
    stems: str

    @classmethod
    def of(cls, texts: Iterable[str]) -> _Text:
        pairs = [pair for text in texts for pair in (*_split(text), ("|", "|"))]
        return cls(
            f" {' '.join(word for word, _ in pairs)} ", f" {' '.join(stem for _, stem in pairs)} "
        )

    def holds(self, word: str) -> bool:
        """Whether a typed word, or the beginning of one, is among the words."""
        if len(word) < _PART or word.isdigit():
            return f" {word} " in self.words
        stem = _stem(word)
        whole = f" {stem} " if len(stem) <= _PART else f" {stem}"
        return f" {word}" in self.words or whole in self.stems or whole in self.words

    def says(self, phrase: Sequence[str]) -> bool:
        """Whether the stems of a name follow one another."""
        return f" {' '.join(phrase)} " in self.stems

    def spells(self, code: Sequence[str]) -> bool:
        """Whether the words of a code follow one another."""
        return f" {' '.join(code)} " in self.words


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that can be found: of which kind, under which code, by which names."""

    kind: str
    code: str
    codes: frozenset[tuple[str, ...]]
    exact: frozenset[tuple[str, ...]]
    names: _Text
    everything: _Text


def entry(kind: str, code: str, names: Iterable[str], about: Iterable[str] = ()) -> Entry:
    """``names`` are what it is called, in every language; ``about`` what else is said of it."""
    called = [name for name in names if name]
    own = code.partition("/")[2]
    codes = frozenset(_all_words(text) for text in (code, own) if text)
    exact = frozenset(_bare(_stems(text)) for text in called)
    # The part before the slash is shared with everything that came with it.
    text = _Text.of([*called, own or code])
    everything = _Text.of([*called, own or code, *(words for words in about if words)])
    return Entry(kind, code, codes, exact, text, everything)


# -- names that mean the same --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Synonyms:
    """By each name (bare stems), all the names (stems) of what it may stand for."""

    groups: Mapping[tuple[str, ...], frozenset[tuple[str, ...]]]

    @classmethod
    def of(cls, groups: Iterable[Iterable[str]]) -> Synonyms:
        """Each group holds names of one thing. A name in two groups stands for both."""
        found: dict[tuple[str, ...], frozenset[tuple[str, ...]]] = {}
        for group in groups:
            names = frozenset(stems for name in group if (stems := _stems(name)))
            for name in map(_bare, names):
                found[name] = found.get(name, frozenset()) | names
        return cls(found)

    def longest(self, stems: Sequence[str]) -> int:
        """How many of the first stems are a name; 0 where none is."""
        longest = max(map(len, self.groups), default=0)
        sizes = range(min(longest, len(stems)), 0, -1)
        return next((size for size in sizes if tuple(stems[:size]) in self.groups), 0)


@lru_cache(maxsize=1)
def declared() -> tuple[tuple[str, ...], ...]:
    """The words of the field that mean the same though no record says so."""
    lines = (Path(__file__).parent / "synonyms.txt").read_text(encoding="utf-8").splitlines()
    return tuple(
        tuple(name.strip() for name in line.split("="))
        for line in lines
        if line.strip() and not line.startswith("#")
    )


# -- what is looked for --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Term:
    """One or several typed words that are a name, and the other names of the same thing; or the
    words of a code."""

    typed: tuple[str, ...]
    others: frozenset[tuple[str, ...]]
    is_code: bool = False

    @property
    def names(self) -> frozenset[tuple[str, ...]]:
        """What was typed and its other names, as bare stems."""
        return frozenset(map(_bare, self.others)) | {tuple(map(_stem, self.typed))}

    def is_in(self, text: _Text) -> bool:
        if self.is_code:
            return text.spells(self.typed)
        return all(map(text.holds, self.typed)) or any(map(text.says, self.others))


def _terms(typed: str, synonyms: Synonyms) -> Iterator[_Term]:
    """The words of a text, those that together are a name as one."""
    pairs = _split(typed)
    stems = _bare(stem for _, stem in pairs)
    at = 0
    while at < len(pairs):
        size = max(1, synonyms.longest(stems[at:]))
        others = synonyms.groups.get(stems[at : at + size], frozenset())
        yield _Term(tuple(word for word, _ in pairs[at : at + size]), others)
        at += size


def _codes(typed: str) -> Iterator[re.Match[str]]:
    """The codes in a text: letters and numbers, none of them a small word once typed."""
    for match in _CODE.finditer(typed):
        parts = len(_WORD.findall(match[0]))
        has_both = any(map(str.isalpha, match[0])) and any(map(str.isdigit, match[0]))
        if has_both and len(_split(match[0])) == parts:
            yield match


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, word by word, with the other names of what it stands for."""

    terms: tuple[_Term, ...]
    stems: tuple[str, ...]
    text: str = ""

    @classmethod
    def of(cls, typed: str, synonyms: Synonyms) -> Wanted:
        stems = _bare(stem for _, stem in _split(typed))
        terms: list[_Term] = []
        rest = 0
        for code in _codes(typed):
            terms += _terms(typed[rest : code.start()], synonyms)
            terms.append(_Term(tuple(word for word, _ in _split(code[0])), frozenset(), True))
            rest = code.end()
        return cls((*terms, *_terms(typed[rest:], synonyms)), stems, typed)

    @property
    def typed(self) -> tuple[str, ...]:
        """The words, folded."""
        return tuple(word for term in self.terms for word in term.typed)

    def rank(self, one: Entry) -> int:
        """1 to 4, or 0 where some word is not found."""
        if self.text and _all_words(self.text) in one.codes:
            return 1
        if not self.terms or not all(term.is_in(one.everything) for term in self.terms):
            return 0
        if self.stems in one.exact or any(self._is_called(name) for name in one.exact):
            return 1
        begun = self.terms[0].names if len(self.terms) == 1 else {self.stems}
        if any(name[: len(start)] == start for name in one.exact for start in begun):
            return 2
        return 3 if all(term.is_in(one.names) for term in self.terms) else 4

    def _is_called(self, name: tuple[str, ...]) -> bool:
        """Whether the name is another name of all that was typed."""
        return len(self.terms) == 1 and name in self.terms[0].names

    def without(self, taken: Iterable[int]) -> Wanted:
        """The same without some of its terms: what is left to be found."""
        gone = set(taken)
        kept = tuple(term for n, term in enumerate(self.terms) if n not in gone)
        return Wanted(kept, tuple(_stem(word) for term in kept for word in term.typed))


@dataclass(frozen=True, slots=True)
class Found:
    """Something found, and how well it answers: 1 is best."""

    entry: Entry
    rank: int


def find(wanted: Wanted, entries: Iterable[Entry]) -> list[Found]:
    """What answers, best first."""
    found = [Found(one, rank) for one in entries if (rank := wanted.rank(one))]
    return sorted(found, key=lambda one: one.rank)


def unknown(wanted: Wanted, entries: Sequence[Entry]) -> tuple[str, ...]:
    """The typed words that nothing is called or described by, folded."""
    return tuple(
        word
        for term in wanted.terms
        if not any(term.is_in(one.everything) for one in entries)
        for word in term.typed
        if term.is_code or not any(one.everything.holds(word) for one in entries)
    )


def near(wanted: Wanted, entries: Sequence[Entry], spellings: Iterable[str]) -> dict[str, str]:
    """By each typed word that nothing is called or described by, the word that was likely meant;
    ``spellings`` are texts whose words may be offered, as they are spelt there."""
    asked = [word for word in unknown(wanted, entries) if len(word) > _PART][:_ASKED]
    if not asked:
        return {}
    known: dict[str, str] = {}
    for text in spellings:
        for match in _WORD.finditer(_composed(text)):
            if len(match[0]) >= _PART:
                known.setdefault(folded(match[0]), match[0])
    offered = {}
    for word in asked:
        alike = [one for one in known if abs(len(one) - len(word)) <= _OFFERED]
        if close := get_close_matches(word, alike, n=1, cutoff=0.75):
            offered[word] = known[close[0]]
    return offered
