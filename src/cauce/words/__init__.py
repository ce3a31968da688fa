"""Which words stand for a code, a figure, a number or a date, in Spanish, English and French?

Everything people read passes through here, so that a figure reads the same in a table, a page and
a fact sheet. Words never compute a figure and never decide what may be shown.
"""

from __future__ import annotations

from cauce.words.catalogue import text
from cauce.words.foreign import plain
from cauce.words.languages import DEFAULT_LANGUAGE, LANGUAGES, language_of, speak
from cauce.words.problems import error, fix, what
from cauce.words.voice import NoNames, Voice

__all__ = [
    "DEFAULT_LANGUAGE",
    "LANGUAGES",
    "NoNames",
    "Voice",
    "error",
    "fix",
    "language_of",
    "plain",
    "speak",
    "text",
    "what",
]
