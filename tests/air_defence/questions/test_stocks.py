"""Stocks before and after a raid, a second raid, and months to restock."""

import pandas as pd
import pytest

from analysis.air_defence.exact.defence import Layer
from analysis.air_defence.facts.choices import COVERAGE_SCOPES, TRACK_SCOPES
from analysis.air_defence.questions import cases, forces, posterior, stocks
from analysis.tables import load_facts

RAID = {"srbm": 10}
FACTS = load_facts("air_defence")


def by_hand(rounds=20, exist=None, shots=2, kill=0.7):
    """One layer that holds some rounds, of more that exist."""
    counts = {"exist_best": float("nan") if exist is None else exist, "ready_best": rounds}
    names = {"system_id": "one", "name": "One", "confirmed": True}
    table = pd.DataFrame([names | counts])
    layer = Layer("one", {"srbm": kill}, {"srbm": rounds}, shots=shots)
    defence = forces.Defence([layer], pd.DataFrame(), table, pd.DataFrame(), RAID)
    return cases.Case(defence, "layer", {"best": 1.0})


def real(architecture, raid, inputs="calibrated", track_scope="layer", coverage_scope="layer"):
    """The case of notebook 04."""
    defence = forces.build_defence(architecture, FACTS, raid, covers=True)
    case = cases.make_case(defence, track_scope, FACTS.assumptions, coverage_scope, raids_differ=True)
    return posterior.choose_inputs(case, FACTS.posterior, inputs)


def outputs():
    return stocks.yearly_outputs(FACTS)


def test_a_barrage_spends_its_shots_at_every_threat():
    stock = stocks.stock_after_raid(by_hand(rounds=50)).iloc[0]
    assert (stock["spent"], stock["left"]) == (20, 30)


def test_a_raid_cannot_spend_more_than_is_there():
    stock = stocks.stock_after_raid(by_hand(rounds=6)).iloc[0]
    assert (stock["spent"], stock["left"]) == (6, 0)


def test_what_is_behind_the_launchers_refills_them_and_no_more():
    assert stocks.stock_after_raid(by_hand(20, exist=25))["reload"].tolist() == [5]
    assert stocks.stock_after_raid(by_hand(20, exist=500))["reload"].tolist() == [20]
    assert stocks.stock_after_raid(by_hand(20, exist=None))["reload"].tolist() == [0]


def test_an_emptied_layer_lets_a_second_raid_pass_unless_it_is_reloaded():
    raids = stocks.raids_in_a_row(by_hand(20, exist=500))
    assert raids[stocks.FIRST].mean == pytest.approx(10 * 0.3**2)
    assert raids[stocks.BARE].mean == pytest.approx(10)
    assert raids[stocks.RELOADED].mean == pytest.approx(raids[stocks.FIRST].mean)


@pytest.mark.parametrize("inputs", ["calibrated", "assumed"])
@pytest.mark.parametrize("architecture", ["taiwan_tdome_planned", "israel_2025", "usa_guam"])
def test_a_second_raid_is_never_easier_and_a_reload_never_hurts(architecture, inputs):
    raids = stocks.raids_in_a_row(real(architecture, {"srbm": 20, "mrbm": 8}, inputs))
    first, bare, reloaded = (raids[name].mean for name in (stocks.FIRST, stocks.BARE, stocks.RELOADED))
    assert first <= reloaded + 1e-9
    assert reloaded <= bare + 1e-9


@pytest.mark.parametrize("coverage_scope", COVERAGE_SCOPES)
@pytest.mark.parametrize("track_scope", TRACK_SCOPES)
def test_draws_of_nothing_but_best_values_give_the_best_result(track_scope, coverage_scope):
    case = real("taiwan_tdome_planned", {"srbm": 20, "owa_drone": 10}, "assumed", track_scope, coverage_scope)
    best = pd.DataFrame([case.ranges["best"]]).reset_index(drop=True)
    best = best.astype({name: "int64" for name in best if name.endswith(".rounds")})
    drawn = stocks.raids_by_draw(case, best).set_index("raid")
    for name, leakers in stocks.raids_in_a_row(case).items():
        assert drawn.loc[name, "mean"] == pytest.approx(leakers.mean)
        assert drawn.loc[name, "q95"] == leakers.quantile(0.95)


@pytest.mark.parametrize("track_scope", TRACK_SCOPES)
def test_the_first_raid_by_draw_is_that_of_notebook_02(track_scope):
    case = real("taiwan_tdome_planned", {"srbm": 20, "owa_drone": 10}, track_scope=track_scope)
    draws = case.draw(8, seed=3)
    mine = stocks.raids_by_draw(case, draws).query("raid == @stocks.FIRST").reset_index(drop=True)
    pd.testing.assert_frame_equal(mine[["mean", "q95"]], case.by_draw(draws)[["mean", "q95"]], check_dtype=False)


def test_layers_that_cover_a_part_spend_less_and_hold_all_that_is_ready():
    raid = {"srbm": 20}
    everywhere = forces.build_defence("taiwan_tdome_planned", FACTS, raid, share_in_place=1.0)
    whole = stocks.stock_after_raid(cases.make_case(everywhere, "layer", FACTS.assumptions))
    covering = stocks.stock_after_raid(real("taiwan_tdome_planned", raid, "assumed"))
    assert covering["in_place"].tolist() == whole["in_place"].tolist()
    assert 0 < covering["spent"].sum() < whole["spent"].sum()


def test_magazines_of_several_classes_add_up_to_one_stock():
    case = real("taiwan_tdome_planned", {"srbm": 20, "owa_drone": 40})
    stock = stocks.stock_after_raid(case).set_index("system_id")
    assert stock.index.is_unique
    for layer in case.defence.layers:
        assert stock.loc[layer.name, "in_place"] == sum(layer.magazine.values())


def test_the_course_of_a_raid_is_the_same_for_the_same_seed():
    case = real("taiwan_tdome_planned", {"srbm": 20})
    once, again = (stocks.follow_raid(case, 16, seed=3) for _ in range(2))
    pd.testing.assert_frame_equal(once.raids, again.raids)
    assert once.raids["threats"].tolist() == [20, 20, 20]
    assert (once.raids["low"] <= once.raids["high"]).all()
    assert once.raids["average"].between(once.raids["low"], once.raids["high"]).all()


def test_output_says_whose_it_is_and_purchases_are_no_output():
    rows = outputs().set_index(["system_id", "whose"])["best"]
    assert rows[("sky_bow_3", "own")] == 96
    assert rows[("patriot_pac3_mse", "shared")] == 610  # median of 500, 600, 620 and 625
    assert rows[("thaad", "us_purchases")] == 11
    assert rows[("thaad", "shared")] == 96


def test_months_by_hand():
    stock = pd.DataFrame(
        {"system_id": ["sky_bow_3", "avenger"], "name": ["Sky Bow III", "Avenger"], "spent": [48.0, 9.0]}
    )
    months = stocks.months_to_restock(stock, outputs(), FACTS["assumptions"]).set_index("system_id")
    assert months.loc["sky_bow_3", "whole_line"] == 6
    assert months.loc["sky_bow_3", "months_high"] == 12  # half of the output, as assumed at worst
    assert pd.isna(months.loc["avenger", "whole_line"])


def test_a_share_of_a_shared_line_takes_longer_than_the_whole_line():
    stock = pd.DataFrame({"system_id": ["thaad"], "name": ["THAAD"], "spent": [48.0]})
    row = stocks.months_to_restock(stock, outputs(), FACTS["assumptions"]).iloc[0]
    assert row["whole_line"] == 6
    assert row["whole_line"] < row["months_low"] < row["months_best"] < row["months_high"]


def test_no_system_spends_less_than_nothing_where_hardly_a_threat_comes():
    raid = forces.read_raid(FACTS.raids, "ballistic")
    defence = forces.build_defence("israel_2025", FACTS, raid, covers=True, programme_state="fielded", shots=3)
    case = cases.make_case(defence, "layer", FACTS.assumptions, raids_differ=True)
    stock = stocks.stock_after_raid(posterior.choose_inputs(case, FACTS.posterior, "calibrated"))
    assert (stock["spent"] >= 0).all()
    assert (stocks.months_to_restock(stock, outputs(), FACTS.assumptions)["whole_line"].dropna() >= 0).all()


def test_a_raid_that_nothing_engages_leaks_twice_and_spends_nothing():
    course = stocks.follow_raid(real("taiwan_tdome_planned", {"mortar_rocket": 5}), 4, seed=1)
    assert course.stock.empty
    assert course.raids["mean"].tolist() == [5.0] * 3
