"""What was read in one document?

Every record that names it as its source, of every version that was not annulled, as far as the
audience may see them. A value is not told here: it leaves as the answer to a question, through
``release``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from cauce.errors import CauceError
from cauce.figures.reading import Reading
from cauce.figures.since import tellable
from cauce.journal import arrivals
from cauce.journal.queries import Recorded
from cauce.ledger.queries import Observation, Source

__all__ = ["READ_IN", "Document", "document"]

_FACTS = (
    "observation", "transaction", "commitment", "commitment_update", "membership", "office_held",
    "claim", "exemption",
)  # fmt: skip
#: The types of record that name a source, in the order in which a page tells them.
READ_IN = (
    *_FACTS, "indicator", "node", "framework", "instrument", "body", "succession",
    "population", "rate",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A source, when it was entered here, and what was read in it."""

    record: Source
    recorded_at: datetime
    read_in: tuple[Recorded, ...]
    recorded: dict[int, datetime]

    @property
    def counts(self) -> dict[str, int]:
        """How many records of each type."""
        return dict(Counter(record.record_type for record in self.read_in))

    @property
    def indicators(self) -> dict[str, int]:
        """How many values of each indicator."""
        values = (record for record in self.read_in if isinstance(record, Observation))
        return dict(sorted(Counter(str(record.indicator) for record in values).items()))


def document(read: Reading, code: str) -> Document:
    """One source with what was read in it.

    Raises ``unknown_source``. Cost: a number of queries that does not depend on what is recorded.
    """
    source = read.names.sources.get(code)
    if source is None:
        raise CauceError("unknown_source", id=code)
    types = dict.fromkeys(_FACTS, ({"source": code},))
    kept = tellable(read, arrivals.meeting(read.resolved.view, types))
    kept += [one for one in read.names.sourced if one.source == code]
    seqs = {source.entry_id, *(record.entry_id for record in kept)}
    times = {seq: read.session.recorded_at(seq) for seq in sorted(seqs)}
    ordered = sorted(kept, key=lambda r: (READ_IN.index(r.record_type), r.natural_id()))
    return Document(source, times[source.entry_id], tuple(ordered), times)
