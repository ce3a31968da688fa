"""Does a workbook give back exactly what was written, and is everything that could change or
break behind a reader's back refused with its cell?"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types
from hypothesis import given
from hypothesis import strategies as st

from cauce.errors import Problem, Refusal
from cauce.formats.workbook import Limits, column_letters, escaped, read, unescaped, write

SMALL = Limits(rows=50, blank_rows=10, columns=8, cells=200, problems=3)

Table = list[list[str]]


# ------------------------------------------------------------------------- what goes both ways

# What a cell of a pack can hold: no control characters, no space at the ends, no lone \r.
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"), max_size=20
).map(str.strip)
NUMBERS = st.one_of(
    st.integers(-(10**18), 10**18).map(str),
    st.decimals(-(10**9), 10**9, places=3).map(lambda number: format(number, "f")),
)
CELLS = TEXT | NUMBERS | st.sampled_from(["=1+1", "'=x", "-5", "-x", "''@", "0012", "2023-03"])


@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=5))
def test_what_is_written_is_read_again(rows: Table) -> None:
    assert round_trip(rows) == [trimmed(row) for row in trimmed_rows(rows)]


@given(CELLS)
def test_what_is_escaped_is_unescaped(text: str) -> None:
    assert unescaped(escaped(text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=SUM(A1)", "'=SUM(A1)"),
        ("+400 %", "'+400 %"),
        ("@home", "'@home"),
        ("- a dash", "'- a dash"),
        ("'=x", "''=x"),
        ("-5", "-5"),
        ("-5.25", "-5.25"),
        ("'tis", "'tis"),
        ("plain", "plain"),
    ],
)
def test_a_text_that_would_run_is_written_with_an_apostrophe(text: str, written: str) -> None:
    assert escaped(text) == written
    assert unescaped(written) == text


def test_the_same_tables_give_the_same_bytes() -> None:
    assert written([["a", "1"]]) == written([["a", "1"]])


def test_several_sheets_keep_their_order_and_names() -> None:
    stream = io.BytesIO()
    write(stream, [("tree", [["code"], ["x/1"]]), ("claims", [["code"]])])
    assert read(stream, name="p.xlsx") == {"tree": [("code",), ("x/1",)], "claims": [("code",)]}


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="32768"):
        written([["x" * 32_768]])


@pytest.mark.parametrize(("number", "letters"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_columns_are_named_as_a_spreadsheet_names_them(number: int, letters: str) -> None:
    assert column_letters(number) == letters


# ------------------------------------------------------------------------- what people type


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (0.1, "", "0.1"),
        (118756, "#,##0", "118756"),
        (2023, "", "2023"),
        (-2.5, "", "-2.5"),
        (0.0000001, "", "0.0000001"),
        (True, "", "yes"),
        (False, "", "no"),
        (date(2023, 3, 5), "yyyy-mm-dd", "2023-03-05"),
        (datetime(2023, 3, 5), "d-mmm-yy", "2023-03-05"),  # noqa: DTZ001 - as a cell has it
        (date(2023, 3, 1), "mmm-yy", "2023-03"),
        (date(2023, 3, 1), 'mmmm" de "yyyy', "2023-03"),
        (date(2023, 1, 1), "yyyy", "2023"),
        (datetime(2023, 3, 5, 10, 30), "yyyy-mm-dd hh:mm", "2023-03-05 10:30:00"),  # noqa: DTZ001
        (datetime(2023, 3, 5), "yyyy-mm-dd hh:mm", "2023-03-05"),  # noqa: DTZ001
        (time(10, 30), "hh:mm", "10:30:00"),
        (timedelta(hours=30), "[h]:mm", "1 day, 6:00:00"),
    ],
)
def test_a_cell_is_read_as_it_is_shown(value: object, number_format: str, text: str) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write(0, 0, value, book.add_format({"num_format": number_format or "General"}))

    assert read(made(fill), name="p.xlsx")["a"] == [(text,)]


def test_the_builtin_month_format_shows_no_day() -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_datetime(0, 0, date(2023, 1, 1), book.add_format({"num_format": 17}))

    assert read(made(fill), name="p.xlsx")["a"] == [("2023-01",)]


@pytest.mark.parametrize("number", [9007199254740993, 1e15, 0.12345678901234567, 1e300])
def test_a_number_that_the_spreadsheet_has_rounded_is_refused(number: float) -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_number(2, 1, number)

    assert found(made(fill)) == [("bad_number", "p.xlsx a!B3")]


# ------------------------------------------------------------------------- what is refused


def test_every_formula_is_named_with_its_cell() -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.write_formula("A1", "=1+1")
        sheet.write_formula("C7", "=NOW()", None, "#REF!")

    assert found(made(fill)) == [("formula_cell", "p.xlsx a!A1"), ("formula_cell", "p.xlsx a!C7")]


def test_after_many_formulas_the_search_stops() -> None:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for row in range(9):
            sheet.write_formula(row, 0, "=1+1")

    assert len(found(made(fill), SMALL)) == SMALL.problems


def test_an_error_value_is_refused_even_when_its_formula_is_gone() -> None:
    damaged = edited(written([["x"]]), "xl/worksheets/sheet1.xml", cell('t="e"', "#REF!"))
    assert found(damaged) == [("formula_cell", "p.xlsx a!A1")]


def test_a_million_empty_rows_are_refused() -> None:
    rows = "".join(f'<row r="{n}" spans="1:1"/>' for n in range(2, 1_000_001))
    damaged = edited(written([["x"]]), "xl/worksheets/sheet1.xml", after_rows(rows))
    assert found(damaged) == [("too_many_rows", "p.xlsx a!A10003")]


def test_a_gap_counts_as_blank_rows() -> None:
    assert found(io.BytesIO(sparse((0, 0), (20, 0))), SMALL) == [("too_many_rows", "p.xlsx a!A21")]
    assert found(io.BytesIO(sparse((0, 0), (11, 0))), SMALL) == []


def test_blank_rows_add_up() -> None:
    stream = io.BytesIO(sparse((0, 0), (6, 0), (13, 0)))
    assert found(stream, SMALL) == [("too_many_rows", "p.xlsx a!A14")]


def test_too_many_rows_are_refused() -> None:
    rows = [["x"] for _ in range(51)]
    assert found(io.BytesIO(written(rows)), SMALL) == [("too_many_rows", "p.xlsx a!A51")]


def test_too_many_columns_are_refused() -> None:
    assert found(io.BytesIO(sparse((0, 8))), SMALL) == [("bad_workbook", "p.xlsx a!I1")]


def test_too_many_cells_are_refused() -> None:
    rows = [["x"] * 5 for _ in range(50)]
    assert found(io.BytesIO(written(rows)), SMALL) == [("too_many_rows", "p.xlsx a!A41")]


@pytest.mark.parametrize(
    "part",
    [
        "xl/vbaProject.bin",
        "xl/externalLinks/externalLink1.xml",
        "xl/connections.xml",
        "xl/embeddings/object.bin",
        "xl/macrosheets/sheet1.xml",
    ],
)
def test_what_runs_or_fetches_something_is_refused(part: str) -> None:
    problems = refused(with_part(written([["x"]]), part, b"x"))
    assert [(p.code, p.params["detail"]) for p in problems] == [("bad_workbook", part)]


def test_a_bomb_is_refused_before_it_opens() -> None:
    bomb = with_part(written([["x"]]), "xl/media/huge", b"0" * 2_000_000)
    assert len(bomb.getvalue()) < 20_000
    assert found(bomb, Limits(unpacked=1_000_000)) == [("file_too_large", "p.xlsx")]


def test_too_many_parts_are_refused() -> None:
    assert found(io.BytesIO(written([["x"]])), Limits(parts=3)) == [("file_too_large", "p.xlsx")]


def test_a_large_file_is_refused() -> None:
    assert found(io.BytesIO(written([["x"]])), Limits(file=100)) == [("file_too_large", "p.xlsx")]


def doctype(xml: bytes) -> bytes:
    return xml.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)


@pytest.mark.parametrize(
    ("damage", "detail"),
    [
        (lambda data: b"name;value\n", "zip"),
        (lambda data: data[:300], "zip"),
        (lambda data: sheet_xml(data, doctype), "xml"),
        (lambda data: sheet_xml(data, lambda xml: xml[:200]), "xml"),
        (lambda data: sheet_xml(data, lambda xml: xml.replace(b'row r="1"', b'row r="z"')), "xml"),
        (lambda data: without(data, "xl/workbook.xml"), "xl/workbook.xml"),
        (lambda data: without(data, "xl/worksheets/sheet1.xml"), "zip"),
        (lambda data: sheet_xml(data, cell('t="s"', "5")), "cells"),
        (lambda data: flagged_as_encrypted(data), "encrypted"),
        (lambda data: with_wrong_checksum(data), "xl/worksheets/sheet1.xml"),
    ],
)
def test_a_damaged_file_is_refused(damage: Callable[[bytes], bytes], detail: str) -> None:
    problems = refused(io.BytesIO(damage(written([["x"]]))))
    assert [p.code for p in problems] == ["bad_workbook"]
    assert problems[0].params["detail"] == detail


def test_cells_and_rows_without_an_address_are_counted() -> None:
    def bare(xml: bytes) -> bytes:
        rows = b"<row><c><v>1</v></c><c><v>2</v></c></row><row><c><f>1+1</f><v>2</v></c></row>"
        return (
            xml.partition(b"<sheetData>")[0] + b"<sheetData>" + rows + b"</sheetData></worksheet>"
        )

    data = sheet_xml(written([["x"]]), bare)
    assert found(io.BytesIO(data)) == [("formula_cell", "p.xlsx a!A2")]


def test_chart_sheets_are_left_out() -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("a")
        sheet.write(0, 0, 5)
        chart = book.add_chart({"type": "line"})
        chart.add_series({"values": "=a!$A$1:$A$1"})
        book.add_chartsheet("picture").set_chart(chart)
    assert read(stream, name="p.xlsx") == {"a": [("5",)]}


def test_a_workbook_without_styles_is_read() -> None:
    data = without(written([["5"]]), "xl/styles.xml")
    assert read(io.BytesIO(data), name="p.xlsx") == {"a": [("5",)]}


# ------------------------------------------------------------------------- helpers


def written(rows: Table) -> bytes:
    stream = io.BytesIO()
    write(stream, [("a", rows)])
    return stream.getvalue()


def round_trip(rows: Table) -> list[tuple[str, ...]]:
    return read(io.BytesIO(written(rows)), name="p.xlsx")["a"]


def trimmed(row: list[str]) -> tuple[str, ...]:
    while row and not row[-1]:
        row = row[:-1]
    return tuple(row)


def trimmed_rows(rows: Table) -> Table:
    while rows and not any(rows[-1]):
        rows = rows[:-1]
    return rows


def made(
    fill: Callable[[xlsxwriter.Workbook, xlsxwriter.worksheet.Worksheet], None],
) -> io.BytesIO:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        fill(book, book.add_worksheet("a"))
    return stream


def sparse(*cells: tuple[int, int]) -> bytes:
    def fill(book: xlsxwriter.Workbook, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        for row, column in cells:
            sheet.write(row, column, "x")

    return made(fill).getvalue()


def refused(stream: io.BytesIO, limits: Limits | None = None) -> tuple[Problem, ...]:
    with pytest.raises(Refusal) as refusal:
        read(stream, name="p.xlsx", limits=limits or Limits())
    return refusal.value.problems


def found(stream: io.BytesIO, limits: Limits | None = None) -> list[tuple[str, str]]:
    try:
        read(stream, name="p.xlsx", limits=limits or Limits())
    except Refusal as refusal:
        return [(p.code, str(p.place)) for p in refusal.problems]
    return []


def repacked(data: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = change(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return stream.getvalue()


def sheet_xml(data: bytes, change: Callable[[bytes], bytes]) -> bytes:
    path = "xl/worksheets/sheet1.xml"
    return repacked(data, lambda name, content: change(content) if name == path else content)


def edited(data: bytes, path: str, change: Callable[[bytes], bytes]) -> io.BytesIO:
    return io.BytesIO(
        repacked(data, lambda name, content: change(content) if name == path else content)
    )


def cell(attributes: str, value: str) -> Callable[[bytes], bytes]:
    new = f'<row r="1"><c r="A1" {attributes}><v>{value}</v></c></row></sheetData>'.encode()
    return lambda xml: xml.partition(b"<row")[0] + new + xml.partition(b"</sheetData>")[2]


def after_rows(rows: str) -> Callable[[bytes], bytes]:
    return lambda xml: xml.replace(b"</sheetData>", rows.encode() + b"</sheetData>")


def without(data: bytes, part: str) -> bytes:
    return repacked(data, lambda name, content: None if name == part else content)


def with_part(data: bytes, part: str, content: bytes) -> io.BytesIO:
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, content)
    return stream


def flagged_as_encrypted(data: bytes) -> bytes:
    at = data.rindex(b"PK\x01\x02") + 8
    return data[:at] + bytes([data[at] | 1]) + data[at + 1 :]


def with_wrong_checksum(data: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        crc = archive.getinfo("xl/worksheets/sheet1.xml").CRC.to_bytes(4, "little")
    return data.replace(crc, bytes(4))
