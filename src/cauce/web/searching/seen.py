"""What of the record may this reader find: as the public, at the date travelled by, within the
framework stayed in?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from cauce.figures import registers
from cauce.figures.belonging import memberships
from cauce.figures.registers import CommitmentRow, Reading, TransactionRow
from cauce.statements import queries as sheets
from cauce.statements.queries import Issue
from cauce.web.page import Page
from cauce.web.searching import index
from cauce.web.searching.called import pages
from cauce.web.searching.index import Defined
from cauce.words.matching import Entry

__all__ = ["Seen", "seen"]


@dataclass(frozen=True)
class Seen:
    """The commitments, the money and the fact sheets that may be found, by their codes."""

    page: Page
    commitments: dict[str, CommitmentRow]
    money: dict[str, TransactionRow]
    sheets: dict[str, Issue]
    members: frozenset[str]

    def entries(self, known: Defined) -> dict[str, list[Entry]]:
        """Everything there is to find, by the word of the address for its group."""
        page = self.page
        return {
            "cifras": [one for one in known.figures if page.in_scope(one.code)],
            "compromisos": index.commitments(page.names, self.commitments.values()),
            "financiamiento": index.transactions(page.names, self.money.values()),
            "fichas": index.sheets(self.sheets.values()),
            "paises": [one for one in known.parties if self._belongs(one.code)],
            "acuerdos": [one for one in known.instruments if self._belongs(one.code)],
            "fuentes": [one for one in known.sources if self._belongs(one.code)],
            "paginas": list(pages()),
        }

    def _belongs(self, code: str) -> bool:
        return self.page.in_scope(code) or code in self._named

    @cached_property
    def _named(self) -> frozenset[str]:
        """The organisations, countries, agreements and documents of other files that the
        framework stayed in names: definitions are shared between frameworks."""
        if not self.page.scope:
            return frozenset()
        named = {code for code in self._mentions() if code}
        organisations = self.page.names.organisations
        countries = {
            organisations[code].country
            for code in named
            if code in organisations and organisations[code].kind == "state"
        }
        return frozenset(named | countries)

    def _mentions(self) -> Iterator[str]:
        names, page = self.page.names, self.page
        yield from self.members
        for framework in names.frameworks.values():
            if page.in_scope(framework.code):
                yield from (framework.body, framework.instrument, framework.source)
        for node in names.nodes.values():
            if page.in_scope(node.framework):
                yield from (*node.parties, node.source)
        for one in names.preferred:
            if page.in_scope(one.indicator):
                yield one.reporter
        for row in self.commitments.values():
            made = row.record
            yield from (*made.parties, made.instrument, made.source, made.reporter)
        for line in self.money.values():
            money = line.record
            yield from (money.provider, money.receiver, money.source, money.reporter)


def seen(page: Page) -> Seen:
    """What may be found on a page. Cost: the queries of two registers, whatever is recorded."""
    read = page.read
    return Seen(
        page,
        {
            row.code: row
            for row in registers.commitments(read)
            if page.in_scope(row.record.framework or row.code)
        },
        {
            row.code: row
            for row in registers.transactions(read)
            if page.in_scope(row.framework or row.code)
        },
        {issue.name: issue for issue in sheets.issued() if _is_about(page, issue)},
        _members(page, read) if page.scope else frozenset(),
    )


def _members(page: Page, read: Reading) -> frozenset[str]:
    """Who belongs, or belonged, to a body that leads the framework stayed in."""
    leading = {one.body for one in page.names.frameworks.values() if page.in_scope(one.code)}
    return frozenset(row.record.party for row in memberships(read) if row.record.body in leading)


def _is_about(page: Page, issue: Issue) -> bool:
    """Whether a fact sheet prints a figure of the framework stayed in."""
    if not page.scope:
        return True
    asked = [stored["question"] for stored in issue.document()["figures"].values()]
    return f'"{page.scope}/' in json.dumps(asked)
