"""What does not fit together about members and office-holders is found, not refused."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from cauce import figures
from cauce.parties import queries as parties
from cauce.parties.conflicts import CONFLICTS, membership_conflicts, office_conflicts
from cauce.parties.queries import Membership, OfficeHeld
from cauce.values.dates import KnownAt
from cauce.words import LANGUAGES, NoNames, Voice
from cauce.words.catalogue import has
from cauce.words.codes import conflict
from tests.figures.record import Record

TODAY = date(2026, 1, 1)


def member(source: str, since: str, until: str = "", party: str = "t/A", **more: str) -> Membership:
    return Membership.from_cells(
        body="t/BODY", party=party, valid_from=since, valid_to=until, source=source, **more
    )


def held(party: str, since: str, until: str = "", office: str = "presidency") -> OfficeHeld:
    return OfficeHeld.from_cells(
        body="t/BODY", office=office, party=f"t/{party}", valid_from=since, valid_to=until
    )


def found(*offices: OfficeHeld) -> list[tuple[str, str, str]]:
    return [
        (c.code, dict(c.params).get("day", ""), dict(c.params).get("until", ""))
        for c in office_conflicts(offices, day=TODAY)
    ]


@pytest.mark.parametrize(
    ("one", "other", "disagree"),
    [
        (("2019-12-01", ""), ("2019-12-01", ""), False),
        (("2019-12-01", ""), ("2019-12-01", "2022-01-01"), True),
        (("2019-12-01", ""), ("2019", ""), False),  # may be the same day
        (("2019-12-01", ""), ("2021-01-01", ""), True),
        (("2019-12-01", "2020..2022"), ("2019-12-01", "2021-05-01"), False),
        (("", ""), ("2021-01-01", ""), False),  # says nothing of when
    ],
)
def test_two_sources_disagree_where_one_is_certain_of_what_the_other_excludes(
    one: tuple[str, str], other: tuple[str, str], disagree: bool
) -> None:
    records = [member("t/S1", *one), member("t/S2", *other)]
    codes = [(c.code, c.get("party"), c.get("sources")) for c in membership_conflicts(records)]
    assert codes == ([("membership_disagrees", "t/A", "t/S1, t/S2")] if disagree else [])


def test_a_return_is_another_stay_and_no_disagreement() -> None:
    first = member("t/S1", "2000-01-01", "2005-01-01")
    again = member("t/S2", "2010-01-01", spell="2")
    assert list(membership_conflicts([first, again])) == []


def test_a_handover_leaves_neither_overlap_nor_gap() -> None:
    assert found(held("A", "2022-01-01", "2024-01-24"), held("B", "2024-01-24")) == []


def test_a_handover_recorded_on_one_side_only_is_an_overlap() -> None:
    assert found(held("A", "2022-01-01"), held("B", "2024-01-24")) == [
        ("office_overlaps", "2024-01-24", "")
    ]
    assert found(held("A", "2022-01-01", "2024-03-01"), held("B", "2024-01-24")) == [
        ("office_overlaps", "2024-01-24", "2024-03-01")
    ]


def test_a_year_in_which_nobody_is_recorded_is_a_gap() -> None:
    assert found(held("A", "2019-01-01", "2020-01-01"), held("B", "2021-01-01")) == [
        ("office_vacant", "2020-01-01", "2021-01-01")
    ]
    assert found(held("A", "2019-01-01", "2020-01-01")) == [
        ("office_vacant_since", "2020-01-01", "")
    ]


def test_imprecise_dates_that_may_fit_are_no_conflict() -> None:
    assert found(held("A", "2019", "2020..2021"), held("B", "2020..2021")) == []


def test_a_secretariat_may_be_shared() -> None:
    shared = [held(p, "2018-01-01", office="secretariat") for p in ("A", "B")]
    assert found(*shared) == []


def test_every_conflict_has_words_in_three_languages() -> None:
    codes = [
        *membership_conflicts([member("t/S1", "2019-12-01"), member("t/S2", "2021-01-01")]),
        *office_conflicts([held("A", "2022-01-01"), held("B", "2024-01-24")], day=TODAY),
        *office_conflicts(
            [held("A", "2022-01-01", "2024-03-01"), held("B", "2024-01-24", "2025-01-01")],
            day=TODAY,
        ),
        *office_conflicts([held("A", "2019-01-01", "2020-01-01"), held("B", "2021")], day=TODAY),
    ]
    assert {c.code for c in codes} == set(CONFLICTS)
    for language in LANGUAGES:
        voice = Voice(language, NoNames(), ZoneInfo("UTC"))
        for code in codes:
            said = conflict(code, voice)
            assert "{" not in said
            assert said.endswith(".")
            assert has(f"conflict.{code.code}", language)


def test_conflicts_are_recorded_and_shown_as_known_on_a_date(record: Record) -> None:
    record.start(preset="flow")
    body = parties.Body.from_cells(code="t/BODY", name={"en": "body"})
    both = [
        OfficeHeld.from_cells(
            body="t/BODY", office="chair", party=f"t/{p}", valid_from=since, public_at=since
        )
        for p, since in (("A", "2022-01-01"), ("B", "2024-01-24"))
    ]
    record.seal(body, *both)
    assert [c.code for c in figures.conflicts()] == ["office_overlaps"]
    assert figures.conflicts(known_at=KnownAt("2023")) == ()
