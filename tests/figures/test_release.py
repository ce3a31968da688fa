"""What leaves, and for whom: audience, embargo, small cells, margins, versions."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from cauce import figures
from cauce.errors import CauceError
from cauce.frameworks import queries as frameworks
from cauce.values.answer import Suppressed
from cauce.values.audience import PUBLIC, Audience
from cauce.values.figure import Figure
from cauce.values.period import Period
from cauce.values.question import IndicatorQ, question_from_json
from tests.figures.record import Record, short

value, due = Record.value, Record.due
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()


def asked(**question: object) -> IndicatorQ:
    found = question_from_json({"ask": "indicator", "indicator": "t/I", **question})
    assert isinstance(found, IndicatorQ)
    return found


def texts(figure: Figure) -> str:
    return json.dumps(figure.to_json())


# -- audience and embargo ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("audience", "seen"),
    [("public", "10"), ("members", "17"), ("owner:t/C", "20"), ("secretariat", "20")],
)
def test_each_audience_gets_the_sum_of_what_it_may_see(
    record: Record, audience: str, seen: str
) -> None:
    record.start(preset="flow")
    record.seal(
        value("A MEX 2023", 10),
        value("B MEX 2023", 7, audience="members"),
        value("C MEX 2023", 3, audience="owner"),
    )
    assert short(record.ask(period="2023", audience=audience).answer) == seen


def test_an_embargoed_value_is_seen_by_its_owner_only_until_its_time(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2023", 73219, public_from=TOMORROW))
    for audience in ("public", "members", "owner:t/B"):
        figure = record.ask(period="2023", audience=audience)
        assert short(figure.answer) == "missing"
        assert "73219" not in texts(figure)
        assert figure.trace is not None
        assert figure.trace.count == 0
    assert short(record.ask(period="2023", audience="owner:t/A").answer) == "73219"
    later = datetime.now(UTC) + timedelta(days=4)
    table = figures.ask([asked(period="2023")], now=later)
    assert short(table.figures[0].answer) == "73219"


def test_asking_for_a_day_to_come_does_not_lift_an_embargo(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2023", 73219, public_from=TOMORROW))
    assert short(record.ask(period="2023", known_at="2999").answer) == "missing"


def test_a_value_never_public_is_never_public(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2023", 73219, public_from="never"))
    far = datetime(2999, 1, 1, tzinfo=UTC)
    assert short(figures.ask([asked(period="2023")], now=far).figures[0].answer) == "missing"


def test_before_its_embargo_ended_a_value_was_not_known_to_the_public(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2020", 5, public_at="2021-01-10", public_from="2021-03-01"))
    known = {
        day: short(record.ask(period="2020", known_at=day).answer)
        for day in ("2021-02-28", "2021-03-01")
    }
    assert known == {"2021-02-28": "missing", "2021-03-01": "5"}


def test_a_correction_for_members_does_not_hide_the_public_value(record: Record) -> None:
    record.start(preset="flow")
    record.seal(value("A MEX 2023", 100, public_at="2024-01-01"))
    record.seal(value("A MEX 2023", 90, public_at="2024-02-01", audience="members"))
    assert short(record.ask(period="2023").answer) == "100"
    assert short(record.ask(period="2023", audience="members").answer) == "90"


def test_a_figure_asked_for_one_audience_is_not_released_to_another(record: Record) -> None:
    record.start(preset="flow")
    table = figures.ask([asked(period="2023", audience="secretariat")])
    with pytest.raises(CauceError) as refused:
        figures.release(table, PUBLIC)
    assert refused.value.code == "bad_audience"


# -- small cells ---------------------------------------------------------------------------------


def people(record: Record, *cells: object, below: str = "10", **indicator: object) -> None:
    record.start(preset="flow", unit="person", dimensions="sex=lasting", **indicator)
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below=below),
        *record.codes("sex", "f", "m", "x"),
    )
    record.seal(*cells)  # type: ignore[arg-type]  # records


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        (value("A MEX 2023", 0), "0"),
        (value("A MEX 2023", 1), "small_cell"),
        (value("A MEX 2023", 9), "small_cell"),
        (value("A MEX 2023", 10), "10"),
        (value("A MEX 2023", 4, bound="about"), "small_cell"),
        (value("A MEX 2023", 4, bound="at_most"), "small_cell"),
        (value("A MEX 2023", 3, upper=400, bound="range"), "small_cell"),
        (value("A MEX 2023", 40, bound="about"), "~40"),
    ],
)
def test_counts_of_persons_from_one_to_below_the_limit_are_protected(
    record: Record, cell: object, shown: str
) -> None:
    people(record, cell)
    assert short(record.ask(period="2023").answer) == shown


def test_things_are_not_persons(record: Record) -> None:
    record.start(preset="flow", unit="enterprise")
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"),
        value("A MEX 2023", 4),
    )
    assert short(record.ask(period="2023").answer) == "4"


def test_a_small_competing_value_is_protected_beside_a_large_one(record: Record) -> None:
    people(
        record,
        frameworks.PreferredReporter.from_cells(indicator="t/I", reporter="t/COMAR"),
        value("COMAR MEX 2023", 50),
        value("COMAR MEX 2023", 7, reporter="UNHCR"),
    )
    figure = record.ask(period="2023")
    assert short(figure.answer) == "50"
    assert [c.answer for c in figure.competing] == [Suppressed("small_cell")]


def test_a_small_remainder_is_not_told(record: Record) -> None:
    people(
        record,
        value("A MEX 2023", 100),
        value("A MEX 2023 sex=f", 50),
        value("A MEX 2023 sex=m", 47),
    )
    women = record.table(period="2023", by=["sex"])[0]
    assert short(women.answer) == "50"
    assert "unaccounted" not in {c.code for c in women.caveats}  # 100 - 97 = 3


def test_a_change_with_a_small_end_is_protected(record: Record) -> None:
    people(record, value("A MEX 2022", 4), value("A MEX 2023", 50))
    of = {"ask": "indicator", "indicator": "t/I", "period": "2023"}
    change = record.ask(ask="change", of=of, base_period="2022")
    assert (short(change.answer), change.trace) == ("small_cell", None)


def test_the_numerator_of_a_ratio_is_a_count_of_persons_too(record: Record) -> None:
    record.start(preset="ratio", unit="%", numerator_unit="person")
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"),
        value("A X 2023", numerator=4, denominator=100),
        value("A Y 2023", numerator=40, denominator=100),
    )
    assert short(record.ask(period="2023", place="X").answer) == "small_cell"
    assert short(record.ask(period="2023", place="Y").answer) == "0.4"


def test_a_ratio_of_things_is_not_protected(record: Record) -> None:
    record.start(preset="ratio", unit="%", numerator_unit="lane")
    record.seal(
        frameworks.Framework.from_cells(code="t/T", name={"en": "T"}, suppress_below="10"),
        value("A X 2023", numerator=1, denominator=2),
    )
    assert short(record.ask(period="2023").answer) == "0.5"


def test_the_secretariat_sees_small_cells(record: Record) -> None:
    people(record, value("A MEX 2023", 4))
    assert short(record.ask(period="2023", audience="secretariat").answer) == "4"


def test_an_explanation_of_a_protected_figure_explains_nothing(record: Record) -> None:
    people(record, value("A X 2023", 3), value("A Y 2023", 1))
    found = figures.explain(asked(period="2023"))
    assert found.figure.answer == Suppressed("small_cell")
    assert (found.used, found.steps, found.not_used, found.earlier) == ((), (), (), ())


def test_a_sum_is_explained_without_the_small_addend_and_its_neighbours(record: Record) -> None:
    people(record, value("A X 2023", 4), value("A Y 2023", 46))
    found = figures.explain(asked(period="2023"))
    assert short(found.figure.answer) == "50"
    # 46 would give 4 away by subtraction.
    assert {u.answer for u in found.used} == {Suppressed("small_cell")}
    assert all(a == Suppressed("small_cell") for s in found.steps for _, a in s.inputs)


# -- margins and versions ------------------------------------------------------------------------


def test_a_protected_indicator_is_released_along_its_margins_only(record: Record) -> None:
    people(
        record,
        value("A MEX 2023", 500),
        value("A MEX 2023 sex=f", 200),
        protected="yes",
        margins="sex",
    )
    assert short(record.ask(period="2023").answer) == "500"
    assert short(record.ask(period="2023", where={"sex": "f"}).answer) == "200"
    by_party = record.ask(period="2023", party="t/A")
    assert short(by_party.answer) == "refused:not_a_declared_margin"
    assert "500" not in texts(by_party)


@pytest.mark.parametrize("version", [{"known_at": "2024"}, {"head": 3}])
def test_a_protected_indicator_is_released_in_one_version(
    record: Record, version: dict[str, object]
) -> None:
    people(record, value("A MEX 2023", 500), protected="yes")
    record.seal(value("A MEX 2023", 501))
    old = record.ask(period="2023", **version)
    assert short(old.answer) == "refused:one_version_per_period"
    assert (old.trace, old.competing) == (None, ())
    assert short(record.ask(period="2023").answer) == "501"


# -- export --------------------------------------------------------------------------------------


def test_an_export_asks_like_a_page_and_holds_nothing_else(record: Record) -> None:
    people(
        record,
        value("A X 2023", 4),
        value("A Y 2023", 46),
        value("B Y 2023", 73219, audience="members"),
    )
    questions = list(figures.recorded_questions(audience=PUBLIC))
    shown = [short(f.answer) for f in figures.release(figures.ask(questions), PUBLIC)]
    assert shown == ["small_cell", "46"]
    members = list(figures.recorded_questions(audience=Audience("members")))
    assert len(members) == 3
    assert members[0].period == Period.parse("2023")
