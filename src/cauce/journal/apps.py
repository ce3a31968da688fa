"""The Django app of the journal."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

__all__ = ["JournalConfig"]


class JournalConfig(AppConfig):
    name = "cauce.journal"
    label = "journal"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Sent once for every app when all migrations have run: a rebuilt table has lost its guards.
        post_migrate.connect(_guard_again, sender=self, dispatch_uid="cauce-guards")


def _guard_again(plan: list[Any] | None = None, **_: object) -> None:
    from cauce.journal import guards, tables

    # Migrating one app, or back to nothing, may leave tables away.
    if tables.all_there():
        guards.install()
