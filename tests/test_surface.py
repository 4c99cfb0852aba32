"""Every name that is promised to users is where docs/surface.csv says; the old places are gone."""

import csv
from importlib import import_module
from pathlib import Path

import pytest

SURFACE = Path(__file__).resolve().parent.parent / "docs" / "surface.csv"
with SURFACE.open(encoding="utf-8", newline="") as file:
    ROWS = list(csv.DictReader(file))


@pytest.mark.parametrize("name", [row["new"] for row in ROWS if row["new"]])
def test_a_promised_name_can_be_imported_and_says_what_it_does(name):
    module, _, last = name.rpartition(".")
    assert getattr(import_module(module), last).__doc__


@pytest.mark.parametrize("name", [row["old"] for row in ROWS if row["old"] != row["new"]])
def test_an_old_place_holds_nothing(name):
    module, _, last = name.rpartition(".")
    try:
        assert not hasattr(import_module(module), last)
    except ModuleNotFoundError as error:
        assert error.name == module
