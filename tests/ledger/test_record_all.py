"""Does the one door into the rooms let in what is sound, and refuse everything else whole?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cauce.errors import CauceError, Refusal
from cauce.frameworks.models import Indicator, JointShare, Node, ReferencePopulation
from cauce.journal import clock, queries
from cauce.journal.models import Recorded
from cauce.journal.queries import View
from cauce.ledger import actions
from cauce.ledger import queries as ledger
from cauce.ledger.actions import record_all, retract
from cauce.ledger.models import (
    Claim,
    Commitment,
    CommitmentUpdate,
    Link,
    Lock,
    Observation,
    Transaction,
    Unlock,
)
from cauce.parties.models import Instrument, Membership, OfficeHeld, Organisation, Place, Succession
from cauce.values.audience import SECRETARIAT
from tests.conftest import Workspace
from tests.ledger.world import definitions, value

pytestmark = pytest.mark.usefixtures("workspace")


def record(*records: Recorded, why: str = "test") -> int:
    return record_all(records=records, by="ana", why=why).seq


def refused(*records: Recorded) -> list[tuple[str, str]]:
    """The code and place of every problem; nothing is recorded."""
    head = queries.head()
    with pytest.raises(Refusal) as refusal:
        record(*records)
    assert queries.head() == head
    return [(p.code, str(p.place)) for p in refusal.value.problems]


def view() -> View:
    return View(queries.head(), None, SECRETARIAT, clock.now())


def current() -> list[str]:
    return [str(one.value) for one in ledger.observations(view=view())]


@pytest.fixture
def world(workspace: Workspace) -> None:
    record(*definitions())


# ------------------------------------------------------------------------------- what is sound


def test_definitions_and_facts_come_in_any_order() -> None:
    record(value("100"), *definitions(), value("40", breakdown="sex=f"))
    assert sorted(current()) == ["100", "40"]


def test_an_iterator_gives_its_definitions_first() -> None:
    def stream() -> Iterator[Recorded]:
        yield from definitions()
        yield value("100")

    receipt = record_all(records=stream(), by="ana", why="test")
    assert receipt.count == len(definitions()) + 1


def test_an_iterator_that_gives_a_fact_first_is_a_defect(world: None) -> None:
    later = (one for one in (value(), *definitions()))
    with pytest.raises(TypeError):
        record_all(records=later, by="ana", why="test")
    assert queries.head() == 1


def test_definitions_alone_can_be_streamed() -> None:
    assert record_all(records=iter(definitions()), by="ana", why="test").seq == 1


def test_progress_is_told(world: None) -> None:
    counts: list[int] = []
    record_all(records=[value()], by="ana", why="test", progress=counts.append)
    assert sum(counts) == 1


# ------------------------------------------------------------------------------- references


def reference(code: str, sheet: str, column: str) -> list[tuple[str, str]]:
    return [(code, f"{sheet}!1 {column}")]


@pytest.mark.parametrize(
    ("one", "problems"),
    [
        (value(indicator="x/NO"), reference("unknown_indicator", "observations", "indicator")),
        (value(place="BLZ"), reference("unknown_place", "observations", "place")),
        (value(party="x/NO"), reference("unknown_organisation", "observations", "party")),
        (value(programme="x/NO"), reference("unknown_programme", "observations", "programme")),
        (value(source="x/NO"), reference("unknown_source", "observations", "source")),
        (
            Membership.from_cells(body="x/NO", party="x/A"),
            reference("unknown_body", "memberships", "body"),
        ),
        (
            OfficeHeld.from_cells(body="x/NO", party="x/A"),
            reference("unknown_body", "offices", "body"),
        ),
        (
            Instrument.from_cells(code="x/N", kind="law", name_en="n", applies="x/NO"),
            reference("unknown_instrument", "instruments", "applies"),
        ),
        (
            Instrument.from_cells(code="x/N", kind="law", name_en="n", parties="x/A; x/NO"),
            reference("unknown_organisation", "instruments", "parties"),
        ),
        (
            Indicator.from_cells(
                code="x/R", framework="x/F", name_en="r", unit="%", preset="ratio",
                derived_from="num=x/I; den=x/NO",
            ),
            reference("unknown_indicator", "indicators", "derived_from"),
        ),
        (
            CommitmentUpdate.from_cells(commitment="x/NO", as_of="2023", state="planned"),
            reference("unknown_commitment", "updates", "commitment"),
        ),
        (
            Link.from_cells(kind="same", one="x/NO", other="x/NO2"),
            [
                ("unknown_transaction", "links!1 one"),
                ("unknown_transaction", "links!1 other"),
            ],
        ),
        (Unlock.from_cells(code="x/U", lock="x/NO", reason="r"),
         reference("unknown_lock", "unlocks", "lock")),
        (
            Claim.from_cells(code="x/C", meaning_en="m", framework="x/NO"),
            reference("unknown_framework", "claims", "framework"),
        ),
    ],
)  # fmt: skip
def test_a_reference_that_leads_nowhere_is_refused(
    world: None, one: Recorded, problems: list[tuple[str, str]]
) -> None:
    assert refused(one) == problems


def test_who_joins_a_framework_is_a_member_of_it(world: None) -> None:
    record(
        Membership.from_cells(body="x/F", party="x/A"),
        Membership.from_cells(body="x/BODY", party="x/A"),
        Instrument.from_cells(code="x/N", kind="law", name_en="n", applies="x/F"),
    )


def test_facts_refer_to_facts_that_come_later_in_the_same_entry(world: None) -> None:
    record(
        Link.from_cells(kind="passes_on", one="x/T1", other="x/T2"),
        CommitmentUpdate.from_cells(commitment="x/C", as_of="2023", state="planned"),
        Transaction.from_cells(code="x/T2", stage="pledged", part_of="x/T1"),
        Transaction.from_cells(code="x/T1", stage="pledged"),
        Commitment.from_cells(code="x/C", text_en="c"),
    )
    record(Transaction.from_cells(code="x/T3", stage="pledged", part_of="x/T1"))


def test_every_problem_of_every_record_is_told(world: None) -> None:
    found = refused(value("1.5", place="BLZ"), value("-1", party="x/NO"))
    assert found == [
        ("unknown_place", "observations!1 place"),
        ("too_many_digits", "observations!1 value"),
        ("unknown_organisation", "observations!2 party"),
        ("negative_value", "observations!2 value"),
    ]


def test_what_a_sheet_requires_is_required(world: None) -> None:
    assert refused(Place.from_cells(code="BLZ"), Observation.from_cells(place="MEX")) == [
        ("field_required", "places!1 kind"),
        ("field_required", "places!1 name"),
    ]
    assert refused(Observation.from_cells(place="MEX", value="5")) == [
        ("field_required", "observations!1 indicator"),
        ("field_required", "observations!1 period"),
    ]


# ------------------------------------------------------------------------------- trees


@pytest.mark.parametrize(
    ("records", "place"),
    [
        (
            [
                Place.from_cells(code="x/1", kind="area", name_en="1", within="x/2"),
                Place.from_cells(code="x/2", kind="area", name_en="2", within="x/1"),
            ],
            "places!1 within",
        ),
        (
            [
                Place.from_cells(code="x/1", kind="area", name_en="1", within="x/2"),
                Place.from_cells(code="x/2", kind="area", name_en="2", within="x/3"),
                Place.from_cells(code="x/3", kind="area", name_en="3", parts="x/2; x/4"),
                Place.from_cells(code="x/4", kind="area", name_en="4", parts="x/3"),
            ],
            "places!3 within",
        ),
        (
            [Organisation.from_cells(code="x/O", kind="ngo", name_en="o", unit_of="x/O")],
            "organisations!1 unit_of",
        ),
        (
            [Node.from_cells(code="x/N", framework="x/F", kind="theme", name_en="n", parent="x/N")],
            "tree!1 parent",
        ),
        (
            [
                Succession.from_cells(predecessor="x/A", successor="x/B"),
                Succession.from_cells(predecessor="x/B", successor="x/A"),
            ],
            "successions!1 successor",
        ),
        (
            [
                Indicator.from_cells(
                    code="x/R", framework="x/F", name_en="r", unit="%", preset="ratio",
                    derived_from="num=x/R; den=x/I",
                )
            ],
            "indicators!1 derived_from",
        ),
        (
            [
                Transaction.from_cells(code="x/T1", stage="pledged", part_of="x/T2"),
                Transaction.from_cells(code="x/T2", stage="pledged", part_of="x/T1"),
            ],
            "transactions!1 part_of",
        ),
    ],
)  # fmt: skip
def test_a_circle_in_a_tree_is_refused(world: None, records: list[Recorded], place: str) -> None:
    found = refused(*records)
    assert {code for code, _ in found} == {"cycle"}
    assert place in [where for _, where in found]


def test_a_circle_that_closes_over_what_is_recorded_is_refused(world: None) -> None:
    moved = Place.from_cells(code="MEX", kind="country", name_en="Mexico", within="MX-CHP")
    assert refused(moved) == [("cycle", "places!1 within")]


def test_a_node_stands_in_the_framework_of_its_parent(world: None) -> None:
    from cauce.frameworks.models import Framework

    other = Framework.from_cells(code="x/G", name_en="Other")
    node = Node.from_cells(code="x/N", framework="x/G", kind="theme", name_en="n", parent="x/P")
    assert refused(other, node) == [("bad_structure", "tree!2 parent")]


# ------------------------------------------------------------------------------- together


def test_shares_are_added_to_those_recorded(world: None) -> None:
    def share(party: str, part: str) -> JointShare:
        return JointShare.from_cells(programme="x/P", party=party, share=part)

    record(share("x/A", "2/5"))
    assert refused(share("x/B", "4/5")) == [("shares_exceed_whole", "shares!1 share")]
    record(share("x/B", "3/5"))
    # Changing both at once is judged by what they become.
    record(share("x/A", "1/10"), share("x/B", "9/10"))


def test_an_unknown_code_and_dimension_are_refused(world: None) -> None:
    assert refused(value(breakdown="sex=u"), value(breakdown="age=0-17")) == [
        ("unknown_code", "observations!1 breakdown"),
        ("unknown_dimension", "observations!2 breakdown"),
    ]


def inhabitants(**cells: str) -> list[Recorded]:
    indicator = Indicator.from_cells(
        code="x/POP", framework="x/F", name_en="Inhabitants", unit="person",
        preset="population", population="residents",
    )  # fmt: skip
    return [
        indicator,
        ReferencePopulation.from_cells(kind="residents", place="WORLD", size="8000000000"),
        Place.from_cells(code="x/BORDER", kind="area", name_en="Border", parts="MX-CHP"),
    ]


def test_fifteen_billion_inhabitants_of_a_border_are_refused(world: None) -> None:
    record(*inhabitants())
    wrong = value("15000000000", indicator="x/POP", place="x/BORDER", period="2022-07-01")
    with pytest.raises(Refusal) as refusal:
        record(wrong)
    (problem,) = refusal.value.problems
    assert problem.code == "above_reference_population"
    assert problem.params == {
        "value": "15000000000",
        "population": "residents",
        "limit": "8000000000",
        "suggestion": "15000000",
    }
    record(value("15000000", indicator="x/POP", place="x/BORDER", period="2022-07-01"))


def test_a_count_without_a_place_is_compared_with_the_world(world: None) -> None:
    record(*inhabitants())
    wrong = value("15000000000", indicator="x/POP", place="", period="2022-07-01")
    assert refused(wrong) == [("above_reference_population", "observations!1 value")]


def test_an_indicator_whose_declarations_contradict_each_other_is_told_once(world: None) -> None:
    wrong = Indicator.from_cells(
        code="x/W", framework="x/F", name_en="w", unit="person", preset="wrong"
    )
    found = refused(wrong, value(indicator="x/W"))
    assert found == [("declaration_conflict", "indicators!1 preset")]


# ------------------------------------------------------------------------------- locks


def lock(**cells: str) -> Lock:
    return Lock.from_cells(**{"code": "x/L", "framework": "x/F", "period": "2022", **cells})


def unlock(reason: str = "the source was corrected") -> Unlock:
    return Unlock.from_cells(code="x/U", lock="x/L", reason=reason)


def test_a_locked_period_opens_only_with_an_unlock_and_its_reason(world: None) -> None:
    record(value("100"), lock())  # the lock closes what comes after it
    correction = value("90", public_at="2023-05")
    assert refused(correction) == [("period_locked", "observations!1 period")]
    record(value("5", period="2023"))
    assert refused(unlock(""), correction) == [("field_required", "unlocks!1 reason")]
    record(unlock(), correction)
    assert sorted(current()) == ["5", "90"]
    # Once: the next entry is refused again.
    assert refused(value("80", public_at="2023-06")) == [("period_locked", "observations!1 period")]


def test_a_lock_of_a_place_closes_what_lies_in_it(world: None) -> None:
    record(lock(place="MEX"))
    assert refused(value(place="MX-CHP")) == [("period_locked", "observations!1 period")]
    record(value(place="GTM"))


def test_closing_a_lock_in_the_same_entry_opens_nothing(world: None) -> None:
    record(lock())
    assert refused(lock(closed="yes"), value()) == [("period_locked", "observations!2 period")]
    record(lock(closed="yes"))
    record(value())


def test_a_lock_that_comes_while_somebody_writes_is_seen(world: None) -> None:
    def slow() -> Iterator[Recorded]:
        yield value("100")
        record(lock())
        yield value("5", place="GTM")

    with pytest.raises(CauceError, match="database_locked"):
        record_all(records=slow(), by="beto", why="test")
    assert current() == []


def test_a_lock_closes_values_of_an_indicator_that_is_new(world: None) -> None:
    record(lock(framework=""))
    new = Indicator.from_cells(
        code="x/J", framework="x/F", name_en="j", unit="person", preset="flow"
    )
    assert refused(new, value(indicator="x/J")) == [("period_locked", "observations!2 period")]
    # A reference that leads nowhere is told as well.
    assert refused(value(indicator="x/K")) == [
        ("unknown_indicator", "observations!1 indicator"),
        ("period_locked", "observations!1 period"),
    ]


# ------------------------------------------------------------------------------- retraction


def test_a_retraction_answers_withdrawn_and_the_past_stays(world: None) -> None:
    seq = record(value("100", public_at="2023-01", counts_in_parent="no"))
    retract(record_id=f"{seq}.1", by="ana", reason="counted twice", public_at="2023-05")
    (now,) = ledger.observations(view=view())
    assert (now.status, now.value, now.note) == ("withdrawn", None, "counted twice")
    assert (now.reporter, now.counts_in_parent, str(now.public_at)) == ("x/A", False, "2023-05")
    before, after = ledger.observation_versions(view=view(), indicators=["x/I"])
    assert (before.status, after.status) == ("provisional", "withdrawn")


def test_money_is_retracted_too(world: None) -> None:
    seq = record(Transaction.from_cells(code="x/T", stage="pledged", amount="5", currency="USD"))
    retract(record_id=f"{seq}.1", by="ana", reason="never pledged")
    (found,) = ledger.transactions(view=view())
    assert (found.status, found.amount) == ("withdrawn", None)


def test_what_has_no_status_is_not_retracted(world: None) -> None:
    with pytest.raises(CauceError, match="unknown_record"):
        retract(record_id="1.1", by="ana", reason="r")
    with pytest.raises(CauceError, match="reason_required"):
        retract(record_id="1.1", by="ana", reason=" ")


# ------------------------------------------------------------------------------- much


def test_of_very_many_problems_the_first_are_told(
    world: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_PROBLEMS", 3)
    assert len(refused(*(value("-1", party="x/NO") for _ in range(9)))) == 4


def test_the_number_of_queries_does_not_grow_with_the_facts(world: None, statements: Any) -> None:
    few = statements(lambda: record(*(value(str(n), period=str(n)) for n in (1990, 1991))))
    many = statements(lambda: record(*(value("1", period=str(n)) for n in range(1000, 1500))))
    assert many == few
