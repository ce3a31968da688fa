"""What was agreed to be done and measured: the recorded tables of frameworks.

An indicator's five declarations (value, identity, accumulation, time, each other dimension) say
how its values combine; a preset fills those that are not given.
"""

from __future__ import annotations

from typing import ClassVar

from cauce.journal.fields import (
    BoolField,
    ChoiceField,
    DateField,
    ExactField,
    FractionField,
    IdField,
    IntField,
    ListField,
    MapField,
    NamesField,
    PeriodField,
    TextField,
)
from cauce.journal.models import Definition, Fact

__all__ = [
    "Codelist",
    "CodelistCode",
    "Exemption",
    "Framework",
    "Indicator",
    "JointShare",
    "Node",
    "Obligation",
    "Pack",
    "PreferredReporter",
    "Rate",
    "ReferencePopulation",
]

BASES = ("found", "memory", "proposed")
FREQUENCIES = ("year", "half", "quarter", "month", "day")


class Pack(Definition):
    """A set of definitions and facts that was loaded together: what it is called, in which
    version, and under which licence its content may be passed on."""

    record_type: ClassVar[str] = "pack"
    sheet: ClassVar[str] = "pack"
    natural: ClassVar[tuple[str, ...]] = ("name",)

    name = TextField(required=True, help_text="lower case; the ids of the pack begin with it")
    version = TextField(required=True, help_text="which version of the pack: 2026.1")
    title = NamesField(required=True, help_text="what it is called")
    licence = TextField(help_text="its licence: CC-BY-4.0")
    requires = ListField(help_text="packs whose ids it refers to")

    class Meta(Definition.Meta):
        abstract = False


class Framework(Definition):
    """A framework of cooperation: the root of a tree of objectives, programmes and indicators."""

    record_type: ClassVar[str] = "framework"
    sheet: ClassVar[str] = "frameworks"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE, usually pack/PACK")
    name = NamesField(required=True, help_text="its title")
    short = NamesField(help_text="its acronym")
    description = NamesField(help_text="what it is for")
    body = IdField(to="body", help_text="the body that leads it")
    instrument = IdField(to="instrument", help_text="what it rests on")
    starts = DateField(help_text="since when")
    ends = DateField(help_text="until when")
    suppress_below = IntField(help_text="counts of persons from 1 to below this are protected (5)")
    portfolio = BoolField(help_text="whether money of its programmes may be added up")
    source = IdField(to="source", help_text="where it is described")
    basis = ChoiceField(options=BASES, help_text="how it is known: found, memory, proposed")

    class Meta(Definition.Meta):
        abstract = False


class Node(Definition):
    """An objective, theme, programme or activity, with the numbering as printed."""

    record_type: ClassVar[str] = "node"
    sheet: ClassVar[str] = "tree"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    framework = IdField(to="framework", required=True, help_text="the framework it belongs to")
    parent = IdField(to="node", help_text="the node above; empty: directly under the framework")
    number = TextField(help_text="the number as printed: 1.1.2, Goal 3, Pillar II")
    kind = ChoiceField(
        options=("objective", "theme", "programme", "activity"), required=True, help_text="what"
    )
    name = NamesField(required=True, help_text="its title")
    description = NamesField(help_text="what it does")
    parties = ListField(to="organisation", help_text="who carries it")
    portfolio = BoolField(help_text="whether money of the programmes below may be added up")
    source = IdField(to="source", help_text="where it is described")
    basis = ChoiceField(options=BASES, help_text="how it is known: found, memory, proposed")

    class Meta(Definition.Meta):
        abstract = False


class Indicator(Definition):
    """What is measured, and how its values may be combined."""

    record_type: ClassVar[str] = "indicator"
    sheet: ClassVar[str] = "indicators"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    framework = IdField(to="framework", required=True, help_text="the framework it belongs to")
    node = IdField(to="node", help_text="the objective or programme it measures")
    name = NamesField(required=True, help_text="its title")
    definition = NamesField(help_text="what is counted and what is not")
    unit = TextField(required=True, help_text="person, application, enterprise, hectare, USD, % …")
    scale = IntField(help_text="digits after the point (0 to 6; default 0)")
    preset = TextField(help_text="a named set of declarations, such as flow or unique_people")
    value = TextField(help_text="count, amount, ratio, mean, distribution, ordinal or opaque")
    identity = TextField(help_text="events, persons, entities or none")
    accumulation = TextField(help_text="per_period, or since:DATE")
    time = TextField(help_text="sum, union, at_end, mean, max, min or none")
    dimensions = MapField(
        help_text="dimension=rule: place=partition; sex=lasting; agency=overlap; for a ratio "
        "dimension=numerator rule/denominator rule"
    )
    partition_within = TextField(
        help_text="of persons: the longest period in which cells still are a partition "
        "(day, month, year …; default: an instant)"
    )
    carry = BoolField(help_text="whether an earlier level answers for a later end")
    may_be_negative = BoolField(help_text="whether values below zero make sense")
    descending = BoolField(help_text="whether less is better")
    not_success = BoolField(help_text="not a measure of success: progress is refused")
    protected = BoolField(help_text="released only along its declared margins")
    margins = ListField(help_text="the margins released: place; place+sex; nationality")
    population = TextField(help_text="the kind of reference population that contains everyone")
    derived_from = MapField(help_text="of a ratio that is computed: num=pack/A; den=pack/B")
    numerator = NamesField(help_text="of a ratio: what the numerator counts")
    denominator = NamesField(help_text="of a ratio: what the denominator counts")
    numerator_unit = TextField(
        help_text="of a ratio: the unit of its numerator; person: small ones are protected"
    )
    frequency = TextField(help_text="how often it is due, in words of the framework")
    catalogue = TextField(help_text="the catalogue it comes from, and its code there")
    source = IdField(to="source", help_text="where it is defined")
    basis = ChoiceField(options=BASES, help_text="how it is known: found, memory, proposed")

    class Meta(Definition.Meta):
        abstract = False


class Codelist(Definition):
    """The closed list of codes of a dimension."""

    record_type: ClassVar[str] = "codelist"
    sheet: ClassVar[str] = "codelists"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    dimension = TextField(required=True, help_text="the dimension it is for: sex, age, outcome")
    name = NamesField(required=True, help_text="its title")
    indicators = ListField(to="indicator", help_text="for these indicators only; empty: for all")

    class Meta(Definition.Meta):
        abstract = False


class CodelistCode(Definition):
    """One code of a codelist, with the time in which it is used."""

    record_type: ClassVar[str] = "code"
    sheet: ClassVar[str] = "codes"
    natural: ClassVar[tuple[str, ...]] = ("codelist", "code")

    codelist = IdField(to="codelist", required=True, help_text="the list it belongs to")
    code = TextField(required=True, help_text="the code as reported: f, 0-17")
    name = NamesField(required=True, help_text="what it stands for")
    valid_from = DateField(help_text="since when the code is used")
    valid_to = DateField(help_text="until when (the first day it is no longer used)")

    class Meta(Definition.Meta):
        abstract = False


class Obligation(Definition):
    """Who owes a value of an indicator for which unit, how often, and by when."""

    record_type: ClassVar[str] = "obligation"
    sheet: ClassVar[str] = "obligations"
    natural: ClassVar[tuple[str, ...]] = ("indicator", "party", "programme", "place", "valid_from")

    indicator = IdField(to="indicator", required=True, help_text="what is due")
    party = IdField(to="organisation", help_text="whose work is counted")
    programme = IdField(to="node", help_text="in which programme")
    place = IdField(to="place", help_text="for which place")
    frequency = ChoiceField(options=FREQUENCIES, help_text="year, half, quarter, month or day")
    due_days = IntField(help_text="how many days after the period's end it is due (0)")
    valid_from = DateField(help_text="the first day that is due")
    valid_to = DateField(help_text="the first day that is no longer due")
    basis = ChoiceField(options=BASES, help_text="how it is known: found, memory, proposed")

    class Meta(Definition.Meta):
        abstract = False


class Exemption(Fact):
    """A unit need not report for a period; it leaves the universe and is named."""

    record_type: ClassVar[str] = "exemption"
    sheet: ClassVar[str] = "exemptions"
    natural: ClassVar[tuple[str, ...]] = ("indicator", "party", "programme", "place", "period")

    indicator = IdField(to="indicator", required=True, help_text="for which indicator")
    party = IdField(to="organisation", help_text="the unit: its party")
    programme = IdField(to="node", help_text="the unit: its programme")
    place = IdField(to="place", help_text="the unit: its place")
    period = PeriodField(required=True, help_text="for which period")

    class Meta(Fact.Meta):
        abstract = False


class PreferredReporter(Definition):
    """Whose value answers where several report the same unit."""

    record_type: ClassVar[str] = "preferred_reporter"
    sheet: ClassVar[str] = "preferred"
    natural: ClassVar[tuple[str, ...]] = ("indicator", "place", "party", "programme")

    indicator = IdField(to="indicator", required=True, help_text="for which indicator")
    reporter = IdField(to="organisation", required=True, help_text="who answers")
    place = IdField(to="place", help_text="only for units at or below this place")
    party = IdField(to="organisation", help_text="only for units of this party")
    programme = IdField(to="node", help_text="only for units of this programme")
    reason = NamesField(help_text="why this one")

    class Meta(Definition.Meta):
        abstract = False


class ReferencePopulation(Definition):
    """How many there are of a kind in a place; a count above it is refused."""

    record_type: ClassVar[str] = "population"
    sheet: ClassVar[str] = "populations"
    natural: ClassVar[tuple[str, ...]] = ("kind", "place", "period")

    kind = TextField(required=True, help_text="residents, registered, enrolled …")
    place = IdField(to="place", required=True, help_text="where; WORLD for all people")
    period = PeriodField(help_text="when; empty: at any time")
    size = ExactField(required=True, help_text="how many")
    contains_all = BoolField(
        help_text="contains everyone countable in the whole period: caps counts of persons"
    )
    source = IdField(to="source", help_text="where it says so")

    class Meta(Definition.Meta):
        abstract = False


class Rate(Definition):
    """An exchange rate of a named set: one unit of ``currency`` in ``into``."""

    record_type: ClassVar[str] = "rate"
    sheet: ClassVar[str] = "rates"
    natural: ClassVar[tuple[str, ...]] = ("code", "currency", "into", "period")

    code = IdField(required=True, help_text="the set: pack/CODE")
    currency = TextField(required=True, help_text="from (ISO 4217)")
    into = TextField(required=True, help_text="into (ISO 4217)")
    period = PeriodField(required=True, help_text="for value dates in this period")
    rate = FractionField(required=True, help_text="units of into for one unit of currency")
    source = IdField(to="source", help_text="who publishes it")

    class Meta(Definition.Meta):
        abstract = False


class JointShare(Definition):
    """The part of a joint programme that counts as one party's."""

    record_type: ClassVar[str] = "joint_share"
    sheet: ClassVar[str] = "shares"
    natural: ClassVar[tuple[str, ...]] = ("programme", "party")

    programme = IdField(to="node", required=True, help_text="the joint programme")
    party = IdField(to="organisation", required=True, help_text="whose share")
    share = FractionField(required=True, help_text="2/5; the shares of a programme add up to 1")

    class Meta(Definition.Meta):
        abstract = False
