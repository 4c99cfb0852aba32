"""The staircase of shots: steps, leads, and where a saved second is worth nothing."""

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.questions import staircases
from analysis.errors import ParameterError


def window(lead_s, window_s, single_shot=0.6, system="a"):
    """One system with the same window at all ends."""
    ends = {f"lead_{end}_s": lead_s for end in ("low", "best", "high")}
    ends |= {f"window_{end}_s": window_s for end in ("low", "best", "high")}
    return pd.DataFrame([{"system_id": system, "threat_class": "srbm", "single_shot_best": single_shot, **ends}])


def battery(reaction_s=0.0, system="a"):
    return pd.DataFrame([{"system_id": system, "reaction_best": reaction_s}])


def test_a_reaction_within_the_lead_is_worth_nothing():
    row = staircases.value_of_time(window(50, 90), battery(10), 30, 3, 20).iloc[0]
    assert row["shots_before"] == row["shots_after"] == 5
    assert row["gain"] == row["break_even"] == 0
    assert np.isinf(row["next_step_s"])


def test_the_next_step_brings_one_shot_more_and_no_less_than_it_does():
    frame = window(10, 50)
    row = staircases.value_of_time(frame, battery(), 60, 25, 20).iloc[0]
    assert row["shots_after"] == 2
    there = staircases.value_of_time(frame, battery(), 60, 25 - row["next_step_s"], 20).iloc[0]
    before = staircases.value_of_time(frame, battery(), 60, 25 - row["next_step_s"] + 0.01, 20).iloc[0]
    assert (there["shots_after"], before["shots_after"]) == (3, 2)


def test_no_window_leaves_no_shot_however_fast():
    row = staircases.value_of_time(window(100, 0), battery(), 30, 0, 20).iloc[0]
    assert row["shots_after"] == 0
    assert row["leakage_after"] == 1
    assert np.isinf(row["next_step_s"])


def test_the_reaction_of_the_battery_is_part_of_both_times():
    row = staircases.value_of_time(window(0, 90), battery(9), 30, 3, 20).iloc[0]
    assert (row["reaction_before_s"], row["reaction_after_s"]) == (39, 12)


def test_a_slower_network_is_refused():
    with pytest.raises(ParameterError, match="decision_after_s = 40"):
        staircases.value_of_time(window(0, 90), battery(), 30, 40, 20)


@pytest.mark.parametrize(("lead_s", "window_s"), [(0, 90), (13, 37), (200, 40), (0, 0), (30, 500)])
def test_the_steps_lie_end_to_end_and_agree_with_the_shots(lead_s, window_s):
    steps = staircases.leakage_staircase(window(lead_s, window_s), cycle_s=20, longest_s=150)
    assert steps["from_s"].iloc[0] == 0
    assert steps["to_s"].iloc[-1] == 150
    assert (steps["to_s"].iloc[:-1].to_numpy() == steps["from_s"].iloc[1:].to_numpy()).all()
    assert steps["leakage"].is_monotonic_increasing
    for step in steps.itertuples():
        middle = (step.from_s + step.to_s) / 2
        row = staircases.value_of_time(window(lead_s, window_s), battery(), middle, middle, 20).iloc[0]
        assert row["shots_after"] == step.shots
        assert row["leakage_after"] == pytest.approx(step.leakage)


def test_too_many_steps_are_refused():
    with pytest.raises(ParameterError, match="too short"):
        staircases.leakage_staircase(window(0, 90), cycle_s=0.1, longest_s=150)
