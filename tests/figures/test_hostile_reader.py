"""A reader who wants the one small number back: every way to a cell that is protected.

Each test holds 4 persons somewhere (the limit is 10) and asks around them. What the published sums
and the other cells give by subtraction is complementary suppression, which is not promised yet.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import product

import pytest

from cauce import figures
from cauce.engines.rollup import digest_limbs, trace_digest
from cauce.frameworks import queries as frameworks
from cauce.journal.models import Recorded
from cauce.values.answer import Answer, Known, Suppressed
from cauce.values.audience import PUBLIC
from cauce.values.figure import Figure
from cauce.values.period import Period
from cauce.values.question import ChangeQ, IndicatorQ, question_from_json
from tests.figures.record import Record, short

value, due = Record.value, Record.due

LIMIT = 10
HIDDEN = Suppressed("small_cell")


def people(record: Record, *cells: object, below: int = LIMIT, **indicator: object) -> None:
    record.start(**{"preset": "flow", "unit": "person", "dimensions": "sex=lasting", **indicator})
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below=str(below)),
        *record.codes("sex", "f", "m", "x"),
    )
    record.seal(*cells)  # type: ignore[arg-type]  # records


def explained(**question: object) -> figures.Explanation:
    asked = {"ask": "indicator", "indicator": "t/I", **question}
    return figures.explain(question_from_json(asked))


def numbers(answer: Answer) -> set[object]:
    if not isinstance(answer, Known):
        return set()
    found = (answer.low, answer.high, answer.estimate, answer.num, answer.den)
    return {n for n in found if n is not None}


def shown(found: figures.Explanation) -> set[object]:
    """Every number that an explanation shows."""
    answers = [
        found.figure.answer,
        *(c.answer for c in found.figure.competing),
        *(v.answer for v in (*found.used, *found.earlier)),
        *(n.value.answer for n in found.not_used if n.value),
        *(a for s in found.steps for a in (s.result, *(a for _, a in s.inputs))),
    ]
    return {n for answer in answers for n in numbers(answer)}


def caveats(figure: Figure) -> set[str]:
    return {c.code for c in figure.caveats}


# -- ratios --------------------------------------------------------------------------------------


def rate(record: Record, recognised: Mapping[str, object], decided: object) -> None:
    """t/I is the rate of recognition, computed from t/N and t/D."""
    common = {"framework": "t/T", "preset": "flow", "unit": "person", "name": {"en": "n"}}
    record.start(preset="flow")
    make = frameworks.Indicator.from_cells
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below=str(LIMIT)),
        make(**{**common, "code": "t/N"}),
        make(**{**common, "code": "t/D"}),
        record.indicator(preset="ratio", unit="%", derived_from="num=t/N;den=t/D"),
    )
    top, bottom = value("A MEX 2023", **recognised), value("A MEX 2023", decided)
    top.indicator, bottom.indicator = "t/N", "t/D"  # type: ignore[attr-defined]  # observations
    record.seal(top, bottom)


@pytest.mark.parametrize(
    ("recognised", "decided", "answer"),
    [
        ({"value": 40}, 100, "0.4"),
        ({"value": 4}, 100, "small_cell"),
        ({"value": 0}, 100, "0"),
        ({"value": 0}, 4, "small_cell"),  # the denominator would stand in the JSON
        ({"value": 3, "upper": 60, "bound": "range"}, 100, "small_cell"),
        ({"value": 30, "upper": 60, "bound": "range"}, 100, "0.3..0.6"),
        ({"value": 6, "bound": "about"}, 100, "small_cell"),
    ],
)
def test_a_computed_ratio_shows_no_more_than_its_two_counts(
    record: Record, recognised: dict[str, object], decided: int, answer: str
) -> None:
    rate(record, recognised, decided)
    figure = record.ask(period="2023")
    assert short(figure.answer) == answer
    if answer == "small_cell":
        assert {"num", "den"}.isdisjoint(figure.to_json())


def test_the_addends_of_a_computed_ratio_are_protected_where_it_is_explained(
    record: Record,
) -> None:
    rate(record, {"value": 46}, 100)
    small = value("A GTM 2023", 4)
    small.indicator = "t/N"  # type: ignore[attr-defined]  # an observation
    record.seal(small)
    found = explained(period="2023")
    assert short(found.figure.answer) == "0.5"
    assert not shown(found) & {4, 46}
    assert found.figure.trace is None


def shares(record: Record, **indicator: object) -> None:
    record.start(preset="ratio", unit="%", numerator_unit="person", **indicator)
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below=str(LIMIT))
    )


def test_the_addends_of_a_reported_ratio_are_protected_where_it_is_explained(
    record: Record,
) -> None:
    shares(record)
    record.seal(value("A X 2023", numerator=3, denominator=50))
    record.seal(value("A Y 2023", numerator=47, denominator=50))
    found = explained(period="2023")
    assert short(found.figure.answer) == "0.5"
    assert not shown(found) & {3, 47}


def test_of_a_share_of_few_persons_not_even_nobody_is_told(record: Record) -> None:
    shares(record)
    record.seal(value("A X 2023", numerator=0, denominator=3))
    assert short(record.ask(period="2023").answer) == "small_cell"


@pytest.mark.parametrize(
    ("dimensions", "other", "answer"),
    [
        ("place=overlap/same", 200, "0.3..0.5"),  # 60/200 .. 100/200
        ("place=overlap/overlap", 100, "0.2..0.5"),  # 60/300 .. 100/200
    ],
)
def test_a_ranged_numerator_is_judged_whatever_its_denominator(
    record: Record, dimensions: str, other: int, answer: str
) -> None:
    shares(record, dimensions=dimensions)
    record.seal(
        value("A X 2022", numerator=3, denominator=200),
        value("A Y 2022", numerator=2, denominator=other),
        value("A X 2023", numerator=60, denominator=200),
        value("A Y 2023", numerator=40, denominator=other),
    )
    assert short(record.ask(period="2022").answer) == "small_cell"
    assert short(record.ask(period="2023").answer) == answer


def test_a_mean_of_few_days_is_not_a_small_count_of_persons(record: Record) -> None:
    record.start(preset="mean_duration", unit="day")
    record.seal(value("A X 2023", 4, denominator=100))
    assert short(record.ask(period="2023").answer) == "4"


# -- changes and progress --------------------------------------------------------------------------


@pytest.mark.parametrize("as_", ["difference", "percent", "multiple"])
@pytest.mark.parametrize(("before", "after"), [(4, 50), (50, 4), (4, 0)])
def test_a_change_between_periods_gives_neither_side_away(
    record: Record, as_: str, before: int, after: int
) -> None:
    people(record, value("A MEX 2022", before), value("A MEX 2023", after))
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023", "by": ["place"]}
    asked = {"ask": "change", "of": of, "base_period": "2022", "as": as_}
    figure = record.ask(**asked)
    assert (short(figure.answer), figure.trace) == ("small_cell", None)
    assert shown(figures.explain(question_from_json(asked))) == set()


def test_a_change_between_two_dates_of_knowing_gives_the_first_version_not_away(
    record: Record,
) -> None:
    people(record, value("A MEX 2020", 4, public_at="2021-01-10"))
    record.seal(value("A MEX 2020", 50, public_at="2021-03-10"))
    of = {"ask": "indicator", "indicator": "t/I", "period": "2020"}
    figure = record.ask(ask="change", of=of, base_known_at="2021-02")
    assert (short(figure.answer), figure.trace) == ("small_cell", None)


@pytest.mark.parametrize(("as_", "answer"), [("progress", "small_cell"), ("achievement", "0.5")])
def test_a_progress_gives_the_small_baseline_of_another_period_not_away(
    record: Record, as_: str, answer: str
) -> None:
    people(
        record,
        value("A MEX 2020", 4, kind="baseline"),
        value("A MEX 2021/2024", 100, kind="target"),
        value("A MEX 2023", 50),
    )
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    figure = record.ask(ask="progress", of=of, **{"as": as_})
    assert short(figure.answer) == answer


def test_a_progress_gives_a_small_target_of_another_period_not_away(record: Record) -> None:
    people(record, value("A MEX 2021/2024", 8, kind="target"), value("A MEX 2023", 50))
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    figure = record.ask(ask="progress", of=of, **{"as": "achievement"})
    assert short(figure.answer) == "small_cell"


def test_a_change_repeats_no_caution_that_its_sides_may_not_give(record: Record) -> None:
    people(
        record,
        value("A MEX 2022", 60),
        value("A MEX 2023", 50),
        value("A MEX 2023 sex=f", 4),
        value("A MEX 2023 sex=m", 40),
        value("A MEX 2023 sex=x", 0),
    )
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    change = record.ask(ask="change", of=of, base_period="2022")
    assert short(change.answer) == "-10"
    assert "parts_differ" not in caveats(change)
    assert "parts_differ" in caveats(record.ask(period="2023", audience="secretariat"))


def test_the_arithmetic_of_a_change_of_large_counts_is_shown(record: Record) -> None:
    people(record, value("A MEX 2022", 50), value("A MEX 2023", 53))
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    asked = {"ask": "change", "of": of, "base_period": "2022"}
    *_, last = figures.explain(question_from_json(asked)).steps
    assert [short(a) for _, a in last.inputs] == ["53", "50"]
    assert short(last.result) == "3"


# -- what stands beside ----------------------------------------------------------------------------


def test_persons_beside_other_things_are_protected(record: Record) -> None:
    people(
        record,
        frameworks.PreferredReporter.from_cells(indicator="t/I", reporter="t/COMAR"),
        value("COMAR MEX 2023", 7),
        value("COMAR MEX 2023", 4, reporter="UNHCR", count_unit="person"),
        unit="file",
    )
    figure = record.ask(period="2023")
    assert short(figure.answer) == "7"
    assert [c.answer for c in figure.competing] == [HIDDEN]
    assert 4 not in shown(explained(period="2023"))


def test_a_remainder_is_not_told_beside_a_protected_group(record: Record) -> None:
    people(
        record,
        value("A MEX 2023", 100),
        value("A MEX 2023 sex=f", 50),
        value("A MEX 2023 sex=m", 4),
    )
    women, men, *_ = record.table(period="2023", by=["sex"])
    assert [short(women.answer), short(men.answer)] == ["50", "small_cell"]
    assert "unaccounted" not in caveats(women)  # it says: 54 given


def test_a_remainder_is_told_where_every_group_may_be(record: Record) -> None:
    people(
        record,
        value("A MEX 2023", 100),
        value("A MEX 2023 sex=f", 50),
        value("A MEX 2023 sex=m", 14),
    )
    women = record.table(period="2023", by=["sex"])[0]
    assert "unaccounted" in caveats(women)


def test_fewer_than_the_limit_is_protected_like_at_most_one_less(record: Record) -> None:
    people(record, value("A MEX 2022", LIMIT, bound="less_than"))
    assert short(record.ask(period="2022").answer) == "small_cell"


# -- ranges ----------------------------------------------------------------------------------------


def test_the_width_of_a_range_is_not_the_small_cell_it_rests_on(record: Record) -> None:
    people(
        record,
        value("A X 2023", 50),
        value("A Y 2023", 4),
        preset="unique_people",
    )
    figure = record.ask(period="2023", place="MEX")
    assert short(figure.answer) == ">=50"  # not 50..54
    assert 54 not in shown(explained(period="2023", place="MEX"))
    assert short(record.ask(period="2023", place="MEX", audience="secretariat").answer) == "50..54"


def test_the_width_is_told_where_no_small_cell_is_below_it(record: Record) -> None:
    people(record, value("A MEX 2023", 50, upper=54, bound="range"))
    assert short(record.ask(period="2023").answer) == "50..54"


# -- guessing --------------------------------------------------------------------------------------


def test_the_digest_of_a_sum_cannot_be_used_to_guess_its_addends(record: Record) -> None:
    """Who knows everything about two values but the numbers tries all pairs with the known sum."""
    people(record, value("A X 2023", 4), value("A Y 2023", 46))
    figure = record.ask(period="2023")
    found = explained(period="2023")
    guesses = set()
    for n in range(1, LIMIT):
        pair = value("A X 2023", n), value("A Y 2023", 50 - n)
        guesses.add(trace_digest(digest_limbs(v.content_digest() for v in pair)))
    whole = record.ask(period="2023", audience="secretariat")
    assert whole.trace is not None
    assert whole.trace.digest in guesses  # so it must not be shown
    assert figure.trace is None
    assert {v.digest for v in found.used} == {""}


# -- the past --------------------------------------------------------------------------------------


def test_what_is_protected_today_does_not_leave_by_an_older_head(record: Record) -> None:
    people(record, value("A MEX 2023", 4), below=1)
    before = record.ask(period="2023").head
    assert short(record.ask(period="2023").answer) == "4"
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below=str(LIMIT))
    )
    assert short(record.ask(period="2023", head=before).answer) == "small_cell"


def test_an_earlier_small_version_is_not_told(record: Record) -> None:
    people(record, value("A MEX 2023", 4, note="4 women", public_at="2024-01"))
    record.seal(value("A MEX 2023", 50, public_at="2024-02"))
    found = explained(period="2023")
    assert shown(found) == {50}
    assert [(v.answer, v.digest, v.note) for v in found.earlier] == [(HIDDEN, "", "")]


# -- protected indicators --------------------------------------------------------------------------


def by_party(record: Record) -> None:
    people(
        record,
        value("A MEX 2023", 300),
        value("B MEX 2023", 200),
        protected="yes",
        margins="sex",
    )


@pytest.mark.parametrize("way", [{"reporters": ["t/A"]}, {"verified_only": True}])
def test_no_other_way_leads_to_an_undeclared_margin(record: Record, way: dict[str, object]) -> None:
    by_party(record)
    assert short(record.ask(period="2023", **way).answer) == "refused:not_a_declared_margin"


def test_naming_the_reporter_of_everything_is_no_margin(record: Record) -> None:
    people(record, value("A MEX 2023", 300), protected="yes", margins="sex")
    assert short(record.ask(period="2023", reporters=["t/A"]).answer) == "300"


def test_the_explanation_of_a_protected_indicator_shows_the_figure_only(record: Record) -> None:
    by_party(record)
    assert shown(explained(period="2023")) == {500}


def test_a_change_of_a_protected_indicator_needs_the_margin_too(record: Record) -> None:
    by_party(record)
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023", "party": "t/A"}
    change = record.ask(ask="change", of=of, base_period="2023")
    assert short(change.answer) == "small_cell"


# -- all of it at once -----------------------------------------------------------------------------


def some_record(seed: int) -> Iterator[Recorded]:
    """Counts around the limit: totals, women, two reporters, ranges, a correction."""
    draw = random.Random(seed)
    bounds = ("exact", "exact", "exact", "about", "at_most", "less_than", "at_least")
    for party, place, year in product("AB", "XY", (2022, 2023)):
        count = draw.choice((0, 1, 4, 9, 10, 11, 40))
        bound = draw.choice(bounds)
        yield value(f"{party} {place} {year}", count or 1, bound=bound)
        yield value(f"{party} {place} {year} sex=f", draw.randint(0, max(count, 1)))
        if draw.random() < 0.3:
            yield value(f"{party} {place} {year}", count + draw.randint(1, 9), reporter="UNHCR")
    yield value("C GTM 2023", 3, upper=40, bound="range")


def ways() -> Iterator[dict[str, object]]:
    """Questions from all sides about that record."""
    wheres: tuple[dict[str, str], ...] = ({}, {"sex": "f"})
    for place, party, period, where in product(
        (None, "MEX", "X"), (None, "t/A"), ("2023", "2022/2023"), wheres
    ):
        named = {"place": place, "party": party, "period": period, "where": where}
        yield {k: v for k, v in named.items() if v}
    for by in ("party", "place", "sex", "reporter"):
        yield {"period": "2023", "by": [by]}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("preset", ["flow", "unique_people", "stock"])
def test_no_question_and_no_explanation_shows_a_small_count(
    record: Record, preset: str, seed: int
) -> None:
    people(
        record,
        frameworks.PreferredReporter.from_cells(indicator="t/I", reporter="t/A"),
        *some_record(seed),
        preset=preset,
    )
    asked = [question_from_json({"ask": "indicator", "indicator": "t/I", **w}) for w in ways()]
    changes = [
        ChangeQ(of=q, base_period=Period.parse("2022"))
        for q in asked
        if isinstance(q, IndicatorQ) and q.period == Period.parse("2023")
    ]
    released = list(figures.release(figures.ask(asked), PUBLIC))
    small = [n for f in released for n in shown(figures.Explanation(f)) if is_small(n)]
    for question in (f.question for f in released):
        small += [n for n in shown(figures.explain(question)) if is_small(n)]
    assert small == []
    for change in figures.release(figures.ask(changes), PUBLIC):
        assert isinstance(change.question, ChangeQ)
        assert isinstance(change.question.of, IndicatorQ)
        sides = [
            replace(change.question.of, by=(), period=Period.parse(p)) for p in ("2022", "2023")
        ]
        answers = [f.answer for f in figures.release(figures.ask(sides), PUBLIC)]
        assert isinstance(change.answer, Suppressed) or HIDDEN not in answers


def is_small(number: object) -> bool:
    return isinstance(number, Fraction) and 0 < number < LIMIT
