"""What is measured where a party is, what does it report, and what is due from it?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cauce.figures.registers import TransactionRow
from cauce.frameworks.queries import Obligation
from cauce.ledger import queries as ledger
from cauce.values.breakdown import TOTAL
from cauce.values.figure import Coverage, Figure
from cauce.values.period import Period
from cauce.values.question import IndicatorQ
from cauce.web.cards import released
from cauce.web.funding.asking import Asked
from cauce.web.naming import Line, by_name
from cauce.web.page import Page
from cauce.web.parties.belonging import Belonging
from cauce.web.parties.one import acting, own
from cauce.words import figures as figure_words
from cauce.words.foreign import plain
from cauce.words.questions import when

__all__ = [
    "Measured",
    "asked_of",
    "due",
    "due_period",
    "given_and_received",
    "measured",
    "reported",
]


@dataclass(frozen=True, slots=True)
class Measured:
    """An indicator with values for a country: its page, its latest value, how that was made."""

    name: str
    href: str
    label: str
    when: str = ""
    value: str = ""
    how: str = ""
    how_label: str = ""


def measured(found: Belonging, place: str) -> tuple[Measured, ...]:
    """The latest value of every indicator recorded for a country: its name leads to its page, its
    value to how it was made."""
    page = found.page
    codes = sorted(
        {
            indicator
            for indicator, where, _, _ in ledger.observations_by_unit(view=found.read.view)
            if where == place and indicator in page.names.indicators
        }
    )
    latest: dict[str, Period] = {}
    for one in ledger.observations(view=found.read.view, indicators=codes) if codes else ():
        if one.place == place and one.breakdown == TOTAL and one.kind == "actual":
            before = latest.get(one.indicator)
            if before is None or (before.end, before.start) < (one.period.end, one.period.start):
                latest[one.indicator] = one.period
    asked = [
        IndicatorQ(indicator=code, place=place, period=period, known_at=page.known)
        for code, period in sorted(latest.items())
    ]
    answers = released(found.page, asked)
    told = {q.indicator: one for q, one in zip(asked, answers, strict=True)}
    lines = [_measured(page, code, place, told.get(code)) for code in codes]
    return tuple(sorted(lines, key=lambda one: by_name(one.name)))


def _measured(page: Page, code: str, place: str, figure: Figure | None) -> Measured:
    name = page.voice.name(code)
    label = page.voice.say(
        "party.measured.label", name=plain(name), place=plain(page.voice.name(place))
    )
    address = page.link(f"cifras/{code}/", lugar=place)
    if figure is None:
        return Measured(name, address, label)
    return Measured(
        name=name,
        href=address,
        label=label,
        when=when(figure.question, page.voice),
        value=figure_words.value(figure, page.voice),
        how=page.how(figure.question),
        how_label=plain(figure_words.accessible_name(figure, page.voice)),
    )


def reported(found: Belonging, code: str) -> tuple[Line, ...]:
    """The indicators of which it reported values."""
    page, mine = found.page, own(found.page, code)
    codes = {
        indicator
        for indicator, _, reporter, _ in ledger.observations_by_unit(view=found.read.view)
        if reporter in mine and indicator in page.names.indicators
    }
    lines = [Line(page.voice.name(one), page.link(f"cifras/{one}/")) for one in codes]
    return tuple(sorted(lines, key=lambda one: by_name(one.text)))


# -- what is due ---------------------------------------------------------------------------------


def due_period(found: Belonging) -> Period:
    """The last year that has ended on the last day known: what of it is due."""
    return found.read.last_year


def due(found: Belonging, code: str) -> tuple[Line, ...]:
    """What the party owes a value of for the last year, and how much of it arrived; what lacks
    comes first."""
    page = found.page
    owed = [one for one in page.names.obligations if _is_owed(page, one, code)]
    asked = [
        IndicatorQ(
            indicator=one.indicator,
            place=one.place or None,
            party=one.party or None,
            programme=one.programme or None,
            period=due_period(found),
            known_at=page.known,
        )
        for one in owed
    ]
    answers = released(found.page, asked)
    told = [
        (one.coverage, _due(page, q, one.coverage))
        for q, one in zip(asked, answers, strict=True)
        if one.coverage is not None
    ]
    told.sort(key=lambda pair: (pair[0].received >= pair[0].due, by_name(pair[1].text)))
    return tuple(dict.fromkeys(line for _, line in told))


def _is_owed(page: Page, one: Obligation, code: str) -> bool:
    if one.closed or one.indicator not in page.names.indicators:
        return False
    return one.place == code or one.party in own(page, code)


def _due(page: Page, asked: IndicatorQ, told: Coverage) -> Line:
    return Line(
        page.voice.name(asked.indicator),
        page.link(f"cifras/{asked.indicator}/", lugar=asked.place or ""),
        after=figure_words.coverage(told, page.voice),
    )


# -- money ---------------------------------------------------------------------------------------


def asked_of(page: Page, code: str, *, gives: bool) -> Asked:
    """The question about all the money that a party gives, or that it receives."""
    framework = next((c for c in page.names.frameworks if page.scope and page.in_scope(c)), "")
    who = acting(page, code)
    return Asked(
        provider=who if gives else "",
        receiver="" if gives else who,
        scope=page.scope,
        framework=framework,
    )


def given_and_received(
    page: Page, code: str, rows: Iterable[TransactionRow]
) -> tuple[list[TransactionRow], list[TransactionRow]]:
    """The contributions it gives, and those it receives."""
    mine, found = own(page, code), list(rows)
    return (
        [row for row in found if row.record.provider in mine],
        [row for row in found if row.record.receiver in mine],
    )
