"""Does a table of figures say of each what it is, who says so, since when, and what is in doubt?"""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

from cauce.exports.csv_file import csv_bytes
from cauce.exports.figure_grid import FIGURE_COLUMNS, figure_grid
from cauce.exports.grid import Grid, json_bytes
from cauce.exports.workbook import xlsx_bytes
from cauce.figures import Explanation
from cauce.figures.invented import INVENTED
from cauce.values.answer import Code, Known, exact
from cauce.values.breakdown import Breakdown
from cauce.values.figure import Figure, Sense
from cauce.values.period import Period
from cauce.values.question import (
    ChangeQ,
    CountQ,
    FactQ,
    IndicatorQ,
    MoneyQ,
    ProgressQ,
    Question,
)
from cauce.words import LANGUAGES, plain
from cauce.words.explanations import Paper
from tests.exports.told import (
    ADDRESS,
    CREATED,
    NOTHINGS,
    PAPERS,
    REFUSED,
    TODAY,
    VOICES,
    Document,
    told,
)

KEYS = [key for key, _, _ in FIGURE_COLUMNS]


def table(*explanations: Explanation, language: str = "es") -> Grid:
    return figure_grid(
        explanations,
        VOICES[language],
        PAPERS,
        name="solicitudes",
        title="Solicitudes",
        address=ADDRESS,
        how_made=lambda _: f"{ADDRESS}/como-se-obtuvo/",
        licence="CC BY 4.0",
        today=TODAY,
    )


def machine(*explanations: Explanation) -> list[dict[str, str]]:
    data = csv_bytes(table(*explanations)).decode()
    return list(csv.DictReader(io.StringIO(data, newline="")))


def words(explanation: Explanation, language: str = "es") -> dict[str, str]:
    row = table(explanation, language=language).rows[0]
    return {key: plain(cell.text) for key, cell in zip(KEYS, row, strict=True) if cell.text}


def test_a_figure_in_words() -> None:
    assert words(told(exact(118756), others=4, lacks=True)) == {
        "what": "Solicitudes", "place": "México", "period": "2022",
        "value": "118,756 solicitudes", "text": "118,756 solicitudes", "bound": "valor único",
        "low": "118,756 solicitudes", "high": "118,756 solicitudes", "unit": "solicitudes",
        "state": "sí", "status": "preliminar", "reporter": "COMAR", "source": "Boletín de asilo",
        "published": "marzo de 2023 (día no registrado)", "known_at": "24 de noviembre de 2026",
        "informed": "3 de 4", "other_values": "4",
        "cautions": "Informaron 3 de 4; faltan: COMAR · México (diciembre de 2022).",
        "how_made": f"{ADDRESS}/como-se-obtuvo/",
    }  # fmt: skip


def test_a_figure_for_a_machine() -> None:
    (row,) = machine(told(exact(118756), others=4, lacks=True))
    assert {key: row[key] for key in KEYS if row[key]} == {
        "what": "asylum/AS-1", "place": "MEX", "period": "2022", "value": "118756",
        "text": "118,756 solicitudes", "bound": "exact", "low": "118756", "high": "118756",
        "unit": "application", "state": "known", "status": "provisional",
        "reporter": "asylum/COMAR", "source": "asylum/S-1", "published": "2023-03",
        "known_at": "2026-11-24", "informed": "3/4", "other_values": "4",
        "how_made": f"{ADDRESS}/como-se-obtuvo/",
    }  # fmt: skip
    assert (row["place_text"], row["unit_text"]) == ("México", "solicitudes")


def test_files_for_machines_have_the_same_columns_whatever_the_answer() -> None:
    (known,), (missing,) = machine(told(exact(1))), machine(told(NOTHINGS["missing"]))
    assert list(known) == list(missing)


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_nothings_are_five_words(language: str) -> None:
    grid = table(*(told(answer) for answer in NOTHINGS.values()), language=language)
    column = KEYS.index("value")
    shown = [plain(row[column].text) for row in grid.rows]
    assert len(set(shown)) == 5
    assert all(any(sign.isalnum() for sign in text) for text in shown)
    assert [row[column].number for row in grid.rows] == [Fraction(0), None, None, None, None]
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(grid, created=CREATED)))
    cells = [row[column] for row in book.get_sheet_by_index(0).to_python()[1:]]
    assert cells == [0.0, *shown[1:]]


def test_five_nothings_are_told_apart_by_a_machine() -> None:
    rows = machine(*(told(answer) for answer in NOTHINGS.values()))
    assert [(row["value"], row["state"]) for row in rows] == [
        ("0", "known"), ("", "missing"), ("", "pending"), ("", "withdrawn"), ("", "suppressed"),
    ]  # fmt: skip
    assert [row["low"] for row in rows] == ["0", "", "", "", ""]


def test_a_refusal_says_why() -> None:
    (row,) = machine(told(REFUSED))
    assert (row["state"], row["reason"], row["value"]) == ("refused", "not_like_for_like", "")
    shown = words(told(REFUSED))
    assert shown["value"] == "no se puede dar un número"
    assert shown["reason"] in shown["text"]


@pytest.mark.parametrize(
    ("answer", "bound", "said", "value", "low", "high"),
    [
        (Known(Fraction(9), None), "at_least", "al menos", "", "9", ""),
        (Known(Fraction(9), None, low_open=True), "more_than", "más de", "", "9", ""),
        (Known(None, Fraction(9)), "at_most", "como máximo", "", "", "9"),
        (Known(None, Fraction(9), high_open=True), "less_than", "menos de", "", "", "9"),
        (Known(Fraction(1), Fraction(9)), "range", "entre dos valores", "", "1", "9"),
        (Known(None, None, Fraction(9)), "about", "alrededor de", "9", "", ""),
        (
            Known(Fraction(1), Fraction(9), low_open=True, high_open=True),
            "range_open", "entre dos valores, sin incluirlos", "", "1", "9",
        ),
        (
            Known(Fraction(1), Fraction(9), high_open=True),
            "range_high_open", "entre dos valores, sin incluir el mayor", "", "1", "9",
        ),
        (Known(None, Fraction(9), Fraction(9), high_open=True), "almost", "casi", "9", "", "9"),
    ],
)  # fmt: skip
def test_a_bound_is_never_lost(
    answer: Known, bound: str, said: str, value: str, low: str, high: str
) -> None:
    (row,) = machine(told(answer))
    assert (row["bound"], row["value"], row["low"], row["high"]) == (bound, value, low, high)
    shown = words(told(answer))
    assert shown["bound"] == said
    # Where there is no one number, the cell says the bound in words.
    assert "9 solicitudes" in shown["value"]


def test_a_percent_change_is_a_percentage_with_its_sign() -> None:
    of = IndicatorQ(indicator="asylum/AS-1", place="MEX", period=Period.parse("2023"))
    question = ChangeQ(of=of, base_period=Period.parse("2022"), as_="percent")
    fall = Figure(question, exact(Fraction(-197, 1000)), "%", sense=Sense.PERCENT_CHANGE)
    grid = table(Explanation(fall))
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(grid, created=CREATED)))
    assert book.get_sheet_by_index(0).to_python()[1][KEYS.index("value")] == -0.197
    shown = words(Explanation(fall))
    assert (shown["value"], shown["unit"], shown["place"]) == ("19.7% menos", "%", "México")
    assert machine(Explanation(fall))[0]["what"] == "percent:asylum/AS-1"


def test_the_workbook_says_the_same_number_as_json() -> None:
    grid = table(told(exact(118756)))
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(grid, created=CREATED)))
    cell = book.get_sheet_by_index(0).to_python()[1][KEYS.index("value")]
    assert cell == float(json.loads(json_bytes(grid))["rows"][0]["value"]) == 118756.0


@pytest.mark.parametrize(
    ("question", "unit", "what", "who", "period"),
    [
        (MoneyQ(stage="pledged", provider="a/ESP"), "EUR", "money.pledged", "a/ESP", ""),
        (MoneyQ(period=Period.parse("2022")), "EUR", "money", "", "2022"),
        (CountQ(of="commitments", state="no_update", framework="rcm/RCM"), "commitment",
         "commitments.no_update", "rcm/RCM", ""),
        (FactQ(record="rcm/AG-1", field="amount"), "USD", "rcm/AG-1.amount", "", ""),
        (ProgressQ(of=IndicatorQ(indicator="a/I", period=Period.parse("2022"))), "%",
         "progress:a/I", "", "2022"),
        (IndicatorQ(indicator="a/I", period=Period.parse("2022"), kind="target"), "person",
         "target:a/I", "", "2022"),
    ],
)  # fmt: skip
def test_every_question_has_its_row(
    question: Question, unit: str, what: str, who: str, period: str
) -> None:
    (row,) = machine(Explanation(Figure(question, exact(1), unit)))
    assert (row["what"], row["who"], row["period"]) == (what, who, period)


def test_a_breakdown_has_its_column() -> None:
    question = IndicatorQ(
        indicator="a/I", period=Period.parse("2022"), where=Breakdown.parse("sex=f")
    )
    (row,) = machine(Explanation(Figure(question, exact(1), "person")))
    assert row["breakdown"] == "sex=f"


def test_a_date_is_a_date() -> None:
    figure = Figure(FactQ(record="rcm/AG-1", field="signed"), exact(date(2019, 5, 20)), "")
    grid = table(Explanation(figure))
    assert machine(Explanation(figure))[0]["value"] == "2019-05-20"
    assert grid.rows[0][KEYS.index("value")].text == "20 de mayo de 2019"


def test_the_notes_say_where_it_comes_from() -> None:
    grid = table(told(exact(1), caveats=(Code.of("coverage_unknown"),)))
    assert [(label, plain(text)) for label, text in grid.notes] == [
        ("Lo que se sabía en esta fecha", "24 de noviembre de 2026"),
        ("Fecha de descarga", "24 de noviembre de 2026"),
        ("Fuente", ("Gobierno de México, «Boletín de asilo», marzo de 2023 (día no registrado). "
         "https://documentos.example/boletin.pdf")),
        ("Advertencia", "No se sabe quiénes debían informar: es lo registrado."),
        ("Licencia de los datos", "CC BY 4.0"),
        ("Dirección permanente", ADDRESS),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "mark"), [("es", "INVENTADOS"), ("en", "INVENTED"), ("fr", "INVENTÉES")]
)
def test_invented_figures_say_so_first(language: str, mark: str) -> None:
    grid = table(told(exact(1), caveats=(INVENTED,)), language=language)
    assert mark in grid.notes[0][1]
    assert machine(told(exact(1), caveats=(INVENTED,)))[0]["cautions"] == "invented_data"


def test_a_link_on_a_value_has_a_name_of_its_own() -> None:
    cell = table(told(exact(118756))).rows[0][KEYS.index("value")]
    assert plain(cell.label) == "118,756 solicitudes, México, 2022: cómo se obtuvo"
    assert cell.href == f"{ADDRESS}/como-se-obtuvo/"


def test_of_many_reporters_the_first_are_named_and_the_rest_counted() -> None:
    found = told(exact(1))
    values = tuple(replace(found.used[0], reporter=f"a/R{n}", source="") for n in range(5))
    many = replace(found, used=values)
    assert words(many)["reporter"] == "a/R0; a/R1; a/R2; y 2 más"
    assert machine(many)[0]["reporter"] == "a/R0;a/R1;a/R2;a/R3;a/R4"
    assert [label for label, _ in table(many).notes if label == "Fuente"] == []


def test_a_document_without_publisher_or_address_is_still_named() -> None:
    papers: dict[str, Paper] = {"asylum/S-1": Document(publisher="", address="")}
    grid = figure_grid([told(exact(1))], VOICES["es"], papers, name="a", title="A", address=ADDRESS)
    sources = [text for label, text in grid.notes if label == "Fuente"]
    assert sources == ["Boletín de asilo, fecha no registrada"]


def test_a_figure_that_was_never_asked_has_no_date() -> None:
    (row,) = machine(told(exact(1), known_at=""))
    assert row["known_at"] == ""
