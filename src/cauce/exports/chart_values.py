"""What is a chart, before anybody draws it: which bars, beside which marks, up to which target?

Everything is worded already. A chart holds answers, not numbers: a bar knows that it is «at least»,
and a nothing is never a bar of height zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from cauce.values.answer import Answer, Bound, Known
from cauce.values.figure import Sense

__all__ = ["Bar", "Chart", "Other", "Target", "ends", "is_about", "level", "span"]


@dataclass(frozen=True, slots=True)
class Bar:
    """One period or group: its label, the answer, the value in words without the unit's noun, and
    the whole sentence. ``is_part``: the answer is about a part of a period only."""

    label: str
    answer: Answer
    value: str
    sentence: str
    is_part: bool = False


@dataclass(frozen=True, slots=True)
class Other:
    """A value that stands beside the bar number ``at``. ``is_part``: it is about a part of that
    bar's period and is drawn as a thin hatched bar, else as a mark. ``is_comparable`` is false
    where the value is in another unit: then it is only said."""

    at: int
    label: str
    answer: Answer
    is_part: bool = False
    is_comparable: bool = True


@dataclass(frozen=True, slots=True)
class Target:
    """What was to be reached, and the words on its line."""

    label: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars from top to bottom. ``unit`` and ``sense`` say how the numbers of the axis are written,
    ``caption`` what they count. ``in_time``: the last bars are the ones that matter most.
    ``warning`` stands large above all else."""

    title: str
    description: str
    bars: tuple[Bar, ...]
    others: tuple[Other, ...] = ()
    target: Target | None = None
    language: str = "es"
    unit: str = ""
    sense: Sense = Sense.LEVEL
    caption: str = ""
    in_time: bool = True
    warning: str = ""

    def __post_init__(self) -> None:
        if not self.bars:
            raise ValueError("a chart without bars")
        if any(not 0 <= other.at < len(self.bars) for other in self.others):
            raise ValueError("a value beside no bar")


def span(answer: Answer) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
    """Low, high and estimate where they are numbers; a nothing and a day have none."""
    if not isinstance(answer, Known):
        return None, None, None
    low, high, estimate = (
        number if isinstance(number, Fraction) else None
        for number in (answer.low, answer.high, answer.estimate)
    )
    return low, high, estimate


def is_about(answer: Answer) -> bool:
    """Whether the value is an estimate that its words do not call one: «casi 2,000» does."""
    if not isinstance(answer, Known) or answer.bound is not Bound.ABOUT:
        return False
    return not (answer.low_open or answer.high_open)


def ends(answer: Answer) -> tuple[Fraction, ...]:
    """The numbers of an answer that must be on the axis."""
    return tuple(number for number in span(answer) if number is not None)


def level(answer: Answer) -> Fraction | None:
    """Where a mark for the answer stands: the value or estimate, else the bound there is, of two
    the lower."""
    low, high, estimate = span(answer)
    return next((number for number in (estimate, low, high) if number is not None), None)
