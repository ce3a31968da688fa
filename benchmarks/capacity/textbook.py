"""M/M/3 at a utilisation of 0.9, a million customers."""

from __future__ import annotations

import numba
import numpy as np

from benchmarks.capacity.plans import textbook
from benchmarks.capacity.timing import Goal, elsewhere, least
from cauce.engines import capacity as c

__all__ = ["goals"]

#: The same queue in SimPy; prints seconds and the mean wait.
SIMPY = """
import json, random, sys, time, simpy
customers = int(sys.argv[1])
chance, waits = random.Random(1), [0.0]
def customer(env, servers):
    came = env.now
    with servers.request() as turn:
        yield turn
        waits[0] += env.now - came
        yield env.timeout(chance.expovariate(1.0))
def source(env, servers):
    for _ in range(customers):
        yield env.timeout(chance.expovariate(2.7))
        env.process(customer(env, servers))
began = time.perf_counter()
env = simpy.Environment()
env.process(source(env, simpy.Resource(env, capacity=3)))
env.run()
print(json.dumps({"seconds": time.perf_counter() - began, "wait": waits[0] / customers}))
"""


@numba.njit(cache=False)  # type: ignore[untyped-decorator]  # numba has no types
def bare(customers, rate, mean, servers, seed):  # type: ignore[no-untyped-def]
    """The recursion of Kiefer and Wolfowitz (1955): when each server is free."""
    np.random.seed(seed)
    free = np.zeros(servers)
    now, waited = 0.0, 0.0
    for _ in range(customers):
        now += np.random.exponential(1.0 / rate)
        first = 0
        for j in range(1, servers):
            if free[j] < free[first]:
                first = j
        start = max(free[first], now)
        waited += start - now
        free[first] = start + np.random.exponential(mean)
    return waited / customers


def goals(other: str, customers: int) -> list[Goal]:
    scenario, until = textbook(), customers / 2.7
    run = c.Run(until, every=until, replications=1, quantiles=(), age_edges=())
    ours = least(lambda: c.simulate_scenario(scenario, run, seed=1))
    by_hand = least(lambda: bare(customers, 2.7, 1.0, 3, 1))
    simpy = elsewhere(other, SIMPY, customers)
    visits = c.replicate(scenario, until, 1, 0)
    begun = np.isfinite(visits.started)
    wait = float((visits.started - visits.joined)[begun].mean())
    print(f"M/M/3: ours {ours * 1e3:.0f} ms, bare recursion {by_hand * 1e3:.0f} ms, "
          f"SimPy {simpy['seconds'] * 1e3 if simpy else 0:,.0f} ms")  # fmt: skip
    print(f"mean wait: ours {wait:.3f}, bare {bare(customers, 2.7, 1.0, 3, 1):.3f}, SimPy "
          f"{simpy['wait'] if simpy else float('nan'):.3f}; by the closed form "
          f"{c.mmc(2.7, 1.0, 3).mean_waiting:.3f}")  # fmt: skip
    each = simpy["seconds"] if simpy else None
    return [
        Goal("event engine, M/M/3, as fast as SimPy", each / ours if each else None, 100),
        Goal("event engine, M/M/3, as fast as a bare recursion", by_hand / ours, 0.4),
    ]
