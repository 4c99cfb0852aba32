"""Batteries apart against one network: reproduced cases, limits, and what must always hold."""

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.facts import batteries, coverage
from analysis.air_defence.models.coordination import coordination_gain
from analysis.air_defence.questions import forces, networks
from analysis.errors import ParameterError

PLACE = {"architecture_id": ["usa_guam"], "system_id": ["a"]}


def rounds(best, kill=0.7):
    ends = {f"rounds_{end}": [best] for end in ("low", "best", "high")}
    ends |= {f"single_shot_{end}": [kill] for end in ("low", "best", "high")}
    return pd.DataFrame(PLACE | {"threat_class": ["srbm"], "rounds_assumed": [True]} | ends)


def counts(batteries):
    known = {"state": ["fielded"], "batteries_best": [batteries], "batteries_assumed": [False]}
    return pd.DataFrame(PLACE | known)


def timed(window_s, before_s, after_s, channels=2, lead_s=0.0):
    known = {"channels_best": channels, "channels_assumed": False, "lead_best_s": lead_s, "window_best_s": window_s}
    times = {"reaction_before_s": before_s, "reaction_after_s": after_s}
    return pd.DataFrame([{"system_id": "a", "threat_class": "srbm", **known, **times}])


def test_the_published_case_saves_fifteen_leakers():
    case = networks.worked_case(100, 150, 0.7)
    assert round(case["saved"], 1) == 15.4
    assert networks.coordination_by_layer(rounds(150), counts(3), 100)["saved"].iloc[0] == pytest.approx(case["saved"])


def test_the_gain_is_gone_where_both_lines_meet():
    case = networks.worked_case(100, 150, 0.7)
    lines = networks.leakage_by_failure(case)
    better = lines["leakage_networked"] < lines["leakage_apart"]
    assert (better == (lines["failure"] < case["break_even"])).all()
    assert 0.18 < case["break_even"] < 0.2


def test_the_table_of_gains_agrees_with_the_formula():
    table = networks.gain_by_shots(100, 3.0, [0.6, 0.6, 0.2])
    assert sorted(table["single_shot"].unique()) == [0.2, 0.6]
    one = table[(table["shots_per_threat"] == 1) & (table["single_shot"] == 0.6)]
    assert one["saved_percent"].iloc[0] == pytest.approx(coordination_gain(100, 100, 0.6))


def test_one_battery_has_nothing_to_coordinate_and_none_is_left_out():
    alone = networks.coordination_by_layer(rounds(150), counts(1), 100).iloc[0]
    assert alone["saved"] == alone["saved_high"] == alone["break_even"] == 0
    assert networks.coordination_by_layer(rounds(150), counts(0), 100).empty


def test_all_at_once_each_battery_takes_as_many_as_it_has_channels():
    found = networks.saturation_by_layer(timed(10, 0, 0), counts(3), 12, 0.0, 1e6, 7).iloc[0]
    assert found["late_apart"] == found["late_networked"] == 12 - 3 * 2


def test_all_at_once_a_raid_that_cannot_be_dealt_out_evenly_loses_what_finds_no_channel():
    found = networks.saturation_by_layer(timed(1e-9, 0, 0, channels=2), counts(3), 7, 0.0, 20.0, 7).iloc[0]
    assert found["late_apart"] == found["late_networked"] == 1  # 3, 2 and 2 threats on 2 channels each, or 7 on 6


def test_one_pool_never_loses_more_than_batteries_apart():
    for channels in (1, 2, 4):
        found = networks.saturation_by_layer(timed(15, 10, 2, channels), counts(4), 60, 1.0, 20.0, 7).iloc[0]
        assert found["late_networked"] <= found["late_apart"] + 4 * found["standard_error"]
        assert 0 <= found["break_even"] <= 1


def test_a_reaction_longer_than_the_window_lets_every_threat_through():
    found = networks.saturation_by_layer(timed(10, 30, 5), counts(2), 20, 5.0, 1.0, 7).iloc[0]
    assert found["late_apart"] == 20
    assert found["late_networked"] < 1


def test_a_lead_makes_up_for_the_reaction():
    found = networks.saturation_by_layer(timed(10, 30, 5, lead_s=30), counts(2), 20, 5.0, 1.0, 7).iloc[0]
    assert found["time_before_s"] == found["time_after_s"] == 10


def test_a_long_raid_comes_near_the_formula():
    found = networks.late_by_channels([10], [10.0], 4000, 1.0, 20.0, 7).iloc[0]
    assert found["late"] == pytest.approx(found["late_long_run"], rel=0.01)


def test_a_raid_all_at_once_has_no_long_run():
    assert np.isnan(networks.late_by_channels([2], [0.0], 5, 0.0, 20.0, 7)["late_long_run"].iloc[0])


def test_figures_of_a_battery_are_published_or_marked_as_assumed(facts):
    known = batteries.battery_figures(facts)
    known = known.set_index("system_id")
    assert known.loc["patriot_pac3_mse", "channels_best"] == 9  # shared with the launchers of PAC-2
    assert known.loc["iron_dome", "reaction_best"] == 10
    assert not known.loc["iron_dome", "reaction_assumed"]
    assert known.loc["sky_bow_3", ["reaction_assumed", "channels_assumed"]].all()


def test_every_member_has_batteries_and_unpublished_ones_are_marked(facts):
    members = coverage.list_members(facts, ["israel_2025"])
    found = batteries.battery_counts(members, facts).set_index("system_id")
    assert found.loc["iron_dome", "batteries_best"] == 10
    assert found.loc["sm_3", "batteries_assumed"]
    assert found.loc["patriot_pac2_gemt", "batteries_best"] == 0


def test_the_layers_of_an_architecture_keep_their_gains_within_bounds(facts):
    defence = forces.build_defence("taiwan_tdome_planned", facts, {"srbm": 50, "subsonic_cm": 50})
    listed = networks.rounds_in_place({"taiwan_tdome_planned": defence})
    members = coverage.list_members(facts, ["taiwan_tdome_planned"])
    counts = batteries.battery_counts(members, facts)
    found = networks.coordination_by_layer(listed, counts, 50)
    assert set(found["system_id"]) == {layer.name for layer in defence.layers}
    assert (found["saved_low"] <= found["saved"]).all()
    assert (found["saved"] <= found["saved_high"]).all()
    assert found["break_even"].between(0, 1).all()


def test_a_raid_without_threats_is_refused():
    with pytest.raises(ParameterError, match="threats"):
        networks.worked_case(0, 10, 0.5)
