"""What a chart draws, what it says, and that nothing on it hides or covers anything else."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree import ElementTree as etree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cauce.exports.chart import Bar, Chart, Other, Target, change_of, chart_of, svg
from cauce.exports.chart_scale import Scale
from cauce.exports.chart_text import cut, placed, width, wrapped
from cauce.values.answer import (
    Absence,
    Absent,
    Answer,
    Code,
    Known,
    Refused,
    Suppressed,
    exact,
)
from cauce.values.breakdown import Breakdown
from cauce.values.figure import Competing, Coverage, Figure, Lack, Sense
from cauce.values.period import Period
from cauce.values.question import ChangeQ, IndicatorQ
from cauce.words import NoNames, Voice

NOTHINGS: dict[str, Answer] = {
    "sin dato": Absent(Absence.MISSING),
    "en revisión": Absent(Absence.PENDING),
    "retirado": Absent(Absence.WITHDRAWN),
    "protegido": Suppressed("small_cell"),
    "no se puede dar un número": Refused.of("no_rate", currency="MXN", into="USD"),
}
SVG = "{http://www.w3.org/2000/svg}"


class Named(NoNames):
    """The names that these tests ask for."""

    def name(self, code: str, language: str, *, short: bool = False) -> tuple[str, str]:
        return {"x/A": "Solicitudes", "MEX": "México", "x/ACNUR": "ACNUR"}.get(code, code), ""

    def code_name(self, dimension: str, code: str, language: str) -> tuple[str, str]:
        return {"f": "mujeres", "m": "hombres"}[code], ""


def voice(language: str = "es") -> Voice:
    return Voice(language, Named(), ZoneInfo("UTC"))


def figure(period: str, answer: Answer, **more: object) -> Figure:
    question = IndicatorQ(indicator="x/A", place="MEX", period=Period.parse(period))
    return Figure(question, answer, "person", **more)  # type: ignore[arg-type]  # fields of a figure


def bar(label: str, answer: Answer, value: str = "") -> Bar:
    number = answer.value if isinstance(answer, Known) else None
    words = value or (str(number) if number is not None else "sin dato")
    return Bar(label, answer, words, f"Casos, {label}: {words}.")


def drawn(chart: Chart, name: str = "uno") -> etree.Element:
    return etree.fromstring(svg(chart, name=name))  # noqa: S314


def of_class(tree: etree.Element, name: str, tag: str = "rect") -> list[etree.Element]:
    return [e for e in tree.iter(f"{SVG}{tag}") if name in (e.get("class") or "").split()]


def words(tree: etree.Element, name: str) -> list[str]:
    return ["".join(e.itertext()) for e in of_class(tree, name, "text")]


# -- what is drawn -------------------------------------------------------------------------------


def test_a_bar_is_as_long_as_its_number() -> None:
    bars = (bar("2022", exact(100)), bar("2023", exact(50)), bar("2024", exact(0)))
    wide = [float(e.get("width") or 0) for e in of_class(drawn(Chart("C", "d", bars)), "bar")]
    assert wide[0] == pytest.approx(2 * wide[1], abs=0.02)
    assert len(wide) == 2
    assert words(drawn(Chart("C", "d", bars)), "value") == ["100", "50", "0"]


@pytest.mark.parametrize(("word", "answer"), list(NOTHINGS.items()))
def test_a_nothing_is_its_word_in_a_gap_and_never_a_bar(word: str, answer: Answer) -> None:
    chart = chart_of([figure("2022", exact(5)), figure("2023", answer)], voice())
    tree = drawn(chart)
    assert words(tree, "gap") == [word]
    assert len(of_class(tree, "bar")) == 1
    assert f"2023: {word}." in chart.description


def test_a_part_of_a_period_is_hatched_beside_a_year_without_data() -> None:
    part = Competing("x/COMAR", exact(31787), "2021-01/2021-10", why="part", unit="person")
    missing = figure("2021", NOTHINGS["sin dato"], competing=(part,))
    chart = chart_of([missing, figure("2022", exact(34762))], voice())
    tree = drawn(chart, "a b/c")
    (hatched,) = of_class(tree, "bar-part")
    (pattern,) = tree.iter(f"{SVG}pattern")
    assert hatched.get("fill") == f"url(#{pattern.get('id')})"
    assert pattern.get("id") == "chart-a-b-c-hatch"
    assert words(tree, "gap") == ["sin dato"]
    assert "de enero a octubre de 2021: 31,787" in "".join(words(tree, "other"))
    assert "Hay valores de solo una parte del periodo: 2021." in chart.description


def test_a_bar_about_a_part_of_the_usual_period_is_hatched_itself() -> None:
    chart = chart_of([figure("2021-01/2021-10", exact(3)), figure("2022", exact(4))], voice())
    assert [one.is_part for one in chart.bars] == [True, False]
    assert len(of_class(drawn(chart), "bar-part")) == 1


def test_a_bound_is_drawn_as_the_bound_it_is() -> None:
    at_least = Known(Fraction(40), None, low_open=True)
    span = Known(Fraction(20), Fraction(60))
    at_most = Known(None, Fraction(50))
    about = Known(None, None, Fraction(30))
    around = Known(Fraction(20), Fraction(40), Fraction(30))
    given: tuple[Answer, ...] = (at_least, span, at_most, about, around)
    chart = chart_of([figure(str(2020 + n), a) for n, a in enumerate(given)], voice())
    tree = drawn(chart)
    # The sure part of each but «como máximo»; the part that may be of two; arrow and whisker.
    assert len(of_class(tree, "bar")) == 4
    assert len(of_class(tree, "bar-range")) == 2
    assert len(of_class(tree, "open", "path")) == 2
    assert "más de 40" in words(tree, "value")
    assert [w for w in words(tree, "value") if w.startswith("≈")] == ["≈ 30", "≈ 30"]


def test_a_fall_goes_to_the_left_of_zero_and_its_words_stand_clear_of_it() -> None:
    bars = (bar("2022", exact(-80), "80 menos"), bar("2023", exact(40), "40 más"))
    tree = drawn(Chart("C", "d", bars))
    left, right = of_class(tree, "bar")
    zero = float(right.get("x") or 0)
    assert float(left.get("x") or 0) + float(left.get("width") or 0) == pytest.approx(zero, abs=0.1)
    assert float(of_class(tree, "value", "text")[0].get("x") or 0) > zero
    falling = (
        Known(Fraction(-9), Fraction(-4)),
        Known(None, Fraction(-4)),
        Known(Fraction(-9), None),
    )
    assert drawn(Chart("C", "d", tuple(bar("2022", one, "v") for one in falling))) is not None


@pytest.mark.parametrize("wide", [400, 720, 733.3, 901])
@pytest.mark.parametrize("label", ["2017", "31 de diciembre de 2017"])
def test_the_longest_bar_has_its_value_beside_it(wide: float, label: str) -> None:
    """Its end leaves just the room that the value takes."""
    chart = Chart("C", "d", (bar(label, exact(7719)),))
    tree = etree.fromstring(svg(chart, name="uno", width=wide))  # noqa: S314
    (longest,), (value,) = of_class(tree, "bar"), of_class(tree, "value", "text")
    end = float(longest.get("x") or 0) + float(longest.get("width") or 0)
    assert float(value.get("x") or 0) > end


def test_of_many_other_values_the_lowest_and_the_highest_are_named() -> None:
    others = tuple(Other(0, f"P{n}: {n}", exact(n)) for n in (30, 10, 20, 50, 40))
    tree = drawn(Chart("C", "d", (bar("2022", exact(45)),), others))
    assert sorted(words(tree, "other")) == ["+3", "P10: 10", "P50: 50"]
    assert len(of_class(tree, "other", "path")) == 5


def test_many_other_values_in_other_units_are_counted_too() -> None:
    others = tuple(Other(0, f"P{n}: {n} hogares", exact(n), is_comparable=False) for n in range(6))
    tree = drawn(Chart("C", "d", (bar("2022", exact(45)),), others))
    assert words(tree, "other") == ["P0: 0 hogares", "P1: 1 hogares", "+4"]
    assert not of_class(tree, "other", "path")
    parts = tuple(Other(0, f"mes {n}: {n}", exact(n), is_part=True) for n in range(1, 7))
    tree = drawn(Chart("C", "d", (bar("2022", exact(45)),), parts))
    assert words(tree, "other")[-1] == "+2"


def test_a_value_in_another_unit_is_said_and_has_no_place_on_the_axis() -> None:
    other = Competing("x/ACNUR", exact(900), "2022", unit="household")
    chart = chart_of([figure("2022", exact(5), competing=(other,))], voice())
    tree = drawn(chart)
    assert not of_class(tree, "other", "path")
    assert "900" in words(tree, "other")[0]
    assert "ACNUR" in words(tree, "other")[0]


def test_a_target_is_a_line_with_its_value() -> None:
    target = figure("2024", exact(80))
    chart = chart_of(
        [figure("2022", exact(100)), figure("2023", exact(50))], voice(), target=target
    )
    tree = drawn(chart)
    assert words(tree, "target") == ["Meta: 80"]
    # The line, and once more over the one bar that is longer.
    assert len(of_class(tree, "target", "path")) == 2
    assert "Meta: 80 personas." in chart.description


def test_a_target_that_is_not_known_has_no_line() -> None:
    chart = chart_of(
        [figure("2022", exact(9))], voice(), target=figure("2024", Absent(Absence.MISSING))
    )
    assert chart.target is None
    assert "Meta: sin dato." in chart.description


def test_the_axis_of_money_has_the_code_of_its_currency() -> None:
    chart = Chart(
        "C", "d", (bar("2022", exact(1_500_000_000), "USD 1.5"),), language="es", unit="USD"
    )
    assert words(drawn(chart), "axis") == [
        "USD\xa00",
        "USD\xa0500 millones",
        "USD\xa01.5 mil millones",
    ]


# -- how it is read -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "highest"),
    [
        ("es", "Valor más alto: 300 personas (2023)."),
        ("en", "The highest value is that of 2023: 300 people."),
        ("fr", "Valeur la plus élevée\xa0: 300 personnes (2023)."),
    ],
)
def test_the_title_and_description_are_in_the_language_of_the_page(
    language: str, highest: str
) -> None:
    figures = [figure("2022", exact(100)), figure("2023", exact(300)), figure("2024", exact(200))]
    chart = chart_of(figures, voice(language))
    tree = drawn(chart)
    assert tree.get("role") == "img"
    assert tree.get("lang") == language
    title, desc = (tree.find(f"{SVG}{tag}") for tag in ("title", "desc"))
    assert title is not None
    assert desc is not None
    assert tree.get("aria-labelledby") == f"{title.get('id')} {desc.get('id')}"
    assert title.text == "Solicitudes, México, 2022–2024"
    assert highest in (desc.text or "")


def test_no_highest_is_named_where_one_value_is_open() -> None:
    figures = [
        figure("2022", exact(100)),
        figure("2023", Known(Fraction(50), None)),
        figure("2024", exact(200)),
    ]
    assert "más alto" not in chart_of(figures, voice()).description


def test_the_change_is_the_one_that_was_asked_and_not_refused() -> None:
    figures = [figure("2022", exact(100)), figure("2023", exact(150))]
    question = change_of(figures)
    assert isinstance(question, ChangeQ)
    assert (question.of, question.as_) == (figures[1].question, "percent")
    assert question.base_period == Period.parse("2022")
    half = Figure(question, exact(Fraction(1, 2)), "%", Sense.PERCENT_CHANGE)
    assert "Cambio (2022 a 2023): 50% más." in chart_of(figures, voice(), change=half).description
    refused = Figure(question, Refused.of("base_zero"), "%", Sense.PERCENT_CHANGE)
    assert "De 2022 a 2023" not in chart_of(figures, voice(), change=refused).description
    assert change_of(figures[:1]) is None
    assert change_of([figures[0], figures[0]]) is None


def test_periods_without_data_in_a_row_are_named_by_the_first_and_the_last() -> None:
    missing = [figure(str(year), Absent(Absence.MISSING)) for year in (2013, 2014, 2015, 2017)]
    figures = [*missing[:3], figure("2016", exact(7)), missing[3]]
    assert "2013 a 2015 y 2017: sin dato." in chart_of(figures, voice()).description


def test_who_lacks_a_value_of_another_source_and_invented_data_are_said() -> None:
    lacking = Coverage(0, 1, lacks=(Lack("x/COMAR", None, None, "2023"),))
    figures = [
        figure("2022", exact(7), caveats=(Code.of("not_preferred"), Code.of("invented_data"))),
        figure("2023", Absent(Absence.MISSING), coverage=lacking),
    ]
    chart = chart_of(figures, voice())
    assert "faltan: x/COMAR (2023)" in chart.description
    assert "Se muestra el valor de una fuente distinta de la elegida: 2022." in chart.description
    assert words(drawn(chart), "warning") == ["DATO INVENTADO"]


def test_a_distribution_has_a_bar_for_each_group() -> None:
    def group(code: str, answer: Answer) -> Figure:
        where = Breakdown.of([("sex", code), ("age", "f")])
        period = Period.parse("2022")
        return Figure(IndicatorQ(indicator="x/A", period=period, where=where), answer, "person")

    chart = chart_of([group("f", exact(60)), group("m", exact(40))], voice())
    assert [one.label for one in chart.bars] == ["mujeres", "hombres"]
    assert chart.title.endswith("2022")
    assert "Valor más alto: 60 personas (mujeres)." in chart.description
    assert "Valor más bajo: 40 personas (hombres)." in chart.description
    assert not chart.in_time


@pytest.mark.parametrize("protected", [False, True])
def test_no_group_is_the_highest_or_lowest_beside_one_that_is_protected(protected: bool) -> None:
    last = Suppressed("small_cell") if protected else exact(40)
    chart = chart_of([figure("2022", exact(60)), figure("2023", exact(20)), figure("2024", last)],
                     voice())  # fmt: skip
    assert ("Valor más alto" in chart.description) is not protected


def test_who_need_not_report_yet_or_at_all_is_said_of_a_whole_chart_too() -> None:
    found = [
        figure("2022", exact(5), coverage=Coverage(3, 3, exempt=1)),
        figure("2023", exact(6), coverage=Coverage(1, 1, not_yet_due=2)),
    ]
    said = chart_of(found, voice()).description
    assert "Informaron 4 de 4." in said
    assert voice().say("coverage.exempt", count=1) in said
    assert voice().say("coverage.not_yet_due", count=2) in said


def test_half_a_number_is_never_shown() -> None:
    for room in range(20, 200):
        shown = cut("como máximo 118,756,234 personas", room, 10)
        assert not re.search(r"\d[\d,]*…", shown), shown


def test_each_row_says_its_whole_sentence() -> None:
    tree = drawn(Chart("C", "d", (bar("2022", exact(5)),)))
    (row,) = of_class(tree, "row", "g")
    assert row.findtext(f"{SVG}title") == "Casos, 2022: 5."


# -- what may never happen ------------------------------------------------------------------------


def test_nothing_in_it_needs_a_style_or_a_script_and_text_is_escaped() -> None:
    nasty = '</title><script>alert("x")</script>&\x00\ue000es\ue001'
    chart = Chart(nasty, nasty, (Bar(nasty, exact(1), nasty, nasty),), (Other(0, nasty, exact(1)),))
    text = svg(chart, name='"><b')
    tree = etree.fromstring(text)  # noqa: S314
    assert not [e for e in tree.iter() if e.tag == f"{SVG}script" or e.get("style")]
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|NaN|inf", text)


def test_equal_charts_are_equal_bytes() -> None:
    figures = [figure("2022", exact(100)), figure("2023", Known(Fraction(5), Fraction(9)))]
    first, second = (svg(chart_of(figures, voice()), name="c") for _ in range(2))
    assert first == second


def test_a_chart_without_figures_is_a_defect() -> None:
    with pytest.raises(ValueError, match="without figures"):
        chart_of([], voice())
    with pytest.raises(ValueError, match="without bars"):
        Chart("C", "d", ())
    with pytest.raises(ValueError, match="no bar"):
        Chart("C", "d", (bar("2022", exact(1)),), (Other(1, "x", exact(1)),))


NUMBERS = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=1000)
TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF), max_size=60)


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    known = (
        Known(low, low),
        Known(low, high),
        Known(low, None),
        Known(None, high),
        Known(low, high, low),
    )
    found: Answer = draw(st.sampled_from((*NOTHINGS.values(), *known)))
    return found


@st.composite
def charts(draw: st.DrawFn) -> Chart:
    # A few texts and values, put together in many ways: making each anew takes longer than drawing.
    texts = st.sampled_from(draw(st.lists(TEXTS, min_size=1, max_size=6)))
    values = st.sampled_from(draw(st.lists(answers(), min_size=1, max_size=6)))
    count = draw(st.integers(1, 40))
    bars = tuple(Bar(draw(texts), draw(values), draw(texts), "s") for _ in range(count))
    others = tuple(
        Other(draw(st.integers(0, count - 1)), draw(texts), draw(values), draw(st.booleans()))
        for _ in range(draw(st.integers(0, 6)))
    )
    target = draw(st.none() | st.builds(Target, texts, values))
    return Chart("t", "d", bars, others, target, "es", draw(st.sampled_from(("", "USD", "%"))))


@settings(max_examples=25)
@given(charts())
def test_every_shape_stands_within_the_drawing_and_no_words_cover_others(chart: Chart) -> None:
    tree = drawn(chart)
    _, _, wide, high = map(float, (tree.get("viewBox") or "").split())
    for rect in tree.iter(f"{SVG}rect"):
        x, y, w, h = (float(rect.get(name) or 0) for name in ("x", "y", "width", "height"))
        assert min(x, y, w) >= 0
        assert x + w <= wide + 0.1
        assert y + h <= high
    boxes = []
    for text in tree.iter(f"{SVG}text"):
        said, size = text.text or "", float(text.get("font-size") or 14)
        x, y = float(text.get("x") or 0), float(text.get("y") or 0)
        if said.strip():
            boxes.append((x, x + width(said, size), y - size * 0.8, y + size * 0.2))
    assert all(x >= 0 and end <= wide + 0.5 for x, end, _, _ in boxes)
    boxes.sort(key=lambda box: box[2])
    for number, (x, end, _, below) in enumerate(boxes):
        for other_x, other_end, other_top, _ in boxes[number + 1 :]:
            if other_top >= below - 0.5:
                break
            assert end <= other_x + 0.1 or other_end <= x + 0.1


@given(st.lists(NUMBERS, min_size=1, max_size=9))
def test_the_axis_has_few_round_ticks_and_zero_among_them(numbers: list[Fraction]) -> None:
    scale = Scale.of(numbers)
    assert 0 in scale.ticks
    assert len(scale.ticks) <= 6
    assert all(0 <= scale.share(number) <= 1 for number in (*numbers, *scale.ticks))


@given(st.lists(st.tuples(st.floats(0, 400), st.floats(1, 300)), max_size=8))
def test_placed_labels_never_overlap(wanted: list[tuple[float, float]]) -> None:
    found = placed(wanted, 50, 400, space=6)
    spans = [(line, x, x + w) for (x, line), (_, w) in zip(found, wanted, strict=True)]
    for number, (line, x, end) in enumerate(spans):
        assert x >= 50
        assert end <= 400 + 1e-9
        for other_line, other_x, other_end in spans[number + 1 :]:
            assert line != other_line or end <= other_x or other_end <= x


def test_words_are_wrapped_broken_and_cut_to_the_room_there_is() -> None:
    assert wrapped("de enero a octubre", 80, 10, most=3) == ("de enero a", "octubre")
    assert all(width(line, 10) <= 50 for line in wrapped("W" * 40, 50, 10, most=3))
    assert cut("corto", 100, 10) == "corto"
    assert width(cut("larguísimo texto", 40, 10), 10) <= 40
    assert width("e\N{COMBINING ACUTE ACCENT}", 10) == width("e", 10)
    assert width("難", 10) > width("n", 10)
