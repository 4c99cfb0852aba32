"""One threat: kill probability, shot doctrine, interceptors needed, decoys."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.air_defence.models.arguments import (
    LARGEST_RAID,
    LARGEST_SHOTS,
    Numbers,
    require_count,
    require_one,
    require_probability,
    unwrap,
)


def miss_probability(single_shot: Numbers, shots: Numbers) -> np.ndarray:
    """Chance that every one of some independent shots misses, q^n; 1 for no shot.

    Parameters
    ----------
    single_shot : float or array
        Single-shot kill probability, 0 to 1.
    shots : int or array
        Shots at the threat, 0 to 1,000,000.

    Returns
    -------
    numpy.ndarray
        Probability, 0 to 1.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Examples
    --------
    >>> round(float(miss_probability(0.8, 2)), 2)
    0.04
    """
    p = require_probability("single_shot", single_shot)
    n = require_count("shots", shots, LARGEST_SHOTS)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(n == 0, 1.0, np.exp(n * np.log1p(-p)))


def kill_probability(single_shot: Numbers, shots: Numbers, track: Numbers = 1.0) -> Numbers:
    """Chance that one threat is killed by a barrage: P_tr (1 - q^n).

    Parameters
    ----------
    single_shot : float or array
        Single-shot kill probability of a tracked threat, 0 to 1.
    shots : int or array
        Interceptors fired at the threat, 0 to 1,000,000.
    track : float or array
        Chance that the threat is detected, tracked and classified in time, 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Probability, 0 to 1.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Shots are independent once the threat is tracked; a failure of tracking is common to all shots at the
    threat, so it counts once. A shared cause among shots, such as a decoy, breaks this: the model is then
    too hopeful. ``track`` limits the answer however many shots are fired.

    References
    ----------
    Wilkening's Bernoulli model of missile defence.

    Examples
    --------
    >>> round(kill_probability(0.7, 3, track=0.99), 5)
    0.96327
    >>> round(kill_probability(0.25, 4), 3)  # 44 interceptors do not "cover" 11 warheads
    0.684
    """
    tracked = require_probability("track", track)
    p, n = require_probability("single_shot", single_shot), require_count("shots", shots, LARGEST_SHOTS)
    with np.errstate(divide="ignore", invalid="ignore"):
        killed = np.where(n == 0, 0.0, -np.expm1(n * np.log1p(-p)))
    return unwrap(np.asarray(tracked * killed))


@dataclass(frozen=True)
class Need:
    """Interceptors for one wanted outcome; the two counts are None where no number of shots is enough."""

    feasible: bool
    shots_per_threat: int | None
    interceptors: int | None
    ceiling: float


def interceptors_needed(threats: int, single_shot: float, target: float, track: float = 1.0) -> Need:
    """Shots for each threat, and interceptors in all, so that no threat leaks with a wanted probability.

    Parameters
    ----------
    threats : int
        Threats in the raid, 0 to 100,000.
    single_shot : float
        Single-shot kill probability of a tracked threat, 0 to 1.
    target : float
        Wanted probability that no threat leaks, 0 to 1; met to within rounding (1e-12) counts as met.
    track : float
        Chance that a threat is detected, tracked and classified in time, 0 to 1.

    Returns
    -------
    Need
        ``feasible``, ``shots_per_threat``, ``interceptors`` and ``ceiling``, the limit track ** threats that no
        number of shots can pass.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    Independent, equal threats and the same barrage at each, as in :func:`kill_probability`. Interceptors are
    counted for threats that are never tracked too, since no one knows beforehand which they will be.

    Examples
    --------
    >>> interceptors_needed(4, 0.7, 0.8, track=0.99).interceptors
    12
    >>> round(interceptors_needed(20, 0.7, 0.8, track=0.98).ceiling, 3)
    0.668
    """
    require_one(threats=threats, single_shot=single_shot, target=target, track=track)
    raid = int(require_count("threats", threats, LARGEST_RAID))
    p, goal = float(require_probability("single_shot", single_shot)), float(require_probability("target", target))
    tracked = float(require_probability("track", track))
    ceiling = tracked**raid
    if raid == 0 or goal == 0:
        return Need(True, 0, 0, ceiling)
    shots = _least_shots(p, -math.expm1(math.log(goal) / raid), 1 - tracked)
    return Need(shots is not None, shots, None if shots is None else shots * raid, ceiling)


def _least_shots(p: float, leakage_allowed: float, untracked: float) -> int | None:
    """Fewest shots that keep one threat's leakage within what is allowed, or None."""
    if p == 1.0:
        return 1 if untracked <= leakage_allowed * (1 + 1e-12) else None
    spare = leakage_allowed - untracked
    if p == 0.0 or spare <= 1e-12 * untracked:
        return None
    exact = math.log(spare / (1 - untracked)) / math.log1p(-p)
    return max(1, math.ceil(exact * (1 - 1e-12)))


@dataclass(frozen=True)
class Discrimination:
    """What decoys do: interceptors fired and real threats that leak, both on average."""

    expected_shots: Numbers
    expected_leakers: Numbers


def discriminate(
    real: Numbers,
    decoys: Numbers,
    shots: Numbers,
    single_shot: Numbers,
    called_real: Numbers,
    decoy_called_real: Numbers,
) -> Discrimination:
    """Interceptors fired and leakers where real threats come among decoys.

    Parameters
    ----------
    real, decoys : int or array
        Objects of each kind, 0 to 100,000.
    shots : int or array
        Shots at each object that is called real, 0 to 1,000,000.
    single_shot : float or array
        Single-shot kill probability, 0 to 1.
    called_real, decoy_called_real : float or array
        Chance that a real object, and that a decoy, is called real, 0 to 1.

    Returns
    -------
    Discrimination
        ``expected_shots`` and ``expected_leakers``.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    No magazine binds and calls are independent. The magazine that is needed for each real threat is
    shots (called_real + decoy_called_real decoys / real).

    References
    ----------
    A paper in Operations Research (INFORMS, 1971) treats type I and type II errors in missile defence.

    Examples
    --------
    >>> discriminate(8, 32, shots=2, single_shot=0.5, called_real=0.5, decoy_called_real=0.25)
    Discrimination(expected_shots=24.0, expected_leakers=5.0)
    """
    real_objects, false_objects = (
        require_count("real", real, LARGEST_RAID),
        require_count("decoys", decoys, LARGEST_RAID),
    )
    d = require_probability("called_real", called_real)
    f = require_probability("decoy_called_real", decoy_called_real)
    n = require_count("shots", shots, LARGEST_SHOTS)
    fired = n * (real_objects * d + false_objects * f)
    leaking = real_objects * (1 - d * kill_probability(single_shot, shots))
    return Discrimination(unwrap(np.asarray(fired)), unwrap(np.asarray(leaking)))
