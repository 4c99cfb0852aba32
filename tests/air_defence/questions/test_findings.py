"""What was found wrong with the default case before coverage and calibration, beside what the model says now."""

from dataclasses import replace

import pytest

from analysis.air_defence.questions import cases, forces, leakage, posterior
from analysis.tables import load_facts, stored_results

SEEDED = (256, 7)


@pytest.fixture(scope="module")
def facts():
    return load_facts("air_defence")


def make(facts, percent=100, **how):
    """The default raid on Taiwan's plan, inputs assumed, each layer for itself."""
    threats = cases.scale_raid(forces.read_raid(facts.raids, "mixed"), percent)
    defence = forces.build_defence("taiwan_tdome_planned", facts, threats, **how)
    return cases.make_case(defence, "layer", facts.assumptions)


def covering(case, local, upper):
    """The case with one chance of coverage for all local layers, and one for the others."""
    layers = [replace(layer, coverage=local if layer.local else upper) for layer in case.defence.layers]
    return replace(case, defence=replace(case.defence, layers=layers))


def leaking_by_class(case):
    killed = case.work().groupby("threat_class")["killed"].sum()
    return {name: threats - killed.get(name, 0) for name, threats in case.defence.raid.items()}


@pytest.mark.parametrize(
    ("raid", "threat_class", "before", "now"),
    [
        ("iran_2024_04", None, 183, 45.0),
        ("iran_2024_10", "mrbm", 104, 53.9),
        ("uae_2026_02_28", "mrbm", 90, 27.6),
    ],
)
def test_hindcasts_of_raids_that_were_far_too_dark_are_nearer_to_what_was_counted(raid, threat_class, before, now):
    rows = stored_results("left_out").query("coverage_scope == 'layer' and left_out == 'raid' and war_effects")
    rows = rows[rows["raid_id"] == raid]
    rows = rows[rows["threat_class"] == threat_class] if threat_class else rows
    assert len(rows)
    counted = rows["leaked_high"].sum()
    assert rows["mean"].sum() == pytest.approx(now, abs=0.1)
    assert counted < rows["mean"].sum() < before


def test_a_share_in_place_read_as_coverage_moves_the_default_case_by_two_orders(facts):
    magazines = make(facts, programme_state="announced").luck().mean
    covered = make(facts, programme_state="announced", covers=True)
    assert magazines == pytest.approx(0.066, abs=0.001)
    found = [covering(covered, *ends).luck().mean for ends in ((0.6, 1.0), (0.3, 0.8), (0.1, 0.5))]
    assert found == pytest.approx([0.62, 7.55, 34.2], rel=0.01)
    assert found[1] == pytest.approx(covered.luck().mean)


def test_one_common_cause_widens_the_band_of_what_is_not_known(facts):
    case = make(facts, programme_state="announced")
    ways = {way: replace(case, ignorance=way) for way in ("apart", "together")}
    found = leakage.compare(ways, *SEEDED).summary.set_index("case")
    assert found.loc["apart", ["mean_low", "mean_high"]].tolist() == pytest.approx([0.022, 0.267], rel=0.05)
    assert found.loc["together", ["mean_low", "mean_high"]].tolist() == pytest.approx([0.0023, 1.42], rel=0.05)


def test_proportional_allotment_gives_half_of_the_best_rounds_to_drones(facts):
    layers = {layer.name: layer for layer in make(facts, programme_state="announced").defence.layers}
    best = layers["patriot_pac3_mse"]
    assert (best.magazine["owa_drone"], sum(best.magazine.values()), best.single_shot["owa_drone"]) == (15, 31, 0.2)


def test_ballistic_first_helps_where_all_is_covered_and_costs_more_in_all_where_it_is_not(facts):
    ways = ("proportional", "ballistic_first")
    before = [make(facts, 400, programme_state="announced", allotment=way).luck().mean for way in ways]
    assert before == pytest.approx([41.9, 18.6], abs=0.1)
    now = [make(facts, 400, covers=True, allotment=way) for way in ways]
    assert [case.luck().mean for case in now] == pytest.approx([78.8, 101.2], abs=0.1)
    proportional, first = (leaking_by_class(case) for case in now)
    ballistic = [sum(leaking[name] for name in ("srbm", "mrbm")) for leaking in (proportional, first)]
    assert ballistic == pytest.approx([50.8, 46.7], abs=0.1)
    fitted = [posterior.fit_case(case, facts.posterior).luck().mean for case in now]
    assert fitted == pytest.approx([73.0, 92.1], abs=0.1)
