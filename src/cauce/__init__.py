"""Cauce: the shared record and planning desk of a regional cooperation framework on migration."""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
