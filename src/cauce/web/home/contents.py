"""Which figures stand on the first page, who says so, and how do they differ from before?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from cauce.exports.evidence import is_invented
from cauce.exports.source_line import source_line, status_line
from cauce.figures import Explanation
from cauce.statements import queries as sheets
from cauce.statements.queries import Issue
from cauce.values.answer import Bound, Known
from cauce.values.audience import PUBLIC
from cauce.values.figure import Figure
from cauce.values.question import (
    ChangeQ,
    CountQ,
    IndicatorQ,
    MoneyQ,
    Question,
    question_from_json,
)
from cauce.web.cards import asked, explained, released
from cauce.web.changing.contents import Line, latest
from cauce.web.commitments.choosing import framework_of
from cauce.web.figures.trees import latest_questions
from cauce.web.page import Page
from cauce.words import dates
from cauce.words import figures as figure_words
from cauce.words.foreign import plain
from cauce.words.questions import title, where_and_when

__all__ = ["KeyFigure", "changes", "key_figures"]

#: As many as are read without scrolling.
MOST = 4
#: How many of the last changes; among so many more those that are not invented are looked for.
LATEST = 5
AMONG = 25


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
    """The figures that the newest fact sheets put first, asked anew as of the reader's date; in the
    framework a reader stays in those of it, and then the newest of its indicators."""
    found: dict[Question, None] = {}
    for issue in sheets.issued():
        found |= dict.fromkeys(_headlines(issue))
    within = [one for question in found if (one := _within(page, question))]
    shown = [_then(page, question) for question in within]
    totals = _totals(page, shown)
    if page.scope:
        shown = [one for one in shown if one not in totals or _is_some(totals[one])]
        shown += _newest(page, shown)
    shown = shown[:MOST]
    beside = _changes(page, shown) | _shares(page, totals)
    made = explained(page, shown)
    return [_key_figure(page, one, beside.get(one.figure.question, "")) for one in made]


def _headlines(issue: Issue) -> Iterator[Question]:
    document = issue.document()
    for name in document.get("headlines", ()):
        stored = document["figures"][name]["question"]
        yield asked(question_from_json(stored, audience=PUBLIC))


def _within(page: Page, question: Question) -> Question | None:
    """The question as it is asked in the framework the reader stays in; none where it asks of
    something else."""
    if not page.scope:
        return question
    if isinstance(question, CountQ) and question.of == "commitments":
        return replace(question, framework=framework_of(page))
    codes: tuple[str | None, ...] = ()
    if isinstance(question, IndicatorQ):
        codes = (question.indicator,)
    elif isinstance(question, MoneyQ):
        codes = (question.provider, question.receiver, question.programme)
    return question if any(code and page.in_scope(code) for code in codes) else None


def _then(page: Page, question: Question) -> Question:
    """The question as of the reader's date: of a year that had not ended nothing was known, and the
    one before is asked."""
    if page.known and isinstance(question, IndicatorQ) and question.period.grain:
        day, period = page.day(page.known.instant(page.voice.zone)), question.period
        while period.end > day and (before := period.previous):
            period = before
        question = replace(question, period=period)
    return replace(question, known_at=page.known)


def _newest(page: Page, shown: Iterable[Question]) -> Iterator[Question]:
    """The newest figure of each indicator of the framework the reader stays in."""
    asked_for = {one.indicator for one in shown if isinstance(one, IndicatorQ)}
    codes = [code for code in page.names.indicators if page.in_scope(code)]
    for code, questions in latest_questions(page, codes, 1).items():
        if code not in asked_for:
            yield from questions


def _totals(page: Page, shown: Iterable[Question]) -> dict[Question, Figure]:
    """Of each count of commitments in one state, how many there are in all."""
    parts = [one for one in shown if isinstance(one, CountQ) and one.state]
    wholes = released(page, [replace(one, state=None) for one in parts])
    return dict(zip(parts, wholes, strict=True))


def _is_some(total: Figure) -> bool:
    return not isinstance(total.answer, Known) or total.answer.high != 0


def _shares(page: Page, totals: Mapping[Question, Figure]) -> dict[Question, str]:
    """«de 24 compromisos en el registro al 30 de junio de 2023»."""
    date = page.known_words or page.day_words(page.moment)
    return {
        question: page.voice.say("home.of", count=figure_words.value(total, page.voice), date=date)
        for question, total in totals.items()
        if isinstance(total.answer, Known)
    }


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
        # Of an estimate it is not said on one line whether it went up or down.
        if isinstance(change.answer, Known) and change.answer.bound is Bound.EXACT
    }


def changes(page: Page) -> list[Line]:
    """The last changes. What is invented for a demonstration does not stand before what is not."""
    found = latest(page, AMONG)
    return sorted(found, key=lambda one: one.invented)[:LATEST]


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
