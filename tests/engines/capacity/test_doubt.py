"""Doubt in, doubt out: levels by hand, fans that contain each other, the plain result without."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cauce.engines.capacity.distributions import Always
from cauce.engines.capacity.doubt import (
    MOST_CORNERS,
    NOTES_OF_DOUBT,
    Doubt,
    Spread,
    Values,
    doubts_of_series,
    spread,
)
from cauce.engines.capacity.model import Network, Stage
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Run
from cauce.engines.capacity.scenario import Arrivals, Paths, Scenario, Start, Waiting
from cauce.engines.capacity.simulation import simulate_scenario
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError
from cauce.values.answer import Absence, Absent, Code, Known, exact
from tests.engines.capacity.plans import MONDAY, interviews, one_stage

# Without the extra ``fast`` plain Python gives the same numbers.
pytestmark = [
    pytest.mark.simulation,
    pytest.mark.filterwarnings("ignore::cauce.engines.capacity.event.NotCompiledWarning"),
]

MISSING = Absent(Absence.MISSING)
MEAN_PATH = Run(20.0, 10.0, engine="fluid")
CASES = Run(20.0, 10.0, 30)


def known(low: float | None, high: float | None, estimate: float | None = None) -> Known:
    first, last, best = (None if n is None else Fraction(n) for n in (low, high, estimate))
    return Known(first, last, best)


def between(low: float, high: float) -> Known:
    return known(low, high)


def office(values: Values) -> Scenario:
    """Two weeks and more at an office; what is not in doubt is as said here."""
    at = {"rate": 6.0, "staff": 2.0, "mean": 0.5, "backlog": 100.0, **values}
    return one_stage(at["rate"], interviews(at["staff"], at["mean"]), int(at["backlog"]))


def refused(code: str, **params: object) -> pytest.RaisesExc[CauceError]:
    def is_it(error: CauceError) -> bool:
        return error.code == code and {**error.params, **params} == error.params

    return pytest.RaisesExc(CauceError, check=is_it)


def play(*doubts: Doubt, run: Run = MEAN_PATH, points: int = 64) -> Spread:
    found = spread(doubts, office, run, seed=1, points=points)
    for code in found.codes:
        assert set(NOTES_OF_DOUBT[code.code]) == {name for name, _ in code.params}
    return found


# Levels


@pytest.mark.parametrize(
    ("doubt", "levels", "codes"),
    [
        (Doubt("x", exact(3)), (3, 3, 3), []),
        (Doubt("x", between(2, 5)), (2, 3.5, 5), []),
        (Doubt("x", known(2, 5, 3)), (2, 3, 5), []),
        (Doubt("x", known(2, None)), (2, 2, 2), ["open_above"]),
        (Doubt("x", known(2, None), plausible_high=6), (2, 4, 6), []),
        (Doubt("x", known(None, 5)), (5, 5, 5), ["open_below"]),
        (Doubt("x", known(None, 5), plausible_low=1), (1, 3, 5), []),
        (Doubt("x", known(None, None, 3)), (3, 3, 3), ["open_below", "open_above"]),
        (Doubt("x", known(2, None, 3)), (2, 3, 3), ["open_above"]),
        (Doubt("x", known(None, None, 3), plausible_high=4), (3, 3, 4), ["open_below"]),
        (Doubt("x", known(None, None, 3), 1, 4), (1, 3, 4), []),
        (Doubt("x", MISSING, 10, 30), (10, 20, 30), []),
        # More than 2 is looked at from 2 on.
        (Doubt("x", Known(Fraction(2), Fraction(5), low_open=True)), (2, 3.5, 5), []),
        # Whole numbers only: the ends are drawn in, the middle goes down.
        (Doubt("x", between(2, 5), whole=True), (2, 3, 5), []),
        (Doubt("x", between(2.5, 5.5), whole=True), (3, 4, 5), []),
        (Doubt("x", known(2.5, 5.5, 2.5), whole=True), (3, 3, 5), []),
    ],
)  # fmt: skip
def test_levels_of_each_kind_of_doubt(
    doubt: Doubt, levels: tuple[float, float, float], codes: list[str]
) -> None:
    assert doubt.levels == levels
    assert all(type(level) is float for level in doubt.levels)
    assert doubt.is_wide == (levels[0] < levels[2])
    assert doubt.codes == tuple(Code.of(code, field="x") for code in codes)


@pytest.mark.parametrize("limits", [{}, {"low": 1.0}, {"high": 9.0}])
@pytest.mark.parametrize("absence", list(Absence))
def test_a_missing_input_without_both_limits_is_a_gap(
    absence: Absence, limits: dict[str, float]
) -> None:
    with refused("capacity_gap", field="staff", value=absence.value):
        Doubt("staff", Absent(absence), limits.get("low"), limits.get("high"))


def test_a_limit_where_the_answer_has_one_is_refused() -> None:
    with refused("capacity_conflict", field="x.plausible_high", other="x.high"):
        Doubt("x", between(1, 2), plausible_high=3)
    with refused("capacity_conflict", field="x.plausible_low", other="x.low"):
        Doubt("x", known(1, None), plausible_low=0)


@pytest.mark.parametrize(
    ("answer", "low", "high"),
    [
        (MISSING, 3.0, 2.0),
        (known(5, None), None, 4.0),
        (known(None, 5), 6.0, None),
        (known(1, 2, 3), None, None),
        (known(None, None, 3), 4.0, None),
    ],
)
def test_low_central_and_high_ascend(
    answer: Known | Absent, low: float | None, high: float | None
) -> None:
    with refused("capacity_not_ascending", field="x"):
        Doubt("x", answer, low, high)


def test_a_range_without_a_whole_number_is_refused() -> None:
    with refused("capacity_not_whole", field="staff"):
        Doubt("staff", Known(Fraction(5, 4), Fraction(7, 4)), whole=True)


def test_days_and_numbers_without_end_are_no_inputs() -> None:
    with refused("capacity_not_finite", field="x"):
        Doubt("x", exact(date(2026, 1, 1)))
    with refused("capacity_not_finite", field="x.plausible_high"):
        Doubt("x", known(1, None), plausible_high=float("inf"))
    with refused("capacity_not_finite", field="x"):
        Doubt("x", exact(10**400))


# Which scenarios


def values_of(found: Spread) -> list[tuple[float, ...]]:
    return [tuple(values.values()) for values, _ in found.scenarios]


def test_without_doubt_it_is_the_plain_result() -> None:
    for doubts in ((), (Doubt("rate", exact(6)),)):
        found = play(*doubts, run=CASES)
        plain = simulate_scenario(office({}), CASES, seed=1)
        ((values, result),) = found.scenarios
        assert dict(values) == ({"rate": 6.0} if doubts else {})
        assert np.array_equal(result.pending, plain.pending)
        fan = found.fan()
        assert np.array_equal([fan.low, fan.mid, fan.high], plain.fan(plain.backlog_by_time))
        assert (found.widest, found.moved, found.codes) == (None, (), plain.notes)
        # All of its width is chance; on the first day there is none.
        assert np.isnan(fan.of_doubt[0])
        assert (fan.of_doubt[1:] == 0).all()


def test_one_doubt_is_its_centre_and_its_ends() -> None:
    found = play(Doubt("rate", between(4, 10)), Doubt("staff", exact(3)))
    assert values_of(found) == [(7, 3), (4, 3), (10, 3)]


def test_two_doubts_are_a_centre_a_star_and_every_corner() -> None:
    found = play(Doubt("rate", between(4, 10)), Doubt("staff", between(2, 4), whole=True))
    star = [(4, 3), (10, 3), (7, 2), (7, 4)]
    assert values_of(found) == [(7, 3), *star, (4, 2), (4, 4), (10, 2), (10, 4)]


def test_what_is_asked_twice_is_simulated_once() -> None:
    # The middle of two and three officers is two: the star's low end is the centre.
    found = play(Doubt("staff", between(2, 3), whole=True))
    assert values_of(found) == [(2,), (3,)]
    # 4 a day each: in 20 days one more decides 80 of those who wait.
    ((field, moved),) = found.moved
    assert field == "staff"
    assert moved == pytest.approx(20 * (6 - 3 / 0.5) - 20 * (6 - 2 / 0.5))


def five(staff_high: float = 4) -> tuple[Doubt, ...]:
    network = (Doubt("rate", between(4, 10)), Doubt("staff", between(2, staff_high), whole=True))
    more = (Doubt("mean", between(0.25, 0.75)), Doubt("backlog", between(50, 150), whole=True))
    return (*network, *more, Doubt("nothing", between(0, 1)))


def test_four_doubts_are_simulated_at_every_corner() -> None:
    found = play(*five()[:MOST_CORNERS])
    assert len(found.scenarios) == 1 + 2 * 4 + 2**4
    assert [code.code for code in found.codes] == [
        "no_chance",
        "in_order_of_filing",
        "waits_from_curves",
    ]


def test_more_doubts_are_a_latin_hypercube_and_say_so() -> None:
    found = play(*five(), points=20)
    assert len(found.scenarios) == 1 + 2 * 5 + 20
    assert found.codes[0] == Code.of("sampled", points=20, doubts=5)
    sample = np.array(values_of(found)[11:])
    # One point in each twentieth of a range that is not of whole numbers.
    parts = np.floor((sample[:, 0] - 4) / 6 * 20)
    assert sorted(parts.tolist()) == list(range(20))
    # Of 20 points, 6 or 7 for each of three numbers of officers.
    _, often = np.unique(sample[:, 1], return_counts=True)
    assert len(often) == 3
    assert set(often.tolist()) <= {6, 7, 8}
    assert (sample[:, 3] == np.floor(sample[:, 3])).all()
    assert (sample[:, 3] >= 50).all()
    assert (sample[:, 3] <= 150).all()


def test_the_sample_is_of_the_seed_alone() -> None:
    first = values_of(play(*five(), points=2))
    assert first == values_of(play(*five(), points=2))
    assert first != values_of(spread(five(), office, MEAN_PATH, seed=2, points=2))


def test_a_field_given_twice_or_no_points_are_refused() -> None:
    rate = Doubt("rate", between(4, 10))
    with refused("capacity_twice", field="doubts", value="rate"):
        play(rate, rate)
    with refused("capacity_too_few", field="points", limit=1):
        play(rate, points=0)


def test_the_values_of_a_scenario_cannot_be_changed() -> None:
    def careless(values: Values) -> Scenario:
        values["rate"] = 0.0  # type: ignore[index]  # what is tested
        return office(values)

    with pytest.raises(TypeError):
        spread([Doubt("rate", between(4, 10))], careless, MEAN_PATH, seed=1)


# The fan


def test_the_fan_spans_low_and_high_by_hand() -> None:
    # 100 wait, 4 to 10 come a day, 2 officers decide 4 a day.
    fan = play(Doubt("rate", between(4, 10))).fan()
    assert fan.times.tolist() == [0, 10, 20]
    assert np.allclose(fan.low, 100)
    assert np.allclose(fan.mid, [100, 100 + 10 * (7 - 4), 100 + 20 * (7 - 4)])
    assert np.allclose(fan.high, [100, 100 + 10 * (10 - 4), 100 + 20 * (10 - 4)])
    # Without chance all of the width is doubt.
    assert np.isnan(fan.of_doubt[0])
    assert fan.of_doubt[1:].tolist() == [1, 1]


def test_the_fan_at_some_times() -> None:
    found = play(Doubt("rate", between(4, 10)))
    assert np.allclose(found.fan([20.0, 10.0]).high, [220, 160])
    with refused("capacity_gap", field="times", value=11.0):
        found.fan([11.0])
    with refused("capacity_gap", field="times"):
        found.fan([float("nan")])


def test_width_is_told_apart_into_doubt_and_chance() -> None:
    found = play(Doubt("rate", between(5, 7)), run=CASES)
    fan = found.fan()
    quantiles = [result.fan(result.backlog_by_time[-1]) for _, result in found.scenarios]
    low, high = min(each[0] for each in quantiles), max(each[2] for each in quantiles)
    assert (fan.low[-1], fan.high[-1]) == (low, high)
    assert fan.mid[-1] == quantiles[0][1]
    chance = quantiles[0][2] - quantiles[0][0]
    assert fan.of_doubt[-1] == pytest.approx(1 - chance / (high - low))
    assert 0 < fan.of_doubt[-1] < 1


def test_scenarios_meet_the_same_chance() -> None:
    found = play(Doubt("staff", between(2, 4), whole=True), run=CASES)
    few, many = found.scenarios[1][1], found.scenarios[2][1]
    assert np.array_equal(few.arrived, many.arrived)
    assert (many.done >= few.done).all()


def test_an_open_side_stands_beside_the_fan() -> None:
    found = play(Doubt("rate", known(6, None)), Doubt("mean", Known(None, Fraction(1, 2))))
    codes = [Code.of("open_above", field="rate"), Code.of("open_below", field="mean")]
    notes = map(Code.of, ("no_chance", "in_order_of_filing", "waits_from_curves"))
    assert found.codes == (*codes, *notes)
    assert found.is_open
    assert len(found.scenarios) == 1
    assert not play(Doubt("rate", known(6, None), plausible_high=8)).is_open


# Which input moves it most


def test_the_widest_input_moves_the_backlog_most() -> None:
    found = play(
        Doubt("rate", between(5, 7)),
        Doubt("staff", between(1, 2), whole=True),
        Doubt("backlog", between(90, 110), whole=True),
    )
    # In 20 days 2 a day more are 40; one officer less leaves 40 more; and 20 more at the start.
    assert dict(found.moved) == {
        "rate": pytest.approx(40),
        "staff": pytest.approx(-40),
        "backlog": pytest.approx(20),
    }
    assert found.moved[-1][0] == "backlog"
    wider = play(Doubt("rate", between(5, 7)), Doubt("staff", between(1, 3), whole=True))
    assert wider.widest == "staff"
    assert wider.moved[0][1] == pytest.approx(-80)


def test_an_input_that_moves_nothing_is_not_the_widest() -> None:
    found = play(Doubt("nothing", between(0, 1)))
    assert (found.widest, found.moved) == (None, (("nothing", 0.0),))


# A doubt that contains another


def width_of(rate: tuple[int, int], staff: tuple[int, int], run: Run) -> tuple[Floats, Floats]:
    doubts = (
        Doubt("rate", between(*rate)),
        Doubt("staff", between(*staff), whole=True),
    )
    fan = play(*doubts, run=run).fan()
    return fan.low, fan.high


FOUR = st.lists(st.integers(1, 8), min_size=4, max_size=4).map(sorted)


@settings(max_examples=10, deadline=None)
@given(FOUR, FOUR)
def test_a_doubt_that_contains_another_gives_a_fan_that_contains_it(
    rate: list[int], staff: list[int]
) -> None:
    run = Run(8.0, 4.0, engine="fluid")
    low, high = width_of((rate[0], rate[3]), (staff[0], staff[3]), run)
    inner_low, inner_high = width_of((rate[1], rate[2]), (staff[1], staff[2]), run)
    assert (low <= inner_low + 1e-9).all()
    assert (high >= inner_high - 1e-9).all()


def test_the_same_with_every_case_and_its_chance() -> None:
    low, high = width_of((3, 9), (1, 4), CASES)
    inner_low, inner_high = width_of((5, 7), (2, 3), CASES)
    assert (low <= inner_low).all()
    assert (high >= inner_high).all()
    assert low[-1] < inner_low[-1] < inner_high[-1] < high[-1]


# Stopped on request


class Watch:
    """Keeps what it is told, and stops when so many are done."""

    def __init__(self, most: int | None = None) -> None:
        self.most, self.told = most, [(0, 0)]

    def __call__(self, done: int, asked: int) -> bool | None:
        self.told.append((done, asked))
        return False if self.most is not None and done >= self.most else None


def watched(watch: Watch, *doubts: Doubt, run: Run = CASES) -> Spread:
    return spread(doubts, office, run, seed=1, progress=watch)


RATE = Doubt("rate", between(4, 10))


def test_progress_counts_the_replications_of_all_scenarios() -> None:
    watch = Watch()
    assert len(watched(watch, RATE).scenarios) == 3
    assert watch.told[1:] == [(done, 90) for done in range(1, 91)]


def test_a_spread_that_is_stopped_keeps_whole_scenarios() -> None:
    found = watched(Watch(70), RATE)
    assert values_of(found) == [(7,), (4,)]
    assert Code.of("interrupted", done=2, asked=3) in found.codes
    # The high end was not simulated, so nothing is said of how far the rate moves it.
    assert found.moved == ()
    assert (
        found.fan().high[-1]
        == found.scenarios[0][1].fan(found.scenarios[0][1].pending[:, 0])[2, -1]
    )


def test_of_a_central_scenario_that_is_stopped_there_is_what_there_is() -> None:
    found = watched(Watch(12), RATE)
    assert [result.replications for _, result in found.scenarios] == [12]
    assert Code.of("interrupted", done=0, asked=3) in found.codes


def test_a_stop_at_the_very_end_takes_nothing_away() -> None:
    for run in (CASES, MEAN_PATH):
        most = 3 if run is MEAN_PATH else 90
        found = watched(Watch(most), RATE, run=run)
        assert len(found.scenarios) == 3
        assert "interrupted" not in [code.code for code in found.codes]


# Months missing in a series


def test_a_missing_month_lies_between_its_neighbours() -> None:
    (doubt,) = doubts_of_series("came", [exact(50), MISSING, exact(80), exact(500)], whole=True)
    assert doubt == Doubt("came[1]", MISSING, 50, 80, whole=True)


def test_a_missing_month_also_looks_at_its_season() -> None:
    series = [exact(10 * each) for each in range(1, 7)]
    series_with_hole: list[Known | Absent] = [*series[:4], MISSING, series[5]]
    # Neighbours 40 and 60; every third before: 20.
    (doubt,) = doubts_of_series("came", series_with_hole, season=3)
    assert doubt.levels == (20.0, 40.0, 60.0)
    (alone,) = doubts_of_series("came", series_with_hole, season=0)
    assert alone.levels == (40.0, 50.0, 60.0)


def test_missing_months_in_a_row_look_past_each_other() -> None:
    first, second = doubts_of_series("came", [exact(50), MISSING, MISSING, exact(80)])
    assert first.levels == second.levels == (50.0, 65.0, 80.0)
    assert (first.field, second.field) == ("came[1]", "came[2]")


def test_a_missing_month_at_an_end_has_one_neighbour() -> None:
    series: list[Known | Absent] = [MISSING, between(50, 60), known(1, None, 70), MISSING]
    first, _, _, last = doubts_of_series("came", series)
    assert first.levels == (50.0, 55.0, 60.0)
    assert last.levels == (1.0, 35.5, 70.0)


def test_a_month_that_is_known_only_in_part_is_a_doubt_of_its_own() -> None:
    series = [exact(5), between(5, 9), known(5, None), known(None, None, 7)]
    found = doubts_of_series("came", series)
    assert [doubt.field for doubt in found] == ["came[1]", "came[2]", "came[3]"]
    assert [len(doubt.codes) for doubt in found] == [0, 1, 2]


def test_a_series_of_nothing_is_a_gap() -> None:
    with refused("capacity_gap", field="came[0]", value="missing"):
        doubts_of_series("came", [MISSING, MISSING])


def test_a_series_of_days_is_refused() -> None:
    with refused("capacity_not_finite", field="came[0]"):
        doubts_of_series("came", [MISSING, exact(date(2026, 1, 1))])


def test_a_missing_month_goes_through_to_the_backlog() -> None:
    months: list[Known | Absent] = [exact(30), MISSING, exact(60)]

    def plan(values: Values) -> Scenario:
        counts = [30.0, values["came[1]"], 60.0]
        came = Paths(np.array([0.0, 10, 20, 30]), np.array([counts]))
        stage = Stage("office", Always(1.0), Steps.always(0))
        start = Start(MONDAY, (Waiting("office", 5),))
        return Scenario(Network((stage,)), start, (Arrivals(came),))

    doubts = doubts_of_series("came", months, whole=True)
    fan = spread(doubts, plan, Run(30.0, 10.0, engine="fluid"), seed=1).fan()
    # Nobody decides: 5 and those who came.
    assert np.allclose(fan.low, [5, 35, 35 + 30, 35 + 30 + 60])
    assert np.allclose(fan.high, [5, 35, 35 + 60, 35 + 60 + 60])
