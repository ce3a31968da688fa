"""A workspace with the shipped frameworks and their issued fact sheets, made once, only read."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import override_settings

from cauce.packs import catalogue, loading
from cauce.statements import actions
from tests.conftest import (
    SERVER_URL,
    Workspace,
    create_database,
    drop,
    enter,
    point_to,
    with_database,
)

__all__ = ["NAME", "entered", "published", "published_workspace"]

#: The shipped fact sheet.
NAME = "cooperation-at-a-glance"


@contextmanager
def entered(workspace: Workspace) -> Iterator[Workspace]:
    """Point connection and settings to a workspace for a while."""
    before = connection.settings_dict["NAME"]
    enter(workspace)
    try:
        with override_settings(CAUCE_DIR=workspace.dir):
            yield workspace
    finally:
        point_to(before)


@pytest.fixture(scope="session")
def published_workspace(
    template_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    folder = Path(tmp_path_factory.mktemp("published")) / "workspace"
    shutil.copytree(template_workspace.dir, folder)
    url = with_database(create_database(template_workspace)) if SERVER_URL else ""
    made = Workspace(folder, url)
    with entered(made):
        loading.load(catalogue.shipped(), by="tests")
        actions.issue(name=NAME, by="tests")
    yield made
    if url:
        drop(urlsplit(url).path.lstrip("/"))


@pytest.fixture
def published(published_workspace: Workspace) -> Iterator[Workspace]:
    """The published workspace, entered; a test must not write into it."""
    with entered(published_workspace):
        yield published_workspace
