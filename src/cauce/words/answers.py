"""How is an answer said: its value with its bound and unit, or which nothing it is?

Zero, no data, under review, withdrawn and protected are five different words everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from fractions import Fraction

from babel import Locale

from cauce.values.answer import Absent, Answer, Bound, Known, Number, Refused, Suppressed
from cauce.values.figure import Sense
from cauce.words import dates
from cauce.words.amounts import NBSP, money
from cauce.words.codes import reason
from cauce.words.numbers import Side, multiple, number, percent
from cauce.words.voice import Voice

__all__ = ["PERCENT_UNITS", "POINT", "answer", "bounded", "is_currency", "nothing", "quantity"]

#: Units whose values are fractions, written as percentages.
PERCENT_UNITS = ("%", "percent", "share")

#: The unit of a difference of percentages.
POINT = "point"

Writer = Callable[[Fraction, Side], str]


def is_currency(unit: str) -> bool:
    """Whether a unit is an ISO 4217 code."""
    return len(unit) == 3 and unit in Locale.parse("en").currencies


def answer(value: Answer, unit: str, voice: Voice, *, sense: Sense = Sense.LEVEL) -> str:
    """The whole answer in words: «más de 40,000 personas», «sin dato»."""
    if not isinstance(value, Known):
        return nothing(value, voice)
    if isinstance(value.low or value.high or value.estimate, date):
        return _days(value, voice)
    write = quantity(unit, voice, sense)
    return bounded(value, write, voice, first=quantity(unit, voice, sense, noun=False))


def nothing(value: Absent | Suppressed | Refused, voice: Voice) -> str:
    """Which nothing it is, and for a refusal why."""
    match value:
        case Absent():
            return voice.say(f"absence.{value.absence.value}")
        case Suppressed():
            return voice.say("absence.suppressed")
        case Refused():
            return voice.say("absence.refused", reason=reason(value.reason, voice))


def bounded(value: Known, write: Writer, voice: Voice, *, first: Writer | None = None) -> str:
    """A known number with its bound in words; ``write`` gives number and unit, and ``first`` the
    lower of two numbers, without the noun that follows the second: «entre 100 y 203 personas»."""
    low, high = _fraction(value.low), _fraction(value.high)
    match value.bound:
        case Bound.ABOUT:
            return _about(value, write, first or write, voice)
        case Bound.AT_LEAST if low is not None:
            key = "bound.more_than" if value.low_open else "bound.at_least"
            return voice.say(key, value=write(low, "low"))
        case Bound.AT_MOST if high is not None:
            key = "bound.less_than" if value.high_open else "bound.at_most"
            return voice.say(key, value=write(high, "high"))
        case Bound.RANGE if low is not None and high is not None:
            key = {
                (False, False): "bound.range",
                (True, True): "bound.range_open",
                (True, False): "bound.range_low_open",
                (False, True): "bound.range_high_open",
            }[value.low_open, value.high_open]
            return voice.say(key, low=(first or write)(low, "low"), high=write(high, "high"))
    return write(low if low is not None else Fraction(0), "")


def _about(value: Known, write: Writer, first: Writer, voice: Voice) -> str:
    estimate, low, high = map(_fraction, (value.estimate, value.low, value.high))
    shown = write(estimate or Fraction(0), "")
    if value.high_open and estimate == high:
        return voice.say("bound.almost", value=shown)
    if value.low_open and estimate == low:
        return voice.say("bound.little_more", value=shown)
    about = voice.say("bound.about", value=shown)
    if low is None or high is None or low == high:
        return about
    limits = voice.say("bound.range", low=first(low, "low"), high=first(high, "high"))
    return voice.say("bound.about_range", about=about, limits=limits)


def _fraction(value: Number | None) -> Fraction | None:
    return value if isinstance(value, Fraction) else None


def quantity(unit: str, voice: Voice, sense: Sense = Sense.LEVEL, *, noun: bool = True) -> Writer:
    """How numbers of a unit are written: with its noun, its currency or its percent sign."""
    language = voice.language
    if sense is Sense.MULTIPLE:
        return lambda value, side: _times(value, side, voice, noun=noun)
    if sense is Sense.CHANGE and unit in PERCENT_UNITS:
        # From 50 % to 25 % is 25 points, or 50 % less; never 25 % less.
        return lambda value, side: _points(value, side, voice, noun=noun)
    if sense is Sense.PERCENT_CHANGE or unit in PERCENT_UNITS:
        return lambda value, side: percent(value, language, side=side)
    if is_currency(unit):
        return lambda value, side: money(value, unit, language, side=side)
    if not noun or not unit:
        return lambda value, side: number(value, language, side=side)
    return lambda value, side: with_unit(value, unit, voice, side=side)


def _points(value: Fraction, side: Side, voice: Voice, *, noun: bool) -> str:
    if not noun:
        return number(value * 100, voice.language, side=side)
    return with_unit(value * 100, POINT, voice, side=side)


def _times(value: Fraction, side: Side, voice: Voice, *, noun: bool) -> str:
    shown = multiple(value, voice.language, side=side)
    return voice.say("unit.times", count=value, number=shown) if noun else shown


def with_unit(value: Fraction, unit: str, voice: Voice, *, side: Side = "") -> str:
    """«118,756 solicitudes», «15,000,000 de personas». A unit without words of its own stands as
    its framework names it."""
    digits = number(value, voice.language, side=side)
    if value and value % 1_000_000 == 0:
        # «quince millones de personas»: Spanish and French read the whole millions as a noun.
        digits = voice.say("number.whole_millions", number=digits)
    written = voice.say_or(f"unit.{unit}", f"{digits}{NBSP}{unit}", count=value, number=digits)
    return _ELISION.sub("d’", written) if voice.language == "fr" else written


_ELISION = re.compile(r"\bde (?=[aeéèêiîoôuh])")


def _days(value: Known, voice: Voice) -> str:
    low, high = (day if isinstance(day, date) else None for day in (value.low, value.high))
    return dates.date_between(low, high, voice.language)
