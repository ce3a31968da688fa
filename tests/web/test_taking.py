"""What a reader takes away: the same value in every form, at plain addresses; nothing hidden."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape

import pytest
from django.test import Client
from PIL import Image
from python_calamine import CalamineWorkbook

from cauce.packs import catalogue
from tests.published import NAME

FIGURE = "/es/cifras/como-se-obtuvo/cifra.{}?indicador=asylum/AS-1&lugar=MEX&periodo=2022"
INDICATOR = "/es/cifras/asylum/AS-1/"

#: Of the demonstration: the value for members, the one under embargo, and totals with them.
HIDDEN = re.compile(
    r"71[.,   ]?717|83[.,   ]?838|72[.,   ]?917|85[.,   ]?038|15[56][.,   ]?[57]5[56]"
)


def content(client: Client, path: str, status: int = 200) -> bytes:
    response = client.get(path)
    assert response.status_code == status, path
    return response.content


def cells(workbook: bytes) -> list[list[object]]:
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook)).get_sheet_by_index(0)
    return [list(row) for row in sheet.to_python()]


# ------------------------------------------------------------------------------- one figure


def test_a_figure_is_the_same_value_in_every_form(client: Client) -> None:
    (figure,) = json.loads(content(client, FIGURE.format("json")))["figures"]
    assert figure["value"] == "119273"
    assert "119,273 personas" in content(client, FIGURE.format("txt")).decode()
    (row,) = csv.DictReader(io.StringIO(content(client, FIGURE.format("csv")).decode()))
    assert (row["value"], row["state"]) == ("119273", "known")
    assert 119273.0 in cells(content(client, FIGURE.format("xlsx")))[1]


def test_the_text_to_quote_says_who_says_so_since_when_and_where_to_check(client: Client) -> None:
    said = content(client, FIGURE.format("txt")).decode()
    assert "según COMAR (cifra preliminar)" in said
    assert "en enero de 2024" in said  # the month, never an invented day
    assert "http://localhost/es/cifras/como-se-obtuvo?" in said
    assert "CC BY 4.0" in said


def test_the_picture_is_that_of_the_link_preview(client: Client) -> None:
    html = content(client, FIGURE.format("png").replace("/cifra.png", "")).decode()
    (preview,) = re.findall(r'og:image" content="http://localhost([^"]+)"', html)
    drawn = content(client, unescape(preview))
    assert Image.open(io.BytesIO(drawn)).size == (1200, 630)
    assert len(drawn) <= 150_000


def test_the_permanent_address_names_no_framework_to_stay_in(client: Client) -> None:
    said = content(client, FIGURE.format("txt").replace("/es/", "/es/asylum/", 1)).decode()
    assert "http://localhost/es/cifras/como-se-obtuvo?" in said


@pytest.mark.parametrize("form", ["txt", "png", "xlsx", "csv", "json"])
def test_a_question_that_cannot_be_read_is_an_error_page_in_every_form(
    client: Client, form: str
) -> None:
    html = content(client, f"/es/cifras/como-se-obtuvo/cifra.{form}?indicador=no/X", 422).decode()
    assert "<h1>No se pudo mostrar esta página</h1>" in html


# ------------------------------------------------------------------------------- an indicator


def test_the_page_of_an_indicator_shows_chart_table_and_latest_value(client: Client) -> None:
    html = content(client, INDICATOR).decode()
    assert "78,975 personas" in html
    assert re.search(r"<svg[^>]* role=\"img\"", html)
    assert len(re.findall(r'<th scope="row"[^>]*>20\d\d</th>', html)) == 12  # 2013 to 2024
    # Every value leads to how it was made, and its link says so when it is read alone.
    how = r'<td [^>]*class="number"[^>]*><a href="([^"]+)" aria-label="([^"]+: cómo se obtuvo)"'
    links = re.findall(how, html)
    assert len(links) == 12
    assert all("como-se-obtuvo" in href and "cómo se obtuvo" in label for href, label in links)


def test_the_table_of_an_indicator_is_numbers_in_a_workbook(client: Client) -> None:
    rows = cells(content(client, f"{INDICATOR}tabla.xlsx?desde=2022&hasta=2023"))
    assert [(row[3], row[5]) for row in rows[1:]] == [("2022", 119273.0), ("2023", 140720.0)]


def test_copying_into_a_sheet_set_to_a_decimal_comma_keeps_the_number(client: Client) -> None:
    html = content(client, f"{INDICATOR}tabla/").decode()
    areas = re.findall(r"<textarea[^>]*>(.*?)</textarea>", html, re.DOTALL)
    assert len(areas) == 2
    assert all("\t119273\t" in area and "119,273\t" not in area for area in areas)


def test_the_chart_is_a_picture_too(client: Client) -> None:
    drawn = content(client, f"{INDICATOR}grafica.png")
    assert Image.open(io.BytesIO(drawn)).size == (1200, 630)
    assert len(drawn) <= 150_000


def test_a_past_date_changes_the_table_and_stays_in_its_links(client: Client) -> None:
    html = content(client, f"{INDICATOR}?sabido=2023-06").decode()
    assert "119,273" not in html
    assert "Está viendo lo que se sabía el 30 de junio de 2023." in html
    takes = re.findall(r'href="([^"]*tabla\.[a-z]+[^"]*)"', html)
    assert takes
    assert all("sabido=2023-06" in href for href in takes)


@pytest.mark.parametrize(
    ("query", "said", "status"),
    [
        ("desde=2023&hasta=2020", "2023/2020", 422),
        ("desde=ayer", "ayer", 422),
        ("lugar=NADIE", "NADIE", 404),
        ("sabido=2023-13", "2023-13", 422),
    ],
)
def test_what_cannot_be_asked_of_an_indicator_is_told_with_its_fix(
    client: Client, query: str, said: str, status: int
) -> None:
    html = content(client, f"{INDICATOR}?{query}", status).decode()
    assert said in html


# ------------------------------------------------------------------------------- one framework


def test_a_framework_chosen_stays_in_the_address(client: Client) -> None:
    html = content(client, "/es/asylum/cifras/").decode()
    menu = html.split('<nav class="sections"')[1].split("</nav>")[0]
    assert re.findall(r'href="([^"]+)"', menu) == [
        "/es/asylum/", "/es/asylum/cifras/", "/es/asylum/compromisos/",
        "/es/asylum/financiamiento/", "/es/asylum/fichas/",
        "/es/asylum/paises-y-organizaciones/",
    ]  # fmt: skip
    assert "Marco: " in html
    listed = html.split("<main")[1]
    assert "/es/asylum/cifras/asylum/ASYLUM/" in listed
    assert "/cifras/rcm/RCM/" not in listed
    switch = re.findall(r'href="([^"]+)" hreflang="fr"', html.split("<header")[1])
    assert switch == ["/fr/asylum/cifras/"]


def test_a_framework_that_is_not_there_is_no_page(client: Client) -> None:
    assert "No hay ninguna página" in content(client, "/es/nadie/cifras/", 404).decode()


# ------------------------------------------------------------------------------- fact sheets


@pytest.mark.parametrize(("form", "starts"), [("pdf", b"%PDF-"), ("docx", b"PK")])
def test_a_fact_sheet_is_taken_away_as_it_was_issued(
    client: Client, form: str, starts: bytes
) -> None:
    html = content(client, "/fr/fichas/").decode()
    address = f"/fr/fichas/{NAME}/ficha.{form}"
    assert f'href="{address}"' in html
    response = client.get(address)
    assert response.content.startswith(starts)
    assert response["Content-Disposition"].endswith(f"{NAME}-1-fr.{form}")
    assert client.get(f"/fr/fichas/{NAME}/1/ficha.{form}").content == response.content


# ------------------------------------------------------------------------------- what is not public


@pytest.mark.slow
def test_a_visitor_sees_no_value_that_is_not_public_in_any_form(
    demonstration: Client,
) -> None:
    """Every page below the demonstration's framework and every file these lead to, but for those
    of another framework's records, which say nothing of this one."""
    kinds = Counter[str]()
    for path, body in everything(demonstration, "/es/demo/"):
        found = HIDDEN.findall(body)
        assert found == [], (path, found)
        kinds[path.partition("?")[0].rpartition(".")[2][:4]] += 1
    assert sum(kinds.values()) > 500
    assert {"csv", "xlsx", "txt", "json", "xml"} <= set(kinds)


#: A picture cannot be read here; its words have tests of their own.
MOST_PICTURES = 5


def everything(client: Client, start: str) -> Iterator[tuple[str, str]]:
    others = "|".join(catalogue.shipped())
    foreign = re.compile(rf"[/=](?:{others})(?:/|%2F)")
    waiting, known, pictures = [start], {start}, 0
    while waiting:
        path = waiting.pop()
        response = client.get(path, follow=True)
        assert response.status_code == 200, path
        kind = response["Content-Type"].partition(";")[0]
        yield path, readable(kind, response.content)
        if kind != "text/html" or "asiento=" in path:
            continue
        html = re.sub(r'<details class="scope">.*?</details>', "", response.content.decode())
        for href in map(unescape, re.findall(r'href="([^"#]+)', html)):
            if not href.startswith(start) or href in known:
                continue
            if foreign.search(href) and not re.search("demo(?:/|%2F)[A-Z]", href):
                continue
            known.add(href)
            pictures += ".png" in href
            if ".png" not in href or pictures <= MOST_PICTURES:
                waiting.append(href)


def readable(kind: str, body: bytes) -> str:
    if kind.endswith("sheet"):
        return "\n".join(" ".join(map(str, row)) for row in cells(body))
    return "" if kind == "image/png" else body.decode("utf-8")
