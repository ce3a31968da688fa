"""What can be asked. A question is frozen and hashable: it is the key of a cache, the name of a
figure in a fact sheet, and what an auditor asks again years later.

The JSON spelling is ``{"ask": "indicator", …}`` with the names of the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, ClassVar

from cauce.errors import CauceError
from cauce.values.audience import PUBLIC, Audience
from cauce.values.breakdown import Breakdown
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.period import Period

__all__ = [
    "KINDS",
    "STAGES",
    "ChangeQ",
    "CountQ",
    "FactQ",
    "IndicatorQ",
    "MoneyQ",
    "ProgressQ",
    "Question",
    "question_from_json",
    "question_to_json",
]

KINDS = ("actual", "target", "baseline")
STAGES = ("announced", "appropriated", "pledged", "committed", "disbursed", "spent", "received")
CHANGES = ("difference", "percent", "multiple")
PROGRESSES = ("progress", "achievement")
COUNTED = ("members", "commitments", "reports")


def _choice(value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise CauceError("bad_choice", text=value, choices=", ".join(choices))


def _bad(detail: str) -> CauceError:
    return CauceError("bad_question", detail=detail)


def _sorted_names(values: tuple[str, ...]) -> None:
    if values != tuple(sorted(set(values))):
        raise _bad(f"not sorted or not unique: {', '.join(values)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What every question says: as known when, at which head, for whom, verified only."""

    known_at: KnownAt | None = None
    head: int | None = None
    audience: Audience = PUBLIC
    verified_only: bool = False

    def __post_init__(self) -> None:
        if self.head is not None and self.head < 0:
            raise _bad("head")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorQ(_Asked):
    """The value of an indicator for a place and period; ``by`` gives one figure a group.

    ``place``, ``party`` and ``programme`` include what lies below them; absent means all.
    ``where`` names the breakdown asked for (empty: the total). ``reporters`` restricts who answers.
    """

    ask: ClassVar[str] = "indicator"
    indicator: str
    period: Period
    place: str | None = None
    party: str | None = None
    programme: str | None = None
    kind: str = "actual"
    by: tuple[str, ...] = ()
    where: Breakdown = Breakdown()
    reporters: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _Asked.__post_init__(self)
        _choice(self.kind, KINDS)
        _sorted_names(self.by)
        _sorted_names(self.reporters)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyQ(_Asked):
    """Money of one stage. Without ``stage`` (and without ``by=("stage",)``) it is refused when
    the record holds more than one. ``rate`` names a rate set to convert into ``currency``."""

    ask: ClassVar[str] = "money"
    stage: str | None = None
    period: Period | None = None
    provider: str | None = None
    receiver: str | None = None
    programme: str | None = None
    place: str | None = None
    currency: str | None = None
    rate: str | None = None
    by: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _Asked.__post_init__(self)
        if self.stage is not None:
            _choice(self.stage, STAGES)
        _sorted_names(self.by)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountQ(_Asked):
    """How many members, commitments or reports, on a day or over a period.

    ``of="members"``: of ``body`` (or ``framework``) in ``role``. ``of="commitments"``: in
    ``state`` (absent: all; ``no_update`` is a state). ``of="reports"``: ``state`` is received
    (default), due or lacking.
    """

    ask: ClassVar[str] = "count"
    of: str
    body: str | None = None
    framework: str | None = None
    role: str | None = None
    state: str | None = None
    on: ImpreciseDate | None = None
    period: Period | None = None

    def __post_init__(self) -> None:
        _Asked.__post_init__(self)
        _choice(self.of, COUNTED)
        if self.on is not None and self.period is not None:
            raise _bad("on and period exclude each other")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactQ(_Asked):
    """One number or date of one record: ``record`` is its natural id (``pack/CODE``)."""

    ask: ClassVar[str] = "fact"
    record: str
    field: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeQ(_Asked):
    """How ``of`` changed: against another period, or against what was known on another date; or
    how it differs from the same of another place."""

    ask: ClassVar[str] = "change"
    of: IndicatorQ | MoneyQ
    base_period: Period | None = None
    base_known_at: KnownAt | None = None
    base_place: str | None = None
    as_: str = "difference"

    def __post_init__(self) -> None:
        _Asked.__post_init__(self)
        _choice(self.as_, CHANGES)
        if not isinstance(self.of, IndicatorQ | MoneyQ):
            raise _bad("of")
        given = (self.base_period, self.base_known_at, self.base_place)
        if sum(base is not None for base in given) != 1:
            raise _bad("one of base_period, base_known_at, base_place")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressQ(_Asked):
    """How far ``of`` has come from its baseline towards its target (``progress``), or what part
    of its target it is (``achievement``)."""

    ask: ClassVar[str] = "progress"
    of: IndicatorQ
    as_: str = "progress"

    def __post_init__(self) -> None:
        _Asked.__post_init__(self)
        _choice(self.as_, PROGRESSES)
        if not isinstance(self.of, IndicatorQ):
            raise _bad("of")


Question = IndicatorQ | MoneyQ | CountQ | FactQ | ChangeQ | ProgressQ
_ASKS: dict[str, type[Question]] = {
    q.ask: q for q in (IndicatorQ, MoneyQ, CountQ, FactQ, ChangeQ, ProgressQ)
}


def question_to_json(question: Question) -> dict[str, object]:
    """The published spelling; fields at their default are left out."""
    out: dict[str, object] = {"ask": question.ask}
    for item in fields(question):
        value = getattr(question, item.name)
        if value == item.default:
            continue
        out[item.name.rstrip("_")] = _plain(value)
    return out


def _plain(value: object) -> object:
    if isinstance(value, IndicatorQ | MoneyQ):
        return question_to_json(value)
    if isinstance(value, Breakdown):
        return dict(value.items)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, bool | int):
        return value
    return str(value)


def question_from_json(data: Mapping[str, Any], *, audience: Audience | None = None) -> Question:
    """Read the published spelling. A field that is null is as if left out.

    Raises ``bad_question`` naming the field, or the error of the value that does not parse.
    ``audience``, when given, replaces the one in the data, also inside ``of``: a door decides for
    whom it asks, not the question's author.
    """
    ask = data.get("ask") if isinstance(data, Mapping) else None
    if not isinstance(ask, str) or ask not in _ASKS:
        raise _bad(f"ask: {', '.join(_ASKS)}")
    cls = _ASKS[ask]
    known = {f.name.rstrip("_"): f for f in fields(cls)}
    if unknown := [str(k) for k in data if k != "ask" and k not in known]:
        raise _bad(f"unknown: {', '.join(unknown)}")
    given = {k: v for k, v in data.items() if k != "ask" and v is not None}
    if lacking := [k for k, f in known.items() if f.default is MISSING and k not in given]:
        raise _bad(f"missing: {', '.join(lacking)}")
    values = {known[k].name: _read(k, v, audience) for k, v in given.items()}
    if audience is not None:
        values["audience"] = audience
    return cls(**values)


def _read(name: str, value: Any, audience: Audience | None) -> Any:
    if name == "of" and isinstance(value, Mapping):
        return question_from_json(value, audience=audience)
    if name in ("by", "reporters"):
        return tuple(sorted(_texts(name, value)))
    if name == "where" and isinstance(value, Mapping):
        codes = _texts(name, list(value.values()))
        return Breakdown.of(zip(map(str, value), codes, strict=True))
    if name == "verified_only" and isinstance(value, bool):
        return value
    if name == "head" and isinstance(value, int) and not isinstance(value, bool):
        return value
    if name in ("verified_only", "head") or not isinstance(value, str):
        raise _bad(name)
    parser = _PARSERS.get(name)
    return parser(value) if parser else value


def _texts(name: str, values: object) -> list[str]:
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        raise _bad(name)
    return values


_PARSERS: dict[str, Any] = {
    "where": Breakdown.parse,
    "period": Period.parse,
    "base_period": Period.parse,
    "known_at": KnownAt,
    "base_known_at": KnownAt,
    "on": ImpreciseDate,
    "audience": Audience.parse,
}
