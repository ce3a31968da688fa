"""How do two figures compare: two periods, two places, or one period as known on two dates?

The door only says which two. Difference and percentage are figures of their own, asked and
released like any other; where the two are not alike, they are refused there with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cauce.errors import CauceError
from cauce.exports.grid import Grid
from cauce.figures import Explanation
from cauce.values.answer import Known, Refused
from cauce.values.breakdown import TOTAL, Breakdown
from cauce.values.dates import KnownAt
from cauce.values.figure import Figure
from cauce.values.period import Period
from cauce.values.question import ChangeQ, IndicatorQ
from cauce.web.cards import Card, card, explained
from cauce.web.figures.series import Recorded, chosen, grid_of, how, recorded
from cauce.web.listing import Choice, Written
from cauce.web.naming import capital, stem
from cauce.web.page import Page
from cauce.words import dates
from cauce.words import figures as figure_words
from cauce.words.answers import PERCENT_UNITS
from cauce.words.codes import reason, reason_fix
from cauce.words.foreign import plain
from cauce.words.questions import breakdown

__all__ = ["Comparison", "Form", "Told", "compared", "forms"]


@dataclass(frozen=True, slots=True)
class Told:
    """The difference in one way: what it is called, in words, and how it is made."""

    name: str
    value: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two figures, the second against the first, with what lies between them."""

    found: Recorded
    names: tuple[str, str]
    sides: tuple[Explanation, Explanation]
    changes: tuple[Explanation, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """What the page shows of all that the files hold: why there is no number only where there
        is none, as known when only where that differs."""
        figures_ = [one.figure for one in (*self.sides, *self.changes)]
        dated = len({figure.known_at for figure in figures_}) > 1
        refused = any(isinstance(figure.answer, Refused) for figure in figures_)
        optional = (("known_at", dated), ("reason", refused))
        left_out = {name for name, is_needed in optional if not is_needed}
        every = ("what", "place", "period", "known_at", "value", "reporter", "published", "reason")
        return tuple(name for name in every if name not in left_out)

    @property
    def name(self) -> str:
        """The stem of the files made of it."""
        return f"{stem(self.found.indicator.code)}-comparar"

    def cards(self, page: Page) -> list[Card]:
        """The two figures, each called by what tells it from the other."""
        return [
            replace(card(page, side), scope=scope, href=how(page, side.figure.question))
            for side, scope in zip(self.sides, self._scopes(page), strict=True)
        ]

    def sentence(self, page: Page) -> str:
        """What the comparison says: the change in per cent or points, or that there is none."""
        voice, first = page.voice, self.changes[0].figure
        start, end = self.names
        if isinstance(first.answer, Refused):
            why = reason(first.answer.reason, voice)
            return voice.say("compare.refused", reason=why)
        said = figure_words.change(first, voice)
        words = voice.say("compare.said", start=start, end=end, change=said)
        return capital(words)

    def fix(self, page: Page) -> str:
        """What it would take to compare them, where that is refused."""
        answer = self.changes[0].figure.answer
        return reason_fix(answer.reason, page.voice) if isinstance(answer, Refused) else ""

    def told(self, page: Page) -> list[Told]:
        """Every way in which the difference was asked; nothing where all say the same refusal."""
        answers = {one.figure.answer for one in self.changes}
        if len(answers) == 1 and not isinstance(next(iter(answers)), Known):
            return []
        return [_told(page, one.figure) for one in self.changes]

    def grid(self, page: Page) -> Grid:
        """The two figures and what lies between them as a table."""
        title = page.voice.say("compare.title", of=page.voice.name(self.found.indicator.code))
        explanations = (*self.sides, *self.changes)
        return grid_of(page, explanations, self.found.indicator, self.name, title)

    def _scopes(self, page: Page) -> Iterator[str]:
        for side, name in zip(self.sides, self.names, strict=True):
            question = side.figure.question
            if not isinstance(question, IndicatorQ):
                continue
            where = page.voice.name(question.place) if question.place else ""
            when = dates.period(question.period, page.language)
            parts = dict.fromkeys((where, when, name))
            yield ", ".join(part for part in parts if part)


def compared(page: Page, code: str) -> Comparison | None:
    """What the address compares: ``periodo`` and ``lugar`` with ``con_periodo``, ``con_lugar`` or
    ``con_sabido``; else the two newest periods. None where there are not two.

    Raises ``fields_exclude`` for more than one of them, and what is wrong with a value.
    """
    found = recorded(page, code)
    where = found.where()
    period = _period(page, "periodo") or _newest(found, where)
    if period is None:
        return None
    own = found.asked(period, where)
    base = _base(page, found, own)
    return None if base is None else _made(page, found, own, base)


def _base(page: Page, found: Recorded, own: IndicatorQ) -> IndicatorQ | None:
    """The question to compare with."""
    given = [name for name in ("con_periodo", "con_lugar", "con_sabido") if chosen(page, name)]
    if len(given) > 1:
        raise CauceError("bad_question", detail=", ".join(given))
    if place := chosen(page, "con_lugar"):
        page.names.check_place(place)
        return replace(own, place=place)
    if known := chosen(page, "con_sabido"):
        return replace(own, known_at=KnownAt(known))
    if period := _period(page, "con_periodo"):
        return replace(own, period=period)
    before = [one for one in found.periods(own.where) if one.end <= own.period.start]
    return replace(own, period=before[-1]) if before else None


def _made(page: Page, found: Recorded, one: IndicatorQ, other: IndicatorQ) -> Comparison:
    """The earlier of two periods or dates is what the later is compared with."""
    if one.place == other.place:
        base, end = sorted((one, other), key=lambda q: _order(q, page))
    else:
        base, end = one, other
    sides = explained(found.page, [base, end])
    is_share = found.indicator.unit in PERCENT_UNITS
    changes = [_change(end, base, as_, page) for as_ in _ways(is_share=is_share)]
    asked = explained(found.page, changes)
    names = (_name(page, base, end), _name(page, end, base))
    return Comparison(found, names, (sides[0], sides[1]), asked)


def _ways(*, is_share: bool) -> tuple[str, ...]:
    # From 50 % to 25 % is 25 points; to say «50 % less» of it misleads.
    return ("difference",) if is_share else ("percent", "difference")


def _change(end: IndicatorQ, base: IndicatorQ, as_: str, page: Page) -> ChangeQ:
    if end.place != base.place:
        return ChangeQ(of=end, base_place=base.place, as_=as_, known_at=page.known)
    if end.period != base.period:
        return ChangeQ(of=end, base_period=base.period, as_=as_, known_at=page.known)
    return ChangeQ(of=end, base_known_at=base.known_at, as_=as_, known_at=page.known)


def _order(question: IndicatorQ, page: Page) -> tuple[object, ...]:
    known = question.known_at.instant(page.voice.zone) if question.known_at else page.moment
    # Of today and a day to come, today is what is compared: both know the same.
    is_today = question.known_at is None
    return (question.period.start, question.period.end, min(known, page.moment), is_today, known)


def _name(page: Page, question: IndicatorQ, other: IndicatorQ) -> str:
    """What tells one of two questions from the other."""
    voice = page.voice
    if question.place != other.place:
        return voice.name(question.place) if question.place else ""
    if question.period != other.period:
        return dates.period(question.period, page.language)
    if question.known_at is None:
        return voice.say("compare.today")
    known = dates.known_at(question.known_at, voice.zone, page.language)
    return voice.say("ask.known", date=known)


def _told(page: Page, figure: Figure) -> Told:
    voice = page.voice
    return Told(
        name=voice.say(f"compare.as.{getattr(figure.question, 'as_', 'difference')}"),
        value=figure_words.change(figure, voice),
        href=how(page, figure.question),
        label=plain(figure_words.sentence(figure, voice)),
    )


def _period(page: Page, name: str) -> Period | None:
    text = chosen(page, name)
    return Period.parse(text) if text else None


def _newest(found: Recorded, where: Breakdown) -> Period | None:
    return next(reversed(found.periods(where)), None)


# -- the form ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Form:
    """One way to compare: its heading, and its fields."""

    heading: str
    choices: tuple[Choice, ...]
    written: tuple[Written, ...] = ()


def forms(page: Page, found: Recorded, comparison: Comparison | None) -> list[Form]:
    """Two periods, two places where there are two, one period on two dates."""
    voice, where = page.voice, found.where()
    base, end = (side.figure.question for side in comparison.sides) if comparison else (None, None)
    periods = _options(page, found, where, base, end)
    here, there = getattr(end, "period", None), getattr(base, "period", None)
    if here == there:
        before = [one for one in found.periods(where) if here and one.end <= here.start]
        there = before[-1] if before else None

    def when(name: str, key: str, period: Period | None) -> Choice:
        return Choice(name, voice.say(key), periods, period.text if period else "")

    places = [(place, voice.name(place)) for place in found.places if place]
    place = Choice("lugar", voice.say("indicator.place"), places, found.place)
    said = () if found.breakdowns() in ((), (TOTAL,)) else (_breakdown(page, found, where),)
    common = (*((place,) if places else ()), *said)
    made = []
    if len(periods) > 1:
        first = when("periodo", "compare.period", there)
        second = when("con_periodo", "compare.other_period", here)
        made.append(Form(voice.say("compare.periods"), (*common, first, second)))
    if len(places) > 1:
        other = next(one for one, _ in places if one != found.place)
        named = getattr(end, "place", None)
        chosen_ = named if named and named != found.place else other
        against = Choice("con_lugar", voice.say("compare.other_place"), places, chosen_)
        fields = (*common, against, when("periodo", "compare.period", here))
        made.append(Form(voice.say("compare.places"), fields))
    hint = voice.say("compare.known_hint")
    then = Written("con_sabido", voice.say("compare.other_date"), chosen(page, "con_sabido"), hint)
    fields = (*common, when("periodo", "compare.period", here))
    return [*made, Form(voice.say("compare.dates"), fields, (then,))]


def _options(
    page: Page, found: Recorded, where: Breakdown, *asked: object
) -> list[tuple[str, str]]:
    """The periods there are, and those the address asked about, newest first."""
    own = {period for one in asked if isinstance(period := getattr(one, "period", None), Period)}
    every: Iterable[Period] = sorted(
        {*found.spans(where), *own}, key=lambda p: (p.end, p.start), reverse=True
    )
    return [(one.text, dates.period(one, page.language)) for one in every]


def _breakdown(page: Page, found: Recorded, where: Breakdown) -> Choice:
    voice = page.voice
    options = [
        (one.text, breakdown(one, voice) if one != TOTAL else voice.say("indicator.total"))
        for one in found.breakdowns()
    ]
    return Choice("desglose", voice.say("indicator.by"), options, where.text)
