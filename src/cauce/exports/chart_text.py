"""How wide is a text, where does it break, and where do labels go so that none covers another?

Whoever draws on a server does not know the reader's font. Widths are those of a broad one (DejaVu
Sans), so that in any other the text is narrower than the room kept for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["cut", "ended", "placed", "width", "wrapped"]

#: Widths in parts of the font size, each for the characters that are at most so wide.
_WIDTHS = {
    **dict.fromkeys("ijlI.,:;'|!’ ·\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", 0.36),
    **dict.fromkeys('frt()[]-/"“”‘°', 0.48),
    **dict.fromkeys("mwMW@%—…œŒæÆ▲", 1.0),
}
_NARROW, _CAPITAL, _FULL, _OTHER = 0.66, 0.8, 1.05, 0.86

_ELLIPSIS = "…"

#: The digits at the end of a text, and what groups them.
_UNFINISHED = re.compile("\\d[\\d.,\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]*\\Z")


def width(text: str, size: float) -> float:
    """An upper estimate of the width of a text."""
    return sum(map(_advance, text)) * size


def _advance(character: str) -> float:
    if character in _WIDTHS:
        return _WIDTHS[character]
    if unicodedata.combining(character):
        return 0.0
    if unicodedata.east_asian_width(character) in "WF":
        return _FULL
    if character.isupper():
        return _CAPITAL
    return _NARROW if ord(character) < 0x250 else _OTHER


def cut(text: str, room: float, size: float) -> str:
    """The text, or as much of it as there is room for and an ellipsis."""
    if width(text, size) <= room:
        return text
    while text and width(text + _ELLIPSIS, size) > room:
        text = text[:-1]
    return ended(text)


def ended(text: str) -> str:
    """What is left of a text that was cut, with an ellipsis; half a number would be another one,
    and goes."""
    return _UNFINISHED.sub("", text.rstrip()).rstrip() + _ELLIPSIS


def wrapped(text: str, room: float, size: float, *, most: int) -> tuple[str, ...]:
    """The text in at most ``most`` lines; a word too long for a line is broken, and what does not
    fit in the last line ends in an ellipsis."""
    words = [piece for word in text.split(" ") if word for piece in _pieces(word, room, size)]
    lines: list[str] = []
    while words and len(lines) < most - 1:
        line, words = words[0], words[1:]
        while words and width(f"{line} {words[0]}", size) <= room:
            line, words = f"{line} {words[0]}", words[1:]
        lines.append(line)
    if words:
        lines.append(cut(" ".join(words), room, size))
    return tuple(lines)


def _pieces(word: str, room: float, size: float) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, size) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def placed(
    wanted: Sequence[tuple[float, float]], left: float, right: float, *, space: float
) -> list[tuple[float, int]]:
    """For each label, given the middle it wants and its width, where it starts and in which line.

    From left to right each takes the first line in which it stands clear of those before it. No
    label is wider than from ``left`` to ``right``.
    """
    free: list[float] = []
    found: dict[int, tuple[float, int]] = {}
    for number in sorted(range(len(wanted)), key=lambda n: (wanted[n][0], n)):
        middle, wide = wanted[number]
        start = max(left, min(middle - wide / 2, right - wide))
        line = next((n for n, end in enumerate(free) if end + space <= start), len(free))
        free[line : line + 1] = [start + wide]
        found[number] = (start, line)
    return [found[number] for number in range(len(wanted))]
