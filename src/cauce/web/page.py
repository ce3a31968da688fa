"""What does every page know: its language, its framework, whom it speaks to, where links lead?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, cached_property, wraps
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cauce import __version__
from cauce.figures import Catalogue, catalogue
from cauce.figures.reading import Reading, reading
from cauce.journal import queries as journal
from cauce.journal.clock import now
from cauce.journal.queries import View
from cauce.values.audience import PUBLIC
from cauce.values.dates import KnownAt
from cauce.values.question import Question
from cauce.web.asking import KNOWN, known_of, parameters
from cauce.words import LANGUAGES, Voice, dates, text
from cauce.words.foreign import plain

__all__ = ["FOOT", "SECTIONS", "Crumb", "Page", "chrome", "page_view"]

_STATIC = Path(__file__).parent / "static" / "web"

#: The sections of the site: the key of the name, and the path below the language.
SECTIONS = (
    ("home", ""),
    ("figures", "cifras/"),
    ("commitments", "compromisos/"),
    ("funding", "financiamiento/"),
    ("sheets", "fichas/"),
    ("parties", "paises-y-organizaciones/"),
)

#: Pages of a section that stand at a path of their own: where the reader is, in the menu.
BELONGS = {"acuerdos/": "compromisos/", "reuniones/": "compromisos/"}

#: What the foot of every page leads to.
FOOT = (
    ("about", "acerca-de/"),
    ("cite", "citar/"),
    ("changes", "cambios/"),
    ("sources", "fuentes/"),
    ("glossary", "glosario/"),
    ("data", "datos/"),
    ("help", "ayuda/"),
    ("accessibility", "accesibilidad/"),
    ("privacy", "privacidad/"),
    ("report", "reportar-un-error/"),
)


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the path above a title; without an address it is the page itself."""

    name: str
    href: str = ""


@dataclass(frozen=True)  # without slots, so that what is read once is kept
class Page:
    """One request for a page: language, names of things, the framework a reader stays in, the
    date the reader travels by, and the moment as of which all of the page is read."""

    request: HttpRequest
    language: str
    names: Catalogue
    voice: Voice
    known: KnownAt | None
    moment: datetime
    scope: str = ""

    @classmethod
    def of(cls, request: HttpRequest, language: str, scope: str = "") -> Page:
        """Raises ``bad_date`` for a date in the address that does not parse, and ``Http404`` for a
        framework that is not there: then the address names no page."""
        names = catalogue(journal.head())
        if scope and not any(_pack(code) == scope for code in names.frameworks):
            raise Http404
        voice = Voice(language, names, journal.workspace().zone)
        return cls(request, language, names, voice, known_of(request.GET), now(), scope)

    @property
    def root(self) -> str:
        """Where the site begins for this reader: the language, and the framework chosen."""
        return f"/{self.language}/{self.scope}/" if self.scope else f"/{self.language}/"

    def in_scope(self, code: str) -> bool:
        """Whether something with this id belongs to the framework the reader chose."""
        return not self.scope or _pack(code) == self.scope

    @property
    def view(self) -> View:
        """What a page reads records by: the newest entry, as known when, for the public."""
        until = min(self.known.instant(self.voice.zone), self.moment) if self.known else None
        return View(self.names.head, until, PUBLIC, self.moment)

    @cached_property
    def read(self) -> Reading:
        """What the registers of a page are read by, once for all of it: its view, and the last day
        that counts."""
        return reading(known_at=self.known, head=self.names.head, now=self.moment)

    @property
    def today(self) -> date:
        """The day on which the page is read, where the workspace is."""
        return self.day(self.moment)

    def day(self, moment: datetime) -> date:
        """The day of a moment, where the workspace is."""
        return moment.astimezone(self.voice.zone).date()

    def day_words(self, moment: datetime) -> str:
        """The day of a moment, in words."""
        return dates.day(self.day(moment), self.language)

    @property
    def known_words(self) -> str:
        """The date the reader travels by, in words; empty without one."""
        return dates.known_at(self.known, self.voice.zone, self.language) if self.known else ""

    def word(self, name: str) -> str:
        """A word of the address, without blanks around it."""
        return str(self.request.GET.get(name, "")).strip()

    def link(self, path: str, **query: str) -> str:
        """An address in the page's language and framework that keeps the date the reader travels
        by. Parameters without a value are left out."""
        given = {name: value for name, value in query.items() if value}
        if self.known:
            given[KNOWN] = self.known.text
        return f"{self.root}{path}?{urlencode(given)}" if given else f"{self.root}{path}"

    def how(self, question: Question) -> str:
        """The address that tells how a figure is made."""
        return f"{self.root}cifras/como-se-obtuvo?{parameters(question, self.known)}"

    def absolute(self, address: str) -> str:
        """The address with its host: what is copied, cited and printed."""
        return self.request.build_absolute_uri(address)

    @property
    def canonical(self) -> str:
        """The address without the framework a reader stays in: one page, one address."""
        rest = self.request.get_full_path().removeprefix(self.root)
        return self.absolute(f"/{self.language}/{rest}")

    def render(
        self,
        template: str,
        title: str,
        *,
        crumbs: Sequence[Crumb] = (),
        description: str = "",
        preview: str = "",
        status: int = 200,
        **context: object,
    ) -> HttpResponse:
        """The page; ``title`` is its first heading and its name in the browser.

        ``description`` and ``preview`` (the address of a picture 1200 by 630) are what a message
        with the link shows.
        """
        every = chrome(self.request, self.language, self.scope) | self._travel() | self._scopes()
        return render(
            self.request,
            f"web/{template}",
            every
            | {
                "page_title": title,
                "crumbs": crumbs,
                "description": plain(description),
                "preview": self.absolute(preview) if preview else "",
                "canonical": self.canonical,
                "opened": self.day_words(self.moment),
                "page": self,
                **self._links(),
                **context,
            },
            status=status,
        )

    def _links(self) -> dict[str, object]:
        return {
            "links": {key: self.link(path) for key, path in (*SECTIONS, *FOOT)},
            "nav": _menu(SECTIONS, self.link, self._here()),
            "foot": _menu(FOOT, self.link, self._here()),
            "search": f"{self.root}buscar/",
        }

    def _here(self) -> str:
        """The section of the page: the first word after language and framework."""
        rest = self.request.path.removeprefix(self.root)
        first = rest.partition("/")[0] + "/" if rest else ""
        return BELONGS.get(first, first)

    def _scopes(self) -> dict[str, object]:
        rest = self.request.get_full_path().removeprefix(self.root)
        offered = [("", self.voice.say("page.scope.all"))] + [
            (_pack(code), self.voice.short(code))
            for code, one in self.names.frameworks.items()
            if not one.closed or _pack(code) == self.scope
        ]
        return {
            "scopes": [
                {
                    "name": name,
                    "href": "/".join(("", self.language, *filter(None, [pack]))) + f"/{rest}",
                    "current": pack == self.scope,
                }
                for pack, name in offered
            ],
            "scope_name": next(name for pack, name in offered if pack == self.scope),
        }

    def _travel(self) -> dict[str, object]:
        if self.known is None:
            return {}
        query = self.request.GET.copy()
        query.pop(KNOWN, None)
        today = f"{self.request.path}?{query.urlencode()}" if query else self.request.path
        return {
            "known": self.known_words,
            "today": today,
        }


def page_view(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view that is given its :class:`Page` instead of a request; it only reads."""

    @require_safe
    @wraps(view)
    def answered(
        request: HttpRequest, language: str, scope: str = "", **params: object
    ) -> HttpResponse:
        return view(Page.of(request, language, scope), **params)

    return answered


def _pack(code: str) -> str:
    return code.partition("/")[0]


def _menu(
    entries: Sequence[tuple[str, str]], link: Callable[[str], str], here: str
) -> list[dict[str, object]]:
    return [
        {"key": f"page.{key}", "href": link(path), "current": path == here} for key, path in entries
    ]


def chrome(request: HttpRequest, language: str, scope: str = "") -> dict[str, object]:
    """What surrounds every page, also one that tells of an error: needs no workspace."""
    home = f"/{language}/"

    def plain_link(path: str) -> str:
        return f"{home}{path}"

    return {
        "language": language,
        "version": __version__,
        "stylesheet": _versioned("site.css"),
        "script": _versioned("site.js"),
        "links": {key: plain_link(path) for key, path in (*SECTIONS, *FOOT)},
        "nav": _menu(SECTIONS, plain_link, "?"),
        "foot": _menu(FOOT, plain_link, "?"),
        "search": plain_link("buscar/"),
        "switch": [
            {"language": one, "name": text(f"language.{one}", one), "href": _same(request, one)}
            for one in LANGUAGES
        ],
    }


@cache
def _versioned(name: str) -> str:
    digest = sha256((_STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/web/{name}?v={digest}"


def _same(request: HttpRequest, language: str) -> str:
    """The same page and question in another language."""
    parts = request.path.split("/", 2)
    rest = parts[2] if len(parts) > 2 and parts[1] in LANGUAGES else ""
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return f"/{language}/{rest}{query}"
