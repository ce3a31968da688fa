"""How is a number or a percentage written in a language?

People and things in full digits, never «118.8 mil». A number that must be cut is cut outwards
where it bounds something: the words never claim more than is known.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from babel.numbers import format_decimal, format_percent

from cauce.words.languages import LOCALES

__all__ = ["Exact", "Side", "multiple", "number", "percent", "rounded"]

#: Which way a number that does not end is cut: a lower limit down, an upper limit up.
Side = str
_ROUNDING = {"": ROUND_HALF_EVEN, "low": ROUND_FLOOR, "high": ROUND_CEILING}

Exact = int | Decimal | Fraction

_MOST_DIGITS = 12


def rounded(value: Exact, digits: int, side: Side = "") -> Decimal:
    """The value with at most ``digits`` after the point.

    >>> rounded(Fraction(2, 3), 2), rounded(Fraction(2, 3), 2, "low")
    (Decimal('0.67'), Decimal('0.66'))
    """
    exact = Fraction(value)
    with localcontext() as context:
        context.prec = 120
        number = Decimal(exact.numerator) / Decimal(exact.denominator)
        return number.quantize(Decimal(1).scaleb(-digits), rounding=_ROUNDING[side])


def _shown(value: Exact, digits: int, side: Side) -> Decimal:
    """Rounded, with as many more digits as it takes not to show something as zero; what bounds
    something may be cut to it."""
    shown = rounded(value, digits, side)
    while value and not shown and not side and digits < _MOST_DIGITS:
        digits += 1
        shown = rounded(value, digits, side)
    return shown


def number(value: Exact, language: str, *, digits: int = 2, side: Side = "") -> str:
    """In digits, grouped as the language does; at most ``digits`` after the point.

    >>> number(118756, "es"), number(Fraction(5, 2), "fr"), number(Fraction(1, 3000), "en")
    ('118,756', '2,5', '0.0003')
    """
    return str(
        format_decimal(
            _shown(value, digits, side).normalize(),
            locale=LOCALES[language],
            decimal_quantization=False,
        )
    )


def percent(value: Exact, language: str, *, digits: int = 1, side: Side = "") -> str:
    """A fraction as a percentage, at most ``digits`` after the point.

    >>> percent(Fraction(108, 1010), "en"), percent(Fraction(1, 2), "es")
    ('10.7%', '50%')
    """
    shown = _shown(value, digits + 2, side).normalize()
    return str(format_percent(shown, locale=LOCALES[language], decimal_quantization=False))


def multiple(value: Exact, language: str, *, side: Side = "") -> str:
    """How many times, with one digit after the point: «4.0».

    The zero is kept: «4» would claim more than «4.0», which is 4.016 cut.
    """
    shown = rounded(value, 1, side)
    return str(format_decimal(shown, format="#,##0.0", locale=LOCALES[language]))
