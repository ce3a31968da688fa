"""What is said of a framework, where is a figure used, and which address gives it for ever?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from cauce import figures
from cauce.statements import queries as sheets
from cauce.values.audience import PUBLIC
from cauce.values.dates import KnownAt
from cauce.values.figure import Figure
from cauce.values.question import (
    CountQ,
    IndicatorQ,
    MoneyQ,
    Question,
    question_from_json,
)
from cauce.web.cards import asked
from cauce.web.figures import meaning
from cauce.web.naming import by_name
from cauce.web.page import Crumb, Page
from cauce.web.sheets.contents import Row, sheet_row
from cauce.words import dates
from cauce.words.codes import conflict
from cauce.words.explanations import Line
from cauce.words.questions import innermost

__all__ = [
    "above",
    "conflicts",
    "framework_crumbs",
    "framework_row",
    "framework_rows",
    "permanent",
    "used_in",
]


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


def above(page: Page, question: Question) -> list[Crumb]:
    """The path to the account of a figure: from its indicator, or the section it belongs to."""
    own = Crumb(page.voice.say("explain.title"))
    match innermost(question):
        case IndicatorQ(indicator=code, place=place):
            *steps, last = meaning.crumbs(page, code)
            home = page.link(f"cifras/{code}/", lugar=place or "")
            return [*steps, Crumb(last.name, home), own]
        case MoneyQ():
            key, home = "page.funding", page.link("financiamiento/")
        case CountQ(of="commitments", state=state):
            key, home = "page.commitments", page.link("compromisos/", estado=state or "")
        case CountQ(of="members"):
            key, home = "page.parties", page.link("paises-y-organizaciones/")
        case _:
            key, home = "page.figures", page.link("cifras/")
    return [Crumb(page.voice.say(key), home), own]


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
    """Every framework by its full title: since when, open or closed, how it is known."""
    rows = [
        framework_row(page, framework.code)
        for framework in page.names.frameworks.values()
        if not framework.closed and page.in_scope(framework.code)
    ]
    return sorted(rows, key=lambda row: by_name(row.name))


def framework_row(page: Page, code: str) -> Row:
    return Row(
        name=page.voice.name(code),
        href=page.link(f"cifras/{code}/"),
        sentences=tuple(_about(page, code)),
    )


def conflicts(page: Page, framework: str) -> tuple[str, ...]:
    """What does not fit together about the bodies of a framework, in words."""
    pack = framework.partition("/")[0]
    found = figures.conflicts(known_at=page.known, now=page.moment)
    return tuple(
        conflict(code, page.voice) for code in found if code.get("body").startswith(f"{pack}/")
    )


def _about(page: Page, code: str) -> Iterator[str]:
    framework, voice = page.names.frameworks[code], page.voice
    lead = framework.body or framework.instrument
    if lead and voice.name(lead) != voice.name(code):
        yield voice.say("page.framework.lead", name=voice.name(lead))
    instrument = page.names.instruments.get(framework.instrument)
    start = framework.starts or (instrument.adopted or instrument.signed if instrument else None)
    body = page.names.bodies.get(framework.body)
    start = start or (body.founded if body else None)
    yield voice.say("page.framework.since", date=dates.imprecise(start, page.language))
    if framework.ends:
        yield voice.say("page.framework.ended", date=dates.imprecise(framework.ends, page.language))
    yield voice.say("page.framework.basis", basis=voice.say(f"basis.{framework.basis}"))


def framework_crumbs(page: Page, code: str) -> list[Crumb]:
    """«Cifras › framework»."""
    return [
        Crumb(page.voice.say("page.figures"), page.link("cifras/")),
        Crumb(page.voice.short(code)),
    ]
