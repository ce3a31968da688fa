"""Workspaces with the shipped frameworks, made once and only read: one with their issued fact
sheet, one with the invented framework beside them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test import Client, override_settings

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

__all__ = [
    "NAME",
    "demonstration",
    "entered",
    "invented_workspace",
    "published",
    "published_workspace",
]

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


@contextmanager
def _made(template: Workspace, folder: Path, fill: Callable[[], None]) -> Iterator[Workspace]:
    """A workspace of its own that stays for a whole run."""
    shutil.copytree(template.dir, folder)
    url = with_database(create_database(template)) if SERVER_URL else ""
    made = Workspace(folder, url)
    with entered(made):
        fill()
    yield made
    if url:
        drop(urlsplit(url).path.lstrip("/"))


@pytest.fixture(scope="session")
def published_workspace(
    template_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    def fill() -> None:
        loading.load(catalogue.shipped(), by="tests")
        actions.issue(name=NAME, by="tests")

    folder = tmp_path_factory.mktemp("published") / "workspace"
    with _made(template_workspace, folder, fill) as made:
        yield made


@pytest.fixture
def published(published_workspace: Workspace) -> Iterator[Workspace]:
    """The published workspace, entered; a test must not write into it."""
    with entered(published_workspace):
        yield published_workspace


@pytest.fixture(scope="session")
def invented_workspace(
    template_workspace: Workspace, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """What `cauce demo` loads: also the invented framework, which holds hidden values."""

    def fill() -> None:
        loading.load([*catalogue.shipped(), catalogue.demonstration()], by="tests")

    folder = tmp_path_factory.mktemp("invented") / "workspace"
    with _made(template_workspace, folder, fill) as made:
        yield made


@pytest.fixture
def demonstration(invented_workspace: Workspace) -> Iterator[Client]:
    """A visitor of the invented framework; a test must not write into it."""
    with entered(invented_workspace):
        yield Client(headers={"host": "localhost"})
