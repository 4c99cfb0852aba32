"""Systems rated against threat classes, by altitude band, and the gaps."""

import pandas as pd
import pytest

from analysis.air_defence.facts import coverage
from analysis.air_defence.facts.choices import ARCHITECTURES, THREAT_CLASSES
from analysis.air_defence.facts.coverage import NOT_LISTED
from analysis.errors import ParameterError
from analysis.tables import load_facts

BANDS = pd.DataFrame({"band": ["low", "high"], "bottom_km": [0.0, 10.0], "top_km": [10.0, float("inf")]})
THREATS = pd.DataFrame({"threat_class": ["owa_drone", "srbm"], "altitude_km_high": [5.0, 100.0]})


@pytest.fixture
def span():
    """One system's span of altitudes; a single number stands for all three readings."""

    def make(system, floor, ceiling, is_open=False, is_guess=False):
        floors, ceilings = (value if isinstance(value, tuple) else (value,) * 3 for value in (floor, ceiling))
        ends = ("low", "middle", "high")
        heights = {f"floor_{end}_km": value for end, value in zip(ends, floors, strict=True)}
        heights |= {f"ceiling_{end}_km": value for end, value in zip(ends, ceilings, strict=True)}
        renamed = {name.replace("_middle", ""): value for name, value in heights.items()}
        return {"system_id": system, "ceiling_open": is_open, "floor_assumed": is_guess, **renamed}

    return make


@pytest.fixture
def count():
    """Cells of one architecture from spans and ratings written as {(system, class): (capability, confirmed)}."""

    def calculate(spans, ratings, planned=()):
        systems = sorted({row["system_id"] for row in spans})
        states = ["planned" if name in planned else "fielded" for name in systems]
        members = pd.DataFrame({"system_id": systems, "name": systems, "layer": "long", "state": states})
        rows = [(*key, *value) for key, value in ratings.items()]
        matrix = pd.DataFrame(rows, columns=["system_id", "threat_class", "capability", "confirmed"])
        members = members.assign(architecture_id="usa_guam")
        placed = coverage.place_systems(members, matrix, pd.DataFrame(spans), THREATS, BANDS)
        return placed, coverage.coverage_by_band(placed, ["usa_guam"], THREATS, BANDS)

    return calculate


def cell(cells, threat, band):
    rows = cells[(cells["threat_class"] == threat) & (cells["band"] == band)]
    return rows.iloc[0]


def test_a_class_counts_only_in_the_bands_in_which_it_flies(count, span):
    _, cells = count([span("a", 0, 20)], {("a", "srbm"): ("primary", True)})
    assert cells[["threat_class", "band"]].to_numpy().tolist() == [
        ["owa_drone", "low"],
        ["srbm", "low"],
        ["srbm", "high"],
    ]


def test_a_system_counts_in_each_band_that_its_heights_meet(count, span):
    ratings = {("a", "srbm"): ("primary", True), ("b", "srbm"): ("limited", False)}
    _, cells = count([span("a", 0, 20), span("b", 40, 150)], ratings)
    assert cell(cells, "srbm", "low")["n_systems"] == 1
    high = cell(cells, "srbm", "high")
    assert (high["n_systems"], high["n_confirmed"], high["best_capability"]) == (2, 1, "primary")


def test_a_ceiling_at_the_edge_of_a_band_does_not_reach_it(count, span):
    _, cells = count([span("a", 0, 10)], {("a", "srbm"): ("primary", True)})
    assert cell(cells, "srbm", "low")["cover"] == "rated"
    assert cell(cells, "srbm", "high")["cover"] == "gap"


def test_a_floor_above_the_class_leaves_the_system_out(count, span):
    placed, cells = count([span("a", 40, 150)], {("a", "owa_drone"): ("secondary", True)})
    assert not placed["placed"].any()
    assert cell(cells, "owa_drone", "low")["cover"] == "not known"


def test_a_rating_of_none_is_no_rated_system(count, span):
    ratings = {("a", "owa_drone"): ("none", True), ("a", "srbm"): ("primary", True)}
    _, cells = count([span("a", 0, 50)], ratings)
    assert cell(cells, "owa_drone", "low")["cover"] == "gap"


def test_a_rated_system_without_a_height_makes_a_band_unknown_and_no_gap(count, span):
    _, cells = count([span("a", float("nan"), float("nan"))], {("a", "srbm"): ("primary", True)})
    assert set(cells.loc[cells["threat_class"] == "srbm", "cover"]) == {"not known"}
    assert cell(cells, "srbm", "low")["n_unplaced"] == 1


def test_heights_on_which_sources_differ_give_a_range_of_counts(count, span):
    ratings = {("a", "srbm"): ("primary", True), ("b", "srbm"): ("primary", True)}
    spans = [span("a", 0, (5, 30, 60)), span("b", 0, (5, 8, 12))]
    high = cell(count(spans, ratings)[1], "srbm", "high")
    assert (high["n_low"], high["n_systems"], high["n_high"]) == (0, 1, 2)
    alone = cell(count(spans[1:], {("b", "srbm"): ("primary", True)})[1], "srbm", "high")
    assert (alone["n_systems"], alone["cover"]) == (0, "disputed")


def test_an_open_ceiling_may_reach_every_band_above(count, span):
    ratings = {("a", "srbm"): ("primary", True)}
    assert cell(count([span("a", 0, 9, is_open=True)], ratings)[1], "srbm", "high")["cover"] == "disputed"


def test_planned_systems_count_and_are_told_apart(count, span):
    _, cells = count([span("a", 0, 50)], {("a", "srbm"): ("primary", True)}, planned=["a"])
    low = cell(cells, "srbm", "low")
    assert (low["n_systems"], low["n_fielded"]) == (1, 0)


def test_a_band_that_hangs_on_an_assumed_lower_end_is_counted_apart(count, span):
    ratings = {("a", "srbm"): ("primary", True), ("b", "srbm"): ("primary", True)}
    spans = [span("a", (0, 8, 12), 20, is_guess=True), span("b", 0, 9)]
    placed, cells = count(spans, ratings, planned=["b"])
    row = coverage.coverage_by_class(placed, cells).set_index("threat_class").loc["srbm"]
    assert (row["bands_rated"], row["bands_floor_known"], row["bands_fielded"]) == (2, 1, 2)


def test_a_lower_end_assumed_at_the_ground_is_no_guess(count, span):
    _, cells = count([span("a", 0, 20, is_guess=True)], {("a", "srbm"): ("primary", True)})
    assert cell(cells, "srbm", "low")["n_floor_known"] == 1


def test_bands_of_unknown_and_of_disputed_height_are_named_beside_the_gaps(count, span):
    placed, cells = count([span("a", 40, 150)], {("a", "owa_drone"): ("secondary", True)})
    summary = coverage.coverage_by_class(placed, cells).set_index("threat_class")
    assert summary.loc["owa_drone", ["gaps", "unknown"]].tolist() == ["", "low"]
    assert summary.loc["srbm", ["gaps", "unknown"]].tolist() == ["low, high", ""]
    placed, cells = count([span("a", 0, (5, 8, 12))], {("a", "srbm"): ("primary", True)})
    assert coverage.coverage_by_class(placed, cells).set_index("threat_class").loc["srbm", "disputed"] == "high"


def test_each_band_counts_once_however_many_systems_are_rated(count, span):
    ratings = {(name, "srbm"): ("primary", name == "a") for name in "abc"}
    placed, cells = count([span(name, 0, 9) for name in "abc"], ratings)
    row = coverage.coverage_by_class(placed, cells).set_index("threat_class").loc["srbm"]
    assert (row["n_rated"], row["n_confirmed"]) == (3, 1)
    assert (row["bands_flown"], row["bands_rated"], row["bands_confirmed"], row["gaps"]) == (2, 1, 1, "high")


def test_adding_a_system_never_opens_a_gap(cover, threats_and_bands):
    placed, _ = cover(["israel_2025"])
    systems = placed["system_id"].unique()
    previous = set()
    for size in range(len(systems), 0, -1):
        some = placed[placed["system_id"].isin(systems[:size])]
        cells = coverage.coverage_by_band(some, ["israel_2025"], *threats_and_bands)
        gaps = set(cells.loc[cells["cover"] == "gap", ["threat_class", "band"]].itertuples(index=False, name=None))
        assert previous <= gaps
        previous = gaps
    assert previous


def test_real_counts_hold_together(cover):
    placed, cells = cover()
    assert (cells["n_low"] <= cells["n_systems"]).all()
    assert (cells["n_systems"] <= cells["n_high"]).all()
    assert (cells["n_confirmed"] <= cells["n_systems"]).all()
    assert (cells["n_fielded"] <= cells["n_systems"]).all()
    assert set(cells["architecture_id"]) == set(ARCHITECTURES)
    assert set(cells["threat_class"]) == set(THREAT_CLASSES)
    assert cells["best_capability"].notna().equals(cells["cover"] == "rated")
    classes = coverage.coverage_by_class(placed, cells)
    assert (classes["bands_confirmed"] <= classes["bands_rated"]).all()
    assert (classes["bands_rated"] <= classes["bands_flown"]).all()


def test_no_taiwanese_system_is_rated_against_rockets_or_above_the_atmosphere(cover):
    _, cells = cover(["taiwan_pre_tdome", "taiwan_tdome_planned"])
    assert set(cells.loc[cells["threat_class"] == "mortar_rocket", "cover"]) == {"gap"}
    assert set(cells.loc[cells["band"] == "exo", "cover"]) == {"gap"}


def test_iron_beam_is_rated_against_rockets_but_stands_in_no_band(cover):
    placed, _ = cover(["israel_2025"])
    beam = placed[placed["system_id"] == "iron_beam"]
    assert len(beam) > 0
    assert not beam["placed"].any()


def test_a_confidence_that_no_rating_has_gives_empty_results(cover):
    placed, cells = cover(minimum_confidence="high")
    classes = coverage.coverage_by_class(placed, cells)
    assert placed.empty
    assert cells.empty
    assert classes.empty
    assert {"cover", "n_systems"} <= set(cells.columns)
    assert {"bands_rated", "gaps"} <= set(classes.columns)


def test_an_architecture_without_a_rated_system_is_all_gaps(cover, threats_and_bands):
    placed, _ = cover(["israel_2025"])
    cells = coverage.coverage_by_band(placed, ["israel_2025", "usa_guam"], *threats_and_bands)
    assert set(cells.loc[cells["architecture_id"] == "usa_guam", "cover"]) == {"gap"}


def test_confirmed_only_leaves_out_what_nobody_has_seen(load):
    matrix = coverage.capability_matrix(load("systems"), load("capability"))
    confirmed = coverage.capability_matrix(load("systems"), load("capability"), confirmed_only=True)
    assert len(matrix) == len(confirmed) == len(load("systems")) * len(THREAT_CLASSES)
    assert matrix["capability"].notna().sum() == len(load("capability"))
    assert confirmed["capability"].notna().sum() == matrix["confirmed"].sum() < len(load("capability"))
    assert confirmed[confirmed["system_id"] == "antelope"]["capability"].isna().all()


def test_networks_and_radars_have_rows_and_no_ratings(load):
    matrix = coverage.capability_matrix(load("systems"), load("capability"))
    networks = matrix[matrix["layer"] == "not_applicable"]
    assert "t_dome" in set(networks["system_id"])
    assert networks["capability"].isna().all()


@pytest.fixture
def members(load):
    """State of each system in each architecture."""
    frame = coverage.list_members(load_facts("air_defence"), list(ARCHITECTURES))
    return frame.set_index(["architecture_id", "system_id"])["state"]


def test_sky_bow_1_is_listed_in_no_architecture(members):
    assert set(members.xs("sky_bow_1", level="system_id")) == {NOT_LISTED}


@pytest.mark.parametrize("system", ["patriot_pac2_gemt", "sky_bow_2", "skyguard", "antelope"])
def test_what_the_plan_does_not_name_stays_fielded_and_says_that_the_plan_is_silent(load, system):
    frame = coverage.list_members(load_facts("air_defence"), ["taiwan_tdome_planned"]).set_index("system_id")
    assert frame.loc[system, ["state", "reserve"]].tolist() == ["fielded", "not named in the plan"]


def test_roles_that_take_something_back_from_fielded_are_kept(load):
    frame = coverage.list_members(load_facts("air_defence"), list(ARCHITECTURES))
    held = frame[frame["reserve"] != ""].set_index(["architecture_id", "system_id"])["reserve"].to_dict()
    assert held == {
        ("israel_2025", "patriot_pac2_gemt"): "retired from 2024",
        ("taiwan_pre_tdome", "t_dome"): "predecessor",
        **{
            ("taiwan_tdome_planned", system): "not named in the plan"
            for system in ("patriot_pac2_gemt", "sky_bow_2", "skyguard", "antelope")
        },
    }
    elsewhere = coverage.overall_states(frame).set_index("system_id")["reserve"]
    assert elsewhere["patriot_pac2_gemt"] == ""  # Taiwan before T-Dome fields it without a reserve
    israel = coverage.overall_states(frame[frame["architecture_id"] == "israel_2025"]).set_index("system_id")
    assert israel.loc["patriot_pac2_gemt", "reserve"] == "retired from 2024"


def test_the_plan_tells_what_stands_from_what_is_paid_for_and_what_is_only_announced(members):
    planned = members["taiwan_tdome_planned"]
    assert set(planned.index[planned == "announced"]) == {
        "t_dome",
        "ibcs",
        "sky_bow_4",
        "sky_bow_5",
    }  # not the network before it
    assert set(planned.index[planned == "funded"]) == {"patriot_pac3_mse", "nasams_taiwan"}
    assert planned["sky_bow_3"] == "fielded"  # the rounds that the plan adds are announced only


def test_what_israel_develops_is_not_counted_as_fielded(members):
    assert members["israel_2025", "arrow_4"] == "announced"


def test_every_system_has_a_state_in_every_architecture(members, load):
    assert len(members) == len(load("systems")) * len(ARCHITECTURES)
    named = load("architecture_layers").drop_duplicates(["architecture_id", "system_id"])
    kept = coverage.left_unnamed(load_facts("air_defence"))
    assert (members != NOT_LISTED).sum() == len(named) + len(kept)


def test_an_unknown_architecture_is_refused(load):
    with pytest.raises(ParameterError, match=r"'isreal_2025' is not known; did you mean 'israel_2025'"):
        coverage.list_members(load_facts("air_defence"), ["isreal_2025"])


def test_a_system_fielded_in_one_and_announced_in_another_is_fielded(load):
    members = coverage.list_members(load_facts("air_defence"), list(ARCHITECTURES))
    states = coverage.overall_states(members).set_index("system_id")["state"]
    assert states["thaad"] == "fielded"
    assert states["sky_bow_4"] == "announced"
    assert states["s_400"] == NOT_LISTED
    assert states.index.tolist() == load("systems")["system_id"].tolist()
