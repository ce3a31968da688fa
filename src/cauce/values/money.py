"""An amount in a currency: exact at any size, never a float."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from cauce.errors import CauceError
from cauce.values.numbers import decimal_text, parse_decimal, rounded

__all__ = ["Money", "minor_digits"]

_CODE = re.compile(r"[A-Z]{3}\Z")

#: Currencies whose minor unit is not a hundredth (ISO 4217, list one).
_DIGITS: dict[str, int] = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF"), 0),
    **dict.fromkeys(("UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}


def minor_digits(currency: str) -> int:
    """Digits after the point that the currency has (ISO 4217)."""
    return _DIGITS.get(currency, 2)


@dataclass(frozen=True, slots=True)
class Money:
    """``amount`` units of ``currency`` (ISO 4217).

    More digits than the currency has are refused, because a rounded amount is a changed one.

    >>> Money.parse("USD 9007199254740993.25").text
    'USD 9007199254740993.25'
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if not _CODE.match(self.currency):
            raise CauceError("bad_currency", text=self.currency)
        digits = minor_digits(self.currency)
        if not self.amount.is_finite():
            raise CauceError("bad_number", text=str(self.amount))
        # Not `normalize()`: it rounds to the context's 28 digits and would let cents through.
        if self.amount != rounded(self.amount, digits):
            raise CauceError("amount_currency", currency=self.currency, digits=digits)

    @classmethod
    def parse(cls, text: str) -> Money:
        currency, _, amount = text.strip().partition(" ")
        return cls(parse_decimal(amount), currency)

    @property
    def text(self) -> str:
        return f"{self.currency} {decimal_text(self.amount)}"

    def __str__(self) -> str:
        return self.text
