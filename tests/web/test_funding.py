"""Funding: by stage and never added, with a sentence to quote; contribution by contribution."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client

from cauce.figures import registers
from cauce.journal.queries import Recorded
from cauce.ledger.queries import Link, Source, Transaction
from cauce.words import text
from tests.conftest import Workspace
from tests.figures.record import Record
from tests.web.reading import get, said

LANGUAGES = ("es", "en", "fr")
STAGES = ("announced", "appropriated", "pledged", "committed", "disbursed", "spent", "received")
PLEDGED = "lugar=rcm/MIRPS-COUNTRIES&etapa=pledged"


def money(code: str, amount: object = "", **cells: object) -> Recorded:
    base = {
        "stage": "pledged", "currency": "USD", "provider": "t/F", "receiver": "t/A",
        "programme": "t/P1", "reporter": "t/F", "value_date": "2022-09",
    }  # fmt: skip
    return Transaction.from_cells(**{"code": f"t/{code}", "amount": amount, **base, **cells})


def stages(html: str) -> dict[str, str]:
    """What stands in the line of each stage, by its name."""
    lines = re.findall(r"<dt>(.*?)<span.*?<dd>(.*?)</dd>", html, re.DOTALL)
    return {name: said(line).strip() for name, line in lines}


# ------------------------------------------------------------------------------- by stage


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_has_its_line_and_says_that_none_is_added_to_another(
    published: Workspace, visitor: Client, language: str
) -> None:
    html = get(visitor, f"/{language}/financiamiento/?programa=border/BORDER.P")
    names = [text(f"stage.{stage}", language) for stage in STAGES]
    assert [name.lower() for name in stages(html)] == names
    assert text("funding.never_added", language).replace("\xa0", " ") in said(html)
    last = list(stages(html).values())[-1]
    assert last == text("absence.missing", language)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("es", "más de USD 210 millones prometidos (septiembre de 2022)"),
        ("en", "more than USD 210 million pledged (September 2022)"),
        ("fr", "plus de 210 millions USD promis (septembre 2022)"),
    ],
)
def test_a_sentence_can_be_quoted_with_bound_stage_and_date(
    published: Workspace, visitor: Client, language: str, sentence: str
) -> None:
    told = said(get(visitor, f"/{language}/financiamiento/?{PLEDGED}"))
    unpaid = {"es": "; sin desembolsos registrados”", "en": "; no disbursements recorded”"}
    assert sentence + unpaid.get(language, " ; aucun décaissement enregistré »") in told


def test_a_stage_leads_to_how_its_figure_was_made(published: Workspace, visitor: Client) -> None:
    html = get(visitor, f"/es/financiamiento/?{PLEDGED}&sabido=2024")
    (href,) = re.findall(r'<p class="value"><a href="([^"]*)"', html)
    how = said(get(visitor, unescape(href)))
    assert "más de USD 210 millones" in how
    assert "Informó: ACNUR" in how
    assert "sabido=2024" in href


def test_where_one_number_cannot_be_given_the_amounts_stand_apart(
    published: Workspace, visitor: Client
) -> None:
    html = get(visitor, "/es/financiamiento/")
    told = stages(html)["Anunciado"]
    assert "no se puede dar un número Hay montos en varias monedas (EUR, USD)." in told
    assert "EUR: EUR 7.3 millones" in told
    assert "más de USD 57 millones" in told
    assert "Hay 6 contribuciones registradas sin monto." in told
    assert "No se ofrece una sola frase para citar" in said(html)
    assert "Solo los montos en EUR" in said(html)
    # What would give a number is one click away.
    offers = html.split('class="offers"')[1].split("</ul>")[0]
    for href in re.findall(r'href="([^"]*)"', offers):
        get(visitor, unescape(href))


def test_no_sentence_joins_money_for_different_things(
    published: Workspace, visitor: Client
) -> None:
    assert "juntaría dinero de cosas distintas" in said(
        get(visitor, "/es/financiamiento/?etapa=pledged")
    )
    mexico = said(get(visitor, "/es/financiamiento/?da=rcm/MEX"))
    assert "USD 1.5 mil millones comprometidos (2022–2024) para «Inversión de México" in mexico


def test_each_amount_of_a_giver_can_be_quoted_where_no_sentence_joins_them(
    published: Workspace, visitor: Client
) -> None:
    html = get(visitor, "/es/financiamiento/?da=rcm/USA")
    told = said(html)
    assert "No hay un solo número de lo anunciado" in told
    assert (
        "“De Estados Unidos de América: más de USD 57 millones anunciados (10 de junio de 2021) "
        "para «Nueva asistencia humanitaria anunciada en el evento de solidaridad de San José»” "
        "Según: United States Department of State, 10 de junio de 2021."
    ) in told
    assert "USD 3.4 mil millones asignados (15 de noviembre de 2021) para «Modernización" in told


def test_what_a_figure_knows_and_does_not_add_is_named_with_the_reason(
    published: Workspace, visitor: Client
) -> None:
    line = stages(get(visitor, "/es/financiamiento/?da=rcm/USA"))["Asignado"]
    assert "no se suma al total" not in line
    assert (
        "Parte de esos fondos para la frontera con México: como máximo USD 1.4 mil millones "
        "15 de noviembre de 2021 ; ya está contado en el monto completo"
    ) in line


def test_the_institutions_of_a_state_that_give_apart_are_one_click_away(
    published: Workspace, visitor: Client
) -> None:
    for address in ("/es/financiamiento/?da=rcm/USA", "/es/paises-y-organizaciones/USA/"):
        html = unescape(get(visitor, address))
        assert "Estados Unidos: lo que da el Estado. También dan" in said(html)
        assert re.search(r'href="/es/financiamiento/\?da=border%2FGSA"[^>]*>GSA</a>', html)
    assert "lo que da el Estado" not in said(get(visitor, "/es/financiamiento/?da=border/GSA"))


def test_the_file_of_the_stages_warns_against_adding_them(
    published: Workspace, visitor: Client
) -> None:
    told = get(visitor, "/es/financiamiento/etapas/tabla.txt?da=rcm/USA")
    assert text("funding.never_added", "es") in told


def test_the_title_of_an_unnamed_document_is_cut_within_its_brackets(
    published: Workspace, visitor: Client
) -> None:
    told = said(get(visitor, "/es/financiamiento/?da=rcm/USA"))
    assert "[Public fact sheet on migration…] , 2023" in told


def test_stages_are_never_added(record: Record, visitor: Client) -> None:
    record.seal(money("a", 10), money("b", 6, stage="committed"), money("c", 2, stage="disbursed"))
    html = get(visitor, "/es/financiamiento/?programa=t/P")
    lines = stages(html)
    assert [lines[n].split(" sept")[0] for n in ("Prometido", "Comprometido", "Desembolsado")] == [
        "USD 10", "USD 6", "USD 2",
    ]  # fmt: skip
    for total in ("USD 18", "USD 16", "USD 8", "USD 12"):
        assert total not in said(html)
    assert (
        "USD 10 prometidos (septiembre de 2022); USD 6 comprometidos (septiembre de 2022); "
        "USD 2 desembolsados (septiembre de 2022)”"
    ) in said(html)


def test_many_times_are_told_by_the_first_and_the_last(record: Record, visitor: Client) -> None:
    record.seal(
        money("a", 10, period="us-fiscal:2019", value_date=""),
        money("b", 10, period="2021", value_date=""),
        money("c", 10, period="2023", value_date=""),
    )
    page = said(get(visitor, "/es/financiamiento/?da=t/F"))
    assert "entre AF 2019 de EE. UU. (oct 2018–sep 2019) y 2023" in page


def test_a_fiscal_year_is_named_with_its_months(record: Record, visitor: Client) -> None:
    record.seal(money("a", 10, period="us-fiscal:2023", value_date=""))
    html = get(visitor, "/es/financiamiento/?da=t/F&periodo=us-fiscal:2023")
    assert "De F, AF 2023 de EE. UU. (oct 2022–sep 2023): USD 10 prometidos; sin" in said(html)
    whole = said(get(visitor, "/es/financiamiento/?da=t/F"))
    assert "De F: USD 10 prometidos, AF 2023 de EE. UU. (oct 2022–sep 2023); sin" in whole
    assert '<option value="us-fiscal:2023" selected>' in html
    beside = stages(get(visitor, "/es/financiamiento/?periodo=2022"))["Prometido"]
    assert beside.startswith("sin dato Fuera de esta cifra, porque no cae por entero en el año")


def test_money_without_a_programme_stands_beside_the_figures_of_its_framework(
    published: Workspace, visitor: Client
) -> None:
    html = get(visitor, "/es/rcm/financiamiento/")
    assert "porque no se registró de qué programa es" in stages(html)["Prometido"]
    assert "más de USD 210 millones" in stages(html)["Prometido"]
    assert "border/T-" not in html


# ------------------------------------------------------------------------------- what is not shown


def test_what_is_not_public_is_in_no_line_list_file_or_total(
    record: Record, visitor: Client
) -> None:
    record.seal(
        money("seen", 10),
        money("members", 98765, audience="members", part_of="t/seen"),
        money("later", 98766, public_from="2999-01-01"),
        Link.from_cells(kind="same", one="t/seen", other="t/members", note="hidden remark"),
    )
    paths = [
        "", "?da=t/F", "?programa=t/P", "?etapa=pledged", "t/seen/", "tabla/", "etapas/tabla/",
        *(f"{at}tabla.{kind}" for at in ("", "etapas/") for kind in ("csv", "json", "txt")),
    ]  # fmt: skip
    for path in paths:
        answered = get(visitor, f"/es/financiamiento/{path}")
        assert not re.search(r"98[,.]?76|98[,.]?77|t/members|t/later|hidden remark", answered), path
    assert stages(get(visitor, "/es/financiamiento/?da=t/F"))["Prometido"].startswith("USD 10 ")
    for code in ("members", "later"):
        assert "no hay" in said(get(visitor, f"/es/financiamiento/t/{code}/", 404)).lower()


def test_invented_money_is_marked_and_in_no_total_of_everything(
    record: Record, visitor: Client
) -> None:
    record.seal(
        Source.from_cells(code="u/S", title="Invented", invented="true"),
        Source.from_cells(code="t/S", title="Report"),
        money("real", 10, source="t/S"),
        Transaction.from_cells(
            code="u/X", amount=7, currency="USD", stage="pledged", provider="t/F", source="u/S",
            description={"es": "Promesa"},
        ),
    )  # fmt: skip
    html = get(visitor, "/es/financiamiento/?etapa=pledged")
    assert stages(html)["Prometido"].startswith("USD 10 ")
    assert "DATO INVENTADO: Promesa" in said(html)
    assert "1 contribución inventada para la demostración está en la lista" in said(html)
    assert "DATO INVENTADO" in said(get(visitor, "/es/financiamiento/u/X/"))
    assert "CONTIENE DATOS INVENTADOS" in get(visitor, "/es/financiamiento/tabla.txt")


def test_withdrawn_money_says_so_and_counts_nowhere(record: Record, visitor: Client) -> None:
    record.seal(money("a", 10, public_at="2023-01-01"))
    record.seal(money("a", "", status="withdrawn", public_at="2023-06-01", note="Error"))
    html = get(visitor, "/es/financiamiento/?da=t/F")
    assert stages(html)["Prometido"].startswith("retirado")
    one = said(get(visitor, "/es/financiamiento/t/a/"))
    assert "la retiró" in one
    assert "USD 10 (prometido) → retirado (prometido)" in one
    before = said(get(visitor, "/es/financiamiento/t/a/?sabido=2023-03"))
    assert "retiró" not in before
    assert "USD 10 prometidos" in before


# ------------------------------------------------------------------------------- the list


def test_the_list_is_narrowed_by_plain_fields(published: Workspace, visitor: Client) -> None:
    given = {
        "da=rcm/ESP": 2,
        "recibe=border/GSA": 2,
        "programa=sembrando-oportunidades/SO": 5,
        "lugar=border/US-SOUTHERN-BORDER": 6,
        "etapa=appropriated": 2,
        "moneda=EUR": 2,
        "periodo=us-fiscal:2023": 3,
        "da=rcm/ESP&periodo=2022": 1,
    }
    found = {}
    for query in given:
        answered = get(visitor, f"/es/financiamiento/tabla.json?{query}")
        found[query] = len(json.loads(answered)["rows"])
    assert found == given
    html = get(visitor, "/es/financiamiento/?da=rcm/ESP")
    assert '<option value="rcm/ESP" selected>España</option>' in html


def test_a_file_holds_everything_recorded_of_a_contribution(
    published: Workspace, visitor: Client
) -> None:
    answered = get(visitor, "/es/financiamiento/tabla.csv?lugar=border/US-SOUTHERN-BORDER")
    rows = {row["code"]: row for row in csv.DictReader(io.StringIO(answered.lstrip("\ufeff")))}
    south = rows["border/T-BIL-SOUTH"]
    assert {name: south[name] for name in ("stage", "high", "low", "bound", "currency")} == {
        "stage": "appropriated", "high": "1400000000", "low": "", "bound": "at_most",
        "currency": "USD",
    }  # fmt: skip
    assert south["part_of"] == "border/T-BIL-BOTH"
    assert (south["date"], south["published"]) == ("2021-11-15", "2023?")
    assert (south["source"], south["basis_text"]) == ("rcm/S-FACTSHEET", "publicado")
    assert south["address"].endswith("/es/financiamiento/border/T-BIL-SOUTH/")
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", south["entered"])


def test_a_long_list_is_told_in_pages_of_fifty(record: Record, visitor: Client) -> None:
    record.seal(*(money(f"m{n:02}", n + 1) for n in range(53)))
    html = get(visitor, "/es/financiamiento/")
    assert "Filas 1 a 50 de 53" in said(html)
    assert "Filas 51 a 53 de 53" in said(get(visitor, "/es/financiamiento/?pagina=2"))
    get(visitor, "/es/financiamiento/?pagina=3", 404)
    assert len(get(visitor, "/es/financiamiento/tabla.csv").splitlines()) == 54


@pytest.mark.parametrize(
    ("query", "status", "words"),
    [
        ("da=rcm/NADIE", 404, "rcm/NADIE"),
        ("recibe=MEX", 404, "MEX"),
        ("programa=nada", 404, "nada"),
        ("lugar=NADA", 404, "NADA"),
        ("etapa=regalado", 422, "regalado"),
        ("moneda=pesos", 422, "pesos"),
        ("periodo=20x2", 422, "«20x2» no es un periodo"),
        ("pagina=x", 422, "«x» no es un número"),
    ],
)
def test_a_choice_that_means_nothing_is_told_in_plain_words(
    published: Workspace, visitor: Client, query: str, status: int, words: str
) -> None:
    html = said(get(visitor, f"/es/financiamiento/?{query}", status))
    assert words in html
    assert "Qué hacer ahora" in html


# ------------------------------------------------------------------------------- one contribution


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_contribution_has_a_page_in_every_language(
    published: Workspace, visitor: Client, language: str
) -> None:
    codes = {row.code for row in registers.transactions(registers.reading())}
    assert len(codes) > 20
    for code in sorted(codes)[::6]:
        html = get(visitor, f"/{language}/financiamiento/{quote(code)}/")
        assert len(re.findall("<h1>", html)) == 1
        assert f'<h2 id="historia">{text("funding.history", language)}</h2>' in html


def test_a_contribution_tells_all_that_is_recorded(published: Workspace, visitor: Client) -> None:
    html = get(visitor, "/es/financiamiento/border/T-BIL-SOUTH/")
    told = said(html)
    for words in (
        "Como máximo USD 1.4 mil millones asignados (15 de noviembre de 2021).",
        "como máximo: el monto puede ser menor",
        "Para qué lugar Frontera sur de Estados Unidos",
        "Publicado 2023 (fecha dudosa)",
        "Es parte de: Fondos de la ley de infraestructura",
        "No se suma en esta cifra, porque ya está contado en el monto completo.",
        "Se cuenta en esta cifra.",
        "Advertencia La copia imprime",
        "Fichas informativas Cooperación en migración",
        "No se ha informado otro monto hasta hoy.",
    ):
        assert words in told
    assert 'href="/es/fuentes/rcm/S-FACTSHEET/"' in html
    assert 'href="/es/paises-y-organizaciones/border/GSA/"' in html
    (how,) = re.findall(r'<dt>Monto</dt>\s*<dd><a href="([^"]*)"', html)
    assert "como máximo USD 1.4 mil millones" in said(get(visitor, unescape(how)))


def test_linked_money_is_told_in_words_at_both_ends(record: Record, visitor: Client) -> None:
    record.seal(
        money("given", 10, stage="disbursed"),
        money("got", 9, stage="received", reporter="t/A"),
        money("on", 7, stage="disbursed", provider="t/A", receiver="t/B", reporter="t/A"),
        money("twin", 10, reporter="t/B"),
        Link.from_cells(kind="same", one="t/given", other="t/got"),
        Link.from_cells(kind="passes_on", one="t/given", other="t/on"),
    )
    told = said(get(visitor, "/es/financiamiento/t/given/"))
    assert "La misma suma, informada por otro. Se cuenta una sola vez: P1 USD 9" in told
    assert "Este dinero, o una parte, se transfiere después como: P1 USD 7" in told
    assert "podría ser la misma suma. Mientras nadie las enlace, se cuentan aparte: P1 USD 10" in (
        told
    )
    assert "Es dinero que transfiere" in said(get(visitor, "/es/financiamiento/t/on/"))
    assert "same:t/got" in get(visitor, "/es/financiamiento/tabla.csv")


def test_each_reporter_of_one_contribution_speaks_for_itself(
    record: Record, visitor: Client
) -> None:
    record.seal(money("a", 10, bound="more_than"))
    record.seal(money("a", 12, reporter="t/A", note="Con el segundo tramo"))
    told = said(get(visitor, "/es/financiamiento/t/a/"))
    assert "Según A Monto USD 12" in told
    assert "Según F Monto más de USD 10" in told
    assert "Advertencia Con el segundo tramo" in told


def test_what_was_said_before_stands_with_its_date_and_reason(
    record: Record, visitor: Client
) -> None:
    record.seal(money("a", 10, public_at="2023-01-01"))
    record.seal(money("a", 12, public_at="2023-06-01", note="Cifra final del donante"))
    told = said(get(visitor, "/es/financiamiento/t/a/"))
    assert "USD 10 (prometido): registrado aquí el" in told
    assert "USD 10 (prometido) → USD 12 (prometido): registrado aquí el" in told
    assert "Publicado: 1 de junio de 2023. Cifra final del donante" in told


def test_a_contribution_that_is_not_there_says_what_to_do(
    published: Workspace, visitor: Client
) -> None:
    told = said(get(visitor, "/es/financiamiento/rcm/NADA/", 404))
    assert "No hay ninguna contribución con el código «rcm/NADA»." in told
    assert "Ver la lista de contribuciones" in told
    # Not known yet then, and known today.
    html = get(visitor, "/es/financiamiento/rcm/T-DONORS-2022-09/?sabido=2021", 404)
    assert "En la fecha que eligió no se conocía" in said(html)
    assert 'href="/es/financiamiento/rcm/T-DONORS-2022-09/"' in html
