"""Tempered sequential Monte Carlo: particles that walk from one set of observations to another, step by step."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

LEAST_EFFECTIVE = 0.5  # share of the particles that a step must leave effective
WANTED_ACCEPTANCE = 0.3
FIRST_STRIDE = 0.5
RIDGE = 1e-9
WORST = -1e4  # a term of the log likelihood that is as good as impossible

Terms = Callable[[np.ndarray], np.ndarray]
"""From places, one row a particle, to terms of the log likelihood, one row a particle and one column an observation."""


@dataclass(frozen=True)
class Particles:
    """Draws of one law, all of the same weight.

    Attributes
    ----------
    places : numpy.ndarray, shape (particles, dimensions)
        Where they stand; before any observation each coordinate is standard normal and independent.
    terms : numpy.ndarray, shape (particles, observations)
        Log likelihood of each observation there, counted or not.
    log_evidence : float
        Logarithm of the chance of the counted observations, all places taken together.
    steps : int
        Steps that the walk took.
    acceptance : float
        Share of the moves that were accepted, 0 to 1, in the last step.
    """

    places: np.ndarray
    terms: np.ndarray
    log_evidence: float = 0.0
    steps: int = 0
    acceptance: float = 1.0


def draw_prior(terms_of: Terms, n_particles: int, dimensions: int, rng: np.random.Generator) -> Particles:
    """Draw particles before any observation counts.

    Examples
    --------
    >>> draw_prior(lambda places: -places**2, 4, 1, np.random.default_rng(1)).terms.shape
    (4, 1)
    """
    places = rng.standard_normal((n_particles, dimensions))
    return Particles(places, _bounded(terms_of(places)))


def temper(
    terms_of: Terms,
    start: Particles,
    before: np.ndarray,
    after: np.ndarray,
    n_moves: int,
    rng: np.random.Generator,
) -> Particles:
    """Lead particles from the law in which the observations ``before`` count to that in which ``after`` do.

    Parameters
    ----------
    terms_of : callable
        From places to the terms of the log likelihood.
    start : Particles
        Draws of the law in which ``before`` counts.
    before, after : numpy.ndarray, shape (observations,)
        How far each observation counts, 0 to 1: at the start and at the end.
    n_moves : int
        Moves of every particle after each step, 1 or more.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    Particles
        Draws of the law in which ``after`` counts; ``log_evidence`` of it, if that of ``start`` was that of ``before``.

    Notes
    -----
    A step goes as far as half of the particles stay effective; then they are drawn anew by their weights (systematic
    resampling) and moved by a chain that leaves the law of that step as it is: preconditioned Crank-Nicolson proposals
    around the normal law fitted to the particles, accepted by the rule of Metropolis and Hastings. The stride is fitted
    to an acceptance of 0.3. Observations can be taken away as well as added: that is how one raid is left out.

    References
    ----------
    Del Moral, Doucet and Jasra, Sequential Monte Carlo samplers; Cotter, Roberts, Stuart and White, MCMC methods for
    functions (the proposals).

    Examples
    --------
    One observation of 2 with a standard deviation of 1, under a standard normal prior: mean 1, variance 1/2.

    >>> def terms_of(places):
    ...     return -((places - 2.0) ** 2) / 2
    >>> rng = np.random.default_rng(1)
    >>> prior = draw_prior(terms_of, 4_000, 1, rng)
    >>> found = temper(terms_of, prior, np.zeros(1), np.ones(1), 5, rng)
    >>> round(float(found.places.mean()), 1), round(float(found.places.var()), 1)
    (1.0, 0.5)
    """
    places, terms, evidence = start.places, start.terms, start.log_evidence
    gone, steps, stride, acceptance = 0.0, 0, FIRST_STRIDE, start.acceptance
    while gone < 1.0:
        gain = terms @ (after - before)
        part = _next_step(gain, 1.0 - gone)
        weights, logarithm = _weigh(part * gain)
        evidence += logarithm
        chosen = resample(weights, weights.size, rng)
        places, terms = places[chosen], terms[chosen]
        gone, steps = gone + part, steps + 1
        gone = 1.0 if gone > 1.0 - 1e-12 else gone
        counted = before + gone * (after - before)
        places, terms, stride, acceptance = _move(terms_of, places, terms, counted, n_moves, stride, rng)
    return Particles(places, terms, evidence, start.steps + steps, acceptance)


def effective_size(log_weights: np.ndarray) -> float:
    """How many equal draws the weighted ones are worth: the square of their sum over the sum of their squares.

    Examples
    --------
    >>> effective_size(np.log([0.25, 0.25, 0.25, 0.25])), effective_size(np.array([0.0, -1e4]))
    (4.0, 1.0)
    """
    weights = np.exp(log_weights - log_weights.max())
    return float(weights.sum() ** 2 / (weights**2).sum())


def _bounded(terms: np.ndarray) -> np.ndarray:
    """Replace what is impossible, or no number, by the worst term."""
    return np.maximum(np.nan_to_num(terms, nan=WORST, neginf=WORST), WORST)


def _next_step(gain: np.ndarray, left: float) -> float:
    """Return the longest part of the way that keeps enough particles effective, by bisection."""
    least = LEAST_EFFECTIVE * gain.size
    if effective_size(left * gain) >= least:
        return left
    short, long = 0.0, left
    for _ in range(60):
        middle = (short + long) / 2
        short, long = (middle, long) if effective_size(middle * gain) >= least else (short, middle)
    return max(short, 1e-9)


def _weigh(log_weights: np.ndarray) -> tuple[np.ndarray, float]:
    """Return weights that sum to 1, and the logarithm of the mean of the given ones."""
    top = log_weights.max()
    weights = np.exp(log_weights - top)
    return weights / weights.sum(), float(top + np.log(weights.mean()))


def resample(weights: np.ndarray, number: int, rng: np.random.Generator) -> np.ndarray:
    """Draw places in proportion to their weights, evenly spaced along the sum of these, which is 1.

    Examples
    --------
    >>> resample(np.array([0.5, 0.0, 0.5]), 4, np.random.default_rng(1)).tolist()
    [0, 0, 2, 2]
    """
    points = (np.arange(number) + rng.random()) / number
    return np.minimum(np.searchsorted(np.cumsum(weights), points), weights.size - 1)


def _move(
    terms_of: Terms,
    places: np.ndarray,
    terms: np.ndarray,
    counted: np.ndarray,
    n_moves: int,
    stride: float,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Move every particle some times; return where they stand, their terms, the stride and the acceptance."""
    centre = places.mean(axis=0)
    spread = np.cov(places, rowvar=False).reshape(places.shape[1], -1) + RIDGE * np.eye(places.shape[1])
    root = np.linalg.cholesky(spread)
    inverse = np.linalg.inv(root)

    def log_ratio(at: np.ndarray, there: np.ndarray) -> np.ndarray:
        """Log of the wanted law over the fitted one, up to a constant."""
        fitted = (at - centre) @ inverse.T
        return there @ counted - (at**2).sum(axis=1) / 2 + (fitted**2).sum(axis=1) / 2

    places, terms = places.copy(), terms.copy()
    here, shares = log_ratio(places, terms), []
    for _ in range(n_moves):
        noise = rng.standard_normal(places.shape) @ root.T
        proposed = centre + np.sqrt(1 - stride**2) * (places - centre) + stride * noise
        new_terms = _bounded(terms_of(proposed))
        there = log_ratio(proposed, new_terms)
        taken = np.log(rng.random(len(places))) < there - here
        places[taken], terms[taken], here[taken] = proposed[taken], new_terms[taken], there[taken]
        shares.append(taken.mean())
        stride = float(np.clip(stride * np.exp(shares[-1] - WANTED_ACCEPTANCE), 0.02, 0.98))
    return places, terms, stride, float(np.mean(shares))
