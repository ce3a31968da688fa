"""Does what older versions sealed keep verifying?"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from zipfile import ZipFile

import pytest

from cauce.journal import actions, queries, verify
from cauce.journal.canonical import DIGESTS
from cauce.journal.database import is_postgresql
from cauce.journal.restore import restore
from cauce.ledger.models import Observation
from cauce.values.audience import SECRETARIAT
from tests.conftest import Workspace, sqlite_file
from tests.journal.samples import behind_its_back, place, seal, view

FIXTURES = Path(__file__).parent / "fixtures"
VERSIONS = sorted(DIGESTS)


def newest_hash(version: int) -> str:
    with ZipFile(FIXTURES / f"workspace-{version}.zip") as archive:
        return str(json.loads(archive.read("manifest.json"))["head"]["hash"])


@pytest.mark.parametrize("version", VERSIONS)
def test_a_workspace_of_that_version_keeps_verifying(
    empty_database: Workspace, version: int
) -> None:
    if is_postgresql():
        return  # the file is SQLite's; its backup, below, restores on both
    empty_database.dir.mkdir()
    content = gzip.decompress((FIXTURES / f"workspace-{version}.db.gz").read_bytes())
    sqlite_file(empty_database.dir).write_bytes(content)

    actions.migrate()

    assert verify.verify(newest_hash(version)).findings == ()
    assert seal(place("NIC")).seq == 6  # and goes on in today's version
    assert verify.verify(newest_hash(version)).findings == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_a_backup_of_that_version_restores_on_either_database(
    workspace: Workspace, version: int
) -> None:
    report = restore(FIXTURES / f"workspace-{version}.zip", folder=workspace.dir)
    assert (report.findings, report.newest) == ((), newest_hash(version))
    assert report.entries == 5


def test_what_the_first_version_recorded_still_answers(workspace: Workspace) -> None:
    restore(FIXTURES / "workspace-1.zip", folder=workspace.dir)
    # At head 2: five keys. One of them has a value of 2023 too, behind the one recorded undated.
    first = queries.current_facts(Observation, view(at=2, audience=SECRETARIAT))
    assert len(first) == 5
    # The second entry was annulled as a whole at the end.
    assert len(queries.current_facts(Observation, view(audience=SECRETARIAT))) == 1


def test_a_version_nobody_knows_is_found(workspace: Workspace) -> None:
    seal(place("MEX"))
    behind_its_back("journal_entry", "UPDATE journal_entry SET digest_version = 99")
    codes = [finding.code for finding in verify.verify().findings]
    assert codes == ["unknown_digest_version", "entry_altered"]


def test_every_version_has_its_workspace() -> None:
    for version in VERSIONS:
        for ending in (".db.gz", ".zip"):
            assert (FIXTURES / f"workspace-{version}{ending}").is_file()
