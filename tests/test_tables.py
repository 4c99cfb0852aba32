"""Loading a table gives typed columns, or says where and how it breaks a rule."""

import csv

import pandas as pd
import pytest

from analysis.errors import DataError, ParameterError
from analysis.schema import TABLES
from analysis.tables import DATA_FOLDER_VARIABLE, load_table, read_table, require_folder

EVENTS = "recognition/events"


@pytest.fixture
def used_copy(copied_data, monkeypatch):
    """A copy of the data folder that is in use, and that a test may damage."""
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, str(copied_data))
    return copied_data


@pytest.mark.parametrize("name", TABLES)
def test_every_shipped_table_loads(name):
    frame = load_table(name)
    assert list(frame.columns) == list(TABLES[name].frame.columns)
    assert len(frame) > 0
    assert not TABLES[name].key or not frame.duplicated(list(TABLES[name].key)).any()


def test_columns_have_the_types_of_the_schema():
    layers = load_table("air_defence/architecture_layers")
    assert layers["batteries_best"].dtype == "Int64"
    assert load_table("air_defence/system_parameters")["best"].dtype == "float64"
    assert load_table("recognition/states")["microstate"].dtype == "boolean"


def test_a_loaded_table_is_the_callers_own():
    own = load_table("air_defence/threats")
    own.loc[0, "name"] = "changed"
    assert load_table("air_defence/threats").loc[0, "name"] == "Mortar and rocket artillery"


def test_an_unknown_table_names_the_nearest():
    with pytest.raises(ParameterError, match=r"did you mean 'recognition/events'"):
        load_table("recognition/event")


def test_a_missing_folder_says_what_to_set(monkeypatch):
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, "/nowhere/at/all")
    with pytest.raises(DataError, match=DATA_FOLDER_VARIABLE):
        load_table(EVENTS)


def test_an_edit_is_seen_by_the_next_load(used_copy):
    path = used_copy / "air_defence/threats.csv"
    before = load_table("air_defence/threats")["name"][0]
    path.write_text(path.read_text().replace(before, "Rockets and mortars"))
    assert load_table("air_defence/threats")["name"][0] == "Rockets and mortars"


def replace(old, new):
    return lambda path: path.write_text(path.read_text().replace(old, new, 1))


def set_cell(row, column, value):
    """Write a value into one cell; rows count as in a spreadsheet, with the header as 1."""

    def damage(path):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        frame.loc[row - 2, column] = value
        frame.to_csv(path, index=False, lineterminator="\n")

    return damage


def copy_row(path):
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join([*lines, lines[1]]))


def make_unreadable(path):
    """A link that leads to itself cannot be opened by anybody, not even by root."""
    path.unlink()
    path.symlink_to(path)


def make_folder(path):
    path.unlink()
    path.mkdir()


def repeat_a_column(path):
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([f"{header},note", *(f"{row},again" for row in rows)]) + "\n")


def set_cell_as_it_is(row, column, text):
    """Put a text into a cell as it stands, quotes and all."""

    def damage(path):
        lines = path.read_text().splitlines(keepends=True)
        place = lines[0].strip().split(",").index(column)
        cells = next(csv.reader([lines[row - 1]]))
        lines[row - 1] = ",".join([*cells[:place], text, *cells[place + 1 :]]) + "\n"
        path.write_text("".join(lines))

    return damage


def quote_after_two_lines(path):
    set_cell(2, "note", "two\nlines")(path)
    lines = path.read_text().splitlines(keepends=True)
    lines[3] = '"' + lines[3]
    path.write_text("".join(lines))


DAMAGES = {
    "missing column": (replace("end_reason,", ""), "lacks the column end_reason"),
    "extra column": (replace("note\n", "note,extra\n"), "unknown column 'extra'"),
    "columns in another order": (replace("recogniser,entity", "entity,recogniser"), "in another order"),
    "unknown entity": (set_cell(41, "entity", "ABC"), "row 41: entity = 'ABC' must be one of TWN"),
    "unknown act": (set_cell(7, "act", "recognized"), "row 7: act = 'recognized' must be one of"),
    "empty cell that must not be": (set_cell(9, "source_id", ""), "row 9: source_id = '' must not be empty"),
    "impossible date": (set_cell(12, "date", "1979-02-30"), "row 12: date = '1979-02-30' must be a real date"),
    "date in another order": (set_cell(12, "date", "31/12/1979"), "row 12: date = '31/12/1979' must be a real date"),
    "duplicate key": (copy_row, r"must be unique \(key claim_id\)"),
    "Latin-1": (lambda path: path.write_bytes("claim_id,é\n".encode("latin-1")), "is not UTF-8 in line 1"),
    "NUL byte": (lambda path: path.write_bytes(path.read_bytes() + b"\0"), "holds a NUL byte in line"),
    "cell of 50 MB": (lambda path: path.write_text(path.read_text() + "x" * 50_000_000), "Look for a runaway cell"),
    "cell of 200 kB": (set_cell(3, "note", "x" * 200_000), "field larger than field limit"),
    "empty file": (lambda path: path.write_text(""), "is empty; it must begin with the header"),
    "tabs": (lambda path: path.write_text(path.read_text().replace(",", "\t")), "separated by tabs"),
    "semicolons": (lambda path: path.write_text(path.read_text().replace(",", ";")), "separated by semicolons"),
    "folder": (make_folder, "is a folder"),
    "unreadable file": (make_unreadable, "is missing in .*/recognition, or out of reach"),
    "missing file": (lambda path: path.unlink(), "is missing in .*/recognition, or out of reach"),
    "too few cells": (lambda path: path.write_text(path.read_text() + "a,b,c\n"), "has 3 cells where the header"),
    "column twice": (repeat_a_column, "has the column note more than once; take one out"),
    "open quote": (lambda path: path.write_text(path.read_text() + '"a'), r"row 1402: is no proper CSV: a quote opens in line 1402"),
    "open quote far above": (set_cell_as_it_is(41, "note", '"not closed'), r"row 41: is no proper CSV: a quote opens in line 41, and"),
    "quote after a cell of two lines": (quote_after_two_lines, r"row 3: is no proper CSV: a quote opens in line 4, and"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_named_in_one_clear_line(used_copy, name):
    damage, message = DAMAGES[name]
    damage(used_copy / f"{EVENTS}.csv")
    with pytest.raises(DataError, match=message) as caught:
        load_table(EVENTS)
    assert str(caught.value).startswith("recognition/events.csv")
    assert "Traceback" not in str(caught.value)


def test_a_long_cell_is_named_whatever_limit_a_library_has_set(used_copy):
    DAMAGES["cell of 200 kB"][0](used_copy / f"{EVENTS}.csv")
    usual = csv.field_size_limit(10**9)
    try:
        with pytest.raises(DataError, match="field larger than field limit"):
            load_table(EVENTS)
        assert csv.field_size_limit() == 10**9
    finally:
        csv.field_size_limit(usual)


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\u0085", "\v", "\f", "\x1c", "\x1e"])
def test_what_ends_a_line_elsewhere_ends_no_row(used_copy, mark):
    rows = len(load_table(EVENTS))
    set_cell(3, "note", f"one{mark}two")(used_copy / f"{EVENTS}.csv")
    set_cell(9, "kind", "friendship")(used_copy / f"{EVENTS}.csv")
    frame, faults = read_table(TABLES[EVENTS], used_copy / f"{EVENTS}.csv")
    assert [fault.row for fault in faults] == [9]
    assert len(frame) == rows and frame["note"].iloc[1] == f"one{mark}two"


@pytest.mark.parametrize(
    ("table", "column", "value", "message"),
    [
        ("recognition/states", "capital_lat", "north", "capital_lat = 'north' must be a number"),
        ("recognition/states", "capital_lat", "91", "capital_lat = '91' must be 90 or less"),
        ("recognition/states", "microstate", "maybe", "microstate = 'maybe' must be true or false"),
        ("recognition/un_alignment", "year", "1946.5", "year = '1946.5' must be a whole number"),
        ("recognition/un_alignment", "year", "2031", "year = '2031' must be 2023 or less"),
        ("air_defence/systems", "system_id", "Iron Dome", "system_id = 'Iron Dome' must look like"),
    ],
)
def test_a_wrong_type_or_range_is_named(used_copy, table, column, value, message):
    set_cell(2, column, value)(used_copy / f"{table}.csv")
    with pytest.raises(DataError, match=message):
        load_table(table)


def test_all_bad_rows_are_listed_and_the_message_keeps_short(used_copy):
    path = used_copy / f"{EVENTS}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    frame.loc[10:40, "kind"] = "friendship"
    frame.to_csv(path, index=False, lineterminator="\n")
    _, faults = read_table(TABLES[EVENTS], path)
    assert [fault.row for fault in faults] == list(range(12, 43))
    with pytest.raises(DataError, match="and 21 more; `domes check-data` lists them all"):
        load_table(EVENTS)


@pytest.mark.parametrize("value", ["1e308", "9007199254740993", "9" * 400])
def test_a_whole_number_that_no_computer_holds_exactly_is_a_fault(copied_data, value):
    path = copied_data / "air_defence/systems.csv"
    definition, (header, first, *rest) = TABLES["air_defence/systems"], path.read_text().splitlines()
    cells = next(csv.reader([first]))
    cells[list(definition.frame.columns).index("in_service_year")] = value
    path.write_text("\n".join([header, ",".join(f'"{cell}"' for cell in cells), *rest]) + "\n")
    _, faults = read_table(definition, path)
    assert [(fault.row, fault.column) for fault in faults] == [(2, "in_service_year")]


def test_a_header_that_stands_again_below_itself_is_no_row(copied_data):
    path = copied_data / "air_defence/parameters.csv"  # of text alone, which takes any words
    header, *rest = path.read_text().splitlines(keepends=True)
    path.write_text("".join([header, header, *rest]))
    _, faults = read_table(TABLES["air_defence/parameters"], path)
    assert [str(fault) for fault in faults] == [
        "air_defence/parameters.csv row 2: repeats the header; take the row out."
    ]


def test_a_folder_without_a_table_is_no_folder_of_tables(tmp_path):
    with pytest.raises(
        DataError, match=r"holds no table that can be read, such as sources\.csv; name a folder laid out"
    ):
        require_folder(tmp_path)


@pytest.mark.parametrize(
    ("name", "column", "value", "rule"),
    [
        ("recognition/events", "claim_id", "a-claim ", "must not begin or end with a space"),
        ("recognition/events", "source_id", "\tC01", "must not begin or end with a space"),
        ("air_defence/systems", "system_id", "iron\ndome", "nor hold a tab or line break"),
        ("recognition/events", "note", "e\u0301cole", "Unicode NFC"),
    ],
)
def test_a_name_with_loose_ends_and_letters_apart_are_faults(copied_data, name, column, value, rule):
    path = copied_data / f"{name}.csv"
    with path.open(newline="", encoding="utf-8") as file:
        header, first, *rest = csv.reader(file)
    first[header.index(column)] = value
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, first, *rest])
    _, faults = read_table(TABLES[name], path)
    assert any(fault.row == 2 and fault.column == column and rule in fault.rule for fault in faults)
