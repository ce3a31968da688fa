"""Which tables hold the commitments: the list of a page, and the matrix that leaves for Excel?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import replace

from cauce.exports.grid import Cell, Column, Grid, Row, Rows
from cauce.figures.registers import NO_UPDATE, CommitmentRow, PartyAnswer, Reading
from cauce.journal.queries import Fact
from cauce.values.dates import ImpreciseDate
from cauce.web.commitments import wording
from cauce.web.listing import Listing
from cauce.web.naming import is_invented, published
from cauce.web.page import Page
from cauce.web.tables import day_cell, notes_of, table
from cauce.web.taking import Take
from cauce.words import dates
from cauce.words.foreign import plain

__all__ = [
    "LIST",
    "all_answers",
    "as_known",
    "grouped",
    "history_grid",
    "list_grid",
    "matrix_grid",
    "matrix_takes",
    "named_grid",
    "stated_by",
    "with_matrix",
]

#: What the list of a page shows.
LIST = ("text", "responsible", "state", "silent")

#: What is followed up stands first: what, who, by when, what was answered.
MATRIX = (
    "code", "text", "responsible", "due", "party_state", "party_since", "party_note",
    "party_source", "ended", "state", "since", "marks", "note", "said_by", "framework", "objective",
    "instrument", "made", "source", "published", "stated_by", "basis", "invented", "party",
    "address",
)  # fmt: skip

#: Columns whose words stand for a code that machines get beside them.
WORDED = (
    "framework", "objective", "instrument", "made", "due", "party_state", "party_since", "state",
    "since", "published", "basis",
)  # fmt: skip

HISTORY = ("as_of", "state", "said_by", "about", "note", "source", "locator", "recorded")


def grouped(page: Page, rows: Iterable[CommitmentRow]) -> list[tuple[CommitmentRow, ...]]:
    """Each commitment once, with the statements of all who state it; what was made up for a
    demonstration last."""
    found: dict[str, list[CommitmentRow]] = {}
    for row in rows:
        found.setdefault(row.code, []).append(row)
    told = [tuple(rows) for rows in found.values()]
    return sorted(
        told, key=lambda group: (is_invented(page, group[0].record.source), group[0].code)
    )


def named_grid(
    page: Page,
    name: str,
    title: str,
    keys: Sequence[str],
    rows: Iterable[Row],
    *,
    words: str = "commitments",
    worded: Sequence[str] = (),
    numbers: Sequence[str] = (),
    known: str = "",
    cautions: Sequence[str] = (),
    invented: bool = False,
) -> Grid:
    """A table of this section, with the notes that go with it everywhere. ``words``: the first part
    of the keys of its headings."""
    say = page.voice.say
    columns = tuple(
        Column(
            key,
            say(f"{words}.column.{key}"),
            "number" if key in numbers else "text",
            worded=True if key in worded else None,
        )
        for key in keys
    )
    beside = notes_of(page, known=known, cautions=cautions, invented=invented)
    return table(page, name, title, columns, rows, beside)


def as_known(page: Page, read: Reading, on: ImpreciseDate | None) -> str:
    """«Estado al 31 de diciembre de 2022, según lo que se sabía el 24 de noviembre de 2026.»"""
    known = dates.day(read.day, page.language)
    if on is None or on.latest is None:
        return page.voice.say("commitments.as_of", date=known)
    date = dates.day(on.latest, page.language)
    return page.voice.say("commitments.as_known", date=date, known=known)


# -- the list of a page ------------------------------------------------------------------------


def list_grid(
    page: Page, groups: Sequence[tuple[CommitmentRow, ...]], *, title: str, on: str = ""
) -> Grid:
    """One row for each commitment, whoever states it."""
    rows = Rows(groups, lambda group: _listed(page, group, on))
    return named_grid(page, "compromisos", title, LIST, rows)


def _listed(page: Page, group: tuple[CommitmentRow, ...], on: str) -> Row:
    row, say = group[0], page.voice.say
    answers = all_answers(page, group)
    name = wording.marked_title(page, row)
    others = stated_by(page, group[1:])
    state = wording.state_words(page, row.state, row.as_of)
    cells = {
        "text": Cell(
            wording.joined((name, say("commitments.also", names=others) if others else "")),
            href=page.link(f"compromisos/{row.code}/", al=on),
            code=row.code,
        ),
        "responsible": Cell(wording.party_names(page, [answer.party for answer in answers])),
        "state": Cell(wording.sentences(page, (state, *wording.marks(page, row)))),
        "silent": Cell(wording.silent_words(page, answers)),
    }
    return tuple(cells[key] for key in LIST)


def all_answers(page: Page, group: Sequence[CommitmentRow]) -> tuple[PartyAnswer, ...]:
    """Each responsible party once, with its answer: states first, each kind in the alphabetical
    order of the page."""
    found = {answer.party: answer for row in group for answer in row.answers}
    return tuple(found[party] for party in wording.in_order(page, found))


def stated_by(page: Page, rows: Iterable[CommitmentRow]) -> str:
    """Who states a commitment, by short name or by document."""
    names = dict.fromkeys(page.voice.short(row.record.stated_by) for row in rows)
    return page.voice.list(list(names))


# -- the matrix --------------------------------------------------------------------------------


def matrix_grid(
    page: Page,
    groups: Sequence[tuple[CommitmentRow, ...]],
    *,
    title: str,
    known: str,
    name: str = "matriz-de-compromisos",
    silent: Set[str] | None = None,
) -> Grid:
    """One row for each commitment and responsible party: the document of the follow-up.
    ``silent``: only the rows of those of these parties that have not answered."""
    asked = [(group, answer) for group in groups for answer in _asked(page, group, silent)]
    return named_grid(
        page,
        name,
        title,
        MATRIX,
        Rows(asked, lambda one: _matrix_row(page, *one)),
        worded=WORDED,
        known=known,
        invented=any(is_invented(page, group[0].record.source) for group in groups),
    )


def _asked(
    page: Page, group: tuple[CommitmentRow, ...], silent: Set[str] | None
) -> Iterator[PartyAnswer | None]:
    """Of whom the matrix tells: each responsible party, or nobody where there is none."""
    answers: Sequence[PartyAnswer | None] = all_answers(page, group) or (None,)
    for answer in answers:
        if silent is None or (answer and not answer.has_answered and answer.party in silent):
            yield answer


def _matrix_row(page: Page, group: tuple[CommitmentRow, ...], answer: PartyAnswer | None) -> Row:
    cells = _commitment_cells(page, group) | _party_cells(page, answer)
    return tuple(cells[key] for key in MATRIX)


def _commitment_cells(page: Page, group: tuple[CommitmentRow, ...]) -> dict[str, Cell]:
    row, voice = group[0], page.voice
    record = row.record
    invented = is_invented(page, record.source)
    last = row.updates[0].record if row.updates else None
    address = page.absolute(page.link(f"compromisos/{row.code}/"))
    return {
        "code": Cell(row.code, code=row.code),
        "text": Cell(wording.marked_title(page, row)),
        "framework": _named(page, next(iter(wording.frameworks(page, row)), "")),
        "objective": _named(page, record.node),
        "instrument": _named(page, record.instrument),
        "made": day_cell(page, record.made, voice.say("date.none")),
        "due": day_cell(page, record.due, voice.say("commitments.no_due")),
        "state": Cell(voice.say(f"state.{row.state}"), code=row.state),
        "since": day_cell(page, row.as_of),
        "marks": Cell(wording.joined(wording.marks(page, row))),
        "note": Cell(wording.said(page, last)),
        "said_by": Cell(voice.short(last.stated_by) if last else ""),
        "source": _paper(page, record),
        "published": day_cell(page, published(page, record), voice.say("date.none")),
        "stated_by": Cell(stated_by(page, [one for one in group if one.record.reporter])),
        "basis": Cell(voice.say(f"basis.{record.basis}") if record.basis else "",
                      code=record.basis),
        "invented": Cell(voice.say("take.invented") if invented else ""),
        "address": Cell(address, href=address),
    }  # fmt: skip


def _party_cells(page: Page, answer: PartyAnswer | None) -> dict[str, Cell]:
    say = page.voice.say
    if answer is None:
        empty = dict.fromkeys(("party", "party_since", "party_note", "party_source", "ended"))
        cells = {key: Cell("") for key in empty}
        silent = Cell(say(f"state.{NO_UPDATE}"), code=NO_UPDATE)
        return cells | {"responsible": Cell(say("commitments.nobody")), "party_state": silent}
    said = answer.said
    return {
        "responsible": Cell(page.voice.name(answer.party)),
        "party": Cell(answer.party, code=answer.party),
        "party_state": Cell(say(f"state.{answer.state}"), code=answer.state),
        "party_since": day_cell(page, answer.as_of),
        "party_note": Cell(wording.said(page, said)),
        "party_source": _paper(page, said),
        "ended": Cell(wording.ended(page, answer.party, answer.ended)),
    }


def _paper(page: Page, record: Fact | None) -> Cell:
    """The document a fact was read in, as files hold it."""
    paper = wording.source(page, record) if record else None
    return Cell(paper.text, href=page.absolute(paper.href)) if paper else Cell("")


def _named(page: Page, code: str) -> Cell:
    return Cell(plain(page.voice.name(code)) if code else "", code=code)


def matrix_takes(page: Page, takes: Sequence[Take], title: str) -> tuple[Take, ...]:
    """The take-away row calls the workbook by what it is: «Descargar matriz (Excel)»."""
    excel, *rest = takes
    name = page.voice.say("commitments.matrix")
    label = page.voice.say("take_away.label", action=name, what=plain(title))
    return (replace(excel, name=name, label=label), *rest)


def with_matrix(page: Page, listing: Listing) -> Listing:
    """A list whose take-away is the matrix."""
    return replace(listing, take=matrix_takes(page, listing.take, listing.grid.title))


# -- what became of one ------------------------------------------------------------------------


def history_grid(page: Page, standing: Sequence[CommitmentRow], *, title: str, known: str) -> Grid:
    """Everything said about one commitment, the newest first; nothing where it does not stand."""
    rows = []
    for update in (update for row in standing for update in row.updates):
        record = update.record
        cells = {
            "as_of": day_cell(page, record.as_of),
            "state": Cell(page.voice.say(f"state.{update.state}"), code=update.state),
            "said_by": Cell(page.voice.short(record.stated_by)),
            "about": Cell(page.voice.short(record.party) if record.party else ""),
            "note": Cell(wording.said(page, record)),
            "source": _paper(page, record),
            "locator": Cell(record.locator),
            "recorded": Cell(
                page.day_words(update.recorded_at),
                day=page.day(update.recorded_at),
            ),
        }
        rows.append(tuple(cells[key] for key in HISTORY))
    return named_grid(
        page,
        "historia-de-un-compromiso",
        title,
        HISTORY,
        rows,
        worded=("as_of", "state"),
        known=known,
        invented=any(is_invented(page, row.record.source) for row in standing),
    )
