"""What is worked on, by whom, in what order? The offices and lanes of a plan.

A :class:`Network` is made of stages through which cases of several classes go. It says nothing of
how many cases there are (``scenario.py``) and computes nothing. A case is a file (which may stand
for several persons) or a vehicle, never a named person: nothing here can rank or tell one case
from another of its class.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from cauce.engines.capacity.distributions import Distribution
from cauce.engines.capacity.refusing import one_of, positive, share, whole
from cauce.engines.capacity.steps import Steps
from cauce.errors import CauceError

__all__ = ["EVERY", "LEAVES", "ByClass", "Network", "Pool", "Route", "Stage"]

#: The class of a plan that tells no classes apart.
EVERY = "all"
#: Where a route leads out of the network: the case is done.
LEAVES = ""

_TOLERANCE = 1e-9
_DISTRIBUTIONS = "Always, Empirical, Erlang, Exponential, LogNormal, Mixture, Uniform"
# Servers and places: what the loops can count.
_MOST = 10**12


@dataclass(frozen=True, slots=True)
class Pool:
    """Servers that several stages or classes share: interpreters of a language, rooms, desks.

    A case that needs the pool takes one of its servers from its start to its end in the stage.
    When there are fewer of them, those who are busy finish first.
    """

    name: str
    servers: Steps

    def __post_init__(self) -> None:
        object.__setattr__(self, "servers", Steps.of(self.servers))
        _whole_steps(f"pools.{self.name}.servers", self.servers)


@dataclass(frozen=True, slots=True)
class ByClass:
    """What differs for one class of cases in a stage.

    ``service`` replaces the stage's own; ``priority``: lower goes first, also before cases that
    came earlier, but never interrupts one in progress; ``needs`` names one server of each pool.
    """

    name: str
    service: Distribution | None = None
    priority: int = 0
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a procedure with its own staff and its own queue, first come, first served.

    service: days of work that a case takes one server at productivity 1.
    staff: servers by time, whole numbers; here and below a number stands for always.
    opening: 1 while the office works, 0 while it is closed (no case starts and none advances).
    productivity: work done in an open day; 0.8 is a fifth less.
    patience: days (24 h) of waiting here after which a case leaves the procedure; days in service
    do not count, and a case that waits again has what was left of it.
    no_show: share of appointments missed; each costs ``no_show_cost`` of the service time and the
    case goes to the end of the queue.
    when_cut: when staff fall below the cases in progress, the last ones started are handed over and
    resumed first (``resume``), or finished by those who leave (``finish``).
    places: most cases that fit, in service and waiting; who comes when it is full is turned away.
    """

    name: str
    service: Distribution
    staff: Steps
    opening: Steps = field(default_factory=lambda: Steps.always(1))
    productivity: Steps = field(default_factory=lambda: Steps.always(1))
    patience: Distribution | None = None
    no_show: float = 0.0
    no_show_cost: float = 1.0
    when_cut: str = "resume"
    places: int | None = None
    by_class: tuple[ByClass, ...] = ()

    def __post_init__(self) -> None:
        where = f"stages.{self.name}"
        for name in ("staff", "opening", "productivity"):
            object.__setattr__(self, name, Steps.of(getattr(self, name)))
        _whole_steps(f"{where}.staff", self.staff)
        duration(f"{where}.service", self.service)
        if self.patience is not None:
            duration(f"{where}.patience", self.patience)
        share(f"{where}.no_show", self.no_show)
        share(f"{where}.no_show_cost", self.no_show_cost)
        if self.no_show == 1:
            raise CauceError("capacity_routing", stage=self.name, group=EVERY)
        one_of(f"{where}.when_cut", self.when_cut, ("resume", "finish"))
        if self.places is not None:
            places = whole(f"{where}.places", self.places)
            positive(f"{where}.places", places)
            if places > _MOST:
                raise CauceError(
                    "capacity_too_many", field=f"{where}.places", value=self.places, limit=_MOST
                )
            object.__setattr__(self, "places", places)
        _no_name_twice(f"{where}.by_class", (each.name for each in self.by_class))
        for each in self.by_class:
            if each.service is not None:
                duration(f"{where}.by_class.{each.name}.service", each.service)

    @property
    def speed(self) -> Steps:
        """Days of work that one server does in a day, by time."""
        return self.opening.product(self.productivity)

    def of(self, class_: str) -> ByClass:
        """What holds for a class, with the stage's own service where it has none."""
        for each in self.by_class:
            if each.name == class_:
                return ByClass(each.name, each.service or self.service, each.priority, each.needs)
        return ByClass(class_, self.service)


@dataclass(frozen=True, slots=True)
class Route:
    """The share of a class that goes on from one stage to another; the rest of it is done."""

    origin: str
    to: str
    share: float = 1.0
    class_: str = EVERY


@dataclass(frozen=True, slots=True)
class Network:
    """Stages, the classes that go through them, and their routes.

    Without routes every class goes through the stages in their order. A route for ``all`` holds for
    classes that have none of their own from that stage. Raises ``capacity_unknown_name``,
    ``capacity_twice``, ``capacity_not_share`` (shares of one stage add up to more than 1) and
    ``capacity_routing`` when cases of a class could go round for ever.

    >>> from cauce.engines.capacity.distributions import Exponential
    >>> one = Network((Stage("interview", Exponential(0.5), Steps.always(12)),))
    >>> one.classes, one.onward("all", "interview")
    (('all',), ())
    """

    stages: tuple[Stage, ...]
    routes: tuple[Route, ...] | None = None
    pools: tuple[Pool, ...] = ()
    classes: tuple[str, ...] = (EVERY,)

    def __post_init__(self) -> None:
        for name, given in (("stages", self.stages), ("classes", self.classes)):
            if not given:
                raise CauceError("capacity_too_few", field=name, value=0, limit=1)
        _no_name_twice("stages", (stage.name for stage in self.stages))
        _no_name_twice("pools", (pool.name for pool in self.pools))
        _no_name_twice("classes", self.classes)
        if self.routes is None:
            object.__setattr__(self, "routes", _in_order(self.stages))
        self._check_names()
        for class_ in self.classes:
            self._check_shares(class_)
            self._check_way_out(class_)

    def stage(self, name: str) -> Stage:
        """A stage by its name; raises ``capacity_unknown_name``."""
        one_of("stage", name, self.names)
        return next(stage for stage in self.stages if stage.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the stages, in their order."""
        return tuple(stage.name for stage in self.stages)

    def onward(self, class_: str, origin: str) -> tuple[tuple[str, float], ...]:
        """(stage, share) that follow; what is missing to 1 is done."""
        routes = [route for route in self.routes or () if route.origin == origin and route.share]
        own = [route for route in routes if route.class_ == class_]
        found = own or [route for route in routes if route.class_ == EVERY]
        return tuple((route.to, route.share) for route in found if route.to != LEAVES)

    def with_stage(self, stage: Stage) -> Network:
        """The same network with one stage, of the same name, replaced."""
        one_of("stage", stage.name, self.names)
        stages = tuple(stage if old.name == stage.name else old for old in self.stages)
        return Network(stages, self.routes, self.pools, self.classes)

    def with_pool(self, pool: Pool) -> Network:
        """The same network with one pool, of the same name, replaced."""
        one_of("pool", pool.name, tuple(old.name for old in self.pools))
        pools = tuple(pool if old.name == pool.name else old for old in self.pools)
        return Network(self.stages, self.routes, pools, self.classes)

    def _check_names(self) -> None:
        pools = tuple(pool.name for pool in self.pools)
        for stage in self.stages:
            for each in stage.by_class:
                where = f"stages.{stage.name}.by_class"
                one_of(where, each.name, self.classes)
                for need in each.needs:
                    one_of(f"{where}.{each.name}.needs", need, pools)
                _no_name_twice(f"{where}.{each.name}.needs", each.needs)
        for route in self.routes or ():
            one_of("routes.from", route.origin, self.names)
            one_of("routes.to", route.to, (*self.names, LEAVES))
            one_of("routes.class", route.class_, (*self.classes, EVERY))
            share("routes.share", route.share)

    def _check_shares(self, class_: str) -> None:
        for name in self.names:
            onward = self.onward(class_, name)
            _no_name_twice(f"routes.{name}", (to for to, _ in onward))
            total = sum(part for _, part in onward)
            if total > 1 + _TOLERANCE:
                raise CauceError("capacity_not_share", field=f"routes.{name}", value=total)

    def _check_way_out(self, class_: str) -> None:
        """Every stage leads to one where something leaves."""
        onward = {name: self.onward(class_, name) for name in self.names}
        leads_out = {
            name for name, parts in onward.items() if sum(p for _, p in parts) < 1 - _TOLERANCE
        }
        while more := {
            name
            for name, parts in onward.items()
            if name not in leads_out and any(to in leads_out for to, _ in parts)
        }:
            leads_out |= more
        for name in self.names:
            if name not in leads_out:
                raise CauceError("capacity_routing", stage=name, group=class_)


def duration(field_: str, given: Distribution) -> Distribution:
    """A distribution, not a bare number; raises ``capacity_unknown_name`` with those there are."""
    if not isinstance(given, Distribution):
        raise CauceError(
            "capacity_unknown_name", field=field_, value=str(given), choices=_DISTRIBUTIONS
        )
    return given


def _in_order(stages: Sequence[Stage]) -> tuple[Route, ...]:
    return tuple(Route(before.name, after.name) for before, after in pairwise(stages))


def _whole_steps(field_: str, steps: Steps) -> None:
    for index, value in enumerate(steps.values):
        if whole(f"{field_}[{index}]", value) > _MOST:
            raise CauceError(
                "capacity_too_many", field=f"{field_}[{index}]", value=value, limit=_MOST
            )


def _no_name_twice(field_: str, names: Iterable[str]) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise CauceError("capacity_twice", field=field_, value=name)
        seen.add(name)
