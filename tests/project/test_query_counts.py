"""No page and no operation asks the database more often because there is more on record.

The walk takes every address of the site, fills its parts in with the samples below, and compares
how many queries it takes over a small record and over a larger one. A new kind of address needs a
sample; one that answers nothing without more than that is named in ``ELSEWHERE``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver

from cauce.journal.queries import Recorded
from cauce.ledger.queries import Commitment, CommitmentUpdate, Source, Transaction
from cauce.parties.queries import Body, Instrument, Membership, OfficeHeld
from tests.figures.record import Record

#: What may stand in a part of an address, by its name. More than one: all are tried, and those
#: that lead somewhere are measured.
SAMPLES: dict[str, tuple[str, ...]] = {
    "language": ("es",),
    "scope": ("t",),
    "pack": ("t",),
    "name": ("T", "I", "K30", "M30", "A", "D", "S"),
    "code": ("t/T", "t/I", "t/K30", "t/M30", "t/A", "t/D", "t/S", "t/B", "MEX"),
    "party": ("MEX", "t/A", "t/B"),
    "place": ("MEX",),
    "format": ("csv",),
}

#: What is asked of an address that takes a question, in its own words.
_FIGURE = "indicador=t/I&lugar=MEX&periodo=2022"
_ASKED = "indicator=t/I&place=MEX&period=2022"
QUERIES: tuple[tuple[str, str], ...] = (
    (r"^api/v1/figures", _ASKED),
    (r"^api/", ""),
    (r"", _FIGURE),
    (r"", "indicador=t/I"),
    (r"", "q=mex"),
    (r"", ""),
)

#: Addresses that only lead elsewhere, or need something no record holds: an issued fact sheet
#: (its bytes are files).
ELSEWHERE = re.compile(
    r"^$|fichas/<|^api/v1/statements/<|^api/$|/(?:static|media)/|\.(?:pdf|docx|html|png|xlsx|txt)"
)


def routes() -> Iterator[str]:
    yield from _walk(get_resolver(), "")


def _walk(resolver: URLResolver, before: str) -> Iterator[str]:
    for one in resolver.url_patterns:
        path = before + str(one.pattern)
        if isinstance(one, URLPattern):
            named = re.sub(r"\(\?P<(\w+)>[^()]*\)", r"<\1>", path)
            yield re.sub(r"[\^$?]|\\Z|\\", "", named)
        else:
            yield from _walk(one, path)


def addresses(route: str) -> Iterator[tuple[str, ...]]:
    """A route with its parts filled in: for each way to fill them, the path with each of the
    questions it may take."""
    parts = [part.rpartition(":")[2] for part in re.findall(r"<([^>]+)>", route)]
    if not all(part in SAMPLES for part in parts):
        return
    queries = [query for pattern, query in QUERIES if re.search(pattern, route)]
    for values in product(*(SAMPLES[part] for part in parts)):
        filled = iter(values)
        path = re.sub(r"<[^>]+>", lambda _: next(filled), route)  # noqa: B023 - used at once
        yield tuple(f"/{path}?{query}" if query else f"/{path}" for query in queries)


def counts() -> dict[str, dict[str, int]]:
    """Queries by route and address, of the first question each path answers. It is asked twice
    and counted then, because definitions are read once for each entry."""
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    found: dict[str, dict[str, int]] = {}
    for route in sorted(set(routes())):
        if "<scope:" in route:
            continue  # the same pages, seen from one framework
        found[route] = {}
        for asked in addresses(route):
            answered = next((a for a in asked if client.get(a).status_code == 200), None)
            if answered is not None:
                with CaptureQueriesContext(connection) as queries:
                    client.get(answered)
                found[route][answered] = len(queries)
    return found


# ------------------------------------------------------------------------------- the two records


def start(record: Record) -> None:
    record.start()
    record.seal(
        Source.from_cells(code="t/S", title="Report"),
        Body.from_cells(code="t/B", name={"en": "Body"}),
        Instrument.from_cells(code="t/D", kind="mou", name={"en": "Memorandum"}, source="t/S"),
    )


def facts(record: Record, first: int, last: int) -> Iterator[Recorded]:
    """So many of everything that is stated."""
    for n in range(first, last):
        for party, place in product("ABC", ("X", "Y", "GTM")):
            yield record.value(f"{party} {place} {1990 + n}", 10 * n, source="t/S")
        yield record.value(f"- MEX {1990 + n}", 1000 + n, reporter="COMAR", source="t/S")
        yield Commitment.from_cells(
            code=f"t/K{n}", text={"en": "x"}, parties="t/A; t/B", instrument="t/D",
            framework="t/T", source="t/S",
        )  # fmt: skip
        yield CommitmentUpdate.from_cells(
            commitment=f"t/K{n}", party="t/A", as_of=str(1990 + n), state="planned", source="t/S"
        )
        yield Transaction.from_cells(
            code=f"t/M{n}", stage="committed", provider="t/A", receiver="t/B", amount="5",
            currency="USD", programme="t/P1", source="t/S", value_date=str(1990 + n),
        )  # fmt: skip
        spell = {"body": "t/B", "party": "t/A", "spell": str(n), "valid_from": str(1990 + n)}
        yield Membership.from_cells(**spell, source="t/S")
        yield OfficeHeld.from_cells(**spell, office="chair", source="t/S")


@pytest.mark.slow
def test_no_address_asks_more_often_because_more_is_recorded(record: Record) -> None:
    start(record)
    record.seal(*facts(record, 29, 36))
    small = counts()
    # Everything but what is named above was measured.
    assert [r for r, found in small.items() if not found and not ELSEWHERE.search(r)] == []
    for n in range(15, 29):
        record.seal(*facts(record, n, n + 1))
    large = counts()
    grown = {
        address: (before, after)
        for route, found in small.items()
        for address, before in found.items()
        if (after := large[route].get(address, 0)) > before
    }
    assert grown == {}
