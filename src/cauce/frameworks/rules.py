"""What must hold of indicators, codes, shares, rates and populations, alone and together?

Pure: records in, problems out, each with the column it is about. Whether a reference leads
anywhere is not asked here but where everything is known, in the ledger's checks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from cauce.engines.rollup.declarations import Declarations, declare
from cauce.errors import CauceError, Place, Problem
from cauce.frameworks.models import (
    Codelist,
    CodelistCode,
    Framework,
    Indicator,
    JointShare,
    Node,
    Obligation,
    Pack,
    Rate,
    ReferencePopulation,
)
from cauce.parties.rules import check_span
from cauce.values.breakdown import Breakdown
from cauce.values.period import Period

__all__ = [
    "Codebook",
    "Limit",
    "Populations",
    "check_code",
    "check_framework",
    "check_indicator",
    "check_joint_shares",
    "check_node",
    "check_obligation",
    "check_pack",
    "check_population",
    "check_rate",
    "declared",
    "is_pack_name",
    "is_percent",
    "is_percent_change",
]

MOST_DIGITS = 6
#: Dimensions that every indicator has, whatever its codelists.
UNIT_DIMENSIONS = ("place", "party", "agency", "programme")
#: A message names at most so many codes.
_NAMED = 20

_PACK_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")
_CURRENCY = re.compile(r"[A-Z]{3}\Z")


def _problem(code: str, column: str, **params: object) -> Problem:
    return Problem(code, params, Place(column=column))


# ------------------------------------------------------------------------------- indicators


def declared(indicator: Indicator) -> Declarations:
    """Its declarations, the preset filled in. Raises ``declaration_conflict``."""
    return declare(
        preset=indicator.preset,
        value=indicator.value,
        identity=indicator.identity,
        accumulation=indicator.accumulation,
        time=indicator.time,
        dimensions=indicator.dimensions,
        partition_within=indicator.partition_within,
        carry=indicator.carry,
        may_be_negative=indicator.may_be_negative,
        descending=indicator.descending,
        not_success=indicator.not_success,
    )


def check_indicator(indicator: Indicator, codebook: Codebook) -> Iterator[Problem]:
    """Scale, declarations, margins and the parts of a computed ratio."""
    if not 0 <= (indicator.scale or 0) <= MOST_DIGITS:
        choices = ", ".join(map(str, range(MOST_DIGITS + 1)))
        yield _problem("bad_choice", "scale", text=str(indicator.scale), choices=choices)
    try:
        declared(indicator)
    except CauceError as error:
        column = "preset" if indicator.preset else "value"
        yield Problem(error.code, error.params, Place(column=column))
    known = {*UNIT_DIMENSIONS, *indicator.dimensions, *codebook.dimensions(indicator.code)}
    for margin in indicator.margins:
        for dimension in (part.strip() for part in margin.split("+")):
            if dimension not in known:
                yield _problem("bad_margin", "margins", dimension=dimension)
    if indicator.derived_from and set(indicator.derived_from) != {"num", "den"}:
        text = "; ".join(sorted(indicator.derived_from))
        expected = "num=pack/A; den=pack/B"
        yield _problem("bad_structure", "derived_from", text=text, expected=expected)


@lru_cache(maxsize=1_024)
def is_percent(unit: str) -> bool:
    """Whether a unit is a part of a hundred: ``%``, ``percent``, ``por ciento``."""
    return _plain(unit) in _PERCENT


@lru_cache(maxsize=1_024)
def is_percent_change(unit: str) -> bool:
    """Whether a unit says by how much something changed, without saying from what.

    >>> is_percent_change("% change"), is_percent_change("percentage points")
    (True, False)
    """
    plain = _plain(unit)
    return any(f"{a} {b}" == plain for a in _PERCENT for b in _CHANGE) or plain in _CHANGES


_PERCENT = ("%", "percent", "per cent", "percentage", "por ciento", "porcentaje", "pour cent")
_CHANGE = ("change", "increase", "decrease", "growth")
_CHANGES = (
    "cambio porcentual", "variación porcentual", "aumento porcentual", "cambio en %",
    "variation en pourcentage", "variation en %", "change in percent", "change in %",
)  # fmt: skip


def _plain(unit: str) -> str:
    return " ".join(unit.lower().split())


# ------------------------------------------------------------------------------- codes


@dataclass(frozen=True, slots=True)
class Codebook:
    """Which codes a breakdown may use: every list of a dimension that is for all indicators or
    names this one. Closed lists and codes are still good for values of their own time."""

    lists: Mapping[str, Codelist] = field(default_factory=dict)
    codes: Mapping[str, tuple[CodelistCode, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, lists: Iterable[Codelist], codes: Iterable[CodelistCode]) -> Codebook:
        by_list: dict[str, list[CodelistCode]] = {}
        for code in codes:
            by_list.setdefault(code.codelist, []).append(code)
        return cls({x.code: x for x in lists}, {k: tuple(v) for k, v in by_list.items()})

    def _lists(self, indicator: str) -> Iterator[Codelist]:
        for codelist in self.lists.values():
            if not codelist.indicators or indicator in codelist.indicators:
                yield codelist

    def dimensions(self, indicator: str) -> tuple[str, ...]:
        """The dimensions by which this indicator can be broken down, sorted."""
        return tuple(sorted({one.dimension for one in self._lists(indicator)}))

    def choices(self, indicator: str, dimension: str, period: Period) -> tuple[str, ...]:
        """The codes of a dimension that are in use within the period, in the lists' order."""
        return tuple(
            code.code
            for one in self._lists(indicator)
            if one.dimension == dimension
            for code in self.codes.get(one.code, ())
            if in_use(code, period)
        )

    def check(self, breakdown: Breakdown, indicator: str, period: Period) -> Iterator[Problem]:
        """``unknown_dimension`` and ``unknown_code``, with what there is instead."""
        known = self.dimensions(indicator)
        for dimension, code in breakdown.items:
            if dimension not in known:
                names = ", ".join(known)
                yield _problem("unknown_dimension", "breakdown", dimension=dimension, choices=names)
                continue
            choices = self.choices(indicator, dimension, period)
            if code not in choices:
                params = {"dimension": dimension, "choices": ", ".join(choices[:_NAMED])}
                yield Problem("unknown_code", {"code": code, **params}, Place(column="breakdown"))


def in_use(code: CodelistCode, period: Period) -> bool:
    """Whether the code may be used for a period: unless it certainly ended before, or began
    after."""
    starts = code.valid_from.earliest if code.valid_from else None
    ends = code.valid_to.latest if code.valid_to else None
    return (starts or date.min) < period.end and period.start < (ends or date.max)


def check_code(code: CodelistCode) -> Iterator[Problem]:
    yield from check_span(code.valid_from, code.valid_to, "valid_to")
    if ";" in code.code or "=" in code.code:
        # A breakdown is written «dimension=code; …», so such a code could not be asked for.
        yield _problem("bad_structure", "code", text=code.code, expected="f, 0-17")


# ------------------------------------------------------------------------------- populations


@dataclass(frozen=True, slots=True)
class Limit:
    """The population that a count cannot exceed."""

    kind: str
    size: Decimal


@dataclass(frozen=True, slots=True)
class Populations:
    """How many there are of a kind, at a place or the nearest place around it."""

    by_kind: Mapping[tuple[str, str], tuple[ReferencePopulation, ...]]

    @classmethod
    def of(cls, populations: Iterable[ReferencePopulation]) -> Populations:
        found: dict[tuple[str, str], list[ReferencePopulation]] = {}
        for one in populations:
            if not one.closed:
                found.setdefault((one.kind, one.place), []).append(one)
        return cls({key: tuple(ones) for key, ones in found.items()})

    def limit(self, kind: str, places: Iterable[str], period: Period) -> Limit | None:
        """The largest size for the period at the first of ``places`` (nearest first) that has a
        population of the kind for that time; ``None`` where none is known."""
        for place in places:
            sizes = [
                one.size
                for one in self.by_kind.get((kind, place), ())
                if one.period is None or one.period.overlaps(period)
            ]
            if sizes:
                return Limit(kind, max(sizes))
        return None


def check_population(population: ReferencePopulation) -> Iterator[Problem]:
    if population.size is not None and population.size < 0:
        yield _problem("negative_value", "size", value=str(population.size))


# ------------------------------------------------------------------------------- the others


def is_pack_name(name: str) -> bool:
    """Lower case, digits and hyphens: what ids can begin with."""
    return bool(_PACK_NAME.match(name))


def check_pack(pack: Pack) -> Iterator[Problem]:
    if not is_pack_name(pack.name):
        yield _problem("bad_id", "name", text=pack.name)
    for name in pack.requires:
        if not is_pack_name(name):
            yield _problem("bad_id", "requires", text=name)


def check_framework(framework: Framework) -> Iterator[Problem]:
    yield from check_span(framework.starts, framework.ends, "ends")
    if framework.suppress_below is not None and framework.suppress_below < 0:
        value = str(framework.suppress_below)
        yield _problem("negative_value", "suppress_below", value=value)


def check_node(node: Node, parent: Node | None) -> Iterator[Problem]:
    """A node stands in one framework with the node above it."""
    if parent is not None and parent.framework != node.framework:
        yield _problem("bad_structure", "parent", text=node.parent, expected=node.framework)


def check_obligation(obligation: Obligation) -> Iterator[Problem]:
    yield from check_span(obligation.valid_from, obligation.valid_to, "valid_to")
    if obligation.due_days is not None and obligation.due_days < 0:
        yield _problem("negative_value", "due_days", value=str(obligation.due_days))


def check_rate(rate: Rate) -> Iterator[Problem]:
    for column, currency in (("currency", rate.currency), ("into", rate.into)):
        if currency and not _CURRENCY.match(currency):
            yield _problem("bad_currency", column, text=currency)
    if rate.rate is not None and rate.rate <= 0:
        yield _problem("negative_value", "rate", value=str(rate.rate))


def check_joint_shares(shares: Iterable[JointShare]) -> Iterator[tuple[JointShare, Problem]]:
    """``shares_exceed_whole``, ``negative_value``: of all shares together, each share of a
    programme above the whole with its problem. A rest that nobody has is let pass."""
    by_programme: dict[str, list[JointShare]] = {}
    for share in shares:
        if share.share is not None and not share.closed:
            by_programme.setdefault(share.programme, []).append(share)
    for programme, ones in by_programme.items():
        total = sum((one.share for one in ones), Fraction(0))
        for one in ones:
            if one.share < 0:
                yield one, _problem("negative_value", "share", value=str(one.share))
            elif total > 1:
                yield one, _problem("shares_exceed_whole", "share", id=programme, total=str(total))
