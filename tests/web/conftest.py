"""The published workspace for these tests, its visitor, and a record of one's own."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import Workspace
from tests.figures.record import Record
from tests.published import demonstration, invented_workspace, published, published_workspace

__all__ = ["demonstration", "invented_workspace", "published", "published_workspace"]


@pytest.fixture
def visitor() -> Client:
    """Somebody who looks at whatever workspace a test is in."""
    return Client(headers={"host": "localhost"})


@pytest.fixture
def client(published: Workspace, visitor: Client) -> Client:
    """Somebody who looks at the published workspace."""
    return visitor


@pytest.fixture
def record(workspace: Workspace) -> Record:
    """A framework of one's own to record into."""
    return Record().start()
