"""``cauce statement``: check a template, build a fact sheet, issue it, verify what was issued."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from cauce import words
from cauce.cli.terminal import language, note, out, say, user
from cauce.errors import CauceError, Refusal
from cauce.statements import actions, queries, template
from cauce.statements.forms import FORMS
from cauce.statements.verify import verify
from cauce.values.dates import KnownAt

__all__ = ["add", "describe"]


def add(subparsers: Any) -> None:
    """Register ``statement build|issue|verify|check``."""
    group = subparsers.add_parser("statement", help=say("cli.statement.help"))
    commands = group.add_subparsers(required=True, metavar=say("cli.command"))
    build = commands.add_parser("build", help=say("cli.statement.build.help"))
    issue = commands.add_parser("issue", help=say("cli.statement.issue.help"))
    for parser in (build, issue):
        _add_name(parser)
        parser.add_argument("--known-at", metavar="D", help=say("cli.statement.known_at"))
        parser.add_argument("-o", "--output", type=Path, help=say("cli.statement.output"))
    issue.add_argument("--by", default=user(), help=say("cli.option.by"))
    build.set_defaults(run=_build)
    issue.set_defaults(run=_issue)
    check = commands.add_parser("check", help=say("cli.statement.check.help"))
    check.add_argument("file", type=Path, metavar="FILE", help=say("cli.statement.check.file"))
    check.set_defaults(run=_check, workspace=False)
    _add_verify(commands)


def _add_name(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help=say("cli.statement.name"))
    parser.add_argument("--lang", choices=words.LANGUAGES, help=say("cli.statement.lang"))


def _add_verify(commands: Any) -> None:
    parser = commands.add_parser("verify", help=say("cli.statement.verify.help"))
    _add_name(parser)
    parser.add_argument("--number", type=int, help=say("cli.statement.number"))
    parser.set_defaults(run=_verify)


def _known_at(args: argparse.Namespace) -> KnownAt | None:
    return KnownAt(args.known_at) if args.known_at else None


def _build(args: argparse.Namespace) -> None:
    form = _form(args.output)
    document = actions.build(name=args.name, known_at=_known_at(args))
    wanted = args.lang or language()
    if wanted not in document.template.languages:
        choices = ", ".join(document.template.languages)
        raise CauceError("bad_language", text=wanted, choices=choices)
    _write(args.output or Path(f"{args.name}-{wanted}.html"), FORMS[form](document, wanted, None))


def _issue(args: argparse.Namespace) -> None:
    form = _form(args.output)
    issue = actions.issue(name=args.name, by=args.by, known_at=_known_at(args))
    describe(issue)
    if args.output is not None:
        _write(args.output, issue.file(args.lang or language(), form))


def describe(issue: queries.Issue) -> None:
    """One line on what was issued, and where it lies."""
    languages = ", ".join(issue.languages)
    out(
        say(
            "cli.statement.issue.done",
            name=issue.name,
            number=issue.number,
            languages=languages,
            path=str(issue.folder),
        )
    )


def _form(path: Path | None) -> str:
    """The form of a sheet by the suffix of the file it is written to; refused before anything is
    asked or issued."""
    if path is None:
        return "html"
    form = {"htm": "html"}.get(suffix := path.suffix.lower().lstrip("."), suffix)
    if form not in FORMS:
        choices = ", ".join(f".{one}" for one in FORMS)
        raise CauceError("bad_choice", text=path.suffix or path.name, choices=choices)
    return form


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise CauceError("usage", detail=f"{path}: {error.strerror}") from error
    out(say("cli.statement.written", path=str(path)))


def _check(args: argparse.Namespace) -> None:
    found = template.load(args.file)
    counts = {"figures": len(found.questions), "languages": ", ".join(found.languages)}
    out(say("cli.statement.check.done", name=found.name, **counts))


def _verify(args: argparse.Namespace) -> int:
    if args.number is None:
        queries.latest(args.name)  # refuses a name that was never issued
        chosen = queries.issues(args.name)
    else:
        chosen = (queries.latest(args.name, args.number),)
    problems = [problem for issue in chosen for problem in verify(issue)]
    if problems:
        raise Refusal(problems)
    note(say("cli.statement.verify.done", name=args.name, count=len(chosen)))
    return 0
