"""Commitments, who has not answered, agreements and meetings: what a secretariat follows up."""

from __future__ import annotations

import csv
import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO, StringIO

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from cauce import figures
from cauce.frameworks.queries import Framework
from cauce.journal.clock import now
from cauce.ledger import queries as ledger
from cauce.parties import queries as parties
from cauce.values.answer import Known
from cauce.values.question import CountQ
from tests.figures.record import Record

LANGUAGES = ("es", "en", "fr")
HEADERS = {"host": "localhost"}
FORMATS = ("xlsx", "csv", "txt", "json")
TABLES = ("compromisos/", "compromisos/sin-respuesta/", "acuerdos/", "reuniones/")


def get(client: Client, path: str, status: int = 200) -> str:
    response = client.get(f"/{path}")
    assert response.status_code == status, path
    return response.content.decode("utf-8")


def words(html: str) -> str:
    main = re.sub(r"(?s).*<main[^>]*>|</main>.*|</?(?:span|strong)[^>]*>", "", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", main)))


def matrix(client: Client, path: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(get(client, path).removeprefix("\ufeff"))))


def commitment(code: str, parties: str = "t/A", **cells: object) -> ledger.Commitment:
    given = {"text": {"es": f"Promesa {code}", "en": f"Promise {code}"}, "parties": parties}
    return ledger.Commitment.from_cells(code=f"t/{code}", **{**given, **cells})


def update(
    code: str, party: str, as_of: str, state: str, **cells: object
) -> ledger.CommitmentUpdate:
    given = {"commitment": f"t/{code}", "as_of": as_of, "state": state, **cells}
    return ledger.CommitmentUpdate.from_cells(party=f"t/{party}", **given)


def in_days(number: int) -> str:
    return (now() + timedelta(days=number)).date().isoformat()


def seen(record: Record, *records: object) -> Client:
    record.seal(*records)  # type: ignore[arg-type]  # sealed as they are
    return Client(headers=HEADERS)


# ------------------------------------------------------------------------------- the list


@pytest.mark.parametrize(
    ("language", "silent"),
    [("es", "sin respuesta"), ("en", "without an update"), ("fr", "sans réponse")],
)
def test_the_list_says_how_many_there_are_and_how_many_have_no_answer(
    client: Client, language: str, silent: str
) -> None:
    said = words(get(client, f"{language}/compromisos/"))
    total, without = (
        figures.explain(CountQ(of="commitments", state=state)).figure.answer
        for state in (None, "no_update")
    )
    assert isinstance(total, Known)
    assert isinstance(without, Known)
    assert f"{total.low} " in said
    assert f"{without.low} {silent}" in said


def test_each_count_of_the_bar_leads_to_how_it_is_made_and_each_state_to_its_list(
    client: Client,
) -> None:
    html = get(client, "es/compromisos/")
    bar = re.findall(r'(?s)<ul class="states-list".*?</ul>', html)[0]
    for state in ("cumplido", "cumplido en parte", "en curso", "planeado", "abandonado"):
        assert f">{state}</a>" in bar
    assert bar.count("Cómo se obtuvo: Compromisos") == 7
    # The number that the bar says is the one that the page behind it says, and the list holds.
    link = unescape(re.findall(r'href="([^"]*)" aria-label="[^"]*en curso, todos', bar)[0])
    count = re.findall(r">en curso</a>.*?>(\d+)</a>", bar)[0]
    assert f"{count} compromisos" in words(get(client, link.lstrip("/")))
    rows = matrix(client, "es/compromisos/tabla.csv?estado=in_progress")
    assert len({row["code"] for row in rows}) == int(count)


def test_a_bar_is_legible_without_colour_and_has_no_style_of_its_own(client: Client) -> None:
    html = get(client, "es/compromisos/")
    drawing = re.findall(r'(?s)<svg class="states".*?</svg>', html)[0]
    assert "<title" in drawing
    assert "url(#states-stripes)" in drawing
    assert "style=" not in html


def test_the_day_asked_and_the_day_known_are_two_things(record: Record) -> None:
    client = seen(
        record,
        commitment("K1", public_at="2020-01-01"),
        update("K1", "A", "2021", "planned", public_at="2021-12-31"),
        update("K1", "A", "2022", "fulfilled", public_at="2023-06-30"),
    )
    assert "Estado: planeado" in words(get(client, "es/compromisos/t/K1/?al=2022-06"))
    assert "Estado: cumplido" in words(get(client, "es/compromisos/t/K1/?al=2022"))
    # As known in 2022 nobody had said yet that it was fulfilled.
    known = words(get(client, "es/compromisos/t/K1/?al=2022-12-30&sabido=2022"))
    assert "Estado: planeado" in known
    assert "según lo que se sabía el 31 de diciembre de 2022" in known


def test_a_day_to_come_is_the_last_day_known(record: Record) -> None:
    client = seen(record, commitment("K1", due=in_days(40)))
    assert "Plazo vencido" not in words(get(client, "es/compromisos/?al=2099"))


def test_the_list_is_narrowed_by_responsible_state_framework_and_agreement(
    record: Record,
) -> None:
    client = seen(
        record,
        parties.Instrument.from_cells(code="t/D", kind="decision", name={"es": "Decisión uno"}),
        commitment("K1", "t/A", framework="t/T", instrument="t/D"),
        commitment("K2", "t/B", framework="t/T"),
        commitment("K3", "t/B"),
        update("K2", "B", "2022", "in_progress"),
    )

    def codes(query: str) -> list[str]:
        return [row["code"] for row in matrix(client, f"es/compromisos/tabla.csv?{query}")]

    assert codes("") == ["t/K1", "t/K2", "t/K3"]
    assert codes("responsable=t/B") == ["t/K2", "t/K3"]
    assert codes("estado=no_update") == ["t/K1", "t/K3"]
    assert codes("marco=t/T") == ["t/K1", "t/K2"]
    assert codes("acuerdo=t/D") == ["t/K1"]
    # Where a framework is chosen in the header, the list and the totals are of that one.
    scoped = words(get(client, "es/t/compromisos/"))
    assert "hay 2 compromisos" in scoped
    assert "Promesa K3" not in scoped


def test_what_several_report_is_listed_once_and_says_who_else_reports_it(record: Record) -> None:
    client = seen(
        record, commitment("K1", reporter="t/A"), commitment("K1", "t/A; t/B", reporter="t/B")
    )
    html = get(client, "es/compromisos/")
    assert "hay 1 compromiso " in words(html)
    assert words(html).count("Promesa K1") == 1
    assert "También lo informa: B." in words(html)
    rows = matrix(client, "es/compromisos/tabla.csv")
    assert [row["party"] for row in rows] == ["t/A", "t/B"]
    # Where they differ, none of them silently wins.
    told = words(get(client, "es/compromisos/t/K1/"))
    assert "A: Promesa K1. Responsables: A." in told
    assert "B: Promesa K1. Responsables: A y B." in told


def test_one_of_two_reporters_may_withdraw_and_the_page_says_who(record: Record) -> None:
    record.seal(commitment("K1", reporter="t/A"), commitment("K1", "t/C", reporter="t/B"))
    client = seen(record, commitment("K1", "t/C", reporter="t/B", status="withdrawn"))
    told = words(get(client, "es/compromisos/t/K1/"))
    assert "Lo retiró: B." in told
    assert "Falta la respuesta de: A." in told


def test_what_is_overdue_or_uncertain_is_said_in_words(record: Record) -> None:
    client = seen(
        record,
        commitment("K1", due="2021-05-31", made="2020"),
        update("K1", "A", "2021", "in_progress"),
    )
    said = words(get(client, "es/compromisos/?al=2020-06-30"))
    assert "Puede haberse acordado después de esa fecha." in said
    assert "entre 0 y 1 compromiso" in said
    assert "Plazo vencido: 31 de mayo de 2021." in words(get(client, "es/compromisos/"))


def test_invented_ones_are_marked_and_not_in_the_total_of_everything(record: Record) -> None:
    source = ledger.Source.from_cells(code="t/S", title="Inventado", invented="yes")
    client = seen(record, source, commitment("K1", framework="t/T", source="t/S"))
    said = words(get(client, "es/compromisos/"))
    assert "DATO INVENTADO: Promesa K1" in said
    assert "no hay compromisos registrados" in said
    assert "DATO INVENTADO" in words(get(client, "es/compromisos/t/K1/"))
    rows = matrix(client, "es/compromisos/tabla.csv")
    assert rows[0]["invented"] == "DATO INVENTADO"
    assert "hay 1 compromiso" in words(get(client, "es/compromisos/?marco=t/T"))


@pytest.mark.parametrize(
    ("query", "status", "what"),
    [
        ("al=hoy", 422, "hoy"),
        ("al=2020..", 422, "2020.."),
        ("estado=roto", 422, "roto"),
        ("marco=t/NADA", 404, "t/NADA"),
        ("responsable=XXX", 404, "XXX"),
        ("acuerdo=t/NADA", 404, "t/NADA"),
        ("pagina=9", 404, "compromisos"),
        ("al=<script>alert(1)</script>", 422, "alert"),
    ],
)
def test_a_bad_filter_gets_a_page_that_says_what_is_wrong(
    client: Client, query: str, status: int, what: str
) -> None:
    html = get(client, f"es/compromisos/?{query}", status)
    assert what in words(html)
    assert "<script>alert" not in html


def test_a_declaration_of_a_framework_brings_its_commitments_into_it(client: Client) -> None:
    """San Pedro Sula founded MIRPS; the commitment made there names no framework of its own."""
    assert "hay 1 compromiso " in words(get(client, "es/mirps/compromisos/"))
    (code,) = {row["code"] for row in matrix(client, "es/mirps/compromisos/tabla.csv")}
    html = get(client, f"es/mirps/compromisos/{code}/")
    assert 'href="/es/mirps/cifras/mirps/MIRPS/"' in html


# ------------------------------------------------------------------------------- the matrix


def test_the_matrix_has_a_row_for_each_commitment_and_responsible_party(record: Record) -> None:
    client = seen(
        record,
        ledger.Source.from_cells(code="t/S", title="Informe", published="2022-05-06"),
        commitment("K1", "t/A; t/B", due="2030-12-31", source="t/S"),
        update("K1", "A", "2022-03-01", "in_progress", text={"es": "Se empezó."}, source="t/S"),
    )
    page = get(client, "es/compromisos/")
    assert "Descargar matriz (Excel)" in page
    first, second = matrix(client, "es/compromisos/tabla.csv")
    assert (first["party_state"], first["party_since"]) == ("in_progress", "2022-03-01")
    assert (second["party_state"], second["party_note"]) == ("no_update", "")
    assert {row["state"] for row in (first, second)} == {"in_progress"}
    assert first["note"] == "Se empezó."
    assert first["due"] == "2030-12-31"
    assert first["published"] == "2022-05-06"
    book = CalamineWorkbook.from_filelike(BytesIO(client.get("/es/compromisos/tabla.xlsx").content))
    rows = book.get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["Código", "Compromiso"]
    assert rows[1][rows[0].index("Fecha límite")] == date(2030, 12, 31)


@pytest.mark.parametrize("path", TABLES)
def test_every_table_leaves_in_every_format(client: Client, path: str) -> None:
    for format in FORMATS:
        response = client.get(f"/es/{path}tabla.{format}")
        assert response.status_code == 200
        assert len(response.content) > 200
    assert client.get(f"/es/{path}tabla/").status_code == 200


# ------------------------------------------------------------------------------- one


def test_one_commitment_says_whose_it_is_what_each_said_and_where_it_stands(
    record: Record,
) -> None:
    client = seen(
        record,
        ledger.Source.from_cells(code="t/S", title="Informe anual", published="2022-05"),
        parties.Instrument.from_cells(code="t/D", kind="decision", name={"es": "Decisión uno"}),
        parties.Organisation.from_cells(
            code="t/Z", kind="agency", name={"es": "Agencia Z"}, ended="2021"
        ),
        commitment("K1", "t/A; t/Z", framework="t/T", instrument="t/D", node="t/P", source="t/S"),
        update("K1", "A", "2022-03-01", "in_progress", source="t/S", locator="p. 4"),
        ledger.Transaction.from_cells(
            code="t/M", stage="committed", amount="5000", currency="USD", programme="t/P1"
        ),
    )
    html = get(client, "es/compromisos/t/K1/")
    said = words(html)
    assert "Promesa K1" in said
    assert "Falta la respuesta de: Agencia Z." in said
    assert "Sin responsable desde: 2021." in said
    assert "1 de marzo de 2022: en curso" in said
    assert "Lugar en el documento: p. 4." in said
    assert "Registrado aquí:" in said
    assert "mayo de 2022 (día no registrado)" in said
    assert "USD 5,000" in said
    for path in ("acuerdos/t/D/", "fuentes/t/S/", "cifras/t/T/", "financiamiento/t/M/"):
        assert f'href="/es/{path}"' in html
    assert 'href="/es/paises-y-organizaciones/t/A/"' in html


def test_a_text_that_exists_in_another_language_is_marked(client: Client) -> None:
    html = get(client, "fr/compromisos/rcm/K-6/")
    assert re.search(r'<h1><span lang="es">', html)


def test_an_organisation_that_was_succeeded_names_its_successor(record: Record) -> None:
    client = seen(
        record,
        parties.Organisation.from_cells(
            code="t/Z", kind="agency", name={"es": "Agencia Z"}, ended="2021"
        ),
        parties.Succession.from_cells(predecessor="t/Z", successor="t/B", date="2021"),
        commitment("K1", "t/Z"),
    )
    said = words(get(client, "es/compromisos/t/K1/"))
    assert "La sucede: B." in said
    assert "Sin responsable" not in said


def test_an_unknown_commitment_or_agreement_is_a_useful_404(client: Client) -> None:
    assert "No hay ningún compromiso «rcm/NADA»." in words(
        get(client, "es/compromisos/rcm/NADA/", 404)
    )
    get(client, "es/compromisos/rcm/NADA/tabla.csv", 404)
    assert "rcm/NADA" in words(get(client, "en/acuerdos/rcm/NADA/", 404))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_withdrawn_commitment_says_so_and_nothing_else(record: Record, language: str) -> None:
    record.seal(commitment("K1", "t/A; t/B", reporter="t/A", due="2031-07-08"))
    client = seen(
        record, commitment("K1", "t/A; t/B", reporter="t/A", due="2031-07-08", status="withdrawn")
    )
    gone = get(client, f"{language}/compromisos/t/K1/", 410)
    assert {"es": "retirado", "en": "withdrawn", "fr": "retiré"}[language] in words(gone)
    table = get(client, f"{language}/compromisos/t/K1/tabla.json")
    for told in (gone, table):
        assert "Prom" not in told
        assert "2031" not in told
    assert "t/K1" not in get(client, f"{language}/compromisos/")


# ------------------------------------------------------------------------------- silence


def test_who_has_not_answered_is_listed_with_how_many_and_which(record: Record) -> None:
    client = seen(
        record,
        commitment("K1", "t/A; t/B"),
        commitment("K2", "t/B"),
        update("K1", "A", "2022", "fulfilled"),
    )
    html = get(client, "es/compromisos/sin-respuesta/")
    said = words(html)
    assert "No ha informado de 2 compromisos." in said
    assert 'id="t-a"' not in html
    assert 'href="/es/compromisos/t/K1/"' in html
    rows = matrix(client, "es/compromisos/sin-respuesta/tabla.csv")
    assert [(row["party"], row["code"]) for row in rows] == [("t/B", "t/K1"), ("t/B", "t/K2")]


def test_who_has_most_to_answer_for_stands_first_then_by_name(client: Client) -> None:
    for language, first in (("es", "Agencia de los"), ("en", "Belize"), ("fr", "Agence des")):
        html = get(client, f"{language}/compromisos/sin-respuesta/").split("<main")[1]
        found = re.findall(r'(?s)<li id="[^"]*"><h2><a[^>]*>(.*?)</a>.*?<summary>\D*(\d+)', html)
        counts = [int(count) for _, count in found]
        assert counts == sorted(counts, reverse=True)
        names = [re.sub(r"<[^>]+>", "", name) for name, count in found if count == "5"]
        assert names[0].startswith(first)
        assert f" {len(found)} " in re.sub(r"<[^>]+>", " ", html.split('class="lead"')[1][:120])


def test_the_matrix_is_at_hand_before_the_list(client: Client) -> None:
    for path in ("compromisos/", "compromisos/sin-respuesta/"):
        main = get(client, f"es/{path}").split("<main")[1]
        before = re.split(r"<tbody|<details", main)[0]
        assert "Descargar matriz (Excel)" in before


def test_the_parties_of_a_commitment_stand_by_name_and_their_silence_is_said_once(
    client: Client,
) -> None:
    said = words(get(client, "es/compromisos/rcm/K-1/"))
    assert "Ninguno de los 11 responsables ha respondido." in said
    assert said.index("El Salvador") < said.index("Estados Unidos") < said.index("República")
    assert "Fuente Member Countries (Regional Conference on Migration)" in said


def test_a_commitment_that_was_not_known_yet_says_so_and_leads_to_today(client: Client) -> None:
    html = get(client, "es/compromisos/rcm/K-1/?sabido=2023-06", 404)
    assert "Todavía no se conocía este compromiso" in words(html)
    assert "Comunicado" not in words(html)
    assert html.count('href="/es/compromisos/rcm/K-1/"') >= 2  # the band's way back, and its own
    get(client, "es/compromisos/rcm/K-99/?sabido=2023-06", 404)


def test_that_somebody_else_speaks_of_it_is_no_answer(client: Client) -> None:
    """The joint programme's press release is not what either agency says."""
    rows = matrix(client, "es/compromisos/sin-respuesta/tabla.csv?marco=sembrando-oportunidades/SO")
    silent = {row["party"] for row in rows if row["code"] == "sembrando-oportunidades/K-4"}
    assert silent == {"sembrando-oportunidades/USAID", "sembrando-oportunidades/AMEXCID"}


# ------------------------------------------------------------------------------- agreements


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_agreement_tells_who_adopted_it_when_and_what_was_promised(
    client: Client, language: str
) -> None:
    html = get(client, f"{language}/acuerdos/border/I-JS-2022/")
    assert f'href="/{language}/compromisos/border/K-7/"' in html
    assert f'href="/{language}/paises-y-organizaciones/MEX/"' in html
    assert "2022" in words(html)
    kinds = {"es": "declaración conjunta", "en": "joint statement", "fr": "déclaration conjointe"}
    assert kinds[language] in words(html)


def test_a_reader_who_looks_back_does_not_find_what_came_later(client: Client) -> None:
    then = words(get(client, "es/acuerdos/?sabido=2018-11"))
    assert "Declaración de San Pedro Sula" in then
    assert "Declaración de la Ciudad de Belice" not in then
    assert "Declaración de la Ciudad de Belice" not in words(
        get(client, "es/reuniones/?sabido=2018-11")
    )
    later = get(client, "es/acuerdos/rcm/I-BELIZE-2024/?sabido=2018-11")
    assert "Es posterior a la fecha que está viendo." in later


def test_within_a_framework_only_its_agreements_are_listed(client: Client) -> None:
    said = words(get(client, "es/mirps/acuerdos/"))
    assert "Declaración de San Pedro Sula" in said
    assert "Ley Bipartidista" not in said


# ------------------------------------------------------------------------------- meetings


def test_meetings_show_what_they_left_and_say_what_is_not_recorded(client: Client) -> None:
    html = get(client, "es/reuniones/")
    said = words(html)
    assert "No están registrados los órdenes del día" in said
    assert said.index("Declaración de la Ciudad de Belice") < said.index("San Pedro Sula")
    assert "EE. UU. y México: sin respuesta" in said
    # Adopted by exactly those who are recorded as its members.
    mirps = said.index("Marco Integral Regional")
    assert said.index("Declaración de la Ciudad de Panamá") > mirps


def test_a_framework_that_meets_and_left_nothing_says_so(record: Record) -> None:
    client = seen(
        record,
        parties.Body.from_cells(code="t/B", name={"es": "Consejo"}),
        Framework.from_cells(code="t/W", name={"es": "Marco W"}, body="t/B"),
    )
    said = words(get(client, "es/reuniones/"))
    assert "Marco W" in said
    assert "No hay decisiones ni declaraciones registradas." in said


# ------------------------------------------------------------------------------- who may see it


def test_what_is_not_public_is_on_no_page_and_in_no_file(record: Record) -> None:
    tomorrow = in_days(2)
    client = seen(
        record,
        parties.Instrument.from_cells(code="t/D", kind="decision", name={"es": "Decisión uno"}),
        commitment("K1", "t/A"),
        commitment("SECRETO", "t/C", audience="members", instrument="t/D", framework="t/T"),
        commitment("MANANA", "t/C", public_from=tomorrow, instrument="t/D", framework="t/T"),
        update("K1", "A", "2022", "abandoned", audience="members", text={"es": "RESERVADO"}),
        update("K1", "A", "2023", "abandoned", public_from="never", text={"es": "RESERVADO"}),
    )
    pages = ("compromisos/", "compromisos/sin-respuesta/", "compromisos/t/K1/", "acuerdos/",
             "acuerdos/t/D/", "reuniones/")  # fmt: skip
    for path in pages:
        hidden(get(client, f"es/{path}"))
    for path in (*TABLES, "compromisos/t/K1/"):
        for format in ("csv", "txt", "json"):
            hidden(get(client, f"es/{path}tabla.{format}"))
    for code in ("SECRETO", "MANANA"):
        hidden(get(client, f"es/compromisos/t/{code}/", 404).replace(f"t/{code}", ""))
    assert "hay 1 compromiso " in words(get(client, "es/compromisos/"))
    assert "Estado: sin respuesta" in words(get(client, "es/compromisos/t/K1/"))


def hidden(told: str) -> None:
    for secret in ("SECRETO", "MANANA", "RESERVADO", "abandonado (", "t/C"):
        assert secret not in told
