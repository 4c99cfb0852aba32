"""Sensor-to-shooter time: a staircase of shots, and what a saved second is worth."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.engagement import miss_probability
from analysis.air_defence.kill_chain import completion_probability, latency_gain, shot_opportunities
from analysis.errors import ParameterError

SECONDS = st.floats(0, 1_000)


def test_a_shorter_reaction_adds_a_shot_and_cuts_leakage_as_published():
    assert shot_opportunities(90, [35, 15], 20).tolist() == [3, 4]
    assert miss_probability(0.6, [3, 4]) == pytest.approx([0.064, 0.0256], abs=1e-15)
    assert latency_gain(90, 35, 15, 20, single_shot=0.6) == pytest.approx(0.064 - 0.0256, abs=1e-15)


@pytest.mark.parametrize(
    ("window_s", "reaction_s", "cycle_s", "shots"),
    [
        (0, 0, 20, 1),
        (10, 10, 20, 1),
        (10, 10.001, 20, 0),
        (0, 1, 20, 0),
        (0.3, 0, 0.1, 4),
        (60, 0, 20, 4),
        (59.9, 0, 20, 3),
    ],
)
def test_shots_at_the_edges_of_the_window(window_s, reaction_s, cycle_s, shots):
    assert shot_opportunities(window_s, reaction_s, cycle_s) == shots


def test_a_saved_second_is_worth_a_shot_at_some_times_and_nothing_at_others():
    gains = latency_gain(90, np.arange(20, 41), np.arange(19, 40), 20, single_shot=0.6)
    assert gains[10] == pytest.approx(0) and gains[11] == pytest.approx(0.0384)  # from 31 to 30 s
    assert np.count_nonzero(gains) == 1


@given(SECONDS, SECONDS, SECONDS, st.floats(1, 100), st.floats(0, 1))
def test_reacting_sooner_never_leaks_more(window_s, one_s, other_s, cycle_s, single_shot):
    sooner, later = sorted((one_s, other_s))
    assert 0 <= latency_gain(window_s, later, sooner, cycle_s, single_shot) <= 1


@given(SECONDS, SECONDS, st.floats(0.1, 100))
def test_the_last_shot_is_inside_the_window_and_the_next_would_not_be(window_s, reaction_s, cycle_s):
    shots = shot_opportunities(window_s, reaction_s, cycle_s)
    if shots:
        assert reaction_s + (shots - 1) * cycle_s <= window_s + 1e-6
    assert reaction_s + shots * cycle_s > window_s - 1e-6


@pytest.mark.parametrize("stages", [1, 2, 5])
def test_completion_is_the_erlang_distribution_by_its_sum(stages):
    rate_window = stages * 40 / 30
    by_sum = 1 - sum(math.exp(-rate_window) * rate_window**k / math.factorial(k) for k in range(stages))
    assert completion_probability(40, 30, stages) == pytest.approx(by_sum, abs=1e-14)


def test_completion_is_that_of_a_simulation():
    totals = np.random.default_rng(3).exponential(10, size=(100_000, 4)).sum(axis=1)
    expected = completion_probability([20, 40, 60], 40, 4)
    assert [(totals <= w).mean() for w in (20, 40, 60)] == pytest.approx(expected, abs=4 * 0.5 / math.sqrt(100_000))


def test_many_stages_make_a_step_and_no_time_completes_nothing():
    assert completion_probability([29, 31], 30, 1_000_000) == pytest.approx([0, 1], abs=1e-12)
    assert completion_probability(0, 30, 3) == 0


@given(SECONDS, SECONDS, st.floats(0.1, 100), st.integers(1, 50))
def test_more_time_never_completes_less(one_s, other_s, mean_s, stages):
    short, long = completion_probability(sorted((one_s, other_s)), mean_s, stages)
    assert 0 <= short <= long + 1e-12 <= 1 + 2e-12


@pytest.mark.parametrize(
    "call",
    [
        lambda: shot_opportunities(-1, 0, 1),
        lambda: shot_opportunities(10, float("nan"), 1),
        lambda: shot_opportunities(10, 0, 0),
        lambda: shot_opportunities(1e9, 0, 1e-9),
        lambda: latency_gain(10, 5, 1, 1, 1.5),
        lambda: completion_probability(10, 0, 1),
        lambda: completion_probability(10, 10, 0),
        lambda: completion_probability(float("inf"), 10, 1),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed"):
        call()
