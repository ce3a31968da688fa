"""One sitting of asking: the same records are read once for many questions.

A session resolves when and for whom a question is asked, and keeps what it read from the journal by
view. It lives as long as one call of ``ask``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from fractions import Fraction

from cauce.engines.rollup import Cell
from cauce.errors import CauceError
from cauce.figures.catalogue import Catalogue, catalogue
from cauce.frameworks import queries as frameworks
from cauce.frameworks.queries import Exemption, Indicator
from cauce.journal import queries as journal
from cauce.journal.queries import View
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Commitment, CommitmentUpdate, Observation, Transaction
from cauce.values.answer import Known
from cauce.values.question import Question

__all__ = ["Resolved", "Session", "known_of"]

#: So many entries' times are read at once.
_BLOCK = 1000


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question's times made definite: the view to read by, the last day that is known, and the
    definitions at the head."""

    view: View
    day: date
    known_at: str
    names: Catalogue

    @property
    def head(self) -> int:
        return self.view.head


@dataclass(slots=True)
class Session:
    """What was read so far; ``now`` is the moment of asking. ``explaining``: whether earlier
    versions are wanted too, which only an explanation shows."""

    now: datetime
    explaining: bool = False
    _observations: dict[tuple[View, str], tuple[Observation, ...]] = field(default_factory=dict)
    _versions: dict[tuple[View, str], tuple[Observation, ...]] = field(default_factory=dict)
    _definitions: dict[tuple[int, str], tuple[Indicator, ...]] = field(default_factory=dict)
    _cells: dict[str, Cell] = field(default_factory=dict)
    _exemptions: dict[View, tuple[Exemption, ...]] = field(default_factory=dict)
    _transactions: dict[View, tuple[Transaction, ...]] = field(default_factory=dict)
    _commitments: dict[View, tuple[Commitment, ...]] = field(default_factory=dict)
    _updates: dict[View, tuple[CommitmentUpdate, ...]] = field(default_factory=dict)
    _recorded: dict[int, datetime] = field(default_factory=dict)
    _resolved: dict[tuple[object, ...], Resolved] = field(default_factory=dict)
    _today: Catalogue | None = None

    def resolve(self, question: Question) -> Resolved:
        """The same for all questions of a sitting, also when something is recorded meanwhile.
        Raises ``unknown_head`` for a head that does not exist yet."""
        times = (question.known_at, question.head, question.audience)
        if times not in self._resolved:
            self._resolved[times] = self._resolve(question)
        return self._resolved[times]

    def _resolve(self, question: Question) -> Resolved:
        newest = journal.head()
        head = newest if question.head is None else question.head
        if not 0 <= head <= newest:
            raise CauceError("unknown_head", head=head, newest=newest)
        zone = journal.workspace().zone
        today = self.now.astimezone(zone).date()
        if question.known_at is None:
            view = View(head, None, question.audience, self.now)
            return Resolved(view, today, today.isoformat(), catalogue(head))
        # Nobody can ask what will be known: a date to come means now.
        moment = min(question.known_at.instant(zone), self.now)
        day = min(question.known_at.day(zone), today)
        view = View(head, moment, question.audience, self.now)
        return Resolved(view, day, question.known_at.text, catalogue(head))

    def today(self) -> Catalogue:
        """The definitions at the newest entry, the same for the whole sitting."""
        if self._today is None:
            self._today = catalogue(journal.head())
        return self._today

    def observations(self, view: View, indicator: str) -> tuple[Observation, ...]:
        """The current values of an indicator, of every reporter."""
        key = (view, indicator)
        if key not in self._observations:
            self._observations[key] = ledger.observations(view=view, indicators=(indicator,))
        return self._observations[key]

    def versions(self, view: View, indicator: str) -> tuple[Observation, ...]:
        """Every version of an indicator's values that the view sees, oldest first."""
        key = (view, indicator)
        if key not in self._versions:
            self._versions[key] = ledger.observation_versions(view=view, indicators=(indicator,))
        return self._versions[key]

    def indicator_versions(self, head: int, code: str) -> tuple[Indicator, ...]:
        """Every definition an indicator has had up to a head, oldest first."""
        if (head, code) not in self._definitions:
            self._definitions[head, code] = frameworks.indicator_versions(code=code, head=head)
        return self._definitions[head, code]

    def cell(self, record: Observation, make: Callable[[Observation], Cell]) -> Cell:
        """The record as a cell of the roll-up, made once."""
        if record.record_id not in self._cells:
            self._cells[record.record_id] = make(record)
        return self._cells[record.record_id]

    def exemptions(self, view: View, indicator: str) -> tuple[Exemption, ...]:
        """Who need not report what."""
        if view not in self._exemptions:
            self._exemptions[view] = frameworks.exemptions(view=view)
        return tuple(e for e in self._exemptions[view] if e.indicator == indicator)

    def transactions(self, view: View) -> tuple[Transaction, ...]:
        if view not in self._transactions:
            self._transactions[view] = ledger.transactions(view=view)
        return self._transactions[view]

    def commitments(self, view: View) -> tuple[Commitment, ...]:
        if view not in self._commitments:
            self._commitments[view] = ledger.commitments(view=view)
        return self._commitments[view]

    def updates(self, view: View) -> tuple[CommitmentUpdate, ...]:
        """What was said about commitments, oldest first."""
        if view not in self._updates:
            self._updates[view] = ledger.updates(view=view)
        return self._updates[view]

    def recorded_at(self, seq: int) -> datetime:
        """When an entry was sealed."""
        if seq not in self._recorded:
            # With its neighbours: a page about many entries asks once, not once for each.
            first = seq - seq % _BLOCK
            self._recorded |= journal.recorded_ats(range(first, first + _BLOCK))
        return self._recorded[seq]


#: Units in which people write 80 for what is 80/100.
PERCENT_UNITS = ("%", "percent")


def known_of(record: Observation | Transaction, unit: str = "") -> Known | None:
    """The recorded value with its bound; ``None`` where no number is recorded.

    A value in per cent is written as printed (80) and answered as a fraction (0.8).
    """
    value = record.value if isinstance(record, Observation) else record.amount
    if value is None:
        return None
    whole = 100 if unit in PERCENT_UNITS else 1
    number = Fraction(value) / whole
    upper = None if record.upper is None else Fraction(record.upper) / whole
    match record.bound:
        case "at_least":
            return Known(number, None)
        case "more_than":
            return Known(number, None, low_open=True)
        case "at_most":
            return Known(None, number)
        case "less_than":
            return Known(None, number, high_open=True)
        case "about":
            return Known(None, None, number)
        case "almost":
            return Known(None, number, number, high_open=True)
        case "range":
            return Known(number, upper)
        case _:
            return Known(number, number)
