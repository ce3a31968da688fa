"""A record for every test of figures."""

from __future__ import annotations

import pytest

from tests.conftest import Workspace
from tests.figures.record import Record


@pytest.fixture
def record(workspace: Workspace) -> Record:
    """An empty record; ``record.start(...)`` writes the common definitions."""
    return Record()
