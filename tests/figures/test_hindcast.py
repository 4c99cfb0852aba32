"""The figures and sentences of the hindcast: they can be read, and say what the frames hold."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.calibration import scores
from analysis.air_defence.calibration.hindcast import Hindcast, list_targets, summarise
from analysis.air_defence.calibration.nights import count_nights, shares_by_month
from analysis.figures.air_defence import hindcast as figures
from analysis.figures.captions import say
from analysis.tables import load_table

WAYS = {"law": 0.15, "binomial": 0.0, "beta_binomial": 0.2, "last_month": 0.0}
FAMILIES = ("owa_drone", "subsonic_cm", "srbm")


def invent(families, nights=60):
    """Predictions of nights that follow them."""
    rng, frames = np.random.default_rng(3), []
    for family in families:
        launched = rng.integers(5, 60, nights)
        night = {
            "family": family,
            "night": pd.date_range("2025-07-01", periods=nights, freq="3D"),
            "launched": launched,
        }
        killed = rng.binomial(launched, rng.beta(0.7 * 5, 0.3 * 5, nights))
        frames += [pd.DataFrame(night | {"killed": killed, "way": way, "share": 0.7, "correlation": common})
                   for way, common in WAYS.items()]  # fmt: skip
    asked = [{"family": one, "in_record": nights, "in_period": nights, "too_small": 0, "too_early": 0,
              "predicted": nights * (one in families)} for one in FAMILIES]  # fmt: skip
    halves = pd.DataFrame({"half_life_days": [10.0, np.inf], "nights": 30, "log_score": [-2.1, np.nan],
                           "chosen": [True, False], "family": families[0]})  # fmt: skip
    return Hindcast(scores.score_nights(pd.concat(frames, ignore_index=True)), halves, pd.DataFrame(asked))


@pytest.fixture(scope="module", params=[FAMILIES, FAMILIES[:1]], ids=["three classes", "one class"])
def made(request):
    found = invent(request.param)
    summary = summarise(found, 20, 1)
    return SimpleNamespace(found=found, summary=summary, targets=list_targets(summary), law=found.by_law())


@pytest.fixture(scope="module")
def counted():
    reports, models = load_table("air_defence/ukraine_reports"), load_table("air_defence/ukraine_models")
    return {name: count_nights(reports, models, name) for name in ("destroyed_or_lost", "destroyed")}


@pytest.fixture(scope="module")
def months(counted):
    return pd.concat([shares_by_month(one, "owa_drone") for one in counted.values()], ignore_index=True)


def test_every_word_can_be_read(made, months, assert_words_can_be_read):
    drawn = {
        "nights": figures.plot_share_by_night(made.law),
        "coverage": figures.plot_inside_by_level(scores.coverage_curve(made.law, 20, 1)),
        "places": figures.plot_place_by_part(scores.pit_histogram(made.law, 20, 1)),
        "scores": figures.plot_score_by_way(made.summary),
        "definitions": figures.plot_share_by_definition(months),
    }
    for name, figure in drawn.items():
        assert_words_can_be_read(figure, name)


def test_every_night_has_a_mark_and_its_colour_says_whether_it_was_held(made):
    panel = figures.plot_share_by_night(made.law).axes[0]
    own = made.law[made.law["family"] == "owa_drone"]
    bars, inside, outside = panel.collections
    held = own["killed"].between(own["low"], own["high"])
    assert (len(inside.get_offsets()), len(outside.get_offsets())) == (held.sum(), (~held).sum())
    assert len(bars.get_segments()) == len(own)


def test_captions_are_short_and_name_the_numbers(made, months):
    told = figures.facts_of_scores(made.summary, made.targets, made.law)
    captions = {
        "coverage": say("hindcast.coverage", told),
        "scores": say("hindcast.scores", told),
        "nights": say("hindcast.nights", figures.facts_of_nights(made.law, 90)),
        "places": say("hindcast.places", {}),
        "definitions": say("hindcast.definitions", figures.facts_of_definitions(months)),
    }
    assert not {name: words for name, words in captions.items() if len(words.split()) > 45}
    assert f"{made.summary['crps'].iloc[0]:.3f}" in captions["scores"]
    assert "56 % to 83 % destroyed alone" in captions["definitions"]


def test_the_short_answer_names_every_aim_that_was_missed(made):
    met = say("hindcast.in_short", figures.facts_of_scores(made.summary, made.targets.assign(met=True), made.law))
    none = say("hindcast.in_short", figures.facts_of_scores(made.summary, made.targets.assign(met=False), made.law))
    assert "missed" not in met
    assert f" of {len(made.targets)} aims are missed: 90 % interval, outcome placed at random" in none


def test_an_interval_that_spans_nearly_all_is_said_to_say_little(made):
    narrow = figures.facts_of_scores(made.summary, made.targets, made.law.assign(high=made.law["low"]))
    wide = figures.facts_of_scores(made.summary, made.targets, made.law.assign(low=0, high=made.law["launched"]))
    assert "which says little" not in say("hindcast.in_short", narrow)
    assert "spanning 100 % of a raid, which says little" in say("hindcast.in_short", wide)


def test_a_gain_below_a_fiftieth_is_no_gain(made):
    ways = {name: made.summary["crps"] * 1.01 for name in made.summary if name.startswith("crps_")}
    told = figures.facts_of_scores(made.summary.assign(**ways), made.targets, made.law)
    assert not told["best"] and not told["further"] and len(told["level"]) == len(told["rows"])


def test_a_law_that_is_worse_than_a_plain_rule_is_said_to_be_further_off(made):
    ways = {name: made.summary["crps"] * 0.99 for name in made.summary if name.startswith("crps_")}
    told = figures.facts_of_scores(made.summary.assign(**ways), made.targets, made.law)
    assert not told["best"] and not told["level"] and len(told["further"]) == len(told["rows"])
    said = say("hindcast.in_short", told)
    assert "for no class, further off for one-way attack drones" in said and "no nearer" not in said


def test_what_lies_beyond_the_record_is_said(counted):
    nights = counted["destroyed_or_lost"]
    found = invent(FAMILIES[:1])
    words = say("hindcast.period", figures.facts_of_period(nights, found, "2022-01-01", "2027-01-01", "Somebody, 2026"))
    assert "nothing after 1 January 2026" in words and "nothing before 28 September 2022" in words
    assert "No night to test: Subsonic cruise missiles and Short-range ballistic missiles." in words
    assert words.endswith(
        "it names is known. In 5 rows the time of day is not written as in the others; the day counts."
    )


def test_the_tables_say_what_was_left_out_missed_and_chosen(made, counted):
    omitted = figures.table_of_omitted(counted["destroyed_or_lost"])
    assert set(omitted["Treatment"]) == {"left out", "kept"}
    assert list(figures.table_of_scores(made.summary).index) == [figures.FAMILIES[name] for name in FAMILIES]
    assert set(figures.table_of_targets(made.targets, ["srbm"])["Met"]) <= {"yes", "no"}
    assert figures.facts_of_half_lives(made.found)["at_edge"] == [figures.FAMILIES["owa_drone"].lower()]
    halves = figures.table_of_half_lives(made.found)
    assert halves["Half-life"].tolist() == ["10 days", "nothing forgotten"]
    assert halves["Log score"].tolist() == ["-2.100", "too few nights"]
