"""Do the pages about capacity plans name every key, note and engine, and no other?"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from cauce.engines import capacity
from cauce.engines.capacity import plan_file, plan_reading
from cauce.engines.capacity.doubt import NOTES_OF_DOUBT
from cauce.engines.capacity.reconciliation import FINDINGS
from cauce.engines.capacity.result import ENGINES, NOTES
from tests.docs.pages import page

FOLDER = Path(capacity.__file__).parent
SCHEMA: dict[str, Any] = json.loads((FOLDER / "plan.schema.json").read_text(encoding="utf-8"))

#: Parts of the schema by the heading under which their keys stand.
PARTS = {
    "start": "start", "waiting": "waiting", "calendar": "calendar", "closure": "closure",
    "stage": "stage", "by_class": "by_class", "duration": "spread", "pool": "pool",
    "route": "route", "arrivals": "arrivals", "counts": "counts", "deadline": "deadline",
    "look": "look", "change": "change", "want, in a plan of staff": "want_staff",
    "want, in a plan of lanes": "want_lanes", "hours": "hours", "works": "works",
    "series": "series", "scenario": "shock",
}  # fmt: skip


def rows(heading: str) -> dict[str, str]:
    """The keys of the last table under a heading, with what is said of them."""
    text = page("how-to/write-a-plan-file.md")
    section = re.split(r"^##+ ", text.partition(f"# {heading}\n")[2], flags=re.MULTILINE)[0]
    found: dict[str, str] = {}
    for names, said in re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| (.*) \|$", section, re.MULTILINE):
        found |= dict.fromkeys(re.findall(r"`(\w+)`", names), said)
    return found


@pytest.mark.parametrize("heading", PARTS)
def test_every_key_of_a_plan_file_is_in_its_table_and_no_other(heading: str) -> None:
    part = SCHEMA["$defs"][PARTS[heading]]
    table = rows(heading)
    assert list(table.keys() ^ part["properties"].keys()) == []
    unsaid = [key for key in part.get("required", ()) if "**required**" not in table[key]]
    assert unsaid == []


def test_every_key_of_each_kind_of_plan_is_in_the_table_and_says_where() -> None:
    table = rows("The plan")
    for kind, keys in plan_file.KEYS.items():
        assert kind in table
        where = {key: said.partition(" | ")[0] for key, said in table.items()}
        stands = {key for key, said in where.items() if said == "all" or f"`{kind}`" in said}
        assert stands == set(keys), kind
    assert table.keys() == {key for keys in plan_file.KEYS.values() for key in keys} | {
        *plan_file.KINDS
    }


def test_every_way_to_be_in_doubt_is_in_the_page() -> None:
    text = page("how-to/write-a-plan-file.md")
    assert [key for key in plan_reading.DOUBT_KEYS if f"{key}:" not in text] == []


def test_every_shipped_example_is_in_the_page() -> None:
    text = page("how-to/write-a-plan-file.md")
    names = sorted(path.name for path in (FOLDER / "examples").iterdir())
    assert sorted(re.findall(r"^```\{literalinclude\} .*/(\S+)$", text, re.MULTILINE)) == names


@pytest.mark.parametrize("codes", [NOTES, NOTES_OF_DOUBT, FINDINGS])
def test_every_code_of_a_result_is_explained_with_its_parameters(
    codes: dict[str, tuple[str, ...]],
) -> None:
    text = page("explanation/capacity.md")
    for name in codes:
        params = NOTES.get(name, codes[name])
        told = ", ".join(f"`{param}`" for param in params)
        assert re.search(rf"^\| `{name}` \| {told} ?\| ", text, re.MULTILINE), name


def test_every_engine_is_explained() -> None:
    text = page("explanation/capacity.md")
    assert [name for name in ENGINES if f"| `{name}` |" not in text] == []
