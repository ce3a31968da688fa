"""Who acts and where: the recorded tables of parties and places.

The field list of a model *is* the column list of its sheet in a pack; ``help_text`` is what the
reference of the pack format prints.
"""

from __future__ import annotations

from typing import ClassVar

from cauce.journal.fields import (
    BoolField,
    ChoiceField,
    DateField,
    FractionField,
    IdField,
    ListField,
    MapField,
    NamesField,
    TextField,
)
from cauce.journal.models import Definition, Fact

__all__ = ["Body", "Instrument", "Membership", "OfficeHeld", "Organisation", "Place", "Succession"]

ORGANISATION_KINDS = (
    "state", "agency", "international", "ngo", "company", "subnational", "binational", "other",
)  # fmt: skip
PLACE_KINDS = ("country", "subdivision", "municipality", "crossing", "facility", "area", "region")
INSTRUMENT_KINDS = (
    "declaration", "mou", "decision", "agreement", "joint_statement", "law", "charter", "plan",
    "communique", "strategy",
)  # fmt: skip


class Place(Definition):
    """A country, subdivision, crossing, or a named area with its definition."""

    record_type: ClassVar[str] = "place"
    sheet: ClassVar[str] = "places"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="ISO 3166 code, or pack/CODE")
    kind = ChoiceField(options=PLACE_KINDS, required=True, help_text="what kind of place")
    name = NamesField(required=True, help_text="its name")
    within = IdField(to="place", help_text="the place it is part of")
    parts = ListField(to="place", help_text="of a named area: the places it is made of")
    definition = NamesField(help_text="of a named area: what it contains and what it does not")

    class Meta(Definition.Meta):
        abstract = False


class Organisation(Definition):
    """A state, agency, international organisation, NGO, company, subnational or binational body,
    or a unit (an office) of one of these."""

    record_type: ClassVar[str] = "organisation"
    sheet: ClassVar[str] = "organisations"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    kind = ChoiceField(options=ORGANISATION_KINDS, required=True, help_text="what kind")
    name = NamesField(required=True, help_text="its name")
    short = NamesField(help_text="its acronym or short name")
    unit_of = IdField(to="organisation", help_text="the organisation it is a unit or office of")
    country = IdField(to="place", help_text="the state it belongs to")
    seat = IdField(to="place", help_text="where it sits")
    serves = ListField(to="place", help_text="the places it serves")
    identifiers = MapField(help_text="other identifiers: iati=XM-DAC-41121")
    ended = DateField(help_text="when it ceased to exist")

    class Meta(Definition.Meta):
        abstract = False


class Succession(Definition):
    """One organisation takes over from another, wholly or in part."""

    record_type: ClassVar[str] = "succession"
    sheet: ClassVar[str] = "successions"
    natural: ClassVar[tuple[str, ...]] = ("predecessor", "successor")

    predecessor = IdField(to="organisation", required=True, help_text="who ended")
    successor = IdField(to="organisation", required=True, help_text="who took over")
    date = DateField(help_text="when")
    share = FractionField(help_text="which part, where it is known")
    source = IdField(to="source", help_text="where it says so")

    class Meta(Definition.Meta):
        abstract = False


class Body(Definition):
    """A body that has members: a conference, a platform, a working group."""

    record_type: ClassVar[str] = "body"
    sheet: ClassVar[str] = "bodies"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    name = NamesField(required=True, help_text="its name")
    short = NamesField(help_text="its acronym")
    part_of = IdField(to="body", help_text="the body it belongs to")
    founded = DateField(help_text="since when it exists")
    ended = DateField(help_text="until when it existed")
    source = IdField(to="source", help_text="where it says so")

    class Meta(Definition.Meta):
        abstract = False


class Membership(Fact):
    """A party belongs to a body (or joins a framework) in a role, from a date, perhaps to a date.

    Both dates may be imprecise, so a count of members may be a range. Two sources that disagree
    live side by side.
    """

    record_type: ClassVar[str] = "membership"
    sheet: ClassVar[str] = "memberships"
    natural: ClassVar[tuple[str, ...]] = ("body", "party", "role", "spell")

    body = IdField(required=True, help_text="the body, or the framework joined")
    party = IdField(to="organisation", required=True, help_text="who")
    role = ChoiceField(
        options=("member", "observer", "partner", "secretariat"), help_text="in which role"
    )
    spell = TextField(help_text="which time, for who left and came back: 2, 3 …")
    valid_from = DateField(help_text="since when")
    valid_to = DateField(help_text="until when (the first day it is no longer so)")
    basis = ChoiceField(options=("found", "memory", "proposed"), help_text="how it is known")

    class Meta(Fact.Meta):
        abstract = False


class OfficeHeld(Fact):
    """A party holds an office of a body: presidency, chair, vice-chair."""

    record_type: ClassVar[str] = "office_held"
    sheet: ClassVar[str] = "offices"
    natural: ClassVar[tuple[str, ...]] = ("body", "office", "party", "spell")

    body = IdField(required=True, help_text="the body")
    office = ChoiceField(
        options=("presidency", "chair", "vice_chair", "secretariat"), help_text="which office"
    )
    party = IdField(to="organisation", required=True, help_text="who")
    spell = TextField(help_text="which time it holds the office, when more than once")
    valid_from = DateField(help_text="since when")
    valid_to = DateField(help_text="until when (the first day it is no longer so)")
    basis = ChoiceField(options=("found", "memory", "proposed"), help_text="how it is known")

    class Meta(Fact.Meta):
        abstract = False


class Instrument(Definition):
    """A declaration, memorandum, decision, agreement or law: what binds, whom, since when."""

    record_type: ClassVar[str] = "instrument"
    sheet: ClassVar[str] = "instruments"
    natural: ClassVar[tuple[str, ...]] = ("code",)

    code = IdField(required=True, help_text="pack/CODE")
    kind = ChoiceField(options=INSTRUMENT_KINDS, required=True, help_text="what kind")
    name = NamesField(required=True, help_text="its title")
    summary = NamesField(help_text="what it says, in our words")
    parties = ListField(to="organisation", help_text="who adopted or signed it")
    adopted = DateField(help_text="when it was adopted or announced")
    signed = DateField(help_text="when it was signed")
    in_force = DateField(help_text="since when it is in force")
    ended = DateField(help_text="when it ended")
    binding = BoolField(help_text="whether it binds in law")
    scope = ListField(to="place", help_text="the places it is about")
    applies = IdField(help_text="the instrument it applies or implements")
    source = IdField(to="source", help_text="where it says so")
    basis = ChoiceField(options=("found", "memory", "proposed"), help_text="how it is known")

    class Meta(Definition.Meta):
        abstract = False
