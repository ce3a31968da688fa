"""Does a backup bring back the workspace that was kept, and nothing else?"""

from __future__ import annotations

from pathlib import Path

from cauce.journal import queries, verify
from cauce.journal.backup import backup
from cauce.journal.restore import restore
from tests.conftest import Workspace, enter
from tests.journal.samples import observation, place, seal


def test_what_was_kept_comes_back(
    two_workspaces: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    first, second = two_workspaces
    seal(place("MEX"), place("GTM"))
    receipt = seal(observation("100", public_at="2023-05"))
    origin = queries.workspace().origin
    backup(tmp_path / "b.zip", folder=first.dir)
    enter(second)
    report = restore(tmp_path / "b.zip", folder=second.dir)
    assert (report.entries, report.records, report.newest) == (2, 3, receipt.hash)
    assert queries.workspace().origin == origin
    assert verify.verify(receipt.hash).is_sound
