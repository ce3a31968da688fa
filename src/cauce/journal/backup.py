"""How is a workspace kept in one file that restores on either database?

A zip with the identity and head, the entries and the records as JSON lines, and the files the
workspace issued. Only what was recorded is in it: digests are checked and derived columns computed
again when it is restored. The secret key is not in it.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

import cauce
from cauce.errors import CauceError
from cauce.journal import queries
from cauce.journal.canonical import FIRST_PREVIOUS, instant_text
from cauce.journal.database import snapshot, translated
from cauce.journal.models import Entry
from cauce.journal.stored import FETCH, StoredRecord, stored_entries, stored_records

__all__ = [
    "ENTRIES",
    "FILES",
    "FORMAT",
    "KEPT",
    "MANIFEST",
    "RECORDS",
    "backup",
    "written",
]

#: The version of the format, and the names of the members.
FORMAT = 1
MANIFEST = "manifest.json"
ENTRIES = "entries.jsonl"
RECORDS = "records.jsonl"
FILES = "files/"

#: The folders of the workspace that are kept with the record: issued bytes are served for ever and
#: cannot be computed again; the workspace's own templates are nowhere else.
KEPT = ("issued", "statements")

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT)


def backup(
    target: Path, *, folder: Path, progress: Callable[[int], None] | None = None
) -> dict[str, Any]:
    """Write the workspace into ``target`` and give its manifest.

    One state of the journal, while others go on writing. An older file of that name is replaced
    only when the new one is complete. ``progress`` is called with how many records were written
    each time. Raises ``file_not_written``, ``disk_full``.
    """
    with translated(), written(target) as stream, snapshot():
        manifest = _manifest()
        with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=6) as archive:
            archive.writestr(MANIFEST, json.dumps(manifest, indent=2, sort_keys=True))
            with archive.open(ENTRIES, "w", force_zip64=True) as lines:
                for entry in stored_entries():
                    lines.write(_line(_entry_cells(entry)))
            with archive.open(RECORDS, "w", force_zip64=True) as lines, stored_records() as rows:
                _write_records(lines, rows, progress)
            for path in _files(folder):
                archive.write(path, FILES + path.relative_to(folder).as_posix())
    return manifest


def _files(folder: Path) -> list[Path]:
    """What lies in the kept folders, without what is still being written there (hidden)."""
    found = [path for name in KEPT for path in (folder / name).rglob("*")]
    return sorted(
        path
        for path in found
        if path.is_file()
        and not path.is_symlink()
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _manifest() -> dict[str, Any]:
    place = queries.workspace()
    newest = Entry.objects.order_by("-seq").first()
    return {
        "format": FORMAT,
        "cauce": cauce.__version__,
        "origin": str(place.origin),
        "time_zone": place.zone.key,
        "created_at": instant_text(place.created_at),
        "head": {
            "seq": newest.seq if newest else 0,
            "hash": newest.hash if newest else FIRST_PREVIOUS,
        },
    }


def _entry_cells(entry: Any) -> dict[str, object]:
    names = ("seq", "who", "why", "count", "digest", "digest_version", "previous", "hash")
    return {
        **{name: getattr(entry, name) for name in names},
        "origin": str(entry.origin),
        "recorded_at": instant_text(entry.recorded_at),
    }


def _write_records(
    lines: IO[bytes], rows: Iterator[StoredRecord], progress: Callable[[int], None] | None
) -> None:
    number = 0
    for number, row in enumerate(rows, 1):
        lines.write(_line(_record_cells(row)))
        if progress and number % FETCH == 0:
            progress(FETCH)
    if progress and number % FETCH:
        progress(number % FETCH)


def _record_cells(row: StoredRecord) -> dict[str, object]:
    fields = row.model.content_fields()
    cells = {
        f.name: text for f, text in zip(fields, row.cells, strict=False) if text != f.blank_text
    }
    return {
        "seq": row.seq,
        "n": row.n,
        "type": row.model.record_type,
        "digest": row.digest,
        "cells": cells,
    }


def _line(cells: dict[str, object]) -> bytes:
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


@contextmanager
def written(target: Path) -> Iterator[IO[bytes]]:
    """A file that appears under its name only when it is complete and on the disk; readable by its
    owner alone, because it also holds what is not public.

    Raises ``file_not_written`` or ``disk_full``.
    """
    part = target.with_name(f"{target.name}.part")
    try:
        with open(part, "wb", opener=lambda p, flags: os.open(p, flags, 0o600)) as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as error:
        code = "disk_full" if error.errno in _NO_SPACE else "file_not_written"
        params = {} if code == "disk_full" else {"path": str(target), "detail": error.strerror}
        raise CauceError(code, **params) from error
    finally:
        part.unlink(missing_ok=True)
