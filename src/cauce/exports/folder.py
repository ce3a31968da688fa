"""How do chosen figures, tables and commitments become one document for a meeting?

«Imprimir carpeta»: a first page with the contents, then one part after the other, each with its
words, its chart, its table and its notes; on every page as known when, printed when, and where it
can be read. Everything given was released and worded already.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urljoin

from cauce.exports.grid import Cell, Grid
from cauce.exports.paper import Paper, begin, marked, table
from cauce.exports.typesetting import compile_pdf, quoted
from cauce.words import Voice, dates, plain

__all__ = ["Folder", "Part", "folder_pdf"]

_SIZE = 10.0
_TABLE = "#set text(size: 8.6pt);#set par(leading: 0.48em);#set table(inset: (x: 5pt, y: 3pt));"
_SMALL = "#set text(size: 8.2pt, fill: luma(20%));"

#: The weights of columns of words, in characters: a narrow one is still read, a wide one breaks.
_NARROWEST, _WIDEST = 8, 44

#: A number or a date with more words than this shares the room like any text.
_LONG = 22


@dataclass(frozen=True, slots=True)
class Part:
    """One chosen thing: a heading, and what is said of it. A chart is an SVG whose text is in one
    of the embedded fonts, with what it shows in words.

    Raises ``ValueError`` for a part without a title or a chart without words.
    """

    title: str
    paragraphs: tuple[str, ...] = ()
    table: Grid | None = None
    chart_svg: str | None = None
    chart_words: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.title:
            raise ValueError("a part has a title")
        if self.chart_svg is not None and not self.chart_words:
            raise ValueError(f"the chart of «{self.title}» says nothing to who cannot see it")


@dataclass(frozen=True, slots=True)
class Folder:
    """What a printed folder says of itself: its title, the date of what was known in words, the
    day it is printed, its permanent address, and whether anything in it was made up for a
    demonstration."""

    title: str
    known: str
    printed: date
    address: str = ""
    invented: bool = False


def folder_pdf(folder: Folder, parts: Sequence[Part], voice: Voice) -> bytes:
    """The parts as one tagged PDF with a page of contents; the same parts give the same bytes.

    Takes about 10 ms a page. Raises ``text_not_printable``; ``ValueError`` without parts.
    """
    if not parts:
        raise ValueError("a folder without parts")
    charts = {_chart(n): p.chart_svg.encode() for n, p in enumerate(parts) if p.chart_svg}
    return compile_pdf("".join(_source(folder, parts, voice)), files=charts)


def _source(folder: Folder, parts: Sequence[Part], voice: Voice) -> Iterator[str]:
    printed = voice.say("folder.printed", date=dates.day(folder.printed, voice.language))
    known = voice.say("folder.known", date=folder.known)
    address = (folder.address,) if folder.address else ()
    title = plain(folder.title)
    yield begin(Paper(title, (title, known, printed, *address), _SIZE), voice)
    yield "#set figure(numbering: none, supplement: none)\n#set figure.caption(position: top)\n"
    yield "#show figure: set block(breakable: true)\n#show figure: set align(left)\n"
    yield f"#heading(level: 1, outlined: false)[{marked(folder.title)}]\n"
    if folder.invented:
        warning = marked(voice.say("take.invented_table"))
        yield f"#block(stroke: 1pt, inset: 4pt, strong[{warning}])\n"
    yield f"{marked(known)}\n\n{marked(printed)}\n\n"
    contents = marked(voice.say("folder.contents"))
    yield f"#heading(level: 2, outlined: false)[{contents}]\n#outline(title: none)\n#pagebreak()\n"
    for number, part in enumerate(parts):
        yield from _part(part, number, folder, voice)


def _part(part: Part, number: int, folder: Folder, voice: Voice) -> Iterator[str]:
    yield f"#heading(level: 2)[{marked(part.title)}]\n"
    # What is said stays on the page of what it is said of.
    is_sticky = "true" if part.chart_svg is not None or part.table is not None else "false"
    for words in part.paragraphs:
        yield f"#block(sticky: {is_sticky})[#par[{marked(words)}]]\n"
    if part.chart_svg is not None:
        alt = quoted(plain(part.chart_words))
        yield f"#image({quoted(_chart(number))}, width: 100%, alt: {alt})\n"
    if part.table is not None:
        yield from _grid(part.table, folder, voice)
    for note in part.notes:
        yield f"#[{_SMALL}{marked(note)}\n\n]\n"


def _chart(number: int) -> str:
    return f"chart-{number}.svg"


def _grid(grid: Grid, folder: Folder, voice: Voice) -> Iterator[str]:
    right = [column.kind in ("number", "percent") for column in grid.columns]
    made = table(
        [marked(column.heading) for column in grid.columns],
        [[_cell(cell, folder.address) for cell in row] for row in grid.rows],
        right=right,
        widths=_widths(grid),
    )
    caption = f"[#text(size: 9pt, weight: 600)[{marked(grid.title)}]]"
    yield f"#figure(kind: table, caption: {caption})[{_TABLE}{made}]\n"
    for label, text in grid.notes:
        said = f"{voice.say('explain.labelled', label=label)} {text}"
        yield f"#[{_SMALL}{marked(said)}\n\n]\n"


def _cell(cell: Cell, address: str) -> str:
    words = marked(cell.text)
    to = urljoin(address, cell.href) if cell.href else ""
    # On paper there is no site to which a path could belong.
    return f"#link({quoted(to)})[{words}];" if to.startswith("http") else words


def _widths(grid: Grid) -> list[str]:
    """Numbers and dates take what they need; words share what is left, by their length."""
    found = []
    for place, column in enumerate(grid.columns):
        texts = [column.heading, *(row[place].text for row in grid.rows)]
        longest = max(len(plain(text)) for text in texts)
        is_words = column.kind == "text" or longest > _LONG
        found.append(f"{min(max(longest, _NARROWEST), _WIDEST)}fr" if is_words else "auto")
    return found
