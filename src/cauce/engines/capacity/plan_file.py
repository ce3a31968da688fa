"""What does a plan's file ask for? From what YAML or JSON gave to values of the engine.

The content is already read; nothing here opens a file, and nothing is computed. Everything wrong
is told at once. A number that is in doubt keeps its doubt: the plan can be computed only after
somebody, or something, has chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from cauce.engines.capacity.model import Network
from cauce.engines.capacity.plan_parts import (
    arrivals_of,
    deadlines_of,
    network_of,
    run_of,
    start_of,
)
from cauce.engines.capacity.plan_questions import (
    FORECAST,
    Change,
    ForecastQuestion,
    LanesQuestion,
    StaffQuestion,
    changes_of,
    forecast_of,
    lanes_of,
    staff_of,
    with_works,
)
from cauce.engines.capacity.plan_reading import Chosen, Part, Reader
from cauce.engines.capacity.plan_times import frame_of
from cauce.engines.capacity.refusing import whole
from cauce.engines.capacity.result import Run
from cauce.engines.capacity.scenario import Scenario
from cauce.errors import CauceError
from cauce.values.answer import Answer

__all__ = ["KEYS", "KINDS", "PlanFile", "read"]

KINDS = ("backlog", "staff", "lanes", "forecast")
_ABOUT = ("plan", "title", "about", "made_up", "seed")
_OFFICE = (
    "start", "calendar", "stages", "pools", "classes", "routes", "arrivals", "deadlines", "look",
)  # fmt: skip
#: What may stand in a file, by kind of plan.
KEYS: Mapping[str, tuple[str, ...]] = {
    "backlog": (*_ABOUT, *_OFFICE, "compare"),
    "staff": (*_ABOUT, *_OFFICE, "want"),
    "lanes": (*_ABOUT, *_OFFICE, "want", "hours", "works"),
    "forecast": (*_ABOUT, *FORECAST),
}


@dataclass(frozen=True, slots=True)
class PlanFile:
    """A plan as its file says it: the kind, what goes in, and the questions of that kind.

    ``scenario`` and ``run`` are None for a forecast, and for any plan while a number is in doubt;
    so are ``staff``, ``lanes`` and ``forecast`` unless the plan is of that kind. ``changes``: the
    "what if" of a backlog. ``made_up``: the numbers are invented, and whoever shows a result says
    so. ``doubtful``: path of the field and what is known of it, in the unit written there.
    """

    kind: str
    seed: int = 0
    title: str = ""
    about: str = ""
    made_up: bool = False
    scenario: Scenario | None = None
    run: Run | None = None
    staff: StaffQuestion | None = None
    lanes: LanesQuestion | None = None
    forecast: ForecastQuestion | None = None
    changes: tuple[Change, ...] = ()
    doubtful: tuple[tuple[str, Answer], ...] = ()
    _units: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)
    _chosen: Chosen = field(default_factory=dict, repr=False, compare=False)
    _data: object = field(default=None, repr=False, compare=False)

    def unit(self, name: str) -> str:
        """The unit of a doubtful field: ``per week``, ``hour``, or nothing for a count or share."""
        return self._units[name]

    def with_numbers(self, chosen: Chosen) -> PlanFile:
        """The plan with numbers for doubtful fields, each in the unit written there.

        What is not chosen stays in doubt. Raises :class:`Refusal` where a number cannot be, such
        as half an officer, and with ``capacity_unknown_name`` for a field that is not in doubt.
        """
        return read(self._data, {**self._chosen, **chosen})

    def scenario_of(self, chosen: Chosen) -> Scenario:
        """The scenario when numbers are chosen for all that is in doubt.

        Raises ``capacity_gap`` for the first field that has none.
        """
        plan = self.with_numbers(chosen)
        for name, _ in plan.doubtful:
            raise CauceError("capacity_gap", field=name, value=self.unit(name))
        if plan.scenario is None:
            raise CauceError("capacity_conflict", field="plan", other=plan.kind)
        return plan.scenario

    def alternatives(self) -> tuple[tuple[str, Scenario], ...]:
        """Each "what if" by its name; none while a number is in doubt."""
        scenario = self.scenario
        if scenario is None:
            return ()
        return tuple((change.name, change.of(scenario)) for change in self.changes)


def read(data: object, chosen: Chosen | None = None) -> PlanFile:
    """A plan from a mapping with the keys of ``plan.schema.json``.

    ``chosen``: numbers for doubtful fields. Dates may be dates or texts. Raises one
    :class:`Refusal` with every problem found, each with the path of its field as its column.

    >>> plan = read({"plan": "forecast", "horizon": 1, "series": {
    ...     "from": "2024-01", "per": "month", "values": [30, {"about": 40}]}})
    >>> [(name, answer.bound.value) for name, answer in plan.doubtful]
    [('series.values[1]', 'about')]
    """
    reader = Reader(dict(chosen or {}))
    kind = _kind(reader, data)
    needed = "horizon series" if kind == "forecast" else "start stages look"
    if kind in ("staff", "lanes"):
        needed += " want"
    part = Part(reader, "", data, KEYS[kind], needed=f"plan {needed}")
    plan = PlanFile(
        kind,
        _seed(part),
        part.text("title"),
        part.text("about"),
        part.flag("made_up"),
        _units=reader.units,
        _chosen=dict(chosen or {}),
        _data=data,
    )
    return _forecast(plan, part) if kind == "forecast" else _office(plan, part)


def _kind(reader: Reader, data: object) -> str:
    """The kind of plan; without one no key has a meaning, so nothing else is looked at."""
    given = reader.mapping("", data)
    if given and "plan" not in given:
        reader.refuse("plan", "field_required", field="plan")
    kind = reader.choice("plan", given.get("plan", KINDS[0]), KINDS)
    if reader.problems:
        reader.chosen = {}
        reader.finish()
    return kind


def _seed(part: Part) -> int:
    given = part.count("seed", 0)
    return part.reader.attempt("seed", lambda: whole("seed", given), 0)


def _forecast(plan: PlanFile, part: Part) -> PlanFile:
    question = forecast_of(part)
    part.reader.finish()
    if part.reader.doubts:
        return replace(plan, doubtful=tuple(part.reader.doubts.items()))
    return replace(plan, forecast=question)


def _office(plan: PlanFile, part: Part) -> PlanFile:
    reader = part.reader
    frame = frame_of(part, always_open=plan.kind == "lanes")
    names = part.named("stages") or ("?",)
    network = network_of(part, frame, names)
    start, arrivals = start_of(part, frame, names), arrivals_of(part, frame, names)
    deadlines = deadlines_of(part, frame)
    run = run_of(part, frame, deadlines)
    plan = replace(plan, changes=changes_of(part, frame, names))
    if plan.kind == "staff":
        plan = replace(plan, staff=staff_of(part, frame, names, deadlines))
    if plan.kind == "lanes":
        plan = replace(plan, lanes=lanes_of(part, frame, names))
    reader.finish()
    if reader.doubts:
        left = replace(plan, staff=None, lanes=None, changes=())
        return replace(left, doubtful=tuple(reader.doubts.items()))

    def rest(built: Network) -> Scenario:
        return Scenario(built, start, arrivals)

    scenario = reader.attempt(
        "stages", lambda: _scenario(plan, network, frame.until, rest), None, named=False
    )
    reader.finish()
    return replace(plan, scenario=scenario, run=run)


def _scenario(
    plan: PlanFile,
    network: Callable[[], Network],
    until: float,
    rest: Callable[[Network], Scenario],
) -> Scenario | None:
    """The scenario, after each "what if" was tried on it, so that it is wrong here or never."""
    built = network()
    if plan.lanes:
        built = with_works(built, plan.lanes, until)
    scenario = rest(built)
    for change in plan.changes:
        change.of(scenario)
    return scenario
