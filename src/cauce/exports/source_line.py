"""Who says a figure and since which month, in one line: «Fuente: COMAR, publicado en enero de
2025», and how settled it is: «preliminar»?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cauce.exports.evidence import statuses
from cauce.figures import Explanation, UsedValue
from cauce.words import Voice, dates
from cauce.words.explanations import Paper, published

__all__ = ["MOST_NAMES", "months", "said_by", "source_line", "status_line"]

MOST_NAMES = 3


def source_line(explanation: Explanation, voice: Voice, papers: Mapping[str, Paper]) -> str:
    """«Fuente: COMAR, publicado en enero de 2025»; nothing where no value stands behind it."""
    return said_by(explanation.used, voice, papers)


def said_by(used: tuple[UsedValue, ...], voice: Voice, papers: Mapping[str, Paper]) -> str:
    """The same of several figures together, by the values that stand behind them."""
    if not used:
        return ""
    names = list(dict.fromkeys(_publisher(one, voice, papers) for one in used))
    shown = [name for name in names if name][:MOST_NAMES]
    who = voice.list(shown) or voice.say("note.unnamed")
    if len(names) > MOST_NAMES:
        rest = len(names) - MOST_NAMES
        who = voice.say("picture.and_more", names=", ".join(shown), count=rest)
    when = months(used, voice, papers)
    return voice.say("picture.source_dated" if when else "picture.source", who=who, when=when)


def _publisher(used: UsedValue, voice: Voice, papers: Mapping[str, Paper]) -> str:
    """Who reported it, else who published the document it stands in."""
    if used.reporter:
        return voice.short(used.reporter)
    paper = papers.get(used.source)
    return paper.publisher if paper else ""


def months(used: tuple[UsedValue, ...], voice: Voice, papers: Mapping[str, Paper]) -> str:
    """The month (or year) of publication; of several values the first and the last."""
    found = [published(one, papers.get(one.source)) for one in used]
    days = [
        (first, last)
        for one in found
        if one is not None and (first := one.earliest) is not None and (last := one.latest)
    ]
    if not days:
        return ""
    (first, last), (from_, until) = max(days), min(days)
    newest, oldest = _month(first, last), _month(from_, until)
    if newest == oldest:
        return dates.on(*newest, voice.language)
    between = [dates.date_between(*one, voice.language) for one in (oldest, newest)]
    return voice.say("picture.between", first=between[0], last=between[1])


def _month(first: date, last: date) -> tuple[date, date]:
    """A day widened to its month: the month is what a reader needs, and often all that is known."""
    if first != last:
        return first, last
    start = first.replace(day=1)
    next_month = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    return start, date.fromordinal(next_month.toordinal() - 1)


def status_line(explanation: Explanation, voice: Voice) -> str:
    """«preliminar», where all values have one state; of money and agreements it says nothing."""
    found = statuses(explanation)
    return voice.say_or(f"status.{found[0]}", "") if len(found) == 1 else ""
