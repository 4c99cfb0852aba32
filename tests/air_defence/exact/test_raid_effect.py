"""What threats of one raid have in common: the mean stays, the spread is that of a beta law, rounds stay a limit."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import roots_jacobi
from scipy.stats import betabinom, binom

from analysis.air_defence.exact.layers import (
    Layer,
    layered_leakage,
    leakers_by_class,
    leakers_by_class_and_draw,
    raid_leakers,
    raid_leakers_by_draw,
)
from analysis.air_defence.facts.choices import DOCTRINES, TRACK_SCOPES
from analysis.errors import ParameterError

SHARES = st.floats(0.01, 0.99)


def one_layer(p=0.7, threats=50, rounds=None, shots=1, doctrine="barrage", track=1.0):
    rounds = threats * shots if rounds is None else rounds
    return [Layer("upper", {"srbm": p}, {"srbm": rounds}, shots, doctrine, track)], {"srbm": threats}


def vary_plainly(pmf, beyond, correlation, nodes=12):
    """Thin the leakers, or the threats stopped, at each of Gauss's nodes of the beta law; one matrix a node."""
    leaking = pmf[beyond:]
    able = leaking.size - 1
    share = np.arange(able + 1) @ leaking / able
    total = 1 / correlation - 1
    points, weights = roots_jacobi(nodes, (1 - share) * total - 1, share * total - 1)
    out, numbers = np.zeros(able + 1), np.arange(able + 1)
    for level, weight in zip((1 + points) / 2, weights / weights.sum(), strict=True):
        if level <= share:
            out += weight * leaking @ binom.pmf(numbers[None, :], numbers[:, None], level / share)
        else:
            stays = (1 - level) / (1 - share)
            out += weight * (leaking[::-1] @ binom.pmf(numbers[None, :], numbers[:, None], stays))[::-1]
    return np.concatenate([np.zeros(beyond), out])


# Closed forms


@settings(max_examples=60)
@given(SHARES, st.integers(1, 120), st.floats(1e-4, 1.0))
def test_leakers_of_one_layer_have_the_variance_of_the_beta_binomial(p, threats, correlation):
    layers, raid = one_layer(p, threats)
    leakers = raid_leakers(layers, raid, raid_correlation=correlation)
    assert leakers.mean == pytest.approx(threats * (1 - p), rel=1e-11)
    expected = threats * p * (1 - p) * (1 + (threats - 1) * correlation)
    assert leakers.variance == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("threats", [5, 20, 100, 1000])
@pytest.mark.parametrize("correlation", [0.06, 0.17, 0.45])
def test_they_are_beta_binomial(threats, correlation):
    layers, raid = one_layer(0.75, threats)
    leakers = raid_leakers(layers, raid, raid_correlation=correlation)
    total = 1 / correlation - 1
    law = betabinom(threats, 0.25 * total, 0.75 * total)
    for q in (0.05, 0.25, 0.5, 0.75, 0.95):
        assert abs(leakers.quantile(q) - law.ppf(q)) <= max(1, 0.025 * threats)
    assert abs(np.cumsum(leakers.pmf) - law.cdf(np.arange(threats + 1))).max() < 0.05


def test_threats_that_fare_alike_all_leak_or_none():
    layers, raid = one_layer(0.7, 9)
    assert raid_leakers(layers, raid, raid_correlation=1.0).pmf == pytest.approx([0.7, *[0] * 8, 0.3], abs=1e-14)


@pytest.mark.parametrize("scope", TRACK_SCOPES)
def test_without_correlation_the_chain_is_untouched(scope):
    layers, raid = one_layer(0.6, 30, rounds=17, shots=2, track=0.9)
    plain = raid_leakers(layers, raid, scope, 0.8)
    assert (raid_leakers(layers, raid, scope, 0.8, raid_correlation=0.0).pmf == plain.pmf).all()
    small = raid_leakers(layers, raid, scope, 0.8, raid_correlation=1e-9)
    assert abs(small.pmf - plain.pmf).max() < 1e-4


# Against a plain writing-down, and against simulation


@settings(max_examples=40)
@given(SHARES, st.integers(1, 25), st.integers(0, 40), st.sampled_from(list(DOCTRINES)), st.floats(0.02, 0.7))
def test_the_compiled_effect_is_the_plain_one(p, threats, rounds, doctrine, correlation):
    layers, raid = one_layer(p, threats, rounds, 2, doctrine, 0.9)
    chain = raid_leakers(layers, raid).pmf
    salvo = 1 if doctrine == "shoot-look-shoot" else 2
    beyond = max(0, threats - -(-min(rounds, 2 * threats) // salvo))
    varied = raid_leakers(layers, raid, raid_correlation=correlation).pmf
    if beyond == threats:
        assert (varied == chain).all()
    else:
        assert abs(varied - vary_plainly(chain, beyond, correlation)).max() < 1e-10


@pytest.mark.parametrize("scope", TRACK_SCOPES)
def test_it_agrees_with_a_simulation_that_shared_magazines_force(scope):
    # the shared magazine at the end holds nothing: it changes no raid, but forces the simulation
    own = Layer("own", {"srbm": 0.6, "mrbm": 0.5}, {"srbm": 30, "mrbm": 9}, 2, track=0.9, coverage=0.8)
    none = Layer("none", {"srbm": 0.5, "mrbm": 0.5}, 0)
    raid, ask = {"srbm": 20, "mrbm": 12}, {"track_scope": scope, "track": 0.9}
    ask |= {"raid_correlation": {"srbm": 0.4, "mrbm": 0.1}, "coverage_scope": "place"}
    exact = leakers_by_class([own], raid, **ask)
    simulated = leakers_by_class(
        [own, Layer("none", none.single_shot, 0, coverage=0.8)], raid, n_simulations=40_000, **ask
    )
    for name, leakers in exact.items():
        assert simulated[name].standard_error > 0
        assert abs(simulated[name].mean - leakers.mean) < 4.5 * simulated[name].standard_error
        assert simulated[name].variance == pytest.approx(leakers.variance, rel=0.05)
        assert abs(np.cumsum(simulated[name].pmf) - np.cumsum(leakers.pmf)).max() < 0.04


# Rules that always hold


@settings(max_examples=60)
@given(SHARES, st.integers(1, 60), st.integers(0, 90), st.floats(0, 1), st.sampled_from(list(TRACK_SCOPES)))
def test_the_mean_stays_and_no_raid_kills_more_than_there_are_rounds(p, threats, rounds, correlation, scope):
    layers, raid = one_layer(p, threats, rounds, 1, track=0.95)
    chain = raid_leakers(layers, raid, scope, 0.9)
    varied = raid_leakers(layers, raid, scope, 0.9, raid_correlation=correlation)
    assert varied.mean == pytest.approx(chain.mean, rel=1e-10)
    assert varied.variance >= chain.variance - 1e-9
    assert not varied.pmf[: max(0, threats - rounds)].any()
    assert abs(varied.pmf.sum() - 1) < 1e-12


def test_more_correlation_spreads_the_leakers_further():
    layers, raid = one_layer(0.8, 40, rounds=30)
    spreads = [raid_leakers(layers, raid, raid_correlation=rho).variance for rho in (0, 0.05, 0.2, 0.5, 1)]
    assert all(before < after for before, after in pairwise(spreads))


def test_classes_have_correlations_of_their_own_and_their_means_add_up():
    layers = [Layer("upper", {"srbm": 0.7, "mrbm": 0.5}, {"srbm": 20, "mrbm": 4}, shots=1)]
    raid, alike = {"srbm": 20, "mrbm": 4}, {"srbm": 0.4}
    found = leakers_by_class(layers, raid, raid_correlation=alike)
    plain = leakers_by_class(layers, raid)
    assert (found["mrbm"].pmf == plain["mrbm"].pmf).all()
    assert found["srbm"].variance > plain["srbm"].variance
    together = raid_leakers(layers, raid, raid_correlation=alike)
    assert abs(np.convolve(found["srbm"].pmf, found["mrbm"].pmf) - together.pmf).max() < 1e-14


@pytest.mark.parametrize("scope", TRACK_SCOPES)
def test_draws_in_bulk_keep_the_distribution_and_its_quantiles(scope):
    rng = np.random.default_rng(4)
    layers = [
        Layer("far", {"srbm": 0.5}, {"srbm": 12}, 2, local=False),
        Layer("near", {"srbm": 0.5, "mrbm": 0.6}, {"srbm": 9, "mrbm": 9}),
    ]
    draws = pd.DataFrame({"far.coverage": rng.random(40), "near.coverage": rng.random(40), "track": rng.random(40)})
    draws["raid_correlation.srbm"], draws["raid_correlation.mrbm"] = rng.random(40), 0.0
    raid = {"srbm": 15, "mrbm": 7}
    bulk = raid_leakers_by_draw(layers, raid, draws, scope, coverage_scope="place")
    by_class = leakers_by_class_and_draw(layers, raid, draws, scope, coverage_scope="place")
    assert (bulk.index == draws.index).all()
    for row in (0, 31, 32, 39):
        values = draws.iloc[row].to_dict()
        changed = [layer.changed(values) for layer in layers]
        ask = {"track_scope": scope, "track": values["track"], "coverage_scope": "place"}
        ask["raid_correlation"] = {"srbm": values["raid_correlation.srbm"]}
        one = {"all": raid_leakers(changed, raid, **ask)} | leakers_by_class(changed, raid, **ask)
        for name, leakers in one.items():
            found = by_class[by_class["threat_class"] == name].drop(columns="threat_class").iloc[row]
            quantiles = [leakers.quantile(q) for q in (0.05, 0.5, 0.95)]
            expected = [leakers.mean, leakers.variance, leakers.probability_zero, *quantiles, 0]
            assert found.tolist() == pytest.approx(expected, abs=1e-11)
            if name == "all":
                assert found.tolist() == bulk.iloc[row].tolist()


# Coverage by hand


def test_one_place_for_all_layers_leaks_more_than_coverage_by_each():
    layers = [Layer(str(i), {"srbm": 0.8}, {"srbm": 99}, coverage=0.3) for i in range(5)]
    assert layered_leakage(layers, "srbm") == pytest.approx((1 - 0.3 * 0.96) ** 5)
    assert layered_leakage(layers, "srbm", coverage_scope="place") == pytest.approx(0.7 + 0.3 * 0.04**5)
    by_place = raid_leakers(layers, {"srbm": 10}, coverage_scope="place")
    assert by_place.mean == pytest.approx(10 * (0.7 + 0.3 * 0.04**5), rel=1e-12)


def test_an_upper_layer_meets_threats_to_every_place():
    upper = Layer("upper", {"srbm": 0.5}, {"srbm": 99}, 1, coverage=0.8, local=False)
    lower = Layer("lower", {"srbm": 0.6}, {"srbm": 99}, 1, coverage=0.3)
    passing = (1 - 0.4) * (0.7 + 0.3 * 0.4)
    assert layered_leakage([upper, lower], "srbm", coverage_scope="place") == pytest.approx(passing)
    assert raid_leakers([upper, lower], {"srbm": 9}, coverage_scope="place").mean == pytest.approx(9 * passing)


@pytest.mark.parametrize("scope", TRACK_SCOPES)
def test_one_layer_does_not_tell_the_scopes_of_coverage_apart(scope):
    layers = [Layer("only", {"srbm": 0.6}, {"srbm": 11}, 2, track=0.9, coverage=0.4)]
    one, other = (raid_leakers(layers, {"srbm": 20}, scope, 0.9, coverage_scope=name) for name in ("layer", "place"))
    assert abs(one.pmf - other.pmf).max() < 1e-13


def test_a_layer_that_covers_less_covers_a_part_of_the_place():
    wide = Layer("wide", {"srbm": 0.5}, {"srbm": 9}, shots=1, coverage=0.3)
    narrow = Layer("narrow", {"srbm": 0.8}, {"srbm": 9}, shots=1, coverage=0.15)
    leak = 0.7 + 0.3 * 0.5 * (1 - 0.5 * 0.8)  # flies elsewhere, or is missed by both; narrow reaches every second one
    for layers in ([wide, narrow], [narrow, wide]):
        assert layered_leakage(layers, "srbm", coverage_scope="place") == pytest.approx(leak)
        assert raid_leakers(layers, {"srbm": 4}, coverage_scope="place").mean == pytest.approx(4 * leak)
    nothing = [replace(wide, coverage=0.0), replace(narrow, coverage=0.0)]
    assert layered_leakage(nothing, "srbm", coverage_scope="place") == 1


# What is refused


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"raid_correlation": 1.5}, r"raid_correlation = 1.5 is not allowed; give a probability"),
        ({"raid_correlation": {"srbm": -0.1}}, r"raid_correlation\[srbm\] = -0.1 is not allowed"),
        ({"raid_correlation": {"srmb": 0.1}}, r"raid_correlation class = 'srmb' is not known; did you mean 'srbm'"),
        ({"coverage_scope": "country"}, r"coverage_scope = 'country' is not known"),
    ],
)
def test_a_question_out_of_range_is_refused(changes, message):
    layers = [Layer("upper", {"srbm": 0.5}, {"srbm": 9}), Layer("last", {"srbm": 0.5}, {"srbm": 9}, coverage=0.5)]
    with pytest.raises(ParameterError, match=message):
        raid_leakers(layers, {"srbm": 4}, **changes)


@pytest.mark.parametrize(
    ("coverage", "message"),
    [
        (1.5, r"upper.coverage = 1.5 is not allowed"),
        ({"mrbm": 0.5}, r"upper.coverage names mrbm, but upper.single_shot"),
    ],
)
def test_a_coverage_out_of_range_is_refused(coverage, message):
    with pytest.raises(ParameterError, match=message):
        Layer("upper", {"srbm": 0.5}, {"srbm": 9}, coverage=coverage)
