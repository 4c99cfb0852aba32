"""The figures and sentences of raids that were left out: they can be read, and say what the frames hold."""

import re
from types import SimpleNamespace

import pandas as pd
import pytest

from analysis.air_defence.calibration.fit import levels_before_and_after
from analysis.air_defence.calibration.hindcast import predict_raids
from analysis.air_defence.calibration.nights import count_nights
from analysis.air_defence.calibration.raids import ask_raids, fitted_digest
from analysis.figures import style
from analysis.figures.air_defence import hindcast_raids as figures
from analysis.figures.captions import say
from analysis.tables import load_facts, load_table, stored_results

LONGEST = 45  # words of a caption


@pytest.fixture(scope="module")
def stored():
    facts = load_facts("air_defence")
    left_out = stored_results("left_out")
    levels = levels_before_and_after(facts.posterior, facts.assumptions)
    layer = left_out[(left_out["coverage_scope"] == "layer") & left_out["war_effects"]]
    asked, digest = ask_raids(facts), fitted_digest(facts)
    return SimpleNamespace(left_out=left_out, layer=layer, levels=levels, asked=asked, digest=digest,
                           fits=stored_results("fits"))  # fmt: skip


def test_every_word_can_be_read(stored, assert_words_can_be_read):
    for kind in figures.LEFT_OUT:
        figure = figures.plot_leaked_by_left_out(stored.layer, kind)
        assert figure.get_figwidth() == style.NARROW
        assert_words_can_be_read(figure, f"raids without the {kind}")
    assert_words_can_be_read(figures.plot_level_by_law(stored.levels), "levels")


def test_the_figure_has_a_row_for_every_class_in_every_raid(stored):
    axes = figures.plot_leaked_by_left_out(stored.layer).axes
    named = [label.get_text() for label in axes[0].get_yticklabels()]
    assert len(named) == len(stored.asked.rows)
    assert any(re.fullmatch(r"Iran on Israel, Apr 2024: one-way drones, \d+", name) for name in named)


def test_captions_are_short_and_name_the_scores(stored):
    held = figures.facts_of_left_out(stored.layer)
    sentence = say("raids.left_out", held)
    inside = held["raid"]["rows"] - len(held["broke"])
    assert sentence.startswith(f"{inside:.0f} of {held['raid']['rows']:.0f} counts lie inside")
    assert all(row["name"] in sentence for row in held["broke"])
    finding, details = sentence.split("\n\n")
    assert f"{100 * held['war']['inside']:.0f} % of {held['war']['rows']:.0f} counts" in say("raids.left_out_war", held)
    assert len(finding.split()) <= LONGEST
    assert f"{held['plain']['rows']} rows that have any" in details
    assert len(say("raids.levels", figures.facts_of_levels(stored.levels, stored.fits)).split()) <= LONGEST
    assert say("raids.aims", held).count("met") + say("raids.aims", held).count("missed") == 3


def test_every_war_counts_once_and_the_plain_rule_takes_the_same_rows(stored):
    held = figures.facts_of_left_out(stored.layer)
    rows = stored.layer[stored.layer["left_out"] == "raid"]
    assert held["raid"]["crps_by_war"] == rows.groupby("war")["crps"].mean().mean()
    sizes = rows.groupby(["war", "threat_class"])["crps"].transform("size")
    assert held["plain"]["rows"] == (sizes > 1).sum()
    assert abs(held["plain"]["crps_fitted"] - rows.loc[sizes > 1, "crps"].mean()) < 1e-12
    assert held["singles"] == (rows.groupby("war").size() == 1).sum()


def test_a_raid_outside_its_interval_is_named_with_both_numbers(stored):
    rows = stored.layer.copy()
    rows.loc[rows["claim_id"] == "iran_2024_10.mrbm", ["inside", "q05", "q95"]] = [0.0, 90.0, 110.0]
    sentence = say("raids.outside", figures.facts_of_left_out(rows))
    assert "October 2024 (ballistic, medium), 25 to 33 of 180 counted where 90 to 110 were predicted" in sentence
    calm = rows.assign(inside=1.0)
    assert say("raids.outside", figures.facts_of_left_out(calm)) == "No raid lies outside its interval."


def test_a_missed_aim_is_said(stored):
    rows = stored.layer.assign(inside=0.0)
    assert say("raids.aims", figures.facts_of_left_out(rows)).count("missed") == 2


def test_results_of_other_tables_are_said_to_be_so(stored):
    own = say("raids.record", figures.facts_of_record(stored.asked, stored.left_out, stored.digest))
    other = say("raids.record", figures.facts_of_record(stored.asked, stored.left_out, "0" * 64))
    assert "other data" not in own
    assert "are of other data than these tables" in other


def test_tables_hold_every_row_that_was_left_out_and_every_kind_of_fit(stored):
    reasons = figures.table_of_left_out_rows(stored.asked)
    assert reasons["Rows"].sum() == len(stored.asked.left_out)
    scores = figures.table_of_scores(stored.left_out)
    kinds = stored.left_out[["coverage_scope", "left_out", "war_effects"]].drop_duplicates()
    assert len(scores) == len(kinds)
    assert pd.notna(scores).all(axis=None)


def test_each_raid_stands_with_what_was_reported_predicted_and_its_source(stored):
    observed, sources = load_table("air_defence/observed_raids"), load_table("sources")
    table = figures.table_of_raids(stored.layer, observed, sources)
    assert len(table) == (stored.layer["left_out"] == "raid").sum()
    gulf = table.loc["Iraq on Saudi Arabia and Israel, 1991: ballistic, short, 47"]
    assert gulf["Came through, as reported"] == "35 to 43" and gulf["Claim"] == "gulf_1991.srbm"
    assert gulf["Source"] == "Baltimore Sun, 1992" and gulf["Confidence"] == "medium"
    rows = stored.layer[stored.layer["left_out"] == "war"].set_index("claim_id")
    assert gulf["Fitted without its war"].startswith(f"{rows.loc['gulf_1991.srbm', 'mean']:,.1f} (")


def test_a_raid_that_the_table_has_no_more_shows_no_source(stored):
    none = load_table("air_defence/observed_raids").iloc[:0]
    table = figures.table_of_raids(stored.layer, none, load_table("sources"))
    assert table["Source"].eq("").all() and table["Claim"].notna().all()


def test_raids_without_published_layers_stand_with_a_band_or_with_why_not(stored):
    facts = load_facts("air_defence")
    rows = facts.observed_raids[facts.observed_raids["claim_id"].isin(stored.asked.left_out["claim_id"])]
    nights = count_nights(facts.ukraine_reports, facts.ukraine_models)
    found = predict_raids(nights, rows, pd.DataFrame(columns=["family", "half_life_days", "chosen"], dtype="object"))
    table = figures.table_of_class_level(found, facts.observed_raids, facts.sources)
    assert len(table) == len(stored.asked.left_out) and (found["why"] == "").sum() == 36
    night = "Russia on Ukraine, night to 29 December 2023: cruise, subsonic, 91"
    row = table.set_index("Raid").loc[night] if "Raid" in table else table.loc[night]
    assert row["Came through, as reported"] == "4" and row["Inside"] == "yes"
    said = say("raids.class_level", figures.facts_of_class_level(found))
    assert "nights of the class before them predict 36" in said and "several nights counted together (2)" in said
    assert len(said.split(" The others")[0].split()) <= LONGEST
