"""What does the page of one commitment tell: who must do what by when, and what was said of it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cauce.exports.grid import Grid
from cauce.figures.reading import reading
from cauce.figures.registers import (
    WITHDRAWN,
    CommitmentRow,
    PartyAnswer,
    Reading,
    TransactionRow,
    commitment,
    transactions,
)
from cauce.values.dates import ImpreciseDate
from cauce.web.commitments import tables, wording
from cauce.web.commitments.choosing import day_of
from cauce.web.naming import Labelled, Line, is_invented, published, text_of
from cauce.web.page import Page
from cauce.words import answers, dates
from cauce.words.foreign import plain

__all__ = ["One", "Party", "Said", "Version", "history", "one"]


@dataclass(frozen=True, slots=True)
class Party:
    """A responsible party: what it last said, and whether anybody answers for it still."""

    link: Line
    answer: str
    has_answered: bool
    ended: str


@dataclass(frozen=True, slots=True)
class Said:
    """Something said about the commitment: the state on a day, by whom, where it stands."""

    headline: str
    who: str
    text: str
    source: Line | None
    dates: str


@dataclass(frozen=True, slots=True)
class Version:
    """How one of several reporters states the commitment: none of them silently wins."""

    who: str
    text: str
    due: str
    responsible: str
    source: Line | None


@dataclass(frozen=True, slots=True)
class One:
    """A commitment as its page shows it; of a withdrawn one only that it was withdrawn, of one
    known only after the date travelled by only that."""

    code: str
    title: str
    is_withdrawn: bool
    is_later: bool = False
    is_invented: bool = False
    as_known: str = ""
    state: str = ""
    marks: tuple[str, ...] = ()
    summary: tuple[Labelled, ...] = ()
    parties: tuple[Party, ...] = ()
    silent: str = ""
    said: tuple[Said, ...] = ()
    money: tuple[Line, ...] = ()
    versions: tuple[Version, ...] = ()
    remarks: tuple[str, ...] = ()


def one(page: Page, code: str) -> One:
    """Raises ``unknown_commitment``, ``bad_date``."""
    read = page.read
    on, _ = day_of(page, read)
    if not _is_known(read, code) and page.known and _is_known(_today(page), code):
        return One(code, page.voice.say("commitments.later"), is_withdrawn=False, is_later=True)
    stated = commitment(read, code, on=on)
    standing = [row for row in stated if row.record.status != WITHDRAWN]
    if not standing:
        return _withdrawn(page, code, stated)
    row, found = standing[0], tables.all_answers(page, standing)
    return One(
        code=code,
        title=wording.title(page, row),
        is_withdrawn=False,
        is_invented=is_invented(page, row.record.source),
        as_known=tables.as_known(page, read, on),
        state=page.voice.say(
            "commitments.state_is", state=wording.state_words(page, row.state, row.as_of)
        ),
        marks=(*_not_yet(page, row, on), *wording.marks(page, row)),
        summary=tuple(_summary(page, standing)),
        parties=tuple(_party(page, answer) for answer in found),
        silent=_silent(page, found),
        said=tuple(_said(page, row)),
        money=tuple(_money(page, read, row)),
        versions=tuple(_version(page, row) for row in standing) if len(standing) > 1 else (),
        remarks=(
            *(page.voice.remark(row.record.note) for row in standing if row.record.note),
            *(_withdrew(page, row) for row in stated if row.record.status == WITHDRAWN),
        ),
    )


def _today(page: Page) -> Reading:
    return reading(head=page.names.head, now=page.moment)


def _is_known(read: Reading, code: str) -> bool:
    return any(record.code == code for record in read.session.commitments(read.view))


def _version(page: Page, row: CommitmentRow) -> Version:
    parties = [answer.party for answer in row.answers]
    return Version(
        who=page.voice.short(row.record.stated_by),
        text=wording.title(page, row),
        due=page.voice.say("commitments.version_due", date=wording.due(page, row)),
        responsible=page.voice.say(
            "commitments.version_parties", names=wording.party_names(page, parties, every=True)
        ),
        source=wording.source(page, row.record),
    )


def history(page: Page, *, code: str) -> Grid:
    """What was said of one commitment as a table; nothing of a withdrawn one."""
    read = page.read
    on, _ = day_of(page, read)
    standing = [r for r in commitment(read, code, on=on) if r.record.status != WITHDRAWN]
    title = wording.title(page, standing[0]) if standing else page.voice.say("commitments.gone")
    return tables.history_grid(
        page, standing[:1], title=plain(title), known=tables.as_known(page, read, on)
    )


def _withdrawn(page: Page, code: str, rows: Sequence[CommitmentRow]) -> One:
    title = page.voice.say("commitments.gone")
    told = tuple(_withdrew(page, row) for row in rows)
    return One(code, title, is_withdrawn=True, remarks=told)


def _withdrew(page: Page, row: CommitmentRow) -> str:
    name = page.voice.short(row.record.stated_by)
    return page.voice.say("commitments.withdrawn_by", name=name, date=_day(page, row))


def _day(page: Page, row: CommitmentRow) -> str:
    return page.day_words(row.recorded_at)


def _not_yet(page: Page, row: CommitmentRow, on: ImpreciseDate | None) -> Iterator[str]:
    """The day asked may lie before the commitment was made."""
    made = row.record.made
    if on and on.latest and made and made.earliest and made.earliest > on.latest:
        yield page.voice.say(
            "commitments.not_yet", date=dates.imprecise(made, page.language, remark=False)
        )


def _summary(page: Page, rows: Sequence[CommitmentRow]) -> Iterator[Labelled]:
    """What it belongs to, since when and until when, where it stands and how it is known."""
    row, say = rows[0], page.voice.say
    record = row.record
    frameworks = tuple(_framework(page, one) for one in wording.frameworks(page, row))
    if frameworks:
        yield Labelled(say("commitments.column.framework"), frameworks)
    if record.node:
        yield Labelled(say("commitments.column.objective"), (Line(page.voice.name(record.node)),))
    if record.instrument:
        href = page.link(f"acuerdos/{record.instrument}/")
        made_in = Line(page.voice.name(record.instrument), href)
        yield Labelled(say("commitments.column.instrument"), (made_in,))
    made = dates.imprecise(record.made, page.language)
    yield Labelled(say("commitments.column.made"), (Line(made),))
    yield Labelled(say("commitments.column.due"), (Line(wording.due(page, row)),))
    papers = dict.fromkeys(str(one.record.source) for one in rows if one.record.source)
    if papers:
        label = say("commitments.sources", count=len(papers))
        links = tuple(wording.paper(page, code) for code in papers)
        yield Labelled(label, links, _where(page, record.locator))
    reporters = [one for one in rows if one.record.reporter]
    if reporters:
        names = Line(tables.stated_by(page, reporters))
        yield Labelled(say("commitments.column.stated_by"), (names,))
    since = dates.imprecise(published(page, record), page.language)
    yield Labelled(say("commitments.column.published"), (Line(since),))
    yield Labelled(say("commitments.column.recorded"), (Line(_day(page, row)),))
    if record.basis:
        yield Labelled(say("commitments.column.basis"), (Line(say(f"basis.{record.basis}")),))
    yield Labelled(say("commitments.column.code"), (Line(row.code),))


def _framework(page: Page, code: str) -> Line:
    return Line(page.voice.name(code), page.link(f"cifras/{code}/"))


def _where(page: Page, locator: str) -> str:
    return page.voice.say("commitments.locator", where=locator) if locator else ""


def _party(page: Page, answer: PartyAnswer) -> Party:
    return Party(
        link=wording.party(page, answer.party),
        answer=wording.answer_words(page, answer),
        has_answered=answer.has_answered,
        ended=wording.ended(page, answer.party, answer.ended),
    )


def _silent(page: Page, found: Sequence[PartyAnswer]) -> str:
    """«Falta la respuesta de: …»; of all of several only how many; empty where everybody has."""
    silent = [answer for answer in found if not answer.has_answered]
    if not silent:
        return ""
    if len(silent) == len(found) > 1:
        return page.voice.say("commitments.silent_all", count=len(found))
    return page.voice.say("commitments.silent", names=wording.silent_words(page, found, every=True))


def _said(page: Page, row: CommitmentRow) -> Iterator[Said]:
    voice = page.voice
    for update in row.updates:
        record = update.record
        about = wording.whose(page, record)
        who = voice.short(record.stated_by)
        since = dates.imprecise(published(page, record), page.language)
        recorded = page.day_words(update.recorded_at)
        yield Said(
            headline=voice.say(
                "commitments.told",
                date=dates.imprecise(record.as_of, page.language, remark=False),
                state=voice.say(f"state.{update.state}"),
            ),
            who=voice.say("commitments.told_about", who=who, about=about)
            if about
            else voice.say("commitments.told_by", who=who),
            text=wording.said(page, record),
            source=wording.source(page, record),
            dates=wording.joined(
                (
                    _where(page, record.locator),
                    voice.say("commitments.told_dates", published=since, recorded=recorded),
                )
            ),
        )


def _what_for(page: Page, row: TransactionRow) -> str:
    """What money is for; else whose it is and who receives it."""
    record, voice = row.record, page.voice
    said = text_of(page, record.description)
    ways = [voice.short(code) for code in (record.provider, record.receiver) if code]
    return said or " → ".join(ways) or voice.name(record.programme)


def _money(page: Page, read: Reading, row: CommitmentRow) -> Iterator[Line]:
    """What is on record about money of the same programme."""
    programme, voice = row.record.node, page.voice
    if not programme:
        return
    for found in transactions(read):
        if found.record.programme and page.names.within(found.record.programme, programme):
            words = voice.say(
                "commitments.money_line",
                what=_what_for(page, found),
                stage=voice.say(f"stage.{found.record.stage}"),
                amount=answers.answer(found.answer, found.record.currency, voice),
                when=dates.imprecise(found.record.value_date, page.language, remark=False),
            )
            yield Line(words, page.link(f"financiamiento/{found.code}/"))
