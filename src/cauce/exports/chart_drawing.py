"""How is a chart drawn as SVG: where does each bar, mark, word and line of the axis stand?

Only geometry and escaping. What a number means was decided before; a range stays a range, and a
nothing is its word on a dashed line, never a bar of zero.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from html import escape
from zoneinfo import ZoneInfo

from cauce.exports.chart_scale import Scale
from cauce.exports.chart_text import cut, placed, width, wrapped
from cauce.exports.chart_values import Bar, Chart, Other, ends, is_about, level, span
from cauce.values.answer import Answer, Bound, Known
from cauce.words import NoNames, Voice, plain
from cauce.words.answers import quantity
from cauce.words.numbers import Exact

__all__ = ["WIDTH", "svg"]

#: In units of the drawing. At 350 pixels, the column of a telephone, its text has 12 pixels.
WIDTH = 400.0

SIZE, SMALL, LINE = 14.0, 12.5, 16.0
#: A stylesheet may set values in bold.
BOLD = SIZE * 1.1
BAR, THIN, MARK, GAP = 16.0, 8.0, 7.0, 9.0
#: Between a bar and its value, and what the sign of an open end takes besides.
PAD, OPEN = 6.0, 9.0

#: What is lost when coordinates are computed: no eye sees it.
ROUNDING = 0.01

#: The names keep at most this part of the width; the axis gets at least this part of the rest.
NAMES, LEAST = 0.36, 0.5

#: Up to so many values beside a bar have labels; of more only the lowest and the highest.
MOST_BESIDE = 4

# The last font but one is the one that the typesetter carries.
FONT = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', Arial, 'Libertinus Serif', sans-serif"

# What stands where no stylesheet does. The text takes the colour of its surroundings.
INK = 'fill="currentColor"'
FILL, SOFT = 'fill="#1b7386"', 'fill="#1b7386" fill-opacity="0.3" stroke="#1b7386"'
RULE = 'fill="none" stroke="currentColor"'
AIM = 'fill="none" stroke="#b4541a" stroke-width="2" stroke-dasharray="6 4"'
LIGHT = f'{RULE} stroke-opacity="0.25"'

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NOT_ID = re.compile(r"[^A-Za-z0-9_-]+")


def svg(chart: Chart, *, name: str, width: float = WIDTH) -> str:
    """The chart as inline SVG, the same bytes for the same chart.

    ``name`` makes the ids within a page; ``width`` is that of the drawing in its own units: text
    stays as it is, so a wider drawing has smaller text when both are shown at one width.
    """
    drawing = _Drawing(chart, _identifier(name), width)
    drawing.rows()
    return drawing.document()


def _identifier(name: str) -> str:
    return "chart-" + _NOT_ID.sub("-", name).strip("-")


def _xml(words: str) -> str:
    return escape(_NOT_XML.sub("", plain(words)))


def _n(number: float) -> str:
    """A coordinate: at most two digits after the point, never «-0»."""
    return f"{round(number, 2) + 0.0:g}" if abs(number) < 1e5 else f"{number:.2f}"


def _rect(kind: str, x: float, y: float, wide: float, high: float, look: str) -> str:
    return (
        f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" width="{_n(wide)}" '
        f'height="{_n(high)}" {look}/>'
    )


def _path(kind: str, data: str, look: str) -> str:
    return f'<path class="{kind}" d="{data}" {look}/>'


@dataclass(slots=True)
class _Drawing:
    """One chart being drawn from top to bottom. ``y`` is how far it has come."""

    chart: Chart
    id: str
    width: float
    y: float = 0.0
    left: float = 0.0
    right: float = 0.0
    scale: Scale = field(init=False)
    behind: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    top: float = 0.0

    def __post_init__(self) -> None:
        chart = self.chart
        answers = [bar.answer for bar in chart.bars]
        answers += [other.answer for other in chart.others if other.is_comparable]
        answers += [chart.target.answer] if chart.target else []
        self.scale = Scale.of(number for answer in answers for number in ends(answer))
        names = [self._name(bar) for bar in chart.bars]
        self.left = max(width(line, SIZE) for lines in names for line in lines) + 8
        self.right = self._axis_end()
        self._head()

    def _name(self, bar: Bar) -> tuple[str, ...]:
        room = self.width * NAMES - 8
        return wrapped(plain(bar.label), room, SIZE, most=3) or ("",)

    def _axis_end(self) -> float:
        """As far right as leaves room beside each bar for its value; values for which that would
        make the axis too short get a line of their own."""
        room = self.width - self.left
        # Half a mark, or half a line, of what stands at the end of the axis.
        edge = 5 if any(_mark(other) is not None for other in self.chart.others) else 2
        least, found = self.left + room * LEAST, self.width - edge
        for bar in self.chart.bars:
            share = self.scale.share(_top(bar.answer))
            end = self.left + (room - self._beside(bar)) / share if share else self.width
            if end >= least:
                found = min(found, end)
        return found

    def _beside(self, bar: Bar) -> float:
        """What the value takes to the right of its bar."""
        is_open = isinstance(bar.answer, Known) and bar.answer.bound is Bound.AT_LEAST
        return width(_value(bar), BOLD) + PAD + (OPEN if is_open else 0)

    def x(self, number: Exact) -> float:
        return self.left + self.scale.share(Fraction(number)) * (self.right - self.left)

    # -- the frame ---------------------------------------------------------------------------

    @property
    def aim(self) -> Fraction | None:
        """Where the target's line stands."""
        return level(self.chart.target.answer) if self.chart.target else None

    def _head(self) -> None:
        """What is counted, and the numbers of the axis."""
        if self.chart.warning:
            self._lines(self.chart.warning, "warning", SIZE)
        if self.chart.caption:
            self._text(0, 12, cut(plain(self.chart.caption), self.width, SMALL), "unit", SMALL)
            self.y += LINE
        voice = Voice(self.chart.language, NoNames(), ZoneInfo("UTC"))
        write = quantity(self.chart.unit, voice, self.chart.sense, noun=False)
        ticks = [(self.x(tick), plain(write(tick, ""))) for tick in self.scale.ticks]
        for start, x, words in self._clear(ticks):
            self._text(start, 12, words, "axis", SMALL)
            self.behind.append(f"M{_n(x)} {_n(self.y + LINE)}")
        self.y += LINE
        target, at = self.chart.target, self.aim
        if target and at is not None:
            words = cut(plain(target.label), self.width - 4, SMALL)
            wide = width(words, SMALL * 1.1)
            start = min(max(0, self.x(at) - wide / 2), self.width - wide)
            self._text(start, 12, words, "target", SMALL)
            self.y += LINE
        self.top = self.y
        self.y += 6

    def _clear(self, ticks: Sequence[tuple[float, str]]) -> Iterator[tuple[float, float, str]]:
        """The ticks whose words stand clear of one another; zero is always among them."""
        zero = next(n for n, tick in enumerate(self.scale.ticks) if tick == 0)
        taken: list[tuple[float, float]] = []
        for number in sorted(range(len(ticks)), key=lambda n: (n != zero, n)):
            x, words = ticks[number]
            wide = width(words, SMALL)
            start = min(max(0, x - wide / 2), self.width - wide)
            if all(start > end + 6 or start + wide + 6 < begin for begin, end in taken):
                taken.append((start, start + wide))
                yield start, x, words

    def document(self) -> str:
        """The drawing, once its rows are there."""
        chart, name, high = self.chart, self.id, self.y
        lines = "".join(f"{start}V{_n(high)}" for start in self.behind)
        zero = f"M{_n(self.x(0))} {_n(self.top)}V{_n(high)}"
        body = [_path("axis", lines, LIGHT), *self.parts, _path("axis zero", zero, RULE)]
        if (at := self.aim) is not None:
            line = _path("target", f"M{_n(self.x(at))} {_n(self.top - 2)}V{_n(high)}", AIM)
            body.insert(1, line)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" '
            f'lang="{chart.language}" aria-labelledby="{name}-title {name}-desc" '
            f'viewBox="0 0 {_n(self.width)} {_n(high)}" font-family="{FONT}" '
            f'font-size="{_n(SIZE)}"><title id="{name}-title">{_xml(chart.title)}</title>'
            f'<desc id="{name}-desc">{_xml(chart.description)}</desc>'
            f"{self._hatch()}{''.join(body)}</svg>"
        )

    def _hatch(self) -> str:
        chart = self.chart
        if not any(bar.is_part for bar in chart.bars) and not any(o.is_part for o in chart.others):
            return ""
        line = _path("hatch", "M0 0V6", 'fill="none" stroke="#1b7386" stroke-width="4"')
        return (
            f'<defs><pattern id="{self.id}-hatch" width="6" height="6" '
            f'patternUnits="userSpaceOnUse" patternTransform="rotate(45)">{line}'
            f"</pattern></defs>"
        )

    # -- the rows ----------------------------------------------------------------------------

    def rows(self) -> None:
        """Each bar with what stands beside it."""
        for number, bar in enumerate(self.chart.bars):
            self.parts.append(f'<g class="row"><title>{_xml(bar.sentence)}</title>')
            top = self.y
            for line, words in enumerate(self._name(bar)):
                self._text(0, 12.5 + line * LINE, words, "name", SIZE)
            names = LINE * len(self._name(bar))
            self._bar(bar)
            others = [other for other in self.chart.others if other.at == number]
            self._partial([other for other in others if other.is_part])
            self._marks([other for other in others if not other.is_part])
            self.y = max(self.y, top + names) + GAP
            self.parts.append("</g>")

    def _bar(self, bar: Bar) -> None:
        if not ends(bar.answer):
            self._gap(bar)
            return
        end = self.x(_top(bar.answer))
        # The axis was made to leave just this room.
        is_beside = end + self._beside(bar) <= self.width + ROUNDING
        if not is_beside:
            self._lines(_value(bar), "value", BOLD)
        self._shapes(bar.answer, BAR, is_part=bar.is_part)
        if is_beside:
            x = end + self._beside(bar) - width(_value(bar), BOLD)
            self._text(x, 12.5, _value(bar), "value", SIZE)
        self.y += BAR

    def _gap(self, bar: Bar) -> None:
        """The word for the nothing, and a dashed line where there is no bar."""
        room = self.width - self.left - 6
        lines = wrapped(_value(bar), room, SIZE, most=2)
        for line, words in enumerate(lines):
            self._text(self.left + 6, 12.5 + line * LINE, words, "gap", SIZE)
        start = self.left + 12 + width(lines[0] if lines else "", SIZE)
        if start < self.right:
            data = f"M{_n(start)} {_n(self.y + BAR / 2)}H{_n(self.right)}"
            self.parts.append(_path("gap", data, f'{RULE} stroke-dasharray="2 4"'))
        self.y += BAR + LINE * (len(lines) - 1)

    def _partial(self, others: Sequence[Other]) -> None:
        """Values of a part of the period: thin, hatched, each with its own words."""
        for other in others[:MOST_BESIDE]:
            words = plain(other.label)
            if _mark(other) is None:
                self._lines(words, "other", SMALL)
                continue
            self.y += 3
            end = self.x(_top(other.answer)) + PAD
            self._shapes(other.answer, THIN, is_part=True)
            if end + width(words, SMALL) <= self.width:
                self._text(end, 9, words, "other", SMALL)
                self.y += LINE - 4
            else:
                self.y += THIN
                self._lines(words, "other", SMALL)
        if len(others) > MOST_BESIDE:
            self._lines(f"+{len(others) - MOST_BESIDE}", "other", SMALL)

    def _marks(self, others: Sequence[Other]) -> None:
        """A triangle under the bar where another published value stands, and its words below."""
        if not others:
            return
        marked = [at for other in others if (at := _mark(other)) is not None]
        for at in marked:
            data = f"M{_n(self.x(at))} {_n(self.y + 0.5)}l4.5 {_n(MARK)}h-9z"
            self.parts.append(_path("other", data, INK))
        self.y += MARK + 1 if marked else 2
        left = self.left + 3
        labels = [(at, cut(words, self.width - left, SMALL)) for at, words in _labelled(others)]
        wanted = [(left if at is None else self.x(at), width(words, SMALL)) for at, words in labels]
        places = placed(wanted, left, self.width, space=10)
        for (start, line), (_, words) in zip(places, labels, strict=True):
            self._text(start, 11 + line * LINE, words, "other", SMALL)
        self.y += LINE * (1 + max(line for _, line in places))

    # -- shapes and words --------------------------------------------------------------------

    def _shapes(self, answer: Answer, high: float, *, is_part: bool) -> None:
        """The known part full, what may be besides lighter, an open end with an arrow."""
        if not isinstance(answer, Known):
            return
        low, upper, estimate = span(answer)
        sure = estimate if estimate is not None else _sure(low, upper)
        if sure:
            hatch = f'fill="url(#{self.id}-hatch)" stroke="#1b7386"'
            kind, look = ("bar-part", hatch) if is_part else ("bar", FILL)
            self._stretch(kind, 0, sure, high, look)
        middle = self.y + high / 2
        if answer.bound in (Bound.RANGE, Bound.AT_MOST) and upper is not None:
            self._stretch("bar-range", low or 0, upper, high, f'{SOFT} stroke-dasharray="4 2"')
        elif answer.bound is Bound.ABOUT and low is not None and upper is not None:
            data = f"M{_n(self.x(low))} {_n(middle)}H{_n(self.x(upper))}"
            self.parts.append(_path("open", data, f'{RULE} stroke-width="2"'))
        elif answer.bound is Bound.AT_LEAST and low is not None:
            half = _n(high / 2 - 2)
            data = f"M{_n(self.x(low) + 3)} {_n(self.y + 2)}l6 {half}l-6 {half}"
            self.parts.append(_path("open", data, f'{RULE} stroke-width="2"'))
        bottom = min((Fraction(0), *ends(answer)))
        if self.aim is not None and bottom < self.aim < _top(answer):
            # The line of the target runs behind the words; over the bars it is drawn again.
            data = f"M{_n(self.x(self.aim))} {_n(self.y)}v{_n(high)}"
            self.parts.append(_path("target", data, AIM))

    def _stretch(self, kind: str, one: Exact, other: Exact, high: float, look: str) -> None:
        """A rectangle from one number to another."""
        start, end = sorted((self.x(one), self.x(other)))
        self.parts.append(_rect(kind, start, self.y, end - start, high, look))

    def _lines(self, words: str, kind: str, size: float) -> None:
        """Words on lines of their own, from the axis to the edge."""
        for line in wrapped(words, self.width - self.left - 2, size, most=2):
            self._text(self.left + 2, 12, line, kind, size)
            self.y += LINE

    def _text(self, x: float, below: float, words: str, kind: str, size: float) -> None:
        look = INK if size >= SIZE else f'{INK} font-size="{_n(size)}"'
        look += ' font-weight="600"' if kind in ("value", "warning") else ""
        self.parts.append(
            f'<text class="{kind}" x="{_n(x)}" y="{_n(self.y + below)}" {look}>{_xml(words)}</text>'
        )


def _top(answer: Answer) -> Fraction:
    """How far to the right the bar reaches: the words of a negative one stand right of zero."""
    return max((Fraction(0), *ends(answer)))


def _value(bar: Bar) -> str:
    """The value in words; an estimate carries its sign."""
    words = plain(bar.value)
    return f"≈ {words}" if is_about(bar.answer) else words


def _sure(low: Fraction | None, high: Fraction | None) -> Fraction | None:
    """How far the bar certainly reaches from zero."""
    if low is not None and low > 0:
        return low
    return high if high is not None and high < 0 else None


def _mark(other: Other) -> Fraction | None:
    """Where on the axis it stands; nowhere if it is a nothing or in another unit."""
    return level(other.answer) if other.is_comparable else None


def _labelled(others: Sequence[Other]) -> list[tuple[Fraction | None, str]]:
    """Who gets words, and where they belong: everybody; of many the lowest and the highest, and
    between them how many more there are."""
    if len(others) <= MOST_BESIDE:
        return [(_mark(other), plain(other.label)) for other in others]
    marks = [(at, other) for other in others if (at := _mark(other)) is not None]
    if len(marks) < 2:
        shown = [(_mark(other), plain(other.label)) for other in others[:2]]
        return [*shown, (None, f"+{len(others) - 2}")]
    low, low_one = min(marks, key=lambda mark: mark[0])
    high, high_one = max(marks, key=lambda mark: mark[0])
    if low_one is high_one:
        high_one = marks[-1][1]
    return [
        (low, plain(low_one.label)),
        (high, plain(high_one.label)),
        ((low + high) / 2, f"+{len(others) - 2}"),
    ]
