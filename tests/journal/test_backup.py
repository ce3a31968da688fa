"""Does a backup bring back the workspace that was kept, and nothing else?"""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from django.db import connection

from cauce.errors import CauceError
from cauce.journal import actions, backup, queries, verify
from cauce.journal.actions import annul
from cauce.journal.restore import restore
from cauce.ledger.models import Observation
from cauce.parties.models import Place
from tests.conftest import Workspace, enter
from tests.journal.samples import behind_its_back, observation, organisation, place, seal, view

Two = tuple[Workspace, Workspace]


@pytest.fixture
def kept(two_workspaces: Two, tmp_path: Path) -> Path:
    """A backup of the first workspace; the connection now points to the second, empty one."""
    first, second = two_workspaces
    seal(place("MEX", name_es="México"), place("GTM"), organisation("demo/ANA"))
    seal(
        observation("9007199254740993.25", public_at="2023-05", note="dos\nlíneas; «así»"),
        observation("120", public_at="2021?", public_from="never"),
    )
    annul(target="1.1", by="Ana", reason="twice")
    sheet = first.dir / "issued/at-a-glance/0001/es.html"
    sheet.parent.mkdir(parents=True)
    sheet.write_bytes(b"<html>as issued</html>")
    (sheet.parent.parent / ".part-x").mkdir()
    (sheet.parent.parent / ".part-x/es.html").write_bytes(b"half")
    backup.backup(tmp_path / "kept.zip", folder=first.dir)
    enter(second)
    return tmp_path / "kept.zip"


def test_what_was_kept_comes_back(kept: Path, two_workspaces: Two) -> None:
    first, second = two_workspaces
    enter(first)
    before = (queries.workspace(), queries.entries(), facts())
    enter(second)

    report = restore(kept, folder=second.dir)

    assert (queries.workspace(), queries.entries(), facts()) == before
    assert (report.entries, report.records) == (3, 3 + 2 + 1)
    assert verify.verify(before[1][-1].hash).is_sound
    assert (second.dir / "issued/at-a-glance/0001/es.html").read_bytes() == (
        b"<html>as issued</html>"
    )
    assert not list(second.dir.rglob(".part*"))


def facts() -> list[tuple[object, ...]]:
    return sorted(
        (o.record_id, o.digest, str(o.known_from), str(o.value)) for o in Observation.objects.all()
    )


def test_a_restored_workspace_goes_on(kept: Path, two_workspaces: Two) -> None:
    restore(kept, folder=two_workspaces[1].dir)
    assert seal(place("SLV")).seq == 4
    assert verify.verify().is_sound
    # Annulments mean the same here.
    assert len(queries.current_definitions(Place, head=4)) == 3


def test_a_backup_holds_no_secret_and_is_read_by_its_owner_alone(
    kept: Path, two_workspaces: Two
) -> None:
    key = (two_workspaces[0].dir / actions.SECRET_KEY_FILE).read_bytes()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    with ZipFile(kept) as archive:
        assert all(key not in archive.read(name) for name in archive.namelist())


def test_a_backup_is_readable_without_cauce(kept: Path) -> None:
    with ZipFile(kept) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        records = [json.loads(line) for line in archive.read("records.jsonl").splitlines()]
    assert manifest["head"]["seq"] == 3
    assert records[0]["type"] == "organisation"
    assert records[0]["cells"] == {
        "code": "demo/ANA",
        "kind": "agency",
        "name": '{"es":"demo/ANA"}',
    }


def test_an_empty_workspace_can_be_kept(two_workspaces: Two, tmp_path: Path) -> None:
    first, second = two_workspaces
    origin = queries.workspace().origin
    backup.backup(tmp_path / "empty.zip", folder=first.dir)
    enter(second)
    assert restore(tmp_path / "empty.zip", folder=second.dir).entries == 0
    assert queries.workspace().origin == origin


def test_a_newer_backup_replaces_an_older_one_only_when_it_is_complete(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "kept.zip"
    seal(place("MEX"))
    backup.backup(target, folder=workspace.dir)
    before = target.read_bytes()

    def fails(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(backup, "_write_records", fails)
        with pytest.raises(CauceError) as refused:
            backup.backup(target, folder=workspace.dir)
    assert refused.value.code == "disk_full"
    assert target.read_bytes() == before
    assert list(tmp_path.glob("*.part")) == []
    seal(place("GTM"))
    assert backup.backup(target, folder=workspace.dir)["head"]["seq"] == 2


def test_a_backup_that_cannot_be_written_is_told(workspace: Workspace, tmp_path: Path) -> None:
    with pytest.raises(CauceError) as refused:
        backup.backup(tmp_path / "no/folder/kept.zip", folder=workspace.dir)
    assert refused.value.code == "file_not_written"


def test_writers_go_on_while_a_backup_is_made(workspace: Workspace, tmp_path: Path) -> None:
    """One state of the journal: what is sealed meanwhile is not in it."""
    from tests.journal.test_sealing import write_elsewhere

    seal(*(place(f"P{n}") for n in range(2_500)))
    seqs: list[int] = []

    def meanwhile(_: int) -> None:
        if not seqs:
            seqs.append(write_elsewhere(workspace))

    manifest = backup.backup(tmp_path / "kept.zip", folder=workspace.dir, progress=meanwhile)
    assert seqs == [2]
    assert manifest["head"]["seq"] == 1
    with ZipFile(tmp_path / "kept.zip") as archive:
        assert len(archive.read("records.jsonl").splitlines()) == 2_500


# ------------------------------------------------------------------------------- refusals


def refusal(source: Path, folder: Path) -> str:
    """The code of a refused restore, after which everything is as before."""
    before = (queries.workspace(), queries.head(), sorted(folder.rglob("*")))
    with pytest.raises(CauceError) as refused:
        restore(source, folder=folder)
    after = (queries.workspace(), queries.head(), sorted(folder.rglob("*")))
    assert [str(p) for p in after[2] if "-wal" not in p.name and "-shm" not in p.name] == [
        str(p) for p in before[2] if "-wal" not in p.name and "-shm" not in p.name
    ]
    assert after[:2] == before[:2]
    assert not connection.in_atomic_block
    return refused.value.code


def test_a_workspace_in_which_something_is_recorded_is_not_replaced(
    kept: Path, two_workspaces: Two
) -> None:
    seal(place("HND"))
    assert refusal(kept, two_workspaces[1].dir) == "workspace_exists"


def test_issued_files_are_not_replaced(kept: Path, two_workspaces: Two) -> None:
    (two_workspaces[1].dir / "issued/x").mkdir(parents=True)
    assert refusal(kept, two_workspaces[1].dir) == "workspace_exists"


def test_a_file_that_is_not_there_is_told(two_workspaces: Two, tmp_path: Path) -> None:
    assert refusal(tmp_path / "nothing.zip", two_workspaces[0].dir) == "file_missing"


@pytest.mark.parametrize("content", [b"", b"no zip at all", b"PK\x03\x04" + b"x" * 100])
def test_a_file_that_is_no_zip_is_refused(
    two_workspaces: Two, tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "kept.zip").write_bytes(content)
    assert refusal(tmp_path / "kept.zip", two_workspaces[0].dir) == "bad_backup"


def test_a_backup_cut_short_is_refused(kept: Path, two_workspaces: Two) -> None:
    kept.write_bytes(kept.read_bytes()[:-200])
    assert refusal(kept, two_workspaces[1].dir) == "bad_backup"


def rewritten(kept: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The same backup with one member changed, correctly zipped again."""
    target = kept.with_name("changed.zip")
    with ZipFile(kept) as old, ZipFile(target, "w", ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            new.writestr(info.filename, change(data) if info.filename == member else data)
    return target


@pytest.mark.parametrize(
    ("member", "change", "code"),
    [
        ("records.jsonl", lambda d: d.replace(b'"120"', b'"121"'), "backup_differs"),
        ("records.jsonl", lambda d: d.replace(b'"2023-05"', b'"2023-5"'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"MEX"', b'"MEX "'), "bad_backup"),
        ("records.jsonl", lambda d: b"\n".join(d.split(b"\n")[1:]), "backup_differs"),
        ("records.jsonl", lambda d: d + d.splitlines(True)[-1], "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"seq":2', b'"seq":9'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"type":"place"', b'"type":"x"'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"kind":', b'"kinds":'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"n":1', b'"n":"1"'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"n":1', b'"n":true'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"MEX"', b'["MEX"]'), "bad_backup"),
        ("records.jsonl", lambda d: d.replace(b'"MEX"', b'"\\u0000"'), "bad_backup"),
        ("records.jsonl", lambda d: b"[" * 100_000 + d, "bad_backup"),
        ("records.jsonl", lambda d: b"\xff" + d, "bad_backup"),
        ("records.jsonl", lambda d: b" " * 5_000_000 + d, "bad_backup"),
        ("entries.jsonl", lambda d: d.replace(b'"who":"Ana"', b'"who":"Eva"', 1), "backup_differs"),
        ("entries.jsonl", lambda d: b"".join(d.splitlines(True)[:-1]), "bad_backup"),
        ("entries.jsonl", lambda d: d.replace(b'"count":3', b'"count":-3'), "bad_backup"),
        ("entries.jsonl", lambda d: d.replace(b'Z"', b'"'), "bad_backup"),
        ("manifest.json", lambda d: d.replace(b'"format": 1', b'"format": 2'), "bad_backup"),
        ("manifest.json", lambda d: d.replace(b'"seq": 3', b'"seq": 4'), "backup_differs"),
        ("manifest.json", lambda d: d.replace(b"America/Mexico_City", b"Mexico"), "bad_time_zone"),
        ("manifest.json", lambda d: d.replace(b"America/Mexico_City", b"UTC"), "backup_differs"),
        ("manifest.json", lambda d: b"[]", "bad_backup"),
        ("manifest.json", lambda d: b"{" * 50_000, "bad_backup"),
    ],
)
def test_a_backup_that_was_changed_is_refused_as_a_whole(
    kept: Path, two_workspaces: Two, member: str, change: Callable[[bytes], bytes], code: str
) -> None:
    changed = rewritten(kept, member, change)
    assert changed.read_bytes() != kept.read_bytes()
    assert refusal(changed, two_workspaces[1].dir) == code


def test_another_head_than_the_one_that_was_kept_is_refused(
    kept: Path, two_workspaces: Two
) -> None:
    hash_ = json.loads(ZipFile(kept).read("manifest.json"))["head"]["hash"].encode()
    changed = rewritten(kept, "manifest.json", lambda d: d.replace(hash_, b"f" * 64))
    assert refusal(changed, two_workspaces[1].dir) == "backup_differs"


@pytest.mark.parametrize(
    "name",
    [
        "files/issued/../../escaped.html",
        "files/../escaped.html",
        "/etc/escaped",
        "files//etc/escaped",
        "files/issued/..\\..\\escaped.html",
        "files/issued/C:escaped",
        "files/issued/",
        "files/secret-key",
        "secret-key",
        "manifest.json/x",
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(kept: Path, two_workspaces: Two, name: str) -> None:
    with ZipFile(kept, "a") as archive:
        archive.writestr(name, b"escaped")
    assert refusal(kept, two_workspaces[1].dir) == "bad_backup"
    assert not list(kept.parent.rglob("escaped*"))


def test_a_link_is_refused(kept: Path, two_workspaces: Two) -> None:
    link = ZipInfo("files/issued/link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with ZipFile(kept, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    assert refusal(kept, two_workspaces[1].dir) == "bad_backup"


def test_a_member_that_unpacks_to_far_more_than_it_is_is_refused(
    kept: Path, two_workspaces: Two
) -> None:
    with ZipFile(kept, "a", ZIP_DEFLATED) as archive:
        archive.writestr("files/issued/bomb.html", b"0" * 50_000_000)
    assert refusal(kept, two_workspaces[1].dir) == "bad_backup"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_refused(kept: Path, two_workspaces: Two) -> None:
    with ZipFile(kept, "a") as archive:
        archive.writestr("records.jsonl", b"")
    assert refusal(kept, two_workspaces[1].dir) == "bad_backup"


def test_a_journal_that_was_altered_before_it_was_kept_does_not_come_back(
    two_workspaces: Two, tmp_path: Path
) -> None:
    first, second = two_workspaces
    seal(observation("100", public_at="2023-05"))
    behind_its_back("ledger_observation", "UPDATE ledger_observation SET value = '999'")
    backup.backup(tmp_path / "kept.zip", folder=first.dir)
    enter(second)
    assert refusal(tmp_path / "kept.zip", second.dir) == "backup_differs"


def test_figures_are_asked_of_the_restored_workspace_as_of_the_first(
    kept: Path, two_workspaces: Two
) -> None:
    restore(kept, folder=two_workspaces[1].dir)
    (found,) = queries.current_facts(Observation, view())
    assert str(found.value) == "9007199254740993.25"
    assert found.note == "dos\nlíneas; «así»"
