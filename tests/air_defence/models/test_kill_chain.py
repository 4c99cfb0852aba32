"""Sensor-to-shooter time: a staircase of shots, and what a saved second is worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.kill_chain import shot_opportunities
from analysis.errors import ParameterError

SECONDS = st.floats(0, 1_000)


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


@given(SECONDS, SECONDS, st.floats(0.1, 100))
def test_the_last_shot_is_inside_the_window_and_the_next_would_not_be(window_s, reaction_s, cycle_s):
    shots = shot_opportunities(window_s, reaction_s, cycle_s)
    if shots:
        assert reaction_s + (shots - 1) * cycle_s <= window_s + 1e-6
    assert reaction_s + shots * cycle_s > window_s - 1e-6


@pytest.mark.parametrize(
    "call",
    [
        lambda: shot_opportunities(-1, 0, 1),
        lambda: shot_opportunities(10, float("nan"), 1),
        lambda: shot_opportunities(10, 0, 0),
        lambda: shot_opportunities(1e9, 0, 1e-9),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed"):
        call()
