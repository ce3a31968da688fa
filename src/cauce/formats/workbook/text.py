"""What a cell's text may look like, so that no spreadsheet takes it for a formula.

A text that begins with ``= + - @`` runs as a formula when somebody edits the cell or opens a CSV
file, and so may one that begins with a tab or a new line (OWASP: CSV injection). It is written
with an apostrophe before it, which reading takes off.
"""

from __future__ import annotations

import re

__all__ = ["MOST_DIGITS", "column_letters", "escaped", "is_plain_number", "unescaped"]

#: A spreadsheet keeps fifteen significant digits of a number and silently loses the rest.
MOST_DIGITS = 15

# Some programs drop blanks before they look, and take the full-width signs for the others.
_STARTS = r"(?:[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20])"
_DANGEROUS = re.compile(rf"'*{_STARTS}")
_ESCAPED = re.compile(rf"'+{_STARTS}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?\Z")


def is_plain_number(text: str) -> bool:
    """Whether it is a number in plain digits, which no spreadsheet runs: ``-5``, ``12.50``."""
    return bool(_NUMBER.match(text))


def escaped(text: str) -> str:
    """The text as it is written: dangerous beginnings get one more apostrophe.

    >>> escaped("=1+1"), escaped("-5"), escaped("'tis")
    ("'=1+1", '-5', "'tis")
    """
    if _DANGEROUS.match(text) and not is_plain_number(text):
        return f"'{text}"
    return text


def unescaped(text: str) -> str:
    """The text that :func:`escaped` was given.

    >>> unescaped("'=1+1"), unescaped("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if _ESCAPED.match(text) else text


def column_letters(number: int) -> str:
    """The letters of a column, counted from 1.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
