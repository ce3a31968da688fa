"""Sources: the list of documents, and what was read in one of them."""

from __future__ import annotations

from django.http import HttpResponse

from cauce.web.listing import listed
from cauce.web.page import Crumb, Page, page_view
from cauce.web.sources import contents
from cauce.web.sources.one import found_in

__all__ = ["source", "sources_list"]


@page_view
def sources_list(page: Page) -> HttpResponse:
    """Every document, narrowed by who published it, by framework, by words of its title."""
    given, rows = contents.asked(page), contents.rows(page)
    shown = [row for row in rows if given.takes(page, row)]
    grid = contents.sources_grid(page, shown)
    listing = listed(page, grid, contents.PATH, *contents.SHOWN, **given.query)
    return page.render(
        "sources/list.html",
        page.voice.say("sources.title"),
        description=page.voice.say("sources.lead"),
        listing=listing,
        choices=contents.choices(page, given, rows),
        written=contents.written(page, given),
        path=page.link(contents.PATH).partition("?")[0],
    )


@page_view
def source(page: Page, *, code: str) -> HttpResponse:
    """One document: all that is recorded of it, and what rests on it."""
    found = found_in(page, code)
    listing = listed(page, found.grid, f"{contents.PATH}{code}/", *contents.READ_SHOWN)
    return page.render(
        "sources/source.html",
        found.title,
        crumbs=[
            Crumb(page.voice.say("page.sources"), page.link(contents.PATH)),
            Crumb(found.title),
        ],
        description=found.lead,
        found=found,
        listing=listing,
    )
