"""A workspace with the shipped packs, only read, and a program that reads it."""

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

__all__ = ["client", "loaded", "loaded_workspace", "published", "published_workspace"]


@pytest.fixture(scope="session")
def loaded_workspace(
    template_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    folder = Path(tmp_path_factory.mktemp("loaded")) / "workspace"
    shutil.copytree(template_workspace.dir, folder)
    url = with_database(create_database(template_workspace)) if SERVER_URL else ""
    made = Workspace(folder, url)
    with entered(made):
        loading.load(catalogue.shipped(), by="tests")
    yield made
    if url:
        drop(urlsplit(url).path.lstrip("/"))


@pytest.fixture
def loaded(loaded_workspace: Workspace) -> Iterator[Workspace]:
    """The workspace with the packs, entered; a test must not write into it."""
    with entered(loaded_workspace):
        yield loaded_workspace


@pytest.fixture
def client(loaded: Workspace) -> Client:
    return Client(headers={"host": "localhost"})
