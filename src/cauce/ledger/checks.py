"""May these records be recorded together? Every problem, not only the first.

The rules themselves are pure and lie in each room's ``rules.py``; here they meet everything that
is recorded and everything that comes in the same batch. Nothing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache, partial
from typing import Any, Generic, TypeVar

from cauce.errors import Place, Problem
from cauce.frameworks import rules as framework_rules
from cauce.frameworks.rules import Limit
from cauce.journal.fields import IdField, ListField
from cauce.journal.queries import Recorded
from cauce.ledger import rules as ledger_rules
from cauce.ledger.queries import Lock, Observation
from cauce.ledger.universe import Universe
from cauce.parties import rules as party_rules
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

__all__ = ["Batch", "is_definition", "located"]

T = TypeVar("T")

#: Fields that may name one of several types: the first gives the error its code.
_EITHER: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("membership", "body"): ("body", "framework"),
    ("office_held", "body"): ("body", "framework"),
    ("instrument", "applies"): ("instrument", "framework"),
}
#: Types of facts to which others refer; they may come later in the same batch.
_FACTS = ("transaction", "commitment")
_UNKNOWN = {"node": "unknown_programme"}

#: So many answers are kept while a batch is checked: memory is constant.
_REMEMBERED = 10_000

#: What can be said of a record alone, by its type.
_ALONE: Mapping[str, Callable[[Any], Iterator[Problem]]] = {
    "body": party_rules.check_body,
    "membership": party_rules.check_membership,
    "office_held": party_rules.check_office,
    "instrument": party_rules.check_instrument,
    "pack": framework_rules.check_pack,
    "framework": framework_rules.check_framework,
    "code": framework_rules.check_code,
    "obligation": framework_rules.check_obligation,
    "population": framework_rules.check_population,
    "rate": framework_rules.check_rate,
    "transaction": ledger_rules.check_transaction,
    "commitment": ledger_rules.check_commitment,
    "claim": ledger_rules.check_claim,
    "link": lambda link: ledger_rules.check_link(link.one, link.other),
}

#: Types that form trees: the column that names what is above.
_TREES = {
    "organisation": "unit_of",
    "body": "part_of",
    "node": "parent",
    "instrument": "applies",
}


def is_definition(record: Recorded | type[Recorded]) -> bool:
    """Whether a record says what something is (and not what somebody stated)."""
    return hasattr(record, "closed")


@cache
def _references(model: type[Recorded]) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """(column, types it may name, whether it names several) of every reference of a type."""
    found = []
    for one in model.content_fields():
        if not isinstance(one, IdField | ListField):
            continue
        types = _EITHER.get((model.record_type, one.name), (one.to,) if one.to else ())
        if types:
            found.append((one.name, types, isinstance(one, ListField)))
    return tuple(found)


@cache
def _required(model: type[Recorded]) -> tuple[tuple[str, object], ...]:
    return tuple((f.name, f.empty()) for f in model.content_fields() if f.required)


class Batch(Generic[T]):
    """Records that are to be recorded together. Each comes with a token of the caller's, by which
    problems are told: a line of a file, or a number."""

    def __init__(self, universe: Universe, definitions: Sequence[tuple[Recorded, T]]) -> None:
        self.recorded = universe
        self.definitions = definitions
        self.universe = universe.joined(record for record, _ in definitions)
        self.facts: dict[str, dict[str, str]] = {name: {} for name in _FACTS}
        self.unlocked = {r.lock for r, _ in definitions if r.record_type == "unlock"}  # type: ignore[attr-defined]  # told by its type
        self._waiting: list[tuple[str, str, str, T]] = []
        self._parts: dict[str, T] = {}
        self._codes = lru_cache(maxsize=_REMEMBERED)(self._code_problems)
        self._limits = lru_cache(maxsize=_REMEMBERED)(self._population_limit)
        self._around = lru_cache(maxsize=_REMEMBERED)(self.universe.places_around)

    # --------------------------------------------------------------------------- definitions

    def check_definitions(self) -> Iterator[tuple[T, Problem]]:
        """Every definition alone and all of them together."""
        for record, token in self.definitions:
            for problem in self._check(record, token):
                yield token, problem
        yield from self._check_trees()
        yield from self._check_shares()

    def _check_trees(self) -> Iterator[tuple[T, Problem]]:
        for kind, (column, parents) in self._trees().items():
            looping = party_rules.on_cycle(parents)
            for record, token in self.definitions:
                name = record.natural_id()[0]
                if record.record_type == kind and name in looping:
                    yield token, Problem("cycle", {"id": name}, _at(column))

    def _trees(self) -> dict[str, tuple[str, Mapping[str, Iterable[str]]]]:
        """By type the column that names what is above, and of each code what is above it."""
        trees: dict[str, tuple[str, Mapping[str, Iterable[str]]]] = {
            "place": ("within", self.universe.place_parents),
            "succession": ("successor", self._successors()),
            "indicator": (
                "derived_from",
                {one.code: tuple(one.derived_from.values()) for one in self._all("indicator")},
            ),
        }
        for kind, column in _TREES.items():
            above = {one.code: getattr(one, column) for one in self._all(kind)}
            trees[kind] = (column, {code: (up,) if up else () for code, up in above.items()})
        return trees

    def _all(self, record_type: str) -> list[Any]:
        return self.universe.of(record_type)

    def _successors(self) -> dict[str, Iterable[str]]:
        found: dict[str, list[str]] = {}
        for one in self._all("succession"):
            found.setdefault(one.predecessor, []).append(one.successor)
        return dict(found)

    def _check_shares(self) -> Iterator[tuple[T, Problem]]:
        tokens = {id(record): token for record, token in self.definitions}
        found: list[tuple[Recorded, Problem]] = [
            *framework_rules.check_joint_shares(self._all("joint_share")),
            *party_rules.check_successions(self._all("succession")),
        ]
        for record, problem in found:
            if id(record) in tokens:
                yield tokens[id(record)], problem

    # --------------------------------------------------------------------------- one record

    def check_fact(self, record: Recorded, token: T) -> Iterator[tuple[T, Problem]]:
        """One fact; what refers to facts still to come is told by :meth:`finish`."""
        if record.record_type in self.facts:
            code = str(getattr(record, "code", ""))
            part_of = str(getattr(record, "part_of", ""))
            self.facts[record.record_type][code] = part_of
            if part_of:
                self._parts[code] = token
        for problem in self._check(record, token):
            yield token, problem

    def _check(self, record: Recorded, token: T) -> Iterator[Problem]:
        for column, empty in _required(type(record)):
            if getattr(record, column) in (empty, None):
                yield Problem("field_required", {"field": column}, _at(column))
        yield from self.check_references(record, token)
        if alone := _ALONE.get(record.record_type):
            yield from alone(record)
        if among := _AMONG.get(record.record_type):
            yield from among(self, record)

    def check_references(self, record: Recorded, token: T) -> Iterator[Problem]:
        """Whether what it refers to is there; can also be asked of a record that is not whole."""
        for column, types, several in _references(type(record)):
            value = getattr(record, column)
            if not value:
                continue
            for code in value if several else (value,):
                if self._is_there(types, code):
                    continue
                if types[0] in _FACTS:
                    self._waiting.append((types[0], code, column, token))
                else:
                    yield _unknown(types[0], code, column)

    def _is_there(self, types: tuple[str, ...], code: str) -> bool:
        return any(self.universe.has(one, code) for one in types)

    def finish(self) -> Iterator[tuple[T, Problem]]:
        """What could only be told when every fact of the batch had been seen."""
        universe = self.universe.with_facts(self.facts)
        for record_type, code, column, token in self._waiting:
            if not universe.has(record_type, code):
                yield token, _unknown(record_type, code, column)
        if self._parts:
            parents = {k: (up,) for k, up in universe.facts["transaction"].items() if up}
            for code in sorted(party_rules.on_cycle(parents) & set(self._parts)):
                yield self._parts[code], Problem("cycle", {"id": code}, _at("part_of"))

    # --------------------------------------------------------------------------- by type

    def _check_node(self, node: Any) -> Iterator[Problem]:
        yield from framework_rules.check_node(node, self.universe.get("node", node.parent))

    def _check_indicator(self, indicator: Any) -> Iterator[Problem]:
        yield from framework_rules.check_indicator(indicator, self.universe.codebook)
        for code in indicator.derived_from.values():
            if not self.universe.has("indicator", code):
                yield _unknown("indicator", code, "derived_from")

    def _check_observation(self, one: Any) -> Iterator[Problem]:
        indicator = self.universe.indicator(one.indicator)
        declarations = self.universe.declarations.get(one.indicator)
        if indicator is None or declarations is None or one.period is None:
            return  # told already, at the reference, the indicator or the empty cell
        yield from ledger_rules.check_observation(one, indicator, declarations)
        if one.breakdown.items:
            yield from self._codes(one.indicator, one.breakdown, one.period)
        if indicator.population:
            limit = self._limits(indicator.population, one.place, one.period)
            yield from ledger_rules.check_population(one, declarations, limit)

    def _code_problems(
        self, indicator: str, breakdown: Breakdown, period: Period
    ) -> tuple[Problem, ...]:
        return tuple(self.universe.codebook.check(breakdown, indicator, period))

    def _population_limit(self, kind: str, place: str, period: Period) -> Limit | None:
        return self.universe.populations.limit(kind, self.universe.places_up(place), period)

    # --------------------------------------------------------------------------- locks

    def lock_on(self, record: Recorded) -> Lock | None:
        """The recorded lock that closes the value's period, unless this batch opens it."""
        if not isinstance(record, Observation) or not self.recorded.locks:
            return None
        indicator = self.universe.indicator(record.indicator)
        framework = indicator.framework if indicator else ""
        places = self._around(record.place)
        is_locked = partial(ledger_rules.is_locked, framework=framework, places=places)
        for lock in self.recorded.locks:
            if lock.code not in self.unlocked and is_locked(record, lock):
                return lock
        return None


_AMONG: Mapping[str, Callable[[Batch[Any], Any], Iterator[Problem]]] = {
    "node": Batch._check_node,
    "indicator": Batch._check_indicator,
    "observation": Batch._check_observation,
}


def located(problem: Problem, place: Place) -> Problem:
    """The problem of a column, at the place of its record."""
    where = Place(place.file, place.line, problem.place.column, place.sheet)
    return Problem(problem.code, problem.params, where)


def _at(column: str) -> Place:
    return Place(column=column)


def _unknown(record_type: str, code: str, column: str) -> Problem:
    name = _UNKNOWN.get(record_type, f"unknown_{record_type}")
    return Problem(name, {"id": code}, _at(column))
