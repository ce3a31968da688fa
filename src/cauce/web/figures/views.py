"""Figures: the frameworks, one framework's tree, and how a figure is made."""

from __future__ import annotations

from django.http import HttpResponse

from cauce import figures
from cauce.errors import CauceError
from cauce.exports.evidence import is_invented
from cauce.exports.source_line import months
from cauce.figures import Explanation
from cauce.statements.page import explained_html
from cauce.web.asking import HEAD, KNOWN, parameters, question_of
from cauce.web.figures import contents, indicators, trees
from cauce.web.naming import source_href, text_of
from cauce.web.page import Page, page_view
from cauce.web.taking import figure_takes
from cauce.words.explanations import Line, explained
from cauce.words.foreign import plain
from cauce.words.notes import quote

__all__ = ["by_code", "figure", "figures_list"]


@page_view
def figures_list(page: Page) -> HttpResponse:
    title = page.voice.say("page.figures.title")
    return page.render(
        "figures/list.html",
        title,
        frameworks=contents.framework_rows(page),
        folder=page.link("cifras/carpeta/"),
    )


@page_view
def by_code(page: Page, *, code: str) -> HttpResponse:
    """The page of an indicator or of a framework: both stand below «cifras»."""
    is_indicator = code in page.names.indicators
    return indicators.indicator(page, code) if is_indicator else framework(page, code)


def framework(page: Page, code: str) -> HttpResponse:
    if code not in page.names.frameworks:
        raise CauceError("unknown_framework", id=code)
    branches, loose = trees.tree(page, code)
    row = contents.framework_row(page, code)
    found = page.names.frameworks[code]
    return page.render(
        "figures/framework.html",
        row.name,
        crumbs=contents.framework_crumbs(page, code),
        row=row,
        description=text_of(page, found.description),
        branches=branches,
        loose=loose,
        conflicts=contents.conflicts(page, code),
        folder=page.link("cifras/carpeta/", marco=code),
        changes=page.link("cambios/", marco=code),
    )


def quoted(page: Page, explanation: Explanation) -> str:
    """The sentence to quote; what was invented is offered to nobody."""
    if is_invented(explanation.figure):
        return ""
    when = months(explanation.used, page.voice, page.names.sources)
    return quote(explanation, page.voice, when=when)


@page_view
def figure(page: Page) -> HttpResponse:
    """How a figure is made: the six headings."""
    question = question_of(page.request.GET.dict())
    explanation = figures.explain(question, now=page.moment)
    where = (
        *contents.used_in(page, question),
        Line(
            "",
            document=page.voice.say("explain.permanent"),
            address=contents.permanent(page, explanation.figure),
        ),
        Line(
            "",
            document=page.voice.say("page.report"),
            address=page.link("reportar-un-error/", pagina=page.request.get_full_path()),
        ),
    )
    told = explained(
        explanation,
        page.voice,
        page.names.sources,
        where_used=where,
        source_page=lambda code: source_href(page, code),
    )
    return page.render(
        "figures/figure.html",
        page.voice.say("explain.title"),
        crumbs=contents.above(page, question),
        preview=f"{page.root}cifras/como-se-obtuvo/cifra.png?{parameters(question, page.known)}",
        description=told.sentence,
        take=figure_takes(page, parameters(question, page.known), plain(told.sentence)),
        sentence=told.sentence,
        quote=quoted(page, explanation),
        is_invented=is_invented(explanation.figure),
        body=explained_html(told, page.voice, tag="h2"),
        asked=[(k, v) for k, v in page.request.GET.items() if k not in (KNOWN, HEAD)],
        known_field=question.known_at.text if question.known_at else "",
    )
