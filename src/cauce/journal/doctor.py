"""Is everything in order around the record: can it be read and written, is it guarded and safe?

Looks, and changes nothing. What is recorded is not read: that is ``verify``.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction

from cauce.errors import CauceError
from cauce.journal import clock, queries, readiness
from cauce.journal.actions import SECRET_KEY_FILE
from cauce.journal.database import is_postgresql, translated
from cauce.journal.models import Entry

__all__ = ["CHECKS", "Check", "Diagnosis", "examine"]

#: Below this a day's work may not fit, and SQLite needs room for its log besides.
_LITTLE_SPACE = 1_000_000_000
_NO_SPACE = 50_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: ``ok``, ``warning`` (works, but should be mended) or ``wrong``.

    ``detail`` is what was found (a path and its mode, a version, a zone), not words for people;
    ``error`` what a command would refuse with.
    """

    code: str
    state: str
    detail: str = ""
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
    return Diagnosis(tuple(_examined(code, look, folder) for code, look in CHECKS.items()))


def _examined(code: str, look: Callable[[Path], tuple[str, str]], folder: Path) -> Check:
    try:
        return Check(code, *look(folder))
    except CauceError as error:
        return Check(code, "wrong", error=error)


def _folder(folder: Path) -> tuple[str, str]:
    if not folder.is_dir():
        raise CauceError("workspace_missing", path=str(folder))
    mode = stat.S_IMODE(folder.stat().st_mode)
    # Others may be let in to read; whoever may write there can put another record in its place.
    return "wrong" if _is_posix() and mode & 0o022 else "ok", f"{folder} {mode:04o}"


def _secret_key(folder: Path) -> tuple[str, str]:
    if os.environ.get("CAUCE_SECRET_KEY"):
        return "ok", "CAUCE_SECRET_KEY"
    path = folder / SECRET_KEY_FILE
    if not path.is_file():
        return "wrong", str(path)
    mode = stat.S_IMODE(path.stat().st_mode)
    return "wrong" if _is_posix() and mode & 0o077 else "ok", f"{path} {mode:04o}"


def _database(_: Path) -> tuple[str, str]:
    readiness.require_there()
    with translated(), connection.cursor() as cursor:
        version = "SELECT version()" if is_postgresql() else "SELECT 'SQLite ' || sqlite_version()"
        cursor.execute(version)
        (name,) = cursor.fetchone()
    return "ok", str(name).partition(" on ")[0]


def _file(_: Path) -> tuple[str, str]:
    """SQLite: whether the file is whole, logs ahead and guards against replacing."""
    if is_postgresql():
        return "ok", ""
    readiness.require_there()
    answers = []
    with translated(), connection.cursor() as cursor:
        for question in ("quick_check(1)", "journal_mode", "recursive_triggers"):
            cursor.execute(f"PRAGMA {question}")
            answers.append(str(cursor.fetchone()[0]))
    whole, *modes = answers
    state = "wrong" if whole != "ok" else "ok" if modes == ["wal", "1"] else "warning"
    return state, " ".join(answers)


def _migrated(_: Path) -> tuple[str, str]:
    readiness.require_ready()
    return "ok", ""


def _guards(_: Path) -> tuple[str, str]:
    readiness.require_ready(guarded=True)
    return "ok", ""


def _writable(_: Path) -> tuple[str, str]:
    readiness.require_there()
    with translated(), transaction.atomic(), connection.cursor() as cursor:
        # Rolled back, so nothing is left; but a read-only or full disk shows.
        cursor.execute("CREATE TABLE cauce_doctor (x INTEGER)")
        transaction.set_rollback(True)
    return "ok", ""


def _space(folder: Path) -> tuple[str, str]:
    at = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(at).free
    state = "ok" if free >= _LITTLE_SPACE else "warning" if free >= _NO_SPACE else "wrong"
    return state, f"{free // 1_000_000} MB"


def _time_zone(_: Path) -> tuple[str, str]:
    return "ok", queries.workspace().zone.key


def _clock(_: Path) -> tuple[str, str]:
    moment = clock.now()
    with translated():
        newest = Entry.objects.order_by("-seq").values_list("recorded_at", flat=True).first()
    # A clock that went back stamps new entries just after the last one until time catches up.
    late = newest is not None and newest > moment + timedelta(minutes=5)
    return "warning" if late else "ok", moment.isoformat(timespec="seconds")


def _catalogues(_: Path) -> tuple[str, str]:
    missing = [
        str(path)
        for root in map(Path, settings.LOCALE_PATHS)
        for language, _ in settings.LANGUAGES
        if not (path := root / language / "LC_MESSAGES" / "django.mo").is_file()
    ]
    return "wrong" if missing else "ok", ", ".join(missing)


def _is_posix() -> bool:
    return os.name == "posix"


#: What is looked at, by code.
CHECKS: dict[str, Callable[[Path], tuple[str, str]]] = {
    "folder": _folder,
    "secret_key": _secret_key,
    "database": _database,
    "file": _file,
    "migrated": _migrated,
    "guards": _guards,
    "writable": _writable,
    "space": _space,
    "time_zone": _time_zone,
    "clock": _clock,
    "catalogues": _catalogues,
}
