"""How old are those who wait, and who is late, if cases are decided in the order of filing?

What the engines that follow numbers of cases, not single ones, have in common: the network as flat
rows, and the ages, limits and waits that follow from cumulative curves (who came, who left). It
draws no chance and moves no case.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from cauce.engines.capacity.model import Network, Stage
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Result, Run
from cauce.engines.capacity.scenario import Arrivals, Deadline, Events, Rates, Scenario, Source
from cauce.values.answer import Code

__all__ = ["MOST_CASES", "Counted", "Flows", "expected_until", "queue_of", "result_of", "to_know"]

# A moment just before: a limit in working days is the same for all who file on one day.
_BEFORE = 1e-9
# Delays looked at within one interval of the grid, evenly spread.
_WITHIN = (np.arange(4) + 0.5) / 4
_LARGEST_EXPONENT = 700.0
#: So many cases can be told from one more, all sums of them counted.
MOST_CASES = 10**14


# ------------------------------------------------------------------------- the network, flat


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """A network as rows, one for each queue = stage × classes + class.

    mean, spread [queue]: days of work a case takes until it succeeds, missed appointments and all,
    and the squared coefficient of variation of them. patience [stage]: mean days, or infinite.
    routes [queue]: (queue, share, whether it comes later in ``order``). order: the stages, those
    from which cases come first. levels [stage]: queues by priority, those to serve first first.
    needs [queue]: numbers of pools. sizes [class]: persons a file stands for.
    """

    stages: tuple[Stage, ...]
    classes: int
    mean: Floats
    spread: Floats
    patience: Floats
    routes: tuple[tuple[tuple[int, float, bool], ...], ...]
    order: tuple[int, ...]
    levels: tuple[tuple[tuple[int, ...], ...], ...]
    needs: tuple[tuple[int, ...], ...]
    sizes: Floats
    start: Floats

    @classmethod
    def of(cls, scenario: Scenario) -> Flows:
        """The rows of a scenario's network, and who waits in them at the start."""
        network = scenario.network
        order = _upstream_first(network)
        pairs = [(stage, class_) for stage in network.stages for class_ in network.classes]
        work = [_work(stage, class_) for stage, class_ in pairs]
        pools = [pool.name for pool in network.pools]
        return cls(
            stages=network.stages,
            classes=len(network.classes),
            mean=np.array([mean for mean, _ in work]),
            spread=np.array([spread for _, spread in work]),
            patience=np.array([s.patience.mean if s.patience else np.inf for s in network.stages]),
            routes=tuple(_routes(network, stage, class_, order) for stage, class_ in pairs),
            order=order,
            levels=tuple(_levels(network, number) for number in range(len(network.stages))),
            needs=tuple(tuple(map(pools.index, s.of(c).needs)) for s, c in pairs),
            sizes=np.array([_size(scenario, class_) for class_ in network.classes]),
            start=_start(scenario),
        )

    @property
    def is_plain(self) -> bool:
        """One class and no pools: a stage's servers are for whoever is there."""
        return self.classes == 1 and not any(self.needs)

    def queues(self, stage: int) -> range:
        return range(stage * self.classes, (stage + 1) * self.classes)


def _work(stage: Stage, class_: str) -> tuple[float, float]:
    """Mean and squared variation of the work until an appointment is kept: a geometric number of
    missed ones, each of which costs a part of a service time of its own."""
    service = stage.of(class_).service or stage.service
    missed, cost = stage.no_show / (1 - stage.no_show), stage.no_show_cost
    mean = 1 + missed * cost
    squared = service.variation**2 * (1 + missed * cost**2)
    squared += cost**2 * missed / (1 - stage.no_show)
    return service.mean * mean, squared / mean**2


def _routes(
    network: Network, stage: Stage, class_: str, order: tuple[int, ...]
) -> tuple[tuple[int, float, bool], ...]:
    names, classes = network.names, network.classes
    place = order.index(names.index(stage.name))
    return tuple(
        (
            names.index(to) * len(classes) + classes.index(class_),
            share,
            order.index(names.index(to)) > place,
        )
        for to, share in network.onward(class_, stage.name)
    )


def _upstream_first(network: Network) -> tuple[int, ...]:
    """The stages after those that lead to them; where they go round, in the order declared."""
    names = network.names
    before: dict[int, set[int]] = {number: set() for number in range(len(names))}
    for class_ in network.classes:
        for number, name in enumerate(names):
            for to, _ in network.onward(class_, name):
                before[names.index(to)].add(number)
    order: list[int] = []
    while len(order) < len(names):
        left = [number for number in before if number not in order]
        free = [number for number in left if before[number] <= {number, *order}]
        order.append((free or left)[0])
    return tuple(order)


def _levels(network: Network, number: int) -> tuple[tuple[int, ...], ...]:
    stage, classes = network.stages[number], network.classes
    priority = [stage.of(class_).priority for class_ in classes]
    first = number * len(classes)
    return tuple(
        tuple(first + c for c in range(len(classes)) if priority[c] == level)
        for level in sorted(set(priority))
    )


def _size(scenario: Scenario, class_: str) -> float:
    """Mean persons per file of a class, over its arrivals; 1 where nothing is said."""
    own = [each for each in scenario.arrivals if each.class_ == class_]
    means = [each.persons_per_file.mean if each.persons_per_file else 1.0 for each in own]
    # Only how the sources compare matters here, so any length of time will do for one that starts.
    weights = [each.source.expected(_LONG) for each in own]
    if not sum(weights):
        return means[0] if means else 1.0
    return float(np.average(means, weights=weights))


_LONG = 365.0


def _start(scenario: Scenario) -> Floats:
    names, classes = scenario.network.names, scenario.network.classes
    start = np.zeros(len(names) * len(classes))
    for row in scenario.start.waiting:
        start[names.index(row.stage) * len(classes) + classes.index(row.class_)] += row.count
    return start


def queue_of(scenario: Scenario, arrivals: Arrivals) -> int:
    """The number of the queue that arrivals join."""
    classes = scenario.network.classes
    return scenario.entry(arrivals) * len(classes) + classes.index(arrivals.class_)


def expected_until(source: Source, moments: Floats) -> Floats:
    """Cases until each moment, at it included."""
    if isinstance(source, Events):
        return np.searchsorted(source.times, moments, "right").astype(np.float64)
    return (source.per_day if isinstance(source, Rates) else source.mean()).until(moments)


# ------------------------------------------------------------------------- what is not held


def to_know(scenario: Scenario, run: Run, engine: str) -> tuple[Code, ...]:
    """What a reader must know of an engine that follows numbers, as codes."""
    fields = list(_not_held(scenario.network, run.until))
    if run.keep_visits:
        fields.append("keep_visits")
    held = [Code.of("not_held", field=field, engine=engine) for field in fields]
    return (Code.of("in_order_of_filing"), Code.of("waits_from_curves"), *held)


def _not_held(network: Network, until: float) -> Iterator[str]:
    """Patience is taken to have no memory; cases of those who leave are handed over; and a server
    of a pool that shrinks is taken from the case in progress."""
    for stage in network.stages:
        if stage.patience and abs(stage.patience.variation - 1) > _BEFORE:
            yield f"stages.{stage.name}.patience.variation"
        if stage.when_cut == "finish" and _falls(stage.staff.times, stage.staff.values, until):
            yield f"stages.{stage.name}.when_cut"
    for pool in network.pools:
        if _falls(pool.servers.times, pool.servers.values, until):
            yield f"pools.{pool.name}.servers"


def _falls(times: tuple[float, ...], values: tuple[float, ...], until: float) -> bool:
    pairs = zip(times[1:], values[:-1], values[1:], strict=True)
    return any(after < before for time, before, after in pairs if time <= until)


# ------------------------------------------------------------------------- from counts to a result


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What an engine counts; T times, Q queues, S stages, R replications.

    arrived, done [T, R]; pending [T, Q, R]; joined [T, S, R]: who came to a stage since the start,
    the backlog with them, without those turned away; in_service, lost, turned_away [T, S, R];
    busy [S, R]; flagged [R].
    """

    arrived: Floats
    done: Floats
    pending: Floats
    joined: Floats
    in_service: Floats
    lost: Floats
    turned_away: Floats
    busy: Floats
    flagged: Floats

    @classmethod
    def together(cls, parts: list[Counted], first: int) -> Counted:
        """Blocks of replications side by side, only the first so many of them."""
        return cls(
            *(
                np.concatenate([getattr(part, name) for part in parts], axis=-1)[..., :first]
                for name in cls.__dataclass_fields__
            )
        )


def result_of(
    scenario: Scenario, run: Run, seed: int, counted: Counted, engine: str, notes: tuple[Code, ...]
) -> Result:
    """A whole result. Counts that follow from curves are rounded where chance is drawn (``tau``),
    so that they are of whole files there, too."""
    flows = Flows.of(scenario)
    rounded: Callable[[Floats], Floats] = np.rint if engine == "tau" else np.asarray
    order = _Order.of(scenario, run.times, counted)
    by_cohort = [order.by_cohort(deadline, rounded) for deadline in run.deadlines]
    shape = (len(run.deadlines), len(run.times) - 1, counted.arrived.shape[1])
    by_stage_and_class = counted.pending.reshape(
        len(run.times), len(flows.stages), flows.classes, -1
    )
    return Result(
        stages=scenario.network.names,
        times=run.times,
        backlog=scenario.start.backlog,
        arrived=counted.arrived,
        pending=by_stage_and_class.sum(axis=2),
        done=counted.done,
        lost=counted.lost,
        turned_away=counted.turned_away,
        pending_persons=np.einsum("tscr,c->tr", by_stage_and_class, flows.sizes),
        age_edges=run.age_edges,
        aged=rounded(order.aged(run.age_edges)),
        deadlines=tuple(deadline.name for deadline in run.deadlines),
        overdue=rounded(order.overdue(run.deadlines)),
        filed=np.diff(counted.arrived, axis=0),
        on_time=np.array([on_time for on_time, _ in by_cohort]).reshape(shape),
        unknown=np.array([unknown for _, unknown in by_cohort]).reshape(shape),
        quantiles=run.quantiles,
        waits=_waits(flows, run, counted),
        busy=counted.busy,
        flagged=counted.flagged,
        engine=engine,
        seed=seed,
        notes=notes,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Order:
    """First filed, first out: the curves of who was filed and of who left.

    Between two times of the grid both are taken to be straight. Who is turned away was the last to
    come and never stood in this line. came, left, done [T, R].
    """

    scenario: Scenario
    times: Floats
    came: Floats
    left: Floats
    done: Floats

    @classmethod
    def of(cls, scenario: Scenario, times: Floats, counted: Counted) -> _Order:
        came = scenario.start.backlog + counted.arrived - counted.turned_away.sum(axis=1)
        left = counted.done + counted.lost.sum(axis=1)
        return cls(scenario, times, came, left, counted.done)

    def filed_until(self, moments: Floats) -> Floats:
        """How many had been filed at each moment, which may be before the start; [moment, R]."""
        before = np.zeros(len(moments))
        for row in self.scenario.start.waiting:
            oldest = row.age if row.age_to is None else row.age_to
            if oldest > row.age:
                share = np.clip((moments + oldest) / (oldest - row.age), 0.0, 1.0)
            else:
                share = (moments >= -row.age).astype(np.float64)
            before += row.count * share
        since = self._at(self.came, moments)
        return np.asarray(np.where(moments[:, None] < 0, before[:, None], since))

    def aged(self, edges: tuple[float, ...]) -> Floats:
        """[T, A, R]"""
        found: list[Floats] = [self._still_there(self.times - edge) for edge in edges]
        return (
            np.stack(found, axis=1) if found else np.zeros((len(self.times), 0, self.left.shape[1]))
        )

    def overdue(self, deadlines: tuple[Deadline, ...]) -> Floats:
        """[D, T, R]"""
        found = [self._still_there(self._last_late(deadline)) for deadline in deadlines]
        return np.stack(found) if found else np.zeros((0, *self.left.shape))

    def by_cohort(
        self, deadline: Deadline, rounded: Callable[[Floats], Floats]
    ) -> tuple[Floats, Floats]:
        """Of those filed between two times: decided within the limit, and not yet known;
        [T − 1, R] each."""
        first, last = self.came[:-1], self.came[1:]
        known, open_ = self._within(deadline, first, last), self._open(deadline, first, last)
        on_time, unknown = (
            rounded(self._decided(known[1]) - self._decided(known[0])),
            rounded(open_),
        )
        return np.clip(on_time, 0.0, np.maximum(last - first - unknown, 0.0)), unknown

    def _within(self, deadline: Deadline, first: Floats, last: Floats) -> tuple[Floats, Floats]:
        """From which place in the line to which other the limit is kept; the places cross the curve
        of who has left by the end of the limit at most once between two times."""
        on = self.scenario.start.on
        ahead = self._at(self.left, deadline.ends(on, self.times[:-1])) - first
        behind = self._at(self.left, deadline.ends(on, self.times[1:] - _BEFORE)) - last
        apart = np.abs(ahead) + np.abs(behind)
        whole = (ahead >= 0) & (behind >= 0)
        part = np.where(whole, 1.0, np.maximum(ahead, behind).clip(0.0) / np.where(apart, apart, 1))
        kept = part * (last - first)
        from_first = ahead >= 0
        return (
            np.where(from_first, first, last - kept),
            np.where(from_first, first + kept, last),
        )

    def _open(self, deadline: Deadline, first: Floats, last: Floats) -> Floats:
        """Filed in the interval, still there at the end, and the limit ends later."""
        late = self.filed_until(self._last_late(deadline)[-1:])
        return np.asarray(last - np.clip(np.maximum(self.left[-1:], late), first, last))

    def _decided(self, places: Floats) -> Floats:
        """How many of those up to a place in the line have been decided, not lost, at the end."""
        if (self.left == self.done).all():
            return np.asarray(np.minimum(places, self.left[-1]))
        columns = zip(places.T, self.left.T, self.done.T, strict=True)
        return np.stack([np.interp(place, left, done) for place, left, done in columns], axis=1)

    def _still_there(self, filed: Floats) -> Floats:
        """By time, those filed until a moment of its own who have not left."""
        return np.asarray(np.maximum(self.filed_until(filed) - self.left, 0.0))

    def _last_late(self, deadline: Deadline) -> Floats:
        """By time, the moment until which all who had filed were past the limit."""
        if deadline.days is not None:
            return self.times - deadline.days
        oldest = max((row.age_to or row.age for row in self.scenario.start.waiting), default=0.0)
        days = np.arange(-np.ceil(oldest), np.ceil(self.times[-1]) + 1)
        past = np.searchsorted(deadline.ends(self.scenario.start.on, days), self.times, "right")
        return np.asarray(days[0] + past - _BEFORE)

    def _at(self, values: Floats, moments: Floats) -> Floats:
        """The curves [T, R] at moments, straight in between; the first and last value outside."""
        inside = np.clip(moments, self.times[0], self.times[-1])
        left = np.clip(np.searchsorted(self.times, inside, "right") - 1, 0, len(self.times) - 2)
        part = (inside - self.times[left]) / (self.times[left + 1] - self.times[left])
        return np.asarray(values[left] + part[:, None] * (values[left + 1] - values[left]))


# ------------------------------------------------------------------------- waits


def _waits(flows: Flows, run: Run, counted: Counted) -> Floats:
    """Quantiles of the delay between the curve of who came and that of who started, [S, Q, R]."""
    stages, runs = len(flows.stages), counted.joined.shape[2]
    found = np.full((stages, len(run.quantiles), runs), np.nan)
    for stage in range(stages):
        queues = flows.queues(stage)
        pending = counted.pending[:, queues.start : queues.stop].sum(axis=1)
        waiting = np.maximum(pending - counted.in_service[:, stage], 0.0)
        started = counted.joined[:, stage] - waiting - counted.lost[:, stage]
        leave = 1 / flows.patience[stage]
        for r in range(runs):
            joined = counted.joined[:, stage, r]
            delay = _delays(run.times, joined, waiting[:, r], leave)
            found[stage, :, r] = _quantiles(delay, started[:, r], run.quantiles)
    return found


def _delays(times: Floats, joined: Floats, waiting: Floats, leave: float) -> Floats:
    """How long who starts at each time has waited: since then as many came as are waiting, less
    those of them who left."""
    came = (
        _when_as_many(times, joined, waiting)
        if not leave
        else (_when_as_many_stayed(times, joined, waiting, leave))
    )
    return np.where(waiting > _BEFORE, np.maximum(times - came, 0.0), 0.0)


def _when_as_many(times: Floats, joined: Floats, waiting: Floats) -> Floats:
    return np.asarray(np.interp(joined - waiting, joined, times))


def _when_as_many_stayed(times: Floats, joined: Floats, waiting: Floats, leave: float) -> Floats:
    """The same where each leaves at a rate: who came at u counts as e^(leave·u), and waiting at t
    as e^(leave·t). In logarithms, since the plan may be long and patience short."""
    length = np.diff(times)
    exponent = np.minimum(leave * length, _LARGEST_EXPONENT)
    with np.errstate(divide="ignore", invalid="ignore"):
        within = leave * times[1:] + np.log(-np.expm1(-exponent) / exponent)
        weights = np.log(np.append(joined[0], np.diff(joined))) + np.append(0.0, within)
        summed = np.logaddexp.accumulate(weights)
        share = np.exp(np.log(waiting) + leave * times - summed)
        target = summed + np.log1p(-np.minimum(share, 1.0))
        index = np.searchsorted(summed, target, "right") - 1
        left = np.clip(index, 0, len(times) - 2)
        low = np.exp(summed[left] - summed[left + 1])
        part = (np.exp(target - summed[left + 1]) - low) / (1 - low)
        inside = np.log1p(np.clip(part, 0.0, 1.0) * np.expm1(exponent[left])) / leave
    came = times[left] + np.where(np.isfinite(inside), inside, 0.0)
    return np.asarray(np.where(index < 0, times[0], came))


def _quantiles(delays: Floats, started: Floats, shares: tuple[float, ...]) -> Floats:
    """Of the delays, each interval of the grid with the weight of those who started in it."""
    begun = np.maximum(np.diff(started), 0.0)
    within = delays[:-1, None] + np.diff(delays)[:, None] * _WITHIN
    values = np.append(0.0, within)
    weights = np.append(max(started[0], 0.0), np.repeat(begun / len(_WITHIN), len(_WITHIN)))
    total = weights.sum()
    if total <= _BEFORE:
        return np.full(len(shares), np.nan)
    order = np.argsort(values, kind="stable")
    summed = np.cumsum(weights[order]) - weights[order] / 2
    return np.asarray(np.interp(np.array(shares) * total, summed, values[order]))
