"""Figures: the frameworks, one framework's tree, and how a figure is made."""

from __future__ import annotations

from django.http import Http404, HttpResponse

from cauce import figures
from cauce.errors import CauceError
from cauce.exports.chart import svg
from cauce.exports.evidence import few, reporters
from cauce.exports.grid import Grid
from cauce.exports.picture import chart_png
from cauce.journal.clock import now
from cauce.statements.page import explained_html
from cauce.web.asking import HEAD, KNOWN, parameters, question_of
from cauce.web.cards import card
from cauce.web.figures import contents
from cauce.web.figures.series import SHOWN, chosen, series
from cauce.web.page import Page, page_view
from cauce.web.taking import attachment, figure_takes, table_takes
from cauce.words.explanations import Line, explained
from cauce.words.foreign import plain
from cauce.words.notes import quote

__all__ = ["by_code", "chart_file", "figure", "figures_list", "indicator_table"]


@page_view
def figures_list(page: Page) -> HttpResponse:
    title = page.voice.say("page.figures.title")
    return page.render("figures/list.html", title, frameworks=contents.framework_rows(page))


@page_view
def by_code(page: Page, *, code: str) -> HttpResponse:
    """The page of an indicator or of a framework: both stand below «cifras»."""
    return indicator(page, code) if code in page.names.indicators else framework(page, code)


def indicator(page: Page, code: str) -> HttpResponse:
    """What is measured, its values as a chart and a table, and where they come from."""
    found = series(page, code)
    grid = found.grid(page)
    words = page.voice
    title = words.name(code)
    query = {name: chosen(page, name) for name in ("lugar", "desde", "hasta")}
    path = f"cifras/{code}/"
    definition = contents.text_of(page, found.indicator.definition)
    chart = found.chart(page)
    return page.render(
        "figures/indicator.html",
        title,
        crumbs=contents.crumbs(page, code),
        description=definition,
        definition=definition,
        marks=contents.marks(page, found.indicator),
        latest=card(page, found.explanations[-1]) if found.explanations else None,
        chart=chart,
        drawn=svg(chart, name=f"chart-{code}") if chart else "",
        grid=grid.only(*SHOWN) if grid.rows else None,
        take=table_takes(page, path, plain(title), chart=bool(chart), **query),
        places=[(place, words.name(place)) for place in found.places if place],
        place=found.place,
        query=query,
        path=page.request.path,
    )


@page_view
def chart_file(page: Page, *, code: str) -> HttpResponse:
    """The chart as a picture, with who says so and where it can be checked."""
    found = series(page, code)
    chart = found.chart(page)
    if chart is None:
        raise Http404
    named = dict.fromkeys(one for each in found.explanations for one in reporters(each))
    drawn = chart_png(
        chart,
        page.voice,
        source_line=few(named, page.voice.short, page.voice),
        address=page.absolute(page.link(f"cifras/{code}/")),
        site=page.voice.say("page.site"),
    )
    return attachment(drawn, "png", found.name)


def indicator_table(page: Page, *, code: str) -> Grid:
    """The values of the indicator's page as a table, with everything the files hold."""
    return series(page, code).grid(page)


def framework(page: Page, code: str) -> HttpResponse:
    if code not in page.names.frameworks:
        raise CauceError("unknown_framework", id=code)
    branches, loose = contents.tree(page, code)
    row = contents.framework_row(page, code)
    found = page.names.frameworks[code]
    return page.render(
        "figures/framework.html",
        row.name,
        row=row,
        description=contents.text_of(page, found.description),
        branches=branches,
        loose=loose,
        conflicts=contents.conflicts(page, code),
    )


@page_view
def figure(page: Page) -> HttpResponse:
    """How a figure is made: the six headings."""
    question = question_of(page.request.GET.dict())
    explanation = figures.explain(question, now=now())
    where = (
        *contents.used_in(page, question),
        Line(
            "",
            document=page.voice.say("explain.permanent"),
            address=contents.permanent(page, explanation.figure),
        ),
    )
    told = explained(explanation, page.voice, page.names.sources, where_used=where)
    return page.render(
        "figures/figure.html",
        page.voice.say("explain.title"),
        preview=f"{page.root}cifras/como-se-obtuvo/cifra.png?{parameters(question, page.known)}",
        description=told.sentence,
        take=figure_takes(page, parameters(question, page.known), plain(told.sentence)),
        sentence=told.sentence,
        quote=quote(explanation, page.voice),
        body=explained_html(told, page.voice, tag="h2"),
        asked=[(k, v) for k, v in page.request.GET.items() if k not in (KNOWN, HEAD)],
        known_field=question.known_at.text if question.known_at else "",
    )
