"""The published workspace, and one with the invented framework, which holds hidden values."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.conftest import Workspace
from tests.published import demonstration, invented_workspace, published, published_workspace

__all__ = ["demonstration", "invented_workspace", "published", "published_workspace"]


@pytest.fixture
def visitor(published: Workspace) -> Client:
    return Client(headers={"host": "localhost"})
