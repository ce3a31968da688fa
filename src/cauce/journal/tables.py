"""Which tables does the journal guard, and which record types are there?"""

from __future__ import annotations

from functools import cache

from django.apps import apps
from django.db import connection
from django.db.models import Model

from cauce.journal.models import Entry, Recorded, Workspace

__all__ = ["all_there", "guarded_tables", "record_models"]


@cache
def record_models() -> dict[str, type[Recorded]]:
    """Every kind of record by its type, sorted bytewise by type."""
    models = [model for model in apps.get_models() if issubclass(model, Recorded)]
    return {model.record_type: model for model in sorted(models, key=lambda m: m.record_type)}


def guarded_tables() -> tuple[str, ...]:
    """Every table in which nothing may be updated or deleted, sorted."""
    tables: list[type[Model]] = [Workspace, Entry, *record_models().values()]
    return tuple(sorted(table._meta.db_table for table in tables))


def all_there() -> bool:
    """Whether every table of the journal exists."""
    return set(guarded_tables()) <= set(connection.introspection.table_names())
