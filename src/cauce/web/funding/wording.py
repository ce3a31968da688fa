"""How is one contribution called: what it is for, how much, between whom, when, by which source?"""

from __future__ import annotations

from textwrap import shorten

from cauce.figures.registers import TransactionRow
from cauce.web.naming import home_of, is_invented, marked, text_of
from cauce.web.page import Page
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.foreign import foreign

__all__ = [
    "amount",
    "called",
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
    """«Estados Unidos → ACNUR»; of one whose other end is not told, «de GSA» or «para ACNUR»."""
    say, giver, receiver = page.voice.say, row.record.provider, row.record.receiver
    if giver and receiver:
        return say("funding.ways", giver=party(page, giver), receiver=party(page, receiver))
    if giver:
        return say("funding.ways.from", giver=party(page, giver))
    return say("funding.ways.to", receiver=party(page, receiver)) if receiver else party(page, "")


def party(page: Page, code: str) -> str:
    """The short name of an organisation, or that it is not told."""
    return page.voice.short(code) if code else page.voice.say("funding.not_told")


def called(page: Page, code: str) -> str:
    """A state by the name of its country, any other organisation by its short name."""
    home = home_of(page.names, code)
    return page.voice.short(code) if home == code else page.voice.name(home)


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
    name = paper.publisher or foreign(_cut(paper.title), paper.language, voice.language)
    return voice.say("funding.source", source=name, date=date)


def _cut(title: str) -> str:
    """The first words of a title; one that was supplied keeps both of its brackets."""
    supplied = title.startswith("[") and title.endswith("]")
    words = shorten(title[1:-1] if supplied else title, width=_TITLE, placeholder="…")
    return f"[{words}]" if supplied else words
