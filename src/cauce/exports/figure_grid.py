"""How do released figures stand in a table to be taken away?

One row for each figure, always with the same columns: its value with what bounds it, or which
nothing it is, who says so, where and since when, and what is in doubt. People read the words;
files for machines also carry the codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from cauce.exports.evidence import (
    common_cautions,
    documents,
    doubts,
    few,
    is_invented,
    link,
    publications,
    reporters,
    state_of,
    statuses,
)
from cauce.exports.grid import Cell, Column, Grid, Kind, Row
from cauce.exports.notes import notes
from cauce.figures import Explanation
from cauce.values.answer import Bound, Known, Number, Refused
from cauce.values.breakdown import Breakdown
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.figure import Figure, Sense
from cauce.values.question import (
    CountQ,
    FactQ,
    IndicatorQ,
    MoneyQ,
    Question,
)
from cauce.words import Voice, dates, questions
from cauce.words.answers import PERCENT_UNITS, POINT, is_currency, quantity
from cauce.words.codes import reason
from cauce.words.explanations import Paper
from cauce.words.figures import accessible_name, value
from cauce.words.numbers import Side

__all__ = ["FIGURE_COLUMNS", "figure_grid"]

#: The columns in their order: name in files for machines, what it holds, whether files for
#: machines carry the words beside the code. Headings are ``table.<name>`` of the catalogue.
FIGURE_COLUMNS: tuple[tuple[str, Kind, bool], ...] = (
    ("what", "text", True),
    ("who", "text", True),
    ("place", "text", True),
    ("period", "text", True),
    ("breakdown", "text", True),
    ("value", "number", False),
    ("text", "text", False),
    ("bound", "text", False),
    ("low", "number", False),
    ("high", "number", False),
    ("unit", "text", True),
    ("state", "text", True),
    ("reason", "text", True),
    ("status", "text", False),
    ("reporter", "text", True),
    ("source", "text", True),
    ("published", "text", True),
    ("known_at", "text", False),
    ("informed", "text", False),
    ("other_values", "number", False),
    ("cautions", "text", True),
    ("how_made", "text", False),
)


_ECHOES = {"text": "value", "low": "value", "high": "value"}

#: How a bound is spelt for machines where an end itself is not meant: ``more_than`` 40,000.
_OPEN = {
    (Bound.AT_LEAST, True, False): "more_than",
    (Bound.AT_MOST, False, True): "less_than",
    (Bound.RANGE, True, True): "range_open",
    (Bound.RANGE, True, False): "range_low_open",
    (Bound.RANGE, False, True): "range_high_open",
    (Bound.ABOUT, False, True): "almost",
    (Bound.ABOUT, True, False): "little_more",
}


def _side(known: Known | None, end: Side) -> Side:
    """An end that bounds is cut outwards, so that the words claim no more than is known."""
    return "" if known is None or known.bound is Bound.EXACT else end


def figure_grid(
    explanations: Sequence[Explanation],
    voice: Voice,
    papers: Mapping[str, Paper],
    *,
    name: str,
    title: str,
    address: str,
    how_made: Callable[[Figure], str] | None = None,
    licence: str = "",
    today: date | None = None,
) -> Grid:
    """The table of explanations already released. ``address`` is the table's own and permanent;
    ``how_made`` gives the absolute one of the page on how a figure is made."""
    teller = _Teller(voice, papers, how_made or (lambda _: ""))
    figures = [one.figure for one in explanations]
    columns = tuple(
        Column(key, voice.say(f"table.{key}"), kind, worded, _ECHOES.get(key, ""))
        for key, kind, worded in FIGURE_COLUMNS
    )
    known = dict.fromkeys(teller.known(figure) for figure in figures if figure.known_at)
    # Each document is told with its dates, once for the whole table.
    sources = dict.fromkeys(line for one in explanations for line in teller.sources(one))
    return Grid(
        name=name,
        title=title,
        columns=columns,
        rows=tuple(teller.row(one) for one in explanations),
        notes=notes(
            voice,
            address=address,
            known=voice.list(list(known)),
            today=today,
            sources=list(sources),
            cautions=common_cautions(figures, voice),
            licence=licence,
            invented=any(map(is_invented, figures)),
        ),
        language=voice.language,
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    """Puts explanations into the cells of rows."""

    voice: Voice
    papers: Mapping[str, Paper]
    how_made: Callable[[Figure], str]

    def row(self, one: Explanation) -> Row:
        cells = self._about(one.figure) | self._answer(one.figure) | self._evidence(one)
        return tuple(cells[key] for key, _, _ in FIGURE_COLUMNS)

    # -- what is asked ---------------------------------------------------------------------------

    def _about(self, figure: Figure) -> dict[str, Cell]:
        voice, asked = self.voice, figure.question
        inner = questions.innermost(asked)
        place = getattr(inner, "place", None) or ""
        where = inner.where if isinstance(inner, IndicatorQ) else Breakdown()
        return {
            "what": Cell(questions.title(asked, voice), code=_what(asked)),
            "who": Cell(questions.who(asked, voice), code=_who(inner)),
            "place": Cell(questions.place_of(asked, voice), code=place),
            "period": Cell(questions.when(asked, voice), code=_when(inner)),
            "breakdown": Cell(questions.breakdown(where, voice), code=where.text),
            "known_at": Cell(self.known(figure), code=figure.known_at),
        }

    def known(self, figure: Figure) -> str:
        """The day as of which the figure says what was known."""
        if not figure.known_at:
            return ""
        return dates.known_at(KnownAt(figure.known_at), self.voice.zone, self.voice.language)

    # -- what is answered ------------------------------------------------------------------------

    def _answer(self, figure: Figure) -> dict[str, Cell]:
        voice, found = self.voice, figure.answer
        words, state = value(figure, voice), state_of(figure)
        known = found if isinstance(found, Known) else None
        address = self.how_made(figure)
        refused = found.reason if isinstance(found, Refused) else None
        # The reason has a column of its own; beside numbers it would be read as one of them.
        shown = self._number(
            figure, known.value if known else None, self._state(state) if refused else words
        )
        return {
            "value": Cell(
                shown.text, shown.number, shown.day, address,
                label=accessible_name(figure, voice), kind=shown.kind,
            ),
            "text": Cell(words),
            "bound": self._bound(known),
            "low": self._number(figure, known.low if known else None, side=_side(known, "low")),
            "high": self._number(figure, known.high if known else None, side=_side(known, "high")),
            "unit": Cell(self._unit(figure), code=figure.unit),
            "state": Cell(self._state(state), code=state),
            "reason": Cell(reason(refused, voice) if refused else "",
                           code=refused.code if refused else ""),
            "how_made": Cell(address, href=address),
        }  # fmt: skip

    def _number(
        self, figure: Figure, number: Number | None, words: str = "", side: Side = ""
    ) -> Cell:
        """A number or day of the answer; where there is none, the words given."""
        if number is None:
            return Cell(words)
        if isinstance(number, date):
            return Cell(words or dates.day(number, self.voice.language), day=number)
        is_percent = figure.sense is Sense.PERCENT_CHANGE or figure.unit in PERCENT_UNITS
        write = quantity(figure.unit, self.voice, figure.sense)
        kind: Kind = "percent" if is_percent else "number"
        return Cell(words or write(number, side), number, kind=kind)

    def _bound(self, known: Known | None) -> Cell:
        if known is None:
            return Cell("")
        spelt = _OPEN.get((known.bound, known.low_open, known.high_open), known.bound.value)
        return Cell(self.voice.say(f"table.bound.{spelt}"), code=spelt)

    def _unit(self, figure: Figure) -> str:
        unit = figure.unit
        if figure.sense is Sense.CHANGE and unit in PERCENT_UNITS:
            unit = POINT
        if not unit or unit in PERCENT_UNITS or is_currency(unit):
            return "%" if unit in PERCENT_UNITS else unit
        # The noun alone, in the plural: the number stands in its own cell.
        words = self.voice.say_or(f"unit.{unit}", unit, count=Fraction(2), number="")
        return words.strip()

    def _state(self, state: str) -> str:
        if state in ("known", "refused"):
            return self.voice.say(f"table.state.{state}")
        return self.voice.say(f"absence.{state}")

    # -- who says so -----------------------------------------------------------------------------

    def _evidence(self, one: Explanation) -> dict[str, Cell]:
        voice, figure, given = self.voice, one.figure, one.figure.coverage
        dated = publications(one, self.papers)
        who, read_in = reporters(one), documents(one)
        status = [one for one in statuses(one) if one]
        paper = self.papers.get(read_in[0]) if len(read_in) == 1 else None
        others = len(figure.competing)
        informed = (
            Cell(
                voice.say("table.informed_of", received=given.received, due=given.due),
                code=f"{given.received}/{given.due}",
            )
            if given
            else Cell("")
        )
        return {
            "reporter": Cell(few(who, voice.short, voice), code=_codes(who)),
            "source": Cell(few(read_in, voice.name, voice), code=_codes(read_in),
                           href=link(paper.address) if paper else ""),
            "published": Cell(few(dated, self._published, voice),
                              code=_codes(day.text for day in dated if day)),
            "status": Cell(few(status, lambda s: voice.say_or(f"status.{s}", s), voice),
                           code=_codes(status)),
            "informed": informed,
            "other_values": Cell(str(others), Fraction(others)),
            "cautions": Cell(" ".join(doubts(figure, voice)),
                             code=_codes(code.code for code in figure.caveats)),
        }  # fmt: skip

    def _published(self, day: ImpreciseDate | None) -> str:
        return dates.imprecise(day, self.voice.language)

    def sources(self, one: Explanation) -> list[str]:
        """The documents of a figure, each with its publisher and the date of publication."""
        found = []
        for used in one.used:
            paper = self.papers.get(used.source)
            if paper is None:
                continue
            title = self.voice.name(used.source)
            if paper.publisher:
                title = self.voice.say("note.by", publisher=paper.publisher, title=title)
            dated = self.voice.say(
                "note.dated", source=title, date=self._published(paper.published)
            )
            found.append(f"{dated}. {paper.address}" if paper.address else dated)
        return found


def _what(question: Question) -> str:
    """What is asked, spelt for machines: an id, ``money.pledged``, ``percent:asylum/AS-1``."""
    match question:
        case IndicatorQ():
            kind = "" if question.kind == "actual" else f"{question.kind}:"
            return f"{kind}{question.indicator}"
        case MoneyQ():
            return f"money.{question.stage}" if question.stage else "money"
        case CountQ():
            parts = (question.of, question.role or question.state or "")
            return ".".join(part for part in parts if part)
        case FactQ():
            return f"{question.record}.{question.field}"
        case _:  # a change or a progress
            return f"{question.as_}:{_what(question.of)}"


def _who(question: Question) -> str:
    names = ("party", "provider", "receiver", "programme", "body", "framework")
    return _codes(str(getattr(question, name, None) or "") for name in names)


def _when(question: Question) -> str:
    for name in ("period", "on"):
        if given := getattr(question, name, None):
            return str(given.text)
    return ""


def _codes(codes: Iterable[str]) -> str:
    return ";".join(code for code in codes if code)
