"""Does `verify` name what was altered, and nothing else?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, connection

from cauce.journal import actions, queries, verify
from cauce.journal.database import is_postgresql
from cauce.journal.models import Recorded
from cauce.journal.sealing import Receipt
from tests.conftest import Workspace
from tests.journal.samples import (
    behind_its_back,
    indicator,
    membership,
    observation,
    organisation,
    place,
    rate,
    seal,
)


@pytest.fixture
def journal(workspace: Workspace) -> list[Receipt]:
    """Three entries with a record of every kind that a test alters."""
    return [
        seal(place("MEX"), place("GTM"), place("MX-CHP", kind="subdivision", within="MEX")),
        seal(organisation("demo/ANA"), indicator(), membership("demo/ANA"), rate()),
        seal(observation("100", public_at="2023-05"), observation("120", public_at="2024-02")),
    ]


def found() -> list[str]:
    return [finding.code for finding in verify.verify().findings]


def test_an_untouched_journal_is_sound(journal: list[Receipt]) -> None:
    report = verify.verify()
    assert (report.findings, report.entries, report.records) == ((), 3, 3 + 4 + 2)
    assert report.newest == journal[-1].hash


def test_an_empty_journal_is_sound(workspace: Workspace) -> None:
    assert verify.verify().is_sound


@pytest.mark.parametrize(
    ("table", "column", "value", "record_type", "natural_id"),
    [
        ("ledger_observation", "value", "101", "observation", "actual demo/APPLICATIONS MEX 2023"),
        ("ledger_observation", "note", "x", "observation", "actual demo/APPLICATIONS MEX 2023"),
        ("frameworks_indicator", "preset", "unique_people", "indicator", "demo/APPLICATIONS"),
        ("parties_place", "within", "GTM", "place", "MX-CHP"),
        (
            "parties_membership",
            "valid_from",
            "1997",
            "membership",
            "demo/CONFERENCE demo/ANA member",
        ),
        ("frameworks_rate", "rate", "18", "rate", "demo/OFFICIAL USD MXN 2023"),
    ],
)
def test_an_altered_content_names_entry_and_record(
    journal: list[Receipt],
    table: str,
    column: str,
    value: str,
    record_type: str,
    natural_id: str,
) -> None:
    where = "code = 'MX-CHP'" if table == "parties_place" else f"id = {lowest(table)}"
    behind_its_back(table, f'UPDATE "{table}" SET "{column}" = %s WHERE {where}', value)

    (finding,) = verify.verify().findings

    assert finding.code == "record_altered"
    assert (finding.params["type"], finding.params["id"]) == (record_type, natural_id)
    record = queries.get(str(finding.params["record"]))
    assert (record.record_type, record.entry_id) == (record_type, finding.params["seq"])


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("value", "100.0"),  # the same number
        ("value", "100 "),
        ("period", "2023-01/2023-12"),  # the same period
        ("period", "no period"),
        ("public_at", "2023-5"),
        ("note", "ma\u0301s"),  # not NFC
        ("audience", "members "),
        ("bound", ""),  # the default, but it is stored in full
        ("verified", "false"),
        ("breakdown", ";"),
    ],
)
def test_another_spelling_of_the_same_content_is_found_too(
    journal: list[Receipt], column: str, value: str
) -> None:
    if column == "audience":
        drop_constraint("ledger_observation", "ledger_observation_audience")
    behind_its_back("ledger_observation", f'UPDATE ledger_observation SET "{column}" = %s', value)
    findings = verify.verify().findings
    assert {finding.params.get("field") for finding in findings} == {column}
    assert len(findings) == 2


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("known_from", "2020-01-01 00:00:00"),
        ("released_from", "2031-01-01 00:00:00"),
        ("period_start", "2022-01-01"),
        ("calendar", "us-fiscal"),
        ("key_digest", "0" * 64),
    ],
)
def test_an_altered_derived_column_is_found(
    journal: list[Receipt], column: str, value: str
) -> None:
    change = (
        f'UPDATE ledger_observation SET "{column}" = %s WHERE id = {lowest("ledger_observation")}'
    )
    behind_its_back("ledger_observation", change, value)
    (finding,) = verify.verify().findings
    assert (finding.code, finding.params["field"]) == ("field_altered", column)


def test_a_record_taken_out_is_named_by_its_number(journal: list[Receipt]) -> None:
    behind_its_back("parties_place", "DELETE FROM parties_place WHERE seq = 1 AND n = 2")
    assert found() == ["record_missing", "count_differs", "digest_differs"]
    assert verify.verify().findings[0].params == {"seq": 1, "record": "1.2"}


def test_a_record_slipped_into_an_entry_is_found(journal: list[Receipt]) -> None:
    copy("parties_place", "seq = 1 AND n = 1", {"n": "9"})
    assert "record_missing" in found()
    assert "count_differs" in found()


def test_a_record_without_an_entry_is_found(journal: list[Receipt]) -> None:
    copy("parties_place", "seq = 1 AND n = 1", {"seq": "77"})
    assert found() == ["orphan_record"]


def test_two_records_that_changed_places_are_found(journal: list[Receipt]) -> None:
    for before, after in ((1, 91), (2, 1), (91, 2)):
        change = f"UPDATE parties_place SET n = {after} WHERE seq = 1 AND n = {before}"
        behind_its_back("parties_place", change)
    assert found() == ["record_misplaced", "digest_differs"]


def test_a_record_whose_digest_was_altered_with_it_still_breaks_its_entry(
    journal: list[Receipt],
) -> None:
    forge("ledger_observation", 3, value="999")
    assert "digest_differs" in found()
    assert {f.params["seq"] for f in verify.verify().findings} == {3}


@pytest.mark.parametrize("column", ["who", "why"])
def test_an_altered_entry_is_named(journal: list[Receipt], column: str) -> None:
    behind_its_back("journal_entry", f"UPDATE journal_entry SET {column} = 'Eva' WHERE seq = 2")
    (finding,) = verify.verify().findings
    assert (finding.code, finding.params) == ("entry_altered", {"seq": 2})


def test_an_altered_time_is_found_in_the_entry_and_in_what_was_known_from_it(
    journal: list[Receipt],
) -> None:
    behind_its_back(
        "journal_entry",
        "UPDATE journal_entry SET recorded_at = '2020-01-01 00:00:00' WHERE seq = 2",
    )
    assert "entry_altered" in found()
    assert "time_runs_back" in found()


def test_an_entry_taken_out_of_the_middle_is_found(journal: list[Receipt]) -> None:
    for table in ("frameworks_indicator", "frameworks_rate", "parties_membership"):
        behind_its_back(table, f"DELETE FROM {table} WHERE seq = 2")
    behind_its_back("parties_organisation", "DELETE FROM parties_organisation WHERE seq = 2")
    behind_its_back("journal_entry", "DELETE FROM journal_entry WHERE seq = 2")
    assert found() == ["entry_missing"]


def test_a_chain_that_was_joined_elsewhere_is_found(journal: list[Receipt]) -> None:
    other = "f" * 64
    behind_its_back("journal_entry", "UPDATE journal_entry SET previous = %s WHERE seq = 3", other)
    assert found() == ["entry_altered", "chain_broken"]


def test_a_truncated_journal_is_found_by_the_hash_of_its_head(journal: list[Receipt]) -> None:
    noted = journal[-1].hash
    assert verify.verify(noted).is_sound
    behind_its_back("ledger_observation", "DELETE FROM ledger_observation WHERE seq = 3")
    behind_its_back("journal_entry", "DELETE FROM journal_entry WHERE seq = 3")

    assert verify.verify().is_sound  # nothing in what is left shows it
    (finding,) = verify.verify(noted).findings
    assert finding.code == "head_not_found"
    assert finding.params == {"hash": noted, "newest": journal[1].hash}


def test_the_hash_of_any_entry_is_found_in_the_chain(journal: list[Receipt]) -> None:
    assert verify.verify(journal[0].hash).is_sound


def test_another_origin_is_found(journal: list[Receipt]) -> None:
    other = "12345678123456781234567812345678"
    behind_its_back("journal_workspace", "UPDATE journal_workspace SET origin = %s", other)
    assert found() == ["origin_differs"] * 3


def test_another_time_zone_is_found_in_the_dates_that_were_counted_in_it(
    journal: list[Receipt],
) -> None:
    change = "UPDATE journal_workspace SET time_zone = 'Europe/Madrid'"
    behind_its_back("journal_workspace", change)
    assert set(found()) == {"time_zone_altered", "field_altered"}


def test_another_time_zone_is_found_where_all_dates_were_counted_anew(
    workspace: Workspace,
) -> None:
    seal(place("MEX"))  # nothing in it has a date
    change = "UPDATE journal_workspace SET time_zone = 'America/Guatemala'"
    behind_its_back("journal_workspace", change)
    (finding,) = verify.verify().findings
    assert (finding.code, finding.params) == ("time_zone_altered", {"zone": "America/Guatemala"})


def test_an_origin_given_from_outside_fits_any_zone(empty_database: Workspace) -> None:
    given = UUID("12345678-1234-4234-8234-567812345678")
    made = actions.create_workspace(dir=empty_database.dir, time_zone="UTC", origin=given)
    assert made.origin == given
    assert verify.verify().is_sound


def test_an_annulment_whose_target_vanished_is_found(journal: list[Receipt]) -> None:
    actions.annul(target="1.1", by="Ana", reason="typed twice")
    change = "UPDATE journal_entry SET hash = %s WHERE seq = 1"
    behind_its_back("journal_entry", change, "e" * 64)
    assert "annulment_without_target" in found()


def test_bytes_that_are_no_text_are_found(journal: list[Receipt]) -> None:
    if is_postgresql():
        # A server keeps only valid UTF-8: there is nothing to find.
        with pytest.raises(DataError), connection.cursor() as cursor:
            cursor.execute("SELECT convert_from('\\xff', 'UTF8')")
        return
    change = "UPDATE parties_place SET name = CAST(x'7b226573223a22ff227d' AS TEXT) WHERE n = 1"
    behind_its_back("parties_place", change)
    assert set(found()) == {"field_altered"}


def test_progress_counts_every_record(journal: list[Receipt]) -> None:
    seen: list[int] = []
    verify.verify(progress=seen.append)
    assert sum(seen) == verify.size() == 9


def test_findings_without_number_do_not_fill_the_memory(
    journal: list[Receipt], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verify, "MOST", 1)
    behind_its_back("parties_place", "UPDATE parties_place SET kind = 'area'")
    report = verify.verify()
    assert (len(report.findings), report.found) == (1, 3)


# ------------------------------------------------------------------------------- tampering


def lowest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT MIN(id) FROM "{table}"')
        return int(cursor.fetchone()[0])


def copy(table: str, where: str, changes: dict[str, str]) -> None:
    """Slip a copy of a record in, with some columns changed."""
    with connection.cursor() as cursor:
        names = [c.name for c in connection.introspection.get_table_description(cursor, table)]
        names.remove("id")
        values = ", ".join(changes.get(name, f'"{name}"') for name in names)
        columns = ", ".join(f'"{name}"' for name in names)
        if is_postgresql():
            cursor.execute("SET session_replication_role = replica")  # no foreign keys
        else:
            cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute(
            f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" WHERE {where}'
        )


def forge(table: str, seq: int, **changes: Any) -> None:
    """Alter a record and the digest that should have told."""
    from cauce.journal.tables import record_models

    model = next(m for m in record_models().values() if m._meta.db_table == table)
    row: Recorded = model._default_manager.filter(entry_id=seq).order_by("n")[0]
    for name, value in changes.items():
        setattr(row, name, value)
    names = ", ".join(f'"{name}" = %s' for name in (*changes, "digest"))
    statement = f'UPDATE "{table}" SET {names} WHERE id = {row.pk}'
    behind_its_back(table, statement, *changes.values(), row.content_digest())


def drop_constraint(table: str, name: str) -> None:
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
        else:
            cursor.execute("PRAGMA ignore_check_constraints = ON")
