"""What a PDF says, read through its fonts' own character maps; without blanks, because where a
line breaks there is none."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

__all__ = ["bare", "fonts_of", "pages_of", "tags_of", "text_of"]

_CHARACTER = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")
_RANGE = re.compile(rb"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]+)>")


def bare(text: str) -> str:
    """The text without blanks of any kind."""
    return "".join(text.split())


def text_of(made: bytes) -> str:
    return "".join(pages_of(made))


def pages_of(made: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return [bare("".join(_pieces(page))) for page in pdf.pages]


def _pieces(page: pikepdf.Page) -> Iterator[str]:
    maps = {name: _map(font) for name, font in page.Resources.Font.items()}
    known: dict[int, str] = {}
    for one in pikepdf.parse_content_stream(page):
        operands, operator = one.operands, one.operator
        if str(operator) == "Tf":
            known = maps[str(operands[0])]
        elif str(operator) == "Tj":
            yield _decoded(bytes(operands[0]), known)
        elif str(operator) == "TJ":
            strings = (part for part in operands[0] if isinstance(part, pikepdf.String))
            yield from (_decoded(bytes(part), known) for part in strings)


def _decoded(codes: bytes, known: dict[int, str]) -> str:
    pairs = (int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2))
    return "".join(known.get(pair, "") for pair in pairs)


def _map(font: pikepdf.Object) -> dict[int, str]:
    known: dict[int, str] = {}
    source = font.ToUnicode.read_bytes()
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", source, re.DOTALL):
        for code, text in _CHARACTER.findall(block):
            known[int(code, 16)] = bytes.fromhex(text.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", source, re.DOTALL):
        for first, last, text in _RANGE.findall(block):
            for step, code in enumerate(range(int(first, 16), int(last, 16) + 1)):
                known[code] = chr(int(text, 16) + step)
    return known


def fonts_of(pdf: pikepdf.Pdf) -> Iterator[tuple[str, bool]]:
    """Each font of the document, and whether the file bears it."""
    for page in pdf.pages:
        for font in page.Resources.Font.values():
            (inner,) = font.DescendantFonts
            files = {"/FontFile", "/FontFile2", "/FontFile3"}
            name = str(font.BaseFont).partition("+")[2]
            yield name, bool(files & set(inner.FontDescriptor.keys()))


def tags_of(pdf: pikepdf.Pdf) -> list[str]:
    """The tags of the document in reading order: «H1», «P», «Table», «TH» …"""
    return list(_tags(pdf.Root.StructTreeRoot))


def _tags(element: pikepdf.Object) -> Iterator[str]:
    if "/S" in element:
        yield str(element.S)[1:]
    kids: Any = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary):
            yield from _tags(kid)
