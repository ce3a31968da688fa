"""How does a figure stand on a page: its value, its sources and doubts, how it was made?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from cauce import figures
from cauce.figures import Explanation
from cauce.values.audience import PUBLIC
from cauce.values.figure import Figure
from cauce.values.question import Question
from cauce.web.page import Page
from cauce.words import figures as figure_words
from cauce.words.foreign import plain
from cauce.words.notes import note, sources
from cauce.words.questions import title, where_and_when

__all__ = ["Card", "asked", "card", "explained", "released"]


@dataclass(frozen=True, slots=True)
class Card:
    """A figure on a page: what it is, its value, its sources and doubts, how it was made."""

    about: str
    scope: str
    value: str
    sentences: tuple[str, ...]
    href: str
    label: str
    sentence: str


def card(page: Page, explanation: Explanation) -> Card:
    figure, voice = explanation.figure, page.voice
    said = note(explanation, voice, page.names.sources)
    return Card(
        about=title(figure.question, voice),
        scope=where_and_when(figure.question, voice),
        value=said.value,
        sentences=tuple(words for words in (*said.sentences, sources(said, voice)) if words),
        href=page.how(asked(figure.question)),
        label=plain(figure_words.accessible_name(figure, voice)),
        sentence=plain(figure_words.sentence(figure, voice)),
    )


def explained(page: Page, questions: Iterable[Question]) -> tuple[Explanation, ...]:
    """The answers that the public may see, each with the account of how it was made, in the order
    asked."""
    return figures.explain_all(questions, now=page.moment)


def released(page: Page, questions: Iterable[Question]) -> tuple[Figure, ...]:
    """The answers that the public may see, in the order asked: where a page tells a value without
    the account of how it was made."""
    asks = figures.ask(list(questions), now=page.moment)
    return tuple(figures.release(asks, PUBLIC, now=page.moment))


def asked(question: Question) -> Question:
    """The question without the times it was asked at: what a reader may ask anew."""
    return replace(question, known_at=None, head=None)
