"""What stands on the pages of figures: frameworks with their trees, and where a figure is used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from cauce import figures
from cauce.frameworks.queries import Indicator
from cauce.journal.clock import now
from cauce.ledger import queries as ledger
from cauce.statements import queries as sheets
from cauce.values.audience import PUBLIC
from cauce.values.breakdown import TOTAL
from cauce.values.dates import KnownAt
from cauce.values.figure import Figure
from cauce.values.question import (
    IndicatorQ,
    Question,
    question_from_json,
)
from cauce.web.cards import Card, asked, card
from cauce.web.page import Crumb, Page
from cauce.web.sheets.contents import Row, sheet_row
from cauce.words import dates
from cauce.words.codes import conflict
from cauce.words.explanations import Line
from cauce.words.foreign import foreign
from cauce.words.questions import innermost

__all__ = [
    "Branch",
    "IndicatorRow",
    "conflicts",
    "crumbs",
    "framework_row",
    "framework_rows",
    "marks",
    "permanent",
    "text_of",
    "tree",
    "used_in",
]

#: How many of an indicator's latest values a framework's page shows.
LATEST = 3


def used_in(page: Page, question: Question) -> tuple[Line, ...]:
    """The newest fact sheets that print the answer to a question."""
    wanted = asked(question)
    found = []
    for issue in sheets.issued():
        for name, stored in issue.document()["figures"].items():
            if asked(question_from_json(stored["question"], audience=PUBLIC)) == wanted:
                row = sheet_row(page, issue)
                anchor = f"{row.href}#c-{name.replace('_', '-')}"
                found.append(Line("", document=row.name, address=anchor))
                break
    return tuple(found)


def permanent(page: Page, figure: Figure) -> str:
    """An address that gives the same figure for ever: as known then, up to the entry then.

    It names no framework to stay in. Of protected data only the latest version is released, so
    their address names no date.
    """
    question, everywhere = figure.question, replace(page, scope="")
    inner = innermost(question)
    if isinstance(inner, IndicatorQ) and page.names.indicator(inner.indicator).protected:
        return everywhere.how(asked(question))
    known = question.known_at or KnownAt(figure.known_at)
    return everywhere.how(replace(question, known_at=known, head=figure.head))


# -- frameworks --------------------------------------------------------------------------------


def framework_rows(page: Page) -> list[Row]:
    """Every framework: its full title, since when, open or closed, how it is known."""
    return [
        framework_row(page, framework.code)
        for framework in page.names.frameworks.values()
        if not framework.closed and page.in_scope(framework.code)
    ]


def framework_row(page: Page, code: str) -> Row:
    return Row(
        name=page.voice.name(code),
        href=page.link(f"cifras/{code}/"),
        sentences=tuple(_about(page, code)),
    )


def crumbs(page: Page, code: str) -> list[Crumb]:
    """«Cifras › framework › objective»: where an indicator hangs."""
    indicator, voice = page.names.indicator(code), page.voice
    found = [
        Crumb(voice.say("page.figures"), page.link("cifras/")),
        Crumb(voice.short(indicator.framework), page.link(f"cifras/{indicator.framework}/")),
    ]
    return [*found, Crumb(voice.name(code))]


def marks(page: Page, indicator: Indicator) -> tuple[str, ...]:
    """How an indicator is known, and whether it measures success, in words."""
    said = [page.voice.say(f"basis.{indicator.basis}")]
    if indicator.not_success:
        said.append(page.voice.say("page.framework.not_success"))
    return tuple(said)


def conflicts(page: Page, framework: str) -> tuple[str, ...]:
    """What does not fit together about the bodies of a framework, in words."""
    pack = framework.partition("/")[0]
    found = figures.conflicts(known_at=page.known, now=now())
    return tuple(
        conflict(code, page.voice) for code in found if code.get("body").startswith(f"{pack}/")
    )


def _about(page: Page, code: str) -> Iterator[str]:
    framework, voice = page.names.frameworks[code], page.voice
    lead = framework.body or framework.instrument
    if lead:
        yield voice.say("page.framework.lead", name=voice.name(lead))
    instrument = page.names.instruments.get(framework.instrument)
    start = framework.starts or (instrument.adopted or instrument.signed if instrument else None)
    body = page.names.bodies.get(framework.body)
    start = start or (body.founded if body else None)
    yield voice.say("page.framework.since", date=dates.imprecise(start, page.language))
    if framework.ends:
        yield voice.say("page.framework.ended", date=dates.imprecise(framework.ends, page.language))
    yield voice.say("page.framework.basis", basis=voice.say(f"basis.{framework.basis}"))


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator on a framework's page, with its latest released values."""

    code: str
    name: str
    href: str
    definition: str
    basis: str
    not_success: bool
    values: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """An objective or programme with what lies below it."""

    number: str
    name: str
    description: str
    basis: str
    indicators: tuple[IndicatorRow, ...]
    children: tuple[Branch, ...]


def tree(page: Page, framework: str) -> tuple[tuple[Branch, ...], tuple[IndicatorRow, ...]]:
    """The branches of a framework, and the indicators that hang on no branch."""
    values = _latest(page, framework)
    nodes = [n for n in page.names.nodes.values() if n.framework == framework and not n.closed]
    rows = {
        i.code: _indicator(page, i.code, values.get(i.code, []))
        for i in page.names.indicators.values()
        if i.framework == framework and not i.closed
    }
    below: dict[str, list[str]] = {}
    for node in nodes:
        below.setdefault(node.parent, []).append(node.code)
    placed = {n.code: [c for c in rows if page.names.indicators[c].node == n.code] for n in nodes}
    branches = tuple(_branch(page, code, below, placed, rows) for code in below.get("", ()))
    everywhere = {code for codes in placed.values() for code in codes}
    return branches, tuple(row for code, row in rows.items() if code not in everywhere)


def _branch(
    page: Page,
    code: str,
    below: dict[str, list[str]],
    placed: dict[str, list[str]],
    rows: dict[str, IndicatorRow],
) -> Branch:
    node, voice = page.names.nodes[code], page.voice
    return Branch(
        number=node.number,
        name=voice.name(code),
        description=text_of(page, node.description),
        basis=voice.say(f"basis.{node.basis}"),
        indicators=tuple(rows[one] for one in placed[code]),
        children=tuple(_branch(page, one, below, placed, rows) for one in below.get(code, ())),
    )


def _indicator(page: Page, code: str, values: list[Card]) -> IndicatorRow:
    indicator, voice = page.names.indicators[code], page.voice
    return IndicatorRow(
        code=code,
        name=voice.name(code),
        href=page.link(f"cifras/{code}/"),
        definition=text_of(page, indicator.definition),
        basis=voice.say(f"basis.{indicator.basis}"),
        not_success=bool(indicator.not_success),
        values=tuple(values),
    )


def text_of(page: Page, texts: Mapping[str, str]) -> str:
    """A recorded text in the page's language, or marked with the one it exists in."""
    words, language = page.names.text(texts, page.language)
    return foreign(words, language, page.language)


def _latest(page: Page, framework: str) -> dict[str, list[Card]]:
    """The latest totals of each indicator, as anybody may see them."""
    moment = now()
    view = page.view(moment)
    codes = [i.code for i in page.names.indicators.values() if i.framework == framework]
    found: dict[str, dict[IndicatorQ, None]] = {}
    for one in ledger.observations(view=view, indicators=codes):
        if one.breakdown == TOTAL:
            asked = IndicatorQ(
                indicator=one.indicator,
                place=one.place or None,
                period=one.period,
                kind=one.kind,
                known_at=page.known,
            )
            found.setdefault(one.indicator, {})[asked] = None
    return {code: _cards(page, asked, moment) for code, asked in found.items()}


def _cards(page: Page, asked: Iterable[IndicatorQ], moment: datetime) -> list[Card]:
    newest = sorted(asked, key=lambda q: (q.period.end, q.period.start, q.kind), reverse=True)
    return [card(page, figures.explain(q, now=moment)) for q in newest[:LATEST]]
