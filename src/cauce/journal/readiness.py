"""May this code use this workspace: is it there, of this version, and guarded?

Asked once before a command or the site starts, so that an older program never writes into a
workspace it does not understand.
"""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from cauce.errors import CauceError
from cauce.journal import guards
from cauce.journal.database import is_postgresql, translated

__all__ = [
    "require_not_newer",
    "require_ready",
    "require_there",
    "unapplied",
    "unknown_migrations",
]


def require_ready(*, guarded: bool = False) -> None:
    """Raise ``workspace_missing``, ``workspace_newer`` or ``not_migrated``; with ``guarded`` also
    ``guards_missing``."""
    require_there()
    require_not_newer()
    if waiting := unapplied():
        raise CauceError("not_migrated", detail=", ".join(waiting))
    if guarded:
        with translated():
            guards.require()


def require_there() -> None:
    """Raise ``workspace_missing`` where there is no file: SQLite would create an empty one."""
    if is_postgresql():
        return
    path = Path(connection.settings_dict["NAME"])
    if not path.is_file():
        raise CauceError("workspace_missing", path=str(path.parent))


def require_not_newer() -> None:
    """Raise ``workspace_newer`` when the tables have a shape this code does not know."""
    if newer := unknown_migrations():
        raise CauceError("workspace_newer", detail=", ".join(newer))


def unapplied() -> tuple[str, ...]:
    """Migrations of this code that the workspace has not had."""
    with translated():
        executor = MigrationExecutor(connection)
        try:
            executor.loader.check_consistent_history(connection)
        except InconsistentMigrationHistory as error:
            raise CauceError("workspace_newer", detail=str(error)) from error
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def unknown_migrations() -> tuple[str, ...]:
    """Migrations the workspace has had and this code does not have, of rooms or of whole rooms
    that came later."""
    with translated():
        applied = MigrationRecorder(connection).applied_migrations()
        known = set(MigrationExecutor(connection).loader.disk_migrations)
    return tuple(sorted(f"{app}.{name}" for app, name in applied if (app, name) not in known))
