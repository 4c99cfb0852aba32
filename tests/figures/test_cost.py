"""The figures and tables of costs and stocks: what stands on them, and that their sentences agree with the frames."""

import re
from functools import cache
from types import SimpleNamespace

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from analysis.air_defence.facts import prices, programme
from analysis.air_defence.questions import cases, cost, forces, posterior, stocks
from analysis.figures import style
from analysis.figures.air_defence import cost as figures
from analysis.figures.air_defence import programme as t_dome
from analysis.figures.air_defence.words import write_threats
from analysis.figures.captions import say
from analysis.tables import load_facts

PLANNED = "taiwan_tdome_planned"


def members_of(layers, architecture):
    return layers.loc[layers["architecture_id"] == architecture, "system_id"].unique().tolist()


@cache
def calculate_for_all():
    """What the figures take whatever the architecture, from the real tables."""
    facts = load_facts("air_defence")
    every = prices.price_ranges(facts, 2025)
    found = SimpleNamespace(facts=facts, every=every, exchange=cost.exchange_by_layer(facts, every, 2, "barrage"))
    found.pair = cost.take_apart(found.exchange, every, facts, "patriot_pac3_mse", "srbm", 2, "barrage", 7, "TWN")
    found.acts = programme.acts_by_element(facts)
    plan = members_of(facts["architecture_layers"], PLANNED)
    found.stages = programme.stages_by_element(found.acts, plan, facts.systems)
    found.outputs = stocks.yearly_outputs(facts)
    found.rates, found.sources = facts["rates"], facts["sources"]
    return found


@cache
def calculate(architecture):
    """The same, with what hangs on the architecture."""
    common = calculate_for_all()
    facts, systems = common.facts, common.facts["systems"]
    listed = systems[systems["system_id"].isin(members_of(facts["architecture_layers"], architecture))]
    defence = forces.build_defence(architecture, facts, {"srbm": 20, "mrbm": 8}, covers=True)
    case = cases.make_case(defence, "layer", facts.assumptions, raids_differ=True)
    course = stocks.follow_raid(posterior.choose_inputs(case, facts.posterior, "calibrated"), 16, 7)
    own = {
        "prices": cost.list_prices(listed, common.every),
        "exchange": common.exchange[common.exchange["system_id"].isin(listed["system_id"])],
        "stock": course.stock,
        "raids": course.raids,
        "months": stocks.months_to_restock(course.stock, common.outputs, facts["assumptions"]),
    }
    return SimpleNamespace(**(vars(common) | own))


@cache
def draw_for_all():
    frames = calculate_for_all()
    return {
        "swings": figures.plot_swing_by_input(frames.pair.ratio, frames.pair.value, frames.pair.title),
        "stages": t_dome.plot_stages_by_element(frames.stages),
    }


@cache
def draw(architecture):
    """The figures of an architecture, by their quantity."""
    frames = calculate(architecture)
    return {
        "prices": figures.plot_price_by_interceptor(frames.prices, 2025),
        "exchange": figures.plot_exchange_by_layer(frames.exchange, 2025, 1e7),
        "stock": figures.plot_stock_by_system(frames.stock, frames.months),
        "raids": figures.plot_leakers_by_raid(frames.raids),
    }


@pytest.fixture(scope="module")
def planned():
    return calculate(PLANNED)


@pytest.fixture(scope="module")
def drawn():
    return SimpleNamespace(**draw(PLANNED), **draw_for_all())


def words_of(figure):
    return " ".join(text.get_text() for text in figure.findobj(plt.Text))


@pytest.mark.parametrize("architecture", [PLANNED, "israel_2025", "usa_guam"])
def test_no_text_is_clipped_no_two_texts_overlap_and_figures_are_closed(architecture, assert_words_can_be_read):
    shared = draw_for_all() if architecture == PLANNED else {}
    for name, figure in (draw(architecture) | shared).items():
        assert_words_can_be_read(figure, name)
    assert not plt.get_fignums()


def test_ratio_and_value_stand_side_by_side_with_kind_and_year(drawn):
    said = words_of(drawn.exchange)
    assert len(drawn.exchange.axes) == 2
    for word in ("Cost exchange ratio", "Value protected", "dollars of 2025", "domestic", "package", "guess, no year"):
        assert word in said


def test_a_cell_is_of_the_colour_of_who_gains(planned, drawn):
    losses = {to_hex(colour) for colour in style.LOSS_TO_GAIN[:3]}
    for axes, loses in zip(
        drawn.exchange.axes, (planned.exchange["ratio_best"] >= 1, planned.exchange["value_best"] < 0), strict=True
    ):
        faces = [to_hex(face) for face in axes.collections[0].get_facecolor()]
        assert sum(face in losses for face in faces) == loses.sum()


def test_an_edge_is_hatched_where_a_price_is_a_guess(planned, drawn):
    guesses = planned.exchange["price_basis"].eq("guess") | ~planned.exchange["dated"]
    for axes in drawn.exchange.axes:
        assert sum(patch.get_hatch() == "////" for patch in axes.patches) == guesses.sum()


def test_a_guess_is_drawn_hollow_and_others_are_not(planned, drawn):
    marks = [dots for dots in drawn.prices.axes[0].collections if hasattr(dots, "get_sizes") and len(dots.get_sizes())]
    hollow = {place: (dots.get_facecolor()[0][:3] == 1).all() for dots in marks for _, place in dots.get_offsets()}
    guesses = planned.prices["price_basis"].eq("guess") | ~planned.prices["dated"]
    assert [hollow[place] for place in range(len(hollow))] == guesses.tolist()


def test_the_axis_of_prices_has_no_powers_of_ten_between_its_ticks(planned):
    dear = planned.prices[planned.prices["best"] > 4e6]
    figure = figures.plot_price_by_interceptor(dear, 2025)
    figure.draw_without_rendering()
    assert not any(label.get_text() for label in figure.axes[0].xaxis.get_minorticklabels())


def test_the_sentence_counts_pairs_as_the_frame_does(planned):
    said = say("cost.exchange", figures.facts_of_exchange(planned.exchange, 2025, 1e7))
    assert f"Of {len(planned.exchange)} pairs" in said
    assert f"spends more in {(planned.exchange['ratio_low'] > 1).sum()} at any" in said


def test_an_architecture_without_prices_gets_a_sentence(planned):
    prices, exchange = (planned.prices.head(0), 2025), (planned.exchange.head(0), 2025, 1e7)
    assert "nothing to draw" in words_of(figures.plot_price_by_interceptor(*prices))
    assert "nothing to draw" in say("cost.prices", figures.facts_of_prices(*prices))
    assert "nothing to draw" in say("cost.exchange", figures.facts_of_exchange(*exchange))
    assert "nothing to draw" in words_of(figures.plot_exchange_by_layer(*exchange))


def test_bars_of_an_input_go_from_the_best_value_to_both_ends(planned, drawn):
    for axes, table, size in zip(drawn.swings.axes, (planned.pair.ratio, planned.pair.value), (1, 1e6), strict=True):
        assert [label.get_text() for label in axes.get_yticklabels()] == table["input"].tolist()
        ends = [bar.get_x() + bar.get_width() for bars in axes.containers for bar in bars]
        assert ends == pytest.approx(np.concatenate([table["at_low"], table["at_high"]]) / size)


def test_the_stages_show_dates_and_money(planned, drawn):
    said = words_of(drawn.stages)
    for word in ("NT$780 bn", "US$24.9 bn", "Sep 2026", "nothing\ndelivered", "102 missiles"):
        assert word in said
    assert "No stage is on record for" in say("programme.stages", t_dome.facts_of_stages(planned.stages, planned.acts))


def test_a_cell_is_of_the_colour_of_its_stage_where_an_act_is_on_record(planned, drawn):
    faces = [to_hex(face) for face in drawn.stages.axes[0].collections[0].get_facecolor()]
    rows = planned.stages.to_dict("records")
    for face, row in zip(faces, rows, strict=True):
        expected = (
            "#ffffff" if not row["acts"] else style.EMPTY if row["nothing"] else style.STAGE_COLOURS[row["stage"]]
        )
        assert face == expected


def test_systems_without_published_output_are_named_as_such(planned, drawn):
    assert words_of(drawn.stock).count("no yearly output is published") == planned.months["output"].isna().sum()


def test_a_stock_that_nobody_publishes_has_a_range_to_what_is_in_place_but_no_mark_of_its_own(planned):
    stock = planned.stock.assign(exist=np.nan)
    axes = figures.plot_stock_by_system(stock, planned.months).axes[0]
    ranges = axes.collections[0]
    assert [segment[1, 0] for segment in ranges.get_segments()] == stock["in_place"].tolist()
    assert to_hex(ranges.get_edgecolor()[0]) == style.GRID
    assert all(to_hex(dots.get_edgecolor()[0]) != style.STOCK_COLOURS["exist"] for dots in axes.collections[1:])


@pytest.mark.parametrize(("inputs", "word"), [("calibrated", "are fitted to raids"), ("assumed", "are assumed")])
def test_the_second_raid_is_described_with_its_means_and_with_what_they_rest_on(planned, inputs, word):
    said = say("cost.raids", figures.facts_of_raids(planned.raids, inputs, 8))
    assert said.startswith("A second raid meets nearly the same defence")
    assert all(f"{write_threats(average)} (" in said for average in planned.raids["average"][:2])
    assert all(f"to {row.q95:,.0f} ({row.raid})" in said for row in planned.raids.itertuples())
    other = planned.raids.assign(average=planned.raids["average"] * [1, 1.5, 1.2])
    told = say("cost.raids", figures.facts_of_raids(other, inputs, 8))
    assert told.startswith("The first raid lets")
    assert all(f"{write_threats(average)} (" in told for average in other["average"])
    assert word in said


def say_in_short(frames, **changed):
    pair = frames.pair.title, frames.pair.ranges, frames.pair.swings
    stages = t_dome.facts_of_stages(frames.stages, frames.acts)
    given = {"stock": (frames.stock, frames.months), "inputs": "calibrated"}
    given |= {"fire": (2, "barrage"), "price_year": 2025} | changed
    return say("cost.in_short", figures.facts_in_short(pair, stages, **given))


def test_the_answer_names_price_and_payer_contracts_months_and_leakers(planned):
    said = say_in_short(planned)
    assert said.startswith(
        "One interception:: Patriot PAC-3 MSE against one short-range ballistic missile, package (Taiwan) "
        "price: a missile"
    )
    for word in (
        "USD of 2025, the threat",
        "2 missiles are fired at a threat, so",
        "go into interceptors for each dollar that the threat costs",
        "NASAMS in Taiwan's order (NT$24.98 billion, Jan 2025, before T-Dome's announcement)",
        "Patriot PAC-3 MSE (102 missiles, NT$20 billion, reported Feb 2026). Deliveries are reported for Patriot PAC-3 MSE",
        "authorises at most NT$780 billion",
    ):
        assert word in said
    assert (
        f"spends {planned.stock['spent'].sum():,.0f} of {planned.stock['in_place'].sum():,} ready rounds, in place or due"
        in said
    )
    assert re.search(r"made again in about \d+ to \d+ months where output is published", said)
    assert f"so {planned.pair.ratio['at_best'].iloc[0]:.1f} dollars" in said
    assert "rest on kill probabilities fitted to past raids." in said
    mover = planned.pair.swings[0].iloc[0]
    assert f"The {mover['input']} moves the exchange ratio most" in said
    assert "probabilities assumed." in say_in_short(planned, inputs="assumed")


def test_the_answer_says_where_data_were_changed_after_levels_were_fitted(planned):
    words = "fitted to past raids, before the data were changed."
    assert words in say_in_short(planned, of_these_data=False)
    assert words not in say_in_short(planned)
    assert "before the data" not in say_in_short(planned, of_these_data=False, inputs="assumed")


def test_the_largest_part_of_what_is_spent_is_a_share_of_it(planned):
    said = say("cost.spent", figures.facts_of_stock(planned.stock, planned.months))
    most = planned.stock["spent"].max() / planned.stock["spent"].sum()
    assert f"or {100 * most:.0f} % of all rounds spent)" in said and "most of them" not in said


def test_labels_that_are_rounded_one_by_one_are_said_to_add_up_to_another_sum(planned):
    halves = planned.stock.assign(spent=[1.6, 1.6, 0, 0][: len(planned.stock)])
    assert "each rounded by itself, add up to 4" in say("cost.spent", figures.facts_of_stock(halves, planned.months))
    whole = planned.stock.assign(spent=[2, 1, 0, 0][: len(planned.stock)])
    assert "add up" not in say("cost.spent", figures.facts_of_stock(whole, planned.months))


def test_the_first_figure_has_a_bar_and_its_words_for_each_system(planned, assert_words_can_be_read):
    figure = figures.plot_spent_by_system(planned.stock, planned.months)
    assert figure.get_figwidth() == style.NARROW
    bars = figure.axes[0].patches[len(planned.stock) :]
    shares = planned.stock["spent"] / planned.stock["in_place"]
    assert [bar.get_width() for bar in bars] == pytest.approx(shares.tolist())
    assert_words_can_be_read(figure, "spent")


def test_each_sum_of_the_whole_has_a_bar_of_its_length(planned, assert_words_can_be_read):
    steps = t_dome.facts_of_stages(planned.stages, planned.acts)["steps"]
    figure = t_dome.plot_sums_of_whole(steps)
    assert [bar.get_width() for bar in figure.axes[0].patches] == steps["twd"].tolist()
    assert {400.0, 607.6, 780.0, 1250.0} <= set(steps["twd"].round(1))
    assert_words_can_be_read(figure, "sums")


def test_a_sum_that_no_source_gives_does_not_stand_as_its_source_s(planned):
    table = t_dome.table_of_acts(planned.acts, planned.sources)
    unseen = table["US$ bn"].str.contains("seen in no source")
    assert unseen.any() and table.loc[unseen, "Source"].str.contains("but for the dollars").all()


def test_without_published_output_the_answer_says_that_nobody_can_say(planned):
    months = planned.months.assign(output=np.nan)
    assert "nobody can say when magazines are full again" in say_in_short(planned, stock=(planned.stock, months))


def test_the_tables_keep_every_row(planned):
    sums, coming = programme.add_up(planned.acts), programme.arrivals(planned.acts)
    assert len(figures.table_of_prices(planned.prices, planned.sources)) == len(planned.prices)
    assert len(t_dome.table_of_acts(planned.acts, planned.sources)) == len(planned.acts)
    assert len(t_dome.table_of_sums(sums)) == len(sums)
    assert len(t_dome.table_of_arrivals(coming, programme.arrivals_by_year(coming))) == len(coming)
    assert len(figures.table_of_outputs(planned.outputs, planned.sources)) == len(planned.outputs)
    rates = figures.table_of_rates(planned.rates, planned.sources)
    assert rates.index.tolist() == sorted(set(planned.rates["year"]))
    assert list(figures.table_of_inputs(planned.pair.ranges, planned.pair.shares).index) == list(cost.INPUTS)


def test_the_acts_say_floors_ceilings_and_where_dollars_come_from(planned):
    table = t_dome.table_of_acts(planned.acts, planned.sources).reset_index()
    sums = dict(zip(table["Claim"], zip(table["NT$ bn"], table["US$ bn"], strict=True), strict=True))
    assert [said for claim, said in sums.items() if claim.startswith("t_dome.2025-10-21")] == [("≥ 300", "≈ 9.63")]
    assert [said for claim, said in sums.items() if claim.startswith("t_dome.2025-11-26")] == [("≤ 1,250", "39.9")]
    assert [said[1] for claim, said in sums.items() if "102_missiles" in claim] == ["≈ 0.633 (assumed rate)"]


def test_a_contract_known_from_a_report_stands_before_its_delivery_and_a_part_names_its_total(planned):
    table = t_dome.table_of_acts(planned.acts, planned.sources).rename_axis("Date").reset_index().set_index("Claim")
    claims = table.index.tolist()
    bought, came = (next(one for one in claims if word in one) for word in ("102_missiles_bought", "first_batch_of"))
    assert claims.index(bought) < claims.index(came)
    assert table.loc[bought, "Date"] == "2026-02-12 (of the report)" and table.loc[came, "Date"] == "2026-01"
    tranche = next(one for one in claims if "act_second_tranche" in one)
    assert table.loc[tranche, "What"].endswith("(part of the NT$780 bn)")


def test_what_is_not_delivered_is_not_called_delivered(planned):
    said = say("programme.stages", t_dome.facts_of_stages(planned.stages, planned.acts))
    assert "Deliveries are reported for Patriot PAC-3 MSE only" in said
    assert "102 missiles bought, as reported in February 2026" in said.split("\n\n")[1]
    nothing = t_dome.facts_of_stages(planned.stages, planned.acts) | {"delivered": []}
    assert "No delivery under them is reported" in say("programme.stages", nothing)


def test_the_sums_contracts_and_tranches_of_an_answer_have_their_acts(planned):
    facts = t_dome.facts_of_stages(planned.stages, planned.acts)
    named = [row["claim_id"] for part in ("contracts", "tranches") for row in facts[part]]
    assert {*named, *facts["steps"]["claim_id"]} < set(facts["claims"]) <= set(planned.acts["claim_id"])


def test_the_row_of_packages_is_not_named_as_t_dome_alone(drawn):
    assert "T-Dome, or a\nbudget with it" in words_of(drawn.stages)


def test_the_second_raid_is_drawn_at_the_means_that_its_sentence_says(planned):
    axes = figures.plot_leakers_by_raid(planned.raids).axes[0]
    marks = [float(place) for dots in axes.collections if len(dots.get_offsets()) for place, _ in dots.get_offsets()]
    assert set(planned.raids["average"]) <= set(marks)
    coming = programme.arrivals(planned.acts)
    acts = t_dome.table_of_arrivals(coming, programme.arrivals_by_year(coming))["Act"]
    assert acts.str.startswith("nothing delivered").sum() == 1
    assert not acts.str.startswith("delivered").any()


def test_an_assumed_rate_is_marked_in_the_table(planned):
    table = figures.table_of_rates(planned.rates, planned.sources)
    assert table.loc[2026, "source of TWD per USD"].startswith("assumed: ")


def test_the_table_of_numbers_has_two_digits_after_the_point():
    assert figures.table_of_numbers({"ratio": 62.5}).to_dict() == {"Value": {"ratio": "62.50"}}


def test_the_table_of_break_even_values_has_a_row_for_each_price_that_is_rated(planned):
    keys = ["interceptor", "price_basis", "buyer", "dated"]
    table = figures.table_of_pays(planned.exchange)
    assert len(table) == len(planned.exchange[keys].drop_duplicates())
    assert not pd.isna(table).any(axis=None)
