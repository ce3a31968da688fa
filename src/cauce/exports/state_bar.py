"""How are counts of one whole, state by state, drawn as one bar that is legible without colour?

Only geometry and escaping: each part has its own pattern, and the words and numbers stand in the
list beside the bar. A count that lies between two numbers is drawn up to the higher one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from cauce.exports.chart_values import ends
from cauce.values.answer import Answer
from cauce.words import plain

__all__ = ["PATTERNS", "Part", "bar_svg", "swatch_svg"]

#: In units of the drawing; it scales with its column.
WIDTH, HIGH, GAP, SWATCH = 640.0, 40.0, 3.0, 16.0

_LINE = 'fill="none" stroke="#1b7386"'
_FRAME = 'stroke="currentColor" stroke-opacity="0.7"'

#: What stands in a part: nothing but paper, one tone, or lines; told apart in grey too.
PATTERNS = ("full", "dense", "stripes", "dots", "cross", "empty")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bar: how it is filled, and how much of the whole it is."""

    pattern: str
    answer: Answer

    def __post_init__(self) -> None:
        if self.pattern not in PATTERNS:
            raise ValueError(f"not a pattern: {self.pattern!r}")

    @property
    def size(self) -> Fraction:
        """How long the part is; a nothing has no length."""
        return max(ends(self.answer), default=Fraction(0))


def bar_svg(parts: Sequence[Part], *, name: str, title: str, description: str) -> str:
    """The bar as inline SVG; empty where there is nothing to draw. ``name`` makes its ids, which
    the swatches of the same page refer to."""
    shown = [part for part in parts if part.size > 0]
    if not shown:
        return ""
    whole = sum((part.size for part in shown), Fraction(0))
    room = WIDTH - 2 - GAP * (len(shown) - 1)
    rects, x = [], 1.0
    for part in shown:
        wide = room * float(part.size / whole)
        rects.append(_rect(part.pattern, name, x, 1.0, wide, HIGH - 2))
        x += wide + GAP
    return (
        f'<svg class="states" viewBox="0 0 {WIDTH:g} {HIGH:g}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{escape(plain(title))}</title>'
        f'<desc id="{name}-desc">{escape(plain(description))}</desc>'
        f"<defs>{''.join(_patterns(name))}</defs>{''.join(rects)}</svg>"
    )


def swatch_svg(pattern: str, *, name: str) -> str:
    """The pattern of one part beside its word; the word says it, so it is hidden from readers."""
    return (
        f'<svg class="swatch" viewBox="0 0 {SWATCH:g} {SWATCH:g}" width="{SWATCH:g}" '
        f'height="{SWATCH:g}" aria-hidden="true" focusable="false">'
        f"{_rect(pattern, name, 1.0, 1.0, SWATCH - 2, SWATCH - 2)}</svg>"
    )


def _rect(pattern: str, name: str, x: float, y: float, wide: float, high: float) -> str:
    fill = {"full": "#1b7386", "empty": "none"}.get(pattern, f"url(#{name}-{pattern})")
    return (
        f'<rect class="state-{pattern}" x="{x:.5g}" y="{y:g}" width="{wide:.5g}" '
        f'height="{high:g}" fill="{fill}" {_FRAME}/>'
    )


def _patterns(name: str) -> Iterator[str]:
    drawn = {
        "dense": f'<path class="hatch" d="M0 3H6" {_LINE} stroke-width="4"/>',
        "stripes": f'<path class="hatch" d="M0 0V6" {_LINE} stroke-width="2.5"/>',
        "dots": '<circle class="dot" cx="3" cy="3" r="1.3" fill="#1b7386"/>',
        "cross": f'<path class="hatch" d="M0 0H6M0 0V6" {_LINE} stroke-width="1.5"/>',
    }
    for kind, shape in drawn.items():
        turned = ' patternTransform="rotate(45)"' if kind in ("stripes", "cross") else ""
        yield (
            f'<pattern id="{name}-{kind}" width="6" height="6" '
            f'patternUnits="userSpaceOnUse"{turned}>{shape}</pattern>'
        )
