"""One layer against one class: which input decides, and what is refused."""

import pandas as pd
import pytest

from analysis.air_defence.facts import prices
from analysis.air_defence.questions import cost
from analysis.errors import ParameterError
from analysis.tables import load_facts

FACTS = load_facts("air_defence")


@pytest.fixture(scope="module")
def every():
    return prices.price_ranges(FACTS, 2025)


@pytest.fixture(scope="module")
def rated(every):
    return cost.exchange_by_layer(FACTS, every, 2, "barrage")


def ask(rated, every, system="patriot_pac3_mse", threat="srbm", **basis):
    return cost.pair_ranges(rated, every, FACTS, system, threat, **basis)


def test_what_was_paid_for_a_missile_goes_before_a_package(rated, every):
    assert ask(rated, every)[0] == "domestic"
    assert ask(rated, every, price_basis="package")[0] == "package"


def test_the_price_that_the_buyer_pays_goes_before_all_others_and_turns_the_sign(rated, every):
    ours, makers = (
        cost.take_apart(rated, every, FACTS, "patriot_pac3_mse", "srbm", 2, "barrage", 7, buyer)
        for buyer in (cost.buyer_of("taiwan_tdome_planned", FACTS), "")
    )
    assert "package (Taiwan) price" in ours.title
    assert ours.ratio["at_best"].iloc[0] == pytest.approx(4.5, abs=0.05)  # 637 million dollars of 2026 for 102
    assert ours.value["at_best"].iloc[0] < 0 < makers.value["at_best"].iloc[0]


def test_a_state_without_a_price_of_its_own_is_given_the_usual_one(rated, every):
    assert ask(rated, every, buyer="ISR")[0] == ask(rated, every)[0] == "domestic"
    assert cost.buyer_of("nato_essi", FACTS) == ""


@pytest.mark.parametrize("buyer", ["TWN", "ISR", ""])
def test_one_price_a_system_is_the_one_that_a_pair_takes(rated, every, buyer):
    paid = prices.prices_paid(every, buyer)
    assert paid.index.is_unique
    for system in sorted(set(rated["system_id"])):
        threat = rated.loc[rated["system_id"] == system, "threat_class"].iloc[0]
        basis, ranges = ask(rated, every, system, threat, buyer=buyer)
        assert paid.loc[system, "price_basis"] == basis
        assert paid.loc[system, ["low", "best", "high"]].tolist() == (
            ranges.loc["interceptor price", ["low", "best", "high"]].tolist()
        )


def test_a_dated_package_is_not_preferred_to_a_guess_of_the_missile(rated, every):
    basis, ranges = ask(rated, every, "nasams_taiwan", "owa_drone")
    assert basis == "guess"
    assert ranges.loc["interceptor price", "assumed"]


def test_a_pair_without_rating_is_refused_with_what_can_be_asked(rated, every):
    with pytest.raises(ParameterError, match=r"avenger can be asked about .*owa_drone"):
        ask(rated, every, "avenger", "mrbm")


def test_a_system_without_price_says_so(rated, every):
    with pytest.raises(ParameterError, match="it has no price"):
        ask(rated, every, "iron_beam", "owa_drone")


def test_the_value_at_stake_does_not_move_the_ratio_nor_the_threat_price_the_value(rated, every):
    pair = cost.take_apart(rated, every, FACTS, "patriot_pac3_mse", "srbm", 2, "barrage", seed=7)
    swings = pair.ratio.set_index("input")["swing"], pair.value.set_index("input")["swing"]
    assert swings[0]["value at stake"] == 0 == swings[0]["kill probability"]
    assert swings[1]["threat price"] == 0
    assert pair.value["input"].iloc[0] == pair.shares.idxmax() == "value at stake"


def test_looks_make_the_ratio_hang_on_the_kill_probability(rated, every):
    pair = cost.take_apart(rated, every, FACTS, "patriot_pac3_mse", "srbm", 2, "shoot-look-shoot", seed=7)
    assert pair.ratio.set_index("input").loc["kill probability", "swing"] > 0


def test_the_results_at_the_best_values_are_those_of_the_table(rated, every):
    pair = cost.take_apart(rated, every, FACTS, "sky_bow_3", "srbm", 2, "barrage", seed=7)
    row = rated.set_index(["system_id", "price_basis", "threat_class"]).loc[("sky_bow_3", "domestic", "srbm")]
    assert pair.ratio["at_best"].iloc[0] == pytest.approx(row["ratio_best"])
    assert pair.value["at_best"].iloc[0] == pytest.approx(row["value_best"])
    assert row["ratio_low"] <= pair.bands["ratio"][0.05] <= pair.bands["ratio"][0.95] <= row["ratio_high"]


def test_an_input_that_does_nothing_has_no_swing():
    ranges = pd.DataFrame({"low": [0.0, 0.0], "best": 0.5, "high": 1.0}, index=["used", "idle"])
    swings = cost.swing_by_input(lambda cases: 3 * cases["used"], ranges).set_index("input")["swing"]
    assert swings.to_dict() == {"used": 3.0, "idle": 0.0}
