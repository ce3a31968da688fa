"""Which chart do these figures make, and what does it say when it is read aloud?

One bar a figure: over periods where their periods differ, else one for each group. The sentence
under a chart holds only what is honest: no highest where one value is open upwards, no change but
the one that was asked and not refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from cauce.errors import CauceError
from cauce.exports.chart_values import Bar, Chart, Other, Target, is_about, span
from cauce.figures import Explanation
from cauce.figures.invented import INVENTED
from cauce.values.answer import Answer, Bound, Known, Refused, Suppressed
from cauce.values.figure import Competing, Coverage, Figure, Sense
from cauce.values.period import Period
from cauce.values.question import ChangeQ, IndicatorQ, MoneyQ
from cauce.words import Voice, dates, plain
from cauce.words.answers import PERCENT_UNITS, answer, is_currency, quantity
from cauce.words.codes import dimension
from cauce.words.figures import change as change_words
from cauce.words.figures import coverage, sentence
from cauce.words.figures import value as value_words
from cauce.words.questions import innermost, title, when

__all__ = ["change_of", "chart_of"]


def change_of(figures: Sequence[Figure | Explanation]) -> ChangeQ | None:
    """The question of how the last of these figures differs from the first that has a value, to
    be asked, released and given to :func:`chart_of`; none where there are not two."""
    known = [one for one in _plain(figures) if isinstance(one.answer, Known)]
    if len(known) < 2:
        return None
    first, last = known[0].question, known[-1].question
    if not isinstance(first, IndicatorQ | MoneyQ) or not isinstance(last, IndicatorQ | MoneyQ):
        return None
    if first.period is None or last.period is None or first.period == last.period:
        return None
    if replace(first, period=last.period) != last:
        return None
    return ChangeQ(
        of=last,
        base_period=first.period,
        as_="difference" if known[0].unit in PERCENT_UNITS else "percent",
        known_at=last.known_at,
        head=last.head,
        audience=last.audience,
        verified_only=last.verified_only,
    )


def chart_of(
    figures: Sequence[Figure | Explanation],
    voice: Voice,
    *,
    target: Figure | None = None,
    change: Figure | None = None,
) -> Chart:
    """The chart of released figures, in their order.

    ``target`` draws its line where it is known and in the same unit; ``change`` is the answer to
    :func:`change_of`. Raises ValueError where there are no figures.
    """
    given = _plain(figures)
    if not given:
        raise ValueError("a chart without figures")
    return _Reader(voice, given, _in_time(given)).chart(target, change)


def _plain(figures: Sequence[Figure | Explanation]) -> tuple[Figure, ...]:
    return tuple(one.figure if isinstance(one, Explanation) else one for one in figures)


def _period(figure: Figure) -> Period | None:
    return getattr(innermost(figure.question), "period", None)


def _in_time(figures: Sequence[Figure]) -> bool:
    return len(figures) == 1 or len({_period(figure) for figure in figures}) > 1


@dataclass(frozen=True, slots=True)
class _Reader:
    """Puts one chart into one voice."""

    voice: Voice
    figures: tuple[Figure, ...]
    in_time: bool

    def chart(self, target: Figure | None, change: Figure | None) -> Chart:
        first = self.figures[0]
        bars = tuple(self._bar(figure) for figure in self.figures)
        others = tuple(
            self._other(at, figure, one)
            for at, figure in enumerate(self.figures)
            for one in figure.competing
        )
        return Chart(
            title=plain(self._title()),
            description=plain(" ".join(filter(None, self._sentences(bars, target, change)))),
            bars=bars,
            others=others,
            target=self._target(target) if target else None,
            language=self.voice.language,
            unit=self._unit(first.unit),
            sense=first.sense,
            caption=self._caption(first),
            in_time=self.in_time,
            warning=self._say("take.invented") if self._with(INVENTED.code) else "",
        )

    # -- bars ----------------------------------------------------------------------------------

    def _bar(self, figure: Figure) -> Bar:
        words = plain(sentence(figure, self.voice))
        value = self._value(figure.answer, figure.unit, figure)
        return Bar(self._label(figure), figure.answer, value, words, self._is_part(figure))

    def _value(self, given: Answer, unit: str, figure: Figure | None = None) -> str:
        """The value without the noun, which stands once for the whole chart."""
        if isinstance(given, Refused):
            return self.voice.say("chart.refused")
        if figure is not None and figure.sense in (Sense.CHANGE, Sense.PERCENT_CHANGE):
            return change_words(replace(figure, unit=self._unit(unit)), self.voice)
        sense = figure.sense if figure else Sense.LEVEL
        _, _, estimate = span(given)
        is_plain = isinstance(given, Known) and not (given.low_open or given.high_open)
        if estimate is not None and is_plain:
            # The drawing puts the sign of an estimate before it.
            return quantity(self._unit(unit), self.voice, sense, noun=False)(estimate, "")
        return answer(given, self._unit(unit), self.voice, sense=sense)

    @staticmethod
    def _unit(unit: str) -> str:
        return unit if is_currency(unit) or unit in PERCENT_UNITS else ""

    def _caption(self, figure: Figure) -> str:
        """The noun alone: «personas»; nothing where the numbers carry their unit."""
        unit = figure.unit
        if self._unit(unit) or not unit or figure.sense in (Sense.PERCENT_CHANGE, Sense.MULTIPLE):
            return ""
        return self.voice.say_or(f"unit.{unit}", unit, count=2, number="").strip()

    def _is_part(self, figure: Figure) -> bool:
        """Whether its period is shorter than the usual unit of the others, and none itself."""
        period = _period(figure)
        grains = Counter(p.grain for f in self.figures if (p := _period(f)) is not None)
        if period is None or not self.in_time or period.grain is not None:
            return False
        usual = [p for f in self.figures if (p := _period(f)) and p.grain is not None]
        return bool(grains and usual) and period.end - period.start < min(
            p.end - p.start for p in usual
        )

    def _other(self, at: int, figure: Figure, one: Competing) -> Other:
        voice = self.voice
        is_same = one.unit in ("", figure.unit)
        value = self._value(one.answer, figure.unit) if is_same else ""
        value = value or answer(one.answer, one.unit or figure.unit, voice)
        value = f"≈ {value}" if is_same and is_about(one.answer) else value
        who = voice.short(one.reporter) if one.reporter else voice.say("note.unnamed")
        period = _period(figure)
        key, span_of = "chart.other", ""
        if one.why in ("part", "calendar") and one.period and _differs(one.period, period):
            key, span_of = "chart.other_period", self._words_of(one.period)
        label = voice.say(key, reporter=who, value=value, period=span_of)
        return Other(at, plain(label), one.answer, one.why == "part", is_same)

    def _words_of(self, period: str) -> str:
        try:
            return dates.period(Period.parse(period), self.voice.language)
        except CauceError:
            return period

    def _target(self, figure: Figure) -> Target | None:
        """Its line; none for a nothing, or in another unit than the bars."""
        if not isinstance(figure.answer, Known) or figure.unit != self.figures[0].unit:
            return None
        words = self._value(figure.answer, figure.unit, figure)
        return Target(plain(self.voice.say("chart.target", value=words)), figure.answer)

    # -- what it is about -----------------------------------------------------------------------

    def _label(self, figure: Figure) -> str:
        if self.in_time:
            return when(figure.question, self.voice) or title(figure.question, self.voice)
        inner, voice = innermost(figure.question), self.voice
        parts = []
        for name in self._differing():
            if name == "where" and isinstance(inner, IndicatorQ):
                common = self._common()
                parts += [voice.code_name(d, c) for d, c in inner.where.items if d not in common]
            elif found := getattr(inner, name, None):
                parts.append(self._named(name, found))
        return " · ".join(parts) or title(figure.question, voice)

    def _named(self, field: str, found: object) -> str:
        match field:
            case "stage" | "state":
                return self.voice.say_or(f"{field}.{found}", str(found))
            case "reporters" if isinstance(found, tuple):
                return self.voice.names(", ".join(found))
            case "place":
                return self.voice.name(str(found))
            case _:
                return self.voice.short(str(found))

    def _differing(self) -> tuple[str, ...]:
        """By which fields of the question the groups differ."""
        fields = (
            "where", "place", "party", "programme", "reporters", "provider", "receiver",
            "stage", "state", "body", "framework", "indicator",
        )  # fmt: skip
        questions = [innermost(figure.question) for figure in self.figures]
        return tuple(
            name for name in fields if len({getattr(q, name, None) for q in questions}) > 1
        )

    def _common(self) -> tuple[str, ...]:
        """The dimensions in which all groups have one code."""
        wheres = [
            q.where for f in self.figures if isinstance(q := innermost(f.question), IndicatorQ)
        ]
        return tuple(d for d, c in wheres[0].items if all(where.get(d) == c for where in wheres))

    def _title(self) -> str:
        voice, question = self.voice, self.figures[0].question
        differing = () if self.in_time else self._differing()
        inner = innermost(self.figures[0].question)
        if isinstance(inner, IndicatorQ) and inner is question and "where" in differing:
            own = [d for d in inner.where.dimensions if d not in self._common()]
            question = replace(inner, where=inner.where.without(own))
            by = voice.list([dimension(d, voice) for d in own])
            what = voice.say("chart.by", what=title(question, voice), by=by)
        else:
            what = title(question, voice)
        place = getattr(inner, "place", None)
        names = [voice.name(place)] if place and "place" not in differing else []
        scope = ", ".join([*names, *filter(None, [self._stretch()])])
        return voice.say("figure.scoped", what=what, scope=scope) if scope else what

    def _stretch(self) -> str:
        """From the first period to the last."""
        first, last = (_period(self.figures[at]) for at in (0, -1))
        if first is None or last is None or first == last:
            return when(self.figures[0].question, self.voice)
        if first.calendar == last.calendar and first.start < last.end:
            return dates.period(Period(first.start, last.end, first.calendar), self.voice.language)
        return self._run(self._label(self.figures[0]), self._label(self.figures[-1]))

    # -- what it says ---------------------------------------------------------------------------

    def _sentences(
        self, bars: Sequence[Bar], target: Figure | None, change: Figure | None
    ) -> Iterator[str]:
        yield self._ends(bars) if self.in_time else ""
        yield self._extremes(bars)
        if change is not None and isinstance(change.answer, Known):
            yield self._change(change)
        yield from self._nothings(bars)
        elsewhere = self._with("not_preferred")
        if elsewhere:
            yield self._say("chart.read.elsewhere", periods=self._runs(elsewhere, bars))
        yield self._beside(bars, is_part=True)
        yield self._beside(bars, is_part=False)
        if target is not None:
            yield self._say("chart.read.target", value=value_words(target, self.voice))
        yield coverage(self._covered(), self.voice)

    def _say(self, key: str, **params: object) -> str:
        return self.voice.say(key, **params)

    def _run(self, first: str, last: str) -> str:
        return self._say("chart.run", first=first, last=last)

    def _ends(self, bars: Sequence[Bar]) -> str:
        known = [n for n, bar in enumerate(bars) if isinstance(bar.answer, Known)]
        if not known:
            return ""
        first, last = known[0], known[-1]
        shown = [(bars[n].label, value_words(self.figures[n], self.voice)) for n in (first, last)]
        said = self._say("chart.read.one", period=shown[0][0], value=shown[0][1])
        if first == last:
            return f"{said}."
        second = self._say("chart.read.one", period=shown[1][0], value=shown[1][1])
        return self._say("chart.read.ends", first=said, last=second)

    def _extremes(self, bars: Sequence[Bar]) -> str:
        """The highest, of groups also the lowest, where one is certainly so: not beside a value
        that is protected, which may be either."""
        if any(isinstance(bar.answer, Suppressed) for bar in bars):
            return ""
        known = [
            (n, bar.answer)
            for n, bar in enumerate(bars)
            if isinstance(bar.answer, Known) and not bar.is_part
        ]
        levels = {n: given.low for n, given in known if _is_sure(given)}
        if len(levels) < len(known) or len(known) < (3 if self.in_time else 2):
            return ""
        said = []
        for which, pick in (("highest", max), ("lowest", min)):
            found = pick(levels.values())  # type: ignore[type-var]  # exact numbers
            at = [n for n, number in levels.items() if number == found]
            if len(at) == 1 and (which == "highest" or not self.in_time):
                value = value_words(self.figures[at[0]], self.voice)
                said.append(self._say(f"chart.read.{which}", period=bars[at[0]].label, value=value))
        return " ".join(said)

    def _change(self, change: Figure) -> str:
        question = change.question
        if not isinstance(question, ChangeQ) or question.base_period is None:
            return ""
        base = dates.period(question.base_period, self.voice.language)
        run = self._run(base, when(question, self.voice))
        return self._say("chart.read.change", periods=run, change=change_words(change, self.voice))

    def _nothings(self, bars: Sequence[Bar]) -> Iterator[str]:
        """Each kind of nothing with its periods: «2013 a 2016, 2025: sin dato.»"""
        kinds: dict[str, list[int]] = {}
        for number, bar in enumerate(bars):
            if not isinstance(bar.answer, Known):
                kinds.setdefault(bar.value, []).append(number)
        for word, numbers in kinds.items():
            runs = self._runs(numbers, bars)
            yield f"{self._say('chart.read.one', period=runs, value=word)}."

    def _runs(self, numbers: Sequence[int], bars: Sequence[Bar]) -> str:
        """Labels as a list; of three or more periods in a row only the first and the last."""
        groups: list[list[int]] = []
        for number in numbers:
            if groups and self.in_time and groups[-1][-1] == number - 1:
                groups[-1].append(number)
            else:
                groups.append([number])
        said: list[str] = []
        for group in groups:
            labels = [bars[n].label for n in group]
            said += [self._run(labels[0], labels[-1])] if len(group) > 2 else labels
        return self.voice.list(said)

    def _beside(self, bars: Sequence[Bar], *, is_part: bool) -> str:
        """For which periods there are values of a part only, or of other publishers."""
        numbers = [
            number
            for number, figure in enumerate(self.figures)
            if any((one.why == "part") == is_part for one in figure.competing)
        ]
        key = "chart.read.parts" if is_part else "chart.read.others"
        return self._say(key, periods=self._runs(numbers, bars)) if numbers else ""

    def _with(self, caveat: str) -> list[int]:
        """Which figures carry a caveat."""
        return [
            number
            for number, figure in enumerate(self.figures)
            if any(code.code == caveat for code in figure.caveats)
        ]

    def _covered(self) -> Coverage | None:
        """Who was due and lacks, over all bars; of groups the same unit is not counted twice."""
        given = [figure.coverage for figure in self.figures if figure.coverage is not None]
        if not given or not self.in_time:
            return given[0] if given and len({*given}) == 1 else None
        return Coverage(
            received=sum(one.received for one in given),
            due=sum(one.due for one in given),
            not_yet_due=sum(one.not_yet_due for one in given),
            exempt=sum(one.exempt for one in given),
            lacks=tuple(lack for one in given for lack in one.lacks),
        )


def _differs(text: str, period: Period | None) -> bool:
    try:
        return Period.parse(text) != period
    except CauceError:
        return True


def _is_sure(given: Known) -> bool:
    return given.bound is Bound.EXACT and isinstance(given.low, Fraction)
