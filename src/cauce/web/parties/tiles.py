"""The region as eleven squares: which country stands where, and what does each square say?

The countries are those recorded as members of the Regional Conference on Migration on the day; a
square is a link to the country's page. There is no line between them that could be disputed.
"""

from __future__ import annotations

from dataclasses import dataclass

from cauce import figures
from cauce.exports.figure_grid import figure_grid
from cauce.exports.grid import Cell, Column, Grid, Row
from cauce.figures import Explanation
from cauce.figures.belonging import Member
from cauce.ledger import queries as ledger
from cauce.values.breakdown import TOTAL
from cauce.values.period import Period
from cauce.values.question import IndicatorQ
from cauce.web.cards import explained
from cauce.web.listing import Choice
from cauce.web.naming import PARTIES, Line, by_name, home_of, party_href
from cauce.web.page import Page
from cauce.web.parties.belonging import Belonging, grid_notes
from cauce.web.tables import table
from cauce.web.taking import Take, table_takes
from cauce.words import dates
from cauce.words import figures as figure_words
from cauce.words.foreign import plain

__all__ = ["INDICATOR", "REGION", "Region", "Tile", "region", "region_grid"]

#: The conference whose members are the region.
CONFERENCE = "rcm/RCM"

#: Where the region's table stands.
REGION = f"{PARTIES}region/"

#: The word of an address that says what the squares tell.
INDICATOR = "indicador"

#: What the page shows of a table of values.
SHOWN = ("place", "value", "status", "reporter")

#: Column and row of each country's square, arranged like the region.
POSITIONS = {
    "CAN": (1, 1),
    "USA": (1, 2),
    "MEX": (1, 3),
    "BLZ": (3, 3),
    "DOM": (4, 3),
    "GTM": (2, 4),
    "HND": (3, 4),
    "SLV": (2, 5),
    "NIC": (3, 5),
    "CRI": (3, 6),
    "PAN": (4, 6),
}


@dataclass(frozen=True, slots=True)
class Tile:
    """A square: the country, what it says, where it leads; ``place`` is the class of its place."""

    code: str
    name: str
    value: str
    href: str
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class Region:
    """The squares, what they tell, their table (``whole`` is what its files hold), and the form
    that asks for something else; ``legend`` says what short names stand for, ``left_out`` what
    the squares do not tell."""

    title: str
    sentence: str
    tiles: tuple[Tile, ...]
    whole: Grid
    grid: Grid
    take: tuple[Take, ...]
    choice: Choice
    legend: tuple[Line, ...]
    left_out: str
    path: str
    on: str


def region(page: Page, found: Belonging | None = None) -> Region:
    """The region on the day of the address; ``found`` is what the page has read already.

    Each square says to what the country belongs or, where the address names an indicator, its
    value of the latest period recorded for any of them. Raises ``unknown_indicator``.
    """
    found = found or Belonging.of(page)
    asked = _asked(page)
    countries = _countries(found)
    values = _values(found, asked, countries) if asked else {}
    told = {
        code: figure_words.value(values[code].figure, page.voice)
        if asked
        else _belongs(found, code, between="\N{NO-BREAK SPACE}· ", whole=False)
        for code in countries
    }
    grid = _value_grid(found, asked, values) if asked else _belonging_grid(found, countries)
    return Region(
        title=page.voice.say("region.title"),
        sentence=_sentence(found, asked, values),
        tiles=tuple(_tile(page, code, told[code]) for code in _by_place(countries)),
        whole=grid,
        grid=grid.only(*SHOWN) if asked else grid,
        take=table_takes(page, REGION, plain(grid.title), indicador=asked, al=found.asked),
        choice=_choice(found, asked, countries),
        legend=() if asked else _legend(found, countries),
        left_out="" if asked or not countries else page.voice.say("region.left_out"),
        path=f"{page.root}{PARTIES}",
        on=found.asked,
    )


def region_grid(page: Page) -> Grid:
    """The region's table."""
    return region(page).whole


def _asked(page: Page) -> str:
    code = page.word(INDICATOR)
    if code:
        page.names.indicator(code)
    return code


def _countries(found: Belonging) -> list[str]:
    """The members of the conference on the day; before it is on record, the squares there are."""
    names = found.page.names
    members = {
        home_of(names, m.party)
        for m in found.members
        if m.body == CONFERENCE and m.role == "member" and m.is_possible
    }
    countries = members.intersection(names.places)
    return sorted(countries, key=lambda code: by_name(found.page.voice.name(code)))


def _by_place(countries: list[str]) -> list[str]:
    """From north to south, as they are read."""
    last = (0, 99)
    return sorted(countries, key=lambda c: tuple(reversed(POSITIONS.get(c, last))))


def _tile(page: Page, code: str, value: str) -> Tile:
    column, row = POSITIONS.get(code, (0, 0))
    name = page.voice.name(code)
    return Tile(
        code=code,
        name=name,
        value=value,
        href=party_href(page, code),
        label=plain(page.voice.say("explain.labelled", label=name) + f" {value}"),
        place=f"c{column} r{row}" if column else "rest",
    )


# -- to what they belong -----------------------------------------------------------------------


def _memberships(found: Belonging, country: str) -> list[Member]:
    names = found.page.names
    return [
        m
        for m in found.members
        if m.is_possible and m.role == "member" and home_of(names, m.party) == country
    ]


def _belongs(found: Belonging, country: str, *, between: str = " · ", whole: bool = True) -> str:
    """The short names of what it is a member of; not ``whole`` without what is part of another."""
    bodies = found.page.names.bodies
    names = [
        found.page.voice.short(m.body)
        for m in _memberships(found, country)
        if whole or m.body not in bodies or not bodies[m.body].part_of
    ]
    return between.join(sorted(names, key=by_name)) or found.page.voice.say("absence.missing")


def _legend(found: Belonging, countries: list[str]) -> tuple[Line, ...]:
    """What the short names in the squares stand for."""
    voice = found.page.voice
    codes = {m.body for country in countries for m in _memberships(found, country)}
    called = sorted((voice.short(code), code) for code in codes)
    return tuple(
        Line(voice.name(code), party_href(found.page, code), after=short)
        for short, code in called
        if short != voice.name(code)
    )


def _presides(found: Belonging, country: str) -> str:
    held = [
        h
        for h in found.holders
        if home_of(found.page.names, h.party) == country and h.office in ("presidency", "chair")
    ]
    said = []
    for one in held:
        name, doubt = found.page.voice.short(one.body), found.doubt(one)
        said.append(found.page.voice.say("party.with", name=name, what=doubt) if doubt else name)
    return found.page.voice.apart(said)


def _belonging_grid(found: Belonging, countries: list[str]) -> Grid:
    page, say = found.page, found.page.voice.say
    stated = [r.record.source for r in found.statements if r.is_possible]
    rows: list[Row] = [
        (
            Cell(page.voice.name(code), code=code, href=party_href(page, code)),
            Cell(
                _belongs(found, code),
                code=";".join(m.body for m in _memberships(found, code)),
            ),
            Cell(_presides(found, code)),
        )
        for code in countries
    ]
    columns = (
        Column("country", say("party.col.country"), worded=True),
        Column("member_of", say("region.member_of"), worded=True),
        Column("presides", say("region.presides")),
    )
    title = say("region.belonging.table", when=found.when)
    return table(page, "region", title, columns, rows, grid_notes(page, stated))


# -- the values of an indicator ------------------------------------------------------------------


def _choice(found: Belonging, asked: str, countries: list[str]) -> Choice:
    """What the squares can tell: to what the countries belong, or an indicator with values."""
    page = found.page
    there = {
        indicator
        for indicator, place, _, _ in ledger.observations_by_unit(view=found.read.view)
        if place in countries and indicator in page.names.indicators
    }
    named = sorted(((one, page.voice.name(one)) for one in there), key=lambda o: by_name(o[1]))
    say = page.voice.say
    return Choice(INDICATOR, say("region.choose"), [("", say("region.belonging")), *named], asked)


def _values(found: Belonging, indicator: str, countries: list[str]) -> dict[str, Explanation]:
    """The value of each country in the latest period that is recorded for any of them."""
    period = _latest_period(found, indicator, countries)
    asked = [
        IndicatorQ(indicator=indicator, place=code, period=period, known_at=found.page.known)
        for code in countries
    ]
    return dict(zip(countries, explained(found.page, asked), strict=True))


def _latest_period(found: Belonging, indicator: str, countries: list[str]) -> Period:
    recorded = [
        one.period
        for one in ledger.observations(view=found.read.view, indicators=[indicator])
        if one.place in countries and one.breakdown == TOTAL and one.kind == "actual"
    ]
    periods = figures.periods_to_ask(recorded)
    return periods[-1] if periods else found.read.last_year


def _value_grid(found: Belonging, indicator: str, values: dict[str, Explanation]) -> Grid:
    page, say = found.page, found.page.voice.say
    return figure_grid(
        tuple(values.values()),
        page.voice,
        page.names.sources,
        name="region",
        title=say(
            "region.value.table", name=page.voice.name(indicator), period=_period(page, values)
        ),
        address=page.absolute(page.request.get_full_path()),
        how_made=lambda figure: page.absolute(page.how(figure.question)),
        licence=say("take_away.licence"),
        today=page.today,
    )


def _period(page: Page, values: dict[str, Explanation]) -> str:
    asked = next((one.figure.question for one in values.values()), None)
    return dates.period(asked.period, page.language) if isinstance(asked, IndicatorQ) else ""


def _sentence(found: Belonging, indicator: str, values: dict[str, Explanation]) -> str:
    page = found.page
    if not indicator:
        return page.voice.say("region.belonging.sentence", when=found.when)
    return page.voice.say(
        "region.value.sentence", name=page.voice.name(indicator), period=_period(page, values)
    )
