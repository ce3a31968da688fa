"""What does not fit together in the record, as an audience may see it."""

from __future__ import annotations

from datetime import datetime

from cauce.figures.asking import this_moment
from cauce.journal import queries as journal
from cauce.journal.queries import View
from cauce.parties import queries as parties
from cauce.parties.conflicts import membership_conflicts, office_conflicts
from cauce.values.answer import Code
from cauce.values.audience import PUBLIC, Audience
from cauce.values.dates import KnownAt

__all__ = ["conflicts"]


def conflicts(
    *,
    audience: Audience = PUBLIC,
    known_at: KnownAt | None = None,
    now: datetime | None = None,
) -> tuple[Code, ...]:
    """Sources that exclude each other, and offices held twice or by nobody, of every body.

    Found, never refused and never resolved here. The codes are those of
    :data:`cauce.parties.conflicts.CONFLICTS`; ``body`` is among their parameters.
    """
    moment, zone = now or this_moment(), journal.workspace().zone
    until = None if known_at is None else min(known_at.instant(zone), moment)
    view = View(journal.head(), until, audience, moment)
    day = (until or moment).astimezone(zone).date()
    return (
        *membership_conflicts(parties.memberships(view=view)),
        *office_conflicts(parties.offices(view=view), day=day),
    )
