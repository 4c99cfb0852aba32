"""The exact chain asked the same as its stand-in: how far they are apart, and the particles weighted anew."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logsumexp

from analysis.air_defence.calibration.fit import Calibration
from analysis.air_defence.calibration.prior import GROUPS, NODES, Levels
from analysis.air_defence.calibration.stand_in import SHOTS
from analysis.air_defence.calibration.tempering import Particles, effective_size
from analysis.air_defence.exact.defence import LARGEST_MAGAZINE, Layer
from analysis.air_defence.exact.layers import raid_leakers_by_draw


@dataclass(frozen=True)
class Corrected:
    """Particles weighted by the exact chain in place of its stand-in.

    Attributes
    ----------
    weights : numpy.ndarray, shape (particles,)
        They sum to 1.
    effective : float
        How many equal draws they are worth.
    log_evidence : float
        As ``Particles.log_evidence``, by the exact chain.
    errors : pandas.DataFrame
        One row is an observed raid and class: ``claim_id``, ``mean`` and ``largest`` distance of the two shares that
        leak, over the particles.
    """

    weights: np.ndarray
    effective: float
    log_evidence: float
    errors: pd.DataFrame


def correct(calibration: Calibration, particles: Particles) -> Corrected:
    """Weigh particles that the stand-in drew by what the exact chain says of the same raids.

    Parameters
    ----------
    calibration : Calibration
        From ``fit.calibrate``.
    particles : Particles
        From ``fit.fit``.

    Returns
    -------
    Corrected
        See there.

    Notes
    -----
    The exact chain gives the mean share that leaks; around it the leakers of a raid are beta-binomial in both. Raids
    hold whole threats here: what arrives is rounded.
    """
    levels = calibration.prior.levels(particles.places)
    exact, near = exact_leaking(calibration, levels), calibration.leaking(levels)
    gain = (calibration.log_likelihood(levels, exact) - particles.terms).sum(axis=1)
    weights = np.exp(gain - logsumexp(gain))
    apart = np.abs(exact - near)
    errors = pd.DataFrame({"claim_id": calibration.asked.rows["claim_id"], "mean": apart.mean(axis=0)})
    evidence = particles.log_evidence + float(logsumexp(gain) - np.log(gain.size))
    return Corrected(weights, effective_size(gain), evidence, errors.assign(largest=apart.max(axis=0)))


def exact_leaking(calibration: Calibration, levels: Levels) -> np.ndarray:
    """Share of what arrives that leaks, by particle and row, by the exact chain; as ``Calibration.leaking``."""
    sizes = np.maximum(np.rint(calibration.arriving(levels) / calibration.asked.layers.salvos), 1).astype(np.int64)
    out = np.empty(sizes.shape)
    for row, name in enumerate(calibration.asked.rows["threat_class"]):
        layers, draws = _layers_of_row(calibration, levels, row)
        for size in np.unique(sizes[:, row]):
            chosen = sizes[:, row] == size
            asked = draws[chosen].reset_index(drop=True)
            answer = raid_leakers_by_draw(layers, {name: int(size)}, asked, coverage_scope=calibration.scope)
            out[chosen, row] = answer["mean"] / size
    return out


def _layers_of_row(calibration: Calibration, levels: Levels, row: int) -> tuple[list[Layer], pd.DataFrame]:
    """Layers that stood against a row, and what the particles say of them, as ``exact.layers`` takes it."""
    asked, name = calibration.asked, calibration.asked.rows["threat_class"][row]
    packed, war = asked.layers, asked.layers.war[row]
    free = levels.of_war["reload"][:, war] if packed.reloads[row] < 0 else float(packed.reloads[row])
    depth = packed.sharing[row] ** (free - 1.0)
    layers, columns = [], {}
    for place, system in enumerate(asked.names[row]):
        rating, group = packed.ratings[row, place], packed.groups[row, place]
        rounds = depth * np.interp(levels.of_war["rounds"][:, war], NODES, asked.tables[row, place])
        layers.append(Layer(system, {name: 0.5}, {name: 1}, SHOTS, local=GROUPS[group] != "upper"))
        columns[f"{system}.{name}.single_shot"] = levels.kill[:, war, rating]
        if packed.engaged[row]:
            columns[f"{system}.{name}.magazine"] = np.full(len(levels.kill), LARGEST_MAGAZINE)
            continue
        columns[f"{system}.{name}.magazine"] = np.rint(rounds).astype(np.int64)
        columns[f"{system}.{name}.coverage"] = levels.cover[:, war, group]
        columns[f"{system}.track"] = levels.common["track_layer"]
    return layers, pd.DataFrame(columns)
