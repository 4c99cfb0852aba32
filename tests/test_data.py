"""The documents beside the tables say what the schemas and tables say; choices and tables name the same things."""

import importlib.util
import json
from pathlib import Path

import pytest

from analysis.air_defence.facts import choices as air_defence
from analysis.recognition.facts import choices as recognition
from analysis.schema import TABLES
from analysis.tables import data_folder, load_table

TOOL = Path(__file__).resolve().parent.parent / "tools" / "write_data_documents.py"


def load_tool():
    specification = importlib.util.spec_from_file_location("write_data_documents", TOOL)
    tool = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(tool)
    return tool


@pytest.mark.parametrize("name", ["datapackage.json", "CODEBOOK.md", "CORRECTIONS.md"])
def test_a_document_is_what_the_tool_writes(name):
    assert (data_folder() / name).read_text(encoding="utf-8") == load_tool().DOCUMENTS[name]()


def test_the_data_package_describes_every_file_and_its_keys():
    package = json.loads((data_folder() / "datapackage.json").read_text())
    paths = {resource["path"] for resource in package["resources"]}
    files = {path.relative_to(data_folder()).as_posix() for path in data_folder().rglob("*.csv")}
    assert paths == files
    events = next(one for one in package["resources"] if one["path"] == "recognition/events.csv")
    assert events["schema"]["primaryKey"] == ["claim_id"]
    assert {"resource": "sources", "fields": ["source_id"]} in [
        key["reference"] for key in events["schema"]["foreignKeys"]
    ]


def test_every_column_has_a_meaning():
    for definition in TABLES.values():
        for name, column in definition.frame.columns.items():
            assert column.description, f"{definition.name}.{name}"


def test_choices_name_what_the_tables_hold():
    assert set(air_defence.THREAT_CLASSES) == set(load_table("air_defence/threats")["threat_class"])
    assert (
        dict(load_table("air_defence/threats")[["threat_class", "name"]].itertuples(index=False, name=None))
        == air_defence.THREAT_CLASSES
    )
    assert (
        dict(load_table("air_defence/architectures")[["architecture_id", "name"]].itertuples(index=False, name=None))
        == air_defence.ARCHITECTURES
    )
    systems = load_table("air_defence/systems")[["system_id", "name"]]
    assert dict(systems.itertuples(index=False, name=None)) == air_defence.SYSTEMS
    raids = load_table("air_defence/raids")[["raid_id", "name"]].drop_duplicates()
    assert dict(raids.itertuples(index=False, name=None)) == air_defence.RAIDS
    assert set(load_table("air_defence/architecture_layers")["state"]) == set(air_defence.PROGRAMME_STATES)
    assert set(recognition.ENTITIES) == set(load_table("recognition/entity_periods")["entity"])
    assert set(recognition.ENTITIES) == set(load_table("recognition/events")["entity"])
    assert set(load_table("recognition/events")["end_reason"].dropna()) <= set(recognition.END_REASONS)
    assert list(recognition.RESOLUTIONS) == list(load_table("recognition/un_vote_totals")["resolution"])


def test_the_countries_are_those_of_the_tile_grid_under_the_names_of_the_table_of_states():
    names = load_table("recognition/states").set_index("iso3")["name"]
    tiles = load_table("geography/tile_grid")["iso3"]
    assert {code: names[code] for code in tiles} == recognition.COUNTRIES
    assert recognition.PLACES.keys() - {"SOL"} == set(load_table("recognition/places")["iso3"])


def test_every_system_of_the_briefing_has_its_row():
    names = " ".join(load_table("air_defence/systems")["name"])
    for name in (
        "Iron Dome", "Iron Beam", "David's Sling", "Arrow 2", "Arrow 3", "Arrow 4", "THAAD", "PAC-2 / GEM-T", "PAC-3 CRI",
        "PAC-3 MSE", "Sky Bow I ", "Sky Bow II ", "Sky Bow III", "Strong Bow", "Sky Sword II", "Antelope", "NASAMS",
        "Avenger", "T-Dome",
    ):  # fmt: skip
        assert name in names, name


def test_ideal_points_lie_within_their_interval_and_states_admitted_in_spring_begin_in_that_year():
    alignment = load_table("recognition/un_alignment")
    placed = alignment.dropna(subset=["ideal_point"])
    assert placed["ideal_point"].between(placed["ideal_point_low"], placed["ideal_point_high"]).all()
    first = placed.groupby("iso3")["year"].min()
    assert first[["GHA", "MUS", "ARM", "ISR"]].tolist() == [1957, 1968, 1992, 1949]  # in the middle of a session
