"""What happens to every single case? The exact engine: one event after another.

``run`` draws chance (``draws.py``), plays it (``playing.py``, whose loops are compiled if they can
be) and counts (``tally.py``), replication by replication. Plain Python gives the same numbers as
the compiled loop, in some twenty times the time.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from cauce.engines.capacity.compiled import loops
from cauce.engines.capacity.draws import draw_cases
from cauce.engines.capacity.model import Network
from cauce.engines.capacity.playing import Prepared
from cauce.engines.capacity.refusing import positive, whole
from cauce.engines.capacity.result import Progress, Result, Run, Visits
from cauce.engines.capacity.scenario import Scenario
from cauce.engines.capacity.tally import Tally, gather, tally
from cauce.errors import CauceError
from cauce.values.answer import Code

__all__ = ["MOST_CASES", "NotCompiledWarning", "replicate", "run"]

#: Cases that one replication may expect: each costs some hundred bytes.
MOST_CASES = 20_000_000
#: Cases in all replications together: an hour's work and more.
MOST_CASES_IN_ALL = 10_000_000_000
#: Starts of one case, on average: with more it goes round all but for ever.
MOST_VISITS = 10_000
#: Starts of all cases of one replication, on average: each is kept.
MOST_VISITS_IN_ALL = 200_000_000


class NotCompiledWarning(UserWarning):
    """The extra ``fast`` is not installed: plain Python does the work, some twenty times slower."""


def run(scenario: Scenario, run: Run, seed: int, progress: Progress | None = None) -> Result:
    """Simulate every case. Raises ``capacity_too_many`` for more cases than memory or patience can
    hold; ``tau`` and ``fluid`` cost the same for any number."""
    _check_size(scenario, run.until, run.replications)
    step = loops()
    notes = []
    if not step.fast:
        notes.append(Code.of("not_compiled", extra="fast"))
        warnings.warn("not_compiled: extra 'fast'", NotCompiledWarning, stacklevel=3)
    work = partial(_one, Prepared(scenario, run.until, step), run, seed)
    counted = []
    for done, found in enumerate(_in_order(work, run.replications, run.threads), start=1):
        counted.append(found)
        if progress and progress(done, run.replications) is False:
            notes.append(Code.of("interrupted", done=done, asked=run.replications))
            break
    return gather(scenario, run, seed, counted, tuple(notes))


def replicate(scenario: Scenario, until: float, seed: int, replication: int) -> Visits:
    """The visits of one replication, to look at each of them."""
    seed, replication = whole("seed", seed), whole("replication", replication)
    _check_size(scenario, positive("until", until), 1)
    prepared = Prepared(scenario, until, loops())
    return prepared.play(draw_cases(scenario, until, seed, replication), seed, replication).visits


def _check_size(scenario: Scenario, until: float, replications: int) -> None:
    each = scenario.at_most(until, MOST_CASES)
    if each * replications > MOST_CASES_IN_ALL:
        limit = max(int(MOST_CASES_IN_ALL / each), 1)
        raise CauceError("capacity_too_many", field="replications", value=replications, limit=limit)
    if not each:
        return
    visits = _most_visits(scenario.network)
    if visits > MOST_VISITS:
        raise CauceError("capacity_too_many", field="routes", value=visits, limit=MOST_VISITS)
    if visits * each > MOST_VISITS_IN_ALL:
        limit = int(MOST_VISITS_IN_ALL / visits)
        raise CauceError("capacity_too_many", field="cases", value=each, limit=limit)


def _most_visits(network: Network) -> float:
    """How often a case starts somewhere before it is out, on average, from the stage and in the
    class where that is most: with shares near 1 it goes round all but for ever."""
    most, names = 1.0, network.names
    starts = np.array([1 / (1 - stage.no_show) for stage in network.stages])
    for class_ in network.classes:
        onward = np.zeros((len(names), len(names)))
        for origin, name in enumerate(names):
            for to, share in network.onward(class_, name):
                onward[origin, names.index(to)] = share
        found = np.linalg.solve(np.eye(len(names)) - onward, starts)
        most = max(most, float(found.max()))
    return most


def _in_order(work: Callable[[int], Tally], count: int, threads: int) -> Iterator[Tally]:
    """The replications, by their number, side by side if asked; few are begun ahead, so that
    little is left to wait for when it is stopped."""
    if threads == 1:
        yield from map(work, range(count))
        return
    with ThreadPoolExecutor(threads) as pool:
        ahead = [pool.submit(work, number) for number in range(min(2 * threads, count))]
        for number in range(len(ahead), count + len(ahead)):
            first = ahead.pop(0)
            if number < count:
                ahead.append(pool.submit(work, number))
            try:
                yield first.result()
            except GeneratorExit:
                pool.shutdown(cancel_futures=True)
                raise


def _one(prepared: Prepared, run: Run, seed: int, replication: int) -> Tally:
    cases = draw_cases(prepared.scenario, run.until, seed, replication)
    return tally(prepared.scenario, run, cases, prepared.play(cases, seed, replication))
