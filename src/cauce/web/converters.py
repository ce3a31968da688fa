"""Which parts of an address are words of ours, ids, or formats?"""

from __future__ import annotations

from django.urls import register_converter
from django.urls.converters import StringConverter

from cauce.web.taking import FIGURE_FORMATS, SHEET_FORMATS, TABLE_FORMATS

__all__ = ["register"]


class Language(StringConverter):
    regex = "es|en|fr"


class Code(StringConverter):
    """An id with its slash: ``asylum/ASYLUM``."""

    regex = r"[a-z][a-z0-9-]*/[A-Za-z0-9._-]+"


class Party(StringConverter):
    """A country by its three letters, or an organisation by its id: ``MEX``, ``asylum/COMAR``."""

    regex = rf"[A-Z]{{3}}|{Code.regex}"


class Scope(StringConverter):
    """The framework a reader stays in, by the first part of its ids: ``mirps``."""

    regex = r"[a-z][a-z0-9-]*"


class TakeFormat(StringConverter):
    regex = "|".join(TABLE_FORMATS)


class FigureFormat(StringConverter):
    regex = "|".join(FIGURE_FORMATS)


class SheetFormat(StringConverter):
    regex = "|".join(SHEET_FORMATS)


def register() -> None:
    """Make the converters known to Django's addresses; once, before they are read."""
    register_converter(Language, "language")
    register_converter(Code, "code")
    register_converter(Party, "party")
    register_converter(Scope, "scope")
    register_converter(TakeFormat, "take_format")
    register_converter(FigureFormat, "figure_format")
    register_converter(SheetFormat, "sheet_format")
