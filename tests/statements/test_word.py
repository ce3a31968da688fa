"""A sheet to go on writing in: real headings, lists, tables, notes, and its language."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import pytest

from cauce.statements import actions, word
from cauce.statements.document import Document
from cauce.statements.sheet import Edition, Sheet
from cauce.words import plain
from tests.conftest import Workspace
from tests.published import NAME
from tests.statements.test_pdf import EDITION, LANGUAGES, NOW, ORDERED, SITE, small

_built: dict[Path, Document] = {}


@pytest.fixture
def document(published: Workspace) -> Document:
    """Built once: a test only reads it."""
    if published.dir not in _built:
        _built[published.dir] = actions.build(name=NAME, now=NOW)
    return _built[published.dir]


def opened(document: Document, language: str = "es", edition: Edition | None = EDITION) -> Any:
    return docx.Document(io.BytesIO(word.render(document, language, edition)))


def xml(document: Document, file: str = "word/document.xml") -> str:
    with zipfile.ZipFile(io.BytesIO(word.render(document, "es", EDITION))) as made:
        return made.read(file).decode("utf-8")


def texts(found: Any, style: str) -> list[str]:
    return [one.text for one in found.paragraphs if one.style.name == style]


@pytest.mark.parametrize(
    ("language", "locale"), [("es", "es-MX"), ("en", "en-GB"), ("fr", "fr-FR")]
)
def test_a_document_has_title_language_and_the_date_that_was_passed(
    document: Document, language: str, locale: str
) -> None:
    found = opened(document, language)
    about = found.core_properties
    title = Sheet(document, language).title
    assert (about.title, about.language, about.author) == (title, locale, "Cauce")
    assert about.created == about.modified == datetime(2030, 1, 1, 18, tzinfo=UTC)
    (spoken,) = found.styles.element.xpath("w:docDefaults//w:lang/@w:val")
    assert spoken == locale


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_headings_and_every_figure_bears_its_note(
    document: Document, language: str
) -> None:
    sheet = Sheet(document, language, EDITION)
    found = opened(document, language)
    assert texts(found, "Heading 1") == [sheet.title]
    assert len(texts(found, "Heading 2")) == 7
    assert len(texts(found, "List Bullet")) == 4
    whole = "\n".join(one.text for one in found.paragraphs)
    for slot in sheet.body.slots:
        number = sheet.note_numbers[slot.name]
        assert f"{plain(sheet.printed(slot))}[{number}]" in whole
    # No key of a catalogue («sheet.title»), and no slot that was not filled.
    assert re.findall(r"\b(?:sheet|document|note)\.[a-z_]+|\{\{", whole) == []


def test_the_notes_are_numbered_from_one_and_so_are_the_documents(document: Document) -> None:
    sheet, found = Sheet(document, "es"), opened(document)
    notes = [one for one in found.paragraphs if one.style.name == "Note"]
    assert len(notes) == len(sheet.notes) + len(sheet.papers)
    assert notes[0].text.startswith("4.0 veces (Solicitudes de reconocimiento")
    assert notes[-1].text == f"{plain(sheet.papers[-1])}."
    lists = {one._p.pPr.numPr.numId.val for one in notes}
    part = found.part.numbering_part.element
    starts = [part.num_having_numId(one).xpath(".//w:startOverride/@w:val") for one in lists]
    assert starts == [["1"], ["1"]]


def test_every_link_to_a_note_arrives_and_the_note_leads_to_how_it_was_made(
    document: Document,
) -> None:
    found = opened(document)
    body = found.element.body
    places = body.xpath(".//w:bookmarkStart/@w:name")
    assert len(places) == len(set(places)) == len(document.template.questions)
    assert set(body.xpath(".//w:hyperlink/@w:anchor")) == set(places)
    outside = {one.target_ref for one in found.part.rels.values() if one.is_external}
    page = f"{SITE}/es/fichas/{NAME}/3/"
    assert outside == {f"{page}#c-{one.replace('_', '-')}" for one in document.template.questions}


def test_the_foot_says_what_it_is_and_counts_its_pages(document: Document) -> None:
    foot = opened(document).sections[0].footer
    sentences = list(Sheet(document, "es", EDITION).foot())
    assert foot.paragraphs[0].text == "  ·  ".join(sentences)
    assert foot._element.xpath(".//w:fldSimple/@w:instr") == ["PAGE", "NUMPAGES"]


def test_a_name_in_another_language_keeps_it(document: Document) -> None:
    assert '<w:lang w:val="en-GB"/>' in xml(document)


def test_the_same_document_gives_the_same_bytes_and_tells_no_hour(document: Document) -> None:
    again = actions.build(name=NAME, now=NOW)
    made = word.render(document, "es", EDITION)
    assert made == word.render(again, "es", EDITION)
    with zipfile.ZipFile(io.BytesIO(made)) as files:
        assert {one.date_time for one in files.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in files.namelist()


def test_all_that_markdown_knows_is_written(published: Workspace, tmp_path: Path) -> None:
    text = (
        "# Título\n\n- **norte** *sur*\n\n1. este\n2. oeste\n\n> lago\\\n> isla\nmar\n\n***\n\n"
        "| monte | valle |\n| --- | --- |\n| costa | {{ members }} |\n"
    )
    found = opened(small(tmp_path, text, ORDERED), edition=None)
    assert texts(found, "List Bullet") == ["norte sur"]
    assert texts(found, "List Number") == ["este", "oeste"]
    assert texts(found, "Quote") == ["lago\nisla mar"]
    assert texts(found, "Caption") == ["Tabla 1. Título"]
    (table,) = found.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [
        ["monte", "valle"],
        ["costa", "11 países u organizaciones[1]"],
    ]
    assert len(table.rows[0]._tr.xpath("./w:trPr/w:tblHeader")) == 1
    assert all(run.bold for cell in table.rows[0].cells for run in cell.paragraphs[0].runs)


def test_a_long_name_of_a_figure_has_a_place_of_its_own(
    published: Workspace, tmp_path: Path
) -> None:
    names = [f"{'members_' * 6}{end}" for end in ("a", "b")]
    question = "{ask: count, of: members, body: rcm/RCM}"
    figures = "figures:\n" + "".join(f"  {one}: {question}\n" for one in (*names, "members"))
    figures += "  founded: {ask: fact, record: rcm/RCM, field: founded}\n"
    text = "# a\n\n" + " ".join(f"{{{{ {one} }}}}" for one in names)
    found = opened(small(tmp_path, text, figures))
    places = found.element.body.xpath(".//w:bookmarkStart/@w:name")
    assert len(set(places)) == 4
    assert max(map(len, places)) == 40


def test_a_sheet_without_a_title_has_its_name_as_heading(
    published: Workspace, tmp_path: Path
) -> None:
    found = opened(small(tmp_path, "no heading"))
    assert texts(found, "Heading 1") == ["sheet"]


def test_control_characters_do_not_break_the_file(published: Workspace, tmp_path: Path) -> None:
    found = opened(small(tmp_path, "# a\x07b <c> & 漢"))
    assert texts(found, "Heading 1") == ["a\ufffdb <c> & 漢"]
