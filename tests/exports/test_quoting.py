"""Can a figure be pasted into an article without losing its bound, its source or its doubt?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from cauce.exports.evidence import newest
from cauce.exports.quoting import citation, quotation
from cauce.figures import Explanation
from cauce.figures.invented import INVENTED
from cauce.values.answer import Answer, Known, exact
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.figure import Figure
from cauce.values.period import Period
from cauce.values.question import CountQ, IndicatorQ
from cauce.words import LANGUAGES
from cauce.words.explanations import Paper
from tests.exports.told import ADDRESS, NOTHINGS, PAPERS, REFUSED, TODAY, VOICES, Document, told

NBSP, THIN = "\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"


def quoted(explanation: Explanation, language: str = "es") -> str:
    said = quotation(explanation, VOICES[language], PAPERS, address=ADDRESS, today=TODAY)
    return said.replace(NBSP, " ").replace(THIN, " ")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ("Solicitudes, México, 2022: más de 40,000 solicitudes, según COMAR (cifra "
         "preliminar), en «Boletín de asilo», publicado por Gobierno de México en marzo de 2023. "
         "Hay otros 4 valores publicados. Consultado el 24 de noviembre de 2026: ")),
        ("en", ("Applications, Mexico, 2022: more than 40,000 applications, according to COMAR "
         "(preliminary figure), in “Boletín de asilo”, published by Gobierno de México in March "
         "2023. There are 4 other published values. Accessed on 24 November 2026: ")),
        ("fr", ("Demandes, Mexique, 2022 : plus de 40 000 demandes, selon COMAR (chiffre "
         "provisoire), dans « Boletín de asilo », publié par Gobierno de México en mars 2023. Il "
         "existe 4 autres valeurs publiées. Consulté le 24 novembre 2026 : ")),
    ],
)  # fmt: skip
def test_a_quotation_says_bound_period_place_source_and_date(language: str, said: str) -> None:
    found = told(Known(Fraction(40000), None, low_open=True), others=4)
    assert quoted(found, language) == said + ADDRESS


@pytest.mark.parametrize(
    ("public_at", "said"),
    [
        ("2023-03-05", "el 5 de marzo de 2023"),
        ("2023-03", "en marzo de 2023"),
        ("2023", "en 2023"),
        ("2023?", "en 2023 (fecha dudosa)"),
        ("..2022", "(fecha: 2022 o antes)"),
        ("2023-Q1", "(primer trimestre de 2023)"),
    ],
)
def test_a_day_that_nobody_knows_is_not_invented(public_at: str, said: str) -> None:
    assert f"publicado por Gobierno de México {said}. " in quoted(
        told(exact(1), public_at=public_at)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothings_and_refusals_are_told_apart(language: str) -> None:
    answers: list[Answer] = [*NOTHINGS.values(), REFUSED]
    said = [quoted(told(answer), language) for answer in answers]
    assert len(set(said)) == len(said)
    assert all(one.endswith(ADDRESS) for one in said)


def test_no_data_is_not_zero() -> None:
    assert quoted(told(NOTHINGS["missing"])).startswith(
        "Solicitudes, México, 2022: sin dato. No hay un valor registrado; eso no significa cero. "
    )


def test_a_refusal_says_what_it_would_take() -> None:
    said = quoted(told(REFUSED))
    assert said.startswith("Solicitudes, México, 2022: no se puede dar un número (")
    assert said.count(". ") == 2


def test_who_did_not_report_is_said() -> None:
    assert "Informaron 3 de 4; faltan: COMAR" in quoted(told(exact(1), lacks=True))


@pytest.mark.parametrize(
    ("language", "mark"),
    [("es", "DATO INVENTADO"), ("en", "INVENTED DATA"), ("fr", "DONNÉE INVENTÉE")],
)
def test_an_invented_figure_says_so_first_and_once(language: str, mark: str) -> None:
    said = quoted(told(exact(1), caveats=(INVENTED,)), language)
    assert said.startswith(mark)
    assert said.lower().count(mark.lower()) == 1


def test_a_past_date_is_said() -> None:
    question = IndicatorQ(
        indicator="asylum/AS-1", place="MEX", period=Period.parse("2022"),
        known_at=KnownAt("2023-06"),
    )  # fmt: skip
    said = quoted(told(exact(1), question=question, known_at="2023-06"))
    assert "Es lo que se sabía el 30 de junio de 2023. Consultado el 24 de noviembre" in said


def test_a_count_of_the_record_says_that_it_is_one() -> None:
    figure = Figure(CountQ(of="commitments"), exact(0), "commitment")
    said = quoted(Explanation(figure))
    assert "0 compromisos, según lo registrado en este sitio. " in said


def test_many_reporters_and_documents_are_counted() -> None:
    one = told(exact(1)).used[0]
    values = tuple(
        replace(one, reporter=f"a/R{n}", source="asylum/S-1", public_at=f"202{n}") for n in range(4)
    )
    said = quoted(replace(told(exact(1)), used=values))
    assert ": 1 solicitud, en 4 documentos. " in said


def test_a_value_without_a_document_says_since_when() -> None:
    one = replace(told(exact(1)).used[0], source="", public_at="")
    said = quoted(replace(told(exact(1)), used=(one,)))
    assert "según COMAR (cifra preliminar), publicada en fecha no registrada. " in said


def test_the_publisher_is_not_named_twice() -> None:
    document = Document(publisher="COMAR", published=ImpreciseDate("2023-03"))
    papers: dict[str, Paper] = {"asylum/S-1": document}
    said = quotation(told(exact(1)), VOICES["es"], papers, address=ADDRESS, today=TODAY)
    assert "en «Boletín de asilo», publicado en marzo de 2023. " in said


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ("Cauce. «Solicitudes». Marzo de 2023. https://c.example/1. Consultado el 24 de "
         "noviembre de 2026. Licencia de los datos: CC BY 4.0.")),
        ("en", ("Cauce. “Solicitudes”. March 2023. https://c.example/1. Accessed on 24 November "
         "2026. Licence of the data: CC BY 4.0.")),
        ("fr", ("Cauce. « Solicitudes ». Mars 2023. https://c.example/1. Consulté le 24 novembre "
         "2026. Licence des données : CC BY 4.0.")),
    ],
)  # fmt: skip
def test_a_citation_has_author_title_date_address_and_licence(language: str, said: str) -> None:
    found = citation(
        "Solicitudes.", site="Cauce", published=ImpreciseDate("2023-03"),
        address="https://c.example/1", licence="CC BY 4.0", voice=VOICES[language], today=TODAY,
    )  # fmt: skip
    assert found.replace(NBSP, " ") == said


def test_a_citation_without_a_date_says_so() -> None:
    found = citation(
        "A", site="B", published=None, address="https://c.example", licence="", voice=VOICES["es"]
    )
    assert found == "B. «A». Fecha no registrada. https://c.example."


def test_a_value_whose_status_says_nothing_is_only_reported() -> None:
    one = replace(told(exact(1)).used[0], status="")
    assert "según COMAR, en «Boletín de asilo»" in quoted(replace(told(exact(1)), used=(one,)))


def test_what_this_record_counted_is_quoted_as_its_own() -> None:
    found = told(exact(19), question=CountQ(of="commitments", state="no_update"), unit="commitment")
    assert "19 compromisos, según este registro, en «Boletín de asilo»" in quoted(found)
    assert newest(found, PAPERS) == ImpreciseDate("2026-11-24")
