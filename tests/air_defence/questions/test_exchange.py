"""Cost exchange and value protected by layer and class: ranges, signs, and what is left open."""

import pytest

from analysis.air_defence.facts import prices
from analysis.air_defence.facts.claims import assumption
from analysis.air_defence.questions import cost
from analysis.errors import ParameterError
from analysis.tables import load_facts, load_table


def table(name):
    return load_table(f"air_defence/{name}")


@pytest.fixture(scope="module")
def every():
    return prices.price_ranges(load_facts("air_defence"), 2025)


def rate(every, shots=2, doctrine="barrage", confidence="low", systems=None):
    facts = load_facts("air_defence")
    facts = facts if systems is None else facts.replaced(systems=systems)
    return cost.exchange_by_layer(facts, every, shots, doctrine, confidence)


def test_low_best_and_high_are_in_order(every):
    rows = rate(every)
    for number in ("ratio", "value"):
        assert (rows[f"{number}_low"] <= rows[f"{number}_best"]).all()
        assert (rows[f"{number}_best"] <= rows[f"{number}_high"]).all()


def test_a_ratio_by_hand(every):
    rows = rate(every).set_index(["system_id", "price_basis", "threat_class"])
    row = rows.loc[("sky_bow_3", "domestic", "srbm")]
    assert row["ratio_best"] == pytest.approx(2 * 2_090_000 / 2_700_000)
    assert row["ratio_low"] == pytest.approx(2 * 2_090_000 / 4_500_000)


def test_an_engagement_pays_exactly_above_its_break_even_value(every):
    row = rate(every).query("interceptor == 'PAC-3 MSE' & price_basis == 'domestic'").iloc[0]
    kill = 1 - (1 - row["single_shot_best"]) ** 2
    price = every.set_index(["system_id", "price_basis"]).loc[(row["system_id"], row["price_basis"]), "best"]
    assert kill * row["pays_above"] == pytest.approx(2 * price)
    assert (row["value_best"] > 0) == (cost.stake(table("assumptions")) > row["pays_above"])


def test_looking_between_shots_costs_no_more_than_a_barrage_and_protects_no_less(every):
    both, looked = rate(every), rate(every, doctrine="shoot-look-shoot")
    assert (looked["ratio_best"] < both["ratio_best"]).all()
    assert (looked["value_best"] > both["value_best"]).all()


def test_one_shot_makes_the_ratio_the_plain_quotient_of_prices(every):
    rows = rate(every, shots=1).set_index(["system_id", "price_basis", "threat_class"])
    assert rows.loc[("thaad", "domestic", "mrbm"), "ratio_best"] == pytest.approx(12_700_000 / 3_000_000)


def test_an_undated_unconfirmed_price_is_marked(every):
    rows = rate(every)
    guess = rows[(rows["interceptor"] == "AMRAAM-ER") & (rows["price_basis"] == "guess")]
    assert not guess["dated"].any()
    assert not guess["confirmed"].any()


def test_fewer_ratings_are_left_with_more_confidence(every):
    assert rate(every, confidence="high").empty  # no rating is of high confidence
    assert 0 < len(rate(every, confidence="medium")) < len(rate(every))


def test_a_system_that_is_not_rated_against_a_class_has_no_row(every):
    rows = rate(every)
    assert not ((rows["system_id"] == "avenger") & (rows["threat_class"] == "srbm")).any()


def test_the_highest_layer_stands_first(every):
    places = cost.list_prices(table("systems"), every)["layer"].map(cost.ORDER.index)
    assert places.is_monotonic_increasing


def test_no_system_gives_an_empty_table(every):
    assert rate(every, systems=table("systems").head(0)).empty


def test_an_unknown_doctrine_is_refused(every):
    with pytest.raises(ParameterError, match="doctrine"):
        rate(every, doctrine="hope")


def test_the_stake_is_the_assumption(every):
    assert cost.stake(table("assumptions")) == assumption(table("assumptions"), "value_at_stake")["best"]
