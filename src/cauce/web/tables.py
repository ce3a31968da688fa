"""How is a list made a table: its columns under the names of its section, a day as a cell, and
beside it where it comes from and as known when?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cauce.exports.grid import Cell, Column, Grid, Row, Rows
from cauce.exports.notes import notes
from cauce.values.dates import ImpreciseDate, Precision
from cauce.web.page import Page
from cauce.words import dates

__all__ = ["day_cell", "document", "notes_of", "table"]


def table(
    page: Page,
    name: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    beside: tuple[tuple[str, str], ...] | None = None,
) -> Grid:
    """A table in the page's language; ``beside`` are its notes, without which it has those of
    :func:`notes_of`. ``rows`` of a list that may be long are :class:`Rows`."""
    return Grid(
        name=name,
        title=title,
        columns=tuple(columns),
        rows=rows if isinstance(rows, Rows) else tuple(rows),
        notes=notes_of(page) if beside is None else beside,
        language=page.language,
    )


def notes_of(
    page: Page,
    *,
    address: str = "",
    known: str = "",
    sources: Iterable[str] = (),
    cautions: Sequence[str] = (),
    invented: bool = False,
) -> tuple[tuple[str, str], ...]:
    """The notes of a table taken from a page: of which day, at which address (default: the page's
    own), as known when (default: the date the reader travels by), on which documents it rests."""
    return notes(
        page.voice,
        address=page.absolute(address or page.request.get_full_path()),
        known=known or page.known_words,
        today=page.today,
        sources=[document(page, code) for code in dict.fromkeys(sources) if code],
        cautions=cautions,
        licence=page.voice.say("take_away.licence"),
        invented=invented,
    )


def document(page: Page, code: str) -> str:
    """A document in full: who published it, its title, its date."""
    voice, paper = page.voice, page.names.sources.get(code)
    title = voice.name(code)
    if paper and paper.publisher:
        title = voice.say("note.by", publisher=paper.publisher, title=title)
    date = dates.imprecise(paper.published if paper else None, page.language, remark=False)
    return voice.say("note.dated", source=title, date=date)


def day_cell(page: Page, day: ImpreciseDate | None, absent: str = "") -> Cell:
    """A date as precisely as it is known; a day to the day is a date in a workbook."""
    if day is None:
        return Cell(absent)
    exact = day.latest if day.precision is Precision.DAY else None
    return Cell(dates.imprecise(day, page.language), day=exact, code=day.text)
