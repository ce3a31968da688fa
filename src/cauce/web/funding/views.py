"""Funding: by stage, contribution by contribution, and one of them."""

from __future__ import annotations

from dataclasses import replace

from django.http import HttpResponse

from cauce.exports.figure_grid import figure_grid
from cauce.exports.grid import Grid
from cauce.web.funding.asking import PATH, asked_of
from cauce.web.funding.contents import LIST, by_stage, contributions
from cauce.web.funding.one import contribution
from cauce.web.funding.rows import SHOWN, choices, contributions_grid, file_grid
from cauce.web.listing import listed
from cauce.web.page import Crumb, Page, page_view
from cauce.web.taking import table_takes

__all__ = ["STAGES_PATH", "funding", "one", "stages_table", "table"]

#: Where the table of the stages stands.
STAGES_PATH = f"{PATH}etapas/"


@page_view
def funding(page: Page) -> HttpResponse:
    """What is on record at each stage, and the contributions behind it."""
    asked, given = asked_of(page), contributions(page)
    title = page.voice.say("page.funding.title")
    grid = contributions_grid(page, asked, given)
    query = asked.query()
    listing = listed(page, grid, PATH, *SHOWN, **query)
    return page.render(
        "funding/list.html",
        title,
        description=page.voice.say("page.funding.lead"),
        stages=by_stage(page, asked, given),
        stages_take=table_takes(
            page, STAGES_PATH, page.voice.say("funding.stages"), chart=False, **query
        ),
        listing=listing,
        list_id=LIST,
        choices=choices(page, asked, given),
        path=f"{page.root}{PATH}",
        everything=page.link(PATH) if query else "",
    )


def table(page: Page) -> Grid:
    """The contributions as a file takes them."""
    return file_grid(contributions_grid(page, asked_of(page), contributions(page)))


def stages_table(page: Page) -> Grid:
    """The figures of the stages, and those told apart where one number cannot be given."""
    asked, voice = asked_of(page), page.voice
    found = by_stage(page, asked)
    grid = figure_grid(
        found.explanations,
        voice,
        page.names.sources,
        name="financiamiento-por-etapa",
        title=voice.say("funding.stages"),
        address=page.absolute(found.address),
        licence=voice.say("take_away.licence"),
        today=page.today,
        how_made=lambda figure: page.absolute(page.how(figure.question)),
    )
    # In a spreadsheet the stages stand in one column, where a sum is one gesture away.
    caution = (voice.say("table.note.caution"), voice.say("funding.never_added"))
    return replace(grid, notes=(*grid.notes, caution))


@page_view
def one(page: Page, *, code: str) -> HttpResponse:
    """One contribution, as everybody who reports it tells it."""
    found = contribution(page, code)
    crumb = Crumb(page.voice.say("page.funding"), page.link(PATH))
    if found is None:
        return _missing(page, code, crumb)
    return page.render(
        "funding/one.html",
        found.title,
        crumbs=[crumb, Crumb(found.title)],
        description=found.sentence,
        preview=found.preview,
        one=found,
    )


def _missing(page: Page, code: str, crumb: Crumb) -> HttpResponse:
    """There is no such contribution, or none was known on the date chosen: what to do next."""
    say = page.voice.say
    return page.render(
        "funding/missing.html",
        say("funding.missing.title"),
        crumbs=[crumb],
        status=404,
        code=code,
        listed=page.link(PATH),
        everywhere=page.request.path if page.known else "",
    )
