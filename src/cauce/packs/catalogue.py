"""Which packs are meant, and which come before which?

A pack is named by its path or, if it comes with Cauce, by its name. What it requires and nobody
has recorded yet is added from the shipped packs; an order is found in which each pack comes after
those it requires.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cauce.errors import CauceError
from cauce.frameworks.queries import Pack
from cauce.packs.reading import Source, opened
from cauce.packs.sheets import META, parse

__all__ = ["Wanted", "demonstration", "shipped", "wanted"]

_FOLDER = Path(__file__).parent / "shipped"
_DEMONSTRATION = Path(__file__).parent / "demo"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pack to be read: what it says it is called (its label, where it does not say), what it
    requires, and whether it was asked for or only is required."""

    source: Source
    name: str
    requires: tuple[str, ...]
    asked: bool = True


def shipped() -> tuple[str, ...]:
    """The names of the packs that come with Cauce, each after those it requires."""
    names = sorted(path.parent.name for path in _FOLDER.glob(f"*/{META}.yaml"))
    return tuple(one.name for one in wanted(names, recorded=()))


def demonstration() -> str:
    """The path of the pack of invented data: loaded by ``cauce demo`` alone, never by name."""
    return str(_DEMONSTRATION)


def wanted(paths: Sequence[str], *, recorded: Collection[str]) -> list[Wanted]:
    """The packs at the paths and the shipped ones they require that are not recorded, in order.

    Raises ``file_missing``, ``unknown_pack``, ``duplicate_id`` (two packs of one name) and
    ``cycle`` (two packs that require each other).
    """
    found: dict[str, Wanted] = {}
    for path in paths:
        one = _opened(path, asked=True)
        if one.name in found:
            raise CauceError("duplicate_id", id=one.name, first=found[one.name].source.label)
        found[one.name] = one
    waiting = [name for one in found.values() for name in one.requires]
    while waiting:
        name = waiting.pop()
        if name not in found and name not in recorded and _is_shipped(name):
            found[name] = _opened(name, asked=False)
            waiting.extend(found[name].requires)
    return _in_order(found.values())


def _is_shipped(name: str) -> bool:
    return "/" not in name and (_FOLDER / name / f"{META}.yaml").is_file()


def _opened(path: str, *, asked: bool) -> Wanted:
    is_name = _is_shipped(path) and not (asked and Path(path).exists())
    source = opened(_FOLDER / path, path) if is_name else opened(Path(path))
    meta = _meta(source)
    if meta is None:
        return Wanted(source, source.label, (), asked)  # the check says what is wrong with it
    return Wanted(source, meta.name or source.label, meta.requires, asked)


def _meta(source: Source) -> Pack | None:
    source.sheets(lambda _: None)
    for row in source.rows(META, lambda _: None):
        return parse(Pack, row, lambda _: None)
    return None


def _in_order(packs: Iterable[Wanted]) -> list[Wanted]:
    by_name = {one.name: one for one in packs}
    done: list[Wanted] = []
    open_: list[str] = []

    def visit(one: Wanted) -> None:
        if one in done:
            return
        if one.name in open_:
            raise CauceError("cycle", id=one.name)
        open_.append(one.name)
        for name in one.requires:
            if name in by_name:
                visit(by_name[name])
        open_.pop()
        done.append(one)

    for one in by_name.values():
        visit(one)
    return done
