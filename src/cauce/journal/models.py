"""Entry, the chain's link, and Recorded, the base of everything that can change a figure.

A record is a value: once sealed it is never saved again. Writes go through
:func:`cauce.journal.sealing.record`; the database's guards refuse everything else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import Exact

from cauce.errors import CauceError
from cauce.journal.canonical import digest_of
from cauce.journal.fields import (
    BoolField,
    ChoiceField,
    DateField,
    EmbargoField,
    IdField,
    RecordField,
    TextField,
)
from cauce.values.dates import ImpreciseDate, KnownAt

__all__ = [
    "AUDIENCES",
    "EARLIEST",
    "NEVER",
    "Annulment",
    "Definition",
    "Entry",
    "Fact",
    "Recorded",
    "Workspace",
]

AUDIENCES = ("public", "members", "owner")

#: Before and after every moment that can be asked about. Never NULL, because engines disagree
#: about comparisons with NULL.
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
NEVER = datetime(9999, 12, 31, tzinfo=UTC)


class Workspace(models.Model):
    """One row: which workspace this is, and the time zone in which its days end."""

    origin = models.UUIDField()
    time_zone = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="journal_one_workspace")
        ]


class Entry(models.Model):
    """One sealed write. ``hash`` covers every other column and the hash before it."""

    seq = models.BigIntegerField(primary_key=True)
    recorded_at = models.DateTimeField(unique=True)
    origin = models.UUIDField()
    who = models.TextField()
    why = models.TextField()
    count = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    digest_version = models.IntegerField()
    previous = models.CharField(max_length=64, unique=True)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(seq__gte=1), name="journal_entry_seq"),
            models.CheckConstraint(condition=models.Q(count__gte=1), name="journal_entry_count"),
            models.CheckConstraint(
                condition=~models.Q(who="") & ~models.Q(why=""), name="journal_entry_said"
            ),
            models.CheckConstraint(condition=Exact(Length("hash"), 64), name="journal_entry_hash"),
        ]


class Recorded(models.Model):
    """A record of an entry. Its content is its :class:`RecordField` columns, nothing else;
    ``n`` is its place in the entry (records sorted by type and digest, from 1)."""

    #: Name in the journal's bytes; never changes.
    record_type: ClassVar[str] = ""
    #: Name of its sheet in a pack; empty when packs do not carry it.
    sheet: ClassVar[str] = ""
    #: Fields that name one thing across its versions.
    natural: ClassVar[tuple[str, ...]] = ()
    #: Columns that tell one key from another in a query, where a derived one does it faster.
    key_columns: ClassVar[tuple[str, ...]] = ()
    #: Derived columns that are never later than the entry's own time. They are computed for
    #: :data:`NEVER` while the entry is staged, and cut down when its time is known.
    capped: ClassVar[tuple[str, ...]] = ()

    # The unique pair (entry, n) below serves every look-up by entry: no second index.
    entry = models.ForeignKey(
        Entry, models.PROTECT, db_column="seq", related_name="+", db_index=False
    )
    n = models.BigIntegerField()
    digest = models.CharField(max_length=64)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["entry", "n"], name="%(app_label)s_%(class)s_n"),
            models.CheckConstraint(
                condition=models.Q(n__gte=1) & models.Q(Exact(Length("digest"), 64)),
                name="%(app_label)s_%(class)s_sealed",
            ),
        ]

    @classmethod
    def content_fields(cls) -> tuple[RecordField[Any], ...]:
        """The fields that make up the content, in the order of the sheet's columns."""
        return _content_fields(cls)

    @classmethod
    def derived_fields(cls) -> tuple[models.Field[Any, Any], ...]:
        """The columns that :meth:`derive` computes."""
        own = {"id", "entry", "n", "digest"}
        fields = cls._meta.concrete_fields
        return tuple(f for f in fields if not isinstance(f, RecordField) and f.name not in own)

    def normalise(self) -> None:
        """Where a caller set plain text, make it the value it stands for.

        Raises the CauceError of the first that does not parse.
        """
        for f in _value_fields(type(self)):
            if isinstance(value := getattr(self, f.name), str):
                setattr(self, f.name, f.read(value))

    def content(self) -> dict[str, object]:
        """The canonical content, as it goes into the digest."""
        return self.sealed_cells()[1]

    def sealed_cells(self) -> tuple[list[str], dict[str, object]]:
        """The text of every column of the content, and the canonical content, in one pass."""
        texts: list[str] = []
        content: dict[str, object] = {}
        for f, name, empty, blank in _cells(type(self)):
            value = getattr(self, name)
            if value == empty or value is None:  # most cells
                texts.append(blank)
                continue
            text, canonical = f.sealed(value)
            texts.append(text)
            if canonical is not None:
                content[name] = canonical
        return texts, content

    def content_digest(self) -> str:
        return digest_of(self.content())

    def natural_id(self) -> tuple[str, ...]:
        """What names this record across its versions, as text."""
        return tuple(f.sealed(getattr(self, f.name))[0] for f in _natural_fields(type(self)))

    def vintage(self) -> tuple[str, ...]:
        """What one entry can hold only once, or nothing would say which record is current."""
        return (*self.natural_id(), *self.stated())

    def stated(self) -> tuple[str, ...]:
        """What tells versions of one natural id apart within an entry: who says it, since when."""
        return ()

    def derive(self, *, recorded_at: datetime, zone: ZoneInfo) -> dict[str, object]:
        """Columns computed from the content when the entry is sealed; ``verify`` computes them
        again."""
        return {}

    @classmethod
    def from_cells(cls, **cells: object) -> Self:
        """An unsealed record from cell values; fields not named are empty.

        A field in several languages takes ``name={"es": …}`` or ``name_es=…``. Raises
        ``unknown_column``, or the CauceError of the first cell that does not parse.
        """
        if unknown := cells.keys() - _cell_names(cls):
            choices = [f.name + suffix for f in cls.content_fields() for suffix in f.columns]
            raise CauceError("unknown_column", column=min(unknown), choices=", ".join(choices))
        return cls(**{f.name: f.read_cells(cells) for f in cls.content_fields()})

    @classmethod
    def of_values(cls, values: dict[str, object]) -> Self:
        """A record to compute with, from the value of every field of its content.

        Without Django's constructor, which takes as long as all the rest when a million are read.
        """
        record = cls.__new__(cls)
        record.__dict__.update(values)
        return record

    @property
    def record_id(self) -> str:
        """``seq.n``: the id of this version in this workspace."""
        return f"{self.entry_id}.{self.n}"

    def save(self, *args: object, **kwargs: object) -> None:
        raise TypeError("a record is sealed by the journal, never saved")

    def delete(self, *args: object, **kwargs: object) -> tuple[int, dict[str, int]]:
        raise TypeError("a record is annulled by a record, never deleted")


@cache
def _content_fields(model: type[Recorded]) -> tuple[RecordField[Any], ...]:
    return tuple(f for f in model._meta.concrete_fields if isinstance(f, RecordField))


@cache
def _cells(model: type[Recorded]) -> tuple[tuple[RecordField[Any], str, object, str], ...]:
    return tuple((f, f.name, f.empty(), f.blank_text) for f in model.content_fields())


@cache
def _cell_names(model: type[Recorded]) -> frozenset[str]:
    fields = model.content_fields()
    return frozenset(f.name + suffix for f in fields for suffix in ("", *f.columns))


@cache
def _value_fields(model: type[Recorded]) -> tuple[RecordField[Any], ...]:
    return tuple(f for f in model.content_fields() if not isinstance(f.empty(), str))


@cache
def _natural_fields(model: type[Recorded]) -> tuple[RecordField[Any], ...]:
    fields = {f.name: f for f in model.content_fields()}
    return tuple(fields[name] for name in model.natural)


class Definition(Recorded):
    """What things are: read at the head, whatever date a question is about."""

    closed = BoolField(help_text="no longer in use; its history stays")

    class Meta(Recorded.Meta):
        abstract = True


class Fact(Recorded):
    """What somebody stated: obeys both the date a question is asked for and the head.

    ``public_at`` is since when anyone could know it, with its precision; ``known_from`` the instant
    derived from it, never later than the entry's own time. Without a date it is the entry's time.
    ``released_from`` is the instant at which an embargo ends; who is bound by it knows the record
    from the later of the two.
    """

    capped: ClassVar[tuple[str, ...]] = ("known_from",)

    reporter = IdField(to="organisation", help_text="the organisation that states it")
    source = IdField(to="source", help_text="the document it was read in")
    locator = TextField(help_text="where in the source: page, sheet!cell, xpath")
    public_at = DateField(help_text="since when anyone could know it; empty: since it is recorded")
    audience = ChoiceField(options=AUDIENCES, help_text="public, members or owner")
    public_from = EmbargoField(help_text="embargo: the public sees it from then on; never")
    note = TextField(help_text="a remark, or why the value changed")

    known_from = models.DateTimeField()
    released_from = models.DateTimeField()

    class Meta(Recorded.Meta):
        abstract = True
        constraints: ClassVar = [
            *Recorded.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(audience__in=AUDIENCES),
                name="%(app_label)s_%(class)s_audience",
            ),
        ]

    @property
    def stated_by(self) -> str:
        """Who states it: the reporter, or without one the source."""
        return str(self.reporter or self.source)

    def stated(self) -> tuple[str, ...]:
        # «2023» and «2023-12-31» count from the same day, so neither would come after the other.
        latest = _latest(self.public_at) if self.public_at else None
        return (self.stated_by, latest.isoformat() if latest else "")

    def derive(self, *, recorded_at: datetime, zone: ZoneInfo) -> dict[str, object]:
        derived = super().derive(recorded_at=recorded_at, zone=zone)
        known = _begins(_latest(self.public_at), zone) if self.public_at else None
        return {
            **derived,
            "known_from": recorded_at if known is None else min(known, recorded_at),
            "released_from": _released_from(self.public_from, zone),
        }

    def embargoed_at(self, moment: datetime, zone: ZoneInfo) -> bool:
        """Whether the public does not see it yet at ``moment``."""
        return moment < _released_from(self.public_from, zone)


@lru_cache(maxsize=4096)
def _latest(day: ImpreciseDate) -> date | None:
    return day.latest


@lru_cache(maxsize=4096)
def _begins(day: date | None, zone: ZoneInfo) -> datetime | None:
    """The first instant of a day. A month or year counts from its last day: nobody can have
    known it earlier for sure."""
    if day is None:
        return None
    if day.year == 1:
        return EARLIEST  # the first days of the calendar have no UTC in every zone
    return datetime.combine(day, time(0), zone).astimezone(UTC)


@lru_cache(maxsize=4096)
def _released_from(text: str, zone: ZoneInfo) -> datetime:
    if not text:
        return EARLIEST
    if text == "never":
        return NEVER
    known = KnownAt(text)
    return known.instant(zone) if "T" in text else _begins(known.day(zone), zone) or EARLIEST


class Annulment(Recorded):
    """«Recorded in error»: takes a record, or a whole entry, out of every answer from here on.

    The target is named by its hashes, not its numbers, so that the annulment means the same
    wherever the entry goes. A record is named by type and digest: records of two types may have
    the same content.
    """

    record_type: ClassVar[str] = "annulment"
    natural: ClassVar[tuple[str, ...]] = ("target_entry", "target_type", "target_record")

    target_entry = TextField(required=True, help_text="hash of the entry")
    target_type = TextField(help_text="type of the record; empty: the whole entry")
    target_record = TextField(help_text="digest of the record; empty: the whole entry")
    reason = TextField(required=True, help_text="why it was recorded in error")

    class Meta(Recorded.Meta):
        abstract = False
