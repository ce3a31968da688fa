"""How much of the answer is doubt about what was put in? Doubt in, doubt out.

An input that is a range, at least, about or missing is not replaced by one number: each of its
values is simulated, with the same chance, and the fan spans them all. Where nothing says how far
an input may go, that stands beside the fan as a code; no limit is made up. ``spread`` does it;
``doubts_of_series`` makes doubts of a series with holes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from types import MappingProxyType
from typing import Final

import numpy as np

from cauce.engines.capacity.refusing import Floats, finite, whole
from cauce.engines.capacity.result import NOTES, Progress, Result, Run
from cauce.engines.capacity.scenario import Scenario
from cauce.engines.capacity.simulation import simulate_scenario
from cauce.errors import CauceError
from cauce.values.answer import Absent, Code, Known

__all__ = ["MOST_CORNERS", "NOTES_OF_DOUBT", "Doubt", "Fan", "Spread", "doubts_of_series", "spread"]

#: Up to so many doubts every corner is simulated; beyond, a sample.
MOST_CORNERS: Final = 4

#: What a reader of a spread must know, with the names of the parameters.
NOTES_OF_DOUBT: dict[str, tuple[str, ...]] = {
    # Nothing says how much (how little) this input may be: the fan may go further.
    "open_above": ("field",),
    "open_below": ("field",),
    # Too many doubts for every corner: the fan is of a sample of so many points.
    "sampled": ("points", "doubts"),
    # Stopped on request; of so many scenarios, those done.
    "interrupted": ("done", "asked"),
    **{code: names for code, names in NOTES.items() if code != "interrupted"},
}

# Keeps this stream of chance apart from those of the engines, which never count so far.
_SAMPLE: Final = 7_368_061

Values = Mapping[str, float]
Items = tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What is known of one input, and how far it may plausibly go where that is open.

    answer: exact, a range, at least, at most, about, or no value. A bound that is not itself
    included (more than, less than) is taken as if it were. plausible_low, plausible_high: limits
    the author answers for, only for a side that the answer leaves open. whole: only whole numbers
    will do, as of staff or files; the ends are drawn in to whole numbers.

    Raises ``capacity_gap`` for no value without both limits, ``capacity_conflict`` for a limit
    where the answer has one, ``capacity_not_ascending`` for low above central above high,
    ``capacity_not_whole`` for a range without a whole number and ``capacity_not_finite`` for a day.

    >>> from fractions import Fraction
    >>> Doubt("arrivals", Known(Fraction(40), None), plausible_high=60).levels
    (40.0, 50.0, 60.0)
    """

    field: str
    answer: Known | Absent
    plausible_low: float | None = None
    plausible_high: float | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.answer, Absent) and None in (self.plausible_low, self.plausible_high):
            raise CauceError("capacity_gap", field=self.field, value=self.answer.absence.value)
        for side in ("low", "high"):
            limit = getattr(self, f"plausible_{side}")
            if limit is None:
                continue
            finite(f"{self.field}.plausible_{side}", limit)
            if self._known(side) is not None:
                raise CauceError(
                    "capacity_conflict",
                    field=f"{self.field}.plausible_{side}",
                    other=f"{self.field}.{side}",
                )
        _ = self.levels  # what they raise

    @property
    def levels(self) -> tuple[float, float, float]:
        """Low, central, high. Central is the estimate, else the middle. A side that is open and has
        no limit ends at what is known."""
        low, estimate, high = self._limit("low"), self._known("estimate"), self._limit("high")
        known = [each for each in (low, estimate, high) if each is not None]
        if known != sorted(known):
            raise CauceError("capacity_not_ascending", field=self.field, value=known[-1])
        # Halved before they are added, so that no sum of two floats can be infinite.
        central = known[0] / 2 + known[-1] / 2 if estimate is None else estimate
        ends = known[0], central, known[-1]
        return self._in_whole(*ends) if self.whole else ends

    @property
    def is_wide(self) -> bool:
        """There is more than one value to look at."""
        low, _, high = self.levels
        return low < high

    @property
    def codes(self) -> tuple[Code, ...]:
        """Which sides are open and have no limit."""
        sides = (("low", "open_below"), ("high", "open_above"))
        return tuple(Code.of(code, field=self.field) for side, code in sides if self._open(side))

    def _open(self, side: str) -> bool:
        return getattr(self, f"plausible_{side}") is None and self._known(side) is None

    def _known(self, name: str) -> float | None:
        value = getattr(self.answer, name, None)
        if isinstance(value, date):
            raise CauceError("capacity_not_finite", field=self.field, value=value)
        return None if value is None else finite(self.field, value)

    def _limit(self, side: str) -> float | None:
        limit = getattr(self, f"plausible_{side}")
        return self._known(side) if limit is None else float(limit)

    def _in_whole(self, low: float, central: float, high: float) -> tuple[float, float, float]:
        first, last = math.ceil(low), math.floor(high)
        if first > last:
            raise CauceError("capacity_not_whole", field=self.field, value=low)
        return float(first), float(min(max(math.floor(central), first), last)), float(last)


@dataclass(frozen=True, slots=True, eq=False)
class Fan:
    """The pending backlog (files) by time; all arrays [T].

    low: the least 10 % quantile of any scenario; mid: the median of the central one; high: the
    greatest 90 % quantile. of_doubt: the share of the width that goes beyond what chance makes of
    the central scenario; NaN where there is no width.
    """

    times: Floats
    low: Floats
    mid: Floats
    high: Floats
    of_doubt: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """All that was simulated. scenarios: (values of the inputs, result), the central one first.

    moved: by how many files the mean backlog at the end differs between an input's high and its
    low, the others central; the one that moves it most first. codes: of NOTES_OF_DOUBT.
    """

    scenarios: tuple[tuple[Values, Result], ...]
    moved: tuple[tuple[str, float], ...]
    codes: tuple[Code, ...]

    @property
    def widest(self) -> str | None:
        """The input in doubt that moves the outcome most; ``None`` if none moves it."""
        return self.moved[0][0] if self.moved and self.moved[0][1] else None

    @property
    def is_open(self) -> bool:
        """An input may go further than was simulated, and the outcome with it."""
        return any(code.code in ("open_above", "open_below") for code in self.codes)

    def fan(self, times: Sequence[float] | None = None) -> Fan:
        """The fan at times that were looked at (default: all of them); raises ``capacity_gap`` for
        another, because nothing is filled in between."""
        seen = self.scenarios[0][1].times
        asked = seen if times is None else np.asarray(times, dtype=np.float64)
        at = [_position(seen, float(time)) for time in asked]
        fans = np.array([result.fan(result.backlog_by_time[at]) for _, result in self.scenarios])
        low, high = fans[:, 0].min(axis=0), fans[:, 2].max(axis=0)
        chance, width = fans[0, 2] - fans[0, 0], high - low
        of_doubt = np.divide(
            width - chance, width, out=np.full_like(width, np.nan), where=width > 0
        )
        return Fan(seen[at], low, fans[0, 1], high, of_doubt)


def spread(
    doubts: Sequence[Doubt],
    build: Callable[[Values], Scenario],
    run: Run,
    *,
    seed: int,
    points: int = 64,
    progress: Progress | None = None,
) -> Spread:
    """Simulate what the inputs may be, with common random numbers.

    ``build`` makes a scenario of one value for each doubt, by field. Simulated are the central
    values, each input's low and high with the others central (2 k), and with up to MOST_CORNERS
    inputs in doubt all corners (2^k), beyond that ``points`` of a Latin hypercube (McKay, Beckman
    and Conover 1979), whose fan is narrower than that of all corners. Without doubt this is one
    simulation. ``progress`` counts the replications of all scenarios; one that is stopped half-way
    is left out, unless it is the central one.

    Raises ``capacity_twice`` for a field given twice and ``capacity_too_few`` without points.

    >>> from cauce.engines.capacity.distributions import Always
    >>> from cauce.engines.capacity.model import Network, Stage
    >>> from cauce.engines.capacity.scenario import Start, Waiting
    >>> from cauce.engines.capacity.steps import Steps
    >>> def office(values):
    ...     stage = Stage("office", Always(1.0), Steps.always(values["staff"]))
    ...     return Scenario(Network((stage,)), Start(date(2026, 1, 1), (Waiting("office", 100),)))
    >>> staff = Doubt("staff", Known(4, 8), whole=True)
    >>> found = spread([staff], office, Run(10.0, 10.0, engine="fluid"), seed=1)
    >>> fan = found.fan()
    >>> fan.low.round().tolist(), fan.mid.round().tolist(), fan.high.round().tolist()
    ([100.0, 20.0], [100.0, 40.0], [100.0, 60.0])
    """
    _check(doubts, points)
    wide = [doubt for doubt in doubts if doubt.is_wide]
    is_sampled = len(wide) > MOST_CORNERS
    centre = {doubt.field: doubt.levels[1] for doubt in doubts}
    further = _sample(wide, seed, points) if is_sampled else _corners(wide)
    # What is asked twice, as the corners of a single doubt, is simulated once.
    asked = list(dict.fromkeys(_items(centre, at) for at in (*_star(wide), *further)))
    scenarios = tuple(_simulated(asked, build, run, seed, progress))
    codes = [code for doubt in doubts for code in doubt.codes]
    if is_sampled:
        codes.append(Code.of("sampled", points=points, doubts=len(wide)))
    done = sum(_is_whole(result, run) for _, result in scenarios)
    if done < len(asked):
        codes.append(Code.of("interrupted", done=done, asked=len(asked)))
    notes = [note for _, result in scenarios for note in result.notes if note.code != "interrupted"]
    moved = _moved(centre, wide, scenarios)
    return Spread(scenarios, moved, tuple(dict.fromkeys((*codes, *notes))))


def doubts_of_series(
    field: str, series: Sequence[Known | Absent], *, season: int = 12, whole: bool = False
) -> tuple[Doubt, ...]:
    """The doubts of a series of counts, named ``field[index]``; what is exact has none.

    A missing one lies between the smallest and the largest of its neighbours, the last known one
    before and the first known one after, and of all known at the same place of the season
    (``season`` counts; 0: no season). That is a declared limit, never a value. Raises
    ``capacity_gap`` if there are none of them.

    >>> from cauce.values.answer import Absence
    >>> months = [Known(50, 50), Absent(Absence.MISSING), Known(80, 80)]
    >>> [(doubt.field, doubt.levels) for doubt in doubts_of_series("came", months)]
    [('came[1]', (50.0, 65.0, 80.0))]
    """
    found = []
    for index, answer in enumerate(series):
        name = f"{field}[{index}]"
        if isinstance(answer, Absent):
            low, high = _beside(name, answer, _near(series, index, season))
            found.append(Doubt(name, answer, low, high, whole))
        elif answer.low != answer.high or answer.estimate is not None:
            found.append(Doubt(name, answer, whole=whole))
    return tuple(found)


# ------------------------------------------------------------------------- which scenarios


def _check(doubts: Sequence[Doubt], points: int) -> None:
    seen: set[str] = set()
    for doubt in doubts:
        if doubt.field in seen:
            raise CauceError("capacity_twice", field="doubts", value=doubt.field)
        seen.add(doubt.field)
    if whole("points", points) < 1:
        raise CauceError("capacity_too_few", field="points", value=points, limit=1)


def _items(centre: Values, moved: Values) -> Items:
    return tuple({**centre, **moved}.items())


def _star(wide: Sequence[Doubt]) -> Iterator[Values]:
    """The centre, and each input's low and high beside the others' centre."""
    yield {}
    for doubt in wide:
        low, _, high = doubt.levels
        yield {doubt.field: low}
        yield {doubt.field: high}


def _corners(wide: Sequence[Doubt]) -> Iterator[Values]:
    names = [doubt.field for doubt in wide]
    # Of no doubt there is one corner, the empty one: the centre.
    for ends in product(*((doubt.levels[0], doubt.levels[2]) for doubt in wide)):
        yield dict(zip(names, ends, strict=True))


def _sample(wide: Sequence[Doubt], seed: int, points: int) -> Iterator[Values]:
    """A Latin hypercube: each input takes one value in each of so many equal parts."""
    chance = np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, 0, 0, 0, _SAMPLE])))
    parts = np.array([chance.permutation(points) for _ in wide]).T
    for shares in (parts + chance.random(parts.shape)) / points:
        yield {doubt.field: _at(doubt, share) for doubt, share in zip(wide, shares, strict=True)}


def _at(doubt: Doubt, share: float) -> float:
    low, _, high = doubt.levels
    if doubt.whole:  # each whole number alike
        return min(low + math.floor(share * (high - low + 1)), high)
    return float(min(max(low * (1 - share) + high * share, low), high))


def _simulated(
    asked: Sequence[Items],
    build: Callable[[Values], Scenario],
    run: Run,
    seed: int,
    progress: Progress | None,
) -> Iterator[tuple[Values, Result]]:
    for number, at in enumerate(asked):
        watch = _Watch(progress, number, len(asked))
        values = MappingProxyType(dict(at))
        result = simulate_scenario(build(values), run, seed=seed, progress=watch)
        # The central one is needed whatever there is of it.
        if _is_whole(result, run) or not number:
            yield values, result
        if watch.stopped:
            return


def _is_whole(result: Result, run: Run) -> bool:
    return run.engine == "fluid" or result.replications == run.replications


class _Watch:
    """Passes on how far all scenarios are, in replications, and keeps that it was stopped."""

    def __init__(self, progress: Progress | None, before: int, scenarios: int) -> None:
        self.progress, self.before, self.scenarios = progress, before, scenarios
        self.stopped = False

    def __call__(self, done: int, asked: int) -> bool:
        if self.progress:
            told = self.progress(self.before * asked + done, self.scenarios * asked)
            self.stopped = told is False
        return not self.stopped


# ------------------------------------------------------------------------- what they show


def _moved(
    centre: Values, wide: Sequence[Doubt], scenarios: Sequence[tuple[Values, Result]]
) -> tuple[tuple[str, float], ...]:
    """Of those inputs whose two ends were both simulated."""
    at_end = {
        _items(values, {}): float(result.backlog_by_time[-1].mean()) for values, result in scenarios
    }
    moved = []
    for doubt in wide:
        ends = [_items(centre, {doubt.field: doubt.levels[side]}) for side in (0, 2)]
        if all(end in at_end for end in ends):
            moved.append((doubt.field, at_end[ends[1]] - at_end[ends[0]]))
    return tuple(sorted(moved, key=lambda each: -abs(each[1])))


def _position(times: Floats, time: float) -> int:
    index = int(np.argmin(np.abs(times - time)))
    if not abs(times[index] - time) <= 1e-9 * max(1.0, abs(time)):
        raise CauceError("capacity_gap", field="times", value=time)
    return index


# ------------------------------------------------------------------------- holes in a series


def _near(series: Sequence[Known | Absent], index: int, season: int) -> list[Known]:
    before = [each for each in series[:index] if isinstance(each, Known)][-1:]
    after = [each for each in series[index + 1 :] if isinstance(each, Known)][:1]
    same = series[index % season :: season] if season else ()
    return [*before, *after, *(each for each in same if isinstance(each, Known))]


def _beside(field: str, absent: Absent, near: Sequence[Known]) -> tuple[float, float]:
    if not near:
        raise CauceError("capacity_gap", field=field, value=absent.absence.value)
    ends = [level for known in near for level in Doubt(field, known).levels]
    return min(ends), max(ends)
