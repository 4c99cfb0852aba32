"""Interactive charts: what goes to a page, and rows that a chart can draw."""

import json

import altair as alt
import geopandas as gpd
import pandas as pd
import pytest
import shapely

from analysis.base_map import load_base_map
from analysis.errors import ParameterError
from analysis.figures import charts
from analysis.figures.equal_earth import Frame, outline_shapes, place_circles
from analysis.figures.recognition.linked import table_of_statuses, write_counts, write_keys, write_times
from analysis.recognition.timelines import STATUSES
from analysis.tables import load_table


def test_a_control_needs_a_label_for_each_value():
    with pytest.raises(ParameterError, match="Year: 2 values, 1 labels"):
        charts.Control("day", "Year", [1, 2], ["1970"])


def test_a_control_begins_at_one_of_its_values():
    with pytest.raises(ParameterError, match="start = 2"):
        charts.Control("day", "Year", [1, 2], ["1970", "1971"], start=2)


def test_a_chart_goes_out_beside_its_figure(monkeypatch):
    import matplotlib.pyplot as plt

    shown = []
    monkeypatch.setattr(charts, "display", lambda data, **_: shown.append(data))
    figure, _ = plt.subplots()
    plt.close(figure)
    bars = alt.Chart(alt.Data(values=[{"a": 1}])).mark_bar().encode(x="a:Q")
    charts.show(bars, figure, "Bars.", charts.Controls([charts.Control("x", "X", [1], ["one"])], {"0": "One."}))
    assert set(shown[0]) == {"image/png", "text/plain", charts.CHART_MIME}
    sent = json.loads(json.dumps(shown[0][charts.CHART_MIME]))
    assert sent["controls"][0]["label"] == "X" and json.loads(sent["spec"])["mark"] == {"type": "bar"}


def test_outlines_stay_within_the_map_and_keep_their_codes():
    frame, base_map = Frame(640), load_base_map("110m")
    rows = outline_shapes(base_map, frame)
    assert {row["code"] for row in rows} == set(base_map["iso3"]) - {"ATA"}
    for row in rows:
        left, top, right, bottom = shapely.geometry.shape(row["geo"]).bounds
        assert 0 <= left < right <= frame.width and -1 <= top < bottom <= frame.height + 1, row["code"]


def test_small_states_are_circles_and_large_ones_are_not():
    circles = place_circles(load_table("recognition/states"), load_base_map("110m"), Frame(640), set())
    codes = {row["code"] for row in circles}
    assert {"NRU", "VAT", "LCA", "SGP"} <= codes and not {"BRA", "PRY", "HND"} & codes


def test_a_hidden_former_state_has_no_circle():
    states = pd.DataFrame([("SUN", 55.8, 37.6)], columns=["iso3", "capital_lat", "capital_lon"])
    none = gpd.GeoDataFrame({"iso3": []}, geometry=[], crs=4326)
    assert place_circles(states, none, Frame(640), {"SUN"}) == []


def rows_of(*spans):
    columns = ["iso3", "name", "status", "since", "until", "precision", "source_id"]
    frame = pd.DataFrame([(*span, "day", "S1") for span in spans], columns=columns)
    lineage = pd.DataFrame({"predecessor": ["SUN"], "successor": ["RUS"]})
    sources = pd.DataFrame({"source_id": ["S1"], "publisher": ["A"], "title": ["A list"], "year": ["1999"]})
    return write_times(frame, ["RUS"], lineage, sources, "relations")


def test_a_shape_shows_its_predecessor_only_while_it_has_no_row_of_its_own():
    old, new = ("SUN", "Soviet Union", "has relations", 0, 100), ("RUS", "Russia", "has relations", 80, 200)
    shown = [(row["name"], row["since"], row["until"]) for row in rows_of(old, new) if row["code"] == "RUS"]
    assert shown == [("Russia", 80, 200), ("Soviet Union", 0, 80)]


def test_a_status_that_goes_on_is_said_to_have_begun():
    row = rows_of(("RUS", "Russia", "has relations", 0, 10_000_000))[0]
    assert row["when"] == "since 1 January 1970" and row["source"] == "A, 1999: A list"


def test_all_that_a_chart_shows_is_laid_out_with_days_and_whole_sources():
    title = "A list of all states that had relations with another one on a day, from the beginning until today"
    sources = pd.DataFrame(
        {"source_id": ["S1"], "publisher": ["A"], "title": [title], "year": ["1999"], "url": ["https://a.org"]}
    )
    columns = ["iso3", "name", "status", "since", "until", "precision", "source_id"]
    times = [
        ("RUS", "Russia", "none", -10_000_000, 0, None, None),
        ("RUS", "Russia", "has", 0, 10_000_000, "day", "S1"),
    ]
    table = table_of_statuses(pd.DataFrame(times, columns=columns), sources)
    assert table["since"].tolist() == ["", "1970-01-01"] and table["until"].tolist() == ["1970-01-01", ""]
    assert table["source"].tolist()[1] == f"A, 1999: {title}"


def test_the_legend_names_the_entity_where_its_shape_is_dark():
    none = STATUSES["recognition"]
    times = [{"key": key} for key in range(len(none))]
    assert write_keys("PSE", "recognition", times, ["PSE"])[-1]["status"] == "Palestine"
    assert len(write_keys("PSE", "recognition", times)) == len(none)


def test_the_curve_begins_and_ends_with_the_time_shown():
    counts = pd.DataFrame({"day": pd.to_datetime(["1969-12-01", "1970-01-05"]), "count": [3, 4]})
    assert write_counts(counts, (0, 10)) == [{"day": 0, "count": 3}, {"day": 4, "count": 4}, {"day": 10, "count": 4}]


def test_without_an_act_the_curve_stays_at_none():
    assert [row["count"] for row in write_counts(pd.DataFrame({"day": [], "count": []}), (0, 10))] == [0, 0]
