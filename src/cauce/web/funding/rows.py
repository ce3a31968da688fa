"""Which contributions are on record, one row each, as a list on a page and whole in a file?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import partial

from cauce.exports.evidence import link
from cauce.exports.grid import Cell, Column, Grid, Kind, Row, Rows
from cauce.figures.registers import TransactionRow
from cauce.values.answer import Known, Number
from cauce.values.period import CALENDARS, Period
from cauce.values.question import STAGES
from cauce.web.funding.asking import PATH, Asked
from cauce.web.funding.wording import (
    amount,
    called,
    named,
    source,
    ways,
    when,
)
from cauce.web.listing import Choice
from cauce.web.naming import by_name, capital, is_invented, source_href
from cauce.web.page import Page
from cauce.web.tables import notes_of, table
from cauce.words import dates
from cauce.words.amounts import money
from cauce.words.foreign import plain

__all__ = ["SHOWN", "choices", "contributions_grid", "file_grid"]

#: The columns of the files: name for machines, what it holds, whether the words stand beside the
#: code there. The page shows a few of them, and one that puts two together.
_COLUMNS: tuple[tuple[str, Kind, bool | None], ...] = (
    ("title", "text", None),
    ("code", "text", None),
    ("stage", "text", True),
    ("amount", "text", None),
    ("value", "number", False),
    ("low", "number", False),
    ("high", "number", False),
    ("bound", "text", None),
    ("currency", "text", None),
    ("ways", "text", None),
    ("provider", "text", True),
    ("receiver", "text", True),
    ("programme", "text", True),
    ("framework", "text", True),
    ("place", "text", True),
    ("when", "text", None),
    ("date", "text", None),
    ("period", "text", None),
    ("origin", "text", None),
    ("source", "text", True),
    ("locator", "text", None),
    ("published", "text", True),
    ("entered", "date", False),
    ("reporter", "text", True),
    ("basis", "text", True),
    ("status", "text", True),
    ("links", "text", True),
    ("part_of", "text", None),
    ("sectors", "text", None),
    ("iati_type", "text", None),
    ("note", "text", None),
    ("address", "text", None),
)

#: What a page shows of them.
SHOWN = ("title", "stage", "amount", "ways", "place", "when", "origin")

#: What only a page needs: files have its parts in columns of their own.
_ONLY_SHOWN = ("ways", "when", "origin")


def contributions_grid(page: Page, asked: Asked, given: Sequence[TransactionRow]) -> Grid:
    """All the contributions asked about, with everything recorded of each."""
    rows = asked.chosen(page, given)
    say = page.voice.say
    columns = [
        Column(key, say(f"funding.column.{key}"), kind, worded) for key, kind, worded in _COLUMNS
    ]
    return table(
        page,
        "financiamiento",
        say("funding.table"),
        columns,
        Rows(rows, lambda row: _row(page, row)),
        _notes(page, asked, rows),
    )


def file_grid(grid: Grid) -> Grid:
    """The table as a file takes it."""
    return grid.only(*(column.key for column in grid.columns if column.key not in _ONLY_SHOWN))


def _notes(page: Page, asked: Asked, rows: Sequence[TransactionRow]) -> tuple[tuple[str, str], ...]:
    return notes_of(
        page,
        address=page.link(PATH, **asked.query()),
        sources=[row.record.source for row in rows],
        cautions=[page.voice.say("funding.never_added")],
        invented=any(is_invented(page, row.record.source) for row in rows),
    )


# -- one row -------------------------------------------------------------------------------------


def _row(page: Page, row: TransactionRow) -> Row:
    cells = _what(page, row) | _between(page, row) | _times(page, row) | _evidence(page, row)
    return tuple(cells[key] for key, _, _ in _COLUMNS)


def _what(page: Page, row: TransactionRow) -> dict[str, Cell]:
    voice, record = page.voice, row.record
    title, said = named(page, row), amount(page, row)
    known = row.answer if isinstance(row.answer, Known) else None
    address = page.link(f"{PATH}{row.code}/")
    bound = str(record.bound or "exact") if known else ""
    label = voice.say("funding.one_label", value=said, title=title)
    return {
        "title": Cell(title, href=address, label=label),
        "code": Cell(row.code),
        "stage": Cell(voice.say(f"stage.{record.stage}"), code=str(record.stage)),
        "amount": Cell(said),
        "value": _number(page, known.value if known else None, record.currency),
        "low": _number(page, known.low if known else None, record.currency),
        "high": _number(page, known.high if known else None, record.currency),
        "bound": Cell(voice.say(f"table.bound.{bound}") if bound else "", code=bound),
        "currency": Cell(str(record.currency)),
        "address": Cell(page.absolute(address), href=page.absolute(address)),
    }


def _number(page: Page, value: Number | None, currency: str) -> Cell:
    if not isinstance(value, Fraction):
        return Cell("")
    return Cell(money(value, currency, page.language) if currency else str(value), value)


def _between(page: Page, row: TransactionRow) -> dict[str, Cell]:
    voice, record = page.voice, row.record
    programme = record.programme

    def name(code: str) -> Cell:
        return Cell(voice.name(code) if code else "", code=code)

    return {
        "ways": Cell(ways(page, row)),
        "provider": name(record.provider),
        "receiver": name(record.receiver),
        "programme": name(programme),
        "framework": name(row.framework),
        "place": name(record.place),
        "links": Cell(
            voice.apart(voice.say(f"funding.link.{one.kind}", code=one.code) for one in row.links),
            code=";".join(f"{one.kind}:{one.code}" for one in row.links),
        ),
        "part_of": Cell(row.part_of),
        "sectors": Cell("; ".join(f"{name}={share}" for name, share in record.sectors.items())),
        "iati_type": Cell(str(record.iati_type)),
    }


def _times(page: Page, row: TransactionRow) -> dict[str, Cell]:
    record, language = row.record, page.language
    day = record.value_date
    recorded = page.day(row.recorded_at)
    return {
        "when": Cell(when(page, row)),
        "date": Cell(dates.imprecise(day, language) if day else "", code=day.text if day else ""),
        "period": Cell(
            dates.period(record.period, language) if record.period else "",
            code=record.period.text if record.period else "",
        ),
        "published": Cell(
            dates.imprecise(record.public_at, language),
            code=record.public_at.text if record.public_at else "",
        ),
        "entered": Cell(dates.day(recorded, language), day=recorded),
    }


def _evidence(page: Page, row: TransactionRow) -> dict[str, Cell]:
    voice, record = page.voice, row.record
    paper = page.names.sources.get(record.source)
    title = voice.name(record.source) if record.source else ""
    basis = str(paper.basis) if paper and paper.basis else ""
    # Of money, «preliminary» or «final» would say more than its record does.
    status = str(record.status) if record.status in ("pending", "withdrawn") else ""
    return {
        "origin": Cell(
            source(page, row),
            href=source_href(page, record.source),
            label=voice.say("funding.source_label", source=source(page, row), title=title),
        ),
        "source": Cell(title, code=record.source, href=link(paper.address) if paper else ""),
        "locator": Cell(str(record.locator)),
        "reporter": Cell(voice.short(record.reporter) if record.reporter else "",
                         code=record.reporter),
        "basis": Cell(voice.say(f"basis.{basis}") if basis else "", code=basis),
        "status": Cell(voice.say(f"status.{status}") if status else "", code=status),
        "note": Cell(voice.remark(record.note) if record.note else ""),
    }  # fmt: skip


# -- what can be chosen --------------------------------------------------------------------------


def choices(page: Page, asked: Asked, given: Sequence[TransactionRow]) -> list[Choice]:
    """The form above the list: what there is on record to choose."""
    rows = Asked(scope=asked.scope).chosen(page, given)
    name, word = page.voice.name, partial(called, page)
    givers, receivers = (_organisations(page, rows, side) for side in ("provider", "receiver"))
    currencies = set(filter(None, (str(row.record.currency) for row in rows)))
    return [
        _choice(page, "da", givers, asked.provider, word),
        _choice(page, "recibe", receivers, asked.receiver, word),
        _programmes(page, rows, asked),
        _choice(page, "lugar", _places(page, rows), asked.place, name),
        _periods(page, rows, asked),
        _stages(page, asked),
        _choice(page, "moneda", currencies, asked.currency, str),
    ]


def _choice(
    page: Page, name: str, codes: Iterable[str], chosen: str, word: Callable[[str], str]
) -> Choice:
    """A field that offers what is on record, and what was chosen even where nothing is."""
    found = {code: plain(word(code)) for code in (*codes, chosen) if code}
    options = sorted(found.items(), key=lambda pair: by_name(pair[1]))
    return _field(page, name, options, chosen)


def _field(page: Page, name: str, options: Iterable[tuple[str, str]], chosen: str) -> Choice:
    every = ("", page.voice.say(f"funding.every.{name}"))
    return Choice(name, page.voice.say(f"funding.choose.{name}"), [every, *options], chosen)


def _organisations(page: Page, rows: Sequence[TransactionRow], side: str) -> set[str]:
    """Those named on one side, and those they are a unit of."""
    found = set(filter(None, (str(getattr(row.record, side)) for row in rows)))
    return found.union(*(page.names.above.get(code, frozenset()) for code in found))


def _places(page: Page, rows: Sequence[TransactionRow]) -> set[str]:
    """The places named, and the countries they are in."""
    names = page.names
    found = set(filter(None, (row.record.place for row in rows)))
    around = set().union(*(names.above.get(code, frozenset()) for code in found))
    return found | {c for c in around if c in names.places and names.places[c].kind == "country"}


def _programmes(page: Page, rows: Sequence[TransactionRow], asked: Asked) -> Choice:
    """The frameworks, each with its programmes of which there is money."""
    names, voice = page.names, page.voice
    own = set(filter(None, (row.record.programme for row in rows)))
    own = own.union(*(names.above.get(code, frozenset()) for code in own))
    own |= set(filter(None, (asked.programme,)))
    options = []
    for code in sorted(own, key=lambda c: (c.partition("/")[0], c not in names.frameworks, c)):
        name = plain(voice.name(code))
        is_node = code not in names.frameworks
        options.append((code, voice.say("funding.below", name=name) if is_node else name))
    return _field(page, "programa", options, asked.programme)


def _periods(page: Page, rows: Sequence[TransactionRow], asked: Asked) -> Choice:
    """The years in which something happened or is for, calendar years first, then fiscal ones."""
    found: list[tuple[str, str]] = []
    spans = [span for row in rows for span in _spans(row)]
    chosen = asked.period.text if asked.period else ""
    for calendar in CALENDARS:
        years = {
            year for start, end in spans for year in Period(start, end, calendar).around("year")
        }
        if asked.period and asked.period.calendar == calendar:
            years.add(asked.period)
        ordered = sorted(years, key=lambda year: year.start, reverse=True)
        found += [(year.text, dates.period(year, page.language)) for year in ordered]
    return _field(page, "periodo", found, chosen)


def _spans(row: TransactionRow) -> Iterator[tuple[date, date]]:
    record = row.record
    if record.value_date and record.value_date.earliest and record.value_date.latest:
        yield record.value_date.earliest, record.value_date.latest + timedelta(days=1)
    if record.period:
        yield record.period.start, record.period.end


def _stages(page: Page, asked: Asked) -> Choice:
    options = [(stage, capital(page.voice.say(f"stage.{stage}"))) for stage in STAGES]
    return _field(page, "etapa", options, asked.stage)
