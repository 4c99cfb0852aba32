"""Figures of co-recognition: four-way tables, pairs against chance, and profiles."""

import matplotlib.pyplot as plt
import networkx as nx
import pandas as pd
import pytest

from analysis.figures import maps, style
from analysis.figures.captions import say
from analysis.figures.recognition import co_recognition as figures
from analysis.parameters import ASKED_OF_ALL
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.profiles import Correspondence, cluster_states, project_entities
from analysis.recognition.relations import (
    FULLY_RECORDED,
    adjust_pairs,
    co_recognition,
    cross_stances,
    find_stances,
    find_strata,
)
from analysis.tables import load_table

ON = "2024-12-31"


@pytest.fixture(scope="module")
def tables():
    return {name: load_table(f"recognition/{name}") for name in ("events", "lineage", "states", "memberships")}


@pytest.fixture(scope="module")
def ties(tables):
    return build_spells(tables["events"], tables["lineage"])


@pytest.fixture(scope="module")
def stances(ties, tables):
    return find_stances(ties, ON, tables["states"], lineage=tables["lineage"])


@pytest.fixture(scope="module")
def crossed(stances):
    return cross_stances(stances, ("TWN", "CHN"), ("ISR", "PSE"))


@pytest.fixture(scope="module")
def found(ties, tables):
    how = {"states": tables["states"], "lineage": tables["lineage"], "draws": 500}
    pairs = [("TWN", "PSE"), ("TWN", "ISR"), ("TWN", "CHN")]
    return adjust_pairs(
        {pair: co_recognition(ties, ON, *pair, memberships=tables["memberships"], **how) for pair in pairs}
    )


def filled_cells(figure):
    """The colours of the cells that are not empty."""
    return [tuple(face) for face in figure.axes[0].collections[0].get_facecolors() if face[-1]]


def test_the_four_way_table_shows_every_count_and_the_share_of_its_row(crossed, assert_words_can_be_read):
    figure = figures.plot_answers_by_side(crossed)
    texts = [text.get_text() for text in figure.axes[0].texts]
    assert len(texts) == 16
    assert [int(text.split("\n")[0]) for text in texts] == crossed.to_numpy().ravel().tolist()
    assert "8\n73 %" in texts
    assert not any(text.startswith("1\n") for text in texts)  # one state is no share
    labels = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert labels == ["both (0)", "Taipei only (11)", "Beijing only (179)", "neither (1)"]
    assert_words_can_be_read(figure)
    assert not plt.get_fignums()


def test_the_sentence_counts_the_partners_of_taipei_by_their_answer_to_palestine(crossed):
    sentence = say("co_recognition.answers", figures.facts_of_answers(crossed))
    assert sentence.startswith("Of 11 states that recognise Taipei only: Israel and Palestine 8, Israel only 3. ")
    assert "Of 1 state that recognises neither" in sentence


def test_the_table_of_partners_names_all_twelve_with_the_holy_see(ties, tables):
    everyone = find_stances(ties, ON, tables["states"], lineage=tables["lineage"], members=None)
    table = figures.table_of_answers(everyone, "TWN")
    assert len(table) == 12
    assert table.loc["Holy See", ["Israel", "Palestine"]].tolist() == ["yes", "yes"]
    assert table.loc["Palau", "Palestine"] == ""
    assert "Abkhazia" not in table


def test_the_answer_names_the_pair_asked_for_and_when_it_was_last_looked_at(crossed, found, stances, tables):
    graph = project_entities(stances, find_strata(stances, ON, tables["memberships"]), draws=99, seed=7)
    seen = {"TWN": pd.Timestamp("2026-05-21"), "PSE": pd.NaT}
    uncounted = figures.name_uncounted({"TWN": pd.Series(["BLZ", "VAT"]), "CHN": pd.Series(["ISR"])}, stances)
    told = figures.facts_of_answer(crossed, found, graph, tables["events"].head(3), ON, "day", seen, uncounted)
    short, sure = say("co_recognition.in_short", told).split("\n\n")
    assert short.startswith(
        "On 31 December 2024, 11 UN members recognise Taipei only (Israel and Palestine 8, Israel only 3);"
    )
    assert "8 states recognise both Taipei and Palestine, where shuffles within regions give" in short
    assert "recognise Taipei: the Holy See; left out of those who recognise Beijing: Israel. Relations count" in sure
    assert "the Republic of China (Taiwan) on 21 May 2026, Palestine never." in sure and "stand 3 acts: " in sure
    none = told | {"number_of_both": 0, "acts": 1}
    short, sure = say("co_recognition.in_short", none).split("\n\n")
    assert "No state recognises both" in short and "stands 1 act: " in sure
    excluding = {("TWN", "CHN"): found["TWN", "CHN"]}
    told = figures.facts_of_answer(crossed, excluding, graph, tables["events"].head(0), ON, "all", seen, {})
    short, sure = say("co_recognition.in_short", told).split("\n\n")
    assert "shuffles within" not in short and "every state of that day" in sure


def test_pairs_that_exclude_each_other_are_named_and_not_drawn(found, assert_words_can_be_read):
    figure = figures.plot_both_by_pair(found)
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == ["Taipei and Palestine: 8", "Taipei and Israel: 11"]
    sentence = say("co_recognition.both", figures.facts_of_both(found))
    assert sentence.endswith("Taipei and Beijing: No state, the two exclude each other.")
    assert_words_can_be_read(figure)
    points = figure.axes[0].collections[1].get_offsets()[:, 0]
    distances = [one.table.iloc[0, 0] - one.expected for one in list(found.values())[:2]]
    assert points.tolist() == pytest.approx(distances)


def test_the_table_of_pairs_writes_odds_without_a_finite_value_in_words(found):
    table = figures.table_of_associations(found)
    assert table.loc["Taipei and Israel", "Odds ratio (95 %)"].startswith("infinite (")
    assert table.loc["Taipei and Palestine", "Odds ratio (95 %)"].startswith("0.")
    assert table.loc["Taipei and Beijing", "Shuffles as far"] == ""
    counts = ["Both", "First only", "Second only", "Neither"]
    assert table.loc["Taipei and Palestine", counts].tolist() == [8, 3, 138, 44]


def test_a_pair_that_nobody_recognises_has_no_odds(ties, tables):
    how = {"states": tables["states"], "lineage": tables["lineage"], "draws": 100}
    nobody = co_recognition(ties, "1999-12-31", "TWN", "XKX", **how)
    table = figures.table_of_associations({("TWN", "XKX"): nobody})
    assert table["Odds ratio (95 %)"].tolist() == ["not defined"]


def test_no_pair_leaves_figure_and_table_empty():
    assert figures.table_of_associations({}).empty
    assert not figures.plot_both_by_pair({}).axes[0].get_yticklabels()


def test_shared_recognisers_are_coloured_by_how_unusual_they_are(stances, tables, assert_words_can_be_read):
    strata = find_strata(stances, ON, tables["memberships"])
    graph = project_entities(stances, strata, draws=500, seed=7)
    figure = figures.plot_shared_by_pair(graph)
    unusual = sum(edge["q_shuffle"] < 0.05 for _, _, edge in graph.edges(data=True))
    plain = plt.matplotlib.colors.to_rgba(style.SHARED_COLOURS["alike"])
    assert sum(face != plain for face in filled_cells(figure)) == unusual
    assert len(figure.axes[0].texts) == len(filled_cells(figure)) == graph.number_of_edges()
    sentence = say("co_recognition.shared", figures.facts_of_shared(graph))
    assert sentence.startswith(f"{graph.number_of_edges()} pairs of entities have states")
    named = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert not any(name.startswith("Beijing") for name in named)  # nobody recognises Taipei as well
    assert "Beijing (180)" in [label.get_text() for label in figure.axes[0].get_xticklabels()]
    assert_words_can_be_read(figure)


def test_no_unusual_pair_is_said_to_be_none():
    graph = nx.Graph([("ISR", "PSE", {"weight": 2, "expected": 1.7, "p_shuffle": 0.3, "q_shuffle": 0.3})])
    sentence = say("co_recognition.shared", figures.facts_of_shared(graph))
    assert sentence.split("\n\n")[0] == (
        "1 pair of entities has states in common. Unusual under this shuffle, with at most 5 % false discoveries expected "
        "among them: none."
    )


@pytest.mark.parametrize("clusters", [1, 6, 12])
def test_every_profile_has_a_row_and_the_rows_hold_every_state(stances, clusters, assert_words_can_be_read):
    grouped = cluster_states(stances, clusters)
    figure = figures.plot_profiles_by_cluster(grouped)
    numbers = [int(text.get_text().split(" ")[0]) for text in figure.axes[0].texts]
    assert sum(numbers) == len(stances)
    assert len(figure.axes[0].get_yticks()) == grouped.groupby(["cluster", "profile"]).ngroups
    assert len(filled_cells(figure)) == sum(len(profile.split()) for profile in set(grouped["profile"]))
    assert_words_can_be_read(figure)
    sentence = say("co_recognition.profiles", figures.facts_of_profiles(grouped))
    assert sentence.startswith(f"{len(stances)} states have {grouped['profile'].nunique()} profiles, in ")


def test_the_table_of_profiles_names_every_state_once(stances):
    table = figures.table_of_profiles(cluster_states(stances))
    assert table["Number"].sum() == len(stances)
    assert ", ".join(table["States"]).count("Palau") == 1
    assert table["States"].str.split(", ").map(len).tolist() == table["Number"].tolist()


def test_profiles_in_words_have_a_colour_each_and_the_four_stand_apart(stances):
    status = figures.name_profiles(stances)
    colours = figures.profile_colours(status)
    assert set(status["status"]) == set(colours)
    assert len(set(colours.values())) == len(colours)
    words = status.set_index("iso3")["status"]
    assert words[["PLW", "BTN", "DZA"]].tolist() == [
        "Taipei: Israel only",
        "neither side: both",
        "Beijing: Palestine only",
    ]
    assert set(words[["TWN", "CHN", "ISR", "PSE"]]) == {"the four themselves"}


def test_the_legend_of_all_profiles_fits_into_the_map():
    every = [f"{side}: {answer}" for side in ("Beijing", "Taipei", "both sides", "neither side")
             for answer in ("both", "Israel only", "Palestine only", "neither")]  # fmt: skip
    codes = [f"S{number:02d}" for number in range(len(every))]
    status = pd.DataFrame({"iso3": codes, "name": codes, "status": every})
    tiles = pd.DataFrame({"iso3": codes, "column": range(len(every)), "row": 0})
    colours = figures.profile_colours(status)
    assert len(colours) == 16
    figure = maps.plot_tile_grid(status, tiles, "Whom states recognised", colours)
    figure.draw_without_rendering()
    assert figure.axes[0].get_legend().get_window_extent().x1 <= figure.bbox.x1


def test_the_pair_may_be_any_two_entities_that_are_fully_recorded():
    assert tuple(ASKED_OF_ALL) == FULLY_RECORDED


def test_answers_in_one_place_are_named_and_states_of_one_profile_share_a_circle(assert_words_can_be_read):
    states = pd.DataFrame({"iso3": list("ABC"), "name": list("ABC"), "axis_1": [0, 0, 3.0], "axis_2": [0, 0, 1.0]})
    answers = pd.DataFrame(
        {"entity": ["ABK", "OST", "PSE"], "recognised": True, "axis_1": [5.0, 5.0, 0.1], "axis_2": [2.0, 2.0, 0.1]}
    )
    found = Correspondence(states, answers, (0.36, 0.21), (0.25, 0.21))
    figure = figures.plot_answers_on_plane(found)
    assert_words_can_be_read(figure)
    axes = figure.axes[0]
    assert [text.get_text() for text in axes.texts] == ["Abkhazia and South Ossetia"]
    assert len(axes.collections[0].get_offsets()) == 2
    assert axes.get_xlabel() == "First axis (36 % of the adjusted inertia)"
    sentence = say("co_recognition.plane", figures.facts_of_plane(found))
    assert sentence.startswith(
        "The two axes hold 57 % of the inertia, adjusted by Greenacre (46 % unadjusted). Farthest out lies the recognition"
    )
    assert "the largest group of alike profiles is 2 states" in sentence
