"""Intervals and predictions from published counts."""

from fractions import Fraction
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.air_defence.models.intervals import kill_interval, predicted_leakers
from analysis.air_defence.models.salvo import leaker_distribution
from analysis.errors import ParameterError

COUNTS = st.integers(0, 200).flatmap(lambda attempts: st.tuples(st.integers(0, attempts), st.just(attempts)))


def at_least(wins, attempts, chance):
    return sum(comb(attempts, k) * chance**k * (1 - chance) ** (attempts - k) for k in range(wins, attempts + 1))


@pytest.mark.parametrize(("intercepts", "attempts"), [(9, 18), (1, 20), (85, 86)])
def test_the_exact_interval_leaves_half_of_the_error_on_each_side(intercepts, attempts):
    low, high = kill_interval(intercepts, attempts, confidence=0.9)
    assert at_least(intercepts, attempts, low) == pytest.approx(0.05, abs=1e-10)
    assert 1 - at_least(intercepts + 1, attempts, high) == pytest.approx(0.05, abs=1e-10)


def test_jeffreys_is_the_middle_of_its_posterior():
    low, high = kill_interval(9, 18, method="jeffreys")
    draws = np.random.default_rng(1).beta(9.5, 9.5, 200_000)
    assert (low, high) == pytest.approx(np.quantile(draws, [0.025, 0.975]), abs=3e-3)


@pytest.mark.parametrize("method", ["exact", "jeffreys"])
def test_the_ends_are_closed_where_all_or_nothing_succeeded(method):
    low, high = kill_interval([0, 10, 0], [10, 10, 0], method=method)
    assert low[0] == 0 and high[1] == 1
    assert (low[2], high[2]) == (0, 1)
    assert 0 < high[0] < 0.35 and high[0] == pytest.approx(1 - low[1])


def test_no_failure_in_ten_gives_the_closed_form():
    low, _ = kill_interval(10, 10, confidence=0.95)
    assert low == pytest.approx(0.025 ** (1 / 10), abs=1e-12)


@given(COUNTS, st.floats(0.5, 0.999))
def test_intervals_hold_the_observed_share_and_jeffreys_is_the_shorter(counts, confidence):
    exact, jeffreys = (kill_interval(*counts, confidence, method) for method in ("exact", "jeffreys"))
    assert 0 <= exact[0] <= jeffreys[0] + 1e-9 <= jeffreys[1] + 2e-9 <= exact[1] + 3e-9 <= 1 + 3e-9
    if counts[1]:
        assert exact[0] <= counts[0] / counts[1] <= exact[1]


def test_the_exact_interval_covers_as_often_as_it_says():
    for chance in (0.1, 0.5, 0.83):
        low, high = kill_interval(np.arange(31), 30, confidence=0.9)
        weights = leaker_distribution(30, 1 - chance, 1).pmf
        assert weights[(low <= chance) & (chance <= high)].sum() >= 0.9


@given(COUNTS)
def test_more_of_the_same_evidence_narrows_the_interval(counts):
    (low, high), (low_ten, high_ten) = kill_interval(*counts), kill_interval(10 * counts[0], 10 * counts[1])
    assert high_ten - low_ten <= high - low + 1e-12


@pytest.mark.parametrize(
    ("intercepts", "attempts", "threats"), [(9, 18, 10), (0, 3, 6), (5, 5, 4), (0, 0, 7), (3, 4, 0)]
)
def test_predictions_match_whole_fractions(intercepts, attempts, threats):
    kills, leaks = intercepts + Fraction(1, 2), attempts - intercepts + Fraction(1, 2)

    def rising(start, steps):
        return prod((start + i for i in range(steps)), start=Fraction(1))

    expected = [
        comb(threats, k) * rising(leaks, k) * rising(kills, threats - k) / rising(leaks + kills, threats)
        for k in range(threats + 1)
    ]
    assert predicted_leakers(intercepts, attempts, threats).pmf == pytest.approx(
        [float(e) for e in expected], abs=1e-14
    )


def test_predictions_are_those_of_a_simulation():
    rng = np.random.default_rng(2)
    leaked = rng.binomial(20, rng.beta(9 + 1, 9 + 1, 200_000))
    predicted = predicted_leakers(9, 18, 20, prior=(1, 1))
    error = np.sqrt(predicted.variance / 200_000)
    assert leaked.mean() == pytest.approx(predicted.mean, abs=4 * error)
    assert (leaked <= predicted.quantile(0.05)).mean() >= 0.05 - 0.003


@given(COUNTS, st.integers(1, 100))
def test_not_knowing_the_chance_widens_the_spread_and_keeps_the_mean(counts, threats):
    predicted = predicted_leakers(*counts, threats)
    kill = (counts[0] + 0.5) / (counts[1] + 1)
    assert predicted.pmf.sum() == pytest.approx(1, abs=1e-12)
    assert predicted.mean == pytest.approx(threats * (1 - kill), rel=1e-9)
    assert predicted.variance >= threats * kill * (1 - kill) * (1 - 1e-9)


def test_a_raid_that_differs_has_the_mean_and_the_variance_of_a_level_drawn_for_it():
    rng, correlation, raids, draws = np.random.default_rng(4), 0.3, 4, 400_000
    effect = 1 + (40 / raids - 1) * correlation
    level = rng.beta(0.5 + 30 / effect, 0.5 + 10 / effect, draws)
    strength = (1 - correlation) / correlation
    leaked = rng.binomial(25, 1 - rng.beta(level * strength, (1 - level) * strength))
    predicted = predicted_leakers(30, 40, 25, raid_correlation=correlation, raids=raids)
    assert predicted.mean == pytest.approx(leaked.mean(), rel=0.005)
    assert predicted.variance == pytest.approx(leaked.var(), rel=0.01)
    assert [predicted.quantile(q) for q in (0.05, 0.95)] == pytest.approx(np.quantile(leaked, [0.05, 0.95]), abs=1)


@given(COUNTS, st.integers(1, 100), st.floats(0.01, 0.9), st.integers(1, 20))
def test_raids_that_differ_spread_the_prediction_and_more_raids_tell_more(counts, threats, correlation, raids):
    alone = predicted_leakers(*counts, threats)
    one, many = (predicted_leakers(*counts, threats, raid_correlation=correlation, raids=n) for n in (1, raids))
    share = [1 - raid.mean / threats for raid in (alone, one, many)]
    spread = [raid.variance / (threats * p * (1 - p)) for raid, p in zip((alone, one, many), share, strict=True)]
    assert spread[0] <= spread[2] * (1 + 1e-6) and spread[2] <= spread[1] * (1 + 1e-6)


def test_much_evidence_and_a_large_raid_lose_no_digits():
    sure = predicted_leakers(900_000, 1_000_000, 5_000)
    assert abs(sure.pmf.sum() - 1) < 1e-12
    assert sure.mean == pytest.approx(500, rel=1e-5)
    assert sure.variance == pytest.approx(5_000 * 0.09, rel=0.01)
    assert predicted_leakers(0, 0, 5_000, prior=(1, 1)).pmf == pytest.approx(np.full(5_001, 1 / 5_001), rel=1e-9)


@pytest.mark.parametrize(
    "call",
    [
        lambda: kill_interval(10, 9),
        lambda: kill_interval(-1, 9),
        lambda: kill_interval(1, 2, confidence=1.0),
        lambda: kill_interval(1, 2, confidence=float("nan")),
        lambda: kill_interval(1.5, 2),
        lambda: predicted_leakers(10, 9, 5),
        lambda: predicted_leakers(1, 9, -5),
        lambda: predicted_leakers(1, 9, 5, prior=(0, 1)),
        lambda: predicted_leakers(1, 9, 5, prior=(1,)),
        lambda: predicted_leakers([1, 2], 9, 5),
        lambda: predicted_leakers(1, 9, 5, raid_correlation=1.0),
        lambda: predicted_leakers(1, 9, 5, raids=0),
    ],
)
def test_what_is_out_of_range_is_refused(call):
    with pytest.raises(ParameterError, match="is not allowed; give"):
        call()


def test_an_unknown_method_is_refused():
    with pytest.raises(ParameterError, match="did you mean 'jeffreys'"):
        kill_interval(1, 2, method="jeffrey")
