"""The stored posterior is that of these data, and a new fit finds it again."""

import importlib.util
from pathlib import Path

import pandas as pd
import pytest

from analysis.air_defence.calibration.held_out import score
from analysis.air_defence.calibration.prior import COMMON
from analysis.air_defence.calibration.raids import ask_raids, fitted_digest
from analysis.figures.air_defence.hindcast_raids import AIM_INSIDE, AIM_WARS
from analysis.tables import load_table, stored_results

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def posterior():
    return load_table("air_defence/posterior")


def test_it_was_fitted_to_the_tables_as_they_are(facts, posterior):
    digest = fitted_digest(facts)
    for frame in (posterior, stored_results("left_out"), stored_results("fits")):
        assert set(frame["inputs_sha256"]) == {digest}, "make calibrate has not run since the tables changed"


def test_it_has_at_most_500_draws_whose_weights_sum_to_one_in_each_scope(posterior):
    assert len(posterior) <= 500
    assert posterior.groupby("coverage_scope")["weight"].sum().to_list() == pytest.approx([1, 1], abs=1e-9)


def test_every_row_that_was_asked_is_predicted_in_both_scopes(facts):
    left_out = stored_results("left_out")
    asked = list(ask_raids(facts).rows["claim_id"])
    for _, own in left_out.groupby(["coverage_scope", "left_out", "war_effects"]):
        assert sorted(own["claim_id"]) == sorted(asked)


def test_seeds_and_scopes_agree():
    fits = stored_results("fits")
    spread = fits.groupby("coverage_scope")[list(COMMON)].agg(lambda means: means.max() - means.min())
    assert spread.max(axis=None) < 0.03
    assert fits["effective_size"].min() > 0.5 * fits["particles"].iloc[0]
    evidence = fits.groupby("coverage_scope")["log_evidence"].mean()
    assert abs(evidence["layer"] - evidence["place"]) < 1


def test_what_was_aimed_at_is_met_by_what_is_stored():
    whole = stored_results("left_out").query("war_effects")
    for _, own in whole.groupby("coverage_scope"):
        raid, war = (score(own[own["left_out"] == kind]) for kind in ("raid", "war"))
        assert raid["inside"] >= AIM_INSIDE
        assert raid["width"] < raid["width_alone"] and raid["crps"] < raid["crps_alone"]
        assert war["inside_by_war"] >= AIM_WARS


@pytest.mark.long
def test_a_new_fit_from_another_seed_finds_the_stored_posterior(posterior):
    spec = importlib.util.spec_from_file_location("calibrate", ROOT / "tools" / "calibrate.py")
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    parts = [tool.run_scope(scope, particles=4_000, seeds=(9,), workers=2) for scope in ("layer", "place")]
    draws, left_out = (pd.concat([part[i] for part in parts]) for i in (0, 1))
    names = [*COMMON, *(f"{name}_new_war" for name in COMMON)]
    for scope in ("layer", "place"):
        new, stored = (frame[frame["coverage_scope"] == scope][names].mean() for frame in (draws, posterior))
        assert (new - stored).abs().max() < 0.04
    kept = stored_results("left_out")
    for kind in ("raid", "war"):
        new, stored = (score(rows[(rows["left_out"] == kind) & rows["war_effects"]]) for rows in (left_out, kept))
        assert new["inside"] == pytest.approx(stored["inside"], abs=0.07)
        assert new["crps"] == pytest.approx(stored["crps"], abs=0.01)
