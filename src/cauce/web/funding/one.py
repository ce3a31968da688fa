"""What is on record about one contribution: as each reporter tells it, with what it is linked to,
which figures count it, and what was said before?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from cauce.exports.evidence import link
from cauce.figures import Explanation
from cauce.figures.alike_money import alike
from cauce.figures.earlier_money import TransactionVersion, transaction_versions
from cauce.figures.registers import TransactionRow
from cauce.statements import queries as sheets
from cauce.values.answer import Code, Known, Refused
from cauce.values.audience import PUBLIC
from cauce.values.question import FactQ, MoneyQ, Question, question_from_json
from cauce.web.asking import parameters
from cauce.web.cards import asked as bare
from cauce.web.cards import explained
from cauce.web.funding.asking import PATH
from cauce.web.funding.contents import contributions
from cauce.web.funding.quoting import clause
from cauce.web.funding.wording import (
    amount,
    is_withdrawn,
    named,
    when,
)
from cauce.web.naming import (
    Labelled,
    Line,
    capital,
    is_invented,
    party_href,
    published,
    source_href,
)
from cauce.web.page import Page
from cauce.web.sheets.contents import sheet_row
from cauce.web.taking import Take, figure_takes
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.codes import unused
from cauce.words.figures import value
from cauce.words.foreign import plain
from cauce.words.questions import title, where_and_when

__all__ = ["Contribution", "Linked", "Statement", "Use", "contribution"]


@dataclass(frozen=True, slots=True)
class Statement:
    """What one reporter says: ``heading`` names it where there are several."""

    heading: str
    details: tuple[Labelled, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """Another contribution, and what this one is to it."""

    how: str
    name: str
    value: str
    href: str


@dataclass(frozen=True, slots=True)
class Use:
    """A figure or a fact sheet, and whether it counts this contribution."""

    name: str
    value: str
    href: str
    label: str
    remark: str


@dataclass(frozen=True, slots=True)
class Contribution:
    """A contribution as its page tells it. ``history`` are sentences, oldest first."""

    code: str
    title: str
    sentence: str
    is_invented: bool
    is_withdrawn: bool
    statements: tuple[Statement, ...]
    linked: tuple[Linked, ...]
    uses: tuple[Use, ...]
    sheets: tuple[Use, ...]
    history: tuple[str, ...]
    take: tuple[Take, ...]
    preview: str


def contribution(page: Page, code: str) -> Contribution | None:
    """What the public may see of it; ``None`` where there is nothing, or was not on the date the
    reader travels by."""
    given = contributions(page)
    rows = [row for row in given if row.code == code]
    if not rows:
        return None
    first = rows[0]
    return Contribution(
        code=code,
        title=named(page, first),
        sentence=_sentence(page, rows),
        is_invented=any(is_invented(page, row.record.source) for row in rows),
        is_withdrawn=all(is_withdrawn(row) for row in rows),
        statements=tuple(_statement(page, row, len(rows) > 1) for row in rows),
        linked=tuple(_linked(page, first, given)),
        uses=tuple(_uses(page, rows)),
        sheets=tuple(_in_sheets(page, rows)),
        history=tuple(_history(page, transaction_versions(page.read, code))),
        take=_take(page, rows),
        preview=_preview(page, rows),
    )


def _sentence(page: Page, rows: Sequence[TransactionRow]) -> str:
    """«Más de USD 57 millones anunciados (10 de junio de 2021). Quién da: …; quién recibe: …»."""
    voice, record = page.voice, rows[0].record
    said = voice.list(list(dict.fromkeys(plain(amount(page, row)) for row in rows)))
    if all(isinstance(row.answer, Known) for row in rows):
        told = clause(str(record.stage), said, when(page, rows[0]), voice)
    else:
        stage = voice.say(f"stage.{record.stage}")
        told = voice.say("funding.sentence.nothing", stage=stage, value=said)
    return voice.say(
        "funding.sentence",
        said=capital(told),
        giver=voice.name(record.provider) if record.provider else voice.say("funding.not_told"),
        receiver=voice.name(record.receiver) if record.receiver else voice.say("funding.not_told"),
    )


def _is_figure(rows: Sequence[TransactionRow]) -> bool:
    """Whether one reporter tells it, with an amount: then it can be asked for as a figure."""
    return len(rows) == 1 and isinstance(rows[0].answer, Known)


def _take(page: Page, rows: Sequence[TransactionRow]) -> tuple[Take, ...]:
    """The amount as a figure to take away."""
    if not _is_figure(rows):
        return ()
    return figure_takes(page, parameters(_amount_of(rows[0]), page.known), named(page, rows[0]))


def _preview(page: Page, rows: Sequence[TransactionRow]) -> str:
    """Where its picture is, for who shares the page."""
    if not _is_figure(rows):
        return ""
    question = parameters(_amount_of(rows[0]), page.known)
    return f"{page.root}cifras/como-se-obtuvo/cifra.png?{question}"


def _amount_of(row: TransactionRow) -> FactQ:
    return FactQ(record=row.code, field="amount")


# -- what one reporter says ----------------------------------------------------------------------


def _statement(page: Page, row: TransactionRow, is_one_of_several: bool) -> Statement:
    voice, record = page.voice, row.record
    by = voice.short(record.reporter) if record.reporter else voice.name(record.source)
    details = (
        *_money(page, row, is_one_of_several),
        *_parties(page, row),
        *_times(page, row),
        *_evidence(page, row),
    )
    return Statement(
        voice.say("funding.statement", name=by) if is_one_of_several else "",
        tuple(detail for detail in details if detail.lines[0].text),
    )


def _money(page: Page, row: TransactionRow, is_one_of_several: bool) -> Iterator[Labelled]:
    voice, record = page.voice, row.record
    said = amount(page, row)
    has_figure = isinstance(row.answer, Known) and not is_one_of_several
    how = page.how(_amount_of(row)) if has_figure else ""
    label = voice.say("funding.how_label", value=said, title=named(page, row))
    yield _detail(page, "amount", said, how, label)
    bound = str(record.bound or "exact")
    if isinstance(row.answer, Known) and bound != "exact":
        yield _detail(page, "bound", voice.say(f"funding.bound.{bound}"))
    meaning = voice.say(f"funding.meaning.{record.stage}")
    stage = voice.say(f"stage.{record.stage}")
    yield _detail(page, "stage", voice.say("funding.stage_means", stage=stage, meaning=meaning))
    yield _detail(page, "iati_type", str(record.iati_type))
    shares = [f"{name} {share}\N{NO-BREAK SPACE}%" for name, share in record.sectors.items()]
    yield _detail(page, "sectors", voice.list(shares))


def _parties(page: Page, row: TransactionRow) -> Iterator[Labelled]:
    voice, record = page.voice, row.record
    for key, code in (("provider", record.provider), ("receiver", record.receiver)):
        href = party_href(page, code) if code else ""
        text = voice.name(code) if code else voice.say("funding.not_told")
        yield _detail(page, key, text, href)
    yield _detail(page, "place", voice.name(record.place) if record.place else "")
    yield _detail(page, "programme", voice.name(record.programme) if record.programme else "")
    framework = row.framework
    yield _detail(
        page,
        "framework",
        voice.name(framework) if framework else "",
        page.link(f"cifras/{framework}/") if framework else "",
    )


def _times(page: Page, row: TransactionRow) -> Iterator[Labelled]:
    record, language = row.record, page.language
    yield _detail(page, "date", dates.imprecise(record.value_date, language))
    yield _detail(page, "period", dates.period(record.period, language) if record.period else "")


def _evidence(page: Page, row: TransactionRow) -> Iterator[Labelled]:
    voice, record = page.voice, row.record
    paper = page.names.sources.get(record.source)
    yield _detail(page, "reporter", voice.short(record.reporter) if record.reporter else "")
    if paper:
        name = voice.name(record.source)
        if paper.publisher:
            name = voice.say("note.by", publisher=paper.publisher, title=name)
        yield _detail(page, "source", name, source_href(page, record.source))
        document = link(paper.address)
        yield _detail(page, "document", paper.address if document else "", document)
    yield _detail(page, "locator", str(record.locator))
    yield _detail(page, "published", dates.imprecise(published(page, record), page.language))
    yield _detail(page, "entered", _day(page, row.recorded_at))
    basis = str(paper.basis) if paper and paper.basis else ""
    yield _detail(page, "basis", voice.say(f"basis.{basis}") if basis else "")
    yield _detail(page, "note", voice.remark(record.note) if record.note else "")


def _detail(page: Page, key: str, text: str, href: str = "", label: str = "") -> Labelled:
    return Labelled(page.voice.say(f"funding.column.{key}"), (Line(text, href, plain(label)),))


def _day(page: Page, moment: datetime) -> str:
    return page.day_words(moment)


# -- what it is linked to ------------------------------------------------------------------------


def _linked(page: Page, row: TransactionRow, given: Sequence[TransactionRow]) -> Iterator[Linked]:
    others = {one.code: one for one in given}
    found = dict.fromkeys((one.kind, one.code) for one in row.links)
    if row.part_of:
        found[("part_of", row.part_of)] = None
    for kind, code in found:
        other = others[code]
        yield Linked(
            how=page.voice.say(f"funding.linked.{kind}"),
            name=named(page, other),
            value=amount(page, other),
            href=page.link(f"{PATH}{code}/"),
        )
    # What was made up for a demonstration resembles whatever it was made to.
    made_up = is_invented(page, row.record.source)
    real = [one for one in given if is_invented(page, one.record.source) == made_up]
    for other in alike(row, real, page.names):
        yield Linked(
            how=page.voice.say("funding.linked.alike"),
            name=named(page, other),
            value=amount(page, other),
            href=page.link(f"{PATH}{other.code}/"),
        )


# -- which figures count it ----------------------------------------------------------------------


def _uses(page: Page, rows: Sequence[TransactionRow]) -> Iterator[Use]:
    """The figures of its stage: of its programme, its giver, its receiver and its place."""
    record = rows[0].record
    about = {
        "programme": record.programme,
        "provider": record.provider,
        "receiver": record.receiver,
        "place": record.place,
    }
    whole = MoneyQ(stage=str(record.stage), known_at=page.known)
    questions = [replace(whole, **{name: code}) for name, code in about.items() if code]
    for one in explained(page, questions):
        remark = _counted(page, one, rows)
        if remark:
            yield _use(page, one, remark)


def _counted(page: Page, one: Explanation, rows: Sequence[TransactionRow]) -> str:
    """Whether a figure counts it, or why it does not; empty where it does not come near."""
    ids = {row.record.record_id for row in rows}
    if any(used.record_id in ids for used in one.used):
        if not any(isinstance(row.answer, Known) for row in rows):
            return page.voice.say("funding.use.unvalued")
        known = isinstance(one.figure.answer, Known)
        return page.voice.say("funding.use.counted" if known else "funding.use.refused")
    reasons: list[Code] = [
        left.reason for left in one.not_used if left.value and left.value.record_id in ids
    ]
    if not reasons:
        return ""
    return page.voice.say("funding.use.left_out", reason=unused(reasons[0], page.voice))


def _use(page: Page, one: Explanation, remark: str) -> Use:
    figure, voice = one.figure, page.voice
    scope, what = where_and_when(figure.question, voice), title(figure.question, voice)
    name = voice.say("figure.scoped", what=what, scope=scope) if scope else what
    said = value(figure, voice)
    label = voice.say("funding.how_label", value=said, title=name)
    if isinstance(figure.answer, Refused):
        said = voice.say("table.state.refused")
    return Use(name, said, page.how(bare(figure.question)), plain(label), remark)


def _in_sheets(page: Page, rows: Sequence[TransactionRow]) -> Iterator[Use]:
    """The newest fact sheets that print it, or a figure which counts it."""
    printed: dict[Question, list[tuple[str, str]]] = {}
    issues = {issue.name: issue for issue in sheets.issued()}
    for issue in issues.values():
        for name, stored in issue.document()["figures"].items():
            question = bare(question_from_json(stored["question"], audience=PUBLIC))
            if isinstance(question, MoneyQ) or question == _amount_of(rows[0]):
                asked = replace(question, known_at=page.known)
                printed.setdefault(asked, []).append((issue.name, name))
    ids = {row.record.record_id for row in rows}
    for one in explained(page, printed):
        if any(used.record_id in ids for used in one.used):
            for sheet, name in printed[one.figure.question]:
                row = sheet_row(page, issues[sheet])
                anchor = f"{row.href}#c-{name.replace('_', '-')}"
                yield Use(row.name, value(one.figure, page.voice), anchor, "", "")


# -- what was said before ------------------------------------------------------------------------


def _history(page: Page, versions: Sequence[TransactionVersion]) -> Iterator[str]:
    """Each change of what a reporter says, old → new, with its date and reason."""
    before: dict[str, TransactionVersion] = {}
    for version in versions:
        old = before.get(version.record.stated_by)
        before[version.record.stated_by] = version
        said = _said(page, version)
        entered = _day(page, version.recorded_at)
        public = version.record.public_at
        day = dates.imprecise(public, page.language) if public else ""
        reason = page.voice.remark(version.record.note) if version.record.note else ""
        key = "funding.history.first" if old is None else "funding.history.change"
        told = [
            page.voice.say(key, old=_said(page, old) if old else "", new=said, date=entered),
            page.voice.say("funding.history.published", date=day) if day else "",
            reason if old else "",
        ]
        yield " ".join(words for words in told if words)
    if len(versions) == 1:
        yield page.voice.say("funding.history.none")


def _said(page: Page, version: TransactionVersion) -> str:
    record, voice = version.record, page.voice
    said = answer(version.answer, record.currency, voice)
    stage = voice.say(f"stage.{record.stage}")
    return voice.say("funding.history.said", value=said, stage=stage)
