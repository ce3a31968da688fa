"""How is what is recorded of a pack written as a pack again?

The same sheets as a folder of CSV files or as one workbook; reading it gives the same records, so
an export loaded elsewhere gives an entry of the same digest.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from cauce.errors import CauceError
from cauce.formats import workbook
from cauce.journal import queries
from cauce.journal.queries import Recorded
from cauce.packs.recorded import definition_sheets, holdings
from cauce.packs.sheets import META, Column, columns, facts, spelled

__all__ = ["Exported", "Sheet", "export", "write"]


@dataclass(frozen=True, slots=True)
class Sheet:
    """What goes into one sheet: its columns, and records that are read once."""

    name: str
    columns: tuple[Column, ...]
    records: Iterable[Recorded]


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written: the pack, the head it was read at, and how many records each sheet got."""

    name: str
    head: int
    path: str
    counts: Mapping[str, int]


def export(path: str, *, name: str = "", head: int | None = None) -> Exported:
    """Write what is recorded of a pack at a head (default: the newest): a workbook if the path
    ends with ``.xlsx``, else a folder. ``name`` is the path's own name unless given.

    Definitions come as they hold, facts in every version the pack brought. Raises ``unknown_pack``
    when nothing is recorded of it, and ``path_exists`` rather than write over anything.
    """
    target = Path(path)
    name = name or target.stem
    at = queries.head() if head is None else head
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise CauceError("path_exists", path=path)
    found = list(_sheets(name, at))
    if not found or found[0].name != META:
        raise CauceError("unknown_pack", path=name)
    return Exported(name, at, path, write(target, found))


def _sheets(name: str, head: int) -> Iterator[Sheet]:
    held = holdings(name, head=head)
    for sheet, model in definition_sheets().items():
        records = held.definitions(model)
        if sheet == META:
            records = [record for record in records if record.natural_id() == (name,)]
        if records:
            yield Sheet(sheet, _used(model, records), records)
    for sheet, fact in facts().items():
        used = tuple(c for c in columns(fact) if held.has_any(fact, c.field.name))
        if used:
            yield Sheet(sheet, used, held.facts(fact))


def _used(model: type[Recorded], records: Sequence[Recorded]) -> tuple[Column, ...]:
    return tuple(c for c in columns(model) if any(spelled(record, c) for record in records))


# ------------------------------------------------------------------------------- files


def write(path: Path, found: Iterable[Sheet]) -> dict[str, int]:
    """Write sheets as a folder, or as a workbook where the path says so; how many rows each got."""
    counts: dict[str, int] = {}
    if path.suffix.lower() == ".xlsx":
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as stream:
            workbook.write(stream, ((one.name, _table(one, counts)) for one in found))
        return counts
    path.mkdir(parents=True, exist_ok=True)
    for one in found:
        if one.name == META:
            _write_meta(path / f"{META}.yaml", one, counts)
        else:
            _write_csv(path / f"{one.name}.csv", one, counts)
    return counts


def _table(sheet: Sheet, counts: dict[str, int]) -> Iterator[list[str]]:
    counts[sheet.name] = 0
    yield [column.name for column in sheet.columns]
    for record in sheet.records:
        counts[sheet.name] += 1
        yield [spelled(record, column) for column in sheet.columns]


def _write_csv(path: Path, sheet: Sheet, counts: dict[str, int]) -> None:
    with path.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        for row in _table(sheet, counts):
            writer.writerow([workbook.escaped(text) for text in row])


def _write_meta(path: Path, sheet: Sheet, counts: dict[str, int]) -> None:
    names, *rows = _table(sheet, counts)
    cells = {name: text for row in rows for name, text in zip(names, row, strict=True) if text}
    with path.open("x", encoding="utf-8") as stream:
        yaml.safe_dump(cells, stream, allow_unicode=True, sort_keys=False)
