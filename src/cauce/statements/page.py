"""How does a fact sheet look? One self-contained HTML file for each language.

Inline stylesheet, no script, nothing from another host: it opens from disk, prints on two pages,
and every figure is a link to the account of how it was made in the same file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.template import Context, Engine, Template
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

from cauce.figures import Explanation
from cauce.statements.document import Document
from cauce.statements.formats import printed
from cauce.statements.template import Body, Slot
from cauce.words import Voice, dates, text
from cauce.words.explanations import Explained, Line, explained
from cauce.words.foreign import html, plain
from cauce.words.notes import note
from cauce.words.questions import title as question_title
from cauce.words.questions import where_and_when

__all__ = ["Edition", "explained_html", "index_page", "render", "style", "title_of"]

#: What every sheet says around its text.
WORDS = (
    "skip", "kicker", "languages", "all", "notes", "notes_intro", "documents", "trace", "back",
)  # fmt: skip

_PAGES = Path(__file__).parent / "pages"

# Private-use characters that stand for figures while Markdown is read.
_OPEN, _CLOSE = "\ue010", "\ue011"
_PLACED = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$", re.MULTILINE)
_HOST = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(/|$)")
_SCHEME = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Edition:
    """What an issued sheet says about itself; a draft has no number and no siblings."""

    number: int | None = None
    languages: tuple[str, ...] = ()


@cache
def _page(name: str) -> Template:
    engine = Engine(dirs=[str(_PAGES)], autoescape=True)
    return engine.get_template(name)


@cache
def style() -> str:
    """The stylesheet that stands in every sheet."""
    css = (_PAGES / "sheet.css").read_text(encoding="utf-8")
    return css.replace("\n", "")


def _markdown() -> MarkdownIt:
    # Raw HTML, links and pictures are off: a sheet refers to nothing outside itself.
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    return reader.disable(["link", "image", "autolink", "reference", "code", "fence", "backticks"])


def render(document: Document, language: str, edition: Edition | None = None) -> bytes:
    """The sheet in one language. The same document gives the same bytes."""
    return _Sheet(document, language, edition or Edition()).bytes()


def title_of(document: Document, language: str) -> str:
    """The sheet's title: its first heading, as plain words."""
    return _Sheet(document, language, Edition()).title()


def index_page(document: Document) -> bytes:
    """The page that leads to the sheet's languages, beside them in their folder."""
    titles = [
        {
            "language": language,
            "file": f"{language}.html",
            "title": title_of(document, language),
            "name": text(f"language.{language}", language),
        }
        for language in document.template.languages
    ]
    context = {"titles": titles, "style": mark_safe(style()), "name": document.template.name}  # noqa: S308 - our own file
    return _page("index.html").render(Context(context)).encode("utf-8")


def explained_html(told: Explained, voice: Voice, *, tag: str) -> SafeString:
    """The six sections as HTML, under headings of level ``tag`` (``h2`` … ``h4``)."""
    sections = [
        {
            "heading": section.heading,
            "rows": [(_safe(label), _safe(words)) for label, words in section.rows],
            "sentences": [_safe(words) for words in section.sentences],
            "lines": [_line(line, voice) for line in section.lines],
        }
        for section in told.sections
    ]
    words = {"document": voice.say("explain.labelled", label=voice.say("explain.document"))}
    context = Context({"sections": sections, "tag": tag, "words": words})
    return _page("explained.html").render(context)


def _line(line: Line, voice: Voice) -> dict[str, object]:
    labelled = [
        (voice.say("explain.labelled", label=label), words) for label, words in line.details
    ]
    details = [(label, _safe(words), plain(words).endswith(".")) for label, words in labelled]
    return {
        "value": _safe(line.value),
        "about": _safe(line.about),
        "remark": _safe(line.remark),
        "document": _safe(line.document),
        "address": _address(line.address),
        "details": details,
    }


def _address(text: str) -> str:
    """Where a link leads: a page of the site, or a document elsewhere (most sources are recorded
    without «https://», as they are printed). Nothing else may become a link."""
    if not text or text.startswith("/") or _SCHEME.match(text):
        return text
    return f"https://{text}" if _HOST.match(text) else ""


def _safe(words: str) -> SafeString:
    # Escaped by `html`; only the language marks become elements.
    return mark_safe(html(words))  # noqa: S308


class _Sheet:
    """One language of one document on its way to bytes."""

    def __init__(self, document: Document, language: str, edition: Edition) -> None:
        self.document, self.language, self.edition = document, language, edition
        self.voice = document.voice(language)
        self.body: Body = document.template.bodies[language]
        self.placed: set[str] = set()

    def bytes(self) -> bytes:
        notes, documents = self._notes()
        context = {
            "language": self.language,
            "title": self.title(),
            "description": self.say("sheet.description"),
            "style": mark_safe(style()),  # noqa: S308 - our own file
            "words": {name: self.say(f"sheet.{name}") for name in WORDS},
            "siblings": self._siblings(),
            "text": self._text(),
            "notes": notes,
            "documents": documents,
            "traces": list(self._traces()),
            "footer": list(self._footer()),
        }
        return _page("sheet.html").render(Context(context)).encode("utf-8")

    def say(self, key: str, **params: object) -> str:
        return self.voice.say(key, **params)

    def title(self) -> str:
        first = _HEADING.search(self.body.text)
        return self._heading(first) if first else self.document.template.name

    def _heading(self, match: re.Match[str]) -> str:
        """A heading's words with its figures printed."""
        words = match[2]
        for slot in reversed(self.body.slots):
            if match.start(2) <= slot.start < match.end(2):
                at = slot.start - match.start(2), slot.end - match.start(2)
                words = words[: at[0]] + plain(self._printed(slot)) + words[at[1] :]
        return re.sub(r"[*_]", "", words)

    def _siblings(self) -> list[dict[str, str]]:
        return [
            {"file": f"{one}.html", "language": one, "name": text(f"language.{one}", one)}
            for one in self.edition.languages
            if one != self.language
        ]

    # -- the text ------------------------------------------------------------------------------

    def _text(self) -> SafeString:
        """The Markdown as HTML, each figure a link, and under the title as known when."""
        source, end = [], 0
        for number, slot in enumerate(self.body.slots):
            source += [self.body.text[end : slot.start], f"{_OPEN}{number}{_CLOSE}"]
            end = slot.end
        rendered = _markdown().render("".join([*source, self.body.text[end:]]))
        linked = _PLACED.sub(lambda m: self._figure(self.body.slots[int(m[1])]), rendered)
        known = self.say("sheet.known", date=self._known())
        linked = linked.replace("</h1>", f'</h1>\n<p class="known">{html(known)}</p>', 1)
        region = html(self.say("sheet.table"))
        linked = linked.replace(
            "<table>",
            f'<div class="scroll" role="region" tabindex="0" aria-label="{region}"><table>',
        ).replace("</table>", "</table></div>")
        return mark_safe(linked)  # noqa: S308 - Markdown without raw HTML, figures escaped

    def _known(self) -> str:
        return dates.known_at(self.document.known_at, self.voice.zone, self.language)

    def _printed(self, slot: Slot) -> str:
        return printed(slot.format, self._of(slot.name), self.voice)

    def _of(self, name: str) -> Explanation:
        return self.document.explanations[name]

    def _figure(self, slot: Slot) -> str:
        words = self._printed(slot)
        question = self._of(slot.name).figure.question
        about = where_and_when(question, self.voice) or question_title(question, self.voice)
        label = plain(self.say("figure.link", value=words, scope=about))
        # Only the first mention is the place that «back to the text» leads to.
        first = "" if slot.name in self.placed else f' id="{_id("t", slot.name)}"'
        self.placed.add(slot.name)
        return (
            f'<a class="figure"{first} href="#{_id("c", slot.name)}" '
            f'aria-label="{html(label)}">{html(words)}</a>'
        )

    # -- notes and traces ----------------------------------------------------------------------

    def _names(self) -> list[str]:
        """The figures in the order in which the text first mentions them."""
        return list(dict.fromkeys(slot.name for slot in self.body.slots))

    def _notes(self) -> tuple[list[dict[str, object]], list[SafeString]]:
        """What is to be said of each figure, and the documents that the notes refer to by number.

        Figures of which the same is to be said stand together.
        """
        papers = self.document.names.sources
        numbers: dict[str, int] = {}
        together: dict[tuple[str, ...], list[tuple[SafeString, SafeString]]] = {}
        for name in self._names():
            one = note(self._of(name), self.voice, papers)
            cited = [numbers.setdefault(paper, len(numbers) + 1) for paper in one.documents]
            said = (*one.sentences, self._cited(cited)) if cited else one.sentences
            figure = (_safe(one.value), _safe(one.about))
            together.setdefault(said, []).append(figure)
        notes: list[dict[str, object]] = [
            {"figures": figures, "sentences": [_safe(words) for words in said]}
            for said, figures in together.items()
        ]
        return notes, [_safe(paper) for paper in numbers]

    def _cited(self, numbers: list[int]) -> str:
        listed = self.voice.list([str(number) for number in sorted(numbers)])
        return self.say("note.cited", count=len(numbers), numbers=listed)

    def _traces(self) -> Iterator[dict[str, object]]:
        papers = self.document.names.sources
        for name in self._names():
            used_in = tuple(dict.fromkeys(self._sections(name)))
            where = self.say("sheet.where_used", sections="; ".join(used_in))
            told = explained(self._of(name), self.voice, papers, where_used=(where,))
            yield {
                "id": _id("c", name),
                "heading": _safe(told.sentence.removesuffix(".")),
                "body": explained_html(told, self.voice, tag="h4"),
                "back": _id("t", name),
                "back_label": self.say("sheet.back_label", figure=plain(told.sentence)),
            }

    def _sections(self, name: str) -> Iterator[str]:
        """The headings under which a figure stands."""
        headings = list(_HEADING.finditer(self.body.text))
        for slot in self.body.slots:
            if slot.name == name:
                above = [h for h in headings if h.start() <= slot.start]
                yield self._heading(above[-1]) if above else self.title()

    # -- the foot ------------------------------------------------------------------------------

    def _footer(self) -> Iterator[str]:
        number, head = self.edition.number, self.document.head
        if number is None:
            yield self.say("sheet.draft", date=self._known())
        else:
            name = self.document.template.name
            yield self.say("sheet.issued", name=name, number=number, date=self._known())
        yield self.say("sheet.head", head=head)
        yield self.say("sheet.about")
        yield self.say("sheet.licence")


def _id(kind: str, name: str) -> str:
    return f"{kind}-{name.replace('_', '-')}"
