"""What does `cauce …` do? The one entry of the command line.

Finds the workspace and the language, hands over to the command's own module, and turns an error
into words and an exit code: 0 done, 2 usage, 3 the input was refused; 1 is a defect.

A module of commands has ``add(subparsers)``. A command's parser sets ``run`` (a function of the
parsed arguments that returns an exit code or None) and, where it works without a migrated
workspace, ``workspace=False``.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import cauce
from cauce import words
from cauce.cli import terminal
from cauce.errors import CauceError

__all__ = ["GROUPS", "main"]

#: The modules of commands, in the order of the help. They are imported by name, after the
#: workspace is known: what they call reads the settings, and these are read only once.
GROUPS = (
    "cauce.cli.demo",
    "cauce.cli.workspace",
    "cauce.cli.pack",
    "cauce.cli.figure",
    "cauce.cli.statement",
    "cauce.cli.plan",
)

_INTERRUPTED = 130
_BROKEN_PIPE = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except CauceError as error:
        terminal.note(words.error(error, terminal.language()))
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has enough. Python would complain again when it closes it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _BROKEN_PIPE
    except KeyboardInterrupt:
        return _INTERRUPTED
    except SystemExit as exit_:  # the parser's own: help, version, usage
        return exit_.code if isinstance(exit_.code, int) else 2
    return code


def _run(arguments: list[str]) -> int:
    known, _ = _common().parse_known_args(arguments)
    environment = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    terminal.speak(words.language_of(known.lang, *map(os.environ.get, environment)))
    _enter(known.dir)
    from cauce.journal import database, readiness

    args = _parser().parse_args(arguments)
    with database.translated():
        if args.workspace:
            readiness.require_ready()
        return args.run(args) or 0


def _enter(folder: str | None) -> None:
    """Make the folder the workspace, before the settings are read where that is still to come."""
    if folder:
        os.environ["CAUCE_DIR"] = folder
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cauce.project.settings")
    import django

    django.setup()
    if folder:
        from cauce.journal import database

        database.enter(Path(folder).absolute())


def _common() -> argparse.ArgumentParser:
    """What can stand anywhere on the line."""
    common = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    common.add_argument("--dir")
    common.add_argument("--lang")
    return common


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="cauce", description=terminal.say("cli.description"), allow_abbrev=False
    )
    parser.add_argument("--version", action="version", version=f"cauce {cauce.__version__}")
    parser.set_defaults(workspace=True)
    subparsers = parser.add_subparsers(
        required=True, metavar=terminal.say("cli.command"), title=terminal.say("cli.commands")
    )
    for name in GROUPS:
        importlib.import_module(name).add(subparsers)
    for each in _with_commands(parser):
        _add_common_options(each)
    return parser


def _with_commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """A parser and those of its commands, at every depth."""
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child in action.choices.values():
                yield from _with_commands(child)


def _add_common_options(parser: argparse.ArgumentParser) -> None:
    taken = {option for action in parser._actions for option in action.option_strings}
    options = {
        "--dir": {"metavar": "D", "help": terminal.say("cli.option.dir")},
        "--lang": {"choices": words.LANGUAGES, "help": terminal.say("cli.option.lang")},
    }
    for option, given in options.items():
        # A command may have a --lang of its own: the language of what it makes.
        if option not in taken:
            parser.add_argument(option, default=argparse.SUPPRESS, **given)  # type: ignore[arg-type]  # a table of options


if __name__ == "__main__":
    sys.exit(main())
