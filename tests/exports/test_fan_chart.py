"""Is a fan drawn as it is: the band where it lies, a gap as a gap, and no words over others?"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from cauce.exports.fan_chart import FanChart, FanLine, fan_svg

SVG = "{http://www.w3.org/2000/svg}"
MAIN = FanLine("como está: 50", (100.0, 50.0, 50.0), (100.0, 40.0, 30.0), (100.0, 60.0, 70.0))
CHART = FanChart(
    "Rezago & co.", "Quedarían <50>.", "Pendientes (casos)", (0.0, 10.0, 20.0),
    ((0.0, "ene 2026"), (20.0, "feb 2026")), (MAIN,),
)  # fmt: skip


def drawn(chart: FanChart, **more: float) -> ElementTree.Element:
    return ElementTree.fromstring(fan_svg(chart, name="a b", **more))  # noqa: S314  # made here


def paths(root: ElementTree.Element, kind: str) -> list[str]:
    return [str(each.get("d")) for each in root.iter(f"{SVG}path") if each.get("class") == kind]


def points(path: str) -> list[tuple[float, float]]:
    found = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path)
    return [(float(x), float(y)) for x, y in found]


def texts(root: ElementTree.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def test_the_band_lies_around_the_line_at_every_time() -> None:
    root = drawn(CHART)
    (band,), line = paths(root, "bar-range"), points(paths(root, "line")[0])
    around = points(band)
    high, low = around[:3], around[:2:-1]
    assert [x for x, _ in line] == [x for x, _ in high] == [x for x, _ in low]
    # Down the page is less: 60 and 40 are as far from 50 as 70 and 30 are from it by half.
    assert [round(y - h, 1) for (_, y), (_, h) in zip(line, high, strict=True)] == [
        round(lo - y, 1) for (_, y), (_, lo) in zip(line, low, strict=True)
    ]
    assert round((low[2][1] - high[2][1]) / (low[1][1] - high[1][1]), 2) == 2.0


def test_the_picture_says_what_it_is_to_who_does_not_see_it() -> None:
    root = drawn(CHART)
    named = str(root.get("aria-labelledby")).split()
    said = {each.get("id"): each.text for each in root if each.get("id")}
    assert [said[name] for name in named] == ["Rezago & co.", "Quedarían <50>."]
    assert (root.get("role"), root.get("lang")) == ("img", "es")
    assert "script" not in fan_svg(CHART, name="a b")
    assert "http" not in fan_svg(CHART, name="a b").replace("http://www.w3.org/2000/svg", "")


def test_the_same_chart_is_the_same_bytes() -> None:
    assert fan_svg(CHART, name="a") == fan_svg(replace(CHART), name="a")


def test_a_gap_is_a_gap() -> None:
    line = FanLine("abierto", (1.0, None, 3.0))
    assert len(paths(drawn(replace(CHART, lines=(line,))), "line")) == 3  # two stretches, one end


def test_a_line_of_nothing_has_its_words_and_no_line() -> None:
    nothing = FanLine("cerrado", (None, None, None))
    root = drawn(replace(CHART, lines=(MAIN, nothing)))
    assert len(paths(root, "line")) == 1 + 2
    assert "cerrado" in texts(root)


def test_words_at_the_ends_never_cover_one_another() -> None:
    others = tuple(FanLine(f"si {name}", (100.0, 60.0, 50.0)) for name in "abcde")
    root = drawn(replace(CHART, lines=(MAIN, *others)))
    heights = sorted(
        float(str(each.get("y")))
        for each in root.iter(f"{SVG}text")
        if each.get("class") == "value"
    )
    assert min(b - a for a, b in pairwise(heights)) >= 13


def test_no_word_leaves_the_drawing() -> None:
    long = FanLine("un nombre que no cabe en una sola línea: 50 (30–70)", MAIN.middle)
    for wide in (400.0, 640.0):
        root = drawn(replace(CHART, lines=(MAIN, long)), width=wide)
        box = [float(part) for part in str(root.get("viewBox")).split()]
        for each in root.iter(f"{SVG}text"):
            assert 0 <= float(str(each.get("x"))) < box[2]
            assert 0 <= float(str(each.get("y"))) <= box[3]


def test_what_was_made_up_stands_above_everything() -> None:
    root = drawn(replace(CHART, warning="DATOS INVENTADOS: no los cite."))
    assert texts(root)[0] == "DATOS INVENTADOS: no los cite."


@pytest.mark.parametrize(("at", "is_above"), [(20.0, True), (120.0, False)])
def test_a_level_has_its_words_clear_of_the_head(at: float, is_above: bool) -> None:
    root = drawn(replace(CHART, level=(at, "meta")))
    ((_, line), *_) = points(paths(root, "target")[0].replace("H", " 0 "))
    (word,) = (each for each in root.iter(f"{SVG}text") if each.get("class") == "target")
    assert (float(str(word.get("y"))) < line) == is_above


def test_what_has_happened_is_not_dashed() -> None:
    seen = FanLine("llegaron", (1.0, 2.0, 3.0), is_seen=True)
    other = FanLine("si", (1.0, 2.0, 3.0))
    for second, dashed in ((seen, False), (other, True)):
        assert ("stroke-dasharray" in fan_svg(replace(CHART, lines=(MAIN, second)), name="x")) == (
            dashed
        )


@pytest.mark.parametrize(
    "changed",
    [
        {"lines": ()},
        {"times": (0.0,)},
        {"lines": (FanLine("corta", (1.0, 2.0)),)},
        {"lines": (FanLine("media", (1.0, 2.0, 3.0), low=(1.0, 2.0, 3.0)),)},
    ],
)
def test_a_chart_without_a_value_for_each_time_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # a defect of whoever draws, in no language
        replace(CHART, **changed)  # type: ignore[arg-type]
