"""What changed since an entry: what was said before, what is said now, why?

Each record that an audience sees is one change: a first value, or a new version of one. A number
passes the same rules as in a figure: a small count of persons is not shown, and where one of two
is protected, both are; of a protected indicator no version is shown beside another. The reason of
an entry is told only where the audience sees all of that entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cauce.errors import CauceError
from cauce.figures.answered import amount_of, stated_answer
from cauce.figures.registers import Reading, reading
from cauce.figures.release import HIDDEN
from cauce.figures.small import limit_of
from cauce.journal import queries as journal
from cauce.journal.queries import Definition, Fact, Recorded
from cauce.ledger import queries as ledger
from cauce.ledger.queries import CommitmentUpdate, Link, Lock, Observation, Transaction, Unlock
from cauce.values.answer import Answer, Known, Refused, Suppressed
from cauce.values.audience import PUBLIC, Audience
from cauce.values.dates import KnownAt

__all__ = [
    "AnnulledEntry",
    "Change",
    "Changes",
    "FieldChange",
    "change_of",
    "changes",
    "hides",
    "tellable",
]

#: Columns that say how a fact came to be known, or hold its number: told in other ways.
_ASIDE = frozenset({
    "reporter", "source", "locator", "public_at", "audience", "public_from", "note",
    "value", "upper", "numerator", "denominator", "entities", "amount", "bound", "confidence",
})  # fmt: skip

_PLACE = re.compile(r"([0-9]{1,15})\.([0-9]{1,15})\Z", re.ASCII)

#: More than any page shows.
MOST = 1000


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A column that differs: its canonical content before (``None``: empty) and now."""

    field: str
    old: object
    new: object


@dataclass(frozen=True, slots=True)
class Change:
    """A record that came in. ``before`` is the version that answered until then.

    ``old`` and ``new`` are the values of an observation or transaction as they may be released,
    in ``unit``; ``None`` for other records, and ``old`` for a first value. ``fields`` are the
    other columns that differ from the version before; empty for a first record. ``at`` is since
    when the audience sees it here: the entry's time, or the end of its embargo. ``why`` is the
    entry's reason, or empty where the entry holds more than the audience sees.
    """

    record: Recorded
    before: Recorded | None
    at: datetime
    recorded_at: datetime
    why: str
    old: Answer | None
    new: Answer | None
    unit: str
    note: str
    fields: tuple[FieldChange, ...]

    @property
    def place(self) -> str:
        """Where it stands in the record: ``seq.n``; the next page goes on after it."""
        return self.record.record_id

    @property
    def kind(self) -> str:
        """``first``, ``revised`` or ``withdrawn``; of a definition also ``closed``; ``older`` for
        a version that was published before the one that answers, and came in after it: what is
        said now stays."""
        if self._is_older:
            return "older"
        if getattr(self.record, "status", "") == "withdrawn":
            return "withdrawn"
        if isinstance(self.record, Definition) and self.record.closed:
            return "closed"
        return "revised" if self.before else "first"

    @property
    def _is_older(self) -> bool:
        record, before = self.record, self.before
        if not isinstance(record, Fact) or not isinstance(before, Fact):
            return False
        return bool(record.known_from < before.known_from)


@dataclass(frozen=True, slots=True)
class AnnulledEntry:
    """An entry of which something was found to be recorded in error: ``whole``, or records of it.
    Figures are what they were without it. What was annulled is not repeated."""

    seq: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Changes:
    """A page of changes in the order recorded. ``next`` is the place to go on after, empty at
    the end. ``annulled`` stands on every page: what no longer counts since the entry."""

    since: int
    head: int
    changes: tuple[Change, ...]
    annulled: tuple[AnnulledEntry, ...]
    next: str


def changes(
    *,
    since: int = 0,
    after: str = "",
    limit: int = 200,
    audience: Audience = PUBLIC,
    known_at: KnownAt | None = None,
    head: int | None = None,
    now: datetime | None = None,
) -> Changes:
    """What came in after the entry ``since`` (0: from the beginning) up to ``head``.

    Who goes on from the ``head`` it got last misses nothing; a record whose embargo ended since
    that entry comes again with its old place. Raises ``unknown_head``, ``bad_number`` for an
    ``after`` that is no place. Cost: a number of queries that does not depend on what is recorded.
    """
    read = reading(audience=audience, known_at=known_at, head=head, now=now)
    if not 0 <= since <= read.head:
        raise CauceError("unknown_head", head=since, newest=read.head)
    view = read.resolved.view
    size = min(limit, MOST)
    found = journal.appended(view, since=since, after=_place(after), limit=size + 1)
    page = found[:size]
    before = journal.earlier(view, page)
    reasons = _reasons(read, page)
    told = tellable(read, page)
    made = [change_of(read, r, before.get(r.record_id), reasons.get(r.entry_id, "")) for r in told]
    # A reason may tell what is hidden in its entry, on this page or beyond its ends.
    veiled = {one.record.entry_id for one in made if hides(read, one)}
    veiled |= {r.entry_id for r in page if r not in told and not isinstance(r, Lock | Unlock)}
    veiled |= {_place(after)[0], *(r.entry_id for r in found[size:])}
    return Changes(
        since=since,
        head=read.head,
        changes=tuple(replace(c, why="") if c.record.entry_id in veiled else c for c in made),
        annulled=_annulled(since, read.head),
        next=page[-1].record_id if len(found) > size else "",
    )


def tellable(read: Reading, page: Sequence[Recorded]) -> list[Recorded]:
    """The records without what only tells how the record is kept, and without links and updates
    that name a transaction or commitment the audience does not see."""
    told = [record for record in page if not isinstance(record, Lock | Unlock)]
    if any(isinstance(record, Link) for record in told):
        seen = _transactions(read)
        told = [r for r in told if not isinstance(r, Link) or {r.one, r.other} <= seen]
    if any(isinstance(record, CommitmentUpdate) for record in told):
        made = {c.code for c in ledger.commitments(view=read.resolved.view)}
        told = [r for r in told if not isinstance(r, CommitmentUpdate) or r.commitment in made]
    return told


def _transactions(read: Reading) -> set[str]:
    return {t.code for t in read.session.transactions(read.resolved.view)}


def hides(read: Reading, change: Change) -> bool:
    """Whether a value of the change may not be released, or it names a transaction that the
    audience does not see: then what is said of its entry may tell it."""
    wholes = {
        one.part_of for one in (change.before, change.record) if isinstance(one, Transaction)
    } - {""}
    return _is_hidden(change.old, change.new) or bool(wholes and wholes - _transactions(read))


def _is_hidden(*answers: Answer | None) -> bool:
    return any(isinstance(one, Suppressed | Refused) for one in answers)


def _place(text: str) -> tuple[int, int]:
    if not text:
        return 0, 0
    found = _PLACE.match(text)
    if found is None:
        raise CauceError("bad_number", text=text[:60])
    return int(found[1]), int(found[2])


def _reasons(read: Reading, page: Sequence[Recorded]) -> dict[int, str]:
    seqs = {record.entry_id for record in page}
    whole = journal.seen_whole(read.resolved.view, seqs)
    return journal.reasons(whole)


def _annulled(since: int, head: int) -> tuple[AnnulledEntry, ...]:
    then, now = journal.annulled(since), journal.annulled(head)
    entries = now.entries - then.entries
    parts = {seq for seq, _, _ in now.records - then.records} - entries
    # Nothing says here whether the audience saw it: only numbers of entries are told, and these
    # are known from every head.
    return tuple(AnnulledEntry(seq, seq in entries) for seq in sorted(entries | parts))


def change_of(read: Reading, record: Recorded, before: Recorded | None, why: str) -> Change:
    """The change that a record is; ``before`` is the version that answered until then, ``why`` the
    reason of its entry, where that may be told."""
    recorded_at = read.session.recorded_at(record.entry_id)
    released = record.released_from if isinstance(record, Fact) else recorded_at
    old, new, unit = _answers(read, record, before)
    return Change(
        record=record,
        before=before,
        at=max(recorded_at, released),
        recorded_at=recorded_at,
        why=why,
        old=old,
        new=new,
        unit=unit,
        # A remark about a hidden value may tell it.
        note="" if _is_hidden(old, new) else getattr(record, "note", ""),
        fields=_fields(read, record, before),
    )


def _fields(read: Reading, record: Recorded, before: Recorded | None) -> tuple[FieldChange, ...]:
    if before is None:
        return ()
    old, new = before.content(), record.content()
    if isinstance(record, Transaction):
        seen = _transactions(read)
        old, new = (
            {n: v for n, v in one.items() if n != "part_of" or v in seen} for one in (old, new)
        )
    aside = _ASIDE if isinstance(record, Fact) else frozenset()
    names: Iterable[str] = (f.name for f in record.content_fields())
    return tuple(
        FieldChange(name, old.get(name), new.get(name))
        for name in names
        if name not in aside and old.get(name) != new.get(name)
    )


# -- values ------------------------------------------------------------------------------------


def _answers(
    read: Reading, record: Recorded, before: Recorded | None
) -> tuple[Answer | None, Answer | None, str]:
    """The values before and now as they may be released, with their unit."""
    if isinstance(record, Transaction):
        old = amount_of(before) if isinstance(before, Transaction) else None
        return old, amount_of(record), str(record.currency)
    if not isinstance(record, Observation):
        return None, None, ""
    indicator = read.names.indicator(record.indicator)
    unit = str(record.count_unit or indicator.unit)
    # Also by the definitions of today: what is protected since does not leave by an older head.
    judges = [n for n in (read.names, read.session.today()) if record.indicator in n.indicators]
    if any(names.indicator(record.indicator).protected for names in judges):
        refused = Refused.of("one_version_per_period")
        return (refused if before else None), refused, unit
    versions = [r for r in (before, record) if isinstance(r, Observation)]
    limits = [limit_of(names, record.indicator, {unit}) for names in judges]
    small = any(one.is_small_record(r, indicator.unit) for one in limits for r in versions)
    shown = [_shown(stated_answer(r, indicator.unit), small) for r in versions]
    return (shown[0] if before else None), shown[-1], unit


def _shown(answer: Answer, small: bool) -> Answer:
    return HIDDEN if small and isinstance(answer, Known) else answer
