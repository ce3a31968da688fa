"""Who belongs to a body on a day, and who holds its offices, by the same rule as their count."""

from __future__ import annotations

import pytest

from cauce.errors import CauceError
from cauce.figures import registers
from cauce.figures.belonging import holders, members, memberships, offices
from cauce.ledger.queries import Source
from cauce.parties.queries import Body, Membership, OfficeHeld
from cauce.values.audience import PUBLIC, SECRETARIAT, Audience
from cauce.values.dates import ImpreciseDate
from tests.figures.record import Record, short


def member(party: str, valid_from: str = "", valid_to: str = "", **cells: str) -> Membership:
    return Membership.from_cells(
        body="t/BODY", party=f"t/{party}", valid_from=valid_from, valid_to=valid_to, **cells
    )


def office(party: str, valid_from: str = "", valid_to: str = "", **cells: str) -> OfficeHeld:
    return OfficeHeld.from_cells(
        body="t/BODY",
        office="presidency",
        party=f"t/{party}",
        valid_from=valid_from,
        valid_to=valid_to,
        **cells,
    )


@pytest.fixture
def body(record: Record) -> Record:
    record.start().seal(Body.from_cells(code="t/BODY", name={"en": "Body"}))
    return record


def who(on: str, audience: Audience = SECRETARIAT) -> dict[str, str]:
    """Each party with how sure it is that it belongs on the day."""
    read, day = registers.reading(audience=audience), ImpreciseDate(on)
    found = members(read, memberships(read, on=day), on=day)
    return {
        m.party: "disagree"
        if m.disagree
        else "certain"
        if m.is_certain
        else "possible"
        if m.is_possible
        else "no"
        for m in found
    }


def presides(on: str) -> dict[str, bool]:
    """Each party that holds the office on the day, and whether that is certain."""
    found = holders(offices(registers.reading(), on=ImpreciseDate(on)))
    return {h.party: h.is_certain for h in found}


def test_the_names_are_as_many_as_the_count_says(body: Record) -> None:
    body.seal(
        member("A", "1996-03", public_at="2000-01-01"),
        member("B", "1996-03..2021-12-02", public_at="2021-12-04"),
        member("C", "1996-03", "2005", public_at="2005-12-31"),
    )
    for day in ("1995-01-01", "2000-06-01", "2005-06-30", "2022-01-01", "2005"):
        told = list(who(day).values())
        low = told.count("certain")
        high = low + told.count("possible")
        counted = short(body.ask(ask="count", of="members", body="t/BODY", on=day).answer)
        assert counted == (str(low) if low == high else f"{low}..{high}"), day


def test_sources_that_exclude_each_other_are_both_told(body: Record) -> None:
    body.seal(
        member("A", "2019-12", reporter="t/B"),
        member("A", "2019-12", "2020-06-30", reporter="t/C"),
    )
    assert who("2020-03-01") == {"t/A": "certain"}
    assert who("2021-01-01") == {"t/A": "disagree"}


def test_who_left_and_came_back_belongs_in_both_spells(body: Record) -> None:
    body.seal(
        member("A", "2000-01-01", "2005-01-01"),
        member("A", "2010-01-01", "2015-01-01", spell="2"),
    )
    days = ("2001-01-01", "2007-01-01", "2012-01-01")
    assert [who(day)["t/A"] for day in days] == ["certain", "no", "certain"]


def test_a_handover_closes_one_office_and_opens_the_next(body: Record) -> None:
    body.seal(office("A", "2020-01-01", "2021-12-03"), office("B", "2021-12-03", "2023-01-01"))
    assert presides("2021-12-02") == {"t/A": True}
    assert presides("2021-12-03") == {"t/B": True}
    assert presides("2024-01-01") == {}


@pytest.mark.parametrize(
    ("published", "certain"), [("2024-12", {"2024-12-31": True, "2025-06-01": False})]
)
def test_an_office_without_an_end_is_certain_only_for_the_year_it_was_told_in(
    body: Record, published: str, certain: dict[str, bool]
) -> None:
    body.seal(office("A", "2024-12-05", public_at=published))
    assert {day: presides(day)["t/A"] for day in certain} == certain


def test_a_document_without_a_date_makes_no_office_certain(body: Record) -> None:
    body.seal(
        Source.from_cells(code="t/S1", title="Undated page"),
        Source.from_cells(code="t/S2", title="Report", published="2025-03"),
        office("A", "2023-11..", source="t/S1"),
        office("B", "2025-01-01", source="t/S2"),
    )
    assert presides("2025-06-01") == {"t/A": False, "t/B": True}


def test_what_is_not_public_names_nobody(body: Record) -> None:
    body.seal(
        member("A", "2020-01-01"),
        member("B", "2020-01-01", audience="members"),
        member("C", "2020-01-01", public_from="2999-01-01"),
        office("B", "2020-01-01", "2999-01-01", audience="members"),
    )
    assert set(who("2022-01-01")) == {"t/A", "t/B", "t/C"}
    assert presides("2022-01-01") == {}
    assert set(who("2022-01-01", audience=PUBLIC)) == {"t/A"}


def test_a_day_without_an_end_cannot_be_asked(body: Record) -> None:
    for read in (memberships, offices):
        with pytest.raises(CauceError) as refused:
            read(registers.reading(), on=ImpreciseDate("2020.."))
        assert refused.value.code == "bad_question"
