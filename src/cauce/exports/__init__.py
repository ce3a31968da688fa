"""How does a figure, a chart or a table leave a page: as text, picture, workbook, CSV or JSON?

Everything here takes what was released and worded already, and gives bytes. Nothing is asked of the
record and nothing is decided about what may be shown.
"""

from __future__ import annotations
