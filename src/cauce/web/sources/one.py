"""What is recorded of one source, what was read in it and where, and which fact sheets rest on
that?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cauce.exports.evidence import documents, link
from cauce.exports.grid import Cell, Column, Grid, Row, Rows
from cauce.figures.documents import Document, document
from cauce.journal.queries import Fact, Recorded
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Commitment
from cauce.web.cards import explained
from cauce.web.changing.printed import about, issued_sheets
from cauce.web.changing.telling import what
from cauce.web.page import Page
from cauce.web.sources import contents
from cauce.web.tables import notes_of, table
from cauce.words import dates
from cauce.words.foreign import foreign

__all__ = ["FoundIn", "Indicator", "Printed", "found_in", "source_table"]

_COLUMNS = ("what", "kind", "reporter", "locator", "public_at", "recorded", "basis")


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator that takes values from the document, and how many."""

    name: str
    href: str
    count: str


@dataclass(frozen=True, slots=True)
class Printed:
    """A fact sheet with a figure that rests on the document."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class FoundIn:
    """One document. ``facts`` are labelled lines, the third part an address outside of the site;
    ``grid`` has a row for each record read in it; ``has_values``: some of them are values."""

    title: str
    lead: str
    invented: bool
    facts: tuple[tuple[str, str, str], ...]
    summary: str
    has_values: bool
    indicators: tuple[Indicator, ...]
    sheets: tuple[Printed, ...]
    grid: Grid


def found_in(page: Page, code: str) -> FoundIn:
    """Raises ``unknown_source``."""
    found = document(page.read, code)
    made = _commitments(page, found)
    say, record = page.voice.say, found.record
    return FoundIn(
        title=contents.title_of(page, record),
        lead=_lead(page, found),
        invented=bool(record.invented),
        facts=tuple(_facts(page, found)),
        summary=_summary(page, found),
        has_values=bool(found.indicators),
        indicators=tuple(
            Indicator(
                page.voice.name(one),
                page.link(f"cifras/{one}/"),
                say("sources.many.observation", count=count),
            )
            for one, count in found.indicators.items()
        ),
        sheets=_sheets(page, found),
        grid=_grid(page, found, made),
    )


def source_table(page: Page, *, code: str) -> Grid:
    """What was read in one document, as files hold it."""
    return found_in(page, code).grid


def _commitments(page: Page, found: Document) -> dict[str, Commitment]:
    if not any(record.record_type == "commitment_update" for record in found.read_in):
        return {}
    return {one.code: one for one in ledger.commitments(view=page.view)}


def _lead(page: Page, found: Document) -> str:
    record = found.record
    when = contents.published(page, record)
    if not record.publisher:
        return page.voice.say("sources.lead_unnamed", date=when)
    return page.voice.say("sources.lead_one", publisher=record.publisher, date=when)


def _facts(page: Page, found: Document) -> list[tuple[str, str, str]]:
    """Everything recorded of the document but who published it and when, which the page says
    first; what is not recorded is said so."""
    record, say = found.record, page.voice.say
    entered = page.day(found.recorded_at)
    language = page.voice.say_or(f"language.{record.language}", record.language)
    lines = [
        ("address", record.address or say("sources.not_recorded"), _outside(record.address)),
        ("language", language or say("sources.not_recorded"), ""),
        ("basis", contents.basis(page, record), ""),
        ("entered", dates.day(entered, page.language), ""),
        ("sha256", record.sha256, ""),
        ("licence", say("sources.licence"), ""),
        ("code", record.code, ""),
    ]
    return [(say(f"sources.column.{key}"), words, to) for key, words, to in lines if words]


def _outside(address: str) -> str:
    """Where the document can be read; nothing but a web address becomes a link."""
    found = link(address)
    return found if found.lower().startswith(("https://", "http://")) else ""


def _summary(page: Page, found: Document) -> str:
    said = contents.taken(page, found.counts)
    return page.voice.say("sources.summary", what=said) if said else ""


# -- what was read in it ---------------------------------------------------------------------------


def _grid(page: Page, found: Document, made: Mapping[str, Commitment]) -> Grid:
    say = page.voice.say
    return table(
        page,
        "fuente",
        say("sources.read", title=contents.title_of(page, found.record)),
        [Column(key, say(f"sources.column.{key}")) for key in _COLUMNS],
        Rows(found.read_in, lambda record: _row(page, found, record, made)),
        notes_of(page, invented=bool(found.record.invented)),
    )


def _row(page: Page, found: Document, record: Recorded, made: Mapping[str, Commitment]) -> Row:
    words, href = what(page, record, made)
    public = record.public_at if isinstance(record, Fact) else None
    published = public or found.record.published
    recorded = page.day(found.recorded[record.entry_id])
    basis = str(getattr(record, "basis", ""))
    return (
        Cell(words, href=href),
        Cell(page.voice.say(f"sources.one.{record.record_type}"), code=record.record_type),
        Cell(_reporter(page, record)),
        Cell(_locator(page, record)),
        Cell(dates.imprecise(published, page.language), code=published.text if published else ""),
        Cell(dates.day(recorded, page.language), day=recorded),
        Cell(page.voice.say_or(f"basis.{basis}", ""), code=basis),
    )


def _reporter(page: Page, record: Recorded) -> str:
    if not isinstance(record, Fact):
        return page.voice.say("absence.not_applicable")
    if not record.reporter:
        return page.voice.say("sources.itself")
    return page.voice.short(record.reporter)


def _locator(page: Page, record: Recorded) -> str:
    if not isinstance(record, Fact) or not record.locator:
        return page.voice.say("sources.no_locator")
    # It is told in the words of the document.
    paper = page.names.sources.get(record.source)
    return foreign(record.locator, paper.language if paper else "", page.language)


# -- fact sheets -----------------------------------------------------------------------------------


def _sheets(page: Page, found: Document) -> tuple[Printed, ...]:
    """The issued fact sheets of which a figure, as it was printed, rests on the document."""
    rests = []
    for sheet in issued_sheets(page):
        near = about(page.names, sheet, found.read_in)
        made = explained(page, (question for _, question in near))
        for (name, _), one in zip(near, made, strict=True):
            if found.record.code in documents(one):
                rests.append(Printed(sheet.name, sheet.anchor(name)))
                break
    return tuple(rests)
