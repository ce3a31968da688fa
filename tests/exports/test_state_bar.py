"""The bar of states: each part told apart by its pattern, none by its colour alone."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from cauce.exports.state_bar import PATTERNS, Part, bar_svg, swatch_svg
from cauce.values.answer import Absence, Absent, Answer, Known, exact


def drawn(*parts: tuple[str, Answer]) -> str:
    told = [Part(pattern, answer) for pattern, answer in parts]
    return bar_svg(told, name="states", title="Por <estado>", description="1 y 3")


def widths(svg: str) -> list[float]:
    return [float(w) for w in re.findall(r'<rect [^>]*width="([^"]*)"', svg)]


def test_the_parts_are_as_long_as_their_counts() -> None:
    one, three = widths(drawn(("full", exact(1)), ("empty", exact(3))))
    assert three == pytest.approx(3 * one, rel=1e-3)


def test_a_state_without_any_and_one_without_a_number_take_no_room() -> None:
    svg = drawn(("full", exact(2)), ("dots", exact(0)), ("cross", Absent(Absence.MISSING)))
    assert len(widths(svg)) == 1


def test_a_range_is_drawn_up_to_its_higher_end() -> None:
    svg = drawn(("full", Known(Fraction(0), Fraction(2))), ("empty", exact(2)))
    first, second = widths(svg)
    assert first == second


def test_nothing_counted_is_no_bar() -> None:
    assert drawn(("full", exact(0)), ("empty", exact(0))) == ""


def test_the_bar_is_named_described_and_escaped() -> None:
    svg = drawn(("full", exact(1)))
    assert '<title id="states-title">Por &lt;estado&gt;</title>' in svg
    assert 'aria-labelledby="states-title states-desc"' in svg
    assert "style=" not in svg


@pytest.mark.parametrize("pattern", PATTERNS)
def test_each_swatch_is_filled_as_its_part_of_the_bar(pattern: str) -> None:
    fill = re.compile(r'<rect [^>]*fill="([^"]*)"')
    swatch, part = swatch_svg(pattern, name="states"), drawn((pattern, exact(1)))
    assert fill.findall(swatch) == fill.findall(part)
    assert 'aria-hidden="true"' in swatch


def test_an_unknown_pattern_is_refused() -> None:
    with pytest.raises(ValueError, match="not a pattern"):
        Part("zebra", exact(1))
