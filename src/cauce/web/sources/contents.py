"""Which documents are on the list of sources, by whom, since when, and what rests on them?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from cauce.exports.grid import Cell, Column, Grid, Kind, Row, Rows
from cauce.figures.documents import READ_IN
from cauce.figures.registers import SourceRow, sources
from cauce.ledger.queries import Source
from cauce.web.listing import Choice, Written
from cauce.web.naming import by_name
from cauce.web.page import Page
from cauce.web.tables import notes_of, table
from cauce.words import dates
from cauce.words.foreign import foreign
from cauce.words.matching import folded

__all__ = [
    "PATH",
    "READ_SHOWN",
    "SHOWN",
    "Asked",
    "asked",
    "basis",
    "choices",
    "number",
    "published",
    "rows",
    "sources_grid",
    "sources_table",
    "taken",
    "title_of",
    "written",
]

PATH = "fuentes/"

#: What the page shows of all that the files hold.
SHOWN = ("title", "publisher", "published", "taken", "basis")
READ_SHOWN = ("what", "kind", "reporter", "locator", "public_at")

#: The columns of the list: name in files, what it holds.
_COLUMNS: tuple[tuple[str, Kind], ...] = (
    ("title", "text"),
    ("code", "text"),
    ("publisher", "text"),
    ("published", "text"),
    ("language", "text"),
    ("address", "text"),
    ("taken", "text"),
    ("values", "number"),
    ("commitments", "number"),
    ("money", "number"),
    ("others", "number"),
    ("basis", "text"),
)

#: What is counted by itself; all else that rests on a document is counted together.
_VALUES, _MONEY = ("observation",), ("transaction",)
_COMMITMENTS = ("commitment", "commitment_update")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the list is narrowed by, in words of the address."""

    publisher: str
    pack: str
    text: str
    query: dict[str, str]

    def takes(self, page: Page, row: SourceRow) -> bool:
        """Whether a document is among what is asked for."""
        record = row.record
        said = folded(" ".join((record.title, record.publisher, record.code, record.address)))
        return (
            self.publisher in ("", record.publisher)
            and all(word in said for word in folded(self.text).split())
            and (not self.pack or _belongs(page, row, self.pack))
        )


def _belongs(page: Page, row: SourceRow, pack: str) -> bool:
    """A document of a framework, or one that gives values of its indicators."""
    return any(code.startswith(f"{pack}/") for code in (row.record.code, *row.indicators))


def asked(page: Page) -> Asked:
    given = {name: page.word(name) for name in ("editor", "marco", "texto")}
    pack = page.scope or given["marco"].partition("/")[0]
    query = {name: value for name, value in given.items() if value}
    return Asked(given["editor"], pack, given["texto"][:200], query)


def rows(page: Page) -> tuple[SourceRow, ...]:
    """Every document that is not closed, by the title as it is read."""
    found = sources(page.read)
    return tuple(
        sorted(
            (row for row in found if not row.record.closed),
            key=lambda row: (folded(row.record.title.lstrip('[«"“¿¡ ')), row.record.code),
        )
    )


def choices(page: Page, given: Asked, found: Sequence[SourceRow]) -> list[Choice]:
    """The fields of the form above the list: who published, and of which framework."""
    say, everything = page.voice.say, ("", page.voice.say("sources.filter.all"))
    publishers = sorted({r.record.publisher for r in found if r.record.publisher}, key=folded)
    frameworks = {code.partition("/")[0]: page.voice.short(code) for code in page.names.frameworks}
    options = sorted(frameworks.items(), key=lambda option: by_name(option[1]))
    fields = [
        Choice(
            "editor",
            say("sources.column.publisher"),
            [everything, *((one, one) for one in publishers)],
            given.publisher,
        )
    ]
    if not page.scope:
        label = say("sources.filter.framework")
        fields.append(Choice("marco", label, [everything, *options], given.pack))
    return fields


def written(page: Page, given: Asked) -> list[Written]:
    return [Written("texto", page.voice.say("sources.filter.text"), given.text)]


# -- the table -------------------------------------------------------------------------------------


def sources_table(page: Page) -> Grid:
    """The list as files hold it."""
    given = asked(page)
    return sources_grid(page, [row for row in rows(page) if given.takes(page, row)])


def sources_grid(page: Page, found: Sequence[SourceRow]) -> Grid:
    """One row for each document."""
    say = page.voice.say
    columns = [Column(key, say(f"sources.column.{key}"), kind) for key, kind in _COLUMNS]
    beside = notes_of(page, invented=any(one.record.invented for one in found))
    titles = Counter(one.record.title for one in found)
    rows_ = Rows(found, lambda one: _row(page, one, alike=titles[one.record.title] > 1))
    return table(page, "fuentes", say("sources.table"), columns, rows_, beside)


def _row(page: Page, row: SourceRow, *, alike: bool) -> Row:
    record, counts, say = row.record, dict(row.counts), page.voice.say
    values, commitments, money = (
        sum(counts.pop(name, 0) for name in names) for names in (_VALUES, _COMMITMENTS, _MONEY)
    )
    title, publisher = title_of(page, record), record.publisher or say("sources.no_publisher")
    # Read alone, the links of two documents of one title must differ.
    label = say("sources.link", title=title, publisher=publisher, date=published(page, record))
    return (
        Cell(title, href=page.link(f"{PATH}{record.code}/"), label=label if alike else ""),
        Cell(record.code),
        Cell(publisher, code=record.publisher),
        Cell(published(page, record), code=record.published.text if record.published else ""),
        Cell(page.voice.say_or(f"language.{record.language}", record.language)),
        Cell(record.address),
        Cell(taken(page, row.counts) or say("sources.nothing_yet")),
        *(number(page, one) for one in (values, commitments, money, sum(counts.values()))),
        Cell(basis(page, record), code="invented" if record.invented else record.basis),
    )


def taken(page: Page, counts: Mapping[str, int]) -> str:
    """«9 valores y 1 indicador»; empty where nothing was read in it."""
    said = [
        page.voice.say(f"sources.many.{one}", count=counts[one])
        for one in READ_IN
        if counts.get(one)
    ]
    return page.voice.list(said)


def number(page: Page, count: int) -> Cell:
    return Cell(page.voice.say("sources.number", count=count), Fraction(count))


def title_of(page: Page, record: Source) -> str:
    return foreign(record.title, record.language, page.language)


def published(page: Page, record: Source) -> str:
    return dates.imprecise(record.published, page.language)


def basis(page: Page, record: Source) -> str:
    """How it is known that the document says so; what was made up for a demonstration says it."""
    key = "sources.invented" if record.invented else f"basis.{record.basis}"
    return page.voice.say(key)
