"""Which fact sheets were issued, when, in which versions?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cauce.statements import queries as sheets
from cauce.statements.queries import Issue
from cauce.web.page import Page
from cauce.web.taking import Take, sheet_takes
from cauce.words import dates
from cauce.words.foreign import foreign, plain

__all__ = ["Row", "sheet_row", "sheet_rows"]


@dataclass(frozen=True, slots=True)
class Row:
    """Something a page lists: its name, what is said of it, where it leads."""

    name: str
    href: str
    sentences: tuple[str, ...] = ()
    versions: tuple[tuple[str, str], ...] = ()
    take: tuple[Take, ...] = ()


def sheet_rows(page: Page) -> list[Row]:
    """The fact sheets with their issues, newest first."""
    return [sheet_row(page, issue) for issue in sheets.issued()]


def sheet_row(page: Page, issue: Issue) -> Row:
    voice, path = page.voice, f"/{page.language}/fichas/{issue.name}/"
    language = page.language if page.language in issue.languages else issue.languages[0]
    issued = dates.day(
        datetime.fromisoformat(issue.manifest["issued_at"]).astimezone(voice.zone).date(),
        page.language,
    )
    name = foreign(issue.title(language), language, page.language)
    numbers = [one.number for one in reversed(sheets.issues(issue.name))]
    return Row(
        name=name,
        href=path,
        sentences=(voice.say("page.sheet.issued", date=issued, number=issue.number),),
        versions=tuple(
            (voice.say("page.sheet.version", number=n), f"{path}{n}/") for n in numbers[1:]
        ),
        take=sheet_takes(page, path, plain(name), issue.formats),
    )
