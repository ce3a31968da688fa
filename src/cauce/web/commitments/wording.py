"""How is a commitment told: who is responsible, its state, its day, where it stands written?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cauce.figures.registers import CommitmentRow, PartyAnswer, successors
from cauce.journal.queries import Fact
from cauce.ledger.queries import CommitmentUpdate
from cauce.values.dates import ImpreciseDate
from cauce.web.naming import Line, by_name, is_invented, marked, party_href, source_line, text_of
from cauce.web.page import Page
from cauce.words import dates
from cauce.words.foreign import plain

__all__ = [
    "answer_words",
    "due",
    "ended",
    "frameworks",
    "frameworks_of",
    "in_order",
    "joined",
    "marked_title",
    "marks",
    "paper",
    "party",
    "party_names",
    "said",
    "sentences",
    "silent_words",
    "source",
    "state_words",
    "title",
    "whose",
]

#: How many parties a row of a page names; the rest is counted, and stands in the files.
MOST = 4


def title(page: Page, row: CommitmentRow) -> str:
    """The text of a commitment, marked where it exists in another language only."""
    return text_of(page, row.record.text)


def marked_title(page: Page, row: CommitmentRow) -> str:
    """The text, with the mark of what was made up for a demonstration."""
    words = title(page, row)
    return marked(page, words) if is_invented(page, row.record.source) else words


def party(page: Page, code: str) -> Line:
    """An organisation and its page; a state's is that of its country."""
    return Line(page.voice.name(code), party_href(page, code))


def in_order(page: Page, codes: Iterable[str]) -> list[str]:
    """Parties by name, states before organisations."""
    organisations = page.names.organisations

    def place(code: str) -> tuple[bool, str]:
        is_state = code in organisations and organisations[code].kind == "state"
        return not is_state, by_name(page.voice.name(code))

    return sorted(codes, key=place)


def party_names(page: Page, codes: Sequence[str], *, every: bool = False) -> str:
    """Short names; of many only the first, unless ``every`` one is asked for."""
    voice = page.voice
    if not codes:
        return voice.say("commitments.nobody")
    names = [voice.short(code) for code in codes]
    rest = names[MOST:]
    if every or len(rest) < 2:
        return voice.list(names)
    more = voice.say("commitments.more_parties", count=len(rest))
    return voice.list([*names[:MOST], more])


def source(page: Page, record: Fact) -> Line | None:
    """The document a fact was read in."""
    if not record.source:
        return None
    return source_line(page, record.source)


def paper(page: Page, code: str) -> Line:
    """A document, and who published it."""
    found = page.names.sources.get(code)
    return source_line(page, code, after=found.publisher if found else "")


def frameworks_of(page: Page, instrument: str) -> tuple[str, ...]:
    """The frameworks that rest on an agreement."""
    found = page.names.frameworks.values() if instrument else ()
    return tuple(one.code for one in found if one.instrument == instrument and not one.closed)


def frameworks(page: Page, row: CommitmentRow) -> tuple[str, ...]:
    """The framework a commitment names, else those that rest on the agreement it was made in: as
    it is counted."""
    own = str(row.record.framework)
    return (own,) if own else frameworks_of(page, str(row.record.instrument))


# -- states ------------------------------------------------------------------------------------


def state_words(page: Page, state: str, as_of: ImpreciseDate | None) -> str:
    """«en curso (31 de diciembre de 2022)», «sin respuesta»."""
    words = page.voice.say(f"state.{state}")
    if as_of is None:
        return words
    date = dates.imprecise(as_of, page.language, remark=False)
    return page.voice.say("commitments.state_on", state=words, date=date)


def marks(page: Page, row: CommitmentRow) -> tuple[str, ...]:
    """What is to be known beside the state: its day has passed, or it may not have been made."""
    say = page.voice.say
    told = []
    if row.is_overdue:
        told.append(say("commitments.overdue", date=due(page, row)))
    if not row.is_certain:
        told.append(say("commitments.uncertain"))
    return tuple(told)


def due(page: Page, row: CommitmentRow) -> str:
    """By when; a commitment without a day says so."""
    if row.record.due is None:
        return page.voice.say("commitments.no_due")
    return dates.imprecise(row.record.due, page.language)


def silent_words(page: Page, answers: Sequence[PartyAnswer], *, every: bool = False) -> str:
    """Who has not answered, by name; in one word where it is all or none of several."""
    silent = [answer.party for answer in answers if not answer.has_answered]
    if not answers:
        return page.voice.say("commitments.nobody")
    if not silent:
        return page.voice.say("commitments.all_answered")
    if silent == [answer.party for answer in answers] and len(silent) > 1 and not every:
        return page.voice.say("commitments.none_answered")
    return party_names(page, silent, every=every)


def answer_words(page: Page, answer: PartyAnswer) -> str:
    """What a responsible party last said, or that it has not answered."""
    return state_words(page, answer.state, answer.as_of)


def ended(page: Page, code: str, day: ImpreciseDate | None) -> str:
    """«Sin responsable desde 2025: dejó de existir …»; empty for an organisation that exists."""
    if day is None:
        return ""
    date = dates.imprecise(day, page.language, remark=False)
    heirs = successors(page.names, code)
    if not heirs:
        return page.voice.say("commitments.orphan", date=date)
    return page.voice.say(
        "commitments.succeeded", date=date, names=party_names(page, heirs, every=True)
    )


def whose(page: Page, update: CommitmentUpdate) -> str:
    """About whom an update is; empty where that is who says it."""
    if not update.party or update.party == update.reporter:
        return ""
    return page.voice.short(update.party)


def said(page: Page, update: CommitmentUpdate | None) -> str:
    """What was done, in words, with the remark recorded beside it."""
    if update is None:
        return ""
    told = (text_of(page, update.text), page.voice.remark(update.note) if update.note else "")
    return " ".join(words for words in told if words)


# -- cells -------------------------------------------------------------------------------------


def joined(words: Iterable[str]) -> str:
    """Sentences one after another, without the empty ones."""
    return " ".join(one for one in words if plain(one))


def sentences(page: Page, words: Iterable[str]) -> str:
    """A state and what is to be known beside it: «en curso. Plazo vencido: 2024.»"""
    first, *rest = words
    return joined((page.voice.say("commitments.stop", words=first), *rest)) if rest else first
