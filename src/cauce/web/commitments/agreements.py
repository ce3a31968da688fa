"""Which agreements and declarations are on record, and what was promised in each?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from cauce.errors import CauceError
from cauce.exports.grid import Cell, Grid, Row
from cauce.figures.registers import CommitmentRow, InstrumentRow, commitments, instruments
from cauce.parties.queries import Instrument
from cauce.values.dates import ImpreciseDate
from cauce.web.commitments import tables, wording
from cauce.web.commitments.wording import frameworks_of
from cauce.web.listing import Listing, listed
from cauce.web.naming import Labelled, Line, is_invented, marked, text_of
from cauce.web.page import Page
from cauce.web.tables import day_cell
from cauce.words import dates
from cauce.words.foreign import plain

__all__ = [
    "PATH",
    "Agreement",
    "agreement",
    "agreement_rows",
    "agreements",
    "agreements_table",
    "day_of",
    "day_words",
    "kind",
    "newest_first",
]

PATH = "acuerdos/"

#: What the page shows of all that the files hold.
SHOWN = ("title", "kind", "day", "adopted_by", "made_in")

ALL = (
    "title", "kind", "day", "adopted", "signed", "in_force", "until", "adopted_by", "made_in",
    "applies", "applied_by", "frameworks", "binding", "summary", "basis", "source", "invented",
    "address",
)  # fmt: skip


# -- the list ----------------------------------------------------------------------------------


def agreements(page: Page) -> Listing:
    return listed(page, agreements_table(page), PATH, *SHOWN)


def agreements_table(page: Page) -> Grid:
    """Every agreement and declaration of the framework the reader stays in, the newest first."""
    read = page.read
    found = agreement_rows(page, instruments(read))
    return tables.named_grid(
        page,
        "acuerdos",
        page.voice.say("agreements.title"),
        ALL,
        (_row(page, row) for row in found),
        words="agreements",
        worded=(
            "title",
            "kind",
            "day",
            "adopted",
            "signed",
            "in_force",
            "until",
            "applies",
            "basis",
        ),
        numbers=("made_in",),
        known=tables.as_known(page, read, None),
        invented=any(is_invented(page, row.record.source) for row in found),
    )


def agreement_rows(page: Page, rows: Iterable[InstrumentRow]) -> list[InstrumentRow]:
    """Those that belong to the framework the reader stays in and were there by the last day
    known, the newest first."""
    return newest_first(row for row in rows if row.may_exist and _in_scope(page, row))


def newest_first(rows: Iterable[InstrumentRow]) -> list[InstrumentRow]:
    """By their day; those without a day last."""

    def when(row: InstrumentRow) -> tuple[str, str]:
        day = day_of(row.record)
        return str(day.latest) if day and day.latest else "", str(row.record.code)

    return sorted(rows, key=when, reverse=True)


def _in_scope(page: Page, row: InstrumentRow) -> bool:
    """It is defined for the framework, the framework rests on it, or a commitment of the framework
    was made in it."""
    code = str(row.record.code)
    related = (code, *frameworks_of(page, code), *row.commitments)
    return any(map(page.in_scope, related))


def day_of(record: Instrument) -> ImpreciseDate | None:
    """When it was adopted, else signed, else since when it is in force."""
    day: ImpreciseDate | None = record.adopted or record.signed or record.in_force
    return day


def day_words(page: Page, record: Instrument) -> str:
    """Its day, and what happened on it: «adoptado: 24 de enero de 2024»."""
    for field in ("adopted", "signed", "in_force"):
        day = getattr(record, field)
        if day is not None:
            return page.voice.say(f"agreements.{field}", date=dates.imprecise(day, page.language))
    return page.voice.say("date.none")


def kind(page: Page, record: Instrument) -> str:
    return page.voice.say(f"instrument_kind.{record.kind}")


def _row(page: Page, row: InstrumentRow) -> Row:
    cells = _about(page, row) | _dates(page, row.record) | _beside(page, row)
    return tuple(cells[key] for key in ALL)


def _about(page: Page, row: InstrumentRow) -> dict[str, Cell]:
    record, voice = row.record, page.voice
    code, name = str(record.code), voice.name(record.code)
    if is_invented(page, record.source):
        name = marked(page, name)
    count = len(row.commitments)
    made_in = Cell(
        voice.say("agreements.count", count=count) if count else voice.say("agreements.no_count"),
        number=Fraction(count),
        href=page.link("compromisos/", acuerdo=code) if count else "",
        label=plain(voice.say("agreements.count_label", count=count, name=name)) if count else "",
    )
    return {
        "title": Cell(name, href=page.link(f"{PATH}{code}/"), code=code),
        "kind": Cell(kind(page, record), code=record.kind),
        "adopted_by": Cell(
            wording.party_names(page, wording.in_order(page, record.parties), every=True)
            if record.parties
            else voice.say("agreements.no_parties")
        ),
        "made_in": made_in,
    }


def _dates(page: Page, record: Instrument) -> dict[str, Cell]:
    day = day_of(record)
    return {
        "day": Cell(day_words(page, record), code=day.text if day else ""),
        "adopted": day_cell(page, record.adopted),
        "signed": day_cell(page, record.signed),
        "in_force": day_cell(page, record.in_force),
        "until": day_cell(page, record.ended),
    }


def _beside(page: Page, row: InstrumentRow) -> dict[str, Cell]:
    record, voice = row.record, page.voice
    address = page.absolute(page.link(f"{PATH}{record.code}/"))
    return {
        "applies": Cell(voice.name(record.applies) if record.applies else "", code=record.applies),
        "applied_by": Cell(_named(page, row.applied_by)),
        "frameworks": Cell(_named(page, frameworks_of(page, str(record.code)))),
        "binding": Cell(voice.say("agreements.binding") if record.binding else ""),
        "summary": Cell(text_of(page, record.summary)),
        "basis": Cell(
            voice.say(f"basis.{record.basis}") if record.basis else "", code=record.basis
        ),
        "source": Cell(voice.name(record.source) if record.source else ""),
        "invented": Cell(voice.say("take.invented") if is_invented(page, record.source) else ""),
        "address": Cell(address, href=address),
    }


def _named(page: Page, codes: Iterable[str]) -> str:
    return page.voice.list([page.voice.name(code) for code in codes])


# -- one ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """An agreement as its page shows it, with the commitments made in it."""

    title: str
    kind: str
    summary: str
    is_invented: bool
    items: tuple[Labelled, ...]
    listing: Listing | None
    counted: str
    follow: Line
    is_closed: bool
    is_later: bool


def agreement(page: Page, code: str) -> Agreement:
    """Raises ``unknown_instrument``."""
    read = page.read
    row = next((one for one in instruments(read) if one.record.code == code), None)
    if row is None:
        raise CauceError("unknown_instrument", id=code)
    record, say = row.record, page.voice.say
    made = [one for one in commitments(read) if one.record.instrument == code]
    return Agreement(
        title=page.voice.name(code),
        kind=kind(page, record),
        summary=text_of(page, record.summary),
        is_invented=is_invented(page, record.source),
        items=tuple(_items(page, row)),
        listing=_listing(page, code, made) if made else None,
        counted=say("commitments.counted", count=len(row.commitments)),
        follow=Line(say("agreements.follow"), page.link("compromisos/", acuerdo=code)),
        is_closed=record.closed,
        is_later=not row.may_exist,
    )


def _listing(page: Page, code: str, made: Iterable[CommitmentRow]) -> Listing:
    title = page.voice.say("agreements.made_title", name=page.voice.name(code))
    grid = tables.list_grid(page, tables.grouped(page, made), title=title)
    return tables.with_matrix(page, listed(page, grid, "compromisos/", acuerdo=code))


def _items(page: Page, row: InstrumentRow) -> Iterator[Labelled]:
    record, say = row.record, page.voice.say
    yield Labelled(say("agreements.column.day"), (Line(day_words(page, record)),))
    for field in ("in_force", "ended"):
        day = getattr(record, field)
        if day is not None and day != day_of(record):
            words = dates.imprecise(day, page.language)
            yield Labelled(say(f"agreements.column.{field}"), (Line(words),))
    adopted = tuple(wording.party(page, code) for code in wording.in_order(page, record.parties))
    nobody = (Line(say("agreements.no_parties")),)
    yield Labelled(say("agreements.column.adopted_by"), adopted or nobody)
    if record.binding is not None:
        words = say("agreements.binding" if record.binding else "agreements.not_binding")
        yield Labelled(say("agreements.column.binding"), (Line(words),))
    if record.scope:
        places = tuple(Line(page.voice.name(code)) for code in record.scope)
        yield Labelled(say("agreements.column.scope"), places)
    yield from _related(page, row)


def _related(page: Page, row: InstrumentRow) -> Iterator[Labelled]:
    record, say, name = row.record, page.voice.say, page.voice.name

    def to(code: str) -> Line:
        return Line(name(code), page.link(f"{PATH}{code}/"))

    if record.applies in page.names.instruments:
        yield Labelled(say("agreements.column.applies"), (to(record.applies),))
    if row.applied_by:
        yield Labelled(say("agreements.column.applied_by"), tuple(map(to, row.applied_by)))
    frameworks = frameworks_of(page, str(record.code))
    if frameworks:
        links = tuple(Line(name(one), page.link(f"cifras/{one}/")) for one in frameworks)
        yield Labelled(say("agreements.column.frameworks"), links)
    if record.source:
        paper = page.names.sources.get(record.source)
        said = dates.imprecise(paper.published if paper else None, page.language)
        link = wording.paper(page, record.source)
        yield Labelled(
            say("commitments.sources", count=1), (link,), say("agreements.source_date", date=said)
        )
    if record.basis:
        yield Labelled(say("commitments.column.basis"), (Line(say(f"basis.{record.basis}")),))
