"""Who belongs to what on the day that the address asks about, and what states it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from cauce import figures
from cauce.exports.grid import Cell, Column, Grid, Row, Rows
from cauce.figures import belonging
from cauce.figures.belonging import Holder, Member, MembershipRow, OfficeRow
from cauce.figures.registers import Reading
from cauce.values.answer import Code
from cauce.values.dates import ImpreciseDate
from cauce.web.asking import day_of
from cauce.web.naming import by_name, is_invented, party_cell, published, source_href
from cauce.web.page import Page
from cauce.web.tables import day_cell, notes_of, table
from cauce.words import dates

__all__ = [
    "ON",
    "ROLES",
    "Belonging",
    "Statement",
    "grid_notes",
    "source_cell",
    "statements_grid",
]

#: The word of an address that says on which day.
ON = "al"

#: The roles in the order in which a page tells them.
ROLES = ("member", "partner", "observer", "secretariat")

Statement = MembershipRow | OfficeRow


@dataclass(frozen=True, slots=True)
class Belonging:
    """Everything recorded about members and offices, read once for a page: ``on`` is the day of
    the address, none for the last day known."""

    page: Page
    on: ImpreciseDate | None
    read: Reading
    memberships: tuple[MembershipRow, ...]
    offices: tuple[OfficeRow, ...]
    members: tuple[Member, ...]
    holders: tuple[Holder, ...]
    conflicts: tuple[Code, ...]

    @classmethod
    def of(cls, page: Page) -> Belonging:
        """Raises ``bad_date`` for a day that cannot be asked about."""
        read = page.read
        on = day_of(page.word(ON), read.day)
        memberships = belonging.memberships(read, on=on)
        offices = belonging.offices(read, on=on)
        return cls(
            page=page,
            on=on,
            read=read,
            memberships=memberships,
            offices=offices,
            members=belonging.members(read, memberships, on=on),
            holders=belonging.holders(offices),
            conflicts=figures.conflicts(known_at=page.known, now=page.moment),
        )

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Every statement, about members and about offices."""
        return (*self.memberships, *self.offices)

    @property
    def asked(self) -> str:
        """The day of the address as it is written there; empty for the last day known."""
        return self.on.text if self.on else ""

    @property
    def day(self) -> str:
        """The day in words."""
        if self.on:
            return dates.imprecise(self.on, self.page.language, remark=False)
        return dates.day(self.read.day, self.page.language)

    @property
    def when(self) -> str:
        """The day with its preposition: «el 24 de noviembre de 2026», «en 2018»."""
        first = self.on.earliest if self.on else self.read.day
        last = self.on.latest if self.on else self.read.day
        return dates.on(first, last, self.page.language)

    def office(self, office: str) -> str:
        """What an office is called: with the year, or with the day where one was asked for."""
        say = self.page.voice.say
        name = say(f"office_title.{office}")
        if self.on:
            return say("party.office_on", office=name, date=self.day)
        year = dates.year(self.read.day, self.page.language)
        return say("party.office_year", office=name, year=year)

    def doubt(self, one: Member | Holder) -> str:
        """Why it is not sure that it holds on the day; empty where it is."""
        if isinstance(one, Member) and one.disagree:
            return self.page.voice.say("party.standing.disagree")
        return "" if one.is_certain else self.page.voice.say("party.standing.possible")


def source_cell(page: Page, code: str) -> Cell:
    """A document, as a link to its page."""
    found = page.names.sources.get(code)
    if found is None:
        return Cell(page.voice.say("party.no_source"))
    return Cell(page.voice.name(code), code=code, href=source_href(page, code))


def statements_grid(
    found: Belonging, rows: Iterable[Statement], *, of_body: bool, name: str, title: str
) -> Grid:
    """Memberships and offices as a table, those of the day first: of one body, by party; or of
    one party, by body."""
    page, shown = found.page, _sorted(found.page, rows, of_body)
    return table(
        page,
        name,
        title,
        _columns(found, of_body),
        Rows(shown, lambda row: _statement(found, row, of_body)),
        grid_notes(page, (row.record.source for row in shown)),
    )


def _columns(found: Belonging, of_body: bool) -> tuple[Column, ...]:
    say, whose = found.page.voice.say, "party" if of_body else "body"
    return (
        *(
            Column(key, say(f"party.col.{key}"), worded=True)
            for key in (whose, "role", "valid_from", "valid_to")
        ),
        Column("standing", say("party.col.standing", when=found.when), worded=True),
        *(
            Column(key, say(f"party.col.{key}"), worded=True)
            for key in ("basis", "reporter", "source", "published")
        ),
        Column("note", say("party.col.note")),
    )


def _sorted(page: Page, rows: Iterable[Statement], of_body: bool) -> list[Statement]:
    """Of a body its offices, the latest first, then its members by role and name; of a party what
    is so on the day first, else the latest."""
    shown = sorted(rows, key=lambda r: _latest(r.record.valid_from), reverse=True)
    if not of_body:
        return sorted(shown, key=lambda r: (not r.is_possible, isinstance(r, OfficeRow)))
    return sorted(
        shown,
        key=lambda r: (
            (ROLES.index(r.record.role), by_name(page.voice.name(r.record.party)))
            if isinstance(r, MembershipRow)
            else (-1, r.record.office)
        ),
    )


def _latest(value: ImpreciseDate | None) -> date:
    return (value.latest or value.earliest if value else None) or date.min


def _statement(found: Belonging, row: Statement, of_body: bool) -> Row:
    page, record = found.page, row.record
    say = page.voice.say
    if isinstance(row, MembershipRow):
        role, what = say(f"role.{row.record.role}"), row.record.role
    else:
        role, what = say(f"office_word.{row.record.office}"), row.record.office
    standing = _standing(found, row)
    return (
        party_cell(page, record.party if of_body else record.body),
        Cell(role, code=what),
        day_cell(page, record.valid_from, say("date.none")),
        day_cell(page, record.valid_to, say("party.until.none")),
        Cell(say(f"party.standing.{standing}"), code=standing),
        Cell(say(f"basis.{record.basis}") if record.basis else "", code=record.basis),
        party_cell(page, record.reporter, words=page.voice.short(record.reporter)),
        source_cell(page, record.source),
        day_cell(page, published(page, record), say("date.none")),
        Cell(page.voice.remark(record.note)),
    )


def _standing(found: Belonging, row: Statement) -> str:
    """``disagree``, ``certain``, ``possible`` or ``no``, on the day."""
    if isinstance(row, MembershipRow):
        told = (row.record.body, row.record.role, row.record.party)
        if any(m.disagree and told == (m.body, m.role, m.party) for m in found.members):
            return "disagree"
    return "certain" if row.is_certain else "possible" if row.is_possible else "no"


def grid_notes(page: Page, sources: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """The notes of a table of this section: which documents it rests on."""
    codes = [code for code in sources if code in page.names.sources]
    invented = any(is_invented(page, code) for code in codes)
    return notes_of(page, sources=codes, invented=invented)
