"""Search: what people type finds what the public may see, grouped, and nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html import unescape
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cauce.ledger.queries import Commitment, CommitmentUpdate, Source, Transaction
from cauce.web import page as pages
from cauce.web.searching import contents
from cauce.words import text
from tests.conftest import Workspace
from tests.figures.record import Record
from tests.web.reading import said

LANGUAGES = ("es", "en", "fr")


def page(
    client: Client,
    typed: str,
    *,
    language: str = "es",
    scope: str = "",
    status: int = 200,
    **query: str,
) -> str:
    below = f"{scope}/" if scope else ""
    asked = urlencode({"q": typed, **query})
    response = client.get(f"/{language}/{below}buscar/?{asked}")
    assert response.status_code == status
    return response.content.decode("utf-8")


def links(html: str) -> list[str]:
    """Where the results lead, without the parameters."""
    return [unescape(a).split("?")[0] for a in re.findall(r'<h3><a href="([^"]*)"', html)]


def groups(html: str) -> list[str]:
    return re.findall(r'<h2 id="g-(\w+)"', html)


# ------------------------------------------------------------------------------- what is found


@pytest.mark.parametrize("typed", ["ACNUR", "unhcr", "hcr"])
def test_an_acronym_of_any_language_finds_the_same(
    published: Workspace, visitor: Client, typed: str
) -> None:
    found = links(page(visitor, typed))
    assert found[0] == "/es/paises-y-organizaciones/rcm/UNHCR/"
    assert found == links(page(visitor, "ACNUR"))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("AS-1", "cifras/asylum/AS-1/"),
        ("asylum/AS-1", "cifras/asylum/AS-1/"),
        ("comision mexicana de ayuda a refugiados", "paises-y-organizaciones/asylum/COMAR/"),
        ("DECLARACION DE SAN PEDRO SULA", "acuerdos/rcm/I-SPS/"),
        ("Honduras", "paises-y-organizaciones/HND/"),
        ("EE. UU.", "paises-y-organizaciones/USA/"),
        ("tapachula", "cifras/asylum/ASYLUM/#asylum/ASYLUM.2.1"),
        ("solicitud de asilo", "cifras/asylum/AS-1/"),
    ],
)
def test_what_is_called_so_stands_first(
    published: Workspace, visitor: Client, typed: str, first: str
) -> None:
    assert links(page(visitor, typed))[0] == f"/es/{first}"


def test_results_stand_in_groups_in_a_fixed_order_with_a_way_to_all_of_each(
    published: Workspace, visitor: Client
) -> None:
    html = page(visitor, "MIRPS")
    found = groups(html)
    assert found == [one for one in contents.GROUPS if one in found]
    assert {"cifras", "financiamiento", "fichas", "paises", "acuerdos", "fuentes"} <= set(found)
    (every,) = re.findall(r'<a href="([^"]*grupo=cifras[^"]*)">', html)
    total = int(re.findall(r"\((\d+)\)", every + html.split(every)[1])[0])
    whole = visitor.get(unescape(every)).content.decode()
    assert groups(whole) == ["cifras"]
    assert len(links(whole)) == total > len(links(html.split('id="g-cifras"')[1].split("</ul>")[0]))


def test_a_long_group_is_told_in_pages_of_fifty(record: Record, visitor: Client) -> None:
    record.seal(*(Source.from_cells(code=f"t/S{n}", title=f"Informe {n}") for n in range(1, 121)))
    first = page(visitor, "informe", grupo="fuentes")
    last = page(visitor, "informe", grupo="fuentes", pagina="3")
    assert (len(links(first)), len(links(last))) == (50, 20)
    assert "Resultados 101 a 120 de 120" in said(last)
    page(visitor, "informe", grupo="fuentes", pagina="4", status=404)
    page(visitor, "informe", grupo="fuentes", pagina="x", status=422)
    page(visitor, "informe", grupo="nada", status=422)


def test_definitions_and_branches_of_the_tree_are_searched_too(
    published: Workspace, visitor: Client
) -> None:
    assert "Sembrando Vida" in said(page(visitor, "sembrando vida"))
    assert "/es/cifras/asylum/AS-2/" in links(page(visitor, "sentido positivo complementaria"))


def test_each_result_says_what_it_is_and_where_it_hangs(
    published: Workspace, visitor: Client
) -> None:
    told = said(page(visitor, "AS-1"))
    assert "Indicador · Capacidad del sistema de protección" in told
    assert "› Acceso: registro y documentación" in told
    assert "Prometido: más de USD 210 millones" in said(page(visitor, "solidaridad 2022"))
    assert "Declaración · octubre de 2017" in said(page(visitor, "San Pedro Sula"))


# ------------------------------------------------------------------------------- the figure itself


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("es", "COMAR 2023", "México, 2023 140,720 personas"),
        ("es", "solicitudes México 2022", "México, 2022 119,273 personas"),
        ("en", "applications Mexico 2022", "Mexico, 2022 119,273 people"),
        ("fr", "demandes Mexique 2022", "Mexique, 2022 119 273 personnes"),
        ("es", "resoluciones 2021", "de enero a octubre de 2021 31,787 personas"),
        ("es", "solicitudes mexico 1999", "México, 1999 sin dato"),
        ("es", "solicitudes registradas méxico", "México, 2024 78,975 personas"),
        ("es", "sur de méxico", "2021–2023 más de 40,000 personas"),
    ],
)
def test_what_where_and_when_is_answered_with_the_figure(
    published: Workspace, visitor: Client, language: str, typed: str, value: str
) -> None:
    html = page(visitor, typed, language=language)
    assert value in said(html).replace("\u202f", " ")
    assert text("search.asked", language) in said(html)


@pytest.mark.parametrize("typed", ["solicitudes", "México", "ACNUR", "zzzz 2022"])
def test_words_that_ask_for_no_figure_are_answered_with_none(
    published: Workspace, visitor: Client, typed: str
) -> None:
    assert text("search.asked", "es") not in said(page(visitor, typed))


@pytest.mark.parametrize(
    ("language", "typed", "value", "first"),
    [
        ("es", "cuánto dinero prometido", "más de USD 210 millones", "financiamiento"),
        ("en", "how much money pledged", "more than USD 210 million", "financiamiento"),
        ("fr", "combien d’argent promis", "plus de 210 millions USD", "financiamiento"),
        ("es", "desembolsos", "sin dato", "cifras"),
        ("es", "compromisos sin respuesta", "19 compromisos", "compromisos"),
        ("en", "commitments fulfilled", "0 commitments", "cifras"),
        ("fr", "engagements sans réponse", "19 engagements", "compromisos"),
    ],
)
def test_how_much_and_how_many_are_answered_with_the_total(
    published: Workspace, visitor: Client, language: str, typed: str, value: str, first: str
) -> None:
    html = page(visitor, typed, language=language)
    card = html.split('<ul class="cards">')[1].split("</ul>")[0]
    assert value in said(card).replace("\u202f", " ").replace("\xa0", " ")
    assert groups(html)[0] == first


@pytest.mark.parametrize("typed", ["compromisos México", "dinero Honduras", "prometido cumplido"])
def test_a_total_is_told_only_where_nothing_else_was_typed(
    published: Workspace, visitor: Client, typed: str
) -> None:
    assert text("search.asked", "es") not in said(page(visitor, typed))


def test_the_group_that_is_named_stands_first(published: Workspace, visitor: Client) -> None:
    named = {
        "compromisos México": "compromisos",
        "dinero estados unidos": "financiamiento",
        "acuerdos México": "acuerdos",
        "presidencia CRM": "paises",
        "fuentes COMAR": "fuentes",
    }
    for typed, first in named.items():
        assert groups(page(visitor, typed))[0] == first, typed


@pytest.mark.parametrize(
    ("language", "typed", "path"),
    [
        ("es", "matriz", "compromisos/"),
        ("es", "matriz de seguimiento", "compromisos/"),
        ("en", "follow-up matrix", "compromisos/"),
        ("fr", "matrice de suivi", "compromisos/"),
        ("es", "quién no ha respondido", "compromisos/sin-respuesta/"),
        ("es", "glosario", "glosario/"),
        ("en", "meetings", "reuniones/"),
    ],
)
def test_the_pages_of_the_site_are_found_by_what_they_are_for(
    published: Workspace, visitor: Client, language: str, typed: str, path: str
) -> None:
    html = page(visitor, typed, language=language)
    assert f"/{language}/{path}" in links(html)
    assert links(html)[0] == f"/{language}/{path}"


def test_what_was_made_up_stands_after_what_was_not(record: Record, visitor: Client) -> None:
    record.seal(
        Source.from_cells(code="t/S1", title="Informe de los pueblos", invented="yes"),
        Source.from_cells(code="u/S2", title="Un informe de los pueblos"),
    )
    found = links(page(visitor, "pueblos"))
    assert found == ["/es/fuentes/u/S2/", "/es/fuentes/t/S1/"]
    called = links(page(visitor, "informe de los pueblos"))
    assert called[0] == "/es/fuentes/t/S1/"


def test_the_figure_is_the_one_known_on_the_date_travelled_by(
    published: Workspace, visitor: Client
) -> None:
    html = page(visitor, "solicitudes México 2022", sabido="2023-02")
    today = page(visitor, "solicitudes México 2022")
    assert "119,273" in said(today)
    assert "119,273" not in said(html)
    assert all("sabido=2023-02" in a for a in re.findall(r'<h3><a href="([^"]*)"', html))


# ------------------------------------------------------------------------------- what is not seen

HIDDEN = {
    "members": {"audience": "members"},
    "embargoed": {"public_from": "2999-01-01"},
    "for ever": {"public_from": "never"},
}


@pytest.mark.parametrize("how", HIDDEN)
def test_what_is_not_public_is_found_by_nobody(
    record: Record, visitor: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    hidden = HIDDEN[how]
    common = {"framework": "t/T", "parties": "t/A", "reporter": "t/A"}
    record.seal(
        Commitment.from_cells(code="t/K-SEEN", text={"es": "Abrir caminos"}, **common),
        Commitment.from_cells(code="t/K-ZEBRA", text={"es": "Criar zebras"}, **common, **hidden),
        CommitmentUpdate.from_cells(
            commitment="t/K-SEEN", party="t/A", as_of="2023", state="fulfilled", reporter="t/A",
            text={"es": "Con zebras"}, **hidden,
        ),
        Transaction.from_cells(
            code="t/M-ZEBRA", stage="pledged", amount="5", currency="USD", provider="t/F",
            reporter="t/F", description={"es": "Para zebras"}, **hidden,
        ),
        record.value("- MEX 2022", 771, reporter="COMAR", **hidden),
    )  # fmt: skip
    for typed in ("zebras", "K-ZEBRA", "M-ZEBRA", "zebra"):
        html = page(visitor, typed)
        assert links(html) == [], typed
        assert text("search.none", "es") in said(html)
    seen = said(page(visitor, "caminos"))
    assert "Abrir caminos" in seen
    assert text("state.fulfilled", "es") not in seen
    assert "771" not in said(page(visitor, "I MEX 2022"))
    if how == "embargoed":  # it is over, and nothing was written since
        after = datetime(2999, 1, 2, tzinfo=UTC)
        monkeypatch.setattr(pages, "now", lambda: after)
        assert "/es/compromisos/t/K-ZEBRA/" in links(page(visitor, "zebras"))


def test_remarks_are_not_searched(record: Record, visitor: Client) -> None:
    record.seal(
        Commitment.from_cells(
            code="t/K1", text={"es": "Abrir caminos"}, reporter="t/A", note="secretísimo"
        ),
        record.value("- MEX 2022", 5, reporter="COMAR", note="secretísimo"),
        why="secretísimo",
    )
    assert links(page(visitor, "secretísimo")) == []


def test_what_is_invented_says_so(record: Record, visitor: Client) -> None:
    record.seal(Source.from_cells(code="t/S1", title="Informe ficticio", invented="yes"))
    assert f"Documento {text('search.invented', 'es')}" in said(page(visitor, "ficticio"))


# ------------------------------------------------------------------------------- one framework


def test_a_framework_that_a_reader_stays_in_is_searched_alone(
    published: Workspace, visitor: Client
) -> None:
    html = page(visitor, "México", scope="mirps")
    codes = [a.removeprefix("/es/mirps/") for a in links(html)]
    assert all(code.startswith("cifras/mirps/") for code in codes if code.startswith("cifras/"))
    assert "paises-y-organizaciones/MEX/" in codes
    assert not any("border/" in code or "asylum/" in code for code in codes)
    assert "Solo del marco: MIRPS" in said(html)
    nothing = page(visitor, "aduanas", scope="mirps")
    assert links(nothing) == []
    assert "Está buscando solo en el marco" in said(nothing)


# ------------------------------------------------------------------------------- useful pages


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_words_the_page_says_what_can_be_searched(
    published: Workspace, visitor: Client, language: str
) -> None:
    html = page(visitor, " \x00", language=language)
    assert text("search.can", language) in said(html)
    examples = re.findall(r'<li><a href="([^"]*buscar[^"]*)"', html.split("<main")[1])
    assert len(examples) == 5
    for address in examples:
        answered = visitor.get(unescape(address))
        assert links(answered.content.decode()), address


def test_where_nothing_is_found_the_page_says_what_to_try(
    published: Workspace, visitor: Client
) -> None:
    html = page(visitor, "acunr mexiko")
    told = said(html)
    assert text("search.none", "es") in told
    assert "¿Quiso decir…? ACNUR México (" in told
    (first, *_) = re.findall(r'<li><a href="([^"]*buscar[^"]*)"', html.split("<main")[1])
    assert links(visitor.get(unescape(first)).content.decode())
    assert "En el registro no aparecen «acunr» y «mexiko»." in told
    assert text("search.advice.fewer", "es") not in said(page(visitor, "xyzzy"))
    both = said(page(visitor, "tapachula honduras"))
    assert "tapachula (" in both
    assert "honduras (" in both


@pytest.mark.parametrize(
    "typed",
    ["' OR 1=1 --", "%", "_", "<script>alert(1)</script>", '"><img src=x>', "{x}", "a\x00b",
     "\ue000es\ue001x\ue002", "🙂" * 40, "[" * 100, "a " * 99],
)  # fmt: skip
def test_nothing_that_is_typed_does_harm(published: Workspace, visitor: Client, typed: str) -> None:
    html = page(visitor, typed)
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "\x00" not in html
    assert "\ue000" not in html


def test_a_text_too_long_is_refused_in_words(published: Workspace, visitor: Client) -> None:
    told = said(page(visitor, "a" * 201, status=422))
    assert "201" in told
    assert "200" in told
    assert visitor.get(f"/es/buscar/?q={quote('b' * 5000)}").status_code == 422


def test_what_was_typed_stays_in_the_box(published: Workspace, visitor: Client) -> None:
    assert 'value="COMAR &quot;2023&quot;"' in page(visitor, 'COMAR "2023"')


def test_a_search_asks_as_often_however_much_there_is(record: Record, visitor: Client) -> None:
    def asked() -> int:
        page(visitor, "caminos")
        with CaptureQueriesContext(connection) as queries:
            page(visitor, "caminos")
        return len(queries)

    def roads(first: int, last: int) -> None:
        record.seal(
            *(
                Commitment.from_cells(
                    code=f"t/K{n}", text={"es": f"Abrir caminos {n}"}, parties="t/A",
                    framework="t/T", reporter="t/A",
                )
                for n in range(first, last)
            )
        )  # fmt: skip

    roads(0, 3)
    few = asked()
    roads(3, 60)
    assert asked() == few
