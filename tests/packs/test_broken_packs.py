"""Is everything that is wrong in a pack told at once, each at its place, with nothing recorded?"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from cauce.errors import CauceError, Problem, Refusal
from cauce.packs import checking, csv_rows, loading, reading, rows, yaml_rows
from tests.packs.files import SOUND, changed, pack_at

#: A code and its place.
Told = tuple[str, str]


def problems(path: str | Path) -> list[Problem]:
    """Everything wrong with a pack, where there is no workspace."""
    try:
        loading.check([str(path)])
    except Refusal as refusal:
        return list(refusal.problems)
    return []


def told(path: str | Path) -> list[Told]:
    """Codes and places, relative to the pack."""
    return [(p.code, str(p.place).removeprefix(f"{path}/")) for p in problems(path)]


def test_the_sound_pack_is_sound(tmp_path: Path) -> None:
    (summary,) = loading.check([pack_at(tmp_path / "x")])
    assert (summary.name, summary.version, summary.definitions, summary.facts) == ("x", "1", 14, 3)


# ------------------------------------------------------------------------------- one thing wrong


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        # Cells that do not parse.
        ("observations.csv", "2022,,100", "20222,,100",
         ("bad_period", "observations.csv:2 period")),
        ("observations.csv", "2022,,100", "2023/2022,,100",
         ("period_backwards", "observations.csv:2 period")),
        ("observations.csv", "2022,,100", "2022,,1e3", ("bad_number", "observations.csv:2 value")),
        ("observations.csv", "2022,,100", '2022,,"1,000"',
         ("bad_number", "observations.csv:2 value")),
        ("observations.csv", "2022,,100", "2022,,+400 %",
         ("bare_percent_change", "observations.csv:2 value")),
        ("observations.csv", "2022,,100", "2022,,'-12.5%",
         ("bare_percent_change", "observations.csv:2 value")),
        ("observations.csv", "sex=f", "sex", ("bad_breakdown", "observations.csv:3 breakdown")),
        ("observations.csv", "x/S,2022-01", "x/S,spring",
         ("bad_date", "observations.csv:4 public_at")),
        ("organisations.csv", "x/A,agency", "x/A,club", ("bad_choice", "organisations.csv:2 kind")),
        ("places.csv", "MX-CHP,sub", "MX CHP,sub", ("bad_id", "places.csv:4 code")),
        ("places.csv", "Mexico", "Mexico\x07", ("control_character", "places.csv:3 name_en")),
        # References.
        ("observations.csv", "x/I,x/A,MEX,2022,,", "x/NO,x/A,MEX,2022,,",
         ("unknown_indicator", "observations.csv:2 indicator")),
        ("observations.csv", "x/A,MEX,2021", "x/A,BLZ,2021",
         ("unknown_place", "observations.csv:4 place")),
        ("tree.csv", "x/F,x/1,", "x/F,x/NO,", ("unknown_programme", "tree.csv:3 parent")),
        ("frameworks.yaml", "- code: x/F", "- code: x/F\n          body: x/NO",
         ("unknown_body", "frameworks.yaml:2 body")),
        # Codes.
        ("observations.csv", "sex=f", "sex=x", ("unknown_code", "observations.csv:3 breakdown")),
        ("observations.csv", "sex=f", "age=1",
         ("unknown_dimension", "observations.csv:3 breakdown")),
        # Rules of values.
        ("observations.csv", "2022,,100", "2022,,100.5",
         ("too_many_digits", "observations.csv:2 value")),
        ("observations.csv", "2022,,100", "2022,,-100",
         ("negative_value", "observations.csv:2 value")),
        ("observations.csv", "2022,,100", "2022,,", ("value_missing", "observations.csv:2 value")),
        ("indicators.yaml", "preset: flow", "preset: flows",
         ("declaration_conflict", "indicators.yaml:5 preset")),
        ("indicators.yaml", "preset: flow", "margins: [nationality]",
         ("bad_margin", "indicators.yaml:5 margins")),
        # Ids.
        ("organisations.csv", "x/B", "x/A", ("duplicate_id", "organisations.csv:3 code")),
        ("organisations.csv", "x/B", "y/B", ("foreign_id", "organisations.csv:3 code")),
        ("places.csv", "MX-CHP", "Chiapas", ("foreign_id", "places.csv:4 code")),
        ("codes.csv", "x/SEX,m", "x/SEX,f", ("duplicate_id", "codes.csv:3 code")),
        ("observations.csv", "MEX,2021,,90,x/A,x/S,2022-01",
         "MEX,2022-01/2022-12,,90,x/A,x/S,2023-01",
         ("same_key_twice", "observations.csv:4")),
        # Trees.
        ("places.csv", "WORLD,region,World,", "WORLD,region,World,MX-CHP",
         ("cycle", "places.csv:2 within")),
        # Required cells and columns.
        ("places.csv", "MEX,country", "MEX,", ("field_required", "places.csv:3 kind")),
        ("indicators.yaml", "name: {en: Persons}", "name: {}",
         ("field_required", "indicators.yaml:3 name")),
        ("places.csv", "within", "inside", ("unknown_column", "places.csv:1")),
        ("places.csv", "within", "kind", ("duplicate_id", "places.csv:1")),
        ("indicators.yaml", "unit:", "units:", ("unknown_column", "indicators.yaml:4 units")),
        # The pack itself.
        ("pack.yaml", "name: x", "name: X", ("bad_id", "pack.yaml:1 name")),
        ("pack.yaml", 'version: "1"', "", ("field_required", "pack.yaml:1 version")),
        ("pack.yaml", "licence: CC-BY-4.0", "requires: [nobody]",
         ("unknown_pack", "pack.yaml:4 requires")),
        ("pack.yaml", "licence: CC-BY-4.0", "---\n        name: y", ("bad_yaml", "pack.yaml:4")),
        # YAML.
        ("indicators.yaml", "unit: person", "unit: &a person", ("yaml_alias", "indicators.yaml:4")),
        ("indicators.yaml", "unit: person", "unit: *a", ("yaml_alias", "indicators.yaml:4")),
        ("indicators.yaml", "unit: person", "unit: !!python/name:os person",
         ("bad_yaml", "indicators.yaml:4")),
        ("indicators.yaml", "unit: person", "unit: person\n          unit: file",
         ("duplicate_id", "indicators.yaml:5")),
        ("indicators.yaml", "{en: Persons}", "{en: Persons, en: People}",
         ("duplicate_id", "indicators.yaml:3")),
        ("indicators.yaml", "{en: Persons}", "{en: {a: b, c: [d]}}",
         ("bad_structure", "indicators.yaml:3")),
        ("indicators.yaml", "{en: Persons}", "Persons",
         ("bad_structure", "indicators.yaml:3 name")),
        ("indicators.yaml", "{en: Persons}", "{de: Personen}",
         ("bad_language", "indicators.yaml:3 name")),
        ("indicators.yaml", "{en: Persons}", "{en: Persons}\n          name_en: People",
         ("duplicate_id", "indicators.yaml:4 name_en")),
        ("indicators.yaml", "unit: person", "unit: [person]",
         ("bad_structure", "indicators.yaml:4 unit")),
        ("indicators.yaml", "unit: person", "unit: {a: person}",
         ("bad_structure", "indicators.yaml:4 unit")),
        ("indicators.yaml", "unit: person", "unit: 'person", ("bad_yaml", "indicators.yaml:6")),
        ("indicators.yaml", "unit: person", "? [unit]\n          : person",
         ("bad_structure", "indicators.yaml:4")),
    ],
)  # fmt: skip
def test_one_mistake_is_told_at_its_place(
    tmp_path: Path, name: str, old: str, new: str, expected: Told
) -> None:
    path = pack_at(tmp_path / "x", changed(name, old, new))
    assert expected in told(path)


def test_the_first_of_two_is_named(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", changed("organisations.csv", "x/B", "x/A"))
    (problem,) = problems(path)
    assert problem.params == {"id": "x/A", "first": f"{path}/organisations.csv:2"}


def test_the_same_transaction_twice_is_a_duplicate_id(tmp_path: Path) -> None:
    path = pack_at(
        tmp_path / "x",
        transactions_csv="""
        code,stage,amount,currency
        x/T,pledged,5,USD
        x/T,pledged,6,USD
        """,
    )
    (problem,) = problems(path)
    assert (problem.code, problem.params["first"]) == ("duplicate_id", f"{path}/transactions.csv:2")


def test_everything_is_told_at_once_in_order_of_place(tmp_path: Path) -> None:
    path = pack_at(
        tmp_path / "x",
        places_csv="""
        code,kind,name_en,colour
        mexico,country,Mexico,green
        MEX,nation,,
        """,
        observations_csv="""
        indicator,party,place,period,value
        x/I,x/NO,MEX,2022,1.5
        x/J,x/A,MEX,soon,5

        x/I,x/A,MEX,2022,-5
        """,
    )
    assert told(path) == [
        ("unknown_organisation", "observations.csv:2 party"),
        ("too_many_digits", "observations.csv:2 value"),
        ("unknown_indicator", "observations.csv:3 indicator"),
        ("bad_period", "observations.csv:3 period"),
        ("negative_value", "observations.csv:5 value"),
        ("unknown_column", "places.csv:1"),
        ("foreign_id", "places.csv:2 code"),
        ("bad_choice", "places.csv:3 kind"),
    ]


def test_a_row_that_does_not_parse_is_still_asked_what_it_refers_to(tmp_path: Path) -> None:
    path = pack_at(
        tmp_path / "x",
        frameworks_yaml="- {code: x/F, name_en: F, body: x/NO, starts: soon}\n",
        observations_csv="indicator,party,period,value\nx/I,x/NO,soon,5\n",
    )
    assert told(path) == [
        ("unknown_body", "frameworks.yaml:1 body"),
        ("bad_date", "frameworks.yaml:1 starts"),
        ("unknown_organisation", "observations.csv:2 party"),
        ("bad_period", "observations.csv:2 period"),
    ]


def test_a_fact_has_an_id_of_its_pack_too(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", transactions_csv="code,stage\ny/T,pledged\nx/T,pledged\n")
    assert told(path) == [("foreign_id", "transactions.csv:2 code")]


def test_facts_refer_to_facts(tmp_path: Path) -> None:
    links = "kind,one,other\nsame,x/T,x/NO\n"
    path = pack_at(tmp_path / "x", transactions_csv="code,stage\nx/T,pledged\n", links_csv=links)
    assert told(path) == [("unknown_transaction", "links.csv:2 other")]


def test_a_pack_is_one_pack(tmp_path: Path) -> None:
    path = pack_at(
        tmp_path / "x",
        pack_yaml="",
        pack_csv="name,version,title_en\nx,1,Example\ny,1,Another\n",
    )
    assert told(path) == [("duplicate_id", "pack.csv:3 name")]


def test_of_very_many_problems_the_first_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_PROBLEMS", 4)
    lines = "\n".join(f"x/O{n},club,O" for n in range(9))
    path = pack_at(tmp_path / "x", organisations_csv=f"code,kind,name_en\n{lines}\n")
    assert told(path) == [("bad_choice", f"organisations.csv:{n} kind") for n in range(2, 6)]


# ------------------------------------------------------------------------------- files


def test_a_pack_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(CauceError, match="file_missing"):
        loading.check([str(tmp_path / "nowhere")])


def test_what_is_neither_a_folder_nor_a_workbook(tmp_path: Path) -> None:
    (tmp_path / "x.zip").write_bytes(b"")
    with pytest.raises(CauceError, match="unknown_pack"):
        loading.check([str(tmp_path / "x.zip")])


def test_a_folder_without_its_pack_sheet(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", pack_yaml="")
    assert told(path) == [("file_missing", "pack.yaml")]


def test_an_empty_pack_sheet(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", pack_yaml="# nothing yet\n")
    assert told(path) == [("field_required", f"{path} pack name")]


def test_a_file_that_is_no_sheet(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", observation_csv="code\n", notes_md="# Notes", README_txt="Read")
    assert told(path) == [("unknown_sheet", "observation.csv")]


def test_one_sheet_in_two_files(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", tree_yaml="[]\n")
    (problem,) = problems(path)
    assert (problem.code, problem.params["first"]) == ("duplicate_id", f"{path}/tree.csv")


def test_hidden_files_are_left_alone(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x")
    (Path(path) / ".places.csv").write_text("lock")
    assert told(path) == []


def test_a_symbolic_link_is_not_followed(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", sources_csv="")
    secret = tmp_path / "secret.csv"
    secret.write_text("code,title\nx/S,secret\n")
    (Path(path) / "sources.csv").symlink_to(secret)
    assert ("symbolic_link", "sources.csv") in told(path)
    assert "secret" not in str(problems(path))


@pytest.mark.parametrize("name", ["places.csv", "frameworks.yaml"])
def test_a_file_that_is_not_utf_8(tmp_path: Path, name: str) -> None:
    path = pack_at(tmp_path / "x")
    (Path(path) / name).write_bytes(b"code,name_es\nMEX,M\xe9xico\n")
    assert ("bad_encoding", name) in [(code, place.split(":")[0]) for code, place in told(path)]


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x")
    for name in ("places.csv", "indicators.yaml"):
        file = Path(path) / name
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert told(path) == []


@pytest.mark.parametrize("separator", [";", "\t"])
def test_another_separator_is_named(tmp_path: Path, separator: str) -> None:
    text = SOUND["places.csv"].replace(",", separator)
    path = pack_at(tmp_path / "x", places_csv=text)
    assert ("bad_csv", "places.csv:1") in told(path)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("MX-OAX,subdivision,Oaxaca, the state,MEX", ("bad_csv", "places.csv:5")),
        ('MX-OAX,subdivision,"Oaxaca', ("bad_csv", "places.csv:5")),
        ('MX-OAX,subdivision,"Oaxaca" x,MEX', ("bad_csv", "places.csv:5")),
    ],
)
def test_a_row_that_does_not_fit(tmp_path: Path, line: str, expected: Told) -> None:
    path = pack_at(tmp_path / "x", places_csv=f"{SOUND['places.csv'].rstrip()}\n        {line}\n")
    assert expected in told(path)


def test_a_shorter_row_has_empty_cells_at_its_end(tmp_path: Path) -> None:
    path = pack_at(
        tmp_path / "x", changed("places.csv", "WORLD,region,World,", "WORLD,region,World")
    )
    assert told(path) == []


def test_commas_of_columns_that_are_gone_do_no_harm(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", sources_csv="code,title,,\nx/S,A report,,\nx/S2,Another, ,\n")
    assert told(path) == []


def test_a_row_of_unknown_columns_alone_is_no_row(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", bodies_csv="code,colour\n,green\n")
    assert told(path) == [("unknown_column", "bodies.csv:1")]


def test_a_text_over_several_lines_keeps_the_count(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", sources_csv='code,title\nx/S,"A\nreport"\nx/S2,\n')
    assert told(path) == [("field_required", "sources.csv:4 title")]


def test_a_million_blank_lines_are_refused(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", organisations_csv="")
    with (Path(path) / "organisations.csv").open("w") as file:
        file.write("code,kind,name_en\nx/A,agency,A\n")
        file.write(",,\n" * 1_000_000)
    limit = rows.MOST_BLANK_ROWS
    assert told(path) == [("too_many_rows", f"organisations.csv:{limit + 3}")]


def test_very_many_empty_yaml_rows_are_refused(tmp_path: Path) -> None:
    path = pack_at(tmp_path / "x", bodies_yaml="- {}\n" * (rows.MOST_BLANK_ROWS + 5))
    assert told(path) == [("too_many_rows", f"bodies.yaml:{rows.MOST_BLANK_ROWS + 1}")]


def test_a_large_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(yaml_rows, "MOST_BYTES", 10)
    monkeypatch.setattr(csv_rows, "MOST_BYTES", 70)
    path = pack_at(tmp_path / "x")
    large = {place for code, place in told(path) if code == "file_too_large"}
    assert {"pack.yaml", "observations.csv"} <= large


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("code: x/F\n", ("bad_structure", "frameworks.yaml:1")),
        ("- code: x/F\n  name_en: F\n- text\n", ("bad_structure", "frameworks.yaml:3")),
        ("- code: x/F\n  name_en: F\n- [a, {b: c}]\n", ("bad_structure", "frameworks.yaml:3")),
        ("- code: x/F\n  name_en: F\n--- \n- code: x/G\n", ("bad_yaml", "frameworks.yaml:3")),
        ("- code: x/F\n  name_en: F\n\tshort_en: F\n", ("bad_yaml", "frameworks.yaml:3")),
        ("- code: x/F\n  name_en: F\x01\n", ("control_character", "frameworks.yaml:2")),
    ],
)
def test_yaml_that_is_no_list_of_rows(tmp_path: Path, text: str, expected: Told) -> None:
    path = pack_at(tmp_path / "x", frameworks_yaml=text)
    assert expected in told(path)


@pytest.mark.parametrize("text", ["", "# only a remark\n", "~\n", "---\n"])
def test_an_empty_yaml_file_has_no_rows(tmp_path: Path, text: str) -> None:
    path = pack_at(tmp_path / "x")
    (Path(path) / "bodies.yaml").write_text(text)
    assert told(path) == []


def test_what_yaml_would_guess_stays_what_was_written(tmp_path: Path) -> None:
    path = pack_at(
        tmp_path / "x",
        codelists_csv="",
        codes_csv="",
        codelists_yaml="- {code: x/COUNTRY, dimension: country, name: {en: Country}}\n",
        codes_yaml="- {codelist: x/COUNTRY, code: NO, name: {en: Norway}}\n"
        "- {codelist: x/COUNTRY, code: 012, name: {en: 2023-03-05}}\n",
        observations_csv="",
        observations_yaml="- {indicator: x/I, period: 2022, value: 5, breakdown: {country: NO}}\n"
        "- {indicator: x/I, period: 2022-03, value: 5, breakdown: country=012}\n",
    )
    assert told(path) == []


# ------------------------------------------------------------------------------- workbooks


def book_at(path: Path, tables: dict[str, list[list[object]]]) -> Path:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"strings_to_formulas": False}) as book:
        for name, table in tables.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(table):
                sheet.write_row(number, 0, row)
    path.write_bytes(stream.getvalue())
    return path


PACK: list[list[object]] = [["name", "version", "title_en"], ["x", 1, "Example"]]


def test_a_workbook_names_sheet_and_cell(tmp_path: Path) -> None:
    path = book_at(
        tmp_path / "x.xlsx",
        {
            "pack": PACK,
            "places": [
                ["code", "kind", "name_en", "colour", ""],
                ["MEX", "nation", "Mexico", "green", "stray"],
                ["mexico", "country", "Mexico"],
            ],
            "notes": [["anything"]],
        },
    )
    found = [(p.code, f"{p.place.sheet}!{p.place.line} {p.place.column}") for p in problems(path)]
    assert found == [
        ("unknown_sheet", "notes"),
        ("unknown_column", "places!D1"),
        ("unknown_column", "places!E1"),
        ("bad_choice", "places!B2 kind"),
        ("foreign_id", "places!A3 code"),
    ] or [(p.code, str(p.place)) for p in problems(path)]


def test_a_cell_beyond_the_header_is_told(tmp_path: Path) -> None:
    table: list[list[object]] = [["code", "title"], ["x/S", "Report", "stray"]]
    path = book_at(tmp_path / "x.xlsx", {"pack": PACK, "sources": table})
    (problem,) = problems(path)
    assert (problem.code, problem.place.line) == ("unknown_column", "C2")


def test_a_text_in_several_languages_is_told_at_its_first_cell(tmp_path: Path) -> None:
    table: list[list[object]] = [["code", "kind", "name_es"], ["x/O", "ngo", "a\x07"]]
    path = book_at(tmp_path / "x.xlsx", {"pack": PACK, "organisations": table})
    (problem,) = problems(path)
    assert str(problem.place).endswith("organisations!C2 name_es")


def test_a_workbook_without_its_pack_sheet(tmp_path: Path) -> None:
    path = book_at(tmp_path / "x.xlsx", {"places": [["code"]]})
    assert [p.code for p in problems(path)] == ["unknown_sheet"]


def test_a_workbook_with_formulas_is_refused_with_each_cell(tmp_path: Path) -> None:
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet("pack")
        sheet.write_row(0, 0, ["name", "version"])
        sheet.write_formula("A2", '="x"')
        sheet.write_formula("B2", "=1+1")
    path = tmp_path / "x.xlsx"
    path.write_bytes(stream.getvalue())
    assert told(path)[:2] == [
        ("formula_cell", f"{path} pack!A2"),
        ("formula_cell", f"{path} pack!B2"),
    ]


def test_blank_rows_of_a_workbook_are_left_out(tmp_path: Path) -> None:
    table: list[list[object]] = [["code", "title"], [], ["x/S", "Report"], [" "]]
    path = book_at(tmp_path / "x.xlsx", {"pack": PACK, "sources": table})
    (summary,) = loading.check([str(path)])
    assert summary.definitions == 2


def test_an_empty_sheet_of_a_workbook_has_no_rows(tmp_path: Path) -> None:
    path = book_at(tmp_path / "x.xlsx", {"pack": PACK, "places": []})
    assert told(path) == []


def test_a_workbook_can_be_asked_for_its_rows_again(tmp_path: Path) -> None:
    source = reading.opened(book_at(tmp_path / "x.xlsx", {"pack": PACK}))
    assert source.sheets(print) == source.sheets(print) == ["pack"]
    first, again = (list(source.rows("pack", print)) for _ in range(2))
    assert first == again
    assert list(source.rows("places", print)) == []
