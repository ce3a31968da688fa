"""The read-only HTTP interface: released figures and records as JSON, described by OpenAPI."""

from __future__ import annotations
