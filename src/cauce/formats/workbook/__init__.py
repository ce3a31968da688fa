"""Workbooks (.xlsx) as tables of exact text, both ways: ``read(write(x)) == x``.

A workbook may only carry what a person can see: formulas, macros and links to other files are
refused, because what they give changes without a record. It knows nothing of packs.
"""

from __future__ import annotations

from cauce.formats.workbook.reading import read
from cauce.formats.workbook.scanning import LIMITS, Limits
from cauce.formats.workbook.text import column_letters, escaped, unescaped
from cauce.formats.workbook.writing import write

__all__ = ["LIMITS", "Limits", "column_letters", "escaped", "read", "unescaped", "write"]
