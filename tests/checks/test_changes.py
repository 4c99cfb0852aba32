"""Two versions of the data folder are compared claim by claim."""

import pandas as pd
import pytest

from analysis.checks.changes import find_changes
from analysis.errors import DataError
from analysis.tables import data_folder


def test_a_folder_does_not_differ_from_itself():
    assert find_changes(data_folder(), data_folder()) == []


def test_a_changed_field_is_named_with_both_values(copied_data):
    path = copied_data / "air_defence/systems.csv"
    path.write_text(path.read_text().replace("Iron Dome", "Kippat Barzel", 1))
    (change,) = find_changes(data_folder(), copied_data)
    assert str(change) == "air_defence/systems iron_dome: name 'Iron Dome' -> 'Kippat Barzel'"


def test_claims_that_come_and_go_are_named(copied_data):
    path = copied_data / "recognition/withheld.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    (gone,) = find_changes(data_folder(), copied_data)
    (come,) = find_changes(copied_data, data_folder())
    assert str(gone).endswith(": removed")
    assert str(come).endswith(": added")
    assert gone.key == come.key


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="there is no such folder"):
        find_changes(tmp_path / "nowhere", data_folder())


def test_a_damaged_table_is_not_compared(copied_data):
    (copied_data / "sources.csv").write_text("nonsense")
    with pytest.raises(DataError, match="lists all faults"):
        find_changes(data_folder(), copied_data)


def test_the_order_of_rows_is_no_change(copied_data):
    for table in ("air_defence/architecture_layers", "air_defence/raids"):
        path = copied_data / f"{table}.csv"
        header, *rows = path.read_text().splitlines(keepends=True)
        path.write_text("".join([header, *rows[1:], rows[0]]))
    assert not find_changes(data_folder(), copied_data)


def test_a_folder_of_an_earlier_version_is_compared_though_it_lacks_a_column(copied_data):
    path = copied_data / "air_defence/fielded.csv"
    table = pd.read_csv(path, dtype=str)
    table.drop(columns="order").to_csv(path, index=False)
    changes = find_changes(copied_data, data_folder())
    assert {(change.column, change.old) for change in changes} == {("order", "")}
    assert len(changes) == len(table)
    table.drop(columns="claim_id").to_csv(path, index=False)
    with pytest.raises(DataError, match="lacks the column claim_id; add it first"):
        find_changes(copied_data, data_folder())


def test_a_claim_that_came_moves_no_other(copied_data):
    path = copied_data / "air_defence/architecture_layers.csv"
    header, _, *rows = path.read_text().splitlines(keepends=True)
    path.write_text("".join([header, *rows]))
    (come,) = find_changes(copied_data, data_folder())
    assert str(come) == "air_defence/architecture_layers israel_2025.iron_dome: added"
