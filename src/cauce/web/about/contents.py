"""What stands on the pages at the foot of the site: examples, words, the seal, who published?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import parse_qs, urlsplit

from cauce import figures
from cauce.errors import CauceError
from cauce.exports.evidence import documents, newest
from cauce.exports.quoting import citation, quotation
from cauce.figures import Explanation
from cauce.journal import queries as journal
from cauce.statements import queries as sheets
from cauce.statements.queries import Issue
from cauce.values.audience import PUBLIC
from cauce.values.dates import ImpreciseDate
from cauce.values.question import IndicatorQ, Question, question_from_json
from cauce.web.asking import question_of
from cauce.web.cards import asked
from cauce.web.figures.contents import permanent
from cauce.web.naming import source_href
from cauce.web.page import Page
from cauce.words import dates
from cauce.words.explanations import Line
from cauce.words.foreign import plain
from cauce.words.matching import folded

__all__ = ["Examples", "Seal", "Term", "examples", "publishers", "seal", "terms"]

#: The words of the glossary, by their anchors.
TERMS = (
    "acuerdo", "advertencia", "al-menos", "alrededor-de", "anunciado", "cero", "cifra",
    "como-maximo", "compromiso", "datos-inventados", "definitiva", "desembolsado", "desglose",
    "ejercido", "en-revision", "entre", "ficha-informativa", "fuente", "fuente-elegida",
    "fuera-de-plazo", "indicador", "informaron", "linea-de-base", "lo-que-se-sabia",
    "lo-que-toca-informar", "marco", "meta", "mil-millones", "monto-comprometido", "no-se-puede",
    "objetivo", "otros-valores-publicados", "pais-u-organizacion", "personas-y-expedientes",
    "por-verificar", "preliminar", "promesa", "propuesto-aqui", "proteccion-complementaria",
    "protegido", "publicado", "publicado-el", "registrado-aqui", "resolucion", "retirado",
    "revisada", "rezago", "sin-dato", "sin-respuesta", "solicitud", "trafico-ilicito", "trata",
    "valor-informado",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary, its anchor, and the sentence that explains it."""

    anchor: str
    name: str
    sentence: str


def terms(page: Page) -> list[Term]:
    """The glossary in the order of the page's language."""
    say = page.voice.say
    found = [Term(one, say(f"glossary.{one}"), say(f"glossary.{one}.text")) for one in TERMS]
    return sorted(found, key=lambda term: folded(term.name))


# -- citing --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Examples:
    """A true example of each citation, made of the record today; empty where there is none."""

    figure: str = ""
    figure_href: str = ""
    table: str = ""
    sheet: str = ""


def examples(page: Page) -> Examples:
    """Made of the first key figure of a fact sheet, of its table, and of that sheet."""
    found = next(_headlined(), None)
    if found is None:
        return Examples()
    issue, question = found
    today = page.today
    explanation = figures.explain(replace(question, known_at=page.known), now=page.moment)
    text = quotation(
        explanation,
        page.voice,
        page.names.sources,
        address=page.absolute(permanent(page, explanation.figure)),
        today=today,
    )
    href = page.how(asked(question))
    return Examples(text, href, _table(page, explanation, today), _sheet(page, issue, today))


def _headlined() -> Iterator[tuple[Issue, Question]]:
    """Indicators that fact sheets put first, of the newest issue of each."""
    for issue in sheets.issued():
        document = issue.document()
        for name in document.get("headlines", ()):
            question = question_from_json(document["figures"][name]["question"], audience=PUBLIC)
            if isinstance(question, IndicatorQ):
                yield issue, asked(question)


def _table(page: Page, explanation: Explanation, today: date) -> str:
    question = explanation.figure.question
    code = question.indicator if isinstance(question, IndicatorQ) else ""
    return _cited(
        page,
        plain(page.voice.name(code)),
        newest(explanation, page.names.sources),
        page.absolute(f"/{page.language}/cifras/{code}/"),
        today,
    )


def _sheet(page: Page, issue: Issue, today: date) -> str:
    language = page.language if page.language in issue.languages else issue.languages[0]
    issued = datetime.fromisoformat(issue.manifest["issued_at"]).astimezone(page.voice.zone).date()
    return _cited(
        page,
        issue.title(language),
        ImpreciseDate(issued.isoformat()),
        page.absolute(f"/{language}/fichas/{issue.name}/{issue.number}/"),
        today,
    )


def _cited(
    page: Page, title: str, published: ImpreciseDate | None, address: str, today: date
) -> str:
    return citation(
        title,
        site=page.voice.say("page.site"),
        published=published,
        address=address,
        licence=page.voice.say("take_away.licence"),
        voice=page.voice,
        today=today,
    )


# -- checking ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Seal:
    """The newest entry of the record: its number, when it was written, and its seal."""

    number: int
    recorded: str
    hash: str


def seal(page: Page) -> Seal | None:
    """Nothing where nothing is recorded yet."""
    if not page.names.head:
        return None
    entry = journal.entry(page.names.head)
    written = dates.moment(entry.recorded_at, page.voice.zone, page.language)
    return Seal(entry.seq, written, entry.hash)


# -- reporting -----------------------------------------------------------------------------------


def publishers(page: Page, path: str) -> tuple[Line, ...]:
    """Of a page that tells how a figure is made: the documents its values were read in and who
    published them. None of any other page, or of an address that asks nothing."""
    parts = urlsplit(path)
    if not parts.path.rstrip("/").endswith("/cifras/como-se-obtuvo"):
        return ()
    given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    try:
        explanation = figures.explain(question_of(given), now=page.moment)
    except CauceError:
        return ()
    return tuple(_published(page, code) for code in documents(explanation))


def _published(page: Page, code: str) -> Line:
    source, name = page.names.sources[code], page.voice.name(code)
    if source.publisher:
        said = page.voice.say("about.report.published", name=name, publisher=source.publisher)
    else:
        said = name
    return Line("", document=said, address=source_href(page, code))
