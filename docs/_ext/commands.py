"""Which commands does the command line have, with which arguments and options?

Read from the parser itself, so that the reference says what the program does.
"""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Command", "commands", "every_command"]

Command = tuple[str, str, argparse.ArgumentParser]

#: Options that every command has, described once.
COMMON = ("-h", "--help", "--dir", "--lang")


def every_command() -> list[Command]:
    """(name, what it does, parser) of every command that can be run, in the order of the help."""
    from cauce.cli import main

    with _english():
        return list(_below(main._parser(), "cauce", ""))


def commands() -> str:
    """Every command as a section with its usage and its arguments."""
    with _english():
        return "\n\n".join(_section(*command) for command in every_command())


@contextmanager
def _english() -> Iterator[None]:
    """The parser speaks English in here, in lines of one width."""
    from cauce.cli import terminal

    before = terminal.language()
    kept = {name: os.environ.get(name) for name in ("LANGUAGE", "COLUMNS")}
    terminal.speak("en")
    os.environ["COLUMNS"] = "88"
    try:
        yield
    finally:
        terminal.speak(before)
        for name, value in kept.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


def _below(parser: argparse.ArgumentParser, name: str, about: str) -> Iterator[Command]:
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield name, about, parser
    for group in groups:
        helps = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for command, child in group.choices.items():
            yield from _below(child, f"{name} {command}", helps.get(command, ""))


def _section(name: str, about: str, parser: argparse.ArgumentParser) -> str:
    usage = re.sub(r"\n +", "\n    ", parser.format_usage().partition(": ")[2].strip())
    rows = ["| argument | what |", "| --- | --- |"]
    rows += [
        f"| {_spelling(action)} | {_about(action)} |"
        for action in parser._actions
        if not set(action.option_strings) & set(COMMON) or _is_own(action)
    ]
    listed = "\n".join(rows) if len(rows) > 2 else "No arguments of its own."
    does = f"{about[:1].upper()}{about[1:]}."
    return f"## {name}\n\n{does}\n\n```text\n{usage}\n```\n\n{listed}"


def _is_own(action: argparse.Action) -> bool:
    """Whether a command gives an option of the common name another meaning: `--lang` of a fact
    sheet is required."""
    return bool(action.option_strings) and action.default != argparse.SUPPRESS


def _spelling(action: argparse.Action) -> str:
    if not action.option_strings:
        # A bar would end the cell of the table.
        name = str(action.metavar or action.dest).replace("|", "\\|")
        return f"`{name}`"
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return ", ".join(f"`{option}{value}`" for option in action.option_strings)


def _about(action: argparse.Action) -> str:
    """What an argument is, with its choices and its default."""
    parts = [" ".join((action.help or "").replace("|", "\\|").split())]
    if action.choices:
        parts.append("one of " + ", ".join(f"`{choice}`" for choice in action.choices))
    default = action.default
    # Who works at this terminal is not what the reader's terminal will say.
    if default not in (None, False, [], argparse.SUPPRESS, "") and action.dest != "by":
        parts.append(f"default `{default}`")
    return "; ".join(filter(None, parts))
