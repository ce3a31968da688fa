"""Small records of synthetic places, organisations and values, for the tests of the journal."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.db import connection

from cauce.frameworks.models import Indicator, Rate
from cauce.journal import guards
from cauce.journal.queries import View, head
from cauce.journal.sealing import Receipt, record
from cauce.ledger.models import Observation
from cauce.parties.models import Membership, Organisation, Place
from cauce.values.audience import PUBLIC, Audience

HERE = Path(__file__).parent
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def place(code: str, **cells: object) -> Place:
    return Place.from_cells(**{"code": code, "kind": "country", "name_es": code, **cells})


def organisation(code: str, **cells: object) -> Organisation:
    return Organisation.from_cells(**{"code": code, "kind": "agency", "name_es": code, **cells})


def indicator(code: str = "demo/APPLICATIONS", **cells: object) -> Indicator:
    given = {
        "code": code,
        "framework": "demo/DEMO",
        "name_en": "Applications",
        "unit": "application",
        "preset": "flow",
    }
    return Indicator.from_cells(**{**given, **cells})


def membership(party: str, **cells: object) -> Membership:
    given = {"body": "demo/CONFERENCE", "party": party, "valid_from": "1996"}
    return Membership.from_cells(**{**given, **cells})


def rate(value: str = "17.5", **cells: object) -> Rate:
    given = {"code": "demo/OFFICIAL", "currency": "USD", "into": "MXN", "period": "2023"}
    return Rate.from_cells(**{**given, "rate": value, **cells})


def observation(value: str = "100", **cells: object) -> Observation:
    given = {
        "indicator": "demo/APPLICATIONS",
        "place": "MEX",
        "period": "2023",
        "reporter": "demo/ANA",
        "value": value,
    }
    return Observation.from_cells(**{**given, **cells})


def seal(*records: Any, by: str = "Ana", why: str = "a test") -> Receipt:
    return record(records, by=by, why=why)


def view(
    *,
    at: int | None = None,
    known_at: datetime | None = None,
    audience: Audience = PUBLIC,
    now: datetime | None = None,
) -> View:
    """A view at the newest head, at a moment after everything a test records."""
    moment = now or datetime(2100, 1, 1, tzinfo=UTC)
    return View(head() if at is None else at, known_at, audience, moment)


def behind_its_back(table: str, statement: str, *params: str | int) -> None:
    """Alter the tables as somebody with the file, or the database's owner, can: guards off, change,
    guards on again."""
    guards.remove(table)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
    guards.install()
