"""Does what is known of the stock fit what is known of the flow?

Pending at the start, and what came, must be what was decided, what left and what is pending at the
end. What does not fit is a finding: it is shown as it is, and no number is corrected to make it go
away. Quantities are ranges, and what is not known leaves the gap open; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from cauce.errors import CauceError
from cauce.values.answer import Absence, Absent, Answer, Code, Known, Refused, difference, total
from cauce.values.period import Period

__all__ = ["FINDINGS", "Flow", "Reconciled", "reconcile", "remainder"]

#: What may be found, with the names of the parameters.
FINDINGS: dict[str, tuple[str, ...]] = {
    # The numbers contradict each other, whatever the true values within their ranges are.
    "gap": (),
    # They may fit and may not.
    "gap_possible": (),
    # They are exact and fit.
    "fits": (),
    # Without these parts nothing contradicts; the names, with commas.
    "cannot_tell": ("missing",),
}

#: A part by its name, and what is known of it.
Part = tuple[str, Answer]


@dataclass(frozen=True, slots=True)
class Flow:
    """The stock at both ends of a period and what moved it, all of one unit (files, or persons).

    opening: pending when the period begins. came, decided, withdrawn: in the period; ``withdrawn``
    is all that left undecided. closing: pending when it ends. Anything but a known value (missing,
    under review, not applicable, suppressed, refused) counts as not known: zero or more.
    Raises ``capacity_negative`` for less than zero and ``bad_bounds`` for a day.
    """

    period: Period
    opening: Answer
    came: Answer
    decided: Answer
    withdrawn: Answer
    closing: Answer

    def __post_init__(self) -> None:
        for name, answer in (*self.ins, *self.outs):
            _not_negative(name, answer)

    @property
    def ins(self) -> tuple[Part, ...]:
        """What there was and what was added."""
        return ("opening", self.opening), ("came", self.came)

    @property
    def outs(self) -> tuple[Part, ...]:
        """What was taken away and what is left."""
        names = ("decided", "withdrawn", "closing")
        return tuple((name, getattr(self, name)) for name in names)


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A period and what is found.

    gap: opening + came − decided − withdrawn − closing; refused (``cannot_tell``) where it has no
    bound. Above zero: cases that nobody accounts for; below: more than can be.
    remainder: came − decided, by how much the undecided grew if nobody withdrew.
    remainder_so_far: summed from the first period on; refused after a period that is not there.
    codes: of FINDINGS.
    """

    flow: Flow
    gap: Answer
    remainder: Answer
    remainder_so_far: Answer
    codes: tuple[Code, ...]

    @property
    def gap_is_certain(self) -> bool:
        """Zero lies outside the gap's range."""
        return isinstance(self.gap, Known) and not _may_be_zero(self.gap)


def reconcile(periods: Sequence[Flow]) -> tuple[Reconciled, ...]:
    """What fits and what does not, period by period, in exact range arithmetic.

    The periods ascend and do not overlap, else nothing could be summed: raises
    ``capacity_not_ascending``.

    >>> from cauce.values.answer import exact
    >>> year = Flow(Period.parse("2023"), exact(100), exact(50), exact(30), exact(5), exact(120))
    >>> (found,) = reconcile([year])
    >>> int(found.gap.value), found.gap_is_certain, found.codes[0].code
    (-5, True, 'gap')
    """
    for index, (before, after) in enumerate(pairwise(periods), start=1):
        if after.period.start < before.period.end:
            raise CauceError(
                "capacity_not_ascending", field=f"periods[{index}]", value=after.period.text
            )
    return tuple(_one(periods[: index + 1]) for index in range(len(periods)))


def remainder(came: Answer, decided: Answer) -> Answer:
    """How many more came than were decided; negative when the backlog was cut. Refused
    (``cannot_tell``) where nothing bounds it."""
    for part in (parts := (("came", came), ("decided", decided))):
        _not_negative(*part)
    return _balance(parts[:1], parts[1:])


def _one(until: Sequence[Flow]) -> Reconciled:
    last = until[-1]
    gap = _balance(last.ins, last.outs)
    return Reconciled(
        last, gap, remainder(last.came, last.decided), _so_far(until), (_finding(last, gap),)
    )


def _so_far(until: Sequence[Flow]) -> Answer:
    came: list[Part] = [("came", flow.came) for flow in until]
    decided: list[Part] = [("decided", flow.decided) for flow in until]
    if any(after.period.start > before.period.end for before, after in pairwise(until)):
        # What came and was decided in a year that nobody gave is not known, rather than nothing.
        came.append(("came", Absent(Absence.MISSING)))
        decided.append(("decided", Absent(Absence.MISSING)))
    return _balance(came, decided)


def _balance(ins: Sequence[Part], outs: Sequence[Part]) -> Known | Refused:
    """``Σ ins − Σ outs``, each part zero or more."""
    added, taken = _sum(ins), _sum(outs)
    estimates = added.value is not None and taken.value is not None
    if added.high is None and taken.high is None and not estimates:
        return Refused(_cannot_tell((*ins, *outs)))
    return difference(added, taken)


def _sum(parts: Sequence[Part]) -> Known:
    known = [answer for _, answer in parts if isinstance(answer, Known)]
    return total(known, complete=len(known) == len(parts))


def _finding(flow: Flow, gap: Known | Refused) -> Code:
    if isinstance(gap, Refused):
        return gap.reason
    if not _may_be_zero(gap):
        return Code.of("gap")
    if gap.low == gap.high == 0:
        return Code.of("fits")
    parts = (*flow.ins, *flow.outs)
    if all(isinstance(answer, Known) for _, answer in parts):
        return Code.of("gap_possible")
    return _cannot_tell(parts)


def _cannot_tell(parts: Sequence[Part]) -> Code:
    """Names what has no value; where all have one, what has no upper limit."""
    names = [name for name, answer in parts if not isinstance(answer, Known)] or [
        name for name, answer in parts if isinstance(answer, Known) and answer.high is None
    ]
    return Code.of("cannot_tell", missing=", ".join(dict.fromkeys(names)))


def _may_be_zero(gap: Known) -> bool:
    above = gap.low is not None and (gap.low > 0 or (gap.low == 0 and gap.low_open))  # type: ignore[operator]  # a number: days are refused
    below = gap.high is not None and (gap.high < 0 or (gap.high == 0 and gap.high_open))  # type: ignore[operator]
    return not (above or below)


def _not_negative(field: str, answer: Answer) -> None:
    if not isinstance(answer, Known):
        return
    for value in (answer.low, answer.estimate, answer.high):
        if value is not None and not isinstance(value, Fraction):
            raise CauceError("bad_bounds", text=f"{field}: {value}")
        if value is not None and value < 0:
            raise CauceError("capacity_negative", field=field, value=value)
