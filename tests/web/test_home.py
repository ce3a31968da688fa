"""The first page: what the site is, a search, four key figures; then what lies below."""

from __future__ import annotations

import re
from html import unescape

from django.test import Client


def page(client: Client, path: str = "/es/") -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode("utf-8")


def cards(html: str) -> list[str]:
    section = html.split('<ul class="cards four">')[1].split("</section>")[0]
    found = re.findall(r"<li>(.*?)</li>", section, re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


def test_four_key_figures_say_what_where_when_by_whom_and_lead_to_how_they_are_made(
    client: Client,
) -> None:
    html = page(client)
    found = cards(html)
    assert len(found) == 4
    assert found[0] == (
        "Solicitudes de reconocimiento de la condición de refugiado registradas, México, 2024 "
        "78,975 personas 43.9% menos que en 2023 "
        "Fuente: COMAR, publicado en enero de 2025 · preliminar Cómo se obtuvo"
    )
    assert "Promesas de contribución" in found[3]
    assert "más de USD 210 millones" in found[3]
    section = html.split('<ul class="cards four">')[1].split("</section>")[0]
    labels = re.findall(r'aria-label="(Cómo se obtuvo: [^"]*)"', section)
    assert len(set(labels)) == 4


def test_below_stand_what_changed_the_states_the_region_the_sheets_and_the_frameworks(
    client: Client,
) -> None:
    html = page(client)
    headings = [unescape(one) for one in re.findall(r"<h2[^>]*>([^<]*)</h2>", html)]
    assert headings == [
        "Cifras principales",
        "Qué cambió",
        "Compromisos por estado",
        "La región",
        "Fichas informativas",
        "Marcos de cooperación",
    ]
    tiles = html.split('<ul class="tiles"')[1].split("</ul>")[0]
    links = re.findall(r'<a href="([^"]*)"><span class="tile-name">([^<]+)', tiles)
    assert len(links) == len(set(links)) == 11
    assert "19 sin respuesta" in html
    assert html.index("140,720") < html.index("Compromisos por estado")


def test_a_count_of_commitments_says_of_how_many(client: Client) -> None:
    count = cards(page(client))[2]
    assert count.startswith("Compromisos sin respuesta")
    assert "19 compromisos de 24 compromisos en el registro al " in count


def test_on_a_past_date_the_last_year_that_had_ended_is_asked_as_then_known(
    client: Client,
) -> None:
    found = cards(page(client, "/es/?sabido=2023-06"))
    assert found[0] == (
        "Solicitudes de reconocimiento de la condición de refugiado registradas, México, 2022 "
        "118,772 personas 8.5% menos que en 2021 "
        "Fuente: COMAR, publicado en abril de 2023 · preliminar Cómo se obtuvo"
    )
    assert "7 compromisos de 9 compromisos en el registro al 30 de junio de 2023" in found[2]


def test_a_change_is_told_only_where_two_periods_can_be_compared(client: Client) -> None:
    # Of 2021 only January to October is known then.
    decisions = cards(page(client, "/es/?sabido=2023-06"))[1]
    assert "México, 2022 34,762 personas Fuente" in decisions
    # Nothing is known of 1990, and nothing is compared with it.
    first = cards(page(client, "/es/?sabido=1990"))[0]
    assert "sin dato" in first
    assert "que en" not in first


def test_in_a_framework_the_key_figures_are_its_own(client: Client) -> None:
    html = page(client, "/es/sembrando-oportunidades/")
    found = cards(html)
    assert len(found) == 4
    assert found[0].startswith("Compromisos sin respuesta, Sembrando Oportunidades 4 compromisos")
    assert "Personas beneficiarias directas en el sur de México" in found[1]
    assert not any("condición de refugiado" in one for one in found)
    assert "Está viendo solo lo de este marco:" in html
    assert 'href="/es/sembrando-oportunidades/cifras/sembrando-oportunidades/' in html


def test_an_estimated_difference_is_not_told_without_its_direction(client: Client) -> None:
    for one in cards(page(client, "/es/asylum/")):
        assert not re.search(r"alrededor de [\d.]+% que en", one)


def test_what_is_invented_does_not_stand_before_what_is_not(client: Client) -> None:
    changes = page(client).split('id="changes"')[1].split("</section>")[0]
    assert changes.count("<li>") == 5
    assert "DATO INVENTADO" not in changes


def test_the_frameworks_stand_by_their_names(client: Client) -> None:
    section = page(client).split('id="frameworks"')[1].split("</section>")[0]
    names = [unescape(one) for one in re.findall(r"<h3><a [^>]*>([^<]*)", section)]
    assert names == sorted(names, key=lambda one: one.replace("á", "a").lower())


def test_the_search_has_a_visible_label_and_stands_once(client: Client) -> None:
    html = page(client)
    assert html.count('role="search"') == 1
    assert '<label for="buscar">Busque una cifra, un país, un compromiso o un documento' in html
