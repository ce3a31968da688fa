"""Do the rooms give back what was recorded, in few questions to the database?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from cauce.frameworks import queries as frameworks
from cauce.frameworks.models import (
    Exemption,
    JointShare,
    Obligation,
    PreferredReporter,
    Rate,
    ReferencePopulation,
)
from cauce.journal import clock, queries
from cauce.journal.models import Recorded
from cauce.journal.queries import View
from cauce.ledger import queries as ledger
from cauce.ledger.actions import record_all
from cauce.ledger.models import (
    Claim,
    Commitment,
    CommitmentUpdate,
    Link,
    Lock,
    Transaction,
    Unlock,
)
from cauce.parties import queries as parties
from cauce.parties.models import Instrument, Membership, OfficeHeld, Succession
from cauce.values.audience import SECRETARIAT
from tests.conftest import Workspace
from tests.ledger.world import definitions, value


def relations(closed: str = "") -> list[Recorded]:
    """One of everything that only relates other things."""
    return [
        Succession.from_cells(predecessor="x/A", successor="x/B", closed=closed),
        Obligation.from_cells(indicator="x/I", party="x/A", closed=closed),
        PreferredReporter.from_cells(indicator="x/I", reporter="x/A", closed=closed),
        ReferencePopulation.from_cells(kind="residents", place="MEX", size="130", closed=closed),
        Rate.from_cells(
            code="x/R", currency="MXN", into="USD", period="2022", rate="1/20", closed=closed
        ),
        JointShare.from_cells(programme="x/P", party="x/A", share="1/2", closed=closed),
        Link.from_cells(kind="same", one="x/T1", other="x/T2", closed=closed),
    ]


@pytest.fixture
def recorded(workspace: Workspace) -> None:
    facts = [
        Instrument.from_cells(code="x/N", kind="law", name_en="n"),
        Lock.from_cells(code="x/L", framework="x/F", period="1990"),
        Unlock.from_cells(code="x/U", lock="x/L", reason="r"),
        Membership.from_cells(body="x/BODY", party="x/A"),
        OfficeHeld.from_cells(body="x/BODY", party="x/A"),
        Exemption.from_cells(indicator="x/I", party="x/A", period="2020"),
        Transaction.from_cells(code="x/T1", stage="pledged"),
        Transaction.from_cells(code="x/T2", stage="pledged"),
        Commitment.from_cells(code="x/C", text_en="c"),
        CommitmentUpdate.from_cells(commitment="x/C", as_of="2023", state="planned"),
        Claim.from_cells(code="x/Q", meaning_en="m"),
        value("100"),
        value("90", public_at="2023-05"),
    ]
    record_all(records=[*definitions(), *relations(), *facts], by="ana", why="test")


RELATIONS: list[Callable[..., tuple[Recorded, ...]]] = [
    parties.successions,
    frameworks.obligations,
    frameworks.preferred_reporters,
    frameworks.populations,
    frameworks.rates,
    frameworks.joint_shares,
    ledger.links,
]
BY_CODE: list[tuple[Callable[..., Mapping[str, Recorded]], set[str]]] = [
    (parties.places, {"WORLD", "MEX", "GTM", "MX-CHP"}),
    (parties.organisations, {"x/A", "x/B"}),
    (parties.bodies, {"x/BODY"}),
    (parties.instruments, {"x/N"}),
    (frameworks.packs, set()),
    (frameworks.frameworks, {"x/F"}),
    (frameworks.nodes, {"x/P"}),
    (frameworks.indicators, {"x/I"}),
    (frameworks.codelists, {"x/SEX"}),
    (ledger.sources, {"x/S"}),
    (ledger.locks, {"x/L"}),
]
FACTS: list[tuple[Callable[..., tuple[Recorded, ...]], int]] = [
    (parties.memberships, 1),
    (parties.offices, 1),
    (frameworks.exemptions, 1),
    (ledger.observations, 1),
    (ledger.observation_versions, 2),
    (ledger.transactions, 2),
    (ledger.commitments, 1),
    (ledger.updates, 1),
    (ledger.claims, 1),
]


@pytest.mark.parametrize(("query", "codes"), BY_CODE)
def test_what_others_refer_to_comes_by_code(
    recorded: None,
    statements: Callable[[Callable[[], object]], int],
    query: Callable[..., Mapping[str, Recorded]],
    codes: set[str],
) -> None:
    assert set(query(head=1)) == codes
    assert query(head=0) == {}
    assert statements(lambda: query(head=1)) <= 2  # what is annulled, and the records


@pytest.mark.parametrize("query", RELATIONS)
def test_what_only_relates_others_goes_when_it_is_closed(
    recorded: None, query: Callable[..., tuple[Recorded, ...]]
) -> None:
    assert len(query(head=1)) == 1
    record_all(records=relations(closed="yes"), by="ana", why="closed")
    assert query(head=2) == ()
    assert len(query(head=1)) == 1


def test_codes_and_unlocks_stay(recorded: None) -> None:
    assert [code.code for code in frameworks.codes(head=1)] == ["f", "m"]
    assert [unlock.lock for unlock in ledger.unlocks(head=1)] == ["x/L"]


@pytest.mark.parametrize(("query", "count"), FACTS)
def test_facts_come_as_a_view_sees_them(
    recorded: None,
    statements: Callable[[Callable[[], object]], int],
    query: Callable[..., tuple[Recorded, ...]],
    count: int,
) -> None:
    view = View(queries.head(), None, SECRETARIAT, clock.now())
    assert len(query(view=view)) == count
    assert statements(lambda: query(view=view)) <= 2


def test_observations_are_asked_for_by_indicator(recorded: None) -> None:
    view = View(queries.head(), None, SECRETARIAT, clock.now())
    assert [str(o.value) for o in ledger.observations(view=view, indicators=["x/I"])] == ["90"]
    assert ledger.observations(view=view, indicators=["x/J"]) == ()
    assert ledger.observations(view=view, indicators=[]) == ()
