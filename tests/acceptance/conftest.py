"""The published workspace, and one with the invented framework, which holds hidden values."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.test import Client

from cauce.packs import catalogue, loading
from tests.conftest import SERVER_URL, Workspace, create_database, drop, with_database
from tests.published import entered, published, published_workspace

__all__ = ["invented_workspace", "published", "published_workspace"]


@pytest.fixture(scope="session")
def invented_workspace(
    template_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """What `cauce demo` loads; made once, only read."""
    folder = Path(tmp_path_factory.mktemp("invented")) / "workspace"
    shutil.copytree(template_workspace.dir, folder)
    url = with_database(create_database(template_workspace)) if SERVER_URL else ""
    made = Workspace(folder, url)
    with entered(made):
        loading.load([*catalogue.shipped(), catalogue.demonstration()], by="tests")
    yield made
    if url:
        drop(urlsplit(url).path.lstrip("/"))


@pytest.fixture
def demonstration(invented_workspace: Workspace) -> Iterator[Client]:
    """A visitor of the invented framework."""
    with entered(invented_workspace):
        yield Client(headers={"host": "localhost"})


@pytest.fixture
def visitor(published: Workspace) -> Client:
    return Client(headers={"host": "localhost"})
