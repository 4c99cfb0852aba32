"""The data behind a figure: a spreadsheet opens it, and runs nothing in it."""

import csv
import io
from dataclasses import dataclass

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
from shapely.geometry import Point

from analysis.figures.data_file import LARGEST_BYTES, pack_data, write_csv


def read(text):
    return list(csv.reader(io.StringIO(text)))


def only(data):
    (table,) = pack_data(data)
    return table


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "\n=1", "\uff1d1", "=HYPERLINK(\"x\")", "-", "+1-2"],
)  # fmt: skip
def test_what_a_spreadsheet_would_compute_becomes_text(cell):
    assert read(write_csv([[cell]]))[0][0].startswith("'")


@pytest.mark.parametrize("cell", ["a\r=1+1", "a\r\n=1+1", "a\n=1+1", 'a",\n"=1+1'])
def test_no_cell_begins_a_row_of_its_own(cell):
    assert len(read(write_csv([[cell, "x"]]))) == 1


@pytest.mark.parametrize("cell", ["-3", "+3.5", "-1e-9", "-1,234", "-12 %", "-.5", "3", "a=b", "", "Côte d'Ivoire"])
def test_numbers_and_other_words_stay_as_they_are(cell):
    assert read(write_csv([[cell, "x"]])) == [[cell, "x"]]


def test_names_of_columns_and_of_rows_are_made_harmless_too():
    frame = pd.DataFrame({"=x": [1]}, index=pd.Index(["@y"], name="+z"))
    assert read(only(frame)["csv"]) == [["'+z", "'=x"], ["'@y", "1"]]


def test_floats_are_rounded_days_are_days_and_what_is_missing_is_empty():
    frame = pd.DataFrame({"share": [1 / 3, None], "day": pd.to_datetime(["2026-11-22", None]), "n": [7, 123456789]})
    assert only(frame)["csv"] == "share,day,n\n0.333333,2026-11-22,7\n,,123456789\n"


def test_an_index_with_a_meaning_is_kept_and_a_plain_one_left_out():
    frame = pd.DataFrame({"n": [1, 2]})
    assert only(frame)["csv"].startswith("n\n1\n")
    assert only(frame.set_axis(["a", "b"]))["csv"] == "row,n\na,1\nb,2\n"
    levels = pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["state", None])
    assert only(frame.set_axis(levels))["csv"] == "state,row 2,n\na,1,1\nb,2,2\n"


def test_a_column_of_the_same_name_as_the_index_stands_once():
    frame = pd.DataFrame({"state": ["a"], "n": [1]}).set_index("state", drop=False)
    assert only(frame)["csv"] == "state,n\na,1\n"


def test_names_in_levels_are_joined_lists_too_and_outlines_are_left_out():
    frame = pd.DataFrame({("who", "state"): ["a"], ("what", "n"): [["x", "y"]]})
    assert only(frame)["csv"] == "who state,what n\na,x;y\n"
    places = gpd.GeoDataFrame({"iso3": ["a"]}, geometry=[Point(1, 2)])
    assert only(places)["csv"] == "iso3\na\n"


def test_a_large_table_is_cut_and_says_so():
    table = only(pd.DataFrame({"number": range(100_000)}))
    assert table["rows"] == 100_000
    assert len(read(table["csv"])) == table["kept"] + 1 < 100_000
    assert LARGEST_BYTES - 10 <= len(table["csv"]) <= LARGEST_BYTES + 10
    assert read(table["csv"])[-1] == [str(table["kept"] - 1)]


def test_a_table_without_rows_has_its_head():
    assert only(pd.DataFrame(columns=["a", "b"])) == {"name": "", "csv": "a,b\n", "rows": 0, "kept": 0}


def test_several_tables_keep_their_names():
    tables = pack_data({"counts": pd.DataFrame({"n": [1]}), "published": pd.Series([2], name="n")})
    assert [(table["name"], table["csv"]) for table in tables] == [("counts", "n\n1\n"), ("published", "n\n2\n")]


def test_results_make_a_row_each_and_a_graph_a_row_for_each_edge():
    @dataclass
    class Result:
        p: float
        frame: pd.DataFrame

    found = {("TWN", "PSE"): Result(0.5, pd.DataFrame()), "near": Result(0.25, pd.DataFrame())}
    assert only(found)["csv"] == "row,p\nTWN;PSE,0.5\nnear,0.25\n"
    graph = nx.Graph()
    graph.add_edge("TWN", "ISR", shared=3)
    assert only(graph)["csv"] == "source,target,shared\nTWN,ISR,3\n"
