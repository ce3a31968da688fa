"""How was a figure made? The six headings of «Cómo se obtuvo esta cifra», in words.

Always six, always in this order, each saying something: a page, a fact sheet and a terminal
show the same account. Nothing is computed here; the numbers are those of the explanation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from cauce.errors import CauceError
from cauce.figures import Explanation, NotUsed, UsedValue
from cauce.values.answer import Answer, Code, Refused
from cauce.values.breakdown import Breakdown
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Figure, Sense
from cauce.values.period import Period
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.catalogue import has
from cauce.words.codes import reason, reason_fix, step, unused
from cauce.words.figures import cautions, competing, coverage, sentence
from cauce.words.foreign import foreign
from cauce.words.questions import asked, breakdown, is_count
from cauce.words.voice import Voice

__all__ = ["HEADINGS", "MOST", "Explained", "Line", "Paper", "Section", "explained", "published"]

HEADINGS = ("question", "used", "combined", "not_used", "history", "where_used")

#: How many values, and how many numbers of one sum, a reader is shown; the rest is counted.
MOST, ADDENDS = 50, 12

_SIGNS = {"sum": " + ", "difference": " − ", "ratio": " ÷ "}

_Inputs = tuple[tuple[str, Answer], ...]


class Paper(Protocol):
    """A source document, as the record describes it."""

    title: str
    publisher: str
    language: str
    address: str
    published: ImpreciseDate | None


@dataclass(frozen=True, slots=True)
class Line:
    """One value as a line: what it says, what it is about, and labelled details. ``address`` is
    where the document can be read, ``page`` where the site tells what else was read in it;
    ``remark`` why it was not used, or what it is."""

    value: str
    about: str = ""
    details: tuple[tuple[str, str], ...] = ()
    document: str = ""
    address: str = ""
    remark: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One of the six: its heading, what it says, the values it lists, and how many more."""

    key: str
    heading: str
    sentences: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    lines: tuple[Line, ...] = ()
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """The figure as a sentence, and the six sections."""

    sentence: str
    sections: tuple[Section, ...]


def explained(
    explanation: Explanation,
    voice: Voice,
    papers: Mapping[str, Paper],
    *,
    where_used: tuple[str | Line, ...] = (),
    source_page: Callable[[str], str] | None = None,
) -> Explained:
    """Put an explanation, already released, into words. ``source_page`` gives the address at which
    a site tells about a document, from its id."""
    teller = _Teller(voice, papers, explanation.figure, source_page or (lambda _: ""))
    bodies = {
        "question": teller.question(explanation.figure),
        "used": teller.used(explanation),
        "combined": teller.combined(explanation),
        "not_used": teller.not_used(explanation),
        "history": teller.history(explanation),
        "where_used": teller.where_used(where_used),
    }
    sections = tuple(
        replace(body, key=key, heading=voice.say(f"explain.{key}")) for key, body in bodies.items()
    )
    return Explained(sentence(explanation.figure, voice), sections)


@dataclass(frozen=True, slots=True)
class _Teller:
    """Tells one explanation in one voice."""

    voice: Voice
    papers: Mapping[str, Paper]
    figure: Figure
    source_page: Callable[[str], str]

    def question(self, figure: Figure) -> Section:
        rows = asked(figure.question, self.voice, known_at=figure.known_at)
        return Section("", "", rows=tuple(rows))

    def used(self, explanation: Explanation) -> Section:
        voice = self.voice
        if not explanation.used:
            return Section("", "", (voice.say("explain.used.none"),))
        lines = tuple(self.line(value) for value in explanation.used[:MOST])
        return Section("", "", lines=lines, rest=self._rest(len(explanation.used)))

    def combined(self, explanation: Explanation) -> Section:
        voice, figure = self.voice, explanation.figure
        told = [self._step(one.code, one.inputs, one.result) for one in explanation.steps]
        if isinstance(figure.answer, Refused):
            why = voice.say("absence.refused", reason=reason(figure.answer.reason, voice))
            told += [f"{why}.", reason_fix(figure.answer.reason, voice)]
        elif not told and explanation.used:
            told.append(voice.say("step.counted" if self.counts else "step.reported"))
        elif not told:
            told.append(voice.say("explain.combined.none"))
        told += [words for words in (coverage(figure.coverage, voice),) if words]
        return Section("", "", (*told, *cautions(figure, voice)))

    def not_used(self, explanation: Explanation) -> Section:
        lines = [self.not_used_line(one) for one in explanation.not_used[:MOST]]
        shown = {one.value.reporter for one in explanation.not_used if one.value}
        lines += [
            Line(competing(one, self.figure.unit, self.voice))
            for one in explanation.figure.competing
            if one.reporter not in shown
        ]
        if not lines:
            return Section("", "", (self.voice.say("explain.not_used.none"),))
        return Section("", "", lines=tuple(lines), rest=self._rest(len(explanation.not_used)))

    def history(self, explanation: Explanation) -> Section:
        voice = self.voice
        likely = {_status(value) for value in explanation.used} & {"provisional", "pending"}
        sentences = [voice.say("explain.history.provisional")] if likely else []
        if not explanation.earlier:
            return Section("", "", (voice.say("explain.history.none"), *sentences))
        lines = tuple(self.line(value) for value in explanation.earlier[:MOST])
        rest = self._rest(len(explanation.earlier))
        return Section("", "", tuple(sentences), lines=lines, rest=rest)

    def where_used(self, given: tuple[str | Line, ...]) -> Section:
        sentences = tuple(one for one in given if isinstance(one, str))
        lines = tuple(one for one in given if isinstance(one, Line))
        if not given:
            sentences = (self.voice.say("explain.where_used.none"),)
        return Section("", "", sentences, lines=lines)

    def _rest(self, count: int) -> str:
        left = count - MOST
        return self.voice.say("explain.rest", count=left) if left > 0 else ""

    @property
    def counts(self) -> bool:
        """Whether things of the record were counted, and not values that somebody reported."""
        return is_count(self.figure.question)

    # -- one value ---------------------------------------------------------------------------

    def line(self, value: UsedValue) -> Line:
        """A recorded value: who says it, in which document and where in it, since when."""
        voice = self.voice
        paper = self.papers.get(value.source)
        details = [
            ("explain.reporter", voice.short(value.reporter) if value.reporter else ""),
            ("explain.locator", value.locator),
            ("explain.published", dates.imprecise(published(value, paper), voice.language)),
            ("explain.recorded", self._recorded(value.recorded_at)),
            ("explain.status", voice.say_or(f"status.{_status(value)}", "")),
            ("explain.note", voice.remark(value.note) if value.note else ""),
        ]
        return Line(
            value=self._counted(value) or answer(value.answer, value.unit, voice),
            about=self._about(value),
            details=tuple((voice.say(key), words) for key, words in details if words),
            document=voice.name(value.source) if value.source else "",
            address=paper.address if paper else "",
            page=self.source_page(value.source) if paper else "",
        )

    def not_used_line(self, one: NotUsed) -> Line:
        """A value that was left out, or something that did not arrive, and why."""
        why = unused(one.reason, self.voice)
        if one.value is None:
            return Line(self.voice.say("explain.not_arrived"), remark=why)
        line = self.line(one.value)
        remark = self.voice.say("explain.not_used.because", reason=why)
        return replace(line, remark=remark)

    def _counted(self, value: UsedValue) -> str:
        """What was counted as one, by its own words; empty for a value."""
        voice = self.voice
        if not self.counts:
            return ""
        if value.text:
            return foreign(*voice.naming.text(value.text, voice.language), voice.language)
        return voice.name(value.party) if value.party else ""

    def _span(self, span: str) -> str:
        """When a member joined, and when it left: «ingreso: octubre de 2017»."""
        voice = self.voice
        first, _, last = span.partition("/")
        ends = (("explain.joined", first), ("explain.left", last))
        return ", ".join(
            voice.say(key, date=dates.imprecise(ImpreciseDate(day), voice.language, remark=False))
            for key, day in ends
            if day
        )

    def _about(self, value: UsedValue) -> str:
        voice = self.voice
        is_told = self.counts and not value.text  # by its name
        parts = [
            *(voice.short(i) for i in (value.party, value.programme) if i and not is_told),
            voice.name(value.place) if value.place else "",
            self._span(value.period) if is_told else _period(value.period, voice),
            breakdown(Breakdown.parse(value.breakdown), voice) if value.breakdown else "",
        ]
        return ", ".join(part for part in parts if part)

    def _recorded(self, moment: datetime) -> str:
        return dates.day(moment.astimezone(self.voice.zone).date(), self.voice.language)

    # -- the arithmetic ------------------------------------------------------------------------

    def _step(self, code: Code, inputs: _Inputs, result: Answer) -> str:
        rule, arithmetic = step(code, self.voice), self._arithmetic(code.code, inputs, result)
        return f"{rule} {arithmetic}." if arithmetic else rule

    def _arithmetic(self, code: str, inputs: _Inputs, result: Answer) -> str:
        """«101 + 102 = 203», with what each number is where that is known."""
        if not inputs:
            return ""
        voice, figure = self.voice, self.figure
        left = self._left(code, inputs)
        # A step on the way (the numerators of a ratio, added up) is not in the figure's unit.
        is_final = result == figure.answer
        unit, sense = (figure.unit, figure.sense) if is_final else ("", Sense.LEVEL)
        total = answer(result, unit, voice, sense=sense)
        return voice.say("explain.equals", left=left, right=total)

    def _left(self, code: str, inputs: _Inputs) -> str:
        shown = [self._addend(label, value) for label, value in inputs[:ADDENDS]]
        if code == "ratio" and len(shown) == 3:
            actual, target, baseline = shown
            return f"({actual} − {baseline}) ÷ ({target} − {baseline})"
        if code == "ratio" and self.figure.sense is Sense.PERCENT_CHANGE:
            return f"{shown[0]} ÷ {shown[-1]} − 1"
        if len(inputs) > ADDENDS:
            shown.append("…")
        return _SIGNS[code].join(shown) if code in _SIGNS else self.voice.apart(shown)

    def _addend(self, label: str, value: Answer) -> str:
        number = answer(value, "", self.voice)
        name = _label(label, self.voice)
        return self.voice.say("explain.addend", number=number, name=name) if name else number


def published(value: UsedValue, paper: Paper | None) -> ImpreciseDate | None:
    """Since when the value could be read: its own date, else that of its document (what a record
    *is*, such as an agreement, carries no date of its own)."""
    if value.public_at:
        return ImpreciseDate(value.public_at)
    return paper.published if paper else None


def _status(value: UsedValue) -> str:
    """Of what is no reported value, «preliminary» would say more than its record does."""
    is_said = value.record_type == "observation" or value.status != "provisional"
    return value.status if is_said else ""


def _period(text: str, voice: Voice) -> str:
    """A period, or a day known with less precision."""
    if not text:
        return ""
    try:
        return dates.period(Period.parse(text), voice.language)
    except CauceError:
        return dates.imprecise(ImpreciseDate(text), voice.language, remark=False)


def _label(text: str, voice: Voice) -> str:
    """What an addend is: a period, a code of a dimension, or something with a name."""
    if has(f"label.{text}", voice.language):
        return voice.say(f"label.{text}")
    try:
        return dates.period(Period.parse(text), voice.language)
    except CauceError:
        pass
    if "=" in text:
        try:
            return breakdown(Breakdown.parse(text), voice)
        except CauceError:
            return text
    return " · ".join(voice.short(part.strip()) for part in text.split(";") if part.strip())
