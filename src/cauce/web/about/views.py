"""The pages at the foot of the site: texts of ours, with what the record adds to them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse

from cauce.web.about import contents
from cauce.web.about.answering import contact, own_path, report_address, responsible
from cauce.web.about.prose import Block, Section, prose, section
from cauce.web.page import Page, page_view

__all__ = ["about", "cite", "data", "glossary", "report", "text_page"]


def text_page(name: str, *parts: str) -> Callable[..., HttpResponse]:
    """A page that is a text of ours in sections: ``about.NAME.PART``."""

    @page_view
    def shown(page: Page) -> HttpResponse:
        keys = [(f"about.{name}.{part}", part) for part in parts]
        return _render(page, name, [section(page, key, anchor) for key, anchor in keys])

    return shown


def _render(
    page: Page, name: str, sections: list[Section], template: str = "text", **context: Any
) -> HttpResponse:
    lead = page.voice.say(f"about.{name}.lead")
    return page.render(
        f"about/{template}.html",
        page.voice.say(f"about.{name}.title"),
        lead=lead,
        description=lead,
        sections=sections,
        **context,
    )


@page_view
def about(page: Page) -> HttpResponse:
    """Who answers for this site, and what it is not."""
    who = Section("who", page.voice.say("about.who.title"), tuple(_who(page)))
    rest = ("official", "ours", "correct", "change", "licence")
    return _render(page, "about", [who, *(section(page, f"about.{name}", name) for name in rest)])


def _who(page: Page) -> Iterator[Block]:
    name, to = responsible(), contact()
    if name:
        yield from prose(page, "about.who.named", name=name)
    else:
        yield from prose(page, "about.who.nobody")
    if to is None:
        yield from prose(page, "about.who.no_contact")
    elif to.address:
        yield from prose(page, "about.who.contact", contact=to.words, address=to.address)
    else:
        yield from prose(page, "about.who.contact_plain", contact=to.words)
    if page.names.invented:
        yield from prose(page, "about.who.demo")


@page_view
def cite(page: Page) -> HttpResponse:
    """How a figure, a table and a fact sheet are cited, with true examples."""
    made = contents.examples(page)
    kinds = (("figure", made.figure), ("table", made.table), ("sheet", made.sheet))
    return _render(
        page,
        "cite",
        [section(page, f"about.cite.{name}", name) for name in ("rules", "permanent")],
        "cite",
        kinds=[(section(page, f"about.cite.{name}", name), text) for name, text in kinds],
        figure_href=made.figure_href,
    )


@page_view
def glossary(page: Page) -> HttpResponse:
    return _render(page, "glossary", [], "glossary", terms=contents.terms(page))


@page_view
def data(page: Page) -> HttpResponse:
    """Files, the interface for programs, and how to check that nothing was changed."""
    return _render(
        page,
        "data",
        [section(page, f"about.data.{name}", name) for name in ("files", "api", "times")],
        "data",
        check=section(page, "about.data.check", "check"),
        after=prose(page, "about.data.check2"),
        seal=contents.seal(page),
    )


@page_view
def report(page: Page) -> HttpResponse:
    """What to send and to whom, about the page that the reader comes from."""
    path, to = own_path(page), contact()
    return _render(
        page,
        "report",
        [section(page, "about.report.what", "what")],
        "report",
        path=path,
        from_page=page.absolute(path) if path else "",
        contact=to,
        contact_key=f"about.report.{to.kind}" if to else "",
        href=report_address(page, to, path) if to else "",
        nobody=prose(page, "about.report.nobody"),
        papers=contents.publishers(page, path),
        next=section(page, "about.report.next", "next"),
    )
