"""What is said of something found: its title, what it is, where it hangs, where it leads?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from cauce.figures.registers import TransactionRow
from cauce.values.dates import ImpreciseDate
from cauce.web.naming import PARTIES, capital, comes_invented, named, text_of
from cauce.web.page import Page
from cauce.web.searching.called import ALSO, PAGES
from cauce.web.searching.seen import Seen
from cauce.words import dates
from cauce.words.answers import answer
from cauce.words.foreign import foreign
from cauce.words.matching import Entry

__all__ = ["Hit", "Teller"]

#: So many of the parties to something are named under it.
SHOWN = 3


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: its title, one line on what it is and where it hangs, and its page."""

    title: str
    line: str
    href: str
    is_invented: bool


class Teller:
    """Tells of what was found in the voice of a page: its title, the path of its page, and the
    parts of the line under it, of which the first says what it is."""

    def __init__(self, page: Page, seen: Seen) -> None:
        self.page, self.voice, self.names, self.seen = page, page.voice, page.names, seen
        self.kinds: dict[str, Callable[[str], tuple[str, str, list[str]]]] = {
            "framework": self._framework,
            "indicator": self._indicator,
            "node": self._node,
            "commitment": self._commitment,
            "transaction": self._transaction,
            "sheet": self._sheet,
            "country": self._country,
            "organisation": self._organisation,
            "body": self._body,
            "instrument": self._instrument,
            "source": self._source,
            "page": self._page,
        }

    def hit(self, one: Entry, *, place: str = "") -> Hit:
        """``place`` is where the reader wants to see a figure."""
        title, path, parts = self.kinds[one.kind](one.code)
        line = " · ".join(part for part in parts if part)
        query = {"lugar": place} if place and one.kind == "indicator" else {}
        is_invented = comes_invented(self.names, one.code)
        return Hit(title, line, self._at(path, query), is_invented)

    def _at(self, path: str, query: dict[str, str]) -> str:
        path, mark, anchor = path.partition("#")
        return self.page.link(path, **query) + mark + anchor

    def _date(self, *candidates: ImpreciseDate | None) -> str:
        known = next((date for date in candidates if date), None)
        return dates.imprecise(known, self.voice.language, remark=False) if known else ""

    def _short(self, *codes: str) -> str:
        """Short names; of many the first, and how many more there are."""
        named = list(dict.fromkeys(code for code in codes if code))
        more = len(named[SHOWN:])
        if more < 2:
            return self.voice.list([self.voice.short(code) for code in named])
        first = ", ".join(self.voice.short(code) for code in named[:SHOWN])
        return self.voice.say("search.and_more", names=first, count=more)

    # -- figures -----------------------------------------------------------------------------

    def _framework(self, code: str) -> tuple[str, str, list[str]]:
        lead = self.names.frameworks[code].body
        name = self.voice.name(lead) if lead else ""
        title = self.voice.name(code)
        what = self.voice.say("search.kind.framework")
        return title, f"cifras/{code}/", [what, name if name != title else ""]

    def _indicator(self, code: str) -> tuple[str, str, list[str]]:
        indicator = self.names.indicators[code]
        node = self.voice.name(indicator.node) if indicator.node else ""
        where = " › ".join(filter(None, [self.voice.short(indicator.framework), node]))
        what = self.voice.say("search.kind.indicator")
        return self.voice.name(code), f"cifras/{code}/", [what, where]

    def _node(self, code: str) -> tuple[str, str, list[str]]:
        node = self.names.nodes[code]
        name = self.voice.name(code)
        title = f"{node.number} {name}" if node.number else name
        what = self.voice.say(f"search.node.{node.kind}")
        parts = [self.voice.short(node.framework)]
        parts += [self.voice.name(node.parent)] if node.parent else []
        return title, f"cifras/{node.framework}/#{code}", [what, " › ".join(parts)]

    # -- what was stated ---------------------------------------------------------------------

    def _commitment(self, code: str) -> tuple[str, str, list[str]]:
        row = self.seen.commitments[code]
        record = row.record
        where = record.framework and self.voice.short(record.framework)
        state = self.voice.say(f"state.{row.state}")
        what = self.voice.say("search.kind.commitment")
        parts = [what, state, self._short(*record.parties), where]
        return text_of(self.page, record.text), f"compromisos/{code}/", parts

    def _transaction(self, code: str) -> tuple[str, str, list[str]]:
        row = self.seen.money[code]
        record = row.record
        amount = answer(row.answer, record.currency, self.voice)
        stage = capital(self.voice.say(f"stage.{record.stage}"))
        ends = [self._short(record.provider), self._short(record.receiver)]
        who = " → ".join(end for end in ends if end)
        title = text_of(self.page, record.description) or self._named(row)
        said = self.voice.say("search.stage", stage=stage, amount=amount)
        return title, f"financiamiento/{code}/", [said, who, self._framed(row)]

    def _named(self, row: TransactionRow) -> str:
        """Money of which no text says what it is for."""
        record = row.record
        programme = self.voice.name(record.programme) if record.programme else record.code
        return self.voice.say("search.money_for", name=programme)

    def _framed(self, row: TransactionRow) -> str:
        return self.voice.short(row.framework) if row.framework else ""

    def _sheet(self, name: str) -> tuple[str, str, list[str]]:
        issue = self.seen.sheets[name]
        mine = self.voice.language
        language = mine if mine in issue.languages else issue.languages[0]
        issued_at = datetime.fromisoformat(issue.manifest["issued_at"])
        issued = dates.day(issued_at.astimezone(self.voice.zone).date(), mine)
        title = foreign(issue.title(language), language, mine)
        said = self.voice.say("page.sheet.issued", date=issued, number=issue.number)
        what = self.voice.say("search.kind.sheet")
        return title, f"fichas/{name}/", [what, said.rstrip(".")]

    def _page(self, path: str) -> tuple[str, str, list[str]]:
        say = self.voice.say
        what = say(ALSO[path]).splitlines()[0] if path in ALSO else ""
        return say(PAGES[path]), path, [say("search.kind.page"), what]

    # -- who, what binds, where it stands ----------------------------------------------------

    def _country(self, code: str) -> tuple[str, str, list[str]]:
        what = self.voice.say("place_kind.country")
        return self.voice.name(code), f"{PARTIES}{code}/", [capital(what)]

    def _organisation(self, code: str) -> tuple[str, str, list[str]]:
        one = self.names.organisations[code]
        what = capital(self.voice.say(f"organisation_kind.{one.kind}"))
        whole = self.voice.short(one.unit_of) if one.unit_of else ""
        country = self.voice.name(one.country) if one.country else ""
        return named(self.page, code), f"{PARTIES}{code}/", [what, whole, country]

    def _body(self, code: str) -> tuple[str, str, list[str]]:
        whole = self.names.bodies[code].part_of
        what = self.voice.say("search.kind.body")
        parts = [what, self.voice.short(whole) if whole else ""]
        return named(self.page, code), f"{PARTIES}{code}/", parts

    def _instrument(self, code: str) -> tuple[str, str, list[str]]:
        one = self.names.instruments[code]
        dated = self._date(one.adopted, one.signed, one.in_force)
        what = capital(self.voice.say(f"instrument_kind.{one.kind}"))
        parts = [what, dated, self._short(*one.parties)]
        return self.voice.name(code), f"acuerdos/{code}/", parts

    def _source(self, code: str) -> tuple[str, str, list[str]]:
        one = self.names.sources[code]
        what = self.voice.say("search.kind.source")
        parts = [what, one.publisher, self._date(one.published)]
        return self.voice.name(code), f"fuentes/{code}/", parts
