"""The chart of envelopes with a switch for each layer: its rows, its switches, and a sentence for each position."""

import json
from itertools import combinations, pairwise

import pandas as pd
import pytest

from analysis.air_defence.facts import coverage, envelope
from analysis.figures import charts
from analysis.figures.air_defence.envelope_chart import (
    LETTER_WIDTH,
    SCALE,
    WIDTH,
    control_layers,
    facts_of_layers,
    place_labels,
    plot_envelopes_by_layer,
    write_rows,
)
from analysis.figures.air_defence.reach import facts_of_envelope, list_envelopes
from analysis.figures.captions import say
from analysis.tables import load_facts


def measure(architectures, minimum_confidence="low"):
    """Envelopes and members from the real tables."""
    load = load_facts("air_defence")
    members = coverage.list_members(load, architectures)
    limits = envelope.published_limits(load, minimum_confidence)
    return envelope.range_altitude_envelopes(limits, envelope.altitude_spans(limits, load["assumptions"])), members


@pytest.fixture(scope="module")
def three():
    return measure(["israel_2025", "taiwan_pre_tdome", "taiwan_tdome_planned"])


@pytest.fixture(scope="module")
def rows(three):
    return list_envelopes(*three)


@pytest.fixture(scope="module")
def controls(three):
    return control_layers(*three)


def say_layers(rows, layers):
    return say("reach.layers", facts_of_layers(rows, layers))


def edges_of(rows, code):
    return [edge for edge in write_rows(rows)["edges"] if edge["code"] == code]


def test_every_layer_with_a_listed_system_has_a_switch_that_is_on_and_every_position_a_sentence(controls):
    layers = [control.param.removeprefix("show_") for control in controls.controls]
    assert layers == ["exo", "upper_endo", "long", "medium", "short", "very_short"]
    assert all(control.kind == "switch" and control.start == 1 for control in controls.controls)
    assert len(controls.sentences) == len(set(controls.sentences.values())) == 2 ** len(layers)
    assert controls.sentences["0,0,0,0,0,0"] == "No layer is switched on."


def test_the_chart_has_the_parameters_that_the_switches_set_and_all_are_on(three, controls):
    spec = charts.write_spec(plot_envelopes_by_layer(*three))
    params = {param["name"]: param["value"] for param in spec["params"]}
    assert all(params[control.param] is True for control in controls.controls)
    json.dumps(spec, allow_nan=False)  # no missing value reaches a page


def test_with_all_layers_on_the_sentence_counts_the_systems_that_the_figure_counts(three, controls):
    all_on = controls.sentences["1,1,1,1,1,1"]
    boxes = facts_of_envelope(*three)["boxes"]
    assert f"published for {boxes} systems" in say("reach.envelope", facts_of_envelope(*three))
    assert f"published for {boxes} of " in all_on


def test_boxes_cover_their_systems_and_small_ones_lie_above(rows):
    data = write_rows(rows)
    spans = {box["code"]: (box["x2"], box["y2"]) for box in data["boxes"]}
    assert spans["iron_dome"] == (70, 10) and spans["arrow_2"] == (120, 50)
    heights = [box["y2"] for box in data["boxes"]]
    assert heights == sorted(heights, reverse=True)


def test_an_assumed_lower_end_is_told_from_a_published_one(rows):
    lines = {code: {edge["line"] for edge in edges_of(rows, code)} for code in ("iron_dome", "arrow_2")}
    assert lines == {
        "iron_dome": {"fielded in one of them", "lower end assumed"},
        "arrow_2": {"fielded in one of them"},
    }
    floors = {box["code"]: box["floor"] for box in write_rows(rows)["boxes"]}
    assert floors["iron_dome"].endswith(", assumed") and floors["arrow_2"].endswith(", published")


def test_a_system_with_one_published_limit_is_one_stroke_and_one_without_any_is_none(rows):
    (iron_beam,), (chiang_kung,) = edges_of(rows, "iron_beam"), edges_of(rows, "sky_bow_5")
    assert iron_beam["x"] == iron_beam["x2"] == 10
    assert chiang_kung["y"] == chiang_kung["y2"] == 100 and chiang_kung["line"] == "a goal"
    assert not [row for data in write_rows(rows).values() for row in data if row["code"] == "arrow_4"]


def test_a_layer_that_is_off_is_not_in_the_numbers(rows):
    assert "1,000 km" in say_layers(rows, ["exo"]) and "1,000 km" not in say_layers(rows, ["short"])
    assert say_layers(rows, ["short", "long"]).startswith("Shown: short; long. ")


def test_no_label_stands_on_another():
    many = [{"text": "Patriot PAC-3", "x": 100.0 + n, "y": 40.0} for n in range(6)]
    placed = place_labels(many)
    assert len({label["y"] for label in placed}) == len(many)
    apart = {"text": "short", "x": 2.5 * 10 ** (len("Patriot PAC-3") * LETTER_WIDTH / (SCALE * WIDTH)), "y": 40.0}
    assert place_labels([many[0], apart])[1]["y"] == 40.0
    ys = sorted(label["y"] for label in placed)
    assert all(high / low > 1.1 for low, high in pairwise(ys))


def test_nothing_listed_gives_an_empty_chart_and_a_sentence_for_it(three):
    envelopes, members = three
    nobody = members.assign(state="not listed in this architecture")
    controls = control_layers(envelopes, nobody)
    assert controls.controls == [] and controls.sentences == {"": "No layer is switched on."}
    assert charts.write_spec(plot_envelopes_by_layer(envelopes, nobody))["datasets"]["boxes"] == []


def test_a_layer_without_any_box_says_so(three):
    envelopes, members = three
    only = members["system_id"].isin(["arrow_4"])
    rows = list_envelopes(envelopes, members[only])
    assert say_layers(rows, ["upper_endo"]).endswith("both published for none of 1 system.")


@pytest.mark.parametrize("layers", list(combinations(["exo", "long", "very_short"], 2)))
def test_systems_of_two_layers_add_up(rows, layers):
    counts = [int(say_layers(rows, part).split(" of ")[1].split(" ")[0]) for part in (layers, *zip(layers))]
    assert counts[0] == counts[1] + counts[2] == rows.loc[rows["layer"].isin(layers), "system_id"].nunique()


def test_the_rows_of_a_variant_share_the_label_of_their_system(rows):
    labels = pd.Series([label["code"] for label in write_rows(rows)["labels"]])
    assert labels.is_unique and {"patriot_pac3_mse", "sky_bow_5", "iron_beam"} <= set(labels)
