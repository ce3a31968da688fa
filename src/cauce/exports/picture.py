"""What does a figure, or a chart, look like when it travels alone, as a picture on a telephone?

A picture loses its page: whoever forwards it forwards nothing else. So it carries what was counted,
where and when, who says so and since which month, how sure it is, and where to read the rest. What
was invented for a demonstration says so larger than anything but the value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from cauce.exports.chart_drawing import WIDTH, svg
from cauce.exports.chart_values import Chart
from cauce.exports.evidence import is_invented
from cauce.exports.picture_source import (
    LONGEST_LINK,
    SHAPES,
    Block,
    Shape,
    drawing_size,
    source,
)
from cauce.exports.source_line import MOST_NAMES, source_line, status_line
from cauce.exports.typesetting import compile_png
from cauce.figures import Catalogue, Explanation
from cauce.figures.invented import INVENTED
from cauce.values.answer import Refused
from cauce.values.figure import Figure
from cauce.values.question import IndicatorQ
from cauce.words import Voice, plain
from cauce.words.answers import answer
from cauce.words.codes import caveat, reason
from cauce.words.explanations import Paper
from cauce.words.figures import coverage
from cauce.words.figures import value as value_words
from cauce.words.questions import innermost, title, where_and_when

__all__ = ["LIMIT", "SHAPES", "Picture", "Shape", "chart_png", "picture_of", "png", "typed"]

#: Said once for a whole site, not on every picture; and what has its own place on it.
UNSAID = frozenset({"coverage_unknown", INVENTED.code})

MOST_DOUBTS = 3

#: In a picture a chart is at least so much larger than its own units: below it, bars are left out.
LEGIBLE = 1.2

#: What a picture may weigh, in bytes, and the settings tried until one does: the largest size, and
#: how much is kept of texts that are as long as texts may be.
LIMIT = 150_000
_SETTINGS = ((1.4, 1.0), (1.0, 1.0), (0.9, 0.7), (0.7, 0.5), (0.5, 0.35))

_NO_FILES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Picture:
    """The words of a picture, all of them: nothing else is written on it. ``mark`` says that the
    indicator is still to be verified or was proposed here; ``warning`` that it was invented."""

    label: str
    scope: str
    value: str
    source: str
    status: str
    doubts: tuple[str, ...]
    mark: str
    warning: str
    address: str
    site: str
    language: str


def typed(*addresses: str) -> str:
    """The first of several addresses that a picture shows whole, as somebody types it: without its
    scheme and with plain strokes. The last where none is short enough."""
    shown = [one.partition("://")[2].replace("%2F", "/") for one in addresses]
    return next((one for one in shown if len(one) <= LONGEST_LINK), shown[-1])


def picture_of(
    explanation: Explanation,
    voice: Voice,
    papers: Mapping[str, Paper],
    *,
    address: str,
    site: str,
) -> Picture:
    """The picture of a released figure; ``address`` is the short link to it, ``site`` the name of
    the site that answers for it."""
    figure = explanation.figure
    return Picture(
        label=plain(title(figure.question, voice)),
        scope=plain(where_and_when(figure.question, voice)),
        value=plain(_value(figure, voice)),
        source=plain(source_line(explanation, voice, papers)),
        status=plain(status_line(explanation, voice)),
        doubts=tuple(plain(words) for words in _doubts(figure, voice)),
        mark=_mark(figure, voice),
        warning=voice.say("take.invented") if is_invented(figure) else "",
        address=address,
        site=site,
        language=voice.language,
    )


def png(picture: Picture, *, shape: Shape = "wide") -> bytes:
    """1200 × 630 pixels (``wide``, also the preview of a link) or 1080 × 1350 (``tall``), at most
    :data:`LIMIT` bytes; the same picture gives the same bytes.

    Raises ``text_not_printable`` for a character no font has.
    """
    blocks = (
        Block(picture.label, 34, "label"),
        Block(picture.scope, 30, "scope"),
        Block(picture.value, 84 if len(picture.value) < 24 else 60, "value"),
        Block(" · ".join(filter(None, (picture.source, picture.status))), 28, "plain"),
        Block(picture.mark, 26, "mark"),
        *(Block(words, 24, "soft") for words in picture.doubts),
    )
    return _small_enough(
        blocks, picture.warning, (picture.address, picture.site), picture.language, shape
    )


def _small_enough(
    blocks: tuple[Block, ...],
    warning: str,
    foot: tuple[str, str],
    language: str,
    shape: Shape,
    files: Mapping[str, bytes] = _NO_FILES,
) -> bytes:
    """The largest of a few settings that weighs no more than it may: bytes grow with the ink."""
    made = b""
    for largest, share in _SETTINGS:
        text = source(
            blocks,
            warning=warning,
            foot=foot,
            language=language,
            shape=shape,
            largest=largest,
            share=share,
        )
        made = compile_png(text, files=files, ppi=72)
        if len(made) <= LIMIT:
            break
    return made


def chart_png(
    chart: Chart, voice: Voice, *, source_line: str, address: str, site: str = ""
) -> bytes:
    """A chart as a picture of 1200 × 630 pixels with its title, ``source_line`` and link. Of more
    bars than can be read, the last periods (or the first groups), and how many there are."""
    shown = replace(_legible(chart), warning="")
    lines = [source_line]
    if len(shown.bars) < len(chart.bars):
        lines.append(voice.say("picture.bars", shown=len(shown.bars), count=len(chart.bars)))
    drawn, wide = _drawn(shown)
    blocks = (
        Block(chart.title, 32, "label"),
        Block("chart.svg", wide, "chart"),
        Block(" · ".join(filter(None, lines)), 22, "soft"),
    )
    files = {"chart.svg": drawn.encode()}
    return _small_enough(blocks, chart.warning, (address, site), chart.language, "wide", files)


def _drawn(chart: Chart) -> tuple[str, float]:
    """The chart in the proportions of the picture, and how wide it stands there."""
    room_wide, room_high = drawing_size("wide")
    _, high = _size(chart, WIDTH)
    wide = max(WIDTH, room_wide * high / room_high)
    found_wide, found_high = _size(chart, wide)
    scale = min(room_wide / found_wide, room_high / found_high)
    return svg(chart, name="picture", width=wide), round(found_wide * scale, 2)


def _size(chart: Chart, wide: float) -> tuple[float, float]:
    box = svg(chart, name="picture", width=wide).partition('viewBox="')[2].partition('"')[0]
    _, _, found_wide, found_high = map(float, box.split())
    return found_wide, found_high


def _legible(chart: Chart) -> Chart:
    """As many bars as stay legible: the last ones where they follow each other in time."""
    count = len(chart.bars)
    room_wide, room_high = drawing_size("wide")
    while count > 1 and _size(_cut(chart, count), room_wide / LEGIBLE)[1] * LEGIBLE > room_high:
        count -= 1
    return _cut(chart, count)


def _cut(chart: Chart, count: int) -> Chart:
    first = len(chart.bars) - count if chart.in_time else 0
    others = tuple(
        replace(other, at=other.at - first)
        for other in chart.others
        if first <= other.at < first + count
    )
    return replace(chart, bars=chart.bars[first : first + count], others=others)


# -- the words of a figure -----------------------------------------------------------------------


def _value(figure: Figure, voice: Voice) -> str:
    """With its bound; for a nothing which one. Why a number is refused stands among the doubts."""
    if isinstance(figure.answer, Refused):
        return voice.say("chart.refused")
    return value_words(figure, voice)


def _mark(figure: Figure, voice: Voice) -> str:
    """That the indicator rests on memory or on our own proposal; nothing where it was found."""
    inner = innermost(figure.question)
    if not isinstance(inner, IndicatorQ) or not isinstance(voice.naming, Catalogue):
        return ""
    indicator = voice.naming.indicators.get(inner.indicator)
    if indicator is None or indicator.basis == "found":
        return ""
    return voice.say("picture.mark", basis=voice.say(f"basis.{indicator.basis}"))


def _doubts(figure: Figure, voice: Voice) -> tuple[str, ...]:
    """The first few: why there is no number, what others say, who lacks, what to be careful of."""
    return tuple(words for words in _all_doubts(figure, voice) if words)[:MOST_DOUBTS]


def _all_doubts(figure: Figure, voice: Voice) -> Iterator[str]:
    if isinstance(figure.answer, Refused):
        yield voice.say("picture.because", reason=reason(figure.answer.reason, voice))
    yield _others(figure, voice)
    if figure.coverage and figure.coverage.received < figure.coverage.due:
        yield coverage(figure.coverage, voice)
    for code in figure.caveats:
        if code.code not in UNSAID:
            yield caveat(code, voice)


def _others(figure: Figure, voice: Voice) -> str:
    found = [
        voice.say(
            "others.one",
            reporter=voice.short(one.reporter) if one.reporter else voice.say("note.unnamed"),
            value=answer(one.answer, one.unit or figure.unit, voice),
        )
        for one in figure.competing
        if one.why == "reporter"
    ]
    shown = voice.apart(voice.few(found, MOST_NAMES))
    return voice.say("note.others", values=shown) if found else ""
