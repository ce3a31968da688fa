"""Chosen things become one document for a meeting, with its contents, tables and doubts."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pikepdf
import pytest

from cauce.exports.folder import Folder, Part, folder_pdf
from cauce.exports.grid import Cell, Column, Grid
from cauce.exports.typesetting import SERIF
from cauce.words.foreign import foreign
from tests.exports.pdf_reading import bare, fonts_of, pages_of, tags_of, text_of
from tests.exports.told import ADDRESS, TODAY, VOICES

HOSTILE = "#1 $x$ @a *b* _c_ <d> \\e"

FOLDER = Folder("Reunión de junio", "31 de marzo de 2024", TODAY, ADDRESS)

COLUMNS = (
    Column("what", "Cifra"),
    Column("value", "Valor", "number"),
    Column("published", "Publicado", "date"),
    Column("doubts", "Dudas"),
)
TABLE = Grid(
    "asilo",
    "Solicitudes en México",
    COLUMNS,
    (
        (
            Cell("Solicitudes", href="/es/cifras/asilo/AS-1/"),
            Cell("119,273 personas", Fraction(119273)),
            Cell("marzo de 2023 (día no registrado)", day=date(2023, 3, 31)),
            Cell("Según «" + foreign("Asylum bulletin", "en", "es") + "»"),
        ),
        (Cell(HOSTILE), Cell("sin dato"), Cell("en revisión"), Cell("")),
    ),
    (("Fuente", "COMAR"),),
)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20">'
    f'<text y="9" font-family="{SERIF}">barra</text></svg>'
)
PARTS = (
    Part("Solicitudes", ("Más que antes.",), TABLE, SVG, "Una barra", ("Con duda.",)),
    Part(f"Compromiso {HOSTILE}", (f"Sin noticias {HOSTILE}.",)),
)


def folder(*parts: Part, language: str = "es", about: Folder = FOLDER) -> bytes:
    return folder_pdf(about, parts or PARTS, VOICES[language])


def test_a_folder_begins_with_its_contents_and_numbers_its_pages() -> None:
    first, second = pages_of(folder())
    assert first.startswith(bare("Reunión de junio Con lo que se sabía el 31 de marzo de 2024"))
    assert bare("Impreso el 24 de noviembre de 2026") in first
    assert first.index("Contenido") < first.index("Solicitudes") < first.index("Compromiso")
    assert first.endswith(bare(f"{ADDRESS} Página 1 de 2"))
    assert bare("Página 2 de 2") in second


def test_a_part_says_its_words_chart_table_and_notes() -> None:
    (_, page) = pages_of(folder())
    said = ["Más que antes.", "Solicitudes en México", "Cifra", "119,273 personas", "sin dato",
            "en revisión", "marzo de 2023 (día no registrado)", "Según «Asylum bulletin»",
            "Fuente: COMAR", "Con duda.", f"Compromiso {HOSTILE}",
            f"Sin noticias {HOSTILE}."]  # fmt: skip
    places = [page.find(bare(one)) for one in said]
    assert -1 not in places
    assert places[-3:] == sorted(places[-3:])


def test_a_folder_is_tagged_titled_and_in_its_language() -> None:
    with pikepdf.open(io.BytesIO(folder(language="fr"))) as pdf:
        tags = tags_of(pdf)
        assert (str(pdf.docinfo.Title), str(pdf.Root.Lang)) == ("Reunión de junio", "fr")
        assert pdf.Root.MarkInfo.Marked
        assert {is_embedded for _, is_embedded in fonts_of(pdf)} == {True}
    assert (tags.count("H1"), tags.count("H2"), tags.count("TH")) == (1, 3, len(COLUMNS))
    assert {"TOC", "TOCI", "Caption", "Figure", "Table", "Link"} <= set(tags)


def test_the_same_parts_give_the_same_bytes() -> None:
    assert folder() == folder()


@pytest.mark.parametrize(
    ("language", "contents"), [("es", "Contenido"), ("en", "Contents"), ("fr", "Sommaire")]
)
def test_a_folder_speaks_the_readers_language(language: str, contents: str) -> None:
    text = text_of(folder(language=language))
    assert contents in text
    assert "folder." not in text


def test_a_path_leads_to_the_site_and_nowhere_without_one() -> None:
    assert links(folder()) == ["https://cauce.example/es/cifras/asilo/AS-1/"]
    assert links(folder(about=replace(FOLDER, address=""))) == []


def links(made: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        found = [note for page in pdf.pages for note in page.get("/Annots", [])]
        return [str(note.A.URI) for note in found if "/A" in note and "/URI" in note.A]


def test_invented_data_is_said_on_the_first_page() -> None:
    said = bare("CONTIENE DATOS INVENTADOS")
    assert said in pages_of(folder(about=replace(FOLDER, invented=True)))[0]
    assert said not in text_of(folder())


def test_a_long_table_repeats_its_header_on_the_next_page() -> None:
    rows = tuple(TABLE.rows) * 60
    pages = pages_of(folder(Part("Larga", table=replace(TABLE, rows=rows))))
    assert len(pages) > 2
    assert all("CifraValor" in page for page in pages[1:])


@pytest.mark.parametrize("lines", range(38, 46))
def test_what_is_said_stays_on_the_page_of_its_chart(lines: int) -> None:
    """Wherever the page before ends."""
    before = Part("Antes", tuple(f"Línea {number}." for number in range(lines)))
    after = Part("Después", ("Dicho antes de la barra.",), None, SVG, "Una barra")
    page = next(one for one in pages_of(folder(before, after)) if bare("Dicho antes") in one)
    assert "Después" in page
    assert "barra" in page.split(bare("Dicho antes de la barra."))[1]


def test_a_table_without_rows_still_has_its_header() -> None:
    assert "Cifra" in text_of(folder(Part("Vacía", table=replace(TABLE, rows=()))))


def test_a_folder_has_parts_a_part_a_title_and_a_chart_its_words() -> None:
    with pytest.raises(ValueError, match="without parts"):
        folder_pdf(FOLDER, (), VOICES["es"])
    with pytest.raises(ValueError, match="title"):
        Part("")
    with pytest.raises(ValueError, match="cannot see"):
        Part("Solicitudes", chart_svg=SVG)
