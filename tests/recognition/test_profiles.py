"""Whole profiles: similarity and clusters worked by hand, correspondence by its definition, draws against a full list."""

import itertools

import numpy as np
import pandas as pd
import pytest

from analysis.errors import ParameterError
from analysis.recognition.profiles import cluster_states, correspond, measure_similarity, project_entities
from analysis.recognition.relations import find_stances, find_strata
from analysis.tables import load_table


@pytest.fixture(scope="module")
def today(spells, world):
    return find_stances(spells, "2025-12-31", world)


def write_stances(**rows):
    """Stances from strings of 1, 0 and - (missing) for each state, towards Israel, Palestine, Kosovo and so on."""
    entities = ["ISR", "PSE", "XKX", "ESH"]
    answers = {"1": True, "0": False, "-": pd.NA}
    columns = {
        entity: pd.array([answers[row[place]] for row in rows.values()], dtype="boolean")
        for place, entity in enumerate(entities[: len(next(iter(rows.values())))])
    }
    return pd.DataFrame({"iso3": list(rows), "name": list(rows), **columns})


def test_similarity_is_the_share_of_like_answers():
    similarity = measure_similarity(write_stances(A="1100", B="1010", C="1100"))
    assert similarity.loc["A", ["A", "B", "C"]].tolist() == [1, 0.5, 1]


def test_an_entity_is_compared_with_others_without_its_answer_to_itself():
    assert measure_similarity(write_stances(ISR="-100", B="0110")).loc["ISR", "B"] == pytest.approx(2 / 3)


def test_similarity_is_symmetric_between_zero_and_one_and_full_with_oneself(today):
    similarity = measure_similarity(today).to_numpy()
    assert (similarity == similarity.T).all()
    assert ((similarity >= 0) & (similarity <= 1)).all()
    assert (np.diag(similarity) == 1).all()


def test_like_states_share_a_cluster_and_the_largest_comes_first():
    found = cluster_states(write_stances(A="1111", B="0000", C="0000", D="0001"), clusters=2).set_index("iso3")
    assert found["cluster"].to_dict() == {"A": 2, "B": 1, "C": 1, "D": 1}
    assert found["profile"].to_dict() == {"A": "ISR PSE XKX ESH", "B": "", "C": "", "D": "ESH"}


def test_one_profile_is_never_split_between_clusters(today):
    found = cluster_states(today.query("iso3 not in ['ISR', 'CHN']"), clusters=8)
    assert found.groupby("profile")["cluster"].nunique().max() == 1
    assert 1 < found["cluster"].nunique() <= 8


def test_the_order_of_rows_does_not_change_the_clusters(today):
    shuffled = today.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(cluster_states(shuffled, clusters=6), cluster_states(today, clusters=6))


def test_taipeis_partners_stand_together_in_a_cluster(today):
    found = cluster_states(today, clusters=6)
    partners = found["profile"].str.contains("TWN")
    assert partners.sum() == 11
    assert found.loc[partners, "cluster"].nunique() == 1


def test_coordinates_are_those_of_the_indicator_table_by_definition():
    stances = write_stances(A="110", B="101", C="011", D="010", E="110")
    indicator = pd.get_dummies(stances[["ISR", "PSE", "XKX"]].astype("str"), dtype="float64").to_numpy()
    shares = indicator / indicator.sum()
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    left, inertia, _ = np.linalg.svd((shares - np.outer(rows, columns)) / np.sqrt(np.outer(rows, columns)))
    expected = left[:, :2] * inertia[:2] / np.sqrt(rows)[:, np.newaxis]
    found = correspond(stances)
    assert np.abs(found.states[["axis_1", "axis_2"]].to_numpy()) == pytest.approx(np.abs(expected))
    assert found.unadjusted == pytest.approx(tuple((inertia**2 / (inertia**2).sum())[:2]))
    # Greenacre: what an axis holds beyond a question alone, over the inertia that questions have with each other
    questions, each = 3, inertia[:3] ** 2
    beyond = (questions / (questions - 1) * np.maximum(each - 1 / questions, 0)) ** 2
    between = questions / (questions - 1) * ((each**2).sum() - (2 * questions - questions) / questions**2)
    assert found.explained == pytest.approx(tuple((beyond / between)[:2]))


def test_the_answer_farthest_out_lies_on_the_positive_side(today):
    answers = correspond(today).answers
    for axis in ("axis_1", "axis_2"):
        assert answers.loc[answers[axis].abs().idxmax(), axis] > 0


def test_entities_and_answers_that_all_share_are_left_out_of_the_axes(today):
    found = correspond(today)
    assert set(today["iso3"]) - set(found.states["iso3"]) == {"CHN", "ISR"}
    assert "PMR" not in set(found.answers["entity"])
    assert len(found.answers) == 2 * found.answers["entity"].nunique()


def test_the_first_axes_set_taipeis_partners_apart(today):
    answers = correspond(today).answers.set_index(["entity", "recognised"])
    assert (answers.loc[("TWN", True)] * answers.loc[("CHN", True)] < 0).all()


def test_draws_give_every_table_with_the_same_margins_its_share():
    stances = write_stances(A="110", B="110", C="001", D="001")
    shared = [table[:, 0] & table[:, 1] for table in tables_with_margins(rows=[2, 2, 1, 1], columns=[2, 2, 2])]
    counts = np.array([both.sum() for both in shared])
    assert len(counts) == 15
    edge = project_entities(stances, pd.Series(["all"] * 4), draws=40_000, seed=1).edges["ISR", "PSE"]
    assert edge["weight"] == 2
    assert edge["expected"] == pytest.approx(counts.mean(), abs=0.02)
    assert edge["p_shuffle"] == pytest.approx((np.abs(counts - counts.mean()) >= 2 - counts.mean()).mean(), abs=0.01)


def tables_with_margins(rows, columns):
    choices = [itertools.combinations(range(len(columns)), row) for row in rows]
    for chosen in itertools.product(*choices):
        table = np.array([[column in row for column in range(len(columns))] for row in chosen])
        if (table.sum(axis=0) == columns).all():
            yield table


def test_states_trade_within_their_stratum_only():
    stances = write_stances(A="1100", B="1100", C="0011", D="0011")
    apart = project_entities(stances, pd.Series(["one", "one", "two", "two"]), draws=200)
    assert apart.edges["ISR", "PSE"]["expected"] == 2
    together = project_entities(stances, pd.Series(["all"] * 4), draws=200)
    assert together.edges["ISR", "PSE"]["expected"] < 2


def test_taipei_and_beijing_keep_their_recognisers(today):
    fixed = today[["iso3", "name", "TWN", "CHN"]].assign(ISR=today["TWN"])
    graph = project_entities(fixed, pd.Series("all", index=today.index), draws=50)
    assert graph.nodes["TWN"]["recognisers"] == 11
    assert not graph.has_edge("TWN", "CHN")


def test_the_entity_itself_never_recognises_itself_in_a_draw():
    # Were Israel's missing answer traded, it could meet its recognition of Palestine.
    stances = write_stances(ISR="-10", B="100", C="010")
    graph = project_entities(stances.assign(PSE=[True, True, False]), pd.Series(["all"] * 3), draws=500)
    assert graph.edges["ISR", "PSE"]["weight"] == 1
    assert graph.edges["ISR", "PSE"]["expected"] <= 1


def test_weights_count_the_states_that_recognise_both(today):
    graph = project_entities(today, find_strata(today, "2025-12-31"), draws=10)
    for one, other, edge in graph.edges(data=True):
        assert edge["weight"] == int((today[one] & today[other]).sum()) > 0


def test_abkhazia_and_south_ossetia_share_more_recognisers_than_any_margins_give(today):
    strata = find_strata(today, "2025-12-31", load_table("recognition/memberships"))
    edge = project_entities(today, strata, draws=2_000).edges["ABK", "OST"]
    assert edge["weight"] == 5
    assert edge["expected"] < 1
    assert edge["p_shuffle"] < 0.01


def test_the_same_seed_gives_the_same_draws(today):
    strata = find_strata(today, "2025-12-31")
    one, same, other = (
        project_entities(today, strata, 200, seed).edges["ISR", "PSE"]["expected"] for seed in (1, 1, 2)
    )
    assert one == same
    assert one != other


def test_what_cannot_be_done_is_refused(today):
    with pytest.raises(ParameterError, match="clusters = 0 must be 1 or more"):
        cluster_states(today, clusters=0)
    with pytest.raises(ParameterError, match="draws = 0 must be 1 or more"):
        project_entities(today, find_strata(today, "2025-12-31"), draws=0)
    with pytest.raises(ParameterError, match="only 1 of 2 entities divide the states"):
        correspond(write_stances(A="11", B="10"))
