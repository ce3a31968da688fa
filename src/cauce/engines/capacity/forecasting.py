"""How many will arrive? Sample paths of counts, by the method that did best on the past.

Every method is put back to earlier moments, made to forecast from what was known then, and scored
by what came. One is taken only if it beats "as one season ago"; nothing is said past the horizon
that was scored. It knows no causes: what a policy may change is put on by hand, as a
:class:`Shock`, and is called a scenario.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from cauce.engines.capacity.forecast_fans import error_blocks, sample_paths, score_of
from cauce.engines.capacity.forecast_models import (
    EXTRA_METHODS,
    METHODS,
    baseline_of,
    is_there,
    method_named,
    rolling_points,
)
from cauce.engines.capacity.forecast_scores import Score
from cauce.engines.capacity.refusing import (
    Floats,
    Integers,
    floats,
    not_negative,
    one_of,
    positive,
    share,
    whole,
)
from cauce.engines.capacity.scenario import Paths
from cauce.errors import CauceError
from cauce.values.answer import Code

__all__ = ["Forecast", "Series", "Shock", "forecast"]

# By default: what is quick. AutoARIMA takes a second for each origin, and is asked for by name.
USUAL = ("seasonal_naive", "naive", "theta", "ets")
UNITS = {"week": 0, "month": 1, "quarter": 3, "year": 12}  # in months; a week is in none
LEAST_ORIGINS = 3
# With so many at least, those that knew less than half of the counts are left out: a model that
# needs years to see a season would be judged by what it was before it had them.
ENOUGH_ORIGINS = 24
# The latest ones: older errors say less of the next, and a model is fitted at each.
MOST_ORIGINS = 60
MOST_PATHS = 100_000
# Below this many counts a model of the extra has more parameters than it has counts for.
LEAST_FOR_EXTRA = 10
# Over some dozens of overlapping origins a method may be a few per cent better by luck.
TO_BEAT = 0.95


@dataclass(frozen=True, slots=True)
class Series:
    """Counts of one step after another: a week, month, quarter or year each, without a gap.

    ``start`` is a day in the first step, or the number of that step. ``season`` is how many steps
    the pattern of a year takes (12 months, 52 weeks); 1 for none. A gap (``None`` or NaN) raises
    ``capacity_gap`` with its place: zero is never guessed. Infinite and negative counts raise
    ``capacity_not_finite`` and ``capacity_negative``.

    >>> Series(date(2024, 11, 1), (310, 290, 335)).at(3)
    datetime.date(2025, 2, 1)
    """

    start: date | int
    values: tuple[float | None, ...]
    season: int = 12
    unit: str = "month"

    def __post_init__(self) -> None:
        one_of("unit", self.unit, tuple(UNITS))
        object.__setattr__(self, "season", int(positive("season", whole("season", self.season))))
        for index, value in enumerate(self.values):
            name = f"values[{index}]"
            if value is None or math.isnan(value):
                raise CauceError("capacity_gap", field=name, value=self.at(index))
            not_negative(name, value)
        object.__setattr__(self, "values", tuple(map(float, self.counts)))

    @property
    def counts(self) -> Floats:
        """The values as a read-only array."""
        return floats("values", [value for value in self.values if value is not None])

    def arrivals(self, forecast: Forecast, on: date) -> Paths:
        """The paths of a forecast of this series as arrivals of a plan that starts on a day.

        The plan starts with the first step forecast: another day raises ``capacity_gap``, and so
        does a series whose steps have numbers and no dates.
        """
        first = len(self.values)
        days = [self.at(first + step) for step in range(forecast.horizon + 1)]
        edges = [float((day - on).days) for day in days if isinstance(day, date)]
        if not edges or edges[0] != 0:
            raise CauceError("capacity_gap", field="series.start", value=str(days[0]))
        return Paths(np.array(edges), forecast.paths)

    def at(self, index: int) -> date | int:
        """The first day (or the number) of a step; past the last value, of a step to come.

        A week starts on the weekday of ``start``, another step on the first of its month.
        """
        if isinstance(self.start, int):
            return self.start + index
        if self.unit == "week":
            return self.start + timedelta(weeks=index)
        months = self.start.year * 12 + self.start.month - 1 + index * UNITS[self.unit]
        return date(months // 12, months % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Shock:
    """Arrivals of the steps from ``start_step`` up to, not including, ``end_step`` × ``factor``.

    Steps are counted from 0, the first one forecast; the end may lie past the horizon. An
    assumption of those who plan, not a forecast.
    """

    start_step: int
    end_step: int
    factor: float
    name: str = ""

    def __post_init__(self) -> None:
        whole("start_step", self.start_step)
        if whole("end_step", self.end_step) <= self.start_step:
            raise CauceError("capacity_not_ascending", field="end_step", value=self.end_step)
        not_negative("factor", self.factor)


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """Counts to come: ``paths[path, step]``, whole and non-negative, read-only, to feed a queue.

    ``method`` made them; ``scores`` tell how each method did, in the order asked for, the baseline
    always among them. ``advice`` is ``use_naive`` (method) or ``method_chosen`` (method,
    crps_ratio: its CRPS over that of the baseline). ``notes`` may be ``beyond_scored_horizon``
    (scored, asked), ``extra_absent`` (extra), ``season_too_short`` (season, points),
    ``method_too_short`` (method, points, limit), ``method_failed`` (method). ``scenarios`` are
    kept to be asked for; ``shocks`` are those already in the paths.
    """

    method: str
    paths: Floats = field(repr=False)
    scores: tuple[Score, ...]
    advice: Code
    notes: tuple[Code, ...] = ()
    scenarios: tuple[Shock, ...] = ()
    shocks: tuple[Shock, ...] = ()

    def __post_init__(self) -> None:
        self.paths.flags.writeable = False
        names = [scenario.name for scenario in self.scenarios]
        _once("scenarios", names)

    @property
    def horizon(self) -> int:
        """The number of steps, all of them scored."""
        return int(self.paths.shape[1])

    @property
    def mean(self) -> Floats:
        """The mean of the paths at each step."""
        return np.asarray(self.paths.mean(axis=0))

    def quantiles(self, at_most: float) -> Floats:
        """At each step, the count that this share of the paths does not exceed."""
        return np.asarray(np.quantile(self.paths, share("share", at_most), axis=0))

    def under(self, shock: Shock) -> Forecast:
        """The forecast with a stretch of arrivals multiplied, rounded to whole numbers.

        A shock that starts past the horizon would change nothing: ``capacity_too_many``.
        """
        if shock.start_step >= self.horizon:
            raise CauceError(
                "capacity_too_many",
                field="start_step",
                value=shock.start_step,
                limit=self.horizon - 1,
            )
        paths = self.paths.copy()
        stretch = slice(shock.start_step, shock.end_step)
        paths[:, stretch] = np.rint(paths[:, stretch] * shock.factor)
        return replace(self, paths=paths, shocks=(*self.shocks, shock))

    def scenario(self, name: str) -> Forecast:
        """Under the scenario kept by this name; another name raises ``capacity_unknown_name``."""
        kept = {scenario.name: scenario for scenario in self.scenarios}
        return self.under(kept[one_of("scenario", name, tuple(kept))])


def forecast(
    series: Series,
    horizon: int,
    *,
    seed: int,
    methods: tuple[str, ...] | None = None,
    paths: int = 1000,
    scenarios: tuple[Shock, ...] = (),
) -> Forecast:
    """How many will arrive in each of the next steps, as sample paths; same seed, same numbers.

    Methods: ``seasonal_naive``, ``naive``, and ``theta``, ``ets``, ``autoarima`` by the extra
    ``forecast`` (asked for by name while it is absent: ``extra_missing``). Without ``methods``,
    all but AutoARIMA that are there. The origins of the evaluation (Tashman 2000, International
    Journal of Forecasting 16(4)) are the latest ``MOST_ORIGINS`` moments with two seasons (and,
    where 24 are left, half of the counts) before them and the horizon after. A horizon that
    leaves fewer than three of them is cut, with a note. Where not even a season's worth (or the
    horizon) could be scored, the series is taken as one without season, with a note; fewer than
    5 counts raise ``capacity_too_few``.

    Seconds: ETS 0.1 for each origin, AutoARIMA 1; the rest is quick.

    >>> found = forecast(Series(1, (30, 50) * 8, season=2), 3, seed=1, methods=("seasonal_naive",))
    >>> found.advice.code, found.mean.tolist(), found.paths.shape
    ('use_naive', [30.0, 50.0, 30.0], (1000, 3))
    """
    seed = whole("seed", seed)
    horizon = int(positive("horizon", whole("horizon", horizon)))
    count = int(positive("paths", whole("paths", paths)))
    if count > MOST_PATHS:
        raise CauceError("capacity_too_many", field="paths", value=count, limit=MOST_PATHS)
    names, notes = _named(methods)
    trial = _trial(series, horizon, names)
    found, failed = _compared(trial, seed)
    method, advice = _chosen(found, trial.season)
    *past, point = found[method][1]
    blocks = error_blocks(trial.counts, trial.origins, np.array(past))
    rng = np.random.default_rng((seed, len(trial.counts)))
    return Forecast(
        method=method,
        paths=sample_paths(point, blocks, count, rng),
        scores=tuple(score for score, _ in found.values()),
        advice=advice,
        notes=(*notes, *trial.notes, *failed),
        scenarios=scenarios,
    )


@dataclass(frozen=True, slots=True)
class _Trial:
    """What is put to the test: which methods, at which origins, over how many steps."""

    counts: Floats
    season: int
    horizon: int
    origins: Integers
    methods: tuple[str, ...]
    notes: tuple[Code, ...]


def _named(methods: tuple[str, ...] | None) -> tuple[tuple[str, ...], tuple[Code, ...]]:
    """The methods asked for, or the usual ones that are there."""
    if methods is None:
        if is_there():
            return USUAL, ()
        kept = tuple(name for name in USUAL if name not in EXTRA_METHODS)
        return kept, (Code.of("extra_absent", extra="forecast"),)
    _once("methods", [one_of("methods", name, METHODS) for name in methods])
    for name in methods:
        method_named(name)
    return methods, ()


def _once(name: str, given: list[str]) -> None:
    for index, one in enumerate(given):
        if one in given[:index]:
            raise CauceError("capacity_twice", field=name, value=one)


def _trial(series: Series, horizon: int, methods: tuple[str, ...]) -> _Trial:
    counts, season, notes = series.counts, series.season, []
    if season > 1 and _scorable(len(counts), 2 * season) < min(horizon, season):
        notes.append(Code.of("season_too_short", season=season, points=len(counts)))
        season = 1
    first = 2 * season
    if _scorable(len(counts), first) < 1:
        limit = first + LEAST_ORIGINS
        raise CauceError("capacity_too_few", field="values", value=len(counts), limit=limit)
    methods, first, short = _long_enough(methods, len(counts), first)
    scored = min(horizon, _scorable(len(counts), first))
    if scored < horizon:
        notes.append(Code.of("beyond_scored_horizon", scored=scored, asked=horizon))
    last = len(counts) - scored
    first = max(first, min(len(counts) // 2, last - ENOUGH_ORIGINS + 1))
    origins = np.arange(first, last + 1)[-MOST_ORIGINS:]
    names = tuple(dict.fromkeys((baseline_of(season), *methods)))
    return _Trial(counts, season, scored, origins, names, (*notes, *short))


def _scorable(points: int, first: int) -> int:
    """The longest horizon that leaves the least number of origins, the first after ``first``."""
    return points - first - (LEAST_ORIGINS - 1)


def _long_enough(
    methods: tuple[str, ...], points: int, first: int
) -> tuple[tuple[str, ...], int, tuple[Code, ...]]:
    """The methods for which there are counts enough, and where the origins then begin."""
    extra = [name for name in methods if name in EXTRA_METHODS]
    later = max(first, LEAST_FOR_EXTRA)
    if not extra or _scorable(points, later) >= 1:
        return methods, later if extra else first, ()
    limit = later + LEAST_ORIGINS
    notes = [Code.of("method_too_short", method=n, points=points, limit=limit) for n in extra]
    return tuple(name for name in methods if name not in extra), first, tuple(notes)


def _compared(trial: _Trial, seed: int) -> tuple[dict[str, tuple[Score, Floats]], list[Code]]:
    """Each method's score and forecasts [origin, step], and notes on those that failed.

    The last row of the forecasts is the one of the future, from all counts.
    """
    found: dict[str, tuple[Score, Floats]] = {}
    failed = []
    moments = np.append(trial.origins, len(trial.counts))
    for name in trial.methods:
        points = rolling_points(
            method_named(name), trial.counts, moments, trial.horizon, trial.season
        )
        if points is None:
            failed.append(Code.of("method_failed", method=name))
            continue
        score = score_of(name, trial.counts, trial.origins, points[:-1], trial.season, seed=seed)
        found[name] = (score, points)
    return found, failed


def _chosen(found: dict[str, tuple[Score, Floats]], season: int) -> tuple[str, Code]:
    """The best by CRPS if it clearly beats the baseline, else the baseline; with the advice."""
    baseline = found[baseline_of(season)][0]
    best = min((score for score, _ in found.values()), key=lambda score: score.crps)
    if best.crps < TO_BEAT * baseline.crps:
        ratio = f"{best.crps / baseline.crps:.3f}"
        return best.method, Code.of("method_chosen", method=best.method, crps_ratio=ratio)
    return baseline.method, Code.of("use_naive", method=baseline.method)
