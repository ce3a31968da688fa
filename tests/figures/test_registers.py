"""The registers: commitments with their state, money with its links, and what changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cauce.errors import CauceError
from cauce.figures import registers
from cauce.figures.registers import NO_UPDATE, commitments, sources, transactions
from cauce.figures.since import changes
from cauce.figures.trees import tree
from cauce.frameworks import queries as frameworks
from cauce.journal import actions as journal_actions
from cauce.ledger import actions
from cauce.ledger import queries as ledger
from cauce.ledger.queries import Commitment, CommitmentUpdate, Transaction
from cauce.parties import queries as parties
from cauce.values.answer import Absent, Known, Refused, Suppressed, exact
from cauce.values.audience import SECRETARIAT
from cauce.values.dates import ImpreciseDate, KnownAt
from cauce.values.figure import number_text
from tests.figures.record import Record, short


def commitment(code: str, parties: str = "t/A", **cells: object) -> Commitment:
    given = {"text": {"en": code}, "parties": parties, **cells}
    return Commitment.from_cells(code=f"t/{code}", **given)


def update(code: str, party: str, as_of: str, state: str, **cells: object) -> CommitmentUpdate:
    given = {"commitment": f"t/{code}", "as_of": as_of, "state": state, **cells}
    return CommitmentUpdate.from_cells(party=party and f"t/{party}", **given)


def money(code: str, amount: str = "10", **cells: object) -> Transaction:
    given = {"stage": "committed", "amount": amount, "currency": "USD", **cells}
    return Transaction.from_cells(code=f"t/{code}", **given)


def states(*, on: ImpreciseDate | None = None, **given: Any) -> dict[str, str]:
    found = commitments(registers.reading(**given), on=on)
    return {row.code: row.state for row in found}


# ------------------------------------------------------------------------------- commitments


def test_a_commitment_nobody_spoke_of_is_without_update(record: Record) -> None:
    record.start().seal(commitment("K1"), commitment("K2"), update("K2", "A", "2022", "fulfilled"))
    assert states() == {"t/K1": NO_UPDATE, "t/K2": "fulfilled"}


def test_of_several_parties_each_answers_for_itself(record: Record) -> None:
    record.start().seal(
        commitment("K", "t/A; t/B; t/C"),
        update("K", "A", "2022", "fulfilled"),
        update("K", "", "2021", "planned", reporter="t/B"),
    )
    (row,) = commitments(registers.reading())
    assert [(a.party, a.state) for a in row.answers] == [
        ("t/A", "fulfilled"),
        ("t/B", "planned"),
        ("t/C", NO_UPDATE),
    ]
    assert row.silent == ("t/C",)


def test_a_unit_answers_for_its_organisation(record: Record) -> None:
    record.start().seal(
        parties.Organisation.from_cells(
            code="t/UNIT", kind="agency", name={"en": "Unit"}, unit_of="t/A"
        ),
        commitment("K", "t/A; t/B"),
        update("K", "UNIT", "2022", "in_progress"),
    )
    (row,) = commitments(registers.reading())
    assert row.silent == ("t/B",)


def test_a_state_is_that_of_the_day_asked(record: Record) -> None:
    record.start().seal(
        commitment("K", made="2020"),
        update("K", "A", "2021-06-30", "planned"),
        update("K", "A", "2022-06-30", "fulfilled"),
    )
    on = {day: states(on=ImpreciseDate(day)) for day in ("2019", "2020", "2021-06", "2022-07-01")}
    assert on == {
        "2019": {},
        "2020": {"t/K": NO_UPDATE},
        "2021-06": {"t/K": "planned"},
        "2022-07-01": {"t/K": "fulfilled"},
    }
    (row,) = commitments(registers.reading(), on=ImpreciseDate("2022-07-01"))
    assert [u.state for u in row.updates] == ["fulfilled", "planned"]


def test_a_state_is_as_known_then(record: Record) -> None:
    record.start().seal(
        commitment("K", public_at="2020-01-01"),
        update("K", "A", "2021-06-30", "planned", public_at="2021-07-01"),
        update("K", "A", "2021-12-31", "abandoned", public_at="2023-01-01"),
    )
    assert states(known_at=KnownAt("2022")) == {"t/K": "planned"}
    assert states(known_at=KnownAt("2023")) == {"t/K": "abandoned"}
    assert states(known_at=KnownAt("2019")) == {}


@pytest.mark.parametrize(
    ("state", "due", "overdue"),
    [("planned", "2021", True), ("fulfilled", "2021", False), ("planned", "2022-12", False)],
)
def test_a_commitment_is_overdue_after_its_day_unless_it_ended(
    record: Record, state: str, due: str, overdue: bool
) -> None:
    record.start().seal(commitment("K", due=due), update("K", "A", "2021", state))
    (row,) = commitments(registers.reading(), on=ImpreciseDate("2022-06-30"))
    assert row.is_overdue is overdue


def test_nobody_is_responsible_once_the_organisation_ended(record: Record) -> None:
    record.start().seal(
        parties.Organisation.from_cells(
            code="t/A", kind="agency", name={"en": "A"}, ended="2021-03"
        ),
        commitment("K"),
    )
    (row,) = commitments(registers.reading())
    assert str(row.answers[0].ended) == "2021-03"


def test_one_commitment_is_read_with_every_statement_also_a_withdrawn_one(record: Record) -> None:
    record.start().seal(commitment("K", reporter="t/A"), commitment("K", reporter="t/B"))
    record.seal(commitment("K", reporter="t/B", status="withdrawn"))
    found = registers.commitment(registers.reading(), "t/K")
    assert [(row.record.reporter, row.record.status) for row in found] == [
        ("t/A", "provisional"),
        ("t/B", "withdrawn"),
    ]


def test_a_commitment_that_is_hidden_is_unknown(record: Record) -> None:
    record.start().seal(commitment("K", audience="members"))
    with pytest.raises(CauceError, match="unknown_commitment"):
        registers.commitment(registers.reading(), "t/K")


def test_commitments_of_a_framework_are_those_that_are_counted_for_it(record: Record) -> None:
    record.start().seal(commitment("K1", framework="t/T"), commitment("K2"))
    found = commitments(registers.reading(), framework="t/T")
    counted = record.ask(ask="count", of="commitments", framework="t/T").answer
    assert [row.code for row in found] == ["t/K1"]
    assert isinstance(counted, Known)
    assert counted.low == len(found)


def test_a_commitment_without_a_framework_belongs_to_the_one_that_rests_on_its_instrument(
    record: Record,
) -> None:
    record.start().seal(
        parties.Instrument.from_cells(code="t/D", kind="declaration", name={"en": "D"}),
        frameworks.Framework.from_cells(code="t/W", name={"en": "W"}, instrument="t/D"),
        commitment("K1", instrument="t/D"),
        commitment("K2", instrument="t/D", framework="t/T"),
        commitment("K3"),
    )
    read = registers.reading()
    assert [row.code for row in commitments(read, framework="t/W")] == ["t/K1"]
    assert [row.code for row in commitments(read, framework="t/T")] == ["t/K2"]
    assert record.ask(ask="count", of="commitments", framework="t/W").answer == exact(1)


def test_who_has_not_answered_is_told_with_the_most_silent_first(record: Record) -> None:
    record.start().seal(
        parties.Organisation.from_cells(code="t/Z", kind="agency", name={"en": "Z"}, ended="2021"),
        parties.Succession.from_cells(predecessor="t/Z", successor="t/C"),
        commitment("K1", "t/A; t/Z"),
        commitment("K2", "t/B; t/Z", reporter="t/A"),
        commitment("K2", "t/B; t/Z", reporter="t/B"),
        update("K1", "A", "2022", "planned"),
    )
    read = registers.reading()
    told = registers.silent_parties(read, commitments(read))
    assert [(one.party, one.count) for one in told] == [("t/Z", 2), ("t/B", 1)]
    assert (str(told[0].ended), told[0].successors) == ("2021", ("t/C",))


def test_an_instrument_of_a_later_day_did_not_exist(record: Record) -> None:
    record.start().seal(
        parties.Instrument.from_cells(code="t/D1", kind="decision", name={"en": "D"}),
        parties.Instrument.from_cells(
            code="t/D2", kind="plan", name={"en": "D"}, adopted="2023", applies="t/D1"
        ),
    )
    then = {
        row.record.code: row
        for row in registers.instruments(registers.reading(known_at=KnownAt("2022")))
    }
    assert (then["t/D1"].may_exist, then["t/D2"].may_exist) == (True, False)
    assert then["t/D1"].applied_by == ()
    now = {row.record.code: row for row in registers.instruments(registers.reading())}
    assert now["t/D1"].applied_by == ("t/D2",)


def test_an_instrument_counts_the_commitments_that_the_list_shows(record: Record) -> None:
    record.start().seal(
        parties.Instrument.from_cells(code="t/D", kind="mou", name={"en": "D"}),
        commitment("K1", instrument="t/D", made="2020"),
        commitment("K2", instrument="t/D", made="2090"),
    )
    (row,) = registers.instruments(registers.reading())
    assert row.commitments == tuple(one.code for one in commitments(registers.reading()))


def test_a_withdrawn_commitment_is_left_out(record: Record) -> None:
    record.start()
    seq = record.seal(commitment("K"))
    actions.retract(record_id=f"{seq}.1", by="Ana", reason="never made")
    assert states() == {}
    assert states(head=seq) == {"t/K": NO_UPDATE}


def test_a_day_without_an_end_cannot_be_asked(record: Record) -> None:
    record.start()
    with pytest.raises(CauceError) as refused:
        commitments(registers.reading(), on=ImpreciseDate("2020.."))
    assert refused.value.code == "bad_question"


# ------------------------------------------------------------------------------- money, sources


def test_money_is_listed_with_what_it_is_linked_to(record: Record) -> None:
    record.start().seal(
        money("M1"), money("M2"), money("M3", part_of="t/M1"), money("M4", "", status="pending"),
        ledger.Link.from_cells(kind="passes_on", one="t/M1", other="t/M2"),
    )  # fmt: skip
    rows = {row.code: row for row in transactions(registers.reading())}
    assert [(k.kind, k.code) for k in rows["t/M1"].links] == [
        ("passes_on", "t/M2"),
        ("part", "t/M3"),
    ]
    assert [(k.kind, k.code) for k in rows["t/M2"].links] == [("passed_on", "t/M1")]
    assert rows["t/M3"].part_of == "t/M1"
    assert {code: short(row.answer) for code, row in rows.items()} == {
        "t/M1": "10",
        "t/M2": "10",
        "t/M3": "10",
        "t/M4": "pending",
    }


def test_a_source_tells_how_much_rests_on_it(record: Record) -> None:
    record.start().seal(
        ledger.Source.from_cells(code="t/S", title="Report"),
        record.value("A MEX 2022", 1, source="t/S"),
        record.value("A MEX 2023", 2, source="t/S"),
        money("M", source="t/S"),
        parties.Body.from_cells(code="t/B", name={"en": "B"}, source="t/S"),
    )
    (row,) = sources(registers.reading())
    assert row.counts == {"body": 1, "observation": 2, "transaction": 1}
    assert row.indicators == ("t/I",)


def test_a_source_does_not_count_what_is_said_of_a_commitment_for_members(record: Record) -> None:
    record.start().seal(
        ledger.Source.from_cells(code="t/S", title="Report"),
        commitment("K1"),
        commitment("K2", audience="members"),
        update("K1", "A", "2022", "planned", source="t/S"),
        update("K2", "A", "2022", "planned", source="t/S"),
    )
    (row,) = sources(registers.reading())
    assert row.counts == {"commitment_update": 1}
    (row,) = sources(registers.reading(audience=SECRETARIAT))
    assert row.counts == {"commitment_update": 2}


def test_a_tree_holds_every_open_branch_once(record: Record) -> None:
    record.start()
    branches, loose = tree(registers.reading().names, "t/T")
    assert [(b.node.code, [c.node.code for c in b.children]) for b in branches] == [
        ("t/P", ["t/P1", "t/P2"])
    ]
    assert [i.code for i in loose] == ["t/I"]


# ------------------------------------------------------------------------------- changes


def numbers(found: Any) -> list[tuple[str | None, str | None]]:
    return [
        (
            short(one.old) if one.old else None,
            short(one.new) if one.new else None,
        )
        for one in found.changes
    ]


def test_a_change_tells_the_value_before_and_now(record: Record) -> None:
    head = record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 120), why="Counted again")
    found = changes(since=head)
    (one,) = found.changes
    assert (one.kind, one.why, numbers(found)) == ("revised", "Counted again", [("100", "120")])


def test_the_value_before_is_that_of_the_same_reporter(record: Record) -> None:
    head = record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 90, reporter="B"))
    (one,) = changes(since=head).changes
    assert (one.kind, one.old) == ("first", None)


def test_a_definition_tells_which_columns_changed(record: Record) -> None:
    head = record.start().seal(record.value("A MEX 2022", 1))
    record.seal(record.indicator(definition={"en": "New words"}))
    (one,) = changes(since=head).changes
    assert [(f.field, f.old, f.new) for f in one.fields] == [
        ("definition", None, {"en": "New words"})
    ]


def test_small_counts_of_persons_are_shown_on_neither_side(record: Record) -> None:
    record.start(unit="person", preset="unique_people")
    record.seal(frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"))
    head = record.seal(record.value("A MEX 2022", 4))
    record.seal(record.value("A MEX 2022", 50))
    (one,) = changes(since=head).changes
    assert isinstance(one.old, Suppressed)
    assert isinstance(one.new, Suppressed)


def test_of_a_protected_indicator_no_two_versions_stand_side_by_side(record: Record) -> None:
    head = record.start(protected="yes", margins="place").seal(record.value("A MEX 2022", 100))
    record.seal(record.value("A MEX 2022", 120))
    (one,) = changes(since=head).changes
    assert isinstance(one.old, Refused)
    assert isinstance(one.new, Refused)


@pytest.mark.parametrize("later", [{"suppress_below": "10"}, {"protected": "yes"}])
def test_what_is_protected_since_does_not_leave_by_an_older_head(
    record: Record, later: dict[str, str]
) -> None:
    record.start(unit="person", preset="flow")
    head = record.seal(record.value("A MEX 2022", 7, note="7 women"))
    assert changes(since=head - 1).changes[0].note == "7 women"
    if "protected" in later:
        record.seal(record.indicator(unit="person", preset="flow", margins="place", **later))
    else:
        record.seal(frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, **later))
    (one,) = changes(since=head - 1, head=head).changes
    assert isinstance(one.new, Suppressed | Refused)
    assert one.note == ""  # what was remarked about a hidden value may tell it


def test_neither_reason_nor_note_tells_a_small_count(record: Record) -> None:
    record.start(unit="person", preset="flow")
    record.seal(frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"))
    head = record.seal(record.value("A MEX 2022", 50))
    record.seal(record.value("A MEX 2022", 3), why="Corrected from 50 to 3")
    record.seal(record.value("A MEX 2022", "", status="withdrawn", note="the 3 were counted twice"))
    found = changes(since=head).changes
    assert [(one.why, one.note) for one in found] == [("", ""), ("", "")]


def test_a_reason_is_not_told_where_the_entry_goes_on_beyond_the_page(record: Record) -> None:
    head = record.start().seal(record.value("A MEX 2021", 100))
    record.seal(record.value("A MEX 2022", 5), record.value("A X 2022", 6), why="two offices")
    assert {one.why for one in changes(since=head).changes} == {"two offices"}
    first = changes(since=head, limit=1)
    assert [one.why for one in first.changes] == [""]
    assert [one.why for one in changes(since=head, after=first.next).changes] == [""]


def test_what_was_annulled_is_told_and_not_repeated(record: Record) -> None:
    seq = record.start().seal(record.value("A MEX 2022", 100))
    journal_actions.annul(target=str(seq), by="Ana", reason="wrong file")
    found = changes(since=seq)
    assert [(a.seq, a.whole) for a in found.annulled] == [(seq, True)]
    assert found.changes == ()


def test_what_came_out_of_an_embargo_is_told_to_whoever_had_the_entry(record: Record) -> None:
    record.start()
    soon = datetime.now(UTC) + timedelta(hours=1)
    head = record.seal(record.value("A MEX 2022", 100, public_from=soon.isoformat()))
    assert changes(since=head).changes == ()
    found = changes(since=head, now=soon + timedelta(minutes=1))
    assert [one.at for one in found.changes] == [soon]


def test_a_withdrawal_is_a_change_without_a_value(record: Record) -> None:
    seq = record.start().seal(record.value("A MEX 2022", 100))
    actions.retract(record_id=f"{seq}.1", by="Ana", reason="taken back")
    (one,) = changes(since=seq).changes
    assert one.kind == "withdrawn"
    assert isinstance(one.new, Absent)
    assert isinstance(one.old, Known)
    assert number_text(one.old.low) == "100"


def test_members_only_changes_are_seen_by_the_secretariat_alone(record: Record) -> None:
    head = record.start().seal(record.value("A MEX 2022", 100))
    record.seal(record.value("B MEX 2022", 7, audience="members"))
    assert changes(since=head).changes == ()
    assert numbers(changes(since=head, audience=SECRETARIAT)) == [(None, "7")]


def test_a_head_to_come_cannot_be_followed(record: Record) -> None:
    head = record.start().seal(record.value("A MEX 2022", 100))
    with pytest.raises(CauceError) as refused:
        changes(since=head + 1)
    assert refused.value.code == "unknown_head"
