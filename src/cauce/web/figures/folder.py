"""How does a reader choose figures and commitments of a framework, and print them as one PDF?

«Imprimir carpeta»: a page of boxes to tick, and the folder at an address that names what was
ticked, so that it can be sent and printed anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from django.http import HttpResponse

from cauce.errors import CauceError
from cauce.exports.chart import svg
from cauce.exports.evidence import doubts, is_invented
from cauce.exports.folder import Folder, Part, folder_pdf
from cauce.exports.grid import Cell, Column, Grid
from cauce.figures import Explanation
from cauce.figures.registers import CommitmentRow, commitments
from cauce.values.breakdown import TOTAL
from cauce.values.question import IndicatorQ, Question
from cauce.web.asking import parameters, question_of
from cauce.web.cards import asked, explained
from cauce.web.figures.series import chosen, grid_of, series
from cauce.web.figures.trees import latest_questions
from cauce.web.listing import Choice, Written
from cauce.web.naming import stem, text_of
from cauce.web.page import Crumb, Page, page_view
from cauce.web.taking import attachment
from cauce.words import dates
from cauce.words.figures import sentence
from cauce.words.foreign import plain
from cauce.words.notes import note, quote, sources
from cauce.words.questions import title

__all__ = ["MOST", "folder_file", "folder_page"]

#: A folder that somebody reads in a meeting, and that is made while they wait.
MOST = 30

#: The longest title that fits on the first page.
_LONGEST = 120

#: What a table on paper shows of a series.
PAPER = ("period", "value", "status", "reporter", "published")
#: Drawn so wide, the text of a chart is as large as that of the page.
PAPER_WIDTH = 720
PAPER_BY = ("period", "breakdown", "value", "reporter", "published")


@dataclass(frozen=True, slots=True)
class Box:
    """Something to tick: what its field is worth, and the words beside it."""

    value: str
    label: str


@page_view
def folder_page(page: Page) -> HttpResponse:
    """The figures and commitments of one framework, to choose from."""
    voice, framework = page.voice, _framework(page)
    told = _latest(page, framework)
    rows = _commitments(page, framework) if framework else ()
    return page.render(
        "figures/folder.html",
        voice.say("carpeta.title"),
        crumbs=[
            Crumb(voice.say("page.figures"), page.link("cifras/")),
            Crumb(voice.say("carpeta.crumb")),
        ],
        choices=(_frameworks(page, framework),),
        written=(),
        path=page.request.path,
        figures=[_box(page, one) for one in told],
        commitments=[Box(row.code, text_of(page, row.record.text)) for row in rows],
        name=Written("titulo", voice.say("carpeta.name"), voice.name(framework)),
        target=f"{page.root}cifras/carpeta.pdf",
        limit=MOST,
    )


def _framework(page: Page) -> str:
    """The framework asked for; else the one the reader stays in, else the first."""
    code = chosen(page, "marco")
    if code and code not in page.names.frameworks:
        raise CauceError("unknown_framework", id=code)
    offered = [one for one in page.names.frameworks if page.in_scope(one)]
    return code or next(iter(offered), "")


def _frameworks(page: Page, chosen_: str) -> Choice:
    voice = page.voice
    offered = [one for one, framework in page.names.frameworks.items() if not framework.closed]
    options = [(one, voice.short(one)) for one in offered if page.in_scope(one) or one == chosen_]
    return Choice("marco", voice.say("carpeta.framework"), options, chosen_)


def _latest(page: Page, framework: str) -> tuple[Explanation, ...]:
    """The newest value of each indicator of a framework, in the order of its indicators."""
    own = page.names.indicators.values()
    codes = [one.code for one in own if one.framework == framework and not one.closed]
    newest = latest_questions(page, codes, most=1) if codes else {}
    questions = [question for code in codes for question in newest.get(code, [])]
    return explained(page, questions)


def _box(page: Page, one: Explanation) -> Box:
    return Box(parameters(asked(one.figure.question)), sentence(one.figure, page.voice))


# -- the folder ------------------------------------------------------------------------------------


@page_view
def folder_file(page: Page) -> HttpResponse:
    """What was chosen as one PDF with contents.

    Raises ``nothing_chosen``, ``too_many_chosen``, and what is wrong with a question.
    """
    questions, codes = _chosen(page)
    voice = page.voice
    told = explained(page, questions)
    parts = [_part(page, one) for one in told]
    made_up = any(is_invented(one.figure) for one in told)
    if codes:
        part, invented = _commitment_part(page, codes)
        parts.append(part)
        made_up = made_up or invented
    today = page.today
    known = page.known_words
    folder = Folder(
        title=chosen(page, "titulo")[:_LONGEST] or voice.say("carpeta.crumb"),
        known=known or dates.day(today, page.language),
        printed=today,
        # Where one is made anew; what was chosen would fill the foot of every page.
        address=page.absolute(page.link("cifras/carpeta/")),
        invented=made_up,
    )
    return attachment(folder_pdf(folder, parts, voice), "pdf", "carpeta")


def _chosen(page: Page) -> tuple[list[Question], list[str]]:
    """The questions and commitments that the address names, each once."""
    given = page.request.GET
    asked_ = list(dict.fromkeys(given.getlist("cifra")))
    codes = list(dict.fromkeys(given.getlist("compromiso")))
    if not asked_ and not codes:
        raise CauceError("nothing_chosen")
    if len(asked_) + len(codes) > MOST:
        raise CauceError("too_many_chosen", count=len(asked_) + len(codes), limit=MOST)
    return [_question(page, text) for text in asked_], codes


def _question(page: Page, text: str) -> Question:
    """A question in words of an address, as known when the reader travels."""
    query = dict(parse_qsl(text[:4000]))
    if page.known:
        query["sabido"] = page.known.text
    return question_of(query)


def _part(page: Page, one: Explanation) -> Part:
    """A figure on paper: its sentence, its doubts, its series as chart and table, its sources."""
    question, voice = one.figure.question, page.voice
    said = note(one, voice, page.names.sources)
    paragraphs = (quote(one, voice), *doubts(one.figure, voice))
    notes = tuple(words for words in (sources(said, voice),) if words)
    heading = title(question, voice)
    if not isinstance(question, IndicatorQ) or question.where != TOTAL or question.kind != "actual":
        return Part(heading, paragraphs, notes=notes)
    found = series(page, question.indicator, question.place or "")
    chart, name = found.chart(page), stem(question.indicator)
    table = grid_of(page, found.explanations, found.indicator, name) if found.explanations else None
    return Part(
        heading,
        paragraphs,
        table=_on_paper(table, by=bool(found.by)) if table else None,
        chart_svg=svg(chart, name=name, width=PAPER_WIDTH) if chart else None,
        chart_words=chart.description or chart.title if chart else "",
        notes=notes,
    )


def _on_paper(grid: Grid, *, by: bool) -> Grid:
    """The columns that a page of paper holds, without the notes that the folder says once."""
    kept = grid.only(*(PAPER_BY if by else PAPER))
    return Grid(kept.name, kept.title, kept.columns, kept.rows, (), kept.language)


# -- commitments -----------------------------------------------------------------------------------


def _commitments(page: Page, framework: str | None) -> tuple[CommitmentRow, ...]:
    """Each commitment once."""
    found: dict[str, CommitmentRow] = {}
    for row in commitments(page.read, framework=framework):
        found.setdefault(row.code, row)
    return tuple(found.values())


def _commitment_part(page: Page, codes: Sequence[str]) -> tuple[Part, bool]:
    """The chosen commitments as one table, and whether one of them was made up. Raises
    ``unknown_commitment``, also for one that is not public."""
    voice = page.voice
    rows = {row.code: row for row in _commitments(page, None)}
    if unknown := [code for code in codes if code not in rows]:
        raise CauceError("unknown_commitment", id=unknown[0][:60])
    kept = [rows[code] for code in codes]
    columns = tuple(
        Column(key, voice.say(f"commitments.column.{key}"))
        for key in ("text", "responsible", "state", "due")
    )
    grid = Grid(
        name="compromisos",
        title=plain(voice.say("carpeta.commitments")),
        columns=columns,
        rows=tuple(_commitment(page, row) for row in kept),
        language=page.language,
    )
    invented = any(row.record.source in page.names.invented for row in kept)
    return Part(voice.say("page.commitments"), table=grid), invented


def _commitment(page: Page, row: CommitmentRow) -> tuple[Cell, ...]:
    voice, record = page.voice, row.record
    state = voice.say(f"state.{row.state}")
    if row.as_of is not None:
        date = dates.imprecise(row.as_of, page.language, remark=False)
        state = voice.say("commitments.state_on", state=state, date=date)
    parties = voice.list([voice.short(one) for one in record.parties])
    due = dates.imprecise(record.due, page.language) if record.due else ""
    return (
        Cell(text_of(page, record.text), href=page.link(f"compromisos/{row.code}/")),
        Cell(parties or voice.say("commitments.nobody")),
        Cell(state),
        Cell(due or voice.say("commitments.no_due")),
    )
