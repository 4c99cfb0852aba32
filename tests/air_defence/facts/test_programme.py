"""Which T-Dome: acts put together from rows, stages, totals and arrivals."""

import pandas as pd
import pytest

from analysis.air_defence.facts import programme
from analysis.errors import DataError
from analysis.tables import load_facts, load_table

PLAN = "taiwan_tdome_planned"


def table(name):
    return load_table(f"air_defence/{name}")


@pytest.fixture(scope="module")
def acts():
    return programme.acts_by_element(load_facts("air_defence"))


def elements():
    layers = table("architecture_layers")
    return layers.loc[layers["architecture_id"] == PLAN, "system_id"].unique().tolist()


def find(acts, claim):
    return acts[acts["claim_id"].str.startswith(claim)].iloc[0]


def test_dollars_that_a_source_gives_are_kept(acts):
    row = find(acts, "t_dome.2025-11-26.special")
    assert (row["twd"], row["usd"], row["usd_from"]) == (1.25e12, 39.85e9, "published")


def test_other_dollars_follow_from_the_average_rate_of_the_year(acts):
    row = find(acts, "ibcs.2025-12-14")
    assert row["usd"] == pytest.approx(94e9 / 31.1663)
    assert row["usd_from"] == "converted"


def test_a_sum_of_2026_says_that_its_rate_is_assumed(acts):
    assert find(acts, "patriot_pac3_mse.2026-02-12")["usd_from"] == "converted at an assumed rate"


def test_missiles_and_money_of_one_act_stand_in_one_row(acts):
    row = find(acts, "nasams_taiwan.2024-10-25")
    assert (row["missiles"], row["usd"]) == (123, 1.16e9)
    assert not acts["fact"].eq("same in dollars").any()


def test_money_that_nobody_has_seen_in_a_source_is_marked(acts):
    row = find(acts, "patriot_pac3_cri.2008-10-03")
    assert row["usd_from"] == "unconfirmed"
    assert not row["confirmed"]


def test_ceilings_and_floors_say_so(acts):
    bounds = acts.dropna(subset=["bound"]).set_index("date")["bound"].to_dict()
    assert bounds == {"2025-10-21": "at_least", "2025-11-26": "at_most", "2026-05-08": "at_most"}


def test_a_delivery_of_nothing_is_read_from_the_amount_not_from_words(acts):
    assert acts.loc[acts["nothing"], "stage"].tolist() == ["delivered"]
    rows = table("programme").assign(fact="words that say something else")
    reworded = programme.acts_by_element(load_facts("air_defence").replaced(programme=rows))
    assert reworded["nothing"].tolist() == acts["nothing"].tolist()


def test_the_parts_of_the_estimate_fall_short_of_the_total_by_hand(acts):
    rests = programme.rests(programme.add_up(acts))
    assert rests["estimated 2025-12, 400 billion NT$: not itemised, billion NT$"] == pytest.approx(400 - 385.6)


def test_the_act_gives_no_sum_for_t_dome_and_its_tranche_is_no_key_number(acts):
    sums = programme.add_up(acts).query("total_stage == 'enacted'")
    assert sums["twd"].iloc[:-1].tolist() == [480e9]
    assert (sums["name"].iloc[-1], sums["twd"].isna().iloc[-1]) == ("T-Dome alone", True)
    assert not [name for name in programme.rests(programme.add_up(acts)) if name.startswith("enacted")]


def test_shares_of_an_itemised_total_add_up_to_one(acts):
    sums = programme.add_up(acts).query("total_stage == 'estimated'")
    assert sums["share"].sum() == pytest.approx(1.0)


def test_every_part_of_the_plan_has_a_place_at_every_stage(acts):
    stages = programme.stages_by_element(acts, elements(), table("systems"))
    assert len(stages) == len(elements()) * 8
    strong_bow = stages[stages["element"] == "sky_bow_4"].set_index("stage")["acts"]
    assert strong_bow["estimated"] == 1
    assert strong_bow[["budgeted", "enacted", "contracted", "delivered"]].sum() == 0


def test_the_latest_act_of_a_stage_is_shown_and_tranches_are_no_acts(acts):
    stages = programme.stages_by_element(acts, ["t_dome"], table("systems")).set_index("stage")
    assert stages.loc["requested", "date"] == "2026-09-03"
    assert (stages.loc["enacted", "acts"], stages.loc["enacted", "twd"]) == (1, 780e9)


def test_nothing_of_the_nasams_order_has_been_delivered(acts):
    row = find(acts, "nasams_taiwan.2026-09-30")
    assert row["stage"] == "delivered"
    assert pd.isna(row["missiles"])
    assert table("programme").set_index("claim_id").loc[row["claim_id"], "value"] == 0


def test_rounds_spread_over_years_add_up_to_those_announced(acts):
    by_year = programme.arrivals_by_year(programme.arrivals(acts))
    avenger = by_year[by_year["element"] == "avenger"]
    assert avenger["missiles"].sum() == pytest.approx(1985)
    assert avenger["year"].tolist() == list(range(2025, 2032))


def test_rounds_without_a_time_have_no_year(acts):
    by_year = programme.arrivals_by_year(programme.arrivals(acts)).set_index("element")
    assert by_year.loc["sky_bow_4", "year"] is pd.NA


def test_only_acts_since_a_date_are_asked_for(acts):
    assert (programme.arrivals(acts, since="2025")["start"] >= "2025").all()
    assert len(programme.arrivals(acts, since="2025")) < len(programme.arrivals(acts))


def test_without_a_rate_nothing_is_converted():
    rates = table("rates")
    with pytest.raises(DataError, match=r"lacks exchange\.TWD\.2025"):
        programme.acts_by_element(load_facts("air_defence").replaced(rates=rates[rates["year"] != 2025]))
