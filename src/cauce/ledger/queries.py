"""What was stated: sources, observations, money, commitments and claims, as a view sees them.

Facts are chosen by the journal (known at the view's date, recorded by its head, visible to its
audience); several reporters of one key stand side by side. Values are not combined here: that is
for the figures.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from cauce.journal.queries import (
    Fact,
    View,
    current_definitions,
    current_facts,
    tally,
    versions,
    visible,
)
from cauce.ledger.models import (
    Claim,
    Commitment,
    CommitmentUpdate,
    Link,
    Lock,
    Observation,
    Source,
    Transaction,
    Unlock,
)

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
    "claims",
    "commitments",
    "facts_by_source",
    "links",
    "locks",
    "observation_versions",
    "observations",
    "observations_by_source",
    "observations_by_unit",
    "sources",
    "transaction_versions",
    "transactions",
    "unlocks",
    "updates",
]


def sources(*, head: int) -> dict[str, Source]:
    """Every source by its code."""
    return {source.code: source for source in current_definitions(Source, head=head)}


def locks(*, head: int) -> dict[str, Lock]:
    """Every lock by its code; a closed one no longer locks."""
    return {lock.code: lock for lock in current_definitions(Lock, head=head)}


def unlocks(*, head: int) -> tuple[Unlock, ...]:
    """Every time a lock was opened, and why."""
    return tuple(current_definitions(Unlock, head=head))


def links(*, head: int) -> tuple[Link, ...]:
    """Which transactions tell the same money; without closed links."""
    return tuple(link for link in current_definitions(Link, head=head) if not link.closed)


def observations(*, view: View, indicators: Iterable[str] | None = None) -> tuple[Observation, ...]:
    """The current value of each key and reporter; all indicators when none is named."""
    return tuple(current_facts(Observation, view, where=_of(indicators)))


def observation_versions(
    *, view: View, indicators: Iterable[str] | None = None
) -> tuple[Observation, ...]:
    """Every visible version of the values, oldest first: what was said before."""
    return tuple(versions(Observation, view, where=_of(indicators)))


def _of(indicators: Iterable[str] | None) -> Q | None:
    return None if indicators is None else Q(indicator__in=tuple(indicators))


def transactions(*, view: View) -> tuple[Transaction, ...]:
    """The current statement of each reporter about each transaction."""
    return tuple(current_facts(Transaction, view))


def transaction_versions(*, view: View, code: str) -> tuple[Transaction, ...]:
    """Every visible version of what is stated about one transaction, oldest first."""
    return tuple(versions(Transaction, view, where=Q(code=code)))


def commitments(*, view: View) -> tuple[Commitment, ...]:
    """The current statement of each commitment."""
    return tuple(current_facts(Commitment, view))


def updates(*, view: View) -> tuple[CommitmentUpdate, ...]:
    """What became of commitments: one per commitment, day and party."""
    return tuple(current_facts(CommitmentUpdate, view))


def claims(*, view: View) -> tuple[Claim, ...]:
    """What texts printed."""
    return tuple(current_facts(Claim, view))


def observations_by_source(*, view: View) -> list[tuple[str, str, int]]:
    """Of every source and indicator, how many values were read there, every version counted."""
    return tally(Observation, view, "source", "indicator")


def observations_by_unit(*, view: View) -> list[tuple[str, str, str, int]]:
    """Of every indicator, place and reporter, how many values are recorded, every version
    counted."""
    return tally(Observation, view, "indicator", "place", "reporter")


def facts_by_source(*, view: View) -> list[tuple[str, str, int]]:
    """Type, source and number of the other facts, every version counted. What is said of a
    commitment that this view does not see would tell that there is one: it is left out."""
    made = visible(Commitment, view, None).values("code")
    only: dict[type[Fact], Q] = {CommitmentUpdate: Q(commitment__in=made)}
    return [
        (model.record_type, source, number)
        for model in (Transaction, Commitment, CommitmentUpdate, Claim)
        for source, number in tally(model, view, "source", where=only.get(model))
    ]
