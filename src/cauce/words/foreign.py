"""How does a name in another language keep its mark inside a sentence?

A sentence in French may hold a title that exists only in Spanish. The words around it are put
together as plain text, so the title carries two invisible marks; a page turns them into
``<span lang="es">``, a terminal drops them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

__all__ = ["foreign", "html", "parts", "plain"]

# Private-use characters (Unicode, plane 0): they cannot come in from a pack's text, because
# they are taken out of every name that is marked.
_OPEN, _END, _CLOSE = "\ue000", "\ue001", "\ue002"
_MARKED = re.compile(f"{_OPEN}([a-z]{{2}}){_END}([^{_CLOSE}]*){_CLOSE}")
_MARKS = re.compile(f"{_OPEN}[a-z]{{2}}{_END}|[{_OPEN}{_END}{_CLOSE}]")


def foreign(name: str, its_language: str, language: str) -> str:
    """The name, marked when it is not in the language of the sentence."""
    name = plain(name)
    return name if its_language in ("", language) else f"{_OPEN}{its_language}{_END}{name}{_CLOSE}"


def plain(words: str) -> str:
    """The words without marks: for a terminal, an attribute, a file of text."""
    return _MARKS.sub("", words)


def html(words: str) -> str:
    """The words as HTML: everything escaped, foreign names in a ``<span lang>``.

    >>> html("a < " + foreign("Sembrando Vida", "es", "en"))
    'a &lt; <span lang="es">Sembrando Vida</span>'
    """
    return _MARKS.sub("", _MARKED.sub(r'<span lang="\1">\2</span>', escape(words)))


def parts(words: str) -> Iterator[tuple[str, str]]:
    """The words piece by piece, each with the language it is in; empty for the sentence's own:
    for a format that is neither HTML nor plain text.

    >>> list(parts("The " + foreign("Sembrando Vida", "es", "en")))
    [('', 'The '), ('es', 'Sembrando Vida')]
    """
    end = 0
    for match in _MARKED.finditer(words):
        if before := plain(words[end : match.start()]):
            yield "", before
        yield match[1], plain(match[2])
        end = match.end()
    if after := plain(words[end:]):
        yield "", after
