"""How does a text of ours become paragraphs, lists and links of a page?

The texts of the foot of the site stand in the catalogues as plain lines: an empty mark-up, so that
a translator sees sentences. ``- `` begins an item of a list, ``[words](path)`` is a link to a page
of the site, or to another address where it begins with ``/``, ``https:`` or ``mailto:``, and
``**words**`` are strong.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import groupby

from django.utils.safestring import SafeString, mark_safe

from cauce.web.page import Page
from cauce.words.foreign import html

__all__ = ["Block", "Section", "prose", "section"]

_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_ELSEWHERE = ("/", "https:", "mailto:")
_ITEM = "- "


@dataclass(frozen=True, slots=True)
class Block:
    """Paragraphs, or the items of a list, as HTML."""

    is_list: bool
    lines: tuple[SafeString, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with its anchor, and what stands under it."""

    anchor: str
    heading: str
    blocks: tuple[Block, ...]


def section(page: Page, key: str, anchor: str, **params: object) -> Section:
    """The section whose words are ``KEY.title`` and ``KEY``."""
    return Section(anchor, page.voice.say(f"{key}.title"), prose(page, key, **params))


def prose(page: Page, key: str, **params: object) -> tuple[Block, ...]:
    """The words of a key, as blocks."""
    lines = [line for line in page.voice.say(key, **params).splitlines() if line.strip()]
    return tuple(
        Block(is_list, tuple(_line(page, line.removeprefix(_ITEM)) for line in group))
        for is_list, group in groupby(lines, key=lambda line: line.startswith(_ITEM))
    )


def _line(page: Page, line: str) -> SafeString:
    # Everything is escaped: the words, and the addresses of the links.
    return mark_safe("".join(_pieces(page, line)))  # noqa: S308


def _pieces(page: Page, line: str) -> Iterator[str]:
    end = 0
    for link in _LINK.finditer(line):
        target = link[2] if link[2].startswith(_ELSEWHERE) else page.link(link[2])
        yield _words(line[end : link.start()])
        yield f'<a href="{escape(target)}">{html(link[1])}</a>'
        end = link.end()
    yield _words(line[end:])


def _words(words: str) -> str:
    return _STRONG.sub(r"<strong>\1</strong>", html(words))
