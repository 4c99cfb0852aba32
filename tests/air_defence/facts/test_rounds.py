"""Ready rounds: the smaller of what launchers hold and what exists; shared launchers count once."""

import pandas as pd
import pytest

from analysis.air_defence.facts.choices import ARCHITECTURES, PROGRAMME_STATES
from analysis.air_defence.facts.claims import assumption
from analysis.air_defence.facts.rounds import ASSUMED, LAUNCHERS, STOCK, ready_rounds
from analysis.errors import DataError, ParameterError
from analysis.tables import load_facts, load_table


def count(architecture, **changed):
    return ready_rounds(architecture, load_facts("air_defence").replaced(**changed)).set_index("system_id")


def layers_with(architecture, system, **values):
    """The table of layers with other values for one system of one architecture."""
    table = load_table("air_defence/architecture_layers")
    here = (table["architecture_id"] == architecture) & (table["system_id"] == system)
    for column, value in values.items():
        table.loc[here, column] = value
    return table


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_ready_rounds_never_exceed_launchers_or_stock(architecture):
    rounds = count(architecture)
    for end in ("low", "best", "high"):
        for limit in ("capacity", "exist"):
            known = rounds[f"{limit}_{end}"].notna()
            assert (rounds[f"ready_{end}"] <= rounds[f"{limit}_{end}"])[known].all()
    assert (rounds["ready_low"] <= rounds["ready_best"]).all()
    assert (rounds["ready_best"] <= rounds["ready_high"]).all()


def test_patriot_missiles_of_taiwan_share_63_launchers():
    rounds = count("taiwan_pre_tdome")
    missiles_on_a_launcher = {"patriot_pac2_gemt": 4, "patriot_pac3_cri": 16, "patriot_pac3_mse": 12}
    launchers = sum(rounds.loc[name, "capacity_best"] / load for name, load in missiles_on_a_launcher.items())
    assert launchers == pytest.approx(9 * 7, abs=0.5)
    assert rounds.loc["patriot_pac3_cri", "ready_best"] < 380 < 9 * 7 * 16


def test_launchers_that_suffice_for_all_rounds_leave_the_stock_as_the_limit():
    rounds = count("taiwan_tdome_planned")
    assert rounds.loc["patriot_pac3_cri", ["ready_best", "basis"]].tolist() == [380, STOCK]


def test_a_plan_without_a_number_keeps_the_rounds_of_the_architecture_before():
    before, planned = count("taiwan_pre_tdome"), count("taiwan_tdome_planned")
    assert planned.loc["patriot_pac3_mse", "exist_best"] == before.loc["patriot_pac3_mse", "exist_best"] == 102
    assert "kept from the architecture before" in planned.loc["patriot_pac3_mse", "how"]


def test_ready_rounds_name_the_claims_whose_figures_enter():
    planned = count("taiwan_tdome_planned")
    kept = planned.loc["patriot_pac3_mse", "claim_ids"].split(";")
    assert "taiwan_pre_tdome.patriot_pac3_mse" in kept  # its number of rounds is that of the architecture before
    table = pd.concat([load_table(f"air_defence/{name}") for name in ("architecture_layers", "system_parameters")])
    known = set(table["claim_id"])
    assert {claim for ids in planned["claim_ids"] for claim in ids.split(";") if claim} <= known
    assert (planned.loc[planned["basis"] == ASSUMED, "claim_ids"] == "").all()
    assert (planned.loc[planned["basis"] != ASSUMED, "claim_ids"] != "").all()


def test_iron_dome_holds_batteries_times_launchers_times_twenty():
    assert count("israel_2025").loc["iron_dome", ["ready_low", "ready_high"]].tolist() == [10 * 3 * 20, 15 * 4 * 20]


def test_a_launcher_load_that_nobody_publishes_is_marked_as_assumed():
    sling = count("israel_2025").loc["davids_sling"]
    assert sling["assumed"]
    assert "partly assumed" in sling["how"]
    assert sling["ready_best"] == 2 * 4 * 12


def test_a_system_without_batteries_or_rounds_takes_the_assumption_of_its_layer():
    row = count("usa_guam").loc["sm_3"]
    assert row["basis"] == ASSUMED
    assert row[["ready_low", "ready_best", "ready_high"]].tolist() == [8, 24, 80]


def test_ships_off_israel_held_at_least_what_they_fired():
    row = count("israel_2025").loc["sm_3"]
    assert row[["ready_low", "ready_best", "basis"]].tolist() == [80, 80, STOCK]


def test_launchers_limit_what_is_ready_where_more_was_fired_over_a_war():
    row = count("israel_2025").loc["thaad"]
    assert row[["exist_low", "exist_best"]].tolist() == [100, 150]
    assert row[["ready_best", "basis"]].tolist() == [2 * 6 * 8, LAUNCHERS]


def test_each_state_has_its_own_rounds():
    systems = ["nasams_taiwan", "sky_bow_3", "sky_bow_4", "sky_bow_2"]
    stocks = {
        state: ready_rounds("taiwan_tdome_planned", load_facts("air_defence"), state).set_index("system_id")
        for state in PROGRAMME_STATES
    }
    exist = {state: rounds["exist_best"].reindex(systems).fillna(-1).tolist() for state, rounds in stocks.items()}
    assert exist == {
        "fielded": [-1, 498, -1, 432],
        "funded": [123, 498, -1, 432],
        "announced": [462, 728, 128, 432],
    }


def test_an_unknown_state_is_refused_with_the_choices():
    with pytest.raises(ParameterError, match="programme_state = 'planned' is not known"):
        ready_rounds("usa_guam", load_facts("air_defence"), "planned")


def test_the_published_load_of_a_battery_stands_for_launchers_times_missiles():
    row = ready_rounds("taiwan_tdome_planned", load_facts("air_defence"), "announced").set_index("system_id")
    row = row.loc["sky_bow_4"]
    assert (row["capacity_best"], row["assumed"]) == (128, False)


def test_figures_that_nobody_has_seen_are_marked():
    rounds = count("israel_2025")
    assert not rounds.loc["arrow_2", "confirmed"]
    assert rounds.loc["iron_dome", "confirmed"]


def test_sensors_networks_and_lasers_have_no_rounds():
    assert not {"iron_beam", "israel_bmc", "mmr_radar"} & set(count("israel_2025").index)


def test_a_single_published_value_stands_for_low_and_high():
    table = layers_with("israel_2025", "iron_dome", batteries_low=pd.NA, batteries_best=pd.NA, batteries_high=2)
    row = count("israel_2025", architecture_layers=table).loc["iron_dome"]
    assert (row["ready_low"], row["ready_high"], row["basis"]) == (120, 160, LAUNCHERS)


def test_an_unknown_architecture_is_refused_with_the_choices():
    with pytest.raises(ParameterError, match="israel_2025"):
        count("atlantis")


def test_a_missing_assumption_is_named():
    with pytest.raises(DataError, match="lacks the row track_layer"):
        assumption(pd.DataFrame({"assumption_id": [], "low": [], "best": [], "high": []}), "track_layer")


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_the_order_of_rows_changes_nothing(architecture):
    ours = ready_rounds(architecture, load_facts("air_defence"))
    turned = {name: load_table(f"air_defence/{name}").iloc[::-1] for name in ("architecture_layers", "systems")}
    again = ready_rounds(architecture, load_facts("air_defence").replaced(**turned))
    pd.testing.assert_frame_equal(again, ours)


def test_of_one_height_the_lower_number_fires_first_and_what_is_kept_comes_last():
    assert count("israel_2025").query("layer == 'upper_endo'").index.tolist() == ["arrow_2", "thaad"]
    table = layers_with("israel_2025", "arrow_2", order=9)
    assert count("israel_2025", architecture_layers=table).query("layer == 'upper_endo'").index[0] == "thaad"
    own = layers_with("taiwan_tdome_planned", "sky_bow_3", order=9)
    announced = ready_rounds(
        "taiwan_tdome_planned", load_facts("air_defence").replaced(architecture_layers=own), "announced"
    )
    assert announced.query("layer == 'long'")["system_id"].tolist() == ["sky_bow_3", "patriot_pac2_gemt", "sky_bow_2"]
