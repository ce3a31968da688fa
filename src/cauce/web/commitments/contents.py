"""What stands on the pages of commitments: how many are in which state, the list, each one?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cauce.exports.grid import Grid
from cauce.exports.state_bar import Part, bar_svg, swatch_svg
from cauce.figures.registers import CommitmentRow, Reading, commitments
from cauce.values.answer import Known
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Figure
from cauce.values.question import CountQ
from cauce.web.cards import asked, released
from cauce.web.commitments import tables
from cauce.web.commitments.choosing import STATES, Chosen, chosen, framework_of
from cauce.web.listing import Listing, listed
from cauce.web.page import Page
from cauce.words import answers, dates
from cauce.words import figures as figure_words
from cauce.words.foreign import plain

__all__ = [
    "PATH",
    "BarState",
    "StateBar",
    "Told",
    "counted",
    "list_of",
    "matrix",
    "state_bar",
    "told",
]

PATH = "compromisos/"

#: How each state is drawn: the more was done, the fuller; silence is empty.
PATTERN = {
    "fulfilled": "full",
    "partly_fulfilled": "dense",
    "in_progress": "stripes",
    "planned": "dots",
    "abandoned": "cross",
    "no_update": "empty",
}


@dataclass(frozen=True, slots=True)
class BarState:
    """One state of the bar: its pattern, its word (leading to the list of those), its count
    (leading to how it is made)."""

    swatch: str
    word: str
    list_href: str
    list_label: str
    count: str
    how_href: str
    how_label: str


@dataclass(frozen=True, slots=True)
class StateBar:
    """All commitments by state on a day, drawn and said. ``states`` is empty where no commitment
    is on record; then the sentence says so."""

    title: str
    sentence: str
    drawing: str
    total: BarState
    states: tuple[BarState, ...]
    cautions: tuple[str, ...]


def state_bar(
    page: Page, *, on: ImpreciseDate | None = None, framework: str | None = None
) -> StateBar:
    """How many commitments are in which state; «sin respuesta» is one of them and counts.

    ``framework``: default is the one the reader stays in. Every count is a released figure.
    """
    wanted = framework_of(page) if framework is None else framework
    question = CountQ(of="commitments", framework=wanted or None, on=on, known_at=page.known)
    questions = [question, *(replace(question, state=state) for state in STATES)]
    made = released(page, questions)
    total, *counted = made
    of = page.voice.short(wanted) if wanted else page.voice.say("ask.everything")
    title = page.voice.say("commitments.bar.title", of=of)
    sentence = _sentence(page, total, dict(zip(STATES, counted, strict=True)))
    parts = [
        Part(PATTERN[state], figure.answer)
        for state, figure in zip(STATES, counted, strict=True)
    ]  # fmt: skip
    drawing = bar_svg(parts, name="states", title=title, description=sentence)
    return StateBar(
        title=title,
        sentence=sentence,
        drawing=drawing,
        total=_bar_state(page, total, "", wanted),
        states=tuple(
            _bar_state(page, figure, state, wanted)
            for state, figure in zip(STATES, counted, strict=True)
            if drawing
        ),
        cautions=tuple(figure_words.cautions(total, page.voice)),
    )


def _bar_state(page: Page, figure: Figure, state: str, framework: str) -> BarState:
    voice, question = page.voice, figure.question
    on = question.on.text if isinstance(question, CountQ) and question.on else ""
    word = voice.say(f"state.{state}") if state else voice.say("commitments.bar.total")
    return BarState(
        swatch=swatch_svg(PATTERN[state], name="states") if state else "",
        word=word,
        list_href=page.link(PATH, marco=framework, estado=state, al=on),
        list_label=voice.say("commitments.bar.list", state=word),
        count=_count(page, figure),
        how_href=page.how(asked(question)),
        how_label=plain(
            voice.say("page.how_label", figure=figure_words.sentence(figure, voice))
        ),
    )  # fmt: skip


def _count(page: Page, figure: Figure) -> str:
    """The number without its noun: «5», «entre 3 y 5», «sin dato»."""
    found = figure.answer
    if not isinstance(found, Known):
        return answers.nothing(found, page.voice)
    write = answers.quantity(figure.unit, page.voice, noun=False)
    return answers.bounded(found, write, page.voice)


def _sentence(page: Page, total: Figure, counted: dict[str, Figure]) -> str:
    """«Al 24 de noviembre de 2026: 24 compromisos, 19 de ellos sin respuesta.»"""
    say, question = page.voice.say, total.question
    on = question.on if isinstance(question, CountQ) else None
    date = dates.day(on.latest if on and on.latest else page.read.day, page.language)
    if not isinstance(total.answer, Known) or total.answer.high == 0:
        return say("commitments.bar.none", date=date)
    fulfilled = counted["fulfilled"].answer
    is_none = isinstance(fulfilled, Known) and fulfilled.high == 0
    return say(
        "commitments.bar.none_fulfilled" if is_none else "commitments.bar.sentence",
        date=date,
        total=figure_words.value(total, page.voice),
        silent=_count(page, counted["no_update"]),
        fulfilled=_count(page, counted["fulfilled"]),
    )


# -- the list ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """What a page of commitments tells: those asked for, each once, and all there are to choose
    from."""

    read: Reading
    asked: Chosen
    everything: tuple[CommitmentRow, ...]
    groups: tuple[tuple[CommitmentRow, ...], ...]

    @property
    def invented(self) -> int:
        """How many of them were made up for a demonstration."""
        made_up = self.read.names.invented
        return sum(group[0].record.source in made_up for group in self.groups)


def told(page: Page) -> Told:
    """The commitments that the page's address asks for. Raises what :func:`chosen` raises."""
    read = page.read
    asked = chosen(page, read)
    every = commitments(read, on=asked.on, framework=asked.framework or None)
    groups = [group for group in tables.grouped(page, every) if _wanted(page, asked, group)]
    return Told(read, asked, every, tuple(groups))


def _wanted(page: Page, asked: Chosen, group: Sequence[CommitmentRow]) -> bool:
    first = group[0]
    parties = (answer.party for row in group for answer in row.answers)
    return (
        (not asked.state or first.state == asked.state)
        and (not asked.instrument or any(r.record.instrument == asked.instrument for r in group))
        and (not asked.party or any(page.names.within(one, asked.party) for one in parties))
    )


def counted(page: Page, found: Told) -> str:
    """«30 compromisos, 6 de demostración»."""
    key = "commitments.counted_invented" if found.invented else "commitments.counted"
    return page.voice.say(key, count=len(found.groups), invented=found.invented)


def list_of(page: Page, found: Told, *, title: str) -> Listing:
    """The list with its rows of this page; what is taken away is the matrix."""
    grid = tables.list_grid(page, found.groups, title=title, on=found.asked.written)
    return tables.with_matrix(page, listed(page, grid, PATH, **found.asked.query))


def matrix(page: Page) -> Grid:
    """The follow-up matrix of what the address asks for."""
    found = told(page)
    return tables.matrix_grid(
        page,
        found.groups,
        title=page.voice.say("commitments.matrix_title"),
        known=tables.as_known(page, found.read, found.asked.on),
    )
