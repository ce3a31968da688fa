"""Which one sentence about money may somebody quote, and where there is none, why not?

The amounts are those of released figures, each with its bound, its stage and its date; no stage is
added to another. What was never paid out, as far as is recorded, the sentence says too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from cauce.errors import CauceError
from cauce.exports.evidence import documents, is_invented, reporters
from cauce.figures import Explanation
from cauce.figures.registers import TransactionRow
from cauce.values.answer import Absence, Absent, Known, Refused
from cauce.values.dates import ImpreciseDate
from cauce.values.period import Period
from cauce.web.funding.asking import Asked
from cauce.web.funding.wording import amount, named, source, when
from cauce.web.page import Page
from cauce.web.tables import document
from cauce.words import Voice, dates
from cauce.words.figures import value
from cauce.words.foreign import plain

__all__ = [
    "Quote",
    "clause",
    "joined",
    "quote_of",
    "quote_of_one",
    "quote_of_row",
    "when_of",
    "when_text",
]

#: Stages at which money has left its giver.
PAID = ("disbursed", "spent", "received")


@dataclass(frozen=True, slots=True)
class Quote:
    """The sentence, and who says it in which documents; or why there is none, with those of the
    amounts that stand ``apart``."""

    sentence: str = ""
    sources: str = ""
    why_not: str = ""
    apart: tuple[Quote, ...] = ()


def quote_of(
    page: Page,
    asked: Asked,
    found: Mapping[str, Explanation],
    shown: Iterable[str],
    *,
    beside: bool = False,
) -> Quote:
    """The sentence about the stages ``shown`` of all those ``found``; ``beside``: whether there
    are amounts that none of these figures takes in."""
    voice = page.voice
    stages = [stage for stage in shown if stage in found]
    refused = [s for s in stages if isinstance(found[s].figure.answer, Refused)]
    known = [s for s in stages if isinstance(found[s].figure.answer, Known)]
    if refused:
        names = voice.list([voice.say(f"stage.{stage}") for stage in refused])
        key = "funding.quote.refused" if asked.has_subject else "funding.quote.refused_all"
        return Quote(why_not=voice.say(key, stages=names))
    if not known:
        return Quote(why_not=voice.say("funding.quote.beside" if beside else "funding.quote.none"))
    if not asked.has_subject:
        return Quote(why_not=voice.say("funding.quote.no_subject"))
    apart = _programmes(page, asked, [found[stage] for stage in known])
    clauses = [_clause(found[stage], stage, asked, voice) for stage in known]
    clauses = [
        voice.say("funding.quote.for", said=said, name=voice.name(programme)) if programme else said
        for said, programme in zip(clauses, apart, strict=True)
    ]
    invented = any(is_invented(found[s].figure) for s in known)
    return Quote(
        _sentence(page, asked, joined([*clauses, _paid(found, voice)], voice), invented),
        joined(dict.fromkeys(s for stage in known for s in _sources(found[stage], page)), voice),
    )


def quote_of_one(page: Page, asked: Asked, stage: str, one: Explanation) -> Quote:
    """The sentence about one amount of a stage, where no single one tells all the stages."""
    voice, name = page.voice, _common(page, one)
    said = _clause(one, stage, asked, voice)
    if name and name != (asked.programme or asked.framework):
        said = voice.say("funding.quote.for", said=said, name=voice.name(name))
    return Quote(
        _sentence(page, asked, said, is_invented(one.figure)),
        joined(dict.fromkeys(_sources(one, page)), voice),
    )


def quote_of_row(page: Page, asked: Asked, row: TransactionRow) -> Quote:
    """The sentence about a contribution that no figure takes in; its name says what is invented."""
    voice = page.voice
    said = clause(str(row.record.stage), plain(amount(page, row)), when(page, row), voice)
    said = voice.say("funding.quote.for", said=said, name=plain(named(page, row)))
    return Quote(_sentence(page, asked, said, invented=False), source(page, row))


def _sentence(page: Page, asked: Asked, said: str, invented: bool) -> str:
    """What is said, after whose money it is and before the date on which it was known."""
    voice, about = page.voice, _about(asked, page.voice)
    words = [
        voice.say("quote.invented") if invented else "",
        voice.say("explain.labelled", label=about) if about else "",
        said,
        _known(page),
    ]
    return plain(" ".join(filter(None, words)))


def _clause(explanation: Explanation, stage: str, asked: Asked, voice: Voice) -> str:
    when = when_of(explanation, voice)
    if asked.period and when == dates.period(asked.period, voice.language):
        when = ""  # the sentence begins with it
    return clause(stage, value(explanation.figure, voice), when, voice)


def clause(stage: str, amount: str, when: str, voice: Voice) -> str:
    """«más de USD 210 millones prometidos (septiembre de 2022)»."""
    said = voice.say(f"funding.quote.{stage}", value=amount)
    if not when:
        return said
    # A fiscal year brings brackets of its own.
    key = "funding.quote.dated_comma" if "(" in when else "funding.quote.dated"
    return voice.say(key, said=said, when=when)


def _about(asked: Asked, voice: Voice) -> str:
    """Whose money, for what, where and in which time it is, as the sentence begins."""
    parts = [
        voice.say("funding.quote.giver", name=voice.name(asked.provider)) if asked.provider else "",
        voice.say("funding.quote.taker", name=voice.name(asked.receiver)) if asked.receiver else "",
        voice.name(programme) if (programme := asked.programme or asked.framework) else "",
        voice.name(asked.place) if asked.place else "",
        dates.period(asked.period, voice.language) if asked.period else "",
    ]
    return ", ".join(part for part in parts if part)


def joined(parts: Iterable[str], voice: Voice) -> str:
    """The parts with semicolons between them, as the language writes these."""
    found = [part for part in parts if part]
    said = found[0] if found else ""
    for part in found[1:]:
        said = voice.say("funding.joined", before=said, after=part)
    return said


def _programmes(page: Page, asked: Asked, known: Sequence[Explanation]) -> list[str]:
    """For each of several amounts, what it is for, where it is not for the same: one after the
    other they would read as the way of the same money. Empty where nothing needs saying."""
    common = [_common(page, one) for one in known]
    if len(set(common)) < 2:
        return ["" for _ in common]
    subject = asked.programme or asked.framework
    return [programme if programme != subject else "" for programme in common]


def _common(page: Page, one: Explanation) -> str:
    """The innermost programme that holds all the money of a figure; empty where there is none."""
    above = page.names.above
    programmes = {used.programme for used in one.used if isinstance(used.answer, Known)}
    lines = [{p, *above.get(p, frozenset())} for p in programmes]
    shared = set.intersection(*lines) if lines else set()
    return max(
        sorted(filter(None, shared)), key=lambda code: len(above.get(code, frozenset())), default=""
    )


def _paid(found: Mapping[str, Explanation], voice: Voice) -> str:
    """What is said of money that was paid out, where no amount of it is recorded."""
    paid = [found[stage] for stage in PAID if stage in found]
    if any(one.figure.answer != Absent(Absence.MISSING) for one in paid):
        return ""
    some = any(one.used for one in paid)
    return voice.say("funding.quote.unvalued" if some else "funding.quote.unpaid")


def _known(page: Page) -> str:
    if page.known is None:
        return ""
    day = dates.known_at(page.known, page.voice.zone, page.language)
    return page.voice.say("funding.quote.known", date=day)


def _sources(explanation: Explanation, page: Page) -> Iterable[str]:
    found = documents(explanation)
    if found:
        return [document(page, source) for source in found]
    return [page.voice.short(one) for one in reporters(explanation)]


def when_of(explanation: Explanation, voice: Voice) -> str:
    """The days or periods of the amounts used, in words; of many, the first and the last."""
    used = [one for one in explanation.used if isinstance(one.answer, Known)]
    texts = sorted({one.period for one in used if one.period}, key=lambda t: (_span(t), t))
    if not texts:
        return dates.imprecise(None, voice.language)
    first, last = texts[0], max(texts, key=lambda t: _span(t)[1])
    if len(texts) > 2 and first != last:
        ends = {"first": when_text(first, voice), "last": when_text(last, voice)}
        said = voice.say("funding.quote.between", **ends)
    else:
        # Of many that one of them holds, that one.
        said = voice.list([when_text(t, voice) for t in (texts if len(texts) < 3 else [first])])
    undated = any(not one.period for one in used)
    return voice.say("funding.quote.some_undated", when=said) if undated else said


def _span(text: str) -> tuple[date, date]:
    """The first and last day of what :func:`when_text` reads: a fiscal year stands in its time."""
    try:
        period = Period.parse(text)
    except CauceError:
        day = ImpreciseDate(text)
        return day.earliest or date.min, day.latest or date.max
    return period.start, period.last_day


def when_text(text: str, voice: Voice) -> str:
    """A period or an imprecise date, whichever it spells."""
    try:
        return dates.period(Period.parse(text), voice.language)
    except CauceError:
        return dates.imprecise(ImpreciseDate(text), voice.language, remark=False)
