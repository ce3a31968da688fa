"""How does everything that Cauce prints look: a fact sheet, a folder for a meeting?

One A4 page, one typeface, headings that are headings, a foot with what the paper is and which page
of how many. All of it is legible in grey: nothing is told by colour alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cauce.exports.typesetting import escape, quoted
from cauce.words import Voice, plain
from cauce.words.foreign import parts

__all__ = ["Paper", "begin", "marked", "table"]

#: Stand for the numbers of page and pages until the typesetter knows them.
_PAGE, _PAGES = "\ue020", "\ue021"

_BETWEEN = "  ·  "

_STYLE = """
#set page(paper: "a4", margin: (x: 15mm, top: 14mm, bottom: 19mm), footer-descent: 25%)
#set text(size: {size}pt, fill: luma(8%))
#set par(leading: 0.56em, spacing: 0.8em)
#set list(indent: 0.4em)
#set heading(numbering: none)
#show heading: set text(weight: 600, fill: rgb("#0a3f4d"))
#show heading: set block(above: 1.15em, below: 0.55em, sticky: true)
#show heading.where(level: 1): set text(size: 14.6pt)
#show heading.where(level: 1): set block(above: 0.8em, below: 0.5em)
#show heading.where(level: 2): set text(size: 1.18em)
#show heading.where(level: 3): set text(size: 1.04em)
#show strong: set text(weight: 600)
#set table(stroke: (x, y) => (bottom: if y == 0 { 0.8pt + luma(20%) } else { 0.4pt + luma(70%) }))
#set table(inset: (x: 3pt, y: 3pt))
"""


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document says of itself: its title in its properties, the sentences of its foot (an
    address on a line of its own), its body size in points, and the moment that stands in the
    file."""

    title: str
    foot: Sequence[str]
    size: float
    at: datetime | None = None
    description: str = ""


def begin(paper: Paper, voice: Voice) -> str:
    """The settings that stand before a document's text."""
    about = f"title: {quoted(plain(paper.title))}, description: {quoted(plain(paper.description))}"
    if paper.at is not None:
        about += f", date: {_moment(paper.at)}"
    foot = escape(_BETWEEN).join(marked(words) for words in paper.foot if not _is_address(words))
    foot += "".join(f"#linebreak();{escape(w)}" for w in paper.foot if _is_address(w))
    return "".join(
        (
            f"#set document({about})\n",
            f"#set text(lang: {quoted(voice.language)})",
            _STYLE.replace("{size}", f"{paper.size:g}"),
            "#set page(footer: context [#set text(size: 7.4pt, fill: luma(25%));",
            "#line(length: 100%, stroke: 0.5pt + luma(55%));#v(-0.35em);",
            "#grid(columns: (1fr, auto), column-gutter: 8mm,",
            f"[{foot}], [{_pages(voice)}])])\n",
        )
    )


def _is_address(words: str) -> bool:
    return words.startswith(("https://", "http://"))


def _pages(voice: Voice) -> str:
    """«Página 1 de 2», with the typesetter's own counters in its places."""
    words = voice.say("document.page", page=_PAGE, pages=_PAGES)
    counters = {
        _PAGE: "#counter(page).display();",
        _PAGES: "#counter(page).final().first();",
    }
    made = ""
    for piece in words.replace(_PAGE, f"\0{_PAGE}\0").replace(_PAGES, f"\0{_PAGES}\0").split("\0"):
        made += counters.get(piece) or escape(piece)
    return made


def _moment(at: datetime) -> str:
    return (
        f"datetime(year: {at.year}, month: {at.month}, day: {at.day}, "
        f"hour: {at.hour}, minute: {at.minute}, second: {at.second})"
    )


def marked(words: str) -> str:
    """Words as typst markup, foreign names with their language."""
    return "".join(
        f"#text(lang: {quoted(language)})[{escape(piece)}];" if language else escape(piece)
        for language, piece in parts(words)
    )


def table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    right: Sequence[bool],
    widths: Sequence[str] = (),
) -> str:
    """A table of markup: its header cells are header cells, and stand again on the next page;
    ``widths`` are the typesetter's («auto», «2fr»)."""
    align = ", ".join("right" if one else "left" for one in right)
    columns = f"({', '.join(widths)},)" if widths else str(len(header))
    head = ", ".join(f"[#strong[{cell}]]" for cell in header)
    body = "".join(f"{', '.join(f'[{cell}]' for cell in row)},\n" for row in rows)
    return f"#table(columns: {columns}, align: ({align},),\ntable.header({head}),\n{body})\n"
