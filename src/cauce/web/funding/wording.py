"""How is one contribution called: what it is for, how much, between whom, when, by which source?"""

from __future__ import annotations

from textwrap import shorten

from cauce.figures.registers import TransactionRow
from cauce.web.naming import is_invented, marked, text_of
from cauce.web.page import Page
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.foreign import foreign

__all__ = [
    "amount",
    "is_withdrawn",
    "named",
    "party",
    "source",
    "ways",
    "when",
]

#: How much of the title of a document without a publisher stands in a narrow column.
_TITLE = 40


def named(page: Page, row: TransactionRow) -> str:
    """What it is for, else its programme, else its code; invented money says so first."""
    voice, record = page.voice, row.record
    title = text_of(page, record.description) or (
        voice.name(record.programme) if record.programme else row.code
    )
    return marked(page, title) if is_invented(page, record.source) else title


def is_withdrawn(row: TransactionRow) -> bool:
    """Whether its reporter took it back."""
    return str(row.record.status) == "withdrawn"


def amount(page: Page, row: TransactionRow) -> str:
    """The amount with its bound and currency, or which nothing it is."""
    return answer(row.answer, row.record.currency, page.voice)


def ways(page: Page, row: TransactionRow) -> str:
    """«Estados Unidos → ACNUR»."""
    return page.voice.say(
        "funding.ways",
        giver=party(page, row.record.provider),
        receiver=party(page, row.record.receiver),
    )


def party(page: Page, code: str) -> str:
    """The short name of an organisation, or that it is not told."""
    return page.voice.short(code) if code else page.voice.say("funding.not_told")


def when(page: Page, row: TransactionRow) -> str:
    """The day as precisely as it is known, and the period the money is for."""
    record, language = row.record, page.language
    period = dates.period(record.period, language) if record.period else ""
    if record.value_date is None and period:
        return period
    day = dates.imprecise(record.value_date, language, remark=False)
    return page.voice.say("funding.when_both", date=day, period=period) if period else day


def source(page: Page, row: TransactionRow) -> str:
    """Who published it, and since when it could be read."""
    record, voice = row.record, page.voice
    paper = page.names.sources.get(record.source)
    if paper is None:
        return voice.short(record.reporter) if record.reporter else ""
    day = record.public_at or paper.published
    date = dates.imprecise(day, page.language, remark=False)
    cut = shorten(paper.title, width=_TITLE, placeholder="…")
    name = paper.publisher or foreign(cut, paper.language, voice.language)
    return voice.say("funding.source", source=name, date=date)
