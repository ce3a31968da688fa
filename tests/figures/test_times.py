"""Three times: what was true, what was known, what this record said."""

from __future__ import annotations

from datetime import date

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cauce import figures
from cauce.frameworks import queries as frameworks
from cauce.journal import actions as journal_actions
from cauce.journal import queries as journal
from cauce.values.question import question_from_json
from tests.figures.record import Record, short

value = Record.value

VINTAGES = [
    ("COMAR", 118478, "2023-01"),
    ("COMAR", 118772, "2023-04"),
    ("UNHCR", 118756, "2023-05"),
    ("COMAR", 119273, "2024-01"),
]


def vintages(record: Record) -> None:
    record.start(preset="flow", unit="person")
    record.seal(frameworks.PreferredReporter.from_cells(indicator="t/I", reporter="t/COMAR"))
    record.seal(
        *[value("COMAR MEX 2022", n, public_at=at, reporter=r) for r, n, at in VINTAGES],
        value("COMAR MEX 2022-01/2022-10", 104727, public_at="2023-03"),
    )


def test_a_month_counts_from_its_last_day_and_before_it_the_doubt_is_said(record: Record) -> None:
    vintages(record)
    early = record.ask(period="2022", known_at="2023-01-30")
    assert short(early.answer) == "missing"
    assert ("publication_date_imprecise", "2023-01") in [
        (c.code, dict(c.params).get("published")) for c in early.caveats
    ]
    assert short(record.ask(period="2022", known_at="2023-01-31").answer) == "118478"


def test_an_explanation_shows_what_was_used_what_was_not_and_what_was_before(
    record: Record,
) -> None:
    vintages(record)
    question = question_from_json(
        {"ask": "indicator", "indicator": "t/I", "place": "MEX", "period": "2022"}
    )
    found = figures.explain(question)
    assert [(short(u.answer), u.reporter, u.public_at) for u in found.used] == [
        ("119273", "t/COMAR", "2024-01")
    ]
    assert [(short(u.answer), u.public_at) for u in found.earlier] == [
        ("118478", "2023-01"),
        ("118772", "2023-04"),
    ]
    not_used = {n.reason.code: short(n.value.answer) for n in found.not_used if n.value is not None}
    assert not_used == {"other_reporter": "118756", "part_of_period": "104727"}


def test_a_retraction_withdraws_from_its_day_and_an_annulment_for_every_day(record: Record) -> None:
    record.start(preset="flow")
    first = record.seal(value("A MEX 2022", 100, public_at="2023-01-10"))
    record.seal(value("A MEX 2022", status="withdrawn", public_at="2023-06-01"))
    known = [short(record.ask(period="2022", known_at=d).answer) for d in ("2023-05", "2023-06")]
    assert known == ["100", "withdrawn"]
    journal_actions.annul(target=str(first), by="Ana (COMAR)", reason="another country's file")
    known = [short(record.ask(period="2022", known_at=d).answer) for d in ("2023-05", "2023-06")]
    assert known == ["missing", "withdrawn"]
    assert short(record.ask(period="2022", known_at="2023-05", head=first).answer) == "100"


def test_an_exempt_unit_leaves_the_universe_and_is_named(record: Record) -> None:
    record.start(preset="flow")
    record.seal(
        *[Record.due(p, "MEX") for p in "AB"],
        value("A MEX 2023", 10),
        frameworks.Exemption.from_cells(
            indicator="t/I", party="t/B", place="MEX", period="2023", reporter="t/S"
        ),
    )
    total = record.ask(period="2023")
    assert short(total.answer) == "10"
    assert total.coverage is not None
    assert (total.coverage.received, total.coverage.due, total.coverage.exempt) == (1, 1, 1)
    assert [c.get("units") for c in total.caveats if c.code == "exempt"] == ["t/B; MEX"]
    assert short(record.ask(period="2023", party="t/B").answer) == "not_applicable"


def test_a_question_at_head_zero_finds_nothing(record: Record) -> None:
    record.start(preset="flow")
    assert journal.head() == 1
    count = {"ask": "count", "of": "commitments"}
    assert short(record.ask(**count, head=0).answer) == "missing"


days = st.dates(min_value=date(2023, 1, 1), max_value=date(2025, 12, 31))
entries = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 99), days, st.booleans()),
    min_size=1,
    max_size=5,
)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(entries, days)
def test_entries_sealed_later_never_change_an_answer_at_an_earlier_head(
    record: Record, later: list[tuple[str, int, date, bool]], known_at: date
) -> None:
    if journal.head() == 0:
        record.start(preset="flow")
        record.seal(Record.due("A", "MEX"), Record.due("B", "MEX"))
    head = journal.head()
    ask = {"period": "2022", "head": head, "known_at": known_at.isoformat()}
    before = [record.ask(**ask).to_json(), record.ask(period="2022", head=head).to_json()]
    for party, number, public_at, is_revised in later:
        seq = record.seal(
            value(f"{party} MEX 2022", number, public_at=public_at.isoformat()),
            record.indicator(preset="maximum" if is_revised else "flow"),
        )
        if is_revised:
            journal_actions.annul(target=str(seq), by="Eva (auditor)", reason="in error")
    after = [record.ask(**ask).to_json(), record.ask(period="2022", head=head).to_json()]
    assert after == before
