"""How is a Word document written so that it is accessible, and its bytes are always the same?

What python-docx leaves to its template is set here: paper, language, lists that begin again,
header rows, links and bookmarks, page numbers, and a date that is given or none. A zip file tells
when it was made; this one always says 1980, the earliest day it can.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import docx
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from cauce.exports.typesetting import printable
from cauce.words import plain
from cauce.words.foreign import parts

__all__ = ["NOTE", "PLAIN", "DocxFile", "Style"]

#: The paragraph style of a numbered note.
NOTE = "Note"

#: What Word calls the languages of Cauce.
_LOCALES = {"es": "es-MX", "en": "en-GB", "fr": "fr-FR"}

_FONT = "Calibri"
_INK = RGBColor(0x0A, 0x3F, 0x4D)
_LONGEST = 40
_LONG_AGO = (1980, 1, 1, 0, 0, 0)
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)

#: Stand for the fields of page and pages in a sentence.
_PAGE, _PAGES = "\ue020", "\ue021"

_THUMBNAIL = RELATIONSHIP_TYPE.THUMBNAIL

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Style:
    """How a run of words looks."""

    bold: bool = False
    italic: bool = False
    raised: bool = False

    def bolder(self) -> Style:
        return replace(self, bold=True)

    def slanted(self) -> Style:
        return replace(self, italic=True)


PLAIN = Style()


class DocxFile:
    """A document being written, from its first paragraph to its foot."""

    def __init__(
        self, *, title: str, language: str, description: str = "", at: datetime | None = None
    ) -> None:
        self.made = docx.Document()
        self.language = _LOCALES[language]
        self.bookmarks = 0
        self._set_properties(plain(title), description, (at or _NO_DATE).astimezone(UTC))
        self._set_paper()
        self._set_styles()

    # -- properties, paper, styles -------------------------------------------------------------

    def _set_properties(self, title: str, description: str, at: datetime) -> None:
        about = self.made.core_properties
        # The template's own values name its maker and the day on which it was made.
        about.author = about.last_modified_by = "Cauce"
        about.title, about.comments = printable(title)[:255], printable(description)[:255]
        about.language = self.language
        about.created = about.modified = at.replace(tzinfo=None, microsecond=0)
        about.revision = 1
        # And holds a picture of its own first page.
        relations = self.made.part.package.rels
        for key in [key for key, one in relations.items() if one.reltype == _THUMBNAIL]:
            relations.pop(key)

    def _set_paper(self) -> None:
        (section,) = self.made.sections
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin, section.bottom_margin = Mm(20), Mm(20)

    def _set_styles(self) -> None:
        styles: Any = self.made.styles
        defaults = styles.element.find(qn("w:docDefaults")).find(qn("w:rPrDefault"))
        spoken = defaults.find(qn("w:rPr")).find(qn("w:lang"))
        spoken.set(qn("w:val"), self.language)
        for style in styles:
            if style.name == "Normal" or style.name.startswith(("Heading", "Title", "Subtitle")):
                self._set_font(style)
        styles["Normal"].font.size = Pt(10.5)
        for name, size in (("Heading 1", 19), ("Heading 2", 14), ("Heading 3", 12)):
            styles[name].font.size = Pt(size)
        for name in ("Caption", "Subtitle"):
            styles[name].font.color.rgb = _INK
            styles[name].font.size = Pt(10)

        styles["Footer"].font.size = Pt(8)
        note = styles.add_style(NOTE, WD_STYLE_TYPE.PARAGRAPH)
        note.base_style = styles["List Number"]
        note.font.size, note.paragraph_format.space_after = Pt(9), Pt(2)

    @staticmethod
    def _set_font(style: Any) -> None:
        style.font.name = _FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        # A theme's font goes before a named one.
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:hAnsi"), _FONT)
        if style.name.startswith("Heading"):
            style.font.color.rgb = _INK

    # -- paragraphs ----------------------------------------------------------------------------

    def paragraph(self, style: str, *, number: int | None = None) -> Paragraph:
        """An empty paragraph; ``number`` is that of its list, from :meth:`numbering`."""
        made = self.made.add_paragraph(style=style)
        if number is not None:
            counted: Any = made._p.get_or_add_pPr().get_or_add_numPr()
            counted.get_or_add_ilvl().val = 0
            counted.get_or_add_numId().val = number
        return made

    def numbering(self) -> int:
        """A list whose numbers begin at 1 again."""
        part: Any = self.made.part.numbering_part.element
        style: Any = self.made.styles["List Number"].element
        like = part.num_having_numId(style.pPr.numPr.numId.val)
        made = part.add_num(like.abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(1)
        return int(made.numId)

    def words(self, paragraph: Paragraph, words: str, style: Style = PLAIN) -> None:
        """Add words; names in another language keep it, for a spelling checker and a voice."""
        for language, piece in parts(words):
            self._run(paragraph.add_run(), piece, style, language)

    @staticmethod
    def _run(run: Run, words: str, style: Style, language: str) -> None:
        run.text = printable(words)
        run.bold, run.italic = style.bold or None, style.italic or None
        run.font.superscript = style.raised or None
        if language:
            spoken = OxmlElement("w:lang")
            spoken.set(qn("w:val"), _LOCALES.get(language, language))
            run._r.get_or_add_rPr().append(spoken)

    def link(
        self,
        paragraph: Paragraph,
        words: str,
        style: Style = PLAIN,
        *,
        anchor: str = "",
        address: str = "",
    ) -> None:
        """Words that lead to a bookmark or an address; without either just words."""
        if not anchor and not address:
            self.words(paragraph, words, style)
            return
        link = OxmlElement("w:hyperlink")
        if anchor:
            link.set(qn("w:anchor"), _bookmark(anchor))
        else:
            to = paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            link.set(qn("r:id"), to)
        for language, piece in parts(words):
            element: Any = OxmlElement("w:r")
            link.append(element)
            self._run(Run(element, paragraph), piece, style, language)
        paragraph._p.append(link)

    def bookmark(self, paragraph: Paragraph, name: str) -> None:
        """A place that a link may lead to."""
        for kind in ("Start", "End"):
            mark = OxmlElement(f"w:bookmark{kind}")
            mark.set(qn("w:id"), str(self.bookmarks))
            if kind == "Start":
                mark.set(qn("w:name"), _bookmark(name))
            paragraph._p.append(mark)
        self.bookmarks += 1

    def table(self, rows: Sequence[Sequence[_T]]) -> Iterator[tuple[_T, Paragraph]]:
        """A table whose first row is its header, on every page it reaches: each given cell with
        the paragraph to write it in."""
        made = self.made.add_table(len(rows), len(rows[0]), style="Table Grid")
        header = OxmlElement("w:tblHeader")
        made.rows[0]._tr.get_or_add_trPr().append(header)
        for row, given in zip(made.rows, rows, strict=True):
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
            for cell, one in zip(row.cells, given, strict=True):
                yield one, cell.paragraphs[0]
        for cell in made.rows[0].cells:
            for run in cell.paragraphs[0].runs:
                run.bold = True

    # -- the foot, and the bytes ---------------------------------------------------------------

    def foot(self, sentences: Sequence[str], pages: Callable[[str, str], str]) -> None:
        """What stands at the foot of every page; ``pages`` words «page 1 of 2»."""
        footer = self.made.sections[0].footer
        first = footer.paragraphs[0]
        self.words(first, "  ·  ".join(sentences))
        last = footer.add_paragraph(style="Footer")
        last.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        fields = {_PAGE: "PAGE", _PAGES: "NUMPAGES"}
        words = pages(_PAGE, _PAGES)
        for mark in fields:
            words = words.replace(mark, f"\0{mark}\0")
        for piece in words.split("\0"):
            if piece in fields:
                self._field(last, fields[piece])
            else:
                self.words(last, piece)

    def _field(self, paragraph: Paragraph, code: str) -> None:
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), code)
        element: Any = OxmlElement("w:r")
        field.append(element)
        self._run(Run(element, paragraph), "1", PLAIN, "")
        paragraph._p.append(field)

    def to_bytes(self) -> bytes:
        """The file: the same content gives the same bytes."""
        made = io.BytesIO()
        self.made.save(made)
        same = io.BytesIO()
        with (
            zipfile.ZipFile(made) as given,
            zipfile.ZipFile(same, "w", zipfile.ZIP_DEFLATED) as written,
        ):
            for name in given.namelist():
                entry = zipfile.ZipInfo(name, _LONG_AGO)
                entry.compress_type = zipfile.ZIP_DEFLATED
                # Else the file would tell which system it was made on.
                entry.create_system = 3
                written.writestr(entry, given.read(name))
        return same.getvalue()


def _bookmark(name: str) -> str:
    # Word allows letters, digits and underscores, and forty of them.
    whole = name.replace("-", "_")
    digest = hashlib.sha256(name.encode()).hexdigest()
    return whole if len(whole) <= _LONGEST else f"{whole[: _LONGEST - 9]}_{digest[:8]}"
