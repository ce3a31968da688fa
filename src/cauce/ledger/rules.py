"""What must hold of a value, an amount, a claim, and of a period that is closed?

Pure: records and declarations in, problems out, each with the column it is about. A value that
breaks a rule is refused, never repaired: a rounded amount is a changed one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from decimal import Decimal

from cauce.engines.rollup.declarations import Declarations, Value
from cauce.errors import CauceError, Place, Problem
from cauce.frameworks.queries import Indicator
from cauce.frameworks.rules import Limit, is_percent, is_percent_change
from cauce.journal.queries import Recorded
from cauce.ledger.models import Claim, Commitment, Lock, Observation, Transaction
from cauce.parties.rules import check_span
from cauce.values.money import Money
from cauce.values.numbers import decimal_text, parse_decimal
from cauce.values.period import Period
from cauce.values.question import question_from_json

__all__ = [
    "WITHOUT_VALUE",
    "check_bounds",
    "check_claim",
    "check_commitment",
    "check_link",
    "check_observation",
    "check_population",
    "check_transaction",
    "is_locked",
    "locked",
]

#: Statuses under which there is no value: not yet, and no longer.
WITHOUT_VALUE = ("pending", "withdrawn")
#: Bounds that only say what a value does not exceed.
_UPWARD_OPEN = ("at_most", "less_than")


def _problem(code: str, column: str, **params: object) -> Problem:
    return Problem(code, params, Place(column=column))


# ------------------------------------------------------------------------------- observations


def check_observation(
    observation: Observation, indicator: Indicator, declarations: Declarations
) -> Iterator[Problem]:
    """Everything that can be said of one value and its indicator alone."""
    if observation.status in WITHOUT_VALUE:
        yield from _check_without_value(observation)
        return
    yield from _check_meaning(observation, indicator)
    yield from _check_parts(observation, declarations)
    yield from check_bounds(observation.value, observation.upper, observation.bound, "value")
    yield from _check_digits(observation, indicator.scale or 0, declarations)
    if not declarations.may_be_negative:
        yield from _check_sign(observation)


def _check_without_value(observation: Observation) -> Iterator[Problem]:
    given = (observation.value, observation.upper, observation.numerator, observation.denominator)
    if any(number is not None for number in given):
        yield _problem("value_without_meaning", "value", detail=f"status={observation.status}")


def _check_meaning(observation: Observation, indicator: Indicator) -> Iterator[Problem]:
    """A change in per cent has no meaning without the value and date it starts from."""
    unit, counted = indicator.unit, observation.count_unit
    bare = is_percent_change(unit) or is_percent_change(counted)
    if bare or (is_percent(counted) and not is_percent(unit)):
        value = "" if observation.value is None else decimal_text(observation.value)
        yield _problem("bare_percent_change", "value", value=value)


def _check_parts(observation: Observation, declarations: Declarations) -> Iterator[Problem]:
    value, num, den = observation.value, observation.numerator, observation.denominator
    if den is not None and den <= 0:
        code = "denominator_zero" if den == 0 else "negative_value"
        yield _problem(code, "denominator", **({} if den == 0 else {"value": decimal_text(den)}))
    if declarations.value is Value.RATIO and (num is not None or den is not None):
        if num is None or den is None:
            missing = "numerator" if num is None else "denominator"
            yield _problem("field_required", missing, field=missing)
        if value is not None:
            yield _problem("value_without_meaning", "value", detail="value, numerator, denominator")
        return
    if value is None and observation.upper is None:
        yield _problem("value_missing", "value", status=observation.status)
    weighted = declarations.value in (Value.MEAN, Value.OPAQUE)
    for column, number in (("numerator", num), ("denominator", None if weighted else den)):
        if number is not None:
            yield _problem("value_without_meaning", column, detail=f"value={declarations.value}")


def check_bounds(
    value: Decimal | None, upper: Decimal | None, bound: str, column: str
) -> Iterator[Problem]:
    """A range has a lower and an upper end in this order; nothing else has an upper end."""
    if bound != "range":
        if upper is not None:
            yield _problem("bad_bounds", "upper", text=f"bound={bound}, upper={upper:f}")
    elif value is None or upper is None:
        missing = column if value is None else "upper"
        yield _problem("field_required", missing, field=missing)
    elif upper < value:
        yield _problem("bad_bounds", "upper", text=f"{value:f} > {upper:f}")


def _check_digits(
    observation: Observation, scale: int, declarations: Declarations
) -> Iterator[Problem]:
    columns = ["value", "upper", "numerator"]
    if declarations.value is Value.RATIO:
        columns.append("denominator")  # of a mean it is a weight, which has its own digits
    for column in columns:
        number: Decimal | None = getattr(observation, column)
        if number is not None and _digits(number) > scale:
            text = decimal_text(number)
            yield _problem("too_many_digits", column, text=text, scale=scale)


def _digits(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    if not isinstance(exponent, int) or exponent >= 0:
        return 0
    return len(decimal_text(number).partition(".")[2])


def _check_sign(observation: Observation) -> Iterator[Problem]:
    for column in ("value", "upper", "numerator"):
        number: Decimal | None = getattr(observation, column)
        if number is not None and number < 0:
            yield _problem("negative_value", column, value=decimal_text(number))


def check_population(
    observation: Observation, declarations: Declarations, limit: Limit | None
) -> Iterator[Problem]:
    """``above_reference_population``: a count of more than there are. Where a thousandth would
    fit, that is suggested: a «billion» that is a «mil millones» too many."""
    value = observation.value
    if limit is None or value is None or declarations.value is not Value.COUNT:
        return
    if observation.bound in _UPWARD_OPEN or value <= limit.size:
        return
    thousandth = value / 1000
    suggestion = decimal_text(thousandth) if 0 < thousandth <= limit.size else ""
    yield _problem(
        "above_reference_population",
        "value",
        value=decimal_text(value),
        population=limit.kind,
        limit=decimal_text(limit.size),
        suggestion=suggestion,
    )


# ------------------------------------------------------------------------------- money


def check_transaction(transaction: Transaction) -> Iterator[Problem]:
    """Amount, bounds, currency and the shares of sectors; an amount may be unknown."""
    amount, upper = transaction.amount, transaction.upper
    if transaction.status in WITHOUT_VALUE:
        if amount is not None or upper is not None:
            yield _problem("value_without_meaning", "amount", detail=f"status={transaction.status}")
    elif amount is not None or upper is not None:
        yield from check_bounds(amount, upper, transaction.bound, "amount")
    for column, number in (("amount", amount), ("upper", upper)):
        yield from _check_amount(column, number, transaction.currency)
    yield from _check_sectors(transaction.sectors)


def _check_amount(column: str, number: Decimal | None, currency: str) -> Iterator[Problem]:
    if number is None:
        return
    if not currency:
        yield _problem("field_required", "currency", field="currency")
        return
    try:
        Money(number, currency)
    except CauceError as error:
        at = "currency" if error.code == "bad_currency" else column
        yield Problem(error.code, error.params, Place(column=at))
    if number < 0:
        yield _problem("negative_value", column, value=decimal_text(number))


def _check_sectors(sectors: dict[str, str]) -> Iterator[Problem]:
    total = Decimal(0)
    for share in sectors.values():
        try:
            number = parse_decimal(share)
        except CauceError as error:
            yield Problem(error.code, error.params, Place(column="sectors"))
            continue
        if number < 0:
            yield _problem("negative_value", "sectors", value=share)
        total += number
    if total > 100:
        yield _problem("shares_exceed_whole", "sectors", id="sectors", total=decimal_text(total))


def check_link(one: str, other: str) -> Iterator[Problem]:
    """Money is not linked with itself."""
    if one and one == other:
        yield _problem("cycle", "other", id=other)


# ------------------------------------------------------------------------------- words


def check_commitment(commitment: Commitment) -> Iterator[Problem]:
    yield from check_span(commitment.made, commitment.due, "due")


def check_claim(claim: Claim) -> Iterator[Problem]:
    """The question it claims to answer, where it is given, is one that can be asked."""
    if not claim.question:
        return
    try:
        question_from_json(json.loads(claim.question))
    except json.JSONDecodeError as error:
        yield _problem("bad_json", "question", detail=f"{error.lineno}:{error.colno}")
    except CauceError as error:
        yield Problem(error.code, error.params, Place(column="question"))


# ------------------------------------------------------------------------------- locks


def is_locked(
    observation: Observation, lock: Lock, *, framework: str, places: Collection[str]
) -> bool:
    """Whether a lock closes the value's period. ``framework`` is that of its indicator, ``places``
    its place and everything above it. Periods are compared as days: a fiscal year that lies
    within a closed period is closed."""
    if lock.closed:
        return False
    if lock.indicator and lock.indicator != observation.indicator:
        return False
    if lock.framework and lock.framework != framework:
        return False
    if lock.place and lock.place not in places:
        return False
    closed: Period = lock.period
    period: Period = observation.period
    return closed.start <= period.start and period.end <= closed.end


def locked(record: Recorded, lock: str) -> Problem:
    """``period_locked``, at the period of the value."""
    period = str(getattr(record, "period", ""))
    return _problem("period_locked", "period", period=period, lock=lock)
