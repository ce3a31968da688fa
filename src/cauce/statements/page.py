"""How does a fact sheet look? One self-contained HTML file for each language.

Inline stylesheet, no script, nothing from another host: it opens from disk, prints on two pages,
and every figure is a link to the account of how it was made in the same file.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from django.template import Context, Engine, Template
from django.utils.safestring import SafeString, mark_safe

from cauce.exports.evidence import link
from cauce.statements.document import Document
from cauce.statements.sheet import Edition, Sheet, anchor, markdown
from cauce.statements.template import Slot
from cauce.words import Voice, text
from cauce.words.explanations import Explained, Line, explained
from cauce.words.foreign import html, plain

__all__ = ["explained_html", "index_page", "render", "style"]

#: What every sheet says around its text.
WORDS = (
    "skip", "kicker", "languages", "all", "notes", "notes_intro", "documents", "trace",
    "trace_intro", "open_all", "back",
)  # fmt: skip

_PAGES = Path(__file__).parent / "pages"


@cache
def _page(name: str) -> Template:
    engine = Engine(dirs=[str(_PAGES)], autoescape=True)
    return engine.get_template(name)


@cache
def style() -> str:
    """The stylesheet that stands in every sheet."""
    css = (_PAGES / "sheet.css").read_text(encoding="utf-8")
    return css.replace("\n", "")


def render(document: Document, language: str, edition: Edition | None = None) -> bytes:
    """The sheet in one language. The same document gives the same bytes."""
    return _Page(Sheet(document, language, edition)).bytes()


def index_page(document: Document) -> bytes:
    """The page that leads to the sheet's languages, beside them in their folder."""
    titles = [
        {
            "language": language,
            "file": f"{language}.html",
            "title": Sheet(document, language).title,
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
            "rest": section.rest,
        }
        for section in told.sections
    ]
    words = {
        "document": voice.say("explain.labelled", label=voice.say("explain.document")),
        "source_page": voice.say("explain.source_page"),
    }
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
        "address": link(line.address),
        "page": line.page,
        "page_label": voice.say("explain.source_page_label", title=plain(line.document)),
        "details": details,
    }


def _safe(words: str) -> SafeString:
    # Escaped by `html`; only the language marks become elements.
    return mark_safe(html(words))  # noqa: S308


class _Page:
    """One sheet on its way to bytes."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.voice = sheet, sheet.voice
        self.placed: set[str] = set()

    def bytes(self) -> bytes:
        sheet = self.sheet
        context = {
            "language": sheet.language,
            "title": sheet.title,
            "description": sheet.say("sheet.description"),
            "style": mark_safe(style()),  # noqa: S308 - our own file
            "words": {name: sheet.say(f"sheet.{name}") for name in WORDS},
            "siblings": self._siblings(),
            "files": self._files(),
            "text": self._text(),
            "notes": [
                {
                    "figures": [(_safe(value), _safe(about)) for _, value, about in noted.figures],
                    "sentences": [_safe(words) for words in noted.sentences],
                }
                for noted in sheet.notes
            ],
            "between": self.voice.say("document.between"),
            "documents": [_safe(paper) for paper in sheet.papers],
            "traces": list(self._traces()),
            "footer": list(sheet.about()),
        }
        return _page("sheet.html").render(Context(context)).encode("utf-8")

    def _siblings(self) -> list[dict[str, str]]:
        return [
            {"file": f"{one}.html", "language": one, "name": text(f"language.{one}", one)}
            for one in self.sheet.edition.languages
            if one != self.sheet.language
        ]

    def _files(self) -> list[dict[str, str]]:
        """The other forms of an issue, beside it in its folder and on a site."""
        if self.sheet.edition.number is None:
            return []
        say = self.sheet.say
        return [
            {
                "file": f"{self.sheet.language}.{form}",
                "name": say(f"take_away.{form}"),
                "label": say(
                    "take_away.label", action=say(f"take_away.{form}"), what=self.sheet.title
                ),
            }
            for form in ("pdf", "docx")
        ]

    def _text(self) -> SafeString:
        """The Markdown as HTML, each figure a link, and under the title as known when."""
        rendered = markdown().render(self.sheet.source)
        pieces = self.sheet.split(rendered)
        linked = "".join(self._figure(p) if isinstance(p, Slot) else p for p in pieces)
        known = html(self.sheet.say("sheet.known", date=self.sheet.known))
        dated = f'<p class="known">{known}</p>'
        if self.sheet.invented:
            dated = (
                f"<p><strong>{html(self.sheet.say('take.invented_table'))}</strong></p>\n{dated}"
            )
        title, closed, rest = linked.partition("</h1>")
        linked = f"{title}{closed}\n{dated}{rest}" if closed else f"{dated}\n{linked}"
        region = html(self.sheet.say("sheet.table"))
        linked = linked.replace(
            "<table>",
            f'<div class="scroll" role="region" tabindex="0" aria-label="{region}"><table>',
        ).replace("</table>", "</table></div>")
        return mark_safe(linked)  # noqa: S308 - Markdown without raw HTML, figures escaped

    def _figure(self, slot: Slot) -> str:
        # Only the first mention is the place that «back to the text» leads to.
        first = "" if slot.name in self.placed else f' id="{anchor("t", slot.name)}"'
        self.placed.add(slot.name)
        return (
            f'<a class="figure"{first} href="#{anchor("c", slot.name)}" '
            f'aria-label="{html(self.sheet.label(slot))}">{html(self.sheet.printed(slot))}</a>'
        )

    def _traces(self) -> Iterator[dict[str, object]]:
        papers = self.sheet.document.names.sources
        for name in self.sheet.names:
            used_in = tuple(dict.fromkeys(self.sheet.sections(name)))
            where = self.sheet.say("sheet.where_used", sections=self.voice.apart(used_in))
            told = explained(self.sheet.of(name), self.voice, papers, where_used=(where,))
            yield {
                "id": anchor("c", name),
                "heading": _safe(told.sentence.removesuffix(".")),
                "body": explained_html(told, self.voice, tag="h4"),
                "back": anchor("t", name),
                "back_label": self.sheet.say("sheet.back_label", figure=plain(told.sentence)),
            }
