"""Funding, what changed, search, glossary, and what the foot of a page leads to."""

from __future__ import annotations

from django.urls import URLPattern

__all__ = ["urls"]


def urls() -> list[URLPattern]:
    """The addresses of this section."""
    return []
