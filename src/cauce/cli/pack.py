"""``cauce pack``: check a pack, load it, write what is recorded of one.

What is wrong in a pack is told line by line on standard error, each with its place and its fix;
with ``--format json`` as data on standard output.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, TypeVar

from cauce import figures, words
from cauce.cli.output import print_json, print_table
from cauce.cli.terminal import bar, language, note, out, say, user
from cauce.errors import CauceError, Problem, Refusal
from cauce.journal import queries as journal
from cauce.packs import catalogue, loading, writing
from cauce.words import Voice
from cauce.words.codes import conflict

__all__ = ["add"]

T = TypeVar("T")


def add(subparsers: Any) -> None:
    """Register ``pack check|load|export``."""
    pack = subparsers.add_parser("pack", help=say("cli.pack.help"))
    commands = pack.add_subparsers(required=True, metavar=say("cli.command"))
    _add_check(commands)
    _add_load(commands)
    _add_export(commands)


def _add_format(parser: argparse.ArgumentParser) -> None:
    choices = ("table", "json")
    parser.add_argument("--format", choices=choices, default="table", help=say("cli.pack.format"))


# ------------------------------------------------------------------------------- check


def _add_check(commands: Any) -> None:
    parser = commands.add_parser("check", help=say("cli.pack.check.help"))
    parser.add_argument("paths", nargs="+", metavar="PATH", help=say("cli.pack.path"))
    _add_format(parser)
    parser.set_defaults(run=_check, workspace=False)


def _check(args: argparse.Namespace) -> int:
    with _read(say("cli.pack.check.doing")) as progress:
        found = _told(args, lambda: loading.check(args.paths, progress=progress))
    if found is None:
        return 3
    if args.format == "json":
        print_json({"packs": [asdict(one) for one in found]})
        return 0
    header = [say(f"cli.pack.{name}") for name in ("name", "version", "definitions", "facts")]
    rows = [[one.name, one.version, str(one.definitions), str(one.facts)] for one in found]
    print_table(header, rows)
    note(say("cli.pack.check.done"))
    return 0


# ------------------------------------------------------------------------------- load


def _add_load(commands: Any) -> None:
    parser = commands.add_parser("load", help=say("cli.pack.load.help"))
    parser.add_argument("paths", nargs="*", metavar="PATH", help=say("cli.pack.path"))
    parser.add_argument("--shipped", action="store_true", help=say("cli.pack.load.shipped"))
    parser.add_argument("--by", default=user(), help=say("cli.option.by"))
    _add_format(parser)
    parser.set_defaults(run=_load)


def _load(args: argparse.Namespace) -> int:
    paths = list(dict.fromkeys([*args.paths, *(catalogue.shipped() if args.shipped else ())]))
    if not paths:
        raise CauceError("usage", detail="PATH | --shipped")
    with _read(say("cli.pack.load.doing")) as progress:
        found = _told(args, lambda: loading.load(paths, by=args.by, progress=progress))
    if found is None:
        return 3
    if args.format == "json":
        print_json({"packs": [_loaded_json(one) for one in found]})
        return 0
    names = ("name", "version", "entry", "recorded", "unchanged", "closed", "left")
    print_table([say(f"cli.pack.{name}") for name in names], [_loaded_row(one) for one in found])
    if not any(one.receipt for one in found):
        note(say("cli.pack.load.nothing_new"))
    _tell_conflicts([one.name for one in found])
    return 0


def _tell_conflicts(packs: Sequence[str]) -> None:
    """What does not fit together is told and recorded all the same."""
    voice = Voice(language(), figures.catalogue(journal.head()), journal.workspace().zone)
    for code in figures.conflicts():
        if code.get("body").partition("/")[0] in packs:
            note(f"· {conflict(code, voice)}")


def _loaded_row(one: loading.Loaded) -> list[str]:
    entry = str(one.receipt.seq) if one.receipt else "–"
    counts = (one.recorded, one.unchanged, len(one.closed), one.left)
    return [one.name, one.version, entry, *map(str, counts)]


def _loaded_json(one: loading.Loaded) -> dict[str, object]:
    receipt = one.receipt
    return {
        "name": one.name,
        "version": one.version,
        "entry": receipt.seq if receipt else None,
        "hash": receipt.hash if receipt else None,
        "digest": receipt.digest if receipt else None,
        "recorded": one.recorded,
        "unchanged": one.unchanged,
        "closed": list(one.closed),
        "left": one.left,
    }


# ------------------------------------------------------------------------------- export


def _add_export(commands: Any) -> None:
    parser = commands.add_parser("export", help=say("cli.pack.export.help"))
    parser.add_argument("path", metavar="PATH", help=say("cli.pack.export.path"))
    parser.add_argument("--pack", metavar="NAME", default="", help=say("cli.pack.export.pack"))
    parser.add_argument("--head", type=int, metavar="N", help=say("cli.pack.head"))
    _add_format(parser)
    parser.set_defaults(run=_export)


def _export(args: argparse.Namespace) -> int:
    found = writing.export(args.path, name=args.pack, head=args.head)
    if args.format == "json":
        print_json(asdict(found))
        return 0
    header = [say("cli.pack.sheet"), say("cli.pack.records")]
    print_table(header, [[name, str(count)] for name, count in found.counts.items()])
    out(say("cli.pack.export.done", pack=found.name, path=found.path, head=found.head))
    return 0


# ------------------------------------------------------------------------------- problems


@contextmanager
def _read(doing: str) -> Iterator[Callable[[str, int], None]]:
    """A bar that counts rows, whatever sheet they are of."""
    with bar(None, doing) as more:
        yield lambda _, count: more(count)


def _told(args: argparse.Namespace, work: Callable[[], Sequence[T]]) -> Sequence[T] | None:
    """The result of the work; ``None`` once its problems have been told as JSON. As a table they
    are told where all errors of the command line are."""
    try:
        return work()
    except Refusal as refusal:
        if args.format != "json":
            raise
        print_json({"problems": [_problem_json(problem) for problem in refusal.problems]})
        return None


def _problem_json(problem: Problem) -> dict[str, object]:
    place = problem.place
    return {
        "code": problem.code,
        "params": {name: str(value) for name, value in problem.params.items()},
        "place": {
            "file": place.file,
            "sheet": place.sheet,
            "line": place.line,
            "column": place.column,
        },
        "what": words.what(problem, language()),
        "fix": words.fix(problem, language()),
    }
