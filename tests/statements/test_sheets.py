"""A sheet: one file that stands alone, in which every figure leads to how it was made."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from cauce.errors import Refusal
from cauce.statements import actions
from cauce.statements.document import Document, resolve
from cauce.statements.page import render
from cauce.statements.template import load
from cauce.values.dates import KnownAt
from cauce.words.explanations import HEADINGS
from tests.conftest import Workspace
from tests.published import NAME
from tests.statements.templates import write

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LANGUAGES = ("es", "en", "fr")


_built: dict[Path, Document] = {}
_pages: dict[tuple[Path, str], bytes] = {}


@pytest.fixture
def document(published: Workspace) -> Document:
    """Built once: a test only reads it."""
    if published.dir not in _built:
        _built[published.dir] = actions.build(name=NAME, now=NOW)
    return _built[published.dir]


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(published: Workspace, document: Document, language: str) -> bytes:
    """The shipped sheet in each language."""
    if (published.dir, language) not in _pages:
        _pages[published.dir, language] = render(document, language)
    return _pages[published.dir, language]


class Reader(HTMLParser):
    """The links and ids of a page, its headings, and its text."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[dict[str, str]] = []
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.feed(page.decode("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "a":
            self.links.append(given)
        self.loads += [given[name] for name in ("src", "srcset", "data") if name in given]


def text_of(page: bytes) -> str:
    body = page.decode("utf-8").split("</head>")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", body))


def trace(page: bytes, figure: str) -> str:
    return page.decode("utf-8").split(f'<section id="c-{figure}"')[1].split("</section>")[0]


# ------------------------------------------------------------------------------- the file


def test_a_sheet_is_one_file_that_stands_alone(page: bytes, language: str) -> None:
    read = Reader(page)
    assert page.startswith(f'<!doctype html>\n<html lang="{language}">'.encode())
    assert len(page) < 300_000
    assert not {"script", "link", "img", "iframe"} & set(read.tags)
    assert read.loads == []
    assert b"@import" not in page
    assert b"url(" not in page


def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    again = actions.build(name=NAME, now=NOW)
    for language in LANGUAGES:
        assert render(document, language) == render(again, language)


def test_every_figure_leads_to_how_it_was_made_and_back(document: Document, page: bytes) -> None:
    read = Reader(page)
    assert len(read.ids) == len(set(read.ids))
    inside = [link["href"] for link in read.links if link["href"].startswith("#")]
    assert {href[1:] for href in inside} <= set(read.ids)
    shown = {link["href"] for link in read.links if link.get("class") == "figure"}
    assert shown == {f"#c-{name.replace('_', '-')}" for name in document.template.questions}
    assert all(link["aria-label"] for link in read.links if link.get("class") == "figure")


def test_a_trace_has_the_six_headings_in_order(
    document: Document, page: bytes, language: str
) -> None:
    voice = document.voice(language)
    expected = [voice.say(f"explain.{key}") for key in HEADINGS]
    for name in document.template.questions:
        told = trace(page, name.replace("_", "-"))
        assert re.findall(r"<h4>(.*?)</h4>", told) == [h.replace("'", "&#x27;") for h in expected]


def test_a_trace_holds_document_dates_arithmetic_and_what_was_not_used(document: Document) -> None:
    told = trace(render(document, "es"), "apps-2022")
    assert "119,273 personas" in told
    assert 'href="https://lagrandota.com.mx"' in told
    assert "enero de 2024 (día no registrado)" in told
    assert "118,756 personas" in told
    assert "No se usó, porque lo informó otra organización" in told
    assert "118,772 personas" in told  # before
    times = trace(render(document, "es"), "apps-times")
    assert "119,273 (valor final) ÷ 29,572 (valor de partida) = 4.0 veces." in times


def test_an_account_is_closed_until_it_is_chosen_and_all_can_be_opened(
    document: Document, page: bytes
) -> None:
    """By the fragment of the address alone: a link into a closed ``details`` opens it in some
    browsers only."""
    html = page.decode("utf-8")
    assert ".trace .account,.trace .back{display:none}" in html
    assert ".trace section:target .account" in html
    assert '<section class="trace" id="accounts"' in html
    assert '<a href="#accounts">' in html
    for name in document.template.questions:
        id = f"c-{name.replace('_', '-')}"
        assert f'<h3 id="{id}-h"><a href="#{id}">' in html
    assert html.count('<div class="account">') == len(document.template.questions)


def test_what_was_counted_is_named_one_by_one(document: Document) -> None:
    html = render(document, "es")
    members = trace(html, "mirps-members")
    assert "<strong>Belice</strong>, ingreso: octubre de 2017." in members
    assert "1 país u organización" not in members
    assert "Se contó uno por uno" in members
    silent = trace(html, "commitments-silent")
    assert "<strong>Dar acceso a la protección internacional" in silent
    assert silent.count("<li>") == 19
    # Nobody called a commitment preliminary.
    assert "preliminar" not in silent


def test_a_number_counted_here_is_not_put_into_the_mouth_of_a_source(document: Document) -> None:
    notes = text_of(render(document, "es")).split("Fuentes y dudas")[1].split("Documentos")[0]
    assert "19 compromisos (Compromisos sin respuesta, todos los marcos). Según este registro." in (
        notes
    )


# ------------------------------------------------------------------------------- what it says


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", ["más de 40,000 personas", "casi 2,000 personas", "USD\xa01.5 mil millones",
                "como máximo USD\xa01.4 mil millones", "USD\xa03.4 mil millones", "sin dato",
                "el 8 de junio de 2021", "4.0 veces", "alrededor de 15,000,000 de personas",
                "ACNUR: 118,756 personas", "no se puede dar un número (no hay meta)"]),
        ("en", ["more than 40,000 people", "almost 2,000 people", "USD\xa01.5 billion",
                "at most USD\xa01.4 billion", "USD\xa03.4 billion", "no data", "on 8 June 2021",
                "4.0 times", "about 15,000,000 people", "UNHCR: 118,756 people"]),
        ("fr", ["plus de 40\u202f000 personnes", "près de 2\u202f000 personnes",
                "1,5\xa0milliard".replace("\xa0", " ") + "\xa0USD", "au plus 1,4 milliard\xa0USD",
                "3,4 milliards\xa0USD", "pas de donnée", "le 8 juin 2021", "4,0 fois",
                "environ 15\u202f000\u202f000 de personnes"]),
    ],
)  # fmt: skip
def test_bounds_amounts_and_dates_are_said_in_each_language(
    document: Document, language: str, said: list[str]
) -> None:
    text = render(document, language).decode("utf-8")
    assert [one for one in said if one not in text] == []


INSIDE = (
    r"\b(observations?|packs?|known_at|recorded_at|coverage|competing|caveats?|ledger|sketch)\b"
)


def test_no_word_of_the_inside_and_no_code_is_shown(page: bytes) -> None:
    text = text_of(page)
    assert re.findall(INSIDE, text, re.IGNORECASE) == []
    assert re.findall(r"\b(?:rcm|asylum|border|sembrando-oportunidades)/[A-Z][\w.-]*", text) == []
    assert "{{" not in text
    assert "—" not in text.split("Fuentes")[0]


def test_an_official_name_in_another_language_is_marked(document: Document) -> None:
    assert '<span lang="en">' in render(document, "es").decode("utf-8")


def test_an_earlier_date_gives_what_was_known_then(published: Workspace) -> None:
    then = actions.build(name=NAME, known_at=KnownAt("2023-02"), now=NOW)
    page = render(then, "es").decode("utf-8")
    assert "Con lo que se sabía el 28 de febrero de 2023." in page
    assert "118,478 personas" in page
    assert "119,273" not in page
    assert "78,975" not in page


def test_a_date_to_come_means_now(published: Workspace) -> None:
    early = actions.build(name=NAME, known_at=KnownAt("2999"), now=NOW)
    assert early.known_at.text == NOW.isoformat()
    assert {e.figure.known_at for e in early.explanations.values()} == {NOW.isoformat()}


def test_a_date_that_is_not_recorded_is_said(published: Workspace, tmp_path: Path) -> None:
    figures = "figures:\n  when: {ask: fact, record: rcm/I-SPS, field: in_force}\n"
    texts = dict.fromkeys(LANGUAGES, "# {{ when | on }} {{ when | year }}\n")
    document = resolve(load(write(tmp_path / "sheet", texts, figures)), now=NOW)
    said = {one: text_of(render(document, one)) for one in LANGUAGES}
    assert "en fecha no registrada fecha no registrada" in said["es"]
    assert "on a date not recorded date not recorded" in said["en"]
    assert "à une date non enregistrée date non enregistrée" in said["fr"]


def test_markdown_cannot_bring_in_html_links_or_pictures(
    published: Workspace, tmp_path: Path
) -> None:
    figures = "figures:\n  members: {ask: count, of: members, body: rcm/RCM}\n"
    evil = "# {{ members }}\n\n<b>x</b> [y](javascript:z) ![p](q.png) <script>alert()</script>\n"
    texts = dict.fromkeys(LANGUAGES, evil)
    page = render(resolve(load(write(tmp_path / "sheet", texts, figures)), now=NOW), "es")
    article = page.decode("utf-8").split("<article")[1].split("</article>")[0]
    assert "<b>" not in article
    assert "<script" not in article
    assert "javascript:z)" in article  # as text
    assert "<img" not in article


# ------------------------------------------------------------------------------- refusals


def test_a_public_sheet_refuses_a_figure_that_is_not_public(
    published: Workspace, tmp_path: Path
) -> None:
    figures = (
        "figures:\n"
        "  open: {ask: count, of: members, body: rcm/RCM}\n"
        "  inner: {ask: count, of: members, body: rcm/RCM, audience: members}\n"
    )
    texts = dict.fromkeys(LANGUAGES, "# {{ open }} {{ inner }}\n")
    template = load(write(tmp_path / "sheet", texts, figures))
    with pytest.raises(Refusal) as refused:
        resolve(template, now=NOW)
    (problem,) = refused.value.problems
    assert (problem.code, problem.params) == ("statement_not_public", {"figure": "inner"})
    assert str(problem.place).endswith("figures.yaml:3")


def test_a_question_about_what_is_not_there_is_named_at_its_line(
    published: Workspace, tmp_path: Path
) -> None:
    figures = "figures:\n  a: {ask: indicator, indicator: asylum/NO, period: 2022}\n"
    texts = dict.fromkeys(LANGUAGES, "# {{ a }}\n")
    with pytest.raises(Refusal) as refused:
        resolve(load(write(tmp_path / "sheet", texts, figures)), now=NOW)
    (problem,) = refused.value.problems
    assert problem.code == "unknown_indicator"
    assert str(problem.place).endswith("figures.yaml:2")
