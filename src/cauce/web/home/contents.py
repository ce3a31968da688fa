"""What stands on the first page: key figures, fact sheets, frameworks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cauce.journal.clock import now
from cauce.statements import queries as sheets
from cauce.statements.queries import Issue
from cauce.values.audience import PUBLIC
from cauce.values.question import Question, question_from_json
from cauce.web.cards import Card, card, explained_now
from cauce.web.page import Page

__all__ = ["cards"]


def cards(page: Page) -> list[Card]:
    """The key figures: those that the newest fact sheets put first, asked anew."""
    found: dict[Question, None] = {}
    for issue in sheets.issued():
        found |= dict.fromkeys(_headlines(issue))
    moment = now()
    return [card(page, explained_now(page, question, moment)) for question in found]


def _headlines(issue: Issue) -> Iterator[Question]:
    document = issue.document()
    for name in document.get("headlines", ()):
        stored = document["figures"][name]["question"]
        yield replace(question_from_json(stored, audience=PUBLIC), known_at=None, head=None)
