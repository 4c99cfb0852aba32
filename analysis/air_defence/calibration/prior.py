"""What is not known before any raid is looked at: the levels that all wars share, and the effects of each war."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr, ndtri
from scipy.stats import beta

from analysis.air_defence.facts.claims import ENDS, assumption
from analysis.errors import DataError

RATINGS = ("primary", "secondary", "limited")
GROUPS = ("local_air", "local_ballistic", "upper")
FAMILIES = ("drone", "cruise", "ballistic")
KILLS = tuple(f"single_shot_{rating}" for rating in RATINGS)
COVERAGES = tuple(f"coverage_{group}" for group in GROUPS)
CORRELATIONS = tuple(f"raid_correlation_{family}" for family in FAMILIES)
COMMON = (*KILLS, "track_layer", *COVERAGES)
"""Inputs that the models share, in the order of the posterior's columns."""
SPREADS = ("war_spread_kill", *(f"war_spread_coverage_{group}" for group in GROUPS))
SHARES = ("raid_share_failed", "raid_share_left_alone", "raid_share_aircraft")
BIAS = "counting_bias"
OF_WAR = ("kill", *GROUPS, "rounds", "reload", *SHARES, BIAS)
"""What each war has of its own: effects on the logits, the place in the range of its rounds, and of its raids."""
NODES = np.linspace(-6.0, 6.0, 241)  # of a standard normal coordinate, between which laws are interpolated
NEARLY = 1e-6  # how near to 0 or 1 a probability may come before its logit is taken


@dataclass(frozen=True)
class Levels:
    """Values of everything that is not known, one row a particle.

    Attributes
    ----------
    common : dict of str to numpy.ndarray, shape (particles,)
        The names of ``COMMON``, of ``CORRELATIONS`` and of ``SPREADS``.
    kill, cover : numpy.ndarray, shape (particles, wars, 3)
        Single-shot kill probability by rating, and coverage by group, in each war.
    of_war : dict of str to numpy.ndarray, shape (particles, wars)
        ``rounds`` (standard normal: where in its range), ``reload`` (0 to 1), the shares and the counting bias.
    """

    common: Mapping[str, np.ndarray]
    kill: np.ndarray
    cover: np.ndarray
    of_war: Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Prior:
    """Laws of what is not known, each reached from a standard normal coordinate.

    Attributes
    ----------
    wars : tuple of str
        Wars that have effects of their own.
    tables : dict of str to numpy.ndarray
        Value of each named law at ``NODES``.
    """

    wars: tuple[str, ...]
    tables: Mapping[str, np.ndarray]

    @property
    def names(self) -> list[str]:
        """Coordinates in their order: shared ones, then ``war.name``."""
        return [*COMMON, *CORRELATIONS, *SPREADS, *(f"{war}.{name}" for war in self.wars for name in OF_WAR)]

    def levels(self, places: np.ndarray) -> Levels:
        """Turn places, one row a particle and one column a coordinate, into values."""
        shared = (*COMMON, *CORRELATIONS, *SPREADS)
        common = {name: self._value(name, places[:, i]) for i, name in enumerate(shared)}
        own = places[:, len(shared) :].reshape(len(places), len(self.wars), len(OF_WAR))
        effect = {name: own[:, :, i] for i, name in enumerate(OF_WAR)}
        kill = shifted(stack(common, KILLS), (common["war_spread_kill"][:, None] * effect["kill"])[:, :, None])
        spreads = stack(common, SPREADS[1:])[:, None, :]
        cover = shifted(stack(common, COVERAGES), spreads * np.stack([effect[name] for name in GROUPS], axis=2))
        of_war = {name: self._value(name, effect[name]) for name in (*SHARES, BIAS)}
        of_war |= {"rounds": effect["rounds"], "reload": ndtr(effect["reload"])}
        return Levels(common, kill, cover, of_war)

    def _value(self, name: str, place: np.ndarray) -> np.ndarray:
        return np.interp(place, NODES, self.tables[name])


def make_prior(assumptions: pd.DataFrame, wars: Sequence[str]) -> Prior:
    """Read the laws of what is not known from the stated assumptions.

    Parameters
    ----------
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``: the rows ``COMMON``, ``CORRELATIONS`` and ``SHARES`` (low, best and high of a PERT
        law), ``SPREADS`` and ``counting_bias`` (``best`` is the scale of a half-normal law).
    wars : sequence of str
        Wars that have effects of their own.

    Returns
    -------
    Prior
        See there.

    Raises
    ------
    DataError
        When a row is missing, or its numbers are no range.

    Notes
    -----
    A war shifts the logit of every kill probability by one normal effect, and the logit of each group's coverage by
    another; how far wars differ is itself not known (half-normal). A war that nobody has seen has the same effects,
    drawn from their law.
    """
    tables = {name: _pert_table(assumption(assumptions, name), name) for name in (*COMMON, *CORRELATIONS, *SHARES)}
    for name in (*SPREADS, BIAS):
        tables[name] = half_normal(NODES, assumption(assumptions, name)["best"])
    return Prior(tuple(wars), tables)


def pert_quantile(share: np.ndarray, low: float, best: float, high: float) -> np.ndarray:
    """Value of a PERT law below which a share of it lies.

    Examples
    --------
    >>> pert_quantile(np.array([0.0, 0.5, 1.0]), 0.2, 0.5, 0.8).round(3).tolist()
    [0.2, 0.5, 0.8]
    """
    if low == high:
        return np.full(np.shape(share), low)
    left, right = 1 + 4 * (best - low) / (high - low), 1 + 4 * (high - best) / (high - low)
    return low + (high - low) * beta.ppf(share, left, right)


def half_normal(place: np.ndarray, scale: float) -> np.ndarray:
    """Value of a half-normal law at a standard normal coordinate, rising with it.

    Examples
    --------
    >>> half_normal(np.array([0.0]), 1.0).round(3).tolist()  # the median
    [0.674]
    """
    return -scale * ndtri(np.maximum(ndtr(-np.asarray(place, float)) / 2, 1e-300))


def shifted(probability: np.ndarray, effect: np.ndarray) -> np.ndarray:
    """Shift probabilities, one row a particle, on their logit: by particle, war and kind.

    Examples
    --------
    >>> shifted(np.array([[0.5]]), np.array([[[0.0], [1.0]]])).round(3).tolist()
    [[[0.5], [0.731]]]
    """
    return expit(logit(np.clip(probability, NEARLY, 1 - NEARLY))[:, None, :] + effect)


def stack(values: Mapping[str, np.ndarray], names: Sequence[str]) -> np.ndarray:
    """Put named columns side by side.

    Examples
    --------
    >>> stack({"a": np.array([1, 2]), "b": np.array([3, 4])}, ["b", "a"]).tolist()
    [[3, 1], [4, 2]]
    """
    return np.stack([values[name] for name in names], axis=1)


def _pert_table(ends: Mapping[str, float], name: str) -> np.ndarray:
    """Return a PERT law at ``NODES``."""
    low, best, high = (ends[end] for end in ENDS)
    if not 0 <= low <= best <= high <= 1:
        raise DataError(
            f"air_defence/assumptions.csv: {name} = {low}, {best}, {high} is not allowed; give 0 <= low <= best <= "
            "high <= 1."
        )
    return pert_quantile(ndtr(NODES), low, best, high)
