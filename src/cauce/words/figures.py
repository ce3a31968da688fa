"""How does a figure read: its value, its sentence, what it is called when read alone?"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from cauce.values.answer import Known
from cauce.values.figure import Competing, Coverage, Figure, Sense
from cauce.words import dates
from cauce.words.answers import answer, bounded, quantity
from cauce.words.codes import caveat
from cauce.words.questions import title, where_and_when
from cauce.words.voice import Voice

__all__ = ["accessible_name", "cautions", "change", "competing", "coverage", "sentence", "value"]


def value(figure: Figure, voice: Voice) -> str:
    """The answer with bound and unit: «más de 40,000 personas»; of a change with its direction:
    «43.9% menos»."""
    if figure.sense in (Sense.CHANGE, Sense.PERCENT_CHANGE):
        return change(figure, voice)
    return answer(figure.answer, figure.unit, voice, sense=figure.sense)


def sentence(figure: Figure, voice: Voice) -> str:
    """The figure as a sentence: «Solicitudes registradas, México, 2022: 118,756 solicitudes.»"""
    about = title(figure.question, voice)
    scope = where_and_when(figure.question, voice)
    what = voice.say("figure.scoped", what=about, scope=scope) if scope else about
    return voice.say("figure.sentence", what=what, value=value(figure, voice))


def accessible_name(figure: Figure, voice: Voice) -> str:
    """What a link on the figure is called when it is read alone: «118,756 solicitudes, México,
    2022: cómo se obtuvo»."""
    scope = where_and_when(figure.question, voice) or title(figure.question, voice)
    return voice.say("figure.link", value=value(figure, voice), scope=scope)


def change(figure: Figure, voice: Voice) -> str:
    """A difference or percent change with its direction: «43.9% menos», «igual»."""
    known = figure.answer
    if not isinstance(known, Known) or figure.sense in (Sense.LEVEL, Sense.MULTIPLE):
        return answer(known, figure.unit, voice, sense=figure.sense)
    write = quantity(figure.unit, voice, figure.sense)
    ends = [e for e in (known.low, known.high, known.estimate) if isinstance(e, Fraction)]
    if all(e == 0 for e in ends):
        return voice.say("change.same")
    if all(e >= 0 for e in ends) and known.low is not None:
        return voice.say("change.more", value=bounded(known, write, voice))
    if all(e <= 0 for e in ends) and known.high is not None:
        return voice.say("change.less", value=bounded(_negated(known), write, voice))
    return bounded(known, write, voice)


def _negated(known: Known) -> Known:
    low, high, estimate = (
        -e if isinstance(e, Fraction) else None for e in (known.high, known.low, known.estimate)
    )
    return replace(
        known,
        low=low,
        high=high,
        estimate=estimate,
        low_open=known.high_open,
        high_open=known.low_open,
        num=None,
        den=None,
    )


def coverage(given: Coverage | None, voice: Voice) -> str:
    """«Informaron 3 de 5; faltan: …»; empty where nobody was due to report."""
    if given is None:
        return ""
    counts = {"count": given.received, "due": given.due}
    missing = _missing(given, voice)
    if missing:
        parts = [voice.say("coverage.missing", **counts, missing=missing)]
    else:
        parts = [voice.say("coverage.all", **counts)]
    if given.not_yet_due:
        parts.append(voice.say("coverage.not_yet_due", count=given.not_yet_due))
    if given.exempt:
        parts.append(voice.say("coverage.exempt", count=given.exempt))
    return " ".join(parts)


def _missing(given: Coverage, voice: Voice) -> str:
    """Who lacks, each with its sub-periods: «Honduras (2021, 2022)»."""
    by_unit: dict[str, list[str]] = {}
    for lack in given.lacks:
        unit = " · ".join(voice.short(i) for i in (lack.party, lack.programme, lack.place) if i)
        by_unit.setdefault(unit, []).append(lack.period)
    shown = []
    for unit, periods in by_unit.items():
        when = ", ".join(dates.unit(p, voice.language) for p in periods[:6])
        when += "…" if len(periods) > 6 else ""
        shown.append(f"{unit} ({when})" if unit else when)
    return voice.list(shown)


def cautions(figure: Figure, voice: Voice) -> list[str]:
    """The figure's caveats as sentences."""
    return [caveat(code, voice) for code in figure.caveats]


def competing(one: Competing, unit: str, voice: Voice) -> str:
    """One of the other published values: «ACNUR, 2022: 118,756 solicitudes (otra fuente)»."""
    shown = answer(one.answer, one.unit or unit, voice)
    return voice.say(
        "competing.line",
        reporter=voice.short(one.reporter) if one.reporter else "",
        period=dates.unit(one.period, voice.language),
        value=shown,
        why=voice.say(f"competing.{one.why}"),
    )
