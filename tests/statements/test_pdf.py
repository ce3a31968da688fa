"""A sheet on paper: two pages, tagged, every figure with the number of its note."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import docx
import pikepdf
import pytest

from cauce.errors import CauceError
from cauce.figures.invented import INVENTED
from cauce.statements import actions, pdf
from cauce.statements.document import Document, resolve
from cauce.statements.forms import FORMS
from cauce.statements.sheet import Edition, Sheet
from cauce.statements.template import load
from cauce.words import plain
from tests.conftest import Workspace
from tests.exports.pdf_reading import bare, fonts_of, pages_of, tags_of, text_of
from tests.published import NAME
from tests.statements.templates import write

NOW = datetime(2030, 1, 1, 18, tzinfo=UTC)
LANGUAGES = ("es", "en", "fr")
SITE = "https://registro.example"
EDITION = Edition(3, LANGUAGES, NOW, SITE)

FIGURES = (
    "figures:\n"
    "  members: {ask: count, of: members, body: rcm/RCM}\n"
    "  founded: {ask: fact, record: rcm/RCM, field: founded}\n"
)

#: An ordered list needs its numbers declared, as any typed digit does.
ORDERED = "literals: {all: ['1.', '2.']}\n" + FIGURES

_built: dict[Path, Document] = {}


@pytest.fixture
def document(published: Workspace) -> Document:
    """Built once: a test only reads it."""
    if published.dir not in _built:
        _built[published.dir] = actions.build(name=NAME, now=NOW)
    return _built[published.dir]


def small(folder: Path, text: str, figures: str = FIGURES) -> Document:
    """A sheet of a few lines, the same in every language."""
    whole = text + "\n\n{{ members }} {{ founded | month }}\n"
    return resolve(load(write(folder / "sheet", dict.fromkeys(LANGUAGES, whole), figures)), now=NOW)


# ------------------------------------------------------------------------------- the shipped sheet


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shipped_sheet_is_two_tagged_pages_with_title_and_language(
    document: Document, language: str
) -> None:
    made = pdf.render(document, language, EDITION)
    with pikepdf.open(io.BytesIO(made)) as opened:
        assert len(opened.pages) == 2
        assert [round(float(side)) for side in opened.pages[0].MediaBox] == [0, 0, 595, 842]
        assert opened.Root.MarkInfo.Marked
        assert opened.open_metadata()["pdfuaid:part"] == "1"
        assert str(opened.Root.Lang) == language
        assert str(opened.docinfo.Title) == Sheet(document, language).title
        assert {is_embedded for _, is_embedded in fonts_of(opened)} == {True}
        tags = tags_of(opened)
    assert (tags.count("H1"), tags.count("H2"), tags.count("H3")) == (1, 7, 1)
    assert {"P", "L", "LI", "Lbl", "LBody", "Link"} <= set(tags)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_figure_its_note_and_its_document_are_on_the_paper(
    document: Document, language: str
) -> None:
    sheet = Sheet(document, language, EDITION)
    text = text_of(pdf.render(document, language, EDITION))
    for slot in sheet.body.slots:
        number = sheet.note_numbers[slot.name]
        assert bare(f"{plain(sheet.printed(slot))}[{number}]") in text
    for noted in sheet.notes:
        assert bare(plain(" ".join(noted.sentences))) in text
    assert all(bare(plain(paper)) in text for paper in sheet.papers)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_foot_says_which_sheet_known_when_issued_when_where_and_which_page(
    document: Document, language: str
) -> None:
    sheet = Sheet(document, language, EDITION)
    pages = pages_of(pdf.render(document, language, EDITION))
    assert len(list(sheet.foot())) == 4
    for number, page in enumerate(pages, 1):
        assert all(bare(words) in page for words in sheet.foot())
        assert page.endswith(bare(sheet.say("document.page", page=number, pages=2)))


def test_the_foot_in_spanish(document: Document) -> None:
    assert list(Sheet(document, "es", EDITION).foot()) == [
        "Ficha informativa, emisión 3",
        "Con lo que se sabía el 1 de enero de 2030, 12:00 (hora de Ciudad de México)",
        "Emitida el 1 de enero de 2030",
        f"{SITE}/es/fichas/{NAME}/3/",
    ]


def test_no_catalogue_key_and_no_placeholder_is_printed(document: Document) -> None:
    for language in LANGUAGES:
        text = text_of(pdf.render(document, language))
        assert [key for key in ("sheet.", "document.", "note.", "{{", "}}") if key in text] == []
        assert "\ufffd" not in text


def test_the_same_document_gives_the_same_bytes(document: Document) -> None:
    again = actions.build(name=NAME, now=NOW)
    assert pdf.render(document, "es", EDITION) == pdf.render(again, "es", EDITION)


def test_the_note_leads_to_how_the_figure_was_made(document: Document) -> None:
    found = set(links(pdf.render(document, "fr", EDITION)))
    page = f"{SITE}/fr/fichas/{NAME}/3/"
    assert found == {f"{page}#c-{one.replace('_', '-')}" for one in document.template.questions}


def test_a_draft_says_so_and_has_no_address(document: Document) -> None:
    made = pdf.render(document, "es", Edition(address=SITE))
    assert bare("Ficha informativa, borrador") in text_of(made)
    assert links(made) == []


def links(made: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(made)) as opened:
        found = [note for page in opened.pages for note in page.get("/Annots", [])]
        return [str(note.A.URI) for note in found if "/A" in note and "/URI" in note.A]


# ------------------------------------------------------------------------------- small sheets


def test_all_that_markdown_knows_is_set(published: Workspace, tmp_path: Path) -> None:
    text = (
        "# Título\n\n- **norte** sur\n- este\n\n### Salto\n\n- oeste\n\n1. mar\n2. *río*\n\n"
        "> lago\\\n> isla\n\n***\n\n| monte | valle |\n| --- | ---: |\n| costa | {{ members }} |\n"
    )
    made = pdf.render(small(tmp_path, text, ORDERED), "es")
    said = ["Título", "norte sur", "este", "Salto", "oeste", "mar", "río", "lago", "isla",
            "monte", "valle", "costa"]  # fmt: skip
    assert [one for one in said if bare(one) not in text_of(made)] == []
    with pikepdf.open(io.BytesIO(made)) as opened:
        tags = tags_of(opened)
    # The level that the text jumped over is not jumped over here.
    assert (tags.count("H1"), tags.count("H2"), tags.count("H3")) == (1, 2, 1)
    assert (tags.count("Table"), tags.count("TH"), tags.count("TD")) == (1, 2, 2)
    assert {"BlockQuote", "L", "Em", "Strong"} <= set(tags)


@pytest.mark.parametrize("text", ["no heading", "## below", "- a list"])
def test_a_sheet_without_a_title_is_still_accessible(
    published: Workspace, tmp_path: Path, text: str
) -> None:
    with pikepdf.open(io.BytesIO(pdf.render(small(tmp_path, text), "en"))) as opened:
        assert "H1" in tags_of(opened)


def invented(document: Document) -> Document:
    """The same sheet, with one figure made up for a demonstration."""
    name, told = next(iter(document.explanations.items()))
    marked = replace(told, figure=replace(told.figure, caveats=(INVENTED,)))
    return replace(document, explanations={**document.explanations, name: marked})


@pytest.mark.parametrize("form", FORMS)
def test_invented_data_is_said_under_the_title_in_every_form(
    published: Workspace, tmp_path: Path, form: str
) -> None:
    real = small(tmp_path, "# a")
    readers: dict[str, Callable[[bytes], str]] = {
        "html": bytes.decode,
        "pdf": text_of,
        "docx": words_of,
    }
    warning = bare("CONTIENE DATOS INVENTADOS para una demostración: no son datos reales.")
    assert warning in bare(readers[form](FORMS[form](invented(real), "es", None)))
    assert warning not in bare(readers[form](FORMS[form](real, "es", None)))


def words_of(made: bytes) -> str:
    return "".join(one.text for one in docx.Document(io.BytesIO(made)).paragraphs)


def test_typed_text_is_never_markup(published: Workspace, tmp_path: Path) -> None:
    hostile = '# a\n\n#let x $y$ @z \\<l> [u](#v) "w" // no\n'
    text = text_of(pdf.render(small(tmp_path, hostile), "es"))
    assert bare('#let x $y$ @z <l> [u](#v) "w" // no') in text


def test_a_character_that_cannot_be_printed_is_refused(
    published: Workspace, tmp_path: Path
) -> None:
    with pytest.raises(CauceError) as refused:
        pdf.render(small(tmp_path, "# 漢"), "es")
    assert (refused.value.code, refused.value.params) == ("text_not_printable", {"text": "漢"})
