"""What was read in one document?

Every record that names it as its source, of every version that was not annulled, as far as the
audience may see them. A value is not told here: it leaves as the answer to a question, through
``release``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cauce.errors import CauceError
from cauce.figures.catalogue import Catalogue
from cauce.figures.reading import Reading
from cauce.figures.since import tellable
from cauce.journal import arrivals
from cauce.journal.queries import Recorded
from cauce.ledger.queries import Source

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
        found: dict[str, int] = {}
        for record in self.read_in:
            found[record.record_type] = found.get(record.record_type, 0) + 1
        return found

    @property
    def indicators(self) -> dict[str, int]:
        """How many values of each indicator."""
        found: dict[str, int] = {}
        for record in self.read_in:
            if record.record_type == "observation":
                code = str(getattr(record, "indicator", ""))
                found[code] = found.get(code, 0) + 1
        return dict(sorted(found.items()))


def document(read: Reading, code: str) -> Document:
    """One source with what was read in it.

    Raises ``unknown_source``. Cost: a number of queries that does not depend on what is recorded.
    """
    source = read.names.sources.get(code)
    if source is None:
        raise CauceError("unknown_source", id=code)
    types = dict.fromkeys(_FACTS, ({"source": code},))
    kept = tellable(read, arrivals.meeting(read.resolved.view, types))
    kept += [one for one in _definitions(read.names) if getattr(one, "source", "") == code]
    seqs = {source.entry_id, *(record.entry_id for record in kept)}
    times = {seq: read.session.recorded_at(seq) for seq in sorted(seqs)}
    ordered = sorted(kept, key=lambda r: (READ_IN.index(r.record_type), r.natural_id()))
    return Document(source, times[source.entry_id], tuple(ordered), times)


def _definitions(names: Catalogue) -> list[Recorded]:
    """What is defined now and names a source."""
    rooms: tuple[Iterable[Recorded], ...] = (
        names.indicators.values(),
        names.nodes.values(),
        names.frameworks.values(),
        names.instruments.values(),
        names.bodies.values(),
        names.successions,
        names.populations,
        names.rates,
    )
    return [one for room in rooms for one in room]
