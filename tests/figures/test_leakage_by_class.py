"""Leakers as dots of equal chance: every dot is there, at its number, and says what the distribution says."""

import itertools
import re
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.questions import cases, forces, leakage, posterior
from analysis.figures import grammar, style
from analysis.figures.air_defence import leakage_by_class as figures
from analysis.figures.captions import say
from analysis.tables import load_facts

OWN = ("layer", "common")


@pytest.fixture(scope="module")
def found():
    facts = load_facts("air_defence")
    threats = forces.read_raid(facts.raids, "mixed")
    defence = forces.build_defence("taiwan_tdome_planned", facts, threats, covers=True)
    assumed = cases.make_case(defence, "layer", facts.assumptions, raids_differ=True)
    beside = posterior.cases_side_by_side(assumed, facts.posterior)
    case, dots = beside[OWN], leakage.equal_chances(beside, 16, 7)
    rates = pd.DataFrame({"threat_class": list(threats), "leakers": [3.0, 2.0, 1.0, np.nan], "record": "a war",
                          "rate_of": ["owa_drone", "subsonic_cm", "srbm", "srbm"]})  # fmt: skip
    return SimpleNamespace(case=case, dots=dots, rates=rates)


def test_each_class_has_twenty_dots_that_follow_its_distribution(found):
    drawn = found.case.over_draws(found.case.draw(16, 7))
    own = found.dots[found.dots["case"] == OWN]
    assert (own.groupby("threat_class").size() == leakage.DOTS).all()
    for name, leakers in drawn.items():
        numbers = own.loc[own["threat_class"] == name, "leakers"]
        assert numbers.is_monotonic_increasing
        assert numbers.iloc[9] == leakers.quantile(9.5 / 20)
    means = found.case.by_class_and_draw(found.case.draw(16, 7)).groupby("threat_class")["mean"].mean()
    assert {name: leakers.mean for name, leakers in drawn.items()} == pytest.approx(means.to_dict())


def test_every_dot_is_drawn(found, assert_words_can_be_read):
    figure = figures.plot_dots_by_class(found.dots, found.rates, OWN)
    assert figure.get_figwidth() == style.NARROW
    dots = sum(
        len(marks.get_offsets()) for axes in figure.axes for marks in axes.collections if marks.get_sizes()[0] > 30
    )
    of_all = found.dots["threat_class"] == "all"
    assert dots == (of_all | (found.dots["case"] == OWN)).sum()
    assert_words_can_be_read(figure, "dots")


def test_the_sentence_counts_dots(found):
    said = say("leakage.dots", figures.facts_of_dots(found.dots, OWN, found.rates))
    own = found.dots[(found.dots["case"] == OWN) & (found.dots["threat_class"] == "all")]["leakers"].tolist()
    assert f"ten of 20 dots (raids) lie at {own[9]} leakers of 84 or fewer, 19 at {own[18]} or fewer" in said
    assert said.startswith("With levels shared by past wars, layer by layer, ten of 20 dots (raids)")
    others = found.dots[(found.dots["case"] != OWN) & (found.dots["threat_class"] == "all")].groupby("case")["leakers"]
    half, most = max(((row.iloc[9], row.iloc[18]) for _, row in others), key=lambda ends: ends[1])
    assert re.search(rf"; with levels of a new war, all layers over one place, ten at {half} and 19 at {most}\.", said)
    assert len(said.partition("\n\n")[0].split()) <= 45
    assert "a war has no medium-range ballistic missiles: they take the rate of short-range ballistic missiles" in said
    assert "drones: they take" not in said


def test_dots_that_are_nearer_than_their_width_share_a_stack():
    assert grammar.stack_dots([0, 1, 2, 9], step=1.5) == [0.5, 0.5, 2, 9]
    assert grammar.stack_dots([], step=1) == []


def said_of(found, leakers, caption="leakage.in_short", of_these_data=True):
    """What the answer says where the classes of the raid would let these through at the rates of a record."""
    by_class = leakage.leakers_by_class({OWN: found.case}, 16, 7)
    rates, fitted = found.rates.assign(leakers=leakers), pd.DataFrame({"raid_id": ["a", "b"], "war": ["w", "w"]})
    rates["threats"] = list(found.case.defence.raid.values())
    facts = figures.facts_of_classes(
        by_class, rates, "taiwan_tdome_planned", "funded", OWN, fitted, of_these_data, {"no_nearer": True}
    )
    nothing = {"named": {}, "unnamed": {}, "named_class": "a class", "seen": 1, "ratings": 2, "estimate": None,
               "enacted": None, "requests": [], "contracts": [], "delivered": [], "begun": []}  # fmt: skip
    return say(caption, facts if caption == "leakage.in_short" else nothing | facts)


@pytest.mark.parametrize("caption", ["leakage.in_short", "brief.in_short"])
def test_threats_without_a_rate_are_never_passed_over(found, caption):
    assert "6.0 (a war)" in said_of(found, [3.0, 2.0, 1.0, 0.0], caption)
    some = said_of(found, [3.0, 2.0, 1.0, np.nan], caption)
    assert "6.0 of the 76 with a rate (a war), without medium-range ballistic missiles" in some
    none = said_of(found, [np.nan] * 4, caption)
    assert "has a rate for one-way attack drones, subsonic cruise missiles" in none
    assert "nan" not in some + none


def test_what_was_fitted_is_counted_by_what_it_was_fitted_to_and_changed_data_are_said(found):
    for caption in ("leakage.in_short", "brief.in_short"):
        assert "fitted to 2 raids of one" in said_of(found, [3.0, 2.0, 1.0, 0.0], caption)
        assert "before the data were changed" not in said_of(found, [3.0, 2.0, 1.0, 0.0], caption)
        assert "before the data were changed" in said_of(found, [3.0, 2.0, 1.0, 0.0], caption, of_these_data=False)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (("place", "common"), "The number depends most on whether all layers cover the same places"),
        (("layer", "new_war"), "The number depends most on how a new war differs"),
    ],
)
def test_the_answer_names_the_reading_that_moves_it_most(found, other, words):
    readings = {case: found.case for case in itertools.product(("layer", "place"), ("common", "new_war"))}
    by_class = leakage.leakers_by_class(readings, 4, 7)
    by_class["mean"] += 30 * (by_class["case"] == other)
    fitted = pd.DataFrame({"raid_id": ["a"], "war": ["w"]})
    rates = found.rates.assign(threats=list(found.case.defence.raid.values()))
    given = by_class, rates, "taiwan_tdome_planned", "funded", OWN, fitted, True, {"no_nearer": True}
    assert words in say("leakage.in_short", figures.facts_of_classes(*given))


def test_other_choices_stand_in_a_row_each(found):
    table = figures.table_of_choices(leakage.leakers_by_class({"chosen": found.case, "fielded": found.case}, 16, 7))
    assert list(table.index) == ["As chosen", "Counting what is fielded"]
    assert list(table.columns)[-1] == "All classes" and len(table.columns) == 5
    assert table.iloc[0].tolist() == table.iloc[1].tolist()
