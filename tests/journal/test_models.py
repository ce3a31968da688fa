"""What does a record promise, and what nonsense does the database refuse?"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, connection, transaction

from cauce.errors import CauceError
from cauce.journal.models import EARLIEST, NEVER
from cauce.journal.tables import record_models
from cauce.parties.models import Place
from cauce.values.dates import ImpreciseDate
from tests.conftest import Workspace
from tests.journal.samples import observation, organisation, place, seal

MEXICO = ZoneInfo("America/Mexico_City")
RECORDED = datetime(2024, 6, 1, 12, tzinfo=UTC)


def test_every_type_has_a_name_of_its_own_in_the_bytes() -> None:
    models = list(record_models().values())
    assert len({model.record_type for model in models}) == len(models)
    assert all(model.record_type.isascii() and model.record_type for model in models)


def test_a_row_with_columns_by_language_is_one_text_in_several_languages() -> None:
    by_column = Place.from_cells(code="MEX", kind="country", name_es="México", name_en="Mexico")
    by_mapping = Place.from_cells(code="MEX", kind="country", name={"en": "Mexico", "es": "México"})
    assert by_column.content() == by_mapping.content()
    assert by_column.name == {"es": "México", "en": "Mexico"}


def test_a_title_may_hold_the_signs_that_separate() -> None:
    assert place("X", name_es="a; b=c").name == {"es": "a; b=c"}


def test_a_column_nobody_knows_is_refused() -> None:
    with pytest.raises(CauceError) as refused:
        Place.from_cells(code="MEX", kind="country", nme_es="México")
    assert (refused.value.code, refused.value.params["column"]) == ("unknown_column", "nme_es")


def test_plain_text_set_by_a_caller_becomes_the_value_it_stands_for() -> None:
    record = observation()
    record.public_at = "2023-05"
    record.period = "2023-01/2023-12"
    assert record.content() == observation(public_at="2023-05").content()
    record.normalise()
    assert record.public_at == ImpreciseDate("2023-05")


def test_a_field_at_its_default_is_not_in_the_content() -> None:
    said = observation(kind="actual", bound="exact", audience="public", counts_in_parent="yes")
    assert said.content() == observation().content()
    assert set(said.content()) == {"indicator", "place", "period", "reporter", "value"}


@pytest.mark.parametrize("change", ["save", "delete"])
def test_a_record_is_neither_saved_nor_deleted(change: str) -> None:
    with pytest.raises(TypeError):
        getattr(place("MEX"), change)()


# ------------------------------------------------------------------------------- the three times


@pytest.mark.parametrize(
    ("public_at", "known_from"),
    [
        ("2023-05-10", datetime(2023, 5, 10, 6, tzinfo=UTC)),  # midnight in Mexico City
        ("2023-05", datetime(2023, 5, 31, 6, tzinfo=UTC)),  # from its last day
        ("2022", datetime(2022, 12, 31, 6, tzinfo=UTC)),
        ("2021?", datetime(2021, 12, 31, 6, tzinfo=UTC)),
        ("2021..2022", datetime(2022, 12, 31, 6, tzinfo=UTC)),
        ("..2022", datetime(2022, 12, 31, 6, tzinfo=UTC)),
        ("1996..", RECORDED),  # nobody says by when
        ("", RECORDED),
        ("2024-07", RECORDED),  # never later than it was recorded
        ("2024", RECORDED),
        ("0001-01-01", EARLIEST),
    ],
)
def test_a_fact_is_known_from_the_last_day_it_can_have_become_public(
    public_at: str, known_from: datetime
) -> None:
    derived = observation(public_at=public_at).derive(recorded_at=RECORDED, zone=MEXICO)
    assert derived["known_from"] == known_from


@pytest.mark.parametrize(
    ("embargo", "released_from"),
    [
        ("", EARLIEST),
        ("never", NEVER),
        ("2024-07-01", datetime(2024, 7, 1, 6, tzinfo=UTC)),
        ("2024-07", datetime(2024, 7, 31, 6, tzinfo=UTC)),
        ("2024-07-01T09:30:00-06:00", datetime(2024, 7, 1, 15, 30, tzinfo=UTC)),
    ],
)
def test_an_embargo_ends_at_an_instant(embargo: str, released_from: datetime) -> None:
    record = observation(public_from=embargo)
    derived = record.derive(recorded_at=RECORDED, zone=MEXICO)
    assert derived["released_from"] == released_from
    assert record.embargoed_at(released_from, MEXICO) is False
    if released_from != EARLIEST:
        before = released_from.replace(year=released_from.year - 1)
        assert record.embargoed_at(before, MEXICO)


def test_dates_that_count_from_the_same_day_are_one_vintage() -> None:
    year, month, day = (observation(public_at=at) for at in ("2023", "2023-12", "2023-12-31"))
    assert year.vintage() == month.vintage() == day.vintage()
    assert year.vintage() != observation(public_at="2022").vintage()


def test_what_two_organisations_state_are_two_vintages() -> None:
    one, other = observation(reporter="demo/ANA"), observation(reporter="demo/BETO")
    assert one.natural_id() == other.natural_id()
    assert one.vintage() != other.vintage()


def test_without_a_reporter_the_source_states_it() -> None:
    assert observation(reporter="", source="demo/REPORT").stated_by == "demo/REPORT"


# ------------------------------------------------------------------------------- constraints


#: An entry that could follow the first.
NEXT = {
    "seq": "2",
    "recorded_at": "'2030-01-01 00:00:00'",
    "previous": f"'{'e' * 64}'",
    "hash": f"'{'f' * 64}'",
}


@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("parties_place", {"n": "0"}),  # a place in the entry counts from 1
        ("parties_place", {"n": "9", "digest": "'abc'"}),  # no digest
        ("parties_place", {}),  # the same place in the entry again
        ("parties_place", {"n": "9", "seq": "99"}),  # no such entry
        ("ledger_observation", {"n": "9", "audience": "'everybody'"}),
        ("ledger_observation", {"n": "9", "period_end": "period_start"}),
        ("journal_entry", {**NEXT, "seq": "0"}),
        ("journal_entry", {**NEXT, "count": "0"}),
        ("journal_entry", {**NEXT, "who": "''"}),
        ("journal_entry", {**NEXT, "why": "''"}),
        ("journal_entry", {**NEXT, "hash": "'abc'"}),
        ("journal_entry", {**NEXT, "recorded_at": "recorded_at"}),
        ("journal_entry", {**NEXT, "previous": "previous"}),
        ("journal_entry", {**NEXT, "hash": "hash"}),
        ("journal_workspace", {"id": "2"}),  # a second workspace
    ],
)
def test_the_database_refuses_nonsense(
    workspace: Workspace, table: str, changes: dict[str, str]
) -> None:
    seal(place("MEX"), observation())
    with pytest.raises(IntegrityError):
        insert_copy(table, changes)


def test_the_database_takes_what_makes_sense(workspace: Workspace) -> None:
    seal(place("MEX"), observation())
    insert_copy("parties_place", {"n": "9"})
    insert_copy("journal_entry", NEXT)


def insert_copy(table: str, changes: dict[str, str]) -> None:
    """Put in a copy of the one row of a table, with some columns changed."""
    with transaction.atomic(), connection.cursor() as cursor:
        names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
        if "id" not in changes and "id" in names:
            names.remove("id")
        values = ", ".join(changes.get(name, f'"{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        cursor.execute(f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}"')


def test_an_organisation_and_a_place_of_the_same_code_are_two_records(workspace: Workspace) -> None:
    assert seal(place("X"), organisation("X")).count == 2
