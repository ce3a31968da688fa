"""Which words stand for a caveat, a reason, a step of the arithmetic, or why a value was not used?

Codes come with parameters that are ids, numbers, periods and dates as text; each is written as
the reader's language does before it enters the sentence.
"""

from __future__ import annotations

from collections.abc import Callable

from cauce.engines.rollup.codes import CAVEATS, REASONS, STEPS, UNUSED
from cauce.errors import CauceError
from cauce.values.answer import Code
from cauce.values.dates import ImpreciseDate
from cauce.values.numbers import parse_fraction
from cauce.values.period import Period
from cauce.words import dates
from cauce.words.amounts import money
from cauce.words.numbers import number
from cauce.words.voice import Voice

__all__ = [
    "caveat",
    "conflict",
    "dimension",
    "reason",
    "reason_fix",
    "shown_params",
    "stage",
    "step",
    "unused",
]

#: What stands for a parameter that was not given.
NOTHING = "—"


def caveat(code: Code, voice: Voice) -> str:
    """A caution, as a sentence."""
    return voice.say(f"caveat.{code.code}", **shown_params(code, voice))


def conflict(code: Code, voice: Voice) -> str:
    """What does not fit together, as a sentence."""
    given = shown_params(code, voice)
    office = dict(code.params).get("office", "")
    given["office"] = voice.say_or(f"office.{office}", office)
    # Without an end it lasts.
    key = code.code if code.code != "office_overlaps" or "until" in given else "office_overlaps_on"
    return voice.say(f"conflict.{key}", **given)


def reason(code: Code, voice: Voice) -> str:
    """Why no number can be given, as a clause without a full stop."""
    return voice.say(f"reason.{code.code}", **shown_params(code, voice))


def reason_fix(code: Code, voice: Voice) -> str:
    """What it would take to get a number, as a sentence."""
    return voice.say(f"reason.{code.code}.fix", **shown_params(code, voice))


def step(code: Code, voice: Voice) -> str:
    """The rule by which values were combined, as a sentence."""
    return voice.say(f"step.{code.code}", **shown_params(code, voice))


def unused(code: Code, voice: Voice) -> str:
    """Why a value was not used, as a clause without a full stop."""
    return voice.say(f"unused.{code.code}", **shown_params(code, voice))


def dimension(name: str, voice: Voice) -> str:
    """A dimension's name; several are separated by commas."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    return voice.list([voice.say_or(f"dimension.{part}", voice.dimension(part)) for part in parts])


def stage(name: str, voice: Voice) -> str:
    """A stage of money (announced … received); several are separated by commas."""
    parts = [part.strip() for part in name.split(",") if part.strip()]
    return voice.list([voice.say(f"stage.{part}") for part in parts])


def shown_params(code: Code, voice: Voice) -> dict[str, object]:
    """The parameters in words. A parameter the code did not carry is a dash, never a brace."""
    given = dict(code.params)
    shown: dict[str, object] = dict.fromkeys(
        (name for codes in (CAVEATS, REASONS, STEPS, UNUSED) for name in codes.get(code.code, ())),
        NOTHING,
    )
    shown |= {name: _WRITERS.get(name, _as_it_is)(value, voice) for name, value in given.items()}
    if "amount" in given and "currency" in given:
        shown["amount"] = _money(given["amount"], given["currency"], voice)
    return shown


def _as_it_is(value: str, voice: Voice) -> str:
    return value


def _number(value: str, voice: Voice) -> str:
    try:
        return number(parse_fraction(value), voice.language)
    except CauceError:
        return value


def _count(value: str, voice: Voice) -> object:
    return int(value) if value.isdecimal() else value


def _money(value: str, currency: str, voice: Voice) -> str:
    try:
        return money(parse_fraction(value), currency, voice.language)
    except CauceError:
        return f"{currency} {value}"


def _share(value: str, voice: Voice) -> str:
    try:
        share = parse_fraction(value)
    except CauceError:
        return value
    return f"{share.numerator}/{share.denominator}" if share.denominator > 1 else str(share)


def _date(value: str, voice: Voice) -> str:
    try:
        return dates.imprecise(ImpreciseDate(value), voice.language, remark=False)
    except CauceError:
        return value


def _periods(value: str, voice: Voice) -> str:
    return voice.list([_period(part.strip(), voice) for part in value.split(",")])


def _period(value: str, voice: Voice) -> str:
    try:
        return dates.period(Period.parse(value), voice.language)
    except CauceError:
        return value


def _units(value: str, voice: Voice) -> str:
    """Reporting units: their parts separated by semicolons, units by commas."""
    units = [part for part in value.split(",") if part.strip()]
    named = [[voice.short(p.strip()) for p in unit.split(";") if p.strip()] for unit in units]
    return voice.list([" · ".join(parts) for parts in named])


def _absence(value: str, voice: Voice) -> str:
    return voice.say_or(f"absence.{value}", value)


def _names(value: str, voice: Voice) -> str:
    return voice.names(value)


_WRITERS: dict[str, Callable[[str, Voice], object]] = {
    **dict.fromkeys(
        ("reporter", "reporters", "preferred", "parties", "party", "programmes", "body", "sources"),
        _names,
    ),
    **dict.fromkeys(("unit", "units"), _units),
    **dict.fromkeys(("period", "periods"), _periods),
    **dict.fromkeys(("day", "recorded", "published", "until"), _date),
    **dict.fromkeys(
        ("low", "high", "population", "end", "start", "given", "remainder", "reported", "total"),
        _number,
    ),
    "count": _count,
    "share": _share,
    "dimension": dimension,
    "stages": stage,
    "absence": _absence,
}
