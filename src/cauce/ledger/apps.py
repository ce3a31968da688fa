"""The Django app of the ledger room."""

from __future__ import annotations

from django.apps import AppConfig

__all__ = ["LedgerConfig"]


class LedgerConfig(AppConfig):
    name = "cauce.ledger"
    label = "ledger"
    default_auto_field = "django.db.models.BigAutoField"
