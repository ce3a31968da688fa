"""What does a fact sheet hold in one language, before it is a page, a PDF or a Word document?

Its title, its text with a place for every figure, its notes, its documents and its foot. All forms
of a sheet are made of these, so that paper says what the screen says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from cauce.exports.evidence import is_invented
from cauce.figures import Explanation
from cauce.statements.document import Document
from cauce.statements.formats import printed
from cauce.statements.template import Body, Slot
from cauce.words import dates, plain
from cauce.words.notes import note
from cauce.words.questions import title as question_title
from cauce.words.questions import where_and_when

__all__ = ["Edition", "Noted", "Sheet", "anchor", "markdown"]

# Private-use characters that stand for figures while Markdown is read.
_OPEN, _CLOSE = "\ue010", "\ue011"
_PLACED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edition:
    """What an issued sheet says about itself; a draft has no number and no siblings.

    ``address`` is that of the site («https://…», without a slash at its end), where one is set.
    """

    number: int | None = None
    languages: tuple[str, ...] = ()
    issued_at: datetime | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """One note: the figures of which the same is to be said (name, value, what it is about), and
    what is said; the documents are named by their numbers, from 1."""

    figures: tuple[tuple[str, str, str], ...]
    sentences: tuple[str, ...]


def markdown() -> MarkdownIt:
    """The part of Markdown that a sheet may use."""
    # Raw HTML, links and pictures are off: a sheet refers to nothing outside itself.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return reader.disable(["link", "image", "autolink", "reference", "code", "fence", "backticks"])


def anchor(kind: str, name: str) -> str:
    """The id of a place in a sheet: ``t`` in its text, ``c`` how it was made, ``n`` its note."""
    return f"{kind}-{name.replace('_', '-')}"


class Sheet:
    """One language of one document."""

    def __init__(self, document: Document, language: str, edition: Edition | None = None) -> None:
        self.document, self.language = document, language
        self.edition = edition or Edition()
        self.voice = document.voice(language)
        self.body: Body = document.template.bodies[language]

    def say(self, key: str, **params: object) -> str:
        return self.voice.say(key, **params)

    # -- the text ------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        """Its first heading, as plain words."""
        first = _HEADING.search(self.body.text)
        return self._heading(first) if first else self.document.template.name

    def _heading(self, match: re.Match[str]) -> str:
        """A heading's words with its figures printed."""
        words = match[2]
        for slot in reversed(self.body.slots):
            if match.start(2) <= slot.start < match.end(2):
                at = slot.start - match.start(2), slot.end - match.start(2)
                words = words[: at[0]] + plain(self.printed(slot)) + words[at[1] :]
        return re.sub(r"[*_]", "", words)

    @property
    def source(self) -> str:
        """The Markdown with a mark where each figure stands: see :meth:`split`."""
        source, end = [], 0
        for number, slot in enumerate(self.body.slots):
            source += [self.body.text[end : slot.start], f"{_OPEN}{number}{_CLOSE}"]
            end = slot.end
        return "".join([*source, self.body.text[end:]])

    def tree(self) -> SyntaxTreeNode:
        """The text as a tree of Markdown's parts."""
        return SyntaxTreeNode(markdown().parse(self.source))

    def split(self, text: str) -> Iterator[str | Slot]:
        """A piece of the text, parted where figures stand."""
        for number, piece in enumerate(_PLACED.split(text)):
            if number % 2:
                yield self.body.slots[int(piece)]
            elif piece:
                yield piece

    def printed(self, slot: Slot) -> str:
        return printed(slot.format, self.of(slot.name), self.voice)

    def of(self, name: str) -> Explanation:
        return self.document.explanations[name]

    def label(self, slot: Slot) -> str:
        """What a link on a figure says when it is read alone."""
        question = self.of(slot.name).figure.question
        about = where_and_when(question, self.voice) or question_title(question, self.voice)
        return plain(self.say("figure.link", value=self.printed(slot), scope=about))

    def sections(self, name: str) -> Iterator[str]:
        """The headings under which a figure stands."""
        headings = list(_HEADING.finditer(self.body.text))
        for slot in self.body.slots:
            if slot.name == name:
                above = [h for h in headings if h.start() <= slot.start]
                yield self._heading(above[-1]) if above else self.title

    # -- notes ---------------------------------------------------------------------------------

    @property
    def names(self) -> list[str]:
        """The figures in the order in which the text first mentions them."""
        return list(dict.fromkeys(slot.name for slot in self.body.slots))

    @cached_property
    def notes(self) -> tuple[Noted, ...]:
        """What is to be said of each figure; those of which the same is to be said together."""
        return self._noted[0]

    @cached_property
    def papers(self) -> tuple[str, ...]:
        """The documents that the notes refer to by number, with their dates."""
        return self._noted[1]

    @cached_property
    def _noted(self) -> tuple[tuple[Noted, ...], tuple[str, ...]]:
        known = self.document.names.sources
        numbers: dict[str, int] = {}
        together: dict[tuple[str, ...], list[tuple[str, str, str]]] = {}
        for name in self.names:
            one = note(self.of(name), self.voice, known)
            cited = [numbers.setdefault(paper, len(numbers) + 1) for paper in one.documents]
            said = (*one.sentences, self._cited(cited)) if cited else one.sentences
            together.setdefault(said, []).append((name, one.value, one.about))
        notes = tuple(Noted(tuple(figures), said) for said, figures in together.items())
        return notes, tuple(numbers)

    def _cited(self, numbers: Sequence[int]) -> str:
        listed = self.voice.list([str(number) for number in sorted(numbers)])
        return self.say("note.cited", count=len(numbers), numbers=listed)

    @cached_property
    def note_numbers(self) -> dict[str, int]:
        """The number of each figure's note, from 1."""
        return {
            name: number
            for number, noted in enumerate(self.notes, 1)
            for name, _, _ in noted.figures
        }

    @property
    def invented(self) -> bool:
        """Whether a figure rests on data that was made up to show how Cauce works."""
        return any(is_invented(told.figure) for told in self.document.explanations.values())

    # -- the foot ------------------------------------------------------------------------------

    @property
    def known(self) -> str:
        return dates.known_at(self.document.known_at, self.voice.zone, self.language)

    def about(self) -> Iterator[str]:
        """What the sheet is, which number it has, what it rests on, whose it is."""
        number, head = self.edition.number, self.document.head
        if number is None:
            yield self.say("sheet.draft", date=self.known)
        else:
            yield self.say("sheet.issued", number=number, date=self.known)
        yield self.say("sheet.head", head=head)
        yield self.say("sheet.about")
        yield self.say("sheet.licence")

    def foot(self) -> Iterator[str]:
        """What stands at the foot of every printed page: which sheet, as known when, issued when,
        and last its address, where there is one."""
        number, at = self.edition.number, self.edition.issued_at
        if number is None:
            yield self.say("document.draft")
        else:
            yield self.say("document.number", number=number)
        yield self.say("sheet.known", date=self.known).removesuffix(".")
        if at is not None:
            local = at.astimezone(self.voice.zone).date()
            yield self.say("document.issued", date=dates.day(local, self.language))
        if self.address:
            yield self.address

    @property
    def address(self) -> str:
        """Where this issue can be read for ever; empty for a draft or without an address."""
        edition = self.edition
        if not edition.address or edition.number is None:
            return ""
        name = self.document.template.name
        return f"{edition.address}/{self.language}/fichas/{name}/{edition.number}/"

    def made(self, name: str) -> str:
        """The address of how a figure was made; empty where there is none."""
        return f"{self.address}#{anchor('c', name)}" if self.address else ""
