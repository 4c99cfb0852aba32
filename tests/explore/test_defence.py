"""A defence while one plays with it: exact answers, switches that matter, words and charts that follow."""

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.exact import layers
from analysis.air_defence.facts.choices import COVERAGE_SCOPES, DOCTRINES, INPUTS, TRACK_SCOPES
from analysis.air_defence.questions import forces
from analysis.air_defence.questions.cases import make_case, scale_raid
from analysis.air_defence.questions.leakage import compare
from analysis.air_defence.questions.posterior import choose_inputs
from analysis.explore import air_defence, defence
from analysis.explore.defence_charts import EMPTY, draw_panel, facts_of_leakers, facts_of_work, state_of
from analysis.figures.air_defence import explore as figures
from analysis.figures.air_defence.words import write_threats
from analysis.figures.captions import say
from analysis.figures.data_file import DATA_MIME
from analysis.parameters import AirDefenceExploreParameters
from analysis.tables import load_facts

START = {
    "architecture": "taiwan_tdome_planned",
    "beside": "taiwan_pre_tdome",
    "systems_off": [],
    "raid": "mixed",
    "raid_percent": 100,
    "doctrine": "shoot-look-shoot",
    "shots": 2,
    "track_scope": "layer",
    "inputs": "calibrated",
    "programme_state": "funded",
    "coverage_scope": "layer",
    "raid_correlation": True,
    "allotment": "proportional",
    "sensor_to_shooter_s": 20,
}


def choose(**changed):
    return AirDefenceExploreParameters(**START | changed)


@pytest.fixture(scope="module")
def tables():
    return load_facts("air_defence")


@pytest.fixture(scope="module")
def facts(tables):
    return defence.Ready(tables)


def all_systems(facts):
    return list(facts.rounds(START["architecture"], "funded")["system_id"])


def test_a_layer_that_is_switched_off_is_named_and_lets_more_leak(facts):
    all_on, one_off = (
        defence.solve(defence.build(choose(), facts)),
        defence.solve(defence.build(choose(systems_off=["sky_bow_3"]), facts)),
    )
    assert one_off.leakers.mean > all_on.leakers.mean
    assert facts.names["sky_bow_3"] in one_off.silent
    assert "sky_bow_3" not in set(one_off.work["system_id"])


def test_a_larger_raid_and_a_slower_network_leak_no_less(facts):
    usual = defence.solve(defence.build(choose(), facts)).leakers.mean
    assert defence.solve(defence.build(choose(raid_percent=300), facts)).leakers.mean > usual
    assert defence.solve(defence.build(choose(sensor_to_shooter_s=180), facts)).leakers.mean >= usual


def test_with_every_system_off_the_whole_raid_leaks(facts):
    result = defence.solve(defence.build(choose(systems_off=all_systems(facts)), facts))
    assert result.leakers.mean == sum(result.raid.values()) == 84
    assert result.by_class == result.raid
    assert result.work.empty
    assert "no price is published" in say("explore.work", facts_of_work(result))


def test_rounds_cost_what_the_owner_of_the_architecture_pays(facts):
    def kind(architecture):
        work = defence.solve(defence.build(choose(architecture=architecture), facts)).work.set_index("system_id")
        return work["price_basis"]

    ours, theirs = kind("taiwan_tdome_planned"), kind("south_korea_kamd")
    assert ours["patriot_pac3_mse"] == ours["avenger"] == "package (Taiwan)"
    assert theirs["patriot_pac3_mse"] == "domestic"


def test_the_table_of_work_follows_every_choice_of_the_first_case(tables, tmp_path, without_a_loop, capsys):
    explorer = air_defence.Explorer(tables, choose(), tmp_path)
    explorer.show_work(lambda work: figures.table_of_work(work, 2025))
    before = explorer.work.value
    assert "NASAMS" in before
    explorer.panels[0].controls["programme_state"].value = "fielded"
    assert "NASAMS" not in explorer.work.value
    assert explorer.panels[0].members and "nasams_taiwan" not in explorer.panels[0].members
    explorer.panels[1].controls["raid_percent"].value = 50
    assert "NASAMS" not in explorer.work.value
    explorer.panels[0].controls["programme_state"].value = "funded"
    assert explorer.work.value == before


@pytest.mark.parametrize("inputs", INPUTS)
def test_key_numbers_by_class_are_those_of_the_band_under_every_reading(facts, inputs):
    choices = choose(inputs=inputs)
    found = defence.leakers_by_class(choices, facts, 32, 7).set_index(["case", "threat_class"])["mean"]
    assert {scope for (scope, _), _ in found.index} == set(COVERAGE_SCOPES)
    own = "layer", {"calibrated": "common", "assumed": "apart"}[inputs]
    band = [*defence.draw_bands(defence.build(choices, facts), 32, 7)][-1]
    assert found[own, "all"] == pytest.approx(band["mean"].mean(), abs=1e-6)
    assert found[own].drop("all").sum() == pytest.approx(found[own, "all"], abs=1e-6)
    everything_off = choose(inputs=inputs, systems_off=all_systems(facts))
    idle = defence.leakers_by_class(everything_off, facts, 16, 7)
    assert idle.loc[idle["threat_class"] == "all", "mean"].eq(84).all()


def test_what_counts_who_gets_rounds_and_whether_raids_differ_follow_the_choice(facts):
    def solve(**changed):
        return defence.solve(defence.build(choose(raid_percent=300, **changed), facts))

    fielded, funded = solve(programme_state="fielded"), solve()
    assert "nasams_taiwan" not in set(fielded.work["system_id"])
    assert "nasams_taiwan" in set(funded.work["system_id"])
    assert "sky_bow_4" in set(solve(programme_state="announced").work["system_id"])
    first = solve(allotment="ballistic_first")
    assert first.by_class["srbm"] < funded.by_class["srbm"]
    alike = solve(raid_correlation=False)
    assert alike.leakers.mean == pytest.approx(funded.leakers.mean, abs=1e-6)
    assert alike.leakers.quantile(0.95) < funded.leakers.quantile(0.95)


def test_stopped_and_leaked_threats_add_up_to_the_raid(facts):
    result = defence.solve(defence.build(choose(raid_percent=200), facts))
    assert result.work["killed"].sum() + result.leakers.mean == pytest.approx(sum(result.raid.values()), abs=1e-6)


@pytest.mark.parametrize("coverage_scope", COVERAGE_SCOPES)
@pytest.mark.parametrize("track_scope", TRACK_SCOPES)
def test_leakers_by_class_are_those_of_the_exact_chain_and_add_up(facts, track_scope, coverage_scope):
    question = defence.build(choose(track_scope=track_scope, coverage_scope=coverage_scope), facts)
    result = defence.solve(question)
    exact = layers.leakers_by_class(question.timely, result.raid, **question.case.law)
    assert result.by_class == pytest.approx({name: leakers.mean for name, leakers in exact.items()}, abs=1e-6)
    assert sum(result.by_class.values()) == pytest.approx(result.leakers.mean, abs=1e-6)


def test_fitted_inputs_give_another_level_than_assumed_ones_and_each_is_named(facts):
    means = {}
    for inputs, words in (("calibrated", "fitted to raids that happened"), ("assumed", "assumed kill")):
        choices = choose(inputs=inputs)
        result = defence.solve(defence.build(choices, facts))
        means[inputs] = result.leakers.mean
        assert words in say("explore.leakers", facts_of_leakers(choices, result))
    assert means["calibrated"] != pytest.approx(means["assumed"])


def test_more_and_more_draws_end_with_all_of_them(facts):
    parts = list(defence.draw_bands(defence.build(choose(), facts), 80, seed=7))
    assert [len(part) for part in parts] == [32, 64, 80]
    pd.testing.assert_frame_equal(parts[0], parts[-1].iloc[:32])


def test_the_sentence_says_the_numbers_by_class_and_what_they_rest_on(facts):
    result = defence.solve(defence.build(choose(), facts))
    *_, draws = defence.draw_bands(defence.build(choose(), facts), 64, seed=7)
    sentence = say("explore.leakers", facts_of_leakers(choose(), result, defence.band_of(draws)))
    assert "at levels fitted to raids that happened" in sentence
    assert f"({write_threats(result.by_class['owa_drone'])} of 40 one-way attack drones, " in sentence
    assert f"{result.leakers.mean:.1f} threats leak on average" in sentence
    assert "nine in ten of 64 draws" in sentence


def test_without_a_band_the_sentence_says_that_it_is_being_worked_out(facts):
    sentence = say("explore.leakers", facts_of_leakers(choose(), defence.solve(defence.build(choose(), facts))))
    assert sentence.endswith("is being worked out ...")


def as_in_notebook_02(tables, choices):
    """The case of notebook 02, step by step as its cells build it."""
    raid = scale_raid(forces.read_raid(tables["raids"], choices.raid), choices.raid_percent)
    fire = {"doctrine": choices.doctrine, "shots": choices.shots}
    built = forces.build_defence(choices.architecture, tables, raid, covers=True, programme_state="funded", **fire)
    scopes = choices.track_scope, tables["assumptions"], choices.coverage_scope
    return choose_inputs(make_case(built, *scopes, raids_differ=True), tables.posterior, choices.inputs)


@pytest.fixture(scope="module")
def timeless(tables):
    """Facts that give every layer time for all its shots, which notebook 02 takes for granted."""
    facts = defence.Ready(tables)
    facts.windows = facts.windows.iloc[:0]
    return facts


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("coverage_scope", COVERAGE_SCOPES)
@pytest.mark.parametrize("scope", TRACK_SCOPES)
@pytest.mark.parametrize("doctrine", DOCTRINES)
def test_without_a_clock_the_numbers_are_those_of_notebook_02(
    tables, timeless, scope, doctrine, coverage_scope, inputs
):
    given = {"track_scope": scope, "doctrine": doctrine, "coverage_scope": coverage_scope, "inputs": inputs}
    choices = choose(**given, raid_percent=150)
    found = compare({"as chosen": as_in_notebook_02(tables, choices)}, 64, seed=7)
    np.testing.assert_allclose(
        defence.solve(defence.build(choices, timeless)).leakers.pmf, found.luck["chance"], atol=1e-12
    )
    *_, draws = defence.draw_bands(defence.build(choices, timeless), 64, seed=7)
    band = defence.band_of(draws)
    assert [band.low, band.high] == pytest.approx(found.summary.loc[0, ["mean_low", "mean_high"]].to_list(), abs=1e-9)


def test_the_one_track_is_uncertain_as_well(tables, timeless):
    choices = choose(track_scope="raid", raid_percent=25)
    *_, draws = defence.draw_bands(defence.build(choices, timeless), 64, seed=7)
    best = defence.solve(defence.build(choices, timeless)).leakers.mean
    assert draws["mean"].min() < best < draws["mean"].max()
    assert "track" in as_in_notebook_02(tables, choices).ranges.index


@pytest.mark.parametrize("percent", [10, 100, 500])
def test_a_kept_case_gives_what_a_case_built_anew_gives(tables, facts, percent):
    kept = defence.build(choose(raid_percent=percent, shots=3), facts).case
    anew = as_in_notebook_02(tables, choose(raid_percent=percent, shots=3))
    assert kept.defence.layers == anew.defence.layers
    assert kept.defence.raid == anew.defence.raid


def test_the_state_of_the_charts_holds_plain_numbers_that_add_up(facts):
    result = defence.solve(defence.build(choose(raid_percent=200), facts))
    state = state_of(result, ["sky_bow_3"])
    assert set(state) == set(EMPTY)
    assert sum(state["pmf"]) == pytest.approx(1, abs=0.01)
    assert state["first"] <= state["mean"] <= state["first"] + len(state["pmf"])
    assert len(state["work"]) == len(result.work)


def test_the_axis_has_room_for_the_band_before(facts):
    result = defence.solve(defence.build(choose(), facts))
    low, high = state_of(result, [], room=(0.2, 80.0))["ends"]
    assert low <= 0.2 and high == 80
    assert state_of(result, [])["ends"][1] < 80


def test_the_charts_share_one_state_and_hold_their_own_data(facts):
    spec = draw_panel(facts.envelopes).to_dict()
    assert [param["name"] for param in spec["params"] if param["name"] == "state"] == ["state"]
    assert "http" not in str(spec.get("datasets"))


def test_a_moved_control_changes_choices_sentence_and_chart(tables, tmp_path):
    explorer = air_defence.Explorer(tables, choose(), tmp_path)
    panel = explorer.panels[0]
    before = panel.chart.above
    panel.controls["raid_percent"].value = 300
    assert panel.choices.raid_percent == 300
    assert panel.chart.above != before
    assert panel.chart.values["state"]["mean"] == round(panel.result.leakers.mean, 2)


def test_another_architecture_lists_its_own_systems(tables, tmp_path):
    panel = air_defence.Explorer(tables, choose(systems_off=["avenger"]), tmp_path).panels[0]
    panel.controls["architecture"].value = "israel_2025"
    assert "Iron Dome" in [getattr(box, "description", "") for box in panel.systems.children]
    assert panel.choices.systems_off == []


def test_a_box_that_is_cleared_switches_its_system_off(tables, tmp_path):
    panel = air_defence.Explorer(tables, choose(), tmp_path).panels[0]
    panel.systems.children[0].value = False
    assert panel.choices.systems_off == panel.members[:1]


def test_where_nothing_engages_the_raid_all_of_it_leaks_and_the_sentence_says_so(tables, tmp_path):
    explorer = air_defence.Explorer(tables, choose(raid="rocket_barrage"), tmp_path)
    panel = explorer.panels[0]
    assert panel.result.leakers.probability_zero == 0
    assert panel.result.leakers.mean == sum(panel.result.raid.values())
    assert "no system that engages" in panel.chart.above
    chances = explorer.frame()
    assert "Nothing is stopped in 1. " in say("explore.cases", figures.facts_of_cases(chances, "calibrated"))
    figures.plot_leakers_by_case(chances)


def test_a_pinned_case_comes_back(tables, tmp_path):
    explorer = air_defence.Explorer(tables, choose(), tmp_path)
    explorer.panels[0].controls["shots"].value = 3
    explorer.pinboard.pin.click()
    explorer.panels[0].choose(choose())
    explorer.pinboard.cases.index = 1
    assert explorer.panels[0].choices.shots == 3
    assert explorer.panels[0].controls["shots"].value == 3


@pytest.mark.usefixtures("without_a_loop", "with_a_reader")
def test_an_answer_is_one_message_and_both_cases_keep_level(tables, tmp_path):
    first, second = air_defence.Explorer(tables, choose(), tmp_path).panels
    sent = []
    first.chart.send_state = lambda key=None: sent.append(set(key))
    first.controls["raid_percent"].value = 300
    assert len(sent) == 1 and set(sent[0]) == {"values", "above", "below"}
    assert len(first.systems.children) == len(second.systems.children)


def test_the_picture_without_widgets_shows_both_cases(tables, tmp_path):
    chances = air_defence.Explorer(tables, choose(), tmp_path).frame()
    figure = figures.plot_leakers_by_case(chances)
    keys = [text.get_text() for text in figure.legends[0].get_texts()]
    assert len(keys) == 3 and keys[-1] == "mean"
    means, curves = (
        [line for line in figure.axes[0].lines if (len(line.get_xdata()) == 2) is two] for two in (True, False)
    )
    assert sorted(line.get_ydata().max() for line in curves) == pytest.approx(
        sorted(chances.groupby("case")["chance"].max())
    )
    assert [f"mean {line.get_xdata()[0]:.1f}" in key for line, key in zip(means, keys, strict=False)] == [True, True]
    assert "Taiwan before T-Dome" in say("explore.cases", figures.facts_of_cases(chances, "calibrated"))


def test_the_mean_of_a_case_is_said_with_its_number():
    chances = pd.DataFrame({"case": "1. A", "leakers": [0, 1], "chance": [0.75, 0.25]})
    assert say("explore.cases", figures.facts_of_cases(chances, "calibrated")) == (
        "Mean number of threats that leak, at levels fitted to raids that happened: 1. A 0.2. No ranking follows from it."
    )
    assert "with assumed kill" in say("explore.cases", figures.facts_of_cases(chances, "assumed"))


def test_a_defence_with_nothing_in_action_has_an_empty_table(facts):
    result = defence.solve(defence.build(choose(systems_off=all_systems(facts)), facts))
    assert figures.table_of_work(result.work, defence.PRICE_YEAR).empty


def test_the_picture_offers_its_data(tables, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(air_defence, "display", lambda content, **_: shown.append(content))
    explorer = air_defence.Explorer(tables, choose(), tmp_path)
    chances = explorer.frame()
    explorer.show(figures.plot_leakers_by_case(chances), "Leakers.", data=chances)
    assert {"image/png", "text/plain", DATA_MIME} <= set(shown[0])
