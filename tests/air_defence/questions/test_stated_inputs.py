"""Inputs with a law of their own, and inputs of one system alone: what is stated is not fitted, and others stay."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import beta, triang

from analysis.air_defence.facts.claims import assumption_of, distribution_of
from analysis.air_defence.questions import cases, forces, posterior
from analysis.air_defence.questions.uncertainty import draw_inputs, require_ranges, spread
from analysis.errors import ParameterError
from analysis.tables import load_facts

FACTS = load_facts("air_defence")
RAID = {"srbm": 20, "subsonic_cm": 10}


def ask(facts=FACTS, inputs="calibrated", scope="layer"):
    defence = forces.build_defence("taiwan_tdome_planned", facts, RAID, covers=True)
    made = cases.make_case(defence, "layer", facts.assumptions, scope, raids_differ=True)
    return posterior.choose_inputs(made, facts.posterior, inputs)


def ranges_of(law, low=0.2, best=0.3, high=0.6, whole=False):
    return require_ranges(
        pd.DataFrame([{"low": low, "best": best, "high": high, "whole": whole, "distribution": law}], index=["x"])
    )


SHARES = np.linspace(0.005, 0.995, 199)


def test_each_law_is_drawn_by_its_own_quantiles():
    def drawn(law):
        return spread(SHARES[:, None], ranges_of(law), "pert")["x"].to_numpy()

    assert drawn("uniform") == pytest.approx(0.2 + 0.4 * SHARES)
    assert drawn("triangular") == pytest.approx(triang.ppf(SHARES, 0.25, 0.2, 0.4))
    assert drawn("beta(3,7)") == pytest.approx(beta.ppf(SHARES, 3, 7))  # low and high are no limits of it
    assert drawn("") == pytest.approx(drawn("pert"))
    assert drawn("pert").mean() == pytest.approx((0.2 + 4 * 0.3 + 0.6) / 6, abs=1e-3)


def test_counts_stay_whole_and_one_number_is_drawn_as_it_is():
    for law in ("uniform", "triangular", "pert"):
        values = draw_inputs(ranges_of(law, 3, 5, 9, whole=True), 64, seed=1)["x"]
        assert values.dtype == np.int64 and values.between(3, 9).all()
        assert (draw_inputs(ranges_of(law, 4, 4, 4), 16, seed=1)["x"] == 4).all()


def test_the_assumption_about_one_system_goes_before_the_common_one():
    table = pd.DataFrame({"assumption_id": ["track_layer", "track_of_thaad", "ready_rounds_of_thaad_usa_guam"]})
    assert assumption_of(table, "thaad", "track", "track_layer") == "track_of_thaad"
    assert assumption_of(table, "sm_3", "track", "track_layer") == "track_layer"
    assert assumption_of(table, "thaad", "ready_rounds", "", "usa_guam") == "ready_rounds_of_thaad_usa_guam"
    assert assumption_of(table, "thaad", "ready_rounds", "") == ""
    assert distribution_of(table, "track_layer") == ""  # a table of before has no such column


def test_our_own_assumptions_state_no_law_and_none_of_one_system():
    assert FACTS.assumptions["distribution"].isna().all()
    assert (
        not FACTS.assumptions["assumption_id"]
        .str.contains("_of_(?:" + "|".join(FACTS.systems["system_id"]) + ")")
        .any()
    )


@pytest.mark.parametrize("scope", ["layer", "place"])
def test_stating_what_an_input_has_already_moves_no_mean(scope):
    case = ask(scope=scope)
    best = case.defence.ranges["best"]
    names = ["sky_bow_3.srbm.single_shot", "sky_bow_3.track", "sky_bow_3.rounds"]
    stated = cases.state_inputs(case, {name: float(best[name]) for name in names})
    assert stated.luck().pmf == pytest.approx(case.luck().pmf, abs=1e-12)
    assert list(stated.defence.ranges.index) == list(case.defence.ranges.index)
    assert (stated.defence.ranges.loc[names, "common"] == "").all()
    assert cases.state_inputs(case, {}) is case


def test_a_stated_coverage_leaves_that_of_its_group_to_the_others():
    case = ask()
    stated = cases.state_inputs(case, {"sky_bow_3.coverage": 0.05})
    for one, before in zip(stated.defence.layers, case.defence.layers, strict=True):
        assert one.coverage == (dict.fromkeys(one.single_shot, 0.05) if one.name == "sky_bow_3" else before.coverage)
    places = list(stated.defence.ranges.index)
    assert places.index("sky_bow_3.coverage") == places.index("sky_bow_3.track") + 1


def test_an_input_that_nobody_has_is_refused():
    with pytest.raises(ParameterError, match=r"values = 'iron_dome\.rounds' is not known"):
        cases.state_inputs(ask(), {"iron_dome.rounds": 5})
    with pytest.raises(ParameterError, match=r"1\.5 is not allowed"):
        cases.state_inputs(ask(), {"sky_bow_3.track": 1.5})


def test_fitted_assumptions_pass_over_what_is_stated():
    table = FACTS.assumptions.copy()
    mine = table["assumption_id"] == "single_shot_primary"
    table.loc[mine, ["low", "best", "high"]] = 0.33
    table.loc[mine, "distribution"] = "pert"
    fitted = posterior.choose_assumptions(table, FACTS.posterior, "calibrated").set_index("assumption_id")
    ours = posterior.choose_assumptions(FACTS.assumptions, FACTS.posterior, "calibrated").set_index("assumption_id")
    assert fitted.loc["single_shot_primary", "best"] == 0.33
    assert fitted.loc["track_layer", "best"] == ours.loc["track_layer", "best"] != 0.95
