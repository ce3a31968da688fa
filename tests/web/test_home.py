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


def test_a_change_is_told_only_where_two_periods_can_be_compared(client: Client) -> None:
    # 2024 is not known then, and nothing is compared with it.
    first = cards(page(client, "/es/?sabido=2023-06"))[0]
    assert "sin dato" in first
    assert "que en 2023" not in first


def test_the_search_has_a_visible_label_and_stands_once(client: Client) -> None:
    html = page(client)
    assert html.count('role="search"') == 1
    assert '<label for="buscar">Busque una cifra, un país, un compromiso o un documento' in html
