"""The base map draws contested places as data/README.md says; neighbours and tiles cover the 198 states."""

import runpy
import tarfile
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.base_map import load_base_map
from analysis.errors import DataError
from analysis.tables import DATA_FOLDER_VARIABLE, data_folder, load_table

TOOL = runpy.run_path(str(Path(__file__).resolve().parent.parent / "tools" / "make_geography.py"))
PACKED = {"50m.json": "world_50m.json", "110m.json": "world_110m.json"}


@pytest.fixture(scope="module")
def base_map():
    return load_base_map()


@pytest.fixture(scope="module")
def neighbours():
    return load_table("geography/neighbours")


@pytest.fixture
def package(tmp_path):
    """A folder as npm unpacks it, made from the shipped maps."""
    world = tmp_path / "package" / "world"
    world.mkdir(parents=True)
    for name, shipped in PACKED.items():
        (world / name).write_bytes((data_folder() / "geography" / shipped).read_bytes())
    return tmp_path


def shape_at(base_map, longitude, latitude):
    return base_map.loc[base_map.contains(shapely.Point(longitude, latitude)), "iso3"].tolist()


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "iso3"),
    [
        ("Simferopol", 34.10, 44.95, "UKR"),
        ("Laayoune", -13.15, 27.10, "ESH"),
        ("Tifariti", -10.57, 26.16, "ESH"),
        ("Gaza", 34.42, 31.46, "PSE"),
        ("Ramallah", 35.20, 31.90, "PSE"),
        ("East Jerusalem", 35.24, 31.79, "PSE"),
        ("Golan Heights", 35.78, 33.00, "ISR"),
        ("Pristina", 21.17, 42.66, "XKX"),
        ("Taipei", 121.55, 25.04, "TWN"),
        ("Hargeisa", 44.06, 9.56, "SOL"),
        ("Lefkoniko", 33.65, 35.25, "NCY"),
        ("Nicosia, south", 33.36, 35.05, "CYP"),
        ("Abkhazia", 41.30, 43.05, "GEO"),
        ("Tskhinvali", 43.97, 42.23, "GEO"),
        ("Tiraspol", 29.63, 46.84, "MDA"),
        ("Srinagar", 74.80, 34.08, "IND"),
        ("Gilgit", 74.31, 35.92, "PAK"),
        ("Aksai Chin", 79.50, 35.10, "CHN"),
        ("Siachen", 77.10, 35.40, "KAS"),
        ("Itanagar", 93.60, 27.10, "IND"),
        ("Iturup", 147.90, 45.00, "RUS"),
        ("Halaib", 35.50, 22.30, "EGY"),
        ("Cayenne", -52.35, 4.80, "FRA"),
    ],
)
def test_each_contested_place_lies_where_the_readme_says(base_map, place, longitude, latitude, iso3):
    assert shape_at(base_map, longitude, latitude) == [iso3], place


@pytest.mark.parametrize(
    ("place", "longitude", "latitude", "iso3"),
    [
        ("Chukotka, west of 180 degrees", 179.0, 68.0, "RUS"),
        ("Chukotka, east of 180 degrees", -175.0, 67.0, "RUS"),
        ("Kiruna, at the latitude of Chukotka", 20.2, 67.86, "SWE"),
        ("Iceland, at the latitude of Chukotka", -18.0, 65.3, "ISL"),
        ("Malawi, at the latitude of Fiji", 35.0, -16.5, "MWI"),
    ],
)
def test_no_shape_runs_round_the_world_from_180_degrees(base_map, place, longitude, latitude, iso3):
    assert shape_at(base_map, longitude, latitude) == [iso3], place


@pytest.mark.parametrize("scale", ["50m", "110m"])
def test_every_shape_is_valid_and_has_a_code_of_its_own(scale):
    shapes = load_base_map(scale)
    assert shapes.is_valid.all()
    assert not shapes.is_empty.any()
    assert shapes["iso3"].is_unique
    assert shapes.crs.to_epsg() == 4326


def test_every_state_but_the_holy_see_has_a_shape(base_map):
    tiles = load_table("geography/tile_grid")
    assert set(tiles["iso3"]) - set(base_map["iso3"]) == {"VAT"}


def test_the_tile_map_holds_every_member_and_five_more_on_squares_of_their_own():
    tiles, states = load_table("geography/tile_grid"), load_table("recognition/states")
    members = states.loc[states["un_member"] & states["end_date"].isna(), "iso3"]
    assert set(tiles["iso3"]) == set(members) | {"VAT", "PSE", "TWN", "XKX", "ESH"}
    assert not tiles.duplicated(["column", "row"]).any()
    assert len(tiles) == 198


@pytest.mark.parametrize(
    ("iso3", "land"),
    [
        ("FRA", "AND BEL BRA CHE DEU ESP ITA LUX MCO SUR"),
        ("ISR", "EGY JOR LBN PSE SYR"),
        ("PSE", "EGY ISR JOR"),
        ("KOR", "PRK"),
        ("RUS", "AZE BLR CHN EST FIN GEO KAZ LTU LVA MNG NOR POL PRK UKR"),
        ("CHN", "AFG BTN IND KAZ KGZ LAO MMR MNG NPL PAK PRK RUS TJK VNM"),
        ("ESH", "DZA MAR MRT"),
        ("XKX", "ALB MKD MNE SRB"),
        ("SOM", "DJI ETH KEN"),
        ("BWA", "NAM ZAF ZMB ZWE"),
        ("VAT", "ITA"),
        ("SMR", "ITA"),
        ("LSO", "ZAF"),
        ("TWN", ""),
        ("CYP", ""),
    ],
)
def test_land_neighbours_are_the_known_ones(neighbours, iso3, land):
    own = neighbours[(neighbours["iso3"] == iso3) & (neighbours["basis"] == "land")]
    assert own["neighbour"].tolist() == land.split()


@pytest.mark.parametrize(
    ("iso3", "sea"),
    [
        ("TWN", "CHN JPN PHL"),
        ("CYP", "ISR LBN SYR TUR"),
        ("LKA", "IND"),
        ("NZL", "AUS"),
        ("NRU", "KIR"),  # none within 278 km, one within 741 km
        ("KIR", "MHL NRU"),
        ("SYC", "MDG"),  # none within 741 km: the nearest
        ("ISR", "CYP"),  # for the island's sake
        ("GBR", ""),  # has a land neighbour, Ireland, and is near no island state
    ],
)
def test_sea_neighbours_follow_the_stated_rule(neighbours, iso3, sea):
    own = neighbours[(neighbours["iso3"] == iso3) & (neighbours["basis"] == "sea")]
    assert own["neighbour"].tolist() == sea.split()


def test_every_state_has_a_neighbour_and_every_pair_stands_both_ways(neighbours):
    pairs = set(neighbours.itertuples(index=False, name=None))
    assert {(there, here, basis, km) for here, there, basis, km in pairs} == pairs
    assert set(neighbours["iso3"]) == set(load_table("geography/tile_grid")["iso3"])
    assert not (neighbours["iso3"] == neighbours["neighbour"]).any()


def test_land_borders_have_no_distance_and_sea_borders_have_one(neighbours):
    land = neighbours["basis"] == "land"
    assert (neighbours.loc[land, "distance_km"] == 0).all()
    assert neighbours.loc[~land, "distance_km"].between(1, 1100).all()


def squares(**west_edges):
    """A map of squares of one degree on the equator, and their states."""
    names = list(west_edges)
    boxes = [shapely.box(west, 0, west + 1, 1) for west in west_edges.values()]
    base_map = gpd.GeoDataFrame({"iso3": names}, geometry=boxes, crs=4326)
    return base_map, pd.DataFrame({"iso3": names, "capital_lat": 0.5, "capital_lon": [*west_edges.values()]})


def neighbours_of(base_map, states):
    table = TOOL["build_neighbours"](base_map, states)
    return {iso3: own.set_index("neighbour")["distance_km"].to_dict() for iso3, own in table.groupby("iso3")}


def test_an_island_looks_near_then_far_then_for_the_nearest():
    # A degree on the equator is 111 km. LEFT and RIGHT touch; NEAR is within 278 km of both, FAR only within
    # 741 km of NEAR and RIGHT, and LOST within neither of any. Each pair stands in both directions.
    found = neighbours_of(*squares(LEFT=0, RIGHT=1, NEAR=3, FAR=8, LOST=30))
    assert found["LEFT"] == {"RIGHT": 0, "NEAR": 222}
    assert found["NEAR"] == {"RIGHT": 111, "LEFT": 222, "FAR": 445}
    assert found["FAR"] == {"NEAR": 445, "RIGHT": 667, "LOST": 2335}
    assert found["LOST"] == {"FAR": 2335}


def test_a_crack_in_the_map_is_no_sea():
    assert neighbours_of(*squares(LEFT=0, RIGHT=1.0005))["LEFT"] == {"RIGHT": 0}
    assert neighbours_of(*squares(LEFT=0, RIGHT=1.1))["LEFT"] == {"RIGHT": 11}


def test_a_state_without_a_shape_borders_the_state_around_its_capital():
    base_map, states = squares(AROUND=0, OTHER=1)
    enclave = pd.DataFrame({"iso3": ["VAT"], "capital_lat": [0.4], "capital_lon": [0.6]})
    assert neighbours_of(base_map, pd.concat([states, enclave]))["VAT"] == {"AROUND": 0}


def test_the_shipped_geography_is_what_the_package_gives(package, capsys):
    assert TOOL["main"]([str(package), "--check"]) == 0, capsys.readouterr().out


def test_a_packed_package_reads_like_an_unpacked_one(package, tmp_path):
    with tarfile.open(tmp_path / "packed.tgz", "w:gz") as archive:
        archive.add(package / "package", "package")
    assert TOOL["read_package"](tmp_path / "packed.tgz") == TOOL["read_package"](package / "package")


@pytest.mark.parametrize("content", [b"{}", None])
def test_another_version_of_the_package_is_refused(package, content):
    altered = package / "package" / "world" / "50m.json"
    if content is None:
        altered.unlink()
    else:
        altered.write_bytes(content)
    with pytest.raises(DataError, match=r"50m\.json.*1\.0\.0"):
        TOOL["read_package"](package)


def test_checking_names_the_file_that_differs_and_writes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA_FOLDER_VARIABLE, str(tmp_path))
    (tmp_path / "sources.csv").touch()
    notice = tmp_path / "geography" / "NOTICE"
    notice.parent.mkdir()
    assert TOOL["write_or_check"]("NOTICE", b"new", check=True) == ["geography/NOTICE is missing."]
    assert TOOL["write_or_check"]("NOTICE", b"old", check=False) == []
    assert TOOL["write_or_check"]("NOTICE", b"old", check=True) == []
    assert "not what the package gives" in TOOL["write_or_check"]("NOTICE", b"new", check=True)[0]
    assert notice.read_bytes() == b"old"


def test_the_notice_names_every_maker_and_licence():
    notice = (data_folder() / "geography" / "NOTICE").read_text(encoding="utf-8")
    for words in ("Natural Earth", "public domain", "Copyright 2013-2019 Michael Bostock", "ISC", "BSD-3-Clause"):
        assert words in notice
