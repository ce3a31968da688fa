"""How does a fact sheet become a Word document that somebody can go on writing in?

Real headings, lists, tables with a header row and a caption, numbered notes, and the language that
the spelling checker should use. Nothing in the file tells the hour or the machine it was made on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from markdown_it.tree import SyntaxTreeNode

from cauce.exports.docx_file import NOTE, PLAIN, DocxFile, Style
from cauce.statements.document import Document
from cauce.statements.sheet import Edition, Noted, Sheet, anchor
from cauce.statements.template import Slot

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph

__all__ = ["render"]


def render(document: Document, language: str, edition: Edition | None = None) -> bytes:
    """The sheet in one language; the same document gives the same bytes. Takes about 150 ms."""
    return _Word(Sheet(document, language, edition)).bytes()


class _Word:
    """One sheet on its way to a document."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.file = DocxFile(
            title=sheet.title,
            language=sheet.language,
            description=sheet.say("sheet.description"),
            at=sheet.edition.issued_at,
        )
        self.tables = 0
        self.level = 0
        self.heading = sheet.title
        self.blocks: Mapping[str, Callable[[SyntaxTreeNode, str], None]] = {
            "heading": self._heading,
            "paragraph": self._paragraph,
            "bullet_list": self._bullets,
            "ordered_list": self._numbered,
            "blockquote": lambda node, _: self._each(node, "Quote"),
            "hr": lambda _node, _style: None,
            "table": self._table,
        }

    def bytes(self) -> bytes:
        self.file.paragraph("Subtitle").add_run(self.sheet.say("sheet.kicker"))
        tree = self.sheet.tree()
        if not any(node.type == "heading" for node in tree.walk()):
            self.file.words(self._headed(1), self.sheet.title)
            self._dated()
        self._each(tree, "Normal")
        self._notes()
        self.file.foot(list(self.sheet.foot()), self._pages)
        return self.file.to_bytes()

    def _pages(self, page: str, pages: str) -> str:
        return self.sheet.say("document.page", page=page, pages=pages)

    # -- the text ------------------------------------------------------------------------------

    def _each(self, node: SyntaxTreeNode, style: str) -> None:
        for child in node.children:
            self.blocks[child.type](child, style)

    def _heading(self, node: SyntaxTreeNode, _style: str) -> None:
        is_first = self.level == 0
        paragraph = self._headed(int(node.tag[1:]))
        self._inline(paragraph, node)
        self.heading = paragraph.text
        if is_first:
            self._dated()

    def _headed(self, level: int) -> Paragraph:
        # As in the PDF: no gap between levels.
        self.level = min(level, self.level + 1)
        return self.file.paragraph(f"Heading {self.level}")

    def _dated(self) -> None:
        if self.sheet.invented:
            warning = self.file.paragraph("Normal")
            self.file.words(warning, self.sheet.say("take.invented_table"), Style(bold=True))
        known = self.file.paragraph("Normal")
        said = self.sheet.say("sheet.known", date=self.sheet.known)
        self.file.words(known, said, Style(italic=True))

    def _paragraph(self, node: SyntaxTreeNode, style: str) -> None:
        self._inline(self.file.paragraph(style), node)

    def _bullets(self, node: SyntaxTreeNode, _style: str) -> None:
        for item in node.children:
            self._each(item, "List Bullet")

    def _numbered(self, node: SyntaxTreeNode, _style: str) -> None:
        number = self.file.numbering()
        for item in node.children:
            for block in item.children:
                paragraph = self.file.paragraph("List Number", number=number)
                self._inline(paragraph, block)

    def _table(self, node: SyntaxTreeNode, _style: str) -> None:
        self.tables += 1
        caption = self.sheet.say("document.table", number=self.tables, title=self.heading)
        self.file.words(self.file.paragraph("Caption"), caption)
        rows = [row.children for part in node.children for row in part.children]
        for cell, paragraph in self.file.table(rows):
            self._inline(paragraph, cell)

    def _inline(self, paragraph: Paragraph, node: SyntaxTreeNode, style: Style = PLAIN) -> None:
        for child in node.children:
            match child.type:
                case "text":
                    self._words(paragraph, child.content, style)
                case "softbreak":
                    self.file.words(paragraph, " ", style)
                case "hardbreak":
                    paragraph.add_run().add_break()
                case "strong":
                    self._inline(paragraph, child, style.bolder())
                case "em":
                    self._inline(paragraph, child, style.slanted())
                case _:
                    self._inline(paragraph, child, style)

    def _words(self, paragraph: Paragraph, text: str, style: Style) -> None:
        for piece in self.sheet.split(text):
            if isinstance(piece, Slot):
                to = anchor("n", piece.name)
                bold = style.bolder()
                self.file.link(paragraph, self.sheet.printed(piece), bold, anchor=to)
                number = f"[{self.sheet.note_numbers[piece.name]}]"
                self.file.link(paragraph, number, Style(raised=True), anchor=to)
            else:
                self.file.words(paragraph, piece, style)

    # -- notes ---------------------------------------------------------------------------------

    def _notes(self) -> None:
        sheet, file = self.sheet, self.file
        file.words(file.paragraph("Heading 2"), sheet.say("sheet.notes"))
        file.words(file.paragraph("Normal"), sheet.say("sheet.notes_intro"))
        number = file.numbering()
        for noted in sheet.notes:
            self._note(file.paragraph(NOTE, number=number), noted)
        if sheet.papers:
            file.words(file.paragraph("Heading 3"), sheet.say("sheet.documents"))
        number = file.numbering()
        for paper in sheet.papers:
            file.words(file.paragraph(NOTE, number=number), f"{paper}.")
        for words in sheet.about():
            file.words(file.paragraph("Footer"), words)

    def _note(self, paragraph: Paragraph, noted: Noted) -> None:
        for place, (name, value, about) in enumerate(noted.figures):
            between = self.sheet.say("document.between") if place else ""
            self.file.words(paragraph, between)
            self.file.bookmark(paragraph, anchor("n", name))
            self.file.link(paragraph, value, Style(bold=True), address=self.sheet.made(name))
            self.file.words(paragraph, f" ({about})")
        self.file.words(paragraph, " ".join([".", *noted.sentences]))
