"""How does a fact sheet become a PDF? Tagged (PDF/UA-1), on two A4 pages where it is not long.

Every figure carries the number of its note and leads to it; the note says who, in which document
and since when, and leads to how the figure was made, where the site has an address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from markdown_it.tree import SyntaxTreeNode

from cauce.exports.paper import Paper, begin, marked, table
from cauce.exports.typesetting import compile_pdf, escape, quoted
from cauce.statements.document import Document
from cauce.statements.sheet import Edition, Noted, Sheet, anchor
from cauce.statements.template import Slot

__all__ = ["render"]

_SIZE = 9.2

#: How many of the first list's points stand side by side.
_TILES = 4

_NOTES = "#set text(size: 7.4pt);#set par(leading: 0.46em);"


def render(document: Document, language: str, edition: Edition | None = None) -> bytes:
    """The sheet in one language; the same document gives the same bytes.

    Takes about 50 ms. Raises ``text_not_printable``.
    """
    return compile_pdf(source(Sheet(document, language, edition)))


def source(sheet: Sheet) -> str:
    """The typesetter's source of a sheet."""
    paper = Paper(
        sheet.title,
        tuple(sheet.foot()),
        _SIZE,
        sheet.edition.issued_at,
        sheet.say("sheet.description"),
    )
    return "".join((begin(paper, sheet.voice), *_Text(sheet).text(), *_notes(sheet)))


# -- the text ------------------------------------------------------------------------------------


class _Text:
    """The Markdown of a sheet on its way to markup."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet
        self.level = 0
        self.listed = False
        self.parts: Mapping[str, Callable[[SyntaxTreeNode], str]] = {
            "heading": self._heading,
            "paragraph": lambda node: f"{self._inside(node)}\n\n",
            "bullet_list": self._list,
            "ordered_list": lambda node: self._items("enum", node),
            "list_item": self._inside,
            "blockquote": lambda node: f"#quote(block: true)[{self._inside(node)}]\n",
            "hr": lambda _: "#line(length: 100%, stroke: 0.4pt + luma(60%))\n",
            "table": self._table,
            "inline": self._inside,
            "strong": lambda node: f"#strong[{self._inside(node)}];",
            "em": lambda node: f"#emph[{self._inside(node)}];",
            "text": self._words,
            "softbreak": lambda _: escape(" "),
            "hardbreak": lambda _: "#linebreak();",
        }

    def text(self) -> Iterator[str]:
        kicker = marked(self.sheet.say("sheet.kicker"))
        yield f"#block(below: 0.9em, text(size: 8.5pt, weight: 600)[{kicker}])\n"
        tree = self.sheet.tree()
        if not any(node.type == "heading" for node in tree.walk()):
            yield self._headed(1, escape(self.sheet.title))
        for node in tree.children:
            yield self._made(node)

    def _made(self, node: SyntaxTreeNode) -> str:
        return self.parts[node.type](node)

    def _inside(self, node: SyntaxTreeNode) -> str:
        return "".join(map(self._made, node.children))

    def _heading(self, node: SyntaxTreeNode) -> str:
        return self._headed(int(node.tag[1:]), self._inside(node))

    def _headed(self, level: int, words: str) -> str:
        # The accessible standard allows no gap between levels; a text may have one.
        is_first = self.level == 0
        self.level = min(level, self.level + 1)
        made = f"#heading(level: {self.level})[{words}]\n"
        return made + self._dated() if is_first else made

    def _dated(self) -> str:
        known = marked(self.sheet.say("sheet.known", date=self.sheet.known))
        warning = marked(self.sheet.say("take.invented_table")) if self.sheet.invented else ""
        made = f"#block(below: 1em, text(size: 8pt, fill: luma(25%))[{known}])\n"
        return f"#block(stroke: 1pt, inset: 3pt, strong[{warning}])\n{made}" if warning else made

    def _list(self, node: SyntaxTreeNode) -> str:
        """The first list is what to see first: its points stand side by side, as on the page."""
        is_first, self.listed = not self.listed, True
        if not is_first or node.parent is None or node.parent.type != "root":
            return self._items("list", node)
        tiles = ", ".join(f"[{self._tile(item)}]" for item in node.children)
        columns = min(len(node.children), _TILES)
        return (
            "#[#set text(size: 8.3pt);#set par(leading: 0.48em);"
            f"#grid(columns: (1fr,) * {columns}, gutter: 2.5mm, inset: 2.2mm, "
            f"fill: luma(95%), stroke: (left: 2pt + luma(30%)), {tiles})]\n"
        )

    def _tile(self, item: SyntaxTreeNode) -> str:
        """A point of the first list; what it begins with in bold stands above the rest."""
        nodes = [node for block in item.children for node in block.children]
        inline = [n for n in nodes[0].children if n.type != "text" or n.content] if nodes else []
        if len(nodes) > 1 or not inline or inline[0].type != "strong":
            return self._inside(item)
        first = f"#block(below: 0.5em)[#text(size: 1.22em)[{self._made(inline[0])}]]"
        rest = "".join(map(self._made, inline[1:]))
        # The blank that parted them would indent the line.
        return first + re.sub(r'^#" +', '#"', rest)

    def _items(self, kind: str, node: SyntaxTreeNode) -> str:
        items = ", ".join(f"[{self._inside(item)}]" for item in node.children)
        return f"#{kind}(tight: true, {items})\n"

    def _table(self, node: SyntaxTreeNode) -> str:
        rows = [row.children for part in node.children for row in part.children]
        cells = [[self._inside(cell) for cell in row] for row in rows]
        right = [cell.attrs.get("style") == "text-align:right" for cell in rows[0]]
        return table(cells[0], cells[1:], right=right)

    def _words(self, node: SyntaxTreeNode) -> str:
        pieces = self.sheet.split(node.content)
        return "".join(self._figure(p) if isinstance(p, Slot) else escape(p) for p in pieces)

    def _figure(self, slot: Slot) -> str:
        words = marked(self.sheet.printed(slot))
        number = self.sheet.note_numbers[slot.name]
        # In brackets: a bare raised number, copied from the page, would become part of the figure.
        mark = escape(f"[{number}]")
        return (
            f"#link(label({quoted(anchor('n', slot.name))}))"
            f"[#text(weight: 600)[{words}];#super(typographic: false, size: 0.62em)[{mark}]];"
        )


# -- notes ---------------------------------------------------------------------------------------


def _notes(sheet: Sheet) -> Iterator[str]:
    yield f"#heading(level: 2)[{escape(sheet.say('sheet.notes'))}]\n"
    yield f"#text(size: 7.6pt)[{escape(sheet.say('sheet.notes_intro'))}]\n"
    notes = ", ".join(f"[{_note(noted, sheet)}]" for noted in sheet.notes)
    papers = ", ".join(f"[{marked(paper)}.]" for paper in sheet.papers)
    yield f"#[{_NOTES}#columns(3, gutter: 5mm)[#enum({notes})\n"
    yield f"#heading(level: 3)[{escape(sheet.say('sheet.documents'))}]\n"
    yield f"#enum({papers})\n" if papers else ""
    yield f"#line(length: 100%, stroke: 0.4pt + luma(60%))\n{_about(sheet)}\n\n]]\n"


def _note(noted: Noted, sheet: Sheet) -> str:
    figures = [
        f"{_made(sheet, name, value)}#label({quoted(anchor('n', name))});{marked(f' ({about})')}"
        for name, value, about in noted.figures
    ]
    said = "".join(marked(f" {sentence}") for sentence in noted.sentences)
    between = escape(sheet.say("document.between"))
    return f"{between.join(figures)}{escape('.')}{said}"


def _made(sheet: Sheet, name: str, value: str) -> str:
    """The figure's value, leading to how it was made where that has an address."""
    address = sheet.made(name)
    words = f"#link({quoted(address)})[{marked(value)}];" if address else marked(value)
    return f"#strong[{words}]"


def _about(sheet: Sheet) -> str:
    return escape(" ").join(marked(words) for words in sheet.about())
