"""How does a workspace come back from a backup: whole, and the one that was kept?

Everything is put in within one transaction, verified there and compared with the head the backup
names; whatever is not right undoes all of it. A backup comes from outside: names, sizes and every
line are checked before they are believed.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import DataError, IntegrityError

from cauce.errors import CauceError
from cauce.journal import bulk, guards, verify
from cauce.journal.archive import Archive, Manifest, opened
from cauce.journal.backup import KEPT
from cauce.journal.database import exclusive
from cauce.journal.models import Entry, Recorded, Workspace
from cauce.journal.tables import record_models

__all__ = ["restore"]

_BATCH = 2_000


def restore(
    source: Path, *, folder: Path, progress: Callable[[int], None] | None = None
) -> verify.Report:
    """Put a backup into this workspace, which must be empty (migrated, nothing recorded).

    The workspace takes over identity and time zone of the one that was kept. All or nothing.
    Raises ``file_missing``, ``bad_backup`` (not a backup, or unsafe to unpack),
    ``workspace_exists`` (something is recorded here) and ``backup_differs`` (what came back is
    not what was kept).
    """
    for name in KEPT:
        if (folder / name).exists() and any((folder / name).iterdir()):
            raise CauceError("workspace_exists", path=str(folder / name))
    with opened(source) as archive, tempfile.TemporaryDirectory(dir=folder) as unpacked:
        archive.unpack_files(Path(unpacked))
        with exclusive():
            if Entry.objects.exists():
                raise CauceError("workspace_exists", path=str(folder))
            _put_everything(archive, progress)
            report = _verified(archive.manifest)
        # After the commit: a crash here leaves these files in the backup, never half a record.
        for name in KEPT:
            if (Path(unpacked) / name).exists():
                shutil.copytree(Path(unpacked) / name, folder / name, dirs_exist_ok=True)
    return report


def _put_everything(archive: Archive, progress: Callable[[int], None] | None) -> None:
    try:
        _put_workspace(archive.manifest)
        times = _put_entries(archive)
        _put_records(archive, times, progress)
    except (IntegrityError, DataError) as error:
        raise CauceError("bad_backup", detail=str(error).partition("\n")[0]) from error


def _put_workspace(manifest: Manifest) -> None:
    table = Workspace._meta.db_table
    # An empty workspace gives up the identity it got when it was made.
    guards.remove(table)
    Workspace.objects.all().delete()
    guards.install()
    Workspace.objects.create(
        id=1,
        origin=manifest.origin,
        time_zone=manifest.zone.key,
        created_at=manifest.created_at,
    )


def _put_entries(archive: Archive) -> dict[int, datetime]:
    """Write the entries and give the time of each."""
    times: dict[int, datetime] = {}
    source = archive.entries()
    while batch := list(islice(source, _BATCH)):
        Entry.objects.bulk_create(Entry(**cells) for cells in batch)
        times.update((cells["seq"], cells["recorded_at"]) for cells in batch)
    return times


def _put_records(
    archive: Archive, times: dict[int, datetime], progress: Callable[[int], None] | None
) -> None:
    zone = archive.manifest.zone
    source = archive.records()
    while batch := list(islice(source, _BATCH)):
        rows: dict[type[Recorded], list[tuple[object, ...]]] = {}
        for place, cells in batch:
            model = record_models().get(cells["type"])
            if model is None or cells["seq"] not in times:
                raise CauceError("bad_backup", detail=place)
            rows.setdefault(model, []).append(_row(model, cells, times, zone, place))
        for model, values in rows.items():
            bulk.insert(model._meta.db_table, _columns(model), values)
        if progress:
            progress(len(batch))


def _columns(model: type[Recorded]) -> list[str]:
    fields = (*model.content_fields(), *model.derived_fields())
    return ["seq", "n", "digest", *(str(f.column) for f in fields)]


def _row(
    model: type[Recorded],
    cells: dict[str, Any],
    times: dict[int, datetime],
    zone: ZoneInfo,
    place: str,
) -> tuple[object, ...]:
    fields = model.content_fields()
    kept = cells["cells"]
    if kept.keys() - {f.name for f in fields}:
        raise CauceError("bad_backup", detail=place)
    texts = [kept.get(f.name, f.blank_text) for f in fields]
    try:
        values = {f.name: f.from_db_value(t) for f, t in zip(fields, texts, strict=True)}
        record = model.of_values(values)
        derived = record.derive(recorded_at=times[cells["seq"]], zone=zone)
    except (CauceError, ValueError, ArithmeticError) as error:
        raise CauceError("bad_backup", detail=place) from error
    return (
        *(cells["seq"], cells["n"], cells["digest"]),
        *texts,
        *(bulk.prepared(f, derived[f.name]) for f in model.derived_fields()),
    )


def _verified(manifest: Manifest) -> verify.Report:
    report = verify.verify(manifest.head_hash if manifest.head_seq else None)
    if report.findings:
        first = report.findings[0]
        where = first.params.get("record") or first.params.get("seq") or ""
        raise CauceError("backup_differs", detail=f"{first.code} {where}".strip())
    if (report.entries, report.newest) != (manifest.head_seq, manifest.head_hash):
        raise CauceError("backup_differs", detail=report.newest)
    return report
