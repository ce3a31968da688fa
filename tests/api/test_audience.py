"""Nothing that is not public is given by any operation: no value, no name, no count of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from cauce.api.description import description
from cauce.journal import queries as journal
from cauce.ledger import queries as ledger
from cauce.parties import queries as parties
from tests.conftest import Workspace
from tests.figures.record import Record

SECRET = "OCULTO"
NUMBER = "31337"
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
HIDDEN = (
    {"audience": "members"},
    {"audience": "owner"},
    {"public_from": TOMORROW},
    {"public_from": "never"},
)


@pytest.fixture
def record(workspace: Workspace) -> Record:
    """A public record with hidden ones of every kind beside it."""
    record = Record().start()
    record.seal(
        parties.Body.from_cells(code="t/BODY", name={"en": "Body"}),
        parties.Instrument.from_cells(code="t/I1", kind="mou", name={"en": "Memorandum"}),
        ledger.Source.from_cells(code="t/S", title="Report", publisher="A", language="en"),
        record.value("A MEX 2022", 100, source="t/S"),
        commitment("t/K"), update("t/K", "2022"), transaction("t/M"), member("A"), office("A"),
    )  # fmt: skip
    for n, cells in enumerate(HIDDEN, 1):
        record.seal(
            record.value("A MEX 2022", NUMBER, source="t/S", note=SECRET, **cells),
            record.value("A X 2023", NUMBER, source="t/S", note=SECRET, **cells),
            commitment(f"t/K{SECRET}{n}", **cells),
            update("t/K", f"2023-0{n}", text={"en": SECRET}, **cells),
            update(f"t/K{SECRET}{n}", "2023", **cells),
            transaction(f"t/M{SECRET}{n}", part_of="t/M", **cells),
            transaction(f"t/N{SECRET}{n}", **cells),
            ledger.Link.from_cells(kind="same", one="t/M", other=f"t/N{SECRET}{n}"),
            member("BCDE"[n - 1], note=SECRET, **cells),
            office("BCDE"[n - 1], note=SECRET, **cells),
            why=f"{SECRET} {NUMBER}",
        )
    # Public records that name hidden ones.
    record.seal(update(f"t/K{SECRET}1", "2022"), transaction("t/M", part_of=f"t/N{SECRET}1"))
    return record


def commitment(code: str, **cells: object) -> ledger.Commitment:
    given = {"instrument": "t/I1", "framework": "t/T", "text": {"en": code}, "parties": "t/A"}
    return ledger.Commitment.from_cells(code=code, source="t/S", **{**given, **cells})


def update(code: str, as_of: str, **cells: object) -> ledger.CommitmentUpdate:
    given = {"commitment": code, "party": "t/A", "as_of": as_of, "state": "in_progress"}
    return ledger.CommitmentUpdate.from_cells(**{**given, "source": "t/S", **cells})


def transaction(code: str, **cells: object) -> ledger.Transaction:
    amount = NUMBER if SECRET in code else "50"
    given = {"stage": "committed", "provider": "t/A", "amount": amount, "currency": "USD"}
    return ledger.Transaction.from_cells(code=code, source="t/S", **{**given, **cells})


def member(party: str, **cells: object) -> parties.Membership:
    given = {"body": "t/BODY", "party": f"t/{party}", "valid_from": "2000", "source": "t/S"}
    return parties.Membership.from_cells(**given, **cells)


def office(party: str, **cells: object) -> parties.OfficeHeld:
    given = {"body": "t/BODY", "party": f"t/{party}", "office": "chair", "source": "t/S"}
    return parties.OfficeHeld.from_cells(**given, **cells)


def addresses() -> Iterator[str]:
    """Every reading operation, filled in with everything there is to ask of it."""
    ones = {
        "frameworks": ["T"],
        "indicators": ["I"],
        "commitments": ["K", *(f"K{SECRET}{n}" for n in range(1, 5))],
        "transactions": ["M", *(f"M{SECRET}{n}" for n in range(1, 5))],
        "organisations": list("ABCDE"),
        "instruments": ["I1"],
        "sources": ["S"],
    }
    asked = (
        "indicator=t/I&period=2022", "indicator=t/I&period=2023&place=MEX",
        "indicator=t/I&period=2023&place=X", "ask=money&stage=committed",
        "ask=count&of=commitments", "ask=count&of=members&body=t/BODY",
        f"ask=fact&record=t/K{SECRET}1&field=made", f"ask=fact&record=t/M{SECRET}3&field=amount",
    )  # fmt: skip
    for template, methods in description()["paths"].items():
        if "get" not in methods:
            continue
        names = [p["name"] for p in methods["get"]["parameters"]]
        if "{pack}" in template:
            for name in ones[template.split("/")[3]]:
                yield template.format(pack="t", name=name)
        elif "/figures" in template:
            yield from (f"{template}?{question}" for question in asked)
            yield f"{template}?indicator=t/I&period=2022&known_at={TOMORROW[:4]}"
        else:
            yield template.format(name="none") + ("?limit=200" if "limit" in names else "")


def test_no_operation_gives_anything_of_what_is_not_public(record: Record) -> None:
    client = Client(headers={"host": "localhost"})
    walked = list(addresses())
    assert len(walked) > 60
    for address in walked:
        response = client.get(address)
        assert response.status_code in (200, 404), address
        said = response.content.decode()
        if response.status_code == 404:  # repeats what was asked
            said = said.replace(address.rpartition("/")[2], "")
            said = re.sub(rf"t/[KM]{SECRET}\d", "", said)
        assert SECRET not in said, address
        assert NUMBER not in said, address


def test_what_is_hidden_is_not_counted_either(record: Record) -> None:
    client = Client(headers={"host": "localhost"})
    for name in ("commitments", "transactions", "memberships", "offices"):
        assert client.get(f"/api/v1/{name}").json()["total"] == 1, name
    (source,) = client.get("/api/v1/sources").json()["items"]
    # Two public versions of the transaction; of the two public updates one is about a commitment
    # that is hidden.
    assert source["rests"] == {
        "commitment": 1, "commitment_update": 1, "membership": 1, "observation": 1,
        "office_held": 1, "transaction": 2,
    }  # fmt: skip
    (money,) = client.get("/api/v1/transactions").json()["items"]
    assert money["links"] == []
    (figure,) = client.get("/api/v1/figures?indicator=t/I&period=2022").json()["figures"]
    assert (figure["value"], figure["competing"], figure["trace"]["count"]) == ("100", [], 1)


def test_changes_hold_what_is_public_of_an_entry_and_not_its_reason(record: Record) -> None:
    seq = record.seal(
        record.value("B MEX 2022", 7), record.value("C MEX 2022", NUMBER, audience="members"),
        why=f"{SECRET} {NUMBER}",
    )  # fmt: skip
    found = Client(headers={"host": "localhost"}).get(f"/api/v1/changes?since={seq - 1}").json()
    assert [(one["new"]["value"], one["why"]) for one in found["items"]] == [("7", "")]
    seq = record.seal(record.value("B MEX 2022", 8), why="A new count")
    found = Client(headers={"host": "localhost"}).get(f"/api/v1/changes?since={seq - 1}").json()
    (one,) = found["items"]
    assert (one["old"]["value"], one["new"]["value"], one["why"]) == ("7", "8", "A new count")
    assert one["kind"] == "revised"


def test_the_end_of_an_embargo_changes_what_may_be_kept(record: Record) -> None:
    head = journal.head()
    (end,) = journal.embargo_ends(head)
    assert end.astimezone(journal.workspace().zone).date().isoformat() == TOMORROW
    assert journal.embargo_ends(1) == ()
