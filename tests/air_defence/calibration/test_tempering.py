"""Particles walk to the law that a closed form gives, and back."""

import numpy as np
import pytest

from analysis.air_defence.calibration.tempering import draw_prior, effective_size, temper

SEEN = np.array([[2.0, 1.0], [1.0, 3.0], [4.0, 2.5]])
SPREAD = 0.8
ALL, NONE = np.ones(3), np.zeros(3)


def normal_terms(places):
    """Log likelihood of each pair that was seen, around a mean that is not known."""
    errors = (SEEN[None] - places[:, None, :]) / SPREAD
    return -(errors**2).sum(axis=2) / 2 - 2 * np.log(SPREAD) - np.log(2 * np.pi)


def closed_form(counted):
    """Mean, variance and log evidence of a normal mean with a standard normal prior."""
    n, seen = counted.sum(), SEEN[counted > 0]
    precision = 1 + n / SPREAD**2
    mean = seen.sum(axis=0) / SPREAD**2 / precision
    spread = np.eye(len(seen)) * SPREAD**2 + 1.0
    evidence = sum(-x @ np.linalg.solve(spread, x) / 2 - np.linalg.slogdet(2 * np.pi * spread)[1] / 2 for x in seen.T)
    return mean, 1 / precision, evidence


@pytest.mark.parametrize("counted", [ALL, np.array([1.0, 0.0, 1.0])], ids=["all", "without the second"])
def test_particles_find_the_conjugate_posterior_and_its_evidence(counted):
    rng = np.random.default_rng(3)
    found = temper(normal_terms, draw_prior(normal_terms, 8_000, 2, rng), NONE, counted, 10, rng)
    mean, variance, evidence = closed_form(counted)
    assert found.places.mean(axis=0) == pytest.approx(mean, abs=0.03)
    assert found.places.var(axis=0) == pytest.approx(variance, rel=0.08)
    assert found.log_evidence == pytest.approx(evidence, abs=0.08)
    assert np.allclose(found.terms, normal_terms(found.places))


def test_an_observation_taken_away_leaves_the_law_without_it():
    rng = np.random.default_rng(4)
    full = temper(normal_terms, draw_prior(normal_terms, 8_000, 2, rng), NONE, ALL, 10, rng)
    counted = np.array([1.0, 1.0, 0.0])
    found = temper(normal_terms, full, ALL, counted, 10, rng)
    mean, variance, evidence = closed_form(counted)
    assert found.places.mean(axis=0) == pytest.approx(mean, abs=0.04)
    assert found.places.var(axis=0) == pytest.approx(variance, rel=0.08)
    assert found.log_evidence == pytest.approx(evidence, abs=0.12)


def test_a_far_law_takes_several_steps_and_the_same_seed_gives_the_same_particles():
    def far(places):
        return -((places - 4.0) ** 2).sum(axis=1, keepdims=True) * 100

    def walk():
        rng = np.random.default_rng(5)
        return temper(far, draw_prior(far, 1_000, 3, rng), np.zeros(1), np.ones(1), 5, rng)

    one, two = walk(), walk()
    assert one.steps > 3
    assert np.array_equal(one.places, two.places)
    assert one.places.mean(axis=0) == pytest.approx(4.0 * 200 / 201, abs=0.02)


def test_what_is_impossible_is_never_kept():
    def positive(places):
        return np.where(places > 0, 0.0, -np.inf)

    rng = np.random.default_rng(6)
    found = temper(positive, draw_prior(positive, 2_000, 1, rng), np.zeros(1), np.ones(1), 5, rng)
    assert (found.places > 0).all()
    assert found.log_evidence == pytest.approx(np.log(0.5), abs=0.05)


def test_effective_size_counts_equal_draws():
    assert effective_size(np.zeros(10)) == pytest.approx(10)
    assert effective_size(np.log([0.5, 0.5, 1e-12])) == pytest.approx(2)
