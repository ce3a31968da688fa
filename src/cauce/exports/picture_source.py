"""How are the words of a picture set, so that nothing overflows it?

One page of typst whose size in points is the size in pixels. Its blocks are tried at full size and
then smaller, until all of them fit above the foot; words too long for any size were cut before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from cauce.exports.chart_text import ended
from cauce.exports.typesetting import quoted

__all__ = ["SHAPES", "Block", "Shape", "drawing_size", "source"]

Shape = Literal["wide", "tall"]

#: Width and height in pixels.
SHAPES: dict[str, tuple[int, int]] = {"wide": (1200, 630), "tall": (1080, 1350)}

MARGIN = 56
FOOT, BAND = 44, 64

#: The most characters of a block, by what it is: what is longer ends in an ellipsis.
LONGEST = {"label": 220, "scope": 200, "value": 160, "plain": 240, "mark": 160, "soft": 200}

#: So much of a link stands on its line.
LONGEST_LINK = 110

#: Longer words get places where they may break.
LONG_WORD = 24
_BREAK = "\u200b"

_LOOKS = {
    "label": 'weight: "bold", fill: ink',
    "scope": "fill: ink",
    "value": 'weight: "bold", fill: accent',
    "plain": "fill: ink",
    "mark": 'weight: "bold", fill: mark',
    "soft": "fill: soft",
}

# The first size at which all blocks fit; by then the smallest does, and is clipped for certain.
_FIT = """
#let ink = rgb("#1d2428")
#let soft = rgb("#46535b")
#let accent = rgb("#0a5a6b")
#let mark = rgb("#9a4312")
#let fitted(at, largest, make) = layout(size => {
  let found = none
  for scale in (1.0, 0.92, 0.84, 0.76, 0.68, 0.6, 0.52, 0.44, 0.36, 0.28) {
    found = make(scale * largest)
    if measure(block(width: size.width, found)).height <= size.height { break }
  }
  block(width: size.width, height: size.height, clip: true, align(at, found))
})
"""


@dataclass(frozen=True, slots=True)
class Block:
    """Words with their size at full scale, or the ``chart`` in a file with its width."""

    words: str
    size: float
    kind: str


def drawing_size(shape: Shape) -> tuple[float, float]:
    """The room for a chart under its title and above its source."""
    wide, high = SHAPES[shape]
    return wide - 2 * MARGIN, high - FOOT - 206


def source(
    blocks: Sequence[Block],
    *,
    warning: str,
    foot: tuple[str, str],
    language: str,
    shape: Shape,
    largest: float = 1.0,
    share: float = 1.0,
) -> str:
    """The page as typst source. ``foot`` is what stands at its lower left and right, ``largest``
    the first size to try, ``share`` how much is kept of texts at their longest."""
    wide, high = SHAPES[shape]
    body = ", ".join(_block(block, share) for block in blocks if block.words)
    room = f"100% - {FOOT + 40 + (BAND if warning else 0)}pt"
    page = f"width: {wide}pt, height: {high}pt, margin: (x: {MARGIN}pt, y: 0pt)"
    # A tall picture has room to spare: what it says stands in the middle of it.
    at = "top" if shape == "wide" else "horizon"
    inside = f"fitted({at}, {largest:g}, scale => stack(spacing: 12pt * scale, {body}))"
    lines = (
        f'#set page({page}, fill: rgb("#ffffff"))',
        f'#set text(lang: "{language}", top-edge: "ascender", bottom-edge: "descender")',
        "#set par(leading: 0.1em)",
        _FIT.strip(),
        *_band(warning),
        f"#block(height: {room}, width: 100%, above: 0pt, inset: (top: 30pt), {inside})",
        *_foot(*foot),
    )
    return "\n".join(lines)


def _band(warning: str) -> Iterator[str]:
    if warning:
        yield (
            f'#block(width: 100%, height: {BAND}pt, fill: rgb("#ffd84d"), outset: (x: {MARGIN}pt), '
            "above: 0pt, below: 0pt, align(center + horizon, "
            f'text(size: 40pt, weight: "bold", tracking: 3pt, {_text(warning, 28)})))'
        )


def _foot(address: str, site: str) -> Iterator[str]:
    """The link and the site, each in a column of its own and never over the line."""
    words = _text(address, LONGEST_LINK)
    link = f'text(size: {_small(address)}pt, weight: "bold", fill: accent, {words})'
    name = f"text(size: {22 if len(site) <= 16 else 15}pt, fill: soft, {_text(site, 30)})"
    yield (
        f"#place(bottom, dy: -20pt, block(width: 100%, height: {FOOT}pt, clip: true, "
        "stroke: (top: 2pt + accent), inset: (top: 8pt), grid(columns: (3fr, 1fr), "
        f"column-gutter: 24pt, {link}, align(right, {name}))))"
    )


def _small(address: str) -> int:
    """A long link is set smaller, so that it stays on its line and can be typed."""
    return 26 if len(address) <= 44 else 20 if len(address) <= 62 else 14


def _block(block: Block, share: float) -> str:
    if block.kind == "chart":
        return f"image({quoted(block.words)}, width: {block.size}pt * calc.min(1.0, scale))"
    words = _text(block.words, int(LONGEST[block.kind] * share))
    return f"text(size: {block.size:g}pt * scale, {_LOOKS[block.kind]}, {words})"


def _text(words: str, longest: int) -> str:
    """The words as a string of typst, cut, with places to break in what has none."""
    if len(words) > longest:
        words = ended(words[: longest - 1])
    return quoted(" ".join(_broken(word) for word in words.split(" ")))


def _broken(word: str) -> str:
    if len(word) <= LONG_WORD:
        return word
    return _BREAK.join(word[at : at + 8] for at in range(0, len(word), 8))
