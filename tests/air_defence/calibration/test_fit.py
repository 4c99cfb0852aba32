"""Levels fitted to a small record, and what they say of what they have not seen."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.calibration.fit import (
    calibrate,
    fit,
    folds,
    leave_out,
    levels_before_and_after,
    posterior_draws,
    without_war_effects,
)
from analysis.air_defence.calibration.held_out import describe, predict_held_out, score
from analysis.air_defence.calibration.prior import COMMON, CORRELATIONS, half_normal, make_prior
from analysis.air_defence.calibration.tempering import draw_prior
from analysis.errors import DataError, ParameterError

from .conftest import RAIDS, observed


def mean_of(calibration, particles, name):
    return calibration.prior.levels(particles.places).common[name].mean()


def test_raids_that_leak_less_speak_for_better_levels(record):
    levels = {}
    for leaked in (0, 20):
        raids = [observed(str(i), "mrbm", 20, leaked, leaked) for i in range(4)]
        calibration = calibrate(record(raids), "layer")
        fitted = fit(calibration, 500, 4, seed=1)
        levels[leaked] = [mean_of(calibration, fitted, name) for name in ("single_shot_primary", "coverage_upper")]
    assert levels[0][0] > levels[20][0] + 0.05
    assert levels[0][1] > levels[20][1]


def test_the_same_seed_gives_the_same_particles(small):
    one, two = fit(small, 200, 2, seed=5), fit(small, 200, 2, seed=5)
    assert np.array_equal(one.places, two.places)
    assert one.log_evidence == two.log_evidence


def test_a_war_left_out_has_its_own_effects_back_from_their_law(small):
    fitted = fit(small, 1_000, 5, seed=1)
    own = small.asked.rows["war"].eq("gulf_1991").to_numpy()
    free = leave_out(small, fitted, own, 5, seed=2)
    place = small.prior.names.index("gulf_1991.kill")
    assert abs(fitted.places[:, place].mean()) > 0.15  # half of its threats were counted through
    assert free.places[:, place].mean() == pytest.approx(0.0, abs=0.15)
    assert free.places[:, place].std() == pytest.approx(1.0, abs=0.12)


def test_both_ways_to_leave_a_war_out_find_the_same_levels(small):
    own = small.asked.rows["war"].eq("gulf_1991").to_numpy()
    prior = draw_prior(small.terms, 2_000, len(small.prior.names), np.random.default_rng(3))
    from_fit = leave_out(small, fit(small, 2_000, 5, seed=1), own, 5, seed=2)
    from_prior = leave_out(small, prior, own, 5, seed=2, has_seen=False)
    for name in COMMON:
        assert mean_of(small, from_fit, name) == pytest.approx(mean_of(small, from_prior, name), abs=0.02)


def test_every_row_is_predicted_once_without_its_raid_and_without_its_war(small):
    fitted, lines = fit(small, 300, 2, seed=1), []
    for left_out, parts in (("raid", 3), ("war", 2)):
        said = predict_held_out(small, fitted, left_out, 2, seed=3, progress=lines.append)
        assert list(said["claim_id"]) == [row["claim_id"] for row in RAIDS]
        assert said[["mean", "q05", "q95", "crps", "mean_alone"]].notna().all(axis=None)
        assert (said["q05"] <= said["q95"]).all()
        assert len(list(folds(small.asked, left_out))) == parts
    assert len(lines) == 5


def test_without_war_effects_all_wars_are_alike(small):
    still = without_war_effects(small)
    levels = still.prior.levels(np.random.default_rng(1).standard_normal((5, len(still.prior.names))))
    assert np.allclose(levels.kill[:, 0], levels.kill[:, 1])
    assert np.allclose(levels.cover[:, 0], levels.cover[:, 1])


def test_draws_for_a_new_war_spread_more_than_the_common_level(small):
    fitted = fit(small, 500, 3, seed=1)
    draws = posterior_draws(small, fitted, np.full(500, 1 / 500), 200, seed=1)
    assert draws["weight"].sum() == pytest.approx(1)
    names = [*COMMON, *CORRELATIONS, *(f"{name}_new_war" for name in COMMON)]
    assert draws[names].ge(0).all(axis=None) and draws[names].le(1).all(axis=None)
    for name in ("single_shot_primary", "coverage_local_air", "coverage_upper"):
        assert draws[f"{name}_new_war"].std() > draws[name].std()
    assert (draws["track_layer_new_war"] == draws["track_layer"]).all()


def test_the_laws_before_any_raid_are_the_assumptions(record):
    facts = record()
    draws = pd.DataFrame({"coverage_scope": ["layer"], "weight": [1.0], **{name: [0.5] for name in COMMON}})
    found = levels_before_and_after(draws, facts.assumptions).set_index(["input", "law"])
    assumed = found.loc[("single_shot_primary", "assumed")]
    assert assumed["mean"] == pytest.approx((0.3 + 4 * 0.6 + 0.9) / 6, abs=1e-3)
    assert found.loc[("single_shot_primary", "common"), "mean"] == 0.5
    assert half_normal(np.array([1.0]), 2.0)[0] > half_normal(np.array([0.0]), 2.0)[0] > 0


def test_the_range_that_was_counted_is_scored_by_its_mean():
    pmf = np.array([0.1, 0.2, 0.3, 0.4])
    both = describe(pmf, 1, 2)["crps"]
    assert both == pytest.approx((describe(pmf, 1, 1)["crps"] + describe(pmf, 2, 2)["crps"]) / 2)
    sure = np.array([0.0, 0.0, 1.0, 0.0])
    assert describe(sure, 2, 2) == {"mean": 2.0, "q05": 2.0, "q95": 2.0, "inside": 1.0, "width": 0.0, "crps": 0.0}
    assert describe(sure, 0, 0)["inside"] == 0.0


def test_by_war_every_war_counts_once():
    rows = pd.DataFrame({"war": ["a"] * 3 + ["b"], "inside": [1, 1, 1, 0], "inside_alone": 1.0})
    rows = rows.assign(width=0.1, crps=0.2, width_alone=0.3, crps_alone=0.4)
    assert score(rows)[["inside", "inside_by_war"]].tolist() == [0.75, 0.5]


def test_wrong_questions_are_refused(small, record):
    with pytest.raises(ParameterError, match="coverage_scope"):
        calibrate(record(), "country")
    with pytest.raises(ParameterError, match="n_particles"):
        fit(small, 10, 1, seed=1)
    with pytest.raises(ParameterError, match="left_out"):
        next(folds(small.asked, "day"))
    assumptions = record().assumptions
    broken = assumptions.assign(low=assumptions["low"].mask(assumptions["assumption_id"] == "track_layer", 2.0))
    with pytest.raises(DataError, match="track_layer"):
        make_prior(broken, ())


def test_particles_that_were_counted_nothing_keep_the_prior(small):
    rows = len(small.asked.rows)
    fitted = fit(small, 1_000, 4, seed=1)
    free = leave_out(small, fitted, np.ones(rows, bool), 4, seed=2)
    assert replace(free).places.mean() == pytest.approx(0.0, abs=0.03)
    assert free.log_evidence == pytest.approx(0.0, abs=0.5)
