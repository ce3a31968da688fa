"""How does a source become a PDF or a picture, with the same bytes on every machine?

The typesetter is typst, with the fonts that its package carries and no others. Nothing is read from
disk or network, nothing depends on the day, and what would be mended in silence (a missing font, a
character no font has) is refused.

Traps found in typst 0.15, each guarded here and tested:

- an unknown font is only a warning, and none at all inside an SVG;
- a character that no font has is an error under PDF/UA and silence in PNG;
- without ``date: none`` a document carries the day on which it was made;
- a file that is not passed is looked for in the working folder, a package on the network.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

import typst

from cauce.errors import CauceError

__all__ = [
    "FONTS",
    "MONO",
    "SERIF",
    "TypesettingError",
    "compile_pdf",
    "compile_png",
    "escape",
    "printable",
    "quoted",
]

SERIF = "Libertinus Serif"
MONO = "DejaVu Sans Mono"

#: Every text font there is, in the order in which a character is looked for.
FONTS = (SERIF, "New Computer Modern", MONO)

#: Unicode categories of characters that stand for nothing.
_NOTHING = ("Cc", "Cs", "Co", "Cn")

_MAIN = "main.typ"
_NO_FILES: Mapping[str, bytes] = MappingProxyType({})
_IMPORT = re.compile(r'\b(?:import|include)\s*\(?\s*"@')
_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed')
_FAMILY = re.compile(r"""font-family\s*(?:=\s*(["'])(.*?)\1|:\s*([^;}"<]+))""", re.DOTALL)
_TEXT = re.compile(r"<text\b")

# Stands before every source, on its first line so that line numbers stay true. A source may
# choose among the fonts; it cannot bring back a fallback that nobody named.
_NAMES = ", ".join(f'"{name}"' for name in FONTS)
_SETTINGS = f"#set text(font: ({_NAMES}), fallback: false);"
_UNDATED = "#set document(date: none);"
_DATED = "#set document(date: datetime(year: 1970, month: 1, day: 1));"

_Standard = Literal["ua-1", "a-2b"]


class TypesettingError(RuntimeError):
    """A source that cannot be set: a defect of whoever wrote it, never of what a person typed."""


def compile_pdf(source: str, *, files: Mapping[str, bytes] = _NO_FILES) -> bytes:
    """A tagged PDF that claims PDF/UA-1; the same source gives the same bytes.

    ``files`` are what the source may name, by path (``image("chart.svg")``). PDF/UA asks for
    ``#set document(title: …)``, a language, headings without gaps and ``alt`` on every picture.
    A page takes about 10 ms. Raises ``text_not_printable`` for a character that no font has,
    :class:`TypesettingError` for a defect of the source.
    """
    (pdf,) = _compile(_UNDATED + source, files, form="pdf", standard="ua-1")
    return pdf


def compile_png(source: str, *, files: Mapping[str, bytes] = _NO_FILES, ppi: float) -> bytes:
    """The one page of a source as a picture of ``ppi`` pixels an inch. Raises as the PDF does,
    and where there is more than one page."""
    # A picture hides a missing character; PDF/A does not, and asks for neither title nor alt, only
    # for a date.
    _compile(_DATED + source, files, form="pdf", standard="a-2b")
    pages = _compile(source, files, form="png", ppi=ppi)
    if len(pages) != 1:
        raise TypesettingError(f"a picture of {len(pages)} pages")
    return pages[0]


def escape(text: str) -> str:
    """Any text as typst markup that prints exactly it: ``#"…";``, a string in code.

    In a string only two characters mean something, so nothing that a source's title holds can
    become markup; nor are quotes curled or hyphens joined. Use it where markup stands (also inside
    ``[…]``), not inside code. Characters that stand for nothing (controls, private use, halves of
    pairs) print as U+FFFD.

    >>> escape("#read *all* of it")
    '#"#read *all* of it";'
    """
    return f"#{quoted(text)};" if text else ""


def quoted(text: str) -> str:
    """Any text as a typst string, for where code stands: ``alt: "…"``."""
    return '"' + printable(text).replace("\\", "\\\\").replace('"', '\\"') + '"'


def printable(text: str) -> str:
    """The text with U+FFFD for every character that stands for nothing: controls, private use,
    halves of pairs. A PDF could not show them, and a Word file would not open."""
    return "".join(map(_printable, text))


def _printable(character: str) -> str:
    if character in "\n\t":
        return character
    return "\ufffd" if unicodedata.category(character) in _NOTHING else character


# -- the compiler --------------------------------------------------------------------------------


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True)


@cache
def _nowhere() -> tempfile.TemporaryDirectory[str]:
    """An empty folder: a path that is not among the files leads here, and to nothing."""
    return tempfile.TemporaryDirectory(prefix="cauce-typst-")


def _compile(
    source: str,
    files: Mapping[str, bytes],
    *,
    form: Literal["pdf", "png"],
    standard: _Standard | None = None,
    ppi: float | None = None,
) -> list[bytes]:
    _check(source, files)
    # The package takes files by name and gives a list of many pictures; its types say neither.
    given: Any = {_MAIN: (_SETTINGS + source).encode(), **files}
    try:
        made, warnings = typst.compile_with_warnings(
            given,
            root=_nowhere().name,
            font_paths=_fonts(),
            ignore_system_fonts=True,
            format=form,
            ppi=ppi,
            pdf_standards=standard or [],
            timestamp=0,
        )
    except typst.TypstError as error:
        raise _refused(error) from error
    if warnings:
        raise TypesettingError("; ".join(f"{w.message} {w.diagnostic}" for w in warnings))
    pages = cast("bytes | list[bytes]", made)
    return pages if isinstance(pages, list) else [pages]


def _refused(error: typst.TypstError) -> Exception:
    missing = _MISSING.search(error.message)
    if missing:
        return CauceError("text_not_printable", text=missing[1])
    return TypesettingError(f"{error.message} {' '.join(error.hints)}\n{error.diagnostic}")


def _check(source: str, files: Mapping[str, bytes]) -> None:
    if _IMPORT.search(source):
        raise TypesettingError("a package of the network")
    for name, content in files.items():
        if Path(name).suffix == ".svg":
            _check_fonts(name, content.decode("utf-8"))


def _check_fonts(name: str, svg: str) -> None:
    families = list(_families(svg))
    if _TEXT.search(svg) and not families:
        raise TypesettingError(f"{name}: text without a font")
    for listed in families:
        if not set(listed) & set(FONTS):
            raise TypesettingError(f"{name}: none of the fonts is embedded: {', '.join(listed)}")


def _families(svg: str) -> Iterator[list[str]]:
    for match in _FAMILY.finditer(svg):
        yield [one.strip().strip("\"'") for one in (match[2] or match[3]).split(",")]
