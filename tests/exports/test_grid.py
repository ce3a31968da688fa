"""Does a table leave a page whole: the same values for people and machines, nothing that runs?"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from python_calamine import CalamineWorkbook

from cauce.exports.copying import copyable
from cauce.exports.csv_file import csv_bytes
from cauce.exports.grid import Cell, Column, Grid, Rows, json_bytes, text_bytes, text_of
from cauce.exports.workbook import xlsx_bytes
from cauce.formats.workbook import read
from cauce.words.foreign import foreign
from tests.exports.told import CREATED

COLUMNS = (
    Column("period", "Periodo"),
    Column("value", "Valor", "number"),
    Column("share", "Parte", "percent"),
    Column("published", "Publicado", "date"),
)
ROWS = (
    (Cell("2021"), Cell("129,585", Fraction(129585)), Cell("50%", Fraction(1, 2)),
     Cell("5 de enero de 2022", day=date(2022, 1, 5))),
    (Cell("2022"), Cell("118,756.5", Fraction(237513, 2)), Cell("-19.7%", Fraction(-197, 1000)),
     Cell("fecha no registrada")),
    (Cell("2023"), Cell("sin dato"), Cell(""), Cell("")),
)  # fmt: skip
GRID = Grid("solicitudes", "Solicitudes", COLUMNS, ROWS, (("Fuente", "COMAR"),), "es")

HOSTILE = ['=HYPERLINK("https://x")', "+1", "@SUM(A1)", "-2+3", "\t=1", "\r=1", " =1", "＝1"]


def of_texts(*texts: str) -> Grid:
    return Grid("textos", "Textos", (Column("text", "Texto"),), tuple((Cell(t),) for t in texts))


def csv_rows(grid: Grid) -> list[list[str]]:
    return list(csv.reader(io.StringIO(csv_bytes(grid).decode(), newline="")))


def sheets(grid: Grid, **options: str) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(xlsx_bytes(grid, created=CREATED, **options)))


# ------------------------------------------------------------------------- what a table may be


def test_a_row_of_another_width_is_refused() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells, not 4"):
        Grid("a", "A", COLUMNS, (ROWS[0], (Cell("2022"),)))


def test_a_page_of_a_long_table_makes_its_own_rows_alone_and_once() -> None:
    made: list[int] = []

    def row(number: int) -> tuple[Cell, ...]:
        made.append(number)
        return (Cell(str(number)), Cell("x"))

    columns = (Column("a", "Qué"), Column("b", "Nota"))
    long = Grid("a", "T", columns, Rows(range(1000), row))
    page = long.only("b", "a").part(51, 53)
    assert len(long.rows) == 1000
    assert [[cell.text for cell in one] for one in page.rows] == [
        ["x", str(n)] for n in (50, 51, 52)
    ]
    assert list(page.rows)[-1] == (Cell("x"), Cell("52"))
    assert made == [50, 51, 52]
    with pytest.raises(IndexError):
        page.rows[3]


def test_a_row_of_another_width_is_refused_when_it_is_made() -> None:
    grid = Grid(
        "a", "T", (Column("a", "Qué"),), Rows(("x",), lambda text: (Cell(text), Cell(text)))
    )
    with pytest.raises(ValueError, match="2 cells, not 1"):
        grid.rows[0]


@pytest.mark.parametrize(
    ("name", "title", "language", "columns"),
    [
        ("../a", "A", "es", COLUMNS),
        ("a", "", "es", COLUMNS),
        ("a", "A", "de", COLUMNS),
        ("a", "A", "es", ()),
        ("a", "A", "es", (COLUMNS[0], COLUMNS[0])),
    ],
)
def test_a_table_that_could_not_be_taken_away_is_refused(
    name: str, title: str, language: str, columns: tuple[Column, ...]
) -> None:
    with pytest.raises(ValueError, match=r"."):
        Grid(name, title, columns, (), (), language)


@pytest.mark.parametrize(("key", "heading"), [("Año", "Año"), ("year", "")])
def test_a_column_has_a_plain_name_and_a_heading(key: str, heading: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Column(key, heading)


def test_a_column_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="money"):
        Column("a", "A", "money")  # type: ignore[arg-type]  # that is what is refused


def test_a_number_is_never_without_words() -> None:
    with pytest.raises(ValueError, match="without words"):
        Cell("", Fraction(1))
    with pytest.raises(ValueError, match="not both"):
        Cell("1", Fraction(1), date(2022, 1, 5))


def test_a_narrow_page_shows_fewer_columns() -> None:
    narrow = GRID.only("value", "period")
    assert [column.key for column in narrow.columns] == ["value", "period"]
    assert [row[1].text for row in narrow.rows] == ["2021", "2022", "2023"]


# ------------------------------------------------------------------------- CSV and JSON


def test_csv_has_plain_numbers_iso_dates_and_the_words_of_what_is_no_number() -> None:
    assert csv_rows(GRID) == [
        ["period", "value", "value_text", "share", "published", "published_text"],
        ["2021", "129585", "129,585", "0.5", "2022-01-05", "5 de enero de 2022"],
        ["2022", "118756.5", "118,756.5", "-0.197", "", "fecha no registrada"],
        ["2023", "", "sin dato", "", "", ""],
    ]


def test_csv_begins_without_a_byte_order_mark() -> None:
    assert csv_bytes(GRID).startswith(b"period,")


def test_json_tells_the_same_as_csv() -> None:
    found = json.loads(json_bytes(GRID))
    fields, *rows = csv_rows(GRID)
    assert [[row[f] or "" for f in fields] for row in found["rows"]] == rows
    assert found["rows"][2]["value"] is None
    assert found["notes"] == [{"label": "Fuente", "text": "COMAR"}]
    assert found["columns"][1] == {"key": "value", "heading": "Valor", "kind": "number"}


def test_a_code_stands_for_the_words_or_beside_them() -> None:
    columns = (Column("place", "Lugar", worded=True), Column("state", "Estado"))
    grid = Grid("a", "A", columns, ((Cell("México", code="MEX"), Cell("sí", code="known")),))
    assert csv_rows(grid) == [["place", "place_text", "state"], ["MEX", "México", "known"]]


def test_marks_of_foreign_names_stay_on_the_page() -> None:
    grid = of_texts(foreign("Sembrando Vida", "es", "en"))
    for data in (csv_bytes(grid), json_bytes(grid), text_bytes(text_of(grid))):
        assert b"Sembrando Vida" in data
        assert "\ue000".encode() not in data


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_would_run_is_harmless_everywhere(text: str) -> None:
    grid = of_texts(text)
    assert csv_rows(grid)[1] == [f"'{text}"]
    assert copyable(grid, decimal=".").splitlines()[1].startswith("'")
    # No formula in the cell, and none when the file is saved as CSV or the cell is edited.
    data = xlsx_bytes(grid, created=CREATED)
    assert b"<f>" not in zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    assert read(io.BytesIO(data), name="a.xlsx")["Tabla"][1][0].strip() == text.strip()
    assert str(sheets(grid).get_sheet_by_index(0).to_python()[1][0]).startswith("'")


def test_a_negative_number_is_not_damaged() -> None:
    grid = Grid("a", "A", (Column("n", "N", "number"),), ((Cell("-5", Fraction(-5)),),))
    assert csv_rows(grid)[1] == ["-5"]
    assert copyable(grid, decimal=",") == "N\n-5\n"
    assert sheets(grid).get_sheet_by_index(0).to_python()[1] == [-5.0]


# ------------------------------------------------------------------------- plain text and copies


def test_a_narrow_table_reads_in_columns() -> None:
    assert text_of(GRID) == (
        "Solicitudes\n"
        "\n"
        "Periodo      Valor   Parte  Publicado\n"
        "-------  ---------  ------  -------------------\n"
        "2021       129,585     50%  5 de enero de 2022\n"
        "2022     118,756.5  -19.7%  fecha no registrada\n"
        "2023      sin dato\n"
        "\n"
        "Fuente: COMAR\n"
    )


def test_a_wide_table_is_told_row_by_row() -> None:
    columns = (Column("a", "Qué"), Column("b", "Nota"))
    grid = Grid("a", "T", columns, ((Cell("x"), Cell("y" * 99)), (Cell("z"), Cell(""))), (), "fr")
    assert text_of(grid) == f"T\n\nQué\u00a0: x\nNota\u00a0: {'y' * 99}\n\nQué\u00a0: z\n"


def test_text_told_row_by_row_says_a_number_once() -> None:
    columns = (
        Column("value", "Valor", "number"),
        Column("low", "Mínimo", "number", echoes="value"),
    )
    wide = (*columns, Column("note", "Nota"))
    seven = Fraction(7)
    rows = tuple(
        (Cell(text, seven), Cell(low, seven), Cell("n" * 200))
        for text, low in (("7", "7"), ("8", "7"))
    )
    exact, ranged = text_of(Grid("t", "T", wide, rows)).split("\n\n")[1:3]
    assert "Mínimo" not in exact
    assert "Mínimo: 7" in ranged


def test_a_file_of_text_ends_with_one_newline() -> None:
    assert text_bytes("año\n\n") == "año\n".encode()


@pytest.mark.parametrize(
    ("decimal", "lines"),
    [
        (",", ["2021\t129585\t50%\t2022-01-05", "2022\t118756,5\t-19,7%\tfecha no registrada"]),
        (".", ["2021\t129585\t50%\t2022-01-05", "2022\t118756.5\t-19.7%\tfecha no registrada"]),
    ],
)
def test_what_is_pasted_survives_a_decimal_comma(decimal: str, lines: list[str]) -> None:
    copied = copyable(GRID, decimal=decimal)  # type: ignore[arg-type]  # one of the two
    assert copied.splitlines() == [
        "Periodo\tValor\tParte\tPublicado", *lines, "2023\tsin dato\t\t",
    ]  # fmt: skip


def test_tabs_and_lines_within_a_text_do_not_break_the_table() -> None:
    assert copyable(of_texts("a\tb\nc"), decimal=",") == "Texto\na b c\n"


# ------------------------------------------------------------------------- the workbook


def test_numbers_are_numbers_and_dates_are_dates() -> None:
    rows = sheets(GRID).get_sheet_by_index(0).to_python()
    assert rows == [
        ["Periodo", "Valor", "Parte", "Publicado"],
        ["2021", 129585.0, 0.5, date(2022, 1, 5)],
        ["2022", 118756.5, -0.197, "fecha no registrada"],
        ["2023", "sin dato", "", ""],
    ]


def test_the_cell_equals_the_json_value() -> None:
    cells = [Fraction(2, 3), Fraction(118756), Fraction(1, 8), Fraction(10**15 - 1)]
    grid = Grid("a", "A", (Column("n", "N", "number"),), tuple((Cell("n", c),) for c in cells))
    told = [float(row["n"]) for row in json.loads(json_bytes(grid))["rows"]]
    assert [row[0] for row in sheets(grid).get_sheet_by_index(0).to_python()[1:]] == told


@pytest.mark.parametrize(
    ("number", "text"),
    [(Fraction(10**15 + 1), "1000000000000001"), (Fraction(10**16 + 1, 10), "1000000000000000.1")],
)
def test_a_number_that_a_spreadsheet_would_cut_is_written_as_text(
    number: Fraction, text: str
) -> None:
    grid = Grid("a", "A", (Column("n", "N", "number"),), ((Cell("n", number),),))
    assert sheets(grid).get_sheet_by_index(0).to_python()[1] == [text]


def test_a_day_before_the_spreadsheets_calendar_is_text() -> None:
    day = date(1848, 2, 2)
    grid = Grid("a", "A", (Column("d", "D", "date"),), ((Cell("1848", day=day),),))
    assert sheets(grid).get_sheet_by_index(0).to_python()[1] == ["1848-02-02"]


def test_a_cell_shows_the_digits_its_number_has() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(GRID, created=CREATED))) as book:
        styles = book.read("xl/styles.xml").decode()
    for shown in ("#,##0", "#,##0.0", "#,##0%", "#,##0.0%", "yyyy-mm-dd"):
        assert f'formatCode="{shown}"' in styles


def test_where_it_comes_from_stands_on_the_second_sheet() -> None:
    book = sheets(GRID)
    assert book.sheet_names == ["Tabla", "Notas"]
    assert book.get_sheet_by_index(1).to_python() == [
        ["Título", "Solicitudes"], ["Fuente", "COMAR"],
    ]  # fmt: skip


def test_the_heading_stays_in_sight_and_filters() -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_bytes(GRID, created=CREATED))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        core = book.read("docProps/core.xml").decode()
        custom = book.read("docProps/custom.xml").decode()
    assert 'ySplit="1"' in sheet
    assert '<autoFilter ref="A1:D4"/>' in sheet
    assert "<dc:title>Solicitudes</dc:title>" in core
    assert "<vt:lpwstr>es</vt:lpwstr>" in custom


@pytest.mark.parametrize(
    ("href", "site", "target"),
    [
        ("https://a.example/x", "", "https://a.example/x"),
        ("/es/x", "https://cauce.example/", "https://cauce.example/es/x"),
        ("/es/x", "", ""),
        ("//evil.example", "https://cauce.example", ""),
        ("javascript:alert(1)", "https://cauce.example", ""),
        ("file:///etc/passwd", "https://cauce.example", ""),
    ],
)
def test_only_addresses_of_the_web_become_links(href: str, site: str, target: str) -> None:
    grid = Grid("a", "A", (Column("t", "T"),), ((Cell("x", href=href),),))
    data = xlsx_bytes(grid, created=CREATED, site=site)
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [name for name in book.namelist() if name.endswith("sheet1.xml.rels")]
        links = "".join(book.read(name).decode() for name in names)
    assert (f'Target="{target}"' in links) if target else not links
    assert read(io.BytesIO(data), name="a.xlsx")["Tabla"][1] == ("x",)


def test_the_same_table_gives_the_same_bytes() -> None:
    assert xlsx_bytes(GRID, created=CREATED) == xlsx_bytes(GRID, created=CREATED)
    other = datetime(2027, 1, 1, tzinfo=UTC)
    assert xlsx_bytes(GRID, created=CREATED) != xlsx_bytes(GRID, created=other)


def test_a_table_without_rows_is_still_a_table() -> None:
    empty = Grid("a", "A", COLUMNS, ())
    assert len(csv_rows(empty)) == 1
    assert json.loads(json_bytes(empty))["rows"] == []
    assert text_of(empty).startswith("A\n\nPeriodo")
    assert sheets(empty).get_sheet_by_index(0).to_python() == [[c.heading for c in COLUMNS]]


def test_ten_thousand_rows_leave_whole() -> None:
    grid = Grid("a", "A", COLUMNS, tuple(ROWS[n % 3] for n in range(10_000)))
    assert len(csv_rows(grid)) == 10_001
    assert len(sheets(grid).get_sheet_by_index(0).to_python()) == 10_001
    assert len(copyable(grid, decimal=",").splitlines()) == 10_001


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    with pytest.raises(ValueError, match="40000"):
        xlsx_bytes(of_texts("x" * 40_000), created=CREATED)
