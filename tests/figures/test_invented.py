"""What was made up for a demonstration says so in every figure, and enters no real total."""

from __future__ import annotations

from typing import Any

import pytest

from cauce import figures
from cauce.frameworks import queries as frameworks
from cauce.journal.models import Recorded
from cauce.ledger import queries as ledger
from cauce.parties import queries as parties
from cauce.values.answer import Absent, Suppressed, exact
from cauce.values.audience import PUBLIC
from cauce.values.figure import Figure
from cauce.values.question import question_from_json
from tests.figures.record import Record

value = Record.value
YEAR = {"ask": "indicator", "indicator": "t/I", "place": "X", "period": "2023"}
MONEY = {"ask": "money", "stage": "pledged", "programme": "t/P", "currency": "USD"}


def ask(**question: Any) -> Figure:
    (figure,) = figures.release(figures.ask([question_from_json(question)]), PUBLIC)
    return figure


def is_marked(**question: Any) -> bool:
    return [code.code for code in ask(**question).caveats][:1] == ["invented_data"]


def source(code: str, *, invented: bool) -> Recorded:
    return ledger.Source.from_cells(
        code=code, title=code, published="2024-01", invented="yes" if invented else "no"
    )


def stated(at: str) -> list[Recorded]:
    """A membership, a commitment with its update and an amount, all read in one source."""
    return [
        parties.Body.from_cells(code="t/B", name={"en": "B"}),
        parties.Membership.from_cells(body="t/B", party="t/A", valid_from="2020", source=at),
        ledger.Commitment.from_cells(
            code="t/K", framework="t/T", text={"en": "K"}, made="2022-01-01", source=at
        ),
        ledger.CommitmentUpdate.from_cells(
            commitment="t/K", as_of="2023-01-01", state="fulfilled", source=at
        ),
        ledger.Transaction.from_cells(
            code="t/M", stage="pledged", amount="70", currency="USD", programme="t/P",
            provider="t/A", value_date="2023-05-01", source=at,
        ),
    ]  # fmt: skip


EVERY_KIND = (
    YEAR,
    MONEY,
    {"ask": "count", "of": "members", "body": "t/B", "on": "2024-01-01"},
    {"ask": "count", "of": "commitments", "framework": "t/T", "state": "fulfilled"},
    {"ask": "fact", "record": "t/M", "field": "amount"},
    {"ask": "fact", "record": "t/SRC", "field": "published"},
    {"ask": "change", "base_period": "2022", "as": "percent", "of": YEAR},
    {"ask": "progress", "as": "achievement", "of": YEAR},
)


@pytest.mark.parametrize("invented", [True, False])
def test_every_kind_of_figure_is_marked_and_only_where_it_is_due(
    record: Record, invented: bool
) -> None:
    record.start(preset="flow")
    record.seal(
        source("t/SRC", invented=invented),
        value("A X 2022", 10, source="t/SRC"),
        value("A X 2023", 20, source="t/SRC"),
        value("A X 2023", 40, kind="target", source="t/SRC"),
        Record.due("A", "X"),
        *stated("t/SRC"),
    )
    assert [is_marked(**question) for question in EVERY_KIND] == [invented] * len(EVERY_KIND)
    reports = {"ask": "count", "of": "reports", "framework": "t/T", "period": "2023"}
    assert is_marked(**reports) == invented


def test_one_invented_value_marks_the_whole_sum(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        source("t/SRC", invented=False),
        source("t/S-INV", invented=True),
        value("A X 2023", 20, source="t/SRC"),
        value("A Y 2023", 30, source="t/S-INV"),
    )
    assert not is_marked(**YEAR)
    assert is_marked(**{**YEAR, "place": "MEX"})


def test_a_ratio_of_invented_values_is_marked(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        source("t/SRC", invented=True),
        Record.indicator(code="t/R", unit="%", preset="ratio",
                         derived_from={"num": "t/I", "den": "t/I"}),
        value("A X 2023", 20, source="t/SRC"),
    )  # fmt: skip
    assert is_marked(**{**YEAR, "indicator": "t/R"})


@pytest.mark.parametrize("status", ["pending", "withdrawn"])
def test_an_invented_value_without_a_number_is_marked(record: Record, status: str) -> None:
    record.start(preset="flow")
    record.seal(
        source("t/SRC", invented=True), value("A X 2023", "", status=status, source="t/SRC")
    )
    assert isinstance(ask(**YEAR).answer, Absent)
    assert is_marked(**YEAR)


def test_an_invented_indicator_is_marked_where_nothing_is_recorded(record: Record) -> None:
    record.start(preset="flow")
    record.seal(source("t/SRC", invented=True), Record.indicator(preset="flow", source="t/SRC"))
    assert is_marked(**YEAR)


def test_a_protected_number_is_marked_too(record: Record) -> None:
    record.start(preset="flow", unit="person")
    record.seal(
        source("t/SRC", invented=True),
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="5"),
        value("A X 2023", 3, source="t/SRC"),
    )
    assert isinstance(ask(**YEAR).answer, Suppressed)
    assert is_marked(**YEAR)


def test_what_is_invented_enters_no_total_of_everything(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        source("t/SRC", invented=False),
        source("demo/S", invented=True),
        *stated("t/SRC"),
        ledger.Commitment.from_cells(
            code="demo/K", framework="t/T", text={"en": "K"}, made="2022-01-01", source="demo/S"
        ),
        ledger.Transaction.from_cells(
            code="demo/M", stage="pledged", amount="900", currency="USD", programme="t/P",
            provider="t/A", value_date="2023-05-01", source="demo/S",
        ),
    )  # fmt: skip
    for question in ({"ask": "count", "of": "commitments"}, MONEY, {**MONEY, "provider": "t/A"}):
        assert not is_marked(**question)
    everything = ask(ask="count", of="commitments").answer
    assert (everything, ask(**MONEY).answer) == (exact(1), exact(70))


def test_used_and_unused_values_say_which_source_they_are_from(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        source("t/SRC", invented=False),
        source("t/S-INV", invented=True),
        value("A X 2023", 20, source="t/SRC", reporter="A"),
        value("A X 2023", 30, source="t/S-INV", reporter="B"),
        frameworks.PreferredReporter.from_cells(indicator="t/I", reporter="t/A"),
    )
    explained = figures.explain(question_from_json(YEAR))
    assert [v.source for v in explained.used] == ["t/SRC"]
    assert [n.value.source for n in explained.not_used if n.value] == ["t/S-INV"]
    invented = figures.catalogue(explained.figure.head).invented
    assert invented == {"t/S-INV"}
    assert not is_marked(**YEAR)
