"""Contributions that may be the same money are named, not merged."""

from __future__ import annotations

from cauce.figures.alike_money import alike
from cauce.figures.registers import reading, transactions
from cauce.journal.queries import Recorded
from cauce.ledger import queries as ledger
from tests.figures.record import Record, short


def money(code: str, amount: object, **cells: object) -> Recorded:
    base = {
        "stage": "disbursed", "currency": "USD", "provider": "t/F", "receiver": "t/A",
        "programme": "t/P1", "reporter": "t/F", "value_date": "2023-05-04",
    }  # fmt: skip
    return ledger.Transaction.from_cells(**{"code": f"t/{code}", "amount": amount, **base, **cells})


def found(code: str) -> list[str]:
    read = reading()
    rows = transactions(read)
    (row,) = (r for r in rows if r.code == f"t/{code}")
    return [other.code for other in alike(row, rows, read.names)]


def test_what_funder_and_implementer_tell_of_the_same_money_is_named(record: Record) -> None:
    theirs = {"reporter": "t/A", "stage": "received"}
    record.start().seal(
        money("given", "10.0"),
        money("got", "9.8", **theirs),
        money("part", "4.9", **theirs),
        money("pesos", "9.8", currency="MXN", **theirs),
        money("years-later", "9.8", value_date="2026-01-01", **theirs),
        money("of-another", "9.8", provider="t/C", **theirs),
        money("for-another-programme", "9.8", programme="t/P2", **theirs),
        money("own-second", "10.0"),
        money("no-amount", "", **theirs),
    )
    assert found("given") == ["t/got"]
    assert sorted(found("got")) == ["t/given", "t/own-second"]


def test_linked_money_is_no_riddle(record: Record) -> None:
    record.start().seal(
        money("given", 10),
        money("got", 10, reporter="t/A"),
        ledger.Link.from_cells(kind="same", one="t/given", other="t/got"),
    )
    assert found("given") == []


def test_who_tells_less_does_not_contradict(record: Record) -> None:
    record.start().seal(
        money("given", 10, programme="t/P"),
        money("got", 10, reporter="t/A", provider="", value_date="", place="X"),
    )
    assert found("given") == ["t/got"]


def test_what_is_alike_is_counted_apart(record: Record) -> None:
    record.start().seal(money("given", 10), money("got", 10, reporter="t/A"))
    assert short(record.ask(ask="money", stage="disbursed").answer) == "20"


def test_what_is_not_public_is_not_named(record: Record) -> None:
    record.start().seal(money("given", 10), money("hidden", 10, reporter="t/A", audience="members"))
    assert found("given") == []
