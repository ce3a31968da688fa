"""Plans side by side, against numbers counted by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike

from cauce.engines.capacity.comparing import SHARES, compare
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Result, Run
from cauce.engines.capacity.scenario import Deadline, Scenario
from cauce.engines.capacity.simulation import simulate_scenario
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError
from tests.engines.capacity.plans import interviews, one_stage

# Without the extra ``fast`` plain Python gives the same numbers.
pytestmark = [
    pytest.mark.simulation,
    pytest.mark.filterwarnings("ignore::cauce.engines.capacity.event.NotCompiledWarning"),
]

LIMIT = Deadline("decided", days=5.0)
RUN = Run(70.0, 7.0, 40, deadlines=(LIMIT,))


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    plans: dict[str, Scenario] = {
        "now": one_stage(4.0, interviews(3.0), 50),
        "two more": one_stage(4.0, interviews(Steps((0, 14), (3, 5))), 50),
    }
    return {name: simulate_scenario(plan, RUN, seed=1) for name, plan in plans.items()}


def refused(named: dict[str, Result], **more: float) -> tuple[str, dict[str, object]]:
    with pytest.raises(CauceError) as error:
        compare(named, **more)
    return error.value.code, dict(error.value.params)


def only(result: Result, count: int) -> Result:
    """As if it had been stopped after so many replications."""
    return replace(
        result,
        pending=result.pending[..., :count],
        done=result.done[..., :count],
        overdue=result.overdue[..., :count],
    )


def close(found: Floats, expected: ArrayLike) -> bool:
    return np.allclose(found, expected, rtol=1e-12, atol=1e-9)


def test_each_month_is_seen_last_and_so_are_the_start_and_the_end(
    results: dict[str, Result],
) -> None:
    # Looked at every 7 days: 28 is the last before 30.4375, 56 before 60.875, and 70 is the end.
    assert compare(results).times.tolist() == [0, 28, 56, 70]


def test_a_month_that_ends_at_a_time_looked_at_is_seen_there(results: dict[str, Result]) -> None:
    assert compare(results, every=14.0).times.tolist() == [0, 14, 28, 42, 56, 70]
    # Three times 0.1 is a little more than 0.3 in floating point.
    tenths = replace(results["now"], times=np.array([0.1 * each for each in range(11)]))
    assert close(compare({"now": tenths}, every=0.3).times, [0, 0.3, 0.6, 0.9, 1.0])


def test_the_fans_are_quantiles_over_the_replications(results: dict[str, Result]) -> None:
    compared = compare(results)
    assert compared.replications == 40
    assert compared.deadlines == ("decided",)
    assert [side.name for side in compared.sides] == ["now", "two more"]
    for side in compared.sides:
        result = results[side.name]
        last = sorted(result.pending[-1, 0].tolist())
        # Of 40 the median lies between the 20th and the 21st.
        assert side.backlog.fan[1, -1] == (last[19] + last[20]) / 2
        assert close(side.done.fan[:, -1], np.quantile(result.done[-1], SHARES))
        assert close(side.overdue[0].fan[:, 1], np.quantile(result.overdue[0, 4], SHARES))


def test_the_first_plan_differs_from_itself_by_nothing(results: dict[str, Result]) -> None:
    first = compare(results).sides[0]
    for measure in (first.backlog, first.done, *first.overdue):
        assert not measure.difference.any()
        assert not measure.mean_difference.any()


def test_differences_are_of_the_same_chance(results: dict[str, Result]) -> None:
    compared = compare(results)
    _, more = compared.sides
    # Nothing differs before the two come, on day 14; from then on nobody goes later.
    assert not compare(results, every=14.0).sides[1].backlog.difference[:, :2].any()
    assert (more.backlog.difference[:, 1:] < 0).all()
    # As many came, so what is less pending is done.
    assert close(more.done.mean_difference, -more.backlog.mean_difference)
    paired = results["two more"].pending[-1, 0] - results["now"].pending[-1, 0]
    assert close(more.backlog.difference[:, -1], np.quantile(paired, SHARES))
    assert close(more.backlog.mean_difference[-1], paired.mean())
    # The spread of a pair is less than that of two strangers.
    strangers = results["two more"].pending[-1, 0] - np.roll(results["now"].pending[-1, 0], 1)
    apart = np.quantile(strangers, SHARES)
    pair = more.backlog.difference[:, -1]
    assert pair[2] - pair[0] < apart[2] - apart[0]


def test_a_result_that_was_stopped_is_compared_by_the_pairs_there_are(
    results: dict[str, Result],
) -> None:
    stopped = {**results, "two more": only(results["two more"], 15)}
    assert compare(stopped).replications == 15
    both = {name: only(result, 15) for name, result in results.items()}
    for found, expected in zip(compare(stopped).sides, compare(both).sides, strict=True):
        assert close(found.backlog.fan, expected.backlog.fan)
        assert close(found.backlog.difference, expected.backlog.difference)


def test_one_plan_alone_may_be_laid_out(results: dict[str, Result]) -> None:
    (side,) = compare({"now": results["now"]}).sides
    assert side.backlog.fan.shape == (3, 4)


def test_results_without_pairs_are_refused(results: dict[str, Result]) -> None:
    now = results["now"]
    for field, other in (("seed", 2), ("engine", "tau"), ("deadlines", ("other",))):
        changed = replace(now, **{field: other})  # type: ignore[arg-type]
        assert refused({"now": now, "then": changed}) == (
            "capacity_conflict",
            {"field": f"then.{field}", "other": f"now.{field}"},
        )


def test_results_of_other_times_are_refused(results: dict[str, Result]) -> None:
    now = results["now"]
    assert refused({"now": now, "then": replace(now, times=now.times + 1)}) == (
        "capacity_lengths_differ",
        {"field": "then.times", "other": "now.times"},
    )


def test_nothing_to_compare_and_months_of_no_length_are_refused(
    results: dict[str, Result],
) -> None:
    assert refused({})[0] == "capacity_too_few"
    assert refused(results, every=0.0)[0] == "capacity_not_positive"
