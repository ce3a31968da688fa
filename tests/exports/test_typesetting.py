"""A source becomes the same PDF or picture everywhere, or nothing does."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest

from cauce.errors import CauceError
from cauce.exports.typesetting import (
    FONTS,
    TypesettingError,
    compile_pdf,
    compile_png,
    escape,
    printable,
    quoted,
)
from tests.exports.pdf_reading import bare, fonts_of, text_of

TITLE = '#set document(title: "Prueba");#set text(lang: "es");'
HOSTILE = (
    "#let x = 1 $a^2$ @ref <label> *bold* _slant_ `raw` = heading \\ \"quoted\" 'single' -- ... ~ "
    '// no /* comment */ [x] (y) {z} #read("/etc/passwd") \\u{41}'
)

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">'
    '<text y="9" font-family="{font}">{text}</text></svg>'
)


def svg(font: str = FONTS[0], text: str = "a") -> dict[str, bytes]:
    return {"a.svg": SVG.format(font=font, text=text).encode()}


def both(source: str, files: dict[str, bytes]) -> Iterator[Exception]:
    makers: list[Callable[[], bytes]] = [
        lambda: compile_pdf(TITLE + source, files=files),
        lambda: compile_png(source, files=files, ppi=72),
    ]
    for make in makers:
        with pytest.raises((TypesettingError, CauceError)) as refused:
            make()
        yield refused.value


def test_a_pdf_is_tagged_titled_in_its_language_and_bears_its_fonts() -> None:
    made = compile_pdf(TITLE + "= Uno\nDos")
    with pikepdf.open(io.BytesIO(made)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang) == "es"
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == "Prueba"
        assert "/CreationDate" not in pdf.docinfo
        assert pdf.open_metadata()["pdfuaid:part"] == "1"
        assert {is_embedded for _, is_embedded in fonts_of(pdf)} == {True}


def test_the_same_source_gives_the_same_bytes_and_no_day() -> None:
    source = TITLE + "= Uno\n#datetime.today().display()"
    assert compile_pdf(source) == compile_pdf(source)
    assert "1970-01-01" in text_of(compile_pdf(source))
    assert compile_png("uno", ppi=72) == compile_png("uno", ppi=72)


def test_a_picture_has_the_size_that_was_asked() -> None:
    page = "#set page(width: 72pt, height: 36pt, margin: 2pt)\n"
    made = compile_png(page + "a", ppi=144)
    assert made.startswith(b"\x89PNG")
    assert struct.unpack(">II", made[16:24]) == (144, 72)
    with pytest.raises(TypesettingError, match="2 pages"):
        compile_png(page + "a #pagebreak() b", ppi=72)


@pytest.mark.parametrize(
    "text", [HOSTILE, "= no heading", "- no list", "a\u00a0b", "«É» – ‘x’ ✓ →"]
)
def test_any_text_prints_exactly_itself(text: str) -> None:
    made = text_of(compile_pdf(f"{TITLE}{escape(text)}.len() {escape('(1)')}"))
    assert made == bare(f"{text}.len() (1)")


def test_a_text_in_code_is_a_string() -> None:
    made = compile_pdf(f"{TITLE}#text(fill: black, {quoted(HOSTILE)})")
    assert text_of(made) == bare(HOSTILE)
    assert escape("") == ""


def test_characters_that_stand_for_nothing_are_shown_as_such() -> None:
    assert printable("a\x00b\ue000c\ud800\td\n") == "a\ufffdb\ufffdc\ufffd\td\n"
    assert "a\ufffdb" in text_of(compile_pdf(TITLE + escape("a\x07b")))


def test_a_character_that_no_font_has_is_refused_and_named() -> None:
    image = '#image("a.svg", alt: "x")'
    for source, files in ((escape("a漢"), {}), (image, svg(text="漢"))):
        for refused in both(source, files):
            assert isinstance(refused, CauceError)
            assert (refused.code, refused.params) == ("text_not_printable", {"text": "漢"})


@pytest.mark.parametrize("font", ["Nope", "sans-serif", "Arial, Helvetica"])
def test_a_font_that_is_not_in_the_package_is_refused_in_text_and_in_pictures(font: str) -> None:
    for refused in both(f'#text(font: "{font}")[a]', {}):
        assert "unknown font family" in str(refused)
    for refused in both('#image("a.svg", alt: "x")', svg(font)):
        assert "none of the fonts is embedded" in str(refused)


def test_a_picture_names_its_font_and_may_name_others_for_the_screen() -> None:
    source = '#image("a.svg", alt: "x")'
    assert compile_png(source, files=svg(f"Arial, '{FONTS[0]}'"), ppi=72)
    styled = {"a.svg": svg()["a.svg"].replace(b'font-family="', b'style="font-family: ')}
    assert compile_png(source, files=styled, ppi=72)
    unnamed = {"a.svg": svg()["a.svg"].replace(b"font-family", b"class")}
    for refused in both(source, unnamed):
        assert "text without a font" in str(refused)


@pytest.mark.parametrize(
    "source",
    [
        '#import "@preview/cetz:0.3.0"',
        '#read("secret.txt")',
        '#read("/etc/passwd")',
        '#image("../a.svg", alt: "x")',
        "#unknown",
    ],
)
def test_nothing_is_read_from_disk_or_network(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    for refused in both(source, {}):
        assert isinstance(refused, TypesettingError)


def test_a_pdf_asks_for_a_title_and_for_words_beside_a_picture() -> None:
    with pytest.raises(TypesettingError, match="title"):
        compile_pdf("uno")
    with pytest.raises(TypesettingError, match="alt"):
        compile_pdf(TITLE + '#image("a.svg")', files=svg())
