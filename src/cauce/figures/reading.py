"""For whom, as known when, up to which entry is the record read, line by line?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from cauce.figures.asking import this_moment
from cauce.figures.catalogue import Catalogue
from cauce.figures.session import Resolved, Session
from cauce.journal.queries import Fact, View
from cauce.values.audience import PUBLIC, Audience
from cauce.values.dates import KnownAt
from cauce.values.period import Period
from cauce.values.question import CountQ

__all__ = ["Reading", "reading"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A view made definite: which entry, which last day, which names. Readers that are to agree
    with each other on one page take the same one."""

    session: Session
    resolved: Resolved

    @property
    def names(self) -> Catalogue:
        return self.resolved.names

    @property
    def day(self) -> date:
        """The last day that counts: of ``known_at``, else today, in the workspace's zone."""
        return self.resolved.day

    @property
    def last_year(self) -> Period:
        """The last whole year that had ended by the last day known."""
        return Period.parse(str(self.day.year - 1))

    @property
    def head(self) -> int:
        return self.resolved.head

    @property
    def view(self) -> View:
        return self.resolved.view

    def recorded_at(self, record: Fact) -> datetime:
        return self.session.recorded_at(record.entry_id)


def reading(
    *,
    audience: Audience = PUBLIC,
    known_at: KnownAt | None = None,
    head: int | None = None,
    now: datetime | None = None,
) -> Reading:
    """For whom, as known when (default: now), up to which entry (default: the newest).

    Raises ``unknown_head``.
    """
    session = Session(now or this_moment())
    probe = CountQ(of="commitments", known_at=known_at, head=head, audience=audience)
    return Reading(session, session.resolve(probe))
