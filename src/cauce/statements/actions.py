"""Issue a fact sheet: what is printed on a day is kept, byte for byte, for ever.

Nothing is ever written into an existing issue: a correction is a new issue with a new number.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from django.conf import settings

from cauce.errors import CauceError
from cauce.journal.clock import now as this_moment
from cauce.statements import forms
from cauce.statements.document import SCHEMA, Document, resolve
from cauce.statements.page import index_page, style
from cauce.statements.queries import (
    DOCUMENT,
    MANIFEST,
    Issue,
    folder_of,
    issues,
    latest,
    template_folder,
)
from cauce.statements.sheet import Edition, Sheet
from cauce.statements.template import load
from cauce.values.dates import KnownAt

__all__ = ["build", "issue"]


def build(*, name: str, known_at: KnownAt | None = None, now: datetime | None = None) -> Document:
    """Ask a sheet's questions; nothing is kept. Raises ``unknown_statement`` or a Refusal."""
    template = load(template_folder(name))
    return resolve(template, now=now or this_moment(), known_at=known_at)


def issue(
    *, name: str, by: str, known_at: KnownAt | None = None, now: datetime | None = None
) -> Issue:
    """Build a sheet in all its languages and forms and keep it under the next number.

    Written whole or not at all: into a folder of its own, then renamed. Raises ``disk_full``,
    ``database_read_only``, ``text_not_printable``, or what :func:`build` raises.
    """
    moment = now or this_moment()
    document = build(name=name, known_at=known_at, now=moment)
    while True:
        before = issues(name)
        number = before[-1].number + 1 if before else 1
        files = _files(document, number, by=by, issued_at=moment)
        files[MANIFEST] = _manifest(document, number, files, before, by=by, issued_at=moment)
        try:
            _write(folder_of(name), f"{number:04}", files)
        except FileExistsError:
            continue  # somebody else took the number: the next one
        return latest(name, number)


def _files(document: Document, number: int, *, by: str, issued_at: datetime) -> dict[str, bytes]:
    languages = document.template.languages
    edition = Edition(number, languages, issued_at, settings.CAUCE_ADDRESS)
    stored = document.to_json(number=number, issued_at=issued_at.isoformat(), by=by)
    made = {
        f"{language}.{form}": render(document, language, edition)
        for language in languages
        for form, render in forms.FORMS.items()
    }
    return {DOCUMENT: _json(stored), **made, "index.html": index_page(document)}


def _manifest(
    document: Document,
    number: int,
    files: Mapping[str, bytes],
    before: tuple[Issue, ...],
    *,
    by: str,
    issued_at: datetime,
) -> bytes:
    """What was issued, with the digest of every file and of the manifest before: a chain."""
    languages = document.template.languages
    previous = (before[-1].folder / MANIFEST).read_bytes() if before else None
    style_digest = hashlib.sha256(style().encode("utf-8")).digest()
    return _json(
        {
            "schema": SCHEMA,
            "name": document.template.name,
            "number": number,
            "issued_at": issued_at.isoformat(),
            "by": by,
            "known_at": document.known_at.text,
            "head": document.head,
            "languages": list(languages),
            "titles": {language: Sheet(document, language).title for language in languages},
            "style": f"sha256-{base64.b64encode(style_digest).decode('ascii')}",
            "files": {
                file: {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
                for file, content in sorted(files.items())
            },
            "previous": hashlib.sha256(previous).hexdigest() if previous is not None else None,
        }
    )


def _json(data: Mapping[str, object]) -> bytes:
    text = json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True)
    return f"{text}\n".encode()


def _write(folder: Path, name: str, files: Mapping[str, bytes]) -> None:
    """Raises FileExistsError when the folder is already there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
        try:
            for file, content in files.items():
                _write_file(part / file, content)
            part.chmod(0o755)
            # Renaming onto a folder that holds something fails: an issue is never replaced.
            os.rename(part, folder / name)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        _sync(folder)
    except OSError as error:
        raise _refused(error) from error


def _write_file(path: Path, content: bytes) -> None:
    with path.open("xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    """So that the new name outlives a power cut; Windows cannot open a folder, and need not."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _refused(error: OSError) -> Exception:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return CauceError("disk_full")
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return CauceError("database_read_only")
    if error.errno in (errno.EEXIST, errno.ENOTEMPTY):
        return FileExistsError()
    return error
