"""Is an issued fact sheet still what it was: its bytes, and what its questions answer?

The bytes are compared with the manifest of the issue; the questions are asked again at the frozen
head and instant. Verifying changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime

from cauce.errors import CauceError, Place, Problem
from cauce.figures import explain
from cauce.journal.clock import now as this_moment
from cauce.statements.document import said
from cauce.statements.queries import MANIFEST, Issue, issues
from cauce.values.audience import PUBLIC
from cauce.values.question import question_from_json

__all__ = ["verify"]


def verify(issue: Issue, *, now: datetime | None = None) -> tuple[Problem, ...]:
    """Everything that is no longer as issued; empty if all is."""
    return (*_bytes(issue), *_answers(issue, now or this_moment()))


def _bytes(issue: Issue) -> Iterator[Problem]:
    for file, expected in sorted(issue.manifest["files"].items()):
        path = issue.folder / file
        content = path.read_bytes() if path.is_file() else b""
        if hashlib.sha256(content).hexdigest() != expected["sha256"]:
            yield _altered(issue, file)
    following = [i for i in issues(issue.name) if i.number == issue.number + 1]
    manifest = (issue.folder / MANIFEST).read_bytes()
    if following and following[0].manifest["previous"] != hashlib.sha256(manifest).hexdigest():
        yield _altered(issue, MANIFEST)


def _altered(issue: Issue, file: str) -> Problem:
    place = Place(str(issue.folder / file))
    return Problem("statement_bytes_altered", {"name": f"{issue.name} {issue.number}"}, place)


def _answers(issue: Issue, now: datetime) -> Iterator[Problem]:
    if any(True for _ in _document_altered(issue)):
        return  # what it says it said is not what it said
    for name, stored in issue.document()["figures"].items():
        place = Place(f"{issue.name} {issue.number}")
        try:
            question = question_from_json(stored["question"], audience=PUBLIC)
            same = said(explain(question, now=now).figure) == said(stored)
        except CauceError:
            same = False
        if not same:
            yield Problem("statement_changed", {"figure": name}, place)


def _document_altered(issue: Issue) -> Iterator[Problem]:
    return (p for p in _bytes(issue) if p.place.file.endswith("document.json"))
