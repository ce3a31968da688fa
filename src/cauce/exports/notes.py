"""What stands beside a table wherever it goes: where it comes from, as known when, under which
licence, and what to be careful about?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from cauce.words import Voice, dates

__all__ = ["notes"]


def notes(
    voice: Voice,
    *,
    address: str,
    known: str = "",
    today: date | None = None,
    sources: Sequence[str] = (),
    cautions: Sequence[str] = (),
    licence: str = "",
    invented: bool = False,
) -> tuple[tuple[str, str], ...]:
    """Labelled sentences for the notes of a ``Grid``; empty ones are left out.

    ``known`` is the day, in words, as of which the table says what was known; ``address`` is
    permanent; ``today`` the day on which it was taken away, ``sources`` documents with their
    dates; ``invented`` puts the mark «DATO INVENTADO» before everything else.
    """
    told = [
        ("table.note.invented", voice.say("take.invented_table") if invented else ""),
        ("table.note.known", known),
        ("table.note.taken", dates.day(today, voice.language) if today else ""),
        *(("table.note.source", source) for source in sources),
        *(("table.note.caution", caution) for caution in cautions),
        ("table.note.licence", licence),
        ("table.note.address", address),
    ]
    return tuple((voice.say(key), words) for key, words in told if words)
