"""What coordinating shooters is worth: nobody shoots twice by chance, and the right objects are engaged."""

import numpy as np

from analysis.air_defence.models.arguments import (
    LARGEST_RAID,
    LARGEST_SHOTS,
    Numbers,
    require_count,
    require_probability,
    unwrap,
)
from analysis.air_defence.models.engagement import miss_probability


def coordinated_leakers(threats: Numbers, shots: Numbers, single_shot: Numbers) -> Numbers:
    """Leakers on average where one network spreads the shots evenly over the threats.

    Parameters
    ----------
    threats : int or array
        Threats, 0 to 100,000.
    shots : int or array
        Shots in all, 0 to 1,000,000.
    single_shot : float or array
        Single-shot kill probability, 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Expected leakers, 0 to ``threats``.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    One wave, equal threats, independent shots, every shooter reaches every threat. With shots = a threats + r,
    (threats - r) threats get a shots and r get one more: no other spread leaks less.

    Examples
    --------
    >>> round(coordinated_leakers(100, 150, 0.7), 2)
    19.5
    """
    raid, fired = require_count("threats", threats, LARGEST_RAID), require_count("shots", shots, LARGEST_SHOTS)
    each, rest = np.divmod(fired, np.maximum(raid, 1))
    fewer = (raid - rest) * miss_probability(single_shot, np.where(raid == 0, 0, each))
    more = rest * miss_probability(single_shot, np.where(rest == 0, 0, each + 1))
    return unwrap(np.asarray(np.where(raid == 0, 0.0, fewer + more)))


def uncoordinated_leakers(threats: Numbers, shots: Numbers, single_shot: Numbers) -> Numbers:
    """Leakers on average where every shot picks a threat by chance; arguments and errors as when coordinated.

    Parameters
    ----------
    threats, shots : int or array
        As in :func:`coordinated_leakers`.
    single_shot : float or array
        Single-shot kill probability, 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Expected leakers, threats (1 - p / threats) ** shots.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    The other extreme: batteries without a common picture still avoid some double shots, by sector for example, so
    real ones lie between the two.

    Examples
    --------
    >>> round(uncoordinated_leakers(100, 150, 0.7), 2)
    34.86
    """
    raid, fired = require_count("threats", threats, LARGEST_RAID), require_count("shots", shots, LARGEST_SHOTS)
    share = require_probability("single_shot", single_shot) / np.maximum(raid, 1)
    return unwrap(np.asarray(raid * miss_probability(share, fired)))


def coordination_gain(threats: Numbers, shots: Numbers, single_shot: Numbers) -> Numbers:
    """Leakers saved on average by spreading the shots evenly instead of by chance.

    Parameters
    ----------
    threats, shots : int or array
        As in :func:`coordinated_leakers`.
    single_shot : float or array
        Single-shot kill probability, 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Expected leakers saved, 0 or more.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    The most that "any sensor, best shooter" can save in one wave, since it compares the two extremes. A network also
    shares its failures: see :func:`break_even_failure`.

    Examples
    --------
    >>> round(coordination_gain(100, 150, 0.7), 1)
    15.4
    """
    saved = uncoordinated_leakers(threats, shots, single_shot) - coordinated_leakers(threats, shots, single_shot)
    return unwrap(np.maximum(np.asarray(saved), 0.0))


def break_even_failure(leakage_apart: Numbers, leakage_networked: Numbers) -> Numbers:
    """Chance of a failure of the whole network at which its gain is gone.

    Parameters
    ----------
    leakage_apart, leakage_networked : float or array
        Share of threats that leaks without the network, and with a network that works; 0 to 1.

    Returns
    -------
    float or numpy.ndarray
        Probability f with (1 - f) leakage_networked + f = leakage_apart; 0 where the network gains nothing.

    Raises
    ------
    ParameterError
        When an argument is out of range.

    Notes
    -----
    When the network fails everything leaks; with a fallback to stand-alone batteries the limit is higher.

    Examples
    --------
    >>> round(break_even_failure(0.35, 0.2), 4)
    0.1875
    """
    apart = require_probability("leakage_apart", leakage_apart)
    networked = require_probability("leakage_networked", leakage_networked)
    gain = np.maximum(apart - networked, 0.0)
    return unwrap(np.asarray(gain / np.where(gain > 0, 1 - networked, 1.0)))
