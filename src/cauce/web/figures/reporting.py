"""Who must report an indicator, how often, did the last value due arrive, and when is the next?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from cauce.figures.due import Falling, last_due, next_due
from cauce.frameworks import queries as frameworks
from cauce.frameworks.queries import Exemption, Indicator, Obligation
from cauce.values.period import Period
from cauce.values.question import IndicatorQ
from cauce.web.cards import released
from cauce.web.page import Page
from cauce.words import dates
from cauce.words import figures as figure_words

__all__ = ["reporting"]

#: So many of those who report are named.
MOST = 12


def reporting(page: Page, indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What is told of it, each by its key: who must report and by which rule, how often the
    framework has it measured, the last value that fell due, and the next. Where nothing is
    recorded, that is told."""
    say = page.voice.say
    owed = [one for one in page.names.obligations if one.indicator == indicator.code]
    rules = _by_rule(page, owed)
    if not rules:
        yield "reports", say("meaning.nobody")
    yield "reports", page.voice.apart(_of(page, found, rule) for rule, found in rules.items())
    frequency = indicator.frequency
    if frequency and {frequency} != {one.frequency for one in owed}:
        yield "frequency", page.voice.say_or(f"frequency.{frequency}", frequency)
    if not rules:
        return
    exemptions = [
        one for one in frameworks.exemptions(view=page.view) if one.indicator == indicator.code
    ]
    yield "last", " ".join(_last(page, indicator.code, owed, exemptions))
    yield "next", _next(page, rules, exemptions)


# -- by which rule -------------------------------------------------------------------------------


def _by_rule(page: Page, owed: Iterable[Obligation]) -> dict[str, list[Obligation]]:
    """What is owed alike, by its rule in words: for many places alike it is said once."""
    alike: dict[str, list[Obligation]] = {}
    for one in owed:
        alike.setdefault(_rule(page, one), []).append(one)
    return alike


def _rule(page: Page, one: Obligation) -> str:
    say, language = page.voice.say, page.language
    days = one.due_days or 0
    said = []
    for key, day in (("from", one.valid_from), ("until", one.valid_to)):
        if day:
            said.append(say(f"meaning.{key}", date=dates.imprecise(day, language, remark=False)))
    return say(
        "meaning.rule",
        frequency=say(f"frequency.{one.frequency}"),
        days=say("meaning.due_days", count=days) if days else say("meaning.due_at_end"),
        remarks=page.voice.apart([*said, say(f"basis.{one.basis}")]),
    )


def _who(page: Page, owed: Iterable[Obligation]) -> str:
    """Whose work is counted, each with its places in brackets; else the places alone."""
    voice = page.voice
    by_name: dict[str, dict[str, None]] = {}
    for one in owed:
        name = " · ".join(voice.short(code) for code in (one.party, one.programme) if code)
        places = by_name.setdefault(name, {})
        if one.place:
            places[voice.name(one.place)] = None
    said = []
    for name, places in by_name.items():
        where = voice.list(voice.few(list(places), MOST))
        both = voice.say("meaning.for_places", who=name, places=where) if name and where else ""
        said.append(both or name or where)
    return voice.list(voice.few([one for one in said if one], MOST))


def _of(page: Page, owed: Iterable[Obligation], words: str) -> str:
    """The words, after those they are about, where somebody or some place is named."""
    who = _who(page, owed)
    return page.voice.say("meaning.due", who=who, rule=words) if who else words


# -- what fell due, and what falls due next --------------------------------------------------------


def _last(
    page: Page, code: str, owed: Iterable[Obligation], exemptions: Iterable[Exemption]
) -> Iterator[str]:
    """Of each period that fell due last, until when, and who reported of those who were to."""
    fallen = _earliest(owed, lambda one: last_due(one, page.read.day, exemptions))
    asked = [IndicatorQ(indicator=code, period=period, known_at=page.known) for period in fallen]
    for figure, one in zip(released(page, asked), fallen.values(), strict=True):
        yield page.voice.say(
            "meaning.fell_due",
            until=_until(page, one),
            informed=figure_words.coverage(figure.coverage, page.voice),
        )


def _next(page: Page, rules: dict[str, list[Obligation]], exemptions: Iterable[Exemption]) -> str:
    """Of each rule the value that falls due next, and until when."""
    said = {}
    for rule, owed in rules.items():
        found = _earliest(owed, lambda one: next_due(one, page.read.day, exemptions))
        first = min(found.values(), key=lambda one: one.day, default=None)
        said[rule] = _until(page, first) if first else page.voice.say("meaning.no_more")
    if len(set(said.values())) == 1:
        return next(iter(said.values()))
    return page.voice.apart(_of(page, rules[rule], words) for rule, words in said.items())


def _earliest(
    owed: Iterable[Obligation], falls: Callable[[Obligation], Falling | None]
) -> dict[Period, Falling]:
    """What falls due, by its period, each with its first day."""
    found: dict[Period, Falling] = {}
    for obligation in owed:
        one = falls(obligation)
        if one and (one.period not in found or one.day < found[one.period].day):
            found[one.period] = one
    return found


def _until(page: Page, one: Falling) -> str:
    return page.voice.say(
        "meaning.until_day",
        period=dates.period(one.period, page.language),
        date=dates.day(one.day, page.language),
    )
