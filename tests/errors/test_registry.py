"""Does every error that the code raises say what its code promises?

Found in the source: a ``CauceError("code", name=…)`` or ``Problem("code", {"name": …})`` whose code
is written out. What is put together at run time is seen by the tests of its room.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import cauce
from cauce.errors import CODES

SOURCE = Path(cauce.__file__).parent


def raised() -> Iterator[tuple[str, str, set[str] | None]]:
    """Place, code and names of parameters (``None``: not written out)."""
    for path in sorted(SOURCE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            name, first = ast.unparse(node.func).rpartition(".")[2], node.args[0]
            if name not in ("CauceError", "Problem"):
                continue
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                where = f"{path.relative_to(SOURCE)}:{node.lineno}"
                yield where, first.value, _names(name, node)


def _names(call: str, node: ast.Call) -> set[str] | None:
    if call == "CauceError":
        names = [k.arg for k in node.keywords]
        return None if None in names else {n for n in names if n}
    if len(node.args) < 2:
        return set() if not node.keywords else None
    given = node.args[1]
    if not isinstance(given, ast.Dict) or not all(isinstance(k, ast.Constant) for k in given.keys):
        return None
    return {str(k.value) for k in given.keys if isinstance(k, ast.Constant)}


def test_every_code_in_the_source_is_registered() -> None:
    assert [(where, code) for where, code, _ in raised() if code not in CODES] == []


def test_every_error_carries_the_parameters_its_code_promises() -> None:
    """Else the words for it have holes."""
    wrong = [
        f"{where} {code}: {sorted(names ^ set(CODES[code].params))}"
        for where, code, names in raised()
        if names is not None and code in CODES and names != set(CODES[code].params)
    ]
    assert wrong == []
