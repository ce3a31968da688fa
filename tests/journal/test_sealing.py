"""How does anything get into the journal: whole, in order, or not at all?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from cauce.errors import CauceError, Refusal
from cauce.journal import clock, queries, verify
from cauce.journal.canonical import FIRST_PREVIOUS
from cauce.journal.database import is_postgresql
from cauce.journal.models import Recorded
from cauce.journal.sealing import record
from cauce.ledger.models import Observation
from cauce.parties.models import Place
from tests.conftest import Workspace, enter
from tests.journal.samples import (
    indicator,
    membership,
    observation,
    organisation,
    place,
    rate,
    seal,
)


def some() -> list[Recorded]:
    """A record of several types."""
    return [
        place("MEX", name_es="México", name_en="Mexico"),
        organisation("demo/ANA"),
        indicator(),
        membership("demo/ANA", public_at="1996..2023"),
        rate("17.50"),
        observation("9007199254740993.25", public_at="2023-05", breakdown="sex=f;age=0-17"),
    ]


def test_an_entry_says_who_why_when_and_how_many(workspace: Workspace) -> None:
    receipt = record([place("MEX"), place("GTM")], by="Ana", why="the first places")
    entry = queries.entry(1)
    assert (entry.who, entry.why, entry.count) == ("Ana", "the first places", 2)
    assert (entry.seq, entry.hash, entry.digest) == (receipt.seq, receipt.hash, receipt.digest)
    assert entry.previous == FIRST_PREVIOUS
    assert entry.recorded_at == receipt.recorded_at
    assert entry.origin == queries.workspace().origin


def test_each_entry_follows_the_one_before(workspace: Workspace) -> None:
    first, second = seal(place("MEX")), seal(place("GTM"))
    assert queries.entry(2).previous == first.hash
    assert second.seq == 2
    assert second.recorded_at > first.recorded_at


def test_records_are_numbered_by_type_and_digest(workspace: Workspace) -> None:
    receipt = seal(place("MEX"), place("GTM"), organisation("demo/ANA"), indicator())
    found = [queries.get(f"1.{n}") for n in range(1, receipt.count + 1)]
    keys = [(record.record_type, record.digest) for record in found]
    assert [kind for kind, _ in keys] == ["indicator", "organisation", "place", "place"]
    assert keys == sorted(keys)


def test_the_order_in_which_records_come_does_not_matter(
    two_workspaces: tuple[Workspace, Workspace],
) -> None:
    _, second = two_workspaces
    one = seal(*some())
    enter(second)
    other = seal(*reversed(some()))
    assert one.digest == other.digest
    assert one.hash != other.hash  # another workspace, another time


def test_what_was_sealed_is_read_back_as_it_was(workspace: Workspace) -> None:
    given = observation(
        "9007199254740993.25", public_at="2021?", breakdown="sex=f;age=0-17", note="  two\r\nlines "
    )
    seal(given)
    (found,) = Observation.objects.all()
    assert found.content() == given.content()
    assert found.note == "two\nlines"
    assert str(found.value) == "9007199254740993.25"
    assert found.digest == found.content_digest()


# ------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("by", "why", "code"),
    [
        ("Ana", "", "reason_required"),
        ("Ana", " \n", "reason_required"),
        (" ", "why", "field_required"),
        ("Ana", "a\x00b", "control_character"),
    ],
)
def test_an_entry_without_name_or_reason_is_refused(
    workspace: Workspace, by: str, why: str, code: str
) -> None:
    with pytest.raises(CauceError) as refused:
        record([place("MEX")], by=by, why=why)
    assert refused.value.code == code
    assert queries.head() == 0


def test_an_empty_entry_is_refused(workspace: Workspace) -> None:
    with pytest.raises(CauceError) as refused:
        seal()
    assert refused.value.code == "empty_entry"


def test_the_same_record_twice_in_an_entry_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refusal) as refused:
        seal(place("MEX"), place("GTM"), place("MEX"))
    (problem,) = refused.value.problems
    assert (problem.code, problem.params) == ("duplicate_record", {"id": "place MEX"})
    assert queries.head() == 0


def test_two_values_of_one_key_reporter_and_date_in_an_entry_are_refused(
    workspace: Workspace,
) -> None:
    with pytest.raises(Refusal) as refused:
        seal(observation("100", public_at="2023"), observation("120", public_at="2023-12-31"))
    (problem,) = refused.value.problems
    assert problem.code == "same_key_twice"
    assert problem.params["key"] == "observation actual demo/APPLICATIONS MEX 2023"


def test_two_definitions_of_one_thing_in_an_entry_are_refused(workspace: Workspace) -> None:
    with pytest.raises(Refusal) as refused:
        seal(place("MEX"), place("MEX", kind="area"))
    assert [p.code for p in refused.value.problems] == ["same_key_twice"]


def test_the_history_of_a_key_may_come_in_one_entry(workspace: Workspace) -> None:
    receipt = seal(
        observation("100", public_at="2023-05"),
        observation("120", public_at="2024-02"),
        observation("90", public_at="2023-05", reporter="demo/BETO"),
    )
    assert receipt.count == 3


def test_every_refusal_is_told_at_once(workspace: Workspace) -> None:
    with pytest.raises(Refusal) as refused:
        seal(place("MEX"), place("MEX"), organisation("X"), organisation("X", kind="ngo"))
    codes = [problem.code for problem in refused.value.problems]
    assert codes == ["same_key_twice", "duplicate_record"]


def test_a_source_that_fails_on_the_way_leaves_nothing_behind(workspace: Workspace) -> None:
    def records() -> Iterator[Recorded]:
        yield place("MEX")
        raise CauceError("bad_csv", detail="line 2")

    with pytest.raises(CauceError):
        record(records(), by="Ana", why="half a file")
    assert queries.head() == 0
    assert not Place.objects.exists()
    assert seal(place("MEX")).seq == 1  # and nothing stands in the way of the next


def test_a_cell_that_does_not_parse_refuses_the_entry(workspace: Workspace) -> None:
    broken = observation()
    broken.period = "some day"
    with pytest.raises(CauceError) as refused:
        seal(place("MEX"), broken)
    assert refused.value.code == "bad_period"
    assert queries.head() == 0


def test_what_the_database_refuses_becomes_an_error_and_nothing_is_recorded(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    derive = Observation.derive

    def backwards(self: Observation, **times: object) -> dict[str, object]:
        derived = derive(self, **times)  # type: ignore[arg-type]  # passed on as it came
        return {**derived, "period_end": derived["period_start"]}

    monkeypatch.setattr(Observation, "derive", backwards)
    with pytest.raises(CauceError) as refused:
        seal(place("MEX"), observation())
    assert refused.value.code == "value_without_meaning"
    assert queries.head() == 0
    assert not Place.objects.exists()


def test_what_must_still_hold_is_asked_under_the_lock(workspace: Workspace) -> None:
    def still() -> None:
        raise CauceError("already_annulled", id="1")

    with pytest.raises(CauceError):
        record([place("MEX")], by="Ana", why="too late", still=still)
    assert queries.head() == 0


# ------------------------------------------------------------------------------- time


def test_recorded_times_increase_where_the_clock_stands_still_or_goes_back(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2030, 1, 1, tzinfo=UTC)
    ticks = iter([moment, moment, moment - timedelta(days=1), moment + timedelta(seconds=1)])
    monkeypatch.setattr(clock, "now", lambda: next(ticks))
    times = [seal(place(code)).recorded_at for code in ("A", "B", "C", "D")]
    microsecond = timedelta(microseconds=1)
    assert times == [
        moment,
        moment + microsecond,
        moment + 2 * microsecond,
        moment + timedelta(seconds=1),
    ]
    assert verify.verify().is_sound


def test_nothing_was_known_later_than_it_was_recorded(workspace: Workspace) -> None:
    receipt = seal(observation("1"), observation("2", public_at="2099", reporter="demo/BETO"))
    known = set(Observation.objects.values_list("known_from", flat=True))
    assert known == {receipt.recorded_at}


# ------------------------------------------------------------------------------- many records


def test_progress_counts_what_was_added(workspace: Workspace) -> None:
    seen: list[int] = []
    many = (place(f"P{number}") for number in range(4_500))
    assert record(many, by="Ana", why="many", progress=seen.append).count == 4_500
    assert seen == [2_000, 2_000, 500]


def test_another_writer_is_done_while_a_large_entry_is_still_being_read(
    workspace: Workspace,
) -> None:
    heads: list[int] = []

    def slowly() -> Iterator[Recorded]:
        for number in range(2_500):
            if number == 2_200:
                # Two thousand records are staged. Somebody else now needs the journal.
                heads.append(write_elsewhere(workspace))
            yield place(f"P{number}")

    receipt = record(slowly(), by="Ana", why="a large file")
    assert heads == [1]
    assert receipt.seq == 2
    assert verify.verify().is_sound


def write_elsewhere(workspace: Workspace) -> int:
    """Seal an entry from another process, which waits for a lock one second at most."""
    code = (
        "import django; django.setup()\n"
        "from cauce.journal import database, sealing\n"
        "from cauce.parties.models import Place\n"
        "database.LOCK_SECONDS = 1\n"
        "made = Place.from_cells(code='OTHER', kind='area', name_es='otro')\n"
        "print(sealing.record([made], by='Beto', why='meanwhile').seq)\n"
    )
    environment = {**workspace.environment, "DJANGO_SETTINGS_MODULE": "cauce.project.settings"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_nothing_of_the_staging_is_left(workspace: Workspace) -> None:
    seal(place("MEX"), observation())
    with connection.cursor() as cursor:
        if is_postgresql():
            cursor.execute("SELECT relname FROM pg_class WHERE relpersistence = 't'")
        else:
            cursor.execute("SELECT name FROM sqlite_temp_master")
        assert cursor.fetchall() == []


def test_nothing_is_recorded_where_there_is_no_workspace(empty_database: Workspace) -> None:
    with pytest.raises(CauceError) as refused:
        seal(place("MEX"))
    assert refused.value.code in ("not_migrated", "database_unreachable")
