"""What was said of a contribution before and by others, and sums of amounts nobody printed."""

from __future__ import annotations

from cauce.figures.earlier_money import transaction_versions
from cauce.figures.reading import reading
from cauce.journal.queries import Recorded
from cauce.ledger import queries as ledger
from tests.figures.record import Record, short


def money(code: str, amount: object, **cells: object) -> Recorded:
    base = {"stage": "committed", "currency": "USD", "provider": "t/F", "reporter": "t/F"}
    return ledger.Transaction.from_cells(**{"code": f"t/{code}", "amount": amount, **base, **cells})


def told(code: str) -> list[tuple[str, str]]:
    versions = transaction_versions(reading(), f"t/{code}")
    return [(v.record.stated_by, short(v.answer)) for v in versions]


def test_every_version_of_every_reporter_is_told_oldest_first(record: Record) -> None:
    record.start().seal(money("M", 10, public_at="2023-01-01"))
    record.seal(money("M", 9, reporter="t/A", public_at="2023-02-01"))
    record.seal(money("M", 12, public_at="2023-06-01"), money("N", 1))
    assert told("M") == [("t/F", "10"), ("t/A", "9"), ("t/F", "12")]


def test_no_version_is_told_that_is_not_public(record: Record) -> None:
    record.start().seal(money("M", 10, public_at="2023-01-01"))
    record.seal(
        money("M", 98765, public_at="2023-06-01", audience="members"),
        money("M", 98766, public_at="2023-07-01", public_from="2999-01-01"),
    )
    assert told("M") == [("t/F", "10")]


def test_amounts_that_nobody_printed_add_up_to_no_number(record: Record) -> None:
    record.start().seal(money("a", ""), money("b", ""))
    ask = {"ask": "money", "stage": "committed"}
    assert short(record.ask(**ask).answer) == "missing"
    record.seal(money("c", "10"))
    assert short(record.ask(**ask).answer) == ">=10"


def test_what_two_reporters_state_of_one_contribution_counts_once(record: Record) -> None:
    record.start().seal(money("M", 10), money("M", 9, reporter="t/A"), money("N", 1))
    figure = record.ask(ask="money", stage="committed")
    assert short(figure.answer) == "11"
    assert [(c.reporter, short(c.answer)) for c in figure.competing] == [("t/A", "9")]


def test_where_one_reporter_withdraws_the_other_still_counts(record: Record) -> None:
    record.start().seal(money("M", 10, public_at="2023-01-01"))
    record.seal(money("M", 9, reporter="t/A"))
    record.seal(money("M", "", status="withdrawn", public_at="2023-02-01"))
    assert short(record.ask(ask="money", stage="committed").answer) == "9"
