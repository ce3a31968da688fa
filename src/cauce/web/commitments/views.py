"""Commitments, who has not answered, agreements, meetings: the pages."""

from __future__ import annotations

from django.http import HttpResponse

from cauce.web.commitments import agreements, contents, meetings, silence, tables
from cauce.web.commitments.choosing import choices
from cauce.web.commitments.one import one
from cauce.web.page import Crumb, Page, page_view
from cauce.web.taking import table_takes
from cauce.words.foreign import plain

__all__ = [
    "agreement_page",
    "agreements_page",
    "commitment_page",
    "commitments_list",
    "meetings_page",
    "silence_page",
]


def _crumbs(page: Page, *steps: Crumb) -> list[Crumb]:
    first = Crumb(page.voice.say("page.commitments"), page.link(contents.PATH))
    return [first, *steps]


@page_view
def commitments_list(page: Page) -> HttpResponse:
    found = contents.told(page)
    fields, written = choices(page, found.asked, found.everything)
    title = page.voice.say("commitments.title")
    bar = contents.state_bar(page, on=found.asked.on, framework=found.asked.framework)
    listing = contents.list_of(page, found, title=page.voice.say("commitments.list"))
    return page.render(
        "commitments/list.html",
        title,
        description=bar.sentence,
        bar=bar,
        as_known=tables.as_known(page, found.read, found.asked.on),
        listing=listing,
        narrowed=found.asked.narrows,
        counted=contents.counted(page, found),
        has_invented=bool(found.invented),
        choices=fields,
        written=written,
        path=page.request.path,
        silence=page.link(silence.PATH, marco=found.asked.framework, al=found.asked.written),
        agreements=page.link(agreements.PATH),
        meetings=page.link(meetings.PATH),
    )


@page_view
def commitment_page(page: Page, *, code: str) -> HttpResponse:
    found = one(page, code)
    path = f"{contents.PATH}{code}/"
    if found.is_later:
        return page.render("commitments/later.html", found.title, crumbs=_crumbs(page), status=404)
    return page.render(
        "commitments/gone.html" if found.is_withdrawn else "commitments/one.html",
        found.title,
        crumbs=_crumbs(page, Crumb(found.title)),
        description=found.state,
        one=found,
        take=table_takes(page, path, plain(found.title)) if found.said else (),
        status=410 if found.is_withdrawn else 200,
    )


@page_view
def silence_page(page: Page) -> HttpResponse:
    found = silence.silence(page)
    fields, written = choices(page, found.found.asked, found.found.everything)
    title = page.voice.say("silence.title")
    return page.render(
        "commitments/silence.html",
        title,
        crumbs=_crumbs(page, Crumb(title)),
        description=page.voice.say("silence.lead"),
        as_known=tables.as_known(page, found.found.read, found.found.asked.on),
        found=found,
        pages=found.pages,
        choices=[field for field in fields if field.name != "estado"],
        written=written,
        path=page.request.path,
    )


@page_view
def agreements_page(page: Page) -> HttpResponse:
    title = page.voice.say("agreements.title")
    listing = agreements.agreements(page)
    return page.render(
        "commitments/agreements.html",
        title,
        crumbs=_crumbs(page, Crumb(title)),
        description=page.voice.say("agreements.lead"),
        listing=listing,
        counted=page.voice.say("agreements.counted", count=listing.pages.total),
        meetings=page.link(meetings.PATH),
    )


@page_view
def agreement_page(page: Page, *, code: str) -> HttpResponse:
    found = agreements.agreement(page, code)
    up = Crumb(page.voice.say("agreements.title"), page.link(agreements.PATH))
    return page.render(
        "commitments/agreement.html",
        found.title,
        crumbs=_crumbs(page, up, Crumb(found.title)),
        description=found.summary,
        one=found,
        listing=found.listing,
        counted=found.counted,
    )


@page_view
def meetings_page(page: Page) -> HttpResponse:
    title = page.voice.say("meetings.title")
    found = meetings.meetings(page)
    return page.render(
        "commitments/meetings.html",
        title,
        crumbs=_crumbs(page, Crumb(title)),
        description=page.voice.say("meetings.lead"),
        groups=found.groups,
        take=found.take,
        agreements=page.link(agreements.PATH),
        parties=page.link("paises-y-organizaciones/"),
    )
