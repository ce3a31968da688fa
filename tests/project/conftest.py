"""A record for these tests."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import Workspace
from tests.figures.conftest import record

__all__ = ["client", "record"]


@pytest.fixture
def client(workspace: Workspace) -> Client:
    return Client(headers={"host": "localhost"}, raise_request_exception=False)
