"""In which language does somebody read? And how is that language written (CLDR)?"""

from __future__ import annotations

import gettext
import os
import re
from pathlib import Path

__all__ = ["DEFAULT_LANGUAGE", "LANGUAGES", "LOCALES", "LOCALE_DIR", "language_of", "speak"]

LANGUAGES = ("es", "en", "fr")

#: The language of a reader who did not say another of the three.
DEFAULT_LANGUAGE = "es"

#: Whose habits numbers and dates follow. Spanish as in Mexico and most of the region (118,756);
#: English without a country, so that a date reads 12 July 2022 on both sides of a border.
LOCALES = {"es": "es_MX", "en": "en_001", "fr": "fr_FR"}

LOCALE_DIR = Path(__file__).resolve().parent.parent / "locale"

_TAG = re.compile(r"(es|en|fr)\b", re.IGNORECASE)


def language_of(*tags: str | None) -> str:
    """The first of several language tags (``--lang``, ``LANGUAGE``, ``LC_ALL``, ``LANG``) that
    names a language Cauce speaks.

    >>> language_of(None, "de_DE.UTF-8:fr_CA.UTF-8", "en")
    'fr'
    >>> language_of("C.UTF-8")
    'es'
    """
    for tag in tags:
        for part in (tag or "").split(":"):
            if match := _TAG.match(part.replace("_", "-")):
                return match[1].lower()
    return DEFAULT_LANGUAGE


def speak(language: str) -> None:
    """Let the command line's own parser speak the language.

    ``argparse`` asks ``gettext.gettext``, which reads the process's text domain and the
    environment; there is no way to pass it a language. Call it once, before parsers are made.
    """
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("argparse", str(LOCALE_DIR))
    gettext.textdomain("argparse")
