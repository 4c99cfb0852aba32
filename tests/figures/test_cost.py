"""The figures and tables of costs and stocks: what stands on them, and that their sentences agree with the frames."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.air_defence.facts import prices, programme
from analysis.air_defence.questions import cost, forces, stocks
from analysis.figures import air_defence as figures
from analysis.tables import load_table


def calculate(architecture):
    """Everything that the figures take, from the real tables."""
    used = [*forces.FACTS, "threats", "rates", "programme"]
    facts = {name: load_table(f"air_defence/{name}") for name in used} | {"sources": load_table("sources")}
    layers, systems = facts["architecture_layers"], facts["systems"]
    members = layers.loc[layers["architecture_id"] == architecture, "system_id"]
    listed = systems[systems["system_id"].isin(members)]
    every = prices.price_ranges(facts["system_parameters"], facts["sources"], facts["rates"], 2025)
    rated = facts["capability"], facts["threats"], every, facts["assumptions"], 2, "barrage"
    found = SimpleNamespace(prices=cost.list_prices(listed, every))
    found.exchange = cost.exchange_by_layer(listed, *rated)
    everything = cost.exchange_by_layer(systems, *rated)
    found.pair = cost.take_apart(everything, every, facts, "patriot_pac3_mse", "srbm", 2, "barrage", 7)
    found.acts = programme.acts_by_element(facts["programme"], systems, facts["rates"])
    plan = layers.loc[layers["architecture_id"] == "taiwan_tdome_planned", "system_id"].tolist()
    found.stages = programme.stages_by_element(found.acts, plan, systems)
    course = stocks.follow_raid(forces.build_defence(architecture, facts, {"srbm": 20, "mrbm": 8}), 16, 7)
    found.stock, found.raids = course.stock, course.raids
    outputs = stocks.yearly_outputs(facts["system_parameters"], systems, facts["sources"])
    found.outputs, found.rates = outputs, facts["rates"]
    found.months = stocks.months_to_restock(course.stock, outputs, facts["assumptions"])
    return found


@pytest.fixture(scope="module", params=["taiwan_tdome_planned", "israel_2025", "usa_guam"])
def frames(request):
    return calculate(request.param)


@pytest.fixture(scope="module")
def planned():
    return calculate("taiwan_tdome_planned")


def draw_all(frames):
    """Every figure of the notebook."""
    return [
        figures.plot_price_by_interceptor(frames.prices, 2025),
        figures.plot_exchange_by_layer(frames.exchange, 2025, 1e7),
        figures.plot_swing_by_input(frames.pair.ratio, frames.pair.value, frames.pair.title),
        figures.plot_stages_by_element(frames.stages),
        figures.plot_stock_by_system(frames.stock, frames.months),
        figures.plot_second_raid(frames.raids),
    ]


def words_of(figure):
    return " ".join(text.get_text() for text in figure.findobj(plt.Text))


def test_no_text_is_clipped_and_no_two_texts_overlap(frames, assert_words_can_be_read):
    for figure in draw_all(frames):
        assert_words_can_be_read(figure)


def test_figures_are_closed(frames):
    draw_all(frames)
    assert not plt.get_fignums()


def test_ratio_and_value_stand_side_by_side_with_kind_and_year(planned):
    figure = figures.plot_exchange_by_layer(planned.exchange, 2025, 1e7)
    said = words_of(figure)
    assert len(figure.axes) == 2
    for word in ("Cost exchange ratio", "Value protected", "dollars of 2025", "domestic", "package", "guess, no year"):
        assert word in said


def test_a_guess_is_drawn_hollow_and_others_are_not(planned):
    axes = figures.plot_price_by_interceptor(planned.prices, 2025).axes[0]
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    hollow = [line.get_markerfacecolor() == "white" for line in marks]
    assert hollow == (planned.prices["price_basis"].eq("guess") | ~planned.prices["dated"]).tolist()


def test_the_sentence_counts_pairs_as_the_frame_does(planned):
    said = figures.describe_exchange(planned.exchange, 2025, 1e7)
    assert f"Of {len(planned.exchange)} pairs" in said
    assert f"spends more in {(planned.exchange['ratio_low'] > 1).sum()} at any" in said


def test_an_architecture_without_prices_gets_a_sentence(planned):
    nothing = planned.prices.head(0), 2025
    assert "nothing to draw" in words_of(figures.plot_price_by_interceptor(*nothing))
    assert "nothing to draw" in figures.describe_price(*nothing)
    assert "nothing to draw" in figures.describe_exchange(planned.exchange.head(0), 2025, 1e7)
    assert "nothing to draw" in words_of(figures.plot_exchange_by_layer(planned.exchange.head(0), 2025, 1e7))


def test_the_stages_show_dates_and_money(planned):
    said = words_of(figures.plot_stages_by_element(planned.stages))
    for word in ("NT$780 bn", "US$24.9 bn", "Sep 2026", "nothing yet", "102 missiles"):
        assert word in said
    assert "No stage is on record for" in figures.describe_stages(planned.stages, planned.acts)


def test_systems_without_published_output_are_named_as_such(planned):
    said = words_of(figures.plot_stock_by_system(planned.stock, planned.months))
    assert said.count("no yearly output is published") == planned.months["output"].isna().sum()


def test_the_second_raid_is_described_with_its_means(planned):
    said = figures.describe_second_raid(planned.raids)
    assert all(f"{row.raid}: {row.mean:.1f} of 28" in said.lower() for row in planned.raids.itertuples())


def test_the_tables_keep_every_row(planned):
    sums, coming = programme.add_up(planned.acts), programme.arrivals(planned.acts)
    assert len(figures.table_of_prices(planned.prices)) == len(planned.prices)
    assert len(figures.table_of_acts(planned.acts)) == len(planned.acts)
    assert len(figures.table_of_sums(sums)) == len(sums)
    assert len(figures.table_of_arrivals(coming, programme.arrivals_by_year(coming))) == len(coming)
    assert len(figures.table_of_outputs(planned.outputs)) == len(planned.outputs)
    assert figures.table_of_rates(planned.rates).index.tolist() == sorted(set(planned.rates["year"]))
    assert list(figures.table_of_inputs(planned.pair.ranges, planned.pair.shares).index) == list(cost.INPUTS)


def test_the_acts_say_floors_ceilings_and_where_dollars_come_from(planned):
    table = figures.table_of_acts(planned.acts).reset_index()
    sums = dict(zip(planned.acts["claim_id"], zip(table["NT$ bn"], table["US$ bn"], strict=True), strict=True))
    assert [said for claim, said in sums.items() if claim.startswith("t_dome.2025-10-21")] == [("≥ 300", "≈ 9.63")]
    assert [said for claim, said in sums.items() if claim.startswith("t_dome.2025-11-26")] == [("≤ 1,250", "39.9")]
    assert [said[1] for claim, said in sums.items() if "102_missiles" in claim] == ["≈ 0.633 (assumed rate)"]


def test_what_is_not_delivered_is_not_called_delivered(planned):
    assert "Delivered, of what stands here: nothing yet." in figures.describe_stages(planned.stages, planned.acts)
    coming = programme.arrivals(planned.acts)
    acts = figures.table_of_arrivals(coming, programme.arrivals_by_year(coming))["Act"]
    assert acts.str.startswith("nothing delivered").sum() == 1
    assert not acts.str.startswith("delivered").any()


def test_an_assumed_rate_is_marked_in_the_table(planned):
    table = figures.table_of_rates(planned.rates)
    assert table.loc[2026, "source of TWD per USD"].startswith("assumed: ")


def test_the_table_of_break_even_values_has_a_row_for_each_price_that_is_rated(planned):
    keys = ["interceptor", "price_basis", "dated"]
    table = figures.table_of_pays(planned.exchange)
    assert len(table) == len(planned.exchange[keys].drop_duplicates())
    assert not pd.isna(table).any(axis=None)
