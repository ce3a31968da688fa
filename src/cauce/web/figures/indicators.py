"""What do the pages of one indicator show: its values, what was published, how two compare?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from django.http import Http404, HttpResponse

from cauce.exports.chart import svg
from cauce.exports.evidence import newest
from cauce.exports.grid import Cell, Grid
from cauce.exports.picture import chart_png
from cauce.exports.quoting import citation
from cauce.exports.source_line import said_by
from cauce.figures import Explanation
from cauce.values.breakdown import TOTAL
from cauce.values.period import Period
from cauce.values.question import IndicatorQ
from cauce.web.asking import parameters
from cauce.web.cards import asked, card
from cauce.web.figures import compare, meaning, published, trees
from cauce.web.figures.contents import permanent
from cauce.web.figures.series import Recorded, Series, chosen, recorded, series
from cauce.web.listing import Choice, Written
from cauce.web.naming import source_href, text_of
from cauce.web.page import Crumb, Page, page_view
from cauce.web.taking import Take, attachment, figure_takes, table_takes
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.codes import dimension
from cauce.words.figures import sentence
from cauce.words.foreign import plain
from cauce.words.questions import breakdown

__all__ = [
    "chart_file",
    "comparison",
    "comparison_table",
    "indicator",
    "indicator_table",
    "published_table",
    "published_values",
]


def indicator(page: Page, code: str) -> HttpResponse:
    """What is measured, its values as a chart and a table, and where they come from."""
    found = series(page, code)
    latest, chart, told = found.latest, found.chart(page), _told(found)
    title, path = page.voice.name(code), f"cifras/{code}/"
    query = {name: chosen(page, name) for name in ("lugar", "desde", "hasta", "desglosar")}
    grid, own = _with_others(page, found, told), len(found.explanations)
    plan = found.plan(page)
    definition = text_of(page, found.indicator.definition)
    return page.render(
        "figures/indicator.html",
        title,
        crumbs=meaning.crumbs(page, code),
        description=definition,
        preview=_preview(page, latest) if latest else "",
        definition=definition,
        marks=meaning.marks(page, found.indicator),
        latest=card(page, latest) if latest else None,
        actions=_actions(page, latest) if latest else (),
        citation=_citation(page, latest) if latest else "",
        chart=chart,
        drawn=svg(chart, name=f"chart-{code}") if chart else "",
        grid=grid.only(*found.shown).part(1, own) if own else None,
        plan=_with_sources(page, plan) if plan else None,
        reached=_reached(page, found),
        take=table_takes(page, path, plain(title), chart=bool(chart), **query),
        parts=_parts(page, found),
        choices=_choices(page, found),
        written=_written(page, query),
        compare=page.link(f"{path}comparar/", lugar=found.recorded.place),
        changes=page.link("cambios/", indicador=code),
        meaning=meaning.meaning(page, found.indicator),
        sheets=meaning.sheets_with(page, code),
        path=page.request.path,
        published=_published_section(page, found, told),
    )


@page_view
def chart_file(page: Page, *, code: str) -> HttpResponse:
    """The chart as a picture, with who says so and where it can be checked."""
    found = series(page, code)
    chart = found.chart(page)
    if chart is None:
        raise Http404
    used = tuple(one for each in found.explanations for one in each.used)
    drawn = chart_png(
        chart,
        page.voice,
        source_line=plain(said_by(used, page.voice, page.names.sources)),
        address=page.absolute(page.link(f"cifras/{code}/")),
        site=page.voice.say("page.site"),
    )
    return attachment(drawn, "png", found.name)


def indicator_table(page: Page, *, code: str) -> Grid:
    """The values of the indicator's page as a table, with everything the files hold."""
    found = series(page, code)
    return _with_others(page, found, _told(found))


# -- the parts of an indicator's page --------------------------------------------------------------


def _told(found: Series) -> dict[str, published.Published]:
    """What was published for each period of the series, by the period's name."""
    if found.by or found.indicator.protected:
        return {}
    made = published.publications(found.recorded, found.explanations)
    return {one.period.text: one for one in made}


def _with_others(page: Page, found: Series, told: dict[str, published.Published]) -> Grid:
    """The table, where the number of other values leads to them."""
    grid = _with_sources(page, found.grid(page))
    keys = [column.key for column in grid.columns]
    what, period, at = (keys.index(key) for key in ("what", "period", "other_values"))
    rows = []
    for row in grid.rows:
        cells = list(row)
        one = told.get(row[period].code)
        # A target has the period of a value, and other values of its own.
        if one is not None and row[what].code == found.indicator.code:
            cells[at] = _others(page, found, one)
        rows.append(tuple(cells))
    return replace(grid, rows=tuple(rows))


def _with_sources(page: Page, grid: Grid) -> Grid:
    """The table, where a document leads to its page here."""
    at = [column.key for column in grid.columns].index("source")
    rows = ((*row[:at], _source(page, row[at]), *row[at + 1 :]) for row in grid.rows)
    return replace(grid, rows=tuple(rows))


def _source(page: Page, cell: Cell) -> Cell:
    """One document leads to its page here; of several each has its own."""
    if cell.code not in page.names.sources:
        return cell
    return replace(cell, href=page.absolute(source_href(page, cell.code)))


def _others(page: Page, found: Series, one: published.Published) -> Cell:
    say, code = page.voice.say, found.indicator.code
    if not one.others:
        return Cell("0", Fraction(0))
    when = dates.period(one.period, page.language)
    href = page.link(
        f"cifras/{code}/valores-publicados/", lugar=found.recorded.place, periodo=one.period.text
    )
    label = say("published.others_label", count=one.others, period=when)
    return Cell(str(one.others), Fraction(one.others), href=page.absolute(href), label=label)


def _preview(page: Page, latest: Explanation) -> str:
    asked_ = parameters(asked(latest.figure.question), page.known)
    return f"{page.root}cifras/como-se-obtuvo/cifra.png?{asked_}"


def _actions(page: Page, latest: Explanation) -> tuple[Take, ...]:
    """«Cómo se obtuvo · Copiar texto · Imagen · Excel · Citar», and the forms for machines."""
    say, question = page.voice.say, asked(latest.figure.question)
    said = plain(sentence(latest.figure, page.voice))
    how = Take(say("page.how"), say("page.how_label", figure=said), page.how(question))
    name = say("indicator.cite")
    cite = Take(name, say("take_away.label", action=name, what=said), "#citar")
    text, picture, sheet, *machines = figure_takes(page, parameters(question, page.known), said)
    return (how, text, picture, sheet, cite, *machines)


def _citation(page: Page, latest: Explanation) -> str:
    return citation(
        plain(sentence(latest.figure, page.voice)),
        site=page.voice.say("page.site"),
        published=newest(latest, page.names.sources),
        address=page.absolute(permanent(page, latest.figure)),
        licence=page.voice.say("take_away.licence"),
        voice=page.voice,
        today=page.today,
    )


def _parts(page: Page, found: Series) -> tuple[str, ...]:
    """Values of a part of a period only: they answer for no period of the table."""
    voice = page.voice
    said: dict[str, None] = {}
    for one in found.explanations:
        for other in one.figure.competing:
            if other.why != "part":
                continue
            who = voice.short(other.reporter) if other.reporter else voice.say("note.unnamed")
            words = voice.say(
                "indicator.part",
                period=dates.period(Period.parse(other.period), page.language),
                value=answer(other.answer, other.unit or one.figure.unit, voice),
                reporter=who,
            )
            said[words] = None
    return tuple(said)


def _reached(page: Page, found: Series) -> tuple[trees.Plan, ...]:
    """Of each target what part of it was reached, as far as that may be said."""
    targets = [
        question.period
        for one in found.planned
        if isinstance(question := one.figure.question, IndicatorQ) and question.kind == "target"
    ]
    return trees.reached(page, [found.recorded.asked(p) for p in targets])


def _choices(page: Page, found: Series) -> tuple[Choice, ...]:
    """Place, and by what to break down, where there is something to choose."""
    voice, own = page.voice, found.recorded
    made = []
    places = [(place, voice.name(place)) for place in own.places if place]
    if places:
        if own.place not in own.places:
            places.append((own.place, voice.name(own.place)))
        made.append(Choice("lugar", voice.say("indicator.place"), places, own.place))
    if own.dimensions:
        total = [("", voice.say("indicator.total"))] if TOTAL in own.breakdowns() else []
        named = [(name, dimension(name, voice)) for name in own.dimensions]
        made.append(Choice("desglosar", voice.say("indicator.by"), [*total, *named], found.by))
    return tuple(made)


def _written(page: Page, query: dict[str, str]) -> tuple[Written, ...]:
    say = page.voice.say
    return (
        Written("desde", say("indicator.from"), query["desde"]),
        Written("hasta", say("indicator.until"), query["hasta"]),
    )


@dataclass(frozen=True, slots=True)
class PublishedSection:
    """The values published for one period, as they stand on the indicator's page."""

    title: str
    grid: Grid
    href: str


def _published_section(
    page: Page, found: Series, told: dict[str, published.Published]
) -> PublishedSection | None:
    """The newest period for which publishers disagree, else for which several values are known."""
    several = [one for one in reversed(told.values()) if len(one.values) > 1]
    disputed = [one for one in several if one.explanation.figure.competing]
    shown = next(iter([*disputed, *several]), None)
    if shown is None:
        return None
    title = page.voice.say("published.for", period=dates.period(shown.period, page.language))
    grid = published.grid(page, found.recorded, shown, title)
    href = page.link(
        f"cifras/{found.indicator.code}/valores-publicados/",
        lugar=found.recorded.place,
        periodo=shown.period.text,
    )
    return PublishedSection(title, grid.only(*published.SHOWN), href)


# -- values published for one period ---------------------------------------------------------------


def _period_of(page: Page, found: Recorded) -> Period:
    """The period that the address names, else the newest of which a value is recorded."""
    text = chosen(page, "periodo")
    if text:
        return Period.parse(text)
    own = found.periods(found.where())
    if not own:
        raise Http404
    return own[-1]


def _published(page: Page, code: str) -> tuple[Recorded, published.Published, Grid]:
    found = recorded(page, code)
    told = published.published(found, _period_of(page, found), found.where())
    when = dates.period(told.period, page.language)
    title = page.voice.say("published.title", of=page.voice.name(code), period=when)
    return found, told, published.grid(page, found, told, title)


@page_view
def published_values(page: Page, *, code: str) -> HttpResponse:
    """Every value published for one period, in the order of publication, and which answers."""
    found, told, grid = _published(page, code)
    voice, path = page.voice, f"cifras/{code}/valores-publicados/"
    query = {"lugar": found.place, "periodo": told.period.text, "desglose": found.where().text}
    return page.render(
        "figures/published.html",
        grid.title,
        crumbs=_below(page, code, voice.say("published.crumb")),
        card=card(page, told.explanation),
        grid=grid.only(*published.SHOWN) if grid.rows else None,
        take=table_takes(page, path, grid.title, chart=False, **query),
        choices=_published_choices(page, found, told.period),
        written=(),
        path=page.request.path,
    )


def published_table(page: Page, *, code: str) -> Grid:
    """The published values as a table."""
    return _published(page, code)[2]


def _published_choices(page: Page, found: Recorded, period: Period) -> tuple[Choice, ...]:
    voice, where = page.voice, found.where()
    places = [(place, voice.name(place)) for place in found.places if place]
    spans = {*found.spans(where), period}
    periods = [
        (one.text, dates.period(one, page.language))
        for one in sorted(spans, key=lambda p: (p.end, p.start), reverse=True)
    ]
    made = [Choice("periodo", voice.say("compare.period"), periods, period.text)]
    if places:
        made.insert(0, Choice("lugar", voice.say("indicator.place"), places, found.place))
    if found.breakdowns() not in ((), (TOTAL,)):
        groups = [
            (one.text, breakdown(one, voice) if one != TOTAL else voice.say("indicator.total"))
            for one in found.breakdowns()
        ]
        made.append(Choice("desglose", voice.say("indicator.by"), groups, where.text))
    return tuple(made)


def _below(page: Page, code: str, name: str) -> list[Crumb]:
    *above, own = meaning.crumbs(page, code)
    return [*above, Crumb(own.name, page.link(f"cifras/{code}/")), Crumb(name)]


# -- comparing -------------------------------------------------------------------------------------

#: The words of an address that say what is compared.
COMPARED = ("lugar", "periodo", "desglose", "con_periodo", "con_lugar", "con_sabido")


@page_view
def comparison(page: Page, *, code: str) -> HttpResponse:
    """Two periods, two places, or one period as known on two dates."""
    found, made = recorded(page, code), compare.compared(page, code)
    path = f"cifras/{code}/comparar/"
    query = {name: chosen(page, name) for name in COMPARED}
    grid = made.grid(page) if made else None
    title = page.voice.say("compare.title", of=page.voice.name(code))
    return page.render(
        "figures/compare.html",
        title,
        crumbs=_below(page, code, page.voice.say("compare.crumb")),
        sentence=made.sentence(page) if made else "",
        fix=made.fix(page) if made else "",
        told=made.told(page) if made else [],
        cards=made.cards(page) if made else [],
        forms=compare.forms(page, found, made),
        grid=grid.only(*made.shown) if made and grid else None,
        take=table_takes(page, path, plain(title), chart=False, **query) if made else (),
        path=page.request.path,
    )


def comparison_table(page: Page, *, code: str) -> Grid:
    """The two figures and their difference as a table."""
    made = compare.compared(page, code)
    if made is None:
        raise Http404
    return made.grid(page)
