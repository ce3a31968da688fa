"""What does every page know: its language, whom it speaks to, where its links lead?"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from cauce import __version__
from cauce.figures import Catalogue, catalogue
from cauce.journal import queries as journal
from cauce.values.dates import KnownAt
from cauce.values.question import Question
from cauce.web.asking import KNOWN, known_of, parameters
from cauce.words import LANGUAGES, Voice, dates, text

__all__ = ["Page", "chrome"]

_STYLESHEET = Path(__file__).parent / "static" / "web" / "site.css"


@dataclass(frozen=True, slots=True)
class Page:
    """One request for a page: language, names of things, and the date the reader travels by."""

    request: HttpRequest
    language: str
    names: Catalogue
    voice: Voice
    known: KnownAt | None

    @classmethod
    def of(cls, request: HttpRequest, language: str) -> Page:
        """Raises ``bad_date`` for a date in the address that does not parse."""
        names = catalogue(journal.head())
        voice = Voice(language, names, journal.workspace().zone)
        return cls(request, language, names, voice, known_of(request.GET))

    def link(self, path: str) -> str:
        """An address in the page's language that keeps the date the reader travels by."""
        query = f"?{urlencode({KNOWN: self.known.text})}" if self.known else ""
        return f"/{self.language}/{path}{query}"

    def how(self, question: Question) -> str:
        """The address that tells how a figure is made."""
        return f"/{self.language}/cifras/como-se-obtuvo?{parameters(question, self.known)}"

    def render(self, template: str, title: str, **context: object) -> HttpResponse:
        """The page; ``title`` is its first heading and its name in the browser."""
        every = chrome(self.request, self.language) | self._travel()
        links = {
            "home": self.link(""),
            "figures": self.link("cifras/"),
            "sheets": self.link("fichas/"),
        }
        return render(
            self.request,
            f"web/{template}",
            every | {"page_title": title, "links": links, **context},
        )

    def _travel(self) -> dict[str, object]:
        if self.known is None:
            return {}
        query = self.request.GET.copy()
        query.pop(KNOWN, None)
        today = f"{self.request.path}?{query.urlencode()}" if query else self.request.path
        return {
            "known": dates.known_at(self.known, self.voice.zone, self.language),
            "today": today,
        }


def chrome(request: HttpRequest, language: str) -> dict[str, object]:
    """What surrounds every page, also one that tells of an error: needs no workspace."""
    home = f"/{language}/"
    return {
        "language": language,
        "version": __version__,
        "stylesheet": f"/static/web/site.css?v={_stylesheet_digest()}",
        "links": {"home": home, "figures": f"{home}cifras/", "sheets": f"{home}fichas/"},
        "switch": [
            {"language": one, "name": text(f"language.{one}", one), "href": _same(request, one)}
            for one in LANGUAGES
        ],
    }


@cache
def _stylesheet_digest() -> str:
    return sha256(_STYLESHEET.read_bytes()).hexdigest()[:12]


def _same(request: HttpRequest, language: str) -> str:
    """The same page and question in another language."""
    parts = request.path.split("/", 2)
    rest = parts[2] if len(parts) > 2 and parts[1] in LANGUAGES else ""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"/{language}/{rest}{query}"
