"""Two versions of the data folder are compared claim by claim."""

import shutil

import pytest

from analysis.checks.changes import find_changes
from analysis.errors import DataError
from analysis.tables import data_folder


@pytest.fixture
def other(tmp_path):
    folder = tmp_path / "data"
    shutil.copytree(data_folder(), folder)
    return folder


def test_a_folder_does_not_differ_from_itself():
    assert find_changes(data_folder(), data_folder()) == []


def test_a_changed_field_is_named_with_both_values(other):
    path = other / "air_defence/systems.csv"
    path.write_text(path.read_text().replace("Iron Dome", "Kippat Barzel", 1))
    (change,) = find_changes(data_folder(), other)
    assert str(change) == "air_defence/systems iron_dome: name 'Iron Dome' -> 'Kippat Barzel'"


def test_claims_that_come_and_go_are_named(other):
    path = other / "recognition/withheld.csv"
    lines = path.read_text().splitlines(keepends=True)
    path.write_text("".join(lines[:1] + lines[2:]))
    (gone,) = find_changes(data_folder(), other)
    (come,) = find_changes(other, data_folder())
    assert str(gone).endswith(": removed")
    assert str(come).endswith(": added")
    assert gone.key == come.key


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(DataError, match="there is no such folder"):
        find_changes(tmp_path / "nowhere", data_folder())


def test_a_damaged_table_is_not_compared(other):
    (other / "sources.csv").write_text("nonsense")
    with pytest.raises(DataError, match="lists all faults"):
        find_changes(data_folder(), other)
