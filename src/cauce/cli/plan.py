"""``cauce plan``: what happens to a backlog, what it would take, how many lanes, how many come.

Reads a plan's file, lets the capacity engine answer and shows the answer; nothing is recorded, and
no workspace is needed. Ctrl-C stops after the run that is being done: what is known then is
printed, and the exit code is 130.
"""

from __future__ import annotations

import argparse
from importlib import resources
from pathlib import Path
from typing import Any

from cauce.cli.terminal import out, say

__all__ = ["ENGINES", "EXAMPLES", "KINDS", "add"]

# What the engine says, said again: to ask it, every command of the line would have to load it.
KINDS = ("backlog", "staff", "lanes", "forecast")
ENGINES = ("event", "tau", "fluid")
EXAMPLES = ("backlog", "staff", "lanes", "forecast", "comar")
FORMATS = ("table", "json", "xlsx", "svg")


def add(subparsers: Any) -> None:
    """Register ``plan backlog|staff|lanes|forecast|example|schema``."""
    plan = subparsers.add_parser("plan", help=say("cli.plan.help"))
    commands = plan.add_subparsers(required=True, metavar=say("cli.command"))
    for kind in KINDS:
        _add_kind(commands, kind)
    example = commands.add_parser("example", help=say("cli.plan.example.help"))
    example.add_argument("name", choices=EXAMPLES, help=say("cli.plan.example.name"))
    example.set_defaults(run=_example, workspace=False)
    schema = commands.add_parser("schema", help=say("cli.plan.schema.help"))
    schema.set_defaults(run=_schema, workspace=False)


def _add_kind(commands: Any, kind: str) -> None:
    parser = commands.add_parser(kind, help=say(f"cli.plan.{kind}.help"))
    parser.add_argument("file", type=Path, metavar="FILE", help=say("cli.plan.file"))
    parser.add_argument("--format", choices=FORMATS, default="table", help=say("cli.plan.format"))
    parser.add_argument("-o", "--output", type=Path, help=say("cli.plan.output"))
    if kind in ("backlog", "staff"):
        parser.add_argument("--engine", choices=ENGINES, help=say("cli.plan.engine"))
    if kind != "forecast":
        parser.add_argument(
            "--replications", type=int, metavar="N", help=say("cli.plan.replications")
        )
    parser.add_argument("--seed", type=int, metavar="N", help=say("cli.plan.seed"))
    parser.set_defaults(run=_run, kind=kind, workspace=False, engine=None, replications=None)


def _run(args: argparse.Namespace) -> int:
    from cauce.cli.plan_running import run

    return run(args)


# ------------------------------------------------------------------------------- what is shipped


def _example(args: argparse.Namespace) -> int:
    out(_shipped(f"examples/{args.name}.yaml"))
    return 0


def _schema(args: argparse.Namespace) -> int:
    out(_shipped("plan.schema.json"))
    return 0


def _shipped(name: str) -> str:
    folder = resources.files("cauce.engines") / "capacity"
    return folder.joinpath(name).read_text("utf-8").rstrip("\n")
