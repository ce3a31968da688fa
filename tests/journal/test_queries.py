"""Which record answers: for a head, a date and an audience?"""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from cauce.errors import CauceError
from cauce.journal import queries
from cauce.journal.actions import annul
from cauce.journal.queries import (
    View,
    current_definitions,
    current_facts,
    entries,
    get,
    head,
    recorded_ats,
    versions,
)
from cauce.ledger.models import Observation
from cauce.parties.models import Membership, Place
from cauce.values.audience import PUBLIC, SECRETARIAT, Audience
from cauce.values.dates import KnownAt
from tests.conftest import Workspace
from tests.journal.samples import membership, observation, organisation, place, seal, view

MEXICO = ZoneInfo("America/Mexico_City")
MEMBERS = Audience("members")


def owner(code: str) -> Audience:
    return Audience("owner", code)


def at(day: str) -> datetime:
    """The end of a day, as somebody asks for it."""
    return KnownAt(day).instant(MEXICO)


def values(asked: View, where: Q | None = None) -> list[str]:
    return sorted(str(record.value) for record in current_facts(Observation, asked, where=where))


# ------------------------------------------------------------------------------- the date


@pytest.mark.parametrize(
    ("known_at", "expected"),
    [
        ("2023-05-09", []),
        ("2023-05-10", ["100"]),
        ("2024-01-31", ["100"]),
        ("2024-02-28", ["100"]),  # «February 2024» counts from its last day
        ("2024-02-29", ["120"]),
        ("2024-02", ["120"]),
        ("2025", ["120"]),
    ],
)
def test_history_loaded_today_answers_for_the_date_at_which_it_was_public(
    workspace: Workspace, known_at: str, expected: list[str]
) -> None:
    seal(observation("100", public_at="2023-05-10"), observation("120", public_at="2024-02"))
    assert values(view(known_at=at(known_at))) == expected


def test_what_became_public_when_the_next_day_began_was_not_known_the_day_before(
    workspace: Workspace,
) -> None:
    seal(observation("100", public_at="2023-06-01"))
    assert values(view(known_at=at("2023-05-31"))) == []
    assert values(view(known_at=at("2023-05"))) == []
    assert values(view(known_at=at("2023-06-01"))) == ["100"]


def test_a_value_without_a_date_was_known_since_it_was_recorded(workspace: Workspace) -> None:
    receipt = seal(observation("100"))
    assert values(view(known_at=receipt.recorded_at)) == ["100"]
    assert values(view(known_at=at("2020"))) == []


def test_later_news_of_an_older_date_do_not_replace_what_came_after_them(
    workspace: Workspace,
) -> None:
    seal(observation("120", public_at="2024-02"))
    seal(observation("100", public_at="2023-05"))  # found late, in an old report
    assert values(view()) == ["120"]
    assert values(view(known_at=at("2023-12"))) == ["100"]


def test_of_two_records_of_one_date_the_one_recorded_later_answers(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("101", public_at="2023-05"))
    assert values(view()) == ["101"]
    assert values(view(at=1)) == ["100"]


def test_of_two_records_announced_for_later_in_one_entry_the_later_one_answers(
    workspace: Workspace,
) -> None:
    # Both count from the entry's own time: nothing can be public later than it is recorded.
    seal(
        observation("3", public_at="2098"),
        observation("1", public_at=""),
        observation("2", public_at="2097"),
    )
    assert values(view()) == ["3"]


# ------------------------------------------------------------------------------- head and key


def test_an_older_head_answers_as_it_did(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("120", public_at="2023-06"))
    assert [values(view(at=seq)) for seq in (0, 1, 2)] == [[], ["100"], ["120"]]


def test_several_reporters_of_one_key_stand_side_by_side(workspace: Workspace) -> None:
    seal(
        observation("100", public_at="2023-05"),
        observation("110", public_at="2023-05", reporter="demo/BETO"),
        observation("90", public_at="2023-05", reporter="", source="demo/REPORT"),
    )
    assert values(view()) == ["100", "110", "90"]


def test_one_period_written_in_two_ways_is_one_key(workspace: Workspace) -> None:
    seal(observation("100", period="2023", public_at="2024-01"))
    seal(observation("120", period="2023-01-01/2024-01-01", public_at="2024-02"))
    assert values(view()) == ["120"]


@pytest.mark.parametrize(
    "difference",
    [
        {"kind": "target"},
        {"party": "demo/BETO"},
        {"programme": "demo/P1"},
        {"place": "GTM"},
        {"period": "us-fiscal:2023"},
        {"breakdown": "sex=f"},
        {"count_unit": "file"},
        {"method": "survey"},
    ],
)
def test_each_part_of_the_key_makes_another_key(
    workspace: Workspace, difference: dict[str, str]
) -> None:
    seal(observation("100"), observation("120", **difference))
    assert values(view()) == ["100", "120"]


def test_a_condition_narrows_what_is_asked(workspace: Workspace) -> None:
    seal(observation("1"), observation("2", indicator="demo/OTHER"))
    assert values(view(), Q(indicator="demo/OTHER")) == ["2"]


def test_memberships_of_two_sources_stand_side_by_side(workspace: Workspace) -> None:
    one = membership("demo/ANA", source="demo/A", valid_from="1996")
    other = membership("demo/ANA", source="demo/B", valid_from="1997")
    seal(one, other)
    assert len(current_facts(Membership, view())) == 2


# ------------------------------------------------------------------------------- audience


@pytest.mark.parametrize(
    ("audience", "expected"),
    [
        (PUBLIC, ["1"]),
        (MEMBERS, ["1", "2"]),
        (owner("demo/ANA"), ["1", "2", "3"]),
        (owner("demo/EVA"), ["1", "2"]),
        (SECRETARIAT, ["1", "2", "3"]),
    ],
)
def test_each_audience_sees_its_own_records(
    workspace: Workspace, audience: Audience, expected: list[str]
) -> None:
    seal(
        observation("1", place="A", audience="public"),
        observation("2", place="B", audience="members"),
        observation("3", place="C", audience="owner"),
    )
    assert values(view(audience=audience)) == expected


def test_a_record_the_audience_may_not_see_hides_no_older_one(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("120", public_at="2024-02", audience="members"))
    assert values(view(audience=PUBLIC)) == ["100"]
    assert values(view(audience=MEMBERS)) == ["120"]


@pytest.mark.parametrize(
    ("audience", "now", "expected"),
    [
        (PUBLIC, "2024-06-30", ["100"]),
        (MEMBERS, "2024-06-30", ["100"]),
        (owner("demo/ANA"), "2024-06-30", ["120"]),
        (owner("demo/EVA"), "2024-06-30", ["100"]),
        (SECRETARIAT, "2024-06-30", ["120"]),
        (PUBLIC, "2024-07-01", ["120"]),
        (MEMBERS, "2024-07-01", ["120"]),
        (owner("demo/EVA"), "2024-07-01", ["120"]),
    ],
)
def test_an_embargo_ends_with_time(
    workspace: Workspace, audience: Audience, now: str, expected: list[str]
) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("120", public_at="2024-02", public_from="2024-07-01"))
    assert values(view(audience=audience, now=at(now))) == expected


@pytest.mark.parametrize(
    ("audience", "known_at", "expected"),
    [
        # Long after the embargo ended: what was known to whom in March 2024?
        (PUBLIC, "2024-03", ["100"]),
        (owner("demo/ANA"), "2024-03", ["120"]),
        (SECRETARIAT, "2024-03", ["120"]),
        (PUBLIC, "2024-07-01", ["120"]),
    ],
)
def test_for_the_public_a_record_counts_from_the_end_of_its_embargo(
    workspace: Workspace, audience: Audience, known_at: str, expected: list[str]
) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("120", public_at="2024-02", public_from="2024-07-01"))
    assert values(view(audience=audience, known_at=at(known_at))) == expected


def test_what_left_its_embargo_late_is_news_to_the_public(workspace: Workspace) -> None:
    # The owner corrected 120 to 125 in March; the public had 125 before it ever saw 120.
    seal(
        observation("120", public_at="2024-02", public_from="2024-07-01"),
        observation("125", public_at="2024-03"),
    )
    assert values(view(audience=SECRETARIAT)) == ["125"]
    assert values(view(audience=PUBLIC, known_at=at("2024-04"))) == ["125"]
    assert values(view(audience=PUBLIC)) == ["120"]


def test_an_embargo_without_end_is_never_over(workspace: Workspace) -> None:
    seal(observation("1", public_from="never"))
    assert values(view(audience=PUBLIC)) == []
    assert values(view(audience=SECRETARIAT)) == ["1"]


def test_asking_for_a_date_to_come_ends_no_embargo(workspace: Workspace) -> None:
    seal(observation("1", public_at="2024-02", public_from="2030-01-01"))
    asked = view(audience=PUBLIC, known_at=at("2031"), now=at("2026-01-01"))
    assert values(asked) == []


def test_the_database_judges_visibility_as_the_audience_does(workspace: Workspace) -> None:
    """Every mixture of record and reader: SQL against :meth:`Audience.sees`."""
    levels, embargoes = ("public", "members", "owner"), ("", "2024-07-01", "never")
    reporters = ("demo/ANA", "demo/BETO", "")
    seal(
        *(
            observation(str(n), place=f"P{n}", audience=a, public_from=e, reporter=r)
            for n, (a, e, r) in enumerate(product(levels, embargoes, reporters))
        )
    )
    readers = [PUBLIC, MEMBERS, owner("demo/ANA"), owner("demo/EVA"), SECRETARIAT]
    receipt = entries()[-1].recorded_at
    for reader, now in product(readers, (at("2024-01"), receipt)):
        expected = {
            str(record.value)
            for record in Observation.objects.all()
            if record.known_from <= now
            and reader.sees(
                record.audience,
                record.reporter,
                embargoed=record.embargoed_at(now, MEXICO),
            )
        }
        assert set(values(view(audience=reader, now=now))) == expected


# ------------------------------------------------------------------------------- annulments


def test_an_annulled_record_lets_the_one_before_answer_again(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("999", public_at="2023-06"))
    annul(target="2.1", by="Ana", reason="typed in the wrong row")
    assert values(view()) == ["100"]
    assert values(view(known_at=at("2023-07"))) == ["100"]  # for every date
    assert values(view(at=2)) == ["999"]  # but not at an older head


def test_an_annulled_entry_takes_all_its_records_with_it(workspace: Workspace) -> None:
    seal(place("MEX"), observation("100", public_at="2023-05"))
    seal(place("MEX", kind="area"), place("GTM"), observation("999", public_at="2023-06"))
    annul(target="2", by="Ana", reason="the wrong file")
    assert values(view()) == ["100"]
    assert [(p.code, p.kind) for p in current_definitions(Place, head=head())] == [
        ("MEX", "country")
    ]
    assert len(current_definitions(Place, head=2)) == 2


def test_annulling_an_annulment_restores_what_it_took_out(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    seal(observation("120", public_at="2023-06"))
    annul(target="2.1", by="Ana", reason="thought it was wrong")
    annul(target="3.1", by="Ana", reason="it was right")
    assert values(view()) == ["120"]
    annul(target="4", by="Ana", reason="it was wrong after all")
    assert values(view()) == ["100"]
    assert [values(view(at=seq)) for seq in (1, 2, 3, 4, 5)] == [
        ["100"],
        ["120"],
        ["100"],
        ["120"],
        ["100"],
    ]


def test_a_record_may_be_annulled_again_after_it_was_restored(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    annul(target="1.1", by="Ana", reason="wrong")
    annul(target="2", by="Ana", reason="right")
    annul(target="1.1", by="Ana", reason="wrong again")
    assert values(view()) == []


def test_an_annulled_record_and_its_annulled_entry_are_restored_one_by_one(
    workspace: Workspace,
) -> None:
    seal(observation("100", public_at="2023-05"), place("MEX"))
    annul(target="1.1", by="Ana", reason="this one")
    annul(target="1", by="Ana", reason="all of it")
    annul(target="3", by="Ana", reason="not all of it")
    assert values(view()) == []
    assert [p.code for p in current_definitions(Place, head=head())] == ["MEX"]


def test_only_the_type_that_is_meant_is_annulled(workspace: Workspace) -> None:
    # A body and a framework may have the same content, so the same digest.
    from cauce.frameworks.models import Framework
    from cauce.parties.models import Body

    seal(
        Body.from_cells(code="demo/RCM", name_es="Conferencia"),
        Framework.from_cells(code="demo/RCM", name_es="Conferencia"),
    )
    assert get("1.1").digest == get("1.2").digest
    annul(target="1.1", by="Ana", reason="not a body")
    assert current_definitions(Body, head=head()) == []
    assert len(current_definitions(Framework, head=head())) == 1


def test_a_value_recorded_again_after_its_annulment_answers(workspace: Workspace) -> None:
    seal(observation("100", public_at="2023-05"))
    annul(target="1.1", by="Ana", reason="wrong")
    seal(observation("100", public_at="2023-05"))  # the very same content
    assert values(view()) == ["100"]


@pytest.mark.parametrize(
    ("target", "reason", "code"),
    [
        ("1", "", "reason_required"),
        ("1", " ", "reason_required"),
        ("9", "why", "unknown_entry"),
        ("0", "why", "unknown_entry"),
        ("x", "why", "unknown_entry"),
        ("1.9", "why", "unknown_record"),
        ("1.x", "why", "unknown_record"),
        ("9.1", "why", "unknown_record"),
        ("١", "why", "unknown_entry"),  # a digit, but not one of ours
        ("9" * 30, "why", "unknown_entry"),
        ("1.1", "why", "already_annulled"),
        ("2", "why", "already_annulled"),
    ],
)
def test_what_cannot_be_annulled_is_refused(
    workspace: Workspace, target: str, reason: str, code: str
) -> None:
    seal(place("MEX"), place("GTM"))
    seal(place("SLV"))
    annul(target="1.1", by="Ana", reason="wrong")
    annul(target="2", by="Ana", reason="wrong")
    with pytest.raises(CauceError) as refused:
        annul(target=target, by="Ana", reason=reason)
    assert refused.value.code == code
    assert head() == 4


def test_a_record_of_an_annulled_entry_is_annulled_already(workspace: Workspace) -> None:
    seal(place("MEX"))
    annul(target="1", by="Ana", reason="wrong")
    with pytest.raises(CauceError) as refused:
        annul(target="1.1", by="Ana", reason="wrong")
    assert refused.value.code == "already_annulled"


# ------------------------------------------------------------------------------- definitions


def test_a_definition_is_the_newest_at_the_head(workspace: Workspace) -> None:
    seal(place("MEX"), place("GTM"))
    seal(place("MEX", kind="area"))
    kinds = {p.code: p.kind for p in current_definitions(Place, head=2)}
    assert kinds == {"MEX": "area", "GTM": "country"}
    assert {p.kind for p in current_definitions(Place, head=1)} == {"country"}
    assert current_definitions(Place, head=0) == []


def test_a_closed_definition_is_given_with_the_others(workspace: Workspace) -> None:
    seal(place("MEX"))
    seal(place("MEX", closed="yes"))
    assert [p.closed for p in current_definitions(Place, head=2)] == [True]


# ------------------------------------------------------------------------------- versions


def test_versions_come_oldest_first_without_what_was_annulled_or_is_not_seen(
    workspace: Workspace,
) -> None:
    seal(observation("120", public_at="2024-02"))
    seal(observation("100", public_at="2023-05"))
    seal(observation("130", public_at="2024-05", audience="members"))
    seal(observation("999", public_at="2024-03"))
    annul(target="4", by="Ana", reason="wrong")
    assert [str(v.value) for v in versions(Observation, view())] == ["100", "120"]
    known = view(known_at=at("2023-12"), audience=SECRETARIAT)
    assert [str(v.value) for v in versions(Observation, known)] == ["100"]


# ------------------------------------------------------------------------------- the journal


def test_a_follower_reads_on_from_the_last_number_it_had(workspace: Workspace) -> None:
    for code in ("A", "B", "C"):
        seal(place(code))
    assert [e.seq for e in entries(limit=2)] == [1, 2]
    assert [e.seq for e in entries(after=2)] == [3]
    assert entries(after=3) == ()


def test_a_record_is_found_by_its_number(workspace: Workspace) -> None:
    seal(place("MEX"), organisation("demo/ANA"))
    assert get("1.1").natural_id() == ("demo/ANA",)
    assert get("1.2").record_id == "1.2"


@pytest.mark.parametrize("name", ["", "1", "1.", ".1", "1.3", "2.1", "a.b", "1.1.1", "-1.1", "1.²"])
def test_a_record_that_is_not_there_is_refused(workspace: Workspace, name: str) -> None:
    seal(place("MEX"), place("GTM"))
    with pytest.raises(CauceError) as refused:
        get(name)
    assert refused.value.code == "unknown_record"


def test_the_times_of_entries_are_read_at_once(workspace: Workspace) -> None:
    first, second = seal(place("A")), seal(place("B"))
    assert recorded_ats([1, 2, 2, 9]) == {1: first.recorded_at, 2: second.recorded_at}


def test_an_empty_journal_has_head_nothing(workspace: Workspace) -> None:
    assert head() == 0
    assert current_facts(Observation, view()) == []
    with pytest.raises(CauceError) as refused:
        queries.entry(1)
    assert refused.value.code == "unknown_entry"


def test_the_workspace_is_the_one_that_was_made(workspace: Workspace) -> None:
    found = queries.workspace()
    assert found.zone == MEXICO
    assert found.created_at.tzinfo is not None


@pytest.mark.parametrize(
    ("read", "count"),
    [
        (lambda: head(), 1),
        (lambda: get("1.1"), 2),
        (lambda: current_facts(Observation, view(at=2)), 3),  # two of them for annulments
        (lambda: current_definitions(Place, head=2), 3),
        (lambda: current_definitions(Place, head=1), 2),
        (lambda: versions(Observation, view(at=2)), 3),
        (lambda: recorded_ats([1, 2]), 1),
    ],
)
def test_reading_takes_a_fixed_number_of_questions(
    workspace: Workspace, read: object, count: int
) -> None:
    seal(place("MEX"), *(observation(str(n), place=f"P{n}") for n in range(10)))
    annul(target="1.1", by="Ana", reason="wrong")
    assert callable(read)
    with CaptureQueriesContext(connection) as asked:
        read()
    assert len(asked) == count


def test_a_date_with_its_zone_is_read_exactly(workspace: Workspace) -> None:
    seal(observation("1", public_at="2023-05-10"))
    midnight = datetime(2023, 5, 10, 6, tzinfo=UTC)
    assert values(view(known_at=midnight)) == ["1"]
    assert values(view(known_at=midnight.replace(hour=5, minute=59, second=59))) == []
