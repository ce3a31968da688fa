"""Which figure was asked for, where somebody typed what, where and when?

«solicitudes México 2022» is a question already: its words name an indicator, a place and a year,
so the figure itself stands above what was found, released like any other. So are «cuánto dinero
prometido» and «compromisos sin respuesta».
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from cauce.ledger import queries as ledger
from cauce.ledger.queries import Observation
from cauce.values.breakdown import TOTAL
from cauce.values.period import Period
from cauce.values.question import CountQ, IndicatorQ, MoneyQ, Question
from cauce.web.cards import Card, card, explained
from cauce.web.page import Page
from cauce.web.searching.called import Names, sorts, stages, states
from cauce.web.searching.index import Defined
from cauce.words.matching import Entry, Wanted, find

__all__ = ["Asked", "offered", "understood", "whole"]

#: So many figures are offered, of the first so many indicators that the words name.
MOST, LOOKED_AT = 4, 80


@dataclass(frozen=True, slots=True)
class Asked:
    """What was typed, taken apart: a place, a year, and the words for what is counted."""

    place: str
    year: str
    rest: Wanted
    is_page: bool

    @property
    def is_question(self) -> bool:
        """Whether figures are asked for: not by the words for what is counted alone, and not by a
        place that has a page of its own."""
        return bool(self.year or (self.place and (self.rest.terms or not self.is_page)))


def understood(wanted: Wanted, known: Defined) -> Asked:
    """The first place and the first year among the words, and what is left."""
    place = year = ""
    taken = []
    for n, term in enumerate(wanted.terms):
        named = next((c for c, names in known.places.items() if term.names & names), "")
        if named and not place:
            place = named
            taken.append(n)
        elif len(term.typed) == 1 and not year and _is_year(term.typed[0]):
            year = term.typed[0]
            taken.append(n)
    is_page = any(one.code == place for one in known.parties)
    return Asked(place, year, wanted.without(taken), is_page)


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isascii() and word.isdecimal() and "1900" <= word < "2100"


def offered(page: Page, asked: Asked, entries: Iterable[Entry]) -> tuple[Card, ...]:
    """The figures that were asked for; none where the words do not ask for one."""
    if not asked.is_question:
        return ()
    indicators = [one for one in entries if one.kind == "indicator"]
    if asked.rest.terms:
        indicators = [one.entry for one in find(asked.rest, indicators)]
    codes = [one.code for one in indicators[:LOOKED_AT]]
    questions = list(_questions(page, asked, codes, _recorded(page, codes)))[:MOST]
    made = explained(page, questions)
    return tuple(card(page, explanation) for explanation in made)


def whole(page: Page, wanted: Wanted) -> tuple[Card, ...]:
    """All money of the stage, or all commitments in the state, that was typed and nothing else."""
    question = _total(page, wanted)
    return tuple(card(page, one) for one in explained(page, [question])) if question else ()


def _total(page: Page, wanted: Wanted) -> Question | None:
    stage = state = year = ""
    sort: set[str] = set()
    for term in wanted.terms:
        if of_stage := _named(stages(), term.names):
            stage, known = of_stage, not stage
        elif of_state := _named(states(), term.names):
            state, known = of_state, not state
        elif of_sort := _named(sorts(), term.names):
            sort.add(of_sort)
            known = True
        else:
            year, known = term.typed[0], _is_year(term.typed[0]) and not year
        if not known:
            return None
    framework = next((c for c in page.names.frameworks if page.in_scope(c)), "")
    within = framework if page.scope else None
    if stage and not state and sort <= {"financiamiento"}:
        period = Period.parse(year) if year else None
        return MoneyQ(stage=stage, period=period, programme=within, known_at=page.known)
    if (state or sort) and not stage and not year and sort <= {"compromisos"}:
        return CountQ(of="commitments", state=state or None, framework=within, known_at=page.known)
    return None


def _named(room: Mapping[str, Names], names: Names) -> str:
    return next((code for code, own in room.items() if names & own), "")


def _recorded(page: Page, codes: Sequence[str]) -> Mapping[str, Sequence[Observation]]:
    """The values of these that are the whole of something, as the public may see them."""
    found: dict[str, list[Observation]] = {}
    for one in ledger.observations(view=page.view, indicators=codes):
        if one.breakdown == TOTAL and one.kind == "actual":
            found.setdefault(one.indicator, []).append(one)
    return found


def _questions(
    page: Page, asked: Asked, codes: Sequence[str], recorded: Mapping[str, Sequence[Observation]]
) -> Iterator[IndicatorQ]:
    """One question for each indicator that has a value there and then. Where none has, the first
    that has values there at all: that it has none for that year is an answer."""
    asking: list[tuple[str, str, Period]] = []
    elsewhen: list[tuple[str, str, Period]] = []
    for code in codes:
        places = Counter(one.place for one in recorded.get(code, ()))
        place = asked.place or next((name for name, _ in places.most_common()), "")
        if place not in places:
            continue
        own = {one.period for one in recorded[code] if one.place == place}
        period = _period(own, asked.year)
        (asking if period else elsewhen).append((code, place, period or Period.parse(asked.year)))
    for code, place, period in asking or (elsewhen[:1] if asked.rest.terms else []):
        yield IndicatorQ(indicator=code, place=place or None, period=period, known_at=page.known)


def _period(own: Iterable[Period], year: str) -> Period | None:
    """The year itself, else the last of its parts; without a year the latest of all."""
    if not year:
        return max(own, key=lambda period: (period.end, period.start))
    whole = Period.parse(year)
    within = [period for period in own if whole.contains(period)]
    longest = sorted(within, key=lambda period: (period.days, period.end))
    return longest[-1] if longest else None
