"""What stands in a framework's tree: objectives with their indicators, and of each the latest
values, what was aimed at and how much of it was reached, and who reported?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from cauce.figures import Explanation
from cauce.figures.trees import Branch as Limb
from cauce.figures.trees import tree as hang
from cauce.frameworks.queries import Indicator
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Observation
from cauce.values.breakdown import TOTAL
from cauce.values.figure import Figure
from cauce.values.question import IndicatorQ, ProgressQ, Question
from cauce.web.cards import Card, asked, card, explained
from cauce.web.figures.meaning import known_by
from cauce.web.naming import capital, text_of
from cauce.web.page import Page
from cauce.words import dates
from cauce.words import figures as figure_words
from cauce.words.foreign import plain
from cauce.words.questions import where_and_when

__all__ = ["Branch", "IndicatorRow", "Plan", "Reached", "latest_questions", "reached", "tree"]

#: How many of an indicator's latest values, and of its targets, a framework's page shows.
LATEST = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """A figure as one link: its value, and what it is called when it is read alone."""

    value: str
    href: str
    label: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What was aimed at for a place and period, and how much of it was reached."""

    scope: str
    target: Reached
    achieved: Reached


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator on a framework's page: its number there, how it is known and whether it measures
    success, its latest released values, its targets, and in words who reported of those who were
    to."""

    code: str
    number: str
    name: str
    href: str
    definition: str
    marks: tuple[str, ...]
    values: tuple[Card, ...]
    plans: tuple[Plan, ...]
    informed: str


@dataclass(frozen=True, slots=True)
class Branch:
    """An objective or programme with what lies below it."""

    code: str
    number: str
    name: str
    description: str
    basis: str
    indicators: tuple[IndicatorRow, ...]
    children: tuple[Branch, ...]


def tree(page: Page, framework: str) -> tuple[tuple[Branch, ...], tuple[IndicatorRow, ...]]:
    """The branches of a framework, and the indicators that hang on no branch."""
    branches, loose = hang(page.names, framework)
    indicators = [*_indicators(branches), *loose]
    asked_ = _Asked.of(page, indicators)
    rows = {one.code: asked_.row(page, one) for one in indicators}

    def branch(limb: Limb) -> Branch:
        node, voice = limb.node, page.voice
        return Branch(
            code=node.code,
            number=node.number,
            name=voice.name(node.code),
            description=text_of(page, node.description),
            basis=voice.say(f"basis.{node.basis}"),
            indicators=tuple(rows[one.code] for one in limb.indicators),
            children=tuple(branch(child) for child in limb.children),
        )

    return tuple(branch(one) for one in branches), tuple(rows[one.code] for one in loose)


def _indicators(branches: Iterable[Limb]) -> Iterator[Indicator]:
    for limb in branches:
        yield from limb.indicators
        yield from _indicators(limb.children)


def latest_questions(
    page: Page, codes: Iterable[str], most: int = LATEST
) -> dict[str, list[IndicatorQ]]:
    """For each indicator the questions for its newest values: totals, or where none is recorded
    the groups there are."""
    found = _values(page, codes)
    return {code: _newest(page, values, most) for code, values in found.items()}


def _values(page: Page, codes: Iterable[str]) -> dict[str, list[Observation]]:
    found: dict[str, list[Observation]] = {}
    for one in ledger.observations(view=page.view, indicators=list(codes)):
        found.setdefault(one.indicator, []).append(one)
    return found


def _newest(page: Page, values: Iterable[Observation], most: int) -> list[IndicatorQ]:
    actual = [one for one in values if one.kind == "actual"]
    totals = [one for one in actual if one.breakdown == TOTAL]
    questions = dict.fromkeys(_question(page, one) for one in totals or actual)
    newest = sorted(questions, key=lambda q: (q.period.end, q.period.start), reverse=True)
    return newest[:most]


def _question(page: Page, one: Observation) -> IndicatorQ:
    return IndicatorQ(
        indicator=one.indicator,
        place=one.place or None,
        period=one.period,
        kind=one.kind,
        where=one.breakdown,
        known_at=page.known,
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """Everything that the page asks, asked at once."""

    latest: dict[str, list[IndicatorQ]]
    plans: dict[str, list[tuple[IndicatorQ, ProgressQ]]]
    whole: dict[str, IndicatorQ]
    told: dict[Question, Explanation]

    @classmethod
    def of(cls, page: Page, indicators: Iterable[Indicator]) -> _Asked:
        found = _values(page, [one.code for one in indicators])
        latest = {code: _newest(page, values, LATEST) for code, values in found.items()}
        plans = {code: list(_plans(page, values)) for code, values in found.items()}
        due = {one.indicator for one in page.names.obligations}
        whole = {
            code: IndicatorQ(indicator=code, period=questions[0].period, known_at=page.known)
            for code, questions in latest.items()
            if code in due and questions
        }
        every: list[Question] = [q for questions in latest.values() for q in questions]
        every += [q for pairs in plans.values() for pair in pairs for q in pair]
        every += whole.values()
        told = explained(page, every)
        return cls(latest, plans, whole, dict(zip(every, told, strict=True)))

    def row(self, page: Page, indicator: Indicator) -> IndicatorRow:
        code, voice = indicator.code, page.voice
        plans = self.plans.get(code, [])[:LATEST]
        return IndicatorRow(
            code=code,
            number=code.partition("/")[2],
            name=voice.name(code),
            href=page.link(f"cifras/{code}/"),
            definition=text_of(page, indicator.definition),
            marks=known_by(page, indicator),
            values=tuple(card(page, self.told[q]) for q in self.latest.get(code, [])),
            plans=tuple(_plan(page, self.told[a].figure, self.told[b].figure) for a, b in plans),
            informed=self._informed(page, code),
        )

    def _informed(self, page: Page, code: str) -> str:
        """«2024: informaron 3 de 5; faltan: …», of everything that was due for the period."""
        if code not in self.whole:
            return ""
        told = self.told[self.whole[code]].figure.coverage
        said = figure_words.coverage(told, page.voice)
        when = dates.period(self.whole[code].period, page.language)
        # Of the only one that was to report, the value above says it.
        if told is None or not said or (told.due == 1 and not told.lacks):
            return ""
        words = page.voice.say("framework.informed", period=when, said=said)
        return capital(words)


def reached(page: Page, actual: Iterable[IndicatorQ]) -> tuple[Plan, ...]:
    """What part of its target each of these values is."""
    pairs = [
        (replace(one, kind="target"), ProgressQ(of=one, as_="achievement", known_at=one.known_at))
        for one in actual
    ]
    told = explained(page, [q for pair in pairs for q in pair])
    return tuple(
        _plan(page, target.figure, achieved.figure)
        for target, achieved in zip(told[::2], told[1::2], strict=True)
    )


def _plans(page: Page, values: Iterable[Observation]) -> Iterator[tuple[IndicatorQ, ProgressQ]]:
    """Each target with the question of what part of it was reached, newest first."""
    aimed = [one for one in values if one.kind == "target" and one.breakdown == TOTAL]
    aimed.sort(key=lambda one: (one.period.end, one.place), reverse=True)
    for target in dict.fromkeys(_question(page, one) for one in aimed):
        actual = IndicatorQ(indicator=target.indicator, place=target.place, period=target.period)
        yield target, ProgressQ(of=actual, as_="achievement", known_at=page.known)


def _plan(page: Page, target: Figure, achieved: Figure) -> Plan:
    return Plan(
        where_and_when(target.question, page.voice), _linked(page, target), _linked(page, achieved)
    )


def _linked(page: Page, figure: Figure) -> Reached:
    voice = page.voice
    return Reached(
        figure_words.value(figure, voice),
        page.how(asked(figure.question)),
        plain(figure_words.sentence(figure, voice)),
    )
