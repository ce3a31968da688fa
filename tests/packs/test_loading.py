"""Does a pack become one entry, once, and a changed pack only what changed?"""

from __future__ import annotations

from csv import DictReader
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from cauce.errors import CauceError, Refusal
from cauce.frameworks import queries as frameworks
from cauce.journal import actions, clock, queries
from cauce.journal.queries import View
from cauce.ledger import queries as ledger
from cauce.ledger.actions import record_all
from cauce.ledger.models import Unlock
from cauce.packs import catalogue, checking, loading, recorded, tally
from cauce.packs.loading import Loaded
from cauce.packs.writing import export
from cauce.parties import queries as parties
from cauce.parties.models import Organisation
from cauce.values.audience import SECRETARIAT
from tests.conftest import Workspace, enter
from tests.packs.files import SOUND, changed, pack_at

pytestmark = pytest.mark.usefixtures("workspace")

ALL = 17  # records of the sound pack: 14 definitions and 3 values


def load(*paths: str) -> list[Loaded]:
    return list(loading.load(paths, by="ana"))


def view() -> View:
    return View(queries.head(), None, SECRETARIAT, clock.now())


def values() -> list[str]:
    return sorted(str(one.value) for one in ledger.observations(view=view()))


def refusals(*paths: str) -> list[tuple[str, str]]:
    """Codes and the ends of their places; nothing is recorded."""
    head = queries.head()
    with pytest.raises(Refusal) as refusal:
        load(*paths)
    assert queries.head() == head
    return [(p.code, str(p.place).rpartition("/")[2]) for p in refusal.value.problems]


# ------------------------------------------------------------------------------- once


def test_a_pack_becomes_one_entry_with_its_name_and_version(tmp_path: Path) -> None:
    (loaded,) = load(pack_at(tmp_path / "x"))
    assert loaded.receipt is not None
    assert (loaded.recorded, loaded.receipt.count, loaded.unchanged) == (ALL, ALL, 0)
    entry = queries.entry(1)
    assert (entry.who, entry.why) == ("ana", "pack x 1")
    assert values() == ["100", "60", "90"]
    assert frameworks.packs(head=1)["x"].licence == "CC-BY-4.0"


def test_the_same_pack_again_records_nothing(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x")
    load(path)
    (again,) = load(path)
    assert (again.receipt, again.recorded, again.unchanged) == (None, 0, ALL)
    assert queries.head() == 1


def test_a_pack_with_one_mistake_records_nothing(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", changed("observations.csv", "2022,,100", "2022,,lots"))
    assert refusals(path) == [("bad_number", "observations.csv:2 value")]


def test_progress_is_told_by_sheet_and_then_for_the_recording(tmp_path: Path) -> None:
    told: dict[str, int] = {}

    def progress(what: str, count: int) -> None:
        told[what] = told.get(what, 0) + count

    loading.load([pack_at(tmp_path / "x")], by="ana", progress=progress)
    assert told == {"observations": 3, loading.RECORDING: ALL}


def many(folder: Path, count: int, value: str = "7") -> str:
    """The sound pack with a value for each of so many days."""
    days = [date(2000, 1, 1) + timedelta(days=n) for n in range(count)]
    lines = "".join(f"x/I,x/A,MEX,{day},{value}\n" for day in days)
    return pack_at(folder, observations_csv=f"indicator,party,place,period,value\n{lines}")


def test_many_facts_go_by_in_portions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tally, "_BATCH", 7)
    monkeypatch.setattr(checking, "_EVERY", 10)
    told: list[tuple[str, int]] = []
    path = many(tmp_path / "x", 25)
    loading.load([path], by="ana", progress=lambda sheet, count: told.append((sheet, count)))
    assert told[:3] == [("observations", 10), ("observations", 10), ("observations", 5)]
    assert len(values()) == 25
    (again,) = load(path)
    assert again.unchanged == ALL - 3 + 25


def test_facts_of_very_many_kinds_are_compared_with_all_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (checking, recorded):
        monkeypatch.setattr(module, "MOST_ANCHORS", 0)
    path = pack_at(tmp_path / "x")
    load(path)
    (again,) = load(path)
    assert (again.receipt, again.unchanged) == (None, ALL)


def test_a_file_that_changes_while_it_is_loaded_is_not_recorded(tmp_path: Path) -> None:
    path = many(tmp_path / "x", 5)

    def meanwhile(sheet: str, count: int) -> None:
        if sheet == "observations":
            many(tmp_path / "x", 5, value="lots")

    with pytest.raises(Refusal) as refusal:
        loading.load([path], by="ana", progress=meanwhile)
    assert refusal.value.problems[0].code == "bad_number"
    assert queries.head() == 0


# ------------------------------------------------------------------------------- changed


def test_a_changed_pack_records_what_changed(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    files = changed("observations.csv", "x/A,MEX,2021,,90", "x/A,MEX,2021,,91")
    files["pack.yaml"] = files["pack.yaml"].replace('"1"', '"2"')
    files["organisations.csv"] = files["organisations.csv"].replace("Agency B", "Bureau B")
    (loaded,) = load(pack_at(tmp_path / "x", files))
    assert (loaded.recorded, loaded.unchanged) == (3, ALL - 3)
    assert queries.entry(2).why == "pack x 2"
    assert values() == ["100", "60", "91"]
    assert parties.organisations(head=2)["x/B"].name == {"en": "Bureau B"}
    assert parties.organisations(head=1)["x/B"].name == {"en": "Agency B"}


def test_a_new_version_of_a_value_stands_beside_the_old_one(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    more = SOUND["observations.csv"].rstrip() + "\n        x/I,x/A,MEX,2022,,95,x/A,x/S,2024-01\n"
    (loaded,) = load(pack_at(tmp_path / "x", observations_csv=more))
    assert loaded.recorded == 1
    assert values() == ["60", "90", "95"]
    assert len(ledger.observation_versions(view=view())) == 4


def test_a_node_that_left_is_closed_and_comes_back(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    without = changed("tree.csv", "x/1.1,x/F,x/1,1.1,programme,Programme\n", "")
    (loaded,) = load(pack_at(tmp_path / "x", without))
    assert (loaded.recorded, loaded.closed) == (1, ("x/1.1",))
    assert frameworks.nodes(head=2)["x/1.1"].closed is True
    assert frameworks.nodes(head=2)["x/1.1"].name == {"en": "Programme"}

    (again,) = load(pack_at(tmp_path / "x", without))
    assert (again.receipt, again.closed) == (None, ())

    (back,) = load(pack_at(tmp_path / "x"))
    assert back.recorded == 1
    assert frameworks.nodes(head=3)["x/1.1"].closed is False


def test_what_has_no_code_of_its_own_is_closed_too(tmp_path: Path) -> None:
    shares = "programme,party,share\nx/1.1,x/A,2/5\nx/1.1,x/B,3/5\n"
    load(pack_at(tmp_path / "x", shares_csv=shares))
    # The two shares leave in the same load in which one takes all: together they are the whole.
    other = "programme,party,share\nx/1.1,x/A,1\n"
    (loaded,) = load(pack_at(tmp_path / "x", shares_csv=other))
    assert loaded.closed == ("x/1.1 x/B",)
    assert [(s.party, s.share) for s in frameworks.joint_shares(head=2)] == [("x/A", 1)]


def test_a_fact_that_left_stays_and_is_counted(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    without = changed("observations.csv", "x/I,x/A,MEX,2021,,90,x/A,x/S,2022-01\n", "")
    (loaded,) = load(pack_at(tmp_path / "x", without))
    assert (loaded.receipt, loaded.left) == (None, 1)
    assert values() == ["100", "60", "90"]


def test_a_bare_place_that_left_stays_open(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    without = changed("places.csv", "MX-CHP,subdivision,Chiapas,MEX\n", "")
    (loaded,) = load(pack_at(tmp_path / "x", without))
    assert (loaded.receipt, loaded.closed) == (None, ())


def test_a_correction_by_hand_survives_the_same_pack(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    corrected = Organisation.from_cells(code="x/B", kind="agency", name_en="Better name")
    (value,) = (one for one in ledger.observations(view=view()) if str(one.value) == "90")
    better = type(value)(**{f.name: getattr(value, f.name) for f in value.content_fields()})
    better.value = Decimal(89)
    record_all(records=[corrected, better], by="beto", why="the report was misread")
    (again,) = load(pack_at(tmp_path / "x"))
    assert again.receipt is None
    assert values() == ["100", "60", "89"]
    assert parties.organisations(head=2)["x/B"].name == {"en": "Better name"}


def test_two_packs_may_name_the_same_place(tmp_path: Path) -> None:
    places = "code,kind,name_es\nMEX,country,México\n"
    first = pack_at(tmp_path / "x")
    second = pack_at(tmp_path / "y", {"pack.yaml": "name: y\nversion: 1\ntitle_en: Y\n"})
    pack_at(tmp_path / "y", {}, places_csv=places)
    load(first)
    load(second)
    assert parties.places(head=2)["MEX"].name == {"es": "México"}
    # Each has said its word: neither load changes anything again.
    assert [one.receipt for one in load(first, second)] == [None, None]


def test_an_annulled_load_can_be_loaded_again(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x")
    load(path)
    actions.annul(target="1", by="ana", reason="wrong workspace")
    (again,) = load(path)
    assert again.recorded == ALL
    assert values() == ["100", "60", "90"]


def test_a_wrong_file_loaded_and_annulled_leaves_what_was(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    wrong = changed("observations.csv", "2022,,100", "2022,,999")
    load(pack_at(tmp_path / "x", wrong))
    assert "999" in values()
    actions.annul(target="2", by="ana", reason="wrong file")
    assert values() == ["100", "60", "90"]
    (again,) = load(pack_at(tmp_path / "x"))
    assert again.receipt is None


# ------------------------------------------------------------------------------- several


def other_pack(folder: Path, requires: str = "x", place: str = "MEX") -> str:
    return pack_at(
        folder,
        {
            "pack.yaml": f"name: y\nversion: 1\ntitle_en: Y\nrequires: [{requires}]\n",
            "observations.csv": f"indicator,party,place,period,value\nx/I,x/A,{place},2023,7\n",
        },
    )


def test_packs_are_loaded_in_the_order_in_which_they_require_each_other(tmp_path: Path) -> None:
    loaded = load(other_pack(tmp_path / "y"), pack_at(tmp_path / "x"))
    assert [one.name for one in loaded] == ["x", "y"]
    assert [queries.entry(n).why for n in (1, 2)] == ["pack x 1", "pack y 1"]


def test_one_broken_pack_keeps_all_out(tmp_path: Path) -> None:
    found = refusals(other_pack(tmp_path / "y", place="BLZ"), pack_at(tmp_path / "x"))
    assert found == [("unknown_place", "observations.csv:2 place")]


def test_what_is_recorded_can_be_referred_to(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    load(other_pack(tmp_path / "y", requires=""))
    assert "7" in values()


def test_what_is_required_must_be_there(tmp_path: Path) -> None:
    found = refusals(other_pack(tmp_path / "y", requires="nobody"))
    assert ("unknown_pack", "pack.yaml:4 requires") in found


def test_two_packs_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CauceError, match="duplicate_id"):
        load(pack_at(tmp_path / "one"), pack_at(tmp_path / "two"))


def test_packs_that_require_each_other_are_refused(tmp_path: Path) -> None:
    files = changed("pack.yaml", "licence: CC-BY-4.0", "requires: [y]")
    with pytest.raises(CauceError, match="cycle"):
        load(other_pack(tmp_path / "y"), pack_at(tmp_path / "x", files))


def test_shipped_packs_come_in_order_and_bring_what_they_require() -> None:
    names = catalogue.shipped()
    assert set(names) >= {"rcm", "sembrando-oportunidades", "asylum", "border"}
    assert names.index("rcm") < names.index("asylum")
    loaded = load("asylum")
    assert [one.name for one in loaded][-1] == "asylum"
    assert {one.name for one in load(*names)} == set(names)
    assert [one.receipt for one in load(*names)] == [None] * len(names)


def test_a_folder_in_reach_comes_before_a_shipped_pack_of_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack_at(tmp_path / "rcm")
    monkeypatch.chdir(tmp_path)
    (loaded,) = load("rcm")
    assert (loaded.name, loaded.recorded) == ("x", ALL)


# ------------------------------------------------------------------------------- locks

LOCK = "code,framework,period\nx/L,x/F,2022\n"


def test_a_locked_value_changes_only_with_an_unlock(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", locks_csv=LOCK)
    load(path)  # the lock closes what comes after it
    assert [one.receipt for one in load(path)] == [None]

    files = {**changed("observations.csv", "2022,,100", "2022,,101"), "locks.csv": LOCK}
    path = pack_at(tmp_path / "x", files)
    assert refusals(path) == [("period_locked", "observations.csv:2 period")]
    unlocks = "code,lock,reason\nx/U,x/L,the annual report corrects it\n"
    (loaded,) = load(pack_at(tmp_path / "x", files, unlocks_csv=unlocks))
    assert loaded.recorded == 2
    assert values() == ["101", "60", "90"]


def test_a_lock_of_one_pack_closes_the_period_for_the_next_of_the_same_load(tmp_path: Path) -> None:
    first = pack_at(tmp_path / "x", locks_csv=LOCK.replace("2022", "2023"))
    found = refusals(first, other_pack(tmp_path / "y"))
    assert found == [("period_locked", "observations.csv:2 period")]


def test_an_unlock_needs_no_pack(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x", locks_csv=LOCK))
    unlock = Unlock.from_cells(code="x/U", lock="x/L", reason="as corrected")
    (value,) = (one for one in ledger.observations(view=view()) if str(one.value) == "100")
    better = type(value)(**{f.name: getattr(value, f.name) for f in value.content_fields()})
    better.value = Decimal(99)
    record_all(records=[unlock, better], by="beto", why="as corrected")
    assert "99" in values()


# ------------------------------------------------------------------------------- export


@pytest.mark.parametrize("form", ["out", "out.xlsx"])
def test_an_export_loaded_elsewhere_gives_the_same_entry_digest(
    tmp_path: Path, two_workspaces: tuple[Workspace, Workspace], form: str
) -> None:
    (original,) = load(pack_at(tmp_path / "x"))
    written = export(str(tmp_path / form), name="x")
    assert sum(written.counts.values()) == ALL
    enter(two_workspaces[1])
    (copy,) = load(str(tmp_path / form))
    assert original.receipt is not None
    assert copy.receipt is not None
    assert copy.receipt.digest == original.receipt.digest
    assert copy.receipt.hash != original.receipt.hash


def test_every_shipped_pack_survives_its_export(
    tmp_path: Path, two_workspaces: tuple[Workspace, Workspace]
) -> None:
    names = catalogue.shipped()
    originals = [one.receipt.digest for one in load(*names) if one.receipt]
    paths = []
    for number, name in enumerate(names):
        paths.append(str(tmp_path / f"{name}{'.xlsx' if number % 2 else ''}"))
        export(paths[-1])
    enter(two_workspaces[1])
    assert [one.receipt.digest for one in load(*paths) if one.receipt] == originals


def test_the_folder_and_the_workbook_are_the_same_pack(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    for form in ("out", "out.xlsx"):
        export(str(tmp_path / form), name="x")
        assert [one.receipt for one in load(str(tmp_path / form))] == [None]


def test_an_export_gives_every_version_and_the_last_word_on_each(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    more = SOUND["observations.csv"].rstrip() + "\n        x/I,x/A,MEX,2022,,95,x/A,x/S,2024-01\n"
    files = {**SOUND, "observations.csv": more.replace("2021,,90", "2021,,91")}
    load(pack_at(tmp_path / "x", files))
    export(str(tmp_path / "new"), name="x")
    with (tmp_path / "new/observations.csv").open() as file:
        assert sorted(row["value"] for row in DictReader(file)) == ["100", "60", "91", "95"]
    export(str(tmp_path / "old"), name="x", head=1)
    assert ",90," in (tmp_path / "old/observations.csv").read_text()


def test_what_is_closed_is_exported_as_closed(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    without = changed("tree.csv", "x/1.1,x/F,x/1,1.1,programme,Programme\n", "")
    load(pack_at(tmp_path / "x", without))
    export(str(tmp_path / "out"), name="x")
    assert "x/1.1,x/F,x/1,1.1,programme,Programme,yes" in (tmp_path / "out/tree.csv").read_text()
    assert [one.receipt for one in load(str(tmp_path / "out"))] == [None]


def test_an_export_writes_over_nothing(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x")
    load(path)
    with pytest.raises(CauceError, match="path_exists"):
        export(path, name="x")
    (tmp_path / "x.xlsx").write_bytes(b"")
    with pytest.raises(CauceError, match="path_exists"):
        export(str(tmp_path / "x.xlsx"))
    (tmp_path / "empty").mkdir()
    export(str(tmp_path / "empty"), name="x")


def test_a_pack_that_is_not_recorded_cannot_be_exported(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    with pytest.raises(CauceError, match="unknown_pack"):
        export(str(tmp_path / "y"))
    assert not (tmp_path / "y").exists()


# ------------------------------------------------------------------------------- check


def test_a_check_knows_what_is_recorded(tmp_path: Path) -> None:
    load(pack_at(tmp_path / "x"))
    (summary,) = loading.check([other_pack(tmp_path / "y", requires="")])
    assert (summary.name, summary.facts) == ("y", 1)
    assert queries.head() == 1


def test_a_check_needs_no_migrated_workspace(tmp_path: Path, empty_database: Workspace) -> None:
    empty_database.dir.mkdir(exist_ok=True)
    (empty_database.dir / "cauce.sqlite3").touch()
    (summary,) = loading.check([pack_at(tmp_path / "x")])
    assert summary.facts == 3


def test_a_check_tells_when_the_record_cannot_be_read(
    tmp_path: Path, empty_database: Workspace
) -> None:
    if empty_database.database_url:
        # What a file can be, a server's database cannot.
        return
    empty_database.dir.mkdir(exist_ok=True)
    (empty_database.dir / "cauce.sqlite3").write_text("this is not a database" * 99)
    with pytest.raises(CauceError, match="database_damaged"):
        loading.check([pack_at(tmp_path / "x")])
