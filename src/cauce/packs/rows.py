"""What is one row of a sheet, and where in which file does each of its cells stand?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from cauce.errors import Place, Problem

__all__ = ["MOST_BLANK_ROWS", "Report", "Row"]

#: More blank rows than this are a mistake of whatever wrote the file.
MOST_BLANK_ROWS = 10_000

#: Takes a problem; whoever reads goes on and finds the next.
Report = Callable[[Problem], None]


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row that are not empty, by column. ``cells`` hold text; from YAML also lists
    and mappings. ``places`` gives the line or cell of a column where that is not ``line``;
    ``sheet`` is set in a workbook alone."""

    file: str
    line: str
    cells: Mapping[str, object]
    places: Mapping[str, str] = field(default_factory=dict)
    sheet: str = ""

    def where(self, column: str = "") -> Place:
        """The place of a column's cell; of a text in several languages, of the first given."""
        line = self.places.get(column)
        if line is None and column:
            begins = (at for name, at in self.places.items() if name.startswith(f"{column}_"))
            line = next(begins, None)
        return Place(self.file, line or self.line, column, self.sheet)
