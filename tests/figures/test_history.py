"""What changed, newest first: what is told one by one, what by its number, and what is not told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cauce.errors import CauceError
from cauce.figures.documents import document
from cauce.figures.history import Counted, History, Narrow, Undone, history
from cauce.figures.reading import reading
from cauce.figures.since import Change, changes
from cauce.frameworks.queries import Framework
from cauce.journal import actions as journal_actions
from cauce.ledger import actions
from cauce.ledger.queries import Commitment, CommitmentUpdate, Source, Transaction
from cauce.parties.queries import Membership, Organisation
from cauce.values.answer import Suppressed
from cauce.values.audience import SECRETARIAT
from tests.figures.record import Record, short


def told(found: History, **window: int) -> list[object]:
    """Each row in short: a change as what it was and is, a count by type, an annulment."""
    said: list[object] = []
    for row in found.part(window.get("first", 1), window.get("last", 50)):
        match row:
            case Change():
                old, new = (short(one) if one else None for one in (row.old, row.new))
                said.append((row.record.record_type, row.kind, old, new))
            case Counted():
                said.append((row.seq, dict(row.first), dict(row.changed)))
            case Undone():
                said.append((row.seq, row.target, row.whole))
    return said


def since_start(record: Record, **window: Any) -> list[object]:
    """The rows without that of the common definitions."""
    return [row for row in told(history(reading(), **window)) if row[0] != 1]  # type: ignore[index]


# ------------------------------------------------------------------------------- what is told how


def test_new_versions_are_told_one_by_one_and_first_values_by_their_number(record: Record) -> None:
    record.start().seal(record.value("A MEX 2021", 1), record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 120), record.value("A MEX 2023", 7))
    assert since_start(record) == [
        ("observation", "revised", "100", "120"),
        (3, {"observation": 1}, {}),
        (2, {"observation": 2}, {}),
    ]


def test_a_definition_that_changed_is_told_by_its_number(record: Record) -> None:
    record.start()
    record.seal(record.indicator(definition={"en": "New words"}))
    assert since_start(record) == [(2, {}, {"indicator": 1})]


def test_an_entry_that_is_opened_tells_each_record(record: Record) -> None:
    record.start().seal(record.value("A MEX 2022", 100), record.value("A MEX 2021", 90))
    found = history(reading(), seq=2)
    assert told(found) == [
        ("observation", "first", None, "90"),
        ("observation", "first", None, "100"),
    ]
    assert told(history(reading(), seq=1, record_type="framework")) == [
        ("framework", "first", None, None)
    ]


def test_an_entry_to_come_cannot_be_opened(record: Record) -> None:
    record.start()
    with pytest.raises(CauceError) as refused:
        history(reading(), seq=2)
    assert refused.value.code == "unknown_entry"


def test_a_withdrawal_is_told_by_itself(record: Record) -> None:
    record.start().seal(record.value("A MEX 2022", 100))
    actions.retract(record_id="2.1", by="Ana", reason="taken back")
    assert since_start(record)[0] == ("observation", "withdrawn", "100", "withdrawn")


def test_an_annulment_is_told_and_what_it_took_is_not(record: Record) -> None:
    record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 999))
    journal_actions.annul(target="3", by="Ana", reason="wrong file 999")
    assert since_start(record) == [(4, 3, True), (2, {"observation": 1}, {})]


def test_rows_come_a_part_at_a_time(record: Record) -> None:
    record.start()
    for number in range(1, 6):
        record.seal(record.value("A MEX 2022", number))
    found = history(reading())
    assert found.total == 4 + 2
    assert told(found, first=2, last=3) == [
        ("observation", "revised", "3", "4"),
        ("observation", "revised", "2", "3"),
    ]


def test_the_newest_are_changes_before_what_is_new(record: Record) -> None:
    record.start().seal(record.value("A MEX 2022", 1))
    record.seal(record.value("A MEX 2022", 2))
    record.seal(record.value("A MEX 2023", 3))
    rows = history(reading()).newest(2)
    assert isinstance(rows[0], Change)
    assert isinstance(rows[1], Counted)
    assert rows[1].seq == 4


# ------------------------------------------------------------------------------- histories


def test_a_history_in_one_entry_is_told_in_the_order_in_which_it_was_published(
    record: Record,
) -> None:
    record.start().seal(
        record.value("A MEX 2022", 118478, public_at="2023-01"),
        record.value("A MEX 2022", 118756, public_at="2023-03"),
        record.value("A MEX 2022", 119273, public_at="2024-01"),
    )
    assert since_start(record) == [
        ("observation", "revised", "118756", "119273"),
        ("observation", "revised", "118478", "118756"),
        (2, {"observation": 1}, {}),
    ]


def test_a_value_published_before_the_one_that_answers_does_not_seem_to_replace_it(
    record: Record,
) -> None:
    head = record.start().seal(record.value("A MEX 2022", 119273, public_at="2024-01"))
    record.seal(record.value("A MEX 2022", 118478, public_at="2023-01"))
    assert since_start(record)[0] == ("observation", "older", "119273", "118478")
    (one,) = changes(since=head).changes
    assert one.kind == "older"


# ------------------------------------------------------------------------------- what is hidden


def test_neither_members_only_nor_embargoed_values_are_counted(record: Record) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 7, audience="members"))
    record.seal(record.value("B MEX 2022", 8, public_from=soon.isoformat()))
    assert since_start(record) == [(2, {"observation": 1}, {})]
    later = reading(now=soon + timedelta(minutes=1))
    found = [row for row in history(later).part(1, 9) if isinstance(row, Counted)]
    assert (found[0].seq, found[0].at) == (4, soon)


def test_small_counts_are_not_told_nor_is_the_reason_of_their_entry(record: Record) -> None:
    record.start(unit="person", preset="flow")
    record.seal(Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"))
    record.seal(record.value("A MEX 2022", 50), why="first count")
    record.seal(record.value("A MEX 2022", 3), record.value("A MEX 2023", 60), why="from 50 to 3")
    rows = {row.seq: row for row in history(reading()).part(1, 9) if isinstance(row, Counted)}
    (change,) = (row for row in history(reading()).part(1, 9) if isinstance(row, Change))
    assert isinstance(change.new, Suppressed)
    assert (change.why, rows[4].why, rows[3].why) == ("", "", "first count")


def test_the_reason_of_an_entry_that_is_not_seen_whole_is_not_told(record: Record) -> None:
    record.start()
    record.seal(
        record.value("A MEX 2022", 100), record.value("B MEX 2022", 7, audience="members"),
        why="B has 7",
    )  # fmt: skip
    rows = {row.seq: row for row in history(reading()).part(1, 9) if isinstance(row, Counted)}
    assert rows[2].why == ""


def test_the_reason_of_a_part_of_hidden_money_is_not_told(record: Record) -> None:
    money = {"stage": "committed", "currency": "USD"}
    record.start().seal(
        Transaction.from_cells(code="t/M1", amount="71717", audience="members", **money)
    )
    record.seal(
        Transaction.from_cells(code="t/M2", amount="50", part_of="t/M1", **money),
        why="a part of the 71717",
    )
    rows = [row for row in history(reading()).part(1, 9) if isinstance(row, Counted)]
    assert [row.why for row in rows if row.seq == 3] == [""]
    assert [one.why for one in changes(since=2).changes] == [""]
    own = changes(since=2, audience=SECRETARIAT).changes
    assert [one.why for one in own] == ["a part of the 71717"]


def test_an_update_of_a_commitment_for_members_is_not_told(record: Record) -> None:
    record.start()
    record.seal(
        Commitment.from_cells(code="t/K", text={"en": "x"}, parties="t/A", audience="members",
                              reporter="t/A"),
        CommitmentUpdate.from_cells(commitment="t/K", as_of="2024", state="planned",
                                    reporter="t/A"),
    )  # fmt: skip
    assert since_start(record) == []


# ------------------------------------------------------------------------------- narrowed


def test_it_is_narrowed_to_an_indicator_a_framework_a_party(record: Record) -> None:
    record.start()
    record.seal(
        Organisation.from_cells(code="t/MEXICO", kind="state", name={"en": "M"}, country="MEX"),
        record.value("A GTM 2022", 1),
        record.value("B MEX 2022", 2),
        Membership.from_cells(body="t/T", party="t/MEXICO", reporter="t/A"),
    )
    assert since_start(record, narrow=Narrow(indicator="t/I")) == [(2, {"observation": 2}, {})]
    everything = {"observation": 2, "membership": 1, "organisation": 1}
    assert since_start(record, narrow=Narrow(pack="t")) == [(2, everything, {})]
    assert since_start(record, narrow=Narrow(party="t/A")) == [
        (2, {"observation": 1}, {}),
    ]
    assert since_start(record, narrow=Narrow(party="MEX")) == [
        (2, {"observation": 1, "membership": 1, "organisation": 1}, {}),
    ]
    assert since_start(record, narrow=Narrow(party="MEX", indicator="t/I")) == [
        (2, {"observation": 1}, {})
    ]


@pytest.mark.parametrize(
    ("narrow", "code"),
    [
        (Narrow(pack="nowhere"), "unknown_framework"),
        (Narrow(indicator="t/NO"), "unknown_indicator"),
        (Narrow(party="ZZZ"), "unknown_organisation"),
    ],
)
def test_what_is_not_there_is_refused(record: Record, narrow: Narrow, code: str) -> None:
    record.start()
    with pytest.raises(CauceError) as refused:
        history(reading(), narrow)
    assert refused.value.code == code


# ------------------------------------------------------------------------------- documents


def test_a_document_tells_what_was_read_in_it_by_whom_it_may_be_seen(record: Record) -> None:
    record.start()
    record.seal(
        Source.from_cells(code="t/S", title="Report"),
        Source.from_cells(code="t/OTHER", title="Other"),
    )
    record.seal(
        record.value("A MEX 2022", 1, source="t/S", locator="p. 3"),
        record.value("B MEX 2022", 2, source="t/S", audience="members"),
        record.value("C MEX 2022", 3, source="t/OTHER"),
        record.indicator(source="t/S"),
    )
    found = document(reading(), "t/S")
    assert found.counts == {"observation": 1, "indicator": 1}
    assert found.indicators == {"t/I": 1}
    with pytest.raises(CauceError) as refused:
        document(reading(), "t/NO")
    assert refused.value.code == "unknown_source"


# ------------------------------------------------------------------------------- cost


def queries(record: Record) -> int:
    reading()  # the definitions of a head are read once
    with CaptureQueriesContext(connection) as found:
        history(reading()).part(1, 50)
    return len(found)


def test_the_number_of_queries_does_not_grow_with_the_record(record: Record) -> None:
    record.start().seal(record.value("A MEX 2022", 1))
    record.seal(record.value("A MEX 2022", 2))
    few = queries(record)
    for year in range(2000, 2012):
        record.seal(record.value(f"A MEX {year}", year), record.value("A MEX 2022", year))
    assert queries(record) == few
