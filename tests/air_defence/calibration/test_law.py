"""The law of a night: its distribution, its gradient and its fit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from scipy.special import logit

from analysis.air_defence.calibration import law
from analysis.air_defence.calibration.law import Law, beta_binomial, fit_law
from analysis.errors import ParameterError


@given(
    launched=st.integers(0, 300),
    share=st.floats(0, 1, allow_subnormal=False),
    correlation=st.floats(0, 1, allow_subnormal=False),
)
def test_the_mean_is_the_share_and_the_variance_that_of_an_intra_class_correlation(launched, share, correlation):
    pmf = beta_binomial(launched, share, correlation)
    counts = np.arange(launched + 1)
    mean = counts @ pmf
    assert pmf.sum() == pytest.approx(1)
    assert mean == pytest.approx(launched * share, rel=1e-4, abs=1e-4)
    wanted = launched * share * (1 - share) * (1 + (launched - 1) * correlation)
    assert (counts - mean) ** 2 @ pmf == pytest.approx(max(wanted, 0), rel=2e-3, abs=2e-3)


def test_without_correlation_the_night_is_binomial_and_with_all_of_it_all_or_none():
    assert beta_binomial(3, 0.5, 0).tolist() == pytest.approx([1 / 8, 3 / 8, 3 / 8, 1 / 8])
    assert beta_binomial(3, 0.25, 1).tolist() == [0.75, 0, 0, 0.25]
    assert beta_binomial(3, 1, 0.4).tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("values", [(-1, 0.5, 0.1), (5, 1.5, 0.1), (5, 0.5, -0.1), (5, [0.5, 0.6], 0.1)])
def test_what_is_no_night_is_refused(values):
    with pytest.raises(ParameterError):
        beta_binomial(*values)


def some_nights(rng, nights=400, level=0.8, slope=-0.5, correlation=0.1):
    launched = rng.integers(5, 200, nights)
    truth = Law(level, slope, float(logit(correlation)), float(launched.mean()))
    shares = np.array([truth.share(number) for number in launched])
    strength = (1 - correlation) / correlation
    return rng.binomial(launched, rng.beta(shares * strength, (1 - shares) * strength)), launched, truth


def test_the_fit_finds_the_law_that_made_the_nights():
    killed, launched, truth = some_nights(np.random.default_rng(3))
    found = fit_law(killed, launched, np.ones(len(killed)))
    assert found.level == pytest.approx(truth.level, abs=0.1)
    assert found.slope == pytest.approx(truth.slope, abs=0.1)
    assert found.correlation == pytest.approx(truth.correlation, abs=0.02)


def test_the_gradient_is_that_of_the_loss():
    rng = np.random.default_rng(4)
    killed, launched, _ = some_nights(rng, nights=30)
    rest = (killed, launched, np.log(launched / launched.mean()), rng.random(30))
    for values in ((0.5, -0.2, -2.0), (2.0, 0.4, 0.3)):
        slopes = approx_fprime(np.array(values), lambda point: law._loss(point, *rest)[0], 1e-6)
        assert law._loss(np.array(values), *rest)[1] == pytest.approx(slopes, rel=1e-3, abs=1e-3)


def test_nights_of_no_weight_are_as_if_they_had_not_been():
    killed, launched, _ = some_nights(np.random.default_rng(5), nights=40)
    weights = np.repeat([1.0, 0.0], 20)
    some = fit_law(killed, launched, weights)
    half = fit_law(killed[:20], launched[:20], np.ones(20))
    assert (some.level, some.slope, some.logit_correlation) == pytest.approx(
        (half.level, half.slope, half.logit_correlation), abs=1e-3
    )


def test_without_a_night_the_prior_speaks():
    none = np.array([], dtype=int)
    found = fit_law(none, none, np.array([]))
    assert (found.level, found.slope, found.logit_correlation) == pytest.approx((0, 0, law.CORRELATION_MEAN), abs=1e-3)


def test_where_it_begins_does_not_matter():
    killed, launched, _ = some_nights(np.random.default_rng(6), nights=60)
    cold, warm = (fit_law(killed, launched, np.ones(60), start=start) for start in (None, Law(3.0, 1.0, 1.0, 50.0)))
    assert warm.level == pytest.approx(cold.level, abs=1e-3)
    assert warm.correlation == pytest.approx(cold.correlation, abs=1e-3)


def test_without_size_the_slope_is_nothing():
    killed, launched, _ = some_nights(np.random.default_rng(7), nights=60)
    assert fit_law(killed, launched, np.ones(60), sized=False).slope == 0
