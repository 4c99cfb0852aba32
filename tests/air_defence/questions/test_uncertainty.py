"""Draws of uncertain inputs: their ranges, their seeds, bands of ignorance, Sobol indices."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.air_defence.exact.layers import Layer, raid_leakers_by_draw
from analysis.air_defence.questions.uncertainty import (
    METHODS,
    SHAPES,
    draw_inputs,
    outcome_bands,
    sensitivity,
    split_variance,
)
from analysis.errors import ParameterError


def ranges_of(**rows):
    """Make a table of ranges from low, best, high and, for a count, True."""
    table = pd.DataFrame.from_dict({name: (*row, False)[:4] for name, row in rows.items()}, orient="index")
    return table.set_axis(["low", "best", "high", "whole"], axis=1)


@settings(max_examples=40)
@given(
    st.lists(st.floats(-1e6, 1e6), min_size=3, max_size=3),
    st.sampled_from(SHAPES),
    st.sampled_from(METHODS),
    st.integers(1, 50),
)
def test_draws_stay_between_low_and_high(values, shape, method, n):
    low, best, high = sorted(values)
    draws = draw_inputs(ranges_of(a=(low, best, high)), n, 0, shape, method)
    assert draws.shape == (n, 1)
    assert draws["a"].between(low, high).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_pert_draw_has_the_mean_and_spread_of_its_beta_distribution(method):
    draws = draw_inputs(ranges_of(a=(0, 3, 9)), 4096, 1, "pert", method)["a"]
    mean = (0 + 4 * 3 + 9) / 6
    assert draws.mean() == pytest.approx(mean, abs=0.01)
    assert draws.var() == pytest.approx((mean - 0) * (9 - mean) / 7, rel=0.01)


@pytest.mark.parametrize("method", METHODS)
def test_a_uniform_draw_fills_its_range_evenly(method):
    draws = draw_inputs(ranges_of(a=(2, 2, 4)), 1024, 1, "uniform", method)["a"]
    assert np.histogram(draws, bins=4, range=(2, 4))[0].tolist() == [256] * 4


def test_counts_are_drawn_equally_often_or_near_the_best_value():
    ranges = ranges_of(rounds=(0, 3, 3, True))
    uniform = draw_inputs(ranges, 1024, 2, "uniform")["rounds"]
    assert uniform.dtype == np.int64
    assert uniform.value_counts().to_dict() == {0: 256, 1: 256, 2: 256, 3: 256}
    pert = draw_inputs(ranges, 1024, 2, "pert")["rounds"]
    assert set(pert) <= {0, 1, 2, 3}
    assert (pert == 3).sum() > (pert == 2).sum() > (pert == 1).sum()


def test_an_input_without_spread_stays_where_it_is():
    assert draw_inputs(ranges_of(a=(0.7, 0.7, 0.7)), 8, 0)["a"].tolist() == [0.7] * 8


def test_draws_follow_their_seed():
    ranges = ranges_of(a=(0, 0.5, 1), b=(0, 1, 9))
    first, again, other = (draw_inputs(ranges, 100, seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(first, again)
    assert (first != other).to_numpy().all()


def test_fewer_sobol_draws_are_the_first_of_more():
    ranges = ranges_of(a=(0, 0.5, 1))
    pd.testing.assert_frame_equal(draw_inputs(ranges, 100, 5), draw_inputs(ranges, 128, 5)[:100])


def test_ignorance_and_luck_are_kept_apart():
    layers, raid = [Layer("upper", {"srbm": 0.5}, {"srbm": 99}, shots=1)], {"srbm": 20}
    ranges = ranges_of(**{"upper.srbm.single_shot": (0.3, 0.5, 0.9)})
    results = raid_leakers_by_draw(layers, raid, draw_inputs(ranges, 2048, 0, "uniform"))
    split = split_variance(results)
    # p uniform on 0.3 to 0.9: luck is 20 E[p (1 - p)], ignorance 400 Var[p]
    assert split["luck"] == pytest.approx(20 * (0.6 - 0.36 - 0.03), rel=1e-3)
    assert split["ignorance"] == pytest.approx(400 * 0.03, rel=1e-3)
    bands = outcome_bands(results, confidence=0.9).set_index("quantity")
    assert bands.loc["mean", ["low", "high"]].tolist() == pytest.approx([20 * 0.13, 20 * 0.67], abs=0.02)
    assert (bands["low"] <= bands["median"]).all()
    assert (bands["median"] <= bands["high"]).all()


def test_simulation_noise_is_not_taken_for_ignorance():
    noisy = pd.DataFrame({"mean": [1.0, 3.0], "variance": 0.5, "standard_error": 1.0})
    assert split_variance(noisy)["ignorance"] == 0.0


def test_bands_are_made_for_each_group():
    results = pd.DataFrame({"raid": ["a", "a", "b"], "mean": [1.0, 3.0, 5.0]})
    results = results.assign(probability_zero=0.0, q05=0.0, q50=1.0, q95=9.0)
    bands = outcome_bands(results, 1.0, by=["raid"]).query("quantity == 'mean'")
    assert bands[["raid", "low", "high"]].to_numpy().tolist() == [["a", 1.0, 3.0], ["b", 5.0, 5.0]]


def test_sobol_indices_of_a_known_model_are_recovered():
    # y = a b with a, b uniform on 0 to 1: first order 3/7 each, total 4/7 each
    ranges = ranges_of(a=(0, 0, 1), b=(0, 0, 1), idle=(0, 0, 1), fixed=(2, 2, 2))
    found = sensitivity(lambda draws: draws["a"] * draws["b"], ranges, 4096, 1, "uniform").set_index("input")
    assert set(found.index) == {"a", "b", "idle"}
    assert found["first_order"].loc[["a", "b", "idle"]].tolist() == pytest.approx([3 / 7, 3 / 7, 0], abs=0.02)
    assert found["total"].loc[["a", "b", "idle"]].tolist() == pytest.approx([4 / 7, 4 / 7, 0], abs=0.02)
    assert found.index[-1] == "idle"


def test_a_result_that_does_not_vary_has_no_sensitivity():
    found = sensitivity(lambda draws: draws["a"] * 0, ranges_of(a=(0, 0, 1)), 8, 1)
    assert found.drop(columns="input").to_numpy().tolist() == [[0.0] * 4]
    assert sensitivity(lambda draws: draws, ranges_of(a=(1, 1, 1)), 8, 1).empty


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"a": (1, 0, 2)}, r"ranges.a = 1, 0, 2 is not allowed; give low <= best <= high"),
        ({"a": (0, float("nan"), 2)}, r"ranges.a\[1\] = nan is not allowed"),
        ({"a": (0, 0.5, 2, True)}, r"ranges.a = 0, 0.5, 2 is not allowed; a count needs whole numbers"),
    ],
)
def test_ranges_out_of_order_are_refused(rows, message):
    with pytest.raises(ParameterError, match=message):
        draw_inputs(ranges_of(**rows), 8, 0)


def test_two_ranges_of_one_name_are_refused():
    with pytest.raises(ParameterError, match="ranges names 'a' more than once"):
        draw_inputs(pd.concat([ranges_of(a=(0, 1, 2))] * 2), 8, 0)


def test_ranges_without_a_column_are_refused():
    with pytest.raises(ParameterError, match="ranges has no column 'best'; it needs low, best, high"):
        draw_inputs(pd.DataFrame({"low": [0], "high": [1]}), 8, 0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"n_draws": 0}, "n_draws = 0 is not allowed; give a whole number from 1 to 10,000,000"),
        ({"shape": "normal"}, "shape = 'normal' is not known"),
        ({"method": "sobel"}, "method = 'sobel' is not known; did you mean 'sobol'"),
    ],
)
def test_draws_that_cannot_be_made_are_refused(changes, message):
    with pytest.raises(ParameterError, match=message):
        draw_inputs(**{"ranges": ranges_of(a=(0, 1, 2)), "n_draws": 8, "seed": 0} | changes)


def test_more_numbers_than_fit_in_memory_are_refused():
    many = ranges_of(**{f"input {i}": (0, 1, 2) for i in range(1000)})
    with pytest.raises(ParameterError, match="give a whole number from 1 to 100,000"):
        draw_inputs(many, 1_000_000, 0)


def test_base_points_that_are_no_power_of_two_are_refused():
    with pytest.raises(ParameterError, match="give a power of two"):
        sensitivity(lambda draws: draws["a"], ranges_of(a=(0, 1, 2)), 100, 0)


def test_one_common_cause_moves_all_kill_probabilities_and_nothing_else():
    ranges = ranges_of(
        **{"a.srbm.single_shot": (0, 0.5, 1), "b.srbm.single_shot": (0.2, 0.4, 0.9), "a.track": (0, 0.5, 1)}
    )
    apart, together = (draw_inputs(ranges, 256, 1, "uniform", ignorance=name) for name in ("apart", "together"))
    assert abs(together["b.srbm.single_shot"] - (0.2 + 0.7 * together["a.srbm.single_shot"])).max() < 1e-12
    assert abs(apart.corr().iloc[0, 1]) < 0.2
    assert (together["a.track"] == apart["a.track"]).all()
    assert abs(together["a.track"].corr(together["a.srbm.single_shot"])) < 0.2
