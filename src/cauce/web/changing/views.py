"""What changed: the page, and the feed to follow it by."""

from __future__ import annotations

from django.http import HttpResponse

from cauce.web.changing import contents
from cauce.web.changing.contents import PATH
from cauce.web.changing.feed import FEED, TYPE, feed_bytes
from cauce.web.listing import LONGEST, paged
from cauce.web.page import Crumb, Page, page_view

__all__ = ["changes_feed", "changes_list"]


@page_view
def changes_list(page: Page) -> HttpResponse:
    """Newest first; with ``asiento`` all of one entry, one by one."""
    given = contents.asked(page)
    found = contents.found(page, given)
    pages = paged(page, found.total, PATH, **given.query)
    say = page.voice.say
    title = say("changes.title")
    narrowed = {k: v for k, v in given.query.items() if k not in ("asiento", "tipo")}
    return page.render(
        "changing/list.html",
        say("changes.entry_title", seq=str(given.seq)) if given.seq else title,
        crumbs=[Crumb(title, page.link(PATH, **narrowed)), Crumb(say("changes.all_of_entry"))]
        if given.seq
        else [],
        description=say("changes.lead"),
        blocks=contents.blocks(page, given, found.part(pages.first, pages.last)),
        pages=pages,
        path=page.link(PATH).partition("?")[0],
        choices=[] if given.seq else contents.choices(page, given),
        feed=page.link(FEED, **narrowed),
    )


@page_view
def changes_feed(page: Page) -> HttpResponse:
    """The newest rows of the same page."""
    given = contents.asked(page)
    rows = contents.found(page, given).part(1, LONGEST)
    content = feed_bytes(page, given, contents.sentences(page, given, rows))
    return HttpResponse(content, content_type=TYPE)
