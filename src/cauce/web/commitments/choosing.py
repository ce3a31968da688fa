"""Which commitments does an address ask for: of which framework, whose, in which state, when?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cauce.errors import CauceError
from cauce.figures.registers import CommitmentRow, Reading
from cauce.values.dates import ImpreciseDate
from cauce.web import asking
from cauce.web.listing import Choice, Written
from cauce.web.naming import by_name, states
from cauce.web.page import Page

__all__ = ["STATES", "Chosen", "choices", "chosen", "day_of", "framework_of"]

#: In the order in which a bar and a form tell them: what was done first, silence last.
STATES = ("fulfilled", "partly_fulfilled", "in_progress", "planned", "abandoned", "no_update")


@dataclass(frozen=True, slots=True)
class Chosen:
    """What an address asks for; empty is everything. ``on``: the day whose states are asked;
    ``written``: that day as the address writes it."""

    on: ImpreciseDate | None = None
    written: str = ""
    framework: str = ""
    party: str = ""
    state: str = ""
    instrument: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The words of the address, for the links that keep them."""
        return {
            "al": self.written,
            "marco": self.framework,
            "responsable": self.party,
            "estado": self.state,
            "acuerdo": self.instrument,
        }

    @property
    def narrows(self) -> bool:
        """Whether it asks for less than everything of a framework."""
        return bool(self.party or self.state or self.instrument)


def chosen(page: Page, read: Reading) -> Chosen:
    """Raises ``bad_date``, ``bad_choice``, ``unknown_framework``, ``unknown_organisation`` or
    ``unknown_instrument``."""
    state, instrument = page.word("estado"), page.word("acuerdo")
    if state and state not in STATES:
        raise CauceError("bad_choice", text=state, choices=", ".join(STATES))
    if instrument and instrument not in page.names.instruments:
        raise CauceError("unknown_instrument", id=instrument)
    on, written = day_of(page, read)
    return Chosen(on, written, framework_of(page), _party(page), state, instrument)


def day_of(page: Page, read: Reading) -> tuple[ImpreciseDate | None, str]:
    """The day whose states are asked, and how the address writes it. Raises ``bad_date``."""
    day = asking.day_of(page.word("al"), read.day)
    return day, page.word("al") if day else ""


def framework_of(page: Page) -> str:
    """The framework chosen on the page, else the one the reader stays in, else none."""
    offered, wanted = _frameworks(page), page.word("marco")
    if wanted:
        if wanted not in offered:
            raise CauceError("unknown_framework", id=wanted)
        return wanted
    return offered[0] if page.scope else ""


def _frameworks(page: Page) -> list[str]:
    return [code for code in page.names.frameworks if page.in_scope(code)]


def _party(page: Page) -> str:
    """A responsible organisation; a country stands for its state."""
    wanted = page.word("responsable")
    if wanted and (own := states(page.names, wanted)):
        return own[0]
    page.names.check_organisation(wanted or None)
    return wanted


def choices(
    page: Page, asked: Chosen, rows: Iterable[CommitmentRow]
) -> tuple[list[Choice], list[Written]]:
    """The fields of the form above the list: what there is among ``rows``, and the day."""
    say, given = page.voice.say, list(rows)
    parties = [answer.party for row in given for answer in row.answers] + [asked.party]
    made_in = [str(row.record.instrument) for row in given] + [asked.instrument]
    states = [(state, say(f"state.{state}")) for state in STATES]
    fields = [
        _choice(page, "responsable", _named(page, parties, short=True), asked.party),
        _choice(page, "estado", states, asked.state),
        _choice(page, "acuerdo", _named(page, made_in), asked.instrument),
    ]
    if not page.scope or len(_frameworks(page)) > 1:
        frameworks = [(code, page.voice.short(code)) for code in _frameworks(page)]
        fields.insert(0, _choice(page, "marco", frameworks, asked.framework))
    # A field with nothing to choose from is no field.
    fields = [field for field in fields if len(field.options) > 1]
    return fields, [Written("al", say("commitments.on"), asked.written)]


def _choice(page: Page, name: str, options: list[tuple[str, str]], value: str) -> Choice:
    say = page.voice.say
    every = [("", say(f"commitments.choice.{name}.all"))]
    return Choice(name, say(f"commitments.choice.{name}"), every + options, value)


def _named(page: Page, codes: Iterable[str], *, short: bool = False) -> list[tuple[str, str]]:
    call = page.voice.short if short else page.voice.name
    named = [(code, call(code)) for code in set(filter(None, codes))]
    return sorted(named, key=lambda pair: (by_name(pair[1]), pair[0]))
