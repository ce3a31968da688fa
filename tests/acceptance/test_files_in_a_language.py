"""Criterion 2 in what people take away: a workbook from every kind of table."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.acceptance.test_plain_small_and_useful import KEY
from tests.web.test_pages import LANGUAGES

#: A table of every kind that leads to a workbook.
TABLES = (
    "cifras/asylum/AS-1/",
    "cifras/asylum/AS-1/valores-publicados/",
    "cifras/asylum/AS-2/comparar/",
    "compromisos/",
    "compromisos/sin-respuesta/",
    "compromisos/asylum/K-2/",
    "acuerdos/",
    "reuniones/",
    "financiamiento/",
    "financiamiento/etapas/",
    "paises-y-organizaciones/",
    "paises-y-organizaciones/region/",
    "paises-y-organizaciones/MEX/",
    "fuentes/",
    "fuentes/asylum/S-LJA-2023/",
)


def book(visitor: Client, language: str, path: str) -> tuple[list[str], list[list[list[str]]]]:
    """The names of the sheets of a workbook, and their cells."""
    response = visitor.get(f"/{language}/{path}tabla.xlsx")
    assert response.status_code == 200, path
    found = CalamineWorkbook.from_filelike(io.BytesIO(response.content))
    rows = [
        [[str(cell) for cell in row] for row in found.get_sheet_by_index(number).to_python()]
        for number in range(len(found.sheet_names))
    ]
    return found.sheet_names, rows


@pytest.mark.parametrize("path", TABLES)
def test_a_workbook_is_wholly_in_the_language_of_its_page(visitor: Client, path: str) -> None:
    read = {language: book(visitor, language, path) for language in LANGUAGES}
    heads = {language: rows[0][0] for language, (_, rows) in read.items()}
    for language, (names, sheets_of) in read.items():
        assert all(names)
        assert all(heads[language]), path
        for cell in (cell for sheet in sheets_of for row in sheet for cell in row):
            assert not KEY.search(cell.replace(path, "")) or "http" in cell, cell
    # Headings are short, and some words are the same in two of the languages; not most.
    for one, other in (("es", "en"), ("es", "fr"), ("en", "fr")):
        same = [a for a, b in zip(heads[one], heads[other], strict=True) if a == b]
        assert len(same) <= len(heads[one]) / 3, (path, same)
    notes = {language: {row[0] for row in rows[-1] if row} for language, (_, rows) in read.items()}
    assert notes["es"]
    assert notes["es"] & notes["en"] == set(), path
