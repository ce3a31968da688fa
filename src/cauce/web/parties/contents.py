"""What stands in the list of countries and organisations, and what is it narrowed by?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cauce.errors import CauceError
from cauce.exports.grid import Cell, Column, Grid, Row, Rows
from cauce.figures import registers
from cauce.figures.belonging import Member
from cauce.parties.queries import Organisation
from cauce.web.listing import PAGE, Choice, Written
from cauce.web.naming import (
    by_name,
    comes_invented,
    home_of,
    kind,
    named,
    party_cell,
    states,
)
from cauce.web.page import Page
from cauce.web.parties.belonging import ON, Belonging, grid_notes
from cauce.web.parties.bodies import Group
from cauce.web.tables import day_cell, table
from cauce.words import dates

__all__ = ["SHOWN", "Narrowed", "choices", "day_field", "is_first_look", "party_grid"]

#: What the list shows of all that its files hold.
SHOWN = ("name", "kind", "belongs")

#: The kind of a party that is a country.
COUNTRY = "country"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What the address narrows the list by; empty is everything."""

    kind: str = ""
    body: str = ""
    framework: str = ""

    @classmethod
    def of(cls, page: Page, bodies: Iterable[Group]) -> Narrowed:
        """Raises ``bad_choice``, ``unknown_body`` or ``unknown_framework``."""
        given = {word: page.word(word) for word in ("tipo", "organo", "marco")}
        if given["tipo"] and given["tipo"] not in _kinds(page):
            raise CauceError("bad_choice", text=given["tipo"][:60], choices=", ".join(_kinds(page)))
        if given["organo"] and given["organo"] not in {one.code for one in bodies}:
            raise CauceError("unknown_body", id=given["organo"][:60])
        if given["marco"] and given["marco"] not in page.names.frameworks:
            raise CauceError("unknown_framework", id=given["marco"][:60])
        return cls(given["tipo"], given["organo"], given["marco"])

    @property
    def query(self) -> dict[str, str]:
        """The words of the address, for the links that keep them."""
        return {"tipo": self.kind, "organo": self.body, "marco": self.framework}

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.kind or self.body or self.framework)


def is_first_look(page: Page, narrowed: Narrowed) -> bool:
    """Whether the reader came to the section, and not for rows of its list."""
    return not narrowed.narrows and not page.request.GET.get(PAGE)


def choices(
    found: Belonging, narrowed: Narrowed, bodies: Iterable[Group]
) -> tuple[list[Choice], list[Written]]:
    """The fields of the form above the list."""
    page, say = found.page, found.page.voice.say
    kinds = [(one, _kind_words(page, one)) for one in _kinds(page)]
    groups = [(one.code, page.voice.short(one.code)) for one in bodies if one.has_records]
    fields = [
        Choice("tipo", say("party.by.kind"), [("", say("party.by.all")), *kinds], narrowed.kind),
        Choice("organo", say("party.by.body"), [("", say("party.by.all")), *groups], narrowed.body),
    ]
    frameworks = [
        (code, page.voice.short(code)) for code in page.names.frameworks if page.in_scope(code)
    ]
    if not page.scope or len(frameworks) > 1:
        every = [("", say("party.by.all")), *frameworks]
        fields.append(Choice("marco", say("party.by.framework"), every, narrowed.framework))
    return fields, [day_field(found)]


def day_field(found: Belonging) -> Written:
    """The field of a form that asks on which day."""
    return Written(ON, found.page.voice.say("party.by.on"), found.asked)


def _kinds(page: Page) -> list[str]:
    """The kinds there are, countries first."""
    there = {one.kind for one in page.names.organisations.values() if not _is_country(page, one)}
    return [COUNTRY, *sorted(there, key=lambda one: by_name(_kind_words(page, one)))]


def _kind_words(page: Page, one: str) -> str:
    return page.voice.say("place_kind.country" if one == COUNTRY else f"organisation_kind.{one}")


def _is_country(page: Page, one: Organisation) -> bool:
    """Whether an organisation is told as its country."""
    return bool(home_of(page.names, one.code) != one.code)


# -- the list ----------------------------------------------------------------------------------


def party_grid(found: Belonging, narrowed: Narrowed) -> Grid:
    """Countries, then organisations, by name; what is invented comes last. All of them, however
    many a page shows."""
    page, say = found.page, found.page.voice.say
    belonging: defaultdict[str, list[Member]] = defaultdict(list)
    for one in found.members:
        if one.is_possible:
            belonging[home_of(page.names, one.party)].append(one)
    codes = _chosen(found, narrowed, belonging)
    columns = (
        Column("name", say("party.col.name"), worded=True),
        Column("kind", say("party.col.kind"), worded=True),
        Column("country", say("party.col.country"), worded=True),
        Column("part_of", say("party.col.part_of"), worded=True),
        Column("belongs", say("party.col.belongs"), worded=True),
        Column("ended", say("party.col.ended"), worded=True),
    )
    stated = {row.record.source for row in found.memberships if row.is_possible}
    return table(
        page,
        "parties",
        say("party.list.table", when=found.when),
        columns,
        Rows(codes, lambda code: _row(found, code, belonging[code])),
        grid_notes(page, sorted(stated)),
    )


def _chosen(found: Belonging, narrowed: Narrowed, belonging: dict[str, list[Member]]) -> list[str]:
    page = found.page
    codes = _everybody(page)
    wanted = [code for code in page.names.frameworks if page.in_scope(code)] if page.scope else []
    for frameworks in filter(None, ([narrowed.framework], wanted)):
        if any(frameworks):
            part = _taking_part(found, frozenset(frameworks))
            codes = [code for code in codes if code in part or (page.scope and _own(page, code))]
    if narrowed.body:
        codes = [c for c in codes if any(m.body == narrowed.body for m in belonging[c])]
    return [code for code in codes if narrowed.kind in ("", _kind(page, code))]


def _own(page: Page, code: str) -> bool:
    """Whether it was recorded with the framework the reader stays in."""
    return "/" in code and page.in_scope(code)


def _everybody(page: Page) -> list[str]:
    names = page.names
    countries = [c for c, one in names.places.items() if one.kind == COUNTRY and not one.closed]
    others = [
        code
        for code, one in names.organisations.items()
        if not one.closed and not _is_country(page, one)
    ]
    return sorted(
        [*countries, *others],
        key=lambda c: (comes_invented(names, c), "/" in c, by_name(page.voice.name(c))),
    )


def _kind(page: Page, code: str) -> str:
    one = page.names.organisations.get(code)
    return str(one.kind) if one else COUNTRY


def _taking_part(found: Belonging, frameworks: frozenset[str]) -> frozenset[str]:
    """Who takes part in some frameworks: who belongs to their body, answers for a commitment,
    owes a value, gives or receives money."""
    names, read = found.page.names, found.read
    bodies = {names.frameworks[code].body for code in frameworks} | frameworks
    bodies |= {code for code, one in names.bodies.items() if one.part_of in bodies}
    part = {m.party for m in found.members if m.body in bodies}
    for row in registers.commitments(read):
        if row.record.framework in frameworks:
            part.update(row.record.parties)
    for money in registers.transactions(read):
        if money.framework in frameworks:
            part.update((money.record.provider, money.record.receiver))
    for owed in names.obligations:
        indicator = names.indicators.get(owed.indicator)
        if indicator is not None and indicator.framework in frameworks and not owed.closed:
            part.update((owed.party, owed.place))
    return frozenset(home_of(names, code) for code in part if code)


def _row(found: Belonging, code: str, belonging: list[Member]) -> Row:
    page = found.page
    one = page.names.organisations.get(code)
    words = named(page, (states(page.names, code) or (code,))[0]) if one is None else ""
    return (
        party_cell(page, code, words=words or named(page, code)),
        Cell(_kind_of(page, code), code=_kind(page, code)),
        party_cell(page, one.country) if one else Cell(""),
        party_cell(page, one.unit_of) if one else Cell(""),
        Cell(
            page.voice.apart(_belongs(found, member) for member in belonging),
            code=";".join(member.body for member in belonging),
        ),
        day_cell(page, one.ended) if one and one.ended else Cell(""),
    )


def _kind_of(page: Page, code: str) -> str:
    """«institución pública · México», with since when it is closed."""
    one, words = page.names.organisations.get(code), kind(page, code)
    if one is None:
        return words
    if one.country:
        words = page.voice.say("party.kind_in", kind=words, country=page.voice.name(one.country))
    if one.ended:
        ended = dates.imprecise(one.ended, page.language, remark=False)
        words = page.voice.say("party.kind_ended", kind=words, date=ended)
    return words


def _belongs(found: Belonging, one: Member) -> str:
    """«CRM (observador)», with the doubt where there is one."""
    page = found.page
    said = [
        "" if one.role == "member" else page.voice.say(f"role.{one.role}"),
        found.doubt(one),
    ]
    inside = page.voice.apart(filter(None, said))
    name = page.voice.short(one.body)
    return page.voice.say("party.with", name=name, what=inside) if inside else name
