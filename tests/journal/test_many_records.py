"""A million values as one entry: in constant memory, while others write."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cauce.journal import queries
from cauce.ledger.models import Observation
from tests.conftest import Workspace

#: Fewer for an impatient person: the memory does not depend on it.
RECORDS = int(os.environ.get("CAUCE_TEST_RECORDS", "1000000"))
MEGABYTES = 64


@pytest.mark.slow
def test_a_million_values_are_one_entry_in_constant_memory(workspace: Workspace) -> None:
    environment = {**workspace.environment, "DJANGO_SETTINGS_MODULE": "cauce.project.settings"}
    done = subprocess.run(
        [sys.executable, str(Path(__file__).with_name("many.py")), str(RECORDS)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)

    assert told["count"] == RECORDS
    assert told["others"] == [1, 2, 3]  # sealed by somebody else while the records were read
    assert told["seq"] == 4
    assert told["peak_mb"] - told["before_mb"] < MEGABYTES
    assert Observation.objects.count() == RECORDS
    assert queries.entry(4).count == RECORDS
