"""How does the command line speak to whoever sits at it?

Results go to standard output; progress, notes and errors to standard error, so that a result can
be passed on. Words come from the catalogue, in the language chosen when the program started.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tqdm import tqdm

from cauce import words

__all__ = ["bar", "language", "note", "out", "say", "speak", "user"]

_spoken = [words.DEFAULT_LANGUAGE]


def speak(language: str) -> None:
    """From here on speak this language; also the parser of the command line."""
    _spoken[0] = language
    words.speak(language)


def language() -> str:
    """The language spoken here."""
    return _spoken[0]


def say(key: str, **params: object) -> str:
    """The words for a key of the catalogue."""
    return words.text(key, language(), **params)


def out(text: str) -> None:
    """A line of the result."""
    sys.stdout.write(f"{text}\n")


def note(text: str) -> None:
    """A line beside the result."""
    sys.stderr.write(f"{text}\n")


@contextmanager
def bar(total: int | None, doing: str) -> Iterator[Callable[[int], None]]:
    """A progress bar on standard error, which long work feeds with how much more is done.

    Nothing is drawn where standard error is not a terminal, nor for what is done at once.
    """
    with tqdm(total=total, desc=doing, unit="", delay=0.5, leave=False, disable=None) as shown:

        def more(count: int) -> None:
            shown.update(count)

        yield more


def user() -> str:
    """Who works at this terminal, for what is recorded by hand."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return "cauce"
