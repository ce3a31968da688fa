"""A record for tests of parties that need one."""

from __future__ import annotations

from tests.figures.conftest import record

__all__ = ["record"]
