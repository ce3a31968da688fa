"""``cauce demo``: a workspace with the shipped frameworks and their fact sheets, from one command.

A second run finds everything done and changes nothing.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from cauce import figures, words
from cauce.cli.output import print_table
from cauce.cli.statement import describe
from cauce.cli.terminal import bar, language, note, out, say
from cauce.cli.workspace import HOST, PORT, start_server
from cauce.journal import actions as journal
from cauce.journal import queries, readiness
from cauce.packs import catalogue as packs
from cauce.packs import loading
from cauce.statements import actions
from cauce.statements import queries as sheets
from cauce.values.audience import PUBLIC
from cauce.values.question import question_from_json
from cauce.words.figures import value
from cauce.words.questions import title, where_and_when

__all__ = ["add", "headlines"]

#: In whose name the demo records and issues.
BY = "cauce demo"


def add(subparsers: Any) -> None:
    """Register ``demo``."""
    parser = subparsers.add_parser("demo", help=say("cli.demo.help"))
    parser.add_argument("--no-serve", action="store_true", help=say("cli.demo.no_serve"))
    parser.add_argument("--port", type=int, default=PORT, help=say("cli.serve.port"))
    parser.set_defaults(run=_demo, workspace=False)


def _demo(args: argparse.Namespace) -> int:
    folder = Path(settings.CAUCE_DIR)
    journal.create_workspace(dir=folder, time_zone=journal.DEFAULT_TIME_ZONE)
    readiness.require_ready()
    _load()
    _issue()
    _print_headlines()
    address = f"http://{HOST}:{args.port}"
    if args.no_serve:
        out(say("cli.demo.ready", path=str(folder)))
        return 0
    out(say("cli.demo.open", address=f"{address}/{language()}/"))
    for issue in sheets.issued():
        for one in issue.languages:
            out(f"  {address}/{one}/fichas/{issue.name}/")
    start_server(port=args.port)
    return 0


def _load() -> None:
    """The shipped packs, and what is invented to show what these do not have yet."""
    wanted = [*packs.shipped(), packs.demonstration()]
    with bar(None, say("cli.demo.loading")) as more:
        found = loading.load(wanted, by=BY, progress=lambda _, count: more(count))
    for one in found:
        if one.receipt is not None:
            note(say("cli.demo.loaded", name=one.name, count=one.recorded))


def _issue() -> None:
    """Issue each shipped fact sheet that was never issued, or whose record has grown since."""
    for name in sheets.templates():
        before = sheets.issues(name)
        if not before or before[-1].head != queries.head():
            describe(actions.issue(name=name, by=BY))


def _print_headlines() -> None:
    header = [say(f"cli.figure.column.{name}") for name in ("what", "where", "value")]
    print_table(header, list(headlines(language())))


def headlines(spoken: str) -> Iterator[list[str]]:
    """The figures that the issued sheets put first, as they were answered: what, where, value."""
    zone = queries.workspace().zone
    for issue in sheets.issued():
        document = issue.document()
        asked = [
            question_from_json(document["figures"][name]["question"], audience=PUBLIC)
            for name in document["headlines"]
        ]
        for figure in figures.release(figures.ask(asked), PUBLIC):
            voice = words.Voice(spoken, figures.catalogue(figure.head), zone)
            about = title(figure.question, voice), where_and_when(figure.question, voice)
            yield [*map(words.plain, about), words.plain(value(figure, voice))]
