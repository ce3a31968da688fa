"""Numbers as text and back, exactly: no float ever touches a figure."""

from __future__ import annotations

import re
from decimal import Context, Decimal
from fractions import Fraction

from cauce.errors import CauceError

__all__ = ["DIGITS", "decimal_text", "parse_decimal", "parse_fraction", "rounded"]

#: Digits after the point where a fraction does not end (half even).
DIGITS = 12

#: Moving a point must not touch the digits, however many there are.
_WIDE = Context(prec=10_000)

_DECIMAL = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,20})?\Z")
_FRACTION = re.compile(r"([+-]?[0-9]{1,40})/([0-9]{1,40})\Z")


def parse_decimal(text: str, *, scale: int | None = None) -> Decimal:
    """Read plain digits with a point (``1234.5``); no grouping, no exponent.

    With ``scale``, more digits after the point are refused (``too_many_digits``), never rounded.
    Raises ``bad_number``.
    """
    text = text.strip()
    if not _DECIMAL.match(text):
        raise CauceError("bad_number", text=text)
    value = Decimal(text)
    if scale is not None and value != rounded(value, scale):
        raise CauceError("too_many_digits", text=text, scale=scale)
    return value


def rounded(value: Fraction | Decimal | int, digits: int = DIGITS) -> Decimal:
    """The nearest number with so many digits after the point; half even."""
    # Done in whole numbers: a decimal context would round a second time past its precision.
    return Decimal(round(Fraction(value) * 10**digits)).scaleb(-digits, _WIDE)


def parse_fraction(text: str) -> Fraction:
    """Read ``2/5`` or ``0.4``. Raises ``bad_fraction``."""
    parts = _FRACTION.match(text.strip())
    if parts and int(parts[2]):
        return Fraction(int(parts[1]), int(parts[2]))
    try:
        return Fraction(parse_decimal(text))
    except CauceError:
        raise CauceError("bad_fraction", text=text) from None


def decimal_text(value: Fraction | Decimal | int) -> str:
    """Plain decimal text without exponent or trailing zeros; a fraction that does not end is
    given with :data:`DIGITS` digits, half even.

    >>> decimal_text(Fraction(108, 1010))
    '0.106930693069'
    >>> decimal_text(Decimal("1.50E+3"))
    '1500'
    """
    exact = Fraction(value)
    digits = _digits(exact.denominator)
    number = rounded(exact, DIGITS if digits is None else digits)
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _digits(denominator: int) -> int | None:
    """How many digits after the point are needed; ``None`` for a fraction that never ends."""
    counts = []
    for prime in (2, 5):
        counts.append(0)
        while denominator % prime == 0:
            denominator //= prime
            counts[-1] += 1
    return max(counts) if denominator == 1 else None
