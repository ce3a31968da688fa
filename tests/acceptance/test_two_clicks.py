"""Criterion 4 on the bytes of the issued sheet: every figure, its evidence, its arithmetic."""

from __future__ import annotations

import re
from html import unescape

import pytest

from cauce.statements import queries as sheets
from cauce.words import text
from cauce.words.explanations import HEADINGS
from tests.conftest import Workspace
from tests.published import NAME

#: A page, a sheet's cell, an article …: where in a document a value stands.
NO_VALUE = {"es": "sin dato", "en": "no data", "fr": "pas de donnée"}


@pytest.mark.parametrize("language", list(NO_VALUE))
def test_every_figure_of_the_sheet_leads_in_two_clicks_to_document_and_place(
    published: Workspace, language: str
) -> None:
    html = sheets.latest(NAME).html(language).decode("utf-8")
    shown = re.findall(r'<a class="figure"[^>]* href="#(c-[^"]+)"', html)
    assert len(shown) > 50
    expected = [text(f"explain.{key}", language) for key in HEADINGS]
    for target in sorted(set(shown)):
        section = html.split(f'<section id="{target}"')[1].split("</section>")[0]
        headings = [unescape(one) for one in re.findall(r"<h4>(.*?)</h4>", section)]
        assert headings == expected, target
        papers = re.findall(r'href="https?://[^"]+"', section) or re.findall("detail", section)
        assert papers or NO_VALUE[language] in section, target


def test_the_real_numbers_of_the_arithmetic_and_what_was_not_used_are_told(
    published: Workspace,
) -> None:
    html = unescape(sheets.latest(NAME).html("es").decode("utf-8"))
    assert "119,273 (valor final) ÷ 29,572 (valor de partida) = 4.0 veces." in html
    assert "No se usó, porque" in html
