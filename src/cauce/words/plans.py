"""Which words stand for what a reader of a plan's result must know?"""

from __future__ import annotations

from cauce.values.answer import Code
from cauce.words.catalogue import text

__all__ = ["note"]


def note(code: Code, language: str) -> str:
    """The sentence for one of the notes of a result (``cauce.engines.capacity.result.NOTES``).

    >>> note(Code.of("no_chance"), "en")
    'Quick calculation: it gives means and does not say how far they may vary.'
    """
    return text(f"plan.note.{code.code}", language, **dict(code.params))
