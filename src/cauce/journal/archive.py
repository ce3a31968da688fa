"""Is this file a backup, and what does it hold?

A backup may come from anywhere, so nothing in it is believed: names outside the known ones, paths
that lead elsewhere, links, members that unpack to far more than they are, endless lines and values
of another kind are refused before anything is done with them.
"""

from __future__ import annotations

import json
import stat
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import UUID
from zipfile import BadZipFile, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from cauce.errors import CauceError
from cauce.journal.backup import ENTRIES, FILES, FORMAT, KEPT, MANIFEST, RECORDS
from cauce.journal.clock import zone_named

__all__ = ["Archive", "Manifest", "check", "opened"]

_LONGEST_LINE = 4_000_000
#: Digests do not shrink: no honest member is a hundred times smaller than what it holds.
_HIGHEST_RATIO = 100
_SMALL = 1_000_000

# What reading a zip that somebody altered can raise.
_UNREADABLE = (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)

_ENTRY = {
    "seq": int, "recorded_at": datetime, "origin": UUID, "who": str, "why": str, "count": int,
    "digest": str, "digest_version": int, "previous": str, "hash": str,
}  # fmt: skip
_RECORD = {"seq": int, "n": int, "type": str, "digest": str, "cells": dict}


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which workspace was kept, and up to which entry."""

    origin: UUID
    zone: ZoneInfo
    created_at: datetime
    head_seq: int
    head_hash: str


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup whose members were found safe to read."""

    zip: ZipFile
    manifest: Manifest

    def entries(self) -> Iterator[dict[str, Any]]:
        """Every entry's columns, in order."""
        for _, cells in self._lines(ENTRIES, _ENTRY):
            yield cells

    def records(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every record, in the journal's order, with its place in the backup."""
        for place, cells in self._lines(RECORDS, _RECORD):
            if not all(isinstance(text, str) for text in cells["cells"].values()):
                raise CauceError("bad_backup", detail=place)
            yield place, cells

    def unpack_files(self, target: Path) -> None:
        """Write the issued files below ``target``."""
        for info in self.zip.infolist():
            if info.filename.startswith(FILES):
                path = target / info.filename.removeprefix(FILES)
                path.parent.mkdir(parents=True, exist_ok=True)
                try:
                    path.write_bytes(self.zip.read(info))
                except _UNREADABLE as error:
                    raise CauceError("bad_backup", detail=info.filename) from error

    def _lines(
        self, member: str, kinds: Mapping[str, type]
    ) -> Iterator[tuple[str, dict[str, Any]]]:
        try:
            with self.zip.open(member) as stream:
                for number, line in enumerate(_read_lines(stream), 1):
                    place = f"{member}:{number}"
                    if len(line) >= _LONGEST_LINE:
                        raise CauceError("bad_backup", detail=place)
                    yield place, _cells(line, kinds, place)
        except _UNREADABLE as error:
            raise CauceError("bad_backup", detail=f"{member}: {error}") from error


def check(source: Path) -> None:
    """Raise what :func:`opened` raises, before a workspace is made for the backup."""
    with opened(source):
        pass


@contextmanager
def opened(source: Path) -> Iterator[Archive]:
    """A backup to read. Raises ``file_missing`` or ``bad_backup``."""
    if not source.is_file():
        raise CauceError("file_missing", path=str(source))
    try:
        archive = ZipFile(source)
    except _UNREADABLE as error:
        raise CauceError("bad_backup", detail=str(error)) from error
    with archive:
        _refuse_unsafe(archive.infolist())
        yield Archive(archive, _manifest(archive))


def _refuse_unsafe(members: list[ZipInfo]) -> None:
    names = [info.filename for info in members]
    if len(names) != len(set(names)) or not {MANIFEST, ENTRIES, RECORDS} <= set(names):
        raise CauceError("bad_backup", detail=", ".join(sorted(names)[:5]))
    for info in members:
        if not _is_safe(info):
            raise CauceError("bad_backup", detail=info.filename)


def _is_safe(info: ZipInfo) -> bool:
    swollen = info.file_size > _SMALL and info.file_size > _HIGHEST_RATIO * info.compress_size
    linked = stat.S_ISLNK(info.external_attr >> 16)
    return not (swollen or linked or info.flag_bits & 1) and _is_expected(info.filename)


def _is_expected(name: str) -> bool:
    if name in (MANIFEST, ENTRIES, RECORDS):
        return True
    parts = PurePosixPath(name.removeprefix(FILES)).parts
    return (
        name.startswith(tuple(f"{FILES}{folder}/" for folder in KEPT))
        and not name.endswith("/")
        and not any(part in ("..", ".") or set(part) & set("\\:\0") for part in parts)
    )


def _manifest(archive: ZipFile) -> Manifest:
    try:
        with archive.open(MANIFEST) as stream:
            data = json.loads(stream.read(_SMALL))
        if data["format"] != FORMAT:
            raise CauceError("bad_backup", detail=f"format {data['format']}")
        return Manifest(
            origin=UUID(data["origin"]),
            zone=zone_named(data["time_zone"]),
            created_at=_value(data["created_at"], datetime),
            head_seq=_value(data["head"]["seq"], int),
            head_hash=_value(data["head"]["hash"], str),
        )
    except (*_UNREADABLE, ValueError, KeyError, TypeError, AttributeError) as error:
        raise CauceError("bad_backup", detail=f"{MANIFEST}: {error}") from error


def _read_lines(stream: IO[bytes]) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST_LINE):
        yield line


def _cells(line: bytes, kinds: Mapping[str, type], place: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
        if data.keys() != kinds.keys():
            raise CauceError("bad_backup", detail=place)
        return {name: _value(data[name], kind) for name, kind in kinds.items()}
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise CauceError("bad_backup", detail=place) from error


def _value(value: Any, kind: type) -> Any:
    """The value if it is of the kind. Raises ValueError or TypeError."""
    if kind is datetime:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError(value)
        return moment
    if kind is UUID:
        return UUID(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(value)
    return value
