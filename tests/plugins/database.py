"""Which tests use a database? Those that ask for a workspace, and no others can.

Such a test is marked ``database`` by itself, so that a run on another kind of database
(``-m database``) repeats what depends on it and nothing else. Nothing escapes that run: a test
without a workspace that opens a connection fails, and the processes it starts are told of none.
Imported by ``tests/conftest.py``.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

import pytest
from django.db.backends.base.base import BaseDatabaseWrapper

__all__ = ["pytest_collection_modifyitems", "pytest_configure", "pytest_runtest_protocol"]

#: The fixtures that make a workspace; whatever is made of one asks for one of them.
WORKSPACES = {"workspace", "empty_database", "template_workspace"}

_running: list[pytest.Item] = []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what uses a workspace; early, before ``-m`` chooses by the mark."""
    for item in items:
        if isinstance(item, pytest.Function) and WORKSPACES & set(item.fixturenames):
            item.add_marker(pytest.mark.database)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Remember which test is running."""
    _running[:] = [item]
    try:
        return (yield)
    finally:
        _running.clear()


def pytest_configure() -> None:
    """From here on a connection is opened for those tests alone."""
    opened = BaseDatabaseWrapper.connect

    def connect(self: BaseDatabaseWrapper) -> Any:
        if not any(item.get_closest_marker("database") for item in _running):
            pytest.fail("a test uses the database: let it ask for `workspace` or `published`")
        return opened(self)

    BaseDatabaseWrapper.connect = connect  # type: ignore[method-assign]
