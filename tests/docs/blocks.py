"""What does a page of the documentation ask its reader to do, and does that work?

A page's fenced blocks are played in order, in one empty folder:

* ``console``: what stands after ``$`` is run, what stands under it is compared with the output.
  ``…`` stands for anything on a line, and alone on a line for any lines. A command that is to be
  refused ends with ``# exit code 3``.
* a ``code-block`` with a caption is a file: it is written under that name; ``(add)`` after the name
  adds to the file.
* ``python`` with ``>>>`` is a doctest, else it is run; blocks of one page share their names.
* ``json`` and ``yaml`` must parse. ``text``, ``sh``, ``powershell`` and diagrams are only read.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

__all__ = ["Block", "Player", "blocks", "commands"]

ROOT = Path(__file__).parents[2]
KINDS = ("console", "python", "json", "yaml", "text", "sh", "powershell", "html", "md", "po")

_FENCE = re.compile(r"^(?P<marks>`{3,}|:{3,})(?P<info>[^\n`]*)\n(?P<body>.*?)^(?P=marks)[ \t]*$",
                    re.MULTILINE | re.DOTALL)  # fmt: skip
_DIRECTIVE = re.compile(r"\{code-block\}\s*(\w+)")
_OPTION = re.compile(r"^:(\w+):[ \t]*(.*)\n", re.MULTILINE)
_REFUSED = re.compile(r"\s+# exit code (\d+)$")


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its language, its text, the file it is (or none), and its line."""

    kind: str
    text: str
    file: str
    line: int


def blocks(text: str) -> Iterator[Block]:
    """The blocks of a page in order; other directives are left out."""
    for fence in _FENCE.finditer(text):
        info, body, file = fence["info"].strip(), fence["body"], ""
        if directive := _DIRECTIVE.match(info):
            info = directive[1]
            options = re.match(r"(?:^:\w+:.*\n)*\n?", body, re.MULTILINE)
            head = options[0] if options else ""
            file = dict(_OPTION.findall(head)).get("caption", "").strip("`")
            body = body[len(head) :]
        if not info.startswith("{"):
            yield Block(info, body, file, text.count("\n", 0, fence.start()) + 1)


def commands(block: Block) -> Iterator[tuple[str, str]]:
    """(command, expected output) of a console block."""
    command: str = ""
    expected: list[str] = []
    for line in block.text.splitlines():
        if line.startswith("$ "):
            if command:
                yield command, "\n".join(expected)
            command, expected = line[2:], []
        elif line.startswith("> ") and not expected:
            command += "\n" + line[2:]
        else:
            expected.append(line)
    if command:
        yield command, "\n".join(expected)


class Player:
    """Plays the blocks of one page in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, object] = {}

    def play(self, block: Block) -> None:
        """Do what a block asks. Raises AssertionError where it does not do what it says."""
        assert block.kind in KINDS, f"line {block.line}: a block of an unknown kind {block.kind!r}"
        if block.file:
            self._write(block)
        elif block.kind == "console":
            for command, expected in commands(block):
                self._run(command, expected, block.line)
        elif block.kind == "python":
            self._python(block)
        if block.kind == "json":
            json.loads(block.text)
        elif block.kind == "yaml":
            yaml.safe_load(block.text)

    def _write(self, block: Block) -> None:
        name, _, how = block.file.partition(" ")
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if how == "(add)" else ""
        path.write_text(before + block.text, encoding="utf-8")

    def _run(self, command: str, expected: str, line: int) -> None:
        refused = _REFUSED.search(command)
        code = int(refused[1]) if refused else 0
        result = subprocess.run(
            ["bash", "-c", _REFUSED.sub("", command)],
            cwd=self.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        shown = f"line {line}: $ {command}\n{result.stdout}"
        assert result.returncode == code, f"{shown}(exit code {result.returncode})"
        assert matches(result.stdout, expected), f"{shown}--- but the page says\n{expected}"

    def _python(self, block: Block) -> None:
        if ">>>" not in block.text:
            exec(compile(block.text, f"line {block.line}", "exec"), self.names)  # noqa: S102 - our own page
            return
        test = doctest.DocTestParser().get_doctest(
            block.text, self.names, f"line {block.line}", None, 0
        )
        told: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(test, out=told.append, clear_globs=False)
        self.names.update(test.globs)
        assert not runner.failures, "".join(told)


def environment() -> dict[str, str]:
    """A reader's terminal: the installed command, English, no workspace, plain SQLite."""
    ours = ("CAUCE_", "DATABASE_URL", "LC_", "LANG", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {
        **kept,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "LANG": "en_US.UTF-8",
        "LOGNAME": "ana",
        "PYTHONUTF8": "1",
        # So that what goes to the two outputs comes in the order in which it was written.
        "PYTHONUNBUFFERED": "1",
    }


def matches(output: str, expected: str) -> bool:
    """Whether the output is what the page shows; ends of lines are not compared."""
    pattern = "".join(_line(line) for line in _stripped(expected))
    return re.fullmatch(pattern, "".join(f"{line}\n" for line in _stripped(output))) is not None


def _line(line: str) -> str:
    if line.strip() == "…":
        return "(?:.*\n)*?"
    return ".*".join(map(re.escape, line.split("…"))) + "\n"


def _stripped(text: str) -> list[str]:
    # A no-break space, as between a number and its unit, is typed as a space on a page.
    return [line.rstrip().replace("\xa0", " ") for line in text.strip().splitlines()]
