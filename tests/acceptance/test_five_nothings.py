"""Criterion 5 on the invented framework: five words wherever its table stands."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from urllib.parse import quote

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.exports.pdf_reading import bare, text_of

WORDS = {
    "es": ("0 personas", "sin dato", "en revisión", "retirado", "protegido"),
    "en": ("0 people", "no data", "under review", "withdrawn", "protected"),
    "fr": ("0 personne", "pas de donnée", "en examen", "retiré", "protégé"),
}
TABLE = "cifras/demo/D-3/"
BY_PLACE = "?desglosar=place&desde=2024&hasta=2024"


def content(client: Client, path: str) -> bytes:
    response = client.get(path)
    assert response.status_code == 200, path
    return response.content


@pytest.mark.parametrize("language", list(WORDS))
def test_the_page_and_its_files_show_five_different_words(
    demonstration: Client, language: str
) -> None:
    start = f"/{language}/{TABLE}"
    html = content(demonstration, start + BY_PLACE).decode()
    # What a screen reader says: the text of the cells and the names of their links.
    heard = re.sub(r"<[^>]+>", " ", html) + " ".join(re.findall(r'aria-label="([^"]*)"', html))
    quoted = content(demonstration, f"{start}tabla.txt{BY_PLACE}").decode()
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(content(demonstration, f"{start}tabla.xlsx{BY_PLACE}"))
    )
    sheet = [str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row]
    for word in WORDS[language]:
        assert word in unescape(heard).replace("\xa0", " "), word
        assert word in quoted.replace("\xa0", " "), word
    for word in WORDS[language][1:]:
        assert word in sheet, word
    assert "0.0" in sheet


def test_a_machine_is_told_five_different_states(demonstration: Client) -> None:
    told = content(demonstration, f"/es/{TABLE}tabla.csv{BY_PLACE}").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    states = {row["state"] for row in rows}
    assert states == {"known", "missing", "pending", "withdrawn", "suppressed"}
    assert [row["value"] for row in rows if row["value"]] == ["0"]
    assert all(row["text"].strip("-– ") for row in rows)
    same = json.loads(content(demonstration, f"/es/{TABLE}tabla.json{BY_PLACE}"))["rows"]
    assert {row["state"] for row in same} == states


def test_paper_shows_five_different_words(demonstration: Client) -> None:
    asked = "&".join(
        f"cifra={quote(f'indicador=demo/D-3&lugar=demo/TOWN-{n}&periodo=2024')}"
        for n in range(1, 6)
    )
    told = text_of(content(demonstration, f"/es/cifras/carpeta.pdf?{asked}"))
    assert [word for word in WORDS["es"] if bare(word) not in told] == []
