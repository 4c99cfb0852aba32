"""Recognition of two entities: hand-worked tables, the shuffle against exact laws, the two Chinas and Israel/Palestine."""

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.stats import hypergeom

from analysis.errors import ParameterError
from analysis.recognition.facts.spells import build_spells
from analysis.recognition.relations import co_recognition, draw_both, measure_association
from analysis.tables import load_table


@pytest.fixture(scope="module")
def memberships():
    return load_table("recognition/memberships")


@pytest.fixture
def make_world(make_acts):
    """States of one region and their recognition of Israel and Palestine, from the number in each cell."""

    def make(both, left_only, right_only, neither):
        answers = [(1, 1)] * both + [(1, 0)] * left_only + [(0, 1)] * right_only + [(0, 0)] * neither
        codes = [f"S{number:03}" for number in range(len(answers))]
        acts = [
            f"{code} {entity} recognition recognised 2000-01-01"
            for code, answer in zip(codes, answers, strict=True)
            for entity, yes in zip(("ISR", "PSE"), answer, strict=True)
            if yes
        ]
        dates = {"un_admission_date": "1990-01-01", "system_start": "1990-01-01", "end_date": None}
        states = pd.DataFrame(
            {"iso3": codes, "name": codes, "status": "un_member", "un_member": True, "un_region": "one"}
        )
        return build_spells(make_acts(*acts)), states.assign(**dates).astype({"end_date": "str"})

    return make


def test_if_no_state_recognises_neither_the_margins_of_november_2023_force_a_phi_of_minus_0_27(make_world):
    # Of 193 members 163 recognised Israel and 138 Palestine: 163 + 138 - 193 = 108 more both than neither.
    spells, states = make_world(both=108, left_only=55, right_only=30, neither=0)
    found = co_recognition(spells, "2023-11-15", "ISR", "PSE", states)
    assert found.table.to_numpy().tolist() == [[108, 55], [30, 0]]
    assert found.table.sum(axis="columns")["yes"] == 163
    assert found.table.sum(axis="index")["yes"] == 138
    assert found.phi == pytest.approx(-0.2708, abs=5e-5)
    assert found.odds_ratio == 0
    assert found.jaccard == pytest.approx(108 / 193)
    assert found.expected == pytest.approx(163 * 138 / 193)


def test_on_real_days_too_the_margins_force_the_difference_of_both_and_neither(spells, world, lineage):
    for day in ("1990-12-31", "2023-11-15", "2025-12-31"):
        table = co_recognition(spells, day, "ISR", "PSE", world, lineage=lineage, draws=1).table
        israel, palestine = table.loc["yes"].sum(), table["yes"].sum()
        assert table.loc["yes", "yes"] - table.loc["no", "no"] == israel + palestine - table.to_numpy().sum()


def test_measures_of_a_table_worked_by_hand():
    # Cells 3, 1, 1, 3: odds 9, phi (9 - 1) / 16, and the tea-tasting lady's p of 34/70.
    found = measure_association(both=3, left_only=1, right_only=1, neither=3)
    assert (found.odds_ratio, found.phi, found.jaccard) == (9, 0.5, 0.6)
    assert found.p_exact == pytest.approx(34 / 70)
    assert found.odds_low < 1 < found.odds_ratio < found.odds_high


def test_answers_that_always_agree_have_phi_one_and_those_that_never_do_minus_one():
    assert measure_association(4, 0, 0, 6).phi == 1
    assert measure_association(0, 4, 6, 0).phi == -1
    assert measure_association(4, 0, 0, 6).odds_ratio == np.inf


def test_where_a_margin_is_empty_nothing_is_measured():
    found = measure_association(both=5, left_only=2, right_only=0, neither=0)
    assert np.isnan([found.phi, found.odds_ratio, found.odds_low, found.odds_high]).all()
    assert found.p_exact == 1
    assert np.isnan(measure_association(0, 0, 0, 9).jaccard)


def test_exchanging_the_entities_transposes_the_table_and_changes_no_measure(spells, world, memberships):
    one, other = (
        co_recognition(spells, "2024-12-31", *pair, world, memberships=memberships, draws=10)
        for pair in (("XKX", "PSE"), ("PSE", "XKX"))
    )
    assert one.table.to_numpy().tolist() == other.table.T.to_numpy().tolist()
    assert (one.phi, one.odds_ratio, one.jaccard, one.p_exact) == (
        other.phi,
        other.odds_ratio,
        other.jaccard,
        other.p_exact,
    )
    assert one.expected == pytest.approx(other.expected)


def test_drawing_in_one_stratum_is_the_hypergeometric_law():
    answers = np.zeros((20, 2), dtype="bool")
    answers[:12, 0], answers[5:14, 1] = True, True
    drawn, mean = draw_both(answers, np.repeat("all", 20), 200_000, np.random.default_rng(1))
    law = hypergeom(20, 12, 9)
    assert mean == pytest.approx(law.mean())
    shares = np.bincount(drawn, minlength=10) / len(drawn)
    assert shares == pytest.approx(law.pmf(np.arange(10)), abs=0.005)


def test_drawing_within_strata_is_shuffling_one_column_within_strata():
    answers = np.array([[1, 1], [1, 0], [0, 1], [0, 0], [1, 1], [1, 1], [0, 0]], dtype="bool")
    strata = np.array(["a"] * 4 + ["b"] * 3)
    every = [
        (answers[:, 0] & answers[[*first, *(4 + place for place in second)], 1]).sum()
        for first in itertools.permutations(range(4))
        for second in itertools.permutations(range(3))
    ]
    drawn, mean = draw_both(answers, strata, 100_000, np.random.default_rng(1))
    assert mean == pytest.approx(np.mean(every))
    shares, exact = (np.bincount(values, minlength=6) / len(values) for values in (drawn, every))
    assert shares == pytest.approx(exact, abs=0.01)


def test_where_each_stratum_answers_as_one_nothing_can_move():
    answers = np.array([[True, True]] * 5 + [[False, False]] * 5)
    drawn, mean = draw_both(answers, np.repeat(["a", "b"], 5), 1_000, np.random.default_rng(1))
    assert set(drawn) == {5}
    assert mean == 5


def test_the_share_of_draws_as_far_out_is_near_the_exact_chance(make_world):
    spells, states = make_world(both=9, left_only=3, right_only=2, neither=8)
    found = co_recognition(spells, "2023-11-15", "ISR", "PSE", states, draws=50_000)
    law = hypergeom(22, 12, 11)  # mean 6, so that 3 and fewer are as far as 9 and more
    assert found.p_shuffle == pytest.approx(law.cdf(3) + law.sf(8), abs=0.003)
    assert found.low <= found.expected <= found.high


def test_a_shuffle_within_strata_explains_part_of_what_the_exact_test_finds(spells, world, memberships):
    found = co_recognition(spells, "2025-12-31", "ISR", "PSE", world, memberships=memberships)
    assert found.table.to_numpy().tolist() == [[129, 35], [28, 0]]
    assert found.p_exact < 0.01
    assert found.p_shuffle > 0.3
    assert found.low <= 129 <= found.high


def test_how_taipeis_partners_treat_palestine_is_what_their_regions_give(spells, world, memberships):
    found = co_recognition(spells, "2025-12-31", "TWN", "PSE", world, memberships=memberships)
    assert found.table.loc["yes"].tolist() == [8, 3]
    assert abs(found.expected - 8) < 1
    assert found.p_shuffle > 0.5


def test_the_entities_themselves_are_left_out(spells, world):
    assert co_recognition(spells, "2024-12-31", "ISR", "CHN", world, draws=1).table.to_numpy().sum() == 191
    assert co_recognition(spells, "2024-12-31", "XKX", "PSE", world, draws=1).table.to_numpy().sum() == 193


def test_taipei_and_beijing_exclude_each_other_so_that_no_shuffle_is_made(spells, world):
    found = co_recognition(spells, "2024-12-31", "TWN", "CHN", world, draws=10)
    assert found.table.loc["yes", "yes"] == 0
    assert np.isnan([found.p_shuffle, found.expected, found.low, found.high]).all()
    assert found.p_exact < 1e-9


def test_beijings_answer_to_taipei_stays_fixed(make_acts, world):
    # China and Mongolia alone in a stratum with one tie each: could China move, both ties might meet.
    states = world[world["iso3"].isin(["CHN", "MNG"])]
    acts = make_acts("MNG TWN recognition recognised 2000", "CHN PSE recognition recognised 2000")
    found = co_recognition(build_spells(acts), "2024-12-31", "TWN", "PSE", states, draws=200)
    assert (found.expected, found.low, found.high, found.p_shuffle) == (0, 0, 0, 1)


def test_the_same_seed_gives_the_same_draws_and_another_seed_others(spells, world):
    one, same, other = (
        co_recognition(spells, "2024-12-31", "ABK", "XKX", world, seed=seed, draws=1_000).p_shuffle
        for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_the_exact_test_does_not_depend_on_the_draws(spells, world):
    few, many = (co_recognition(spells, "2024-12-31", "XKX", "PSE", world, draws=draws) for draws in (1, 1_000))
    assert few.p_exact == many.p_exact
    assert few.expected == many.expected


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"left": "PSE"}, "right = 'PSE' is the same as left; choose two entities"),
        ({"left": "KOR"}, "entity = 'KOR' is not known"),
        ({"left": "IRS"}, "did you mean 'ISR'"),
        ({"rule": "nett"}, "did you mean 'net'"),
        ({"kind": "recognise"}, "did you mean 'recognition'"),
        ({"draws": 0}, "draws = 0 must be 1 or more"),
    ],
)
def test_what_cannot_be_compared_is_refused(spells, world, choice, message):
    with pytest.raises(ParameterError, match=message):
        co_recognition(
            **{"spells": spells, "on": "2024-12-31", "left": "ISR", "right": "PSE", "states": world} | choice
        )
