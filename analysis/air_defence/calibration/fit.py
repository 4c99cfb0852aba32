"""Levels of the inputs that observed raids allow: fitted to all, to all but one raid, to all but one war."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtri

from analysis.air_defence.calibration.prior import (
    COMMON,
    CORRELATIONS,
    COVERAGES,
    KILLS,
    NODES,
    SHARES,
    SPREADS,
    Levels,
    Prior,
    make_prior,
    shifted,
    stack,
)
from analysis.air_defence.calibration.raids import Asked, ask_raids
from analysis.air_defence.calibration.stand_in import LEAST, MOST, leak_shares, log_chances
from analysis.air_defence.calibration.tempering import Particles, draw_prior, resample, temper
from analysis.air_defence.models.arguments import require_count, require_one
from analysis.errors import require_choice
from analysis.facts import Facts

SCOPES = ("layer", "place")
"""Whether each layer covers a threat for itself, or one draw says whether it goes where the local layers stand."""
LEFT_OUT = ("raid", "war")
NEW_WAR = "_new_war"


@dataclass(frozen=True)
class Calibration:
    """Observed raids, what is not known of them, and the scope in which coverage is read.

    Attributes
    ----------
    asked : Asked
        From ``raids.ask_raids``.
    prior : Prior
        From ``prior.make_prior``.
    scope : {"layer", "place"}
        See ``SCOPES``.
    """

    asked: Asked
    prior: Prior
    scope: str

    def arriving(self, levels: Levels) -> np.ndarray:
        """Threats that reach the layers, by particle and row: not failed, not left alone, not lost to aircraft."""
        war, unknown = self.asked.layers.war, self.asked.unknown
        arriving = np.broadcast_to(self.asked.rows["threats"].to_numpy(float), (len(levels.kill), war.size))
        for name in SHARES:
            short = name.removeprefix("raid_share_")
            arriving = arriving * np.where(unknown[short], 1.0 - levels.of_war[name][:, war], 1.0)
        return arriving

    def leaking(self, levels: Levels) -> np.ndarray:
        """Share of what arrives that leaks, by particle and row, by the stand-in for the chain."""
        arriving = self.arriving(levels)
        out = np.empty_like(arriving)
        of_war, track = levels.of_war, levels.common["track_layer"]
        asked, tables, first, step = self.asked.layers, self.asked.tables, NODES[0], NODES[1] - NODES[0]
        leak_shares(
            arriving,
            levels.kill,
            levels.cover,
            track,
            of_war["rounds"],
            of_war["reload"],
            asked,
            tables,
            first,
            step,
            SCOPES.index(self.scope),
            out,
        )
        return out

    def counted(self, levels: Levels, leaking: np.ndarray) -> np.ndarray:
        """Share of a row's threats that is counted as leaked, by particle and row."""
        share = self.arriving(levels) * leaking / self.asked.rows["threats"].to_numpy(float)
        bias = np.where(self.asked.unknown["bias"], levels.of_war["counting_bias"][:, self.asked.layers.war], 0.0)
        return expit(logit(np.clip(share, LEAST, MOST)) - bias)

    def correlation(self, levels: Levels) -> np.ndarray:
        """Correlation of two threats of a row; those of two salvos of a campaign are independent."""
        within = stack(levels.common, CORRELATIONS)[:, self.asked.family]
        threats, salvos = self.asked.rows["threats"].to_numpy(float), self.asked.layers.salvos
        return within * np.maximum(threats / salvos - 1.0, 0.0) / np.maximum(threats - 1.0, 1.0)

    def terms(self, places: np.ndarray) -> np.ndarray:
        """Log likelihood of each row, by particle."""
        levels = self.prior.levels(places)
        return self.log_likelihood(levels, self.leaking(levels))

    def log_likelihood(self, levels: Levels, leaking: np.ndarray) -> np.ndarray:
        """Log chance of what was counted in each row, by particle; a range stands for every count within it."""
        share, correlation = self.counted(levels, leaking), self.correlation(levels)
        out = np.empty_like(share)
        log_chances(share, correlation, *self.asked.counts, out)
        return out


def calibrate(facts: Facts, scope: str) -> Calibration:
    """Put observed raids and assumptions together.

    Parameters
    ----------
    facts : Facts
        As for ``raids.ask_raids``.
    scope : {"layer", "place"}
        How coverage is read.

    Returns
    -------
    Calibration
        See there.
    """
    require_choice("coverage_scope", scope, SCOPES)
    asked = ask_raids(facts)
    return Calibration(asked, make_prior(facts.assumptions, asked.wars), scope)


def without_war_effects(calibration: Calibration) -> Calibration:
    """Return the calibration in which kill probability and coverage are the same in every war."""
    still = {name: np.zeros_like(table) for name, table in calibration.prior.tables.items() if "spread" in name}
    return replace(calibration, prior=replace(calibration.prior, tables={**calibration.prior.tables, **still}))


def fit(calibration: Calibration, n_particles: int, n_moves: int, seed: int) -> Particles:
    """Draw what is not known, given all observed raids.

    Parameters
    ----------
    calibration : Calibration
        From :func:`calibrate`.
    n_particles : int
        Particles, 100 to 100,000.
    n_moves : int
        Moves of every particle after each step, 1 to 1,000.
    seed : int
        Seed of all chance.

    Returns
    -------
    Particles
        Equal weights; ``log_evidence`` is that of the model in this scope.
    """
    require_one(n_particles=n_particles, n_moves=n_moves, seed=seed)
    require_count("n_particles", n_particles, 100_000, smallest=100)
    require_count("n_moves", n_moves, 1_000, smallest=1)
    rng = np.random.default_rng(seed)
    start = draw_prior(calibration.terms, n_particles, len(calibration.prior.names), rng)
    rows = len(calibration.asked.rows)
    return temper(calibration.terms, start, np.zeros(rows), np.ones(rows), n_moves, rng)


def leave_out(
    calibration: Calibration, start: Particles, rows: np.ndarray, n_moves: int, seed: int, has_seen: bool = True
) -> Particles:
    """Draw what is not known, given all observed raids but some rows.

    Parameters
    ----------
    calibration : Calibration
        From :func:`calibrate`.
    start : Particles
        Where the walk begins: at the fit to all rows, near where a few are missing; or at the prior, which is better
        where most of what was seen is taken away.
    rows : numpy.ndarray of bool
        Rows that are left out.
    n_moves, seed
        As for :func:`fit`.
    has_seen : bool
        Whether ``start`` is the fit to all rows; else it is the prior.

    Returns
    -------
    Particles
        As from :func:`fit`.
    """
    rng = np.random.default_rng(seed)
    before = np.full(rows.size, float(has_seen))
    return temper(calibration.terms, start, before, 1.0 - rows, n_moves, rng)


def folds(asked: Asked, left_out: str) -> Iterator[tuple[str, np.ndarray]]:
    """Name each raid, or each war, and say which rows are its own.

    Examples
    --------
    >>> rows = pd.DataFrame({"raid_id": ["a", "a", "b"], "war": ["w", "w", "w"]})
    >>> asked = Asked(rows, rows, ("w",), {}, None, np.empty(0), [])
    >>> [(name, own.tolist()) for name, own in folds(asked, "raid")]
    [('a', [True, True, False]), ('b', [False, False, True])]
    """
    require_choice("left_out", left_out, LEFT_OUT)
    column = asked.rows["raid_id" if left_out == "raid" else "war"]
    for name in column.drop_duplicates():
        yield name, (column == name).to_numpy(bool)


def posterior_draws(
    calibration: Calibration, particles: Particles, weights: np.ndarray, n_draws: int, seed: int
) -> pd.DataFrame:
    """Draw the inputs that the models share from weighted particles, at their common level and for a new war.

    Parameters
    ----------
    calibration : Calibration
        From :func:`calibrate`.
    particles : Particles
        From :func:`fit`.
    weights : numpy.ndarray
        Weight of each particle; they sum to 1.
    n_draws : int
        Draws, 1 to 500.
    seed : int
        Seed of the choice and of the new war's effects.

    Returns
    -------
    pandas.DataFrame
        One row is a draw: ``coverage_scope, weight`` (alike, summing to 1), the inputs ``COMMON``, the same with the
        ending ``_new_war`` (with the effects of a war that nobody has seen, drawn from their law), and
        ``CORRELATIONS``.

    Notes
    -----
    Observed raids identify the product of coverage, track and kill; how it is divided stays much as assumed.
    """
    require_one(n_draws=n_draws)
    require_count("n_draws", n_draws, 500, smallest=1)
    rng = np.random.default_rng(seed)
    chosen = rng.permutation(resample(weights, n_draws, rng))
    common = calibration.prior.levels(particles.places[chosen]).common
    spreads = stack(common, SPREADS)
    effects = rng.standard_normal(spreads.shape) * spreads
    kill = shifted(stack(common, KILLS), effects[:, None, :1])[:, 0]
    cover = shifted(stack(common, COVERAGES), effects[:, None, 1:])[:, 0]
    new = dict(zip((*KILLS, *COVERAGES), (*kill.T, *cover.T), strict=True)) | {"track_layer": common["track_layer"]}
    columns = {name: common[name] for name in COMMON} | {f"{name}{NEW_WAR}": new[name] for name in COMMON}
    columns |= {name: common[name] for name in CORRELATIONS}
    return pd.DataFrame({"coverage_scope": calibration.scope, "weight": 1.0 / n_draws, **columns})


def levels_before_and_after(posterior: pd.DataFrame, assumptions: pd.DataFrame) -> pd.DataFrame:
    """Compare each shared input as assumed, at the common level of all wars, and in a new war.

    Parameters
    ----------
    posterior : pandas.DataFrame
        ``air_defence/posterior``.
    assumptions : pandas.DataFrame
        ``air_defence/assumptions``.

    Returns
    -------
    pandas.DataFrame
        One row is an input in a law: ``input, law`` (assumed, common, new_war), ``coverage_scope`` (empty where it is
        assumed), ``mean, q05, q95``.
    """
    prior, rows = make_prior(assumptions, ()).tables, []
    shares = (np.arange(1_000) + 0.5) / 1_000
    for name in (*COMMON, *CORRELATIONS):
        values = np.interp(ndtri(shares), NODES, prior[name])
        rows.append((name, "assumed", "", values.mean(), *np.quantile(values, (0.05, 0.95))))
        for scope, draws in posterior.groupby("coverage_scope", sort=False):
            for law, column in (("common", name), ("new_war", f"{name}{NEW_WAR}")):
                if column in draws:
                    ends = np.quantile(draws[column], (0.05, 0.95), weights=draws["weight"], method="inverted_cdf")
                    rows.append((name, law, scope, np.average(draws[column], weights=draws["weight"]), *ends))
    return pd.DataFrame(rows, columns=["input", "law", "coverage_scope", "mean", "q05", "q95"])
