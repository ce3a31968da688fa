"""How does a table become CSV? For machines: UTF-8 without a byte-order mark, commas, names of
columns in plain English, numbers in plain digits with a point, ISO dates.

People are better served by the workbook: a spreadsheet set to a decimal comma misreads any CSV.
"""

from __future__ import annotations

import csv
import io

from cauce.exports.grid import Grid
from cauce.formats.workbook import escaped

__all__ = ["csv_bytes"]


def csv_bytes(grid: Grid) -> bytes:
    """RFC 4180, with lines that end in CR LF. A text that a spreadsheet would run as a formula
    stands behind an apostrophe; a negative number stays a number."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(grid.machine_fields())
    for row in grid.machine_rows():
        writer.writerow([escaped(text or "") for text in row])
    return stream.getvalue().encode()
