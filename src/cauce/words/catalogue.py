"""Which words stand for a key? The messages of ``locale/<language>/LC_MESSAGES/*.po``.

One file for each part of the house (``django.po`` holds what all of them say); a key stands in
one file only.

A message's id is a key such as ``error.unknown_place``, the same in every language, so no
language is the translation of another. Parameters are written ``{name}``; ``{name:n}`` writes a
number as the language does.
"""

from __future__ import annotations

import gettext
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from babel import Locale

from cauce.words.languages import LOCALE_DIR, LOCALES
from cauce.words.numbers import number

__all__ = ["has", "text"]


class _Own(gettext.GNUTranslations):
    """A class of our own has a cache of its own: gettext keeps one object for each file and class,
    and fallbacks added to it would be seen by everybody who reads that file."""


@lru_cache(maxsize=8)
def _messages(language: str) -> gettext.NullTranslations:
    # Raises OSError where the catalogues were not compiled: a page of keys would be worse.
    found = gettext.translation("django", str(LOCALE_DIR), languages=[language], class_=_Own)
    folder = LOCALE_DIR / language / "LC_MESSAGES"
    for path in sorted(folder.glob("*.mo")):
        if path.stem not in ("django", "argparse"):
            found.add_fallback(
                gettext.translation(path.stem, str(LOCALE_DIR), languages=[language], class_=_Own)
            )
    return found


def has(key: str, language: str) -> bool:
    """Whether there are words for a key."""
    return _raw(key, language, 1) != key


def text(key: str, language: str, **params: object) -> str:
    """The words for a key. ``count``, where given, chooses between singular and plural.

    Raises KeyError for a key without words, and for a parameter the words ask for and that is
    not given: both are defects, never shown to a reader as a key or a brace.

    >>> text("error.input_refused", "en", count=2)
    '2 problems: nothing was accepted.'
    """
    words = _raw(key, language, _plural(params.get("count"), language))
    if words == key:
        raise KeyError(key)
    return words.format(**{name: _shown(value, language) for name, value in params.items()})


def _raw(key: str, language: str, plural: int) -> str:
    messages = _messages(language)
    # A key with plural forms is found only by ngettext, one without only by gettext.
    words = messages.ngettext(key, key, plural)
    return words if words != key else messages.gettext(key)


def _plural(count: object, language: str) -> int:
    """1 where the language uses the singular for this number, else 2: Spanish says «1.5 millones»,
    French «1,5 million» and «0 problème»."""
    if not isinstance(count, int | Decimal | Fraction):
        return 2
    exact = count if isinstance(count, int) else Decimal(float(count))
    return 1 if Locale.parse(LOCALES[language]).plural_form(exact) == "one" else 2


class _Number:
    """A number among the parameters: ``{limit:n}`` is written as the language does, ``{port}``
    in plain digits."""

    def __init__(self, value: int | Decimal | Fraction, language: str) -> None:
        self.value = value
        self.language = language

    def __format__(self, spec: str) -> str:
        return number(self.value, self.language) if spec == "n" else str(self.value)


def _shown(value: object, language: str) -> object:
    if isinstance(value, int | Decimal | Fraction) and not isinstance(value, bool):
        return _Number(value, language)
    return value
