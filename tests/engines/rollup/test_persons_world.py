"""Does every range hold the truth, whatever people do and whichever reports are lost?

The truth is known here, because the persons are simulated one by one (``worlds.py``). The slow
variants draw many more worlds.
"""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from cauce.engines.rollup import Outcome, declare, roll_up
from cauce.values.answer import Absent, Known
from tests.engines.rollup.worlds import Scenario, holds, scenarios

KINDS = ("union", "events", "at_end", "max", "min")
ANY = [HealthCheck.too_slow, HealthCheck.data_too_large]
#: Most worlds are of persons counted once; of the other rules a few, in turn.
WORLDS = st.sampled_from(("union", "union", "union", *KINDS)).flatmap(scenarios)


def solved(scenario: Scenario) -> Outcome:
    return roll_up(scenario.ask, scenario.in_scope(), scenario.declared, scenario.world)


def check(scenario: Scenario) -> None:
    answer = solved(scenario).answer
    # Nothing in these worlds is beyond reckoning, so nothing is refused.
    assert isinstance(answer, Known | Absent)
    if isinstance(answer, Known):
        assert holds(answer, scenario.truth()), (answer, scenario.truth())


@given(WORLDS)
@settings(max_examples=200, suppress_health_check=ANY)
def test_the_truth_lies_in_every_range(scenario: Scenario) -> None:
    check(scenario)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_truth_lies_in_every_range_of_very_many_worlds(kind: str) -> None:
    # Shrinking a counterexample out of so many takes long; the short test above shrinks.
    @given(scenarios(kind))
    @settings(
        # Twenty thousand were drawn once, and held; this many a suite can afford every time.
        max_examples=2_000 if kind == "union" else 400,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=ANY,
    )
    def each(scenario: Scenario) -> None:
        check(scenario)

    each()


@given(scenarios("union"))
@settings(max_examples=40, suppress_health_check=ANY)
def test_a_question_that_one_whole_report_answers_is_answered_exactly(scenario: Scenario) -> None:
    outcome = solved(scenario)
    asked = scenario.ask
    wholes = [
        c
        for c in outcome.used
        if c.period == asked.period and c.breakdown == asked.where and c.unit == asked.unit
    ]
    received = outcome.coverage is None or outcome.coverage.received == outcome.coverage.due
    told = {c.code for c in outcome.caveats}.isdisjoint({"not_told_apart", "incomplete"})
    if len(outcome.used) == len(wholes) == 1 and received and told:
        assert wholes[0].value == outcome.answer


@given(scenarios("events"))
@settings(max_examples=40, suppress_health_check=ANY)
def test_events_of_which_every_report_arrived_are_known_exactly(scenario: Scenario) -> None:
    outcome = solved(scenario)
    if isinstance(outcome.answer, Known) and outcome.answer.high is not None:
        assert outcome.answer.low == outcome.answer.high == scenario.truth()


def test_a_world_has_what_makes_counting_hard() -> None:
    """The generator does not quietly draw easy worlds: naive rules are caught in lying."""
    caught = {"sum": 0, "ignored silence": 0, "added totals and codes": 0}

    @given(scenarios("union"))
    @settings(
        max_examples=120,
        database=None,
        derandomize=True,
        suppress_health_check=ANY,
    )
    def each(scenario: Scenario) -> None:
        answer, truth = solved(scenario).answer, scenario.truth()
        if not isinstance(answer, Known):
            return
        given_cells = scenario.in_scope()
        caught["sum"] += isinstance(answer.high, Fraction) and answer.high > truth
        silent = roll_up(
            scenario.ask,
            given_cells,
            scenario.declared,
            type(scenario.world)(codes=scenario.world.codes),
        ).answer
        caught["ignored silence"] += isinstance(silent, Known) and not holds(silent, truth)
        flat = declare(preset="unique_people", dimensions={"party": "lasting", "place": "lasting"})
        added = roll_up(scenario.ask, given_cells, flat, scenario.world).answer
        caught["added totals and codes"] += isinstance(added, Known) and not holds(added, truth)

    each()
    assert all(caught.values()), caught
