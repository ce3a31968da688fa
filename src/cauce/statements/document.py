"""What does a fact sheet say, once its questions are asked?

A document is a template with an answer and its explanation for every figure, at one head and one
instant. It is what is kept when a sheet is issued, and what is asked again when one is verified.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from cauce import __version__
from cauce.errors import CauceError, Problem, raise_if
from cauce.figures import Catalogue, Explanation, catalogue, explain
from cauce.journal import queries as journal
from cauce.statements.formats import printed
from cauce.statements.template import Template
from cauce.values.audience import PUBLIC
from cauce.values.dates import KnownAt
from cauce.values.figure import Figure
from cauce.words import Voice

__all__ = ["SCHEMA", "Document", "resolve", "said"]

#: The version of the stored form of a document.
SCHEMA = 1

#: What of a figure must come out the same when it is asked again.
_SAID = (
    "state", "value", "low", "high", "low_open", "high_open", "bound", "num", "den", "reason",
    "unit", "sense", "trace",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """A template with its figures answered."""

    template: Template
    head: int
    known_at: KnownAt
    explanations: Mapping[str, Explanation]

    @property
    def names(self) -> Catalogue:
        """What things are called, as defined at the document's head."""
        return catalogue(self.head)

    def voice(self, language: str) -> Voice:
        return Voice(language, self.names, journal.workspace().zone)

    def to_json(self, **about: object) -> dict[str, object]:
        """The stored form: figures with their questions, texts, and every figure as printed."""
        bodies = self.template.bodies
        return {
            "schema": SCHEMA,
            "name": self.template.name,
            **about,
            "known_at": self.known_at.text,
            "head": self.head,
            "versions": {"cauce": __version__},
            "languages": list(bodies),
            "headlines": list(self.template.headlines),
            "figures": {n: e.figure.to_json() for n, e in self.explanations.items()},
            "texts": {language: body.text for language, body in bodies.items()},
            "printed": {language: list(self._printed(language)) for language in bodies},
        }

    def _printed(self, language: str) -> Iterator[dict[str, str]]:
        voice = self.voice(language)
        for slot in self.template.bodies[language].slots:
            words = printed(slot.format, self.explanations[slot.name], voice)
            yield {"figure": slot.name, "format": slot.format, "words": words}


def resolve(
    template: Template, *, now: datetime, known_at: KnownAt | None = None, head: int | None = None
) -> Document:
    """Ask every question of a template, as known at ``known_at`` (default: ``now``). A question
    that names an earlier date of its own («what was known in May 2023») keeps it.

    Raises a Refusal naming every figure that is not public (``statement_not_public``) or whose
    question names something that does not exist.
    """
    known = _by(known_at, now)
    at = journal.head() if head is None else head
    found: dict[str, Explanation] = {}
    problems: list[Problem] = []
    for name, question in template.questions.items():
        if question.audience != PUBLIC:
            problem = Problem("statement_not_public", {"figure": name})
            problems.append(problem.at(template.places[name]))
            continue
        try:
            when = _by(question.known_at, now) if question.known_at else known
            found[name] = explain(replace(question, known_at=when, head=at), now=now)
        except CauceError as error:
            problems += [p.at(template.places[name]) for p in error.problems]
    raise_if(problems)
    return Document(template, at, known, found)


def _by(known_at: KnownAt | None, now: datetime) -> KnownAt:
    """The date asked for; this moment where none is, or one to come: what will be known then
    must not enter a sheet that says it is frozen."""
    zone = journal.workspace().zone
    moment = KnownAt(now.isoformat())
    return moment if known_at is None or known_at.instant(zone) > now else known_at


def said(figure: Figure | Mapping[str, Any]) -> dict[str, object]:
    """What a figure said, for comparing: answer, unit and the digest of what it rests on."""
    data = figure.to_json() if isinstance(figure, Figure) else figure
    return {name: data.get(name) for name in _SAID}
