"""What does ``cauce plan …`` do with what was typed? Ask, show, and stop when it is asked to.

``plan.py`` has the parser, and imports this only when a plan is run: the engine takes a quarter of
a second to load, which no other command should wait for.
"""

from __future__ import annotations

import argparse
import io
import signal
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from cauce.cli.output import print_json
from cauce.cli.plan_asking import ASK, Watch
from cauce.cli.plan_tables import print_grid
from cauce.cli.terminal import bar, note, out, say
from cauce.engines.capacity.event import NotCompiledWarning
from cauce.engines.capacity.plan_answers import told_by
from cauce.engines.capacity.result import Progress
from cauce.errors import CauceError
from cauce.exports.fan_chart import fan_svg
from cauce.exports.plans import Shown
from cauce.exports.workbook import xlsx_bytes

__all__ = ["INTERRUPTED", "run"]

INTERRUPTED = 130

#: In units of the drawing: text stays readable where a document shows it at the width of a page.
_WIDE = 640.0


def run(args: argparse.Namespace) -> int:
    """Answer the plan of a file; 130 where it was stopped on request, after what is known."""
    if args.format == "xlsx" and args.output is None and sys.stdout.isatty():
        raise CauceError("usage", detail="--format xlsx -o FILE")
    with _stoppable() as watch, warnings.catch_warnings():
        # A note of the result says so.
        warnings.simplefilter("ignore", NotCompiledWarning)
        shown = ASK[args.kind](args, watch)
    _give(args, shown)
    sys.stdout.flush()
    for remark in shown.remarks:
        note(f"· {remark}")
    return INTERRUPTED if shown.interrupted else 0


# ------------------------------------------------------------------------------- showing


def _give(args: argparse.Namespace, shown: Shown) -> None:
    """The answer in the form asked for, to a file or to standard output."""
    if args.format == "xlsx":
        _write(args.output, xlsx_bytes(shown.grid, created=datetime.now(UTC)))
    elif args.format == "svg":
        picture = fan_svg(shown.chart, name=shown.grid.name, width=_WIDE)
        _write(args.output, picture.encode())
    elif args.output is None:
        _print(args, shown)
    else:
        text = io.StringIO()
        with _into(text):
            _print(args, shown)
        _write(args.output, text.getvalue().encode())


def _print(args: argparse.Namespace, shown: Shown) -> None:
    if args.format == "json":
        print_json(shown.data)
        return
    for line in filter(None, (shown.warning, shown.title, *shown.sentences)):
        out(line)
    for number, table in enumerate(shown.tables):
        out("" if number == 0 else f"\n{table.title}")
        print_grid(table)


@contextmanager
def _into(stream: TextIO) -> Iterator[None]:
    """What is printed in here goes into a file."""
    before, sys.stdout = sys.stdout, stream
    try:
        yield
    finally:
        sys.stdout = before


def _write(path: Path | None, content: bytes) -> None:
    if path is None:
        sys.stdout.buffer.write(content)
        return
    try:
        path.write_bytes(content)
    except OSError as error:
        detail = error.strerror or ""
        raise CauceError("file_not_written", path=str(path), detail=detail) from None


# ------------------------------------------------------------------------------- progress


@contextmanager
def _stoppable() -> Iterator[Watch]:
    """Gives what draws a bar for a piece of work. The first Ctrl-C asks the work to stop, a second
    one stops the program."""
    asked: list[bool] = []

    def stop(*_: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)
        note(say("cli.plan.stopping"))

    @contextmanager
    def watch(doing: str) -> Iterator[Progress]:
        with bar(100, doing) as more:
            yield told_by(more, lambda: bool(asked))

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield watch
    finally:
        signal.signal(signal.SIGINT, before)
