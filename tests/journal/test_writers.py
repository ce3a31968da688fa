"""Many writers at once, and writers that die: is there one chain, of whole entries?"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest

from cauce.journal import queries, verify
from cauce.journal.canonical import FIRST_PREVIOUS
from cauce.journal.queries import SealedEntry
from cauce.parties.models import Place
from tests.conftest import Workspace
from tests.journal.samples import place, seal

WRITER = Path(__file__).with_name("writer.py")
WRITERS, ENTRIES, RECORDS = 8, 6, 25


def start(workspace: Workspace, *arguments: object) -> subprocess.Popen[str]:
    environment = {**workspace.environment, "DJANGO_SETTINGS_MODULE": "cauce.project.settings"}
    return subprocess.Popen(
        [sys.executable, str(WRITER), *map(str, arguments)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def follow(writers: Sequence[subprocess.Popen[str]]) -> list[SealedEntry]:
    """Read what is new, again and again, until the writers are done and nothing more comes."""
    seen: list[SealedEntry] = []
    while True:
        running = any(writer.poll() is None for writer in writers)
        new = queries.entries(after=seen[-1].seq if seen else 0, limit=7)
        seen.extend(new)
        if not new and not running:
            return seen
        time.sleep(0.005)


@pytest.mark.slow
def test_eight_writers_give_one_chain_and_a_follower_misses_nothing(workspace: Workspace) -> None:
    writers = [start(workspace, name, ENTRIES, RECORDS) for name in range(WRITERS)]

    seen = follow(writers)

    for writer in writers:
        _, complaint = writer.communicate()
        assert (writer.returncode, complaint) == (0, "")
    assert [entry.seq for entry in seen] == list(range(1, WRITERS * ENTRIES + 1))
    previous = [FIRST_PREVIOUS, *(entry.hash for entry in seen)]
    assert [entry.previous for entry in seen] == previous[:-1]
    times = [entry.recorded_at for entry in seen]
    assert times == sorted(set(times))
    by_writer = [sum(entry.who == f"writer {name}" for entry in seen) for name in range(WRITERS)]
    assert by_writer == [ENTRIES] * WRITERS
    report = verify.verify()
    assert report.is_sound
    assert report.records == WRITERS * ENTRIES * RECORDS


@pytest.mark.slow
def test_a_writer_killed_at_any_point_leaves_an_entry_whole_or_absent(
    workspace: Workspace,
) -> None:
    seal(place("FIRST"))
    chance = random.Random(7)
    killed = 0
    for name in range(12):
        writer = start(workspace, name, 1_000, 400)
        assert writer.stdout is not None
        writer.stdout.readline()  # it is at work now
        time.sleep(chance.uniform(0, 0.4))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        killed += writer.returncode == -signal.SIGKILL
        report = verify.verify()
        assert report.findings == ()
        assert report.records == 1 + 400 * (report.entries - 1)
    assert killed == 12
    assert queries.head() > 1  # some were whole
    assert Place.objects.count() == 1 + 400 * (queries.head() - 1)
    seal(place("LAST"))  # and nobody holds the lock
    assert verify.verify().is_sound
