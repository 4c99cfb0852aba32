"""How far our dates agree with what others coded."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.agreement import (
    compare_with_blind,
    compare_with_missions,
    compare_with_rich,
    krippendorff_alpha,
    list_disagreements,
    measure_agreement,
)
from analysis.tables import load_table


@pytest.fixture(scope="module")
def by_rich(spells):
    return compare_with_rich(spells, load_table("recognition/comparison_rich"))


@pytest.fixture(scope="module")
def by_missions(spells):
    return compare_with_missions(spells, load_table("recognition/comparison_missions"))


def test_eight_state_years_differ_from_rich_and_kappa_is_nearly_one(by_rich):
    found = measure_agreement(by_rich)
    assert (found.compared, found.agreed) == (2222, 2214)
    assert found.kappa == pytest.approx(0.983, abs=5e-4)
    assert found.kappa_low < found.kappa < found.kappa_high < 1
    assert set(list_disagreements(by_rich)["iso3"]) == {"LBR", "NER", "SEN", "TCD"}


def test_liberia_had_both_in_the_years_in_which_rich_has_none(by_rich):
    differing = list_disagreements(by_rich).query("iso3 == 'LBR'")
    assert differing.query("~theirs")["year"].tolist() == [1996, 1997, 1998, 1999]


@pytest.mark.parametrize(("entity", "agreed", "compared"), [("TWN", 251, 256), ("CHN", 920, 945), ("ISR", 647, 654)])
def test_nearly_every_mission_stands_beside_relations(by_missions, entity, agreed, compared):
    found = measure_agreement(by_missions[by_missions["entity"] == entity])
    assert (found.agreed, found.compared) == (agreed, compared)


def test_a_list_of_what_exists_has_no_kappa(by_missions):
    assert math.isnan(measure_agreement(by_missions).kappa)


def test_relations_of_the_soviet_union_answer_for_its_missions(by_missions):
    assert by_missions.query("iso3 == 'SUN' and entity == 'CHN'")["ours"].all()


def test_a_state_that_nobody_recognised_is_a_disagreement(spells):
    rich = pd.DataFrame({"iso3": ["CHE", "HTI"], "year": [2000, 2000], "relations": [1, 1]})
    assert list_disagreements(compare_with_rich(spells, rich))["iso3"].tolist() == ["CHE"]


def test_kappa_of_answers_that_chance_alone_would_give_is_zero():
    compared = pd.DataFrame({"theirs": [True, True, False, False], "ours": [True, False, True, False]})
    assert measure_agreement(compared).kappa == pytest.approx(0)


def test_nothing_compared_has_no_share():
    assert math.isnan(measure_agreement(pd.DataFrame({"theirs": [], "ours": []})).share)


def test_alpha_by_hand_for_two_coders_and_two_answers():
    # Krippendorff 2011, section A: ten units, 0.095.
    one, other = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0], [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(pd.DataFrame({"one": one, "other": other})) == pytest.approx(0.095, abs=5e-4)


def test_alpha_leaves_out_units_that_one_coder_alone_answered():
    # Krippendorff 2011, section C: four observers, twelve units, answers left out; nominal 0.743, interval 0.849.
    nan = np.nan
    codings = pd.DataFrame(
        {
            "a": [1, 2, 3, 3, 2, 1, 4, 1, 2, nan, nan, nan],
            "b": [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, nan, 3],
            "c": [nan, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, nan],
            "d": [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, nan],
        }
    )
    assert krippendorff_alpha(codings) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(codings, "interval") == pytest.approx(0.849, abs=5e-4)


def test_days_far_apart_weigh_more_than_days_close_together():
    one = pd.Series([0, 100, 200, 300])
    near, far = (pd.DataFrame({"one": one, "other": one.add([0, 0, 0, shift])}) for shift in (1, 200))
    assert krippendorff_alpha(near, "interval") > krippendorff_alpha(far, "interval")
    assert krippendorff_alpha(near) == pytest.approx(krippendorff_alpha(far))


def test_without_variation_alpha_is_not_defined():
    assert math.isnan(krippendorff_alpha(pd.DataFrame({"one": [1, 1], "other": [1, 1]})))


@pytest.mark.parametrize(
    ("codings", "level", "words"),
    [
        (pd.DataFrame({"one": ["a"], "other": ["b"]}), "interval", "needs numbers"),
        (pd.DataFrame({"one": [1], "other": [2]}), "ratio", "level = 'ratio'"),
    ],
)
def test_what_cannot_be_measured_is_refused(codings, level, words):
    with pytest.raises(ParameterError, match=words):
        krippendorff_alpha(codings, level)


@pytest.fixture(scope="module")
def by_blind():
    return compare_with_blind(load_table("recognition/events"), load_table("recognition/blind_codings"))


def test_a_fifth_of_the_acts_was_drawn_to_be_dated_blind():
    drawn = load_table("recognition/blind_codings")
    assert len(drawn) == round(len(load_table("recognition/events")) / 5)
    assert (drawn["coded"].isna() | drawn["reading"].isin(["same", "other"])).all()


def test_blind_dates_agree_and_each_that_cannot_be_ours_is_a_dispute(by_blind):
    assert krippendorff_alpha(by_blind[["theirs", "ours"]]) == pytest.approx(0.926, abs=0.0005)
    disputed = set(load_table("recognition/disputes")["claim_id"])
    assert set(by_blind.loc[~by_blind["fits"], "claim_id"]) <= disputed


def test_dates_are_compared_as_far_as_both_are_seen(by_blind):
    assert (by_blind["theirs"].str.len() == by_blind["ours"].str.len()).all()
    acts = load_table("recognition/events").set_index("claim_id").loc[[by_blind["claim_id"][0]]]
    act = acts.reset_index()
    for coded, fits in ((act["date_low"][0], True), (act["date_high"][0][:7], True), ("1850", False)):
        blind = pd.DataFrame({"claim_id": act["claim_id"], "coded": [coded], "reading": ["same"]})
        assert compare_with_blind(act, blind)["fits"].tolist() == [fits]
