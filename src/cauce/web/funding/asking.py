"""Which money does an address ask about: who gives, who receives, for what, where, when?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cauce.errors import CauceError
from cauce.figures.registers import TransactionRow
from cauce.values.dates import KnownAt
from cauce.values.period import Period
from cauce.values.question import STAGES, MoneyQ
from cauce.web.naming import is_invented
from cauce.web.page import Page
from cauce.words.answers import is_currency

__all__ = ["PATH", "Asked", "asked_of"]

#: Where contributions stand.
PATH = "financiamiento/"

#: The fields of the form, by the word of the address.
_FIELDS = {
    "da": "provider",
    "recibe": "receiver",
    "programa": "programme",
    "lugar": "place",
    "periodo": "period",
    "etapa": "stage",
    "moneda": "currency",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What a list of contributions and its figures are narrowed by; an empty field is everything.

    ``scope`` is the framework file a reader stays in, ``framework`` its first framework: without a
    programme of their own, figures are about that framework.
    """

    provider: str = ""
    receiver: str = ""
    programme: str = ""
    place: str = ""
    period: Period | None = None
    stage: str = ""
    currency: str = ""
    scope: str = ""
    framework: str = ""

    def question(self, stage: str | None, known: KnownAt | None = None) -> MoneyQ:
        """The question about money of one stage."""
        return MoneyQ(
            stage=stage,
            period=self.period,
            provider=self.provider or None,
            receiver=self.receiver or None,
            programme=self.programme or self.framework or None,
            place=self.place or None,
            currency=self.currency or None,
            known_at=known,
        )

    @property
    def codes(self) -> tuple[str, ...]:
        """The ids that are asked about."""
        programme = self.programme or self.framework
        return tuple(c for c in (self.provider, self.receiver, programme, self.place) if c)

    @property
    def has_subject(self) -> bool:
        """Whether it says whose money, or money for what: then a sentence may be about it."""
        return bool(self.codes)

    def query(self, **changed: str) -> dict[str, str]:
        """The words of an address that ask the same, with some of them changed."""
        given = {
            word: str(value.text if isinstance(value, Period) else value)
            for word, name in _FIELDS.items()
            if (value := getattr(self, name))
        }
        return {word: value for word, value in (given | changed).items() if value}

    def chosen(self, page: Page, rows: Sequence[TransactionRow]) -> list[TransactionRow]:
        """The contributions that belong to what is asked, the newest first; after them what was
        made up for a demonstration."""
        found = [row for row in rows if self._takes(page, row)]
        found.sort(key=_newest, reverse=True)
        return sorted(found, key=lambda row: is_invented(page, row.record.source))

    def _takes(self, page: Page, row: TransactionRow) -> bool:
        names, record = page.names, row.record
        return (
            names.within(record.provider, self.provider or None)
            and names.within(record.receiver, self.receiver or None)
            and names.within(record.place, self.place or None)
            and self._is_within(page, row)
            and self.stage in ("", record.stage)
            and self.currency in ("", record.currency)
            and self._is_in_period(row)
        )

    def _is_within(self, page: Page, row: TransactionRow) -> bool:
        if self.programme:
            return page.names.within(row.record.programme, self.programme)
        # A contribution without a programme belongs to the framework that recorded it.
        return not self.scope or (row.framework or row.code).startswith(f"{self.scope}/")

    def _is_in_period(self, row: TransactionRow) -> bool:
        """Whether it happened, or is for a time, that has a day in the period; a figure takes only
        what lies wholly within."""
        if self.period is None:
            return True
        record, first, last = row.record, None, None
        if record.value_date:
            first, last = record.value_date.earliest, record.value_date.latest
        if first and last and first < self.period.end and self.period.start <= last:
            return True
        return record.period is not None and record.period.overlaps(self.period)


def _newest(row: TransactionRow) -> tuple[str, str]:
    record = row.record
    day = record.value_date.latest if record.value_date else None
    day = day or (record.period.start if record.period else None)
    return (day.isoformat() if day else "", row.code)


def asked_of(page: Page) -> Asked:
    """What the page's address asks.

    Raises ``unknown_organisation``, ``unknown_programme``, ``unknown_place``, ``bad_choice`` for a
    stage, ``bad_currency``, or the error of a period that does not parse.
    """
    query = page.request.GET
    given = {name: str(query.get(word, "")).strip()[:200] for word, name in _FIELDS.items()}
    names = page.names
    names.check_organisation(given["provider"] or None)
    names.check_organisation(given["receiver"] or None)
    names.check_programme(given["programme"] or None)
    names.check_place(given["place"] or None)
    if given["stage"] and given["stage"] not in STAGES:
        raise CauceError("bad_choice", text=given["stage"][:60], choices=", ".join(STAGES))
    if given["currency"] and not is_currency(given["currency"]):
        raise CauceError("bad_currency", text=given["currency"][:60])
    period = given.pop("period")
    return Asked(
        **given,
        period=Period.parse(period) if period else None,
        scope=page.scope,
        framework=next((c for c in names.frameworks if page.scope and page.in_scope(c)), ""),
    )
