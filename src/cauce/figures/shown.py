"""How shares of one whole are shown together: whole numbers that still add up."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from cauce.engines.rollup import largest_remainder
from cauce.values.answer import Bound, Known, exact
from cauce.values.figure import Figure
from cauce.values.question import IndicatorQ

__all__ = ["shown_together"]


def shown_together(figures: Sequence[Figure]) -> list[Known | None]:
    """For each figure the rounded answer to show in a table of all shares, or ``None`` to show
    its own.

    Only where every figure is an exact share of a party and some share is not whole: a share
    asked alone keeps its fraction, and so do the values behind this table.
    """
    own = [_share(f) for f in figures]
    if len(figures) < 2 or any(v is None for v in own):
        return [None] * len(figures)
    values = {f"{i:06}": v for i, v in enumerate(own) if v is not None}
    if all(v.denominator == 1 for v in values.values()) or sum(values.values()).denominator != 1:
        return [None] * len(figures)
    # Ties go to the smallest id of the party: figures of a table come sorted by it.
    rounded = largest_remainder(values)
    return [exact(rounded[key]) for key in sorted(values)]


def _share(figure: Figure) -> Fraction | None:
    question, answer = figure.question, figure.answer
    if not isinstance(question, IndicatorQ) or question.party is None:
        return None
    if not isinstance(answer, Known) or answer.bound is not Bound.EXACT or answer.den is not None:
        return None
    return answer.low if isinstance(answer.low, Fraction) else None
