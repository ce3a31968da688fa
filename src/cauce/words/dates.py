"""How is a date or a period written, with the precision it has and no more?

The month is always spelt (no 12/07/2022), and a day that is not known is never invented: «marzo
de 2023 (día no registrado)», «fecha no registrada».
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton, format_time, get_timezone_location

from cauce.values.dates import ImpreciseDate, KnownAt, Precision, unit_span
from cauce.values.period import GREGORIAN, Period
from cauce.words.catalogue import text
from cauce.words.languages import LOCALES

__all__ = [
    "date_between",
    "day",
    "imprecise",
    "known_at",
    "moment",
    "month",
    "on",
    "period",
    "unit",
    "year",
]


def day(value: date, language: str) -> str:
    """«12 de julio de 2022», “12 July 2022”, «12 juillet 2022», «1er décembre 2021»."""
    written = str(format_date(value, "long", locale=LOCALES[language]))
    # CLDR has no ordinal; French names the first of a month by one.
    return f"1er{written[1:]}" if language == "fr" and value.day == 1 else written


def month(value: date, language: str) -> str:
    """Month and year, by skeleton: a pattern would give the wrong «marzo 2023».

    >>> [month(date(2023, 3, 1), language) for language in ("es", "en", "fr")]
    ['marzo de 2023', 'March 2023', 'mars 2023']
    """
    return str(format_skeleton("yMMMM", value, locale=LOCALES[language]))


def year(value: date, language: str) -> str:
    """A year in digits, never grouped."""
    return f"{value.year}"


def moment(value: datetime, zone: ZoneInfo, language: str) -> str:
    """A day with its hour, and whose: «12 de julio de 2022, 14:05 (hora de Ciudad de México)»."""
    local, locale = value.astimezone(zone), LOCALES[language]
    return text(
        "date.moment",
        language,
        day=day(local.date(), language),
        hour=format_time(local, "HH:mm", locale=locale),
        city=get_timezone_location(zone, locale=locale, return_city=True),
    )


def unit(name: str, language: str) -> str:
    """A whole unit by its text: ``2023``, ``2023-Q1``, ``2023-03`` or ``2023-03-05``."""
    span = unit_span(name)
    if span is None:
        return name
    first, _, grain = span
    return _unit(first, grain, language)


def _unit(first: date, grain: str, language: str) -> str:
    match grain:
        case "day":
            return day(first, language)
        case "month":
            return month(first, language)
        case "quarter" | "half":
            number = (first.month - 1) // (3 if grain == "quarter" else 6) + 1
            return text(f"period.{grain}.{number}", language, year=str(first.year))
        case _:
            return year(first, language)


def imprecise(value: ImpreciseDate | None, language: str, *, remark: bool = True) -> str:
    """A date as precisely as its source gives it; ``remark`` says in brackets what is missing. A
    doubt is said in any case.

    >>> imprecise(ImpreciseDate("2023-03"), "es")
    'marzo de 2023 (día no registrado)'
    >>> imprecise(None, "en")
    'date not recorded'
    """
    if value is None:
        return text("date.none", language)
    if ".." in value.text:
        return _interval(value, language)
    written = unit(value.text.removesuffix("?"), language)
    if value.precision is Precision.DOUBTFUL:
        return text("date.doubtful", language, date=written)
    key = _LACKING.get(value.precision)
    return text(key, language, date=written) if key and remark else written


#: What a source left out of its date.
_LACKING = {Precision.MONTH: "date.day_missing", Precision.YEAR: "date.month_missing"}


def _interval(value: ImpreciseDate, language: str) -> str:
    first, _, last = value.text.partition("..")
    if not last:
        return text("date.from", language, date=unit(first, language))
    if not first:
        return text("date.until", language, date=unit(last, language))
    return text(
        _between(_is_day(first), _is_day(last)),
        language,
        first=unit(first, language),
        last=unit(last, language),
    )


def _between(first: bool, last: bool) -> str:
    """The sentence between two units, each with its article where it is a day."""
    if first and last:
        return "date.between_days"
    if first:
        return "date.between_day_first"
    return "date.between_day_last" if last else "date.between"


def _is_day(written: str) -> bool:
    return written.count("-") == 2


def date_between(low: date | None, high: date | None, language: str) -> str:
    """A day that lies between two, as an answer gives it: a whole month is that month."""
    if low is None or high is None:
        known, key = low or high, "date.until" if low is None else "date.from"
        return text(key if known else "date.none", language, date=known and day(known, language))
    if grain := _whole(low, high):
        return _unit(low, grain, language)
    return text("date.between_days", language, first=day(low, language), last=day(high, language))


def _whole(low: date, high: date) -> str | None:
    """The unit that two days span exactly."""
    if low == high:
        return "day"
    return Period(low, high + timedelta(days=1)).grain


def on(low: date | None, high: date | None, language: str) -> str:
    """A date with its preposition: «el 12 de julio de 2022», «en julio de 2022», «en 2022»."""
    if low is None and high is None:
        return text("date.on.none", language)
    grain = _whole(low, high) if low and high else None
    key = f"date.on.{grain}" if grain in ("day", "month", "year") else "date.on.other"
    return text(key, language, date=date_between(low, high, language))


def known_at(value: KnownAt, zone: ZoneInfo, language: str) -> str:
    """The date of «what was known on …»: a month or year means its last day."""
    if "T" in value.text:
        return moment(value.instant(zone), zone, language)
    return day(value.day(zone), language)


def period(value: Period, language: str) -> str:
    """A stretch of time: «2023», «2018–2023», «de enero a octubre de 2021», «AF 2023 (oct
    2022–sep 2023)».

    >>> period(Period.parse("2021-01/2021-10"), "es")
    'de enero a octubre de 2021'
    """
    if value.calendar != GREGORIAN:
        return _other_calendar(value, language)
    if value.grain:
        return _unit(value.start, value.grain, language)
    first, last = value.start, value.last_day
    if parts := value.split("year"):
        return f"{parts[0].start.year}–{parts[-1].start.year}"
    if value.split("month"):
        if first.year == last.year:
            name = str(format_date(first, "LLLL", locale=LOCALES[language]))
        else:
            name = month(first, language)
        return text("period.months", language, first=name, last=month(last, language))
    return text("period.days", language, first=day(first, language), last=day(last, language))


def _other_calendar(value: Period, language: str) -> str:
    name, _, rest = value.text.partition(":")
    first, last = (
        str(format_skeleton("yMMM", at, locale=LOCALES[language]))
        for at in (value.start, value.last_day)
    )
    key = f"calendar.{name}" if name in ("us-fiscal", "ca-fiscal") else "calendar.other"
    if name == "ca-fiscal" and value.grain == "year":
        rest = f"{rest}-{(value.last_day.year) % 100:02}"
    return text(key, language, name=name, year=rest, first=first, last=last)
