"""Which figures stand on the first page, who says so, and how do they differ from before?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cauce.exports.evidence import is_invented
from cauce.exports.source_line import source_line, status_line
from cauce.figures import Explanation
from cauce.statements import queries as sheets
from cauce.statements.queries import Issue
from cauce.values.answer import Known
from cauce.values.audience import PUBLIC
from cauce.values.question import ChangeQ, IndicatorQ, Question, question_from_json
from cauce.web.cards import asked, explained, released
from cauce.web.page import Page
from cauce.words import dates
from cauce.words import figures as figure_words
from cauce.words.foreign import plain
from cauce.words.questions import title, where_and_when

__all__ = ["LATEST", "MOST", "KeyFigure", "key_figures"]

#: As many as are read without scrolling.
MOST = 4
#: How many of the last changes.
LATEST = 5


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure on the first page: what, where and when; its value; how it differs from a period
    before, where the two can be compared; who says so; how it was made."""

    about: str
    scope: str
    value: str
    change: str
    source: str
    warning: str
    href: str
    sentence: str


def key_figures(page: Page) -> list[KeyFigure]:
    """The figures that the newest fact sheets put first, asked anew as of the reader's date."""
    found: dict[Question, None] = {}
    for issue in sheets.issued():
        found |= dict.fromkeys(_headlines(issue))
    shown = [replace(question, known_at=page.known) for question in list(found)[:MOST]]
    changes = _changes(page, shown)
    made = explained(page, shown)
    return [_key_figure(page, one, changes.get(one.figure.question, "")) for one in made]


def _headlines(issue: Issue) -> Iterator[Question]:
    document = issue.document()
    for name in document.get("headlines", ()):
        stored = document["figures"][name]["question"]
        yield asked(question_from_json(stored, audience=PUBLIC))


def _changes(page: Page, shown: list[Question]) -> dict[Question, str]:
    """How each differs from the whole period before it, in words, where the two can be compared."""
    befores = {
        question: before
        for question in shown
        if isinstance(question, IndicatorQ) and (before := question.period.previous)
    }
    asks = [
        ChangeQ(of=question, base_period=before, as_="percent", known_at=page.known)
        for question, before in befores.items()
    ]
    made = released(page, asks)
    return {
        question: page.voice.say(
            "home.compared",
            change=figure_words.value(change, page.voice),
            period=dates.period(before, page.language),
        )
        for (question, before), change in zip(befores.items(), made, strict=True)
        if isinstance(change.answer, Known)
    }


def _key_figure(page: Page, made: Explanation, change: str) -> KeyFigure:
    figure, voice = made.figure, page.voice
    said = (source_line(made, voice, page.names.sources), status_line(made, voice))
    return KeyFigure(
        about=title(figure.question, voice),
        scope=where_and_when(figure.question, voice),
        value=figure_words.value(figure, voice),
        change=change,
        source=" · ".join(words for words in said if words) or voice.say("note.no_source"),
        warning=voice.say("take.invented") if is_invented(figure) else "",
        href=page.how(asked(figure.question)),
        sentence=plain(figure_words.sentence(figure, voice)),
    )
