"""In which forms does a fact sheet leave: a page that stands alone, a PDF, a Word document?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from cauce.statements import page, pdf, word
from cauce.statements.document import Document
from cauce.statements.sheet import Edition

__all__ = ["FORMS", "Render"]

Render = Callable[[Document, str, Edition | None], bytes]

#: Every form by the suffix of its file; each gives the same bytes for the same document.
FORMS: Mapping[str, Render] = MappingProxyType(
    {"html": page.render, "pdf": pdf.render, "docx": word.render}
)
