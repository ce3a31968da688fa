"""The pages of figures: comparing, what was published, what it means, and a folder to print."""

from __future__ import annotations

import io
import json
import re
from html import unescape
from urllib.parse import quote

import pikepdf
import pytest
from django.test import Client

from cauce.words import text
from tests.exports.pdf_reading import bare, tags_of
from tests.exports.pdf_reading import text_of as pdf_text
from tests.figures.record import Record
from tests.web import reading
from tests.web.reading import rows

DECISIONS = "/es/cifras/asylum/AS-2/comparar/"
APPLICATIONS = "/es/cifras/asylum/AS-1/comparar/"
PUBLISHED = "/es/cifras/asylum/AS-1/valores-publicados/"


def said(client: Client, path: str, status: int = 200) -> str:
    """The words of a page, without its marks."""
    return reading.said(reading.get(client, path, status))


# ------------------------------------------------------------------------------- comparing


@pytest.mark.parametrize(
    "query", ["periodo=2022&con_periodo=2023", "periodo=2023&con_periodo=2022"]
)
def test_two_years_are_compared_whichever_comes_first(client: Client, query: str) -> None:
    page = said(client, f"{DECISIONS}?lugar=MEX&{query}")
    assert "2023, frente a 2022: 19.7% menos." in page
    assert "Diferencia: 6,862 personas menos" in page
    assert "34,762 personas" in page
    assert "27,900 personas" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "2023, compared with 2022: 19.7% less."),
        ("fr", "2023, par rapport à 2022 : 19,7 % de moins."),
    ],
)
def test_a_comparison_speaks_the_readers_language(
    client: Client, language: str, words: str
) -> None:
    path = DECISIONS.replace("/es/", f"/{language}/")
    page = said(client, f"{path}?lugar=MEX&periodo=2022&con_periodo=2023")
    assert words in page.replace("\u202f", " ")


@pytest.mark.parametrize("part", ["2021", "2021-01/2021-10"])
def test_a_part_of_a_year_is_not_compared_and_the_page_says_why(client: Client, part: str) -> None:
    page = said(client, f"{DECISIONS}?lugar=MEX&periodo={part}&con_periodo=2022")
    assert "No se puede comparar, porque los valores no miden lo mismo" in page
    assert "de enero a octubre de 2021" in page
    assert "Hace falta un valor del periodo completo." in page
    assert "En porcentaje" not in page


def test_what_two_publishers_said_is_not_compared(client: Client) -> None:
    page = said(client, f"{DECISIONS}?lugar=MEX&periodo=2017&con_periodo=2022")
    assert "los informaron fuentes distintas (COMAR y ACNUR)" in page


def test_one_year_is_compared_as_known_on_two_dates(client: Client) -> None:
    page = said(client, f"{APPLICATIONS}?lugar=MEX&periodo=2022&con_sabido=2023-06")
    assert "Lo que se sabe hoy, frente a lo que se sabía el 30 de junio de 2023: 0.4% más." in page
    assert "118,772 personas" in page
    assert "119,273 personas" in page


def test_a_date_to_come_is_compared_with_today(client: Client) -> None:
    page = said(client, f"{APPLICATIONS}?lugar=MEX&periodo=2022&con_sabido=2090")
    assert "frente a lo que se sabía el 31 de diciembre de 2090: igual." in page


def test_a_date_is_compared_with_the_one_the_reader_travels_by(client: Client) -> None:
    page = said(client, f"{APPLICATIONS}?lugar=MEX&periodo=2022&con_sabido=2023-02&sabido=2023-06")
    assert "118,478 personas" in page
    assert "118,772 personas" in page
    assert "119,273" not in page


def test_two_places_are_compared(client: Client) -> None:
    places = "lugar=border/US-SOUTHERN-BORDER&con_lugar=border/US-NORTHERN-BORDER"
    page = said(client, f"/es/cifras/border/BX-4-p/comparar/?{places}&periodo=2022")
    assert "14 proyectos más" in page
    assert "Dos lugares en el mismo periodo" in page


def test_proportions_differ_by_points_and_by_no_percentage(client: Client) -> None:
    page = said(client, "/es/cifras/asylum/AS-3/comparar/?periodo=2022&con_periodo=2023")
    assert "7.44 puntos porcentuales más" in page
    assert "En porcentaje" not in page


def test_without_a_choice_the_two_newest_years_are_compared(client: Client) -> None:
    assert "2024, frente a 2023" in said(client, APPLICATIONS)


def test_every_number_of_a_comparison_leads_to_how_it_is_made(client: Client) -> None:
    html = client.get(f"{APPLICATIONS}?lugar=MEX&periodo=2022&con_sabido=2023-06").content.decode()
    links = set(map(unescape, re.findall(r'href="(/es/cifras/como-se-obtuvo[^"]+)"', html)))
    told = [said(client, link) for link in sorted(links)]
    assert len(links) == 4
    for value in ("118,772 personas", "119,273 personas", "501 personas más", "0.4% más"):
        assert any(value in page for page in told), value


def test_a_comparison_is_taken_away_as_numbers(client: Client) -> None:
    table = rows(client, f"{DECISIONS}tabla.csv?lugar=MEX&periodo=2022&con_periodo=2023")
    assert [row["value"] for row in table] == ["34762", "27900", "-0.19739945918", "-6862"]
    told = json.loads(client.get(f"{DECISIONS}tabla.json?periodo=2021&con_periodo=2022").content)
    assert [row["reason"] for row in told["rows"]][2:] == ["not_like_for_like"] * 2


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("periodo=pronto", 422),
        ("periodo=2022&con_periodo=2023&con_lugar=MEX", 422),
        ("periodo=2022&con_lugar=ZZZ", 404),
        ("periodo=2022&con_sabido=ayer", 422),
        ("lugar=nada/NADA", 404),
    ],
)
def test_what_cannot_be_compared_is_told_on_a_page(client: Client, query: str, status: int) -> None:
    assert "Qué puede hacer" in said(client, f"{APPLICATIONS}?{query}", status) or status


def test_an_indicator_without_values_offers_nothing_to_compare(client: Client) -> None:
    assert "No hay dos valores que comparar" in said(client, "/es/cifras/asylum/AS-7/comparar/")
    assert client.get("/es/cifras/asylum/AS-7/comparar/tabla.csv").status_code == 404


# ------------------------------------------------------------------------------- published values


def test_the_five_values_of_2022_stand_in_the_order_of_publication(client: Client) -> None:
    table = rows(client, f"{PUBLISHED}tabla.csv?lugar=MEX&periodo=2022")
    assert [(row["published"], row["value_text"], row["chosen"]) for row in table] == [
        ("2023-01", "118,478 personas", "no"),
        ("2023-03", "104,727 (como se imprimió)", "no"),
        ("2023-04", "118,772 personas", "no"),
        ("2023-05", "118,756 personas", "no"),
        ("2024-01", "119,273 personas", "sí"),
    ]
    assert [row["reporter"] for row in table][3] == "rcm/UNHCR"
    assert all(row["recorded"] for row in table)


def test_the_value_that_answers_stands_above_with_who_says_so_and_since_when(
    client: Client,
) -> None:
    page = said(client, f"{PUBLISHED}?lugar=MEX&periodo=2022")
    card = page.split("En orden de publicación")[1].split("Lo que se sabía el")[0]
    assert "119,273 personas Según COMAR (preliminar)." in card
    assert "enero de 2024." in card


def test_each_published_value_says_why_it_answers_or_not(client: Client) -> None:
    page = said(client, f"{PUBLISHED}?lugar=MEX&periodo=2022")
    assert "enero de 2023 (día no registrado)" in page
    assert "La misma fuente publicó después otro valor." in page
    assert "Fuente elegida: COMAR. La COMAR registra las solicitudes" in page
    assert "Nunca se elige." in page
    assert "casi seguro abarca solo parte del año" in page


def test_a_part_of_a_year_stands_among_the_published_values_and_never_answers(
    client: Client,
) -> None:
    table = rows(client, "/es/cifras/asylum/AS-2/valores-publicados/tabla.csv?periodo=2021")
    assert [(row["period"], row["chosen"]) for row in table] == [
        ("de enero a octubre de 2021", "no")
    ]


def test_of_june_2023_only_what_was_published_by_then_is_listed(client: Client) -> None:
    table = rows(client, f"{PUBLISHED}tabla.csv?lugar=MEX&periodo=2022&sabido=2023-06")
    assert [row["value"] for row in table] == ["118478", "", "118772", "118756"]
    assert [row["chosen"] for row in table] == ["no", "no", "sí", "no"]


def test_a_document_leads_to_its_page(client: Client) -> None:
    html = client.get(f"{PUBLISHED}?lugar=MEX&periodo=2022").content.decode()
    assert 'href="/es/fuentes/asylum/S-EFE-2024-01/"' in html


# ------------------------------------------------------------------------------- an indicator


def test_an_indicator_says_what_it_counts_how_it_adds_up_and_who_reports(client: Client) -> None:
    page = said(client, "/es/cifras/asylum/AS-1/")
    assert "se puede sumar entre periodos" in page
    assert "Qué significa" in page
    assert (
        "Quién debe informar COMAR (México): cada año, a más tardar 31 días después de que termina "
        "el periodo (desde: 1 de enero de 2013; propuesto aquí)"
    ) in page
    assert "Frecuencia según el marco cada mes" in page
    assert "Cómo citar esta cifra" in page
    assert "Valores publicados para 2022" in page


@pytest.mark.parametrize(
    ("language", "last", "following"),
    [
        (
            "es",
            "tocaba informar 2024, a más tardar el 31 de enero de 2025. Informó 1 de 1.",
            "Próximo valor que toca informar 2025, a más tardar el 31 de enero de 2026",
        ),
        (
            "en",
            "Last value that was due 2024, by 31 January 2025. 1 of 1 reported.",
            "Next value due 2025, by 31 January 2026",
        ),
        (
            "fr",
            "Dernière valeur qui était due 2024, au plus tard le 31 janvier 2025. 1 sur 1",
            "Prochaine valeur due 2025, au plus tard le 31 janvier 2026",
        ),
    ],
)
def test_when_the_next_value_is_due_is_told_as_of_the_day_of_the_page(
    client: Client, language: str, last: str, following: str
) -> None:
    page = said(client, f"/{language}/cifras/asylum/AS-1/?sabido=2025-06")
    assert last in page
    assert following in page


def test_a_value_that_was_due_and_lacks_is_told_beside_the_next(client: Client) -> None:
    page = said(client, "/es/cifras/asylum/AS-1/?sabido=2024-01")
    assert "2023, a más tardar el 31 de enero de 2024" in page.split("Próximo valor")[1]
    page = said(client, "/es/cifras/asylum/AS-1/?sabido=2026-02")
    assert "faltan: COMAR · México (2025)" in page.split("Último valor")[1]


@pytest.mark.parametrize(
    ("language", "nothing"),
    [
        ("es", "No está registrado quién debe informar, con qué frecuencia ni hasta cuándo."),
        ("en", "It is not recorded who must report, how often, or by when."),
        ("fr", "Il n’est pas enregistré qui doit déclarer, à quelle fréquence, ni jusqu’à quand."),
    ],
)
def test_where_nobody_must_report_that_is_said(client: Client, language: str, nothing: str) -> None:
    page = said(client, f"/{language}/cifras/asylum/AS-5/")
    assert nothing in page
    assert text("meaning.next", language) not in page


def test_who_owes_for_many_places_is_named_once_and_told_when_nothing_more_is_due(
    demonstration: Client,
) -> None:
    page = said(demonstration, "/es/cifras/demo/D-3/")
    assert "Agencia Ficticia (Pueblo Ficticio Uno, Pueblo Ficticio Dos" in page
    assert "hasta antes de: 1 de enero de 2025" in page
    assert "2024, a más tardar el 31 de marzo de 2025. Informaron 2 de 5; faltan:" in page
    assert "Ninguno: ya no toca informar otro valor." in page


def test_several_rules_are_told_each_with_who_and_when(record: Record, visitor: Client) -> None:
    record.seal(
        record.due("A", "MEX", frequency="month", due_days="10"),
        record.due("B", "GTM", valid_from="2020-01-01"),
        record.due(frequency="quarter", due_days="1"),
    )
    page = said(visitor, "/en/cifras/t/I/?sabido=2024-03-05")
    assert "A (MEX): every month, within 10 days of the end of the period" in page
    assert "B (GTM): every year, by the last day of the period (since: 1 January 2020;" in page
    following = page.split("Next value due")[1]
    assert "A (MEX): February 2024, by 10 March 2024" in following
    assert "B (GTM): 2024, by 31 December 2024" in following
    assert "first quarter of 2024, by 1 April 2024" in following


@pytest.mark.parametrize(
    "path", ["AS-1/", "AS-1/comparar/", "AS-1/valores-publicados/?periodo=2022"]
)
def test_a_table_of_figures_is_read_on_a_telephone_row_by_row_and_stays_a_table(
    client: Client, path: str
) -> None:
    html = client.get(f"/es/cifras/asylum/{path}").content.decode()
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert 'class="stacked close" role="table"' in table
        head = re.findall(r'<th scope="col" role="columnheader"[^>]*>([^<]+)</th>', table)
        labels = re.findall(r'<td role="cell"[^>]* data-label="([^"]+)"', table)
        assert {label.rstrip(":") for label in labels} == set(head[1:])
        assert table.count('<th scope="row" role="rowheader">') == table.count("<tr") - 1
        assert re.search(r"<caption[^>]*>[^<]{10,}</caption>", table)
    assert 'class="scroll"' not in html


def test_the_latest_value_has_its_row_of_actions(client: Client) -> None:
    html = client.get("/es/cifras/asylum/AS-1/").content.decode()
    row = html.split('class="take"')[1].split("</ul>")[0]
    names = re.findall(r">([^<>]+)</a>", row)
    assert names[:5] == ["Cómo se obtuvo", "Copiar texto", "Imagen", "Excel", "Citar"]


def test_the_number_of_other_values_leads_to_them(client: Client) -> None:
    html = client.get("/es/cifras/asylum/AS-1/").content.decode()
    link = re.search(r'<a href="([^"]+)" aria-label="4 valores más publicados para 2022">4<', html)
    assert link is not None
    assert "119,273 personas" in said(client, unescape(link[1]).removeprefix("http://localhost"))


def test_where_it_hangs_and_which_sheets_use_it_are_told(client: Client) -> None:
    html = client.get("/es/cifras/asylum/AS-1/").content.decode()
    assert 'href="/es/cifras/asylum/ASYLUM/#asylum/ASYLUM.1"' in html
    assert 'id="asylum/ASYLUM.1"' in client.get("/es/cifras/asylum/ASYLUM/").content.decode()
    assert "Cooperación en migración entre México y Estados Unidos" in html
    assert 'href="/es/cambios/?indicador=asylum%2FAS-1"' in html


def test_a_part_of_a_year_is_told_apart_from_the_table(client: Client) -> None:
    page = said(client, "/es/cifras/asylum/AS-2/")
    assert "de enero a octubre de 2021: 31,787 personas (según COMAR)" in page


def test_a_breakdown_is_a_table_of_its_own_beside_the_total(client: Client) -> None:
    page = said(client, "/es/cifras/asylum/AS-2/?desglosar=sense")
    assert "21,204 personas" in page
    assert "México, 2024 33,844 personas" in page  # the latest whole
    table = rows(client, "/es/cifras/asylum/AS-2/tabla.csv?desglosar=sense")
    assert {row["breakdown"] for row in table} == {"sense=positive"}
    assert said(client, "/es/cifras/asylum/AS-2/?desglosar=edad", 404)


def test_an_indicator_of_which_only_groups_are_recorded_shows_them(client: Client) -> None:
    page = said(client, "/es/cifras/border/BX-1/")
    assert "alrededor de 151,000,000 de cruces" in page
    assert "Lo que cruza" in page


def test_a_level_is_asked_for_the_day_or_month_it_was_told_for(client: Client) -> None:
    assert "agosto de 2020" in said(client, "/es/cifras/pledges/PL-1/")
    assert "1,400" in said(client, "/es/cifras/pledges/PL-1/")


def test_an_indicator_of_which_only_a_target_is_recorded_shows_it(client: Client) -> None:
    page = said(client, "/es/cifras/sembrando-oportunidades/SO.3-e/")
    assert "Sin dato informado." in page
    assert "Meta y línea base" in page
    assert "en el sur de México, meta 2021–2023" in page
    assert "más de 40,000 personas" in page
    assert "Alcanzado: sin dato" in page


@pytest.mark.slow
@pytest.mark.parametrize("framework", ["sembrando-oportunidades/SO", "border/BORDER"])
def test_every_indicator_has_pages_without_a_gap(client: Client, framework: str) -> None:
    """Also those without a value, with a target only, or told for groups only."""
    listed = client.get(f"/fr/cifras/{framework}/").content.decode()
    paths = sorted(set(re.findall(r'strong><a href="(/fr/cifras/[^"#?]+/)"', listed)))
    assert len(paths) > 5
    for page in (*paths, *(f"{path}comparar/" for path in paths)):
        words = said(client, page)
        keys = r"\b(meaning|compare|published|mark|indicator|framework)\.[a-z_]+|[{}]"
        assert re.findall(keys, words) == [], page


# ------------------------------------------------------------------------------- a framework


def test_a_framework_says_targets_what_was_reached_and_who_reported(
    demonstration: Client,
) -> None:
    page = said(demonstration, "/es/cifras/demo/DEMO/")
    assert "Meta (Pueblo Ficticio Uno, 2024): 800 personas" in page
    assert "Alcanzado: 75%" in page
    assert "no se puede dar un número (el indicador no mide éxito)" in page
    assert "2024. Informaron 3 de 5; faltan:" in page


def test_a_framework_numbers_its_indicators_and_marks_how_each_is_known(client: Client) -> None:
    page = said(client, "/es/cifras/asylum/ASYLUM/")
    assert "Abandonos y desistimientos AS-7 publicado no mide éxito" in page
    assert "asylum/AS-7" not in page
    # Of one that was to report and did, the value says it.
    assert "Informó 1 de 1" not in page


def test_targets_are_told_apart_from_values(demonstration: Client) -> None:
    table = rows(demonstration, "/es/cifras/demo/D-2/tabla.csv")
    assert [row["what"] for row in table] == [
        "demo/D-2", "baseline:demo/D-2", "target:demo/D-2",
    ]  # fmt: skip
    values, plan = said(demonstration, "/es/cifras/demo/D-2/").split("Meta y línea base", 1)
    assert "600 personas" in values
    assert "200 personas" not in values
    assert "Alcanzado: 75%" in plan


def test_five_nothings_are_five_words_in_one_table(demonstration: Client) -> None:
    table = rows(demonstration, "/es/cifras/demo/D-3/tabla.csv?desglosar=place")
    assert [row["text"] for row in table] == [
        "protegido", "retirado", "sin dato", "en revisión", "0 personas",
    ]  # fmt: skip
    assert "2024 sin dato" in said(demonstration, "/es/cifras/demo/D-3/?lugar=demo/TOWN-2")


def test_a_year_told_by_months_is_broken_down_by_them(demonstration: Client) -> None:
    months = rows(demonstration, "/es/cifras/demo/D-1/tabla.csv?desglosar=month")
    assert [months[0]["period"], months[-1]["value"], len(months)] == ["2024-01", "120", 12]


def test_a_correction_stands_beside_what_it_corrects(demonstration: Client) -> None:
    table = rows(demonstration, "/es/cifras/demo/D-6/valores-publicados/tabla.csv?periodo=2023")
    assert [(row["value"], row["chosen"]) for row in table] == [("480", "no"), ("505", "sí")]


def test_a_small_count_is_among_no_published_values(demonstration: Client) -> None:
    page = said(demonstration, "/es/cifras/demo/D-3/valores-publicados/?lugar=demo/TOWN-5")
    assert "protegido" in page
    assert "3 personas" not in page


@pytest.mark.parametrize(
    "path",
    [
        "D-5/",
        "D-5/?lugar=demo/TOWN-2",
        "D-5/?desglosar=place",
        "D-5/tabla.csv?lugar=demo/TOWN-3",
        "D-5/comparar/?lugar=demo/TOWN-1&con_lugar=demo/TOWN-2&periodo=2024",
        "D-5/comparar/?lugar=demo/TOWN-3&periodo=2023&con_periodo=2024",
        "D-5/comparar/tabla.json?lugar=demo/TOWN-2&con_sabido=2024-01",
        "D-5/valores-publicados/?lugar=demo/TOWN-2&periodo=2024",
        "D-5/valores-publicados/tabla.txt?lugar=demo/TOWN-3&periodo=2024",
        "DEMO/",
    ],
)
def test_what_is_not_public_is_on_no_page_of_figures(demonstration: Client, path: str) -> None:
    response = demonstration.get(f"/es/cifras/demo/{path}")
    assert response.status_code == 200
    hidden = r"71[.,   ]?717|83[.,   ]?838"
    assert re.findall(hidden, response.content.decode("utf-8")) == []


def test_what_is_not_public_is_in_no_folder(demonstration: Client) -> None:
    question = quote("indicador=demo/D-5&lugar=demo/TOWN-2&periodo=2024")
    response = demonstration.get(f"/es/cifras/carpeta.pdf?cifra={question}")
    assert response.status_code == 200
    told = pdf_text(response.content)
    assert "71,717" not in told
    assert bare("sin dato") in told


# ------------------------------------------------------------------------------- a folder


def chosen_in(*questions: str, extra: str = "") -> str:
    return "&".join(["", *(f"cifra={quote(one)}" for one in questions)]).strip("&") + extra


def test_a_folder_offers_the_latest_values_and_commitments_of_a_framework(client: Client) -> None:
    page = said(client, "/es/cifras/carpeta/?marco=asylum/ASYLUM")
    assert "México, 2024: 78,975 personas." in page
    assert "Dar acceso a la protección internacional a quienes la necesitan" in page
    assert said(client, "/es/cifras/carpeta/?marco=nada/NADA", 404)


def test_what_was_ticked_becomes_one_document_with_contents(client: Client) -> None:
    html = client.get("/es/cifras/carpeta/?marco=asylum/ASYLUM").content.decode()
    values = list(map(unescape, re.findall(r'name="cifra" value="([^"]+)"', html)))
    codes = re.findall(r'name="compromiso" value="([^"]+)"', html)
    extra = "".join(f"&compromiso={code}" for code in codes) + "&titulo=Reunión"
    response = client.get(f"/es/cifras/carpeta.pdf?{chosen_in(*values[:2], extra=extra)}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    told = pdf_text(response.content)
    for words in ("Reunión", "Contenido", "78,975 personas", "Compromisos"):
        assert bare(words) in told, words
    with pikepdf.open(io.BytesIO(response.content)) as pdf:
        assert {"Figure", "Table", "H2"} <= set(tags_of(pdf))


def test_a_folder_says_clearly_when_nothing_or_too_much_was_chosen(client: Client) -> None:
    assert text("error.nothing_chosen", "es") in said(client, "/es/cifras/carpeta.pdf", 422)
    many = chosen_in(*(f"indicador=asylum/AS-1&lugar=MEX&periodo={y}" for y in range(1980, 2011)))
    page = said(client, f"/es/cifras/carpeta.pdf?{many}", 422)
    assert "Eligió 31 cifras y compromisos" in page
    assert "deje 30 como máximo" in page


def test_a_folder_of_what_is_not_there_is_told(client: Client) -> None:
    assert said(client, f"/es/cifras/carpeta.pdf?{chosen_in('indicador=a/A&periodo=2022')}", 404)
    assert said(client, "/es/cifras/carpeta.pdf?compromiso=asylum/NADA", 404)
    assert said(client, f"/es/cifras/carpeta.pdf?{chosen_in('nada=1')}", 422)
