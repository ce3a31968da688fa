"""What does somebody paste into an article, a message or a report: a figure, or a page as a
source?

A quotation never says less than the page: the bound, the period, who says so and since when, what
is in doubt. Its words are plain text, without marks of foreign names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cauce.exports.evidence import (
    MOST,
    doubts,
    is_invented,
    reporters,
    state_of,
    statuses,
)
from cauce.figures import Explanation, UsedValue
from cauce.values.answer import Refused
from cauce.values.dates import ImpreciseDate, KnownAt, Precision
from cauce.values.figure import Figure
from cauce.words import Voice, dates, plain
from cauce.words.codes import reason_fix
from cauce.words.explanations import Paper, published
from cauce.words.figures import value
from cauce.words.questions import is_count, title, where_and_when

__all__ = ["citation", "quotation"]

#: What a value that answers can be called beside its reporter.
_SAID = ("provisional", "revised", "final")


def quotation(
    explanation: Explanation,
    voice: Voice,
    papers: Mapping[str, Paper],
    *,
    address: str,
    today: date,
) -> str:
    """A released figure as one paragraph, with the address where it can be checked. A nothing or
    a refusal says what it is and what would be needed."""
    teller = _Teller(voice, papers)
    figure = explanation.figure
    told = [
        voice.say("quote.invented") if is_invented(figure) else "",
        teller.statement(explanation),
        teller.nothing(figure),
        *doubts(figure, voice, but_invented=True),
        voice.say("quote.others", count=len(figure.competing)) if figure.competing else "",
        teller.known(figure, today),
        address,
    ]
    return plain(" ".join(words for words in told if words))


def citation(
    title: str,
    *,
    site: str,
    published: ImpreciseDate | None,
    address: str,
    licence: str,
    voice: Voice,
    today: date | None = None,
) -> str:
    """Who made it, its title, its date, its permanent address and the licence of the data: a
    reference as it stands in a list. ``today`` adds the day on which it was read."""
    told = [
        voice.say("cite.author_title", author=_unstopped(site), title=_unstopped(title)),
        _sentence(dates.imprecise(published, voice.language, remark=False)),
        f"{address}.",
        voice.say("cite.read", date=dates.day(today, voice.language)) if today else "",
        voice.say("cite.licence", licence=_unstopped(licence)) if licence else "",
    ]
    return plain(" ".join(words for words in told if words))


def _unstopped(words: str) -> str:
    return words.strip().removesuffix(".")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one figure in one voice."""

    voice: Voice
    papers: Mapping[str, Paper]

    def statement(self, explanation: Explanation) -> str:
        """«Solicitudes, México, 2022: 118,756 solicitudes, según COMAR, en …, publicado en …»"""
        voice, figure = self.voice, explanation.figure
        scope, what = where_and_when(figure.question, voice), title(figure.question, voice)
        what = voice.say("figure.scoped", what=what, scope=scope) if scope else what
        clauses = [value(figure, voice)]
        if state_of(figure) == "known":
            clauses += [self._reporters(explanation), self._documents(explanation)]
        said = ", ".join(clause for clause in clauses if clause)
        return voice.say("figure.sentence", what=what, value=said)

    def nothing(self, figure: Figure) -> str:
        """What it means that there is no number; of a refusal, what it would take to get one."""
        if isinstance(figure.answer, Refused):
            return reason_fix(figure.answer.reason, self.voice)
        state = state_of(figure)
        return "" if state == "known" else self.voice.say(f"quote.nothing.{state}")

    def known(self, figure: Figure, today: date) -> str:
        """As known when: a past date that was asked about, and the day of quoting."""
        voice = self.voice
        day = dates.day(today, voice.language)
        asked = figure.question.known_at
        if asked is None:
            return voice.say("quote.read", date=day)
        known = dates.known_at(KnownAt(figure.known_at or asked.text), voice.zone, voice.language)
        return voice.say("quote.known", known=known, date=day)

    def _reporters(self, explanation: Explanation) -> str:
        voice, names = self.voice, reporters(explanation)
        if not explanation.used:
            return voice.say("quote.recorded")
        if is_count(explanation.figure.question):
            return voice.say("quote.reporter", reporter=voice.say("note.this_record"))
        if not 0 < len(names) <= MOST:
            return ""
        who = voice.list([voice.short(name) for name in names])
        status = statuses(explanation)
        if len(status) != 1 or status[0] not in _SAID:
            return voice.say("quote.reporter", reporter=who)
        return voice.say(
            "quote.reporter_status", reporter=who, status=voice.say(f"status.{status[0]}")
        )

    def _documents(self, explanation: Explanation) -> str:
        voice = self.voice
        lines = dict.fromkeys(self._document(used) for used in explanation.used)
        found = [line for line in lines if line]
        if len(found) > MOST:
            return voice.say("quote.documents", count=len(found))
        return voice.list(found)

    def _document(self, used: UsedValue) -> str:
        """In which document, by whom, and since when it could be read."""
        voice, paper = self.voice, self.papers.get(used.source)
        when = self._on(published(used, paper))
        if paper is None:
            return voice.say("quote.published", when=when) if used.reporter else ""
        name = _unstopped(voice.name(used.source))
        by_reporter = used.reporter and paper.publisher == plain(voice.short(used.reporter))
        if not paper.publisher or by_reporter:
            return voice.say("quote.document", title=name, when=when)
        return voice.say("quote.document_by", title=name, publisher=paper.publisher, when=when)

    def _on(self, day: ImpreciseDate | None) -> str:
        """«en marzo de 2023»: with the precision the date has, never a day that is not known."""
        language = self.voice.language
        if day is None:
            return dates.on(None, None, language)
        if ".." in day.text:  # «marzo de 2021 o antes» takes no preposition
            return self.voice.say("quote.dated", when=dates.imprecise(day, language))
        when = dates.on(day.earliest, day.latest, language)
        doubtful = day.precision is Precision.DOUBTFUL
        return self.voice.say("quote.doubtful", when=when) if doubtful else when
