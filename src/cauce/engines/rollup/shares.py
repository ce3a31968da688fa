"""Shares shown in one table: whole numbers that add up to the whole."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import floor

__all__ = ["largest_remainder"]


def largest_remainder(shares: Mapping[str, Fraction]) -> dict[str, int]:
    """Round all shares of one whole so that the sum stays the rounded whole (Hamilton's method).

    Ties go to the smallest id. Only for the table that shows all shares: a share asked alone
    keeps its fraction.

    >>> largest_remainder({"a": Fraction(1000, 3), "b": Fraction(1000, 3), "c": Fraction(1000, 3)})
    {'a': 334, 'b': 333, 'c': 333}
    """
    rounded = {name: floor(value) for name, value in shares.items()}
    left = round(sum(shares.values())) - sum(rounded.values())
    order = sorted(shares, key=lambda name: (rounded[name] - shares[name], name))
    for name in order[:left]:
        rounded[name] += 1
    return rounded
