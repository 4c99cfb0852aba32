"""Many threats: the distribution of leakers, exact and without loss of digits."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.salvo import Leakers, leaker_distribution
from analysis.errors import ParameterError

PROBABILITIES = st.floats(0, 1)
SCOPES = ["shot", "threat", "raid"]


def exact_binomial(threats, leakage):
    return [comb(threats, k) * leakage**k * (1 - leakage) ** (threats - k) for k in range(threats + 1)]


def exact_leakers(threats, single_shot, shots, track, scope):
    """The distribution in whole fractions."""
    if scope == "shot":
        return exact_binomial(threats, (1 - track * single_shot) ** shots)
    if scope == "threat":
        return exact_binomial(threats, 1 - track * (1 - (1 - single_shot) ** shots))
    tracked = exact_binomial(threats, (1 - single_shot) ** shots)
    return [track * chance + (1 - track) * (k == threats) for k, chance in enumerate(tracked)]


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("shots", [0, 1, 3])
@pytest.mark.parametrize("threats", [0, 1, 2, 30])
def test_the_distribution_is_that_of_exact_arithmetic(threats, shots, scope):
    expected = exact_leakers(threats, Fraction(7, 10), shots, Fraction(19, 20), scope)
    leakers = leaker_distribution(threats, 0.7, shots, track=0.95, scope=scope)
    assert leakers.pmf == pytest.approx([float(chance) for chance in expected], rel=1e-12, abs=1e-300)
    assert leakers.mean == pytest.approx(float(sum(k * chance for k, chance in enumerate(expected))), abs=1e-12)


@pytest.mark.parametrize("scope", SCOPES)
def test_the_distribution_is_that_of_a_simulation(scope):
    rng, runs, threats, shots = np.random.default_rng(5), 40_000, 12, 2
    shape = {"shot": (runs, threats, shots), "threat": (runs, threats, 1), "raid": (runs, 1, 1)}[scope]
    hits = (rng.random((runs, threats, shots)) < 0.6) & (rng.random(shape) < 0.8)
    leaked = (~hits.any(axis=2)).sum(axis=1)
    leakers = leaker_distribution(threats, 0.6, shots, track=0.8, scope=scope)
    seen = np.bincount(leaked, minlength=threats + 1) / runs
    assert np.all(np.abs(seen - leakers.pmf) <= 4.5 * np.sqrt(leakers.pmf * (1 - leakers.pmf) / runs) + 1e-4)
    assert leaked.mean() == pytest.approx(leakers.mean, abs=4 * np.sqrt(leakers.variance / runs))


def test_tracking_of_each_threat_caps_the_chance_that_nothing_leaks():
    assert leaker_distribution(20, 0.999, 50, track=0.98).probability_zero == pytest.approx(0.98**20, rel=1e-12)
    assert leaker_distribution(20, 0.999, 50, track=0.98, scope="raid").probability_zero == pytest.approx(0.98)


@given(st.integers(0, 60), PROBABILITIES, st.integers(0, 5), PROBABILITIES)
def test_scope_changes_the_tail_and_not_the_mean(threats, single_shot, shots, track):
    by_threat, by_raid = (
        leaker_distribution(threats, single_shot, shots, track, scope) for scope in ("threat", "raid")
    )
    assert by_raid.mean == pytest.approx(by_threat.mean, abs=1e-10)
    assert by_raid.variance >= by_threat.variance - 1e-9


@given(st.integers(0, 200), PROBABILITIES, PROBABILITIES, st.integers(0, 6), PROBABILITIES, st.sampled_from(SCOPES))
def test_leakage_falls_with_kill_probability_and_with_shots(threats, one, other, shots, track, scope):
    worse, better = sorted((one, other))
    leakers = leaker_distribution(threats, worse, shots, track, scope)
    assert leakers.pmf.sum() == pytest.approx(1, abs=1e-12)
    assert -1e-12 <= leakers.mean <= threats + 1e-9
    assert leaker_distribution(threats, better, shots, track, scope).mean <= leakers.mean + 1e-9
    assert leaker_distribution(threats, worse, shots + 1, track, scope).mean <= leakers.mean + 1e-9


@pytest.mark.parametrize("single_shot", [0.0, 1e-300, 1e-12, 0.3, 1 - 1e-12, 1.0])
@pytest.mark.parametrize("scope", SCOPES)
def test_five_thousand_threats_sum_to_one(single_shot, scope):
    leakers = leaker_distribution(5_000, single_shot, 3, track=0.999, scope=scope)
    assert abs(leakers.pmf.sum() - 1) < 1e-12
    assert np.all(leakers.pmf >= 0)
    leakage = {
        "shot": (1 - 0.999 * single_shot) ** 3,
        "threat": 1 - 0.999 * (1 - (1 - single_shot) ** 3),
        "raid": 1 - 0.999 * (1 - (1 - single_shot) ** 3),
    }[scope]
    assert leakers.mean == pytest.approx(5_000 * leakage, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("scope", SCOPES)
def test_an_empty_raid_leaks_nothing_and_no_shots_leak_all(scope):
    assert leaker_distribution(0, 0.5, 2, 0.5, scope).pmf.tolist() == [1.0]
    assert leaker_distribution(3, 0.5, 0, 0.5, scope).pmf.tolist() == pytest.approx([0, 0, 0, 1])


def test_certain_kill_leaks_nothing():
    assert leaker_distribution(3, 1.0, 1).pmf.tolist() == [1, 0, 0, 0]


def test_a_quantile_is_the_smallest_number_that_reaches_it():
    leakers = Leakers(np.array([0.2, 0.5, 0.2, 0.1, 0.0]))
    levels = [0, 0.1, 0.2, 0.21, 0.7, 0.9, 0.95, 1]
    assert [leakers.quantile(q) for q in levels] == [0, 0, 0, 1, 1, 2, 3, 3]


def test_the_last_quantile_is_the_largest_number_that_can_occur_however_unlikely():
    leakers = leaker_distribution(30, 0.9, 1)
    assert leakers.pmf[30] == pytest.approx(1e-30)
    assert (leakers.quantile(1), leakers.quantile(1 - 1e-9)) == (30, 16)


def test_leakers_describe_themselves_and_cannot_be_changed():
    given_pmf = np.array([0.25, 0.25, 0.5])
    leakers = Leakers(given_pmf)
    given_pmf[0] = 9
    assert (leakers.mean, leakers.variance, leakers.probability_zero) == (1.25, 0.6875, 0.25)
    assert leakers.standard_error == 0.0
    with pytest.raises(ValueError, match="read-only"):
        leakers.pmf[0] = 1


def test_stochastic_salvo_equations_leave_more_leakers_than_the_means_do():
    """24 weapons at .8 against 24 defenders' shots at .68: 3.147 leak on average, 2.88 by the means alone."""
    arriving, stopped = leaker_distribution(24, 0.2, 1), leaker_distribution(24, 0.32, 1)
    numbers = np.arange(25)
    leaking = np.maximum(numbers[:, None] - numbers[None, :], 0)
    assert arriving.mean - stopped.mean == pytest.approx(2.88, abs=1e-12)
    assert arriving.pmf @ leaking @ stopped.pmf == pytest.approx(3.147, abs=5e-4)


@pytest.mark.parametrize(
    "call",
    [
        lambda: leaker_distribution(-1, 0.5, 1),
        lambda: leaker_distribution(100_001, 0.5, 1),
        lambda: leaker_distribution(5, float("nan"), 1),
        lambda: leaker_distribution(5, [0.5, 0.5], 1),
        lambda: leaker_distribution(5, 0.5, 1.5),
        lambda: leaker_distribution(5, 0.5, 1, track=float("inf")),
        lambda: Leakers(np.array([0.5, 0.4])),
        lambda: Leakers(np.array([1.5, -0.5])),
        lambda: Leakers(np.array([])),
        lambda: Leakers(np.array([1.0])).quantile(1.1),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="give"):
        call()


def test_an_unknown_scope_is_refused():
    with pytest.raises(ParameterError, match="did you mean 'threat'"):
        leaker_distribution(5, 0.5, 1, scope="threats")
