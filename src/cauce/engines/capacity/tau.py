"""What range of backlogs is there, however many cases? Chance drawn for numbers of cases at once.

Tau-leaping (Gillespie, J. Chem. Phys. 115, 2001): in each short step so many come, so many are
completed, so many leave, all replications side by side. It costs the same for a hundred cases and
a million. Nothing here follows a single case: ages are as if decided in the order of filing.

One step of a queue. A part of those who come joins, servers work for the whole step, the rest joins
(a split step). That part is 1/2 − rate·h/12 + …, so that a stage with servers to spare has exactly
the mean and variance it should at any step. With all servers busy completions are counted by a
clock that goes servers × rate, Poisson for exponential service; otherwise a gamma clock (normal
where there are many ticks) whose variance is variation² per completion, as that of a renewal
process. When the line is served within the step, each case that is left is done in what remains of
it with its own chance (binomial). Numbers are whole, and none is ever served who is not there.

Length of steps. Where some replication may come near its servers: min(1.5, 2.7/√servers) of the
mean service time (4.5/√servers while a fifth of the servers are free); a tenth of it where cases
come back from a later stage, and a tenth of places/servers of it where places limit; of patience a
tenth.
By the exact chances of M/M/s such steps are off by less than 2 % of the cases there, or one case,
from 1 to 200 servers, at 80 to 97 % of use.
Where every replication has a line too long to be served within the piece of the plan at hand: that
piece, which ends where the grid, staff, speed, or arrivals a period change. Closures are kept as
they are. At most some 40,000 steps: a plan long beside its service times is noted (``not_held``)
and sees no queue that comes and goes within a step.

Held approximately: a case of a stage that is not full is taken to be without memory; classes of one
priority share servers in proportion to the work that waits, and no case keeps its server when one
that goes first comes; who comes back to an earlier stage does so at the end of a step.

Chance comes in blocks of 512 replications, each with a stream of its own, whether all of them are
asked for or not: replication r is the same however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from cauce.engines.capacity.curves import Counted, Flows, result_of, to_know
from cauce.engines.capacity.refusing import Floats, Integers
from cauce.engines.capacity.result import Progress, Result, Run
from cauce.engines.capacity.scenario import Paths, Scenario
from cauce.engines.capacity.tau_parts import BLOCK, Coming, binomial, poisson, share_out
from cauce.values.answer import Code

__all__ = ["BLOCK", "run"]

_MOST_STEPS = 40_000
# A clock with so many ticks a step is normal for all that can be seen.
_NORMAL_FROM = 50.0
_NOTHING = 1e-12
# The longest step, in mean service times, and the use from which steps are shorter.
_LONGEST = 1.5
_SPARE = 0.8
# The same where cases come back, who do so at the end of a step.
_WITH_RETURNS = 0.1


def run(scenario: Scenario, run: Run, seed: int, progress: Progress | None = None) -> Result:
    """All replications, block by block; ``progress`` hears of each block and may stop after it.

    Replication r of given paths takes path r modulo their number. ``threads`` changes nothing.

    >>> from datetime import date
    >>> from cauce.engines.capacity.distributions import Exponential
    >>> from cauce.engines.capacity.model import Network, Stage
    >>> from cauce.engines.capacity.scenario import Start, Waiting
    >>> from cauce.engines.capacity.steps import Steps
    >>> office = Network((Stage("interview", Exponential(0.5), Steps.always(5)),))
    >>> plan = Scenario(office, Start(date(2026, 1, 1), (Waiting("interview", 1000),)))
    >>> found = globals()["run"](plan, Run(14.0, replications=200, engine="tau"), 1)
    >>> bool(abs(found.pending[-1, 0].mean() - 860) < 4)
    True
    """
    flows = Flows.of(scenario)
    shortest = run.until / _MOST_STEPS
    blocks = math.ceil(run.replications / BLOCK)
    notes = list(to_know(scenario, run, "tau"))
    parts, coarse = [], set()
    for number in range(blocks):
        block = _Block(scenario, flows, run, np.random.SeedSequence([seed, number]), number)
        parts.append(block.counted(shortest))
        coarse |= block.coarse
        done = min((number + 1) * BLOCK, run.replications)
        if progress and progress(done, run.replications) is False:
            notes.append(Code.of("interrupted", done=done, asked=run.replications))
            break
    names = (f"stages.{flows.stages[stage].name}.service" for stage in sorted(coarse))
    notes += [Code.of("not_held", field=name, engine="tau") for name in names]
    counted = Counted.together(parts, run.replications)
    return result_of(scenario, run, seed, counted, "tau", tuple(notes))


# ------------------------------------------------------------------------- a block


@dataclass(frozen=True, slots=True, eq=False)
class _Piece:
    """A stretch of the plan in which staff, speed and pools stay; servers and speed [stage]."""

    start: float
    end: float
    staff: list[int]
    speed: list[float]
    pools: list[float]
    is_looked_at: bool


def _pieces(scenario: Scenario, run: Run) -> Iterator[_Piece]:
    network, stages = scenario.network, scenario.network.stages
    moments = [np.asarray(stage.staff.times) for stage in stages]
    moments += [np.asarray(stage.speed.times) for stage in stages]
    moments += [np.asarray(pool.servers.times) for pool in network.pools]
    sources = [each.source for each in scenario.arrivals]
    moments += [source.edges for source in sources if isinstance(source, Paths)]
    edges = np.unique(np.concatenate([run.times, *moments]))
    edges = edges[edges <= run.until]
    looks = np.isin(edges, run.times)
    staff = np.array([stage.staff.on(edges) for stage in stages]).T.astype(int).tolist()
    speed = np.array([stage.speed.on(edges) for stage in stages]).T.tolist()
    pools = np.array([pool.servers.on(edges) for pool in network.pools]).T.tolist()
    for number, (start, end) in enumerate(pairwise(edges.tolist())):
        limits = pools[number] if pools else []
        yield _Piece(start, end, staff[number], speed[number], limits, bool(looks[number + 1]))


class _Block:
    """The state of 512 replications; arrays [R] in lists by queue or stage."""

    def __init__(
        self, scenario: Scenario, flows: Flows, run: Run, seed: np.random.SeedSequence, number: int
    ) -> None:
        self.scenario, self.flows, self.run = scenario, flows, run
        self.chance = np.random.Generator(np.random.SFC64(seed))
        self.sources = [Coming(scenario, each, number * BLOCK) for each in scenario.arrivals]
        self.coarse: set[int] = set()
        routes = (route for own in flows.routes for route in own)
        self._come_back = {to for to, _, is_later in routes if not is_later}
        stages = range(len(flows.stages))
        self.there = [np.full(BLOCK, int(count)) for count in flows.start]
        self.clock = [self.chance.random(BLOCK) for _ in flows.start]
        self.joined = [sum(self.there[queue] for queue in flows.queues(s)) for s in stages]
        self.lost = [np.zeros(BLOCK, dtype=np.int64) for _ in stages]
        self.turned_away = [np.zeros(BLOCK, dtype=np.int64) for _ in stages]
        self.busy = [np.zeros(BLOCK) for _ in stages]
        self.serving: list[Floats | Integers] = [np.zeros(BLOCK) for _ in stages]
        self.passed = np.zeros((len(flows.start), BLOCK))
        self.given: list[int] | Floats = []
        self.done = np.zeros(BLOCK, dtype=np.int64)

    def counted(self, shortest: float) -> Counted:
        """Play the plan once."""
        self._begin()
        seen: list[dict[str, Floats]] = []
        for piece in _pieces(self.scenario, self.run):
            if self.flows.is_plain:
                self.given = list(piece.staff)
            elif not seen:
                there = np.array(self.there, dtype=np.float64)
                work = there * self.flows.mean[:, None]
                self.given = share_out(self.flows, there, work, piece.staff, piece.pools)
            if not seen:
                self._look_at_servers(piece)
                seen.append(self._seen())
            self._play(piece, shortest)
            if piece.is_looked_at:
                seen.append(self._seen())
        late = [binomial(self.chance, each.total, each.late_share) for each in self.sources]
        return Counted(
            **{name: np.array([each[name] for each in seen]) for name in seen[0]},
            busy=np.array(self.busy) / self.run.until,
            flagged=np.sum(late, axis=0, dtype=np.float64) if late else np.zeros(BLOCK),
        )

    @property
    def _queues(self) -> range:
        return range(len(self.there))

    def _begin(self) -> None:
        """Who comes at the very start, and who does not fit."""
        came = [count.copy() for count in self.there]
        for source in self.sources:
            count = source.at_once()
            self._join(source.queue, count)
            came[source.queue] = came[source.queue] + count
        for stage in range(len(self.flows.stages)):
            self._turn_away(stage, came)

    def _seen(self) -> dict[str, Floats]:
        """What is counted at a moment."""
        return {
            "arrived": np.sum([each.total for each in self.sources], axis=0, dtype=np.float64)
            if self.sources
            else np.zeros(BLOCK),
            "done": self.done.astype(np.float64),
            "pending": np.array(self.there, dtype=np.float64),
            "joined": np.array(self.joined, dtype=np.float64),
            "in_service": np.array(self.serving, dtype=np.float64),
            "lost": np.array(self.lost, dtype=np.float64),
            "turned_away": np.array(self.turned_away, dtype=np.float64),
        }

    # --------------------------------------------------------------------- steps

    def _play(self, piece: _Piece, shortest: float) -> None:
        """One piece of the plan in equal steps."""
        classes = self.flows.classes
        count = self._count(piece, shortest)
        edges = np.linspace(piece.start, piece.end, count + 1)
        length = (piece.end - piece.start) / count
        rates = [piece.speed[queue // classes] / self.flows.mean[queue] for queue in self._queues]
        before = [_before(rate * length) for rate in rates]
        step = _Step(piece, length, rates, before, self._expected(edges))
        coming = []
        for source in self.sources:
            middle = edges[:-1] + step.before[source.queue] * length
            both = np.ravel(np.column_stack([edges[:-1], middle]))
            moments = np.append(both, edges[-1])
            coming.append((source, moments.tolist(), source.expect(moments).tolist()))
        for number in range(count):
            early, late = self._drawn(coming, 2 * number), self._drawn(coming, 2 * number + 1)
            self._advance(step, early, late)

    def _expected(self, edges: Floats) -> list[float]:
        """Arrivals a day by queue, on average over the piece."""
        found = [0.0] * len(self.there)
        for source in self.sources:
            found[source.queue] += float(source.expect(edges).sum()) / float(edges[-1] - edges[0])
        return found

    def _drawn(
        self, coming: Sequence[tuple[Coming, list[float], list[float]]], part: int
    ) -> list[Integers | int]:
        came: list[Integers | int] = [0] * len(self.there)
        for source, moments, means in coming:
            found = source.draw(self.chance, moments[part], moments[part + 1], means[part])
            came[source.queue] = came[source.queue] + found
        return came

    def _count(self, piece: _Piece, shortest: float) -> int:
        """How many steps the piece is made in."""
        whole = length = piece.end - piece.start
        for stage, declared in enumerate(self.flows.stages):
            servers, speed = piece.staff[stage], piece.speed[stage]
            length = min(length, self.flows.patience[stage] / 10)
            if not servers or not speed or self._is_long(piece, stage):
                continue
            queues = self.flows.queues(stage)
            service = float(self.flows.mean[queues.start : queues.stop].min()) / speed
            factor = 4.5 if self._is_easy(piece, stage) else 2.7
            part = min(_LONGEST, factor / math.sqrt(servers))
            if self._come_back & set(queues):
                part = min(part, _WITH_RETURNS)
            if declared.places is not None:
                part = min(part, declared.places / servers / 10)
            if part * service < shortest:
                self.coarse.add(stage)
            length = min(length, max(part * service, shortest))
        return max(math.ceil(whole / length - 1e-9), 1)

    def _is_easy(self, piece: _Piece, stage: int) -> bool:
        """Servers to spare: on average a fifth, and some in every replication."""
        queues = self.flows.queues(stage)
        there = np.sum([self.there[queue] for queue in queues], axis=0)
        servers = piece.staff[stage]
        return bool(there.mean() <= servers * _SPARE and there.max() <= servers)

    def _is_long(self, piece: _Piece, stage: int) -> bool:
        """In every replication there wait more than can be served in the whole piece."""
        if self.flows.stages[stage].places is not None:
            return False
        length, servers = piece.end - piece.start, piece.staff[stage]
        for queue in self.flows.queues(stage):
            rate = piece.speed[stage] / self.flows.mean[queue]
            ticks = rate * servers * length
            deviation = math.sqrt(ticks * max(1.0, self.flows.spread[queue]))
            patience = math.exp(-length / self.flows.patience[stage])
            if (int(self.there[queue].min()) - servers) * patience < 2 * ticks + 8 * deviation:
                return False
        return True

    def _advance(
        self, step: _Step, early: list[Integers | int], late: list[Integers | int]
    ) -> None:
        """One step: the stages from which cases come first; those who come back, at its end."""
        flows, plain = self.flows, self.flows.is_plain
        if not plain:
            self._share_out(step, early)
        passed: list[Integers | int] = [0] * len(early)
        back: list[tuple[int, Integers]] = []
        for stage in flows.order:
            queues = flows.queues(stage)
            for queue in queues:
                self._join(queue, early[queue])
            self._turn_away(stage, early)
            for queue in queues:
                done = self._serve(step, queue)
                for to, count, is_later in self._routed(queue, done):
                    passed[to] = passed[to] + count
                    if is_later:
                        first = (count * step.before[to] + self.chance.random(BLOCK)).astype(int)
                        early[to], late[to] = early[to] + first, late[to] + (count - first)
                    else:
                        back.append((to, count))
            for queue in queues:
                self._join(queue, late[queue])
            self._turn_away(stage, late)
        for to, count in back:
            self._join(to, count)
            came: list[Integers | int] = [0] * len(early)
            came[to] = count
            self._turn_away(to // flows.classes, came)
        if not plain:
            self.passed = np.array([np.broadcast_to(each, BLOCK) for each in passed]) / step.length
        self._look_at_servers(step.piece, step.length)

    def _join(self, queue: int, count: Integers | int) -> None:
        if isinstance(count, int):
            return
        self.there[queue] = self.there[queue] + count
        stage = queue // self.flows.classes
        self.joined[stage] = self.joined[stage] + count

    def _turn_away(self, stage: int, came: Sequence[Integers | int]) -> None:
        """Who does not fit, of those who came, in proportion."""
        places = self.flows.stages[stage].places
        if places is None:
            return
        queues = self.flows.queues(stage)
        excess = np.maximum(sum(self.there[queue] for queue in queues) - places, 0)
        self.joined[stage] = self.joined[stage] - excess
        self.turned_away[stage] = self.turned_away[stage] + excess
        total = sum(came[queue] for queue in queues)
        for queue in queues:
            part = -(-excess * came[queue] // np.maximum(total, 1))
            part = np.minimum(np.minimum(part, came[queue]), excess)
            self.there[queue] = self.there[queue] - part
            excess, total = excess - part, total - came[queue]

    def _serve(self, step: _Step, queue: int) -> Integers:
        """Servers at work for the whole step, and who leaves the line meanwhile; who is done."""
        stage, there, rate = queue // self.flows.classes, self.there[queue], step.rates[queue]
        servers = self.given[queue]
        if rate:
            waiting = there - servers
            done = self._completed(queue, there, waiting, rate * step.length)
            after = there - done
            line = np.maximum(waiting - done // 2, 0)
        else:
            # Closed: nobody starts, and those who were being served are held.
            waiting = there - np.minimum(
                self.serving[stage] if self.flows.is_plain else servers, there
            )
            done, after, line = np.zeros(BLOCK, dtype=np.int64), there, waiting
        patience = self.flows.patience[stage]
        if patience < math.inf:
            line = np.minimum(np.ceil(line).astype(np.int64), after)
            gone = binomial(self.chance, line, -math.expm1(-step.length / patience))
            self.lost[stage] = self.lost[stage] + gone
            after = after - gone
        self.there[queue] = after
        self.done = self.done + done
        return done

    def _completed(self, queue: int, there: Integers, waiting: Floats, work: float) -> Integers:
        """So many are completed by servers who can each do ``work`` services in the step."""
        is_full = waiting > 0
        if not is_full.any():
            return binomial(self.chance, there, -math.expm1(-work))
        ticks, reached = self._ticks(queue, self.given[queue] * work, waiting)
        emptied = is_full & (ticks >= waiting)
        if is_full.all() and not emptied.any():
            return ticks
        # Whoever waited has a server from some moment on; from then on each is done by himself.
        left = np.where(emptied, 1 - reached, 1.0)
        first = np.where(emptied, np.ceil(waiting), 0).astype(np.int64)
        alone = np.where(is_full & ~emptied, 0, there - first)
        others = binomial(self.chance, alone, -np.expm1(-work * left))
        return np.where(is_full & ~emptied, ticks, first + others)

    def _ticks(self, queue: int, mean: Floats | float, waiting: Floats) -> tuple[Integers, Floats]:
        """Completions while all servers are busy, and the part of the step by which there are as
        many as wait."""
        spread = self.flows.spread[queue]
        if spread == 1:
            ticks = poisson(self.chance, mean)
            return ticks, waiting / (ticks + 1)
        if spread < _NOTHING:
            further = np.broadcast_to(mean, BLOCK)
        elif np.min(mean) > _NORMAL_FROM * max(spread, 1.0):
            normal = self.chance.standard_normal(BLOCK)
            further = np.maximum(mean + np.sqrt(mean * spread) * normal, 0.0)
        else:
            further = self.chance.standard_gamma(mean / spread, BLOCK) * spread
        clock = self.clock[queue]
        ticks = np.floor(clock + further).astype(np.int64)
        self.clock[queue] = clock + further - ticks
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            reached = np.where(further > 0, (np.ceil(waiting) - clock) / further, 0.0)
        return ticks, np.clip(reached, 0.0, 1.0)

    def _routed(self, queue: int, done: Integers) -> Iterator[tuple[int, Integers, bool]]:
        """How many go where; the network's end is counted by those who go on."""
        left, share_left = done, 1.0
        for to, share, is_later in self.flows.routes[queue]:
            part = share / share_left
            count = left if part > 1 - 1e-9 else binomial(self.chance, left, part)
            left, share_left = left - count, share_left - share
            self.done = self.done - count
            yield to, count, is_later

    # --------------------------------------------------------------------- servers

    def _share_out(self, step: _Step, early: Sequence[Integers | int]) -> None:
        """What each queue would use of servers without end, and its part of those there are."""
        asked, weight = np.zeros_like(self.passed), np.zeros_like(self.passed)
        for queue in self._queues:
            coming = self.passed[queue] + step.coming[queue]
            there, work = self.there[queue], step.rates[queue] * step.length
            more = coming * step.length
            kept = -math.expm1(-work) / work if work else 1.0
            flat = (1 - kept) / work if work else 0.5
            asked[queue] = there * kept + more * flat
            weight[queue] = (there + more) * self.flows.mean[queue]
        self.given = share_out(self.flows, asked, weight, step.piece.staff, step.piece.pools)

    def _look_at_servers(self, piece: _Piece, length: float = 0.0) -> None:
        """Who is being served now, and the days of servers in the step (a trapezium)."""
        for stage, servers in enumerate(piece.staff):
            if length and not piece.speed[stage]:
                now = self.serving[stage]
            elif self.flows.is_plain:
                now = np.minimum(self.there[stage], servers)
            else:
                queues = self.flows.queues(stage)
                now = np.sum([np.minimum(self.there[q], self.given[q]) for q in queues], axis=0)
            if length:
                self.busy[stage] += (self.serving[stage] + now) * (length / 2)
            self.serving[stage] = now


@dataclass(frozen=True, slots=True)
class _Step:
    """What all steps of a piece have in common: completions a day of a server, the part of those
    who come that joins before service, and arrivals expected a day, by queue."""

    piece: _Piece
    length: float
    rates: list[float]
    before: list[float]
    coming: list[float]


def _before(work: float) -> float:
    """The part that joins first, so that a stage with servers to spare is exact: those who come
    evenly over the step are still there at its end with (1 − e^−x)/x, those before with e^−x."""
    if work < 1e-4:
        return 0.5
    gone = -math.expm1(-work)
    return (1 - gone / work) / gone
