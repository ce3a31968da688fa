"""What came into a view with which entry, and which of it are new versions of something older?

Everything here is told without the content of records, so that a long list costs no more than the
page of it that is read: :func:`at_spots` then reads that page.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q, QuerySet, Value, Window
from django.db.models.functions import RowNumber

from cauce.journal.database import translated
from cauce.journal.models import EARLIEST, NEVER, Fact, Recorded
from cauce.journal.queries import View, annulled, columns_of_key, up_to, visible
from cauce.journal.tables import record_models

__all__ = [
    "Arrival",
    "Conditions",
    "Spot",
    "arrivals",
    "at_spots",
    "later_versions",
    "meeting",
    "spots",
]

#: Which records of which types: of each type named, those that meet any of its conditions (each
#: is a set of look-ups on columns that all hold; none at all means every record). A type that is
#: not named is left out.
Conditions = Mapping[str, Sequence[Mapping[str, object]]]


@dataclass(frozen=True, slots=True, order=True)
class Spot:
    """Where a record stands, without its content. Of a fact, ``released`` is when an embargo on it
    ended, long ago where it had none, and ``known`` since when anyone could know it."""

    record_type: str
    seq: int
    n: int
    released: datetime
    known: datetime


@dataclass(frozen=True, slots=True)
class Arrival:
    """How many records of a type came in with an entry and could be read from one moment on."""

    record_type: str
    seq: int
    released: datetime
    count: int


def later_versions(view: View, types: Conditions) -> list[Spot]:
    """The records of which an earlier version is seen too, in no order. A condition may name only
    columns that all versions of a thing share, or the first of those it leaves counts as first.

    Cost: two queries; each table is read through, its contents are not.
    """
    arms = []
    for model, rows in _narrowed(view, types):
        is_fact = issubclass(model, Fact)
        keys = [*columns_of_key(model), "by"] if is_fact else columns_of_key(model)
        order = ["entry_id", "known_from", "n"] if is_fact else ["entry_id", "n"]
        if model.key_columns:
            # Most values have one version: only keys that stand more than once are numbered, and
            # which these are is read from the index.
            rows = rows.filter(**{f"{keys[0]}__in": _repeated(model, keys[0])})
        version = Window(RowNumber(), partition_by=[F(k) for k in keys], order_by=order)
        arms.append(
            _spots(model, rows.annotate(version_in_key=version).filter(version_in_key__gt=1))
        )
    return [Spot(*row) for row in _together(arms)]


def _repeated(model: type[Recorded], key: str) -> QuerySet[Any, Any]:
    counted = model._default_manager.values(key).annotate(records=models.Count("id"))
    found: QuerySet[Any, Any] = counted.filter(records__gt=1).order_by().values(key)
    return found


def arrivals(view: View, types: Conditions) -> list[Arrival]:
    """How many records came into this view with each entry, by type, and since when they could be
    read; in no order. Cost: two queries; each table is read through, its contents are not."""
    arms = []
    for model, rows in _narrowed(view, types):
        named = rows.order_by().annotate(
            of=Value(model.record_type), since=_moment(model, "released_from")
        )
        counted = named.values("of", "entry_id", "since").annotate(records=models.Count("id"))
        arms.append(counted.values_list("of", "entry_id", "since", "records"))
    return [Arrival(*row) for row in _together(arms)]


def spots(view: View, seqs: Iterable[int], types: Conditions) -> list[Spot]:
    """Where the records of some entries stand that this view sees, in no order. Cost: two
    queries."""
    wanted = sorted(set(seqs))
    found = _narrowed(view, types)
    arms = [_spots(model, rows.filter(entry_id__in=wanted)) for model, rows in found]
    return [Spot(*row) for row in _together(arms)]


def at_spots(view: View, wanted: Iterable[Spot]) -> list[Recorded]:
    """The records at these spots that this view sees, in the order recorded. Cost: one query for
    each type of record among them, and one more."""
    by_type: dict[str, set[tuple[int, int]]] = {}
    for spot in wanted:
        by_type.setdefault(spot.record_type, set()).add((spot.seq, spot.n))
    found: list[Recorded] = []
    for model, rows in _narrowed(view, dict.fromkeys(by_type, ())):
        places = by_type[model.record_type]
        seqs, numbers = {seq for seq, _ in places}, {n for _, n in places}
        with translated():
            near = list(rows.filter(entry_id__in=seqs, n__in=numbers))
        found += [record for record in near if (record.entry_id, record.n) in places]
    return sorted(found, key=lambda r: (r.entry_id, r.n))


def meeting(view: View, types: Conditions) -> list[Recorded]:
    """The records that meet conditions, of every version that this view sees, in the order
    recorded. Cost: one query for each type asked for, and one more."""
    found: list[Recorded] = []
    for _, rows in _narrowed(view, types):
        with translated():
            found += rows
    return sorted(found, key=lambda r: (r.entry_id, r.n))


def _narrowed(view: View, types: Conditions) -> list[tuple[type[Recorded], QuerySet[Any]]]:
    gone = annulled(view.head)
    found: list[tuple[type[Recorded], QuerySet[Any]]] = []
    for name, conditions in types.items():
        model = record_models()[name]
        where = Q()
        for condition in conditions:
            where |= Q(**condition)
        if issubclass(model, Fact):
            found.append((model, visible(model, view, where, gone)))
        else:
            found.append((model, up_to(model, view.head, gone).filter(where)))
    return found


def _moment(model: type[Recorded], column: str) -> Any:
    if issubclass(model, Fact):
        return F(column)
    # Two columns that are equal are made one by Django where a window is filtered.
    moment = EARLIEST if column == "released_from" else NEVER
    return Value(moment, output_field=models.DateTimeField())


def _spots(model: type[Recorded], rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    named = rows.order_by().annotate(
        of=Value(model.record_type),
        since=_moment(model, "released_from"),
        known=_moment(model, "known_from"),
    )
    found: QuerySet[Any, Any] = named.values_list("of", "entry_id", "n", "since", "known")
    return found


def _together(arms: Sequence[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of several queries in one."""
    if not arms:
        return []
    with translated():
        return list(arms[0].union(*arms[1:], all=True) if len(arms) > 1 else arms[0])
