"""Which values were published for one period, by whom, when, and which of them answers?

Everything comes from released explanations: that of the figure, and those of the same figure as
each publisher alone tells it. What a text printed without saying of which months or people it is
(a claim) stands among them in its words and never answers.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction

from cauce.errors import CauceError
from cauce.exports.evidence import is_invented
from cauce.exports.grid import Cell, Column, Grid, Row
from cauce.figures import Explanation, UsedValue
from cauce.journal import queries as journal
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Claim
from cauce.values.answer import Known, Suppressed
from cauce.values.audience import PUBLIC
from cauce.values.breakdown import TOTAL, Breakdown
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.period import Period
from cauce.values.question import IndicatorQ, question_from_json
from cauce.web.cards import explained
from cauce.web.figures.series import Recorded
from cauce.web.naming import capital, source_href, stem, text_of
from cauce.web.page import Page
from cauce.web.tables import notes_of, table
from cauce.words import dates
from cauce.words.answers import PERCENT_UNITS, answer
from cauce.words.codes import unused
from cauce.words.explanations import published as since
from cauce.words.foreign import plain

__all__ = ["SHOWN", "Published", "Stated", "grid", "publications", "published"]

#: The columns of the table, and what of it the page shows.
COLUMNS = (
    "published", "value", "period", "reporter", "source", "status", "chosen", "why", "recorded",
    "locator", "remark",
)  # fmt: skip
SHOWN = ("published", "value", "reporter", "source", "status", "chosen", "why", "recorded")


#: What a text printed, and when it was entered here.
_Claimed = tuple[Claim, datetime]


@dataclass(frozen=True, slots=True)
class Stated:
    """One published value: what it says, who says so, since when, and whether and why it answers
    or does not."""

    value: Cell
    period: str
    reporter: str
    source: str
    since: ImpreciseDate | None
    status: str
    chosen: bool
    why: str
    recorded: date
    locator: str
    remark: str


@dataclass(frozen=True, slots=True)
class Published:
    """The values published for one period, in the order of publication, and the figure that
    answers for it."""

    period: Period
    explanation: Explanation
    values: tuple[Stated, ...]

    @property
    def others(self) -> int:
        """How many of the values do not answer."""
        return sum(not one.chosen for one in self.values)


def publications(found: Recorded, told: Sequence[Explanation]) -> tuple[Published, ...]:
    """What was published for the period of each of these answers, all read at once."""
    asked = [
        (one, question) for one in told if isinstance(question := one.figure.question, IndicatorQ)
    ]
    groups = [_alone(found, one, question) for one, question in asked]
    alone = iter(explained(found.page, [q for group in groups for q in group]))
    claims = _claims(found)
    return tuple(
        _published(
            found,
            question.period,
            [one, *(next(alone) for _ in group)],
            claims.get(question.period, ()) if question.where == TOTAL else (),
        )
        for (one, question), group in zip(asked, groups, strict=True)
    )


def published(found: Recorded, period: Period, where: Breakdown = TOTAL) -> Published:
    """What was published for one period."""
    told = explained(found.page, [found.asked(period, where)])
    return publications(found, told)[0]


def _alone(found: Recorded, one: Explanation, question: IndicatorQ) -> list[IndicatorQ]:
    """The same figure as each publisher alone tells it, where more than one does."""
    if one.used and not one.figure.competing:
        return []
    near = [value for value in found.here() if _meets(value.period, question.period)]
    reporters = sorted({value.reporter for value in near if value.reporter})
    return [replace(question, reporters=(reporter,)) for reporter in reporters]


def _meets(one: Period, other: Period) -> bool:
    return one.start < other.end and other.start < one.end


def _published(
    found: Recorded, period: Period, told: Sequence[Explanation], claims: Iterable[_Claimed]
) -> Published:
    main = told[0]
    if isinstance(main.figure.answer, Suppressed) or found.indicator.protected:
        return Published(period, main, ())
    teller = _Teller(found, main)
    values: dict[str, Stated] = {}
    for number, one in enumerate(told):
        for used, is_chosen, why in teller.tell(one, is_main=number == 0):
            values.setdefault(used.record_id, teller.stated(used, is_chosen, why))
    made = [*values.values(), *(teller.claimed(*claim) for claim in claims)]
    return Published(period, main, tuple(sorted(made, key=_order)))


def _order(one: Stated) -> tuple[date, date]:
    """In the order in which they could be read; without a date, when they were entered here."""
    latest = one.since.latest if one.since else None
    return (latest or one.recorded, one.recorded)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells the values around one figure."""

    found: Recorded
    main: Explanation

    @property
    def page(self) -> Page:
        return self.found.page

    def tell(self, one: Explanation, *, is_main: bool) -> Iterator[tuple[UsedValue, bool, str]]:
        """Every value of an explanation: whether it answers, and why or why not."""
        say = self.page.voice.say
        for used in one.used:
            yield used, is_main, self._chosen() if is_main else self._other(used)
        for left in one.not_used:
            if left.value is not None and self._is_asked(left.value):
                yield left.value, False, f"{capital(unused(left.reason, self.page.voice))}."
        for used in one.earlier:
            yield used, False, say("published.why.replaced")

    def _is_asked(self, value: UsedValue) -> bool:
        """Not the groups of a total: they are told by the page that breaks it down."""
        question = self.main.figure.question
        return isinstance(question, IndicatorQ) and value.breakdown == question.where.text

    def _chosen(self) -> str:
        """Why this value answers."""
        page, main = self.page, self.main
        say = page.voice.say
        if len(main.used) > 1:
            return say("published.why.added")
        reason = self._preferred()
        newest = say("published.why.newest" if main.earlier else "published.why.only")
        if reason and main.used[0].reporter:
            reporter = page.voice.short(main.used[0].reporter)
            return say("published.why.preferred", newest=newest, reporter=reporter, reason=reason)
        return newest

    def _preferred(self) -> str:
        """The recorded reason for the publisher that answers; empty where another stands in."""
        names, code = self.page.names, self.found.indicator.code
        reporter = self.main.used[0].reporter
        for one in names.preferred:
            if one.indicator == code and one.reporter == reporter:
                return text_of(self.page, one.reason)
        return ""

    def _other(self, used: UsedValue) -> str:
        chosen = dict.fromkeys(one.reporter for one in self.main.used if one.reporter)
        names = self.page.voice.list([self.page.voice.short(one) for one in chosen])
        key = "published.why.other" if names else "published.why.not_chosen"
        return self.page.voice.say(key, reporter=names)

    def stated(self, used: UsedValue, is_chosen: bool, why: str) -> Stated:
        voice, names = self.page.voice, self.page.names
        known = used.answer.value if isinstance(used.answer, Known) else None
        return Stated(
            value=Cell(
                answer(used.answer, used.unit, voice),
                known if isinstance(known, Fraction) else None,
                kind="percent" if used.unit in PERCENT_UNITS else None,
            ),
            period=self._period(used.period),
            reporter=used.reporter,
            source=used.source,
            since=since(used, names.sources.get(used.source)),
            status=voice.say_or(f"status.{used.status}", ""),
            chosen=is_chosen,
            why=why,
            recorded=self.page.day(used.recorded_at),
            locator=used.locator,
            remark=voice.remark(used.note) if used.note else "",
        )

    def claimed(self, claim: Claim, recorded_at: datetime) -> Stated:
        """What a text printed: never a value, and why."""
        voice, names = self.page.voice, self.page.names
        finding = text_of(self.page, claim.finding)
        paper = names.sources.get(claim.source)
        dated = claim.public_at or (paper.published if paper else None)
        return Stated(
            value=Cell(voice.say("published.printed", text=claim.printed)),
            period="",
            reporter=claim.reporter,
            source=claim.source,
            since=ImpreciseDate(str(dated)) if dated else None,
            status=voice.say("published.claim"),
            chosen=False,
            why=voice.say("published.why.claim", finding=finding),
            recorded=self.page.day(recorded_at),
            locator=claim.locator,
            remark="",
        )

    def _period(self, text: str) -> str:
        try:
            return dates.period(Period.parse(text), self.page.language)
        except CauceError:
            return text


def _claims(found: Recorded) -> Mapping[Period, tuple[_Claimed, ...]]:
    """What texts printed about the indicator here, by the period it would answer for."""
    told: dict[Period, list[Claim]] = {}
    for claim in ledger.claims(view=found.page.view):
        if claim.indicator != found.indicator.code or not claim.printed:
            continue
        place, period = _about(claim)
        if period is not None and place == found.place:
            told.setdefault(period, []).append(claim)
    entered = journal.recorded_ats(c.entry_id for claims in told.values() for c in claims)
    return {
        period: tuple((claim, entered[claim.entry_id]) for claim in claims)
        for period, claims in told.items()
    }


def _about(claim: Claim) -> tuple[str, Period | None]:
    """The place and period a text speaks of, by the question it claims to answer or by itself."""
    if claim.question:
        try:
            question = question_from_json(json.loads(claim.question), audience=PUBLIC)
        except (CauceError, json.JSONDecodeError):
            return claim.place, claim.period
        if isinstance(question, IndicatorQ) and question.where == TOTAL:
            return question.place or "", question.period
    return claim.place, claim.period


# -- the table -----------------------------------------------------------------------------------


def grid(page: Page, found: Recorded, told: Published, title: str) -> Grid:
    """The values as a table, in the order of publication."""
    say = page.voice.say
    known = KnownAt(told.explanation.figure.known_at)
    columns = tuple(_column(key, say(f"published.{key}")) for key in COLUMNS)
    name = f"{stem(found.indicator.code)}-valores-publicados"
    known_words = dates.known_at(known, page.voice.zone, page.language)
    invented = is_invented(told.explanation.figure)
    return table(
        page,
        name,
        plain(title),
        columns,
        (_row(page, one) for one in told.values),
        notes_of(page, known=known_words, invented=invented),
    )


def _column(key: str, heading: str) -> Column:
    if key == "value":
        return Column(key, heading, "number", worded=True)
    return Column(key, heading, "date" if key == "recorded" else "text")


def _row(page: Page, one: Stated) -> Row:
    voice = page.voice
    title = voice.name(one.source) if one.source else ""
    cells = {
        "published": Cell(
            dates.imprecise(one.since, page.language), code=one.since.text if one.since else ""
        ),
        "value": one.value,
        "period": Cell(one.period),
        "reporter": Cell(voice.short(one.reporter) if one.reporter else "", code=one.reporter),
        "source": Cell(
            title,
            href=source_href(page, one.source) if one.source in page.names.sources else "",
            code=one.source,
        ),
        "status": Cell(one.status),
        "chosen": Cell(voice.say("published.yes" if one.chosen else "published.no")),
        "why": Cell(one.why),
        "recorded": Cell(dates.day(one.recorded, page.language), day=one.recorded),
        "locator": Cell(one.locator),
        "remark": Cell(one.remark),
    }
    return tuple(cells[key] for key in COLUMNS)
