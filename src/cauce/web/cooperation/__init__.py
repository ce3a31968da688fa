"""Commitments, agreements, meetings, countries and organisations, sources."""

from __future__ import annotations

from django.urls import URLPattern

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return []
