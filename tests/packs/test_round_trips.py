"""Is what is written as a pack read back as the same records, sheet by sheet, both ways?"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cauce.errors import Problem
from cauce.journal import fields
from cauce.journal.fields import clean_text
from cauce.journal.models import Recorded
from cauce.packs.reading import opened
from cauce.packs.sheets import META, columns, parse, sheets
from cauce.packs.writing import Sheet, write

TEXT = (
    st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=30)
    | st.sampled_from(["=1+1", "+400 %", "-x", "@a", "'=x", "'tis", "null", "~", "NO", "012", "-5"])
    | st.sampled_from(["a; b", "a=b", "{", '"quoted"', "1,5", "9" * 20, "2023-03"])
).map(clean_text)
WORDS = TEXT.filter(bool)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
IDS = st.from_regex(r"[a-z]{1,5}/[A-Z][A-Za-z0-9._-]{0,8}", fullmatch=True)
NUMBERS = st.integers(-(10**20), 10**20).map(str) | st.decimals(-(10**9), 10**9, places=4).map(
    lambda number: format(number, "f")
)
DATES = st.sampled_from(["2023", "2023-03", "2023-03-05", "2021?", "1996..", "..2022", "2023-Q1"])
PERIODS = st.sampled_from(
    ["2023", "2018/2023", "2023-H1", "2023-03", "2023-03-05", "2023-01-01/2023-02-03",
     "us-fiscal:2023", "ca-fiscal:2023-Q2"]
)  # fmt: skip


def cells(field: fields.RecordField[Any]) -> st.SearchStrategy[object]:
    """Cells that the field reads, among them empty ones."""
    match field:
        case fields.BoolField():
            return st.sampled_from(["", "yes", "no"])
        case fields.ChoiceField():
            return st.sampled_from(["", *field.options])
        case fields.IdField():
            return IDS | st.just("")
        case fields.NamesField():
            return st.dictionaries(st.sampled_from(fields.LANGUAGES), WORDS)
        case fields.MapField():
            return st.dictionaries(WORDS, WORDS, max_size=3)
        case fields.ListField():
            items = WORDS.map(lambda t: t.replace(";", ",")).map(clean_text).filter(bool)
            return st.lists(items, max_size=3)
        case fields.EmbargoField():
            return st.sampled_from(["", "never", "2025-01-01", "2025-01-01T12:00:00+00:00"])
        case fields.IntField():
            return st.integers(-(10**9), 10**9).map(str) | st.just("")
        case fields.FractionField():
            return st.fractions().map(str) | st.just("")
        case fields.DateField():
            return DATES | st.just("")
        case fields.PeriodField():
            return PERIODS | st.just("")
        case fields.ExactField():
            return NUMBERS | st.just("")
        case fields.BreakdownField():
            codes = NAMES | st.sampled_from(["0-17", "30+", "n/a"])
            return st.dictionaries(NAMES, codes, max_size=2)
        case _:
            return TEXT


def records(model: type[Recorded]) -> st.SearchStrategy[list[Recorded]]:
    given_cells = st.fixed_dictionaries({f.name: cells(f) for f in model.content_fields()})
    # A row without any cell is a blank row, not a record.
    made = given_cells.map(lambda row: model.from_cells(**row)).filter(lambda one: one.content())
    return st.lists(made, min_size=1, max_size=3)


def written_and_read(path: Path, sheet: str, rows: list[Recorded]) -> list[Recorded]:
    model = sheets()[sheet]
    counts = write(path, [Sheet(sheet, columns(model), rows)])
    assert counts == {sheet: len(rows)}
    problems: list[Problem] = []
    source = opened(path)
    source.sheets(lambda _: None)  # it lacks its pack sheet, which is not the point here
    found = [parse(model, row, problems.append) for row in source.rows(sheet, problems.append)]
    assert problems == []
    return [one for one in found if one is not None]


@pytest.mark.parametrize("form", ["folder", "book.xlsx"])
@pytest.mark.parametrize("sheet", [sheet for sheet in sheets() if sheet != META])
@given(data=st.data())
@settings(max_examples=6, deadline=None)
def test_a_sheet_is_read_as_it_was_written(sheet: str, form: str, data: st.DataObject) -> None:
    rows = data.draw(records(sheets()[sheet]))
    with tempfile.TemporaryDirectory() as folder:
        found = written_and_read(Path(folder) / form, sheet, rows)
    assert [one.content() for one in found] == [one.content() for one in rows]


@pytest.mark.parametrize("form", ["folder", "book.xlsx"])
@given(data=st.data())
@settings(max_examples=10, deadline=None)
def test_the_pack_sheet_is_read_as_it_was_written(form: str, data: st.DataObject) -> None:
    (row,) = data.draw(records(sheets()[META]).map(lambda rows: rows[:1]))
    with tempfile.TemporaryDirectory() as folder:
        (found,) = written_and_read(Path(folder) / form, META, [row])
    assert found.content() == row.content()


def test_every_column_of_every_sheet_is_named_once() -> None:
    for sheet, model in sheets().items():
        names = [column.name for column in columns(model)]
        assert len(names) == len(set(names)), sheet


def test_definitions_come_before_what_refers_to_them() -> None:
    order = list(sheets())
    assert order[0] == META
    assert order.index("places") < order.index("links") < order.index("observations")
