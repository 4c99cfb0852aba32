"""Figures of the panel: what is drawn, what the sentences say, and choices without a tie."""

import pandas as pd
import pytest

from analysis.figures import style
from analysis.figures.captions import say
from analysis.figures.recognition import panel
from analysis.recognition.agreement import Agreement

WORDS_IN_A_CAPTION = 45


@pytest.fixture
def years():
    rows = [(2000, 190, 180, 10, 5, 3, 0, 12), (2001, 190, 181, 11, 5, 3, 2, 13), (2002, 191, 182, 9, 4, 2, 1, 11)]
    return pd.DataFrame(rows, columns=["year", "states", "members", "high", "medium", "low", "implied", "by_day"])


@pytest.fixture
def found():
    missions = Agreement(100, 97, 0.97, float("nan"), float("nan"), float("nan"))
    return {("rich", "TWN"): Agreement(200, 199, 0.995, 0.98, 0.97, 0.99), ("missions", "CHN"): missions}


@pytest.fixture
def religion():
    rows = [
        ("palestine", 2.7, 0.7, 4.8, 0.01, 193),
        ("israel", -4.9, -7.3, -2.5, 0.0, 192),
        ("vote", 1.2, -0.1, 2.5, 0.07, 193),
    ]
    return pd.DataFrame(rows, columns=["outcome", "coefficient", "low", "high", "p", "states"])


def test_ties_stack_up_to_their_number_beneath_the_states(years):
    figure = panel.plot_ties_by_sureness(years, "TWN", "relations")
    axes = figure.axes[0]
    tops = [part.get_paths()[0].vertices[:, 1].max() for part in axes.collections]
    assert max(tops) == 21 and axes.lines[0].get_ydata().tolist() == [190, 190, 191]
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == [*panel.RESTS.values(), "states in the panel"]


def test_what_does_not_occur_is_not_in_the_legend(years):
    figure = panel.plot_ties_by_sureness(years.assign(implied=0), "TWN", "relations")
    assert panel.RESTS["implied"] not in [text.get_text() for text in figure.legends[0].get_texts()]


def test_ties_that_are_not_on_record_are_a_sentence(years):
    figure = panel.plot_ties_by_sureness(years.head(0), "PSE", "relations")
    assert "not on record for every state" in figure.axes[0].texts[0].get_text()
    assert say("panel.ties", panel.facts_of_ties_by_sureness(years.head(0), "PSE", "relations")) == (
        "No year has a tie on record with Palestine."
    )


def test_the_caption_names_the_last_year_and_the_one_with_most(years):
    said = say("panel.ties", panel.facts_of_ties_by_sureness(years, "ISR", "relations"))
    assert said.startswith("16 of 191 states have relations with Israel in 2002; most were 21 in 2001.")
    assert "56 % rest on acts of high confidence and 1 only on acts of the other kind" in said


def test_agreement_and_missions_are_said_apart(found):
    said = say("panel.agreement", panel.facts_of_agreement(found))
    assert "99.5 % of state-years agree, 1 differ" in said and "0.980 (95 %: 0.970 to 0.990)" in said
    assert "of 100 missions" in said and "97 stand beside relations of ours" in said
    figure = panel.plot_agreement_by_coding(found)
    beside = [text.get_text() for text in figure.axes[0].texts]
    assert beside == ["199 of 200", "97 of 100"]


def test_coefficients_are_drawn_and_said_with_their_intervals(religion):
    figure = panel.plot_coefficients_by_outcome(religion)
    assert [text.get_text() for text in figure.axes[0].texts] == ["+2.70", "-4.90", "+1.20"]
    said = say("panel.coefficients", panel.facts_of_coefficients(religion, 2012))
    assert "recognises Israel -4.90 (-7.30 to -2.50)," in said


@pytest.mark.parametrize(
    ("low", "words"),
    [(0.7, "recognise Palestine more often"), (-0.7, "recognise neither Israel nor Palestine more often")],
)
def test_in_short_says_only_what_the_intervals_allow(years, found, religion, low, words):
    rows = {
        "iso3": ["USA", "USA"],
        "entity": ["TWN", "CHN"],
        "year": [1979, 1979],
        "recognition": [0, 1],
        "relations": [0, 1],
        "recognition_confidence": [None, "medium"],
        "recognition_implied": [False, False],
    }
    acts = pd.DataFrame({"confidence": ["medium"], "note": [None]})
    religion.loc[0, "low"] = low
    drawn = panel.facts_of_ties_by_sureness(years, "ISR", "relations")
    seen = {"ISR": pd.Timestamp("2026-04-26")}
    told = panel.facts_of_panel(pd.DataFrame(rows), found, religion, drawn, 2012, seen, acts)
    said = say("panel.in_short", told)
    assert words in said and said.startswith(
        "The panel has 2 rows, a state, an entity and a year each: 1 states, 2 entities"
    )
    assert "Last looked at: Israel on 26 April 2026." in said
    assert "1 act: 1 of medium confidence (all seen in a source). Confidence moves it most: 100 % of the ones" in said


def test_every_caption_is_short_and_every_colour_is_known(years, found, religion):
    captions = [
        say("panel.ties", panel.facts_of_ties_by_sureness(years, "TWN", "recognition")),
        say("panel.agreement", panel.facts_of_agreement(found)),
        say("panel.coefficients", panel.facts_of_coefficients(religion, 2012)),
    ]
    assert all(len(caption.split("\n\n")[0].split()) <= WORDS_IN_A_CAPTION for caption in captions)
    assert set(panel.RESTS) == set(style.REST_COLOURS)
