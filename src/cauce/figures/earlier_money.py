"""What was said of a contribution before, by whom, and since when is it said otherwise?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cauce.figures.answered import amount_of
from cauce.figures.reading import Reading
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Transaction
from cauce.values.answer import Answer

__all__ = ["TransactionVersion", "transaction_versions"]


@dataclass(frozen=True, slots=True)
class TransactionVersion:
    """One statement of a reporter about a transaction, also one that it has replaced since."""

    record: Transaction
    recorded_at: datetime
    answer: Answer


def transaction_versions(read: Reading, code: str) -> tuple[TransactionVersion, ...]:
    """Everything that was stated about a transaction and that this audience may see, oldest
    first; the last of each reporter is what it says now. Cost: two SQL queries."""
    return tuple(
        TransactionVersion(record, read.recorded_at(record), amount_of(record))
        for record in ledger.transaction_versions(view=read.view, code=code)
    )
