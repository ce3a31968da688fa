"""Figures: ask questions, release answers, explain how they were made.

    from cauce import figures
    table = figures.release(figures.ask([question]), question.audience)

``ask`` is for inside. Every door shows only what ``release`` or ``explain`` gives.
"""

from __future__ import annotations

from cauce.figures.answered import NotUsed, UsedValue
from cauce.figures.asking import Table, ask
from cauce.figures.catalogue import Catalogue, catalogue
from cauce.figures.conflicts import conflicts
from cauce.figures.recorded import recorded_questions
from cauce.figures.release import Explanation, explain, explain_all, release
from cauce.figures.series import periods_to_ask
from cauce.figures.shown import shown_together

__all__ = [
    "Catalogue",
    "Explanation",
    "NotUsed",
    "Table",
    "UsedValue",
    "ask",
    "catalogue",
    "conflicts",
    "explain",
    "explain_all",
    "periods_to_ask",
    "recorded_questions",
    "release",
    "shown_together",
]
