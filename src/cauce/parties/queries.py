"""Who acts and where: places, organisations and bodies as the record has them.

Definitions are read at a head; a closed one is still there, because old values refer to it, and
says so itself (``closed``). Memberships and offices are facts: they obey the view's date and
audience. Nothing is written or decided here.
"""

from __future__ import annotations

from cauce.journal.queries import View, current_definitions, current_facts, tally
from cauce.parties.models import (
    Body,
    Instrument,
    Membership,
    OfficeHeld,
    Organisation,
    Place,
    Succession,
)

__all__ = [
    "Body",
    "Instrument",
    "Membership",
    "OfficeHeld",
    "Organisation",
    "Place",
    "Succession",
    "bodies",
    "facts_by_source",
    "instruments",
    "memberships",
    "offices",
    "organisations",
    "places",
    "successions",
]


def places(*, head: int) -> dict[str, Place]:
    """Every place by its code."""
    return {place.code: place for place in current_definitions(Place, head=head)}


def organisations(*, head: int) -> dict[str, Organisation]:
    """Every organisation, unit and office by its code."""
    return {one.code: one for one in current_definitions(Organisation, head=head)}


def bodies(*, head: int) -> dict[str, Body]:
    """Every body by its code."""
    return {body.code: body for body in current_definitions(Body, head=head)}


def instruments(*, head: int) -> dict[str, Instrument]:
    """Every instrument by its code."""
    return {one.code: one for one in current_definitions(Instrument, head=head)}


def successions(*, head: int) -> tuple[Succession, ...]:
    """Who took over from whom; a closed succession never happened and is left out."""
    return tuple(one for one in current_definitions(Succession, head=head) if not one.closed)


def memberships(*, view: View) -> tuple[Membership, ...]:
    """The current statement of each reporter about each membership; they may disagree."""
    return tuple(current_facts(Membership, view))


def offices(*, view: View) -> tuple[OfficeHeld, ...]:
    """The current statement of each reporter about each office held; they may disagree."""
    return tuple(current_facts(OfficeHeld, view))


def facts_by_source(*, view: View) -> list[tuple[str, str, int]]:
    """Type, source and number of memberships and offices, every version counted."""
    return [
        (model.record_type, source, number)
        for model in (Membership, OfficeHeld)
        for source, number in tally(model, view, "source")
    ]
