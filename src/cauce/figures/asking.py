"""Ask any question; get figures. This is for inside: doors show only what is released."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cauce.figures.answered import Answered
from cauce.figures.changes import answer_change, answer_progress
from cauce.figures.counts import answer_count
from cauce.figures.facts import answer_fact
from cauce.figures.indicators import answer_indicator
from cauce.figures.invented import marked
from cauce.figures.money import answer_money
from cauce.figures.session import Session
from cauce.values.figure import Figure
from cauce.values.question import ChangeQ, CountQ, FactQ, IndicatorQ, MoneyQ, ProgressQ, Question

__all__ = ["Table", "answers", "ask", "this_moment"]


@dataclass(frozen=True, slots=True)
class Table:
    """Figures in the order of their questions; a question with ``by`` has one for each group."""

    figures: tuple[Figure, ...]

    def __iter__(self) -> Iterator[Figure]:
        return iter(self.figures)

    def __len__(self) -> int:
        return len(self.figures)

    def to_json(self) -> dict[str, object]:
        """``{"figures": [...]}``, the published form."""
        return {"figures": [f.to_json() for f in self.figures]}


def this_moment() -> datetime:
    """The moment of asking, where the door does not say another."""
    return datetime.now(UTC)


def ask(questions: Sequence[Question], *, now: datetime | None = None) -> Table:
    """Answer every question as of ``now`` (aware; default: this moment).

    What cannot be answered honestly is a refusal or absence inside the figure; what is wrong with
    a question itself (an unknown place, a period that does not split) raises its CauceError.
    Cost: one read of an indicator's current records for each view, shared by all questions.
    """
    session = Session(now or this_moment())
    return Table(tuple(a.figure for q in questions for a in answers(session, q)))


def answers(session: Session, question: Question) -> list[Answered]:
    """The figures of one question with everything they were made from."""
    found = _answers(session, question)
    names = session.resolve(question).names
    return [marked(answered, names) for answered in found]


def _answers(session: Session, question: Question) -> list[Answered]:
    match question:
        case IndicatorQ():
            return answer_indicator(session, question)
        case MoneyQ():
            return answer_money(session, question)
        case CountQ():
            return answer_count(session, question)
        case FactQ():
            return answer_fact(session, question)
        case ChangeQ():
            return answer_change(session, question)
        case ProgressQ():
            return answer_progress(session, question)
