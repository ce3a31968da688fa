"""How is an amount of money written in a language?

With its ISO code and a no-break space, never a bare $: several currencies of the region use it.
"""

from __future__ import annotations

from fractions import Fraction

from babel.numbers import format_decimal

from cauce.values.money import minor_digits
from cauce.words.catalogue import text
from cauce.words.languages import LOCALES
from cauce.words.numbers import Exact, Side, number, rounded

__all__ = ["NBSP", "money"]

NBSP = "\N{NO-BREAK SPACE}"

#: From a million and from a billion (10^9) up an amount is written with the word, below 10^12:
#: «billón» is a thousand times «billion», so from there on digits stand in full.
_WORDS = ((Fraction(10**9), "number.billion"), (Fraction(10**6), "number.million"))
_FULL_DIGITS_FROM = 10**12


def money(value: Exact, currency: str, language: str, *, side: Side = "") -> str:
    r"""An amount with its ISO code.

    The word for a million or a billion is used only where it loses nothing.

    >>> [money(1_400_000_000, "USD", language) for language in ("es", "en", "fr")]
    ['USD\xa01.4 mil millones', 'USD\xa01.4 billion', '1,4 milliard\xa0USD']
    >>> money(1_234_567_890, "USD", "en")
    'USD\xa01,234,567,890'
    """
    amount = _in_words(Fraction(value), language) or _in_digits(value, currency, language, side)
    return f"{amount}{NBSP}{currency}" if language == "fr" else f"{currency}{NBSP}{amount}"


def _in_words(value: Fraction, language: str) -> str | None:
    for unit, key in _WORDS:
        short = value / unit
        if abs(short) >= 1 and abs(value) < _FULL_DIGITS_FROM and (short * 1000).denominator == 1:
            return text(key, language, count=short, amount=number(short, language, digits=3))
    return None


def _in_digits(value: Exact, currency: str, language: str, side: Side) -> str:
    digits = minor_digits(currency)
    shown = rounded(value, digits, side)
    # Cents are written both or not at all: 5.50, and 1,200.
    digits = 0 if shown == shown.to_integral_value() else digits
    pattern = "#,##0." + "0" * digits if digits else "#,##0"
    return str(format_decimal(shown, format=pattern, locale=LOCALES[language]))
