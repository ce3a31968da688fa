"""Is this number one that a plan can be made of? Each check names the field.

Every input of the engine passes here, so that a plan never starts from a negative rate, a NaN or
half an officer. Nothing is corrected on the way.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cauce.errors import CauceError

__all__ = [
    "Floats",
    "Integers",
    "ascending",
    "finite",
    "floats",
    "not_negative",
    "one_of",
    "positive",
    "share",
    "whole",
]

Floats = NDArray[np.float64]
Integers = NDArray[np.signedinteger[Any]]


def finite(field: str, value: float) -> float:
    """A number that is neither infinite nor NaN; raises ``capacity_not_finite``."""
    try:
        is_number = not isinstance(value, bool | np.bool_) and math.isfinite(value)
    except (OverflowError, TypeError):  # More than 308 digits; or no number at all.
        is_number = False
    if not is_number:
        raise CauceError("capacity_not_finite", field=field, value=value)
    return float(value)


def positive(field: str, value: float) -> float:
    """Above zero; raises ``capacity_not_positive``."""
    if finite(field, value) <= 0:
        raise CauceError("capacity_not_positive", field=field, value=value)
    return float(value)


def not_negative(field: str, value: float) -> float:
    """Zero or above; raises ``capacity_negative``."""
    if finite(field, value) < 0:
        raise CauceError("capacity_negative", field=field, value=value)
    return float(value)


def share(field: str, value: float) -> float:
    """Between 0 and 1, both included; raises ``capacity_not_share``."""
    if not 0 <= finite(field, value) <= 1:
        raise CauceError("capacity_not_share", field=field, value=value)
    return float(value)


def whole(field: str, value: float) -> int:
    """A whole number, zero or above; raises ``capacity_negative`` or ``capacity_not_whole``."""
    # Compared as it is: as a float, a large whole number would be another.
    not_negative(field, value)
    if value != int(value):
        raise CauceError("capacity_not_whole", field=field, value=value)
    return int(value)


def one_of(field: str, value: str, choices: Sequence[str]) -> str:
    """One of the names known; raises ``capacity_unknown_name`` with the choices."""
    if value not in choices:
        raise CauceError(
            "capacity_unknown_name", field=field, value=value, choices=", ".join(choices)
        )
    return value


def floats(field: str, values: ArrayLike) -> Floats:
    """A read-only array of finite numbers; the first that is not is named with its position."""
    try:
        array = np.array(values, dtype=np.float64)
    except (OverflowError, TypeError, ValueError) as error:  # More than 308 digits; or no numbers.
        raise CauceError("capacity_not_finite", field=field, value=str(values)) from error
    if not np.isfinite(array).all():
        first = int(np.argmin(np.isfinite(array).ravel()))
        raise CauceError(
            "capacity_not_finite", field=f"{field}[{first}]", value=float(array.ravel()[first])
        )
    array.flags.writeable = False
    return array


def ascending(field: str, values: Floats, *, strictly: bool = True) -> Floats:
    """Each number after the one before; raises ``capacity_not_ascending`` with the position."""
    steps = np.diff(values)
    wrong = steps <= 0 if strictly else steps < 0
    if wrong.any():
        first = int(np.argmax(wrong)) + 1
        raise CauceError(
            "capacity_not_ascending", field=f"{field}[{first}]", value=float(values[first])
        )
    return values
