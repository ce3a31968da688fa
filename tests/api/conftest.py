"""The published workspace, only read, and a program that reads it."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import Workspace
from tests.published import published, published_workspace

__all__ = ["client", "published", "published_workspace"]


@pytest.fixture
def client(published: Workspace) -> Client:
    return Client(headers={"host": "localhost"})
