"""The figures and tables of leakage: what stands on them, and that their sentences agree with the frames."""

from types import SimpleNamespace

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.air_defence.questions import cases, forces, leakage
from analysis.figures import style
from analysis.figures.air_defence import leakage as figures
from analysis.figures.air_defence.leakage import name_input
from analysis.figures.air_defence.words import write_threats
from analysis.figures.captions import say
from analysis.tables import load_facts, load_table


def calculate(architecture, raid, scope):
    """Everything that the figures take, from the real tables."""
    facts = load_facts("air_defence")
    threats = forces.read_raid(load_table("air_defence/raids"), raid)
    defence = forces.build_defence(architecture, facts, threats)
    case = cases.make_case(defence, scope, facts["assumptions"])
    found = SimpleNamespace(case=case, by_doctrine=leakage.leakers_by_doctrine(case, 2, 16, 7))
    found.by_scope = leakage.leakers_by_scope(case, 16, 7)
    found.sizes = leakage.leakers_by_size(case, 16, 7)
    found.work = case.work(), leakage.work_over_draws(case, 8, 7)
    found.moved = leakage.swing_of_leakers(case), leakage.shares_of_variance(case, 8, 7)
    found.own = leakage.compare({"as chosen": case}, 16, 7).summary.iloc[0]
    return found


CASES = [("taiwan_tdome_planned", "mixed", "layer"), ("israel_2025", "rocket_barrage", "raid")]


@pytest.fixture(scope="module", params=CASES, ids=lambda case: "-".join(case))
def frames(request):
    return calculate(*request.param)


@pytest.fixture(scope="module")
def drawn(frames):
    """Every figure of the notebook, drawn once."""
    return {
        "doctrine": figures.plot_leakers_by_doctrine(frames.by_doctrine.luck, frames.by_doctrine.summary),
        "scope": figures.plot_leakers_by_scope(frames.by_scope.luck, frames.by_scope.summary),
        "size": figures.plot_leakers_by_size(*frames.sizes),
        "layer": figures.plot_work_by_layer(*frames.work),
        "input": figures.plot_leakers_by_input(*frames.moved),
    }


@pytest.fixture(scope="module")
def sentences(frames):
    """Every caption of the notebook."""
    return {
        "doctrine": say("leakage.doctrines", figures.facts_of_doctrines(frames.by_doctrine.summary)),
        "scope": say("leakage.scopes", figures.facts_of_scopes(frames.by_scope.summary)),
        "size": say("leakage.sizes", figures.facts_of_sizes(*frames.sizes)),
        "layer": say("leakage.work", figures.facts_of_work(*frames.work)),
        "input": say("leakage.inputs", figures.facts_of_inputs(*frames.moved, frames.own, "apart")),
    }


def test_every_figure_is_closed_and_has_words_on_its_axes(drawn):
    assert not plt.get_fignums()
    for figure in drawn.values():
        assert any(axes.get_xlabel() for axes in figure.axes)


def test_no_text_is_clipped_and_no_two_texts_overlap(drawn, assert_words_can_be_read):
    for name, figure in drawn.items():
        assert_words_can_be_read(figure, name)


def test_every_figure_says_that_a_leak_is_no_casualty(drawn):
    for figure in drawn.values():
        assert figure.legends[0].get_title().get_text() == say("leakage.caveat", {})


def test_there_is_one_panel_for_each_doctrine_with_its_name(frames, drawn):
    titles = [axes.get_title(loc="left") for axes in drawn["doctrine"].axes]
    assert titles == frames.by_doctrine.summary["case"].tolist()


def test_bars_are_the_chances_and_bands_hold_nine_draws_of_ten(frames, drawn):
    luck, summary = frames.by_doctrine.luck, frames.by_doctrine.summary
    for axes, row in zip(drawn["doctrine"].axes, summary.itertuples(), strict=True):
        chances = luck.loc[luck["case"] == row.case, "chance"].tolist()
        heights = [bar.get_height() for bar in axes.patches]
        assert heights == pytest.approx(chances[: len(heights)])
        mean, tail = (band.get_segments()[0][:, 0].tolist() for band in axes.collections[:2])
        assert mean == [row.mean_low, row.mean_high] and tail == [row.q95_low, row.q95_high]


def test_bars_of_a_layer_add_up_to_what_it_stops_in_the_colours_of_the_classes(frames, drawn):
    work, totals = frames.work
    bars = drawn["layer"].axes[0].patches
    assert [bar.get_width() for bar in bars] == pytest.approx(work["killed"].tolist())
    ends = [
        max(bar.get_x() + bar.get_width() for bar in bars if round(bar.get_y()) == place)
        for place in range(len(totals))
    ]
    assert ends == pytest.approx(totals["killed"].tolist())
    colours = [plt.matplotlib.colors.to_hex(bar.get_facecolor()) for bar in bars]
    assert colours == work["threat_class"].map(style.CLASS_COLOURS).tolist()


def test_no_sentence_holds_a_code_word_or_a_gap(sentences):
    for sentence in sentences.values():
        assert "_" not in sentence
        assert "nan" not in sentence.split()
        assert "  " not in sentence


def test_sentences_give_the_means_that_the_frames_hold(frames, sentences):
    sentence = sentences["doctrine"]
    means, bands = sentence.partition("\n\n")[0].split("over the draws")
    for row in frames.by_doctrine.summary.itertuples():
        case = f"{row.case[:1].lower()}{row.case[1:]}"
        assert "at the best values" in means and f"{write_threats(row.mean)} ({case})" in means
        assert f"{write_threats(row.mean_low)} to {write_threats(row.mean_high)}" in bands
        assert (
            f"{row.q95:,.0f} at the best values, {row.q95_low:,.0f} to {row.q95_high:,.0f} over the draws ({case})"
            in sentence
        )


def test_sentences_say_that_a_leak_is_no_casualty_and_that_nothing_is_ranked(sentences):
    assert "no estimate of casualties" in sentences["doctrine"]
    assert "ranks no architecture" in sentences["size"]


def test_a_tail_that_is_the_whole_raid_is_not_said_as_a_limit(frames):
    summary = frames.by_scope.summary
    assert "by luck no more than 3 " in say("leakage.scopes", figures.facts_of_scopes(summary.assign(q95=3)))
    said = say("leakage.scopes", figures.facts_of_scopes(summary.assign(q95=summary["threats"])))
    assert "by luck no more than" not in said and "in more than one raid of 20 by luck all of them" in said


def test_magazines_that_run_short_are_named_with_their_size(frames, sentences):
    dry = frames.sizes[1]
    short = dry[dry["short"] > 0.5]
    assert f"from {short['threats'].min()}" in sentences["size"]


def test_where_no_rounds_run_short_the_sentences_say_so(frames):
    (summary, dry), (work, totals) = frames.sizes, frames.work
    sentence = say("leakage.sizes", figures.facts_of_sizes(summary, dry.assign(short=0.0)))
    assert "threats in the raid: none; at no size drawn: " in sentence
    sentence = say("leakage.work", figures.facts_of_work(work, totals.assign(short=0.0)))
    assert "likely to run short nowhere. An upper layer" in sentence


def test_every_input_is_in_the_table_under_a_name_of_its_own(frames):
    table = figures.table_of_ranges(frames.case.ranges)
    assert len(table) == len(frames.case.ranges)
    assert table.index.is_unique
    assert set(table["Basis"]) <= {"assumed", "published", "published, times an assumed share in place"}
    assert not table.index.str.contains("_").any()


def test_kill_probabilities_are_marked_as_assumed(frames):
    table = figures.table_of_ranges(frames.case.ranges)
    assert (table.loc[table.index.str.contains("kill probability"), "Basis"] == "assumed").all()


def test_the_key_numbers_hold_the_chosen_case_and_all_beside_it(frames):
    table = figures.table_of_outcomes(frames.own, frames.by_doctrine.summary, frames.by_scope.summary)
    assert len(table) == 1 + 3 + 3
    assert table.loc["as chosen", "Mean at best values"] == f"{frames.own['mean']:.2f}"
    assert table.loc["as chosen", "Mean, nine of ten draws"].startswith(f"{frames.own['mean_low']:.2f} to ")


def test_the_raid_is_laid_out_with_the_layers_that_engage_it(frames):
    table = figures.table_of_raid(frames.case.defence.raid, frames.case.work())
    assert table["Threats"].sum() == frames.case.threats
    assert (table["Layers that engage it, in this order"] != "none").all()


def test_systems_left_out_come_with_a_reason(frames):
    table = figures.table_of_left_out(frames.case.defence.unused)
    assert table["Left out, because"].str.len().gt(0).all()


def test_inputs_are_named_by_system_kind_and_class():
    assert name_input("avenger.owa_drone.single_shot") == "Avenger: kill probability, one-way drones"
    assert name_input("all rounds") == "all rounds together"


def test_decoys_are_laid_out_by_how_many_are_taken_for_real(frames):
    shots = leakage.shots_by_discrimination(frames.case)
    table, said = figures.table_of_decoys(shots), say("leakage.decoys", figures.facts_of_decoys(shots))
    assert list(table.index) == [name for name in table.index if name]
    assert len(table) == shots["threat_class"].nunique()
    assert len(said.partition("\n\n")[0].split()) <= 45
    last = shots[shots["decoy_called_real"] == 1]
    assert f"too few for {(last['wanted'] > last['rounds']).sum()} of {len(last)} pairs" in said
    assert "5 times as many interceptors" in said


def test_decoys_of_a_raid_that_no_layer_engages_are_said():
    nothing = leakage.shots_by_discrimination(cases.Case(forces.Defence([], *[pd.DataFrame()] * 3, {}), "layer", {}))
    assert figures.table_of_decoys(nothing).empty
    assert say("leakage.decoys", figures.facts_of_decoys(nothing)).startswith("Nothing to show")


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        ("common", "rows that were fitted together"),
        ("apart", "independent draws hide a common cause"),
        ("together", "one common cause give"),
    ],
)
def test_what_draws_hide_is_said_of_how_they_were_drawn(frames, drawn, words):
    said = say("leakage.inputs", figures.facts_of_inputs(*frames.moved, frames.own, drawn))
    assert words in said and said.count("common cause") == (drawn != "common")


def test_the_sentence_of_scopes_says_why_a_shared_track_lets_more_through(frames):
    said = say("leakage.scopes", figures.facts_of_scopes(frames.by_scope.summary))
    means = frames.by_scope.summary.set_index("case")["mean"]
    layer, threat = write_threats(means["layer"]), write_threats(means["threat"])
    assert f"{layer} leak on average if each layer tracks by itself, and {threat} if layers share a track" in said
