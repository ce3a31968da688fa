"""Who has not answered: which responsible parties, about which commitments?"""

from __future__ import annotations

from dataclasses import dataclass

from cauce.exports.grid import Grid
from cauce.figures.registers import SilentParty, silent_parties
from cauce.web.commitments import tables, wording
from cauce.web.commitments.contents import Told, told
from cauce.web.listing import Pages, paged
from cauce.web.naming import Line, by_name, is_invented
from cauce.web.page import Page
from cauce.web.taking import Take, table_takes

__all__ = ["PATH", "Silence", "Silent", "silence", "silence_table"]

PATH = "compromisos/sin-respuesta/"


@dataclass(frozen=True, slots=True)
class Silent:
    """A party with the commitments about which it said nothing."""

    anchor: str
    party: Line
    count: str
    ended: str
    is_invented: bool
    commitments: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """The follow-up: the parties of this page of the list, and all of it to take away."""

    found: Told
    total: str
    silent: tuple[Silent, ...]
    pages: Pages
    take: tuple[Take, ...]


def silence(page: Page) -> Silence:
    """Raises what an address of the list of commitments raises."""
    found = told(page)
    parties = _parties(page, found)
    query = found.asked.query
    pages = paged(page, len(parties), PATH, **query)
    shown = [
        _silent(page, found, one)
        for number, one in enumerate(parties, 1)
        if pages.first <= number <= pages.last
    ]
    title = page.voice.say("silence.title")
    takes = table_takes(page, PATH, title, chart=False, **query)
    # What was made up for a demonstration is in no total, but where it is all there is.
    real = [one for one in parties if not _is_invented(page, one)] or parties
    total = page.voice.say("silence.total", count=len(real)) if real else ""
    return Silence(found, total, tuple(shown), pages, tables.matrix_takes(page, takes, title))


def _parties(page: Page, found: Told) -> tuple[SilentParty, ...]:
    """The silent among the parties asked about: who has most to answer for first."""
    rows = [row for group in found.groups for row in group]
    wanted, names = found.asked.party, found.read.names
    silent = [
        one
        for one in silent_parties(found.read, rows)
        if not wanted or names.within(one.party, wanted)
    ]

    def place(one: SilentParty) -> tuple[bool, int, str]:
        name = by_name(page.voice.name(one.party))
        return _is_invented(page, one), -one.count, name

    return tuple(sorted(silent, key=place))


def _is_invented(page: Page, one: SilentParty) -> bool:
    """Whether all it has to answer for was made up for a demonstration."""
    return all(is_invented(page, row.record.source) for row in one.commitments)


def _silent(page: Page, found: Told, one: SilentParty) -> Silent:
    say, on = page.voice.say, found.asked.written
    link = wording.party(page, one.party)
    return Silent(
        anchor=one.party.replace("/", "-").lower(),
        party=link,
        count=say("silence.count", count=one.count),
        ended=wording.ended(page, one.party, one.ended),
        is_invented=_is_invented(page, one),
        commitments=tuple(
            Line(
                wording.marked_title(page, row),
                page.link(f"compromisos/{row.code}/", al=on),
            )
            for row in one.commitments
        ),
    )


def silence_table(page: Page) -> Grid:
    """One row for each party that has not answered and each of its commitments."""
    found = told(page)
    parties = {one.party for one in _parties(page, found)}
    return tables.matrix_grid(
        page,
        found.groups,
        title=page.voice.say("silence.title"),
        known=tables.as_known(page, found.read, found.asked.on),
        name="sin-respuesta",
        silent=parties,
    )
