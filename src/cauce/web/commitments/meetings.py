"""What is on record of meetings: which decisions and declarations, of whom, and what became of
them?

A meeting itself is not recorded, only what it left: documents with their day and who adopted them.
They stand by framework, because the record does not say in which body each was adopted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from cauce.exports.grid import Cell, Grid, Row
from cauce.figures.belonging import memberships
from cauce.figures.registers import (
    CommitmentRow,
    InstrumentRow,
    Reading,
    commitments,
    instruments,
)
from cauce.web.commitments import agreements, tables, wording
from cauce.web.naming import Line, is_invented, text_of
from cauce.web.page import Page
from cauce.web.tables import day_cell
from cauce.web.taking import Take, table_takes

__all__ = ["PATH", "Decision", "Follow", "Group", "Meetings", "meetings", "meetings_table"]

PATH = "reuniones/"

#: What comes out of a meeting.
KINDS = ("decision", "declaration", "joint_statement", "communique", "charter")

#: So few members say nothing about a body: two states sign much together.
FEWEST = 3

COLUMNS = (
    "day", "kind", "title", "framework", "adopted_by", "code", "commitment", "responsible", "state",
    "since", "silent", "address",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Follow:
    """A commitment made in a decision: whose it is, and its state."""

    link: Line
    responsible: str
    state: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A document of a meeting, with what was promised in it."""

    day: str
    kind: str
    link: Line
    is_invented: bool
    adopted_by: str
    summary: str
    commitments: tuple[Follow, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The documents of a framework, the newest first; its body, where it has one."""

    name: str
    body: str
    decisions: tuple[Decision, ...]


@dataclass(frozen=True, slots=True)
class Meetings:
    groups: tuple[Group, ...]
    take: tuple[Take, ...]


@dataclass(frozen=True, slots=True)
class _Record:
    """What the page reads: documents by framework («» for none), and the commitments of each."""

    read: Reading
    documents: Mapping[str, list[InstrumentRow]]
    promised: Mapping[str, list[tuple[CommitmentRow, ...]]]


def meetings(page: Page) -> Meetings:
    found = _record(page)
    groups = [
        _group(page, code, found)
        for code in (*page.names.frameworks, "")
        if found.documents.get(code) or _is_awaited(page, code)
    ]
    title = page.voice.say("meetings.title")
    return Meetings(tuple(groups), table_takes(page, PATH, title))


def _record(page: Page) -> _Record:
    read = page.read
    promised: defaultdict[str, list[tuple[CommitmentRow, ...]]] = defaultdict(list)
    for group in tables.grouped(page, commitments(read)):
        promised[str(group[0].record.instrument)].append(group)
    documents: defaultdict[str, list[InstrumentRow]] = defaultdict(list)
    bodies = _members(read)
    every = [row for row in instruments(read) if row.record.kind in KINDS and row.may_exist]
    for row in agreements.newest_first(every):
        framework = _framework(page, row, bodies)
        if page.in_scope(framework or str(row.record.code)):
            documents[framework].append(row)
    return _Record(read, documents, promised)


def _is_awaited(page: Page, framework: str) -> bool:
    """A framework with a body meets: where nothing of it is recorded, the page says so."""
    found = page.names.frameworks.get(framework)
    if found is None or found.closed or found.source in page.names.invented:
        return False
    return bool(found.body) and page.in_scope(framework)


def _members(read: Reading) -> dict[str, frozenset[str]]:
    """All members that each body is recorded to have had."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in memberships(read):
        if row.record.role == "member":
            found[row.record.body].add(row.record.party)
    return {body: frozenset(parties) for body, parties in found.items()}


def _framework(
    page: Page, row: InstrumentRow, bodies: Mapping[str, frozenset[str]]
) -> str:  # fmt: skip
    """The framework that rests on the document, or on the one it applies, or whose members adopted
    it; «» where none of this is recorded."""
    code = str(row.record.code)
    for one in (code, row.record.applies):
        resting = wording.frameworks_of(page, one)
        if resting:
            return resting[0]
    adopted = frozenset(row.record.parties)
    for framework in page.names.frameworks.values():
        if len(adopted) >= FEWEST and adopted == bodies.get(framework.body):
            return str(framework.code)
    return ""


def _group(page: Page, framework: str, found: _Record) -> Group:
    voice = page.voice
    body = page.names.frameworks[framework].body if framework else ""
    # Where the framework is called as its body is, its heading says it already.
    named = body and voice.name(body) not in voice.name(framework)
    return Group(
        name=voice.name(framework) if framework else voice.say("meetings.no_framework"),
        body=voice.say("meetings.body", name=voice.name(body)) if body and named else "",
        decisions=tuple(_decision(page, row, found) for row in found.documents.get(framework, ())),
    )


def _decision(page: Page, row: InstrumentRow, found: _Record) -> Decision:
    record = row.record
    code = str(record.code)
    return Decision(
        day=agreements.day_words(page, record),
        kind=agreements.kind(page, record),
        link=Line(page.voice.name(code), page.link(f"{agreements.PATH}{code}/")),
        is_invented=is_invented(page, record.source),
        adopted_by=_adopted_by(page, row),
        summary=text_of(page, record.summary),
        commitments=tuple(_follow(page, group) for group in found.promised.get(code, ())),
    )


def _adopted_by(page: Page, row: InstrumentRow) -> str:
    if not row.record.parties:
        return page.voice.say("agreements.no_parties")
    parties = wording.in_order(page, row.record.parties)
    return wording.party_names(page, parties, every=True)


def _follow(page: Page, group: tuple[CommitmentRow, ...]) -> Follow:
    row, answers = group[0], tables.all_answers(page, group)
    state = wording.state_words(page, row.state, row.as_of)
    return Follow(
        link=Line(wording.marked_title(page, row), page.link(f"compromisos/{row.code}/")),
        responsible=wording.party_names(page, [answer.party for answer in answers]),
        state=wording.sentences(page, (state, *wording.marks(page, row))),
    )


# -- as a table --------------------------------------------------------------------------------


def meetings_table(page: Page) -> Grid:
    """One row for each document and commitment made in it."""
    found = _record(page)
    everything = [row for rows in found.documents.values() for row in rows]
    rows = [
        one
        for framework, documents in found.documents.items()
        for document in documents
        for one in _rows(page, framework, document, found)
    ]
    return tables.named_grid(
        page,
        "reuniones-y-decisiones",
        page.voice.say("meetings.title"),
        COLUMNS,
        rows,
        words="meetings",
        worded=("day", "kind", "title", "framework", "state", "since"),
        known=tables.as_known(page, found.read, None),
        cautions=[page.voice.say("meetings.not_recorded")],
        invented=any(is_invented(page, row.record.source) for row in everything),
    )


def _rows(page: Page, framework: str, row: InstrumentRow, found: _Record) -> Iterator[Row]:
    record, voice = row.record, page.voice
    code = str(record.code)
    address = page.absolute(page.link(f"{agreements.PATH}{code}/"))
    shared = {
        "day": day_cell(page, agreements.day_of(record), voice.say("date.none")),
        "kind": Cell(agreements.kind(page, record), code=record.kind),
        "title": Cell(voice.name(code), code=code),
        "framework": Cell(voice.name(framework) if framework else "", code=framework),
        "adopted_by": Cell(_adopted_by(page, row)),
        "address": Cell(address, href=address),
    }
    groups: Iterable[tuple[CommitmentRow, ...] | None] = found.promised.get(code) or (None,)
    for group in groups:
        cells = shared | _commitment_cells(page, group)
        yield tuple(cells[key] for key in COLUMNS)


def _commitment_cells(page: Page, group: tuple[CommitmentRow, ...] | None) -> dict[str, Cell]:
    if group is None:
        nothing = dict.fromkeys(("code", "responsible", "state", "since", "silent"), Cell(""))
        return nothing | {"commitment": Cell(page.voice.say("agreements.no_count"))}
    row, answers = group[0], tables.all_answers(page, group)
    parties = [answer.party for answer in answers]
    return {
        "code": Cell(row.code, code=row.code),
        "commitment": Cell(wording.marked_title(page, row)),
        "responsible": Cell(wording.party_names(page, parties, every=True)),
        "state": Cell(page.voice.say(f"state.{row.state}"), code=row.state),
        "since": day_cell(page, row.as_of),
        "silent": Cell(wording.silent_words(page, answers, every=True)),
    }
