"""Criterion 4 on the bytes of the issued sheet: every figure, its evidence, its arithmetic."""

from __future__ import annotations

import re
from dataclasses import replace
from html import escape, unescape

import pytest

from cauce import figures
from cauce.exports.evidence import link
from cauce.statements import queries as sheets
from cauce.values.audience import PUBLIC
from cauce.values.question import question_from_json
from cauce.words import text
from cauce.words.explanations import HEADINGS, MOST
from tests.conftest import Workspace
from tests.published import NAME


@pytest.mark.parametrize("language", ["es", "en", "fr"])
def test_every_figure_of_the_sheet_leads_in_two_clicks_to_document_and_place(
    published: Workspace, language: str
) -> None:
    """One click from the figure to its account in the same file, one from there to the document;
    the account names the document of every value used and, where it is recorded, the place."""
    issue = sheets.latest(NAME)
    html = issue.html(language).decode("utf-8")
    asked = {
        f"c-{name.replace('_', '-')}": question_from_json(stored["question"], audience=PUBLIC)
        for name, stored in issue.document()["figures"].items()
    }
    shown = set(re.findall(r'<a class="figure"[^>]* href="#(c-[^"]+)"', html))
    assert len(shown) > 30
    assert shown <= set(asked)
    papers = figures.catalogue(issue.head).sources
    expected = [text(f"explain.{key}", language) for key in HEADINGS]
    for target in sorted(shown):
        account = html.split(f'<section id="{target}"')[1].split("</section>")[0]
        headings = [unescape(one) for one in re.findall(r"<h4>(.*?)</h4>", account)]
        assert headings == expected, target
        told = words(account)
        used = figures.explain(replace(asked[target], head=issue.head)).used
        assert used or text("absence.missing", language) in told, target
        if len(used) > MOST:  # what is not listed is counted
            assert words(text("explain.rest", language, count=len(used) - MOST)) in told, target
        for value in used[:MOST]:
            paper = papers[value.source]
            assert words(paper.title) in told, (target, paper.title)
            assert value.locator in told, (target, value.locator)
            if link(paper.address):
                assert f'href="{escape(link(paper.address))}"' in account, (target, paper.address)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_the_real_numbers_of_the_arithmetic_and_what_was_not_used_are_told(
    published: Workspace,
) -> None:
    html = unescape(sheets.latest(NAME).html("es").decode("utf-8"))
    assert "119,273 (valor final) ÷ 29,572 (valor de partida) = 4.0 veces." in html
    assert "No se usó, porque" in html
