"""How is a number drawn that changes with time and is known only as a band?

One line for the value in the middle, a band where most runs lie, and other lines to compare with,
each with its words at its end. Like the bars of ``chart``: no script, no style, no foreign host;
plain attributes make it right where there is no stylesheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape

from cauce.exports.chart_drawing import AIM, FONT, INK, LIGHT, LINE, RULE, SIZE, SMALL, WIDTH
from cauce.exports.chart_scale import Scale
from cauce.exports.chart_text import width as text_width
from cauce.exports.chart_text import wrapped
from cauce.words import plain
from cauce.words.numbers import number

__all__ = ["FanChart", "FanLine", "fan_svg"]

#: The height of the field, as a part of its width, and the part that words at the ends may take.
_TALL, _ENDS = 0.5, 0.36
_PAD = 6.0
_MOST_LINES = 3
#: The size as which words are measured of which some are bold.
BOLD = SMALL * 1.1
_COLOURS = ("#1b7386", "#b4541a", "#5b4a9c", "#4c6b1f", "#7a2e52", "#555555")
_DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "12 4")
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_ID = re.compile(r"[^A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class FanLine:
    """A line with its words: a value at each time, and the band around it (empty: none).

    ``None`` at a time is a gap in the line. ``is_seen``: what has happened, not what may.
    """

    label: str
    middle: tuple[float | None, ...]
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    is_seen: bool = False

    @property
    def numbers(self) -> list[float]:
        """All that the axis must reach."""
        return [each for each in (*self.middle, *self.low, *self.high) if each is not None]


@dataclass(frozen=True, slots=True)
class FanChart:
    """The first line is the one the chart is about. ``times``: ascending, one for each value;
    ``ticks``: where words stand along them; ``level``: a number to be reached, with its words;
    ``warning`` stands above everything."""

    title: str
    description: str
    caption: str
    times: tuple[float, ...]
    ticks: tuple[tuple[float, str], ...]
    lines: tuple[FanLine, ...]
    language: str = "es"
    warning: str = ""
    level: tuple[float, str] | None = None

    def __post_init__(self) -> None:
        if not self.lines or len(self.times) < 2:
            raise ValueError("a chart over time has a line and two times")
        for line in self.lines:
            lengths = {len(values) for values in (line.low, line.high, line.middle) if values}
            if lengths != {len(self.times)} or bool(line.low) != bool(line.high):
                raise ValueError(f"not a value for each time: {line.label}")


def fan_svg(chart: FanChart, *, name: str, width: float = WIDTH) -> str:
    """The chart as SVG, the same bytes for the same chart; ``name`` makes the ids in a page."""
    drawing = _Drawing(chart, f"fan-{_NOT_ID.sub('-', name).strip('-')}", width)
    return drawing.document()


def _xml(words: str) -> str:
    return escape(_NOT_XML.sub("", plain(words)))


def _n(value: float) -> str:
    return f"{round(value, 2) + 0.0:g}" if abs(value) < 1e5 else f"{value:.2f}"


@dataclass(slots=True)
class _Drawing:
    """One chart being drawn from top to bottom."""

    chart: FanChart
    id: str
    width: float
    scale: Scale = field(init=False)
    left: float = 0.0
    right: float = 0.0
    top: float = 0.0
    bottom: float = 0.0
    parts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        chart = self.chart
        reached = [Fraction(value) for line in chart.lines for value in line.numbers]
        if chart.level:
            reached.append(Fraction(chart.level[0]))
        self.scale = Scale.of(reached)
        names = [number(tick, chart.language) for tick in self.scale.ticks]
        self.left = max(text_width(each, SMALL) for each in names) + _PAD
        widest = max(text_width(words, BOLD) for line in self.labels for words in line)
        self.right = self.width - min(widest, self.width * _ENDS) - 2 * _PAD

    @property
    def labels(self) -> list[tuple[str, ...]]:
        room = self.width * _ENDS
        return [
            wrapped(plain(line.label), room, BOLD, most=_MOST_LINES) or ("",)
            for line in self.chart.lines
        ]

    def x(self, time: float) -> float:
        first, last = self.chart.times[0], self.chart.times[-1]
        return self.left + (time - first) / (last - first) * (self.right - self.left)

    def y(self, value: float) -> float:
        return self.bottom - self.scale.share(Fraction(value)) * (self.bottom - self.top)

    def document(self) -> str:
        """The whole drawing."""
        chart, name = self.chart, self.id
        self._head()
        self.bottom = self.top + self.width * _TALL
        self._axes()
        for place in reversed(range(len(chart.lines))):
            self._line(place)
        self._level()
        low = self._ends()
        high = max(self.bottom + LINE + 4, low + 4)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart fan" role="img" '
            f'lang="{chart.language}" aria-labelledby="{name}-title {name}-desc" '
            f'viewBox="0 0 {_n(self.width)} {_n(high)}" font-family="{FONT}" '
            f'font-size="{_n(SIZE)}"><title id="{name}-title">{_xml(chart.title)}</title>'
            f'<desc id="{name}-desc">{_xml(chart.description)}</desc>'
            f"{''.join(self.parts)}</svg>\n"
        )

    # -- the frame -------------------------------------------------------------------------------

    def _head(self) -> None:
        """The warning, the title and what is counted."""
        heads = ((self.chart.warning, "warning"), (self.chart.title, "name"))
        for words, kind in heads:
            for line in wrapped(plain(words), self.width - 2, SIZE * 1.1, most=2):
                self._text(0, self.top + 13, line, kind, SIZE)
                self.top += LINE + 1
        for line in wrapped(plain(self.chart.caption), self.width - 2, SMALL, most=2):
            self._text(0, self.top + 12, line, "unit", SMALL)
            self.top += LINE
        self.top += 8

    def _axes(self) -> None:
        for tick in self.scale.ticks:
            at, words = self.y(float(tick)), number(tick, self.chart.language)
            look = RULE if tick == 0 else LIGHT
            self._path("axis", f"M{_n(self.left)} {_n(at)}H{_n(self.right)}", look)
            start = self.left - _PAD - text_width(words, SMALL)
            self._text(max(0.0, start), at + 4, words, "axis", SMALL)
        taken = -1.0
        for time, words in self.chart.ticks:
            at, wide = self.x(time), text_width(words, SMALL)
            start = min(max(self.left - _PAD, at - wide / 2), self.width - wide)
            if start > taken:
                self._path("axis", f"M{_n(at)} {_n(self.bottom)}v4", RULE)
                self._text(start, self.bottom + 16, words, "axis", SMALL)
                taken = start + wide + 8

    def _level(self) -> None:
        if self.chart.level:
            value, words = self.chart.level
            at = self.y(value)
            self._path("target", f"M{_n(self.left)} {_n(at)}H{_n(self.right)}", AIM)
            # Above the line, unless the head of the drawing is there.
            below = at + 15 if at - self.top < LINE else at - 4
            self._text(self.left + 4, below, words, "target", SMALL)

    # -- the lines -------------------------------------------------------------------------------

    def _line(self, place: int) -> None:
        line, colour = self.chart.lines[place], self._colour(place)
        for start, end in _stretches(line.middle):
            if line.low:
                upper = self._points(line.high, range(start, end))
                lower = self._points(line.low, reversed(range(start, end)))
                shade = 0.28 if place == 0 else 0.12
                look = f'fill="{colour}" fill-opacity="{shade}" stroke="none"'
                self._path("bar-range", f"M{upper}L{lower}Z", look)
            stroke = f'fill="none" stroke="{colour}" stroke-width="{2.5 if place == 0 else 1.75}"'
            dash = "" if line.is_seen else _DASHES[place % len(_DASHES)]
            stroke += f' stroke-dasharray="{dash}"' if dash else ""
            self._path("line", f"M{self._points(line.middle, range(start, end))}", stroke)

    def _colour(self, place: int) -> str:
        seen = self.chart.lines[place].is_seen
        return "currentColor" if seen else _COLOURS[place % len(_COLOURS)]

    def _points(self, values: Sequence[float | None], places: Iterator[int] | range) -> str:
        times = self.chart.times
        return "L".join(f"{_n(self.x(times[at]))} {_n(self.y(values[at] or 0.0))}" for at in places)

    def _ends(self) -> float:
        """The words of each line beside its end, none over another; how far down they reach."""
        wanted = []
        for place, line in enumerate(self.chart.lines):
            last = max((at for at, each in enumerate(line.middle) if each is not None), default=0)
            wanted.append((self.y(line.middle[last] or 0.0), place, self.labels[place]))
        down = self.top - 6
        for at, place, lines in _apart(sorted(wanted), self.top - 6, self.bottom):
            colour = self._colour(place)
            self._path(
                "line",
                f"M{_n(self.right + 2)} {_n(self.y_of(place))}L{_n(self.right + 8)} {_n(at + 7)}",
                f'fill="none" stroke="{colour}"',
            )
            for index, words in enumerate(lines):
                below = at + 11 + index * (LINE - 2)
                look = f'fill="{colour}" font-size="{_n(SMALL)}"'
                look += ' font-weight="600"' if place == 0 and index == 0 else ""
                start = self.right + 2 * _PAD
                self.parts.append(
                    f'<text class="value" x="{_n(start)}" y="{_n(below)}" {look}>'
                    f"{_xml(words)}</text>"
                )
                down = below
        return down

    def y_of(self, place: int) -> float:
        """Where a line ends."""
        known = [each for each in self.chart.lines[place].middle if each is not None]
        return self.y(known[-1] if known else 0.0)

    # -- shapes and words ------------------------------------------------------------------------

    def _path(self, kind: str, data: str, look: str) -> None:
        self.parts.append(f'<path class="{kind}" d="{data}" {look}/>')

    def _text(self, x: float, y: float, words: str, kind: str, size: float) -> None:
        look = INK if size >= SIZE else f'{INK} font-size="{_n(size)}"'
        look += ' font-weight="600"' if kind in ("name", "warning") else ""
        self.parts.append(
            f'<text class="{kind}" x="{_n(x)}" y="{_n(y)}" {look}>{_xml(words)}</text>'
        )


def _stretches(values: Sequence[float | None]) -> Iterator[tuple[int, int]]:
    """From where to where there are values without a gap."""
    start = None
    for place, value in enumerate((*values, None)):
        if value is not None and start is None:
            start = place
        elif value is None and start is not None:
            yield start, place
            start = None


def _apart(
    wanted: Sequence[tuple[float, int, tuple[str, ...]]], top: float, bottom: float
) -> list[tuple[float, int, tuple[str, ...]]]:
    """The labels from top to bottom, moved down as far as it takes to stand clear, then up where
    that was too far."""
    heights = [len(lines) * (LINE - 2) + 4 for _, _, lines in wanted]
    places: list[float] = []
    down = top
    for (at, _, _), high in zip(wanted, heights, strict=True):
        places.append(max(at - 8, down))
        down = places[-1] + high
    up = max(bottom, top + sum(heights))
    for index in reversed(range(len(places))):
        places[index] = min(places[index], up - heights[index])
        up = places[index]
    return [(place, which, lines) for place, (_, which, lines) in zip(places, wanted, strict=True)]
