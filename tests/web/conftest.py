"""The published workspace for these tests."""

from __future__ import annotations

from tests.published import published, published_workspace

__all__ = ["published", "published_workspace"]
