"""Every reported key as a question: what an export of the record asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from cauce.figures.asking import this_moment
from cauce.figures.session import Session
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Observation
from cauce.values.audience import PUBLIC, Audience
from cauce.values.breakdown import Breakdown
from cauce.values.dates import KnownAt
from cauce.values.period import Period
from cauce.values.question import IndicatorQ

#: `resolve` needs a question for its times only.
_ANY = Period.parse("2000")

__all__ = ["question_about", "recorded_questions"]


def question_about(record: Observation) -> IndicatorQ:
    """The question a reported value answers, whoever reports it."""
    pseudo = [(n, v) for n in ("count_unit", "method") if (v := getattr(record, n))]
    return IndicatorQ(
        indicator=record.indicator,
        period=record.period,
        place=record.place or None,
        party=record.party or None,
        programme=record.programme or None,
        kind=record.kind,
        where=Breakdown.of((*record.breakdown.items, *pseudo)),
    )


def recorded_questions(
    *,
    audience: Audience = PUBLIC,
    known_at: KnownAt | None = None,
    head: int | None = None,
    now: datetime | None = None,
) -> Iterator[IndicatorQ]:
    """One question for each key and reporter of which a value is recorded and visible, sorted.

    Asked through ``release`` like any other, so an export holds nothing a page would not show.
    """
    session = Session(now or this_moment())
    probe = IndicatorQ(indicator="", period=_ANY, known_at=known_at, head=head, audience=audience)
    resolved = session.resolve(probe)
    records = ledger.observations(view=resolved.view)
    for record in sorted(records, key=lambda r: (*r.natural_id(), r.reporter)):
        yield replace(
            question_about(record),
            reporters=(record.reporter,) if record.reporter else (),
            known_at=known_at,
            head=resolved.head,
            audience=audience,
        )
