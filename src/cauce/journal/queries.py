"""What does the journal hold: for a head, a date and an audience?

Everything is read through here. A view says up to which entry, as known when, by whom; facts obey
all of it, definitions only the head.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, models
from django.db.models import Case, F, Q, QuerySet, When, Window
from django.db.models.functions import Greatest, Rank

from cauce.errors import CauceError
from cauce.journal import clock
from cauce.journal.database import translated
from cauce.journal.models import (
    EARLIEST,
    NEVER,
    Annulment,
    Definition,
    Entry,
    Fact,
    Recorded,
    Workspace,
)
from cauce.journal.tables import record_models
from cauce.values.audience import Audience

__all__ = [
    "Annulled",
    # What others hold is a record, not a table: they may name its class for their signatures.
    "Definition",
    "Fact",
    "Recorded",
    "SealedEntry",
    "View",
    "WorkspaceInfo",
    "annulled",
    "annulments",
    "appended",
    "columns_of_key",
    "current_definitions",
    "current_facts",
    "earlier",
    "embargo_ends",
    "entries",
    "entry",
    "get",
    "head",
    "reasons",
    "recorded_ats",
    "seen_whole",
    "tally",
    "up_to",
    "versions",
    "visible",
    "workspace",
]

D = TypeVar("D", bound=Definition)
R = TypeVar("R", bound=Recorded)
FactT = TypeVar("FactT", bound=Fact)


@dataclass(frozen=True, slots=True)
class WorkspaceInfo:
    """Which workspace this is, and the zone in which its days end."""

    origin: UUID
    zone: ZoneInfo
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry, as followers and auditors read it."""

    seq: int
    recorded_at: datetime
    origin: UUID
    who: str
    why: str
    count: int
    digest: str
    digest_version: int
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class View:
    """Up to which entry, as known when, and for whom; ``now`` is passed in, never read.

    ``known_at`` is the last instant that counts, included; ``None`` means ``now``.
    """

    head: int
    known_at: datetime | None
    audience: Audience
    now: datetime

    @property
    def until(self) -> datetime:
        """The instant up to which things were known."""
        return self.now if self.known_at is None else self.known_at


@dataclass(frozen=True, slots=True)
class Annulled:
    """What was recorded in error, as far as a head knows: whole entries, and single records as
    (entry, type, digest)."""

    entries: frozenset[int] = frozenset()
    records: frozenset[tuple[int, str, str]] = frozenset()

    def covers(self, record: Recorded) -> bool:
        """Whether a record is annulled."""
        key = (record.entry_id, record.record_type, record.digest)
        return record.entry_id in self.entries or key in self.records

    def condition(self, model: type[Recorded]) -> Q:
        """The same as a condition on the table of a type."""
        found = Q(entry_id__in=sorted(self.entries)) if self.entries else Q()
        digests: dict[int, list[str]] = {}
        for seq, record_type, digest in sorted(self.records):
            if record_type == model.record_type:
                digests.setdefault(seq, []).append(digest)
        for seq, values in digests.items():
            found |= Q(entry_id=seq, digest__in=values)
        return found


# ------------------------------------------------------------------------------- the journal


def workspace() -> WorkspaceInfo:
    """Which workspace this is. Raises ``not_migrated`` when there is none yet."""
    with translated():
        row = Workspace.objects.first()
    if row is None:
        raise CauceError("not_migrated", detail="workspace")
    return WorkspaceInfo(row.origin, clock.zone_named(row.time_zone), row.created_at)


def head() -> int:
    """The number of the newest entry; 0 in an empty journal."""
    with translated():
        return Entry.objects.aggregate(newest=models.Max("seq"))["newest"] or 0


def entry(seq: int) -> SealedEntry:
    """One entry. Raises ``unknown_entry``."""
    with translated():
        found = Entry.objects.filter(seq=seq).first()
    if found is None:
        raise CauceError("unknown_entry", id=str(seq))
    return _sealed(found)


def entries(*, after: int = 0, limit: int = 1000) -> tuple[SealedEntry, ...]:
    """The entries that follow ``after``, in order. A follower that goes on from the last number it
    got misses none: numbers are given under the journal's lock, so none appears behind it."""
    with translated():
        return tuple(map(_sealed, Entry.objects.filter(seq__gt=after).order_by("seq")[:limit]))


def recorded_ats(seqs: Iterable[int]) -> dict[int, datetime]:
    """When entries were recorded."""
    with translated():
        rows = Entry.objects.filter(seq__in=set(seqs)).values_list("seq", "recorded_at")
        return dict(rows)


def reasons(seqs: Iterable[int]) -> dict[int, str]:
    """Why entries were written. A reason may tell of any of the entry's records."""
    with translated():
        return dict(Entry.objects.filter(seq__in=set(seqs)).values_list("seq", "why"))


def _sealed(row: Entry) -> SealedEntry:
    return SealedEntry(**{f: getattr(row, f) for f in SealedEntry.__slots__})


# ------------------------------------------------------------------------------- annulments


def annulled(head: int) -> Annulled:
    """What is annulled at a head. An annulment may itself have been annulled: then what it
    annulled counts again."""
    return _annulments(head)[0]


def annulments(head: int) -> tuple[tuple[int, int, bool], ...]:
    """The annulments that stand at a head, oldest first: in which entry each was written, what
    entry it names, and whether it takes all of that."""
    return _annulments(head)[1]


def _annulments(head: int) -> tuple[Annulled, tuple[tuple[int, int, bool], ...]]:
    with translated():
        rows = list(Annulment.objects.filter(entry_id__lte=head).order_by("-entry_id", "-n"))
        if not rows:
            return Annulled(), ()
        targets = {row.target_entry for row in rows}
        seqs = dict(Entry.objects.filter(hash__in=targets).values_list("hash", "seq"))
    standing: set[tuple[int, int, bool]] = set()
    entries: set[int] = set()
    records: set[tuple[int, str, str]] = set()
    # An annulment can only name an older entry, so newest first every verdict is already final.
    for row in rows:
        own = (row.entry_id, row.record_type, row.digest)
        if row.entry_id in entries or own in records or row.target_entry not in seqs:
            continue
        seq = seqs[row.target_entry]
        standing.add((row.entry_id, seq, not row.target_record))
        if row.target_record:
            records.add((seq, row.target_type, row.target_record))
        else:
            entries.add(seq)
    return Annulled(frozenset(entries), frozenset(records)), tuple(sorted(standing))


# ------------------------------------------------------------------------------- records


def current_definitions(model: type[D], *, head: int) -> list[D]:
    """Of every natural id the newest record, closed ones included, by natural id."""
    rows = up_to(model, head)
    return _first_of_each(rows, model, columns_of_key(model), [F("entry_id").desc()])


def current_facts(model: type[FactT], view: View, *, where: Q | None = None) -> list[FactT]:
    """Of every key and who states it, the record that answers in this view.

    Records are filtered before the current one is chosen: one that the audience may not see, or
    that was not known yet, never hides an older one.
    """
    rows = visible(model, view, where)
    order = [F("counts_from").desc(), F("entry_id").desc()]
    return _first_of_each(rows, model, [*columns_of_key(model), "by"], order)


def versions(model: type[FactT], view: View, *, where: Q | None = None) -> list[FactT]:
    """Every record visible in this view, oldest first: what was said before."""
    rows = visible(model, view, where).order_by("counts_from", "entry_id", "n")
    with translated():
        return list(rows)


def tally(
    model: type[FactT], view: View, *columns: str, where: Q | None = None
) -> list[tuple[Any, ...]]:
    """How many records are visible in this view, of every version, by the columns named: one
    tuple for each combination, the count last, sorted."""
    rows = visible(model, view, where).order_by(*columns).values_list(*columns)
    with translated():
        return list(rows.annotate(records=models.Count("id")))


def appended(view: View, *, since: int, after: tuple[int, int], limit: int) -> list[Recorded]:
    """The records that came into this view after an entry, in the order recorded: those of later
    entries, and those whose embargo ended since. ``after`` is the place (``seq``, ``n``) of the
    last one already had. Annulments and what they annul are not among them.

    Cost: one query for each type of record.
    """
    seq, n = after
    then = recorded_ats([since]).get(since)
    found: list[Recorded] = []
    for model in record_models().values():
        if issubclass(model, Annulment):
            continue
        rows: QuerySet[Any]
        new = Q(entry_id__gt=since)
        if issubclass(model, Fact):
            rows = visible(model, view, None)
            new = new | Q(released_from__gt=then) if then else new
        else:
            rows = up_to(model, view.head)
        rows = rows.filter(new, Q(entry_id__gt=seq) | Q(entry_id=seq, n__gt=n))
        with translated():
            found += rows.order_by("entry_id", "n")[:limit]
    return sorted(found, key=lambda r: (r.entry_id, r.n))[:limit]


def earlier(view: View, records: Iterable[Recorded]) -> dict[str, Recorded]:
    """By the id of each record, the one of the same thing that answered before it in this view:
    for a fact of the same key and who states it. A record that is the first has none.

    Cost: one query for each type of record among them.
    """
    by_model: dict[type[Recorded], list[Recorded]] = {}
    for record in records:
        by_model.setdefault(type(record), []).append(record)
    gone = annulled(view.head) if by_model else None
    found: dict[str, Recorded] = {}
    for model, own in by_model.items():
        column = columns_of_key(model)[0]
        where = Q(**{f"{column}__in": sorted({getattr(r, column) for r in own})})
        rows: QuerySet[Any] = (
            visible(model, view, where, gone)
            if issubclass(model, Fact)
            else up_to(model, view.head, gone).filter(where)
        )
        with translated():
            known = sorted(rows, key=lambda r: (r.entry_id, r.n))
        found |= _before(known, own)
    return found


def _before(known: Sequence[Recorded], own: Iterable[Recorded]) -> dict[str, Recorded]:
    versions: dict[tuple[object, ...], list[Recorded]] = {}
    for record in known:
        versions.setdefault(_thing(record), []).append(record)
    found = {}
    for record in own:
        at = _arrived(record)
        same = [r for r in versions.get(_thing(record), ()) if _arrived(r) < at]
        if same:
            found[record.record_id] = max(same, key=_counts_from)
    return found


def _thing(record: Recorded) -> tuple[object, ...]:
    key = tuple(str(getattr(record, name)) for name in columns_of_key(type(record)))
    return (*key, record.stated_by) if isinstance(record, Fact) else key


def _arrived(record: Recorded) -> tuple[object, ...]:
    """When a record came in. An entry that brings a history brings it in the order in which it
    was published: its numbers say nothing, they sort digests."""
    known = record.known_from if isinstance(record, Fact) else EARLIEST
    return (record.entry_id, known, record.n)


def _counts_from(record: Recorded) -> tuple[object, ...]:
    known = record.known_from if isinstance(record, Fact) else EARLIEST
    return (known, record.entry_id, record.n)


def seen_whole(view: View, seqs: Iterable[int]) -> frozenset[int]:
    """Those of some entries of which this view sees every record: only what is said of these
    tells nothing of others. Cost: two queries for each type of fact."""
    wanted, gone = set(seqs), annulled(view.head)
    for model in record_models().values():
        if not issubclass(model, Fact):
            continue
        with translated():
            all_rows = model._default_manager.filter(entry_id__in=wanted).values_list("entry_id")
            every = dict(all_rows.order_by("entry_id").annotate(records=models.Count("id")))
        where = Q(entry_id__in=sorted(wanted))
        rows = visible(model, view, where, gone).order_by("entry_id").values_list("entry_id")
        with translated():
            seen = dict(rows.annotate(records=models.Count("id")))
        wanted -= {seq for seq, number in every.items() if seen.get(seq) != number}
    return frozenset(wanted)


def embargo_ends(head: int) -> tuple[datetime, ...]:
    """The moments at which records up to a head become public, sorted: between two of them
    nothing appears by the passing of time alone. Cost: a scan of every type of fact."""
    found: set[datetime] = set()
    for model in record_models().values():
        if issubclass(model, Fact):
            rows = model._default_manager.filter(
                entry_id__lte=head,
                audience="public",
                released_from__gt=EARLIEST,
                released_from__lt=NEVER,
            )
            with translated():
                found.update(rows.values_list("released_from", flat=True).distinct())
    return tuple(sorted(found))


def get(record_id: str) -> Recorded:
    """The record ``seq.n``, annulled or not. Raises ``unknown_record``."""
    seq, _, n = record_id.partition(".")
    if not (_is_number(seq) and _is_number(n)):
        raise CauceError("unknown_record", id=record_id)
    tables = {kind: model._meta.db_table for kind, model in record_models().items()}
    # One question for all tables: an entry's numbers run through the types.
    select = " UNION ALL ".join(
        f"SELECT '{kind}', id FROM \"{table}\" WHERE seq = %s AND n = %s"  # noqa: S608
        for kind, table in tables.items()
    )
    with translated(), connection.cursor() as cursor:
        cursor.execute(select, [int(seq), int(n)] * len(tables))
        found = cursor.fetchone()
        if found is None:
            raise CauceError("unknown_record", id=record_id)
        return record_models()[found[0]]._default_manager.get(pk=found[1])


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def columns_of_key(model: type[Recorded]) -> list[str]:
    """The columns that tell one thing of a type from another, whoever states it."""
    return list(model.key_columns or model.natural)


def up_to(model: type[R], head: int, gone: Annulled | None = None) -> QuerySet[R]:
    """The records of a type up to a head, without what is annulled at it; ``gone`` is that, where
    it was read before."""
    rows = model._default_manager.filter(entry_id__lte=head)
    out = (annulled(head) if gone is None else gone).condition(model)
    return rows.exclude(out) if out else rows


def visible(
    model: type[FactT], view: View, where: Q | None, gone: Annulled | None = None
) -> QuerySet[FactT]:
    """The facts of a type that a view sees, each with the moment it counts from for this audience
    (``counts_from``) and with who states it (``by``)."""
    rows = up_to(model, view.head, gone)
    rows = rows.filter(where) if where is not None else rows
    own = Q(reporter=view.audience.organisation) if view.audience.organisation else None
    later = Greatest("known_from", "released_from")
    # The same rule as Audience.sees, which a test holds against this one.
    if view.audience.level == "secretariat":
        counts: Any = F("known_from")
        seen = Q()
    else:
        levels = ["public"] if view.audience.level == "public" else ["public", "members"]
        counts = later if own is None else Case(When(own, then=F("known_from")), default=later)
        released = Q(released_from__lte=min(view.until, view.now), audience__in=levels)
        seen = released if own is None else released | own
    stated = Case(When(~Q(reporter=""), then=F("reporter")), default=F("source"))
    known = rows.filter(seen, known_from__lte=view.until)
    # Annotated rows are a type of their own, which nothing here relies on.
    return cast("QuerySet[FactT]", known.annotate(counts_from=counts, by=stated))


def _first_of_each(
    rows: QuerySet[R], model: type[R], keys: Sequence[str], order: Sequence[Any]
) -> list[R]:
    ranked = rows.annotate(
        rank_in_key=Window(Rank(), partition_by=[F(name) for name in keys], order_by=list(order))
    ).filter(rank_in_key=1)
    with translated():
        found = list(ranked.order_by(*keys))
    return _without_ties(found, keys)


def _without_ties(rows: list[R], keys: Sequence[str]) -> list[R]:
    """Records of one entry that were to become public later than it count from its own time; of
    these the one with the latest date answers."""
    chosen: dict[tuple[object, ...], R] = {}
    for row in rows:
        key = tuple(str(getattr(row, name)) for name in keys)
        if key not in chosen or _latest(row) > _latest(chosen[key]):
            chosen[key] = row
    return list(chosen.values())


def _latest(row: Recorded) -> tuple[str, int]:
    public_at = row.public_at if isinstance(row, Fact) else None
    day = public_at.latest if public_at else None
    return (day.isoformat() if day else "", row.n)
