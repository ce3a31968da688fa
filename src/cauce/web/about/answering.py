"""Who answers for this site, and how are they reached from a page that has an error?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings

from cauce.web.page import Page

__all__ = ["Contact", "contact", "own_path", "report_address", "responsible"]

#: What an address of a page of ours looks like: a language, then anything but another host.
_OWN = re.compile(r"/(?:es|en|fr)/(?!/)[^\\\s\x00-\x1f\x7f]*\Z")
_MAIL = re.compile(r"[^@\s<>\"]+@[^@\s<>\"]+\.[^@\s<>\"]+\Z")

#: Longer than any address of ours that a mail program takes.
_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Contact:
    """How whoever answers is reached: ``mail``, ``web``, or in some other way (``plain``)."""

    words: str
    kind: str

    @property
    def address(self) -> str:
        """Where a link to them leads; empty where there can be none."""
        return {"mail": f"mailto:{self.words}", "web": self.words}.get(self.kind, "")


def responsible() -> str:
    """Who answers for this site; empty where nobody is named."""
    return str(settings.CAUCE_RESPONSIBLE)


def contact() -> Contact | None:
    """How they are reached; nothing where no way is given."""
    words = str(settings.CAUCE_CONTACT)
    if not words:
        return None
    kind = "mail" if _MAIL.match(words) else "web" if words.startswith("https://") else "plain"
    return Contact(words, kind)


def own_path(page: Page) -> str:
    """The page that somebody comes from (``pagina``), where it is one of ours."""
    given = page.word("pagina")
    return given if len(given) <= _LONGEST and _OWN.match(given) else ""


def report_address(page: Page, to: Contact, path: str) -> str:
    """The link that reports an error: a message whose subject and page are written already."""
    if to.kind != "mail":
        return to.address
    say = page.voice.say
    message = {
        "subject": say("about.report.subject", site=say("page.site")),
        "body": say("about.report.body", address=page.absolute(path) if path else ""),
    }
    # A mail program wants %20 and line ends as on paper, not the plus signs of a form.
    body = {name: words.replace("\n", "\r\n") for name, words in message.items()}
    return f"{to.address}?{urlencode(body, quote_via=quote)}"
