"""Workbooks (.xlsx) as tables of exact text, both ways: ``read(write(x)) == x``; and, to be taken
away by people, as tables of numbers and dates (:func:`write_typed`).

A workbook may only carry what a person can see: formulas, macros and links to other files are
refused, because what they give changes without a record. It knows nothing of packs.
"""

from __future__ import annotations

from cauce.formats.workbook.reading import read
from cauce.formats.workbook.scanning import LIMITS, Limits
from cauce.formats.workbook.text import column_letters, escaped, unescaped
from cauce.formats.workbook.typed import Properties, Sheet, Typed, write_typed
from cauce.formats.workbook.writing import write

__all__ = [
    "LIMITS",
    "Limits",
    "Properties",
    "Sheet",
    "Typed",
    "column_letters",
    "escaped",
    "read",
    "unescaped",
    "write",
    "write_typed",
]
