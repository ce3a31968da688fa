"""What stands on the page of a country or an organisation?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cauce.exports.grid import Cell, Column, Grid, Row
from cauce.figures import registers
from cauce.figures.registers import CommitmentRow
from cauce.parties.queries import Organisation, Succession
from cauce.values.dates import ImpreciseDate
from cauce.web.naming import (
    Labelled,
    Line,
    by_name,
    in_order,
    is_invented,
    kind,
    marked,
    named,
    party_href,
    party_line,
    source_line,
    states,
    stem,
    text_of,
)
from cauce.web.page import Page
from cauce.web.parties.belonging import Belonging, Statement, grid_notes, statements_grid
from cauce.web.parties.bodies import OfficeLine, spell_of
from cauce.web.tables import day_cell, table
from cauce.words import dates
from cauce.words.codes import conflict
from cauce.words.foreign import foreign, plain
from cauce.words.numbers import percent

__all__ = [
    "SHOWN",
    "acting",
    "closed",
    "commitments_grid",
    "conflicts",
    "documents",
    "instruments",
    "offices_now",
    "own",
    "party_commitments",
    "party_statements",
    "successions",
    "summary",
    "title",
]

#: What the page shows of the table of memberships and offices.
SHOWN = ("body", "role", "valid_from", "valid_to", "standing", "source")

#: The longest list on the page; all of it stands in its own section.
MOST = 50

LANGUAGES = ("es", "en", "fr")


def own(page: Page, code: str) -> frozenset[str]:
    """The organisations that speak as the party: itself, or the state of a country, with their
    units."""
    names = page.names
    heads = states(names, code) if code in names.places else (code,)
    return frozenset(
        one for one in names.organisations if any(names.within(one, head) for head in heads)
    )


def title(page: Page, code: str) -> str:
    """Its full name."""
    return named(page, code)


# -- what it is ----------------------------------------------------------------------------------


def summary(page: Page, code: str) -> tuple[Labelled, ...]:
    """What it is, where it sits, what it belongs to and what belongs to it."""
    one = page.names.organisations.get(code)
    told = _organisation(page, one) if one else _country(page, code)
    return tuple(
        Labelled(page.voice.say(f"party.about.{key}"), tuple(lines)) for key, lines in told if lines
    )


def _country(page: Page, code: str) -> Iterator[tuple[str, list[Line]]]:
    names = page.names
    acting = [names.organisations[one] for one in states(names, code)]
    yield "kind", [Line(kind(page, code))]
    for one in acting:
        if page.voice.name(one.code) != page.voice.name(code):
            yield "state", [Line(page.voice.name(one.code))]
        yield "names", _other_names(page, one.name)
    if not acting:
        yield "names", _other_names(page, names.places[code].name)
    there = [
        one
        for one, found in names.organisations.items()
        if found.country == code
        and not found.closed
        and found not in acting
        # Its offices stand on the page of the organisation they belong to.
        and not (found.unit_of and names.organisations[found.unit_of].unit_of)
    ]
    there.sort(key=lambda one: by_name(page.voice.short(one)))
    yield "organisations", [party_line(page, one) for one in there]


def _organisation(page: Page, one: Organisation) -> Iterator[tuple[str, list[Line]]]:
    names, code = page.names, str(one.code)
    yield "kind", [Line(kind(page, code))]
    yield "names", _other_names(page, one.name)
    if one.country:
        yield "country", [party_line(page, one.country)]
    if one.seat:
        yield "seat", [Line(page.voice.name(one.seat))]
    yield "serves", [Line(page.voice.name(place)) for place in one.serves]
    if one.unit_of:
        yield "unit_of", [Line(page.voice.name(one.unit_of), party_href(page, one.unit_of))]
    units = [u for u, found in names.organisations.items() if found.unit_of == code]
    yield (
        "units",
        [
            Line(page.voice.name(u), party_href(page, u), after=_where(page, u))
            for u in in_order(page, units)
        ],
    )
    yield "identifiers", [Line(f"{name}: {value}") for name, value in one.identifiers.items()]


def _where(page: Page, unit: str) -> str:
    seat = page.names.organisations[unit].seat
    return page.voice.say("party.seat_in", place=page.voice.name(seat)) if seat else ""


def _other_names(page: Page, given: dict[str, str]) -> list[Line]:
    """What it is called in the other languages, each marked with its language; not where that is
    what the page calls it."""
    return [
        Line(
            foreign(given[one], one, page.language),
            after=page.voice.say(f"language.name.{one}"),
        )
        for one in LANGUAGES
        if given.get(one) not in (None, "", given.get(page.language))
    ]


def closed(page: Page, code: str) -> str:
    """Since when it no longer exists; empty for one that does."""
    one = page.names.organisations.get(code) or page.names.places.get(code)
    ended = one.ended if isinstance(one, Organisation) else None
    if ended:
        when = dates.on(ended.earliest, ended.latest, page.language)
        return page.voice.say("party.closed_on", when=when)
    return page.voice.say("party.closed") if one and one.closed else ""


def successions(page: Page, code: str) -> tuple[Line, ...]:
    """Who took over from it, and from whom it took over."""
    found = []
    for one in page.names.successions:
        if one.predecessor == code:
            found.append(_succession(page, one, "party.succeeded_by", one.successor))
        if one.successor == code:
            found.append(_succession(page, one, "party.succeeds", one.predecessor))
    return tuple(found)


def _succession(page: Page, one: Succession, key: str, other: str) -> Line:
    say = page.voice.say
    when = dates.on(one.date.earliest, one.date.latest, page.language) if one.date else ""
    share = say("party.share", share=percent(one.share, page.language)) if one.share else ""
    after = " ".join(filter(None, (when, share)))
    return Line(say(key, name=page.voice.name(other)), party_href(page, other), after=after)


# -- what it belongs to --------------------------------------------------------------------------


def party_statements(found: Belonging, code: str) -> Grid:
    """Every membership and office of the party, also the past ones."""
    page = found.page
    return statements_grid(
        found,
        _statements(found, code),
        of_body=False,
        name=f"{stem(code)}-belongs",
        title=page.voice.say("party.table", name=plain(page.voice.short(code))),
    )


def _statements(found: Belonging, code: str) -> list[Statement]:
    mine = own(found.page, code)
    return [row for row in found.statements if row.record.party in mine]


def conflicts(found: Belonging, code: str) -> tuple[str, ...]:
    """Where sources do not agree about the party, in words."""
    mine = own(found.page, code)
    return tuple(
        conflict(one, found.page.voice)
        for one in found.conflicts
        if mine.intersection(
            part.strip()
            for name in ("party", "parties")
            for part in str(dict(one.params).get(name) or "").split(",")
        )
    )


def offices_now(found: Belonging, code: str) -> tuple[OfficeLine, ...]:
    """The offices it holds, or may hold, on the day."""
    page, mine = found.page, own(found.page, code)
    lines = []
    for one in found.holders:
        if one.party in mine:
            spell, doubt = spell_of(page, one.rows[0]), found.doubt(one)
            after = (
                page.voice.say("party.spell_doubt", spell=spell, doubt=doubt) if doubt else spell
            )
            lines.append(
                OfficeLine(found.office(one.office), (party_line(page, one.body, after=after),))
            )
    return tuple(lines)


# -- what it promised ----------------------------------------------------------------------------


def party_commitments(found: Belonging, code: str) -> list[CommitmentRow]:
    """The commitments it answers for, those it said nothing about first."""
    mine = own(found.page, code)
    rows = [
        row
        for row in registers.commitments(found.read, on=found.on)
        if mine.intersection(row.record.parties)
    ]
    return sorted(rows, key=lambda row: (not mine.intersection(row.silent), row.code))


def commitments_grid(found: Belonging, code: str, rows: Iterable[CommitmentRow]) -> Grid:
    """Its commitments with their state on the day and what it said itself."""
    page, say = found.page, found.page.voice.say
    mine, shown = own(page, code), list(rows)[:MOST]
    keys = ["commitment", "state", "answer"]
    if any(row.record.due for row in shown):
        keys.append("due")
    return table(
        page,
        f"{stem(code)}-commitments",
        say("party.commitments.table", name=plain(page.voice.short(code)), when=found.when),
        [Column(key, say(f"party.col.{key}"), worded=True) for key in keys],
        (_commitment(page, row, mine)[: len(keys)] for row in shown),
        grid_notes(page, ()),
    )


def _commitment(page: Page, row: CommitmentRow, mine: frozenset[str]) -> Row:
    say = page.voice.say
    text = text_of(page, row.record.text)
    if is_invented(page, row.record.source):
        text = marked(page, text)
    answer = next(a for a in row.answers if a.party in mine)
    said = say("party.not_reported" if answer.party in row.silent else f"state.{answer.state}")
    if answer.ended and row.state not in registers.ENDED:
        said = _passed(page, answer.party, answer.ended)
    return (
        Cell(text, code=row.code, href=page.link(f"compromisos/{row.code}/")),
        Cell(_with_day(page, say(f"state.{row.state}"), row), code=row.state),
        Cell(said, code=answer.state),
        day_cell(page, row.record.due, say("commitments.no_due")),
    )


def _passed(page: Page, party: str, ended: ImpreciseDate) -> str:
    """Who answers for what an organisation promised that no longer exists."""
    heirs = [page.voice.short(one) for one in registers.successors(page.names, party)]
    if heirs:
        return page.voice.say("party.passed_to", name=page.voice.list(heirs))
    date = dates.imprecise(ended, page.language, remark=False)
    return page.voice.say("party.nobody_since", date=date)


def _with_day(page: Page, state: str, row: CommitmentRow) -> str:
    if row.as_of is None:
        return state
    date = dates.imprecise(row.as_of, page.language, remark=False)
    return page.voice.say("party.with", name=state, what=date)


# -- where it is written -------------------------------------------------------------------------


def instruments(page: Page, code: str) -> tuple[Line, ...]:
    """The agreements and declarations it adopted or signed."""
    mine = own(page, code)
    found = [
        Line(page.voice.name(one.code), page.link(f"acuerdos/{one.code}/"))
        for one in page.names.instruments.values()
        if not one.closed and mine.intersection(one.parties)
    ]
    return tuple(sorted(found, key=lambda one: by_name(one.text)))


def documents(
    found: Belonging, code: str, rows: Iterable[CommitmentRow], more: Iterable[str]
) -> tuple[Line, ...]:
    """The documents in which what the page says was read."""
    page = found.page
    codes = [
        *(row.record.source for row in _statements(found, code)),
        *(row.record.source for row in rows),
        *more,
    ]
    return tuple(
        source_line(page, one, after=_published(page, one))
        for one in dict.fromkeys(codes)
        if one in page.names.sources
    )[:MOST]


def _published(page: Page, source: str) -> str:
    """Who published it, and when."""
    paper = page.names.sources[source]
    day = dates.imprecise(paper.published, page.language, remark=False)
    if not paper.publisher:
        return day
    return page.voice.say("party.published", publisher=paper.publisher, date=day)


def acting(page: Page, code: str) -> str:
    """The organisation that speaks as the party: of a country its state, where there is one."""
    return next(iter(states(page.names, code)), code)
