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

How long a step is: ``tau_steps.py``. Closures are kept as they are. At most some 40,000 steps,
unless patience is short: a plan long beside its service times is noted (``not_held``) and sees no
queue that comes and goes within a step.

Held approximately: a case of a stage that is not full is taken to be without memory; classes of one
priority share servers in proportion to the work that waits, and no case keeps its server when one
that goes first comes; who comes back to an earlier stage does so at the end of a step.

Chance comes in blocks of 512 replications, each with a stream of its own, whether all of them are
asked for or not: replication r is the same however many there are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cauce.engines.capacity.curves import MOST_CASES, Counted, Flows, result_of, to_know
from cauce.engines.capacity.refusing import Floats
from cauce.engines.capacity.result import Progress, Result, Run
from cauce.engines.capacity.scenario import Scenario
from cauce.engines.capacity.tau_parts import BLOCK, Coming, binomial, poisson, share_out
from cauce.engines.capacity.tau_steps import Lengths, Piece, pieces
from cauce.values.answer import Code

__all__ = ["BLOCK", "run"]

_MOST_STEPS = 40_000
# Steps for which arrivals are drawn at once.
_TOGETHER = 32
# A clock with so many ticks a step is normal for all that can be seen.
_NORMAL_FROM = 50.0
_NOTHING = 1e-12


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
    scenario.at_most(run.until, MOST_CASES)
    flows = Flows.of(scenario)
    plan, lengths = pieces(scenario, run), Lengths(flows, run.until / _MOST_STEPS)
    blocks = math.ceil(run.replications / BLOCK)
    notes = list(to_know(scenario, run, "tau"))
    parts = []
    for number in range(blocks):
        block = _Block(scenario, flows, run, np.random.SeedSequence([seed, number]), number)
        parts.append(block.counted(plan, lengths))
        done = min((number + 1) * BLOCK, run.replications)
        if progress and progress(done, run.replications) is False:
            notes.append(Code.of("interrupted", done=done, asked=run.replications))
            break
    names = (f"stages.{flows.stages[stage].name}.service" for stage in sorted(lengths.coarse))
    notes += [Code.of("not_held", field=name, engine="tau") for name in names]
    counted = Counted.together(parts, run.replications)
    return result_of(scenario, run, seed, counted, "tau", tuple(notes))


# ------------------------------------------------------------------------- a block


class _Block:
    """The state of 512 replications; arrays [queue, R] or [stage, R] of whole numbers."""

    def __init__(
        self, scenario: Scenario, flows: Flows, run: Run, seed: np.random.SeedSequence, number: int
    ) -> None:
        self.flows, self.run = flows, run
        self.chance = np.random.Generator(np.random.SFC64(seed))
        self.sources = [Coming(scenario, each, number * BLOCK) for each in scenario.arrivals]
        stages = len(flows.stages)
        self.there = np.repeat(flows.start[:, None], BLOCK, axis=1)
        self.clock = self.chance.random(self.there.shape)
        self.joined = self.there.reshape(stages, flows.classes, BLOCK).sum(axis=1)
        self.lost, self.turned_away, self.busy, self.serving = np.zeros((4, stages, BLOCK))
        self.passed = np.zeros_like(self.there)
        self.given: list[int] | Floats = []
        self.done = np.zeros(BLOCK)

    def counted(self, plan: Sequence[Piece], lengths: Lengths) -> Counted:
        """Play the plan once."""
        self._begin(plan[0])
        seen = [self._seen()]
        for piece in plan:
            self._play(piece, *lengths.count(piece, self.there))
            if piece.is_looked_at:
                seen.append(self._seen())
        # The work of those who are done differs by chance from the days it took.
        staff = np.array([np.multiply(piece.staff, piece.end - piece.start) for piece in plan])
        busy = np.minimum(self.busy, staff.sum(axis=0)[:, None]) / self.run.until
        late = [binomial(self.chance, each.total, each.late_share) for each in self.sources]
        return Counted(
            **{name: np.array([each[name] for each in seen]) for name in seen[0]},
            busy=busy,
            flagged=np.sum(late, axis=0) if late else np.zeros(BLOCK),
        )

    @property
    def _queues(self) -> range:
        return range(len(self.there))

    def _begin(self, piece: Piece) -> None:
        """Who comes at the very start, who does not fit, and who has the servers."""
        came: list[Floats | None] = list(self.there.copy())
        for source in self.sources:
            count = source.at_once()
            self._join(source.queue, count)
            came[source.queue] = _added(came[source.queue], count)
        for stage in range(len(self.flows.stages)):
            self._turn_away(stage, came)
        if self.flows.is_plain:
            self.given = piece.staff
        else:
            work = self.there * self.flows.mean[:, None]
            self.given = share_out(self.flows, self.there, work, piece.staff, piece.pools)
        self._look_at_servers(piece)

    def _seen(self) -> dict[str, Floats]:
        """What is counted at a moment."""
        return {
            "arrived": np.sum([each.total for each in self.sources], axis=0)
            if self.sources
            else np.zeros(BLOCK),
            "done": self.done.copy(),
            "pending": self.there.copy(),
            "joined": self.joined.copy(),
            "in_service": self.serving.copy(),
            "lost": self.lost.copy(),
            "turned_away": self.turned_away.copy(),
        }

    # --------------------------------------------------------------------- steps

    def _play(self, piece: Piece, count: int, is_long: Sequence[int]) -> None:
        """One piece of the plan in equal steps, which are long ones for some stages."""
        classes = self.flows.classes
        if self.flows.is_plain:
            self.given = piece.staff
        edges = np.linspace(piece.start, piece.end, count + 1)
        length = (piece.end - piece.start) / count
        rates = [piece.speed[queue // classes] / self.flows.mean[queue] for queue in self._queues]
        before = [_before(rate * length) for rate in rates]
        worked = {stage: np.zeros(BLOCK) for stage in is_long}
        step = _Step(piece, length, rates, before, self._expected(edges), worked)
        # Days of servers by the trapezium rule: both ends of the piece count half.
        first, found = self.serving.copy(), np.zeros_like(self.serving)
        for start in range(0, count, _TOGETHER):
            coming = self._drawn(step, edges[start : start + _TOGETHER + 1])
            for number in range(0, 2 * min(_TOGETHER, count - start), 2):
                early = [None if each is None else each[number] for each in coming]
                late = [None if each is None else each[number + 1] for each in coming]
                self._advance(step, early, late)
                found += self.serving
        found += (first - self.serving) / 2
        for stage, days in worked.items():
            # Who is there at the ends of long steps does not tell; the work of who is done does.
            found[stage] = days / length
        self.busy += found * length

    def _expected(self, edges: Floats) -> list[float]:
        """Arrivals a day by queue, on average over the piece."""
        found = [0.0] * len(self.there)
        for source in self.sources:
            found[source.queue] += float(source.expect(edges).sum()) / float(edges[-1] - edges[0])
        return found

    def _drawn(self, step: _Step, edges: Floats) -> list[Floats | None]:
        """Arrivals of some steps by queue, [early and late of each step, R]; None where none."""
        found: list[Floats | None] = [None] * len(self.there)
        for source in self.sources:
            middle = edges[:-1] + step.before[source.queue] * step.length
            moments = np.append(np.ravel(np.column_stack([edges[:-1], middle])), edges[-1])
            came = source.draw(self.chance, moments)
            found[source.queue] = _added(found[source.queue], came)
        return found

    def _advance(self, step: _Step, early: list[Floats | None], late: list[Floats | None]) -> None:
        """One step: the stages from which cases come first; those who come back, at its end."""
        flows, plain = self.flows, self.flows.is_plain
        if not plain:
            self._share_out(step)
            self.passed = np.zeros_like(self.there)
        back: list[tuple[int, Floats]] = []
        for stage in flows.order:
            queues = flows.queues(stage)
            for queue in queues:
                self._join(queue, early[queue])
            self._turn_away(stage, early)
            for queue in queues:
                done = self._serve(step, queue)
                if stage in step.worked:
                    step.worked[stage] += done / step.rates[queue]
                for to, count, is_later in self._routed(queue, done):
                    if not plain:
                        self.passed[to] += count / step.length
                    if is_later:
                        first = count * step.before[to]
                        first += self.chance.random(BLOCK)
                        np.floor(first, out=first)
                        early[to] = _added(early[to], first)
                        late[to] = _added(late[to], count - first)
                    else:
                        back.append((to, count))
            for queue in queues:
                self._join(queue, late[queue])
            self._turn_away(stage, late)
        self._send_back(back)
        self._look_at_servers(step.piece)

    def _send_back(self, back: Sequence[tuple[int, Floats]]) -> None:
        for to, count in back:
            self._join(to, count)
            came: list[Floats | None] = [None] * len(self.there)
            came[to] = count
            self._turn_away(to // self.flows.classes, came)

    def _join(self, queue: int, count: Floats | None) -> None:
        if count is not None:
            self.there[queue] += count
            self.joined[queue // self.flows.classes] += count

    def _turn_away(self, stage: int, came: Sequence[Floats | None]) -> None:
        """Who does not fit, of those who came, in proportion."""
        places = self.flows.stages[stage].places
        if places is None:
            return
        queues = self.flows.queues(stage)
        there = self.there[queues.start : queues.stop]
        excess = np.maximum(there.sum(axis=0) - places, 0.0)
        self.joined[stage] -= excess
        self.turned_away[stage] += excess
        counts = [(queue, count) for queue in queues if (count := came[queue]) is not None]
        total = np.sum([count for _, count in counts], axis=0)
        for queue, count in counts:
            part = np.ceil(excess * count / np.maximum(total, 1.0))
            part = np.minimum(np.minimum(part, count), excess)
            self.there[queue] -= part
            excess, total = excess - part, total - count

    def _serve(self, step: _Step, queue: int) -> Floats:
        """Servers at work for the whole step, and who leaves the line meanwhile; who is done."""
        stage, there, rate = queue // self.flows.classes, self.there[queue], step.rates[queue]
        patience = self.flows.patience[stage]
        if rate:
            waiting = there - self.given[queue]
            done = self._completed(queue, waiting, rate * step.length)
            there -= done
            line = waiting - done // 2 if patience < math.inf else waiting
        else:
            # Closed: nobody starts, and those who were being served are held.
            held = self.serving[stage] if self.flows.is_plain else self.given[queue]
            line, done = there - np.minimum(held, there), np.zeros(BLOCK)
        if patience < math.inf:
            line = np.minimum(np.ceil(np.maximum(line, 0.0)), there)
            gone = binomial(self.chance, line, -math.expm1(-step.length / patience))
            self.lost[stage] += gone
            there -= gone
        return done

    def _completed(self, queue: int, waiting: Floats, work: float) -> Floats:
        """So many are completed by servers who can each do ``work`` services in the step."""
        there = self.there[queue]
        if waiting.max() <= 0:
            return binomial(self.chance, there, -math.expm1(-work))
        ticks, reached = self._ticks(queue, self.given[queue] * work, waiting)
        is_empty = ticks >= waiting
        if not is_empty.any():
            return ticks
        # Whoever waited has a server from some moment on; from then on each is done by himself.
        if reached is None:
            reached = np.maximum(waiting, 0.0) / (ticks + 1)
        first = np.maximum(np.ceil(waiting), 0.0)
        alone = (there - first) * is_empty
        # By the last moment no more than all; where the line is not served, of nobody.
        share = -np.expm1(-work * (1 - np.minimum(reached, 1.0)))
        first += binomial(self.chance, alone, share)
        return np.where(is_empty, first, ticks)

    def _ticks(
        self, queue: int, mean: Floats | float, waiting: Floats
    ) -> tuple[Floats, Floats | None]:
        """Completions while all servers are busy, and the part of the step by which there are as
        many as wait; None where the moments are those of a Poisson process."""
        spread = self.flows.spread[queue]
        if spread == 1:
            return poisson(self.chance, mean), None
        if spread < _NOTHING:
            further = np.broadcast_to(mean, BLOCK)
        elif np.min(mean) > _NORMAL_FROM * max(spread, 1.0):
            normal = self.chance.standard_normal(BLOCK)
            further = np.maximum(mean + np.sqrt(mean * spread) * normal, 0.0)
        else:
            further = self.chance.standard_gamma(mean / spread, BLOCK) * spread
        clock = self.clock[queue]
        total = clock + further
        ticks = np.floor(total)
        with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
            reached = np.where(further > 0, (np.ceil(waiting) - clock) / further, 0.0)
        np.subtract(total, ticks, out=clock)
        return ticks, np.maximum(np.where(waiting > 0, reached, 0.0), 0.0)

    def _routed(self, queue: int, done: Floats) -> list[tuple[int, Floats, bool]]:
        """How many go where; who goes nowhere is done."""
        found: list[tuple[int, Floats, bool]] = []
        left, share_left = done, 1.0
        for to, share, is_later in self.flows.routes[queue]:
            part = share / share_left
            if part > 1 - 1e-9:
                return [*found, (to, left, is_later)]
            count = binomial(self.chance, left, part)
            left, share_left = left - count, share_left - share
            found.append((to, count, is_later))
        self.done += left
        return found

    # --------------------------------------------------------------------- servers

    def _share_out(self, step: _Step) -> None:
        """What each queue would use of servers without end, and its part of those there are."""
        asked, weight = np.zeros_like(self.there), np.zeros_like(self.there)
        for queue in self._queues:
            more = (self.passed[queue] + step.coming[queue]) * step.length
            there, work = self.there[queue], step.rates[queue] * step.length
            kept = -math.expm1(-work) / work if work else 1.0
            flat = (1 - kept) / work if work else 0.5
            asked[queue] = there * kept + more * flat
            weight[queue] = (there + more) * self.flows.mean[queue]
        self.given = share_out(self.flows, asked, weight, step.piece.staff, step.piece.pools)

    def _look_at_servers(self, piece: Piece) -> None:
        """Who is being served now; in a closed stage those who were."""
        stages, classes = len(piece.staff), self.flows.classes
        if self.flows.is_plain:
            now = np.minimum(self.there, np.array(piece.staff, dtype=np.float64)[:, None])
        else:
            each = np.minimum(self.there, np.asarray(self.given))
            now = each.reshape(stages, classes, BLOCK).sum(axis=1)
        closed = [stage for stage, speed in enumerate(piece.speed) if not speed]
        if closed:
            now[closed] = self.serving[closed]
        self.serving = now


def _added(some: Floats | None, more: Floats) -> Floats:
    """The sum, in ``some`` itself where there is one: each array of counts is used but once."""
    if some is None:
        return more
    some += more
    return some


@dataclass(frozen=True, slots=True)
class _Step:
    """What all steps of a piece have in common: completions a day of a server, the part of those
    who come that joins before service, and arrivals expected a day, by queue; and for the
    stages with long steps the days of servers that the completions so far took, [R]."""

    piece: Piece
    length: float
    rates: list[float]
    before: list[float]
    coming: list[float]
    worked: dict[int, Floats]


def _before(work: float) -> float:
    """The part that joins first, so that a stage with servers to spare is exact: those who come
    evenly over the step are still there at its end with (1 − e^−x)/x, those before with e^−x."""
    if work < 1e-4:
        return 0.5
    gone = -math.expm1(-work)
    return (1 - gone / work) / gone
