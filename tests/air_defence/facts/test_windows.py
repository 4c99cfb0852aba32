"""Engagement windows: hand-worked paths, what is assumed, and what must always hold."""

import ast
import json
from pathlib import Path

import numpy as np
import pytest

from analysis.air_defence.facts import coverage, envelope, windows
from analysis.air_defence.facts.choices import THREAT_CLASSES
from analysis.air_defence.facts.claims import assumption
from analysis.errors import DataError, ParameterError


@pytest.fixture
def calculate(load, facts, limits, spans):
    """Windows of the real systems; a table of assumptions can be put in the place of ours."""

    def windows_of(*classes, assumptions=None):
        guesses = load("assumptions") if assumptions is None else assumptions
        envelopes = envelope.range_altitude_envelopes(limits, envelope.altitude_spans(limits, load("assumptions")))
        matrix = coverage.capability_matrix(load("systems"), load("capability"))
        found = windows.engagement_windows(matrix, envelopes, facts.replaced(assumptions=guesses), list(classes))
        return found.set_index(["system_id", "threat_class"])

    return windows_of


@pytest.fixture
def every(calculate):
    """Windows of all systems against all classes."""
    return calculate(*THREAT_CLASSES)


def test_the_horizon_is_the_sum_of_both_square_roots():
    assert windows.radar_horizon_km(16, 25) == pytest.approx(4.12 * 9)
    assert windows.radar_horizon_km(0, 0) == 0


def test_a_short_range_window_is_its_path_over_the_speed(calculate):
    row = calculate("subsonic_cm").loc["skyguard", "subsonic_cm"]  # 16 km to 2 km at 240 m/s; its radar sees 22 km
    assert row["window_best_s"] == pytest.approx(14_000 / 240)
    assert row["lead_best_s"] == pytest.approx(6_000 / 240)
    assert row["why"] == "all published"


def test_a_ballistic_window_is_the_altitude_span_down_the_dive_angle(calculate):
    row = calculate("mrbm").loc["arrow_2", "mrbm"]  # 50 km down to 10 km at 45 degrees and 3,400 m/s
    assert row["window_best_s"] == pytest.approx(40 * np.sqrt(2) / 3.4)
    assert row["geometry"] == "dive"


def test_range_cuts_a_ballistic_window_where_the_ceiling_would_allow_more(calculate):
    row = calculate("srbm").loc["patriot_pac3_cri", "srbm"]  # 24.2 km at 45 degrees is 34.2 km of path, the range 27.5
    assert row["far_best_km"] == pytest.approx(27.5)


def test_a_range_against_the_same_kind_of_target_goes_first(calculate):
    found = calculate("tactical_aircraft", "srbm")
    assert found.loc[("patriot_pac3_mse", "tactical_aircraft"), "far_best_km"] == pytest.approx(100)
    assert found.loc[("patriot_pac3_mse", "srbm"), "far_best_km"] == pytest.approx(40)


def test_low_fliers_are_not_engaged_beyond_the_horizon(calculate, load):
    row = calculate("subsonic_cm").loc["davids_sling", "subsonic_cm"]
    height_m = assumption(load("assumptions"), "radar_height")["best"]
    assert row["far_best_km"] == pytest.approx(float(windows.radar_horizon_km(height_m, 160)))
    assert row["hidden_s"] > row["window_best_s"]


def test_a_ceiling_published_as_a_floor_is_marked_and_has_no_upper_end(calculate):
    row = calculate("mrbm").loc["arrow_3", "mrbm"]
    assert row["at_least"]
    assert row["why"].startswith("at least")
    assert row["far_high_km"] == pytest.approx(2 * 500, rel=0.3)


def test_systems_without_published_limits_are_marked_as_assumed(every):
    assumed = set(every.index[every["far_assumed"]].get_level_values("system_id"))
    assert {"arrow_4", "sky_bow_5"} <= assumed
    assert "thaad" not in assumed
    assert every.loc[every["far_assumed"], "why"].str.contains("reach").all()


def test_no_window_reaches_below_the_floor_or_beyond_sight(every):
    for end in ("low", "best", "high"):
        assert (every[f"near_{end}_km"] <= every[f"far_{end}_km"]).all()
        assert (every[f"far_{end}_km"] <= every[f"sight_{end}_km"]).all()
        assert (every[f"lead_{end}_s"] >= 0).all()
    assert (every["window_low_s"] <= every["window_best_s"]).all()
    assert (every["window_best_s"] <= every["window_high_s"]).all()
    assert not every.isna().any(axis=None)


def test_a_class_that_stays_below_the_floor_leaves_no_window(calculate):
    assert calculate("srbm").loc[("sm_3", "srbm"), "window_best_s"] == 0


def test_each_rated_pair_has_one_row_and_the_highest_layer_comes_first(every, load):
    rated = load("capability")["capability"].isin(coverage.RATED)
    assert every.index.is_unique
    assert len(every) == rated.sum()
    assert every.loc[every.index.get_level_values("threat_class") == "mrbm", "layer"].iloc[0] == "exo"


def test_a_steeper_dive_leaves_less_time_where_altitudes_bind(calculate, load):
    steep = load("assumptions").copy()
    steep.loc[steep["assumption_id"] == "dive_angle", ["low", "best", "high"]] = [80, 85, 90]
    arrow = [found.loc[("arrow_2", "mrbm"), "window_best_s"] for found in (
        calculate("mrbm"), calculate("mrbm", assumptions=steep)
    )]  # fmt: skip
    assert arrow[1] == pytest.approx(arrow[0] * np.sin(np.radians(45)) / np.sin(np.radians(85)))


def test_unknown_classes_and_missing_assumptions_are_named(calculate, load):
    with pytest.raises(ParameterError, match="threat_classes = 'balloon'"):
        calculate("balloon")
    guesses = load("assumptions")
    with pytest.raises(DataError, match="dive_angle"):
        calculate("mrbm", assumptions=guesses[guesses["assumption_id"] != "dive_angle"])


def test_classes_against_which_nobody_is_rated_are_named(limits, load, facts):
    matrix = coverage.capability_matrix(load("systems"), load("capability"))
    taiwan = matrix[matrix["system_id"] == "sky_bow_2"]
    with pytest.raises(ParameterError, match="no system here is rated against irbm, hgv"):
        windows.engagement_windows(taiwan, limits, facts, ["irbm", "hgv"])


def test_the_defaults_of_the_notebook_are_the_best_values_of_the_assumptions(load):
    path = Path(__file__).parents[3] / "notebooks/air_defence/03-value-of-integration.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    defaults = {node.target.id: ast.literal_eval(node.value) for node in ast.parse("".join(cells[1]["source"])).body}
    for parameter, name in {
        "decision_stand_alone_s": "decision_time_stand_alone",
        "decision_networked_s": "decision_time_networked",
        "cycle_s": "shot_cycle",
    }.items():
        assert defaults[parameter] == assumption(load("assumptions"), name)["best"]
