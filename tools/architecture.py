"""What must hold of the code that an import linter cannot see?

Each check takes a file's path and text (never the file system), so that a test can hand it a
planted violation, and returns findings with place and fix. ``tests/test_architecture.py`` runs
them over the checkout.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = [
    "LONGEST_FUNCTION",
    "LONGEST_MODULE",
    "PYTHON_CHECKS",
    "Finding",
    "Reference",
    "actions_with_positional_arguments",
    "arithmetic_in_doors",
    "blind_excepts",
    "clocks_in_pure_floors",
    "forbidden_words",
    "long_functions",
    "long_modules",
    "modules_that_do_not_present_themselves",
    "tables_in_doors",
    "template_arithmetic",
    "upward_references",
]

LONGEST_FUNCTION = 50

#: Inner loops of a simulation, which run a hundred million times: a call in them costs a third of
#: the time in plain Python, and each says so above its head.
LONG_ON_PURPOSE = {
    "src/cauce/engines/capacity/kernel.py": ("run",),
    "src/cauce/engines/capacity/kernel_stage.py": ("run",),
}
LONGEST_MODULE = 500

PURE = ("errors", "values", "engines", "formats")
DOORS = ("web", "api", "cli")


@dataclass(frozen=True, slots=True)
class Finding:
    """Where something is wrong, and what to do about it."""

    path: str
    line: int
    fix: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.fix}"


@dataclass(frozen=True, slots=True)
class Reference:
    """A field of a table that names a record of another."""

    app: str
    field: str
    target_app: str
    target: str


# ----------------------------------------------------------------------------- what a file is


def room(path: str) -> str:
    """The room of a file under ``src/cauce``: ``ledger`` for ``src/cauce/ledger/models.py``."""
    parts = PurePosixPath(path).parts
    return parts[2] if parts[:2] == ("src", "cauce") and len(parts) > 3 else ""


def is_migration(path: str) -> bool:
    return "migrations" in PurePosixPath(path).parts


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


# ----------------------------------------------------------------------------- Python


def actions_with_positional_arguments(path: str, text: str) -> list[Finding]:
    """Writes are called by name: ``record(observation=…, by=…)`` cannot mix up two ids."""
    parts = PurePosixPath(path).parts
    if not (parts[-1] == "actions.py" or "actions" in parts[:-1]):
        return []
    return [
        Finding(path, node.lineno, f"{node.name}(): put `*` before the first parameter")
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith("_")
        and (node.args.posonlyargs or node.args.args or node.args.vararg)
    ]


def long_functions(path: str, text: str) -> list[Finding]:
    """A function that does not fit on a screen is two."""
    found = []
    for node in functions(ast.parse(text)):
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        whole = node.name in LONG_ON_PURPOSE.get(path, ())
        if lines > LONGEST_FUNCTION and not is_migration(path) and not whole:
            fix = f"{node.name}() has {lines} lines; divide it (at most {LONGEST_FUNCTION})"
            found.append(Finding(path, node.lineno, fix))
    return found


def long_modules(path: str, text: str) -> list[Finding]:
    """A module that cannot be read in one go is two rooms."""
    lines = text.count("\n")
    if lines < LONGEST_MODULE or is_migration(path):
        return []
    return [Finding(path, lines, f"{lines} lines; divide it (fewer than {LONGEST_MODULE})")]


def modules_that_do_not_present_themselves(path: str, text: str) -> list[Finding]:
    """A public module says which question it answers, and which of its names are public."""
    name = PurePosixPath(path).name
    private = name.startswith("_") and name != "__init__.py"
    # What Django finds by its place has no public names: settings, urls, apps, wsgi.
    found_by_place = room(path) == "project" or name in {"apps.py", "urls.py", "__main__.py"}
    tree = ast.parse(text)
    if private or is_migration(path):
        return []
    found = []
    if not ast.get_docstring(tree):
        found.append(Finding(path, 1, "open with the question this module answers"))
    if not (found_by_place or only_a_docstring(tree) or names_its_public_names(tree)):
        found.append(Finding(path, 1, "name the public names in __all__"))
    return found


def only_a_docstring(tree: ast.Module) -> bool:
    """A package that presents itself and holds nothing has nothing to make public."""
    return all(
        isinstance(node, ast.Expr)
        or (isinstance(node, ast.ImportFrom) and node.module == "__future__")
        for node in tree.body
    )


def names_its_public_names(tree: ast.Module) -> bool:
    return any(
        isinstance(target, ast.Name) and target.id == "__all__"
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
    )


def blind_excepts(path: str, text: str) -> list[Finding]:
    """Whoever catches everything hides a defect."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {ast.unparse(c) if c else "everything" for c in caught}
            if names & {"everything", "Exception", "BaseException"}:
                found.append(Finding(path, node.lineno, "name the exceptions that are expected"))
    return found


def clocks_in_pure_floors(path: str, text: str) -> list[Finding]:
    """Same input, same bytes: the time and the random generator are passed in."""
    if room(path) not in PURE:
        return []
    found = []
    for node in ast.walk(ast.parse(text)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        called = ast.unparse(node.func)
        if node.func.attr in {"now", "today", "utcnow"}:
            found.append(Finding(path, node.lineno, f"{called}(): take the time as a parameter"))
        if called.startswith("random.") and called != "random.Random":
            found.append(Finding(path, node.lineno, f"{called}(): take a generator as a parameter"))
    return found


def tables_in_doors(path: str, text: str) -> list[Finding]:
    """A door parses, asks one query or calls one action, and renders."""
    if room(path) not in DOORS:
        return []
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Import(names=names):
                imported = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module), names=names):
                imported = [f"{module}.{alias.name}" for alias in names]
            case ast.Attribute(attr="objects" | "_default_manager" | "_meta"):
                imported = ["django.db"]
            case _:
                continue
        if any(f"{name}.".startswith("django.db.") for name in imported):
            found.append(Finding(path, node.lineno, "a door knows no database: ask a query"))
    return found


def arithmetic_in_doors(path: str, text: str) -> list[Finding]:
    """A figure computed in a door has no question, no trace and no caveat."""
    if room(path) not in DOORS:
        return []
    operators = (ast.Mult, ast.FloorDiv, ast.Pow, ast.Sub)
    return [
        Finding(path, node.lineno, f"`{ast.unparse(node)}`: compute it on a floor below")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, operators)
        and not (is_text(node.left) or is_text(node.right))
    ]


def is_text(node: ast.expr) -> bool:
    """``"-" * width`` draws a line; it is no arithmetic on figures."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


PYTHON_CHECKS: Sequence[Callable[[str, str], list[Finding]]] = (
    actions_with_positional_arguments,
    long_functions,
    long_modules,
    modules_that_do_not_present_themselves,
    blind_excepts,
    clocks_in_pure_floors,
    tables_in_doors,
    arithmetic_in_doors,
)


# ----------------------------------------------------------------------------- templates

TEMPLATE_ARITHMETIC = re.compile(
    r"\|\s*(?:add|divisibleby|floatformat|intcomma)\b|\{%-?\s*widthratio\b"
)


def template_arithmetic(path: str, text: str) -> list[Finding]:
    """A template shows figures; it neither computes nor rounds one."""
    return [
        Finding(path, number, f"`{match.group(0).strip()}`: give the template the finished words")
        for number, line in enumerate(text.splitlines(), 1)
        for match in TEMPLATE_ARITHMETIC.finditer(line)
    ]


# ----------------------------------------------------------------------------- words

# One letter of each stands in a class of its own, so that this file does not hold what it forbids.
FORBIDDEN = re.compile(
    r"pyp[i]\.org|pythonhoste[d]|npmj[s]\.|deb\.debia[n]|crates\.i[o]\b"  # registries
    r"|(?<![\w.])/wor[k]/|/tmp/brie[f]|bash_job[s]"  # somebody's machine
    r"|\bclaud[e]\b|\banthropi[c]\b"  # somebody's tools
    r"|\bissue #?\d+",  # a ticket nobody else can open
    re.IGNORECASE,
)


def forbidden_words(path: str, text: str) -> list[Finding]:
    """No file names a registry's host, a path of somebody's machine or a ticket's number."""
    return [
        Finding(path, number, f"take out `{match.group(0)}`")
        for number, line in enumerate(text.splitlines(), 1)
        for match in FORBIDDEN.finditer(line)
    ]


# ----------------------------------------------------------------------------- tables


def upward_references(
    references: Iterable[Reference],
    floors: Mapping[str, int],
    *,
    allowed: Iterable[str] = (),
) -> list[Finding]:
    """A table names records of its own floor or of one below.

    ``floors`` gives each app its height (0 is the lowest); ``allowed`` names targets that every
    floor may refer to.
    """
    everywhere = set(allowed)
    return [
        Finding(
            f"src/cauce/{reference.app}/models.py",
            1,
            f"{reference.field} refers up to {reference.target_app}'s {reference.target}: "
            "turn the reference round",
        )
        for reference in references
        if floors[reference.target_app] > floors[reference.app]
        and reference.target not in everywhere
    ]
