"""Countries and organisations: who belongs to what on a day, and the region as eleven squares."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest
from django.test import Client

from cauce.ledger.queries import Commitment, Source, Transaction
from cauce.parties.queries import Body, Membership, OfficeHeld, Organisation, Place, Succession
from cauce.web.parties.tiles import POSITIONS
from tests.conftest import Workspace
from tests.figures.record import Record
from tests.web.reading import get, rows, said

PATH = "paises-y-organizaciones/"
LANGUAGES = ("es", "en", "fr")


def squares(html: str) -> list[tuple[str, str, str]]:
    """Address, name and value of each square."""
    (tiles,) = re.findall(r'<ul class="tiles".*?</ul>', html, re.DOTALL)
    return [
        (unescape(href), unescape(name), unescape(re.sub("<[^>]+>", "", value)))
        for href, name, value in re.findall(
            r'<li class="c\d r\d"><a href="([^"]+)"><span class="tile-name">(.*?)</span>'
            r' <span class="tile-value">(.*?)</span></a></li>',
            tiles,
        )
    ]


# ------------------------------------------------------------------------------- the region


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_region_is_eleven_named_squares_that_are_links(client: Client, language: str) -> None:
    found = squares(get(client, f"/{language}/{PATH}"))
    assert len(found) == len({name for _, name, _ in found}) == 11
    assert {href for href, _, _ in found} == {f"/{language}/{PATH}{code}/" for code in POSITIONS}
    assert all(value for _, _, value in found)
    href, name, _ = found[0]
    assert f"<h1>{name}" in unescape(get(client, href))


def test_no_two_squares_stand_in_one_place() -> None:
    assert len(set(POSITIONS.values())) == len(POSITIONS) == 11


def test_a_square_says_to_what_its_country_belongs(client: Client) -> None:
    values = {name: value for _, name, value in squares(get(client, f"/es/{PATH}"))}
    assert values["Nicaragua"] == "CRM"
    # A line does not begin with the dot.
    assert values["Guatemala"] == "CRM\N{NO-BREAK SPACE}· MIRPS"


def test_squares_of_an_indicator_hold_its_value_or_say_that_there_is_none(client: Client) -> None:
    html = get(client, f"/es/{PATH}?indicador=asylum/AS-1")
    values = {name: value for _, name, value in squares(html)}
    assert values.pop("México") == "78,975 personas"
    assert set(values.values()) == {"sin dato"}
    table = rows(client, f"/es/{PATH}region/tabla.csv?indicador=asylum/AS-1")
    assert {row["place"]: row["value"] for row in table if row["value"]} == {"MEX": "78975"}
    assert len(table) == 11


def test_the_regions_table_follows_its_squares(client: Client) -> None:
    html = get(client, f"/en/{PATH}")
    assert html.index('class="tiles"') < html.index("The countries of the region")
    told = json.loads(get(client, f"/en/{PATH}region/tabla.json"))
    assert [row["country"] for row in told["rows"]][:2] == ["BLZ", "CAN"]


# ------------------------------------------------------------------------------- bodies


@pytest.mark.parametrize(
    ("body", "on", "count"),
    [
        ("rcm/RCM", "", "11 países u organizaciones"),
        ("rcm/RCM", "2000-01-01", "entre 1 y 11 países u organizaciones"),
        ("rcm/MIRPS", "2018-06-30", "6 países u organizaciones"),
        ("rcm/MIRPS", "2020-01-01", "7 países u organizaciones"),
    ],
)
def test_members_are_counted_on_a_day_and_named(
    client: Client, body: str, on: str, count: str
) -> None:
    html = get(client, f"/es/{PATH}{body}/?al={on}")
    assert f"Miembros: {count}" in said(html)
    figure = re.search(rf'<strong>Miembros:</strong> <a href="([^"]+)"[^>]*>{count}', html)
    assert figure is not None
    assert count in said(get(client, unescape(figure[1])))


def test_who_may_have_belonged_is_told_apart(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}rcm/RCM/?al=2000-01-01"))
    certain, _, doubtful = text.split("Miembros:")[1].split("Observadores:")[0].partition(
        "No se sabe con seguridad:"
    )  # fmt: skip
    assert "México" in certain
    assert "Canadá" in doubtful
    assert "Canadá" not in certain


@pytest.mark.parametrize(
    ("on", "told"),
    [
        ("2021-12-02", "México (desde: entre 2020 y enero de 2021; hasta: 3 de diciembre de 2021)"),
        ("2021-12-04", "El Salvador (desde: 3 de diciembre de 2021"),
        ("2005-01-01", "sin dato"),
    ],
)
def test_a_presidency_is_that_of_the_day_or_no_data(client: Client, on: str, told: str) -> None:
    text = said(get(client, f"/es/{PATH}rcm/RCM/?al={on}"))
    assert told in text.split("Presidencia, ")[1].split("Miembros")[0]


def test_a_body_with_no_presidency_on_record_says_no_data_of_this_year(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}border/ESC/"))
    assert re.search(r"Presidencia 20\d\d: sin dato", text)


def test_parties_that_joined_a_framework_are_its_members(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}sembrando-oportunidades/SO/"))
    assert "Socios: 2 países u organizaciones" in text
    table = rows(client, f"/es/{PATH}sembrando-oportunidades/SO/tabla.csv")
    assert {row["party_text"] for row in table} >= {"Asuntos Mundiales Canadá"}


# ------------------------------------------------------------------------------- the list


def test_the_list_is_told_fifty_at_a_time_and_taken_away_whole(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}"))
    assert "Filas 1 a 50 de" in text
    later = said(get(client, f"/es/{PATH}?pagina=2"))
    assert "Filas 51 a" in later
    assert "Conferencia Regional sobre Migración" not in later
    assert len(rows(client, f"/es/{PATH}tabla.csv")) > 50
    assert client.get(f"/es/{PATH}tabla.xlsx").status_code == 200
    assert client.get(f"/es/{PATH}tabla/").status_code == 200


@pytest.mark.parametrize(
    ("query", "inside", "outside"),
    [
        ("tipo=binational", "border/NADBANK", "MEX"),
        ("tipo=country", "MEX", "asylum/COMAR"),
        ("organo=rcm/MIRPS", "GTM", "NIC"),
        ("organo=rcm/MIRPS&al=2018", "GTM", "SLV"),
        ("marco=asylum/ASYLUM", "asylum/COMAR", "border/NADBANK"),
    ],
)
def test_the_list_is_narrowed(client: Client, query: str, inside: str, outside: str) -> None:
    found = {row["name"] for row in rows(client, f"/es/{PATH}tabla.csv?{query}")}
    assert inside in found
    assert outside not in found
    get(client, f"/es/{PATH}?{query}")


def test_within_a_framework_only_who_takes_part_is_listed(client: Client) -> None:
    found = {row["name"] for row in rows(client, f"/es/mirps/{PATH}tabla.csv")}
    assert "GTM" in found
    assert "border/NADBANK" not in found
    html = get(client, f"/es/mirps/{PATH}")
    assert "MIRPS" in said(html)
    # The region says to what else its countries belong; the bodies listed are those that take part.
    bodies = html.split('<section aria-labelledby="bodies">')[1].split("</section>")[0]
    assert "Plataforma de Apoyo" in bodies
    assert "Binacional de Puentes" not in bodies


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("al=ayer", 422),
        ("al=1996..", 422),
        ("tipo=planet", 422),
        ("organo=rcm/NADIE", 404),
        ("marco=rcm/NADA", 404),
        ("indicador=asylum/AS-99", 404),
        ("pagina=99", 404),
        ("pagina=-1", 422),
        ("al=2999-01-01", 200),
    ],
)
def test_bad_input_is_answered_with_a_useful_page(client: Client, query: str, status: int) -> None:
    html = get(client, f"/es/{PATH}?{query}", status)
    assert "<h1>" in html


def test_where_nothing_is_recorded_the_pages_say_so(workspace: Workspace) -> None:
    text = said(get(Client(headers={"host": "localhost"}), f"/es/{PATH}"))
    assert "No hay nada que mostrar" in text
    assert "La región" not in text.split("Lista de países")[1]


# ------------------------------------------------------------------------------- one of them


def test_a_country_tells_all_that_is_on_record_of_it(client: Client) -> None:
    html = get(client, f"/es/{PATH}MEX/")
    text = said(html)
    for words in (
        "Mexico (inglés)", "Conferencia Regional sobre Migración", "presidencia",
        "marzo de 1996 (día no registrado)", "sin respuesta", "Dinero que da",
        "78,975 personas", "Informaron 0 de 1", "Declaración de San Pedro Sula",
    ):  # fmt: skip
        assert words in text
    for link in (
        "/es/compromisos/?responsable=MEX", "/es/cifras/asylum/AS-1/?lugar=MEX",
        "/es/fuentes/", "/es/acuerdos/", "/es/cambios/?organizacion=",
        f"/es/{PATH}MEX/tabla.xlsx", f"/es/{PATH}asylum/COMAR/",
    ):  # fmt: skip
        assert link in unescape(html)


def test_an_organisation_tells_its_offices_and_whom_it_belongs_to(client: Client) -> None:
    text = said(get(client, f"/en/{PATH}asylum/COMAR/"))
    assert "Mexican Commission for Refugee Assistance (COMAR)" in text
    assert "COMAR, Tapachula field office (seat: Tapachula)" in text
    assert "Part of Ministry of the Interior of Mexico" in text
    assert "Applications for recognition of refugee status registered" in text


def test_a_name_that_is_the_same_in_every_language_stands_once(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}GTM/"))
    assert "En otros idiomas" not in text
    assert "Canada (inglés) ; Canada (francés)" in said(get(client, f"/es/{PATH}CAN/"))


def test_a_document_is_named_with_its_publisher(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}CAN/"))
    assert re.search(r"Mexico hosted Regional Conference on Migration , [^,]+, 4 de dic", text)


def test_a_state_stands_under_its_country(client: Client) -> None:
    response = client.get(f"/es/{PATH}rcm/MEX/?al=2020")
    assert (response.status_code, response["Location"]) == (302, f"/es/{PATH}MEX/?al=2020")
    assert rows(client, f"/es/{PATH}rcm/MEX/tabla.csv") == rows(client, f"/es/{PATH}MEX/tabla.csv")


def test_what_ended_says_since_when_and_who_took_over(client: Client) -> None:
    text = said(get(client, f"/es/{PATH}border/BECC/"))
    assert "Cerrado en noviembre de 2017: ya no se actualiza." in text
    assert "Le sucedió: Banco de Desarrollo de América del Norte (en noviembre de 2017)" in text
    heir = said(get(client, f"/es/{PATH}border/NADBANK/"))
    assert "Sucedió a: Comisión de Cooperación Ecológica Fronteriza" in heir
    orphans = said(get(client, f"/es/{PATH}sembrando-oportunidades/USAID/"))
    assert "sin responsable desde 2025" in orphans


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ["XXX", "asylum/NADIE"])
def test_an_unknown_party_is_a_page_that_says_where_to_look(
    client: Client, language: str, code: str
) -> None:
    html = get(client, f"/{language}/{PATH}{code}/", 404)
    assert code in said(html)
    assert f'href="/{language}/{PATH}"' in html
    assert f'href="/{language}/buscar/"' in html
    assert client.get(f"/{language}/{PATH}{code}/tabla.csv").status_code == 404


def test_a_past_date_stays_with_the_reader(client: Client) -> None:
    html = get(client, f"/es/{PATH}MEX/?sabido=2019")
    assert "Está viendo lo que se sabía el 31 de diciembre de 2019." in html
    assert f"{PATH}rcm/MIRPS/?sabido=2019" in html
    assert "3 de diciembre de 2021" not in said(html)


# ------------------------------------------------------------------------------- not public


@pytest.fixture
def small(workspace: Workspace) -> Client:
    """Three countries in a body; one is there for members only, one from a day to come."""
    record = Record()
    record.start().seal(
        Body.from_cells(code="t/BODY", name={"es": "Consejo"}, founded="2000"),
        Source.from_cells(code="t/S1", title="First list"),
        Source.from_cells(code="t/S2", title="Second list"),
        Source.from_cells(code="t/SECRET", title="Closed list"),
        *(
            Place.from_cells(code=code, kind="country", name={"es": name})
            for code, name in (("HND", "Honduras"), ("PAN", "Panamá"), ("CUB", "Cuba"))
        ),
        *(
            Organisation.from_cells(code=f"t/{code}", kind="state", name={"es": code}, country=code)
            for code in ("HND", "PAN", "CUB")
        ),
        Succession.from_cells(predecessor="t/D", successor="t/E", date="2019-05", share="3/5"),
    )
    spell = {"body": "t/BODY", "valid_from": "2020-01-01"}
    record.seal(
        Membership.from_cells(**spell, party="t/HND", source="t/S1"),
        Membership.from_cells(**spell, party="t/HND", source="t/S2", valid_to="2021-06-30"),
        Membership.from_cells(**spell, party="t/PAN", source="t/SECRET", audience="members"),
        Membership.from_cells(
            **spell, party="t/CUB", source="t/SECRET", public_from="2999-01-01"
        ),
        OfficeHeld.from_cells(
            **spell, party="t/PAN", office="presidency", source="t/SECRET", audience="members",
            valid_to="2999-01-01",
        ),
        Commitment.from_cells(
            code="t/HIDDEN", text={"es": "Promesa cerrada"}, parties="t/PAN", source="t/SECRET",
            audience="members",
        ),
        Transaction.from_cells(
            code="t/PAID", stage="disbursed", provider="t/PAN", receiver="t/HND", amount="7654321",
            currency="USD", source="t/SECRET", public_from="2999-01-01",
        ),
    )  # fmt: skip
    return Client(headers={"host": "localhost"})


SECRETS = ("Closed list", "Promesa cerrada", "7,654,321", "7654321", "t/HIDDEN", "t/PAID")


def test_what_is_not_public_is_on_no_page_and_in_no_file(small: Client) -> None:
    table = ("tabla.csv", "tabla.json", "tabla.txt", "tabla/")
    for party in ("", "t/BODY/", "PAN/", "CUB/", "HND/"):
        for file in ("", *table):
            html = get(small, f"/es/{PATH}{party}{file}")
            assert not [secret for secret in SECRETS if secret in html], (party, file)
    body = said(get(small, f"/es/{PATH}t/BODY/"))
    assert "Panamá" not in body
    assert "Cuba" not in body
    assert re.search(r"Presidencia \d{4}: sin dato", body)
    assert "No consta que pertenezca a alguna conferencia" in said(get(small, f"/es/{PATH}PAN/"))


def test_two_sources_that_disagree_both_stand_and_neither_wins(small: Client) -> None:
    for page in ("HND/", "t/BODY/"):
        text = said(get(small, f"/es/{PATH}{page}"))
        assert "Las fuentes no coinciden sobre desde o hasta cuándo" in text
        assert "First list" in text
        assert "Second list" in text
        assert "las fuentes no coinciden" in text
    table = rows(small, f"/es/{PATH}HND/tabla.csv")
    assert {row["standing"] for row in table} == {"disagree"}
    assert "entre 0 y 1 país u organización" in said(get(small, f"/es/{PATH}t/BODY/"))


def test_a_share_of_what_was_taken_over_is_told(small: Client) -> None:
    assert "E (en mayo de 2019 (parte: 60" in said(get(small, f"/es/{PATH}t/D/"))


def test_a_body_that_ended_says_since_when(small: Client) -> None:
    Record().seal(Body.from_cells(code="t/GONE", name={"es": "Grupo cerrado"}, ended="2019-06"))
    assert "Cerrado en junio de 2019: ya no se actualiza." in said(get(small, f"/es/{PATH}t/GONE/"))


def test_where_only_institutions_receive_the_state_is_told_to_have_nothing(client: Client) -> None:
    money = said(get(client, f"/es/{PATH}USA/")).split("Dinero que recibe")[1].split("Cifras")[0]
    assert "instituciones de ese país: GSA" in money
    assert "No hay ningún monto registrado que citar" in money
    assert "demás etapas" not in money
