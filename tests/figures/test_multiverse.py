"""Figures of the universes of a count, and of which published totals they reach."""

import matplotlib.pyplot as plt
import pandas as pd
import pytest

from analysis.figures.captions import say
from analysis.figures.recognition import multiverse as figures
from analysis.figures.recognition import recognition_map
from analysis.recognition import panel
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.multiverse import UNIVERSES, count_universes, reach_published
from analysis.tables import load_facts

ON = "2025-09-21"


@pytest.fixture(scope="module")
def facts():
    return load_facts("recognition")


@pytest.fixture(scope="module")
def spells(facts):
    return build_spells(facts.events, facts.lineage)


@pytest.fixture(scope="module")
def universes(spells, facts):
    return count_universes(spells, facts, "PSE", ON)


@pytest.fixture(scope="module")
def reached(spells, facts):
    return reach_published(spells, facts, "PSE")


def require_inside(figure):
    figure.draw_without_rendering()
    boxes = [axes.get_tightbbox() for axes in figure.axes] + [legend.get_window_extent() for legend in figure.legends]
    for box in boxes:
        assert box.x0 >= -1
        assert box.x1 <= figure.bbox.x1 + 1
        assert box.y0 >= -1
    assert not plt.get_fignums()


def test_every_choice_has_its_row_and_a_line_marks_the_usual_universe(universes):
    figure = figures.plot_count_by_choice(universes, "PSE", "recognition", ON)
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert len(rows) == sum(map(len, UNIVERSES.values())) == len(set(rows))
    assert universes["count"].iloc[0] in [line.get_xdata()[0] for line in figure.axes[0].get_lines()]
    require_inside(figure)


def test_every_published_total_has_its_mark(reached):
    figure = figures.plot_published_by_reach(reached, "PSE", "recognition")
    heights = [
        point[1] for part in figure.axes[0].collections for point in part.get_offsets() if len(part.get_offsets())
    ]
    assert sorted(height for height in heights if height) == sorted(reached["published"])
    require_inside(figure)


def test_without_totals_a_sentence_stands_in_the_place_of_the_figure(reached):
    nothing = reached.iloc[:0]
    figure = figures.plot_published_by_reach(nothing, "PSE", "recognition")
    assert [text.get_text() for text in figure.axes[0].texts] == ["No published total is on record."]
    assert say("multiverse.reached", figures.facts_of_reached(nothing, "PSE", "recognition")) == (
        "No published total is on record."
    )


def test_captions_name_the_range_and_how_many_totals_are_reached(universes, reached):
    counted = say("multiverse.counts", figures.facts_of_counts(universes, "PSE", "recognition", ON))
    low, high = universes["count"].min(), universes["count"].max()
    assert f"all 216 readings of the rules give {low} to {high}" in counted
    assert len(counted.split()) <= 45
    said = say("multiverse.reached", figures.facts_of_reached(reached, "PSE", "recognition"))
    readings = figures.read_totals(reached)
    assert said.startswith(f"Of {len(reached)} published totals, {(readings == 'said').sum()} are reached by the rule")


def test_the_table_names_a_universe_or_says_that_there_is_none(reached, facts):
    table = figures.table_of_reached(reached, facts.sources)
    assert (table["Reached by"].eq("none") == ~reached["reached"].to_numpy()).all()
    assert "denied or unconfirmed left out" in table.loc["2025-09-21", "Reached by"]


def test_a_count_that_no_choice_moves_is_said_without_one(spells, facts):
    universes = count_universes(spells, facts, "PMR", "2000-01-01")
    said = say("multiverse.counts", figures.facts_of_counts(universes, "PMR", "recognition", "2000-01-01"))
    assert "all 216 readings of the rules give 0 to 0, 1 different count." in said
    assert "moves it most" not in said


def test_the_answer_of_the_map_names_the_choice_that_moves_its_count_most(spells, facts, universes):
    asked = {"entity": "PSE", "kind": "recognition", "rule": "net", "on": ON}
    found = panel.recognisers(spells, "PSE", ON, "recognition")
    acts = facts.events[facts.events["claim_id"].isin(found["claim_id"])]
    told = recognition_map.facts_of_answer(found, found, universes, pd.DataFrame(), acts, **asked)
    one = universes[universes["departures"].eq(1)]["count"]
    furthest = one[(one - universes["count"].iloc[0]).abs().idxmax()]
    sure = say("recognition_map.in_short", told).split("\n\n")[-1]
    assert f"One rule moves it most: if {told['mover']['told']}, it is {furthest}." in sure
    alone = say("recognition_map.in_short", told | {"number": 1, "seated": 1})
    assert ", a member of the United Nations" in alone and "members" not in alone
