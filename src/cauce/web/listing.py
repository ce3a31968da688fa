"""How does a page list many rows: fifty at a time, narrowed by a form, all of them to take away?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import EmptyPage, Paginator
from django.http import Http404

from cauce.errors import CauceError
from cauce.exports.grid import Grid
from cauce.web.page import Page
from cauce.web.taking import Take, table_takes
from cauce.words.foreign import plain

__all__ = ["PAGE", "Choice", "Listing", "Pages", "Written", "listed", "paged"]

#: The word of an address that says which page of a list.
PAGE = "pagina"

#: Longer lists are told in pages: a slow line loads no more than somebody reads.
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form above a list that offers what there is: pairs of value and words. The
    first of them is everything, with an empty value."""

    name: str
    label: str
    options: Sequence[tuple[str, str]]
    chosen: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A field of the form above a list that is written into."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Which rows of how many are shown, and where the rows before and after them are."""

    first: int
    last: int
    total: int
    before: str = ""
    after: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether everything is shown."""
        return not (self.before or self.after)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as its page shows it: the rows of this page, and how to take all of them away."""

    grid: Grid
    pages: Pages
    take: tuple[Take, ...]


def paged(page: Page, total: int, path: str, **query: str) -> Pages:
    """Which rows the address asks for, of ``total``; ``query`` is what the list is narrowed by.

    Raises ``bad_number``, and ``Http404`` for a page after the last.
    """
    text = page.word(PAGE) or "1"
    if not text.isascii() or not text.isdecimal() or len(text) > 6:
        raise CauceError("bad_number", text=text[:60])
    paginator = Paginator(range(total), LONGEST)
    try:
        found = paginator.page(text)
    except EmptyPage:
        raise Http404 from None

    def at(number: int) -> str:
        return page.link(path, **query, **{PAGE: str(number) if number > 1 else ""})

    return Pages(
        first=found.start_index(),
        last=found.end_index(),
        total=total,
        before=at(found.previous_page_number()) if found.has_previous() else "",
        after=at(found.next_page_number()) if found.has_next() else "",
    )


def listed(page: Page, grid: Grid, path: str, *keys: str, **query: str) -> Listing:
    """A list at ``path`` (whose table's files stand at ``<path>tabla.…``); ``keys`` are the
    columns that the page shows of all that the files hold."""
    pages = paged(page, len(grid.rows), path, **query)
    shown = grid.only(*keys) if keys else grid
    take = table_takes(page, path, plain(grid.title), chart=False, **query)
    return Listing(shown.part(pages.first, pages.last), pages, take)
