"""From an architecture and a raid to layers: allotment, ranges, what is left out, and draws."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.exact import layers
from analysis.air_defence.facts.choices import ARCHITECTURES, PROGRAMME_STATES, RAIDS, THREAT_CLASSES, THREATS
from analysis.air_defence.facts.states import layers_in_state
from analysis.air_defence.models import allotment
from analysis.air_defence.questions import forces, uncertainty
from analysis.errors import ParameterError
from analysis.facts import Facts
from analysis.tables import load_facts, load_table

MIXED = {"owa_drone": 40, "subsonic_cm": 16, "srbm": 20, "mrbm": 8}


def facts():
    return load_facts("air_defence")


def defend(architecture="taiwan_tdome_planned", raid=None, **choices):
    return forces.build_defence(architecture, facts(), MIXED if raid is None else raid, **choices)


@given(
    st.integers(0, 5000),
    st.dictionaries(st.sampled_from(list(THREAT_CLASSES)), st.integers(1, 500), min_size=1),
)
def test_an_allotment_adds_up_and_stays_within_one_of_the_proportion(rounds, raid):
    allotted = allotment.allot_rounds(rounds, raid)
    assert sum(allotted.values()) == rounds
    for name, threats in raid.items():
        assert abs(allotted[name] - rounds * threats / sum(raid.values())) < 1


@pytest.mark.parametrize("raid_id", RAIDS)
def test_every_named_raid_meets_a_layer_of_the_planned_architecture(raid_id):
    raid = forces.read_raid(load_table("air_defence/raids"), raid_id)
    if raid_id != "rocket_barrage":  # no system of Taiwan is rated against rockets
        assert defend(raid=raid).layers


@pytest.mark.parametrize("table", ["raids", "capability", "systems", "system_parameters", "assumptions"])
def test_the_order_of_rows_changes_no_layer_and_no_draw(table):
    turned = facts().replaced(**{table: load_table(f"air_defence/{table}").iloc[::-1].reset_index(drop=True)})
    raid = forces.read_raid(turned.raids, "large_mixed")
    as_it_was, as_turned = (forces.build_defence("taiwan_tdome_planned", one, raid) for one in (facts(), turned))
    assert list(raid) == list(forces.read_raid(facts().raids, "large_mixed"))
    assert as_turned.layers == as_it_was.layers
    pd.testing.assert_frame_equal(as_turned.ranges, as_it_was.ranges)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_ranges_are_in_order_and_every_one_has_a_reason(architecture):
    ranges = defend(architecture).ranges
    uncertainty.require_ranges(ranges)
    assert ranges["why"].str.len().gt(0).all()
    assert ranges.filter(like="single_shot", axis=0)["assumed"].all()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_system_is_a_layer_or_has_a_reason_why_not(architecture):
    defence = defend(architecture)
    members = layers_in_state(architecture, facts(), "announced")["system_id"]
    assert sorted([layer.name for layer in defence.layers] + list(defence.unused["system_id"])) == sorted(members)


def test_layers_stand_from_the_highest_to_the_lowest():
    names = [layer.name for layer in defend("israel_2025").layers]
    assert names.index("arrow_3") < names.index("thaad") < names.index("davids_sling") < names.index("iron_dome")


def test_the_draw_of_best_values_gives_what_the_layers_give():
    defence = defend()
    inputs = forces.model_inputs(defence, pd.DataFrame([defence.ranges["best"]]))
    by_draw = layers.raid_leakers_by_draw(defence.layers, MIXED, inputs)["mean"].iloc[0]
    assert by_draw == pytest.approx(layers.raid_leakers(defence.layers, MIXED).mean, abs=1e-9)


def test_one_draw_of_rounds_moves_the_magazines_of_all_classes():
    defence = defend()
    inputs = forces.model_inputs(defence, pd.DataFrame({"patriot_pac3_cri.rounds": [0, 84]}))
    names = [name for name in inputs if name.startswith("patriot_pac3_cri.") and name.endswith(".magazine")]
    assert inputs[names].sum(axis=1).tolist() == [0, 84]


def test_a_share_in_place_given_by_the_user_replaces_the_assumption():
    all_there = defend(share_in_place=1.0)
    ready = all_there.rounds.set_index("system_id").loc["sky_bow_3", "ready_best"]
    assert all_there.ranges.loc["sky_bow_3.rounds", "best"] == ready


@pytest.mark.parametrize(
    ("architecture", "state", "late"),
    [
        ("israel_2025", "funded", {"arrow_4": "announced only"}),
        ("israel_2025", "announced", {}),
        ("taiwan_pre_tdome", "fielded", {"patriot_pac3_mse": "funded, not fielded"}),
        ("taiwan_tdome_planned", "funded", {"sky_bow_4": "announced only", "sky_bow_5": "announced only"}),
    ],
)
def test_what_has_not_come_so_far_is_left_out_and_says_how_far_it_is(architecture, state, late):
    reasons = defend(architecture, programme_state=state).unused.set_index("system_id")["reason"]
    assert reasons[reasons.isin(PROGRAMME_STATES.values())].to_dict() == late


def test_what_a_plan_does_not_name_still_fires():
    names = {layer.name for layer in defend("taiwan_tdome_planned", {"tactical_aircraft": 4}).layers}
    assert {"sky_bow_2", "patriot_pac2_gemt"} <= names


def test_lasers_radars_and_retired_batteries_are_named_as_left_out():
    reasons = defend("israel_2025").unused.set_index("system_id")["reason"]
    assert "laser" in reasons["iron_beam"]
    assert "sensor" in reasons["mmr_radar"]


def test_a_raid_that_nothing_engages_meets_no_layer_and_every_system_has_its_reason():
    nothing = defend(raid={"mortar_rocket": 10})
    assert nothing.layers == [] and nothing.ranges.empty
    assert "rated against no class of the raid" in set(nothing.unused["reason"])


def test_without_a_rating_of_the_confidence_asked_for_there_is_no_layer():
    assert defend(minimum_confidence="high").layers == []


@pytest.mark.parametrize(
    ("choices", "words"),
    [
        ({"architecture": "atlantis"}, "israel_2025"),
        ({"raid": {"ufo": 3}}, "owa_drone"),
        ({"share_in_place": 1.5}, "share_in_place"),
        ({"doctrine": "hope"}, "shoot-look-shoot"),
        ({"minimum_confidence": "sure"}, "low"),
    ],
)
def test_what_is_not_allowed_is_named_with_what_is(choices, words):
    with pytest.raises(ParameterError, match=words):
        defend(**choices)


def test_an_unknown_raid_lists_the_raids():
    with pytest.raises(ParameterError, match="drone_wave"):
        forces.read_raid(load_table("air_defence/raids"), "armada")


def test_a_missing_table_is_named():
    with pytest.raises(ParameterError, match="facts lacks the table architecture_layers; it has no table"):
        forces.build_defence("israel_2025", Facts({}), MIXED)


def test_an_unknown_draw_column_is_refused():
    with pytest.raises(ParameterError, match="sky_bow_9"):
        forces.model_inputs(defend(), pd.DataFrame({"sky_bow_9.rounds": [3]}))


# Coverage and allotment


def test_where_layers_cover_only_some_threats_all_ready_rounds_are_in_place():
    defence = defend(covers=True)
    ready = defence.rounds.set_index("system_id")["ready_best"]
    for layer in defence.layers:
        assert defence.ranges.loc[f"{layer.name}.rounds", "best"] == ready[layer.name]
        assert sum(layer.magazine.values()) == ready[layer.name]


def test_coverage_is_one_unknown_for_each_group_of_layers():
    defence = defend("israel_2025", covers=True)
    groups = [name for name in defence.ranges.index if name.endswith(".coverage")]
    assert sorted(groups) == ["local_air.coverage", "local_ballistic.coverage", "upper.coverage"]
    layers_by_name = {layer.name: layer for layer in defence.layers}
    assert layers_by_name["arrow_3"].coverage_of("mrbm") == 0.8
    assert not layers_by_name["arrow_3"].local
    assert layers_by_name["iron_dome"].coverage_of("owa_drone") == 0.3
    inputs = forces.model_inputs(defence, pd.DataFrame({"local_air.coverage": [0.2, 0.5]}))
    assert "iron_dome.owa_drone.coverage" in inputs
    assert not [name for name in inputs if "arrow" in name or "srbm" in name]


def test_a_share_in_place_beside_coverage_is_refused():
    with pytest.raises(
        ParameterError, match=r"share_in_place = 0.3 is not allowed where .* geography would count twice"
    ):
        defend(covers=True, share_in_place=0.3)


@given(
    st.integers(0, 5000),
    st.dictionaries(st.sampled_from(list(THREAT_CLASSES)), st.integers(1, 500), min_size=1),
    st.integers(1, 4),
)
def test_ballistic_classes_get_what_they_may_need_before_others_get_any(rounds, raid, shots):
    allotted = allotment.allot_rounds(rounds, raid, "ballistic_first", shots)
    assert sum(allotted.values()) == rounds
    first = {name for name in raid if not THREATS[name].flies_level}
    wanted, given_first = shots * sum(raid[name] for name in first), sum(allotted[name] for name in first)
    assert given_first == (rounds if first == set(raid) else min(rounds, wanted))
    assert list(allotted) == list(raid)


def test_a_shared_allotment_is_one_magazine():
    defence = defend(allotment="shared")
    assert all(layer.is_shared for layer in defence.layers)
    inputs = forces.model_inputs(defence, pd.DataFrame({"patriot_pac3_cri.rounds": [0, 84]}))
    assert inputs["patriot_pac3_cri.magazine"].tolist() == [0, 84]


def test_an_allotment_that_nobody_knows_is_refused():
    with pytest.raises(ParameterError, match="allotment = 'fair' is not known"):
        defend(allotment="fair")
