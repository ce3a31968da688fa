"""Commands that look after the workspace and its journal."""

from __future__ import annotations

import argparse
import errno
import socket
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from cauce import words
from cauce.cli.terminal import bar, language, note, out, say, user
from cauce.errors import CauceError
from cauce.journal import actions, archive, backup, database, doctor, readiness, restore, verify

__all__ = ["HOST", "PORT", "add", "start_server"]

HOST = "127.0.0.1"
PORT = 8000


def add(subparsers: Any) -> None:
    """The commands of this module."""
    _add_serve(subparsers)
    _add_migrate(subparsers)
    _add_backup(subparsers)
    _add_restore(subparsers)
    _add_doctor(subparsers)
    _add_verify(subparsers)
    _add_annul(subparsers)


def folder() -> Path:
    """The workspace's folder."""
    return Path(settings.CAUCE_DIR)


# ------------------------------------------------------------------------------- serve


def _add_serve(subparsers: Any) -> None:
    parser = subparsers.add_parser("serve", help=say("cli.serve.help"))
    parser.add_argument("--host", default=HOST, help=say("cli.serve.host"))
    parser.add_argument("--port", type=int, default=PORT, help=say("cli.serve.port"))
    parser.add_argument("--workers", type=_several, default=1, help=say("cli.serve.workers"))
    parser.add_argument("--reload", action="store_true", help=say("cli.serve.reload"))
    parser.set_defaults(run=_serve)


def _several(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)  # the parser words it
    return number


def _serve(args: argparse.Namespace) -> None:
    start_server(host=args.host, port=args.port, workers=args.workers, reload=args.reload)


def start_server(
    *, host: str = HOST, port: int = PORT, workers: int = 1, reload: bool = False
) -> None:
    """Serve the workspace until interrupted.

    Raises ``guards_missing``: a site must not show what may be altered unnoticed; ``port_in_use``.
    """
    readiness.require_ready(guarded=True)
    _refuse_taken(host, port)
    note(say("cli.serve.open", address=f"http://{host}:{port}/"))
    if reload:
        # Django's own server watches the files; it is for whoever changes the code.
        call_command("runserver", f"{host}:{port}", skip_checks=True)
        return
    # The workers are forked from here.
    database.let_go()
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    Granian(
        "cauce.project.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        websockets=False,
        log_level=LogLevels.warning,
    ).serve()


def _refuse_taken(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise CauceError("port_in_use", port=port) from error
            raise CauceError("usage", detail=f"{host}:{port}: {error.strerror}") from error
        except OverflowError as error:
            raise CauceError("usage", detail=f"--port {port}") from error


# ------------------------------------------------------------------------------- the record


def _add_migrate(subparsers: Any) -> None:
    parser = subparsers.add_parser("migrate", help=say("cli.migrate.help"))
    parser.add_argument(
        "--time-zone", default=actions.DEFAULT_TIME_ZONE, help=say("cli.migrate.time_zone")
    )
    parser.set_defaults(run=_migrate, workspace=False)


def _migrate(args: argparse.Namespace) -> None:
    found = actions.create_workspace(dir=folder(), time_zone=args.time_zone)
    out(say("cli.migrate.done", path=str(folder()), zone=found.zone.key))


def _add_backup(subparsers: Any) -> None:
    parser = subparsers.add_parser("backup", help=say("cli.backup.help"))
    parser.add_argument("file", type=Path, metavar="FILE", help=say("cli.backup.file"))
    parser.set_defaults(run=_backup)


def _backup(args: argparse.Namespace) -> None:
    with bar(verify.size(), say("cli.backup.doing")) as progress:
        kept = backup.backup(args.file, folder=folder(), progress=progress)
    head = kept["head"]
    out(say("cli.backup.done", path=str(args.file), seq=head["seq"], hash=head["hash"]))


def _add_restore(subparsers: Any) -> None:
    parser = subparsers.add_parser("restore", help=say("cli.restore.help"))
    parser.add_argument("file", type=Path, metavar="FILE", help=say("cli.restore.file"))
    parser.set_defaults(run=_restore, workspace=False)


def _restore(args: argparse.Namespace) -> None:
    archive.check(args.file)
    actions.prepare_folder(dir=folder())
    actions.migrate()
    with bar(None, say("cli.restore.doing")) as progress:
        report = restore.restore(args.file, folder=folder(), progress=progress)
    out(say("cli.restore.done", entries=report.entries, hash=report.newest))


def _add_doctor(subparsers: Any) -> None:
    parser = subparsers.add_parser("doctor", help=say("cli.doctor.help"))
    parser.set_defaults(run=_doctor, workspace=False)


def _doctor(args: argparse.Namespace) -> int:
    diagnosis = doctor.examine(folder())
    for check in diagnosis.checks:
        label = say(f"check.{check.code}")
        state = say(f"check.state.{check.state}")
        out(f"{state:<10} {label}  {check.detail}".rstrip())
        if check.error:
            out(f"{'':<10} {words.error(check.error, language())}")
        elif check.state != "ok":
            out(f"{'':<10} {say(f'check.{check.code}.fix')}")
    return 0 if diagnosis.is_well else 3


def _add_verify(subparsers: Any) -> None:
    parser = subparsers.add_parser("verify", help=say("cli.verify.help"))
    parser.add_argument("--head", metavar="HASH", help=say("cli.verify.head"))
    parser.set_defaults(run=_verify)


def _verify(args: argparse.Namespace) -> None:
    with bar(verify.size(), say("cli.verify.doing")) as progress:
        report = verify.verify(args.head, progress=progress)
    for finding in report.findings:
        out(say(f"finding.{finding.code}", **finding.params))
    if report.found > len(report.findings):
        out(say("cli.verify.more", more=report.unlisted))
    if not report.is_sound:
        raise CauceError("journal_altered", count=report.found)
    out(say("cli.verify.done", entries=report.entries, records=report.records))
    if report.entries:
        out(say("cli.verify.newest", hash=report.newest))


def _add_annul(subparsers: Any) -> None:
    parser = subparsers.add_parser("annul", help=say("cli.annul.help"))
    parser.add_argument("target", metavar="ENTRY|RECORD", help=say("cli.annul.target"))
    parser.add_argument("--reason", required=True, help=say("cli.annul.reason"))
    parser.add_argument("--by", default=user(), help=say("cli.option.by"))
    parser.set_defaults(run=_annul)


def _annul(args: argparse.Namespace) -> None:
    receipt = actions.annul(target=args.target, by=args.by, reason=args.reason)
    out(say("cli.annul.done", target=args.target, seq=receipt.seq))
