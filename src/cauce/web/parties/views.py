"""Countries and organisations: the list, one of them, a body with its members, the region."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from cauce.errors import CauceError
from cauce.exports.grid import Grid
from cauce.web.funding.contents import by_stage, contributions, kin
from cauce.web.listing import listed
from cauce.web.naming import PARTIES, comes_invented, home_of, is_country
from cauce.web.page import Crumb, Page, page_view
from cauce.web.parties import bodies, contents, one, tiles, values
from cauce.web.parties.belonging import Belonging
from cauce.web.parties.contents import Narrowed

__all__ = ["parties", "parties_table", "party", "party_table", "region_table"]


@page_view
def parties(page: Page) -> HttpResponse:
    """The bodies with their members, the region, and the list of countries and organisations."""
    found = Belonging.of(page)
    groups = bodies.groups(found)
    narrowed = Narrowed.of(page, groups)
    choices, written = contents.choices(found, narrowed, groups)
    first = contents.is_first_look(page, narrowed)
    grid = contents.party_grid(found, narrowed)
    say = page.voice.say
    return page.render(
        "parties/list.html",
        say("party.title"),
        description=say("party.lead"),
        groups=[g for g in groups if first or g.code == narrowed.body],
        first=first,
        region=tiles.region(page, found) if first else None,
        when=found.when,
        choices=choices,
        written=written,
        path=page.request.path,
        listing=listed(
            page, grid, PARTIES, *contents.SHOWN, al=found.asked, **narrowed.query
        ),
    )  # fmt: skip


def parties_table(page: Page) -> Grid:
    """The list as a table, with everything the files hold."""
    found = Belonging.of(page)
    return contents.party_grid(found, Narrowed.of(page, bodies.groups(found)))


def region_table(page: Page) -> Grid:
    """The table of the region."""
    return tiles.region_grid(page)


@page_view
def party(page: Page, *, party: str) -> HttpResponse:
    """A country, an organisation, or a body with its members; a state stands under its country."""
    home = home_of(page.names, party)
    if home != party:
        query = page.request.GET.urlencode()
        return HttpResponseRedirect(f"{page.root}{PARTIES}{home}/" + (f"?{query}" if query else ""))
    if _is_party(page, party):
        return country_or_organisation(page, party)
    if _is_body(page, party):
        return body(page, party)
    raise CauceError("unknown_organisation", id=party)


def _is_party(page: Page, code: str) -> bool:
    return code in page.names.organisations or is_country(page.names, code)


def _is_body(page: Page, code: str) -> bool:
    return code in page.names.bodies or code in page.names.frameworks


def party_table(page: Page, *, party: str) -> Grid:
    """The memberships and offices of a country or organisation, or of a body, as a table."""
    code = home_of(page.names, party)
    found = Belonging.of(page)
    if _is_party(page, code):
        return one.party_statements(found, code)
    if _is_body(page, code):
        return bodies.members_grid(found, code)
    raise CauceError("unknown_organisation", id=code)


def _crumbs(page: Page, name: str) -> list[Crumb]:
    return [Crumb(page.voice.say("page.parties"), page.link(PARTIES)), Crumb(name)]


def body(page: Page, code: str) -> HttpResponse:
    """A conference, framework or group: who belongs, who presides, as stated by whom."""
    found = Belonging.of(page)
    group = bodies.group(found, code)
    grid = bodies.members_grid(found, code)
    return page.render(
        "parties/body.html",
        group.name,
        crumbs=_crumbs(page, page.voice.short(code)),
        description=page.voice.say("party.body.lead", name=page.voice.name(code), when=found.when),
        group=group,
        when=found.when,
        cards=bodies.cards(found, code),
        frameworks=bodies.frameworks(page, code),
        choices=[],
        written=[contents.day_field(found)],
        path=page.request.path,
        listing=listed(page, grid, f"{PARTIES}{code}/", *bodies.SHOWN, al=found.asked),
    )


def country_or_organisation(page: Page, code: str) -> HttpResponse:
    """What it is, what it belongs to, what it promised, gave, received and reported."""
    found = Belonging.of(page)
    grid = one.party_statements(found, code)
    name = one.title(page, code)
    return page.render(
        "parties/one.html",
        name,
        crumbs=_crumbs(page, page.voice.short(code)),
        description=page.voice.say("party.one.lead", name=name),
        summary=one.summary(page, code),
        invented=comes_invented(page.names, code),
        closed=one.closed(page, code),
        successions=one.successions(page, code),
        offices=one.offices_now(found, code),
        conflicts=one.conflicts(found, code),
        listing=listed(page, grid, f"{PARTIES}{code}/", *one.SHOWN, al=found.asked),
        instruments=one.instruments(page, code),
        changes=page.link("cambios/", organizacion=one.acting(page, code)),
        choices=[],
        written=[contents.day_field(found)],
        path=page.request.path,
        done=_done(found, code),
    )


def _done(found: Belonging, code: str) -> dict[str, object]:
    """What the party promised, gave, received and reported, and the documents that say so."""
    page = found.page
    promised = one.party_commitments(found, code)
    money = contributions(page)
    given, received = values.given_and_received(page, code, money)
    gives, receives = (values.asked_of(page, code, gives=way) for way in (True, False))
    told = (row.record.source for row in (*given, *received))
    return {
        "commitments": one.commitments_grid(found, code, promised) if promised else None,
        "all_commitments": page.link("compromisos/", responsable=code, al=found.asked),
        "gives": by_stage(page, gives, money) if given or kin(page, gives, money) else None,
        "receives": (
            by_stage(page, receives, money) if received or kin(page, receives, money) else None
        ),
        "measured": values.measured(found, code) if is_country(page.names, code) else (),
        "reported": values.reported(found, code),
        "due": values.due(found, code),
        "due_year": values.due_period(found).text,
        "documents": one.documents(found, code, promised, told),
    }
