"""What was stated: sources, observations, money, commitments and claims.

Every fact has a reporter (who states it), a source, a date since when it was public, an audience
and perhaps an embargo. Disagreement is kept, never resolved here.
"""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.db import models

from cauce.journal.canonical import digest_of
from cauce.journal.fields import (
    BoolField,
    BreakdownField,
    ChoiceField,
    DateField,
    ExactField,
    IdField,
    ListField,
    MapField,
    NamesField,
    PeriodField,
    TextField,
)
from cauce.journal.models import Definition, Fact

__all__ = [
    "Claim",
    "Commitment",
    "CommitmentUpdate",
    "Link",
    "Lock",
    "Observation",
    "Source",
    "Transaction",
    "Unlock",
]

STATUSES = ("provisional", "revised", "final", "pending", "withdrawn")
BOUNDS = ("exact", "at_least", "more_than", "at_most", "less_than", "about", "almost", "range")
STAGES = ("announced", "appropriated", "pledged", "committed", "disbursed", "spent", "received")
COMMITMENT_STATES = ("planned", "in_progress", "fulfilled", "partly_fulfilled", "abandoned")


class Source(Definition):
    """A document, page or file that says something, and since when it could be read."""

    record_type: ClassVar[str] = "source"
    sheet: ClassVar[str] = "sources"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    title = TextField(required=True, help_text="its title, in its own language")
    publisher = TextField(help_text="who published it")
    published = DateField(help_text="when it was published, as precisely as is known")
    language = TextField(help_text="its language (ISO 639-1)")
    address = TextField(help_text="where it can be read")
    sha256 = TextField(help_text="the digest of the file, where it was kept")
    basis = ChoiceField(options=("found", "memory", "proposed"), help_text="how it is known")
    invented = BoolField(
        help_text="made up for a demonstration: every figure that rests on it says so"
    )

    class Meta(Definition.Meta):
        abstract = False


class Observation(Fact):
    """One reported value: an indicator for a unit, a period and a breakdown."""

    record_type: ClassVar[str] = "observation"
    sheet: ClassVar[str] = "observations"
    natural: ClassVar[tuple[str, ...]] = (
        "kind", "indicator", "party", "programme", "place", "period", "breakdown", "count_unit",
        "method",
    )  # fmt: skip
    key_columns: ClassVar[tuple[str, ...]] = ("key_digest",)

    indicator = IdField(to="indicator", required=True, help_text="what is measured")
    kind = ChoiceField(
        options=("actual", "target", "baseline"), help_text="actual, target, baseline"
    )
    party = IdField(to="organisation", help_text="whose work is counted")
    programme = IdField(to="node", help_text="in which programme")
    place = IdField(to="place", help_text="where")
    period = PeriodField(required=True, help_text="for which period; a stock: its day")
    breakdown = BreakdownField(help_text="sex=f;age=0-17; empty: the total")
    count_unit = TextField(help_text="when it differs from the indicator's unit: file, household")
    method = TextField(help_text="how it was measured, where several ways exist")
    value = ExactField(help_text="the value; of a range its lower end")
    upper = ExactField(help_text="of a range, its upper end")
    numerator = ExactField(help_text="of a ratio")
    denominator = ExactField(help_text="of a ratio; of a mean its weight")
    entities = ListField(help_text="of an indicator of entities: the ids counted, never persons")
    bound = ChoiceField(options=BOUNDS, help_text="exact, at_least, more_than, at_most, about …")
    status = ChoiceField(
        options=STATUSES, help_text="provisional, revised, final, pending, withdrawn"
    )
    counts_in_parent = BoolField(
        first=True, help_text="no: known, but adds nothing to a total above"
    )
    verified = BoolField(help_text="checked against its source by somebody else than its reporter")
    confidence = ChoiceField(options=("", "high", "medium", "low"), help_text="how sure it is")

    # Derived, for queries; computed from the content and checked by `cauce verify`.
    key_digest = models.CharField(max_length=64)
    calendar = models.TextField()
    period_start = models.DateField()
    period_end = models.DateField()

    class Meta(Fact.Meta):
        abstract = False
        indexes: ClassVar = [
            models.Index(fields=["indicator", "kind", "place"], name="ledger_obs_ask"),
            models.Index(fields=["key_digest"], name="ledger_obs_key"),
        ]
        constraints: ClassVar = [
            *Fact.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(period_end__gt=models.F("period_start")),
                name="ledger_observation_period",
            ),
        ]

    def key(self) -> dict[str, object]:
        """What the value is about, whoever states it; equal intervals in a calendar are equal."""
        pairs = {
            "kind": self.kind,
            "indicator": self.indicator,
            "party": self.party or None,
            "programme": self.programme or None,
            "place": self.place or None,
            "calendar": self.period.calendar,
            "from": self.period.start.isoformat(),
            "to": self.period.end.isoformat(),
            "breakdown": dict(self.breakdown.items) or None,
            "count_unit": self.count_unit or None,
            "method": self.method or None,
        }
        return {name: value for name, value in pairs.items() if value is not None}

    def derive(self, *, recorded_at: datetime, zone: ZoneInfo) -> dict[str, object]:
        return {
            **super().derive(recorded_at=recorded_at, zone=zone),
            "key_digest": digest_of(self.key()),
            "calendar": self.period.calendar,
            "period_start": self.period.start,
            "period_end": self.period.end,
        }


class Transaction(Fact):
    """Money at one stage; the amount may be unknown or bounded."""

    record_type: ClassVar[str] = "transaction"
    sheet: ClassVar[str] = "transactions"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    stage = ChoiceField(options=STAGES, required=True, help_text="announced … received")
    provider = IdField(to="organisation", help_text="whose money")
    receiver = IdField(to="organisation", help_text="who receives it")
    amount = ExactField(help_text="how much; empty: not known")
    upper = ExactField(help_text="of a range, its upper end")
    bound = ChoiceField(options=BOUNDS, help_text="exact, at_least, more_than, at_most, about …")
    currency = TextField(help_text="ISO 4217")
    value_date = DateField(help_text="the day whose exchange rate counts, or when it happened")
    period = PeriodField(help_text="the period the money is for")
    place = IdField(to="place", help_text="where it is for")
    programme = IdField(to="node", help_text="for which programme")
    part_of = IdField(to="transaction", help_text="the transaction this amount is a part of")
    sectors = MapField(help_text="shares in per cent: health=60; education=30")
    description = NamesField(help_text="what it is for")
    iati_type = TextField(help_text="IATI transaction type, where the source gives one")
    status = ChoiceField(
        options=STATUSES, help_text="provisional, revised, final, pending, withdrawn"
    )
    verified = BoolField(help_text="checked against its source by somebody else than its reporter")

    class Meta(Fact.Meta):
        abstract = False


class Commitment(Fact):
    """Something a party said it will do (not money: that is a transaction)."""

    record_type: ClassVar[str] = "commitment"
    sheet: ClassVar[str] = "commitments"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    framework = IdField(to="framework", help_text="the framework it belongs to")
    node = IdField(to="node", help_text="the objective it serves")
    instrument = IdField(to="instrument", help_text="where it was made")
    text = NamesField(required=True, help_text="what was committed, in our words")
    parties = ListField(to="organisation", help_text="who is responsible")
    made = DateField(help_text="when it was made")
    due = DateField(help_text="by when; empty: standing")
    basis = ChoiceField(options=("found", "memory", "proposed"), help_text="how it is known")
    status = ChoiceField(options=STATUSES, help_text="of the record itself")

    class Meta(Fact.Meta):
        abstract = False


class CommitmentUpdate(Fact):
    """What became of a commitment; a commitment without one is in the state «no update»."""

    record_type: ClassVar[str] = "commitment_update"
    sheet: ClassVar[str] = "updates"
    natural: ClassVar[tuple[str, ...]] = ("commitment", "as_of", "party")

    commitment = IdField(to="commitment", required=True, help_text="which commitment")
    party = IdField(to="organisation", help_text="whose progress, where several are responsible")
    as_of = DateField(required=True, help_text="the day the state refers to")
    state = ChoiceField(options=COMMITMENT_STATES, required=True, help_text="planned … abandoned")
    text = NamesField(help_text="what was done")
    status = ChoiceField(options=STATUSES, help_text="of the record itself")

    class Meta(Fact.Meta):
        abstract = False


class Claim(Fact):
    """What a text printed, and the question it claims to answer. Never enters a roll-up."""

    record_type: ClassVar[str] = "claim"
    sheet: ClassVar[str] = "claims"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    framework = IdField(to="framework", help_text="the framework it is about")
    meaning = NamesField(required=True, help_text="what the text says, in our words")
    printed = TextField(help_text="the figure as printed")
    quote = TextField(help_text="the shortest passage that carries it")
    question = TextField(help_text="the question it claims to answer, as JSON")
    indicator = IdField(to="indicator", help_text="the indicator it is about")
    place = IdField(to="place", help_text="where")
    period = PeriodField(help_text="for which period, where it says so")
    parties = ListField(to="organisation", help_text="whom it names")
    modality = ChoiceField(
        options=("", "aimed", "pledged", "committed", "spent", "reached", "stated"),
        help_text="aimed, pledged, committed, spent, reached or stated",
    )
    verdict = ChoiceField(
        options=("cannot_be_checked", "agrees", "contradicts"), help_text="against the record"
    )
    finding = NamesField(help_text="what the public record says")
    confidence = ChoiceField(options=("", "high", "medium", "low"), help_text="how sure it is")
    basis = ChoiceField(options=("found", "memory", "proposed"), help_text="how it is known")

    class Meta(Fact.Meta):
        abstract = False


class Link(Definition):
    """Two transactions tell the same money, or one passes the other on."""

    record_type: ClassVar[str] = "link"
    sheet: ClassVar[str] = "links"
    natural: ClassVar[tuple[str, ...]] = ("kind", "one", "other")

    kind = ChoiceField(options=("same", "passes_on", "part_of"), required=True, help_text="how")
    one = IdField(to="transaction", required=True, help_text="the first; of passes_on the origin")
    other = IdField(to="transaction", required=True, help_text="the second; the money passed on")
    note = TextField(help_text="why they are linked")

    class Meta(Definition.Meta):
        abstract = False


class Lock(Definition):
    """Values of a period are closed: only an unlock lets one be corrected."""

    record_type: ClassVar[str] = "lock"
    sheet: ClassVar[str] = "locks"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    framework = IdField(to="framework", help_text="for all indicators of this framework")
    indicator = IdField(to="indicator", help_text="for this indicator")
    period = PeriodField(required=True, help_text="values within this period are closed")
    place = IdField(to="place", help_text="only for units at or below this place")
    reason = TextField(help_text="why")

    class Meta(Definition.Meta):
        abstract = False


class Unlock(Definition):
    """Lets the values recorded in the same entry pass a lock, once, for a reason."""

    record_type: ClassVar[str] = "unlock"
    sheet: ClassVar[str] = "unlocks"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    lock = IdField(to="lock", required=True, help_text="which lock")
    reason = TextField(required=True, help_text="why it was opened")

    class Meta(Definition.Meta):
        abstract = False
