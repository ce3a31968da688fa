"""What can be done to a workspace's journal: make it, migrate it, annul what was recorded in error.

Recording itself is :func:`cauce.journal.sealing.record`.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from uuid import UUID

from django.core.management import call_command

from cauce.errors import CauceError
from cauce.journal import clock, database, guards, queries, readiness
from cauce.journal.fields import clean_text
from cauce.journal.identity import new_origin
from cauce.journal.models import Annulment, Entry, Workspace
from cauce.journal.sealing import Receipt, record

__all__ = ["DEFAULT_TIME_ZONE", "SECRET_KEY_FILE", "annul", "create_workspace", "migrate"]

#: Where the days of a new workspace end, unless its maker says otherwise.
DEFAULT_TIME_ZONE = "America/Mexico_City"
SECRET_KEY_FILE = "secret-key"  # noqa: S105 - the name of the file


def create_workspace(
    *, dir: Path, time_zone: str = DEFAULT_TIME_ZONE, origin: UUID | None = None
) -> queries.WorkspaceInfo:
    """Make the folder, its secret key, the tables and guards, and give the workspace its identity.

    Where there is a workspace already it is migrated and keeps what it has. Raises
    ``bad_time_zone``.
    """
    clock.zone_named(time_zone)
    prepare_folder(dir=dir)
    migrate()
    with database.exclusive():
        if not Workspace.objects.exists():
            Workspace.objects.create(
                id=1,
                origin=origin or new_origin(time_zone),
                time_zone=time_zone,
                created_at=clock.now(),
            )
    return queries.workspace()


def prepare_folder(*, dir: Path) -> None:
    """Make the workspace's folder and its secret key, readable by its owner alone.

    Raises ``file_not_written``.
    """
    try:
        dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        key = dir / SECRET_KEY_FILE
        if not key.exists():
            # Created with its mode: at no moment can anybody else read it.
            with open(key, "x", opener=_private) as file:
                file.write(secrets.token_urlsafe(50))
    except OSError as error:
        detail = error.strerror or ""
        raise CauceError("file_not_written", path=str(dir), detail=detail) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def migrate() -> None:
    """Bring the tables to this version's shape and make every guard anew.

    Raises ``workspace_newer`` when a later version of Cauce made them.
    """
    readiness.require_not_newer()
    with database.translated():
        call_command("migrate", verbosity=0, interactive=False)
        guards.install()


def annul(*, target: str, by: str, reason: str) -> Receipt:
    """Take an entry (``12``) or a record (``12.3``) out of every answer from here on, because it
    was recorded in error. Annulling an annulment restores what it took out.

    Raises ``reason_required``, ``unknown_entry``, ``unknown_record``, ``already_annulled``.
    """
    if not clean_text(reason):
        raise CauceError("reason_required")
    annulment = _annulment(target, reason)

    def still() -> None:
        gone = queries.annulled(queries.head())
        seq = int(target.partition(".")[0])
        key = (seq, annulment.target_type, annulment.target_record)
        if seq in gone.entries or key in gone.records:
            raise CauceError("already_annulled", id=target)

    still()
    return record([annulment], by=by, why=reason, still=still)


def _annulment(target: str, reason: str) -> Annulment:
    seq, dot, _ = target.partition(".")
    if not seq.isascii() or not seq.isdigit():
        raise CauceError("unknown_record" if dot else "unknown_entry", id=target)
    if not dot:
        return Annulment(target_entry=queries.entry(int(seq)).hash, reason=reason)
    found = queries.get(target)
    return Annulment(
        target_entry=Entry.objects.get(seq=found.entry_id).hash,
        target_type=found.record_type,
        target_record=found.digest,
        reason=reason,
    )
