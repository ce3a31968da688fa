"""Is everything in order around the record: can it be read and written, is it guarded and safe?

Looks, and changes nothing. What is recorded is not read: that is ``verify``.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from cauce.errors import CauceError
from cauce.journal import clock, guards, queries, readiness
from cauce.journal.actions import SECRET_KEY_FILE
from cauce.journal.database import is_postgresql, translated
from cauce.journal.models import Entry

__all__ = ["CHECKS", "Check", "Diagnosis", "examine"]

#: Below this a day's work may not fit, and SQLite needs room for its log besides.
_LITTLE_SPACE = 1_000_000_000
_NO_SPACE = 50_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``ok``, ``warning`` (works, but should be mended) or ``wrong``,
    with what was found; for ``wrong`` perhaps the error that commands would give."""

    code: str
    state: str
    params: dict[str, object]
    error: CauceError | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Every check, in the order in which one rests on another."""

    checks: tuple[Check, ...]

    @property
    def is_well(self) -> bool:
        return all(check.state != "wrong" for check in self.checks)


def examine(folder: Path) -> Diagnosis:
    """Look at the workspace in ``folder`` and its database."""
    found = []
    for code, look in CHECKS.items():
        try:
            state, params = look(folder)
            found.append(Check(code, state, params))
        except CauceError as error:
            found.append(Check(code, "wrong", dict(error.params), error))
    return Diagnosis(tuple(found))


_Result = tuple[str, dict[str, object]]


def _folder(folder: Path) -> _Result:
    if not folder.is_dir():
        raise CauceError("workspace_missing", path=str(folder))
    mode = stat.S_IMODE(folder.stat().st_mode)
    # Others may enter only where somebody decided so; they must never write.
    state = "warning" if _is_posix() and mode & 0o022 else "ok"
    return state, {"path": str(folder), "mode": f"{mode:04o}"}


def _secret_key(folder: Path) -> _Result:
    if os.environ.get("CAUCE_SECRET_KEY"):
        return "ok", {"path": "CAUCE_SECRET_KEY", "mode": ""}
    path = folder / SECRET_KEY_FILE
    if not path.is_file():
        return "wrong", {"path": str(path), "mode": ""}
    mode = stat.S_IMODE(path.stat().st_mode)
    safe = not _is_posix() or mode & 0o077 == 0
    return "ok" if safe else "wrong", {"path": str(path), "mode": f"{mode:04o}"}


def _database(_: Path) -> _Result:
    readiness.require_there()
    with translated(), connection.cursor() as cursor:
        version = "SELECT version()" if is_postgresql() else "SELECT 'SQLite ' || sqlite_version()"
        cursor.execute(version)
        (name,) = cursor.fetchone()
        cursor.execute("SELECT 1 FROM journal_workspace")
    return "ok", {"name": str(name).partition(" on ")[0]}


def _writable(_: Path) -> _Result:
    readiness.require_there()
    with translated(), transaction.atomic(), connection.cursor() as cursor:
        # Rolled back: nothing is left, but a read-only or full disk shows.
        cursor.execute("CREATE TABLE cauce_doctor (x INTEGER)")
        transaction.set_rollback(True)
    return "ok", {}


def _migrated(_: Path) -> _Result:
    readiness.require_ready()
    return "ok", {}


def _guards(_: Path) -> _Result:
    with translated():
        guards.require()
    return "ok", {}


def _connection(_: Path) -> _Result:
    if is_postgresql():
        return "ok", {"mode": "postgresql"}
    readiness.require_there()
    with translated(), connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        (mode,) = cursor.fetchone()
        cursor.execute("PRAGMA recursive_triggers")
        (recursive,) = cursor.fetchone()
    return "ok" if mode == "wal" and recursive else "warning", {"mode": mode}


def _file(_: Path) -> _Result:
    if is_postgresql():
        return "ok", {"detail": "ok"}
    readiness.require_there()
    with translated(), connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        (detail,) = cursor.fetchone()
    return "ok" if detail == "ok" else "wrong", {"detail": detail}


def _space(folder: Path) -> _Result:
    at = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(at).free
    state = "ok" if free >= _LITTLE_SPACE else "warning" if free >= _NO_SPACE else "wrong"
    return state, {"megabytes": free // 1_000_000}


def _time_zone(_: Path) -> _Result:
    return "ok", {"zone": queries.workspace().zone.key}


def _clock(_: Path) -> _Result:
    with translated():
        newest = Entry.objects.order_by("-seq").values_list("recorded_at", flat=True).first()
    # A clock that went back stamps new entries just after the last one until time catches up.
    late = newest is not None and newest > clock.now() + timedelta(minutes=5)
    return "warning" if late else "ok", {"now": clock.now().isoformat(timespec="seconds")}


def _catalogues(_: Path) -> _Result:
    missing = [
        str(path.relative_to(root))
        for root in map(Path, settings.LOCALE_PATHS)
        for path in _compiled(root)
        if not path.is_file()
    ]
    return "wrong" if missing else "ok", {"missing": ", ".join(missing)}


def _compiled(root: Path) -> Iterator[Path]:
    for language, _ in settings.LANGUAGES:
        yield root / language / "LC_MESSAGES" / "django.mo"


def _is_posix() -> bool:
    return os.name == "posix"


#: What is looked at, by code.
CHECKS: dict[str, Callable[[Path], _Result]] = {
    "folder": _folder,
    "secret_key": _secret_key,
    "database": _database,
    "file": _file,
    "connection": _connection,
    "migrated": _migrated,
    "guards": _guards,
    "writable": _writable,
    "space": _space,
    "time_zone": _time_zone,
    "clock": _clock,
    "catalogues": _catalogues,
}
