"""Inputs fitted to raids that happened: what is no posterior is refused, and a case takes its rows as they are."""

import numpy as np
import pandas as pd
import pytest

from analysis.air_defence.calibration.prior import COMMON, CORRELATIONS
from analysis.air_defence.questions import cases, forces, leakage, posterior
from analysis.errors import DataError, ParameterError
from analysis.tables import load_facts

FACTS = load_facts("air_defence")
RAID = {"owa_drone": 12, "srbm": 6, "mrbm": 4}
SCOPES = ("layer", "place")


def make_posterior(n=40, **changes):
    """An invented posterior: new wars are wider than the common level."""
    tables = []
    for seed, scope in enumerate(SCOPES):
        rng = np.random.default_rng(seed)
        common = {name: rng.uniform(0.4, 0.6, n) for name in COMMON}
        wars = {f"{name}_new_war": rng.uniform(0.1, 0.9, n) for name in COMMON}
        alike = {name: rng.uniform(0.1, 0.3, n) for name in CORRELATIONS}
        head = {"coverage_scope": scope, "draw": range(1, n + 1), "weight": np.arange(1, n + 1) / (n * (n + 1) / 2)}
        tables.append(pd.DataFrame(head | common | wars | alike | {"inputs_sha256": "of other data"}))
    return pd.concat(tables, ignore_index=True).assign(**changes)


@pytest.fixture(scope="module")
def case():
    defence = forces.build_defence("israel_2025", FACTS, RAID, covers=True)
    return cases.make_case(defence, "layer", FACTS.assumptions, raids_differ=True)


def test_a_fitted_case_stands_at_the_weighted_means(case):
    table = make_posterior()
    fitted = posterior.fit_case(case, table)
    rows = table[table["coverage_scope"] == "layer"]
    mean = np.average(rows["single_shot_primary"], weights=rows["weight"])
    ranges = fitted.ranges
    primary = ranges[ranges["common"] == "single_shot_primary"]
    assert len(primary) > 1
    assert primary["best"].tolist() == pytest.approx([mean] * len(primary))
    assert not primary["assumed"].any()
    layer, threat, _ = primary.index[0].split(".")
    one = next(one for one in fitted.defence.layers if one.name == layer)
    assert one.single_shot[threat] == pytest.approx(mean)
    coverage = np.average(rows["coverage_upper"], weights=rows["weight"])
    assert next(x for x in fitted.defence.layers if x.name == "arrow_3").coverage_of("mrbm") == pytest.approx(coverage)
    assert fitted.correlation["srbm"] == pytest.approx(
        np.average(rows["raid_correlation_ballistic"], weights=rows["weight"])
    )
    kept = ranges[ranges["common"] == ""]
    pd.testing.assert_frame_equal(kept, case.ranges.loc[kept.index])


def test_draws_are_rows_of_the_posterior_as_often_as_their_weights_say(case):
    table = make_posterior()
    fitted = posterior.fit_case(case, table)
    draws = fitted.draw(820, seed=3)
    rows = table[table["coverage_scope"] == "layer"]
    names = fitted.ranges.index[fitted.ranges["common"] == "single_shot_primary"]
    assert (draws[names].nunique(axis=1) == 1).all()
    counts = draws[names[0]].value_counts().reindex(rows["single_shot_primary"]).fillna(0).to_numpy()
    assert abs(counts - 820 * rows["weight"].to_numpy()).max() <= 1
    together = rows.set_index("single_shot_primary")["track_layer"]
    track = next(name for name in draws if name.endswith(".track"))
    assert (draws[track].to_numpy() == together[draws[names[0]]].to_numpy()).all()
    assert "drone.raid_correlation" in draws


def test_a_new_war_has_its_own_columns(case):
    levels = {level: posterior.fit_case(case, make_posterior(), level) for level in ("common", "new_war")}
    spread = {level: one.draw(256, 1)["local_air.coverage"].std() for level, one in levels.items()}
    assert spread["new_war"] > 2 * spread["common"]


def test_scopes_levels_and_both_ways_not_to_know_are_one_call_each(case):
    fitted = posterior.cases_side_by_side(case, make_posterior())
    assert list(fitted) == [(scope, level) for scope in SCOPES for level in ("common", "new_war")]
    assumed = posterior.cases_side_by_side(case, make_posterior(), "assumed")
    assert list(assumed) == [(scope, way) for scope in SCOPES for way in ("apart", "together")]
    table = leakage.leakers_by_class({key: fitted[key] for key in list(fitted)[:1]}, 32, seed=1)
    assert table["threat_class"].tolist() == [*RAID, "all"]
    total = table.set_index("threat_class")["mean"]
    assert total["all"] == pytest.approx(total[list(RAID)].sum(), abs=1e-9)
    assert (table["low"] <= table["mean"]).all()
    assert (table["mean"] <= table["threats"]).all()


def test_kill_probabilities_that_are_wrong_together_widen_the_band(case):
    small = leakage.leakers_by_class(
        {way: cases.replace(case, ignorance=way) for way in ("apart", "together")}, 64, seed=1
    )
    spread = small[small["threat_class"] == "all"].set_index("case")
    spread = spread["high"] - spread["low"]
    assert spread["together"] > spread["apart"]


def test_a_posterior_of_other_data_says_so():
    assert not posterior.is_of_these_data(make_posterior(), FACTS)
    assert posterior.is_of_these_data(make_posterior(inputs_sha256=posterior.fitted_digest(FACTS)), FACTS)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (make_posterior().drop(columns="coverage_upper_new_war"), "has no column 'coverage_upper_new_war'"),
        (make_posterior(track_layer=1.2), "row 1: track_layer = 1.2 is not allowed; give 0 to 1"),
        (make_posterior(weight=0.5), "weights of scope 'layer' add up to 20, not to 1"),
        (make_posterior().iloc[:0], "has 0 rows; 1 to 500 are allowed"),
        (make_posterior(n=251), "has 502 rows"),
        (make_posterior().query("coverage_scope == 'place'"), "has no row of coverage_scope 'layer'"),
    ],
)
def test_what_is_no_posterior_is_refused(case, table, message):
    with pytest.raises(DataError, match=message):
        posterior.fit_case(case, table)


def test_a_level_that_nobody_knows_is_refused(case):
    with pytest.raises(ParameterError, match="level = 'next_war' is not known"):
        posterior.fit_case(case, make_posterior(), "next_war")


@pytest.mark.parametrize("scope", SCOPES)
def test_fitted_assumptions_are_the_ends_of_a_fitted_case_and_others_stay(case, scope):
    table = make_posterior()
    found = posterior.choose_assumptions(FACTS.assumptions, table, "calibrated", scope).set_index("assumption_id")
    fitted = posterior.fit_case(cases.replace(case, coverage_scope=scope), table).ranges
    for row in fitted[fitted["common"] != ""].itertuples():
        assert found.loc[row.common, ["low", "best", "high"]].tolist() == pytest.approx([row.low, row.best, row.high])
    before = FACTS.assumptions.set_index("assumption_id")
    kept = before.index.difference(COMMON)
    pd.testing.assert_frame_equal(found.loc[kept], before.loc[kept], check_dtype=False)


def test_assumptions_stay_as_they_are_where_nothing_is_fitted():
    assert posterior.choose_assumptions(FACTS.assumptions, make_posterior(), "assumed") is FACTS.assumptions
    with pytest.raises(ParameterError, match="inputs"):
        posterior.choose_assumptions(FACTS.assumptions, make_posterior(), "guessed")


@pytest.mark.parametrize(
    ("inputs", "names"),
    [
        ("calibrated", ["chosen", "announced", "apart", "together"]),
        ("assumed", ["chosen", "announced", "common", "together"]),
    ],
)
def test_choices_other_than_the_chosen_one_are_cases_of_their_own(case, inputs, names):
    found = posterior.cases_otherwise(case, make_posterior(), inputs, {"announced": case.defence})
    assert list(found) == names
    assert [one.fitted is not None for one in found.values()] == [inputs == "calibrated"] * 2 + [
        inputs == "assumed",
        False,
    ]
    assert found["together"].ignorance == "together"


def test_the_order_of_rows_changes_no_draw(case):
    table = make_posterior()
    drawn, turned = (posterior.fit_case(case, rows).draw(64, seed=7) for rows in (table, table.iloc[::-1]))
    pd.testing.assert_frame_equal(turned, drawn)


def test_the_order_of_rows_is_no_change_of_the_data():
    names = ("observed_raids", "fielded", "capability", "systems", "sources", "assumptions", "system_parameters")
    turned = FACTS.replaced(**{name: FACTS[name].iloc[::-1].reset_index(drop=True) for name in names})
    assert posterior.is_of_these_data(FACTS.posterior, turned)
