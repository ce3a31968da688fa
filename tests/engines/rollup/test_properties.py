"""What must hold of any ledger: the order of rows, disjoint units, splitting, shares."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cauce.engines.rollup import Cell, Outcome, Unit, World, declare, roll_up
from cauce.values.answer import Known, exact
from cauce.values.breakdown import Breakdown
from tests.engines.rollup.tables import SEX, ask, cells
from tests.engines.rollup.worlds import Scenario, scenarios

FLOW = declare(preset="flow")
YEAR = ask("2023")
MONTHS = YEAR.period.split("month")
BREAKDOWNS = tuple(map(Breakdown.parse, ("", "sex=f", "sex=m")))
ANY = [HealthCheck.too_slow, HealthCheck.data_too_large]


@st.composite
def ledgers(draw: st.DrawFn) -> list[Cell]:
    """Events reported by units at several grains, each key once."""
    keys = st.tuples(
        st.sampled_from("ABC"),
        st.sampled_from("XY"),
        st.sampled_from((YEAR.period, *MONTHS[:3])),
        st.sampled_from(BREAKDOWNS),
    )
    found = draw(st.dictionaries(keys, st.integers(0, 20), max_size=20))
    return [
        Cell(
            id=str(number),
            digest=f"{number:064x}",
            reporter=party,
            unit=Unit(party, "", place),
            period=period,
            breakdown=breakdown,
            value=exact(value),
            status=draw(st.sampled_from(("provisional",) * 5 + ("pending",))),
        )
        for number, ((party, place, period, breakdown), value) in enumerate(found.items())
    ]


def solved(given_cells: list[Cell]) -> Outcome:
    return roll_up(YEAR, given_cells, FLOW, World(codes=SEX))


@given(ledgers(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(found: list[Cell], random: Random) -> None:
    before = solved(found)
    random.shuffle(found)
    assert solved(found) == before


@given(scenarios("union"), st.randoms(use_true_random=False))
@settings(max_examples=50, suppress_health_check=ANY)
def test_the_order_of_reports_of_persons_does_not_matter(
    scenario: Scenario, random: Random
) -> None:
    found = scenario.in_scope()
    before = roll_up(scenario.ask, found, scenario.declared, scenario.world)
    random.shuffle(found)
    dues = list(scenario.world.dues)
    random.shuffle(dues)
    world = replace(scenario.world, dues=tuple(dues))
    assert roll_up(scenario.ask, found, scenario.declared, world) == before


@given(ledgers(), st.integers(0, 50))
def test_a_disjoint_unit_adds_exactly(found: list[Cell], more: int) -> None:
    new = cells(f"party period value\nD 2023 {more}")
    before, after = solved(found).answer, solved(found + new).answer
    if isinstance(before, Known):
        assert isinstance(after, Known)
        assert after.low == _plus(before.low, more)
        assert after.high == (None if before.high is None else _plus(before.high, more))


def _plus(low: object, more: int) -> Fraction:
    return (low if isinstance(low, Fraction) else Fraction(0)) + more


@given(st.integers(0, 40), st.integers(0, 40), st.integers(1, 40))
def test_persons_of_another_lasting_unit_add(one: int, other: int, more: int) -> None:
    born = declare(preset="unique_people", dimensions={"place": "lasting"})
    given_cells = cells(f"party place period value\nA X 2023 {one}\nB X 2023 {other}")
    new = cells(f"party place period value\nA Y 2023 {more}")
    before = roll_up(YEAR, given_cells, born).answer
    after = roll_up(YEAR, given_cells + new, born).answer
    assert isinstance(before, Known)
    assert isinstance(after, Known)
    assert (after.low, after.high) == (_plus(before.low, more), _plus(before.high, more))


@given(ledgers(), st.data())
def test_splitting_a_reported_cell_into_a_complete_partition_changes_no_answer(
    found: list[Cell], data: st.DataObject
) -> None:
    """Of a series that has only this cell: a total as women and men, a year as its months."""
    alone = [c for c in found if sum(c.unit == other.unit for other in found) == 1]
    alone = [c for c in alone if c.period == YEAR.period and not c.breakdown.items and c.received]
    for cell in alone:
        assert cell.value is not None
        whole = cell.value.low
        assert isinstance(whole, Fraction)
        first = data.draw(st.integers(0, int(whole)))
        by_sex = [
            replace(
                cell,
                id=f"{cell.id}.{code}",
                breakdown=Breakdown.parse(f"sex={code}"),
                value=exact(v),
            )
            for code, v in (("f", Fraction(first)), ("m", whole - first))
        ]
        by_month = [
            replace(
                cell, id=f"{cell.id}.{m}", period=m, value=exact(first if m == MONTHS[0] else 0)
            )
            for m in MONTHS
        ]
        by_month[-1] = replace(by_month[-1], value=exact(whole - first))
        rest = [c for c in found if c is not cell]
        for parts in (by_sex, by_month):
            assert solved(rest + parts).answer == solved(found).answer


@given(ledgers())
def test_a_total_invents_no_cell(found: list[Cell]) -> None:
    """The answer rests on recorded cells alone; a code or unit nobody gave stays missing."""
    outcome = solved(found)
    assert set(outcome.used) <= set(found)
    assert {u.cell for u in outcome.unused}.isdisjoint(outcome.used)
    for code in ("f", "m"):
        if not any(c.breakdown.get("sex") == code for c in found):
            answer = roll_up(ask("2023", f"sex={code}"), found, FLOW, World(codes=SEX)).answer
            assert not isinstance(answer, Known)


@given(
    st.integers(0, 10**9),
    st.lists(st.integers(1, 20), min_size=1, max_size=6),
    st.sampled_from(("flow", "unique_people", "money")),
)
def test_shares_of_a_joint_programme_are_conserved(
    whole: int, weights: list[int], preset: str
) -> None:
    declared = declare(preset=preset)
    parts = []
    for weight in weights:
        share = Fraction(weight, sum(weights))
        joint = cells(f"programme period value\nJ 2023 {whole}", share=str(share))
        answer = roll_up(YEAR, joint, declared).answer
        assert isinstance(answer, Known)
        assert isinstance(answer.low, Fraction)
        parts.append(answer.low)
    assert sum(parts) == whole


@given(ledgers(), st.integers(0, 30))
def test_what_is_reported_beside_by_another_never_enters(found: list[Cell], other: int) -> None:
    """A second reporter of a unit whose reporter was chosen changes nothing but the competing."""
    chosen = {c.unit: c.reporter for c in found}
    world = World(codes=SEX, preferred=chosen)
    beside = [replace(c, id=f"{c.id}.x", reporter="Z", value=exact(other)) for c in found]
    before = roll_up(YEAR, found, FLOW, world)
    after = roll_up(YEAR, found + beside, FLOW, world)
    assert replace(after, competing=()) == replace(before, competing=())
    assert {c.reporter for c in after.competing} == ({"Z"} if found else set())
