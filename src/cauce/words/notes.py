"""What should stand beside a figure on paper: its source, since when, and the doubt?

The short form of an explanation, for the notes of a fact sheet: who says it, in what, published
when, which other values were published, and what to be careful about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from cauce.figures import Explanation, UsedValue
from cauce.values.figure import Coverage, Figure
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.codes import caveat
from cauce.words.explanations import Paper, published
from cauce.words.figures import coverage, value
from cauce.words.questions import is_count, title, where_and_when
from cauce.words.voice import Voice

__all__ = ["Note", "note", "quote", "sources"]

#: Said once for the whole sheet, not at every figure.
COMMON = frozenset({"coverage_unknown"})

MOST_SOURCES = 3


@dataclass(frozen=True, slots=True)
class Note:
    """The figure's value, what it is, the dated documents it rests on, and the sentences about
    who says so and what is in doubt."""

    value: str
    about: str
    documents: tuple[str, ...]
    sentences: tuple[str, ...]


def note(explanation: Explanation, voice: Voice, papers: Mapping[str, Paper]) -> Note:
    """A note on one figure."""
    figure = explanation.figure
    scope = where_and_when(figure.question, voice)
    what = title(figure.question, voice)
    about = voice.say("figure.scoped", what=what, scope=scope) if scope else what
    sentences = [
        _reporters(explanation, voice) if explanation.used else _nothing(figure, voice),
        _others(explanation, voice),
        _incomplete(figure.coverage, voice),
        *(caveat(code, voice) for code in figure.caveats if code.code not in COMMON),
    ]
    # Each document once, with the date on which its value was public.
    documents = dict.fromkeys(_document(used, voice, papers) for used in explanation.used)
    said = tuple(words for words in sentences if words)
    return Note(value(figure, voice), about, tuple(documents), said)


def sources(given: Note, voice: Voice) -> str:
    """The documents of a note as one sentence; of many only the first."""
    shown = voice.few(given.documents, MOST_SOURCES)
    return voice.say("note.source", sources=voice.apart(shown)) if shown else ""


def _nothing(figure: Figure, voice: Voice) -> str:
    """«Nada registrado.»; not where something else is, which is named after it."""
    return "" if figure.competing else voice.say("note.no_source")


def _reporters(explanation: Explanation, voice: Voice) -> str:
    """«Según COMAR (preliminar).»; nothing where no organisation stands behind the values."""
    if is_count(explanation.figure.question):
        return voice.say("note.reporter", reporter=voice.say("note.this_record"))
    names = dict.fromkeys(used.reporter for used in explanation.used if used.reporter)
    if not 0 < len(names) <= MOST_SOURCES:
        return ""
    who = voice.list([voice.short(name) for name in names])
    # Of money and agreements «preliminary» would say more than their record does.
    status = dict.fromkeys(
        used.status if used.record_type == "observation" else "" for used in explanation.used
    )
    if len(status) != 1 or "" in status:
        # «EE. UU.» brings its own full stop.
        return voice.say("note.reporter", reporter=who.removesuffix("."))
    said = voice.say_or(f"status.{next(iter(status))}", "")
    return voice.say("note.reporter_status", reporter=who, status=said)


def _incomplete(given: Coverage | None, voice: Voice) -> str:
    """Who lacks; nothing where everybody reported, because that is no doubt."""
    return coverage(given, voice) if given and given.received < given.due else ""


def _document(used: UsedValue, voice: Voice, papers: Mapping[str, Paper]) -> str:
    paper = papers.get(used.source)
    date = dates.imprecise(published(used, paper), voice.language, remark=False)
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
    return voice.say("note.others", values=voice.apart(found)) if found else ""


def quote(explanation: Explanation, voice: Voice, *, when: str = "") -> str:
    """A sentence that may be quoted: the figure with its bound, who says so, and ``when`` that was
    published («en marzo de 2023»)."""
    figure = explanation.figure
    scope = where_and_when(figure.question, voice)
    what = title(figure.question, voice)
    what = voice.say("figure.scoped", what=what, scope=scope) if scope else what
    said = value(figure, voice)
    if is_count(figure.question) and explanation.used:
        here = voice.say("note.this_record")
        return voice.say("figure.quote_by", what=what, value=said, reporter=here)
    reporters = dict.fromkeys(v.reporter or v.source for v in explanation.used)
    if not 0 < len(reporters) <= MOST_SOURCES:
        return voice.say("figure.quote", what=what, value=said)
    names = voice.list([voice.short(one) for one in reporters if one])
    key = "figure.quote_dated" if when else "figure.quote_by"
    return voice.say(key, what=what, value=said, reporter=names, when=when)
