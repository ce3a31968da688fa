"""What should stand beside a figure on paper: its source, since when, and the doubt?

The short form of an explanation, for the notes of a fact sheet: who says it, in what, published
when, which other values were published, and what to be careful about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cauce.figures import Explanation, UsedValue
from cauce.values.dates import ImpreciseDate
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.codes import caveat
from cauce.words.explanations import Paper
from cauce.words.figures import coverage, value
from cauce.words.questions import title, where_and_when
from cauce.words.voice import Voice

__all__ = ["Note", "note"]

#: Said once for the whole sheet, not at every figure.
COMMON = frozenset({"coverage_unknown"})

MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Note:
    """The figure's value, what it is, and the sentences about source and doubt."""

    value: str
    about: str
    sentences: tuple[str, ...]


def note(explanation: Explanation, voice: Voice, papers: Mapping[str, Paper]) -> Note:
    """A note on one figure."""
    figure = explanation.figure
    scope = where_and_when(figure.question, voice)
    what = title(figure.question, voice)
    about = voice.say("figure.scoped", what=what, scope=scope) if scope else what
    sentences = [
        _sources(explanation, voice, papers),
        _others(explanation, voice),
        coverage(figure.coverage, voice),
        *(caveat(code, voice) for code in figure.caveats if code.code not in COMMON),
    ]
    return Note(value(figure, voice), about, tuple(words for words in sentences if words))


def _sources(explanation: Explanation, voice: Voice, papers: Mapping[str, Paper]) -> str:
    """Each document once, with the date on which its value was public."""
    seen = dict.fromkeys(_source(used, voice, papers) for used in explanation.used)
    if not seen:
        return voice.say("note.no_source")
    shown = list(seen)[:MOST_SOURCES]
    more = len(seen) - len(shown)
    if more > 0:
        shown.append(voice.say("note.more_sources", count=more))
    return voice.say("note.source", sources="; ".join(shown))


def _source(used: UsedValue, voice: Voice, papers: Mapping[str, Paper]) -> str:
    paper = papers.get(used.source)
    published = ImpreciseDate(used.public_at) if used.public_at else None
    date = dates.imprecise(published, voice.language)
    if paper is None:
        reporter = voice.short(used.reporter) if used.reporter else voice.say("note.unnamed")
        return voice.say("note.dated", source=reporter, date=date)
    name = voice.name(used.source)
    if paper.publisher:
        name = voice.say("note.by", publisher=paper.publisher, title=name)
    return voice.say("note.dated", source=name, date=date)


def _others(explanation: Explanation, voice: Voice) -> str:
    """Other published values: those of other reporters and those that are not the whole."""
    figure = explanation.figure
    found = [
        voice.say(
            "others.one",
            reporter=voice.short(one.reporter) if one.reporter else voice.say("note.unnamed"),
            value=answer(one.answer, one.unit or figure.unit, voice),
        )
        for one in figure.competing
    ]
    return voice.say("note.others", values="; ".join(found)) if found else ""
