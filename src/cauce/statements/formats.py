"""How is a figure printed at one place of a text? One function for each format.

Every format prints words even where there is no value: a date that is not recorded says so, an
absent amount says which nothing it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

from cauce.figures import Explanation
from cauce.statements.template import FORMATS
from cauce.values.answer import Known
from cauce.values.dates import ImpreciseDate
from cauce.values.figure import Sense
from cauce.values.question import MoneyQ
from cauce.words import Voice, dates, figures
from cauce.words.answers import answer, bounded, quantity
from cauce.words.questions import place_of, when

__all__ = ["PRINTERS", "printed"]

Printer = Callable[[Explanation, Voice], str]


def printed(format: str, explanation: Explanation, voice: Voice) -> str:
    """The figure in one of :data:`~cauce.statements.template.FORMATS`.

    ``value`` and ``money``: with bound and unit, «más de 40,000 personas». ``count``: without the
    noun. ``percent``, ``multiple``: as that. ``change``: with its direction, «19.7% menos».
    ``sentence``: the whole sentence. ``year``, ``month``, ``day``: of a date; ``on`` with its
    preposition, «el 8 de junio de 2021». ``period``, ``place``: what the question asks about, so
    that a text need not type a year. ``published``: since when the value could be read.
    ``modality``: an amount with its stage, «comprometidos». ``others``: the other published values.
    """
    return PRINTERS[format](explanation, voice)


def _value(explanation: Explanation, voice: Voice) -> str:
    return figures.value(explanation.figure, voice)


def _count(explanation: Explanation, voice: Voice) -> str:
    figure = explanation.figure
    return _as(explanation, voice, quantity(figure.unit, voice, figure.sense, noun=False))


def _percent(explanation: Explanation, voice: Voice) -> str:
    return _as(explanation, voice, quantity("%", voice))


def _multiple(explanation: Explanation, voice: Voice) -> str:
    return _as(explanation, voice, quantity("", voice, Sense.MULTIPLE))


def _as(explanation: Explanation, voice: Voice, write: Callable[..., str]) -> str:
    known = explanation.figure.answer
    if not isinstance(known, Known) or _days(known) != (None, None):
        return _value(explanation, voice)
    return bounded(known, write, voice)


def _change(explanation: Explanation, voice: Voice) -> str:
    return figures.change(explanation.figure, voice)


def _sentence(explanation: Explanation, voice: Voice) -> str:
    return figures.sentence(explanation.figure, voice)


# -- dates ---------------------------------------------------------------------------------------


def _days(known: object) -> tuple[date | None, date | None]:
    if not isinstance(known, Known):
        return None, None
    low, high = (end if isinstance(end, date) else None for end in (known.low, known.high))
    return low, high


def _year(explanation: Explanation, voice: Voice) -> str:
    low, high = _days(explanation.figure.answer)
    if low and high and low.year == high.year:
        return dates.year(low, voice.language)
    return dates.date_between(low, high, voice.language)


def _month(explanation: Explanation, voice: Voice) -> str:
    low, high = _days(explanation.figure.answer)
    if low and high and (low.year, low.month) == (high.year, high.month):
        return dates.month(low, voice.language)
    return dates.date_between(low, high, voice.language)


def _day(explanation: Explanation, voice: Voice) -> str:
    return dates.date_between(*_days(explanation.figure.answer), voice.language)


def _on(explanation: Explanation, voice: Voice) -> str:
    return dates.on(*_days(explanation.figure.answer), voice.language)


def _published(explanation: Explanation, voice: Voice) -> str:
    """Since when the newest of the values used could be read."""
    texts = [value.public_at for value in explanation.used if value.public_at]
    if not texts:
        return voice.say("published.none")
    newest = max(map(ImpreciseDate, texts), key=lambda day: day.latest or date.max)
    return dates.imprecise(newest, voice.language, remark=False)


def _period(explanation: Explanation, voice: Voice) -> str:
    return when(explanation.figure.question, voice)


def _place(explanation: Explanation, voice: Voice) -> str:
    return place_of(explanation.figure.question, voice)


# -- money, and what else was published -----------------------------------------------------------


def _modality(explanation: Explanation, voice: Voice) -> str:
    question, figure = explanation.figure.question, explanation.figure
    stage = question.stage if isinstance(question, MoneyQ) else None
    value = figures.value(figure, voice)
    if stage is None:
        return value
    if isinstance(figure.answer, Known):
        return voice.say(f"money.{stage}", value=value)
    return voice.say("money.none", stage=voice.say(f"stage.{stage}"), value=value)


def _others(explanation: Explanation, voice: Voice) -> str:
    figure = explanation.figure
    found = [
        voice.say(
            "others.one",
            reporter=voice.short(one.reporter),
            value=answer(one.answer, one.unit or figure.unit, voice),
        )
        for one in figure.competing
    ]
    return voice.apart(found) or voice.say("others.none")


PRINTERS: Mapping[str, Printer] = {
    "value": _value,
    "count": _count,
    "money": _value,
    "percent": _percent,
    "multiple": _multiple,
    "change": _change,
    "sentence": _sentence,
    "year": _year,
    "month": _month,
    "day": _day,
    "on": _on,
    "period": _period,
    "place": _place,
    "published": _published,
    "modality": _modality,
    "others": _others,
}
# A format that can be written but not printed would fail on the day of issue.
if set(PRINTERS) != set(FORMATS):  # pragma: no cover - a defect of this file
    raise TypeError("formats without a printer")
