"""The loops of the event engine, compiled if the extra ``fast`` is there.

A compiled loop is the same text as the plain one, and gives the same numbers.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from cauce.engines.capacity import kernel, kernel_stage

__all__ = ["PLAIN", "Loops", "compiled", "loops"]

Loop = Callable[..., int]


@dataclass(frozen=True, slots=True)
class Loops:
    """The loop for any network and the one for a single stage. ``fast``: they are compiled and take
    arrays, else lists."""

    network: Loop
    stage: Loop
    fast: bool


PLAIN = Loops(kernel.run, kernel_stage.run, fast=False)


def loops() -> Loops:
    """The loops to use."""
    return compiled() or PLAIN


@cache
def compiled() -> Loops | None:
    """The compiled loops, ``None`` without numba. Each is compiled when it is first called, which
    takes seconds once for each set of features, and is kept on disk where the installation or the
    user's cache can be written."""
    try:
        import numba
    except ImportError:
        return None

    def jit(function: Callable[..., Any]) -> Any:
        try:
            return numba.njit(function, cache=True, nogil=True, error_model="numpy")
        except RuntimeError:  # no folder in which a compiled function could be kept
            return numba.njit(function, nogil=True, error_model="numpy")

    heap = {"push": jit(kernel.push), "drop": jit(kernel.drop)}
    return Loops(jit(_copy(kernel, heap).run), jit(_copy(kernel_stage, heap).run), fast=True)


def _copy(module: ModuleType, heap: dict[str, Any]) -> Any:
    """A second copy of a module, whose functions call the compiled heap by the same names."""
    spec = importlib.util.find_spec(module.__name__)
    copy = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]  # it is imported
    spec.loader.exec_module(copy)  # type: ignore[union-attr]
    for name, function in heap.items():
        setattr(copy, name, function)
    return copy
