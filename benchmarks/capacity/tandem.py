"""Three stages in a row, arrivals that change by the month, two years, fifty replications."""

from __future__ import annotations

import json

import numba
import numpy as np

from benchmarks.capacity.plans import DAYS, EDGES, MEANS, RATES, SERVERS, tandem
from benchmarks.capacity.timing import Goal, elsewhere, least
from cauce.engines import capacity as c
from cauce.engines.capacity.compiled import PLAIN
from cauce.engines.capacity.draws import draw_cases
from cauce.engines.capacity.playing import Prepared

__all__ = ["goals"]

LEAN = {"every": DAYS, "quantiles": (), "age_edges": ()}

#: The same tandem in Ciw; prints seconds for one replication and the mean wait.
CIW = """
import json, sys, time, ciw
days, edges, rates, means, servers, replications = map(json.loads, sys.argv[1:])
ends = edges[1:] + [days]
network = ciw.create_network(
    arrival_distributions=[
        ciw.dists.PoissonIntervals(rates=rates, endpoints=ends, max_sample_date=days), None, None],
    service_distributions=[ciw.dists.Exponential(rate=1 / mean) for mean in means],
    routing=[[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.0]],
    number_of_servers=servers,
)
waits, count, began = 0.0, 0, time.perf_counter()
for seed in range(replications):
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(days)
    for record in simulation.get_all_records():
        waits += record.waiting_time
        count += 1
seconds = (time.perf_counter() - began) / replications
print(json.dumps({"seconds": seconds, "wait": waits / count}))
"""


@numba.njit(cache=False)  # type: ignore[untyped-decorator]  # numba has no types
def bare(days, edges, rates, means, servers, seed):  # type: ignore[no-untyped-def]
    """What a programmer would write for this queue alone: each stage gives each case the server
    who is free first, and what leaves it, sorted, goes to the next."""
    np.random.seed(seed)
    room = int(rates.max() * days * 1.5) + 100
    times = np.empty(room)
    count, now, piece = 0, 0.0, 0
    while True:
        now += np.random.exponential(1.0) / rates[piece]
        if piece + 1 < len(edges) and now > edges[piece + 1]:
            now = edges[piece + 1]
            piece += 1
            continue
        if now > days:
            break
        times[count] = now
        count += 1
    waited, begun = 0.0, 0
    comes = times[:count].copy()
    for stage in range(len(servers)):
        free = np.zeros(servers[stage])
        leaves = np.empty(len(comes))
        for i in range(len(comes)):
            first = 0
            for j in range(1, servers[stage]):
                if free[j] < free[first]:
                    first = j
            start = max(free[first], comes[i])
            if start <= days:
                waited += start - comes[i]
                begun += 1
            free[first] = start + np.random.exponential(means[stage])
            leaves[i] = free[first]
        comes = np.sort(leaves)
        comes = comes[: np.searchsorted(comes, days, side="right")]
    return waited / max(begun, 1)


def goals(other: str, replications: int) -> list[Goal]:
    scenario = tandem()
    run = c.Run(DAYS, replications=replications, **LEAN)  # type: ignore[arg-type]  # a table
    ours = least(lambda: c.simulate_scenario(scenario, run, seed=1), 3) / replications
    given = (DAYS, np.array(EDGES), np.array(RATES), np.array(MEANS), np.array(SERVERS))
    by_hand = least(lambda: [bare(*given, seed) for seed in range(replications)], 3) / replications
    cases = draw_cases(scenario, DAYS, 1, 0)
    plain = least(lambda: Prepared(scenario, DAYS, PLAIN).play(cases, 1, 0), 3)
    lists = (DAYS, EDGES, RATES, MEANS, SERVERS, replications)
    ciw = elsewhere(other, CIW, *(json.dumps(each) for each in lists))
    print(
        f"tandem, one replication: ours {ours * 1e3:.2f} ms, bare loop {by_hand * 1e3:.2f} ms, "
        f"plain {plain * 1e3:.0f} ms, Ciw {1e3 * ciw['seconds'] if ciw else 0:.0f} ms"
    )
    waits = c.simulate_scenario(
        scenario, c.Run(DAYS, replications=replications, keep_visits=True), seed=2
    ).visits
    began = [v.started[np.isfinite(v.started)] - v.joined[np.isfinite(v.started)] for v in waits]
    mean = float(np.concatenate(began).mean())
    hand = float(np.mean([bare(*given, seed) for seed in range(replications)]))
    print(f"mean wait: ours {mean:.4f} days, bare loop {hand:.4f}, "
          f"Ciw {ciw['wait'] if ciw else float('nan'):.4f}")  # fmt: skip
    each = ciw["seconds"] if ciw else None
    return [
        Goal("event engine, tandem, as fast as Ciw", each / ours if each else None, 200),
        Goal("event engine, tandem, as fast as a bare loop", by_hand / ours, 0.5),
        Goal("plain Python loop, tandem, as fast as Ciw", each / plain if each else None, 1),
    ]
