"""Layers with little time: hand-worked opportunities, and rules that always hold."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.exact.layers import raid_leakers, raid_leakers_by_draw
from analysis.air_defence.questions.staircases import limit_by_time, split_inputs
from analysis.errors import ParameterError

RAID = {"srbm": 12, "owa_drone": 8}


def layer(doctrine="shoot-look-shoot", shots=3):
    return Layer("upper", {"srbm": 0.6, "owa_drone": 0.5}, {"srbm": 40, "owa_drone": 30}, shots, doctrine, 0.9)


def windows(srbm=60.0, drone=600.0, lead=0.0):
    classes = {"threat_class": ["srbm", "owa_drone"], "window_best_s": [srbm, drone]}
    return pd.DataFrame({"system_id": "upper", "lead_best_s": lead, **classes})


def test_each_class_keeps_the_shots_that_its_window_allows():
    limited = {one.name: one.shots for one in limit_by_time([layer()], windows(), reaction_s=30, cycle_s=20)}
    assert limited == {"upper/srbm": 2, "upper/owa_drone": 3}


def test_a_barrage_needs_one_opportunity_whatever_its_size():
    limited = {one.name: one.shots for one in limit_by_time([layer("barrage")], windows(), 59, 20)}
    assert limited["upper/srbm"] == 3


def test_a_class_whose_window_is_shorter_than_the_reaction_is_not_engaged():
    assert [one.name for one in limit_by_time([layer()], windows(), 61, 20)] == ["upper/owa_drone"]


def test_time_that_passes_before_the_threat_is_in_reach_costs_nothing():
    limited = {one.name: one.shots for one in limit_by_time([layer()], windows(lead=30.0), 60, 20)}
    assert limited["upper/srbm"] == 2


def test_inputs_follow_their_layer_and_leave_with_it():
    inputs = pd.DataFrame({"upper.srbm.single_shot": [0.5], "upper.owa_drone.magazine": [3], "upper.track": [0.8]})
    left = limit_by_time([layer()], windows(srbm=5.0), 30, 20)
    split = split_inputs(inputs, left)
    assert split.columns.tolist() == ["upper/owa_drone.owa_drone.magazine", "upper/owa_drone.track"]
    assert raid_leakers_by_draw(left, RAID, split)["mean"].iloc[0] > 0


def test_a_class_without_a_window_is_not_bound_by_time():
    assert len(limit_by_time([layer()], windows()[:0], 1e6, 20)) == 2


@given(st.sampled_from(["barrage", "shoot-look-shoot"]), st.integers(1, 4))
def test_time_that_does_not_bind_changes_no_leakage(doctrine, shots):
    whole = layer(doctrine, shots)
    split = limit_by_time([whole], windows(600, 600), 1, 1)
    assert raid_leakers(split, RAID).mean == pytest.approx(raid_leakers([whole], RAID).mean, abs=1e-10)


@given(st.floats(0, 200), st.floats(0, 200))
def test_a_longer_reaction_never_saves_a_leaker(one, other):
    def leak(reaction):
        left = limit_by_time([layer()], windows(), reaction, 20)
        return raid_leakers(left, RAID).mean if left else sum(RAID.values())

    assert leak(min(one, other)) <= leak(max(one, other)) + 1e-9


def test_a_negative_reaction_is_refused():
    with pytest.raises(ParameterError, match="reaction_s"):
        limit_by_time([layer()], windows(), -1, 20)
