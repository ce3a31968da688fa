"""Sources: which documents the record rests on, and what was read in each of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cauce.ledger.queries import Commitment, Source, Transaction
from cauce.parties.queries import Membership
from tests.figures.record import Record
from tests.web.reading import get, rows, said

LJA = "fuentes/asylum/S-LJA-2023/"


# ------------------------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("language", "since", "taken"),
    [
        ("es", "marzo de 2023 (día no registrado)", "9 valores y 1 afirmación de un texto"),
        ("en", "March 2023 (day not recorded)", "9 values and 1 assertion made in a text"),
        ("fr", "mars 2023 (jour non enregistré)", "9 valeurs et 1 affirmation d’un texte"),
    ],
)
def test_a_document_stands_with_who_published_it_since_when_and_what_was_taken(
    client: Client, language: str, since: str, taken: str
) -> None:
    page = get(client, f"/{language}/fuentes/?texto=lja")
    assert "LJA.MX" in said(page)
    assert since in said(page)
    assert taken in said(page)
    assert f'href="/{language}/{LJA}"' in page


def test_a_title_in_another_language_is_marked_with_it(client: Client) -> None:
    page = get(client, "/en/fuentes/?texto=lja")
    assert '<span lang="es">Crece la solicitud de asilo / Convicciones</span>' in page


def test_links_to_documents_of_one_title_differ_when_they_are_read_alone(
    record: Record, visitor: Client
) -> None:
    for code, published in (("t/S", "2021"), ("t/R", "2023-03")):
        record.seal(
            Source.from_cells(code=code, title="About Us", publisher="Body", published=published)
        )
    record.seal(Source.from_cells(code="t/Q", title="Charter", publisher="Body"))
    page = get(visitor, "/es/fuentes/")
    assert 'aria-label="About Us: Body, 2021 (mes no registrado)"' in page
    assert 'aria-label="About Us: Body, marzo de 2023 (día no registrado)"' in page
    assert 'aria-label="Charter' not in page


def test_the_list_is_told_fifty_at_a_time_and_taken_away_whole(client: Client) -> None:
    page = get(client, "/es/fuentes/")
    total = int(re.findall(r"Filas 1 a 50 de (\d+)", said(page))[0])
    assert len(rows(client, "/es/fuentes/tabla.csv")) == total > 50
    for suffix in ("tabla.xlsx", "tabla.json", "tabla.txt", "tabla/"):
        get_status = client.get(f"/es/fuentes/{suffix}").status_code
        assert get_status == 200, suffix


def test_numbers_of_the_file_are_numbers(client: Client) -> None:
    (row,) = rows(client, "/es/fuentes/tabla.csv?texto=lja")
    assert (row["values"], row["commitments"], row["money"]) == ("9", "0", "0")
    assert row["published"] == "2023-03"


def test_it_is_narrowed_by_publisher_framework_and_words_without_accents(client: Client) -> None:
    assert [r["code"] for r in rows(client, "/es/fuentes/tabla.csv?editor=LJA.MX")] == [
        "asylum/S-LJA-2023"
    ]
    of_asylum = {r["code"] for r in rows(client, "/es/fuentes/tabla.csv?marco=asylum/ASYLUM")}
    assert "asylum/S-LJA-2023" in of_asylum
    assert not any(code.startswith("border/") for code in of_asylum)
    found = rows(client, "/es/fuentes/tabla.csv?texto=PAGINA%20comar")
    assert [r["code"] for r in found] == ["asylum/S-ACSG-2021"]
    assert "No hay nada que mostrar" in said(get(client, "/es/fuentes/?texto=zzzz"))


# ------------------------------------------------------------------------------- one source


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_a_source_leads_to_the_indicators_that_take_its_values(
    client: Client, language: str
) -> None:
    page = get(client, f"/{language}/{LJA}")
    assert f'href="/{language}/cifras/asylum/AS-1/"' in page
    assert "como-se-obtuvo?indicador=asylum%2FAS-1" in page
    assert f'href="/{language}/fichas/cooperation-at-a-glance/#c-' in page
    assert 'href="https://lja.mx" rel="noopener noreferrer external"' in page


def test_the_page_of_a_figure_leads_to_its_documents(client: Client) -> None:
    page = get(client, "/es/cifras/como-se-obtuvo?indicador=asylum/AS-1&lugar=MEX&periodo=2022")
    assert 'href="/es/fuentes/asylum/S-EFE-2024-01/"' in page


def test_a_source_that_is_not_there_is_said_so(client: Client) -> None:
    page = get(client, "/es/fuentes/asylum/NADA/", 404)
    assert "No hay ninguna fuente «asylum/NADA»" in said(page)
    assert client.get("/es/fuentes/asylum/NADA/tabla.csv").status_code == 404


def test_everything_recorded_of_a_document_is_told(record: Record, visitor: Client) -> None:
    record.seal(
        Source.from_cells(
            code="t/S", title="Report", publisher="Ministry", published="2023-03", language="en",
            address="example.org/report", sha256="ab" * 32, basis="memory",
        )
    )  # fmt: skip
    record.seal(
        record.value("A MEX 2022", 5, source="t/S", locator="Hoja1!B4"),
        Commitment.from_cells(code="t/K", text={"es": "Promesa"}, parties="t/A", source="t/S"),
        Transaction.from_cells(code="t/M", stage="pledged", amount="7", currency="USD",
                               provider="t/A", source="t/S", locator="p. 12"),
        Membership.from_cells(body="t/T", party="t/A", source="t/S"),
    )  # fmt: skip
    page = get(visitor, "/es/fuentes/t/S/")
    words = said(page)
    for told in (
        "Ministry", "marzo de 2023 (día no registrado)", "Inglés", "por verificar", "ab" * 32,
        "1 valor, 1 contribución, 1 compromiso y 1 participación", "Hoja1!B4", "p. 12",
    ):  # fmt: skip
        assert told in words, told
    for led in (
        "https://example.org/report", "/es/compromisos/t/K/", "/es/financiamiento/t/M/",
        "/es/paises-y-organizaciones/t/A/",
    ):  # fmt: skip
        assert f'href="{led}"' in page, led


def test_who_published_a_document_and_when_is_told_once(record: Record, visitor: Client) -> None:
    record.seal(
        Source.from_cells(code="t/S", title="Report", publisher="Ministry", published="2023-03")
    )
    words = said(get(visitor, "/es/fuentes/t/S/"))
    assert "Publicado por Ministry; fecha: marzo de 2023 (día no registrado)." in words
    assert words.count("Ministry") == words.count("marzo de 2023") == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://x.org/a"])
def test_only_web_addresses_become_links(record: Record, visitor: Client, address: str) -> None:
    record.seal(Source.from_cells(code="t/S", title="Report", address=address))
    page = get(visitor, "/es/fuentes/t/S/")
    assert "noopener" not in page
    assert address in said(page)


def test_what_was_invented_is_marked_where_it_is_listed(record: Record, visitor: Client) -> None:
    record.seal(Source.from_cells(code="t/S", title="Report", invented="yes"))
    assert "inventado para la demostración" in said(get(visitor, "/es/fuentes/"))
    assert "DATO INVENTADO" in said(get(visitor, "/es/fuentes/t/S/"))


# ------------------------------------------------------------------------------- not public


def test_nothing_that_is_not_public_is_counted_or_named(record: Record, visitor: Client) -> None:
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    record.seal(Source.from_cells(code="t/S", title="Report"))
    record.seal(
        record.value("A MEX 1971", 71717, source="t/S", audience="members", locator="SECRET"),
        record.value("A MEX 1972", 81818, source="t/S", public_from=soon, locator="SECRET"),
        Commitment.from_cells(code="t/K", text={"es": "SECRET"}, source="t/S", audience="members"),
    )
    for suffix in ("", "tabla.csv", "tabla.json", "tabla.txt", "tabla/"):
        for path in ("fuentes/", "fuentes/t/S/"):
            page = get(visitor, f"/es/{path}{suffix}")
            for hidden in ("SECRET", "1971", "1972", "71717", "81818", "t/K"):
                assert hidden not in page, (path, suffix, hidden)
    assert "Nada de lo que se muestra aquí" in said(get(visitor, "/es/fuentes/t/S/"))


def test_a_value_leaves_only_as_a_figure(record: Record, visitor: Client) -> None:
    record.seal(Source.from_cells(code="t/S", title="Report"))
    record.seal(record.value("A MEX 2022", 54321, source="t/S"))
    page = get(visitor, "/es/fuentes/t/S/")
    assert "54,321" not in page
    assert "periodo=2022" in page
