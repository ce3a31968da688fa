"""What changed: the newest first, old beside new, with a feed; nothing that is not public."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from html import unescape

import pytest
from django.test import Client

from cauce.figures import catalogue
from cauce.frameworks.queries import Framework
from cauce.journal import actions as journal_actions
from cauce.journal.queries import Recorded, View
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Source
from cauce.parties import queries as parties
from cauce.parties.queries import Body, Membership
from cauce.values.audience import PUBLIC
from cauce.values.question import Question, question_from_json
from cauce.web.changing.contents import TYPES
from cauce.web.changing.printed import Sheet, printing
from tests.conftest import Workspace
from tests.figures.record import Record
from tests.web.reading import get, said

LANGUAGES = ("es", "en", "fr")
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def record(workspace: Workspace) -> Record:
    return Record()


def entries(feed: str) -> list[dict[str, str]]:
    return [
        {
            "id": one.findtext(f"{ATOM}id", ""),
            "title": one.findtext(f"{ATOM}title", ""),
            "updated": one.findtext(f"{ATOM}updated", ""),
            "summary": one.findtext(f"{ATOM}summary", ""),
            "link": one.find(f"{ATOM}link").get("href", ""),  # type: ignore[union-attr]
        }
        for one in ET.fromstring(feed).iter(f"{ATOM}entry")  # noqa: S314 - our own bytes
    ]


# ------------------------------------------------------------------------------- the page


@pytest.mark.parametrize(
    ("language", "revised", "counted"),
    [
        ("es", "revisado antes 118,772 personas → ahora 119,273 personas", "valores"),
        ("en", "revised before 118,772 people → now 119,273 people", "values"),
        ("fr", "révisé avant 118 772 personnes → maintenant 119 273 personnes", "valeurs"),
    ],
)
def test_a_revision_stands_with_what_it_was_and_first_values_by_their_number(
    client: Client, language: str, revised: str, counted: str
) -> None:
    page = said(get(client, f"/{language}/cambios/")).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert revised in page
    assert re.search(rf"\d+ {counted} ·", page)


def test_a_change_says_who_reports_it_where_and_since_when_and_who_prints_it(
    client: Client,
) -> None:
    page = get(client, "/es/cambios/?indicador=asylum/AS-1")
    (item,) = (one for one in page.split("<li id=")[1:] if "119,273" in one and "→" in one)
    words = said(item)
    assert "Informó: COMAR" in words
    assert "Publicado: enero de 2024 (día no registrado)" in words
    assert 'href="/es/fuentes/asylum/S-EFE-2024-01/"' in item
    assert "Fichas que imprimen la cifra y ya toman en cuenta este cambio:" in words
    assert 'href="/es/fichas/cooperation-at-a-glance/#c-apps-2022"' in item
    assert "como-se-obtuvo?indicador=asylum%2FAS-1&amp;lugar=MEX&amp;periodo=2022" in item


def test_what_an_entry_brought_is_opened_one_by_one(client: Client) -> None:
    head = get(client, "/es/cambios/?marco=asylum/ASYLUM")
    address = unescape(re.findall(r'href="(/es/cambios/\?[^"]*tipo=valores[^"]*)"', head)[0])
    page = said(get(client, address))
    assert "Qué cambió en el asiento" in page
    assert "primer valor" in page
    assert "Solicitudes de reconocimiento de la condición de refugiado registradas" in page


def test_no_page_of_changes_says_a_word_of_the_inside(client: Client) -> None:
    for query in ("", "?asiento=2", "?asiento=5&tipo=indicadores"):
        page = get(client, f"/en/cambios/{query}")
        assert not re.search(r"\b(pack|observation|known_at|ledger|bound)s?\b", said(page), re.I)


def test_a_page_of_changes_is_short_enough_for_a_slow_line(client: Client) -> None:
    page = get(client, "/es/cambios/?asiento=1")
    assert page.count("<li id=") == 50
    assert "Cambios 1 a 50 de" in said(page)
    assert 'rel="next"' in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("marco=nowhere", 404),
        ("indicador=asylum/NO", 404),
        ("organizacion=ZZZ", 404),
        ("asiento=99999", 404),
        ("asiento=-1", 422),
        ("asiento=x", 422),
        ("asiento=1&tipo=observation", 422),
        ("pagina=999", 404),
        ("sabido=2023-13", 422),
    ],
)
def test_bad_input_is_answered_with_a_page_that_helps(
    client: Client, query: str, status: int
) -> None:
    assert "Qué hacer ahora" in get(client, f"/es/cambios/?{query}", status)
    if "pagina" not in query:
        get(client, f"/es/cambios/atom.xml?{query}", status)


def test_every_type_can_be_opened_by_itself(client: Client) -> None:
    counted = re.findall(
        r'<a href="([^"]*asiento=1&amp;tipo=(\w+))"[^>]*>(\d+) [^<]*</a>',
        get(client, "/fr/cambios/"),
    )
    assert len(counted) > 8
    for href, _, number in counted:
        opened = get(client, unescape(href))
        assert len(re.findall(r'<li id="r-1\.', opened)) == min(int(number), 50), href
    for word in set(TYPES).difference(word for _, word, _ in counted):
        assert '<li id="r-' not in get(client, f"/fr/cambios/?asiento=1&tipo={word}"), word


def test_a_framework_chosen_narrows_the_changes(client: Client) -> None:
    page = get(client, "/es/asylum/cambios/")
    assert "MIRPS" not in said(page)
    assert "Marco" not in [unescape(one) for one in re.findall(r"<label[^>]*>(.*?)</label>", page)]
    assert 'href="/es/asylum/cambios/atom.xml"' in page


# ------------------------------------------------------------------------------- the feed


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_feed_is_atom_with_ids_that_stay(client: Client, language: str) -> None:
    response = client.get(f"/{language}/cambios/atom.xml")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = response.content.decode("utf-8")
    root = ET.fromstring(feed)  # noqa: S314 - our own bytes
    assert root.tag == f"{ATOM}feed"
    for required in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{required}") is not None
    found = entries(feed)
    assert 0 < len(found) <= 50
    assert len({one["id"] for one in found}) == len(found)
    assert all(one["id"].startswith("urn:uuid:") for one in found)
    assert all(one["title"] and one["link"].startswith("http://localhost/") for one in found)
    assert max(one["updated"] for one in found) == root.findtext(f"{ATOM}updated")
    # The same record gives the same bytes: who has them need not load them again.
    assert client.get(
        f"/{language}/cambios/atom.xml", headers={"if-none-match": response["ETag"]}
    ).status_code == 304  # fmt: skip


def test_the_page_names_its_feed_with_the_same_filters(client: Client) -> None:
    page = get(client, "/es/cambios/?indicador=asylum/AS-1")
    (address,) = re.findall(
        r'<link rel="alternate" type="application/atom\+xml"[^>]*href="(.*?)"', page
    )
    found = entries(get(client, unescape(address)))
    assert any("antes 118,772 personas; ahora 119,273 personas" in one["title"] for one in found)
    assert all("asylum" in one["link"] for one in found)


def test_words_of_the_record_cannot_break_the_feed(record: Record, visitor: Client) -> None:
    record.start()
    record.seal(record.value("A MEX 2022", 1))
    record.seal(record.value("A MEX 2022", 2, note="<script>alert(1)</script> & ]]>"))
    (one, *_) = entries(get(visitor, "/es/cambios/atom.xml"))
    assert "<script>" not in one["summary"]
    assert "&lt;script&gt;" in one["summary"]
    assert "<script>alert" not in get(visitor, "/es/cambios/")


# ------------------------------------------------------------------------------- annulled, older


def test_an_annulled_entry_is_said_and_its_values_are_gone(record: Record, visitor: Client) -> None:
    record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 98765))
    journal_actions.annul(target="3", by="Ana", reason="98765 was a telephone number")
    for address in ("/es/cambios/", "/es/cambios/atom.xml", "/es/cambios/?asiento=3"):
        assert "98765" not in get(visitor, address).replace(",", "")
    assert "Se anuló todo el asiento 3" in said(get(visitor, "/es/cambios/"))
    assert "Se anuló todo el asiento 3" in entries(get(visitor, "/es/cambios/atom.xml"))[0]["title"]


def test_a_value_published_earlier_does_not_seem_to_replace_the_one_in_force(
    record: Record, visitor: Client
) -> None:
    record.start().seal(record.value("A MEX 2022", 119273, public_at="2024-01"))
    record.seal(record.value("A MEX 2022", 118478, public_at="2023-01"))
    page = said(get(visitor, "/es/cambios/"))
    assert "publicado antes, agregado después 118,478" in page
    assert "Sigue vigente: 119,273" in page


def test_the_reason_of_an_entry_is_told_in_words(record: Record, visitor: Client) -> None:
    record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 120), why="Se recibieron datos tardíos")
    assert "Por qué: Se recibieron datos tardíos" in said(get(visitor, "/es/cambios/"))
    assert "Se recibieron datos tardíos" in get(visitor, "/es/cambios/atom.xml")


def test_that_a_framework_was_loaded_is_told_without_calling_it_a_reason(client: Client) -> None:
    for address in ("/es/cambios/", "/es/cambios/atom.xml", "/es/cambios/?asiento=2"):
        page = get(client, address)
        assert "Se cargó «" in page
        assert "Por qué: Se cargó" not in page


def test_a_past_date_says_that_what_was_entered_later_counts_if_it_was_published(
    client: Client,
) -> None:
    note = "aunque se haya registrado aquí después"
    assert note in said(get(client, "/es/cambios/?sabido=2023-06"))
    assert note not in said(get(client, "/es/cambios/"))


def test_several_things_that_changed_are_told_apart_in_one_sentence(client: Client) -> None:
    feed = get(client, "/es/cambios/atom.xml?marco=sembrando-oportunidades")
    assert (
        "Cambió: hasta (antes sin registrar; ahora 2025) y cómo se sabe (antes publicado; ahora por"
        " verificar)."
    ) in feed


def test_the_page_of_an_entry_does_not_repeat_its_number(client: Client) -> None:
    page = get(client, "/es/cambios/?asiento=2")
    assert not [one for one in re.findall(r"<h2>(.*?)</h2>", page) if "asiento" in one]


def test_where_in_a_document_is_told_in_the_language_of_the_document(
    record: Record, visitor: Client
) -> None:
    record.start().seal(Source.from_cells(code="t/S", title="Report", language="en"))
    record.seal(record.value("A MEX 2022", 1, source="t/S", locator="second paragraph"))
    page = get(visitor, "/fr/cambios/?asiento=3")
    assert '<span lang="en">second paragraph</span>' in page
    record.seal(record.value("A MEX 2021", 1, source="t/S"))
    assert "Endroit dans le document" not in said(get(visitor, "/fr/cambios/?asiento=4"))


# ------------------------------------------------------------------------------- not public


def test_nothing_that_is_not_public_is_seen(record: Record, visitor: Client) -> None:
    record.start(unit="person", preset="flow")
    record.seal(Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"))
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    record.seal(record.value("A MEX 2022", 54321), record.value("B MEX 2022", 54322))
    record.seal(
        record.value("A MEX 2022", 71717, audience="members", note="71717 for members"),
        record.value("B MEX 2022", 81818, public_from=soon, note="81818 to come"),
        why="71717 and 81818",
    )
    record.seal(record.value("A MEX 2022", 6, note="6 women"), why="54321 was wrong, it is 6")
    queries = (
        "", "atom.xml", "?asiento=3", "?asiento=4", "?asiento=5", "?asiento=4&tipo=valores",
        "?organizacion=MEX", "?indicador=t/I", "?organizacion=t/A", "?marco=t",
    )  # fmt: skip
    pages = [f"/es/cambios/{query}" for query in queries]
    pages += ["/en/cambios/", "/fr/cambios/atom.xml", "/es/t/cambios/"]
    for address in pages:
        text = re.sub(
            r"[,\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]", "", get(visitor, address)
        )
        assert not [number for number in ("71717", "81818", "6women") if number in text], address
        assert "itis6" not in text
    page = said(get(visitor, "/es/cambios/"))
    # Of two versions of which one is small, neither is shown.
    assert "antes protegido → ahora protegido" in page


def test_what_was_invented_is_marked(record: Record, visitor: Client) -> None:
    record.start().seal(Source.from_cells(code="t/S", title="Report", invented="yes"))
    record.seal(record.value("A MEX 2022", 1, source="t/S"))
    record.seal(record.value("A MEX 2022", 2, source="t/S"))
    assert "DATO INVENTADO" in said(get(visitor, "/es/cambios/"))
    assert "DATO INVENTADO" in entries(get(visitor, "/es/cambios/atom.xml"))[0]["summary"]


def test_what_is_only_counted_is_marked_where_it_comes_with_an_invented_document(
    record: Record, visitor: Client
) -> None:
    record.start().seal(Source.from_cells(code="t/R", title="Report"))
    record.seal(record.value("A MEX 2022", 1, source="t/R"))
    assert "DATO INVENTADO" not in said(get(visitor, "/es/cambios/"))
    assert "DATO INVENTADO" not in get(visitor, "/es/cambios/atom.xml")
    record.seal(
        Source.from_cells(code="t/S", title="Report", invented="yes"),
        record.value("A MEX 2021", 1, source="t/S"),
    )
    assert "DATO INVENTADO Registrado por primera vez: 1 valor" in said(
        get(visitor, "/es/cambios/")
    )
    assert "DATO INVENTADO" in entries(get(visitor, "/es/cambios/atom.xml"))[0]["summary"]


# ------------------------------------------------------------------- which sheets print a figure


def question(**asked: object) -> Question:
    return question_from_json(asked)


def of_indicator(place: str, period: str) -> dict[str, object]:
    return {"ask": "indicator", "indicator": "t/I", "place": place, "period": period}


@pytest.mark.parametrize(
    ("asked", "printed"),
    [
        (of_indicator("REG", "2022"), True),
        (of_indicator("GTM", "2022"), False),
        (of_indicator("X", "2023"), False),
        ({"ask": "change", "of": of_indicator("GTM", "2022"), "base_place": "MEX"}, True),
        ({"ask": "change", "of": of_indicator("GTM", "2022"), "base_place": "Y"}, False),
        ({"ask": "change", "of": of_indicator("X", "2023"), "base_period": "2022"}, True),
    ],
    ids=["whole", "elsewhere", "other year", "other place", "beside it", "year before"],
)
def test_a_sheet_prints_a_value_where_either_side_of_its_question_rests_on_it(
    record: Record, asked: dict[str, object], *, printed: bool
) -> None:
    record.start()
    head = record.seal(record.value("A X 2022", 12))
    (value,) = ledger.observations(view=View(head, None, PUBLIC, datetime.now(UTC)))
    assert bool(printed_by(question(**asked), value)) is printed


@pytest.mark.parametrize(
    ("fact", "printed"),
    [
        ("membership:t/B:t/A", True),
        ("membership:t/B:t/A:observer", True),
        ("membership:t/B:t/AB", False),
    ],
)
def test_a_fact_of_a_membership_is_printed_with_or_without_its_role(
    record: Record, fact: str, *, printed: bool
) -> None:
    record.start()
    body = Body.from_cells(code="t/B", name={"en": "B"})
    head = record.seal(
        body, Membership.from_cells(body="t/B", party="t/A", role="observer", valid_from="2001")
    )
    (member,) = parties.memberships(view=View(head, None, PUBLIC, datetime.now(UTC)))
    assert (
        bool(printed_by(question(ask="fact", record=fact, field="valid_from"), member)) is printed
    )


def printed_by(asked: Question, changed: Recorded) -> object:
    head = changed.entry_id
    sheet = Sheet("a sheet", "/es/fichas/a/", head, (("a_figure", asked),))
    return printing(catalogue(head), (sheet,), changed)
